//! Steps left out, written twice, or in another order. What is wrong then only a replay can tell: the label is the first error that
//! is new at the place or behind it. Where there is none, nothing was broken, and the draw is repeated.

use sos_envs::Draw;

use super::Options;
use super::work::{Planted, Work};
use crate::trace::EventKind;

/// Draws from all steps.
pub(super) fn dropped_sites(work: &Work<'_>, _options: &Options) -> Vec<usize> {
    whole(work, work.steps(|_| true))
}

/// Of steps those at which something begins that the text tells.
fn whole(work: &Work<'_>, mut steps: Vec<usize>) -> Vec<usize> {
    steps.retain(|&step| work.unit(step).start == step);
    steps
}

pub(super) fn dropped(work: &mut Work<'_>, step: usize, _options: &Options, _draw: &mut Draw) -> Option<Planted> {
    work.remove(work.unit(step))?;
    Some(Planted::From(step))
}

/// Draws from the steps that open, close or drop a node: to look at a node twice, or to try a move twice, is no error.
pub(super) fn repeated_sites(work: &Work<'_>, _options: &Options) -> Vec<usize> {
    use EventKind::{Cut, DeadEnd, MoveTo, Open, Prune, Seen};
    // What tells only of an open list never goes back to a node.
    let again = |kind| kind == MoveTo && work.names_states();
    // An opening that is not written by itself could not be written twice in words that clean traces have.
    let opens = work.names_states() || work.input.dialect.shows.opens_alone;
    work.steps(|event| {
        matches!(event.kind, DeadEnd | Seen | Cut | Prune) || (event.kind == Open && opens) || again(event.kind)
    })
}

/// The step is written once more, right behind itself.
pub(super) fn repeated(work: &mut Work<'_>, step: usize, _options: &Options, _draw: &mut Draw) -> Option<Planted> {
    let unit = work.unit(step);
    let events: Vec<_> = work.trace.events[unit.clone()].iter().map(|event| (event.kind, event.node)).collect();
    work.insert(unit.end, &events);
    Some(Planted::From(unit.end))
}

/// Draws from all windows that hold nothing planted; the last ones of a trace that is shorter than the window hold all of it.
pub(super) fn shuffled_sites(work: &Work<'_>, options: &Options) -> Vec<usize> {
    let len = work.trace.events.len();
    let mut starts = whole(work, work.steps(|_| true));
    starts.retain(|&start| start == 1 || start + options.window <= len);
    starts
}

pub(super) fn shuffled(work: &mut Work<'_>, start: usize, options: &Options, draw: &mut Draw) -> Option<Planted> {
    let end = (start + options.window).min(work.trace.events.len());
    let end = work.unit(end - 1).end;
    if work.labels.iter().any(|label| (start..end).contains(&label.step)) {
        return None;
    }
    let before = work.trace.events[start..end].to_vec();
    let mut units: Vec<_> = (start..end).map(|step| work.unit(step)).collect();
    units.dedup();
    draw.shuffle(&mut units);
    let shuffled: Vec<_> = units.into_iter().flatten().map(|step| work.trace.events[step]).collect();
    work.trace.events[start..end].copy_from_slice(&shuffled);
    let same = before.iter().zip(&work.trace.events[start..end]).take_while(|(a, b)| a == b).count();
    (same < before.len()).then_some(Planted::From(start + same))
}
