//! Sorting. It is much code, and every environment compiles all searches, so sorting is compiled here once for all of them.

use std::cmp::Ordering;

use sos_envs::{Conflict, Cost};

use super::scratch::Candidate;
use crate::trace::NodeId;

/// Sorts candidates by estimate, then by tie; stable.
pub(super) fn by_estimate(candidates: &mut [Candidate]) {
    candidates.sort_by_key(|candidate| (candidate.h, candidate.tie));
}

/// Sorts candidates by `compare`; stable.
pub(super) fn candidates_by(candidates: &mut [Candidate], compare: &mut dyn FnMut(&Candidate, &Candidate) -> Ordering) {
    candidates.sort_by(compare);
}

/// Sorts nodes by estimate; stable.
pub(super) fn nodes_by_estimate(nodes: &mut [(Cost, NodeId)]) {
    nodes.sort_by_key(|node| node.0);
}

/// Sorts conflicts by variable; stable.
pub(super) fn conflicts_by_variable(conflicts: &mut [Conflict]) {
    conflicts.sort_by_key(|conflict| conflict.variable);
}

/// The numbers below `len` in the order of `compare`; stable.
pub(super) fn order_by(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|&a, &b| compare(a, b));
    order
}

/// The elements in the order of these indices.
pub(super) fn arranged<T: Clone>(things: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&at| things[at].clone()).collect()
}
