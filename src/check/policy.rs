//! The level `policy`: is a trace what the named search does?
//!
//! The search is run again along the trace. Where its settings leave something to chance (random ties, the paper's shuffled beam), the
//! trace decides: among equals, what the trace does first comes first. So the rerun matches a trace of the search event by event, whatever
//! its random stream was. The first event that the search would not write is the error. The rerun stops there or where the trace ends, so
//! it costs no more than the trace. A new search needs no code for this level.
//!
//! At most one error is reported, and none behind an error of a lower level: what the search would do after such an error is not defined.

mod classify;
mod rerun;

use rerun::RerunComparison;

use super::error::TraceError;
use crate::arena::Puzzle;
use crate::dialect::{Coverage, Parsed, Span};
use crate::search::Search;
use crate::search::limits::LEAST_LIMITED;
use crate::trace::{EventKind, Trace};

/// The first event that differs from what the search does. `lower` are the errors of lower levels.
pub(super) fn policy(puzzle: &Puzzle, parsed: &Parsed, search: &Search, lower: &[TraceError]) -> Option<TraceError> {
    if parsed.told == Coverage::Answer {
        return None;
    }
    let mut course = RerunComparison::new(puzzle, parsed, search.name == "beam-paper");
    let mut rerun = Trace::default();
    let outcome = search.run_along(puzzle, &mut course, &mut rerun);
    let divergence = course.finish(&rerun, outcome).filter(|divergence| !meets_limit(parsed, search, divergence.step));
    let error = divergence.map(|divergence| {
        let found = classify::classify(puzzle, parsed, search, &rerun, &course, divergence);
        let class = found.class;
        let span = match parsed.spans.get(found.step) {
            Some(spans) => Some(spans.whole),
            // Behind the last event.
            None => parsed.spans.last().map(|spans| Span(spans.whole.1, spans.whole.1)),
        };
        TraceError { class, level: class.level(), step: found.step, span, found: found.found, expected: found.expected }
    })?;
    let first = lower.iter().filter(|lower| !course.is_forgiven(lower.step)).map(|lower| lower.step).min();
    // Moving to a dropped node is an error of two levels: not open, and not to be expanded. Other errors at one place are one slip.
    let explained = first.is_some_and(|first| {
        first < error.step || (first == error.step && error.class != super::ErrorClass::PrunedExpanded)
    });
    (!explained).then_some(error)
}

/// Whether a trace gives up at a length at which the run may have met a limit that no setting names. That limit depends on the number of
/// runs of the row, which the check does not know.
fn meets_limit(parsed: &Parsed, search: &Search, step: usize) -> bool {
    let least = LEAST_LIMITED.min(search.settings.max_bytes / 2);
    let gives_up = parsed.trace.events.get(step).is_some_and(|event| event.kind == EventKind::GiveUp);
    gives_up && parsed.spans.get(step).is_some_and(|spans| spans.whole.1 as u64 >= least)
}
