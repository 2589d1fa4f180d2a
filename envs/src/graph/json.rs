//! A graph search puzzle as JSON:
//! `{"directed":false,"nodes":12,"edges":[["A","B",3]],"start":"A","goal":"F"}`.
//!
//! `nodes` is a number where nodes are called 0, 1, 2 … or A, B, C …, and the list of names otherwise; it may be left out, and
//! then the nodes are those that are named, shorter names first. Weights are left out where all are 1. A puzzle with
//! several candidate goals has `candidates` instead of `goal`. `coordinates` has a pair for every node.

use serde_json::{Map, Value};

use super::names::{self, Names};
use super::{Edge, Graph, MAX_EDGES, MAX_GOALS, MAX_NODES, MAX_WEIGHT, Node, Parts};
use crate::environment::PuzzleError;
use crate::json::Json;
use crate::text::write_number;

/// Greatest coordinate: squares of distances fit 64 bits by far.
pub const MAX_COORDINATE: u64 = 1_000_000;

impl Json for Graph {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if self.directed { b"{\"directed\":true" } else { b"{\"directed\":false" });
        out.extend_from_slice(b",\"nodes\":");
        match &self.names {
            Names::Listed(_) => {
                write_names(self, (0..self.nodes()).filter_map(|i| u16::try_from(i).ok()).map(Node), out);
            }
            Names::Numbers | Names::Letters => write_number(self.nodes() as u64, out),
        }
        out.extend_from_slice(b",\"edges\":[");
        for (i, edge) in self.edges.iter().enumerate() {
            out.extend_from_slice(if i > 0 { b",[" } else { b"[" });
            write_name(self, edge.from, out);
            out.push(b',');
            write_name(self, edge.to, out);
            if self.is_weighted() {
                out.push(b',');
                write_number(edge.weight.into(), out);
            }
            out.push(b']');
        }
        out.extend_from_slice(b"],\"start\":");
        write_name(self, self.start, out);
        if let [goal] = self.goals.as_slice() {
            out.extend_from_slice(b",\"goal\":");
            write_name(self, *goal, out);
        } else {
            out.extend_from_slice(b",\"candidates\":");
            write_names(self, self.goals.iter().copied(), out);
        }
        write_coordinates(self, out);
        out.push(b'}');
    }

    fn from_json(value: &Value) -> Read<Graph> {
        let Value::Object(fields) = value else {
            return wrong("a graph is {\"directed\":false,\"edges\":[[\"A\",\"B\",3]],\"start\":\"A\",\"goal\":\"B\"}");
        };
        if let Some(unknown) = fields.keys().find(|key| !FIELDS.contains(&key.as_str())) {
            return wrong(format!("unknown field \"{unknown}\"; allowed: {}", FIELDS.join(", ")));
        }
        let directed = match fields.get("directed") {
            None => false,
            Some(Value::Bool(directed)) => *directed,
            Some(other) => return wrong(format!("directed: found {}; allowed: true, false", shortened(other))),
        };
        let listed = read_edges(fields)?;
        let start = name("start", fields.get("start").unwrap_or(&Value::Null))?;
        let goals = read_goals(fields)?;
        let (names, nodes) = read_nodes(fields, &listed, &start, &goals)?;
        let find = |field: &str, name: &str| match names.find(name.as_bytes(), nodes) {
            Some(node) => Ok(node),
            None => wrong(format!("{field}: there is no node {name}")),
        };
        let mut edges = Vec::with_capacity(listed.len());
        for (from, to, weight) in &listed {
            edges.push(Edge { from: find("edges", from)?, to: find("edges", to)?, weight: *weight });
        }
        let start = find("start", &start)?;
        let goals = goals.iter().map(|goal| find("goal", goal)).collect::<Read<Vec<_>>>()?;
        let coordinates = read_coordinates(fields, nodes)?;
        let graph = Parts { directed, nodes, names, edges, start, goals, coordinates };
        check_distinct(&graph)?;
        Ok(Graph::new(graph))
    }
}

fn write_names(graph: &Graph, nodes: impl Iterator<Item = Node>, out: &mut Vec<u8>) {
    out.push(b'[');
    for (i, node) in nodes.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_name(graph, node, out);
    }
    out.push(b']');
}

fn write_coordinates(graph: &Graph, out: &mut Vec<u8>) {
    let Some(coordinates) = &graph.coordinates else { return };
    out.extend_from_slice(b",\"coordinates\":[");
    for (i, &(x, y)) in coordinates.iter().enumerate() {
        out.extend_from_slice(if i > 0 { b",[" } else { b"[" });
        write_number(x.into(), out);
        out.push(b',');
        write_number(y.into(), out);
        out.push(b']');
    }
    out.push(b']');
}

/// A name that is a number stands without quotes. Names need no escapes.
fn write_name(graph: &Graph, node: Node, out: &mut Vec<u8>) {
    let begin = out.len();
    out.push(b'"');
    graph.names.write(node, out);
    if names::as_number(&out[begin + 1..]).is_some() {
        out.remove(begin);
    } else {
        out.push(b'"');
    }
}

type Read<T> = Result<T, PuzzleError>;

fn wrong<T>(what: impl Into<String>) -> Read<T> {
    Err(PuzzleError(what.into()))
}

const FIELDS: [&str; 7] = ["directed", "nodes", "edges", "start", "goal", "candidates", "coordinates"];

/// What was found, cut to a length that fits a message.
fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn name(field: &str, value: &Value) -> Read<String> {
    match value {
        Value::Number(number) if number.is_u64() => Ok(number.to_string()),
        Value::String(text) if names::is_name(text) => Ok(text.clone()),
        other => wrong(format!(
            "{field}: found {}; a node is named by a number from 0 or by at most {} bytes of letters, digits and _",
            shortened(other),
            names::LONGEST
        )),
    }
}

fn list<'a>(field: &str, value: &'a Value, most: usize) -> Read<&'a [Value]> {
    match value {
        Value::Array(list) if list.len() <= most => Ok(list),
        Value::Array(list) => wrong(format!("{field}: found {}; allowed: at most {most}", list.len())),
        other => wrong(format!("{field}: found {}; allowed: a list", shortened(other))),
    }
}

fn read_edges(fields: &Map<String, Value>) -> Read<Vec<(String, String, u32)>> {
    let mut edges = Vec::new();
    for value in list("edges", fields.get("edges").unwrap_or(&Value::Null), MAX_EDGES)? {
        let edge = list("edges", value, 3)?;
        let weight = match edge {
            [_, _] => 1,
            [_, _, weight] => match weight.as_u64().and_then(|weight| u32::try_from(weight).ok()) {
                Some(weight) if (1..=MAX_WEIGHT).contains(&weight) => weight,
                _ => {
                    return wrong(format!("edges: found weight {}; allowed: 1 to {MAX_WEIGHT}", shortened(weight)));
                }
            },
            _ => {
                return wrong(format!(
                    "edges: found {}; an edge is [from, to] or [from, to, weight]",
                    shortened(value)
                ));
            }
        };
        edges.push((name("edges", &edge[0])?, name("edges", &edge[1])?, weight));
    }
    Ok(edges)
}

fn read_goals(fields: &Map<String, Value>) -> Read<Vec<String>> {
    match (fields.get("goal"), fields.get("candidates")) {
        (Some(goal), None) => Ok(vec![name("goal", goal)?]),
        (None, Some(candidates)) => {
            let candidates = list("candidates", candidates, MAX_GOALS)?;
            if candidates.is_empty() {
                return wrong("candidates: found none; allowed: at least one");
            }
            candidates.iter().map(|candidate| name("candidates", candidate)).collect()
        }
        _ => wrong("goal: a graph has either \"goal\" or \"candidates\""),
    }
}

/// The names in the order of the nodes, and how many there are.
fn read_nodes(
    fields: &Map<String, Value>,
    edges: &[(String, String, u32)],
    start: &String,
    goals: &[String],
) -> Read<(Names, usize)> {
    let listed: Vec<String> = match fields.get("nodes") {
        Some(Value::Number(number)) => {
            let count = number.as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
            if !(1..=MAX_NODES).contains(&count) {
                return wrong(format!("nodes: found {number}; allowed: 1 to {MAX_NODES}, or a list of names"));
            }
            let numbers = names::as_number(start.as_bytes()).is_some();
            return Ok((if numbers { Names::Numbers } else { Names::Letters }, count));
        }
        Some(names) => {
            list("nodes", names, MAX_NODES)?.iter().map(|value| name("nodes", value)).collect::<Read<_>>()?
        }
        None => {
            let ends = edges.iter().flat_map(|(from, to, _)| [from, to]);
            let mut all: Vec<&String> = ends.chain([start]).chain(goals).collect();
            all.sort_unstable_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
            all.dedup();
            all.into_iter().cloned().collect()
        }
    };
    if listed.is_empty() || listed.len() > MAX_NODES {
        return wrong(format!("nodes: found {}; allowed: 1 to {MAX_NODES}", listed.len()));
    }
    match Names::of_list(listed.iter().map(|name| name.as_bytes())) {
        Some(names) => Ok((names, listed.len())),
        None => wrong("nodes: a name is listed twice"),
    }
}

fn read_coordinates(fields: &Map<String, Value>, nodes: usize) -> Read<Option<Vec<(u32, u32)>>> {
    let Some(value) = fields.get("coordinates") else { return Ok(None) };
    let pairs = list("coordinates", value, MAX_NODES)?;
    if pairs.len() != nodes {
        return wrong(format!("coordinates: found {}; allowed: one pair for each of {nodes} nodes", pairs.len()));
    }
    let number = |value: &Value| value.as_u64().filter(|&n| n <= MAX_COORDINATE).map(|n| n as u32);
    let pair = |value: &Value| {
        match list("coordinates", value, 2)? {
            [x, y] => number(x).zip(number(y)).ok_or(()),
            _ => Err(()),
        }
        .or_else(|()| wrong(format!("coordinates: found {}; allowed: [x, y], 0 to {MAX_COORDINATE}", shortened(value))))
    };
    pairs.iter().map(pair).collect::<Read<Vec<_>>>().map(Some)
}

fn check_distinct(graph: &Parts) -> Read<()> {
    let shown = |edge: &Edge| {
        let mut out = Vec::new();
        graph.names.write(edge.from, &mut out);
        out.extend_from_slice(b" and ");
        graph.names.write(edge.to, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    };
    if let Some(edge) = graph.edges.iter().find(|edge| edge.from == edge.to) {
        return wrong(format!("edges: found one between {}; allowed: edges between different nodes", shown(edge)));
    }
    let one_way = |edge: &Edge| if graph.directed { *edge } else { edge.ascending() };
    let mut ends: Vec<Edge> = graph.edges.iter().map(one_way).collect();
    ends.sort_unstable();
    if let Some(pair) = ends.windows(2).find(|pair| (pair[0].from, pair[0].to) == (pair[1].from, pair[1].to)) {
        return wrong(format!("edges: found two between {}; allowed: one", shown(&pair[0])));
    }
    let mut goals = graph.goals.clone();
    goals.sort_unstable();
    goals.dedup();
    if goals.len() != graph.goals.len() {
        return wrong("candidates: a node is named twice");
    }
    Ok(())
}
