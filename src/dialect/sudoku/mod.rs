//! The notation of "To Backtrack or Not" (Qin et al. 2025, arXiv 2504.07052) for sudoku and every other constraint puzzle. It has one line for
//! each filled cell, each guess with its candidates, each contradiction, and each guess that is taken back.
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
//! Unlike in the paper, an inference names its reason, so that it can be checked, and an inference that removes a candidate has a line, too.
//! Cells are given by row and column from 0; variables that are not cells of a board, by name.
//!
//! # Grammar
//!
//! ```text
//! text   = { line } [ answer ]
//! line   = MOVE [ " : " STATE ]      control moves to the new node, unless the next line judges it; no STATE where the move determines it
//!        | "solved" | "dead"         a judgement of the node that the last move led to
//!        | "revert: " MOVE           control returns to the node before that move (a guess stands without the word guess)
//!        | "stop" | "unsolvable"
//! answer = ( "answer: " | "best answer: " ) ( "none" | "nothing" | MOVE { ", " MOVE } )
//! ```
//!
//! MOVE and the prompt are the environment's (its prompt grammar `sudoku`); STATE is in [`Style::Frame`]. A move that finds a contradiction
//! (`nocand: …`, `invalid: …`) is a dead end without the word. After a dead end, control stays at the node before.
//!
//! # What it does not show
//!
//! Names of nodes. So it fits depth-first searches only, and corruptions of names do not fit it. A wrong return, to a node that is not an
//! ancestor of the current one, is written as a move that led on from that node.

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
        answers_begin: &["answer: ", "best answer: "],
        separator: "\n",
        write_prompt: |puzzle, out| puzzle.write_prompt(GRAMMAR, out),
        form: PromptForm::Grammar { name: GRAMMAR, before: "" },
        write: write::write,
        write_answer: write::answer,
        parse: parse::parse,
    }
}
