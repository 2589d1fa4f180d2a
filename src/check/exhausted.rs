//! Whether a trace proves by itself that there is no solution: it tried every alternative, and each ends in a dead end.

use rustc_hash::{FxHashMap, FxHashSet};
use sos_envs::{Branch, VariableSet};

use crate::arena::Puzzle;
use crate::trace::{EventKind, NO_NODE, NodeId, Trace};

/// Whether a trace without errors that claims that there is no solution has tried all alternatives. None where it makes no such claim, and
/// in environments without variables.
///
/// The nodes are visited from the last to the first, so children come before their parents. A node leads nowhere if one of these holds:
/// - the trace calls it a dead end, or it has no child and the strongest look-ahead finds a contradiction there;
/// - every way of one choice leads nowhere (a forced step is a choice with one way);
/// - one child leads nowhere and its conflict set does not contain the choice (Prosser 1993), so the other ways fail as well.
pub(super) fn proves_unsolvable(puzzle: &Puzzle, trace: &Trace) -> Option<bool> {
    let claims = trace.events.iter().any(|event| event.kind == EventKind::Unsolvable);
    if !claims || puzzle.about().variable_orders.is_empty() {
        return None;
    }
    let ends = trace.events.iter().filter(|event| event.kind == EventKind::DeadEnd).map(|event| event.node);
    // For each node that leads nowhere, the choices that are to blame.
    let mut leads_nowhere: FxHashMap<NodeId, VariableSet> = FxHashMap::default();
    for id in ends {
        leads_nowhere.extend(trace.node(id).map(|node| (id, puzzle.conflict_set(node.state, None))));
    }
    let look_ahead = puzzle.about().propagations.len().saturating_sub(1);
    let mut has_child = vec![false; trace.nodes.len()];
    let mut tried: FxHashSet<(NodeId, u64, u64)> = FxHashSet::default();
    let mut choices: FxHashMap<(NodeId, u64), (u32, VariableSet)> = FxHashMap::default();
    for (id, node) in (0..trace.nodes.len() as NodeId).zip(&trace.nodes).rev() {
        if let Some(has_child) = has_child.get_mut(node.parent as usize) {
            *has_child = true;
        }
        if !has_child[id as usize] && puzzle.is_stuck(look_ahead, node.state) && !puzzle.is_goal(node.state) {
            leads_nowhere.entry(id).or_insert_with(|| puzzle.conflict_set(node.state, None));
        }
        let (Some(&conflict), Some(action)) = (leads_nowhere.get(&id), node.action) else { continue };
        let Some(parent) = trace.node(node.parent) else { continue };
        let Some(branch) = puzzle.branch(parent.state, action) else { continue };
        let Branch { choice, way, ways, bit } = branch;
        if !conflict.meets(bit) {
            leads_nowhere.insert(node.parent, conflict);
        } else if tried.insert((node.parent, choice, way)) {
            let (count, blamed) = choices.entry((node.parent, choice)).or_default();
            *count += 1;
            *blamed |= conflict & !bit;
            if *count == ways {
                let conflict = *blamed | puzzle.conflict_set(parent.state, Some(action));
                leads_nowhere.entry(node.parent).or_insert(conflict);
            }
        }
    }
    // Each iteration of a search has a root of its own.
    Some(leads_nowhere.into_keys().any(|id| trace.node(id).is_some_and(|node| node.parent == NO_NODE)))
}
