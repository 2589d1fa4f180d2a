//! From a layout to a puzzle: numbers, start and goal, names, the order of the edges. Also the space of small graphs.

use super::layouts::{self, Sketch};
use super::names::Names;
use super::paths::{self, UNREACHED};
use super::{Arrows, Config, Edge, EdgeOrder, ErdosRenyi, Graph, Layout, MAX_NODES, NameStyle, Node, Parts, WORDS};
use crate::draw::Draw;
use crate::environment::Reject;
use crate::environment::twin::mix;
use crate::settings::Solvable;
use crate::splits::Space;

/// Draws a puzzle. It never loops: if nothing fits after a few tries, it rejects.
pub fn generate(config: &Config, draw: &mut Draw) -> Result<Graph, Reject> {
    let mut sketch = layouts::sketch(config, draw)?;
    renumber(&mut sketch, draw);
    let directed = config.is_directed();
    let arrows = Arrows::new(sketch.nodes, directed, &sketch.edges);
    let (start, goals) = match sketch.ends.take() {
        Some((start, goals)) => {
            let steps = nearest(&paths::hops(&arrows, &[start]).distances, &goals);
            if steps.is_some_and(|steps| steps < config.min_path) {
                return Err(Reject);
            }
            (start, goals)
        }
        None => choose_ends(config, &arrows, draw)?,
    };
    if config.solvable == Solvable::No {
        cut(&arrows, directed, &mut sketch.edges, start, &goals, draw);
    }
    Ok(dress(config, sketch, start, goals, draw))
}

/// Renumbers the nodes at random, so that numbers reveal nothing about the layout.
fn renumber(sketch: &mut Sketch, draw: &mut Draw) {
    let mut numbers: Vec<Node> = (0..sketch.nodes.min(MAX_NODES)).map(|i| Node(i as u16)).collect();
    draw.shuffle(&mut numbers);
    let new = |node: Node| numbers[node.index()];
    for edge in &mut sketch.edges {
        *edge = Edge { from: new(edge.from), to: new(edge.to), weight: edge.weight };
    }
    if let Some((start, goals)) = &mut sketch.ends {
        *start = new(*start);
        goals.iter_mut().for_each(|goal| *goal = new(*goal));
    }
    if let Some(coordinates) = &mut sketch.coordinates {
        let old = coordinates.clone();
        for (number, point) in numbers.iter().zip(old) {
            coordinates[number.index()] = point;
        }
    }
}

fn nearest(distances: &[u64], goals: &[Node]) -> Option<u64> {
    goals.iter().map(|goal| distances[goal.index()]).min().filter(|&distance| distance != UNREACHED)
}

/// Number of starts that are tried before a graph is rejected.
const STARTS: usize = 8;

/// Draws a start, and a goal that fits it.
fn choose_ends(config: &Config, arrows: &Arrows, draw: &mut Draw) -> Result<(Node, Vec<Node>), Reject> {
    for _ in 0..STARTS {
        let start = Node(draw.index(arrows.nodes()) as u16);
        if config.solvable != Solvable::Any && arrows.of(start).is_empty() {
            continue;
        }
        let steps = paths::hops(arrows, &[start]).distances;
        let far = |steps: u64| steps != UNREACHED && steps >= config.min_path;
        let goal = match config.solvable {
            Solvable::Yes => one_of(&steps, far, draw),
            Solvable::No => {
                one_of(&steps, |steps| steps == UNREACHED, draw).or_else(|| one_of(&steps, |s| s > 0, draw))
            }
            Solvable::Any => one_of(&steps, |steps| steps == UNREACHED || far(steps), draw),
        };
        if let Some(goal) = goal {
            return Ok((start, vec![goal]));
        }
    }
    Err(Reject)
}

/// A random node whose distance fits.
fn one_of(distances: &[u64], fits: impl Fn(u64) -> bool, draw: &mut Draw) -> Option<Node> {
    let fitting = || (0..distances.len()).filter(|&index| fits(distances[index]));
    let count = fitting().count();
    fitting().nth(draw.index(count)).map(|index| Node(index as u16))
}

/// Cuts the goals off: at a random distance from the start, it removes all edges that lead on to a goal. If no goal can be reached, it removes nothing.
fn cut(arrows: &Arrows, directed: bool, edges: &mut Vec<Edge>, start: Node, goals: &[Node], draw: &mut Draw) {
    let steps = paths::hops(arrows, &[start]).distances;
    let Some(length) = nearest(&steps, goals) else { return };
    let border = if length >= 2 { draw.between(2, length) } else { 1 };
    let inside = |node: Node| steps[node.index()] < border;
    let outer: Vec<Edge> = edges.iter().copied().filter(|edge| !inside(edge.from) && !inside(edge.to)).collect();
    let reversed: Vec<Edge> = outer.iter().map(|edge| Edge { from: edge.to, to: edge.from, ..*edge }).collect();
    let leads_on = paths::hops(&Arrows::new(arrows.nodes(), directed, &reversed), goals).distances;
    let crosses = |from: Node, to: Node| inside(from) && leads_on[to.index()] != UNREACHED;
    edges.retain(|edge| !(crosses(edge.from, edge.to) || !directed && crosses(edge.to, edge.from)));
}

/// Draws the presentation of a graph.
fn dress(config: &Config, sketch: Sketch, start: Node, goals: Vec<Node>, draw: &mut Draw) -> Graph {
    let Sketch { nodes, mut edges, coordinates, .. } = sketch;
    let directed = config.is_directed();
    let names = match config.names {
        NameStyle::Numbers => Names::Numbers,
        NameStyle::Letters => Names::Letters,
        NameStyle::Words => draw_words(nodes, draw),
    };
    match config.edge_order {
        EdgeOrder::Shuffled => {
            draw.shuffle(&mut edges);
            for edge in edges.iter_mut().filter(|_| !directed && draw.chance(1, 2)) {
                *edge = edge.reversed();
            }
        }
        EdgeOrder::Sorted => {
            edges.iter_mut().filter(|_| !directed).for_each(|edge| *edge = edge.ascending());
            edges.sort_unstable();
        }
    }
    Graph::new(Parts { directed, nodes, names, edges, start, goals, coordinates })
}

fn draw_words(nodes: usize, draw: &mut Draw) -> Names {
    let mut words = WORDS;
    for place in 0..nodes.min(words.len()) {
        words.swap(place, place + draw.index(WORDS.len() - place));
    }
    Names::of_list(words.iter().take(nodes).map(|word| word.as_bytes())).unwrap_or(Names::Letters)
}

/// Greatest number of bits in a space of graphs, one for every possible edge.
const MOST_EDGES: u64 = 90;

/// The enumerable settings: unweighted Erdős–Rényi graphs of one size with an edge probability near one half, and no conditions that most graphs fail. The
/// farther the probability is from one half, the more candidates are rejected.
fn enumerable(config: &Config) -> Option<(&ErdosRenyi, u64, u64)> {
    let Layout::ErdosRenyi(layout) = &config.layout else { return None };
    let nodes = layout.nodes.max();
    let possible = nodes * (nodes - 1) / if config.is_directed() { 1 } else { 2 };
    let near = match layout.edge_percent {
        50 => possible <= MOST_EDGES,
        40..=60 => possible <= 20,
        _ => false,
    };
    let easy = config.min_path <= 2 && config.solvable != Solvable::No && config.weights.max == 1;
    (layout.nodes.min() == nodes && near && easy).then_some((layout, nodes, possible))
}

/// The space of small graphs: every set of edges with every start and goal.
pub fn space(config: &Config) -> Option<Space> {
    let (_, nodes, possible) = enumerable(config)?;
    Some(Space { strata: 1, size: (1u128 << possible) * u128::from(nodes * (nodes - 1)) })
}

/// The candidate at an index. Candidates are equally likely, so some are rejected to give every edge its probability.
pub fn at(config: &Config, stratum: u64, index: u128, draw: &mut Draw) -> Result<Graph, Reject> {
    let (layout, nodes, possible) = enumerable(config).filter(|_| stratum == 0).ok_or(Reject)?;
    let (start, rest) = ((index % u128::from(nodes)) as u16, index / u128::from(nodes));
    let (goal, mask) = ((rest % u128::from(nodes - 1)) as u16, rest / u128::from(nodes - 1));
    let goal = if goal < start { goal } else { goal + 1 };
    if mask >> possible != 0 {
        return Err(Reject);
    }
    let directed = config.is_directed();
    let ends = |from: u16| (if directed { 0 } else { from + 1 }..nodes as u16).filter(move |&to| to != from);
    let pairs = (0..nodes as u16).flat_map(|from| ends(from).map(move |to| (Node(from), Node(to))));
    let mut edges = Vec::new();
    let (with, without) = (layout.edge_percent, 100 - layout.edge_percent);
    for (bit, (from, to)) in pairs.enumerate() {
        let present = mask >> bit & 1 == 1;
        let (chance, other) = if present { (with, without) } else { (without, with) };
        if chance < other && !draw.chance(chance, other) {
            return Err(Reject);
        }
        edges.extend(present.then_some(Edge { from, to, weight: 1 }));
    }
    let sketch = Sketch { nodes: nodes as usize, edges, ..Sketch::default() };
    let (start, goals) = (Node(start), vec![Node(goal)]);
    let steps = nearest(&paths::hops(&Arrows::new(sketch.nodes, directed, &sketch.edges), &[start]).distances, &goals);
    if steps.map_or(config.solvable == Solvable::Yes, |steps| steps < config.min_path) {
        return Err(Reject);
    }
    Ok(dress(config, sketch, start, goals, draw))
}

/// Greatest number of nodes for which all renumberings are tried.
pub const MOST_RENUMBERED: usize = 7;

/// Whether the graphs of the settings are small enough for all renumberings.
pub fn counts_twins_once(config: &Config) -> bool {
    enumerable(config).is_some_and(|(_, nodes, _)| nodes <= MOST_RENUMBERED as u64)
}

/// Whether no renumbering of an unweighted graph has a lesser hash. In each class one graph has the least hash. It can be any of them, so node numbers still
/// reveal nothing.
pub fn is_representative(graph: &Graph) -> bool {
    let nodes = graph.nodes();
    if nodes > MOST_RENUMBERED {
        return true;
    }
    let hash = |numbers: &[usize]| {
        let bit = |edge: &Edge| {
            let (from, to) = (numbers[edge.from.index()], numbers[edge.to.index()]);
            let both = if graph.directed { 0 } else { 1u64 << (to * nodes + from) };
            1 << (from * nodes + to) | both
        };
        let edges = graph.edges.iter().map(bit).fold(0, std::ops::BitOr::bitor);
        let goals = graph.goals.iter().fold(0u64, |goals, goal| goals | 1 << numbers[goal.index()]);
        mix(mix(edges, goals), numbers[graph.start.index()] as u64)
    };
    let mut numbers: Vec<usize> = (0..nodes).collect();
    let own = hash(&numbers);
    // all orders, each by one exchange from the one before (Heap 1963)
    let (mut counts, mut at) = ([0; MOST_RENUMBERED], 1);
    while at < nodes {
        if counts[at] < at {
            numbers.swap(if at % 2 == 0 { 0 } else { counts[at] }, at);
            if hash(&numbers) < own {
                return false;
            }
            counts[at] += 1;
            at = 1;
        } else {
            counts[at] = 0;
            at += 1;
        }
    }
    true
}
