//! Wilson's algorithm: loop-erased random walks.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::Random;
use super::rooms::Rooms;
use super::{Generate, Task};

const NEW: u8 = 0;
const IN_MAZE: u8 = 1;
const AROUND: u8 = 2;

pub(in super::super) struct Wilson {
    lattices: [Lattice; 2],
}

struct Lattice {
    rooms: Rooms,
    /// The marks before a maze: all rooms are new.
    fresh: Vec<u8>,
    marks: Vec<u8>,
    /// The way by which the walk last left each room.
    ways: Vec<u8>,
}

impl Wilson {
    pub(in super::super) fn new(grid: &Grid) -> Self {
        let lattices = Rooms::both(grid).map(|rooms| {
            let fresh = rooms.marks(NEW, AROUND);
            Lattice { marks: fresh.clone(), ways: vec![0; fresh.len()], fresh, rooms }
        });
        Self { lattices }
    }
}

impl Generate for Wilson {
    fn generate(&mut self, random: &mut Random, grid: &mut Grid) -> Result<Task, Impossible> {
        grid.clear();
        let odd = random.below(2);
        let lattice = &mut self.lattices[odd];
        let count = lattice.rooms.list.len();
        if count == 0 {
            return Err(Impossible::NoRooms);
        }
        lattice.grow(random, grid, count);
        // A tree has one passage fewer than rooms.
        let floors = 2 * count - 1;
        let start = random.below(floors);
        let mut goal = random.below(floors);
        if goal == start {
            // Only one more draw: start and goal can be the same cell.
            goal = random.below(floors);
        }
        Ok((grid.nth_floor(start), grid.nth_floor(goal)))
    }

    fn makes_trees(&self) -> bool {
        true
    }
}

impl Lattice {
    fn grow(&mut self, random: &mut Random, grid: &mut Grid, count: usize) {
        self.marks.copy_from_slice(&self.fresh);
        let first = self.rooms.list[random.below(count)] as usize;
        self.marks[first] = IN_MAZE;
        grid.floor[self.rooms.cells[first] as usize] = 1;
        let mut left = count - 1;
        while left > 0 {
            let root = loop {
                let room = self.rooms.list[random.below(count)] as usize;
                if self.marks[room] == NEW {
                    break room;
                }
            };
            self.walk(random, root);
            left -= self.carve(grid, root);
        }
    }

    /// Walks until it meets the maze. A later way out of a room replaces an earlier one, which erases loops.
    fn walk(&mut self, random: &mut Random, root: usize) {
        let stride = self.rooms.stride as isize;
        let steps = [1, -1, stride, -stride];
        let (marks, ways) = (&self.marks[..], &mut self.ways[..]);
        let mut local = random.clone();
        let mut room = root;
        loop {
            let way = (local.draw() >> 30) as usize;
            let next = room.wrapping_add_signed(steps[way]);
            let mark = marks[next];
            ways[room] = way as u8;
            if mark == IN_MAZE {
                break;
            }
            room = if mark == AROUND { room } else { next };
        }
        *random = local;
    }

    /// Adds the walk without its loops to the maze. Gives the number of rooms added.
    fn carve(&mut self, grid: &mut Grid, root: usize) -> usize {
        let stride = self.rooms.stride as isize;
        let steps = [1, -1, stride, -stride];
        let down = grid.stride as isize;
        let passages = [1, -1, down, -down];
        let (mut room, mut added) = (root, 0);
        while self.marks[room] == NEW {
            self.marks[room] = IN_MAZE;
            let way = usize::from(self.ways[room] & 3);
            let cell = self.rooms.cells[room] as usize;
            grid.floor[cell] = 1;
            grid.floor[cell.wrapping_add_signed(passages[way])] = 1;
            room = room.wrapping_add_signed(steps[way]);
            added += 1;
        }
        added
    }
}
