//! Reads a text line by line, once, in time linear in its length. A line that does not parse is reported and skipped.

use sos_envs::{Style, Task};

use super::*;
use crate::arena::Puzzle;
use crate::dialect::builder::{Builder, other_root, read_label};
use crate::dialect::estimate::read_estimate;
use crate::dialect::lines::{Line, lines};
use crate::dialect::{EventSpans, Field, Parsed, Span};
use crate::trace::{Answer, Claim, EventKind, MoveId, NodeId, StateId};

/// About how many bytes tell an event.
const BYTES_OF_EVENT: usize = 40;

/// Reads prompt and trace.
pub fn parse(puzzle: &Puzzle, text: &[u8]) -> Parsed {
    let mut target = Vec::new();
    puzzle.write_target(Style::Frame, &mut target);
    let mut header = Vec::new();
    puzzle.write_header(Style::Frame, &mut header);
    let mut parser = Parser {
        puzzle,
        text,
        target,
        builder: Builder::new(puzzle, b"0", text.len(), BYTES_OF_EVENT),
        paths: Vec::new(),
    };
    for (i, (line, ended)) in lines(text).enumerate() {
        let bytes = &text[line.0..line.1];
        if i == 0 && !header.is_empty() && bytes == header {
            continue;
        }
        if parser.line(line).is_none() {
            let expected = if ended { "a line of the stream-of-search dialect" } else { "the rest of the line" };
            parser.builder.error(line, !ended, expected);
        }
    }
    parser.builder.parsed
}

/// Splits a prompt into its parts.
pub fn prompt(text: &str) -> Vec<Task<'_>> {
    let (header, line) = text.rsplit_once('\n').unwrap_or(("", text));
    let cut = || {
        let rest = line.strip_prefix("Current State: ")?.strip_suffix("[]")?.strip_suffix(", Operations: ")?;
        // In most environments, a state begins with a bracket.
        match rest.find(":[") {
            Some(at) => Some((&rest[..at], &rest[at + 1..])),
            None => rest.split_once(':'),
        }
    };
    cut().map(|(target, start)| Task { style: Style::Frame, header, start, target }).into_iter().collect()
}

struct Parser<'a> {
    puzzle: &'a Puzzle,
    text: &'a [u8],
    target: Vec<u8>,
    /// Names are labels, as they stand in the text.
    builder: Builder<'a, &'a [u8]>,
    /// For each node, its path as the text wrote it before, without the bracket at its end; empty where it did not, or not rightly.
    paths: Vec<&'a [u8]>,
}

impl<'a> Parser<'a> {
    fn line(&mut self, span: Span) -> Option<()> {
        let text: &'a [u8] = self.text;
        let mut line = Line::new(text, span);
        let reader = &mut line.reader;
        if reader.take(EXPLORING).is_some() {
            self.generate(line, span)
        } else if reader.take(GENERATED).is_some() {
            self.open(line, span)
        } else if reader.take(MOVING).is_some() {
            self.reference(line, span, EventKind::MoveTo)
        } else if reader.take(STATE).is_some() {
            self.visit(line, span)
        } else if reader.take(DROPPING).is_some() {
            self.reference(line, span, EventKind::Prune)
        } else if reader.take(BOUND).is_some() {
            self.bound(line, span)
        } else if reader.take(GOAL_ROOT).is_some() {
            self.goal_root(line, span)
        } else if reader.take(NODE).is_some() {
            self.meet(line, span)
        } else if reader.rest() == GIVE_UP {
            self.end(span, EventKind::GiveUp)
        } else if reader.rest() == UNSOLVABLE {
            self.end(span, EventKind::Unsolvable)
        } else if reader.take(ANSWER).is_some() {
            self.answer(line, span, false)
        } else if reader.take(OPTIMAL_ANSWER).is_some() {
            self.answer(line, span, true)
        } else {
            self.claim_line(line, span)
        }
    }

    fn state(&self, line: &mut Line<'a>) -> Option<(StateId, Span)> {
        line.span(|line| self.puzzle.read_state(Style::Frame, &mut line.reader))
    }

    fn action(&self, line: &mut Line<'a>) -> Option<(MoveId, Span)> {
        line.span(|line| self.puzzle.read_move(Style::Frame, &mut line.reader))
    }

    /// Reads the goal in front of a colon. Gives whether it is the puzzle's.
    fn target(&self, line: &mut Line<'a>) -> Option<bool> {
        let rest = line.reader.rest();
        if rest.starts_with(&self.target) && rest.get(self.target.len()) == Some(&b':') {
            line.reader.seek(line.reader.position() + self.target.len() + 1);
            return Some(true);
        }
        let colon = memchr::memchr(b':', rest).filter(|&len| len > 0)?;
        line.reader.seek(line.reader.position() + colon + 1);
        Some(false)
    }

    fn label(&self, line: &mut Line<'a>) -> Option<(&'a [u8], Span)> {
        line.span(|line| {
            let rest = line.reader.rest();
            let len = rest.iter().position(|&b| !b.is_ascii_digit() && b != b',').unwrap_or(rest.len());
            line.reader.seek(line.reader.position() + len);
            Some(&rest[..len]).filter(|label| label.first().is_some_and(u8::is_ascii_digit))
        })
    }

    fn generate(&mut self, mut line: Line<'a>, whole: Span) -> Option<()> {
        let mut spans = EventSpans::new(whole);
        let (action, place) = self.action(&mut line)?;
        spans.set(Field::Action, place);
        line.reader.take(RESULTING)?;
        line.reader.take(self.puzzle.about().state_noun.as_bytes())?;
        line.reader.take(b": ")?;
        let (state, place) = self.state(&mut line)?;
        spans.set(Field::State, place);
        let (mut g, mut h) = (None, None);
        if line.reader.take(COST).is_some() {
            let (cost, place) = line.span(|line| line.reader.number())?;
            spans.set(Field::Cost, place);
            g = Some(cost);
        }
        if line.reader.take(ESTIMATE).is_some() {
            let (estimate, place) = line.span(|line| read_estimate(self.puzzle, Style::Frame, &mut line.reader))?;
            spans.set(Field::Estimate, place);
            h = Some(estimate);
        }
        line.reader.is_at_end().then_some(())?;
        self.builder.generate(action, state, g, h, spans);
        Some(())
    }

    fn open(&mut self, mut line: Line<'a>, whole: Span) -> Option<()> {
        let mut spans = EventSpans::new(whole);
        let (label, place) = self.label(&mut line)?;
        spans.set(Field::Label, place);
        line.reader.take(b": ")?;
        let right_target = self.target(&mut line)?;
        let (state, place) = self.state(&mut line)?;
        spans.set(Field::State, place);
        line.reader.take(OPERATION)?;
        let (action, place) = self.action(&mut line)?;
        spans.set(Field::Action, place);
        line.reader.is_at_end().then_some(())?;
        let mut claim = Claim { wrong_target: !right_target, ..Claim::default() };
        let node = self.builder.find_or_make_to_open(action, state);
        let same = &self.builder.parsed.trace.nodes[node as usize];
        claim.state = (same.state != state).then_some(state);
        claim.action = (same.action != Some(action)).then_some(action);
        self.builder.open_labelled(node, label, b',', claim, spans)
    }

    fn goal_root(&mut self, mut line: Line<'a>, whole: Span) -> Option<()> {
        let mut spans = EventSpans::new(whole);
        let (label, place) = self.label(&mut line)?;
        spans.set(Field::Label, place);
        line.reader.take(b": ")?;
        let right_target = self.target(&mut line)?;
        let (state, place) = self.state(&mut line)?;
        spans.set(Field::State, place);
        (right_target && line.reader.is_at_end()).then_some(())?;
        self.builder.goal_root(state, label, other_root(label, b',')?, spans);
        Some(())
    }

    fn meet(&mut self, mut line: Line<'a>, whole: Span) -> Option<()> {
        let mut spans = EventSpans::new(whole);
        let (forward, place) = self.label(&mut line)?;
        spans.set(Field::Label, place);
        line.reader.take(MEETS)?;
        let (backward, _) = self.label(&mut line)?;
        line.reader.is_at_end().then_some(())?;
        self.builder.meet(forward, backward, |name| read_label(name, b','), spans);
        Some(())
    }

    fn reference(&mut self, mut line: Line<'a>, whole: Span, kind: EventKind) -> Option<()> {
        let mut spans = EventSpans::new(whole);
        let (label, place) = self.label(&mut line)?;
        spans.set(Field::Label, place);
        line.reader.is_at_end().then_some(())?;
        self.builder.reference(kind, label, || read_label(label, b','), spans)
    }

    fn visit(&mut self, mut line: Line<'a>, whole: Span) -> Option<()> {
        let mut spans = EventSpans::new(whole);
        let right_target = self.target(&mut line)?;
        let (state, place) = self.state(&mut line)?;
        spans.set(Field::State, place);
        line.reader.take(OPERATIONS)?;
        let (path, place) = match self.known_path(&mut line) {
            Some(place) => (None, place),
            None => self.path(&mut line).map(|(path, place)| (Some(path), place))?,
        };
        spans.set(Field::Path, place);
        line.reader.is_at_end().then_some(())?;
        if self.builder.visit(state, path, !right_target, spans) {
            let node = self.builder.current as usize;
            self.paths.resize(self.paths.len().max(node + 1), b"");
            self.paths[node] = &self.text[place.0..place.1 - 1];
        }
        Some(())
    }

    /// Takes the path of the current node if it is the right one and its text, or that of the parent's path in it, stood there before. A path of many
    /// moves would otherwise be read again at each visit.
    fn known_path(&self, line: &mut Line<'a>) -> Option<Span> {
        let written = |node: NodeId| self.paths.get(node as usize).copied().filter(|path| !path.is_empty());
        let node = self.builder.parsed.trace.node(self.builder.current)?;
        let (start, mut reader) = (line.at(), line.reader);
        match written(self.builder.current) {
            Some(path) => reader.take(path)?,
            None => {
                let before = written(node.parent)?;
                reader.take(before)?;
                reader.take(if before == b"[" { b"'" } else { b", '" })?;
                self.puzzle.read_move(Style::Frame, &mut reader).filter(|action| Some(*action) == node.action)?;
                reader.take(b"'")?;
            }
        }
        reader.take(b"]")?;
        line.reader = reader;
        Some(Span(start, line.at()))
    }

    fn path(&self, line: &mut Line<'a>) -> Option<(Vec<MoveId>, Span)> {
        line.span(|line| {
            let mut moves = Vec::new();
            line.reader.take(b"[")?;
            while line.reader.take(b"]").is_none() {
                if !moves.is_empty() {
                    line.reader.take(b", ")?;
                }
                line.reader.take(b"'")?;
                moves.push(self.puzzle.read_move(Style::Frame, &mut line.reader)?);
                line.reader.take(b"'")?;
            }
            Some(moves)
        })
    }

    fn bound(&mut self, mut line: Line<'a>, whole: Span) -> Option<()> {
        let bound = read_estimate(self.puzzle, Style::Frame, &mut line.reader)?;
        line.reader.is_at_end().then_some(())?;
        // Nodes begin again where the builder drops what stood before the first bound.
        self.paths.clear();
        self.builder.bound(bound, EventSpans::new(whole));
        Some(())
    }

    fn end(&mut self, whole: Span, kind: EventKind) -> Option<()> {
        self.builder.end(kind, EventSpans::new(whole));
        Some(())
    }

    fn answer(&mut self, mut line: Line<'a>, whole: Span, optimal: bool) -> Option<()> {
        self.builder.parsed.unread_answer = true;
        let moves = if line.reader.rest() == NO_SOLUTION {
            None
        } else {
            let (moves, _) = self.path(&mut line)?;
            line.reader.is_at_end().then_some(())?;
            Some(moves)
        };
        self.builder.parsed.push_answer(Answer { moves, optimal }, whole, false);
        Some(())
    }

    /// Reads a line such as `24,24 equal: Goal Reached`. It is about the node generated last, or else about the current one.
    fn claim_line(&mut self, mut line: Line<'a>, whole: Span) -> Option<()> {
        let mut spans = EventSpans::new(whole);
        let (value, place) = line.span(|line| self.puzzle.read_value(Style::Frame, &mut line.reader))?;
        spans.set(Field::State, place);
        line.reader.take(b",")?;
        let rest = line.reader.rest();
        let (kind, frame) =
            [(EventKind::Goal, GOAL), (EventKind::DeadEnd, DEAD_END), (EventKind::Seen, SEEN), (EventKind::Cut, CUT)]
                .into_iter()
                .find(|(_, frame)| rest.ends_with(frame))?;
        let target = &rest[..rest.len() - frame.len()];
        self.builder.say(kind, Some(value), target != self.target.as_slice(), spans);
        Some(())
    }
}
