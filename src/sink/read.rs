//! Reads the files of a dataset, as far as an audit needs it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Format, Row, SinkError};
use crate::table::{Column, ColumnKind, Message, Rows, TextColumn, Value};

/// Greatest length of a line in bytes. A longer line is an error.
const LONGEST_LINE: u64 = 64 << 20;

/// The roles of messages.
const ROLES: [&str; 3] = ["system", "user", "assistant"];

/// Calls `each` with the id and the index of each row of a file, in order. Returns the number of rows.
pub fn read_ids(format: Format, path: &Path, each: &mut dyn FnMut(&[u8], Option<i64>)) -> Result<u64, SinkError> {
    let file = File::open(path)?;
    match format {
        Format::JsonLines => read_lines(BufReader::with_capacity(1 << 16, file), each),
        Format::JsonLinesZstd => read_lines(BufReader::with_capacity(1 << 16, zstd::Decoder::new(file)?), each),
        #[cfg(feature = "parquet")]
        Format::Parquet => super::parquet::read_ids(file, each),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(SinkError::NoParquet),
    }
}

/// Calls `each` with each row of a file, in order, as a JSON object.
pub fn read_rows(format: Format, path: &Path, each: &mut dyn FnMut(Row)) -> Result<(), SinkError> {
    let file = File::open(path)?;
    match format {
        Format::JsonLines => read_objects(BufReader::with_capacity(1 << 16, file), each),
        Format::JsonLinesZstd => read_objects(BufReader::with_capacity(1 << 16, zstd::Decoder::new(file)?), each),
        #[cfg(feature = "parquet")]
        Format::Parquet => super::parquet::read_rows(file, each),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(SinkError::NoParquet),
    }
}

fn text(column: &TextColumn, item: usize) -> Option<&str> {
    std::str::from_utf8(column.get(item)).ok()
}

/// A row of a batch as a JSON object; none where a text is not UTF-8.
pub fn row_json(rows: &Rows, row: usize) -> Option<Row> {
    let mut object = Row::new();
    for (spec, column) in rows.schema().iter().zip(rows.columns()) {
        let value = match column {
            Column::Text(column) => text(column, row)?.into(),
            Column::Integer(values) => (*values.get(row)?).into(),
            Column::Boolean(values) => (*values.get(row)?).into(),
            Column::Flag(values) => (*values.get(row)?).into(),
            Column::Texts(lists) => {
                let texts = lists.range(row).map(|item| text(lists.items(), item));
                texts.collect::<Option<Vec<&str>>>()?.into()
            }
            Column::Integers(lists) => lists.items().get(lists.range(row))?.into(),
            Column::Booleans(lists) => lists.items().get(lists.range(row))?.into(),
            Column::Messages(lists) => {
                let (roles, contents) = lists.items();
                let message = |item| Some(json!({"role": text(roles, item)?, "content": text(contents, item)?}));
                lists.range(row).map(message).collect::<Option<Vec<_>>>()?.into()
            }
            Column::Reward((styles, truths)) => {
                json!({"style": text(styles, row)?, "ground_truth": text(truths, row)?})
            }
        };
        object.insert(spec.name.into(), value);
    }
    Some(object)
}

/// Appends a row that [`row_json`] gave. None where a column is missing or is of another kind; then the batch has as many rows as before.
pub fn push_json(rows: &mut Rows, row: &Row) -> Option<()> {
    let columns = rows.schema().clone();
    let values = columns.iter().map(|spec| Owned::of(spec.kind, row.get(spec.name)?)).collect::<Option<Vec<_>>>()?;
    rows.push(values.iter().map(Owned::value));
    Some(())
}

/// A value out of JSON.
enum Owned<'a> {
    Plain(Value<'a>),
    Texts(Vec<String>),
    Integers(Vec<i64>),
    Booleans(Vec<bool>),
    Messages(Vec<Message>),
}

impl<'a> Owned<'a> {
    fn of(kind: ColumnKind, json: &'a Json) -> Option<Self> {
        fn list<T>(json: &Json, item: impl FnMut(&Json) -> Option<T>) -> Option<Vec<T>> {
            json.as_array()?.iter().map(item).collect()
        }
        fn text<'a>(json: &'a Json, name: &str) -> Option<&'a str> {
            json.get(name)?.as_str()
        }
        let unless_null = !json.is_null();
        Some(match kind {
            ColumnKind::Text => Owned::Plain(Value::Text(json.as_str()?.as_bytes())),
            ColumnKind::Integer if unless_null => Owned::Plain(Value::Integer(Some(json.as_i64()?))),
            ColumnKind::Integer => Owned::Plain(Value::Integer(None)),
            ColumnKind::Boolean => Owned::Plain(Value::Boolean(json.as_bool()?)),
            ColumnKind::Flag if unless_null => Owned::Plain(Value::Flag(Some(json.as_bool()?))),
            ColumnKind::Flag => Owned::Plain(Value::Flag(None)),
            ColumnKind::Texts => Owned::Texts(list(json, |item| Some(item.as_str()?.to_string()))?),
            ColumnKind::Integers => Owned::Integers(list(json, Json::as_i64)?),
            ColumnKind::Booleans => Owned::Booleans(list(json, Json::as_bool)?),
            ColumnKind::Messages => Owned::Messages(list(json, |item| {
                let role = ROLES.into_iter().find(|role| text(item, "role") == Some(role))?;
                Some(Message { role, content: text(item, "content")?.to_string() })
            })?),
            ColumnKind::Reward => Owned::Plain(Value::Reward([text(json, "style")?, text(json, "ground_truth")?])),
        })
    }

    fn value(&self) -> Value<'_> {
        match self {
            Owned::Plain(value) => *value,
            Owned::Texts(texts) => Value::Texts(texts),
            Owned::Integers(integers) => Value::Integers(integers),
            Owned::Booleans(booleans) => Value::Booleans(booleans),
            Owned::Messages(messages) => Value::Messages(messages),
        }
    }
}

fn read_objects(mut input: impl BufRead, each: &mut dyn FnMut(Row)) -> Result<(), SinkError> {
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        number += 1;
        let bad = |error: serde_json::Error| SinkError::Line { line: number, problem: error.to_string() };
        each(serde_json::from_slice(&line).map_err(bad)?);
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: std::borrow::Cow<'a, str>,
    index: Option<i64>,
}

fn read_lines(mut input: impl BufRead, each: &mut dyn FnMut(&[u8], Option<i64>)) -> Result<u64, SinkError> {
    let mut line = Vec::new();
    let mut rows = 0;
    loop {
        line.clear();
        if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(rows);
        }
        let bad = |problem: String| SinkError::Line { line: rows + 1, problem };
        if line.last() != Some(&b'\n') {
            return Err(bad("it does not end: the file is cut off, or the line is longer than 64 MiB".to_string()));
        }
        let row: Line<'_> = serde_json::from_slice(&line).map_err(|error| bad(error.to_string()))?;
        each(row.id.as_bytes(), row.index);
        rows += 1;
    }
}
