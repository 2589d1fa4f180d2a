//! Damage to states and moves of blocks world.

use super::{Blocks, Blocksworld, LOST, Move, TABLE};
use crate::prelude::*;

/// The state without a block. The block above it goes onto the block below it.
fn without(state: &Blocks, block: u8) -> Blocks {
    let dropped = state.above(block).map_or(*state, |above| state.with(above, state.under(block)));
    dropped.with(block, LOST)
}

/// The state with a missing block on top of the tower of `onto`, or on the table.
fn on_top(state: &Blocks, block: u8, onto: u8) -> Blocks {
    let top = if onto == TABLE { TABLE } else { state.tower(onto).last().unwrap_or(onto) };
    state.with(block, top)
}

fn present(puzzle: &Blocksworld, state: &Blocks) -> Vec<u8> {
    (0..puzzle.blocks).filter(|&block| state.under(block) != LOST).collect()
}

impl Damage for Blocksworld {
    /// A block is lost, is moved, or a lost block returns.
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

    /// An illegal move: a block with another on it, a move onto such a block, or one from the table onto the table. The result has the block on top of the
    /// tower of its target.
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
