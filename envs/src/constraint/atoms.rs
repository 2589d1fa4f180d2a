//! How states and moves of constraint puzzles are written and read.
//!
//! A move is `r1c2=5`, in tokens `r1c2 5`. A state lists the values of all variables in their order, `_` where none is decided: a board of single
//! characters row by row, `[53__7/6__19/…]`; what is no board, `[red _ blue]`; in tokens, the values between spaces.

use super::{Choice, Constraint, OPEN, Values};
use crate::text::{Reader, Style};

/// Stands where a variable is not decided.
const UNDECIDED: &str = "_";

fn value_name(puzzle: &Constraint, value: u8) -> &str {
    puzzle.network().values.get(usize::from(value)).map_or(UNDECIDED, String::as_str)
}

pub fn write_state(puzzle: &Constraint, state: &Values, style: Style, out: &mut Vec<u8>) {
    let columns = puzzle.model.columns().filter(|_| style != Style::Compact);
    let brackets = style != Style::Compact;
    if brackets {
        out.push(b'[');
    }
    for variable in 0..puzzle.network().len() {
        match columns {
            Some(columns) if variable > 0 && variable % columns == 0 => out.push(b'/'),
            None if variable > 0 => out.push(b' '),
            _ => {}
        }
        out.extend_from_slice(value_name(puzzle, state.0[variable]).as_bytes());
    }
    if brackets {
        out.push(b']');
    }
}

pub fn read_state(puzzle: &Constraint, style: Style, reader: &mut Reader<'_>) -> Option<Values> {
    let columns = puzzle.model.columns().filter(|_| style != Style::Compact);
    let brackets = style != Style::Compact;
    if brackets {
        reader.take(b"[")?;
    }
    let mut state = Values::NONE;
    for variable in 0..puzzle.network().len() {
        match columns {
            Some(columns) if variable > 0 && variable % columns == 0 => reader.take(b"/")?,
            None if variable > 0 => reader.take(b" ")?,
            _ => {}
        }
        state.0[variable] = match reader.take(UNDECIDED.as_bytes()) {
            Some(()) => OPEN,
            None => read_name(&puzzle.network().values, reader)?,
        };
    }
    if brackets {
        reader.take(b"]")?;
    }
    Some(state)
}

/// Takes the longest of the names that stands next.
fn read_name(names: &[String], reader: &mut Reader<'_>) -> Option<u8> {
    let rest = reader.rest();
    let fitting = names.iter().enumerate().filter(|(_, name)| rest.starts_with(name.as_bytes()));
    let (place, name) = fitting.max_by_key(|(_, name)| name.len())?;
    reader.take(name.as_bytes())?;
    u8::try_from(place).ok()
}

pub fn write_move(puzzle: &Constraint, action: Choice, style: Style, out: &mut Vec<u8>) {
    let variable = puzzle.network().variables.get(usize::from(action.variable)).map_or("", String::as_str);
    out.extend_from_slice(variable.as_bytes());
    out.extend_from_slice(match style {
        Style::Frame => b"=",
        Style::Compact => b" ",
        Style::Prose => b" = ",
    });
    out.extend_from_slice(value_name(puzzle, action.value).as_bytes());
}

pub fn read_move(puzzle: &Constraint, style: Style, reader: &mut Reader<'_>) -> Option<Choice> {
    let variable = read_name(&puzzle.network().variables, reader)?;
    reader.take(match style {
        Style::Frame => b"=".as_slice(),
        Style::Compact => b" ",
        Style::Prose => b" = ",
    })?;
    let value = read_name(&puzzle.network().values, reader)?;
    Some(Choice { variable, value })
}
