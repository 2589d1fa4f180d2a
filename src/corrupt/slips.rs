//! Slips: a wrong result, a wrong state, a move that is not possible.
//!
//! Local mode changes the claim of one event, or of a node where it is generated. A wrong move then stands wherever the text names it, and
//! all states stay as they are. A wrong state stands in one place only, and later places show the right one. (A check judges each claim by
//! the claims before it, so it may report those places as well.) Propagated mode runs the search again, and the search continues from the
//! slip as if it were right.

use sos_envs::{DamageKind, Draw, MoveClaim};

use super::draft::{Draft, Planted, known};
use super::{KindOptions, Mode, Variant};
use crate::arena::Puzzle;
use crate::check::ErrorClass;
use crate::dialect::Field;
use crate::search::Slip;
use crate::trace::{Claim, Event, EventKind, MoveId, NO_NODE, NodeId, StateId};

/// Steps that name a move: where it is made, and in local mode where an opening repeats it.
fn move_sites(draft: &Draft<'_>, options: &KindOptions) -> Vec<usize> {
    let opens = options.mode == Mode::Local && draft.input.dialect.shows.state_on_open;
    draft.steps(|event| {
        let moved = draft.trace.node(event.node).is_some_and(|node| node.action.is_some() && node.parent != NO_NODE);
        match event.kind {
            EventKind::Generate => moved && (options.mode == Mode::Local || draft.can_slip(event.node)),
            EventKind::Open => moved && opens,
            _ => false,
        }
    })
}

/// Whether the `node` of such an event is an index into another list.
fn is_index(kind: EventKind) -> bool {
    matches!(kind, EventKind::Bound | EventKind::Meet)
}

/// [`move_sites`], in environments whose moves claim a result; else none.
pub(super) fn arithmetic_sites(draft: &Draft<'_>, options: &KindOptions) -> Vec<usize> {
    if draft.input.puzzle.about().move_claim == MoveClaim::Result { move_sites(draft, options) } else { Vec::new() }
}

pub(super) fn arithmetic(
    draft: &mut Draft<'_>,
    step: usize,
    options: &KindOptions,
    draw: &mut Draw,
) -> Option<Planted> {
    let node = draft.trace.node(draft.trace.events[step].node)?;
    let right = node.action?;
    let parent = draft.trace.node(node.parent)?;
    let wrong = draft.input.puzzle.damage_claim(right, draw)?;
    let state = match options.mode {
        Mode::Local => None,
        Mode::Propagated => Some(draft.input.puzzle.apply_as_claimed(parent.state, wrong)?.0),
    };
    slip_move(draft, step, wrong, state, ErrorClass::Arithmetic)
}

/// The same as [`move_sites`].
pub(super) fn illegal_sites(draft: &Draft<'_>, options: &KindOptions) -> Vec<usize> {
    move_sites(draft, options)
}

pub(super) fn illegal(draft: &mut Draft<'_>, step: usize, options: &KindOptions, draw: &mut Draw) -> Option<Planted> {
    let node = draft.trace.node(draft.trace.events[step].node)?;
    let parent = draft.trace.node(node.parent)?;
    let puzzle = draft.input.puzzle;
    // In a dialect that shows only opened children, the search can continue from a jump, but not from inside a wall.
    let (wrong, state) = match options.mode {
        Mode::Propagated if draft.names_states() => jump(puzzle, parent.state, draw)?,
        _ => puzzle.illegal_move(parent.state, draw)?,
    };
    if draft.names_states() {
        return slip_state(draft, step, options.mode, wrong, state);
    }
    let state = told(draft, node.parent, wrong).unwrap_or(state);
    let state = (options.mode == Mode::Propagated).then_some(state);
    slip_move(draft, step, wrong, state, ErrorClass::IllegalMove)
}

/// Plants a wrong move at a step. With a state, the search is run again and continues from that state.
pub(super) fn slip_move(
    draft: &mut Draft<'_>,
    step: usize,
    wrong: MoveId,
    state: Option<StateId>,
    class: ErrorClass,
) -> Option<Planted> {
    let Event { kind, node, .. } = draft.trace.events[step];
    let right = draft.trace.node(node)?.action?;
    let (found, expected) = (draft.show_move(wrong), draft.show_move(right));
    match state {
        Some(state) => draft.rerun(Slip::Node { node, action: wrong, state })?,
        None if kind == EventKind::Open => {
            let claim = draft.trace.claim(draft.trace.events[step]).cloned().unwrap_or_default();
            draft.trace.set_claim(step, Claim { action: Some(wrong), ..claim });
        }
        None => {
            let tells = told(draft, draft.trace.nodes[node as usize].parent, wrong).is_some();
            let parent = draft.trace.nodes[node as usize].parent;
            let above = draft.trace.node(parent).map(|parent| parent.state);
            let right = draft.trace.nodes[node as usize].action.replace(wrong);
            if tells {
                retell(draft, node, right, above);
            }
        }
    }
    known(class, step, Field::Action, found, expected)
}

/// The state after a move, if the dialect leaves such states out of the text.
pub(super) fn told(draft: &Draft<'_>, from: NodeId, action: MoveId) -> Option<StateId> {
    let from = draft.trace.node(from).filter(|_| draft.input.dialect.leaves_states_out())?;
    draft.input.puzzle.state_after(from.state, action)
}

/// Updates states after a node got another move or parent; `above` is the state of its former parent. In dialects that leave states out, the
/// states of the node and its descendants become what the moves give. A state that stood there instead would reveal the defect.
fn retell(draft: &mut Draft<'_>, changed: NodeId, right: Option<MoveId>, above: Option<StateId>) {
    let puzzle = draft.input.puzzle;
    let Some(node) = draft.trace.node(changed) else { return };
    let now = draft.trace.node(node.parent).map(|parent| &parent.state);
    let was = right.zip(above).and_then(|(right, above)| puzzle.state_after(above, right));
    let is = node.action.zip(now).and_then(|(action, now)| puzzle.state_after(*now, action));
    if let Some(is) = is.filter(|_| was.as_ref() == Some(&node.state)) {
        set_state(draft, changed, is);
    }
}

/// Sets the state of a node. In dialects that leave states out, the states of its descendants become what the moves give.
fn set_state(draft: &mut Draft<'_>, changed: NodeId, state: StateId) {
    let puzzle = draft.input.puzzle;
    let retells = draft.input.dialect.leaves_states_out();
    let nodes = &mut draft.trace.nodes;
    let Some(node) = nodes.get_mut(changed as usize) else { return };
    let right = std::mem::replace(&mut node.state, state);
    if !retells {
        return;
    }
    // The former states of the changed nodes.
    let mut before: Vec<Option<StateId>> = vec![None; nodes.len()];
    before[changed as usize] = Some(right);
    for at in changed as usize + 1..nodes.len() {
        let parent = nodes[at].parent as usize;
        let then = before.get(parent).and_then(Option::as_ref);
        let Some((then, action)) = then.zip(nodes[at].action) else { continue };
        if puzzle.state_after(*then, action).as_ref() == Some(&nodes[at].state)
            && let Some(is) = puzzle.state_after(nodes[parent].state, action)
        {
            before[at] = Some(std::mem::replace(&mut nodes[at].state, is));
        }
    }
}

/// Updates the children that are generated after control went to a wrong node. In dialects that leave states out, they become children of
/// the wrong node, as a reader of the text would take them.
pub(super) fn retell_children(draft: &mut Draft<'_>, step: usize, right: NodeId, wrong: NodeId) {
    if !draft.input.dialect.leaves_states_out() {
        return;
    }
    let moves = |event: &&Event| matches!(event.kind, EventKind::MoveTo | EventKind::Bound);
    let behind = draft.told_together(step).end;
    let events = draft.trace.events.iter().skip(behind).take_while(|event| !moves(event));
    let children: Vec<NodeId> =
        events.filter(|event| event.kind == EventKind::Generate).map(|event| event.node).collect();
    let above = draft.trace.node(right).map(|node| node.state);
    for child in children {
        let Some(node) = draft.trace.nodes.get_mut(child as usize).filter(|node| node.parent == right) else {
            continue;
        };
        node.parent = wrong;
        let action = node.action;
        retell(draft, child, action, above);
    }
}

/// Two steps in one: the second move, and a state that no single step reaches.
fn jump(puzzle: &Puzzle, from: StateId, draw: &mut Draw) -> Option<(MoveId, StateId)> {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    puzzle.successors(from, &mut first);
    first.iter().for_each(|step| puzzle.successors(step.state, &mut second));
    let near = |state: StateId| {
        puzzle.same_state(state, from) || first.iter().any(|step| puzzle.same_state(step.state, state))
    };
    second.retain(|step| !near(step.state));
    draw.choose(&second).map(|step| (step.action, step.state))
}

/// Plants a wrong state in dialects that name nodes by their states: a child gets a state that no step leads to. In local mode, it is
/// visited under its right state, which was then never created.
fn slip_state(draft: &mut Draft<'_>, step: usize, mode: Mode, action: MoveId, state: StateId) -> Option<Planted> {
    let node = draft.trace.events[step].node;
    let right = draft.trace.node(node)?.state;
    let (found, expected) = (draft.show_state(state), draft.show_state(right));
    if mode == Mode::Propagated {
        draft.rerun(Slip::Node { node, action, state })?;
    } else {
        let later = |event: &Event| event.node == node && event.kind == EventKind::Visit;
        let visits: Vec<usize> =
            (step..draft.trace.events.len()).filter(|&at| later(&draft.trace.events[at])).collect();
        for visit in visits {
            let claim = draft.trace.claim(draft.trace.events[visit]).cloned().unwrap_or_default();
            let state = claim.state.or(Some(right));
            draft.trace.set_claim(visit, Claim { state, ..claim });
        }
        let node = draft.trace.nodes.get_mut(node as usize)?;
        (node.state, node.action) = (state, None);
    }
    known(ErrorClass::IllegalMove, step, Field::State, found, expected)
}

/// Steps that show a state: where it is generated, and in local mode where it is repeated (opened, visited, judged).
pub(super) fn state_sites(draft: &Draft<'_>, options: &KindOptions) -> Vec<usize> {
    let shows = draft.input.dialect.shows;
    // In these dialects, a visit with another state would go to another node.
    let names_states = draft.names_states();
    let local = options.mode == Mode::Local;
    let mut steps = draft.steps(|event| {
        let is_child = draft.trace.node(event.node).is_some_and(|node| node.parent != NO_NODE && node.action.is_some());
        match event.kind {
            EventKind::Generate => is_child && (local || draft.can_slip(event.node)),
            _ if names_states => false,
            EventKind::Open => is_child && local && shows.state_on_open,
            // A root is made by its first visit, and the rest would be judged by that state.
            EventKind::Visit => is_child && local && shows.state_on_visit,
            EventKind::Goal | EventKind::DeadEnd | EventKind::Seen | EventKind::Cut => local,
            _ => false,
        }
    });
    let judged = |step: usize| {
        use EventKind::{Cut, DeadEnd, Goal, Seen};
        matches!(draft.trace.events[step].kind, Goal | DeadEnd | Seen | Cut)
    };
    steps.retain(|&step| !judged(step) || draft.shows(step, Field::State));
    steps.retain(|&step| draft.tells_state(step));
    steps
}

pub(super) fn state(draft: &mut Draft<'_>, step: usize, options: &KindOptions, draw: &mut Draw) -> Option<Planted> {
    let event = draft.trace.events[step];
    let right = draft.trace.node(event.node)?.state;
    let wrong = match options.variant {
        Some(variant) => draft.input.puzzle.damage_state(right, variant.damage(), draw)?,
        None => any_damage(draft.input.puzzle, right, draw)?,
    };
    plant_state(draft, step, options.mode, wrong)
}

/// A state with something lost, changed or invented. The three are tried in random order, so states that cannot have one of them are damaged as
/// often as others. Something is lost only where something could also be invented; so wrong states are as long as right ones.
fn any_damage(puzzle: &Puzzle, right: StateId, draw: &mut Draw) -> Option<StateId> {
    let mut variants = Variant::ALL;
    draw.shuffle(&mut variants);
    variants.into_iter().find_map(|variant| {
        let balanced = variant != Variant::Lost || puzzle.damage_state(right, DamageKind::Invent, draw).is_some();
        balanced.then(|| puzzle.damage_state(right, variant.damage(), draw)).flatten()
    })
}

/// Plants a wrong state at a step.
pub(super) fn plant_state(draft: &mut Draft<'_>, step: usize, mode: Mode, wrong: StateId) -> Option<Planted> {
    let event = draft.trace.events[step];
    let node = draft.trace.node(event.node)?;
    let (right, action) = (node.state, node.action);
    if draft.names_states() {
        return slip_state(draft, step, mode, action?, wrong);
    }
    let (found, expected) = (draft.show_state(wrong), draft.show_state(right));
    if mode == Mode::Propagated {
        draft.rerun(Slip::Node { node: event.node, action: action?, state: wrong })?;
    } else if event.kind == EventKind::Generate {
        // If no event repeats the state, no claim is made, since it would have words that no clean text has.
        let end = if draft.input.dialect.shows.state_again() { draft.trace.events.len() } else { 0 };
        for later in step + 1..end {
            let event_later = draft.trace.events[later];
            if event_later.node == event.node && !is_index(event_later.kind) {
                let claim = draft.trace.claim(event_later).cloned().unwrap_or_default();
                let state = claim.state.or(Some(right));
                draft.trace.set_claim(later, Claim { state, ..claim });
            }
        }
        set_state(draft, event.node, wrong);
    } else {
        let claim = draft.trace.claim(event).cloned().unwrap_or_default();
        draft.trace.set_claim(step, Claim { state: Some(wrong), ..claim });
    }
    known(ErrorClass::WrongState, step, Field::State, found, expected)
}
