//! False claims: a goal, a dead end, or an answer that is none.

use sos_envs::Draw;

use super::draft::{Draft, Label, Place, Planted, known};
use super::{KindOptions, Mode};
use crate::arena::Puzzle;
use crate::check::{ErrorClass, follow};
use crate::search::Slip;
use crate::trace::{EventKind, MoveId, NO_CLAIM, NO_NODE, StateId};

/// Steps that close a node which is no goal; in propagated mode also steps that open one. In a dialect whose plan alone claims the goal:
/// visits behind which the plan could stand.
pub(super) fn false_goal_sites(draft: &Draft<'_>, options: &KindOptions) -> Vec<usize> {
    let names_states = draft.names_states();
    let has_plan = draft.trace.answer.as_ref().is_some_and(|answer| answer.moves.is_some());
    draft.steps(|event| {
        let judged = match event.kind {
            EventKind::DeadEnd | EventKind::Seen | EventKind::Cut => true,
            EventKind::Visit if names_states => options.mode == Mode::Propagated && has_plan,
            EventKind::Open => options.mode == Mode::Propagated && !names_states,
            _ => false,
        };
        judged && draft.trace.node(event.node).is_some_and(|node| !draft.input.puzzle.is_goal(node.state))
    })
}

/// Calls the node a goal. Local: the trace goes on. Propagated: it ends there.
pub(super) fn false_goal(
    draft: &mut Draft<'_>,
    step: usize,
    options: &KindOptions,
    _draw: &mut Draw,
) -> Option<Planted> {
    let found = draft.show_state(draft.trace.node(draft.trace.events[step].node)?.state);
    if options.mode == Mode::Propagated {
        let end = draft.trace.events.len();
        draft.remove(step + 1..end)?;
    }
    // Where the plan claims the goal, the claim is about the node that control went to last.
    let step = if draft.names_states() { step + 1 } else { step };
    if draft.names_states() {
        draft.insert(step, &[(EventKind::Goal, draft.trace.events[step - 1].node)]);
    } else {
        let event = &mut draft.trace.events[step];
        (event.kind, event.claim) = (EventKind::Goal, NO_CLAIM);
    }
    known(ErrorClass::FalseGoal, step, None, found, "a goal".into())
}

/// Steps that open a node which is not terminal.
pub(super) fn false_dead_end_sites(draft: &Draft<'_>, _options: &KindOptions) -> Vec<usize> {
    draft.steps(|event| {
        let leads_on = draft.trace.node(event.node).is_some_and(|node| !draft.input.puzzle.is_terminal(node.state));
        event.kind == EventKind::Open && leads_on && draft.can_slip(event.node)
    })
}

/// Calls a node a dead end where it was opened. The search is run again and does not explore it.
pub(super) fn false_dead_end(
    draft: &mut Draft<'_>,
    step: usize,
    _options: &KindOptions,
    _draw: &mut Draw,
) -> Option<Planted> {
    let node = draft.trace.events[step].node;
    let found = draft.show_state(draft.trace.node(node)?.state);
    draft.rerun(Slip::DeadEnd(node))?;
    known(ErrorClass::FalseDeadEnd, step, None, found, "a node that leads on".into())
}

/// Events that claim a goal, except at the start.
pub(super) fn missed_goal_sites(draft: &Draft<'_>, _options: &KindOptions) -> Vec<usize> {
    draft.steps(|event| {
        let made = draft.trace.node(event.node).is_some_and(|node| node.parent != NO_NODE);
        event.kind == EventKind::Goal && made && draft.can_slip(event.node)
    })
}

/// Calls the goal a dead end where it is generated. The search is run again and goes on.
pub(super) fn missed_goal(
    draft: &mut Draft<'_>,
    step: usize,
    _options: &KindOptions,
    _draw: &mut Draw,
) -> Option<Planted> {
    let node = draft.trace.events[step].node;
    let found = draft.show_state(draft.trace.node(node)?.state);
    draft.rerun(Slip::MissedGoal(node))?;
    let dead_end = |event: &crate::trace::Event| event.kind == EventKind::DeadEnd && event.node == node;
    let step = draft.trace.events.iter().position(dead_end)?;
    known(ErrorClass::FalseDeadEnd, step, None, found, "the goal".into())
}

/// The answer section, if there is one and nothing is planted in it.
pub(super) fn wrong_answer_sites(draft: &Draft<'_>, _options: &KindOptions) -> Vec<usize> {
    let broken = draft.labels.iter().any(|label| label.place == Place::Answer);
    if draft.trace.answer.is_some() && !broken { vec![draft.trace.events.len()] } else { Vec::new() }
}

/// Breaks the answer: a move gets a wrong claim, a move becomes impossible, or the last move is lost. An answer that there is no solution
/// becomes a single move.
pub(super) fn wrong_answer(
    draft: &mut Draft<'_>,
    step: usize,
    _options: &KindOptions,
    draw: &mut Draw,
) -> Option<Planted> {
    let puzzle = draft.input.puzzle;
    let right = draft.trace.answer.as_ref()?.moves.clone();
    let wrong = match &right {
        Some(moves) => damage_moves(puzzle, moves, draw)?,
        None => {
            let mut steps = Vec::new();
            puzzle.successors(puzzle.start(), &mut steps);
            vec![draw.choose(&steps)?.action]
        }
    };
    let mut wrong = wrong;
    if draft.names_states() {
        // In these dialects the plan is a list of states. It ends where no step leads on.
        let legal = (0..=wrong.len()).rev().find(|&len| follow(puzzle, &wrong[..len]).is_some());
        wrong.truncate(legal.unwrap_or(0));
    }
    if follow(puzzle, &wrong).is_some_and(|(state, _)| puzzle.is_goal(state)) {
        return None;
    }
    let show = |draft: &Draft<'_>, moves: &[MoveId]| {
        moves.iter().map(|&action| draft.show_move(action)).collect::<Vec<_>>().join(", ")
    };
    let found = show(draft, &wrong);
    let expected = right.map_or("no solution".into(), |moves| show(draft, &moves));
    draft.trace.answer.as_mut()?.moves = Some(wrong);
    let class = ErrorClass::WrongAnswer;
    Some(Planted::Known(vec![Label { kind: "", class, step, place: Place::Answer, found, expected }]))
}

/// A legal move in a state other than `but`.
fn other_move(puzzle: &Puzzle, state: StateId, but: MoveId, draw: &mut Draw) -> Option<MoveId> {
    let mut steps = Vec::new();
    puzzle.successors(state, &mut steps);
    steps.retain(|step| step.action != but);
    draw.choose(&steps).map(|step| step.action)
}

fn damage_moves(puzzle: &Puzzle, moves: &[MoveId], draw: &mut Draw) -> Option<Vec<MoveId>> {
    let mut wrong = moves.to_vec();
    let place = draw.index(moves.len());
    // The answer becomes shorter only seldom, since its length would reveal the defect.
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
                // A word that is no move would reveal the defect. Another legal move is taken instead.
                Some(_) => other_move(puzzle, state, *moves.get(place)?, draw)?,
            };
        }
    }
    Some(wrong)
}
