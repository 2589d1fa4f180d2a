//! Corruption of a row's trace: by the corruption of a recipe, and by a truncation if nothing of it can be planted.

use sos_envs::Draw;

use super::puzzles::about_of;
use super::{Dataset, Episode, Mark, WorkerBuffers};
use crate::check::LazyFacts;
use crate::corrupt::{
    Corrupted, Corruption, CorruptionConfig, CorruptionError, Donor, First, Input, KindConfig, Mode, Scope, Within,
    corrupt, corruptions,
};
use crate::dialect::{DialectEntry, dialect};
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::search::Search;
use crate::trace::Trace;

/// Counts in the manifest.
const TRUNCATED_INSTEAD: &str = "corrupted rows truncated, since nothing of the mix could be planted";
const NOT_SWAPPED: &str = "swapped rows that show their own trace, since no other one of their block differs from it";
const LEFT_CLEAN: &str = "corrupted rows left clean, since their trace is empty";

/// The default corruption: one step of each of these kinds, if it fits the dialect.
const USUAL: [(&str, u32, Option<Mode>); 5] = [
    ("arithmetic-slip", 16, None),
    ("wrong-state", 16, None),
    ("illegal-move", 16, None),
    ("unsound-inference", 16, None),
    // A second goal would be a cue by itself, so the trace ends there. It has a low weight, since it shortens the trace.
    ("false-goal", 1, Some(Mode::Propagated)),
];

/// Further kinds for records that judge single steps. With them every kind of step can be wrong in some candidate, so that the kind of a step does not reveal
/// whether it is right.
const OF_STEPS: [(&str, u32, Option<Mode>); 4] = [
    ("wrong-backtrack", 16, None),
    ("unknown-node", 16, None),
    ("repeated-step", 16, None),
    ("duplicate-node", 16, None),
];

/// What a record judges in candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judges {
    /// The whole text.
    Texts,
    /// Each step.
    Steps,
}

/// A trace, and the search that made it.
pub struct Attempt<'a> {
    /// The search.
    pub search: &'a Search,
    /// The stream of the search, as it was before the run.
    pub draw: &'a Draw,
    /// The trace.
    pub trace: &'a Trace,
    /// The row whose trace a swap takes.
    pub donor: Option<&'a Episode>,
}

impl<'a> Attempt<'a> {
    /// The row's own trace.
    pub fn of(dataset: &'a Dataset, episode: &'a Episode) -> Self {
        Attempt {
            search: &dataset.searches[episode.search].1,
            draw: &episode.search_draw,
            trace: &episode.trace,
            donor: None,
        }
    }
}

/// A corruption of a recipe, ready for any row.
pub struct Corrupter {
    corruption: Corruption,
    /// A truncation, for rows in which nothing of the mix can be planted.
    fallback: Corruption,
}

impl Corrupter {
    /// The corruption of a record config.
    pub fn new(config: &RecordConfig, corruption: &CorruptionConfig, recipe: &Recipe) -> Result<Self, RecipeError> {
        let wrong = |error: CorruptionError| RecipeError::Form(format!("records.{}.{error}", config.folder()));
        if corruption.kinds.iter().any(|kind| kind.kind == "wrong-answer") && !recipe.answer {
            return Err(RecipeError::Value {
                field: "answer".into(),
                found: "false".into(),
                allowed: "true, since wrong-answer needs an answer section".into(),
            });
        }
        let fallback = CorruptionConfig::of(vec![KindConfig::of("truncation")]);
        let corruption = Corruption::new(corruption).map_err(wrong)?;
        if let Some(dialect) = dialect(about_of(recipe)?, &recipe.dialect) {
            corruption.fits(&dialect, recipe.restate_per_mille > 0).map_err(wrong)?;
        }
        Ok(Corrupter { corruption, fallback: Corruption::new(&fallback).map_err(wrong)? })
    }

    /// The token that replaces the trace; none if the corruption is not a filler.
    pub fn fills_with(&self) -> Option<&str> {
        let mut kinds = self.corruption.kinds.iter();
        kinds.find(|kind| kind.entry.name == "filler").map(|kind| kind.options.token.as_str())
    }

    /// Replaces the trace by another row's and appends the text. None if this does not change the text.
    pub fn swap(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        donor: &Episode,
        draw: &mut Draw,
        buffers: &mut WorkerBuffers,
        text: &mut Vec<u8>,
    ) -> Option<Corrupted> {
        let attempt = Attempt { donor: Some(donor), ..Attempt::of(dataset, episode) };
        self.plant(&self.corruption, dataset, episode, &attempt, draw, buffers, text)
    }

    /// The rule for swaps; none if the corruption does not swap.
    pub fn swaps_within(&self) -> Option<Within> {
        self.corruption.swaps_within()
    }

    /// Corrupts a trace of a row's puzzle and appends the text. None if nothing can be corrupted: a search that explores nothing writes nothing, and a JSON
    /// object with its answer cannot be cut.
    pub fn corrupt_trace(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        attempt: &Attempt<'_>,
        draw: &mut Draw,
        buffers: &mut WorkerBuffers,
        text: &mut Vec<u8>,
    ) -> Option<Corrupted> {
        if let Some(corrupted) = self.plant(&self.corruption, dataset, episode, attempt, draw, buffers, text) {
            return Some(corrupted);
        }
        // A swap that changes nothing is not a swap, and neither is a half of the row's own trace.
        let cut = match self.swaps_within() {
            Some(_) => None,
            None => self.plant(&self.fallback, dataset, episode, attempt, draw, buffers, text),
        };
        buffers.count(match (&cut, self.swaps_within()) {
            (Some(_), _) => TRUNCATED_INSTEAD,
            (None, None) => LEFT_CLEAN,
            (None, Some(_)) => NOT_SWAPPED,
        });
        cut
    }

    /// Plants a corruption in a trace, without a substitute.
    #[expect(clippy::too_many_arguments)]
    pub fn plant(
        &self,
        corruption: &Corruption,
        dataset: &Dataset,
        episode: &Episode,
        attempt: &Attempt<'_>,
        draw: &mut Draw,
        buffers: &mut WorkerBuffers,
        text: &mut Vec<u8>,
    ) -> Option<Corrupted> {
        let puzzle = &episode.proven.puzzle;
        let facts = LazyFacts::known(puzzle, episode.proven.facts);
        let input = Input {
            puzzle,
            facts: &facts,
            trace: attempt.trace,
            search: attempt.search,
            search_draw: attempt.draw,
            dialect: &dataset.dialect,
            phrasing: episode.phrasing,
            donor: attempt.donor.map(|donor| Donor {
                index: donor.index,
                puzzle: &donor.proven.puzzle,
                trace: &donor.trace,
            }),
        };
        corrupt(&input, corruption, draw, &mut buffers.scratch, text).ok()
    }

    /// The marks of a corrupted text: the places where a check finds errors, and the parts that a loss should skip. These are the planted defects of single
    /// steps. Corruptions of whole traces are there to be learned from.
    pub fn marks(&self, corrupted: &Corrupted) -> (Vec<Mark>, Vec<Mark>) {
        let wrong = corrupted.verdict.errors.iter().filter_map(|error| error.span).map(Mark::of).collect();
        let of_step = |kind: &str| corruptions().iter().any(|entry| entry.name == kind && entry.scope == Scope::Step);
        let defects = corrupted.defects.iter().filter(|defect| of_step(defect.kind));
        (distinct(wrong), distinct(defects.map(|defect| Mark::of(defect.span)).collect()))
    }
}

/// Sorts the marks and removes repeated ones.
fn distinct(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_by_key(|mark| (mark.text, mark.span.0, mark.span.1));
    marks.dedup();
    marks
}

/// The usual corruption of a dialect: one defect of the step kinds that fit it, or a truncation if none fits.
pub fn usual(dialect: &DialectEntry, judges: Judges, recipe: &Recipe) -> CorruptionConfig {
    let fits = |(name, _, mode): &(&str, u32, Option<Mode>)| {
        let entry = corruptions().into_iter().find(|entry| entry.name == *name);
        if *name == "wrong-state" && dialect.leaves_states_out() {
            return recipe.restate_per_mille > 0;
        }
        entry.is_some_and(|entry| entry.fits(dialect.about, dialect.told, mode.unwrap_or_default()).is_ok())
    };
    let kind = |(name, weight, mode)| KindConfig { weight, mode, ..KindConfig::of(name) };
    let more = if judges == Judges::Steps { &OF_STEPS[..] } else { &[] };
    let mut kinds: Vec<KindConfig> = USUAL.iter().chain(more).copied().filter(fits).map(kind).collect();
    if kinds.is_empty() {
        kinds.push(KindConfig::of("truncation"));
    }
    CorruptionConfig { first: Some(First::Step), ..CorruptionConfig::of(kinds) }
}
