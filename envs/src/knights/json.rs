//! A puzzle as JSON: `{"task":"path","width":5,"height":5,"blocked":["b2"],"start":"a1","goal":"c3"}` or
//! `{"task":"swap","width":3,"height":3,"blocked":["b2"],"white":["a1","c1"],"black":["a3","c3"]}`.

use serde::Deserialize;
use serde_json::Value;

use super::atoms::{square_of, write_square};
use super::board::{Board, Position, SIDES, bits, positions, squares};
use super::{Knights, Layout, MOST_KNIGHTS, MOST_POSITIONS};
use crate::environment::PuzzleError;
use crate::json::Json;

#[derive(Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case", deny_unknown_fields)]
enum JsonPuzzle {
    Path { width: u64, height: u64, blocked: Vec<String>, start: String, goal: String },
    Swap { width: u64, height: u64, blocked: Vec<String>, white: Vec<String>, black: Vec<String> },
}

impl Json for Knights {
    fn write_json(&self, out: &mut Vec<u8>) {
        let Layout { board, start, goal } = self.layout;
        let path = start.black == 0;
        let (task, one, other) = if path { ("path", "start", "goal") } else { ("swap", "white", "black") };
        let Board { width, height, open } = board;
        let head = format!("{{\"task\":\"{task}\",\"width\":{width},\"height\":{height},\"blocked\":");
        out.extend_from_slice(head.as_bytes());
        write_list(squares(width, height) & !open, out);
        out.extend_from_slice(format!(",\"{one}\":").as_bytes());
        if path {
            write_name(start.white, out)
        } else {
            write_list(start.white, out)
        }
        out.extend_from_slice(format!(",\"{other}\":").as_bytes());
        if path {
            write_name(goal.white, out)
        } else {
            write_list(start.black, out)
        }
        out.push(b'}');
    }

    fn from_json(value: &Value) -> Result<Knights, PuzzleError> {
        let json = JsonPuzzle::deserialize(value).map_err(|error| PuzzleError(error.to_string()))?;
        match json {
            JsonPuzzle::Path { width, height, blocked, start, goal } => {
                let board = board(width, height, &blocked)?;
                let white = knights(&board, "start", &[start])?;
                let goal = knights(&board, "goal", &[goal])?;
                let position = |white| Position { white, black: 0 };
                Ok(Knights::new(Layout { board, start: position(white), goal: position(goal) }))
            }
            JsonPuzzle::Swap { width, height, blocked, white, black } => {
                let board = board(width, height, &blocked)?;
                let white = knights(&board, "white", &white)?;
                let black = knights(&board, "black", &black)?;
                if white & black != 0 || white.count_ones() != black.count_ones() {
                    return wrong("black", bits(black).count(), "as many as white ones, on other squares");
                }
                let count = white.count_ones().into();
                let found = positions(board.open.count_ones().into(), count, count);
                if found > MOST_POSITIONS as u128 {
                    return wrong("white", format!("{found} positions"), format!("at most {MOST_POSITIONS} positions"));
                }
                let [start, goal] = [(white, black), (black, white)].map(|(white, black)| Position { white, black });
                Ok(Knights::new(Layout { board, start, goal }))
            }
        }
    }
}

fn write_name(set: u64, out: &mut Vec<u8>) {
    for square in bits(set) {
        out.push(b'"');
        write_square(square, out);
        out.push(b'"');
    }
}

fn write_list(set: u64, out: &mut Vec<u8>) {
    out.push(b'[');
    for (i, square) in bits(set).enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_name(1 << square, out);
    }
    out.push(b']');
}

fn wrong<T>(field: &str, found: impl std::fmt::Display, allowed: impl std::fmt::Display) -> Result<T, PuzzleError> {
    Err(PuzzleError(format!("{field}: found {found}; allowed: {allowed}")))
}

/// The squares of a list: on the board, and each once.
fn set(board: &Board, field: &str, names: &[String]) -> Result<u64, PuzzleError> {
    let mut set = 0u64;
    for name in names {
        let square = square_of(board, name.as_bytes()).map(|square| 1u64 << square);
        match square.filter(|square| set & square == 0) {
            Some(square) => set |= square,
            None => {
                let shown: String = name.chars().take(20).collect();
                return wrong(field, format!("{shown:?}"), "squares of the board like \"a1\", each once");
            }
        }
    }
    Ok(set)
}

fn board(width: u64, height: u64, blocked: &[String]) -> Result<Board, PuzzleError> {
    let [least, most] = SIDES.map(u64::from);
    for (field, found) in [("width", width), ("height", height)] {
        if !(least..=most).contains(&found) {
            return wrong(field, found, format!("{least} to {most}"));
        }
    }
    let (width, height) = (width as u8, height as u8);
    let all = Board { width, height, open: squares(width, height) };
    Ok(Board { open: all.open & !set(&all, "blocked", blocked)?, ..all })
}

/// The squares of knights: open ones.
fn knights(board: &Board, field: &str, names: &[String]) -> Result<u64, PuzzleError> {
    let found = set(board, field, names)?;
    let count = u64::from(found.count_ones());
    if found & !board.open != 0 || !(1..=MOST_KNIGHTS).contains(&count) {
        return wrong(
            field,
            format!("{count} knights"),
            format!("1 to {MOST_KNIGHTS}, on squares that are not blocked"),
        );
    }
    Ok(found)
}
