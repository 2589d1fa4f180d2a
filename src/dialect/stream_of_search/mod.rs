//! The text of the Stream of Search paper: byte for byte for Countdown, and the same sentence frames for every other environment.
//!
//! ```text
//! Current State: 24:[2, 3, 4], Operations: []
//! Exploring Operation: 2*3=6, Resulting Numbers: [4, 6]
//! Generated Node #0,0: 24:[4, 6] Operation: 2*3=6
//! Moving to Node #0,0
//! Current State: 24:[4, 6], Operations: ['2*3=6']
//! Exploring Operation: 4*6=24, Resulting Numbers: [24]
//! 24,24 equal: Goal Reached
//! ```
//!
//! Some frames are not in the paper: costs behind a resulting state (`, Cost: 4, Estimate: 7/2`), nodes that are not opened
//! (`9,24 seen before: No New Node`, `9,24 beyond the bound: Not Explored`), dropped nodes (`Dropping Node #0,3`), iterations
//! (`Searching up to Bound 5`), a second tree from the goal (`Starting at Goal Node #1: 24:[24]`) and its meeting with the first
//! (`Node #0,2,1 meets Node #1,0`), a proof that there is no solution (`No solution exists.`), and the answer section
//! (`Answer: ['2*3=6', '4*6=24']`, `Optimal Answer: [...]`, `Answer: No Solution`).

mod parse;
mod write;

use sos_envs::{About, Style};

use super::{Coverage, DialectEntry, PromptForm, Writes};

/// The registry's entry.
pub fn entry(about: &'static About) -> DialectEntry {
    DialectEntry {
        about,
        name: "stream-of-search",
        version: 2,
        help: "the text of the Stream of Search paper, and its sentence frames for every environment",
        style: Style::Frame,
        shows: Writes {
            state_on_visit: true,
            path_on_visit: true,
            state_on_open: true,
            opens_alone: true,
            state_on_claim: true,
            state_beside_move: true,
        },
        told: Coverage::All,
        fits: |_| Ok(()),
        searches: &[],
        opening: "Current State: ",
        answers_begin: &["Answer: ", "Optimal Answer: "],
        separator: "\n",
        write_prompt: write::prompt,
        form: PromptForm::Parts(parse::prompt),
        write: |puzzle, trace, _phrasing, out| write::write(puzzle, trace, out),
        write_answer: write::answer,
        parse: parse::parse,
    }
}

const STATE: &[u8] = b"Current State: ";
const OPERATIONS: &[u8] = b", Operations: ";
const EXPLORING: &[u8] = b"Exploring Operation: ";
const RESULTING: &[u8] = b", Resulting ";
const COST: &[u8] = b", Cost: ";
const ESTIMATE: &[u8] = b", Estimate: ";
const GENERATED: &[u8] = b"Generated Node #";
const OPERATION: &[u8] = b" Operation: ";
const MOVING: &[u8] = b"Moving to Node #";
const DROPPING: &[u8] = b"Dropping Node #";
const GOAL: &[u8] = b" equal: Goal Reached";
const DEAD_END: &[u8] = b" unequal: No Solution";
const SEEN: &[u8] = b" seen before: No New Node";
const CUT: &[u8] = b" beyond the bound: Not Explored";
const BOUND: &[u8] = b"Searching up to Bound ";
const GOAL_ROOT: &[u8] = b"Starting at Goal Node #";
const NODE: &[u8] = b"Node #";
const MEETS: &[u8] = b" meets Node #";
const GIVE_UP: &[u8] = b"No solution found.";
const UNSOLVABLE: &[u8] = b"No solution exists.";
const ANSWER: &[u8] = b"Answer: ";
const OPTIMAL_ANSWER: &[u8] = b"Optimal Answer: ";
const NO_SOLUTION: &[u8] = b"No Solution";
