//! `sos score`

use std::io::Write;
use std::path::PathBuf;

use serde_json::Value;

use super::Failure;
use super::groups::{Row, answer_groups, tell};
use crate::select::totals::{Collector, Mean, Measured, Totals};

/// `sos score`
#[derive(clap::Args)]
pub struct Arguments {
    /// A file of JSON Lines, or - for standard input. Each row has `env`, `puzzle`, `dialect`, and `text`, or `prompt` and `completion`; rows of one puzzle, or
    /// of one `group` where they have that field, stand one after the other
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Prints each row with its numbers, in the place of the totals
    #[arg(long, conflicts_with = "json")]
    rows: bool,
    /// Prints the totals as JSON
    #[arg(long)]
    json: bool,
    /// The resamples of the intervals follow from it
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// Runs it.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut collector = Collector::default();
    answer_groups(&arguments.file, |rows| {
        if !arguments.rows {
            collector.add(&rows.iter().map(measured).collect::<Vec<_>>());
            return Vec::new();
        }
        let with_numbers = rows.into_iter().map(|Row { mut object, scored }| {
            tell(&scored, &mut object);
            Value::Object(object)
        });
        with_numbers.collect()
    })?;
    if arguments.rows {
        return Ok(());
    }
    let totals = collector.finish(arguments.seed);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &totals).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        table(&totals, &mut out)?;
    }
    Ok(())
}

fn measured(row: &Row) -> Measured {
    let rollout = row.rollout();
    match &row.scored {
        Ok(scored) => Measured {
            rollout,
            trace_valid: scored.trace_valid,
            first_error: scored.first_error.map(str::to_string),
            unreadable: None,
        },
        Err(error) => {
            let field = error["field"].as_str().unwrap_or("line").to_string();
            Measured { rollout, trace_valid: false, first_error: None, unreadable: Some(field) }
        }
    }
}

/// The totals for people.
fn table(totals: &Totals, out: &mut impl Write) -> Result<(), Failure> {
    let Totals { rows, groups, two_by_two, .. } = totals;
    writeln!(out, "{rows} rows in {groups} groups; in brackets 95 % intervals over groups")?;
    let percent = |out: &mut dyn Write, name: &str, mean: &Mean| {
        let Mean { mean, low, high } = mean;
        writeln!(out, "{name:<24} {:>7.2} %  [{:.2}, {:.2}]", 100.0 * mean, 100.0 * low, 100.0 * high)
    };
    percent(out, "solved", &totals.solved)?;
    percent(out, "valid", &totals.valid)?;
    percent(out, "optimal", &totals.optimal)?;
    for (k, mean) in totals.pass_at.iter().filter(|(k, _)| **k > 1) {
        percent(out, &format!("solved by one of {k}"), mean)?;
    }
    percent(out, "wrong steps", &totals.wrong_steps)?;
    let Mean { mean, low, high } = totals.length;
    writeln!(out, "{:<24} {mean:>7.0}    [{low:.0}, {high:.0}]", "bytes")?;
    writeln!(out, "\n{:<24} {:>12} {:>12}", "", "trace right", "trace wrong")?;
    writeln!(out, "{:<24} {:>12} {:>12}", "plan right", two_by_two.plan_and_trace, two_by_two.plan_alone)?;
    writeln!(out, "{:<24} {:>12} {:>12}", "plan wrong", two_by_two.trace_alone, two_by_two.neither)?;
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
