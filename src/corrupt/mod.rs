//! Corruptions: defects are planted in a trace on purpose, with a label for the place and the class of each.
//!
//! A new corruption is one file (or one function in the file of its family) and one line in [`corruptions`].
//!
//! Each kind says itself what it broke and where. Then a check must find the defect there, with that class, and no error before it. If it
//! does not (a wrong move may be right by chance), the draw is repeated. A trace in which no defect holds is an error that callers count;
//! it never becomes a clean or mislabelled row. Dropped or shuffled steps and replaced texts have no place of their own; their label is the
//! first error of the check.
//!
//! By default the kind of each defect is drawn first, by the weights of the mix, then the step, uniformly among the steps where the kind
//! holds, then the details. With [`First::Step`] the step decides which kinds can be drawn. The prompt is never changed, and the puzzle's
//! right answer only by `wrong-answer`.

mod claims;
mod config;
mod costs;
mod draft;
mod fits;
mod fitting;
mod inferences;
mod nodes;
mod slips;
mod steps;
pub mod swap;
mod texts;

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Serialize;
use sos_envs::{About, Draw};

pub use config::{
    Amount, Chosen, Corruption, CorruptionConfig, CorruptionError, Equal, First, KindConfig, KindOptions, Mode,
    Variant, Within,
};
pub use fitting::fitting_kinds;

use crate::arena::Puzzle;
use crate::arena::Scratch;
use crate::check::{ErrorClass, LazyFacts, Level, Request, Verdict, check};
use crate::dialect::{Coverage, DialectEntry, Parsed, Phrasing, Span};
use crate::search::Search;
use crate::trace::Trace;
use draft::{Draft, Planted, of_error, sample};

/// Number of draws of a kind in one trace before another kind of the mix is tried.
const TRIES: usize = 32;

/// Number of draws at one step.
const TRIES_PER_STEP: usize = 4;

/// How much of a trace a kind breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// One step, and in propagated mode what follows from it.
    Step,
    /// The whole trace. Nothing else can be planted with it.
    Whole,
}

/// A corruption in the registry.
pub struct CorruptionEntry {
    /// Name in recipes and rows.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// The error classes that it can plant; empty means any.
    pub classes: &'static [ErrorClass],
    /// How much of a trace it breaks.
    pub scope: Scope,
    /// The names of its options.
    pub options: &'static [&'static str],
    fits: fits::Fits,
    operation: Operation,
}

impl CorruptionEntry {
    /// Whether the kind fits a dialect of this coverage; if not, why.
    pub fn fits(&self, about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
        (self.fits)(about, told, mode)
    }

    /// The level of its errors; none where only a check of the broken text can tell.
    pub fn level(&self) -> Option<Level> {
        self.classes.first().map(|class| class.level())
    }

    /// Whether the kind runs the search again. Such kinds must come before edits of the trace.
    fn reruns(&self, options: &KindOptions) -> bool {
        match self.operation {
            Operation::Steps { reruns, .. } => {
                reruns == Reruns::Always || (reruns == Reruns::Propagated && options.mode == Mode::Propagated)
            }
            Operation::Text(_) => false,
        }
    }
}

/// In which modes a kind runs the search again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reruns {
    Never,
    Propagated,
    Always,
}

type Sites = fn(&Draft<'_>, &KindOptions) -> Vec<usize>;
/// Plants a defect at a step. If it returns none, it has changed nothing, except that a search may have been run again.
type Plant = fn(&mut Draft<'_>, usize, &KindOptions, &mut Draw) -> Option<Planted>;

/// Makes another text. None where there is none.
type Edit = fn(&Draft<'_>, &KindOptions, &mut Draw) -> Option<texts::Edited>;

/// How a kind works: it edits a step, or makes another text.
enum Operation {
    Steps { reruns: Reruns, sites: Sites, plant: Plant },
    Text(Edit),
}

/// The registry: one line for each corruption.
#[rustfmt::skip]
pub fn corruptions() -> Vec<CorruptionEntry> {
    use ErrorClass::*;
    use Reruns::{Always, Never, Propagated};
    let entry = |name, classes, scope, options, operation, help| CorruptionEntry { name, help, classes, scope, options, fits: fits::steps, operation };
    let step = |name, classes, options, reruns, sites: Sites, plant: Plant, help| {
        entry(name, classes, Scope::Step, options, Operation::Steps { reruns, sites, plant }, help)
    };
    let whole = |name, classes, options, text: Edit, help| {
        entry(name, classes, Scope::Whole, options, Operation::Text(text), help)
    };
    vec![
        CorruptionEntry { fits: fits::results, ..step("arithmetic-slip", &[Arithmetic], &["mode"], Propagated, slips::arithmetic_sites, slips::arithmetic, "an operation gets a wrong result") },
        CorruptionEntry { fits: fits::states, ..step("wrong-state", &[WrongState, IllegalMove], &["mode", "variant"], Propagated, slips::state_sites, slips::state, "a state has lost, changed or invented something; where no moves are told, no step leads to it") },
        step("illegal-move", &[IllegalMove], &["mode"], Propagated, slips::illegal_sites, slips::illegal, "a move that is not possible in its state"),
        CorruptionEntry { fits: fits::inferences, ..step("unsound-inference", &[UnsoundInference], &["mode"], Propagated, inferences::sites, inferences::unsound, "something is inferred that does not follow") },
        CorruptionEntry { fits: fits::inferences, ..step("wrong-reason", &[UnsoundInference], &[], Never, inferences::sites, inferences::wrong_reason, "what is inferred holds, but not for the reason that is given") },
        CorruptionEntry { fits: fits::inferences, ..step("forgotten-candidate", &[UnsoundInference], &[], Never, inferences::sites, inferences::forgotten, "a guess leaves a candidate out of its list") },
        CorruptionEntry { fits: fits::variables, ..step("stale-value", &[WrongState], &["mode"], Propagated, inferences::stale_sites, inferences::stale, "behind a return a state still has a value of the branch that was given up") },
        CorruptionEntry { fits: fits::names, ..step("unknown-node", &[UnknownNode], &[], Never, nodes::unknown_sites, nodes::unknown, "a reference to a node that does not exist") },
        CorruptionEntry { fits: fits::names, ..step("duplicate-node", &[DuplicateNode], &[], Never, nodes::duplicate_sites, nodes::duplicate, "a child is generated and opened once more") },
        step("wrong-backtrack", &[AlreadyClosed, NotOpen], &["mode"], Never, nodes::backtrack_sites, nodes::backtrack, "a move to a node that is done with; propagated: it is visited, then the right one"),
        CorruptionEntry { fits: fits::costs, ..step("wrong-cost", &[WrongCost], &["mode"], Never, costs::sites, costs::cost, "a wrong cost, estimate or edge weight; propagated: costs behind it follow") },
        CorruptionEntry { fits: fits::goals, ..step("false-goal", &[FalseGoal], &["mode"], Never, claims::false_goal_sites, claims::false_goal, "what is no goal is called one; propagated: the search stops there") },
        CorruptionEntry { fits: fits::dead_ends, ..step("false-dead-end", &[FalseDeadEnd], &[], Always, claims::false_dead_end_sites, claims::false_dead_end, "a node that leads on is called a dead end, and not explored") },
        CorruptionEntry { fits: fits::dead_ends, ..step("missed-goal", &[FalseDeadEnd], &[], Always, claims::missed_goal_sites, claims::missed_goal, "the goal is called a dead end, and the search goes on") },
        CorruptionEntry { fits: fits::answers, ..step("wrong-answer", &[WrongAnswer], &[], Never, claims::wrong_answer_sites, claims::wrong_answer, "the answer section does not solve the puzzle") },
        step("dropped-step", &[], &[], Never, steps::dropped_sites, steps::dropped, "a step is left out"),
        step("repeated-step", &[], &[], Never, steps::repeated_sites, steps::repeated, "a step is written twice"),
        step("shuffled-steps", &[], &["window"], Never, steps::shuffled_sites, steps::shuffled, "the steps of a window stand in random order"),
        whole("truncation", &[Truncated, Malformed], &[], texts::truncation, "the text of the trace ends in the middle of a step"),
        whole("filler", &[Malformed, Truncated], &["token", "equal", "tokens"], texts::filler, "a constant token instead of the trace, as many of them or a fixed number"),
        whole("swap", &[], &["within"], texts::swap, "the trace of another row"),
    ]
}

/// The row whose trace a swap takes.
pub struct Donor<'a> {
    /// Its index in the split.
    pub index: u64,
    /// Its puzzle.
    pub puzzle: &'a Puzzle,
    /// Its clean trace.
    pub trace: &'a Trace,
}

/// The input of a corruption.
pub struct Input<'a> {
    /// The puzzle.
    pub puzzle: &'a Puzzle,
    /// The solver facts of the puzzle.
    pub facts: &'a LazyFacts<'a>,
    /// The clean trace, with the answer section if the row has one.
    pub trace: &'a Trace,
    /// The search that made the trace.
    pub search: &'a Search,
    /// The search's random stream, as it was before the search ran.
    pub search_draw: &'a Draw,
    /// The dialect.
    pub dialect: &'a DialectEntry,
    /// The wording of the row.
    pub phrasing: Phrasing,
    /// The row whose trace a swap takes.
    pub donor: Option<Donor<'a>>,
}

/// A planted defect, as a row lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// The corruption that planted it.
    pub kind: &'static str,
    /// Its error class.
    pub class: ErrorClass,
    /// The level of the class.
    pub level: Level,
    /// The index of the event, from 0. For a defect in the answer section: the number of events.
    pub step: usize,
    /// The byte range in the text, end exclusive.
    pub span: Span,
    /// What the text has there.
    pub found: String,
    /// What would be right there.
    pub expected: String,
    /// For a swap: the index of the row that the trace belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<u64>,
}

/// The result of a corruption.
#[derive(Clone, Debug)]
pub struct Corrupted {
    /// The text, read back.
    pub parsed: Parsed,
    /// The verdict of a check.
    pub verdict: Verdict,
    /// The planted defects, in the order of the check's errors.
    pub defects: Vec<Defect>,
}

/// A trace could not be corrupted as asked. Callers count these.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorruptError {
    /// The dialect does not read its own text back, so no place in it is known.
    #[error("the dialect {dialect} does not read back what it writes of this trace")]
    Unfaithful {
        /// The dialect.
        dialect: &'static str,
    },
    /// No kind of the mix can be planted in this trace.
    #[error(
        "none of {kinds} can be planted in this trace (after {planted} of {wanted}); choose other kinds or fewer defects"
    )]
    Nothing {
        /// The kinds that were tried.
        kinds: String,
        /// How many defects were planted before.
        planted: u32,
        /// How many defects were asked for.
        wanted: u32,
    },
    /// There is no other row for a swap.
    #[error("a swap needs another row of its block, and there is none; make blocks larger")]
    NoDonor,
}

/// Corrupts a trace and appends its text to `out`. On failure, `out` is unchanged. The result depends on the arguments only.
///
/// If a kind cannot be planted (a search without costs has no cost to break), another kind of the mix is drawn by weight. The defects say
/// which kind it was.
pub fn corrupt(
    input: &Input<'_>,
    corruption: &Corruption,
    draw: &mut Draw,
    scratch: &mut Scratch,
    out: &mut Vec<u8>,
) -> Result<Corrupted, CorruptError> {
    if input.donor.is_none() && corruption.swaps_within().is_some() {
        return Err(CorruptError::NoDonor);
    }
    let shared = RefCell::new(std::mem::take(scratch));
    let result = run(input, corruption, draw, &shared).map(|(draft, source)| finish(draft, source, out));
    *scratch = shared.into_inner();
    result
}

fn finish(draft: Draft<'_>, source: Option<u64>, out: &mut Vec<u8>) -> Corrupted {
    let defects = defects(&draft, source);
    out.extend_from_slice(&draft.text);
    let judge = || check(draft.input.puzzle, draft.input.facts, &draft.parsed, Request::default());
    let verdict = draft.verdict.clone().unwrap_or_else(judge);
    Corrupted { parsed: draft.parsed, verdict, defects }
}

fn run<'a>(
    input: &'a Input<'a>,
    corruption: &Corruption,
    draw: &mut Draw,
    scratch: &'a RefCell<Scratch>,
) -> Result<(Draft<'a>, Option<u64>), CorruptError> {
    let unfaithful = CorruptError::Unfaithful { dialect: input.dialect.name };
    let mut draft = Draft::new(input, scratch).ok_or(unfaithful)?;
    let wanted = how_many(&draft, corruption, draw);
    let kinds = kinds(&draft, corruption, wanted, draw).into_iter();
    // Kinds that run the search again come before edits of its trace.
    let reruns = |kind: &usize| corruption.kinds[*kind].entry.reruns(&corruption.kinds[*kind].options);
    let (mut kinds, edits): (Vec<usize>, Vec<usize>) = kinds.partition(reruns);
    kinds.extend(edits);
    let mut source = None;
    let (mut planted, mut batch) = (0, 1);
    while planted < kinds.len() {
        let together = &kinds[planted..kinds.len().min(planted + batch)];
        if together.len() > 1 {
            match plant_together(&draft, corruption, together, draw) {
                Some(broken) => {
                    draft = broken;
                    planted += together.len();
                    batch *= 2;
                }
                None => batch /= 2,
            }
            continue;
        }
        let (kind, broken) = plant_some(&draft, corruption, kinds[planted], draw)
            .map_err(|kinds| CorruptError::Nothing { kinds, planted: planted as u32, wanted })?;
        draft = broken;
        planted += 1;
        batch = 2;
        if kind == "swap" {
            source = input.donor.as_ref().map(|donor| donor.index);
        }
    }
    Ok((draft, source))
}

/// Draws the kind of each defect: by weight, or with [`First::Step`] by a step that is drawn first. A kind then comes in proportion to the
/// steps in which it can stand, and is planted evenly among these. So the defects lie evenly over all steps.
fn kinds(draft: &Draft<'_>, corruption: &Corruption, wanted: u32, draw: &mut Draw) -> Vec<usize> {
    let weights: Vec<u64> = corruption.kinds.iter().map(|kind| u64::from(kind.weight)).collect();
    let mut at: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    if corruption.first == First::Step {
        for (place, kind) in corruption.kinds.iter().enumerate().filter(|(place, _)| weights[*place] > 0) {
            let Operation::Steps { sites, .. } = &kind.entry.operation else { continue };
            for step in sites(draft, &kind.options) {
                at.entry(step).or_insert_with(|| vec![0; weights.len()])[place] = weights[place];
            }
        }
    }
    let steps: Vec<Vec<u64>> = at.into_values().collect();
    let heaviest = steps.iter().map(|kinds| kinds.iter().copied().max().unwrap_or(0));
    let draw_one = |_| {
        let step = if steps.is_empty() { None } else { steps.get(draw.weighted(heaviest.clone())) };
        draw.weighted(step.unwrap_or(&weights).iter().copied())
    };
    (0..wanted).map(draw_one).collect()
}

/// Plants several defects and proves them by one check, which makes high rates cheap. None where one of them does not hold; the caller then
/// plants fewer at a time.
fn plant_together<'a>(
    draft: &Draft<'a>,
    corruption: &Corruption,
    kinds: &[usize],
    draw: &mut Draw,
) -> Option<Draft<'a>> {
    let mut broken = draft.clone();
    for &kind in kinds {
        let Chosen { entry, options, .. } = corruption.kinds.get(kind)?;
        let Operation::Steps { sites, plant, .. } = &entry.operation else { return None };
        // Without classes, only a check can tell what was planted.
        if entry.reruns(options) || entry.classes.is_empty() {
            return None;
        }
        let sites = sites(&broken, options);
        // A failed attempt has changed nothing.
        let planted = (0..TRIES).find_map(|_| plant(&mut broken, *draw.choose(&sites)?, options, draw))?;
        if !broken.note(planted, entry.name, entry.classes) {
            return None;
        }
    }
    broken.settle().then_some(broken)
}

/// Plants a defect of a kind, or else of another kind of the mix. Gives the name of the kind that was planted. The error lists the kinds that
/// were tried.
fn plant_some<'a>(
    draft: &Draft<'a>,
    corruption: &Corruption,
    kind: usize,
    draw: &mut Draw,
) -> Result<(&'static str, Draft<'a>), String> {
    let edited = draft.labels.len() > draft.slips.len();
    let mut tried = Vec::new();
    let mut next = Some(kind);
    while let Some(kind) = next {
        let chosen = &corruption.kinds[kind];
        if !(edited && chosen.entry.reruns(&chosen.options))
            && let Some(broken) = plant(draft, chosen, draw)
        {
            return Ok((chosen.entry.name, broken));
        }
        tried.push(kind);
        next = another(corruption, &tried, draw);
    }
    let names = tried.iter().map(|&kind| corruption.kinds[kind].entry.name);
    Err(names.collect::<Vec<_>>().join(", "))
}

/// The number of defects for a trace. For a rate, it counts the steps in which one of the kinds can be planted.
fn how_many(draft: &Draft<'_>, corruption: &Corruption, draw: &mut Draw) -> u32 {
    match corruption.amount {
        Amount::Count(count) => count,
        Amount::Rate { per_mille, at_least } => {
            let mut steps = Vec::new();
            for kind in corruption.kinds.iter().filter(|kind| kind.weight > 0) {
                if let Operation::Steps { sites, .. } = &kind.entry.operation {
                    steps.extend(sites(draft, &kind.options));
                }
            }
            steps.sort_unstable();
            steps.dedup();
            let thousandths = (steps.len() as u64).saturating_mul(u64::from(per_mille));
            let whole = thousandths / 1000 + u64::from(draw.chance(thousandths % 1000, 1000));
            u32::try_from(whole).unwrap_or(config::MOST_DEFECTS).min(config::MOST_DEFECTS).max(at_least)
        }
    }
}

/// Draws a kind of the mix that was not tried yet, by weight.
fn another(corruption: &Corruption, tried: &[usize], draw: &mut Draw) -> Option<usize> {
    let kinds = corruption.kinds.iter().enumerate();
    let weights = kinds.map(|(i, kind)| if tried.contains(&i) { 0 } else { u64::from(kind.weight) });
    (weights.clone().any(|weight| weight > 0)).then(|| draw.weighted(weights))
}

/// Plants one defect of a kind; none where it holds nowhere.
fn plant<'a>(draft: &Draft<'a>, kind: &Chosen, draw: &mut Draw) -> Option<Draft<'a>> {
    match &kind.entry.operation {
        Operation::Steps { sites, plant, .. } => {
            let sites = sample(sites(draft, &kind.options), TRIES, draw);
            let tries = TRIES.min(sites.len() * TRIES_PER_STEP);
            for attempt in 0..tries {
                let mut broken = draft.clone();
                if let Some(planted) = plant(&mut broken, sites[attempt % sites.len()], &kind.options, draw)
                    && broken.settle_with(planted, kind.entry.name, kind.entry.classes)
                {
                    return Some(broken);
                }
            }
            None
        }
        Operation::Text(edit) => (0..TRIES).find_map(|_| {
            let edited = edit(draft, &kind.options, draw)?;
            let mut broken = draft.clone();
            broken.replace_text(edited, kind.entry.name, kind.entry.classes).then_some(broken)
        }),
    }
}

impl Draft<'_> {
    /// Replaces the text. The defect is its first error. False where the text is the same, has no such error, or has another answer.
    fn replace_text(&mut self, edited: texts::Edited, kind: &'static str, classes: &[ErrorClass]) -> bool {
        if edited.text == self.text {
            return false;
        }
        self.text = edited.text;
        let verdict = self.read(edited.parsed);
        self.labels.extend(verdict.first_error.iter().map(|error| of_error(kind, error)));
        let promised = |class| classes.is_empty() || classes.contains(&class);
        let holds = verdict.first_error.as_ref().is_some_and(|error| error.span.is_some() && promised(error.class));
        self.verdict = Some(verdict);
        holds && self.keeps_answer(&self.parsed)
    }

    /// Whether a text still has the answer of the clean text.
    fn keeps_answer(&self, parsed: &Parsed) -> bool {
        parsed.trace.answer == self.trace.answer
    }
}

/// The defects, in the order in which the check lists them.
fn defects(draft: &Draft<'_>, source: Option<u64>) -> Vec<Defect> {
    let defect = |label: &draft::Label| Defect {
        kind: label.kind,
        class: label.class,
        level: label.class.level(),
        step: label.step,
        span: draft.span(label).unwrap_or_default(),
        found: label.found.clone(),
        expected: label.expected.clone(),
        source,
    };
    let errors = draft.verdict.as_ref().map_or(&[][..], |verdict| &verdict.errors);
    let place = |label: &draft::Label| errors.iter().position(|error| draft.fits(label, error));
    in_order(draft.labels.iter().map(|label| (place(label), defect(label))).collect())
}

/// Sorts defects by their places.
fn in_order(mut defects: Vec<(Option<usize>, Defect)>) -> Vec<Defect> {
    defects.sort_by_key(|(place, _)| *place);
    defects.into_iter().map(|(_, defect)| defect).collect()
}
