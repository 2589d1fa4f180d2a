//! Puzzles of a file, in the place of drawn ones.
//!
//! The whole file is read before the first row: each puzzle is read by its environment, repeats are left out, and each split gets its puzzles. So a row is a
//! function of (recipe, file, split, index). The puzzles are held as they are written, so memory grows with the file.

mod read;
mod share;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value};
use sos_envs::{PuzzleId, SolverFacts, Streams};

use super::filter::Filter;
use super::owner::Held;
use super::{NoPuzzle, ProvenPuzzle, config_of, family_of};
use crate::arena::{Family, Puzzle};
use crate::recipe::{ALL_ROWS, Destination, FileOrder, PuzzleFile, Recipe, RecipeError, SplitBy};
use crate::record::parallel::in_parallel;
use crate::search::Search;
use read::Row;

/// Greatest number of faults of a file that a message names.
const MOST_FAULTS: usize = 5;

/// The puzzles of a file.
pub struct FilePuzzles {
    family: &'static dyn Family,
    settings: PuzzleFile,
    blake3: String,
    entries: Vec<Entry>,
    /// The entries of each split, in the order of its rows.
    splits: Vec<(String, Vec<usize>)>,
    counts: BTreeMap<String, u64>,
}

/// A puzzle of the file.
struct Entry {
    /// As JSON.
    puzzle: Vec<u8>,
    /// What the file says beside the puzzle, as JSON.
    source: Arc<[u8]>,
    id: PuzzleId,
    twin: PuzzleId,
    /// Puzzles of one group are in one split.
    group: u128,
    held_out: bool,
    /// The split that the file names.
    named: Option<String>,
    /// Where they decide what a split has.
    facts: Option<SolverFacts>,
}

impl FilePuzzles {
    /// Reads the file of a recipe, if it has one. Splits that ask for all rows then ask for the number that there is.
    pub fn open(recipe: &mut Recipe) -> Result<Option<Arc<Self>>, RecipeError> {
        let Some(settings) = PuzzleFile::of(recipe)? else { return Ok(None) };
        let family = family_of(recipe)?;
        let (rows, blake3) = read::rows(&settings, family, &settings.path(recipe))?;
        let entries = entries(recipe, &settings, family, rows)?;
        let mut counts = BTreeMap::from([("entries".to_string(), entries.len() as u64)]);
        let owned = share::splits(recipe, &settings, &entries, &mut counts)?;
        let mut splits = Vec::new();
        for (place, (name, own)) in recipe.splits.keys().zip(owned).enumerate() {
            splits.push((name.clone(), passing(recipe, place, family, &entries, own, &mut counts)?));
        }
        for ((name, own), split) in splits.iter_mut().zip(recipe.splits.values_mut()) {
            if settings.order == FileOrder::Shuffled {
                let streams = Streams::new(recipe.seed, "file order", name);
                own.sort_by_cached_key(|&entry| scattered(&streams, entries[entry].id.0));
            }
            counts.insert(format!("in split {name}"), own.len() as u64);
            if split.rows == ALL_ROWS {
                split.rows = own.len() as u64;
            }
        }
        Ok(Some(Arc::new(FilePuzzles { family, settings, blake3, entries, splits, counts })))
    }

    /// Name of the file, and a checksum of its content.
    pub fn version(&self) -> (&str, &str) {
        (&self.settings.puzzles, &self.blake3)
    }

    /// What became of the puzzles of the file.
    pub fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    /// The same in words.
    pub fn summary(&self) -> String {
        let counts: Vec<String> = self.counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
        counts.join(", ")
    }

    /// Number of puzzles of a split.
    pub(super) fn capacity(&self, split: usize) -> u64 {
        self.splits.get(split).map_or(0, |(_, own)| own.len() as u64)
    }

    /// Refuses a split with more rows than puzzles.
    pub(super) fn refuse_more(&self, split: usize, rows: u64) -> Result<(), RecipeError> {
        let capacity = self.capacity(split);
        let split = self.splits.get(split).map(|(name, _)| name.clone()).unwrap_or_default();
        if capacity >= rows {
            return Ok(());
        }
        let (file, counts) = (self.settings.puzzles.clone(), self.summary());
        Err(RecipeError::TooFewPuzzles { split, rows, capacity, file, counts })
    }

    /// The puzzle of a row.
    pub(super) fn get(&self, split: usize, index: u64) -> Result<ProvenPuzzle, NoPuzzle> {
        let name = || self.splits.get(split).map(|(name, _)| name.clone()).unwrap_or_default();
        let found = self.splits.get(split).and_then(|(_, own)| own.get(usize::try_from(index).ok()?));
        let beyond = || NoPuzzle::Beyond { split: name(), index, capacity: self.capacity(split).into() };
        let entry = found.and_then(|&entry| self.entries.get(entry)).ok_or_else(beyond)?;
        let unread = || NoPuzzle::NoneAccepted { split: name(), index, tried: 1 };
        let puzzle = puzzle(self.family, &entry.puzzle).ok_or_else(unread)?;
        let source = Some(Arc::clone(&entry.source));
        Ok(ProvenPuzzle { source, ..ProvenPuzzle::new(puzzle, entry.twin, entry.facts, 0) })
    }
}

fn puzzle(family: &dyn Family, json: &[u8]) -> Option<Puzzle> {
    family.read_json(&serde_json::from_slice(json).ok()?).ok()
}

/// A key that orders ids as if by chance.
fn scattered(streams: &Streams, id: u128) -> (u64, u128) {
    (streams.at((id >> 64) as u64).word64(), id)
}

/// Reads the puzzles of all rows. The error names the rows that have none.
fn entries(
    recipe: &Recipe,
    settings: &PuzzleFile,
    family: &'static dyn Family,
    rows: Vec<Row>,
) -> Result<Vec<Entry>, RecipeError> {
    let held = Held::of(recipe, &config_of(recipe)?)?;
    let drawn = recipe.searches.iter().filter(|search| search.weight > 0);
    let searches = drawn.map(|search| Search::new(family.about(), &search.search)).collect::<Result<Vec<_>, _>>()?;
    let proves = settings.asks_for_facts();
    let read = |(): &mut (), row: &Row| -> Result<Entry, String> {
        let puzzle = family.read_json(&row.puzzle).map_err(|error| error.to_string())?;
        for search in &searches {
            search.fits(&puzzle).map_err(|error| error.to_string())?;
        }
        let named = match &settings.split_field {
            None => None,
            Some(field) => match row.more.get(field) {
                Some(Value::String(split)) => Some(split.clone()),
                Some(other) => return Err(format!("{field}: found {other}; allowed: the name of a split, in quotes")),
                None => {
                    return Err(format!(
                        "found no field \"{field}\" (split_field); allowed: the name of a split in it"
                    ));
                }
            },
        };
        let mut json = Vec::new();
        puzzle.write_json(&mut json);
        let (id, twin) = (puzzle.id(), puzzle.twin());
        let group = match recipe.split_by {
            SplitBy::Id => id,
            SplitBy::Twin if named.is_some() => twin,
            SplitBy::Twin => puzzle.ground().unwrap_or(twin),
        };
        let held_out = held.as_ref().is_some_and(|held| held.has(&puzzle));
        let facts = proves.then(|| puzzle.solver_facts());
        Ok(Entry { puzzle: json, source: source(row), id, twin, group: group.0, held_out, named, facts })
    };
    let mut faults = Vec::new();
    let mut entries = Vec::with_capacity(rows.len());
    for (row, entry) in rows.iter().zip(in_parallel(&rows, read)) {
        match entry {
            Ok(entry) => entries.push(entry),
            Err(problem) => faults.push((row.place, problem)),
        }
    }
    read::refuse(&settings.puzzles, &faults)?;
    Ok(entries)
}

/// What the file says of a puzzle, with its line.
fn source(row: &Row) -> Arc<[u8]> {
    let mut all = Map::from_iter([("line".to_string(), Value::from(row.place.line))]);
    for (name, value) in &row.more {
        let name = if name == "line" { "source_line" } else { name };
        all.insert(name.into(), value.clone());
    }
    Value::from(all).to_string().into_bytes().into()
}

/// The puzzles of a split that pass its filter.
fn passing(
    recipe: &Recipe,
    split: usize,
    family: &'static dyn Family,
    entries: &[Entry],
    own: Vec<usize>,
    counts: &mut BTreeMap<String, u64>,
) -> Result<Vec<usize>, RecipeError> {
    let filter = Filter::new(recipe, split, 0)?;
    if filter.is_empty() {
        return Ok(own);
    }
    let passes = in_parallel(&own, |(), &entry| {
        let puzzle = puzzle(family, &entries[entry].puzzle);
        puzzle.is_some_and(|puzzle| {
            filter.passes(&puzzle, &entries[entry].facts.unwrap_or_else(|| puzzle.solver_facts()))
        })
    });
    let kept: Vec<usize> = own.iter().zip(&passes).filter(|(_, passes)| **passes).map(|(&entry, _)| entry).collect();
    add(counts, "left out by the filters of their split", (own.len() - kept.len()) as u64);
    Ok(kept)
}

fn add(counts: &mut BTreeMap<String, u64>, what: &str, more: u64) {
    if more > 0 {
        *counts.entry(what.into()).or_default() += more;
    }
}
