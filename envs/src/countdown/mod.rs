//! Countdown: combine numbers with + - * / until one of them is the target.
//!
//! A worked puzzle: make 22 from 3, 5 and 7. `3*5=15` leaves 7 and 15; `7+15=22` is the target, with every number used.
//!
//! Rules of the Stream of Search paper (Gandhi et al. 2024, section 3): every number is used once; subtraction takes the smaller from the larger; division must
//! be exact; 0 is a number like any other. Under the television rule ([`Rule::Any`]) the target only has to be among the remaining numbers. Arithmetic is
//! checked: an operation whose result does not fit 64 bits is illegal.
//!
//! With [fractions](Operations::with_fractions) any number but 0 divides any other: 3, 3, 8 and 8 make 24 by `8/3=8/3`, `3-(8/3)=1/3`, `8/(1/3)=24`.
//! Numerators and denominators go up to [`LARGEST_PART`]. See [`fraction`] for how they are kept.
//!
//! For puzzles of 7 or 8 numbers, solvability and optimal cost are proven, but solutions are not counted and the difficulty is not known.

use crate::prelude::*;
mod answer;
mod atoms;
mod config;
mod damage;
pub mod fraction;
mod instruct;
mod solve;

pub use config::{Config, Draws, Targets};
use fraction::LARGEST_PART;

/// Greatest number of numbers in a puzzle.
pub const MAX_NUMBERS: usize = 8;

/// Greatest number of numbers in a puzzle with fractions.
pub const MAX_WITH_FRACTIONS: usize = 6;

/// An operation, in the order in which the moves of a state are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// a + b
    Add,
    /// a * b
    Multiply,
    /// a - b, the larger minus the smaller
    Subtract,
    /// a / b, if it is exact
    Divide,
}

impl Operation {
    /// All operations, in canonical order.
    pub const ALL: [Operation; 4] = [Operation::Add, Operation::Multiply, Operation::Subtract, Operation::Divide];

    /// The sign of the operation.
    pub fn sign(self) -> u8 {
        match self {
            Operation::Add => b'+',
            Operation::Multiply => b'*',
            Operation::Subtract => b'-',
            Operation::Divide => b'/',
        }
    }

    /// The operation with this sign.
    pub fn of_sign(sign: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.sign() == sign)
    }

    /// The result of the operation; none if it is not allowed or does not fit 64 bits.
    #[inline]
    pub fn compute(self, left: u64, right: u64) -> Option<u64> {
        match self {
            Operation::Add => left.checked_add(right),
            Operation::Multiply => left.checked_mul(right),
            Operation::Subtract => left.checked_sub(right),
            Operation::Divide => divide(left, right),
        }
    }
}

/// Exact division. It uses 32 bits if possible, which is several times faster on common machines.
#[inline]
fn divide(left: u64, right: u64) -> Option<u64> {
    if right == 0 {
        return None;
    }
    if (left | right) >> 32 == 0 {
        let (left, right) = (left as u32, right as u32);
        return (left % right == 0).then(|| u64::from(left / right));
    }
    left.is_multiple_of(right).then(|| left / right)
}

/// The operations that a puzzle allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operations {
    /// One bit each.
    bits: u8,
    /// Whether a division may leave a fraction.
    fractions: bool,
}

impl Operations {
    /// All four operations.
    pub const ALL: Operations = Operations { bits: 0b1111, fractions: false };

    /// Parses signs such as `+-*/`, each at most once, in any order. None for an unknown sign or an empty text.
    pub fn parse(signs: &str) -> Option<Self> {
        let mut bits = 0;
        for sign in signs.bytes() {
            let bit = 1 << Operation::of_sign(sign)? as u8;
            if bits & bit != 0 {
                return None;
            }
            bits |= bit;
        }
        (bits != 0).then_some(Operations { bits, fractions: false })
    }

    /// The same operations on fractions.
    pub fn with_fractions(self) -> Self {
        Operations { fractions: true, ..self }
    }

    /// Whether an operation is allowed.
    #[inline]
    pub fn allow(self, operation: Operation) -> bool {
        self.bits >> operation as u8 & 1 == 1
    }

    /// The result of an operation; none if it is not allowed or does not fit.
    fn compute(self, operation: Operation, left: u64, right: u64) -> Option<u64> {
        if self.allow(operation) { self.result(operation, left, right) } else { None }
    }

    /// The result of an operation, whether it is allowed or not.
    fn result(self, operation: Operation, left: u64, right: u64) -> Option<u64> {
        if self.fractions { fraction::compute(operation, left, right) } else { operation.compute(left, right) }
    }

    /// Whether these are all operations, with or without fractions.
    fn are_all(self) -> bool {
        self.bits == Self::ALL.bits
    }

    fn signs(self) -> String {
        Operation::ALL.into_iter().filter(|&o| self.allow(o)).map(|o| o.sign() as char).collect()
    }
}

/// The numbers that a solution must use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rule {
    /// All of the numbers (the paper's rule).
    #[default]
    All,
    /// Any of the numbers (the television rule).
    Any,
}

/// The numbers of a position, in the order of presentation. In a puzzle with fractions each is a number as [`fraction`] keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Numbers {
    len: u8,
    values: [u64; MAX_NUMBERS],
}

impl Numbers {
    /// The numbers of a list; none if there are more than [`MAX_NUMBERS`].
    pub fn new(list: &[u64]) -> Option<Self> {
        let mut values = [0; MAX_NUMBERS];
        values.get_mut(..list.len())?.copy_from_slice(list);
        Some(Numbers { len: list.len() as u8, values })
    }

    /// The numbers.
    #[inline]
    pub fn as_slice(&self) -> &[u64] {
        &self.values[..usize::from(self.len).min(MAX_NUMBERS)]
    }

    /// The numbers without those at `i < j`, and then `result`.
    #[inline]
    fn combined(&self, i: usize, j: usize, result: u64) -> Numbers {
        let mut values = [0; MAX_NUMBERS];
        let mut len = 0;
        for (k, &value) in self.as_slice().iter().enumerate() {
            if k != i && k != j {
                values[len] = value;
                len += 1;
            }
        }
        values[len] = result;
        Numbers { len: len as u8 + 1, values }
    }

    fn sorted(mut self) -> Numbers {
        let len = usize::from(self.len).min(MAX_NUMBERS);
        self.values[..len].sort_unstable();
        self
    }

    /// The places `i < j` of two numbers; none if one is missing.
    fn places(&self, a: u64, b: u64) -> Option<(usize, usize)> {
        let numbers = self.as_slice();
        let first = numbers.iter().position(|&n| n == a)?;
        let second = numbers.iter().enumerate().position(|(k, &n)| n == b && k != first)?;
        Some((first.min(second), first.max(second)))
    }
}

/// A move: an operation on two numbers, with its claimed result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Combine {
    /// Left operand.
    pub left: u64,
    /// The operation.
    pub operation: Operation,
    /// Right operand.
    pub right: u64,
    /// The claimed result.
    pub result: u64,
}

/// A Countdown puzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countdown {
    numbers: Numbers,
    target: u64,
    operations: Operations,
    rule: Rule,
}

/// The least common multiple of 1 to 8: the mean of up to 8 distances is then an integer.
const SCALE: u64 = 840;

const SUM: usize = 0;
const MULTIPLY: usize = 1;

impl Countdown {
    /// A puzzle; none for an empty list or more than [`MAX_NUMBERS`] numbers.
    pub fn new(numbers: &[u64], target: u64, operations: Operations, rule: Rule) -> Option<Self> {
        let numbers = Numbers::new(numbers).filter(|numbers| numbers.len > 0)?;
        Some(Countdown { numbers, target, operations, rule })
    }

    /// The numbers, in the order of presentation.
    pub fn numbers(&self) -> &[u64] {
        self.numbers.as_slice()
    }

    /// The target.
    pub fn target(&self) -> u64 {
        self.target
    }

    fn is_stuck(&self, state: &Numbers) -> bool {
        let numbers = state.as_slice();
        let mut stuck = true;
        for (i, &a) in numbers.iter().enumerate() {
            for &b in &numbers[i + 1..] {
                combinations(a, b, self.operations, |_| stuck = false);
            }
        }
        stuck
    }

    fn legal(&self, action: Combine) -> Option<Combine> {
        let result = self.operations.compute(action.operation, action.left, action.right)?;
        Some(Combine { result, ..action })
    }
}

/// Calls `each` for the moves of two numbers, in canonical order: + and * in the given order, then larger - smaller and larger / smaller. With fractions
/// smaller / larger is the last. Without them 0 / larger is legal and not listed, as in the paper's program: it leads where 0 * larger leads.
#[inline]
fn combinations(a: u64, b: u64, operations: Operations, each: impl FnMut(Combine)) {
    if operations.fractions {
        fraction::combinations(a, b, operations).into_iter().for_each(each);
    } else {
        whole_combinations(a, b, operations, each);
    }
}

/// [`combinations`] without fractions.
#[inline]
fn whole_combinations(a: u64, b: u64, operations: Operations, mut each: impl FnMut(Combine)) {
    let (large, small) = if a <= b { (b, a) } else { (a, b) };
    let operands = [(a, b), (a, b), (large, small), (large, small)];
    for (operation, (left, right)) in Operation::ALL.into_iter().zip(operands) {
        if operations.allow(operation)
            && let Some(result) = operation.compute(left, right)
        {
            each(Combine { left, operation, right, result });
        }
    }
}

impl Environment for Countdown {
    const ABOUT: About = About {
        name: "countdown",
        version: 3,
        help: "combine numbers by + - * / to make the target",
        answer_form: "one expression of the numbers, such as (44 + 19) + 35, or one operation a line, such as 44 + 19 = 63",
        state_noun: "Numbers",
        heuristics: &[
            HeuristicSpec {
                name: "sum",
                admissible: false,
                consistent: false,
                help: "mean distance of the numbers to the target (Stream of Search, section 3)",
            },
            HeuristicSpec {
                name: "multiply",
                admissible: false,
                consistent: false,
                help: "sum of the numbers' distances to the nearest divisor of the target, from 2 on (Stream of Search, section 3)",
            },
            HeuristicSpec::consistent(
                "remaining",
                "moves that are left: numbers - 1 where all must be used; else 0 at a goal and 1 elsewhere",
            ),
        ],
        estimate_scale: SCALE,
        move_claim: MoveClaim::Result,
        difficulty: "nodes that an exhaustive depth-first search makes up to its first solution",
        positions_recur: false,
        words: &["operations", "fractions", "any"],
        keys: &["target", "numbers", "size", "largest"],
        thresholds: &["target"],
        ..About::NEW
    };

    type Config = Config;
    type State = Numbers;
    type Move = Combine;

    fn levels() -> [Config; 3] {
        let range = |min, max| Range { min, max };
        let of = |size, numbers, targets| Config {
            sizes: range(size, size),
            numbers,
            targets: Targets::Range(targets),
            ..Config::default()
        };
        [of(3, range(1, 30), range(5, 30)), Config::default(), of(4, range(1, 99), range(101, 200))]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.space().map(drop)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        config.generate(draw)
    }

    fn canonical(&self) -> Self {
        Countdown { numbers: self.numbers.sorted(), ..self.clone() }
    }

    fn start(&self) -> Numbers {
        self.numbers
    }

    #[inline]
    fn is_goal(&self, state: &Numbers) -> bool {
        match self.rule {
            Rule::All => state.len == 1 && state.values[0] == self.target,
            Rule::Any => state.as_slice().contains(&self.target),
        }
    }

    #[inline]
    fn successors(&self, state: &Numbers, out: &mut Vec<Step<Combine, Numbers>>) {
        let numbers = state.as_slice();
        for i in 0..numbers.len() {
            for j in i + 1..numbers.len() {
                combinations(numbers[i], numbers[j], self.operations, |action| {
                    out.push(Step { action, state: state.combined(i, j, action.result), cost: 1 });
                });
            }
        }
    }

    fn apply(&self, state: &Numbers, action: Combine) -> Option<(Combine, Numbers, Cost)> {
        let (i, j) = state.places(action.left, action.right)?;
        let action = self.legal(action)?;
        Some((action, state.combined(i, j, action.result), 1))
    }

    #[inline]
    fn is_terminal(&self, state: &Numbers) -> bool {
        // A subtraction is always possible. Without it, two numbers may have no operation.
        state.len <= 1 || (!self.operations.allow(Operation::Subtract) && self.is_stuck(state))
    }

    #[inline]
    fn estimate(&self, heuristic: usize, state: &Numbers) -> Cost {
        let numbers = state.as_slice();
        match heuristic {
            SUM if self.operations.fractions => fraction::mean_distance(numbers, self.target),
            SUM => {
                let sum = numbers.iter().fold(0u64, |sum, n| sum.saturating_add(n.abs_diff(self.target)));
                const PER: [u64; MAX_NUMBERS + 1] = [0, 840, 420, 280, 210, 168, 140, 120, 105];
                sum.saturating_mul(PER[numbers.len()])
            }
            MULTIPLY => self.evaluator(MULTIPLY).estimate(self, state),
            _ => match self.rule {
                Rule::All => (numbers.len() as u64).saturating_sub(1) * SCALE,
                Rule::Any => u64::from(!self.is_goal(state)) * SCALE,
            },
        }
    }

    fn solver_facts(&self) -> SolverFacts {
        solve::facts(self)
    }

    fn is_solvable(&self) -> bool {
        solve::distance(self.numbers.as_slice(), self.target, self.operations, self.rule).is_some()
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        DistanceTable::new(|puzzle: &Self, state: &Numbers| {
            solve::distance(state.as_slice(), puzzle.target, puzzle.operations, puzzle.rule)
        })
    }
}

/// The JSON of a puzzle. It omits all operations, whole numbers and the paper's rule, which are the defaults.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    numbers: ArrayVec<u64, MAX_NUMBERS>,
    target: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    operations: Option<String>,
    #[serde(default, skip_serializing_if = "crate::json::is_default")]
    fractions: bool,
    #[serde(default, skip_serializing_if = "crate::json::is_default")]
    rule: Rule,
}

impl Json for Countdown {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"numbers":[3,5,7],"target":22}"#;

    fn to_fields(&self) -> Fields {
        Fields {
            numbers: self.numbers().iter().copied().collect(),
            target: self.target,
            operations: (!self.operations.are_all()).then(|| self.operations.signs()),
            fractions: self.operations.fractions,
            rule: self.rule,
        }
    }

    fn from_fields(Fields { numbers, target, operations, fractions, rule }: Fields) -> Result<Self, PuzzleError> {
        let wrong = || PuzzleError::new("operations", &operations, "signs of +-*/, each once");
        let mut operations =
            operations.as_deref().map_or(Some(Operations::ALL), Operations::parse).ok_or_else(wrong)?;
        if fractions {
            operations = operations.with_fractions();
            let divides = operations.allow(Operation::Divide);
            PuzzleError::unless(divides, "fractions: found true without division; allowed: with / in operations")?;
            let few = numbers.len() <= MAX_WITH_FRACTIONS;
            let found =
                format!("numbers: found {} of them; allowed: 1 to {MAX_WITH_FRACTIONS} with fractions", numbers.len());
            PuzzleError::unless(few, found)?;
            numbers.iter().try_for_each(|&number| PuzzleError::within("numbers", number, 0u64, LARGEST_PART))?;
            PuzzleError::within("target", target, 0u64, LARGEST_PART)?;
        }
        let wrong = || PuzzleError(format!("numbers: found {} of them; allowed: 1 to {MAX_NUMBERS}", numbers.len()));
        Countdown::new(&numbers, target, operations, rule).ok_or_else(wrong)
    }
}

impl Splits for Countdown {
    fn space(config: &Config) -> Option<Space> {
        config.space().ok().flatten()
    }

    fn at(config: &Config, stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        config.at(stratum, index, draw)
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn shown_otherwise(&self, draw: &mut Draw) -> Option<Self> {
        let mut numbers = self.numbers().to_vec();
        draw.shuffle(&mut numbers);
        Self::new(&numbers, self.target, self.operations, self.rule)
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        match key {
            0 => return self.target,
            2 => return self.numbers.as_slice().len() as u64,
            3 => return self.numbers.as_slice().iter().copied().max().unwrap_or(0),
            _ => {}
        }
        let mut hasher = blake3::Hasher::new();
        for number in self.numbers.sorted().as_slice() {
            hasher.update(&number.to_le_bytes());
        }
        u64::from_le_bytes(std::array::from_fn(|i| hasher.finalize().as_bytes()[i]))
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        match key {
            0 => Some(config.targets.list()),
            2 => Some((config.sizes.min..=config.sizes.max).collect()),
            _ => None,
        }
    }
}

impl SearchSupport for Countdown {
    /// Sum of the distances to the nearest divisor of the target. For numbers up to the target, a table has the distances; above it, the target itself is the
    /// nearest.
    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        if heuristic != MULTIPLY {
            return Evaluator::plain(heuristic);
        }
        let distances = solve::divisor_distances(self.target);
        if self.operations.fractions {
            return Evaluator::prepared(|puzzle: &Self, state: &Numbers| {
                let distance = |&n: &u64| fraction::divisor_distance(n, puzzle.target);
                state.as_slice().iter().map(distance).fold(0, u64::saturating_add)
            });
        }
        Evaluator::prepared(move |puzzle: &Self, state: &Numbers| {
            let distance = |n: u64| match distances.get(n as usize) {
                Some(&distance) => u64::from(distance),
                None => solve::divisor_distance(n, puzzle.target),
            };
            let sum = state.as_slice().iter().fold(0u64, |sum, &n| sum.saturating_add(distance(n)));
            sum.saturating_mul(SCALE)
        })
    }

    fn key_state(&self, state: &Numbers) -> Numbers {
        state.sorted()
    }

    fn threshold(&self, name: &str) -> Option<Cost> {
        (name == "target").then_some(self.target)
    }
}

impl Prompts for Countdown {
    fn write_value(&self, state: &Numbers, style: Style, out: &mut Vec<u8>) {
        if self.is_goal(state) {
            write_number_in(style, self.target, out);
        } else if let [number] = state.as_slice() {
            self.write_number(*number, style, out);
        } else {
            self.write_state(state, style, out);
        }
    }

    fn read_value(&self, style: Style, reader: &mut Reader<'_>) -> Option<Numbers> {
        if style == Style::Frame && reader.peek() != Some(b'[') {
            return Numbers::new(&[self.read_number(style, reader)?]);
        }
        self.read_state(style, reader)
    }

    fn no_solution_means(&self) -> Option<&'static str> {
        let divides = self.operations.allow(Operation::Divide);
        (divides && !self.operations.fractions).then_some("no solution without fractions")
    }

    /// Under the television rule, the short form of a goal is the target alone.
    fn value_fits(&self, value: &Numbers, state: &Numbers) -> bool {
        let among = self.rule == Rule::Any && value.len == 1 && state.as_slice().contains(&value.values[0]);
        among || self.same_state(value, state)
    }
}

impl Kinds for Countdown {}
impl SharedGround for Countdown {}
impl Variables for Countdown {}

#[cfg(test)]
mod tests;
