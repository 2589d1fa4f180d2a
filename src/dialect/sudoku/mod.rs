//! The notation of "To Backtrack or Not" (Qin et al. 2025, arXiv 2504.07052) for sudoku, and for every other constraint puzzle: a line for each cell that is
//! filled, for each guess with its candidates, for each contradiction, and for each guess that is taken back.
//!
//! ```text
//! (0, 3) = 4                           the prompt: what is given …
//! solving                              … and this word
//! (0, 0) = 1 single                    the text
//! guess: (1, 2) [2, 5] = 2
//! (1, 4) = 5 hidden 12
//! nocand: (2, 2)
//! revert: (1, 2) [2, 5] = 2
//! guess: (1, 2) [2, 5] = 5
//! …
//! solved
//! answer: (0, 0) = 1, (1, 2) = 5, …
//! ```
//!
//! Beyond the paper's lines, an inference names its reason, which is what makes it checkable, and inferences that take a candidate away have lines too. Cells are told by row
//! and column from 0; variables that are no cells of a board, by their name.
//!
//! # Grammar
//!
//! ```text
//! text   = { line } [ answer ]
//! line   = MOVE [ " : " STATE ]      control goes to where it leads, unless what follows is said of it; no STATE where the move tells it
//!        | "solved" | "dead"         of where the move before led
//!        | "revert: " MOVE           control goes back to before that move (of a guess without the word guess)
//!        | "stop" | "unsolvable"
//! answer = ( "answer: " | "best answer: " ) ( "none" | "nothing" | MOVE { ", " MOVE } )
//! ```
//!
//! MOVE and the prompt are the environment's (its prompt grammar `sudoku`), STATE is in [`Style::Frame`]. A move that finds a contradiction (`nocand: …`, `invalid: …`) is a dead end by itself. Behind a
//! dead end, control is where it was.
//!
//! # What it does not show
//!
//! Names of nodes. So it is for depth-first searches, and corruptions of names do not fit it. Control that goes to a node which is not on the way to where it is
//! (a wrong return) is told by a move that led on from there.

mod parse;
mod write;

use sos_envs::{About, Style};

use super::{Coverage, DialectEntry, Phrasing, PromptForm, Writes};

/// The prompt grammar that an environment must have.
const GRAMMAR: &str = "sudoku";

const LEADS_TO: &[u8] = b" : ";
const SOLVED: &[u8] = b"solved";
const DEAD: &[u8] = b"dead";
const REVERT: &[u8] = b"revert: ";
const GUESS: &[u8] = b"guess: ";
const STOP: &[u8] = b"stop";
const UNSOLVABLE: &[u8] = b"unsolvable";
const ANSWER: &[u8] = b"answer: ";
const BEST_ANSWER: &[u8] = b"best answer: ";
const NONE: &[u8] = b"none";
const NOTHING: &[u8] = b"nothing";

/// The registry's entry.
pub fn entry(about: &'static About) -> DialectEntry {
    DialectEntry {
        about,
        name: "sudoku",
        version: 1,
        help: "fills, guesses with their candidates, contradictions and reverts, as in To Backtrack or Not (constraint puzzles)",
        style: Style::Frame,
        shows: Writes {
            state_on_visit: false,
            path_on_visit: false,
            state_on_open: false,
            opens_alone: false,
            state_on_claim: false,
            state_beside_move: false,
        },
        told: Coverage::Moves,
        fits: |about| {
            let has = about.prompts.contains(&GRAMMAR);
            has.then_some(()).ok_or("it has no variables that are filled in")
        },
        searches: &["dfs", "backtracking", "backjumping"],
        opening: "",
        separator: "\n",
        write_prompt: |puzzle, out| puzzle.write_prompt(GRAMMAR, out),
        form: PromptForm::Grammar { name: GRAMMAR, before: "" },
        write: write::write,
        write_answer: write::answer,
        parse: parse::parse,
    }
}
