//! The paper's arithmetic: the operations on two numbers, in order, and the first solution in depth-first order that uses every number.
use super::text::Piece;

/// Greatest number of numbers in a puzzle.
pub(super) const MOST_NUMBERS: usize = 5;

/// The operators, in the order in which they are tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Operator {
    #[default]
    Add,
    Multiply,
    Subtract,
    Divide,
}

impl Operator {
    fn sign(self) -> u8 {
        match self {
            Self::Add => b'+',
            Self::Multiply => b'*',
            Self::Subtract => b'-',
            Self::Divide => b'/',
        }
    }
}

/// An operation as texts show it. In a difference or a quotient, the larger number is on the left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) left: u64,
    pub(super) right: u64,
    pub(super) operator: Operator,
    pub(super) result: u64,
}

impl Operation {
    #[inline]
    pub(super) fn piece(&self) -> Piece {
        let mut piece = Piece::EMPTY;
        piece.number(self.left);
        piece.byte(self.operator.sign());
        piece.number(self.right);
        piece.byte(b'=');
        piece.number(self.result);
        piece
    }
}

/// Calls `each` with every operation on `a` and `b`, in order: `+ * -`, then `/` if it is exact and not by 0.
#[inline(always)]
pub(super) fn operations(a: u64, b: u64, mut each: impl FnMut(Operation)) {
    each(Operation { left: a, right: b, operator: Operator::Add, result: a + b });
    each(Operation { left: a, right: b, operator: Operator::Multiply, result: a * b });
    let (left, right) = if a <= b { (b, a) } else { (a, b) };
    each(Operation { left, right, operator: Operator::Subtract, result: left - right });
    if right != 0 && left % right == 0 {
        each(Operation { left, right, operator: Operator::Divide, result: left / right });
    }
}

/// A solution. It has one operation fewer than the puzzle has numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Solution {
    steps: [Operation; MOST_NUMBERS - 1],
    len: usize,
}

impl Solution {
    pub(super) fn operations(&self) -> &[Operation] {
        self.steps.get(..self.len).unwrap_or_default()
    }

    /// A number that differs for any two different lists of operations. An operand is either below `max_target`, or the result of an earlier
    /// operation; then the place of that operation stands for it. Within the limits of the settings, four operations take 88 bits, and no solution
    /// takes more than 127.
    pub(super) fn key(&self, max_target: u64) -> u128 {
        let base = u128::from(max_target) + MOST_NUMBERS as u128;
        let mut key = 1;
        for (place, step) in self.operations().iter().enumerate() {
            for operand in [step.left, step.right] {
                let digit = if operand < max_target {
                    operand
                } else {
                    let earlier = self.steps.iter().take(place).position(|earlier| earlier.result == operand);
                    max_target + earlier.unwrap_or(place) as u64
                };
                key = key * base + u128::from(digit);
            }
            key = key * 4 + step.operator as u128;
        }
        key
    }
}

/// The first solution that the paper's depth-first search finds; none if there is none.
pub(super) fn solve(numbers: &[u64], target: u64) -> Option<Solution> {
    let mut steps = [Operation::default(); MOST_NUMBERS - 1];
    let found = match *numbers {
        [a, b] => solve_2([a, b], target, &mut steps, 0),
        [a, b, c] => solve_3([a, b, c], target, &mut steps, 0),
        [a, b, c, d] => solve_4([a, b, c, d], target, &mut steps, 0),
        [a, b, c, d, e] => solve_5([a, b, c, d, e], target, &mut steps, 0),
        _ => false,
    };
    found.then_some(Solution { steps, len: numbers.len().saturating_sub(1) })
}

type Steps = [Operation; MOST_NUMBERS - 1];

/// Solves the last two numbers. They are compared with the target without listing their operations, since most pairs fail.
#[inline(always)]
fn solve_2([a, b]: [u64; 2], target: u64, steps: &mut Steps, depth: usize) -> bool {
    let (left, right) = if a <= b { (b, a) } else { (a, b) };
    let hit = (a + b == target) | (a * b == target) | (left - right == target) | (right * target == left);
    hit && finish([a, b], target, steps, depth)
}

#[cold]
fn finish([a, b]: [u64; 2], target: u64, steps: &mut Steps, depth: usize) -> bool {
    let mut found = false;
    operations(a, b, |step| {
        if step.result == target && !found {
            steps[depth] = step;
            found = true;
        }
    });
    found
}

/// Defines the search over one more number: for each pair and each operation, in order, it continues with the other numbers and the result.
macro_rules! solve_more {
    ($name:ident, $count:literal, $next:ident) => {
        fn $name(numbers: [u64; $count], target: u64, steps: &mut Steps, depth: usize) -> bool {
            for i in 0..$count {
                for j in i + 1..$count {
                    let mut rest = [0; $count - 1];
                    let mut filled = 0;
                    for (place, &number) in numbers.iter().enumerate() {
                        if place != i && place != j {
                            rest[filled] = number;
                            filled += 1;
                        }
                    }
                    let mut found = false;
                    operations(numbers[i], numbers[j], |step| {
                        rest[$count - 2] = step.result;
                        if !found && $next(rest, target, steps, depth + 1) {
                            steps[depth] = step;
                            found = true;
                        }
                    });
                    if found {
                        return true;
                    }
                }
            }
            false
        }
    };
}

solve_more!(solve_3, 3, solve_2);
solve_more!(solve_4, 4, solve_3);
solve_more!(solve_5, 5, solve_4);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn solution(steps: &[(u64, Operator, u64, u64)]) -> Solution {
        let mut solution = Solution::default();
        for &(left, operator, right, result) in steps {
            solution.steps[solution.len] = Operation { left, right, operator, result };
            solution.len += 1;
        }
        solution
    }

    #[test]
    fn the_first_solution_in_depth_first_order_is_found() {
        use Operator::*;
        let expected = solution(&[(90, Add, 95, 185), (11, Multiply, 185, 2035), (2035, Divide, 37, 55)]);
        assert_eq!(solve(&[90, 11, 37, 95], 55), Some(expected));
        // Either order of equal numbers would do. 0 is never divided, and nothing is divided by 0.
        assert_eq!(solve(&[7, 7, 12], 12), Some(solution(&[(7, Subtract, 7, 0), (12, Add, 0, 12)])));
        assert_eq!(solve(&[1, 1], 10), None);
        assert_eq!(solve(&[12], 12), None);
    }

    #[test]
    fn keys_are_equal_only_for_equal_solutions() {
        const MAX_TARGET: u64 = 12;
        let mut known = HashMap::new();
        for code in 0..10_u64.pow(4) {
            let numbers = [code % 10 + 1, code / 10 % 10 + 1, code / 100 % 10 + 1, code / 1000 + 1];
            for target in 10..=MAX_TARGET {
                for solution in [solve(&numbers, target), solve(&numbers[..3], target)].into_iter().flatten() {
                    let first = known.entry(solution.key(MAX_TARGET)).or_insert(solution);
                    assert_eq!(*first, solution);
                }
            }
        }
        assert!(known.len() > 1000);
    }

    #[test]
    fn keys_tell_results_from_numbers() {
        use Operator::*;
        let from_numbers = solution(&[(8, Add, 7, 15), (3, Multiply, 4, 12)]);
        let from_result = solution(&[(8, Add, 7, 15), (15, Subtract, 4, 11)]);
        let other_result = solution(&[(8, Add, 7, 15), (3, Subtract, 4, 11)]);
        assert_ne!(from_numbers.key(12), from_result.key(12));
        assert_ne!(from_result.key(12), other_result.key(12));
    }
}
