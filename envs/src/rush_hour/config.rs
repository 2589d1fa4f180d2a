//! Settings of Rush Hour.

use serde::{Deserialize, Serialize};

use super::board::{MOST_CARS, SIZES};
use crate::environment::{ConfigError, Cost};
use crate::json::is_default;
use crate::settings::{Amount, Range, amount_within, within};

/// Settings of the generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of rows and of columns, 4 to 8.
    pub size: Amount,
    /// The row of the exit, counted from 0. The default is the middle row, the upper one of two (2 of 6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<u64>,
    /// Number of cars, including the one that must get out: from 2 to a third of the squares that are no walls, at most
    /// 21. On boards of 8, and on boards of 7 with few long
    /// cars, only a few cars or very many long ones are allowed: with other numbers there are too many positions.
    pub cars: Amount,
    /// Number of walls, 0 to 4: squares that no car can enter, outside the row of the exit.
    #[serde(skip_serializing_if = "is_default")]
    pub walls: u64,
    /// Percentage of the other cars with length 3 instead of 2, 0 to 100.
    pub long_percent: u64,
    /// Least number of slides of a shortest solution, from 1 on.
    pub min_cost: Cost,
    /// Greatest number of slides of a shortest solution.
    pub max_cost: Cost,
    /// Greatest number of positions that can be reached on a board, 100 to 1,000,000. Boards with more are not used.
    pub max_positions: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            size: Amount::Exactly(6),
            exit: None,
            cars: Amount::Between(Range { min: 6, max: 8 }),
            walls: 0,
            long_percent: 45,
            min_cost: 5,
            max_cost: MOST_COST,
            max_positions: 5_000,
        }
    }
}

/// The most walls of a drawn board. With more, few boards have long solutions.
const MOST_WALLS: u64 = 4;
/// More slides than any drawn puzzle needs.
const MOST_COST: Cost = 200;

/// Greatest `min_cost` that boards of a size with this number of cars satisfy often enough for the generator. More cars make longer solutions. A larger board
/// and longer cars (which cannot get out of the way) make shorter ones.
fn usual_cost(size: u64, cars: u64, long_percent: u64) -> Cost {
    let slack = 650 - 3 * long_percent.max(30);
    let cost = match size {
        // In the middle of such a small board, a long car across the exit's row can never leave it.
        4 | 5 => 1 + ((cars - 2) * (100 - long_percent)).div_ceil(100),
        6 => cars * slack / 500,
        _ => 24 * cars * slack / (500 * size * size),
    };
    cost.clamp(1, if size == 4 { 5 } else { 12 })
}

impl Config {
    /// The row of the exit on a board of this size.
    pub(super) fn exit_row(&self, size: u8) -> u8 {
        self.exit.and_then(|row| u8::try_from(row).ok()).unwrap_or((size - 1) / 2)
    }

    /// Refuses impossible settings.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        amount_within("size", self.size, SIZES[0].into(), SIZES[1].into())?;
        let least = self.size.min();
        if let Some(row) = self.exit {
            within("exit", row, 0, least - 1)?;
        }
        within("walls", self.walls, 0, MOST_WALLS)?;
        within("long_percent", self.long_percent, 0, 100)?;
        // Long cars take more of the board, of which random placement can fill three quarters.
        let squares = least * least - self.walls;
        let fit = 75 * squares / (200 + self.long_percent);
        let most = fit.min(squares / 3).min(MOST_CARS as u64);
        amount_within("cars", self.cars, 2, most)?;
        self.check_room(most)?;
        within("min_cost", self.min_cost, 1, self.usual_cost())?;
        within("max_cost", self.max_cost, self.min_cost, MOST_COST)?;
        within("max_positions", self.max_positions, 100, 1_000_000)
    }

    fn usual_cost(&self) -> Cost {
        let of = |size| usual_cost(size, self.cars.min(), self.long_percent);
        (self.size.min()..=self.size.max()).map(of).min().unwrap_or(1)
    }

    /// On large boards, all but a few or very many cars give too many positions to explore.
    fn check_room(&self, most: u64) -> Result<(), ConfigError> {
        let (few, size): (u64, u64) = match self.size.max() {
            8 => (4, 8),
            7 if self.long_percent < 30 => (8, 7),
            _ => return Ok(()),
        };
        let full = (70 * size * size).div_ceil(200 + self.long_percent);
        let full = Some(full).filter(|&full| full <= most && self.long_percent >= 60);
        if self.cars.max() <= few || full.is_some_and(|full| self.cars.min() >= full) {
            return Ok(());
        }
        let found = format!("{} to {} on a board of {size}", self.cars.min(), self.cars.max());
        let many = full.map_or(String::new(), |full| format!(", or {full} to {most}"));
        Err(ConfigError::new("cars", found, format!("2 to {few}{many}; or longer cars, or a smaller board")))
    }
}
