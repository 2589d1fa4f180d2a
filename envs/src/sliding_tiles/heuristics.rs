//! Lower bounds on the number of moves.

use super::board::{Board, Tiles};
use crate::about::HeuristicSpec;
use crate::environment::Cost;

/// The heuristics, in the order that [`Tables`] uses.
pub const SPECS: &[HeuristicSpec] = &[
    HeuristicSpec::consistent("misplaced", "tiles that are not where they belong (Doran and Michie 1966)"),
    HeuristicSpec::consistent(
        "manhattan",
        "rows and columns from every tile to where it belongs (Doran and Michie 1966)",
    ),
    HeuristicSpec::consistent(
        "linear-conflict",
        "manhattan, and 2 for every tile that must leave its row or column to let another pass (Hansson, Mayer and Yung 1992)",
    ),
];

const MISPLACED: usize = 0;
const MANHATTAN: usize = 1;

/// A prepared heuristic.
#[derive(Clone, Debug)]
pub struct Tables {
    board: Board,
    /// The goal cell of each tile.
    homes: [usize; 16],
    /// The contribution of each tile in each cell.
    counts: [[u8; 16]; 16],
    conflicts: bool,
}

impl Tables {
    pub(super) fn new(board: Board, goal: Tiles, heuristic: usize) -> Self {
        let mut homes = [0; 16];
        (0..board.cells()).for_each(|cell| homes[usize::from(goal.tile(cell))] = cell);
        let mut counts = [[0; 16]; 16];
        for (tile, counts) in counts.iter_mut().enumerate().take(board.cells()).skip(1) {
            let (home_row, home_column) = board.place(homes[tile]);
            for (cell, count) in counts.iter_mut().enumerate().take(board.cells()) {
                let (row, column) = board.place(cell);
                let apart = (row.abs_diff(home_row) + column.abs_diff(home_column)) as u8;
                *count = if heuristic == MISPLACED { apart.min(1) } else { apart };
            }
        }
        Tables { board, homes, counts, conflicts: heuristic > MANHATTAN }
    }

    #[inline]
    pub(super) fn estimate(&self, tiles: Tiles) -> Cost {
        let apart = |cell: usize| Cost::from(self.counts[usize::from(tiles.tile(cell))][cell]);
        let sum: Cost = (0..self.board.cells()).map(apart).sum();
        if self.conflicts { sum + 2 * self.conflicts(tiles) } else { sum }
    }

    /// Number of tiles that must leave their line: those in the line of their goal, minus the longest sequence of them in order.
    fn conflicts(&self, tiles: Tiles) -> Cost {
        let (rows, columns) = (usize::from(self.board.rows), usize::from(self.board.columns));
        let mut across = [Line::default(); 4];
        let mut down = [Line::default(); 4];
        for (row, line) in across.iter_mut().enumerate().take(rows) {
            for (column, file) in down.iter_mut().enumerate().take(columns) {
                let tile = tiles.tile(row * columns + column);
                if tile == 0 {
                    continue;
                }
                let (home_row, home_column) = self.board.place(self.homes[usize::from(tile)]);
                if home_row == row {
                    line.push(home_column as u8);
                }
                if home_column == column {
                    file.push(home_row as u8);
                }
            }
        }
        across.iter().chain(&down).map(Line::out_of_order).sum()
    }
}

/// The goal places of tiles in a line, in the order of their current places.
#[derive(Clone, Copy, Default)]
struct Line {
    places: [u8; 4],
    /// For each place, the length of the longest rising sequence that ends with it.
    rising: [u8; 4],
    len: usize,
}

impl Line {
    #[inline]
    fn push(&mut self, place: u8) {
        let before = self.places[..self.len].iter().zip(&self.rising).filter(|&(&other, _)| other < place);
        self.rising[self.len] = before.map(|(_, &length)| length).max().unwrap_or(0) + 1;
        self.places[self.len] = place;
        self.len += 1;
    }

    #[inline]
    fn out_of_order(&self) -> Cost {
        self.len as Cost - Cost::from(self.rising[..self.len].iter().copied().max().unwrap_or(0))
    }
}
