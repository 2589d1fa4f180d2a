//! A rerun of a search along a trace: which events and nodes of the two correspond.

use rustc_hash::FxHashMap;
use sos_envs::{Cost, Step};

use crate::arena::Puzzle;
use crate::dialect::{Coverage, Parsed};
use crate::search::{Outcome, TieBreaker};
use crate::trace::{Event, EventKind, MoveId, NO_NODE, NodeId, StateId, Trace};

/// The rank of a waiting node that the trace does not mention again. Nodes that it visits rank before, by place; nodes that it drops, after.
const NOT_MENTIONED: u32 = u32::MAX / 2;

/// The point where a rerun and a trace differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Divergence {
    /// Index of the event in the trace; the number of events where the trace has ended.
    pub step: usize,
    /// The event that the search writes there; none where the search has ended.
    pub right: Option<Event>,
}

/// Compares a rerun with a trace while the rerun goes on, and breaks ties as the trace does.
pub(super) struct RerunComparison<'a> {
    puzzle: &'a Puzzle,
    trace: &'a Trace,
    /// Whether the search is the paper's beam search. It moves to finished leaves that it never announced, so no text can say which leaf.
    unannounced_leaves: bool,
    /// Whether the trace tells only of children that are opened.
    opened_only: bool,
    /// How many events of the rerun were compared.
    compared: usize,
    /// The index of the trace's next event.
    step: usize,
    diverged: Option<Divergence>,
    /// For each node of the rerun, the corresponding node of the trace.
    nodes: Vec<NodeId>,
    /// The children of each node of the trace, each with the index of the event that generates it, in order.
    children: FxHashMap<NodeId, Vec<(NodeId, u32)>>,
    /// For each node of the trace, its rank: when it is moved to.
    visits: Vec<u32>,
    /// For each node of the rerun, its key on the open list.
    keys: Vec<Option<Cost>>,
}

impl<'a> RerunComparison<'a> {
    pub fn new(puzzle: &'a Puzzle, parsed: &'a Parsed, unannounced_leaves: bool) -> Self {
        let trace = &parsed.trace;
        let mut children: FxHashMap<NodeId, Vec<(NodeId, u32)>> = FxHashMap::default();
        let mut visits = vec![NOT_MENTIONED; trace.nodes.len()];
        for (step, event) in trace.events.iter().enumerate() {
            let place = u32::try_from(step).unwrap_or(u32::MAX).min(NOT_MENTIONED - 1);
            let Some(node) = trace.node(event.node) else { continue };
            match (event.kind, visits.get_mut(event.node as usize)) {
                (EventKind::Generate, _) => children.entry(node.parent).or_default().push((event.node, place)),
                (EventKind::MoveTo, Some(visit)) => *visit = place.min(*visit),
                (EventKind::Prune, Some(visit)) if *visit == NOT_MENTIONED => *visit = NOT_MENTIONED + 1 + place,
                _ => {}
            }
        }
        RerunComparison {
            puzzle,
            trace,
            unannounced_leaves,
            opened_only: parsed.told == Coverage::Opened,
            compared: 0,
            step: 0,
            diverged: None,
            nodes: Vec::new(),
            children,
            visits,
            keys: Vec::new(),
        }
    }

    /// Ends the comparison after the rerun. Gives the divergence, if there is one.
    pub fn finish(&mut self, rerun: &Trace, outcome: Outcome) -> Option<Divergence> {
        self.compare(rerun);
        let rest = self.trace.events.get(self.step..).unwrap_or_default();
        // The paper's searches end without a word where others give up. Saying so is no divergence.
        let gives_up = matches!(rest, [Event { kind: EventKind::GiveUp, .. }]) && outcome == Outcome::Exhausted;
        let silent = rerun.events.last().is_none_or(|last| last.node != NO_NODE);
        if self.diverged.is_none() && !rest.is_empty() && !(gives_up && silent) {
            self.diverged = Some(Divergence { step: self.step, right: None });
        }
        self.diverged
    }

    /// The trace's node for a node of the rerun.
    pub fn node(&self, node: NodeId) -> NodeId {
        self.nodes.get(node as usize).copied().unwrap_or(NO_NODE)
    }

    /// The open-list key of a node of the rerun.
    pub fn key(&self, node: NodeId) -> Option<Cost> {
        self.keys.get(node as usize).copied().flatten()
    }

    /// The children of a node of the trace, each with the index of the event that generates it.
    pub fn children(&self, parent: NodeId) -> &[(NodeId, u32)] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// Whether an event is what the paper's beam search writes, although lower levels call it an error.
    pub fn is_forgiven(&self, step: usize) -> bool {
        self.unannounced_leaves && step < self.step
    }

    /// Compares the new events of the rerun.
    fn compare(&mut self, rerun: &Trace) {
        while self.diverged.is_none() {
            let Some(&right) = rerun.events.get(self.compared) else { return };
            // A budget can be spent before the first visit, but the trace has that visit, from the prompt.
            if self.compared == 0 && right.node == NO_NODE {
                let visit = self.trace.events.first().filter(|event| event.kind == EventKind::Visit);
                self.step += usize::from(visit.is_some());
            }
            if self.opened_only && !self.told(rerun, right) {
                self.compared += 1;
                continue;
            }
            let event = self.trace.events.get(self.step).copied();
            let first_visit = self.compared == 0 && right.kind == EventKind::Visit;
            self.compared += 1;
            match event {
                // A completion without its prompt begins after the first visit.
                Some(event) if first_visit && event.kind != EventKind::Visit && event.kind != EventKind::MoveTo => {
                    let parent = self.trace.node(event.node).map_or(NO_NODE, |node| node.parent);
                    let root = if parent == NO_NODE { event.node } else { parent };
                    self.map(right.node, root);
                }
                Some(event) if self.agree(rerun, right, event) => self.step += 1,
                Some(event) if self.goes_without_saying(right, event) => {}
                _ => self.diverged = Some(Divergence { step: self.step, right: Some(right) }),
            }
        }
    }

    /// Whether a trace that tells only of opened children has an event. In such a trace a child is generated where it is opened or called a
    /// goal.
    fn told(&mut self, rerun: &Trace, right: Event) -> bool {
        match right.kind {
            EventKind::Generate | EventKind::Seen | EventKind::DeadEnd | EventKind::Cut => return false,
            EventKind::Open | EventKind::Goal => {
                let event = self.trace.events.get(self.step).copied();
                let generated = Event { kind: EventKind::Generate, ..right };
                if event.is_some_and(|event| self.agree(rerun, generated, event)) {
                    let opened = self.trace.events.get(self.step + 1).map(|event| event.kind) == Some(EventKind::Open);
                    self.step += 1 + usize::from(right.kind == EventKind::Goal && opened);
                }
            }
            _ => {}
        }
        true
    }

    /// Whether a visit may be missing in the trace: some dialects write none after a move to a leaf without a name.
    fn goes_without_saying(&self, right: Event, event: Event) -> bool {
        let before = self.step.checked_sub(1).and_then(|step| self.trace.events.get(step));
        let unnamed = before.is_some_and(|before| before.kind == EventKind::MoveTo && before.node == NO_NODE);
        self.unannounced_leaves && unnamed && right.kind == EventKind::Visit && event.kind != EventKind::Visit
    }

    fn map(&mut self, node: NodeId, other: NodeId) {
        let node = node as usize;
        if self.nodes.len() <= node {
            self.nodes.resize(node + 1, NO_NODE);
        }
        self.nodes[node] = other;
    }

    fn agree(&mut self, rerun: &Trace, right: Event, event: Event) -> bool {
        if right.kind != event.kind {
            return false;
        }
        match right.kind {
            EventKind::GiveUp | EventKind::Unsolvable => true,
            EventKind::Bound => {
                let bound = self.trace.bounds.get(event.node as usize);
                bound.is_some() && rerun.bounds.get(right.node as usize) == bound
            }
            EventKind::Meet => {
                let meetings = (rerun.meetings.get(right.node as usize), self.trace.meetings.get(event.node as usize));
                let (Some(right), Some(other)) = meetings else { return false };
                self.is_same(right.0, other.0) && self.is_same(right.1, other.1)
            }
            EventKind::Root => self.agree_root(rerun, right, event),
            EventKind::Visit if self.node(right.node) == NO_NODE => self.agree_root(rerun, right, event),
            EventKind::Generate => self.agree_child(rerun, right, event),
            _ => self.is_same(right.node, event.node) || self.agree_leaf(rerun, right, event),
        }
    }

    fn is_same(&self, node: NodeId, other: NodeId) -> bool {
        other != NO_NODE && self.node(node) == other
    }

    fn agree_root(&mut self, rerun: &Trace, right: Event, event: Event) -> bool {
        let (Some(node), Some(other)) = (rerun.node(right.node), self.trace.node(event.node)) else { return false };
        let same = other.parent == NO_NODE && self.puzzle.same_state(node.state, other.state);
        if same {
            self.map(right.node, event.node);
        }
        same
    }

    fn agree_child(&mut self, rerun: &Trace, right: Event, event: Event) -> bool {
        let (Some(node), Some(other)) = (rerun.node(right.node), self.trace.node(event.node)) else { return false };
        let same = self.is_same(node.parent, other.parent)
            && node.action == other.action
            && self.puzzle.same_state(node.state, other.state);
        if same {
            self.map(right.node, event.node);
        }
        same
    }

    /// Whether an event at a leaf of the paper's beam search agrees. Such a leaf has no label in a text, or the label of another node.
    fn agree_leaf(&self, rerun: &Trace, right: Event, event: Event) -> bool {
        let is_leaf = || rerun.node(right.node).is_some_and(|node| self.puzzle.is_terminal(node.state));
        if !self.unannounced_leaves || !is_leaf() {
            return false;
        }
        let claim = self.trace.claim(event);
        match right.kind {
            EventKind::MoveTo => {
                let label = claim.and_then(|claim| claim.label.clone());
                event.node == NO_NODE
                    || label.unwrap_or_else(|| self.trace.label(event.node)) == rerun.label(right.node)
            }
            // Some dialects do not show the state again. Those that do must show the leaf's state.
            EventKind::Visit => {
                let shown = claim.and_then(|claim| claim.state);
                let shown = shown.or_else(|| self.trace.node(event.node).map(|node| node.state));
                let state = rerun.node(right.node).map(|node| &node.state);
                match (shown, state) {
                    (Some(shown), Some(state)) => self.puzzle.same_state(shown, *state),
                    _ => true,
                }
            }
            _ => false,
        }
    }
}

impl TieBreaker for RerunComparison<'_> {
    fn goes_on(&mut self, rerun: &Trace) -> bool {
        self.compare(rerun);
        self.diverged.is_none()
    }

    fn rank_children(&mut self, rerun: &Trace, parent: NodeId, steps: &[Step<MoveId, StateId>], ranks: &mut Vec<u32>) {
        self.compare(rerun);
        let mut places: FxHashMap<(MoveId, StateId), Vec<u32>> = FxHashMap::default();
        for &(child, place) in self.children(self.node(parent)).iter().rev() {
            if let Some(node) = self.trace.node(child)
                && let Some(action) = node.action
            {
                places.entry((action, node.state)).or_default().push(place);
            }
        }
        for step in steps {
            let place = places.get_mut(&(step.action, step.state)).and_then(Vec::pop);
            ranks.push(place.unwrap_or(NOT_MENTIONED));
        }
    }

    fn rank_visit(&mut self, rerun: &Trace, node: NodeId) -> u32 {
        self.compare(rerun);
        self.visits.get(self.node(node) as usize).copied().unwrap_or(NOT_MENTIONED)
    }

    fn child_move(&mut self, rerun: &Trace, parent: NodeId, ordinal: u32) -> Option<MoveId> {
        self.compare(rerun);
        let &(child, _) = self.children(self.node(parent)).get(ordinal as usize)?;
        self.trace.node(child)?.action
    }

    fn visits(&mut self, rerun: &Trace, node: NodeId) -> bool {
        self.rank_visit(rerun, node) < NOT_MENTIONED
    }

    fn opened(&mut self, node: NodeId, key: Cost) {
        let node = node as usize;
        if self.keys.len() <= node {
            self.keys.resize(node + 1, None);
        }
        self.keys[node] = Some(key);
    }
}
