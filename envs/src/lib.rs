//! Puzzle environments for search traces: the traits of a puzzle, seeded draws, and the laws that every environment keeps.
//!
//! A new environment is one file that implements [`Environment`] and its parts, and three lines in this file: the module, its type, and a line in
//! [`visit_environments`]. All searches, dialects, records, corruptions, commands and laws then work with it. See `docs/new-environment.md`.
#![deny(missing_docs)]

pub mod about;
pub mod answers;
pub mod blocksworld;
pub mod constraint;
pub mod countdown;
mod counting;
pub mod damage;
pub mod distance;
pub mod draw;
pub mod environment;
mod exact;
pub mod graph;
pub mod ground;
pub mod hanoi;
pub mod instruct;
pub mod json;
pub mod kinds;
pub mod knights;
pub mod laws;
pub mod lights_out;
pub mod maze;
pub mod number_line;
pub mod pancake;
pub mod pocket_cube;
pub mod prelude;
pub mod prompt;
mod quiet;
pub mod river_crossing;
pub mod rush_hour;
pub mod search_support;
pub mod settings;
pub mod show;
pub mod sliding_tiles;
pub mod smaller;
pub mod sokoban;
pub mod splits;
#[cfg(feature = "proptest")]
pub mod strategies;
pub mod text;
pub mod variable_set;
pub mod variables;
pub mod water_jugs;
pub mod word_ladder;

pub use about::{About, HeuristicSpec, MoveClaim};
pub use answers::Answers;
pub use blocksworld::Blocksworld;
pub use constraint::Constraint;
pub use countdown::Countdown;
pub use damage::{Damage, DamageKind};
pub use distance::DistanceTable;
pub use draw::{Draw, Permutation, Streams};
pub use environment::{
    Atoms, Complete, ConfigError, Cost, Environment, LEVELS, Plain, PuzzleError, PuzzleId, Reject, SolverFacts, Step,
};
pub use graph::Graph;
pub use ground::SharedGround;
pub use hanoi::Hanoi;
pub use instruct::{Instruct, Instructions};
pub use json::Json;
pub use kinds::Kinds;
pub use knights::Knights;
pub use lights_out::LightsOut;
pub use maze::Maze;
pub use number_line::NumberLine;
pub use pancake::Pancake;
pub use pocket_cube::PocketCube;
pub use prompt::{Prompts, Task};
pub use river_crossing::RiverCrossing;
pub use rush_hour::RushHour;
pub use search_support::{Evaluator, SearchSupport};
pub use sliding_tiles::SlidingTiles;
pub use sokoban::Sokoban;
pub use sokoban::large::LargeSokoban;
pub use splits::{Space, Splits};
pub use text::{Reader, Style};
pub use variable_set::VariableSet;
pub use variables::{Branch, Conflict, InferenceSlip, Order, RANDOM_ORDER, Repair, Variables};
pub use water_jugs::WaterJugs;
pub use word_ladder::WordLadder;

/// A function that is called for every environment.
pub trait EnvironmentVisitor {
    /// Visits one environment: a kind of [`Kinds::kinds`].
    fn visit<E: Complete>(&mut self, kind: usize);

    /// Visits an environment whose puzzles are of two types. Those that are too large for the first are of the second, which has the same settings, the same
    /// JSON and the same texts. By default the second is left out.
    fn visit_sizes<E: Complete, Larger: Complete>(&mut self) {
        self.visit::<E>(0);
    }
}

fn visit_kinds<E: Complete>(visitor: &mut impl EnvironmentVisitor) {
    (0..E::kinds().len()).for_each(|kind| visitor.visit::<E>(kind));
}

/// The registry: visits every environment, in the order of the list.
pub fn visit_environments(visitor: &mut impl EnvironmentVisitor) {
    visit_kinds::<Countdown>(visitor);
    visit_kinds::<Graph>(visitor);
    visit_kinds::<Maze>(visitor);
    visit_kinds::<SlidingTiles>(visitor);
    visit_kinds::<Hanoi>(visitor);
    visit_kinds::<RushHour>(visitor);
    visit_kinds::<Blocksworld>(visitor);
    visit_kinds::<Pancake>(visitor);
    visit_kinds::<WaterJugs>(visitor);
    visitor.visit_sizes::<Sokoban, LargeSokoban>();
    visit_kinds::<LightsOut>(visitor);
    visit_kinds::<PocketCube>(visitor);
    visit_kinds::<Knights>(visitor);
    visit_kinds::<NumberLine>(visitor);
    visit_kinds::<RiverCrossing>(visitor);
    visit_kinds::<WordLadder>(visitor);
    visit_kinds::<Constraint>(visitor);
}
