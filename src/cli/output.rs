//! Files of rows in a folder that a command makes from other datasets.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::Value;

use super::Failure;
use crate::generate::error::GenerateError;
use crate::generate::manifest::FileRecord;
use crate::generate::output::OpenFile;
use crate::rows::Row;
use crate::sink::{Encoder, Format, Piece, push_json};
use crate::table::{Rows, Schema};

/// Length of text from which lines go to the file.
const TEXT_BYTES: usize = 1 << 20;

/// Number of rows that go to the file together.
const BATCH_ROWS: usize = 64;

/// A file of rows while it is written. It has its name when it is complete.
pub struct RowFile {
    file: OpenFile,
    rows: u64,
    waiting: Waiting,
}

/// Rows that are not in the file yet.
enum Waiting {
    /// Of a file of lines. A row is written with all that it has.
    Lines(Vec<u8>, u64),
    /// Of a file with columns.
    Columns(Box<Encoder>, Rows),
}

impl RowFile {
    /// Creates a file, and its folder. Files of lines need no schema.
    pub fn new(path: &Path, format: Format, schema: Schema) -> Result<Self, Failure> {
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| failed(path, &error))?;
        let file = OpenFile::new(path.to_path_buf(), &schema, format, u64::MAX).map_err(not_made)?;
        let waiting = match format {
            Format::JsonLines | Format::JsonLinesZstd => Waiting::Lines(Vec::new(), 0),
            Format::Parquet => {
                let encoder = Encoder::new(format, &schema).map_err(|error| failed(path, &error))?;
                Waiting::Columns(Box::new(encoder), Rows::new(schema))
            }
        };
        Ok(RowFile { file, rows: 0, waiting })
    }

    /// Writes a row. An error where it has other columns than the file.
    pub fn write(&mut self, row: Row) -> Result<(), Failure> {
        let pieces = match &mut self.waiting {
            Waiting::Lines(text, rows) => {
                writeln!(text, "{}", Value::Object(row))?;
                *rows += 1;
                let full = text.len() >= TEXT_BYTES;
                full.then(|| Piece::of_lines(std::mem::take(text), std::mem::take(rows)))
            }
            Waiting::Columns(encoder, batch) => {
                push_json(batch, &row).ok_or_else(|| other_columns(batch.schema(), &row))?;
                let group = Format::Parquet.chunk_rows();
                let ends = (self.rows + 1).is_multiple_of(group);
                if batch.len() < BATCH_ROWS && !ends { None } else { encoded(encoder, batch, ends)? }
            }
        };
        self.rows += 1;
        pieces.map_or(Ok(()), |piece| self.file.append(piece).map_err(not_made))
    }

    /// Number of rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends the file. Gives its entry in a manifest.
    pub fn finish(mut self) -> Result<FileRecord, Failure> {
        let last = match &mut self.waiting {
            Waiting::Lines(text, rows) => Some(Piece::of_lines(std::mem::take(text), *rows)),
            Waiting::Columns(encoder, batch) => encoded(encoder, batch, true)?,
        };
        if let Some(piece) = last {
            self.file.append(piece).map_err(not_made)?;
        }
        self.file.finish().map_err(not_made)
    }
}

/// Encodes a batch and empties it. Gives a piece where there are rows enough for one, or where all rows must be in one now.
fn encoded(encoder: &mut Encoder, batch: &mut Rows, ends: bool) -> Result<Option<Piece>, Failure> {
    let wrong = |error: crate::sink::SinkError| Failure::System(error.to_string());
    let full = encoder.push(batch).map_err(wrong)?;
    batch.clear();
    match full {
        Some(piece) => Ok(Some(piece)),
        None if ends => encoder.finish().map_err(wrong),
        None => Ok(None),
    }
}

/// The failure of a row that does not fit the columns of its file.
fn other_columns(schema: &Schema, row: &Row) -> Failure {
    let index = row.get("source_index").or(row.get("index")).cloned().unwrap_or_default();
    let lacks = schema.iter().find(|spec| !row.contains_key(spec.name));
    let what = match lacks {
        Some(spec) => format!("lacks the column \"{}\"", spec.name),
        None => "has a value of another kind than its column".into(),
    };
    Failure::Request(format!("row {index} {what}; --format jsonl takes any rows"))
}

/// Writes a small file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| failed(path, &error))
}

/// The path of a file that holds all rows of a split in a config.
pub fn file_of(config: &str, split: &str, format: Format) -> String {
    format!("{config}/{split}-00000-of-00001.{format}")
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::System(format!("{}: {error}", path.display()))
}

fn not_made(error: GenerateError) -> Failure {
    Failure::System(error.to_string())
}
