//! Searches with bounded texts. A search knows no text, so the code that writes its trace enforces the limit in bytes.

use sos_envs::Draw;

use crate::arena::{Puzzle, Scratch};
use crate::dialect::{DialectEntry, Phrasing};
use crate::search::limits::{self, Limits};
use crate::search::{Outcome, Search};
use crate::trace::Trace;

/// Number of attempts with shorter limits, since the last expansion may exceed the limit. After them the trace is kept.
const CUTS: usize = 8;

/// Runs a search. If the text of its trace exceeds its limit, the search runs again with a lower limit of events. Returns the outcome, and whether a limit
/// ended the search that its settings do not name. `text` is the text of the trace if it was written to measure it, otherwise empty.
#[expect(clippy::too_many_arguments, reason = "what a search is run with, and what its trace is told with")]
pub fn run(
    search: &Search,
    dialect: &DialectEntry,
    puzzle: &Puzzle,
    phrasing: Phrasing,
    limits: Limits,
    draw: &mut Draw,
    trace: &mut Trace,
    text: &mut Vec<u8>,
    scratch: &mut Scratch,
) -> (Outcome, bool) {
    let before = draw.clone();
    let mut outcome = search.run_within(puzzle, draw, limits, trace, scratch);
    let mut limited = outcome == Outcome::Budget && meets(search, limits, trace);
    let most = limits.bytes.min(search.settings.max_bytes);
    let mut limits = limits;
    for _ in 0..CUTS {
        let Some(events) = dialect.events_that_fit(puzzle, trace, phrasing, most, text) else { break };
        limited |= search.config.max_bytes.is_none() || limits.bytes < search.settings.max_bytes;
        // The last expansion may exceed the limit, so a stricter limit leaves room for it.
        limits.events = (events as u64).min(limits.events.saturating_sub(limits.events / 8));
        *draw = before.clone();
        outcome = search.run_within(puzzle, draw, limits, trace, scratch);
    }
    (outcome, limited)
}

/// Whether a search with the outcome `budget` has reached a limit that its settings do not name.
fn meets(search: &Search, limits: Limits, trace: &Trace) -> bool {
    let (nodes, events) = (trace.nodes.len() as u64, trace.events.len() as u64);
    let named = search.config.max_nodes.is_some_and(|most| nodes >= most) || search.config.max_expansions.is_some();
    let at_nodes = nodes >= search.settings.max_nodes.min(limits.nodes);
    !named && (at_nodes || events >= limits.events.min(limits::MOST_EVENTS))
}
