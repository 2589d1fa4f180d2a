//! Rows of a file in any format or of standard input, worked off by all threads, with the results in order.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::Value;
use tempfile::NamedTempFile;

use super::{Found, RowsError, Workers, name, too_long, unreadable};
use crate::generate::ordered::in_order;
use crate::request::object;
use crate::sink::SinkError;
use crate::sink::batches::{Batch, Batches, Body, Bytes, Entry};

/// An open file, or standard input.
pub struct Input {
    /// Its rows.
    pub batches: Batches,
    /// A copy of what has no places, removed when it was read.
    _copy: Option<NamedTempFile>,
}

impl Input {
    /// Opens a file or standard input. A Parquet file that comes from a pipe is copied to a temporary file, since it is read at many places.
    pub fn open(path: &Path) -> Result<Input, RowsError> {
        let stdin = path == Path::new("-");
        let waits = stdin || path.metadata().is_ok_and(|about| !about.is_file() && !about.is_dir());
        let no_rows = |error: SinkError| RowsError::NoRows { name: name(path), error };
        if !waits {
            return Ok(Input { batches: Batches::open(path).map_err(no_rows)?, _copy: None });
        }
        let source: Bytes = match stdin {
            true => Box::new(std::io::stdin()),
            false => Box::new(std::fs::File::open(path).map_err(|error| no_rows(error.into()))?),
        };
        match Batches::of(source, true).map_err(no_rows)? {
            Ok(batches) => Ok(Input { batches, _copy: None }),
            Err(mut parquet) => {
                let mut copy = NamedTempFile::new().map_err(|error| unreadable(path, error))?;
                std::io::copy(&mut parquet, &mut copy).map_err(|error| unreadable(path, error))?;
                Ok(Input { batches: Batches::open(copy.path()).map_err(no_rows)?, _copy: Some(copy) })
            }
        }
    }

    /// A file of lines with all rows, which can be read more than once; none if the input is such a file itself.
    pub(super) fn lines_copy(self, path: &Path) -> Result<Option<NamedTempFile>, RowsError> {
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
pub(super) fn row(entry: Entry<'_>) -> Result<(u64, Found), SinkError> {
    let found = match entry.body {
        Body::Line(line) => object(line),
        Body::TooLong => Err(too_long()),
        Body::Row(row) => Ok(row),
        Body::Broken(error) => return Err(error),
    };
    Ok((entry.number, found))
}

/// Number and weight of results from which they go to the writer together.
const TOGETHER: (usize, usize) = (64, 1 << 18);

/// Works off the rows of batches in parallel. `next` gives a batch and what belongs to it. `work` gives the result of a row and about its size in memory.
/// `each` gets the results in order, some at a time.
pub(super) fn each_result<C: Clone + Send + Sync, T: Send, E: From<RowsError> + Send>(
    workers: Workers<'_>,
    mut next: impl FnMut() -> Result<Option<(C, Batch)>, RowsError> + Send,
    work: impl Fn(&C, u64, Found) -> (T, usize) + Sync,
    broken: impl Fn(&C, SinkError) -> RowsError + Sync,
    mut each: impl FnMut(&C, Vec<T>) -> Result<(), E>,
) -> Result<(), E> {
    in_order(
        workers.threads,
        move || {
            workers.go_on()?;
            Ok(next()?)
        },
        |(context, batch), emit| {
            let (mut results, mut size, mut wants) = (Vec::new(), 0, true);
            batch.each(&mut |entry| {
                match row(entry) {
                    Ok((number, found)) => {
                        let (result, weight) = workers.held(|| work(&context, number, found));
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
            workers.progress.advance(results.len() as u64, 0);
            each(&context, results)
        },
    )
}

/// Works off the rows of a file, or of standard input, in parallel. `work` gets the number of a row and the row; it gives its result, and about the size of
/// that in memory. `each` gets the results in the order of the rows, some at a time.
pub fn each_row<T: Send, E: From<RowsError> + Send>(
    path: &Path,
    workers: Workers<'_>,
    work: impl Fn(u64, Found) -> (T, usize) + Sync,
    mut each: impl FnMut(Vec<T>) -> Result<(), E>,
) -> Result<(), E> {
    let mut input = Input::open(path)?;
    let next = || input.batches.next_batch().map_err(|error| unreadable(path, error)).map(|batch| Some(((), batch?)));
    each_result(
        workers,
        next,
        |(), number, row| work(number, row),
        |(), error| unreadable(path, error),
        |(), results| each(results),
    )
}
