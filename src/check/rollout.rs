//! What can be counted in a text without knowing its puzzle's solution: steps, those that are wrong, and claims to be done.

use std::collections::BTreeSet;

use super::{Level, Verdict};
use crate::dialect::Parsed;
use crate::trace::EventKind;

/// The steps of a text. A step is what says something that can be checked, and every line that cannot be read; what only repeats or looks again is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// All of them.
    pub steps: u64,
    /// Those in which a check finds an error.
    pub wrong: u64,
    /// Claims to be at a goal, or that there is none; without any, 1 where there is an answer.
    pub claims: u64,
}

impl Steps {
    /// Counts the steps of a text, of which a check says this.
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
