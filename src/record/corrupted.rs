//! `corrupted`: the exploration with planted defects. `swapped`: the trace of another row under the own prompt, which is the
//! corruption `swap` and nothing else.

use serde::Deserialize;
use sos_envs::Streams;

use super::corrupter::{Attempt, Corrupter};
use super::{Dataset, Episode, Mark, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::corrupt::swap::{length_bucket, partners};
use crate::corrupt::{Corrupted, CorruptionConfig, KindConfig, Within};
use crate::dialect::Span;
use crate::recipe::{Recipe, RecipeError, RecordConfig};

/// Rows among which traces are swapped: a row's block follows from its index alone.
pub const SWAP_BLOCK: u64 = 64;

/// Matchings that are tried where a partner's trace is the row's own.
const MATCHINGS: u64 = 8;

struct CorruptedRecord {
    /// Name of the config: each has streams of its own.
    name: String,
    corrupter: Corrupter,
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
            // The row says that it is clean by having no defects.
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

    /// Takes the trace of the partner of the first matching in which that changes the text.
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
                // What a mix plants is drawn from the same stream, whichever row the trace is from.
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

/// From the first to the last token that fills a text, in front of its answer section if there is one.
fn filled(text: &[u8], token: &str, answer: usize) -> Option<Span> {
    let end = if answer == 0 { text.len() } else { answer.min(text.len()) };
    let body = String::from_utf8_lossy(&text[..end]);
    let (first, last) = (body.find(token)?, body.rfind(token)?);
    Some(Span(first, last + token.len()))
}

/// What a worker knows of the block of rows that traces were swapped in last.
#[derive(Default)]
pub struct Block {
    /// Split and number.
    key: Option<(usize, u64)>,
    /// Which of its rows exist.
    rows: Vec<bool>,
    /// Length of each row's text and of its answer, once they are asked for.
    lengths: Vec<Option<(u64, u64)>>,
}

impl Dataset {
    /// Another row of the same block: each row has one, and is that of one other. None where the block has no other row.
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

    /// Of each row of a block, asked for or not (a row must not depend on how many are), the bucket within which it is swapped; none of rows that do not
    /// exist.
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
        // A puzzle can be dear to find, so that each pass over a block answers all that it can.
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

    /// The length of a row's text and of its answer.
    fn lengths(&self, split: usize, index: u64, buffers: &mut WorkerBuffers) -> Result<(u64, u64), RecordError> {
        // What is counted belongs to the row that is made, whichever row a worker asks for a block first.
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
