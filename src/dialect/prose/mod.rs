//! Plain English, as a person might think aloud, with one sentence on each line. There are three phrasings, one for each trace. The parser
//! reads the sentences of all three in any mixture.
//!
//! ```text
//! Two numbers at a time become one, by + - * /: the greater less the lesser, and division without a rest. All numbers must be used.
//! The task is to get from 2, 3 and 4 to 24.                              the prompt
//! Here I have 2, 3 and 4, and I want to reach 24.                        the text, in phrasing 0
//! I try 2 * 3 = 6, which takes me to 4 and 6.
//! I call this node 0.0.
//! I go on to node 0.0.
//! Here I have 4 and 6, and I want to reach 24.
//! I try 4 * 6 = 24, which takes me to 24.
//! I have reached 24, and the goal is 24, so I am done.
//! Answer: 2 * 3 = 6, then 4 * 6 = 24.
//! ```
//!
//! # Grammar
//!
//! The sentences are in [`templates::TABLE`], which the writer and the parser both follow. The atoms are the environment's in
//! [`Style::Prose`]. A node is named by its label, `0.1.2`. Costs follow a state as `, at a cost of 3` and
//! `, with an estimated 7/2 to go`. After the trace comes an answer: `Answer: …`, or `Best answer: …` (no solution is cheaper). It has the
//! moves with `, then ` between them, or `none` (there is no solution) or `do nothing` (the start is the goal). The vocabulary is that of
//! the table: about 150 English words, and numbers.
//!
//! # What it does not show
//!
//! Paths; states and moves that an opening repeats; that an event names another goal. Only an opening of a node that was not generated
//! just before shows state and move.

mod parse;
pub mod templates;
mod write;

use sos_envs::{About, Style};

use super::{Coverage, DialectEntry, PromptForm, Writes};

/// The registry's entry.
pub fn entry(about: &'static About) -> DialectEntry {
    DialectEntry {
        about,
        name: "prose",
        version: 1,
        help: "plain English in three phrasings, one sentence a line",
        style: Style::Prose,
        shows: Writes {
            state_on_visit: true,
            path_on_visit: false,
            state_on_open: false,
            opens_alone: false,
            state_on_claim: true,
            state_beside_move: true,
        },
        told: Coverage::All,
        fits: |_| Ok(()),
        searches: &[],
        opening: "",
        answers_begin: &["Answer: ", "Best answer: "],
        separator: "\n",
        write_prompt: write::prompt,
        form: PromptForm::Parts(parse::prompt),
        write: write::write,
        write_answer: write::answer,
        parse: parse::parse,
    }
}
