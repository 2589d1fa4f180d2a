//! A dataset that grows: the same recipe with more rows. Rows do not change, so whole files are kept under their new names. The file that was not full is
//! deleted, and made anew with the others.
//!
//! Every step can be done again. So a run that is killed here is gone on with by the same command: the old job stays recorded until all files have
//! their new names.

use std::fs;
use std::path::Path;

use super::error::GenerateError;
use super::files::{read_json, remove, sync_folder};
use super::folder::Folder;
use super::job::{Job, Part};
use super::recorded::PartRecord;
use crate::table::{Difference, RowSource, Schema};

/// Whether a job has the rows of another one, and more.
pub(crate) fn grows(source: &impl RowSource, job: &Job, found: &Job) -> bool {
    let same = Job {
        splits: job.splits.clone(),
        recipe: job.recipe.clone(),
        recipe_blake3: job.recipe_blake3.clone(),
        ..found.clone()
    };
    let more = |(here, there): (&crate::table::SplitRows, &crate::table::SplitRows)| {
        here.name == there.name && here.rows >= there.rows
    };
    same == *job
        && job.splits != found.splits
        && job.splits.len() == found.splits.len()
        && job.splits.iter().zip(&found.splits).all(more)
        && source.recipe_differences(&found.recipe).is_empty()
}

/// The fields in which the recipe of a folder is another one, as one sentence; none where it is the same.
pub(crate) fn other_recipe(source: &impl RowSource, found: &Job) -> Option<String> {
    const LISTED: usize = 5;
    let differences = source.recipe_differences(&found.recipe);
    let shown: Vec<String> = differences
        .iter()
        .take(LISTED)
        .map(|Difference { field, there, here }| format!("{field} is {there} there and {here} here"))
        .collect();
    let more = differences.len().saturating_sub(LISTED);
    let more = if more > 0 { format!(", and {more} more fields") } else { String::new() };
    (!shown.is_empty()).then(|| shown.join(", ") + &more)
}

impl Folder {
    /// Gives the files of a job the names that they have in a greater one, and forgets the parts that are other ones there.
    pub(crate) fn grow(&self, job: &Job, found: &Job, schemas: &[Schema]) -> Result<(), GenerateError> {
        self.forget_ending(found, schemas)?;
        let parts = job.parts();
        for old in found.parts() {
            match parts.iter().find(|part| part.split == old.split && part.rows == old.rows) {
                Some(part) if part.stem == old.stem => {}
                Some(part) => self.rename_part(job, &old, part)?,
                None => self.remove_part(found, &old)?,
            }
        }
        self.write_job(job)
    }

    fn rename_part(&self, job: &Job, old: &Part, part: &Part) -> Result<(), GenerateError> {
        for config in 0..job.configs.len() {
            rename(&self.path(&job.file(config, old)), &self.path(&job.file(config, part)))?;
        }
        // The record comes last: a part is recorded only where its files are.
        let record: Option<PartRecord> = read_json(&self.record_path(old), "").ok().flatten();
        if let Some(record) = record {
            self.write_record(part, &record)?;
        }
        remove(&self.record_path(old))
    }
}

/// Renames a file that is there.
fn rename(from: &Path, to: &Path) -> Result<(), GenerateError> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => {
            done.map_err(GenerateError::io("rename", from))?;
            sync_folder(to)
        }
    }
}
