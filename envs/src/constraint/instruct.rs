//! Constraint puzzles in words: each kind has its own rules; what several kinds lay out in one way is here.

use super::board::Rows;
use super::{Constraint, kinds};
use crate::instruct::{Instruct, Instructions, block};
use serde_json::Value;

impl Instruct for Constraint {
    fn instructions(&self) -> Instructions {
        self.model.instructions()
    }

    fn read_layout(kind: usize, layout: &str) -> Option<Value> {
        (kinds::KINDS[kind].read_layout)(layout)
    }
}

/// The digits of a row with spaces between them; `_` for an open cell.
pub fn row(digits: &[u8]) -> String {
    let digits = digits.iter().map(|&digit| if digit == 0 { "_".into() } else { digit.to_string() });
    digits.collect::<Vec<String>>().join(" ")
}

/// The numbers of a line; `_` is 0. None if anything else stands there.
pub fn digits(line: &str) -> Option<Vec<u64>> {
    line.split_ascii_whitespace().map(|digit| if digit == "_" { Some(0) } else { digit.parse().ok() }).collect()
}

/// A board below its title.
pub fn board(title: &str, rows: &Rows) -> String {
    [title.to_string()].into_iter().chain(rows.iter().map(|cells| row(cells))).collect::<Vec<_>>().join("\n")
}

/// The rows of a board between its title and the line that begins with `end`.
pub fn read_board(layout: &str, title: &str, end: &str) -> Option<Vec<Vec<u64>>> {
    block(layout, title, end)?.into_iter().map(digits).collect()
}

/// The form of answers that are a board: an example of a line has the numbers from 1 on.
pub fn grid_form(rows: usize, columns: usize) -> String {
    let example: Vec<String> = (1..=columns).map(|number| number.to_string()).collect();
    format!(
        "Write the whole board with all cells filled: {rows} lines of {columns} numbers each, separated by spaces; a line looks like this: {}.",
        example.join(" ")
    )
}
