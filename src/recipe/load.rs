//! Loading of a recipe: from a file, by the name of a ready one, or from a text; with other seeds, row counts and configs than it says.

use std::path::{Path, PathBuf};

use super::ready::{nearest, ready};
use super::{Recipe, RowFilter, line_of_message};

/// What is wrong with a recipe or with what was asked of it, in a sentence: where, what was found, what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The recipe, or its file.
    #[error("{0}")]
    Recipe(String),
    /// A name that the recipe does not have, or that it cannot do without; with the option that named it.
    #[error("{option}: {message}")]
    Option {
        /// Name of the option: `count`, `configs`.
        option: &'static str,
        /// What was found, and what is allowed.
        message: String,
    },
}

/// A recipe and its file.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The recipe.
    pub recipe: Recipe,
    path: PathBuf,
    text: String,
}

/// Whether a path means a recipe that is no file: standard input, or a ready recipe.
pub fn is_named(path: &Path) -> bool {
    !path.exists() && path.to_str().is_some_and(|name| name == "-" || ready(name).is_some())
}

/// The text of a recipe: of a file, or else of a ready recipe with this name; `-` is standard input.
fn text_of(path: &Path) -> Result<String, LoadError> {
    let name = path.display().to_string();
    let read = match name.as_str() {
        "-" => std::io::read_to_string(std::io::stdin().lock()),
        _ => std::fs::read_to_string(path),
    };
    read.or_else(|error| {
        let ready = ready(&name).filter(|_| error.kind() == std::io::ErrorKind::NotFound);
        ready.map(str::to_string).ok_or_else(|| {
            let hint = nearest(&name).map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
            LoadError::Recipe(format!(
                "{name}: {error}; give the path of a recipe, a TOML file, or a name of `sos list recipes`{hint}"
            ))
        })
    })
}

impl Loaded {
    /// Reads a recipe: a file, or a ready recipe by its name. Files that it names stand beside it.
    pub fn open(path: &Path) -> Result<Self, LoadError> {
        Loaded::of_text(path, text_of(path)?)
    }

    /// A recipe from its text. `path` is the name that messages give it, and files that it names stand beside it.
    pub fn of_text(path: &Path, text: String) -> Result<Self, LoadError> {
        let mut recipe = Recipe::from_toml(&text).map_err(|error| wrong(path, &text, &error))?;
        recipe.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(Loaded { recipe, path: path.into(), text })
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Asks for other numbers of rows of some splits. A split keeps its part of the space, so rows do not depend on how many are asked for.
    pub fn ask_for(&mut self, counts: &[(String, u64)]) -> Result<(), LoadError> {
        for (name, rows) in counts {
            let splits = &self.recipe.splits;
            let Some(split) = splits.keys().position(|split| split == name) else {
                return Err(no_such("count", name, splits.keys().map(String::as_str)));
            };
            self.recipe.ask_for(split, *rows);
        }
        Ok(())
    }

    /// Keeps some of the record configs; all of them where none is named.
    pub fn only(&mut self, configs: &[String]) -> Result<(), LoadError> {
        let all: Vec<String> = self.recipe.records.iter().map(|record| record.folder().to_string()).collect();
        if let Some(unknown) = configs.iter().find(|name| !all.contains(name)) {
            return Err(no_such("configs", unknown, all.iter().map(String::as_str)));
        }
        let leaves_out = !configs.is_empty() && all.iter().any(|name| !configs.contains(name));
        if leaves_out && self.recipe.filter.as_ref().is_some_and(RowFilter::measures) {
            let message = "found some configs of a recipe whose filter measures the rows of all of them; make them all, or leave max_words and max_tokens out";
            return Err(LoadError::Option { option: "configs", message: message.into() });
        }
        self.recipe.records.retain(|record| configs.is_empty() || configs.iter().any(|name| name == record.folder()));
        Ok(())
    }

    /// An error of the recipe with its file, and with the line of the field if it is there.
    pub fn wrong(&self, error: &dyn std::fmt::Display) -> LoadError {
        wrong(&self.path, &self.text, error)
    }
}

fn wrong(path: &Path, text: &str, error: &dyn std::fmt::Display) -> LoadError {
    let (message, path) = (error.to_string(), path.display());
    LoadError::Recipe(match line_of_message(text, &message) {
        Some(line) => format!("{path}:{line}: {message}"),
        None => format!("{path}: {message}"),
    })
}

/// The error for a name that the recipe does not have.
pub fn no_such<'a>(option: &'static str, name: &str, names: impl Iterator<Item = &'a str> + Clone) -> LoadError {
    let hint = crate::names::nearest(name, names.clone());
    let hint = hint.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
    let names: Vec<&str> = names.collect();
    LoadError::Option { option, message: format!("found \"{name}\"; the recipe has: {}{hint}", names.join(", ")) }
}
