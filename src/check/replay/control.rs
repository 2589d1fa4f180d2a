//! Control: visits, generations, openings, moves, drops and cuts, and whether each node may be treated so at that point.

use sos_envs::{MoveClaim, Style};

use super::{Mentions, Replay, Right, text};
use crate::check::error::ErrorClass;
use crate::check::follow;
use crate::dialect::{Coverage, Field};
use crate::trace::{Claim, Event, EventKind, MoveId, NO_NODE, NodeId};

impl Replay<'_> {
    pub(super) fn enter(&mut self, id: NodeId) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        let cost = node.g.unwrap_or(0);
        if let Some(mentioned) = &mut self.mentioned {
            let key = (self.goal_side[id as usize], self.puzzle.key_state(node.state));
            mentioned.entry(key).or_insert(Mentions { least: cost, by: id, others: None }).add(id, cost);
        }
    }

    pub(super) fn visit(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        if node.parent == NO_NODE && !self.status[id as usize].judged {
            let lost = self.astray || claim.is_some_and(|claim| claim.path.is_some());
            if self.current != NO_NODE {
                self.elsewhere(step, id);
            } else if lost && step > 0 {
                self.adopt(id, claim);
            } else {
                self.judge_root(step, id);
            }
        } else {
            // In texts without an event for the generation, the move is judged here.
            if node.parent != NO_NODE {
                self.judge(step, id);
            }
            if id != self.current && self.parsed.told == Coverage::All {
                self.elsewhere(step, id);
            } else if id != self.current {
                self.move_to(step, id, None);
            }
        }
        if !self.goes_on_elsewhere(id, claim) {
            self.judge_visit(step, id, claim);
        }
        self.astray = false;
        if !self.status[id as usize].visited {
            self.enter(id);
        }
        self.status[id as usize].visited = true;
        self.current = id;
    }

    /// Reports a visit to a node that is not the current one.
    pub(super) fn elsewhere(&mut self, step: usize, id: NodeId) {
        let (found, expected) = (self.name(id), format!("{}, where control is", self.name(self.current)));
        self.error(step, Some(Field::Label), ErrorClass::WrongState, found, expected);
    }

    /// Judges a state line. It must show the state of its node and the moves that lead there.
    pub(super) fn judge_visit(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        self.judge_state(step, id, claim);
        let node = &self.parsed.trace.nodes[id as usize];
        if let (Some((g, h)), Some((right_g, right_h))) = (claim.and_then(|claim| claim.costs), node.g.zip(node.h)) {
            for (field, found, right) in [(Field::Cost, g, right_g), (Field::Estimate, h, right_h)] {
                if found != right {
                    self.error(step, Some(field), ErrorClass::WrongCost, found.to_string(), right.to_string());
                }
            }
        }
        let adopted = node.parent == NO_NODE && !self.puzzle.same_state(node.state, self.puzzle.start());
        if let Some(path) = claim.and_then(|claim| claim.path.as_ref())
            && !adopted
            && !self.is_right_path(id, path)
        {
            let (found, expected) = (self.show_moves(path), self.show_path(id));
            self.error(step, Some(Field::Path), ErrorClass::WrongState, found, expected);
        }
    }

    /// Whether, after a move to a wrong node, the state line shows another position together with moves that lead to it. What follows is then
    /// judged from that position, since the wrong reference was an error of its own.
    pub(super) fn goes_on_elsewhere(&mut self, id: NodeId, claim: Option<&Claim>) -> bool {
        let Some(Claim { state: Some(state), path: Some(path), .. }) = claim.filter(|_| self.astray) else {
            return false;
        };
        let Some(action) = self.parsed.trace.nodes[id as usize].action else { return false };
        let leads_there = follow(self.puzzle, path).is_some_and(|(end, _)| self.puzzle.same_state(end, *state));
        if leads_there {
            self.rights.insert(id, Right { action, state: Some(*state), adopted: true });
        }
        leads_there
    }

    /// Whether a list of moves is the path to a node. A corrected move in place of a wrong one is accepted.
    pub(super) fn is_right_path(&self, mut id: NodeId, path: &[MoveId]) -> bool {
        for action in path.iter().rev() {
            let Some(node) = self.parsed.trace.node(id) else { return false };
            let right = self.rights.get(&id).map(|right| right.action);
            if node.action != Some(*action) && right != Some(*action) {
                return false;
            }
            id = node.parent;
        }
        self.parsed.trace.node(id).is_some_and(|node| node.action.is_none())
    }

    /// Accepts a state line after a move to a node that does not exist. It is sound if the moves that it lists lead there.
    pub(super) fn adopt(&mut self, id: NodeId, claim: Option<&Claim>) {
        let node = &self.parsed.trace.nodes[id as usize];
        let path = claim.and_then(|claim| claim.path.as_deref()).unwrap_or(&[]);
        let end = follow(self.puzzle, path).filter(|(state, _)| self.puzzle.same_state(*state, node.state));
        let status = &mut self.status[id as usize];
        (status.judged, status.opened) = (true, true);
        (status.sound, status.cost) = (end.is_some(), end.map(|(_, cost)| cost));
    }

    pub(super) fn generate(&mut self, step: usize, id: NodeId) {
        let is_root = self.parsed.trace.node(id).is_some_and(|node| node.parent == NO_NODE);
        // Where the next event opens the same node, the error is reported there.
        let opens = |event: &Event| event.kind == EventKind::Open && event.node == id;
        let is_opened = self.parsed.trace.events.get(step + 1).is_some_and(opens);
        let status = self.status[id as usize];
        if is_root || (status.judged && !(status.opened && is_opened)) {
            let found = self.name(id);
            self.error(step, Some(Field::Label), ErrorClass::DuplicateNode, found, "a new node".into());
        }
        self.judge(step, id);
    }

    pub(super) fn open(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        if self.status[id as usize].judged && node.parent != NO_NODE && node.parent != self.current {
            let (found, expected) = (self.name(id), format!("a child of {}", self.name(self.current)));
            self.error(step, Some(Field::Label), ErrorClass::WrongParent, found, expected);
        }
        self.judge(step, id);
        self.judge_state(step, id, claim);
        self.judge_again(step, id, claim);
        let label = claim.and_then(|claim| claim.label.as_deref());
        let repeated = self.status[id as usize].opened || claim.is_some_and(|claim| claim.repeated_label);
        let other = repeated || label.is_some();
        let counted = self.ordinals.as_mut().filter(|_| node.parent != NO_NODE);
        let fits = counted.is_none_or(|ordinals| ordinals.open(id, node.parent, node.ordinal, other));
        let own = (!fits && !other).then(|| self.parsed.trace.label(id));
        let label = label.or(own.as_deref());
        if repeated {
            let found = label.map_or_else(|| self.name(id), |label| self.show_label(label));
            self.error(step, Some(Field::Label), ErrorClass::DuplicateNode, found, "a new node".into());
        } else if let Some(label) = label {
            let expected = format!("the next child of {}", self.name(node.parent));
            self.error(step, Some(Field::Label), ErrorClass::WrongParent, self.show_label(label), expected);
        }
        self.status[id as usize].opened = true;
        self.enter(id);
    }

    /// Judges a move that is told again. It must be the move of its node, or correct it.
    pub(super) fn judge_again(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        let Some(action) = claim.and_then(|claim| claim.action) else { return };
        let Some(node) = self.parsed.trace.node(id) else { return };
        let parent = self.parsed.trace.node(node.parent);
        let from = parent.map(|parent| self.believed_state(node.parent, parent.state));
        let right = from.and_then(|from| self.puzzle.apply(from, action));
        if let Some((right, state, _)) = &right
            && *right == action
            && self.puzzle.same_state(*state, self.believed_state(id, node.state))
            && !self.status[id as usize].sound
        {
            self.rights.entry(id).or_insert(Right { action, state: None, adopted: false }).action = action;
            return;
        }
        let class = match (right, self.puzzle.about().move_claim) {
            (Some((right, _, _)), MoveClaim::Result) if right != action => ErrorClass::Arithmetic,
            (Some((right, _, _)), MoveClaim::Cost) if right != action => ErrorClass::WrongCost,
            _ => self.illegal(action),
        };
        let expected = node.action.map(|action| self.show_move(action)).unwrap_or_default();
        self.error(step, Some(Field::Action), class, self.show_move(action), expected);
    }

    pub(super) fn move_to(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        let Some(node) = self.parsed.trace.node(id) else {
            let found = claim
                .and_then(|claim| claim.label.as_deref())
                .map_or("an unknown node".into(), |label| self.show_label(label));
            self.error(step, Some(Field::Label), ErrorClass::UnknownNode, found, "a node that was generated".into());
            self.current = NO_NODE;
            self.astray = true;
            return;
        };
        let status = self.status[id as usize];
        let is_root = node.parent == NO_NODE;
        let class = if status.closed || !(status.opened || is_root) {
            Some(ErrorClass::NotOpen)
        } else if status.visited
            && (self.parsed.told == Coverage::Opened
                || !self.ancestors.is_ancestor(&self.parsed.trace, id, self.current))
        {
            // A trace that tells only of an open list never returns to a node.
            Some(ErrorClass::AlreadyClosed)
        } else {
            None
        };
        if let Some(class) = class {
            let expected = "an open node, or one on the way to the current one".into();
            self.error(step, Some(Field::Label), class, self.name(id), expected);
        } else if let Some(action) = claim.and_then(|claim| claim.action) {
            // The return names a move that was taken back before.
            let expected = format!("a move on the way to {}", self.name(self.current));
            self.error(step, Some(Field::Label), ErrorClass::AlreadyClosed, self.show_move(action), expected);
        }
        self.astray = class.is_some();
        self.current = id;
    }

    pub(super) fn prune(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        if self.parsed.trace.node(id).is_none() {
            let found = claim
                .and_then(|claim| claim.label.as_deref())
                .map_or("an unknown node".into(), |label| self.show_label(label));
            self.error(step, Some(Field::Label), ErrorClass::UnknownNode, found, "a node that was generated".into());
        } else if !self.status[id as usize].opened || self.status[id as usize].closed {
            self.error(step, Some(Field::Label), ErrorClass::NotOpen, self.name(id), "an open node".into());
        }
        self.close(id);
    }

    // --- claims

    pub(super) fn cut(&mut self, step: usize, id: NodeId, claim: Option<&Claim>) {
        self.judge_state(step, id, claim);
        // A node that was opened was within the bound.
        let opened = self.status.get(id as usize).is_some_and(|status| status.opened);
        if opened || !self.is_beyond(id) {
            let bound = self
                .bound
                .map(|bound| text(|out| crate::dialect::write_estimate(self.puzzle, bound, Style::Frame, out)));
            let expected = bound.map_or("a bound before it".into(), |bound| format!("a node beyond the bound {bound}"));
            let found = self.parsed.trace.node(id).map(|node| self.show_state(node.state)).unwrap_or_default();
            self.error(step, None, ErrorClass::FalseDeadEnd, found, expected);
        }
        self.close(id);
    }
}
