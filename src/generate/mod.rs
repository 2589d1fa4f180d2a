//! Bounded, ordered, resumable generation of a dataset.
//!
//! A dataset is a folder with one folder for each record config, in which each split is cut into files:
//!
//! ```text
//! DIR/README.md                               data card; the patterns in its head say what belongs to which split
//! DIR/manifest.json                           the job in full; rows, bytes and BLAKE3 of each file
//! DIR/search/train-00000-of-00012.parquet
//! DIR/optimal/train-00000-of-00012.parquet    row i is the twin of row i of `search`
//! DIR/.sos/job.json                           written first: what this folder is for
//! DIR/.sos/parts/train-00000-of-00012.json    written when a part (one file in each config) is whole
//! ```
//!
//! How the rows are cut into files is the job's ([`GenerateOptions::rows_per_file`]), never the threads' or the shards'. Shard I
//! of N makes part 0, 1, 2 … of all splits in order where the number modulo N is I. Whoever finds every part there
//! writes the manifest and the card, so that all shards together leave what one run leaves, byte for byte.
//!
//! A file is written under a temporary name that begins with a dot, synced, renamed, and only then recorded: at any
//! moment, what is recorded is whole. A rerun of the same job keeps what is recorded and makes the rest.

pub mod audit;
mod card;
pub mod error;
mod files;
mod folder;
pub mod job;
mod lock;
pub mod manifest;
mod ordered;
mod output;
mod recorded;
mod run;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::atomic::AtomicBool;

pub use error::GenerateError;
pub use job::Job;

use crate::sink::Format;
use crate::table::RowSource;

/// Rows of a file where nothing else is said: at 8 KB a row 400 MB, below what the Hugging Face hub recommends as the
/// most for a file.
pub const DEFAULT_ROWS_PER_FILE: u64 = 50_000;

/// How to generate.
#[derive(Clone, Debug)]
pub struct GenerateOptions {
    /// File format.
    pub format: Format,
    /// Rows of a file.
    pub rows_per_file: u64,
    /// Worker threads.
    pub threads: usize,
    /// Which shard this run makes, from 0.
    pub shard_index: u64,
    /// Into how many shards the job is cut.
    pub num_shards: u64,
    /// Deletes the files of the dataset that is in the folder first: those of another job all, those of the same job as
    /// far as they are this shard's.
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

/// Is told how far a run is. All rows are counted, in every config.
pub trait Progress: Sync {
    /// Before the first row: rows that this run (or this shard) consists of, and how many of them are there already.
    fn start(&self, rows: u64, there: u64) {
        let _ = (rows, there);
    }

    /// Rows were written; `bytes` is what their encoding holds.
    fn advance(&self, rows: u64, bytes: u64) {
        let _ = (rows, bytes);
    }

    /// A file is whole and has its name.
    fn finished(&self, file: &str) {
        let _ = file;
    }

    /// A recorded file is missing or has another size, and is made anew.
    fn repair(&self, file: &str, problem: &str) {
        let _ = (file, problem);
    }
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}

/// How a run ended, where nothing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The dataset is whole: manifest and card are written.
    Complete,
    /// This shard is whole; parts of other shards are missing.
    ShardComplete {
        /// How many parts are missing.
        missing: u64,
    },
    /// The stop flag was set: finished files are kept, unfinished ones dropped.
    Interrupted,
}

/// What a run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GenerateOutcome {
    /// How it ended.
    pub ending: Ending,
    /// Files that were there already, of this shard.
    pub files_kept: u64,
    /// Files that were written.
    pub files_written: u64,
    /// Rows in the files that were written.
    pub rows_written: u64,
}

/// Generates a dataset, or the rest of it, into a folder.
///
/// The flag ends the run at the next opportunity when it is set.
pub fn generate<S: RowSource>(
    source: &S,
    folder: &Path,
    options: &GenerateOptions,
    stop: &AtomicBool,
    progress: &dyn Progress,
) -> Result<GenerateOutcome, GenerateError> {
    run::generate(source, folder, options, stop, progress, u64::MAX)
}
