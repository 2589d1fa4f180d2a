//! `sos sample`

use std::io::Write;
use std::path::PathBuf;

use sos_envs::Environment;

use super::{Failure, load};
use crate::recipe::Recipe;
use crate::record::rows::Rows;
use crate::record::{Bench, Dataset};
use crate::request::{Action, with_environment};
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
    recipe: Recipe,
}

impl Action for Sample<'_> {
    type Output = Result<serde_json::Map<String, serde_json::Value>, Failure>;

    fn run<E: Environment>(self) -> Self::Output {
        let arguments = self.arguments;
        let path = arguments.recipe.display();
        let wrong = |error: &dyn std::fmt::Display| Failure::Request(format!("{path}: {error}"));
        let mut dataset = Dataset::<E>::new(self.recipe).map_err(|error| wrong(&error))?;
        let config = match &arguments.config {
            Some(name) => {
                let configs: Vec<String> = dataset.recipe.records.iter().map(|r| r.folder().to_string()).collect();
                configs.iter().position(|config| config == name).ok_or_else(|| no_such("--config", name, &configs))?
            }
            None => 0,
        };
        let split = dataset.splits().iter().position(|split| *split == arguments.split);
        let split = split.ok_or_else(|| no_such("--split", &arguments.split, dataset.splits()))?;
        // One more row than the recipe asks for is a row as well, as long as there are puzzles.
        dataset.ask_for(split, arguments.index.saturating_add(1));
        dataset.prepare_split(split).map_err(|error| wrong(&error))?;
        let mut rows: Vec<Rows> = dataset.recipe.records.iter().map(|_| Rows::new()).collect();
        let made = dataset.rows(split, arguments.index, &mut Bench::default(), &mut rows);
        made.map_err(|error| wrong(&error))?;
        row_json(&rows[config], 0).ok_or_else(|| Failure::System("the row is not UTF-8".into()))
    }
}

fn no_such(what: &str, name: &str, names: &[String]) -> Failure {
    let hint = crate::names::nearest(name, names.iter().map(String::as_str));
    let hint = hint.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
    Failure::Request(format!("{what}: found \"{name}\"; the recipe has: {}{hint}", names.join(", ")))
}

/// Runs it.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let recipe = load::recipe(&arguments.recipe, arguments.seed, &[])?;
    let name = recipe.environment_name().to_string();
    let row = with_environment(&name, Sample { arguments, recipe })
        .map_err(|error| Failure::Request(format!("{}: environment.{error}", arguments.recipe.display())))??;
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
