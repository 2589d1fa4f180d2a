//! Strategies of [`proptest`] for puzzles, traces and answers, with shrinking. They serve tests of other people's solvers, parsers, rewards and
//! environments. They need the feature `proptest`; see `docs/property-testing.md`.
//!
//! A failing test ends on a small case: puzzles lose parts of their JSON; traces shrink to smaller puzzles and fewer nodes. The values depend only on
//! proptest's random numbers.
//!
//! [`puzzles`] and [`walks`] give puzzles with their types. The others take the name of an environment, as recipes do; environments of other
//! crates have a name after [`crate::arena::add`].

mod answers;
mod damaged;
mod puzzle;
#[cfg(test)]
mod tests;
mod traces;

pub use answers::{AnswerKind, AnsweredPuzzle, answers};
pub use damaged::{DamagedTrace, damaged_traces};
pub use puzzle::any_puzzle;
pub use sos_envs::strategies::{Walk, hostile_texts, puzzles, walks};
pub use traces::{SearchedPuzzle, traces};

use serde_json::Value;
use sos_envs::About;

use crate::arena::Puzzle;
use crate::dialect::{self, DialectEntry};
use crate::names;

/// A puzzle as JSON, for code that does not know the types of this crate.
pub fn json(puzzle: &Puzzle) -> Value {
    serde_json::from_str(&shown(|out| puzzle.write_json(out))).unwrap_or_default()
}

/// The dialect of an environment with a name. The error says why there is none.
fn dialect_of(about: &'static About, name: &str) -> Result<DialectEntry, String> {
    dialect::dialect(about, name).ok_or_else(|| {
        let known: Vec<&str> = dialect::dialects(about).iter().map(|dialect| dialect.name).collect();
        let nearest = names::nearest(name, known.iter().copied());
        let hint = nearest.map_or(String::new(), |nearest| format!("; did you mean \"{nearest}\"?"));
        let why = dialect::refusal(about, name, None).unwrap_or_else(|| format!("there is no dialect \"{name}\""));
        format!("{why}; {} has: {}{hint}", about.name, known.join(", "))
    })
}

/// The string that `write` writes.
fn shown(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}
