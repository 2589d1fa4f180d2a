//! Loading of recipes, with the overrides of the command line.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::recipe::{Recipe, line_of_message};
use crate::sink::{Format, UnknownFormat};

/// A recipe and its file.
#[derive(Clone)]
pub struct Loaded {
    /// The recipe with the overrides.
    pub recipe: Recipe,
    path: PathBuf,
    text: String,
}

impl Loaded {
    /// An error message with the file, and with the line of the field if it is there.
    pub fn wrong(&self, error: &dyn std::fmt::Display) -> Failure {
        wrong(&self.path, &self.text, error)
    }
}

fn wrong(path: &Path, text: &str, error: &dyn std::fmt::Display) -> Failure {
    let (message, path) = (error.to_string(), path.display());
    match line_of_message(text, &message) {
        Some(line) => Failure::Request(format!("{path}:{line}: {message}")),
        None => Failure::Request(format!("{path}: {message}")),
    }
}

/// Reads a recipe file. `seed` and `counts` override its values.
pub fn recipe(path: &Path, seed: Option<u64>, counts: &[(String, u64)]) -> Result<Loaded, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::Request(format!("{}: {error}; give the path of a recipe, a TOML file", path.display()))
    })?;
    let recipe = Recipe::from_toml(&text).map_err(|error| wrong(path, &text, &error))?;
    let mut loaded = Loaded { recipe, path: path.into(), text };
    if let Some(seed) = seed {
        loaded.recipe.seed = seed;
    }
    for (name, rows) in counts {
        let splits = &mut loaded.recipe.splits;
        // The split keeps the recipe's part of the space. So rows do not depend on how many are requested.
        for split in splits.values_mut() {
            split.share.get_or_insert(split.rows);
        }
        match splits.get_mut(name) {
            Some(split) => split.rows = *rows,
            None => return Err(no_such("--count", name, splits.keys().map(String::as_str))),
        }
    }
    Ok(loaded)
}

/// The error for a name that the recipe does not have.
pub fn no_such<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Failure {
    let hint = crate::names::nearest(name, names.clone());
    let hint = hint.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
    let names: Vec<&str> = names.collect();
    Failure::Request(format!("{what}: found \"{name}\"; the recipe has: {}{hint}", names.join(", ")))
}

/// Parses a seed.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("found \"{text}\"; allowed: a whole number from 0 to {}", u64::MAX))
}

/// Parses `SPLIT=N`.
pub fn count(text: &str) -> Result<(String, u64), String> {
    let (name, rows) = text.split_once('=').ok_or("found no =; write SPLIT=N, as in train=1000")?;
    let rows = rows.replace('_', "").parse().map_err(|_| format!("found \"{rows}\"; write a whole number of rows"))?;
    Ok((name.to_string(), rows))
}

/// Parses the name of a file format.
pub fn format(name: &str) -> Result<Format, String> {
    name.parse().map_err(|error: UnknownFormat| {
        let hint = crate::names::nearest(name, Format::ALL.map(Format::name));
        hint.map_or(error.to_string(), |hint| format!("{error}; did you mean {hint}?"))
    })
}
