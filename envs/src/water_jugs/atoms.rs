//! How water jugs are written and read. A state lists what each jug holds, in the order of the puzzle; jugs are called a, b, c
//! and d.
//!
//! Frame: `[3, 2]`, `pour b a=[3, 2]`. Compact: `3 2`, `pour b a = 3 2`. Prose: `3 and 2`, `pour b into a leaving 3 and 2`.

use super::{Action, Litres, MAX_JUGS, Move, WaterJugs};
use crate::prompt::Task;
use crate::text::{Reader, Style, write_number};
use serde_json::{Value, json};

const VERBS: [&str; 3] = ["fill ", "empty ", "pour "];
const NAMES: &[u8; MAX_JUGS] = b"abcd";

/// What stands before, between, before the last, and after the numbers of a list.
fn signs(style: Style) -> [&'static [u8]; 4] {
    match style {
        Style::Frame => [b"[", b", ", b", ", b"]"],
        Style::Compact => [b"", b" ", b" ", b""],
        Style::Prose => [b"", b", ", b" and ", b""],
    }
}

/// What stands between the jugs of a pour, and before the result.
fn joints(style: Style) -> (&'static [u8], &'static [u8]) {
    match style {
        Style::Frame => (b" ", b"="),
        Style::Compact => (b" ", b" = "),
        Style::Prose => (b" into ", b" leaving "),
    }
}

fn write_list(numbers: &[u8], style: Style, out: &mut Vec<u8>) {
    let [before, between, last, after] = signs(style);
    out.extend_from_slice(before);
    for (place, &number) in numbers.iter().enumerate() {
        if place > 0 {
            out.extend_from_slice(if place + 1 == numbers.len() { last } else { between });
        }
        write_number(number.into(), out);
    }
    out.extend_from_slice(after);
}

pub fn write_header(puzzle: &WaterJugs, style: Style, out: &mut Vec<u8>) {
    out.extend_from_slice(match style {
        Style::Frame => b"Jugs: ",
        Style::Compact => b"jugs ",
        Style::Prose => b"The jugs hold ",
    });
    write_list(puzzle.sizes(), style, out);
    if style == Style::Prose {
        let names: &str = ["", "a", "a and b", "a, b and c", "a, b, c and d"].get(puzzle.jugs).unwrap_or(&"");
        let rules = " litres. They are called {}. A move fills a jug, empties it, or pours it into another until that is full or the first is empty.";
        out.extend_from_slice(rules.replace("{}", names).as_bytes());
    }
}

pub fn write_target(puzzle: &WaterJugs, style: Style, out: &mut Vec<u8>) {
    write_number(puzzle.target.into(), out);
    if style == Style::Prose {
        out.extend_from_slice(b" in one jug");
    }
}

pub fn write_state(puzzle: &WaterJugs, state: &Litres, style: Style, out: &mut Vec<u8>) {
    write_list(&state[..puzzle.jugs], style, out);
}

pub fn read_state(puzzle: &WaterJugs, style: Style, reader: &mut Reader<'_>) -> Option<Litres> {
    let [before, between, last, after] = signs(style);
    let mut state = [0; MAX_JUGS];
    reader.take(before)?;
    for (jug, (held, &size)) in state.iter_mut().zip(puzzle.sizes()).enumerate() {
        if jug > 0 {
            reader.take(if jug + 1 == puzzle.jugs { last } else { between })?;
        }
        *held = reader.number_up_to(style, size.into())? as u8;
    }
    reader.take(after)?;
    Some(state)
}

fn name(jug: u8) -> u8 {
    NAMES.get(usize::from(jug)).copied().unwrap_or(b'?')
}

pub fn write_move(puzzle: &WaterJugs, action: Move, style: Style, out: &mut Vec<u8>) {
    let (between, before) = joints(style);
    let (verb, jug) = match action.action {
        Action::Fill(jug) => (0, jug),
        Action::Empty(jug) => (1, jug),
        Action::Pour(from, _) => (2, from),
    };
    out.extend_from_slice(VERBS[verb].as_bytes());
    out.push(name(jug));
    if let Action::Pour(_, to) = action.action {
        out.extend_from_slice(between);
        out.push(name(to));
    }
    out.extend_from_slice(before);
    write_state(puzzle, &action.result, style, out);
}

fn read_jug(puzzle: &WaterJugs, reader: &mut Reader<'_>) -> Option<u8> {
    let jug = NAMES[..puzzle.jugs].iter().position(|&name| reader.peek() == Some(name))?;
    reader.seek(reader.position() + 1);
    Some(jug as u8)
}

pub fn read_move(puzzle: &WaterJugs, style: Style, reader: &mut Reader<'_>) -> Option<Move> {
    let (between, before) = joints(style);
    let verb = reader.one_of(&VERBS)?;
    let jug = read_jug(puzzle, reader)?;
    let action = match verb {
        0 => Action::Fill(jug),
        1 => Action::Empty(jug),
        _ => {
            reader.take(between)?;
            Action::Pour(jug, read_jug(puzzle, reader)?)
        }
    };
    reader.take(before)?;
    Some(Move { action, result: read_state(puzzle, style, reader)? })
}

/// The puzzle of a prompt.
pub fn read_task(task: &Task<'_>) -> Option<Value> {
    let target = *task.target_numbers()?.first()?;
    Some(json!({"sizes": task.header_numbers()?, "start": task.start_numbers()?, "target": target}))
}
