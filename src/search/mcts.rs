//! Monte-Carlo tree search, written as one line of thought.
//!
//! The tree is grown first: UCT (Kocsis and Szepesvári 2006, "Bandit based Monte-Carlo planning") for one player, which remembers the best rollout (Schadd et
//! al. 2008). Then the trace is written as in ASTRO (Kim et al. 2025, arXiv 2507.00417): walks to some wrong leaves, each from the node to which control jumps
//! back, and finally the walk to the goal. A wrong leaf is called a dead end only if it is one.
//!
//! Rollouts draw from a stream of the puzzle, and all numbers are integers. So the trace is a function of puzzle and settings, and a check at the level
//! `policy` can repeat the run.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;
use sos_envs::{Complete, Cost, Draw, Step};

use super::config::Ties;
use super::context::{Context, Outcome};
use super::order::{arranged, order_by};
use crate::trace::{EventKind, NodeId};

/// Greatest number of moves in a rollout.
const ROLLOUT: usize = 40;

/// The number 1 in the fixed-point format of the tree.
const ONE: u64 = 1 << 16;

/// Monte-Carlo tree search. Not complete.
pub fn mcts<E: Complete>(context: &mut Context<'_, E>, mut simulations: u64, failed_leaves: u64) -> Outcome {
    let root = context.start();
    if context.is_goal(root) {
        context.trace.push(EventKind::Goal, root);
        return Outcome::Solved;
    }
    let mut tree = Tree::new(context);
    while simulations > 0 && !tree.branches[0].done && !context.spent() {
        tree.simulate(context);
        simulations -= 1;
    }
    let end = if tree.branches[0].done { Outcome::Exhausted } else { Outcome::Budget };
    let mut teller = Teller { way: vec![root], children: vec![0] };
    for walk in tree.walks(failed_leaves as usize) {
        match teller.walk(context, &walk) {
            Some(Outcome::Solved) => return Outcome::Solved,
            Some(outcome) => return context.end(outcome, false),
            None => {}
        }
    }
    context.end(end, false)
}

/// A node of the tree.
struct Branch<E: Complete> {
    parent: usize,
    action: Option<E::Move>,
    state: E::State,
    cost: Cost,
    visits: u64,
    /// Sum of the values of its simulations.
    value: u64,
    children: Vec<usize>,
    /// Steps that are not in the tree yet, the next one last. None until they are listed.
    untried: Option<Vec<Step<E::Move, E::State>>>,
    /// Whether everything below it is explored. Then no simulation goes there again (Winands et al. 2008, "Monte-Carlo tree search solver").
    done: bool,
}

struct Tree<'a, E: Complete> {
    puzzle: &'a E,
    draw: Draw,
    branches: Vec<Branch<E>>,
    /// The cheapest way to a goal that a simulation found.
    best: Option<(Cost, Vec<E::Move>)>,
    /// Estimate of the start.
    start: Cost,
}

impl<'a, E: Complete> Tree<'a, E> {
    fn new(context: &Context<'a, E>) -> Self {
        let (puzzle, state) = (context.puzzle, context.puzzle.start());
        let start = context.estimate(&state);
        let mut tree =
            Tree { puzzle, draw: Draw::new(puzzle.id().0 as u64, "mcts"), branches: Vec::new(), best: None, start };
        tree.add(0, None, state, 0);
        tree
    }

    fn add(&mut self, parent: usize, action: Option<E::Move>, state: E::State, cost: Cost) -> usize {
        let (children, untried) = (Vec::new(), None);
        let done = self.puzzle.is_terminal(&state) || (action.is_some() && self.puzzle.is_goal(&state));
        self.branches.push(Branch { parent, action, state, cost, visits: 0, value: 0, children, untried, done });
        self.branches.len() - 1
    }

    /// A simulation: down the tree, one new node, a rollout from there, and its value back up.
    fn simulate(&mut self, context: &Context<'_, E>) {
        let mut at = 0;
        let value = loop {
            if self.branches[at].untried.is_none() {
                self.branches[at].untried = Some(self.steps(context, at));
            }
            if let Some(step) = self.branches[at].untried.as_mut().and_then(Vec::pop) {
                let cost = self.branches[at].cost.saturating_add(step.cost);
                let child = self.add(at, Some(step.action), step.state, cost);
                self.branches[at].children.push(child);
                at = child;
                break self.rollout(context, child);
            }
            match self.select(at) {
                Some(child) => at = child,
                None => break 0,
            }
        };
        loop {
            let Branch { children, untried, done, .. } = &self.branches[at];
            let no_more = untried.as_ref().is_some_and(Vec::is_empty);
            let done = *done || (no_more && children.iter().all(|&child| self.branches[child].done));
            let branch = &mut self.branches[at];
            branch.visits += 1;
            branch.value += value;
            branch.done = done;
            if at == 0 {
                return;
            }
            at = self.branches[at].parent;
        }
    }

    /// The steps out of a node that do not lead back to a position on the way to it. They are sorted by estimate, with ties as set, the first step last.
    fn steps(&mut self, context: &Context<'_, E>, at: usize) -> Vec<Step<E::Move, E::State>> {
        let puzzle = self.puzzle;
        let mut steps = Vec::new();
        puzzle.successors(&self.branches[at].state, &mut steps);
        if puzzle.about().positions_recur {
            let mut way = FxHashSet::default();
            let mut above = at;
            loop {
                way.insert(puzzle.key_state(&self.branches[above].state));
                if above == 0 {
                    break;
                }
                above = self.branches[above].parent;
            }
            steps.retain(|step| !way.contains(&puzzle.key_state(&step.state)));
        }
        match context.settings.ties {
            Ties::Insertion => {}
            Ties::State => {
                steps = arranged(&steps, &order_by(steps.len(), &mut |a, b| steps[a].state.cmp(&steps[b].state)));
            }
            Ties::Random => self.draw.shuffle(&mut steps),
        }
        let estimates: Vec<Cost> = steps.iter().map(|step| context.estimate(&step.state)).collect();
        let mut order = order_by(steps.len(), &mut |a, b| estimates[a].cmp(&estimates[b]));
        order.reverse();
        arranged(&steps, &order)
    }

    /// The child with the greatest upper bound (UCB1) among those that are not done; the first of several.
    fn select(&self, at: usize) -> Option<usize> {
        let log = ln(self.branches[at].visits.max(1));
        let bound = |child: usize| {
            let Branch { value, visits, .. } = self.branches[child];
            let visits = visits.max(1);
            value / visits + ((2 * log * ONE) / visits).isqrt()
        };
        let open = self.branches[at].children.iter().copied().filter(|&child| !self.branches[child].done);
        open.min_by_key(|&child| Reverse(bound(child)))
    }

    /// Walks on at random from a new node. The value is 1 if a goal is reached. Otherwise, with a heuristic, it is up to one half, in proportion to the
    /// progress towards the goal.
    fn rollout(&mut self, context: &Context<'_, E>, from: usize) -> u64 {
        let puzzle = self.puzzle;
        let mut state = self.branches[from].state.clone();
        let mut before = self.branches[self.branches[from].parent].state.clone();
        let (mut cost, mut moves, mut steps) = (self.branches[from].cost, Vec::new(), Vec::new());
        let mut nearest = context.estimate(&state);
        while !puzzle.is_goal(&state) {
            steps.clear();
            if moves.len() < ROLLOUT {
                puzzle.successors(&state, &mut steps);
            }
            // A step straight back is avoided if there is any other.
            if steps.len() > 1 {
                steps.retain(|step| step.state != before);
            }
            let Some(step) = self.draw.choose(&steps) else {
                return (ONE / 2 * self.start.saturating_sub(nearest)).checked_div(self.start).unwrap_or(0);
            };
            cost = cost.saturating_add(step.cost);
            moves.push(step.action);
            before = std::mem::replace(&mut state, step.state.clone());
            nearest = nearest.min(context.estimate(&state));
        }
        if self.best.as_ref().is_none_or(|(best, _)| cost < *best) {
            let mut way = self.moves(from);
            way.append(&mut moves);
            self.best = Some((cost, way));
        }
        ONE
    }

    fn moves(&self, mut at: usize) -> Vec<E::Move> {
        let mut moves = Vec::new();
        while at != 0 {
            moves.extend(self.branches[at].action);
            at = self.branches[at].parent;
        }
        moves.reverse();
        moves
    }

    /// The nodes from the root to a node.
    fn way(&self, mut at: usize) -> Vec<usize> {
        let mut way = vec![at];
        while at != 0 {
            at = self.branches[at].parent;
            way.push(at);
        }
        way.reverse();
        way
    }

    /// The walks to write: the moves to each of the most visited wrong leaves, and finally to the goal. Leaves of one subtree are together, so that control
    /// only jumps back to nodes on its own way.
    fn walks(&self, failed: usize) -> Vec<Vec<E::Move>> {
        let right = self.best.as_ref().map_or(&[][..], |(_, moves)| moves);
        let (mut on_right, mut told) = (FxHashSet::from_iter([0]), FxHashSet::default());
        let (mut at, mut state) = (Some(0), self.puzzle.start());
        told.insert(self.puzzle.key_state(&state));
        for &action in right {
            let children = at.map_or(&[][..], |at: usize| &self.branches[at].children);
            at = children.iter().copied().find(|&child| self.branches[child].action == Some(action));
            on_right.extend(at);
            let Some((_, next, _)) = self.puzzle.apply(&state, action) else { break };
            state = next;
            told.insert(self.puzzle.key_state(&state));
        }
        let is_wrong = |&leaf: &usize| {
            let branch = &self.branches[leaf];
            branch.children.is_empty() && !on_right.contains(&leaf) && !self.puzzle.is_goal(&branch.state)
        };
        let visits = |branch: usize| Reverse(self.branches[branch].visits);
        let mut leaves = order_by(self.branches.len(), &mut |a, b| visits(a).cmp(&visits(b)));
        leaves.retain(is_wrong);
        leaves.retain(|&leaf| told.insert(self.puzzle.key_state(&self.branches[leaf].state)));
        leaves.truncate(failed);
        let mut ways: Vec<Vec<usize>> = leaves.into_iter().map(|leaf| self.way(leaf)).collect();
        let rank = |at: &usize| (on_right.contains(at), Reverse(self.branches[*at].visits), *at);
        ways =
            arranged(&ways, &order_by(ways.len(), &mut |a, b| ways[a].iter().map(rank).cmp(ways[b].iter().map(rank))));
        let last = |way: &Vec<usize>| way.last().map_or(Vec::new(), |&leaf| self.moves(leaf));
        let mut walks: Vec<Vec<E::Move>> = ways.iter().map(last).collect();
        walks.extend(self.best.as_ref().map(|(_, moves)| moves.clone()));
        walks
    }
}

/// Writes walks into the trace.
struct Teller {
    /// The nodes of the trace from the root to the current one.
    way: Vec<NodeId>,
    /// Number of opened children for each of these nodes.
    children: Vec<u32>,
}

impl Teller {
    /// Walks from the deepest node that is already on the way. Returns the outcome if the search ended. Each step is possible in the state of the trace,
    /// whatever slipped before.
    fn walk<E: Complete>(&mut self, context: &mut Context<'_, E>, moves: &[E::Move]) -> Option<Outcome> {
        let nodes = &context.trace.nodes;
        let shared = self.way.iter().skip(1).zip(moves);
        let shared = shared.take_while(|(node, action)| nodes[**node as usize].action == Some(**action)).count();
        self.way.truncate(shared + 1);
        self.children.truncate(shared + 1);
        if nodes.len() > 1 {
            context.move_to(self.way[shared]);
        }
        for &action in &moves[shared..] {
            if context.is_full() {
                return Some(Outcome::Budget);
            }
            let at = self.way[self.way.len() - 1];
            context.scratch.steps.clear();
            context.puzzle.successors(&context.trace.nodes[at as usize].state, &mut context.scratch.steps);
            let step = context.scratch.steps.iter().position(|step| step.action == action)?;
            let ordinal = self.children.last_mut()?;
            let child = context.generate(at, *ordinal, step as u32);
            if context.is_goal(child) {
                context.trace.push(EventKind::Goal, child);
                return Some(Outcome::Solved);
            }
            if context.is_dead_end(child) {
                context.trace.push(EventKind::DeadEnd, child);
                return None;
            }
            context.trace.push(EventKind::Open, child);
            *ordinal += 1;
            context.move_to(child);
            self.way.push(child);
            self.children.push(0);
        }
        None
    }
}

/// ln(2) in fixed point.
const LN_2: u64 = 45_426;

/// The natural logarithm of an integer from 1 on, in fixed point. It is computed digit by digit to the base 2.
fn ln(n: u64) -> u64 {
    let whole = u64::from(n.ilog2());
    // The mantissa in [1, 2), in units of 2^-32.
    let mut rest = ((u128::from(n) << 32) >> whole) as u64;
    let mut log = whole;
    for _ in 0..16 {
        rest = ((u128::from(rest) * u128::from(rest)) >> 32) as u64;
        log <<= 1;
        if rest >= 1 << 33 {
            rest >>= 1;
            log += 1;
        }
    }
    (log * LN_2) >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_those_of_the_numbers() {
        for n in (1..3000).chain([1 << 20, 99_999, 123_456_789]) {
            let exact = (n as f64).ln() * ONE as f64;
            assert!((ln(n) as f64 - exact).abs() <= 4.0 + exact / 20_000.0, "{n}");
        }
        assert!((1..5000).map(ln).is_sorted());
    }
}
