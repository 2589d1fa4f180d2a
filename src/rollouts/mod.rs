//! Files of rollouts, which are texts that models wrote: read, grouped by puzzle, scored, and summed up. `sos score` and `sos select` print what these
//! functions give.

mod compare;
mod scored_row;

use std::path::Path;

use serde_json::Value;

use crate::answer::Reading;
use crate::rows::{Known, Numbered, RowsError, Served, Workers, each_group};
use crate::select::totals::{Collector, Measured, Totals};

pub use compare::{Comparison, Difference, FileScores};
pub use scored_row::ScoredRow;

/// What is needed to score rows.
#[derive(Default)]
pub struct Scoring {
    /// Puzzles that rows can name by id.
    pub known: Known,
    /// A search, as a request has it, with whose traces texts are compared. [`crate::request::known_search`] says whether there is such a search.
    pub search: Option<Value>,
    /// How texts are read whose rows do not say it.
    pub reading: Reading,
}

/// Reads the rows of a file, or of standard input (`-`), and scores every group in parallel: rows with the same field `group`, or without this field rows of
/// the same puzzle, wherever they stand. A row that tells neither belongs to the group of the row before it. `each` gets the groups in order.
///
/// A row that cannot be scored has an error, and ends nothing: [`Served::some`] fails where that is so of all rows.
pub fn score_groups<E: From<RowsError> + Send>(
    file: &Path,
    workers: Workers<'_>,
    scoring: &Scoring,
    mut each: impl FnMut(Vec<ScoredRow>) -> Result<(), E>,
) -> Result<Served, E> {
    let work = |lines: Vec<Numbered>| {
        let size = lines.iter().map(|(_, line)| line.as_ref().map_or(0, Vec::len)).sum();
        let rows: Vec<ScoredRow> = lines.into_iter().flat_map(|(line, text)| scoring.rows(line, text)).collect();
        (rows, size)
    };
    let mut served = Served::default();
    each_group(file, workers, work, |rows| {
        workers.progress.advance(rows.len() as u64, 0);
        for row in &rows {
            served.count(row.scored.as_ref().err().map(|error| format!("line {}: {error}", row.line)));
        }
        each(rows)
    })?;
    Ok(served)
}

/// The totals over the rows of a file.
#[derive(Clone, Debug)]
pub struct Report {
    /// The totals.
    pub totals: Totals,
    /// How many rows there were, and how many could not be scored.
    pub served: Served,
}

/// Scores a file as [`score_groups`] does, and gives the totals as well. The resamples of their intervals follow from the seed.
pub fn score_file<E: From<RowsError> + Send>(
    file: &Path,
    workers: Workers<'_>,
    scoring: &Scoring,
    seed: u64,
    mut each: impl FnMut(Vec<ScoredRow>) -> Result<(), E>,
) -> Result<Report, E> {
    let mut collector = Collector::default();
    let served = score_groups(file, workers, scoring, |rows| {
        let numbers: Vec<Measured> = rows.iter().map(ScoredRow::measured).collect();
        collector.add(&numbers);
        each(rows)
    })?;
    Ok(Report { totals: collector.finish(seed), served })
}
