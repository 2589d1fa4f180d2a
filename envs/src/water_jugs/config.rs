//! Settings of water jugs, and the space of puzzles that they span.

use serde::{Deserialize, Serialize};

use super::{Litres, MAX_JUGS, MAX_POSITIONS, MAX_SIZE, WaterJugs, solve};
use crate::draw::Draw;
use crate::environment::{ConfigError, Reject, Space};
use crate::exact::Known;
use crate::settings::{Amount, Range, Solvable, amount_within, within};

/// What the jugs hold at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fill {
    /// Nothing: puzzles can then be numbered, so that none is drawn twice.
    #[default]
    Empty,
    /// Any amount in each jug, by chance.
    Any,
}

/// Settings of the water jugs generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// How many jugs there are: 2 to 4.
    pub jugs: Amount,
    /// What a jug can hold: 1 to 60 litres; the jugs of a puzzle differ. The product of the greatest sizes, each plus 1, is at
    /// most 1,000,000.
    pub sizes: Range,
    /// What the jugs hold at the start: `empty` or `any`.
    pub start: Fill,
    /// Least number of moves of a shortest solution, from 1 on; puzzles without a solution are not asked.
    pub min_cost: u64,
    /// Greatest number of moves of a shortest solution.
    pub max_cost: u64,
    /// Whether the target must be measurable: `yes`, `no` or `any`.
    pub solvable: Solvable,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            jugs: Amount::Exactly(3),
            sizes: Range { min: 1, max: 16 },
            start: Fill::Empty,
            min_cost: 3,
            max_cost: 1000,
            solvable: Solvable::Yes,
        }
    }
}

/// Greatest bound on costs that can be asked for.
const MOST_COST: u64 = 1000;

pub fn levels() -> [Config; 3] {
    let of = |jugs, max, min_cost| Config {
        jugs: Amount::Exactly(jugs),
        sizes: Range { min: 1, max },
        min_cost,
        ..Config::default()
    };
    [of(2, 9, 2), Config::default(), of(3, 40, 6)]
}

impl Config {
    fn check(&self) -> Result<(), ConfigError> {
        let most_jugs = MAX_JUGS as u64;
        amount_within("jugs", self.jugs, 2, most_jugs)?;
        amount_within("sizes", Amount::Between(self.sizes), 1, MAX_SIZE.into())?;
        let jugs = self.jugs.max();
        if self.sizes.len() < u128::from(jugs) {
            let shown = format!("{{ min = {}, max = {} }}", self.sizes.min, self.sizes.max);
            return Err(ConfigError::new("sizes", shown, format!("a range of at least {jugs} sizes")));
        }
        let positions: u64 = (0..jugs).map(|less| self.sizes.max - less + 1).product();
        if positions > MAX_POSITIONS as u64 {
            return Err(ConfigError::new(
                "sizes.max",
                self.sizes.max,
                format!("less with {jugs} jugs: {positions} positions, at most {MAX_POSITIONS}"),
            ));
        }
        // Twice the litres that go through the tap and the drain when two jugs take turns bounds every shortest solution.
        let longest = 2 * jugs * self.sizes.max;
        within("min_cost", self.min_cost, 1, longest)?;
        within("max_cost", self.max_cost, self.min_cost, MOST_COST)?;
        // Half of the integers are even, more than are multiples of anything else.
        let even = self.sizes.max / 2 - (self.sizes.min - 1) / 2;
        if self.solvable == Solvable::No && even < self.jugs.min() {
            return Err(ConfigError::new("solvable", "no", "yes or any: these sizes have no common divisor"));
        }
        Ok(())
    }

    /// Sets of `jugs` sizes of which the greatest is `largest`.
    fn sets(&self, jugs: u64, largest: u64) -> u64 {
        binomial(largest - self.sizes.min, jugs - 1)
    }
}

fn binomial(of: u64, chosen: u64) -> u64 {
    if chosen > of { 0 } else { (0..chosen).fold(1, |product, i| product * (of - i) / (i + 1)) }
}

pub fn space(config: &Config) -> Result<Option<Space>, ConfigError> {
    config.check()?;
    if config.start == Fill::Any {
        return Ok(None);
    }
    Ok(Some(Space { strata: 1, size: size(config) }))
}

fn size(config: &Config) -> u128 {
    let of =
        |jugs| (config.sizes.min..=config.sizes.max).map(|largest| config.sets(jugs, largest) * largest).sum::<u64>();
    (config.jugs.min()..=config.jugs.max()).map(|jugs| u128::from(of(jugs))).sum()
}

/// The sizes, in ascending order, and the target of a candidate: by number of jugs, then largest jug, then target, then the
/// rest of the set in colexicographic order.
fn candidate(config: &Config, index: u128) -> Option<(usize, Litres, u8)> {
    let mut rest = u64::try_from(index).ok()?;
    for jugs in config.jugs.min()..=config.jugs.max() {
        for largest in config.sizes.min..=config.sizes.max {
            let sets = config.sets(jugs, largest);
            if rest >= sets * largest {
                rest -= sets * largest;
                continue;
            }
            let mut sizes = [0; MAX_JUGS];
            let target = (rest % largest + 1) as u8;
            rest /= largest;
            sizes[jugs as usize - 1] = largest as u8;
            for place in (0..jugs as usize - 1).rev() {
                let chosen = place as u64 + 1;
                let over = (chosen..).find(|&over| binomial(over, chosen) > rest)?;
                sizes[place] = (config.sizes.min + over - 1) as u8;
                rest -= binomial(over - 1, chosen);
            }
            return Some((jugs as usize, sizes, target));
        }
    }
    None
}

pub fn at(config: &Config, index: u128, draw: &mut Draw) -> Result<WaterJugs, Reject> {
    let (jugs, mut sizes, target) = candidate(config, index).ok_or(Reject)?;
    let divisor = sizes[..jugs].iter().fold(0, |a, &b| gcd(a, b));
    if config.solvable == Solvable::No && target % divisor == 0 {
        return Err(Reject);
    }
    draw.shuffle(&mut sizes[..jugs]);
    let mut start = [0; MAX_JUGS];
    if config.start == Fill::Any {
        // Amounts that are no multiples of the divisor would make most of the unmeasurable measurable.
        let unit = if config.solvable == Solvable::No { divisor } else { 1 };
        for (held, &size) in start.iter_mut().zip(&sizes[..jugs]) {
            *held = unit * draw.below(u64::from(size / unit) + 1) as u8;
        }
    }
    let mut puzzle = WaterJugs { jugs, sizes, start, target, known: Known::default() };
    if config.solvable == Solvable::Yes && solve::is_out_of_reach(&puzzle) {
        return Err(Reject);
    }
    let facts = solve::facts(&puzzle);
    puzzle.known = Known(Some(facts));
    let fits = facts.optimal_cost.is_none_or(|cost| (config.min_cost..=config.max_cost).contains(&cost));
    if fits && config.solvable.accepts(facts.solvable) { Ok(puzzle) } else { Err(Reject) }
}

/// Unmeasurable targets are rare: a few candidates are tried.
const TRIES: usize = 16;

pub fn generate(config: &Config, draw: &mut Draw) -> Result<WaterJugs, Reject> {
    let size = u64::try_from(size(config)).map_err(|_| Reject)?;
    let tries = if config.solvable == Solvable::No { TRIES } else { 1 };
    (0..tries)
        .find_map(|_| {
            let index = draw.below(size);
            at(config, index.into(), draw).ok()
        })
        .ok_or(Reject)
}

pub fn gcd(a: u8, b: u8) -> u8 {
    if b == 0 { a } else { gcd(b, a % b) }
}
