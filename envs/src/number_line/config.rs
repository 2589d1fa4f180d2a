//! Settings of the number line, and their space of puzzles.

use serde::{Deserialize, Serialize};

use super::{Kind, MAX_LIMIT, MAX_OPERATIONS, NumberLine, Operation};
use crate::counting::binomial;
use crate::draw::Draw;
use crate::environment::{ConfigError, Cost, Reject};
use crate::exact::Known;
use crate::settings::{Amount, Range, Solvable, amount_within, within};
use crate::splits::Space;

/// Settings of the number line generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The greatest number of the line: 1 to 100,000. The least is 0.
    pub limit: u64,
    /// Number of operations of a puzzle: 1 to 4.
    pub operations: Amount,
    /// The kinds of operations: any of `add`, `subtract`, `multiply`, `divide`.
    pub kinds: Vec<Kind>,
    /// The addends and subtrahends: from 1 to the limit, at most 1000.
    pub addends: Range,
    /// The factors and divisors: 2 to 100.
    pub factors: Range,
    /// Least number of moves of a shortest solution, from 1 on. Puzzles without a solution are exempt.
    pub min_cost: u64,
    /// Greatest number of moves of a shortest solution.
    pub max_cost: u64,
    /// Whether the target must be reachable: `yes`, `no` or `any`.
    pub solvable: Solvable,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            limit: 999,
            operations: Amount::Exactly(3),
            kinds: Kind::ALL.into(),
            addends: Range { min: 1, max: 9 },
            factors: Range { min: 2, max: 4 },
            min_cost: 4,
            max_cost: 16,
            solvable: Solvable::Yes,
        }
    }
}

/// Greatest `max_cost`.
const MOST_COST: u64 = 10_000;

pub fn levels() -> [Config; 3] {
    let of = |limit, operations, min_cost, max_cost| Config {
        limit,
        operations: Amount::Exactly(operations),
        min_cost,
        max_cost,
        ..Config::default()
    };
    [of(99, 3, 2, 8), Config::default(), of(4999, 4, 8, 24)]
}

impl Config {
    fn check(&self) -> Result<(), ConfigError> {
        within("limit", self.limit, 1, MAX_LIMIT.into())?;
        amount_within("operations", self.operations, 1, MAX_OPERATIONS as u64)?;
        amount_within("addends", Amount::Between(self.addends), 1, self.limit.min(1000))?;
        amount_within("factors", Amount::Between(self.factors), 2, 100)?;
        let mut kinds = self.kinds.clone();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() || kinds.len() < self.kinds.len() {
            return Err(ConfigError::new("kinds", format!("{:?}", self.kinds), "different ones, at least one"));
        }
        let pool = self.pool_size();
        if pool < self.operations.max() {
            let allowed = format!("at most {pool} with these kinds, addends and factors");
            return Err(ConfigError::new("operations", self.operations.max(), allowed));
        }
        within("min_cost", self.min_cost, 1, self.limit)?;
        within("max_cost", self.max_cost, self.min_cost, MOST_COST)?;
        let one_by_one = [Kind::Add, Kind::Subtract].iter().all(|kind| kinds.contains(kind)) && self.addends.min == 1;
        if self.solvable == Solvable::No && pool == self.operations.min() && one_by_one {
            return Err(ConfigError::new("solvable", "no", "yes or any: +1 and -1 reach every number"));
        }
        Ok(())
    }

    fn range(&self, kind: Kind) -> Range {
        if matches!(kind, Kind::Add | Kind::Subtract) { self.addends } else { self.factors }
    }

    fn pool_size(&self) -> u64 {
        self.kinds.iter().map(|&kind| self.range(kind).len() as u64).sum()
    }

    /// The operation with an index among all possible ones.
    fn operation(&self, place: u64) -> Option<Operation> {
        let mut rest = place;
        for &kind in &self.kinds {
            let range = self.range(kind);
            let size = range.len() as u64;
            if rest < size {
                return Some(Operation { kind, number: (range.min + rest) as u32 });
            }
            rest -= size;
        }
        None
    }
}

/// Number of sets of operations.
fn sets(config: &Config) -> u128 {
    let pool = config.pool_size();
    (config.operations.min()..=config.operations.max()).map(|count| binomial(pool.into(), count)).sum()
}

/// Number of targets for each set of operations and start, if so many fit the settings. In a small space it is all of them.
fn targets(config: &Config) -> u64 {
    let starts = sets(config) * u128::from(config.limit + 1);
    let enough = u64::try_from(ENOUGH / starts).unwrap_or(u64::MAX);
    config.limit.min(enough.max(FEW))
}

/// Number of candidates that suffices for any data set, and least number of targets for each set of operations and start.
const ENOUGH: u128 = 10_000_000;
const FEW: u64 = 16;

pub fn space(config: &Config) -> Result<Space, ConfigError> {
    config.check()?;
    let size = sets(config) * u128::from(config.limit + 1) * u128::from(targets(config));
    Ok(Space { strata: 1, size })
}

/// The set of operations with a number: by size, then in colexicographic order (Knuth, TAOCP 7.2.1.3).
fn operations(config: &Config, number: u128) -> Option<Vec<Operation>> {
    let pool = config.pool_size();
    let mut rest = number;
    for count in config.operations.min()..=config.operations.max() {
        let sets = binomial(pool.into(), count);
        if rest >= sets {
            rest -= sets;
            continue;
        }
        let mut listed = Vec::with_capacity(count as usize);
        for chosen in (1..=count).rev() {
            let place = last_below(pool, |place| binomial(place.into(), chosen) <= rest);
            rest -= binomial(place.into(), chosen);
            listed.push(config.operation(place)?);
        }
        return Some(listed);
    }
    None
}

/// The last number of `0..bound` for which a monotone condition holds. It must hold for 0.
fn last_below(bound: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut yes, mut no) = (0, bound);
    while no - yes > 1 {
        let middle = yes + (no - yes) / 2;
        if holds(middle) { yes = middle } else { no = middle }
    }
    yes
}

pub fn at(config: &Config, index: u128, draw: &mut Draw) -> Result<NumberLine, Reject> {
    let (targets, starts) = (u128::from(targets(config)), u128::from(config.limit + 1));
    let (rest, rank) = (index / targets, (index % targets) as usize);
    let (set, start) = (rest / starts, (rest % starts) as u32);
    let mut operations = operations(config, set).ok_or(Reject)?;
    draw.shuffle(&mut operations);
    let puzzle = NumberLine { start, target: start, limit: config.limit as u32, operations, known: Known::default() };
    let reach = puzzle.explore(if config.solvable == Solvable::Yes { config.max_cost } else { Cost::MAX });
    let fits = |n: &u32| match reach.cost(*n) {
        Some(cost) => config.solvable.accepts(true) && (config.min_cost..=config.max_cost).contains(&cost),
        None => config.solvable.accepts(false),
    };
    let fitting: Vec<u32> = (0..=puzzle.limit).filter(fits).collect();
    let target = spread(&fitting, rank, targets as usize, puzzle.operations_key() ^ u64::from(start)).ok_or(Reject)?;
    let known = Known(Some(reach.facts(target)));
    Ok(NumberLine { target, known, ..puzzle })
}

/// The element with a rank among `ranks`, evenly spread over the list from a start that the key decides. Different ranks give different elements. None if there
/// are fewer elements than `rank`.
fn spread(things: &[u32], rank: usize, ranks: usize, key: u64) -> Option<u32> {
    let first = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let place = if things.len() > ranks { rank * things.len() / ranks } else { rank };
    let turned = (place + first as usize) % things.len().max(1);
    if place < things.len() { things.get(turned).copied() } else { None }
}

pub fn generate(config: &Config, draw: &mut Draw) -> Result<NumberLine, Reject> {
    let parts = [u64::try_from(sets(config)).unwrap_or(u64::MAX), config.limit + 1, targets(config)];
    let index = parts.into_iter().fold(0, |index, part| index * u128::from(part) + u128::from(draw.below(part)));
    at(config, index, draw)
}
