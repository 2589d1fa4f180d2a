//! Reads a text line by line, once, in time linear in its length. A line that does not parse is reported and skipped.
//!
//! Memory: one node, four events and one name for each line.

use rustc_hash::FxHashMap;
use sos_envs::Style;

use super::*;
use crate::arena::Puzzle;
use crate::dialect::builder::Builder;
use crate::dialect::lines::{Line, lines};
use crate::dialect::{EventSpans, Field, Names, Parsed, Span};
use crate::trace::{Answer, EventKind, MoveId, NO_NODE, NodeId};

/// About how many bytes tell an event.
const BYTES_OF_EVENT: usize = 8;

/// Reads prompt and trace.
pub fn parse(puzzle: &Puzzle, text: &[u8]) -> Parsed {
    let mut prompt = Vec::new();
    puzzle.write_prompt(GRAMMAR, &mut prompt);
    let start = match text.strip_prefix(prompt.as_slice()) {
        Some(rest) if rest.is_empty() || rest.starts_with(b"\n") => text.len() - rest.len(),
        _ => 0,
    };
    let builder = Builder::new(puzzle, (), text.len(), BYTES_OF_EVENT);
    let mut parser = Parser {
        puzzle,
        text,
        builder,
        unsettled: NO_NODE,
        stays: false,
        spans: EventSpans::default(),
        by_move: FxHashMap::default(),
        children: Vec::new(),
    };
    parser.builder.parsed.told = Coverage::Moves;
    parser.builder.parsed.names = Names::Moves;
    parser.builder.visit(puzzle.start(), None, false, EventSpans::new(Span(0, start)));
    for (Span(from, to), ended) in lines(&text[start..]) {
        let line = Span(from + start, to + start);
        if start > 0 && line.0 == start {
            // The end of the prompt.
            continue;
        }
        if parser.line(line).is_none() {
            parser.settle(true);
            let expected = if ended { "a line of the sudoku dialect" } else { "the rest of the line" };
            parser.builder.error(line, !ended, expected);
        }
    }
    parser.settle(true);
    parser.builder.parsed
}

struct Parser<'a> {
    puzzle: &'a Puzzle,
    text: &'a [u8],
    /// Nodes have no names.
    builder: Builder<'a, ()>,
    /// The node of the previous line, as long as the text has not judged it.
    unsettled: NodeId,
    /// Whether control has returned to the current node without a line for it.
    stays: bool,
    /// The place of the previous line.
    spans: EventSpans,
    /// For each move, as the text writes it, the last node that it led to.
    by_move: FxHashMap<&'a [u8], NodeId>,
    /// The number of children of each node.
    children: Vec<u32>,
}

impl<'a> Parser<'a> {
    fn line(&mut self, whole: Span) -> Option<()> {
        let text: &'a [u8] = &self.text[whole.0..whole.1];
        let spans = EventSpans::new(whole);
        match text {
            SOLVED => self.say(EventKind::Goal, spans),
            // It is about the node that the last move led to; about the start, if there was no move.
            DEAD if self.unsettled == NO_NODE && self.builder.parsed.trace.nodes.len() > 1 => return None,
            DEAD => self.say(EventKind::DeadEnd, spans),
            STOP | UNSOLVABLE => {
                // A search that runs out of budget moves nowhere.
                self.settle(text != STOP);
                self.stays = false;
                self.builder.end(if text == STOP { EventKind::GiveUp } else { EventKind::Unsolvable }, spans);
            }
            _ if text.starts_with(REVERT) => self.revert(&text[REVERT.len()..], whole),
            _ if text.starts_with(ANSWER) => return self.answer(whole, ANSWER, false),
            _ if text.starts_with(BEST_ANSWER) => return self.answer(whole, BEST_ANSWER, true),
            _ => return self.step(whole),
        }
        Some(())
    }

    /// Opens the unsettled node, and moves control there if `goes`.
    fn settle(&mut self, goes: bool) {
        let node = std::mem::replace(&mut self.unsettled, NO_NODE);
        if node == NO_NODE {
            return;
        }
        let spans = self.spans;
        self.builder.say_of(node, EventKind::Open, spans);
        if goes {
            self.builder.move_to(node, spans);
            self.builder.visit_node(node, spans);
        }
    }

    fn say(&mut self, kind: EventKind, spans: EventSpans) {
        let node = std::mem::replace(&mut self.unsettled, NO_NODE);
        self.stays |= kind == EventKind::DeadEnd && node != NO_NODE;
        let node = if node == NO_NODE { self.builder.current } else { node };
        self.builder.say_of(node, kind, spans);
    }

    fn step(&mut self, whole: Span) -> Option<()> {
        let mut line = Line::new(self.text, whole);
        let puzzle = self.puzzle;
        let (action, place) = line.span(|line| puzzle.read_move_in(GRAMMAR, &mut line.reader))?;
        let mut spans = EventSpans::new(whole);
        spans.set(Field::Action, place);
        spans.set(Field::State, place);
        let claimed = if line.reader.take(LEADS_TO).is_some() {
            let (state, place) = line.span(|line| puzzle.read_state(Style::Frame, &mut line.reader))?;
            spans.set(Field::State, place);
            Some(state)
        } else {
            None
        };
        line.reader.is_at_end().then_some(())?;
        self.settle(true);
        let current = self.builder.current;
        if std::mem::take(&mut self.stays) {
            self.builder.move_to(current, spans);
            self.builder.visit_node(current, spans);
        }
        let from = self.builder.parsed.trace.node(current)?.state;
        let state = claimed.or_else(|| puzzle.state_after(from, action))?;
        let ordinal = self.ordinal(current);
        let node = self.builder.generate(action, state, None, None, spans);
        self.builder.parsed.trace.nodes[node as usize].ordinal = ordinal;
        let name = &self.text[place.0..place.1];
        self.by_move.insert(name.strip_prefix(GUESS).unwrap_or(name), node);
        self.spans = spans;
        if puzzle.ends_search(action) {
            self.builder.say_of(node, EventKind::DeadEnd, spans);
            self.stays = true;
        } else {
            self.unsettled = node;
        }
        Some(())
    }

    /// The ordinal of the next child of a node.
    fn ordinal(&mut self, parent: NodeId) -> u32 {
        let place = parent as usize;
        if self.children.len() <= place {
            self.children.resize(place + 1, 0);
        }
        self.children[place] += 1;
        self.children[place] - 1
    }

    fn revert(&mut self, name: &'a [u8], whole: Span) {
        self.settle(true);
        self.stays = false;
        let mut spans = EventSpans::new(whole);
        spans.set(Field::Label, Span(whole.0 + REVERT.len(), whole.1));
        match self.way_back(name) {
            Some((parent, other)) => {
                self.builder.move_back(parent, other, spans);
                self.builder.visit_node(parent, spans);
            }
            None => {
                // Control is at no known node. What follows is read from the node before.
                let current = self.builder.current;
                self.builder.move_to(NO_NODE, spans);
                self.builder.current = current;
            }
        }
    }

    /// The node to which control returns for a `revert` of a move: the node before the last such move on the current path, or else before the last
    /// such move in the text. The second value is the move, where it leads on from an ancestor but not along the path. None for a move that the
    /// text does not have.
    fn way_back(&self, name: &[u8]) -> Option<(NodeId, Option<MoveId>)> {
        let trace = &self.builder.parsed.trace;
        let told = trace.node(*self.by_move.get(name)?)?;
        let (mut at, mut on_the_way) = (self.builder.current, false);
        while let Some(node) = trace.node(at) {
            if node.action == told.action {
                return Some((node.parent, None));
            }
            on_the_way |= at == told.parent;
            at = node.parent;
        }
        Some((told.parent, told.action.filter(|_| on_the_way)))
    }

    fn answer(&mut self, whole: Span, front: &[u8], optimal: bool) -> Option<()> {
        self.builder.parsed.unread_answer = true;
        self.settle(true);
        let mut line = Line::new(self.text, whole);
        line.reader.take(front)?;
        let moves = match line.reader.rest() {
            NONE => None,
            NOTHING => Some(Vec::new()),
            _ => {
                let mut moves = vec![self.puzzle.read_move_in(GRAMMAR, &mut line.reader)?];
                while line.reader.take(b", ").is_some() {
                    moves.push(self.puzzle.read_move_in(GRAMMAR, &mut line.reader)?);
                }
                line.reader.is_at_end().then_some(Some(moves))?
            }
        };
        self.builder.parsed.push_answer(Answer { moves, optimal }, whole, false);
        Some(())
    }
}
