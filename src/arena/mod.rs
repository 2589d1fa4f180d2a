//! A puzzle of any environment behind one type. Code above this folder is compiled once for all environments.
//!
//! States and moves are ids: numbers of the states and moves that the puzzle has met. Each value is kept once, so equal ids are equal
//! values. Clones of a puzzle share them. An id has no meaning for another puzzle.

mod family;
mod numbered;
mod rules;
mod run;
#[cfg(test)]
mod tests;
mod typed;
mod walks;

use std::fmt::Debug;
use std::ops::Deref;
use std::rc::Rc;

use sos_envs::Complete;

pub use family::{Config, Family, add, environment, environment_names, environments};
pub use rules::Rules;
pub use run::{Run, Scratch};
use typed::Typed;

use crate::trace::{EventKind, MoveId, StateId, Trace};

/// A puzzle of any environment. [`Rules`] lists its methods.
#[derive(Clone)]
pub struct Puzzle(Rc<dyn Rules>);

impl Deref for Puzzle {
    type Target = dyn Rules;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl Debug for Puzzle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.show(f)
    }
}

impl PartialEq for Puzzle {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(&**other)
    }
}

impl Puzzle {
    /// Wraps a puzzle of an environment.
    pub fn of<E: Complete>(puzzle: E) -> Self {
        Puzzle(Rc::new(Typed::new(puzzle)))
    }

    /// The moves of the first solution that a trace claims, at a goal or at a meeting of two trees. None where it claims no solution, or
    /// where no step leads back along a path from the goal.
    pub fn solution(&self, trace: &Trace) -> Option<Vec<MoveId>> {
        let claims = |kind| matches!(kind, EventKind::Goal | EventKind::Meet);
        let event = trace.events.iter().find(|event| claims(event.kind))?;
        let mut moves = Vec::new();
        if event.kind == EventKind::Goal {
            trace.moves_to(event.node, &mut moves);
            return Some(self.answer(moves));
        }
        let &(forward, backward) = trace.meetings.get(event.node as usize)?;
        trace.moves_to(forward, &mut moves);
        let mut state = trace.node(forward)?.state;
        let mut next = trace.node(backward)?.parent;
        let mut steps = Vec::new();
        while let Some(node) = trace.node(next) {
            steps.clear();
            self.successors(state, &mut steps);
            let back = steps.drain(..).filter(|step| self.same_state(step.state, node.state));
            let step = back.min_by_key(|step| step.cost)?;
            moves.push(step.action);
            state = step.state;
            next = node.parent;
        }
        Some(moves)
    }

    /// A trace of another puzzle of the same environment, with its states and moves as ids of this puzzle. None where the other is so much larger or smaller
    /// that it is of another type.
    pub fn translated(&self, trace: &Trace, from: &Puzzle) -> Option<Trace> {
        let state = |state: &mut StateId| {
            *state = self.state_of(&**from, *state)?;
            Some(())
        };
        let action = |action: &mut MoveId| {
            *action = self.move_of(&**from, *action)?;
            Some(())
        };
        let mut trace = trace.clone();
        for node in &mut trace.nodes {
            state(&mut node.state)?;
            node.action.iter_mut().try_for_each(action)?;
        }
        for claim in &mut trace.claims {
            claim.state.iter_mut().try_for_each(state)?;
            claim.action.iter_mut().try_for_each(action)?;
            claim.path.iter_mut().flatten().try_for_each(action)?;
        }
        let answers = trace.answer.iter_mut().filter_map(|answer| answer.moves.as_mut());
        answers.flatten().try_for_each(action)?;
        Some(trace)
    }
}
