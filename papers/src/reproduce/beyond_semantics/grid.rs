//! A grid of floor cells and walls.

/// A grid of floor cells (1) and walls (0), surrounded by walls: a row above, a row below, and a column at the right. The column is at the left of
/// the next row as well.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) rows: usize,
    pub(super) cols: usize,
    /// The step from a cell to the one below it.
    pub(super) stride: usize,
    /// All cells, including those around the grid.
    pub(super) floor: Vec<u8>,
}

impl Grid {
    pub(super) fn new(rows: usize, cols: usize) -> Self {
        let stride = cols + 1;
        Self { rows, cols, stride, floor: vec![0; (rows + 2) * stride + 1] }
    }

    /// The cell at column `x` of row `y`.
    #[inline]
    pub(super) fn cell(&self, x: usize, y: usize) -> usize {
        (y + 1) * self.stride + x
    }

    /// Column and row of a cell.
    pub(super) fn place(&self, cell: usize) -> (usize, usize) {
        (cell % self.stride, cell / self.stride - 1)
    }

    /// The distance between two cells along rows and columns.
    pub(super) fn distance(&self, one: usize, other: usize) -> u32 {
        let ((x, y), (other_x, other_y)) = (self.place(one), self.place(other));
        (x.abs_diff(other_x) + y.abs_diff(other_y)) as u32
    }

    pub(super) fn clear(&mut self) {
        self.floor.fill(0);
    }

    /// The number of floor cells.
    pub(super) fn floors(&self) -> usize {
        self.floor.chunks(128).map(sum).sum()
    }

    /// The floor cell with `index` other floor cells before it, row by row. There must be one.
    pub(super) fn nth_floor(&self, index: usize) -> usize {
        let mut left = index;
        for (at, part) in self.floor.chunks(64).enumerate() {
            let here = sum(part);
            if left < here {
                let mut inside = part.iter().enumerate().filter(|&(_, &floor)| floor == 1);
                return at * 64 + inside.nth(left).map_or(0, |(cell, _)| cell);
            }
            left -= here;
        }
        unreachable!("a floor cell was asked for that does not exist")
    }
}

/// The sum of a part of a grid, which has at most 255 cells.
fn sum(part: &[u8]) -> usize {
    usize::from(part.iter().sum::<u8>())
}
