//! Graphs with a start and a goal: lines of the path-star task, JSON of ProsQA, questions of NLGraph, and lists of edges.
//!
//! Sources: Bachmann and Nagarajan (2024), "The Pitfalls of Next-Token Prediction" (`2,8|5,2/5,8=5,2,8`); Hao et al. (2024), "Training Large Language
//! Models to Reason in a Continuous Latent Space" (ProsQA); Wang et al. (2023), "Can Language Models Solve Graph Problems in Natural Language?" (NLGraph).

use serde_json::{Map, Value, json};

use super::{Entry, lines, numbers};

const ALLOWED: &str = "lines such as 2,8|5,2/5,8= (path-star), JSON of ProsQA or NLGraph, or edges (a b, or a b weight) with lines start a and goal b";

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    if text.lines().any(|line| line.starts_with("p sp ")) {
        return shortest_paths(text, out);
    }
    let mut list = EdgeList::default();
    let mut question = String::new();
    let mut asked_on = 0;
    for (number, line) in lines(text) {
        let trimmed = line.trim();
        if trimmed.starts_with('{') && !question.is_empty() {
            out(Entry::wrong(asked_on, 1, &std::mem::take(&mut question), ALLOWED));
        }
        if trimmed.is_empty() || trimmed.starts_with('#') {
            list.finish(out);
        } else if trimmed.starts_with('{') {
            list.finish(out);
            let wrong = |column: usize| Entry::wrong(number, column, trimmed, ALLOWED);
            out(match serde_json::from_str(trimmed) {
                Ok(object) => of_json(number, &object).unwrap_or_else(|| wrong(1)),
                Err(error) => wrong(error.column().max(1)),
            });
        } else if !question.is_empty() || is_question(trimmed) {
            list.finish(out);
            if question.is_empty() {
                asked_on = number;
            }
            question.push_str(trimmed);
            question.push(' ');
            if let Some(puzzle) = nlgraph(&question) {
                out(Entry::of(asked_on, puzzle));
                question.clear();
            } else if trimmed.starts_with("A:") {
                // The answer stands behind a question, so this one asks for something else.
                out(Entry::wrong(asked_on, 1, &question, ALLOWED));
                question.clear();
            }
        } else if let Some(puzzle) = path_star(trimmed) {
            list.finish(out);
            out(Entry::of(number, puzzle));
        } else if trimmed == "A:" || trimmed.starts_with("A: ") {
            // The answer of the question above.
        } else if !list.take(number, trimmed) {
            list.finish(out);
            out(Entry::wrong(number, 1, trimmed, ALLOWED));
        }
    }
    if !question.is_empty() {
        out(Entry::wrong(asked_on, 1, &question, ALLOWED));
    }
    list.finish(out);
}

/// Shortest paths of DIMACS: `c` comments, `p sp NODES ARCS`, `a FROM TO WEIGHT`. The start and the goal are not in the file, or in a line `q START GOAL`.
fn shortest_paths(text: &str, out: &mut dyn FnMut(Entry)) {
    const ALLOWED: &str = "c comments, p sp NODES ARCS, then lines a FROM TO WEIGHT, and q START GOAL";
    let mut found: Option<(usize, Value)> = None;
    for (number, line) in lines(text) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let given =
            words.get(1..).and_then(|words| words.iter().map(|word| word.parse().ok()).collect::<Option<Vec<u64>>>());
        match (words.first(), given.as_deref(), &mut found) {
            (None | Some(&"c"), ..) => {}
            (Some(&"p"), ..) if words.get(1) == Some(&"sp") => {
                found.take().into_iter().for_each(|(line, puzzle)| out(Entry::of(line, puzzle)));
                found = Some((number, json!({"directed": true, "edges": []})));
            }
            (Some(&"a"), Some(arc @ [_, _, _]), Some((_, puzzle))) => {
                puzzle["edges"].as_array_mut().into_iter().for_each(|edges| edges.push(json!(arc)));
            }
            (Some(&"q"), Some(&[start, goal]), Some((_, puzzle))) => {
                puzzle["start"] = start.into();
                puzzle["goal"] = goal.into();
            }
            _ => {
                // What stands in a graph and is no arc makes it another one.
                out(Entry::wrong(number, 1, line, ALLOWED));
                found = None;
            }
        }
    }
    found.into_iter().for_each(|(line, puzzle)| out(Entry::of(line, puzzle)));
}

/// A name as the environment's JSON has it: a number without quotes.
fn name(text: &str) -> Value {
    let text = text.trim();
    text.parse::<u64>().map_or_else(|_| text.into(), Value::from)
}

/// A line of the path-star task, with or without the path behind `=`.
fn path_star(line: &str) -> Option<Value> {
    let (edges, question) = line.split_once('=').map_or(line, |(question, _)| question).split_once('/')?;
    let (start, goal) = question.split_once(',')?;
    let edge = |edge: &str| edge.split_once(',').map(|(from, to)| json!([name(from), name(to)]));
    let edges = edges.split('|').map(edge).collect::<Option<Vec<_>>>()?;
    Some(json!({"directed": true, "edges": edges, "start": name(start), "goal": name(goal)}))
}

fn of_json(line: usize, object: &Map<String, Value>) -> Option<Entry> {
    if let Some(question) = object.get("question").and_then(Value::as_str).filter(|text| is_question(text)) {
        return Some(Entry::of(line, nlgraph(question)?));
    }
    let symbols = object.get("idx_to_symbol")?.as_array()?;
    let symbol = |index: &Value| symbols.get(usize::try_from(index.as_u64()?).ok()?).cloned();
    let edge = |edge: &Value| Some(json!([symbol(edge.get(0)?)?, symbol(edge.get(1)?)?]));
    let edges = object.get("edges")?.as_array()?.iter().map(edge).collect::<Option<Vec<_>>>()?;
    // Which of the two is the goal must not be told by their order.
    let mut candidates = [symbol(object.get("target")?)?, symbol(object.get("neg_target")?)?];
    candidates.sort_by_key(|candidate| candidate.to_string());
    let puzzle = json!({"directed": true, "nodes": symbols, "edges": edges, "start": symbol(object.get("root")?)?, "candidates": candidates});
    Some(Entry::of(line, puzzle))
}

fn is_question(text: &str) -> bool {
    text.starts_with("In a directed graph") || text.starts_with("In an undirected graph")
}

/// A question of NLGraph for a path: `an edge between node 0 and node 1 with weight 2`, or pairs `(0,1)`.
fn nlgraph(text: &str) -> Option<Value> {
    let (told, asked) = text.split_once("Q:")?;
    let asked = asked.split("A:").next().unwrap_or(asked);
    let (told, directed) =
        (told.split_once("edges are").map_or(told, |(_, edges)| edges), text.starts_with("In a directed"));
    let edges: Vec<Vec<u64>> = match told.contains("edge ") {
        true => told.split("edge ").skip(1).map(numbers).collect::<Option<_>>()?,
        false => told.split('(').skip(1).map(|pair| numbers(pair.split_once(')')?.0)).collect::<Option<_>>()?,
    };
    if !asked.contains("path") || edges.iter().any(|edge| !(2..=3).contains(&edge.len())) {
        return None;
    }
    let &[start, goal] = &numbers(asked)?[..] else { return None };
    let count = text
        .split_once("numbered from")
        .and_then(|(_, range)| numbers(range)?.get(1).copied())
        .map(|last| last.saturating_add(1));
    let most = edges.iter().flat_map(|edge| &edge[..2]).chain([&start, &goal]).max().map(|most| most.saturating_add(1));
    Some(json!({"directed": directed, "nodes": count.max(most)?, "edges": edges, "start": start, "goal": goal}))
}

/// Edges a line, with the start and the goal; a blank line ends a graph.
#[derive(Default)]
struct EdgeList {
    line: usize,
    directed: bool,
    edges: Vec<Value>,
    start: Option<Value>,
    goal: Option<Value>,
}

impl EdgeList {
    /// Takes a line; false where it is none of a list of edges.
    fn take(&mut self, number: usize, line: &str) -> bool {
        let words: Vec<&str> = line.split([' ', '\t', ',']).filter(|word| !word.is_empty()).collect();
        match words[..] {
            ["directed"] => self.directed = true,
            ["start", node] => self.start = Some(name(node)),
            ["goal", node] => self.goal = Some(name(node)),
            [from, "->", to] => {
                self.directed = true;
                self.edges.push(json!([name(from), name(to)]));
            }
            [from, to] => self.edges.push(json!([name(from), name(to)])),
            [from, to, weight] => {
                let Ok(weight) = weight.parse::<u64>() else { return false };
                self.edges.push(json!([name(from), name(to), weight]));
            }
            _ => return false,
        }
        if self.line == 0 {
            self.line = number;
        }
        true
    }

    fn finish(&mut self, out: &mut dyn FnMut(Entry)) {
        let EdgeList { line, directed, edges, start, goal } = std::mem::take(self);
        match (start, goal) {
            _ if line == 0 => {}
            (Some(start), Some(goal)) => {
                out(Entry::of(line, json!({"directed": directed, "edges": edges, "start": start, "goal": goal})));
            }
            _ => out(Entry::wrong(line, 1, &format!("{} edges without a start and a goal", edges.len()), ALLOWED)),
        }
    }
}
