//! Tests of bad requests and bad folders: the message, and that finished files stay.

use std::fs;
use std::sync::atomic::AtomicBool;

use super::fake::{Fake, assert_same, contents, options, run};
use crate::generate::error::GenerateError;
use crate::generate::lock::RunLock;
use crate::generate::run::Limits;
use crate::generate::{Ending, GenerateOptions, Silent};
use crate::sink::Format;

const LINES: Format = Format::JsonLines;

fn message(result: Result<crate::generate::GenerateOutcome, GenerateError>) -> String {
    result.expect_err("the run should fail").to_string()
}

#[test]
fn another_job_is_refused_and_its_field_named() {
    let folder = tempfile::tempdir().unwrap();
    run(&Fake::new(), folder.path(), &options(LINES)).unwrap();
    let before = contents(folder.path());
    let seed = Fake { seed: 2, ..Fake::new() };
    let mut fewer = Fake::new();
    fewer.splits[0].rows -= 1;
    let cases = [
        (message(run(&seed, folder.path(), &options(LINES))), "seed is 1 there and 2 here"),
        (message(run(&fewer, folder.path(), &options(LINES))), "splits is [{\"name\":\"train\",\"rows\":700}"),
        (
            message(run(&Fake::new(), folder.path(), &options(Format::JsonLinesZstd))),
            "format is \"jsonl\" there and \"jsonl.zst\" here",
        ),
        (
            message(run(&Fake::new(), folder.path(), &GenerateOptions { rows_per_file: 7, ..options(LINES) })),
            "rows_per_file is 150 there and 7 here",
        ),
    ];
    for (message, part) in cases {
        assert!(message.contains(part) && message.contains("--overwrite"), "{message}");
    }
    assert_eq!(contents(folder.path()), before);
}

/// More rows of the same source: the folder gets the bytes of a fresh run, and files that were whole are kept.
#[test]
fn more_rows_are_added() {
    let mut more = Fake::new();
    more.splits[0].rows += 301;
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        run(&Fake::new(), folder.path(), &options(format)).unwrap();
        let outcome = run(&more, folder.path(), &options(format)).unwrap();
        assert!(outcome.files_kept > 0 && outcome.files_written > 0, "{outcome:?}");
        run(&more, fresh.path(), &options(format)).unwrap();
        assert_same(folder.path(), fresh.path());
    }
}

#[test]
fn overwrite_deletes_what_is_ours_and_nothing_else() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    run(&Fake::new(), folder.path(), &options(LINES)).unwrap();
    let notes = folder.path().join("search/notes.txt");
    fs::write(&notes, "mine").unwrap();
    let source = Fake { seed: 2, configs: vec!["other".to_string()], ..Fake::new() };
    let overwrite = GenerateOptions { overwrite: true, ..options(Format::JsonLinesZstd) };
    run(&source, folder.path(), &overwrite).unwrap();
    assert_eq!(fs::read_to_string(&notes).unwrap(), "mine");
    assert!(!folder.path().join("optimal").exists());
    fs::remove_file(notes).unwrap();
    run(&source, fresh.path(), &overwrite).unwrap();
    assert_same(folder.path(), fresh.path());
}

#[test]
fn a_shard_that_overwrites_the_same_job_leaves_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let shard = |shard_index| GenerateOptions { shard_index, num_shards: 2, overwrite: true, ..options(LINES) };
    run(&Fake::new(), folder.path(), &shard(0)).unwrap();
    let outcome = run(&Fake::new(), folder.path(), &shard(1)).unwrap();
    assert_eq!((outcome.ending, outcome.files_written), (Ending::Complete, 9));
}

#[test]
fn a_foreign_folder_is_refused_even_with_overwrite() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
    for overwrite in [false, true] {
        let message = message(run(&Fake::new(), folder.path(), &GenerateOptions { overwrite, ..options(LINES) }));
        assert!(message.contains("holds no dataset of ours (found \"thesis.txt\")"), "{message}");
    }
    fs::write(folder.path().join("manifest.json"), "{\"a\":1}").unwrap();
    let message = message(run(&Fake::new(), folder.path(), &options(LINES)));
    assert!(message.contains("holds no dataset of ours"), "{message}");
    assert_eq!(contents(folder.path()).len(), 2);
}

#[test]
fn a_file_in_place_of_the_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let message = message(run(&Fake::new(), &file, &options(LINES)));
    assert!(message.contains("cannot create the folder") && message.contains("a file is in the way"), "{message}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_unwritable_folder_is_said() {
    // Not even root can make a folder there.
    let message = message(run(&Fake::new(), std::path::Path::new("/sys/sos-test"), &options(LINES)));
    assert!(message.starts_with("cannot create the folder /sys/sos-test: "), "{message}");
    assert!(message.ends_with("choose a folder that you may write to, or change its permissions"), "{message}");
}

#[test]
fn a_job_record_that_leads_out_of_the_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    run(&Fake::new(), folder.path(), &options(LINES)).unwrap();
    let path = folder.path().join(".sos/job.json");
    let text =
        fs::read_to_string(&path).unwrap().replace("\"search\",\n    \"optimal\"", "\"../search\",\n    \"optimal\"");
    assert!(text.contains("../search"));
    fs::write(&path, text).unwrap();
    let message = message(run(&Fake::new(), folder.path(), &GenerateOptions { overwrite: true, ..options(LINES) }));
    assert!(message.contains("record config name \"../search\""), "{message}");
}

#[test]
fn a_full_disk_is_said_and_finished_files_stay() {
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let (folder, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut source = Fake::new();
        source.splits[0].rows = 300;
        // The limit is just enough for train's files and too small for those of test_hard.
        source.splits[2].rows = 600;
        let options = GenerateOptions { rows_per_file: 600, ..options(format) };
        run(&source, whole.path(), &options).unwrap();
        let size = |config: &str, name: &str| {
            fs::metadata(whole.path().join(format!("{config}/{name}.{format}"))).unwrap().len()
        };
        let limit = source.configs.iter().map(|config| size(config, "train-00000-of-00001")).max().unwrap();
        assert!(source.configs.iter().all(|config| size(config, "test_hard-00000-of-00001") > limit));
        let stop = AtomicBool::new(false);
        let limits = Limits { file: limit, ..Limits::default() };
        let full = crate::generate::run::generate(&source, folder.path(), &options, &stop, &Silent, limits);
        let error = full.expect_err("the disk should be full").to_string();
        assert!(error.contains("test_hard-00000-of-00001") && error.contains("free some space"), "{error}");
        let names: Vec<_> = contents(folder.path()).into_keys().collect();
        assert!(names.iter().any(|name| name.starts_with("search/train-")), "{names:?}");
        assert!(!names.iter().any(|name| name.contains("test_hard") || name.contains("manifest")), "{names:?}");
        let outcome = run(&source, folder.path(), &options).unwrap();
        assert_eq!((outcome.files_kept, outcome.files_written), (3, 3));
        assert_same(folder.path(), whole.path());
    }
}

#[test]
fn a_failing_source_is_named_and_leaves_no_half_file() {
    let folder = tempfile::tempdir().unwrap();
    let failing = [
        (Fake { fail: Some(430), ..Fake::new() }, "split \"train\", rows 420 to 449: no puzzle for index 430"),
        (
            Fake { garbage: Some(430), ..Fake::new() },
            "column \"completion\", row 10 of the batch: the text is not UTF-8",
        ),
        (Fake { panic: Some(430), ..Fake::new() }, "a worker thread panicked"),
    ];
    for (source, part) in failing {
        let message = message(run(&source, folder.path(), &options(LINES)));
        assert!(message.contains(part), "{message}");
        let names: Vec<_> = contents(folder.path()).into_keys().filter(|name| !name.starts_with(".sos")).collect();
        assert!(names.iter().all(|name| name.contains("train-00000") || name.contains("train-00001")), "{names:?}");
    }
    assert_eq!(run(&Fake::new(), folder.path(), &options(LINES)).unwrap().ending, Ending::Complete);
}

#[test]
fn a_second_run_on_the_same_files_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let hidden = folder.path().join(".sos");
    fs::create_dir_all(&hidden).unwrap();
    let other = RunLock::take(folder.path(), &hidden, (1, 2), false).unwrap();
    let shard = |shard_index| GenerateOptions { shard_index, num_shards: 4, ..options(LINES) };
    // Shard 3 of 4 shares parts with shard 1 of 2; shard 0 of 4 does not.
    let message = message(run(&Fake::new(), folder.path(), &shard(3)));
    assert!(message.contains("run-1-of-2.lock is held"), "{message}");
    run(&Fake::new(), folder.path(), &shard(0)).unwrap();
    drop(other);
    run(&Fake::new(), folder.path(), &shard(3)).unwrap();
}

#[test]
fn wrong_numbers_and_names_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    let named = |name: &str| {
        let mut source = Fake::new();
        source.splits[0].name = name.to_string();
        source
    };
    let mut huge = Fake::new();
    huge.splits[0].rows = 100_000_000_000;
    let cases = [
        (message(run(&named("../train"), &path, &options(LINES))), "split name \"../train\""),
        (message(run(&named("TEST_hard"), &path, &options(LINES))), "used twice"),
        (
            message(run(&Fake::new(), &path, &GenerateOptions { rows_per_file: 0, ..options(LINES) })),
            "--rows-per-file: found 0, allowed is 1 or more",
        ),
        (message(run(&huge, &path, &options(LINES))), "--rows-per-file: found 150, allowed is 1000000 or more: split"),
        (
            message(run(&Fake::new(), &path, &GenerateOptions { shard_index: 2, num_shards: 2, ..options(LINES) })),
            "--shard-index: found 2, allowed is 0 to 1",
        ),
        (
            message(run(&Fake::new(), &path, &GenerateOptions { num_shards: 0, ..options(LINES) })),
            "--num-shards: found 0, allowed is 1 or more",
        ),
    ];
    for (message, part) in cases {
        assert!(message.contains(part), "{message}");
    }
    assert!(!path.exists());
}
