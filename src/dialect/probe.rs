//! Any text against a reader: what fuzz targets and tests run.

use sos_envs::countdown::{Operations, Rule};
use sos_envs::{Countdown, Environment};

use super::{Parsed, dialect};
use crate::check::{LazyFacts, Request, check};

/// The puzzle of the committed corpora: from 2, 3 and 4 make 24, by any of the numbers or by all.
fn puzzle(rule: Rule) -> Option<Countdown> {
    Countdown::new(&[2, 3, 4], 24, Operations::ALL, rule)
}

/// Reads a text in a dialect, checks it, and holds the outcome against what every reader promises. It panics where that is broken.
pub fn probe(name: &str, text: &[u8]) {
    let Some(entry) = dialect::<Countdown>(name) else { return };
    for rule in [Rule::All, Rule::Any] {
        let Some(puzzle) = puzzle(rule) else { return };
        let parsed = (entry.parse)(&puzzle, text);
        hold(&parsed, text);
        let verdict = check(&puzzle, &LazyFacts::new(&puzzle), &parsed, Request::default());
        assert!(parsed.errors.is_empty() || !verdict.valid, "what does not parse is not valid");
        // What was read can be written in every dialect, and read again.
        for other in super::dialects::<Countdown>() {
            let mut again = Vec::new();
            (other.write)(&puzzle, &parsed.trace, text.len() as u32, &mut again);
            hold(&(other.parse)(&puzzle, &again), &again);
        }
    }
}

fn hold<E: Environment>(parsed: &Parsed<E>, text: &[u8]) {
    let trace = &parsed.trace;
    assert_eq!(parsed.spans.len(), trace.events.len(), "each event has a place");
    assert!(parsed.spans.iter().all(|spans| spans.whole.0 <= spans.whole.1 && spans.whole.1 <= text.len()));
    assert!(parsed.errors.iter().all(|error| error.span.0 <= error.span.1 && error.span.1 <= text.len()));
    assert!(trace.nodes.len() <= 2 * text.len() + 1 && trace.events.len() <= 2 * text.len() + 1, "bounded by the text");
    for (id, node) in trace.nodes.iter().enumerate() {
        assert!(
            node.parent == crate::trace::NO_NODE || (node.parent as usize) < id,
            "parents stand before their children"
        );
    }
}
