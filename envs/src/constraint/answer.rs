//! Answers of constraint puzzles: the values of the variables, as a grid or as a list. A kind reads further forms by
//! [`Model::read_plain_answer`](super::model::Model::read_plain_answer).

use super::network::Network;
use super::reason::By;
use super::{Choice, Constraint, OPEN};
use crate::answers::steps::{BETWEEN, is_between};
use crate::answers::{Answers, Kind, Problem, Read, Token, Unread, span};
use crate::environment::Environment;

/// A variable and its value.
pub type Assigned = (u8, u8);

/// Words that can stand beside variables and values.
const BESIDE: [&str; 17] = [
    "a", "an", "as", "at", "be", "cell", "column", "equals", "has", "in", "must", "row", "set", "to", "value",
    "values", "with",
];

impl Answers for Constraint {
    fn read_plain_answer(&self, _text: &str, tokens: &[Token<'_>]) -> Read<Choice> {
        let mut assigned = self.model.read_plain_answer(&self.network, tokens)?;
        assigned.sort_unstable();
        assigned.dedup();
        if assigned.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(Unread::ambiguous(tokens));
        }
        Ok(assigned.into_iter().map(|(variable, value)| Choice { variable, value, by: By::Choice }).collect())
    }

    /// Writes the values of all variables, the given ones too.
    fn write_plain_answer(&self, moves: &[Choice], out: &mut Vec<u8>) {
        let start = self.start();
        let mut values: Vec<u8> =
            (0..self.network.len()).map(|variable| start.value(variable).unwrap_or(OPEN)).collect();
        for action in moves {
            if let Some(value) = values.get_mut(usize::from(action.variable)) {
                *value = action.value;
            }
        }
        self.model.write_plain_answer(&self.network, &values, out);
    }
}

/// The name of a value; `_` where there is none.
fn name(network: &Network, value: u8) -> &str {
    network.values.get(usize::from(value)).map_or("_", String::as_str)
}

/// Writes a board row by row, or `name = value` line by line.
pub fn write(network: &Network, columns: Option<usize>, values: &[u8], out: &mut Vec<u8>) {
    for (place, &value) in values.iter().enumerate() {
        let first = columns.is_none_or(|columns| place % columns == 0);
        out.extend_from_slice(match (place, first) {
            (0, _) => b"",
            (_, true) => b"\n",
            (_, false) => b" ",
        });
        if columns.is_none() {
            out.extend_from_slice(network.variables.get(place).map_or("", String::as_str).as_bytes());
            out.extend_from_slice(b" = ");
        }
        out.extend_from_slice(name(network, value).as_bytes());
    }
}

/// The place of a name in a list: as it is, else in any case.
pub fn named(names: &[String], word: &str) -> Option<u8> {
    let place = names.iter().position(|name| name == word);
    let place = place.or_else(|| names.iter().position(|name| name.eq_ignore_ascii_case(word)));
    place.and_then(|place| u8::try_from(place).ok())
}

/// The tokens behind quotation marks.
pub fn unquoted<'b, 'a>(mut tokens: &'b [Token<'a>]) -> &'b [Token<'a>] {
    while let Some((_, rest)) = tokens.split_first().filter(|(token, _)| token.is('"') || token.is('\'')) {
        tokens = rest;
    }
    tokens
}

/// Reads a board: rows of values with or without spaces, one line of all of them, boxes drawn with `|`, `-` and `+`, lists in JSON. A board of names with
/// values (`r1c2 = 5`) is read too. The same board twice is one answer.
pub fn board(network: &Network, columns: usize, tokens: &[Token<'_>]) -> Read<Assigned> {
    if tokens.iter().any(|token| named(&network.variables, token.text).is_some()) {
        return list(network, tokens, |_| None);
    }
    let single = network.values.iter().all(|name| name.len() == 1);
    let mut values: Vec<u8> = Vec::new();
    let mut label = false;
    for token in tokens {
        match token.kind {
            // `Row 1:`
            Kind::Number if std::mem::take(&mut label) => {}
            Kind::Word if token.says("row") => label = true,
            Kind::Word
                if token.says_one(&["grid", "board", "solved", "sudoku", "completed", "square"])
                    || token.says_one(&BETWEEN) => {}
            Kind::Number | Kind::Word => match named(&network.values, token.text) {
                Some(value) => values.push(value),
                None if single && token.text.is_ascii() => {
                    for at in 0..token.text.len() {
                        values.push(
                            token
                                .text
                                .get(at..=at)
                                .and_then(|sign| named(&network.values, sign))
                                .ok_or_else(|| Unread::at(token))?,
                        );
                    }
                }
                None => return Err(Unread::at(token)),
            },
            Kind::Sign('-' | '+' | '─' | '=' | '{' | '}' | '/') => {}
            // A point in a board is an open cell.
            Kind::Sign('.') => return Err(Unread::at(token)),
            _ if is_between(token) => {}
            _ => return Err(Unread::at(token)),
        }
    }
    let size = network.len();
    let malformed = || Unread { problem: Problem::Malformed, span: span(tokens) };
    if values.is_empty() {
        return Err(Unread::nothing());
    }
    if columns == 0 || size == 0 || !values.len().is_multiple_of(size) {
        return Err(malformed());
    }
    if values.chunks(size).any(|copy| copy != &values[..size]) {
        return Err(Unread::ambiguous(tokens));
    }
    Ok((0..size).map(|variable| (variable as u8, values[variable])).collect())
}

/// Reads names with their values: `x1 = true, x2 = false`, `"x1": true`, `x1 -> T`, one a line or not. `other` reads further words for values.
pub fn list(network: &Network, tokens: &[Token<'_>], other: impl Fn(&str) -> Option<u8>) -> Read<Assigned> {
    let (mut found, mut open) = (Vec::new(), None);
    for token in tokens {
        let variable = || named(&network.variables, token.text);
        let value = || named(&network.values, token.text).or_else(|| other(token.text));
        match (token.kind, open) {
            (Kind::Word | Kind::Number, None) if variable().is_some() => open = variable(),
            (Kind::Word | Kind::Number, Some(variable)) if value().is_some() => {
                found.push((variable, value().unwrap_or(OPEN)));
                open = None;
            }
            (Kind::Word, _) if token.says_one(&BESIDE) || token.says_one(&BETWEEN) => {}
            (Kind::Sign('=' | ':' | '→' | '-' | '{' | '}' | '"' | '\'' | '|'), _) => {}
            (_, None) if is_between(token) => {}
            _ => return Err(Unread::at(token)),
        }
    }
    match (open, found.is_empty()) {
        (Some(_), _) => Err(Unread { problem: Problem::Malformed, span: span(tokens) }),
        (None, true) => Err(Unread::nothing()),
        (None, false) => Ok(found),
    }
}
