//! Writing: a line for what several events tell together.

use sos_envs::{Environment, Style};

use super::*;
use crate::trace::{Answer, Event, EventKind, NodeId, Trace};

/// Writes a trace.
pub fn write<E: Environment>(puzzle: &E, trace: &Trace<E>, out: &mut Vec<u8>) {
    let mut current = 0;
    for (step, event) in trace.events.iter().enumerate() {
        match event.kind {
            EventKind::Generate => line(puzzle, trace, event.node, out),
            EventKind::MoveTo => {
                revert(puzzle, trace, current, event.node, out);
                current = event.node;
            }
            EventKind::Goal => word(SOLVED, out),
            EventKind::DeadEnd if !speaks_for_itself(puzzle, trace, step) => word(DEAD, out),
            EventKind::GiveUp => word(STOP, out),
            EventKind::Unsolvable => word(UNSOLVABLE, out),
            _ => {}
        }
    }
    if let Some(section) = &trace.answer {
        answer(puzzle, section, out);
    }
}

fn word(word: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(word);
    out.push(b'\n');
}

/// Whether a dead end is that of a contradiction that was told just before.
fn speaks_for_itself<E: Environment>(puzzle: &E, trace: &Trace<E>, step: usize) -> bool {
    let Event { node, .. } = trace.events[step];
    let before = step.checked_sub(1).map(|before| trace.events[before]);
    before.is_some_and(|event| event.kind == EventKind::Generate && event.node == node)
        && trace.node(node).and_then(|node| node.action).is_some_and(|action| puzzle.ends_search(action))
}

fn line<E: Environment>(puzzle: &E, trace: &Trace<E>, id: NodeId, out: &mut Vec<u8>) {
    let Some((node, action)) = trace.node(id).and_then(|node| Some((node, node.action?))) else { return };
    puzzle.write_move_in(GRAMMAR, action, out);
    let told = trace.node(node.parent).and_then(|parent| puzzle.told_by(&parent.state, action));
    if told.as_ref() != Some(&node.state) {
        out.extend_from_slice(LEADS_TO);
        puzzle.write_state(&node.state, Style::Frame, out);
    }
    out.push(b'\n');
}

/// Says that control goes back from a node to one above it, by the move that led on from there. A step on, and staying, go without saying.
fn revert<E: Environment>(puzzle: &E, trace: &Trace<E>, mut from: NodeId, to: NodeId, out: &mut Vec<u8>) {
    while let Some(node) = trace.node(from).filter(|_| from != to) {
        if let Some(action) = node.action.filter(|_| node.parent == to) {
            out.extend_from_slice(REVERT);
            let start = out.len();
            puzzle.write_move_in(GRAMMAR, action, out);
            if out[start..].starts_with(GUESS) {
                out.drain(start..start + GUESS.len());
            }
            return out.push(b'\n');
        }
        from = node.parent;
    }
}

/// Writes an answer section.
pub fn answer<E: Environment>(puzzle: &E, answer: &Answer<E>, out: &mut Vec<u8>) {
    out.extend_from_slice(if answer.optimal { BEST_ANSWER } else { ANSWER });
    match answer.moves.as_deref() {
        None => out.extend_from_slice(NONE),
        Some([]) => out.extend_from_slice(NOTHING),
        Some(moves) => {
            for (place, &action) in moves.iter().enumerate() {
                if place > 0 {
                    out.extend_from_slice(b", ");
                }
                puzzle.write_move_in(GRAMMAR, action, out);
            }
        }
    }
    out.push(b'\n');
}
