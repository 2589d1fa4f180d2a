//! Writes answers and traces: one line for several events.

use std::collections::HashSet;

use sos_envs::Style;

use super::*;
use crate::arena::Puzzle;
use crate::trace::{Answer, Event, EventKind, MoveId, NodeId, Trace};

/// Writes a trace.
pub fn write(puzzle: &Puzzle, trace: &Trace, phrasing: Phrasing, out: &mut Vec<u8>) {
    let (mut current, mut made) = (0, 0);
    for (step, event) in trace.events.iter().enumerate() {
        match event.kind {
            EventKind::Generate => {
                line(puzzle, trace, event.node, phrasing, out);
                made = made.max(event.node);
            }
            EventKind::MoveTo => {
                let named = trace.claim(*event).and_then(|claim| claim.action);
                if let Some(action) = named.or_else(|| way_back(puzzle, trace, current, event.node, made)) {
                    revert(puzzle, action, out);
                }
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

/// Whether a dead end follows the move that told its contradiction, so that it needs no line.
fn speaks_for_itself(puzzle: &Puzzle, trace: &Trace, step: usize) -> bool {
    let Event { node, .. } = trace.events[step];
    let before = step.checked_sub(1).map(|before| trace.events[before]);
    before.is_some_and(|event| event.kind == EventKind::Generate && event.node == node)
        && trace.node(node).and_then(|node| node.action).is_some_and(|action| puzzle.ends_search(action))
}

fn line(puzzle: &Puzzle, trace: &Trace, id: NodeId, phrasing: Phrasing, out: &mut Vec<u8>) {
    let Some((node, action)) = trace.node(id).and_then(|node| Some((node, node.action?))) else { return };
    puzzle.write_move_in(GRAMMAR, action, out);
    let told = trace.node(node.parent).and_then(|parent| puzzle.state_after(parent.state, action));
    if told.as_ref() != Some(&node.state) || phrasing.restates(id) {
        out.extend_from_slice(LEADS_TO);
        puzzle.write_state(node.state, Style::Frame, out);
    }
    out.push(b'\n');
}

/// The move that a `revert` line names for a move of control: the move that led on from the target. None for a step to a child or no step at all.
fn way_back(puzzle: &Puzzle, trace: &Trace, from: NodeId, to: NodeId, made: NodeId) -> Option<MoveId> {
    if from == to || trace.node(to)?.parent == from {
        return None;
    }
    let mut above = from;
    while let Some(node) = trace.node(above) {
        if node.parent == to {
            return node.action;
        }
        above = node.parent;
    }
    // The target is not an ancestor. The line names a move that led on from there and that led on from nowhere else later.
    let mut later = HashSet::new();
    let nodes = trace.nodes.get(..=made as usize)?.iter().rev();
    let leads_on = |action: &MoveId| !puzzle.ends_search(*action);
    let mut actions = nodes.filter(|node| later.insert(node.action)).filter(|node| node.parent == to);
    actions.find_map(|node| node.action.filter(leads_on))
}

/// Writes a line that control returns to the node before a move.
fn revert(puzzle: &Puzzle, action: MoveId, out: &mut Vec<u8>) {
    out.extend_from_slice(REVERT);
    let start = out.len();
    puzzle.write_move_in(GRAMMAR, action, out);
    if out[start..].starts_with(GUESS) {
        out.drain(start..start + GUESS.len());
    }
    out.push(b'\n');
}

/// Writes an answer section.
pub fn answer(puzzle: &Puzzle, answer: &Answer, out: &mut Vec<u8>) {
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
