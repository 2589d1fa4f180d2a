//! Settings of Countdown, and their space of puzzles.

use serde::{Deserialize, Serialize};

use super::{Countdown, MAX_NUMBERS, MAX_WITH_FRACTIONS, Numbers, Operations, Rule};
use crate::counting::{binomial, factorial};
use crate::draw::Draw;
use crate::environment::{ConfigError, Reject};
use crate::settings::{Range, Solvable};
use crate::splits::Space;

/// The targets: a range or a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a range such as { min = 10, max = 100 }, or a list such as [24, 36]")]
pub enum Targets {
    /// All integers of a range.
    Range(Range),
    /// The listed integers.
    List(Vec<u64>),
}

impl Targets {
    /// All targets.
    pub fn list(&self) -> Vec<u64> {
        match self {
            Targets::Range(range) => (range.min..=range.max).collect(),
            Targets::List(list) => list.clone(),
        }
    }

    fn len(&self) -> u64 {
        match self {
            Targets::Range(range) => range.max - range.min + 1,
            Targets::List(list) => list.len() as u64,
        }
    }

    fn at(&self, index: u64) -> Option<u64> {
        match self {
            Targets::Range(range) => range.min.checked_add(index),
            Targets::List(list) => list.get(index as usize).copied(),
        }
    }
}

/// How puzzles are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Draws {
    /// Every distinct puzzle that the settings accept is equally likely.
    #[default]
    Uniform,
    /// As in the Stream of Search paper: size, then target, then each number independently, until the puzzle is accepted. Sizes and targets are equally
    /// frequent.
    Independent,
}

/// Settings of the Countdown generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of numbers in a puzzle: 2 to 8.
    pub sizes: Range,
    /// The range of the numbers.
    pub numbers: Range,
    /// Whether a number may occur more than once.
    pub repeats: bool,
    /// The targets: `{min, max}` or a list.
    pub targets: Targets,
    /// The operations, as signs.
    pub operations: String,
    /// Whether a division may leave a fraction. Puzzles then have up to 6 numbers.
    pub fractions: bool,
    /// Whether `all` numbers must be used (the paper's rule), or `any` of them suffice (the television rule).
    pub rule: Rule,
    /// `uniform` over distinct puzzles, or `independent` numbers as in the paper.
    pub draws: Draws,
    /// Whether a solution is required: `yes`, `no` or `any`.
    pub solvable: Solvable,
}

impl Default for Config {
    /// The paper's puzzles: 4 numbers from 1 to 99, targets from 10 to 100.
    fn default() -> Self {
        Config {
            sizes: Range { min: 4, max: 4 },
            numbers: Range { min: 1, max: 99 },
            repeats: true,
            targets: Targets::Range(Range { min: 10, max: 100 }),
            operations: "+-*/".into(),
            fractions: false,
            rule: Rule::All,
            draws: Draws::Uniform,
            solvable: Solvable::Yes,
        }
    }
}

/// The greatest number or target. It is far below 2^64, so that a few operations on such numbers fit.
const LARGEST: u64 = 1_000_000_000;

impl Config {
    fn check(&self) -> Result<(), ConfigError> {
        let range = |field: &str, range: Range, low: u64, high: u64| {
            if range.min > range.max || range.min < low || range.max > high {
                let found = format!("{{min = {}, max = {}}}", range.min, range.max);
                return Err(ConfigError::new(field, found, format!("{low} <= min <= max <= {high}")));
            }
            Ok(())
        };
        let most = if self.fractions { MAX_WITH_FRACTIONS } else { MAX_NUMBERS };
        range("sizes", self.sizes, 2, most as u64)?;
        range("numbers", self.numbers, 0, LARGEST)?;
        match &self.targets {
            Targets::Range(targets) => range("targets", *targets, 0, LARGEST)?,
            Targets::List(list) => {
                let mut sorted = list.clone();
                sorted.sort_unstable();
                sorted.dedup();
                if list.is_empty() || sorted.len() != list.len() || sorted.iter().any(|&t| t > LARGEST) {
                    let allowed = format!("at least one, each once, none over {LARGEST}");
                    return Err(ConfigError::new("targets", format!("{list:?}"), allowed));
                }
            }
        }
        if Operations::parse(&self.operations).is_none() {
            return Err(ConfigError::new("operations", &self.operations, "signs of +-*/, each once"));
        }
        if self.fractions && !self.operations.contains('/') {
            return Err(ConfigError::new("fractions", "true without division", "with / in operations"));
        }
        if !self.repeats && self.numbers.len() < u128::from(self.sizes.max) {
            let found = format!("{} different numbers for puzzles of {}", self.numbers.len(), self.sizes.max);
            return Err(ConfigError::new("numbers", found, "a wider range, or repeats = true"));
        }
        Ok(())
    }

    /// The number of unordered lists of `size` numbers.
    fn number_lists(&self, size: u64) -> u128 {
        let values = self.numbers.len();
        if self.repeats { binomial(values + u128::from(size) - 1, size) } else { binomial(values, size) }
    }

    fn sizes(&self) -> std::ops::RangeInclusive<u64> {
        self.sizes.min..=self.sizes.max
    }

    /// The space; none if it is too large to be numbered. Repeated puzzles are then very unlikely.
    pub(super) fn space(&self) -> Result<Option<Space>, ConfigError> {
        self.check()?;
        let targets = self.targets.len();
        let sizes = self.sizes.max - self.sizes.min + 1;
        let lists = self.sizes().fold(0u128, |sum, size| sum.saturating_add(self.number_lists(size)));
        let space = match self.draws {
            Draws::Uniform => Space { strata: 1, size: lists.saturating_mul(u128::from(targets)) },
            Draws::Independent => {
                let largest = self.sizes().map(|size| self.number_lists(size)).max();
                Space { strata: sizes * targets, size: largest.unwrap_or(0) }
            }
        };
        Ok((lists < 1 << 90).then_some(space))
    }

    pub(super) fn at(&self, stratum: u64, index: u128, draw: &mut Draw) -> Result<Countdown, Reject> {
        let targets = self.targets.len();
        let (size, target, list) = match self.draws {
            Draws::Independent => (self.sizes.min + stratum / targets, stratum % targets, index),
            Draws::Uniform => {
                let target = (index % u128::from(targets)) as u64;
                let mut list = index / u128::from(targets);
                let mut size = self.sizes.min;
                while list >= self.number_lists(size) {
                    list -= self.number_lists(size);
                    size += 1;
                    if size > self.sizes.max {
                        return Err(Reject);
                    }
                }
                (size, target, list)
            }
        };
        if list >= self.number_lists(size) {
            return Err(Reject);
        }
        let mut numbers = [0; MAX_NUMBERS];
        let numbers = &mut numbers[..size as usize];
        self.unrank(list, numbers);
        if self.draws == Draws::Independent && !draw.chance(orders(numbers), factorial(size)) {
            return Err(Reject);
        }
        draw.shuffle(numbers);
        self.puzzle(numbers, self.targets.at(target).ok_or(Reject)?)
    }

    pub(super) fn generate(&self, draw: &mut Draw) -> Result<Countdown, Reject> {
        let size = draw.between(self.sizes.min, self.sizes.max);
        let target = self.targets.at(draw.below(self.targets.len())).ok_or(Reject)?;
        let mut numbers = [0; MAX_NUMBERS];
        let numbers = &mut numbers[..size as usize];
        for i in 0..numbers.len() {
            numbers[i] = draw.between(self.numbers.min, self.numbers.max);
            if !self.repeats && numbers[..i].contains(&numbers[i]) {
                return Err(Reject);
            }
        }
        self.puzzle(numbers, target)
    }

    fn puzzle(&self, numbers: &[u64], target: u64) -> Result<Countdown, Reject> {
        let mut operations = Operations::parse(&self.operations).ok_or(Reject)?;
        operations.fractions = self.fractions;
        Ok(Countdown { numbers: Numbers::new(numbers).ok_or(Reject)?, target, operations, rule: self.rule })
    }

    /// The sorted list with this rank, in the order of the combinatorial number system (Knuth, TAOCP 7.2.1.3).
    fn unrank(&self, mut rank: u128, numbers: &mut [u64]) {
        for place in (0..numbers.len()).rev() {
            let k = place as u64 + 1;
            let (mut low, mut high) = (u128::from(k - 1), self.numbers.len() + u128::from(k) - 1);
            while low + 1 < high {
                let middle = (low + high) / 2;
                if binomial(middle, k) <= rank {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            rank -= binomial(low, k);
            let shift = if self.repeats { u128::from(k - 1) } else { 0 };
            numbers[place] = self.numbers.min + (low - shift) as u64;
        }
    }
}

/// The number of different orders of a sorted list.
fn orders(sorted: &[u64]) -> u64 {
    let same = sorted.chunk_by(|a, b| a == b).map(|run| factorial(run.len() as u64)).product::<u64>();
    factorial(sorted.len() as u64) / same
}
