//! The relaxed estimate: moves until some jug can hold the target if a jug that has held an amount may be taken to hold it ever
//! after, in whatever combination with the others.
//!
//! This is h^max of Bonet and Geffner 2001, "Planning as heuristic search", with "jug j holds v litres" as facts: every real
//! sequence of moves is one of relaxed layers, and a layer costs what a move does, so it never says too much; a move makes at
//! most the facts of one layer true, so it falls by at most 1.

use super::{Litres, MAX_JUGS, WaterJugs};
use crate::environment::{Cost, Environment};

/// The estimate where even the relaxed puzzle has no solution; more than there can be layers.
const NEVER: Cost = 255;

pub fn estimate(puzzle: &WaterJugs, state: &Litres) -> Cost {
    if puzzle.is_goal(state) {
        return 0;
    }
    let jugs = puzzle.jugs;
    // Which amounts each jug may hold, one bit each.
    let mut amounts = [0u64; MAX_JUGS];
    for jug in 0..jugs {
        amounts[jug] = 1 << state[jug];
    }
    let target = 1u64 << puzzle.target;
    for layer in 1..NEVER {
        let mut after = amounts;
        for (held, &size) in after.iter_mut().zip(puzzle.sizes()) {
            *held |= 1 | 1 << size;
        }
        for from in 0..jugs {
            for to in (0..jugs).filter(|&to| to != from) {
                pour(&amounts, from, to, puzzle.sizes[to], &mut after);
            }
        }
        if after[..jugs].iter().any(|held| held & target != 0) {
            return layer;
        }
        if after == amounts {
            return NEVER;
        }
        amounts = after;
    }
    NEVER
}

/// Adds all that pouring can leave: each amount of one jug with all amounts of the other at once.
fn pour(amounts: &[u64; MAX_JUGS], from: usize, to: usize, size: u8, after: &mut [u64; MAX_JUGS]) {
    let mut given = amounts[from] & !1;
    while given != 0 {
        let sums = u128::from(amounts[to]) << given.trailing_zeros();
        given &= given - 1;
        let fitting = (2u128 << size) - 1;
        if sums & fitting != 0 {
            after[from] |= 1;
            after[to] |= (sums & fitting) as u64;
        }
        if sums & !fitting != 0 {
            after[from] |= (sums >> size) as u64 & !1;
            after[to] |= 1 << size;
        }
    }
}
