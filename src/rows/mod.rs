//! Rows of files and of the folders of datasets, as JSON objects: read by all threads, in order or in groups.
//!
//! A file is JSON Lines (plain or packed) or Parquet, and `-` is standard input. A line that cannot be read is a row with an error, and ends nothing.

mod folder;
mod groups;
mod input;
mod known;
mod some;
mod texts;

use std::any::Any;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value};

use crate::generate::Progress;
use crate::request::RequestError;
use crate::sink::SinkError;
use crate::sink::batches::LONGEST_LINE;

pub use folder::{Origin, each_row_of_folder};
pub use groups::{Numbered, each_group};
pub use input::{Input, each_row};
pub use known::Known;
pub use some::{copy_of_input, last_row, rows_from, some_rows};
pub use texts::{given, text, texts, written};

/// A row as a JSON object.
pub type Row = Map<String, Value>;

/// A row, or why there is none.
pub type Found = Result<Row, RequestError>;

/// How rows are worked off.
#[derive(Clone, Copy)]
pub struct Workers<'a> {
    /// Number of threads. No result depends on it.
    pub threads: usize,
    /// Is told of the rows that are done.
    pub progress: &'a dyn Progress,
    /// Once it is true, the work ends soon, with [`RowsError::Stopped`].
    pub stop: &'a AtomicBool,
    /// A thread calls it before it works off a row or group, and drops what it gives afterwards. A host that forks its process can wait for a moment
    /// without such work.
    pub hold: &'a (dyn Fn() -> Held + Sync),
}

/// What a thread holds while it works.
pub type Held = Box<dyn Any>;

/// For hosts that do not mind when threads work.
pub fn nothing() -> Held {
    Box::new(())
}

impl Workers<'_> {
    /// Does some work, and holds what is to be held.
    fn held<T>(&self, work: impl FnOnce() -> T) -> T {
        let _held = (self.hold)();
        work()
    }

    /// An error where the work is to stop.
    fn go_on(&self) -> Result<(), RowsError> {
        if self.stop.load(Ordering::Relaxed) { Err(RowsError::Stopped) } else { Ok(()) }
    }
}

/// Why rows cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// There is no such file, or it is no file of rows.
    #[error("{name}: {error}; give a file of JSON Lines or Parquet, or - for standard input")]
    NoRows {
        /// The file.
        name: String,
        /// The problem.
        error: SinkError,
    },
    /// A file cannot be read to its end, or not be copied.
    #[error("{name}: {problem}; give a file, or - for standard input")]
    Unreadable {
        /// The file.
        name: String,
        /// The problem.
        problem: String,
    },
    /// A file of a dataset cannot be read to its end.
    #[error("{file}: {problem}; see sos audit")]
    Damaged {
        /// The file.
        file: String,
        /// The problem.
        problem: String,
    },
    /// There are rows, and none of them is what it should be.
    #[error("{name}: none of {rows} rows can be read; the first: {first}")]
    NoneServed {
        /// The file.
        name: String,
        /// Number of rows.
        rows: u64,
        /// What is wrong with the first one.
        first: String,
    },
    /// The work was stopped.
    #[error("stopped before all rows were read")]
    Stopped,
}

impl RowsError {
    /// Whether the request is to blame, and not the system or a damaged file.
    pub fn is_request(&self) -> bool {
        matches!(self, RowsError::NoRows { .. } | RowsError::NoneServed { .. })
    }
}

/// How many rows there were, and how many could not be served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// Number of rows.
    pub rows: u64,
    /// Number of rows that could not be served.
    pub unserved: u64,
    /// Why the first one of them could not be served.
    pub first: Option<String>,
}

impl Served {
    /// Counts a row: what was wrong with it, if it could not be served.
    pub fn count(&mut self, error: Option<String>) {
        self.rows += 1;
        self.unserved += u64::from(error.is_some());
        self.first = self.first.take().or(error);
    }

    /// Fails where there are rows and none of them could be served.
    pub fn some(&self, file: &Path) -> Result<(), RowsError> {
        match &self.first {
            Some(first) if self.unserved == self.rows => {
                Err(RowsError::NoneServed { name: name(file), rows: self.rows, first: first.clone() })
            }
            _ => Ok(()),
        }
    }
}

/// The name of an input in messages.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".into() } else { path.display().to_string() }
}

/// The error of an input.
fn unreadable(path: &Path, error: impl std::fmt::Display) -> RowsError {
    RowsError::Unreadable { name: name(path), problem: error.to_string() }
}

/// The error for a line that is too long.
pub fn too_long() -> RequestError {
    RequestError::new("line", format!("longer than {LONGEST_LINE} bytes"))
}
