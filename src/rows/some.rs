//! Some rows of a file, by their numbers.

use std::path::Path;

use tempfile::NamedTempFile;

use super::input::row;
use super::{Found, RowsError, unreadable};
use crate::sink::batches::Batches;

/// The rows of a file with the numbers from `from` on, counted from 1, as long as `wants` says so of a number. Blank lines are counted and left out. It reads the
/// file from its beginning, a Parquet file only where these rows are.
pub fn some_rows(path: &Path, from: u64, mut wants: impl FnMut(u64) -> bool) -> Result<Vec<(u64, Found)>, RowsError> {
    let mut rows = Vec::new();
    rows_from(path, from, |number, found| {
        let more = wants(number);
        if more {
            rows.push((number, found));
        }
        more
    })?;
    Ok(rows)
}

/// Calls `each` with the rows of a file from a number on, counted from 1, until it says no. Blank lines are counted and left out.
pub fn rows_from(path: &Path, from: u64, mut each: impl FnMut(u64, Found) -> bool) -> Result<(), RowsError> {
    let wrong = |error: &dyn std::fmt::Display| unreadable(path, error);
    let mut batches = Batches::open(path).map_err(|error| wrong(&error))?;
    let mut more = true;
    while let Some(batch) = batches.next_batch().map_err(|error| wrong(&error))?.filter(|_| more) {
        if batch.before() + batch.length() < from {
            continue;
        }
        let mut broken = None;
        batch.each(&mut |entry| {
            let number = entry.number;
            if number < from {
                return true;
            }
            match row(entry) {
                Ok((number, found)) => more = each(number, found),
                Err(error) => broken = Some(error),
            }
            more && broken.is_none()
        });
        if let Some(error) = broken {
            return Err(wrong(&error));
        }
    }
    Ok(())
}

/// The number of the last row of a file, blank lines counted; 0 for a file without rows.
pub fn last_row(path: &Path) -> Result<u64, RowsError> {
    let wrong = |error: &dyn std::fmt::Display| unreadable(path, error);
    let mut batches = Batches::open(path).map_err(|error| wrong(&error))?;
    let mut last = 0;
    while let Some(batch) = batches.next_batch().map_err(|error| wrong(&error))? {
        last = batch.before() + batch.length();
    }
    Ok(last)
}

/// A copy of standard input, since it is read more than once.
pub fn copy_of_input() -> Result<NamedTempFile, RowsError> {
    let copied =
        NamedTempFile::new().and_then(|mut copy| std::io::copy(&mut std::io::stdin(), &mut copy).map(|_| copy));
    copied.map_err(|error| unreadable(Path::new("-"), error))
}
