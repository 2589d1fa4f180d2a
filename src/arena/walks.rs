//! Ways through the states of a puzzle: random ones, and one to a goal.

use sos_envs::{Draw, Step};

use super::Puzzle;
use crate::trace::{MoveId, StateId};

impl Puzzle {
    /// The legal steps out of a state, in canonical order.
    pub fn steps(&self, state: StateId) -> Vec<Step<MoveId, StateId>> {
        let mut steps = Vec::new();
        self.successors(state, &mut steps);
        steps
    }

    /// Appends moves from a state to a goal, by exact distances. False if no goal can be reached.
    pub fn finish(&self, mut state: StateId, moves: &mut Vec<MoveId>) -> bool {
        while !self.is_goal(state) {
            let Some(here) = self.distance(state) else { return false };
            let leads_on = |step: &Step<MoveId, StateId>| {
                self.distance(step.state).is_some_and(|rest| rest.saturating_add(step.cost) == here)
            };
            let Some(step) = self.steps(state).into_iter().find(leads_on) else { return false };
            moves.push(step.action);
            state = step.state;
        }
        true
    }

    /// Appends random legal moves from the start: 1 to `most` of them, fewer where no move is legal. Gives the state in which they end.
    pub fn random_walk(&self, most: u64, draw: &mut Draw, moves: &mut Vec<MoveId>) -> StateId {
        let mut state = self.start();
        for _ in 0..draw.between(1, most) {
            let Some(step) = draw.choose(&self.steps(state)).copied() else { break };
            moves.push(step.action);
            state = step.state;
        }
        state
    }
}
