//! Settings of lights out, and their space of puzzles.

use serde::{Deserialize, Serialize};

use super::board::{Board, choice, choices};
use super::{Lamps, LightsOut, MAX_SIDE, MIN_SIDE};
use crate::draw::Draw;
use crate::environment::{ConfigError, Reject};
use crate::settings::{Amount, Range, Solvable, amount_within};
use crate::splits::Space;

/// Settings of lights out. Every distinct puzzle is equally likely, so most puzzles have the largest boards and numbers of presses that the settings allow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of rows: 2 to 8.
    pub rows: Amount,
    /// Number of columns: 2 to 8.
    pub columns: Amount,
    /// Least number of presses that solve the puzzle: from 1 to the number of lamps. On boards with one or two independent quiet patterns (as 5 by 5) up to two
    /// fifths of it, with more (as 4 by 4) up to a third.
    pub presses: Amount,
    /// Whether a solution is required: `yes`, `no` or `any`. An unsolvable puzzle is a solvable one with lamps switched that no presses can switch alone. It
    /// exists only on boards with quiet patterns, such as 4 by 4 and 5 by 5.
    pub solvable: Solvable,
}

impl Default for Config {
    fn default() -> Self {
        let range = |min, max| Amount::Between(Range { min, max });
        Config { rows: Amount::Exactly(4), columns: range(4, 5), presses: range(3, 5), solvable: Solvable::Yes }
    }
}

pub fn levels() -> [Config; 3] {
    let range = |min, max| Amount::Between(Range { min, max });
    let of = |rows, columns, presses| Config { rows, columns, presses, solvable: Solvable::Yes };
    [
        of(range(3, 4), Amount::Exactly(4), range(2, 3)),
        of(Amount::Exactly(4), range(4, 5), range(3, 4)),
        of(Amount::Exactly(5), range(5, 6), range(3, 4)),
    ]
}

/// Candidates of one size and number of presses.
struct Part {
    rows: u8,
    columns: u8,
    presses: usize,
    /// Number of sets of presses.
    sets: u64,
    /// The first class of patterns, and the number of classes.
    kinds: (usize, usize),
}

impl Config {
    fn check(&self) -> Result<(), ConfigError> {
        let [least, most] = [MIN_SIDE, MAX_SIDE].map(|side| side as u64);
        amount_within("rows", self.rows, least, most)?;
        amount_within("columns", self.columns, least, most)?;
        let presses = self.sizes().map(|(rows, columns)| most_presses(rows.into(), columns.into())).min();
        amount_within("presses", self.presses, 1, presses.unwrap_or(1))?;
        let sound = |&(rows, columns): &(u8, u8)| Board::of(rows.into(), columns.into()).kinds() == 1;
        match self.sizes().find(sound) {
            Some((rows, columns)) if self.solvable == Solvable::No => {
                let allowed = format!("yes or any, as on {rows} by {columns} lamps every pattern is solvable");
                Err(ConfigError::new("solvable", "no", allowed))
            }
            _ => Ok(()),
        }
    }

    fn sizes(&self) -> impl Iterator<Item = (u8, u8)> {
        let columns = self.columns;
        (self.rows.min()..=self.rows.max())
            .flat_map(move |rows| (columns.min()..=columns.max()).map(move |columns| (rows as u8, columns as u8)))
    }

    fn kinds(&self, board: &Board) -> (usize, usize) {
        match self.solvable {
            Solvable::Yes => (0, 1),
            Solvable::No => (1, board.kinds() - 1),
            Solvable::Any => (0, board.kinds()),
        }
    }

    fn parts(&self) -> impl Iterator<Item = Part> {
        self.sizes().flat_map(move |(rows, columns)| {
            let kinds = self.kinds(Board::of(rows.into(), columns.into()));
            (self.presses.min() as usize..=self.presses.max() as usize).map(move |presses| {
                let sets = choices(usize::from(rows) * usize::from(columns), presses);
                Part { rows, columns, presses, sets, kinds }
            })
        })
    }

    pub(super) fn space(&self) -> Result<Space, ConfigError> {
        self.check()?;
        Ok(Space { strata: 1, size: self.parts().map(|part| part.size()).sum() })
    }

    pub(super) fn at(&self, mut index: u128) -> Result<LightsOut, Reject> {
        for part in self.parts() {
            if index < part.size() {
                let set = choice(part.cells(), part.presses, (index / part.kinds.1 as u128) as u64);
                return part.puzzle(set, (index % part.kinds.1 as u128) as usize);
            }
            index -= part.size();
        }
        Err(Reject)
    }

    /// Whether boards of this size are drawn.
    pub(super) fn draws(&self, rows: u8, columns: u8) -> bool {
        self.sizes().any(|size| size == (rows, columns))
    }

    pub(super) fn generate(&self, draw: &mut Draw) -> Result<LightsOut, Reject> {
        let (rows, columns) = (self.rows.draw(draw) as u8, self.columns.draw(draw) as u8);
        let kinds = self.kinds(Board::of(rows.into(), columns.into()));
        let presses = self.presses.draw(draw);
        let mut part = Part { rows, columns, presses, sets: 0, kinds };
        part.sets = choices(part.cells(), presses);
        let set = choice(part.cells(), presses, draw.below(part.sets));
        part.puzzle(set, draw.index(kinds.1))
    }

    pub(super) fn hold_out_values(&self, key: usize) -> Vec<u64> {
        let mut values: Vec<u64> = if key == 0 {
            self.sizes().map(|(rows, columns)| u64::from(rows) * u64::from(columns)).collect()
        } else {
            let unsolvable = (self.solvable != Solvable::Yes).then_some(0);
            let solvable = (self.presses.min()..=self.presses.max()).filter(|_| self.solvable != Solvable::No);
            unsolvable.into_iter().chain(solvable).collect()
        };
        values.sort_unstable();
        values.dedup();
        values
    }
}

impl Part {
    fn cells(&self) -> usize {
        usize::from(self.rows) * usize::from(self.columns)
    }

    fn size(&self) -> u128 {
        u128::from(self.sets) * self.kinds.1 as u128
    }

    /// The pattern that a set of presses makes. Rejects if another set is the least for the pattern.
    fn puzzle(&self, set: u64, kind: usize) -> Result<LightsOut, Reject> {
        let board = Board::of(self.rows.into(), self.columns.into());
        if !board.is_least(set) {
            return Err(Reject);
        }
        let start = Lamps(board.switched(set) ^ board.lamps_of_kind(self.kinds.0 + kind));
        Ok(LightsOut { rows: self.rows, columns: self.columns, start })
    }
}

/// Greatest number of presses in the settings. Up to it, enough sets of presses are the least for their effect.
fn most_presses(rows: usize, columns: usize) -> u64 {
    let cells = (rows * columns) as u64;
    match Board::of(rows, columns).kinds() {
        1 => cells,
        2..=4 => cells * 2 / 5,
        _ => cells / 3,
    }
}
