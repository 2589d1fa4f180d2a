//! Batches of rows, stored by column. A record makes rows, a sink writes them.
//!
//! A [`Rows`] is filled row by row and written column by column. The text of a column is in one buffer. So a batch that is cleared and filled again
//! allocates nothing once its buffers have grown.

use std::ops::Range;

use super::schema::{ColumnKind, Schema};

/// A column of texts in one buffer.
#[derive(Clone, Debug, Default)]
pub struct TextColumn {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl TextColumn {
    /// Appends a value.
    pub fn push(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(value);
        self.ends.push(self.bytes.len());
    }

    /// The value of a row. It panics if the row does not exist.
    pub fn get(&self, row: usize) -> &[u8] {
        &self.bytes[self.range(row)]
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Length of all values together, in bytes.
    pub fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    /// All values, one after the other.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The range of a row's value in [`TextColumn::bytes`]. It panics if the row does not exist.
    pub fn range(&self, row: usize) -> Range<usize> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        start..self.ends[row]
    }

    /// The first row whose value is not UTF-8.
    pub fn first_not_utf8(&self) -> Option<usize> {
        // Most texts are ASCII, which is quick to test. Then no value can be wrong.
        if self.bytes.is_ascii() {
            return None;
        }
        (0..self.ends.len()).find(|&row| std::str::from_utf8(self.get(row)).is_err())
    }

    /// All values one after the other, and the end of each, in bytes.
    pub fn into_parts(self) -> (Vec<u8>, Vec<usize>) {
        (self.bytes, self.ends)
    }

    /// Keeps the first values.
    fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        self.bytes.truncate(self.ends.last().copied().unwrap_or(0));
    }
}

/// A turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `user` or `assistant`.
    pub role: &'static str,
    /// The text of the turn.
    pub content: String,
}

/// The lists of a column: all items one after the other, and the end of each list.
#[derive(Clone, Debug, Default)]
pub struct Lists<T> {
    items: T,
    ends: Vec<usize>,
}

impl<T> Lists<T> {
    /// All items, one after the other.
    pub fn items(&self) -> &T {
        &self.items
    }

    /// All items, one after the other, and the end of each list.
    pub fn into_parts(self) -> (T, Vec<usize>) {
        (self.items, self.ends)
    }

    /// The range of a row's items. It panics if the row does not exist.
    pub fn range(&self, row: usize) -> Range<usize> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        start..self.ends[row]
    }
}

/// The values of a column.
#[derive(Clone, Debug)]
pub enum Column {
    /// Text values.
    Text(TextColumn),
    /// Integers; none where a value is not known.
    Integer(Vec<Option<i64>>),
    /// Booleans.
    Boolean(Vec<bool>),
    /// Booleans; none where the question does not apply.
    Flag(Vec<Option<bool>>),
    /// Lists of texts.
    Texts(Lists<TextColumn>),
    /// Lists of integers.
    Integers(Lists<Vec<i64>>),
    /// Lists of booleans.
    Booleans(Lists<Vec<bool>>),
    /// Conversations: roles and contents of their turns.
    Messages(Lists<(TextColumn, TextColumn)>),
    /// What answers are judged by: styles and ground truths.
    Reward((TextColumn, TextColumn)),
}

impl Column {
    fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => Column::Text(TextColumn::default()),
            ColumnKind::Integer => Column::Integer(Vec::new()),
            ColumnKind::Boolean => Column::Boolean(Vec::new()),
            ColumnKind::Flag => Column::Flag(Vec::new()),
            ColumnKind::Texts => Column::Texts(Lists::default()),
            ColumnKind::Integers => Column::Integers(Lists::default()),
            ColumnKind::Booleans => Column::Booleans(Lists::default()),
            ColumnKind::Messages => Column::Messages(Lists::default()),
            ColumnKind::Reward => Column::Reward(Default::default()),
        }
    }

    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Column::Text(column), Value::Text(value)) => column.push(value),
            (Column::Integer(column), Value::Integer(value)) => column.push(value),
            (Column::Boolean(column), Value::Boolean(value)) => column.push(value),
            (Column::Flag(column), Value::Flag(value)) => column.push(value),
            (Column::Texts(lists), Value::Texts(values)) => {
                values.iter().for_each(|value| lists.items.push(value.as_bytes()));
                lists.ends.push(lists.items.len());
            }
            (Column::Integers(lists), Value::Integers(values)) => {
                lists.items.extend_from_slice(values);
                lists.ends.push(lists.items.len());
            }
            (Column::Booleans(lists), Value::Booleans(values)) => {
                lists.items.extend_from_slice(values);
                lists.ends.push(lists.items.len());
            }
            (Column::Messages(lists), Value::Messages(values)) => {
                for message in values {
                    lists.items.0.push(message.role.as_bytes());
                    lists.items.1.push(message.content.as_bytes());
                }
                lists.ends.push(lists.items.0.len());
            }
            (Column::Reward(column), Value::Reward([style, ground_truth])) => {
                column.0.push(style.as_bytes());
                column.1.push(ground_truth.as_bytes());
            }
            (column, value) => panic!("a value {value:?} for a column {column:?}"),
        }
    }

    /// Keeps the first rows.
    fn truncate(&mut self, len: usize) {
        fn items(ends: &mut Vec<usize>, len: usize) -> usize {
            ends.truncate(len);
            ends.last().copied().unwrap_or(0)
        }
        match self {
            Column::Text(text) => text.truncate(len),
            Column::Integer(values) => values.truncate(len),
            Column::Boolean(values) => values.truncate(len),
            Column::Flag(values) => values.truncate(len),
            Column::Texts(lists) => lists.items.truncate(items(&mut lists.ends, len)),
            Column::Integers(lists) => lists.items.truncate(items(&mut lists.ends, len)),
            Column::Booleans(lists) => lists.items.truncate(items(&mut lists.ends, len)),
            Column::Messages(lists) => {
                let items = items(&mut lists.ends, len);
                lists.items.0.truncate(items);
                lists.items.1.truncate(items);
            }
            Column::Reward(column) => {
                column.0.truncate(len);
                column.1.truncate(len);
            }
        }
    }

    /// The text buffers of the column.
    pub fn texts(&self) -> Vec<&TextColumn> {
        match self {
            Column::Text(text) => vec![text],
            Column::Texts(lists) => vec![&lists.items],
            Column::Messages(lists) => vec![&lists.items.0, &lists.items.1],
            Column::Reward(column) => vec![&column.0, &column.1],
            Column::Integer(_) | Column::Boolean(_) | Column::Flag(_) | Column::Integers(_) | Column::Booleans(_) => {
                Vec::new()
            }
        }
    }

    /// The row of an item in a text buffer.
    pub fn row_of(&self, item: usize) -> usize {
        match self {
            Column::Texts(lists) => lists.ends.partition_point(|&end| end <= item),
            Column::Messages(lists) => lists.ends.partition_point(|&end| end <= item),
            _ => item,
        }
    }

    /// Size of the values in bytes, about.
    fn byte_len(&self) -> usize {
        match self {
            Column::Integer(values) => 8 * values.len(),
            Column::Boolean(values) => 8 * values.len(),
            Column::Flag(values) => values.len(),
            Column::Integers(lists) => 8 * lists.items.len(),
            Column::Booleans(lists) => lists.items.len(),
            _ => self.texts().into_iter().map(TextColumn::byte_len).sum(),
        }
    }
}

/// A value to append to a column.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Text. It should be UTF-8; a sink refuses other bytes.
    Text(&'a [u8]),
    /// An integer or null.
    Integer(Option<i64>),
    /// A boolean.
    Boolean(bool),
    /// A boolean or null.
    Flag(Option<bool>),
    /// A list of texts.
    Texts(&'a [String]),
    /// A list of integers.
    Integers(&'a [i64]),
    /// A list of booleans.
    Booleans(&'a [bool]),
    /// A conversation.
    Messages(&'a [Message]),
    /// What an answer is judged by: style and ground truth.
    Reward([&'a str; 2]),
}

/// A batch of rows with a [`Schema`].
#[derive(Clone, Debug)]
pub struct Rows {
    schema: Schema,
    columns: Vec<Column>,
    len: usize,
}

impl Rows {
    /// An empty batch.
    pub fn new(schema: Schema) -> Self {
        let columns = schema.iter().map(|spec| Column::new(spec.kind)).collect();
        Rows { schema, columns, len: 0 }
    }

    /// Appends a row. It panics if a value is not of its column's kind, or if the number of values is not that of the columns; each kind of record fixes its
    /// columns at compile time.
    pub fn push<'a>(&mut self, values: impl IntoIterator<Item = Value<'a>>) {
        let mut values = values.into_iter();
        for column in &mut self.columns {
            match values.next() {
                Some(value) => column.push(value),
                None => panic!("a row with fewer values than columns"),
            }
        }
        assert!(values.next().is_none(), "a row with more values than columns");
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

    /// The schema.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The columns, in the order of the schema.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The columns without the batch.
    pub fn into_columns(self) -> Vec<Column> {
        self.columns
    }

    /// Size of all values in bytes, about.
    pub fn byte_len(&self) -> usize {
        self.columns.iter().map(Column::byte_len).sum()
    }

    /// Removes all rows and keeps the memory.
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Keeps the first rows, and the memory.
    pub fn truncate(&mut self, len: usize) {
        self.columns.iter_mut().for_each(|column| column.truncate(len));
        self.len = self.len.min(len);
    }
}
