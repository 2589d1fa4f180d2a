//! `sos check`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use super::Failure;
use super::dataset::{each_row, known};
use super::input::Running;
use super::lines::{Answer, answer_each};
use crate::request::{Checked, check_row, error_of};
use crate::rows::Row;

/// `sos check`
#[derive(clap::Args)]
pub struct Arguments {
    /// A file of JSON Lines (plain, .gz or .zst) or Parquet, or - for standard input, or the folder of a dataset. A row is one of ours as it is, or has `env`, `dialect`, the puzzle (`puzzle`, or
    /// the `prompt` that tells it, or its `id` with --dataset) and the text (`text`, with its prompt or without, or `prompt` and `completion`, or `completion` alone)
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The dataset whose puzzles lines name by `id`: they may leave out `env`, `puzzle` and `dialect`
    #[arg(long)]
    dataset: Option<PathBuf>,
    /// Of a folder: the summary as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    running: Running,
}

/// Runs the command. The exit status is 1 if a text is bad, a line cannot be served, or a planted defect is not found; 2 if no line can be served.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.dataset {
        None if arguments.file.is_dir() => check_folder(arguments),
        Some(_) if arguments.file.is_dir() => Err(Failure::Request(
            "--dataset: goes with a file of lines; the folder of a dataset has its puzzles".into(),
        )),
        _ if arguments.json => {
            Err(Failure::Request("--json: goes with the folder of a dataset; verdicts are JSON in any case".into()))
        }
        _ => check_lines(arguments),
    }
}

fn check_lines(arguments: &Arguments) -> Result<(), Failure> {
    let known = known(arguments.dataset.as_deref(), &arguments.running)?;
    let check = |mut row: Row| {
        known.complete(&mut row)?;
        check_row(row)
    };
    let answers = answer_each(&arguments.file, &arguments.running, |number, row| {
        let id = row.as_ref().ok().and_then(|row| row.get("id").cloned());
        match row.and_then(check) {
            Ok(Checked { answer, good, .. }) => Answer { value: answer, good, error: None },
            Err(error) => Answer { value: error_of(&error, number, id), good: false, error: Some(error.to_string()) },
        }
    })?;
    answers.served.some(&arguments.file)?;
    if answers.bad > 0 { Err(Failure::BadData) } else { Ok(()) }
}

/// Counts for a record config of a dataset.
#[derive(Default, serde::Serialize)]
struct Summary {
    rows: u64,
    clean: u64,
    planted: u64,
    found: u64,
    #[serde(rename = "wrong")]
    bad: u64,
    /// The first bad rows.
    examples: Vec<String>,
}

/// What a check says of a row of a dataset.
struct RowResult {
    clean: bool,
    planted: u64,
    found: u64,
    problem: Option<String>,
}

fn check_folder(arguments: &Arguments) -> Result<(), Failure> {
    let mut summaries: BTreeMap<String, Summary> = BTreeMap::new();
    each_row(
        &arguments.file,
        &arguments.running,
        |_, _| true,
        |row| (check_one(row), 0),
        |file, results| {
            let summary = summaries.entry(file.config.clone()).or_default();
            results.into_iter().for_each(|result| summary.add(&file.path, result));
        },
    )?;
    let ok = summaries.values().all(|summary| summary.bad == 0);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::json!({"ok": ok, "configs": summaries}))?;
        return if ok { Ok(()) } else { Err(Failure::BadData) };
    }
    writeln!(out, "{:<16} {:>10} {:>10} {:>10} {:>10} {:>8}", "config", "rows", "clean", "planted", "found", "wrong")?;
    for (config, s) in &summaries {
        writeln!(out, "{config:<16} {:>10} {:>10} {:>10} {:>10} {:>8}", s.rows, s.clean, s.planted, s.found, s.bad)?;
    }
    for example in summaries.values().flat_map(|summary| &summary.examples) {
        writeln!(out, "{example}")?;
    }
    if !ok {
        return Err(Failure::BadData);
    }
    writeln!(
        out,
        "ok: clean rows are clean, labels are those of a replay, and every planted defect was found in its place"
    )?;
    Ok(())
}

fn check_one(row: Row) -> RowResult {
    let index = row.get("index").cloned().unwrap_or_default();
    let mut result = RowResult { clean: false, planted: 0, found: 0, problem: None };
    let problem = match check_row(row) {
        Ok(Checked { answer, good, planted, found, valid }) => {
            result = RowResult { clean: valid, planted, found, problem: None };
            (!good).then(|| answer.get("problems").unwrap_or(&answer["first_error"]).to_string())
        }
        Err(error) => Some(error.to_string()),
    };
    result.problem = problem.map(|problem| format!("index {index}: {problem}"));
    result
}

impl Summary {
    fn add(&mut self, file: &str, result: RowResult) {
        self.rows += 1;
        self.clean += u64::from(result.clean);
        self.planted += result.planted;
        self.found += result.found;
        if let Some(problem) = result.problem {
            self.bad += 1;
            if self.examples.len() < 5 {
                self.examples.push(format!("{file}, {problem}"));
            }
        }
    }
}
