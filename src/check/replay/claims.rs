//! Claims about nodes and about the puzzle: a goal, a dead end, a state seen before, a meeting of two trees, no solution.

use sos_envs::{Cost, Style};

use super::{Replay, show_label, text};
use crate::check::error::ErrorClass;
use crate::dialect::Field;
use crate::trace::{Claim, GOAL_ROOT, NO_NODE, NodeId};

impl Replay<'_> {
    /// Whether a node lies beyond the bound. What decides is f, from the cost and the estimate that the trace tells; where it tells neither, f
    /// by any heuristic, or the depth. A wrong cost is an error of its own, so both the claimed and the right cost are tried.
    pub(super) fn is_beyond(&self, id: NodeId) -> bool {
        let (Some(bound), Some(node)) = (self.bound, self.parsed.trace.node(id)) else { return false };
        let Some(cost) = self.status[id as usize].cost else { return true };
        let f = |g: Cost, h: Cost| g.saturating_mul(self.puzzle.about().estimate_scale).saturating_add(h) > bound;
        let estimate = |heuristic: usize| self.puzzle.estimate(heuristic, node.state);
        match (node.g, node.h) {
            (g, Some(h)) => f(g.unwrap_or(cost), h) || f(cost, self.heuristic.map_or(h, estimate)),
            (Some(g), None) => f(g, 0) || f(cost, 0),
            (None, None) => {
                let deep = Cost::from(node.depth).saturating_mul(self.puzzle.about().estimate_scale) >= bound;
                deep || (0..self.puzzle.about().heuristics.len()).any(|h| f(cost, estimate(h)))
            }
        }
    }

    pub(super) fn goal(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        // In texts without an event for the generation, the move is judged here.
        self.judge(step, id);
        self.judge_state(step, id, claim);
        let state = self.believed_state(id, node.state);
        let is_goal = self.puzzle.is_goal(state);
        if !is_goal {
            let found = self.show_state(state);
            let expected = format!("the goal {}", text(|out| self.puzzle.write_target(Style::Frame, out)));
            self.error(step, None, ErrorClass::FalseGoal, found, expected);
        }
        let sound = is_goal && self.status[id as usize].sound;
        if self.goal.is_none() {
            (self.goal, self.goal_cost) = (Some(sound), self.status[id as usize].cost.filter(|_| sound));
        }
        self.close(id);
    }

    /// Judges the root of the second tree. It must be a goal, have its own number, and be the only such root.
    pub(super) fn goal_root(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        let label = claim.and_then(|claim| claim.label.as_deref());
        let again = std::mem::replace(&mut self.has_goal_root, true);
        if again || claim.is_some_and(|claim| claim.repeated_label) {
            let found = label.map_or_else(|| self.name(id), |label| self.show_label(label));
            self.error(step, Some(Field::Label), ErrorClass::DuplicateNode, found, "one root at the goal".into());
        } else if label.is_some() || node.ordinal != GOAL_ROOT || node.parent != NO_NODE {
            let (found, expected) =
                (label.map_or_else(|| self.name(id), |label| self.show_label(label)), show_label(&[GOAL_ROOT]));
            self.error(step, Some(Field::Label), ErrorClass::WrongParent, found, expected);
        }
        let is_goal = self.puzzle.is_goal(node.state);
        let status = &mut self.status[id as usize];
        (status.judged, status.opened, status.sound, status.cost) = (true, true, is_goal, Some(0));
        if !is_goal {
            let expected = format!("the goal {}", text(|out| self.puzzle.write_target(Style::Frame, out)));
            self.error(step, Some(Field::State), ErrorClass::WrongState, self.show_state(node.state), expected);
        }
        if let Some(g) = node.g.filter(|&g| g != 0) {
            self.error(step, Some(Field::Cost), ErrorClass::WrongCost, g.to_string(), "0".into());
        }
        self.judge_estimate(step, id);
        self.enter(id);
    }

    /// Judges a meeting: a node of each tree, in the same position.
    pub(super) fn meet(&mut self, step: usize, meeting: NodeId, claim: Option<&Claim>) {
        let Some(&(forward, backward)) = self.parsed.trace.meetings.get(meeting as usize) else { return };
        let nodes = (self.parsed.trace.node(forward), self.parsed.trace.node(backward));
        let (Some(here), Some(there)) = nodes else {
            let found = claim
                .and_then(|claim| claim.label.as_deref())
                .map_or("an unknown node".into(), |label| self.show_label(label));
            self.error(step, Some(Field::Label), ErrorClass::UnknownNode, found, "nodes that were generated".into());
            return;
        };
        let here = self.believed_state(forward, here.state);
        let there = self.believed_state(backward, there.state);
        let sides = (self.goal_side[forward as usize], self.goal_side[backward as usize]);
        let meets = sides == (false, true) && self.puzzle.same_state(here, there);
        if !meets {
            let found = format!("{} and {}", self.show_state(here), self.show_state(there));
            let expected = "one position, reached from the start and from the goal".into();
            self.error(step, None, ErrorClass::FalseGoal, found, expected);
        }
        let sound = meets && self.status[forward as usize].sound && self.status[backward as usize].sound;
        self.goal.get_or_insert(sound);
    }

    pub(super) fn dead_end(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        self.judge_state(step, id, claim);
        let state = &self.believed_state(id, node.state).clone();
        if self.puzzle.is_goal(*state) {
            let expected = "the goal".to_string();
            self.error(step, None, ErrorClass::FalseDeadEnd, self.show_state(*state), expected);
        } else if !self.puzzle.is_stuck(self.puzzle.about().propagations.len().saturating_sub(1), *state) {
            let mut steps = Vec::new();
            self.puzzle.successors(*state, &mut steps);
            let mentioned = self.mentioned.as_ref();
            let side = self.goal_side[id as usize];
            let open = steps.iter().find(|step| {
                !mentioned.is_some_and(|mentioned| mentioned.contains_key(&(side, self.puzzle.key_state(step.state))))
            });
            if let Some(open) = open {
                let expected = format!("a node that leads on, by {}", self.show_move(open.action));
                self.error(step, None, ErrorClass::FalseDeadEnd, self.show_state(*state), expected);
            }
        }
        self.enter(id);
        self.close(id);
    }

    pub(super) fn seen(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        self.judge_state(step, id, claim);
        let key = (self.goal_side[id as usize], self.puzzle.key_state(node.state));
        let before = self.mentioned.as_ref().and_then(|mentioned| mentioned.get(&key)?.beside(id));
        if before.is_none_or(|least| node.g.is_some_and(|g| g < least)) {
            let expected = "a state that was reached before, as cheaply".to_string();
            self.error(step, None, ErrorClass::FalseDeadEnd, self.show_state(node.state), expected);
        }
        self.enter(id);
        self.close(id);
    }

    pub(super) fn unsolvable(&mut self, step: usize) {
        self.says_unsolvable = true;
        if self.facts.get().solvable {
            self.error(
                step,
                None,
                ErrorClass::FalseUnsolvable,
                "no solution exists".into(),
                self.facts.in_place_of_unsolvable(),
            );
        }
    }
}
