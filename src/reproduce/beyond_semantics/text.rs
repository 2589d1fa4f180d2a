//! Rows as text.

use super::grid::Grid;
use super::solver::{Solver, Trace};

/// Bytes of the longest event, and those that its last copy writes beyond it.
const EVENT: usize = 40;

/// At most eight bytes, the first one lowest; zeros fill up.
#[derive(Clone, Copy)]
struct Token {
    bytes: u64,
    length: usize,
}

impl Token {
    const NONE: Self = Self { bytes: 0, length: 0 };
    const WALL: Self = Self { bytes: u64::from_le_bytes(*b" wall\0\0\0"), length: 5 };
    const CLOSE: Self = Self { bytes: u64::from_le_bytes(*b" close\0\0"), length: 6 };
    const CREATE: Self = Self { bytes: u64::from_le_bytes(*b" create\0"), length: 7 };
    const PLAN: Self = Self { bytes: u64::from_le_bytes(*b" plan\0\0\0"), length: 5 };

    fn new(text: &str) -> Self {
        let mut bytes = [0; 8];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Self { bytes: u64::from_le_bytes(bytes), length: text.len() }
    }
}

/// A buffer that rows are appended to, with the texts of all cells and costs.
pub(super) struct Text {
    /// ` x y` of each cell.
    cells: Vec<Token>,
    /// ` cN` of each cost.
    costs: Vec<Token>,
    buffer: Vec<u8>,
    end: usize,
}

impl Text {
    pub(super) fn new(grid: &Grid) -> Self {
        let mut cells = vec![Token::NONE; grid.floor.len()];
        for y in 0..grid.rows {
            for x in 0..grid.cols {
                cells[grid.cell(x, y)] = Token::new(&format!(" {x} {y}"));
            }
        }
        // no path has more steps than the grid has other cells, and no distance is longer
        let costs = grid.rows * grid.cols;
        let costs = (0..costs).map(|cost| Token::new(&format!(" c{cost}"))).collect();
        Self { cells, costs, buffer: Vec::new(), end: 0 }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.buffer[..self.end]
    }

    pub(super) fn clear(&mut self) {
        self.end = 0;
    }

    /// Appends the row of a maze: its walls, the search through it and the path.
    pub(super) fn row(&mut self, grid: &Grid, solver: &mut Solver, start: usize, goal: usize) {
        self.put(b"{\"text\":\"query start");
        self.cell(start);
        self.put(b" goal");
        self.cell(goal);
        self.walls(grid);
        self.put(b" reasoning");
        let reached = solver.solve(grid, start, goal, self).is_some();
        self.put(b" solution");
        for &cell in solver.path(grid, start, goal, reached).iter().rev() {
            self.word(Token::PLAN, cell as usize);
        }
        self.put(b" end\"}\n");
    }

    fn put(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.buffer[self.end..self.end + bytes.len()].copy_from_slice(bytes);
        self.end += bytes.len();
    }

    fn cell(&mut self, cell: usize) {
        self.word(Token::NONE, cell);
    }

    #[inline]
    fn word(&mut self, word: Token, cell: usize) {
        self.reserve(EVENT);
        let Some(window) = self.buffer[self.end..].first_chunk_mut() else { return };
        let end = copy(window, 0, word);
        self.end += copy(window, end, self.cells[cell]);
    }

    fn walls(&mut self, grid: &Grid) {
        self.reserve(grid.rows * grid.cols * 13 + EVENT);
        let mut end = self.end;
        for y in 0..grid.rows {
            let row = grid.cell(0, y)..grid.cell(0, y) + grid.cols;
            for (&floor, &cell) in grid.floor[row.clone()].iter().zip(&self.cells[row]) {
                // written for floors too, and then overwritten: a branch here would be guessed wrong every other time
                let Some(window) = self.buffer[end..].first_chunk_mut() else { return };
                let length = copy(window, 0, Token::WALL);
                let length = copy(window, length, cell);
                end += length & usize::from(floor).wrapping_sub(1);
            }
        }
        self.end = end;
    }

    #[inline(always)]
    fn event(&mut self, word: Token, cell: usize, g: u32, h: u32) {
        self.reserve(EVENT);
        let (cell, g, h) = (self.cells[cell], self.costs[g as usize], self.costs[h as usize]);
        let Some(window) = self.buffer[self.end..].first_chunk_mut() else { return };
        let end = copy(window, 0, word);
        let end = copy(window, end, cell);
        let end = copy(window, end, g);
        self.end += copy(window, end, h);
    }

    /// Makes room for so many bytes.
    #[inline]
    fn reserve(&mut self, more: usize) {
        if self.buffer.len() - self.end < more {
            self.grow(more);
        }
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        let length = (self.end + more).max(self.buffer.len() * 2).max(64 * 1024);
        self.buffer.resize(length, 0);
    }
}

/// Copies all eight bytes; the end of those that count. No event is longer than 31 bytes: the masks never change anything,
/// and tell the compiler so.
#[inline(always)]
fn copy(window: &mut [u8; EVENT], end: usize, token: Token) -> usize {
    let end = end & 31;
    window[end..end + 8].copy_from_slice(&token.bytes.to_le_bytes());
    end + token.length
}

impl Trace for Text {
    #[inline]
    fn close(&mut self, cell: usize, g: u32, h: u32) {
        self.event(Token::CLOSE, cell, g, h);
    }

    #[inline]
    fn create(&mut self, cell: usize, g: u32, h: u32) {
        self.event(Token::CREATE, cell, g, h);
    }
}
