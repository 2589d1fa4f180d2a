//! How many events of a trace fit into a number of bytes, found without writing much more text than that.

use super::{DialectEntry, Phrasing};
use crate::arena::Puzzle;
use crate::trace::{EventKind, Trace};

/// Upper bound on the bytes of an event, without its state and its path.
const EVENT: u64 = 512;

/// Upper bound on the number of states that an event shows. A prompt is at least about as long as a state.
const STATES: u64 = 4;

/// Upper bound on the bytes of a move in a path or of an ordinal in a label.
const MOVE: u64 = 64;

/// The result may stop short by this part (1 / `PARTS`) of the allowed bytes.
const PARTS: u64 = 64;

/// A text is first written whole if its upper bound is at most so many times the allowed bytes. Nearly all of these fit, so they are written once.
const LOOSE: u64 = 32;

impl DialectEntry {
    /// The number of events, from the first on, whose text fits into `most` bytes. None where the text of all of them fits; `text` then
    /// holds it, if it was written on the way, or is empty.
    pub fn events_that_fit(
        &self,
        puzzle: &Puzzle,
        trace: &mut Trace,
        phrasing: Phrasing,
        most: u64,
        text: &mut Vec<u8>,
    ) -> Option<usize> {
        text.clear();
        let prompt = self.prompt(puzzle).len() as u64;
        let all = bounds(prompt, trace).last().unwrap_or(0);
        if all <= most {
            return None;
        }
        if all <= most.saturating_mul(LOOSE) {
            (self.write)(puzzle, trace, phrasing, text);
            if text.len() as u64 <= most {
                return None;
            }
        }
        let bounds: Vec<u64> = bounds(prompt, trace).collect();
        let mut length = |events: usize| {
            // Some dialects list nodes apart from events, so nodes that none of these events names are removed as well.
            let rest = trace.events.split_off(events.min(trace.events.len()));
            let nodes = trace.nodes.split_off(named_nodes(trace));
            text.clear();
            (self.write)(puzzle, trace, phrasing, text);
            let length = text.len() as u64;
            if !(rest.is_empty() && nodes.is_empty()) {
                text.clear();
            }
            trace.events.extend(rest);
            trace.nodes.extend(nodes);
            length
        };
        // First in growing steps up to a number that does not fit, then by bisection.
        let (mut fits, mut reach) = (0, most.saturating_mul(2));
        let mut over = loop {
            let events = bounds.partition_point(|&bound| bound <= reach);
            if length(events) > most {
                break events;
            }
            if events == bounds.len() {
                return None;
            }
            fits = events;
            reach = reach.max(bounds[events]).saturating_mul(2);
        };
        while over - fits > 1 {
            let middle = fits + (over - fits) / 2;
            let found = length(middle);
            if found > most {
                over = middle;
            } else {
                fits = middle;
                if found >= most - most / PARTS {
                    break;
                }
            }
        }
        text.clear();
        Some(fits)
    }
}

/// For each event, an upper bound on the bytes of the text up to it. `prompt` is the length of the puzzle's prompt.
fn bounds(prompt: u64, trace: &Trace) -> impl Iterator<Item = u64> {
    let state = STATES * prompt + EVENT;
    trace.events.iter().scan(state, move |all, event| {
        let depth = trace.node(event.node).map_or(0, |node| node.depth);
        *all += state + MOVE * u64::from(depth);
        Some(*all)
    })
}

/// The number of nodes up to the last one that an event names. A node's parent stands before it.
fn named_nodes(trace: &Trace) -> usize {
    let is_node = |kind: EventKind| !matches!(kind, EventKind::Bound | EventKind::Meet);
    let named = trace.events.iter().filter(|event| is_node(event.kind) && trace.node(event.node).is_some());
    named.map(|event| event.node as usize + 1).max().unwrap_or(0).max(1).min(trace.nodes.len())
}
