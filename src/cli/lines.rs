//! Rows in, JSON Lines out: one answer for each row, in order, whatever the row contains.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::Value;

use super::Failure;
use super::input::Running;
use super::interrupt;
use crate::rows::{Found, Served, each_row};

/// The answer to a row.
pub struct Answer {
    /// The JSON for standard output.
    pub value: Value,
    /// Whether the row is as it should be.
    pub good: bool,
    /// Why the row could not be served.
    pub error: Option<String>,
}

/// How a run went.
#[derive(Default)]
pub struct Answers {
    /// The rows, and those that could not be served.
    pub served: Served,
    /// Number of rows that are not as they should be.
    pub bad: u64,
}

/// Calls `work` with every row, in all threads, and writes the answers to standard output.
pub fn answer_each(
    path: &Path,
    running: &Running,
    work: impl Fn(u64, Found) -> Answer + Sync,
) -> Result<Answers, Failure> {
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut answers, ticker) = (Answers::default(), running.ticker());
    let answer = |number, row| {
        let Answer { value, good, error } = work(number, row);
        let line = value.to_string();
        let size = line.len();
        ((line, good, error), size)
    };
    each_row(path, running.workers(&ticker)?, answer, |lines| {
        interrupt::whole(lines.len(), || {
            for (line, good, error) in lines {
                writeln!(output, "{line}")?;
                answers.bad += u64::from(!good);
                answers.served.count(error);
            }
            // Who sends a request through a pipe may wait for its answer.
            Ok(output.flush()?)
        })
    })?;
    Ok(answers)
}

/// Writes values as JSON Lines.
pub fn write_all(output: &mut impl Write, answers: &[Value]) -> Result<(), Failure> {
    if answers.is_empty() {
        return Ok(());
    }
    interrupt::whole(answers.len(), || {
        for answer in answers {
            serde_json::to_writer(&mut *output, answer).map_err(std::io::Error::from)?;
            output.write_all(b"\n")?;
        }
        Ok(output.flush()?)
    })
}
