//! `backtrack`: a right beginning, one bad step, and a token that takes it back (Yang et al. 2025, "Step back to leap forward: self-backtracking"). A loss
//! skips the bad step and learns the beginning and the token. Some rows are a plain cheapest solution.

use serde::Deserialize;
use sos_envs::{Draw, MoveClaim, Step};

use super::checked::CheckedText;
use super::goals::Goals;
use super::judge::{Judged, RowView};
use super::optimal::{solution, straight};
use super::puzzles::about_of;
use super::trace_builder::TraceBuilder;
use super::{Cell, Dataset, Episode, Mark, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::check::follow;
use crate::dialect::{Coverage, Span};
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::table::{ColumnKind, ColumnSpec, column};
use crate::trace::{EventKind, MoveId, StateId};

/// The columns of this kind.
pub const OWN: &[ColumnSpec] = &[
    column(
        "bad",
        ColumnKind::Text,
        "what is bad in the last step: explore, arithmetic, illegal; empty in a plain solution",
    ),
    column("right_steps", ColumnKind::Integer, "moves before the bad step; of a plain solution all"),
    column("token", ColumnKind::Text, "the token that takes the bad step back"),
];

/// The kinds of bad steps: a legal move outside all cheapest solutions, a wrong result, an illegal move.
const KINDS: [&str; 3] = ["explore", "arithmetic", "illegal"];

/// The weight of each kind.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    #[serde(default)]
    explore: u32,
    #[serde(default)]
    arithmetic: u32,
    #[serde(default)]
    illegal: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    bad: Option<Weights>,
    /// Percentage of rows with a plain solution.
    #[serde(default)]
    plain_percent: Option<u64>,
    token: Option<String>,
}

struct BacktrackRecord {
    weights: [u64; 3],
    plain_percent: u64,
    token: String,
}

/// Makes the record of a config.
pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    let settings: Settings = config.settings()?;
    let bad = settings.bad.unwrap_or(Weights { explore: 1, arithmetic: 1, illegal: 1 });
    let plain_percent = settings.plain_percent.unwrap_or(50);
    if plain_percent > 100 {
        return Err(config.wrong("plain_percent", plain_percent, "0 to 100"));
    }
    // A result can only be wrong if moves claim one.
    let arithmetic = if about_of(recipe)?.move_claim == MoveClaim::Result { bad.arithmetic } else { 0 };
    let weights = [bad.explore, arithmetic, bad.illegal].map(u64::from);
    if weights.iter().sum::<u64>() == 0 {
        return Err(config.wrong(
            "bad",
            "weights that are all 0",
            "explore or illegal over 0, or arithmetic where moves have results",
        ));
    }
    let token = settings.token.unwrap_or_else(|| "<backtrack>".into());
    if token.trim().is_empty() || token.contains('\n') {
        return Err(config.wrong("token", format!("{token:?}"), "a word"));
    }
    Ok(Box::new(BacktrackRecord { weights, plain_percent, token }))
}

impl Record for BacktrackRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let puzzle = &episode.proven.puzzle;
        let mut draw = dataset.draw(episode, "backtrack");
        let moves = solution(puzzle, &episode.proven.facts, 0, None);
        let bad = match &moves {
            Some(moves) if draw.below(100) >= self.plain_percent => self.bad_step(dataset, episode, moves, &mut draw),
            _ => None,
        };
        let (kind, depth) = match bad {
            Some((kind, depth, walk, read)) => {
                self.tell(dataset, episode, walk, &read, out);
                (kind, depth)
            }
            None => {
                let length = moves.as_ref().map_or(0, Vec::len);
                straight(dataset, episode, dataset.best(episode, moves), out);
                ("", length)
            }
        };
        out.own =
            vec![Cell::Text(kind.into()), Cell::Integer(i64::try_from(depth).ok()), Cell::Text(self.token.clone())];
        Ok(())
    }
}

impl BacktrackRecord {
    /// Follows a solution for some moves and takes a bad step there. None if there is none at any of the drawn places.
    fn bad_step<'a>(
        &self,
        dataset: &Dataset,
        episode: &'a Episode,
        moves: &[MoveId],
        draw: &mut Draw,
    ) -> Option<(&'static str, usize, TraceBuilder<'a>, CheckedText)> {
        const TRIES: usize = 16;
        let puzzle = &episode.proven.puzzle;
        for _ in 0..TRIES {
            let depth = draw.index(moves.len().max(1));
            let kind = KINDS[draw.weighted(self.weights.into_iter())];
            let mut walk = TraceBuilder::new(puzzle);
            if !moves.iter().take(depth).all(|action| walk.step(*action)) {
                return None;
            }
            let right = *moves.get(depth)?;
            let Some((action, state)) = bad_move(episode, walk.state(), moves, depth, right, kind, draw) else {
                continue;
            };
            let child = walk.claim(action, state);
            if dataset.dialect.told != Coverage::All {
                // The next move is written only if the child is opened.
                walk.enter(child);
            }
            // The check must find a wrong step, and must not object to a legal one.
            let read = dataset.told(episode, &walk.trace);
            if read.verdict.valid == (kind == "explore") && bad_step(&read).is_some() {
                return Some((kind, depth, walk, read));
            }
        }
        None
    }

    fn tell(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        walk: TraceBuilder<'_>,
        read: &CheckedText,
        out: &mut RowContent,
    ) {
        let step = bad_step(read).and_then(|step| read.step(step)).unwrap_or_default();
        out.wrong = read.wrong_marks();
        out.skip = vec![Mark::of(step)];
        let separator = if dataset.dialect.separator.is_empty() { " " } else { dataset.dialect.separator };
        out.text = format!("{}{separator}{}", read.text.trim_end(), self.token).into_bytes();
        out.prompt = Some(dataset.prompt(&episode.proven.puzzle).into_bytes());
        out.said = Some(Said::of(&read.verdict));
        out.trace = walk.trace;
    }
}

/// The last move in a text.
fn bad_step(read: &CheckedText) -> Option<usize> {
    read.parsed.trace.events.iter().rposition(|event| event.kind == EventKind::Generate)
}

/// A bad move in a state on the way to the goal, and the state after it.
fn bad_move(
    episode: &Episode,
    state: StateId,
    moves: &[MoveId],
    depth: usize,
    right: MoveId,
    kind: &str,
    draw: &mut Draw,
) -> Option<(MoveId, StateId)> {
    let puzzle = &episode.proven.puzzle;
    match kind {
        "arithmetic" => {
            let wrong = puzzle.damage_claim(right, draw)?;
            Some((wrong, puzzle.apply_as_claimed(state, wrong)?.0))
        }
        "illegal" => puzzle.illegal_move(state, draw),
        _ => {
            let (_, before) = follow(puzzle, &moves[..depth])?;
            let left = episode.proven.facts.optimal_cost?.checked_sub(before)?;
            let mut steps: Vec<Step<MoveId, StateId>> = Vec::new();
            puzzle.successors(state, &mut steps);
            let leads_on =
                |step: &Step<MoveId, StateId>| puzzle.distance(step.state).is_some_and(|rest| rest + step.cost == left);
            steps.retain(|step| !leads_on(step) && !puzzle.is_goal(step.state));
            draw.choose(&steps).map(|step| (step.action, step.state))
        }
    }
}

/// Checks that the beginning is right and that the last step is bad in the stated way.
pub fn judge(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let (completion, token) = (row.text("completion"), row.text("token"));
    let bad = row.text("bad");
    if bad.is_empty() {
        let read = row.read(completion);
        judged.hold(read.is_right() && read.verdict.optimal != Some(false), "completion: no cheapest solution");
        let moves = row.puzzle.solution(&read.parsed.trace).map_or(0, |moves| moves.len() as u64);
        judged.expect("right_steps", row.value("right_steps").clone(), moves);
        return judged;
    }
    let Some(text) = completion.strip_suffix(token) else {
        judged.problems.push(format!("completion: does not end with {token}"));
        return judged;
    };
    let read = row.read(text.trim_end());
    let last = bad_step(&read).unwrap_or_default();
    let errors = &read.verdict.errors;
    judged.hold(errors.iter().all(|error| error.step >= last), "completion: an error before the last step");
    judged.expect("bad", bad == "explore", errors.is_empty());
    let depth = read.parsed.trace.nodes.last().map_or(0, |node| u64::from(node.depth).saturating_sub(1));
    judged.expect("right_steps", row.value("right_steps").clone(), depth);
    if bad == "explore" {
        let action = read.parsed.trace.nodes.last().map(|node| (node.state, node.parent));
        let off = action.is_none_or(|(state, _)| {
            let mut moves = Vec::new();
            read.parsed.trace.moves_to(read.parsed.trace.nodes.len() as u32 - 1, &mut moves);
            let cost = follow(row.puzzle, &moves).map(|(_, cost)| cost);
            let by_rules = Goals::new(row.puzzle).distance(state);
            let rest = by_rules.unwrap_or_else(|| row.puzzle.distance(state));
            cost.zip(rest).map(|(cost, rest)| cost + rest) != row.facts.get().optimal_cost
        });
        judged.hold(off, "bad: a cheapest solution takes the last step");
    }
    let skip: Vec<Vec<usize>> = read.step(last).into_iter().map(|Span(start, end)| vec![start, end]).collect();
    judged.hold(row.marks("skip_spans") == skip, "skip_spans: not the last step");
    judged
}
