//! Wrong costs: the cost from the root, the estimate, or the weight that a move claims.

use sos_envs::{Cost, Draw, MoveClaim};

use super::work::{Planted, Work, known, show};
use super::{Mode, Options};
use crate::check::ErrorClass;
use crate::dialect::{Field, write_estimate};
use crate::trace::{EventKind, NO_NODE, Node, NodeId};

/// Draws from the steps that generate a node with a cost, an estimate or a weight; then from what of these is told there.
pub(super) fn sites(work: &Work<'_>, _options: &Options) -> Vec<usize> {
    work.steps(|event| {
        let told = work
            .trace
            .node(event.node)
            .is_some_and(|node| node.parent != NO_NODE && !told_fields(work, node).is_empty());
        event.kind == EventKind::Generate && told
    })
}

pub(super) fn cost(work: &mut Work<'_>, step: usize, options: &Options, draw: &mut Draw) -> Option<Planted> {
    let id = work.trace.events[step].node;
    let node = work.trace.node(id)?;
    let field = *draw.choose(&told_fields(work, node))?;
    let (found, expected) = match field {
        Field::Action => weight(work, id, options.mode, draw)?,
        Field::Cost => {
            let right = node.g?;
            let wrong = near(right, 1, draw)?;
            shift(work, id, right, wrong, options.mode);
            (wrong.to_string(), right.to_string())
        }
        _ => estimate(work, id, draw)?,
    };
    known(ErrorClass::WrongCost, step, field, found, expected)
}

/// Which costs the text tells of a node where it is generated.
fn told_fields(work: &Work<'_>, node: &Node) -> Vec<Field> {
    let mut fields = Vec::new();
    if work.input.puzzle.about().move_claim == MoveClaim::Cost && node.action.is_some() && !work.names_states() {
        fields.push(Field::Action);
    }
    fields.extend(node.g.map(|_| Field::Cost));
    fields.extend(node.h.map(|_| Field::Estimate));
    fields
}

/// A number near another one, in steps of `unit`; never the same.
fn near(right: Cost, unit: Cost, draw: &mut Draw) -> Option<Cost> {
    let offset = unit.checked_mul(draw.between(1, 3))?;
    match (draw.chance(1, 2), right.checked_sub(offset)) {
        (true, Some(less)) => Some(less),
        _ => right.checked_add(offset),
    }
}

/// Sets a cost from the root; propagated, everything behind the node costs as much more or less.
fn shift(work: &mut Work<'_>, id: NodeId, right: Cost, wrong: Cost, mode: Mode) {
    let moved = |g: Cost| if wrong > right { g.saturating_add(wrong - right) } else { g.saturating_sub(right - wrong) };
    let mut below = vec![false; work.trace.nodes.len()];
    below[id as usize] = true;
    for place in 0..work.trace.nodes.len() {
        let parent = work.trace.nodes[place].parent as usize;
        let follows = mode == Mode::Propagated && below.get(parent).copied().unwrap_or(false);
        if follows || place == id as usize {
            below[place] = true;
            let node = &mut work.trace.nodes[place];
            node.g = node.g.map(moved);
        }
    }
}

/// A wrong estimate: one that none of the environment's heuristics gives. Nothing follows from it in the text.
fn estimate(work: &mut Work<'_>, id: NodeId, draw: &mut Draw) -> Option<(String, String)> {
    let puzzle = work.input.puzzle;
    let node = work.trace.node(id)?;
    let right = node.h?;
    let wrong = near(right, work.input.puzzle.about().estimate_scale, draw)?;
    let told = (0..puzzle.about().heuristics.len()).map(|heuristic| puzzle.estimate(heuristic, node.state));
    if told.into_iter().any(|estimate| estimate == wrong) {
        return None;
    }
    work.trace.nodes[id as usize].h = Some(wrong);
    let write = |h: Cost| show(|out| write_estimate(work.input.puzzle, h, sos_envs::Style::Frame, out));
    Some((write(wrong), write(right)))
}

/// A wrong weight of a move; propagated, the cost is what the weight makes it.
fn weight(work: &mut Work<'_>, id: NodeId, mode: Mode, draw: &mut Draw) -> Option<(String, String)> {
    let puzzle = work.input.puzzle;
    let node = work.trace.node(id)?;
    let (right, g) = (node.action?, node.g);
    let wrong = puzzle.damage_claim(right, draw)?;
    let parent = work.trace.node(node.parent)?.state;
    let (_, true_cost) = puzzle.apply_as_claimed(parent, right)?;
    let (_, claimed) = puzzle.apply_as_claimed(parent, wrong)?;
    if let (Mode::Propagated, Some(g)) = (mode, g) {
        let moved = (g.checked_sub(true_cost)?).checked_add(claimed)?;
        shift(work, id, g, moved, mode);
    }
    work.trace.nodes[id as usize].action = Some(wrong);
    Some((work.show_move(wrong), work.show_move(right)))
}
