//! A tie breaker decides the random choices of a search and watches its trace. So a search can be repeated along a trace with an unknown random stream, and
//! stopped as soon as it differs.

use sos_envs::{Cost, Step};

use crate::trace::{MoveId, NodeId, StateId, Trace};

/// Decides ties instead of the random stream. Searches call it only if the settings leave something to chance. Lower ranks come first.
pub trait TieBreaker<S = StateId, M = MoveId> {
    /// Called before every expansion with the trace so far. Returns whether to go on.
    fn goes_on(&mut self, trace: &Trace<S, M>) -> bool;

    /// Appends a rank for each step out of a node, in the order of the steps. `ranks` is empty at the call.
    fn rank_children(&mut self, trace: &Trace<S, M>, parent: NodeId, steps: &[Step<M, S>], ranks: &mut Vec<u32>);

    /// The rank of a node that waits to be visited.
    fn rank_visit(&mut self, trace: &Trace<S, M>, node: NodeId) -> u32;

    /// The move to the child with this number; none if there is no such child.
    fn child_move(&mut self, trace: &Trace<S, M>, parent: NodeId, ordinal: u32) -> Option<M>;

    /// Whether a node is visited next, if that is a random choice.
    fn visits(&mut self, trace: &Trace<S, M>, node: NodeId) -> bool;

    /// Called when a node is put on the open list with a key.
    fn opened(&mut self, _node: NodeId, _key: Cost) {}
}
