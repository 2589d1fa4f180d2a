//! Damage to states and moves of lights out.

use super::{Lamps, LightsOut, Press};
use crate::prelude::*;

/// A random lamp of a set, as a set.
fn one(lamps: u64, draw: &mut Draw) -> Option<u64> {
    let count = lamps.count_ones() as usize;
    let place = draw.index(count);
    let rest = (0..place).fold(lamps, |rest, _| rest & rest.wrapping_sub(1));
    (count > 0).then(|| rest & rest.wrapping_neg())
}

impl Damage for LightsOut {
    /// Switches a lamp off, or on, or one off and another on.
    fn damage_state(&self, state: &Lamps, how: DamageKind, draw: &mut Draw) -> Option<Lamps> {
        let all = u64::MAX >> (64 - self.cells());
        let off = |draw: &mut Draw| one(state.0, draw);
        let on = |draw: &mut Draw| one(all & !state.0, draw);
        let switched = match how {
            DamageKind::Lose => off(draw)?,
            DamageKind::Invent => on(draw)?,
            DamageKind::Change => off(draw)? | on(draw)?,
        };
        Some(Lamps(state.0 ^ switched))
    }

    /// A press below or to the right of the board. The result has the lamp switched that it would touch.
    fn illegal_move(&self, state: &Lamps, draw: &mut Draw) -> Option<(Press, Lamps)> {
        let press = if draw.chance(1, 2) {
            Press { row: self.rows, column: draw.below(self.columns.into()) as u8 }
        } else {
            Press { row: draw.below(self.rows.into()) as u8, column: self.columns }
        };
        Some((press, Lamps(state.0 ^ self.switched(press))))
    }
}
