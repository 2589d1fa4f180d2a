//! Boards, positions on them and their numbers.

use crate::counting::factorial;
use crate::exact::{rank, unrank};

/// Least number of rows and of columns.
pub const MIN_SIDE: u64 = 2;
/// Greatest number of rows and of columns.
pub const MAX_SIDE: u64 = 4;
/// Greatest number of cells for which positions are numbered.
pub const MAX_NUMBERED: usize = 9;

/// The size of a board, and its plain goal: the tiles in order and the blank in some cell. If this is not the last cell, the tile whose place it takes is in the
/// last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// Number of rows, 2 to 4.
    pub rows: u8,
    /// Number of columns, 2 to 4.
    pub columns: u8,
    /// The goal cell of the blank.
    blank: u8,
    /// Whether the goal of the classic puzzle, with the blank last, cannot be reached from this goal.
    odd: bool,
}

/// A position: four bits for each cell, in reading order; 0 is the blank. Bits after the last cell are 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tiles(u64);

impl Tiles {
    /// A position from its tiles in reading order. None unless it has each of `0..cells` once.
    pub fn new(board: Board, cells: &[u8]) -> Option<Self> {
        let n = board.cells();
        let seen = cells.iter().try_fold(0u32, |seen, &tile| (usize::from(tile) < n).then(|| seen | 1 << tile))?;
        (cells.len() == n && seen.count_ones() as usize == n).then(|| Tiles::packed(cells))
    }

    fn packed(cells: &[u8]) -> Self {
        Tiles(
            cells
                .iter()
                .enumerate()
                .fold(u64::MAX, |all, (cell, &tile)| all & !(15 << (4 * cell)) | u64::from(tile) << (4 * cell)),
        )
    }

    /// The tile in a cell; 0 is the blank.
    #[inline]
    pub fn tile(self, cell: usize) -> u8 {
        (self.0 >> (4 * cell) & 15) as u8
    }

    /// The cell of the blank.
    #[inline]
    pub fn blank(self) -> usize {
        let ones = self.0 | self.0 >> 1 | self.0 >> 2 | self.0 >> 3;
        (!ones & 0x1111_1111_1111_1111).trailing_zeros() as usize / 4 % 16
    }

    /// The position with the contents of two cells exchanged.
    #[inline]
    pub fn exchanged(self, a: usize, b: usize) -> Self {
        let difference = (self.0 >> (4 * a) ^ self.0 >> (4 * b)) & 15;
        Tiles(self.0 ^ (difference << (4 * a) | difference << (4 * b)))
    }

    /// The position with other names of the tiles.
    pub fn renamed(self, board: Board, names: &[u8; 16]) -> Self {
        let cells: [u8; 16] = std::array::from_fn(|cell| names[usize::from(self.tile(cell))]);
        Tiles::packed(&cells[..board.cells()])
    }

    /// The position with two tiles exchanged, wherever they are.
    pub fn relabelled(self, board: Board, one: u8, other: u8) -> Self {
        let cell = |tile: u8| (0..board.cells()).find(|&cell| self.tile(cell) == tile).unwrap_or(0);
        self.exchanged(cell(one), cell(other))
    }
}

impl Board {
    /// A board whose goal has the blank last.
    pub fn new(rows: u8, columns: u8) -> Self {
        let last = (rows * columns).saturating_sub(1);
        Board { rows, columns, blank: last, odd: false }
    }

    /// The board whose goal has the blank in a cell.
    pub fn with_blank(self, cell: usize) -> Self {
        let classic = Board::new(self.rows, self.columns);
        let board = Board { blank: cell as u8, ..classic };
        Board { odd: !classic.is_solvable(board.goal()), ..board }
    }

    /// The goal cell of the blank.
    #[inline]
    pub fn blank(self) -> usize {
        self.blank.into()
    }

    /// Whether the goal has the blank last, as in the classic puzzle.
    pub fn is_classic(self) -> bool {
        self.blank() + 1 == self.cells()
    }

    /// Number of cells.
    #[inline]
    pub fn cells(self) -> usize {
        usize::from(self.rows) * usize::from(self.columns)
    }

    /// Row and column of a cell.
    #[inline]
    pub fn place(self, cell: usize) -> (usize, usize) {
        (cell / usize::from(self.columns), cell % usize::from(self.columns))
    }

    /// The goal cell of a tile.
    pub fn home(self, tile: u8) -> usize {
        let place = usize::from(tile).wrapping_sub(1);
        if tile == 0 {
            self.blank()
        } else if place == self.blank() {
            self.cells() - 1
        } else {
            place
        }
    }

    /// The neighbours of a cell: above, below, left, right. A change of this order needs a new version of the environment.
    #[inline]
    pub fn beside(self, cell: usize) -> impl Iterator<Item = usize> {
        let width = usize::from(self.columns);
        let (row, column) = self.place(cell);
        [
            (row > 0).then(|| cell - width),
            (row + 1 < usize::from(self.rows)).then_some(cell + width),
            (column > 0).then(|| cell - 1),
            (column + 1 < width).then_some(cell + 1),
        ]
        .into_iter()
        .flatten()
    }

    /// Whether two cells share a side.
    pub fn adjacent(self, a: usize, b: usize) -> bool {
        self.beside(a).any(|cell| cell == b)
    }

    /// The goal: the tiles in order, but for the blank.
    pub fn goal(self) -> Tiles {
        let last = self.cells() - 1;
        let cells: [u8; 16] = std::array::from_fn(|cell| if cell == last { 0 } else { cell as u8 + 1 });
        Tiles::packed(&cells[..=last]).exchanged(self.blank(), last)
    }

    /// Number of positions from which the goal can be reached, and of those from which it cannot.
    pub fn half(self) -> u64 {
        factorial(self.cells() as u64) / 2
    }

    /// Whether positions with the blank in this cell need an odd number of inversions to be solvable with the blank last. A blank that moves up or down passes `columns - 1` tiles.
    fn odd_at(self, blank: usize) -> bool {
        (usize::from(self.columns) - 1) * (usize::from(self.rows) - 1 - self.place(blank).0) % 2 == 1
    }

    /// The tiles without the blank as a permutation: its number, and whether it is odd.
    #[inline]
    fn order(self, tiles: Tiles, blank: usize) -> (u64, bool) {
        let n = self.cells();
        rank(n - 1, (0..n).filter(|&cell| cell != blank).map(|cell| tiles.tile(cell).wrapping_sub(1) & 15))
    }

    /// Whether the goal can be reached (Johnson and Story 1879).
    pub fn is_solvable(self, tiles: Tiles) -> bool {
        let blank = tiles.blank();
        (self.order(tiles, blank).1 == self.odd_at(blank)) != self.odd
    }

    /// The number of a position: below [`Board::half`] if the goal can be reached, otherwise below twice that.
    ///
    /// Permutations with the numbers 2k and 2k+1 differ in the last two entries, so one of them is odd. The blank's cell and half the number identify a
    /// position among those of one parity.
    #[inline]
    pub fn number(self, tiles: Tiles) -> u64 {
        let blank = tiles.blank();
        let (number, odd) = self.order(tiles, blank);
        let class = if (odd == self.odd_at(blank)) != self.odd { 0 } else { self.half() };
        class + blank as u64 * (self.half() / self.cells() as u64) + number / 2
    }

    /// The position with a number below [`Board::half`].
    pub fn position(self, number: u64) -> Tiles {
        let (n, orders) = (self.cells(), self.half() / self.cells() as u64);
        let blank = (number / orders) as usize % n;
        let (mut order, odd) = unrank(n - 1, number % orders * 2);
        if (odd != self.odd_at(blank)) != self.odd {
            order.swap(n - 3, n - 2);
        }
        let mut cells = [0u8; 16];
        let mut tiles = order.into_iter();
        for (_, cell) in cells[..n].iter_mut().enumerate().filter(|&(cell, _)| cell != blank) {
            *cell = tiles.next().unwrap_or(0) + 1;
        }
        Tiles::packed(&cells[..n])
    }
}
