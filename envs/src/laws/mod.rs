//! The laws that every environment keeps, to be called from the tests of any crate:
//!
//! ```
//! use sos_envs::{Countdown, laws};
//! laws::assert_laws::<Countdown>(&[Default::default()], 7, 5);
//! ```
//!
//! They draw puzzles, walk through them, write and read and damage what they find, and say which law does not hold, on
//! which puzzle. Every check is a function of the seed, so that a failure can be repeated.

mod position;
mod puzzle;
mod structure;
mod text;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use text::COMPACT_WORDS;

use crate::draw::{Draw, Streams};
use crate::environment::Complete;

/// What every environment keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// Settings can be written and read, are satisfiable as `space` says, and unknown fields are refused.
    Settings,
    /// A puzzle is a function of the settings and the draws alone, and comes within 1,000 draws.
    Generation,
    /// Candidates of a space are distinct, and functions of their index; draws decide only how they are shown.
    Space,
    /// A puzzle written as JSON is read back as it was; unknown fields are refused; no JSON makes it panic.
    Json,
    /// The canonical form is its own canonical form and has the same id; the puzzle shown in another way has it too.
    Identity,
    /// Successors are appended, in the same order every time.
    Successors,
    /// Every successor's move applies, and applies as claimed, with the same state and cost.
    Moves,
    /// Where there is a two-way goal, it is the only goal, and each step can be taken back at the same cost; positions have numbers
    /// below their bound, the same exactly for the same position; no walk comes back to a position where positions do not recur.
    Structure,
    /// A state is terminal exactly if it has no successors.
    Terminal,
    /// Equal positions are equal in the form that is compared.
    Keys,
    /// A goal is at distance 0; any other state as far as its nearest successor and the step to it.
    Distance,
    /// What the solver proves is what distances say.
    SolverFacts,
    /// Heuristics have the properties that they declare, prepared or not.
    Heuristics,
    /// What is written in any style is read back, with what follows it left over.
    Atoms,
    /// Header, start and goal tell the puzzle: it is read from them.
    Prompt,
    /// Words of the compact style are declared.
    Words,
    /// Nothing that is read makes it panic, nor does what was read.
    Reading,
    /// Damage is a function of its draws and damages what it says.
    Damage,
}

/// A law that does not hold: which, of what, and how to see it again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{environment} breaks the law {law:?}: {what}\n  puzzle: {puzzle}\n  settings: {settings}\n  seed {seed}, puzzle number {index}"
)]
pub struct LawError {
    /// The environment's name.
    pub environment: &'static str,
    /// The law.
    pub law: Law,
    /// What was seen.
    pub what: String,
    /// The puzzle as JSON; empty where there is none.
    pub puzzle: String,
    /// The settings as JSON.
    pub settings: String,
    /// The seed of the checks.
    pub seed: u64,
    /// The number of the puzzle among those of its settings.
    pub index: u64,
}

/// A law that does not hold, without its circumstances.
#[derive(Debug)]
struct Broken {
    law: Law,
    what: String,
}

type Held = Result<(), Broken>;

/// The law holds if `condition` does.
fn hold(law: Law, condition: bool, what: impl FnOnce() -> String) -> Held {
    if condition { Ok(()) } else { Err(Broken { law, what: what() }) }
}

/// The law does not hold if `work` panics.
fn no_panic<T>(law: Law, work: impl FnOnce() -> T, what: impl FnOnce() -> String) -> Result<T, Broken> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Broken { law, what: format!("panicked {}", what()) })
}

/// What an environment wrote, for messages.
fn shown(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn shown_json<E: Complete>(puzzle: &E) -> String {
    shown(|out| puzzle.write_json(out))
}

/// Checks every law on `count` puzzles of each of the settings.
pub fn check<E: Complete>(configs: &[E::Config], seed: u64, count: u64) -> Result<(), LawError> {
    for config in configs {
        let name = E::kinds()[E::kind_of(config)].name;
        let error = |broken: Broken, puzzle: String, index: u64| LawError {
            environment: name,
            law: broken.law,
            what: broken.what,
            puzzle,
            settings: settings_json::<E>(config),
            seed,
            index,
        };
        puzzle::settings::<E>(config).map_err(|broken| error(broken, String::new(), 0))?;
        let streams = Streams::new(seed, "laws", name);
        for index in 0..count {
            let mut draw = streams.at(index);
            let found = puzzle::draw::<E>(config, &mut draw).map_err(|broken| error(broken, String::new(), index))?;
            laws_of(&found, &mut draw).map_err(|broken| error(broken, shown_json(&found), index))?;
        }
        puzzle::space::<E>(config, seed, count).map_err(|broken| error(broken, String::new(), 0))?;
    }
    Ok(())
}

/// Checks the laws of a single puzzle, from wherever it comes.
pub fn check_puzzle<E: Complete>(puzzle: &E, seed: u64) -> Result<(), LawError> {
    laws_of(puzzle, &mut Draw::new(seed, "laws")).map_err(|broken| LawError {
        environment: puzzle.about().name,
        law: broken.law,
        what: broken.what,
        puzzle: shown_json(puzzle),
        settings: String::new(),
        seed,
        index: 0,
    })
}

/// Checks every law on `count` puzzles of each of the settings, and panics with the first that does not hold.
#[track_caller]
#[allow(clippy::panic)]
pub fn assert_laws<E: Complete>(configs: &[E::Config], seed: u64, count: u64) {
    if let Err(error) = check::<E>(configs, seed, count) {
        panic!("{error}");
    }
}

fn settings_json<E: Complete>(config: &E::Config) -> String {
    serde_json::to_string(config).unwrap_or_else(|error| format!("cannot be written: {error}"))
}

fn laws_of<E: Complete>(puzzle: &E, draw: &mut Draw) -> Held {
    puzzle::json(puzzle)?;
    puzzle::hostile_json(puzzle)?;
    puzzle::identity(puzzle, draw)?;
    structure::structure(puzzle, draw)?;
    position::walk(puzzle, draw)?;
    text::prompt(puzzle)
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[cfg(test)]
mod pegs;

#[cfg(test)]
mod toy;

#[cfg(test)]
mod tests;
