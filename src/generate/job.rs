//! The job: everything that determines the bytes of a dataset, and the files that follow from it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::GenerateOptions;
use super::error::GenerateError;
use crate::sink::Format;
use crate::table::{RowSource, SplitRows};

/// Greatest number of rows in a split. An audit packs the place of a row into 40 bits.
const MOST_ROWS: u64 = 1_000_000_000_000;
/// Greatest number of files of a split in a config. File names have five digits for it.
const MOST_FILES: u64 = 100_000;

/// A job, as `.sos/job.json` and the manifest contain it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Name and version of the program that writes the files.
    pub program: String,
    /// Versions of the environment, the dialect and all other parts that determine bytes.
    pub versions: BTreeMap<String, String>,
    /// The seed.
    pub seed: u64,
    /// BLAKE3 of the recipe's text.
    pub recipe_blake3: String,
    /// Name of the file format.
    pub format: String,
    /// Number of rows in a file. The last file of a split may have fewer.
    pub rows_per_file: u64,
    /// The record configs, the default first. Each has a folder.
    pub configs: Vec<String>,
    /// The splits and their numbers of rows, in order.
    pub splits: Vec<SplitRows>,
    /// Size of the puzzle space by name, in decimal.
    pub puzzle_space: BTreeMap<String, String>,
    /// What became of the puzzles of a file; empty where puzzles are drawn.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub puzzles: BTreeMap<String, u64>,
    /// Title of the data card.
    pub title: String,
    /// A description of the dataset, in one or more sentences.
    pub summary: String,
    /// Licence of the data, by its identifier on the Hugging Face hub.
    pub license: String,
    /// Tags of the data card.
    pub tags: Vec<String>,
    /// The whole recipe.
    pub recipe: String,
}

/// A range of rows of a split. Each config has one file for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Index of the split.
    pub split: usize,
    /// The rows of the split.
    pub rows: Range<u64>,
    /// Name of the file in each config's folder, without its extension.
    pub stem: String,
}

impl Job {
    /// The job of a source and a request. An error if files cannot be made from it.
    pub fn new(source: &impl RowSource, options: &GenerateOptions) -> Result<Job, GenerateError> {
        let about = source.about();
        let job = Job {
            program: concat!("stream-of-search ", env!("CARGO_PKG_VERSION")).to_string(),
            versions: about.versions,
            seed: about.seed,
            recipe_blake3: blake3::hash(about.recipe.as_bytes()).to_string(),
            format: options.format.name().to_string(),
            rows_per_file: options.rows_per_file,
            configs: source.configs(),
            splits: source.splits(),
            puzzle_space: about.puzzle_space.into_iter().map(|(name, size)| (name, size.to_string())).collect(),
            puzzles: about.puzzles,
            title: about.title,
            summary: about.summary,
            license: about.license,
            tags: about.tags,
            recipe: about.recipe,
        };
        job.check()?;
        if !options.format.is_available() {
            return Err(GenerateError::Format(job.format));
        }
        Ok(job)
    }

    /// Checks that names and numbers allow files to be made and deleted.
    pub(crate) fn check(&self) -> Result<(), GenerateError> {
        check_names("split", self.splits.iter().map(|split| split.name.as_str()), "_")?;
        check_names("record config", self.configs.iter().map(String::as_str), "_-")?;
        if self.rows_per_file == 0 {
            return Err(range("--rows-per-file", 0, "1 or more"));
        }
        for SplitRows { name, rows } in &self.splits {
            if *rows > MOST_ROWS {
                return Err(range("--count", *rows, format!("at most {MOST_ROWS} rows in split \"{name}\"")));
            }
            if rows.div_ceil(self.rows_per_file) > MOST_FILES {
                let least = rows.div_ceil(MOST_FILES);
                let allowed =
                    format!("{least} or more: split \"{name}\" has {rows} rows and may have {MOST_FILES} files");
                return Err(range("--rows-per-file", self.rows_per_file, allowed));
            }
        }
        self.format.parse::<Format>().map_err(|_| GenerateError::Format(self.format.clone()))?;
        Ok(())
    }

    /// The parts of the dataset in order; each is one file in every config's folder.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        for (split, SplitRows { name, rows }) in self.splits.iter().enumerate() {
            let count = rows.div_ceil(self.rows_per_file.max(1));
            for number in 0..count {
                let start = number * self.rows_per_file;
                let end = start.saturating_add(self.rows_per_file).min(*rows);
                parts.push(Part { split, rows: start..end, stem: format!("{name}-{number:05}-of-{count:05}") });
            }
        }
        parts
    }

    /// Path of a part's file in a config, relative to the folder, with `/`.
    pub fn file(&self, config: usize, part: &Part) -> String {
        format!("{}/{}.{}", self.configs[config], part.stem, self.format)
    }

    /// The first field in which another job differs: name, value there, value here.
    pub fn first_difference(&self, there: &Job) -> Option<(String, String, String)> {
        let fields = |job: &Job| match serde_json::to_value(job) {
            Ok(serde_json::Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        let (here, there) = (fields(self), fields(there));
        // The order in which a person would look for the reason.
        const ORDER: [&str; 8] =
            ["seed", "splits", "configs", "format", "rows_per_file", "program", "versions", "recipe_blake3"];
        let names = ORDER.iter().copied().chain(here.keys().map(String::as_str));
        names.map(String::from).find(|name| here.get(name) != there.get(name)).map(|name| {
            let show =
                |value: Option<&serde_json::Value>| value.map_or("missing".to_string(), |v| shorten(&v.to_string()));
            if name == "versions"
                && let Some((what, found, wanted)) = other_version(there.get(&name), here.get(&name))
            {
                return (format!("the version of {what}"), found, wanted);
            }
            let (found, wanted) = (show(there.get(&name)), show(here.get(&name)));
            (name, found, wanted)
        })
    }
}

/// The first version that differs: its name, the version there, the version here. A missing version counts as 1.
fn other_version(
    there: Option<&serde_json::Value>,
    here: Option<&serde_json::Value>,
) -> Option<(String, String, String)> {
    let (there, here) = (there?.as_object()?, here?.as_object()?);
    let of = |all: &serde_json::Map<String, serde_json::Value>, name: &str| {
        all.get(name).and_then(serde_json::Value::as_str).unwrap_or("1").to_string()
    };
    let name = here.keys().chain(there.keys()).find(|name| of(there, name) != of(here, name))?;
    Some((name.clone(), of(there, name), of(here, name)))
}

/// A value for a message, shortened to about a line.
fn shorten(text: &str) -> String {
    const MOST: usize = 120;
    if text.chars().count() <= MOST { text.to_string() } else { text.chars().take(MOST).chain(['…']).collect() }
}

/// The error for a number that is out of range.
pub(crate) fn range(field: &'static str, found: u64, allowed: impl Into<String>) -> GenerateError {
    GenerateError::Range { field, found, allowed: allowed.into() }
}

/// Refuses names that could lead out of the folder or match another name, since they become folders, files and patterns.
fn check_names<'a>(what: &'static str, names: impl Iterator<Item = &'a str>, extra: &str) -> Result<(), GenerateError> {
    let mut seen = BTreeSet::new();
    for name in names {
        let fine = |c: char| c.is_ascii_alphanumeric() || extra.contains(c);
        if name.is_empty() || name.len() > 100 || !name.chars().all(fine) {
            return Err(GenerateError::Name { what, name: name.to_string() });
        }
        if !seen.insert(name.to_ascii_lowercase()) {
            return Err(GenerateError::NameTwice { what, name: name.to_string() });
        }
    }
    Ok(())
}
