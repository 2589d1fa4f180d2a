//! Steepest-ascent hill climbing with restarts (Russell and Norvig, "Artificial Intelligence", 4.1).
//!
//! All children of a node are generated, the best estimate first. The search goes on to the best child if it is better than the current node, and drops the
//! others. If none is better, it returns to the root and goes on from the root's best child that it has not tried, better than the root or not, at most
//! `restarts` times.

use std::collections::VecDeque;

use sos_envs::{Complete, Cost};

use super::context::{Context, Outcome};
use crate::trace::{EventKind, NodeId};

/// Hill climbing. Not complete.
pub fn hill_climbing<E: Complete>(context: &mut Context<'_, E>, mut restarts: u64) -> Outcome {
    let root = context.start();
    context.show_estimate(root);
    if context.is_goal(root) {
        context.trace.push(EventKind::Goal, root);
        return Outcome::Solved;
    }
    let mut waiting = VecDeque::new();
    let mut at = root;
    loop {
        if context.spent() {
            return context.end(Outcome::Budget, false);
        }
        let children = match neighbours(context, at, |_| false) {
            Ok(children) => children,
            Err(outcome) => return outcome,
        };
        let here = context.estimate(&context.trace.nodes[at as usize].state);
        let better = best(&children).filter(|&(h, _)| h < here).map(|(_, child)| child);
        let others = children.into_iter().map(|(_, child)| child).filter(|&child| Some(child) != better);
        if at == root && restarts > 0 {
            waiting.extend(others);
        } else {
            others.for_each(|child| context.trace.push(EventKind::Prune, child));
        }
        at = match better {
            Some(child) => child,
            None if restarts == 0 => return context.end(Outcome::Exhausted, false),
            None => {
                let Some(child) = waiting.pop_front() else { return context.end(Outcome::Exhausted, false) };
                restarts -= 1;
                if at != root {
                    context.move_to(root);
                }
                child
            }
        };
        context.move_to(at);
    }
}

/// Generates all children of a node, the best estimate first. It opens those that are not dead ends and not `taboo`, and returns them with their estimates. A
/// goal ends the search.
pub(super) fn neighbours<E: Complete>(
    context: &mut Context<'_, E>,
    node: NodeId,
    taboo: impl Fn(&E::State) -> bool,
) -> Result<Vec<(Cost, NodeId)>, Outcome> {
    context.scratch.steps.clear();
    context.scratch.candidates.clear();
    let candidates = context.candidates(node);
    let mut children: Vec<(Cost, NodeId)> = Vec::with_capacity(candidates.len());
    for place in candidates {
        let candidate = context.scratch.candidates[place];
        let child = context.generate(node, children.len() as u32, candidate.step);
        context.show_estimate(child);
        if context.is_goal(child) {
            context.trace.push(EventKind::Goal, child);
            return Err(Outcome::Solved);
        }
        if context.is_dead_end(child) {
            context.trace.push(EventKind::DeadEnd, child);
        } else if taboo(&context.trace.nodes[child as usize].state) {
            context.trace.push(EventKind::Seen, child);
        } else {
            context.trace.push(EventKind::Open, child);
            children.push((context.estimate(&context.trace.nodes[child as usize].state), child));
        }
    }
    Ok(children)
}

/// The child with the least estimate; the first of several.
pub(super) fn best(children: &[(Cost, NodeId)]) -> Option<(Cost, NodeId)> {
    children.iter().copied().min_by_key(|&(h, _)| h)
}
