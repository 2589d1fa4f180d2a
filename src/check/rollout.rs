//! Counts of a text that need no solution of its puzzle: steps, wrong steps, and claims to be done.

use std::collections::BTreeSet;

use super::{Level, Verdict};
use crate::dialect::Parsed;
use crate::trace::EventKind;

/// The steps of a text. Every event is a step, except visits and openings, which say nothing new. Every line that cannot be read is one, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Number of steps.
    pub steps: u64,
    /// Number of events with an error and of lines that cannot be read; at most `steps`.
    pub wrong: u64,
    /// Number of claims of a goal, of a meeting, or that there is no solution. Without any, 1 where there is an answer.
    pub claims: u64,
}

impl Steps {
    /// Counts the steps of a text, given its verdict.
    pub fn count(parsed: &Parsed, verdict: &Verdict) -> Self {
        let count =
            |is: fn(EventKind) -> bool| parsed.trace.events.iter().filter(|event| is(event.kind)).count() as u64;
        let unreadable = parsed.errors.len() as u64;
        let steps = count(|kind| !matches!(kind, EventKind::Visit | EventKind::Open)) + unreadable;
        let is_step = |step: &usize| *step < parsed.trace.events.len();
        let errors = verdict.errors.iter().filter(|error| error.level != Level::Format);
        let wrong = errors.map(|error| error.step).filter(is_step).collect::<BTreeSet<usize>>().len() as u64;
        let claims = count(|kind| matches!(kind, EventKind::Goal | EventKind::Meet | EventKind::Unsolvable));
        Steps {
            steps,
            wrong: (wrong + unreadable).min(steps),
            claims: if claims == 0 { u64::from(parsed.trace.answer.is_some()) } else { claims },
        }
    }
}
