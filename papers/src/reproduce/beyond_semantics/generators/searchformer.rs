//! Random walls, then a start and a goal that are far apart.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::Random;
use super::super::solver::{Silent, Solver};
use super::{Generate, Task};

/// Number of starts and goals that are tried for one layout of walls.
const TRIES: u32 = 100;

pub(in super::super) struct Searchformer {
    solver: Solver,
    /// All cells, row by row.
    all: Vec<u32>,
    /// All cells in the order of the shuffles of layouts. The first ones are walls.
    cells: Vec<u32>,
    /// The floor cells in the order of the shuffles of start and goal.
    free: Vec<u32>,
    caves: Caves,
}

impl Searchformer {
    pub(in super::super) fn new(grid: &Grid) -> Self {
        let place = |index| grid.cell(index % grid.cols, index / grid.cols) as u32;
        let all = (0..grid.rows * grid.cols).map(place).collect();
        Self { all, solver: Solver::new(grid), cells: Vec::new(), free: Vec::new(), caves: Caves::default() }
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

    /// Draws start and goal until their path has at least as many cells as the grid's longer side. The last try may have any path.
    fn place(&mut self, random: &mut Random, grid: &Grid) -> Option<Task> {
        let enough = grid.rows.max(grid.cols) as u32 - 1;
        random.shuffle(&mut self.free);
        self.caves.survey(grid, &self.free);
        let mut found = None;
        for _ in 0..TRIES {
            let task = (self.free[0] as usize, self.free[1] as usize);
            found = self.caves.are_joined(task).then_some(task);
            if found.is_some() && self.is_far(grid, task, enough) {
                break;
            }
            random.shuffle(&mut self.free);
        }
        found
    }

    /// Whether a goal that can be reached takes `enough` steps or more.
    fn is_far(&mut self, grid: &Grid, task: Task, enough: u32) -> bool {
        let (least, most) = self.caves.bounds(task);
        if least >= enough || most < enough {
            return least >= enough;
        }
        let (cost, _) = self.solver.solve(grid, task.0, task.1, Silent { enough });
        cost.is_some_and(|cost| cost >= enough)
    }
}

/// The caves: sets of floor cells that can reach each other. They give bounds on distances without a search.
#[derive(Default)]
struct Caves {
    cells: Vec<Surveyed>,
    sizes: Vec<u32>,
    queue: Vec<u32>,
}

/// A floor cell that is not yet in a cave.
const NEW: u64 = u64::MAX;
/// A wall.
const WALL: u64 = u64::MAX - 1;

/// The result for a cell: the number of its cave in the high half, and its steps from the cave's first cell in the low half; or [`NEW`]; or
/// [`WALL`]. It is a single number, so that one instruction can select it.
#[derive(Clone, Copy)]
struct Surveyed(u64);

impl Surveyed {
    fn cave(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn depth(self) -> u32 {
        self.0 as u32
    }
}

impl Caves {
    fn survey(&mut self, grid: &Grid, free: &[u32]) {
        self.cells.clear();
        self.cells.extend(grid.floor.iter().map(|&floor| Surveyed(WALL + u64::from(floor))));
        self.sizes.clear();
        // Each step of the flood may write one more cell than it keeps.
        self.queue.resize(free.len() + 1, 0);
        for &first in free {
            if self.cells[first as usize].0 == NEW {
                let cave = self.sizes.len() as u64;
                let size = flood(&mut self.cells, &mut self.queue, grid.stride, first, cave << 32);
                self.sizes.push(size);
            }
        }
    }

    fn are_joined(&self, (start, goal): Task) -> bool {
        self.cells[start].cave() == self.cells[goal].cave()
    }

    /// The least and the greatest possible number of steps between two cells of a cave, by way of its first cell.
    fn bounds(&self, (start, goal): Task) -> (u32, u32) {
        let [one, other] = [self.cells[start], self.cells[goal]];
        let most = (one.depth() + other.depth()).min(self.sizes[one.cave() as usize] - 1);
        (one.depth().abs_diff(other.depth()), most)
    }
}

/// Numbers the cells of a cave breadth-first. `known` is the value of its first cell. Gives the number of cells.
fn flood(cells: &mut [Surveyed], queue: &mut [u32], stride: usize, first: u32, known: u64) -> u32 {
    queue[0] = first;
    cells[first as usize] = Surveyed(known);
    let (mut head, mut end) = (0, 1);
    while head < end {
        let cell = queue[head] as usize;
        head += 1;
        let around = &mut cells[cell - stride..=cell + stride];
        let reached = Surveyed(around[stride].0 + 1);
        for side in [0, stride + 1, 2 * stride, stride - 1] {
            let before = around[side];
            let is_new = before.0 == NEW;
            // Written in any case and kept only if new, since the processor would often mispredict a branch here.
            around[side] = if is_new { reached } else { before };
            queue[end] = (cell + side - stride) as u32;
            end += usize::from(is_new);
        }
    }
    head as u32
}

impl Generate for Searchformer {
    fn generate(&mut self, random: &mut Random, grid: &mut Grid) -> Result<Task, Impossible> {
        let total = grid.rows * grid.cols;
        if total < 2 {
            return Err(Impossible::FewFloors { found: total });
        }
        self.cells.clear();
        self.cells.extend_from_slice(&self.all);
        loop {
            self.lay_walls(random, grid);
            if let Some(task) = self.place(random, grid) {
                return Ok(task);
            }
        }
    }
}
