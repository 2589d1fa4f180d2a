//! Steps left out, written twice, or in another order. What is wrong then only a replay can tell: the label is the first error that
//! is new at the place or behind it. Where there is none, nothing was broken, and the draw is repeated.

use sos_envs::{Draw, Environment};

use super::Options;
use super::work::{Planted, Work};
use crate::trace::EventKind;

/// Draws from all steps.
pub(super) fn dropped_sites<E: Environment>(work: &Work<'_, E>, _options: &Options) -> Vec<usize> {
    work.steps(|_| true)
}

pub(super) fn dropped<E: Environment>(
    work: &mut Work<'_, E>,
    step: usize,
    _options: &Options,
    _draw: &mut Draw,
) -> Option<Planted> {
    work.remove(step..step + 1)?;
    Some(Planted::From(step))
}

/// Draws from the steps that open, close or drop a node: to look at a node twice, or to try a move twice, is no error.
pub(super) fn repeated_sites<E: Environment>(work: &Work<'_, E>, _options: &Options) -> Vec<usize> {
    use EventKind::{Cut, DeadEnd, Open, Prune, Seen};
    work.steps(|event| matches!(event.kind, Open | DeadEnd | Seen | Cut | Prune))
}

/// The step is written once more, right behind itself.
pub(super) fn repeated<E: Environment>(
    work: &mut Work<'_, E>,
    step: usize,
    _options: &Options,
    _draw: &mut Draw,
) -> Option<Planted> {
    let event = work.trace.events[step];
    work.insert(step + 1, &[(event.kind, event.node)]);
    Some(Planted::From(step + 1))
}

/// Draws from all windows that hold nothing planted; the last ones of a trace that is shorter than the window hold all of it.
pub(super) fn shuffled_sites<E: Environment>(work: &Work<'_, E>, options: &Options) -> Vec<usize> {
    let len = work.trace.events.len();
    let mut starts = work.steps(|_| true);
    starts.retain(|&start| start == 1 || start + options.window <= len);
    starts
}

pub(super) fn shuffled<E: Environment>(
    work: &mut Work<'_, E>,
    start: usize,
    options: &Options,
    draw: &mut Draw,
) -> Option<Planted> {
    let end = (start + options.window).min(work.trace.events.len());
    if work.labels.iter().any(|label| (start..end).contains(&label.step)) {
        return None;
    }
    let before = work.trace.events[start..end].to_vec();
    draw.shuffle(&mut work.trace.events[start..end]);
    let same = before.iter().zip(&work.trace.events[start..end]).take_while(|(a, b)| a == b).count();
    (same < before.len()).then_some(Planted::From(start + same))
}
