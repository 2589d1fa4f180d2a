//! Walls at random, then a start and a goal that are far apart.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::Random;
use super::super::solver::{Silent, Solver};
use super::{Generate, Task};

/// Starts and goals that are tried in one layout of walls.
const TRIES: u32 = 100;

pub(in super::super) struct Searchformer {
    solver: Solver,
    /// All cells, as the layout's shuffles leave them: walls first.
    cells: Vec<u32>,
    /// The floor cells, as the shuffles for start and goal leave them.
    free: Vec<u32>,
}

impl Searchformer {
    pub(in super::super) fn new(grid: &Grid) -> Self {
        Self { solver: Solver::new(grid), cells: Vec::new(), free: Vec::new() }
    }

    fn lay_walls(&mut self, random: &mut Random, grid: &mut Grid) {
        let tenth = self.cells.len() / 10;
        random.shuffle(&mut self.cells);
        let walls = 3 * tenth + random.below(2 * tenth + 1);
        grid.clear();
        self.free.clear();
        self.free.extend_from_slice(&self.cells[walls..]);
        for &cell in &self.free {
            grid.floor[cell as usize] = 1;
        }
    }

    /// Draws start and goal until their path has as many cells as the grid's longer side. The last try may have any path.
    fn place(&mut self, random: &mut Random, grid: &Grid) -> Option<Task> {
        let long = grid.rows.max(grid.cols);
        random.shuffle(&mut self.free);
        let mut found = None;
        for _ in 0..TRIES {
            let (start, goal) = (self.free[0] as usize, self.free[1] as usize);
            let cost = self.solver.solve(grid, start, goal, &mut Silent);
            found = cost.map(|_| (start, goal));
            if cost.is_some_and(|cost| cost as usize + 1 >= long) {
                break;
            }
            random.shuffle(&mut self.free);
        }
        found
    }
}

impl Generate for Searchformer {
    fn generate(&mut self, random: &mut Random, grid: &mut Grid) -> Result<Task, Impossible> {
        let total = grid.rows * grid.cols;
        if total < 2 {
            return Err(Impossible::FewFloors { found: total });
        }
        self.cells.clear();
        self.cells.extend((0..total).map(|index| grid.cell_of_index(index) as u32));
        loop {
            self.lay_walls(random, grid);
            if let Some(task) = self.place(random, grid) {
                return Ok(task);
            }
        }
    }
}
