//! `sos score` of several files: a line for each, and what each differs in from the first, over the puzzles that both have.

use std::io::Write;
use std::path::Path;

use super::super::groups::tell_no_rows;
use super::super::view::write_figures;
use super::{Arguments, Failure};
use crate::rollouts::{Comparison, Difference, FileScores, Scoring};
use crate::select::totals::Mean;

/// Number of puzzles that a line names.
const NAMED: usize = 3;

/// Scores all files, and compares each with the first. Files with the number of a checkpoint come behind the others, in its order.
pub fn run(arguments: &Arguments, scoring: &Scoring) -> Result<(), Failure> {
    if arguments.rows {
        return Err(Failure::Request("--rows: allowed with one file; found several".into()));
    }
    if arguments.files.iter().filter(|file| *file == Path::new("-")).count() > 1 {
        return Err(Failure::Request("-: standard input can be read once; found it twice".into()));
    }
    let scores = |file: &Path| {
        let ticker = arguments.running.ticker();
        let scores = FileScores::read(file, arguments.running.workers(&ticker)?, scoring, arguments.seed)?;
        tell_no_rows(file, scores.totals.rows);
        Ok::<_, Failure>(scores)
    };
    let files = arguments.files.iter().map(|file| scores(file)).collect::<Result<Vec<_>, _>>()?;
    if files.is_empty() {
        return Ok(());
    }
    let comparison = Comparison::new(files, arguments.seed);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &comparison).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        tell(&comparison, &mut out)?;
    }
    if let Some(path) = &arguments.html {
        write_figures(path, &arguments.files, &comparison)?;
    }
    Ok(out.flush()?)
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

fn has_steps(comparison: &Comparison) -> bool {
    comparison.files.iter().any(|scores| scores.step.is_some())
}

/// The cell of a step, in a table that has steps.
fn step_cell(comparison: &Comparison, step: Option<u64>) -> Option<String> {
    has_steps(comparison).then(|| step.map_or("-".into(), |step| step.to_string()))
}

/// The files, one in a line.
fn table(comparison: &Comparison) -> Table {
    let has_answers = comparison.files.iter().any(|scores| scores.answer_right.is_some());
    let most = |scores: &FileScores| scores.totals.pass_at.keys().copied().max().unwrap_or(0);
    let k = comparison.files.iter().map(most).min().filter(|&k| k > 1);
    let mut head = vec!["file".to_string()];
    head.extend(has_steps(comparison).then(|| "step".into()));
    head.extend(["rows", "puzzles", "solved", "", "valid"].map(String::from));
    head.extend(k.map(|k| format!("one of {k}")));
    head.extend(has_answers.then(|| "answer right".into()));
    let rows = comparison.files.iter().map(|scores| {
        let totals = &scores.totals;
        let mut row = vec![scores.file.clone()];
        row.extend(step_cell(comparison, scores.step));
        row.extend([totals.rows.to_string(), scores.puzzles.to_string()]);
        row.extend([percent(totals.solved.mean), interval(&totals.solved), percent(totals.valid.mean)]);
        row.extend(k.map(|k| totals.pass_at.get(&k).map_or("-".into(), |mean| percent(mean.mean))));
        row.extend(has_answers.then(|| scores.answer_right.map_or("-".into(), percent)));
        row
    });
    Table { head, rows: rows.collect() }
}

/// The differences, one file in a line.
fn differences(comparison: &Comparison) -> Table {
    let has_answers = comparison.differences.iter().any(|difference| difference.paired.answer_right.is_some());
    let shared = || comparison.differences.iter().filter(|difference| difference.paired.shared > 0);
    let most = |difference: &Difference| difference.paired.pass_at.keys().copied().max().unwrap_or(0);
    let k = shared().map(most).min().filter(|&k| k > 1);
    let against = comparison.files.first().map_or("", |first| &first.file);
    let mut head = vec![format!("against {against}")];
    head.extend(has_steps(comparison).then(|| "step".into()));
    head.extend(["shared", "solved", ""].map(String::from));
    head.extend(k.into_iter().flat_map(|k| [format!("one of {k}"), String::new()]));
    head.extend(has_answers.then(|| ["answer right".into(), String::new()]).into_iter().flatten());
    head.extend(["wrong to right", "right to wrong"].map(String::from));
    let none = || ["-".to_string(), "-".to_string()];
    let rows = comparison.differences.iter().map(|Difference { file, step, paired, .. }| {
        let there = |mean: Option<&Mean>| mean.filter(|_| paired.shared > 0).map_or_else(none, points);
        let mut row = vec![file.clone()];
        row.extend(step_cell(comparison, *step));
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
fn left_out(comparison: &Comparison) -> Vec<String> {
    let mut lines = Vec::new();
    let listed = |ids: &[String]| {
        let more = if ids.len() > NAMED { ", …" } else { "" };
        format!("{}{more}", ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", "))
    };
    for Difference { file, against, paired, .. } in &comparison.differences {
        for (ids, of, other) in [(&paired.only_here, file, against), (&paired.only_there, against, file)] {
            if !ids.is_empty() {
                let (count, ids) = (ids.len(), listed(ids));
                lines.push(format!("not compared: {count} puzzles of {of} that {other} does not have: {ids}"));
            }
        }
    }
    for FileScores { file, rows_without_puzzle, .. } in
        comparison.files.iter().filter(|file| file.rows_without_puzzle > 0)
    {
        lines.push(format!("not compared: {rows_without_puzzle} rows of {file} that name no puzzle"));
    }
    lines
}

fn tell(comparison: &Comparison, out: &mut impl Write) -> Result<(), Failure> {
    table(comparison).tell(out)?;
    writeln!(out)?;
    differences(comparison).tell(out)?;
    let lines = left_out(comparison);
    if !lines.is_empty() {
        writeln!(out)?;
    }
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(())
}
