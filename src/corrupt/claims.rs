//! False claims: of a goal, of a dead end, of an answer.

use sos_envs::Draw;

use super::work::{Label, Place, Planted, Work, known};
use super::{Mode, Options};
use crate::arena::Puzzle;
use crate::check::{ErrorClass, follow};
use crate::search::Slip;
use crate::trace::{EventKind, MoveId, NO_CLAIM, NO_NODE, StateId};

/// Draws from the steps that close a node that is no goal; propagated also from those that open one. Where the plan alone says that a goal
/// is reached: from the visits that it could stand behind.
pub(super) fn false_goal_sites(work: &Work<'_>, options: &Options) -> Vec<usize> {
    let names_states = work.names_states();
    let has_plan = work.trace.answer.as_ref().is_some_and(|answer| answer.moves.is_some());
    work.steps(|event| {
        let judged = match event.kind {
            EventKind::DeadEnd | EventKind::Seen | EventKind::Cut => true,
            EventKind::Visit if names_states => options.mode == Mode::Propagated && has_plan,
            EventKind::Open => options.mode == Mode::Propagated && !names_states,
            _ => false,
        };
        judged && work.trace.node(event.node).is_some_and(|node| !work.input.puzzle.is_goal(node.state))
    })
}

/// The node is called a goal. Local: the trace goes on. Propagated: it ends there.
pub(super) fn false_goal(work: &mut Work<'_>, step: usize, options: &Options, _draw: &mut Draw) -> Option<Planted> {
    let found = work.show_state(work.trace.node(work.trace.events[step].node)?.state);
    if options.mode == Mode::Propagated {
        let end = work.trace.events.len();
        work.remove(step + 1..end)?;
    }
    // Where the plan says that a goal is reached, it is said of the node that was gone to last.
    let step = if work.names_states() { step + 1 } else { step };
    if work.names_states() {
        work.insert(step, &[(EventKind::Goal, work.trace.events[step - 1].node)]);
    } else {
        let event = &mut work.trace.events[step];
        (event.kind, event.claim) = (EventKind::Goal, NO_CLAIM);
    }
    known(ErrorClass::FalseGoal, step, None, found, "a goal".into())
}

/// Draws from the steps that open a node that has steps.
pub(super) fn false_dead_end_sites(work: &Work<'_>, _options: &Options) -> Vec<usize> {
    work.steps(|event| {
        let leads_on = work.trace.node(event.node).is_some_and(|node| !work.input.puzzle.is_terminal(node.state));
        event.kind == EventKind::Open && leads_on && work.can_slip(event.node)
    })
}

/// The node is called a dead end where it was opened, and the search leaves it out.
pub(super) fn false_dead_end(
    work: &mut Work<'_>,
    step: usize,
    _options: &Options,
    _draw: &mut Draw,
) -> Option<Planted> {
    let node = work.trace.events[step].node;
    let found = work.show_state(work.trace.node(node)?.state);
    work.rerun(Slip::DeadEnd(node))?;
    known(ErrorClass::FalseDeadEnd, step, None, found, "a node that leads on".into())
}

/// Draws from the goals that are found (but a start that is one).
pub(super) fn missed_goal_sites(work: &Work<'_>, _options: &Options) -> Vec<usize> {
    work.steps(|event| {
        let made = work.trace.node(event.node).is_some_and(|node| node.parent != NO_NODE);
        event.kind == EventKind::Goal && made && work.can_slip(event.node)
    })
}

/// The search calls the goal a dead end where it is generated, and goes on.
pub(super) fn missed_goal(work: &mut Work<'_>, step: usize, _options: &Options, _draw: &mut Draw) -> Option<Planted> {
    let node = work.trace.events[step].node;
    let found = work.show_state(work.trace.node(node)?.state);
    work.rerun(Slip::MissedGoal(node))?;
    let dead_end = |event: &crate::trace::Event| event.kind == EventKind::DeadEnd && event.node == node;
    let step = work.trace.events.iter().position(dead_end)?;
    known(ErrorClass::FalseDeadEnd, step, None, found, "the goal".into())
}

/// The answer section, where there is one that is not broken yet.
pub(super) fn wrong_answer_sites(work: &Work<'_>, _options: &Options) -> Vec<usize> {
    let broken = work.labels.iter().any(|label| label.place == Place::Answer);
    if work.trace.answer.is_some() && !broken { vec![work.trace.events.len()] } else { Vec::new() }
}

/// The answer gets a move with a wrong claim, a move that is not possible, or loses its last move; an answer that there is no solution
/// becomes a move.
pub(super) fn wrong_answer(work: &mut Work<'_>, step: usize, _options: &Options, draw: &mut Draw) -> Option<Planted> {
    let puzzle = work.input.puzzle;
    let right = work.trace.answer.as_ref()?.moves.clone();
    let wrong = match &right {
        Some(moves) => damage_moves(puzzle, moves, draw)?,
        None => {
            let mut steps = Vec::new();
            puzzle.successors(puzzle.start(), &mut steps);
            vec![draw.choose(&steps)?.action]
        }
    };
    let mut wrong = wrong;
    if work.names_states() {
        // A plan of states ends where no step leads on.
        let legal = (0..=wrong.len()).rev().find(|&len| follow(puzzle, &wrong[..len]).is_some());
        wrong.truncate(legal.unwrap_or(0));
    }
    if follow(puzzle, &wrong).is_some_and(|(state, _)| puzzle.is_goal(state)) {
        return None;
    }
    let show = |work: &Work<'_>, moves: &[MoveId]| {
        moves.iter().map(|&action| work.show_move(action)).collect::<Vec<_>>().join(", ")
    };
    let found = show(work, &wrong);
    let expected = right.map_or("no solution".into(), |moves| show(work, &moves));
    work.trace.answer.as_mut()?.moves = Some(wrong);
    let class = ErrorClass::WrongAnswer;
    Some(Planted::Known(vec![Label { kind: "", class, step, place: Place::Answer, found, expected }]))
}

/// A move that is possible in a state, but for one.
fn other_move(puzzle: &Puzzle, state: StateId, but: MoveId, draw: &mut Draw) -> Option<MoveId> {
    let mut steps = Vec::new();
    puzzle.successors(state, &mut steps);
    steps.retain(|step| step.action != but);
    draw.choose(&steps).map(|step| step.action)
}

fn damage_moves(puzzle: &Puzzle, moves: &[MoveId], draw: &mut Draw) -> Option<Vec<MoveId>> {
    let mut wrong = moves.to_vec();
    let place = draw.index(moves.len());
    // Seldom shorter: a length would tell.
    match draw.index(7) {
        0 => {
            wrong.pop()?;
        }
        1..4 => *wrong.get_mut(place)? = puzzle.damage_claim(*moves.get(place)?, draw)?,
        _ => {
            let (state, _) = follow(puzzle, moves.get(..place)?)?;
            let (illegal, _) = puzzle.illegal_move(state, draw)?;
            *wrong.get_mut(place)? = match puzzle.never_legal(illegal) {
                None => illegal,
                // A word of no move would tell by itself: another way from there.
                Some(_) => other_move(puzzle, state, *moves.get(place)?, draw)?,
            };
        }
    }
    Some(wrong)
}
