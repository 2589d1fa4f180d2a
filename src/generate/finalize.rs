//! The end of a dataset whose parts were made apart: by shards that did not see each other's files, which were then copied into one folder.

use std::fs::File;
use std::path::Path;

use super::error::GenerateError;
use super::folder::Folder;
use super::job::Job;
use super::recorded::FileRecord;
use crate::table::Schema;

/// What is wrong with a file of a dataset, or what a finished dataset has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finalized {
    /// All parts are there, and the manifest and the card are written: number of files, and of rows in all configs.
    Complete {
        /// Number of files.
        files: u64,
        /// Number of rows in all configs.
        rows: u64,
    },
    /// Files that are missing or not as their record says, each with the problem. Nothing was written.
    Incomplete(Vec<(String, String)>),
}

/// Checks that all parts of the job in a folder are there, each file with the size and the BLAKE3 hash of its record, and writes manifest and card.
/// It makes no rows. `schemas` gives the columns of each record config, for the card.
///
/// An error if the folder has no job, or cannot be read or written.
pub fn finalize(
    root: &Path,
    schemas: impl FnOnce(&Job) -> Result<Vec<Schema>, GenerateError>,
) -> Result<Finalized, GenerateError> {
    let (folder, job) = Folder::open_made(root)?;
    let parts = job.parts();
    let (mut problems, mut files, mut rows) = (Vec::new(), 0, 0);
    for part in &parts {
        let Some(record) = folder.record(part) else {
            let missing = |config| (job.file(config, part), "its part is not recorded as complete".to_string());
            problems.extend((0..job.configs.len()).map(missing));
            continue;
        };
        let mut broken = folder.broken_files(&job, part, &record);
        for (config, file) in record.files.iter().enumerate().take(job.configs.len()) {
            files += 1;
            rows += file.rows;
            let is_whole = !broken.iter().any(|(there, _)| *there == config);
            if let Some(problem) = other_bytes(&folder.path(&job.file(config, part)), file)?.filter(|_| is_whole) {
                broken.push((config, problem));
            }
        }
        problems.extend(broken.into_iter().map(|(config, problem)| (job.file(config, part), problem)));
    }
    if !problems.is_empty() {
        return Ok(Finalized::Incomplete(problems));
    }
    folder.finish(&job, &parts, &schemas(&job)?)?;
    Ok(Finalized::Complete { files, rows })
}

/// What is wrong with the bytes of a file; none where they are those of its record, or where the file is missing.
fn other_bytes(path: &Path, record: &FileRecord) -> Result<Option<String>, GenerateError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(GenerateError::io("open", path)(error)),
    };
    let mut hasher = blake3::Hasher::new();
    std::io::copy(&mut file, &mut hasher).map_err(GenerateError::io("read", path))?;
    let same = hasher.finalize().to_string() == record.blake3;
    Ok((!same).then(|| "its bytes are not those that were written (BLAKE3)".to_string()))
}
