//! Cues of a dataset, in the rows of its largest split: from a folder, or made anew from a recipe.
//!
//! Memory: the features of the texts, not the texts.

use std::path::Path;

use crate::cue::{Collector, Cue};
use crate::generate::audit::{AuditReport, FindingKind};
use crate::generate::error::GenerateError;
use crate::generate::manifest::Manifest;
use crate::recipe::{Recipe, RecipeError};
use crate::record::{Datasets, RecordError};
use crate::sink::{read_rows, row_json};
use crate::table::RowSource;

/// Why the cues of a recipe cannot be found.
#[derive(Debug, thiserror::Error)]
pub enum CueError {
    /// The recipe cannot be followed.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// A row cannot be made.
    #[error("index {0}: {1}")]
    Row(u64, RecordError),
}

fn collector(recipe: &Recipe) -> Collector {
    let config =
        |record: &crate::recipe::RecordConfig| (record.folder().to_string(), record.kind.clone(), record.cues.clone());
    Collector::new(recipe.records.iter().map(config))
}

/// The cues of a recipe's largest split, in up to `rows` rows of each config. The rows are made anew.
pub fn cues_of_recipe(recipe: &Recipe, rows: u64) -> Result<Vec<Cue>, CueError> {
    let mut collector = collector(recipe);
    let mut dataset = Datasets::new(recipe.clone())?;
    let most = (0..dataset.splits().len()).rev().max_by_key(|&split| dataset.asked_for(split));
    let Some(split) = most else { return Ok(Vec::new()) };
    let rows = prepare(&mut dataset, split, rows)?;
    let configs: Vec<String> = recipe.records.iter().map(|record| record.folder().to_string()).collect();
    let (mut buffers, mut batches) = (dataset.scratch(), dataset.batches());
    for index in 0..rows {
        dataset.rows(split, index, &mut buffers, &mut batches).map_err(|error| CueError::Row(index, error))?;
        for (config, batch) in configs.iter().zip(&mut batches) {
            if let Some(row) = row_json(batch, 0) {
                collector.add(config, &row);
            }
            batch.clear();
        }
    }
    Ok(collector.table())
}

/// Asks for `rows` rows of a split, or for as many as there are. Gives their number.
fn prepare(dataset: &mut Datasets, split: usize, rows: u64) -> Result<u64, RecipeError> {
    dataset.ask_for(split, rows);
    match dataset.prepare_split(split) {
        Err(error) if error.capacity().is_some() => {
            let rows = error.capacity().and_then(|capacity| u64::try_from(capacity).ok()).unwrap_or(rows).min(rows);
            dataset.ask_for(split, rows);
            dataset.prepare_split(split).map(|_| rows)
        }
        done => done.map(|_| rows),
    }
}

/// The cues of a folder's largest split, in up to `rows` rows of each config. Empty for a folder whose manifest has no recipe of this program.
/// Files that cannot be read are skipped.
pub fn cues_of_folder(folder: &Path, rows: u64) -> Result<Vec<Cue>, GenerateError> {
    let (manifest, format) = Manifest::read(folder)?;
    let Ok(recipe) = Recipe::from_toml(&manifest.job.recipe) else { return Ok(Vec::new()) };
    let mut collector = collector(&recipe);
    let largest = manifest.job.splits.iter().rev().max_by_key(|split| split.rows);
    let Some(split) = largest.map(|split| split.name.clone()) else { return Ok(Vec::new()) };
    for file in manifest.files.iter().filter(|file| file.split == split && file.first < rows) {
        let path = file.path.split('/').fold(folder.to_path_buf(), |path, name| path.join(name));
        let mut index = file.first;
        let mut each = |row| {
            if index < rows {
                collector.add(&file.config, &row);
            }
            index += 1;
        };
        let _ = read_rows(format, &path, &mut each);
    }
    Ok(collector.table())
}

/// Adds the findings among a folder's cues to its report.
pub fn audit_cues(folder: &Path, rows: u64, report: &mut AuditReport) -> Result<(), GenerateError> {
    if rows == 0 {
        return Ok(());
    }
    for cue in cues_of_folder(folder, rows)?.iter().filter(|cue| cue.is_finding()) {
        let (low, high) = cue.interval;
        let found =
            format!("{} is told by {} with an AUC of {:.2} ({low:.2} to {high:.2})", cue.label, cue.feature, cue.auc);
        let expected = format!("no more than 0.60, or the cue \"{}\" declared", cue.family.name());
        report.add(FindingKind::Cue, &cue.config, found, expected);
    }
    Ok(())
}
