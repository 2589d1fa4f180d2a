//! Heuristics, as tables with the estimate of every node.

use std::sync::Arc;

use super::paths::{UNREACHED, backwards, settle};
use super::{Edge, Graph, Node};
use crate::about::HeuristicSpec;
use crate::environment::Cost;

pub const SPECS: &[HeuristicSpec] = &[
    HeuristicSpec::consistent(
        "landmark",
        "triangle inequality over up to 4 landmarks far from each other (ALT, Goldberg and Harrelson 2005)",
    ),
    HeuristicSpec::consistent(
        "manhattan",
        "rows and columns to the goal; 0 where the graph has no coordinates or an edge is shorter than its ends are apart",
    ),
    HeuristicSpec::consistent(
        "straight-line",
        "straight distance to the goal, rounded up; 0 where there are no coordinates or an edge is shorter than it",
    ),
    HeuristicSpec {
        name: "degree",
        admissible: false,
        consistent: false,
        help: "fewer edges than the best connected node: hubs first; may say too much",
    },
];

const LANDMARK: usize = 0;
const MANHATTAN: usize = 1;
const STRAIGHT_LINE: usize = 2;

/// The estimates of a heuristic, by node.
pub fn table(graph: &Graph, heuristic: usize) -> Arc<[Cost]> {
    match heuristic {
        LANDMARK => landmarks(graph),
        MANHATTAN => by_coordinates(graph, |a, b| across(a, b).0 + across(a, b).1),
        STRAIGHT_LINE => by_coordinates(graph, |a, b| rounded_up_root(squared(a, b))),
        _ => degrees(graph),
    }
}

fn across(a: (u32, u32), b: (u32, u32)) -> (u64, u64) {
    (a.0.abs_diff(b.0).into(), a.1.abs_diff(b.1).into())
}

fn squared(a: (u32, u32), b: (u32, u32)) -> u64 {
    let (x, y) = across(a, b);
    x * x + y * y
}

fn rounded_up_root(square: u64) -> u64 {
    let root = square.isqrt();
    if root * root == square { root } else { root + 1 }
}

/// The length of an edge between two points, rounded up.
pub fn length(a: (u32, u32), b: (u32, u32)) -> u64 {
    rounded_up_root(squared(a, b))
}

/// Distance to the nearest goal by a metric. It requires that every edge weighs at least the metric between its ends. Then no path is cheaper than the metric,
/// and a step cannot lower it by more than its weight. Otherwise all estimates are 0.
fn by_coordinates(graph: &Graph, metric: impl Fn((u32, u32), (u32, u32)) -> u64) -> Arc<[Cost]> {
    let none = || vec![0; graph.nodes()].into();
    let Some(coordinates) = &graph.coordinates else { return none() };
    let at = |node: Node| coordinates.get(node.index()).copied().unwrap_or_default();
    let fits = |edge: &Edge| u64::from(edge.weight) >= metric(at(edge.from), at(edge.to));
    if !graph.edges.iter().all(fits) {
        return none();
    }
    let nearest = |&here: &(u32, u32)| graph.goals.iter().map(|&goal| metric(here, at(goal))).min().unwrap_or(0);
    coordinates.iter().map(nearest).collect()
}

fn degrees(graph: &Graph) -> Arc<[Cost]> {
    let degree = |index: usize| u16::try_from(index).map_or(0, |node| graph.arrows.of(Node(node)).len());
    let most = (0..graph.nodes()).map(degree).max().unwrap_or(0);
    (0..graph.nodes()).map(|index| (most - degree(index)) as Cost).collect()
}

const LANDMARKS: usize = 4;

/// Distances from and to a landmark, by node.
struct Landmark {
    from: Vec<Cost>,
    to: Vec<Cost>,
}

/// Landmarks far from the start and from each other. Goals are excluded, since they would give the answer away.
fn choose_landmarks(graph: &Graph) -> Vec<Landmark> {
    let reverse = backwards(graph);
    let mut nearest = settle(&graph.arrows, &[graph.start]).distances;
    let mut chosen = Vec::new();
    while chosen.len() < LANDMARKS {
        let reached = (0..graph.nodes()).filter(|&i| nearest[i] != UNREACHED && (nearest[i] > 0 || chosen.is_empty()));
        let free = reached.filter_map(|i| u16::try_from(i).ok()).map(Node).filter(|node| !graph.goals.contains(node));
        let Some(node) = free.rev().max_by_key(|node| nearest[node.index()]) else { break };
        let from = settle(&graph.arrows, &[node]).distances;
        let to = settle(&reverse, &[node]).distances;
        for (known, &distance) in nearest.iter_mut().zip(&from) {
            *known = (*known).min(distance);
        }
        chosen.push(Landmark { from, to });
    }
    chosen
}

/// For each node: the greatest bound of the landmarks for each goal, and the least of these.
fn landmarks(graph: &Graph) -> Arc<[Cost]> {
    let landmarks = choose_landmarks(graph);
    // A bound above any path, for nodes that a landmark proves to be cut off. It keeps the bounds consistent.
    let beyond = graph.edges.iter().fold(1, |sum, edge| sum + Cost::from(edge.weight));
    let bound = |far: Cost, near: Cost| match (far, near) {
        (_, UNREACHED) => 0,
        (UNREACHED, _) => beyond,
        (far, near) => far.saturating_sub(near),
    };
    let by_goal = |node: usize, goal: Node| {
        let both = |l: &Landmark| {
            // d(landmark, goal) <= d(landmark, node) + d(node, goal), and d(node, landmark) <= d(node, goal) + d(goal, landmark).
            bound(l.from[goal.index()], l.from[node]).max(bound(l.to[node], l.to[goal.index()]))
        };
        landmarks.iter().map(both).max().unwrap_or(0)
    };
    (0..graph.nodes()).map(|node| graph.goals.iter().map(|&goal| by_goal(node, goal)).min().unwrap_or(0)).collect()
}
