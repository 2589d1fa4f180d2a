//! Settings of blocks world, and their space of puzzles.

use serde::{Deserialize, Serialize};

use super::{Blocks, Blocksworld, MAX_BLOCKS, TABLE, arrangements, canonical};
use crate::draw::Draw;
use crate::environment::{ConfigError, Reject};
use crate::settings::{Amount, Range, amount_within, within};
use crate::splits::Space;

/// Settings of blocks world. Every distinct puzzle is equally likely, so most puzzles have the greatest number of blocks that the settings allow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of blocks: 2 to 8.
    pub blocks: Amount,
    /// Least cost of a cheapest solution, in moves: 1 to the least number of blocks.
    pub min_cost: u64,
    /// Greatest cost of a cheapest solution, in moves: from the greatest number of blocks to 16, which no puzzle exceeds.
    pub max_cost: u64,
}

/// No block moves more than twice.
const MOST_MOVES: u64 = 2 * MAX_BLOCKS as u64;

impl Default for Config {
    fn default() -> Self {
        Config { blocks: Amount::Between(Range { min: 6, max: 6 }), min_cost: 1, max_cost: MOST_MOVES }
    }
}

pub fn levels() -> [Config; 3] {
    let of = |min, max, min_cost, max_cost| Config { blocks: Amount::Between(Range { min, max }), min_cost, max_cost };
    [of(4, 5, 2, MOST_MOVES), of(6, 6, 4, MOST_MOVES), of(7, 7, 6, 7)]
}

impl Config {
    fn check(&self) -> Result<(), ConfigError> {
        amount_within("blocks", self.blocks, 2, MAX_BLOCKS as u64)?;
        within("min_cost", self.min_cost, 1, self.blocks.min())?;
        within("max_cost", self.max_cost, self.blocks.max(), MOST_MOVES)
    }

    /// The numbers of blocks, each with its number of candidates: every goal in normal form with every start.
    fn sizes(&self) -> impl Iterator<Item = (u8, u64)> {
        (self.blocks.min() as u8..=self.blocks.max() as u8)
            .map(|blocks| (blocks, goals(blocks).len() as u64 * arrangements::count(blocks.into())))
    }

    pub(super) fn space(&self) -> Result<Space, ConfigError> {
        self.check()?;
        Ok(Space { strata: 1, size: self.sizes().map(|(_, count)| u128::from(count)).sum() })
    }

    /// The candidate with a number. The draw names the blocks.
    pub(super) fn at(&self, index: u128, draw: &mut Draw) -> Result<Blocksworld, Reject> {
        let mut index = u64::try_from(index).map_err(|_| Reject)?;
        for (blocks, count) in self.sizes() {
            if index < count {
                let starts = arrangements::count(blocks.into());
                let goal = *goals(blocks).get((index / starts) as usize).ok_or(Reject)?;
                let start = arrangements::unrank(blocks, index % starts);
                let puzzle = self.accepted(Blocksworld::whole(blocks, start, goal))?;
                if !canonical::is_normal(&puzzle) {
                    return Err(Reject);
                }
                let mut names = std::array::from_fn(|block| block as u8);
                draw.shuffle(&mut names[..usize::from(blocks)]);
                return Ok(canonical::renamed(&puzzle, &names));
            }
            index -= count;
        }
        Err(Reject)
    }

    /// Draws start and goal uniformly and independently.
    pub(super) fn generate(&self, draw: &mut Draw) -> Result<Blocksworld, Reject> {
        let blocks = self.blocks.draw(draw) as u8;
        let mut any = || arrangements::unrank(blocks, draw.below(arrangements::count(blocks.into())));
        let (start, goal) = (any(), any());
        self.accepted(Blocksworld::whole(blocks, start, goal))
    }

    fn accepted(&self, puzzle: Blocksworld) -> Result<Blocksworld, Reject> {
        let cost = puzzle.moves(&puzzle.start);
        let wanted = (self.min_cost..=self.max_cost).contains(&cost);
        if wanted { Ok(puzzle) } else { Err(Reject) }
    }
}

/// The goals in normal form: one for each list of heights, the highest first, with the number of blocks as its sum.
fn goals(blocks: u8) -> Vec<Blocks> {
    let mut goals = Vec::new();
    with_towers(Blocks::NOTHING, 0, blocks, blocks, &mut goals);
    goals
}

/// Adds towers of the blocks from `first` on, none higher than `highest`.
fn with_towers(state: Blocks, first: u8, blocks: u8, highest: u8, goals: &mut Vec<Blocks>) {
    if first == blocks {
        goals.push(state);
    }
    for height in (1..=highest.min(blocks - first)).rev() {
        let stacked = |state: Blocks, block| state.with(block, if block == first { TABLE } else { block - 1 });
        with_towers((first..first + height).fold(state, stacked), first + height, blocks, height, goals);
    }
}
