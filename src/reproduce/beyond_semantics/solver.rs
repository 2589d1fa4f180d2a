//! A* by the distance along rows and columns, with the paper's rule for ties: of the open cells with the least f, the one that
//! has been open for longest.

use super::grid::Grid;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Up, right, down, left.
const DIRECTIONS: usize = 4;

/// What is told of a search.
pub(super) trait Trace {
    fn close(&mut self, cell: usize, g: u32, h: u32);
    fn create(&mut self, cell: usize, g: u32, h: u32);

    /// Whether it is enough to know that the goal costs so much at least.
    fn is_enough(&self, _least: u32) -> bool {
        false
    }
}

/// Nothing is told. It is enough to know that the goal costs this, or more.
pub(super) struct Silent {
    pub(super) enough: u32,
}

impl Trace for Silent {
    fn close(&mut self, _: usize, _: u32, _: u32) {}

    fn create(&mut self, _: usize, _: u32, _: u32) {}

    #[inline]
    fn is_enough(&self, least: u32) -> bool {
        least >= self.enough
    }
}

/// The search, with what it allocates.
///
/// The distance never shrinks by more than a step, so a cell is closed at its least cost, and the cells that are open have
/// the f of the cell closed last, or two more: two queues hold them, in the order in which they were opened. A cell
/// that is created again, cheaper, leaves the second queue for the first, where its age counts; such cells are few, and wait
/// in a heap.
pub(super) struct Solver {
    /// Cost so far: `u32::MAX` where nothing is known, 0 for walls, which no cost undercuts.
    g: Vec<u32>,
    h: Vec<u32>,
    /// The direction of the step that led here.
    from: Vec<u8>,
    /// When a cell was opened.
    age: Vec<u32>,
    now: Vec<u32>,
    next: Vec<u32>,
    again: BinaryHeap<Reverse<(u32, u32)>>,
    /// From the goal to the start.
    path: Vec<u32>,
}

impl Solver {
    pub(super) fn new(grid: &Grid) -> Self {
        let cells = grid.floor.len();
        Self {
            g: vec![0; cells],
            h: vec![0; cells],
            from: vec![0; cells],
            age: vec![0; cells],
            now: Vec::with_capacity(64),
            next: Vec::with_capacity(64),
            again: BinaryHeap::new(),
            path: Vec::new(),
        }
    }

    /// Searches; the cost of the goal where it can be reached, or the least that it can be where that is enough.
    pub(super) fn solve(&mut self, grid: &Grid, start: usize, goal: usize, trace: &mut impl Trace) -> Option<u32> {
        self.prepare(grid, start, goal);
        let stride = grid.stride as isize;
        let steps: [isize; DIRECTIONS] = [-stride, 1, stride, -1];
        let mut f = self.h[start];
        let mut head = 0;
        let mut opened = 1;
        while let Some(cell) = self.pop(&mut f, &mut head) {
            let (g, h) = (self.g[cell], self.h[cell]);
            if trace.is_enough(f) {
                return Some(f);
            }
            trace.close(cell, g, h);
            if cell == goal {
                return Some(g);
            }
            // first which cells, then what to do with them: how many there are is easier to guess than which
            let mut better = 0;
            for (direction, step) in steps.into_iter().enumerate() {
                better |= u32::from(g + 1 < self.g[cell.wrapping_add_signed(step)]) << direction;
            }
            while better != 0 {
                let direction = better.trailing_zeros() as usize & 3;
                better &= better - 1;
                let other = cell.wrapping_add_signed(steps[direction]);
                let known = self.g[other];
                self.g[other] = g + 1;
                self.from[other] = direction as u8;
                let other_h = self.h[other];
                trace.create(other, g + 1, other_h);
                if known != u32::MAX {
                    self.again.push(Reverse((self.age[other], other as u32)));
                    continue;
                }
                self.age[other] = opened;
                opened += 1;
                let queue = if other_h < h { &mut self.now } else { &mut self.next };
                queue.push(other as u32);
            }
        }
        None
    }

    fn prepare(&mut self, grid: &Grid, start: usize, goal: usize) {
        for (g, &floor) in self.g.iter_mut().zip(&grid.floor) {
            *g = 0u32.wrapping_sub(u32::from(floor));
        }
        let (goal_x, goal_y) = grid.place(goal);
        for (y, row) in self.h[grid.stride..].chunks_exact_mut(grid.stride).take(grid.rows).enumerate() {
            let down = y.abs_diff(goal_y) as u32;
            let goal_x = goal_x as u32;
            for (x, h) in (0..).zip(row) {
                *h = down + goal_x.abs_diff(x);
            }
        }
        self.now.clear();
        self.next.clear();
        self.again.clear();
        self.g[start] = 0;
        self.age[start] = 0;
        self.now.push(start as u32);
    }

    /// Takes the next cell to close.
    #[inline]
    fn pop(&mut self, f: &mut u32, head: &mut usize) -> Option<usize> {
        loop {
            while let Some(&cell) = self.now.get(*head) {
                let cell = cell as usize;
                if !self.again.is_empty() {
                    break;
                }
                *head += 1;
                // otherwise it was created again, and is closed already
                if self.g[cell] + self.h[cell] == *f {
                    return Some(cell);
                }
            }
            if !self.again.is_empty() {
                return Some(self.pop_older(*f, head));
            }
            if self.next.is_empty() {
                return None;
            }
            self.now.clear();
            std::mem::swap(&mut self.now, &mut self.next);
            *head = 0;
            *f += 2;
        }
    }

    /// Takes the older of the cell at the head of the queue and the oldest one that was created again.
    #[cold]
    fn pop_older(&mut self, f: u32, head: &mut usize) -> usize {
        while self.now.get(*head).is_some_and(|&cell| self.g[cell as usize] + self.h[cell as usize] != f) {
            *head += 1;
        }
        let again = self.again.peek().map_or(u32::MAX, |Reverse((age, _))| *age);
        match self.now.get(*head) {
            Some(&cell) if self.age[cell as usize] < again => {
                *head += 1;
                cell as usize
            }
            _ => self.again.pop().map_or(0, |Reverse((_, cell))| cell as usize),
        }
    }

    /// The path of the last search, from the goal to the start. Where the goal was not reached these two are all of it, as
    /// in the paper's program.
    pub(super) fn path(&mut self, grid: &Grid, start: usize, goal: usize, reached: bool) -> &[u32] {
        let stride = grid.stride as isize;
        let back: [isize; DIRECTIONS] = [stride, -1, -stride, 1];
        self.path.clear();
        let mut cell = goal;
        while cell != start {
            self.path.push(cell as u32);
            cell = if reached { cell.wrapping_add_signed(back[usize::from(self.from[cell] & 3)]) } else { start };
        }
        self.path.push(start as u32);
        &self.path
    }
}
