//! `dropped`: random parts of the row's trace are left out; the answer stays (Su et al. 2024, "Dualformer").

use std::collections::BTreeSet;

use serde::Deserialize;
use sos_envs::Draw;

use super::checked::CheckedText;
use super::judge::{Judged, RowView};
use super::searched::is_run_of;
use super::{Cell, Dataset, Episode, Record, RecordError, RowContent, WorkerBuffers};
use crate::arena::{Puzzle, Scratch};
use crate::dialect::{Coverage, Phrasing};
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::search::limits::Limits;
use crate::search::search_of;
use crate::table::{ColumnKind, ColumnSpec, column};
use crate::trace::{EventKind, StateId, Trace};

/// The columns of this kind.
pub const OWN: &[ColumnSpec] =
    &[column("level", ColumnKind::Integer, "how much is left out: 0 nothing, 4 the whole trace")];

/// Weights of the levels in the paper's mazes: the whole trace 45 in 100, levels 1 to 3 together 50, level 4 5.
const MAZE_MIX: [u64; 5] = [270, 100, 100, 100, 30];

/// The definition of level 3, which differs between the paper and its code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reading {
    /// The paper's: level 2, without 30 percent of the generated nodes.
    #[default]
    Paper,
    /// The code's: level 1, without 10 to 40 percent of the steps, with costs.
    Code,
}

struct Dropped {
    weights: Vec<u64>,
    reading: Reading,
    epoch: u64,
}

/// `dropped`: random parts of the trace are left out (Su et al. 2024, "Dualformer": levels 1 to 4).
pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// A single level for all rows.
        level: Option<usize>,
        /// Or the weight of each level, from 0 to 4.
        mix: Option<Vec<u32>>,
        #[serde(default)]
        reading: Reading,
        /// Another number gives new draws: use one for each epoch of training.
        #[serde(default)]
        epoch: u64,
    }
    let settings: Settings = config.settings()?;
    if !recipe.answer {
        return Err(RecipeError::Value {
            field: "answer".into(),
            found: "false".into(),
            allowed: "true: of a dropped trace the answer section stays".into(),
        });
    }
    let weights = match (settings.level, settings.mix) {
        (Some(level), None) if level <= 4 => (0..5).map(|other| u64::from(other == level)).collect(),
        (Some(level), _) => return Err(config.wrong("level", level, "0 to 4, without `mix`")),
        (None, Some(mix)) if mix.len() == 5 && mix.iter().any(|&weight| weight > 0) => {
            mix.into_iter().map(u64::from).collect()
        }
        (None, Some(mix)) => return Err(config.wrong("mix", format!("{mix:?}"), "five weights, one of them over 0")),
        (None, None) => MAZE_MIX.to_vec(),
    };
    Ok(Box::new(Dropped { weights, reading: settings.reading, epoch: settings.epoch }))
}

impl Record for Dropped {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let purpose = format!("dropped/{}", self.epoch);
        let mut draw = dataset.draw(episode, &purpose);
        let level = draw.weighted(self.weights.iter().copied());
        let mut trace = episode.trace.clone();
        drop_parts(&mut trace, level, self.reading, dataset.dialect.told, &mut draw);
        (dataset.dialect.write)(&episode.proven.puzzle, &trace, episode.phrasing, &mut out.text);
        out.trace = trace;
        out.own = vec![Cell::Integer(Some(level as i64))];
        Ok(())
    }
}

/// Removes parts of a trace, by level.
fn drop_parts(trace: &mut Trace, level: usize, reading: Reading, told: Coverage, draw: &mut Draw) {
    if level >= 1 {
        trace.events.retain(|event| !matches!(event.kind, EventKind::Visit | EventKind::MoveTo));
    }
    if level == 2 || level == 3 && reading == Reading::Paper {
        for node in &mut trace.nodes {
            (node.g, node.h) = (None, None);
        }
        for claim in &mut trace.claims {
            claim.costs = None;
        }
    }
    match (level, reading) {
        (3, Reading::Paper) => {
            // The event that introduces a node. If only the open list is written, this is `Open`.
            let made = if told == Coverage::Opened { EventKind::Open } else { EventKind::Generate };
            trace.events.retain(|event| event.kind != made || !draw.chance(30, 100));
        }
        (3, Reading::Code) => {
            let percent = draw.between(10, 40);
            trace.events.retain(|_| !draw.chance(percent, 100));
        }
        (4, _) => trace.events.clear(),
        _ => {}
    }
}

/// The content of a written trace.
struct Shown {
    /// Whether visits of nodes are written in words of their own.
    visits: bool,
    /// Whether costs or estimates are written.
    costs: bool,
    /// Number of nodes besides the roots.
    made: u64,
    /// Whether no node is missing.
    whole: bool,
}

impl Shown {
    fn of(row: &RowView<'_>, read: &CheckedText) -> Self {
        let (trace, puzzle) = (&read.parsed.trace, row.puzzle);
        let moves = |kind: EventKind| matches!(kind, EventKind::Visit | EventKind::MoveTo);
        let stands = |step: usize| read.step(step);
        // One line can introduce a node and visit it.
        let others: BTreeSet<(usize, usize)> = (0..trace.events.len())
            .filter(|&step| !moves(trace.events[step].kind))
            .filter_map(|step| stands(step).map(|span| (span.0, span.1)))
            .collect();
        let alone = |step: usize| stands(step).is_some_and(|span| !others.contains(&(span.0, span.1)));
        // The first node is visited at every level.
        let visits = (1..trace.events.len()).any(|step| moves(trace.events[step].kind) && alone(step));
        let opened = read.parsed.told == Coverage::Opened;
        let kind = if opened { EventKind::Open } else { EventKind::Generate };
        let made: Vec<StateId> = trace
            .events
            .iter()
            .filter(|event| event.kind == kind)
            .filter_map(|event| trace.node(event.node))
            .map(|node| node.state)
            .collect();
        let roots = 1 + trace.events.iter().filter(|event| event.kind == EventKind::Root).count() as u64;
        let whole = match opened {
            // If not all nodes are written, none is missing if each is a step away from an earlier one.
            true => {
                steps_on(puzzle, trace.nodes.first().map(|root| root.state).into_iter().chain(made.iter().copied()))
            }
            false => made.len() as u64 + roots >= row.value("nodes").as_u64().unwrap_or(0),
        };
        let costs = trace.nodes.iter().any(|node| node.g.is_some() || node.h.is_some());
        Shown { visits, costs, made: made.len() as u64, whole }
    }
}

/// Whether each state is the start, or a step away from it or from an earlier state.
fn steps_on(puzzle: &Puzzle, mut states: impl Iterator<Item = StateId>) -> bool {
    let (mut near, mut steps) = (BTreeSet::new(), Vec::new());
    let mut reach = |state: StateId, near: &mut BTreeSet<StateId>| {
        steps.clear();
        puzzle.successors(state, &mut steps);
        near.extend(steps.iter().map(|step| puzzle.key_state(step.state)));
    };
    near.insert(puzzle.key_state(puzzle.start()));
    reach(puzzle.start(), &mut near);
    states.all(|state| {
        let known = near.contains(&puzzle.key_state(state));
        reach(state, &mut near);
        known
    })
}

/// Whether whole traces of the row's search show costs in its dialect. It runs a small search to find out.
fn tells_costs(row: &RowView<'_>) -> bool {
    let heuristic = Some(row.text("heuristic")).filter(|name| !name.is_empty());
    let Some(search) = search_of(row.puzzle.about(), row.text("search"), heuristic) else { return false };
    let (mut trace, mut text) = (Trace::default(), Vec::new());
    let small = Limits { nodes: 16, ..Limits::share(1) };
    search.run_within(row.puzzle, &mut Draw::new(0, "costs"), small, &mut trace, &mut Scratch::default());
    (row.dialect.write)(row.puzzle, &trace, Phrasing::default(), &mut text);
    (row.dialect.parse)(row.puzzle, &text).trace.nodes.iter().any(|node| node.g.is_some() || node.h.is_some())
}

/// Numbers of nodes from which dropping 30 percent, or 10 percent, removes at least one node almost surely.
const SURELY: [u64; 2] = [64, 300];

/// Checks that the answer is right, and that the omitted parts are those of the level.
pub fn judge(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let read = row.read(row.text("completion"));
    let verdict = &read.verdict;
    judged.hold(verdict.answer_right != Some(false), "completion: the answer is wrong");
    let (level, told) = (row.value("level").as_u64(), verdict.trace_solved.is_some());
    let shown = Shown::of(row, &read);
    let plain = shown.costs || tells_costs(row);
    match level {
        Some(0) => {
            judged.hold(verdict.valid, "level: 0, and a check finds an error");
            judged.hold(told || row.value("nodes").as_u64() <= Some(1), "level: 0, and there is no trace");
            let label = row.text("search");
            let run = is_run_of(row, &read, label, row.text("heuristic"));
            judged.hold(run, format!("level: 0, and the text is no whole run of \"{label}\""));
        }
        Some(4) => judged.hold(!told, "level: 4, and there is a trace"),
        Some(1..=3) => {
            judged.hold(!shown.visits, "level: over 0, and visits are told");
            let few = if level == Some(3) { SURELY[0] } else { 1 };
            judged.hold(told || row.value("nodes").as_u64() <= Some(few), "level: under 4, and there is no trace");
            match level {
                Some(1) => judged.hold(shown.costs == plain, "level: 1, and costs are left out"),
                Some(2) => judged.hold(!shown.costs, "level: 2, and costs are told"),
                _ => {
                    let surely = if plain && !shown.costs { SURELY[0] } else { SURELY[1] };
                    judged.hold(!shown.whole || shown.made < surely, "level: 3, and no node is left out");
                }
            }
            // Searches with growing limits start again, and only visits tell which tree a node belongs to.
            let deepens = ["iddfs", "ida-star"].iter().any(|kind| row.text("search").starts_with(kind));
            let whole = level == Some(3) || shown.whole || deepens;
            judged.hold(whole, "level: under 3, and nodes are left out");
        }
        _ => judged.problems.push("level: none of 0 to 4".into()),
    }
    judged
}
