//! Writes prompts, answers and traces.

use sos_envs::Style;
use sos_envs::text::write_number;

use super::*;
use crate::arena::Puzzle;
use crate::trace::{Answer, Claim, EventKind, MoveId, NO_NODE, NodeId, StateId, Trace};

/// Writes the prompt.
pub fn prompt(grammar: &Grammar, puzzle: &Puzzle, out: &mut Vec<u8>) {
    if !grammar.query.is_empty() {
        out.extend_from_slice(grammar.query.as_bytes());
        out.push(b' ');
    }
    puzzle.write_prompt(PROMPT, out);
}

/// Writes a trace with its plan.
pub fn write(grammar: &Grammar, puzzle: &Puzzle, trace: &Trace, out: &mut Vec<u8>) {
    let mut writer = Writer { grammar, puzzle, trace, start: out.len(), out, at: NO_NODE, created: NO_NODE };
    writer.word(grammar.opening);
    let mut goal = None;
    for &event in &trace.events {
        writer.event(event.kind, event.node, trace.claim(event));
        if event.kind == EventKind::Goal {
            goal.get_or_insert(event.node);
        }
    }
    if let Some(answer) = &trace.answer {
        writer.plan(answer.moves.as_deref());
    } else if let Some(goal) = goal {
        let mut moves = Vec::new();
        trace.moves_to(goal, &mut moves);
        writer.plan(Some(&moves));
    } else if !grammar.end.is_empty() && !trace.events.is_empty() {
        writer.word(grammar.solution);
        writer.word(grammar.end);
    }
}

/// Writes an answer section alone.
pub fn answer_alone(grammar: &Grammar, puzzle: &Puzzle, answer: &Answer, out: &mut Vec<u8>) {
    let trace = Trace { answer: Some(answer.clone()), ..Trace::default() };
    let start = out.len();
    let mut writer = Writer { grammar, puzzle, trace: &trace, start, out, at: NO_NODE, created: NO_NODE };
    writer.plan(answer.moves.as_deref());
}

struct Writer<'a> {
    grammar: &'a Grammar,
    puzzle: &'a Puzzle,
    trace: &'a Trace,
    start: usize,
    out: &'a mut Vec<u8>,
    /// The node that was closed last.
    at: NodeId,
    /// The node that was created last.
    created: NodeId,
}

impl Writer<'_> {
    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if self.out.len() > self.start {
            self.out.push(b' ');
        }
        self.out.extend_from_slice(word.as_bytes());
    }

    fn event(&mut self, kind: EventKind, id: NodeId, claim: Option<&Claim>) {
        match kind {
            EventKind::Visit if self.at == NO_NODE && self.created == NO_NODE => {
                if self.grammar.creates_start {
                    self.step(CREATE, id, claim);
                }
                self.step(CLOSE, id, claim);
                self.at = id;
            }
            EventKind::Visit if self.at != id || claim.is_some() => {
                self.step(CLOSE, id, claim);
                self.at = id;
            }
            // The visit behind it names the state.
            EventKind::MoveTo => self.at = NO_NODE,
            EventKind::Open => {
                self.step(CREATE, id, claim);
                self.created = id;
            }
            // A search that tests for goals at generation creates the goal and does not close it.
            EventKind::Goal if self.at != id && self.created != id => self.step(CREATE, id, claim),
            EventKind::GiveUp => self.word(STOP),
            EventKind::Unsolvable => self.word(UNSOLVABLE),
            _ => {}
        }
    }

    fn step(&mut self, word: &str, id: NodeId, claim: Option<&Claim>) {
        let Some(node) = self.trace.node(id) else { return };
        self.word(word);
        self.out.push(b' ');
        let state = claim.and_then(|claim| claim.state).unwrap_or(node.state);
        self.puzzle.write_state(state, Style::Compact, self.out);
        let told = claim.and_then(|claim| claim.costs);
        if let Some((g, h)) = told.or(node.g.zip(node.h)) {
            self.out.extend_from_slice(b" c");
            write_number(g, self.out);
            self.out.extend_from_slice(b" c");
            write_number(h / self.puzzle.about().estimate_scale, self.out);
        }
    }

    fn plan(&mut self, moves: Option<&[MoveId]>) {
        self.word(self.grammar.solution);
        match moves {
            None => {
                self.word(PLAN);
                self.word(NONE);
            }
            Some(moves) => self.states(moves),
        }
        self.word(self.grammar.end);
    }

    /// Writes the states of a plan. It stops at a move that is not possible.
    fn states(&mut self, moves: &[MoveId]) {
        let mut state = self.puzzle.start();
        self.value(state);
        for &action in moves {
            let Some((_, next, _)) = self.puzzle.apply(state, action) else { return };
            state = next;
            self.value(state);
        }
    }

    fn value(&mut self, state: StateId) {
        self.word(PLAN);
        self.out.push(b' ');
        self.puzzle.write_step(PROMPT, state, self.out);
    }
}
