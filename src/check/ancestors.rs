//! Whether a node is an ancestor of another, in logarithmic time, by jump pointers (Myers 1983, "An applicative random-access stack").
//! So checking stays near linear on deep hostile traces.

use crate::trace::{NodeId, Trace};

/// A jump pointer for each node.
pub(super) struct Ancestors {
    jumps: Vec<NodeId>,
}

impl Ancestors {
    /// In the trace, parents must stand before their children; parsers ensure this.
    pub fn new(trace: &Trace) -> Self {
        let mut jumps: Vec<NodeId> = Vec::with_capacity(trace.nodes.len());
        let depth = |id: NodeId| trace.nodes[id as usize].depth;
        for (id, node) in trace.nodes.iter().enumerate() {
            let parent = node.parent as usize;
            let jump = if parent >= id {
                id as NodeId
            } else {
                let first = jumps[parent];
                let second = jumps[first as usize];
                let equal = depth(node.parent) - depth(first) == depth(first) - depth(second);
                if equal { second } else { node.parent }
            };
            jumps.push(jump);
        }
        Ancestors { jumps }
    }

    /// Whether `ancestor` is `node` or an ancestor of it.
    pub fn is_ancestor(&self, trace: &Trace, ancestor: NodeId, mut node: NodeId) -> bool {
        let Some(wanted) = trace.node(ancestor).map(|node| node.depth) else { return false };
        while let Some(here) = trace.node(node) {
            if here.depth <= wanted {
                return node == ancestor;
            }
            let jump = self.jumps[node as usize];
            node = if trace.nodes[jump as usize].depth >= wanted && jump != node { jump } else { here.parent };
        }
        false
    }
}
