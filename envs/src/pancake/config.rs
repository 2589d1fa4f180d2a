//! Settings of pancakes.

use serde::{Deserialize, Serialize};

use super::stack::{MAX_NUMBERED, MAX_PANCAKES, MIN_PANCAKES, WORST, table};
use crate::counting::factorial;
use crate::environment::ConfigError;
use crate::settings::within;

/// Settings of the pancake generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of pancakes, 3 to 12.
    pub pancakes: u64,
    /// Least number of flips of a cheapest solution, from 1 to the greatest cost of any stack: 3 flips for 3 pancakes, then 4, 5, 7, 8, 9, and 10 for 9
    /// pancakes. With more pancakes, up to their number minus 2.
    pub min_cost: u64,
    /// Greatest number of flips of a cheapest solution; any large number means no limit. With more than 9 pancakes, a start with a higher cost is moved along a
    /// cheapest solution to a cost from `min_cost` to this.
    pub max_cost: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config { pancakes: 7, min_cost: 3, max_cost: 100 }
    }
}

impl Config {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        within("pancakes", self.pancakes, MIN_PANCAKES, MAX_PANCAKES)?;
        let worst = WORST[self.pancakes as usize];
        let greatest = if self.is_numbered() { worst } else { self.pancakes - 2 };
        within("min_cost", self.min_cost, 1, greatest)?;
        within("max_cost", self.max_cost, self.min_cost, u64::MAX)
    }

    pub(super) fn count(&self) -> usize {
        self.pancakes.clamp(MIN_PANCAKES, MAX_PANCAKES) as usize
    }

    pub(super) fn is_numbered(&self) -> bool {
        self.count() <= MAX_NUMBERED
    }

    /// Number of numbered candidates; none if starts are moved along a solution.
    pub(super) fn candidates(&self) -> Option<u64> {
        if self.is_numbered() {
            Some(table(self.count()).between(self.min_cost, self.max_cost))
        } else if self.max_cost >= WORST[self.count()] {
            Some(factorial(self.count() as u64))
        } else {
            None
        }
    }
}
