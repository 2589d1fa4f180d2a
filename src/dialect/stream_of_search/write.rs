//! Writes prompts, answers and traces. The states, moves, labels and paths of a node that the text already contains are copied from there.

use sos_envs::Style;
use sos_envs::text::write_number;

use super::*;
use crate::arena::Puzzle;
use crate::dialect::estimate::write_estimate;
use crate::trace::{Answer, Claim, Event, EventKind, MoveId, NO_NODE, NodeId, Trace};

/// Writes the prompt: the header (the edges of a graph, say) and the first state line.
pub fn prompt(puzzle: &Puzzle, out: &mut Vec<u8>) {
    let start = out.len();
    puzzle.write_header(Style::Frame, out);
    if out.len() > start {
        out.push(b'\n');
    }
    out.extend_from_slice(STATE);
    puzzle.write_target(Style::Frame, out);
    out.push(b':');
    puzzle.write_state(puzzle.start(), Style::Frame, out);
    out.extend_from_slice(OPERATIONS);
    out.extend_from_slice(b"[]");
}

/// A piece of the text that was already written: start and length.
#[derive(Clone, Copy, Default)]
struct Piece(u32, u32);

/// The pieces that belong to a node; empty where they are not written yet.
#[derive(Clone, Copy, Default)]
struct Places {
    state: Piece,
    action: Piece,
    label: Piece,
    path: Piece,
}

struct Writer<'a> {
    puzzle: &'a Puzzle,
    trace: &'a Trace,
    out: &'a mut Vec<u8>,
    /// Start of this text in `out`.
    start: usize,
    places: Vec<Places>,
    target: Vec<u8>,
}

/// Writes a trace.
pub fn write(puzzle: &Puzzle, trace: &Trace, out: &mut Vec<u8>) {
    let mut target = Vec::with_capacity(8);
    puzzle.write_target(Style::Frame, &mut target);
    let start = out.len();
    let places = vec![Places::default(); trace.nodes.len()];
    let mut writer = Writer { puzzle, trace, out, start, places, target };
    for &event in &trace.events {
        writer.event(event);
    }
    if let Some(section) = &trace.answer {
        if out.last().is_some_and(|&byte| byte != b'\n') {
            out.push(b'\n');
        }
        answer(puzzle, section, out);
    }
}

/// Writes an answer section.
pub fn answer(puzzle: &Puzzle, answer: &Answer, out: &mut Vec<u8>) {
    out.extend_from_slice(if answer.optimal { OPTIMAL_ANSWER } else { ANSWER });
    match &answer.moves {
        None => out.extend_from_slice(NO_SOLUTION),
        Some(moves) => write_path(puzzle, moves, out),
    }
    out.push(b'\n');
}

fn write_path(puzzle: &Puzzle, moves: &[MoveId], out: &mut Vec<u8>) {
    out.push(b'[');
    for (i, &action) in moves.iter().enumerate() {
        out.extend_from_slice(if i > 0 { b", '" } else { b"'" });
        puzzle.write_move(action, Style::Frame, out);
        out.push(b'\'');
    }
    out.push(b']');
}

impl Writer<'_> {
    fn event(&mut self, event: Event) {
        let claim = self.trace.claim(event);
        let line: &[u8] = match event.kind {
            EventKind::Visit => return self.visit(event.node, claim),
            EventKind::Generate => return self.generate(event.node, claim),
            EventKind::Open => return self.open(event.node, claim),
            EventKind::MoveTo => return self.reference(MOVING, event.node, claim),
            EventKind::Prune => return self.reference(DROPPING, event.node, claim),
            EventKind::Bound => return self.bound(event.node),
            EventKind::Root => return self.goal_root(event.node, claim),
            EventKind::Meet => return self.meet(event.node),
            EventKind::GiveUp => return self.out.extend_from_slice(GIVE_UP),
            EventKind::Unsolvable => {
                self.out.extend_from_slice(UNSOLVABLE);
                return self.out.push(b'\n');
            }
            EventKind::Goal => GOAL,
            EventKind::DeadEnd => DEAD_END,
            EventKind::Seen => SEEN,
            EventKind::Cut => CUT,
        };
        if let Some(node) = self.trace.node(event.node) {
            let state = claim.and_then(|claim| claim.state).unwrap_or(node.state);
            self.puzzle.write_value(state, Style::Frame, self.out);
        }
        self.out.push(b',');
        self.out.extend_from_slice(&self.target);
        self.out.extend_from_slice(line);
        self.out.push(b'\n');
    }

    #[inline]
    fn copy(&mut self, piece: Piece) {
        let start = self.start + piece.0 as usize;
        self.out.extend_from_within(start..start + piece.1 as usize);
    }

    /// Writes something and gives its piece.
    #[inline]
    fn piece(&mut self, write: impl FnOnce(&mut Self)) -> Piece {
        let start = self.out.len();
        write(self);
        Piece((start - self.start) as u32, (self.out.len() - start) as u32)
    }

    #[inline]
    fn state(&mut self, id: NodeId, claim: Option<&Claim>) {
        if let Some(state) = claim.and_then(|claim| claim.state) {
            return self.puzzle.write_state(state, Style::Frame, self.out);
        }
        let Some(place) = self.places.get(id as usize) else { return };
        if place.state.1 > 0 {
            return self.copy(place.state);
        }
        let (puzzle, trace) = (self.puzzle, self.trace);
        let piece = self.piece(|w| puzzle.write_state(trace.nodes[id as usize].state, Style::Frame, w.out));
        self.places[id as usize].state = piece;
    }

    #[inline]
    fn action(&mut self, id: NodeId, claim: Option<&Claim>) {
        if let Some(action) = claim.and_then(|claim| claim.action) {
            return self.puzzle.write_move(action, Style::Frame, self.out);
        }
        let Some(place) = self.places.get(id as usize) else { return };
        if place.action.1 > 0 {
            return self.copy(place.action);
        }
        let Some(action) = self.trace.nodes[id as usize].action else { return };
        let puzzle = self.puzzle;
        let piece = self.piece(|w| puzzle.write_move(action, Style::Frame, w.out));
        self.places[id as usize].action = piece;
    }

    fn label(&mut self, id: NodeId, claim: Option<&Claim>) {
        if let Some(label) = claim.and_then(|claim| claim.label.as_ref()) {
            for (i, &part) in label.iter().enumerate() {
                if i > 0 {
                    self.out.push(b',');
                }
                write_number(u64::from(part), self.out);
            }
            return;
        }
        let Some(place) = self.places.get(id as usize) else { return };
        if place.label.1 > 0 {
            return self.copy(place.label);
        }
        let node = &self.trace.nodes[id as usize];
        let piece = self.piece(|w| {
            if node.parent != NO_NODE {
                w.label(node.parent, None);
                w.out.push(b',');
            }
            write_number(u64::from(node.ordinal), w.out);
        });
        self.places[id as usize].label = piece;
    }

    fn path(&mut self, id: NodeId, claim: Option<&Claim>) {
        if let Some(path) = claim.and_then(|claim| claim.path.as_ref()) {
            return write_path(self.puzzle, path, self.out);
        }
        let place = self.places[id as usize].path;
        if place.1 > 0 {
            return self.copy(place);
        }
        let parent = self.trace.nodes[id as usize].parent;
        let before = self.places.get(parent as usize).map(|place| place.path).filter(|path| path.1 > 0);
        let piece = match before {
            Some(path) => self.piece(|w| {
                w.copy(Piece(path.0, path.1 - 1));
                w.out.extend_from_slice(if path.1 > 2 { b", '" } else { b"'" });
                w.action(id, None);
                w.out.extend_from_slice(b"']");
            }),
            None => {
                let (puzzle, mut moves) = (self.puzzle, Vec::new());
                self.trace.moves_to(id, &mut moves);
                self.piece(|w| write_path(puzzle, &moves, w.out))
            }
        };
        self.places[id as usize].path = piece;
    }

    fn visit(&mut self, id: NodeId, claim: Option<&Claim>) {
        self.out.extend_from_slice(STATE);
        self.out.extend_from_slice(&self.target);
        self.out.push(b':');
        self.state(id, claim);
        self.out.extend_from_slice(OPERATIONS);
        if self.trace.node(id).is_some() {
            self.path(id, claim);
        }
        self.out.push(b'\n');
    }

    fn generate(&mut self, id: NodeId, claim: Option<&Claim>) {
        self.out.extend_from_slice(EXPLORING);
        self.action(id, claim);
        self.out.extend_from_slice(RESULTING);
        self.out.extend_from_slice(self.puzzle.about().state_noun.as_bytes());
        self.out.extend_from_slice(b": ");
        self.state(id, claim);
        if let Some(node) = self.trace.node(id) {
            if let Some(g) = node.g {
                self.out.extend_from_slice(COST);
                write_number(g, self.out);
            }
            if let Some(h) = node.h {
                self.out.extend_from_slice(ESTIMATE);
                write_estimate(self.puzzle, h, Style::Frame, self.out);
            }
        }
        self.out.push(b'\n');
    }

    fn open(&mut self, id: NodeId, claim: Option<&Claim>) {
        self.out.extend_from_slice(GENERATED);
        self.label(id, claim);
        self.out.extend_from_slice(b": ");
        self.out.extend_from_slice(&self.target);
        self.out.push(b':');
        self.state(id, claim);
        self.out.extend_from_slice(OPERATION);
        self.action(id, claim);
        self.out.push(b'\n');
    }

    fn reference(&mut self, frame: &[u8], id: NodeId, claim: Option<&Claim>) {
        self.out.extend_from_slice(frame);
        self.label(id, claim);
        self.out.push(b'\n');
    }

    fn goal_root(&mut self, id: NodeId, claim: Option<&Claim>) {
        self.out.extend_from_slice(GOAL_ROOT);
        self.label(id, claim);
        self.out.extend_from_slice(b": ");
        self.out.extend_from_slice(&self.target);
        self.out.push(b':');
        self.state(id, claim);
        self.out.push(b'\n');
    }

    /// Writes a meeting. It writes nothing where one of the nodes does not exist.
    fn meet(&mut self, index: NodeId) {
        let Some(&(forward, backward)) = self.trace.meetings.get(index as usize) else { return };
        if self.trace.node(forward).is_some() && self.trace.node(backward).is_some() {
            self.out.extend_from_slice(NODE);
            self.label(forward, None);
            self.out.extend_from_slice(MEETS);
            self.label(backward, None);
            self.out.push(b'\n');
        }
    }

    fn bound(&mut self, index: NodeId) {
        self.out.extend_from_slice(BOUND);
        if let Some(&bound) = self.trace.bounds.get(index as usize) {
            write_estimate(self.puzzle, bound, Style::Frame, self.out);
        }
        self.out.push(b'\n');
    }
}
