//! Exact solver by breadth-first search over the cells.

use std::cell::RefCell;

use super::{Cell, Floor};
use crate::environment::{Cost, SolverFacts};

/// The distance of cells without a path.
const NEVER: u16 = u16::MAX;

/// Buffers that are used again. Without them, searches of small mazes would spend their time on allocation.
#[derive(Default)]
struct Scratch {
    /// Cells that have not been reached.
    left: Vec<u64>,
    /// Cells in the order in which they are reached.
    queue: Vec<u16>,
    /// For each reached cell: the number of shortest paths to it, and their length.
    reached: Vec<(u64, u16)>,
    /// Cells within some steps of a cell, and within one more.
    balls: [Vec<u64>; 2],
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// The solver facts by breadth-first search from the start. `difficulty` counts the cells that it expands before the goal.
pub fn facts(floor: &Floor, start: Cell, goal: Cell) -> SolverFacts {
    SCRATCH.with_borrow_mut(|scratch| scratch.facts(floor, start, goal))
}

/// Whether the shortest path between two cells has at least `steps` steps, or there is none.
pub fn far_apart(floor: &Floor, one: Cell, other: Cell, steps: u64) -> bool {
    if steps <= 1 {
        return one != other || steps == 0;
    }
    SCRATCH.with_borrow_mut(|scratch| match floor.row_words() {
        1 => scratch.far_apart::<1>(floor, one, other, steps),
        2 => scratch.far_apart::<2>(floor, one, other, steps),
        _ => scratch.far_apart::<4>(floor, one, other, steps),
    })
}

impl Scratch {
    fn prepare(&mut self, floor: &Floor) {
        let places = 64 * floor.bits().len();
        if self.queue.len() < places {
            self.queue.resize(places, 0);
            self.reached.resize(places, (0, 0));
        }
        self.left.clear();
        self.left.extend_from_slice(floor.bits());
    }

    fn facts(&mut self, floor: &Floor, start: Cell, goal: Cell) -> SolverFacts {
        self.prepare(floor);
        let (goal, first) = (floor.place(goal), floor.place(start));
        let (stride, words, open) = (floor.stride(), floor.row_words(), floor.bits());
        let Scratch { left, queue, reached, .. } = self;
        left[first >> 6] &= !(1 << (first & 63));
        queue[0] = first as u16;
        reached[first] = (1, 0);
        let (mut taken, mut last) = (0, 1);
        while taken < last {
            let here = usize::from(queue[taken]);
            let (paths, steps) = reached[here];
            if here == goal {
                let (cost, solutions, taken) = (Some(Cost::from(steps)), Some(paths), Some(taken as u64));
                return SolverFacts { solvable: true, optimal_cost: cost, solutions, difficulty: taken };
            }
            taken += 1;
            let near = [here + stride, here - stride, here - 1, here + 1];
            let set = |bits: &[u64]| {
                let (word, bit) = (here >> 6, here & 63);
                let side = |place: usize| bits[place >> 6] >> (place & 63) & 1;
                let (down, up) = (bits[word + words] >> bit & 1, bits[word - words] >> bit & 1);
                down | up << 1 | side(near[2]) << 2 | side(near[3]) << 3
            };
            let new = set(left);
            let old = set(open) & !new;
            let mut rest = new;
            while rest != 0 {
                let there = near[rest.trailing_zeros() as usize & 3];
                rest &= rest - 1;
                left[there >> 6] &= !(1 << (there & 63));
                reached[there] = (paths, steps + 1);
                queue[last] = there as u16;
                last += 1;
            }
            // The path came from one of the neighbours reached before. A second one may be as far as the new cells.
            if old & old.wrapping_sub(1) != 0 {
                let mut rest = old;
                while rest != 0 {
                    let there = &mut reached[near[rest.trailing_zeros() as usize & 3]];
                    rest &= rest - 1;
                    there.0 = there.0.saturating_add(if there.1 == steps + 1 { paths } else { 0 });
                }
            }
        }
        SolverFacts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: Some(taken as u64) }
    }

    /// Grows the set of cells within 0, 1, 2 … steps of one cell, 64 cells at a time, until it contains the other. A row has `W` words. Bits shifted beyond the
    /// end of a row fall on the border.
    fn far_apart<const W: usize>(&mut self, floor: &Floor, one: Cell, other: Cell, steps: u64) -> bool {
        let (first, last, open) = (floor.place(one), floor.place(other), floor.bits());
        for ball in &mut self.balls {
            ball.clear();
            ball.resize(open.len(), 0);
        }
        let [now, next] = &mut self.balls;
        now[first >> 6] |= 1 << (first & 63);
        let words = open.len();
        let (mut low, mut high) = (first >> 6 & !(W - 1), (first >> 6 & !(W - 1)) + W);
        for _ in 0..steps {
            if now[last >> 6] >> (last & 63) & 1 == 1 {
                return false;
            }
            (low, high) = ((low - W).max(W), (high + W).min(words - W));
            let grown = grow::<W>(now, &open[low..high], low, &mut next[low..high]);
            if grown == 0 {
                return true;
            }
            std::mem::swap(now, next);
        }
        true
    }
}

/// One step of growth, from the word `low` on; returns zero if nothing grows. Compilers vectorise this loop.
#[inline]
fn grow<const W: usize>(now: &[u64], open: &[u64], low: usize, next: &mut [u64]) -> u64 {
    let len = open.len();
    let part = |from: usize| &now[from..from + len];
    let [up, before, here, after, down] = [low - W, low - 1, low, low + 1, low + W].map(part);
    let next = &mut next[..len];
    let mut grown = 0;
    for i in 0..len {
        let mut near = here[i] | here[i] << 1 | here[i] >> 1 | up[i] | down[i];
        if W > 1 {
            near |= before[i] >> 63 | after[i] << 63;
        }
        next[i] = near & open[i];
        grown |= next[i] ^ here[i];
    }
    grown
}

/// Number of steps from every cell to one of them.
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

    /// The number of steps from a cell; none if there is no path or no such cell.
    #[inline]
    pub fn of(&self, floor: &Floor, cell: Cell) -> Option<Cost> {
        if !floor.holds(cell) {
            return None;
        }
        self.0.get(floor.place(cell)).filter(|&&steps| steps != NEVER).map(|&steps| Cost::from(steps))
    }
}

/// The connected parts of a floor.
struct Parts {
    /// The cells, part by part.
    cells: Vec<u16>,
    /// The start of each part, in the order of the first cells by row, and the end.
    begins: Vec<u16>,
}

impl Parts {
    fn of(floor: &Floor) -> Self {
        let stride = floor.stride();
        let mut left = floor.bits().to_vec();
        let mut cells: Vec<u16> = Vec::with_capacity(floor.count());
        let mut begins = vec![0];
        for word in 0..left.len() {
            while left[word] != 0 {
                let mut taken = cells.len();
                cells.push((64 * word) as u16 + left[word].trailing_zeros() as u16);
                left[word] &= left[word] - 1;
                while let Some(&here) = cells.get(taken) {
                    let here = usize::from(here);
                    taken += 1;
                    for there in [here + stride, here - stride, here - 1, here + 1] {
                        let bit = 1u64 << (there & 63);
                        if left[there >> 6] & bit != 0 {
                            left[there >> 6] &= !bit;
                            cells.push(there as u16);
                        }
                    }
                }
                begins.push(taken as u16);
            }
        }
        Parts { cells, begins }
    }

    fn each(&self) -> impl Iterator<Item = &[u16]> {
        self.begins.windows(2).map(|ends| &self.cells[usize::from(ends[0])..usize::from(ends[1])])
    }
}

/// The largest part, the first by row if there are several. All other cells become walls.
pub fn largest_part(floor: &Floor) -> Floor {
    let parts = Parts::of(floor);
    let largest = parts.each().reduce(|largest, part| if part.len() > largest.len() { part } else { largest });
    let mut kept = Floor::solid(floor.width(), floor.height());
    for &place in largest.unwrap_or_default() {
        kept.bits_mut()[usize::from(place) >> 6] |= 1 << (place & 63);
    }
    kept
}

/// Numbers of the parts with more than a given number of cells, by place; 0 for all other cells.
pub struct Large(Vec<u16>);

impl Large {
    /// Finds the large parts; none if there are none.
    pub fn of(floor: &Floor, cells: u64) -> Option<Large> {
        let mut numbers = vec![0; 64 * floor.bits().len()];
        let mut last = 0;
        for part in Parts::of(floor).each().filter(|part| part.len() as u64 > cells) {
            last += 1;
            part.iter().for_each(|&place| numbers[usize::from(place)] = last);
        }
        (last > 0).then_some(Large(numbers))
    }

    /// Whether two cells are in the same large part.
    pub fn joins(&self, floor: &Floor, one: Cell, other: Cell) -> bool {
        let [one, other] = [one, other].map(|cell| self.0.get(floor.place(cell)));
        one == other && one.is_some_and(|&number| number > 0)
    }
}
