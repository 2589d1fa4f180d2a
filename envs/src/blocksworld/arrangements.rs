//! Numbering of arrangements of blocks in towers.
//!
//! The tower of the first block contains `k` of the other `n - 1` blocks, chosen in `C(n-1, k)` ways, in one of `(k+1)!` orders. The remaining blocks have an
//! arrangement of their own. Counting these parts numbers all arrangements, so a uniform number gives a uniform arrangement.

use super::{Blocks, MAX_BLOCKS, TABLE};
use crate::counting;

/// Numbers of arrangements of 0 to 8 blocks.
const COUNTS: [u64; MAX_BLOCKS + 1] = {
    let mut counts = [1; MAX_BLOCKS + 1];
    let mut n = 1;
    while n <= MAX_BLOCKS {
        counts[n] = 0;
        let mut others = 0;
        while others < n {
            counts[n] += binomial(n - 1, others) * factorial(others + 1) * counts[n - 1 - others];
            others += 1;
        }
        n += 1;
    }
    counts
};

const fn factorial(n: usize) -> u64 {
    counting::factorial(n as u64)
}

const fn binomial(n: usize, k: usize) -> u64 {
    counting::binomial(n as u128, k as u64) as u64
}

/// Number of arrangements of so many blocks.
pub fn count(blocks: usize) -> u64 {
    COUNTS.get(blocks).copied().unwrap_or(0)
}

/// Number of arrangements of `n` blocks with `others` blocks in the tower of the first one.
fn part(n: usize, others: usize) -> u64 {
    binomial(n - 1, others) * factorial(others + 1) * COUNTS[n - 1 - others]
}

/// A list of blocks, in the order in which they are numbered.
#[derive(Clone, Copy, Default)]
struct List {
    blocks: [u8; MAX_BLOCKS],
    len: usize,
}

impl List {
    fn all(blocks: u8) -> Self {
        List { blocks: std::array::from_fn(|block| block as u8), len: blocks.into() }
    }

    fn push(&mut self, block: u8) {
        self.blocks[self.len] = block;
        self.len += 1;
    }

    fn remove(&mut self, place: usize) -> u8 {
        let block = self.blocks[place];
        self.blocks.copy_within(place + 1..self.len, place);
        self.len -= 1;
        block
    }

    fn get(&self) -> &[u8] {
        &self.blocks[..self.len]
    }
}

/// The arrangement with a number below [`count`].
pub fn unrank(blocks: u8, mut rank: u64) -> Blocks {
    let mut left = List::all(blocks);
    let mut state = Blocks::NOTHING;
    while left.len > 0 {
        let n = left.len;
        let mut others = 0;
        while others + 1 < n && rank >= part(n, others) {
            rank -= part(n, others);
            others += 1;
        }
        let rest = COUNTS[n - 1 - others];
        let orders = factorial(others + 1);
        let mut here = rank / rest;
        rank %= rest;
        let mut members = choose(&mut left, others, here / orders);
        here %= orders;
        let mut under = TABLE;
        while members.len > 0 {
            let each = factorial(members.len - 1);
            let block = members.remove((here / each) as usize);
            here %= each;
            state = state.with(block, under);
            under = block;
        }
    }
    state
}

/// Takes the first block and `others` of the other blocks, by the number of their choice.
fn choose(left: &mut List, others: usize, mut choice: u64) -> List {
    let all = *left;
    let mut members = List::default();
    *left = List::default();
    members.push(all.blocks[0]);
    for place in 1..all.len {
        // Choices with this block come before those without it.
        let missing = others + 1 - members.len;
        let with = if missing == 0 { 0 } else { binomial(all.len - 1 - place, missing - 1) };
        if choice < with {
            members.push(all.blocks[place]);
        } else {
            choice -= with;
            left.push(all.blocks[place]);
        }
    }
    members
}

/// The number of an arrangement of all blocks.
pub fn rank(blocks: u8, state: &Blocks) -> u64 {
    let lowest: [u8; MAX_BLOCKS] = lowest(blocks, state);
    let mut left = List::all(blocks);
    let mut rank = 0;
    while left.len > 0 {
        let n = left.len;
        let tower = lowest[usize::from(left.blocks[0])];
        let (mut members, mut beside) = (List::default(), List::default());
        for &block in left.get() {
            if lowest[usize::from(block)] == tower { members.push(block) } else { beside.push(block) }
        }
        let others = members.len - 1;
        rank += (0..others).map(|fewer| part(n, fewer)).sum::<u64>();
        let here = choice(&left, &members) * factorial(others + 1) + order(state, members, tower);
        rank += here * COUNTS[beside.len];
        left = beside;
    }
    rank
}

/// The lowest block of each block's tower.
fn lowest(blocks: u8, state: &Blocks) -> [u8; MAX_BLOCKS] {
    let mut lowest = [0; MAX_BLOCKS];
    for first in (0..blocks).filter(|&block| state.under(block) == TABLE) {
        state.tower(first).for_each(|block| lowest[usize::from(block)] = first);
    }
    lowest
}

/// The number of a choice: the inverse of [`choose`].
fn choice(left: &List, members: &List) -> u64 {
    let mut missing = members.len - 1;
    let mut number = 0;
    for place in 1..left.len {
        if members.get().contains(&left.blocks[place]) {
            missing -= 1;
        } else if missing > 0 {
            number += binomial(left.len - 1 - place, missing - 1);
        }
    }
    number
}

/// The number of a tower's order among all orders of its blocks.
fn order(state: &Blocks, mut members: List, lowest: u8) -> u64 {
    let mut number = 0;
    for block in state.tower(lowest) {
        let place = members.get().iter().position(|&member| member == block).unwrap_or(0);
        number += place as u64 * factorial(members.len - 1);
        members.remove(place);
    }
    number
}
