//! Claims about constraint puzzles that are wrong on purpose.

use super::reason::By;
use super::{Choice, Constraint, Values};
use crate::draw::Draw;
use crate::environment::{Damage, Environment};

/// A decided variable is open, has another value, or an open one is decided.
pub fn state(puzzle: &Constraint, state: &Values, damage: Damage, draw: &mut Draw) -> Option<Values> {
    let all = 0..puzzle.network().len();
    let wanted = |&variable: &usize| state.is_open(variable) == (damage == Damage::Invent);
    let variables: Vec<usize> = all.filter(wanted).collect();
    let variable = *draw.choose(&variables)?;
    let mut damaged = *state;
    if damage == Damage::Lose {
        damaged.domains[variable] = puzzle.network().domains[variable];
        damaged.decided &= !(1 << variable);
        return Some(damaged);
    }
    let values = puzzle.network().values.len() as u8;
    let others: Vec<u8> = (0..values).filter(|&value| state.value(variable) != Some(value)).collect();
    damaged.decide(variable, *draw.choose(&others)?);
    Some(damaged)
}

/// A value that breaks a rule; where there is none, a variable that is decided already gets one.
pub fn illegal_move(puzzle: &Constraint, state: &Values, draw: &mut Draw) -> Option<(Choice, Values)> {
    let values = puzzle.network().values.len() as u8;
    let variables = 0..puzzle.network().len() as u8;
    let choices = variables.flat_map(|variable| (0..values).map(move |value| Choice { variable, value, by: By::Choice }));
    let illegal: Vec<Choice> = choices.filter(|&choice| puzzle.apply(state, choice).is_none()).collect();
    let breaking: Vec<Choice> =
        illegal.iter().copied().filter(|choice| state.is_open(choice.variable.into())).collect();
    let choice = *draw.choose(if breaking.is_empty() { &illegal } else { &breaking })?;
    Some((choice, state.with(choice)))
}
