//! The dataset of a recipe with any number of environments. Each environment has a [`Dataset`] of its own, and the rows of a split are theirs by turns.

use std::collections::BTreeMap;
use std::ops::Range;

use super::source::RowPlace;
use super::{Dataset, Episode, Imported, RecordError, WorkerBuffers};
use crate::dialect::Tokens;
use crate::recipe::{Recipe, RecipeError, Turns};
use crate::record::puzzles::{FilePuzzles, NoPuzzle};
use crate::table::{Difference, Provenance, RowSource, Rows, Schema, SplitRows, Tally};

/// The datasets of a recipe: one for each of its environments.
pub struct Datasets {
    /// The recipe.
    pub recipe: Recipe,
    parts: Vec<Dataset>,
    /// Whose turn a row is, in each split.
    turns: Vec<Turns>,
    splits: Vec<String>,
}

impl Datasets {
    /// Looks a recipe up, and reads its files of puzzles. It reports all errors of the recipe, except too many rows ([`Datasets::prepare`]).
    pub fn new(recipe: Recipe) -> Result<Self, RecipeError> {
        let turns = recipe.turns();
        let splits = recipe.splits.keys().cloned().collect();
        if recipe.environments.is_empty() {
            let part = Dataset::new(recipe)?;
            return Ok(Datasets { recipe: part.recipe.clone(), parts: vec![part], turns, splits });
        }
        let parts = recipe.parts()?.into_iter().enumerate();
        let parts = parts.map(|(place, part)| Dataset::new(part).map_err(|error| error.at("environments", place)));
        let mut parts = parts.collect::<Result<Vec<Dataset>, RecipeError>>()?;
        if parts.iter().any(|part| part.tells_source) {
            parts.iter_mut().for_each(Dataset::tell_source);
        }
        Ok(Datasets { recipe, parts, turns, splits })
    }

    /// In which tokens rows are counted: the same for all environments, which there always are.
    pub fn tokens(&self) -> &Tokens {
        &self.parts[0].tokens
    }

    /// The names of the splits, in their order.
    pub fn splits(&self) -> &[String] {
        &self.splits
    }

    /// Number of rows that are requested of a split.
    pub fn asked_for(&self, split: usize) -> u64 {
        self.recipe.splits.values().nth(split).map_or(0, |split| split.rows)
    }

    /// Requests another number of rows of a split. Its share of the space stays the same.
    pub fn ask_for(&mut self, split: usize, rows: u64) {
        self.recipe.ask_for(split, rows);
        for (part, rows) in self.counts(split, rows) {
            if let Some(part) = self.parts.get_mut(part) {
                part.ask_for(split, rows);
            }
        }
    }

    /// How many of the first rows of a split each environment has.
    fn counts(&self, split: usize, rows: u64) -> Vec<(usize, u64)> {
        self.turns.get(split).map_or_else(Vec::new, |turns| turns.counts(rows)).into_iter().enumerate().collect()
    }

    /// Prepares the puzzles of all splits. It refuses a split with more rows than puzzles.
    pub fn prepare(&self) -> Result<(), RecipeError> {
        // Splits without rows are skipped, since their first puzzle could take long to find.
        let asked = (0..self.splits.len()).filter(|&split| self.asked_for(split) > 0);
        asked.into_iter().try_for_each(|split| self.prepare_split(split))
    }

    /// Prepares the puzzles of one split.
    pub fn prepare_split(&self, split: usize) -> Result<(), RecipeError> {
        let [only] = &self.parts[..] else {
            let has_turns = |place: usize| self.turns.get(split).is_some_and(|turns| turns.includes(place));
            let mut parts = self.parts.iter().enumerate().filter(|(place, _)| has_turns(*place));
            return parts.try_for_each(|(place, part)| match part.prepare_split(split) {
                Ok(_) => Ok(()),
                Err(error) => Err(self.too_few(split, place, error)),
            });
        };
        only.prepare_split(split).map(|_| ())
    }

    /// The error of an environment. If it has too few puzzles, the error says how many rows the split can have.
    fn too_few(&self, split: usize, part: usize, error: RecipeError) -> RecipeError {
        let Some(capacity) = error.capacity() else { return error.at("environments", part) };
        let mut of_parts = vec![u128::MAX; self.parts.len()];
        of_parts[part] = capacity;
        RecipeError::TooFewOfOne {
            split: self.splits[split].clone(),
            rows: self.asked_for(split),
            capacity: self.turns[split].capacity(&of_parts),
            environment: self.parts[part].about.name,
            own: capacity,
        }
    }

    /// Number of rows that a prepared split can have.
    pub fn capacity(&self, split: usize) -> u128 {
        let of_parts: Vec<u128> = self.parts.iter().map(|part| part.capacity(split)).collect();
        match &of_parts[..] {
            [only] => *only,
            several => self.turns.get(split).map_or(0, |turns| turns.capacity(several)),
        }
    }

    /// The environment of a row, and where the row stands in its dataset.
    fn place(&self, split: usize, index: u64) -> (usize, RowPlace) {
        let (part, own) = self.turns.get(split).map_or((0, index), |turns| turns.at(index));
        (part, RowPlace { split, own, index })
    }

    /// The dataset of a row's environment, its number, and the index of the row there.
    pub fn at(&self, split: usize, index: u64) -> (&Dataset, usize, u64) {
        let (part, place) = self.place(split, index);
        (&self.parts[part], part, place.own)
    }

    /// Makes the rows of one index, one for each record config. There are buffers for each environment. It fails where the split's puzzles are not enough for
    /// the row.
    pub fn rows(
        &self,
        split: usize,
        index: u64,
        buffers: &mut [WorkerBuffers],
        out: &mut [Rows],
    ) -> Result<Episode, RecordError> {
        let (part, place) = self.place(split, index);
        self.parts[part].rows_at(place, &mut buffers[part], out).map_err(|error| self.of_split(place, error))
    }

    /// The error of a row. Where its environment has too few puzzles, it says how many rows the split can have.
    fn of_split(&self, RowPlace { split, index, .. }: RowPlace, error: RecordError) -> RecordError {
        match error {
            RecordError::NoPuzzle(NoPuzzle::Beyond { split: name, .. }) if self.parts.len() > 1 => {
                NoPuzzle::Beyond { split: name, index, capacity: self.capacity(split) }.into()
            }
            error => error,
        }
    }

    /// Empty batches, one for each record config.
    pub fn batches(&self) -> Vec<Rows> {
        self.schemas().into_iter().map(Rows::new).collect()
    }

    /// The files of candidates that the records read.
    pub fn imported(&self) -> impl Iterator<Item = &Imported> {
        self.parts.iter().flat_map(Dataset::imported)
    }

    /// The files of puzzles of the environments that have one.
    pub fn puzzle_files(&self) -> impl Iterator<Item = &FilePuzzles> {
        self.parts.iter().filter_map(Dataset::puzzle_file)
    }

    /// Counts or sizes of an environment, with its name where there are several.
    fn named<T>(&self, part: &Dataset, counts: BTreeMap<String, T>) -> BTreeMap<String, T> {
        match self.parts.len() {
            1 => counts,
            _ => counts.into_iter().map(|(name, count)| (format!("{name}, {}", part.about.name), count)).collect(),
        }
    }
}

impl RowSource for Datasets {
    type Scratch = Vec<WorkerBuffers>;

    fn recipe_differences(&self, there: &str) -> Vec<Difference> {
        super::differences::differences(there, &self.recipe)
    }

    fn about(&self) -> Provenance {
        let mut all = Provenance::default();
        for part in &self.parts {
            let about = part.about();
            all.versions.extend(about.versions);
            let tags: Vec<String> = about.tags.into_iter().filter(|tag| !all.tags.contains(tag)).collect();
            all.tags.extend(tags);
            all.puzzle_space.extend(self.named(part, about.puzzle_space));
            all.puzzles.extend(self.named(part, about.puzzles));
            (all.title, all.summary, all.license) = (about.title, about.summary, about.license);
        }
        Provenance { recipe: self.recipe.to_toml(), seed: self.recipe.seed, ..all }
    }

    fn configs(&self) -> Vec<String> {
        self.recipe.records.iter().map(|record| record.folder().to_string()).collect()
    }

    /// All environments have the same records, and so the same columns.
    fn schemas(&self) -> Vec<Schema> {
        self.parts.first().map_or_else(Vec::new, Dataset::schemas)
    }

    fn splits(&self) -> Vec<SplitRows> {
        self.recipe.splits.iter().map(|(name, split)| SplitRows { name: name.clone(), rows: split.rows }).collect()
    }

    fn scratch(&self) -> Vec<WorkerBuffers> {
        self.parts.iter().map(|_| WorkerBuffers::default()).collect()
    }

    fn fill(
        &self,
        split: usize,
        range: Range<u64>,
        buffers: &mut Vec<WorkerBuffers>,
        out: &mut [Rows],
        tally: &mut Tally,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        for index in range {
            let (part, place) = self.place(split, index);
            let filled = self.parts[part].fill_at(place, &mut buffers[part], out, tally);
            filled.map_err(|error| self.of_split(place, error))?;
        }
        Ok(())
    }
}
