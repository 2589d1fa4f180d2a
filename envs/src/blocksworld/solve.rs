//! The least number of moves.
//!
//! A block is in place if it and all blocks below it are as at the goal. Three facts keep the search small (Gupta and Nau 1992; Slaney and Thiébaux 2001):
//! - A block out of place has to move. A block in place does not, nor does anything below it.
//! - If a block can go to its goal on a support in place, no plan is shorter than one that does so now: omit the block's other moves, and put on the table
//!   whatever would go on it or on its support.
//! - A block that moves elsewhere might as well go to the table. It then needs one more move.
//!
//! So a plan has one move for each block out of place, and one more for each block that first goes to the table. The search tries these blocks only if no block
//! can go to its goal, and stops when it has as many as the best plan so far.

use rustc_hash::FxHashSet;

use super::{Blocks, Blocksworld, LOST, TABLE};
use crate::environment::{Cost, Environment};

impl Blocksworld {
    /// The blocks in place, as a set.
    fn placed(&self, state: &Blocks) -> u16 {
        let mut placed = 1 << TABLE;
        loop {
            let more = (0..self.blocks).fold(placed, |set, block| {
                let under = state.under(block);
                let stands = under != LOST && self.wants(block, under) && set >> under & 1 == 1;
                set | u16::from(stands) << block
            });
            if more == placed {
                return placed & !(1 << TABLE);
            }
            placed = more;
        }
    }

    /// Whether a block is as wanted on something. A partial goal wants some blocks on nothing in particular.
    fn wants(&self, block: u8, under: u8) -> bool {
        let wanted = self.goal.under(block);
        under == wanted || wanted == LOST
    }

    /// The blocks that are not in place, as a set.
    pub(super) fn misplaced(&self, state: &Blocks) -> u16 {
        ((1 << self.blocks) - 1) & !self.placed(state)
    }

    /// A lower bound: one move for each misplaced block, and two for those that are above the same misplaced block both now and at the goal. They make way for
    /// it and return.
    pub(super) fn moves_at_least(&self, state: &Blocks) -> Cost {
        let misplaced = self.misplaced(state);
        let twice = (0..self.blocks).filter(|&block| below(state, block) & below(&self.goal, block) & misplaced != 0);
        Cost::from(misplaced.count_ones()) + twice.count() as Cost
    }

    /// The least number of moves to the goal. The state must have all blocks.
    pub(super) fn moves(&self, state: &Blocks) -> Cost {
        if self.partial {
            // The estimate is consistent, so the first cost within which a goal is found is the least. No block moves more than twice.
            let most = 2 * Cost::from(self.blocks);
            return (self.moves_at_least(state)..most).find(|&cost| self.within(state, cost).1).unwrap_or(most);
        }
        let misplaced = self.misplaced(state);
        let mut fewest = misplaced.count_ones();
        self.fewest_to_table(*state, misplaced, 0, &mut fewest);
        Cost::from(misplaced.count_ones() + fewest)
    }

    /// The number of positions whose depth plus estimate ([`Blocksworld::moves_at_least`]) does not exceed `cost`. The estimate is consistent, so each of them
    /// is reached through others, level by level. The second value tells whether a goal is among them.
    pub(super) fn within(&self, from: &Blocks, cost: Cost) -> (u64, bool) {
        let mut seen = FxHashSet::from_iter([*from]);
        let (mut level, mut next, mut steps) = (vec![*from], Vec::new(), Vec::new());
        for depth in 1..=cost {
            for state in level.drain(..) {
                steps.clear();
                self.successors(&state, &mut steps);
                // The first part of the estimate is fast and mostly suffices to skip a position.
                let room = cost - depth;
                let fits = |state: &Blocks| {
                    Cost::from(self.misplaced(state).count_ones()) <= room && self.moves_at_least(state) <= room
                };
                next.extend(steps.iter().map(|step| step.state).filter(|state| fits(state) && seen.insert(*state)));
            }
            std::mem::swap(&mut level, &mut next);
        }
        (seen.len() as u64, seen.iter().any(|state| self.is_goal(state)))
    }

    /// Lowers `fewest` to the number of moves to the table on the way to the goal, if that is less. `sofar` were made already.
    fn fewest_to_table(&self, mut state: Blocks, mut misplaced: u16, sofar: u32, fewest: &mut u32) {
        while let Some(block) = self.homeward(&state, misplaced) {
            state = state.with(block, self.goal.under(block));
            misplaced &= !(1 << block);
        }
        if misplaced == 0 {
            *fewest = sofar.min(*fewest);
            return;
        }
        if sofar + 1 >= *fewest {
            return;
        }
        let covered = state.covered();
        for block in (0..self.blocks).filter(|block| (misplaced & !covered) >> block & 1 == 1) {
            if state.under(block) != TABLE {
                self.fewest_to_table(state.with(block, TABLE), misplaced, sofar + 1, fewest);
            }
        }
    }

    /// A block that can go to its goal on a support in place.
    fn homeward(&self, state: &Blocks, misplaced: u16) -> Option<u8> {
        let ready = !(state.covered() | misplaced) | 1 << TABLE;
        let free = misplaced & !state.covered();
        (0..self.blocks).find(|&block| free >> block & 1 == 1 && ready >> self.goal.under(block) & 1 == 1)
    }
}

/// The blocks below a block, as a set.
fn below(state: &Blocks, block: u8) -> u16 {
    let mut set = 0;
    let mut under = state.under(block);
    while under < TABLE {
        set |= 1 << under;
        under = state.under(under);
    }
    set
}
