//! `sos audit`: does a folder contain what its manifest says, and does a puzzle occur twice where it must not?
//!
//! Memory: 16 bytes for each row of a config, and two configs are held at a time. These are 88 bits of a hash of the row's id, and the row's
//! place. So sorting finds equal ids and still knows where they are.

mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

pub use report::{AuditReport, Finding, FindingKind};

use super::error::GenerateError;
use super::folder::{CARD, HIDDEN};
use super::manifest::{MANIFEST, Manifest, ManifestFile};
use crate::sink::Format;
use crate::sink::read::read_ids;

/// Number of bits for the place in an entry. The others are hash.
const PLACE_BITS: u32 = 40;

/// Audits a folder against its manifest.
pub fn audit(folder: &Path) -> Result<AuditReport, GenerateError> {
    let (manifest, format) = Manifest::read(folder)?;
    let mut report = AuditReport::new(folder, manifest.files.len() as u64);
    check_plan(&manifest, &mut report);
    check_foreign(folder, &manifest, &mut report)?;
    check_rows(folder, format, &manifest, &mut report)?;
    Ok(report)
}

/// Compares the files in the manifest with those of the job.
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

/// Reports files that the manifest does not name.
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

/// Checks the bytes, rows and ids of every file.
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
            // If no row differs, this config has the first one's puzzles, and the result for the first one holds here as well.
            check_ids(&mut splits, report);
        }
    }
    check_ids(&mut first_config, report);
    Ok(())
}

/// The ids of a split in a config. They are in order of the rows until they are sorted.
struct Ids {
    split: String,
    entries: Vec<u128>,
    files: Vec<IdFile>,
}

/// A file whose ids were read.
struct IdFile {
    path: String,
    /// Index of the file's first entry.
    start: usize,
    /// Index of the file's first row in the split.
    first: u64,
}

impl Ids {
    /// The file of an entry, and the row in this file.
    fn file(&self, place: usize) -> (&str, usize) {
        let after = self.files.partition_point(|file| file.start <= place);
        self.files.get(after.wrapping_sub(1)).map_or(("", place), |file| (&file.path, place - file.start))
    }

    /// The entries of the file whose first row has this index; empty if it was not read.
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

/// Compares size and checksum of a file. False if the file should not be read further.
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

/// Reports ids that occur twice in a split, and ids that occur in two splits.
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

/// Reports ids that occur in both of two sorted splits.
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
    use std::path::Path;

    use super::report::LISTED;
    use super::{AuditReport, FindingKind, IdFile, Ids, check_ids, entry};

    fn ids(split: &str, numbers: impl Iterator<Item = u32>) -> Ids {
        let entries = numbers.enumerate().map(|(place, number)| entry(&number.to_le_bytes(), place)).collect();
        let file = |start: usize| IdFile { path: format!("{split}-{start}"), start, first: start as u64 };
        Ids { split: split.to_string(), entries, files: vec![file(0), file(100)] }
    }

    #[test]
    fn every_duplicate_and_every_leak_is_counted() {
        // Train has 0, 2, 4 … 398. Test has 0, 3, 6 … 447, and 0 and 1 again at the end.
        let train: Vec<u32> = (0..200).map(|number| 2 * number).collect();
        let test: Vec<u32> = (0..150).map(|number| 3 * number).chain([0, 1]).collect();
        let known: BTreeSet<_> = train.iter().collect();
        let leaks = test.iter().filter(|number| known.contains(number)).count() as u64;
        let mut report = AuditReport::new(Path::new(""), 0);
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
