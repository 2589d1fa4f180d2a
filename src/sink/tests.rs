//! Every format holds the same rows.

use std::io::Read;

use super::{Encoder, FileWriter, Format};
use crate::record::rows::{Column, ColumnKind, Rows, SCHEMA, Value};

/// Rows with every kind of value: nulls, escapes, and texts of several lengths.
fn rows(count: i64, size: usize) -> Rows {
    let mut rows = Rows::new();
    for row in 0..count {
        let text = format!("{row} \"é\\\n{}", "x".repeat(row as usize % 7 * size));
        rows.push(SCHEMA.map(|spec| match spec.kind {
            ColumnKind::Text => Value::Text(text.as_bytes()),
            ColumnKind::Integer => Value::Integer((row % 3 != 1).then_some(row - 5)),
            ColumnKind::Boolean => Value::Boolean(row % 2 == 0),
        }));
    }
    rows
}

/// The file that rows make, given in batches of so many.
fn file(format: Format, batches: &[Rows]) -> Vec<u8> {
    let mut encoder = Encoder::new(format).unwrap();
    let mut writer = FileWriter::new(format, Vec::new()).unwrap();
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
    match &rows.columns()[column] {
        Column::Text(text) => std::str::from_utf8(text.get(row)).unwrap().into(),
        Column::Integer(values) => values[row].into(),
        Column::Boolean(values) => values[row].into(),
    }
}

#[test]
fn json_lines_hold_the_rows() {
    let rows = rows(300, 3);
    let plain = file(Format::JsonLines, std::slice::from_ref(&rows));
    for (row, line) in plain.split(|byte| *byte == b'\n').take(300).enumerate() {
        let found: serde_json::Map<_, _> = serde_json::from_slice(line).unwrap();
        assert_eq!(found.len(), SCHEMA.len());
        for (column, spec) in SCHEMA.iter().enumerate() {
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
    use ::parquet::record::Field;
    let rows = rows(300, 3);
    let reader =
        SerializedFileReader::new(bytes::Bytes::from(file(Format::Parquet, std::slice::from_ref(&rows)))).unwrap();
    let mut count = 0;
    for (row, found) in reader.get_row_iter(None).unwrap().enumerate() {
        for (column, (name, field)) in found.unwrap().get_column_iter().enumerate() {
            let field = match field {
                Field::Str(text) => text.as_str().into(),
                Field::Long(number) => (*number).into(),
                Field::Bool(truth) => (*truth).into(),
                Field::Null => serde_json::Value::Null,
                other => panic!("{other:?}"),
            };
            assert_eq!((name.as_str(), field), (SCHEMA[column].name, json(&rows, row, column)));
        }
        count += 1;
    }
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
    // 7 rows of up to 6 x 20 kB in each of 14 text columns: some 6 MB a batch.
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
        assert!(SCHEMA.iter().any(|spec| spec.name == name && spec.kind == ColumnKind::Text), "{name}");
    }
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    let mut batch = rows(2, 1);
    batch.push(SCHEMA.map(|spec| match spec.kind {
        ColumnKind::Text if spec.name == "answer" => Value::Text(b"\xc3"),
        ColumnKind::Text => Value::Text(b"fine"),
        ColumnKind::Integer => Value::Integer(None),
        ColumnKind::Boolean => Value::Boolean(true),
    }));
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        let error = Encoder::new(format).unwrap().push(&batch).err().map(|error| error.to_string());
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
