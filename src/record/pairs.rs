//! Records in the formats of trainers: `preference` (prompt, chosen, rejected), `unpaired` (prompt, completion, label), `stepwise` (prompt, completions,
//! labels) and `messages`. The columns are those of TRL.

use serde::Deserialize;

use super::candidate::{Candidate, CandidateSettings, Candidates, Want};
use super::checked::CheckedText;
use super::corrupter::Judges;
use super::import::Imported;
use super::judge::{Judged, RowView};
use super::{Cell, Dataset, Episode, Mark, NoSettings, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::check::Level;
use crate::dialect::{Span, instruct};
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::table::{ColumnKind, ColumnSpec, Message, column};

/// The texts of `preference`.
pub const PREFERENCE: &[ColumnSpec] = &[
    column("prompt", ColumnKind::Text, "what a model is given"),
    column("chosen", ColumnKind::Text, "a solution without an error; text 0 of spans"),
    column("rejected", ColumnKind::Text, "a solution with errors; text 1 of spans"),
];

/// The origins of the texts of `preference`.
pub const SOURCES: &[ColumnSpec] = &[
    column("chosen_source", ColumnKind::Text, "where `chosen` comes from: search, direct"),
    column("rejected_source", ColumnKind::Text, "where `rejected` comes from: corrupted, imported"),
];

/// The label of `unpaired`, and the origin of the completion.
pub const LABEL: &[ColumnSpec] = &[
    column("label", ColumnKind::Boolean, "whether the completion solves the puzzle without an error"),
    column(
        "candidate_source",
        ColumnKind::Text,
        "where the completion comes from: search, direct, corrupted, imported",
    ),
];

/// The texts of `stepwise`.
pub const STEPWISE: &[ColumnSpec] = &[
    column("prompt", ColumnKind::Text, "what a model is given"),
    column("completions", ColumnKind::Texts, "the steps of a solution, which together are its text"),
    column("labels", ColumnKind::Booleans, "of each step whether a check finds no error in it"),
];

/// The origin of the steps.
pub const SOURCE: &[ColumnSpec] =
    &[column("candidate_source", ColumnKind::Text, "where the steps come from: search, direct, corrupted, imported")];

/// The text of `messages`.
pub const MESSAGES: &[ColumnSpec] =
    &[column("messages", ColumnKind::Messages, "the conversation; its turns are the texts of spans")];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    candidates: CandidateSettings,
}

struct Preference(Candidates);
struct Unpaired(Candidates);
struct Stepwise(Candidates);
struct Messages;

fn candidates(config: &RecordConfig, recipe: &Recipe) -> Result<Candidates, RecipeError> {
    Candidates::new(config, config.settings::<Settings>()?.candidates, recipe)
}

/// `preference`.
pub fn new_preference(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    Ok(Box::new(Preference(candidates(config, recipe)?)))
}

/// `unpaired`.
pub fn new_unpaired(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    Ok(Box::new(Unpaired(candidates(config, recipe)?)))
}

/// `stepwise`.
pub fn new_stepwise(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    let settings = config.settings::<Settings>()?.candidates;
    Ok(Box::new(Stepwise(Candidates::judged(config, settings, recipe, Judges::Steps)?)))
}

/// `messages`.
pub fn new_messages(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(Messages))
}

/// Fills in the content that all of them take from a candidate.
fn show(candidate: &Candidate, out: &mut RowContent) {
    out.prompt = Some(Vec::new());
    out.defects = candidate.defects.clone();
    out.said = Some(Said::of(&candidate.checked.verdict));
    out.trace = candidate.checked.parsed.trace.clone();
}

fn prompt(dataset: &Dataset, episode: &Episode) -> String {
    dataset.prompt(&episode.proven.puzzle)
}

impl Record for Preference {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let chosen = self.0.draw(dataset, episode, 0, Want::Right, buffers)?;
        // A wrong output of a model becomes the rejected text. If it is right, a candidate of ours is taken.
        let mut rejected = self.0.draw(dataset, episode, 0, Want::Any, buffers)?;
        if rejected.source != "imported" || rejected.checked.is_right() {
            rejected = self.0.draw(dataset, episode, 0, Want::Wrong, buffers)?;
        }
        show(&rejected, out);
        out.said = Some(Said::one_of([&chosen, &rejected].map(|candidate| Said::of(&candidate.checked.verdict))));
        out.wrong = rejected.checked.wrong().into_iter().map(|span| Mark::at(1, span)).collect();
        out.own = vec![
            Cell::Text(prompt(dataset, episode)),
            Cell::Text(chosen.checked.text.clone()),
            Cell::Text(rejected.checked.text.clone()),
            Cell::Text(chosen.source.into()),
            Cell::Text(rejected.source.into()),
        ];
        Ok(())
    }

    fn imported(&self) -> Vec<&Imported> {
        self.0.imported().into_iter().collect()
    }
}

impl Record for Unpaired {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let candidate = self.0.draw(dataset, episode, 0, Want::Any, buffers)?;
        show(&candidate, out);
        out.prompt = Some(prompt(dataset, episode).into_bytes());
        out.wrong = candidate.checked.wrong_marks();
        out.own = vec![Cell::Boolean(candidate.checked.is_right()), Cell::Text(candidate.source.into())];
        out.text = candidate.checked.text.clone().into_bytes();
        Ok(())
    }

    fn imported(&self) -> Vec<&Imported> {
        self.0.imported().into_iter().collect()
    }
}

/// For each step, whether it has no error.
fn label_steps(candidate: &CheckedText, steps: &[Span]) -> Vec<bool> {
    let wrong = candidate.wrong();
    let mut labels: Vec<bool> =
        steps.iter().map(|step| !wrong.iter().any(|span| step.0 <= span.0 && span.0 < step.1)).collect();
    // An error at the end of a truncated text has no span of its own.
    let format = |level: Level| level == Level::Format;
    let at_end = candidate
        .verdict
        .errors
        .iter()
        .any(|error| format(error.level) && error.span.is_none_or(|span| candidate.place(span).is_none()));
    if at_end && let Some(last) = labels.last_mut() {
        *last = false;
    }
    labels
}

impl Record for Stepwise {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let candidate = self.0.draw(dataset, episode, 0, Want::Any, buffers)?;
        let checked = &candidate.checked;
        let steps = checked.cut_steps();
        let labels = label_steps(checked, &steps);
        show(&candidate, out);
        let wrong = steps.iter().enumerate().zip(&labels).filter(|(_, label)| !**label);
        out.wrong = wrong.map(|((place, step), _)| Mark::at(place, Span(0, step.1 - step.0))).collect();
        let texts = steps.iter().map(|step| checked.text.get(step.0..step.1).unwrap_or("").to_string());
        out.own = vec![
            Cell::Text(prompt(dataset, episode)),
            Cell::Texts(texts.collect()),
            Cell::Booleans(labels),
            Cell::Text(candidate.source.into()),
        ];
        Ok(())
    }

    fn imported(&self) -> Vec<&Imported> {
        self.0.imported().into_iter().collect()
    }
}

impl Record for Messages {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        out.prompt = Some(Vec::new());
        let told = dataset.told(episode, &episode.trace);
        out.said = Some(Said::of(&told.verdict));
        out.trace.clone_from(&episode.trace);
        let mut turns = match &dataset.recipe.prompt {
            Some(_) => dataset.instruct_turns(episode),
            None => vec![Message { role: "user", content: prompt(dataset, episode) }],
        };
        turns.push(Message { role: "assistant", content: told.text });
        out.own = vec![Cell::Messages(turns)];
        Ok(())
    }
}

/// Checks that the rejected text has errors and the chosen one has none.
pub fn judge_preference(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    judged.hold(row.read(row.text("chosen")).is_right(), "chosen: a check says that it is wrong");
    judged.hold(!row.read(row.text("rejected")).is_right(), "rejected: a check says that it is right");
    judged.expect("prompt", row.text("prompt"), row.prompt());
    judged
}

/// Checks the label against the verdict.
pub fn judge_unpaired(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    judged.expect("label", row.value("label").clone(), row.read(row.text("completion")).is_right());
    judged
}

/// Checks that the steps are the text, and their labels against the verdict.
pub fn judge_stepwise(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let texts = row.texts("completions");
    let candidate = row.read(&texts.concat());
    let steps = candidate.cut_steps();
    let cut: Vec<&str> = steps.iter().filter_map(|step| candidate.text.get(step.0..step.1)).collect();
    judged.hold(cut == texts, "completions: not cut where steps begin");
    // Each error belongs to the step in which it begins. An error at the end belongs to the last step.
    let mut labels = vec![true; texts.len()];
    for error in &candidate.verdict.errors {
        let place = error.span.and_then(|span| candidate.place(span)).map(|span| span.0);
        let mut end = 0;
        let mut of = |place: usize| {
            texts.iter().position(|text| {
                end += text.len();
                place < end
            })
        };
        let step = match place {
            Some(place) => of(place),
            None if error.level == Level::Format => texts.len().checked_sub(1),
            None => None,
        };
        if let Some(label) = step.and_then(|step| labels.get_mut(step)) {
            *label = false;
        }
    }
    judged.expect("labels", row.value("labels").clone(), labels);
    judged
}

/// Checks that the conversation is the puzzle and a trace for it.
pub fn judge_messages(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let turns = row.turns("messages");
    let said = |role: &str| turns.iter().find(|turn| turn.0 == role).map_or("", |turn| turn.1);
    let asked = said("user");
    if !instruct::shows(asked, row.puzzle) {
        judged.expect("messages", asked, row.prompt());
    }
    let candidate = row.read(said("assistant"));
    judged.hold(candidate.verdict.valid, "messages: a check finds an error in the trace");
    // A truncated trace may have the puzzle's own answer after it.
    judged.hold(candidate.verdict.solved || row.value("solved") == false, "solved: a check says that it is not");
    judged
}
