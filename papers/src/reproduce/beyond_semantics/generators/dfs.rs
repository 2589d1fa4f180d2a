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
    /// The chosen move, for each set of ways (one bit each: up, right, down, left) and each twelfth in which a drawn fraction can lie. Twelfths
    /// separate halves, thirds and quarters. A set has sixteen entries.
    moves: [Move; 16 * 16],
}

#[derive(Clone, Copy, Default)]
struct Move {
    /// The step to the next room.
    step: i32,
    /// The step to the passage on the way there.
    passage: i32,
}

impl Dfs {
    pub(in super::super) fn new(grid: &Grid) -> Self {
        let rooms = Rooms::new(grid, 0);
        let fresh = rooms.marks(NEW, 0);
        let moves = Self::moves(rooms.stride as i32, grid.stride as i32);
        Self { marks: fresh.clone(), fresh, rooms, stack: Vec::new(), moves }
    }

    fn moves(stride: i32, down: i32) -> [Move; 16 * 16] {
        let ways = [(-stride, -down), (1, 1), (stride, down), (-1, -1)];
        let mut moves = [Move::default(); 16 * 16];
        for (set, choices) in Choices::all().into_iter().enumerate().skip(1) {
            for twelfth in 0..12 {
                let (step, passage) = ways[choices.at_twelfth(twelfth)];
                moves[set * 16 + twelfth] = Move { step, passage };
            }
        }
        moves
    }

    fn carve(&mut self, random: &mut Random, grid: &mut Grid) {
        self.marks.copy_from_slice(&self.fresh);
        let stride = self.rooms.stride;
        let (marks, cells, floor) = (&mut self.marks[..], &self.rooms.cells[..], &mut grid.floor[..]);
        let first = self.rooms.list[0];
        marks[first as usize] = 0;
        floor[cells[first as usize] as usize] = 1;
        self.stack.clear();
        self.stack.resize(self.rooms.list.len(), first);
        let stack = &mut self.stack[..];
        let mut depth = 0;
        let mut local = random.clone();
        let mut twelfth = local.clone().below(12);
        loop {
            let room = stack[depth] as usize;
            // In the order of the ways: up, right, down, left.
            let around = &marks[room - stride..=room + stride];
            let sides = around[0] | around[stride + 1] << 1 | around[2 * stride] << 2 | around[stride - 1] << 3;
            if sides == 0 {
                if depth == 0 {
                    break;
                }
                depth -= 1;
                continue;
            }
            let Move { step, passage } = self.moves[usize::from(sides & 15) * 16 + (twelfth & 15)];
            local.draw();
            twelfth = local.clone().below(12);
            let next = room.wrapping_add_signed(step as isize);
            marks[next] = 0;
            floor[(cells[room] as usize).wrapping_add_signed(passage as isize)] = 1;
            floor[cells[next] as usize] = 1;
            // A room without another way left need not be visited again.
            depth += usize::from(sides & (sides - 1) != 0);
            stack[depth] = next as u32;
        }
        *random = local;
    }
}

/// The ways of a set, in order.
#[derive(Clone, Copy, Default)]
pub(super) struct Choices {
    count: u32,
    ways: [u8; 4],
}

impl Choices {
    /// All sets, by their bits. In each, lower bits come first.
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

    /// The way that a fraction in this twelfth chooses. The set must not be empty.
    pub(super) fn at_twelfth(self, twelfth: usize) -> usize {
        usize::from(self.ways[twelfth * self.count as usize / 12])
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

    fn makes_trees(&self) -> bool {
        true
    }
}
