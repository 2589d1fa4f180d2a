//! Commands that answer groups of rollouts.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::Value;

use super::Failure;
use super::dataset::known;
use super::input::Running;
use super::lines::write_all;
use crate::answer::Reading;
use crate::rollouts::{ScoredRow, Scoring, score_groups};
use crate::rows::Served;

/// Scores the groups of a file and calls `each` with them in order. Its results are written to standard output.
pub fn answer_groups(
    file: &Path,
    running: &Running,
    scoring: &Scoring,
    mut each: impl FnMut(Vec<ScoredRow>) -> Vec<Value>,
) -> Result<Served, Failure> {
    let mut output = BufWriter::new(std::io::stdout().lock());
    let ticker = running.ticker();
    let workers = running.workers(&ticker)?;
    let served = score_groups(file, workers, scoring, |rows| write_all(&mut output, &each(rows)))?;
    output.flush()?;
    tell_no_rows(file, served.rows);
    Ok(served)
}

/// Says on standard error where a file has no rows.
pub fn tell_no_rows(file: &Path, rows: u64) {
    if rows == 0 {
        eprintln!("{}: no rows", crate::rows::name(file));
    }
}

/// Reads the puzzles of a dataset, if there is one, and a search in JSON.
pub fn scoring(dataset: Option<&Path>, search: Option<&str>, running: &Running) -> Result<Scoring, Failure> {
    let known = known(dataset, running)?;
    let parse = |text: &str| {
        let wrong = |error: String| Failure::Request(format!("--search: {error}"));
        let search: Value = serde_json::from_str(text)
            .map_err(|error| wrong(format!("{error}; give JSON such as {{\"kind\":\"dfs\"}}")))?;
        crate::request::known_search(&search).map_err(|error| wrong(error.message))?;
        Ok::<_, Failure>(search)
    };
    Ok(Scoring { known, search: search.map(parse).transpose()?, reading: Reading::default() })
}
