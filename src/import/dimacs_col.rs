//! Graphs to colour: `c` comments, `p edge NODES EDGES`, then `e A B` for each edge. The number of colours is not in the file.
//!
//! Source: DIMACS (1993), "Clique and Coloring Problems: Graph Format".

use serde_json::json;

use super::{Entry, lines};

const ALLOWED: &str = "c comments, p edge NODES EDGES, then lines e A B, nodes counted from 1";

struct Graph {
    line: usize,
    nodes: u64,
    /// How many edges are announced.
    announced: usize,
    /// Number of lines with edges.
    found: usize,
    edges: Vec<[u64; 2]>,
    title: String,
}

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    let mut graph: Option<Graph> = None;
    let mut title = String::new();
    let mut skips = false;
    for (number, line) in lines(text) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let count = |at: usize| words.get(at).and_then(|word| word.parse::<u64>().ok());
        match (words.first(), count(1), count(2)) {
            (None, ..) => {}
            (Some(&"c"), ..) => title = words[1..].join(" "),
            // A node can have more, such as its place or weight, which colours do not regard.
            (Some(&("n" | "d" | "v" | "x")), ..) => {}
            (Some(&"p"), ..) => {
                finish(graph.take(), out);
                skips = false;
                match (words.get(1), count(2), count(3)) {
                    (Some(&("edge" | "col" | "edges")), Some(nodes), Some(announced)) => {
                        let (announced, title) = (announced as usize, std::mem::take(&mut title));
                        graph = Some(Graph { line: number, nodes, announced, found: 0, edges: Vec::new(), title });
                    }
                    _ => {
                        out(Entry::wrong(number, 1, line, ALLOWED));
                        skips = true;
                    }
                }
            }
            (Some(&"e"), Some(a), Some(b)) if graph.is_some() && words.len() == 3 => {
                graph.iter_mut().for_each(|graph| {
                    graph.found += 1;
                    graph.edges.push([a.min(b), a.max(b)]);
                });
            }
            _ if skips => {}
            _ => {
                // What stands in a graph and is no edge makes it another one.
                out(Entry::wrong(number, 1, line, ALLOWED));
                skips = graph.take().is_some() || skips;
            }
        }
    }
    finish(graph, out);
}

fn finish(graph: Option<Graph>, out: &mut dyn FnMut(Entry)) {
    let Some(Graph { line, nodes, announced, found, mut edges, title }) = graph else { return };
    // Many files list each edge in both directions, and count it once or twice.
    edges.sort_unstable();
    edges.dedup();
    out(if found == announced || edges.len() == announced || found == 2 * announced {
        Entry::of(line, json!({"nodes": nodes, "edges": edges})).with("title", &title)
    } else {
        Entry::wrong(line, 1, &format!("{found} edges"), &format!("{announced}, as the line says"))
    });
}
