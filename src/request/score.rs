//! Scores of a text that a model wrote: the numbers by which rollouts are selected.

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};
use sos_envs::Draw;

use super::check::whole_text;
use super::told::told;
use super::{RequestError, environment, reading, text_field};
use crate::answer::Reading;
use crate::arena::{Puzzle, Scratch};
use crate::check::{LazyFacts, ReadText, Request, Steps, Verdict, behind_critique};
use crate::dialect::{DialectEntry, Parsed};
use crate::record::RowView;
use crate::record::comparison::{read_choice, read_confidences};
use crate::record::correction::edit_distance;
use crate::record::critique::{read_conclusion, read_first_error};
use crate::select::Rollout;
use crate::trace::{EventKind, StateId, Trace};

/// The scores of a text.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The numbers for selection.
    pub id: String,
    /// The numbers.
    pub rollout: Rollout,
    /// Whether the trace has no error; the answer section does not matter. None where there is no trace.
    pub trace_valid: Option<bool>,
    /// Whether the answer section is right, whatever the trace; for a model's answer to a row of candidates, whether it is right. None without an answer.
    pub answer_right: Option<bool>,
    /// The class of the first error.
    pub first_error: Option<&'static str>,
    /// The tenth of the model's text in which it is, where it has a place.
    pub first_error_tenth: Option<usize>,
    /// Number of nodes in the trace.
    pub nodes: u64,
    /// For a text that solves its puzzle and continues behind the first goal: the model's part without that continuation. The answer section stays.
    pub cut: Option<String>,
    /// A comparison with the trace of the named search, if one was named.
    pub against: Option<SearchComparison>,
    /// For a text of two turns.
    pub turns: Option<Turns>,
    /// For a model's answer to a critique, criteria or comparison row.
    pub answered: Option<Answered>,
    /// What was taken as the answer, where an answer was read.
    pub taken: Option<Value>,
}

/// A text compared with the trace of a named search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchComparison {
    /// Number of nodes in the search's trace.
    pub nodes: u64,
    /// Number of positions in both traces. Positions that the text reaches by a wrong step do not count.
    pub shared: u64,
    /// Number of positions in the trace that has more.
    pub larger: u64,
}

/// The two answers of a text of two turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turns {
    /// Whether the first answer is right.
    pub first: bool,
    /// Whether the second answer is right.
    pub second: bool,
    /// Number of steps in which they differ; none where there are too many steps to compare.
    pub distance: Option<u64>,
}

/// A model's answer to a row whose task is to judge candidates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answered {
    /// Whether its conclusion about the candidate is right; in a comparison, whether it chooses the right candidate.
    pub right: bool,
    /// For a wrong candidate: whether it names the step of the first error.
    pub hit: Option<bool>,
    /// For each candidate: the model's confidence, whether the candidate is right, and whether it is the model's own.
    pub sure: Vec<(f64, bool, bool)>,
}

/// Scores an object with `env`, `puzzle` (or a `prompt` that describes it), `dialect`, and one of these: `text`; `prompt` and `completion`; `first` and
/// `second`, two answers to the puzzle's own prompt; or a row of a critique, criteria or comparison config with a model's `response`. Other fields are
/// ignored. With `search`, the text is compared with the trace of that search.
///
/// A field `read` says whether the text is a trace, an answer as people write it, or both; `default` holds for objects without it.
pub fn score(object: &Map<String, Value>, search: Option<&Value>, default: Reading) -> Result<Scored, RequestError> {
    let unfilled = super::unfilled(object);
    let object = unfilled.as_ref().unwrap_or(object);
    let family = environment(text_field(object, "env")?)?;
    let reading = reading(object)?.unwrap_or(default);
    let dialect = super::dialect_for(family.about(), object, reading)?;
    let puzzle = told(family, object, &dialect, reading)?.puzzle;
    let facts = LazyFacts::new(&puzzle);
    if object.contains_key("response") {
        let view = RowView { puzzle: &puzzle, facts: &facts, dialect: &dialect, row: object };
        return answered(&view, text_field(object, "response")?);
    }
    let (text, before, turns) = match object.contains_key("second") {
        true => {
            let (first, second) = (text_field(object, "first")?, text_field(object, "second")?);
            let view = RowView { puzzle: &puzzle, facts: &facts, dialect: &dialect, row: object };
            let (first, read) = (view.read(first), view.read(&second[behind_critique(second)..]));
            let distance = edit_distance(&first.step_texts(), &read.step_texts());
            let turns =
                Turns { first: first.is_right(), second: read.is_right(), distance: distance.map(|d| d as u64) };
            let prompt = view.prompt();
            (format!("{prompt}{second}"), prompt.len(), Some(turns))
        }
        false => {
            let (text, before) = whole_text(object, !object.contains_key("text"), reading)?;
            (text, before, None)
        }
    };
    let read = ReadText::read(&puzzle, &dialect, &text, before, reading);
    let verdict = read.check(&puzzle, &facts, Request::default());
    let (parsed, taken) = (read.parsed, read.taken);
    let is_trace = verdict.solved && taken.is_none();
    let cut = if is_trace { cut_at_goal(&puzzle, &facts, &dialect, &parsed, &text) } else { None };
    Ok(Scored {
        id: puzzle.id().to_string(),
        rollout: rollout(&parsed, &verdict, text.len() - before),
        trace_valid: parsed.trace.tells().then_some(verdict.metrics.trace_valid),
        answer_right: verdict.answer_right,
        first_error: verdict.first_error.as_ref().map(|error| error.class.name()),
        first_error_tenth: verdict.first_error.as_ref().and_then(|error| error.span).map(|span| {
            let place = span.0.saturating_sub(before);
            crate::select::bins::tenth(place, text.len().saturating_sub(before))
        }),
        nodes: verdict.metrics.counts.nodes,
        cut: cut.and_then(|cut| cut.get(before..).map(str::to_string)),
        against: search.map(|config| against(&puzzle, &parsed, config)).transpose()?,
        turns,
        answered: None,
        taken: taken.map(|taken| super::taken(taken, &text)),
    })
}

/// Compares a text with the trace of a search: number of nodes and shared positions (Gandhi et al. 2024, alignment of state sets).
fn against(puzzle: &Puzzle, parsed: &Parsed, config: &Value) -> Result<SearchComparison, RequestError> {
    let search = super::search(puzzle.about(), config)?;
    super::fits(&search, puzzle)?;
    let (mut trace, mut scratch) = (Trace::default(), Scratch::default());
    let mut draw = Draw::new(0, "search");
    search.run(puzzle, &mut draw, None, &mut trace, &mut scratch);
    let (text, truth) = (positions(puzzle, &parsed.trace), positions(puzzle, &trace));
    Ok(SearchComparison {
        nodes: trace.nodes.len() as u64,
        shared: text.intersection(&truth).count() as u64,
        larger: text.len().max(truth.len()) as u64,
    })
}

/// The positions that the moves of a trace really lead to.
fn positions(puzzle: &Puzzle, trace: &Trace) -> FxHashSet<StateId> {
    let start = puzzle.start();
    let mut sound: Vec<bool> = Vec::with_capacity(trace.nodes.len());
    let mut positions = FxHashSet::default();
    for node in &trace.nodes {
        let parent = trace.node(node.parent);
        let holds = match (parent, node.action) {
            (Some(parent), Some(action)) => {
                let led = puzzle.apply(parent.state, action).filter(|(right, _, _)| *right == action);
                sound.get(node.parent as usize) == Some(&true)
                    && led.is_some_and(|(_, state, _)| puzzle.same_state(state, node.state))
            }
            _ => puzzle.same_state(node.state, start),
        };
        sound.push(holds);
        if holds {
            positions.insert(puzzle.key_state(node.state));
        }
    }
    positions
}

/// Scores a model's answer to a row of candidates against a check of them.
fn answered(row: &RowView<'_>, response: &str) -> Result<Scored, RequestError> {
    let mut answered = Answered::default();
    match row.text("record") {
        "critique" | "criteria" => {
            let candidate = row.read(row.text("candidate"));
            answered.right = read_conclusion(response) == Some(candidate.is_right());
            let step = candidate.verdict.first_error.as_ref().map(|error| error.step);
            let step = step.filter(|&step| step < candidate.steps());
            answered.hit = (!candidate.is_right()).then(|| read_first_error(response) == Some(step));
        }
        "comparison" => {
            let right: Vec<bool> = row.texts("candidates").iter().map(|text| row.read(text).is_right()).collect();
            let target = right.iter().position(|right| *right).map(|place| place + 1);
            let tags = row.texts("candidate_tags");
            let own = |place: usize| tags.get(place) == Some(&"own");
            let choice = read_choice(response);
            let sure = read_confidences(response);
            answered.right = match choice {
                Some(choice) => choice == target,
                None => most_sure(&sure) == target,
            };
            let of = |place: usize| match choice {
                Some(choice) => Some(f64::from(u8::from(choice == Some(place + 1)))),
                None => sure.iter().find(|(number, _)| *number == place + 1).map(|(_, sure)| *sure),
            };
            let each = right.iter().enumerate();
            answered.sure = each.filter_map(|(place, right)| Some((of(place)?, *right, own(place)))).collect();
        }
        other => {
            let message =
                format!("found \"{other}\"; a `response` is scored for rows of critique, criteria and comparison");
            return Err(RequestError::new("record", message));
        }
    }
    let rollout = Rollout {
        readable: true,
        solved: answered.right,
        reward: answered.right,
        valid: answered.right,
        length: response.len() as u64,
        ..Rollout::default()
    };
    Ok(Scored {
        id: row.puzzle.id().to_string(),
        rollout,
        trace_valid: None,
        answer_right: Some(rollout.solved),
        first_error: None,
        first_error_tenth: None,
        nodes: 0,
        cut: None,
        against: None,
        turns: None,
        answered: Some(answered),
        taken: None,
    })
}

/// The candidate with the greatest confidence; none where no confidence reaches one half.
fn most_sure(sure: &[(usize, f64)]) -> Option<usize> {
    let best = sure.iter().max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
    best.filter(|(_, sure)| *sure >= 0.5).map(|(number, _)| *number)
}

/// The numbers for selection.
fn rollout(parsed: &Parsed, verdict: &Verdict, length: usize) -> Rollout {
    let steps = Steps::count(parsed, verdict);
    Rollout {
        readable: true,
        solved: verdict.solved,
        reward: verdict.reward >= 1.0,
        valid: verdict.valid,
        optimal: verdict.optimal == Some(true),
        steps: steps.steps,
        wrong_steps: steps.wrong,
        claims: steps.claims,
        length: length as u64,
    }
}

/// The text up to the end of its first goal, and its answer section. None where nothing else follows, or where the rest would not solve the puzzle.
fn cut_at_goal(
    puzzle: &Puzzle,
    facts: &LazyFacts<'_>,
    dialect: &DialectEntry,
    parsed: &Parsed,
    text: &str,
) -> Option<String> {
    let is_goal = |kind| matches!(kind, EventKind::Goal | EventKind::Meet);
    let goal = parsed.trace.events.iter().position(|event| is_goal(event.kind))?;
    let end = parsed.spans.get(goal)?.whole.1;
    let mut cut = text.get(..end)?.to_string();
    if parsed.trace.answer.is_some() {
        cut.push_str(dialect.separator);
        cut.push_str(text.get(parsed.answer_span.0..parsed.answer_span.1)?);
    }
    if cut.len() >= text.trim_end().len() {
        return None;
    }
    let again = ReadText::read(puzzle, dialect, &cut, 0, Reading::Trace);
    again.check(puzzle, facts, Request::default()).solved.then_some(cut)
}
