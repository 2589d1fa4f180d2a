//! Texts of states and moves of constraint puzzles.
//!
//! A move is `r1c2=5`, in tokens `r1c2 5`. A reason comes before it, with the number of its rule if it names one, counted from 1: `single r1c2=5`, `hidden 12
//! r1c2=5`. A removed value is `naked-pair 3 r1c2!=5`. A contradiction is `no-candidate r1c2` or `no-place 12 5`. A guess lists its candidates: `guess r1c2=5
//! of {2 5}`, in tokens `guess r1c2 2 5 = 5`.
//!
//! A state lists the values of all variables in their order, `_` for undecided ones. A board of single characters is written row by row: `[53__7/6__19/…]`.
//! Other puzzles are written `[red _ blue]`, as boards of 16 by 16 are: `[_ 16 3 …]`. In tokens, the values have spaces between them. After them come removed values, if any: ` not r1c2=5 r1c2=6 .`,
//! and then ` contradiction`.

use super::reason::{By, Effect};
use super::{Choice, Constraint, Values};
use crate::prelude::*;

/// The text of an undecided variable.
const UNDECIDED: &str = "_";

/// The word before removed values.
const NOT: &str = "not";
/// The text after removed values.
const END: &str = ".";
/// The word that states that there is no solution.
const CONTRADICTION: &str = "contradiction";

pub fn value_name(puzzle: &Constraint, value: u8) -> &str {
    puzzle.network().values.get(usize::from(value)).map_or(UNDECIDED, String::as_str)
}

pub fn variable_name(puzzle: &Constraint, variable: u8) -> &str {
    puzzle.network().variables.get(usize::from(variable)).map_or("", String::as_str)
}

/// Number of values in a row, if they are written row by row without spaces.
fn board_columns(puzzle: &Constraint, style: Style) -> Option<usize> {
    let single = puzzle.network().values.last().is_some_and(|name| name.len() == 1);
    puzzle.model.columns().filter(|_| single && style != Style::Compact)
}

/// The text between a variable and its value.
fn equals(style: Style) -> &'static [u8] {
    match style {
        Style::Frame => b"=",
        Style::Compact => b" ",
        Style::Prose => b" = ",
    }
}

/// The text between a variable and a removed value.
fn differs(style: Style) -> &'static [u8] {
    match style {
        Style::Frame => b"!=",
        Style::Compact => b" ",
        Style::Prose => b" != ",
    }
}

/// Writes the values that were removed from open variables.
fn write_lost(puzzle: &Constraint, state: &Values, style: Style, out: &mut Vec<u8>) {
    let network = puzzle.network();
    let mut begun = false;
    for variable in puzzle.open(state) {
        let lost = network.domains[variable] & !state.domains[variable];
        for value in (0..16).filter(|value| lost >> value & 1 == 1) {
            if !std::mem::replace(&mut begun, true) {
                out.extend_from_slice(b" not");
            }
            out.push(b' ');
            out.extend_from_slice(variable_name(puzzle, variable as u8).as_bytes());
            out.extend_from_slice(equals(style));
            out.extend_from_slice(value_name(puzzle, value).as_bytes());
        }
    }
    if begun {
        out.extend_from_slice(b" .");
    }
}

/// Takes a space and the word after it.
fn take_word(word: &str, reader: &mut Reader<'_>) -> Option<()> {
    let mut ahead = *reader;
    ahead.take(b" ")?;
    ahead.take(word.as_bytes())?;
    *reader = ahead;
    Some(())
}

fn read_lost(puzzle: &Constraint, state: &mut Values, style: Style, reader: &mut Reader<'_>) -> Option<()> {
    if take_word(NOT, reader).is_none() {
        return Some(());
    }
    while take_word(END, reader).is_none() {
        reader.take(b" ")?;
        let variable = usize::from(puzzle.network().variables.read(reader)?);
        reader.take(equals(style))?;
        let value = puzzle.network().values.read(reader)?;
        if !state.is_open(variable) {
            return None;
        }
        state.domains[variable] &= !(1 << value);
    }
    Some(())
}

/// Writes values, each after a space.
fn write_values(puzzle: &Constraint, values: u16, out: &mut Vec<u8>) {
    for value in (0..16).filter(|value| values >> value & 1 == 1) {
        out.push(b' ');
        out.extend_from_slice(value_name(puzzle, value).as_bytes());
    }
}

/// Reads values in ascending order, each after a space, up to the text that ends the list.
fn read_values(puzzle: &Constraint, end: &[u8], reader: &mut Reader<'_>) -> Option<u16> {
    let mut values = 0;
    while reader.take(end).is_none() {
        reader.take(b" ")?;
        let value = 1u16.checked_shl(puzzle.network().values.read(reader)?.into())?;
        if value <= values {
            return None;
        }
        values |= value;
    }
    Some(values)
}

/// Reads a reason and the space after it. The space distinguishes a reason from a variable whose name begins with the same letters.
fn read_reason(puzzle: &Constraint, style: Style, reader: &mut Reader<'_>) -> Option<By> {
    let mut ahead = *reader;
    let word = ahead.word();
    let by = *By::ALL.iter().find(|by| by.word().as_bytes() == word && !word.is_empty())?;
    ahead.take(b" ")?;
    let by = match by.rule() {
        None => by,
        Some(_) => {
            let most = puzzle.network().rules().len() as u64;
            let rule = ahead.number_up_to(style, most)?.checked_sub(1)?;
            ahead.take(b" ")?;
            by.with_rule(rule as u16)
        }
    };
    *reader = ahead;
    Some(by)
}

impl Atoms for Constraint {
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let start = out.len();
        self.model.write_header(style, out);
        out.truncate(start + out[start..].trim_ascii_end().len());
    }

    /// Reads the first kind.
    fn read_task(task: &Task<'_>) -> Option<Value> {
        Self::read_task_of(0, task)
    }

    fn write_target(&self, _style: Style, out: &mut Vec<u8>) {
        out.extend_from_slice(b"solved");
    }

    fn write_state(&self, state: &Values, style: Style, out: &mut Vec<u8>) {
        let columns = board_columns(self, style);
        let brackets = style != Style::Compact;
        if brackets {
            out.push(b'[');
        }
        for variable in 0..self.network().len() {
            match columns {
                Some(columns) if variable > 0 && variable % columns == 0 => out.push(b'/'),
                None if variable > 0 => out.push(b' '),
                _ => {}
            }
            out.extend_from_slice(state.value(variable).map_or(UNDECIDED, |value| value_name(self, value)).as_bytes());
        }
        write_lost(self, state, style, out);
        if state.contradicts {
            out.push(b' ');
            out.extend_from_slice(CONTRADICTION.as_bytes());
        }
        if brackets {
            out.push(b']');
        }
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Values> {
        let columns = board_columns(self, style);
        let brackets = style != Style::Compact;
        if brackets {
            reader.take(b"[")?;
        }
        let mut state = self.nothing_decided();
        for variable in 0..self.network().len() {
            match columns {
                Some(columns) if variable > 0 && variable % columns == 0 => reader.take(b"/")?,
                None if variable > 0 => reader.take(b" ")?,
                _ => {}
            }
            if reader.take(UNDECIDED.as_bytes()).is_none() {
                state.decide(variable, self.network().values.read(reader)?);
            }
        }
        read_lost(self, &mut state, style, reader)?;
        state.contradicts = take_word(CONTRADICTION, reader).is_some();
        if brackets {
            reader.take(b"]")?;
        }
        Some(state)
    }

    fn write_move(&self, action: Choice, style: Style, out: &mut Vec<u8>) {
        let Choice { variable, value, by } = action;
        if by != By::Choice {
            out.extend_from_slice(by.word().as_bytes());
            out.push(b' ');
        }
        if let Some(rule) = by.rule() {
            write_number_in(style, u64::from(rule) + 1, out);
            out.push(b' ');
        }
        match by {
            By::NoCandidate => return out.extend_from_slice(variable_name(self, variable).as_bytes()),
            By::NoPlace(_) => return out.extend_from_slice(value_name(self, value).as_bytes()),
            _ => out.extend_from_slice(variable_name(self, variable).as_bytes()),
        }
        if let (By::Guess(candidates), Style::Compact) = (by, style) {
            write_values(self, candidates, out);
            out.extend_from_slice(b" =");
        }
        out.extend_from_slice(if by.effect() == Effect::Remove { differs(style) } else { equals(style) });
        out.extend_from_slice(value_name(self, value).as_bytes());
        if let (By::Guess(candidates), Style::Frame | Style::Prose) = (by, style) {
            out.extend_from_slice(b" of {");
            let start = out.len();
            write_values(self, candidates, out);
            out.drain(start..(start + 1).min(out.len()));
            out.push(b'}');
        }
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Choice> {
        let network = self.network();
        let Some(by) = read_reason(self, style, reader) else {
            let variable = network.variables.read(reader)?;
            reader.take(equals(style))?;
            let value = network.values.read(reader)?;
            return Some(Choice { variable, value, by: By::Choice });
        };
        if let By::NoPlace(_) = by {
            return Some(Choice { variable: 0, value: network.values.read(reader)?, by });
        }
        let variable = network.variables.read(reader)?;
        match by {
            By::NoCandidate => Some(Choice { variable, value: 0, by }),
            By::Guess(_) if style == Style::Compact => {
                let candidates = read_values(self, b" = ", reader)?;
                Some(Choice { variable, value: network.values.read(reader)?, by: By::Guess(candidates) })
            }
            By::Guess(_) => {
                reader.take(equals(style))?;
                let value = network.values.read(reader)?;
                reader.take(b" of {")?;
                // the first value has no space before it
                let mut candidates = 0;
                if reader.peek() != Some(b'}') {
                    let first = 1u16.checked_shl(network.values.read(reader)?.into())?;
                    candidates = first | read_values(self, b"}", reader)?;
                    if candidates.trailing_zeros() != first.trailing_zeros() {
                        return None;
                    }
                } else {
                    reader.take(b"}")?;
                }
                Some(Choice { variable, value, by: By::Guess(candidates) })
            }
            _ => {
                reader.take(if by.effect() == Effect::Remove { differs(style) } else { equals(style) })?;
                Some(Choice { variable, value: network.values.read(reader)?, by })
            }
        }
    }
}
