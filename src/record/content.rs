//! The content of a record, before it becomes a row.

use crate::check::Verdict;
use crate::corrupt::Defect;
use crate::dialect::{Coverage, Span};
use crate::search::Outcome;
use crate::table::{Message, Value};
use crate::trace::{Event, EventKind, Trace};

/// The content of a record, before it becomes a row.
#[derive(Default)]
pub struct RowContent {
    /// The trace of the record.
    pub trace: Trace,
    /// The whole text, including the prompt.
    pub text: Vec<u8>,
    /// The planted defects, with spans in the whole text.
    pub defects: Vec<Defect>,
    /// The result of a check of the record's solution. None if the solution is the completion, which is then read.
    pub said: Option<Said>,
    /// The outcome of the search, if it is not the row's own search.
    pub outcome: Option<Outcome>,
    /// The prompt, if it is not the puzzle's own. `text` is then only the completion, and spans are relative to it.
    pub prompt: Option<Vec<u8>>,
    /// The parts of the text that are wrong.
    pub wrong: Vec<Mark>,
    /// The parts of the text that a loss should skip.
    pub skip: Vec<Mark>,
    /// The kind of record that the row is of, if its config has several: its name, and whether it shows a trace of the row's search.
    pub kind: Option<(&'static str, bool)>,
    /// Values of the record's own columns. They follow those of its texts if it has other texts than prompt and completion.
    pub own: Vec<Cell>,
}

impl RowContent {
    pub(super) fn clear(&mut self) {
        self.trace.clear();
        self.text.clear();
        self.defects.clear();
        (self.said, self.outcome) = (None, None);
        self.prompt = None;
        self.wrong.clear();
        self.skip.clear();
        self.kind = None;
        self.own.clear();
    }
}

/// The result of a check of a solution, for the columns of these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// Whether the last answer is right; without an answer section, whether the trace solves the puzzle.
    pub solved: bool,
    /// Whether the trace alone solves the puzzle; none without a trace.
    pub trace_solved: Option<bool>,
    /// Whether the answer section alone is right; none without one.
    pub answer_right: Option<bool>,
}

impl Said {
    /// The result in a verdict.
    pub fn of(verdict: &Verdict) -> Self {
        let Verdict { solved, trace_solved, answer_right, .. } = *verdict;
        Said { solved, trace_solved, answer_right }
    }

    /// The result of a check of a clean trace, as a dialect writes it. A clean trace, of a search or a straight path, reaches a goal by right steps and has a
    /// right answer. None if it reaches no goal; then its text must be read.
    pub fn of_clean(told: Coverage, trace: &Trace) -> Option<Self> {
        let tells = told != Coverage::Answer && trace.tells();
        let is_goal = |event: &Event| matches!(event.kind, EventKind::Goal | EventKind::Meet);
        if tells && !trace.events.iter().any(is_goal) {
            return None;
        }
        // If only states are written, the path to the goal stands for an answer.
        let answers = trace.answer.is_some() || (tells && told == Coverage::Opened);
        let (trace_solved, answer_right) = (tells.then_some(true), answers.then_some(true));
        Some(Said { solved: answer_right.or(trace_solved).is_some(), trace_solved, answer_right })
    }

    /// The result for several solutions: whether at least one of them has each property.
    pub fn one_of(all: impl IntoIterator<Item = Said>) -> Self {
        let either = |one: Option<bool>, other: Option<bool>| one.max(other);
        let none = Said { solved: false, trace_solved: None, answer_right: None };
        all.into_iter().fold(none, |one, other| Said {
            solved: one.solved || other.solved,
            trace_solved: either(one.trace_solved, other.trace_solved),
            answer_right: either(one.answer_right, other.answer_right),
        })
    }
}

/// A span in a row's text. If a row has several texts, also the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The index of the text, if there are several.
    pub text: Option<usize>,
    /// The bytes.
    pub span: Span,
}

impl Mark {
    /// A mark in the only text.
    pub fn of(span: Span) -> Self {
        Mark { text: None, span }
    }

    /// A mark in one of several texts.
    pub fn at(text: usize, span: Span) -> Self {
        Mark { text: Some(text), span }
    }
}

/// A value in a record's own column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// An integer or null.
    Integer(Option<i64>),
    /// A boolean.
    Boolean(bool),
    /// A list of texts.
    Texts(Vec<String>),
    /// A list of integers.
    Integers(Vec<i64>),
    /// A list of booleans.
    Booleans(Vec<bool>),
    /// A conversation.
    Messages(Vec<Message>),
    /// What an answer is judged by: style and ground truth.
    Reward(&'static str, String),
}

impl Cell {
    /// The sum of a count over its texts.
    pub(super) fn count(&self, of: &dyn Fn(&[u8]) -> u64) -> u64 {
        match self {
            Cell::Text(text) => of(text.as_bytes()),
            Cell::Texts(texts) => texts.iter().map(|text| of(text.as_bytes())).sum(),
            Cell::Messages(turns) => turns.iter().map(|turn| of(turn.content.as_bytes())).sum(),
            _ => 0,
        }
    }

    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Cell::Text(text) => Value::Text(text.as_bytes()),
            Cell::Integer(value) => Value::Integer(*value),
            Cell::Boolean(value) => Value::Boolean(*value),
            Cell::Texts(values) => Value::Texts(values),
            Cell::Integers(values) => Value::Integers(values),
            Cell::Booleans(values) => Value::Booleans(values),
            Cell::Messages(values) => Value::Messages(values),
            Cell::Reward(style, truth) => Value::Reward([style, truth]),
        }
    }
}

/// Number of words in a text, separated by white space.
pub(super) fn words(text: &[u8]) -> u64 {
    let begins = |before: u8, here: u8| before.is_ascii_whitespace() & !here.is_ascii_whitespace();
    let first = text.first().is_some_and(|byte| !byte.is_ascii_whitespace());
    // The sums are bytes in pieces that cannot overflow, so that many bytes are handled at once.
    let (before, here) = (&text[..text.len().saturating_sub(1)], text.get(1..).unwrap_or_default());
    let pieces = before.chunks(255).zip(here.chunks(255));
    let count = |(before, here): (&[u8], &[u8])| {
        u64::from(before.iter().zip(here).map(|(&before, &here)| u8::from(begins(before, here))).sum::<u8>())
    };
    u64::from(first) + pieces.map(count).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::words;

    proptest::proptest! {
        #[test]
        fn words_stand_between_white_space(text in "[ab \t\n\r]{0,600}") {
            proptest::prop_assert_eq!(words(text.as_bytes()), text.split_ascii_whitespace().count() as u64);
        }
    }
}
