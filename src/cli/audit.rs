//! `sos audit`

use std::io::Write;
use std::path::{Path, PathBuf};

use super::input::Running;
use super::{Failure, load};
use crate::generate::audit::audit;
use crate::generate::error::GenerateError;
use crate::generate::manifest::Manifest;
use crate::recipe::load::is_named;
use crate::request::{Leaks, Looking, leaks_of_recipe};

/// `sos audit`
#[derive(clap::Args)]
pub struct Arguments {
    /// Folders of datasets; or recipes, whose puzzles are found and compared between splits, and nothing is written
    #[arg(required = true)]
    of: Vec<PathBuf>,
    /// Rows of each split of a recipe that are compared; all of them where nothing is said
    #[arg(long)]
    rows: Option<u64>,
    /// Rows of each split whose facts are proven again; every row's id, split and bands are looked at in any case
    #[arg(long, default_value_t = 1000)]
    prove: u64,
    /// Rows of each config in which cues are looked for; 0 for none
    #[arg(long, default_value_t = crate::cue::ROWS)]
    cues: u64,
    /// The report as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    running: Running,
}

/// Runs the command. The exit status is 1 if there are findings.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (mut ok, mut in_table) = (true, false);
    for path in &arguments.of {
        if path.is_dir() || !path.exists() && !is_named(path) {
            ok &= folder(path, arguments)?;
            in_table = false;
        } else {
            ok &= recipe(path, arguments, in_table)?;
            in_table = true;
        }
    }
    if ok { Ok(()) } else { Err(Failure::BadData) }
}

/// Audits a folder. True if there are no findings.
fn folder(folder: &Path, arguments: &Arguments) -> Result<bool, Failure> {
    let failure = |error: GenerateError| match error.is_request() {
        true => Failure::Request(error.to_string()),
        false => Failure::System(error.to_string()),
    };
    let (manifest, _) = Manifest::read(folder).map_err(failure)?;
    super::dataset::tell_versions(folder, &manifest);
    let (threads, ticker) = (arguments.running.threads()?, arguments.running.ticker());
    let mut report = audit(folder, threads, &ticker).map_err(failure)?;
    crate::request::prove(folder, arguments.prove, threads, &ticker, &mut report).map_err(failure)?;
    crate::request::audit_cues(folder, arguments.cues, Looking { threads, progress: &ticker }, &mut report)
        .map_err(failure)?;
    drop(ticker);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report).unwrap_or_default())?;
    } else {
        writeln!(out, "{report}")?;
    }
    Ok(report.ok)
}

/// Compares the splits of a recipe and prints a line of the table. True if they share nothing.
fn recipe(path: &Path, arguments: &Arguments, in_table: bool) -> Result<bool, Failure> {
    let loaded = load::recipe(path, None, &[])?;
    let leaks = leaks_of_recipe(&loaded.recipe, arguments.rows.unwrap_or(u64::MAX));
    let leaks = leaks.map_err(|error| loaded.wrong(&error))?;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::json!({"of": path, "leaks": leaks}))?;
    } else {
        write!(out, "{}", if in_table { "" } else { Leaks::HEAD })?;
        writeln!(out, "{}", leaks.line(&loaded.recipe.name))?;
    }
    out.flush()?;
    Ok(!leaks.is_finding())
}
