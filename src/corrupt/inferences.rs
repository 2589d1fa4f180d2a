//! Inferences that do not hold, and values that outlive the guess that they followed from.
//!
//! Local and propagated are meant as for [`slips`](super::slips).

use std::collections::BTreeSet;

use sos_envs::{Draw, InferenceSlip};

use super::work::{Planted, Work};
use super::{Mode, Options, slips};
use crate::check::ErrorClass;
use crate::trace::{EventKind, StateId};

/// Draws of a wrong inference before another step is taken.
const TRIES: usize = 16;

/// Steps that infer something, or guess and list what could be guessed.
pub(super) fn sites(work: &Work<'_>, options: &Options) -> Vec<usize> {
    work.steps(|event| {
        let node = work.trace.node(event.node).filter(|_| event.kind == EventKind::Generate);
        node.and_then(|node| node.action).is_some_and(|action| work.input.puzzle.is_inference(action))
            && (options.mode == Mode::Local || work.can_slip(event.node))
    })
}

/// Something is inferred that does not follow.
pub(super) fn unsound(work: &mut Work<'_>, step: usize, options: &Options, draw: &mut Draw) -> Option<Planted> {
    slip(work, step, InferenceSlip::Unsound, options.mode, draw)
}

/// What is inferred holds, but not for the reason that is given.
pub(super) fn wrong_reason(work: &mut Work<'_>, step: usize, _options: &Options, draw: &mut Draw) -> Option<Planted> {
    slip(work, step, InferenceSlip::WrongReason, Mode::Local, draw)
}

/// A guess leaves a candidate out of its list.
pub(super) fn forgotten(work: &mut Work<'_>, step: usize, _options: &Options, draw: &mut Draw) -> Option<Planted> {
    slip(work, step, InferenceSlip::ForgottenCandidate, Mode::Local, draw)
}

fn slip(work: &mut Work<'_>, step: usize, slip: InferenceSlip, mode: Mode, draw: &mut Draw) -> Option<Planted> {
    let node = work.trace.node(work.trace.events[step].node)?;
    let parent = work.trace.node(node.parent)?;
    let (puzzle, right) = (work.input.puzzle, node.action?);
    let actions = work.trace.nodes.iter().filter_map(|node| node.action);
    let known: BTreeSet<usize> = actions.map(|action| puzzle.reason(action)).collect();
    // A reason that the trace gives nowhere else would tell by its words.
    let (wrong, state) = (0..TRIES)
        .filter_map(|_| puzzle.slip_inference(parent.state, right, slip, draw))
        .find(|(wrong, _)| known.contains(&puzzle.reason(*wrong)))?;
    let state = slips::told(work, node.parent, wrong).unwrap_or(state);
    let state = (mode == Mode::Propagated).then_some(state);
    slips::slip_move(work, step, wrong, state, ErrorClass::UnsoundInference)
}

/// What control came back from before a step, where it did.
fn reverted(work: &Work<'_>, step: usize) -> Option<StateId> {
    let events = &work.trace.events;
    let [.., moved, visited] = events.get(..step)? else { return None };
    let comes_back = moved.kind == EventKind::MoveTo && visited.kind == EventKind::Visit && moved.node == visited.node;
    let from = events[..step - 2].iter().rev().find(|event| event.kind == EventKind::Visit).filter(|_| comes_back)?;
    work.trace.node(from.node).map(|node| node.state)
}

/// Steps right behind a return.
pub(super) fn stale_sites(work: &Work<'_>, options: &Options) -> Vec<usize> {
    let mut steps = work
        .steps(|event| event.kind == EventKind::Generate && (options.mode == Mode::Local || work.can_slip(event.node)));
    steps.retain(|&step| work.tells_state(step) && reverted(work, step).is_some());
    steps
}

/// A state still has a value of the branch that was given up.
pub(super) fn stale(work: &mut Work<'_>, step: usize, options: &Options, draw: &mut Draw) -> Option<Planted> {
    let before = reverted(work, step)?;
    let right = work.trace.node(work.trace.events[step].node)?.state;
    let wrong = work.input.puzzle.stale_state(right, before, draw)?;
    slips::plant_state(work, step, options.mode, wrong)
}
