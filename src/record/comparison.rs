//! `comparison`: several candidate solutions, each with a justification made by rule, and the question which of them is right, or none (Li et al. 2024, "Think
//! twice before trusting"). The `lone` variant shows only one of them; permuted copies show the same ones in another order.

use std::rc::Rc;

use serde::Deserialize;
use sos_envs::Style;

use super::candidate::{Candidate, CandidateSettings, Candidates, MOST, Want};
use super::checked::CheckedText;
use super::critique::shown;
use super::import::Imported;
use super::judge::{Judged, RowView};
use super::{Cell, Dataset, Episode, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::arena::Puzzle;
use crate::check::Steps;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::table::{ColumnKind, ColumnSpec, column};

/// The columns of this kind.
pub const OWN: &[ColumnSpec] = &[
    column("candidates", ColumnKind::Texts, "the candidate solutions, in the order in which they are shown"),
    column("candidate_sources", ColumnKind::Texts, "where each comes from: search, direct, corrupted, imported"),
    column("candidate_tags", ColumnKind::Texts, "own where a model's own output was imported, else foreign"),
    column("candidates_right", ColumnKind::Booleans, "whether each solves the puzzle without an error"),
    column("target", ColumnKind::Integer, "number of the right candidate, from 1; null where none is right"),
    column("lone", ColumnKind::Boolean, "whether one candidate is judged by itself"),
    column(
        "permutation",
        ColumnKind::Integer,
        "number of the order: copies of another number show the same candidates in another order, drawn anew for each row",
    ),
];

/// The justification of a candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Justification {
    /// Nothing.
    None,
    /// The case for the candidate, assuming that it is right: what it claims.
    #[default]
    Supporting,
    /// The result of a check: the first error, or none.
    FirstError,
}

/// The content of the completion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Target {
    /// The number of the right candidate, or `none`.
    #[default]
    Index,
    /// The confidence in each candidate, in percent.
    Confidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    candidates: CandidateSettings,
    /// Number of candidates in a row.
    count: Option<u64>,
    /// Percentage of rows without a right candidate.
    none_percent: Option<u64>,
    #[serde(default)]
    justification: Justification,
    #[serde(default)]
    target: Target,
    #[serde(default)]
    lone: bool,
    #[serde(default)]
    permutation: u64,
}

struct ComparisonRecord {
    candidates: Candidates,
    count: u64,
    none_percent: u64,
    justification: Justification,
    target: Target,
    lone: bool,
    permutation: u64,
}

/// Number of runs to find a candidate that is not a copy of another. After them a copy is taken.
const TRIES: u64 = 4;

/// Makes the record of a config.
pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    let settings: Settings = config.settings()?;
    let (count, none_percent) = (settings.count.unwrap_or(4), settings.none_percent.unwrap_or(25));
    if !(1..=MOST).contains(&count) {
        return Err(config.wrong("count", count, format!("1 to {MOST}")));
    }
    if none_percent > 100 {
        return Err(config.wrong("none_percent", none_percent, "0 to 100"));
    }
    if settings.permutation >= count {
        return Err(config.wrong("permutation", settings.permutation, format!("0 to {}", count - 1)));
    }
    Ok(Box::new(ComparisonRecord {
        candidates: Candidates::new(config, settings.candidates, recipe)?,
        count,
        none_percent,
        justification: settings.justification,
        target: settings.target,
        lone: settings.lone,
        permutation: settings.permutation,
    }))
}

impl Record for ComparisonRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let mut draw = dataset.draw(episode, "comparison");
        let none = draw.below(100) < self.none_percent;
        let mut all: Vec<Rc<Candidate>> = Vec::new();
        if !none {
            all.push(self.candidates.draw(dataset, episode, 0, Want::Right, buffers)?);
        }
        while (all.len() as u64) < self.count {
            let wrong = self.wrong(dataset, episode, &all, buffers)?;
            all.push(wrong);
        }
        // The lone candidate is drawn before the order, so that it is the same in every copy.
        let alone = draw.index(all.len());
        let mut order: Vec<usize> = (0..all.len()).collect();
        draw.shuffle(&mut order);
        if self.permutation > 0 {
            let first = order.clone();
            let mut draw = dataset.draw(episode, &format!("comparison/{}", self.permutation));
            while order == first && order.len() > 1 {
                draw.shuffle(&mut order);
            }
        }
        if self.lone {
            order = vec![alone];
        }
        let shown: Vec<&Candidate> = order.iter().map(|&place| &*all[place]).collect();
        let prompt = dataset.prompt(&episode.proven.puzzle);
        let right: Vec<bool> = shown.iter().map(|candidate| candidate.checked.is_right()).collect();
        out.prompt = Some(self.question(&episode.proven.puzzle, &prompt, &shown).into_bytes());
        out.text = answer(&right, self.target).into_bytes();
        out.said = Some(Said::one_of(shown.iter().map(|candidate| Said::of(&candidate.checked.verdict))));
        out.trace.clone_from(&episode.trace);
        let tag = |candidate: &&Candidate| if candidate.source == "imported" { "own" } else { "foreign" }.to_string();
        let target = right.iter().position(|right| *right).map(|place| place as i64 + 1);
        out.own = vec![
            Cell::Texts(shown.iter().map(|candidate| candidate.checked.text.clone()).collect()),
            Cell::Texts(shown.iter().map(|candidate| candidate.source.to_string()).collect()),
            Cell::Texts(shown.iter().map(tag).collect()),
            Cell::Booleans(right),
            Cell::Integer(target),
            Cell::Boolean(self.lone),
            Cell::Integer(i64::try_from(self.permutation).ok()),
        ];
        Ok(())
    }

    fn imported(&self) -> Vec<&Imported> {
        self.candidates.imported().into_iter().collect()
    }
}

impl ComparisonRecord {
    /// A wrong candidate that is not present yet. A model's own candidate comes before ours.
    fn wrong(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        there: &[Rc<Candidate>],
        buffers: &mut WorkerBuffers,
    ) -> Result<Rc<Candidate>, RecordError> {
        let number = there.len() as u64;
        let is_new = |candidate: &Candidate| there.iter().all(|other| other.checked.text != candidate.checked.text);
        if self.candidates.imported().is_some() {
            let own = self.candidates.draw(dataset, episode, number, Want::Any, buffers)?;
            if own.source == "imported" && !own.checked.is_right() && is_new(&own) {
                return Ok(own);
            }
        }
        let mut wrong = self.candidates.draw(dataset, episode, number, Want::Wrong, buffers)?;
        for again in 1..TRIES {
            if !wrong.checked.is_right() && is_new(&wrong) {
                break;
            }
            wrong = self.candidates.draw(dataset, episode, number + again * MOST, Want::Wrong, buffers)?;
        }
        Ok(wrong)
    }

    fn question(&self, puzzle: &Puzzle, prompt: &str, candidates: &[&Candidate]) -> String {
        let mut text = format!("Question:\n{}\n\n", prompt.trim_end());
        for (place, candidate) in candidates.iter().enumerate() {
            text += &format!("Candidate {}:\n{}\n", place + 1, candidate.checked.text.trim_end());
            match self.justification {
                Justification::None => {}
                Justification::Supporting => text += &format!("For it: {}\n", supporting(puzzle, &candidate.checked)),
                Justification::FirstError => text += &format!("A check: {}\n", first_error(&candidate.checked)),
            }
            text.push('\n');
        }
        text + match (self.target, candidates.len()) {
            (Target::Index, 1) => "Is the candidate right? Answer 1, or none.\n",
            (Target::Index, _) => "Which candidate is right? Answer its number, or none.\n",
            (Target::Confidence, _) => "How sure is each candidate to be right? Answer in percent.\n",
        }
    }
}

/// The case for a candidate, assuming that it is right.
fn supporting(puzzle: &Puzzle, candidate: &CheckedText) -> String {
    let Steps { steps, .. } = Steps::count(&candidate.parsed, &candidate.verdict);
    let trace = &candidate.parsed.trace;
    let claimed = match &trace.answer {
        Some(answer) => answer.moves.clone(),
        None => puzzle.solution(trace),
    };
    match claimed {
        Some(moves) => {
            let mut written = Vec::new();
            for (place, action) in moves.into_iter().enumerate() {
                if place > 0 {
                    written.extend_from_slice(b", ");
                }
                puzzle.write_move(action, Style::Frame, &mut written);
            }
            let written = shown(&String::from_utf8_lossy(&written));
            format!("in {steps} steps it comes to a solution: {written}")
        }
        None => format!("in {steps} steps it comes to no solution"),
    }
}

/// The result of a check of a candidate.
fn first_error(candidate: &CheckedText) -> String {
    match &candidate.verdict.first_error {
        Some(error) => format!("step {} is wrong, {}", error.step, error.class.name()),
        None if candidate.verdict.solved => "no error, and the puzzle is solved".into(),
        None => "no error, but the puzzle is not solved".into(),
    }
}

fn answer(right: &[bool], target: Target) -> String {
    match (target, right.iter().position(|right| *right)) {
        (Target::Index, Some(place)) => format!("Answer: {}\n", place + 1),
        (Target::Index, None) => "Answer: none\n".into(),
        (Target::Confidence, _) => {
            let percent = |right: &bool| if *right { 100 } else { 0 };
            right.iter().enumerate().map(|(place, right)| format!("{}: {} %\n", place + 1, percent(right))).collect()
        }
    }
}

/// The candidate that a written comparison chooses; `Some(None)` if it says that none is right.
pub fn read_choice(text: &str) -> Option<Option<usize>> {
    let (_, answer) = text.rsplit_once("Answer:")?;
    let word = answer.split_whitespace().next()?;
    match word.trim_end_matches(['.', ',']) {
        "none" => Some(None),
        number => number.parse().ok().filter(|number| *number > 0).map(Some),
    }
}

/// The confidence of a written comparison in each candidate that it names: lines with a number, a colon and a percentage.
pub fn read_confidences(text: &str) -> Vec<(usize, f64)> {
    let read = |line: &str| {
        let (number, percent) = line.split_once(':')?;
        let number: usize = number.trim().trim_start_matches("Candidate ").parse().ok()?;
        let percent: f64 = percent.trim().trim_end_matches('%').trim().parse().ok()?;
        (number > 0 && (0.0..=100.0).contains(&percent)).then_some((number, percent / 100.0))
    };
    text.lines().filter_map(read).collect()
}

/// Checks that the target is right, and no other candidate.
pub fn judge(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let candidates = row.texts("candidates");
    let right: Vec<bool> = candidates.iter().map(|candidate| row.read(candidate).is_right()).collect();
    judged.expect("candidates_right", row.value("candidates_right").clone(), right.clone());
    judged.hold(right.iter().filter(|right| **right).count() <= 1, "candidates: more than one is right");
    let target = right.iter().position(|right| *right).map(|place| place as u64 + 1);
    judged.expect("target", row.value("target").clone(), target);
    let completion = row.text("completion");
    let sure: Vec<(usize, f64)> =
        (1..).zip(&right).map(|(place, right)| (place, f64::from(u8::from(*right)))).collect();
    match read_choice(completion) {
        Some(choice) => judged.hold(choice.map(|choice| choice as u64) == target, "completion: not the right choice"),
        None => judged.hold(read_confidences(completion) == sure, "completion: not sure of the right one alone"),
    }
    judged.hold(row.value("lone") != true || candidates.len() == 1, "lone: several candidates are shown");
    judged
}
