//! Lights out: every lamp on a board is a switch. The goal is all lamps off.
//!
//! Pressing a lamp switches it and its neighbours above, below, left and right. The order of presses does not matter, and two presses of one lamp cancel, so a
//! solution is a set of presses.
//!
//! On a board of 3 by 3, `[010/111/010]` takes one press, `(2,2)`: row 2, column 2.
//!
//! Source: Tiger Electronics (1995). Anderson and Feil (1998), "Turning Lights Out with Linear Algebra": presses and lamps are vectors over the field of two
//! elements. A quiet pattern is a set of presses that switches nothing. A pattern can be solved if and only if it has an even number of lamps in common with
//! each quiet pattern. Its solutions are one of them plus each quiet pattern; the smallest of these is the least number of presses. On 5 by 5 lamps a quarter
//! of the patterns can be solved, and none takes more than 15 presses.
//!
//! Patterns are numbered by their smallest solutions. Boards that are turned or mirrored are different puzzles, but twins. A numbered space counts one of them.

mod answer;
mod atoms;
mod board;
mod config;
mod damage;
mod instruct;

use crate::environment::twin::{self, Symmetry};
use crate::prelude::*;
use board::Board;

pub use config::Config;

/// Least number of rows and of columns.
pub const MIN_SIDE: usize = 2;
/// Greatest number of rows and of columns.
pub const MAX_SIDE: usize = 8;
/// Greatest number of lamps for which patterns are numbered, so that searches need no hashing.
const MOST_INDEXED: usize = 20;

/// The lamps that are on: bit `row * columns + column`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lamps(pub u64);

/// A press, counted from 0; texts count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Press {
    /// The row.
    pub row: u8,
    /// The column.
    pub column: u8,
}

/// A lights out puzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightsOut {
    rows: u8,
    columns: u8,
    start: Lamps,
}

impl LightsOut {
    fn cells(&self) -> usize {
        usize::from(self.rows) * usize::from(self.columns)
    }

    fn board(&self) -> &'static Board {
        Board::of(self.rows.into(), self.columns.into())
    }

    /// The images under the symmetries of the grid.
    pub(crate) fn images(&self) -> impl Iterator<Item = LightsOut> {
        let size = (usize::from(self.columns), usize::from(self.rows));
        Symmetry::ALL.into_iter().map(move |symmetry| {
            let (width, height) = symmetry.size(size);
            let lit = (0..self.cells()).filter(|cell| self.start.0 >> cell & 1 == 1);
            let lamps = lit.fold(0, |lamps, cell| {
                let (x, y) = symmetry.cell(size, (cell % size.0, cell / size.0));
                lamps | 1 << (y * width + x)
            });
            LightsOut { rows: height as u8, columns: width as u8, start: Lamps(lamps) }
        })
    }

    /// The lamps on the board that a press switches. The press may be outside.
    fn switched(&self, press: Press) -> u64 {
        let near = |cell: &usize| {
            let (row, column) = (cell / usize::from(self.columns), cell % usize::from(self.columns));
            row.abs_diff(press.row.into()) + column.abs_diff(press.column.into()) <= 1
        };
        (0..self.cells()).filter(near).fold(0, |lamps, cell| lamps | 1 << cell)
    }
}

impl Environment for LightsOut {
    const ABOUT: About = About {
        name: "lights-out",
        version: 3,
        help: "switch all lamps off, where each press also switches the neighbours; 2 by 2 to 8 by 8",
        state_noun: "Lamps",
        heuristics: &[
            HeuristicSpec::consistent(
                "lit",
                "lamps that are on, divided by 5 and rounded up: a press switches at most 5",
            ),
            HeuristicSpec {
                name: "packing",
                admissible: true,
                consistent: false,
                help: "lamps that are on, 3 or more steps apart from each other: no press switches two of them",
            },
        ],
        move_claim: MoveClaim::Result,
        difficulty: "sets of presses smaller than the smallest that solves it",
        walks_turn_back: true,
        two_way: true,
        keys: &["size", "presses"],
        answer_form: "the lamps to press as (row, column), from 1 on, such as (1, 2), (3, 3)",
        ..About::NEW
    };

    type Config = Config;
    type State = Lamps;
    type Move = Press;

    fn levels() -> [Config; 3] {
        config::levels()
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.space().map(drop)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        config.generate(draw)
    }

    fn canonical(&self) -> Self {
        self.clone()
    }

    fn start(&self) -> Lamps {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Lamps) -> bool {
        state.0 == 0
    }

    /// Row by row, each from the left.
    #[inline]
    fn successors(&self, state: &Lamps, out: &mut Vec<Step<Press, Lamps>>) {
        let presses = (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| Press { row, column }));
        let switched = self.board().presses();
        out.extend(presses.zip(switched).map(|(action, lamps)| Step {
            action,
            state: Lamps(state.0 ^ lamps),
            cost: 1,
        }));
    }

    fn apply(&self, state: &Lamps, action: Press) -> Option<(Press, Lamps, Cost)> {
        let inside = action.row < self.rows && action.column < self.columns;
        let cell = usize::from(action.row) * usize::from(self.columns) + usize::from(action.column);
        inside.then(|| (action, Lamps(state.0 ^ self.board().press(cell)), 1))
    }

    fn is_terminal(&self, _state: &Lamps) -> bool {
        false
    }

    #[inline]
    fn estimate(&self, heuristic: usize, state: &Lamps) -> Cost {
        if heuristic == 0 { state.0.count_ones().div_ceil(5).into() } else { self.board().packing(state.0) }
    }

    /// Solutions are sets of presses; their orders are not counted.
    fn solver_facts(&self) -> SolverFacts {
        match self.board().fewest(self.start.0) {
            None => SolverFacts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: None },
            Some((presses, sets)) => SolverFacts {
                solvable: true,
                optimal_cost: Some(presses),
                solutions: Some(sets),
                difficulty: Some((0..presses as usize).map(|fewer| board::choices(self.cells(), fewer)).sum()),
            },
        }
    }

    fn is_solvable(&self) -> bool {
        self.board().is_solvable(self.start.0)
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        let board = self.board();
        DistanceTable::new(|_, state: &Lamps| board.fewest(state.0).map(|(presses, _)| presses))
    }
}

impl Splits for LightsOut {
    fn space(config: &Config) -> Option<Space> {
        config.space().ok()
    }

    fn at(config: &Config, _stratum: u64, index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        let puzzle = config.at(index)?;
        // If a board and its transposed shape are both drawn, one of them is counted.
        let both = config.draws(puzzle.columns, puzzle.rows) && puzzle.rows != puzzle.columns;
        let is_least = || puzzle.images().map(|image| image.id()).min() == Some(puzzle.id());
        if both && !is_least() { Err(Reject) } else { Ok(puzzle) }
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    /// The number of lamps, or of presses; 0 presses if there is no solution.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.cells() as u64 } else { self.solver_facts().optimal_cost.unwrap_or(0) }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        Some(config.hold_out_values(key))
    }

    /// A board may be turned and mirrored.
    fn twin(&self) -> PuzzleId {
        twin::of_least(Self::ABOUT.name, self.images().map(|image| image.id()).chain([self.id()]))
    }

    fn is_representative(&self) -> bool {
        let id = self.id();
        self.images().all(|image| (image.rows, image.columns) != (self.rows, self.columns) || id <= image.id())
    }
}

impl SearchSupport for LightsOut {
    fn two_way_goal(&self) -> Option<Lamps> {
        Some(Lamps(0))
    }

    fn index_bound(&self) -> Option<usize> {
        (self.cells() <= MOST_INDEXED).then(|| 1 << self.cells())
    }

    #[inline]
    fn index(&self, state: &Lamps) -> usize {
        state.0 as usize
    }
}

impl Plain for LightsOut {}

#[cfg(test)]
mod tests;
