//! Breaking the trace of a row: by a recipe's corruption, and by a truncation where nothing of it can be planted.

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

/// What the manifest counts.
const TRUNCATED_INSTEAD: &str = "corrupted rows truncated, since nothing of the mix could be planted";
const NOT_SWAPPED: &str = "swapped rows that show their own trace, since no other one of their block differs from it";
const LEFT_CLEAN: &str = "corrupted rows left clean, since their trace is empty";

/// What is broken where a recipe does not say: a step of each of these kinds, as far as it fits the dialect.
const USUAL: [(&str, u32, Option<Mode>); 5] = [
    ("arithmetic-slip", 16, None),
    ("wrong-state", 16, None),
    ("illegal-move", 16, None),
    ("unsound-inference", 16, None),
    // A second goal would tell by itself, so the trace ends there; seldom, since that makes it shorter.
    ("false-goal", 1, Some(Mode::Propagated)),
];

/// What is broken on top of these where single steps are judged: whatever a step says, it can be wrong in some candidate, so that what sort of step
/// it is does not tell whether it is right.
const OF_STEPS: [(&str, u32, Option<Mode>); 4] = [
    ("wrong-backtrack", 16, None),
    ("unknown-node", 16, None),
    ("repeated-step", 16, None),
    ("duplicate-node", 16, None),
];

/// What is judged of candidates.
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
    /// Its stream, as it was before it ran.
    pub draw: &'a Draw,
    /// The trace.
    pub trace: &'a Trace,
    /// The row that a swap takes its trace from.
    pub donor: Option<&'a Episode>,
}

impl<'a> Attempt<'a> {
    /// The row's own.
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
    /// What is planted where nothing of the mix can be: a truncation always can.
    fallback: Corruption,
}

impl Corrupter {
    /// The corruption that a record config asks for.
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

    /// The token that stands in the place of its traces; none where it is no filler.
    pub fn fills_with(&self) -> Option<&str> {
        let mut kinds = self.corruption.kinds.iter();
        kinds.find(|kind| kind.entry.name == "filler").map(|kind| kind.options.token.as_str())
    }

    /// Puts another row's trace in the place of the own one and appends the text. None where that does not change the text.
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

    /// Among which rows it swaps traces; none where it does not.
    pub fn swaps_within(&self) -> Option<Within> {
        self.corruption.swaps_within()
    }

    /// Breaks a trace of a row's puzzle and appends the text. None where nothing can be broken: a search that explores nothing writes nothing, and an
    /// object in JSON with its answer cannot be cut.
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
        // A swap that changes nothing is no swap; half of the own trace would be none either.
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

    /// Plants a corruption in a trace, and nothing in its place.
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

    /// Where a broken text is wrong (wherever a check finds an error), and what of it a loss should skip: the planted defects, where single steps
    /// are broken. What is broken as a whole is there to be learned from.
    pub fn marks(&self, corrupted: &Corrupted) -> (Vec<Mark>, Vec<Mark>) {
        let wrong = corrupted.verdict.errors.iter().filter_map(|error| error.span).map(Mark::of).collect();
        let of_step = |kind: &str| corruptions().iter().any(|entry| entry.name == kind && entry.scope == Scope::Step);
        let defects = corrupted.defects.iter().filter(|defect| of_step(defect.kind));
        (distinct(wrong), distinct(defects.map(|defect| Mark::of(defect.span)).collect()))
    }
}

/// In order of place, each once.
fn distinct(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_by_key(|mark| (mark.text, mark.span.0, mark.span.1));
    marks.dedup();
    marks
}

/// The usual corruption of a dialect: one defect of the kinds of a step that fit it; of those that are left, any.
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
