//! `corrupted`: the exploration with planted defects. `swapped`: the trace of another row after the row's own prompt; this is the corruption `swap` alone.

use serde::Deserialize;
use sos_envs::Streams;

use super::corrupter::{Attempt, Corrupter};
use super::{Dataset, Episode, Mark, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::corrupt::swap::{length_bucket, partners};
use crate::corrupt::{Corrupted, CorruptionConfig, KindConfig, Within};
use crate::dialect::Span;
use crate::recipe::{Recipe, RecipeError, RecordConfig};

/// Number of rows among which traces are swapped. A row's block follows from its index alone.
pub const SWAP_BLOCK: u64 = 64;

/// Number of matchings that are tried if a partner's trace is the same as the row's own.
const MATCHINGS: u64 = 8;

struct CorruptedRecord {
    /// The name of the config. Each config has its own streams.
    name: String,
    corrupter: Corrupter,
}

/// `corrupted`, with the table `corruption` of the config.
pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// The corruption.
        corruption: Option<CorruptionConfig>,
    }
    let Settings { corruption } = config.settings()?;
    let corruption = corruption.ok_or_else(|| {
        let allowed = "a table, such as { kinds = [{ kind = \"arithmetic-slip\" }], count = 1 }";
        config.wrong("corruption", "nothing", allowed)
    })?;
    of(config, &corruption, recipe)
}

/// `swapped`. `matching` decides which rows are exchanged: `any`, `length` or `answer`.
pub fn new_swapped(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// The rule for which rows are exchanged.
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
        corrupter: Corrupter::new(config, corruption, recipe)?,
    }))
}

impl Record for CorruptedRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let corrupted = match self.corrupter.swaps_within() {
            Some(within) => self.swap(dataset, episode, within, buffers, &mut out.text)?,
            None => self.corrupt(dataset, episode, None, buffers, &mut out.text),
        };
        let Some(corrupted) = corrupted else {
            // A row without defects is marked as clean.
            dataset.write_trace(episode, &mut out.text);
            out.trace.clone_from(&episode.trace);
            return Ok(());
        };
        (out.wrong, out.skip) = self.corrupter.marks(&corrupted);
        if let Some(token) = self.corrupter.fills_with() {
            out.skip.extend(filled(&out.text, token, corrupted.parsed.answer_span.0).map(Mark::of));
        }
        out.said = Some(Said::of(&corrupted.verdict));
        out.trace = corrupted.parsed.trace;
        out.defects = corrupted.defects;
        Ok(())
    }
}

impl CorruptedRecord {
    fn corrupt(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        donor: Option<&Episode>,
        buffers: &mut WorkerBuffers,
        text: &mut Vec<u8>,
    ) -> Option<Corrupted> {
        let attempt = Attempt { donor, ..Attempt::of(dataset, episode) };
        let mut draw = dataset.corruption_draw(episode, &self.name);
        self.corrupter.corrupt_trace(dataset, episode, &attempt, &mut draw, buffers, text)
    }

    /// Takes the trace of a partner, from the first matching in which this changes the text.
    fn swap(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        within: Within,
        buffers: &mut WorkerBuffers,
        text: &mut Vec<u8>,
    ) -> Result<Option<Corrupted>, RecordError> {
        for matching in 0..MATCHINGS {
            let name = if matching == 0 { self.name.clone() } else { format!("{}/{matching}", self.name) };
            let Some(donor) = dataset.partner(episode, within, &name, buffers)? else { break };
            let mut draw = dataset.corruption_draw(episode, &name);
            let swapped = self.corrupter.swap(dataset, episode, &donor, &mut draw, buffers, text);
            if swapped.is_some() && matching > 0 {
                // The other defects of a mix are drawn from the same stream, whichever row the trace comes from.
                text.clear();
                return Ok(self.corrupt(dataset, episode, Some(&donor), buffers, text));
            }
            if swapped.is_some() {
                return Ok(swapped);
            }
        }
        Ok(self.corrupt(dataset, episode, None, buffers, text))
    }
}

/// The span from the first to the last filler token, before the answer section if there is one.
fn filled(text: &[u8], token: &str, answer: usize) -> Option<Span> {
    let end = if answer == 0 { text.len() } else { answer.min(text.len()) };
    let body = String::from_utf8_lossy(&text[..end]);
    let (first, last) = (body.find(token)?, body.rfind(token)?);
    Some(Span(first, last + token.len()))
}

/// A worker's data of the last block of rows in which traces were swapped.
#[derive(Default)]
pub struct Block {
    /// Split and number of the block.
    key: Option<(usize, u64)>,
    /// Whether each of its rows exists.
    rows: Vec<bool>,
    /// Length of each row's text and of its answer, computed on demand.
    lengths: Vec<Option<(u64, u64)>>,
}

impl Dataset {
    /// Another row of the same block. The pairing is one-to-one: each row has a partner, and is the partner of one row. None if the block has no other row.
    pub(super) fn partner(
        &self,
        episode: &Episode,
        within: Within,
        name: &str,
        buffers: &mut WorkerBuffers,
    ) -> Result<Option<Episode>, RecordError> {
        let block = episode.index / SWAP_BLOCK;
        let buckets = self.buckets(episode.split, block, within, buffers)?;
        let streams = Streams::new(self.recipe.seed, &format!("swap/{name}"), &self.splits()[episode.split]);
        let partners = partners(&buckets, &mut streams.at(block));
        match partners.get((episode.index % SWAP_BLOCK) as usize).copied().flatten() {
            Some(place) => Ok(Some(self.episode(episode.split, block * SWAP_BLOCK + place as u64, buffers)?)),
            None => Ok(None),
        }
    }

    /// For each row of a block, requested or not (a row must not depend on the number of rows), the bucket within which it is swapped. None for rows that do
    /// not exist.
    fn buckets(
        &self,
        split: usize,
        block: u64,
        within: Within,
        buffers: &mut WorkerBuffers,
    ) -> Result<Vec<Option<u64>>, RecordError> {
        let key = Some((split, block));
        if buffers.block.key != key {
            buffers.block = Block { key, ..Block::default() };
        }
        let indices = block * SWAP_BLOCK..(block + 1) * SWAP_BLOCK;
        // Puzzles can be expensive to find, so each pass over a block fills in all that it can.
        let exists = |found: Result<(), RecordError>| match found {
            Ok(()) => Ok(true),
            Err(RecordError::NoPuzzle(_)) => Ok(false),
            Err(error) => Err(error),
        };
        if within != Within::Any {
            if buffers.block.lengths.is_empty() {
                let mut lengths = Vec::with_capacity(SWAP_BLOCK as usize);
                for index in indices {
                    let mut found = None;
                    let made = self.lengths(split, index, buffers).map(|lengths| found = Some(lengths));
                    exists(made)?;
                    lengths.push(found);
                }
                buffers.block.rows = lengths.iter().map(Option::is_some).collect();
                buffers.block.lengths = lengths;
            }
            let bucket =
                |&(text, answer): &(u64, u64)| if within == Within::Length { length_bucket(text) } else { answer };
            return Ok(buffers.block.lengths.iter().map(|lengths| lengths.as_ref().map(bucket)).collect());
        }
        if buffers.block.rows.is_empty() {
            let mut rows = Vec::with_capacity(SWAP_BLOCK as usize);
            for index in indices {
                let found = self.puzzle(split, index, buffers).map(|_| ());
                rows.push(exists(found)?);
            }
            buffers.block.rows = rows;
        }
        Ok(buffers.block.rows.iter().map(|exists| exists.then_some(0)).collect())
    }

    /// The length of a row's text, and of its answer.
    fn lengths(&self, split: usize, index: u64, buffers: &mut WorkerBuffers) -> Result<(u64, u64), RecordError> {
        // Counts belong to the row that is being made, whichever row of the block a worker requests first.
        let counted = buffers.counted.len();
        let episode = self.episode(split, index, buffers)?;
        buffers.counted.truncate(counted);
        let mut text = Vec::new();
        self.write_trace(&episode, &mut text);
        let answer =
            episode.answer.as_ref().and_then(|answer| answer.moves.as_ref()).map_or(0, |moves| moves.len() as u64);
        (buffers.spare_trace, buffers.spare_text) = (episode.trace, episode.text);
        Ok((text.len() as u64, answer))
    }
}
