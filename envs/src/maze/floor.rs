//! The cells of a maze and its walls, as a bit set with a border.

use super::Cell;

/// Longest side of a maze.
pub const MAX_SIDE: usize = 200;

/// A rectangle of cells with walls: one bit for each cell, set if the cell is open. Rows are padded to 64, 128 or 256 bits, and there is a border of walls all
/// around. So neighbours are bits at fixed distances and need no test of the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    width: u8,
    height: u8,
    /// Binary logarithm of the number of bits in a row.
    shift: u8,
    open: Vec<u64>,
}

/// A row or a column of cells, one bit each, set if the cell is open.
pub(super) type Line = [u64; 4];

/// The first `cells` cells of a line in reverse order.
pub(super) fn mirrored(line: Line, cells: usize) -> Line {
    let whole: Line = std::array::from_fn(|word| line[3 - word].reverse_bits());
    let (skipped, shift) = ((256 - cells) >> 6, (256 - cells) & 63);
    let word = |at: usize| whole.get(at).copied().unwrap_or(0);
    std::array::from_fn(|at| {
        let (low, high) = (word(at + skipped), word(at + skipped + 1));
        if shift == 0 { low } else { low >> shift | high << (64 - shift) }
    })
}

/// Binary logarithm of the number of bits in a row with its border.
fn shift_of(width: u8) -> u8 {
    match width {
        0..=62 => 6,
        63..=126 => 7,
        _ => 8,
    }
}

impl Floor {
    /// A floor with walls everywhere. Sides are limited to 1 to [`MAX_SIDE`].
    pub fn solid(width: usize, height: usize) -> Self {
        let [width, height] = [width, height].map(|side| side.clamp(1, MAX_SIDE) as u8);
        let shift = shift_of(width);
        Floor { width, height, shift, open: vec![0; (usize::from(height) + 2) << (shift - 6)] }
    }

    /// A floor without walls. Sides are limited to 1 to [`MAX_SIDE`].
    pub fn empty(width: usize, height: usize) -> Self {
        let mut floor = Floor::solid(width, height);
        let words = floor.row_words();
        let inside: [u64; 4] = std::array::from_fn(|word| floor.inside(word));
        for row in floor.open.chunks_mut(words).skip(1).take(usize::from(floor.height)) {
            row.copy_from_slice(&inside[..words]);
        }
        floor
    }

    /// Number of columns.
    #[inline]
    pub fn width(&self) -> usize {
        usize::from(self.width)
    }

    /// Number of rows.
    #[inline]
    pub fn height(&self) -> usize {
        usize::from(self.height)
    }

    /// Distance from a place to the one below it, in bits.
    #[inline]
    pub(super) fn stride(&self) -> usize {
        1 << self.shift
    }

    /// Number of words in a row.
    #[inline]
    pub(super) fn row_words(&self) -> usize {
        1 << (self.shift - 6)
    }

    /// The number of a cell's bit.
    #[inline]
    pub(super) fn place(&self, cell: Cell) -> usize {
        ((usize::from(cell.y) + 1) << self.shift) + usize::from(cell.x) + 1
    }

    /// The cell of a bit inside the border.
    #[inline]
    pub(super) fn cell(&self, place: usize) -> Cell {
        let [x, y] = [place & (self.stride() - 1), place >> self.shift].map(|at| at.saturating_sub(1) as u8);
        Cell { x, y }
    }

    /// The bits of all rows with their border.
    #[inline]
    pub(super) fn bits(&self) -> &[u64] {
        &self.open
    }

    /// The bits for changes. Only bits inside the border may be changed.
    #[inline]
    pub(super) fn bits_mut(&mut self) -> &mut [u64] {
        &mut self.open
    }

    /// Whether the cell at a place is open.
    #[inline]
    pub(super) fn open_at(&self, place: usize) -> bool {
        self.open.get(place >> 6).is_some_and(|word| word >> (place & 63) & 1 == 1)
    }

    /// Whether a cell is on the floor.
    #[inline]
    pub fn holds(&self, cell: Cell) -> bool {
        cell.x < self.width && cell.y < self.height
    }

    /// Whether a cell is on the floor and not a wall.
    #[inline]
    pub fn is_open(&self, cell: Cell) -> bool {
        self.holds(cell) && self.open_at(self.place(cell))
    }

    /// Removes the wall on a cell; no effect outside.
    #[inline]
    pub fn dig(&mut self, cell: Cell) {
        if self.holds(cell) {
            let place = self.place(cell);
            self.open[place >> 6] |= 1 << (place & 63);
        }
    }

    /// Builds a wall on a cell; no effect outside.
    #[inline]
    pub fn build(&mut self, cell: Cell) {
        if self.holds(cell) {
            let place = self.place(cell);
            self.open[place >> 6] &= !(1 << (place & 63));
        }
    }

    /// A mask for a word of a row: the bits inside the border.
    #[inline]
    pub(super) fn inside(&self, word: usize) -> u64 {
        let last = self.width();
        let below = |end: usize| match end.saturating_sub(64 * word) {
            bits @ 0..64 => (1u64 << bits) - 1,
            _ => u64::MAX,
        };
        let border = u64::from(word == 0);
        below(last + 1) & !border
    }

    /// Digs in a row from one column to another; no effect outside.
    pub(super) fn dig_row(&mut self, row: usize, from: usize, to: usize) {
        if row >= self.height() {
            return;
        }
        let words = self.row_words();
        let (first, last) = (from + 1, to + 1);
        for word in first / 64..=(last / 64).min(words - 1) {
            let mask =
                (u64::MAX << first.saturating_sub(64 * word)) & (u64::MAX >> (64 * word + 63).saturating_sub(last));
            self.open[(row + 1) * words + word] |= mask & self.inside(word);
        }
    }

    /// Sets a row from bytes that are 0 (wall) or 1, one for each column, without the border.
    pub(super) fn set_row(&mut self, row: usize, columns: &[u8]) {
        let words = self.row_words();
        let mut carried = 0;
        for (word, bytes) in columns.chunks_exact(64).enumerate().take(words) {
            let mut bits = 0;
            for (eight, bytes) in bytes.chunks_exact(8).enumerate() {
                let bytes = u64::from_le_bytes(std::array::from_fn(|i| bytes[i]));
                // Collects the lowest bits of the eight bytes in the highest byte.
                bits |= (bytes.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * eight);
            }
            self.open[(row + 1) * words + word] = (bits << 1 | carried) & self.inside(word);
            carried = bits >> 63;
        }
    }

    /// A word of a row (numbered with the border). Cells of the border are copies of their neighbours.
    pub(super) fn with_edges(&self, row: usize, word: usize) -> u64 {
        let mut bits = self.open[row * self.row_words() + word];
        if word == 0 {
            bits |= bits >> 1 & 1;
        }
        let last = self.width() + 1;
        if word == last / 64 {
            let beside = (row << self.shift) + last - 1;
            bits |= u64::from(self.open_at(beside)) << (last % 64);
        }
        bits
    }

    /// The rows without the border. The first cell is the lowest bit.
    pub(super) fn lines(&self) -> Vec<Line> {
        let words = self.row_words();
        let line = |row: &[u64]| {
            std::array::from_fn(|word| {
                let bits = row.get(word).map_or(0, |bits| bits >> 1);
                bits | row.get(word + 1).map_or(0, |next| next << 63)
            })
        };
        self.open.chunks(words).skip(1).take(self.height()).map(line).collect()
    }

    /// The columns, in the same form.
    pub(super) fn columns(&self) -> Vec<Line> {
        let mut columns = vec![[0; 4]; self.width()];
        for (y, row) in self.lines().into_iter().enumerate() {
            for (word, mut bits) in row.into_iter().enumerate() {
                while bits != 0 {
                    columns[64 * word + bits.trailing_zeros() as usize][y >> 6] |= 1 << (y & 63);
                    bits &= bits - 1;
                }
            }
        }
        columns
    }

    /// Number of open cells.
    pub fn count(&self) -> usize {
        self.open.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The open cell with a number, counted row by row.
    pub(super) fn nth(&self, mut number: usize) -> Option<Cell> {
        for (index, &word) in self.open.iter().enumerate() {
            let here = word.count_ones() as usize;
            if number < here {
                let mut word = word;
                for _ in 0..number {
                    word &= word - 1;
                }
                return Some(self.cell(64 * index + word.trailing_zeros() as usize));
            }
            number -= here;
        }
        None
    }

    /// The walls, by row, then by column.
    pub fn walls(&self) -> impl Iterator<Item = Cell> + '_ {
        (0..self.height).flat_map(move |y| self.walls_of(y).map(move |x| Cell { x, y }))
    }

    /// The columns of a row's walls, in ascending order.
    pub(super) fn walls_of(&self, y: u8) -> impl Iterator<Item = u8> + '_ {
        let words = self.row_words();
        let first = (usize::from(y) + 1) * words;
        (0..words).flat_map(move |word| {
            let mut left = !self.open[first + word] & self.inside(word);
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                let x = (left != 0).then(|| (64 * word + bit - 1) as u8);
                left &= left.wrapping_sub(1);
                x
            })
        })
    }
}
