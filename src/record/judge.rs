//! Checks of rows against their labels. The promises of a kind of record are derived again from the row alone, by replay.

use serde_json::{Map, Value};

use super::checked::CheckedText;
use crate::arena::Puzzle;
use crate::check::LazyFacts;
use crate::dialect::DialectEntry;

/// Checks a row against its labels.
pub type Judge = fn(&RowView<'_>) -> Judged;

/// The disagreements between a row's labels and a replay; empty if there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// One sentence for each.
    pub problems: Vec<String>,
}

impl Judged {
    /// Notes a problem if a column differs from the replay.
    pub fn expect(&mut self, column: &str, found: impl Into<Value>, right: impl Into<Value>) {
        let (found, right) = (found.into(), right.into());
        if found != right {
            self.problems.push(format!("{column}: found {found}, right is {right}"));
        }
    }

    /// Notes a problem if a condition does not hold.
    pub fn hold(&mut self, holds: bool, otherwise: impl Into<String>) {
        if !holds {
            self.problems.push(otherwise.into());
        }
    }
}

/// A row, as in a file, and its puzzle.
pub struct RowView<'a> {
    /// The puzzle.
    pub puzzle: &'a Puzzle,
    /// The proven facts of the puzzle.
    pub facts: &'a LazyFacts<'a>,
    /// The dialect of its traces.
    pub dialect: &'a DialectEntry,
    /// The columns of the row.
    pub row: &'a Map<String, Value>,
}

impl RowView<'_> {
    /// A column; null if it does not exist.
    pub fn value(&self, column: &str) -> &Value {
        self.row.get(column).unwrap_or(&Value::Null)
    }

    /// A text column; empty if it does not exist.
    pub fn text(&self, column: &str) -> &str {
        self.value(column).as_str().unwrap_or("")
    }

    /// A list column; empty if it does not exist.
    pub fn list(&self, column: &str) -> &[Value] {
        self.value(column).as_array().map_or(&[], Vec::as_slice)
    }

    /// The texts of a list column.
    pub fn texts(&self, column: &str) -> Vec<&str> {
        self.list(column).iter().map(|text| text.as_str().unwrap_or("")).collect()
    }

    /// Role and content of the turns of a conversation.
    pub fn turns(&self, column: &str) -> Vec<(&str, &str)> {
        fn field<'t>(turn: &'t Value, name: &str) -> &'t str {
            turn.get(name).and_then(Value::as_str).unwrap_or("")
        }
        self.list(column).iter().map(|turn| (field(turn, "role"), field(turn, "content"))).collect()
    }

    /// The puzzle's own prompt.
    pub fn prompt(&self) -> String {
        String::from_utf8_lossy(&self.dialect.prompt(self.puzzle)).into_owned()
    }

    /// Reads and checks a text after the puzzle's own prompt.
    pub fn read(&self, completion: &str) -> CheckedText {
        CheckedText::read(self.puzzle, self.facts, self.dialect, completion.into())
    }

    /// A column of marks: lists of numbers.
    pub fn marks(&self, column: &str) -> Vec<Vec<usize>> {
        serde_json::from_str(self.text(column)).unwrap_or_default()
    }
}
