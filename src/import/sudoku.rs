//! Sudoku: a board in a line, as in lists of puzzles (with anything behind it), or drawn row by row, with or without rulers between boxes.

use serde_json::json;

use super::{Entry, Title, lines};

/// Rows of the boards that there are, by the number of cells.
const SIZES: [(usize, usize); 3] = [(16, 4), (36, 6), (81, 9)];

/// Lengths of a board in a line, be it one that there is or one of 16 by 16.
const LINES: [usize; 4] = [16, 36, 81, 256];

const ALLOWED: &str = "16, 36 or 81 cells in a line, or rows of 4, 6 or 9: digits, and . 0 _ or * where a cell is open";

fn digit(letter: char) -> Option<u8> {
    match letter {
        '.' | '_' | '*' => Some(0),
        _ => letter.to_digit(10).map(|digit| digit as u8),
    }
}

/// The digits of a text of nothing else.
fn digits(text: &str) -> Option<Vec<u8>> {
    text.chars().map(digit).collect()
}

/// Rows under way.
#[derive(Default)]
struct Board {
    rows: Vec<Vec<u8>>,
    line: usize,
}

impl Board {
    /// Ends a board before it is whole; its title goes with it.
    fn give_up(&mut self, title: &mut Title, out: &mut dyn FnMut(Entry)) {
        if let Some(row) = self.rows.first() {
            let found = format!("{} rows of {} cells", self.rows.len(), row.len());
            out(Entry::wrong(self.line, 1, &found, ALLOWED));
            self.rows.clear();
            title.take();
        }
    }
}

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    let mut board = Board::default();
    let (mut title, mut comment) = (Title::default(), String::new());
    for (number, line) in lines(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        let (first, rest) = trimmed.split_at(trimmed.find([' ', '\t', ',', ';', ':']).unwrap_or(trimmed.len()));
        let cells = digits(first).unwrap_or_default();
        if let Some(&(_, size)) = SIZES.iter().find(|(cells_of, _)| *cells_of == cells.len()) {
            board.give_up(&mut title, out);
            let rows: Vec<_> = cells.chunks(size).collect();
            let rest = rest.trim_start_matches([' ', '\t', ',', ';', ':']);
            out(Entry::of(number, json!({"cells": rows}))
                .with("title", &titled(&mut title, &mut comment))
                .with("rest", rest));
            continue;
        }
        if let Some(said) = trimmed.strip_prefix(['#', ';', '%']) {
            comment = said.trim().into();
            continue;
        }
        let drawn: String = trimmed.chars().filter(|letter| !"|! \t,".contains(*letter)).collect();
        if drawn.chars().all(|letter| "+-=─━┼".contains(letter)) {
            continue;
        }
        let row = digits(&drawn).filter(|row| SIZES.iter().any(|(_, size)| *size == row.len()));
        let Some(row) = row else {
            let is_board = LINES.contains(&first.chars().count());
            if trimmed.starts_with(char::is_alphabetic) && board.rows.is_empty() && !is_board {
                // A heading, such as "Grid 01" or the head of a table.
                title.add(number, trimmed);
            } else {
                board.give_up(&mut title, out);
                std::mem::take(&mut title).left(ALLOWED, out);
                out(Entry::wrong(number, column(line, &drawn), trimmed, ALLOWED));
            }
            continue;
        };
        if board.rows.first().is_some_and(|above| above.len() != row.len()) {
            board.give_up(&mut title, out);
        }
        if board.rows.is_empty() {
            board.line = number;
        }
        let size = row.len();
        board.rows.push(row);
        if board.rows.len() == size {
            let rows = std::mem::take(&mut board.rows);
            out(Entry::of(board.line, json!({"cells": rows})).with("title", &titled(&mut title, &mut comment)));
        }
    }
    board.give_up(&mut title, out);
    title.left(ALLOWED, out);
}

/// The heading of a board; where there is none, the comment in front of it.
fn titled(title: &mut Title, comment: &mut String) -> String {
    let comment = std::mem::take(comment);
    Some(title.take()).filter(|title| !title.is_empty()).unwrap_or(comment)
}

/// The column of the first character that no cell is written with.
fn column(line: &str, drawn: &str) -> usize {
    let wrong = drawn.chars().find(|&letter| digit(letter).is_none());
    line.chars().position(|letter| Some(letter) == wrong).map_or(1, |place| place + 1)
}
