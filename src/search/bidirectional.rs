//! Bidirectional search: two trees, one from the start and one from the goal, until they meet.
//!
//! The tree of the goal is like the other: its moves are ordinary moves, made from the goal outwards. Each of them can be undone at the same cost. So if both
//! trees have the same position, there is a solution through it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use sos_envs::{Complete, Cost};

use super::config::Ties;
use super::context::{Context, Outcome};
use super::order;
use super::scratch::Open;
use crate::trace::{EventKind, NodeId};

/// The indices of the tree of the start, and of that of the goal.
const FORWARD: usize = 0;
const BACKWARD: usize = 1;

/// Starts both trees. Returns an outcome if there is nothing to search.
fn roots<E: Complete>(context: &mut Context<'_, E>) -> Result<[NodeId; 2], Outcome> {
    let start = context.start();
    if context.is_goal(start) {
        context.trace.push(EventKind::Goal, start);
        return Err(Outcome::Solved);
    }
    let Some(goal) = context.puzzle.two_way_goal() else {
        return Err(context.end(Outcome::Exhausted, false));
    };
    let goal = context.trace.add_goal_root(goal);
    context.trace.push(EventKind::Root, goal);
    for (reached, root) in context.scratch.reached.iter_mut().zip([start, goal]) {
        reached.clear(context.puzzle.index_bound());
        reached.first(context.puzzle, &context.trace.nodes[root as usize].state, root);
    }
    Ok([start, goal])
}

impl<E: Complete> Context<'_, E> {
    /// Writes that a node of one side is the same position as a node of the other.
    fn meet(&mut self, side: usize, node: NodeId, other: NodeId) -> Outcome {
        let meeting = if side == FORWARD { (node, other) } else { (other, node) };
        self.trace.meet(meeting.0, meeting.1);
        Outcome::Solved
    }

    /// Lists the steps out of a node in [`super::Scratch::steps`]. Returns their number.
    fn list_steps(&mut self, node: NodeId) -> u32 {
        self.scratch.steps.clear();
        self.puzzle.successors(&self.trace.nodes[node as usize].state, &mut self.scratch.steps);
        self.scratch.steps.len() as u32
    }

    /// The tie-breaking keys on an open list: the state if the settings say so, then a random number if ties are random, then the node's number.
    fn break_tie(&mut self, node: NodeId) -> (Option<E::State>, u64) {
        let state = (self.settings.ties == Ties::State).then(|| self.trace.nodes[node as usize].state.clone());
        let random = match self.settings.ties {
            Ties::Random => u64::from(self.rank(node).unwrap_or_else(|| self.draw.word())) << 32,
            _ => 0,
        };
        (state, random | u64::from(node))
    }
}

// --- breadth-first

/// The nodes of the last level of one side, in the order in which they will be visited.
type Frontier<S> = Vec<(Option<S>, u64, NodeId)>;

/// Bidirectional breadth-first search. It expands whole levels, always of the side with the smaller last level (the start's if both are equal). Complete. The
/// first meeting is a solution with the fewest moves, since a shorter one would have met a level before.
pub fn bidirectional_bfs<E: Complete>(context: &mut Context<'_, E>) -> Outcome {
    let roots = match roots(context) {
        Ok(roots) => roots,
        Err(outcome) => return outcome,
    };
    let mut sides = roots.map(|root| vec![(None, 0, root)]);
    let mut at = roots[FORWARD];
    loop {
        let side = usize::from(sides[BACKWARD].len() < sides[FORWARD].len());
        if sides[side].is_empty() {
            return context.end(Outcome::Exhausted, true);
        }
        for (_, _, node) in std::mem::take(&mut sides[side]) {
            if context.spent() {
                return context.end(Outcome::Budget, true);
            }
            if node != at {
                context.move_to(node);
                at = node;
            }
            if let Some((child, other)) = expand_level(context, &mut sides[side], side, node) {
                return context.meet(side, child, other);
            }
        }
        let frontier = &mut sides[side];
        let order = order::order_by(frontier.len(), &mut |one, other| frontier[one].cmp(&frontier[other]));
        *frontier = order::arranged(frontier, &order);
    }
}

/// Generates the children of a node. Returns the first child that the other side has reached, with the node of that side.
fn expand_level<E: Complete>(
    context: &mut Context<'_, E>,
    frontier: &mut Frontier<E::State>,
    side: usize,
    node: NodeId,
) -> Option<(NodeId, NodeId)> {
    let mut ordinal = 0;
    for step in 0..context.list_steps(node) {
        let child = context.generate(node, ordinal, step);
        if context.is_dead_end(child) {
            context.trace.push(EventKind::DeadEnd, child);
            continue;
        }
        let state = &context.trace.nodes[child as usize].state;
        if context.scratch.reached[side].first(context.puzzle, state, child).is_some() {
            context.trace.push(EventKind::Seen, child);
            continue;
        }
        let met = context.scratch.reached[1 - side].get(context.puzzle, state);
        context.trace.push(EventKind::Open, child);
        ordinal += 1;
        if let Some(other) = met {
            return Some((child, other));
        }
        let (state, tie) = context.break_tie(child);
        frontier.push((state, tie, child));
    }
    None
}

// --- A*

/// One side of an A* search.
struct Front<E: Complete> {
    open: BinaryHeap<Reverse<Open<E::State>>>,
    /// The open nodes by their cost alone.
    costs: BinaryHeap<Reverse<(Cost, NodeId)>>,
}

/// Both sides, and data of their nodes.
struct Fronts<E: Complete> {
    sides: [Front<E>; 2],
    /// Cost of each node from its root.
    costs: Vec<Cost>,
    /// Whether a node is done: it was visited, or its position was reached at a lower cost.
    done: Vec<bool>,
    /// The cheapest meeting so far: its cost, the start's node and the goal's node.
    best: Option<(Cost, NodeId, NodeId)>,
}

/// Bidirectional A*: A* from the start and uniform cost from the goal, alternating. Complete, and optimal with an admissible heuristic. It stops when no open
/// node of the start can have a cheaper solution through it, by its cost plus estimate, or when the cheapest open nodes of both sides together cost as much as
/// the best meeting (Pohl 1971, "Bi-directional search"; Nicholson 1966).
pub fn bidirectional_astar<E: Complete>(context: &mut Context<'_, E>) -> Outcome {
    let roots = match roots(context) {
        Ok(roots) => roots,
        Err(outcome) => return outcome,
    };
    let front = || Front { open: BinaryHeap::new(), costs: BinaryHeap::new() };
    let mut fronts = Fronts { sides: [front(), front()], costs: Vec::new(), done: Vec::new(), best: None };
    for (side, root) in roots.into_iter().enumerate() {
        fronts.tell(context, side, root, 0);
        fronts.open(context, side, root);
    }
    let (mut at, mut side) = (roots[FORWARD], FORWARD);
    let scale = context.puzzle.about().estimate_scale;
    while !fronts.is_proven(scale) {
        let Some(node) = fronts.pop(side) else { break };
        if context.spent() {
            return context.end(Outcome::Budget, true);
        }
        if node != at {
            context.move_to(node);
            at = node;
        }
        fronts.expand(context, side, node);
        side = 1 - side;
    }
    match fronts.best {
        Some((_, forward, backward)) => context.meet(FORWARD, forward, backward),
        None => context.end(Outcome::Exhausted, true),
    }
}

impl<E: Complete> Fronts<E> {
    /// Whether nothing can be cheaper than the best meeting, or a side has no open nodes. Estimates are in units of `1 / scale`.
    fn is_proven(&mut self, scale: u64) -> bool {
        for front in &mut self.sides {
            while front.open.peek().is_some_and(|top| self.done[top.0.node as usize]) {
                front.open.pop();
            }
            while front.costs.peek().is_some_and(|top| self.done[top.0.1 as usize]) {
                front.costs.pop();
            }
        }
        let [forward, backward] = &self.sides;
        let (Some(top), Some(back)) = (forward.open.peek(), backward.costs.peek()) else { return true };
        let Some((best, ..)) = self.best else { return false };
        let least = forward.costs.peek().map_or(0, |least| least.0.0);
        best.saturating_mul(scale) <= top.0.key || best <= least.saturating_add(back.0.0)
    }

    fn pop(&mut self, side: usize) -> Option<NodeId> {
        let node = self.sides[side].open.pop()?.0.node;
        self.done[node as usize] = true;
        Some(node)
    }

    /// Notes the cost of a new node, and shows it in the trace.
    fn tell(&mut self, context: &mut Context<'_, E>, side: usize, node: NodeId, cost: Cost) {
        self.costs.resize(node as usize + 1, cost);
        self.done.resize(node as usize + 1, false);
        if side == FORWARD {
            context.show_estimate(node);
        }
        if context.settings.costs {
            context.trace.nodes[node as usize].g = Some(cost);
        }
    }

    fn open(&mut self, context: &mut Context<'_, E>, side: usize, node: NodeId) {
        let cost = self.costs[node as usize];
        let h = if side == FORWARD { context.estimate(&context.trace.nodes[node as usize].state) } else { 0 };
        let key = cost.saturating_mul(context.puzzle.about().estimate_scale).saturating_add(h);
        if let Some(tie_breaker) = &mut context.tie_breaker {
            tie_breaker.opened(node, key);
        }
        let (state, tie) = context.break_tie(node);
        self.sides[side].open.push(Reverse(Open { key, state, tie, node }));
        self.sides[side].costs.push(Reverse((cost, node)));
    }

    fn expand(&mut self, context: &mut Context<'_, E>, side: usize, node: NodeId) {
        let mut ordinal = 0;
        for step in 0..context.list_steps(node) {
            let cost = self.costs[node as usize].saturating_add(context.scratch.steps[step as usize].cost);
            let child = context.generate(node, ordinal, step);
            self.tell(context, side, child, cost);
            if context.is_dead_end(child) {
                context.trace.push(EventKind::DeadEnd, child);
                continue;
            }
            let state = &context.trace.nodes[child as usize].state;
            let reached = &mut context.scratch.reached;
            match reached[side].first(context.puzzle, state, child) {
                Some(before) if self.costs[before as usize] <= cost => {
                    context.trace.push(EventKind::Seen, child);
                    continue;
                }
                Some(dearer) => {
                    self.done[dearer as usize] = true;
                    reached[side].replace(context.puzzle, state, child);
                }
                None => {}
            }
            let met = reached[1 - side].get(context.puzzle, state);
            context.trace.push(EventKind::Open, child);
            ordinal += 1;
            if let Some(other) = met {
                let total = cost.saturating_add(self.costs[other as usize]);
                if self.best.is_none_or(|(best, ..)| total < best) {
                    self.best = Some(if side == FORWARD { (total, child, other) } else { (total, other, child) });
                }
            }
            self.open(context, side, child);
        }
    }
}
