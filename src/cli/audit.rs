//! `sos audit`

use std::io::Write;
use std::path::PathBuf;

use super::Failure;
use crate::generate::audit::audit;
use crate::generate::error::GenerateError;
use crate::generate::manifest::Manifest;

/// `sos audit`
#[derive(clap::Args)]
pub struct Arguments {
    /// Folder of the dataset
    folder: PathBuf,
    /// Rows of each split whose facts are proven again; every row's id, split and bands are looked at in any case
    #[arg(long, default_value_t = 1000)]
    prove: u64,
    /// Rows of each config in which cues are looked for; 0 for none
    #[arg(long, default_value_t = crate::cue::ROWS)]
    cues: u64,
    /// The report as JSON
    #[arg(long)]
    json: bool,
}

/// Runs it. Ends with 1 where something is wrong with the data.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let failure = |error: GenerateError| match error.is_request() {
        true => Failure::Request(error.to_string()),
        false => Failure::System(error.to_string()),
    };
    let (manifest, _) = Manifest::read(&arguments.folder).map_err(failure)?;
    super::dataset::tell_versions(&arguments.folder, &manifest);
    let mut report = audit(&arguments.folder).map_err(failure)?;
    crate::request::prove(&arguments.folder, arguments.prove, &mut report).map_err(failure)?;
    crate::request::audit_cues(&arguments.folder, arguments.cues, &mut report).map_err(failure)?;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report).unwrap_or_default())?;
    } else {
        writeln!(out, "{report}")?;
    }
    if report.ok { Ok(()) } else { Err(Failure::BadData) }
}
