//! Settings of sliding tiles.

use serde::{Deserialize, Serialize};

use super::board::{Board, MAX_NUMBERED, MAX_SIDE, MIN_SIDE};
use super::solve;
use crate::environment::ConfigError;
use crate::settings::{Amount, Range, Solvable, amount_within, within};

/// Greatest length of a random walk, in moves.
pub const MAX_SCRAMBLE: u64 = 100;
/// Greatest `min_cost` on boards of more than 9 cells.
const MAX_MIN_COST: u64 = 40;

/// Settings of the sliding-tiles generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of rows, 2 to 4.
    pub rows: u64,
    /// Number of columns, 2 to 4.
    pub columns: u64,
    /// Least number of moves of a cheapest solution, from 1 on. On boards of more than 9 cells at most 40, and at most half of the longest `scramble`.
    pub min_cost: u64,
    /// Greatest number of moves of a cheapest solution; any large number means no limit.
    pub max_cost: u64,
    /// Length of the random walk from the goal to the start on boards of more than 9 cells, 2 to 100. It never undoes its last move. On smaller boards all
    /// starts with a suitable cost are equally likely.
    pub scramble: Amount,
    /// Whether a solution is required: `yes`, `no` or `any`. A puzzle without a solution is a solvable one with the tiles 1 and 2 exchanged.
    pub solvable: Solvable,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            rows: 3,
            columns: 3,
            min_cost: 4,
            max_cost: 20,
            scramble: Amount::Between(Range { min: 20, max: 60 }),
            solvable: Solvable::Yes,
        }
    }
}

impl Config {
    /// The board; the settings must have been checked.
    pub(super) fn board(&self) -> Board {
        let side = |side: u64| side.clamp(MIN_SIDE, MAX_SIDE) as u8;
        Board::new(side(self.rows), side(self.columns))
    }

    /// Whether starts are drawn from numbered positions.
    pub(super) fn is_numbered(&self) -> bool {
        self.board().cells() <= MAX_NUMBERED
    }

    /// Refuses impossible settings.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        within("rows", self.rows, MIN_SIDE, MAX_SIDE)?;
        within("columns", self.columns, MIN_SIDE, MAX_SIDE)?;
        amount_within("scramble", self.scramble, 2, MAX_SCRAMBLE)?;
        let greatest = if self.is_numbered() {
            solve::table(self.board()).greatest()
        } else {
            MAX_MIN_COST.min(self.scramble.max() / 2)
        };
        within("min_cost", self.min_cost, 1, greatest)?;
        within("max_cost", self.max_cost, self.min_cost, u64::MAX)
    }
}
