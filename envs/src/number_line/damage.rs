//! Damage to states and moves of number lines.

use super::{Kind, MAX_LIMIT, Move, NumberLine, Operation};
use crate::prelude::*;

/// Another number, mostly off by little, as in slips of arithmetic; sometimes by ten, or by any amount.
fn other(puzzle: &NumberLine, n: u32, draw: &mut Draw) -> Option<u32> {
    let offset = match draw.below(4) {
        0 | 1 => 1 + draw.below(2) as u32,
        2 => 10,
        _ => 1 + draw.below(puzzle.limit.into()) as u32,
    };
    let less = n.checked_sub(offset);
    let more = n.checked_add(offset).filter(|&n| n <= puzzle.limit);
    let near = if draw.chance(1, 2) { less.or(more) } else { more.or(less) };
    near.or(if n > 0 { Some(n - 1) } else { Some(1) })
}

/// A plausible result of an operation that cannot be applied: a rounded quotient, or a number clipped to the line.
fn forced(operation: Operation, n: u32, limit: u32) -> u32 {
    let result = match operation.kind {
        Kind::Add => n.saturating_add(operation.number),
        Kind::Subtract => n.saturating_sub(operation.number),
        Kind::Multiply => n.saturating_mul(operation.number),
        Kind::Divide => n.checked_div(operation.number).unwrap_or(n),
    };
    result.min(limit)
}

/// An operation of the puzzle with a number that is off by little, or with another kind.
fn not_listed(puzzle: &NumberLine, draw: &mut Draw) -> Option<Operation> {
    let Operation { kind, number } = *draw.choose(&puzzle.operations)?;
    let near = Operation { kind, number: (number + 1 + draw.below(2) as u32).min(MAX_LIMIT) };
    let turned = Operation { kind: *draw.choose(&Kind::ALL)?, number };
    let sound = |operation: &Operation| operation.is_sound() && !puzzle.operations.contains(operation);
    [turned, near].into_iter().find(sound)
}

impl Damage for NumberLine {
    fn apply_as_claimed(&self, state: &u32, action: Move) -> Option<(u32, Cost)> {
        self.apply(state, action).map(|_| (action.result, 1))
    }

    /// A state is a single number: it cannot be lost, and a second one cannot be written.
    fn damage_state(&self, &n: &u32, how: DamageKind, draw: &mut Draw) -> Option<u32> {
        if how == DamageKind::Change { other(self, n, draw) } else { None }
    }

    /// The right operation with a wrong result.
    fn damage_claim(&self, action: Move, draw: &mut Draw) -> Option<Move> {
        let result = other(self, action.result, draw)?;
        Some(Move { result, ..action })
    }

    /// An operation of the puzzle that cannot be applied, or an operation that the puzzle does not list.
    fn illegal_move(&self, &n: &u32, draw: &mut Draw) -> Option<(Move, u32)> {
        let listed: Vec<_> =
            self.operations.iter().copied().filter(|operation| operation.of(n, self.limit).is_none()).collect();
        let known = draw.choose(&listed).copied();
        let operation = if draw.chance(1, 2) { known } else { None };
        let operation = match operation {
            Some(operation) => operation,
            None => not_listed(self, draw).or(known)?,
        };
        let result = forced(operation, n, self.limit);
        Some((Move { operation, result }, result))
    }
}
