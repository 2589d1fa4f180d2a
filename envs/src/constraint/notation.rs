//! Prompts and moves in the notation of "To Backtrack or Not" (Qin et al. 2025): `(0, 3) = 7`, `guess: (0, 3) [2, 5] = 2`, `nocand: (0, 3)`. Variables that are
//! not cells of a board are written by their names. Reasons come after a move: `(0, 3) = 7 hidden 12`, `(0, 3) != 7 locked 12`. A rule that has no place for a
//! value is `invalid: 7 in 12`. Rules are counted from 1.

use super::reason::{By, Effect};
use super::{Choice, Constraint, atoms};
use crate::text::{Reader, Style, write_number};

const GUESS: &[u8] = b"guess: ";
const NO_CANDIDATE: &[u8] = b"nocand: ";
const NO_PLACE: &[u8] = b"invalid: ";

pub fn write_prompt(puzzle: &Constraint, out: &mut Vec<u8>) {
    let start = out.len();
    puzzle.model.write_notation(out);
    out.truncate(start + out[start..].trim_ascii_end().len());
    if out.len() > start {
        out.push(b'\n');
    }
    for variable in 0..puzzle.network().len() {
        if let Some(value) = puzzle.start.value(variable) {
            write_move(puzzle, Choice { variable: variable as u8, value, by: By::Choice }, out);
            out.push(b'\n');
        }
    }
    out.extend_from_slice(b"solving");
}

fn write_variable(puzzle: &Constraint, variable: u8, out: &mut Vec<u8>) {
    let Some(columns) = puzzle.model.columns() else {
        return out.extend_from_slice(atoms::variable_name(puzzle, variable).as_bytes());
    };
    let variable = usize::from(variable);
    out.push(b'(');
    write_number((variable / columns) as u64, out);
    out.extend_from_slice(b", ");
    write_number((variable % columns) as u64, out);
    out.push(b')');
}

fn read_variable(puzzle: &Constraint, reader: &mut Reader<'_>) -> Option<u8> {
    let Some(columns) = puzzle.model.columns() else {
        return puzzle.network().variables.read(reader);
    };
    reader.take(b"(")?;
    let row = usize::try_from(reader.number()?).ok()?;
    reader.take(b", ")?;
    let column = usize::try_from(reader.number()?).ok().filter(|&column| column < columns)?;
    reader.take(b")")?;
    let variable = row.checked_mul(columns)?.checked_add(column)?;
    u8::try_from(variable).ok().filter(|_| variable < puzzle.network().len())
}

pub fn write_move(puzzle: &Constraint, action: Choice, out: &mut Vec<u8>) {
    let Choice { variable, value, by } = action;
    let name = atoms::value_name(puzzle, value).as_bytes();
    match by {
        By::NoCandidate => {
            out.extend_from_slice(NO_CANDIDATE);
            return write_variable(puzzle, variable, out);
        }
        By::NoPlace(rule) => {
            out.extend_from_slice(NO_PLACE);
            out.extend_from_slice(name);
            out.extend_from_slice(b" in ");
            return write_number(u64::from(rule) + 1, out);
        }
        By::Guess(_) => out.extend_from_slice(GUESS),
        _ => {}
    }
    write_variable(puzzle, variable, out);
    if let By::Guess(candidates) = by {
        out.extend_from_slice(b" [");
        for (place, value) in (0..16).filter(|value| candidates >> value & 1 == 1).enumerate() {
            out.extend_from_slice(if place > 0 { b", " } else { b"" });
            out.extend_from_slice(atoms::value_name(puzzle, value).as_bytes());
        }
        out.push(b']');
    }
    out.extend_from_slice(if by.effect() == Effect::Remove { b" != " } else { b" = " });
    out.extend_from_slice(name);
    if !matches!(by, By::Choice | By::Guess(_)) {
        out.push(b' ');
        out.extend_from_slice(by.word().as_bytes());
    }
    if let Some(rule) = by.rule() {
        out.push(b' ');
        write_number(u64::from(rule) + 1, out);
    }
}

pub fn read_move(puzzle: &Constraint, reader: &mut Reader<'_>) -> Option<Choice> {
    let values = &puzzle.network().values;
    if reader.take(NO_CANDIDATE).is_some() {
        return Some(Choice { variable: read_variable(puzzle, reader)?, value: 0, by: By::NoCandidate });
    }
    if reader.take(NO_PLACE).is_some() {
        let value = values.read(reader)?;
        reader.take(b" in ")?;
        return Some(Choice { variable: 0, value, by: By::NoPlace(read_rule(puzzle, reader)?) });
    }
    let guesses = reader.take(GUESS).is_some();
    let variable = read_variable(puzzle, reader)?;
    if guesses {
        reader.take(b" [")?;
        let mut candidates = 0u16;
        while reader.take(b"]").is_none() {
            if candidates != 0 {
                reader.take(b", ")?;
            }
            let value = 1u16.checked_shl(values.read(reader)?.into())?;
            // in ascending order, each once
            candidates = if value > candidates { candidates | value } else { return None };
        }
        reader.take(b" = ")?;
        return Some(Choice { variable, value: values.read(reader)?, by: By::Guess(candidates) });
    }
    let removes = reader.take(b" != ").is_some();
    if !removes {
        reader.take(b" = ")?;
    }
    let value = values.read(reader)?;
    let by = read_reason(puzzle, reader).unwrap_or(By::Choice);
    let fits = by.effect() != Effect::End && removes == (by.effect() == Effect::Remove);
    fits.then_some(Choice { variable, value, by })
}

fn read_rule(puzzle: &Constraint, reader: &mut Reader<'_>) -> Option<u16> {
    let rule = reader.number_up_to(Style::Frame, puzzle.network().rules().len() as u64)?.checked_sub(1)?;
    u16::try_from(rule).ok()
}

/// Reads a reason and the space before it. If there is none, it takes nothing.
fn read_reason(puzzle: &Constraint, reader: &mut Reader<'_>) -> Option<By> {
    let mut ahead = *reader;
    ahead.take(b" ")?;
    let place = ahead.one_of(&By::WORDS)?;
    let mut by = By::ALL[place];
    if by.rule().is_some() {
        ahead.take(b" ")?;
        by = by.with_rule(read_rule(puzzle, &mut ahead)?);
    }
    *reader = ahead;
    Some(by)
}
