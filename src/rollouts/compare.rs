//! Several files of rollouts: the scores of each, and what each differs in from the first, over the puzzles that both have.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::{ScoredRow, Scoring, score_groups};
use crate::request::puzzle_id;
use crate::rows::{self, Row, RowsError, Workers};
use crate::select::paired::{Paired, Puzzles};
use crate::select::totals::{Collector, Totals, Uncut, align};

/// Words before the number of a checkpoint in a name.
const STEP_WORDS: [&str; 5] = ["step", "checkpoint", "ckpt", "epoch", "iter"];

/// The scores of a file.
#[derive(Clone, Debug, Serialize)]
pub struct FileScores {
    /// The file.
    pub file: String,
    /// Number of the checkpoint that wrote it: that of its rows, or else of its name or its folder's.
    pub step: Option<u64>,
    /// Number of puzzles.
    pub puzzles: u64,
    /// Number of rows that name no puzzle. They are compared with nothing.
    pub rows_without_puzzle: u64,
    /// Share of right answers among all.
    pub answer_right: Option<f64>,
    /// The totals over its rows.
    pub totals: Totals,
    #[serde(skip)]
    by_puzzle: Puzzles,
    #[serde(skip)]
    uncut: Uncut,
}

/// What a file differs in from the first.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// The file.
    pub file: String,
    /// Number of its checkpoint.
    pub step: Option<u64>,
    /// The first file.
    pub against: String,
    /// The differences.
    #[serde(flatten)]
    pub paired: Paired,
}

/// Files of rollouts, and what each differs in from the first.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The files. Those with the number of a checkpoint come behind the others, in its order.
    pub files: Vec<FileScores>,
    /// The differences of all files but the first.
    pub differences: Vec<Difference>,
}

impl FileScores {
    /// Scores a file. It fails where there are rows and none of them can be read.
    pub fn read(file: &Path, workers: Workers<'_>, scoring: &Scoring, seed: u64) -> Result<Self, RowsError> {
        let (mut collector, mut by_puzzle, mut steps) = (Collector::default(), Puzzles::default(), Steps::default());
        let served = score_groups(file, workers, scoring, |rows| {
            let numbers: Vec<_> = rows.iter().map(ScoredRow::measured).collect();
            collector.add(&numbers);
            for (id, numbers) in puzzles(&rows).iter().zip(&numbers) {
                by_puzzle.add(id.as_deref(), numbers);
            }
            rows.iter().filter_map(|row| row.object.get("step")?.as_u64()).for_each(|step| steps.add(step));
            Ok::<_, RowsError>(())
        })?;
        served.some(file)?;
        let (mut totals, uncut) = collector.finish_apart(seed);
        align(vec![(&mut totals, &uncut)], seed);
        Ok(FileScores {
            file: rows::name(file),
            step: steps.same().or_else(|| step_of_path(file)),
            puzzles: by_puzzle.len(),
            rows_without_puzzle: by_puzzle.unnamed(),
            answer_right: by_puzzle.answer_right(),
            totals,
            by_puzzle,
            uncut,
        })
    }
}

impl Comparison {
    /// Compares files, puzzle by puzzle, with the first. The resamples of the intervals follow from the seed.
    pub fn new(mut files: Vec<FileScores>, seed: u64) -> Self {
        files.sort_by_key(|scores| scores.step);
        align(files.iter_mut().map(|scores| (&mut scores.totals, &scores.uncut)).collect(), seed);
        let Some((first, others)) = files.split_first() else { return Comparison { files, differences: Vec::new() } };
        let difference = |scores: &FileScores| Difference {
            file: scores.file.clone(),
            step: scores.step,
            against: first.file.clone(),
            paired: scores.by_puzzle.against(&first.by_puzzle, seed),
        };
        let differences = others.iter().map(difference).collect();
        Comparison { files, differences }
    }
}

/// The puzzle of each row of a group. A row that cannot be read has that of the row before it, or else of the first that can; or what it says itself.
fn puzzles(rows: &[ScoredRow]) -> Vec<Option<String>> {
    let id = |row: &ScoredRow| row.scored.as_ref().ok().map(|scored| scored.id.clone());
    let mut last = rows.iter().find_map(id);
    let each = rows.iter().map(|row| {
        last = id(row).or_else(|| last.take()).or_else(|| said(&row.object));
        last.clone()
    });
    each.collect()
}

/// The puzzle that a row without scores names.
fn said(row: &Row) -> Option<String> {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let of_puzzle = || puzzle_id(text("env")?, row.get("puzzle")?.clone());
    of_puzzle().or_else(|| text("id").map(str::to_string))
}

/// The field `step` of all rows.
#[derive(Default)]
enum Steps {
    #[default]
    None,
    One(u64),
    Several,
}

impl Steps {
    fn add(&mut self, step: u64) {
        *self = match *self {
            Steps::None => Steps::One(step),
            Steps::One(before) if before == step => return,
            _ => Steps::Several,
        };
    }

    fn same(self) -> Option<u64> {
        if let Steps::One(step) = self { Some(step) } else { None }
    }
}

/// The number of a checkpoint in the name of a file, or else of its folder.
fn step_of_path(path: &Path) -> Option<u64> {
    let name = |path: &Path| step_of_name(path.file_name()?.to_str()?);
    name(path).or_else(|| name(path.parent()?))
}

/// The number behind the last word for a checkpoint, or a number that is all of a name up to its first dot.
fn step_of_name(name: &str) -> Option<u64> {
    let name = name.to_ascii_lowercase();
    let behind = |word: &str| {
        let (start, _) =
            name.rmatch_indices(word).find(|(start, _)| number_behind(&name, start + word.len()).is_some())?;
        Some((start, number_behind(&name, start + word.len())?))
    };
    let last = STEP_WORDS.into_iter().filter_map(behind).max_by_key(|(start, _)| *start);
    last.map(|(_, step)| step).or_else(|| name.split('.').next()?.parse().ok())
}

/// The number at a place of a name, or behind one sign there.
fn number_behind(name: &str, place: usize) -> Option<u64> {
    let rest = name.get(place..)?;
    let rest = rest.strip_prefix(['-', '_', '=', ' ']).unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_checkpoint() {
        for (path, step) in [
            ("step-1000.jsonl", Some(1000)),
            ("runs/checkpoint-500/out.jsonl", Some(500)),
            ("global_step_20/rollouts.parquet", Some(20)),
            ("ckpt0010.jsonl.zst", Some(10)),
            ("sokoban_5x5_Epoch=3_step=70.jsonl", Some(70)),
            ("checkpoints/1500.jsonl", Some(1500)),
            ("stepwise.jsonl", None),
            ("model-7b.jsonl", None),
            ("step-99999999999999999999999.jsonl", None),
            ("-", None),
        ] {
            assert_eq!(step_of_path(Path::new(path)), step, "{path}");
        }
    }
}
