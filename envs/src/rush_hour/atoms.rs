//! How Rush Hour is written and read. Cars are called A, B, C … in the order in which they are listed.
//!
//! A state is the offset of every car in its lane, in that order: `[4, 0, 2]`, compact `4 0 2`, in prose `A at 4, B at 0, C at 2`. A move is
//! `B right 2`, in prose `B right by 2`.

use super::RushHour;
use super::board::{Direction, MOST_CARS, Offsets, SIZES, Slide};
use crate::prompt::Task;
use crate::text::{Reader, Style, write_number};
use serde_json::{Value, json};

/// Words of the compact style: letters first.
pub const WORDS: [&str; MOST_CARS + 8] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "left",
    "right", "up", "down", "size", "exit", "row", "column",
];

const DIRECTIONS: [&str; 4] = ["left", "right", "up", "down"];

fn letter(car: usize) -> u8 {
    b'A' + car as u8
}

/// Writes the board and the lane of each car.
///
/// Frame: `Board: 6x6, exit row 2, A row 2 length 2, B column 4 length 3`. Compact: `size 6 exit 2 A row 2 2 , B column 4 3 ,`. Prose: `The
/// board has 6 rows and columns, the exit is in row 2. A is in row 2 with length 2, B in column 4 with length 3.`
pub fn write_header(puzzle: &RushHour, style: Style, out: &mut Vec<u8>) {
    let (size, exit) = (puzzle.board.size, puzzle.exit());
    let begin = match style {
        Style::Frame => format!("Board: {size}x{size}, exit row {exit}"),
        Style::Compact => format!("size {size} exit {exit}"),
        Style::Prose => format!("The board has {size} rows and columns, the exit is in row {exit}."),
    };
    out.extend_from_slice(begin.as_bytes());
    for (i, car) in puzzle.board.cars.iter().enumerate() {
        let between: &[u8] = match (style, i) {
            (Style::Frame, _) => b", ",
            (Style::Compact, _) | (Style::Prose, 0) => b" ",
            (Style::Prose, _) => b", ",
        };
        out.extend_from_slice(between);
        out.push(letter(i));
        out.extend_from_slice(match (style, i) {
            (Style::Prose, 0) => b" is in ",
            (Style::Prose, _) => b" in ",
            _ => b" ",
        });
        let (lane, length) = (car.lane, car.length);
        let line = if car.across { "row" } else { "column" };
        let rest = match style {
            Style::Frame => format!("{line} {lane} length {length}"),
            Style::Compact => format!("{line} {lane} {length} ,"),
            Style::Prose => format!("{line} {lane} with length {length}"),
        };
        out.extend_from_slice(rest.as_bytes());
    }
    if style == Style::Prose {
        out.extend_from_slice(b". Rows count from the top, columns from the left, both from 0. The place of a car is the column or row of its left or upper end, and it moves along its own row or column over free squares.");
    }
}

/// Writes where A has to get: `A=4`, `A 4`, `A at 4`.
pub fn write_target(puzzle: &RushHour, style: Style, out: &mut Vec<u8>) {
    out.extend_from_slice(match style {
        Style::Frame => b"A=",
        Style::Compact => b"A ",
        Style::Prose => b"A at ",
    });
    write_number(puzzle.board.exit_offset().into(), out);
}

pub fn write_state(puzzle: &RushHour, state: Offsets, style: Style, out: &mut Vec<u8>) {
    if style == Style::Frame {
        out.push(b'[');
    }
    for car in 0..puzzle.board.cars.len() {
        if car > 0 {
            out.extend_from_slice(if style == Style::Compact { b" " } else { b", " });
        }
        if style == Style::Prose {
            out.push(letter(car));
            out.extend_from_slice(b" at ");
        }
        write_number(state.of(car).into(), out);
    }
    if style == Style::Frame {
        out.push(b']');
    }
}

/// Reads a state; only one in which no cars overlap.
pub fn read_state(puzzle: &RushHour, style: Style, reader: &mut Reader<'_>) -> Option<Offsets> {
    if style == Style::Frame {
        reader.take(b"[")?;
    }
    let mut state = Offsets::default();
    for car in 0..puzzle.board.cars.len() {
        if car > 0 {
            reader.take(if style == Style::Compact { b" " } else { b", " })?;
        }
        if style == Style::Prose {
            reader.take(&[letter(car)])?;
            reader.take(b" at ")?;
        }
        // An offset has three bits; whether it is on the board is asked below.
        let offset = reader.number().filter(|&offset| offset < u64::from(SIZES[1]))?;
        state = state.with(car, offset as u8);
    }
    if style == Style::Frame {
        reader.take(b"]")?;
    }
    puzzle.board.is_position(state).then_some(state)
}

pub fn write_move(action: Slide, style: Style, out: &mut Vec<u8>) {
    out.push(letter(action.car.into()));
    out.push(b' ');
    out.extend_from_slice(DIRECTIONS[action.direction as usize].as_bytes());
    out.extend_from_slice(if style == Style::Prose { b" by " } else { b" " });
    write_number(action.by.into(), out);
}

/// Reads a move of any car of the puzzle in any direction: whether it is legal is for the rules to say.
pub fn read_move(puzzle: &RushHour, style: Style, reader: &mut Reader<'_>) -> Option<Slide> {
    let car = reader.peek()?.checked_sub(b'A').filter(|&car| usize::from(car) < puzzle.board.cars.len())?;
    reader.take(&[letter(car.into()), b' '])?;
    let direction = Direction::ALL[reader.one_of(&DIRECTIONS)?];
    reader.take(if style == Style::Prose { b" by " } else { b" " })?;
    let by = reader.number().filter(|&by| (1..u64::from(SIZES[1])).contains(&by))?;
    Some(Slide { car, direction, by: by as u8 })
}

/// The puzzle of a prompt.
pub fn read_task(task: &Task<'_>) -> Option<Value> {
    let (head, lanes) = match task.style {
        Style::Frame => task.header.split_once(", A ")?,
        Style::Compact => task.header.split_once(" A ")?,
        Style::Prose => task.header.split_once(" A is in ")?,
    };
    let head = crate::prompt::numbers(task.style, head)?;
    let (size, exit) = (head.first()?, head.last()?);
    let lanes = lanes.split(". ").next()?.trim_end_matches(',').split(',').filter(|lane| !lane.trim().is_empty());
    let car = |(lane, offset): (&str, u64)| {
        let numbers = crate::prompt::numbers(task.style, lane)?;
        let (at, length) = (*numbers.first()?, *numbers.get(1)?);
        let across = lane.contains("row");
        let [x, y] = if across { [offset, at] } else { [at, offset] };
        Some(json!({"x": x, "y": y, "length": length, "across": across}))
    };
    let cars = lanes.zip(task.start_numbers()?).map(car).collect::<Option<Vec<Value>>>()?;
    Some(json!({"size": size, "exit": exit, "cars": cars}))
}
