//! Best-first search: one engine for `bfs`, `uniform-cost`, `greedy`, `a-star` and `weighted-a-star`. They differ in the key of the open list (as in Fast
//! Downward's eager search).

use std::cmp::Reverse;

use sos_envs::{Complete, Cost};

use super::config::Ties;
use super::context::{Context, Outcome};
use super::scratch::{Buffers, Costs, Open};
use crate::trace::{EventKind, NodeId};

/// The key of the open list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Depth: breadth-first.
    Depth,
    /// g: uniform cost.
    Cost,
    /// h: greedy.
    Estimate,
    /// g + h: A*, or weighted A* with a weight on h.
    Sum {
        /// The weight of h, in percent.
        weight_percent: u64,
    },
}

impl Priority {
    /// Whether a goal counts as soon as it is generated. If the key includes costs, it counts only when it is the cheapest open node.
    fn goal_at_once(self) -> bool {
        matches!(self, Priority::Depth | Priority::Estimate)
    }

    fn shows_g(self) -> bool {
        matches!(self, Priority::Cost | Priority::Sum { .. })
    }
}

/// Best-first search with a priority. Complete. The solution is optimal if the priority is the cost, or the sum with an admissible heuristic and a
/// weight of 100. A state that is reached at a lower cost is opened again.
pub fn best_first<E: Complete>(context: &mut Context<'_, E>, priority: Priority) -> Outcome {
    let mut buffers = std::mem::take(&mut context.scratch.best_first);
    buffers.open.clear();
    context.scratch.reached[0].clear(context.puzzle.index_bound());
    buffers.costs.clear();
    let outcome = explore(context, priority, &mut buffers);
    context.scratch.best_first = buffers;
    if outcome == Outcome::Solved { outcome } else { context.end(outcome, true) }
}

fn explore<E: Complete>(context: &mut Context<'_, E>, priority: Priority, buffers: &mut Buffers<E>) -> Outcome {
    let remembers = context.puzzle.about().positions_recur;
    let root = context.start();
    let h = context.estimate(&context.trace.nodes[root as usize].state);
    let costs = Costs { g: 0, h };
    show_costs(context, priority, root, costs);
    buffers.costs.push(costs);
    open(context, priority, buffers, root, costs);
    if remembers {
        context.scratch.reached[0].first(context.puzzle, &context.puzzle.start(), root);
    }
    // The root was visited at the start. It is taken from the open list like any other node.
    let mut at = root;
    while let Some(Reverse(Open { node, .. })) = buffers.open.pop() {
        let state = &context.trace.nodes[node as usize].state;
        if remembers && context.scratch.reached[0].first(context.puzzle, state, node).is_some_and(|best| best != node) {
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

fn expand<E: Complete>(
    context: &mut Context<'_, E>,
    priority: Priority,
    buffers: &mut Buffers<E>,
    node: NodeId,
) -> Option<Outcome> {
    context.scratch.steps.clear();
    context.puzzle.successors(&context.trace.nodes[node as usize].state, &mut context.scratch.steps);
    let mut ordinal = 0;
    for step in 0..context.scratch.steps.len() {
        let g = buffers.costs[node as usize].g.saturating_add(context.scratch.steps[step].cost);
        let child = context.generate(node, ordinal, step as u32);
        let is_goal = context.is_goal(child);
        let is_dead_end = !is_goal && context.is_dead_end(child);
        let best = if is_dead_end { None } else { reached_by(context, child) };
        let h = match best {
            // the estimate depends only on the state, and is the most expensive part of a node
            Some(best) => buffers.costs[best as usize].h,
            None => context.estimate(&context.trace.nodes[child as usize].state),
        };
        let costs = Costs { g, h };
        show_costs(context, priority, child, costs);
        buffers.costs.resize(child as usize + 1, costs);
        if priority.goal_at_once() && is_goal {
            context.trace.push(EventKind::Goal, child);
            return Some(Outcome::Solved);
        }
        if is_dead_end {
            context.trace.push(EventKind::DeadEnd, child);
        } else if best.is_some_and(|best| !priority.shows_g() || buffers.costs[best as usize].g <= g) {
            context.trace.push(EventKind::Seen, child);
        } else {
            if best.is_some() {
                let state = &context.trace.nodes[child as usize].state;
                context.scratch.reached[0].replace(context.puzzle, state, child);
            }
            context.trace.push(EventKind::Open, child);
            ordinal += 1;
            open(context, priority, buffers, child, costs);
        }
    }
    None
}

/// The best node so far with the child's state. None if the state is new; then the child is noted for it.
#[inline]
fn reached_by<E: Complete>(context: &mut Context<'_, E>, child: NodeId) -> Option<NodeId> {
    let state = &context.trace.nodes[child as usize].state;
    let recurs = context.puzzle.about().positions_recur;
    if recurs { context.scratch.reached[0].first(context.puzzle, state, child) } else { None }
}

#[inline]
fn open<E: Complete>(
    context: &mut Context<'_, E>,
    priority: Priority,
    buffers: &mut Buffers<E>,
    node: NodeId,
    costs: Costs,
) {
    let Costs { g, h } = costs;
    let in_trace = &context.trace.nodes[node as usize];
    let g = g.saturating_mul(context.puzzle.about().estimate_scale);
    let key = match priority {
        Priority::Depth => Cost::from(in_trace.depth),
        Priority::Cost => g,
        Priority::Estimate => h,
        Priority::Sum { weight_percent } => g.saturating_mul(100).saturating_add(h.saturating_mul(weight_percent)),
    };
    let state = (context.settings.ties == Ties::State).then(|| in_trace.state.clone());
    if let Some(tie_breaker) = &mut context.tie_breaker {
        tie_breaker.opened(node, key);
    }
    let random = match context.settings.ties {
        Ties::Random => u64::from(context.rank(node).unwrap_or_else(|| context.draw.word())) << 32,
        _ => 0,
    };
    buffers.open.push(Reverse(Open { key, state, tie: random | u64::from(node), node }));
}

#[inline]
fn show_costs<E: Complete>(context: &mut Context<'_, E>, priority: Priority, node: NodeId, costs: Costs) {
    if !context.settings.costs {
        return;
    }
    let shows_h = matches!(priority, Priority::Estimate | Priority::Sum { .. }) && context.settings.heuristic.is_some();
    let node = &mut context.trace.nodes[node as usize];
    node.g = priority.shows_g().then_some(costs.g);
    node.h = shows_h.then_some(costs.h);
}
