//! The trace validator of Beyond Semantics (Stechly et al. 2025, arXiv 2505.13775, section 4), for traces that tell costs and estimates.
//! It keeps the open and closed lists of A* as the trace claims them. The first event that does not fit the lists determines the class.
//! The paper has no class for a wrong cost; here it is `wrong-cost`.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use sos_envs::{Cost, Step};

use super::error::{ErrorClass, TraceError};
use crate::arena::Puzzle;
use crate::dialect::Parsed;
use crate::trace::{EventKind, MoveId, NodeId, StateId};

/// Whether the validator applies: something is opened, and each opened node has a cost and an estimate.
pub(super) fn applies(parsed: &Parsed) -> bool {
    let trace = &parsed.trace;
    let mut opened = trace.events.iter().filter(|event| event.kind == EventKind::Open).peekable();
    let tells = |node: NodeId| trace.node(node).is_some_and(|node| node.g.is_some() && node.h.is_some());
    opened.peek().is_some() && opened.all(|event| tells(event.node))
}

/// The class of the first event that does not fit; none for a valid trace. `errors` are the errors that the check found.
pub(super) fn validate(puzzle: &Puzzle, parsed: &Parsed, errors: &[TraceError]) -> Option<&'static str> {
    let of = |class: ErrorClass| errors.iter().find(|error| error.class == class).map(|error| error.step);
    let unread = parsed.errors.first().map_or(usize::MAX, |error| error.step);
    let wrong_cost = of(ErrorClass::WrongCost).unwrap_or(usize::MAX);
    let mut lists = Lists {
        puzzle,
        open: FxHashMap::default(),
        estimates: BTreeMap::new(),
        closed: FxHashMap::default(),
        at: None,
        steps: Vec::new(),
        steps_of: None,
    };
    for (step, event) in parsed.trace.events.iter().enumerate() {
        if step >= unread {
            return Some("parse-error");
        }
        let Some(node) = parsed.trace.node(event.node) else { continue };
        let costs = (node.g.unwrap_or(0), node.h.unwrap_or(0));
        let state = parsed.trace.claim(*event).and_then(|claim| claim.state).unwrap_or(node.state);
        let wrong = match event.kind {
            EventKind::Open => lists.create(state, costs),
            EventKind::Visit => lists.close(state, costs),
            _ => None,
        };
        if wrong.is_some() {
            return wrong;
        }
        if step >= wrong_cost {
            return Some("wrong-cost");
        }
    }
    if unread != usize::MAX {
        return Some("parse-error");
    }
    let reached = lists.closed.keys().any(|state| puzzle.is_goal(*state));
    (!reached).then_some("goal-not-reached")
}

/// The lists of an A* search.
struct Lists<'a> {
    puzzle: &'a Puzzle,
    /// Positions on the open list, each with its f.
    open: FxHashMap<StateId, Cost>,
    /// How many positions on the open list have each f.
    estimates: BTreeMap<Cost, u32>,
    /// Closed positions, each with its g.
    closed: FxHashMap<StateId, Cost>,
    /// The state that was closed last.
    at: Option<StateId>,
    /// The steps out of a state, and the state.
    steps: Vec<Step<MoveId, StateId>>,
    steps_of: Option<StateId>,
}

impl Lists<'_> {
    fn create(&mut self, state: StateId, (g, h): (Cost, Cost)) -> Option<&'static str> {
        let from = self.at.unwrap_or_else(|| self.puzzle.start());
        if self.steps_of != Some(from) {
            self.steps.clear();
            self.puzzle.successors(from, &mut self.steps);
            self.steps_of = Some(from);
        }
        if !self.steps.iter().any(|step| self.puzzle.same_state(step.state, state)) {
            return Some("not-a-neighbour");
        }
        let key = self.puzzle.key_state(state);
        if self.closed.get(&key).is_some_and(|&closed| g < closed) {
            self.closed.remove(&key);
        }
        self.leave(key);
        let f = g.saturating_mul(self.puzzle.about().estimate_scale).saturating_add(h);
        *self.estimates.entry(f).or_default() += 1;
        self.open.insert(key, f);
        None
    }

    fn close(&mut self, state: StateId, (g, _): (Cost, Cost)) -> Option<&'static str> {
        let key = self.puzzle.key_state(state);
        if self.closed.contains_key(&key) {
            return Some("already-closed");
        }
        let f = self.leave(key);
        if f.is_none() && (self.at.is_some() || !self.puzzle.same_state(state, self.puzzle.start())) {
            return Some("not-in-open");
        }
        if f.zip(self.estimates.keys().next()).is_some_and(|(f, &least)| least < f) {
            return Some("not-least-f");
        }
        self.at = Some(state);
        self.closed.insert(key, g);
        None
    }

    /// Takes a position from the open list. Gives its f, or none where it was not there.
    fn leave(&mut self, key: StateId) -> Option<Cost> {
        let f = self.open.remove(&key)?;
        if let Some(count) = self.estimates.get_mut(&f) {
            *count -= 1;
            if *count == 0 {
                self.estimates.remove(&f);
            }
        }
        Some(f)
    }
}
