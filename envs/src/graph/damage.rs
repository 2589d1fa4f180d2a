//! Damage to states and moves of graph search.

use super::{Edge, Graph, MAX_WEIGHT, Node};
use crate::prelude::*;

/// Another node: an end of some edge, so that it looks plausible; any node if there are no edges.
fn other(graph: &Graph, node: Node, draw: &mut Draw) -> Option<Node> {
    if let Some(edge) = draw.choose(&graph.edges) {
        let (end, far) = if draw.chance(1, 2) { (edge.from, edge.to) } else { (edge.to, edge.from) };
        return Some(if end == node { far } else { end });
    }
    let others = graph.nodes().checked_sub(1).filter(|&others| others > 0)?;
    let index = draw.index(others);
    Some(Node(u16::try_from(if index < node.index() { index } else { index + 1 }).ok()?))
}

impl Damage for Graph {
    fn apply_as_claimed(&self, state: &Node, action: Edge) -> Option<(Node, Cost)> {
        self.apply(state, action)?;
        Some((action.to, Cost::from(action.weight)))
    }

    /// A state is a single node: it cannot be lost, and a second one cannot be written.
    fn damage_state(&self, &state: &Node, how: DamageKind, draw: &mut Draw) -> Option<Node> {
        match how {
            DamageKind::Change => other(self, state, draw).filter(|&damaged| damaged != state),
            DamageKind::Lose | DamageKind::Invent => None,
        }
    }

    /// Another weight, mostly off by a little. An unweighted edge makes no claim.
    fn damage_claim(&self, action: Edge, draw: &mut Draw) -> Option<Edge> {
        if !self.is_weighted() {
            return None;
        }
        let offset = if draw.chance(3, 4) { 1 + draw.below(3) } else { 1 + draw.below(10) } as u32;
        let less = action.weight.checked_sub(offset).filter(|&weight| weight > 0);
        let more = action.weight.checked_add(offset).filter(|&weight| weight <= MAX_WEIGHT);
        let weight = if draw.chance(1, 2) { less.or(more) } else { more.or(less) }?;
        Some(Edge { weight, ..action })
    }

    /// An edge to a node that is not a neighbour; none if all nodes are.
    fn illegal_move(&self, &state: &Node, draw: &mut Draw) -> Option<(Edge, Node)> {
        let weight = draw.choose(&self.edges).map_or(1, |edge| edge.weight);
        let far = |&to: &Node| to != state && self.arrows.weight(state, to).is_none();
        let likely = other(self, state, draw).filter(far);
        let first = draw.index(self.nodes());
        let mut all = (first..self.nodes()).chain(0..first).filter_map(|index| u16::try_from(index).ok()).map(Node);
        let to = likely.or_else(|| all.find(far))?;
        Some((Edge { from: state, to, weight }, to))
    }
}
