//! `correction`: a conversation of two turns. The first answer is right or wrong. The request to look again is the same in both cases and reveals nothing. The
//! second answer is right (Kumar et al. 2024, "Training language models to self-correct via reinforcement learning"; these are its offline baselines).

use serde::Deserialize;
use serde_json::Value;

use super::candidate::{CandidateSettings, Candidates, Want};
use super::checked::CheckedText;
use super::critique::{Critique, Detail, read_conclusion};
use super::import::Imported;
use super::judge::{Judged, RowView};
use super::optimal::{cheapest, solution, straight_trace};
use super::trace_builder::TraceBuilder;
use super::{Cell, Dataset, Episode, Mark, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::arena::Puzzle;
use crate::check::follow;
use crate::dialect::Span;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::table::{ColumnKind, ColumnSpec, Message, column};
use crate::trace::{Answer, EventKind, NO_NODE, NodeId};

/// The columns of this kind.
pub const OWN: &[ColumnSpec] = &[
    column("first_right", ColumnKind::Boolean, "whether the first answer solves the puzzle without an error"),
    column("second_right", ColumnKind::Boolean, "whether the second answer does"),
    column("first_source", ColumnKind::Text, "where the first answer comes from: search, direct, corrupted, imported"),
    column("second", ColumnKind::Text, "what the second answer is: optimal, minimal-edit, critique, wrong"),
    column("first_error_step", ColumnKind::Integer, "step of the first answer's first error; null where it has none"),
    column("kept_steps", ColumnKind::Integer, "steps that both answers begin with"),
    column(
        "edit_distance",
        ColumnKind::Integer,
        "steps that are left out, put in or changed from the first to the second answer",
    ),
];

/// The default request to look again. It is the same for right and for wrong answers.
const RETRY: &str = "There might be an error in the solution above. Check it, and write the whole solution again.";

/// Greatest number of steps for which the edit distance is computed. Beyond it the distance is null.
const MOST_STEPS: usize = 4000;

/// The content of the second answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Second {
    /// A cheapest solution without detours.
    #[default]
    Optimal,
    /// The first answer up to its first error, and a right ending.
    MinimalEdit,
    /// A critique of the first answer, and the minimal edit.
    Critique,
}

/// Weights of the combinations of right and wrong answers.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mix {
    #[serde(default)]
    wrong_right: u64,
    #[serde(default)]
    right_right: u64,
    #[serde(default)]
    wrong_wrong: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    candidates: CandidateSettings,
    #[serde(default)]
    second: Second,
    mix: Option<Mix>,
    retry: Option<String>,
}

struct CorrectionRecord {
    candidates: Candidates,
    second: Second,
    mix: Mix,
    retry: String,
}

/// Makes the record of a config.
pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    let settings: Settings = config.settings()?;
    let mix = settings.mix.unwrap_or(Mix { wrong_right: 1, right_right: 1, wrong_wrong: 0 });
    if mix.wrong_right.max(mix.right_right).max(mix.wrong_wrong) == 0
        || mix.wrong_right.max(mix.right_right).max(mix.wrong_wrong) > 1_000_000
    {
        return Err(config.wrong("mix", "weights that are all 0, or over 1000000", "weights of which one is over 0"));
    }
    Ok(Box::new(CorrectionRecord {
        candidates: Candidates::new(config, settings.candidates, recipe)?,
        second: settings.second,
        mix,
        retry: settings.retry.unwrap_or_else(|| RETRY.into()),
    }))
}

impl Record for CorrectionRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let mut draw = dataset.draw(episode, "correction");
        let Mix { wrong_right, right_right, wrong_wrong } = self.mix;
        let kind = draw.weighted([wrong_right, right_right, wrong_wrong].into_iter());
        let mut first = self.candidates.draw(dataset, episode, 0, Want::Any, buffers)?;
        if first.source != "imported" {
            let want = if kind == 1 { Want::Right } else { Want::Wrong };
            first = self.candidates.draw(dataset, episode, 0, want, buffers)?;
        }
        // The critique comes before the second answer.
        let mut said = String::new();
        let (second, name) = match self.second {
            _ if kind == 2 && !first.checked.is_right() => {
                (self.candidates.draw(dataset, episode, 1, Want::Wrong, buffers)?.checked.clone(), "wrong")
            }
            Second::Optimal => {
                let moves = solution(&episode.proven.puzzle, &episode.proven.facts, 0, None);
                let straight = straight_trace(dataset, episode, dataset.best(episode, moves));
                (dataset.told(episode, &straight), "optimal")
            }
            Second::MinimalEdit => (repair(dataset, episode, &first.checked), "minimal-edit"),
            Second::Critique => {
                let critique = Critique::of(&first.checked, 1);
                said.extend(critique.lines(Detail::Runs, &critique).into_iter().map(|(line, _)| line + "\n"));
                (repair(dataset, episode, &first.checked), "critique")
            }
        };
        let ahead = said.len();
        said += &second.text;
        let (defects, source, first) = (first.defects.clone(), first.source, &first.checked);
        let (before, after) = (first.step_texts(), second.step_texts());
        let kept = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
        let prompt = dataset.prompt(&episode.proven.puzzle);
        out.prompt = Some(Vec::new());
        out.defects = defects;
        let shifted = |span: Span| Span(span.0 + ahead, span.1 + ahead);
        out.wrong = first.wrong().into_iter().map(|span| Mark::at(1, span)).collect();
        out.wrong.extend(second.wrong().into_iter().map(|span| Mark::at(3, shifted(span))));
        out.skip = vec![Mark::at(1, Span(0, first.text.len()))];
        out.said = Some(Said::of(&second.verdict));
        let error = first.verdict.first_error.as_ref();
        out.own = vec![
            Cell::Messages(vec![
                Message { role: "user", content: prompt },
                Message { role: "assistant", content: first.text.clone() },
                Message { role: "user", content: self.retry.clone() },
                Message { role: "assistant", content: said },
            ]),
            Cell::Boolean(first.is_right()),
            Cell::Boolean(second.is_right()),
            Cell::Text(source.into()),
            Cell::Text(name.into()),
            Cell::Integer(error.and_then(|error| i64::try_from(error.step).ok())),
            Cell::Integer(i64::try_from(kept).ok()),
            Cell::Integer(edit_distance(&before, &after)),
        ];
        out.trace = second.parsed.trace;
        Ok(())
    }

    fn imported(&self) -> Vec<&Imported> {
        self.candidates.imported().into_iter().collect()
    }
}

/// The solution in the text of a second answer: the text after the critique, if there is one.
pub(crate) fn solution_in<'a>(said: &'a str, second: &str) -> &'a str {
    let end = "[END]\n";
    match said.find(end) {
        Some(at) if second == "critique" => &said[at + end.len()..],
        _ => said,
    }
}

/// The Levenshtein distance of two lists of steps; none if they are long.
pub fn edit_distance(before: &[&str], after: &[&str]) -> Option<i64> {
    if before.len().max(after.len()) > MOST_STEPS {
        return None;
    }
    let mut row: Vec<usize> = (0..=after.len()).collect();
    for (place, one) in before.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], place + 1);
        for (other, text) in after.iter().enumerate() {
            let changed = diagonal + usize::from(one != text);
            diagonal = row[other + 1];
            row[other + 1] = changed.min(row[other] + 1).min(diagonal + 1);
        }
    }
    row.last().and_then(|distance| i64::try_from(*distance).ok())
}

/// The minimal edit that makes a candidate right. The text stays up to its first error, and continues from its current node, from other open nodes, or from the
/// start. A right candidate stays as it is.
pub fn repair(dataset: &Dataset, episode: &Episode, candidate: &CheckedText) -> CheckedText {
    if candidate.is_right() {
        return candidate.clone();
    }
    let puzzle = &episode.proven.puzzle;
    let first = candidate.verdict.first_error.as_ref().map_or(candidate.steps(), |error| error.step);
    let whole = first.min(candidate.steps());
    // If the kept text ends within a line, or with a claim that ends the search, less is kept.
    for keep in (whole.saturating_sub(MOST_LESS)..=whole).rev() {
        let Some(walk) = beginning(puzzle, candidate, keep) else { continue };
        for from in ways_on(episode, &walk) {
            let Some(completion) = go_on(dataset, episode, walk.clone(), from) else { continue };
            let read = dataset.read(episode, completion);
            if read.is_right() {
                return read;
            }
        }
    }
    dataset.told(episode, &straight_trace(dataset, episode, episode.answer.clone()))
}

/// Greatest number of events before the first error that are given up, before all are.
const MOST_LESS: usize = 3;

/// Greatest number of nodes from which a repair is tried.
const MOST_WAYS: usize = 8;

/// The first events of a candidate. None if they have iterations or two trees.
fn beginning<'a>(puzzle: &'a Puzzle, candidate: &CheckedText, keep: usize) -> Option<TraceBuilder<'a>> {
    let mut trace = candidate.parsed.trace.clone();
    trace.events.truncate(keep);
    let trees = |kind: EventKind| matches!(kind, EventKind::Root | EventKind::Meet | EventKind::Bound);
    if trace.events.iter().any(|event| trees(event.kind)) {
        return None;
    }
    let known = trace.events.iter().map(|event| event.node).max()?;
    trace.nodes.truncate((known as usize).saturating_add(1));
    trace.answer = None;
    let at = current(&trace.events, trace.nodes.len())?;
    Some(TraceBuilder::resume(puzzle, trace, at))
}

/// The nodes from which the trace may continue, the most promising first: the current one, the open nodes by the cost of a solution through them, and the
/// start.
pub fn ways_on(episode: &Episode, walk: &TraceBuilder<'_>) -> Vec<NodeId> {
    let puzzle = &episode.proven.puzzle;
    let mut ways = vec![walk.at];
    if episode.proven.facts.optimal_cost.is_some() {
        let cost = |id: &NodeId| {
            let mut moves = Vec::new();
            walk.trace.moves_to(*id, &mut moves);
            let (state, before) = follow(puzzle, &moves)?;
            before.checked_add(puzzle.distance(state)?)
        };
        let mut open: Vec<(u64, NodeId)> =
            walk.open_nodes().into_iter().filter_map(|id| Some((cost(&id)?, id))).collect();
        open.sort_unstable();
        ways.extend(open.into_iter().map(|(_, id)| id).take(MOST_WAYS));
    }
    if walk.at != 0 {
        ways.push(0);
    }
    ways
}

/// Continues from a node along a cheapest path, unless a goal was reached already.
fn go_on(dataset: &Dataset, episode: &Episode, mut walk: TraceBuilder<'_>, from: NodeId) -> Option<String> {
    let puzzle = &episode.proven.puzzle;
    if !walk.trace.events.iter().any(|event| event.kind == EventKind::Goal) {
        if from != walk.at {
            walk.go(from);
        }
        let state = walk.state();
        match puzzle.distance(state) {
            Some(distance) => {
                let moves = cheapest(puzzle, state, distance, 0, None)?;
                if !walk.finish(&moves) {
                    return None;
                }
            }
            None if !episode.proven.facts.solvable => walk.give_up(),
            None => return None,
        }
    }
    let mut trace = walk.trace;
    if dataset.recipe.answer {
        let moves = puzzle.solution(&trace);
        trace.answer = Some(Answer { moves, optimal: false });
    }
    Some(dataset.completion(episode, &trace))
}

/// The current node after some events.
fn current(events: &[crate::trace::Event], nodes: usize) -> Option<NodeId> {
    let control = |kind: EventKind| matches!(kind, EventKind::Visit | EventKind::MoveTo);
    let at = events.iter().rev().find(|event| control(event.kind)).map(|event| event.node)?;
    (at != NO_NODE && (at as usize) < nodes).then_some(at)
}

/// Derives a row's labels again from its two answers.
pub fn judge(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let turn = |turn: usize| row.list("messages").get(turn)?.get("content").and_then(Value::as_str);
    let (first, said) = (row.read(turn(1).unwrap_or("")), turn(3).unwrap_or(""));
    let second = row.read(solution_in(said, row.text("second")));
    judged.expect("messages", turn(0).unwrap_or(""), row.prompt());
    judged.expect("first_right", row.value("first_right").clone(), first.is_right());
    judged.expect("second_right", row.value("second_right").clone(), second.is_right());
    judged.hold(row.text("second") == "wrong" || second.is_right(), "messages: the second answer is wrong");
    let error = first.verdict.first_error.as_ref().map(|error| error.step as u64);
    judged.expect("first_error_step", row.value("first_error_step").clone(), error);
    let (before, after) = (first.step_texts(), second.step_texts());
    judged.expect("edit_distance", row.value("edit_distance").clone(), edit_distance(&before, &after));
    let kept = (0..before.len().min(after.len())).find(|&step| before[step] != after[step]);
    let kept = kept.unwrap_or(before.len().min(after.len()));
    judged.expect("kept_steps", row.value("kept_steps").clone(), kept as u64);
    if row.text("second") == "critique" {
        judged.hold(read_conclusion(said) == Some(first.is_right()), "messages: the critique concludes what is not so");
    }
    // The text of a search that explores nothing is empty and has no span.
    let length = first.text.len();
    let whole = if length == 0 { Vec::new() } else { vec![vec![1, 0, length]] };
    judged.hold(row.marks("skip_spans") == whole, "skip_spans: not the first answer");
    judged
}

#[cfg(test)]
mod tests {
    use super::edit_distance;

    /// The distance by its definition: the minimum over the edits of the first steps.
    fn by_definition(before: &[&str], after: &[&str]) -> i64 {
        match (before.split_first(), after.split_first()) {
            (None, _) => after.len() as i64,
            (_, None) => before.len() as i64,
            (Some((one, rest)), Some((other, others))) => {
                let kept = by_definition(rest, others) + i64::from(one != other);
                kept.min(1 + by_definition(rest, after)).min(1 + by_definition(before, others))
            }
        }
    }

    #[test]
    fn distances_are_those_of_the_definition() {
        let mut draw = sos_envs::Draw::new(1, "test");
        for _ in 0..300 {
            let mut list = || (0..draw.below(6)).map(|_| ["a", "b", "c"][draw.index(3)]).collect::<Vec<_>>();
            let (before, after) = (list(), list());
            assert_eq!(edit_distance(&before, &after), Some(by_definition(&before, &after)), "{before:?} {after:?}");
        }
        assert_eq!(edit_distance(&vec!["a"; 5000], &[]), None);
    }
}
