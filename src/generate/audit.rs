//! `sos audit`: does a folder contain what its manifest says, and does a puzzle occur twice where it must not?
//!
//! Memory: 16 bytes for each row of a config, and two configs are held at a time. These are 88 bits of a hash of the row's id, and the row's
//! place. So sorting finds equal ids and still knows where they are.

mod report;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

pub use report::{AuditReport, Finding, FindingKind};

use super::Progress;
use super::error::GenerateError;
use super::folder::{CARD, HIDDEN};
use super::manifest::{MANIFEST, MERGED, Manifest, ManifestFile, PACKED};
use super::ordered::{Emit, in_order};
use crate::sink::Format;
use crate::sink::read::read_ids;

/// Number of bits for the place in an entry. The others are hash.
const PLACE_BITS: u32 = 40;

/// Audits a folder against its manifest, in some threads. Rows are counted by `progress`.
pub fn audit(folder: &Path, threads: usize, progress: &dyn Progress) -> Result<AuditReport, GenerateError> {
    let (manifest, format) = Manifest::read(folder)?;
    let mut report = AuditReport::new(folder, manifest.files.len() as u64);
    if !manifest.packed {
        check_plan(&manifest, &mut report);
    }
    check_foreign(folder, &manifest, &mut report)?;
    check_rows(folder, format, &manifest, (threads, progress), &mut report)?;
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
        let report = manifest.packed && [PACKED, MERGED].contains(&name.as_str());
        if manifest.job.configs.contains(&name) {
            names.extend(entries(&folder.join(&name))?.into_iter().map(|file| format!("{name}/{file}")));
        } else if !(report || [MANIFEST, CARD, HIDDEN].contains(&name.as_str()) || name.starts_with(".git")) {
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
    (threads, progress): (usize, &dyn Progress),
    report: &mut AuditReport,
) -> Result<(), GenerateError> {
    let job = &manifest.job;
    let mut files = Vec::new();
    for (config, name) in job.configs.iter().enumerate() {
        for (split, spec) in job.splits.iter().enumerate() {
            report.rows.entry(name.clone()).or_default().insert(spec.name.clone(), 0);
            let of_split = |file: &&ManifestFile| file.config == *name && file.split == spec.name;
            files.extend(manifest.files.iter().filter(of_split).map(|file| (config, split, file)));
        }
    }
    progress.start(files.iter().map(|(_, _, file)| file.record.rows).sum(), 0);
    let no_ids = || -> Vec<Ids> { job.splits.iter().map(|split| Ids::new(&split.name)).collect() };
    let mut audit =
        RowAudit { first_config: no_ids(), here: no_ids(), config: 0, twins_differ: false, packed: manifest.packed };
    let mut files = files.into_iter();
    in_order(
        threads,
        || Ok(files.next()),
        |(config, split, file), emit: Emit<'_, _>| {
            let read = read_file(folder, format, file, manifest.packed);
            let size = read.as_ref().map_or(0, |read| read.hashes.len() * 16);
            emit(read.map(|read| (config, split, file, read)), size);
        },
        |read| {
            let (config, split, file, read) = read?;
            progress.advance(read.hashes.len() as u64, 0);
            if config > audit.config {
                audit.end_config(no_ids(), report);
                audit.config = config;
            }
            audit.add(split, file, read, report);
            Ok(())
        },
    )?;
    audit.end_config(no_ids(), report);
    match audit.packed {
        true => check_all_leaks(&mut audit.first_config, report),
        false => check_ids(&mut audit.first_config, report),
    }
    Ok(())
}

/// The ids that were read so far: of the first config, and of the config that is read.
struct RowAudit {
    first_config: Vec<Ids>,
    here: Vec<Ids>,
    config: usize,
    /// Whether a puzzle of this config is another one than in the first.
    twins_differ: bool,
    packed: bool,
}

impl RowAudit {
    fn add(&mut self, split: usize, file: &ManifestFile, mut read: FileIds, report: &mut AuditReport) {
        report.bytes += read.bytes;
        for (kind, found, expected) in read.findings.drain(..) {
            report.add(kind, &file.path, found, expected);
        }
        if !read.whole {
            return;
        }
        let rows = report.rows.entry(file.config.clone()).or_default().entry(file.split.clone()).or_default();
        *rows += read.hashes.len() as u64;
        let twin = match self.config {
            0 => None,
            _ if self.packed => self.first_config.get(split).and_then(|ids| ids.differs_by_index(&read)),
            _ => self.first_config.get(split).and_then(|ids| ids.differs_by_place(file.first, &read.hashes)),
        };
        if let Some(row) = twin {
            self.twins_differ = true;
            let index = read.indices.get(row).copied().unwrap_or(file.first.saturating_add(row as u64));
            let found = format!("another id in row {row} (index {index}) than in the first config");
            report.add(FindingKind::Twin, &file.path, found, "the same id in every config");
        }
        if let Some(ids) = self.here.get_mut(split) {
            ids.files.push(IdFile { path: file.path.clone(), start: ids.entries.len(), first: file.first });
            let start = ids.entries.len();
            ids.entries.extend(read.hashes.iter().zip(start..).map(|(hash, place)| hash | place as u128));
            ids.indices.extend(read.indices);
        }
    }

    /// Looks at the ids of a config in which they differ from the first one's. If no row differs, it has the first one's puzzles, and the result for the
    /// first one holds here as well.
    fn end_config(&mut self, next: Vec<Ids>, report: &mut AuditReport) {
        let mut ids = std::mem::replace(&mut self.here, next);
        if self.config == 0 {
            self.first_config = ids;
        } else if std::mem::take(&mut self.twins_differ) && !self.packed {
            check_ids(&mut ids, report);
        }
    }
}

/// The ids of a split in a config. They are in order of the rows until they are sorted.
struct Ids {
    split: String,
    entries: Vec<u128>,
    files: Vec<IdFile>,
    /// In a packed dataset, the index of each entry's row.
    indices: Vec<u64>,
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
    fn new(split: &str) -> Self {
        Ids { split: split.to_string(), entries: Vec::new(), files: Vec::new(), indices: Vec::new() }
    }

    /// The file of an entry, and the row in this file.
    fn file(&self, place: usize) -> (&str, usize) {
        let after = self.files.partition_point(|file| file.start <= place);
        self.files.get(after.wrapping_sub(1)).map_or(("", place), |file| (&file.path, place - file.start))
    }

    /// The first row of a file whose id is another one than at its place here. The file begins with the row of index `first`.
    fn differs_by_place(&self, first: u64, hashes: &[u128]) -> Option<usize> {
        let number = self.files.iter().position(|file| file.first == first)?;
        let end = self.files.get(number + 1).map_or(self.entries.len(), |next| next.start);
        let there = self.entries.get(self.files[number].start..end)?;
        there.iter().zip(hashes).position(|(there, here)| hash_of(*there) != hash_of(*here))
    }

    /// The first row of a file whose id is another one than that of its index here.
    fn differs_by_index(&self, read: &FileIds) -> Option<usize> {
        let known: HashMap<u64, u128> =
            self.indices.iter().copied().zip(self.entries.iter().map(|entry| hash_of(*entry))).collect();
        let mut rows = read.indices.iter().zip(&read.hashes);
        rows.position(|(index, hash)| known.get(index).is_some_and(|there| *there != hash_of(*hash)))
    }
}

fn hash_of(entry: u128) -> u128 {
    entry >> PLACE_BITS
}

fn place_of(entry: u128) -> usize {
    (entry & ((1 << PLACE_BITS) - 1)) as usize
}

/// What was read of a file.
#[derive(Default)]
struct FileIds {
    /// Whether the file is there in its whole length. If it is not, its rows are not looked at.
    whole: bool,
    bytes: u64,
    /// Hashes of the ids, as in an entry of the place 0.
    hashes: Vec<u128>,
    /// In a packed dataset, the index of each row.
    indices: Vec<u64>,
    findings: Vec<(FindingKind, String, String)>,
}

/// Reads a file and compares it with the manifest.
fn read_file(folder: &Path, format: Format, file: &ManifestFile, packed: bool) -> Result<FileIds, GenerateError> {
    let path = file.path.split('/').fold(folder.to_path_buf(), |path, name| path.join(name));
    let mut read = FileIds::default();
    read.whole = check_bytes(&path, file, &mut read)?;
    if !read.whole {
        return Ok(read);
    }
    let mut wrong_index = None;
    let mut each = |id: &[u8], index: Option<i64>| {
        let row = read.hashes.len() as u64;
        let expected = file.first.saturating_add(row);
        let found = index.and_then(|index| u64::try_from(index).ok());
        if packed {
            read.indices.push(found.unwrap_or(u64::MAX));
        }
        if found.is_none() || !packed && found != Some(expected) {
            wrong_index.get_or_insert((row, index, expected));
        }
        read.hashes.push(entry(id, 0));
    };
    let rows = read_ids(format, &path, &mut each);
    match rows {
        Ok(rows) if rows == file.record.rows => {}
        Ok(rows) => read.add(FindingKind::Count, format!("{rows} rows"), file.record.rows.to_string()),
        Err(error) => read.add(FindingKind::Unreadable, error.to_string(), format!("a {format} file")),
    }
    if let Some((row, index, expected)) = wrong_index {
        let found = format!("index {} in row {row}", index.map_or("null".to_string(), |index| index.to_string()));
        read.add(FindingKind::Index, found, expected.to_string());
    }
    Ok(read)
}

impl FileIds {
    fn add(&mut self, kind: FindingKind, found: impl Into<String>, expected: impl Into<String>) {
        self.findings.push((kind, found.into(), expected.into()));
    }
}

fn entry(id: &[u8], place: usize) -> u128 {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(id).as_bytes()[..16]);
    u128::from_le_bytes(bytes) >> PLACE_BITS << PLACE_BITS | place as u128
}

/// Compares size and checksum of a file. False if the file should not be read further.
fn check_bytes(path: &Path, file: &ManifestFile, read: &mut FileIds) -> Result<bool, GenerateError> {
    let expected = file.record.bytes;
    let mut input = match File::open(path) {
        Ok(input) => input,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            read.add(FindingKind::Missing, "no file", format!("{expected} bytes"));
            return Ok(false);
        }
        Err(error) => return Err(GenerateError::io("open", path)(error)),
    };
    let size = input.metadata().map_err(GenerateError::io("read", path))?.len();
    if size < expected {
        read.add(FindingKind::Truncated, format!("{size} bytes"), format!("{expected} bytes"));
        return Ok(false);
    }
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let count = input.read(&mut buffer).map_err(GenerateError::io("read", path))?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
        read.bytes += count as u64;
    }
    let blake3 = hasher.finalize().to_string();
    if blake3 != file.record.blake3 || size != expected {
        let found = format!("{size} bytes with BLAKE3 {blake3}");
        read.add(FindingKind::Altered, found, format!("{expected} bytes with {}", file.record.blake3));
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
    check_all_leaks(splits, report);
}

/// Reports ids that occur in two splits.
fn check_all_leaks(splits: &mut [Ids], report: &mut AuditReport) {
    splits.iter_mut().for_each(|ids| ids.entries.sort_unstable());
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
        Ids { entries, files: vec![file(0), file(100)], ..Ids::new(split) }
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
