//! The numbers of a state, with their distances by a heuristic, and the children of a state.
use super::puzzle::{MOST_NUMBERS, Operation, operations};

/// Greatest number of children of a state: four operations for each of the ten pairs of five numbers.
pub(super) const MOST_CHILDREN: usize = 40;

/// The paper's two heuristics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heuristic {
    /// The mean distance of the numbers from the target.
    Sum,
    /// The sum over all numbers of the distance to the nearest divisor of the target, from 2 on.
    Multiply,
}

impl Heuristic {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum_heuristic",
            Self::Multiply => "mult_heuristic",
        }
    }
}

/// A heuristic for one target.
pub(super) struct Distances {
    heuristic: Heuristic,
    target: u64,
    /// The distance of each number up to the target. For a greater number, it is the distance from the target.
    up_to_target: Vec<u64>,
}

impl Distances {
    pub(super) fn new() -> Self {
        Self { heuristic: Heuristic::Sum, target: 0, up_to_target: Vec::new() }
    }

    pub(super) fn set(&mut self, heuristic: Heuristic, target: u64) {
        self.heuristic = heuristic;
        self.target = target;
        self.up_to_target.clear();
        match heuristic {
            Heuristic::Sum => self.up_to_target.extend((0..=target).rev()),
            Heuristic::Multiply => self.fill_from_divisors(target),
        }
    }

    fn fill_from_divisors(&mut self, target: u64) {
        let mut below: Option<u64> = None;
        for divisor in (2..=target).filter(|divisor| target.is_multiple_of(*divisor)) {
            let start = self.up_to_target.len() as u64;
            self.up_to_target.extend((start..=divisor).map(|number| match below {
                Some(below) => (number - below).min(divisor - number),
                None => divisor - number,
            }));
            below = Some(divisor);
        }
    }

    #[inline(always)]
    pub(super) fn of(&self, number: u64) -> u64 {
        match self.up_to_target.get(number as usize) {
            Some(&distance) => distance,
            None => number.abs_diff(self.target),
        }
    }

    /// The rank by which states are sorted; `total` is the sum of the distances of `count` numbers. The paper's program sorts by the mean distance, a
    /// float. The rank is sixty times the mean, an integer for every count. Within the limits of the settings it gives the same order and the same
    /// ties: only a mean of three is rounded, by less than 1e-6, and two different means of at most four numbers differ by 1/12 or more. (The start,
    /// with up to five numbers, is never compared.)
    #[inline]
    pub(super) fn rank(&self, total: u64, count: usize) -> u64 {
        match self.heuristic {
            Heuristic::Sum => total * [0, 60, 30, 20, 15, 12].get(count).copied().unwrap_or(0),
            Heuristic::Multiply => total,
        }
    }

    /// Greatest total for which the heuristic of `count` numbers is not above the target.
    #[inline]
    pub(super) fn greatest_total(&self, count: usize) -> u64 {
        match self.heuristic {
            Heuristic::Sum => self.target * count as u64,
            Heuristic::Multiply => self.target,
        }
    }
}

/// The numbers of a state and their distances.
#[derive(Clone, Copy, Default)]
pub(super) struct Numbers {
    values: [u64; MOST_NUMBERS],
    distances: [u64; MOST_NUMBERS],
    count: usize,
    pub(super) total: u64,
}

impl Numbers {
    pub(super) fn new(values: &[u64], distances: &Distances) -> Self {
        let mut numbers = Self::default();
        for &value in values.iter().take(MOST_NUMBERS) {
            numbers.push(value, distances.of(value));
        }
        numbers
    }

    #[inline(always)]
    fn push(&mut self, value: u64, distance: u64) {
        self.values[self.count] = value;
        self.distances[self.count] = distance;
        self.count += 1;
        self.total += distance;
    }

    #[inline(always)]
    pub(super) fn values(&self) -> &[u64] {
        &self.values[..self.count]
    }

    /// The numbers after a child's operation: those that it did not use, in order, and then its result.
    #[inline]
    pub(super) fn after(&self, child: &Child) -> Self {
        let mut numbers = Self::default();
        for place in 0..self.count {
            if place != usize::from(child.first) && place != usize::from(child.second) {
                numbers.push(self.values[place], self.distances[place]);
            }
        }
        numbers.push(child.step.result, child.distance);
        numbers
    }
}

/// A step from a state.
#[derive(Clone, Copy, Default)]
pub(super) struct Child {
    pub(super) step: Operation,
    distance: u64,
    first: u8,
    second: u8,
}

/// The children of a state, in the order in which the paper's program makes them and in the order of the heuristic.
pub(super) struct Children {
    made: [Child; MOST_CHILDREN],
    /// Total distance and place in `made`, packed into a number. Sorting these sorts the children and keeps the order of ties.
    order: [u64; MOST_CHILDREN],
    count: usize,
}

const PLACE_BITS: u32 = 6;

impl Children {
    pub(super) fn new() -> Self {
        Self { made: [Child::default(); MOST_CHILDREN], order: [0; MOST_CHILDREN], count: 0 }
    }

    /// Makes and sorts the children of `numbers` whose total is at most `greatest_total`.
    #[inline]
    pub(super) fn make(&mut self, numbers: &Numbers, distances: &Distances, greatest_total: u64) {
        self.count = 0;
        for first in 0..numbers.count {
            for second in first + 1..numbers.count {
                let rest = numbers.total - numbers.distances[first] - numbers.distances[second];
                operations(numbers.values[first], numbers.values[second], |step| {
                    let distance = distances.of(step.result);
                    if rest + distance <= greatest_total {
                        self.made[self.count] = Child { step, distance, first: first as u8, second: second as u8 };
                        self.order[self.count] = (rest + distance) << PLACE_BITS | self.count as u64;
                        self.count += 1;
                    }
                });
            }
        }
        self.order[..self.count].sort_unstable();
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The child at `place` of the sorted order.
    #[inline]
    pub(super) fn get(&self, place: usize) -> &Child {
        &self.made[(self.order[place] & ((1 << PLACE_BITS) - 1)) as usize]
    }
}
