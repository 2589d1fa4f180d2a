//! The replay: every event of a trace is held against the rules of its puzzle. Only what the puzzle says is legal is used, never the
//! search that made the trace.
//!
//! Each claim is judged relative to what was claimed before it: after a wrong state the moves from that state are judged by
//! it, so that one slip is one error and not a hundred.

use std::collections::HashMap;

use sos_envs::{Cost, Environment, MoveClaim, Style};

use super::LazyFacts;
use super::ancestors::Ancestors;
use super::error::{ErrorClass, TraceError};
use crate::dialect::{Field, Names, Ordinals, Parsed, Told};
use crate::trace::{Claim, Event, EventKind, GOAL_ROOT, NO_NODE, NodeId, Trace};

/// Depth up to which the way to a node is spelled out in messages.
const SPELLED_OUT: u32 = 32;

/// What the replay knows of a node.
#[derive(Clone, Copy, Default)]
struct Status {
    /// Its transition was judged.
    judged: bool,
    /// Every step from the start to it is right.
    sound: bool,
    /// What the moves to it cost; none where one of them is not possible.
    cost: Option<Cost>,
    opened: bool,
    visited: bool,
    /// Called a dead end, seen before, cut or dropped: not to be visited.
    closed: bool,
}

/// The node that mentions a position at the least cost, and the least cost of all others.
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

    /// The least cost of other nodes than this one.
    fn beside(&self, node: NodeId) -> Option<Cost> {
        if node == self.by { self.others } else { Some(self.least) }
    }
}

/// What came out of a replay.
pub(super) struct Replayed {
    pub errors: Vec<TraceError>,
    /// Whether the first goal that is claimed, or meeting of two trees, is one and every step to it is right.
    pub goal: Option<bool>,
    /// Whether it says that there is no solution.
    pub says_unsolvable: bool,
}

pub(super) struct Replay<'a, E: Environment> {
    puzzle: &'a E,
    parsed: &'a Parsed<E>,
    facts: &'a LazyFacts<'a, E>,
    errors: Vec<TraceError>,
    status: Vec<Status>,
    ancestors: Ancestors,
    current: NodeId,
    /// Who mentioned each position, in the tree of the start and in that of the goal (true); kept only where an event needs it.
    mentioned: Option<HashMap<(bool, E::State), Mentions>>,
    /// Whether each node belongs to the tree of the goal.
    goal_side: Vec<bool>,
    has_goal_root: bool,
    /// The heuristic whose estimates the trace tells: one for all of it.
    evaluator: Option<E::Evaluator>,
    /// The numbers of children, where nodes are named by their places and have numbers beside.
    ordinals: Option<Ordinals>,
    /// The bound of this iteration.
    bound: Option<Cost>,
    /// Whether the last move was to a node that it should not have been to.
    astray: bool,
    /// Right costs of nodes that claimed wrong ones.
    right_costs: HashMap<NodeId, Cost>,
    /// What nodes should have said, where they said something wrong.
    rights: HashMap<NodeId, Right<E>>,
    goal: Option<bool>,
    says_unsolvable: bool,
}

/// Of each node whether it belongs to the tree of the goal.
fn goal_side<E: Environment>(trace: &Trace<E>) -> Vec<bool> {
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

/// The heuristic that most of a trace's estimates are of; the first of those that are equal in this. None where none is told.
fn told_heuristic<E: Environment>(puzzle: &E, trace: &Trace<E>) -> Option<E::Evaluator> {
    let told = || trace.nodes.iter().filter_map(|node| Some((&node.state, node.h?)));
    told().next()?;
    let mut evaluators: Vec<E::Evaluator> = (0..E::HEURISTICS.len()).map(|h| puzzle.evaluator(h)).collect();
    let fits = |evaluator| told().filter(|&(state, h)| puzzle.estimate(evaluator, state) == h).count();
    let best = if evaluators.len() < 2 {
        0
    } else {
        evaluators.iter().enumerate().max_by_key(|(h, evaluator)| (fits(evaluator), std::cmp::Reverse(*h)))?.0
    };
    (best < evaluators.len()).then(|| evaluators.swap_remove(best))
}

/// What a node should have said.
struct Right<E: Environment> {
    action: E::Move,
    /// The state, where another one was claimed.
    state: Option<E::State>,
    /// Whether the trace goes on from the right state.
    adopted: bool,
}

pub(super) fn replay<E: Environment>(puzzle: &E, parsed: &Parsed<E>, facts: &LazyFacts<'_, E>) -> Replayed {
    let trace = &parsed.trace;
    let needs_mentions = trace.events.iter().any(|event| {
        event.kind == EventKind::Seen
            || (event.kind == EventKind::DeadEnd
                && trace.node(event.node).is_some_and(|node| !puzzle.is_terminal(&node.state)))
    });
    let mut replay = Replay {
        puzzle,
        parsed,
        facts,
        errors: Vec::new(),
        status: vec![Status::default(); trace.nodes.len()],
        ancestors: Ancestors::new(trace),
        current: NO_NODE,
        mentioned: needs_mentions.then(HashMap::new),
        goal_side: goal_side(trace),
        has_goal_root: false,
        evaluator: told_heuristic(puzzle, trace),
        ordinals: (parsed.names == Names::Indices).then(|| Ordinals::of(trace.nodes.iter().map(|node| node.parent))),
        bound: None,
        astray: false,
        right_costs: HashMap::new(),
        rights: HashMap::new(),
        goal: None,
        says_unsolvable: false,
    };
    for (step, &event) in trace.events.iter().enumerate() {
        replay.event(step, event);
    }
    Replayed { errors: replay.errors, goal: replay.goal, says_unsolvable: replay.says_unsolvable }
}

impl<E: Environment> Replay<'_, E> {
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

    /// Whether an event speaks of no node, or says something of one that was never generated.
    fn is_unknown(&self, event: Event) -> bool {
        use EventKind::*;
        let known = self.status.get(event.node as usize);
        match event.kind {
            Visit | Generate | Open | Root => known.is_none() && self.current != NO_NODE,
            Goal | DeadEnd | Seen | Cut => match known {
                Some(status) => self.parsed.told == Told::All && !status.judged,
                None => self.current != NO_NODE,
            },
            Prune | MoveTo | Bound | Meet | GiveUp | Unsolvable => false,
        }
    }

    fn unknown(&mut self, step: usize, event: Event, claim: Option<&Claim<E>>) {
        let label = claim.and_then(|claim| claim.label.as_deref());
        let found = match label {
            Some(label) => self.show_label(label),
            None if self.parsed.trace.node(event.node).is_some() => self.name(event.node),
            None => "an unknown node".into(),
        };
        self.error(step, Some(Field::Label), ErrorClass::UnknownNode, found, "a node that was generated".into());
    }

    fn show_state(&self, state: &E::State) -> String {
        text(|out| self.puzzle.write_state(state, Style::Frame, out))
    }

    fn show_move(&self, action: E::Move) -> String {
        text(|out| self.puzzle.write_move(action, Style::Frame, out))
    }

    fn show_moves(&self, moves: &[E::Move]) -> String {
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

    // --- transitions

    /// Judges a root: it must be the start, unless it stands for a node that does not exist (said already).
    fn judge_root(&mut self, step: usize, id: NodeId) {
        let node = &self.parsed.trace.nodes[id as usize];
        let status = &mut self.status[id as usize];
        (status.judged, status.opened, status.cost) = (true, true, Some(0));
        let start = self.puzzle.start();
        let sound = self.puzzle.same_state(&node.state, &start);
        self.status[id as usize].sound = sound;
        if let Some(g) = node.g.filter(|&g| g != 0) {
            self.error(step, Some(Field::Cost), ErrorClass::WrongCost, g.to_string(), "0".into());
        }
        self.judge_estimate(step, id);
        if !sound {
            let (found, expected) = (self.show_state(&node.state), self.show_state(&start));
            self.error(step, Some(Field::State), ErrorClass::WrongState, found, expected);
        }
    }

    /// Judges the move to a node and the state that it claims, once.
    fn judge(&mut self, step: usize, id: NodeId) {
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
            let expected = format!("a position one step from {}", self.show_state(&parent.state));
            return self.error(
                step,
                Some(Field::State),
                ErrorClass::IllegalMove,
                self.show_state(&node.state),
                expected,
            );
        };
        let before = self.errors.len();
        let mut from = self.believed_state(node.parent, &parent.state).clone();
        if let Some(right) = self.rights.get(&node.parent).and_then(|right| right.state.clone())
            && !self.leads(&from, action, &node.state)
            && self.leads(&right, action, &node.state)
        {
            // The trace goes on from where the moves really lead: the wrong state line was a slip of its own.
            self.adopt_right(node.parent);
            from = right;
        }
        let cost = self.judge_step(step, id, &from, action);
        let before_it = self.status[node.parent as usize].cost;
        self.status[id as usize].cost = before_it.zip(cost).map(|(before, cost)| before.saturating_add(cost));
        let sound = self.errors.len() == before && self.status[node.parent as usize].sound;
        self.status[id as usize].sound = sound;
        self.judge_costs(step, id);
    }

    /// Judges one move from a state to the state that is claimed for a node. Gives its cost, where it is possible.
    fn judge_step(&mut self, step: usize, id: NodeId, from: &E::State, action: E::Move) -> Option<Cost> {
        let claimed = &self.parsed.trace.nodes[id as usize].state;
        let Some((right, state, cost)) = self.puzzle.apply(from, action) else {
            let class = self.illegal(action);
            let wanted = match class {
                ErrorClass::UnsoundInference => "a reason that holds, or a guess with all candidates,".into(),
                _ => super::possible_move(self.puzzle, action),
            };
            let expected = format!("{wanted} in {}", self.show_state(from));
            self.error(step, Some(Field::Action), class, self.show_move(action), expected);
            return None;
        };
        let slipped = right != action;
        if slipped {
            let class = match E::MOVE_CLAIM {
                MoveClaim::Result => ErrorClass::Arithmetic,
                MoveClaim::Cost => ErrorClass::WrongCost,
            };
            self.error(step, Some(Field::Action), class, self.show_move(action), self.show_move(right));
        }
        let fits = self.puzzle.same_state(&state, claimed) || (slipped && self.believes(from, action, claimed));
        if !fits {
            let (found, expected) = (self.show_state(claimed), self.show_state(&state));
            self.error(step, Some(Field::State), ErrorClass::WrongState, found, expected);
        }
        if slipped || !fits {
            let differs = !self.puzzle.same_state(&state, claimed);
            self.rights.insert(id, Right { action: right, state: differs.then_some(state), adopted: false });
        }
        Some(cost)
    }

    /// The class of a move that is not legal.
    fn illegal(&self, action: E::Move) -> ErrorClass {
        if self.puzzle.is_inference(action) { ErrorClass::UnsoundInference } else { ErrorClass::IllegalMove }
    }

    fn believes(&self, from: &E::State, action: E::Move, to: &E::State) -> bool {
        self.puzzle.believe(from, action).is_some_and(|(state, _)| self.puzzle.same_state(&state, to))
    }

    /// Whether a move leads from one state to another, as it is or as it claims.
    fn leads(&self, from: &E::State, action: E::Move, to: &E::State) -> bool {
        let applied = self.puzzle.apply(from, action);
        applied.is_some_and(|(_, state, _)| self.puzzle.same_state(&state, to)) || self.believes(from, action, to)
    }

    /// The state that the moves out of a node are judged by.
    fn believed_state<'s>(&'s self, id: NodeId, claimed: &'s E::State) -> &'s E::State {
        let right = self.rights.get(&id).filter(|right| right.adopted);
        right.and_then(|right| right.state.as_ref()).unwrap_or(claimed)
    }

    fn adopt_right(&mut self, id: NodeId) {
        if let Some(right) = self.rights.get_mut(&id) {
            right.adopted = true;
        }
    }

    /// A node as the text names it; the label of a deep one is not spelled out, so that an error costs no more than its line.
    fn name(&self, id: NodeId) -> String {
        let Some(node) = self.parsed.trace.node(id) else { return "no node".into() };
        match (&self.parsed.names, node.action) {
            (Names::Labels, _) if node.depth > SPELLED_OUT => format!("a node at depth {}", node.depth),
            (Names::Labels, _) => show_label(&self.parsed.trace.label(id)),
            (Names::Indices, _) => format!("node {id}"),
            (Names::Moves, Some(action)) => format!("where {} leads", self.show_move(action)),
            (Names::Moves, None) => "the start".into(),
            (Names::States, _) => self.show_state(&node.state),
            (Names::Numbers(numbers), _) => match numbers.get(id as usize).copied().flatten() {
                Some(number) => show_number(number),
                None if node.parent == NO_NODE => show_number(0),
                None => self.show_state(&node.state),
            },
        }
    }

    /// What the text says instead of the name of a node.
    fn show_label(&self, label: &[u32]) -> String {
        match (&self.parsed.names, label) {
            (Names::Numbers(_), &[number]) => show_number(number),
            _ => show_label(label),
        }
    }

    /// A state that an event claims again must be its node's.
    fn judge_state(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
        let Some(claim) = claim else { return };
        if claim.wrong_target {
            let expected = text(|out| self.puzzle.write_target(Style::Frame, out));
            self.error(step, None, ErrorClass::WrongState, "another goal".into(), expected);
        }
        let Some(node) = self.parsed.trace.node(id) else { return };
        let Some(state) = &claim.state else { return };
        if self.puzzle.same_state(state, &node.state) {
            return;
        }
        let right = self.rights.get(&id).and_then(|right| right.state.as_ref());
        if right.is_some_and(|right| self.puzzle.same_state(right, state)) {
            return self.adopt_right(id);
        }
        let (found, expected) = (self.show_state(state), self.show_state(&node.state));
        self.error(step, Some(Field::State), ErrorClass::WrongState, found, expected);
    }

    // --- costs

    fn judge_costs(&mut self, step: usize, id: NodeId) {
        let node = &self.parsed.trace.nodes[id as usize];
        if let (Some(g), Some(parent), Some(action)) = (node.g, self.parsed.trace.node(node.parent), node.action) {
            let before = match parent.g {
                Some(g) => Some(g),
                None if parent.parent == NO_NODE => Some(0),
                None => None,
            };
            let right_before = self.right_costs.get(&node.parent).copied().or(before);
            let from = self.believed_state(node.parent, &parent.state);
            let applied = self.puzzle.apply(from, action).map(|(_, _, cost)| cost);
            let believed = self.puzzle.believe(from, action).map(|(_, cost)| cost);
            let sums = [(right_before, applied), (right_before, believed), (before, applied), (before, believed)];
            let sums: Vec<Cost> = sums.into_iter().filter_map(|(before, cost)| before?.checked_add(cost?)).collect();
            if !sums.is_empty() && !sums.contains(&g) {
                self.error(step, Some(Field::Cost), ErrorClass::WrongCost, g.to_string(), sums[0].to_string());
                self.right_costs.insert(id, sums[0]);
            }
        }
        self.judge_estimate(step, id);
    }

    /// An estimate must be that of the trace's one heuristic.
    fn judge_estimate(&mut self, step: usize, id: NodeId) {
        let node = &self.parsed.trace.nodes[id as usize];
        let Some((h, evaluator)) = node.h.zip(self.evaluator.as_ref()) else { return };
        let right = self.puzzle.estimate(evaluator, &node.state);
        if h != right {
            let show = |h: Cost| text(|out| crate::dialect::write_estimate::<E>(h, Style::Frame, out));
            self.error(step, Some(Field::Estimate), ErrorClass::WrongCost, show(h), show(right));
        }
    }

    fn enter(&mut self, id: NodeId) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        let cost = node.g.unwrap_or(0);
        if let Some(mentioned) = &mut self.mentioned {
            let key = (self.goal_side[id as usize], self.puzzle.key_state(&node.state));
            mentioned.entry(key).or_insert(Mentions { least: cost, by: id, others: None }).add(id, cost);
        }
    }

    // --- events

    fn visit(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
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
            // Where no event generates it, it is judged here.
            if node.parent != NO_NODE {
                self.judge(step, id);
            }
            if id != self.current && self.parsed.told == Told::All {
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

    /// A node is looked at where control is not.
    fn elsewhere(&mut self, step: usize, id: NodeId) {
        let (found, expected) = (self.name(id), format!("{}, where control is", self.name(self.current)));
        self.error(step, Some(Field::Label), ErrorClass::WrongState, found, expected);
    }

    /// A state line must tell the state of its node, and the moves that lead there.
    fn judge_visit(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
        self.judge_state(step, id, claim);
        let node = &self.parsed.trace.nodes[id as usize];
        if let (Some((g, h)), Some((right_g, right_h))) = (claim.and_then(|claim| claim.costs), node.g.zip(node.h)) {
            for (field, found, right) in [(Field::Cost, g, right_g), (Field::Estimate, h, right_h)] {
                if found != right {
                    self.error(step, Some(field), ErrorClass::WrongCost, found.to_string(), right.to_string());
                }
            }
        }
        let adopted = node.parent == NO_NODE && !self.puzzle.same_state(&node.state, &self.puzzle.start());
        if let Some(path) = claim.and_then(|claim| claim.path.as_ref())
            && !adopted
            && !self.is_right_path(id, path)
        {
            let (found, expected) = (self.show_moves(path), self.show_path(id));
            self.error(step, Some(Field::Path), ErrorClass::WrongState, found, expected);
        }
    }

    /// After a move to a wrong node: whether the state line is that of another position, and true of it. Then what follows is
    /// judged from there, since the wrong reference was a slip of its own.
    fn goes_on_elsewhere(&mut self, id: NodeId, claim: Option<&Claim<E>>) -> bool {
        let Some(Claim { state: Some(state), path: Some(path), .. }) = claim.filter(|_| self.astray) else {
            return false;
        };
        let Some(action) = self.parsed.trace.nodes[id as usize].action else { return false };
        let leads_there = super::follow(self.puzzle, path).is_some_and(|(end, _)| self.puzzle.same_state(&end, state));
        if leads_there {
            self.rights.insert(id, Right { action, state: Some(state.clone()), adopted: true });
        }
        leads_there
    }

    /// Whether a list of moves is that of a node, where slips may be put right.
    fn is_right_path(&self, mut id: NodeId, path: &[E::Move]) -> bool {
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

    /// A state line after a move to a node that does not exist: it is sound if the moves that it lists lead there.
    fn adopt(&mut self, id: NodeId, claim: Option<&Claim<E>>) {
        let node = &self.parsed.trace.nodes[id as usize];
        let path = claim.and_then(|claim| claim.path.as_deref()).unwrap_or(&[]);
        let end = super::follow(self.puzzle, path);
        let status = &mut self.status[id as usize];
        (status.judged, status.opened) = (true, true);
        status.sound = end.is_some_and(|(state, _)| self.puzzle.same_state(&state, &node.state));
    }

    fn generate(&mut self, step: usize, id: NodeId) {
        let is_root = self.parsed.trace.node(id).is_some_and(|node| node.parent == NO_NODE);
        // Where the same node is opened at once, its opening is the error.
        let opens = |event: &Event| event.kind == EventKind::Open && event.node == id;
        let is_opened = self.parsed.trace.events.get(step + 1).is_some_and(opens);
        let status = self.status[id as usize];
        if is_root || (status.judged && !(status.opened && is_opened)) {
            let found = self.name(id);
            self.error(step, Some(Field::Label), ErrorClass::DuplicateNode, found, "a new node".into());
        }
        self.judge(step, id);
    }

    fn open(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
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
        let other = repeated || label.is_some() || node.parent == NO_NODE;
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

    /// A move that is told again must be its node's, or put a slip of it right.
    fn judge_again(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
        let Some(action) = claim.and_then(|claim| claim.action) else { return };
        let Some(node) = self.parsed.trace.node(id) else { return };
        let parent = self.parsed.trace.node(node.parent);
        let from = parent.map(|parent| self.believed_state(node.parent, &parent.state).clone());
        let right = from.and_then(|from| self.puzzle.apply(&from, action));
        if let Some((right, state, _)) = &right
            && *right == action
            && self.puzzle.same_state(state, self.believed_state(id, &node.state))
            && !self.status[id as usize].sound
        {
            self.rights.entry(id).or_insert(Right { action, state: None, adopted: false }).action = action;
            return;
        }
        let class = match (right, E::MOVE_CLAIM) {
            (Some((right, _, _)), MoveClaim::Result) if right != action => ErrorClass::Arithmetic,
            (Some((right, _, _)), MoveClaim::Cost) if right != action => ErrorClass::WrongCost,
            _ => self.illegal(action),
        };
        let expected = node.action.map(|action| self.show_move(action)).unwrap_or_default();
        self.error(step, Some(Field::Action), class, self.show_move(action), expected);
    }

    fn move_to(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
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
            && (self.parsed.told == Told::Opened || !self.ancestors.is_ancestor(&self.parsed.trace, id, self.current))
        {
            // What tells only of an open list never goes back to a node.
            Some(ErrorClass::AlreadyClosed)
        } else {
            None
        };
        if let Some(class) = class {
            let expected = "an open node, or one on the way to the current one".into();
            self.error(step, Some(Field::Label), class, self.name(id), expected);
        } else if let Some(action) = claim.and_then(|claim| claim.action) {
            // It names its way back by a move that was taken back before.
            let expected = format!("a move on the way to {}", self.name(self.current));
            self.error(step, Some(Field::Label), ErrorClass::AlreadyClosed, self.show_move(action), expected);
        }
        self.astray = class.is_some();
        self.current = id;
    }

    fn prune(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
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

    fn cut(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
        self.judge_state(step, id, claim);
        // What was opened was within it.
        let opened = self.status.get(id as usize).is_some_and(|status| status.opened);
        if opened || !self.is_beyond(id) {
            let bound =
                self.bound.map(|bound| text(|out| crate::dialect::write_estimate::<E>(bound, Style::Frame, out)));
            let expected = bound.map_or("a bound before it".into(), |bound| format!("a node beyond the bound {bound}"));
            let found = self.parsed.trace.node(id).map(|node| self.show_state(&node.state)).unwrap_or_default();
            self.error(step, None, ErrorClass::FalseDeadEnd, found, expected);
        }
        self.close(id);
    }

    /// Whether a node lies beyond the bound: by f, cost and estimate, where the trace tells them, else by f of any heuristic, or by its depth. A
    /// wrong cost is an error of its own, so that what it was or should be counts.
    fn is_beyond(&self, id: NodeId) -> bool {
        let (Some(bound), Some(node)) = (self.bound, self.parsed.trace.node(id)) else { return false };
        let Some(cost) = self.status[id as usize].cost else { return true };
        let f = |g: Cost, h: Cost| g.saturating_mul(E::ESTIMATE_SCALE).saturating_add(h) > bound;
        let estimate = |evaluator: &E::Evaluator| self.puzzle.estimate(evaluator, &node.state);
        match (node.g, node.h) {
            (g, Some(h)) => f(g.unwrap_or(cost), h) || f(cost, self.evaluator.as_ref().map_or(h, estimate)),
            (Some(g), None) => f(g, 0) || f(cost, 0),
            (None, None) => {
                let deep = Cost::from(node.depth).saturating_mul(E::ESTIMATE_SCALE) >= bound;
                deep || (0..E::HEURISTICS.len()).any(|h| f(cost, estimate(&self.puzzle.evaluator(h))))
            }
        }
    }

    fn goal(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        // Where no event generates it, it is judged here.
        self.judge(step, id);
        self.judge_state(step, id, claim);
        let state = self.believed_state(id, &node.state);
        let is_goal = self.puzzle.is_goal(state);
        if !is_goal {
            let found = self.show_state(state);
            let expected = format!("the goal {}", text(|out| self.puzzle.write_target(Style::Frame, out)));
            self.error(step, None, ErrorClass::FalseGoal, found, expected);
        }
        let sound = is_goal && self.status[id as usize].sound;
        self.goal.get_or_insert(sound);
        self.close(id);
    }

    /// The root of the second tree must be a goal, there is one such tree, and it has its own number.
    fn goal_root(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
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
        let is_goal = self.puzzle.is_goal(&node.state);
        let status = &mut self.status[id as usize];
        (status.judged, status.opened, status.sound, status.cost) = (true, true, is_goal, Some(0));
        if !is_goal {
            let expected = format!("the goal {}", text(|out| self.puzzle.write_target(Style::Frame, out)));
            self.error(step, Some(Field::State), ErrorClass::WrongState, self.show_state(&node.state), expected);
        }
        if let Some(g) = node.g.filter(|&g| g != 0) {
            self.error(step, Some(Field::Cost), ErrorClass::WrongCost, g.to_string(), "0".into());
        }
        self.judge_estimate(step, id);
        self.enter(id);
    }

    /// Two trees meet in one position: a node of the one and a node of the other.
    fn meet(&mut self, step: usize, meeting: NodeId, claim: Option<&Claim<E>>) {
        let Some(&(forward, backward)) = self.parsed.trace.meetings.get(meeting as usize) else { return };
        let nodes = (self.parsed.trace.node(forward), self.parsed.trace.node(backward));
        let (Some(here), Some(there)) = nodes else {
            let found = claim
                .and_then(|claim| claim.label.as_deref())
                .map_or("an unknown node".into(), |label| self.show_label(label));
            self.error(step, Some(Field::Label), ErrorClass::UnknownNode, found, "nodes that were generated".into());
            return;
        };
        let here = self.believed_state(forward, &here.state);
        let there = self.believed_state(backward, &there.state);
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

    fn dead_end(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        self.judge_state(step, id, claim);
        let state = &self.believed_state(id, &node.state).clone();
        if self.puzzle.is_goal(state) {
            let expected = "the goal".to_string();
            self.error(step, None, ErrorClass::FalseDeadEnd, self.show_state(state), expected);
        } else if !self.puzzle.is_stuck(E::PROPAGATIONS.len().saturating_sub(1), state) {
            let mut steps = Vec::new();
            self.puzzle.successors(state, &mut steps);
            let mentioned = self.mentioned.as_ref();
            let side = self.goal_side[id as usize];
            let open = steps.iter().find(|step| {
                !mentioned.is_some_and(|mentioned| mentioned.contains_key(&(side, self.puzzle.key_state(&step.state))))
            });
            if let Some(open) = open {
                let expected = format!("a node that leads on, by {}", self.show_move(open.action));
                self.error(step, None, ErrorClass::FalseDeadEnd, self.show_state(state), expected);
            }
        }
        self.enter(id);
        self.close(id);
    }

    fn seen(&mut self, step: usize, id: NodeId, claim: Option<&Claim<E>>) {
        let Some(node) = self.parsed.trace.node(id) else { return };
        self.judge_state(step, id, claim);
        let key = (self.goal_side[id as usize], self.puzzle.key_state(&node.state));
        let before = self.mentioned.as_ref().and_then(|mentioned| mentioned.get(&key)?.beside(id));
        if before.is_none_or(|least| node.g.is_some_and(|g| g < least)) {
            let expected = "a state that was reached before, as cheaply".to_string();
            self.error(step, None, ErrorClass::FalseDeadEnd, self.show_state(&node.state), expected);
        }
        self.enter(id);
        self.close(id);
    }

    fn unsolvable(&mut self, step: usize) {
        self.says_unsolvable = true;
        if self.facts.get().solvable {
            let expected = "there is a solution".to_string();
            self.error(step, None, ErrorClass::FalseUnsolvable, "no solution exists".into(), expected);
        }
    }
}

/// Something that an environment writes, as a string.
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
