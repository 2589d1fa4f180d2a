//! `criteria`: for each step of a candidate, whether it is acceptable, relevant, sufficient, clear and optimal. Each is decided by rule, with a reason (after
//! the criteria of argument quality in Wachsmuth et al. 2024). The variant `labels_only` has only the conclusion.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::{Value, json};
use sos_envs::distance::UNPROVEN;

use super::candidate::{CandidateSettings, Candidates, Want};
use super::checked::CheckedText;
use super::critique::{question, read_conclusion};
use super::goals::Goals;
use super::import::Imported;
use super::judge::{Judged, RowView};
use super::{Cell, Dataset, Episode, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::arena::Puzzle;
use crate::check::{Level, follow};
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::table::{ColumnKind, ColumnSpec, column};
use crate::trace::{EventKind, StateId};

/// The columns of this kind.
pub const OWN: &[ColumnSpec] = &[
    column("candidate", ColumnKind::Text, "the candidate solution, as it stands behind the puzzle's prompt"),
    column("candidate_source", ColumnKind::Text, "where the candidate comes from: search, direct, corrupted, imported"),
    column("candidate_right", ColumnKind::Boolean, "whether the candidate solves its puzzle without an error"),
    column(
        "criteria",
        ColumnKind::Text,
        "a JSON list of {step, acc, rel, suf, clr, opt, why}: 1, 0, or null where a criterion does not apply",
    ),
    column(
        "cue",
        ColumnKind::Boolean,
        "whether the prompt has the cue that only seems to tell whether the candidate is right",
    ),
];

/// The definitions of the criteria.
const DEFINITIONS: &str = "Each step is judged by five criteria.
acceptability: the step is true by itself; its move is possible and leads where it says.
relevance: the step can still matter; its state is new, and a goal can be reached from it.
sufficiency: what is claimed is warranted; a goal is one, a dead end is one.
clarity: the step can be read, and names nodes that exist.
optimality: the step lies on a cheapest solution.";

/// The names of the criteria in texts.
const NAMES: [&str; 5] = ["acceptability", "relevance", "sufficiency", "clarity", "optimality"];

/// The names of the criteria in the column.
const SHORT: [&str; 5] = ["acc", "rel", "suf", "clr", "opt"];

/// Greatest number of judged steps, by default.
const MOST_STEPS: usize = 200;

/// A sentence without content, for cues.
const CUE: &str = "This was looked at with great care.";

/// Length of the cue `length`, in sentences.
const CUE_LENGTH: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum CueKind {
    /// A single sentence.
    Token,
    /// Many sentences.
    Length,
}

/// A cue in the prompt. It agrees with the label in one split and disagrees in another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cue {
    kind: CueKind,
    /// Percentage of wrong candidates with the cue, by split; for right candidates it is the rest. The default is 50.
    percent: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    candidates: CandidateSettings,
    /// Whether the completion has only the conclusion.
    #[serde(default)]
    labels_only: bool,
    /// Whether the prompt defines the criteria.
    #[serde(default)]
    definitions: bool,
    cue: Option<Cue>,
    most_steps: Option<usize>,
}

struct CriteriaRecord {
    candidates: Candidates,
    labels_only: bool,
    definitions: bool,
    cue: Option<Cue>,
    most_steps: usize,
}

/// Makes the record of a config.
pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    let settings: Settings = config.settings()?;
    if let Some(cue) = &settings.cue {
        if let Some((_, percent)) = cue.percent.iter().find(|(_, percent)| **percent > 100) {
            return Err(config.wrong("cue.percent", percent, "0 to 100"));
        }
        if let Some((name, _)) = cue.percent.iter().find(|(name, _)| !recipe.splits.contains_key(*name)) {
            let names: Vec<&str> = recipe.splits.keys().map(String::as_str).collect();
            return Err(config.wrong("cue.percent", format!("\"{name}\""), names.join(", ")));
        }
    }
    Ok(Box::new(CriteriaRecord {
        candidates: Candidates::new(config, settings.candidates, recipe)?,
        labels_only: settings.labels_only,
        definitions: settings.definitions,
        cue: settings.cue,
        most_steps: settings.most_steps.unwrap_or(MOST_STEPS),
    }))
}

impl Record for CriteriaRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let candidate = self.candidates.draw(dataset, episode, 0, Want::Any, buffers)?;
        let checked = &candidate.checked;
        let right = checked.is_right();
        let split = &dataset.splits()[episode.split];
        let cued = self.cue.as_ref().is_some_and(|cue| {
            let percent = cue.percent.get(split).copied().unwrap_or(50);
            let mut draw = dataset.draw(episode, "cue");
            draw.below(100) < if right { 100 - percent } else { percent }
        });
        let steps = judge_steps(&episode.proven.puzzle, episode.proven.facts.optimal_cost, checked);
        let mut lines = Vec::new();
        if !self.labels_only {
            lines.extend(steps.iter().take(self.most_steps).map(Judgement::line));
            if steps.len() > self.most_steps {
                lines.push("more steps follow".into());
            }
        }
        lines.push(format!("Conclusion: {} [END]", if right { "right" } else { "wrong" }));
        let prompt = dataset.prompt(&episode.proven.puzzle);
        let mut shown = checked.text.trim_end().to_string();
        if let Some(cue) = self.cue.as_ref().filter(|_| cued) {
            let sentences = if cue.kind == CueKind::Length { CUE_LENGTH } else { 1 };
            shown += &format!("\n{}", vec![CUE; sentences].join(" "));
        }
        let definitions = if self.definitions { DEFINITIONS } else { "" };
        out.prompt = Some(question(definitions, &prompt, &shown).into_bytes());
        out.text = (lines.join("\n") + "\n").into_bytes();
        out.said = Some(Said::of(&checked.verdict));
        out.own = vec![
            Cell::Text(checked.text.clone()),
            Cell::Text(candidate.source.into()),
            Cell::Boolean(right),
            Cell::Text(to_json(&steps)),
            Cell::Boolean(cued),
        ];
        out.trace.clone_from(&checked.parsed.trace);
        Ok(())
    }

    fn imported(&self) -> Vec<&Imported> {
        self.candidates.imported().into_iter().collect()
    }
}

/// The judgement of a step.
struct Judgement {
    step: usize,
    /// By [`NAMES`]; none if a criterion does not apply.
    values: [Option<bool>; 5],
    /// The reasons why criteria do not hold.
    why: Vec<String>,
}

impl Judgement {
    fn line(&self) -> String {
        let value = |value: &Option<bool>| value.map_or("-", |value| if value { "1" } else { "0" });
        let values = NAMES.iter().zip(&self.values).map(|(name, held)| format!("{name} {}", value(held)));
        let overall = u8::from(!self.values.contains(&Some(false)));
        let mut line = format!("step {}: {}, overall {overall}", self.step, values.collect::<Vec<_>>().join(", "));
        if !self.why.is_empty() {
            line += &format!(" ({})", self.why.join("; "));
        }
        line
    }
}

fn to_json(steps: &[Judgement]) -> String {
    let object = |step: &Judgement| {
        let mut object = json!({"step": step.step});
        for (name, value) in SHORT.into_iter().zip(step.values) {
            object[name] = value.map_or(Value::Null, |value| u8::from(value).into());
        }
        object["why"] = step.why.join("; ").into();
        object
    };
    Value::Array(steps.iter().map(object).collect()).to_string()
}

/// Judges every step with content. Steps that only visit or open a node are left out, unless they have an error.
fn judge_steps(puzzle: &Puzzle, best: Option<u64>, candidate: &CheckedText) -> Vec<Judgement> {
    let trace = &candidate.parsed.trace;
    let mut errors: FxHashMap<usize, Vec<(Level, &'static str)>> = FxHashMap::default();
    for error in &candidate.verdict.errors {
        errors.entry(error.step).or_default().push((error.level, error.class.name()));
    }
    // If the cheapest cost is not proven, distances cannot be computed either. Far from the start one may be unknown even so.
    let distance = |state: StateId| best.map(|_| puzzle.distance(state)).filter(|left| *left != Some(UNPROVEN));
    let mut seen: FxHashMap<StateId, usize> = FxHashMap::default();
    seen.insert(puzzle.key_state(puzzle.start()), 0);
    let mut judged = Vec::new();
    for (step, event) in trace.events.iter().enumerate() {
        let wrong = errors.remove(&step).unwrap_or_default();
        if matches!(event.kind, EventKind::Visit | EventKind::Open) && wrong.is_empty() {
            continue;
        }
        let mut judgement = Judgement { step, values: [None; 5], why: Vec::new() };
        let at = |level: Level| wrong.iter().find(|(other, _)| *other == level).map(|(_, class)| *class);
        let unclear = at(Level::Format).or(at(Level::Bookkeeping));
        judgement.say(3, Some(unclear.is_none()), unclear.unwrap_or(""));
        if event.kind == EventKind::Generate || at(Level::Transition).is_some() {
            judgement.say(0, Some(at(Level::Transition).is_none()), at(Level::Transition).unwrap_or(""));
        }
        let claims = matches!(
            event.kind,
            EventKind::Goal | EventKind::DeadEnd | EventKind::Seen | EventKind::Meet | EventKind::Unsolvable
        );
        if claims || at(Level::Claim).is_some() {
            judgement.say(2, Some(at(Level::Claim).is_none()), at(Level::Claim).unwrap_or(""));
        }
        if event.kind == EventKind::Generate
            && let Some(node) = trace.node(event.node)
        {
            let before = *seen.entry(puzzle.key_state(node.state)).or_insert(step);
            let left = distance(node.state);
            match left {
                _ if before < step => judgement.say(1, Some(false), &format!("its state stands at step {before}")),
                Some(None) => judgement.say(1, Some(false), "no goal can be reached from its state"),
                Some(Some(_)) => judgement.say(1, Some(true), ""),
                None => {}
            }
            if let (Some(best), Some(left)) = (best, left) {
                let mut moves = Vec::new();
                trace.moves_to(event.node, &mut moves);
                let way = follow(puzzle, &moves).map(|(_, cost)| cost);
                let on = way.zip(left).is_some_and(|(way, left)| way.checked_add(left) == Some(best));
                judgement.say(4, Some(on), "no cheapest solution goes through its state");
            }
        }
        judged.push(judgement);
    }
    for (step, wrong) in errors.into_iter().collect::<BTreeMap<_, _>>() {
        let mut judgement = Judgement { step, values: [None; 5], why: Vec::new() };
        for (level, class) in wrong {
            let place = match level {
                Level::Format | Level::Bookkeeping => 3,
                Level::Transition => 0,
                Level::Claim | Level::Policy => 2,
            };
            judgement.say(place, Some(false), class);
        }
        judged.push(judgement);
    }
    judged
}

impl Judgement {
    fn say(&mut self, place: usize, value: Option<bool>, why: &str) {
        self.values[place] = value;
        if value == Some(false) {
            self.why.push(format!("{}: {why}", NAMES[place]));
        }
    }
}

/// Decides every criterion again, one by one, from the text and the puzzle.
pub fn judge(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let candidate = row.read(row.text("candidate"));
    judged.expect("candidate_right", row.value("candidate_right").clone(), candidate.is_right());
    let found: Vec<Value> = serde_json::from_str(row.text("criteria")).unwrap_or_default();
    let (trace, errors) = (&candidate.parsed.trace, &candidate.verdict.errors);
    let said = |step: usize| found.iter().find(|judgement| judgement["step"] == step);
    let wrong =
        |step: usize, levels: &[Level]| errors.iter().any(|error| error.step == step && levels.contains(&error.level));
    let value = |holds: Option<bool>| holds.map_or(Value::Null, |holds| u8::from(holds).into());
    let best = row.facts.get().optimal_cost;
    // Distances by the rules alone. If too many states are behind a state, the environment's own distances are used.
    let mut goals = Goals::new(row.puzzle);
    let mut distance = |state: StateId| {
        // After wrong inferences a state may contain less than its values tell, so the environment's own distances are used.
        let by_rules = if row.puzzle.about().variable_orders.is_empty() { goals.distance(state) } else { None };
        by_rules.unwrap_or_else(|| row.puzzle.distance(state))
    };
    if best.is_some() {
        judged.expect("optimal_cost", best, distance(row.puzzle.start()));
    }
    let mut states = vec![row.puzzle.key_state(row.puzzle.start())];
    let last = errors.iter().map(|error| error.step + 1).max().unwrap_or(0).max(trace.events.len());
    for step in 0..last {
        let event = trace.events.get(step);
        let kind = event.map(|event| event.kind);
        let any = errors.iter().any(|error| error.step == step);
        let looks = event.is_none() || matches!(kind, Some(EventKind::Visit | EventKind::Open));
        if looks && !any {
            judged.hold(said(step).is_none(), format!("criteria: step {step} says nothing that could be judged"));
            continue;
        }
        let Some(said) = said(step) else {
            judged.problems.push(format!("criteria: step {step} is missing"));
            continue;
        };
        let (transition, claim) = (wrong(step, &[Level::Transition]), wrong(step, &[Level::Claim, Level::Policy]));
        let unclear = wrong(step, &[Level::Format, Level::Bookkeeping]);
        let generates = kind == Some(EventKind::Generate);
        let claims = kind.is_some_and(|kind| {
            [EventKind::Goal, EventKind::DeadEnd, EventKind::Seen, EventKind::Meet, EventKind::Unsolvable]
                .contains(&kind)
        });
        // After the last event only errors are judged.
        let acc = (generates || transition).then_some(!transition);
        let suf = (claims || claim).then_some(!claim);
        let clr = (event.is_some() || unclear).then_some(!unclear);
        let (mut rel, mut opt) = (None, None);
        if let Some(node) = event.filter(|_| generates).and_then(|event| trace.node(event.node)) {
            let state = row.puzzle.key_state(node.state);
            let again = states.contains(&state);
            states.push(state);
            let left = best.map(|_| distance(node.state)).filter(|left| *left != Some(UNPROVEN));
            rel = if again { Some(false) } else { left.map(|left| left.is_some()) };
            if let (Some(best), Some(left)) = (best, left) {
                let mut moves = Vec::new();
                trace.moves_to(event.map_or(0, |event| event.node), &mut moves);
                let way = follow(row.puzzle, &moves).map(|(_, cost)| u128::from(cost));
                opt = Some(way.zip(left).is_some_and(|(way, left)| way + u128::from(left) == u128::from(best)));
            }
        }
        for (name, holds) in [("acc", acc), ("rel", rel), ("suf", suf), ("clr", clr), ("opt", opt)] {
            judged.expect(&format!("criteria: {name} of step {step}"), said[name].clone(), value(holds));
        }
        let holds_all = ![acc, rel, suf, clr, opt].contains(&Some(false));
        judged.hold(holds_all == (said["why"] == ""), format!("criteria: no reason, or one too many, at step {step}"));
    }
    let steps = found.iter().filter(|judgement| judgement["step"].as_u64().is_none_or(|step| step >= last as u64));
    judged.hold(steps.count() == 0, "criteria: a step that there is not");
    let said = read_conclusion(row.text("completion"));
    judged.hold(said == Some(candidate.is_right()), "completion: concludes what is not so");
    judged.hold(row.text("prompt").contains(CUE) == (row.value("cue") == true), "cue: not what the prompt shows");
    judged
}
