//! Exact solver: breadth-first search from both ends, and distances from every position.

use std::collections::VecDeque;

use super::board::{Board, Position};
use crate::environment::{Cost, SolverFacts};

/// The depth of a position that a side has not met.
const NEVER: u16 = u16::MAX;

/// One side of the search.
struct Side {
    layer: Vec<Position>,
    depth: u16,
    /// Depth of each position, by its number.
    depths: Vec<u16>,
    /// Number of shortest ways to each position, by its number.
    ways: Vec<u64>,
}

impl Side {
    fn new(board: &Board, from: Position, bound: usize) -> Self {
        let mut side = Side { layer: vec![from], depth: 0, depths: vec![NEVER; bound], ways: vec![0; bound] };
        let number = board.index(from);
        (side.depths[number], side.ways[number]) = (0, 1);
        side
    }

    /// Expands a layer.
    fn expand(&mut self, board: &Board) {
        self.depth += 1;
        let mut next = Vec::with_capacity(2 * self.layer.len());
        for &here in &self.layer {
            let ways = self.ways[board.index(here)];
            board.jumps(here, |_, there| {
                let number = board.index(there);
                if self.depths[number] == NEVER {
                    self.depths[number] = self.depth;
                    next.push(there);
                }
                if self.depths[number] == self.depth {
                    self.ways[number] = self.ways[number].saturating_add(ways);
                }
            });
        }
        self.layer = next;
    }
}

/// The solver facts of a puzzle. The sides meet first in the middle of every shortest solution, layer against layer, so the solutions can be counted there. If
/// there is no solution, one side runs out of positions.
pub fn facts(board: &Board, start: Position, goal: Position, bound: usize) -> SolverFacts {
    let mut sides = [Side::new(board, start, bound), Side::new(board, goal, bound)];
    let mut taken = 0;
    loop {
        let (near, far) = (&sides[0], &sides[1]);
        let met = |&&state: &&Position| far.depths[board.index(state)] == far.depth;
        let ways = |&state: &Position| near.ways[board.index(state)].saturating_mul(far.ways[board.index(state)]);
        let solutions = near.layer.iter().filter(met).map(ways).fold(0, u64::saturating_add);
        if solutions > 0 {
            let optimal_cost = Some(Cost::from(near.depth) + Cost::from(far.depth));
            return SolverFacts { solvable: true, optimal_cost, solutions: Some(solutions), difficulty: Some(taken) };
        }
        if near.layer.is_empty() || far.layer.is_empty() {
            return SolverFacts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: Some(taken) };
        }
        let side = &mut sides[usize::from(far.layer.len() < near.layer.len())];
        taken += side.layer.len() as u64;
        side.expand(board);
    }
}

/// Number of jumps from every position to the goal, by number of the position.
#[derive(Clone, Debug)]
pub struct Distances(Vec<u16>);

impl Distances {
    /// Breadth-first search from the goal. Every jump can be undone.
    pub fn new(board: &Board, goal: Position, bound: usize) -> Self {
        let mut distances = vec![NEVER; bound];
        distances[board.index(goal)] = 0;
        let mut queue = VecDeque::from([goal]);
        while let Some(here) = queue.pop_front() {
            let distance = distances[board.index(here)].saturating_add(1).min(NEVER - 1);
            board.jumps(here, |_, there| {
                let number = board.index(there);
                if distances[number] == NEVER {
                    distances[number] = distance;
                    queue.push_back(there);
                }
            });
        }
        Distances(distances)
    }

    /// The distance of a position by its number; none if the goal cannot be reached.
    pub fn of(&self, number: usize) -> Option<Cost> {
        self.0.get(number).filter(|&&distance| distance != NEVER).map(|&distance| distance.into())
    }
}
