//! Edits of the row's own trace, and replacements for it: `success-only`, `shortened`, `truncated`, `return-conditioned`, `random-walk`.

use rustc_hash::FxHashSet;
use serde::Deserialize;
use sos_envs::Draw;

use super::checked::CheckedText;
use super::judge::{Judged, RowView};
use super::optimal::straight;
use super::trace_builder::TraceBuilder;
use super::{Cell, Dataset, Episode, NoSettings, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::arena::Puzzle;
use crate::check::{ErrorClass, TraceError};
use crate::dialect::Coverage;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::search::Outcome;
use crate::table::{ColumnKind, ColumnSpec, column};
use crate::trace::{EventKind, NO_NODE, Node, NodeId, Trace};

/// Writes a trace as the row's text, and checks it.
pub(super) fn tell(dataset: &Dataset, episode: &Episode, trace: Trace, out: &mut RowContent) {
    let read = dataset.told(episode, &trace);
    show(dataset, episode, trace, read, out);
}

/// Makes a trace that was written and read the row's.
pub(super) fn show(dataset: &Dataset, episode: &Episode, trace: Trace, read: CheckedText, out: &mut RowContent) {
    out.prompt = Some(dataset.prompt(&episode.proven.puzzle).into_bytes());
    out.wrong = read.wrong_marks();
    out.said = Some(Said::of(&read.verdict));
    out.text = read.text.into_bytes();
    out.trace = trace;
}

// --- success-only

/// The columns of `success-only`.
pub const SUCCESS: &[ColumnSpec] = &[column(
    "searched_by",
    ColumnKind::Text,
    "search that solved the puzzle; empty where none did and the row goes straight",
)];

/// Number of runs of the recipe's searches before the row has a plain solution.
const RUNS: u64 = 64;

/// A count in the manifest.
const WENT_STRAIGHT: &str = "success-only rows that go straight, since no search solved their puzzle";

struct SuccessOnly;

/// `success-only`: the exploration of a search that solves the puzzle. Searches are drawn again until one does.
pub fn new_success_only(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(SuccessOnly))
}

impl Record for SuccessOnly {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let done = |episode: &Episode| {
            let solved = episode.outcome == Outcome::Solved || !episode.proven.facts.solvable;
            // A right answer after the trace must not hide that the search found nothing.
            let says_so = |read: &CheckedText| read.verdict.solved && read.verdict.trace_solved != Some(false);
            solved.then(|| dataset.told(episode, &episode.trace)).filter(says_so)
        };
        let label = |episode: &Episode| Cell::Text(dataset.searches[episode.search].1.label.clone());
        if let Some(read) = done(episode) {
            out.own = vec![label(episode)];
            show(dataset, episode, episode.trace.clone(), read, out);
            return Ok(());
        }
        for run in 0..RUNS {
            let purpose = format!("success-only/{run}");
            let mut draw = dataset.draw(episode, &purpose);
            let again = dataset.search_again(episode, 1, &mut draw, buffers)?;
            if let Some(read) = done(&again) {
                out.own = vec![label(&again)];
                show(dataset, &again, again.trace.clone(), read, out);
                out.outcome = Some(again.outcome);
                return Ok(());
            }
        }
        buffers.count(WENT_STRAIGHT);
        straight(dataset, episode, episode.answer.clone(), out);
        out.own = vec![Cell::Text(String::new())];
        Ok(())
    }
}

// --- shortened

struct Shortened {
    depth: u32,
}

/// `shortened`: the exploration, with failed branches only down to a depth.
pub fn new_shortened(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// Number of levels that stay in a branch without a goal.
        depth: Option<u32>,
    }
    Ok(Box::new(Shortened { depth: config.settings::<Settings>()?.depth.unwrap_or(1) }))
}

impl Record for Shortened {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let short = shorten(&episode.proven.puzzle, &episode.trace, self.depth);
        let short = short.map(|short| (dataset.told(episode, &short), short)).filter(|(read, _)| read.verdict.valid);
        match short {
            Some((read, short)) => show(dataset, episode, short, read, out),
            None => tell(dataset, episode, episode.trace.clone(), out),
        }
        Ok(())
    }
}

/// The trace without the nodes deeper than `depth` levels in a branch without a goal. None for a trace with iterations or two trees.
fn shorten(puzzle: &Puzzle, trace: &Trace, depth: u32) -> Option<Trace> {
    let cut = |kind: EventKind| matches!(kind, EventKind::Bound | EventKind::Root | EventKind::Meet);
    if trace.events.iter().any(|event| cut(event.kind)) {
        return None;
    }
    // The distance of each node to the next node above with a goal in its subtree. The root has none above.
    let mut leads = vec![false; trace.nodes.len()];
    *leads.first_mut()? = true;
    for event in trace.events.iter().filter(|event| event.kind == EventKind::Goal) {
        let mut id = event.node;
        while let Some(node) = trace.node(id) {
            leads[id as usize] = true;
            id = node.parent;
        }
    }
    let mut far = vec![0u32; trace.nodes.len()];
    for (id, node) in trace.nodes.iter().enumerate() {
        let above = far.get(node.parent as usize).copied().unwrap_or(0);
        far[id] = if leads[id] { 0 } else { above + 1 };
    }
    let stays = |id: NodeId| far.get(id as usize).is_none_or(|&far| far <= depth);
    let mut short = Trace { answer: trace.answer.clone(), claims: trace.claims.clone(), ..Trace::default() };
    let mut new = vec![NO_NODE; trace.nodes.len()];
    for (id, &node) in (0..).zip(&trace.nodes) {
        if stays(id) {
            let parent = new.get(node.parent as usize).copied().unwrap_or(NO_NODE);
            new[id as usize] = short.add(Node { parent, ..node });
        }
    }
    let mut at = NO_NODE;
    for event in &trace.events {
        let last = far.get(event.node as usize) == Some(&depth) && depth > 0;
        // If the children of a node at the edge are left out, the text does not show that it is a dead end.
        let unproven = event.kind == EventKind::DeadEnd
            && last
            && trace.node(event.node).is_some_and(|node| !puzzle.is_terminal(node.state));
        if !stays(event.node) || unproven {
            continue;
        }
        let again = matches!(event.kind, EventKind::MoveTo | EventKind::Visit)
            && at == event.node
            && short.events.last().is_some_and(|last| last.kind == EventKind::Visit);
        if again {
            continue;
        }
        if matches!(event.kind, EventKind::MoveTo | EventKind::Visit) {
            at = event.node;
        }
        let mut event = *event;
        event.node = new.get(event.node as usize).copied().unwrap_or(event.node);
        short.events.push(event);
    }
    Some(short)
}

// --- truncated

struct Truncated {
    percent: u64,
}

/// `truncated`: the first events of the exploration. The answer section stays, if there is one.
pub fn new_truncated(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// Percentage of events that stay.
        percent: Option<u64>,
    }
    let percent = config.settings::<Settings>()?.percent.unwrap_or(50);
    if percent > 100 {
        return Err(config.wrong("percent", percent, "0 to 100"));
    }
    Ok(Box::new(Truncated { percent }))
}

impl Record for Truncated {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let mut trace = episode.trace.clone();
        let keep = (trace.events.len() as u64 * self.percent / 100) as usize;
        trace.events.truncate(keep.max(1));
        tell(dataset, episode, trace, out);
        Ok(())
    }
}

// --- return-conditioned

/// The columns of `return-conditioned`.
pub const RETURN: &[ColumnSpec] = &[
    column(
        "return_percent",
        ColumnKind::Integer,
        "what the prompt promises of the trace, in hundredths: 0 where the search finds no goal",
    ),
    column("most_nodes", ColumnKind::Integer, "nodes at which the promise is 0"),
];

struct ReturnConditioned {
    most_nodes: u64,
}

/// `return-conditioned`: the exploration after a promise of its length, as the Stream of Search paper's decision transformer reads it (`0.93->`).
pub fn new_return_conditioned(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// Number of nodes at which the return is 0. It is 1152 in the paper, for four numbers.
        most_nodes: Option<u64>,
    }
    let most_nodes = config.settings::<Settings>()?.most_nodes.unwrap_or(1152);
    if !(1..=1_000_000_000_000).contains(&most_nodes) {
        return Err(config.wrong("most_nodes", most_nodes, "1 to 1000000000000"));
    }
    Ok(Box::new(ReturnConditioned { most_nodes }))
}

impl Record for ReturnConditioned {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        tell(dataset, episode, episode.trace.clone(), out);
        let explored = episode.trace.counts().nodes;
        let left = self.most_nodes.saturating_sub(explored);
        // Rounds to the nearest hundredth.
        let percent =
            if episode.outcome == Outcome::Solved { (left * 200 + self.most_nodes) / (2 * self.most_nodes) } else { 0 };
        let mut prompt = format!("{}.{:02}->", percent / 100, percent % 100).into_bytes();
        prompt.extend_from_slice(dataset.prompt(&episode.proven.puzzle).as_bytes());
        out.prompt = Some(prompt);
        out.own = vec![Cell::Integer(i64::try_from(percent).ok()), Cell::Integer(i64::try_from(self.most_nodes).ok())];
        Ok(())
    }
}

/// Checks that the promise matches the column, and that the rest is a trace without errors.
pub fn judge_return(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let percent = row.value("return_percent").as_u64().unwrap_or(u64::MAX);
    let promise = format!("{}.{:02}->{}", percent / 100, percent % 100, row.prompt());
    judged.expect("prompt", row.text("prompt"), promise);
    let read = row.read(row.text("completion"));
    judged.hold(read.verdict.valid, "completion: a check finds an error");
    // The promise is about the trace. A search that finds no goal has the promise 0, whatever the answer section says.
    let found = read.verdict.trace_solved == Some(true) && read.verdict.cost.is_some();
    judged.hold(found || percent == 0, "return_percent: not 0 of a search that finds no goal");
    judged.hold(percent <= 100, "return_percent: more than 100");
    if found {
        // The promise in hundredths is within one half of the remaining share of nodes.
        let number = |column: &str| row.value(column).as_f64().unwrap_or(f64::NAN);
        let left = 100.0 * (1.0 - number("nodes") / number("most_nodes"));
        judged
            .hold((left.max(0.0) - percent as f64).abs() < 0.5 + 1e-9, "return_percent: not what is left of the nodes");
    }
    judged
}

// --- random-walk

struct RandomWalk;

/// `random-walk`: as many nodes as in the exploration, by random legal moves. The answer is the puzzle's own.
pub fn new_random_walk(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(RandomWalk))
}

impl Record for RandomWalk {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let puzzle = &episode.proven.puzzle;
        let mut draw = dataset.draw(episode, "random-walk");
        let wanted = episode.trace.events.iter().filter(|event| event.kind == EventKind::Generate).count();
        let walk = if dataset.dialect.told == Coverage::Opened {
            wander_in_tree(puzzle, wanted, &mut draw)
        } else {
            wander(puzzle, wanted, &mut draw)
        };
        let mut trace = walk.trace;
        if dataset.recipe.answer {
            trace.answer.clone_from(&episode.answer);
        }
        tell(dataset, episode, trace, out);
        Ok(())
    }
}

/// Random moves; back to the start if there are no more.
fn wander<'a>(puzzle: &'a Puzzle, wanted: usize, draw: &mut Draw) -> TraceBuilder<'a> {
    let mut walk = TraceBuilder::new(puzzle);
    let mut steps = Vec::new();
    let (mut made, mut stuck) = (0, 0);
    while made < wanted && stuck < 2 {
        steps.clear();
        puzzle.successors(walk.state(), &mut steps);
        steps.retain(|step| !puzzle.is_goal(step.state));
        let Some(step) = draw.choose(&steps) else {
            // If even the start has no further moves, the walk ends.
            stuck += 1;
            if walk.at != 0 {
                walk.go(0);
            }
            continue;
        };
        stuck = 0;
        made += 1;
        if !walk.wander(step.action) {
            break;
        }
    }
    walk
}

/// The same for dialects that never return to a position: it continues from a random open node.
fn wander_in_tree<'a>(puzzle: &'a Puzzle, wanted: usize, draw: &mut Draw) -> TraceBuilder<'a> {
    let mut walk = TraceBuilder::new(puzzle);
    let mut seen = FxHashSet::from_iter([puzzle.key_state(puzzle.start())]);
    let (mut open, mut steps) = (Vec::new(), Vec::new());
    let mut made = 0;
    loop {
        steps.clear();
        puzzle.successors(walk.state(), &mut steps);
        for step in &steps {
            if made < wanted && !puzzle.is_goal(step.state) && seen.insert(puzzle.key_state(step.state)) {
                let Some(child) = walk.generate(step.action) else { return walk };
                walk.trace.push(EventKind::Open, child);
                open.push(child);
                made += 1;
            }
        }
        if made >= wanted || open.is_empty() {
            return walk;
        }
        let next = open.swap_remove(draw.index(open.len()));
        walk.go(next);
    }
}

/// Checks that a part of the row's trace, or its replacement, has no error, except that in some dialects the plan after it is not what the trace leads to.
pub fn judge_part(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let read = row.read(row.text("completion"));
    let last = read.steps().saturating_sub(1);
    let unreached = |error: &TraceError| error.class == ErrorClass::FalseGoal && error.step == last;
    for error in read.verdict.errors.iter().filter(|error| !unreached(error)) {
        judged.problems.push(format!("completion: {} at step {}", error.class.name(), error.step));
    }
    judged.expect("solved", row.value("solved").clone(), read.verdict.solved);
    judged
}
