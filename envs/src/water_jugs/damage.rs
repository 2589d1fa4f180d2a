//! Damage to states and moves of water jugs.

use super::{Litres, Move, WaterJugs};
use crate::prelude::*;

/// Another amount in a jug, mostly off by a litre or two.
fn other(puzzle: &WaterJugs, jug: usize, held: u8, draw: &mut Draw) -> Option<u8> {
    let offset = 1 + draw.below(2) as u8;
    let less = held.checked_sub(offset);
    let more = held.checked_add(offset).filter(|&held| held <= puzzle.sizes[jug]);
    let near = if draw.chance(1, 2) { less.or(more) } else { more.or(less) };
    near.or((puzzle.sizes[jug] > held).then_some(puzzle.sizes[jug])).or((held > 0).then_some(0))
}

impl Damage for WaterJugs {
    fn apply_as_claimed(&self, state: &Litres, action: Move) -> Option<(Litres, Cost)> {
        self.apply(state, action).map(|_| (action.result, 1))
    }

    /// Empties a jug, changes its amount, or puts water into an empty jug.
    fn damage_state(&self, state: &Litres, how: DamageKind, draw: &mut Draw) -> Option<Litres> {
        let possible = |&jug: &usize| match how {
            DamageKind::Lose => state[jug] > 0,
            DamageKind::Change => true,
            DamageKind::Invent => state[jug] == 0,
        };
        let jugs: Vec<usize> = (0..self.jugs).filter(possible).collect();
        let &jug = draw.choose(&jugs)?;
        let mut wrong = *state;
        wrong[jug] = match how {
            DamageKind::Lose => 0,
            DamageKind::Change => other(self, jug, state[jug], draw)?,
            DamageKind::Invent => draw.between(1, self.sizes[jug].into()) as u8,
        };
        Some(wrong)
    }

    /// The right action with wrong contents.
    fn damage_claim(&self, action: Move, draw: &mut Draw) -> Option<Move> {
        let result = self.damage_state(&action.result, DamageKind::Change, draw)?;
        Some(Move { result, ..action })
    }

    /// An action that changes nothing: from an empty jug, into a full one, or filling a full or emptying an empty jug. The result has some change.
    fn illegal_move(&self, litres: &Litres, draw: &mut Draw) -> Option<(Move, Litres)> {
        let useless: Vec<_> = self.actions().filter(|&action| self.act(litres, action).is_none()).collect();
        let &action = draw.choose(&useless)?;
        let result = self.damage_state(litres, DamageKind::Change, draw)?;
        Some((Move { action, result }, result))
    }
}
