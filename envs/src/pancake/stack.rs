//! Stacks, their numbers and exact distances.

use std::sync::OnceLock;

use crate::counting::factorial;
use crate::environment::Cost;
use crate::exact::{Spheres, rank, unrank};

/// Least number of pancakes.
pub const MIN_PANCAKES: u64 = 3;
/// Greatest number of pancakes.
pub const MAX_PANCAKES: u64 = 12;
/// Greatest number of pancakes with a table of distances.
pub const MAX_NUMBERED: usize = 9;
/// The pancake numbers: flips that the worst stack needs, by the number of pancakes (sequence A058986 of the OEIS).
pub const WORST: [u64; 13] = [0, 0, 1, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14];

/// A stack, from the top down: four bits for each pancake, the smallest is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stack(u64);

impl Stack {
    /// A stack of `sizes.len()` pancakes. None unless it has each size from 1 on once.
    pub fn new(sizes: &[u8]) -> Option<Self> {
        if sizes.len() > MAX_PANCAKES as usize {
            return None;
        }
        let is_size = |size: u8| size > 0 && usize::from(size) <= sizes.len();
        let seen = sizes.iter().try_fold(0u32, |seen, &size| is_size(size).then(|| seen | 1 << size))?;
        (seen.count_ones() as usize == sizes.len()).then(|| Stack::packed(sizes))
    }

    fn packed(sizes: &[u8]) -> Self {
        Stack(sizes.iter().enumerate().fold(0, |all, (place, &size)| all | u64::from(size) << (4 * place)))
    }

    pub(super) fn sorted(pancakes: usize) -> Self {
        Stack(0xcba9_8765_4321 & ((1 << (4 * pancakes)) - 1))
    }

    /// The size at a place from the top; 0 below the last pancake.
    #[inline]
    pub fn size(self, place: usize) -> u8 {
        (self.0 >> (4 * place) & 15) as u8
    }

    /// The stack with its top `count` pancakes flipped, 1 to 12.
    #[inline]
    pub(super) fn flipped(self, count: usize) -> Self {
        let bytes = self.0.swap_bytes();
        let reversed = bytes >> 4 & 0x0f0f_0f0f_0f0f_0f0f | (bytes & 0x0f0f_0f0f_0f0f_0f0f) << 4;
        let kept = self.0 >> (4 * count) << (4 * count);
        Stack(kept | reversed >> (64 - 4 * count))
    }

    pub(super) fn exchanged(self, a: usize, b: usize) -> Self {
        let difference = (self.0 >> (4 * a) ^ self.0 >> (4 * b)) & 15;
        Stack(self.0 ^ (difference << (4 * a) | difference << (4 * b)))
    }

    /// The number of the stack among those of the same height.
    #[inline]
    pub(super) fn number(self, pancakes: usize) -> u64 {
        rank(pancakes, (0..pancakes).map(|place| self.size(place).wrapping_sub(1) & 15)).0
    }

    pub(super) fn numbered(pancakes: usize, number: u64) -> Self {
        let sizes = unrank(pancakes, number).0.map(|size| size + 1);
        Stack::packed(&sizes[..pancakes])
    }

    /// Number of adjacent pairs whose sizes are not adjacent; the plate counts as the next size after the largest. A flip separates only one pair.
    #[inline]
    pub(super) fn gaps(self, pancakes: usize) -> Cost {
        let size = |place: usize| if place == pancakes { pancakes as u8 + 1 } else { self.size(place) };
        (0..pancakes).filter(|&place| size(place).abs_diff(size(place + 1)) > 1).count() as Cost
    }
}

/// Distances from the sorted stack to every stack of up to 9 pancakes.
pub fn table(pancakes: usize) -> &'static Spheres {
    static TABLES: [OnceLock<Spheres>; MAX_NUMBERED + 1] = [const { OnceLock::new() }; MAX_NUMBERED + 1];
    TABLES[pancakes].get_or_init(|| {
        let positions = factorial(pancakes as u64) as usize;
        Spheres::around(0, positions, |number, near| {
            let stack = Stack::numbered(pancakes, number as u64);
            near.extend((2..=pancakes).map(|count| stack.flipped(count).number(pancakes) as usize));
        })
    })
}

/// A cheapest solution, and the work to find it.
#[derive(Default)]
pub struct Solution {
    /// Number of pancakes of each flip.
    pub flips: Vec<u8>,
    /// Number of nodes visited under all bounds; a position counts as often as it is visited.
    pub nodes: u64,
}

/// Iterative-deepening A* with the gap heuristic. Flips are tried from the fewest pancakes on.
pub fn solution(pancakes: usize, stack: Stack) -> Solution {
    let gaps = stack.gaps(pancakes);
    let mut solution = Solution::default();
    let mut bound = gaps;
    while !deepen(pancakes, stack, gaps, bound, &mut solution) {
        bound += 1;
    }
    solution.flips.reverse();
    solution
}

/// Whether the stack can be sorted with at most `bound` flips. If so, the solution gets the flips, the last one first.
fn deepen(pancakes: usize, stack: Stack, gaps: Cost, bound: Cost, solution: &mut Solution) -> bool {
    solution.nodes += 1;
    if gaps == 0 {
        return true;
    }
    let top = stack.size(0);
    for count in 2..=pancakes {
        // A flip separates the pancakes at the spatula, and brings the top one next to the lower of them.
        let below = if count == pancakes { pancakes as u8 + 1 } else { stack.size(count) };
        let is_gap = |size: u8| Cost::from(size.abs_diff(below) > 1);
        let gaps = gaps - is_gap(stack.size(count - 1)) + is_gap(top);
        if gaps < bound && deepen(pancakes, stack.flipped(count), gaps, bound - 1, solution) {
            solution.flips.push(count as u8);
            return true;
        }
    }
    false
}
