//! Errors between a source of rows and a finished folder, in sentences.

use std::io;
use std::path::{Path, PathBuf};

use crate::sink::SinkError;

/// Why a dataset was not generated. Finished files stay.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// A name that is not allowed in a path or in the data card's patterns.
    #[error(
        "{what} name \"{name}\": found a character that is not allowed, or nothing; use letters, digits and \"_\" \
         (a record config also \"-\")"
    )]
    Name {
        /// What has the name: a split or a record config.
        what: &'static str,
        /// The name that was found.
        name: String,
    },
    /// Two splits or two configs with one name.
    #[error("{what} name \"{name}\" is used twice; give each its own")]
    NameTwice {
        /// What has the name.
        what: &'static str,
        /// The name that was found.
        name: String,
    },
    /// A number in the request that is out of range.
    #[error("{field}: found {found}, allowed is {allowed}")]
    Range {
        /// The field, as the command line names it.
        field: &'static str,
        /// The number that was found.
        found: u64,
        /// The allowed numbers.
        allowed: String,
    },
    /// This build cannot write the format.
    #[error("--format {0}: this build cannot write it; use jsonl or jsonl.zst, or build with the feature \"parquet\"")]
    Format(String),
    /// The folder contains files of something else.
    #[error(
        "{folder}: the folder is not empty and holds no dataset of ours (found \"{found}\"); choose an empty or new folder"
    )]
    NotOurs {
        /// The folder.
        folder: PathBuf,
        /// One of them.
        found: String,
    },
    /// The folder holds no record of a job.
    #[error(
        "{folder}: there is no dataset of sos generate here, or its folder .sos was not copied; give the folder that holds all shards"
    )]
    NoJob {
        /// The folder.
        folder: PathBuf,
    },
    /// The recipe of the folder cannot be read by this version.
    #[error("the recipe of the folder: {0}")]
    Recipe(String),
    /// The folder contains another dataset.
    #[error(
        "{folder}: the folder holds a dataset made from another request: {field} is {found} there and {wanted} here; choose \
         another folder, or pass --overwrite to delete that dataset's files"
    )]
    OtherJob {
        /// The folder.
        folder: PathBuf,
        /// The first field that differs.
        field: String,
        /// Its value in the folder.
        found: String,
        /// Its value in the request.
        wanted: String,
    },
    /// The folder holds a dataset of another recipe.
    #[error(
        "{folder}: the folder holds a dataset made from another recipe: {differences}; choose another folder, or pass \
         --overwrite to delete that dataset's files"
    )]
    OtherRecipe {
        /// The folder.
        folder: PathBuf,
        /// The fields that differ.
        differences: String,
    },
    /// The folder has no manifest to compare with.
    #[error(
        "{folder}: found no manifest.json there; give the folder of a finished dataset (an unfinished one is finished by \
         running its generate command again)"
    )]
    NoManifest {
        /// The folder.
        folder: PathBuf,
    },
    /// Another process is writing the same files.
    #[error(
        "{folder}: another run is writing the same files ({lock} is held); wait for it, or stop it, and start again"
    )]
    Busy {
        /// The folder.
        folder: PathBuf,
        /// The lock that is held.
        lock: String,
    },
    /// A record of this program cannot be read.
    #[error("{path}: {problem}; {advice}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The problem.
        problem: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// An error of the operating system.
    #[error("cannot {doing} {path}: {source}; {}", advice(source))]
    Io {
        /// What the program was doing.
        doing: &'static str,
        /// The path.
        path: PathBuf,
        /// The error.
        source: io::Error,
    },
    /// Rows could not be encoded for a file.
    #[error("cannot encode {path}: {source}")]
    Encode {
        /// The file.
        path: PathBuf,
        /// The error.
        source: SinkError,
    },
    /// The source of rows failed.
    #[error("split \"{split}\", rows {from} to {to}: {source}")]
    Source {
        /// The split.
        split: String,
        /// First row of the range.
        from: u64,
        /// Last row of the range.
        to: u64,
        /// The error of the source.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The source gave another number of rows than requested.
    #[error(
        "split \"{split}\", config \"{config}\", from row {from}: the source gave {found} rows, expected {expected}"
    )]
    RowCount {
        /// The split.
        split: String,
        /// The record config.
        config: String,
        /// First row of the range.
        from: u64,
        /// Number of rows that it gave.
        found: usize,
        /// Number of rows that were requested.
        expected: u64,
    },
    /// No worker thread could be started.
    #[error("cannot start a worker thread: {source}; end other programs, or allow more processes")]
    Threads {
        /// The error of the operating system.
        source: io::Error,
    },
    /// A worker thread panicked.
    #[error("a worker thread panicked; this is a fault of the program, please report it with the message above")]
    Panic,
}

impl GenerateError {
    /// Whether the request or the source of rows is to blame, and not the system or the program.
    pub fn is_request(&self) -> bool {
        !matches!(
            self,
            GenerateError::Damaged { .. }
                | GenerateError::Io { .. }
                | GenerateError::Encode { .. }
                | GenerateError::RowCount { .. }
                | GenerateError::Threads { .. }
                | GenerateError::Panic
        )
    }

    /// Converts an error of the operating system.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> GenerateError {
        let path = path.to_path_buf();
        move |source| GenerateError::Io { doing, path, source }
    }

    /// Converts an error of a sink.
    pub(crate) fn sink(path: &Path) -> impl FnOnce(SinkError) -> GenerateError {
        let path = path.to_path_buf();
        move |source| match source {
            SinkError::Io(source) => GenerateError::Io { doing: "write", path, source },
            source => GenerateError::Encode { path, source },
        }
    }
}

/// What to do about an error of the operating system.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space and run the same command again: finished files are kept"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "choose a folder that you may write to, or change its permissions"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "choose another folder: a file is in the way",
        _ => "once that is put right, run the same command again: finished files are kept",
    }
}
