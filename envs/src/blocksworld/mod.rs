//! Blocks world: towers of blocks on a table, from one arrangement to another.
//!
//! Each block stands on the table, which has room for all of them, or on one other block. A move takes a block on which no
//! other stands, and puts it on another such block or on the table. Both start and goal say of every block on what it
//! stands; every move can be taken back.
//!
//! From `[A B, C]` (towers from the bottom: `B` is on `A`) to `[B C A]`: `B on table`, `C on B`, `A on C`.
//!
//! Source: Winograd (1971) and the planning competitions, here with moves as a whole instead of picking up and putting
//! down. Least numbers of moves are hard in general (Gupta and Nau 1992, "On the complexity of blocks-world planning"),
//! but follow quickly for few blocks: a block that is out of place moves once, or twice if it must first make way; see the
//! solver. Arrangements are numbered, and drawn uniformly, by counting, as Slaney and Thiébaux (2001, "Blocks World
//! revisited") do: 1, 3, 13, 73, 501, 4051, 37633, 394353 of them for 1 to 8 blocks.
//!
//! Facts: `difficulty` counts the positions that A* with the heuristic `twice-moved` may take before a cheapest solution: those
//! whose depth and estimate together are no more than its cost. There are at most as many as arrangements, so it has no limit.
//!
//! Names of blocks are only shown: puzzles that differ in them alone are the same.

use crate::prelude::*;
mod arrangements;
mod atoms;
mod canonical;
mod config;
mod damage;
mod solve;

pub use config::Config;

/// The most blocks that there can be.
pub const MAX_BLOCKS: usize = 8;
/// What a block on the table stands on.
const TABLE: u8 = 8;
/// Where a block is that a damaged state has lost.
const LOST: u8 = 9;
/// No block.
const NONE: u8 = 10;

/// On what each block stands. Places beyond the number of blocks are lost ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Blocks([u8; MAX_BLOCKS]);

impl Blocks {
    /// No block at all.
    const NOTHING: Blocks = Blocks([LOST; MAX_BLOCKS]);

    /// On what a block stands: a block, [`TABLE`] or [`LOST`].
    #[inline]
    fn under(&self, block: u8) -> u8 {
        self.0[usize::from(block)]
    }

    /// With a block on something else.
    #[inline]
    fn with(mut self, block: u8, under: u8) -> Self {
        self.0[usize::from(block)] = under;
        self
    }

    /// The blocks on which another stands, as a set.
    #[inline]
    fn covered(&self) -> u16 {
        self.0.iter().fold(0, |set, under| set | 1 << under)
    }

    /// The block that stands on a block.
    fn above(&self, block: u8) -> Option<u8> {
        self.0.iter().position(|&under| under == block).map(|above| above as u8)
    }

    /// A tower from its lowest block on.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocksworld {
    blocks: u8,
    start: Blocks,
    goal: Blocks,
}

impl Blocksworld {
    /// How many blocks there are.
    pub fn blocks(&self) -> usize {
        usize::from(self.blocks)
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

impl Environment for Blocksworld {
    const ABOUT: About = About {
        name: "blocksworld",
        version: 2,
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
        words: &["A", "B", "C", "D", "E", "F", "G", "H", "on", "table"],
        keys: &["blocks"],
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
        *state == self.goal
    }

    /// By block, then by the block on which it is put; onto the table last.
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
        // A tower of two can be taken apart, and of two towers one top can go on the other: only one block alone is stuck.
        (0..self.blocks).filter(|&block| state.under(block) != LOST).count() < 2
    }

    fn estimate(&self, heuristic: usize, state: &Blocks) -> Cost {
        match heuristic {
            0 => (0..self.blocks).filter(|&block| state.under(block) != self.goal.under(block)).count() as Cost,
            1 => self.misplaced(state).count_ones().into(),
            _ => self.moves_at_least(state),
        }
    }

    fn solver_facts(&self) -> SolverFacts {
        let cost = self.moves(&self.start);
        SolverFacts { solvable: true, optimal_cost: Some(cost), solutions: None, difficulty: Some(self.within(cost)) }
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
        Some(self.goal)
    }

    fn index_bound(&self) -> Option<usize> {
        Some(arrangements::count(self.blocks()) as usize)
    }

    /// A state that has lost blocks has no number of its own: 0.
    fn index(&self, state: &Blocks) -> usize {
        if self.is_complete(state) { arrangements::rank(self.blocks, state) as usize } else { 0 }
    }
}

impl Plain for Blocksworld {}

#[cfg(test)]
mod tests;
