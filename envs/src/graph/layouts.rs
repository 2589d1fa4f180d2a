//! The edges of each layout, over nodes 0, 1, 2 …. Nodes are renumbered at random afterwards.

use super::config::{BarabasiAlbert, ErdosRenyi, Grid, LayeredDag, Layout, PathStar, RandomGeometric, RandomTree};
use super::{Arrows, Config, Edge, Node, heuristics, paths};
use crate::draw::Draw;
use crate::environment::Reject;

/// A graph under construction.
#[derive(Default)]
pub struct Sketch {
    pub nodes: usize,
    pub edges: Vec<Edge>,
    pub coordinates: Option<Vec<(u32, u32)>>,
    /// Start and goals, if the layout determines them.
    pub ends: Option<(Node, Vec<Node>)>,
}

fn edge(from: usize, to: usize) -> Edge {
    Edge { from: Node(from as u16), to: Node(to as u16), weight: 1 }
}

/// Draws the edges and their weights.
pub fn sketch(config: &Config, draw: &mut Draw) -> Result<Sketch, Reject> {
    let directed = config.is_directed();
    let mut sketch = match &config.layout {
        Layout::ErdosRenyi(layout) => erdos_renyi(layout, directed, draw),
        Layout::RandomGeometric(layout) => random_geometric(layout, draw),
        Layout::LayeredDag(layout) => layered_dag(layout, draw),
        Layout::PathStar(layout) => path_star(layout, draw),
        Layout::RandomTree(layout) => random_tree(layout, directed, draw),
        Layout::Grid(layout) => grid(layout, draw)?,
        Layout::BarabasiAlbert(layout) => barabasi_albert(layout, draw),
    };
    if sketch.edges.len() > super::MAX_EDGES {
        return Err(Reject);
    }
    let by_chance = matches!(config.layout, Layout::RandomGeometric(_) | Layout::Grid(_) | Layout::BarabasiAlbert(_));
    if directed && by_chance {
        for edge in sketch.edges.iter_mut().filter(|_| draw.chance(1, 2)) {
            *edge = edge.reversed();
        }
    }
    for edge in sketch.edges.iter_mut().filter(|_| config.weights.max > 1) {
        // The edge already has its length or 1 as its weight.
        edge.weight += draw.between(config.weights.min, config.weights.max) as u32 - 1;
    }
    Ok(sketch)
}

fn erdos_renyi(layout: &ErdosRenyi, directed: bool, draw: &mut Draw) -> Sketch {
    let nodes = layout.nodes.draw(draw);
    let mut edges = Vec::new();
    for from in 0..nodes {
        let first = if directed { 0 } else { from + 1 };
        edges.extend(
            (first..nodes).filter(|&to| to != from && draw.chance(layout.edge_percent, 100)).map(|to| edge(from, to)),
        );
    }
    Sketch { nodes, edges, ..Sketch::default() }
}

fn random_geometric(layout: &RandomGeometric, draw: &mut Draw) -> Sketch {
    let nodes = layout.nodes.draw(draw);
    let mut point = || (draw.between(0, layout.side) as u32, draw.between(0, layout.side) as u32);
    let points: Vec<(u32, u32)> = (0..nodes).map(|_| point()).collect();
    let mut edges = Vec::new();
    for (from, &here) in points.iter().enumerate() {
        for (to, &there) in points.iter().enumerate().skip(from + 1) {
            // The rounded-up length is within the radius exactly if the distance is.
            let length = heuristics::length(here, there);
            if length <= layout.radius {
                let weight = if layout.lengths { length.max(1) as u32 } else { 1 };
                edges.push(Edge { weight, ..edge(from, to) });
            }
        }
    }
    Sketch { nodes, edges, coordinates: Some(points), ends: None }
}

/// Joins a layer to the one before: each node to one random node, and to others with a probability.
fn join(before: &[usize], layer: &[usize], percent: u64, draw: &mut Draw, edges: &mut Vec<Edge>) {
    for &node in layer {
        let parent = draw.index(before.len());
        edges.push(edge(before[parent], node));
        for (place, &other) in before.iter().enumerate() {
            if place != parent && draw.chance(percent, 100) {
                edges.push(edge(other, node));
            }
        }
    }
}

fn layered_dag(layout: &LayeredDag, draw: &mut Draw) -> Sketch {
    let mut edges = Vec::new();
    // The two roots. Then, layer by layer, the nodes of the goal's side and of the distractor's side.
    let mut nodes = 2;
    let (mut own, mut other) = (vec![0], vec![1]);
    for _ in 0..layout.depth.draw(draw) {
        let mut layer = || {
            let begin = nodes;
            nodes += layout.width.draw(draw);
            (begin..nodes).collect::<Vec<usize>>()
        };
        let (next_own, next_other) = (layer(), layer());
        join(&own, &next_own, layout.edge_percent, draw, &mut edges);
        join(&other, &next_other, layout.edge_percent, draw, &mut edges);
        for &from in &other {
            for &to in &next_own {
                if draw.chance(layout.edge_percent, 200) {
                    edges.push(edge(from, to));
                }
            }
        }
        (own, other) = (next_own, next_other);
    }
    let mut goals = vec![Node(own[draw.index(own.len())] as u16), Node(other[draw.index(other.len())] as u16)];
    draw.shuffle(&mut goals);
    Sketch { nodes, edges, coordinates: None, ends: Some((Node(0), goals)) }
}

fn path_star(layout: &PathStar, draw: &mut Draw) -> Sketch {
    let (degree, steps) = (layout.degree as usize, layout.arm_length as usize - 1);
    let mut edges = Vec::with_capacity(degree * steps);
    for arm in 0..degree {
        let first = 1 + arm * steps;
        edges.push(edge(0, first));
        edges.extend((first..first + steps - 1).map(|node| edge(node, node + 1)));
    }
    let goal = Node(((1 + draw.index(degree)) * steps) as u16);
    Sketch { nodes: layout.labels as usize, edges, coordinates: None, ends: Some((Node(0), vec![goal])) }
}

/// Decodes a Prüfer sequence, which is drawn first.
fn random_tree(layout: &RandomTree, directed: bool, draw: &mut Draw) -> Sketch {
    let nodes = layout.nodes.draw(draw);
    let sequence: Vec<usize> = (2..nodes).map(|_| draw.index(nodes)).collect();
    let mut degrees = vec![1u32; nodes];
    sequence.iter().for_each(|&node| degrees[node] += 1);
    let mut edges = Vec::with_capacity(nodes - 1);
    // The least leaf is either the next one in order or the node that just became a leaf.
    let mut next = 0;
    let mut leaf = None;
    for &parent in &sequence {
        let child = leaf.take().unwrap_or_else(|| {
            while degrees[next] != 1 {
                next += 1;
            }
            next += 1;
            next - 1
        });
        edges.push(edge(parent, child));
        degrees[child] = 0;
        degrees[parent] -= 1;
        if degrees[parent] == 1 && parent < next {
            leaf = Some(parent);
        }
    }
    let mut last = (0..nodes).filter(|&node| degrees[node] == 1);
    if let (Some(a), Some(b)) = (last.next(), last.next()) {
        edges.push(edge(b, a));
    }
    if directed {
        let depths = paths::hops(&Arrows::new(nodes, false, &edges), &[Node(0)]).distances;
        for edge in &mut edges {
            if depths[edge.from.index()] > depths[edge.to.index()] {
                *edge = edge.reversed();
            }
        }
    }
    Sketch { nodes, edges, ..Sketch::default() }
}

fn grid(layout: &Grid, draw: &mut Draw) -> Result<Sketch, Reject> {
    let (rows, columns) = (layout.rows.draw(draw), layout.columns.draw(draw));
    let mut sketch = Sketch::default();
    let mut points = Vec::new();
    // The nodes of the row above, by column. The current row overwrites them.
    let mut above: Vec<Option<usize>> = vec![None; columns];
    for row in 0..rows {
        let mut left: Option<usize> = None;
        for (column, up) in above.iter_mut().enumerate() {
            let here = (!draw.chance(layout.holes_percent, 100)).then_some(points.len());
            if let Some(here) = here {
                points.push((column as u32, row as u32));
                sketch.edges.extend([left, *up].into_iter().flatten().map(|there| edge(there, here)));
            }
            (left, *up) = (here, here);
        }
    }
    sketch.nodes = points.len();
    sketch.coordinates = Some(points);
    if sketch.nodes < 2 { Err(Reject) } else { Ok(sketch) }
}

fn barabasi_albert(layout: &BarabasiAlbert, draw: &mut Draw) -> Sketch {
    let (nodes, brings) = (layout.nodes.draw(draw), layout.attachments as usize);
    let mut edges: Vec<Edge> = (1..=brings).map(|leaf| edge(0, leaf)).collect();
    // Every node, as often as it has edges.
    let mut ends: Vec<usize> = (1..=brings).flat_map(|leaf| [0, leaf]).collect();
    let mut chosen = Vec::with_capacity(brings);
    for node in brings + 1..nodes {
        chosen.clear();
        // Repeated draws are drawn again. After many, the next free nodes are taken, so that it ends.
        for _ in 0..brings * 64 {
            let other = ends[draw.index(ends.len())];
            if chosen.len() < brings && !chosen.contains(&other) {
                chosen.push(other);
            }
            if chosen.len() == brings {
                break;
            }
        }
        let missing = brings - chosen.len();
        let free: Vec<usize> =
            (0..node).filter(|_| missing > 0).filter(|n| !chosen.contains(n)).take(missing).collect();
        chosen.extend(free);
        for &other in &chosen {
            edges.push(edge(node, other));
            ends.extend([node, other]);
        }
    }
    Sketch { nodes, edges, ..Sketch::default() }
}
