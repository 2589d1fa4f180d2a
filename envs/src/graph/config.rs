//! Settings of graph search.

use super::{MAX_EDGES, MAX_NODES, WORDS};
use crate::prelude::*;

/// Every two nodes are joined with the same probability (Erdős and Rényi 1959; Gilbert 1959).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ErdosRenyi {
    /// Number of nodes, from 2 on.
    pub nodes: Amount,
    /// Probability of each edge in percent, 1 to 100. Directed: of each direction.
    pub edge_percent: u64,
}

impl Default for ErdosRenyi {
    fn default() -> Self {
        ErdosRenyi { nodes: Amount::Exactly(12), edge_percent: 25 }
    }
}

/// Points on a square; those that are close are joined. Directed: one way, by chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RandomGeometric {
    /// Number of nodes, from 2 on.
    pub nodes: Amount,
    /// Coordinates run from 0 to this.
    pub side: u64,
    /// Points at most this far from each other are joined.
    pub radius: u64,
    /// Whether an edge weighs its length, rounded up, with `weights` less 1 added on top. Otherwise it weighs what
    /// `weights` says alone, and distances in the plane say nothing of costs.
    pub lengths: bool,
}

impl Default for RandomGeometric {
    fn default() -> Self {
        RandomGeometric { nodes: Amount::Exactly(12), side: 20, radius: 8, lengths: true }
    }
}

/// Layers of nodes, with edges from each layer to the next, and two candidate goals of which one can be reached: the shape
/// of ProsQA. Each candidate has a root and layers of its own; edges of the distractor's side may lead over to the goal's
/// side, never back. Always directed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LayeredDag {
    /// Edges from the start to the goal, from 1 on.
    pub depth: Amount,
    /// Nodes of each side in each layer behind the root, from 1 on.
    pub width: Amount,
    /// Probability in percent, 0 to 100, of each possible edge to the next layer, beside the one that each node needs.
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

/// Arms of equal length out of a centre; the start is the centre, the goal the end of one arm (Bachmann and
/// Nagarajan 2024). Nodes that are on no arm are labels without edges. Directed unless asked otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PathStar {
    /// Number of arms, from 1 on.
    pub degree: u64,
    /// Nodes of an arm, the centre counted as in the paper: from 2 on.
    pub arm_length: u64,
    /// Number of labels from which the nodes' are drawn.
    pub labels: u64,
}

impl Default for PathStar {
    fn default() -> Self {
        PathStar { degree: 2, arm_length: 5, labels: 50 }
    }
}

/// A tree; every labelled tree is equally likely (Prüfer 1918). Directed: away from a root.
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

/// Cells of a grid, joined to their four neighbours, some of them holes. Directed: one way, by chance.
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

/// Nodes come one by one and join others, those with more edges more often (Barabási and Albert 1999), beginning with a
/// star. Directed: one way, by chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BarabasiAlbert {
    /// Number of nodes: more than `attachments`.
    pub nodes: Amount,
    /// Edges that each new node brings, from 1 on.
    pub attachments: u64,
}

impl Default for BarabasiAlbert {
    fn default() -> Self {
        BarabasiAlbert { nodes: Amount::Exactly(12), attachments: 2 }
    }
}

/// How the edges come about: a table with `kind` and what belongs to the kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Layout {
    /// Every two nodes are joined with the same probability.
    ErdosRenyi(ErdosRenyi),
    /// Points in the plane; those that are close are joined.
    RandomGeometric(RandomGeometric),
    /// Two candidate goals, one within reach.
    LayeredDag(LayeredDag),
    /// Arms out of a centre.
    PathStar(PathStar),
    /// A tree.
    RandomTree(RandomTree),
    /// A grid with holes.
    Grid(Grid),
    /// Hubs.
    BarabasiAlbert(BarabasiAlbert),
}

/// How nodes are called.
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

/// In which order edges are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EdgeOrder {
    /// By chance, undirected ones either way round.
    #[default]
    Shuffled,
    /// By node, undirected ones with the lesser node first.
    Sorted,
}

/// Settings of the graph generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// How the edges come about: `{kind = "erdos-renyi", nodes = 12, edge_percent = 25}`.
    pub layout: Layout,
    /// Whether edges lead one way. Left out: `layered-dag` and `path-star` do, the others do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directed: Option<bool>,
    /// Weights of the edges, each equally likely: 1 to 1,000,000. `{min = 1, max = 1}` is an unweighted graph.
    pub weights: Range,
    /// How nodes are called: `numbers`, `letters` or `words`.
    pub names: NameStyle,
    /// In which order edges are listed: `shuffled` or `sorted`.
    pub edge_order: EdgeOrder,
    /// Least number of edges from start to goal, where there is a path; from 1 on.
    pub min_path: u64,
    /// Whether there must be a path: `yes`, `no` or `any`. Where a layout leaves no goal out of reach by itself, `no` cuts the
    /// edges that lead to it at a distance from the start.
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
/// Most nodes of layouts that look at every two nodes.
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
    /// The number of nodes, where the settings fix it or its range.
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

    /// The longest shortest path that can be.
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
    /// Whether edges lead one way.
    pub(super) fn is_directed(&self) -> bool {
        self.directed.unwrap_or(matches!(self.layout, Layout::LayeredDag(_) | Layout::PathStar(_)))
    }

    /// Refuses what cannot be, before anything is drawn.
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
