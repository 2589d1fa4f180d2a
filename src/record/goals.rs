//! How far it is to a goal, found out by trying all steps: of a puzzle no more is used than its rules. It is what distances are judged by, so that whoever
//! writes them is not asked.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use sos_envs::{Cost, Step};

use crate::arena::Puzzle;
use crate::trace::{MoveId, StateId};

/// Most states that are looked at for one distance.
const EACH: usize = 1 << 11;

/// Most states that are looked at in all.
const ALL: usize = 1 << 12;

/// The distances of a puzzle's states that are known so far.
pub(super) struct Goals<'a> {
    puzzle: &'a Puzzle,
    /// Of each state that was looked at, what the cheapest way to a goal costs; none where there is no way.
    left: HashMap<StateId, Option<Cost>>,
    looked_at: usize,
}

impl<'a> Goals<'a> {
    /// Nothing is known yet.
    pub fn new(puzzle: &'a Puzzle) -> Self {
        Goals { puzzle, left: HashMap::new(), looked_at: 0 }
    }

    /// The cost from a state to the nearest goal: none inside where none can be reached, and none where too many states lie behind it to say.
    pub fn distance(&mut self, state: StateId) -> Option<Option<Cost>> {
        let key = self.puzzle.key_state(state);
        if !self.left.contains_key(&key) {
            self.settle(key)?;
        }
        self.left.get(&key).copied()
    }

    /// Finds the distances of all states behind one. Those that are known already lead to known ones alone.
    fn settle(&mut self, root: StateId) -> Option<()> {
        let mut numbers = HashMap::from([(root, 0)]);
        let mut states = vec![root];
        // Who leads to a state, at what cost.
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

    /// Distances are those of the environment's own exact knowledge, wherever both are known.
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
