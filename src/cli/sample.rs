//! `sos sample`

use std::io::Write;
use std::path::PathBuf;

use super::Failure;
use super::load;
use crate::recipe::load::{Loaded, no_such};
use crate::recipe::{RecipeError, held};
use crate::record::Datasets;
use crate::sink::row_json;
use crate::table::{RowSource, Rows};

/// `sos sample`
#[derive(clap::Args)]
pub struct Arguments {
    #[arg(help = load::RECIPE)]
    recipe: PathBuf,
    /// Record config; the recipe's first by default
    #[arg(long)]
    config: Option<String>,
    /// Split
    #[arg(long, default_value = "train")]
    split: String,
    /// Replaces the recipe's seed
    #[arg(long, allow_negative_numbers = true, value_parser = load::seed)]
    seed: Option<u64>,
    /// Index of the row
    #[arg(long, default_value_t = 0)]
    index: u64,
    /// Number of rows, from the index on
    #[arg(long, default_value_t = 1)]
    count: u64,
    /// Readable: one field a paragraph, text as it is
    #[arg(long)]
    pretty: bool,
}

struct Sample<'a> {
    arguments: &'a Arguments,
    loaded: Loaded,
}

impl Sample<'_> {
    fn run(self) -> Result<(), Failure> {
        let arguments = self.arguments;
        let wrong = |error: &dyn std::fmt::Display| self.loaded.wrong(error);
        let mut dataset = Datasets::new(self.loaded.recipe.clone()).map_err(|error| wrong(&error))?;
        let config = match &arguments.config {
            Some(name) => {
                let configs: Vec<String> = dataset.recipe.records.iter().map(|r| r.folder().to_string()).collect();
                configs
                    .iter()
                    .position(|config| config == name)
                    .ok_or_else(|| no_such("config", name, configs.iter().map(String::as_str)))?
            }
            None => 0,
        };
        let split = dataset.splits().iter().position(|split| *split == arguments.split);
        let names = || dataset.splits().iter().map(String::as_str);
        let split = split.ok_or_else(|| no_such("split", &arguments.split, names()))?;
        // A row beyond those that the recipe asks for can be made as well, as long as there are puzzles.
        let end = arguments.index.saturating_add(arguments.count.max(1));
        dataset.ask_for(split, end);
        dataset.prepare_split(split).map_err(|error| match error {
            RecipeError::TooManyRows { split, capacity, all, space, .. } => Failure::Request(format!(
                "--index: found {}; allowed: up to {}, since the part of split {split} holds {}",
                arguments.index.max(end - 1),
                capacity.saturating_sub(1),
                held(capacity, all, space)
            )),
            RecipeError::TooFewPuzzles { split, capacity, file, counts, .. } => Failure::Request(format!(
                "--index: found {}; allowed: below {capacity}, since {file} has so many puzzles for split {split} ({counts})",
                arguments.index
            )),
            error => Failure::from(wrong(&error)),
        })?;
        let (mut rows, mut buffers) = (dataset.batches(), dataset.scratch());
        let mut out = std::io::stdout().lock();
        for index in arguments.index..arguments.index.saturating_add(arguments.count) {
            rows.iter_mut().for_each(Rows::clear);
            dataset.rows(split, index, &mut buffers, &mut rows).map_err(|error| wrong(&error))?;
            let row = row_json(&rows[config], 0).ok_or_else(|| Failure::System("the row is not UTF-8".into()))?;
            if arguments.pretty && index > arguments.index {
                writeln!(out)?;
            }
            print(row, arguments.pretty, &mut out)?;
        }
        Ok(out.flush()?)
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let loaded = load::recipe(&arguments.recipe, arguments.seed, &[])?;
    Sample { arguments, loaded }.run()
}

/// Prints a row.
fn print(row: crate::sink::Row, pretty: bool, out: &mut impl Write) -> Result<(), Failure> {
    if !pretty {
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
