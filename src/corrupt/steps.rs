//! Steps that are left out, repeated, or reordered. Only a replay can tell what is then wrong: the label is the first new error at the place
//! or behind it. If there is none, nothing is broken, and the draw is repeated.

use sos_envs::Draw;

use super::KindOptions;
use super::draft::{Draft, Planted};
use crate::trace::EventKind;

/// All steps.
pub(super) fn dropped_sites(draft: &Draft<'_>, _options: &KindOptions) -> Vec<usize> {
    whole(draft, draft.steps(|_| true))
}

/// The steps that begin a unit of the text ([`Draft::unit`]).
fn whole(draft: &Draft<'_>, mut steps: Vec<usize>) -> Vec<usize> {
    steps.retain(|&step| draft.unit(step).start == step);
    steps
}

pub(super) fn dropped(draft: &mut Draft<'_>, step: usize, _options: &KindOptions, _draw: &mut Draw) -> Option<Planted> {
    draft.remove(draft.unit(step))?;
    Some(Planted::From(step))
}

/// Steps that open, close or drop a node. To visit a node or to try a move twice is no error.
pub(super) fn repeated_sites(draft: &Draft<'_>, _options: &KindOptions) -> Vec<usize> {
    use EventKind::{Cut, DeadEnd, MoveTo, Open, Prune, Seen};
    // A trace that shows only an open list never returns to a node.
    let again = |kind| kind == MoveTo && draft.names_states();
    // In other dialects, a repeated opening would have words that clean traces do not have.
    let opens = draft.names_states() || draft.input.dialect.shows.opens_alone;
    draft.steps(|event| {
        matches!(event.kind, DeadEnd | Seen | Cut | Prune) || (event.kind == Open && opens) || again(event.kind)
    })
}

/// Writes the step once more, just behind itself.
pub(super) fn repeated(
    draft: &mut Draft<'_>,
    step: usize,
    _options: &KindOptions,
    _draw: &mut Draw,
) -> Option<Planted> {
    let unit = draft.unit(step);
    let events: Vec<_> = draft.trace.events[unit.clone()].iter().map(|event| (event.kind, event.node)).collect();
    draft.insert(unit.end, &events);
    Some(Planted::From(unit.end))
}

/// The first steps of the windows. A trace shorter than the window has one window, which holds all of it.
pub(super) fn shuffled_sites(draft: &Draft<'_>, options: &KindOptions) -> Vec<usize> {
    let len = draft.trace.events.len();
    let mut starts = whole(draft, draft.steps(|_| true));
    starts.retain(|&start| start == 1 || start + options.window <= len);
    starts
}

pub(super) fn shuffled(draft: &mut Draft<'_>, start: usize, options: &KindOptions, draw: &mut Draw) -> Option<Planted> {
    let end = (start + options.window).min(draft.trace.events.len());
    let end = draft.unit(end - 1).end;
    if draft.labels.iter().any(|label| (start..end).contains(&label.step)) {
        return None;
    }
    let before = draft.trace.events[start..end].to_vec();
    let mut units: Vec<_> = (start..end).map(|step| draft.unit(step)).collect();
    units.dedup();
    draw.shuffle(&mut units);
    let shuffled: Vec<_> = units.into_iter().flatten().map(|step| draft.trace.events[step]).collect();
    draft.trace.events[start..end].copy_from_slice(&shuffled);
    let same = before.iter().zip(&draft.trace.events[start..end]).take_while(|(a, b)| a == b).count();
    (same < before.len()).then_some(Planted::From(start + same))
}
