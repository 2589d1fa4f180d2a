//! `detours`: a cheapest solution with exactly so many dead ends before it is done, each another one (Qin et al. 2025, "How much backtracking is enough?").
//! `tree`: some failed leaves of the search's own tree, each from the node to which control jumps back, and at last the way to the goal (Kim et al.
//! 2025, "ASTRO").

use std::collections::BTreeSet;

use serde::Deserialize;
use sos_envs::{Draw, Environment, Step, Streams};

use super::edits::tell;
use super::optimal::solution;
use super::rows::{ColumnKind, ColumnSpec, column};
use super::walk::Walk;
use super::{Base, Bench, Cell, Dataset, Made, Record, RecordError};
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::trace::{Answer, EventKind, NO_NODE, NodeId, Trace};

/// The columns of `detours`.
pub const OWN: &[ColumnSpec] = &[
    column("detours", ColumnKind::Integer, "dead ends that the row has"),
    column("detour_depth", ColumnKind::Integer, "moves of each, at most"),
];

/// The columns of `tree`.
pub const TREE: &[ColumnSpec] = &[
    column("failed_leaves", ColumnKind::Integer, "leaves without a goal that are told before the way to the goal"),
    column(
        "values",
        ColumnKind::Integers,
        "of each node that is told, in order, how many of a hundred leaves below it in the search's tree are goals",
    ),
];

/// What the manifest counts.
const FEWER: &str = "rows with fewer detours than asked for, since their puzzle has no more";

/// Draws of a detour before the row has one less.
const TRIES: usize = 64;

/// Most detours or leaves of a row.
const MOST: u64 = 1000;

/// Where control returns to from a dead end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Recover {
    /// The node of the solution where it turned off.
    #[default]
    Fork,
    /// The start, from where the solution is gone again.
    Start,
}

struct Detours {
    count: u64,
    depth: usize,
    recover: Recover,
}

/// `detours`.
pub fn new<E: Environment>(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record<E>>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// Dead ends of a row.
        count: Option<u64>,
        /// Moves of each, where it does not end before.
        depth: Option<usize>,
        #[serde(default)]
        recover: Recover,
    }
    let settings: Settings = config.settings()?;
    let (count, depth) = (settings.count.unwrap_or(1), settings.depth.unwrap_or(1));
    if count > MOST {
        return Err(config.wrong("count", count, format!("0 to {MOST}")));
    }
    if !(1..=1000).contains(&depth) {
        return Err(config.wrong("depth", depth, "1 to 1000"));
    }
    Ok(Box::new(Detours { count, depth, recover: settings.recover }))
}

impl<E: Environment> Record<E> for Detours {
    fn make(
        &self,
        dataset: &Dataset<E>,
        base: &Base<E>,
        bench: &mut Bench<E>,
        out: &mut Made<E>,
    ) -> Result<(), RecordError> {
        let puzzle = &base.drawn.puzzle;
        let mut draw = Streams::new(dataset.recipe.seed, "detours", &dataset.splits()[base.split]).at(base.index);
        let moves = solution(puzzle, &base.drawn.facts, 0, None);
        let mut walk = Walk::new(puzzle);
        let mut told = 0;
        match &moves {
            Some(moves) => {
                let plan = self.plan(base, moves, &mut draw);
                told = plan.len() as u64;
                self.walk(&mut walk, moves, &plan);
            }
            None => walk.give_up(),
        }
        if told < self.count {
            bench.count(FEWER);
        }
        let mut trace = walk.trace;
        if dataset.recipe.answer {
            trace.answer = Some(Answer { moves, optimal: true });
        }
        tell(dataset, base, trace, out);
        out.own = vec![Cell::Integer(i64::try_from(told).ok()), Cell::Integer(i64::try_from(self.depth).ok())];
        Ok(())
    }
}

/// A dead end: at which place of the solution it turns off, and its moves.
type Detour<E> = (usize, Vec<<E as Environment>::Move>);

impl Detours {
    /// Distinct dead ends, in the order of the solution.
    fn plan<E: Environment>(&self, base: &Base<E>, moves: &[E::Move], draw: &mut Draw) -> Vec<Detour<E>> {
        let puzzle = &base.drawn.puzzle;
        let mut states = vec![puzzle.start()];
        for action in moves {
            let next = states.last().and_then(|state| puzzle.apply(state, *action));
            states.extend(next.map(|(_, state, _)| state));
        }
        let mut plan: Vec<Detour<E>> = Vec::new();
        for _ in 0..self.count {
            for _ in 0..TRIES {
                let place = draw.index(moves.len().max(1));
                let Some(way) = self.detour(puzzle, &states, place, moves.get(place), draw) else { continue };
                // One that goes on where another one ended shares its beginning: then neither is a dead end of its own.
                let shares =
                    |other: &Detour<E>| other.0 == place && (other.1.starts_with(&way) || way.starts_with(&other.1));
                if !plan.iter().any(shares) {
                    plan.push((place, way));
                    break;
                }
            }
        }
        plan.sort_by_key(|(place, _)| *place);
        plan
    }

    /// Moves that turn off the solution and do not meet it, or a goal, or themselves.
    fn detour<E: Environment>(
        &self,
        puzzle: &E,
        states: &[E::State],
        place: usize,
        right: Option<&E::Move>,
        draw: &mut Draw,
    ) -> Option<Vec<E::Move>> {
        let mut met: BTreeSet<E::State> = states.iter().map(|state| puzzle.key_state(state)).collect();
        let mut state = states.get(place)?.clone();
        let mut way = Vec::new();
        let mut steps: Vec<Step<E::Move, E::State>> = Vec::new();
        while way.len() < self.depth && !puzzle.is_terminal(&state) {
            steps.clear();
            puzzle.successors(&state, &mut steps);
            let is_right = |step: &Step<E::Move, E::State>| way.is_empty() && Some(&step.action) == right;
            steps.retain(|step| {
                !puzzle.is_goal(&step.state) && !is_right(step) && !met.contains(&puzzle.key_state(&step.state))
            });
            let Some(step) = draw.choose(&steps) else { break };
            met.insert(puzzle.key_state(&step.state));
            way.push(step.action);
            state = step.state.clone();
        }
        // A shorter one is a dead end only where nothing is left.
        (!way.is_empty()).then_some(way)
    }

    fn walk<E: Environment>(&self, walk: &mut Walk<'_, E>, moves: &[E::Move], plan: &[Detour<E>]) {
        let mut plan = plan.iter().peekable();
        let mut place = 0;
        while let Some((turn, way)) = plan.peek() {
            if place < *turn {
                walk.step(moves[place]);
                place += 1;
                continue;
            }
            let fork = walk.at;
            for action in way {
                walk.wander(*action);
            }
            if walk.at != fork && self.recover == Recover::Fork {
                walk.go(fork);
            } else if walk.at != 0 && self.recover == Recover::Start {
                walk.go(0);
                moves[..place].iter().for_each(|action| {
                    walk.step(*action);
                });
            }
            plan.next();
        }
        walk.finish(&moves[place..]);
    }
}

struct Tree {
    failed_leaves: u64,
}

/// `tree`.
pub fn new_tree<E: Environment>(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record<E>>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// Leaves without a goal that are told.
        failed_leaves: Option<u64>,
    }
    let failed_leaves = config.settings::<Settings>()?.failed_leaves.unwrap_or(2);
    if failed_leaves > MOST {
        return Err(config.wrong("failed_leaves", failed_leaves, format!("0 to {MOST}")));
    }
    Ok(Box::new(Tree { failed_leaves }))
}

impl<E: Environment> Record<E> for Tree {
    fn make(
        &self,
        dataset: &Dataset<E>,
        base: &Base<E>,
        _bench: &mut Bench<E>,
        out: &mut Made<E>,
    ) -> Result<(), RecordError> {
        let puzzle = &base.drawn.puzzle;
        let mut draw = Streams::new(dataset.recipe.seed, "tree", &dataset.splits()[base.split]).at(base.index);
        let grown = Grown::of(puzzle, &base.trace);
        let mut leaves = grown.failed.clone();
        draw.shuffle(&mut leaves);
        leaves.truncate(self.failed_leaves as usize);
        let mut teller = Teller {
            walk: Walk::new(puzzle),
            told: vec![NO_NODE; base.trace.nodes.len()],
            values: vec![grown.value(0)],
        };
        teller.told[0] = 0;
        for &leaf in &leaves {
            teller.visit(&base.trace, &grown, leaf);
        }
        let mut walk = teller.walk;
        match &base.answer.moves {
            Some(moves) => {
                if walk.at != 0 {
                    walk.go(0);
                }
                walk.finish(moves);
            }
            None => walk.give_up(),
        }
        let mut values = teller.values;
        // The way to the goal, as far as it was not told before: its nodes lie on a solution.
        values.resize(walk.trace.nodes.len(), 100);
        let mut trace = walk.trace;
        if dataset.recipe.answer {
            trace.answer = Some(base.answer.clone());
        }
        tell(dataset, base, trace, out);
        out.own = vec![Cell::Integer(i64::try_from(leaves.len()).ok()), Cell::Integers(values)];
        Ok(())
    }
}

/// The tree that a search grew.
struct Grown {
    /// Leaves that are no goal.
    failed: Vec<NodeId>,
    /// Of each node the leaves below it, and those of them that are goals.
    leaves: Vec<(u64, u64)>,
}

impl Grown {
    fn of<E: Environment>(puzzle: &E, trace: &Trace<E>) -> Self {
        let mut inner = vec![false; trace.nodes.len()];
        for node in &trace.nodes {
            if let Some(inner) = inner.get_mut(node.parent as usize) {
                *inner = true;
            }
        }
        let second = trace.events.iter().find(|event| event.kind == EventKind::Root).map(|event| event.node);
        let own = |id: NodeId| second.is_none_or(|second| id < second);
        let mut leaves = vec![(0, 0); trace.nodes.len()];
        let mut failed = Vec::new();
        for (id, node) in (0..).zip(&trace.nodes).filter(|(id, _)| !inner[*id as usize]) {
            let goal = puzzle.is_goal(&node.state);
            if !goal && node.action.is_some() && own(id) {
                failed.push(id);
            }
            let mut at = id;
            while let Some(node) = trace.node(at) {
                leaves[at as usize].0 += 1;
                leaves[at as usize].1 += u64::from(goal);
                at = node.parent;
            }
        }
        Grown { failed, leaves }
    }

    /// How many of a hundred leaves below a node are goals.
    fn value(&self, id: NodeId) -> i64 {
        let (all, goals) = self.leaves.get(id as usize).copied().unwrap_or((0, 0));
        (goals * 100).checked_div(all).unwrap_or(0) as i64
    }
}

/// Tells parts of a tree as a walk.
struct Teller<'a, E: Environment> {
    walk: Walk<'a, E>,
    /// Of each node of the tree its node in the walk, if it was told.
    told: Vec<NodeId>,
    values: Vec<i64>,
}

impl<E: Environment> Teller<'_, E> {
    /// Jumps back to the nearest node above a leaf that was told, and walks to the leaf.
    fn visit(&mut self, trace: &Trace<E>, grown: &Grown, leaf: NodeId) {
        let mut way = Vec::new();
        let mut at = leaf;
        while self.told.get(at as usize) == Some(&NO_NODE) {
            way.push(at);
            at = trace.nodes[at as usize].parent;
        }
        let Some(&above) = self.told.get(at as usize) else { return };
        if self.walk.at != above {
            self.walk.go(above);
        }
        for id in way.into_iter().rev() {
            let Some(action) = trace.nodes[id as usize].action else { return };
            let before = self.walk.trace.nodes.len();
            if !self.walk.wander(action) {
                return;
            }
            let made = self.walk.trace.nodes.len() > before;
            self.told[id as usize] = if made { before as NodeId } else { self.walk.at };
            if made {
                self.values.push(grown.value(id));
            }
        }
    }
}
