//! The folder of a dataset: what is where, and how a file comes to its name whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::GenerateError;
use super::job::{Job, Part};
use super::lock::{OpenLock, RunLock, temporary_end};
use super::manifest::Manifest;
use super::{Options, Progress, Tally};
use crate::record::rows::Schema;

/// Name of the manifest.
pub(crate) const MANIFEST: &str = "manifest.json";
/// Name of the data card.
pub(crate) const CARD: &str = "README.md";
/// Name of the folder for our own records. The dot keeps it out of every pattern for data files.
pub(crate) const HIDDEN: &str = ".sos";

const JOB_ADVICE: &str = "restore the file, or choose another folder";

/// What is recorded of a finished part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartRecord {
    /// One file for each config, in the job's order.
    pub(crate) files: Vec<FileRecord>,
    /// What the source counted.
    pub(crate) tally: Tally,
}

/// What is recorded of a finished file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Rows in the file.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// Its BLAKE3 in hexadecimal digits.
    pub blake3: String,
}

/// The folder of one job, open for one shard.
pub(crate) struct Folder {
    root: PathBuf,
    shard: (u64, u64),
    _lock: RunLock,
}

impl Folder {
    /// Opens a folder for a job: makes it, or finds the same job in it, or clears it where that was asked for.
    pub(crate) fn open(root: &Path, job: &Job, options: &Options) -> Result<Folder, GenerateError> {
        fs::create_dir_all(root).map_err(GenerateError::io("create the folder", root))?;
        let found = find_job(root)?;
        if found.is_none() {
            refuse_foreign(root)?;
        } else if let Some(found) = &found {
            refuse_other(root, job, found, options)?;
        }
        let parts = root.join(HIDDEN).join("parts");
        fs::create_dir_all(&parts).map_err(GenerateError::io("create the folder", &parts))?;

        let hidden = root.join(HIDDEN);
        let _opening = OpenLock::wait(&hidden);
        // Once more, now that nobody else is opening it.
        let found = find_job(root)?;
        let other = found.as_ref().is_some_and(|found| found != job);
        if let Some(found) = &found {
            refuse_other(root, job, found, options)?;
        }
        let shard = (options.shard_index, options.num_shards);
        let lock = RunLock::take(root, &hidden, shard, other)?;
        let folder = Folder { root: root.to_path_buf(), shard, _lock: lock };
        if let Some(found) = found.filter(|_| options.overwrite) {
            folder.clear(&found, other)?;
        }
        fs::create_dir_all(&parts).map_err(GenerateError::io("create the folder", &parts))?;
        if !folder.job_path().exists() {
            folder.write_whole(&folder.job_path(), &to_json(job))?;
        }
        for config in &job.configs {
            let path = root.join(config);
            fs::create_dir_all(&path).map_err(GenerateError::io("create the folder", &path))?;
        }
        Ok(folder)
    }

    /// Whether a part, by its number among all, is this shard's.
    pub(crate) fn owns(&self, number: u64) -> bool {
        number % self.shard.1 == self.shard.0
    }

    /// A path below the folder, from one with `/`.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        relative.split('/').fold(self.root.clone(), |path, name| path.join(name))
    }

    fn job_path(&self) -> PathBuf {
        self.root.join(HIDDEN).join("job.json")
    }

    fn record_path(&self, part: &Part) -> PathBuf {
        self.root.join(HIDDEN).join("parts").join(format!("{}.json", part.stem))
    }

    /// The record of a part, if there is a readable one.
    pub(crate) fn record(&self, part: &Part) -> Option<PartRecord> {
        read_json(&self.record_path(part), "").ok().flatten()
    }

    /// Records a part; its files must have their names.
    pub(crate) fn write_record(&self, part: &Part, record: &PartRecord) -> Result<(), GenerateError> {
        self.write_whole(&self.record_path(part), &to_json(record))
    }

    /// The configs whose file of a recorded part is missing or has another size, and what is wrong.
    pub(crate) fn broken_files(&self, job: &Job, part: &Part, record: &PartRecord) -> Vec<(usize, String)> {
        let mut broken = Vec::new();
        for config in 0..job.configs.len() {
            let size = fs::metadata(self.path(&job.file(config, part))).ok().map(|file| file.len());
            match (size, record.files.get(config)) {
                (Some(size), Some(file)) if size == file.bytes => {}
                (None, _) => broken.push((config, "it is missing".to_string())),
                (Some(_), None) => broken.push((config, "it is not recorded".to_string())),
                (Some(size), Some(file)) => {
                    broken.push((config, format!("it has {size} bytes instead of {}", file.bytes)));
                }
            }
        }
        broken
    }

    /// Removes what a killed run left of a part that is about to be made.
    pub(crate) fn remove_stale(&self, job: &Job, part: &Part) -> Result<(), GenerateError> {
        (0..job.configs.len()).try_for_each(|config| remove(&temporary(&self.path(&job.file(config, part)))))
    }

    /// Writes the manifest and the card if every part of every shard is recorded; otherwise says how many are missing.
    pub(crate) fn finish(&self, job: &Job, parts: &[Part], schemas: &[Schema]) -> Result<u64, GenerateError> {
        let mut records = Vec::with_capacity(parts.len());
        let mut missing = 0;
        for part in parts {
            match self.record(part).filter(|record| self.broken_files(job, part, record).is_empty()) {
                Some(record) => records.push(record),
                None => missing += 1,
            }
        }
        if missing > 0 {
            return Ok(missing);
        }
        // A card that is there may have been edited: it is written once.
        let card = self.root.join(CARD);
        if !card.exists() {
            self.write_whole(&card, super::card::card(job, schemas).as_bytes())?;
        }
        let manifest = to_json(&Manifest::new(job, parts, &records));
        let path = self.root.join(MANIFEST);
        if fs::read(&path).is_ok_and(|there| there == manifest) {
            return Ok(0);
        }
        self.write_whole(&path, &manifest)?;
        Ok(0)
    }

    /// Writes a small file so that it is there whole or not at all.
    fn write_whole(&self, path: &Path, bytes: &[u8]) -> Result<(), GenerateError> {
        // Shards may write the same record at once; their temporary names differ.
        let end = temporary_end(self.shard);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let unnamed = Unnamed::new(path.with_file_name(format!(".{name}{end}")));
        let mut file = File::create(&unnamed.path).map_err(GenerateError::io("create", &unnamed.path))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(GenerateError::io("write", path))?;
        unnamed.rename(path)?;
        sync_folder(path)
    }

    /// Deletes the files of a job: all of them, or this shard's. The job's own record goes last, so that a clearing that
    /// was cut short can be repeated.
    fn clear(&self, job: &Job, all: bool) -> Result<(), GenerateError> {
        remove(&self.root.join(MANIFEST))?;
        remove(&self.root.join(CARD))?;
        for (number, part) in (0..).zip(job.parts()) {
            if all || self.owns(number) {
                remove(&self.record_path(&part))?;
                self.remove_stale(job, &part)?;
                (0..job.configs.len()).try_for_each(|config| remove(&self.path(&job.file(config, &part))))?;
            }
        }
        if all {
            for config in &job.configs {
                // Fails where there is anything that is not ours: then it stays.
                let _ = fs::remove_dir(self.root.join(config));
            }
            remove(&self.job_path())?;
        }
        Ok(())
    }
}

/// The job that a folder holds, by its record or by its manifest.
fn find_job(root: &Path) -> Result<Option<Job>, GenerateError> {
    if let Some(job) = read_json(&root.join(HIDDEN).join("job.json"), JOB_ADVICE)? {
        return checked(job, root).map(Some);
    }
    let path = root.join(MANIFEST);
    // Another program's manifest is no fault of ours: the folder is then foreign.
    let manifest = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
    manifest.map(|manifest| checked(manifest.job, root)).transpose()
}

/// A job from a file names what --overwrite deletes: names that lead out of the folder are refused.
fn checked(job: Job, root: &Path) -> Result<Job, GenerateError> {
    job.check().map_err(|problem| GenerateError::Damaged {
        path: root.to_path_buf(),
        problem: format!("its record of the job is not ours: {problem}"),
        advice: JOB_ADVICE,
    })?;
    Ok(job)
}

fn refuse_foreign(root: &Path) -> Result<(), GenerateError> {
    for entry in fs::read_dir(root).map_err(GenerateError::io("read the folder", root))? {
        let name = entry.map_err(GenerateError::io("read the folder", root))?.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with('.') {
            return Err(GenerateError::NotOurs { folder: root.to_path_buf(), found: name.into_owned() });
        }
    }
    Ok(())
}

fn refuse_other(root: &Path, job: &Job, found: &Job, options: &Options) -> Result<(), GenerateError> {
    match job.first_difference(found) {
        Some((field, found, wanted)) if !options.overwrite => {
            Err(GenerateError::OtherJob { folder: root.to_path_buf(), field, found, wanted })
        }
        _ => Ok(()),
    }
}

/// Reads a JSON file of ours; none where there is no file.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path, advice: &'static str) -> Result<Option<T>, GenerateError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(GenerateError::io("read", path)(error)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| GenerateError::Damaged {
        path: path.to_path_buf(),
        problem: format!("the file is not what this program writes ({error})"),
        advice,
    })
}

fn to_json(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The temporary name of a file: in the same folder, and of a kind that no pattern for data files matches.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.tmp"))
}

fn remove(path: &Path) -> Result<(), GenerateError> {
    match fs::remove_file(path) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Err(GenerateError::io("delete", path)(error))
        }
        _ => Ok(()),
    }
}

/// Makes a rename last through a power cut.
pub(crate) fn sync_folder(file: &Path) -> Result<(), GenerateError> {
    let Some(folder) = file.parent().filter(|_| cfg!(unix)) else { return Ok(()) };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(GenerateError::io("sync the folder", folder))
}

/// A file under a temporary name; dropped, it is deleted.
pub(crate) struct Unnamed {
    /// The temporary name.
    pub(crate) path: PathBuf,
    named: bool,
}

impl Unnamed {
    pub(crate) fn new(path: PathBuf) -> Self {
        Unnamed { path, named: false }
    }

    /// Gives the file its name, whatever had it before.
    pub(crate) fn rename(mut self, to: &Path) -> Result<(), GenerateError> {
        fs::rename(&self.path, to).map_err(GenerateError::io("rename to", to))?;
        self.named = true;
        Ok(())
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        if !self.named {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Tells of the files of a part that have to be made again, and which configs they are of.
pub(crate) fn report_repairs(job: &Job, part: &Part, broken: &[(usize, String)], progress: &dyn Progress) -> Vec<bool> {
    let mut wanted = vec![false; job.configs.len()];
    for (config, problem) in broken {
        progress.repair(&job.file(*config, part), problem);
        wanted[*config] = true;
    }
    wanted
}

/// Sums of tallies by name.
pub(crate) fn add_tally(sum: &mut BTreeMap<String, u64>, tally: &Tally) {
    for (name, count) in tally {
        let entry = sum.entry(name.clone()).or_default();
        *entry = entry.saturating_add(*count);
    }
}
