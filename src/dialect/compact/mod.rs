//! A grammar for small models: one token for each thing, single spaces between tokens, and nothing repeated.
//!
//! ```text
//! start 2 3 4 target 24                                                       the prompt
//! 2 * 3 = 6 : 4 6 > #1 4 * 6 = 24 : 24 goal answer 2 * 3 = 6 , 4 * 6 = 24 .   the text
//! ```
//!
//! The first move leads from 2 3 4 to 4 6. That node is opened as node 1 (the root is node 0), and control goes there. The second move leads
//! to 24, which is the goal. The answer repeats the moves.
//!
//! # Grammar
//!
//! ```text
//! prompt      = [HEADER] "start" STATE "target" TARGET
//! text        = { event } [ answer ]
//! event       = "target" STATE NODE       a second tree begins at the goal; its root gets a name
//!             | "=" NODE NODE             a node of the start's tree and one of the goal's are the same position
//!             | exploration | said | "drop" NODE | "bound" NUMBER | "stop" | "unsolvable"
//!             | ">" NODE | "back" | "again"   move to a node and visit it: a named one, the current one's parent, the current one
//!             | "to" NODE | "at" NODE         only the move, only the visit: not in a clean trace
//! exploration = step [ ">" ] NODE             a child of the current node is opened under a name; with > control moves there
//!             | step ( said | ";" )           a child is judged, or left without a word
//!             | "open" step NODE              an opening without the generation: not in a clean trace
//! step        = MOVE [ ":" STATE ] [ "cost" NUMBER ] [ "estimate" ESTIMATE ]      no STATE where the move determines it
//! said        = "goal" | "dead" | "seen" | "cut"     about the node generated just before, else about the current one
//! answer      = ( "answer" | "best" ) ( "none" | [ MOVE { "," MOVE } ] ) "."      best: nothing is cheaper
//! NODE        = "#0" … "#999", larger ones as "#12 ^ 345"
//! NUMBER      = "0" … "999", larger ones in groups of three digits: 12345 is "12 ^ 345"
//! ESTIMATE    = NUMBER [ "/" NUMBER ]
//! ```
//!
//! In some environments a move determines everything that changes (a cell gets a digit: [`sos_envs::Variables::state_after`]). There the
//! state is left out wherever it follows from the move. In the other environments the state is always written.
//!
//! HEADER, STATE, TARGET and MOVE are the environment's, in [`Style::Compact`]. Nodes are named in the order in which they are opened, from
//! `#1`; numbering starts again after each bound. Some visits are not written: the prompt implies the first one, a bound implies the
//! visit of its root, and `>` implies the visit of the node.
//!
//! # Vocabulary
//!
//! [`vocabulary`] lists the words above, the signs of moves, the numbers and the names of nodes: 2,039 tokens. An environment's own names
//! (the nodes of a graph) come in addition and must differ from these. A model for small puzzles needs only the numbers up to its
//! largest one.
//!
//! # What it does not show
//!
//! - States, moves and paths that an event repeats.
//! - That the first visit, or a root's visit behind a bound, is missing.
//! - The node of a goal, dead end, seen or cut event, if it is neither the node generated last nor the current one.
//! - That an event generates or opens a root, or no node.
//!
//! A node that is moved to but never opened (in the paper's beam search) gets a number that no opened node has.

mod parse;
mod write;

use sos_envs::{About, Style};

use super::{Coverage, DialectEntry, PromptForm, Writes};

/// The registry's entry.
pub fn entry(about: &'static About) -> DialectEntry {
    DialectEntry {
        about,
        name: "compact",
        version: 2,
        help: "one token a thing, nothing said twice: the grammar for small models",
        style: Style::Compact,
        shows: Writes {
            state_on_visit: false,
            path_on_visit: false,
            state_on_open: false,
            opens_alone: false,
            state_on_claim: false,
            state_beside_move: false,
        },
        told: Coverage::All,
        fits: |_| Ok(()),
        searches: &[],
        opening: "start ",
        answers_begin: &["answer ", "best "],
        separator: " ",
        write_prompt: write::prompt,
        form: PromptForm::Parts(parse::prompt),
        write: write::write,
        write_answer: write::answer,
        parse: parse::parse,
    }
}

const START: &str = "start";
const TARGET: &str = "target";
const LEADS_TO: &str = ":";
const COST: &str = "cost";
const ESTIMATE: &str = "estimate";
const OPEN: &str = "open";
const GOAL: &str = "goal";
const DEAD_END: &str = "dead";
const SEEN: &str = "seen";
const CUT: &str = "cut";
const NOTHING: &str = ";";
const GO: &str = ">";
const BACK: &str = "back";
const AGAIN: &str = "again";
const MOVE_TO: &str = "to";
const VISIT: &str = "at";
const PRUNE: &str = "drop";
const BOUND: &str = "bound";
const MEET: &str = "=";
const GIVE_UP: &str = "stop";
const UNSOLVABLE: &str = "unsolvable";
const ANSWER: &str = "answer";
const BEST: &str = "best";
const NONE: &str = "none";
const THEN: &str = ",";
const END: &str = ".";

/// All words of the dialect, and the signs in moves and numbers of environments.
pub const WORDS: [&str; 39] = [
    START, TARGET, LEADS_TO, COST, ESTIMATE, OPEN, GOAL, DEAD_END, SEEN, CUT, NOTHING, GO, BACK, AGAIN, MOVE_TO, VISIT,
    PRUNE, BOUND, GIVE_UP, UNSOLVABLE, ANSWER, BEST, NONE, THEN, END, "^", "/", "+", "-", "*", MEET, "->", "|", "(",
    ")", "[", "]", "edges", "arcs",
];

/// All tokens that the dialect can write, except an environment's own names: words, numbers, names of nodes.
pub fn vocabulary() -> Vec<String> {
    let words = WORDS.iter().map(|word| word.to_string());
    words.chain((0..1000).map(|n| n.to_string())).chain((0..1000).map(|n| format!("#{n}"))).collect()
}
