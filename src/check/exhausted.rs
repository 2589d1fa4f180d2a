//! Whether a trace proves by itself that there is no solution: every way to go on was taken, and each ends in a dead end.

use std::collections::{HashMap, HashSet};

use sos_envs::{Branch, Environment};

use crate::trace::{EventKind, NO_NODE, NodeId, Trace};

/// Whether a trace without errors that claims that there is no solution has tried all that there is. None where it claims no such thing, and in
/// environments whose moves do not say how many ways there are.
///
/// Nodes are gone through from the last to the first, children before their parents: a node leads nowhere if it is called a dead end or has no child and the
/// rules contradict each other there, if of some variable each value that it can have leads nowhere, or if something that follows from it does.
pub(super) fn proves_unsolvable<E: Environment>(puzzle: &E, trace: &Trace<E>) -> Option<bool> {
    let claims = trace.events.iter().any(|event| event.kind == EventKind::Unsolvable);
    if !claims || E::VARIABLE_ORDERS.is_empty() {
        return None;
    }
    let ends = trace.events.iter().filter(|event| event.kind == EventKind::DeadEnd).map(|event| event.node);
    let mut leads_nowhere: HashSet<NodeId> = ends.collect();
    let look_ahead = E::PROPAGATIONS.len().saturating_sub(1);
    let mut has_child = vec![false; trace.nodes.len()];
    let mut tried: HashSet<(NodeId, u64, u64)> = HashSet::new();
    let mut counts: HashMap<(NodeId, u64), u32> = HashMap::new();
    for (id, node) in (0..trace.nodes.len() as NodeId).zip(&trace.nodes).rev() {
        if let Some(has_child) = has_child.get_mut(node.parent as usize) {
            *has_child = true;
        }
        if !has_child[id as usize] && puzzle.is_stuck(look_ahead, &node.state) && !puzzle.is_goal(&node.state) {
            leads_nowhere.insert(id);
        }
        if !leads_nowhere.contains(&id) {
            continue;
        }
        let (Some(parent), Some(action)) = (trace.node(node.parent), node.action) else { continue };
        let Some(Branch { choice, way, ways }) = puzzle.branch(&parent.state, action) else { continue };
        if tried.insert((node.parent, choice, way)) {
            let count = counts.entry((node.parent, choice)).or_default();
            *count += 1;
            if *count == ways {
                leads_nowhere.insert(node.parent);
            }
        }
    }
    // each iteration of a search begins at a root of its own
    Some(leads_nowhere.into_iter().any(|id| trace.node(id).is_some_and(|node| node.parent == NO_NODE)))
}
