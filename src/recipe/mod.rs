//! Recipes: a TOML file that describes a whole dataset. This folder has the recipe as it is written, checked as far as possible without
//! knowing the environment. [`crate::record`] makes rows from it.

mod error;
pub mod load;
mod message;
mod mixture;
mod parts;
mod prompt;
mod puzzle_file;
pub mod ready;
mod row_count;
mod row_filter;
mod turns;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use error::{RecipeError, held};
pub use message::{line_of_message, plain};
pub use mixture::{MIXTURES, mixture};
pub use prompt::PromptConfig;
pub use puzzle_file::{Destination, FileOrder, PuzzleFile};
pub use row_count::ALL_ROWS;
pub use row_filter::RowFilter;
pub use turns::Turns;

use crate::search::SearchConfig;

/// What decides the split of a puzzle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SplitBy {
    /// The id of its twins: puzzles that differ only by a renaming or a symmetry are in one split.
    #[default]
    Twin,
    /// Its own id. This is for tasks whose puzzles are all renamings of a few, so that reading the names is the task (path-star).
    Id,
}

impl SplitBy {
    fn is_twin(&self) -> bool {
        *self == SplitBy::Twin
    }
}

/// A recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Name of the dataset.
    pub name: String,
    /// A description for the data card.
    #[serde(default)]
    pub description: String,
    /// Licence of the dataset.
    #[serde(default = "default_license")]
    pub license: String,
    /// The seed of all random draws.
    #[serde(default)]
    pub seed: u64,
    /// The text format (`sos list dialects`).
    pub dialect: String,
    /// The prompts of the records `messages` and `rl`, for models that speak; left out, `messages` has the dialect's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<PromptConfig>,
    /// Whether each trace is followed by an answer section.
    #[serde(default)]
    pub answer: bool,
    /// Whether the answer section says so if its answer is proven to be a cheapest one (`best` in place of `answer`). With false, arms that are
    /// compared end in the same words.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub claims_optimal: bool,
    /// For dialects that leave states out: how many of a thousand states are written beside the move that determines them, in all arms. Planted
    /// wrong states then look like these.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restate_per_mille: u32,
    /// The tokenizer file in whose tokens rows are counted; those of the dialect where there is none. A relative path starts at the folder of the recipe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokenizer: Option<String>,
    /// The environment: its `name`, and its own settings beside it; or a file of puzzles ([`PuzzleFile`]).
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub environment: toml::Table,
    /// Several environments in its place: for each of them such a table, with a `weight` beside it ([`Recipe::parts`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<toml::Table>,
    /// The folder at which relative paths start: that of the recipe's file. The current folder by default.
    #[serde(skip)]
    pub folder: PathBuf,
    /// A ready mixture of searches, instead of `searches`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mixture: Option<String>,
    /// The searches, each with a weight; a row draws one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub searches: Vec<WeightedSearch>,
    /// The property whose values are held out from all splits except those marked `held_out`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_out: Option<HoldOut>,
    /// Whether no puzzle may occur twice, up to renaming and symmetry. Refused where the environment's space cannot be numbered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub distinct: bool,
    /// Which rows the dataset has; all where there is no filter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<RowFilter>,
    /// What decides the split of a puzzle.
    #[serde(default, skip_serializing_if = "SplitBy::is_twin")]
    pub split_by: SplitBy,
    /// The splits by name.
    pub splits: BTreeMap<String, Split>,
    /// The record configs. Each has a folder of its own.
    pub records: Vec<RecordConfig>,
}

/// Greatest number of rows of a split, and greatest share. Sums of them cannot overflow.
const MOST_ROWS: u64 = 1_000_000_000_000;

/// The kinds of records that have the prompts of `prompt`.
const PROMPTED: [&str; 2] = ["messages", "rl"];

fn yes() -> bool {
    true
}

fn is_yes(value: &bool) -> bool {
    *value
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

fn default_license() -> String {
    "cc0-1.0".into()
}

/// A search with a weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "toml::Table")]
pub struct WeightedSearch {
    /// How often the search is drawn, relative to the others.
    pub weight: u64,
    /// The search.
    #[serde(flatten)]
    pub search: SearchConfig,
}

/// Written by hand, since serde does not refuse unknown fields of a flattened struct.
impl TryFrom<toml::Table> for WeightedSearch {
    type Error = String;

    fn try_from(mut table: toml::Table) -> Result<Self, String> {
        let weight = match table.remove("weight") {
            None => 1,
            Some(weight) => {
                weight.try_into().map_err(|error: toml::de::Error| format!("weight: {}", error.message()))?
            }
        };
        let search =
            toml::Value::Table(table).try_into().map_err(|error: toml::de::Error| error.message().to_string())?;
        Ok(WeightedSearch { weight, search })
    }
}

/// The values of a property that are held out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldOut {
    /// The property (`sos list environments` names them).
    pub key: String,
    /// Percentage of its values that are held out. The seed chooses them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u64>,
    /// The held-out values, instead of a percentage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<u64>>,
    /// The least held-out value, instead of a list: this and all above are held out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u64>,
    /// The greatest held-out value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
}

impl HoldOut {
    /// The held-out values from `min` to `max`, if one of the two is given.
    pub fn band(&self) -> Option<Band> {
        (self.min.is_some() || self.max.is_some()).then(|| Band { min: self.min.unwrap_or(0), max: self.max })
    }
}

/// A split.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Number of rows in each record config; [`ALL_ROWS`] for as many as the file of puzzles has.
    #[serde(with = "row_count")]
    pub rows: u64,
    /// The split's share of the puzzle space, relative to the other splits; its number of rows by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<u64>,
    /// Whether the split has the held-out puzzles, and only those.
    #[serde(default)]
    pub held_out: bool,
    /// Settings of the environment for this split, in place of the recipe's: another layout, larger puzzles, another `level`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<toml::Table>,
    /// The same for one of several environments, by its name; also another `weight`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environments: BTreeMap<String, toml::Table>,
    /// Only puzzles whose measured difficulty lies in this band: `{ min = 10, max = 99 }`. Either end may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difficulty: Option<Band>,
    /// Only puzzles whose optimal cost lies in this band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Band>,
    /// Only puzzles that no search of the recipe solves. Each search is run once; running out of budget counts as not solved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsolved: bool,
    /// A curriculum: stages in order, each with its rows and settings. Rows beyond the last stage continue it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
}

impl Split {
    /// The split's share of the puzzles, relative to the other splits.
    pub fn part(&self) -> u64 {
        self.share.unwrap_or(if self.rows == ALL_ROWS { 1 } else { self.rows })
    }
}

/// A stage of a curriculum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Number of rows.
    pub rows: u64,
    /// Settings of the environment, in place of the split's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<toml::Table>,
    /// The same for one of several environments, by its name; also another `weight`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environments: BTreeMap<String, toml::Table>,
    /// Only puzzles whose measured difficulty also lies in this band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difficulty: Option<Band>,
    /// Only puzzles whose optimal cost also lies in this band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Band>,
}

/// A range of numbers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The least number; 0 by default.
    #[serde(default)]
    pub min: u64,
    /// The greatest number; unlimited by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
}

impl Band {
    /// Whether a number lies in the band.
    pub fn contains(&self, value: u64) -> bool {
        value >= self.min && self.max.is_none_or(|max| value <= max)
    }
}

/// A record config.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordConfig {
    /// Name of the folder; the name of the kind by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The kind of record (`sos list records`).
    pub kind: String,
    /// The text format of this config; the recipe's by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
    /// Inherent cues by family of classifiers (`sos cues`), each with a reason: `{ length = "a truncated trace is shorter" }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cues: BTreeMap<String, String>,
    /// Settings of the kind.
    #[serde(flatten)]
    pub settings: toml::Table,
}

impl RecordConfig {
    /// Name of the folder.
    pub fn folder(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.kind)
    }

    /// Whether its candidates are those of a file.
    pub fn reads_candidates(&self) -> bool {
        let candidates = self.settings.get("candidates").and_then(toml::Value::as_table);
        candidates.is_some_and(|candidates| candidates.contains_key("file"))
    }

    /// Its kind, and the kinds of its components if it is a mixture.
    pub fn kinds(&self) -> Vec<&str> {
        let components = self.settings.get("components").and_then(toml::Value::as_array);
        let components = components.into_iter().flatten().filter_map(|component| component.get("kind")?.as_str());
        components.chain([self.kind.as_str()]).collect()
    }

    /// The settings, in the type of the kind.
    pub fn settings<T: DeserializeOwned>(&self) -> Result<T, RecipeError> {
        let settings: Result<T, toml::de::Error> = toml::Value::Table(self.settings.clone()).try_into();
        settings.map_err(|error| match (error.message(), self.settings.keys().next()) {
            (message, Some(setting)) if message.contains("there are no fields") => {
                let allowed = format!("none: a record of the kind \"{}\" does not use it; remove it", self.kind);
                self.wrong(setting, "a value", allowed)
            }
            (message, _) => RecipeError::Form(format!("records.{}: {}", self.folder(), plain(message))),
        })
    }

    /// An error about a setting.
    pub fn wrong(&self, setting: &str, found: impl ToString, allowed: impl Into<String>) -> RecipeError {
        RecipeError::Value {
            field: format!("records.{}.{setting}", self.folder()),
            found: found.to_string(),
            allowed: allowed.into(),
        }
    }
}

impl Recipe {
    /// Reads a recipe from TOML.
    pub fn from_toml(text: &str) -> Result<Self, RecipeError> {
        let mut recipe: Recipe = toml::from_str(text).map_err(|error| RecipeError::Form(plain(&error.to_string())))?;
        recipe.check()?;
        recipe.mix_searches()?;
        Ok(recipe)
    }

    /// Fills in the searches of its ready mixture.
    fn mix_searches(&mut self) -> Result<(), RecipeError> {
        if let Some(name) = &self.mixture {
            self.searches = mixture(name)?;
        }
        Ok(())
    }

    /// Asks for another number of rows of a split. The shares of the splits stay the same.
    pub fn ask_for(&mut self, split: usize, rows: u64) {
        for split in self.splits.values_mut() {
            split.share = Some(split.part());
        }
        if let Some(split) = self.splits.values_mut().nth(split) {
            split.rows = rows;
        }
    }

    /// The whole recipe as TOML, for a manifest.
    pub fn to_toml(&self) -> String {
        let mut recipe = self.clone();
        if recipe.mixture.is_some() {
            recipe.searches.clear();
        }
        toml::to_string(&recipe).unwrap_or_default()
    }

    /// The name of the environment; empty where there are several.
    pub fn environment_name(&self) -> &str {
        self.environment.get("name").and_then(toml::Value::as_str).unwrap_or("")
    }

    fn check(&self) -> Result<(), RecipeError> {
        let value = |field: &str, found: &dyn std::fmt::Display, allowed: &str| {
            Err(RecipeError::Value { field: field.into(), found: found.to_string(), allowed: allowed.into() })
        };
        self.check_environments()?;
        self.of_parts(Recipe::check_searches)?;
        if self.splits.is_empty() || self.records.is_empty() {
            return value("splits, records", &"none", "at least one of each");
        }
        for name in self.splits.keys().map(String::as_str).chain(self.records.iter().map(RecordConfig::folder)) {
            let word = |part: &str| {
                !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
            };
            if !name.split('.').all(word) {
                return value("splits, records", &name, "names of letters, digits, _ and dots between them");
            }
        }
        if let Some(name) = self.splits.keys().find(|name| name.contains('-')) {
            return value("splits", name, "names without \"-\" (Hugging Face does not find such splits)");
        }
        self.check_prompt()?;
        self.of_parts(|part| PuzzleFile::of(part).map(|_| ()))?;
        self.check_shares(self.environment.contains_key("puzzles"))?;
        self.check_stages()?;
        self.filter.as_ref().map_or(Ok(()), RowFilter::check)?;
        self.check_cues()?;
        let mut folders: Vec<&str> = self.records.iter().map(RecordConfig::folder).collect();
        folders.sort_unstable();
        if folders.windows(2).any(|pair| pair[0] == pair[1]) {
            return value("records", &folders.join(", "), "each name once; set `name` where a kind occurs twice");
        }
        self.of_parts(Recipe::check_hold_out)
    }

    /// Checks something of each environment's part.
    fn of_parts(&self, check: impl Fn(&Recipe) -> Result<(), RecipeError>) -> Result<(), RecipeError> {
        if self.environments.is_empty() {
            return check(self);
        }
        (0..self.environments.len())
            .try_for_each(|place| check(&self.part(place)?).map_err(|error| error.at("environments", place)))
    }

    fn check_searches(&self) -> Result<(), RecipeError> {
        let value = |found: &str, allowed: &str| {
            Err(RecipeError::Value { field: "searches".into(), found: found.into(), allowed: allowed.into() })
        };
        if self.mixture.is_some() != self.searches.is_empty() {
            return value("both or neither of `mixture` and `searches`", "one of them");
        }
        if self.mixture.is_none() && self.searches.iter().all(|search| search.weight == 0) {
            return value("weights that are all 0", "at least one weight over 0");
        }
        Ok(())
    }

    fn check_hold_out(&self) -> Result<(), RecipeError> {
        let value = |found: &str, allowed: &str| {
            Err(RecipeError::Value { field: "hold_out".into(), found: found.into(), allowed: allowed.into() })
        };
        let held = self.splits.values().any(|split| split.held_out);
        if held != self.hold_out.is_some() {
            return value(if held { "none" } else { "no split with held_out = true" }, "both or neither");
        }
        let Some(hold_out) = &self.hold_out else { return Ok(()) };
        let given = [hold_out.percent.is_some(), hold_out.values.is_some(), hold_out.band().is_some()];
        if given.into_iter().filter(|given| *given).count() != 1 {
            return value("several or none of `percent`, `values` and a band (`min`, `max`)", "one of them");
        }
        match hold_out.band() {
            Some(Band { min, max: Some(max) }) if max < min => {
                value("a band whose max is below its min", "bands whose max is not below their min")
            }
            _ => Ok(()),
        }
    }

    /// Only some kinds of records have the prompts of `prompt`.
    fn check_prompt(&self) -> Result<(), RecipeError> {
        let Some(prompt) = &self.prompt else { return Ok(()) };
        prompt.check()?;
        if self.records.iter().any(|record| record.kinds().iter().any(|kind| PROMPTED.contains(kind))) {
            return Ok(());
        }
        let allowed = format!("no `prompt`, or a record that has it: {}", PROMPTED.join(", "));
        Err(RecipeError::Value { field: "prompt".into(), found: format!("\"{}\"", prompt.style), allowed })
    }

    fn check_cues(&self) -> Result<(), RecipeError> {
        for record in &self.records {
            for (name, reason) in &record.cues {
                if !crate::cue::declarable(name) {
                    return Err(RecipeError::Unknown {
                        field: format!("records.{}.cues", record.folder()),
                        found: name.clone(),
                        allowed: crate::cue::Family::ALL.map(crate::cue::Family::name).join(", "),
                        nearest: crate::names::nearest(name, crate::cue::Family::ALL.map(crate::cue::Family::name)),
                    });
                }
                if reason.trim().is_empty() {
                    return Err(record.wrong("cues", "a cue without a reason", "why the cue is inherent"));
                }
            }
        }
        Ok(())
    }

    fn check_shares(&self, has_file: bool) -> Result<(), RecipeError> {
        for (name, split) in &self.splits {
            let value = |field: &str, found: u64, allowed: &str| {
                let field = format!("splits.{name}.{field}");
                Err(RecipeError::Value { field, found: found.to_string(), allowed: allowed.into() })
            };
            if split.rows == ALL_ROWS && !has_file {
                let field = format!("splits.{name}.rows");
                let allowed =
                    "a number of rows; \"all\" are as many as a file of puzzles has (`puzzles` in the environment)";
                return Err(RecipeError::Value { field, found: "\"all\"".into(), allowed: allowed.into() });
            }
            if split.rows > MOST_ROWS && split.rows != ALL_ROWS {
                return value("rows", split.rows, "0 to 1000000000000");
            }
            match split.share {
                Some(0) if split.rows > 0 => {
                    return value(
                        "share",
                        0,
                        "1 to 1000000000000 where the split has rows; leave it out for as many as rows",
                    );
                }
                Some(share) if share > MOST_ROWS => return value("share", share, "0 to 1000000000000"),
                _ => {}
            }
        }
        Ok(())
    }

    fn check_stages(&self) -> Result<(), RecipeError> {
        for (name, split) in &self.splits {
            let rows = split.stages.iter().map(|stage| u128::from(stage.rows)).sum::<u128>();
            if !split.stages.is_empty() && (split.stages.iter().any(|stage| stage.rows == 0) || rows > MOST_ROWS.into())
            {
                return Err(RecipeError::Value {
                    field: format!("splits.{name}.stages.rows"),
                    found: format!("{rows} in all, or a stage without rows"),
                    allowed: "1 row or more in each stage, 1000000000000 in all".into(),
                });
            }
            let stages = split.stages.iter().flat_map(|stage| [stage.difficulty, stage.cost]);
            let bands = [split.difficulty, split.cost].into_iter().chain(stages).flatten();
            if let Some(empty) = bands.into_iter().find(|band| band.max.is_some_and(|max| max < band.min)) {
                return Err(RecipeError::Value {
                    field: format!("splits.{name}"),
                    found: format!("a band from {} to {}", empty.min, empty.max.unwrap_or(0)),
                    allowed: "bands whose max is not below their min".into(),
                });
            }
            let tables = split.stages.iter().map(|stage| &stage.environment).chain([&split.environment]);
            if tables.flatten().any(|table| table.contains_key("name")) {
                return Err(RecipeError::Value {
                    field: format!("splits.{name}.environment.name"),
                    found: "a name".into(),
                    allowed:
                        "settings of the recipe's environment; for several environments see the tables [[environments]]"
                            .into(),
                });
            }
        }
        Ok(())
    }
}
