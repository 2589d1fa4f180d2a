//! Beam search: the plain one, and that of the Stream of Search paper with its quirks.

use sos_envs::{Complete, Cost};

use super::context::{Context, Outcome};
use super::order;
use super::scratch::Candidate;
use crate::trace::{EventKind, NodeId};

/// Beam search, level by level: of all children of a level the `width` best stay. Not complete. Children that are not among the `width` best of their own
/// parent cannot stay, so they are not written.
pub fn beam<E: Complete>(context: &mut Context<'_, E>, width: u64) -> Outcome {
    let root = context.start();
    if context.is_goal(root) {
        context.trace.push(EventKind::Goal, root);
        return Outcome::Solved;
    }
    context.scratch.reached[0].clear(context.puzzle.index_bound());
    context.scratch.reached[0].first(context.puzzle, &context.puzzle.start(), root);
    let mut level: Vec<(Cost, u32, NodeId)> = vec![(0, 0, root)];
    let mut next = Vec::new();
    while !level.is_empty() {
        for &(_, _, node) in &level {
            if context.spent() {
                return context.end(Outcome::Budget, false);
            }
            if node != root {
                context.move_to(node);
            }
            context.scratch.steps.clear();
            context.scratch.candidates.clear();
            let candidates = context.candidates(node);
            let mut ordinal = 0;
            for place in candidates {
                if u64::from(ordinal) == width {
                    break;
                }
                let candidate = context.scratch.candidates[place];
                let child = context.generate(node, ordinal, candidate.step);
                if context.is_goal(child) {
                    context.trace.push(EventKind::Goal, child);
                    return Outcome::Solved;
                }
                if context.is_dead_end(child) {
                    context.trace.push(EventKind::DeadEnd, child);
                } else if context.puzzle.about().positions_recur && is_reached(context, child) {
                    context.trace.push(EventKind::Seen, child);
                } else {
                    context.trace.push(EventKind::Open, child);
                    let tie = context.rank(child).unwrap_or(candidate.tie);
                    next.push((context.estimate(&context.trace.nodes[child as usize].state), tie, child));
                    ordinal += 1;
                }
            }
        }
        next.sort_unstable();
        for &(_, _, dropped) in next.iter().skip(width as usize) {
            context.trace.push(EventKind::Prune, dropped);
        }
        next.truncate(width as usize);
        std::mem::swap(&mut level, &mut next);
        next.clear();
    }
    context.end(Outcome::Exhausted, false)
}

/// Whether an earlier node has the position of this one. If not, it is noted.
fn is_reached<E: Complete>(context: &mut Context<'_, E>, node: NodeId) -> bool {
    let state = &context.trace.nodes[node as usize].state;
    context.scratch.reached[0].first(context.puzzle, state, node).is_some()
}

/// The paper's beam search, quirks included (`countdown_bfs.py` of the Stream of Search repository). The best `width` nodes are taken from a heap. Of each
/// node's children the `width` best are kept, written in random order, and put on the heap. So are finished leaves, which are therefore moved to although they
/// were never announced. Dropped children are not written.
///
/// The heap is CPython's `heapq`. Its order among equal estimates affects the text.
pub fn beam_paper<E: Complete>(context: &mut Context<'_, E>, width: u64) -> Outcome {
    let root = context.trace.add_root(context.puzzle.start());
    let mut heap = Heap::default();
    heap.push((context.estimate(&context.puzzle.start()), root));
    while !heap.is_empty() {
        let batch: Vec<NodeId> = (0..width).map_while(|_| heap.pop()).map(|(_, node)| node).collect();
        for (place, &node) in batch.iter().enumerate() {
            if context.spent() {
                return context.end(Outcome::Budget, false);
            }
            context.trace.push(EventKind::Visit, node);
            match expand_paper(context, node, width) {
                Err(outcome) => return outcome,
                Ok(mut children) => {
                    order::nodes_by_estimate(&mut children);
                    children.into_iter().for_each(|child| heap.push(child));
                }
            }
            if let Some(&next) = batch.get(place + 1) {
                context.trace.push(EventKind::MoveTo, next);
            }
        }
        if let Some((_, next)) = heap.first() {
            context.trace.push(EventKind::MoveTo, next);
        }
    }
    context.end(Outcome::Exhausted, false)
}

fn expand_paper<E: Complete>(
    context: &mut Context<'_, E>,
    node: NodeId,
    width: u64,
) -> Result<Vec<(Cost, NodeId)>, Outcome> {
    context.scratch.steps.clear();
    context.scratch.candidates.clear();
    let candidates = context.candidates(node);
    let mut kept = context.scratch.candidates[candidates].to_vec();
    kept.truncate(width as usize);
    if context.tie_breaker.is_some() {
        let ranks = context.ranks(node, 0);
        let rank = |candidate: &Candidate| ranks.get(candidate.step as usize);
        order::candidates_by(&mut kept, &mut |a, b| rank(a).cmp(&rank(b)));
    } else {
        context.draw.shuffle(&mut kept);
    }
    let mut children = Vec::with_capacity(kept.len());
    let mut ordinal = 0;
    for candidate in kept {
        let child = context.generate(node, ordinal, candidate.step);
        children.push((candidate.h, child));
        if context.is_goal(child) {
            context.trace.push(EventKind::Goal, child);
            return Err(Outcome::Solved);
        }
        if context.is_dead_end(child) {
            context.trace.push(EventKind::DeadEnd, child);
        } else {
            context.trace.push(EventKind::Open, child);
            ordinal += 1;
        }
    }
    Ok(children)
}

/// A binary heap with the order of CPython's `heapq` among equal keys: an entry sinks to a leaf along the smaller children and rises from there, and only a
/// strictly smaller key passes another.
#[derive(Default)]
struct Heap(Vec<(Cost, NodeId)>);

impl Heap {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn first(&self) -> Option<(Cost, NodeId)> {
        self.0.first().copied()
    }

    fn push(&mut self, entry: (Cost, NodeId)) {
        self.0.push(entry);
        self.rise(self.0.len() - 1);
    }

    fn pop(&mut self) -> Option<(Cost, NodeId)> {
        let last = self.0.pop()?;
        let Some(first) = self.0.first_mut() else { return Some(last) };
        let top = std::mem::replace(first, last);
        let len = self.0.len();
        let mut at = 0;
        while 2 * at + 1 < len {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let smaller = if right < len && self.0[left].0 >= self.0[right].0 { right } else { left };
            self.0.swap(at, smaller);
            at = smaller;
        }
        self.rise(at);
        Some(top)
    }

    fn rise(&mut self, mut at: usize) {
        while at > 0 && self.0[at].0 < self.0[(at - 1) / 2].0 {
            self.0.swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }
}
