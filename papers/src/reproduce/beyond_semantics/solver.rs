//! A* by the distance along rows and columns, with the paper's rule for ties: of the open cells with the least f, the one that has been open
//! longest.

use super::grid::Grid;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Number of directions: up, right, down, left.
pub(super) const DIRECTIONS: usize = 4;

/// Receives the events of a search. A search takes it by value and returns it, so that the compiler can keep its position in the text in a
/// register.
pub(super) trait Trace {
    fn close(&mut self, cell: usize, g: u32, h: u32);
    /// Receives an event only if `is_created`. An implementation should have no branch for it.
    fn create_if(&mut self, is_created: bool, cell: usize, g: u32, h: u32);

    /// Whether the search may stop when the goal is known to cost `least` or more.
    fn is_enough(&self, _least: u32) -> bool {
        false
    }
}

impl<T: Trace> Trace for &mut T {
    fn close(&mut self, cell: usize, g: u32, h: u32) {
        (**self).close(cell, g, h);
    }

    fn create_if(&mut self, is_created: bool, cell: usize, g: u32, h: u32) {
        (**self).create_if(is_created, cell, g, h);
    }

    fn is_enough(&self, least: u32) -> bool {
        (**self).is_enough(least)
    }
}

/// Ignores all events. The search stops when the goal is known to cost `enough` or more.
pub(super) struct Silent {
    pub(super) enough: u32,
}

impl Trace for Silent {
    fn close(&mut self, _: usize, _: u32, _: u32) {}

    fn create_if(&mut self, _: bool, _: usize, _: u32, _: u32) {}

    #[inline]
    fn is_enough(&self, least: u32) -> bool {
        least >= self.enough
    }
}

/// A search with its buffers.
///
/// A step changes the distance by at most one. So a cell is closed at its least cost, and open cells have the f of the cell closed last, or two
/// more. Two queues hold them in the order in which they were opened. A cell that is created again at a lower cost moves from the second queue to
/// the first, at the place of its age. Such cells are few and wait in a heap.
pub(super) struct Solver {
    places: Vec<Place>,
    nodes: Vec<Node>,
    opened: Vec<Opened>,
    /// A cell enters each queue at most once. Each queue has one more place, so that a cell can be written to both and counted in one.
    now: Vec<u32>,
    next: Vec<u32>,
    again: BinaryHeap<Reverse<(u32, u32)>>,
    /// The path from the goal to the start.
    path: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// Cost so far: `u32::MAX` where it is unknown, and 0 for walls, so that no cost is lower.
    g: u32,
    /// Distance from the goal, where a cost is known.
    h: u32,
}

#[derive(Clone, Copy, Default)]
struct Opened {
    /// The time at which the cell was opened.
    age: u32,
    /// The cell before it.
    from: u32,
}

/// The column and row of a cell.
#[derive(Clone, Copy, Default)]
struct Place {
    x: u16,
    y: u16,
}

impl Place {
    #[inline]
    fn distance(self, other: Self) -> u32 {
        u32::from(self.x.abs_diff(other.x)) + u32::from(self.y.abs_diff(other.y))
    }
}

impl Solver {
    pub(super) fn new(grid: &Grid) -> Self {
        let cells = grid.floor.len();
        let mut places = vec![Place::default(); cells];
        for y in 0..grid.rows {
            for x in 0..grid.cols {
                places[grid.cell(x, y)] = Place { x: x as u16, y: y as u16 };
            }
        }
        Self {
            places,
            nodes: vec![Node::default(); cells],
            opened: vec![Opened::default(); cells],
            now: vec![0; cells + 1],
            next: vec![0; cells + 1],
            again: BinaryHeap::new(),
            path: Vec::new(),
        }
    }

    /// Searches. Gives the cost of the goal, or the bound at which the trace stopped the search, or `None` if the goal is unreachable.
    pub(super) fn solve<T: Trace>(&mut self, grid: &Grid, start: usize, goal: usize, mut trace: T) -> (Option<u32>, T) {
        self.prepare(grid, start, goal);
        let stride = grid.stride as isize;
        let steps: [isize; DIRECTIONS] = [-stride, 1, stride, -1];
        let (places, goal_place) = (&self.places[..], self.places[goal]);
        let (nodes, opened) = (&mut self.nodes[..], &mut self.opened[..]);
        let (mut now, mut next) = (&mut self.now[..], &mut self.next[..]);
        now[0] = start as u32;
        let (mut head, mut end, mut next_end) = (0, 1, 0);
        let mut f = nodes[start].h;
        let mut age = 0;
        loop {
            let cell = if !self.again.is_empty() {
                pop_older(&mut self.again, nodes, opened, f, &now[..end], &mut head)
            } else if head < end {
                head += 1;
                now[head - 1] as usize
            } else if next_end > 0 {
                std::mem::swap(&mut now, &mut next);
                (head, end, next_end) = (0, next_end, 0);
                f += 2;
                continue;
            } else {
                return (None, trace);
            };
            let Node { g, h } = nodes[cell];
            if g + h != f {
                // The cell was created again and is already closed.
                continue;
            }
            if trace.is_enough(f) {
                return (Some(f), trace);
            }
            trace.close(cell, g, h);
            if cell == goal {
                return (Some(g), trace);
            }
            // All four sides are compared first. The processor then predicts only how many are better, not which.
            let mut better = 0;
            for (direction, step) in steps.into_iter().enumerate() {
                better |= u32::from(g + 1 < nodes[cell.wrapping_add_signed(step)].g) << direction;
            }
            // The first pass always runs and counts only if a side is better, since the processor would often mispredict a branch here.
            loop {
                let is_new = better != 0;
                let direction = better.trailing_zeros() & 3;
                better &= better.wrapping_sub(1);
                let other = cell.wrapping_add_signed(steps[direction as usize]);
                let before = nodes[other];
                let other_h = places[other].distance(goal_place);
                nodes[other] = if is_new { Node { g: g + 1, h: other_h } } else { before };
                trace.create_if(is_new, other, g + 1, other_h);
                if is_new && before.g != u32::MAX {
                    opened[other].from = cell as u32;
                    self.again.push(Reverse((opened[other].age, other as u32)));
                } else {
                    age += u32::from(is_new);
                    opened[other] = if is_new { Opened { age, from: cell as u32 } } else { opened[other] };
                    let is_nearer = other_h < h;
                    now[end] = other as u32;
                    next[next_end] = other as u32;
                    end += usize::from(is_new & is_nearer);
                    next_end += usize::from(is_new & !is_nearer);
                }
                if better == 0 {
                    break;
                }
            }
        }
    }

    fn prepare(&mut self, grid: &Grid, start: usize, goal: usize) {
        for (node, &floor) in self.nodes.iter_mut().zip(&grid.floor) {
            let g = 0u32.wrapping_sub(u32::from(floor));
            // `h` is set when a cell is opened. One value written twice is fast.
            *node = Node { g, h: g };
        }
        self.again.clear();
        self.nodes[start] = Node { g: 0, h: self.places[start].distance(self.places[goal]) };
        self.opened[start].age = 0;
    }

    /// The path of the last search, from the goal to the start. If the goal was not reached, the path is these two cells, as in the paper's program.
    pub(super) fn path(&mut self, start: usize, goal: usize, reached: bool) -> &[u32] {
        self.path.clear();
        let mut cell = goal;
        while cell != start {
            self.path.push(cell as u32);
            cell = if reached { self.opened[cell].from as usize } else { start };
        }
        self.path.push(start as u32);
        &self.path
    }
}

/// Takes the older of two cells: the one at the head of the queue, and the oldest one that was created again. There must be one.
#[cold]
fn pop_older(
    again: &mut BinaryHeap<Reverse<(u32, u32)>>,
    nodes: &[Node],
    opened: &[Opened],
    f: u32,
    now: &[u32],
    head: &mut usize,
) -> usize {
    let is_stale = |&cell: &u32| nodes[cell as usize].g + nodes[cell as usize].h != f;
    while now.get(*head).is_some_and(is_stale) {
        *head += 1;
    }
    let oldest = again.peek().map_or(u32::MAX, |Reverse((age, _))| *age);
    match now.get(*head) {
        Some(&cell) if opened[cell as usize].age < oldest => {
            *head += 1;
            cell as usize
        }
        _ => again.pop().map_or(0, |Reverse((_, cell))| cell as usize),
    }
}
