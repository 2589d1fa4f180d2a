//! JSON Lines in, JSON Lines out: one answer for each line, in order, whatever the line contains.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use super::Failure;
use crate::lines::skip_line;
use crate::request::RequestError;

/// Greatest length of a line in bytes. A longer line gets an error and is skipped without being held in memory.
pub const LONGEST: usize = 64 << 20;

/// Opens a file or standard input.
pub fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let file = File::open(path).map_err(|error| {
        Failure::Request(format!("{}: {error}; give a file, or - for standard input", path.display()))
    })?;
    Ok(Box::new(BufReader::with_capacity(1 << 16, file)))
}

/// A line, or an error.
pub type Line<T> = Result<T, RequestError>;

/// The result of reading a line.
pub struct Read {
    /// Number of bytes that were read.
    pub bytes: u64,
    /// Whether the line is longer than [`LONGEST`]. Only its beginning was kept.
    pub too_long: bool,
}

/// Reads the next line; none at the end of the input.
pub fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<Option<Read>> {
    line.clear();
    let read = std::io::Read::take(&mut *input, LONGEST as u64 + 1).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(None);
    }
    let too_long = read > LONGEST && line.last() != Some(&b'\n');
    let skipped = if too_long { skip_line(input, |_| ())? } else { 0 };
    Ok(Some(Read { bytes: read as u64 + skipped, too_long }))
}

/// The error for a line that is too long.
pub fn too_long() -> RequestError {
    RequestError::new("line", format!("longer than {LONGEST} bytes"))
}

/// Calls `each` with every line that is not blank, and writes the results to standard output.
pub fn answer_each(path: &Path, mut each: impl FnMut(u64, Line<&[u8]>) -> serde_json::Value) -> Result<(), Failure> {
    let mut input = open(path)?;
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut line, mut number) = (Vec::new(), 0);
    while let Some(read) = next_line(&mut input, &mut line).map_err(|error| unreadable(path, &error))? {
        number += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let found = if read.too_long { Err(too_long()) } else { Ok(line.trim_ascii_end()) };
        write_all(&mut output, [each(number, found)])?;
        if path == Path::new("-") {
            output.flush()?;
        }
    }
    Ok(output.flush()?)
}

/// Writes values as JSON Lines.
pub fn write_all(output: &mut impl Write, answers: impl IntoIterator<Item = serde_json::Value>) -> Result<(), Failure> {
    for answer in answers {
        serde_json::to_writer(&mut *output, &answer).map_err(std::io::Error::from)?;
        output.write_all(b"\n")?;
    }
    Ok(())
}

/// The error for a file that cannot be read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let name = if path == Path::new("-") { "standard input".into() } else { path.display().to_string() };
    Failure::System(format!("{name}: {error}; give a file, or - for standard input"))
}
