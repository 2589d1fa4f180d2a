//! Tests that all formats hold the same rows.

use std::io::Read;

use super::{Encoder, FileWriter, Format, push_json, row_json};
use crate::table::{
    Column, ColumnKind, ColumnSpec, Message, PROMPT_COMPLETION, Rows, Schema, TextColumn, Value, column,
};

/// A schema with all kinds of columns.
fn schema() -> Schema {
    const OWN: [ColumnSpec; 5] = [
        column("texts", ColumnKind::Texts, ""),
        column("integers", ColumnKind::Integers, ""),
        column("booleans", ColumnKind::Booleans, ""),
        column("messages", ColumnKind::Messages, ""),
        column("reward", ColumnKind::Reward, ""),
    ];
    Schema::new(&PROMPT_COMPLETION, &OWN)
}

/// The lists of a row, of 0 to 3 items.
struct Lists {
    texts: Vec<String>,
    integers: Vec<i64>,
    booleans: Vec<bool>,
    messages: Vec<Message>,
}

fn lists(row: i64) -> Lists {
    let items = 0..row % 4;
    let message =
        |item| Message { role: if item % 2 == 0 { "user" } else { "assistant" }, content: format!("{item}\n") };
    Lists {
        texts: items.clone().map(|item| format!("{row} \"{item}\"")).collect(),
        integers: items.clone().map(|item| item * row - 3).collect(),
        booleans: items.clone().map(|item| item == 1).collect(),
        messages: items.map(message).collect(),
    }
}

/// Rows with all kinds of values: nulls, escapes, texts of several lengths, and empty lists.
fn rows(count: i64, size: usize) -> Rows {
    let schema = schema();
    let mut rows = Rows::new(schema.clone());
    for row in 0..count {
        let text = format!("{row} \"é\\\n{}", "x".repeat(row as usize % 7 * size));
        let lists = lists(row);
        rows.push(schema.iter().map(|spec| match spec.kind {
            ColumnKind::Text => Value::Text(text.as_bytes()),
            ColumnKind::Integer => Value::Integer((row % 3 != 1).then_some(row - 5)),
            ColumnKind::Boolean => Value::Boolean(row % 2 == 0),
            ColumnKind::Flag => Value::Flag((row % 3 != 2).then_some(row % 2 == 0)),
            ColumnKind::Texts => Value::Texts(&lists.texts),
            ColumnKind::Integers => Value::Integers(&lists.integers),
            ColumnKind::Booleans => Value::Booleans(&lists.booleans),
            ColumnKind::Messages => Value::Messages(&lists.messages),
            ColumnKind::Reward => Value::Reward(["rule", &text]),
        }));
    }
    rows
}

/// The file of some batches.
fn file(format: Format, batches: &[Rows]) -> Vec<u8> {
    let mut encoder = Encoder::new(format, &schema()).unwrap();
    let mut writer = FileWriter::new(format, &schema(), Vec::new()).unwrap();
    for batch in batches {
        if let Some(piece) = encoder.push(batch).unwrap() {
            writer.append(piece).unwrap();
        }
    }
    if let Some(piece) = encoder.finish().unwrap() {
        writer.append(piece).unwrap();
    }
    writer.finish().unwrap()
}

fn json(rows: &Rows, row: usize, column: usize) -> serde_json::Value {
    let lists = lists(row as i64);
    match &rows.columns()[column] {
        Column::Text(text) => std::str::from_utf8(text.get(row)).unwrap().into(),
        Column::Integer(values) => values[row].into(),
        Column::Boolean(values) => values[row].into(),
        Column::Flag(values) => values[row].into(),
        Column::Texts(_) => lists.texts.into(),
        Column::Integers(_) => lists.integers.into(),
        Column::Booleans(_) => lists.booleans.into(),
        Column::Messages(_) => {
            let message = |message: Message| serde_json::json!({"role": message.role, "content": message.content});
            lists.messages.into_iter().map(message).collect::<Vec<_>>().into()
        }
        Column::Reward((styles, truths)) => {
            let text = |column: &TextColumn| std::str::from_utf8(column.get(row)).unwrap().to_string();
            serde_json::json!({"style": text(styles), "ground_truth": text(truths)})
        }
    }
}

#[test]
fn rows_read_as_objects() {
    let rows = rows(20, 3);
    for row in 0..20 {
        let found = row_json(&rows, row).unwrap();
        for (column, spec) in schema().iter().enumerate() {
            assert_eq!(found[spec.name], json(&rows, row, column), "row {row}, {}", spec.name);
        }
    }
}

/// What is written as JSON and read again has the same bytes in every format; a row that lacks a column, or has another kind of value, is refused.
#[test]
fn rows_come_back_from_json() {
    let (there, mut back) = (rows(40, 50), Rows::new(schema()));
    let object = |row: usize| row_json(&there, row).unwrap();
    for row in 0..there.len() {
        push_json(&mut back, &object(row)).unwrap();
        assert_eq!(row_json(&back, row), Some(object(row)));
    }
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        assert!(file(format, std::slice::from_ref(&back)) == file(format, std::slice::from_ref(&there)), "{format}");
    }
    for spec in schema().iter() {
        let mut lacking = object(1);
        lacking.remove(spec.name);
        let mut other = object(1);
        other.insert(spec.name.into(), serde_json::json!({"role": 1}));
        assert_eq!([push_json(&mut back, &lacking), push_json(&mut back, &other)], [None, None], "{}", spec.name);
    }
    let mut stranger = object(1);
    stranger["messages"] = serde_json::json!([{"role": "nobody", "content": "x"}]);
    assert_eq!((push_json(&mut back, &stranger), back.len()), (None, 40));
}

#[test]
fn json_lines_hold_the_rows() {
    let rows = rows(300, 3);
    let plain = file(Format::JsonLines, std::slice::from_ref(&rows));
    for (row, line) in plain.split(|byte| *byte == b'\n').take(300).enumerate() {
        let found: serde_json::Map<_, _> = serde_json::from_slice(line).unwrap();
        assert_eq!(found.len(), schema().len());
        for (column, spec) in schema().iter().enumerate() {
            assert_eq!(found[spec.name], json(&rows, row, column), "row {row}, {}", spec.name);
        }
    }
    let mut unpacked = Vec::new();
    let packed = file(Format::JsonLinesZstd, &[rows]);
    zstd::Decoder::with_buffer(&packed[..]).unwrap().single_frame().read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == plain);
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_the_rows() {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    let rows = rows(300, 3);
    let bytes = file(Format::Parquet, std::slice::from_ref(&rows));
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes.clone())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.parquet");
    std::fs::write(&path, bytes).unwrap();
    let mut count = 0;
    super::read_rows(Format::Parquet, &path, &mut |found| {
        for (column, spec) in schema().iter().enumerate() {
            assert_eq!(found[spec.name], json(&rows, count, column), "row {count}, {}", spec.name);
        }
        count += 1;
    })
    .unwrap();
    assert_eq!(count, 300);
    let file = reader.metadata().file_metadata();
    assert_eq!(file.created_by(), Some(concat!("stream-of-search version ", env!("CARGO_PKG_VERSION"))));
    for column in reader.metadata().row_group(0).columns() {
        assert!(column.column_index_offset().is_some() && column.offset_index_offset().is_some());
    }
}

#[cfg(feature = "parquet")]
#[test]
fn large_rows_end_a_row_group_early() {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    // 7 rows of up to 6 x 20 kB in each of 14 text columns: about 6 MB for a batch.
    let batches: Vec<_> = (0..14).map(|_| rows(7, 20_000)).collect();
    let reader = SerializedFileReader::new(bytes::Bytes::from(file(Format::Parquet, &batches))).unwrap();
    let sizes: Vec<_> = reader.metadata().row_groups().iter().map(|group| group.total_byte_size()).collect();
    assert!(sizes.len() > 1, "{sizes:?}");
    assert!(sizes.iter().all(|size| *size < 100_000_000), "{sizes:?}");
}

#[cfg(feature = "parquet")]
#[test]
fn repetitive_columns_are_text_columns_of_the_schema() {
    for name in super::parquet::REPETITIVE {
        assert!(Schema::default().iter().any(|spec| spec.name == name && spec.kind == ColumnKind::Text), "{name}");
    }
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    let mut batch = rows(2, 1);
    batch.push(schema().iter().map(|spec| match spec.kind {
        ColumnKind::Text if spec.name == "answer" => Value::Text(b"\xc3"),
        ColumnKind::Text => Value::Text(b"fine"),
        ColumnKind::Integer => Value::Integer(None),
        ColumnKind::Boolean => Value::Boolean(true),
        ColumnKind::Flag => Value::Flag(None),
        ColumnKind::Texts => Value::Texts(&[]),
        ColumnKind::Integers => Value::Integers(&[]),
        ColumnKind::Booleans => Value::Booleans(&[]),
        ColumnKind::Messages => Value::Messages(&[]),
        ColumnKind::Reward => Value::Reward(["", ""]),
    }));
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let error = Encoder::new(format, &schema()).unwrap().push(&batch).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("column \"answer\", row 2 of the batch: the text is not UTF-8"));
    }
}

#[test]
fn formats_have_their_names() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let error = "csv".parse::<Format>().map_err(|error| error.to_string());
    assert_eq!(error, Err("format \"csv\" does not exist; use parquet, jsonl or jsonl.zst".to_string()));
}
