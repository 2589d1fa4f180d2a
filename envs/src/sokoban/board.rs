//! Cells of a board, and their static properties: floor, docks, dead squares.

use super::MAX_BOXES;

/// A cell: 16 times its y, plus its x. The order of cells is row-major.
pub type Cell = u8;

/// Number of cells of the largest board.
pub const CELLS: usize = 256;

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
pub fn cell_at(x: u64, y: u64) -> Option<Cell> {
    (x < 16 && y < 16).then_some((y * 16 + x) as Cell)
}

/// The x and y of a cell.
#[inline]
pub fn coordinates(cell: Cell) -> (u8, u8) {
    (cell & 15, cell >> 4)
}

/// The next cell in a direction; none beyond the largest board.
#[inline]
pub fn neighbour(cell: Cell, direction: Direction) -> Option<Cell> {
    match direction {
        Direction::Down => cell.checked_add(16),
        Direction::Up => cell.checked_sub(16),
        Direction::Left => (cell & 15 > 0).then(|| cell - 1),
        Direction::Right => (cell & 15 < 15).then(|| cell + 1),
    }
}

/// A set of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellSet([u64; 4]);

impl CellSet {
    /// Whether a cell is in the set.
    #[inline]
    pub fn has(&self, cell: Cell) -> bool {
        self.0[usize::from(cell >> 6)] >> (cell & 63) & 1 == 1
    }

    /// Adds a cell. Returns whether it is new.
    pub fn insert(&mut self, cell: Cell) -> bool {
        let new = !self.has(cell);
        self.0[usize::from(cell >> 6)] |= 1 << (cell & 63);
        new
    }

    /// The cells, in row-major order.
    pub fn iter(&self) -> impl Iterator<Item = Cell> + '_ {
        (0..=Cell::MAX).filter(|&cell| self.has(cell))
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
pub struct Map {
    /// The flags of each cell. They are 0 for walls, for cells off the board, and for cells that the worker can never reach.
    pub flags: [u8; CELLS],
    /// The number of each floor cell among the floor cells.
    pub floor_rank: [u8; CELLS],
    /// The number of each live cell (floor that is not dead) among the live cells.
    pub live_rank: [u8; CELLS],
    /// Number of floor cells.
    pub floor: usize,
    /// Number of live cells.
    pub live: usize,
}

impl Map {
    /// The map of a board. The floor consists of the cells that can be reached from the worker over cells with `is_open`.
    pub fn new(is_open: impl Fn(Cell) -> bool, worker: Cell, docks: &[Cell]) -> Self {
        let mut map = Map { flags: [0; CELLS], floor_rank: [0; CELLS], live_rank: [0; CELLS], floor: 0, live: 0 };
        map.flood_floor(is_open, worker);
        map.find_dead_squares(docks);
        map.find_fixed();
        for cell in 0..CELLS {
            if map.flags[cell] & FLOOR != 0 {
                map.floor_rank[cell] = map.floor as u8;
                map.floor += 1;
                if map.flags[cell] & DEAD == 0 {
                    map.live_rank[cell] = map.live as u8;
                    map.live += 1;
                }
            }
        }
        map
    }

    /// Whether a cell is floor.
    #[inline]
    pub fn is_floor(&self, cell: Cell) -> bool {
        self.flags[usize::from(cell)] & FLOOR != 0
    }

    /// Whether a box on a cell can be brought to some dock, if only walls are considered.
    #[inline]
    pub fn is_live(&self, cell: Cell) -> bool {
        self.flags[usize::from(cell)] & (FLOOR | DEAD) == FLOOR
    }

    /// Whether a cell is a dock.
    #[inline]
    pub fn is_dock(&self, cell: Cell) -> bool {
        self.flags[usize::from(cell)] & DOCK != 0
    }

    /// The next cell in a direction, if it is floor.
    #[inline]
    pub fn floor_beside(&self, cell: Cell, direction: Direction) -> Option<Cell> {
        neighbour(cell, direction).filter(|&next| self.is_floor(next))
    }

    /// The floor cells, in row-major order.
    pub fn floor_cells(&self) -> impl Iterator<Item = Cell> + '_ {
        (0..=Cell::MAX).filter(|&cell| self.is_floor(cell))
    }

    fn flood_floor(&mut self, is_open: impl Fn(Cell) -> bool, worker: Cell) {
        let mut stack = [0; CELLS];
        stack[0] = worker;
        self.flags[usize::from(worker)] = FLOOR | DEAD;
        let mut height = 1;
        while height > 0 {
            height -= 1;
            let here = stack[height];
            for next in Direction::ALL.into_iter().filter_map(|direction| neighbour(here, direction)) {
                if self.flags[usize::from(next)] == 0 && is_open(next) {
                    self.flags[usize::from(next)] = FLOOR | DEAD;
                    stack[height] = next;
                    height += 1;
                }
            }
        }
    }

    /// Pulls a single box back from every dock. Cells that it never reaches are dead.
    fn find_dead_squares(&mut self, docks: &[Cell]) {
        for &dock in docks {
            self.flags[usize::from(dock)] |= DOCK;
            self.pull_distances(dock, |map, cell, _| map.flags[usize::from(cell)] &= !DEAD);
        }
    }

    /// Breadth-first search. Calls `found` for each cell from which a single box can be pushed to `dock`, with the number of pushes.
    pub fn pull_distances(&mut self, dock: Cell, mut found: impl FnMut(&mut Map, Cell, u8)) {
        if !self.is_floor(dock) {
            return;
        }
        let (mut queue, mut distances) = ([0; CELLS], [u8::MAX; CELLS]);
        queue[0] = dock;
        distances[usize::from(dock)] = 0;
        let (mut head, mut tail) = (0, 1);
        while head < tail {
            let here = queue[head];
            head += 1;
            let distance = distances[usize::from(here)];
            found(self, here, distance);
            for direction in Direction::ALL {
                // The worker is beside the box and steps back, so a pull needs two cells of floor.
                let Some(next) = self.floor_beside(here, direction) else { continue };
                if distances[usize::from(next)] == u8::MAX && self.floor_beside(next, direction).is_some() {
                    distances[usize::from(next)] = distance.saturating_add(1);
                    queue[tail] = next;
                    tail += 1;
                }
            }
        }
    }

    fn find_fixed(&mut self) {
        for cell in 0..=Cell::MAX {
            if !self.is_floor(cell) {
                continue;
            }
            let mut fixed = |flag, one: Direction| {
                let sides = [neighbour(cell, one), neighbour(cell, one.back())];
                let wall = sides.iter().any(|side| side.is_none_or(|side| !self.is_floor(side)));
                let both_dead = !sides.iter().flatten().any(|&side| self.is_live(side));
                if wall || both_dead {
                    self.flags[usize::from(cell)] |= flag;
                }
            };
            fixed(FIXED_ACROSS, Direction::Left);
            fixed(FIXED_UPWARD, Direction::Up);
        }
    }

    /// Whether boxes on different floor cells can no longer all be brought to docks: a box is on a dead square, or boxes that block one another for good are
    /// not all on docks. It is never true for a solvable position, since in a solution none of the boxes that block one another could be the first to move.
    pub fn is_deadlock(&self, boxes: &[Cell]) -> bool {
        if boxes.iter().any(|&at| !self.is_live(at)) {
            return true;
        }
        let boxes = &boxes[..boxes.len().min(MAX_BOXES)];
        let mut frozen = (1u8 << boxes.len()) - 1;
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
        let off_dock = |(i, &at): (usize, &Cell)| frozen >> i & 1 == 1 && self.flags[usize::from(at)] & DOCK == 0;
        boxes.iter().enumerate().any(off_dock)
    }

    /// Whether a box is blocked both across and upward, if the boxes of `frozen` never move.
    #[inline]
    fn is_blocked(&self, at: Cell, boxes: &[Cell], frozen: u8) -> bool {
        let flags = self.flags[usize::from(at)];
        let beside = |is_beside: fn(Cell, Cell) -> bool| {
            boxes.iter().enumerate().any(|(i, &other)| frozen >> i & 1 == 1 && is_beside(at, other))
        };
        (flags & FIXED_ACROSS != 0 || beside(|a, b| a >> 4 == b >> 4 && a.abs_diff(b) == 1))
            && (flags & FIXED_UPWARD != 0 || beside(|a, b| a.abs_diff(b) == 16))
    }
}
