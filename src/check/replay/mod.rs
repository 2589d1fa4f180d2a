//! The replay: every event of a trace is judged by the rules of its puzzle. The search that made the trace is never used.
//!
//! Each claim is judged relative to the claims before it. After a wrong state, moves from that state are judged by it, so one slip is
//! one error and not a hundred.

mod claims;
mod control;
mod transitions;

use rustc_hash::FxHashMap;
use sos_envs::{Cost, Style};

use super::LazyFacts;
use super::ancestors::Ancestors;
use super::error::{ErrorClass, TraceError};
use crate::arena::Puzzle;
use crate::dialect::{Coverage, Field, Names, Ordinals, Parsed};
use crate::trace::{Claim, Event, EventKind, MoveId, NO_NODE, NodeId, StateId, Trace};

/// Depth up to which messages spell out the path to a node.
const SPELLED_OUT: u32 = 32;

/// What the replay knows about a node.
#[derive(Clone, Copy, Default)]
struct Status {
    /// Its transition was judged.
    judged: bool,
    /// Every step from the start to the node is right.
    sound: bool,
    /// Cost of the moves to the node; none where one of them is not possible.
    cost: Option<Cost>,
    opened: bool,
    visited: bool,
    /// Called a goal, a dead end, seen before, cut or dropped. Such a node may not be moved to.
    closed: bool,
}

/// The node that mentions a position at the least cost, and the least cost among all other nodes.
#[derive(Clone, Copy)]
struct Mentions {
    least: Cost,
    by: NodeId,
    others: Option<Cost>,
}

impl Mentions {
    fn add(&mut self, node: NodeId, cost: Cost) {
        if node == self.by {
            self.least = self.least.min(cost);
        } else if cost < self.least {
            (self.others, self.least, self.by) = (Some(self.least), cost, node);
        } else {
            self.others = Some(self.others.map_or(cost, |least| least.min(cost)));
        }
    }

    /// The least cost among all nodes but this one.
    fn beside(&self, node: NodeId) -> Option<Cost> {
        if node == self.by { self.others } else { Some(self.least) }
    }
}

/// The result of a replay.
pub(super) struct Replayed {
    pub errors: Vec<TraceError>,
    /// Whether the first claimed goal (or meeting of two trees) is one and every step to it is right. None where none is claimed.
    pub goal: Option<bool>,
    /// What the right steps to this goal cost; none where there is no such goal, or where two trees meet.
    pub goal_cost: Option<Cost>,
    /// Whether the trace says that there is no solution.
    pub says_unsolvable: bool,
}

pub(super) struct Replay<'a> {
    puzzle: &'a Puzzle,
    parsed: &'a Parsed,
    facts: &'a LazyFacts<'a>,
    errors: Vec<TraceError>,
    status: Vec<Status>,
    ancestors: Ancestors,
    current: NodeId,
    /// Which nodes mention each position. The key says whether the tree is the goal's (true). Kept only where an event needs it.
    mentioned: Option<FxHashMap<(bool, StateId), Mentions>>,
    /// Whether each node belongs to the tree of the goal.
    goal_side: Vec<bool>,
    has_goal_root: bool,
    /// The heuristic of the trace's estimates. All of them must be of the same one.
    heuristic: Option<usize>,
    /// The numbers of children. Kept only where the text names nodes by index and gives these numbers beside.
    ordinals: Option<Ordinals>,
    /// The bound of this iteration.
    bound: Option<Cost>,
    /// Whether the last move was to a wrong node.
    astray: bool,
    /// The right costs of nodes that claim wrong ones.
    right_costs: FxHashMap<NodeId, Cost>,
    /// The right move and state of nodes that claim wrong ones.
    rights: FxHashMap<NodeId, Right>,
    goal: Option<bool>,
    goal_cost: Option<Cost>,
    says_unsolvable: bool,
}

/// For each node, whether it belongs to the tree of the goal.
fn goal_side(trace: &Trace) -> Vec<bool> {
    let mut side = vec![false; trace.nodes.len()];
    for event in trace.events.iter().filter(|event| event.kind == EventKind::Root) {
        if let Some(side) = side.get_mut(event.node as usize) {
            *side = true;
        }
    }
    for (id, node) in trace.nodes.iter().enumerate() {
        // Parents stand before their children.
        side[id] |= side.get(node.parent as usize).copied().unwrap_or(false);
    }
    side
}

/// The heuristic that agrees with the most estimates of a trace; of equals, the first. None where the trace tells no estimates.
fn told_heuristic(puzzle: &Puzzle, trace: &Trace) -> Option<usize> {
    let told = || trace.nodes.iter().filter_map(|node| Some((node.state, node.h?)));
    told().next()?;
    let fits = |heuristic| told().filter(|&(state, h)| puzzle.estimate(heuristic, state) == h).count();
    match puzzle.about().heuristics.len() {
        one @ (0 | 1) => (one == 1).then_some(0),
        more => (0..more).max_by_key(|&heuristic| (fits(heuristic), std::cmp::Reverse(heuristic))),
    }
}

/// The right values of a node that claims wrong ones.
struct Right {
    action: MoveId,
    /// The right state, where the claimed one differs.
    state: Option<StateId>,
    /// Whether the trace has gone on from the right state.
    adopted: bool,
}

pub(super) fn replay(puzzle: &Puzzle, parsed: &Parsed, facts: &LazyFacts<'_>) -> Replayed {
    let trace = &parsed.trace;
    let needs_mentions = trace.events.iter().any(|event| {
        event.kind == EventKind::Seen
            || (event.kind == EventKind::DeadEnd
                && trace.node(event.node).is_some_and(|node| !puzzle.is_terminal(node.state)))
    });
    let mut replay = Replay {
        puzzle,
        parsed,
        facts,
        errors: Vec::new(),
        status: vec![Status::default(); trace.nodes.len()],
        ancestors: Ancestors::new(trace),
        current: NO_NODE,
        mentioned: needs_mentions.then(FxHashMap::default),
        goal_side: goal_side(trace),
        has_goal_root: false,
        heuristic: told_heuristic(puzzle, trace),
        ordinals: (parsed.names == Names::Indices).then(|| Ordinals::of(trace.nodes.iter().map(|node| node.parent))),
        bound: None,
        astray: false,
        right_costs: FxHashMap::default(),
        rights: FxHashMap::default(),
        goal: None,
        goal_cost: None,
        says_unsolvable: false,
    };
    for (step, &event) in trace.events.iter().enumerate() {
        replay.event(step, event);
    }
    let Replay { errors, goal, goal_cost, says_unsolvable, .. } = replay;
    Replayed { errors, goal, goal_cost, says_unsolvable }
}

impl Replay<'_> {
    fn error(&mut self, step: usize, field: Option<Field>, class: ErrorClass, found: String, expected: String) {
        let spans = self.parsed.spans.get(step);
        let span = spans.map(|spans| field.map_or(spans.whole, |field| spans.field(field)));
        self.errors.push(TraceError { class, level: class.level(), step, span, found, expected });
    }

    fn event(&mut self, step: usize, event: Event) {
        let claim = self.parsed.trace.claim(event);
        match event.kind {
            _ if self.is_unknown(event) => self.unknown(step, event, claim),
            EventKind::Visit => self.visit(step, event.node, claim),
            EventKind::Generate => self.generate(step, event.node),
            EventKind::Open => self.open(step, event.node, claim),
            EventKind::Goal => self.goal(step, event.node, claim),
            EventKind::DeadEnd => self.dead_end(step, event.node, claim),
            EventKind::Seen => self.seen(step, event.node, claim),
            EventKind::Cut => self.cut(step, event.node, claim),
            EventKind::Prune => self.prune(step, event.node, claim),
            EventKind::MoveTo => self.move_to(step, event.node, claim),
            EventKind::Bound => {
                self.current = NO_NODE;
                self.bound = self.parsed.trace.bounds.get(event.node as usize).copied();
            }
            EventKind::Root => self.goal_root(step, event.node, claim),
            EventKind::Meet => self.meet(step, event.node, claim),
            EventKind::GiveUp => {}
            EventKind::Unsolvable => self.unsolvable(step),
        }
    }

    /// Whether an event refers to no node, or to a node that was never generated.
    fn is_unknown(&self, event: Event) -> bool {
        use EventKind::*;
        let known = self.status.get(event.node as usize);
        match event.kind {
            Visit | Generate | Open | Root => known.is_none() && self.current != NO_NODE,
            Goal | DeadEnd | Seen | Cut => match known {
                Some(status) => self.parsed.told == Coverage::All && !status.judged,
                None => self.current != NO_NODE,
            },
            Prune | MoveTo | Bound | Meet | GiveUp | Unsolvable => false,
        }
    }

    fn unknown(&mut self, step: usize, event: Event, claim: Option<&Claim>) {
        let label = claim.and_then(|claim| claim.label.as_deref());
        let found = match label {
            Some(label) => self.show_label(label),
            None if self.parsed.trace.node(event.node).is_some() => self.name(event.node),
            None => "an unknown node".into(),
        };
        self.error(step, Some(Field::Label), ErrorClass::UnknownNode, found, "a node that was generated".into());
    }

    fn show_state(&self, state: StateId) -> String {
        text(|out| self.puzzle.write_state(state, Style::Frame, out))
    }

    fn show_move(&self, action: MoveId) -> String {
        text(|out| self.puzzle.write_move(action, Style::Frame, out))
    }

    fn show_moves(&self, moves: &[MoveId]) -> String {
        moves.iter().map(|&action| self.show_move(action)).collect::<Vec<_>>().join(", ")
    }

    fn show_path(&self, id: NodeId) -> String {
        if self.parsed.trace.node(id).is_some_and(|node| node.depth > SPELLED_OUT) {
            return self.name(id);
        }
        let mut moves = Vec::new();
        self.parsed.trace.moves_to(id, &mut moves);
        self.show_moves(&moves)
    }

    fn close(&mut self, node: NodeId) {
        if let Some(status) = self.status.get_mut(node as usize) {
            status.closed = true;
        }
    }

    /// A node as the text names it. The label of a deep node is not spelled out, so that an error costs no more than its line.
    fn name(&self, id: NodeId) -> String {
        let Some(node) = self.parsed.trace.node(id) else { return "no node".into() };
        match (&self.parsed.names, node.action) {
            (Names::Labels, _) if node.depth > SPELLED_OUT => format!("a node at depth {}", node.depth),
            (Names::Labels, _) => show_label(&self.parsed.trace.label(id)),
            (Names::Indices, _) => format!("node {id}"),
            (Names::Moves, Some(action)) => format!("where {} leads", self.show_move(action)),
            (Names::Moves, None) => "the start".into(),
            (Names::States, _) => self.show_state(node.state),
            (Names::Numbers(numbers), _) => match numbers.get(id as usize).copied().flatten() {
                Some(number) => show_number(number),
                None => self.show_state(node.state),
            },
        }
    }

    /// A label that the text has in place of a node's name.
    fn show_label(&self, label: &[u32]) -> String {
        match (&self.parsed.names, label) {
            (Names::Numbers(_), &[number]) => show_number(number),
            _ => show_label(label),
        }
    }
}

/// The string that `write` writes.
pub(super) fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The number of a node as `compact` writes it.
fn show_number(number: u32) -> String {
    format!("#{}", text(|out| sos_envs::text::write_number_tokens(number.into(), out)))
}

fn show_label(label: &[u32]) -> String {
    format!("#{}", label.iter().map(u32::to_string).collect::<Vec<_>>().join(","))
}
