//! `sos stats`: statistics of a dataset, for each config and split.

mod counts;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Failure;
use super::dataset::each_row;
use super::input::Running;
use super::load;
use super::view::write_figures;
use crate::cue::{ROWS, markdown};
use crate::dialect::Tokens;
use crate::request::{Looking, cues_of_folder};
use counts::Stats;
pub use counts::{AllCounts, Counted, Report};

/// `sos stats`
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of a dataset; or a file of its rows, JSON Lines (plain, .gz or .zst) or Parquet, or - for standard input
    folder: PathBuf,
    /// Prints JSON in the place of a table
    #[arg(long)]
    json: bool,
    /// Counts `tokens` in the tokens of this file tokenizer.json, in the place of words
    #[arg(long, value_name = "FILE")]
    tokenizer: Option<PathBuf>,
    /// Writes a page with charts to this file as well: that of `sos view`, without rows
    #[arg(long)]
    html: Option<PathBuf>,
    #[command(flatten)]
    running: Running,
}

/// The statistics of the folder of a dataset, or of a file of its rows.
pub fn of_folder(folder: &Path, running: &Running, tokens: &Tokens) -> Result<Report, Failure> {
    let mut counts = AllCounts::default();
    each_row(
        folder,
        running,
        |_, _| true,
        |row| {
            let row = Counted::of(&row, tokens);
            let size = row.size();
            (row, size)
        },
        |file, rows| counts.add(&file.config, &file.split, rows),
    )?;
    if counts.is_empty() {
        return Err(Failure::Request(format!("{}: no rows", crate::rows::name(folder))));
    }
    let cues = match folder.is_dir() {
        true => {
            let progress = &running.ticker();
            let looking = Looking { threads: running.threads()?, progress };
            cues_of_folder(folder, ROWS, looking).map_err(|error| Failure::Request(error.to_string()))?
        }
        false => Vec::new(),
    };
    let mut report = counts.finish(cues);
    report.tokenizer = tokens.version().map(|(name, _)| name.to_string());
    Ok(report)
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let tokens = load::tokenizer(arguments.tokenizer.as_deref())?;
    let report = of_folder(&arguments.folder, &arguments.running, &tokens)?;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &report).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        table(&report, &mut out)?;
    }
    if let Some(path) = &arguments.html {
        write_figures(path, std::slice::from_ref(&arguments.folder), &report)?;
    }
    Ok(())
}

/// The cells of a line of the table.
fn cells(stats: &Stats) -> Vec<String> {
    let spread = |name: &str| stats.spreads.get(name);
    let share = |part: u64| format!("{:.1} %", 100.0 * part as f64 / stats.rows.max(1) as f64);
    let number = |value: Option<u64>| value.map_or("-".into(), |value| value.to_string());
    vec![
        stats.config.clone(),
        stats.split.clone(),
        stats.rows.to_string(),
        share(stats.solved),
        share(stats.right),
        number(spread("bytes").map(|spread| spread.median)),
        number(spread("bytes").map(|spread| spread.ninetieth)),
        number(spread("words").map(|spread| spread.median)),
        number(spread("tokens").map(|spread| spread.median)),
        number(spread("nodes").map(|spread| spread.median)),
        number(spread("optimal_cost").map(|spread| spread.median)),
        number(spread("difficulty").map(|spread| spread.median)),
        stats.distinct_words.to_string(),
        stats.repeated_puzzles.to_string(),
    ]
}

const HEAD: [&str; 14] = [
    "config",
    "split",
    "rows",
    "solved",
    "right",
    "bytes 50 %",
    "bytes 90 %",
    "words 50 %",
    "tokens",
    "nodes",
    "cost",
    "difficulty",
    "distinct",
    "repeated",
];

/// The counts of errors that a config has, each kind under its name.
fn errors(stats: &Stats) -> impl Iterator<Item = (&'static str, &BTreeMap<String, u64>)> {
    let all = [("planted", &stats.error_classes), ("first errors of candidates", &stats.candidate_error_classes)];
    all.into_iter().filter(|(_, classes)| !classes.is_empty())
}

fn table(report: &Report, out: &mut impl Write) -> Result<(), Failure> {
    let line = |cells: &[String]| {
        let (names, numbers) = cells.split_at(2);
        let numbers = numbers.iter().map(|cell| format!(" {cell:>10}")).collect::<String>();
        format!("{:<20} {:<14}{numbers}", names[0], names[1])
    };
    writeln!(out, "{}", line(&HEAD.map(String::from)))?;
    for stats in &report.configs {
        writeln!(out, "{}", line(&cells(stats)))?;
    }
    for stats in &report.configs {
        for (name, classes) in errors(stats) {
            let classes = classes.iter().map(|(class, count)| format!("{class} {count}"));
            writeln!(out, "{} {}, {name}: {}", stats.config, stats.split, classes.collect::<Vec<_>>().join(", "))?;
        }
    }
    let tokens = report.tokenizer.as_ref().map_or("words of".to_string(), |name| format!("those of {name} in"));
    writeln!(
        out,
        "words: what a model is trained to write; tokens: {tokens} all texts of a row; distinct: different words; right: solved, and nothing planted"
    )?;
    writeln!(out, "puzzles in two splits: {}", report.puzzles_in_two_splits)?;
    if !report.cues.is_empty() {
        writeln!(out, "\ncues: what tells a label beside its content\n{}", markdown(&report.cues).trim_end())?;
    }
    Ok(())
}
