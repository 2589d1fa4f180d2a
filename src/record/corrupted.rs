//! `corrupted`: the exploration with planted defects. `swapped`: the trace of another row under the own prompt, which is the
//! corruption `swap` and nothing else.

use sos_envs::{Environment, Streams};

use super::{Base, Bench, Dataset, Made, Record, RecordError, is_solved};
use crate::check::LazyFacts;
use crate::corrupt::swap::{length_bucket, partners};
use crate::corrupt::{Corruption, CorruptionConfig, CorruptionError, Donor, Input, KindConfig, Within, corrupt};
use crate::dialect::dialect;
use crate::recipe::{Recipe, RecipeError, RecordConfig, plain};
use crate::search::Outcome;
use crate::trace::EventKind;

/// Rows among which traces are swapped: a row's block follows from its index alone.
pub const SWAP_BLOCK: u64 = 64;

/// What the manifest counts.
const TRUNCATED_INSTEAD: &str = "corrupted rows truncated, since nothing of the mix could be planted";
const LEFT_CLEAN: &str = "corrupted rows left clean, since their trace is empty";

struct CorruptedRecord<E: Environment> {
    /// Name of the config: each has streams of its own.
    name: String,
    corruption: Corruption<E>,
    /// What is planted where nothing of the mix can be: a truncation always can.
    fallback: Corruption<E>,
}

/// `corrupted`, by the config's table `corruption`.
pub fn new<E: Environment>(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record<E>>, RecipeError> {
    let Some(table) = &config.corruption else {
        return Err(RecipeError::Value {
            field: format!("records.{}.corruption", config.folder()),
            found: "nothing".into(),
            allowed: "a table, such as { kinds = [{ kind = \"arithmetic-slip\" }], count = 1 }".into(),
        });
    };
    let parsed: Result<CorruptionConfig, toml::de::Error> = toml::Value::Table(table.clone()).try_into();
    let corruption = parsed.map_err(|error| {
        RecipeError::Form(format!("records.{}.corruption: {}", config.folder(), plain(error.message())))
    })?;
    let needs_answer = corruption.kinds.iter().any(|kind| kind.kind == "wrong-answer");
    if needs_answer && !recipe.answer {
        return Err(RecipeError::Value {
            field: "answer".into(),
            found: "false".into(),
            allowed: "true, since wrong-answer needs an answer section".into(),
        });
    }
    of(config, &corruption, recipe)
}

/// `swapped`, with `matching` for which rows are exchanged: `any`, `length` or `answer`.
pub fn new_swapped<E: Environment>(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record<E>>, RecipeError> {
    let within = match config.matching.as_deref() {
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
    of(config, &CorruptionConfig { kinds: vec![kind], count: None, rate_per_mille: None, at_least: None }, recipe)
}

fn of<E: Environment>(
    config: &RecordConfig,
    corruption: &CorruptionConfig,
    recipe: &Recipe,
) -> Result<Box<dyn Record<E>>, RecipeError> {
    let wrong = |error: CorruptionError| RecipeError::Form(format!("records.{}.{error}", config.folder()));
    let fallback = CorruptionConfig {
        kinds: vec![KindConfig::of("truncation")],
        count: None,
        rate_per_mille: None,
        at_least: None,
    };
    let corruption = Corruption::new(corruption).map_err(wrong)?;
    if let Some(dialect) = dialect::<E>(&recipe.dialect) {
        corruption.fits(&dialect).map_err(wrong)?;
    }
    Ok(Box::new(CorruptedRecord {
        name: config.folder().to_string(),
        corruption,
        fallback: Corruption::new(&fallback).map_err(wrong)?,
    }))
}

impl<E: Environment> Record<E> for CorruptedRecord<E> {
    fn make(
        &self,
        dataset: &Dataset<E>,
        base: &Base<E>,
        bench: &mut Bench<E>,
        out: &mut Made<E>,
    ) -> Result<(), RecordError> {
        let donor = match self.corruption.swaps_within() {
            Some(within) => self.donor(dataset, base, within, bench)?,
            None => None,
        };
        let puzzle = &base.drawn.puzzle;
        let facts = LazyFacts::known(puzzle, base.drawn.facts);
        let input = Input {
            puzzle,
            facts: &facts,
            trace: &base.trace,
            search: &dataset.searches[base.search].1,
            search_draw: &base.search_draw,
            dialect: &dataset.dialect,
            phrasing: base.phrasing,
            donor: donor.as_ref().map(|donor| Donor {
                index: donor.index,
                puzzle: &donor.drawn.puzzle,
                trace: &donor.trace,
            }),
        };
        let mut draw = dataset.corruption_draw(base, &self.name);
        let mut corrupted = corrupt(&input, &self.corruption, &mut draw, &mut bench.scratch, &mut out.text);
        if corrupted.is_err() {
            corrupted = corrupt(&input, &self.fallback, &mut draw, &mut bench.scratch, &mut out.text);
            bench.count(if corrupted.is_ok() { TRUNCATED_INSTEAD } else { LEFT_CLEAN });
        }
        let Ok(corrupted) = corrupted else {
            // A search that explores nothing writes nothing that could be broken, and an object in JSON with its answer cannot be cut. The
            // row says so by having no defects.
            (dataset.dialect.write)(puzzle, &base.trace, base.phrasing, &mut out.text);
            out.trace.clone_from(&base.trace);
            out.outcome = base.outcome;
            let proven = base.trace.events.last().is_some_and(|event| event.kind == EventKind::Unsolvable);
            out.solved = is_solved(base.outcome, &base.drawn.facts, proven);
            return Ok(());
        };
        out.solved = corrupted.verdict.solved;
        out.outcome = if out.solved { Outcome::Solved } else { base.outcome };
        out.trace = corrupted.parsed.trace;
        out.defects = corrupted.defects;
        Ok(())
    }
}

impl<E: Environment> CorruptedRecord<E> {
    /// The row whose trace is taken: none where the block has no other row.
    fn donor(
        &self,
        dataset: &Dataset<E>,
        base: &Base<E>,
        within: Within,
        bench: &mut Bench<E>,
    ) -> Result<Option<Base<E>>, RecordError> {
        let block = base.index / SWAP_BLOCK;
        let lengths = dataset.block_lengths(base.split, block, bench)?;
        let bucket = |&(text, answer): &(u64, u64)| match within {
            Within::Any => 0,
            Within::Length => length_bucket(text),
            Within::Answer => answer,
        };
        let buckets: Vec<Option<u64>> = lengths.iter().map(|lengths| lengths.as_ref().map(bucket)).collect();
        let streams = Streams::new(dataset.recipe.seed, &format!("swap/{}", self.name), &dataset.splits()[base.split]);
        let donors = partners(&buckets, &mut streams.at(block));
        match donors.get((base.index % SWAP_BLOCK) as usize).copied().flatten() {
            Some(place) => Ok(Some(dataset.base(base.split, block * SWAP_BLOCK + place as u64, bench)?)),
            None => Ok(None),
        }
    }
}

/// Length of each row's text and of its answer, in a block; none for rows that do not exist.
pub type BlockLengths = Vec<Option<(u64, u64)>>;

impl<E: Environment> Dataset<E> {
    /// The lengths of all rows of a block, whether they are asked for or not: a row must not depend on how many are.
    fn block_lengths(&self, split: usize, block: u64, bench: &mut Bench<E>) -> Result<BlockLengths, RecordError> {
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
            let answer = base.answer.moves.as_ref().map_or(0, |moves| moves.len() as u64);
            lengths.push(Some((text.len() as u64, answer)));
            bench.spare_trace = base.trace;
        }
        bench.block = Some(((split, block), lengths.clone()));
        Ok(lengths)
    }
}
