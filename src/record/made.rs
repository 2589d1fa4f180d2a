//! What a record makes of a row, before it is one.

use sos_envs::Environment;

use super::rows::{Message, Value};
use crate::corrupt::Defect;
use crate::dialect::Span;
use crate::search::Outcome;
use crate::trace::Trace;

/// A record, before it is a row.
pub struct Made<E: Environment> {
    /// The trace that it shows.
    pub trace: Trace<E>,
    /// Its whole text, that of the prompt included.
    pub text: Vec<u8>,
    /// The planted defects, with spans in the whole text.
    pub defects: Vec<Defect>,
    /// Whether it reaches the goal, or proves that there is none.
    pub solved: bool,
    /// How the search ended.
    pub outcome: Outcome,
    /// What a model is given, where that is not the puzzle's own prompt; `text` is then the completion alone, and spans are in it.
    pub prompt: Option<Vec<u8>>,
    /// Where the text says what is wrong.
    pub wrong: Vec<Mark>,
    /// What a loss should skip.
    pub skip: Vec<Mark>,
    /// Values of the columns of its own, behind those of its texts where it has other texts than prompt and completion.
    pub own: Vec<Cell>,
}

impl<E: Environment> Made<E> {
    pub(super) fn clear(&mut self) {
        self.trace.clear();
        self.text.clear();
        self.defects.clear();
        self.prompt = None;
        self.wrong.clear();
        self.skip.clear();
        self.own.clear();
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

impl<E: Environment> Default for Made<E> {
    fn default() -> Self {
        Made {
            trace: Trace::default(),
            text: Vec::new(),
            defects: Vec::new(),
            solved: false,
            outcome: Outcome::Exhausted,
            prompt: None,
            wrong: Vec::new(),
            skip: Vec::new(),
            own: Vec::new(),
        }
    }
}
