//! `sos sample`

use std::io::Write;
use std::path::PathBuf;

use super::Failure;
use super::load::{self, Loaded, no_such};
use crate::recipe::RecipeError;
use crate::record::{Dataset, WorkerBuffers};
use crate::sink::row_json;

/// `sos sample`
#[derive(clap::Args)]
pub struct Arguments {
    /// A recipe (TOML)
    recipe: PathBuf,
    /// Record config; the recipe's first by default
    #[arg(long)]
    config: Option<String>,
    /// Split
    #[arg(long, default_value = "train")]
    split: String,
    /// Replaces the recipe's seed
    #[arg(long)]
    seed: Option<u64>,
    /// Index of the row
    #[arg(long, default_value_t = 0)]
    index: u64,
    /// Readable: one field a paragraph, text as it is
    #[arg(long)]
    pretty: bool,
}

struct Sample<'a> {
    arguments: &'a Arguments,
    loaded: Loaded,
}

impl Sample<'_> {
    fn run(self) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
        let arguments = self.arguments;
        let wrong = |error: &dyn std::fmt::Display| self.loaded.wrong(error);
        let mut dataset = Dataset::new(self.loaded.recipe.clone()).map_err(|error| wrong(&error))?;
        let config = match &arguments.config {
            Some(name) => {
                let configs: Vec<String> = dataset.recipe.records.iter().map(|r| r.folder().to_string()).collect();
                configs
                    .iter()
                    .position(|config| config == name)
                    .ok_or_else(|| no_such("--config", name, configs.iter().map(String::as_str)))?
            }
            None => 0,
        };
        let split = dataset.splits().iter().position(|split| *split == arguments.split);
        let names = || dataset.splits().iter().map(String::as_str);
        let split = split.ok_or_else(|| no_such("--split", &arguments.split, names()))?;
        // A row beyond those that the recipe asks for can be made as well, as long as there are puzzles.
        dataset.ask_for(split, arguments.index.saturating_add(1));
        dataset.prepare_split(split).map_err(|error| match error {
            RecipeError::TooManyRows { split, capacity, space, .. } => Failure::Request(format!(
                "--index: found {}; allowed: up to {}, since the part of split {split} holds {capacity} puzzles ({space} candidates in all)",
                arguments.index,
                capacity.saturating_sub(1)
            )),
            error => wrong(&error),
        })?;
        let mut rows = dataset.batches();
        let made = dataset.rows(split, arguments.index, &mut WorkerBuffers::default(), &mut rows);
        made.map_err(|error| wrong(&error))?;
        row_json(&rows[config], 0).ok_or_else(|| Failure::System("the row is not UTF-8".into()))
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let loaded = load::recipe(&arguments.recipe, arguments.seed, &[])?;
    let row = Sample { arguments, loaded }.run()?;
    let mut out = std::io::stdout().lock();
    if !arguments.pretty {
        writeln!(out, "{}", serde_json::Value::Object(row))?;
        return Ok(());
    }
    for (field, value) in &row {
        match value {
            serde_json::Value::String(text) if text.contains('\n') => writeln!(out, "{field}:\n{}", text.trim_end())?,
            serde_json::Value::String(text) => writeln!(out, "{field}: {text}")?,
            other => writeln!(out, "{field}: {other}")?,
        }
    }
    Ok(())
}
