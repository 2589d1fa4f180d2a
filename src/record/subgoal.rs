//! `subgoal`: if the row's search failed, its trace is cut at an explored node and replaced there by a node of a cheapest solution, from which it continues to
//! the goal (Moon et al. 2024, "Guided Stream of Search"). The edited beginning is also in a column of its own, for a model to continue.

use serde::Deserialize;

use super::correction::ways_on;
use super::edits::{show, tell};
use super::optimal::{cheapest, solution, straight_trace};
use super::trace_builder::TraceBuilder;
use super::{Cell, Dataset, Episode, Mark, Record, RecordError, RowContent, WorkerBuffers};
use crate::dialect::Span;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::search::Outcome;
use crate::table::{ColumnKind, ColumnSpec, column};
use crate::trace::{Answer, EventKind, MoveId, NodeId, Trace};

/// The columns of this kind.
pub const OWN: &[ColumnSpec] = &[
    column("edited", ColumnKind::Boolean, "whether the search failed and its trace was edited"),
    column("subgoal_depth", ColumnKind::Integer, "moves of the cheapest solution up to the node that was put in"),
    column(
        "prefix",
        ColumnKind::Text,
        "the beginning of the completion up to and with the node that was put in; empty where nothing was edited",
    ),
];

/// The explored node that is replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Replace {
    First,
    #[default]
    Random,
    Last,
}

struct Subgoal {
    depth: usize,
    replace: Replace,
}

/// Makes the record of a config.
pub fn new(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// Number of the solution's moves up to the inserted node.
        depth: Option<usize>,
        #[serde(default)]
        replace: Replace,
    }
    let settings: Settings = config.settings()?;
    let depth = settings.depth.unwrap_or(1);
    if depth == 0 {
        return Err(config.wrong("depth", 0, "1 or more"));
    }
    Ok(Box::new(Subgoal { depth, replace: settings.replace }))
}

impl Record for Subgoal {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let puzzle = &episode.proven.puzzle;
        let moves = solution(puzzle, &episode.proven.facts, 0, None).filter(|moves| !moves.is_empty());
        let Some(moves) = moves.filter(|_| episode.outcome != Outcome::Solved) else {
            tell(dataset, episode, episode.trace.clone(), out);
            out.own = vec![Cell::Boolean(false), Cell::Integer(None), Cell::Text(String::new())];
            return Ok(());
        };
        let mut draw = dataset.draw(episode, "subgoal");
        let explored: Vec<usize> = entered(&episode.trace);
        let place = match self.replace {
            Replace::First => 0,
            Replace::Last => explored.len().saturating_sub(1),
            Replace::Random => draw.index(explored.len().max(1)),
        };
        let depth = self.depth.min(moves.len());
        // If the trace cannot be continued at this place, an earlier one is tried.
        let places = explored.get(..=place).unwrap_or(&explored).iter().rev().copied().chain([1]);
        let mut both = None;
        for cut in places.take(8).chain([1]) {
            let edits =
                [false, true].into_iter().filter_map(|open| self.edit(dataset, episode, &moves, depth, cut, open));
            let read = edits.map(|(prefix, whole)| (prefix, dataset.told(episode, &whole), whole));
            both = read.into_iter().find(|(_, read, _)| read.verdict.valid);
            if both.is_some() {
                break;
            }
        }
        let (prefix, read, whole) = both.unwrap_or_else(|| {
            let answer = Some(Answer { moves: Some(moves.clone()), optimal: false });
            let mut walk = TraceBuilder::new(puzzle);
            moves.iter().take(depth.min(moves.len() - 1)).for_each(|action| {
                walk.step(*action);
            });
            let straight = straight_trace(dataset, episode, answer);
            (walk.trace, dataset.told(episode, &straight), straight)
        });
        show(dataset, episode, whole, read, out);
        let text = dataset.completion(episode, &prefix);
        let shared = text.bytes().zip(&out.text).take_while(|(one, other)| one == *other).count();
        let end = (0..=shared).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        out.skip = vec![Mark::of(Span(0, end))];
        let prefix = text[..end].to_string();
        out.own = vec![Cell::Boolean(true), Cell::Integer(i64::try_from(depth).ok()), Cell::Text(prefix)];
        Ok(())
    }
}

/// The events in which control goes to a node.
fn entered(trace: &Trace) -> Vec<usize> {
    let moves = (0..).zip(&trace.events).filter(|(_, event)| event.kind == EventKind::MoveTo);
    moves.map(|(step, _)| step).collect()
}

impl Subgoal {
    /// The trace up to an event with a node of the solution, without and with the rest of the solution. The node is `depth` moves from the start, or, for
    /// dialects that never return to a node, the open node with the cheapest solution through it.
    fn edit(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        moves: &[MoveId],
        depth: usize,
        cut: usize,
        open: bool,
    ) -> Option<(Trace, Trace)> {
        let two = |kind: EventKind| matches!(kind, EventKind::Root | EventKind::Bound);
        let mut trace = episode.trace.clone();
        trace.events.truncate(cut.max(1));
        if trace.events.iter().any(|event| two(event.kind)) {
            return None;
        }
        let known = trace.events.iter().map(|event| event.node).max()?;
        trace.nodes.truncate(known as usize + 1);
        trace.answer = None;
        let at: NodeId = trace.events.iter().rev().find(|event| event.kind == EventKind::Visit)?.node;
        let mut walk = TraceBuilder::resume(&episode.proven.puzzle, trace, at);
        if open {
            return self.edit_open(dataset, episode, walk);
        }
        if at != 0 {
            walk.go(0);
        }
        let (first, rest) = moves.split_at(depth.min(moves.len() - 1));
        if !first.iter().all(|action| walk.step(*action)) {
            return None;
        }
        let prefix = walk.trace.clone();
        if !walk.finish(rest) {
            return None;
        }
        let mut whole = walk.trace;
        if dataset.recipe.answer {
            whole.answer = Some(Answer { moves: Some(moves.to_vec()), optimal: dataset.recipe.claims_optimal });
        }
        Some((prefix, whole))
    }

    fn edit_open(&self, dataset: &Dataset, episode: &Episode, mut walk: TraceBuilder<'_>) -> Option<(Trace, Trace)> {
        let puzzle = &episode.proven.puzzle;
        let from = ways_on(episode, &walk).into_iter().find(|from| *from != walk.at && *from != 0)?;
        walk.go(from);
        let prefix = walk.trace.clone();
        let state = walk.state();
        let distance = puzzle.distance(state)?;
        if !walk.finish(&cheapest(puzzle, state, distance, 0, None)?) {
            return None;
        }
        let mut whole = walk.trace;
        if dataset.recipe.answer {
            whole.answer = Some(Answer { moves: puzzle.solution(&whole), optimal: false });
        }
        Some((prefix, whole))
    }
}
