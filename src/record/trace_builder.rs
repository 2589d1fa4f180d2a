//! Traces that are made move by move and not by a search. A walk continues from its current node, and can return to others.

use crate::arena::Puzzle;
use crate::trace::{EventKind, MoveId, NO_NODE, Node, NodeId, StateId, Trace};

/// A trace under construction.
#[derive(Clone)]
pub struct TraceBuilder<'a> {
    puzzle: &'a Puzzle,
    /// The trace so far.
    pub trace: Trace,
    /// The current node.
    pub at: NodeId,
    /// For each node the number of its next child.
    ordinals: Vec<u32>,
}

impl<'a> TraceBuilder<'a> {
    /// A trace that starts at the start.
    pub fn new(puzzle: &'a Puzzle) -> Self {
        let mut trace = Trace::default();
        let at = trace.add_root(puzzle.start());
        trace.push(EventKind::Visit, at);
        TraceBuilder { puzzle, trace, at, ordinals: vec![0] }
    }

    /// Continues a trace at one of its nodes.
    pub fn resume(puzzle: &'a Puzzle, trace: Trace, at: NodeId) -> Self {
        let mut ordinals = vec![0; trace.nodes.len()];
        for node in &trace.nodes {
            if let Some(next) = ordinals.get_mut(node.parent as usize) {
                *next = node.ordinal.saturating_add(1).max(*next);
            }
        }
        TraceBuilder { puzzle, trace, at, ordinals }
    }

    /// The state of the current node.
    pub fn state(&self) -> StateId {
        self.trace.nodes[self.at as usize].state
    }

    /// Generates a child by a move, without going there. None if the move is illegal.
    pub fn generate(&mut self, action: MoveId) -> Option<NodeId> {
        let (action, state, _) = self.puzzle.apply(self.state(), action)?;
        Some(self.claim(action, state))
    }

    /// Generates a child with a move and a state that may be wrong.
    pub fn claim(&mut self, action: MoveId, state: StateId) -> NodeId {
        let Node { depth, .. } = self.trace.nodes[self.at as usize];
        let ordinal = self.ordinals[self.at as usize];
        self.ordinals[self.at as usize] += 1;
        self.ordinals.push(0);
        let node = Node { parent: self.at, ordinal, depth: depth + 1, state, action: Some(action), g: None, h: None };
        let child = self.trace.add(node);
        self.trace.push(EventKind::Generate, child);
        child
    }

    /// Opens a child that was just generated, and goes there.
    pub fn enter(&mut self, child: NodeId) {
        self.trace.push(EventKind::Open, child);
        self.go(child);
    }

    /// Goes to an opened node.
    pub fn go(&mut self, node: NodeId) {
        self.trace.push(EventKind::MoveTo, node);
        self.trace.push(EventKind::Visit, node);
        self.at = node;
    }

    /// Takes a move, to an open child or to a new one. False if it is illegal.
    pub fn step(&mut self, action: MoveId) -> bool {
        let Some((right, state, _)) = self.puzzle.apply(self.state(), action) else { return false };
        let open = self.open_nodes().into_iter().find(|&id| {
            let node = &self.trace.nodes[id as usize];
            node.parent == self.at && node.action == Some(right) && node.state == state
        });
        match open {
            Some(child) => self.go(child),
            None => {
                let child = self.claim(right, state);
                self.enter(child);
            }
        }
        true
    }

    /// Takes a move outside a solution. It goes to the child if the child has moves; otherwise the child is called a dead end. False if the move is illegal.
    pub fn wander(&mut self, action: MoveId) -> bool {
        let Some((right, state, _)) = self.puzzle.apply(self.state(), action) else { return false };
        if self.puzzle.is_terminal(state) {
            let child = self.claim(right, state);
            self.trace.push(EventKind::DeadEnd, child);
            return true;
        }
        self.step(action)
    }

    /// The nodes that were opened, and neither visited nor dropped. Control may go there from anywhere.
    pub fn open_nodes(&self) -> Vec<NodeId> {
        let mut open = vec![false; self.trace.nodes.len()];
        for event in &self.trace.events {
            let Some(open) = open.get_mut(event.node as usize) else { continue };
            match event.kind {
                EventKind::Open => *open = true,
                EventKind::Generate | EventKind::Bound | EventKind::Meet | EventKind::MoveTo => {}
                _ => *open = false,
            }
        }
        (0..).zip(open).filter(|(_, open)| *open).map(|(id, _)| id).collect()
    }

    /// Takes moves to the goal. The last one is called a goal when it is generated. False if a move is illegal.
    pub fn finish(&mut self, moves: &[MoveId]) -> bool {
        let Some((last, before)) = moves.split_last() else {
            self.trace.push(EventKind::Goal, self.at);
            return true;
        };
        if !before.iter().all(|action| self.step(*action)) {
            return false;
        }
        let Some(child) = self.generate(*last) else { return false };
        self.trace.push(EventKind::Goal, child);
        true
    }

    /// States that there is no solution.
    pub fn give_up(&mut self) {
        self.trace.push(EventKind::Unsolvable, NO_NODE);
    }
}
