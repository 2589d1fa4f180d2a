//! Inferences that do not hold, and values that outlive the guess that they followed from.
//!
//! Local and propagated are meant as for [`slips`](super::slips).

use std::collections::BTreeSet;

use sos_envs::{Draw, InferenceSlip};

use super::draft::{Draft, Planted};
use super::{KindOptions, Mode, slips};
use crate::check::ErrorClass;
use crate::trace::{EventKind, StateId};

/// Draws of a wrong inference before another step is taken.
const TRIES: usize = 16;

/// Steps that infer something, or guess and list what could be guessed.
pub(super) fn sites(draft: &Draft<'_>, options: &KindOptions) -> Vec<usize> {
    draft.steps(|event| {
        let node = draft.trace.node(event.node).filter(|_| event.kind == EventKind::Generate);
        node.and_then(|node| node.action).is_some_and(|action| draft.input.puzzle.is_inference(action))
            && (options.mode == Mode::Local || draft.can_slip(event.node))
    })
}

/// Something is inferred that does not follow.
pub(super) fn unsound(draft: &mut Draft<'_>, step: usize, options: &KindOptions, draw: &mut Draw) -> Option<Planted> {
    slip(draft, step, InferenceSlip::Unsound, options.mode, draw)
}

/// What is inferred holds, but not for the reason that is given.
pub(super) fn wrong_reason(
    draft: &mut Draft<'_>,
    step: usize,
    _options: &KindOptions,
    draw: &mut Draw,
) -> Option<Planted> {
    slip(draft, step, InferenceSlip::WrongReason, Mode::Local, draw)
}

/// A guess leaves a candidate out of its list.
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
    // A reason that the trace gives nowhere else would tell by its words.
    let (wrong, state) = (0..TRIES)
        .filter_map(|_| puzzle.slip_inference(parent.state, right, slip, draw))
        .find(|(wrong, _)| known.contains(&puzzle.reason(*wrong)))?;
    let state = slips::told(draft, node.parent, wrong).unwrap_or(state);
    let state = (mode == Mode::Propagated).then_some(state);
    slips::slip_move(draft, step, wrong, state, ErrorClass::UnsoundInference)
}

/// What control came back from before a step, where it did.
fn reverted(draft: &Draft<'_>, step: usize) -> Option<StateId> {
    let events = &draft.trace.events;
    let [.., moved, visited] = events.get(..step)? else { return None };
    let comes_back = moved.kind == EventKind::MoveTo && visited.kind == EventKind::Visit && moved.node == visited.node;
    let from = events[..step - 2].iter().rev().find(|event| event.kind == EventKind::Visit).filter(|_| comes_back)?;
    draft.trace.node(from.node).map(|node| node.state)
}

/// Steps right behind a return.
pub(super) fn stale_sites(draft: &Draft<'_>, options: &KindOptions) -> Vec<usize> {
    let mut steps = draft.steps(|event| {
        event.kind == EventKind::Generate && (options.mode == Mode::Local || draft.can_slip(event.node))
    });
    steps.retain(|&step| draft.tells_state(step) && reverted(draft, step).is_some());
    steps
}

/// A state still has a value of the branch that was given up.
pub(super) fn stale(draft: &mut Draft<'_>, step: usize, options: &KindOptions, draw: &mut Draw) -> Option<Planted> {
    let before = reverted(draft, step)?;
    let right = draft.trace.node(draft.trace.events[step].node)?.state;
    let wrong = draft.input.puzzle.stale_state(right, before, draw)?;
    slips::plant_state(draft, step, options.mode, wrong)
}
