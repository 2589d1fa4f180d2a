//! Rows of a file: outputs of models, rows of ours, or requests. Each is scored as `sos score` does.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustc_hash::FxHasher;
use serde_json::{Map, Value, json};
use tempfile::NamedTempFile;

use super::super::{Place, error_json, looked_at};
use super::{Each, NoRow};
use crate::request::{RequestError, trace_row};
use crate::rollouts::{ScoredRow, Scoring};
use crate::rows::{Row, RowsError, copy_of_input, last_row, name, rows_from, some_rows};

/// Greatest number of rows and of bytes of a file in which rows of the same puzzle are looked for: about a second of reading.
const MOST_INDEXED: (u64, u64) = (200_000, 1 << 27);

/// Greatest number of rows of the same puzzle that are named.
const MOST_SAME: usize = 100;

/// The rows of a file. The index of a row is the number of its line before it.
pub struct FileRows {
    name: String,
    path: PathBuf,
    scoring: Scoring,
    rows: u64,
    /// The indices of the rows of each puzzle, by a hash of what names it. Empty for a long file.
    puzzles: OnceLock<HashMap<u64, Vec<u64>>>,
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
        Ok(FileRows { name, path, scoring, rows, puzzles: OnceLock::new(), _copy: copy })
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

    /// The indices of rows of the same puzzle as a row, its own among them: texts for one puzzle, of one model or of several, can be compared. The first one reads
    /// the whole file.
    fn same_puzzle(&self, row: &Row) -> &[u64] {
        let puzzles = self.puzzles.get_or_init(|| {
            let mut puzzles: HashMap<u64, Vec<u64>> = HashMap::new();
            let bytes = std::fs::metadata(&self.path).map_or(0, |file| file.len());
            if self.rows > MOST_INDEXED.0 || bytes > MOST_INDEXED.1 {
                return puzzles;
            }
            let read = rows_from(&self.path, 1, |number, row| {
                if let Some(named) = row.ok().as_ref().and_then(puzzle_name) {
                    puzzles.entry(named).or_default().push(number - 1);
                }
                true
            });
            // What cannot be read is told where it is looked at.
            if read.is_err() { HashMap::new() } else { puzzles }
        });
        let same = puzzle_name(row).and_then(|named| puzzles.get(&named)).map_or(&[][..], Vec::as_slice);
        &same[..same.len().min(MOST_SAME)]
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
        let same = self.same_puzzle(&row).to_vec();
        let row = match self.row(row) {
            Ok(row) => row,
            Err((row, error)) => return Ok(unreadable(row, &error, &place)),
        };
        let scored = self.scoring.score_row(number, row.clone());
        let mut told = looked_at(row, &place);
        tell_scores(&mut told, scored);
        told["same_puzzle"] = same.into();
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

/// A hash of what names the puzzle of a row: its id, or else the puzzle, or else the prompt.
fn puzzle_name(row: &Row) -> Option<u64> {
    let (name, value) = ["id", "puzzle", "prompt"].into_iter().find_map(|name| Some((name, row.get(name)?)))?;
    let env = row.get("env").and_then(Value::as_str).unwrap_or_default();
    let mut hasher = FxHasher::default();
    (name, env, value.to_string()).hash(&mut hasher);
    Some(hasher.finish())
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
