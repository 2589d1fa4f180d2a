//! `sos pack`: gives the arms of an experiment the same budget. Arms share puzzles by index. Their rows, words or tokens are made equal, and a report says
//! exactly how.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::Failure;
use super::dataset::each_row;
use super::fresh::{FreshRows, OTHERS};
use super::input::Running;
use super::load::tokenizer;
use super::output::{RowFile, file_of, write};
use crate::dialect::Tokens;
use crate::generate::Job;
use crate::generate::manifest::{FileRecord, Manifest, ManifestFile};
use crate::rows::{Row, given, text, written};
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
    /// With --by tokens: count in the tokens of this file tokenizer.json; without it in those of the dialect
    #[arg(long, value_name = "FILE")]
    tokenizer: Option<PathBuf>,
    /// Count the prompts too, not only what a model is trained to write
    #[arg(long)]
    with_prompts: bool,
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
    /// Words, which stand between whitespace
    Words,
    /// Tokens of the dialect, or of --tokenizer
    Tokens,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    /// Every arm is cut to the budget of the smallest: the first rows by index
    SubSample,
    /// Every arm goes on up to the budget of the largest, with further rows that the recipe of the dataset makes: no index comes twice
    Fresh,
    /// Every arm is repeated up to the budget of the largest: all of its rows again and again
    Repeat,
    /// Every row is filled up to the longest row of its index
    Filler,
}

/// How much a row or an arm is.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    rows: u64,
    words: u64,
    /// Counted where they are made equal.
    tokens: Option<u64>,
}

impl std::ops::AddAssign for Size {
    fn add_assign(&mut self, more: Size) {
        self.rows += more.rows;
        self.words += more.words;
        self.tokens = more.tokens.map(|more| self.tokens.unwrap_or(0) + more);
    }
}

/// What was done to an arm.
#[derive(Debug, Serialize)]
struct Done {
    arm: String,
    rows_before: u64,
    words_before: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens_before: Option<u64>,
    rows: u64,
    words: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<u64>,
    /// Number of filler words.
    filler_words: u64,
    /// Number of rows that the recipe made anew.
    fresh_rows: u64,
    /// Their indices.
    #[serde(skip_serializing_if = "Option::is_none")]
    fresh: Option<Range<u64>>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    tokenizer: Option<TokenizerVersion>,
    with_prompts: bool,
    how: How,
    only_solved: bool,
    /// The budget in rows, words or tokens, as `by` says.
    budget: u64,
    arms: Vec<Done>,
}

#[derive(Debug, Serialize)]
struct TokenizerVersion {
    file: String,
    blake3: String,
}

/// The format of its files: rows get columns of their own.
const FORMAT: Format = Format::JsonLines;

/// The rows of an arm by index, with their sizes.
type Arm = BTreeMap<i64, (Row, Size)>;

/// How rows are measured.
struct Measure {
    by: By,
    with_prompts: bool,
    tokens: Tokens,
}

impl Measure {
    fn new(arguments: &Arguments) -> Result<Self, Failure> {
        if arguments.tokenizer.is_some() && arguments.by != By::Tokens {
            return Err(Failure::Request("--tokenizer: counts tokens; use it with --by tokens".into()));
        }
        let tokens = tokenizer(arguments.tokenizer.as_deref())?;
        Ok(Measure { by: arguments.by, with_prompts: arguments.with_prompts, tokens })
    }

    fn of(&self, row: &Row) -> Size {
        let prompts = if self.with_prompts { given(row) } else { Vec::new() };
        let texts: Vec<&str> = prompts.into_iter().chain(written(row)).collect();
        let words = texts.iter().map(|text| text.split_whitespace().count() as u64).sum();
        let tokens = || texts.iter().map(|part| self.tokens.count(text(row, "dialect"), part)).sum();
        Size { rows: 1, words, tokens: (self.by == By::Tokens).then(tokens) }
    }

    /// What is made equal.
    fn amount(&self, size: Size) -> u64 {
        match self.by {
            By::Rows => size.rows,
            By::Words => size.words,
            By::Tokens => size.tokens.unwrap_or(0),
        }
    }

    /// Its unit.
    fn unit(&self) -> &'static str {
        match self.by {
            By::Rows => "rows",
            By::Words => "words",
            By::Tokens => "tokens",
        }
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.how == How::Filler && arguments.by != By::Words {
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
    let measure = Measure::new(arguments)?;
    // A packed dataset tells its recipe, so that what is found of a dataset can be found of it.
    let job = match arguments.folder.is_dir() {
        true => Some(Manifest::read(&arguments.folder).map_err(|error| Failure::Request(error.to_string()))?.0.job),
        false => None,
    };
    let fresh = match arguments.how {
        How::Fresh => Some(FreshRows::of(&arguments.folder, &arguments.split, &arguments.arms)?),
        _ => None,
    };
    let arms = read(arguments, &measure)?;
    let report = pack(arguments, &measure, arms, fresh.as_ref(), job).inspect_err(|_| {
        // What was begun is no dataset.
        let _ = std::fs::remove_dir_all(&arguments.out);
    })?;
    for done in &report.arms {
        let shown = |rows: u64, words: u64, tokens: Option<u64>| match tokens {
            Some(tokens) => format!("{rows} rows of {tokens} tokens"),
            None => format!("{rows} rows of {words} words"),
        };
        eprintln!(
            "{}: {} (before: {}); {} rows dropped, {} fresh, {} repeated, {} words fill",
            done.arm,
            shown(done.rows, done.words, done.tokens),
            shown(done.rows_before, done.words_before, done.tokens_before),
            done.dropped_rows,
            done.fresh_rows,
            done.repeated_rows,
            done.filler_words
        );
    }
    Ok(())
}

/// Writes the new folder.
fn pack(
    arguments: &Arguments,
    measure: &Measure,
    arms: Vec<(String, Arm)>,
    fresh: Option<&FreshRows>,
    job: Option<Job>,
) -> Result<Report, Failure> {
    let (budget, done) = match (arguments.how, fresh) {
        (How::Filler, _) => fill(arguments, arms)?,
        (_, Some(fresh)) => go_on(arguments, measure, arms, fresh)?,
        _ => cut_or_repeat(arguments, measure, arms)?,
    };
    let version = measure.tokens.version();
    let tokenizer = version.map(|(file, blake3)| TokenizerVersion { file: file.into(), blake3: blake3.into() });
    let Arguments { split, by, how, solved, with_prompts, .. } = arguments;
    let (split, by, how) = (split.clone(), *by, *how);
    let (with_prompts, only_solved) = (*with_prompts, *solved);
    let report = Report { split, by, tokenizer, with_prompts, how, only_solved, budget, arms: done };
    let json = serde_json::to_string_pretty(&report).unwrap_or_default();
    write(&arguments.out.join("pack.json"), json.as_bytes())?;
    write(&arguments.out.join("README.md"), card(&report).as_bytes())?;
    if let Some(job) = job {
        let manifest = serde_json::to_string_pretty(&manifest(&report, job)).unwrap_or_default();
        write(&arguments.out.join("manifest.json"), manifest.as_bytes())?;
    }
    Ok(report)
}

/// The rows of the arms by index. Only indices that all arms have are kept.
fn read(arguments: &Arguments, measure: &Measure) -> Result<Vec<(String, Arm)>, Failure> {
    let mut arms: Vec<(String, Arm)> = arguments.arms.iter().map(|name| (name.clone(), Arm::new())).collect();
    let mut unfit = None;
    each_row(
        &arguments.folder,
        &arguments.running,
        |config, split| split == arguments.split && arguments.arms.iter().any(|arm| arm == config),
        |row| {
            let bytes = written(&row).iter().map(|text| text.len()).sum();
            let size = measure.of(&row);
            ((row, size), bytes)
        },
        |file, rows| {
            for (row, size) in rows {
                if arguments.how == How::Filler && !row.contains_key("completion") {
                    unfit.get_or_insert(file.config.clone());
                }
                let index = row.get("index").and_then(Value::as_i64).unwrap_or(-1);
                for (_, arm) in arms.iter_mut().filter(|(name, _)| *name == file.config) {
                    arm.insert(index, (row.clone(), size));
                }
            }
        },
    )?;
    if let Some(name) = unfit {
        return Err(Failure::Request(format!(
            "--how filler: {name} has no column `completion` to be filled; choose sub-sample, fresh or repeat"
        )));
    }
    if let Some((name, _)) = arms.iter().find(|(_, arm)| arm.is_empty()) {
        let message = format!("--arms: {name} has no rows in the split {}; see sos stats", arguments.split);
        return Err(Failure::Request(message));
    }
    let mut kept: Vec<i64> = arms[0].1.keys().copied().collect();
    kept.retain(|index| {
        let there = arms.iter().all(|(_, arm)| arm.contains_key(index));
        there && (!arguments.solved || is_solved(&arms[0].1[index].0))
    });
    for (_, arm) in &mut arms {
        arm.retain(|index, _| kept.binary_search(index).is_ok());
    }
    Ok(arms)
}

fn is_solved(row: &Row) -> bool {
    row.get("solved") == Some(&Value::Bool(true))
}

fn total(arm: &Arm) -> Size {
    let mut total = Size::default();
    arm.values().for_each(|(_, size)| total += *size);
    total
}

/// The budget, and what was done to each arm.
type Packed = (u64, Vec<Done>);

fn cut_or_repeat(arguments: &Arguments, measure: &Measure, arms: Vec<(String, Arm)>) -> Result<Packed, Failure> {
    let amounts = arms.iter().map(|(_, arm)| measure.amount(total(arm)));
    let repeats = arguments.how == How::Repeat;
    let budget = if repeats { amounts.max() } else { amounts.min() }.unwrap_or(0);
    let mut done = Vec::new();
    for (name, arm) in arms {
        let mut open = OpenArm::new(arguments, name, &arm)?;
        let copies = if repeats && measure.amount(open.before) > 0 { u64::MAX } else { 1 };
        'copies: for copy in 0..copies {
            for (row, size) in arm.values() {
                // The first row over the budget ends the arm. So the arm is less than one row below the budget.
                if measure.amount(open.size) + measure.amount(*size) > budget {
                    break 'copies;
                }
                open.write(row.clone(), *size, copy, "")?;
            }
        }
        done.push(open.finish()?);
    }
    Ok((budget, done))
}

/// Greatest number of fresh rows in succession that no arm takes.
const MOST_SKIPPED: u64 = 100_000;

/// The arms with all of their rows, and with further ones up to the size of the largest.
fn go_on(
    arguments: &Arguments,
    measure: &Measure,
    arms: Vec<(String, Arm)>,
    fresh: &FreshRows,
) -> Result<Packed, Failure> {
    let configs = fresh.configs();
    let mut open = Vec::new();
    for (name, arm) in arms {
        let place = configs.iter().position(|config| *config == name);
        let place = place.ok_or_else(|| Failure::Request(format!("--how fresh: the recipe makes no {name}")))?;
        let mut file = OpenArm::new(arguments, name, &arm)?;
        for (row, size) in arm.into_values() {
            file.write(row, size, 0, "")?;
        }
        open.push((place, file));
    }
    let first_arm = open.first().map_or(0, |(place, _)| *place);
    let budget = open.iter().map(|(_, arm)| measure.amount(arm.size)).max().unwrap_or(0);
    // An arm without anything to count would go on for ever.
    let is_short = |arm: &OpenArm| (1..budget).contains(&measure.amount(arm.size));
    let mut short: Vec<bool> = open.iter().map(|(_, arm)| is_short(arm)).collect();
    let mut skipped = 0;
    let ticker = arguments.running.ticker();
    let ended = !short.contains(&true)
        || fresh.each(
            arguments.running.threads()?,
            |row| measure.of(row),
            |index, rows| {
                ticker.advance(1);
                skipped += 1;
                if skipped > MOST_SKIPPED {
                    return Ok(false);
                }
                if arguments.solved && !rows.get(first_arm).is_some_and(|(row, _)| is_solved(row)) {
                    return Ok(true);
                }
                skipped = 0;
                for ((place, arm), short) in open.iter_mut().zip(&mut short).filter(|(_, short)| **short) {
                    let Some((row, size)) = rows.get(*place) else { continue };
                    *short = measure.amount(arm.size) + measure.amount(*size) <= budget;
                    if *short {
                        arm.write_fresh(index, row.clone(), *size)?;
                        *short = is_short(arm);
                    }
                }
                Ok(short.contains(&true))
            },
        )?;
    if let Some(((_, arm), _)) = open.iter().zip(&short).find(|(_, short)| **short) {
        let (name, has, unit) = (&arm.name, measure.amount(arm.size), measure.unit());
        let why = match ended {
            true => format!("none of {MOST_SKIPPED} further rows is solved by {}", arguments.arms[0]),
            false => format!("the split {} has {} rows by its recipe, and no others", arguments.split, fresh.end),
        };
        return Err(Failure::Request(format!("--how fresh: {name} has {has} of {budget} {unit}, and {why}; {OTHERS}")));
    }
    let done = open.into_iter().map(|(_, arm)| arm.finish()).collect::<Result<_, _>>()?;
    Ok((budget, done))
}

fn fill(arguments: &Arguments, arms: Vec<(String, Arm)>) -> Result<Packed, Failure> {
    let mut longest: BTreeMap<i64, u64> = BTreeMap::new();
    for (_, arm) in &arms {
        for (index, (_, size)) in arm {
            let most = longest.entry(*index).or_default();
            *most = size.words.max(*most);
        }
    }
    let budget = longest.values().sum();
    let mut done = Vec::new();
    for (name, arm) in arms {
        let mut open = OpenArm::new(arguments, name, &arm)?;
        for (index, (row, size)) in arm {
            let missing = longest.get(&index).copied().unwrap_or(0) - size.words;
            let filler = vec![arguments.filler.as_str(); missing as usize].join(" ");
            open.write(row, size, 0, &filler)?;
        }
        done.push(open.finish()?);
    }
    Ok((budget, done))
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
    let fresh = |done: &Done| Some((done.arm.clone(), done.fresh.clone()?));
    Manifest {
        manifest: 1,
        rows: report.arms.iter().map(rows).collect(),
        tally: BTreeMap::new(),
        files: report.arms.iter().map(file).collect(),
        job,
        packed: true,
        fresh: report.arms.iter().filter_map(fresh).collect(),
    }
}

/// An arm while its file is written.
struct OpenArm {
    name: String,
    file: RowFile,
    before: Size,
    size: Size,
    filler_words: u64,
    fresh_rows: u64,
    fresh: Option<Range<u64>>,
}

impl OpenArm {
    fn new(arguments: &Arguments, name: String, arm: &Arm) -> Result<Self, Failure> {
        let path = arguments.out.join(file_of(&name, &arguments.split, FORMAT));
        let file = RowFile::new(&path, FORMAT, Schema::default())?;
        let size = Size::default();
        Ok(OpenArm { name, file, before: total(arm), size, filler_words: 0, fresh_rows: 0, fresh: None })
    }

    /// Writes a row with the number of the copy. The filler goes behind the completion, and its number of words into a column.
    fn write(&mut self, mut row: Row, size: Size, copy: u64, filler: &str) -> Result<(), Failure> {
        row.insert("copy".into(), copy.into());
        if !filler.is_empty() {
            let completion = text(&row, "completion").trim_end().to_string();
            row.insert("completion".into(), format!("{completion} {filler}").into());
        }
        let words = filler.split_whitespace().count() as u64;
        row.insert("filler_words".into(), words.into());
        self.size += Size { words: size.words + words, ..size };
        self.filler_words += words;
        self.file.write(row)
    }

    /// Writes a row that the recipe made anew.
    fn write_fresh(&mut self, index: u64, row: Row, size: Size) -> Result<(), Failure> {
        self.fresh.get_or_insert(index..index).end = index + 1;
        self.fresh_rows += 1;
        self.write(row, size, 0, "")
    }

    fn finish(self) -> Result<Done, Failure> {
        let own = self.size.rows - self.fresh_rows;
        Ok(Done {
            arm: self.name,
            rows_before: self.before.rows,
            words_before: self.before.words,
            tokens_before: self.before.tokens,
            rows: self.size.rows,
            words: self.size.words,
            tokens: self.size.tokens,
            filler_words: self.filler_words,
            fresh_rows: self.fresh_rows,
            fresh: self.fresh,
            repeated_rows: own.saturating_sub(self.before.rows),
            dropped_rows: self.before.rows.saturating_sub(own),
            file: self.file.finish()?,
        })
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
    let counted = if report.by == By::Tokens { "tokens" } else { "words" };
    text += &format!(
        "---\n\n# Arms at the same budget\n\n| arm | rows | {counted} | rows before | {counted} before | words that fill | fresh rows |\n|---|---|---|---|---|---|---|\n"
    );
    for done in &report.arms {
        text += &format!(
            "| `{}` | {} | {} | {} | {} | {} | {} |\n",
            done.arm,
            done.rows,
            done.tokens.unwrap_or(done.words),
            done.rows_before,
            done.tokens_before.unwrap_or(done.words_before),
            done.filler_words,
            done.fresh_rows
        );
    }
    text + "\n`pack.json` says exactly what was done. Row `index` is the same puzzle in every arm.\n"
}
