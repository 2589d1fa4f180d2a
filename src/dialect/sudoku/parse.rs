//! Reading: line by line, once, in time linear in the text. What does not parse is reported and passed over.
//!
//! Memory: a node, four events and a name for each line.

use std::collections::HashMap;

use sos_envs::Style;

use super::*;
use crate::arena::Puzzle;
use crate::dialect::builder::Builder;
use crate::dialect::lines::{Line, lines};
use crate::dialect::{EventSpans, Field, Names, Parsed, Span};
use crate::trace::{Answer, Claim, EventKind, MoveId, NO_NODE, NodeId};

/// Reads prompt and trace.
pub fn parse(puzzle: &Puzzle, text: &[u8]) -> Parsed {
    let mut prompt = Vec::new();
    puzzle.write_prompt(GRAMMAR, &mut prompt);
    let start = match text.strip_prefix(prompt.as_slice()) {
        Some(rest) if rest.is_empty() || rest.starts_with(b"\n") => text.len() - rest.len(),
        _ => 0,
    };
    let builder = Builder::new(puzzle, 0);
    let mut parser = Parser {
        puzzle,
        text,
        builder,
        opened: 0,
        unsettled: NO_NODE,
        stays: false,
        spans: EventSpans::default(),
        by_move: HashMap::new(),
        children: HashMap::new(),
    };
    parser.builder.parsed.told = Coverage::Moves;
    parser.builder.parsed.names = Names::Moves;
    parser.builder.visit(puzzle.start(), None, false, EventSpans::new(Span(0, start)));
    for (Span(from, to), ended) in lines(&text[start..]) {
        let line = Span(from + start, to + start);
        if start > 0 && line.0 == start {
            // the end of the prompt
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
    builder: Builder<'a, u64>,
    opened: u64,
    /// The node of the line before, while nothing was said of it.
    unsettled: NodeId,
    /// Whether control came back to the current node without a word.
    stays: bool,
    /// Where the line before stands.
    spans: EventSpans,
    /// The last node that each move led to, as the text tells it.
    by_move: HashMap<&'a [u8], NodeId>,
    /// How many children each node has.
    children: HashMap<NodeId, u32>,
}

impl<'a> Parser<'a> {
    fn line(&mut self, whole: Span) -> Option<()> {
        let text: &'a [u8] = &self.text[whole.0..whole.1];
        let spans = EventSpans::new(whole);
        match text {
            SOLVED => self.say(EventKind::Goal, spans),
            // It is said of where the move before led; of the start, where there is none.
            DEAD if self.unsettled == NO_NODE && self.builder.parsed.trace.nodes.len() > 1 => return None,
            DEAD => self.say(EventKind::DeadEnd, spans),
            STOP | UNSOLVABLE => {
                // a search whose budget ends goes nowhere any more
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

    /// What was told last is opened, and control goes there if it goes anywhere.
    fn settle(&mut self, goes: bool) {
        let node = std::mem::replace(&mut self.unsettled, NO_NODE);
        if node == NO_NODE {
            return;
        }
        let spans = self.spans;
        self.opened += 1;
        self.builder.open(node, self.opened, None, Claim::default(), spans);
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

    /// The number that the next child of a node gets.
    fn ordinal(&mut self, parent: NodeId) -> u32 {
        let children = self.children.entry(parent).or_insert(0);
        *children += 1;
        *children - 1
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
                // control is nowhere; what follows is read as if it were where it was
                let current = self.builder.current;
                self.builder.move_to(NO_NODE, spans);
                self.builder.current = current;
            }
        }
    }

    /// Where control goes that goes back to before a move: the last one of that name on the way to where it is, else the last one that was told;
    /// and that move, where it leads on from a node on the way, but not along it. None of a move that was never told.
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
