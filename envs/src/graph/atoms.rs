//! Texts of states and moves of graph search.

use super::names::Names;
use super::{Edge, Graph, Node, prompts};
use crate::prelude::*;
use crate::prompt::{numbers, pairs};
use crate::text::pair;

/// The texts before the number of nodes, before their names, and before their places.
fn heads(style: Style) -> [&'static str; 3] {
    match style {
        Style::Frame => ["; nodes: ", "; names: ", "; places: "],
        Style::Compact => [" count ", " names ", " at "],
        Style::Prose => [" There are ", " The nodes are ", " They lie at "],
    }
}

/// Whether every node has an edge, or is the start or a goal.
fn all_named(graph: &Graph) -> bool {
    let mut named = vec![false; graph.nodes()];
    let ends = graph.edges.iter().flat_map(|edge| [edge.from, edge.to]).chain([graph.start]);
    for node in ends.chain(graph.goals.iter().copied()) {
        if let Some(named) = named.get_mut(node.index()) {
            *named = true;
        }
    }
    named.into_iter().all(|named| named)
}

fn read_name(style: Style, name: &str) -> Value {
    prompts::name(&tokens(style, name).concat())
}

/// The words of a text. In the compact style, groups of digits are joined.
fn tokens(style: Style, text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut joins = false;
    for word in
        text.split(|sign: char| sign != '^' && sign != '_' && !sign.is_alphanumeric()).filter(|word| !word.is_empty())
    {
        match all.last_mut() {
            _ if style == Style::Compact && word == "^" => joins = true,
            Some(last) if joins => {
                last.push_str(&"000"[word.len().min(3)..]);
                last.push_str(word);
                joins = false;
            }
            _ => all.push(word.into()),
        }
    }
    all
}

/// Reads an edge as a list of names, and its weight if it has one.
fn read_edge(style: Style, edge: &str) -> Option<Value> {
    let words = tokens(style, edge);
    let named: Vec<&str> = words.iter().map(String::as_str).collect();
    let (from, to, weight) = match (style, named.as_slice()) {
        (Style::Frame | Style::Compact, [from, to]) => (from, to, None),
        (Style::Frame | Style::Compact, [from, to, weight]) => (from, to, Some(weight)),
        (Style::Prose, [from, _, to] | ["from", from, "to", to]) => (from, to, None),
        (Style::Prose, [from, _, to, "for", weight] | ["from", from, "to", to, "for", weight]) => {
            (from, to, Some(weight))
        }
        _ => return None,
    };
    let mut edge = vec![prompts::name(from), prompts::name(to)];
    if let Some(weight) = weight {
        edge.push(weight.parse::<u64>().ok()?.into());
    }
    Some(edge.into())
}

fn write_edges(graph: &Graph, style: Style, out: &mut Vec<u8>) {
    if graph.edges.is_empty() && style == Style::Prose {
        return out.extend_from_slice(b"There are no edges.");
    }
    out.extend_from_slice(match (style, graph.directed) {
        (Style::Frame, _) => b"Edges:",
        (Style::Compact, false) => b"edges",
        (Style::Compact, true) => b"arcs",
        (Style::Prose, false) => b"The edges join",
        (Style::Prose, true) => b"The edges lead",
    });
    for (i, edge) in graph.edges.iter().enumerate() {
        if i > 0 && style != Style::Compact {
            out.push(b',');
        }
        out.push(b' ');
        match style {
            Style::Frame => graph.write_move(*edge, style, out),
            Style::Compact => {
                write_listed(graph, *edge, [b"", b" ", b" "], style, out);
                out.extend_from_slice(b" ,");
            }
            Style::Prose if graph.directed => write_listed(graph, *edge, [b"from ", b" to ", b" for "], style, out),
            Style::Prose => write_listed(graph, *edge, [b"", b" and ", b" for "], style, out),
        }
    }
    if style == Style::Prose {
        out.push(b'.');
    }
}

#[inline]
fn write_listed(graph: &Graph, edge: Edge, words: [&[u8]; 3], style: Style, out: &mut Vec<u8>) {
    out.extend_from_slice(words[0]);
    graph.names.write_atom(edge.from, style, out);
    out.extend_from_slice(words[1]);
    graph.names.write_atom(edge.to, style, out);
    if graph.is_weighted() {
        out.extend_from_slice(words[2]);
        write_number_in(style, edge.weight.into(), out);
    }
}

/// The texts between the ends of a move, and before its weight.
#[inline]
fn signs(graph: &Graph, style: Style) -> (&'static [u8], &'static [u8]) {
    match (style, graph.directed) {
        (Style::Frame, false) => (b"-", b"="),
        (Style::Frame, true) => (b">", b"="),
        (Style::Compact, false) => (b" - ", b" = "),
        (Style::Compact, true) => (b" > ", b" = "),
        (Style::Prose, _) => (b" to ", b" for "),
    }
}

impl Atoms for Graph {
    /// Writes the edges, on one line; the number of nodes, if some have no edge; the names, if they are a list; and the places.
    ///
    /// Frame: `Edges: A-B=4, B-C=1` (directed: `A>B=4`), then `; nodes: 5` or `; names: A, C, B`, and `; places: (3, 4), (0, 1)`.
    ///
    /// Compact: `edges A B 4 , B C 1 ,` (directed: `arcs …`), then `count 5` or `names A C B`, and `at 3 4 0 1`.
    ///
    /// Prose: `The edges join A and B for 4, B and C for 1.` (directed: `The edges lead from A to B for 4, from B to C for 1.`), then `There are 5 nodes.` or
    /// `The nodes are A, C, B.`, and `They lie at (3, 4), (0, 1).`
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        write_edges(self, style, out);
        let is_list = matches!(self.names, Names::Listed(_));
        if is_list {
            out.extend_from_slice(heads(style)[1].as_bytes());
            for index in 0..self.nodes() {
                out.extend_from_slice(match (index, style) {
                    (0, _) => b"",
                    (_, Style::Compact) => b" ",
                    _ => b", ",
                });
                self.names.write_atom(Node(index as u16), style, out);
            }
        } else if self.coordinates.is_some() || !all_named(self) {
            out.extend_from_slice(heads(style)[0].as_bytes());
            write_number_in(style, self.nodes() as u64, out);
            out.extend_from_slice(if style == Style::Prose { b" nodes" } else { b"" });
        }
        if style == Style::Prose && (is_list || !out.ends_with(b".")) {
            out.push(b'.');
        }
        let Some(coordinates) = &self.coordinates else { return };
        out.extend_from_slice(heads(style)[2].as_bytes());
        let [open, between, close, next]: [&[u8]; 4] =
            if style == Style::Compact { [b"", b" ", b"", b" "] } else { [b"(", b", ", b")", b", "] };
        for (place, &(x, y)) in coordinates.iter().enumerate() {
            out.extend_from_slice(if place > 0 { next } else { b"" });
            pair(out, style, [open, between, close], [x, y].map(u64::from), [u64::MAX; 2]);
        }
        if style == Style::Prose {
            out.push(b'.');
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let style = task.style;
        let (mut rest, mut parts) = (task.header, [None; 3]);
        for place in [2, 1, 0] {
            if let Some((before, part)) = rest.rsplit_once(heads(style)[place]) {
                (rest, parts[place]) = (before, Some(part.trim_end_matches('.')));
            }
        }
        let [count, names, places] = parts;
        let (directed, listed) = match style {
            Style::Frame => (rest.contains('>'), rest.strip_prefix("Edges:")?),
            Style::Compact => match rest.strip_prefix("arcs") {
                Some(listed) => (true, listed),
                None => (false, rest.strip_prefix("edges")?),
            },
            Style::Prose => match rest.strip_prefix("The edges lead from ") {
                Some(listed) => (true, listed),
                None => (false, rest.strip_prefix("The edges join ").unwrap_or("")),
            },
        };
        let edges = listed.trim_end_matches('.').split(',').filter(|edge| !edge.trim().is_empty());
        let edges = edges.map(|edge| read_edge(style, edge)).collect::<Option<Vec<Value>>>()?;
        let or = [" or ", "|"][usize::from(style != Style::Prose)];
        let goals: Vec<Value> = task.target.split(or).map(|goal| read_name(style, goal)).collect();
        let start = task.start.trim_start_matches('[').trim_end_matches(']');
        let mut value = json!({"directed": directed, "edges": edges, "start": read_name(style, start)});
        match goals.as_slice() {
            [goal] => value["goal"] = goal.clone(),
            _ => value["candidates"] = goals.into(),
        }
        if let Some(names) = names {
            let names = if style == Style::Compact {
                tokens(style, names)
            } else {
                names.split(", ").map(String::from).collect()
            };
            value["nodes"] = names.iter().map(|name| prompts::name(name)).collect();
        } else if let Some(count) = count {
            value["nodes"] = (*numbers(style, count)?.first()?).into();
        }
        if let Some(places) = places {
            value["coordinates"] = json!(pairs(&numbers(style, places)?)?);
        }
        Some(value)
    }

    /// Writes the goal or the candidates: `G|H`, `G | H`, `G or H`.
    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        let or: &[u8] = match style {
            Style::Frame => b"|",
            Style::Compact => b" | ",
            Style::Prose => b" or ",
        };
        for (i, &goal) in self.goals.iter().enumerate() {
            if i > 0 {
                out.extend_from_slice(or);
            }
            self.names.write_atom(goal, style, out);
        }
    }

    #[inline]
    fn write_state(&self, state: &Node, style: Style, out: &mut Vec<u8>) {
        let [open, close]: [&[u8]; 2] = if style == Style::Frame { [b"[", b"]"] } else { [b"", b""] };
        out.extend_from_slice(open);
        self.names.write_atom(*state, style, out);
        out.extend_from_slice(close);
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Node> {
        if style != Style::Frame {
            return self.names.read_atom(self.nodes(), style, reader);
        }
        reader.take(b"[")?;
        let state = self.names.read_atom(self.nodes(), style, reader)?;
        reader.take(b"]")?;
        Some(state)
    }

    #[inline]
    fn write_move(&self, action: Edge, style: Style, out: &mut Vec<u8>) {
        let (to, weighs) = signs(self, style);
        write_listed(self, action, [b"", to, weighs], style, out);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Edge> {
        let (to, weighs) = signs(self, style);
        let from = self.names.read_atom(self.nodes(), style, reader)?;
        reader.take(to)?;
        let to = self.names.read_atom(self.nodes(), style, reader)?;
        if !self.is_weighted() {
            return Some(Edge { from, to, weight: 1 });
        }
        reader.take(weighs)?;
        Some(Edge { from, to, weight: reader.number_up_to(style, u32::MAX.into())? as u32 })
    }
}
