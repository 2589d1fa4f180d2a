//! `sos cues`: can anything but the content of a row predict its label?

use std::io::Write;
use std::path::{Path, PathBuf};

use super::input::Running;
use super::{Failure, load};
use crate::cue::{Cue, ROWS, markdown};
use crate::generate::manifest::Manifest;
use crate::recipe::Recipe;
use crate::request::{CueError, Looking, cues_of_folder, cues_of_recipe};

/// `sos cues`
#[derive(clap::Args)]
pub struct Arguments {
    /// Folders of datasets, or recipes, whose rows are made for it
    #[arg(required = true)]
    of: Vec<PathBuf>,
    /// Rows of each config that are looked at, of the largest split
    #[arg(long, default_value_t = ROWS)]
    rows: u64,
    /// Replaces the recipes' dialect
    #[arg(long)]
    dialect: Option<String>,
    /// Prints a line of JSON for each cue in the place of tables
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    running: Running,
}

/// Runs the command. The exit status is 1 if a cue predicts a label and the recipe does not declare it.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut found = false;
    for path in &arguments.of {
        let (name, cues) = cues(path, arguments)?;
        found |= cues.iter().any(Cue::is_finding);
        let mut out = std::io::stdout().lock();
        if arguments.json {
            for cue in &cues {
                let line = serde_json::to_value(cue).map_err(std::io::Error::from)?;
                writeln!(out, "{}", serde_json::json!({"of": path, "dialect": name, "cue": line}))?;
            }
        } else if !cues.is_empty() {
            writeln!(out, "### {} in `{name}`\n\n{}", path.display(), markdown(&cues))?;
        }
        out.flush()?;
    }
    if found { Err(Failure::BadData) } else { Ok(()) }
}

/// The name of the dialect, and the cues.
fn cues(path: &Path, arguments: &Arguments) -> Result<(String, Vec<Cue>), Failure> {
    let ticker = arguments.running.ticker();
    let looking = Looking { threads: arguments.running.threads()?, progress: &ticker };
    if path.is_dir() {
        if arguments.dialect.is_some() {
            let problem = format!("--dialect: {} is a dataset, whose rows are written; give a recipe", path.display());
            return Err(Failure::Request(problem));
        }
        let wrong = |error: &dyn std::error::Error| Failure::Request(error.to_string());
        let (manifest, _) = Manifest::read(path).map_err(|error| wrong(&error))?;
        // Without a recipe there are no cues.
        let dialect = Recipe::from_toml(&manifest.job.recipe).map_or_else(|_| String::new(), |recipe| recipe.dialect);
        let cues = cues_of_folder(path, arguments.rows, looking).map_err(|error| wrong(&error))?;
        return Ok((dialect, cues));
    }
    let mut loaded = load::recipe(path, None, &[])?;
    if let Some(dialect) = &arguments.dialect {
        loaded.recipe.dialect.clone_from(dialect);
    }
    let cues =
        cues_of_recipe(&loaded.recipe, arguments.rows, looking).map_err(|error: CueError| loaded.wrong(&error))?;
    Ok((loaded.recipe.dialect.clone(), cues))
}
