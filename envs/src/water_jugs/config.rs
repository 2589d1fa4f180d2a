//! Settings of water jugs, and their space of puzzles.

use serde::{Deserialize, Serialize};

use super::{Litres, MAX_JUGS, MAX_POSITIONS, MAX_SIZE, WaterJugs, solve};
use crate::counting::binomial;
use crate::draw::Draw;
use crate::environment::{ConfigError, Reject};
use crate::exact::Known;
use crate::settings::{Amount, Range, Solvable, amount_within, within};
use crate::splits::Space;

/// The contents of the jugs at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fill {
    /// Empty jugs.
    #[default]
    Empty,
    /// A random amount in each jug.
    Any,
}

/// Settings of the water jugs generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of jugs: 2 to 4.
    pub jugs: Amount,
    /// Range of jug sizes: 1 to 60 litres. The jugs of a puzzle differ. The product of the greatest sizes, each plus 1, is at most 1,000,000.
    pub sizes: Range,
    /// The contents of the jugs at the start: `empty` or `any`.
    pub start: Fill,
    /// Least number of moves of a shortest solution, from 1 on. Puzzles without a solution are exempt.
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

/// Greatest `max_cost`.
const MOST_COST: u64 = 1000;

/// `medium` is closest to the defaults of reasoning-gym's `jugs`: three jugs of about 10 litres. That data set requires at least 10 moves, as `min_cost = 10`
/// does here.
pub fn levels() -> [Config; 3] {
    let of = |jugs, max, min_cost| Config {
        jugs: Amount::Exactly(jugs),
        sizes: Range { min: 1, max },
        min_cost,
        ..Config::default()
    };
    [of(2, 9, 2), Config::default(), Config { max_cost: 8, ..of(3, 18, 6) }]
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
        // When two jugs alternate, twice the litres that pass the tap and the drain bounds every shortest solution.
        let longest = 2 * jugs * self.sizes.max;
        within("min_cost", self.min_cost, 1, longest)?;
        within("max_cost", self.max_cost, self.min_cost, MOST_COST)?;
        // Half of the integers are even, which is more than the multiples of any greater number.
        let even = self.sizes.max / 2 - (self.sizes.min - 1) / 2;
        if self.solvable == Solvable::No && even < self.jugs.min() {
            return Err(ConfigError::new("solvable", "no", "yes or any: these sizes have no common divisor"));
        }
        Ok(())
    }
}

/// The binomial coefficient; jugs are few and small.
fn choices(of: u64, chosen: u64) -> u64 {
    binomial(of.into(), chosen) as u64
}

pub fn space(config: &Config) -> Result<Option<Space>, ConfigError> {
    config.check()?;
    // Almost no random fill makes a target unmeasurable, so such puzzles are drawn one by one.
    if config.start == Fill::Any && config.solvable == Solvable::No {
        return Ok(None);
    }
    Ok(Some(Space { strata: 1, size: size(config, config.start == Fill::Any) }))
}

/// The numbers of jugs and largest sizes, each with its number of candidates: sets of sizes, targets, and with `fills` the contents of the jugs, each up to the
/// largest size.
fn parts(config: &Config, fills: bool) -> impl Iterator<Item = (u64, u64, u128)> {
    let (min, max) = (config.sizes.min, config.sizes.max);
    let all =
        (config.jugs.min()..=config.jugs.max()).flat_map(move |jugs| (min..=max).map(move |largest| (jugs, largest)));
    all.map(move |(jugs, largest)| {
        let sets = choices(largest - min, jugs - 1);
        let fills = if fills { u128::from(largest + 1).pow(jugs as u32) } else { 1 };
        (jugs, largest, u128::from(sets * largest) * fills)
    })
}

fn size(config: &Config, fills: bool) -> u128 {
    parts(config, fills).map(|part| part.2).sum()
}

/// A candidate with its jugs in ascending order: by number of jugs, then largest jug, then set of sizes, then target, then fill. The fills are the lowest
/// digits of the rest; some of them may exceed their jug.
fn candidate(config: &Config, index: u128, fills: bool) -> Result<WaterJugs, Reject> {
    let mut rest = index;
    for (jugs, largest, count) in parts(config, fills) {
        if rest >= count {
            rest -= count;
            continue;
        }
        let mut start = [0; MAX_JUGS];
        for held in start.iter_mut().take(if fills { jugs as usize } else { 0 }) {
            *held = (rest % u128::from(largest + 1)) as u8;
            rest /= u128::from(largest + 1);
        }
        let target = (rest % u128::from(largest)) as u8 + 1;
        let sizes = set(config, jugs as usize, largest, (rest / u128::from(largest)) as u64).ok_or(Reject)?;
        if start.iter().zip(&sizes).any(|(held, size)| held > size) {
            return Err(Reject);
        }
        return Ok(WaterJugs { jugs: jugs as usize, sizes, start, target, known: Known::default() });
    }
    Err(Reject)
}

/// The set of sizes with a number among those with this largest size, in colexicographic order (Knuth, TAOCP 7.2.1.3).
fn set(config: &Config, jugs: usize, largest: u64, number: u64) -> Option<Litres> {
    let mut sizes = [0; MAX_JUGS];
    let mut rest = number;
    sizes[jugs - 1] = largest as u8;
    for place in (0..jugs - 1).rev() {
        let chosen = place as u64 + 1;
        let over = (chosen..).find(|&over| choices(over, chosen) > rest)?;
        sizes[place] = (config.sizes.min + over - 1) as u8;
        rest -= choices(over - 1, chosen);
    }
    Some(sizes)
}

pub fn at(config: &Config, index: u128, draw: &mut Draw) -> Result<WaterJugs, Reject> {
    let puzzle = candidate(config, index, config.start == Fill::Any)?;
    finish(config, puzzle, draw)
}

/// Puts the jugs in random order, and keeps the puzzle if it fits the settings.
fn finish(config: &Config, mut puzzle: WaterJugs, draw: &mut Draw) -> Result<WaterJugs, Reject> {
    let out_of_reach = solve::is_out_of_reach(&puzzle);
    if config.solvable != Solvable::Any && out_of_reach == (config.solvable == Solvable::Yes) {
        return Err(Reject);
    }
    for last in (1..puzzle.jugs).rev() {
        let other = draw.index(last + 1);
        puzzle.sizes.swap(last, other);
        puzzle.start.swap(last, other);
    }
    let facts = solve::facts(&puzzle);
    puzzle.known = Known(Some(facts));
    let fits = facts.optimal_cost.is_none_or(|cost| (config.min_cost..=config.max_cost).contains(&cost));
    if fits && config.solvable.accepts(facts.solvable) { Ok(puzzle) } else { Err(Reject) }
}

/// Unmeasurable targets are rare, so several candidates are tried.
const TRIES: usize = 16;

pub fn generate(config: &Config, draw: &mut Draw) -> Result<WaterJugs, Reject> {
    let size = u64::try_from(size(config, false)).map_err(|_| Reject)?;
    let tries = if config.solvable == Solvable::No { TRIES } else { 1 };
    for _ in 0..tries {
        let mut puzzle = candidate(config, draw.below(size).into(), false)?;
        if config.start == Fill::Any {
            fill(config, &mut puzzle, draw);
        }
        if let Ok(puzzle) = finish(config, puzzle, draw) {
            return Ok(puzzle);
        }
    }
    Err(Reject)
}

/// Random amounts. If the target must not be measurable, they are multiples of the sizes' greatest common divisor; others would make it measurable.
fn fill(config: &Config, puzzle: &mut WaterJugs, draw: &mut Draw) {
    let divisor = puzzle.sizes().iter().fold(0, |a, &b| solve::gcd(a, b));
    let unit = if config.solvable == Solvable::No { divisor } else { 1 };
    for (held, &size) in puzzle.start.iter_mut().zip(&puzzle.sizes[..puzzle.jugs]) {
        *held = unit * draw.below(u64::from(size / unit) + 1) as u8;
    }
}
