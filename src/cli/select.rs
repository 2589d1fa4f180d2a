//! `sos select`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sos_envs::Streams;

use super::Failure;
use super::groups::{answer_groups, scoring};
use super::input::Running;
use crate::rollouts::ScoredRow;
use crate::select::{Control, Rollout, Rule, select};

/// `sos select`
#[derive(clap::Args)]
pub struct Arguments {
    /// The rule
    rule: RuleName,
    /// A file of JSON Lines (plain, .gz or .zst) or Parquet, or - for standard input. A row is one of ours as it is, or has `env`, `dialect`, the puzzle (`puzzle`, or the `prompt` that tells it, or its
    /// `id` with --dataset) and the text (`text`, with its prompt or without, or `prompt` and `completion`, or `completion` alone). Rows of one puzzle, or of one `group`
    /// where they have that field, belong together wherever they stand, and come out together
    #[arg(default_value = "-")]
    file: PathBuf,
    /// What is done in the place of the rule, to see what it is worth
    #[arg(long)]
    control: Option<ControlName>,
    /// roc: how many are kept of a group
    #[arg(long, default_value_t = 16)]
    keep: usize,
    /// roc: draws by penalty, as the paper says, in the place of cutting off, as its code does
    #[arg(long)]
    soft: bool,
    /// roc, cutting off: how many of each side are kept at least
    #[arg(long, default_value_t = 2)]
    least: usize,
    /// What is left to chance follows from it
    #[arg(long, default_value_t = 0, allow_negative_numbers = true, value_parser = super::load::seed)]
    seed: u64,
    /// The dataset whose puzzles rows name by `id`
    #[arg(long)]
    dataset: Option<PathBuf>,
    /// Leaves out the rows that are not kept
    #[arg(long)]
    kept_only: bool,
    #[command(flatten)]
    running: Running,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum RuleName {
    /// Clean positives, diverse negatives (GRPO-RoC, rStar2-Agent)
    Roc,
    /// All that solve their puzzle, cut behind the first goal (STaR)
    Star,
    /// The shortest with a cheapest solution (Searchformer)
    Shortest,
    /// The best of each group
    Best,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum ControlName {
    /// As many as the rule keeps, by chance
    Uniform,
    /// The dirtiest, the wrong, the longest, the worst
    Inverted,
    /// Everything; roc: its number of both sides without looking at penalties
    NoFilter,
    /// roc: negatives are chosen by penalty too
    BothSides,
    /// roc: all positives are kept
    NegativesOnly,
}

impl Arguments {
    fn rule(&self) -> Result<Rule, Failure> {
        Ok(match self.rule {
            RuleName::Roc if self.keep == 0 => {
                return Err(Failure::Request("--keep: found 0; allowed: 1 and more".into()));
            }
            RuleName::Roc => Rule::Roc { keep: self.keep, soft: self.soft, least: self.least },
            RuleName::Star => Rule::Star,
            RuleName::Shortest => Rule::Shortest,
            RuleName::Best => Rule::Best,
        })
    }

    fn control(&self, rule: Rule) -> Result<Option<Control>, Failure> {
        let Some(name) = self.control else { return Ok(None) };
        let (control, of_roc) = match name {
            ControlName::Uniform => (Control::Uniform, false),
            ControlName::Inverted => (Control::Inverted, false),
            ControlName::NoFilter => (Control::NoFilter, false),
            ControlName::BothSides => (Control::BothSides, true),
            ControlName::NegativesOnly => (Control::NegativesOnly, true),
        };
        if of_roc && !matches!(rule, Rule::Roc { .. }) {
            let message = "--control: that one is of roc alone; allowed here: uniform, inverted, no-filter";
            return Err(Failure::Request(message.into()));
        }
        Ok(Some(control))
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let rule = arguments.rule()?;
    let control = arguments.control(rule)?;
    let mut selection = Selection {
        rule,
        control,
        kept_only: arguments.kept_only,
        cuts: matches!(rule, Rule::Star) && control.is_none(),
        streams: Streams::new(arguments.seed, "select", ""),
        groups: 0,
        counts: BTreeMap::new(),
    };
    let scoring = scoring(arguments.dataset.as_deref(), None, &arguments.running)?;
    let served = answer_groups(&arguments.file, &arguments.running, &scoring, |rows| selection.choose(rows))?;
    selection.report(&arguments.file);
    Ok(served.some(&arguments.file)?)
}

struct Selection {
    rule: Rule,
    control: Option<Control>,
    kept_only: bool,
    cuts: bool,
    streams: Streams,
    groups: u64,
    /// Number of rows by decision (kept ones first) and reason.
    counts: BTreeMap<(bool, &'static str), u64>,
}

impl Selection {
    /// Decides about the rows of a group. Gives the rows to write.
    fn choose(&mut self, rows: Vec<ScoredRow>) -> Vec<Value> {
        let group: Vec<Rollout> = rows.iter().map(ScoredRow::rollout).collect();
        let choices = select(self.rule, self.control, &group, &mut self.streams.at(self.groups));
        self.groups += 1;
        let mut answers = Vec::with_capacity(rows.len());
        for (mut row, choice) in rows.into_iter().zip(choices) {
            *self.counts.entry((!choice.kept, choice.reason)).or_default() += 1;
            if !choice.kept && self.kept_only {
                continue;
            }
            row.object.insert("kept".into(), choice.kept.into());
            row.object.insert("reason".into(), choice.reason.into());
            let scored = row.scored.as_mut().ok().filter(|_| self.cuts && choice.kept);
            let cut = scored.and_then(|scored| Some((scored.cut.take()?, scored.rollout.length)));
            let mut object = row.told();
            if let Some((cut, before)) = cut {
                let field = if object.contains_key("text") { "text" } else { "completion" };
                object.insert("cut".into(), (before - cut.len() as u64).into());
                object.insert(field.into(), cut.into());
            }
            answers.push(Value::Object(object));
        }
        answers
    }

    /// Prints a summary on standard error.
    fn report(&self, file: &Path) {
        let all: u64 = self.counts.values().sum();
        let kept: u64 = self.counts.iter().filter(|((dropped, _), _)| !dropped).map(|(_, count)| count).sum();
        eprintln!("{}: {} groups, {all} rows: {kept} kept, {} not", file.display(), self.groups, all - kept);
        for ((dropped, reason), count) in &self.counts {
            eprintln!("{count:>10} {}: {reason}", if *dropped { "not kept" } else { "kept" });
        }
    }
}
