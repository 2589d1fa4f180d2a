//! `optimal`: a proven cheapest solution and nothing else. Steps follow the exact distances to the goal, so the solution is cheapest by construction and by
//! proof.

use serde::Deserialize;
use sos_envs::{Draw, SolverFacts, Step};

use super::trace_builder::TraceBuilder;
use super::{Dataset, Episode, Record, RecordError, RowContent, WorkerBuffers};
use crate::arena::Puzzle;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::trace::{Answer, MoveId, StateId, Trace};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The order of operations.
    #[serde(default)]
    order: Order,
    /// The number of the distinct cheapest solution, from 1 on. If there are fewer, it starts again with the first.
    nth: Option<u64>,
}

/// The order in which solutions are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    /// The environment's own order.
    #[default]
    Canonical,
    /// Random, from the record's stream.
    Random,
}

struct OptimalRecord {
    order: Order,
    nth: u64,
}

pub fn new(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    let settings: Settings = config.settings()?;
    let nth = settings.nth.unwrap_or(1);
    if !(1..=1000).contains(&nth) {
        return Err(config.wrong("nth", nth, "1 to 1000"));
    }
    Ok(Box::new(OptimalRecord { order: settings.order, nth: nth - 1 }))
}

impl Record for OptimalRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let puzzle = &episode.proven.puzzle;
        let mut draw = dataset.record_draw(episode);
        let draw = (self.order == Order::Random).then_some(&mut draw);
        let moves = solution(puzzle, &episode.proven.facts, self.nth, draw);
        straight(dataset, episode, dataset.best(episode, moves), out);
        Ok(())
    }
}

/// The answer that is known for a puzzle: moves to a goal, or that there is no solution if that is proven. None if neither is known.
pub fn known(facts: &SolverFacts, moves: Option<Vec<MoveId>>, optimal: bool) -> Option<Answer> {
    (moves.is_some() || !facts.solvable).then_some(Answer { moves, optimal })
}

/// Makes the row that goes straight along a right answer.
pub fn straight(dataset: &Dataset, episode: &Episode, answer: Option<Answer>, out: &mut RowContent) {
    out.trace = straight_trace(dataset, episode, answer);
    (dataset.dialect.write)(&episode.proven.puzzle, &out.trace, episode.phrasing, &mut out.text);
    out.said = dataset.said_of_clean(episode, &out.trace);
}

/// The trace that goes straight along an answer, with the answer section if the recipe has one.
pub fn straight_trace(dataset: &Dataset, episode: &Episode, answer: Option<Answer>) -> Trace {
    let mut walk = TraceBuilder::new(&episode.proven.puzzle);
    match &answer {
        Some(Answer { moves: Some(moves), .. }) => {
            walk.finish(moves);
        }
        Some(Answer { moves: None, .. }) => walk.give_up(),
        // Nothing is known, so nothing is stated.
        None => {}
    }
    let mut trace = walk.trace;
    if dataset.recipe.answer {
        trace.answer = answer;
    }
    trace
}

/// The distinct cheapest solution with a number, starting again if there are fewer. Steps are in canonical or random order. None if there is no solution.
pub fn solution(puzzle: &Puzzle, facts: &SolverFacts, nth: u64, draw: Option<&mut Draw>) -> Option<Vec<MoveId>> {
    cheapest(puzzle, puzzle.start(), facts.optimal_cost?, nth, draw)
}

/// The same from any state with a known exact cost to the goal.
pub fn cheapest(
    puzzle: &Puzzle,
    start: StateId,
    total: u64,
    nth: u64,
    mut draw: Option<&mut Draw>,
) -> Option<Vec<MoveId>> {
    let mut found: Vec<Vec<MoveId>> = Vec::new();
    // Depth first along optimal steps. Each frame has the remaining steps, the best one last.
    let mut path: Vec<MoveId> = Vec::new();
    let mut frames = Vec::new();
    if puzzle.is_goal(start) {
        return Some(path);
    }
    frames.push(best_steps(puzzle, start, total, draw.as_deref_mut()));
    while let Some(steps) = frames.last_mut() {
        let Some((step, left)) = steps.pop() else {
            frames.pop();
            path.pop();
            continue;
        };
        path.push(step.action);
        if puzzle.is_goal(step.state) {
            found.push(path.clone());
            if found.len() as u64 > nth {
                return found.pop();
            }
            path.pop();
            continue;
        }
        frames.push(best_steps(puzzle, step.state, left, draw.as_deref_mut()));
    }
    let count = found.len() as u64;
    if count == 0 { None } else { Some(found.swap_remove((nth % count) as usize)) }
}

type Found = Vec<(Step<MoveId, StateId>, u64)>;

/// The optimal steps: those after which exactly the rest of the cost remains. Each move occurs once, the first one last.
fn best_steps(puzzle: &Puzzle, state: StateId, left: u64, draw: Option<&mut Draw>) -> Found {
    let mut steps = Vec::new();
    puzzle.successors(state, &mut steps);
    let mut best: Found = Vec::new();
    for step in steps {
        let Some(rest) = left.checked_sub(step.cost) else { continue };
        if puzzle.distance(step.state) == Some(rest) && !best.iter().any(|(other, _)| other.action == step.action) {
            best.push((step, rest));
        }
    }
    match draw {
        Some(draw) => draw.shuffle(&mut best),
        None => best.reverse(),
    }
    best
}
