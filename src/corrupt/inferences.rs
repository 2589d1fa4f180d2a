//! Inferences that do not hold, and values left over from a guess that was taken back.
//!
//! The modes local and propagated mean the same as in [`slips`](super::slips).

use std::collections::BTreeSet;

use sos_envs::{Draw, InferenceSlip};

use super::draft::{Draft, Planted};
use super::{KindOptions, Mode, slips};
use crate::check::ErrorClass;
use crate::trace::{EventKind, StateId};

/// Number of draws of a wrong inference at one step.
const TRIES: usize = 16;

/// Steps that make an inference, or a guess with its list of candidates.
pub(super) fn sites(draft: &Draft<'_>, options: &KindOptions) -> Vec<usize> {
    draft.steps(|event| {
        let node = draft.trace.node(event.node).filter(|_| event.kind == EventKind::Generate);
        node.and_then(|node| node.action).is_some_and(|action| draft.input.puzzle.is_inference(action))
            && (options.mode == Mode::Local || draft.can_slip(event.node))
    })
}

/// Plants an inference that does not follow.
pub(super) fn unsound(draft: &mut Draft<'_>, step: usize, options: &KindOptions, draw: &mut Draw) -> Option<Planted> {
    slip(draft, step, InferenceSlip::Unsound, options.mode, draw)
}

/// Plants a right inference with a reason that does not hold.
pub(super) fn wrong_reason(
    draft: &mut Draft<'_>,
    step: usize,
    _options: &KindOptions,
    draw: &mut Draw,
) -> Option<Planted> {
    slip(draft, step, InferenceSlip::WrongReason, Mode::Local, draw)
}

/// Plants a guess that leaves one candidate out of its list.
pub(super) fn forgotten(
    draft: &mut Draft<'_>,
    step: usize,
    _options: &KindOptions,
    draw: &mut Draw,
) -> Option<Planted> {
    slip(draft, step, InferenceSlip::ForgottenCandidate, Mode::Local, draw)
}

fn slip(draft: &mut Draft<'_>, step: usize, slip: InferenceSlip, mode: Mode, draw: &mut Draw) -> Option<Planted> {
    let node = draft.trace.node(draft.trace.events[step].node)?;
    let parent = draft.trace.node(node.parent)?;
    let (puzzle, right) = (draft.input.puzzle, node.action?);
    let actions = draft.trace.nodes.iter().filter_map(|node| node.action);
    let known: BTreeSet<usize> = actions.map(|action| puzzle.reason(action)).collect();
    // A kind of reason that the trace has nowhere else would reveal the defect.
    let (wrong, state) = (0..TRIES)
        .filter_map(|_| puzzle.slip_inference(parent.state, right, slip, draw))
        .find(|(wrong, _)| known.contains(&puzzle.reason(*wrong)))?;
    let state = slips::told(draft, node.parent, wrong).unwrap_or(state);
    let state = (mode == Mode::Propagated).then_some(state);
    slips::slip_move(draft, step, wrong, state, ErrorClass::UnsoundInference)
}

/// The state that control came back from just before a step; none where it did not come back.
fn reverted(draft: &Draft<'_>, step: usize) -> Option<StateId> {
    let events = &draft.trace.events;
    let [.., moved, visited] = events.get(..step)? else { return None };
    let comes_back = moved.kind == EventKind::MoveTo && visited.kind == EventKind::Visit && moved.node == visited.node;
    let from = events[..step - 2].iter().rev().find(|event| event.kind == EventKind::Visit).filter(|_| comes_back)?;
    draft.trace.node(from.node).map(|node| node.state)
}

/// Steps just behind a return.
pub(super) fn stale_sites(draft: &Draft<'_>, options: &KindOptions) -> Vec<usize> {
    let mut steps = draft.steps(|event| {
        event.kind == EventKind::Generate && (options.mode == Mode::Local || draft.can_slip(event.node))
    });
    steps.retain(|&step| draft.tells_state(step) && reverted(draft, step).is_some());
    steps
}

/// Plants a state that still has a value of the branch that was given up.
pub(super) fn stale(draft: &mut Draft<'_>, step: usize, options: &KindOptions, draw: &mut Draw) -> Option<Planted> {
    let before = reverted(draft, step)?;
    let right = draft.trace.node(draft.trace.events[step].node)?.state;
    let wrong = draft.input.puzzle.stale_state(right, before, draw)?;
    slips::plant_state(draft, step, options.mode, wrong)
}
