//! Randomised depth-first search from the corner.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::Random;
use super::rooms::Rooms;
use super::{Generate, Task, pick_place};

const NEW: u8 = 1;

pub(in super::super) struct Dfs {
    rooms: Rooms,
    fresh: Vec<u8>,
    marks: Vec<u8>,
    stack: Vec<u32>,
    /// For each set of ways (a bit each: up, right, down, left) what can be chosen.
    choices: [Choices; 16],
}

impl Dfs {
    pub(in super::super) fn new(grid: &Grid) -> Self {
        let rooms = Rooms::new(grid, 0);
        let fresh = rooms.marks(NEW, 0);
        Self { marks: fresh.clone(), fresh, rooms, stack: Vec::new(), choices: Choices::all() }
    }

    fn carve(&mut self, random: &mut Random, grid: &mut Grid) {
        self.marks.copy_from_slice(&self.fresh);
        let (stride, down) = (self.rooms.stride as isize, grid.stride as isize);
        let steps = [-stride, 1, stride, -1];
        let passages = [-down, 1, down, -1];
        let first = self.rooms.list[0];
        self.marks[first as usize] = 0;
        grid.floor[self.rooms.cells[first as usize] as usize] = 1;
        self.stack.clear();
        self.stack.push(first);
        let mut local = random.clone();
        while let Some(&room) = self.stack.last() {
            let room = room as usize;
            let mut open = 0;
            for (way, step) in steps.into_iter().enumerate() {
                open |= usize::from(self.marks[room.wrapping_add_signed(step)]) << way;
            }
            if open == 0 {
                self.stack.pop();
                continue;
            }
            let way = self.choices[open & 15].draw(&mut local);
            let next = room.wrapping_add_signed(steps[way]);
            self.marks[next] = 0;
            grid.floor[(self.rooms.cells[room] as usize).wrapping_add_signed(passages[way])] = 1;
            grid.floor[self.rooms.cells[next] as usize] = 1;
            self.stack.push(next as u32);
        }
        *random = local;
    }
}

/// A set of ways, in order.
#[derive(Clone, Copy, Default)]
pub(super) struct Choices {
    count: u32,
    ways: [u8; 4],
}

impl Choices {
    /// All sets; those of lower bits come first in each.
    pub(super) fn all() -> [Self; 16] {
        let mut sets = [Self::default(); 16];
        for (bits, set) in sets.iter_mut().enumerate() {
            for way in (0..4).filter(|way| bits >> way & 1 == 1) {
                set.ways[set.count as usize] = way;
                set.count += 1;
            }
        }
        sets
    }

    /// One of them; there must be one.
    #[inline]
    pub(super) fn draw(self, random: &mut Random) -> usize {
        usize::from(self.ways[random.below(self.count as usize) & 3] & 3)
    }
}

impl Generate for Dfs {
    fn generate(&mut self, random: &mut Random, grid: &mut Grid) -> Result<Task, Impossible> {
        if self.rooms.list.len() < 2 {
            return Err(Impossible::FewFloors { found: self.rooms.list.len() });
        }
        grid.clear();
        self.carve(random, grid);
        let start = pick_place(random, grid);
        loop {
            let goal = pick_place(random, grid);
            if goal != start {
                return Ok((start, goal));
            }
        }
    }
}
