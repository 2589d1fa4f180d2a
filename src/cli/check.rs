//! `sos check`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::dataset::Known;
use super::{Failure, lines};
use crate::generate::manifest::Manifest;
use crate::request::{Checked, check_row, object};

/// `sos check`
#[derive(clap::Args)]
pub struct Arguments {
    /// A file of JSON Lines, or - for standard input, or the folder of a dataset. A line is a row of ours as it is, or has `env`, `dialect`, the puzzle (`puzzle`, or
    /// the `prompt` that tells it, or its `id` with --dataset) and the text (`text`, with its prompt or without, or `prompt` and `completion`, or `completion` alone)
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The dataset whose puzzles lines name by `id`: they may leave out `env`, `puzzle` and `dialect`
    #[arg(long)]
    dataset: Option<PathBuf>,
}

/// Runs the command. The exit status is 1 if a text is bad, a line cannot be served, or a planted defect is not found.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.dataset {
        None if arguments.file.is_dir() => check_folder(&arguments.file),
        Some(_) if arguments.file.is_dir() => Err(Failure::Request(
            "--dataset: goes with a file of lines; the folder of a dataset has its puzzles".into(),
        )),
        dataset => check_lines(&arguments.file, &dataset.as_deref().map(Known::read).transpose()?.unwrap_or_default()),
    }
}

fn check_lines(file: &Path, known: &Known) -> Result<(), Failure> {
    let mut bad = 0u64;
    let check = |line: &[u8]| {
        let mut row = object(line)?;
        known.complete(&mut row)?;
        check_row(row)
    };
    lines::answer_each(file, |number, line| match line.and_then(check) {
        Ok(Checked { answer, good, .. }) => {
            bad += u64::from(!good);
            answer
        }
        Err(error) => {
            bad += 1;
            error.to_json(number)
        }
    })?;
    if bad > 0 { Err(Failure::BadData) } else { Ok(()) }
}

/// Counts for a record config of a dataset.
#[derive(Default)]
struct Summary {
    rows: u64,
    clean: u64,
    planted: u64,
    found: u64,
    bad: u64,
    /// The first bad rows.
    examples: Vec<String>,
}

fn check_folder(folder: &Path) -> Result<(), Failure> {
    let (manifest, format) = Manifest::read(folder).map_err(|error| Failure::Request(error.to_string()))?;
    super::dataset::tell_versions(folder, &manifest);
    let mut summaries: BTreeMap<String, Summary> = BTreeMap::new();
    for file in &manifest.files {
        let summary = summaries.entry(file.config.clone()).or_default();
        let path = folder.join(&file.path);
        let read = crate::sink::read_rows(format, &path, &mut |row| add(summary, &file.path, row));
        read.map_err(|error| Failure::System(format!("{}: {error}; see sos audit", path.display())))?;
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{:<16} {:>10} {:>10} {:>10} {:>10} {:>8}", "config", "rows", "clean", "planted", "found", "wrong")?;
    for (config, s) in &summaries {
        writeln!(out, "{config:<16} {:>10} {:>10} {:>10} {:>10} {:>8}", s.rows, s.clean, s.planted, s.found, s.bad)?;
    }
    for example in summaries.values().flat_map(|summary| &summary.examples) {
        writeln!(out, "{example}")?;
    }
    if summaries.values().any(|summary| summary.bad > 0) {
        return Err(Failure::BadData);
    }
    writeln!(
        out,
        "ok: clean rows are clean, labels are those of a replay, and every planted defect was found in its place"
    )?;
    Ok(())
}

fn add(summary: &mut Summary, file: &str, row: serde_json::Map<String, serde_json::Value>) {
    let index = row.get("index").cloned().unwrap_or_default();
    summary.rows += 1;
    let problem = match check_row(row) {
        Ok(checked) => {
            summary.clean += u64::from(checked.valid);
            summary.planted += checked.planted;
            summary.found += checked.found;
            (!checked.good)
                .then(|| checked.answer.get("problems").unwrap_or(&checked.answer["first_error"]).to_string())
        }
        Err(error) => Some(error.to_string()),
    };
    if let Some(problem) = problem {
        summary.bad += 1;
        if summary.examples.len() < 5 {
            summary.examples.push(format!("{file}, index {index}: {problem}"));
        }
    }
}
