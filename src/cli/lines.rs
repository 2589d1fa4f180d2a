//! Rows in, JSON Lines out: one answer for each row, in order, whatever the row contains.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::Value;

use super::Failure;
use super::input::{Found, Running, each_row_of};
use super::interrupt;

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
pub struct Served {
    /// Number of rows.
    pub rows: u64,
    /// Number of rows that are not as they should be.
    pub bad: u64,
    /// Number of rows that could not be served.
    pub unserved: u64,
    /// Why the first one of them could not be served.
    pub first: Option<String>,
}

impl Served {
    /// Counts an answer.
    pub fn count(&mut self, good: bool, error: Option<String>) {
        self.rows += 1;
        self.bad += u64::from(!good);
        self.unserved += u64::from(error.is_some());
        self.first = self.first.take().or(error);
    }

    /// Fails where there are rows and none of them could be served.
    pub fn some(&self, input: &Path) -> Result<(), Failure> {
        match &self.first {
            Some(first) if self.unserved == self.rows => {
                let (name, rows) = (super::input::name(input), self.rows);
                Err(Failure::Request(format!("{name}: none of {rows} rows can be read; the first: {first}")))
            }
            _ => Ok(()),
        }
    }
}

/// Calls `work` with every row, in all threads, and writes the answers to standard output.
pub fn answer_each(
    path: &Path,
    running: &Running,
    work: impl Fn(u64, Found) -> Answer + Sync,
) -> Result<Served, Failure> {
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut served, ticker) = (Served::default(), running.ticker(None));
    let answer = |number, row| {
        let Answer { value, good, error } = work(number, row);
        let line = value.to_string();
        let size = line.len();
        ((line, good, error), size)
    };
    each_row_of(path, running.threads()?, answer, |answers| {
        ticker.advance(answers.len() as u64);
        interrupt::whole(answers.len(), || {
            for (line, good, error) in answers {
                writeln!(output, "{line}")?;
                served.count(good, error);
            }
            // Who sends a request through a pipe may wait for its answer.
            Ok(output.flush()?)
        })
    })?;
    Ok(served)
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
