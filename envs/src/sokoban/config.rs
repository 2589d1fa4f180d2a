//! Settings of the Sokoban generator.

use serde::{Deserialize, Serialize};

use super::{MAX_BOXES, MAX_POSITIONS, MAX_SIDE, solve};
use crate::environment::ConfigError;
use crate::settings::{Amount, Range, amount_within, within};

/// How a start is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Placement {
    /// Inner walls, docks, boxes and the worker on different random cells; every such board is equally likely. Unsolvable boards are left out (Searchformer).
    #[default]
    Random,
    /// Inner walls and docks at random. Then boxes are pulled back from the docks, each pull drawn among the possible ones (Taylor and Parberry 2011).
    Reverse,
}

/// Settings of the Sokoban generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Width in cells, including the outer walls, 4 to 16: a number, or `{min, max}`.
    pub width: Amount,
    /// Height in cells, including the outer walls, 4 to 16: a number, or `{min, max}`.
    pub height: Amount,
    /// Number of boxes, and of docks, 1 to 4: a number, or `{min, max}`. A puzzle has at most 4,194,304 positions, which allows 3 boxes up to 10 by 10 cells,
    /// and 4 boxes up to 8 by 8.
    pub boxes: Amount,
    /// Number of inner walls, up to half of the inner cells: a number, or `{min, max}`.
    pub walls: Amount,
    /// How a start is drawn: `random` or `reverse`.
    pub placement: Placement,
    /// Number of pulls of reverse play, 1 to 200: a number, or `{min, max}`. No effect on random placement.
    pub pulls: Amount,
    /// Least number of steps of a cheapest solution, from 1 on.
    pub min_cost: u64,
    /// Greatest number of steps of a cheapest solution, up to 10,000.
    pub max_cost: u64,
}

impl Default for Config {
    /// Searchformer's settings.
    fn default() -> Self {
        Config {
            width: Amount::Exactly(7),
            height: Amount::Exactly(7),
            boxes: Amount::Exactly(2),
            walls: Amount::Exactly(2),
            placement: Placement::Random,
            pulls: Amount::Between(Range { min: 5, max: 25 }),
            min_cost: 1,
            max_cost: 1000,
        }
    }
}

/// Ready settings: one box in a small room, and two boxes. Searchformer's room, which is the default, is larger than all of them.
pub fn levels() -> [Config; 3] {
    let of = |width, boxes, walls| Config {
        width: Amount::Exactly(width),
        height: Amount::Exactly(6),
        boxes: Amount::Exactly(boxes),
        walls: Amount::Exactly(walls),
        ..Config::default()
    };
    [of(6, 1, 1), of(6, 2, 1), of(7, 2, 2)]
}

/// Greatest number of steps in the settings.
const MOST_STEPS: u64 = 10_000;
/// Least number of free cells that allows a push onto a dock.
const LEAST_FREE: u64 = 5;
/// Greatest number of pulls of reverse play.
const MOST_PULLS: u64 = 200;

impl Config {
    /// Refuses impossible settings.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        amount_within("width", self.width, 4, MAX_SIDE)?;
        amount_within("height", self.height, 4, MAX_SIDE)?;
        amount_within("boxes", self.boxes, 1, MAX_BOXES as u64)?;
        let least_room = (self.width.min() - 2) * (self.height.min() - 2);
        amount_within("walls", self.walls, 0, least_room / 2)?;
        amount_within("pulls", self.pulls, 1, MOST_PULLS)?;
        within("min_cost", self.min_cost, 1, MOST_STEPS)?;
        within("max_cost", self.max_cost, self.min_cost, MOST_STEPS)?;
        let free = least_room - self.walls.max();
        if free < LEAST_FREE {
            let allowed = format!("so many that at least {LEAST_FREE} cells inside are free");
            return Err(ConfigError::new("width", self.width.min(), allowed));
        }
        let most = (free - 3) / 2;
        if self.boxes.max() > most {
            let allowed = format!("1 to {most}, where {free} cells inside are free");
            return Err(ConfigError::new("boxes", self.boxes.max(), allowed));
        }
        self.check_positions()
    }

    /// Refuses settings whose puzzles have too many positions for a table of distances.
    fn check_positions(&self) -> Result<(), ConfigError> {
        let room = (self.width.max() - 2) * (self.height.max() - 2);
        let floor = (room - self.walls.min()) as usize;
        let positions = |boxes: u64| floor.saturating_mul(solve::choose(floor, boxes as usize));
        if positions(self.boxes.max()) <= MAX_POSITIONS {
            return Ok(());
        }
        let most = (1..=MAX_BOXES as u64).filter(|&boxes| positions(boxes) <= MAX_POSITIONS).max().unwrap_or(0);
        let allowed = format!("at most {most} on boards with {floor} cells of floor, or a smaller width or height");
        Err(ConfigError::new("boxes", self.boxes.max(), allowed))
    }

    /// The numbers of boxes, or of cells, in ascending order.
    pub(super) fn hold_out_values(&self, key: usize) -> Vec<u64> {
        let all = |amount: Amount| amount.min()..=amount.max().min(MAX_SIDE);
        if key == 0 {
            return all(self.boxes).collect();
        }
        let mut cells: Vec<u64> = all(self.width).flat_map(|x| all(self.height).map(move |y| x * y)).collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }
}
