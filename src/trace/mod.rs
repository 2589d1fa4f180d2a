//! Traces: what a search did, or what a text claims that a search did. A trace is typed and holds no text.
//!
//! A [`Trace`] is a list of nodes and a list of small [`Event`]s that refer to them. A node holds the state, the move and the costs
//! that the trace *claims* where it generates the node. A later event may contradict its node (a wrong state line, another label).
//! Such an event carries a [`Claim`]; a clean trace has none. So a clean trace, a corrupted trace and the parsed output of a model
//! have the same type.

use sos_envs::Cost;

/// The number of a state among the states that its puzzle has met. The puzzle keeps the state itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(pub u32);

/// The number of a move among the moves that its puzzle has met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MoveId(pub u32);

/// Index of a node in its trace.
pub type NodeId = u32;

/// No node. An event has it where it refers to a node that was never generated; a root has it as its parent.
pub const NO_NODE: NodeId = NodeId::MAX;

/// The ordinal of the root of a tree that is searched from the goal. The root at the start has ordinal 0.
pub const GOAL_ROOT: u32 = 1;

/// No claim: the event agrees with its node.
pub const NO_CLAIM: u32 = u32::MAX;

/// A node with the values that the trace claims where it generates the node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node<S = StateId, M = MoveId> {
    /// The parent; [`NO_NODE`] for a root.
    pub parent: NodeId,
    /// The number of the node among its parent's children. It is the last part of the node's label.
    pub ordinal: u32,
    /// Number of moves from the root.
    pub depth: u32,
    /// The state.
    pub state: S,
    /// The move from the parent. None for a root. Also none where the text names only states and no step leads to this one.
    pub action: Option<M>,
    /// Cost from the root; none where the trace does not tell it.
    pub g: Option<Cost>,
    /// Estimate of the cost to the goal, in units of `1 / ESTIMATE_SCALE`; none where the trace does not tell it.
    pub h: Option<Cost>,
}

/// The kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// Control is at the node and its state is shown, for the first time or after a return.
    Visit,
    /// A move from the current node makes the node.
    Generate,
    /// The generated node gets a name; the search may move to it later.
    Open,
    /// The node is a goal.
    Goal,
    /// The node is not a goal and leads nowhere.
    DeadEnd,
    /// The state of the generated node was reached before at no greater cost.
    Seen,
    /// The generated node lies beyond the bound and is not opened.
    Cut,
    /// The opened node is dropped without being visited.
    Prune,
    /// Control goes to the node.
    MoveTo,
    /// A new iteration starts from the root with a bound. [`Event::node`] is an index into [`Trace::bounds`].
    Bound,
    /// A second tree begins. Its root is the node, which is a goal; its moves lead away from the goal.
    Root,
    /// A node of the start's tree and a node of the goal's tree are the same position, so a solution leads through it. [`Event::node`]
    /// is an index into [`Trace::meetings`].
    Meet,
    /// The search ends without a solution. It does not claim that there is none.
    GiveUp,
    /// The search ends and claims that the puzzle has no solution.
    Unsolvable,
}

/// An event of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The kind.
    pub kind: EventKind,
    /// The node, or an index as the kind says; [`NO_NODE`] where the event refers to nothing.
    pub node: NodeId,
    /// An index into [`Trace::claims`] where the event contradicts its node; else [`NO_CLAIM`].
    pub claim: u32,
}

/// The fields in which an event contradicts its node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claim {
    /// Another state.
    pub state: Option<StateId>,
    /// Another move.
    pub action: Option<MoveId>,
    /// Another list of moves from the root.
    pub path: Option<Vec<MoveId>>,
    /// Another label.
    pub label: Option<Vec<u32>>,
    /// Another cost from the root, and another estimate of the cost to the goal.
    pub costs: Option<(Cost, Cost)>,
    /// Whether a node with this label was opened before.
    pub repeated_label: bool,
    /// Whether the event names a goal that is not the puzzle's.
    pub wrong_target: bool,
}

impl Claim {
    /// Whether the claim contradicts nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The answer section behind a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The moves from the start; none where the answer says that there is no solution.
    pub moves: Option<Vec<MoveId>>,
    /// Whether the answer claims that no solution is cheaper.
    pub optimal: bool,
}

/// A trace. While a search writes it, states and moves are the environment's own values; everywhere else they are ids.
#[derive(Debug, PartialEq)]
pub struct Trace<S = StateId, M = MoveId> {
    /// The nodes, in the order of their first mention.
    pub nodes: Vec<Node<S, M>>,
    /// The events, in order.
    pub events: Vec<Event>,
    /// The claims of events that contradict their nodes.
    pub claims: Vec<Claim>,
    /// The bounds of the iterations, in units of `1 / ESTIMATE_SCALE`.
    pub bounds: Vec<Cost>,
    /// The meetings of two trees: a node of the start's tree and a node of the goal's tree.
    pub meetings: Vec<(NodeId, NodeId)>,
    /// The answer section; none where the text has none.
    pub answer: Option<Answer>,
}

impl<S, M> Default for Trace<S, M> {
    fn default() -> Self {
        Trace {
            nodes: Vec::new(),
            events: Vec::new(),
            claims: Vec::new(),
            bounds: Vec::new(),
            meetings: Vec::new(),
            answer: None,
        }
    }
}

impl<S: Clone, M: Clone> Clone for Trace<S, M> {
    fn clone(&self) -> Self {
        let mut copy = Trace::default();
        copy.clone_from(self);
        copy
    }

    /// Copies a trace into the memory of this one.
    fn clone_from(&mut self, from: &Self) {
        let Trace { nodes, events, claims, bounds, meetings, answer } = from;
        self.nodes.clone_from(nodes);
        self.events.clone_from(events);
        self.claims.clone_from(claims);
        self.bounds.clone_from(bounds);
        self.meetings.clone_from(meetings);
        self.answer.clone_from(answer);
    }
}

impl<S, M: Copy> Trace<S, M> {
    /// Removes everything and keeps the memory.
    pub fn clear(&mut self) {
        self.nodes.clear();
        self.events.clear();
        self.claims.clear();
        self.bounds.clear();
        self.meetings.clear();
        self.answer = None;
    }

    /// Appends an event that agrees with its node.
    #[inline]
    pub fn push(&mut self, kind: EventKind, node: NodeId) {
        self.events.push(Event { kind, node, claim: NO_CLAIM });
    }

    /// Whether the trace tells anything of a search. A first look at the start does not count: the prompt tells it as well.
    pub fn tells(&self) -> bool {
        !matches!(self.events[..], [] | [Event { kind: EventKind::Visit, node: 0, .. }])
    }

    /// The node with an id; none where there is none.
    #[inline]
    pub fn node(&self, id: NodeId) -> Option<&Node<S, M>> {
        self.nodes.get(id as usize)
    }

    /// How many ids are valid in an event of this kind.
    pub fn known(&self, kind: EventKind) -> usize {
        match kind {
            EventKind::Bound => self.bounds.len(),
            EventKind::Meet => self.meetings.len(),
            _ => self.nodes.len(),
        }
    }

    /// The claim of an event; none where it agrees with its node.
    pub fn claim(&self, event: Event) -> Option<&Claim> {
        self.claims.get(event.claim as usize)
    }

    /// Sets the claim of the event at an index.
    pub fn set_claim(&mut self, event: usize, claim: Claim) {
        self.events[event].claim = self.claims.len() as u32;
        self.claims.push(claim);
    }

    /// Appends a root.
    pub fn add_root(&mut self, state: S) -> NodeId {
        self.add(Node { parent: NO_NODE, ordinal: 0, depth: 0, state, action: None, g: None, h: None })
    }

    /// Appends the root of a second tree, which is searched from the goal. Its ordinal is [`GOAL_ROOT`].
    pub fn add_goal_root(&mut self, state: S) -> NodeId {
        self.add(Node { parent: NO_NODE, ordinal: GOAL_ROOT, depth: 0, state, action: None, g: None, h: None })
    }

    /// Appends the event that two trees meet in these nodes.
    pub fn meet(&mut self, forward: NodeId, backward: NodeId) {
        self.meetings.push((forward, backward));
        self.push(EventKind::Meet, self.meetings.len() as NodeId - 1);
    }

    /// Appends a node.
    #[inline]
    pub fn add(&mut self, node: Node<S, M>) -> NodeId {
        let id = self.nodes.len() as NodeId;
        self.nodes.push(node);
        id
    }

    /// Appends the moves from the root to a node.
    pub fn moves_to(&self, mut id: NodeId, moves: &mut Vec<M>) {
        let start = moves.len();
        while let Some(node) = self.node(id) {
            moves.extend(node.action);
            id = node.parent;
        }
        moves[start..].reverse();
    }

    /// The label of a node: the ordinals on the way from its root. The first is 0, or [`GOAL_ROOT`] in a tree from the goal.
    pub fn label(&self, mut id: NodeId) -> Vec<u32> {
        let mut label = Vec::new();
        while let Some(node) = self.node(id) {
            label.push(node.ordinal);
            id = node.parent;
        }
        label.reverse();
        label
    }

    /// The node of the first event that claims a goal.
    pub fn first_goal(&self) -> Option<NodeId> {
        self.events.iter().find(|event| event.kind == EventKind::Goal).map(|event| event.node)
    }

    /// The sizes that go into a row.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { nodes: self.nodes.len() as u64, ..Counts::default() };
        let mut current = NO_NODE;
        for event in &self.events {
            match event.kind {
                EventKind::MoveTo => {
                    let child = self.node(event.node).is_some_and(|node| node.parent == current && current != NO_NODE);
                    counts.backtracks += u64::from(!child);
                    current = event.node;
                }
                EventKind::Visit => {
                    counts.visits += 1;
                    current = event.node;
                }
                _ => {}
            }
        }
        counts.depth = self.nodes.iter().map(|node| u64::from(node.depth)).max().unwrap_or(0);
        counts
    }
}

/// The size of a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Number of nodes, roots included.
    pub nodes: u64,
    /// Number of visits, returns included.
    pub visits: u64,
    /// Number of moves of control to a node that is not a child of the current node.
    pub backtracks: u64,
    /// Greatest depth of a node, in moves.
    pub depth: u64,
}
