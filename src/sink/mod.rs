//! File formats of a dataset.
//!
//! Writing a file has two parts, so that the expensive one runs in many threads. An [`Encoder`] turns rows into [`Piece`]s (a worker has one
//! for each file that it works on). A [`FileWriter`] appends the pieces of one file in order. The bytes of a file depend on its rows and on
//! where its pieces end, not on who encoded them.

pub mod batches;
mod json_lines;
#[cfg(feature = "parquet")]
mod parquet;
pub mod read;

pub(crate) use json_lines::write_row;
pub use read::{push_json, read_rows, row_json};

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use crate::table::{Rows, Schema, TextColumn};

/// Zstd level of all formats. It compresses text well at hundreds of megabytes per second.
const ZSTD_LEVEL: i32 = 3;

/// A row as a JSON object.
pub type Row = serde_json::Map<String, serde_json::Value>;

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Apache Parquet, compressed with zstd.
    Parquet,
    /// JSON Lines: one object for each row.
    JsonLines,
    /// JSON Lines in one zstd frame.
    JsonLinesZstd,
}

impl Format {
    /// All formats, the default first.
    pub const ALL: [Format; 3] = [Format::Parquet, Format::JsonLines, Format::JsonLinesZstd];

    /// The name on the command line. It is also the extension of a file.
    pub fn name(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::JsonLines => "jsonl",
            Format::JsonLinesZstd => "jsonl.zst",
        }
    }

    /// Whether this build of the program can write and read the format.
    pub fn is_available(self) -> bool {
        self != Format::Parquet || cfg!(feature = "parquet")
    }

    /// Number of rows that a worker encodes at a time. A Parquet row group ends there at the latest, so these numbers decide bytes of a file.
    pub(crate) fn chunk_rows(self) -> u64 {
        match self {
            Format::Parquet => 2048,
            Format::JsonLines | Format::JsonLinesZstd => 512,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Format::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| UnknownFormat(name.to_string()))
    }
}

/// A format name that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("format \"{0}\" does not exist; use parquet, jsonl or jsonl.zst")]
pub struct UnknownFormat(pub String);

/// Errors in encoding rows, and in writing or reading a file.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// An error of the operating system.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A text value is not UTF-8.
    #[error("column \"{column}\", row {row} of the batch: the text is not UTF-8")]
    NotUtf8 {
        /// Name of the column.
        column: &'static str,
        /// Row in the batch, from 0.
        row: usize,
    },
    /// A line of a file is not a row of this program.
    #[error("line {line}: {problem}")]
    Line {
        /// Line, from 1.
        line: u64,
        /// The problem.
        problem: String,
    },
    /// An error of the Parquet library.
    #[error("Parquet: {0}")]
    Parquet(String),
    /// A file that is no file of rows.
    #[error("the file is {0}")]
    Format(&'static str),
    /// This build has no Parquet.
    #[error("this build has no Parquet; use jsonl or jsonl.zst, or build with the feature \"parquet\"")]
    NoParquet,
}

#[cfg(feature = "parquet")]
impl From<::parquet::errors::ParquetError> for SinkError {
    fn from(error: ::parquet::errors::ParquetError) -> Self {
        use ::parquet::errors::ParquetError;
        match error {
            ParquetError::External(source) => match source.downcast::<io::Error>() {
                Ok(source) => SinkError::Io(*source),
                Err(source) => SinkError::Parquet(source.to_string()),
            },
            other => SinkError::Parquet(other.to_string()),
        }
    }
}

/// Encoded rows, ready to append to a file.
pub struct Piece {
    body: Body,
    rows: u64,
    weight: usize,
}

enum Body {
    Bytes(Vec<u8>),
    #[cfg(feature = "parquet")]
    RowGroup(parquet::RowGroup),
}

impl Piece {
    /// Whole lines, for a file of lines.
    #[cfg(feature = "cli")]
    pub(crate) fn of_lines(text: Vec<u8>, rows: u64) -> Piece {
        lines_piece((text, rows))
    }

    /// Number of rows in the piece.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Memory of the piece in bytes, about.
    pub fn weight(&self) -> usize {
        self.weight
    }
}

/// Turns rows into pieces.
pub struct Encoder(Encoding);

enum Encoding {
    Lines(json_lines::Lines),
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::RowGroupEncoder>),
}

impl Encoder {
    /// An encoder for rows with this schema in a format.
    pub fn new(format: Format, schema: &Schema) -> Result<Self, SinkError> {
        Ok(Encoder(match format {
            Format::JsonLines | Format::JsonLinesZstd => Encoding::Lines(json_lines::Lines::default()),
            #[cfg(feature = "parquet")]
            Format::Parquet => Encoding::Parquet(Box::new(parquet::RowGroupEncoder::new(schema)?)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => {
                let _ = schema;
                return Err(SinkError::NoParquet);
            }
        }))
    }

    /// Takes rows. Gives a piece as soon as there are enough rows for one.
    pub fn push(&mut self, rows: &Rows) -> Result<Option<Piece>, SinkError> {
        check_utf8(rows)?;
        match &mut self.0 {
            Encoding::Lines(lines) => {
                lines.push(rows);
                Ok(lines.take_if_full().map(lines_piece))
            }
            #[cfg(feature = "parquet")]
            Encoding::Parquet(group) => {
                group.push(rows)?;
                if group.is_full() { Ok(Some(group_piece(group.finish()?))) } else { Ok(None) }
            }
        }
    }

    /// Ends a chunk. Gives a piece with the remaining rows, if there are any.
    pub fn finish(&mut self) -> Result<Option<Piece>, SinkError> {
        match &mut self.0 {
            Encoding::Lines(lines) => Ok(lines.take().map(lines_piece)),
            #[cfg(feature = "parquet")]
            Encoding::Parquet(group) if group.is_empty() => Ok(None),
            #[cfg(feature = "parquet")]
            Encoding::Parquet(group) => Ok(Some(group_piece(group.finish()?))),
        }
    }
}

fn lines_piece((bytes, rows): (Vec<u8>, u64)) -> Piece {
    Piece { weight: bytes.capacity(), rows, body: Body::Bytes(bytes) }
}

#[cfg(feature = "parquet")]
fn group_piece(group: parquet::RowGroup) -> Piece {
    Piece { weight: group.weight(), rows: group.rows(), body: Body::RowGroup(group) }
}

fn check_utf8(rows: &Rows) -> Result<(), SinkError> {
    for (spec, column) in rows.schema().iter().zip(rows.columns()) {
        if let Some(item) = column.texts().into_iter().find_map(TextColumn::first_not_utf8) {
            return Err(SinkError::NotUtf8 { column: spec.name, row: column.row_of(item) });
        }
    }
    Ok(())
}

/// Writes the pieces of one file.
pub struct FileWriter<W: Write + Send>(Writing<W>);

enum Writing<W: Write + Send> {
    Lines(W),
    Zstd(zstd::Encoder<'static, W>),
    #[cfg(feature = "parquet")]
    Parquet(parquet::FileWriter<W>),
}

impl<W: Write + Send> FileWriter<W> {
    /// Starts a file for rows with this schema in a format.
    pub fn new(format: Format, schema: &Schema, out: W) -> Result<Self, SinkError> {
        Ok(FileWriter(match format {
            Format::JsonLines => Writing::Lines(out),
            Format::JsonLinesZstd => Writing::Zstd(checked_zstd(out)?),
            #[cfg(feature = "parquet")]
            Format::Parquet => Writing::Parquet(parquet::FileWriter::new(schema, out)?),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => {
                let _ = schema;
                return Err(SinkError::NoParquet);
            }
        }))
    }

    /// Appends a piece from an encoder of the same format.
    pub fn append(&mut self, piece: Piece) -> Result<(), SinkError> {
        match (&mut self.0, piece.body) {
            (Writing::Lines(out), Body::Bytes(bytes)) => Ok(out.write_all(&bytes)?),
            (Writing::Zstd(out), Body::Bytes(bytes)) => Ok(out.write_all(&bytes)?),
            #[cfg(feature = "parquet")]
            (Writing::Parquet(out), Body::RowGroup(group)) => out.append(group),
            #[cfg(feature = "parquet")]
            _ => Err(SinkError::Parquet("a piece of another format".to_string())),
        }
    }

    /// Ends the file and returns the writer.
    pub fn finish(self) -> Result<W, SinkError> {
        match self.0 {
            Writing::Lines(out) => Ok(out),
            Writing::Zstd(out) => Ok(out.finish()?),
            #[cfg(feature = "parquet")]
            Writing::Parquet(out) => out.finish(),
        }
    }
}

/// An encoder that makes one frame for the file. Some readers stop at the end of the first frame and would lose rows without an error.
fn checked_zstd<W: Write>(out: W) -> io::Result<zstd::Encoder<'static, W>> {
    let mut encoder = zstd::Encoder::new(out, ZSTD_LEVEL)?;
    encoder.include_checksum(true)?;
    Ok(encoder)
}

#[cfg(test)]
mod tests;
