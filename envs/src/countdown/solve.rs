//! Exact solver of Countdown: counting by exhaustive search, solvability by meeting in the middle.

use std::sync::{Arc, OnceLock};

use super::fraction::compute;
use super::{Combine, Countdown, MAX_NUMBERS, Numbers, Operation, Operations, Rule, combinations, whole_combinations};
use crate::environment::{Cost, SolverFacts};

/// Greatest number of numbers for which solutions are counted.
const COUNTED: usize = 6;

/// The same with fractions, where every pair of numbers has up to five moves.
const COUNTED_WITH_FRACTIONS: usize = 5;

/// Solvability and optimal cost for all puzzles. Up to [`COUNTED`] numbers also the number of solutions and the difficulty. Solutions are paths of the
/// exhaustive tree that end at their first goal; different orders of independent operations count separately. The difficulty is the number of nodes that a
/// depth-first search in canonical order over the sorted numbers generates up to its first solution, or in all.
pub fn facts(puzzle: &Countdown) -> SolverFacts {
    let numbers = puzzle.numbers.sorted();
    let counted = if puzzle.operations.fractions { COUNTED_WITH_FRACTIONS } else { COUNTED };
    if numbers.as_slice().len() > counted {
        let optimal_cost = distance(numbers.as_slice(), puzzle.target, puzzle.operations, puzzle.rule);
        return SolverFacts { solvable: optimal_cost.is_some(), optimal_cost, solutions: None, difficulty: None };
    }
    let mut count = Count {
        target: puzzle.target,
        operations: puzzle.operations,
        rule: puzzle.rule,
        nodes: 1,
        solutions: 0,
        first: None,
        depth: None,
    };
    count.walk(&numbers, 0);
    SolverFacts {
        solvable: count.solutions > 0,
        optimal_cost: count.depth,
        solutions: Some(count.solutions),
        difficulty: Some(count.first.unwrap_or(count.nodes)),
    }
}

struct Count {
    target: u64,
    operations: Operations,
    rule: Rule,
    nodes: u64,
    solutions: u64,
    /// Number of nodes up to the first solution.
    first: Option<u64>,
    /// Least depth of a solution.
    depth: Option<Cost>,
}

impl Count {
    fn walk(&mut self, numbers: &Numbers, depth: Cost) {
        let list = numbers.as_slice();
        let goal = match self.rule {
            Rule::All => list == [self.target],
            Rule::Any => list.contains(&self.target),
        };
        if goal {
            return self.solved(depth);
        }
        if let &[a, b] = list {
            return self.walk_pair(a, b, depth + 1);
        }
        let operations = self.operations;
        for i in 0..list.len() {
            for j in i + 1..list.len() {
                combinations(list[i], list[j], operations, |action| {
                    self.nodes += 1;
                    self.walk(&numbers.combined(i, j, action.result), depth + 1);
                });
            }
        }
    }

    /// The last level, which has most of the nodes: it creates no states.
    #[inline]
    fn walk_pair(&mut self, a: u64, b: u64, depth: Cost) {
        combinations(a, b, self.operations, |Combine { result, .. }| {
            self.nodes += 1;
            if result == self.target {
                self.solved(depth);
            }
        });
    }

    fn solved(&mut self, depth: Cost) {
        self.solutions += 1;
        self.first.get_or_insert(self.nodes);
        self.depth = Some(self.depth.map_or(depth, |least| least.min(depth)));
    }
}

/// The exact cost from a position to a goal.
pub fn distance(numbers: &[u64], target: u64, operations: Operations, rule: Rule) -> Option<Cost> {
    let all = (1usize << numbers.len()) - 1;
    match rule {
        Rule::All if numbers.len() <= TRIED && !operations.fractions => {
            let state = Numbers::new(numbers)?;
            tries(&state, target, operations).then(|| numbers.len() as Cost - 1)
        }
        Rule::All => Middle::new(numbers, operations).reaches(all, target).then(|| numbers.len() as Cost - 1),
        Rule::Any => {
            let middle = Middle::new(numbers, operations);
            let mut masks: Vec<usize> = (1..=all).collect();
            masks.sort_by_key(|mask| mask.count_ones());
            let mask = masks.into_iter().find(|&mask| middle.reaches(mask, target))?;
            Some(Cost::from(mask.count_ones()) - 1)
        }
    }
}

/// Greatest number of numbers that are searched exhaustively. For these that is faster than listing values.
const TRIED: usize = 4;

/// Exhaustive search for a solution that uses all numbers. The last operation is tested by its result, without a division.
fn tries(numbers: &Numbers, target: u64, operations: Operations) -> bool {
    match numbers.as_slice() {
        &[value] => value == target,
        &[a, b] => makes(a, b, target, operations),
        &[a, b, c] => {
            tries_third(a, b, c, target, operations)
                || tries_third(a, c, b, target, operations)
                || tries_third(b, c, a, target, operations)
        }
        list => (0..list.len()).any(|i| {
            (i + 1..list.len()).any(|j| {
                let mut found = false;
                whole_combinations(list[i], list[j], operations, |action| {
                    found = found || tries(&numbers.combined(i, j, action.result), target, operations);
                });
                found
            })
        }),
    }
}

/// Whether `a` and `b`, combined first, and then `c` make the target.
#[inline]
fn tries_third(a: u64, b: u64, c: u64, target: u64, operations: Operations) -> bool {
    let mut found = false;
    whole_combinations(a, b, operations, |action| found |= makes(action.result, c, target, operations));
    found
}

/// Whether one operation on two numbers makes the target.
#[inline]
fn makes(a: u64, b: u64, target: u64, operations: Operations) -> bool {
    let (large, small) = if a <= b { (b, a) } else { (a, b) };
    (operations.allow(Operation::Add) && large.checked_add(small) == Some(target))
        || (operations.allow(Operation::Subtract) && large - small == target)
        || (operations.allow(Operation::Multiply) && large.checked_mul(small) == Some(target))
        || (operations.allow(Operation::Divide) && small > 0 && target.checked_mul(small) == Some(large))
}

/// Meeting in the middle over expression trees. Every way to use all of some numbers is a tree whose root combines a value of one part with a value of the
/// rest. So the values of all small parts are listed once, and a target is decomposed from the top by the values of the smaller part.
struct Middle<'a> {
    operations: Operations,
    numbers: &'a [u64],
    /// Parts of up to this many numbers have listed values.
    listed: u32,
    /// Sorted values of every listed part, by bit mask; empty for other parts.
    values: Vec<Vec<u64>>,
}

/// Greatest number of numbers in a listed part. Larger parts have too many values.
const LISTED: u32 = 4;

impl<'a> Middle<'a> {
    fn new(numbers: &'a [u64], operations: Operations) -> Self {
        let count = numbers.len().min(MAX_NUMBERS) as u32;
        // The whole list is never listed, unless it is one number: its last operation is tested directly.
        let listed = LISTED.min(count.saturating_sub(1)).max(1);
        let mut middle = Middle { operations, numbers, listed, values: vec![Vec::new(); 1 << count] };
        for mask in 1usize..1 << count {
            if mask.count_ones() <= listed {
                middle.values[mask] = middle.list(mask);
            }
        }
        middle
    }

    fn list(&self, mask: usize) -> Vec<u64> {
        if mask.count_ones() == 1 {
            return vec![self.numbers[mask.trailing_zeros() as usize]];
        }
        let mut values = Vec::new();
        for (part, rest) in splits(mask) {
            for &a in &self.values[part] {
                for &b in &self.values[rest] {
                    combinations(a, b, self.operations, |action| values.push(action.result));
                }
            }
        }
        values.sort_unstable();
        values.dedup();
        values
    }

    /// Whether all numbers of a part together can make `target`.
    fn reaches(&self, mask: usize, target: u64) -> bool {
        if mask.count_ones() <= self.listed {
            return self.values[mask].binary_search(&target).is_ok();
        }
        let mut parts: Vec<(usize, usize)> = splits(mask).collect();
        parts.sort_by_key(|(small, _)| small.count_ones());
        parts.into_iter().any(|(small, large)| {
            self.values[small].iter().any(|&value| {
                self.completions(value, target).into_iter().flatten().any(|wanted| self.reaches(large, wanted))
                    || (value == 0 && target == 0 && self.vanishes_with(large))
            })
        })
    }

    /// Whether 0 and the part make 0 by multiplication, whatever value the part has. With fractions also by division, if the part has a value but 0. (Without
    /// them 0 / x is no move: the larger is divided by the smaller.)
    fn vanishes_with(&self, mask: usize) -> bool {
        let list: Vec<u64> = (0..self.numbers.len()).filter(|i| mask >> i & 1 == 1).map(|i| self.numbers[i]).collect();
        let least = u64::from(!self.operations.allow(Operation::Multiply));
        let vanishes = least == 0 || self.operations.fractions && self.operations.allow(Operation::Divide);
        vanishes && Numbers::new(&list).is_some_and(|numbers| makes_something(&numbers, self.operations, least))
    }

    /// Values that make `target` with `value` in one operation. Products with 0, and 0 divided by something, are handled by `vanishes_with`.
    fn completions(&self, value: u64, target: u64) -> [Option<u64>; 6] {
        if self.operations.fractions {
            return self.fractions(value, target);
        }
        let if_allowed = |operation, wanted: Option<u64>| wanted.filter(|_| self.operations.allow(operation));
        let exact = |left: u64, right: u64| Operation::Divide.compute(left, right);
        [
            if_allowed(Operation::Add, target.checked_sub(value)),
            if_allowed(Operation::Multiply, exact(target, value)),
            if_allowed(Operation::Subtract, target.checked_add(value)),
            if_allowed(Operation::Subtract, value.checked_sub(target)),
            if_allowed(Operation::Divide, target.checked_mul(value).filter(|&wanted| wanted > 0)),
            if_allowed(Operation::Divide, exact(value, target).filter(|&wanted| wanted > 0)),
        ]
    }

    /// The same with fractions, which every operation makes.
    fn fractions(&self, value: u64, target: u64) -> [Option<u64>; 6] {
        use Operation::{Add, Divide, Multiply, Subtract};
        let wanted = |operation, by, left, right| compute(by, left, right).filter(|_| self.operations.allow(operation));
        [
            wanted(Add, Subtract, target, value),
            wanted(Multiply, Divide, target, value),
            wanted(Subtract, Add, target, value),
            wanted(Subtract, Subtract, value, target),
            // 0 divides nothing, so a value of 0 has no completion here.
            wanted(Divide, Multiply, target, value).filter(|_| value > 0),
            wanted(Divide, Divide, value, target).filter(|&wanted| wanted > 0),
        ]
    }
}

/// Whether the numbers can be combined into one that is not below `least`.
fn makes_something(numbers: &Numbers, operations: Operations, least: u64) -> bool {
    let list = numbers.as_slice();
    let mut found = matches!(list, &[only] if only >= least);
    for i in 0..list.len() {
        for j in i + 1..list.len() {
            combinations(list[i], list[j], operations, |action| {
                found = found || makes_something(&numbers.combined(i, j, action.result), operations, least);
            });
        }
    }
    found
}

/// The ways to split a part in two, each once, the smaller half first.
fn splits(mask: usize) -> impl Iterator<Item = (usize, usize)> {
    let lowest = mask & mask.wrapping_neg();
    let others = mask ^ lowest;
    let mut part = others;
    std::iter::from_fn(move || {
        if part == 0 {
            return None;
        }
        let pair = (part, mask ^ part);
        part = (part - 1) & others;
        Some(if pair.0.count_ones() <= pair.1.count_ones() { pair } else { (pair.1, pair.0) })
    })
}

/// Targets below this have a table of distances to their divisors.
const TABLES: usize = 2048;

/// Distances of 0 to `target` to the nearest divisor of the target in `2..=target`; empty for targets without a table. Targets 0 and 1 have no such divisor, so
/// the distance is to the target itself.
pub fn divisor_distances(target: u64) -> Arc<[u32]> {
    static CACHE: [OnceLock<Arc<[u32]>>; TABLES] = [const { OnceLock::new() }; TABLES];
    match CACHE.get(target as usize) {
        Some(cell) if target < TABLES as u64 => {
            cell.get_or_init(|| (0..=target).map(|n| divisor_distance(n, target) as u32).collect()).clone()
        }
        _ => Arc::from([]),
    }
}

/// Distance of a number to the nearest divisor of the target in `2..=target`.
pub fn divisor_distance(number: u64, target: u64) -> u64 {
    if number >= target || target < 2 {
        return number.abs_diff(target);
    }
    let mut nearest = target - number;
    let mut offset = 0;
    while offset < nearest {
        let below = number.checked_sub(offset).is_some_and(|n| n >= 2 && target.is_multiple_of(n));
        if below || (number + offset >= 2 && target.is_multiple_of(number + offset)) {
            nearest = offset;
        }
        offset += 1;
    }
    nearest
}
