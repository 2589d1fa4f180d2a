//! Depth-first search, with an order, a threshold, a depth limit or a bound on f. It is the engine of `dfs`, `backtracking`, `backjumping`, `iddfs` and
//! `ida-star`.
//!
//! Children are generated one at a time, in the order of their estimates (ties as set). Each is searched before the next is generated, so control returns to
//! the parent between them. As in the Stream of Search paper (Gandhi et al. 2024, appendix), a child over the threshold is not written at all.

use sos_envs::{Complete, Cost, VariableSet};

use super::config::Threshold;
use super::context::{Context, Outcome};
use super::scratch::Frame;
use crate::trace::{EventKind, NO_NODE, NodeId};

/// The limit of a pass.
#[derive(Clone, Copy)]
enum Limit {
    None,
    /// Children with a greater estimate are skipped.
    Estimate(Cost),
    Depth(u32),
    F(Cost),
    /// Backtracking returns not to the last choice, but to the last one that is to blame.
    Conflict,
}

/// The result of a pass.
enum Pass {
    Done(Outcome),
    /// Some nodes were beyond the limit; their least f.
    Beyond(Cost),
}

/// Plain depth-first search, or the paper's with a heuristic and a threshold. Complete without a threshold.
pub fn dfs<E: Complete>(context: &mut Context<'_, E>, threshold: Option<&Threshold>, says_end: bool) -> Outcome {
    let puzzle = context.puzzle;
    let most = threshold.and_then(|threshold| threshold.estimate(puzzle.about(), |name| puzzle.threshold(name)));
    let outcome = match pass(context, most.map_or(Limit::None, Limit::Estimate)) {
        Pass::Done(outcome) => outcome,
        Pass::Beyond(_) => Outcome::Exhausted,
    };
    let pruned = threshold.is_some();
    // The paper's search ends without a statement.
    let silent = pruned && outcome == Outcome::Exhausted && !says_end;
    if outcome == Outcome::Solved || silent { outcome } else { context.end(outcome, !pruned) }
}

/// Conflict-directed backjumping (Prosser 1993, "Hybrid algorithms for the constraint satisfaction problem").
pub fn backjumping<E: Complete>(context: &mut Context<'_, E>) -> Outcome {
    match pass(context, Limit::Conflict) {
        Pass::Done(Outcome::Solved) => Outcome::Solved,
        Pass::Done(outcome) => context.end(outcome, true),
        Pass::Beyond(_) => context.end(Outcome::Exhausted, false),
    }
}

/// Iterative deepening by depth (Korf 1985).
pub fn iddfs<E: Complete>(context: &mut Context<'_, E>) -> Outcome {
    let mut depth = 1;
    deepen(context, Limit::Depth(depth), |_| {
        depth += 1;
        Limit::Depth(depth)
    })
}

/// Iterative deepening by f = g + h (Korf 1985). The next bound is the least f beyond the last one.
pub fn ida_star<E: Complete>(context: &mut Context<'_, E>) -> Outcome {
    let bound = context.estimate(&context.puzzle.start());
    deepen(context, Limit::F(bound), Limit::F)
}

fn deepen<E: Complete>(context: &mut Context<'_, E>, first: Limit, mut next: impl FnMut(Cost) -> Limit) -> Outcome {
    let mut limit = first;
    loop {
        let bound = match limit {
            Limit::Depth(depth) => Cost::from(depth).saturating_mul(context.puzzle.about().estimate_scale),
            Limit::F(bound) => bound,
            Limit::None | Limit::Estimate(_) | Limit::Conflict => 0,
        };
        context.trace.bounds.push(bound);
        context.trace.push(EventKind::Bound, context.trace.bounds.len() as NodeId - 1);
        match pass(context, limit) {
            Pass::Done(Outcome::Exhausted) => return context.end(Outcome::Exhausted, true),
            Pass::Done(Outcome::Budget) => return context.end(Outcome::Budget, true),
            Pass::Done(Outcome::Solved) => return Outcome::Solved,
            Pass::Beyond(least) => limit = next(least),
        }
    }
}

/// The states that a pass remembers to avoid cycles: all states, or with a depth or cost limit those on the way to the current node, so that a cheaper way to a
/// state is not cut off.
struct Memory {
    on_path: bool,
    used: bool,
}

impl Memory {
    /// An empty memory. It is in the context's buffers.
    fn new<E: Complete>(context: &mut Context<'_, E>, limit: Limit) -> Self {
        context.scratch.reached[0].clear(context.puzzle.index_bound());
        Memory { on_path: matches!(limit, Limit::Depth(_) | Limit::F(_)), used: context.puzzle.about().positions_recur }
    }

    /// Remembers the state of a node. Returns whether it is new.
    fn enter<E: Complete>(&self, context: &mut Context<'_, E>, node: NodeId) -> bool {
        let state = &context.trace.nodes[node as usize].state;
        !self.used || context.scratch.reached[0].first(context.puzzle, state, node).is_none()
    }

    fn leave<E: Complete>(&self, context: &mut Context<'_, E>, node: NodeId) {
        if self.used && self.on_path {
            let state = &context.trace.nodes[node as usize].state;
            context.scratch.reached[0].forget(context.puzzle, state);
        }
    }
}

fn pass<E: Complete>(context: &mut Context<'_, E>, limit: Limit) -> Pass {
    let mut stack = std::mem::take(&mut context.scratch.depth_first);
    stack.clear();
    context.scratch.steps.clear();
    context.scratch.candidates.clear();
    let result = explore(context, limit, &mut stack);
    context.scratch.depth_first = stack;
    result
}

fn explore<E: Complete>(context: &mut Context<'_, E>, limit: Limit, stack: &mut Vec<Frame>) -> Pass {
    let memory = Memory::new(context, limit);
    let mut beyond: Option<Cost> = None;
    let root = context.start();
    memory.enter(context, root);
    if let Limit::F(_) = limit {
        context.set_costs(root, 0);
    }
    let jumps = matches!(limit, Limit::Conflict);
    if context.is_goal(root) {
        context.trace.push(EventKind::Goal, root);
        return Pass::Done(Outcome::Solved);
    }
    let frame = expand(context, root, limit);
    stack.push(frame);
    if context.spent() {
        return Pass::Done(Outcome::Budget);
    }
    while let Some(frame) = stack.last_mut() {
        let parent = frame.node;
        if frame.next == frame.candidates.end {
            let frame = Frame { candidates: frame.candidates.clone(), ..*frame };
            context.forget(frame.candidates, frame.first_step);
            memory.leave(context, parent);
            let conflict = frame.conflict;
            stack.pop();
            if let Some(above) = stack.last_mut().filter(|_| jumps) {
                above.fail(context.bit(parent), conflict);
            }
            continue;
        }
        let candidate = context.scratch.candidates[frame.next];
        let ordinal = (frame.next - frame.candidates.start) as u32;
        if ordinal > 0 {
            context.move_to(parent);
        }
        frame.next += 1;
        let node = context.generate(parent, ordinal, candidate.step);
        if let Limit::F(bound) = limit {
            let cost = context.scratch.steps[candidate.step as usize].cost;
            let f = context.set_costs(node, cost);
            if f > bound {
                context.trace.push(EventKind::Cut, node);
                beyond = Some(beyond.map_or(f, |least| least.min(f)));
                continue;
            }
        }
        if context.is_goal(node) {
            context.trace.push(EventKind::Goal, node);
            return Pass::Done(Outcome::Solved);
        }
        if context.is_dead_end(node) {
            context.trace.push(EventKind::DeadEnd, node);
            if jumps {
                let conflict = context.puzzle.conflict_set(&context.trace.nodes[node as usize].state, None);
                frame.fail(context.bit(node), conflict);
            }
            continue;
        }
        if !memory.enter(context, node) {
            context.trace.push(EventKind::Seen, node);
            continue;
        }
        if matches!(limit, Limit::Depth(depth) if context.trace.nodes[node as usize].depth >= depth) {
            context.trace.push(EventKind::Cut, node);
            memory.leave(context, node);
            beyond = Some(0);
            continue;
        }
        context.trace.push(EventKind::Open, node);
        if context.spent() {
            return Pass::Done(Outcome::Budget);
        }
        context.move_to(node);
        let frame = expand(context, node, limit);
        stack.push(frame);
    }
    beyond.map_or(Pass::Done(Outcome::Exhausted), Pass::Beyond)
}

fn expand<E: Complete>(context: &mut Context<'_, E>, node: NodeId, limit: Limit) -> Frame {
    let first_step = context.scratch.steps.len();
    let mut candidates = context.candidates(node);
    if let Limit::Estimate(threshold) = limit {
        let kept = context.scratch.candidates[candidates.clone()].partition_point(|c| c.h <= threshold);
        candidates.end = candidates.start + kept;
        context.scratch.candidates.truncate(candidates.end);
    }
    let mut conflict = VariableSet::EMPTY;
    if let Limit::Conflict = limit {
        let first = context.scratch.steps.get(first_step).map(|step| step.action);
        conflict = context.puzzle.conflict_set(&context.trace.nodes[node as usize].state, first);
    }
    Frame { node, first_step, next: candidates.start, candidates, conflict }
}

impl<E: Complete> Context<'_, E> {
    /// The bit of the choice that led to a node; none if it is not known.
    fn bit(&self, node: NodeId) -> Option<VariableSet> {
        let node = self.trace.node(node)?;
        let parent = self.trace.node(node.parent)?;
        Some(self.puzzle.branch(&parent.state, node.action?)?.bit)
    }

    /// Sets the cost of a node, `step` more than its parent's. Returns f.
    pub(super) fn set_costs(&mut self, node: NodeId, step: Cost) -> Cost {
        let h = self.estimate(&self.trace.nodes[node as usize].state);
        let parent = self.trace.nodes[node as usize].parent;
        let before = if parent == NO_NODE { 0 } else { self.trace.nodes[parent as usize].g.unwrap_or(0) };
        let g = before.saturating_add(step);
        let has_heuristic = self.evaluator.is_some();
        let node = &mut self.trace.nodes[node as usize];
        node.g = Some(g);
        node.h = has_heuristic.then_some(h);
        g.saturating_mul(self.puzzle.about().estimate_scale).saturating_add(h)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_choices_that_are_not_to_blame_are_jumped_over() {
        let set = |bits: u8| (0..8).filter(|&bit| bits >> bit & 1 == 1).collect::<VariableSet>();
        let frame = || Frame { node: 0, first_step: 0, candidates: 0..5, next: 1, conflict: set(0b1) };
        let failed = |bit, conflict| {
            let mut frame = frame();
            frame.fail(bit, conflict);
            (frame.next, frame.conflict)
        };
        assert_eq!(failed(Some(set(0b100)), set(0b110)), (1, set(0b11)));
        assert_eq!(failed(Some(set(0b100)), set(0b010)), (5, set(0b10)));
        // a node that is not a choice has no other options
        assert_eq!(failed(Some(set(0)), set(0b010)), (5, set(0b10)));
        // an environment that does not tell the choice of a move
        assert_eq!(failed(None, VariableSet::ALL), (1, VariableSet::ALL));
        assert_eq!(failed(None, set(0b010)), (1, VariableSet::ALL));
    }
}
