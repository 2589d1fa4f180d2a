//! Puzzle environments for search traces: what a puzzle is, seeded draws, and the laws that every environment keeps.
//!
//! A new environment is one file that implements [`Environment`] and one line in [`visit_environments`]; every search,
//! dialect, record, corruption, command and law then has it.
#![deny(missing_docs)]

pub mod countdown;
pub mod draw;
pub mod environment;
mod exact;
pub mod graph;
pub mod laws;
pub mod number_line;
pub mod river_crossing;
pub mod settings;
pub mod text;
pub mod water_jugs;
pub mod word_ladder;

pub use countdown::Countdown;
pub use draw::{Draw, Permutation, Streams};
pub use environment::{
    ConfigError, Cost, Damage, Environment, Facts, HeuristicSpec, LEVELS, MoveClaim, PuzzleError, PuzzleId, Reject,
    Space, Step,
};
pub use graph::Graph;
pub use number_line::NumberLine;
pub use river_crossing::RiverCrossing;
pub use text::{Reader, Style};
pub use water_jugs::WaterJugs;
pub use word_ladder::WordLadder;

/// Something to do for every environment.
pub trait EnvironmentVisitor {
    /// Does it for one.
    fn visit<E: Environment>(&mut self);
}

/// The registry: visits every environment, in the order in which they are listed.
pub fn visit_environments(visitor: &mut impl EnvironmentVisitor) {
    visitor.visit::<Countdown>();
    visitor.visit::<Graph>();
    visitor.visit::<WaterJugs>();
    visitor.visit::<NumberLine>();
    visitor.visit::<RiverCrossing>();
    visitor.visit::<WordLadder>();
}
