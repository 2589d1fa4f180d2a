//! Random walls, smoothed by a cellular automaton.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::Random;
use super::{Generate, Task, pick_two_floors};

pub(in super::super) struct CellularAutomata {
    /// A cell starts as a wall where the drawn fraction is below this, in units of 2^-32.
    fill: u64,
    /// A wall becomes floor where fewer of the eight cells around it are walls.
    wall_opens_below: u8,
    /// A floor cell stays floor where fewer of the eight cells around it are walls.
    floor_stays_below: u8,
    iterations: u64,
    /// 1 for the cells of the grid, 0 for those around it.
    inside: Vec<u8>,
    /// For each cell, the number of floors among it and its two neighbours in the row.
    threes: Vec<u8>,
    next: Vec<u8>,
}

impl CellularAutomata {
    pub(in super::super) fn new(grid: &Grid, fill: f64, survival: f64, birth: f64, iterations: f64) -> Self {
        let cells = grid.floor.len();
        let mut inside = vec![0; cells];
        for y in 0..grid.rows {
            inside[grid.cell(0, y)..][..grid.cols].fill(1);
        }
        // A whole number is below a fraction if it is below the next whole number. The cast saturates.
        Self {
            fill: (fill * 4_294_967_296.0).ceil() as u64,
            wall_opens_below: survival.ceil().min(9.0) as u8,
            floor_stays_below: (birth.floor() + 1.0).min(9.0) as u8,
            iterations: iterations.ceil() as u64,
            inside,
            threes: vec![0; cells],
            next: vec![0; cells],
        }
    }

    fn fill(&self, random: &mut Random, grid: &mut Grid) {
        let mut local = random.clone();
        let floor = |fraction: u32| u8::from(u64::from(fraction) >= self.fill);
        for y in 0..grid.rows {
            let first = grid.cell(0, y);
            let mut fours = grid.floor[first..first + grid.cols].chunks_exact_mut(4);
            for cells in &mut fours {
                for (cell, fraction) in cells.iter_mut().zip(local.draw_four()) {
                    *cell = floor(fraction);
                }
            }
            for cell in fours.into_remainder() {
                *cell = floor(local.draw());
            }
        }
        *random = local;
    }

    /// Applies the rule once. Cells around the grid count as walls. Gives whether a cell changed.
    fn step(&mut self, grid: &mut Grid) -> bool {
        let cells = grid.floor.len();
        for (three, around) in self.threes[1..cells - 1].iter_mut().zip(grid.floor.windows(3)) {
            *three = around[0] + around[1] + around[2];
        }
        let stride = grid.stride;
        let middle = stride..cells - stride;
        let (above, beside, below) = (&self.threes[..], &self.threes[stride..], &self.threes[2 * stride..]);
        let floors = above.iter().zip(beside).zip(below).map(|((above, beside), below)| above + beside + below);
        let now = &grid.floor[middle.clone()];
        let inside = &self.inside[middle.clone()];
        for (((next, &now), &inside), floors) in self.next[middle].iter_mut().zip(now).zip(inside).zip(floors) {
            let walls = 8 + now - floors;
            let bound = if now == 0 { self.wall_opens_below } else { self.floor_stays_below };
            *next = u8::from(walls < bound) & inside;
        }
        std::mem::swap(&mut grid.floor, &mut self.next);
        grid.floor != self.next
    }
}

impl Generate for CellularAutomata {
    fn generate(&mut self, random: &mut Random, grid: &mut Grid) -> Result<Task, Impossible> {
        self.fill(random, grid);
        for _ in 0..self.iterations {
            if !self.step(grid) {
                break;
            }
        }
        let floors = grid.floors();
        pick_two_floors(random, grid, floors)
    }
}
