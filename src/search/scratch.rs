//! Buffers that searches reuse from row to row: lists of steps and candidates, frames, open lists, reached positions.

use std::cmp::{Ordering, Reverse};
use std::collections::hash_map::Entry;
use std::collections::{BinaryHeap, HashMap};
use std::hash::Hash;
use std::ops::Range;

use rustc_hash::FxBuildHasher;
use sos_envs::{Complete, Cost, Step, VariableSet};

use crate::trace::NodeId;

/// A child that is not yet in the trace.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Estimate of its state.
    pub h: Cost,
    /// Breaks ties of `h`.
    pub tie: u32,
    /// Index into [`Scratch::steps`].
    pub step: u32,
}

/// Buffers that searches reuse from row to row.
pub struct Scratch<E: Complete> {
    pub(super) steps: Vec<Step<E::Move, E::State>>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) depth_first: Vec<Frame>,
    pub(super) best_first: Buffers<E>,
    /// For searches that remember positions; the second is for the tree of the goal.
    pub(super) reached: [Reached<E::State>; 2],
}

impl<E: Complete> Default for Scratch<E> {
    fn default() -> Self {
        Scratch {
            steps: Vec::new(),
            candidates: Vec::new(),
            depth_first: Vec::new(),
            best_first: Default::default(),
            reached: Default::default(),
        }
    }
}

/// A node whose children are being explored.
pub(super) struct Frame {
    pub node: NodeId,
    pub first_step: usize,
    pub candidates: Range<usize>,
    pub next: usize,
    /// Backjumping: the earlier choices that are to blame for the options that failed so far.
    pub conflict: VariableSet,
}

impl Frame {
    /// Notes that an option of this node's choice, with this bit, failed because of these choices. If the bit is not among them, no other option can help. If
    /// the bit is not known, any choice may be to blame.
    pub(super) fn fail(&mut self, bit: Option<VariableSet>, conflict: VariableSet) {
        match bit {
            None => self.conflict = VariableSet::ALL,
            Some(bit) if conflict.meets(bit) => self.conflict |= conflict & !bit,
            Some(_) => {
                self.conflict = conflict;
                self.next = self.candidates.end;
            }
        }
    }
}

/// An open node. Its state is set only if the settings break ties by state.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Open<S: Ord> {
    pub key: Cost,
    pub state: Option<S>,
    pub tie: u64,
    pub node: NodeId,
}

impl<S: Ord> Ord for Open<S> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key).then_with(|| self.state.cmp(&other.state)).then_with(|| self.tie.cmp(&other.tie))
    }
}

impl<S: Ord> PartialOrd for Open<S> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The node that reached each position, first or at the least cost so far.
pub(super) struct Reached<S> {
    /// By number of the position, if positions are numbered: the run that wrote the entry, and the node.
    numbered: Vec<(u32, NodeId)>,
    run: u32,
    /// By the position itself otherwise.
    hashed: HashMap<S, NodeId, FxBuildHasher>,
}

impl<S> Default for Reached<S> {
    fn default() -> Self {
        Reached { numbered: Vec::new(), run: 0, hashed: HashMap::default() }
    }
}

/// Most positions with an entry each: half a megabyte, which a processor keeps at hand. If there are more, positions are hashed.
const MOST_NUMBERED: usize = 1 << 16;

impl<S: Hash + Eq> Reached<S> {
    /// Removes all entries.
    pub(super) fn clear(&mut self, positions: Option<usize>) {
        self.hashed.clear();
        let positions = positions.filter(|&positions| positions <= MOST_NUMBERED).unwrap_or(0);
        self.run = self.run.wrapping_add(1);
        if self.run == 0 || self.numbered.len() < positions {
            self.run = 1;
            self.numbered.clear();
            self.numbered.resize(positions, (0, 0));
        }
    }

    /// Whether positions are found by their numbers.
    #[inline]
    fn is_numbered<E: Complete<State = S>>(&self, puzzle: &E) -> bool {
        puzzle.index_bound().is_some_and(|positions| positions <= self.numbered.len())
    }

    /// The node that reached a position, if there is one.
    #[inline]
    pub(super) fn get<E: Complete<State = S>>(&self, puzzle: &E, state: &S) -> Option<NodeId> {
        if self.is_numbered(puzzle) {
            let (run, node) = self.numbered[puzzle.index(state)];
            return (run == self.run).then_some(node);
        }
        self.hashed.get(&puzzle.key_state(state)).copied()
    }

    /// Removes a position.
    #[inline]
    pub(super) fn forget<E: Complete<State = S>>(&mut self, puzzle: &E, state: &S) {
        if self.is_numbered(puzzle) {
            // No run has the number 0.
            self.numbered[puzzle.index(state)].0 = 0;
        } else {
            self.hashed.remove(&puzzle.key_state(state));
        }
    }

    /// The node that reached a position. If there is none, it notes `node` and returns none.
    #[inline]
    pub(super) fn first<E: Complete<State = S>>(&mut self, puzzle: &E, state: &S, node: NodeId) -> Option<NodeId> {
        if self.is_numbered(puzzle) {
            let entry = &mut self.numbered[puzzle.index(state)];
            if entry.0 == self.run {
                return Some(entry.1);
            }
            *entry = (self.run, node);
            return None;
        }
        match self.hashed.entry(puzzle.key_state(state)) {
            Entry::Occupied(entry) => Some(*entry.get()),
            Entry::Vacant(entry) => {
                entry.insert(node);
                None
            }
        }
    }

    /// Notes another node for a position that was reached before.
    #[inline]
    pub(super) fn replace<E: Complete<State = S>>(&mut self, puzzle: &E, state: &S, node: NodeId) {
        if self.is_numbered(puzzle) {
            self.numbered[puzzle.index(state)] = (self.run, node);
        } else {
            self.hashed.insert(puzzle.key_state(state), node);
        }
    }
}

/// The buffers of best-first searches.
pub(super) struct Buffers<E: Complete> {
    pub open: BinaryHeap<Reverse<Open<E::State>>>,
    /// By node of the trace.
    pub costs: Vec<Costs>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Costs {
    /// Cost from the root.
    pub g: Cost,
    /// Estimate of the state.
    pub h: Cost,
}

impl<E: Complete> Default for Buffers<E> {
    fn default() -> Self {
        Buffers { open: BinaryHeap::new(), costs: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use sos_envs::{Draw, Environment, Maze, SearchSupport};

    use super::*;

    #[test]
    fn positions_are_remembered_alike_by_number_and_by_themselves() {
        let mut draw = Draw::new(5, "reached");
        let maze = (0..100).find_map(|_| Maze::generate(&Maze::levels()[0], &mut draw).ok()).unwrap();
        let mut states = vec![maze.start()];
        let mut steps = Vec::new();
        for at in 0..20 {
            steps.clear();
            maze.successors(&states[at], &mut steps);
            states.extend(steps.iter().map(|step| step.state));
        }
        let (mut numbered, mut hashed) = (Reached::default(), Reached::default());
        for run in 0..3 {
            numbered.clear(maze.index_bound());
            hashed.clear(None);
            assert!(numbered.is_numbered(&maze) && !hashed.is_numbered(&maze));
            for node in 0..400 {
                let state = draw.choose(&states).unwrap();
                match draw.index(4) {
                    0 => [&mut numbered, &mut hashed].into_iter().for_each(|reached| reached.forget(&maze, state)),
                    1 => [&mut numbered, &mut hashed].into_iter().for_each(|it| it.replace(&maze, state, node)),
                    2 => assert_eq!(numbered.get(&maze, state), hashed.get(&maze, state), "{run} {node}"),
                    _ => {
                        assert_eq!(numbered.first(&maze, state, node), hashed.first(&maze, state, node), "{run} {node}")
                    }
                }
            }
        }
    }
}
