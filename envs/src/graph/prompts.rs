//! Prompts and answers of other data sets of graph search. Sentences use our own words.
//!
//! ```text
//! path-star  2,8|5,2|5,9|9,3/5,8=5,2,8                    (Bachmann and Nagarajan 2024, arXiv 2403.06963; reversed: =8,2,5)
//! prosqa     Every A is a B. Every B is a C. Question: Is every A a C or a D? | Every A is a B. Every B is a C. So every A is a C.
//!                                                         (in the manner of ProsQA, Hao et al. 2024, arXiv 2412.06769)
//! nlgraph    In an undirected graph of 4 nodes, (i,j,w) is an edge between i and j of weight w: (A,B,4) (B,C,1). Question: which
//!            path from A to C is the shortest? | The shortest path from A to C is A,B,C with a total weight of 5.
//!                                                         (in the manner of NLGraph, Wang et al. 2023, arXiv 2305.10037)
//! ```
//!
//! Each grammar states direction (`2-8` instead of `2,8`, `and the other way round`, `undirected`), and weights if they are not 1. Only `nlgraph` includes
//! nodes without edges, by the number of nodes or their names.

use serde_json::{Value, json};

use super::names::{self, Names};
use super::{Edge, Graph, Node};
use crate::environment::Cost;
use crate::text::{Reader, write_number};

/// The names of the grammars.
pub const GRAMMARS: &[&str] = &["path-star", "path-star-reversed", "prosqa", "nlgraph"];

/// Writes the prompt of a puzzle.
pub fn write(graph: &Graph, grammar: &str, out: &mut Vec<u8>) {
    match grammar {
        "prosqa" => write_prosqa(graph, out),
        "nlgraph" => write_nlgraph(graph, out),
        _ => write_path_star(graph, out),
    }
}

/// Reads the puzzle of a prompt.
pub fn read(grammar: &str, text: &str) -> Option<Value> {
    match grammar {
        "prosqa" => read_prosqa(text),
        "nlgraph" => read_nlgraph(text),
        _ => read_path_star(text),
    }
}

/// What the prompts of a grammar leave out.
pub fn untold(grammar: &str) -> Option<&'static str> {
    Some(match grammar {
        "nlgraph" => "coordinates; none are assumed",
        _ => {
            "nodes without an edge, the order of nodes and coordinates; the nodes are those that are named, shorter names first"
        }
    })
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

fn joined(graph: &Graph, nodes: impl IntoIterator<Item = Node>, separator: &str, out: &mut Vec<u8>) {
    for (i, node) in nodes.into_iter().enumerate() {
        if i > 0 {
            text(out, separator);
        }
        graph.names.write(node, out);
    }
}

/// A puzzle in the format of the JSON reader. Names that look like numbers become numbers.
fn value(directed: bool, nodes: Option<Value>, edges: Vec<Value>, start: &str, goals: &[&str]) -> Value {
    let mut value = json!({"directed": directed, "edges": edges, "start": name(start)});
    if let Some(nodes) = nodes {
        value["nodes"] = nodes;
    }
    match goals {
        [goal] => value["goal"] = name(goal),
        goals => value["candidates"] = goals.iter().map(|goal| name(goal)).collect(),
    }
    value
}

pub(super) fn name(name: &str) -> Value {
    names::as_number(name.as_bytes()).map_or_else(|| name.into(), Value::from)
}

fn edge(from: &str, to: &str, weight: Option<&str>) -> Option<Value> {
    Some(match weight {
        None => json!([name(from), name(to)]),
        Some(weight) => json!([name(from), name(to), weight.parse::<u64>().ok()?]),
    })
}

// --- path-star

fn write_path_star(graph: &Graph, out: &mut Vec<u8>) {
    let between = if graph.directed { "," } else { "-" };
    for (i, edge) in graph.edges.iter().enumerate() {
        if i > 0 {
            out.push(b'|');
        }
        joined(graph, [edge.from, edge.to], between, out);
        if graph.is_weighted() {
            out.push(b',');
            write_number(edge.weight.into(), out);
        }
    }
    out.push(b'/');
    joined(graph, [graph.start].into_iter().chain(graph.goals.iter().copied()), ",", out);
    out.push(b'=');
}

fn read_path_star(text: &str) -> Option<Value> {
    let (edges, rest) = text.split_once('/')?;
    let question: Vec<&str> = rest.strip_suffix('=')?.split(',').collect();
    let (start, goals) = question.split_first()?;
    let directed = !edges.contains('-');
    let read = |part: &str| {
        let parts: Vec<&str> = part.split([',', '-']).collect();
        match parts[..] {
            [from, to] => edge(from, to, None),
            [from, to, weight] => edge(from, to, Some(weight)),
            _ => None,
        }
    };
    let edges = edges.split('|').filter(|part| !part.is_empty()).map(read).collect::<Option<Vec<Value>>>()?;
    Some(value(directed, None, edges, start, goals))
}

// --- prosqa

const EVERY: &str = "Every ";
const IS_A: &str = " is a ";
const COST: &str = " at a cost of ";
const BOTH_WAYS: &str = ", and the other way round";
const QUESTION: &str = "Question: Is every ";

fn write_prosqa(graph: &Graph, out: &mut Vec<u8>) {
    for edge in &graph.edges {
        write_statement(graph, *edge, out);
        text(out, ". ");
    }
    text(out, QUESTION);
    graph.names.write(graph.start, out);
    text(out, " a ");
    joined(graph, graph.goals.iter().copied(), " or a ", out);
    out.push(b'?');
}

fn write_statement(graph: &Graph, edge: Edge, out: &mut Vec<u8>) {
    text(out, EVERY);
    joined(graph, [edge.from, edge.to], IS_A, out);
    if graph.is_weighted() {
        text(out, COST);
        write_number(edge.weight.into(), out);
    }
    if !graph.directed {
        text(out, BOTH_WAYS);
    }
}

fn read_prosqa(text: &str) -> Option<Value> {
    let (statements, question) = text.split_once(QUESTION)?;
    let (start, goals) = question.strip_suffix('?')?.split_once(" a ")?;
    let goals: Vec<&str> = goals.split(" or a ").collect();
    let directed = !statements.contains(BOTH_WAYS);
    let read = |statement: &str| {
        let (from, rest) = statement.strip_prefix(EVERY)?.split_once(IS_A)?;
        let rest = rest.strip_suffix(BOTH_WAYS).unwrap_or(rest);
        let (to, weight) = rest.split_once(COST).map_or((rest, None), |(to, weight)| (to, Some(weight)));
        edge(from, to, weight)
    };
    let statements = statements.split(". ").filter(|statement| !statement.is_empty());
    Some(value(directed, None, statements.map(read).collect::<Option<Vec<Value>>>()?, start, &goals))
}

// --- nlgraph

const GRAPH_OF: &str = " graph of ";
const TO_GOAL: &str = " to ";

fn write_nlgraph(graph: &Graph, out: &mut Vec<u8>) {
    text(out, if graph.directed { "In a directed" } else { "In an undirected" });
    text(out, GRAPH_OF);
    match graph.names {
        Names::Listed(_) => {
            let all = (0..graph.nodes()).filter_map(|index| u16::try_from(index).ok()).map(Node);
            joined(graph, all, " ", out);
        }
        _ => write_number(graph.nodes() as u64, out),
    }
    let direction = if graph.directed { "from i to j" } else { "between i and j" };
    let (form, weight) = if graph.is_weighted() { ("(i,j,w)", " of weight w") } else { ("(i,j)", "") };
    text(out, &format!(" nodes, {form} is an edge {direction}{weight}:"));
    for edge in &graph.edges {
        text(out, " (");
        joined(graph, [edge.from, edge.to], ",", out);
        if graph.is_weighted() {
            out.push(b',');
            write_number(edge.weight.into(), out);
        }
        out.push(b')');
    }
    text(out, ". Question: which path from ");
    graph.names.write(graph.start, out);
    text(out, TO_GOAL);
    joined(graph, graph.goals.iter().copied(), " or ", out);
    text(out, " is the shortest?");
}

fn read_nlgraph(text: &str) -> Option<Value> {
    let (kind, rest) = text.split_once(GRAPH_OF)?;
    let (nodes, rest) = rest.split_once(" nodes, ")?;
    let (_, rest) = rest.split_once(':')?;
    let (edges, question) = rest.split_once(". Question: which path from ")?;
    let (start, goals) = question.strip_suffix(" is the shortest?")?.split_once(TO_GOAL)?;
    let goals: Vec<&str> = goals.split(" or ").collect();
    let read = |part: &str| {
        let parts: Vec<&str> = part.strip_prefix('(')?.strip_suffix(')')?.split(',').collect();
        match parts[..] {
            [from, to] => edge(from, to, None),
            [from, to, weight] => edge(from, to, Some(weight)),
            _ => None,
        }
    };
    let edges = edges.split(' ').filter(|part| !part.is_empty()).map(read).collect::<Option<Vec<Value>>>()?;
    let directed = match kind {
        "In a directed" => true,
        "In an undirected" => false,
        _ => return None,
    };
    let nodes = match nodes.parse::<u64>() {
        Ok(number) => number.into(),
        Err(_) => nodes.split(' ').map(name).collect(),
    };
    Some(value(directed, Some(nodes), edges, start, &goals))
}

// --- solutions

/// Writes a solution.
pub fn write_solution(graph: &Graph, grammar: &str, moves: Option<&[Edge]>, out: &mut Vec<u8>) {
    let Some(moves) = moves else {
        text(out, if grammar.starts_with("path-star") { "none" } else { NO_WAY });
        return;
    };
    let mut nodes: Vec<Node> = [graph.start].into_iter().chain(moves.iter().map(|edge| edge.to)).collect();
    let end = nodes.last().copied().unwrap_or(graph.start);
    match grammar {
        "prosqa" => {
            for edge in moves {
                write_statement(graph, *edge, out);
                text(out, ". ");
            }
            text(out, "So every ");
            joined(graph, [graph.start, end], IS_A, out);
            out.push(b'.');
        }
        "nlgraph" => {
            text(out, "The shortest path from ");
            joined(graph, [graph.start, end], TO_GOAL, out);
            text(out, " is ");
            joined(graph, nodes, ",", out);
            text(out, " with a total weight of ");
            write_number(moves.iter().map(|edge| Cost::from(edge.weight)).sum(), out);
            out.push(b'.');
        }
        _ => {
            if grammar == "path-star-reversed" {
                nodes.reverse();
            }
            joined(graph, nodes, ",", out);
        }
    }
}

const NO_WAY: &str = "There is no way.";

/// Reads a solution: its nodes, one after the other. Its other statements must match the nodes; only its weight may be wrong.
pub fn read_solution(graph: &Graph, grammar: &str, reader: &mut Reader<'_>) -> Option<Option<Vec<Edge>>> {
    let text = std::str::from_utf8(reader.rest()).ok()?;
    if text == NO_WAY || (text == "none" && graph.names.find(b"none", graph.nodes()).is_none()) {
        reader.seek(reader.position() + text.len());
        return Some(None);
    }
    let nodes: Vec<&str> = match grammar {
        "prosqa" => prosqa_nodes(text)?,
        "nlgraph" => text
            .strip_prefix("The shortest path from ")?
            .split_once(" is ")?
            .1
            .split_once(" with")?
            .0
            .split(',')
            .collect(),
        "path-star-reversed" => text.rsplit(',').collect(),
        _ => text.split(',').collect(),
    };
    let nodes: Option<Vec<Node>> = nodes.iter().map(|name| graph.names.find(name.as_bytes(), graph.nodes())).collect();
    let nodes = nodes.filter(|nodes| nodes.first() == Some(&graph.start))?;
    let step =
        |pair: &[Node]| Edge { from: pair[0], to: pair[1], weight: graph.arrows.weight(pair[0], pair[1]).unwrap_or(1) };
    let moves: Vec<Edge> = nodes.windows(2).map(step).collect();
    let mut again = Vec::new();
    write_solution(graph, grammar, Some(&moves), &mut again);
    // A wrong weight is readable; the check judges it.
    let told = |text: &str| text.split_once(WEIGHT).map_or((text.to_string(), false), |(path, _)| (path.into(), true));
    let same = match (grammar, std::str::from_utf8(&again)) {
        ("nlgraph", Ok(again)) => told(again) == told(text) && told(text).1 == stated_cost(text).is_some(),
        (_, again) => again.is_ok_and(|again| again == text),
    };
    same.then_some(())?;
    reader.seek(reader.position() + text.len());
    Some(Some(moves))
}

/// The text between a path and its weight in the sentence of NLGraph.
const WEIGHT: &str = " with a total weight of ";

/// The weight that the sentence of NLGraph states.
pub fn stated_cost(text: &str) -> Option<Cost> {
    let (_, weight) = text.split_once(WEIGHT)?;
    let digits = weight.strip_suffix('.')?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The nodes of a chain of statements, without the conclusion.
fn prosqa_nodes(text: &str) -> Option<Vec<&str>> {
    let (statements, conclusion) = text.rsplit_once("So every ").unwrap_or(("", text));
    let (start, _) = conclusion.split_once(IS_A)?;
    let mut nodes = vec![start];
    for statement in statements.split(". ").filter(|statement| !statement.is_empty()) {
        let (_, rest) = statement.strip_prefix(EVERY)?.split_once(IS_A)?;
        nodes.push(rest.split([' ', ',']).next()?);
    }
    Some(nodes)
}
