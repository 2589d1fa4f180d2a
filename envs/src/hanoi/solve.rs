//! Exact distances over all positions.

use std::ops::Range;

use super::{Disks, Hanoi, MAX_PEGS, NO_DISK};
use crate::environment::{Cost, SolverFacts};
use crate::exact::Distances;

/// Number of positions of so many disks.
pub fn positions(pegs: u8, disks: u8) -> usize {
    usize::from(pegs).pow(disks.into())
}

/// The number of a position of a range of disks: their pegs as digits, the smallest disk lowest. A lost disk counts as on the last peg.
#[inline]
pub fn index(pegs: u8, state: Disks, disks: Range<u8>) -> usize {
    disks.rev().fold(0, |number, disk| number * usize::from(pegs) + usize::from(state.peg(disk).min(pegs - 1)))
}

/// Appends the positions one move away.
fn near(pegs: u8, disks: u8, here: usize, out: &mut Vec<usize>) {
    match pegs {
        3 => near_among::<3>(disks, here, |there| out.push(there)),
        4 => near_among::<4>(disks, here, |there| out.push(there)),
        _ => near_among::<MAX_PEGS>(disks, here, |there| out.push(there)),
    }
}

/// Visits the positions one move away. The number of pegs is a constant, which makes the divisions fast.
#[inline]
fn near_among<const PEGS: usize>(disks: u8, here: usize, mut visit: impl FnMut(usize)) {
    let mut tops = [(NO_DISK, 0); PEGS];
    let (mut rest, mut power, mut bare) = (here, 1, PEGS);
    for disk in 0..disks {
        let top = &mut tops[rest % PEGS];
        if top.0 == NO_DISK {
            *top = (disk, power);
            bare -= 1;
            if bare == 0 {
                break;
            }
        }
        rest /= PEGS;
        power *= PEGS;
    }
    for (from, &(disk, power)) in tops.iter().enumerate() {
        for (to, _) in tops.iter().enumerate().filter(|(_, (top, _))| disk < *top) {
            visit(here - from * power + to * power);
        }
    }
}

/// Moves from every position of a range of disks to their goal, without the other disks.
pub fn distances(pegs: u8, goal: Disks, disks: Range<u8>) -> Distances {
    let count = disks.end - disks.start;
    let goal = index(pegs, goal, disks);
    Distances::backwards(positions(pegs, count), [goal], |here, out| near(pegs, count, here, out))
}

/// Exact distances of the larger and of the smaller disks. A move takes only one disk, so the sum of both is a lower bound.
#[derive(Debug)]
pub struct Patterns {
    smaller: u8,
    of: [Distances; 2],
}

impl Patterns {
    /// The larger half has one disk more if the number of disks is odd.
    pub fn new(hanoi: &Hanoi) -> Self {
        let smaller = hanoi.disks / 2;
        let of = [0..smaller, smaller..hanoi.disks].map(|disks| distances(hanoi.pegs, hanoi.goal, disks));
        Patterns { smaller, of }
    }

    /// The sum of both distances.
    pub fn estimate(&self, hanoi: &Hanoi, state: Disks) -> Cost {
        let parts = [0..self.smaller, self.smaller..hanoi.disks].into_iter().zip(&self.of);
        parts.map(|(disks, of)| of.of(index(hanoi.pegs, state, disks)).unwrap_or(0)).sum()
    }
}

/// The solver facts of a puzzle whose goal is at most `most` moves away; none for other puzzles.
pub fn facts_within(hanoi: &Hanoi, most: u64) -> Option<SolverFacts> {
    match hanoi.pegs {
        3 => search::<3>(hanoi, most),
        4 => search::<4>(hanoi, most),
        _ => search::<MAX_PEGS>(hanoi, most),
    }
}

/// A position of the search.
#[derive(Clone, Copy)]
struct Found {
    cost: u16,
    /// Number of ways to reach it at that cost.
    ways: u64,
}

const NOT_FOUND: Found = Found { cost: u16::MAX, ways: 0 };

/// Breadth-first search from the start until all positions as near as the goal are known. It counts the ways to each.
fn search<const PEGS: usize>(hanoi: &Hanoi, most: u64) -> Option<SolverFacts> {
    let [start, goal] = [hanoi.start, hanoi.goal].map(|state| index(hanoi.pegs, state, 0..hanoi.disks));
    let mut found = vec![NOT_FOUND; positions(hanoi.pegs, hanoi.disks)];
    found[start] = Found { cost: 0, ways: 1 };
    let (mut layer, mut next) = (vec![start], Vec::new());
    let (mut cost, mut nearer) = (0u16, 0);
    while found[goal].cost == u16::MAX {
        if u64::from(cost) == most {
            return None;
        }
        cost += 1;
        nearer += layer.len() as u64;
        for here in layer.drain(..) {
            let ways = found[here].ways;
            near_among::<PEGS>(hanoi.disks, here, |there| {
                let there_found = &mut found[there];
                if there_found.cost == u16::MAX {
                    *there_found = Found { cost, ways };
                    next.push(there);
                } else if there_found.cost == cost {
                    there_found.ways = there_found.ways.saturating_add(ways);
                }
            });
        }
        std::mem::swap(&mut layer, &mut next);
    }
    let solutions = Some(found[goal].ways);
    Some(SolverFacts { solvable: true, optimal_cost: Some(cost.into()), solutions, difficulty: Some(nearer) })
}

/// The solver facts of a puzzle. Every position can be reached, so the search ends.
pub fn facts(hanoi: &Hanoi) -> SolverFacts {
    let unsolvable = SolverFacts { solvable: false, optimal_cost: None, solutions: None, difficulty: None };
    facts_within(hanoi, u64::MAX).unwrap_or(unsolvable)
}
