//! Rows that the recipe of a dataset makes beyond those of its folder. A row is a function of its index, so they are the rows that the dataset has when it
//! grows.

use std::path::Path;

use super::Failure;
use crate::generate::manifest::Manifest;
use crate::generate::ordered::{Emit, in_order};
use crate::recipe::{Recipe, RowFilter};
use crate::record::{Datasets, RecordError};
use crate::rows::Row;
use crate::sink::row_json;
use crate::table::{RowSource, Rows};

/// Rows in succession that a worker makes. They share what is found of their block of puzzles.
const CHUNK: u64 = 64;

/// The rows of a split beyond those of its folder.
pub struct FreshRows {
    dataset: Datasets,
    split: usize,
    /// Index of the first.
    pub first: u64,
    /// Index behind the last.
    pub end: u64,
}

/// What all record configs have for an index, with what was found of each row.
pub type Twins<T> = Vec<(Row, T)>;

impl FreshRows {
    /// The rows of some configs. The recipe is that of the manifest; files that it names are looked for in the current folder.
    pub fn of(folder: &Path, split: &str, configs: &[String]) -> Result<Self, Failure> {
        let wrong = |problem: String, advice: &str| {
            Failure::Request(format!("--how fresh: {}: {problem}; {advice}", folder.display()))
        };
        if !folder.is_dir() {
            let problem = "a file of rows, which has no recipe to make more".to_string();
            return Err(wrong(problem, "give the folder that sos generate wrote"));
        }
        let (manifest, _) = Manifest::read(folder).map_err(|error| Failure::Request(error.to_string()))?;
        if manifest.packed {
            let problem = "its rows come from other datasets".to_string();
            return Err(wrong(problem, "give the folder that sos generate wrote"));
        }
        let recipe = Recipe::from_toml(&manifest.job.recipe);
        let mut recipe = recipe.map_err(|error| wrong(error.to_string(), "make the dataset anew with this version"))?;
        if !recipe.filter.as_ref().is_some_and(RowFilter::measures) {
            recipe.records.retain(|record| configs.iter().any(|name| name == record.folder()));
        }
        if let Some(record) = recipe.records.iter().find(|record| record.reads_candidates()) {
            let problem =
                format!("the candidates of {} are those of a file, and new puzzles have none there", record.folder());
            return Err(wrong(problem, OTHERS));
        }
        let in_folder = "files that its recipe names are looked for in the current folder: run the command there";
        let dataset = Datasets::new(recipe).map_err(|error| wrong(error.to_string(), in_folder))?;
        let other = dataset.about().versions.into_iter().find(|(name, version)| {
            let there = manifest.job.versions.get(name);
            there != Some(version)
        });
        if let Some((name, version)) = other {
            let there = manifest.job.versions.get(&name).map_or("missing", String::as_str);
            let problem = format!("{name} is {there} there and {version} here, so its rows would be others");
            return Err(wrong(problem, "make the dataset anew"));
        }
        let place = dataset.splits().iter().position(|name| name == split);
        let place = place.ok_or_else(|| wrong(format!("its recipe has no split {split}"), "see sos stats"))?;
        dataset.prepare_split(place).map_err(|error| wrong(error.to_string(), in_folder))?;
        let first = dataset.asked_for(place);
        let end = u64::try_from(dataset.capacity(place)).unwrap_or(u64::MAX);
        Ok(FreshRows { dataset, split: place, first, end })
    }

    /// Names of the record configs.
    pub fn configs(&self) -> Vec<String> {
        self.dataset.configs()
    }

    /// Makes the rows in parallel. `each` gets those of an index, in order, until it wants no more. False if there are none left before.
    pub fn each<T: Send>(
        &self,
        threads: usize,
        work: impl Fn(&Row) -> T + Sync,
        mut each: impl FnMut(u64, Twins<T>) -> Result<bool, Failure>,
    ) -> Result<bool, Failure> {
        let mut start = self.first;
        let next = || {
            let end = start.saturating_add(CHUNK).min(self.end);
            let chunk = start..end;
            start = end;
            Ok((!chunk.is_empty()).then_some(chunk))
        };
        let make = |chunk: std::ops::Range<u64>, emit: Emit<'_, _>| {
            let (mut buffers, mut batches) = (self.dataset.scratch(), self.dataset.batches());
            for index in chunk {
                batches.iter_mut().for_each(Rows::clear);
                let made = self.dataset.rows(self.split, index, &mut buffers, &mut batches);
                let rows = batches.iter().filter_map(|batch| row_json(batch, 0)).map(|row| {
                    let found = work(&row);
                    (row, found)
                });
                let made: Result<Twins<T>, RecordError> = made.map(|_| rows.collect());
                let weight = batches.iter().map(Rows::byte_len).sum();
                if !emit((index, made), weight) {
                    break;
                }
            }
        };
        // The end that is wanted is no failure.
        let ended = in_order(threads, next, make, |(index, made)| {
            let rows = made.map_err(|error| Some(Failure::Request(format!("--how fresh: index {index}: {error}"))))?;
            if each(index, rows)? { Ok(()) } else { Err(None) }
        });
        match ended {
            Ok(()) => Ok(false),
            Err(None) => Ok(true),
            Err(Some(failure)) => Err(failure),
        }
    }
}

/// What else makes arms equal.
pub const OTHERS: &str = "--how sub-sample cuts the arms to the smallest, --how repeat repeats rows";
