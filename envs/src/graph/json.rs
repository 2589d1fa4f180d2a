//! A graph search puzzle as JSON.
//!
//! `nodes` is a number if nodes are called 0, 1, 2 … or A, B, C …, and a list of names otherwise. If it is missing, the nodes are the named ones, shorter names
//! first. Weights are omitted if all are 1. A puzzle with several candidate goals has `candidates` instead of `goal`. `coordinates` has a pair for every node.

use std::borrow::Cow;
use std::cell::RefCell;

use super::names::{self, Names};
use super::{Edge, Graph, MAX_EDGES, MAX_GOALS, MAX_NODES, MAX_WEIGHT, Node, Parts};
use crate::prelude::*;

/// Greatest coordinate. Squares of distances easily fit 64 bits.
pub const MAX_COORDINATE: u32 = 1_000_000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    #[serde(default)]
    directed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<Nodes>,
    edges: Vec<EdgeFields>,
    start: Name,
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates: Option<Vec<Name>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coordinates: Option<Vec<(u32, u32)>>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "allowed: how many nodes there are, or a list of their names")]
enum Nodes {
    Count(u64),
    Listed(Vec<Name>),
}

#[derive(Serialize, Deserialize)]
#[serde(expecting = "an edge, [from, to] or [from, to, weight]")]
struct EdgeFields(Name, Name, #[serde(default, skip_serializing_if = "Option::is_none")] Option<u64>);

/// The name of a node. A name that is a number has no quotes in JSON.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged, try_from = "Value")]
enum Name {
    Number(u64),
    Short(ArrayString<16>),
    Text(String),
}

type Read<T> = Result<T, PuzzleError>;

impl Name {
    /// The name of a node. `room` is a buffer.
    fn of(names: &Names, node: Node, room: &mut Vec<u8>) -> Name {
        if let Names::Numbers = names {
            return Name::Number(node.0.into());
        }
        room.clear();
        names.write(node, room);
        let text = || String::from_utf8_lossy(room);
        let named = || ArrayString::from(&text()).map_or_else(|_| Name::Text(text().into_owned()), Name::Short);
        names::as_number(room).map_or_else(named, Name::Number)
    }

    fn text(&self) -> Cow<'_, str> {
        match self {
            Name::Number(number) => number.to_string().into(),
            Name::Short(text) => text.as_str().into(),
            Name::Text(text) => text.into(),
        }
    }
}

impl TryFrom<Value> for Name {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        match value {
            Value::Number(number) if number.is_u64() => Ok(Name::Number(number.as_u64().unwrap_or(0))),
            Value::String(text) if names::is_name(&text) => Ok(Name::Text(text)),
            other => {
                let (shown, most) = (other.to_string().chars().take(60).collect::<String>(), names::LONGEST);
                Err(format!(
                    "found {shown}; a node is named by a number from 0 or by at most {most} bytes of letters, digits and _"
                ))
            }
        }
    }
}

impl Json for Graph {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"directed":false,"edges":[["A","B",3]],"start":"A","goal":"B"}"#;

    fn to_fields(&self) -> Fields {
        let room = RefCell::new(Vec::new());
        let name = |node: Node| Name::of(&self.names, node, &mut room.borrow_mut());
        let weight = |edge: &Edge| self.is_weighted().then_some(edge.weight.into());
        let (goal, candidates) = match self.goals[..] {
            [goal] => (Some(name(goal)), None),
            _ => (None, Some(self.goals.iter().copied().map(name).collect())),
        };
        Fields {
            directed: self.directed,
            nodes: Some(match &self.names {
                Names::Listed(_) => Nodes::Listed((0..self.nodes()).map(|node| name(Node(node as u16))).collect()),
                Names::Numbers | Names::Letters => Nodes::Count(self.nodes() as u64),
            }),
            edges: self.edges.iter().map(|edge| EdgeFields(name(edge.from), name(edge.to), weight(edge))).collect(),
            start: name(self.start),
            goal,
            candidates,
            coordinates: self.coordinates.clone(),
        }
    }

    fn from_fields(fields: Fields) -> Read<Graph> {
        PuzzleError::within("edges", fields.edges.len() as u64, 0u64, MAX_EDGES as u64)?;
        let goals = match (fields.goal, fields.candidates) {
            (Some(goal), None) => vec![goal],
            (None, Some(candidates)) => candidates,
            _ => return Err(PuzzleError("goal: a graph has either \"goal\" or \"candidates\"".into())),
        };
        PuzzleError::within("candidates", goals.len() as u64, 1u64, MAX_GOALS as u64)?;
        let ends = fields.edges.iter().flat_map(|EdgeFields(from, to, _)| [from, to]);
        let (names, nodes) = read_nodes(fields.nodes, &fields.start, ends.chain([&fields.start]).chain(&goals))?;
        let find = |field: &str, name: &Name| {
            let (text, missing) = (name.text(), |text: &str| PuzzleError(format!("{field}: there is no node {text}")));
            names.find(text.as_bytes(), nodes).ok_or_else(|| missing(&text))
        };
        let edge = |EdgeFields(from, to, weight): &EdgeFields| {
            let weight = weight.unwrap_or(1);
            let fits = u32::try_from(weight).ok().filter(|weight| (1..=MAX_WEIGHT).contains(weight));
            let wrong = || PuzzleError::new("edges", format_args!("weight {weight}"), format!("1 to {MAX_WEIGHT}"));
            let weight = fits.ok_or_else(wrong)?;
            Ok(Edge { from: find("edges", from)?, to: find("edges", to)?, weight })
        };
        let edges = fields.edges.iter().map(edge).collect::<Read<_>>()?;
        let start = find("start", &fields.start)?;
        let goals = goals.iter().map(|goal| find("goal", goal)).collect::<Read<_>>()?;
        let coordinates = fields.coordinates;
        check_coordinates(coordinates.as_deref(), nodes)?;
        let graph = Parts { directed: fields.directed, nodes, names, edges, start, goals, coordinates };
        check_distinct(&graph)?;
        Ok(Graph::new(graph))
    }
}

/// The names in the order of the nodes, and their number. If they are not given, they are all the names in the puzzle.
fn read_nodes<'a>(told: Option<Nodes>, start: &Name, named: impl Iterator<Item = &'a Name>) -> Read<(Names, usize)> {
    let is_told = told.is_some();
    let listed: Vec<Name> = match told {
        Some(Nodes::Count(count)) => {
            PuzzleError::within("nodes", count, 1u64, MAX_NODES as u64)?;
            let numbers = names::as_number(start.text().as_bytes()).is_some();
            return Ok((if numbers { Names::Numbers } else { Names::Letters }, count as usize));
        }
        Some(Nodes::Listed(names)) => names,
        None => named.cloned().collect(),
    };
    let mut listed: Vec<Cow<'_, str>> = listed.iter().map(Name::text).collect();
    if !is_told {
        listed.sort_unstable_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        listed.dedup();
    }
    PuzzleError::within("nodes", listed.len() as u64, 1u64, MAX_NODES as u64)?;
    let names = Names::of_list(listed.iter().map(|name| name.as_bytes()));
    names.map(|names| (names, listed.len())).ok_or_else(|| PuzzleError("nodes: a name is listed twice".into()))
}

fn check_coordinates(coordinates: Option<&[(u32, u32)]>, nodes: usize) -> Read<()> {
    let Some(pairs) = coordinates else { return Ok(()) };
    if pairs.len() != nodes {
        let allowed = format_args!("one pair for each of {nodes} nodes");
        return Err(PuzzleError::new("coordinates", pairs.len(), allowed));
    }
    match pairs.iter().find(|(x, y)| *x.max(y) > MAX_COORDINATE) {
        None => Ok(()),
        Some(pair) => Err(PuzzleError::new("coordinates", pair, format_args!("[x, y], 0 to {MAX_COORDINATE}"))),
    }
}

/// Refuses repeated edges and candidates, and edges from a node to itself.
fn check_distinct(graph: &Parts) -> Read<()> {
    let shown = |edge: &Edge| {
        let mut out = Vec::new();
        graph.names.write(edge.from, &mut out);
        out.extend_from_slice(b" and ");
        graph.names.write(edge.to, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    };
    if let Some(edge) = graph.edges.iter().find(|edge| edge.from == edge.to) {
        let found = format_args!("one between {}", shown(edge));
        return Err(PuzzleError::new("edges", found, "edges between different nodes"));
    }
    let one_way = |edge: &Edge| if graph.directed { *edge } else { edge.ascending() };
    let mut ends: Vec<Edge> = graph.edges.iter().map(one_way).collect();
    ends.sort_unstable();
    if let Some(pair) = ends.windows(2).find(|pair| (pair[0].from, pair[0].to) == (pair[1].from, pair[1].to)) {
        return Err(PuzzleError::new("edges", format_args!("two between {}", shown(&pair[0])), "one"));
    }
    let mut goals = graph.goals.clone();
    goals.sort_unstable();
    goals.dedup();
    if goals.len() != graph.goals.len() {
        return Err(PuzzleError("candidates: a node is named twice".into()));
    }
    Ok(())
}
