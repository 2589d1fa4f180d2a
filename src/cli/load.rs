//! Recipes and values of the command line.

use std::path::Path;

use super::Failure;
use crate::dialect::Tokens;
use crate::recipe::ALL_ROWS;
use crate::recipe::load::{LoadError, Loaded};
use crate::sink::{Format, UnknownFormat};

/// The help of every argument that takes a recipe.
pub const RECIPE: &str =
    "A recipe: a TOML file, the name of a ready recipe (`sos list recipes`), or - for standard input";

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Failure::Request(match error {
            LoadError::Recipe(message) => message,
            LoadError::Option { option, message } => format!("--{option}: {message}"),
        })
    }
}

/// Reads a recipe. `seed` and `counts` override its values.
pub fn recipe(path: &Path, seed: Option<u64>, counts: &[(String, u64)]) -> Result<Loaded, Failure> {
    let mut loaded = Loaded::open(path)?;
    loaded.recipe.seed = seed.unwrap_or(loaded.recipe.seed);
    loaded.ask_for(counts)?;
    Ok(loaded)
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
