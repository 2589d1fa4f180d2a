//! JSON Lines in, JSON Lines out: in order, one answer a line, whatever the line holds.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use super::Failure;
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
pub type Line<'a> = Result<&'a [u8], RequestError>;

/// Calls `each` for every line that is not blank. What it returns is written to standard output.
pub fn answer_each(path: &Path, mut each: impl FnMut(u64, Line<'_>) -> serde_json::Value) -> Result<(), Failure> {
    answer_some(path, |number, line| line.map(|line| each(number, line)).into_iter().collect())
}

/// The same with any number of answers a line, and with none as the last line, behind the end.
pub fn answer_some(
    path: &Path,
    mut each: impl FnMut(u64, Option<Line<'_>>) -> Vec<serde_json::Value>,
) -> Result<(), Failure> {
    let mut input = open(path)?;
    let mut output = BufWriter::new(std::io::stdout().lock());
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        let read = std::io::Read::take(&mut input, LONGEST as u64 + 1).read_until(b'\n', &mut line);
        let read = read.map_err(|error| unreadable(path, &error))?;
        if read == 0 {
            write_all(&mut output, each(number + 1, None))?;
            return Ok(output.flush()?);
        }
        number += 1;
        let too_long = read > LONGEST && line.last() != Some(&b'\n');
        if too_long {
            skip_line(&mut input).map_err(|error| unreadable(path, &error))?;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let found = match too_long {
            true => Err(RequestError::new("line", format!("longer than {LONGEST} bytes"))),
            false => Ok(line.trim_ascii_end()),
        };
        write_all(&mut output, each(number, Some(found)))?;
        if path == Path::new("-") {
            output.flush()?;
        }
    }
}

fn write_all(output: &mut impl Write, answers: Vec<serde_json::Value>) -> Result<(), Failure> {
    for answer in answers {
        serde_json::to_writer(&mut *output, &answer).map_err(std::io::Error::from)?;
        output.write_all(b"\n")?;
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let name = if path == Path::new("-") { "standard input".into() } else { path.display().to_string() };
    Failure::System(format!("{name}: {error}; give a file of JSON Lines, or -"))
}

fn skip_line(input: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let (used, done) = match buffer.iter().position(|&byte| byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), false),
        };
        input.consume(used);
        if done {
            return Ok(());
        }
    }
}
