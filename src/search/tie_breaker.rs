//! A tie breaker decides what a search leaves to chance, and watches: so a search can be run again along a trace whose random stream is
//! not known, and stopped as soon as it does something else.

use sos_envs::{Cost, Step};

use crate::trace::{MoveId, NodeId, StateId, Trace};

/// Decides ties instead of the random stream. Searches ask only where the settings leave something to chance; less comes first.
pub trait TieBreaker<S = StateId, M = MoveId> {
    /// Asked before every expansion, with the trace so far: whether to go on.
    fn goes_on(&mut self, trace: &Trace<S, M>) -> bool;

    /// A rank for each step out of a node, in the order of the steps; `ranks` is empty.
    fn rank_children(&mut self, trace: &Trace<S, M>, parent: NodeId, steps: &[Step<M, S>], ranks: &mut Vec<u32>);

    /// A rank for a node that waits to be visited.
    fn rank_visit(&mut self, trace: &Trace<S, M>, node: NodeId) -> u32;

    /// The move that makes the child of this number; none where there is no such child.
    fn child_move(&mut self, trace: &Trace<S, M>, parent: NodeId, ordinal: u32) -> Option<M>;

    /// Whether a node that may be visited next is, where that is left to chance.
    fn visits(&mut self, trace: &Trace<S, M>, node: NodeId) -> bool;

    /// A node was put on the open list under a key.
    fn opened(&mut self, _node: NodeId, _key: Cost) {}
}
