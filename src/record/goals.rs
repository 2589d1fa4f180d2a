//! Distances to a goal by exhaustive search, from the puzzle's rules alone. Judges use them to check distances independently of the code that wrote them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;
use sos_envs::{Cost, Step};

use crate::arena::Puzzle;
use crate::trace::{MoveId, StateId};

/// Most states that are explored for one distance.
const EACH: usize = 1 << 11;

/// Most states that are explored in all.
const ALL: usize = 1 << 12;

/// The distances that are known so far for a puzzle.
pub(super) struct Goals<'a> {
    puzzle: &'a Puzzle,
    /// For each explored state, the cost of a cheapest path to a goal; none if there is no path.
    left: FxHashMap<StateId, Option<Cost>>,
    looked_at: usize,
}

impl<'a> Goals<'a> {
    /// Starts without any known distance.
    pub fn new(puzzle: &'a Puzzle) -> Self {
        Goals { puzzle, left: FxHashMap::default(), looked_at: 0 }
    }

    /// The cost from a state to the nearest goal; `Some(None)` if none can be reached, and none if too many states would have to be explored.
    pub fn distance(&mut self, state: StateId) -> Option<Option<Cost>> {
        let key = self.puzzle.key_state(state);
        if !self.left.contains_key(&key) {
            self.settle(key)?;
        }
        self.left.get(&key).copied()
    }

    /// Finds the distances of all states reachable from `root`. States with known distances lead only to such states.
    fn settle(&mut self, root: StateId) -> Option<()> {
        let mut numbers = FxHashMap::from_iter([(root, 0)]);
        let mut states = vec![root];
        // The predecessors of each state, with costs.
        let mut before: Vec<Vec<(usize, Cost)>> = vec![Vec::new()];
        let mut near = BinaryHeap::new();
        let mut steps: Vec<Step<MoveId, StateId>> = Vec::new();
        let mut at = 0;
        while at < states.len() {
            self.looked_at += 1;
            if states.len() > EACH || self.looked_at > ALL {
                return None;
            }
            if self.puzzle.is_goal(states[at]) {
                near.push(Reverse((0, at)));
            } else {
                steps.clear();
                self.puzzle.successors(states[at], &mut steps);
                for step in &steps {
                    let key = self.puzzle.key_state(step.state);
                    match self.left.get(&key) {
                        Some(Some(left)) => near.push(Reverse((left.checked_add(step.cost)?, at))),
                        Some(None) => {}
                        None => {
                            let number = *numbers.entry(key).or_insert(states.len());
                            if number == states.len() {
                                states.push(key);
                                before.push(Vec::new());
                            }
                            before[number].push((at, step.cost));
                        }
                    }
                }
            }
            at += 1;
        }
        let mut left: Vec<Option<Cost>> = vec![None; states.len()];
        while let Some(Reverse((cost, at))) = near.pop() {
            if left[at].is_none() {
                left[at] = Some(cost);
                for (from, step) in &before[at] {
                    near.push(Reverse((cost.checked_add(*step)?, *from)));
                }
            }
        }
        self.left.extend(states.into_iter().zip(left));
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use sos_envs::Draw;

    use super::*;
    use crate::arena::{Family, environments};

    /// Compares distances with the environment's own exact ones, if both are known.
    struct Each(Vec<(&'static str, u64)>);

    impl Each {
        fn visit(&mut self, family: &'static dyn Family) {
            let mut draw = Draw::new(2, family.about().name);
            let config = family.levels()[0].clone();
            let mut known = 0;
            for _ in 0..4 {
                let Some(puzzle) = (0..200).find_map(|_| config.family.generate(&config, &mut draw).ok()) else {
                    continue;
                };
                if puzzle.solver_facts().optimal_cost.is_none() {
                    continue;
                }
                let mut goals = Goals::new(&puzzle);
                let mut state = puzzle.start();
                for _ in 0..12 {
                    if let Some(left) = goals.distance(state) {
                        assert_eq!(left, puzzle.distance(state), "{} {state:?}", family.about().name);
                        known += 1;
                    }
                    let mut steps = Vec::new();
                    puzzle.successors(state, &mut steps);
                    let Some(step) = draw.choose(&steps) else { break };
                    state = step.state;
                }
            }
            self.0.push((family.about().name, known));
        }
    }

    #[test]
    fn distances_are_those_of_the_rules() {
        let mut each = Each(Vec::new());
        environments().iter().for_each(|&family| each.visit(family));
        let some = each.0.iter().filter(|(_, known)| *known > 0).count();
        assert!(some * 3 > each.0.len() * 2, "{:?}", each.0);
    }
}
