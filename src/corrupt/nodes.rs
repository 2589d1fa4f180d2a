//! Wrong references: to a node that does not exist, that exists already, or that is closed.

use sos_envs::Draw;

use super::draft::{Draft, Planted, known, show_label};
use super::{KindOptions, Mode, slips};
use crate::check::ErrorClass;
use crate::dialect::Field;
use crate::trace::{Claim, Event, EventKind, NO_NODE, Node, NodeId, StateId};

/// Steps that refer to a node: moves and drops.
pub(super) fn unknown_sites(draft: &Draft<'_>, _options: &KindOptions) -> Vec<usize> {
    // After a move to an unknown node, no move determines a state. So all states would have to be written.
    if draft.input.dialect.leaves_states_out() {
        return Vec::new();
    }
    let refers = |kind| matches!(kind, EventKind::MoveTo | EventKind::Prune);
    let mut steps = draft.steps(|event| refers(event.kind) && draft.trace.node(event.node).is_some());
    steps.retain(|&step| !draft.goes_at_once(step));
    steps
}

/// Changes the label to one of a child or sibling that is never generated.
pub(super) fn unknown(draft: &mut Draft<'_>, step: usize, _options: &KindOptions, draw: &mut Draw) -> Option<Planted> {
    if draft.names_states() {
        return unknown_state(draft, step, draw);
    }
    let right = draft.trace.events[step].node;
    let parent = Some(draft.trace.node(right)?.parent).filter(|&parent| parent != NO_NODE).unwrap_or(right);
    let siblings = draft.trace.nodes.iter().filter(|node| node.parent == parent);
    let most = siblings.map(|node| node.ordinal).max().map_or(0, |most| most.saturating_add(1));
    let mut label = draft.trace.label(parent);
    label.push(most.saturating_add(draw.below(3) as u32));
    let (found, expected) = (show_label(&label), draft.show_node(right));
    let told = draft.told_together(step);
    draft.remove(step + 1..told.end)?;
    draft.trace.events[step].node = NO_NODE;
    draft.trace.set_claim(step, Claim { label: Some(label), ..Claim::default() });
    known(ErrorClass::UnknownNode, step, Field::Label, found, expected)
}

/// The same in dialects that name nodes by their states: inserts a visit to a successor of the right node that was not generated yet.
fn unknown_state(draft: &mut Draft<'_>, step: usize, draw: &mut Draw) -> Option<Planted> {
    let puzzle = draft.input.puzzle;
    let right = draft.trace.node(draft.trace.events[step].node)?;
    let mut steps = Vec::new();
    puzzle.successors(right.state, &mut steps);
    let before = |event: &Event| draft.trace.node(event.node);
    let made: Vec<StateId> = draft.trace.events[..step].iter().filter_map(before).map(|node| node.state).collect();
    steps.retain(|next| !made.iter().any(|state| puzzle.same_state(*state, next.state)));
    let next = draw.choose(&steps)?;
    let costs = right.g.zip(right.h).zip(draft.input.search.settings.heuristic).map(|((g, _), heuristic)| {
        let h = puzzle.estimate(heuristic, next.state);
        (g.saturating_add(next.cost), h)
    });
    let (g, h) = (costs.map(|costs| costs.0), costs.map(|costs| costs.1));
    let (found, expected) = (draft.show_state(next.state), draft.show_state(right.state));
    let node = Node { parent: NO_NODE, ordinal: 0, depth: 0, state: next.state, action: None, g, h };
    let node = draft.trace.add(node);
    draft.insert(step, &[(EventKind::MoveTo, NO_NODE), (EventKind::Visit, node)]);
    draft.trace.set_claim(step, Claim { label: Some(Vec::new()), ..Claim::default() });
    known(ErrorClass::UnknownNode, step, Field::Label, found, expected)
}

/// Steps that open a node.
pub(super) fn duplicate_sites(draft: &Draft<'_>, _options: &KindOptions) -> Vec<usize> {
    draft.steps(|event| event.kind == EventKind::Open && draft.trace.node(event.node).is_some())
}

/// Generates and opens the node once more, at a later step at which control is at its parent.
pub(super) fn duplicate(
    draft: &mut Draft<'_>,
    step: usize,
    _options: &KindOptions,
    draw: &mut Draw,
) -> Option<Planted> {
    let node = draft.trace.events[step].node;
    let parent = draft.trace.node(node)?.parent;
    let control = draft.control();
    let starts = |at: usize| matches!(draft.trace.events[at].kind, EventKind::Generate | EventKind::MoveTo);
    let places: Vec<usize> =
        (step + 1..draft.trace.events.len()).filter(|&at| control[at] == parent && starts(at)).collect();
    let at = *draw.choose(&places)?;
    let found = draft.show_node(node);
    draft.insert(at, &[(EventKind::Generate, node), (EventKind::Open, node)]);
    known(ErrorClass::DuplicateNode, at + 1, Field::Label, found, "a new node".into())
}

/// Steps that move to a node.
pub(super) fn backtrack_sites(draft: &Draft<'_>, _options: &KindOptions) -> Vec<usize> {
    let mut steps = draft.steps(|event| event.kind == EventKind::MoveTo && draft.trace.node(event.node).is_some());
    steps.retain(|&step| !draft.goes_at_once(step));
    steps
}

/// Changes a move to lead to a closed node. Local: only the move changes, and the trace goes on as before. Propagated: the wrong node is
/// visited, and then the right one.
pub(super) fn backtrack(draft: &mut Draft<'_>, step: usize, options: &KindOptions, draw: &mut Draw) -> Option<Planted> {
    let right = draft.trace.events[step].node;
    let mut done = done_with(draft, step);
    done.retain(|&(id, _)| id != right);
    if options.mode == Mode::Propagated {
        // The way from there to the right node must not be a second error.
        let visited = |event: &Event| event.kind == EventKind::Visit && event.node == right;
        let returns = draft.trace.events[..step].iter().any(visited);
        done.retain(|&(id, _)| !returns || draft.is_ancestor(right, id));
    }
    let &(wrong, class) = draw.choose(&done)?;
    let (found, expected) = (draft.show_node(wrong), draft.show_node(right));
    if options.mode == Mode::Propagated {
        draft.insert(step, &[(EventKind::MoveTo, wrong), (EventKind::Visit, wrong)]);
    } else {
        for step in draft.told_together(step) {
            draft.trace.events[step].node = wrong;
        }
        slips::retell_children(draft, step, right, wrong);
    }
    known(class, step, Field::Label, found, expected)
}

/// The opened nodes that are closed before a step, in its iteration: called closed, or visited and no ancestor of the current node.
fn done_with(draft: &Draft<'_>, step: usize) -> Vec<(NodeId, ErrorClass)> {
    #[derive(Clone, Copy, Default)]
    struct Status {
        opened: bool,
        visited: bool,
        closed: bool,
    }
    let mut status = vec![Status::default(); draft.trace.nodes.len()];
    let mut current = NO_NODE;
    for event in &draft.trace.events[..step] {
        if event.kind == EventKind::Bound {
            status.fill(Status::default());
            current = NO_NODE;
            continue;
        }
        if matches!(event.kind, EventKind::Visit | EventKind::MoveTo) {
            current = event.node;
        }
        let Some(status) = status.get_mut(event.node as usize) else { continue };
        match event.kind {
            EventKind::Open => status.opened = true,
            EventKind::Visit => status.visited = true,
            EventKind::Goal | EventKind::DeadEnd | EventKind::Seen | EventKind::Cut | EventKind::Prune => {
                status.closed = true;
            }
            _ => {}
        }
    }
    let class = |id: usize, status: &Status| match status {
        Status { opened: false, .. } => None,
        Status { closed: true, .. } => Some(ErrorClass::NotOpen),
        Status { visited: true, .. } if draft.names_states() || !draft.is_ancestor(id as NodeId, current) => {
            Some(ErrorClass::AlreadyClosed)
        }
        _ => None,
    };
    status.iter().enumerate().filter_map(|(id, status)| Some((id as NodeId, class(id, status)?))).collect()
}
