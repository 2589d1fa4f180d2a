//! Generation of a dataset: bounded memory, rows in order, and resumable.
//!
//! A dataset is a folder with one folder for each record config, in which each split is cut into files:
//!
//! ```text
//! DIR/README.md                               data card; the patterns in its head say which files belong to which split
//! DIR/manifest.json                           the whole job; rows, bytes and BLAKE3 of each file
//! DIR/search/train-00000-of-00012.parquet
//! DIR/optimal/train-00000-of-00012.parquet    row i has the same puzzle as row i of `search`
//! DIR/.sos/job.json                           written first: the job of this folder
//! DIR/.sos/parts/train-00000-of-00012.json    written when a part (one file in each config) is complete
//! ```
//!
//! The job decides how rows are divided into files ([`GenerateOptions::rows_per_file`]), not the number of threads or shards. Number the parts of all
//! splits in order. Shard I of N makes the parts whose number modulo N is I. The run that finds all parts complete writes the manifest and the card. So
//! all shards together make the same bytes as one run.
//!
//! The same job with more rows in its splits keeps the files that are whole, and makes the others.
//!
//! A file is written under a temporary name that begins with a dot, synced, renamed, and then recorded. So recorded files are always complete. A
//! rerun of the same job keeps recorded files and makes the others. Of an unfinished file it takes the rows that were saved (`DIR/.sos/saved/`).

pub mod audit;
mod card;
pub mod error;
mod files;
mod finalize;
mod folder;
mod grow;
pub mod job;
mod lock;
pub mod manifest;
pub(crate) mod ordered;
pub(crate) mod output;
mod recorded;
mod run;
mod saved;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::atomic::AtomicBool;

pub use error::GenerateError;
pub use finalize::{Finalized, finalize};
pub use job::Job;

use crate::sink::Format;
use crate::table::{RowSource, Rows, Tally};

/// Number of rows in a file, unless they are large.
pub const DEFAULT_ROWS_PER_FILE: u64 = 50_000;

/// Size of the rows of a file, below the greatest file size that the Hugging Face hub recommends. Files of large rows have fewer rows.
const FILE_BYTES: u64 = 400_000_000;

/// Number of rows by which their size is measured. It must not change, since files follow from it.
const MEASURED_ROWS: u64 = 8;

/// Options of generation.
#[derive(Clone, Debug)]
pub struct GenerateOptions {
    /// File format.
    pub format: Format,
    /// Number of rows in a file.
    pub rows_per_file: u64,
    /// Number of worker threads.
    pub threads: usize,
    /// Index of the shard that this run makes, from 0.
    pub shard_index: u64,
    /// Number of shards of the job.
    pub num_shards: u64,
    /// Whether to delete the files of the dataset in the folder first. Of another job all files are deleted, of the same job only those of this
    /// shard.
    pub overwrite: bool,
}

impl Default for GenerateOptions {
    fn default() -> Self {
        GenerateOptions {
            format: Format::ALL[0],
            rows_per_file: DEFAULT_ROWS_PER_FILE,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            shard_index: 0,
            num_shards: 1,
            overwrite: false,
        }
    }
}

/// Receives the progress of a run. Rows are counted in every config.
pub trait Progress: Sync {
    /// Called before the first row: number of rows of this run (or shard), and how many of them already exist.
    fn start(&self, rows: u64, there: u64) {
        let _ = (rows, there);
    }

    /// Called when rows were written. `bytes` is about the size of their encoding.
    fn advance(&self, rows: u64, bytes: u64) {
        let _ = (rows, bytes);
    }

    /// Called when a file is complete and has its name.
    fn finished(&self, file: &str) {
        let _ = file;
    }

    /// Called when a recorded file is missing or has another size, and will be made again.
    fn repair(&self, file: &str, problem: &str) {
        let _ = (file, problem);
    }
}

/// A receiver that ignores progress.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}

/// How a run ended without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The dataset is complete: manifest and card are written.
    Complete,
    /// This shard is complete, but parts of other shards are missing.
    ShardComplete {
        /// Number of missing parts.
        missing: u64,
    },
    /// The stop flag was set. Finished files are kept, unfinished ones are deleted; of their rows those are kept that take long to make.
    Interrupted,
}

/// The result of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GenerateOutcome {
    /// How it ended.
    pub ending: Ending,
    /// Number of files of this shard that already existed.
    pub files_kept: u64,
    /// Number of files that were written.
    pub files_written: u64,
    /// Number of rows in the files that were written.
    pub rows_written: u64,
    /// Number of rows that an earlier run had made of files that it did not finish.
    pub rows_restored: u64,
    /// Of an interrupted run: number of rows that are saved of files that are not finished.
    pub rows_saved: u64,
}

impl GenerateOutcome {
    fn new() -> Self {
        let (files_kept, files_written, rows_written, rows_restored, rows_saved) = (0, 0, 0, 0, 0);
        GenerateOutcome { ending: Ending::Complete, files_kept, files_written, rows_written, rows_restored, rows_saved }
    }
}

/// The number of rows in a file of a dataset, where none is asked for: that of the job in the folder, or else one that follows from the size of the first rows.
pub fn rows_per_file<S: RowSource>(source: &S, folder: &Path, overwrite: bool) -> Result<u64, GenerateError> {
    if let Some(job) = folder::find_job(folder)?.filter(|_| !overwrite) {
        return Ok(job.rows_per_file);
    }
    let splits = source.splits();
    let Some((split, about)) = splits.iter().enumerate().find(|(_, split)| split.rows > 0) else {
        return Ok(DEFAULT_ROWS_PER_FILE);
    };
    let measured = about.rows.min(MEASURED_ROWS);
    let mut rows: Vec<Rows> = source.schemas().into_iter().map(Rows::new).collect();
    source.fill(split, 0..measured, &mut source.scratch(), &mut rows, &mut Tally::new()).map_err(|source| {
        GenerateError::Source { split: about.name.clone(), from: 0, to: measured.saturating_sub(1), source }
    })?;
    let bytes = rows.iter().map(|rows| rows.byte_len() as u64).max().unwrap_or(0);
    let most = FILE_BYTES.saturating_mul(measured) / bytes.max(1);
    Ok(round(most.clamp(1, DEFAULT_ROWS_PER_FILE)))
}

/// The greatest of 1, 2, 5, 10, 20, 50 … that is no greater than a number.
fn round(number: u64) -> u64 {
    let powers = std::iter::successors(Some(1u64), |power| power.checked_mul(10));
    let power = powers.take_while(|&power| power <= number).last().unwrap_or(1);
    [5, 2, 1].into_iter().filter_map(|times| power.checked_mul(times)).find(|&round| round <= number).unwrap_or(1)
}

/// Generates a dataset, or the missing part of it, in a folder.
///
/// If `stop` is set, the run ends at the next opportunity.
pub fn generate<S: RowSource>(
    source: &S,
    folder: &Path,
    options: &GenerateOptions,
    stop: &AtomicBool,
    progress: &dyn Progress,
) -> Result<GenerateOutcome, GenerateError> {
    run::generate(source, folder, options, stop, progress, run::Limits::default())
}
