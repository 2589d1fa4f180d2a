//! Number line: from a start to a target by a few given operations, over the integers from 0 to a limit.
//!
//! A puzzle lists one to four operations: add, subtract, multiply by or divide by a number. Divisions must be exact. A result must be within the limit and
//! differ from the number before. Every operation may be used any number of times.
//!
//! A worked puzzle: from 2 to 11 with +3 and *2, up to 99: `*2=4`, `*2=8`, `+3=11`. No two operations suffice.
//!
//! A move states its result, so slips of arithmetic are visible. The order of the listed operations is only presentation. If each operation's inverse is listed
//! as well, every step can be undone, and searches can work from both ends.
//!
//! The puzzle is the reachability problem of "make n from m" exercises (Broken Calculator, LeetCode 991, is *2 and -1). Puzzles are drawn evenly from all sets
//! of operations and starts. The target is then one of those whose cost, by breadth-first search, is in range.
//!
//! The heuristic `largest-step` counts steps if each goes as far towards the target as any operation could, exact or not. Up: no step leads above
//! `f(n) = max(n + a, n * m)`. f is monotone and `f(n) >= n`, so i steps lead at most to `f^i(n)`. Down: likewise with `min(n - s, floor(n / d))`. So the
//! heuristic is admissible, and falls by at most 1 with each step.

mod answer;
mod atoms;
mod config;
mod damage;
mod instruct;
mod json;

pub use config::Config;

use crate::exact::{Distances, Known};
use crate::prelude::*;

/// Greatest number of operations.
pub const MAX_OPERATIONS: usize = 4;
/// Greatest limit, and greatest number in an operation.
pub const MAX_LIMIT: u32 = 100_000;

/// The kind of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Adds the number.
    Add,
    /// Subtracts the number.
    Subtract,
    /// Multiplies by the number.
    Multiply,
    /// Divides by the number, without a remainder.
    Divide,
}

impl Kind {
    /// All kinds, in their order.
    pub const ALL: [Kind; 4] = [Kind::Add, Kind::Subtract, Kind::Multiply, Kind::Divide];

    /// The kind that undoes it.
    fn inverse(self) -> Kind {
        match self {
            Kind::Add => Kind::Subtract,
            Kind::Subtract => Kind::Add,
            Kind::Multiply => Kind::Divide,
            Kind::Divide => Kind::Multiply,
        }
    }
}

/// An operation: `+3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Operation {
    /// The kind.
    pub kind: Kind,
    /// The number.
    pub number: u32,
}

impl Operation {
    /// The result for `n` within `limit`; none if it cannot be applied or changes nothing.
    #[inline]
    fn of(self, n: u32, limit: u32) -> Option<u32> {
        let result = match self.kind {
            Kind::Add => n.checked_add(self.number)?,
            Kind::Subtract => n.checked_sub(self.number)?,
            Kind::Multiply => n.checked_mul(self.number)?,
            Kind::Divide if n.is_multiple_of(self.number) => n.checked_div(self.number)?,
            Kind::Divide => return None,
        };
        (result <= limit && result != n).then_some(result)
    }

    fn inverse(self) -> Operation {
        Operation { kind: self.kind.inverse(), ..self }
    }

    /// Whether the number is allowed. Operations that never change anything are not.
    fn is_sound(self) -> bool {
        let least = if matches!(self.kind, Kind::Add | Kind::Subtract) { 1 } else { 2 };
        (least..=MAX_LIMIT).contains(&self.number)
    }
}

/// A move: an operation and its claimed result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// The operation.
    pub operation: Operation,
    /// The claimed result.
    pub result: u32,
}

/// A number line puzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberLine {
    start: u32,
    target: u32,
    limit: u32,
    /// One to four different operations, in the order of presentation.
    operations: Vec<Operation>,
    known: Known,
}

impl NumberLine {
    /// The target.
    pub fn target(&self) -> u32 {
        self.target
    }

    /// The greatest number allowed.
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// The operations, in the order of presentation.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    #[inline]
    fn results(&self, n: u32) -> impl Iterator<Item = (Operation, u32)> {
        self.operations.iter().filter_map(move |&operation| Some((operation, operation.of(n, self.limit)?)))
    }

    /// Breadth-first search from the start, up to a distance.
    fn explore(&self, most: Cost) -> Reach {
        let mut reach = Reach { places: vec![0; self.limit as usize + 1], list: Vec::new(), levels: vec![0] };
        reach.places[self.start as usize] = 1;
        reach.list.push((self.start, 1));
        let mut level = 0..1;
        while !level.is_empty() {
            reach.levels.push(level.end);
            if reach.levels.len() as u64 > most.saturating_add(1) {
                break;
            }
            for here in level.clone() {
                let (n, ways) = reach.list[here];
                for (_, result) in self.results(n) {
                    reach.meet(result, ways, level.end);
                }
            }
            level = level.end..reach.list.len();
        }
        reach
    }

    /// The greatest number among the operations of a kind; none if there are none.
    fn greatest(&self, kind: Kind) -> Option<u32> {
        self.operations.iter().filter(|operation| operation.kind == kind).map(|operation| operation.number).max()
    }

    /// A number that distinguishes sets of operations.
    fn operations_key(&self) -> u64 {
        let mut sorted = self.operations.clone();
        sorted.sort_unstable();
        sorted.iter().fold(0, |key, operation| {
            (key << 20 | u64::from(operation.number) << 2 | operation.kind as u64) ^ key >> 44
        })
    }
}

/// The result of breadth-first search.
struct Reach {
    /// For each number: 0 if it was not reached, otherwise 1 plus its place in the list.
    places: Vec<u32>,
    /// The reached numbers in order, with their numbers of shortest ways, at most 2^64 - 1.
    list: Vec<(u32, u64)>,
    /// The end of each distance in the list, after a leading 0.
    levels: Vec<usize>,
}

impl Reach {
    /// Records a step to `n` from a number with so many ways. `end` is the end of that number's level.
    #[inline]
    fn meet(&mut self, n: u32, ways: u64, end: usize) {
        let place = &mut self.places[n as usize];
        if *place == 0 {
            self.list.push((n, ways));
            *place = self.list.len() as u32;
        } else if *place as usize > end {
            let met = &mut self.list[*place as usize - 1].1;
            *met = met.saturating_add(ways);
        }
    }

    fn cost(&self, n: u32) -> Option<Cost> {
        let place = (self.places[n as usize] as usize).checked_sub(1)?;
        Some(self.levels.partition_point(|&end| end <= place) as Cost - 1)
    }

    fn facts(&self, target: u32) -> SolverFacts {
        let Some(cost) = self.cost(target) else {
            let difficulty = Some(self.list.len() as u64);
            return SolverFacts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty };
        };
        let ways = self.list[self.places[target as usize] as usize - 1].1;
        let nearer = self.levels[cost as usize] as u64;
        SolverFacts { solvable: true, optimal_cost: Some(cost), solutions: Some(ways), difficulty: Some(nearer) }
    }
}

/// Number of steps from `n` up to at least `target`; none if no step leads up.
fn steps_up(n: u32, target: u32, add: Option<u32>, multiply: Option<u32>) -> Option<Cost> {
    let (add, multiply) = (u64::from(add.unwrap_or(0)), u64::from(multiply.unwrap_or(1)));
    let (mut n, target) = (u64::from(n), u64::from(target));
    if multiply == 1 {
        return (add > 0).then(|| (target - n).div_ceil(add));
    }
    let mut steps = 0;
    while n < target {
        let next = (n + add).max(n * multiply);
        if next == n {
            return None;
        }
        n = next;
        steps += 1;
    }
    Some(steps)
}

/// Number of steps from `n` down to at most `target`; none if no step leads down.
fn steps_down(n: u32, target: u32, subtract: Option<u32>, divide: Option<u32>) -> Option<Cost> {
    let (subtract, divide) = (subtract.unwrap_or(0), divide.unwrap_or(1));
    if divide == 1 {
        return (subtract > 0).then(|| u64::from((n - target).div_ceil(subtract)));
    }
    let (mut n, mut steps) = (n, 0);
    while n > target {
        n = n.saturating_sub(subtract).min(n / divide);
        steps += 1;
    }
    Some(steps)
}

const SIZE: usize = 0;
const OPERATIONS: usize = 1;

impl NumberLine {
    /// Number of steps to reach or pass the target if each goes as far as any operation could, by the greatest operand of each kind. If it sees that the target
    /// cannot be reached, it returns more than the length of any path.
    fn steps_at_least(&self, n: u32, greatest: [Option<u32>; 4]) -> Cost {
        let [add, subtract, multiply, divide] = greatest;
        let target = self.target;
        let steps =
            if n < target { steps_up(n, target, add, multiply) } else { steps_down(n, target, subtract, divide) };
        if n == target { 0 } else { steps.unwrap_or(Cost::from(self.limit) + 1) }
    }
}

impl Environment for NumberLine {
    const ABOUT: About = About {
        name: "number-line",
        version: 2,
        help: "reach a number from another with a few given operations",
        state_noun: "Number",
        heuristics: &[
            HeuristicSpec::consistent(
                "largest-step",
                "steps to reach or pass the target if each went as far as any operation could (relaxation to ranges)",
            ),
            HeuristicSpec {
                name: "difference",
                admissible: false,
                consistent: false,
                help: "how far the number is from the target (the obvious guess, often too much)",
            },
        ],
        move_claim: MoveClaim::Result,
        difficulty: "numbers nearer to the start, in moves, than the target",
        walks_turn_back: true,
        two_way: true,
        words: &["steps", "limit"],
        keys: &["size", "operations", "target"],
        answer_form: "the operations in their order, such as +3, *2",
        ..About::NEW
    };

    type Config = Config;
    type State = u32;
    type Move = Move;

    fn levels() -> [Config; 3] {
        config::levels()
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config::space(config).map(drop)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        config::generate(config, draw)
    }

    fn canonical(&self) -> Self {
        let mut canonical = self.clone();
        canonical.operations.sort_unstable();
        canonical
    }

    fn start(&self) -> u32 {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &u32) -> bool {
        *state == self.target
    }

    /// In the order of the listed operations.
    #[inline]
    fn successors(&self, state: &u32, out: &mut Vec<Step<Move, u32>>) {
        let step = |(operation, result)| Step { action: Move { operation, result }, state: result, cost: 1 };
        out.extend(self.results(*state).map(step));
    }

    fn apply(&self, state: &u32, action: Move) -> Option<(Move, u32, Cost)> {
        if !self.operations.contains(&action.operation) {
            return None;
        }
        let result = action.operation.of(*state, self.limit)?;
        Some((Move { result, ..action }, result, 1))
    }

    fn is_terminal(&self, state: &u32) -> bool {
        self.results(*state).next().is_none()
    }

    fn estimate(&self, heuristic: usize, state: &u32) -> Cost {
        self.evaluator(heuristic).estimate(self, state)
    }

    fn solver_facts(&self) -> SolverFacts {
        self.known.0.unwrap_or_else(|| self.explore(Cost::MAX).facts(self.target))
    }

    /// Backwards from the target: the predecessors of a number are the results of the inverse operations.
    fn distance_table(&self) -> DistanceTable<Self> {
        let distances = Distances::backwards(self.limit as usize + 1, [self.target as usize], |here, near| {
            let before = |operation: &Operation| operation.inverse().of(here as u32, self.limit);
            near.extend(self.operations.iter().filter_map(before).map(|n| n as usize));
        });
        DistanceTable::new(move |_, state: &u32| distances.of(*state as usize))
    }
}

impl Splits for NumberLine {
    fn space(config: &Config) -> Option<Space> {
        config::space(config).ok()
    }

    fn at(config: &Config, _stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        config::at(config, index, draw)
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn shown_otherwise(&self, draw: &mut Draw) -> Option<Self> {
        let mut shown = self.clone();
        draw.shuffle(&mut shown.operations);
        Some(shown)
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        match key {
            SIZE => self.operations.len() as u64,
            OPERATIONS => self.operations_key(),
            _ => self.target.into(),
        }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        match key {
            SIZE => Some((config.operations.min()..=config.operations.max()).collect()),
            OPERATIONS => None,
            _ => Some((0..=config.limit).collect()),
        }
    }
}

impl SearchSupport for NumberLine {
    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        let greatest = Kind::ALL.map(|kind| self.greatest(kind));
        Evaluator::prepared(move |puzzle: &Self, state: &u32| match heuristic {
            0 => puzzle.steps_at_least(*state, greatest),
            _ => state.abs_diff(puzzle.target).into(),
        })
    }

    fn two_way_goal(&self) -> Option<u32> {
        let both_ways = self.operations.iter().all(|operation| self.operations.contains(&operation.inverse()));
        both_ways.then_some(self.target)
    }

    fn index_bound(&self) -> Option<usize> {
        Some(self.limit as usize + 1)
    }

    #[inline]
    fn index(&self, state: &u32) -> usize {
        *state as usize
    }
}

impl Prompts for NumberLine {
    fn write_value(&self, state: &u32, style: Style, out: &mut Vec<u8>) {
        crate::text::write_number_in(style, u64::from(*state), out);
    }

    fn read_value(&self, style: Style, reader: &mut Reader<'_>) -> Option<u32> {
        Some(reader.number_up_to(style, self.limit.into())? as u32)
    }
}

impl Kinds for NumberLine {}
impl SharedGround for NumberLine {}
impl Variables for NumberLine {}

#[cfg(test)]
mod tests;
