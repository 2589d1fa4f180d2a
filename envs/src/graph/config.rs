//! Settings of graph search.

use super::{MAX_EDGES, MAX_NODES, WORDS};
use crate::prelude::*;

/// Any two nodes are joined with the same probability (Erdős and Rényi 1959; Gilbert 1959).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ErdosRenyi {
    /// Number of nodes, from 2 on.
    pub nodes: Amount,
    /// Probability of an edge in percent, 1 to 100. In directed graphs it applies to each direction.
    pub edge_percent: u64,
}

impl Default for ErdosRenyi {
    fn default() -> Self {
        ErdosRenyi { nodes: Amount::Exactly(12), edge_percent: 25 }
    }
}

/// Points in a square; close points are joined. In directed graphs each edge has a random direction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RandomGeometric {
    /// Number of nodes, from 2 on.
    pub nodes: Amount,
    /// Greatest coordinate; coordinates start at 0.
    pub side: u64,
    /// Greatest distance of points that are joined.
    pub radius: u64,
    /// Whether the weight of an edge is its length, rounded up, plus a number of `weights` minus 1. Otherwise the weight is a number of `weights`, and
    /// distances in the plane tell nothing about costs.
    pub lengths: bool,
}

impl Default for RandomGeometric {
    fn default() -> Self {
        RandomGeometric { nodes: Amount::Exactly(12), side: 20, radius: 8, lengths: true }
    }
}

/// Layers of nodes, with edges from each layer to the next, and two candidate goals of which one can be reached: the shape of ProsQA. Each candidate has its
/// own root and layers. Edges may lead from the distractor's side to the goal's side, but never back. Always directed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LayeredDag {
    /// Number of edges from the start to the goal, from 1 on.
    pub depth: Amount,
    /// Number of nodes of each side in each layer after the root, from 1 on.
    pub width: Amount,
    /// Probability in percent, 0 to 100, of each possible edge to the next layer, besides the one that each node needs.
    pub edge_percent: u64,
}

impl Default for LayeredDag {
    /// About 23 nodes and 36 edges, as ProsQA has.
    fn default() -> Self {
        LayeredDag {
            depth: Amount::Between(Range { min: 3, max: 5 }),
            width: Amount::Between(Range { min: 2, max: 3 }),
            edge_percent: 50,
        }
    }
}

/// Arms of equal length from a centre. The start is the centre, the goal the end of an arm (Bachmann and Nagarajan 2024). Nodes outside the arms are labels
/// without edges. Directed by default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PathStar {
    /// Number of arms, from 1 on.
    pub degree: u64,
    /// Number of nodes in an arm, including the centre as in the paper: from 2 on.
    pub arm_length: u64,
    /// Number of labels from which the names of the nodes are drawn.
    pub labels: u64,
}

impl Default for PathStar {
    fn default() -> Self {
        PathStar { degree: 2, arm_length: 5, labels: 50 }
    }
}

/// A tree; every labelled tree is equally likely (Prüfer 1918). In directed trees edges lead away from a root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RandomTree {
    /// Number of nodes, from 2 on.
    pub nodes: Amount,
}

impl Default for RandomTree {
    fn default() -> Self {
        RandomTree { nodes: Amount::Exactly(12) }
    }
}

/// Cells of a grid, joined to their four neighbours, with some holes. In directed graphs each edge has a random direction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grid {
    /// Number of rows.
    pub rows: Amount,
    /// Number of columns.
    pub columns: Amount,
    /// Probability of a hole in percent, 0 to 90.
    pub holes_percent: u64,
}

impl Default for Grid {
    fn default() -> Self {
        Grid { rows: Amount::Exactly(4), columns: Amount::Exactly(4), holes_percent: 20 }
    }
}

/// Nodes are added one by one and join others, preferring those with more edges (Barabási and Albert 1999). The first graph is a star. In directed graphs each
/// edge has a random direction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BarabasiAlbert {
    /// Number of nodes: more than `attachments`.
    pub nodes: Amount,
    /// Number of edges of each new node, from 1 on.
    pub attachments: u64,
}

impl Default for BarabasiAlbert {
    fn default() -> Self {
        BarabasiAlbert { nodes: Amount::Exactly(12), attachments: 2 }
    }
}

/// How edges are drawn: a table with `kind` and the fields of this kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Layout {
    /// Any two nodes are joined with the same probability.
    ErdosRenyi(ErdosRenyi),
    /// Points in the plane; close points are joined.
    RandomGeometric(RandomGeometric),
    /// Two candidate goals, one of which can be reached.
    LayeredDag(LayeredDag),
    /// Arms from a centre.
    PathStar(PathStar),
    /// A tree.
    RandomTree(RandomTree),
    /// A grid with holes.
    Grid(Grid),
    /// Preferential attachment, which makes hubs.
    BarabasiAlbert(BarabasiAlbert),
}

/// How nodes are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameStyle {
    /// 0, 1, 2 …
    Numbers,
    /// A to Z, AA, AB …
    #[default]
    Letters,
    /// English nouns, drawn for each puzzle.
    Words,
}

/// The order in which edges are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EdgeOrder {
    /// Random; undirected edges with their ends in random order.
    #[default]
    Shuffled,
    /// By node; undirected edges with the lesser node first.
    Sorted,
}

/// Settings of the graph generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// How edges are drawn: `{kind = "erdos-renyi", nodes = 12, edge_percent = 25}`.
    pub layout: Layout,
    /// Whether edges are directed. By default only those of `layered-dag` and `path-star` are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directed: Option<bool>,
    /// Weights of the edges, each equally likely: 1 to 1,000,000. `{min = 1, max = 1}` makes an unweighted graph.
    pub weights: Range,
    /// How nodes are named: `numbers`, `letters` or `words`.
    pub names: NameStyle,
    /// The order in which edges are listed: `shuffled` or `sorted`.
    pub edge_order: EdgeOrder,
    /// Least number of edges from start to goal, if there is a path; from 1 on.
    pub min_path: u64,
    /// Whether a path is required: `yes`, `no` or `any`. With `no`, if the layout leaves no goal unreachable, the edges that lead to a goal are cut at some
    /// distance from the start.
    pub solvable: Solvable,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            layout: Layout::ErdosRenyi(ErdosRenyi::default()),
            directed: None,
            weights: Range { min: 1, max: 1 },
            names: NameStyle::Letters,
            edge_order: EdgeOrder::Shuffled,
            min_path: 2,
            solvable: Solvable::Yes,
        }
    }
}

/// Greatest weight that is drawn.
const HEAVIEST: u64 = 1_000_000;
/// Greatest number of nodes for layouts that test all pairs of nodes.
const PAIRED: u64 = 10_000;

fn few_edges(field: &str, about: u64) -> Result<(), ConfigError> {
    if about <= MAX_EDGES as u64 / 10 * 9 {
        return Ok(());
    }
    Err(ConfigError::new(
        field,
        format!("about {about} edges"),
        format!("settings that give at most {}", MAX_EDGES / 10 * 9),
    ))
}

impl Layout {
    /// The number of nodes or its range, if the settings determine it.
    pub(super) fn exact_nodes(&self) -> Option<Amount> {
        match self {
            Layout::ErdosRenyi(layout) => Some(layout.nodes),
            Layout::RandomGeometric(layout) => Some(layout.nodes),
            Layout::RandomTree(layout) => Some(layout.nodes),
            Layout::BarabasiAlbert(layout) => Some(layout.nodes),
            Layout::PathStar(layout) => Some(Amount::Exactly(layout.labels)),
            Layout::LayeredDag(_) | Layout::Grid(_) => None,
        }
    }

    fn most_nodes(&self) -> u64 {
        match self {
            Layout::LayeredDag(layout) => 2 + 2 * layout.depth.max().saturating_mul(layout.width.max()),
            Layout::Grid(layout) => layout.rows.max().saturating_mul(layout.columns.max()),
            other => other.exact_nodes().map_or(0, Amount::max),
        }
    }

    /// The longest possible shortest path, in edges.
    fn longest_path(&self) -> u64 {
        match self {
            Layout::ErdosRenyi(layout) if layout.edge_percent == 100 => 1,
            Layout::LayeredDag(layout) => layout.depth.max(),
            Layout::PathStar(layout) => layout.arm_length.saturating_sub(1),
            other => other.most_nodes().saturating_sub(1),
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        let most = MAX_NODES as u64;
        match self {
            Layout::ErdosRenyi(layout) => {
                amount_within("layout.nodes", layout.nodes, 2, PAIRED)?;
                within("layout.edge_percent", layout.edge_percent, 1, 100)?;
                few_edges("layout.edge_percent", layout.nodes.max().pow(2) * layout.edge_percent / 100)
            }
            Layout::RandomGeometric(layout) => {
                amount_within("layout.nodes", layout.nodes, 2, PAIRED)?;
                within("layout.side", layout.side, 1, super::json::MAX_COORDINATE.into())?;
                within("layout.radius", layout.radius, 1, 2 * layout.side)?;
                let close = (4 * layout.radius.pow(2)).min(layout.side.pow(2));
                let all = u128::from(layout.nodes.max().pow(2)) * u128::from(close) / u128::from(layout.side.pow(2));
                few_edges("layout.radius", all as u64 / 2)
            }
            Layout::LayeredDag(layout) => {
                amount_within("layout.depth", layout.depth, 1, 1000)?;
                amount_within("layout.width", layout.width, 1, 100)?;
                within("layout.edge_percent", layout.edge_percent, 0, 100)?;
                few_edges("layout.width", layout.depth.max() * layout.width.max().pow(2) * 3)
            }
            Layout::PathStar(layout) => {
                within("layout.degree", layout.degree, 1, most)?;
                within("layout.arm_length", layout.arm_length, 2, most)?;
                let needed = layout.degree * (layout.arm_length - 1) + 1;
                within("layout.degree times the arms' nodes", needed, 2, most)?;
                within("layout.labels", layout.labels, needed, most)
            }
            Layout::RandomTree(layout) => amount_within("layout.nodes", layout.nodes, 2, most),
            Layout::Grid(layout) => {
                amount_within("layout.rows", layout.rows, 1, 1000)?;
                amount_within("layout.columns", layout.columns, 1, 1000)?;
                let cells = layout.rows.max() * layout.columns.max();
                within("layout.rows times layout.columns", cells, 2, most)?;
                within("layout.holes_percent", layout.holes_percent, 0, 90)
            }
            Layout::BarabasiAlbert(layout) => {
                within("layout.attachments", layout.attachments, 1, 1000)?;
                amount_within("layout.nodes", layout.nodes, layout.attachments + 1, most)?;
                few_edges("layout.attachments", layout.nodes.max() * layout.attachments)
            }
        }
    }
}

impl Config {
    /// Whether edges are directed.
    pub(super) fn is_directed(&self) -> bool {
        self.directed.unwrap_or(matches!(self.layout, Layout::LayeredDag(_) | Layout::PathStar(_)))
    }

    /// Refuses impossible settings.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.layout.check()?;
        amount_within("weights", Amount::Between(self.weights), 1, HEAVIEST)?;
        if matches!(self.layout, Layout::LayeredDag(_)) && !self.is_directed() {
            return Err(ConfigError::new(
                "directed",
                false,
                "true with layered-dag: undirected, both candidates can be reached",
            ));
        }
        let nodes = self.layout.most_nodes();
        if self.names == NameStyle::Words && nodes > WORDS.len() as u64 {
            let allowed =
                format!("at most {} nodes with words; names = \"letters\" or \"numbers\" for more", WORDS.len());
            return Err(ConfigError::new("names", format!("words for up to {nodes} nodes"), allowed));
        }
        let longest = self.layout.longest_path();
        if self.min_path < 1 || self.min_path > longest {
            return Err(ConfigError::new("min_path", self.min_path, format!("1 to {longest} with this layout")));
        }
        Ok(())
    }
}
