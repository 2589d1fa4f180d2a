//! Exact distances to the nearest goal, and the default solver for environments without their own.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::environment::{Cost, Environment, SolverFacts, Step};

/// Most positions that the defaults explore. Environments with more implement [`Environment::solver_facts`] and [`Environment::distance_table`] themselves.
pub const MOST_EXPLORED: usize = 1 << 21;

/// The distance of a state for which no goal was found within the limit of the environment, though there may be one. It is greater than any distance that is
/// found, and can be added to.
pub const UNPROVEN: Cost = Cost::MAX / 2;

type Distance<E> = dyn Fn(&E, &<E as Environment>::State) -> Option<Cost> + Send + Sync;

/// Exact costs from states of a puzzle to the nearest goal.
pub struct DistanceTable<E: Environment>(Box<Distance<E>>);

impl<E: Environment> DistanceTable<E> {
    /// A table from a function that returns the cost from a state to the nearest goal, or none if no goal can be reached. The function owns its prepared data.
    pub fn new(distance: impl Fn(&E, &E::State) -> Option<Cost> + Send + Sync + 'static) -> Self {
        DistanceTable(Box::new(distance))
    }

    /// The exact cost from a state to the nearest goal; none if no goal can be reached, and [`UNPROVEN`] if neither is known.
    #[inline]
    pub fn distance(&self, puzzle: &E, state: &E::State) -> Option<Cost> {
        (self.0)(puzzle, state)
    }

    /// A table that explores the positions reachable from each requested state, each once. It panics past [`MOST_EXPLORED`] positions.
    pub fn explored() -> Self {
        let known = Mutex::new(FxHashMap::default());
        Self::new(move |puzzle: &E, state: &E::State| {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            if !known.contains_key(state) {
                explore(puzzle, state, &mut known);
            }
            known.get(state).copied().flatten()
        })
    }
}

/// Distances by state; none if no goal can be reached.
type Known<E> = FxHashMap<<E as Environment>::State, Option<Cost>>;

/// Adds the distances of all positions reachable from `from`: Dijkstra's algorithm backwards, from the goals and from the known positions.
fn explore<E: Environment>(puzzle: &E, from: &E::State, known: &mut Known<E>) {
    let mut places: FxHashMap<E::State, usize> = FxHashMap::from_iter([(from.clone(), 0)]);
    let mut states = vec![from.clone()];
    // For each position: its predecessors, and the costs of their steps to it.
    let mut before: Vec<Vec<(usize, Cost)>> = vec![Vec::new()];
    let mut distances: Vec<Option<Cost>> = Vec::new();
    let mut steps: Vec<Step<E::Move, E::State>> = Vec::new();
    while let Some(state) = states.get(distances.len()).cloned() {
        let here = distances.len();
        distances.push(if puzzle.is_goal(&state) { Some(0) } else { known.get(&state).copied().flatten() });
        if known.contains_key(&state) || distances[here] == Some(0) {
            continue;
        }
        steps.clear();
        puzzle.successors(&state, &mut steps);
        for step in steps.drain(..) {
            let next = places.len();
            let there = *places.entry(step.state.clone()).or_insert(next);
            if there == next {
                states.push(step.state);
                before.push(Vec::new());
                assert_few(next);
            }
            before[there].push((here, step.cost));
        }
    }
    let mut open: BinaryHeap<Reverse<(Cost, usize)>> =
        distances.iter().enumerate().filter_map(|(at, distance)| Some(Reverse(((*distance)?, at)))).collect();
    while let Some(Reverse((distance, here))) = open.pop() {
        if distances[here] != Some(distance) {
            continue;
        }
        for &(there, cost) in &before[here] {
            let through = distance.saturating_add(cost);
            if distances[there].is_none_or(|known| through < known) {
                distances[there] = Some(through);
                open.push(Reverse((through, there)));
            }
        }
    }
    known.extend(states.into_iter().zip(distances));
}

fn assert_few(positions: usize) {
    assert!(
        positions < MOST_EXPLORED,
        "more than {MOST_EXPLORED} positions: such an environment gives `solver_facts` and `distance_table` by itself"
    );
}

/// A position that was reached from the start.
struct Met {
    cost: Cost,
    /// Number of cheapest ways to it, at most 2^64 - 1.
    ways: u64,
}

/// Solver facts by uniform-cost search (breadth-first if all steps cost the same). `solutions` counts the cheapest ways to goals; it is none if there are steps
/// of cost 0. `difficulty` counts the positions nearer to the start than the nearest goal, or all reachable ones if there is no goal. It panics past
/// [`MOST_EXPLORED`] positions.
pub(crate) fn facts<E: Environment>(puzzle: &E) -> SolverFacts {
    let start = puzzle.start();
    let mut places: FxHashMap<E::State, usize> = FxHashMap::from_iter([(start.clone(), 0)]);
    let mut states = vec![start];
    let mut met = vec![Met { cost: 0, ways: 1 }];
    let mut open = BinaryHeap::from([Reverse((0, 0))]);
    let mut steps: Vec<Step<E::Move, E::State>> = Vec::new();
    let (mut best, mut solutions, mut all_cost) = (None, 0u64, true);
    let (mut settled, mut nearer, mut layer) = (0u64, 0, 0);
    while let Some(Reverse((cost, here))) = open.pop() {
        if cost > met[here].cost {
            continue;
        }
        if best.is_some_and(|best| cost > best) {
            break;
        }
        if cost > layer {
            (nearer, layer) = (settled, cost);
        }
        settled += 1;
        let state = states[here].clone();
        if puzzle.is_goal(&state) {
            best = Some(cost);
            solutions = solutions.saturating_add(met[here].ways);
        }
        steps.clear();
        puzzle.successors(&state, &mut steps);
        for step in steps.drain(..) {
            all_cost &= step.cost > 0;
            let through = cost.saturating_add(step.cost);
            let (next, ways) = (places.len(), met[here].ways);
            let there = *places.entry(step.state.clone()).or_insert(next);
            if there == next {
                states.push(step.state);
                met.push(Met { cost: Cost::MAX, ways: 0 });
                assert_few(next);
            }
            let known = &mut met[there];
            if through < known.cost {
                *known = Met { cost: through, ways };
                open.push(Reverse((through, there)));
            } else if through == known.cost {
                known.ways = known.ways.saturating_add(ways);
            }
        }
    }
    SolverFacts {
        solvable: best.is_some(),
        optimal_cost: best,
        solutions: all_cost.then_some(solutions),
        difficulty: Some(if best.is_some() { nearer } else { settled }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Streams;
    use crate::environment::Complete;
    use crate::{Graph, Maze, RiverCrossing, WaterJugs};

    /// Checks that the defaults prove the same as an environment's own solver: with and without solutions, with and without weights.
    fn compare<E: Complete>(counts_alike: bool) {
        let streams = Streams::new(3, "defaults", E::ABOUT.name);
        let config = &E::levels()[0];
        let puzzles = (0..).filter_map(|index| E::generate(config, &mut streams.at(index)).ok());
        for (number, puzzle) in puzzles.take(40).enumerate() {
            let (own, found) = (puzzle.solver_facts(), facts(&puzzle));
            assert_eq!((found.solvable, found.optimal_cost), (own.solvable, own.optimal_cost), "{puzzle:?}");
            if counts_alike {
                assert_eq!(found, own, "{puzzle:?}");
            }
            let (own, table) = (puzzle.distance_table(), DistanceTable::explored());
            let mut draw = streams.at(1 << 40 | number as u64);
            let mut states = vec![puzzle.start()];
            let mut steps = Vec::new();
            for _ in 0..10 {
                steps.clear();
                puzzle.successors(&states[states.len() - 1], &mut steps);
                let Some(step) = draw.choose(&steps) else { break };
                states.push(step.state.clone());
            }
            for state in states.iter().rev() {
                assert_eq!(table.distance(&puzzle, state), own.distance(&puzzle, state), "{puzzle:?} {state:?}");
            }
        }
    }

    #[test]
    fn the_defaults_prove_what_solvers_prove() {
        compare::<WaterJugs>(true);
        compare::<RiverCrossing>(true);
        compare::<Maze>(false);
        compare::<Graph>(false);
    }
}
