//! `sos audit`

use std::io::Write;
use std::path::PathBuf;

use super::Failure;
use crate::generate::audit::audit;

/// `sos audit`
#[derive(clap::Args)]
pub struct Arguments {
    /// Folder of the dataset
    folder: PathBuf,
    /// The report as JSON
    #[arg(long)]
    json: bool,
}

/// Runs it. Ends with 1 where something is wrong with the data.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let report = audit(&arguments.folder).map_err(|error| match error.is_request() {
        true => Failure::Request(error.to_string()),
        false => Failure::System(error.to_string()),
    })?;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report).unwrap_or_default())?;
    } else {
        writeln!(out, "{report}")?;
    }
    if report.ok { Ok(()) } else { Err(Failure::BadData) }
}
