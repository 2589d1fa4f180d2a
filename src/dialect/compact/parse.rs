//! Reads a text once, in time linear in its length. A place that does not parse is reported, and reading continues behind it.
//!
//! Memory: at most one node and two events for each word of the text.

use sos_envs::{Style, Task};

use super::*;
use crate::arena::Puzzle;
use crate::dialect::builder::Builder;
use crate::dialect::estimate::read_estimate;
use crate::dialect::lines::Line;
use crate::dialect::{EventSpans, Field, Names, Parsed, Span};
use crate::trace::{Answer, Claim, EventKind, MoveId, NO_NODE, NodeId, StateId};

/// About how many bytes tell an event.
const BYTES_OF_EVENT: usize = 12;

/// Reads prompt and trace.
pub fn parse(puzzle: &Puzzle, text: &[u8]) -> Parsed {
    let end = text.trim_ascii_end().len();
    let start = end - text[..end].trim_ascii_start().len();
    let builder = Builder::new(puzzle, 0, text.len(), BYTES_OF_EVENT);
    let line = Line::new(text, Span(start, end));
    let mut parser = Parser { puzzle, line, builder, openings: 0, start: None, start_span: Span(start, start) };
    parser.prompt();
    while !parser.line.reader.is_at_end() {
        parser.event();
    }
    parser.begin();
    if parser.builder.pending != NO_NODE {
        parser.builder.error(Span(end, end), true, "what becomes of the node, or ;");
    }
    parser.builder.parsed.names = Names::Numbers(parser.builder.numbers());
    parser.builder.parsed
}

/// Splits a prompt into its parts.
pub fn prompt(text: &str) -> Vec<Task<'_>> {
    let Some((head, target)) = text.rsplit_once(" target ") else { return Vec::new() };
    let cut = head.strip_prefix("start ").map(|start| ("", start)).or_else(|| head.split_once(" start "));
    cut.map(|(header, start)| Task { style: Style::Compact, header, start, target }).into_iter().collect()
}

struct Parser<'a> {
    puzzle: &'a Puzzle,
    line: Line<'a>,
    /// Its names are numbers, in the order of opening.
    builder: Builder<'a, u64>,
    /// Number of openings in this iteration.
    openings: u64,
    /// The start state that the prompt shows, and its place in the text.
    start: Option<StateId>,
    start_span: Span,
}

/// Words that end an event. After an error, reading continues behind the next of them …
const ENDS: [&str; 6] = [GOAL, DEAD_END, SEEN, CUT, NOTHING, END];
/// … or before the next word that begins an event.
const BEGINS: [&str; 12] = [OPEN, GO, BACK, AGAIN, MOVE_TO, VISIT, PRUNE, BOUND, GIVE_UP, UNSOLVABLE, ANSWER, BEST];

impl Parser<'_> {
    /// Takes a word together with the space behind it.
    fn take(&mut self, word: &str) -> Option<()> {
        let rest = self.line.reader.rest();
        let behind = rest.strip_prefix(word.as_bytes())?;
        let len = match behind.first() {
            None => word.len(),
            Some(b' ') => word.len() + 1,
            Some(_) => return None,
        };
        self.line.reader.seek(self.line.reader.position() + len);
        Some(())
    }

    /// Reads something of one or more tokens together with the space behind it.
    fn tokens<T>(&mut self, read: impl FnOnce(&Puzzle, &mut sos_envs::Reader<'_>) -> Option<T>) -> Option<(T, Span)> {
        let puzzle = self.puzzle;
        let read = self.line.span(|line| read(puzzle, &mut line.reader))?;
        (self.line.reader.is_at_end() || self.line.reader.take(b" ").is_some()).then_some(read)
    }

    fn prompt(&mut self) {
        let mut header = Vec::new();
        self.puzzle.write_header(Style::Compact, &mut header);
        let start = self.line.at();
        if !header.is_empty() && self.line.reader.take(&header).is_some() {
            self.line.reader.take(b" ");
        }
        if self.take(START).is_none() {
            return;
        }
        if self.state_and_target(start).is_none() {
            self.recover(start, "the state and the goal of the puzzle");
        }
    }

    fn state_and_target(&mut self, start: usize) -> Option<()> {
        let (state, _) = self.tokens(|puzzle, reader| puzzle.read_state(Style::Compact, reader))?;
        self.take(TARGET)?;
        let mut target = Vec::new();
        self.puzzle.write_target(Style::Compact, &mut target);
        let (_, place) = self.tokens(|_, reader| reader.take(&target))?;
        self.start = Some(state);
        self.start_span = Span(start, place.1);
        Some(())
    }

    /// Adds the visit of the root, unless something was read before.
    fn begin(&mut self) {
        if self.builder.fresh {
            let state = self.start.unwrap_or_else(|| self.puzzle.start());
            self.builder.visit(state, None, false, EventSpans::new(self.start_span));
        }
    }

    fn event(&mut self) {
        let start = self.line.at();
        if self.read_event(start).is_none() {
            self.recover(start, "an event of the compact dialect");
        }
    }

    /// Reports an error and skips to the next place where reading can continue.
    fn recover(&mut self, start: usize, expected: &'static str) {
        if self.line.at() == start {
            self.line.reader.word();
        }
        let mut end = self.line.at();
        let truncated = loop {
            if self.line.reader.is_at_end() {
                break true;
            }
            let before = self.line.reader;
            if self.line.reader.peek() == Some(b' ') {
                self.line.reader.take(b" ");
            }
            let word = self.line.reader.word();
            let is = |words: &[&str]| words.iter().any(|known| known.as_bytes() == word);
            if is(&BEGINS) {
                self.line.reader = before;
                self.line.reader.take(b" ");
                break false;
            }
            end = self.line.at();
            if is(&ENDS) || word.starts_with(b"#") {
                self.line.reader.take(b" ");
                break false;
            }
        };
        self.begin();
        self.builder.error(Span(start, end), truncated, expected);
    }

    fn spans(&self, start: usize, end: usize) -> EventSpans {
        EventSpans::new(Span(start, end))
    }

    /// The end of the last token, without the space behind it.
    fn end(&self) -> usize {
        let at = self.line.at();
        if self.line.reader.is_at_end() { at } else { at - 1 }
    }

    fn read_event(&mut self, start: usize) -> Option<()> {
        if self.take(BOUND).is_some() {
            return self.bound(start);
        }
        self.begin();
        if self.line.reader.peek() == Some(b'#') {
            return self.open(start);
        }
        if self.take(NOTHING).is_some() {
            if self.builder.pending == NO_NODE {
                self.builder.error(Span(start, self.end()), false, "a child before ;");
            }
            self.builder.pending = NO_NODE;
            return Some(());
        }
        let said =
            [(GOAL, EventKind::Goal), (DEAD_END, EventKind::DeadEnd), (SEEN, EventKind::Seen), (CUT, EventKind::Cut)];
        for (word, kind) in said {
            if self.take(word).is_some() {
                let spans = self.spans(start, self.end());
                self.builder.say(kind, None, false, spans);
                return Some(());
            }
        }
        if self.take(GO).is_some() {
            return self.go(start);
        }
        // Any other word begins a new event. Before it, the text must have said what becomes of a generated node.
        if self.builder.pending != NO_NODE {
            self.builder.error(Span(start, start), false, "what becomes of the node, or ;");
        }
        if self.take(BACK).is_some() {
            let parent = self.builder.parsed.trace.node(self.builder.current).map_or(NO_NODE, |node| node.parent);
            self.return_to(start, parent)
        } else if self.take(AGAIN).is_some() {
            self.return_to(start, self.builder.current)
        } else if self.take(MOVE_TO).is_some() {
            self.reference(start, EventKind::MoveTo)
        } else if self.take(PRUNE).is_some() {
            self.reference(start, EventKind::Prune)
        } else if self.take(TARGET).is_some() {
            self.goal_root(start)
        } else if self.take(MEET).is_some() {
            self.meet(start)
        } else if self.take(VISIT).is_some() {
            self.visit(start)
        } else if self.take(OPEN).is_some() {
            self.open_alone(start)
        } else if self.take(GIVE_UP).is_some() {
            self.stop(start, EventKind::GiveUp)
        } else if self.take(UNSOLVABLE).is_some() {
            self.stop(start, EventKind::Unsolvable)
        } else if self.take(ANSWER).is_some() {
            self.answer(start, false)
        } else if self.take(BEST).is_some() {
            self.answer(start, true)
        } else {
            let (step, spans) = self.step(start)?;
            self.builder.generate(step.action, step.state, step.g, step.h, spans);
            Some(())
        }
    }

    fn stop(&mut self, start: usize, kind: EventKind) -> Option<()> {
        self.builder.end(kind, self.spans(start, self.end()));
        Some(())
    }

    fn step(&mut self, start: usize) -> Option<(ReadStep, EventSpans)> {
        let mut spans = EventSpans::default();
        let (action, place) = self.tokens(|puzzle, reader| puzzle.read_move(Style::Compact, reader))?;
        spans.set(Field::Action, place);
        let told = || self.puzzle.state_after(self.builder.parsed.trace.node(self.builder.current)?.state, action);
        let state = match told() {
            Some(state) if !self.line.reader.rest().starts_with(LEADS_TO.as_bytes()) => {
                spans.set(Field::State, place);
                state
            }
            _ => {
                self.take(LEADS_TO)?;
                let (state, place) = self.tokens(|puzzle, reader| puzzle.read_state(Style::Compact, reader))?;
                spans.set(Field::State, place);
                state
            }
        };
        let mut step = ReadStep { action, state, g: None, h: None };
        if self.take(COST).is_some() {
            let (g, place) = self.tokens(|_, reader| reader.number_tokens())?;
            spans.set(Field::Cost, place);
            step.g = Some(g);
        }
        if self.take(ESTIMATE).is_some() {
            let (h, place) = self.tokens(|puzzle, reader| read_estimate(puzzle, Style::Compact, reader))?;
            spans.set(Field::Estimate, place);
            step.h = Some(h);
        }
        spans.whole = Span(start, self.end());
        Some((step, spans))
    }

    fn name(&mut self) -> Option<(u32, Span)> {
        self.tokens(|_, reader| {
            reader.take(b"#")?;
            u32::try_from(reader.number_tokens()?).ok()
        })
    }

    /// Opens the node generated last.
    fn open(&mut self, start: usize) -> Option<()> {
        let (name, place) = self.name()?;
        let node = self.builder.pending;
        if node == NO_NODE {
            self.builder.error(place, false, "a child before its name");
            return Some(());
        }
        let mut spans = self.spans(start, place.1);
        spans.set(Field::Label, place);
        self.open_as(node, name, spans);
        Some(())
    }

    fn open_alone(&mut self, start: usize) -> Option<()> {
        let (step, mut spans) = self.step(start)?;
        let (name, place) = self.name()?;
        spans.whole = Span(start, place.1);
        spans.set(Field::Label, place);
        let node = self.builder.make_to_open(step.action, step.state, step.g, step.h);
        self.open_as(node, name, spans);
        Some(())
    }

    fn open_as(&mut self, node: u32, name: u32, spans: EventSpans) {
        self.openings += 1;
        let known = self.builder.find(u64::from(name)).is_some();
        let label = (known || u64::from(name) != self.openings).then(|| vec![name]);
        self.builder.open(node, u64::from(name), label, Claim::default(), spans);
    }

    fn goal_root(&mut self, start: usize) -> Option<()> {
        let (state, state_place) = self.tokens(|puzzle, reader| puzzle.read_state(Style::Compact, reader))?;
        let (name, place) = self.name()?;
        let mut spans = self.spans(start, place.1);
        spans.set(Field::State, state_place);
        spans.set(Field::Label, place);
        self.openings += 1;
        let known = self.builder.find(u64::from(name)).is_some();
        let label = (known || u64::from(name) != self.openings).then(|| vec![name]);
        self.builder.goal_root(state, u64::from(name), label, spans);
        Some(())
    }

    fn meet(&mut self, start: usize) -> Option<()> {
        let (forward, place) = self.name()?;
        let (backward, second) = self.name()?;
        let mut spans = self.spans(start, second.1);
        spans.set(Field::Label, place);
        let label = |name: u64| Some(vec![u32::try_from(name).ok()?]);
        self.builder.meet(u64::from(forward), u64::from(backward), label, spans);
        Some(())
    }

    fn reference(&mut self, start: usize, kind: EventKind) -> Option<()> {
        let (name, place) = self.name()?;
        let mut spans = self.spans(start, place.1);
        spans.set(Field::Label, place);
        self.builder.reference(kind, u64::from(name), || Some(vec![name]), spans)
    }

    /// Moves control to a named node, or opens the node generated last under the name and moves there.
    fn go(&mut self, start: usize) -> Option<()> {
        let (name, place) = self.name()?;
        let mut spans = self.spans(start, place.1);
        spans.set(Field::Label, place);
        if self.builder.pending != NO_NODE {
            let node = self.builder.pending;
            self.open_as(node, name, spans);
            self.builder.move_to(node, spans);
        } else {
            self.builder.reference(EventKind::MoveTo, u64::from(name), || Some(vec![name]), spans)?;
        }
        if self.builder.current != NO_NODE {
            self.builder.visit_node(self.builder.current, spans);
        }
        Some(())
    }

    fn return_to(&mut self, start: usize, node: NodeId) -> Option<()> {
        let spans = self.spans(start, self.end());
        if node == NO_NODE {
            self.builder.error(spans.whole, false, "a node that there is");
            return Some(());
        }
        self.builder.move_to(node, spans);
        self.builder.visit_node(node, spans);
        Some(())
    }

    /// Adds a visit without a move. For an unknown node it is a move instead.
    fn visit(&mut self, start: usize) -> Option<()> {
        let (name, place) = self.name()?;
        let mut spans = self.spans(start, place.1);
        spans.set(Field::Label, place);
        match self.builder.find(u64::from(name)) {
            Some(node) => self.builder.visit_node(node, spans),
            None => self.builder.reference(EventKind::MoveTo, u64::from(name), || Some(vec![name]), spans)?,
        }
        Some(())
    }

    fn bound(&mut self, start: usize) -> Option<()> {
        let (bound, place) = self.tokens(|puzzle, reader| read_estimate(puzzle, Style::Compact, reader))?;
        if self.builder.fresh && !self.builder.parsed.trace.events.is_empty() {
            self.begin();
        }
        if self.builder.pending != NO_NODE {
            self.builder.error(Span(start, start), false, "what becomes of the node, or ;");
        }
        self.builder.bound(bound, self.spans(start, place.1));
        self.start_span = Span(start, place.1);
        self.openings = 0;
        Some(())
    }

    fn answer(&mut self, start: usize, optimal: bool) -> Option<()> {
        self.builder.parsed.unread_answer = true;
        let mut moves = None;
        if self.take(NONE).is_none() {
            let moves = moves.insert(Vec::new());
            while self.take(END).is_none() {
                if !moves.is_empty() {
                    self.take(THEN)?;
                }
                moves.push(self.tokens(|puzzle, reader| puzzle.read_move(Style::Compact, reader))?.0);
            }
        } else {
            self.take(END)?;
        }
        let span = Span(start, self.end());
        self.builder.parsed.push_answer(Answer { moves, optimal }, span, false);
        Some(())
    }
}

/// A step as it stands in the text.
struct ReadStep {
    action: MoveId,
    state: StateId,
    g: Option<sos_envs::Cost>,
    h: Option<sos_envs::Cost>,
}
