//! A grammar for small models: one token a thing, tokens between single spaces, nothing said twice.
//!
//! ```text
//! start 2 3 4 target 24                                                       the prompt
//! 2 * 3 = 6 : 4 6 > #1 4 * 6 = 24 : 24 goal answer 2 * 3 = 6 , 4 * 6 = 24 .   the text
//! ```
//!
//! A move leads from 2 3 4 to 4 6, which is opened as node 1 (the root is node 0), and control goes there; a move leads to
//! 24, which is the goal; the answer repeats the moves.
//!
//! # Grammar
//!
//! ```text
//! prompt      = [HEADER] "start" STATE "target" TARGET
//! text        = { event } [ answer ]
//! event       = "target" STATE NODE       a second tree begins at the goal: its root is named
//!             | "=" NODE NODE             a node of the start's tree and one of the goal's are the same position
//!             | exploration | said | "drop" NODE | "bound" NUMBER | "stop" | "unsolvable"
//!             | ">" NODE | "back" | "again"   control goes to a node and looks at it: a named one, the current one's parent, the current one
//!             | "to" NODE | "at" NODE         only the one, only the other: not in a clean trace
//! exploration = step [ ">" ] NODE             a child of the current node is opened under a name; with > control goes there at once
//!             | step ( said | ";" )           something is said of it, or nothing
//!             | "open" step NODE              an opening without the generation: not in a clean trace
//! step        = MOVE [ ":" STATE ] [ "cost" NUMBER ] [ "estimate" ESTIMATE ]      no STATE where the move tells it
//! said        = "goal" | "dead" | "seen" | "cut"     of the node generated just before, else of the current one
//! answer      = ( "answer" | "best" ) ( "none" | [ MOVE { "," MOVE } ] ) "."      best: nothing is cheaper
//! NODE        = "#0" … "#999", larger ones as "#12 ^ 345"
//! NUMBER      = "0" … "999", larger ones in groups of three digits: 12345 is "12 ^ 345"
//! ESTIMATE    = NUMBER [ "/" NUMBER ]
//! ```
//!
//! In environments whose moves say all that changes (a cell gets a digit: [`sos_envs::Variables::state_after`]), the state is left out wherever it is what the move makes of the
//! current one; elsewhere it always stands.
//!
//! HEADER, STATE, TARGET and MOVE are the environment's, in [`Style::Compact`]. Nodes are named in the order in which they are
//! opened, from `#1` on, anew after each bound. The first visit is implied by the prompt, the root's visit behind a bound by the
//! bound, and that of a node by `>`.
//!
//! # Vocabulary
//!
//! [`vocabulary`]: the words above, the signs of moves, the numbers and the names of nodes; an environment's own names (of the
//! nodes of a graph) come on top and must not be among these. 2,039 tokens in all; a model whose puzzles are small needs
//! those up to its largest number only.
//!
//! # What it does not show
//!
//! States, moves and paths that an event says again; that the first visit or a root's visit behind a bound is missing; of which node
//! something is said, if it is neither the one generated last nor the current one; that a root or no node is generated or opened. What is never opened but moved to
//! (the paper's beam search does that) has a number that no opened node has.

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

/// Every word of the dialect, and the signs that environments use in their moves and numbers.
pub const WORDS: [&str; 39] = [
    START, TARGET, LEADS_TO, COST, ESTIMATE, OPEN, GOAL, DEAD_END, SEEN, CUT, NOTHING, GO, BACK, AGAIN, MOVE_TO, VISIT,
    PRUNE, BOUND, GIVE_UP, UNSOLVABLE, ANSWER, BEST, NONE, THEN, END, "^", "/", "+", "-", "*", MEET, "->", "|", "(",
    ")", "[", "]", "edges", "arcs",
];

/// Every token that can be written, an environment's own names apart: words, numbers, names of nodes.
pub fn vocabulary() -> Vec<String> {
    let words = WORDS.iter().map(|word| word.to_string());
    words.chain((0..1000).map(|n| n.to_string())).chain((0..1000).map(|n| format!("#{n}"))).collect()
}

/// Tokens of a text: its spaces and one.
pub fn count_tokens(text: &[u8]) -> usize {
    // sums of at most 255 ones fit a byte, and many bytes are summed at once
    let spaces = |part: &[u8]| usize::from(part.iter().map(|&byte| u8::from(byte == b' ')).sum::<u8>());
    if text.is_empty() { 0 } else { 1 + text.chunks(255).map(spaces).sum::<usize>() }
}
