//! Graph search: from a start to a goal over weighted or unweighted, directed or undirected edges.
//!
//! A worked puzzle: from A to C over `A-B=4, B-C=1, A-C=7`. `A-B=4` then `B-C=1` costs 5, less than `A-C=7`.
//!
//! A state is a node. A move is an edge out of it, with its claimed weight. A puzzle may have several candidate goals (the shape of ProsQA, Hao et al. 2024:
//! two candidates, one of which can be reached); any of them ends the search. If none can be reached, "no path" is the right answer.
//!
//! Identity: the id is that of the graph over node numbers. Names, the order of edges and of their ends (if undirected), the order of the candidates, and
//! coordinates do not count.
//!
//! Facts: `solutions` counts the cheapest paths, at most 2^64 - 1. `difficulty` is the number of nodes that uniform-cost search expands if it expands every
//! node no farther than the nearest goal, including the goal; if there is no path, the number of reachable nodes.

mod answer;
mod atoms;
mod config;
mod damage;
mod generate;
mod heuristics;
mod instruct;
mod json;
mod layouts;
mod names;
mod paths;
mod prompts;
mod words;

pub use config::{
    BarabasiAlbert, Config, EdgeOrder, ErdosRenyi, Grid, LayeredDag, Layout, NameStyle, PathStar, RandomGeometric,
    RandomTree,
};
pub use words::WORDS;

use crate::environment::twin::tags::{AXIS, GIVEN, LESS, LINE};
use crate::environment::twin::{self, Structure};
use crate::prelude::*;
use names::Names;

/// Greatest number of nodes.
pub const MAX_NODES: usize = 65_000;
/// Greatest number of edges.
pub const MAX_EDGES: usize = 1_000_000;
/// Greatest weight of an edge. The most expensive path easily fits 64 bits.
pub const MAX_WEIGHT: u32 = 1_000_000_000;
/// Greatest number of candidate goals.
pub const MAX_GOALS: usize = 16;

/// A node, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node(pub u16);

impl Node {
    /// The number of the node as an index.
    #[inline]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// An edge, as listed or as taken, with its weight or its claimed weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edge {
    /// The node where it begins.
    pub from: Node,
    /// The node where it ends.
    pub to: Node,
    /// Its weight; 1 in an unweighted graph.
    pub weight: u32,
}

impl Edge {
    fn reversed(self) -> Edge {
        Edge { from: self.to, to: self.from, weight: self.weight }
    }

    /// The edge with the lesser node first.
    fn ascending(self) -> Edge {
        if self.from <= self.to { self } else { self.reversed() }
    }
}

/// The end of an edge, with its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Arrow {
    to: Node,
    weight: u32,
}

/// The edges out of every node, sorted by neighbour, in one list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Arrows {
    offsets: Vec<u32>,
    list: Vec<Arrow>,
    /// Whether all weights are 1.
    unit: bool,
}

impl Arrows {
    fn new(nodes: usize, directed: bool, edges: &[Edge]) -> Self {
        let both = |edge: &Edge| [Some(*edge), (!directed).then(|| edge.reversed())].into_iter().flatten();
        let mut offsets = vec![0u32; nodes + 1];
        for edge in edges.iter().flat_map(both) {
            offsets[edge.from.index() + 1] += 1;
        }
        for i in 0..nodes {
            offsets[i + 1] += offsets[i];
        }
        let mut list = vec![Arrow { to: Node(0), weight: 0 }; offsets[nodes] as usize];
        let mut free = offsets.clone();
        for edge in edges.iter().flat_map(both) {
            let place = &mut free[edge.from.index()];
            list[*place as usize] = Arrow { to: edge.to, weight: edge.weight };
            *place += 1;
        }
        for i in 0..nodes {
            list[offsets[i] as usize..offsets[i + 1] as usize].sort_unstable_by_key(|arrow| arrow.to);
        }
        Arrows { offsets, list, unit: edges.iter().all(|edge| edge.weight == 1) }
    }

    fn nodes(&self) -> usize {
        self.offsets.len() - 1
    }

    /// The edges out of a node; empty if the node does not exist.
    #[inline]
    fn of(&self, node: Node) -> &[Arrow] {
        match self.offsets.get(node.index()..node.index() + 2) {
            Some(&[from, to]) => &self.list[from as usize..to as usize],
            _ => &[],
        }
    }

    #[inline]
    fn weight(&self, from: Node, to: Node) -> Option<u32> {
        let arrows = self.of(from);
        arrows.binary_search_by_key(&to, |arrow| arrow.to).ok().map(|place| arrows[place].weight)
    }
}

/// A graph search puzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    directed: bool,
    names: Names,
    /// In the order of presentation.
    edges: Vec<Edge>,
    arrows: Arrows,
    start: Node,
    goals: Vec<Node>,
    coordinates: Option<Vec<(u32, u32)>>,
}

/// The parts of a graph. Its numbers are in range and its edges distinct.
struct Parts {
    directed: bool,
    nodes: usize,
    names: Names,
    edges: Vec<Edge>,
    start: Node,
    goals: Vec<Node>,
    coordinates: Option<Vec<(u32, u32)>>,
}

impl Graph {
    fn new(parts: Parts) -> Self {
        let Parts { directed, nodes, names, edges, start, goals, coordinates } = parts;
        let arrows = Arrows::new(nodes, directed, &edges);
        Graph { directed, names, edges, arrows, start, goals, coordinates }
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.arrows.nodes()
    }

    /// Whether edges are directed.
    pub fn is_directed(&self) -> bool {
        self.directed
    }

    /// Whether an edge weighs more than 1. Only then are weights written.
    pub fn is_weighted(&self) -> bool {
        !self.arrows.unit
    }

    /// The edges, in the order of presentation.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The goal or the candidates.
    pub fn goals(&self) -> &[Node] {
        &self.goals
    }

    /// The coordinates of a node, if the graph has them.
    pub fn coordinates(&self, node: Node) -> Option<(u32, u32)> {
        self.coordinates.as_ref()?.get(node.index()).copied()
    }

    /// The name of a node.
    pub fn name(&self, node: Node) -> String {
        let mut out = Vec::new();
        self.names.write(node, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    /// A hash of the sorted degrees of the nodes. Graphs of the same shape have the same hash.
    fn shape(&self) -> u64 {
        let mut degrees = vec![(0u32, 0u32); self.nodes()];
        for edge in &self.edges {
            degrees[edge.from.index()].0 += 1;
            let into = &mut degrees[edge.to.index()];
            if self.directed { into.1 += 1 } else { into.0 += 1 }
        }
        degrees.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        for (out, into) in degrees {
            hasher.update(&out.to_le_bytes());
            hasher.update(&into.to_le_bytes());
        }
        u64::from_le_bytes(std::array::from_fn(|i| hasher.finalize().as_bytes()[i]))
    }
}

const SHAPE: usize = 0;

impl Environment for Graph {
    const ABOUT: About = About {
        name: "graph",
        version: 2,
        help: "find a cheapest path in a graph; several layouts, weighted or not, directed or not",
        answer_form: "the nodes of the path in their order, such as A -> B -> C",
        state_noun: "Node",
        heuristics: heuristics::SPECS,
        move_claim: MoveClaim::Cost,
        difficulty: "nodes that a uniform-cost search takes from its open list",
        walks_turn_back: true,
        two_way: true,
        words: &["count", "names"],
        keys: &["shape", "size"],
        prompts: prompts::GRAMMARS,
        ..About::NEW
    };

    type Config = Config;
    type State = Node;
    type Move = Edge;

    fn levels() -> [Config; 3] {
        let of = |nodes, edge_percent, min_path| Config {
            layout: Layout::ErdosRenyi(ErdosRenyi { nodes: Amount::Exactly(nodes), edge_percent }),
            min_path,
            ..Config::default()
        };
        [of(8, 30, 2), of(16, 18, 3), of(40, 8, 4)]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.check()
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        generate::generate(config, draw)
    }

    fn canonical(&self) -> Self {
        let mut edges = self.edges.clone();
        if !self.directed {
            edges.iter_mut().for_each(|edge| *edge = edge.ascending());
        }
        edges.sort_unstable();
        let mut goals = self.goals.clone();
        goals.sort_unstable();
        Graph { names: Names::Numbers, edges, goals, coordinates: None, arrows: self.arrows.clone(), ..*self }
    }

    fn start(&self) -> Node {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Node) -> bool {
        self.goals.contains(state)
    }

    #[inline]
    fn successors(&self, state: &Node, out: &mut Vec<Step<Edge, Node>>) {
        out.extend(self.arrows.of(*state).iter().map(|arrow| Step {
            action: Edge { from: *state, to: arrow.to, weight: arrow.weight },
            state: arrow.to,
            cost: Cost::from(arrow.weight),
        }));
    }

    fn apply(&self, state: &Node, action: Edge) -> Option<(Edge, Node, Cost)> {
        if action.from != *state {
            return None;
        }
        let weight = self.arrows.weight(action.from, action.to)?;
        Some((Edge { weight, ..action }, action.to, Cost::from(weight)))
    }

    #[inline]
    fn is_terminal(&self, state: &Node) -> bool {
        self.arrows.of(*state).is_empty()
    }

    fn estimate(&self, heuristic: usize, state: &Node) -> Cost {
        self.evaluator(heuristic).estimate(self, state)
    }

    fn solver_facts(&self) -> SolverFacts {
        paths::facts(self)
    }

    fn is_solvable(&self) -> bool {
        paths::within_reach(self)
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        let costs = paths::to_goals(self);
        DistanceTable::new(move |_, state: &Node| {
            costs.get(state.index()).copied().filter(|&cost| cost != paths::UNREACHED)
        })
    }
}

impl Splits for Graph {
    fn space(config: &Config) -> Option<Space> {
        generate::space(config)
    }

    fn at(config: &Config, stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        generate::at(config, stratum, index, draw)
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        if key == SHAPE { self.shape() } else { self.nodes() as u64 }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        let nodes = config.layout.exact_nodes().filter(|_| key != SHAPE)?;
        Some((nodes.min()..=nodes.max()).collect())
    }

    /// Nodes may be renamed.
    fn twin(&self) -> PuzzleId {
        let mut structure = Structure::new();
        let nodes = structure.nodes(self.nodes(), LINE);
        let directed = u64::from(self.directed);
        structure.node(AXIS + directed);
        for edge in &self.edges {
            let (from, to) = (nodes[edge.from.index()], nodes[edge.to.index()]);
            let tag = LESS + u64::from(edge.weight);
            if self.directed { structure.fact(tag, &[from, to]) } else { structure.link(tag, from, to) }
        }
        structure.fact(AXIS, &[nodes[self.start.index()]]);
        self.goals.iter().for_each(|goal| structure.fact(GIVEN, &[nodes[goal.index()]]));
        twin::id(Self::ABOUT.name, &structure.key())
    }

    /// Of the graphs that differ only in node numbers, one is counted, up to `MOST_RENUMBERED` nodes.
    fn is_representative(&self) -> bool {
        generate::is_representative(self)
    }

    fn counts_twins_once(config: &Config) -> bool {
        generate::counts_twins_once(config)
    }
}

impl SearchSupport for Graph {
    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        let table = heuristics::table(self, heuristic);
        Evaluator::prepared(move |_, state: &Node| table.get(state.index()).copied().unwrap_or(0))
    }

    fn two_way_goal(&self) -> Option<Node> {
        match self.goals[..] {
            [goal] if !self.directed => Some(goal),
            _ => None,
        }
    }

    fn index_bound(&self) -> Option<usize> {
        Some(self.arrows.nodes())
    }

    fn index(&self, state: &Node) -> usize {
        state.index()
    }
}

impl Prompts for Graph {
    fn write_value(&self, state: &Node, style: Style, out: &mut Vec<u8>) {
        self.names.write_atom(*state, style, out);
    }

    fn read_value(&self, style: Style, reader: &mut Reader<'_>) -> Option<Node> {
        self.names.read_atom(self.nodes(), style, reader)
    }

    fn write_prompt(&self, grammar: &str, out: &mut Vec<u8>) {
        prompts::write(self, grammar, out);
    }

    fn read_prompt(_kind: usize, grammar: &str, text: &str) -> Option<serde_json::Value> {
        prompts::read(grammar, text)
    }

    fn untold(_kind: usize, grammar: &str) -> Option<&'static str> {
        prompts::untold(grammar)
    }

    fn write_solution(&self, grammar: &str, moves: Option<&[Edge]>, out: &mut Vec<u8>) {
        prompts::write_solution(self, grammar, moves, out);
    }

    fn stated_cost(&self, grammar: &str, text: &[u8]) -> Option<Cost> {
        prompts::stated_cost(std::str::from_utf8(text).ok().filter(|_| grammar == "nlgraph")?)
    }

    fn read_solution(&self, grammar: &str, reader: &mut Reader<'_>) -> Option<Option<Vec<Edge>>> {
        prompts::read_solution(self, grammar, reader)
    }
}

impl Kinds for Graph {}
impl SharedGround for Graph {}
impl Variables for Graph {}

#[cfg(test)]
mod tests;
