//! `detours`: a cheapest solution with a fixed number of distinct dead ends before its end (Qin et al. 2025, "How much backtracking is enough?"). `tree`: some
//! failed leaves of the search's own tree, each from the node to which control jumps back, and finally the path to the goal (Kim et al. 2025, "ASTRO").

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use sos_envs::{Draw, Step};

use super::edits::{show, tell};
use super::optimal::solution;
use super::trace_builder::TraceBuilder;
use super::{Cell, Dataset, Episode, Record, RecordError, RowContent, WorkerBuffers};
use crate::arena::Puzzle;
use crate::dialect::Coverage;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::table::{ColumnKind, ColumnSpec, column};
use crate::trace::{Answer, EventKind, GOAL_ROOT, MoveId, NodeId, StateId, Trace};

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

/// A count in the manifest.
const FEWER: &str = "rows with fewer detours than asked for, since their puzzle has no more";

/// Number of draws for a detour. After them the row has one less.
const TRIES: usize = 64;

/// Greatest number of detours or leaves in a row.
const MOST: u64 = 1000;

struct Detours {
    count: u64,
    depth: usize,
}

/// `detours`.
pub fn new(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// Number of dead ends in a row.
        count: Option<u64>,
        /// Number of moves in each, unless it ends before.
        depth: Option<usize>,
    }
    let settings: Settings = config.settings()?;
    let (count, depth) = (settings.count.unwrap_or(1), settings.depth.unwrap_or(1));
    if count > MOST {
        return Err(config.wrong("count", count, format!("0 to {MOST}")));
    }
    if !(1..=1000).contains(&depth) {
        return Err(config.wrong("depth", depth, "1 to 1000"));
    }
    Ok(Box::new(Detours { count, depth }))
}

impl Record for Detours {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let puzzle = &episode.proven.puzzle;
        let mut draw = dataset.draw(episode, "detours");
        let moves = solution(puzzle, &episode.proven.facts, 0, None);
        let mut told = 0;
        let mut ways = Vec::new();
        if let Some(moves) = &moves {
            let once = dataset.dialect.told == Coverage::Opened;
            let plan = self.plan(episode, moves, once, &mut draw);
            told = plan.len() as u64;
            ways.extend(plan.into_iter().map(|(place, way)| [&moves[..place], &way].concat()));
        }
        let right = dataset.best(episode, moves);
        let walk = tell_ways(dataset, puzzle, &ways, right.as_ref());
        if told < self.count {
            buffers.count(FEWER);
        }
        let mut trace = walk.trace;
        if dataset.recipe.answer {
            trace.answer = right;
        }
        tell(dataset, episode, trace, out);
        out.own = vec![Cell::Integer(i64::try_from(told).ok()), Cell::Integer(i64::try_from(self.depth).ok())];
        Ok(())
    }
}

/// A dead end: the place of the solution where it turns off, and its moves.
type Detour = (usize, Vec<MoveId>);

impl Detours {
    /// Draws distinct dead ends, in the order of the solution. If each position may occur only once, no two of them share one.
    fn plan(&self, episode: &Episode, moves: &[MoveId], once: bool, draw: &mut Draw) -> Vec<Detour> {
        let puzzle = &episode.proven.puzzle;
        let mut states = vec![puzzle.start()];
        for action in moves {
            let next = states.last().and_then(|state| puzzle.apply(*state, *action));
            states.extend(next.map(|(_, state, _)| state));
        }
        let solvable = episode.proven.facts.optimal_cost.is_some();
        let solution: BTreeSet<StateId> = states.iter().map(|state| puzzle.key_state(*state)).collect();
        let mut met = solution.clone();
        let mut plan: Vec<Detour> = Vec::new();
        for _ in 0..self.count {
            for _ in 0..TRIES {
                let place = draw.index(moves.len().max(1));
                let Some(start) = states.get(place) else { continue };
                let mut there = if once { met.clone() } else { solution.clone() };
                let Some(way) = self.detour(puzzle, solvable, *start, moves.get(place), &mut there, draw) else {
                    continue;
                };
                // A dead end that continues or begins another one would not be a dead end of its own.
                let shares =
                    |other: &Detour| other.0 == place && (other.1.starts_with(&way) || way.starts_with(&other.1));
                if !plan.iter().any(shares) {
                    plan.push((place, way));
                    met = there;
                    break;
                }
            }
        }
        plan.sort_by_key(|(place, _)| *place);
        plan
    }

    /// Moves that turn off the solution and meet no goal and no known position. They prefer positions from which no goal can be reached.
    fn detour(
        &self,
        puzzle: &Puzzle,
        solvable: bool,
        start: StateId,
        right: Option<&MoveId>,
        met: &mut BTreeSet<StateId>,
        draw: &mut Draw,
    ) -> Option<Vec<MoveId>> {
        let mut state = start;
        let mut way = Vec::new();
        let mut steps: Vec<Step<MoveId, StateId>> = Vec::new();
        while way.len() < self.depth && !puzzle.is_terminal(state) {
            steps.clear();
            puzzle.successors(state, &mut steps);
            let is_right = |step: &Step<MoveId, StateId>| way.is_empty() && Some(&step.action) == right;
            steps.retain(|step| {
                !puzzle.is_goal(step.state) && !is_right(step) && !met.contains(&puzzle.key_state(step.state))
            });
            // A state without a path to a goal is a dead end by itself. Otherwise the detour is given up.
            let hopeless = |step: &Step<MoveId, StateId>| solvable && puzzle.distance(step.state).is_none();
            if steps.iter().any(hopeless) {
                steps.retain(hopeless);
            }
            let Some(step) = draw.choose(&steps) else { break };
            met.insert(puzzle.key_state(step.state));
            way.push(step.action);
            state = step.state;
        }
        // A shorter detour is a dead end only if no steps are left.
        (!way.is_empty()).then_some(way)
    }
}

/// Paths from the start with common beginnings: for each node its moves, the path to the goal last.
struct Ways<M> {
    next: Vec<(M, Ways<M>)>,
}

impl<M: Copy + PartialEq> Ways<M> {
    /// Adds a path. Its moves come after the existing ones.
    fn add(&mut self, way: &[M], last: bool) {
        let Some((first, rest)) = way.split_first() else { return };
        let there = self.next.iter().position(|(action, _)| action == first);
        let place = match there {
            Some(place) if last => {
                let moved = self.next.remove(place);
                self.next.push(moved);
                self.next.len() - 1
            }
            Some(place) => place,
            None => {
                self.next.push((*first, Ways { next: Vec::new() }));
                self.next.len() - 1
            }
        };
        self.next[place].1.add(rest, last);
    }
}

/// Writes failed paths depth first, and then the path to the goal, or that there is none.
fn tell_ways<'a>(
    dataset: &Dataset,
    puzzle: &'a Puzzle,
    failed: &[Vec<MoveId>],
    answer: Option<&Answer>,
) -> TraceBuilder<'a> {
    let mut ways = Ways { next: Vec::new() };
    failed.iter().for_each(|way| ways.add(way, false));
    let solution = answer.and_then(|answer| answer.moves.as_deref());
    if let Some(moves) = solution {
        ways.add(moves, true);
    }
    let mut walk = TraceBuilder::new(puzzle);
    let returns = dataset.dialect.told != Coverage::Opened;
    tell_node(&mut walk, puzzle, &ways, returns);
    match solution {
        Some([]) => {
            walk.finish(&[]);
        }
        Some(_) => {}
        // If neither a solution nor its absence is known, nothing is stated.
        None if answer.is_some() => walk.give_up(),
        None => {}
    }
    walk
}

/// Writes everything below the current node. If a text can return to a node, its children are generated one by one. Otherwise all of them are generated before
/// control leaves it.
fn tell_node(walk: &mut TraceBuilder<'_>, puzzle: &Puzzle, ways: &Ways<MoveId>, returns: bool) {
    let here = walk.at;
    let mut children = Vec::new();
    if !returns && ways.next.len() > 1 {
        for (action, _) in &ways.next {
            let Some(child) = walk.generate(*action) else { return };
            walk.trace.push(EventKind::Open, child);
            children.push(child);
        }
    }
    for (place, (action, below)) in ways.next.iter().enumerate() {
        if place > 0 && returns && walk.at != here {
            walk.go(here);
        }
        match children.get(place) {
            Some(&child) => {
                walk.go(child);
                if puzzle.is_goal(walk.state()) {
                    walk.trace.push(EventKind::Goal, child);
                }
            }
            None if puzzle.apply(walk.state(), *action).is_some_and(|(_, state, _)| puzzle.is_goal(state)) => {
                walk.finish(&[*action]);
                return;
            }
            None => {
                if !walk.wander(*action) {
                    return;
                }
            }
        }
        if walk.at != here {
            tell_node(walk, puzzle, below, returns);
        }
    }
}

struct Tree {
    failed_leaves: u64,
}

/// `tree`.
pub fn new_tree(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// Number of leaves without a goal.
        failed_leaves: Option<u64>,
    }
    let failed_leaves = config.settings::<Settings>()?.failed_leaves.unwrap_or(2);
    if failed_leaves > MOST {
        return Err(config.wrong("failed_leaves", failed_leaves, format!("0 to {MOST}")));
    }
    Ok(Box::new(Tree { failed_leaves }))
}

impl Record for Tree {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _bench: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let puzzle = &episode.proven.puzzle;
        let mut draw = dataset.draw(episode, "tree");
        let grown = Grown::of(puzzle, &episode.trace);
        let mut leaves = grown.failed.clone();
        draw.shuffle(&mut leaves);
        let solution = episode.answer.as_ref().and_then(|answer| answer.moves.as_deref()).unwrap_or_default();
        let mut ways: Vec<Vec<MoveId>> = Vec::new();
        for leaf in leaves {
            let mut way = Vec::new();
            episode.trace.moves_to(leaf, &mut way);
            // A leaf of an earlier iteration may be on the path to another leaf, or on the solution. Then it is not a failed leaf.
            if solution.starts_with(&way) || ways.iter().any(|other| other.starts_with(&way)) {
                continue;
            }
            ways.retain(|other| !way.starts_with(other));
            if ways.len() < self.failed_leaves as usize {
                ways.push(way);
            }
        }
        let mut trace = tell_ways(dataset, puzzle, &ways, episode.answer.as_ref()).trace;
        let mut read = None;
        // Leaves that repeat a position cannot be written if the text identifies nodes by their positions.
        while !ways.is_empty() {
            read = Some(dataset.told(episode, &trace)).filter(|read| read.verdict.valid);
            if read.is_some() {
                break;
            }
            ways.pop();
            trace = tell_ways(dataset, puzzle, &ways, episode.answer.as_ref()).trace;
        }
        let values = grown.values(&episode.trace, &trace);
        if dataset.recipe.answer {
            trace.answer.clone_from(&episode.answer);
            read = None;
        }
        let read = read.unwrap_or_else(|| dataset.told(episode, &trace));
        show(dataset, episode, trace, read, out);
        out.own = vec![Cell::Integer(i64::try_from(ways.len()).ok()), Cell::Integers(values)];
        Ok(())
    }
}

/// The tree of a search.
struct Grown {
    /// The leaves that are not goals.
    failed: Vec<NodeId>,
    /// For each node: the number of leaves below it, and of those that are goals.
    leaves: Vec<(u64, u64)>,
}

impl Grown {
    fn of(puzzle: &Puzzle, trace: &Trace) -> Self {
        // Nodes whose position was seen before continue elsewhere, so they are not leaves.
        let mut seen = vec![false; trace.nodes.len()];
        for event in trace.events.iter().filter(|event| event.kind == EventKind::Seen) {
            if let Some(seen) = seen.get_mut(event.node as usize) {
                *seen = true;
            }
        }
        let mut inner = seen.clone();
        for (node, _) in trace.nodes.iter().zip(&seen).filter(|(_, seen)| !**seen) {
            if let Some(inner) = inner.get_mut(node.parent as usize) {
                *inner = true;
            }
        }
        let second = trace.events.iter().find(|event| event.kind == EventKind::Root).map(|event| event.node);
        let own = |id: NodeId| second.is_none_or(|second| id < second);
        let mut leaves = vec![(0, 0); trace.nodes.len()];
        let mut failed = Vec::new();
        for (id, node) in (0..).zip(&trace.nodes).filter(|(id, _)| !inner[*id as usize]) {
            let goal = puzzle.is_goal(node.state);
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

    /// For each node of a written trace, the percentage of goals among the leaves below it in the search's tree. If the same moves lead to several nodes (for
    /// two equal numbers, or in several iterations), the leaves below all of them count. Nodes outside the tree are on the solution.
    fn values(&self, grown: &Trace, told: &Trace) -> Vec<i64> {
        let mut places: FxHashMap<(NodeId, MoveId), Vec<NodeId>> = FxHashMap::default();
        let mut roots = Vec::new();
        for (id, node) in (0..).zip(&grown.nodes) {
            match node.action {
                Some(action) => places.entry((node.parent, action)).or_default().push(id),
                None if node.ordinal != GOAL_ROOT => roots.push(id),
                None => {}
            }
        }
        let mut place: Vec<Vec<NodeId>> = Vec::new();
        for node in &told.nodes {
            let above = place.get(node.parent as usize).map_or(&[][..], Vec::as_slice);
            let here = match node.action {
                Some(action) => {
                    let children = above.iter().filter_map(|above| places.get(&(*above, action)));
                    children.flatten().copied().collect()
                }
                None => roots.clone(),
            };
            place.push(here);
        }
        let value = |place: &Vec<NodeId>| {
            let leaves = place.iter().filter_map(|id| self.leaves.get(*id as usize));
            let (all, goals) = leaves.fold((0, 0), |sum, leaves| (sum.0 + leaves.0, sum.1 + leaves.1));
            (goals * 100).checked_div(all).unwrap_or(0) as i64
        };
        place.iter().map(|place| if place.is_empty() { 100 } else { value(place) }).collect()
    }
}
