//! What can go wrong between a source of rows and a finished folder, in sentences.

use std::io;
use std::path::{Path, PathBuf};

use crate::sink::SinkError;

/// Why a dataset was not generated. Finished files stay in every case.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// A name that cannot stand in a path or in the data card's patterns.
    #[error(
        "{what} name \"{name}\": found a character that is not allowed, or nothing; use letters, digits and \"_\" \
         (a record config also \"-\")"
    )]
    Name {
        /// What is named: a split or a record config.
        what: &'static str,
        /// The name that was found.
        name: String,
    },
    /// Two splits or two configs of one name.
    #[error("{what} name \"{name}\" is used twice; give each its own")]
    NameTwice {
        /// What is named.
        what: &'static str,
        /// The name that was found.
        name: String,
    },
    /// A number of the request that is out of its range.
    #[error("{field}: found {found}, allowed is {allowed}")]
    Range {
        /// The field as the command line names it.
        field: &'static str,
        /// The number that was found.
        found: u64,
        /// What is allowed.
        allowed: String,
    },
    /// This build cannot write the format.
    #[error("--format {0}: this build cannot write it; use jsonl or jsonl.zst, or build with the feature \"parquet\"")]
    Format(String),
    /// The folder holds something else.
    #[error(
        "{folder}: the folder is not empty and holds no dataset of ours (found \"{found}\"); choose an empty or new folder"
    )]
    NotOurs {
        /// The folder.
        folder: PathBuf,
        /// An entry that was found in it.
        found: String,
    },
    /// The folder holds another dataset.
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
    /// There is no manifest to compare with.
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
    /// One of our own records cannot be read.
    #[error("{path}: {problem}; {advice}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        advice: &'static str,
    },
    /// The operating system refused.
    #[error("cannot {doing} {path}: {source}; {}", advice(source))]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which path.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Rows could not be encoded for a file.
    #[error("cannot encode {path}: {source}")]
    Encode {
        /// The file.
        path: PathBuf,
        /// Why.
        source: SinkError,
    },
    /// The source of rows failed.
    #[error("split \"{split}\", rows {from} to {to}: {source}")]
    Source {
        /// The split.
        split: String,
        /// First row of the batch.
        from: u64,
        /// Last row of the batch.
        to: u64,
        /// What the source said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The source gave another number of rows than it was asked for.
    #[error(
        "split \"{split}\", config \"{config}\", from row {from}: the source gave {found} rows, expected {expected}"
    )]
    RowCount {
        /// The split.
        split: String,
        /// The record config.
        config: String,
        /// First row of the batch.
        from: u64,
        /// Rows that were given.
        found: usize,
        /// Rows that were asked for.
        expected: u64,
    },
    /// No worker thread could be started.
    #[error("cannot start a worker thread: {source}; end other programs, or allow more processes")]
    Threads {
        /// What the operating system said.
        source: io::Error,
    },
    /// A worker thread ended by a panic.
    #[error("a worker thread panicked; this is a fault of the program, please report it with the message above")]
    Panic,
}

impl GenerateError {
    /// Whether the request was wrong, in contrast to the system having failed.
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

    /// Makes an error of the operating system one of ours.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> GenerateError {
        let path = path.to_path_buf();
        move |source| GenerateError::Io { doing, path, source }
    }

    /// Makes an error of a sink one of ours.
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
