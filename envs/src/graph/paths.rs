//! Exact distances.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Arrows, Edge, Graph, Node};
use crate::environment::{Cost, SolverFacts};

/// The distance of nodes that cannot be reached.
pub const UNREACHED: Cost = Cost::MAX;

/// Distances from the nearest source, and the nodes in the order in which they were settled.
pub struct Settled {
    pub distances: Vec<Cost>,
    pub order: Vec<Node>,
}

/// Dijkstra's algorithm, or breadth-first search if every edge weighs 1.
pub fn settle(arrows: &Arrows, sources: &[Node]) -> Settled {
    if arrows.unit { hops(arrows, sources) } else { dijkstra(arrows, sources) }
}

/// Numbers of edges from the nearest source.
pub fn hops(arrows: &Arrows, sources: &[Node]) -> Settled {
    let mut distances = vec![UNREACHED; arrows.nodes()];
    let mut order = Vec::with_capacity(arrows.nodes());
    for &source in sources {
        if distances[source.index()] == UNREACHED {
            distances[source.index()] = 0;
            order.push(source);
        }
    }
    let mut next = 0;
    while let Some(&node) = order.get(next) {
        next += 1;
        let distance = distances[node.index()] + 1;
        for arrow in arrows.of(node) {
            let known = &mut distances[arrow.to.index()];
            if *known == UNREACHED {
                *known = distance;
                order.push(arrow.to);
            }
        }
    }
    Settled { distances, order }
}

fn dijkstra(arrows: &Arrows, sources: &[Node]) -> Settled {
    let mut distances = vec![UNREACHED; arrows.nodes()];
    let mut order = Vec::with_capacity(arrows.nodes());
    let mut open = BinaryHeap::with_capacity(arrows.nodes());
    for &source in sources {
        if std::mem::replace(&mut distances[source.index()], 0) == UNREACHED {
            open.push(Reverse((0, source)));
        }
    }
    while let Some(Reverse((distance, node))) = open.pop() {
        if distance > distances[node.index()] {
            continue;
        }
        order.push(node);
        for arrow in arrows.of(node) {
            let through = distance + Cost::from(arrow.weight);
            let known = &mut distances[arrow.to.index()];
            if through < *known {
                *known = through;
                open.push(Reverse((through, arrow.to)));
            }
        }
    }
    Settled { distances, order }
}

/// The edges in reverse direction.
pub fn backwards(graph: &Graph) -> std::borrow::Cow<'_, Arrows> {
    if !graph.directed {
        return std::borrow::Cow::Borrowed(&graph.arrows);
    }
    let edges: Vec<Edge> = graph.edges.iter().map(|edge| edge.reversed()).collect();
    std::borrow::Cow::Owned(Arrows::new(graph.nodes(), true, &edges))
}

/// The distance of every node to the nearest goal.
pub fn to_goals(graph: &Graph) -> Vec<Cost> {
    settle(&backwards(graph), &graph.goals).distances
}

/// Whether a goal can be reached.
pub fn within_reach(graph: &Graph) -> bool {
    let steps = hops(&graph.arrows, &[graph.start]).distances;
    graph.goals.iter().any(|goal| steps[goal.index()] != UNREACHED)
}

/// Number of cheapest paths from the source of a settled search to each node. Weights are at least 1, so the cheapest paths are simple, and all nodes before a
/// node are settled before it.
fn count_cheapest(arrows: &Arrows, settled: &Settled, source: Node) -> Vec<u64> {
    let mut counts = vec![0u64; arrows.nodes()];
    counts[source.index()] = 1;
    for &node in &settled.order {
        let (count, distance) = (counts[node.index()], settled.distances[node.index()]);
        for arrow in arrows.of(node) {
            if settled.distances[arrow.to.index()] == distance + Cost::from(arrow.weight) {
                let through = &mut counts[arrow.to.index()];
                *through = through.saturating_add(count);
            }
        }
    }
    counts
}

/// The solver facts, as the module's documentation defines them.
pub fn facts(graph: &Graph) -> SolverFacts {
    let settled = settle(&graph.arrows, &[graph.start]);
    let distance = |node: &Node| settled.distances[node.index()];
    let optimal = graph.goals.iter().map(distance).min().filter(|&cost| cost != UNREACHED);
    let expanded = settled.order.iter().filter(|&node| optimal.is_none_or(|cost| distance(node) <= cost)).count();
    let solutions = optimal.map_or(0, |cost| {
        let counts = count_cheapest(&graph.arrows, &settled, graph.start);
        let nearest = graph.goals.iter().filter(|&goal| distance(goal) == cost);
        nearest.fold(0u64, |sum, goal| sum.saturating_add(counts[goal.index()]))
    });
    SolverFacts {
        solvable: optimal.is_some(),
        optimal_cost: optimal,
        solutions: Some(solutions),
        difficulty: Some(expanded as u64),
    }
}
