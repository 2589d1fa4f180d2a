//! How number lines are written and read.
//!
//! Frame: `[12]`, `+3=12`. Compact: `12`, `+ 3 = 12`. Prose: `12`, `add 3 to get 12`.

use super::{Kind, Move, NumberLine, Operation};
use crate::prompt::{Task, numbers};
use crate::text::{Reader, Style, write_number_in};
use serde_json::{Value, json};

const PHRASES: [&str; 4] = ["add ", "subtract ", "multiply by ", "divide by "];
const SIGNS: [&str; 4] = ["+", "-", "*", "/"];
const SPACED_SIGNS: [&str; 4] = ["+ ", "- ", "* ", "/ "];

pub fn sign(kind: Kind) -> u8 {
    b"+-*/"[kind as usize]
}

fn heads(style: Style) -> &'static [&'static str; 4] {
    match style {
        Style::Frame => &SIGNS,
        Style::Compact => &SPACED_SIGNS,
        Style::Prose => &PHRASES,
    }
}

fn equals(style: Style) -> &'static [u8] {
    match style {
        Style::Frame => b"=",
        Style::Compact => b" = ",
        Style::Prose => b" to get ",
    }
}

pub fn write_operation(operation: Operation, style: Style, out: &mut Vec<u8>) {
    out.extend_from_slice(heads(style)[operation.kind as usize].as_bytes());
    write_number_in(style, operation.number.into(), out);
}

pub fn read_operation(style: Style, reader: &mut Reader<'_>) -> Option<Operation> {
    let kind = Kind::ALL[reader.one_of(heads(style))?];
    let number = reader.number_up_to(style, u32::MAX.into())? as u32;
    Some(Operation { kind, number }).filter(|operation| operation.is_sound())
}

/// Frame: `Steps: +3, *2; from 0 to 99`. Compact: `steps + 3 , * 2 , limit 99`. Prose: `The steps are add 3, multiply by 2;
/// numbers run from 0 to 99.`
pub fn write_header(puzzle: &NumberLine, style: Style, out: &mut Vec<u8>) {
    let (first, between, last): (&[u8], &[u8], &[u8]) = match style {
        Style::Frame => (b"Steps: ", b", ", b"; from 0 to "),
        Style::Compact => (b"steps ", b" , ", b" , limit "),
        Style::Prose => (b"The steps are ", b", ", b"; numbers run from 0 to "),
    };
    out.extend_from_slice(first);
    for (place, &operation) in puzzle.operations.iter().enumerate() {
        if place > 0 {
            out.extend_from_slice(between);
        }
        write_operation(operation, style, out);
    }
    out.extend_from_slice(last);
    write_number_in(style, puzzle.limit.into(), out);
    if style == Style::Prose {
        out.extend_from_slice(b". A division must leave no rest.");
    }
}

pub fn write_state(state: u32, style: Style, out: &mut Vec<u8>) {
    if style == Style::Frame {
        out.push(b'[');
    }
    write_number_in(style, state.into(), out);
    if style == Style::Frame {
        out.push(b']');
    }
}

pub fn read_state(puzzle: &NumberLine, style: Style, reader: &mut Reader<'_>) -> Option<u32> {
    if style == Style::Frame {
        reader.take(b"[")?;
    }
    let state = reader.number_up_to(style, puzzle.limit.into())?;
    if style == Style::Frame {
        reader.take(b"]")?;
    }
    Some(state as u32)
}

pub fn write_move(action: Move, style: Style, out: &mut Vec<u8>) {
    write_operation(action.operation, style, out);
    out.extend_from_slice(equals(style));
    write_number_in(style, action.result.into(), out);
}

pub fn read_move(puzzle: &NumberLine, style: Style, reader: &mut Reader<'_>) -> Option<Move> {
    let operation = read_operation(style, reader)?;
    reader.take(equals(style))?;
    let result = reader.number_up_to(style, puzzle.limit.into())? as u32;
    Some(Move { operation, result })
}

/// The puzzle of a prompt.
pub fn read_task(task: &Task<'_>) -> Option<Value> {
    let (before, between, end) = match task.style {
        Style::Frame => ("Steps: ", ", ", "; from 0 to "),
        Style::Compact => ("steps ", " , ", " , limit "),
        Style::Prose => ("The steps are ", ", ", "; numbers run from 0 to "),
    };
    let signs = |part: &str| {
        let mut reader = Reader::new(part.as_bytes());
        let operation = read_operation(task.style, &mut reader)?;
        let mut text = Vec::new();
        write_operation(operation, Style::Frame, &mut text);
        String::from_utf8(text).ok()
    };
    let operations = task.between(before, end)?.split(between).map(signs).collect::<Option<Vec<String>>>()?;
    let limit = *numbers(task.style, task.between(end, "")?)?.first()?;
    let (start, target) = (*task.start_numbers()?.first()?, *task.target_numbers()?.first()?);
    Some(json!({"start": start, "target": target, "limit": limit, "operations": operations}))
}
