//! Cues of a dataset, in the rows of its largest split: from a folder, or made anew from a recipe.
//!
//! Memory: the features of the texts, not the texts.

use std::collections::HashSet;
use std::convert::Infallible;
use std::path::Path;

use crate::cue::{Collector, Cue, RowSamples};
use crate::generate::Progress;
use crate::generate::audit::{AuditReport, FindingKind};
use crate::generate::error::GenerateError;
use crate::generate::manifest::{Manifest, ManifestFile};
use crate::generate::ordered::in_order;
use crate::recipe::{Recipe, RecipeError};
use crate::record::{Datasets, RecordError, WorkerBuffers};
use crate::sink::batches::{Batches, Body};
use crate::sink::{Row, row_json};
use crate::table::{RowSource, Rows};

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

/// Rows of a recipe that a thread makes at a time.
const TOGETHER: u64 = 16;

/// How cues are looked for. Neither changes what is found.
#[derive(Clone, Copy)]
pub struct Looking<'a> {
    /// Number of threads.
    pub threads: usize,
    /// Is told of the rows.
    pub progress: &'a dyn Progress,
}

/// The cues of a recipe's largest split, in up to `rows` rows of each config. The rows are made anew.
pub fn cues_of_recipe(recipe: &Recipe, rows: u64, looking: Looking<'_>) -> Result<Vec<Cue>, CueError> {
    let (empty, mut collector) = (collector(recipe), collector(recipe));
    let mut dataset = Datasets::new(recipe.clone())?;
    let most = (0..dataset.splits().len()).rev().max_by_key(|&split| dataset.asked_for(split));
    let Some(split) = most else { return Ok(Vec::new()) };
    let rows = prepare(&mut dataset, split, rows)?;
    let configs: Vec<String> = recipe.records.iter().map(|record| record.folder().to_string()).collect();
    let samples = |index: u64, buffers: &mut [WorkerBuffers], batches: &mut [Rows]| {
        dataset.rows(split, index, buffers, batches).map_err(|error| CueError::Row(index, error))?;
        let mut samples = Vec::new();
        for (config, batch) in configs.iter().zip(batches) {
            samples.extend(row_json(batch, 0).map(|row| empty.samples(config, &row)));
            batch.clear();
        }
        Ok(samples)
    };
    let mut starts = (0..rows).step_by(TOGETHER as usize);
    in_order(
        looking.threads,
        || Ok::<_, CueError>(starts.next()),
        |start, emit| {
            let (mut buffers, mut batches) = (dataset.scratch(), dataset.batches());
            for index in start..rows.min(start + TOGETHER) {
                let found = samples(index, &mut buffers, &mut batches);
                let size = found.iter().flatten().map(RowSamples::size).sum();
                let failed = found.is_err();
                if !emit(found, size) || failed {
                    return;
                }
            }
        },
        |found: Result<Vec<RowSamples>, CueError>| {
            let found = found?;
            looking.progress.advance(found.len() as u64, 0);
            found.into_iter().for_each(|samples| collector.take(samples));
            Ok(())
        },
    )?;
    Ok(table(&collector, looking.threads))
}

/// The table of a collector, its labels in parallel.
fn table(collector: &Collector, threads: usize) -> Vec<Cue> {
    let (mut tables, mut cues) = (collector.tables().into_iter(), Vec::new());
    let next = || Ok::<_, Infallible>(tables.next());
    let done = in_order(
        threads,
        next,
        |table, emit| {
            emit(table(), 0);
        },
        |of_label: Vec<Cue>| {
            cues.extend(of_label);
            Ok(())
        },
    );
    match done {
        Ok(()) => cues,
        Err(never) => match never {},
    }
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
/// Files that cannot be read are skipped, from the first row on that cannot.
pub fn cues_of_folder(folder: &Path, rows: u64, looking: Looking<'_>) -> Result<Vec<Cue>, GenerateError> {
    let (manifest, _) = Manifest::read(folder)?;
    let Ok(recipe) = Recipe::from_toml(&manifest.job.recipe) else { return Ok(Vec::new()) };
    let (empty, mut collector) = (collector(&recipe), collector(&recipe));
    let largest = manifest.job.splits.iter().rev().max_by_key(|split| split.rows);
    let Some(split) = largest.map(|split| split.name.clone()) else { return Ok(Vec::new()) };
    let mut files = manifest.files.iter().filter(|file| file.split == split && file.first < rows);
    let mut open: Option<(&ManifestFile, Batches)> = None;
    let next = || {
        loop {
            if let Some((file, batches)) = &mut open
                && let Ok(Some(batch)) = batches.next_batch()
                && file.first + batch.before() < rows
            {
                return Ok(Some((*file, batch)));
            }
            let Some(file) = files.next() else { return Ok::<_, Infallible>(None) };
            let path = file.path.split('/').fold(folder.to_path_buf(), |path, name| path.join(name));
            open = Batches::open(&path).ok().map(|batches| (file, batches));
        }
    };
    // The files whose rest is skipped.
    let mut broken: HashSet<&str> = HashSet::new();
    let done = in_order(
        looking.threads,
        next,
        |(file, batch), emit| {
            let (mut samples, mut size, mut whole) = (Vec::new(), 0, true);
            batch.each(&mut |entry| {
                let row: Option<Row> = match entry.body {
                    _ if file.first + entry.number > rows => return false,
                    Body::Row(row) => Some(row),
                    Body::Line(line) => serde_json::from_slice(line).ok(),
                    Body::TooLong | Body::Broken(_) => None,
                };
                whole = row.is_some();
                if let Some(row) = row {
                    let of_row = empty.samples(&file.config, &row);
                    size += of_row.size();
                    samples.push(of_row);
                }
                whole
            });
            emit((file, samples, whole), size);
        },
        |(file, samples, whole): (&ManifestFile, Vec<RowSamples>, bool)| {
            if !broken.contains(file.path.as_str()) {
                looking.progress.advance(samples.len() as u64, 0);
                samples.into_iter().for_each(|samples| collector.take(samples));
            }
            if !whole {
                broken.insert(&file.path);
            }
            Ok(())
        },
    );
    match done {
        Ok(()) => Ok(table(&collector, looking.threads)),
        Err(never) => match never {},
    }
}

/// Adds the findings among a folder's cues to its report.
pub fn audit_cues(
    folder: &Path,
    rows: u64,
    looking: Looking<'_>,
    report: &mut AuditReport,
) -> Result<(), GenerateError> {
    if rows == 0 {
        return Ok(());
    }
    for cue in cues_of_folder(folder, rows, looking)?.iter().filter(|cue| cue.is_finding()) {
        let (low, high) = cue.interval;
        let found =
            format!("{} is told by {} with an AUC of {:.2} ({low:.2} to {high:.2})", cue.label, cue.feature, cue.auc);
        let expected = format!("no more than 0.60, or the cue \"{}\" declared", cue.family.name());
        report.add(FindingKind::Cue, &cue.config, found, expected);
    }
    Ok(())
}
