//! The tree that a text tells: nodes with their place in the text.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use sos_envs::Style;
use stream_of_search::arena::Puzzle as ArenaPuzzle;
use stream_of_search::dialect::Parsed;
use stream_of_search::trace::{EventKind, NodeId};

use crate::errors;
use crate::puzzles::Puzzle;
use crate::texts;

/// A node of the tree.
struct Node {
    parent: Option<NodeId>,
    depth: u32,
    action: Option<String>,
    state: String,
    g: Option<u64>,
    /// Bytes of the text where the node is first told.
    span: Option<(usize, usize)>,
    /// Whether an event told it.
    told: bool,
    /// The visits: their numbers among all visits of the text.
    visits: Vec<u64>,
    /// What the text says of the node.
    marks: Vec<&'static str>,
}

/// What a text says of a node by an event; none for events that only move.
fn mark(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::Goal => Some("goal"),
        EventKind::DeadEnd => Some("dead-end"),
        EventKind::Seen => Some("seen"),
        EventKind::Cut => Some("cut"),
        EventKind::Prune => Some("pruned"),
        EventKind::Root => Some("goal-root"),
        _ => None,
    }
}

fn nodes(puzzle: &ArenaPuzzle, parsed: &Parsed) -> Vec<Node> {
    let written = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    };
    let trace = &parsed.trace;
    let mut nodes: Vec<Node> = trace
        .nodes
        .iter()
        .map(|node| Node {
            parent: trace.node(node.parent).map(|_| node.parent),
            depth: node.depth,
            action: node.action.map(|action| written(&|out| puzzle.write_move(action, Style::Frame, out))),
            state: written(&|out| puzzle.write_state(node.state, Style::Frame, out)),
            g: node.g,
            span: None,
            told: false,
            visits: Vec::new(),
            marks: Vec::new(),
        })
        .collect();
    let mut visits = 0;
    for (event, spans) in trace.events.iter().zip(&parsed.spans) {
        if matches!(event.kind, EventKind::Bound | EventKind::GiveUp | EventKind::Unsolvable) {
            continue;
        }
        if event.kind == EventKind::Meet {
            if let Some(&(one, other)) = trace.meetings.get(event.node as usize) {
                for id in [one, other] {
                    nodes.get_mut(id as usize).into_iter().for_each(|node| node.marks.push("meeting"));
                }
            }
            continue;
        }
        let Some(node) = nodes.get_mut(event.node as usize) else { continue };
        // The first event of a root may stand in the prompt alone.
        if !std::mem::replace(&mut node.told, true) && spans.whole.1 > spans.whole.0 {
            node.span = Some((spans.whole.0, spans.whole.1));
        }
        if event.kind == EventKind::Visit {
            node.visits.push(visits);
            visits += 1;
        }
        node.marks.extend(mark(event.kind).filter(|mark| !node.marks.contains(mark)));
    }
    nodes
}

/// The nodes that a text in a dialect tells, each as a dict. Spans are in bytes of the text.
#[pyfunction]
fn tree<'py>(
    py: Python<'py>,
    puzzle: &Puzzle,
    text: &Bound<'py, PyString>,
    dialect: &str,
) -> PyResult<Bound<'py, PyList>> {
    let entry = puzzle.0.dialect(dialect).map_err(errors::request)?;
    let text = texts::utf8(text)?;
    let told = &puzzle.0;
    let read = crate::environment::failure::guarded(py, || {
        let puzzle = told.puzzle()?;
        let parsed = entry.read(&puzzle, text.as_bytes(), 0);
        Ok(nodes(&puzzle, &parsed))
    })?;
    let dict = |(id, node): (usize, Node)| {
        let dict = PyDict::new(py);
        dict.set_item("id", id)?;
        dict.set_item("parent", node.parent)?;
        dict.set_item("depth", node.depth)?;
        dict.set_item("move", node.action)?;
        dict.set_item("state", node.state)?;
        dict.set_item("g", node.g)?;
        dict.set_item("span", node.span)?;
        dict.set_item("visits", node.visits)?;
        dict.set_item("marks", node.marks)?;
        Ok::<_, PyErr>(dict)
    };
    let nodes = read.map_err(errors::request)?.into_iter().enumerate().map(dict).collect::<PyResult<Vec<_>>>()?;
    PyList::new(py, nodes)
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(tree, module)?)
}
