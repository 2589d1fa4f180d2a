//! `corrupted`: the exploration with planted defects. `swapped`: the trace of another row under the own prompt, which is the
//! corruption `swap` and nothing else.

use serde::Deserialize;
use sos_envs::Streams;

use super::breaker::{Attempt, Breaker};
use super::{Base, Bench, Dataset, Made, Mark, Record, RecordError, Said};
use crate::corrupt::swap::{length_bucket, partners};
use crate::corrupt::{CorruptionConfig, KindConfig, Within};
use crate::dialect::Span;
use crate::recipe::{Recipe, RecipeError, RecordConfig};

/// Rows among which traces are swapped: a row's block follows from its index alone.
pub const SWAP_BLOCK: u64 = 64;

/// Matchings that are tried where a partner's trace is the row's own.
const MATCHINGS: u64 = 8;

struct CorruptedRecord {
    /// Name of the config: each has streams of its own.
    name: String,
    breaker: Breaker,
}

/// `corrupted`, by the config's table `corruption`.
pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// What is broken.
        corruption: Option<CorruptionConfig>,
    }
    let Settings { corruption } = config.settings()?;
    let corruption = corruption.ok_or_else(|| {
        let allowed = "a table, such as { kinds = [{ kind = \"arithmetic-slip\" }], count = 1 }";
        config.wrong("corruption", "nothing", allowed)
    })?;
    of(config, &corruption, recipe)
}

/// `swapped`, with `matching` for which rows are exchanged: `any`, `length` or `answer`.
pub fn new_swapped(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// Which rows are exchanged.
        matching: Option<String>,
    }
    let within = match config.settings::<Settings>()?.matching.as_deref() {
        None | Some("any") => Within::Any,
        Some("length") => Within::Length,
        Some("answer") => Within::Answer,
        Some(other) => {
            return Err(RecipeError::Unknown {
                field: format!("records.{}.matching", config.folder()),
                found: other.into(),
                allowed: "any, length, answer".into(),
                nearest: crate::names::nearest(other, ["any", "length", "answer"]),
            });
        }
    };
    let kind = KindConfig { within: Some(within), ..KindConfig::of("swap") };
    of(config, &CorruptionConfig::of(vec![kind]), recipe)
}

fn of(config: &RecordConfig, corruption: &CorruptionConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    Ok(Box::new(CorruptedRecord {
        name: config.folder().to_string(),
        breaker: Breaker::new(config, corruption, recipe)?,
    }))
}

impl Record for CorruptedRecord {
    fn make(&self, dataset: &Dataset, base: &Base, bench: &mut Bench, out: &mut Made) -> Result<(), RecordError> {
        let donor = match self.breaker.swaps_within() {
            Some(within) => self.donor(dataset, base, within, bench)?,
            None => None,
        };
        let mut draw = dataset.corruption_draw(base, &self.name);
        let attempt = Attempt { donor: donor.as_ref(), ..Attempt::of(dataset, base) };
        let corrupted = self.breaker.break_trace(dataset, base, &attempt, &mut draw, bench, &mut out.text);
        let Some(corrupted) = corrupted else {
            // The row says that it is clean by having no defects.
            (dataset.dialect.write)(&base.drawn.puzzle, &base.trace, base.phrasing, &mut out.text);
            out.trace.clone_from(&base.trace);
            return Ok(());
        };
        (out.wrong, out.skip) = self.breaker.marks(&corrupted);
        if let Some(token) = self.breaker.fills_with() {
            out.skip.extend(filled(&out.text, token, corrupted.parsed.answer_span.0).map(Mark::of));
        }
        out.said = Some(Said::of(&corrupted.verdict));
        out.trace = corrupted.parsed.trace;
        out.defects = corrupted.defects;
        Ok(())
    }
}

impl CorruptedRecord {
    /// The row whose trace is taken: the partner of the first matching in which that changes the text.
    fn donor(
        &self,
        dataset: &Dataset,
        base: &Base,
        within: Within,
        bench: &mut Bench,
    ) -> Result<Option<Base>, RecordError> {
        for matching in 0..MATCHINGS {
            let name = if matching == 0 { self.name.clone() } else { format!("{}/{matching}", self.name) };
            let donor = dataset.partner(base, within, &name, bench)?;
            let mut draw = dataset.corruption_draw(base, &name);
            if donor.as_ref().is_none_or(|donor| self.breaker.takes(dataset, base, donor, &mut draw, bench)) {
                return Ok(donor);
            }
        }
        Ok(None)
    }
}

/// From the first to the last token that fills a text, in front of its answer section if there is one.
fn filled(text: &[u8], token: &str, answer: usize) -> Option<Span> {
    let end = if answer == 0 { text.len() } else { answer.min(text.len()) };
    let body = String::from_utf8_lossy(&text[..end]);
    let (first, last) = (body.find(token)?, body.rfind(token)?);
    Some(Span(first, last + token.len()))
}

/// Length of each row's text and of its answer, in a block; none for rows that do not exist.
pub type BlockLengths = Vec<Option<(u64, u64)>>;

impl Dataset {
    /// Another row of the same block: each row has one, and is that of one other. None where the block has no other row.
    pub(super) fn partner(
        &self,
        base: &Base,
        within: Within,
        name: &str,
        bench: &mut Bench,
    ) -> Result<Option<Base>, RecordError> {
        let block = base.index / SWAP_BLOCK;
        let lengths = self.block_lengths(base.split, block, bench)?;
        let bucket = |&(text, answer): &(u64, u64)| match within {
            Within::Any => 0,
            Within::Length => length_bucket(text),
            Within::Answer => answer,
        };
        let buckets: Vec<Option<u64>> = lengths.iter().map(|lengths| lengths.as_ref().map(bucket)).collect();
        let streams = Streams::new(self.recipe.seed, &format!("swap/{name}"), &self.splits()[base.split]);
        let partners = partners(&buckets, &mut streams.at(block));
        match partners.get((base.index % SWAP_BLOCK) as usize).copied().flatten() {
            Some(place) => Ok(Some(self.base(base.split, block * SWAP_BLOCK + place as u64, bench)?)),
            None => Ok(None),
        }
    }

    /// The lengths of all rows of a block, whether they are asked for or not: a row must not depend on how many are.
    fn block_lengths(&self, split: usize, block: u64, bench: &mut Bench) -> Result<BlockLengths, RecordError> {
        if let Some((_, lengths)) = bench.block.as_ref().filter(|(key, _)| *key == (split, block)) {
            return Ok(lengths.clone());
        }
        let mut lengths = Vec::with_capacity(SWAP_BLOCK as usize);
        let mut text = Vec::new();
        for index in block * SWAP_BLOCK..(block + 1) * SWAP_BLOCK {
            let base = match self.base(split, index, bench) {
                Ok(base) => base,
                Err(RecordError::NoPuzzle(_)) => {
                    lengths.push(None);
                    continue;
                }
                Err(error) => return Err(error),
            };
            text.clear();
            (self.dialect.write)(&base.drawn.puzzle, &base.trace, base.phrasing, &mut text);
            let answer =
                base.answer.as_ref().and_then(|answer| answer.moves.as_ref()).map_or(0, |moves| moves.len() as u64);
            lengths.push(Some((text.len() as u64, answer)));
            bench.spare_trace = base.trace;
        }
        bench.block = Some(((split, block), lengths.clone()));
        Ok(lengths)
    }
}
