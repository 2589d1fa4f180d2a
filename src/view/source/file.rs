//! Rows of a file: outputs of models, rows of ours, or requests. Each is scored as `sos score` does.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use tempfile::NamedTempFile;

use super::super::{Place, error_json, looked_at};
use super::{Each, NoRow};
use crate::request::{RequestError, trace_row};
use crate::rollouts::{ScoredRow, Scoring};
use crate::rows::{Row, RowsError, copy_of_input, last_row, name, some_rows};

/// The rows of a file. The index of a row is the number of its line before it.
pub struct FileRows {
    name: String,
    path: PathBuf,
    scoring: Scoring,
    rows: u64,
    /// Standard input, removed at the end.
    _copy: Option<NamedTempFile>,
}

impl FileRows {
    /// Opens a file, or standard input.
    pub fn open(path: &Path, scoring: Scoring) -> Result<Self, RowsError> {
        let is_file = path != Path::new("-") && path.is_file();
        let copy = (!is_file).then(copy_of_input).transpose()?;
        let name = match path.file_name().filter(|_| is_file) {
            Some(file) => file.to_string_lossy().into_owned(),
            None => name(path),
        };
        let path = copy.as_ref().map_or(path, |copy| copy.path()).to_path_buf();
        let rows = last_row(&path)?;
        Ok(FileRows { name, path, scoring, rows, _copy: copy })
    }

    /// Number of its lines.
    pub fn len(&self) -> u64 {
        self.rows
    }

    /// Whether it has no lines.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Where its rows are.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How its rows are scored.
    pub fn scoring(&self) -> &Scoring {
        &self.scoring
    }

    pub(super) fn about(&self) -> Value {
        let kind = if self.rows == 1 { "request" } else { "rows" };
        json!({"kind": kind, "name": self.name, "recipe": null, "seed": null, "space": null, "rows": self.rows})
    }

    /// The row of an index: its own columns, and those that it leaves out. A request for a trace becomes its answer.
    fn row(&self, row: Row) -> Result<Row, (Row, RequestError)> {
        let mut whole = row.clone();
        if let Err(error) = self.scoring.known.complete(&mut whole) {
            return Err((row, error));
        }
        let texts = ["text", "completion", "completions", "messages", "chosen", "second", "record"];
        if whole.get("search").is_some_and(Value::is_object) && !texts.iter().any(|name| whole.contains_key(*name)) {
            return match trace_row(whole) {
                Ok(Value::Object(answer)) => Ok(answer),
                Ok(_) => Ok(row),
                Err(error) => Err((row, error)),
            };
        }
        Ok(whole)
    }

    /// A row as a page shows it, with its scores.
    pub(super) fn looked_at(&self, index: u64) -> Result<Value, NoRow> {
        let number = index.saturating_add(1);
        let rows = some_rows(&self.path, number, |at| at == number).map_err(|error| error.to_string())?;
        let place = Place { index, ..Place::default() };
        let row = match rows.into_iter().next() {
            None => return Err(format!("index: found {index}; there is no such row, of {}", self.rows)),
            Some((_, Err(error))) => return Ok(unreadable(Row::new(), &error, &place)),
            Some((_, Ok(row))) => row,
        };
        let row = match self.row(row) {
            Ok(row) => row,
            Err((row, error)) => return Ok(unreadable(row, &error, &place)),
        };
        let scored = self.scoring.score_row(number, row.clone());
        let mut told = looked_at(row, &place);
        tell_scores(&mut told, scored);
        Ok(told)
    }

    /// Calls `each` with the rows from an index on, with their scores as further columns.
    pub(super) fn rows(&self, from: u64, to: u64, each: Each<'_>) -> Result<(), NoRow> {
        let rows =
            some_rows(&self.path, from.saturating_add(1), |number| number <= to).map_err(|error| error.to_string())?;
        for (number, row) in rows {
            let row = match row.map_err(|error| (Row::new(), error)).and_then(|row| self.row(row)) {
                Err((mut row, error)) => {
                    row.insert("error".into(), error_json(&error));
                    row
                }
                Ok(row) => scored(self.scoring.score_row(number, row.clone()), row),
            };
            let place = Place { index: number - 1, ..Place::default() };
            if let ControlFlow::Break(()) = each(row, place) {
                break;
            }
        }
        Ok(())
    }
}

/// A row with its scores. The trajectories of a group keep the columns of their row.
fn scored(mut scores: Vec<ScoredRow>, row: Row) -> Row {
    match (scores.pop(), scores.is_empty()) {
        (Some(only), true) => only.told(),
        _ => row,
    }
}

/// A row that cannot be read.
fn unreadable(row: Row, error: &RequestError, place: &Place) -> Value {
    let mut told = looked_at(row, place);
    told["error"] = error_json(error);
    told
}

/// Adds to the label of each text what its scores say.
fn tell_scores(told: &mut Value, scores: Vec<ScoredRow>) {
    let mut scores: Vec<Map<String, Value>> =
        scores.into_iter().map(|scored| ScoredRow { object: Row::new(), ..scored }.told()).collect();
    let Some(texts) = told.get_mut("texts").and_then(Value::as_array_mut) else { return };
    // The scores of a row of several texts, such as two turns, are about the last one.
    if scores.len() != texts.len() {
        scores.truncate(1);
        let before = texts.len().saturating_sub(1);
        scores.splice(0..0, std::iter::repeat_with(Map::new).take(before));
    }
    for (text, scores) in texts.iter_mut().zip(scores).filter(|(_, scores)| !scores.is_empty()) {
        match text.get_mut("label").and_then(Value::as_object_mut) {
            Some(label) => label.extend(scores),
            None => text["label"] = scores.into(),
        }
    }
}
