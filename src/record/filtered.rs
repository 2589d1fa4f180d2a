//! Rows that a recipe's filter keeps.
//!
//! A dataset with a filter draws on where a row is left out. Its row i is one of the rows that the recipe would have without the filter. Which one is found from i alone:
//! - where the puzzles are few, or those of a file, all rows are looked at first, and those that are kept are the rows;
//! - elsewhere there are blocks of rows. Each gives a fixed number of rows, which are the first that are kept, so long that there are so many almost surely. Where there
//!   are very many puzzles, a block gives one row.

use super::parallel::in_parallel;
use super::puzzles::{BLOCK, Puzzles, STAGE, rows_of_block};
use super::source::RowPlace;
use super::{Dataset, Episode, RecordError, WorkerBuffers};
use crate::recipe::{RecipeError, RowFilter};
use crate::table::Rows;

/// Greatest number of drawn puzzles of which all rows are looked at first.
const FEW: u128 = 1 << 14;

/// Number of rows from which the share of kept ones is estimated, and the number where fewer than [`SURE`] of them are kept.
const PROBES: u64 = 256;
const MOST_PROBES: u64 = 4096;
const SURE: u64 = 20;

/// The rows of a split without the filter that its rows are.
pub(super) enum KeptRows {
    /// These ones.
    Listed(Vec<u64>),
    /// The first `rows` that are kept of each block of `length`.
    Blocks { length: u64, rows: u64, capacity: u128 },
}

impl KeptRows {
    /// Number of rows.
    pub fn capacity(&self) -> u128 {
        match self {
            KeptRows::Listed(rows) => rows.len() as u128,
            KeptRows::Blocks { capacity, .. } => *capacity,
        }
    }
}

/// The rows of a stage of a split that the filter keeps; of the split where it has no stages.
pub(super) struct KeptStage {
    /// Index of the stage's first row.
    row: u64,
    /// Index of its first row without the filter.
    candidate: u64,
    /// How many rows it has in the recipe; none for the last stage, to which all further rows belong.
    most: Option<u64>,
    kept: KeptRows,
}

impl KeptStage {
    /// Number of rows of all stages.
    pub fn capacity(stages: &[KeptStage]) -> u128 {
        let last = stages.iter().find(|stage| stage.most.is_none_or(|most| stage.kept.capacity() < u128::from(most)));
        last.map_or(0, |stage| u128::from(stage.row).saturating_add(stage.kept.capacity()))
    }
}

/// Number of rows from which on a block gives one row: then any row is found as fast as the next one.
const MANY: u128 = 1 << 20;

/// The kept rows of a block, as far as a worker has looked.
#[derive(Default)]
pub(super) struct KeptBlock {
    /// Split and first row of the block.
    key: Option<(usize, u64)>,
    kept: Vec<u64>,
}

/// Why a row is left out. These are counts in the manifest.
const OUTCOME: &str = "left out by the filter: the search ended otherwise";
const DIFFICULTY: &str = "left out by the filter: difficulty";
const WORDS: &str = "left out by the filter: words";
const TOKENS: &str = "left out by the filter: tokens";

impl RowFilter {
    /// What is wrong with a row before its records are made.
    fn refuses(&self, episode: &Episode) -> Option<&'static str> {
        let (outcome, difficulty) = (episode.outcome.name(), episode.proven.facts.difficulty);
        if self.only.as_ref().is_some_and(|only| only != outcome) {
            return Some(OUTCOME);
        }
        let inside = |band: &crate::recipe::Band| difficulty.is_some_and(|difficulty| band.contains(difficulty));
        self.difficulty.filter(|band| !inside(band)).map(|_| DIFFICULTY)
    }

    /// What is wrong with the lengths of a row.
    pub(super) fn refuses_lengths(&self, words: u64, tokens: impl FnOnce() -> u64) -> Option<&'static str> {
        if self.max_words.is_some_and(|most| words > most) {
            return Some(WORDS);
        }
        self.max_tokens.filter(|&most| tokens() > most).map(|_| TOKENS)
    }
}

impl Dataset {
    /// Looks which rows of a split the filter keeps. Each stage has as many rows as the recipe says, after the filter.
    pub(super) fn kept_stages(
        &self,
        filter: &RowFilter,
        split: usize,
        puzzles: &Puzzles,
    ) -> Result<Vec<KeptStage>, RecipeError> {
        let rows = self.recipe.splits.values().nth(split).map_or(&[][..], |split| &split.stages);
        let puzzles = puzzles.stages();
        let (mut stages, mut row) = (Vec::new(), 0);
        for (place, &(candidate, capacity)) in puzzles.iter().enumerate() {
            let most = rows.get(place).map(|stage| stage.rows).filter(|_| place + 1 < puzzles.len());
            let capacity = most.map_or(capacity, |_| capacity.min(STAGE.into()));
            stages.push(KeptStage { row, candidate, most, kept: self.kept_rows(filter, split, candidate, capacity)? });
            row += most.unwrap_or(0);
        }
        Ok(stages)
    }

    /// Looks which of the rows from `first` on the filter keeps, where there are so many puzzles from there on.
    fn kept_rows(&self, filter: &RowFilter, split: usize, first: u64, puzzles: u128) -> Result<KeptRows, RecipeError> {
        let kept = |buffers: &mut WorkerBuffers, index: &u64| {
            // A row that cannot be made is told when it is asked for.
            !matches!(self.try_row(filter, split, *index, *index, buffers, &mut self.batches()), Ok(Err(_)))
        };
        let count = |indices: std::ops::Range<u64>| -> Vec<u64> {
            let indices: Vec<u64> = indices.map(|index| first.saturating_add(index)).collect();
            let kept = in_parallel(&indices, kept);
            indices.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(index, _)| index).collect()
        };
        if self.file.is_some() || puzzles <= FEW {
            return Ok(KeptRows::Listed(count(0..u64::try_from(puzzles).unwrap_or(u64::MAX))));
        }
        let mut tried = PROBES;
        let mut accepted = count(0..PROBES).len() as u64;
        if accepted < SURE {
            tried = MOST_PROBES;
            accepted += count(PROBES..MOST_PROBES).len() as u64;
        }
        if accepted == 0 {
            return Err(RecipeError::Value {
                field: "filter".into(),
                found: format!("a filter that keeps none of {tried} rows of split {}", self.splits[split]),
                allowed: "a filter that keeps some; see the lengths of rows with --dry-run, and widen it, or choose smaller puzzles".into(),
            });
        }
        // The probability that a block of n has none is (1 - p)^n < e^(-pn).
        let long = (60 * tried / accepted.saturating_sub(2 * accepted.isqrt()).max(1)).max(1);
        let several = rows_of_block(accepted, tried);
        let (length, rows) =
            if puzzles / u128::from(long) < MANY && several > 0 { (BLOCK, several) } else { (long, 1) };
        let capacity = if puzzles == u128::MAX { puzzles } else { puzzles / u128::from(length) * u128::from(rows) };
        Ok(KeptRows::Blocks { length, rows, capacity })
    }

    /// The row of an index among those that are kept.
    pub(super) fn filtered_row(
        &self,
        filter: &RowFilter,
        stages: &[KeptStage],
        at: RowPlace,
        buffers: &mut WorkerBuffers,
        out: &mut [Rows],
    ) -> Result<Episode, RecordError> {
        let RowPlace { split, own: index, index: shown } = at;
        let none = || {
            let split = &self.splits[split];
            RecordError::NoRow(format!("split {split}, row {shown}: the filter keeps no row for it; widen the filter"))
        };
        let stage =
            stages.partition_point(|stage| stage.row <= index).checked_sub(1).and_then(|place| stages.get(place));
        let KeptStage { row, candidate, kept, .. } = stage.ok_or_else(none)?;
        let index = index - row;
        if u128::from(index) >= kept.capacity() {
            return Err(none());
        }
        let (before, end) = match kept {
            KeptRows::Listed(rows) => {
                let place = usize::try_from(index).ok().filter(|&place| place < rows.len()).ok_or_else(none)?;
                (
                    place.checked_sub(1).and_then(|before| rows.get(before)).map_or(*candidate, |before| before + 1),
                    rows[place] + 1,
                )
            }
            KeptRows::Blocks { length, rows, .. } => {
                let start = (index / rows).checked_mul(*length).and_then(|start| start.checked_add(*candidate));
                let start = start.ok_or_else(none)?;
                let end = start.saturating_add(*length);
                if buffers.kept.key != Some((split, start)) {
                    buffers.kept = KeptBlock { key: Some((split, start)), kept: Vec::new() };
                }
                let place = (index % rows) as usize;
                while buffers.kept.kept.len() < place {
                    let (lengths, counted) = (out.first().map_or(0, Rows::len), buffers.counted.len());
                    let from = buffers.kept.kept.last().map_or(start, |last| last + 1);
                    let (found, _) = self.next_row(filter, split, from..end, shown, buffers, out)?.ok_or_else(none)?;
                    // Only what was left out just before the row itself is counted with it.
                    out.iter_mut().for_each(|rows| rows.truncate(lengths));
                    buffers.counted.truncate(counted);
                    buffers.kept.kept.push(found);
                }
                (
                    place
                        .checked_sub(1)
                        .and_then(|before| buffers.kept.kept.get(before))
                        .map_or(start, |last| last + 1),
                    end,
                )
            }
        };
        let (found, episode) = self.next_row(filter, split, before..end, shown, buffers, out)?.ok_or_else(none)?;
        if let KeptRows::Blocks { rows, .. } = kept
            && buffers.kept.kept.len() == (index % rows) as usize
        {
            buffers.kept.kept.push(found);
        }
        Ok(episode)
    }

    /// The first row that is kept among candidates, and which one it is.
    fn next_row(
        &self,
        filter: &RowFilter,
        split: usize,
        candidates: std::ops::Range<u64>,
        index: u64,
        buffers: &mut WorkerBuffers,
        out: &mut [Rows],
    ) -> Result<Option<(u64, Episode)>, RecordError> {
        for candidate in candidates {
            let counted = buffers.counted.len();
            match self.try_row(filter, split, candidate, index, buffers, out)? {
                Ok(episode) => return Ok(Some((candidate, episode))),
                Err(reason) => {
                    buffers.counted.truncate(counted);
                    buffers.count(reason);
                }
            }
        }
        Ok(None)
    }

    /// The row of an index without the filter, or why the filter leaves it out.
    fn try_row(
        &self,
        filter: &RowFilter,
        split: usize,
        candidate: u64,
        index: u64,
        buffers: &mut WorkerBuffers,
        out: &mut [Rows],
    ) -> Result<Result<Episode, &'static str>, RecordError> {
        let episode = self.episode(split, candidate, buffers)?;
        if let Some(reason) = filter.refuses(&episode) {
            return Ok(Err(reason));
        }
        let before = out.first().map_or(0, Rows::len);
        let mut refused = self.records_of(&episode, index, Some(filter), buffers, &self.own, out)?;
        if refused.is_none() {
            refused = self.in_other_dialects(&episode, index, Some(filter), buffers, out)?;
        }
        if let Some(reason) = refused {
            out.iter_mut().for_each(|rows| rows.truncate(before));
            return Ok(Err(reason));
        }
        Ok(Ok(episode))
    }
}
