//! Puzzles with a common ground: several starts and goals in one maze.

use crate::draw::Draw;
use crate::environment::{Environment, PuzzleId, Reject};

/// Ground that several puzzles share. By default each puzzle has its own: `impl SharedGround for Pegs {}`.
pub trait SharedGround: Environment {
    /// Number of successive rows whose puzzles share the ground, by the settings; 1 by default.
    fn tasks(_config: &Self::Config) -> u64 {
        1
    }
    /// Another puzzle on the same ground.
    fn another_task(&self, _config: &Self::Config, _draw: &mut Draw) -> Result<Self, Reject> {
        Err(Reject)
    }
    /// The id of the shared ground, up to symmetry like [`Splits::twin`](crate::Splits::twin); none if there is none. Puzzles with one ground belong to one
    /// split.
    fn family(&self) -> Option<PuzzleId> {
        None
    }
}
