//! Writes prompts, answers and traces.

use sos_envs::text::write_number;
use sos_envs::{Cost, Style};

use super::KINDS;
use crate::arena::Puzzle;
use crate::dialect::estimate::write_estimate;
use crate::trace::{Answer, Claim, Event, MoveId, NO_CLAIM, NO_NODE, Node, NodeId, StateId, Trace};

/// Writes the prompt.
pub fn prompt(puzzle: &Puzzle, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"puzzle\":");
    puzzle.write_json(out);
    out.push(b'}');
}

/// Writes an answer section alone.
pub fn answer_alone(puzzle: &Puzzle, section: &Answer, out: &mut Vec<u8>) {
    out.push(b'{');
    answer(puzzle, section, out);
    out.extend_from_slice(b"}\n");
}

/// Writes a trace.
pub fn write(puzzle: &Puzzle, trace: &Trace, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"nodes\":");
    list(&trace.nodes, out, |item, out| node(puzzle, item, out));
    out.extend_from_slice(b",\"events\":");
    list(&trace.events, out, |&item, out| event(trace, item, out));
    if !trace.claims.is_empty() {
        out.extend_from_slice(b",\"claims\":");
        list(&trace.claims, out, |item, out| claim(puzzle, item, out));
    }
    if !trace.bounds.is_empty() {
        out.extend_from_slice(b",\"bounds\":");
        list(&trace.bounds, out, |&item, out| estimate(puzzle, item, out));
    }
    if !trace.meetings.is_empty() {
        out.extend_from_slice(b",\"meetings\":");
        list(&trace.meetings, out, |&(forward, backward), out| {
            list(&[forward, backward], out, |&id, out| index(id, trace.nodes.len(), out))
        });
    }
    if let Some(section) = &trace.answer {
        out.push(b',');
        answer(puzzle, section, out);
    }
    out.extend_from_slice(b"}\n");
}

fn list<T>(items: &[T], out: &mut Vec<u8>, mut write: impl FnMut(&T, &mut Vec<u8>)) {
    out.push(b'[');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(b']');
}

/// Writes a JSON string.
fn string(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    let start = out.len();
    write(out);
    if out[start..].iter().any(|&byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        escape(start, out);
    }
    out.push(b'"');
}

fn escape(start: usize, out: &mut Vec<u8>) {
    let plain = out.split_off(start);
    for byte in plain {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0..b' ' => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
}

fn estimate(puzzle: &Puzzle, value: Cost, out: &mut Vec<u8>) {
    string(out, |out| write_estimate(puzzle, value, Style::Frame, out));
}

fn state(puzzle: &Puzzle, state: StateId, out: &mut Vec<u8>) {
    string(out, |out| puzzle.write_state(state, Style::Frame, out));
}

fn action(puzzle: &Puzzle, action: MoveId, out: &mut Vec<u8>) {
    string(out, |out| puzzle.write_move(action, Style::Frame, out));
}

/// Writes a key, and a comma before it if it is not the first.
fn key(name: &str, out: &mut Vec<u8>) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

fn node(puzzle: &Puzzle, node: &Node, out: &mut Vec<u8>) {
    out.push(b'{');
    if node.parent != NO_NODE {
        key("parent", out);
        write_number(u64::from(node.parent), out);
    }
    if node.parent != NO_NODE || node.ordinal > 0 {
        key("ordinal", out);
        write_number(u64::from(node.ordinal), out);
    }
    if let Some(value) = node.action {
        key("move", out);
        action(puzzle, value, out);
    }
    key("state", out);
    state(puzzle, node.state, out);
    if let Some(g) = node.g {
        key("g", out);
        write_number(g, out);
    }
    if let Some(h) = node.h {
        key("h", out);
        estimate(puzzle, h, out);
    }
    out.push(b'}');
}

fn event(trace: &Trace, event: Event, out: &mut Vec<u8>) {
    let name = KINDS.iter().find(|(kind, _)| *kind == event.kind).map_or("", |(_, name)| *name);
    out.extend_from_slice(b"[\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\",");
    index(event.node, trace.known(event.kind), out);
    if event.claim != NO_CLAIM {
        out.push(b',');
        write_number(u64::from(event.claim), out);
    }
    out.push(b']');
}

/// Writes an index into a list of length `len`; null where it is outside.
fn index(id: NodeId, len: usize, out: &mut Vec<u8>) {
    if (id as usize) < len {
        write_number(u64::from(id), out);
    } else {
        out.extend_from_slice(b"null");
    }
}

fn claim(puzzle: &Puzzle, claim: &Claim, out: &mut Vec<u8>) {
    out.push(b'{');
    if let Some(value) = &claim.state {
        key("state", out);
        state(puzzle, *value, out);
    }
    if let Some(value) = claim.action {
        key("move", out);
        action(puzzle, value, out);
    }
    if let Some(path) = &claim.path {
        key("path", out);
        list(path, out, |&value, out| action(puzzle, value, out));
    }
    if let Some(label) = &claim.label {
        key("label", out);
        list(label, out, |&part, out| write_number(u64::from(part), out));
    }
    if let Some((g, h)) = claim.costs {
        key("g", out);
        write_number(g, out);
        key("h", out);
        estimate(puzzle, h, out);
    }
    for (name, set) in [("repeated_label", claim.repeated_label), ("wrong_target", claim.wrong_target)] {
        if set {
            key(name, out);
            out.extend_from_slice(b"true");
        }
    }
    out.push(b'}');
}

fn answer(puzzle: &Puzzle, answer: &Answer, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\"answer\":{\"moves\":");
    match &answer.moves {
        None => out.extend_from_slice(b"null"),
        Some(moves) => list(moves, out, |&value, out| action(puzzle, value, out)),
    }
    out.extend_from_slice(b",\"optimal\":");
    out.extend_from_slice(if answer.optimal { b"true" } else { b"false" });
    out.push(b'}');
}
