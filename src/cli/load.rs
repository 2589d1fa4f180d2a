//! Loading of recipes, with the overrides of the command line.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::dialect::Tokens;
use crate::recipe::ready::{nearest, ready};
use crate::recipe::{ALL_ROWS, Recipe, RowFilter, line_of_message};
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

/// The help of every argument that takes a recipe.
pub const RECIPE: &str =
    "A recipe: a TOML file, the name of a ready recipe (`sos list recipes`), or - for standard input";

/// Whether a path means a recipe that is no file: standard input, or a ready recipe.
pub fn is_named(path: &Path) -> bool {
    !path.exists() && path.to_str().is_some_and(|name| name == "-" || ready(name).is_some())
}

/// The text of a recipe: of a file, or else of a ready recipe with this name; `-` is standard input.
fn text_of(path: &Path) -> Result<String, Failure> {
    let name = path.display().to_string();
    let read = match name.as_str() {
        "-" => std::io::read_to_string(std::io::stdin().lock()),
        _ => std::fs::read_to_string(path),
    };
    read.or_else(|error| {
        let ready = ready(&name).filter(|_| error.kind() == std::io::ErrorKind::NotFound);
        ready.map(str::to_string).ok_or_else(|| {
            let hint = nearest(&name).map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
            Failure::Request(format!(
                "{name}: {error}; give the path of a recipe, a TOML file, or a name of `sos list recipes`{hint}"
            ))
        })
    })
}

/// Reads a recipe. `seed` and `counts` override its values.
pub fn recipe(path: &Path, seed: Option<u64>, counts: &[(String, u64)]) -> Result<Loaded, Failure> {
    let text = text_of(path)?;
    let mut recipe = Recipe::from_toml(&text).map_err(|error| wrong(path, &text, &error))?;
    recipe.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let mut loaded = Loaded { recipe, path: path.into(), text };
    if let Some(seed) = seed {
        loaded.recipe.seed = seed;
    }
    for (name, rows) in counts {
        let splits = &loaded.recipe.splits;
        let Some(split) = splits.keys().position(|split| split == name) else {
            return Err(no_such("--count", name, splits.keys().map(String::as_str)));
        };
        // The split keeps the recipe's part of the space. So rows do not depend on how many are requested.
        loaded.recipe.ask_for(split, *rows);
    }
    Ok(loaded)
}

impl Loaded {
    /// Keeps some of the record configs; all of them where none is named.
    pub fn only(&mut self, configs: &[String]) -> Result<(), Failure> {
        let all: Vec<String> = self.recipe.records.iter().map(|record| record.folder().to_string()).collect();
        if let Some(unknown) = configs.iter().find(|name| !all.contains(name)) {
            return Err(no_such("--configs", unknown, all.iter().map(String::as_str)));
        }
        let leaves_out = !configs.is_empty() && all.iter().any(|name| !configs.contains(name));
        if leaves_out && self.recipe.filter.as_ref().is_some_and(RowFilter::measures) {
            return Err(Failure::Request(
                "--configs: found some configs of a recipe whose filter measures the rows of all of them; make them all, or leave max_words and max_tokens out"
                    .into(),
            ));
        }
        self.recipe.records.retain(|record| configs.is_empty() || configs.iter().any(|name| name == record.folder()));
        Ok(())
    }
}

/// The error for a name that the recipe does not have.
pub fn no_such<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Failure {
    let hint = crate::names::nearest(name, names.clone());
    let hint = hint.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
    let names: Vec<&str> = names.collect();
    Failure::Request(format!("{what}: found \"{name}\"; the recipe has: {}{hint}", names.join(", ")))
}

/// The tokens of the option `--tokenizer`; those of the dialect where it is not given.
pub fn tokenizer(file: Option<&Path>) -> Result<Tokens, Failure> {
    let name = file.map(|file| file.display().to_string());
    Tokens::of_file(name.as_deref(), Path::new(""))
        .map_err(|[found, allowed]| Failure::Request(format!("--tokenizer: found {found}; allowed: {allowed}")))
}

/// Parses a seed.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("found \"{text}\"; allowed: a whole number from 0 to {}", u64::MAX))
}

/// Parses `SPLIT=N`.
pub fn count(text: &str) -> Result<(String, u64), String> {
    let (name, rows) = text.split_once('=').ok_or("found no =; write SPLIT=N, as in train=1000")?;
    if rows == "all" {
        return Ok((name.to_string(), ALL_ROWS));
    }
    let rows =
        rows.replace('_', "").parse().map_err(|_| format!("found \"{rows}\"; write a whole number of rows, or all"))?;
    Ok((name.to_string(), rows))
}

/// Parses the name of a file format.
pub fn format(name: &str) -> Result<Format, String> {
    name.parse().map_err(|error: UnknownFormat| {
        let hint = crate::names::nearest(name, Format::ALL.map(Format::name));
        hint.map_or(error.to_string(), |hint| format!("{error}; did you mean {hint}?"))
    })
}
