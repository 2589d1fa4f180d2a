//! `sos audit`: does a folder hold what its manifest says, and is no puzzle twice where it must not be?
//!
//! Memory is 32 bytes a row of one config, 16 for each of the two that are compared: of an id 88 bits of its hash are
//! kept, and with them the row's place, so that sorting finds equal ids and still says where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::error::GenerateError;
use super::folder::{CARD, HIDDEN, MANIFEST};
use super::manifest::{Manifest, ManifestFile};
use crate::sink::Format;
use crate::sink::read::read_ids;

/// Findings of one kind that are listed; the rest are counted.
const LISTED: usize = 20;
/// Bits of a place in an entry; the others are hash.
const PLACE_BITS: u32 = 40;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A file of the manifest is not there.
    Missing,
    /// A file is shorter than the manifest says.
    Truncated,
    /// A file has other bytes than the manifest says.
    Altered,
    /// A file is there that the manifest does not name.
    Foreign,
    /// A file cannot be read as its format.
    Unreadable,
    /// The manifest does not agree with itself, or a file with its count of rows.
    Count,
    /// A row has another index than its place says.
    Index,
    /// One puzzle is twice in a split of a config.
    Duplicate,
    /// One puzzle is in two splits.
    Leak,
    /// Rows of one index have different puzzles in two configs.
    Twin,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Of which kind.
    pub kind: FindingKind,
    /// The file, relative to the folder.
    pub file: String,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// What to do.
    pub advice: &'static str,
}

/// What an audit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// The folder.
    pub folder: PathBuf,
    /// Files in the manifest.
    pub files: u64,
    /// Bytes that were read and compared.
    pub bytes: u64,
    /// Rows that were read, by config and split.
    pub rows: BTreeMap<String, BTreeMap<String, u64>>,
    /// How many findings there are of each kind, the unlisted included.
    pub counts: BTreeMap<FindingKind, u64>,
    /// What is wrong; of each kind the first ones.
    pub findings: Vec<Finding>,
}

impl AuditReport {
    fn add(&mut self, kind: FindingKind, file: &str, found: impl Into<String>, expected: impl Into<String>) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        self.ok = false;
        if *count <= LISTED as u64 {
            let (file, found, expected) = (file.to_string(), found.into(), expected.into());
            self.findings.push(Finding { kind, file, found, expected, advice: advice(kind) });
        }
    }
}

fn advice(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Missing | FindingKind::Truncated => "run the same generate command again: it makes the file anew",
        FindingKind::Altered | FindingKind::Unreadable => {
            "delete the file and run the same generate command again: it makes the file anew"
        }
        FindingKind::Foreign => "move the file out of the dataset: a loader may take it for data",
        FindingKind::Count | FindingKind::Index => {
            "do not use the dataset; make it anew with --overwrite, and report it if it happens again"
        }
        FindingKind::Duplicate => "if the recipe does not allow it, report it: a split must not repeat a puzzle",
        FindingKind::Leak => "do not evaluate on this dataset; report it: no puzzle may be in two splits",
        FindingKind::Twin => "do not compare these configs row by row; make them from one recipe",
    }
}

impl fmt::Display for AuditReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}: {} files, {} bytes", self.folder.display(), self.files, self.bytes)?;
        for (config, splits) in &self.rows {
            let splits: Vec<_> = splits.iter().map(|(split, rows)| format!("{split} {rows}")).collect();
            writeln!(out, "  {config}: {} rows", splits.join(", "))?;
        }
        for finding in &self.findings {
            let Finding { file, found, expected, advice, .. } = finding;
            writeln!(out, "{file}: found {found}; expected {expected}; {advice}")?;
        }
        for (kind, count) in &self.counts {
            if let Some(more) = count.checked_sub(LISTED as u64).filter(|more| *more > 0) {
                writeln!(out, "… and {more} more findings of the kind {kind:?}")?;
            }
        }
        match self.counts.values().sum::<u64>() {
            0 => write!(out, "ok: every file is as the manifest says, and no puzzle is twice or in two splits"),
            1 => write!(out, "1 finding"),
            more => write!(out, "{more} findings"),
        }
    }
}

/// Compares a folder with its manifest.
pub fn audit(folder: &Path) -> Result<AuditReport, GenerateError> {
    let (manifest, format) = Manifest::read(folder)?;
    let mut report = AuditReport {
        ok: true,
        folder: folder.to_path_buf(),
        files: manifest.files.len() as u64,
        bytes: 0,
        rows: BTreeMap::new(),
        counts: BTreeMap::new(),
        findings: Vec::new(),
    };
    check_plan(&manifest, &mut report);
    check_foreign(folder, &manifest, &mut report)?;
    check_rows(folder, format, &manifest, &mut report)?;
    Ok(report)
}

/// The files that the manifest names must be the job's.
fn check_plan(manifest: &Manifest, report: &mut AuditReport) {
    let job = &manifest.job;
    let mut expected = BTreeMap::new();
    for part in job.parts() {
        for config in 0..job.configs.len() {
            expected.insert(job.file(config, &part), part.rows.end - part.rows.start);
        }
    }
    for file in &manifest.files {
        match expected.remove(&file.path) {
            Some(rows) if rows == file.record.rows => {}
            Some(rows) => {
                let found = format!("{} rows in the manifest", file.record.rows);
                report.add(FindingKind::Count, &file.path, found, format!("{rows} rows, by the job"));
            }
            None => report.add(FindingKind::Count, &file.path, "the file in the manifest", "no such file, by the job"),
        }
    }
    for (path, rows) in expected {
        report.add(FindingKind::Count, &path, "no such file in the manifest", format!("{rows} rows, by the job"));
    }
}

/// Whatever else lies where data lie.
fn check_foreign(folder: &Path, manifest: &Manifest, report: &mut AuditReport) -> Result<(), GenerateError> {
    let known: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    let mut names = Vec::new();
    for name in entries(folder)? {
        if manifest.job.configs.contains(&name) {
            names.extend(entries(&folder.join(&name))?.into_iter().map(|file| format!("{name}/{file}")));
        } else if ![MANIFEST, CARD, HIDDEN].contains(&name.as_str()) && !name.starts_with(".git") {
            names.push(name);
        }
    }
    for name in names.iter().filter(|name| !known.contains(name.as_str())) {
        report.add(FindingKind::Foreign, name, "a file that the manifest does not name", "no such file");
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<String>, GenerateError> {
    let list = || -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    };
    match list() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other.map_err(GenerateError::io("read the folder", folder)),
    }
}

/// Bytes, rows and ids of every file.
fn check_rows(
    folder: &Path,
    format: Format,
    manifest: &Manifest,
    report: &mut AuditReport,
) -> Result<(), GenerateError> {
    let mut first_config: Vec<Ids> = Vec::new();
    for (config, name) in manifest.job.configs.iter().enumerate() {
        let mut splits = Vec::new();
        let twins_before = report.counts.get(&FindingKind::Twin).copied();
        for (split, spec) in manifest.job.splits.iter().enumerate() {
            let mut ids = Ids { split: spec.name.clone(), entries: Vec::new(), files: Vec::new() };
            let of_split = |file: &&ManifestFile| file.config == *name && file.split == spec.name;
            for file in manifest.files.iter().filter(of_split) {
                let twin = first_config.get(split).filter(|_| config > 0);
                check_file(folder, format, file, &mut ids, twin, report)?;
            }
            report.rows.entry(name.clone()).or_default().insert(spec.name.clone(), ids.entries.len() as u64);
            splits.push(ids);
        }
        if config == 0 {
            first_config = splits;
        } else if report.counts.get(&FindingKind::Twin).copied() != twins_before {
            // Elsewhere this config shows the first one's puzzles, and what holds of their ids holds of these.
            check_ids(&mut splits, report);
        }
    }
    check_ids(&mut first_config, report);
    Ok(())
}

/// The ids of one split of one config, in order until they are sorted.
struct Ids {
    split: String,
    entries: Vec<u128>,
    files: Vec<IdFile>,
}

/// A file whose ids were read.
struct IdFile {
    path: String,
    /// Place of its first row among the entries.
    start: usize,
    /// Index of its first row in the split.
    first: u64,
}

impl Ids {
    /// The file and the row in it of an entry.
    fn file(&self, place: usize) -> (&str, usize) {
        let after = self.files.partition_point(|file| file.start <= place);
        self.files.get(after.wrapping_sub(1)).map_or(("", place), |file| (&file.path, place - file.start))
    }

    /// The entries from the file on that begins with an index. Files that could not be read leave no gap behind.
    fn entries_from(&self, first: u64) -> &[u128] {
        let Some(number) = self.files.iter().position(|file| file.first == first) else { return &[] };
        let end = self.files.get(number + 1).map_or(self.entries.len(), |next| next.start);
        &self.entries[self.files[number].start..end]
    }
}

fn hash_of(entry: u128) -> u128 {
    entry >> PLACE_BITS
}

fn place_of(entry: u128) -> usize {
    (entry & ((1 << PLACE_BITS) - 1)) as usize
}

fn check_file(
    folder: &Path,
    format: Format,
    file: &ManifestFile,
    ids: &mut Ids,
    twin: Option<&Ids>,
    report: &mut AuditReport,
) -> Result<(), GenerateError> {
    let path = file.path.split('/').fold(folder.to_path_buf(), |path, name| path.join(name));
    if !check_bytes(&path, file, report)? {
        return Ok(());
    }
    let start = ids.entries.len();
    ids.files.push(IdFile { path: file.path.clone(), start, first: file.first });
    let twin = twin.map_or(&[][..], |twin| twin.entries_from(file.first));
    let (mut wrong_index, mut wrong_twin) = (None, None);
    let mut each = |id: &[u8], index: Option<i64>| {
        let place = ids.entries.len();
        let row = (place - start) as u64;
        let expected = file.first.saturating_add(row);
        if index.and_then(|index| u64::try_from(index).ok()) != Some(expected) {
            wrong_index.get_or_insert((row, index, expected));
        }
        let entry = entry(id, place);
        let there = twin.get(place - start);
        if there.is_some_and(|there| hash_of(*there) != hash_of(entry)) {
            wrong_twin.get_or_insert((row, expected));
        }
        ids.entries.push(entry);
    };
    match read_ids(format, &path, &mut each) {
        Ok(rows) if rows == file.record.rows => {}
        Ok(rows) => report.add(FindingKind::Count, &file.path, format!("{rows} rows"), file.record.rows.to_string()),
        Err(error) => report.add(FindingKind::Unreadable, &file.path, error.to_string(), format!("a {format} file")),
    }
    if let Some((row, index, expected)) = wrong_index {
        let found = format!("index {} in row {row}", index.map_or("null".to_string(), |index| index.to_string()));
        report.add(FindingKind::Index, &file.path, found, expected.to_string());
    }
    if let Some((row, index)) = wrong_twin {
        let found = format!("another id in row {row} (index {index}) than in the first config");
        report.add(FindingKind::Twin, &file.path, found, "the same id in every config");
    }
    Ok(())
}

fn entry(id: &[u8], place: usize) -> u128 {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(id).as_bytes()[..16]);
    u128::from_le_bytes(bytes) >> PLACE_BITS << PLACE_BITS | place as u128
}

/// Compares size and checksum. False where the file should not be read.
fn check_bytes(path: &Path, file: &ManifestFile, report: &mut AuditReport) -> Result<bool, GenerateError> {
    let expected = file.record.bytes;
    let mut input = match File::open(path) {
        Ok(input) => input,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            report.add(FindingKind::Missing, &file.path, "no file", format!("{expected} bytes"));
            return Ok(false);
        }
        Err(error) => return Err(GenerateError::io("open", path)(error)),
    };
    let size = input.metadata().map_err(GenerateError::io("read", path))?.len();
    if size < expected {
        report.add(FindingKind::Truncated, &file.path, format!("{size} bytes"), format!("{expected} bytes"));
        return Ok(false);
    }
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let read = input.read(&mut buffer).map_err(GenerateError::io("read", path))?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        report.bytes += read as u64;
    }
    let blake3 = hasher.finalize().to_string();
    if blake3 != file.record.blake3 || size != expected {
        let found = format!("{size} bytes with BLAKE3 {blake3}");
        report.add(FindingKind::Altered, &file.path, found, format!("{expected} bytes with {}", file.record.blake3));
    }
    Ok(true)
}

/// Finds ids that are twice in a split, and ids that are in two splits.
fn check_ids(splits: &mut [Ids], report: &mut AuditReport) {
    for ids in splits.iter_mut() {
        ids.entries.sort_unstable();
        for pair in ids.entries.windows(2) {
            if hash_of(pair[0]) == hash_of(pair[1]) {
                let (file, row) = ids.file(place_of(pair[1]));
                let (first, first_row) = ids.file(place_of(pair[0]));
                let found = format!("in row {row} the id of {first} row {first_row}");
                report.add(FindingKind::Duplicate, file, found, "each id once in a split");
            }
        }
    }
    for (later, b) in splits.iter().enumerate() {
        for a in &splits[..later] {
            check_leaks(a, b, report);
        }
    }
}

/// Walks two sorted splits side by side.
fn check_leaks(a: &Ids, b: &Ids, report: &mut AuditReport) {
    let (mut x, mut y) = (0, 0);
    while let (Some(&left), Some(&right)) = (a.entries.get(x), b.entries.get(y)) {
        match hash_of(left).cmp(&hash_of(right)) {
            std::cmp::Ordering::Less => x += 1,
            std::cmp::Ordering::Greater => y += 1,
            std::cmp::Ordering::Equal => {
                let (file, row) = b.file(place_of(right));
                let (other, other_row) = a.file(place_of(left));
                let found = format!("in row {row} of split {} the id of {other} row {other_row}", b.split);
                report.add(FindingKind::Leak, file, found, format!("no id of split {}", a.split));
                y += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::PathBuf;

    use super::{AuditReport, FindingKind, IdFile, Ids, LISTED, check_ids, entry};

    fn ids(split: &str, numbers: impl Iterator<Item = u32>) -> Ids {
        let entries = numbers.enumerate().map(|(place, number)| entry(&number.to_le_bytes(), place)).collect();
        let file = |start: usize| IdFile { path: format!("{split}-{start}"), start, first: start as u64 };
        Ids { split: split.to_string(), entries, files: vec![file(0), file(100)] }
    }

    #[test]
    fn every_duplicate_and_every_leak_is_counted() {
        // Train holds 0, 2, 4 … 398; test holds 0, 3, 6 … 447 and then 0 and 1 once more.
        let train: Vec<u32> = (0..200).map(|number| 2 * number).collect();
        let test: Vec<u32> = (0..150).map(|number| 3 * number).chain([0, 1]).collect();
        let known: BTreeSet<_> = train.iter().collect();
        let leaks = test.iter().filter(|number| known.contains(number)).count() as u64;
        let mut report = AuditReport {
            ok: true,
            folder: PathBuf::new(),
            files: 0,
            bytes: 0,
            rows: BTreeMap::new(),
            counts: BTreeMap::new(),
            findings: Vec::new(),
        };
        check_ids(&mut [ids("train", train.into_iter()), ids("test", test.into_iter())], &mut report);
        assert_eq!(report.counts, BTreeMap::from([(FindingKind::Duplicate, 1), (FindingKind::Leak, leaks)]));
        assert_eq!(report.findings.len(), 1 + LISTED);
        let duplicate = &report.findings[0];
        assert_eq!(
            (duplicate.file.as_str(), duplicate.found.as_str()),
            ("test-100", "in row 50 the id of test-0 row 0")
        );
        assert!(report.to_string().contains(&format!("and {} more findings of the kind Leak", leaks - LISTED as u64)));
    }
}
