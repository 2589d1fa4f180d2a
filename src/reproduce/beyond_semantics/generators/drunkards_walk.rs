//! A random walk that carves where it goes.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::Random;
use super::dfs::Choices;
use super::{Generate, Task, pick_two_floors};

/// All four ways: left, right, up, down.
const ALL: u8 = 15;

pub(in super::super) struct DrunkardsWalk {
    /// How many cells are carved.
    target: usize,
    /// The ways that stay in the grid, a bit each, for each cell.
    ways: Vec<u8>,
    choices: [Choices; 16],
}

impl DrunkardsWalk {
    pub(in super::super) fn new(grid: &Grid, coverage: f64) -> Self {
        let total = grid.rows * grid.cols;
        // a negative share is no cell, and at least two are carved
        let target = ((total as f64 * coverage).floor() as usize).min(total).max(2);
        let mut ways = vec![0; grid.floor.len()];
        for y in 0..grid.rows {
            for x in 0..grid.cols {
                let inside = [x > 0, x + 1 < grid.cols, y > 0, y + 1 < grid.rows];
                ways[grid.cell(x, y)] = (0..).zip(inside).map(|(way, inside)| u8::from(inside) << way).sum();
            }
        }
        Self { target, ways, choices: Choices::all() }
    }
}

impl Generate for DrunkardsWalk {
    fn generate(&mut self, random: &mut Random, grid: &mut Grid) -> Result<Task, Impossible> {
        if grid.rows * grid.cols < 2 {
            return Err(Impossible::FewFloors { found: 1 });
        }
        grid.clear();
        let down = grid.stride as isize;
        let steps = [-1, 1, -down, down];
        let x = random.below(grid.cols);
        let y = random.below(grid.rows);
        let mut cell = grid.cell(x, y);
        grid.floor[cell] = 1;
        let mut left = self.target - 1;
        let (floor, ways) = (&mut grid.floor[..], &self.ways[..]);
        let mut go = |cell: usize, fraction: u32| {
            let ways = ways[cell];
            let way =
                if ways == ALL { (fraction >> 30) as usize } else { self.choices[usize::from(ways & 15)].of(fraction) };
            let cell = cell.wrapping_add_signed(steps[way]);
            let is_new = 1 - floor[cell];
            floor[cell] = 1;
            (cell, usize::from(is_new))
        };
        // four fractions at once, that none waits for the one before it, as long as none of them can be one too many
        while left >= 4 {
            for fraction in random.draw_four() {
                let is_new;
                (cell, is_new) = go(cell, fraction);
                left -= is_new;
            }
        }
        while left > 0 {
            let is_new;
            (cell, is_new) = go(cell, random.draw());
            left -= is_new;
        }
        pick_two_floors(random, grid, self.target)
    }
}
