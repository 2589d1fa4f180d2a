//! A* by the distance along rows and columns, with the paper's rule for ties: of the open cells with the least f, the one that
//! has been open for longest.

use super::grid::Grid;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Up, right, down, left.
pub(super) const DIRECTIONS: usize = 4;

/// Receives the events of a search. A search takes it by value and gives it back, so that the compiler keeps its place in the
/// text in a register.
pub(super) trait Trace {
    fn close(&mut self, cell: usize, g: u32, h: u32);
    /// An event only if `is_created`. It is best to have no branch for it.
    fn create_if(&mut self, is_created: bool, cell: usize, g: u32, h: u32);

    /// Whether the search may stop once the goal is known to cost `least` or more.
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

/// Ignores all events. The search stops once the goal is known to cost `enough` or more.
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

/// The search, with its buffers.
///
/// The distance never shrinks by more than a step, so a cell is closed at its least cost, and the cells that are open have
/// the f of the cell closed last, or two more: two queues hold them, in the order in which they were opened. A cell
/// that is created again, cheaper, leaves the second queue for the first, where its age counts; such cells are few, and wait
/// in a heap.
pub(super) struct Solver {
    places: Vec<Place>,
    nodes: Vec<Node>,
    opened: Vec<Opened>,
    /// A cell enters one of the two queues once at most; a place more, so that it can be written to both and count in one.
    now: Vec<u32>,
    next: Vec<u32>,
    again: BinaryHeap<Reverse<(u32, u32)>>,
    /// From the goal to the start.
    path: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// Cost so far: `u32::MAX` where nothing is known, 0 for walls, which no cost undercuts.
    g: u32,
    /// Its distance from the goal, where a cost is known.
    h: u32,
}

#[derive(Clone, Copy, Default)]
struct Opened {
    /// When a cell was opened.
    age: u32,
    /// The cell before it.
    from: u32,
}

/// Column and row.
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

    /// Searches. Gives the cost of the goal, or the bound at which the trace stopped the search, or `None` where the goal is out of
    /// reach.
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
                // it was created again, and is closed already
                continue;
            }
            if trace.is_enough(f) {
                return (Some(f), trace);
            }
            trace.close(cell, g, h);
            if cell == goal {
                return (Some(g), trace);
            }
            // all sides are compared first: the processor guesses how many are better, not which
            let mut better = 0;
            for (direction, step) in steps.into_iter().enumerate() {
                better |= u32::from(g + 1 < nodes[cell.wrapping_add_signed(step)].g) << direction;
            }
            // the first pass is made in any case, and counts only if there is such a side: a branch would be guessed wrong
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
            // h is set where a cell is opened; one value written twice is quick
            *node = Node { g, h: g };
        }
        self.again.clear();
        self.nodes[start] = Node { g: 0, h: self.places[start].distance(self.places[goal]) };
        self.opened[start].age = 0;
    }

    /// The path of the last search, from the goal to the start. Where the goal was not reached these two are all of it, as
    /// in the paper's program.
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

/// Takes the older of the cell at the head of the queue and the oldest one that was created again; there is one.
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
