//! Tests of what an audit finds and what a rerun repairs.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use super::fake::{Fake, assert_same, options, run};
use crate::generate::audit::{AuditReport, FindingKind, audit};
use crate::generate::{Progress, Silent, generate};
use crate::sink::Format;

const LINES: Format = Format::JsonLines;

fn kinds(report: &AuditReport) -> Vec<(FindingKind, u64)> {
    report.counts.iter().map(|(kind, count)| (*kind, *count)).collect()
}

fn audited(source: &Fake, format: Format) -> AuditReport {
    let folder = tempfile::tempdir().unwrap();
    run(source, folder.path(), &options(format)).unwrap();
    audit(folder.path(), 2, &Silent).unwrap()
}

#[test]
fn a_sound_dataset_has_no_findings() {
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let report = audited(&Fake::new(), format);
        assert!(report.ok, "{report}");
        assert_eq!((report.files, report.rows["optimal"]["train"], report.rows["search"]["test_hard"]), (18, 700, 130));
        assert!(report.to_string().contains("ok: every file"), "{report}");
    }
}

#[test]
fn damage_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    run(&Fake::new(), folder.path(), &options(LINES)).unwrap();
    let file = |name: &str| folder.path().join(name);
    fs::remove_file(file("search/train-00001-of-00005.jsonl")).unwrap();
    truncate(&file("optimal/train-00002-of-00005.jsonl"));
    let altered = file("corrupted/train-00003-of-00005.jsonl");
    let text = fs::read_to_string(&altered).unwrap().replacen("prompt", "Prompt", 1);
    fs::write(&altered, text).unwrap();
    fs::write(file("corrupted/train-copy.jsonl"), "{}\n").unwrap();
    fs::write(file("extra.parquet"), "").unwrap();
    let report = audit(folder.path(), 2, &Silent).unwrap();
    use FindingKind::{Altered, Foreign, Missing, Truncated};
    assert_eq!(kinds(&report), [(Missing, 1), (Truncated, 1), (Altered, 1), (Foreign, 2)], "{report}");
    let text = report.to_string();
    for part in [
        "search/train-00001-of-00005.jsonl: found no file",
        "optimal/train-00002-of-00005.jsonl: found ",
        "corrupted/train-copy.jsonl: found a file that the manifest does not name",
        "5 findings",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

fn truncate(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() - 100]).unwrap();
}

#[test]
fn puzzles_that_are_twice_or_in_two_splits_are_found() {
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let report = audited(&Fake { duplicate: Some(500), ..Fake::new() }, format);
        assert_eq!(kinds(&report), [(FindingKind::Duplicate, 1)], "{report}");
        assert_eq!(report.findings[0].file, format!("search/train-00003-of-00005.{format}"));
        assert!(report.findings[0].found.starts_with("in row 50 the id of search/train-00000-of-00005"), "{report}");
        let report = audited(&Fake { leak: Some(7), ..Fake::new() }, format);
        assert_eq!(kinds(&report), [(FindingKind::Leak, 1)], "{report}");
        assert!(
            report.findings[0].found.starts_with("in row 7 of split test_hard the id of search/train-00000"),
            "{report}"
        );
        let report = audited(&Fake { odd_twin: Some(600), ..Fake::new() }, format);
        assert_eq!(kinds(&report), [(FindingKind::Twin, 1)], "{report}");
        assert_eq!(report.findings[0].file, format!("optimal/train-00004-of-00005.{format}"));
    }
}

#[test]
fn a_changed_manifest_is_found() {
    let folder = tempfile::tempdir().unwrap();
    run(&Fake::new(), folder.path(), &options(LINES)).unwrap();
    let path = folder.path().join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\"rows\": 150", "\"rows\": 149", 1)).unwrap();
    // The count differs from the job's, and from the file's.
    assert_eq!(kinds(&audit(folder.path(), 2, &Silent).unwrap()), [(FindingKind::Count, 2)]);
    fs::write(&path, &text[..text.len() / 2]).unwrap();
    let message = audit(folder.path(), 2, &Silent).expect_err("half a manifest").to_string();
    assert!(message.contains("is not what this program writes"), "{message}");
    fs::remove_file(&path).unwrap();
    let message = audit(folder.path(), 2, &Silent).expect_err("no manifest").to_string();
    assert!(message.contains("found no manifest.json"), "{message}");
}

/// Keeps the reports of repairs.
#[derive(Default)]
struct Repairs(Mutex<Vec<String>>);

impl Progress for Repairs {
    fn repair(&self, file: &str, problem: &str) {
        self.0.lock().unwrap().push(format!("{file}: {problem}"));
    }
}

#[test]
fn a_rerun_makes_missing_and_truncated_files_anew() {
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let (folder, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        run(&Fake::new(), folder.path(), &options(format)).unwrap();
        run(&Fake::new(), whole.path(), &options(format)).unwrap();
        fs::remove_file(folder.path().join(format!("search/train-00001-of-00005.{format}"))).unwrap();
        truncate(&folder.path().join(format!("optimal/train-00002-of-00005.{format}")));
        let repairs = Repairs::default();
        let stop = AtomicBool::new(false);
        let outcome = generate(&Fake::new(), folder.path(), &options(format), &stop, &repairs).unwrap();
        assert_eq!((outcome.files_written, outcome.files_kept), (2, 16));
        let said = repairs.0.into_inner().unwrap();
        assert!(said[0].ends_with("it is missing") && said[1].contains("bytes instead of"), "{said:?}");
        assert_same(folder.path(), whole.path());
    }
}
