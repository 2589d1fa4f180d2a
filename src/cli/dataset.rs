//! Reading the rows of a dataset folder, for commands that process whole datasets.

use std::path::Path;

use super::Failure;
use super::input::Running;
use crate::generate::manifest::Manifest;
use crate::rows::{self, Found, Known, Origin, Row, each_row_of_folder, text};

/// Works off every wanted row of a dataset's folder, or of a file with rows, in parallel and in order. A row is wanted by its config and split. `work` gives
/// the result of a row and about its size in memory; `each` gets the results of one origin, some at a time.
pub fn each_row<T: Send>(
    path: &Path,
    running: &Running,
    wanted: impl Fn(&str, &str) -> bool + Sync,
    work: impl Fn(Row) -> (T, usize) + Sync,
    mut each: impl FnMut(&Origin, Vec<T>),
) -> Result<(), Failure> {
    let ticker = running.ticker();
    let workers = running.workers(&ticker)?;
    if path.is_dir() || path != Path::new("-") && !path.exists() {
        let manifest = manifest(path)?;
        return Ok(each_row_of_folder(path, &manifest, workers, wanted, work, each)?);
    }
    let read = |number: u64, row: Found| match row {
        Ok(row) => {
            let origin = Origin {
                config: text(&row, "record").into(),
                split: text(&row, "split").into(),
                path: rows::name(path),
            };
            let (result, size) = if wanted(&origin.config, &origin.split) { work(row) } else { return (Ok(None), 0) };
            (Ok(Some((origin, result))), size)
        }
        Err(error) => {
            let message = format!("{}:{number}: {error}", rows::name(path));
            (Err(Failure::Request(message)), 0)
        }
    };
    rows::each_row(path, workers, read, |results| {
        let mut at: Option<(Origin, Vec<T>)> = None;
        for result in results {
            let Some((origin, result)) = result? else { continue };
            match &mut at {
                Some((here, results)) if *here == origin => results.push(result),
                _ => {
                    if let Some((origin, results)) = at.replace((origin, vec![result])) {
                        each(&origin, results);
                    }
                }
            }
        }
        if let Some((origin, results)) = at {
            each(&origin, results);
        }
        Ok(())
    })
}

/// The manifest of a dataset. It says on standard error if another version made it.
fn manifest(folder: &Path) -> Result<Manifest, Failure> {
    let (manifest, _) = Manifest::read(folder).map_err(|error| Failure::Request(error.to_string()))?;
    tell_versions(folder, &manifest);
    Ok(manifest)
}

/// The puzzles of the dataset that `--dataset` names; none without one.
pub fn known(folder: Option<&Path>, running: &Running) -> Result<Known, Failure> {
    let Some(folder) = folder else { return Ok(Known::default()) };
    let ticker = running.ticker();
    Ok(Known::read(folder, &manifest(folder)?, running.workers(&ticker)?)?)
}

/// Prints on standard error if a dataset was made by another version. Its rows are read as this version writes them.
pub fn tell_versions(folder: &Path, manifest: &Manifest) {
    let differ = crate::request::other_versions(manifest);
    if !differ.is_empty() {
        eprintln!(
            "{}: made by another version: {}; its texts and columns are read as this version means them",
            folder.display(),
            differ.join(", ")
        );
    }
}
