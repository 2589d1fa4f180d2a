//! Graph colouring: every node gets a colour, and joined nodes get different ones.
//!
//! A worked puzzle with 3 colours: `n1-n2 n2-n3 n1-n3 n3-n4`. The first three nodes all differ, and `n4` has one of the two colours that `n3` has not.
//!
//! Source: Karp (1972). In random graphs each pair of nodes has an edge with the same probability. With 3 colours, solutions cease at an average degree of
//! about 4.69 (Achlioptas and Moore 2003). `planar` joins neighbouring points on a grid, with one diagonal of some squares, so no edges cross.
//!
//! Identity: the order of edges and of their ends does not count. Graphs that differ only in the names of nodes are different puzzles, since comparing them
//! takes longer than solving them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::{Assigned, named};
use super::model::{self, Model};
use super::network::{MAX_RULES, Network};
use super::paired::{self, Part};
use super::rule::Rule;
use super::told::PromptParts;
use super::{Settings, names};
use crate::about::About;
use crate::answers::{Kind, Read, Token};
use crate::draw::Draw;
use crate::environment::twin::Structure;
use crate::environment::twin::tags::{IN, LINE};
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, items, line, listed};
use crate::prompt::{numbers, pairs, words};
use crate::settings::{Amount, Range, Solvable, amount_within, within};
use crate::text::{Style, write_number};
use serde_json::{Value, json};

/// How edges are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Between any two nodes, with equal probability.
    #[default]
    Random,
    /// Between neighbours in the plane, without crossings.
    Planar,
}

/// The words before the parts of a puzzle in prompts for models that speak.
const NODES: &str = "Nodes: n1 to n";
const COLOURS: &str = "Colours: ";
const EDGES: &str = "Edges: ";
const NO_EDGES: &str = "none";

/// Settings of graph colouring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of nodes: 3 to 60.
    pub nodes: Amount,
    /// Number of colours: 2 to 6.
    pub colours: u64,
    /// How edges are drawn: `random` or `planar`.
    pub layout: Layout,
    /// Number of edges for a hundred nodes, 50 to 600. `planar` omits those for which there is no room.
    pub edges_percent: u64,
    /// Whether edges are drawn to fit a hidden solution.
    pub planted: bool,
    /// Whether a solution is required: `yes`, `no` or `any`.
    pub solvable: Solvable,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            nodes: Amount::Between(Range { min: 10, max: 14 }),
            colours: 3,
            layout: Layout::Random,
            edges_percent: 200,
            planted: false,
            solvable: Solvable::Yes,
        }
    }
}

/// Most nodes of a puzzle.
const MOST_NODES: usize = 100;

/// Most nodes of a drawn puzzle.
const MOST_DRAWN: u64 = 60;

/// A graph to colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colouring {
    /// Number of nodes.
    nodes: usize,
    /// Number of colours.
    colours: usize,
    /// Pairs of joined nodes, counted from 1.
    edges: Vec<[u8; 2]>,
}

impl Model for Colouring {
    fn network(&self) -> Arc<Network> {
        let rule = |&[a, b]: &[u8; 2]| Rule::pair([a - 1, b - 1], |one, other| one != other);
        let rules = self.edges.iter().map(rule).collect();
        let colours = names::COLOURS[..self.colours].iter().map(|colour| colour.to_string()).collect();
        Arc::new(Network::new(names::numbered("n", self.nodes), colours, rules))
    }

    fn canonical(&self) -> Box<dyn Model> {
        let mut edges: Vec<[u8; 2]> = self.edges.iter().map(|&[a, b]| [a.min(b), a.max(b)]).collect();
        edges.sort_unstable();
        edges.dedup();
        Box::new(Colouring { nodes: self.nodes, colours: self.colours, edges })
    }

    /// Nodes and colours may be renamed.
    fn twin(&self) -> Option<Vec<u8>> {
        let mut structure = Structure::new();
        structure.node(self.colours as u64);
        let nodes = structure.nodes(self.nodes, LINE);
        let mut edges: Vec<[u8; 2]> = self.edges.iter().map(|&[a, b]| [a.min(b), a.max(b)]).collect();
        edges.sort_unstable();
        edges.dedup();
        edges.iter().for_each(|&[a, b]| structure.link(IN, nodes[usize::from(a) - 1], nodes[usize::from(b) - 1]));
        Some(structure.key().to_vec())
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let colours = &names::COLOURS[..self.colours];
        let nodes = self.nodes;
        let head = match style {
            Style::Frame => format!("{nodes} nodes, {}: ", colours.join(" ")),
            Style::Compact => format!("{} ; ", colours.join(" ")),
            Style::Prose => format!(
                "Give each of the nodes n1 to n{nodes} one of the colours {}, so that no two that are joined have the same. A state lists them in order, with _ where one is open. Joined are: ",
                colours.join(", ")
            ),
        };
        out.extend_from_slice(head.as_bytes());
        for (place, edge) in self.edges.iter().enumerate() {
            if place > 0 {
                out.extend_from_slice(if style == Style::Prose { b", " } else { b" " });
            }
            for (end, &node) in edge.iter().enumerate() {
                if end > 0 {
                    out.extend_from_slice(if style == Style::Compact { b" - " } else { b"-" });
                }
                out.push(b'n');
                write_number(node.into(), out);
            }
        }
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        let parts = paired::parts(tokens, part(network, tokens))?;
        paired::pair(network, tokens, &parts)
    }

    /// The number of nodes, or of edges.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.nodes as u64 } else { self.edges.len() as u64 }
    }

    fn instructions(&self) -> Instructions {
        let edges = self.edges.iter().map(|[a, b]| format!("n{a}-n{b}"));
        let edges = if self.edges.is_empty() { NO_EDGES.into() } else { listed(edges) };
        let colours = listed(&names::COLOURS[..self.colours]);
        let rules = [
            "Give each node of the graph one of the colours, so that no two nodes that are joined by an edge have the same colour. Not all colours need be used. Any such colouring is right.",
            "Colour the nodes of this graph with the colours below. The two ends of an edge must always get different colours; nodes that are not joined may have the same one. If there are several ways to do it, any one will do.",
            "Assign a colour to every node. An edge such as n1-n2 joins two nodes, and joined nodes must differ in colour. Only the listed colours may be used, each as often as you like. Any solution counts.",
        ];
        let layout = format!("{NODES}{}\n{COLOURS}{colours}\n{EDGES}{edges}", self.nodes);
        Instructions::new(
            rules,
            layout,
            "Write the colour of every node, separated by commas, in this form: n1 = red, n2 = green, and so on.",
        )
    }
}

/// Whether a word says that a number behind it is a colour.
fn says_colour(token: &Token<'_>) -> bool {
    token.says_one(&["colour", "color"])
}

/// Reads nodes and colours: `n1`, `node 1`, and `1` where colours have names; `red`, `colour 1`, and `1` where nodes have names.
fn part<'n>(network: &'n Network, tokens: &[Token<'_>]) -> impl Fn(&[Token<'_>]) -> Option<(Part, usize)> + 'n {
    let colours_are_named = tokens.iter().any(|token| named(&network.values, token.text).is_some())
        || tokens.windows(2).any(|pair| says_colour(&pair[0]) && pair[1].kind == Kind::Number);
    move |tokens| {
        let token = tokens.first()?;
        let numbered = |token: &Token<'_>, most: usize| {
            let place = usize::try_from(token.number()?.checked_sub(1)?).ok()?;
            u8::try_from(place).ok().filter(|_| place < most)
        };
        let (nodes, colours) = (network.variables.len(), network.values.len());
        let next = tokens.get(1).filter(|next| next.kind == Kind::Number);
        match (token.kind, next) {
            (Kind::Word, Some(next)) if says_colour(token) => Some((Part::Value(numbered(next, colours)?), 2)),
            (Kind::Word, Some(next)) if token.says_one(&["node", "vertex"]) => {
                Some((Part::Variable(numbered(next, nodes)?), 2))
            }
            (Kind::Word, _) if token.says_one(&["colour", "color", "colouring", "coloring", "colors", "colours"]) => {
                Some((Part::Label, 1))
            }
            (Kind::Word, _) if token.says_one(&["node", "vertex", "gets", "coloured", "colored"]) => {
                Some((Part::Label, 1))
            }
            (Kind::Word, _) => named(&network.variables, token.text)
                .map(Part::Variable)
                .or_else(|| named(&network.values, token.text).map(Part::Value))
                .map(|part| (part, 1)),
            (Kind::Number, _) if colours_are_named => Some((Part::Variable(numbered(token, nodes)?), 1)),
            (Kind::Number, _) => Some((Part::Value(numbered(token, colours)?), 1)),
            _ => None,
        }
    }
}

impl model::Kind for Colouring {
    const ABOUT: About = About {
        name: "graph-colouring",
        version: 3,
        help: "colour the nodes of a graph so that no two that are joined have the same colour; up to 60 nodes",
        answer_form: "the colour of each node, such as n1 = red, n2 = green",
        words: &names::NODES_AND_COLOURS,
        keys: &["nodes", "edges"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"nodes":4,"colours":3,"edges":[[1,2],[2,3],[1,3],[3,4]]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let (head, edges) = match told.style {
            Style::Frame => told.cut(": "),
            Style::Compact => told.cut(" ; "),
            Style::Prose => told.cut(" Joined are: "),
        }?;
        let colours = words(head).filter(|word| names::COLOURS.contains(word)).count();
        let nodes = match told.count() {
            Some(nodes) => nodes as u64,
            None => *numbers(Style::Frame, head)?.first()?,
        };
        Some(json!({"nodes": nodes, "colours": colours, "edges": pairs(&numbers(told.style, edges)?)?}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let colours = items(line(layout, COLOURS)?).len();
        let nodes = *numbers(Style::Frame, line(layout, NODES)?)?.first()?;
        Some(
            json!({"nodes": nodes, "colours": colours, "edges": pairs(&numbers(Style::Frame, line(layout, EDGES)?)?)?}),
        )
    }

    fn settings(config: Config) -> Settings {
        Settings::Colouring(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::Colouring(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        let nodes = |min, max| Config { nodes: Amount::Between(Range { min, max }), ..Config::default() };
        [nodes(6, 9), nodes(10, 14), Config { edges_percent: 220, ..nodes(20, 25) }]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        amount_within("nodes", config.nodes, 3, MOST_DRAWN)?;
        within("colours", config.colours, 2, 6)?;
        within("edges_percent", config.edges_percent, 50, 600)?;
        let least = config.nodes.min();
        if config.layout == Layout::Random && least * config.edges_percent / 100 > least * (least - 1) / 2 {
            return Err(ConfigError::new(
                "edges_percent",
                config.edges_percent,
                format!("at most {} with {least} nodes", (least - 1) * 50),
            ));
        }
        if config.planted && config.solvable == Solvable::No {
            return Err(ConfigError::new("planted", true, "false where there is to be no solution"));
        }
        Ok(())
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let nodes = config.nodes.draw(draw);
        let colours = config.colours as usize;
        let planted: Vec<usize> = (0..nodes).map(|_| draw.index(colours)).collect();
        let mut names: Vec<u8> = (1..=nodes as u8).collect();
        draw.shuffle(&mut names);
        let mut pairs = match config.layout {
            Layout::Random => (0..nodes).flat_map(|a| (a + 1..nodes).map(move |b| [a, b])).collect(),
            Layout::Planar => neighbours(nodes, draw),
        };
        pairs.retain(|&[a, b]| !config.planted || planted[a] != planted[b]);
        draw.shuffle(&mut pairs);
        pairs.truncate(nodes * config.edges_percent as usize / 100);
        let edges = pairs.into_iter().map(|[a, b]| [names[a], names[b]]).collect();
        Ok(Colouring { nodes, colours, edges })
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        if !(1..=MOST_NODES).contains(&self.nodes) {
            return Err(PuzzleError::new("nodes", self.nodes, format!("1 to {MOST_NODES}")));
        }
        if !(1..=names::COLOURS.len()).contains(&self.colours) {
            return Err(PuzzleError::new("colours", self.colours, format!("1 to {}", names::COLOURS.len())));
        }
        if self.edges.len() > MAX_RULES {
            return Err(PuzzleError::new(
                "edges",
                format!("{} of them", self.edges.len()),
                format!("up to {MAX_RULES}"),
            ));
        }
        let known = |node: u8| (1..=self.nodes).contains(&usize::from(node));
        let wrong = self.edges.iter().find(|[a, b]| a == b || !known(*a) || !known(*b));
        wrong.map_or(Ok(()), |edge| {
            Err(PuzzleError::new("edges", edge, format!("two different nodes from 1 to {}", self.nodes)))
        })
    }
}

/// Pairs of neighbours on a grid, with one diagonal of each square, drawn at random.
fn neighbours(nodes: usize, draw: &mut Draw) -> Vec<[usize; 2]> {
    let columns = (1..=nodes).find(|side| side * side >= nodes).unwrap_or(1);
    let mut pairs = Vec::new();
    for node in 0..nodes {
        let right = node % columns + 1 < columns;
        let mut join = |a: usize, b: usize| pairs.extend((b < nodes).then_some([a, b]));
        if right {
            join(node, node + 1);
        }
        join(node, node + columns);
        if right && draw.chance(1, 2) {
            join(node, node + columns + 1);
        } else if right {
            join(node + 1, node + columns);
        }
    }
    pairs.retain(|&[a, _]| a < nodes);
    pairs
}
