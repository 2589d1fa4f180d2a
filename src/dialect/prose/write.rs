//! Writes prompts, answers and traces, by the table of sentences.

use sos_envs::Style;
use sos_envs::text::write_number;

use super::templates::{Part, Saying, sentence};
use crate::arena::Puzzle;
use crate::dialect::Phrasing;
use crate::dialect::estimate::write_estimate;
use crate::trace::{Answer, Claim, Event, EventKind, NO_NODE, Node, NodeId, Trace};

pub(super) const AT_COST: &[u8] = b", at a cost of ";
pub(super) const WITH_ESTIMATE: &[u8] = b", with an estimated ";
pub(super) const TO_GO: &[u8] = b" to go";
pub(super) const ANSWER: &[u8] = b"Answer: ";
pub(super) const BEST_ANSWER: &[u8] = b"Best answer: ";
pub(super) const NONE: &[u8] = b"none.";
pub(super) const NOTHING: &[u8] = b"do nothing.";
pub(super) const THEN: &[u8] = b", then ";

/// Writes the prompt.
pub fn prompt(puzzle: &Puzzle, out: &mut Vec<u8>) {
    let start = out.len();
    puzzle.write_header(Style::Prose, out);
    if out.len() > start {
        out.push(b'\n');
    }
    for part in sentence(Saying::Task, 0).into_iter().flat_map(|sentence| &sentence.parts) {
        match part {
            Part::Words(words) => out.extend_from_slice(words.as_bytes()),
            Part::State => puzzle.write_state(puzzle.start(), Style::Prose, out),
            _ => puzzle.write_target(Style::Prose, out),
        }
    }
}

/// Writes an answer section.
pub fn answer(puzzle: &Puzzle, answer: &Answer, out: &mut Vec<u8>) {
    out.extend_from_slice(if answer.optimal { BEST_ANSWER } else { ANSWER });
    match answer.moves.as_deref() {
        None => out.extend_from_slice(NONE),
        Some([]) => out.extend_from_slice(NOTHING),
        Some(moves) => {
            for (i, &action) in moves.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(THEN);
                }
                puzzle.write_move(action, Style::Prose, out);
            }
            out.push(b'.');
        }
    }
    out.push(b'\n');
}

/// Writes a trace.
pub fn write(puzzle: &Puzzle, trace: &Trace, phrasing: Phrasing, out: &mut Vec<u8>) {
    let (here, pending) = (b"0".to_vec(), NO_NODE);
    let mut writer = Writer { puzzle, trace, phrasing: phrasing.word as usize, out, here, pending };
    for &event in &trace.events {
        writer.event(event);
    }
    if let Some(section) = &trace.answer {
        answer(puzzle, section, out);
    }
}

struct Writer<'a> {
    puzzle: &'a Puzzle,
    trace: &'a Trace,
    phrasing: usize,
    out: &'a mut Vec<u8>,
    /// Label of the node that the text moved to last.
    here: Vec<u8>,
    /// The node that the previous event generated.
    pending: NodeId,
}

impl Writer<'_> {
    fn event(&mut self, event: Event) {
        let claim = self.trace.claim(event);
        let pending = std::mem::replace(&mut self.pending, NO_NODE);
        let saying = match event.kind {
            EventKind::MoveTo => self.movement(event.node, claim),
            EventKind::Open if pending != event.node => Saying::OpenAlone,
            kind => Saying::Event(kind),
        };
        match event.kind {
            EventKind::Generate => self.pending = event.node,
            EventKind::Bound => self.here = b"0".to_vec(),
            _ => {}
        }
        let Some(sentence) = sentence(saying, self.phrasing) else { return };
        let start = self.out.len();
        for &part in &sentence.parts {
            if self.part(part, event, claim).is_none() {
                // The event has no node, or the node no move. So nothing is written.
                return self.out.truncate(start);
            }
        }
        self.out.push(b'\n');
    }

    fn part(&mut self, part: Part, event: Event, claim: Option<&Claim>) -> Option<()> {
        let node = self.trace.node(event.node);
        let state = || claim.and_then(|claim| claim.state).or(node.map(|node| node.state));
        match part {
            Part::Words(words) => self.out.extend_from_slice(words.as_bytes()),
            Part::State => self.puzzle.write_state(state()?, Style::Prose, self.out),
            Part::Value => self.puzzle.write_value(state()?, Style::Prose, self.out),
            Part::Move => {
                let action = claim.and_then(|claim| claim.action).or(node?.action)?;
                self.puzzle.write_move(action, Style::Prose, self.out);
            }
            Part::Node if event.kind == EventKind::Meet => {
                write_label(&self.trace.label(self.meeting(event)?.0), self.out);
            }
            Part::Node => write_label(&self.label(event.node, claim), self.out),
            Part::Other => write_label(&self.trace.label(self.meeting(event)?.1), self.out),
            Part::Target => self.puzzle.write_target(Style::Prose, self.out),
            Part::Costs => self.costs(node?),
            Part::Bound => {
                let bound = *self.trace.bounds.get(event.node as usize)?;
                write_estimate(self.puzzle, bound, Style::Prose, self.out);
            }
        }
        Some(())
    }

    /// The nodes of a meeting; none where one of them does not exist.
    fn meeting(&self, event: Event) -> Option<(NodeId, NodeId)> {
        let &(forward, backward) = self.trace.meetings.get(event.node as usize)?;
        (self.trace.node(forward).is_some() && self.trace.node(backward).is_some()).then_some((forward, backward))
    }

    fn costs(&mut self, node: &Node) {
        if let Some(g) = node.g {
            self.out.extend_from_slice(AT_COST);
            write_number(g, self.out);
        }
        if let Some(h) = node.h {
            self.out.extend_from_slice(WITH_ESTIMATE);
            write_estimate(self.puzzle, h, Style::Prose, self.out);
            self.out.extend_from_slice(TO_GO);
        }
    }

    /// The label that the text shows. A node that does not exist gets a number above those of the root's children.
    fn label(&self, id: NodeId, claim: Option<&Claim>) -> Vec<u32> {
        match claim.and_then(|claim| claim.label.as_ref()) {
            Some(label) => label.clone(),
            None if self.trace.node(id).is_none() => vec![0, self.trace.nodes.len() as u32],
            None => self.trace.label(id),
        }
    }

    /// The direction of a move, from the labels alone.
    fn movement(&mut self, id: NodeId, claim: Option<&Claim>) -> Saying {
        let mut label = Vec::new();
        write_label(&self.label(id, claim), &mut label);
        let here = std::mem::replace(&mut self.here, label);
        let there = &self.here;
        let below = |low: &[u8], high: &[u8]| {
            low.strip_prefix(high).and_then(|rest| rest.strip_prefix(b".")).map(<[u8]>::to_vec)
        };
        if *there == here {
            Saying::Stay
        } else if below(there, &here).is_some_and(|rest| !rest.contains(&b'.')) {
            Saying::GoOn
        } else if below(&here, there).is_some() {
            Saying::GoBack
        } else {
            Saying::Jump
        }
    }
}

fn write_label(label: &[u32], out: &mut Vec<u8>) {
    for (i, &part) in label.iter().enumerate() {
        if i > 0 {
            out.push(b'.');
        }
        write_number(u64::from(part), out);
    }
}
