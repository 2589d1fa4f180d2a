//! JSON Lines in, JSON Lines out: in order, one answer a line, whatever the line holds.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use super::Failure;
use crate::lines::skip_line;
use crate::request::RequestError;

/// Longest line that is read; a longer one gets an error and is passed over without being kept.
pub const LONGEST: usize = 64 << 20;

/// Opens a file or standard input.
pub fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let file = File::open(path)
        .map_err(|error| Failure::Request(format!("{}: {error}; give a file of JSON Lines, or -", path.display())))?;
    Ok(Box::new(BufReader::with_capacity(1 << 16, file)))
}

/// A line, or why it cannot be one.
pub type Line<T> = Result<T, RequestError>;

/// What was read of a file to get at a line.
pub struct Read {
    /// Bytes.
    pub bytes: u64,
    /// Whether the line is longer than [`LONGEST`]; what was kept of it is then its beginning.
    pub too_long: bool,
}

/// Reads the next line; none at the end.
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

/// The error of a line that is too long.
pub fn too_long() -> RequestError {
    RequestError::new("line", format!("longer than {LONGEST} bytes"))
}

/// Calls `each` for every line that is not blank. What it returns is written to standard output.
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

/// Writes JSON, one value a line.
pub fn write_all(output: &mut impl Write, answers: impl IntoIterator<Item = serde_json::Value>) -> Result<(), Failure> {
    for answer in answers {
        serde_json::to_writer(&mut *output, &answer).map_err(std::io::Error::from)?;
        output.write_all(b"\n")?;
    }
    Ok(())
}

/// The error of a file that cannot be read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let name = if path == Path::new("-") { "standard input".into() } else { path.display().to_string() };
    Failure::System(format!("{name}: {error}; give a file of JSON Lines, or -"))
}
