//! Rows that commands read: from a file in any format or from standard input, worked off by all processors, with the results in order.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::Value;
use tempfile::NamedTempFile;

use super::Failure;
use super::dataset::Row;
use super::progress::Ticker;
use crate::generate::ordered::in_order;
use crate::request::{RequestError, object};
use crate::sink::SinkError;
use crate::sink::batches::{Batch, Batches, Body, Entry, LONGEST_LINE};

/// A row, or why there is none.
pub type Found = Result<Row, RequestError>;

/// How a command works through rows.
#[derive(clap::Args)]
pub struct Running {
    /// Worker threads; all processors by default. The output does not depend on it
    #[arg(long)]
    threads: Option<usize>,
    /// No progress on standard error
    #[arg(short, long)]
    quiet: bool,
}

impl Running {
    /// Number of worker threads.
    pub fn threads(&self) -> Result<usize, Failure> {
        match self.threads {
            Some(0) => Err(Failure::Request("--threads: found 0; allowed: 1 and more".into())),
            Some(threads) => Ok(threads),
            None => Ok(crate::generate::GenerateOptions::default().threads),
        }
    }

    /// The progress of some work; `rows` is their number where it is known.
    pub fn ticker(&self, rows: Option<u64>) -> Ticker {
        Ticker::new("rows", rows, self.quiet)
    }
}

/// The name of an input in messages.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".into() } else { path.display().to_string() }
}

/// The failure of an input.
pub fn unreadable(path: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::System(format!("{}: {error}; give a file, or - for standard input", name(path)))
}

/// An open file, or standard input.
pub struct Input {
    /// Its rows.
    pub batches: Batches,
    /// A copy of what has no places, removed when it was read.
    _copy: Option<NamedTempFile>,
}

impl Input {
    /// Opens a file or standard input. A Parquet file that comes from a pipe is copied to a temporary file, since it is read at many places.
    pub fn open(path: &Path) -> Result<Input, Failure> {
        let stdin = path == Path::new("-");
        let waits = stdin || path.metadata().is_ok_and(|about| !about.is_file() && !about.is_dir());
        let no_file = |error: SinkError| {
            let hint = "give a file of JSON Lines or Parquet, or - for standard input";
            Failure::Request(format!("{}: {error}; {hint}", name(path)))
        };
        if !waits {
            return Ok(Input { batches: Batches::open(path).map_err(no_file)?, _copy: None });
        }
        let source: crate::sink::batches::Bytes = match stdin {
            true => Box::new(std::io::stdin()),
            false => Box::new(std::fs::File::open(path).map_err(|error| no_file(error.into()))?),
        };
        match Batches::of(source, true).map_err(no_file)? {
            Ok(batches) => Ok(Input { batches, _copy: None }),
            Err(mut parquet) => {
                let mut copy = NamedTempFile::new().map_err(|error| unreadable(path, error))?;
                std::io::copy(&mut parquet, &mut copy).map_err(|error| unreadable(path, error))?;
                Ok(Input { batches: Batches::open(copy.path()).map_err(no_file)?, _copy: Some(copy) })
            }
        }
    }

    /// A file of lines with all rows, which can be read more than once; none if the input is such a file itself.
    pub fn lines_copy(self, path: &Path) -> Result<Option<NamedTempFile>, Failure> {
        let wrong = |error: std::io::Error| unreadable(path, error);
        if matches!(&self.batches, Batches::Lines(lines) if lines.is_plain()) && path.is_file() {
            return Ok(None);
        }
        let mut copy = BufWriter::new(NamedTempFile::new().map_err(wrong)?);
        match self.batches {
            Batches::Lines(lines) => {
                std::io::copy(&mut lines.text(), &mut copy).map_err(wrong)?;
            }
            mut groups => {
                let mut ended = Ok(());
                while let Some(batch) = groups.next_batch().map_err(wrong)? {
                    batch.each(&mut |entry| {
                        ended = match entry.body {
                            Body::Row(row) => writeln!(copy, "{}", Value::from(row)).map_err(wrong),
                            Body::Broken(error) => Err(unreadable(path, error)),
                            Body::Line(_) | Body::TooLong => Ok(()),
                        };
                        ended.is_ok()
                    });
                    ended?;
                    ended = Ok(());
                }
            }
        }
        copy.into_inner().map(Some).map_err(|error| wrong(error.into_error()))
    }
}

/// The row of an entry; an error where the rest of the file cannot be read.
pub fn row(entry: Entry<'_>) -> Result<(u64, Found), SinkError> {
    let found = match entry.body {
        Body::Line(line) => object(line),
        Body::TooLong => Err(too_long()),
        Body::Row(row) => Ok(row),
        Body::Broken(error) => return Err(error),
    };
    Ok((entry.number, found))
}

/// The error for a line that is too long.
pub fn too_long() -> RequestError {
    RequestError::new("line", format!("longer than {LONGEST_LINE} bytes"))
}

/// Number and weight of results from which they go to the writer together.
const TOGETHER: (usize, usize) = (64, 1 << 18);

/// Works off the rows of batches in parallel. `next` gives a batch and what belongs to it. `work` gives the result of a row and about its size in memory.
/// `each` gets the results in order, some at a time.
pub fn each_result<C: Clone + Send + Sync, T: Send>(
    threads: usize,
    next: impl FnMut() -> Result<Option<(C, Batch)>, Failure> + Send,
    work: impl Fn(&C, u64, Found) -> (T, usize) + Sync,
    broken: impl Fn(&C, SinkError) -> Failure + Sync,
    mut each: impl FnMut(&C, Vec<T>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    in_order(
        threads,
        next,
        |(context, batch), emit| {
            let (mut results, mut size, mut wants) = (Vec::new(), 0, true);
            batch.each(&mut |entry| {
                match row(entry) {
                    Ok((number, found)) => {
                        let (result, weight) = work(&context, number, found);
                        results.push(result);
                        size += weight + std::mem::size_of::<T>();
                    }
                    Err(error) => {
                        wants = emit(Ok((context.clone(), std::mem::take(&mut results))), size)
                            && emit(Err(broken(&context, error)), 0);
                        return false;
                    }
                }
                if results.len() >= TOGETHER.0 || size >= TOGETHER.1 {
                    wants = emit(Ok((context.clone(), std::mem::take(&mut results))), std::mem::take(&mut size));
                }
                wants
            });
            if wants && !results.is_empty() {
                emit(Ok((context, results)), size);
            }
        },
        |results| {
            let (context, results) = results?;
            each(&context, results)
        },
    )
}

/// Works off the rows of a file, or of standard input, in parallel.
pub fn each_row_of<T: Send>(
    path: &Path,
    threads: usize,
    work: impl Fn(u64, Found) -> (T, usize) + Sync,
    mut each: impl FnMut(Vec<T>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut input = Input::open(path)?;
    let next = || input.batches.next_batch().map_err(|error| unreadable(path, error)).map(|batch| Some(((), batch?)));
    each_result(
        threads,
        next,
        |(), number, row| work(number, row),
        |(), error| unreadable(path, error),
        |(), results| each(results),
    )
}
