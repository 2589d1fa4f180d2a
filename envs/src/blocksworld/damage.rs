//! How a claim about towers is damaged on purpose.

use super::{Blocks, Blocksworld, LOST, Move, TABLE};
use crate::prelude::*;

/// The state without a block: what stood on it stands on what it stood on.
fn without(state: &Blocks, block: u8) -> Blocks {
    let dropped = state.above(block).map_or(*state, |above| state.with(above, state.under(block)));
    dropped.with(block, LOST)
}

/// With a block that is not there on top of the tower of another one, or on the table.
fn on_top(state: &Blocks, block: u8, onto: u8) -> Blocks {
    let top = if onto == TABLE { TABLE } else { state.tower(onto).last().unwrap_or(onto) };
    state.with(block, top)
}

fn present(puzzle: &Blocksworld, state: &Blocks) -> Vec<u8> {
    (0..puzzle.blocks).filter(|&block| state.under(block) != LOST).collect()
}

impl Damage for Blocksworld {
    /// A block is lost, or stands elsewhere, or comes back that was lost before.
    fn damage_state(&self, state: &Blocks, how: DamageKind, draw: &mut Draw) -> Option<Blocks> {
        let there = present(self, state);
        let block = *draw.choose(&there)?;
        let rest = without(state, block);
        match how {
            DamageKind::Lose => (there.len() > 1).then_some(rest),
            DamageKind::Change => {
                let places = there.iter().copied().chain([TABLE]).filter(|&onto| onto != block);
                let changed: Vec<_> =
                    places.map(|onto| on_top(&rest, block, onto)).filter(|changed| changed != state).collect();
                draw.choose(&changed).copied()
            }
            DamageKind::Invent => {
                let lost = (0..self.blocks).find(|&block| state.under(block) == LOST)?;
                Some(on_top(state, lost, block))
            }
        }
    }

    /// A block on which another stands, or onto such a block, or from the table onto the table; with the block put on top of the
    /// tower of that other one.
    fn illegal_move(&self, state: &Blocks, draw: &mut Draw) -> Option<(Move, Blocks)> {
        let there = present(self, state);
        let pairs =
            there.iter().flat_map(|&block| there.iter().copied().chain([TABLE]).map(move |onto| Move { block, onto }));
        let illegal: Vec<Move> =
            pairs.filter(|action| action.block != action.onto && !self.is_legal(state, *action)).collect();
        let &action = draw.choose(&illegal)?;
        Some((action, on_top(&without(state, action.block), action.block, action.onto)))
    }
}
