//! Settings that several environments share.

use serde::{Deserialize, Serialize};

use crate::draw::Draw;
use crate::environment::ConfigError;

/// A range of integers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The least.
    pub min: u64,
    /// The greatest.
    pub max: u64,
}

impl Range {
    /// The number of integers in the range.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(self) -> u128 {
        u128::from(self.max) + 1 - u128::from(self.min)
    }
}

/// A number, or a range from which each puzzle draws one: `12` or `{min = 8, max = 12}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a whole number from 0 on, or a range such as { min = 8, max = 12 }")]
pub enum Amount {
    /// Always the same.
    Exactly(u64),
    /// Drawn from a range, every number equally likely.
    Between(Range),
}

impl Amount {
    /// The least.
    pub fn min(self) -> u64 {
        match self {
            Amount::Exactly(number) => number,
            Amount::Between(range) => range.min,
        }
    }

    /// The greatest.
    pub fn max(self) -> u64 {
        match self {
            Amount::Exactly(number) => number,
            Amount::Between(range) => range.max,
        }
    }

    /// Draws a number.
    pub fn draw(self, draw: &mut Draw) -> usize {
        draw.between(self.min(), self.max()) as usize
    }
}

/// Which puzzles are accepted, by solvability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Solvable {
    /// Solvable puzzles.
    #[default]
    Yes,
    /// Unsolvable puzzles.
    No,
    /// Both, without selection.
    Any,
}

impl Solvable {
    /// Whether a puzzle of this solvability is accepted.
    pub fn accepts(self, solvable: bool) -> bool {
        match self {
            Solvable::Yes => solvable,
            Solvable::No => !solvable,
            Solvable::Any => true,
        }
    }
}

/// Refuses a number that is out of its range.
pub fn within(field: &str, found: u64, min: u64, max: u64) -> Result<(), ConfigError> {
    if (min..=max).contains(&found) { Ok(()) } else { Err(ConfigError::new(field, found, format!("{min} to {max}"))) }
}

/// Refuses an amount that is empty or exceeds its range.
pub fn amount_within(field: &str, found: Amount, min: u64, max: u64) -> Result<(), ConfigError> {
    let (least, most) = (found.min(), found.max());
    if least <= most && min <= least && most <= max {
        return Ok(());
    }
    let shown = if least == most { least.to_string() } else { format!("{{ min = {least}, max = {most} }}") };
    Err(ConfigError::new(field, shown, format!("{min} to {max}")))
}
