//! Prompts: the formats of other projects' data sets, and the reading of prompts. A prompt describes the whole puzzle and can be read back.
//!
//! An environment returns the puzzle that a prompt's words and numbers describe, as JSON ([`Atoms::read_task`]). It need not check
//! every character: the reader of a prompt writes the prompt again from the puzzle and compares.

use serde_json::Value;

use crate::environment::{Atoms, Cost};
use crate::search_support::SearchSupport;
use crate::text::{Reader, Style};

/// Texts of other projects' data sets: short forms of states, and the prompt grammars of [`About::prompts`](crate::About::prompts). By default a state has no
/// short form, and there are no such grammars: `impl Prompts for Pegs {}`.
pub trait Prompts: SearchSupport + Atoms {
    /// Writes the short form of a state in a goal or dead-end line: `24` in `24,24 equal`.
    fn write_value(&self, state: &Self::State, style: Style, out: &mut Vec<u8>) {
        self.write_state(state, style, out);
    }
    /// Reads the short form, as a state that it can stand for.
    fn read_value(&self, style: Style, reader: &mut Reader<'_>) -> Option<Self::State> {
        self.read_state(style, reader)
    }
    /// Whether a short form that was read can stand for `state`.
    fn value_fits(&self, value: &Self::State, state: &Self::State) -> bool {
        self.same_state(value, state)
    }

    /// What "no solution" says of this puzzle where people could take it for more; none where it can only mean one thing.
    fn no_solution_means(&self) -> Option<&'static str> {
        None
    }

    /// Writes the puzzle in a prompt grammar.
    fn write_prompt(&self, _grammar: &str, _out: &mut Vec<u8>) {}
    /// The puzzle of a kind that a prompt in a grammar describes, as JSON; none if it describes none.
    fn read_prompt(_kind: usize, _grammar: &str, _text: &str) -> Option<Value> {
        None
    }
    /// What the prompts of a grammar leave out, and what is assumed instead; none if they are complete.
    fn untold(_kind: usize, _grammar: &str) -> Option<&'static str> {
        None
    }
    /// Writes a state of a plan, for grammars whose plans are lists of states.
    fn write_step(&self, _grammar: &str, state: &Self::State, out: &mut Vec<u8>) {
        self.write_state(state, Style::Compact, out);
    }
    /// Writes a move, for grammars with their own form of moves.
    fn write_move_in(&self, _grammar: &str, action: Self::Move, out: &mut Vec<u8>) {
        self.write_move(action, Style::Frame, out);
    }
    /// Reads what [`Prompts::write_move_in`] writes.
    fn read_move_in(&self, _grammar: &str, reader: &mut Reader<'_>) -> Option<Self::Move> {
        self.read_move(Style::Frame, reader)
    }
    /// Writes a solution as the grammar's data set does, or that there is none. If it writes nothing, the dialect writes the solution.
    fn write_solution(&self, _grammar: &str, _moves: Option<&[Self::Move]>, _out: &mut Vec<u8>) {}
    /// Reads what [`Prompts::write_solution`] writes: the moves, legal or not. `Some(None)` if the text says that there is no solution.
    fn read_solution(&self, _grammar: &str, _reader: &mut Reader<'_>) -> Option<Option<Vec<Self::Move>>> {
        None
    }
    /// The cost of the answer that a sentence of the data set states; none if it states none.
    fn stated_cost(&self, _grammar: &str, _text: &[u8]) -> Option<Cost> {
        None
    }
}

/// The parts of a prompt, each as written in a style.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// The style.
    pub style: Style,
    /// The text of [`Atoms::write_header`].
    pub header: &'a str,
    /// The start, as [`Atoms::write_state`] writes it.
    pub start: &'a str,
    /// The text of [`Atoms::write_target`].
    pub target: &'a str,
}

impl<'a> Task<'a> {
    /// The numbers of the header, in their order; none if one does not fit 64 bits.
    pub fn header_numbers(&self) -> Option<Vec<u64>> {
        numbers(self.style, self.header)
    }

    /// The numbers of the start, in the same way.
    pub fn start_numbers(&self) -> Option<Vec<u64>> {
        numbers(self.style, self.start)
    }

    /// The numbers of the target, in the same way.
    pub fn target_numbers(&self) -> Option<Vec<u64>> {
        numbers(self.style, self.target)
    }

    /// The part of the header between two texts; none if one of them is missing. An empty text stands for the beginning or the end.
    pub fn between(&self, before: &str, after: &str) -> Option<&'a str> {
        between(self.header, before, after)
    }
}

/// The numbers of a text, in their order; none if one does not fit 64 bits. In [`Style::Compact`] groups of digits with `^` between them are one number.
pub fn numbers(style: Style, text: &str) -> Option<Vec<u64>> {
    let mut all: Vec<u64> = Vec::new();
    let (mut joins, mut last_end) = (false, 0);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let value: u64 = text.get(at..end)?.parse().ok()?;
        if style == Style::Compact {
            joins = !all.is_empty() && text.get(last_end..at) == Some(" ^ ");
        }
        match all.last_mut() {
            Some(last) if joins => *last = last.checked_mul(1000)?.checked_add(value)?,
            _ => all.push(value),
        }
        (at, last_end) = (end, end);
    }
    Some(all)
}

/// The words of a text: runs of letters, digits and `_`.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').filter(|word| !word.is_empty())
}

/// The part of a text between the first `before` and the next `after`; none if one is missing. An empty text stands for the beginning or the end.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = if before.is_empty() { text } else { text.split_once(before)?.1 };
    if after.is_empty() { Some(rest) } else { Some(rest.split_once(after)?.0) }
}

/// The numbers in pairs, as cells are written in JSON; none if their count is odd.
pub fn pairs(numbers: &[u64]) -> Option<Vec<[u64; 2]>> {
    let (pairs, rest) = numbers.as_chunks::<2>();
    rest.is_empty().then(|| pairs.to_vec())
}

/// A JSON object with these fields.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found() {
        assert_eq!(numbers(Style::Frame, "[12, 3]: 45x6"), Some(vec![12, 3, 45, 6]));
        assert_eq!(numbers(Style::Compact, "12 ^ 300 5 ^ 7 9"), Some(vec![12300, 5007, 9]));
        assert_eq!(numbers(Style::Prose, "18446744073709551616"), None);
        assert_eq!(numbers(Style::Compact, "^ 3 ^"), Some(vec![3]));
        assert_eq!(pairs(&[1, 2, 3]), None);
    }

    #[test]
    fn parts_are_found() {
        assert_eq!(between("a: b; c", ": ", ";"), Some("b"));
        assert_eq!(between("a: b", ": ", ""), Some("b"));
        assert_eq!(between("a: b", "", ":"), Some("a"));
        assert_eq!(between("a", ":", ""), None);
        assert_eq!(words("A-B=4, é_1").collect::<Vec<_>>(), ["A", "B", "4", "é_1"]);
    }
}
