//! The class of the error where a trace departs from its search.

use sos_envs::{Cost, Style};

use super::rerun::{Divergence, RerunComparison};
use crate::arena::Puzzle;
use crate::check::error::ErrorClass;
use crate::check::replay::text;
use crate::dialect::Parsed;
use crate::search::{Algorithm, Search};
use crate::trace::{Event, EventKind, NO_NODE, NodeId, Trace};

/// An error without its place in the text.
pub(super) struct Found {
    pub class: ErrorClass,
    pub step: usize,
    pub found: String,
    pub expected: String,
}

/// Classifies a divergence.
pub(super) fn classify(
    puzzle: &Puzzle,
    parsed: &Parsed,
    search: &Search,
    rerun: &Trace,
    course: &RerunComparison<'_>,
    divergence: Divergence,
) -> Found {
    let case = Case { puzzle, trace: &parsed.trace, search, rerun, course, step: divergence.step };
    let (class, step) = case.class(divergence.right);
    let found = parsed.trace.events.get(step).map_or("the end".into(), |&event| show(puzzle, &parsed.trace, event));
    let expected = match divergence.right {
        _ if step != divergence.step => "a node that the search does not prune".into(),
        None => "the end: the search is over".into(),
        Some(right) => show(puzzle, rerun, right),
    };
    Found { class, step, found, expected }
}

/// What the search has done with a node.
#[derive(Clone, Copy, Default, PartialEq)]
enum Standing {
    #[default]
    Unknown,
    Open,
    Visited,
    /// Not to be explored: a dead end, seen before, beyond the bound, or dropped.
    Pruned,
}

struct Case<'a> {
    puzzle: &'a Puzzle,
    trace: &'a Trace,
    search: &'a Search,
    rerun: &'a Trace,
    course: &'a RerunComparison<'a>,
    step: usize,
}

impl Case<'_> {
    fn class(&self, right: Option<Event>) -> (ErrorClass, usize) {
        let (right, event) = match (right, self.trace.events.get(self.step)) {
            (_, None) => return (ErrorClass::Unfinished, self.step),
            (None, Some(_)) => return (ErrorClass::PrunedExpanded, self.step),
            (Some(right), Some(&event)) => (right, event),
        };
        if is_end(event) {
            return (ErrorClass::Unfinished, self.step);
        }
        if is_end(right) {
            // The search has ended: nothing is left, or the budget is spent. So nothing more may be explored.
            return (ErrorClass::PrunedExpanded, self.step);
        }
        if let Some(step) = self.pruned_child(right) {
            return (ErrorClass::PrunedExpanded, step);
        }
        if self.explores_pruned(right, event) {
            return (ErrorClass::PrunedExpanded, self.step);
        }
        if event.kind == EventKind::Goal || self.comes_later(right) || self.worse_was_taken(right, event) {
            return (ErrorClass::WrongOrder, self.step);
        }
        (ErrorClass::Skipped, self.step)
    }

    /// The event that generates a child which the search never makes: over the threshold, or over the width of a beam. Control may return
    /// to the parent first.
    fn pruned_child(&self, right: Event) -> Option<usize> {
        let coming_back = |event: &&Event| matches!(event.kind, EventKind::MoveTo | EventKind::Visit);
        let before = self.trace.events[self.step..].iter().take(2).take_while(coming_back).count();
        let step = self.step + before;
        let event = self.trace.events.get(step).filter(|event| event.kind == EventKind::Generate)?;
        let node = self.trace.node(event.node)?;
        let algorithm = &self.search.algorithm;
        let threshold = match algorithm {
            Algorithm::DepthFirst { threshold, .. } => threshold.as_ref(),
            _ => None,
        };
        let named = |name: &str| self.puzzle.threshold(name);
        let threshold = threshold.and_then(|threshold| threshold.estimate(self.puzzle.about(), named));
        if let (Some(threshold), Some(heuristic)) = (threshold, self.search.settings.heuristic) {
            let h = self.puzzle.estimate(heuristic, node.state);
            return (h > threshold).then_some(step);
        }
        let is_beam = matches!(algorithm, Algorithm::Beam { .. } | Algorithm::BeamPaper { .. });
        let beyond = is_beam && right.kind != EventKind::Generate && before == 0;
        (beyond && self.is_new_child(event.node)).then_some(step)
    }

    /// Whether the parent has no earlier child by the same move.
    fn is_new_child(&self, id: NodeId) -> bool {
        let Some(node) = self.trace.node(id) else { return false };
        let before = self.course.children(node.parent).iter().take_while(|(child, _)| *child != id);
        !before.into_iter().any(|(child, _)| self.trace.node(*child).is_some_and(|child| child.action == node.action))
    }

    /// Whether the trace explores a node that the search drops, now or before.
    fn explores_pruned(&self, right: Event, event: Event) -> bool {
        if is_pruning(right.kind) {
            let node = self.course.node(right.node);
            let is_visit = |later: &Event| later.kind == EventKind::MoveTo && later.node == node;
            let here = event.node == node && matches!(event.kind, EventKind::Open | EventKind::Goal);
            return here || (node != NO_NODE && self.trace.events[self.step..].iter().any(is_visit));
        }
        let explores = matches!(event.kind, EventKind::MoveTo | EventKind::Visit | EventKind::Open);
        explores && self.node_of(event.node).is_some_and(|node| self.standing()[node as usize] == Standing::Pruned)
    }

    /// The rerun's node for a node of the trace.
    fn node_of(&self, other: NodeId) -> Option<NodeId> {
        let nodes = 0..self.rerun.nodes.len() as NodeId;
        nodes.into_iter().find(|&node| other != NO_NODE && self.course.node(node) == other)
    }

    /// The standing of each node of the rerun, after the right event.
    fn standing(&self) -> Vec<Standing> {
        let mut standing = vec![Standing::Unknown; self.rerun.nodes.len()];
        for event in &self.rerun.events {
            if let Some(here) = standing.get_mut(event.node as usize)
                && !matches!(event.kind, EventKind::Bound | EventKind::Meet)
            {
                *here = match event.kind {
                    EventKind::Open => Standing::Open,
                    EventKind::Visit => Standing::Visited,
                    kind if is_pruning(kind) => Standing::Pruned,
                    _ => *here,
                };
            }
        }
        standing
    }

    /// Whether the right event stands later in the trace.
    fn comes_later(&self, right: Event) -> bool {
        let later = &self.trace.events[self.step + 1..];
        match right.kind {
            // What tells only of opened children generates them where it opens them.
            EventKind::Generate | EventKind::Open | EventKind::Goal if !self.is_before(right.node) => {
                let Some(node) = self.rerun.node(right.node) else { return false };
                let children = self.course.children(self.course.node(node.parent)).iter();
                let mut later = children.filter(|(_, place)| *place as usize > self.step);
                later.any(|(child, _)| self.trace.node(*child).is_some_and(|child| child.action == node.action))
            }
            EventKind::Bound => {
                let bound = self.rerun.bounds.get(right.node as usize);
                let is_it = |event: &Event| self.trace.bounds.get(event.node as usize) == bound;
                later.iter().any(|event| event.kind == EventKind::Bound && is_it(event))
            }
            EventKind::Meet => later.iter().any(|event| event.kind == EventKind::Meet),
            kind => {
                let node = self.course.node(right.node);
                node != NO_NODE && later.iter().any(|event| event.kind == kind && event.node == node)
            }
        }
    }

    /// Whether the trace takes a node from the open list although two better ones are there. Then the best one was not simply left out.
    fn worse_was_taken(&self, right: Event, event: Event) -> bool {
        if right.kind != EventKind::MoveTo || event.kind != EventKind::MoveTo {
            return false;
        }
        let Some(taken) = self.node_of(event.node) else { return false };
        let Some(key) = self.course.key(taken) else { return false };
        let standing = self.standing();
        // The right node is visited by now, and the taken one is not better than itself.
        let is_open = |node: NodeId| standing[node as usize] == Standing::Open;
        let open = (0..self.rerun.nodes.len() as NodeId).filter(|&node| is_open(node));
        let best: Option<Cost> =
            open.filter(|&node| self.is_before(node)).filter_map(|node| self.course.key(node)).min();
        best.is_some_and(|best| best < key)
    }

    /// Whether the trace has a node of the rerun. Nodes behind the divergence do not count.
    fn is_before(&self, node: NodeId) -> bool {
        self.course.node(node) != NO_NODE
    }
}

fn is_end(event: Event) -> bool {
    matches!(event.kind, EventKind::GiveUp | EventKind::Unsolvable)
}

fn is_pruning(kind: EventKind) -> bool {
    matches!(kind, EventKind::DeadEnd | EventKind::Seen | EventKind::Cut | EventKind::Prune)
}

/// An event for people.
fn show(puzzle: &Puzzle, trace: &Trace, event: Event) -> String {
    let what = match event.kind {
        EventKind::Visit => "at",
        EventKind::Generate => "generating",
        EventKind::Open => "opening",
        EventKind::Goal => "goal",
        EventKind::DeadEnd => "dead end",
        EventKind::Seen => "seen before",
        EventKind::Cut => "beyond the bound",
        EventKind::Prune => "dropping",
        EventKind::MoveTo => "moving to",
        EventKind::Bound => {
            let bound = trace.bounds.get(event.node as usize).copied().unwrap_or(0);
            return format!("bound {}", text(|out| crate::dialect::write_estimate(puzzle, bound, Style::Frame, out)));
        }
        EventKind::Root => "a tree from the goal",
        EventKind::Meet => return "both trees meet".into(),
        EventKind::GiveUp => return "no solution found".into(),
        EventKind::Unsolvable => return "no solution exists".into(),
    };
    match trace.node(event.node) {
        None => format!("{what} an unknown node"),
        Some(node) => format!("{what} {}", text(|out| puzzle.write_state(node.state, Style::Frame, out))),
    }
}
