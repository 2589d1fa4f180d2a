//! Formulas in conjunctive normal form: `c` comments, `p cnf VARIABLES CLAUSES`, then clauses that end with 0. Files of SATLIB have `%` and `0` behind them.
//!
//! Source: DIMACS (1993), "Satisfiability: Suggested Format".

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::{Entry, lines, list, number, said};

const ALLOWED: &str = "c comments, p cnf VARIABLES CLAUSES, then clauses of whole numbers that end with 0";

struct Formula {
    line: usize,
    variables: u64,
    /// How many clauses are announced.
    announced: u64,
    clauses: Vec<Vec<i64>>,
    clause: Vec<i64>,
    title: String,
    /// Whether `%` has ended it.
    ended: bool,
}

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    let mut formula: Option<Formula> = None;
    let mut title = String::new();
    let mut skips = false;
    for (number, line) in lines(text) {
        let trimmed = line.trim();
        let mut words = trimmed.split_whitespace();
        match words.next() {
            None => {}
            Some("c") => title = words.collect::<Vec<_>>().join(" "),
            Some("p") => {
                finish(formula.take(), out);
                let head: Vec<&str> = words.collect();
                let count = |at: usize| head.get(at).and_then(|word| word.parse().ok());
                skips = false;
                match (head.first(), count(1), count(2)) {
                    (Some(&"cnf"), Some(variables), Some(announced)) => {
                        let (clauses, clause, title) = (Vec::new(), Vec::new(), std::mem::take(&mut title));
                        formula =
                            Some(Formula { line: number, variables, announced, clauses, clause, title, ended: false });
                    }
                    _ => {
                        out(Entry::wrong(number, 1, trimmed, ALLOWED));
                        skips = true;
                    }
                }
            }
            Some("%") => formula.iter_mut().for_each(|formula| formula.ended = true),
            Some(_) if formula.as_ref().is_some_and(|formula| formula.ended) && trimmed == "0" => {}
            Some(_) => {
                match (&mut formula, trimmed.split_whitespace().map(str::parse).collect::<Result<Vec<i64>, _>>()) {
                    (Some(formula), Ok(numbers)) if !formula.ended => formula.add(&numbers),
                    _ if skips => {}
                    _ => {
                        // What stands in a formula and is no clause makes it another one.
                        out(Entry::wrong(number, 1, trimmed, ALLOWED));
                        skips = formula.take().is_some() || skips;
                    }
                }
            }
        }
    }
    finish(formula, out);
}

/// A formula, with its `title` as a comment.
pub(super) fn write(puzzle: &Value, row: &Map<String, Value>) -> Result<String, String> {
    let clauses = list(puzzle, "clauses");
    let title = said(row, "title");
    let mut text = if title.is_empty() { title } else { format!("c {title}\n") };
    let _ = writeln!(text, "p cnf {} {}", number(puzzle, "variables"), clauses.len());
    for clause in clauses {
        for literal in clause.as_array().into_iter().flatten() {
            let _ = write!(text, "{literal} ");
        }
        text.push_str("0\n");
    }
    Ok(text)
}

impl Formula {
    fn add(&mut self, numbers: &[i64]) {
        for &number in numbers {
            if number == 0 {
                self.clauses.push(std::mem::take(&mut self.clause));
            } else {
                self.clause.push(number);
            }
        }
    }
}

fn finish(formula: Option<Formula>, out: &mut dyn FnMut(Entry)) {
    let Some(mut formula) = formula else { return };
    if !formula.clause.is_empty() {
        formula.clauses.push(std::mem::take(&mut formula.clause));
    }
    let found = formula.clauses.len() as u64;
    out(if found == formula.announced {
        let puzzle = json!({"variables": formula.variables, "clauses": formula.clauses});
        Entry::of(formula.line, puzzle).with("title", &formula.title)
    } else {
        Entry::wrong(formula.line, 1, &format!("{found} clauses"), &format!("{}, as the line says", formula.announced))
    });
}
