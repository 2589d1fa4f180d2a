//! Settings of knights.

use serde::{Deserialize, Serialize};

use super::board::{SIDES, positions};
use super::{MOST_KNIGHTS, MOST_POSITIONS};
use crate::environment::{ConfigError, Cost};
use crate::settings::{Amount, Solvable, amount_within, within};

/// The task: a table with `kind` and the fields of this kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Task {
    /// One knight goes from one square to another.
    Path,
    /// White and black knights exchange their squares.
    Swap {
        /// Number of knights of each colour, 1 to 8.
        knights: Amount,
    },
}

/// Settings of the generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The task: `{kind = "path"}` or `{kind = "swap", knights = 2}`.
    pub task: Task,
    /// Number of columns, 3 to 8.
    pub width: Amount,
    /// Number of rows, 3 to 8.
    pub height: Amount,
    /// Number of blocked squares: in a path at most half of the board, in a swap at most a third.
    pub blocked: Amount,
    /// Least number of jumps of a shortest solution, if there is one; from 1 on.
    pub min_cost: Cost,
    /// Greatest number of jumps of a shortest solution.
    pub max_cost: Cost,
    /// Whether a solution is required: `yes`, `no` or `any`.
    pub solvable: Solvable,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            task: Task::Swap { knights: Amount::Exactly(2) },
            width: Amount::Exactly(4),
            height: Amount::Exactly(4),
            blocked: Amount::Exactly(3),
            min_cost: 6,
            max_cost: MOST_COST,
            solvable: Solvable::Yes,
        }
    }
}

/// More jumps than any drawn puzzle needs.
const MOST_COST: Cost = 200;

impl Config {
    /// The numbers of white and of black knights.
    pub(super) fn knights(&self) -> [Amount; 2] {
        match &self.task {
            Task::Path => [Amount::Exactly(1), Amount::Exactly(0)],
            Task::Swap { knights } => [*knights; 2],
        }
    }

    /// Refuses impossible settings.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let [white, black] = self.knights();
        amount_within("task.knights", white, 1, MOST_KNIGHTS)?;
        let [least, most] = SIDES.map(u64::from);
        amount_within("width", self.width, least, most)?;
        amount_within("height", self.height, least, most)?;
        let area = self.width.min() * self.height.min();
        amount_within("blocked", self.blocked, 0, self.most_blocked(area)?)?;
        let largest = self.width.max() * self.height.max() - self.blocked.min();
        let found = positions(largest, white.max(), black.max());
        if found > MOST_POSITIONS as u128 {
            let allowed = format!("fewer knights or squares: at most {MOST_POSITIONS} positions");
            return Err(ConfigError::new("task.knights", format!("{found} positions"), allowed));
        }
        self.check_cost()?;
        let isolated = self.blocked.max() >= 2 || self.is_three_by_three();
        if self.solvable == Solvable::No && !isolated {
            let allowed =
                "2 and more with solvable = \"no\", or a board of 3 by 3: else hardly a puzzle has no solution";
            return Err(ConfigError::new("blocked", self.blocked.max(), allowed));
        }
        Ok(())
    }

    /// Greatest number of blocked squares for which most boards still have a solution. In a swap this is a third of the board, and three squares stay free
    /// besides the knights. A 3 by 3 board without one of its outer squares is a line, on which no knight passes another.
    fn most_blocked(&self, area: u64) -> Result<u64, ConfigError> {
        let Task::Swap { knights } = &self.task else { return Ok(area / 2) };
        let Some(room) = area.checked_sub(2 * knights.max() + 3) else {
            return Err(ConfigError::new("task.knights", knights.max(), format!("fewer on {area} squares")));
        };
        Ok(room.min(if area == 9 { 1 } else { area / 3 }))
    }

    fn is_three_by_three(&self) -> bool {
        self.width.max() == 3 && self.height.max() == 3
    }

    /// Refuses costs of which drawn puzzles have too few.
    fn check_cost(&self) -> Result<(), ConfigError> {
        let usual = match &self.task {
            Task::Path => 4,
            Task::Swap { knights } => 4 * knights.min(),
        };
        within("min_cost", self.min_cost, 1, usual)?;
        within("max_cost", self.max_cost, self.min_cost.max(2 * self.knights()[0].max()), MOST_COST)
    }
}
