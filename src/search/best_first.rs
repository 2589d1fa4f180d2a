//! Best-first search: one engine for `bfs`, `uniform-cost`, `greedy`, `a-star` and `weighted-a-star`, which differ in the
//! number by which the open list is ordered (as in Fast Downward's eager search).

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};

use sos_envs::{Cost, Environment};

use super::context::{Context, Outcome};
use super::settings::Ties;
use crate::trace::{EventKind, NodeId};

/// The number by which the open list is ordered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Depth: breadth-first.
    Depth,
    /// g: uniform cost.
    Cost,
    /// h: greedy.
    Estimate,
    /// g + h: A*; with a weight on h, weighted A*.
    Sum,
}

impl Priority {
    /// Whether a goal counts as soon as it is generated. Where costs decide, only when it is the cheapest open node.
    fn goal_at_once(self) -> bool {
        matches!(self, Priority::Depth | Priority::Estimate)
    }

    fn shows_g(self) -> bool {
        matches!(self, Priority::Cost | Priority::Sum)
    }
}

/// An open node.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Open<S: Ord> {
    pub key: Cost,
    pub state: Option<S>,
    pub tie: u64,
    pub node: NodeId,
}

impl<S: Ord> Ord for Open<S> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.key, &self.state, self.tie).cmp(&(other.key, &other.state, other.tie))
    }
}

impl<S: Ord> PartialOrd for Open<S> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Reused buffers.
pub struct Buffers<E: Environment> {
    open: BinaryHeap<Reverse<Open<E::State>>>,
    /// The least g at which a state was reached, and by which node.
    reached: HashMap<E::State, (Cost, NodeId)>,
    /// Cost from the root of every node of the trace.
    costs: Vec<Cost>,
}

impl<E: Environment> Default for Buffers<E> {
    fn default() -> Self {
        Buffers { open: BinaryHeap::new(), reached: HashMap::new(), costs: Vec::new() }
    }
}

/// Best-first search by a priority. Complete; optimal by cost where the priority is the cost, or the sum with an admissible heuristic
/// (a state that is reached more cheaply is opened again) and a weight of 100.
pub fn best_first<E: Environment>(context: &mut Context<'_, E>, priority: Priority) -> Outcome {
    let mut buffers = std::mem::take(&mut context.scratch.best_first);
    buffers.open.clear();
    buffers.reached.clear();
    buffers.costs.clear();
    let outcome = explore(context, priority, &mut buffers);
    context.scratch.best_first = buffers;
    if outcome == Outcome::Solved { outcome } else { context.end(outcome, true) }
}

fn explore<E: Environment>(context: &mut Context<'_, E>, priority: Priority, buffers: &mut Buffers<E>) -> Outcome {
    let remembers = context.puzzle.has_cycles();
    let root = context.start();
    open(context, priority, buffers, root, 0);
    if remembers {
        buffers.reached.insert(context.puzzle.key_state(&context.puzzle.start()), (0, root));
    }
    // The root was visited at the start; it is taken from the open list like any other.
    let mut at = root;
    while let Some(Reverse(Open { node, .. })) = buffers.open.pop() {
        let state = &context.trace.nodes[node as usize].state;
        if remembers && buffers.reached.get(&context.puzzle.key_state(state)).is_some_and(|best| best.1 != node) {
            continue;
        }
        if context.spent() {
            return Outcome::Budget;
        }
        if node != at {
            context.move_to(node);
            at = node;
        }
        if context.is_goal(node) {
            context.trace.push(EventKind::Goal, node);
            return Outcome::Solved;
        }
        if let Some(outcome) = expand(context, priority, buffers, node) {
            return outcome;
        }
    }
    Outcome::Exhausted
}

fn expand<E: Environment>(
    context: &mut Context<'_, E>,
    priority: Priority,
    buffers: &mut Buffers<E>,
    node: NodeId,
) -> Option<Outcome> {
    context.scratch.steps.clear();
    let mut steps = std::mem::take(&mut context.scratch.steps);
    context.puzzle.successors(&context.trace.nodes[node as usize].state, &mut steps);
    context.scratch.steps = steps;
    let mut ordinal = 0;
    for step in 0..context.scratch.steps.len() {
        let cost = buffers.costs[node as usize].saturating_add(context.scratch.steps[step].cost);
        let child = context.generate(node, ordinal, step as u32);
        show_costs(context, priority, child, cost);
        buffers.costs.resize(child as usize + 1, cost);
        if priority.goal_at_once() && context.is_goal(child) {
            context.trace.push(EventKind::Goal, child);
            return Some(Outcome::Solved);
        }
        let missed_or_none =
            !context.puzzle.is_goal(&context.trace.nodes[child as usize].state) || !context.is_goal(child);
        if missed_or_none && context.is_dead_end(child) {
            context.trace.push(EventKind::DeadEnd, child);
        } else if reached_before(context, priority, buffers, child, cost) {
            context.trace.push(EventKind::Seen, child);
        } else {
            context.trace.push(EventKind::Open, child);
            ordinal += 1;
            open(context, priority, buffers, child, cost);
        }
    }
    None
}

/// Whether the child's state was reached as cheaply before; else this is now the best way to it.
fn reached_before<E: Environment>(
    context: &Context<'_, E>,
    priority: Priority,
    buffers: &mut Buffers<E>,
    child: NodeId,
    cost: Cost,
) -> bool {
    if !context.puzzle.has_cycles() {
        return false;
    }
    let state = context.puzzle.key_state(&context.trace.nodes[child as usize].state);
    match buffers.reached.get_mut(&state) {
        Some(best) if !priority.shows_g() || best.0 <= cost => {
            let _ = best;
            true
        }
        Some(best) => {
            *best = (cost, child);
            false
        }
        None => {
            buffers.reached.insert(state, (cost, child));
            false
        }
    }
}

fn open<E: Environment>(
    context: &mut Context<'_, E>,
    priority: Priority,
    buffers: &mut Buffers<E>,
    node: NodeId,
    cost: Cost,
) {
    buffers.costs.resize(node as usize + 1, cost);
    show_costs(context, priority, node, cost);
    let in_trace = &context.trace.nodes[node as usize];
    let g = cost.saturating_mul(E::ESTIMATE_SCALE);
    let h = context.estimate(&in_trace.state);
    let key = match priority {
        Priority::Depth => Cost::from(in_trace.depth),
        Priority::Cost => g,
        Priority::Estimate => h,
        Priority::Sum => g.saturating_mul(100).saturating_add(h.saturating_mul(context.settings.weight_percent)),
    };
    let state = (context.settings.ties == Ties::State).then(|| in_trace.state.clone());
    if let Some(guide) = &mut context.guide {
        guide.opened(node, key);
    }
    let random = match context.settings.ties {
        Ties::Random => u64::from(context.rank(node).unwrap_or_else(|| context.draw.word())) << 32,
        _ => 0,
    };
    buffers.open.push(Reverse(Open { key, state, tie: random | u64::from(node), node }));
}

fn show_costs<E: Environment>(context: &mut Context<'_, E>, priority: Priority, node: NodeId, cost: Cost) {
    if !context.settings.costs {
        return;
    }
    let shows_h = matches!(priority, Priority::Estimate | Priority::Sum) && context.settings.heuristic.is_some();
    let h = shows_h.then(|| context.estimate(&context.trace.nodes[node as usize].state));
    let node = &mut context.trace.nodes[node as usize];
    node.g = priority.shows_g().then_some(cost);
    node.h = h;
}
