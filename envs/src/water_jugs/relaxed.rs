//! The relaxed estimate: the number of moves until some jug can hold the target, if every amount that a jug has held stays available, in any combination with
//! the others.
//!
//! This is h^max of Bonet and Geffner 2001, "Planning as heuristic search", with "jug j holds v litres" as facts. A real sequence of moves is a sequence of
//! relaxed layers, and a layer costs as much as a move, so the estimate is admissible. A move makes at most the facts of one layer true, so the estimate falls
//! by at most 1.

use super::{Litres, MAX_JUGS, WaterJugs};
use crate::environment::{Cost, Environment};

/// The estimate if even the relaxed puzzle has no solution. It exceeds the possible number of layers.
const NEVER: Cost = 255;

pub fn estimate(puzzle: &WaterJugs, state: &Litres) -> Cost {
    if puzzle.is_goal(state) {
        return 0;
    }
    let jugs = puzzle.jugs;
    // The amounts that each jug may hold, one bit each.
    let mut amounts = [0u64; MAX_JUGS];
    for jug in 0..jugs {
        amounts[jug] = 1 << state[jug];
    }
    // Whether the last layer added amounts to a jug.
    let mut has_more = [true; MAX_JUGS];
    let target = 1u64 << puzzle.target;
    for layer in 1..NEVER {
        let mut after = amounts;
        for (held, &size) in after.iter_mut().zip(puzzle.sizes()) {
            *held |= 1 | 1 << size;
        }
        for first in 0..jugs {
            for second in first + 1..jugs {
                if has_more[first] | has_more[second] {
                    pour(&amounts, [first, second], puzzle.sizes, &mut after);
                }
            }
        }
        has_more = std::array::from_fn(|jug| after[jug] != amounts[jug]);
        if after[..jugs].iter().any(|held| held & target != 0) {
            return layer;
        }
        if has_more == [false; MAX_JUGS] {
            return NEVER;
        }
        amounts = after;
    }
    NEVER
}

/// Adds all amounts that pouring between two jugs can leave, in both directions. Pouring from an empty jug adds nothing new, so only the sums of both amounts
/// count. They are the same in both directions.
#[inline]
fn pour(amounts: &[u64; MAX_JUGS], pair: [usize; 2], sizes: [u8; MAX_JUGS], after: &mut [u64; MAX_JUGS]) {
    let [first, second] = pair;
    let sums = sums(amounts[first], amounts[second]);
    for [from, to] in [[first, second], [second, first]] {
        let fitting = (2u128 << sizes[to]) - 1;
        after[to] |= (sums & fitting) as u64;
        if sums & !fitting != 0 {
            after[from] |= (sums >> sizes[to]) as u64 & !1;
            after[to] |= 1 << sizes[to];
        }
    }
}

/// All sums of an amount of one jug and an amount of the other.
fn sums(held: u64, other: u64) -> u128 {
    let (mut fewer, more) = if held.count_ones() < other.count_ones() { (held, other) } else { (other, held) };
    let mut sums = 0;
    while fewer != 0 {
        sums |= u128::from(more) << fewer.trailing_zeros();
        fewer &= fewer - 1;
    }
    sums
}
