//! `critique`: a candidate solution as the prompt, and as the completion its right and wrong steps (Wang, Yue and Chen 2025, "Critique Fine-Tuning"). The other
//! arms imitate the same candidates instead, so that a comparison differs in nothing else.

use serde::Deserialize;
use sos_envs::Draw;

use super::candidate::{Candidate, CandidateSettings, Candidates, Want};
use super::checked::CheckedText;
use super::import::Imported;
use super::judge::{Judged, RowView};
use super::optimal::{solution, straight_trace};
use super::{Cell, Dataset, Episode, Mark, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::corrupt::Within;
use crate::dialect::Span;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::table::{ColumnKind, ColumnSpec, column};

/// The columns of this kind.
pub const OWN: &[ColumnSpec] = &[
    column("arm", ColumnKind::Text, "what the completion is: critique, verdict, shuffled, noisy, verified, oracle"),
    column("candidate", ColumnKind::Text, "the candidate solution, as it stands behind the puzzle's prompt"),
    column("candidate_source", ColumnKind::Text, "where the candidate comes from: search, direct, corrupted, imported"),
    column("candidate_right", ColumnKind::Boolean, "whether the candidate solves its puzzle without an error"),
    column("first_error_step", ColumnKind::Integer, "step of the candidate's first error; null where it has none"),
    column("first_error_class", ColumnKind::Text, "class of the candidate's first error; empty where it has none"),
    column(
        "noise",
        ColumnKind::Text,
        "how the critique was made wrong on purpose: missed, misplaced, false-alarm; empty where it is right",
    ),
    column(
        "critique_of",
        ColumnKind::Integer,
        "index of the row whose candidate the critique is about; another one in the arm shuffled",
    ),
];

/// Greatest number of errors in a critique, by default.
const MOST_ERRORS: usize = 8;

/// Numbers of critiques that are made wrong, in 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Noise {
    /// Right candidates with a step that is called wrong.
    alarms: u64,
    /// Wrong candidates with a missed error.
    missed: u64,
    /// Wrong candidates with an error in another place.
    misplaced: u64,
    /// Right candidates.
    right: u64,
}

impl Noise {
    /// The noise of `percent` critiques in a hundred, if `right` candidates in a hundred are right. Critiques that conclude "right" have the same share of
    /// noise as those that conclude "wrong", so the conclusion reveals nothing. False alarms are as frequent as misplaced errors. If too few candidates are
    /// wrong for this, right and wrong ones get the same share.
    fn new(percent: u64, right: u64) -> Self {
        let (noisy, right) = (percent.min(100) * 100, right.min(100) * 100);
        let wrong = 10_000 - right;
        let even = noisy.checked_mul(wrong.saturating_sub(noisy)).zip(20_000_u64.checked_sub(3 * noisy));
        let even = even.and_then(|(above, below)| above.checked_div(below));
        if let Some(alarms) = even.filter(|alarms| *alarms > 0 && *alarms <= right) {
            let missed = noisy * (right - alarms) / (10_000 - noisy);
            return Noise { alarms, missed, misplaced: noisy.saturating_sub(alarms + missed), right };
        }
        let misplaced = noisy * wrong / 40_000;
        Noise { alarms: noisy * right / 10_000, missed: noisy * wrong / 10_000 - misplaced, misplaced, right }
    }

    /// Draws whether the critique of a candidate is made wrong.
    fn takes(&self, is_right: bool, draw: &mut Draw) -> bool {
        match is_right {
            true => draw.chance(self.alarms, self.right.max(1)),
            false => draw.chance(self.missed + self.misplaced, (10_000 - self.right).max(1)),
        }
    }
}

/// Greatest length in bytes of the found and of the expected text in a critique.
const MOST_SHOWN: usize = 200;

/// The content of the completion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arm {
    /// The critique.
    #[default]
    Critique,
    /// Only the conclusion of the critique.
    Verdict,
    /// The critique of another row's candidate.
    Shuffled,
    /// The candidate itself, right or wrong.
    Noisy,
    /// A right candidate.
    Verified,
    /// A cheapest solution.
    Oracle,
}

impl Arm {
    fn name(self) -> &'static str {
        match self {
            Arm::Critique => "critique",
            Arm::Verdict => "verdict",
            Arm::Shuffled => "shuffled",
            Arm::Noisy => "noisy",
            Arm::Verified => "verified",
            Arm::Oracle => "oracle",
        }
    }
}

/// How right steps are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// One line for successive right steps.
    #[default]
    Runs,
    /// One line for each step.
    Steps,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    arm: Arm,
    #[serde(default)]
    candidates: CandidateSettings,
    /// Percentage of critiques that are deliberately wrong.
    #[serde(default)]
    noise_percent: u64,
    #[serde(default)]
    detail: Detail,
    /// Greatest number of errors in the critique, from the first one on.
    most_errors: Option<usize>,
    /// The text before the question.
    #[serde(default)]
    instruction: String,
}

struct CritiqueRecord {
    settings: Settings,
    most_errors: usize,
    candidates: Candidates,
}

/// Makes the record of a config.
pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    let settings: Settings = config.settings()?;
    if settings.noise_percent > 100 {
        return Err(config.wrong("noise_percent", settings.noise_percent, "0 to 100"));
    }
    if settings.noise_percent > 0 && settings.arm != Arm::Critique && settings.arm != Arm::Verdict {
        return Err(config.wrong("noise_percent", settings.noise_percent, "0 in arms other than critique and verdict"));
    }
    let most_errors = settings.most_errors.unwrap_or(MOST_ERRORS);
    if most_errors == 0 {
        return Err(config.wrong("most_errors", 0, "1 or more"));
    }
    let candidates = Candidates::new(config, settings.candidates.clone(), recipe)?;
    Ok(Box::new(CritiqueRecord { settings, most_errors, candidates }))
}

impl Record for CritiqueRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let want = if self.settings.arm == Arm::Verified { Want::Right } else { Want::Any };
        let candidate = self.candidates.draw(dataset, episode, 0, want, buffers)?;
        let checked = &candidate.checked;
        let mut noise = "";
        let mut about = episode.index;
        let prompt = dataset.prompt(&episode.proven.puzzle);
        match self.settings.arm {
            Arm::Noisy | Arm::Verified => imitate(&candidate, prompt, out),
            Arm::Oracle => {
                let moves = solution(&episode.proven.puzzle, &episode.proven.facts, 0, None);
                let straight = straight_trace(dataset, episode, dataset.best(episode, moves));
                out.prompt = Some(prompt.into_bytes());
                out.text = dataset.completion(episode, &straight).into_bytes();
                out.trace = straight;
            }
            Arm::Critique | Arm::Verdict => {
                let right = Critique::of(checked, self.most_errors);
                let mut draw = dataset.draw(episode, "noise");
                let plan = Noise::new(self.settings.noise_percent, self.candidates.right_percent());
                let said = if plan.takes(checked.is_right(), &mut draw) {
                    let other = if checked.is_right() { Want::Wrong } else { Want::Right };
                    let twin = self.candidates.draw(dataset, episode, 0, other, buffers)?;
                    let twin = Critique::of(&twin.checked, self.most_errors);
                    let (wrong, how) = right.noisy(&twin, plan, &mut draw);
                    noise = how;
                    wrong
                } else {
                    right.clone()
                };
                self.tell(&prompt, checked, &said, &right, out);
            }
            Arm::Shuffled => {
                let right = Critique::of(checked, self.most_errors);
                let other = dataset.partner(episode, Within::Any, "critique", buffers)?;
                let said = match &other {
                    Some(other) => {
                        about = other.index;
                        let candidate = self.candidates.draw(dataset, other, 0, Want::Any, buffers)?;
                        Critique::of(&candidate.checked, self.most_errors)
                    }
                    None => right.clone(),
                };
                self.tell(&prompt, checked, &said, &right, out);
            }
        }
        let first = checked.verdict.first_error.as_ref();
        out.own = vec![
            Cell::Text(self.settings.arm.name().into()),
            Cell::Text(checked.text.clone()),
            Cell::Text(candidate.source.into()),
            Cell::Boolean(checked.is_right()),
            Cell::Integer(first.and_then(|error| i64::try_from(error.step).ok())),
            Cell::Text(first.map_or("", |error| error.class.name()).into()),
            Cell::Text(noise.into()),
            Cell::Integer(i64::try_from(about).ok()),
        ];
        Ok(())
    }

    fn imported(&self) -> Vec<&Imported> {
        self.candidates.imported().into_iter().collect()
    }
}

/// Makes the candidate the completion.
fn imitate(candidate: &Candidate, prompt: String, out: &mut RowContent) {
    out.prompt = Some(prompt.into_bytes());
    let checked = &candidate.checked;
    out.text = checked.text.clone().into_bytes();
    out.defects = candidate.defects.clone();
    out.wrong = checked.wrong_marks();
    out.said = Some(Said::of(&checked.verdict));
    out.trace = checked.parsed.trace.clone();
}

impl CritiqueRecord {
    /// Writes a critique. Lines that are false are marked as wrong, and as text to skip for a loss that learns only from right critiques.
    fn tell(&self, prompt: &str, candidate: &CheckedText, said: &Critique, right: &Critique, out: &mut RowContent) {
        out.prompt = Some(question(&self.settings.instruction, prompt, &candidate.text).into_bytes());
        let lines = said.lines(self.settings.detail, right);
        let from = if self.settings.arm == Arm::Verdict { lines.len() - 1 } else { 0 };
        for (line, holds) in &lines[from..] {
            let start = out.text.len();
            out.text.extend_from_slice(line.as_bytes());
            if !holds {
                out.wrong.push(Mark::of(Span(start, out.text.len())));
            }
            out.text.push(b'\n');
        }
        out.skip = out.wrong.clone();
        out.said = Some(Said::of(&candidate.verdict));
        out.trace = candidate.parsed.trace.clone();
    }
}

/// The prompt with a question and its candidate solution, in the layout of the paper's rows.
pub fn question(instruction: &str, prompt: &str, candidate: &str) -> String {
    let instruction = if instruction.is_empty() { String::new() } else { format!("{}\n\n", instruction.trim_end()) };
    format!("{instruction}Question:\n{}\n\nSolution:\n{}\n\nCritique:\n", prompt.trim_end(), candidate.trim_end())
}

/// The content of a critique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Critique {
    /// Number of steps.
    steps: usize,
    /// Whether an answer section follows the steps.
    answers: bool,
    errors: Vec<Wrong>,
    /// Greatest number of errors that are written.
    most_errors: usize,
    reaches_goal: bool,
    right: bool,
    /// For a right candidate: whether no solution is cheaper, if that is known.
    optimal: Option<bool>,
}

/// A wrong step.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wrong {
    step: usize,
    class: &'static str,
    /// The found and the expected text.
    reason: String,
}

impl Critique {
    /// The right critique of a candidate, with up to `most_errors` errors from the first one on.
    pub fn of(candidate: &CheckedText, most_errors: usize) -> Self {
        let verdict = &candidate.verdict;
        let errors = verdict.errors.iter().map(|error| Wrong {
            step: error.step,
            class: error.class.name(),
            reason: match (shown(&error.found), shown(&error.expected)) {
                (found, expected) if found.is_empty() => format!("should be {expected}"),
                (found, expected) => format!("found {found}, should be {expected}"),
            },
        });
        Critique {
            steps: candidate.steps(),
            answers: candidate.answers(),
            errors: errors.collect(),
            most_errors,
            reaches_goal: verdict.solved,
            right: verdict.solved && verdict.valid,
            optimal: verdict.optimal.filter(|_| verdict.valid),
        }
    }

    /// A wrong critique, and the kind of its noise. For a wrong candidate the error is missed or misplaced; for a right one a step is called wrong. It has the
    /// words of a right critique of the candidate's twin: the same text with a defect, or without.
    fn noisy(&self, twin: &Critique, plan: Noise, draw: &mut Draw) -> (Critique, &'static str) {
        // All errors of steps move together, so the distances between them stay.
        let steps = self.errors.iter().map(|error| error.step).filter(|&step| step < self.steps);
        if let Some((first, last)) = steps.clone().min().zip(steps.max())
            && !self.right
            && last - first + 1 < self.steps
            && draw.chance(plan.misplaced, (plan.missed + plan.misplaced).max(1))
        {
            let room = self.steps - (last - first);
            let place = draw.index(room);
            let place = if place == first { (place + 1) % room } else { place };
            let mut moved = self.clone();
            for error in moved.errors.iter_mut().filter(|error| error.step < self.steps) {
                error.step = error.step - first + place;
            }
            return (moved, "misplaced");
        }
        let mut said = Critique { steps: self.steps, answers: self.answers, ..twin.clone() };
        said.errors.retain(|error| error.step < self.steps || error.step >= twin.steps);
        (said, if self.right { "false-alarm" } else { "missed" })
    }

    /// The lines, each with whether it is true for a candidate with the right critique `right`. The last line is the conclusion.
    pub fn lines(&self, detail: Detail, right: &Critique) -> Vec<(String, bool)> {
        let mut lines = Vec::new();
        let mut next = 0;
        for error in self.errors.iter().take(self.most_errors) {
            right.right_steps(next, error.step, detail, &mut lines);
            let line = self.wrong(error);
            let holds = right.errors.iter().any(|error| right.wrong(error) == line);
            lines.push((line, holds));
            next = next.max(error.step + 1);
        }
        if self.errors.len() > self.most_errors {
            lines.push(("more errors follow".into(), right.errors.len() > self.most_errors));
        } else {
            right.right_steps(next, self.steps, detail, &mut lines);
        }
        lines.push((self.first_error(), self.first_error() == right.first_error()));
        if !self.reaches_goal {
            lines.push(("the puzzle is not solved".into(), !right.reaches_goal));
        }
        if let Some(optimal) = self.optimal {
            let line = if optimal { "no solution is cheaper" } else { "there is a cheaper solution" };
            lines.push((line.into(), right.optimal == Some(optimal)));
        }
        let conclusion = format!("Conclusion: {} [END]", if self.right { "right" } else { "wrong" });
        lines.push((conclusion, self.right == right.right));
        lines
    }

    fn wrong(&self, error: &Wrong) -> String {
        format!("{}: wrong, {}: {}", self.place(error.step), error.class, error.reason)
    }

    fn place(&self, step: usize) -> String {
        match (step < self.steps, self.answers) {
            (true, _) => format!("step {step}"),
            (false, true) => "answer".into(),
            (false, false) => "the end".into(),
        }
    }

    fn first_error(&self) -> String {
        match self.errors.first() {
            None => "first error: none".into(),
            Some(first) => format!("first error: {}, {}", self.place(first.step), first.class),
        }
    }

    /// Lines that call steps right, each with whether it is true.
    fn right_steps(&self, from: usize, to: usize, detail: Detail, lines: &mut Vec<(String, bool)>) {
        let holds = |from: usize, to: usize| !self.errors.iter().any(|error| (from..to).contains(&error.step));
        match detail {
            _ if from >= to => {}
            Detail::Runs if to - from > 1 => {
                lines.push((format!("steps {from} to {}: right", to - 1), holds(from, to)))
            }
            Detail::Runs => lines.push((format!("step {from}: right"), holds(from, to))),
            Detail::Steps => {
                lines.extend((from..to).map(|step| (format!("step {step}: right"), holds(step, step + 1))));
            }
        }
    }
}

/// The beginning of a text, on one line.
pub fn shown(text: &str) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.len() > MOST_SHOWN {
        let end = (0..=MOST_SHOWN).rev().find(|&end| line.is_char_boundary(end)).unwrap_or(0);
        line.truncate(end);
        line.push('…');
    }
    line
}

/// The conclusion of a written critique: whether the candidate is right. None if it has no conclusion.
pub fn read_conclusion(text: &str) -> Option<bool> {
    let (_, conclusion) = text.rsplit_once("Conclusion:")?;
    match conclusion.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next() {
        Some("right") => Some(true),
        Some("wrong") => Some(false),
        _ => None,
    }
}

/// The step of the first error in a written critique. `Some(None)` if it says that there is none, or that it is in the answer.
pub fn read_first_error(text: &str) -> Option<Option<usize>> {
    let (_, rest) = text.rsplit_once("first error:")?;
    let rest = rest.trim_start();
    match rest.strip_prefix("step ") {
        Some(number) => Some(number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()),
        None => Some(None),
    }
}

/// Derives a row's labels again from its candidate.
pub fn judge(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let candidate = row.read(row.text("candidate"));
    let first = candidate.verdict.first_error.as_ref();
    judged.expect("candidate_right", row.value("candidate_right").clone(), candidate.is_right());
    judged.expect("first_error_step", row.value("first_error_step").clone(), first.map(|error| error.step as u64));
    judged.expect("first_error_class", row.text("first_error_class"), first.map_or("", |error| error.class.name()));
    let completion = row.text("completion");
    match row.text("arm") {
        arm @ ("noisy" | "verified") => {
            judged.expect("completion", completion, row.text("candidate"));
            judged.hold(arm == "noisy" || candidate.is_right(), "the arm verified has a wrong candidate");
        }
        "oracle" => {
            let oracle = row.read(completion);
            let cheapest = oracle.verdict.optimal != Some(false);
            judged.hold(oracle.is_right() && cheapest, "the arm oracle has no cheapest solution");
        }
        arm => {
            let said = read_conclusion(completion);
            let truth = Some(candidate.is_right());
            let noise = row.text("noise");
            // The conclusion of another row's critique may be true by accident.
            let flipped = noise == "missed" || noise == "false-alarm";
            if arm != "shuffled" {
                judged.hold((said == truth) != flipped, format!("completion: concludes {said:?}, right is {truth:?}"));
            }
            let first = if candidate.is_right() { None } else { first.map(|error| error.step) };
            let first = first.filter(|&step| step < candidate.steps());
            if arm == "critique" && noise.is_empty() {
                let found = read_first_error(completion);
                judged.hold(found == Some(first), format!("completion: first error {found:?}, right is {first:?}"));
                judged.hold(row.text("wrong_spans") == "[]", "wrong_spans: a right critique has none");
            }
        }
    }
    judged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_critiques_are_read() {
        let text = "steps 0 to 3: right\nstep 4: wrong, arithmetic: found 1+1=3, should be 1+1=2\nfirst error: step 4, arithmetic\nConclusion: wrong [END]\n";
        assert_eq!((read_conclusion(text), read_first_error(text)), (Some(false), Some(Some(4))));
        let none = "first error: none\nConclusion: right [END]";
        assert_eq!((read_conclusion(none), read_first_error(none)), (Some(true), Some(None)));
        assert_eq!(read_first_error("first error: answer, wrong-answer"), Some(None));
        for junk in ["", "Conclusion", "Conclusion: maybe", "first error: step x", "Conclusion:\u{301}wrong"] {
            assert_eq!(read_conclusion(junk), None, "{junk}");
        }
        assert_eq!(read_first_error("first error: step x"), Some(None));
    }

    fn critique(errors: &[(usize, &'static str)]) -> Critique {
        let wrong = |(step, class): &(usize, &'static str)| Wrong { step: *step, class, reason: "should be x".into() };
        let errors: Vec<Wrong> = errors.iter().map(wrong).collect();
        let right = errors.is_empty();
        Critique {
            steps: 6,
            answers: true,
            errors,
            most_errors: 2,
            reaches_goal: right,
            right,
            optimal: right.then_some(true),
        }
    }

    /// Checks that both conclusions have the same share of noise, however many candidates are right.
    #[test]
    fn noise_is_as_frequent_beside_each_conclusion() {
        for percent in 0..=100 {
            for right in 0..=100 {
                let Noise { alarms, missed, misplaced, .. } = Noise::new(percent, right);
                let (right, wrong) = (right * 100, 10_000 - right * 100);
                assert!(alarms <= right && missed + misplaced <= wrong, "{percent} {right}");
                assert!((alarms + missed + misplaced).abs_diff(percent * 100) <= 2, "{percent} {right}");
                if (1..60).contains(&percent) && percent * 100 + 500 < wrong && right > 4000 {
                    let praise = missed as f64 / (right - alarms + missed) as f64;
                    let alarm = (alarms + misplaced) as f64 / (wrong - missed + alarms) as f64;
                    assert!((praise - alarm).abs() < 0.01, "{percent} {right}: {praise} {alarm}");
                }
            }
        }
    }

    /// Checks that a right critique has no false line, and a noisy one at least one, and that its conclusion is wrong if its kind says so.
    #[test]
    fn noise_is_marked() {
        for truth in [
            critique(&[]),
            critique(&[(2, "arithmetic")]),
            critique(&[(1, "wrong-state"), (3, "false-goal"), (6, "wrong-answer")]),
        ] {
            for detail in [Detail::Runs, Detail::Steps] {
                assert!(truth.lines(detail, &truth).iter().all(|(_, holds)| *holds));
                for index in 0..40 {
                    let twin = if truth.right { critique(&[(4, "wrong-state")]) } else { critique(&[]) };
                    let (said, how) =
                        truth.noisy(&twin, Noise::new(20, 56), &mut sos_envs::Streams::new(3, "test", "").at(index));
                    let lines = said.lines(detail, &truth);
                    assert!(lines.iter().any(|(_, holds)| !holds), "{how} {lines:?}");
                    let concluded = lines.last().map(|(_, holds)| *holds);
                    assert_eq!(concluded, Some(how == "misplaced"), "{how} {lines:?}");
                }
            }
        }
    }
}
