//! The common part of all parsers. It builds nodes and events, keeps the names of opened nodes, and notes where an event contradicts
//! its node.
//!
//! Memory: at most one node for each event and one name for each opened node, so a small multiple of the text.

use std::collections::hash_map::Entry;
use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};
use sos_envs::Cost;

use super::ordinals::Ordinals;
use super::{EventSpans, FormatError, Parsed, Span};
use crate::arena::Puzzle;
use crate::trace::{Claim, Event, EventKind, GOAL_ROOT, MoveId, NO_CLAIM, NO_NODE, Node, NodeId, StateId};

/// Events for which there is room from the start, at most. A text is not yet read then, and may be anything.
const MOST_ROOM: usize = 1 << 14;

/// A trace under construction. `K` is the dialect's name of an opened node: a piece of the text, or a number.
pub(super) struct Builder<'a, K> {
    pub puzzle: &'a Puzzle,
    pub parsed: Parsed,
    /// The node that control is at.
    pub current: NodeId,
    /// The node that was generated last, as long as no event has followed.
    pub pending: NodeId,
    /// Whether the next event starts from a new root: at the start of the text and after a bound.
    pub fresh: bool,
    root_name: K,
    /// The opened nodes of this iteration, by name.
    opened: FxHashMap<K, NodeId>,
    /// Nodes that were opened under a wrong label. References to them claim that label again.
    mislabelled: FxHashSet<NodeId>,
    /// The name of each node; none for one that was not opened.
    names: Vec<Option<K>>,
    ordinals: Ordinals,
}

impl<'a, K: Copy + Eq + Hash> Builder<'a, K> {
    /// A trace without events, with room for about as many as a text of `bytes` bytes tells, if each takes `bytes_of_event`.
    pub fn new(puzzle: &'a Puzzle, root_name: K, bytes: usize, bytes_of_event: usize) -> Self {
        let events = (bytes / bytes_of_event).min(MOST_ROOM);
        // Most nodes have two events: one that makes them, and one that opens them or says why not.
        let nodes = events / 2;
        let mut parsed = Parsed::default();
        parsed.spans.reserve(events);
        parsed.trace.events.reserve(events);
        parsed.trace.nodes.reserve(nodes);
        Builder {
            puzzle,
            parsed,
            current: NO_NODE,
            pending: NO_NODE,
            fresh: true,
            root_name,
            opened: FxHashMap::default(),
            mislabelled: FxHashSet::default(),
            names: Vec::with_capacity(nodes),
            ordinals: Ordinals::with_capacity(nodes),
        }
    }

    /// Reports a place that does not parse.
    pub fn error(&mut self, span: Span, truncated: bool, expected: &'static str) {
        let step = self.parsed.trace.events.len();
        self.parsed.errors.push(FormatError { truncated, step, span, expected });
        self.pending = NO_NODE;
    }

    fn push(&mut self, kind: EventKind, node: NodeId, claim: Claim, spans: EventSpans) {
        let trace = &mut self.parsed.trace;
        let claim = if claim.is_empty() {
            NO_CLAIM
        } else {
            trace.claims.push(claim);
            trace.claims.len() as u32 - 1
        };
        trace.events.push(Event { kind, node, claim });
        self.parsed.spans.push(spans);
    }

    fn add(&mut self, node: Node, name: Option<K>) -> NodeId {
        self.names.push(name);
        self.ordinals.add(node.parent);
        self.parsed.trace.add(node)
    }

    fn root(&mut self, state: StateId) {
        self.names.push(Some(self.root_name));
        self.ordinals.add(NO_NODE);
        self.current = self.parsed.trace.add_root(state);
        self.opened.insert(self.root_name, self.current);
        self.fresh = false;
    }

    fn child(&mut self, state: StateId, action: Option<MoveId>, g: Option<Cost>, h: Option<Cost>) -> NodeId {
        if self.fresh {
            // A completion without its prompt begins at the puzzle's start.
            self.root(self.puzzle.start());
        }
        let depth = self.parsed.trace.node(self.current).map_or(0, |node| node.depth) + 1;
        self.add(Node { parent: self.current, ordinal: 0, depth, state, action, g, h }, None)
    }

    /// Adds the root of a second tree, at the goal, under a name. `label` is the label that the name states, if it is not the right one.
    pub fn goal_root(&mut self, state: StateId, name: K, label: Option<Vec<u32>>, spans: EventSpans) {
        if self.fresh {
            self.root(self.puzzle.start());
        }
        let claim = Claim { label, repeated_label: self.opened.contains_key(&name), ..Claim::default() };
        self.names.push(Some(name));
        self.ordinals.add(NO_NODE);
        let node = self.parsed.trace.add_goal_root(state);
        self.opened.entry(name).or_insert(node);
        if claim.label.is_some() {
            self.mislabelled.insert(node);
        }
        self.push(EventKind::Root, node, claim, spans);
        self.pending = NO_NODE;
    }

    /// Adds a meeting of two trees in two named nodes. `label` gives the label that a name states; it is called for an unknown name.
    pub fn meet(&mut self, forward: K, backward: K, label: impl FnOnce(K) -> Option<Vec<u32>>, spans: EventSpans) {
        let find = |name| self.find(name).unwrap_or(NO_NODE);
        let meeting = (find(forward), find(backward));
        let unknown = [(forward, meeting.0), (backward, meeting.1)].into_iter().find(|(_, node)| *node == NO_NODE);
        let claim = Claim { label: unknown.and_then(|(name, _)| label(name)), ..Claim::default() };
        self.parsed.trace.meetings.push(meeting);
        let index = self.parsed.trace.meetings.len() as NodeId - 1;
        self.push(EventKind::Meet, index, claim, spans);
        self.pending = NO_NODE;
    }

    /// The node with a name.
    pub fn find(&self, name: K) -> Option<NodeId> {
        self.opened.get(&name).copied()
    }

    /// Adds a child of the current node. The move is none where the text shows only the state and no step leads to it.
    pub fn generate(
        &mut self,
        action: impl Into<Option<MoveId>>,
        state: StateId,
        g: Option<Cost>,
        h: Option<Cost>,
        spans: EventSpans,
    ) -> NodeId {
        let node = self.child(state, action.into(), g, h);
        self.push(EventKind::Generate, node, Claim::default(), spans);
        self.pending = node;
        node
    }

    /// The node that an opening refers to: the node generated last, or else a new child.
    pub fn find_or_make_to_open(&mut self, action: MoveId, state: StateId) -> NodeId {
        if self.pending == NO_NODE { self.child(state, Some(action), None, None) } else { self.pending }
    }

    /// The node generated last, as long as no event has followed.
    pub fn pending(&self) -> Option<NodeId> {
        (self.pending != NO_NODE).then_some(self.pending)
    }

    /// Adds a child of the current node for an opening that tells move, state and costs itself.
    pub fn make_to_open(&mut self, action: MoveId, state: StateId, g: Option<Cost>, h: Option<Cost>) -> NodeId {
        self.pending = NO_NODE;
        self.child(state, Some(action), g, h)
    }

    /// Opens a node under a name. `label` is the label that the name states, if it is not the right one.
    pub fn open(&mut self, node: NodeId, name: K, label: Option<Vec<u32>>, mut claim: Claim, spans: EventSpans) {
        match self.opened.entry(name) {
            Entry::Occupied(_) => claim.repeated_label = true,
            Entry::Vacant(entry) => {
                entry.insert(node);
                self.names[node as usize] = Some(name);
                if label.is_some() {
                    self.mislabelled.insert(node);
                }
            }
        }
        claim.label = label;
        self.push(EventKind::Open, node, claim, spans);
        self.pending = NO_NODE;
    }

    /// Adds a move to a named node, or the dropping of one. `label` gives the label that the name states; it is called for a node that does
    /// not exist or has another label.
    pub fn reference(
        &mut self,
        kind: EventKind,
        name: K,
        label: impl FnOnce() -> Option<Vec<u32>>,
        spans: EventSpans,
    ) -> Option<()> {
        let node = self.find(name).unwrap_or(NO_NODE);
        let mut claim = Claim::default();
        if node == NO_NODE || self.mislabelled.contains(&node) {
            claim.label = Some(label()?);
        }
        self.push(kind, node, claim, spans);
        self.pending = NO_NODE;
        if kind == EventKind::MoveTo {
            self.current = node;
        }
        Some(())
    }

    /// Adds a visit of the current node. At the start of the text or after a bound, the node is a new root. Gives whether the path, where the text
    /// tells it, is the one to the node.
    pub fn visit(&mut self, state: StateId, path: Option<Vec<MoveId>>, wrong_target: bool, spans: EventSpans) -> bool {
        let mut claim = Claim { wrong_target, ..Claim::default() };
        if self.fresh {
            self.root(state);
        } else if self.current == NO_NODE {
            // After a move to a node that does not exist, the trace continues from the state that is claimed here.
            self.names.push(None);
            self.ordinals.add(NO_NODE);
            self.current = self.parsed.trace.add_root(state);
        }
        let node = &self.parsed.trace.nodes[self.current as usize];
        claim.state = (node.state != state).then_some(state);
        claim.path = path.filter(|path| !self.same_path(self.current, path));
        let same = claim.path.is_none();
        self.push(EventKind::Visit, self.current, claim, spans);
        self.pending = NO_NODE;
        same
    }

    /// Adds a visit of the current node with stated costs, which may differ from the node's.
    pub fn visit_with_costs(&mut self, state: StateId, costs: Option<(Cost, Cost)>, spans: EventSpans) {
        self.visit(state, None, false, spans);
        if costs.is_none() {
            return;
        }
        let step = self.parsed.trace.events.len() - 1;
        let claim = self.parsed.trace.claim(self.parsed.trace.events[step]).cloned().unwrap_or_default();
        self.parsed.trace.set_claim(step, Claim { costs, ..claim });
    }

    /// Releases a name. The next node that gets it does not repeat a label.
    pub fn forget(&mut self, name: K) {
        self.opened.remove(&name);
    }

    /// Adds an event about a given node.
    pub fn say_of(&mut self, node: NodeId, kind: EventKind, spans: EventSpans) {
        self.push(kind, node, Claim::default(), spans);
        self.pending = NO_NODE;
    }

    /// Moves control to a node that exists.
    pub fn move_to(&mut self, node: NodeId, spans: EventSpans) {
        self.move_back(node, None, spans);
    }

    /// Moves control to a node that exists. `action` is the move by which the text names the return, where it did not lead to the current node.
    pub fn move_back(&mut self, node: NodeId, action: Option<MoveId>, spans: EventSpans) {
        self.push(EventKind::MoveTo, node, Claim { action, ..Claim::default() }, spans);
        self.current = node;
        self.pending = NO_NODE;
    }

    /// Adds a visit of a given node that shows nothing.
    pub fn visit_node(&mut self, node: NodeId, spans: EventSpans) {
        self.current = node;
        self.push(EventKind::Visit, node, Claim::default(), spans);
        self.pending = NO_NODE;
    }

    /// Whether a list of moves is the path to a node. Time is linear in the list.
    fn same_path(&self, mut id: NodeId, path: &[MoveId]) -> bool {
        for action in path.iter().rev() {
            match self.parsed.trace.node(id) {
                Some(node) if node.action == Some(*action) => id = node.parent,
                _ => return false,
            }
        }
        self.parsed.trace.node(id).is_some_and(|node| node.action.is_none())
    }

    /// Starts a new iteration. A single visit before the first bound comes from the prompt and is removed.
    pub fn bound(&mut self, bound: Cost, spans: EventSpans) {
        if matches!(self.parsed.trace.events[..], [Event { kind: EventKind::Visit, .. }]) {
            self.parsed.trace.clear();
            self.parsed.spans.clear();
            self.names.clear();
            self.ordinals = Ordinals::default();
        }
        self.parsed.trace.bounds.push(bound);
        let index = self.parsed.trace.bounds.len() as NodeId - 1;
        self.push(EventKind::Bound, index, Claim::default(), spans);
        self.opened.clear();
        self.current = NO_NODE;
        self.pending = NO_NODE;
        self.fresh = true;
    }

    /// Ends the search.
    pub fn end(&mut self, kind: EventKind, spans: EventSpans) {
        self.push(kind, NO_NODE, Claim::default(), spans);
        self.pending = NO_NODE;
    }

    /// Adds an event about the node generated last, or else about the current one.
    pub fn say(&mut self, kind: EventKind, value: Option<StateId>, wrong_target: bool, spans: EventSpans) {
        let node = if self.pending == NO_NODE { self.current } else { self.pending };
        let fits =
            |value: StateId| self.parsed.trace.node(node).is_some_and(|node| self.puzzle.value_fits(value, node.state));
        let state = value.filter(|value| !fits(*value));
        self.push(kind, node, Claim { wrong_target, state, ..Claim::default() }, spans);
        self.pending = NO_NODE;
    }
}

/// Parsers whose names are numbers.
impl Builder<'_, u64> {
    /// The number of each node; none for one that was not opened.
    pub fn numbers(&self) -> Vec<Option<u32>> {
        self.names.iter().map(|name| u32::try_from((*name)?).ok()).collect()
    }
}

/// Parsers whose names are labels, as they stand in the text.
impl<'a> Builder<'a, &'a [u8]> {
    /// Opens a node under a label. A label that is not the next one among its parent's children becomes a claim. None where the bytes are
    /// no label.
    pub fn open_labelled(
        &mut self,
        node: NodeId,
        label: &'a [u8],
        separator: u8,
        claim: Claim,
        spans: EventSpans,
    ) -> Option<()> {
        let parent = self.parsed.trace.nodes[node as usize].parent;
        let prefix = self.names.get(parent as usize).copied().flatten();
        let number = prefix
            .and_then(|prefix| label.strip_prefix(prefix))
            .and_then(|rest| rest.strip_prefix(&[separator]))
            .filter(|rest| *rest == b"0" || !rest.starts_with(b"0"))
            .and_then(|rest| std::str::from_utf8(rest).ok()?.parse().ok());
        let repeated = self.opened.contains_key(label);
        let ordinal = number.filter(|&number| self.ordinals.open(node, parent, number, repeated));
        if number.is_none() {
            self.ordinals.take(parent, None);
        }
        let label_claim = match ordinal {
            Some(ordinal) => {
                self.parsed.trace.nodes[node as usize].ordinal = ordinal;
                None
            }
            None => {
                let numbers = read_label(label, separator)?;
                let cut = label.iter().rposition(|&byte| byte == separator).unwrap_or(0);
                if let Some(other) = self.find(&label[..cut]).filter(|&other| other != parent) {
                    self.ordinals.take(other, numbers.last().copied());
                }
                Some(numbers)
            }
        };
        self.open(node, label, label_claim, claim, spans);
        Some(())
    }
}

/// The label of a goal's root, if it is not the right one. The outer option is none where the bytes are no label.
pub(super) fn other_root(label: &[u8], separator: u8) -> Option<Option<Vec<u32>>> {
    let label = read_label(label, separator)?;
    Some((label != [GOAL_ROOT]).then_some(label))
}

/// The numbers of a label.
pub(super) fn read_label(label: &[u8], separator: u8) -> Option<Vec<u32>> {
    std::str::from_utf8(label).ok()?.split(char::from(separator)).map(|part| part.parse().ok()).collect()
}
