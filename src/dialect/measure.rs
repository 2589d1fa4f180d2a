//! How much of a trace fits into so many bytes of text, found out without writing much more than that.

use super::{DialectEntry, Phrasing};
use crate::arena::Puzzle;
use crate::trace::{EventKind, Trace};

/// More bytes than the text of an event takes beside its state and its path.
const EVENT: u64 = 512;

/// More times than an event shows a state; a prompt is about as long as one, or longer.
const STATES: u64 = 4;

/// More bytes than a move takes on the way to a node: in a path, or in a label.
const MOVE: u64 = 64;

/// Parts of the bytes that are allowed, by which the end that is found may lie before the last one that fits.
const PARTS: u64 = 64;

impl DialectEntry {
    /// The events, from the first on, whose text fits into `most` bytes; none where that of all of them does. `text` is then the text of the whole trace, if it
    /// was written to find that out, or empty.
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
        if bounds(prompt, trace).last().is_none_or(|all| all <= most) {
            return None;
        }
        let bounds: Vec<u64> = bounds(prompt, trace).collect();
        let mut length = |events: usize| {
            // Some dialects list the nodes apart from the events, so those go that no event of these names.
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
        // In steps, each at most so much longer than one that fits; then between the last one that fits and the first that does not.
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

/// For each event, more bytes than the text up to it takes. `prompt` is the length of the puzzle's prompt.
fn bounds(prompt: u64, trace: &Trace) -> impl Iterator<Item = u64> {
    let state = STATES * prompt + EVENT;
    trace.events.iter().scan(state, move |all, event| {
        let depth = trace.node(event.node).map_or(0, |node| node.depth);
        *all += state + MOVE * u64::from(depth);
        Some(*all)
    })
}

/// How many nodes there are up to the last one that an event names; a node's parent comes before it.
fn named_nodes(trace: &Trace) -> usize {
    let is_node = |kind: EventKind| !matches!(kind, EventKind::Bound | EventKind::Meet);
    let named = trace.events.iter().filter(|event| is_node(event.kind) && trace.node(event.node).is_some());
    named.map(|event| event.node as usize + 1).max().unwrap_or(0).max(1).min(trace.nodes.len())
}
