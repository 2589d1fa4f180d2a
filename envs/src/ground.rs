//! Puzzles over the same ground: several starts and goals between the walls of one maze.

use crate::draw::Draw;
use crate::environment::{Environment, PuzzleId, Reject};

/// Ground that puzzles share. By default each puzzle has its own: `impl SharedGround for Pegs {}`.
pub trait SharedGround: Environment {
    /// How many rows in succession share the ground of their puzzles, as the settings say; 1 by default.
    fn tasks(_config: &Self::Config) -> u64 {
        1
    }
    /// Another puzzle over the same ground.
    fn another_task(&self, _config: &Self::Config, _draw: &mut Draw) -> Result<Self, Reject> {
        Err(Reject)
    }
    /// The id of the ground that it shares with other puzzles, which splits must not tear apart, up to symmetry like
    /// [`Splits::twin`](crate::Splits::twin); none where there is none.
    fn family(&self) -> Option<PuzzleId> {
        None
    }
}
