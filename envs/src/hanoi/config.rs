//! Settings of the Tower of Hanoi, and their space of puzzles.

use serde::{Deserialize, Serialize};

use super::{Disks, Hanoi, MAX_DISKS, MAX_PEGS, solve};
use crate::draw::Draw;
use crate::environment::{ConfigError, Reject};
use crate::settings::{Amount, Range, amount_within, within};
use crate::splits::Space;

/// Settings of the Tower of Hanoi. Every distinct puzzle is equally likely, so most puzzles have the greatest numbers of pegs and disks that the settings
/// allow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of pegs: 3 to 5.
    pub pegs: Amount,
    /// Number of disks: 1 to 9.
    pub disks: Amount,
    /// Whether all disks are on the first peg at the start and on the last one at the goal, as in the classic puzzle. Then there is one puzzle for each number
    /// of pegs and disks.
    pub tower: bool,
    /// Least cost of a cheapest solution, in moves: from 1 to the median of the puzzles with the most pegs and the fewest disks.
    pub min_cost: u64,
}

impl Default for Config {
    fn default() -> Self {
        let between = |min, max| Amount::Between(Range { min, max });
        Config { pegs: between(3, 3), disks: between(5, 6), tower: false, min_cost: 1 }
    }
}

pub fn levels() -> [Config; 3] {
    let of = |min, max, min_cost| Config { disks: Amount::Between(Range { min, max }), min_cost, ..Config::default() };
    [of(3, 4, 2), of(4, 5, 4), of(5, 5, 17)]
}

/// The median number of moves over all puzzles, as sampled, for 3, 4 and 5 pegs and from 1 disk on. At least half of the puzzles need as many.
pub(super) const MEDIAN: [[u64; MAX_DISKS]; MAX_PEGS - 2] =
    [[1, 2, 4, 8, 17, 34, 68, 137, 275], [1, 2, 3, 5, 7, 10, 13, 17, 23], [1, 2, 3, 4, 6, 8, 10, 12, 14]];

/// Numbers of suffixes of strings, by their length and by the number of letters used before. Each letter may be one of those or the next new one.
type Ends = [[u128; MAX_PEGS + 1]; 2 * MAX_DISKS + 1];

fn ends(pegs: usize) -> Ends {
    let mut ends = [[1; MAX_PEGS + 1]; 2 * MAX_DISKS + 1];
    for length in 1..ends.len() {
        for used in 0..=pegs {
            let new = if used < pegs { ends[length - 1][used + 1] } else { 0 };
            ends[length][used] = used as u128 * ends[length - 1][used] + new;
        }
    }
    ends
}

impl Config {
    fn check(&self) -> Result<(), ConfigError> {
        amount_within("pegs", self.pegs, 3, MAX_PEGS as u64)?;
        amount_within("disks", self.disks, 1, MAX_DISKS as u64)?;
        let median = MEDIAN[self.pegs.max() as usize - 3][self.disks.min() as usize - 1];
        within("min_cost", self.min_cost, 1, median)
    }

    /// The numbers of pegs and disks, each with its number of puzzles, including those that start at their goal.
    fn sizes(&self) -> impl Iterator<Item = (u8, u8, u128)> {
        (self.pegs.min()..=self.pegs.max()).flat_map(move |pegs| {
            let ends = ends(pegs as usize);
            let count = move |disks| if self.tower { 1 } else { ends[2 * disks as usize][0] };
            (self.disks.min()..=self.disks.max()).map(move |disks| (pegs as u8, disks as u8, count(disks)))
        })
    }

    pub(super) fn space(&self) -> Result<Space, ConfigError> {
        self.check()?;
        Ok(Space { strata: 1, size: self.sizes().map(|(_, _, count)| count).sum() })
    }

    /// The candidate with a number. The draw names the pegs.
    pub(super) fn at(&self, mut index: u128, draw: &mut Draw) -> Result<Hanoi, Reject> {
        for (pegs, disks, count) in self.sizes() {
            if index < count {
                return self.accepted(if self.tower { tower(pegs, disks) } else { shown(pegs, disks, index, draw) });
            }
            index -= count;
        }
        Err(Reject)
    }

    pub(super) fn generate(&self, draw: &mut Draw) -> Result<Hanoi, Reject> {
        let (pegs, disks) = (self.pegs.draw(draw) as u8, self.disks.draw(draw) as u8);
        if self.tower {
            return self.accepted(tower(pegs, disks));
        }
        let mut any =
            || (0..disks).fold(Disks::default(), |state, disk| state.with(disk, draw.below(pegs.into()) as u8));
        let (start, goal) = (any(), any());
        self.accepted(Hanoi { pegs, disks, start, goal })
    }

    fn accepted(&self, hanoi: Hanoi) -> Result<Hanoi, Reject> {
        let far = self.min_cost == 1 || solve::facts_within(&hanoi, self.min_cost - 1).is_none();
        if hanoi.start != hanoi.goal && far { Ok(hanoi) } else { Err(Reject) }
    }
}

/// The classic puzzle.
pub(super) fn tower(pegs: u8, disks: u8) -> Hanoi {
    let all_on = |peg| (0..disks).fold(Disks::default(), |state, disk| state.with(disk, peg));
    Hanoi { pegs, disks, start: all_on(0), goal: all_on(pegs - 1) }
}

/// The puzzle whose string has the number `rank`, with randomly named pegs.
fn shown(pegs: u8, disks: u8, mut rank: u128, draw: &mut Draw) -> Hanoi {
    let ends = ends(pegs.into());
    let mut names: [u8; MAX_PEGS] = std::array::from_fn(|peg| peg as u8);
    draw.shuffle(&mut names[..usize::from(pegs)]);
    let mut used = 0;
    let mut left = 2 * usize::from(disks);
    let mut next = || {
        left -= 1;
        let each = ends[left][used];
        let old = (rank / each).min(used as u128) as usize;
        rank -= old as u128 * each;
        used += usize::from(old == used);
        names[old]
    };
    let mut state = || (0..disks).fold(Disks::default(), |state, disk| state.with(disk, next()));
    let (start, goal) = (state(), state());
    Hanoi { pegs, disks, start, goal }
}
