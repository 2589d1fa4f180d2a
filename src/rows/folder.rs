//! Rows of the folder of a dataset.

use std::path::Path;

use super::input::each_result;
use super::{Found, Row, RowsError, Workers};
use crate::generate::manifest::{Manifest, ManifestFile};
use crate::sink::batches::Batches;

/// Where a row comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its record config; of a row in a file outside a dataset, its kind of record.
    pub config: String,
    /// Its split.
    pub split: String,
    /// Its file in the folder.
    pub path: String,
}

/// Works off the rows of a dataset's folder in parallel, file by file: those of the configs and splits that are wanted. The manifest is that of the folder.
/// `work` gives the result of a row and about its size in memory; `each` gets the results of a file in their order, some at a time.
pub fn each_row_of_folder<T: Send>(
    folder: &Path,
    manifest: &Manifest,
    workers: Workers<'_>,
    wanted: impl Fn(&str, &str) -> bool,
    work: impl Fn(Row) -> (T, usize) + Sync,
    mut each: impl FnMut(&Origin, Vec<T>),
) -> Result<(), RowsError> {
    let files: Vec<&ManifestFile> = manifest.files.iter().filter(|file| wanted(&file.config, &file.split)).collect();
    workers.progress.start(files.iter().map(|file| file.record.rows).sum(), 0);
    let wrong = |file: &Origin, error: &dyn std::fmt::Display| RowsError::Damaged {
        file: folder.join(&file.path).display().to_string(),
        problem: error.to_string(),
    };
    let mut files = files.into_iter().map(|file| Origin {
        config: file.config.clone(),
        split: file.split.clone(),
        path: file.path.clone(),
    });
    let mut open: Option<(Origin, Batches)> = None;
    let next = || {
        loop {
            if let Some((file, batches)) = &mut open
                && let Some(batch) = batches.next_batch().map_err(|error| wrong(file, &error))?
            {
                return Ok(Some((file.clone(), batch)));
            }
            let Some(file) = files.next() else { return Ok(None) };
            let batches = Batches::open(&folder.join(&file.path)).map_err(|error| wrong(&file, &error))?;
            open = Some((file, batches));
        }
    };
    let read = |file: &Origin, number: u64, row: Found| match row {
        Ok(row) => {
            let (result, size) = work(row);
            (Ok(result), size)
        }
        Err(error) => (Err(wrong(file, &format!("line {number}: {error}"))), 0),
    };
    each_result(
        workers,
        next,
        read,
        |file, error| wrong(file, &error),
        |file, results| {
            each(file, results.into_iter().collect::<Result<_, RowsError>>()?);
            Ok(())
        },
    )
}
