//! Rows of a dataset, column by column: what a record becomes and what a sink writes.
//!
//! A [`Rows`] is a batch that is filled row by row and written column by column. Text lives in one buffer a column, so
//! that a batch that is cleared and filled again allocates nothing once its buffers have grown.

use std::ops::Range;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// UTF-8 text, never null.
    Text,
    /// A signed 64-bit integer; null where the value is not known.
    Integer,
    /// True or false, never null.
    Boolean,
}

/// One column of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// The column's name in every file format.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// One sentence for the dataset card.
    pub help: &'static str,
}

const fn column(name: &'static str, kind: ColumnKind, help: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, help }
}

/// The columns of every record config, in order.
pub const SCHEMA: [ColumnSpec; 23] = [
    column("id", ColumnKind::Text, "hash of the puzzle's canonical form; the same in every config"),
    column("env", ColumnKind::Text, "environment"),
    column("split", ColumnKind::Text, "split"),
    column(
        "index",
        ColumnKind::Integer,
        "index of the row in its split; rows of one index share the puzzle across configs",
    ),
    column("record", ColumnKind::Text, "kind of record: search, optimal, direct, answer, corrupted, swapped"),
    column("dialect", ColumnKind::Text, "text format of prompt and completion"),
    column("puzzle", ColumnKind::Text, "the puzzle as JSON, as this row shows it"),
    column("prompt", ColumnKind::Text, "what a model is given"),
    column("completion", ColumnKind::Text, "what a model is trained to write; prompt + completion is the whole text"),
    column("answer", ColumnKind::Text, "a right answer of the puzzle, in the dialect's answer form"),
    column(
        "solved",
        ColumnKind::Boolean,
        "whether the trace of this row reaches the goal, or proves that there is none",
    ),
    column("outcome", ColumnKind::Text, "how the search ended: solved, exhausted, budget"),
    column("search", ColumnKind::Text, "search that made the trace"),
    column("heuristic", ColumnKind::Text, "heuristic of the search; empty where it has none"),
    column("nodes", ColumnKind::Integer, "nodes that the trace generates, the start included"),
    column("backtracks", ColumnKind::Integer, "moves of control to anything but a child of the current node"),
    column("depth", ColumnKind::Integer, "greatest depth of a node"),
    column("tokens", ColumnKind::Integer, "length of prompt and trace in tokens of the compact dialect"),
    column("solvable", ColumnKind::Boolean, "whether the puzzle has a solution: proven"),
    column(
        "optimal_cost",
        ColumnKind::Integer,
        "cost of a cheapest solution: proven; null where there is none, or where the proof gave up",
    ),
    column("solutions", ColumnKind::Integer, "number of solutions; null where it is not counted"),
    column(
        "difficulty",
        ColumnKind::Integer,
        "work of an exact search, of which the environment says what it counts; null where it is not known",
    ),
    column(
        "defects",
        ColumnKind::Text,
        "planted defects, a JSON list of {kind, class, level, step, span, found, expected}; [] where there are none",
    ),
];

/// A column of text values in one buffer.
#[derive(Clone, Debug, Default)]
pub struct TextColumn {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl TextColumn {
    /// Appends one value.
    pub fn push(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(value);
        self.ends.push(self.bytes.len());
    }

    /// The value of a row. Panics where the row does not exist.
    pub fn get(&self, row: usize) -> &[u8] {
        &self.bytes[self.range(row)]
    }

    /// Bytes of all values together.
    pub fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    /// All values, one behind the other.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the value of a row lies in [`TextColumn::bytes`]. Panics where the row does not exist.
    pub fn range(&self, row: usize) -> Range<usize> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        start..self.ends[row]
    }

    /// The first row whose value is not UTF-8.
    pub fn first_not_utf8(&self) -> Option<usize> {
        // ASCII is the rule and quick to see; then no value can break another's character.
        if self.bytes.is_ascii() {
            return None;
        }
        (0..self.ends.len()).find(|&row| std::str::from_utf8(self.get(row)).is_err())
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }
}

/// One column's values.
#[derive(Clone, Debug)]
pub enum Column {
    /// Text values.
    Text(TextColumn),
    /// Integer values, with none where a value is not known.
    Integer(Vec<Option<i64>>),
    /// Boolean values.
    Boolean(Vec<bool>),
}

/// A value on its way into a column.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Text; the caller has made sure that it is UTF-8.
    Text(&'a [u8]),
    /// An integer or null.
    Integer(Option<i64>),
    /// A truth value.
    Boolean(bool),
}

/// A batch of rows under [`SCHEMA`].
#[derive(Clone, Debug)]
pub struct Rows {
    columns: Vec<Column>,
    len: usize,
}

impl Default for Rows {
    fn default() -> Self {
        let columns = SCHEMA
            .iter()
            .map(|spec| match spec.kind {
                ColumnKind::Text => Column::Text(TextColumn::default()),
                ColumnKind::Integer => Column::Integer(Vec::new()),
                ColumnKind::Boolean => Column::Boolean(Vec::new()),
            })
            .collect();
        Rows { columns, len: 0 }
    }
}

impl Rows {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends one row. Panics where a value is not of its column's kind: the schema is fixed at compile time.
    pub fn push(&mut self, values: [Value<'_>; SCHEMA.len()]) {
        for (column, value) in self.columns.iter_mut().zip(values) {
            match (column, value) {
                (Column::Text(column), Value::Text(value)) => column.push(value),
                (Column::Integer(column), Value::Integer(value)) => column.push(value),
                (Column::Boolean(column), Value::Boolean(value)) => column.push(value),
                (column, value) => panic!("a value {value:?} for a column {column:?}"),
            }
        }
        self.len += 1;
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The columns, in the schema's order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Bytes of all text values together.
    pub fn byte_len(&self) -> usize {
        self.columns
            .iter()
            .map(|column| if let Column::Text(text) = column { text.byte_len() } else { 8 * self.len })
            .sum()
    }

    /// Empties the batch and keeps its buffers.
    pub fn clear(&mut self) {
        for column in &mut self.columns {
            match column {
                Column::Text(text) => text.clear(),
                Column::Integer(values) => values.clear(),
                Column::Boolean(values) => values.clear(),
            }
        }
        self.len = 0;
    }
}
