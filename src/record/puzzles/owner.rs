//! Ownership of puzzles by splits: first by held-out values, then by the id of their family, or otherwise by the id that they share with their twins.

use std::ops::Range;

use sos_envs::{PuzzleId, Streams};

use crate::arena::{Config, Puzzle};
use crate::recipe::{Band, HoldOut, PuzzleFile, Recipe, RecipeError, Split, SplitBy, Stage};

/// The rule for the puzzles that belong to a stage of a split.
pub(super) struct Ownership {
    hold_out: Option<Held>,
    /// Whether it has only the held-out puzzles, or none of them.
    held_out: bool,
    /// Its part of the families, as a range of the upper half of their ids.
    part: Range<u128>,
    split_by: SplitBy,
}

/// The values of a property that are held out.
pub(super) struct Held {
    key: usize,
    values: HeldValues,
}

enum HeldValues {
    /// Sorted.
    Listed(Vec<u64>),
    /// Those of a band.
    Band(Band),
    /// The values whose hash with this key is below the bound.
    Hashed { streams: Streams, bound: u64 },
}

impl Ownership {
    pub fn new(recipe: &Recipe, config: &Config, split: usize, stage: usize) -> Result<Self, RecipeError> {
        let hold_out = Held::of(recipe, config)?;
        // Which puzzles of a file a split has is decided where the file is read.
        let all = 0..1 << 64;
        let part = if PuzzleFile::of(recipe)?.is_some() { all } else { part(recipe, split, stage) };
        let held_out = recipe.splits.values().nth(split).is_some_and(|split| split.held_out);
        Ok(Ownership { hold_out, held_out, part, split_by: recipe.split_by })
    }

    /// Its share of all families, in parts of 2^64.
    pub fn width(&self) -> u128 {
        self.part.end - self.part.start
    }

    /// Whether some of these puzzles are held out or not, as the split requires.
    pub fn reaches(&self, mut puzzles: impl Iterator<Item = Puzzle>) -> bool {
        self.hold_out.as_ref().is_none_or(|held| puzzles.any(|puzzle| held.has(&puzzle) == self.held_out))
    }

    /// Whether a puzzle is held out or not, as the split requires.
    pub fn admits(&self, puzzle: &Puzzle) -> bool {
        self.hold_out.as_ref().is_some_and(|held| held.has(puzzle)) == self.held_out
    }

    /// Whether the split has the held-out puzzles.
    pub fn is_held_out(&self) -> bool {
        self.held_out
    }

    /// The twins' id of a puzzle, if the puzzle belongs to the stage.
    pub fn owns(&self, puzzle: &Puzzle) -> Option<PuzzleId> {
        if !self.admits(puzzle) {
            return None;
        }
        let own = |id: PuzzleId| self.part.contains(&(id.0 >> 64));
        match puzzle.ground() {
            _ if self.split_by == SplitBy::Id => own(puzzle.id()).then(|| puzzle.twin()),
            Some(family) => own(family).then(|| puzzle.twin()),
            None => Some(puzzle.twin()).filter(|&twin| own(twin)),
        }
    }
}

/// The range of a stage among the families of its group (held out or not), in parts of 2^64. Splits divide the group by share, stages divide their split by
/// rows.
fn part(recipe: &Recipe, split: usize, stage: usize) -> Range<u128> {
    let share = |split: &Split| u128::from(split.part());
    let Some(this) = recipe.splits.values().nth(split) else { return 0..0 };
    let group = || recipe.splits.values().filter(|split| split.held_out == this.held_out);
    let total = group().map(share).sum::<u128>().max(1);
    let before: u128 =
        recipe.splits.values().take(split).filter(|split| split.held_out == this.held_out).map(share).sum();
    let cut = |share: u128| (share << 64) / total;
    let (start, end) = (cut(before), cut(before + share(this)));
    let rows = |stages: &[Stage]| stages.iter().map(|stage| u128::from(stage.rows)).sum::<u128>();
    match this.stages.get(..stage) {
        Some(earlier) if !this.stages.is_empty() => {
            let all = rows(&this.stages).max(1);
            let inner = |rows: u128| start + (end - start) / all * rows;
            inner(rows(earlier))..inner(rows(&this.stages[..=stage.min(this.stages.len() - 1)]))
        }
        _ => start..end,
    }
}

fn held_values(recipe: &Recipe, hold_out: &HoldOut, config: &Config, key: usize) -> Result<HeldValues, RecipeError> {
    if let Some(values) = &hold_out.values {
        let mut values = values.clone();
        values.sort_unstable();
        return Ok(HeldValues::Listed(values));
    }
    if let Some(band) = hold_out.band() {
        return Ok(HeldValues::Band(band));
    }
    let percent = hold_out.percent.unwrap_or(0);
    if !(1..100).contains(&percent) {
        return Err(RecipeError::Value {
            field: "hold_out.percent".into(),
            found: percent.to_string(),
            allowed: "1 to 99".into(),
        });
    }
    let streams = Streams::new(recipe.seed, "hold-out", &hold_out.key);
    // The puzzles of a file can have other values than drawn ones.
    let drawn = PuzzleFile::of(recipe)?.is_none();
    let Some(mut values) = drawn.then(|| config.family.hold_out_values(config, key)).flatten() else {
        return Ok(HeldValues::Hashed { streams, bound: u64::MAX / 100 * percent });
    };
    let held = values.len() * percent as usize / 100;
    if held == 0 {
        return Err(RecipeError::Value {
            field: "hold_out.percent".into(),
            found: format!("{percent} % of {} values, which is less than one", values.len()),
            allowed: "a percentage that holds out at least one value".into(),
        });
    }
    values.sort_unstable();
    streams.at(0).shuffle(&mut values);
    values.truncate(held);
    values.sort_unstable();
    Ok(HeldValues::Listed(values))
}

impl Held {
    /// The held-out values of a recipe; none where it holds out nothing.
    pub fn of(recipe: &Recipe, config: &Config) -> Result<Option<Self>, RecipeError> {
        let Some(hold_out) = &recipe.hold_out else { return Ok(None) };
        let keys = config.family.about().keys;
        let key = keys.iter().position(|&key| key == hold_out.key).ok_or_else(|| RecipeError::Unknown {
            field: "hold_out.key".into(),
            found: hold_out.key.clone(),
            allowed: keys.join(", "),
            nearest: crate::names::nearest(&hold_out.key, keys.iter().copied()),
        })?;
        Ok(Some(Held { key, values: held_values(recipe, hold_out, config, key)? }))
    }

    /// Whether a puzzle is held out.
    pub fn has(&self, puzzle: &Puzzle) -> bool {
        let value = puzzle.hold_out_key(self.key);
        match &self.values {
            HeldValues::Listed(values) => values.binary_search(&value).is_ok(),
            HeldValues::Band(band) => band.contains(value),
            HeldValues::Hashed { streams, bound } => streams.at(value).word64() < *bound,
        }
    }
}
