//! A random walk that carves each cell that it enters.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::{Random, scale};
use super::dfs::Choices;
use super::{Generate, Task, pick_two_floors};

/// The set of all four ways: left, right, up, down.
const ALL: u8 = 15;

pub(in super::super) struct DrunkardsWalk {
    /// The number of cells to carve.
    target: usize,
    /// For each cell, a bit for each way that stays inside the grid.
    ways: Vec<u8>,
    /// The chosen step, for each set of ways and each twelfth in which a drawn fraction can lie. A set has sixteen entries.
    steps: [i32; 16 * 16],
}

impl DrunkardsWalk {
    pub(in super::super) fn new(grid: &Grid, coverage: f64) -> Self {
        let total = grid.rows * grid.cols;
        // The cast turns a negative number into 0. At least two cells are carved.
        let target = ((total as f64 * coverage).floor() as usize).min(total).max(2);
        let mut ways = vec![0; grid.floor.len()];
        for y in 0..grid.rows {
            for x in 0..grid.cols {
                let inside = [x > 0, x + 1 < grid.cols, y > 0, y + 1 < grid.rows];
                ways[grid.cell(x, y)] = (0..).zip(inside).map(|(way, inside)| u8::from(inside) << way).sum();
            }
        }
        let down = grid.stride as i32;
        let all = [-1, 1, -down, down];
        let mut steps = [0; 16 * 16];
        for (set, choices) in Choices::all().into_iter().enumerate().skip(1) {
            for twelfth in 0..12 {
                steps[set * 16 + twelfth] = all[choices.at_twelfth(twelfth)];
            }
        }
        Self { target, ways, steps }
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
            // Most cells have all four ways. Their step does not depend on the cell, so it can be computed earlier.
            let step = if ways == ALL {
                steps[(fraction >> 30) as usize]
            } else {
                self.steps[usize::from(ways & 15) * 16 + scale(fraction, 12) % 16] as isize
            };
            let cell = cell.wrapping_add_signed(step);
            let is_new = 1 - floor[cell];
            floor[cell] = 1;
            (cell, usize::from(is_new))
        };
        // As long as at least four more fractions are needed, four are drawn at once, so that none waits for the one before.
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
