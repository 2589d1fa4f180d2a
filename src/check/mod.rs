//! Checks. A trace is replayed against its puzzle, whoever wrote it: a search, a corruption or a model.

mod ancestors;
mod beyond_semantics;
mod error;
mod exhausted;
mod policy;
mod replay;
mod rollout;
mod text;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde::Serialize;
use sos_envs::{Cost, SolverFacts, Style};

pub use error::{ErrorClass, Level, TraceError};
pub use rollout::Steps;
pub use text::{ReadText, Taken, behind_critique};

use crate::arena::Puzzle;
use crate::dialect::{Around, Parsed, Span};
use crate::search::Search;
use crate::trace::{Answer, Counts, MoveId, StateId};

/// The solver facts of a puzzle, proven when they are first needed.
pub struct LazyFacts<'a> {
    puzzle: &'a Puzzle,
    facts: OnceCell<SolverFacts>,
}

impl<'a> LazyFacts<'a> {
    /// Facts that are not proven yet.
    pub fn new(puzzle: &'a Puzzle) -> Self {
        LazyFacts { puzzle, facts: OnceCell::new() }
    }

    /// Facts that are already known.
    pub fn known(puzzle: &'a Puzzle, facts: SolverFacts) -> Self {
        LazyFacts { puzzle, facts: OnceCell::from(facts) }
    }

    /// What is right in the place of "no solution" for a puzzle that is not proven to have none.
    pub(crate) fn in_place_of_unsolvable(&self) -> String {
        match self.puzzle.known_solvable(self.get()) {
            Some(_) => "there is a solution".into(),
            None => "a solution: whether there is one is not known".into(),
        }
    }

    /// The facts. The first call proves them.
    pub fn get(&self) -> &SolverFacts {
        self.facts.get_or_init(|| self.puzzle.solver_facts())
    }
}

/// What to check.
#[derive(Clone, Copy, Default)]
pub struct Request<'a> {
    /// The highest level that is checked.
    pub level: Level,
    /// Whether an answer section is required.
    pub needs_answer: bool,
    /// The search that the trace should be a run of. The level `policy` checks nothing without one.
    pub search: Option<&'a Search>,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Whether every line parsed.
    pub parsed: bool,
    /// Whether the puzzle is solved: by the last answer section, or by the first goal of the trace where there is no answer section. A puzzle
    /// without solution is solved by saying so.
    pub solved: bool,
    /// Whether the trace alone reaches a goal by right steps, or rightly says that there is no solution. The answer section does not
    /// matter. None where there is no trace.
    pub trace_solved: Option<bool>,
    /// Whether the last answer section is right. None where there is no answer section.
    pub answer_right: Option<bool>,
    /// Whether there is no error up to the requested level.
    pub valid: bool,
    /// Whether no solution is cheaper. None where the puzzle is not solved, has no solution, or the cheapest cost is not proven.
    pub optimal: Option<bool>,
    /// Cost of the solution; none where there is none.
    pub cost: Option<Cost>,
    /// The first error by place.
    pub first_error: Option<TraceError>,
    /// All errors, by place.
    pub errors: Vec<TraceError>,
    /// Sizes and counts of errors.
    pub metrics: Metrics,
    /// 1 where the puzzle is solved and nothing contradicts the solution: all answer sections agree; without one, the trace claims no
    /// false goal and no false "no solution". Else 0. Other errors of the trace do not matter.
    pub reward: f64,
    /// What the puzzle having no solution means where people could take it for more: "no solution without fractions". None where the puzzle was not solved by
    /// saying that there is no solution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub means: Option<&'static str>,
}

/// The counts of a verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Metrics {
    /// The size of the trace.
    #[serde(flatten)]
    pub counts: Counts,
    /// Number of errors by class. Classes without errors are left out.
    pub errors: BTreeMap<&'static str, u64>,
    /// Number of errors by the classes of the failure analysis in the Stream of Search paper.
    pub stream_of_search: BTreeMap<&'static str, u64>,
    /// The class that the Beyond Semantics validator gives the trace; none where it passes. The validator needs costs and estimates. For a
    /// trace without them, it is the class nearest to the first error.
    pub beyond_semantics: Option<&'static str>,
    /// The same as [`Verdict::solved`].
    pub plan_valid: bool,
    /// Whether the trace has no error up to the requested level. A wrong answer section does not count; one that cannot be read does.
    pub trace_valid: bool,
    /// For a trace over variables that says that there is no solution: whether it proves that, by trying every alternative without an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proves_unsolvable: Option<bool>,
}

/// The state and the total cost after moves from the start. None where a move is illegal or makes a wrong claim.
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
    check_with(puzzle, facts, parsed, request, None)
}

/// Checks a parsed trace whose answer was found to be wrong before: it cannot be read, or there are two.
fn check_with(
    puzzle: &Puzzle,
    facts: &LazyFacts<'_>,
    parsed: &Parsed,
    request: Request<'_>,
    answer_error: Option<TraceError>,
) -> Verdict {
    let mut replayed = replay::replay(puzzle, parsed, facts);
    let mut errors = std::mem::take(&mut replayed.errors);
    errors.extend(answer_error);
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
    // An answer section that cannot be read counts as wrong, even if an earlier one is right.
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
        // Without an answer section, the claims of the trace are its answer.
        None => {
            let claims = [ErrorClass::FalseGoal, ErrorClass::FalseUnsolvable];
            !errors.iter().any(|error| claims.contains(&error.class))
        }
    };
    errors.retain(|error| error.level <= request.level);
    error::sort_by_place(&mut errors);
    let valid = errors.is_empty();
    // None where there is a solution, but its least cost is not proven.
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
        // Whoever reaches a goal has a cost.
        means: puzzle.no_solution_means().filter(|_| solved && cost.is_none()),
    }
}

/// What the trace reaches, apart from the answer sections.
struct Reached {
    /// Whether the trace reaches a goal by right steps, or rightly says that there is no solution; none without a trace.
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
            // The trace of a text that was lost on its way may begin behind the start; its moves alone then lead nowhere.
            Reached { solved: Some(moves.is_some()), cost: cost.or(replayed.goal_cost) }
        }
        Some(false) => Reached { solved: Some(false), cost: None },
        None => Reached { solved: Some(replayed.says_unsolvable && !facts.get().solvable), cost: None },
    }
}

/// The judgement of an answer section.
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
            fail(ErrorClass::FalseUnsolvable, "no solution".into(), facts.in_place_of_unsolvable());
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

/// The text of [`TraceError::expected`] for a move that is not possible.
fn possible_move(puzzle: &Puzzle, action: MoveId, place: &str) -> String {
    let reason = puzzle.never_legal(action).map_or(String::new(), |reason| format!("; {reason}"));
    format!("a move that is possible {place}{reason}")
}

/// The first of the moves from the start that is not possible, apart from the result or cost that it claims.
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

/// The class of the Beyond Semantics validator that is nearest to an error class.
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
        WrongAnswer | AmbiguousAnswer | NoAnswer | NotOptimal => "plan",
    }
}
