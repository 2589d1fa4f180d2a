//! `sos stats`: statistics of a dataset, for each config and split.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use super::Failure;
use super::dataset::{each_row, text, texts, written};
use super::input::Running;
use super::load::tokenizer;
use super::page::{Bar, Page};
use crate::cue::{Cue, ROWS, markdown};
use crate::dialect::Tokens;
use crate::request::{Looking, cues_of_folder};
use crate::rows::Row;

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
    /// Writes a page with plots to this file as well
    #[arg(long)]
    html: Option<PathBuf>,
    #[command(flatten)]
    running: Running,
}

/// Greatest number of distinct words that are counted in a config.
const MOST_WORDS: usize = 1 << 20;

/// Minimum, median, 90th percentile and maximum of some numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Spread {
    least: u64,
    median: u64,
    ninetieth: u64,
    most: u64,
}

impl Spread {
    fn of(numbers: &mut [u64]) -> Option<Self> {
        numbers.sort_unstable();
        let at = |percent: usize| numbers.get((numbers.len().checked_sub(1)?) * percent / 100).copied();
        Some(Spread { least: at(0)?, median: at(50)?, ninetieth: at(90)?, most: at(100)? })
    }
}

/// Counts of a config and split while rows are read.
#[derive(Default)]
struct Counts {
    rows: u64,
    solved: u64,
    right: u64,
    solvable: u64,
    numbers: BTreeMap<&'static str, Vec<u64>>,
    outcomes: BTreeMap<String, u64>,
    planted: BTreeMap<String, u64>,
    of_candidates: BTreeMap<String, u64>,
    words: HashSet<String>,
    ids: HashSet<String>,
    repeated: u64,
}

/// What the counts take of a row.
struct Counted {
    id: String,
    solved: bool,
    right: bool,
    solvable: bool,
    numbers: Vec<(&'static str, u64)>,
    outcome: String,
    /// Class of the first planted defect.
    planted: Option<String>,
    /// Class of the first error of the candidate that the row is about.
    of_candidate: Option<String>,
    words: HashSet<String>,
}

/// The statistics of a config and split.
#[derive(Debug, Serialize)]
struct Stats {
    config: String,
    split: String,
    rows: u64,
    /// Rows whose text solves the puzzle, in whatever way.
    solved: u64,
    /// Rows of these that have no planted defect.
    right: u64,
    solvable: u64,
    outcomes: BTreeMap<String, u64>,
    /// Number of rows by the class of their first planted defect.
    error_classes: BTreeMap<String, u64>,
    /// Number of rows about a candidate by the class of the candidate's first error.
    candidate_error_classes: BTreeMap<String, u64>,
    /// Spreads over rows, where the numbers are known: bytes and words that a model is trained to write, tokens (words of all the row's texts), nodes,
    /// backtracks, depth, optimal cost and difficulty.
    spreads: BTreeMap<&'static str, Spread>,
    /// Number of distinct words in the completions. Words are separated by white space.
    distinct_words: usize,
    /// Number of rows that repeat the puzzle of an earlier row.
    repeated_puzzles: u64,
}

/// The statistics of a dataset.
#[derive(Debug, Serialize)]
struct Report {
    /// Number of puzzles that occur in two splits.
    puzzles_in_two_splits: u64,
    /// The tokenizer file in whose tokens rows are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    tokenizer: Option<String>,
    configs: Vec<Stats>,
    /// The simplest classifiers of each label, in the largest split.
    cues: Vec<Cue>,
}

impl Counted {
    fn of(row: &Row, tokens: &Tokens) -> Counted {
        let written = written(row);
        let words = || written.iter().flat_map(|text| text.split_whitespace());
        let mut numbers =
            vec![("bytes", written.iter().map(|text| text.len() as u64).sum()), ("words", words().count() as u64)];
        for name in ["tokens", "nodes", "backtracks", "depth", "optimal_cost", "difficulty"] {
            numbers.extend(row.get(name).and_then(Value::as_u64).map(|number| (name, number)));
        }
        // The column has the number of words.
        if matches!(tokens, Tokens::File(_)) {
            let counted = texts(row).iter().map(|part| tokens.count(text(row, "dialect"), part)).sum();
            numbers.iter_mut().filter(|(name, _)| *name == "tokens").for_each(|(_, number)| *number = counted);
        }
        let defects: Vec<Value> = serde_json::from_str(text(row, "defects")).unwrap_or_default();
        let planted = defects.first().and_then(|defect| defect["class"].as_str());
        let solved = row.get("solved") == Some(&Value::Bool(true));
        Counted {
            id: text(row, "id").into(),
            solved,
            right: solved && defects.is_empty(),
            solvable: row.get("solvable") == Some(&Value::Bool(true)),
            numbers,
            outcome: text(row, "outcome").into(),
            planted: planted.map(String::from),
            of_candidate: Some(text(row, "first_error_class")).filter(|class| !class.is_empty()).map(String::from),
            words: words().map(String::from).collect(),
        }
    }
}

impl Counts {
    fn add(&mut self, row: Counted) {
        self.rows += 1;
        self.solved += u64::from(row.solved);
        self.right += u64::from(row.right);
        self.solvable += u64::from(row.solvable);
        for (name, number) in row.numbers {
            self.numbers.entry(name).or_default().push(number);
        }
        *self.outcomes.entry(row.outcome).or_default() += 1;
        for (class, counts) in [(row.planted, &mut self.planted), (row.of_candidate, &mut self.of_candidates)] {
            class.into_iter().for_each(|class| *counts.entry(class).or_default() += 1);
        }
        for word in row.words {
            if self.words.len() < MOST_WORDS {
                self.words.insert(word);
            }
        }
        self.repeated += u64::from(!self.ids.insert(row.id));
    }

    fn finish(self, config: String, split: String) -> Stats {
        let spreads =
            self.numbers.into_iter().filter_map(|(name, mut numbers)| Some((name, Spread::of(&mut numbers)?)));
        Stats {
            config,
            split,
            rows: self.rows,
            solved: self.solved,
            right: self.right,
            solvable: self.solvable,
            outcomes: self.outcomes,
            error_classes: self.planted,
            candidate_error_classes: self.of_candidates,
            spreads: spreads.collect(),
            distinct_words: self.words.len(),
            repeated_puzzles: self.repeated,
        }
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let tokens = tokenizer(arguments.tokenizer.as_deref())?;
    let mut counts: BTreeMap<(String, String), Counts> = BTreeMap::new();
    each_row(
        &arguments.folder,
        &arguments.running,
        |_, _| true,
        |row| {
            let row = Counted::of(&row, &tokens);
            let size = row.words.len() * 64;
            (row, size)
        },
        |file, rows| {
            let counts = counts.entry((file.config.clone(), file.split.clone())).or_default();
            rows.into_iter().for_each(|row| counts.add(row));
        },
    )?;
    if counts.is_empty() {
        return Err(Failure::Request(format!("{}: no rows", crate::rows::name(&arguments.folder))));
    }
    let cues = match arguments.folder.is_dir() {
        true => {
            let progress = &arguments.running.ticker();
            let looking = Looking { threads: arguments.running.threads()?, progress };
            cues_of_folder(&arguments.folder, ROWS, looking).map_err(|error| Failure::Request(error.to_string()))?
        }
        false => Vec::new(),
    };
    let mut report = report(counts, cues);
    report.tokenizer = tokens.version().map(|(name, _)| name.to_string());
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &report).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        table(&report, &mut out)?;
    }
    if let Some(path) = &arguments.html {
        page(&report, &arguments.folder.display().to_string()).write(path)?;
    }
    Ok(())
}

fn report(counts: BTreeMap<(String, String), Counts>, cues: Vec<Cue>) -> Report {
    let mut splits: BTreeMap<&str, HashSet<&str>> = BTreeMap::new();
    for ((_, split), counts) in &counts {
        splits.entry(split).or_default().extend(counts.ids.iter().map(String::as_str));
    }
    let all: u64 = splits.values().map(|ids| ids.len() as u64).sum();
    let distinct = splits.values().flatten().collect::<HashSet<_>>().len() as u64;
    let configs = counts.into_iter().map(|((config, split), counts)| counts.finish(config, split));
    Report { puzzles_in_two_splits: all - distinct, tokenizer: None, configs: configs.collect(), cues }
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

fn page(report: &Report, name: &str) -> Page {
    let mut page = Page::new(&format!("Dataset {name}"));
    page.table(&HEAD, &report.configs.iter().map(cells).collect::<Vec<_>>());
    page.heading(&format!("Puzzles in two splits: {}", report.puzzles_in_two_splits));
    let label = |stats: &Stats| format!("{} {}", stats.config, stats.split);
    for (title, column) in
        [("Bytes of a completion, median", "bytes"), ("Nodes, median", "nodes"), ("Difficulty, median", "difficulty")]
    {
        let bars = report.configs.iter().filter_map(|stats| {
            let spread = stats.spreads.get(column)?;
            let range = Some((spread.median as f64, spread.ninetieth as f64));
            Some(Bar { name: label(stats), value: spread.median as f64, range })
        });
        page.heading(&format!("{title}; the line goes to the 90th percentile"));
        page.bars(&bars.collect::<Vec<_>>(), |value| format!("{value:.0}"));
    }
    for stats in &report.configs {
        for (name, classes) in errors(stats) {
            page.heading(&format!("Errors by class, {name}: {}", label(stats)));
            let bars =
                classes.iter().map(|(class, count)| Bar { name: class.clone(), value: *count as f64, range: None });
            page.bars(&bars.collect::<Vec<_>>(), |value| format!("{value:.0}"));
        }
    }
    page
}
