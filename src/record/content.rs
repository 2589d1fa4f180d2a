//! What a record makes of a row, before it is one.

use crate::check::Verdict;
use crate::corrupt::Defect;
use crate::dialect::{Coverage, Span};
use crate::search::Outcome;
use crate::table::{Message, Value};
use crate::trace::{Event, EventKind, Trace};

/// A record, before it is a row.
#[derive(Default)]
pub struct RowContent {
    /// The trace that it shows.
    pub trace: Trace,
    /// Its whole text, that of the prompt included.
    pub text: Vec<u8>,
    /// The planted defects, with spans in the whole text.
    pub defects: Vec<Defect>,
    /// What a check says of the solution that it shows; none where that is the completion, which is then read.
    pub said: Option<Said>,
    /// How the search ended, where that is not the row's own one.
    pub outcome: Option<Outcome>,
    /// What a model is given, where that is not the puzzle's own prompt; `text` is then the completion alone, and spans are in it.
    pub prompt: Option<Vec<u8>>,
    /// Where the text says what is wrong.
    pub wrong: Vec<Mark>,
    /// What a loss should skip.
    pub skip: Vec<Mark>,
    /// Values of the columns of its own, behind those of its texts where it has other texts than prompt and completion.
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
        self.own.clear();
    }
}

/// What a check says of a solution: the columns of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// Whether the last answer is right; without an answer section what the trace comes to.
    pub solved: bool,
    /// Whether the trace alone solves the puzzle; none without a trace.
    pub trace_solved: Option<bool>,
    /// Whether the answer section alone is right; none without one.
    pub answer_right: Option<bool>,
}

impl Said {
    /// What a verdict says.
    pub fn of(verdict: &Verdict) -> Self {
        let Verdict { solved, trace_solved, answer_right, .. } = *verdict;
        Said { solved, trace_solved, answer_right }
    }

    /// What a check says of a clean trace as a dialect tells it: that of a search, or a straight way, which leads to a goal by right steps, with a
    /// right answer. None where it reaches no goal: what it then says must be read.
    pub fn of_clean(told: Coverage, trace: &Trace) -> Option<Self> {
        let tells = told != Coverage::Answer && trace.tells();
        let is_goal = |event: &Event| matches!(event.kind, EventKind::Goal | EventKind::Meet);
        if tells && !trace.events.iter().any(is_goal) {
            return None;
        }
        // Where states alone are told, the way to the goal stands in the place of an answer.
        let answers = trace.answer.is_some() || (tells && told == Coverage::Opened);
        let (trace_solved, answer_right) = (tells.then_some(true), answers.then_some(true));
        Some(Said { solved: answer_right.or(trace_solved).is_some(), trace_solved, answer_right })
    }

    /// What is said of several solutions: whether one of them at least is such.
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

/// A stretch of bytes in a row's text; where a row has several texts, in which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which text.
    pub text: Option<usize>,
    /// The bytes.
    pub span: Span,
}

impl Mark {
    /// A stretch of the only text.
    pub fn of(span: Span) -> Self {
        Mark { text: None, span }
    }

    /// A stretch of one of several texts.
    pub fn at(text: usize, span: Span) -> Self {
        Mark { text: Some(text), span }
    }
}

/// A value of a column of a record's own.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// An integer or null.
    Integer(Option<i64>),
    /// A truth value.
    Boolean(bool),
    /// A list of texts.
    Texts(Vec<String>),
    /// A list of integers.
    Integers(Vec<i64>),
    /// A list of truth values.
    Booleans(Vec<bool>),
    /// A conversation.
    Messages(Vec<Message>),
}

impl Cell {
    /// The words of its texts.
    pub(super) fn words(&self) -> u64 {
        match self {
            Cell::Text(text) => words(text.as_bytes()),
            Cell::Texts(texts) => texts.iter().map(|text| words(text.as_bytes())).sum(),
            Cell::Messages(turns) => turns.iter().map(|turn| words(turn.content.as_bytes())).sum(),
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
        }
    }
}

/// How many words there are between white space in a text.
pub(super) fn words(text: &[u8]) -> u64 {
    let begins = |before: u8, here: u8| before.is_ascii_whitespace() & !here.is_ascii_whitespace();
    let first = text.first().is_some_and(|byte| !byte.is_ascii_whitespace());
    // Sums of bytes in pieces that cannot overflow: so that many bytes are looked at at once.
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
