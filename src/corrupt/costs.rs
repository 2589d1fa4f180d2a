//! Wrong costs: the cost from the root, the estimate, or the weight that a move claims.

use sos_envs::{Cost, Draw, MoveClaim};

use super::draft::{Draft, Planted, known, show};
use super::{KindOptions, Mode};
use crate::check::ErrorClass;
use crate::dialect::{Field, write_estimate};
use crate::trace::{EventKind, NO_NODE, Node, NodeId};

/// Steps that generate a node for which the text shows a cost, an estimate or a weight.
pub(super) fn sites(draft: &Draft<'_>, _options: &KindOptions) -> Vec<usize> {
    draft.steps(|event| {
        let told = draft
            .trace
            .node(event.node)
            .is_some_and(|node| node.parent != NO_NODE && !told_fields(draft, node).is_empty());
        event.kind == EventKind::Generate && told
    })
}

pub(super) fn cost(draft: &mut Draft<'_>, step: usize, options: &KindOptions, draw: &mut Draw) -> Option<Planted> {
    let id = draft.trace.events[step].node;
    let node = draft.trace.node(id)?;
    let field = *draw.choose(&told_fields(draft, node))?;
    let (found, expected) = match field {
        Field::Action => weight(draft, id, options.mode, draw)?,
        Field::Cost => {
            let right = node.g?;
            let wrong = near(right, 1, draw)?;
            shift(draft, id, right, wrong, options.mode);
            (wrong.to_string(), right.to_string())
        }
        _ => estimate(draft, id, draw)?,
    };
    known(ErrorClass::WrongCost, step, field, found, expected)
}

/// The costs that the text shows where a node is generated.
fn told_fields(draft: &Draft<'_>, node: &Node) -> Vec<Field> {
    let mut fields = Vec::new();
    if draft.input.puzzle.about().move_claim == MoveClaim::Cost && node.action.is_some() && !draft.names_states() {
        fields.push(Field::Action);
    }
    fields.extend(node.g.map(|_| Field::Cost));
    fields.extend(node.h.map(|_| Field::Estimate));
    fields
}

/// A number that differs by one to three units.
fn near(right: Cost, unit: Cost, draw: &mut Draw) -> Option<Cost> {
    let offset = unit.checked_mul(draw.between(1, 3))?;
    match (draw.chance(1, 2), right.checked_sub(offset)) {
        (true, Some(less)) => Some(less),
        _ => right.checked_add(offset),
    }
}

/// Sets the cost of a node. In propagated mode, the costs of all its descendants shift by the same amount.
fn shift(draft: &mut Draft<'_>, id: NodeId, right: Cost, wrong: Cost, mode: Mode) {
    let moved = |g: Cost| if wrong > right { g.saturating_add(wrong - right) } else { g.saturating_sub(right - wrong) };
    let mut below = vec![false; draft.trace.nodes.len()];
    below[id as usize] = true;
    for place in 0..draft.trace.nodes.len() {
        let parent = draft.trace.nodes[place].parent as usize;
        let follows = mode == Mode::Propagated && below.get(parent).copied().unwrap_or(false);
        if follows || place == id as usize {
            below[place] = true;
            let node = &mut draft.trace.nodes[place];
            node.g = node.g.map(moved);
        }
    }
}

/// Plants a wrong estimate, one that no heuristic of the environment gives. Nothing in the text follows from it.
fn estimate(draft: &mut Draft<'_>, id: NodeId, draw: &mut Draw) -> Option<(String, String)> {
    let puzzle = draft.input.puzzle;
    let node = draft.trace.node(id)?;
    let right = node.h?;
    let wrong = near(right, draft.input.puzzle.about().estimate_scale, draw)?;
    let told = (0..puzzle.about().heuristics.len()).map(|heuristic| puzzle.estimate(heuristic, node.state));
    if told.into_iter().any(|estimate| estimate == wrong) {
        return None;
    }
    draft.trace.nodes[id as usize].h = Some(wrong);
    let write = |h: Cost| show(|out| write_estimate(draft.input.puzzle, h, sos_envs::Style::Frame, out));
    Some((write(wrong), write(right)))
}

/// Plants a wrong weight of a move. In propagated mode, the costs follow from it.
fn weight(draft: &mut Draft<'_>, id: NodeId, mode: Mode, draw: &mut Draw) -> Option<(String, String)> {
    let puzzle = draft.input.puzzle;
    let node = draft.trace.node(id)?;
    let (right, g) = (node.action?, node.g);
    let wrong = puzzle.damage_claim(right, draw)?;
    let parent = draft.trace.node(node.parent)?.state;
    let (_, true_cost) = puzzle.apply_as_claimed(parent, right)?;
    let (_, claimed) = puzzle.apply_as_claimed(parent, wrong)?;
    if let (Mode::Propagated, Some(g)) = (mode, g) {
        let moved = (g.checked_sub(true_cost)?).checked_add(claimed)?;
        shift(draft, id, g, moved, mode);
    }
    draft.trace.nodes[id as usize].action = Some(wrong);
    Some((draft.show_move(wrong), draft.show_move(right)))
}
