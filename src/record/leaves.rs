//! Checks the column `values` of `tree` against the search that the row names. If the search has no random decisions, it is run again and its leaves are
//! counted. Otherwise only properties are checked that hold in any tree.

use sos_envs::Draw;

use super::judge::{Judged, RowView};
use crate::arena::{Puzzle, Scratch};
use crate::dialect::Coverage;
use crate::search::limits::Limits;
use crate::search::{Outcome, Search, Ties, search_of};
use crate::trace::{EventKind, GOAL_ROOT, NO_NODE, NodeId, Trace};

/// Checks the values.
pub fn judge(row: &RowView<'_>, told: &Trace, judged: &mut Judged) {
    let values: Vec<Option<u64>> = row.list("values").iter().map(|value| value.as_u64()).collect();
    judged.hold(
        values.iter().all(|value| value.is_some_and(|value| value <= 100)),
        "values: one is no share of a hundred",
    );
    // If only states are written, two nodes with one state may be written as one.
    let unclear = row.dialect.told == Coverage::Opened && values.len() > told.nodes.len();
    judged.hold(values.len() == told.nodes.len() || unclear, "values: how many");
    // Searches with growing limits have several trees, and the row has one of them.
    let deepens = ["iddfs", "ida-star"].iter().any(|kind| row.text("search").starts_with(kind));
    if values.len() != told.nodes.len() || deepens {
        return;
    }
    let label = row.text("search");
    let heuristic = Some(row.text("heuristic")).filter(|name| !name.is_empty());
    let grown = search_of(row.puzzle.about(), label, heuristic).and_then(|search| grow(row, &search));
    match grown {
        Some(grown) => {
            let right = of_tree(row.puzzle, &grown, told);
            judged.expect("values", row.value("values").clone(), right);
        }
        None => in_any_tree(row.puzzle, told, &values, judged),
    }
}

/// The tree that a search grows. None if it has random decisions, or if it ends with another outcome than in the row.
fn grow(row: &RowView<'_>, search: &Search) -> Option<Trace> {
    let run = |seed: u64| {
        let mut trace = Trace::default();
        let mut draw = Draw::new(seed, "leaves");
        let outcome = search.run_within(row.puzzle, &mut draw, Limits::share(1), &mut trace, &mut Scratch::default());
        (trace, outcome)
    };
    let ((one, outcome), (other, _)) = (run(1), run(2));
    let ends = |outcome: Outcome| outcome.name() == row.text("outcome");
    // Two random runs can be equal by accident.
    let by_chance = search.config.ties == Ties::Random;
    (!by_chance && ends(outcome) && one.nodes == other.nodes && one.events == other.events).then_some(one)
}

/// For each written node, the percentage of goals among the leaves below it in the tree; 100 if the search did not reach it.
fn of_tree(puzzle: &Puzzle, grown: &Trace, told: &Trace) -> Vec<u64> {
    let mut below: Vec<(u64, u64)> = vec![(0, 0); grown.nodes.len()];
    let mut seen = vec![false; grown.nodes.len()];
    for event in grown.events.iter().filter(|event| event.kind == EventKind::Seen) {
        seen.get_mut(event.node as usize).into_iter().for_each(|seen| *seen = true);
    }
    // Children come after their parents.
    for (id, node) in grown.nodes.iter().enumerate().rev() {
        if seen[id] {
            continue;
        }
        if below[id].0 == 0 {
            below[id] = (1, u64::from(puzzle.is_goal(node.state)));
        }
        let (leaves, goals) = below[id];
        if let Some(above) = below.get_mut(node.parent as usize) {
            *above = (above.0 + leaves, above.1 + goals);
        }
    }
    let mut children: Vec<Vec<NodeId>> = vec![Vec::new(); grown.nodes.len()];
    for (id, node) in (0..).zip(&grown.nodes) {
        children.get_mut(node.parent as usize).into_iter().for_each(|children| children.push(id));
    }
    let roots = || (0..).zip(&grown.nodes).filter(|(_, node)| node.parent == NO_NODE && node.ordinal != GOAL_ROOT);
    let mut places: Vec<Vec<NodeId>> = Vec::with_capacity(told.nodes.len());
    for node in &told.nodes {
        let Some(above) = places.get(node.parent as usize) else {
            places.push(roots().map(|(id, _)| id).collect());
            continue;
        };
        // Several moves can lead to one state. If a text has no moves, the state identifies the child.
        let children = above.iter().filter_map(|above| children.get(*above as usize)).flatten().copied();
        let same = |id: &NodeId| grown.node(*id).is_some_and(|other| puzzle.same_state(other.state, node.state));
        let by_state: Vec<NodeId> = children.filter(same).collect();
        let moved = |id: &&NodeId| grown.node(**id).is_some_and(|other| other.action == node.action);
        let by_move: Vec<NodeId> = by_state.iter().filter(moved).copied().collect();
        places.push(if by_move.is_empty() { by_state } else { by_move });
    }
    let share = |place: &Vec<NodeId>| {
        let each = place.iter().filter_map(|place| below.get(*place as usize));
        let (leaves, goals) = each.fold((0, 0), |sum, each| (sum.0 + each.0, sum.1 + each.1));
        (100 * goals).checked_div(leaves).unwrap_or(0)
    };
    places.iter().map(|place| if place.is_empty() { 100 } else { share(place) }).collect()
}

/// Properties of any tree: a goal has the value 100. If all leaves below a node are goals, or none, the same holds for its children, except those on the path
/// to the goal that the search did not reach.
fn in_any_tree(puzzle: &Puzzle, told: &Trace, values: &[Option<u64>], judged: &mut Judged) {
    let mut leads = vec![false; told.nodes.len()];
    for (id, node) in told.nodes.iter().enumerate().rev() {
        if puzzle.is_goal(node.state) || leads[id] {
            leads[id] = true;
            if let Some(above) = leads.get_mut(node.parent as usize) {
                *above = true;
            }
        }
    }
    for (id, node) in told.nodes.iter().enumerate() {
        let value = values[id];
        judged.hold(!puzzle.is_goal(node.state) || value == Some(100), "values: a goal is not all goals");
        let Some(Some(above)) = values.get(node.parent as usize) else { continue };
        let fits = match above {
            0 => value == Some(0) || (leads[id] && value == Some(100)),
            100 => value == Some(100),
            _ => true,
        };
        judged.hold(fits, format!("values: {value:?} below {above}"));
    }
}
