//! The verdicts of the Stream of Search paper's own checker, with its bugs, to compare with its numbers.
//!
//! [`check`] gives the verdicts of the paper's `metric_fn` and `SearchTree` on a text under CPython 3.11. Both read only the text: they find the
//! target and the numbers in its first line. They are less strict than the checker of this project. A number that was used may be used again. A wrong
//! node counts only where one of their checks looks at it. On some texts the paper's code raises an exception; the verdict is then the name of its
//! type.
//!
//! The paper's code passes operations to Python's `eval`. The checker here evaluates numbers, operators, comparisons, tuples, lists, strings, calls
//! and subscripts, with Python's results and messages. On anything else its verdict is `"exception":"unsupported"`: names that Python or the paper's
//! code defines, attributes, lambdas, comprehensions, sets, slices, escapes in strings, complex numbers, some letters of other scripts, more than 100
//! nested brackets or signs, values of more than 131,072 bits, and operands of `&`, `|` and `^` and exponents of more than 127 bits. As in Python's
//! regular expressions, only `\n` ends a line, and a digit is any decimal digit of Unicode 14.
//!
//! One known difference: if brackets stay open over a carriage return, the verdict may name the other of two syntax errors.
//!
//! Time and memory are proportional to the text. One number may be *written* differently from Python: a rating below 0.0001 (which takes more than
//! 46,075 explorations) has an exponent there, and may have none in JSON here.
mod evaluate;
mod expression;
mod integer;
mod options;
mod scan;
#[cfg(test)]
mod tests;
mod token;
mod tree;

use num_bigint::BigInt;
use serde::Serialize;
use std::collections::HashSet;

/// The verdicts of both parts of the paper's checker.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdicts {
    /// The rating of the path that reaches the goal.
    pub metric_fn: VerdictOrException<MetricVerdict>,
    /// The errors found in the tree of nodes.
    pub search_tree: VerdictOrException<TreeVerdict>,
}

/// The verdict of a part of the checker, or the exception that it raises.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum VerdictOrException<T> {
    /// The verdict.
    Verdict(T),
    /// The reference raises an exception.
    Raised {
        /// The name of the exception's type, or `unsupported` where this checker does not follow the reference.
        exception: &'static str,
    },
}

/// The verdict of `metric_fn`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricVerdict {
    /// 1 minus the share of all nodes that the text explores; 0 without a valid path.
    pub rating: f64,
    /// `Valid path.`, or what is wrong.
    pub reason: String,
}

/// The verdict of `SearchTree`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TreeVerdict {
    /// 1 if the text claims that the goal was reached.
    pub goal_reached: u8,
    /// 1 if it was reached without an error on the path.
    pub correctness: u8,
    /// Number of nodes found.
    pub nodes: u32,
    /// 1 minus the share of all nodes that were found.
    pub rating: Rating,
    /// Number of nodes with errors.
    pub errors: ErrorCounts,
}

/// A rating of the tree. Without a correct path, it is the whole number 0, as in the reference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Rating {
    /// Always 0.
    Whole(u8),
    /// A fraction. It is below 0 if a text visits more nodes than there are.
    Fraction(f64),
}

impl Default for Rating {
    fn default() -> Self {
        Self::Whole(0)
    }
}

/// Number of nodes with errors of each of the paper's classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ErrorCounts {
    /// A result that is not the operation's.
    pub arithmetic: usize,
    /// A node that was never announced, or announced twice.
    pub exploration: usize,
    /// Text that could not be read.
    pub formatting: usize,
    /// A number that is missing or left over, or an operation that cannot be computed.
    pub other: usize,
}

/// An exception of the reference.
#[derive(Clone, Debug, PartialEq)]
struct Raised {
    kind: &'static str,
    message: String,
}

impl Raised {
    fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    fn value_error(message: String) -> Self {
        Self::new("ValueError", message)
    }

    /// An exception whose message ends with the line of the expression.
    fn located(kind: &'static str, message: impl std::fmt::Display, line: usize) -> Self {
        Self::new(kind, format!("{message} (<string>, line {line})"))
    }

    fn syntax(message: impl std::fmt::Display, line: usize) -> Self {
        Self::located("SyntaxError", message, line)
    }

    /// The checker gives up, since it does not follow the reference here.
    fn unsupported() -> Self {
        Self::new("unsupported", "")
    }
}

impl<T> From<Result<T, Raised>> for VerdictOrException<T> {
    fn from(result: Result<T, Raised>) -> Self {
        match result {
            Ok(verdict) => Self::Verdict(verdict),
            Err(raised) => Self::Raised { exception: raised.kind },
        }
    }
}

/// Checks a text as the Stream of Search paper's checker does.
pub fn check(text: &str) -> Verdicts {
    Verdicts { metric_fn: metric(text).into(), search_tree: tree::judge(text).into() }
}

const VALID: &str = "Valid path.";

fn metric(text: &str) -> Result<MetricVerdict, Raised> {
    let reason = path_reason(text)?;
    let rating = if reason == VALID { path_rating(text)? } else { 0.0 };
    Ok(MetricVerdict { rating, reason })
}

/// Parses the numbers of a first line, with a comma and a space between them.
fn start_numbers(numbers: &str) -> Result<Vec<BigInt>, Raised> {
    numbers.split(", ").map(scan::parse_int).collect()
}

/// The reason that `metric_fn` gives: what is wrong with the path to the first goal, or [`VALID`].
fn path_reason(whole: &str) -> Result<String, Raised> {
    let Some(start) = scan::start_of_line(scan::first_line(whole)) else {
        return Ok("Invalid input: Cannot find the initial state in the first line.".into());
    };
    let target = scan::parse_int(start.target)?;
    let numbers = start_numbers(start.numbers)?;
    let text = whole.replace("<|endoftext|>", "");
    let Some((goal, _)) = scan::goal(&text) else { return Ok("No goal reached statement found.".into()) };
    let text = text.get(..goal).unwrap_or("");
    let Some(last) = scan::last_explored(text) else {
        return Ok("No operations found leading to the goal.".into());
    };
    match scan::parse_int(last.split('=').nth(1).unwrap_or("")) {
        Err(_) => return Ok("Couldnt parse last op".into()),
        Ok(result) if result != target => {
            return Ok("Invalid path: Final operation does not result in target.".into());
        }
        Ok(_) => {}
    }
    let Some(listed) = scan::last_operations(text) else {
        return Err(Raised::new("IndexError", "list index out of range"));
    };
    let listed = listed.split(", ").map(|operation| operation.replace('\'', ""));
    replay(numbers, listed.chain([last.to_owned()]))
}

/// Replays the operations. A number stays available after its use, which is a mistake of the reference.
fn replay(numbers: Vec<BigInt>, operations: impl Iterator<Item = String>) -> Result<String, Raised> {
    let mut known: HashSet<BigInt> = numbers.iter().cloned().collect();
    let mut available = numbers;
    let mut text_n = false;
    for operation in operations {
        let mut sides = operation.split('=');
        let (Some(left), Some(right), None) = (sides.next(), sides.next(), sides.next()) else {
            return Ok("Could not split operation into lhs, rhs".into());
        };
        let result = match evaluate::evaluate(left, text_n).and_then(|value| Ok((value, scan::parse_int(right)?))) {
            Ok((value, result)) if value.equals(&result) => result,
            Ok(_) => return Ok(format!("Invalid operation: {operation}")),
            Err(raised) if raised == Raised::unsupported() => return Err(raised),
            Err(raised) => return Ok(format!("Error in evaluating operation {operation}: {}", raised.message)),
        };
        for number in scan::numbers(left) {
            if !known.contains(&scan::parse_int(number)?) {
                let available: Vec<String> = available.iter().map(BigInt::to_string).collect();
                let available = available.join(", ");
                return Ok(format!("Invalid operation: {operation}, number {number} not available in [{available}]"));
            }
            text_n = true;
        }
        known.insert(result.clone());
        available.push(result);
    }
    Ok(VALID.into())
}

/// The rating of a valid path: 1 minus the share of all nodes that were explored.
fn path_rating(text: &str) -> Result<f64, Raised> {
    let line = scan::first_line(text);
    // If the line has an arrow, the reference looks for the state between it and the next arrow.
    let line = line.split("->").nth(1).unwrap_or(line);
    let no_match = || Raised::new("AttributeError", "'NoneType' object has no attribute 'group'");
    let start = scan::start_of_line(line).ok_or_else(no_match)?;
    scan::parse_int(start.target)?;
    let all_nodes = match start_numbers(start.numbers)?.len() {
        2 => 4.0,
        3 => 48.0,
        4 => 1152.0,
        5 => 46080.0,
        _ => return Err(Raised::new("UnboundLocalError", "no number of nodes for so many numbers")),
    };
    let explored = text.matches("Exploring Operation").count() + 1;
    Ok((1.0 - explored as f64 / all_nodes).max(0.0))
}
