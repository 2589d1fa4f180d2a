//! Damage to states and moves of Countdown.

use super::{Combine, Countdown, MAX_NUMBERS, Numbers, Operation, fraction};
use crate::prelude::*;

/// A number near `value`: mostly off by a little, sometimes by ten, like typical slips of models.
fn number(value: u64, draw: &mut Draw) -> u64 {
    let offset = match draw.index(4) {
        0 | 1 => 1 + draw.below(3),
        2 => 10,
        _ => 1 + draw.below(9),
    };
    let down = draw.chance(1, 2);
    match (down, value.checked_sub(offset), value.checked_add(offset)) {
        (true, Some(less), _) | (false, Some(less), None) => less,
        (_, _, Some(more)) => more,
        (_, None, None) => 0,
    }
}

impl Countdown {
    /// A number near a number of the puzzle. A fraction gets another numerator.
    fn near(&self, value: u64, draw: &mut Draw) -> u64 {
        if self.operations.fractions { fraction::near(value, |part| number(part, draw)) } else { number(value, draw) }
    }
}

impl Damage for Countdown {
    fn apply_as_claimed(&self, state: &Numbers, action: Combine) -> Option<(Numbers, Cost)> {
        let (i, j) = state.places(action.left, action.right)?;
        self.legal(action)?;
        Some((state.combined(i, j, action.result), 1))
    }

    fn damage_state(&self, state: &Numbers, how: DamageKind, draw: &mut Draw) -> Option<Numbers> {
        let mut list = state.as_slice().to_vec();
        match how {
            DamageKind::Lose => {
                if list.len() < 2 {
                    return None;
                }
                list.remove(draw.index(list.len()));
            }
            DamageKind::Change => {
                let place = draw.index(list.len());
                let changed = list.get_mut(place)?;
                *changed = self.near(*changed, draw);
            }
            DamageKind::Invent => {
                // A single number is written without brackets. Two numbers in its place would give a text that no clean trace has.
                if list.len() < 2 || list.len() >= MAX_NUMBERS {
                    return None;
                }
                let like = *draw.choose(&list)?;
                list.insert(draw.index(list.len() + 1), self.near(like, draw));
            }
        }
        let damaged = Numbers::new(&list)?;
        (damaged.sorted() != state.sorted()).then_some(damaged)
    }

    fn damage_claim(&self, action: Combine, draw: &mut Draw) -> Option<Combine> {
        Some(Combine { result: self.near(action.result, draw), ..action })
    }

    /// An operation on a number that is not there, a subtraction in the wrong order, or rarely a division with a remainder. Divisions are as rare as among the
    /// legal moves, since most numbers do not divide each other. With fractions no division has a remainder.
    fn illegal_move(&self, state: &Numbers, draw: &mut Draw) -> Option<(Combine, Numbers)> {
        let numbers = state.as_slice();
        if numbers.len() < 2 {
            return None;
        }
        let i = draw.index(numbers.len());
        let j = (i + 1 + draw.index(numbers.len() - 1)) % numbers.len();
        let right = numbers[j];
        let there = draw.chance(1, 4);
        let left = if there { numbers[i] } else { self.near(numbers[i], draw) };
        let compute = |operation: Operation| match self.operations.fractions {
            true => fraction::compute(operation, left, right),
            false => operation.compute(left, right),
        };
        let operations = match there {
            true if self.operations.fractions => vec![Operation::Subtract],
            true if draw.chance(1, 8) => vec![Operation::Divide],
            true => vec![Operation::Subtract],
            false => Operation::ALL.into_iter().filter(|&operation| compute(operation).is_some()).collect(),
        };
        let operation = *draw.choose(&operations)?;
        let result = match operation {
            Operation::Divide if !self.operations.fractions => left.checked_div(right)?,
            Operation::Subtract if self.operations.fractions => {
                compute(operation).or_else(|| fraction::compute(operation, right, left))?
            }
            Operation::Subtract => left.abs_diff(right),
            _ => compute(operation)?,
        };
        let action = Combine { left, operation, right, result };
        if self.apply(state, action).is_some() {
            return None;
        }
        Some((action, state.combined(i.min(j), i.max(j), result)))
    }
}
