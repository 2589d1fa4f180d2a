//! The folder of a dataset: the paths in it, and how a complete file gets its name.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::GenerateError;
use super::files::{Unnamed, read_json, remove, sync_folder, temporary, to_json};
use super::grow::{grows, other_recipe};
use super::job::{Job, Part};
use super::lock::{OpenLock, RunLock, temporary_end};
use super::manifest::{MANIFEST, Manifest};
use super::recorded::PartRecord;
use super::saved::Saved;
use super::{GenerateOptions, Progress};
use crate::table::{RowSource, Schema};

/// Name of the data card.
pub(crate) const CARD: &str = "README.md";
/// Name of the folder for this program's records. The dot keeps it out of all patterns for data files.
pub(crate) const HIDDEN: &str = ".sos";
/// Name of the folder in it for saved rows of unfinished files.
const SAVED: &str = "saved";

const JOB_ADVICE: &str = "restore the file, or choose another folder";

/// The folder of a job, opened for one shard.
pub(crate) struct Folder {
    root: PathBuf,
    shard: (u64, u64),
    _lock: RunLock,
}

impl Folder {
    /// Opens a folder for the job of a source. It creates the folder, or finds the same job in it, or a smaller one that grows, or clears it if
    /// `options.overwrite` is set.
    pub(crate) fn open<S: RowSource>(
        root: &Path,
        source: &S,
        job: &Job,
        options: &GenerateOptions,
    ) -> Result<Folder, GenerateError> {
        fs::create_dir_all(root).map_err(GenerateError::io("create the folder", root))?;
        let found = find_job(root)?;
        if found.is_none() {
            refuse_foreign(root)?;
        } else if let Some(found) = &found {
            refuse_other(root, source, job, found, options)?;
        }
        let parts = root.join(HIDDEN).join("parts");
        fs::create_dir_all(&parts).map_err(GenerateError::io("create the folder", &parts))?;

        let hidden = root.join(HIDDEN);
        let _opening = OpenLock::wait(&hidden);
        // Check again, now that no other run is opening the folder.
        let found = find_job(root)?;
        let other = found.as_ref().is_some_and(|found| found != job);
        if let Some(found) = &found {
            refuse_other(root, source, job, found, options)?;
        }
        let shard = (options.shard_index, options.num_shards);
        let lock = RunLock::take(root, &hidden, shard, other)?;
        let folder = Folder { root: root.to_path_buf(), shard, _lock: lock };
        match &found {
            Some(found) if options.overwrite => folder.clear(found, other)?,
            Some(found) if other => folder.grow(job, found, &source.schemas())?,
            Some(_) => {}
            // Nothing says whose saved rows they are.
            None => folder.forget_saved(),
        }
        fs::create_dir_all(&parts).map_err(GenerateError::io("create the folder", &parts))?;
        if !folder.job_path().exists() {
            folder.write_job(job)?;
        }
        for config in &job.configs {
            let path = root.join(config);
            fs::create_dir_all(&path).map_err(GenerateError::io("create the folder", &path))?;
        }
        Ok(folder)
    }

    /// Opens the folder of a job whose parts are made, for this run alone.
    pub(crate) fn open_made(root: &Path) -> Result<(Folder, Job), GenerateError> {
        let job = find_job(root)?.ok_or_else(|| GenerateError::NoJob { folder: root.to_path_buf() })?;
        let parts = root.join(HIDDEN).join("parts");
        fs::create_dir_all(&parts).map_err(GenerateError::io("create the folder", &parts))?;
        let hidden = root.join(HIDDEN);
        let _opening = OpenLock::wait(&hidden);
        let (root, shard) = (root.to_path_buf(), (0, 1));
        let lock = RunLock::take(&root, &hidden, shard, true)?;
        Ok((Folder { root, shard, _lock: lock }, job))
    }

    /// The saved rows of unfinished files.
    pub(crate) fn saved(&self, job: &Job) -> Saved {
        Saved::open(self.root.join(HIDDEN).join(SAVED), &job.splits)
    }

    /// Deletes all saved rows, if there are any.
    fn forget_saved(&self) {
        let _ = fs::remove_dir_all(self.root.join(HIDDEN).join(SAVED));
    }

    /// Whether a part belongs to this shard. `number` is its index among all parts.
    pub(crate) fn owns(&self, number: u64) -> bool {
        number % self.shard.1 == self.shard.0
    }

    /// The path of a file in the folder, from a relative path with `/`.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        relative.split('/').fold(self.root.clone(), |path, name| path.join(name))
    }

    fn job_path(&self) -> PathBuf {
        self.root.join(HIDDEN).join("job.json")
    }

    /// Records the job of the folder.
    pub(crate) fn write_job(&self, job: &Job) -> Result<(), GenerateError> {
        self.write_whole(&self.job_path(), &to_json(job))
    }

    pub(crate) fn record_path(&self, part: &Part) -> PathBuf {
        self.root.join(HIDDEN).join("parts").join(format!("{}.json", part.stem))
    }

    /// The record of a part; none if there is no readable one.
    pub(crate) fn record(&self, part: &Part) -> Option<PartRecord> {
        read_json(&self.record_path(part), "").ok().flatten()
    }

    /// Records a part. Its files must already have their names.
    pub(crate) fn write_record(&self, part: &Part, record: &PartRecord) -> Result<(), GenerateError> {
        self.write_whole(&self.record_path(part), &to_json(record))
    }

    /// The configs whose file of a recorded part is missing or has another size, each with the problem.
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

    /// Removes the temporary files that a killed run left of a part.
    pub(crate) fn remove_stale(&self, job: &Job, part: &Part) -> Result<(), GenerateError> {
        (0..job.configs.len()).try_for_each(|config| remove(&temporary(&self.path(&job.file(config, part)))))
    }

    /// Writes the manifest and the card if all parts of all shards are recorded. Gives the number of missing parts.
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
        // A run that was killed may have left what it no longer needed.
        self.forget_saved();
        // An existing card is kept, since it may have been edited.
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

    /// Writes a small file as a whole: if this fails, the old file stays.
    fn write_whole(&self, path: &Path, bytes: &[u8]) -> Result<(), GenerateError> {
        // Several shards may write the same record at once. Their temporary names differ.
        let end = temporary_end(self.shard);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let unnamed = Unnamed::new(path.with_file_name(format!(".{name}{end}")));
        let mut file = File::create(&unnamed.path).map_err(GenerateError::io("create", &unnamed.path))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(GenerateError::io("write", path))?;
        unnamed.rename(path)?;
        sync_folder(path)
    }

    /// Deletes the files of a part and its record.
    pub(crate) fn remove_part(&self, job: &Job, part: &Part) -> Result<(), GenerateError> {
        remove(&self.record_path(part))?;
        self.remove_stale(job, part)?;
        (0..job.configs.len()).try_for_each(|config| remove(&self.path(&job.file(config, part))))
    }

    /// Deletes what says that a job is finished: the manifest, and the card unless someone edited it.
    pub(crate) fn forget_ending(&self, job: &Job, schemas: &[Schema]) -> Result<(), GenerateError> {
        remove(&self.root.join(MANIFEST))?;
        let card = self.root.join(CARD);
        let ours = super::card::card(job, schemas);
        if fs::read(&card).is_ok_and(|there| there == ours.as_bytes()) { remove(&card) } else { Ok(()) }
    }

    /// Deletes the files of a job: all of them, or this shard's. The record of the job goes last, so that an interrupted deletion can be
    /// repeated.
    fn clear(&self, job: &Job, all: bool) -> Result<(), GenerateError> {
        remove(&self.root.join(MANIFEST))?;
        remove(&self.root.join(CARD))?;
        let saved = self.saved(job);
        for (number, part) in (0..).zip(job.parts()) {
            if all || self.owns(number) {
                self.remove_part(job, &part)?;
                saved.forget(part.split, &part.rows)?;
            }
        }
        if all {
            for config in &job.configs {
                // This fails if the folder contains other files. Then it stays.
                let _ = fs::remove_dir(self.root.join(config));
            }
            remove(&self.job_path())?;
        }
        Ok(())
    }
}

/// The job of a folder, from its record or its manifest; none if it has neither.
pub(crate) fn find_job(root: &Path) -> Result<Option<Job>, GenerateError> {
    if let Some(job) = read_json(&root.join(HIDDEN).join("job.json"), JOB_ADVICE)? {
        return checked(job, root).map(Some);
    }
    let path = root.join(MANIFEST);
    // The manifest of another program is no error. The folder then counts as foreign.
    let manifest = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
    // A packed dataset has rows of a job, but not its files.
    let manifest = manifest.filter(|manifest| !manifest.packed);
    manifest.map(|manifest| checked(manifest.job, root)).transpose()
}

/// Refuses a job from a file if its names lead out of the folder, since --overwrite deletes by these names.
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

/// Refuses the folder of another job, unless its files are to be deleted, or are those of this job as well.
fn refuse_other<S: RowSource>(
    root: &Path,
    source: &S,
    job: &Job,
    found: &Job,
    options: &GenerateOptions,
) -> Result<(), GenerateError> {
    if options.overwrite || grows(source, job, found) {
        return Ok(());
    }
    let folder = root.to_path_buf();
    // Where the recipe asks for the same rows, or for more of them, their number is not what is wrong.
    let (splits, recipe, recipe_blake3) = (job.splits.clone(), job.recipe.clone(), job.recipe_blake3.clone());
    let of_same_rows = Job { splits, recipe, recipe_blake3, ..found.clone() };
    let same = source.recipe_differences(&found.recipe).is_empty();
    let beside = if same { job.first_difference(&of_same_rows) } else { None };
    let Some((field, there, wanted)) = beside.or_else(|| job.first_difference(found)) else { return Ok(()) };
    // What the recipe says decides its splits and configs too.
    let of_recipe = ["splits", "configs", "recipe_blake3"].contains(&field.as_str());
    match other_recipe(source, found).filter(|_| of_recipe) {
        Some(differences) => Err(GenerateError::OtherRecipe { folder, differences }),
        None => Err(GenerateError::OtherJob { folder, field, found: there, wanted }),
    }
}

/// Reports the files of a part that must be made again. Gives for each config whether it is affected.
pub(crate) fn report_repairs(job: &Job, part: &Part, broken: &[(usize, String)], progress: &dyn Progress) -> Vec<bool> {
    let mut wanted = vec![false; job.configs.len()];
    for (config, problem) in broken {
        progress.repair(&job.file(*config, part), problem);
        wanted[*config] = true;
    }
    wanted
}
