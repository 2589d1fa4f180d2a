//! Damage to states and moves of the Tower of Hanoi.

use super::{Disks, Hanoi, LOST, Move};
use crate::prelude::*;

/// A random number below `bound` other than `not`.
fn other(bound: u8, not: u8, draw: &mut Draw) -> Option<u8> {
    let others = bound.checked_sub(1).filter(|&others| others > 0)?;
    let drawn = draw.below(others.into()) as u8;
    Some(if drawn < not { drawn } else { drawn + 1 })
}

impl Damage for Hanoi {
    fn apply_as_claimed(&self, state: &Disks, action: Move) -> Option<(Disks, Cost)> {
        self.taken(*state, action.from, action.to)?;
        Some((state.with(action.disk, action.to), 1))
    }

    /// A disk beyond those of the puzzle cannot be written, so only a lost disk can be invented.
    fn damage_state(&self, &state: &Disks, how: DamageKind, draw: &mut Draw) -> Option<Disks> {
        let disk = draw.below(self.disks.into()) as u8;
        let there = state.peg(disk) != LOST;
        match how {
            DamageKind::Lose if there => Some(state.with(disk, LOST)),
            DamageKind::Change if there => Some(state.with(disk, other(self.pegs, state.peg(disk), draw)?)),
            DamageKind::Invent if !there => Some(state.with(disk, draw.below(self.pegs.into()) as u8)),
            _ => None,
        }
    }

    /// Another disk; none if there is only one.
    fn damage_claim(&self, action: Move, draw: &mut Draw) -> Option<Move> {
        Some(Move { disk: other(self.disks, action.disk, draw)?, ..action })
    }

    /// A larger disk onto a smaller one, or some disk from an empty peg. The result has the disk on the target peg.
    fn illegal_move(&self, &state: &Disks, draw: &mut Draw) -> Option<(Move, Disks)> {
        let tops = self.tops(state);
        let pairs = (0..self.pegs).flat_map(|from| (0..self.pegs).map(move |to| (from, to)));
        let illegal: Vec<_> = pairs.filter(|&(from, to)| from != to && self.taken(state, from, to).is_none()).collect();
        let &(from, to) = draw.choose(&illegal)?;
        let top = tops[usize::from(from)];
        let disk = if top < self.disks { top } else { draw.below(self.disks.into()) as u8 };
        Some((Move { disk, from, to }, state.with(disk, to)))
    }
}
