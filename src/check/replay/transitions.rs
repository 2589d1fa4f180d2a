//! Transitions: whether the moves to a node are possible, lead to the claimed state, and cost what they claim.

use sos_envs::{Cost, MoveClaim, Style};

use super::{Replay, Right, text};
use crate::check::error::ErrorClass;
use crate::check::possible_move;
use crate::dialect::Field;
use crate::trace::{Claim, MoveId, NO_NODE, NodeId, StateId};

impl Replay<'_> {
    /// Judges a root. It must be the start.
    pub(super) fn judge_root(&mut self, step: usize, id: NodeId) {
        let node = &self.parsed.trace.nodes[id as usize];
        let status = &mut self.status[id as usize];
        (status.judged, status.opened, status.cost) = (true, true, Some(0));
        let start = self.puzzle.start();
        let sound = self.puzzle.same_state(node.state, start);
        self.status[id as usize].sound = sound;
        if let Some(g) = node.g.filter(|&g| g != 0) {
            self.error(step, Some(Field::Cost), ErrorClass::WrongCost, g.to_string(), "0".into());
        }
        self.judge_estimate(step, id);
        if !sound {
            let (found, expected) = (self.show_state(node.state), self.show_state(start));
            self.error(step, Some(Field::State), ErrorClass::WrongState, found, expected);
        }
    }

    /// Judges the move to a node and the claimed state, once.
    pub(super) fn judge(&mut self, step: usize, id: NodeId) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        if std::mem::replace(&mut self.status[id as usize].judged, true) {
            return;
        }
        if node.parent != self.current {
            let (found, expected) = (self.name(node.parent), self.name(self.current));
            self.error(step, Some(Field::Label), ErrorClass::WrongParent, found, expected);
        }
        let Some(parent) = self.parsed.trace.node(node.parent) else { return };
        let Some(action) = node.action else {
            let expected = format!("a position one step from {}", self.show_state(parent.state));
            return self.error(
                step,
                Some(Field::State),
                ErrorClass::IllegalMove,
                self.show_state(node.state),
                expected,
            );
        };
        let before = self.errors.len();
        let mut from = self.believed_state(node.parent, parent.state);
        if let Some(right) = self.rights.get(&node.parent).and_then(|right| right.state)
            && !self.leads(from, action, node.state)
            && self.leads(right, action, node.state)
        {
            // The trace goes on from the state that the moves really lead to. The wrong state line was an error of its own.
            self.adopt_right(node.parent);
            from = right;
        }
        let cost = self.judge_step(step, id, from, action);
        let before_it = self.status[node.parent as usize].cost;
        self.status[id as usize].cost = before_it.zip(cost).map(|(before, cost)| before.saturating_add(cost));
        let sound = self.errors.len() == before && self.status[node.parent as usize].sound;
        self.status[id as usize].sound = sound;
        self.judge_costs(step, id);
    }

    /// Judges a move from a state to the claimed state of a node. Gives the cost of the move; none where it is not possible.
    pub(super) fn judge_step(&mut self, step: usize, id: NodeId, from: StateId, action: MoveId) -> Option<Cost> {
        let claimed = self.parsed.trace.nodes[id as usize].state;
        let Some((right, state, cost)) = self.puzzle.apply(from, action) else {
            let class = self.illegal(action);
            let place = format!("in {}", self.show_state(from));
            let expected = match class {
                ErrorClass::UnsoundInference => format!("a reason that holds, or a guess with all candidates, {place}"),
                _ => possible_move(self.puzzle, action, &place),
            };
            self.error(step, Some(Field::Action), class, self.show_move(action), expected);
            return None;
        };
        let slipped = right != action;
        if slipped {
            let class = match self.puzzle.about().move_claim {
                MoveClaim::Result => ErrorClass::Arithmetic,
                MoveClaim::Cost => ErrorClass::WrongCost,
                MoveClaim::None => ErrorClass::IllegalMove,
            };
            self.error(step, Some(Field::Action), class, self.show_move(action), self.show_move(right));
        }
        let fits = self.puzzle.same_state(state, claimed) || (slipped && self.believes(from, action, claimed));
        if !fits {
            let (found, expected) = (self.show_state(claimed), self.show_state(state));
            self.error(step, Some(Field::State), ErrorClass::WrongState, found, expected);
        }
        if slipped || !fits {
            let differs = !self.puzzle.same_state(state, claimed);
            self.rights.insert(id, Right { action: right, state: differs.then_some(state), adopted: false });
        }
        Some(cost)
    }

    /// The error class of an illegal move.
    pub(super) fn illegal(&self, action: MoveId) -> ErrorClass {
        if self.puzzle.is_inference(action) { ErrorClass::UnsoundInference } else { ErrorClass::IllegalMove }
    }

    pub(super) fn believes(&self, from: StateId, action: MoveId, to: StateId) -> bool {
        self.puzzle.apply_as_claimed(from, action).is_some_and(|(state, _)| self.puzzle.same_state(state, to))
    }

    /// Whether a move leads from one state to another, by the rules or by what it claims.
    pub(super) fn leads(&self, from: StateId, action: MoveId, to: StateId) -> bool {
        let applied = self.puzzle.apply(from, action);
        applied.is_some_and(|(_, state, _)| self.puzzle.same_state(state, to)) || self.believes(from, action, to)
    }

    /// The state from which the moves out of a node are judged.
    pub(super) fn believed_state(&self, id: NodeId, claimed: StateId) -> StateId {
        let right = self.rights.get(&id).filter(|right| right.adopted);
        right.and_then(|right| right.state).unwrap_or(claimed)
    }

    pub(super) fn adopt_right(&mut self, id: NodeId) {
        if let Some(right) = self.rights.get_mut(&id) {
            right.adopted = true;
        }
    }

    /// Judges a state that an event repeats. It must be the state of its node, or the right one for it.
    pub(super) fn judge_state(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        let Some(claim) = claim else { return };
        if claim.wrong_target {
            let expected = text(|out| self.puzzle.write_target(Style::Frame, out));
            self.error(step, None, ErrorClass::WrongState, "another goal".into(), expected);
        }
        let Some(node) = self.parsed.trace.node(id) else { return };
        let Some(state) = &claim.state else { return };
        if self.puzzle.same_state(*state, node.state) {
            return;
        }
        let right = self.rights.get(&id).and_then(|right| right.state);
        if right.is_some_and(|right| self.puzzle.same_state(right, *state)) {
            return self.adopt_right(id);
        }
        let (found, expected) = (self.show_state(*state), self.show_state(node.state));
        self.error(step, Some(Field::State), ErrorClass::WrongState, found, expected);
    }

    // --- costs

    pub(super) fn judge_costs(&mut self, step: usize, id: NodeId) {
        let node = &self.parsed.trace.nodes[id as usize];
        if let (Some(g), Some(parent), Some(action)) = (node.g, self.parsed.trace.node(node.parent), node.action) {
            let before = match parent.g {
                Some(g) => Some(g),
                None if parent.parent == NO_NODE => Some(0),
                None => None,
            };
            let right_before = self.right_costs.get(&node.parent).copied().or(before);
            let from = self.believed_state(node.parent, parent.state);
            let applied = self.puzzle.apply(from, action).map(|(_, _, cost)| cost);
            let believed = self.puzzle.apply_as_claimed(from, action).map(|(_, cost)| cost);
            let sums = [(right_before, applied), (right_before, believed), (before, applied), (before, believed)];
            let sums: Vec<Cost> = sums.into_iter().filter_map(|(before, cost)| before?.checked_add(cost?)).collect();
            if !sums.is_empty() && !sums.contains(&g) {
                self.error(step, Some(Field::Cost), ErrorClass::WrongCost, g.to_string(), sums[0].to_string());
                self.right_costs.insert(id, sums[0]);
            }
        }
        self.judge_estimate(step, id);
    }

    /// Judges an estimate. It must be that of the trace's heuristic.
    pub(super) fn judge_estimate(&mut self, step: usize, id: NodeId) {
        let node = &self.parsed.trace.nodes[id as usize];
        let Some((h, heuristic)) = node.h.zip(self.heuristic) else { return };
        let right = self.puzzle.estimate(heuristic, node.state);
        if h != right {
            let show = |h: Cost| text(|out| crate::dialect::write_estimate(self.puzzle, h, Style::Frame, out));
            self.error(step, Some(Field::Estimate), ErrorClass::WrongCost, show(h), show(right));
        }
    }
}
