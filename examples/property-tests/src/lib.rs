//! How to test your own code with puzzles, traces and answers of `stream-of-search`. Each file has an example and its test: a solver, a parser, a reward, an
//! environment. See `docs/property-testing.md`.

pub mod environment;
pub mod parser;
pub mod reward;
pub mod solver;

#[cfg(test)]
use stream_of_search::{
    arena::Puzzle,
    check::{ErrorClass, LazyFacts, Request, check},
    dialect::dialect,
};

/// The class of the first error of a trace.
#[cfg(test)]
fn first_error(puzzle: &Puzzle, name: &str, text: &[u8]) -> Option<ErrorClass> {
    let parsed = (dialect(puzzle.about(), name)?.parse)(puzzle, text);
    Some(check(puzzle, &LazyFacts::new(puzzle), &parsed, Request::default()).first_error?.class)
}
