//! The search in mazes that are trees: exactly one path leads from each floor cell to each other one. No cell is created twice or compared
//! again. The events are the same as those of [`Solver`](super::solver::Solver), which works in any maze and is slower.

use super::grid::Grid;
use super::solver::{DIRECTIONS, Trace};

/// A search with its buffers. As in [`Solver`](super::solver::Solver), two queues hold the open cells: those with the f of the cell closed last,
/// and those with two more.
pub(super) struct TreeSolver {
    /// For each cell, a bit for each way out of it that was not taken yet. Four bits higher, a bit for each way that leads nearer to the goal.
    ways: Vec<u8>,
    /// For each column, the higher bits of its ways along the row.
    nearer: Vec<u8>,
    /// Both queues: one uses the even places, the other the odd ones.
    queues: Vec<Open>,
    /// For each cell, the cell from which it was opened.
    before: Vec<u32>,
    path: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Open {
    cell: u32,
    g: u32,
}

impl TreeSolver {
    pub(super) fn new(grid: &Grid) -> Self {
        let cells = grid.floor.len();
        Self {
            ways: vec![0; cells],
            nearer: vec![0; grid.stride],
            // Each queue has one more place, so that a cell can be written to both and counted in one.
            queues: vec![Open::default(); 2 * (cells + 1)],
            before: vec![0; cells],
            path: Vec::new(),
        }
    }

    /// Searches until the goal is closed.
    #[inline(always)]
    pub(super) fn solve<T: Trace>(&mut self, grid: &Grid, start: usize, goal: usize, mut trace: T) -> T {
        self.find_ways(grid, goal);
        let stride = grid.stride as isize;
        let steps: [isize; DIRECTIONS] = [-stride, 1, stride, -1];
        let (ways, before) = (&mut self.ways[..], &mut self.before[..]);
        let queues = &mut self.queues[..];
        queues[0] = Open { cell: start as u32, g: 0 };
        let (mut head, mut end, mut next_end) = (0, 2, 1);
        let mut f = grid.distance(start, goal);
        loop {
            if head == end {
                let next = 1 - head % 2;
                if next_end == next {
                    return trace;
                }
                (head, end, next_end) = (next, next_end, 1 - next);
                f += 2;
            }
            let Open { cell, g } = queues[head];
            let (cell, h) = (cell as usize, f - g);
            head += 2;
            trace.close(cell, g, h);
            if cell == goal {
                return trace;
            }
            let mut left = u32::from(ways[cell]);
            let nearer = left >> DIRECTIONS;
            left &= (1 << DIRECTIONS) - 1;
            loop {
                // The first pass always runs and counts only if there is a way, since the processor would often mispredict a branch here.
                let is_new = left != 0;
                let direction = left.trailing_zeros() & 3;
                left &= left.wrapping_sub(1);
                // Without a way, this is cell 0, before all others.
                let other = cell.wrapping_add_signed(steps[direction as usize]) & usize::from(is_new).wrapping_neg();
                let is_nearer = nearer >> direction & 1;
                trace.create_if(is_new, other, g + 1, h + 1 - 2 * is_nearer);
                ways[other] &= !(1 << (direction ^ 2));
                before[other] = cell as u32;
                let open = Open { cell: other as u32, g: g + 1 };
                queues[end] = open;
                queues[next_end] = open;
                end += 2 * (is_nearer & u32::from(is_new)) as usize;
                next_end += 2 * (!is_nearer & u32::from(is_new)) as usize;
                if left == 0 {
                    break;
                }
            }
        }
    }

    fn find_ways(&mut self, grid: &Grid, goal: usize) {
        let (goal_x, goal_y) = grid.place(goal);
        // The bits are up, right, down, left.
        for (x, nearer) in self.nearer.iter_mut().enumerate() {
            *nearer = u8::from(x < goal_x) << 5 | u8::from(x > goal_x) << 7;
        }
        for y in 0..grid.rows {
            let first = grid.cell(0, y);
            let nearer = u8::from(y > goal_y) << 4 | u8::from(y < goal_y) << 6;
            let row = |from: usize| &grid.floor[from..from + grid.cols];
            let around = row(first - grid.stride).iter().zip(row(first + 1));
            let around = around.zip(row(first + grid.stride).iter().zip(row(first - 1))).zip(&self.nearer);
            let ways = &mut self.ways[first..first + grid.cols];
            for (ways, (((up, right), (down, left)), beside)) in ways.iter_mut().zip(around) {
                *ways = up | right << 1 | down << 2 | left << 3 | beside | nearer;
            }
        }
    }

    /// The path of the last search, from the goal to the start.
    pub(super) fn path(&mut self, start: usize, goal: usize) -> &[u32] {
        self.path.clear();
        let mut cell = goal;
        while cell != start {
            self.path.push(cell as u32);
            cell = self.before[cell] as usize;
        }
        self.path.push(start as u32);
        &self.path
    }
}
