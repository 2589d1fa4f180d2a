//! Tests that the same job makes the same bytes, however it is divided or interrupted.

use std::fs;

use super::fake::{Fake, StopAfter, assert_same, contents, options, run};
use crate::generate::Silent;
use crate::generate::audit::audit;
use crate::generate::{Ending, GenerateOptions, generate};
use crate::sink::Format;
use crate::sink::read::read_ids;

#[test]
fn threads_and_shards_leave_the_same_bytes() {
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let whole = tempfile::tempdir().unwrap();
        let outcome = run(&Fake::new(), whole.path(), &options(format)).unwrap();
        // In each of 3 configs, 700 rows make 5 files of at most 150, and 130 rows make 1.
        assert_eq!((outcome.ending, outcome.files_written, outcome.rows_written), (Ending::Complete, 18, 2490));
        assert!(audit(whole.path(), 2, &Silent).unwrap().ok);
        for threads in [1, 7] {
            let other = tempfile::tempdir().unwrap();
            run(&Fake::new(), other.path(), &GenerateOptions { threads, ..options(format) }).unwrap();
            assert_same(whole.path(), other.path());
        }
        for num_shards in [2, 3, 9] {
            let other = tempfile::tempdir().unwrap();
            for shard_index in (0..num_shards).rev() {
                let cut = GenerateOptions { shard_index, num_shards, ..options(format) };
                let ending = run(&Fake::new(), other.path(), &cut).unwrap().ending;
                assert_eq!(ending == Ending::Complete, contents(other.path()).contains_key("manifest.json"));
            }
            assert_same(whole.path(), other.path());
        }
    }
}

#[test]
fn files_of_many_chunks_do_not_depend_on_threads() {
    let mut source = Fake { size: 20, configs: vec!["search".to_string(), "optimal".to_string()], ..Fake::new() };
    source.splits[0].rows = 12_000;
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let options = GenerateOptions { rows_per_file: 5_000, threads: 1, ..options(format) };
        assert!(options.rows_per_file > 2 * format.chunk_rows());
        let whole = tempfile::tempdir().unwrap();
        run(&source, whole.path(), &options).unwrap();
        assert!(audit(whole.path(), 2, &Silent).unwrap().ok);
        for threads in [2, 7] {
            let other = tempfile::tempdir().unwrap();
            run(&source, other.path(), &GenerateOptions { threads, ..options.clone() }).unwrap();
            assert_same(whole.path(), other.path());
        }
    }
}

#[test]
fn shards_at_once_in_one_folder_leave_the_same_bytes() {
    let (whole, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let format = Format::JsonLines;
    run(&Fake::new(), whole.path(), &options(format)).unwrap();
    let path = other.path();
    std::thread::scope(|scope| {
        for shard_index in 0..4 {
            let cut = GenerateOptions { shard_index, num_shards: 4, ..options(format) };
            scope.spawn(move || run(&Fake::new(), path, &cut).unwrap());
        }
    });
    assert_same(whole.path(), other.path());
}

#[test]
fn a_row_alone_is_the_row_of_the_run() {
    use crate::sink::row_json;
    use crate::table::Rows;
    use crate::table::Schema;
    use crate::table::{RowSource, Tally};
    let folder = tempfile::tempdir().unwrap();
    let source = Fake::new();
    run(&source, folder.path(), &options(Format::JsonLines)).unwrap();
    let mut rows = vec![Rows::new(Schema::default()); 3];
    source.fill(0, 333..334, &mut String::new(), &mut rows, &mut Tally::new()).unwrap();
    let file = fs::read_to_string(folder.path().join("optimal/train-00002-of-00005.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(file.lines().nth(33).unwrap()).unwrap();
    assert_eq!(line, serde_json::Value::Object(row_json(&rows[1], 0).unwrap()));
}

#[test]
fn a_stopped_run_is_completed_to_the_same_bytes() {
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let (whole, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        run(&Fake::new(), whole.path(), &options(format)).unwrap();
        let mut interrupted = 0;
        for _ in 0..100 {
            let stop = StopAfter::new(500);
            let cut = GenerateOptions { threads: 1, ..options(format) };
            let outcome = generate(&Fake::new(), other.path(), &cut, &stop.flag, &stop).unwrap();
            let names: Vec<_> = contents(other.path()).into_keys().collect();
            assert!(!names.iter().any(|name| name.ends_with(".tmp") || name.ends_with(".lock")), "{names:?}");
            if outcome.ending == Ending::Complete {
                break;
            }
            assert_eq!(outcome.ending, Ending::Interrupted);
            assert!(!names.contains(&"manifest.json".to_string()));
            interrupted += 1;
        }
        assert!(interrupted > 1, "{interrupted}");
        assert_same(whole.path(), other.path());
    }
}

#[test]
fn a_killed_run_is_completed_to_the_same_bytes() {
    let format = Format::JsonLinesZstd;
    let (whole, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    run(&Fake::new(), whole.path(), &options(format)).unwrap();
    run(&Fake::new(), other.path(), &options(format)).unwrap();
    // As if killed during part 1 of train: one config's file has its name, one is half written, nothing is recorded.
    let file = |name: &str| other.path().join(name);
    fs::remove_file(file(".sos/parts/train-00001-of-00005.json")).unwrap();
    fs::remove_file(file("manifest.json")).unwrap();
    fs::remove_file(file("README.md")).unwrap();
    fs::remove_file(file("optimal/train-00001-of-00005.jsonl.zst")).unwrap();
    fs::write(file("optimal/.train-00001-of-00005.jsonl.zst.tmp"), "half").unwrap();
    fs::write(file(".sos/run-2-of-7.lock"), "").unwrap();
    fs::write(file(".sos/.job.json.2-of-7.tmp"), "ha").unwrap();
    let outcome = run(&Fake::new(), other.path(), &options(format)).unwrap();
    assert_eq!((outcome.files_written, outcome.files_kept), (3, 15));
    assert_same(whole.path(), other.path());
}

#[test]
fn every_row_is_read_back_from_every_format() {
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let folder = tempfile::tempdir().unwrap();
        run(&Fake::new(), folder.path(), &options(format)).unwrap();
        let mut seen = Vec::new();
        for number in 0..5 {
            let path = folder.path().join(format!("search/train-{number:05}-of-00005.{format}"));
            read_ids(format, &path, &mut |_, index| seen.push(index)).unwrap();
        }
        assert_eq!(seen, (0..700).map(Some).collect::<Vec<_>>());
    }
}

/// Needs a Python with `datasets` (the variable `SOS_PYTHON` can name one in place of `python3`); without Python it prints that it is skipped.
#[test]
fn hugging_face_loads_every_format() {
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/load_dataset.py");
    let mut command = std::process::Command::new(std::env::var_os("SOS_PYTHON").unwrap_or("python3".into()));
    command.arg(script);
    let folders: Vec<_> = Format::ALL.iter().map(|_| tempfile::tempdir().unwrap()).collect();
    for (format, folder) in Format::ALL.into_iter().zip(&folders).filter(|(format, _)| format.is_available()) {
        run(&Fake::new(), folder.path(), &options(format)).unwrap();
        command.arg(folder.path());
    }
    match command.output() {
        Err(error) => println!("skipped: no Python ({error})"),
        Ok(output) => {
            print!("{}", String::from_utf8_lossy(&output.stdout));
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
