//! Sudoku: a board in a line, as in lists of puzzles (with anything behind it), or drawn row by row, with or without rulers between boxes.
//!
//! Boards of 16 by 16 have 1 to 9 and A to G, or 0 to F where open cells have another sign than 0; drawn ones may have the numbers 10 to 16.

use serde_json::{Map, Value, json};

use super::{Entry, Title, lines, list, said};

/// Rows of the boards that there are, by the number of cells.
const SIZES: [(usize, usize); 4] = [(16, 4), (36, 6), (81, 9), (256, LARGEST)];

/// Lengths of a board in a line.
const LINES: [usize; 4] = [16, 36, 81, LARGEST * LARGEST];

/// Rows of the largest boards.
const LARGEST: usize = 16;

const ALLOWED: &str = "16, 36, 81 or 256 cells in a line, or rows of 4, 6, 9 or 16: digits (A to G behind 9), and . 0 _ or * where a cell is open";

fn digit(letter: char) -> Option<u8> {
    match letter {
        '.' | '_' | '*' => Some(0),
        _ => letter.to_digit(10).map(|digit| digit as u8),
    }
}

/// The sign of a digit; a point for none.
fn letter(digit: u64) -> char {
    let digit = u32::try_from(digit).ok().and_then(|digit| char::from_digit(digit, 1 + LARGEST as u32));
    digit.filter(|&digit| digit != '0').map_or('.', |digit| digit.to_ascii_uppercase())
}

/// The digits of a board of 16 by 16. With another sign for open cells, 0 is a digit, and those behind it are one less than their values.
fn large(signs: &[char]) -> Option<Vec<u8>> {
    let from = u8::from(signs.contains(&'0') && signs.iter().any(|sign| ".*_".contains(*sign)));
    let digit = |&sign: &char| match sign {
        '.' | '_' | '*' => Some(0),
        _ => sign
            .to_digit(1 + LARGEST as u32)
            .map(|digit| digit as u8 + from)
            .filter(|&digit| usize::from(digit) <= LARGEST),
    };
    signs.iter().map(digit).collect()
}

/// The signs of a drawn row of 16 cells; numbers of two digits are the letters that stand for them.
fn large_row(line: &str) -> Option<Vec<char>> {
    let sign = |word: &str| match word.parse() {
        Ok(0) => Some('0'),
        Ok(number) if number <= LARGEST as u64 => Some(letter(number)),
        Ok(_) => None,
        Err(_) => word.chars().next().filter(|_| word.chars().count() == 1),
    };
    let words = line.split(|letter: char| "|! \t,".contains(letter)).filter(|word| !word.is_empty());
    let row = words.clone().map(sign).collect::<Option<Vec<char>>>().filter(|row| row.len() == LARGEST);
    row.or_else(|| Some(words.flat_map(str::chars).collect()).filter(|row: &Vec<char>| row.len() == LARGEST))
}

fn is_ruler(line: &str) -> bool {
    line.chars().all(|letter| "+-=─━┼|! \t".contains(letter))
}

/// The rows of a board of 16 by 16 that begins with the first of these lines, and how many lines it takes. A list of boards of 4 by 4, a line each, is none.
fn large_board(lines: &[(usize, &str)]) -> Option<(Vec<u8>, usize)> {
    large_row(lines.first()?.1)?;
    let mut signs = Vec::new();
    let mut taken = 0;
    while signs.len() < LARGEST * LARGEST {
        let (_, line) = lines.get(taken)?;
        taken += 1;
        if !is_ruler(line) {
            signs.extend(large_row(line)?);
        }
    }
    signs.iter().any(char::is_ascii_alphabetic).then_some((large(&signs)?, taken))
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
    let all: Vec<(usize, &str)> = lines(text).collect();
    let mut from = 0;
    while let Some(&(number, line)) = all.get(from) {
        from += 1;
        if let Some((cells, taken)) = large_board(&all[from - 1..]) {
            board.give_up(&mut title, out);
            from += taken - 1;
            let rows: Vec<_> = cells.chunks(LARGEST).collect();
            out(Entry::of(number, json!({"cells": rows})).with("title", &titled(&mut title, &mut comment)));
            continue;
        }
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        let (first, rest) = trimmed.split_at(trimmed.find([' ', '\t', ',', ';', ':']).unwrap_or(trimmed.len()));
        let signs: Vec<char> = first.chars().collect();
        let large = Some(&signs).filter(|signs| signs.len() == LARGEST * LARGEST).and_then(|signs| large(signs));
        let cells = large.or_else(|| digits(first)).unwrap_or_default();
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
        if is_ruler(&drawn) {
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

/// A board in a line, `.` for an open cell, with the `rest` of its row behind it and its `title` as a comment in front.
pub(super) fn write(puzzle: &Value, row: &Map<String, Value>) -> Result<String, String> {
    let cells = list(puzzle, "cells").iter().flat_map(|row| row.as_array().into_iter().flatten());
    let board: String = cells.map(|cell| cell.as_u64().map_or('.', letter)).collect();
    let title = Some(said(row, "title")).filter(|title| !title.is_empty()).map(|title| format!("# {title}\n"));
    Ok(format!(
        "{}{}\n",
        title.unwrap_or_default(),
        format_args!("{board} {}", said(row, "rest")).to_string().trim_end()
    ))
}

/// The heading of a board; where there is none, the comment in front of it.
fn titled(title: &mut Title, comment: &mut String) -> String {
    let comment = std::mem::take(comment);
    Some(title.take()).filter(|title| !title.is_empty()).unwrap_or(comment)
}

/// The column of the first character that no cell is written with.
fn column(line: &str, drawn: &str) -> usize {
    let is_large = drawn.chars().count() == LARGEST * LARGEST;
    let is_wrong = |letter: &char| digit(*letter).is_none() && !(is_large && large(&[*letter]).is_some());
    let wrong = drawn.chars().find(is_wrong);
    line.chars().position(|letter| Some(letter) == wrong).map_or(1, |place| place + 1)
}
