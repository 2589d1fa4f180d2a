//! One JSON object for each trace, on one line: for programs. It tells all of a trace, with what its events say differently from their
//! nodes, and reads back to the same trace.
//!
//! ```text
//! {"puzzle":{"numbers":[2,3,4],"target":24}}
//! {"nodes":[{"state":"[2, 3, 4]"},{"parent":0,"ordinal":0,"move":"2*3=6","state":"[4, 6]"},
//! {"parent":1,"ordinal":0,"move":"4*6=24","state":"[24]"}],"events":[["visit",0],["generate",1],["open",1],["move-to",1],
//! ["visit",1],["generate",2],["goal",2]],"answer":{"moves":["2*3=6","4*6=24"],"optimal":true}}
//! ```
//!
//! The first line is the prompt; the text is the second (broken here to fit the page).
//!
//! - `nodes`: in the order in which they are first mentioned. `parent` is the index of a node before it, and left out where there is
//!   none; so are the `ordinal` 0 of a node without parent, `move`, `g` (a number) and `h` (an estimate such as `"7/2"`).
//! - `events`: kind and node; the index of a claim as a third element, where the event says something differently. The kinds are
//!   `visit`, `generate`, `open`, `goal`, `dead-end`, `seen`, `cut`, `prune`, `move-to`, `bound` (its second element is an index into
//!   `bounds`), `root` (a second tree begins at the goal; its root has the ordinal 1), `meet` (its second element is an index into `meetings`),
//!   `give-up` and `unsolvable`. The second element is `null` where there is no node.
//! - `claims`, where there are any: `state`, `move`, `path`, `label`, `repeated_label`, `wrong_target`, each where it is claimed.
//! - `bounds`, where there are any: estimates.
//! - `meetings`, where there are any: pairs of a node of the start's tree and a node of the goal's that are the same position.
//! - `answer`, where there is one: `moves` (`null`: there is no solution) and `optimal`.
//!
//! States and moves are strings in [`Style::Frame`]. Keys may come in any order; unknown ones are refused. A node that
//! is opened under the ordinal of an opened sibling has a repeated label, whether its event says so or not. What does not
//! parse ends the reading; it is one error. Memory: at most about 40 bytes for each byte of the text (the places of events).

mod parse;
mod write;

use sos_envs::{About, Style};

use super::{Coverage, DialectEntry, PromptForm, Writes};
use crate::trace::EventKind;

/// The registry's entry.
pub fn entry(about: &'static About) -> DialectEntry {
    DialectEntry {
        about,
        name: "events",
        version: 1,
        help: "one JSON object for each trace, for programs",
        style: Style::Frame,
        shows: Writes {
            // An event that says a state again has a claim, which no clean text has.
            state_on_visit: false,
            path_on_visit: false,
            state_on_open: false,
            opens_alone: true,
            state_on_claim: false,
            state_beside_move: true,
        },
        told: Coverage::All,
        fits: |_| Ok(()),
        searches: &[],
        opening: "",
        separator: "\n",
        write_prompt: write::prompt,
        form: PromptForm::Json(parse::prompt),
        write: |puzzle, trace, _phrasing, out| write::write(puzzle, trace, out),
        write_answer: write::answer_alone,
        parse: parse::parse,
    }
}

const KINDS: [(EventKind, &str); 14] = [
    (EventKind::Visit, "visit"),
    (EventKind::Generate, "generate"),
    (EventKind::Open, "open"),
    (EventKind::Goal, "goal"),
    (EventKind::DeadEnd, "dead-end"),
    (EventKind::Seen, "seen"),
    (EventKind::Cut, "cut"),
    (EventKind::Prune, "prune"),
    (EventKind::MoveTo, "move-to"),
    (EventKind::Bound, "bound"),
    (EventKind::Root, "root"),
    (EventKind::Meet, "meet"),
    (EventKind::GiveUp, "give-up"),
    (EventKind::Unsolvable, "unsolvable"),
];
