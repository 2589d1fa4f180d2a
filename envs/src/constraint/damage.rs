//! Deliberately wrong claims about constraint puzzles.

use super::reason::{By, Candidates, Effect};
use super::{Choice, Constraint, Values};
use crate::damage::DamageKind;
use crate::draw::Draw;
use crate::environment::Environment;
use crate::variables::InferenceSlip;

/// Opens a decided variable, changes its value, or decides an open one.
pub fn state(puzzle: &Constraint, state: &Values, damage: DamageKind, draw: &mut Draw) -> Option<Values> {
    let all = 0..puzzle.network().len();
    let wanted = |&variable: &usize| state.is_open(variable) == (damage == DamageKind::Invent);
    let variables: Vec<usize> = all.filter(wanted).collect();
    let variable = *draw.choose(&variables)?;
    let mut damaged = *state;
    if damage == DamageKind::Lose {
        damaged.domains[variable] = puzzle.network().domains[variable];
        damaged.decided.remove(variable);
        return Some(damaged);
    }
    let values = puzzle.network().values.len() as u8;
    let others: Vec<u8> = (0..values).filter(|&value| state.value(variable) != Some(value)).collect();
    damaged.decide(variable, *draw.choose(&others)?);
    Some(damaged)
}

/// A value that breaks a rule. If there is none, a value for a variable that is already decided.
pub fn illegal_move(puzzle: &Constraint, state: &Values, draw: &mut Draw) -> Option<(Choice, Values)> {
    let values = puzzle.network().values.len() as u8;
    let variables = 0..puzzle.network().len() as u8;
    let choices =
        variables.flat_map(|variable| (0..values).map(move |value| Choice { variable, value, by: By::Choice }));
    // The same as calling `apply` for each choice, with the shared work done once.
    let mut candidates = Candidates::new(puzzle.network(), state);
    let illegal: Vec<Choice> = choices.filter(|&choice| state.contradicts || !candidates.justify(choice)).collect();
    let breaking: Vec<Choice> =
        illegal.iter().copied().filter(|choice| state.is_open(choice.variable.into())).collect();
    let choice = *draw.choose(if breaking.is_empty() { &illegal } else { &breaking })?;
    Some((choice, state.with(choice)))
}

/// Number of attempts to draw an inference that does not follow.
const TRIES: usize = 200;

/// A wrong inference instead of the right one.
pub fn inference(
    puzzle: &Constraint,
    state: &Values,
    action: Choice,
    slip: InferenceSlip,
    draw: &mut Draw,
) -> Option<(Choice, Values)> {
    let wrong = match slip {
        InferenceSlip::Unsound => (0..TRIES).find_map(|_| unsound(puzzle, state, draw)),
        InferenceSlip::WrongReason => wrong_reason(puzzle, state, action, draw),
        InferenceSlip::ForgottenCandidate => forgotten(action, draw),
    }?;
    Some((wrong, state.with(wrong)))
}

/// An inference about a candidate that does not follow by the technique it names.
fn unsound(puzzle: &Constraint, state: &Values, draw: &mut Draw) -> Option<Choice> {
    let open: Vec<usize> = puzzle.open(state).collect();
    let &variable = draw.choose(&open)?;
    let candidates = puzzle.network().candidates(&state.domains, variable);
    let values: Vec<u8> = (0..16).filter(|value| candidates >> value & 1 == 1).collect();
    let &value = draw.choose(&values)?;
    let &rule = draw.choose(puzzle.network().rules_of(variable))?;
    let by = draw.choose(&By::ALL)?.with_rule(rule);
    let choice = Choice { variable: variable as u8, value, by };
    let infers = by.effect() != Effect::End && !by.is_tried();
    (infers && puzzle.apply(state, choice).is_none()).then_some(choice)
}

/// Another reason for the same conclusion, which does not hold.
fn wrong_reason(puzzle: &Constraint, state: &Values, action: Choice, draw: &mut Draw) -> Option<Choice> {
    let has_reason = |by: By| !matches!(by, By::Choice | By::Guess(_) | By::Toss);
    if !has_reason(action.by) {
        return None;
    }
    let rules = 0..puzzle.network().rules().len() as u16;
    let same = |by: &By| has_reason(*by) && by.effect() == action.by.effect() && by.is_tried() == action.by.is_tried();
    let all = By::ALL.into_iter().filter(same).flat_map(|by| {
        // a reason without a rule counts once, not once for each rule
        let rules = if by.rule().is_some() { rules.clone() } else { 0..1 };
        rules.map(move |rule| by.with_rule(rule))
    });
    // reasons that end a position name a variable or a value, so only the same reason fits
    let about =
        |by: By| std::mem::discriminant(&by) == std::mem::discriminant(&action.by) || by.effect() != Effect::End;
    let other = all.filter(|&by| by != action.by && about(by)).map(|by| Choice { by, ..action });
    let wrong: Vec<Choice> = other.filter(|&choice| puzzle.apply(state, choice).is_none()).collect();
    draw.choose(&wrong).copied()
}

fn forgotten(action: Choice, draw: &mut Draw) -> Option<Choice> {
    let By::Guess(candidates) = action.by else { return None };
    let others: Vec<u16> = (0..16).map(|value| 1 << value).filter(|bit| candidates & bit != 0).collect();
    let others: Vec<u16> = others.into_iter().filter(|&bit| bit != 1 << action.value).collect();
    let bit = *draw.choose(&others)?;
    Some(Choice { by: By::Guess(candidates & !bit), ..action })
}
