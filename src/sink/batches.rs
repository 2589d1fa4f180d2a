//! Files of rows, whatever their format: Parquet, or JSON Lines, plain or packed by gzip or zstd. The first bytes say which one it is, not the name.
//!
//! A file comes in batches of some rows. One thread takes the batches from the file, and any other can read the rows of a batch.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use super::{Row, SinkError};
use crate::lines::skip_line;

/// Greatest length of a line in bytes. A longer line gets an error and is skipped without being held in memory.
pub const LONGEST_LINE: usize = 64 << 20;

/// Size from which a batch of lines is whole.
const BATCH_BYTES: usize = 1 << 18;

/// Number of lines from which a batch is whole.
const BATCH_LINES: usize = 256;

/// How often a file may be packed, one way in the other.
const MOST_PACKED: usize = 3;

/// The formats that the first bytes of a file tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Magic {
    Parquet,
    Zstd,
    Gzip,
    /// The byte order mark of UTF-8.
    Mark,
    Utf16,
}

const MAGIC: [(&[u8], Magic); 6] = [
    (b"PAR1", Magic::Parquet),
    (b"\x28\xb5\x2f\xfd", Magic::Zstd),
    (b"\x1f\x8b", Magic::Gzip),
    (b"\xef\xbb\xbf", Magic::Mark),
    (b"\xff\xfe{", Magic::Utf16),
    (b"\xfe\xff\0{", Magic::Utf16),
];

/// A file, or another source of bytes.
pub type Bytes = Box<dyn Read + Send>;

/// Reads no more of the source than is needed to know its format. Gives the format and the source from its beginning.
fn sniff(mut source: Bytes) -> io::Result<(Option<Magic>, Bytes)> {
    let mut head = Vec::new();
    let magic = loop {
        if let Some((_, magic)) = MAGIC.iter().find(|(bytes, _)| head.starts_with(bytes)) {
            break Some(*magic);
        }
        if !MAGIC.iter().any(|(bytes, _)| bytes.starts_with(&head)) {
            break None;
        }
        if source.by_ref().take(1).read_to_end(&mut head)? == 0 {
            break None;
        }
    };
    Ok((magic, Box::new(Cursor::new(head).chain(source))))
}

/// Lines of text, unpacked.
pub struct Lines {
    input: BufReader<Bytes>,
    /// Whether a batch takes no more lines than are there, since the next one may be an answer to it.
    waits: bool,
    number: u64,
    start: u64,
    /// Whether a byte of the source is a byte of the text.
    is_plain: bool,
}

impl Lines {
    fn new(mut source: Bytes, waits: bool) -> Result<Result<Lines, Bytes>, SinkError> {
        let (mut start, mut is_plain) = (0, true);
        for _ in 0..=MOST_PACKED {
            let (magic, whole) = sniff(source)?;
            source = match magic {
                None => {
                    let input = BufReader::with_capacity(1 << 16, whole);
                    return Ok(Ok(Lines { input, waits, number: 0, start, is_plain }));
                }
                Some(Magic::Mark) => {
                    let mut whole = whole;
                    start += whole.by_ref().take(3).read_to_end(&mut Vec::new())? as u64;
                    whole
                }
                Some(Magic::Gzip) => {
                    is_plain = false;
                    Box::new(flate2::read::MultiGzDecoder::new(whole))
                }
                Some(Magic::Zstd) => {
                    is_plain = false;
                    Box::new(zstd::Decoder::new(whole)?)
                }
                Some(Magic::Utf16) => return Err(SinkError::Format("UTF-16; convert it to UTF-8")),
                Some(Magic::Parquet) if is_plain => return Ok(Err(whole)),
                Some(Magic::Parquet) => {
                    return Err(SinkError::Format("Parquet packed by gzip or zstd; unpack it first"));
                }
            };
        }
        Err(SinkError::Format("packed again and again; unpack it first"))
    }

    /// Whether the file can be read at the places of its lines.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// The text from here on.
    pub fn text(self) -> impl Read {
        self.input
    }

    fn batch(&mut self) -> io::Result<Option<LineBatch>> {
        let mut batch = LineBatch { bytes: Vec::new(), lines: Vec::new() };
        while batch.bytes.len() < BATCH_BYTES && batch.lines.len() < BATCH_LINES {
            if self.waits && !batch.lines.is_empty() && memchr::memchr(b'\n', self.input.buffer()).is_none() {
                break;
            }
            let before = batch.bytes.len();
            let read = self.input.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut batch.bytes)?;
            if read == 0 {
                break;
            }
            let too_long = read > LONGEST_LINE && batch.bytes.last() != Some(&b'\n');
            let mut bytes = read as u64;
            if too_long {
                batch.bytes.truncate(before);
                bytes += skip_line(&mut self.input, |_| ())?;
            }
            self.number += 1;
            batch.lines.push(LinePlace { number: self.number, start: self.start, end: batch.bytes.len(), too_long });
            self.start += bytes;
        }
        Ok(if batch.lines.is_empty() { None } else { Some(batch) })
    }
}

/// Some lines.
pub struct LineBatch {
    bytes: Vec<u8>,
    lines: Vec<LinePlace>,
}

struct LinePlace {
    number: u64,
    start: u64,
    end: usize,
    too_long: bool,
}

/// A row of a file, or what stands in its place.
pub struct Entry<'a> {
    /// Number of the line or row in the file, from 1.
    pub number: u64,
    /// Offset of the line in the text.
    pub start: u64,
    /// What is there.
    pub body: Body<'a>,
}

/// What a file has in the place of a row.
pub enum Body<'a> {
    /// A line, without its end.
    Line(&'a [u8]),
    /// A line of more than [`LONGEST_LINE`] bytes.
    TooLong,
    /// A row.
    Row(Row),
    /// The rest of the batch cannot be read.
    Broken(SinkError),
}

/// Some rows of a file.
pub enum Batch {
    /// Lines.
    Lines(LineBatch),
    /// A row group of a Parquet file: its path, the number of the group, the number of rows before it, and its own number of rows.
    Group(PathBuf, usize, u64, u64),
}

impl Batch {
    /// Number of rows or lines before it.
    pub fn before(&self) -> u64 {
        match self {
            Batch::Lines(lines) => lines.lines.first().map_or(0, |line| line.number.saturating_sub(1)),
            Batch::Group(_, _, before, _) => *before,
        }
    }

    /// Number of its rows or lines, blank ones included.
    pub fn length(&self) -> u64 {
        match self {
            Batch::Lines(lines) => lines.lines.len() as u64,
            Batch::Group(_, _, _, rows) => *rows,
        }
    }

    /// Calls `each` with each row, until it says false. Blank lines are left out.
    pub fn each(self, each: &mut dyn FnMut(Entry<'_>) -> bool) {
        match self {
            Batch::Lines(LineBatch { bytes, lines }) => {
                let mut from = 0;
                for LinePlace { number, start, end, too_long } in lines {
                    let line = bytes.get(from..end).unwrap_or_default().trim_ascii_end();
                    from = end;
                    let body = if too_long { Body::TooLong } else { Body::Line(line) };
                    if (too_long || !line.trim_ascii().is_empty()) && !each(Entry { number, start, body }) {
                        return;
                    }
                }
            }
            Batch::Group(path, group, before, _) => {
                let mut number = before;
                let mut next = |body| {
                    number += 1;
                    each(Entry { number, start: 0, body })
                };
                if let Err(error) = read_group(&path, group, &mut |row| next(Body::Row(row))) {
                    next(Body::Broken(error));
                }
            }
        }
    }
}

#[cfg(feature = "parquet")]
fn read_group(path: &Path, group: usize, each: &mut dyn FnMut(Row) -> bool) -> Result<(), SinkError> {
    super::parquet::read_group(File::open(path)?, group, each)
}

#[cfg(not(feature = "parquet"))]
fn read_group(_: &Path, _: usize, _: &mut dyn FnMut(Row) -> bool) -> Result<(), SinkError> {
    Err(SinkError::NoParquet)
}

#[cfg(feature = "parquet")]
fn groups(path: &Path) -> Result<Vec<u64>, SinkError> {
    super::parquet::groups(File::open(path)?)
}

#[cfg(not(feature = "parquet"))]
fn groups(_: &Path) -> Result<Vec<u64>, SinkError> {
    Err(SinkError::NoParquet)
}

/// A file of rows.
pub enum Batches {
    /// Lines of text.
    Lines(Lines),
    /// A Parquet file.
    Groups(Groups),
}

/// The row groups of a Parquet file that were not taken yet.
pub struct Groups {
    path: PathBuf,
    /// Number of rows of each group.
    rows: Vec<u64>,
    next: usize,
    before: u64,
}

impl Batches {
    /// Opens a file. A Parquet file is read at many places, so it must be a file that has places.
    pub fn open(path: &Path) -> Result<Batches, SinkError> {
        let file = File::open(path)?;
        let waits = !file.metadata()?.is_file();
        match Self::of(Box::new(file), waits)? {
            Ok(batches) => Ok(batches),
            Err(_) if waits => Err(SinkError::Format("a Parquet file from a pipe; give the file itself")),
            Err(_) => Ok(Batches::Groups(Groups { path: path.into(), rows: groups(path)?, next: 0, before: 0 })),
        }
    }

    /// The lines of a source; or the source from its beginning, if it is a Parquet file. With `waits` a batch takes no more lines than are there.
    pub fn of(source: Bytes, waits: bool) -> Result<Result<Batches, Bytes>, SinkError> {
        Ok(Lines::new(source, waits)?.map(Batches::Lines))
    }

    /// The next batch.
    pub fn next_batch(&mut self) -> io::Result<Option<Batch>> {
        match self {
            Batches::Lines(lines) => Ok(lines.batch()?.map(Batch::Lines)),
            Batches::Groups(Groups { path, rows, next, before }) => {
                let Some(count) = rows.get(*next) else { return Ok(None) };
                let batch = Batch::Group(path.clone(), *next, *before, *count);
                (*next, *before) = (*next + 1, before.saturating_add(*count));
                Ok(Some(batch))
            }
        }
    }
}
