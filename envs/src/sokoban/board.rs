//! Cells of a board, and their static properties: floor, docks, dead squares.

use std::fmt::Debug;
use std::hash::Hash;

/// A cell of a small board: 16 times its y, plus its x. The order of cells is row-major.
pub type Cell = u8;

/// Number of cells of the largest small board.
pub const CELLS: usize = <u8 as Extent>::CELLS;

/// How large boards are, by the type of the numbers of their cells: `u8` for boards of up to 16 by 16 cells with up to 4 boxes, `u16` for boards of up to 64 by
/// 64 cells with up to 64 boxes. A cell is its y times the greatest side, plus its x.
pub trait Extent: Copy + Debug + Default + Eq + Hash + Ord + Send + Sync + 'static {
    /// The greatest width and height.
    const SIDE: usize;
    /// Number of cells of the largest board.
    const CELLS: usize = Self::SIDE * Self::SIDE;
    /// Greatest number of boxes of a puzzle; at most 64.
    const MOST_BOXES: usize;
    /// Greatest number of docks of a puzzle.
    const MOST_DOCKS: usize;
    /// No cell.
    const NONE: Self;

    /// The cells of the boxes of a state: one more than a puzzle can have.
    type Boxes: Copy + Debug + Eq + Hash + Ord + Send + Sync + AsRef<[Self]> + AsMut<[Self]>;
    /// Flags of each cell.
    type Flags: Clone + Debug + Eq + Send + Sync + AsRef<[u8]> + AsMut<[u8]>;
    /// A number for each cell, or a list of cells.
    type PerCell: Clone + Debug + Eq + Send + Sync + AsRef<[Self]> + AsMut<[Self]>;
    /// A bit for each cell.
    type Bits: Copy + Debug + Eq + Send + Sync + AsRef<[u64]> + AsMut<[u64]>;

    /// No boxes.
    const NO_BOXES: Self::Boxes;
    /// No cells.
    const NO_BITS: Self::Bits;
    /// No flags.
    fn no_flags() -> Self::Flags;
    /// The same number for each cell.
    fn each(number: Self) -> Self::PerCell;

    /// The cell with a number below [`Extent::CELLS`].
    fn of(number: usize) -> Self;
    /// The number of the cell.
    fn number(self) -> usize;
    /// The bytes of a list of cells.
    fn bytes(cells: Vec<Self>) -> Vec<u8>;
}

impl Extent for u8 {
    const SIDE: usize = 16;
    const MOST_BOXES: usize = 4;
    const MOST_DOCKS: usize = 15;
    const NONE: u8 = u8::MAX;
    type Boxes = [u8; 5];
    type Flags = [u8; 256];
    type PerCell = [u8; 256];
    type Bits = [u64; 4];
    const NO_BOXES: [u8; 5] = [0; 5];
    const NO_BITS: [u64; 4] = [0; 4];

    fn no_flags() -> [u8; 256] {
        [0; 256]
    }
    #[inline]
    fn each(number: u8) -> [u8; 256] {
        [number; 256]
    }
    #[inline]
    fn of(number: usize) -> u8 {
        number as u8
    }
    #[inline]
    fn number(self) -> usize {
        self.into()
    }
    fn bytes(cells: Vec<u8>) -> Vec<u8> {
        cells
    }
}

impl Extent for u16 {
    const SIDE: usize = 64;
    const MOST_BOXES: usize = 64;
    const MOST_DOCKS: usize = 128;
    const NONE: u16 = u16::MAX;
    type Boxes = [u16; 65];
    type Flags = Box<[u8]>;
    type PerCell = Box<[u16]>;
    type Bits = [u64; 64];
    const NO_BOXES: [u16; 65] = [0; 65];
    const NO_BITS: [u64; 64] = [0; 64];

    fn no_flags() -> Box<[u8]> {
        vec![0; Self::CELLS].into()
    }
    fn each(number: u16) -> Box<[u16]> {
        vec![number; Self::CELLS].into()
    }
    #[inline]
    fn of(number: usize) -> u16 {
        number as u16
    }
    #[inline]
    fn number(self) -> usize {
        self.into()
    }
    fn bytes(cells: Vec<u16>) -> Vec<u8> {
        cells.into_iter().flat_map(u16::to_be_bytes).collect()
    }
}

/// A direction; row 0 is at the top. The order of [`Direction::ALL`] is that of successors; a change needs a new version of the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To y + 1.
    Down,
    /// To y - 1.
    Up,
    /// To x - 1.
    Left,
    /// To x + 1.
    Right,
}

impl Direction {
    /// All directions, in canonical order.
    pub const ALL: [Direction; 4] = [Direction::Down, Direction::Up, Direction::Left, Direction::Right];

    /// Their words, in the same order.
    pub const WORDS: [&str; 4] = ["down", "up", "left", "right"];

    /// The word of the direction.
    pub fn word(self) -> &'static str {
        Direction::WORDS[self as usize]
    }

    /// The opposite direction.
    pub(super) fn back(self) -> Direction {
        [Direction::Up, Direction::Down, Direction::Right, Direction::Left][self as usize]
    }
}

/// The cell at `(x, y)`; none beyond the largest board.
pub fn cell_at<C: Extent>(x: u64, y: u64) -> Option<C> {
    let side = C::SIDE as u64;
    (x < side && y < side).then(|| C::of((y * side + x) as usize))
}

/// The x and y of a cell.
#[inline]
pub fn coordinates<C: Extent>(cell: C) -> (u8, u8) {
    ((cell.number() % C::SIDE) as u8, (cell.number() / C::SIDE) as u8)
}

/// The next cell in a direction; none beyond the largest board.
#[inline]
pub fn neighbour<C: Extent>(cell: C, direction: Direction) -> Option<C> {
    let (number, column) = (cell.number(), cell.number() % C::SIDE);
    match direction {
        Direction::Down => (number + C::SIDE < C::CELLS).then(|| C::of(number + C::SIDE)),
        Direction::Up => number.checked_sub(C::SIDE).map(C::of),
        Direction::Left => (column > 0).then(|| C::of(number - 1)),
        Direction::Right => (column + 1 < C::SIDE).then(|| C::of(number + 1)),
    }
}

/// A set of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellSet<C: Extent>(C::Bits);

impl<C: Extent> Default for CellSet<C> {
    fn default() -> Self {
        CellSet(C::NO_BITS)
    }
}

impl<C: Extent> CellSet<C> {
    /// Whether a cell is in the set.
    #[inline]
    pub fn has(&self, cell: C) -> bool {
        self.0.as_ref()[cell.number() >> 6] >> (cell.number() & 63) & 1 == 1
    }

    /// Adds a cell. Returns whether it is new.
    pub fn insert(&mut self, cell: C) -> bool {
        let new = !self.has(cell);
        self.0.as_mut()[cell.number() >> 6] |= 1 << (cell.number() & 63);
        new
    }

    /// The cells, in row-major order.
    pub fn iter(&self) -> impl Iterator<Item = C> + '_ {
        (0..C::CELLS).map(C::of).filter(|&cell| self.has(cell))
    }
}

/// A cell that the worker can reach if there are no boxes.
pub const FLOOR: u8 = 1;
/// A dock.
pub const DOCK: u8 = 2;
/// Floor from which no box can be brought to any dock.
pub const DEAD: u8 = 4;
/// A box here is never pushed left or right in a solution, because of walls and dead squares beside it.
pub const FIXED_ACROSS: u8 = 8;
/// A box here is never pushed up or down in a solution.
pub const FIXED_UPWARD: u8 = 16;

/// The static properties of all cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<C: Extent> {
    /// The flags of each cell. They are 0 for walls, for cells off the board, and for cells that the worker can never reach.
    flags: C::Flags,
    /// The number of each floor cell among the floor cells.
    pub floor_rank: C::PerCell,
    /// The number of each live cell (floor that is not dead) among the live cells.
    pub live_rank: C::PerCell,
    /// Number of floor cells.
    pub floor: usize,
    /// Number of live cells.
    pub live: usize,
}

impl<C: Extent> Map<C> {
    /// The map of a board. The floor consists of the cells that can be reached from the worker over cells with `is_open`.
    pub fn new(is_open: impl Fn(C) -> bool, worker: C, docks: &[C]) -> Self {
        let none = || C::each(C::of(0));
        let mut map = Map { flags: C::no_flags(), floor_rank: none(), live_rank: none(), floor: 0, live: 0 };
        map.flood_floor(is_open, worker);
        map.find_dead_squares(docks);
        map.find_fixed();
        for cell in 0..C::CELLS {
            let flags = map.flags.as_ref()[cell];
            if flags & FLOOR != 0 {
                map.floor_rank.as_mut()[cell] = C::of(map.floor);
                map.floor += 1;
                if flags & DEAD == 0 {
                    map.live_rank.as_mut()[cell] = C::of(map.live);
                    map.live += 1;
                }
            }
        }
        map
    }

    #[inline]
    fn flags(&self, cell: C) -> u8 {
        self.flags.as_ref()[cell.number()]
    }

    #[inline]
    fn flags_mut(&mut self, cell: C) -> &mut u8 {
        &mut self.flags.as_mut()[cell.number()]
    }

    /// Whether a cell is floor.
    #[inline]
    pub fn is_floor(&self, cell: C) -> bool {
        self.flags(cell) & FLOOR != 0
    }

    /// Whether a box on a cell can be brought to some dock, if only walls are considered.
    #[inline]
    pub fn is_live(&self, cell: C) -> bool {
        self.flags(cell) & (FLOOR | DEAD) == FLOOR
    }

    /// Whether a cell is a dock.
    #[inline]
    pub fn is_dock(&self, cell: C) -> bool {
        self.flags(cell) & DOCK != 0
    }

    /// The number of a floor cell among the floor cells.
    #[inline]
    pub fn floor_number(&self, cell: C) -> usize {
        self.floor_rank.as_ref()[cell.number()].number()
    }

    /// The next cell in a direction, if it is floor.
    #[inline]
    pub fn floor_beside(&self, cell: C, direction: Direction) -> Option<C> {
        neighbour(cell, direction).filter(|&next| self.is_floor(next))
    }

    /// The floor cells, in row-major order.
    pub fn floor_cells(&self) -> impl Iterator<Item = C> + '_ {
        (0..C::CELLS).map(C::of).filter(|&cell| self.is_floor(cell))
    }

    fn flood_floor(&mut self, is_open: impl Fn(C) -> bool, worker: C) {
        let mut stack = C::each(C::of(0));
        let stack = stack.as_mut();
        stack[0] = worker;
        *self.flags_mut(worker) = FLOOR | DEAD;
        let mut height = 1;
        while height > 0 {
            height -= 1;
            let here = stack[height];
            for next in Direction::ALL.into_iter().filter_map(|direction| neighbour(here, direction)) {
                if self.flags(next) == 0 && is_open(next) {
                    *self.flags_mut(next) = FLOOR | DEAD;
                    stack[height] = next;
                    height += 1;
                }
            }
        }
    }

    /// Pulls a single box back from every dock. Cells that it never reaches are dead.
    fn find_dead_squares(&mut self, docks: &[C]) {
        for &dock in docks {
            *self.flags_mut(dock) |= DOCK;
            self.pull_distances(dock, |map, cell, _| *map.flags_mut(cell) &= !DEAD);
        }
    }

    /// Breadth-first search. Calls `found` for each cell from which a single box can be pushed to `dock`, with the number of pushes.
    pub fn pull_distances(&mut self, dock: C, mut found: impl FnMut(&mut Map<C>, C, C)) {
        if !self.is_floor(dock) {
            return;
        }
        let (mut queue, mut distances) = (C::each(C::of(0)), C::each(C::NONE));
        let (queue, distances) = (queue.as_mut(), distances.as_mut());
        queue[0] = dock;
        distances[dock.number()] = C::of(0);
        let (mut head, mut tail) = (0, 1);
        while head < tail {
            let here = queue[head];
            head += 1;
            let distance = distances[here.number()];
            found(self, here, distance);
            for direction in Direction::ALL {
                // The worker is beside the box and steps back, so a pull needs two cells of floor.
                let Some(next) = self.floor_beside(here, direction) else { continue };
                if distances[next.number()] == C::NONE && self.floor_beside(next, direction).is_some() {
                    distances[next.number()] = C::of((distance.number() + 1).min(C::NONE.number()));
                    queue[tail] = next;
                    tail += 1;
                }
            }
        }
    }

    fn find_fixed(&mut self) {
        for cell in (0..C::CELLS).map(C::of) {
            if !self.is_floor(cell) {
                continue;
            }
            let mut fixed = |flag, one: Direction| {
                let sides = [neighbour(cell, one), neighbour(cell, one.back())];
                let wall = sides.iter().any(|side| side.is_none_or(|side| !self.is_floor(side)));
                let both_dead = !sides.iter().flatten().any(|&side| self.is_live(side));
                if wall || both_dead {
                    *self.flags_mut(cell) |= flag;
                }
            };
            fixed(FIXED_ACROSS, Direction::Left);
            fixed(FIXED_UPWARD, Direction::Up);
        }
    }

    /// Whether boxes on different floor cells can no longer all be brought to docks: a box is on a dead square, or boxes that block one another for good are
    /// not all on docks. It is never true for a solvable position, since in a solution none of the boxes that block one another could be the first to move.
    pub fn is_deadlock(&self, boxes: &[C]) -> bool {
        if boxes.iter().any(|&at| !self.is_live(at)) {
            return true;
        }
        let boxes = &boxes[..boxes.len().min(C::MOST_BOXES)];
        // One bit for each box.
        let mut frozen = u64::MAX >> (64 - boxes.len().max(1));
        loop {
            let mut left = frozen;
            for (i, &at) in boxes.iter().enumerate() {
                if left >> i & 1 == 1 && !self.is_blocked(at, boxes, left) {
                    left &= !(1 << i);
                }
            }
            if left == frozen {
                break;
            }
            frozen = left;
        }
        let off_dock = |(i, &at): (usize, &C)| frozen >> i & 1 == 1 && !self.is_dock(at);
        boxes.iter().enumerate().any(off_dock)
    }

    /// Whether a box is blocked both across and upward, if the boxes of `frozen` never move.
    #[inline]
    fn is_blocked(&self, at: C, boxes: &[C], frozen: u64) -> bool {
        let flags = self.flags(at);
        let beside = |is_beside: fn(usize, usize) -> bool| {
            let is_beside = |(i, &other): (usize, &C)| frozen >> i & 1 == 1 && is_beside(at.number(), other.number());
            boxes.iter().enumerate().any(is_beside)
        };
        (flags & FIXED_ACROSS != 0 || beside(|a, b| a / C::SIDE == b / C::SIDE && a.abs_diff(b) == 1))
            && (flags & FIXED_UPWARD != 0 || beside(|a, b| a.abs_diff(b) == C::SIDE))
    }
}
