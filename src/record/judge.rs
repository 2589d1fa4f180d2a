//! Rows held to their labels: what a kind of record promises is worked out again from the row alone, by replay.

use serde_json::{Map, Value};

use super::checked::CheckedText;
use crate::arena::Puzzle;
use crate::check::LazyFacts;
use crate::dialect::DialectEntry;

/// Holds a row to its labels.
pub type Judge = fn(&RowView<'_>) -> Judged;

/// What does not agree between a row's labels and a replay; nothing where all do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Each in a sentence.
    pub problems: Vec<String>,
}

impl Judged {
    /// Notes that a column does not hold what a replay says.
    pub fn expect(&mut self, column: &str, found: impl Into<Value>, right: impl Into<Value>) {
        let (found, right) = (found.into(), right.into());
        if found != right {
            self.problems.push(format!("{column}: found {found}, right is {right}"));
        }
    }

    /// Notes a problem where something does not hold.
    pub fn hold(&mut self, holds: bool, otherwise: impl Into<String>) {
        if !holds {
            self.problems.push(otherwise.into());
        }
    }
}

/// A row, as a file has it, and its puzzle.
pub struct RowView<'a> {
    /// The puzzle.
    pub puzzle: &'a Puzzle,
    /// What is proven of it.
    pub facts: &'a LazyFacts<'a>,
    /// The dialect of its traces.
    pub dialect: &'a DialectEntry,
    /// Its columns.
    pub row: &'a Map<String, Value>,
}

impl RowView<'_> {
    /// A column; null where there is none.
    pub fn value(&self, column: &str) -> &Value {
        self.row.get(column).unwrap_or(&Value::Null)
    }

    /// A text column; empty where there is none.
    pub fn text(&self, column: &str) -> &str {
        self.value(column).as_str().unwrap_or("")
    }

    /// A column of lists; empty where there is none.
    pub fn list(&self, column: &str) -> &[Value] {
        self.value(column).as_array().map_or(&[], Vec::as_slice)
    }

    /// The texts of a column of lists.
    pub fn texts(&self, column: &str) -> Vec<&str> {
        self.list(column).iter().map(|text| text.as_str().unwrap_or("")).collect()
    }

    /// The puzzle's own prompt.
    pub fn prompt(&self) -> String {
        String::from_utf8_lossy(&self.dialect.prompt(self.puzzle)).into_owned()
    }

    /// What a check says of a text behind the puzzle's own prompt.
    pub fn read(&self, completion: &str) -> CheckedText {
        CheckedText::read(self.puzzle, self.facts, self.dialect, completion.into())
    }

    /// A column of marks: lists of numbers.
    pub fn marks(&self, column: &str) -> Vec<Vec<usize>> {
        serde_json::from_str(self.text(column)).unwrap_or_default()
    }
}
