//! Writes rows as text.

use super::grid::Grid;
use super::solver::{Solver, Trace};
use super::tree::TreeSolver;

/// Length of the longest event in bytes, with the unused bytes of its last copy.
const EVENT: usize = 40;

/// Length of four walls in bytes, with the unused bytes of the last copy.
const FOUR: usize = 80;

/// A text of at most eight bytes, as a number. The first byte is the lowest; zeros follow the last one.
#[derive(Clone, Copy)]
struct Token {
    bytes: u64,
    length: usize,
}

impl Token {
    const NONE: Self = Self { bytes: 0, length: 0 };
    const CLOSE: Self = Self { bytes: u64::from_le_bytes(*b" close\0\0"), length: 6 };
    const CREATE: Self = Self { bytes: u64::from_le_bytes(*b" create\0"), length: 7 };
    const PLAN: Self = Self { bytes: u64::from_le_bytes(*b" plan\0\0\0"), length: 5 };

    fn new(text: &str) -> Self {
        let mut bytes = [0; 8];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Self { bytes: u64::from_le_bytes(bytes), length: text.len() }
    }
}

/// A text of at most fifteen bytes. The sixteenth byte is its length, so that all sixteen are copied at once.
#[derive(Clone)]
struct Phrase([u8; 16]);

impl Phrase {
    fn new(text: &str) -> Self {
        let mut bytes = [0; 16];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        bytes[15] = text.len() as u8;
        Self(bytes)
    }

    /// The length, 0 to 15. It takes a reference, since the compiler would split a copy into five pieces.
    #[inline(always)]
    fn length(&self) -> usize {
        usize::from(self.0[15] & 15)
    }
}

/// The texts of all cells and costs.
struct Tables {
    /// ` x y` of each cell.
    cells: Vec<Token>,
    /// ` wall x y` of each cell.
    walls: Vec<Phrase>,
    /// ` cN` of each cost.
    costs: Vec<Token>,
}

impl Tables {
    fn new(grid: &Grid) -> Self {
        let mut cells = vec![Token::NONE; grid.floor.len()];
        let mut walls = vec![Phrase([0; 16]); grid.floor.len()];
        for y in 0..grid.rows {
            for x in 0..grid.cols {
                cells[grid.cell(x, y)] = Token::new(&format!(" {x} {y}"));
                walls[grid.cell(x, y)] = Phrase::new(&format!(" wall {x} {y}"));
            }
        }
        // No path or distance has more steps than the grid has other cells. One more may be written without being counted.
        let costs = grid.rows * grid.cols + 1;
        // In the largest grid, that one would not fit a token, so another number stands in its place.
        let costs = (0..costs).map(|cost| Token::new(&format!(" c{}", cost.min(999_999)))).collect();
        Self { cells, walls, costs }
    }
}

/// A buffer to which rows are appended. Bytes from `end` on are unused.
#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    end: usize,
}

/// The text of rows, one after another.
pub(super) struct Text {
    tables: Tables,
    buffer: Buffer,
}

impl Text {
    pub(super) fn new(grid: &Grid) -> Self {
        Self { tables: Tables::new(grid), buffer: Buffer::default() }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.buffer.bytes[..self.buffer.end]
    }

    pub(super) fn clear(&mut self) {
        self.buffer.end = 0;
    }

    /// Appends the row of a maze: its walls, its search and its path.
    pub(super) fn row(&mut self, grid: &Grid, solver: &mut Solver, start: usize, goal: usize) {
        let writer = self.begin(grid, start, goal);
        let (reached, writer) = solver.solve(grid, start, goal, writer);
        self.buffer = writer.end(solver.path(start, goal, reached.is_some()));
    }

    /// The same for a maze that is a tree.
    pub(super) fn tree_row(&mut self, grid: &Grid, solver: &mut TreeSolver, start: usize, goal: usize) {
        let writer = solver.solve(grid, start, goal, self.begin(grid, start, goal));
        self.buffer = writer.end(solver.path(start, goal));
    }

    /// Writes the part of a row before its search.
    fn begin(&mut self, grid: &Grid, start: usize, goal: usize) -> Writer<'_> {
        let mut writer = Writer { tables: &self.tables, buffer: std::mem::take(&mut self.buffer) };
        writer.put(b"{\"text\":\"query start");
        writer.word(Token::NONE, start);
        writer.put(b" goal");
        writer.word(Token::NONE, goal);
        writer.walls(grid);
        writer.put(b" reasoning");
        writer
    }
}

/// Writes a row.
struct Writer<'a> {
    tables: &'a Tables,
    buffer: Buffer,
}

impl Writer<'_> {
    /// Writes the path, from the goal to the start, and ends the row.
    fn end(mut self, path: &[u32]) -> Buffer {
        self.put(b" solution");
        for &cell in path.iter().rev() {
            self.word(Token::PLAN, cell as usize);
        }
        self.put(b" end\"}\n");
        self.buffer
    }

    fn put(&mut self, bytes: &[u8]) {
        let from = self.buffer.end;
        self.buffer.end += bytes.len();
        reserve(&mut self.buffer.bytes, self.buffer.end);
        self.buffer.bytes[from..self.buffer.end].copy_from_slice(bytes);
    }

    #[inline]
    fn word(&mut self, word: Token, cell: usize) {
        let cell = self.tables.cells[cell];
        self.buffer.write(|window| {
            let end = copy(window, 0, word);
            copy(window, end, cell)
        });
    }

    fn walls(&mut self, grid: &Grid) {
        let Buffer { bytes, end: kept } = &mut self.buffer;
        reserve(bytes, *kept + grid.rows * grid.cols * 15 + FOUR);
        let mut end = *kept;
        // The last three cells are around the grid, so leaving them out changes nothing.
        let ((fours, _), (phrases, _)) = (grid.floor.as_chunks::<4>(), self.tables.walls.as_chunks::<4>());
        for (floor, phrases) in fours.iter().zip(phrases) {
            let Some(window) = bytes[end..].first_chunk_mut() else { return };
            let window: &mut [u8; FOUR] = window;
            let mut at = 0;
            for (&floor, phrase) in floor.iter().zip(phrases) {
                // A floor is written as well and then overwritten, since the processor would mispredict a branch here half of the time.
                window[at..at + 16].copy_from_slice(&phrase.0);
                at += phrase.length() & usize::from(floor).wrapping_sub(1);
            }
            end += at;
        }
        *kept = end;
    }

    #[inline(always)]
    fn event(&mut self, counts: bool, word: Token, cell: usize, g: u32, h: u32) {
        let Tables { cells, costs, .. } = self.tables;
        let (cell, g, h) = (cells[cell], costs[g as usize], costs[h as usize]);
        self.buffer.write(|window| {
            let end = copy(window, 0, word);
            let end = copy(window, end, cell);
            let end = copy(window, end, g);
            copy(window, end, h) & usize::from(!counts).wrapping_sub(1)
        });
    }
}

impl Buffer {
    /// Writes an event with a function that gives its length.
    #[inline(always)]
    fn write(&mut self, event: impl Fn(&mut [u8; EVENT]) -> usize) {
        loop {
            if let Some(window) = self.bytes.get_mut(self.end..).and_then(|rest| rest.first_chunk_mut()) {
                self.end += event(window);
                return;
            }
            reserve(&mut self.bytes, self.end + EVENT);
        }
    }
}

/// Ensures that the buffer has at least `length` bytes.
#[cold]
fn reserve(buffer: &mut Vec<u8>, length: usize) {
    if buffer.len() < length {
        let length = length.max(buffer.len() * 2).max(64 * 1024);
        buffer.resize(length, 0);
    }
}

/// Copies all eight bytes of a token, and gives the end of its text. An event before its last token is at most 31 bytes long. So the mask never
/// changes `end`, but it lets the compiler know this.
#[inline(always)]
fn copy(window: &mut [u8; EVENT], end: usize, token: Token) -> usize {
    let end = end & 31;
    window[end..end + 8].copy_from_slice(&token.bytes.to_le_bytes());
    end + token.length
}

impl Trace for Writer<'_> {
    #[inline(always)]
    fn close(&mut self, cell: usize, g: u32, h: u32) {
        self.event(true, Token::CLOSE, cell, g, h);
    }

    #[inline(always)]
    fn create_if(&mut self, is_created: bool, cell: usize, g: u32, h: u32) {
        self.event(is_created, Token::CREATE, cell, g, h);
    }
}
