//! Totals over files of rollouts: those of `sos score`, in this process.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use pyo3::prelude::*;
use serde_json::Value;
use stream_of_search::answer::Reading;
use stream_of_search::generate::manifest::Manifest;
use stream_of_search::generate::{GenerateOptions, Silent};
use stream_of_search::request::{self, RequestError};
use stream_of_search::rollouts::{Comparison, FileScores, ScoredRow, Scoring, score_file};
use stream_of_search::rows::{Held, Known, RowsError, Workers};

use crate::environment::failure::interruptible;
use crate::errors;
use crate::forks::Inside;
use crate::requests::python;
use crate::scores::{Scored, Scores};
use crate::scoring::reading_of;

/// Scores a file of rollouts: the totals, and the scores of the rows, group by group; or line by line, with `by_line`. `name` stands for the file in
/// messages.
#[pyfunction(name = "score_file")]
#[pyo3(signature = (file, name, dataset=None, read="trace", search=None, seed=0, threads=0, by_line=false))]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
fn score<'py>(
    py: Python<'py>,
    file: PathBuf,
    name: PathBuf,
    dataset: Option<PathBuf>,
    read: &str,
    search: Option<&Bound<'py, PyAny>>,
    seed: u64,
    threads: usize,
    by_line: bool,
) -> PyResult<(Bound<'py, PyAny>, Scores)> {
    let asked = Asked::new(read, search, dataset)?;
    let (report, mut rows) = working(py, threads, |workers| {
        let scoring = asked.scoring(workers)?;
        let mut scored = Vec::new();
        let each = |rows: Vec<ScoredRow>| {
            scored.extend(rows.into_iter().map(|row| (row.line, score_of(row))));
            Ok::<_, RowsError>(())
        };
        let report = score_file(&file, workers, &scoring, seed, each).map_err(errors::rows)?;
        Ok((report, scored))
    })?;
    report.served.some(Path::new(&name)).map_err(errors::rows)?;
    if by_line {
        rows.sort_by_key(|(line, _)| *line);
    }
    let totals = serde_json::to_value(&report.totals).map_err(errors::row)?;
    Ok((python(py, &totals)?, Scores(rows.into_iter().map(|(_, scored)| scored).collect())))
}

/// Scores files of rollouts, and compares each with the first: what `sos score FILE FILE --json` prints.
#[pyfunction(name = "compare_files")]
#[pyo3(signature = (files, dataset=None, read="trace", search=None, seed=0, threads=0))]
fn compare<'py>(
    py: Python<'py>,
    files: Vec<PathBuf>,
    dataset: Option<PathBuf>,
    read: &str,
    search: Option<&Bound<'py, PyAny>>,
    seed: u64,
    threads: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let asked = Asked::new(read, search, dataset)?;
    let comparison = working(py, threads, |workers| {
        let scoring = asked.scoring(workers)?;
        let read = |file: &PathBuf| FileScores::read(file, workers, &scoring, seed).map_err(errors::rows);
        Ok(Comparison::new(files.iter().map(read).collect::<PyResult<_>>()?, seed))
    })?;
    python(py, &serde_json::to_value(&comparison).map_err(errors::row)?)
}

/// How files are scored, as Python says it.
struct Asked {
    reading: Reading,
    search: Option<Value>,
    dataset: Option<PathBuf>,
}

impl Asked {
    fn new(read: &str, search: Option<&Bound<'_, PyAny>>, dataset: Option<PathBuf>) -> PyResult<Self> {
        let search: Option<Value> = search.map(pythonize::depythonize).transpose()?;
        if let Some(search) = &search {
            let wrong = |error: RequestError| errors::request(RequestError::new("search", error.message));
            request::known_search(search).map_err(wrong)?;
        }
        Ok(Asked { reading: reading_of(read)?, search, dataset })
    }

    /// With the puzzles of the dataset.
    fn scoring(self, workers: Workers<'_>) -> PyResult<Scoring> {
        let known = match &self.dataset {
            Some(folder) => {
                let (manifest, _) = Manifest::read(folder).map_err(errors::generate)?;
                Known::read(folder, &manifest, workers).map_err(errors::rows)?
            }
            None => Known::default(),
        };
        Ok(Scoring { known, search: self.search, reading: self.reading })
    }
}

/// Does work in so many threads (0 for all processors), without the interpreter's lock. An interrupt ends it.
fn working<T: Send>(
    py: Python<'_>,
    threads: usize,
    work: impl FnOnce(Workers<'_>) -> PyResult<T> + Send,
) -> PyResult<T> {
    let threads = if threads == 0 { GenerateOptions::default().threads } else { threads };
    let stop = AtomicBool::new(false);
    // A fork waits until no thread is within the library.
    let hold = || -> Held { Box::new(Inside::enter()) };
    let workers = Workers { threads, progress: &Silent, stop: &stop, hold: &hold };
    interruptible(py, &stop, || work(workers))?
}

/// The columns of a row.
fn score_of(row: ScoredRow) -> Scored {
    let id = id(&row);
    let rollout = row.rollout();
    let scored = match row.scored {
        Ok(scored) => scored,
        Err(error) => {
            return Scored {
                id,
                rollout,
                trace_valid: None,
                answer_right: None,
                first_error: None,
                nodes: 0,
                penalty: 0.0,
                taken: None,
                how: None,
                error: Some(error.to_string()),
            };
        }
    };
    let taken = |name: &str| Some(scored.taken.as_ref()?.get(name)?.as_str()?.to_string());
    Scored {
        id,
        rollout,
        trace_valid: scored.trace_valid,
        answer_right: scored.answer_right,
        first_error: scored.first_error.map(Into::into),
        nodes: scored.nodes,
        penalty: rollout.penalty().value(),
        taken: taken("text"),
        how: taken("how").map(Into::into),
        error: None,
    }
}

/// The id of a row: its own, or that of its puzzle; empty where it has neither.
fn id(row: &ScoredRow) -> Arc<str> {
    let text = |name: &str| row.object.get(name).and_then(Value::as_str);
    if let Some(id) = text("id") {
        return id.into();
    }
    if let Ok(scored) = &row.scored {
        return scored.id.as_str().into();
    }
    let of_puzzle = || request::puzzle_id(text("env")?, row.object.get("puzzle")?.clone());
    of_puzzle().unwrap_or_default().into()
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(score, module)?)?;
    module.add_function(wrap_pyfunction!(compare, module)?)
}
