//! How a claim about Countdown is damaged on purpose.

use super::{Combine, Countdown, MAX_NUMBERS, Numbers, Operation};
use crate::draw::Draw;
use crate::environment::{Damage, Environment};

/// Another number near `value`: mostly off by a little, sometimes by ten or with a digit changed, as models slip.
pub fn number(value: u64, draw: &mut Draw) -> u64 {
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

pub fn state(state: &Numbers, how: Damage, draw: &mut Draw) -> Option<Numbers> {
    let mut list = state.as_slice().to_vec();
    match how {
        Damage::Lose => {
            if list.len() < 2 {
                return None;
            }
            list.remove(draw.index(list.len()));
        }
        Damage::Change => {
            let place = draw.index(list.len());
            let changed = list.get_mut(place)?;
            *changed = number(*changed, draw);
        }
        Damage::Invent => {
            if list.len() >= MAX_NUMBERS {
                return None;
            }
            let like = *draw.choose(&list)?;
            list.insert(draw.index(list.len() + 1), number(like, draw));
        }
    }
    let damaged = Numbers::new(&list)?;
    (damaged.sorted() != state.sorted()).then_some(damaged)
}

/// An operation on a number that is not there, or a subtraction or division that is not allowed.
pub fn illegal_move(puzzle: &Countdown, state: &Numbers, draw: &mut Draw) -> Option<(Combine, Numbers)> {
    let numbers = state.as_slice();
    if numbers.len() < 2 {
        return None;
    }
    let i = draw.index(numbers.len());
    let j = (i + 1 + draw.index(numbers.len() - 1)) % numbers.len();
    let right = numbers[j];
    let left = if draw.chance(3, 4) { number(numbers[i], draw) } else { numbers[i] };
    let operation = *draw.choose(&Operation::ALL)?;
    let result = operation.compute(left, right).or_else(|| left.checked_div(right))?;
    let action = Combine { left, operation, right, result };
    if puzzle.apply(state, action).is_some() {
        return None;
    }
    Some((action, state.combined(i.min(j), i.max(j), result)))
}
