//! `sos score` of several files: a line for each, and what each differs in from the first, over the puzzles that both have.

use std::io::Write;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use super::super::groups::{GroupRow, ScoreContext, answer_groups};
use super::super::page::{Bar, Page};
use super::super::{Failure, input};
use super::{Arguments, measured};
use crate::request::puzzle_id;
use crate::select::paired::{Paired, Puzzles};
use crate::select::totals::{Collector, Mean, Totals};

/// Words before the number of a checkpoint in a name.
const STEP_WORDS: [&str; 5] = ["step", "checkpoint", "ckpt", "epoch", "iter"];

/// Number of puzzles that a line names.
const NAMED: usize = 3;

/// The scores of a file.
#[derive(Serialize)]
struct Scores {
    file: String,
    /// Number of the checkpoint that wrote it.
    step: Option<u64>,
    /// Number of puzzles.
    puzzles: u64,
    /// Number of rows that name no puzzle. They are compared with nothing.
    rows_without_puzzle: u64,
    /// Share of right answers among all.
    answer_right: Option<f64>,
    totals: Totals,
    #[serde(skip)]
    by_puzzle: Puzzles,
}

/// What a file differs in from the first.
#[derive(Serialize)]
struct Difference {
    file: String,
    step: Option<u64>,
    against: String,
    #[serde(flatten)]
    paired: Paired,
}

#[derive(Serialize)]
struct Comparison {
    files: Vec<Scores>,
    differences: Vec<Difference>,
}

/// Scores all files, and compares each with the first. Files with the number of a checkpoint come behind the others, in its order.
pub fn run(arguments: &Arguments, context: &ScoreContext) -> Result<(), Failure> {
    if arguments.rows {
        return Err(Failure::Request("--rows: allowed with one file; found several".into()));
    }
    if arguments.files.iter().filter(|file| *file == Path::new("-")).count() > 1 {
        return Err(Failure::Request("-: standard input can be read once; found it twice".into()));
    }
    let scores = arguments.files.iter().map(|file| scores(file, arguments, context));
    let mut files = scores.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(|scores| scores.step);
    let Some((first, others)) = files.split_first() else { return Ok(()) };
    let difference = |scores: &Scores| Difference {
        file: scores.file.clone(),
        step: scores.step,
        against: first.file.clone(),
        paired: scores.by_puzzle.against(&first.by_puzzle, arguments.seed),
    };
    let differences = others.iter().map(difference).collect();
    let comparison = Comparison { files, differences };
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &comparison).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        comparison.tell(&mut out)?;
    }
    if let Some(path) = &arguments.html {
        comparison.page().write(path)?;
    }
    Ok(out.flush()?)
}

fn scores(file: &Path, arguments: &Arguments, context: &ScoreContext) -> Result<Scores, Failure> {
    let (mut collector, mut by_puzzle, mut steps) = (Collector::default(), Puzzles::default(), Steps::default());
    let served = answer_groups(file, &arguments.running, context, |rows| {
        let numbers: Vec<_> = rows.iter().map(measured).collect();
        collector.add(&numbers);
        for (id, numbers) in puzzles(&rows).iter().zip(&numbers) {
            by_puzzle.add(id.as_deref(), numbers);
        }
        rows.iter().filter_map(|row| row.object.get("step")?.as_u64()).for_each(|step| steps.add(step));
        Vec::new()
    })?;
    served.some(file)?;
    Ok(Scores {
        file: input::name(file),
        step: steps.same().or_else(|| step_of_path(file)),
        puzzles: by_puzzle.len(),
        rows_without_puzzle: by_puzzle.unnamed(),
        answer_right: by_puzzle.answer_right(),
        totals: collector.finish(arguments.seed),
        by_puzzle,
    })
}

/// The puzzle of each row of a group. A row that cannot be read has that of the row before it, or else of the first that can; or what it says itself.
fn puzzles(rows: &[GroupRow]) -> Vec<Option<String>> {
    let id = |row: &GroupRow| row.scored.as_ref().ok().map(|scored| scored.id.clone());
    let mut last = rows.iter().find_map(id);
    let each = rows.iter().map(|row| {
        last = id(row).or_else(|| last.take()).or_else(|| said(&row.object));
        last.clone()
    });
    each.collect()
}

/// The puzzle that a row without scores names.
fn said(row: &Map<String, Value>) -> Option<String> {
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

/// A share in percent.
fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// The interval of a share in percent.
fn interval(mean: &Mean) -> String {
    mean.interval().map_or("-".into(), |(low, high)| format!("[{:.2}, {:.2}]", 100.0 * low, 100.0 * high))
}

/// A difference in points of a percentage, and its interval.
fn points(mean: &Mean) -> [String; 2] {
    let point = |value: f64| format!("{:+.2}", 100.0 * value + 0.0);
    let interval = mean.interval().map_or("-".into(), |(low, high)| format!("[{}, {}]", point(low), point(high)));
    [point(mean.mean), interval]
}

/// A table whose first column is on the left.
struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn tell(&self, out: &mut impl Write) -> std::io::Result<()> {
        let lines = || std::iter::once(&self.head).chain(&self.rows);
        let cell = |line: &[String], place: usize| line.get(place).map_or(0, |cell| cell.chars().count());
        let width = |place: usize| lines().map(|line| cell(line, place)).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        for line in lines() {
            let mut text = String::new();
            for (place, (cell, &width)) in line.iter().zip(&widths).enumerate() {
                text += &if place == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") };
            }
            writeln!(out, "{}", text.trim_end())?;
        }
        Ok(())
    }
}

impl Comparison {
    fn has_steps(&self) -> bool {
        self.files.iter().any(|scores| scores.step.is_some())
    }

    /// The cell of a step, in a table that has steps.
    fn step(&self, step: Option<u64>) -> Option<String> {
        self.has_steps().then(|| step.map_or("-".into(), |step| step.to_string()))
    }

    /// The files, one in a line.
    fn table(&self) -> Table {
        let has_answers = self.files.iter().any(|scores| scores.answer_right.is_some());
        let most = |scores: &Scores| scores.totals.pass_at.keys().copied().max().unwrap_or(0);
        let k = self.files.iter().map(most).min().filter(|&k| k > 1);
        let mut head = vec!["file".to_string()];
        head.extend(self.has_steps().then(|| "step".into()));
        head.extend(["rows", "puzzles", "solved", "", "valid"].map(String::from));
        head.extend(k.map(|k| format!("one of {k}")));
        head.extend(has_answers.then(|| "answer right".into()));
        let rows = self.files.iter().map(|scores| {
            let totals = &scores.totals;
            let mut row = vec![scores.file.clone()];
            row.extend(self.step(scores.step));
            row.extend([totals.rows.to_string(), scores.puzzles.to_string()]);
            row.extend([percent(totals.solved.mean), interval(&totals.solved), percent(totals.valid.mean)]);
            row.extend(k.map(|k| totals.pass_at.get(&k).map_or("-".into(), |mean| percent(mean.mean))));
            row.extend(has_answers.then(|| scores.answer_right.map_or("-".into(), percent)));
            row
        });
        Table { head, rows: rows.collect() }
    }

    /// The differences, one file in a line.
    fn differences(&self) -> Table {
        let has_answers = self.differences.iter().any(|difference| difference.paired.answer_right.is_some());
        let shared = || self.differences.iter().filter(|difference| difference.paired.shared > 0);
        let most = |difference: &Difference| difference.paired.pass_at.keys().copied().max().unwrap_or(0);
        let k = shared().map(most).min().filter(|&k| k > 1);
        let against = self.files.first().map_or("", |first| &first.file);
        let mut head = vec![format!("against {against}")];
        head.extend(self.has_steps().then(|| "step".into()));
        head.extend(["shared", "solved", ""].map(String::from));
        head.extend(k.into_iter().flat_map(|k| [format!("one of {k}"), String::new()]));
        head.extend(has_answers.then(|| ["answer right".into(), String::new()]).into_iter().flatten());
        head.extend(["wrong to right", "right to wrong"].map(String::from));
        let none = || ["-".to_string(), "-".to_string()];
        let rows = self.differences.iter().map(|Difference { file, step, paired, .. }| {
            let there = |mean: Option<&Mean>| mean.filter(|_| paired.shared > 0).map_or_else(none, points);
            let mut row = vec![file.clone()];
            row.extend(self.step(*step));
            row.push(paired.shared.to_string());
            row.extend(there(Some(&paired.solved)));
            row.extend(k.into_iter().flat_map(|k| there(paired.pass_at.get(&k))));
            row.extend(has_answers.then(|| there(paired.answer_right.as_ref())).into_iter().flatten());
            row.extend([paired.wrong_to_right.to_string(), paired.right_to_wrong.to_string()]);
            row
        });
        Table { head, rows: rows.collect() }
    }

    /// What was not compared, in sentences.
    fn left_out(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let listed = |ids: &[String]| {
            let more = if ids.len() > NAMED { ", …" } else { "" };
            format!("{}{more}", ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", "))
        };
        for Difference { file, against, paired, .. } in &self.differences {
            for (ids, of, other) in [(&paired.only_here, file, against), (&paired.only_there, against, file)] {
                if !ids.is_empty() {
                    let (count, ids) = (ids.len(), listed(ids));
                    lines.push(format!("not compared: {count} puzzles of {of} that {other} does not have: {ids}"));
                }
            }
        }
        for Scores { file, rows_without_puzzle, .. } in self.files.iter().filter(|file| file.rows_without_puzzle > 0) {
            lines.push(format!("not compared: {rows_without_puzzle} rows of {file} that name no puzzle"));
        }
        lines
    }

    fn tell(&self, out: &mut impl Write) -> Result<(), Failure> {
        self.table().tell(out)?;
        writeln!(out)?;
        self.differences().tell(out)?;
        let lines = self.left_out();
        if !lines.is_empty() {
            writeln!(out)?;
        }
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        Ok(())
    }

    /// The comparison as an HTML page.
    fn page(&self) -> Page {
        let mut page = Page::new(&format!("Scores of {} files", self.files.len()));
        page.heading("Solved; 95 % intervals over groups");
        let name = |scores: &Scores| scores.step.map_or(scores.file.clone(), |step| format!("{step}: {}", scores.file));
        let bar = |scores: &Scores| {
            let solved = scores.totals.solved;
            Bar { name: name(scores), value: solved.mean, range: solved.interval() }
        };
        page.bars(&self.files.iter().map(bar).collect::<Vec<_>>(), |value| format!("{value:.4}"));
        for (heading, table) in [
            ("Files", self.table()),
            ("Differences in points, with 95 % intervals over shared puzzles", self.differences()),
        ] {
            page.heading(heading);
            page.table(&table.head.iter().map(String::as_str).collect::<Vec<_>>(), &table.rows);
        }
        self.left_out().iter().for_each(|line| page.heading(line));
        page
    }
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
