//! `sos pack`: gives the arms of an experiment the same budget. Arms share puzzles by index. Their rows or words are made equal, and a report says exactly
//! how.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::Failure;
use super::dataset::{Row, each_row, text, written};
use super::input::Running;
use super::output::{RowFile, file_of, write};
use crate::generate::Job;
use crate::generate::manifest::{FileRecord, Manifest, ManifestFile};
use crate::sink::Format;
use crate::table::{Schema, SplitRows};

/// `sos pack`
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of a dataset; or a file of its rows, JSON Lines (plain, .gz or .zst) or Parquet, or - for standard input
    folder: PathBuf,
    /// The record configs that are the arms; in a file, the kinds of records
    #[arg(long, value_delimiter = ',', required = true)]
    arms: Vec<String>,
    /// The split
    #[arg(long, default_value = "train")]
    split: String,
    /// What is made equal
    #[arg(long, default_value = "words")]
    by: By,
    /// How arms with less get as much, or those with more get less
    #[arg(long, default_value = "sub-sample")]
    how: How,
    /// Only puzzles that the first arm's row solves
    #[arg(long)]
    solved: bool,
    /// The word that fills
    #[arg(long, default_value = ".")]
    filler: String,
    /// Where the arms go: a new folder
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    running: Running,
}

impl Arguments {
    /// Where the rows go.
    pub fn out(&self) -> &Path {
        &self.out
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum By {
    /// The number of rows
    Rows,
    /// Words of what a model is trained to write, which stand between whitespace
    Words,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    /// Every arm is cut to the budget of the smallest: the first rows by index
    SubSample,
    /// Every arm is repeated up to the budget of the largest: all of its rows again and again
    Repeat,
    /// Every row is filled up to the longest row of its index
    Filler,
}

/// What was done to an arm.
#[derive(Debug, Serialize)]
struct Done {
    arm: String,
    rows_before: u64,
    words_before: u64,
    rows: u64,
    words: u64,
    /// Number of filler words.
    filler_words: u64,
    /// Number of rows that are copies.
    repeated_rows: u64,
    /// Number of rows that were left out.
    dropped_rows: u64,
    /// The file of the arm.
    #[serde(skip)]
    file: FileRecord,
}

/// The report in `pack.json`.
#[derive(Debug, Serialize)]
struct Report {
    split: String,
    by: By,
    how: How,
    only_solved: bool,
    /// The budget in rows or words, as `by` says.
    budget: u64,
    arms: Vec<Done>,
}

/// The format of its files: rows get columns of their own.
const FORMAT: Format = Format::JsonLines;

type Arm = BTreeMap<i64, Row>;

fn words(row: &Row) -> u64 {
    written(row).into_iter().map(|text| text.split_whitespace().count() as u64).sum()
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.how == How::Filler && arguments.by == By::Rows {
        return Err(Failure::Request("--how filler: makes words equal; use it with --by words".into()));
    }
    if arguments.filler.split_whitespace().count() != 1 {
        return Err(Failure::Request(format!("--filler: found {:?}; allowed: one word", arguments.filler)));
    }
    if arguments.out.exists() {
        return Err(Failure::Request(format!(
            "--out: {} is there already; choose a new folder",
            arguments.out.display()
        )));
    }
    // A packed dataset tells its recipe, so that what is found of a dataset can be found of it.
    let job = match arguments.folder.is_dir() {
        true => Some(Manifest::read(&arguments.folder).map_err(|error| Failure::Request(error.to_string()))?.0.job),
        false => None,
    };
    let arms = read(arguments)?;
    let report = match arguments.how {
        How::Filler => fill(arguments, arms)?,
        How::SubSample | How::Repeat => cut_or_repeat(arguments, arms)?,
    };
    let json = serde_json::to_string_pretty(&report).unwrap_or_default();
    write(&arguments.out.join("pack.json"), json.as_bytes())?;
    write(&arguments.out.join("README.md"), card(&report).as_bytes())?;
    if let Some(job) = job {
        let manifest = serde_json::to_string_pretty(&manifest(&report, job)).unwrap_or_default();
        write(&arguments.out.join("manifest.json"), manifest.as_bytes())?;
    }
    for done in &report.arms {
        eprintln!(
            "{}: {} rows of {} words (before: {} of {}); {} rows dropped, {} repeated, {} words fill",
            done.arm,
            done.rows,
            done.words,
            done.rows_before,
            done.words_before,
            done.dropped_rows,
            done.repeated_rows,
            done.filler_words
        );
    }
    Ok(())
}

/// The rows of the arms by index. Only indices that all arms have are kept.
fn read(arguments: &Arguments) -> Result<Vec<(String, Arm)>, Failure> {
    let mut arms: Vec<(String, Arm)> = arguments.arms.iter().map(|name| (name.clone(), Arm::new())).collect();
    let mut unfit = None;
    each_row(
        &arguments.folder,
        &arguments.running,
        |config, split| split == arguments.split && arguments.arms.iter().any(|arm| arm == config),
        |row| {
            let size = written(&row).iter().map(|text| text.len()).sum();
            (row, size)
        },
        |file, rows| {
            for row in rows {
                if arguments.how == How::Filler && !row.contains_key("completion") {
                    unfit.get_or_insert(file.config.clone());
                }
                let index = row.get("index").and_then(Value::as_i64).unwrap_or(-1);
                for (_, arm) in arms.iter_mut().filter(|(name, _)| *name == file.config) {
                    arm.insert(index, row.clone());
                }
            }
        },
    )?;
    if let Some(name) = unfit {
        return Err(Failure::Request(format!(
            "--how filler: {name} has no column `completion` to be filled; choose sub-sample or repeat"
        )));
    }
    if let Some((name, _)) = arms.iter().find(|(_, arm)| arm.is_empty()) {
        let message = format!("--arms: {name} has no rows in the split {}; see sos stats", arguments.split);
        return Err(Failure::Request(message));
    }
    let mut kept: Vec<i64> = arms[0].1.keys().copied().collect();
    kept.retain(|index| {
        let there = arms.iter().all(|(_, arm)| arm.contains_key(index));
        let solved = arms[0].1[index].get("solved") == Some(&Value::Bool(true));
        there && (solved || !arguments.solved)
    });
    for (_, arm) in &mut arms {
        arm.retain(|index, _| kept.binary_search(index).is_ok());
    }
    Ok(arms)
}

fn totals(arm: &Arm) -> (u64, u64) {
    (arm.len() as u64, arm.values().map(words).sum())
}

fn cut_or_repeat(arguments: &Arguments, arms: Vec<(String, Arm)>) -> Result<Report, Failure> {
    let size = |arm: &Arm| if arguments.by == By::Rows { totals(arm).0 } else { totals(arm).1 };
    let sizes = arms.iter().map(|(_, arm)| size(arm));
    let budget = if arguments.how == How::SubSample { sizes.min() } else { sizes.max() }.unwrap_or(0);
    let mut done = Vec::new();
    for (name, arm) in arms {
        let (rows_before, words_before) = totals(&arm);
        let mut file = Lines::new(&arguments.out, &name, &arguments.split)?;
        let (mut rows, mut sum) = (0u64, 0u64);
        'copies: for copy in 0u64.. {
            for row in arm.values() {
                let more = words(row);
                let after = if arguments.by == By::Rows { rows + 1 } else { sum + more };
                // The first row over the budget ends the arm. So the arm is less than one row below the budget.
                if after > budget || words_before == 0 {
                    break 'copies;
                }
                (rows, sum) = (rows + 1, sum + more);
                file.write(row, copy, None)?;
            }
        }
        let file = file.0.finish()?;
        done.push(Done {
            file,
            arm: name,
            rows_before,
            words_before,
            rows,
            words: sum,
            filler_words: 0,
            repeated_rows: rows.saturating_sub(rows_before),
            dropped_rows: rows_before.saturating_sub(rows),
        });
    }
    Ok(report(arguments, budget, done))
}

fn fill(arguments: &Arguments, arms: Vec<(String, Arm)>) -> Result<Report, Failure> {
    let mut longest: BTreeMap<i64, u64> = BTreeMap::new();
    for (_, arm) in &arms {
        for (index, row) in arm {
            let most = longest.entry(*index).or_default();
            *most = words(row).max(*most);
        }
    }
    let budget = longest.values().sum();
    let mut done = Vec::new();
    for (name, arm) in arms {
        let (rows, words_before) = totals(&arm);
        let mut file = Lines::new(&arguments.out, &name, &arguments.split)?;
        let mut filler_words = 0;
        for (index, row) in &arm {
            let missing = longest.get(index).copied().unwrap_or(0) - words(row);
            filler_words += missing;
            let filler = vec![arguments.filler.as_str(); missing as usize].join(" ");
            file.write(row, 0, Some(&filler))?;
        }
        let file = file.0.finish()?;
        let words = words_before + filler_words;
        let rows_before = rows;
        done.push(Done {
            file,
            arm: name,
            rows_before,
            words_before,
            rows,
            words,
            filler_words,
            repeated_rows: 0,
            dropped_rows: 0,
        });
    }
    Ok(report(arguments, budget, done))
}

fn report(arguments: &Arguments, budget: u64, arms: Vec<Done>) -> Report {
    let Arguments { split, by, how, solved, .. } = arguments;
    Report { split: split.clone(), by: *by, how: *how, only_solved: *solved, budget, arms }
}

/// The manifest of the new folder: the job of the dataset, and the files of the arms.
fn manifest(report: &Report, job: Job) -> Manifest {
    let most = report.arms.iter().map(|done| done.rows).max().unwrap_or(0);
    let arms = || report.arms.iter().map(|done| done.arm.clone());
    let splits = vec![SplitRows { name: report.split.clone(), rows: most }];
    let job =
        Job { format: FORMAT.name().into(), configs: arms().collect(), splits, rows_per_file: most.max(1), ..job };
    let rows = |done: &Done| (done.arm.clone(), BTreeMap::from([(report.split.clone(), done.rows)]));
    let file = |done: &Done| ManifestFile {
        path: file_of(&done.arm, &report.split, FORMAT),
        config: done.arm.clone(),
        split: report.split.clone(),
        first: 0,
        record: done.file.clone(),
    };
    Manifest {
        manifest: 1,
        rows: report.arms.iter().map(rows).collect(),
        tally: BTreeMap::new(),
        files: report.arms.iter().map(file).collect(),
        job,
        packed: true,
    }
}

/// The file of an arm while it is written.
struct Lines(RowFile);

impl Lines {
    fn new(out: &Path, arm: &str, split: &str) -> Result<Self, Failure> {
        RowFile::new(&out.join(file_of(arm, split, FORMAT)), FORMAT, Schema::default()).map(Lines)
    }

    /// Writes a row with the number of the copy. The filler goes behind the completion, and its number of words into a column.
    fn write(&mut self, row: &Row, copy: u64, filler: Option<&str>) -> Result<(), Failure> {
        let mut row = row.clone();
        row.insert("copy".into(), copy.into());
        if let Some(filler) = filler.filter(|filler| !filler.is_empty()) {
            let completion = text(&row, "completion").trim_end().to_string();
            row.insert("completion".into(), format!("{completion} {filler}").into());
        }
        row.insert("filler_words".into(), filler.map_or(0, |filler| filler.split_whitespace().count()).into());
        self.0.write(row)
    }
}

/// The data card: the files of each arm, and what was done.
fn card(report: &Report) -> String {
    let mut text = "---\nconfigs:\n".to_string();
    for done in &report.arms {
        let split = &report.split;
        text += &format!(
            "- config_name: {}\n  data_files:\n  - split: {split}\n    path: {}/{split}-*.jsonl\n",
            done.arm, done.arm
        );
    }
    text += "---\n\n# Arms at the same budget\n\n| arm | rows | words | rows before | words before | words that fill |\n|---|---|---|---|---|---|\n";
    for done in &report.arms {
        text += &format!(
            "| `{}` | {} | {} | {} | {} | {} |\n",
            done.arm, done.rows, done.words, done.rows_before, done.words_before, done.filler_words
        );
    }
    text + "\n`pack.json` says exactly what was done. Row `index` is the same puzzle in every arm.\n"
}
