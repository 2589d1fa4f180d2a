//! What a text that a model wrote is worth: the numbers by which rollouts are selected.

use serde_json::{Map, Value};
use sos_envs::Environment;

use super::check::whole_text;
use super::{Action, RequestError, puzzle, text_field, with_environment};
use crate::check::{LazyFacts, Request, Steps, Verdict, check};
use crate::dialect::{DialectEntry, Parsed};
use crate::select::Rollout;
use crate::trace::EventKind;

/// What was found out about a text.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The id of its puzzle.
    pub id: String,
    /// The numbers.
    pub rollout: Rollout,
    /// Whether the trace is right, whatever the plan.
    pub trace_valid: bool,
    /// Class of the first error.
    pub first_error: Option<&'static str>,
    /// Nodes of the trace.
    pub nodes: u64,
    /// Of a text that solves its puzzle and goes on behind the first goal: what is left of the model's part when that is cut off (the answer section stays).
    pub cut: Option<String>,
}

/// Scores an object with `env`, `puzzle`, `dialect`, and `text`, or `prompt` and `completion`. Other fields do not matter.
pub fn score(object: &Map<String, Value>) -> Result<Scored, RequestError> {
    struct Score<'a>(&'a Map<String, Value>);
    impl Action for Score<'_> {
        type Output = Result<Scored, RequestError>;
        fn run<E: Environment>(self, kind: usize) -> Self::Output {
            score_in::<E>(kind, self.0)
        }
    }
    with_environment(text_field(object, "env")?, Score(object))?
}

fn score_in<E: Environment>(kind: usize, object: &Map<String, Value>) -> Result<Scored, RequestError> {
    let puzzle: E = puzzle(kind, object)?;
    let dialect = super::dialect::<E>(object, None)?;
    let (text, before) = whole_text(object, !object.contains_key("text"))?;
    let facts = LazyFacts::new(&puzzle);
    let parsed = (dialect.parse)(&puzzle, text.as_bytes());
    let verdict = check(&puzzle, &facts, &parsed, Request::default());
    let cut = if verdict.solved { cut_at_goal(&puzzle, &facts, &dialect, &parsed, &text) } else { None };
    Ok(Scored {
        id: puzzle.id().to_string(),
        rollout: rollout(&parsed, &verdict, text.len() - before),
        trace_valid: verdict.metrics.trace_valid,
        first_error: verdict.first_error.as_ref().map(|error| error.class.name()),
        nodes: verdict.metrics.counts.nodes,
        cut: cut.and_then(|cut| cut.get(before..).map(str::to_string)),
    })
}

/// The numbers by which a text is selected.
fn rollout<E: Environment>(parsed: &Parsed<E>, verdict: &Verdict, length: usize) -> Rollout {
    let steps = Steps::count(parsed, verdict);
    Rollout {
        readable: true,
        solved: verdict.solved,
        valid: verdict.valid,
        optimal: verdict.optimal == Some(true),
        steps: steps.steps,
        wrong_steps: steps.wrong,
        claims: steps.claims,
        length: length as u64,
    }
}

/// The text up to the end of its first goal, and its answer section; none where nothing else follows, or where what is left would not solve the puzzle.
fn cut_at_goal<E: Environment>(
    puzzle: &E,
    facts: &LazyFacts<'_, E>,
    dialect: &DialectEntry<E>,
    parsed: &Parsed<E>,
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
    let again = (dialect.parse)(puzzle, cut.as_bytes());
    check(puzzle, facts, &again, Request::default()).solved.then_some(cut)
}
