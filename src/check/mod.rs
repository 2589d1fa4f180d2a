//! Checking: a trace is replayed against its puzzle, whoever wrote it. The same for clean traces, corrupted ones and what a model
//! writes.

mod ancestors;
mod beyond_semantics;
mod error;
mod exhausted;
mod policy;
mod replay;
mod rollout;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde::Serialize;
use sos_envs::{Cost, SolverFacts, Style};

pub use error::{ErrorClass, Level, TraceError};
pub use rollout::Steps;

use crate::arena::Puzzle;
use crate::dialect::{Around, Parsed, Span};
use crate::search::Search;
use crate::trace::{Answer, Counts, MoveId, StateId};

/// SolverFacts of a puzzle, proven when they are first needed.
pub struct LazyFacts<'a> {
    puzzle: &'a Puzzle,
    facts: OnceCell<SolverFacts>,
}

impl<'a> LazyFacts<'a> {
    /// Nothing is proven yet.
    pub fn new(puzzle: &'a Puzzle) -> Self {
        LazyFacts { puzzle, facts: OnceCell::new() }
    }

    /// SolverFacts that are known already.
    pub fn known(puzzle: &'a Puzzle, facts: SolverFacts) -> Self {
        LazyFacts { puzzle, facts: OnceCell::from(facts) }
    }

    /// The facts.
    pub fn get(&self) -> &SolverFacts {
        self.facts.get_or_init(|| self.puzzle.solver_facts())
    }
}

/// What a check asks for.
#[derive(Default)]
pub struct Request<'a> {
    /// Errors beyond this level are not looked for.
    pub level: Level,
    /// Whether there must be an answer section.
    pub needs_answer: bool,
    /// The search that the trace is to be one of; the level `policy` asks nothing without it.
    pub search: Option<&'a Search>,
}

impl Clone for Request<'_> {
    fn clone(&self) -> Self {
        *self
    }
}

impl Copy for Request<'_> {}

/// What a check says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Whether every line parsed.
    pub parsed: bool,
    /// Whether the puzzle is solved: by the answer section where there is one (the last one, where there are several), else by the first goal
    /// of the trace. A puzzle without solution is solved by saying so.
    pub solved: bool,
    /// Whether the trace alone reaches a goal by right steps, or says that there is no solution where that is so, whatever the answer section
    /// says. None where there is no trace.
    pub trace_solved: Option<bool>,
    /// Whether the answer section alone is right (the last one, where there are several). None where there is none.
    pub answer_right: Option<bool>,
    /// Whether there is no error up to the level asked for.
    pub valid: bool,
    /// Where solved: whether nothing is cheaper.
    pub optimal: Option<bool>,
    /// Cost of the solution that was found.
    pub cost: Option<Cost>,
    /// The earliest error by place.
    pub first_error: Option<TraceError>,
    /// All errors, by place.
    pub errors: Vec<TraceError>,
    /// Counts.
    pub metrics: Metrics,
    /// The outcome: 1 where solved and no other answer stands beside the one that solves, else 0. It does not ask for a valid trace.
    pub reward: f64,
}

/// Counts of a verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Metrics {
    /// How large the trace is.
    #[serde(flatten)]
    pub counts: Counts,
    /// Errors by class, those that occur.
    pub errors: BTreeMap<&'static str, u64>,
    /// Errors by the classes of the Stream of Search analysis.
    pub stream_of_search: BTreeMap<&'static str, u64>,
    /// The class that the Beyond Semantics validator gives the first failing event; none where it passes. Of a trace that does not tell
    /// costs and estimates: the nearest of its classes to the first error.
    pub beyond_semantics: Option<&'static str>,
    /// Whether the plan is right, whatever the trace.
    pub plan_valid: bool,
    /// Whether the trace is right, whatever the plan.
    pub trace_valid: bool,
    /// Of a trace over variables that says that there is no solution: whether it has no error and tried all that there is, so that it proves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proves_unsolvable: Option<bool>,
}

/// Where moves lead from the start, and what they cost; none where one of them is illegal or claims something wrong of itself.
pub fn follow(puzzle: &Puzzle, moves: &[MoveId]) -> Option<(StateId, Cost)> {
    let mut state = puzzle.start();
    let mut total: Cost = 0;
    for &action in moves {
        if puzzle.repeats_given(state, action) {
            continue;
        }
        let (right, next, cost) = puzzle.apply(state, action)?;
        if right != action {
            return None;
        }
        state = next;
        total = total.checked_add(cost)?;
    }
    Some((state, total))
}

/// Checks a parsed trace.
pub fn check(puzzle: &Puzzle, facts: &LazyFacts<'_>, parsed: &Parsed, request: Request<'_>) -> Verdict {
    let mut replayed = replay::replay(puzzle, parsed, facts);
    let mut errors = std::mem::take(&mut replayed.errors);
    errors.extend(parsed.errors.iter().map(|error| TraceError {
        class: if error.truncated { ErrorClass::Truncated } else { ErrorClass::Malformed },
        level: Level::Format,
        step: error.step,
        span: Some(error.span),
        found: String::new(),
        expected: error.expected.into(),
    }));
    if let Some(search) = request.search.filter(|_| request.level == Level::Policy) {
        errors.extend(policy::policy(puzzle, parsed, search, &errors));
    }
    let reached = judge_trace(puzzle, facts, parsed, &replayed);
    let mut fail = |span: Span, class: ErrorClass, found: String, expected: String| {
        let span = Some(span).filter(|span| span.1 > 0);
        errors.push(TraceError { class, level: class.level(), step: parsed.trace.events.len(), span, found, expected });
    };
    for section in &parsed.earlier {
        judge_answer(puzzle, facts, (&section.answer, section.broken, Around::default()), |class, found, expected| {
            fail(section.span, class, found, expected);
        });
    }
    let answered = parsed.trace.answer.as_ref().map(|answer| {
        judge_answer(puzzle, facts, (answer, parsed.broken_answer, parsed.around), |class, found, expected| {
            fail(parsed.answer_span, class, found, expected);
        })
    });
    // An answer that cannot be read hides no other one behind it: it is not right.
    let answered = if parsed.unread_answer { Some(Answered { right: false, cost: None }) } else { answered };
    if answered.is_none() && request.needs_answer {
        let expected = "an answer section behind the trace";
        fail(parsed.answer_span, ErrorClass::NoAnswer, "no answer section".into(), expected.into());
    }
    let (solved, cost) = match &answered {
        Some(answered) => (answered.right, answered.cost),
        None => (reached.solved == Some(true), reached.cost),
    };
    let alone = match &parsed.trace.answer {
        Some(answer) => parsed.earlier.iter().all(|section| section.answer.moves == answer.moves),
        // What a trace alone claims is its answer.
        None => {
            let claims = [ErrorClass::FalseGoal, ErrorClass::FalseUnsolvable];
            !errors.iter().any(|error| claims.contains(&error.class))
        }
    };
    errors.retain(|error| error.level <= request.level);
    error::sort_by_place(&mut errors);
    let valid = errors.is_empty();
    // Where there is a solution, but what the cheapest costs was not proven, nothing is said.
    let best = || facts.get().optimal_cost;
    let optimal = cost.filter(|_| solved).and_then(|cost| best().map(|best| cost == best));
    let metrics = metrics(puzzle, parsed, &errors, solved);
    Verdict {
        parsed: parsed.errors.is_empty(),
        solved,
        trace_solved: reached.solved,
        answer_right: answered.map(|answered| answered.right),
        valid,
        optimal,
        cost,
        first_error: errors.first().cloned(),
        errors,
        metrics,
        reward: if solved && alone { 1.0 } else { 0.0 },
    }
}

/// What the trace reaches, whatever the answer sections say.
struct Reached {
    /// Whether it reaches a goal by right steps, or says that there is no solution where that is so; none without a trace.
    solved: Option<bool>,
    cost: Option<Cost>,
}

fn judge_trace(puzzle: &Puzzle, facts: &LazyFacts<'_>, parsed: &Parsed, replayed: &replay::Replayed) -> Reached {
    let trace = &parsed.trace;
    if !trace.tells() {
        return Reached { solved: None, cost: None };
    }
    match replayed.goal {
        Some(true) => {
            let moves = puzzle.solution(trace);
            let cost = moves.as_ref().and_then(|moves| follow(puzzle, moves)).map(|(_, cost)| cost);
            Reached { solved: Some(moves.is_some()), cost }
        }
        Some(false) => Reached { solved: Some(false), cost: None },
        None => Reached { solved: Some(replayed.says_unsolvable && !facts.get().solvable), cost: None },
    }
}

/// An answer section that was judged.
struct Answered {
    right: bool,
    cost: Option<Cost>,
}

/// Judges an answer section by itself.
fn judge_answer(
    puzzle: &Puzzle,
    facts: &LazyFacts<'_>,
    (answer, broken, around): (&Answer, bool, Around),
    mut fail: impl FnMut(ErrorClass, String, String),
) -> Answered {
    let Some(moves) = &answer.moves else {
        if facts.get().solvable {
            fail(ErrorClass::FalseUnsolvable, "no solution".into(), "there is a solution".into());
        }
        return Answered { right: !facts.get().solvable, cost: None };
    };
    let end = follow(puzzle, moves).filter(|(state, _)| puzzle.is_goal(*state) && !broken);
    let Some((_, cost)) = end else {
        let names_none = |&action: &MoveId| puzzle.never_legal(action).is_some();
        if let Some(action) = impossible(puzzle, moves).filter(|action| around.shortest || names_none(action)) {
            let found = replay::text(|out| puzzle.write_move(action, Style::Frame, out));
            fail(ErrorClass::IllegalMove, found, possible_move(puzzle, action, "there"));
            return Answered { right: false, cost: None };
        }
        let found = moves.iter().map(|&m| replay::text(|out| puzzle.write_move(m, Style::Frame, out)));
        fail(ErrorClass::WrongAnswer, found.collect::<Vec<_>>().join(", "), "moves that lead to the goal".into());
        return Answered { right: false, cost: None };
    };
    if let Some(stated) = around.cost.filter(|&stated| stated != cost) {
        fail(ErrorClass::WrongCost, stated.to_string(), cost.to_string());
    }
    if (answer.optimal || around.shortest)
        && let Some(best) = facts.get().optimal_cost.filter(|&best| best < cost)
    {
        fail(ErrorClass::NotOptimal, format!("cost {cost}"), format!("cost {best}"));
    }
    Answered { right: true, cost: Some(cost) }
}

/// What should stand in the place of a move that is not possible.
fn possible_move(puzzle: &Puzzle, action: MoveId, place: &str) -> String {
    let reason = puzzle.never_legal(action).map_or(String::new(), |reason| format!("; {reason}"));
    format!("a move that is possible {place}{reason}")
}

/// The first of some moves from the start that is not possible, whatever it claims.
fn impossible(puzzle: &Puzzle, moves: &[MoveId]) -> Option<MoveId> {
    let mut state = puzzle.start();
    moves.iter().copied().find(|&action| match puzzle.apply(state, action) {
        Some((_, next, _)) => {
            state = next;
            false
        }
        None => true,
    })
}

fn metrics(puzzle: &Puzzle, parsed: &Parsed, errors: &[TraceError], solved: bool) -> Metrics {
    let mut metrics = Metrics { counts: parsed.trace.counts(), plan_valid: solved, ..Metrics::default() };
    for name in ["arithmetic", "exploration", "formatting", "other"] {
        metrics.stream_of_search.insert(name, 0);
    }
    for error in errors {
        *metrics.errors.entry(error.class.name()).or_default() += 1;
        *metrics.stream_of_search.entry(stream_of_search_class(error.class)).or_default() += 1;
    }
    let behind = parsed.trace.events.len();
    let in_trace =
        |error: &&TraceError| error.step < behind || error.level == Level::Format || error.level == Level::Policy;
    let first = errors.iter().find(in_trace);
    metrics.trace_valid = first.is_none();
    metrics.proves_unsolvable =
        exhausted::proves_unsolvable(puzzle, &parsed.trace).map(|proven| proven && metrics.trace_valid);
    metrics.beyond_semantics = if beyond_semantics::applies(parsed) {
        beyond_semantics::validate(puzzle, parsed, errors)
    } else {
        first.map(|error| beyond_semantics_class(error.class))
    };
    metrics
}

/// The classes of the Stream of Search paper's failure analysis.
fn stream_of_search_class(class: ErrorClass) -> &'static str {
    use ErrorClass::*;
    match class {
        Arithmetic => "arithmetic",
        Malformed | Truncated => "formatting",
        UnknownNode | DuplicateNode | WrongParent | NotOpen | AlreadyClosed | WrongOrder | Skipped | PrunedExpanded
        | Unfinished => "exploration",
        _ => "other",
    }
}

/// The nearest class of the Beyond Semantics trace validator.
fn beyond_semantics_class(class: ErrorClass) -> &'static str {
    use ErrorClass::*;
    match class {
        Malformed | Truncated => "parse-error",
        IllegalMove | UnsoundInference | WrongState | Arithmetic | WrongParent => "not-a-neighbour",
        AlreadyClosed | DuplicateNode => "already-closed",
        NotOpen | UnknownNode => "not-in-open",
        WrongOrder | PrunedExpanded => "not-least-f",
        Unfinished | Skipped | FalseDeadEnd | FalseUnsolvable | FalseGoal => "goal-not-reached",
        WrongCost => "wrong-cost",
        WrongAnswer | NoAnswer | NotOptimal => "plan",
    }
}
