//! Exact answers by breadth-first search over the cells.

use std::cell::RefCell;

use super::{Cell, Floor};
use crate::environment::{Cost, Facts};

/// No path.
const NEVER: u16 = u16::MAX;

/// Memory that is used again: a search of a small maze would else spend its time on getting it.
#[derive(Default)]
struct Scratch {
    /// Cells that no path has reached yet.
    left: Vec<u64>,
    /// Cells in the order in which they are reached.
    queue: Vec<u16>,
    /// Steps to each cell that has been reached.
    steps: Vec<u16>,
    /// Number of shortest paths to each of these.
    paths: Vec<u64>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// What breadth-first search from the start proves. `difficulty` counts the cells that it takes before the goal.
pub fn facts(floor: &Floor, start: Cell, goal: Cell) -> Facts {
    SCRATCH.with_borrow_mut(|scratch| scratch.facts(floor, start, goal))
}

impl Scratch {
    fn prepare(&mut self, floor: &Floor) {
        let places = 64 * floor.bits().len();
        if self.steps.len() < places {
            self.queue.resize(places, 0);
            self.steps.resize(places, 0);
            self.paths.resize(places, 0);
        }
        self.left.clear();
        self.left.extend_from_slice(floor.bits());
    }

    fn facts(&mut self, floor: &Floor, start: Cell, goal: Cell) -> Facts {
        self.prepare(floor);
        let (stride, goal) = (floor.stride(), floor.place(goal));
        let open = floor.bits();
        let first = floor.place(start);
        self.left[first >> 6] &= !(1 << (first & 63));
        self.queue[0] = first as u16;
        (self.steps[first], self.paths[first]) = (0, 1);
        let (mut taken, mut reached) = (0, 1);
        while taken < reached {
            let here = usize::from(self.queue[taken]);
            let (steps, paths) = (self.steps[here], self.paths[here]);
            if here == goal {
                let cost = Some(Cost::from(steps));
                return Facts {
                    solvable: true,
                    optimal_cost: cost,
                    solutions: Some(paths),
                    difficulty: Some(taken as u64),
                };
            }
            taken += 1;
            for there in [here + stride, here - stride, here - 1, here + 1] {
                let (word, bit) = (there >> 6, 1u64 << (there & 63));
                if open[word] & bit == 0 {
                    continue;
                }
                if self.left[word] & bit != 0 {
                    self.left[word] &= !bit;
                    (self.steps[there], self.paths[there]) = (steps + 1, paths);
                    self.queue[reached] = there as u16;
                    reached += 1;
                } else if self.steps[there] == steps + 1 {
                    self.paths[there] = self.paths[there].saturating_add(paths);
                }
            }
        }
        Facts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: Some(taken as u64) }
    }
}

/// Steps from every cell to one of them.
#[derive(Clone, Debug)]
pub struct Steps(Vec<u16>);

impl Steps {
    /// Breadth-first search from the cell.
    pub fn to(floor: &Floor, cell: Cell) -> Self {
        let stride = floor.stride();
        let mut left = floor.bits().to_vec();
        let mut steps = vec![NEVER; 64 * left.len()];
        let first = floor.place(cell);
        let mut queue = Vec::with_capacity(floor.count().max(1));
        left[first >> 6] &= !(1 << (first & 63));
        steps[first] = 0;
        queue.push(first as u16);
        let mut taken = 0;
        while let Some(&here) = queue.get(taken) {
            let here = usize::from(here);
            taken += 1;
            for there in [here + stride, here - stride, here - 1, here + 1] {
                let bit = 1u64 << (there & 63);
                if left[there >> 6] & bit != 0 {
                    left[there >> 6] &= !bit;
                    steps[there] = steps[here] + 1;
                    queue.push(there as u16);
                }
            }
        }
        Steps(steps)
    }

    /// The steps from a cell; none where there is no path or no such cell.
    #[inline]
    pub fn of(&self, floor: &Floor, cell: Cell) -> Option<Cost> {
        if !floor.holds(cell) {
            return None;
        }
        self.0.get(floor.place(cell)).filter(|&&steps| steps != NEVER).map(|&steps| Cost::from(steps))
    }
}

/// The largest set of cells with paths between them, the first in rows where there are several, with walls elsewhere.
pub fn largest_part(floor: &Floor) -> Floor {
    let stride = floor.stride();
    let mut left = floor.bits().to_vec();
    // The cells of a part follow one another.
    let mut queue: Vec<u16> = Vec::with_capacity(floor.count());
    let mut largest = 0..0;
    for word in 0..left.len() {
        while left[word] != 0 {
            let first = queue.len();
            let place = 64 * word + left[word].trailing_zeros() as usize;
            left[word] &= left[word] - 1;
            queue.push(place as u16);
            let mut taken = first;
            while let Some(&here) = queue.get(taken) {
                let here = usize::from(here);
                taken += 1;
                for there in [here + stride, here - stride, here - 1, here + 1] {
                    let bit = 1u64 << (there & 63);
                    if left[there >> 6] & bit != 0 {
                        left[there >> 6] &= !bit;
                        queue.push(there as u16);
                    }
                }
            }
            if taken - first > largest.len() {
                largest = first..taken;
            }
        }
    }
    let mut part = Floor::solid(floor.width(), floor.height());
    for &place in &queue[largest] {
        part.bits_mut()[usize::from(place) >> 6] |= 1 << (place & 63);
    }
    part
}
