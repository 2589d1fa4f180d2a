//! How graph search is written and read.

use super::{Edge, Graph, Node};
use crate::text::{Reader, Style, write_number, write_number_tokens};

/// Writes the edges, on one line.
///
/// Frame: `Edges: A-B=4, B-C=1` (directed: `A>B=4`). Compact: `edges A B 4 , B C 1 ,` (directed: `arcs …`). Prose:
/// `The edges join A and B for 4, B and C for 1.` (directed: `The edges lead from A to B for 4, from B to C for 1.`)
pub fn write_header(graph: &Graph, style: Style, out: &mut Vec<u8>) {
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
            Style::Frame => write_move(graph, *edge, style, out),
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

fn write_listed(graph: &Graph, edge: Edge, words: [&[u8]; 3], style: Style, out: &mut Vec<u8>) {
    out.extend_from_slice(words[0]);
    graph.names.write_atom(edge.from, style, out);
    out.extend_from_slice(words[1]);
    graph.names.write_atom(edge.to, style, out);
    if graph.is_weighted() {
        out.extend_from_slice(words[2]);
        write_weight(edge.weight, style, out);
    }
}

/// Writes the goal, or the candidates: `G|H`, `G | H`, `G or H`.
pub fn write_target(graph: &Graph, style: Style, out: &mut Vec<u8>) {
    let or: &[u8] = match style {
        Style::Frame => b"|",
        Style::Compact => b" | ",
        Style::Prose => b" or ",
    };
    for (i, &goal) in graph.goals.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(or);
        }
        graph.names.write_atom(goal, style, out);
    }
}

#[inline]
pub fn write_state(graph: &Graph, state: Node, style: Style, out: &mut Vec<u8>) {
    if style == Style::Frame {
        out.push(b'[');
        graph.names.write_atom(state, style, out);
        out.push(b']');
    } else {
        graph.names.write_atom(state, style, out);
    }
}

pub fn read_state(graph: &Graph, style: Style, reader: &mut Reader<'_>) -> Option<Node> {
    if style != Style::Frame {
        return graph.names.read_atom(graph.nodes(), style, reader);
    }
    reader.take(b"[")?;
    let state = graph.names.read_atom(graph.nodes(), style, reader)?;
    reader.take(b"]")?;
    Some(state)
}

/// What stands between the ends of a move, and before its weight.
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

fn write_weight(weight: u32, style: Style, out: &mut Vec<u8>) {
    if style == Style::Compact { write_number_tokens(weight.into(), out) } else { write_number(weight.into(), out) }
}

#[inline]
pub fn write_move(graph: &Graph, action: Edge, style: Style, out: &mut Vec<u8>) {
    let (to, weighs) = signs(graph, style);
    graph.names.write_atom(action.from, style, out);
    out.extend_from_slice(to);
    graph.names.write_atom(action.to, style, out);
    if graph.is_weighted() {
        out.extend_from_slice(weighs);
        write_weight(action.weight, style, out);
    }
}

pub fn read_move(graph: &Graph, style: Style, reader: &mut Reader<'_>) -> Option<Edge> {
    let (to, weighs) = signs(graph, style);
    let from = graph.names.read_atom(graph.nodes(), style, reader)?;
    reader.take(to)?;
    let to = graph.names.read_atom(graph.nodes(), style, reader)?;
    if !graph.is_weighted() {
        return Some(Edge { from, to, weight: 1 });
    }
    reader.take(weighs)?;
    let weight = if style == Style::Compact { reader.number_tokens()? } else { reader.number()? };
    Some(Edge { from, to, weight: u32::try_from(weight).ok()? })
}
