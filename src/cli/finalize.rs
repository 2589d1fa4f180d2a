//! `sos finalize`

use std::io::Write;
use std::path::PathBuf;

use super::Failure;
use crate::generate::{Finalized, GenerateError, finalize};
use crate::recipe::Recipe;
use crate::record::Datasets;
use crate::table::RowSource;

/// `sos finalize`
#[derive(clap::Args)]
pub struct Arguments {
    /// Folder of the dataset. Files that its recipe names are looked for in the current folder
    folder: PathBuf,
}

/// Runs the command. The exit status is 1 if parts are missing or damaged.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = arguments.folder.display();
    let finalized = finalize(&arguments.folder, |job| {
        let dataset = Recipe::from_toml(&job.recipe).and_then(Datasets::new);
        dataset.map(|dataset| dataset.schemas()).map_err(|error| GenerateError::Recipe(error.to_string()))
    });
    let finalized = finalized.map_err(|error| match error.is_request() {
        true => Failure::Request(error.to_string()),
        false => Failure::System(error.to_string()),
    })?;
    match finalized {
        Finalized::Complete { files, rows } => {
            eprintln!("{folder}: complete: {rows} rows in {files} files; manifest and card are written");
            Ok(())
        }
        Finalized::Incomplete(problems) => {
            let mut out = std::io::stdout().lock();
            for (file, problem) in &problems {
                writeln!(out, "{file}: {problem}")?;
            }
            out.flush()?;
            eprintln!(
                "{folder}: not complete: files that are missing or damaged: {}; copy them here, or make them by sos generate with the same recipe",
                problems.len()
            );
            Err(Failure::BadData)
        }
    }
}
