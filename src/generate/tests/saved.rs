//! Tests of rows that outlive a kill.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::fake::{Fake, StopAfter, assert_same, contents, options, run};
use crate::generate::run::{Limits, generate};
use crate::generate::saved::Pace;
use crate::generate::{Ending, GenerateOptions, GenerateOutcome, Silent};
use crate::sink::Format;

/// Rows are saved however fast they are, one by one or many at a time.
fn limits(unit: Duration) -> Limits {
    Limits { pace: Pace { file: Duration::ZERO, unit }, ..Limits::default() }
}

/// Runs until some rows are written.
fn interrupted(source: &Fake, folder: &Path, options: &GenerateOptions, limits: Limits, rows: u64) -> GenerateOutcome {
    let stop = StopAfter::new(rows);
    generate(source, folder, options, &stop.flag, &stop, limits).unwrap()
}

fn units(folder: &Path) -> Vec<String> {
    contents(folder).into_keys().filter(|name| name.starts_with(".sos/saved/")).collect()
}

/// After each of several interruptions, rows that were saved are not made again, and the bytes are those of a run without interruptions.
#[test]
fn saved_rows_are_not_made_again() {
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        for unit in [Duration::ZERO, Duration::from_secs(9)] {
            let (whole, part) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            // Chunks end within the file.
            let mut source = Fake { size: 40, ..Fake::new() };
            source.splits[0].rows = 3000;
            let options = GenerateOptions { rows_per_file: 2600, ..options(format) };
            run(&source, whole.path(), &options).unwrap();
            source.made.store(0, Ordering::SeqCst);
            let mut made_twice = 0;
            for rows in [1, 900, 2000] {
                let outcome = interrupted(&source, part.path(), &options, limits(unit), rows);
                assert_eq!(outcome.ending, Ending::Interrupted, "{format}");
                assert!(outcome.rows_saved > 0 && !units(part.path()).is_empty());
                made_twice = source.made.load(Ordering::SeqCst) - outcome.rows_saved / 3;
                assert_eq!(made_twice, 0, "each row that was made is saved, until its file is complete");
            }
            let saved = source.made.load(Ordering::SeqCst);
            let outcome = run(&source, part.path(), &options).unwrap();
            assert_eq!((outcome.ending, outcome.rows_restored), (Ending::Complete, 3 * saved), "{format}");
            assert_eq!(source.made.load(Ordering::SeqCst) - made_twice, 3130, "{format}: rows are made once");
            assert_eq!(units(part.path()), [""; 0]);
            assert_same(whole.path(), part.path());
        }
    }
}

/// A unit that is cut off, altered, empty or another one's is made again.
#[test]
fn damaged_units_are_made_again() {
    let (whole, part) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (source, options) = (Fake::new(), options(Format::Parquet));
    run(&source, whole.path(), &options).unwrap();
    // Nothing is written before the first chunk is there, so all is left saved.
    interrupted(&source, part.path(), &options, limits(Duration::ZERO), 1);
    let names = units(part.path());
    assert!(names.len() >= 6, "{names:?}");
    let bytes = |name: &str| fs::read(part.path().join(name)).unwrap();
    for (place, name) in names.iter().enumerate() {
        let mut text = bytes(name);
        match place % 6 {
            0 => text.truncate(text.len() / 2),
            1 => text.clear(),
            2 => text[9] ^= 64,
            3 => text = zstd::encode_all(&b"{\"rows\":1,\"tally\":{}}\n{\"id\":7}\n"[..], 1).unwrap(),
            4 => text = zstd::encode_all(&b"[]"[..], 1).unwrap(),
            _ => continue,
        }
        fs::write(part.path().join(name), text).unwrap();
    }
    fs::write(part.path().join(".sos/saved/train/.3-4.tmp"), "half").unwrap();
    fs::write(part.path().join(".sos/saved/train/0-99999999999999999999"), "half").unwrap();
    let outcome = run(&source, part.path(), &options).unwrap();
    assert_eq!(outcome.ending, Ending::Complete);
    assert_same(whole.path(), part.path());
}

/// Saved rows of a folder whose job nobody knows are those of any job.
#[test]
fn saved_rows_without_a_job_are_not_used() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = options(Format::JsonLines);
    interrupted(&Fake::new(), folder.path(), &options, limits(Duration::ZERO), 1);
    fs::remove_file(folder.path().join(".sos/job.json")).unwrap();
    for config in &Fake::new().configs {
        fs::remove_dir_all(folder.path().join(config)).unwrap();
    }
    let other = Fake { seed: 2, ..Fake::new() };
    assert_eq!(run(&other, folder.path(), &options).unwrap().rows_restored, 0);
    run(&other, fresh.path(), &options).unwrap();
    assert_same(folder.path(), fresh.path());
}

/// What is fast to make is not saved; and a dataset that is replaced has nothing left of the earlier one.
#[test]
fn saved_rows_go_when_they_are_not_needed() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (source, options) = (Fake::new(), options(Format::JsonLines));
    let outcome = interrupted(&source, folder.path(), &options, Limits::default(), 1);
    assert_eq!((outcome.ending, outcome.rows_saved, units(folder.path()).len()), (Ending::Interrupted, 0, 0));
    interrupted(&source, folder.path(), &options, limits(Duration::ZERO), 1);
    assert!(!units(folder.path()).is_empty());
    let other = Fake { seed: 2, ..Fake::new() };
    let over = GenerateOptions { overwrite: true, ..options.clone() };
    let outcome = generate(&other, folder.path(), &over, &AtomicBool::new(false), &Silent, Limits::default()).unwrap();
    assert_eq!(outcome.rows_restored, 0);
    run(&other, fresh.path(), &options).unwrap();
    assert_same(folder.path(), fresh.path());
}
