//! Traces: what a search did, or what a text claims that it did. Typed, without any text.
//!
//! A [`Trace`] is a list of nodes and a list of small [`Event`]s that refer to them. A node holds the state, the move and the costs
//! that are *claimed* for it where it is generated. Where a later event says something else of the same node (a wrong
//! state line, another label), the event carries a [`Claim`] of its own; a clean trace has none. So a clean trace, a corrupted one
//! and the parsed output of a model are the same kind of thing.

use sos_envs::Cost;

/// A state of a puzzle, by its number among those that were met; the puzzle knows the state itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(pub u32);

/// A move of a puzzle, by its number among those that were met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MoveId(pub u32);

/// Index of a node in its trace.
pub type NodeId = u32;

/// No node: where an event refers to one that was never generated, or a node has no parent.
pub const NO_NODE: NodeId = NodeId::MAX;

/// The number of the root of a tree that is searched from the goal; that of the start is 0.
pub const GOAL_ROOT: u32 = 1;

/// No claim: the event says what its node says.
pub const NO_CLAIM: u32 = u32::MAX;

/// A node, as it is claimed where it is generated.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<S = StateId, M = MoveId> {
    /// The node that it was generated from; [`NO_NODE`] for a root.
    pub parent: NodeId,
    /// Its number among the parent's children; the last part of its label.
    pub ordinal: u32,
    /// Moves from the root.
    pub depth: u32,
    /// The state.
    pub state: S,
    /// The move that leads to it; none for a root, and where the text tells only states and no step leads to this one.
    pub action: Option<M>,
    /// Cost from the root, where the trace tells it.
    pub g: Option<Cost>,
    /// Estimate of the cost to go, in units of `1 / ESTIMATE_SCALE`, where the trace tells it.
    pub h: Option<Cost>,
}

/// What kind of thing happens in a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// Control is at the node: its state is looked at, for the first time or after a return.
    Visit,
    /// The node is made by a move from the current one.
    Generate,
    /// The generated node is named and may be moved to.
    Open,
    /// The node is a goal.
    Goal,
    /// The node is no goal and leads nowhere.
    DeadEnd,
    /// The generated node's state was reached before, as cheaply.
    Seen,
    /// The generated node lies beyond the bound and is not opened.
    Cut,
    /// The opened node is dropped without being visited.
    Prune,
    /// Control goes to the node.
    MoveTo,
    /// A new iteration starts from the root with a bound: [`Event::node`] is an index into [`Trace::bounds`].
    Bound,
    /// A second tree begins: its root is the node, a goal, and its moves lead away from there.
    Root,
    /// A node of the start's tree and one of the goal's are the same position, so that there is a solution through it: [`Event::node`] is an index into
    /// [`Trace::meetings`].
    Meet,
    /// The search ends without a solution, and claims no more than that.
    GiveUp,
    /// The search ends and claims that there is no solution.
    Unsolvable,
}

/// One thing in a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happens.
    pub kind: EventKind,
    /// To which node; [`NO_NODE`] where there is none.
    pub node: NodeId,
    /// What the event says differently from its node: an index into [`Trace::claims`], or [`NO_CLAIM`].
    pub claim: u32,
}

/// What an event says of its node that differs from what the node says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claim {
    /// Another state.
    pub state: Option<StateId>,
    /// Another move.
    pub action: Option<MoveId>,
    /// Other moves from the root.
    pub path: Option<Vec<MoveId>>,
    /// Another label.
    pub label: Option<Vec<u32>>,
    /// Another cost from the root and estimate of the cost to go.
    pub costs: Option<(Cost, Cost)>,
    /// Whether a node of that label was opened before.
    pub repeated_label: bool,
    /// Another goal of the puzzle.
    pub wrong_target: bool,
}

impl Claim {
    /// Whether nothing is said differently.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The answer section behind a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The moves from the start; none says that there is no solution.
    pub moves: Option<Vec<MoveId>>,
    /// Whether it is claimed that nothing is cheaper.
    pub optimal: bool,
}

/// A trace. While a search writes it, states and moves are the puzzle's own values; everywhere else they are ids.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace<S = StateId, M = MoveId> {
    /// The nodes, in the order in which they are first mentioned.
    pub nodes: Vec<Node<S, M>>,
    /// The events, in order.
    pub events: Vec<Event>,
    /// What events say differently from their nodes.
    pub claims: Vec<Claim>,
    /// The bounds of iterations, in units of `1 / ESTIMATE_SCALE`.
    pub bounds: Vec<Cost>,
    /// Where two trees meet: a node of the start's and one of the goal's.
    pub meetings: Vec<(NodeId, NodeId)>,
    /// The answer section, where there is one.
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

impl<S, M: Copy> Trace<S, M> {
    /// Empties the trace and keeps its buffers.
    pub fn clear(&mut self) {
        self.nodes.clear();
        self.events.clear();
        self.claims.clear();
        self.bounds.clear();
        self.meetings.clear();
        self.answer = None;
    }

    /// Appends an event that says what its node says.
    #[inline]
    pub fn push(&mut self, kind: EventKind, node: NodeId) {
        self.events.push(Event { kind, node, claim: NO_CLAIM });
    }

    /// Whether it tells of a search at all: a look at the start alone is the prompt's.
    pub fn tells(&self) -> bool {
        !matches!(self.events[..], [] | [Event { kind: EventKind::Visit, node: 0, .. }])
    }

    /// The node of an id, if it is one.
    #[inline]
    pub fn node(&self, id: NodeId) -> Option<&Node<S, M>> {
        self.nodes.get(id as usize)
    }

    /// How many things there are that an event of a kind can refer to.
    pub fn known(&self, kind: EventKind) -> usize {
        match kind {
            EventKind::Bound => self.bounds.len(),
            EventKind::Meet => self.meetings.len(),
            _ => self.nodes.len(),
        }
    }

    /// What an event says differently.
    pub fn claim(&self, event: Event) -> Option<&Claim> {
        self.claims.get(event.claim as usize)
    }

    /// Lets an event say something differently.
    pub fn set_claim(&mut self, event: usize, claim: Claim) {
        self.events[event].claim = self.claims.len() as u32;
        self.claims.push(claim);
    }

    /// Appends a root.
    pub fn add_root(&mut self, state: S) -> NodeId {
        self.add(Node { parent: NO_NODE, ordinal: 0, depth: 0, state, action: None, g: None, h: None })
    }

    /// Appends a root of a second tree, which is searched from the goal. Its number is [`GOAL_ROOT`].
    pub fn add_goal_root(&mut self, state: S) -> NodeId {
        self.add(Node { parent: NO_NODE, ordinal: GOAL_ROOT, depth: 0, state, action: None, g: None, h: None })
    }

    /// Appends the event that two trees meet.
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

    /// The moves from the root to a node, appended.
    pub fn moves_to(&self, mut id: NodeId, moves: &mut Vec<M>) {
        let start = moves.len();
        while let Some(node) = self.node(id) {
            moves.extend(node.action);
            id = node.parent;
        }
        moves[start..].reverse();
    }

    /// The label of a node: the ordinals from its root, which is 0, or [`GOAL_ROOT`].
    pub fn label(&self, mut id: NodeId) -> Vec<u32> {
        let mut label = Vec::new();
        while let Some(node) = self.node(id) {
            label.push(node.ordinal);
            id = node.parent;
        }
        label.reverse();
        label
    }

    /// The first node that is called a goal.
    pub fn first_goal(&self) -> Option<NodeId> {
        self.events.iter().find(|event| event.kind == EventKind::Goal).map(|event| event.node)
    }

    /// Counts that go into a row.
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

/// How large a trace is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Nodes that are mentioned, roots included.
    pub nodes: u64,
    /// Visits, returns included.
    pub visits: u64,
    /// Moves of control to anything but a child of the current node.
    pub backtracks: u64,
    /// Greatest depth of a node.
    pub depth: u64,
}
