//! Decides with bit boards whether a 9 by 9 sudoku has a solution. For each digit, one bit of each cell tells whether the digit is possible there.
//!
//! All rows, columns or boxes are tested in a few operations on 81 bits. The proof that a puzzle is minimal asks dozens of such questions. The general solver
//! of constraint puzzles gives the same answers but takes several times as long.

/// Number of rows and of columns.
pub const SIZE: usize = 9;

/// A set of cells, one bit each, row by row.
type Cells = u128;

const ALL: Cells = (1 << 81) - 1;
/// The first cell of each row.
const ROWS: Cells = every(9, 9);
/// All cells in the first row of each band of three rows.
const BANDS: Cells = 511 * every(3, 27);
/// The first cell of each box of a band, in the band's first row.
const BOXES: Cells = BANDS & every(27, 3);

/// A set of `bits` bits at distance `apart`, from bit 0 on.
const fn every(bits: u32, apart: u32) -> Cells {
    let (mut cells, mut bit) = (0, 0);
    while bit < bits {
        cells |= 1 << (bit * apart);
        bit += 1;
    }
    cells
}

/// For each cell the other cells in its row, column and box.
const PEERS: [Cells; 81] = {
    let mut peers = [0; 81];
    let mut cell = 0;
    while cell < 81 {
        let (row, column) = (cell / 9, cell % 9);
        let square = (7 * every(3, 9)) << (row / 3 * 27 + column / 3 * 3);
        peers[cell] = ((511 << (row * 9)) | (every(9, 9) << column) | square) & !(1 << cell);
        cell += 1;
    }
    peers
};

/// A partly solved board.
#[derive(Clone)]
pub struct Bands {
    /// For each digit the cells where it is possible or decided.
    can: [Cells; 9],
    /// The cells that are decided.
    decided: Cells,
}

impl Bands {
    /// A board from its givens, by cell. Digits count from 0; any other value is an open cell.
    pub fn new(given: &[u8]) -> Self {
        let (mut at, mut seen, mut decided) = ([0; 9], [0; 9], 0);
        for (cell, &digit) in given.iter().enumerate().take(81) {
            if digit < 9 {
                let digit = usize::from(digit);
                at[digit] |= 1 << cell;
                seen[digit] |= PEERS[cell];
                decided |= 1 << cell;
            }
        }
        let can = std::array::from_fn(|digit| (at[digit] | ALL & !decided) & !seen[digit]);
        Bands { can, decided }
    }

    /// Removes a digit from a cell.
    pub fn exclude(&mut self, cell: usize, digit: usize) {
        self.can[digit] &= !(1 << cell);
    }

    /// Whether there is a solution.
    pub fn has_solution(mut self) -> bool {
        if !self.infer() {
            return false;
        }
        let Some(cell) = self.tightest() else { return true };
        let holds = 1 << cell;
        for digit in 0..9 {
            if self.can[digit] & holds == 0 {
                continue;
            }
            let mut next = self.clone();
            next.decide(cell, digit);
            if next.has_solution() {
                return true;
            }
            self.exclude(cell, digit);
            if !self.infer() {
                return false;
            }
            if self.decided & holds != 0 {
                return self.has_solution();
            }
        }
        false
    }

    #[inline]
    fn decide(&mut self, cell: usize, digit: usize) {
        let other = !(1 << cell);
        for cells in &mut self.can {
            *cells &= other;
        }
        self.can[digit] = (self.can[digit] | 1 << cell) & !PEERS[cell];
        self.decided |= 1 << cell;
    }

    /// Decides cells with one digit left, and digits with one cell left in a row, column or box, until there are no more. False if a cell or a digit has none
    /// left.
    fn infer(&mut self) -> bool {
        loop {
            // Cells with at least one digit, and cells with at least two.
            let (one, two) = self.can.iter().fold((0, 0), |(one, two), &can| (one | can, two | one & can));
            if one != ALL {
                return false;
            }
            let mut single = ALL & !two & !self.decided;
            if single != 0 {
                while single != 0 {
                    let cell = single.trailing_zeros() as usize;
                    single &= single - 1;
                    match (0..9).find(|&digit| self.can[digit] >> cell & 1 == 1) {
                        Some(digit) => self.decide(cell, digit),
                        None => return false,
                    }
                }
                continue;
            }
            if self.decided == ALL {
                return true;
            }
            let mut found = false;
            for digit in 0..9 {
                let Some(mut cells) = alone(self.can[digit]) else { return false };
                cells &= !self.decided;
                found |= cells != 0;
                while cells != 0 {
                    let cell = cells.trailing_zeros() as usize;
                    cells &= cells - 1;
                    if self.can[digit] >> cell & 1 == 0 {
                        return false;
                    }
                    self.decide(cell, digit);
                }
            }
            if !found {
                return true;
            }
        }
    }

    /// An open cell, with two digits if there is one; none if all are decided.
    fn tightest(&self) -> Option<usize> {
        let (mut one, mut two, mut three) = (0, 0, 0);
        for &can in &self.can {
            three |= two & can;
            two |= one & can;
            one |= can;
        }
        let open = ALL & !self.decided;
        let pairs = two & !three & open;
        let cells = if pairs != 0 { pairs } else { open };
        (cells != 0).then(|| cells.trailing_zeros() as usize)
    }
}

/// The cells of a digit that are single in their row, column or box; none if a row, column or box has no cell for the digit.
#[inline]
fn alone(cells: Cells) -> Option<Cells> {
    // For each column of each band, and for each column: whether it has one cell, and whether it has two.
    let pair = |a: Cells, b: Cells, c: Cells| (a | b | c, a & b | (a | b) & c);
    let (one, two) = pair(cells & BANDS, cells >> 9 & BANDS, cells >> 18 & BANDS);
    let (column, second) = pair(one, one >> 27, one >> 54);
    let lonely_columns = !(second | two | two >> 27 | two >> 54) & 511;
    let (square, other) = pair(one & BOXES, one >> 1 & BOXES, one >> 2 & BOXES);
    let lonely_boxes = BOXES & !(other | (two | two >> 1 | two >> 2));
    // The rows without their last cell. A row with a single cell becomes empty.
    let rest = cells & cells.wrapping_sub(ROWS);
    if column & 511 != 511 || square != BOXES || filled(cells) != ROWS {
        return None;
    }
    let lonely_rows = ROWS & !filled(rest);
    let columns = lonely_columns * ROWS;
    let boxes = lonely_boxes * 7;
    let boxes = boxes | boxes << 9 | boxes << 18;
    let rows = (lonely_rows << 9) - lonely_rows;
    Some(cells & (rows | columns | boxes))
}

/// The first cell of each row with at least one cell.
#[inline]
fn filled(cells: Cells) -> Cells {
    let near = cells | cells >> 1;
    let near = near | near >> 2;
    (near | near >> 4 | cells >> 8) & ROWS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::model::{Model, decided, is_unique};
    use super::super::sudoku::Sudoku;
    use super::super::{OPEN, Solver};
    use super::Bands;

    fn empty() -> Sudoku {
        serde_json::from_value(serde_json::json!({"cells": vec![[0; 9]; 9]})).expect("a board")
    }

    proptest! {
        /// Compares with the general solver, on solutions with cells opened, changed and excluded, so that there are none, one or many solutions.
        #[test]
        fn the_exact_solver_answers_alike(
            shift in 0..9u8,
            open in prop::collection::vec(0..81usize, 20..70),
            changed in prop::collection::vec((0..81usize, 0..9u8), 0..3),
            excluded in prop::collection::vec((0..81usize, 0..9usize), 0..3),
        ) {
            let network = empty().network();
            // A simple solution: each row is the one above, shifted by three within a band and by one more from band to band.
            let mut values: Vec<u8> = (0..81u8).map(|cell| (cell % 9 + cell / 9 % 3 * 3 + cell / 27 + shift) % 9).collect();
            open.iter().for_each(|&cell| values[cell] = OPEN);
            changed.iter().for_each(|&(cell, digit)| values[cell] = digit);
            let (mut bands, mut domains) = (Bands::new(&values), decided(&network, &values));
            for &(cell, digit) in &excluded {
                bands.exclude(cell, digit);
                domains[cell] &= !(1 << digit);
            }
            let solutions = Solver::new(&network, 1, u64::MAX).run(&domains, None).solutions;
            prop_assert_eq!(bands.has_solution(), solutions == 1);
        }
    }

    /// A board of 17 givens with one solution (from Royle's list), and the same without one of them.
    #[test]
    fn few_givens_are_solved() {
        let line = "000000010400000000020000000000050407008000300001090000300400200050100000000806000";
        let mut values: Vec<u8> = line.bytes().map(|digit| (digit - b'0').wrapping_sub(1)).collect();
        assert!(Bands::new(&values).has_solution() && is_unique(&empty().network(), &values));
        values[7] = OPEN;
        let mut other = Bands::new(&values);
        other.exclude(7, 0);
        assert!(other.has_solution());
    }
}
