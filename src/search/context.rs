//! The context of a search: the puzzle, the trace that it writes, its random stream, its budgets.

use sos_envs::{Complete, Cost, Draw, Environment, Evaluator, Order, RANDOM_ORDER, Step};

use super::config::Ties;
use super::order;
use super::scratch::{Candidate, Scratch};
use super::settings::Settings;
use super::tie_breaker::TieBreaker;
use crate::trace::{EventKind, MoveId, NO_NODE, Node, NodeId, StateId, Trace};

/// A bound above the number of variables in any environment.
const MOST_PICKS: u32 = 128;

/// How a search ended. Data, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A goal was found.
    Solved,
    /// Nothing was left to explore.
    Exhausted,
    /// A budget ran out.
    Budget,
}

impl Outcome {
    /// The name in rows.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Solved => "solved",
            Outcome::Exhausted => "exhausted",
            Outcome::Budget => "budget",
        }
    }
}

/// A deliberate slip inside a search. The rest of the trace is what the search does after it.
#[derive(Clone, Debug)]
pub enum Slip<S = StateId, M = MoveId> {
    /// The node with this id gets another move and another state.
    Node {
        /// The node that slips.
        node: NodeId,
        /// The claimed move.
        action: M,
        /// The claimed state.
        state: S,
    },
    /// The node with this id is a goal that is not noticed and is taken for a dead end.
    MissedGoal(NodeId),
    /// The node with this id is taken for a dead end.
    DeadEnd(NodeId),
}

/// The trace of a running search. It holds states and moves themselves, not ids.
pub type SearchTrace<E> = Trace<<E as Environment>::State, <E as Environment>::Move>;

/// A run of a search.
pub struct Context<'a, E: Complete> {
    /// The puzzle.
    pub puzzle: &'a E,
    /// The settings.
    pub settings: &'a Settings,
    /// The record's search stream.
    pub draw: &'a mut Draw,
    /// The trace that is written.
    pub trace: &'a mut SearchTrace<E>,
    /// Reused buffers.
    pub scratch: &'a mut Scratch<E>,
    /// Decides ties instead of the random stream; none for a normal run.
    pub tie_breaker: Option<&'a mut dyn TieBreaker<E::State, E::Move>>,
    /// Deliberate slips.
    pub slips: &'a [Slip<E::State, E::Move>],
    pub(super) evaluator: Option<Evaluator<E>>,
    expansions: u64,
}

impl<'a, E: Complete> Context<'a, E> {
    /// A run with an empty trace.
    pub fn new(
        puzzle: &'a E,
        settings: &'a Settings,
        draw: &'a mut Draw,
        trace: &'a mut SearchTrace<E>,
        scratch: &'a mut Scratch<E>,
    ) -> Self {
        trace.clear();
        let evaluator = settings.heuristic.map(|heuristic| puzzle.evaluator(heuristic));
        Context { puzzle, settings, draw, trace, scratch, slips: &[], tie_breaker: None, evaluator, expansions: 0 }
    }

    /// The estimate of a state; 0 without a heuristic.
    #[inline]
    pub(super) fn estimate(&self, state: &E::State) -> Cost {
        self.evaluator.as_ref().map_or(0, |evaluator| evaluator.estimate(self.puzzle, state))
    }

    /// Adds a root and visits it.
    pub(super) fn start(&mut self) -> NodeId {
        let root = self.trace.add_root(self.puzzle.start());
        self.trace.push(EventKind::Visit, root);
        root
    }

    /// Moves to a node and visits it.
    #[inline]
    pub(super) fn move_to(&mut self, node: NodeId) {
        self.trace.push(EventKind::MoveTo, node);
        self.trace.push(EventKind::Visit, node);
    }

    /// Whether a node is a goal, unless a slip misses it.
    #[inline]
    pub(super) fn is_goal(&self, node: NodeId) -> bool {
        let missed = self.slips.iter().any(|slip| matches!(slip, Slip::MissedGoal(id) if *id == node));
        !missed && self.puzzle.is_goal(&self.trace.nodes[node as usize].state)
    }

    /// Whether a budget is spent, or a tie breaker stops the search. It must be called once for each expansion.
    #[inline]
    pub(super) fn spent(&mut self) -> bool {
        if let Some(tie_breaker) = &mut self.tie_breaker
            && !tie_breaker.goes_on(self.trace)
        {
            return true;
        }
        self.expansions += 1;
        self.expansions > self.settings.max_expansions || self.is_full()
    }

    /// Whether the trace has reached its greatest size.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.trace.nodes.len() as u64 >= self.settings.max_nodes
            || self.trace.events.len() as u64 >= self.settings.max_events
    }

    /// Generates a child in the trace.
    #[inline]
    pub(super) fn generate(&mut self, parent: NodeId, ordinal: u32, step: u32) -> NodeId {
        let step = &self.scratch.steps[step as usize];
        let depth = self.trace.nodes[parent as usize].depth + 1;
        let node =
            Node { parent, ordinal, depth, state: step.state.clone(), action: Some(step.action), g: None, h: None };
        let id = self.trace.add(node);
        for slip in self.slips {
            if let Slip::Node { node, action, state } = slip
                && *node == id
            {
                let slipped = &mut self.trace.nodes[id as usize];
                slipped.action = Some(*action);
                slipped.state = state.clone();
            }
        }
        self.trace.push(EventKind::Generate, id);
        id
    }

    /// Lists the steps out of a node as candidates, in the order of their estimates. Returns their range.
    pub(super) fn candidates(&mut self, node: NodeId) -> std::ops::Range<usize> {
        let first_step = self.scratch.steps.len();
        let first = self.scratch.candidates.len();
        match self.settings.variables {
            None => self.puzzle.successors(&self.trace.nodes[node as usize].state, &mut self.scratch.steps),
            Some(rule) if self.puzzle.about().variable_orders[rule] == RANDOM_ORDER => {
                let mut pick = self.draw.word();
                if self.tie_breaker.is_some() {
                    // the first pick that gives the tie breaker's move, or that gives no steps if there is no such move
                    let action = self.child_move(node, 0);
                    let leads = |pick: &u32| {
                        let mut steps = Vec::new();
                        self.decide(node, Order { rule, pick: *pick }, &mut steps);
                        action.map_or(steps.is_empty(), |action| steps.iter().any(|step| step.action == action))
                    };
                    pick = (0..MOST_PICKS).find(leads).unwrap_or(0);
                }
                self.list_choices(node, Order { rule, pick });
            }
            Some(rule) => self.list_choices(node, Order { rule, pick: 0 }),
        }
        for step in first_step..self.scratch.steps.len() {
            let h = self.estimate(&self.scratch.steps[step].state);
            let tie = match self.settings.ties {
                Ties::Random => self.draw.word(),
                _ => step as u32,
            };
            self.scratch.candidates.push(Candidate { h, tie, step: step as u32 });
        }
        if self.settings.ties == Ties::Random && self.tie_breaker.is_some() {
            let ranks = self.ranks(node, first_step);
            for (candidate, rank) in self.scratch.candidates[first..].iter_mut().zip(ranks) {
                candidate.tie = rank;
            }
        }
        let steps = &self.scratch.steps;
        let candidates = &mut self.scratch.candidates[first..];
        match self.settings.ties {
            Ties::State => order::candidates_by(candidates, &mut |a, b| {
                let state = |c: &Candidate| &steps[c.step as usize].state;
                a.h.cmp(&b.h).then_with(|| state(a).cmp(state(b))).then(a.tie.cmp(&b.tie))
            }),
            _ => order::by_estimate(candidates),
        }
        first..self.scratch.candidates.len()
    }

    /// Lists the steps out of a node, for searches that decide variables.
    fn list_choices(&mut self, node: NodeId, order: Order) {
        let mut steps = std::mem::take(&mut self.scratch.steps);
        self.decide(node, order, &mut steps);
        self.scratch.steps = steps;
    }

    fn decide(&self, node: NodeId, order: Order, steps: &mut Vec<Step<E::Move, E::State>>) {
        let state = &self.trace.nodes[node as usize].state;
        match self.settings.inference {
            None => self.puzzle.decide(order, state, steps),
            Some(inference) => self.puzzle.infer(inference, order, state, steps),
        }
    }

    /// The tie breaker's ranks of the steps out of a node, which are listed from `first_step` on. Empty without a tie breaker.
    pub(super) fn ranks(&mut self, node: NodeId, first_step: usize) -> Vec<u32> {
        let mut ranks = Vec::new();
        if let Some(tie_breaker) = &mut self.tie_breaker {
            tie_breaker.rank_children(self.trace, node, &self.scratch.steps[first_step..], &mut ranks);
        }
        ranks
    }

    /// The tie breaker's move to the child of a node with this number. None without a tie breaker or such a child.
    pub(super) fn child_move(&mut self, node: NodeId, ordinal: u32) -> Option<E::Move> {
        self.tie_breaker.as_mut()?.child_move(self.trace, node, ordinal)
    }

    /// The tie breaker's rank of a waiting node. None without a tie breaker, or if ties are not random.
    #[inline]
    pub(super) fn rank(&mut self, node: NodeId) -> Option<u32> {
        if self.settings.ties != Ties::Random {
            return None;
        }
        Some(self.tie_breaker.as_mut()?.rank_visit(self.trace, node))
    }

    /// Removes the last listed candidates and their steps.
    pub(super) fn forget(&mut self, candidates: std::ops::Range<usize>, first_step: usize) {
        self.scratch.candidates.truncate(candidates.start);
        self.scratch.steps.truncate(first_step);
    }

    /// Whether a child that is not a goal is reported as a dead end.
    #[inline]
    pub(super) fn is_dead_end(&self, node: NodeId) -> bool {
        let state = &self.trace.nodes[node as usize].state;
        let tells_all = self.settings.inference.is_some() && self.settings.propagation == 0;
        (if tells_all { self.puzzle.is_ended(state) } else { self.puzzle.is_stuck(self.settings.propagation, state) })
            || self.is_taken_for_dead_end(node)
    }

    /// Whether a slip takes a node for a dead end.
    pub(super) fn is_taken_for_dead_end(&self, node: NodeId) -> bool {
        self.slips.iter().any(|slip| matches!(slip, Slip::DeadEnd(id) | Slip::MissedGoal(id) if *id == node))
    }

    /// Shows the estimate of a node in the trace, if the settings say so.
    pub(super) fn show_estimate(&mut self, node: NodeId) {
        if self.settings.costs && self.evaluator.is_some() {
            let h = self.estimate(&self.trace.nodes[node as usize].state);
            self.trace.nodes[node as usize].h = Some(h);
        }
    }

    /// Ends a search that found nothing.
    pub(super) fn end(&mut self, outcome: Outcome, complete: bool) -> Outcome {
        let proven = complete && outcome == Outcome::Exhausted;
        self.trace.push(if proven { EventKind::Unsolvable } else { EventKind::GiveUp }, NO_NODE);
        outcome
    }
}
