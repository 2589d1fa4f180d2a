//! `sos score`

mod compare;

use std::io::Write;
use std::path::PathBuf;

use serde_json::Value;

use super::Failure;
use super::groups::{answer_groups, scoring, tell_no_rows};
use super::input::Running;
use super::view::write_figures;
use crate::answer::Reading;
use crate::rollouts::{Report, ScoredRow, score_file};
use crate::select::totals::{Mean, Totals, TwoByTwo};

/// `sos score`
#[derive(clap::Args)]
pub struct Arguments {
    /// A file of JSON Lines (plain, .gz or .zst) or Parquet, or - for standard input. A row is one of ours as it is, or has `env`, `dialect`, the puzzle (`puzzle`, or the `prompt` that tells it, or its
    /// `id` with --dataset) and the text (`text`, with its prompt or without, or `prompt` and `completion`, or `completion` alone). Rows of one puzzle, or of one `group`
    /// where they have that field, belong together wherever they stand. Several files are compared, puzzle by puzzle, each with the first; a number of a
    /// checkpoint in their names (`step-500.jsonl`), or in the field `step` of their rows, orders them
    #[arg(default_value = "-", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Prints each row with its numbers, in the place of the totals
    #[arg(long, conflicts_with = "json")]
    rows: bool,
    /// Prints the totals as JSON
    #[arg(long)]
    json: bool,
    /// Writes a page with charts to this file as well: that of `sos view`, without rows
    #[arg(long, conflicts_with = "rows")]
    html: Option<PathBuf>,
    /// The dataset whose puzzles rows name by `id`
    #[arg(long)]
    dataset: Option<PathBuf>,
    /// A search, in JSON, whose trace of the same puzzle each text is held against
    #[arg(long)]
    search: Option<String>,
    /// How to read the texts of rows without a field `read`: a trace in the dialect; an answer as people write it; or `auto`: a trace and the answer behind it, else
    /// the answer
    #[arg(long, default_value = "trace", value_parser = ["trace", "answer", "auto"])]
    read: String,
    /// The resamples of the intervals follow from it
    #[arg(long, default_value_t = 0, allow_negative_numbers = true, value_parser = super::load::seed)]
    seed: u64,
    #[command(flatten)]
    running: Running,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (dataset, search) = (arguments.dataset.as_deref(), arguments.search.as_deref());
    let mut scoring = scoring(dataset, search, &arguments.running)?;
    scoring.reading = Reading::of_name(&arguments.read).unwrap_or_default();
    let [file] = arguments.files.as_slice() else { return compare::run(arguments, &scoring) };
    if arguments.rows {
        let told = |row: ScoredRow| Value::Object(row.told());
        let each = |rows: Vec<ScoredRow>| rows.into_iter().map(told).collect();
        return Ok(answer_groups(file, &arguments.running, &scoring, each)?.some(file)?);
    }
    let ticker = arguments.running.ticker();
    let workers = arguments.running.workers(&ticker)?;
    let Report { totals, served } = score_file(file, workers, &scoring, arguments.seed, |_| Ok::<_, Failure>(()))?;
    drop(ticker);
    tell_no_rows(file, served.rows);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &totals).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        table(&totals, &mut out)?;
    }
    if let Some(path) = &arguments.html {
        write_figures(path, &arguments.files, &totals)?;
    }
    Ok(served.some(file)?)
}

/// The number of rows and groups, and the most frequent sizes of groups.
fn size(totals: &Totals) -> String {
    const LISTED: usize = 6;
    let mut sizes: Vec<(u64, u64)> = totals.group_sizes.iter().map(|(size, groups)| (*size, *groups)).collect();
    sizes.sort_by_key(|&(size, groups)| (std::cmp::Reverse(groups), size));
    let mut list: Vec<String> = sizes.iter().take(LISTED).map(|(size, groups)| format!("{groups} of {size}")).collect();
    if sizes.len() > LISTED {
        list.push(format!("{} other sizes", sizes.len() - LISTED));
    }
    let list = if list.is_empty() { String::new() } else { format!(" ({})", list.join(", ")) };
    format!("{} rows in {} groups{list}", totals.rows, totals.groups)
}

/// The lines of the table of plans and traces. The columns are trace right, trace wrong, no trace.
fn plans(cells: &TwoByTwo) -> [(&'static str, [u64; 3]); 2] {
    [
        ("plan right", [cells.plan_and_trace, cells.plan_alone, cells.plan_without_trace]),
        ("plan wrong", [cells.trace_alone, cells.neither, cells.nothing]),
    ]
}

/// What stands beside a mean.
fn intervals(totals: &Totals) -> &'static str {
    match totals.solved.interval() {
        Some(_) => "95 % intervals over groups",
        None => "no intervals, which need two groups",
    }
}

/// The interval of a mean in brackets, with these decimals; nothing where there is none.
fn brackets(mean: &Mean, scale: f64, decimals: usize) -> String {
    mean.interval()
        .map_or(String::new(), |(low, high)| format!("  [{:.decimals$}, {:.decimals$}]", scale * low, scale * high))
}

/// Prints the totals as a table.
fn table(totals: &Totals, out: &mut impl Write) -> Result<(), Failure> {
    if totals.unreadable.values().sum::<u64>() == totals.rows {
        // There is nothing of which there could be a share.
        writeln!(out, "{}", size(totals))?;
        return counts(totals, out);
    }
    writeln!(out, "{}; {}", size(totals), intervals(totals))?;
    let percent = |out: &mut dyn Write, name: &str, mean: &Mean| {
        writeln!(out, "{name:<24} {:>7.2} %{}", 100.0 * mean.mean, brackets(mean, 100.0, 2))
    };
    percent(out, "solved", &totals.solved)?;
    percent(out, "valid", &totals.valid)?;
    percent(out, "optimal", &totals.optimal)?;
    for (k, mean) in totals.pass_at.iter().filter(|(k, _)| **k > 1) {
        percent(out, &format!("solved by one of {k}"), mean)?;
    }
    percent(out, "wrong steps", &totals.wrong_steps)?;
    for (name, mean) in &totals.more {
        if name == "turns: steps edited" || name.starts_with("spearman") || name.starts_with("confidence") {
            writeln!(out, "{name:<24} {:>9.3}{}", mean.mean, brackets(mean, 1.0, 3))?;
        } else {
            percent(out, name, mean)?;
        }
    }
    writeln!(out, "{:<24} {:>7.0}  {}", "bytes", totals.length.mean, brackets(&totals.length, 1.0, 0))?;
    writeln!(out, "\n{:<24} {:>12} {:>12} {:>12}", "", "trace right", "trace wrong", "no trace")?;
    for (name, [right, wrong, none]) in plans(&totals.two_by_two) {
        writeln!(out, "{name:<24} {right:>12} {wrong:>12} {none:>12}")?;
    }
    counts(totals, out)
}

/// Prints the counts of first errors, and of rows that cannot be read.
fn counts(totals: &Totals, out: &mut impl Write) -> Result<(), Failure> {
    for (title, counts) in [("first errors", &totals.first_errors), ("cannot be read", &totals.unreadable)] {
        if !counts.is_empty() {
            writeln!(out, "\n{title}")?;
        }
        for (name, count) in counts {
            writeln!(out, "  {name:<22} {count:>12}")?;
        }
    }
    Ok(())
}
