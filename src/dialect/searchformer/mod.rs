//! The grammars of Searchformer (Lehnert et al. 2024, arXiv 2402.14083) and of Beyond Semantics (Stechly et al. 2025, arXiv
//! 2505.13775): the states that an A* search puts on its open list (`create`) and takes from it (`close`), then the plan. These texts
//! name states where other dialects name moves.
//!
//! ```text
//! searchformer       create 3 2 c0 c6 close 3 2 c0 c6 create 3 1 c1 c7 … plan 3 2 plan 2 2 …
//! beyond-semantics   reasoning close 3 2 c0 c6 create 3 1 c1 c7 … solution plan 3 2 plan 2 2 … end
//! ```
//!
//! Grammar, with single spaces between tokens. STATE is the environment's, in [`Style::Compact`]. STEP is the part of a state that plans
//! show (in Sokoban the worker's cell, in mazes the cell):
//!
//! ```text
//! searchformer     = { event } [ plan ]
//! beyond-semantics = [ "reasoning" { event } ] [ "solution" [ plan ] "end" ]
//! event            = ( "create" | "close" ) STATE [ "c" G "c" H ] | "stop" | "unsolvable"
//! plan             = "plan" STEP { "plan" STEP } | "plan none"
//! ```
//!
//! A state is created again when it is reached at a lower cost. The plan stands where the goal is reached and is the answer section.
//! `plan none` says that there is no solution. `stop` and `unsolvable` end a search that found nothing; the papers' sets have no such rows.
//! The search's setting `costs` decides whether costs are shown.
//!
//! # What it does not show
//!
//! Children that are not put on the open list; moves; whether an answer is claimed to be the cheapest; returns to a node. So the grammars fit
//! only searches that continue from their open list ([`SEARCHES`]), and environments that have the papers' prompts.

mod parse;
mod write;

use sos_envs::{About, Style};

use super::{Coverage, DialectEntry, PromptForm, Writes};

/// The searches whose traces the grammars can express. They never return to a node.
pub const SEARCHES: &[&str] = &["bfs", "uniform-cost", "greedy", "astar", "weighted-astar"];

/// The prompt grammar that an environment must have.
const PROMPT: &str = "searchformer";

/// The words in which the two papers' grammars differ.
struct Grammar {
    /// The word in front of the prompt.
    query: &'static str,
    /// The word in front of the events.
    opening: &'static str,
    /// Whether the start is created before it is closed.
    creates_start: bool,
    /// The word in front of the plan.
    solution: &'static str,
    /// The word behind the plan.
    end: &'static str,
}

const SEARCHFORMER: Grammar = Grammar { query: "", opening: "", creates_start: true, solution: "", end: "" };

const BEYOND_SEMANTICS: Grammar =
    Grammar { query: "query", opening: "reasoning", creates_start: false, solution: "solution", end: "end" };

const CREATE: &str = "create";
const CLOSE: &str = "close";
const PLAN: &str = "plan";
const NONE: &str = "none";
const STOP: &str = "stop";
const UNSOLVABLE: &str = "unsolvable";

/// The registry's entry of `searchformer`.
pub fn searchformer(about: &'static About) -> DialectEntry {
    DialectEntry {
        name: "searchformer",
        help: "create, close and plan tokens as in Searchformer (mazes and Sokoban)",
        write_prompt: |puzzle, out| write::prompt(&SEARCHFORMER, puzzle, out),
        write: |puzzle, trace, _phrasing, out| write::write(&SEARCHFORMER, puzzle, trace, out),
        write_answer: |puzzle, answer, out| write::answer_alone(&SEARCHFORMER, puzzle, answer, out),
        parse: |puzzle, text| parse::parse(&SEARCHFORMER, puzzle, text),
        ..entry(about)
    }
}

/// The registry's entry of `beyond-semantics`.
pub fn beyond_semantics(about: &'static About) -> DialectEntry {
    DialectEntry {
        name: "beyond-semantics",
        help: "the line of Beyond Semantics: query, reasoning, solution (mazes and Sokoban)",
        write_prompt: |puzzle, out| write::prompt(&BEYOND_SEMANTICS, puzzle, out),
        form: PromptForm::Grammar { name: PROMPT, before: BEYOND_SEMANTICS.query },
        write: |puzzle, trace, _phrasing, out| write::write(&BEYOND_SEMANTICS, puzzle, trace, out),
        write_answer: |puzzle, answer, out| write::answer_alone(&BEYOND_SEMANTICS, puzzle, answer, out),
        parse: |puzzle, text| parse::parse(&BEYOND_SEMANTICS, puzzle, text),
        ..entry(about)
    }
}

/// The common part of both entries.
fn entry(about: &'static About) -> DialectEntry {
    DialectEntry {
        about,
        name: "",
        version: 2,
        help: "",
        style: Style::Compact,
        shows: Writes {
            state_on_visit: true,
            path_on_visit: false,
            state_on_open: false,
            opens_alone: false,
            state_on_claim: false,
            state_beside_move: true,
        },
        told: Coverage::Opened,
        opening: "",
        answers_begin: &["plan ", "solution "],
        separator: " ",
        fits: |about| {
            let has = about.prompts.contains(&PROMPT);
            has.then_some(()).ok_or("its papers have prompts for mazes and Sokoban only")
        },
        searches: SEARCHES,
        write_prompt: |_, _| {},
        form: PromptForm::Grammar { name: PROMPT, before: "" },
        write: |_, _, _, _| {},
        write_answer: |_, _, _| {},
        parse: |_, _| super::Parsed::default(),
    }
}
