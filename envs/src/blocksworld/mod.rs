//! Blocks world: towers of blocks on a table, from one arrangement to another.
//!
//! Each block is on the table, which has room for all, or on one other block. A move takes a block with none on it, and puts it on another such block or on the
//! table. Start and goal give the place of every block. Every move can be undone.
//!
//! From `[A B, C]` (towers from the bottom: `B` is on `A`) to `[B C A]`: `B on table`, `C on B`, `A on C`.
//!
//! Source: Winograd (1971) and the planning competitions, here with whole moves instead of picking up and putting down. Least numbers of moves are hard in
//! general (Gupta and Nau 1992, "On the complexity of blocks-world planning"), but easy to find for few blocks: a block out of place moves once, or twice if it
//! must first make way; see the solver. Arrangements are numbered and drawn uniformly by counting, as in Slaney and Thiébaux (2001, "Blocks World revisited"):
//! 1, 3, 13, 73, 501, 4051, 37633, 394353 for 1 to 8 blocks.
//!
//! Facts: `difficulty` counts the positions that A* with the heuristic `twice-moved` may expand before a cheapest solution: those whose depth plus estimate
//! does not exceed its cost. It cannot exceed the number of arrangements, so it has no limit.
//!
//! A puzzle from outside can have a partial goal: some blocks have no place in it, and a tower can stand anywhere. Its least number of moves comes from a search
//! by depth plus `twice-moved`. Blocks can have any names.
//!
//! Identity: the names of blocks do not count.

use std::sync::Arc;

use crate::constraint::network::Names;
use crate::prelude::*;
mod answer;
mod arrangements;
mod atoms;
mod canonical;
mod config;
mod damage;
mod instruct;
mod solve;

pub use config::Config;

/// Greatest number of blocks.
pub const MAX_BLOCKS: usize = 8;
/// The place of a block on the table.
const TABLE: u8 = 8;
/// The place of a block that a damaged state has lost.
const LOST: u8 = 9;
/// No block.
const NONE: u8 = 10;

/// The place of each block. Entries beyond the number of blocks count as lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Blocks([u8; MAX_BLOCKS]);

impl Blocks {
    /// The arrangement without blocks.
    const NOTHING: Blocks = Blocks([LOST; MAX_BLOCKS]);

    /// The place of a block: a block, [`TABLE`] or [`LOST`].
    #[inline]
    fn under(&self, block: u8) -> u8 {
        self.0[usize::from(block)]
    }

    /// The state with a block in another place.
    #[inline]
    fn with(mut self, block: u8, under: u8) -> Self {
        self.0[usize::from(block)] = under;
        self
    }

    /// The blocks with another block on them, as a set. Bits 8 and 9 stand for [`TABLE`] and [`LOST`].
    #[inline]
    fn covered(&self) -> u16 {
        self.0.iter().fold(0, |set, under| set | 1 << under)
    }

    /// The block that stands on a block.
    fn above(&self, block: u8) -> Option<u8> {
        self.0.iter().position(|&under| under == block).map(|above| above as u8)
    }

    /// The blocks of a tower, from its lowest block up.
    fn tower(self, lowest: u8) -> impl Iterator<Item = u8> {
        std::iter::successors(Some(lowest), move |&block| self.above(block))
    }
}

/// A move: a block onto another or onto the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    block: u8,
    onto: u8,
}

/// A blocks world puzzle.
#[derive(Clone, Debug)]
pub struct Blocksworld {
    blocks: u8,
    start: Blocks,
    /// In a partial goal, blocks that may be anywhere count as lost.
    goal: Blocks,
    /// Whether the goal is partial.
    partial: bool,
    /// The names of the blocks, unless they are letters.
    names: Option<Arc<Names>>,
}

impl Blocksworld {
    /// A puzzle of blocks with letters and a goal that gives the place of each.
    fn whole(blocks: u8, start: Blocks, goal: Blocks) -> Self {
        Blocksworld { blocks, start, goal, partial: false, names: None }
    }

    /// Number of blocks.
    pub fn blocks(&self) -> usize {
        usize::from(self.blocks)
    }

    fn is_partial_goal(&self, state: &Blocks) -> bool {
        let wanted = |block| [LOST, state.under(block)].contains(&self.goal.under(block));
        self.is_complete(state) && (0..self.blocks).all(wanted)
    }

    fn is_complete(&self, state: &Blocks) -> bool {
        (0..self.blocks).all(|block| state.under(block) != LOST)
    }

    fn is_legal(&self, state: &Blocks, action: Move) -> bool {
        let covered = state.covered();
        let free = |block| block < self.blocks && state.under(block) != LOST && covered >> block & 1 == 0;
        let onto = if action.onto == TABLE {
            free(action.block) && state.under(action.block) != TABLE
        } else {
            free(action.onto)
        };
        onto && free(action.block) && action.block != action.onto
    }
}

impl PartialEq for Blocksworld {
    fn eq(&self, other: &Self) -> bool {
        let names = |puzzle: &Self| puzzle.names.as_ref().map(|names| names.to_vec());
        let rules = |puzzle: &Self| (puzzle.blocks, puzzle.start, puzzle.goal, puzzle.partial);
        rules(self) == rules(other) && names(self) == names(other)
    }
}

impl Environment for Blocksworld {
    const ABOUT: About = About {
        name: "blocksworld",
        version: 3,
        help: "rearrange towers of blocks on a table, one block at a time",
        state_noun: "Towers",
        heuristics: &[
            HeuristicSpec::consistent(
                "wrong-support",
                "blocks that stand on something else than at the goal: each must be moved",
            ),
            HeuristicSpec::consistent(
                "misplaced",
                "blocks that are, or are above one that is, on something else than at the goal (Gupta and Nau 1992)",
            ),
            HeuristicSpec::consistent(
                "twice-moved",
                "misplaced blocks, twice if above the same misplaced one now and at the goal (Gupta and Nau 1992)",
            ),
        ],
        move_claim: MoveClaim::Result,
        difficulty: "positions that A* with twice-moved may take: depth and estimate no more than the cost",
        walks_turn_back: true,
        two_way: true,
        words: &["A", "B", "C", "D", "E", "F", "G", "H", "on", "table", "_"],
        keys: &["blocks"],
        answer_form: "one move a line, such as: Move A onto B",
        ..About::NEW
    };

    type Config = Config;
    type State = Blocks;
    type Move = Move;

    fn levels() -> [Config; 3] {
        config::levels()
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.space().map(drop)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        config.generate(draw)
    }

    fn canonical(&self) -> Self {
        canonical::form(self)
    }

    fn start(&self) -> Blocks {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Blocks) -> bool {
        *state == self.goal || self.partial && self.is_partial_goal(state)
    }

    /// Steps are in the order of the moved block, then of the block under it; the table is last.
    #[inline]
    fn successors(&self, state: &Blocks, out: &mut Vec<Step<Move, Blocks>>) {
        let covered = state.covered();
        let free = |&block: &u8| covered >> block & 1 == 0 && state.under(block) != LOST;
        let step = |block, onto| Step { action: Move { block, onto }, state: state.with(block, onto), cost: 1 };
        for block in (0..self.blocks).filter(free) {
            out.extend((0..self.blocks).filter(|&onto| onto != block && free(&onto)).map(|onto| step(block, onto)));
            if state.under(block) != TABLE {
                out.push(step(block, TABLE));
            }
        }
    }

    fn apply(&self, state: &Blocks, action: Move) -> Option<(Move, Blocks, Cost)> {
        self.is_legal(state, action).then(|| (action, state.with(action.block, action.onto), 1))
    }

    fn is_terminal(&self, state: &Blocks) -> bool {
        // A tower of two blocks can be split, and the top of one of two towers can go on the other. Only a single block has no move.
        (0..self.blocks).filter(|&block| state.under(block) != LOST).count() < 2
    }

    fn estimate(&self, heuristic: usize, state: &Blocks) -> Cost {
        match heuristic {
            0 => {
                let wrong = |&block: &u8| ![LOST, state.under(block)].contains(&self.goal.under(block));
                let lost = |block: &u8| state.under(*block) == LOST;
                (0..self.blocks).filter(|block| wrong(block) || lost(block)).count() as Cost
            }
            1 => self.misplaced(state).count_ones().into(),
            _ => self.moves_at_least(state),
        }
    }

    fn solver_facts(&self) -> SolverFacts {
        let cost = self.moves(&self.start);
        SolverFacts {
            solvable: true,
            optimal_cost: Some(cost),
            solutions: None,
            difficulty: Some(self.within(&self.start, cost).0),
        }
    }

    fn is_solvable(&self) -> bool {
        true
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        DistanceTable::new(|puzzle: &Self, state: &Blocks| puzzle.is_complete(state).then(|| puzzle.moves(state)))
    }
}

impl Splits for Blocksworld {
    fn space(config: &Config) -> Option<Space> {
        config.space().ok()
    }

    fn at(config: &Config, _stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        config.at(index, draw)
    }

    fn hold_out_key(&self, _key: usize) -> u64 {
        self.blocks.into()
    }

    fn hold_out_values(config: &Config, _key: usize) -> Option<Vec<u64>> {
        Some((config.blocks.min()..=config.blocks.max()).collect())
    }
}

impl SearchSupport for Blocksworld {
    fn two_way_goal(&self) -> Option<Blocks> {
        (!self.partial).then_some(self.goal)
    }

    fn index_bound(&self) -> Option<usize> {
        Some(arrangements::count(self.blocks()) as usize)
    }

    /// A state with lost blocks has no number; it gets 0.
    fn index(&self, state: &Blocks) -> usize {
        if self.is_complete(state) { arrangements::rank(self.blocks, state) as usize } else { 0 }
    }
}

impl Plain for Blocksworld {}

#[cfg(test)]
mod tests;
