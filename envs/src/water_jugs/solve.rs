//! Exact distances: breadth-first search over the reachable positions. They are few of all combinations, since after any move a jug is full or empty.

use super::{Litres, WaterJugs};
use crate::environment::{Cost, Environment, SolverFacts};
use crate::exact::{self, Distances};

/// The positions reachable from a position, in the order in which breadth-first search finds them.
struct Reached {
    /// By number of a position: 0 if it was not reached, otherwise 1 plus its place.
    places: Vec<u32>,
    list: Vec<Litres>,
}

impl Reached {
    fn new(puzzle: &WaterJugs, from: Litres) -> Self {
        let numbering = puzzle.numbering();
        let mut places = vec![0; numbering.positions];
        places[numbering.of(&from)] = 1;
        Reached { places, list: vec![from] }
    }
}

/// The greatest common divisor.
pub fn gcd(a: u8, b: u8) -> u8 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Whether the target is out of reach: the greatest common divisor of sizes and start does not divide it, though it divides every amount that a jug can hold,
/// or no jug is large enough.
pub fn is_out_of_reach(puzzle: &WaterJugs) -> bool {
    let all = puzzle.sizes().iter().chain(&puzzle.start[..puzzle.jugs]);
    let divisor = all.fold(0, |a, &b| gcd(a, b)).max(1);
    !puzzle.target.is_multiple_of(divisor) || puzzle.sizes().iter().all(|&size| size < puzzle.target)
}

/// The solver facts, by breadth-first search from the start.
pub fn facts(puzzle: &WaterJugs) -> SolverFacts {
    let numbering = puzzle.numbering();
    exact::breadth_first(
        numbering.positions,
        puzzle.start,
        |litres| numbering.of(litres),
        |litres| puzzle.is_goal(litres),
        |litres, near| puzzle.each_step(litres, |_, after| near.push(after)),
    )
}

/// Distances of all positions reachable from the start.
#[derive(Clone, Debug)]
pub struct Table {
    places: Vec<u32>,
    distances: Distances,
}

/// Finds all reachable positions, then searches backwards over the steps between them.
pub fn table(puzzle: &WaterJugs) -> Table {
    let numbering = puzzle.numbering();
    let Reached { mut places, mut list } = Reached::new(puzzle, puzzle.start);
    let mut steps: Vec<(u32, u32)> = Vec::new();
    let mut place = 0;
    while place < list.len() {
        let here = list[place];
        puzzle.each_step(&here, |_, after| {
            let met = &mut places[numbering.of(&after)];
            if *met == 0 {
                list.push(after);
                *met = list.len() as u32;
            }
            steps.push((*met - 1, place as u32));
        });
        place += 1;
    }
    let (firsts, before) = grouped(list.len(), &steps);
    let goals = (0..list.len()).filter(|&place| puzzle.is_goal(&list[place]));
    let distances = Distances::backwards(list.len(), goals, |here, near| {
        let into = &before[firsts[here] as usize..firsts[here + 1] as usize];
        near.extend(into.iter().map(|&from| from as usize));
    });
    Table { places, distances }
}

/// The second elements of the pairs in one list, grouped by the first, and the start of each group.
fn grouped(firsts: usize, pairs: &[(u32, u32)]) -> (Vec<u32>, Vec<u32>) {
    let mut begins = vec![0u32; firsts + 1];
    for &(first, _) in pairs {
        begins[first as usize + 1] += 1;
    }
    for first in 0..firsts {
        begins[first + 1] += begins[first];
    }
    let mut free = begins.clone();
    let mut seconds = vec![0; pairs.len()];
    for &(first, second) in pairs {
        seconds[free[first as usize] as usize] = second;
        free[first as usize] += 1;
    }
    (begins, seconds)
}

/// The distance from the table. For a position that the start does not reach, it searches until it meets positions of the table or a goal.
pub fn distance(puzzle: &WaterJugs, table: &Table, state: &Litres) -> Option<Cost> {
    let numbering = puzzle.numbering();
    let known = |litres: &Litres| table.places.get(numbering.of(litres)).filter(|&&place| place > 0);
    if let Some(&place) = known(state) {
        return table.distances.of(place as usize - 1);
    }
    let Reached { mut places, mut list } = Reached::new(puzzle, *state);
    let mut depths = vec![0u64];
    let mut best: Option<Cost> = None;
    let mut place = 0;
    while place < list.len() {
        let (here, depth) = (list[place], depths[place]);
        if best.is_some_and(|best| best <= depth) {
            break;
        }
        if puzzle.is_goal(&here) {
            return Some(depth);
        }
        puzzle.each_step(&here, |_, after| {
            let met = &mut places[numbering.of(&after)];
            if *met != 0 {
                return;
            }
            *met = 1;
            match known(&after) {
                Some(&place) => {
                    let through = table.distances.of(place as usize - 1).map(|rest| rest + depth + 1);
                    best = best.into_iter().chain(through).min();
                }
                None => {
                    list.push(after);
                    depths.push(depth + 1);
                }
            }
        });
        place += 1;
    }
    best
}
