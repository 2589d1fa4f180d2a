//! Puzzles of a file in a recipe: the table `environment` where it has `puzzles`.

use std::path::PathBuf;

use serde::Deserialize;
use sos_envs::SolverFacts;

use super::{Recipe, RecipeError, plain};

/// The puzzles of a file, in the place of drawn ones.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PuzzleFile {
    /// The environment.
    pub name: String,
    /// The file. A relative path starts at the folder of the recipe.
    pub puzzles: String,
    /// The format of the file (`sos list formats`). By default it has JSON Lines with a `puzzle` each, as `sos import` writes them.
    pub format: Option<String>,
    /// The order of the rows of a split.
    #[serde(default)]
    pub order: FileOrder,
    /// The field of the file's rows that names the split. By default the splits have their shares.
    pub split_field: Option<String>,
    /// Where puzzles without a solution go.
    #[serde(default)]
    pub unsolvable: Destination,
    /// Where puzzles go whose optimal cost is not proven within the limit of the environment.
    #[serde(default)]
    pub unproven: Destination,
}

/// The order of the rows of a split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileOrder {
    /// As in the file.
    #[default]
    File,
    /// Shuffled by the seed.
    Shuffled,
}

/// Where puzzles of some kind go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Destination {
    /// Where they would go otherwise.
    #[default]
    Keep,
    /// Nowhere.
    Skip,
    /// To this split, which has no others.
    Split(String),
}

impl From<String> for Destination {
    fn from(text: String) -> Self {
        match text.as_str() {
            "keep" => Destination::Keep,
            "skip" => Destination::Skip,
            _ => Destination::Split(text),
        }
    }
}

impl PuzzleFile {
    /// The settings of a file, where the recipe has one.
    pub fn of(recipe: &Recipe) -> Result<Option<Self>, RecipeError> {
        if !recipe.environment.contains_key("puzzles") {
            return Ok(None);
        }
        let file: Result<PuzzleFile, toml::de::Error> = toml::Value::Table(recipe.environment.clone()).try_into();
        let file =
            file.map_err(|error| match recipe.environment.keys().find(|key| !SETTINGS.contains(&key.as_str())) {
                Some(setting) => value(
                    &format!("environment.{setting}"),
                    "a setting of the generator",
                    &format!(
                        "beside `puzzles` only {}, since the puzzles are those of the file",
                        SETTINGS[2..].join(", ")
                    ),
                ),
                None => RecipeError::Form(format!("environment: {}", plain(error.message()))),
            })?;
        file.check(recipe)?;
        Ok(Some(file))
    }

    fn check(&self, recipe: &Recipe) -> Result<(), RecipeError> {
        for (field, destination) in [("unsolvable", &self.unsolvable), ("unproven", &self.unproven)] {
            if let Destination::Split(name) = destination
                && !recipe.splits.contains_key(name)
            {
                let names: Vec<&str> =
                    ["keep", "skip"].into_iter().chain(recipe.splits.keys().map(String::as_str)).collect();
                return Err(RecipeError::Unknown {
                    field: format!("environment.{field}"),
                    found: name.clone(),
                    allowed: names.join(", "),
                    nearest: crate::names::nearest(name, names.iter().copied()),
                });
            }
        }
        if self.split_field.is_some() && recipe.hold_out.is_some() {
            return Err(value(
                "hold_out",
                "a property beside `split_field`",
                "one of them: both say which puzzles a split has",
            ));
        }
        for (name, split) in &recipe.splits {
            let field = |setting: &str| format!("splits.{name}.{setting}");
            if split.environment.is_some() {
                return Err(value(
                    &field("environment"),
                    "settings of the generator",
                    "none where the puzzles are those of a file; `split_field` names the field that says the split",
                ));
            }
            if !split.stages.is_empty() {
                return Err(value(
                    &field("stages"),
                    "a curriculum",
                    "none where the puzzles are those of a file; put them in the order of the curriculum (order = \"file\")",
                ));
            }
            let shares = recipe.splits.iter().filter(|(name, _)| !self.receives(name)).count();
            if split.rows == super::ALL_ROWS
                && split.share.is_none()
                && self.split_field.is_none()
                && shares > 1
                && !self.receives(name)
            {
                return Err(value(
                    &field("share"),
                    "none beside rows = \"all\"",
                    "the split's part of the puzzles, as in share = 80; or `split_field` in the environment",
                ));
            }
        }
        Ok(())
    }

    /// The path of the file.
    pub fn path(&self, recipe: &Recipe) -> PathBuf {
        recipe.folder.join(&self.puzzles)
    }

    /// Where a puzzle with these facts goes.
    pub fn destination(&self, facts: &SolverFacts) -> &Destination {
        match facts {
            SolverFacts { solvable: false, .. } => &self.unsolvable,
            SolverFacts { optimal_cost: None, .. } => &self.unproven,
            _ => &Destination::Keep,
        }
    }

    /// Whether a split is the destination of puzzles of some kind.
    pub fn receives(&self, split: &str) -> bool {
        let to = |destination: &Destination| matches!(destination, Destination::Split(name) if name == split);
        to(&self.unsolvable) || to(&self.unproven)
    }

    /// Whether the facts of all puzzles decide what a split has.
    pub fn asks_for_facts(&self) -> bool {
        self.unsolvable != Destination::Keep || self.unproven != Destination::Keep
    }
}

/// The fields of the table.
const SETTINGS: [&str; 7] = ["name", "puzzles", "format", "order", "split_field", "unsolvable", "unproven"];

fn value(field: &str, found: &str, allowed: &str) -> RecipeError {
    RecipeError::Value { field: field.into(), found: found.into(), allowed: allowed.into() }
}
