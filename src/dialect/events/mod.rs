//! One JSON object for each trace, on one line: a format for programs. It contains all of a trace, claims included, and reads back to the
//! same trace.
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
//! - `nodes`: in the order of their first mention. `parent` is the index of an earlier node; it is left out where there is none. Also left
//!   out where there is none: the `ordinal` 0 of a node without parent, `move`, `g` (a number) and `h` (an estimate such as `"7/2"`).
//! - `events`: kind and node, and the index of a claim as a third element where the event contradicts its node. The kinds are
//!   `visit`, `generate`, `open`, `goal`, `dead-end`, `seen`, `cut`, `prune`, `move-to`, `bound` (its second element is an index into
//!   `bounds`), `root` (a second tree begins at the goal; its root has the ordinal 1), `meet` (its second element is an index into `meetings`),
//!   `give-up` and `unsolvable`. The second element is `null` where there is no node.
//! - `claims`, where there are any: `state`, `move`, `path`, `label`, `g` with `h`, `repeated_label`, `wrong_target`. Each stands only where
//!   it is claimed.
//! - `bounds`, where there are any: estimates.
//! - `meetings`, where there are any: pairs of a node of the start's tree and a node of the goal's tree that are the same position.
//! - `answer`, where there is one: `moves` (`null`: there is no solution) and `optimal`.
//!
//! States and moves are strings in [`Style::Frame`]. Keys may come in any order; unknown keys are refused. A node that is opened under the
//! ordinal of an opened sibling has a repeated label, whether its event claims so or not. The first error ends the reading.
//! Memory: at most about 40 bytes for each byte of the text, for the spans of events.

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
            // An event that repeats a state has a claim, and no clean text has claims.
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
        answers_begin: &["{"],
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
