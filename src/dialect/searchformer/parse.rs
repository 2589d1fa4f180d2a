//! Reads a text once, in time linear in its length. A place that does not parse is reported, and reading continues at the next known word.
//!
//! Memory: one node and two events for each step of the text.

use sos_envs::{Cost, Step, Style};

use super::*;
use crate::arena::Puzzle;
use crate::dialect::builder::Builder;
use crate::dialect::lines::Line;
use crate::dialect::{EventSpans, Field, Names, Parsed, Span};
use crate::trace::{Answer, Claim, EventKind, MoveId, NO_NODE, NodeId, StateId};

/// The name of the start. It is given first.
const START: u32 = 1;

/// About how many bytes tell an event.
const BYTES_OF_EVENT: usize = 10;

/// Reads prompt and trace.
pub fn parse(grammar: &Grammar, puzzle: &Puzzle, text: &[u8]) -> Parsed {
    let end = text.trim_ascii_end().len();
    let mut start = end - text[..end].trim_ascii_start().len();
    let mut prompt = Vec::new();
    write::prompt(grammar, puzzle, &mut prompt);
    let behind_prompt = text[start..end].strip_prefix(&prompt[..]);
    if let Some(behind) = behind_prompt.filter(|behind| matches!(behind.first(), None | Some(b' '))) {
        start = end - behind.trim_ascii_start().len();
    }
    let mut parser = Parser {
        grammar,
        puzzle,
        line: Line::new(text, Span(start, end)),
        builder: Builder::new(puzzle, START, text.len(), BYTES_OF_EVENT),
        names: Vec::new(),
        named: 0,
        steps: Vec::new(),
        steps_of: None,
        first: None,
        created: NO_NODE,
        paid: Vec::new(),
        ended: false,
    };
    parser.text();
    parser.builder.parsed.told = Coverage::Opened;
    parser.builder.parsed.names = Names::States;
    parser.builder.parsed
}

/// A state as the text shows it, with costs and places.
struct Stated<S> {
    state: S,
    costs: Option<(Cost, Cost)>,
    spans: EventSpans,
}

struct Parser<'a> {
    grammar: &'a Grammar,
    puzzle: &'a Puzzle,
    line: Line<'a>,
    /// Its names are numbers of positions.
    builder: Builder<'a, u32>,
    /// By the id of a position; 0 for one without a name.
    names: Vec<u32>,
    named: u32,
    /// The steps out of a state, and the state.
    steps: Vec<Step<MoveId, StateId>>,
    steps_of: Option<StateId>,
    /// The creation of the start, until the start is closed.
    first: Option<Stated<StateId>>,
    created: NodeId,
    /// The cost of each node: as the text states it, or else the real one.
    paid: Vec<Cost>,
    /// Whether the text has said that the search found nothing.
    ended: bool,
}

const WORDS: [&str; 8] = [CREATE, CLOSE, PLAN, STOP, UNSOLVABLE, "reasoning", "solution", "end"];

impl Parser<'_> {
    fn text(&mut self) {
        let rest = self.line.reader.rest();
        // An answer without a trace has no opening word.
        let is_answer = rest.split(|&byte| byte == b' ').next() == Some(self.grammar.solution.as_bytes());
        let opens = !self.grammar.opening.is_empty() && !rest.is_empty() && !is_answer;
        if opens && self.take(self.grammar.opening).is_none() {
            self.wrong("reasoning");
        }
        while !self.line.reader.is_at_end() {
            if self.step().is_none() {
                self.wrong("create, close or plan with a state");
            }
        }
        if let Some(first) = self.first.take() {
            self.begin(first);
        }
    }

    /// Reports an error from here to the next known word, and continues there. Without such a word, the text may have been cut off.
    fn wrong(&mut self, expected: &'static str) {
        let start = self.line.at();
        let rest = self.line.reader.rest();
        let next = next_word(rest);
        self.line.reader.seek(self.line.reader.position() + next.unwrap_or(rest.len()));
        self.builder.error(Span(start, self.line.at()), next.is_none(), expected);
    }

    /// Takes a word together with the space behind it.
    fn take(&mut self, word: &str) -> Option<()> {
        let behind = self.line.reader.rest().strip_prefix(word.as_bytes())?;
        let len = match behind.first() {
            None => word.len(),
            Some(b' ') => word.len() + 1,
            Some(_) => return None,
        };
        self.line.reader.seek(self.line.reader.position() + len);
        Some(())
    }

    fn step(&mut self) -> Option<()> {
        let before = self.line.reader.position();
        let start = self.line.at();
        let done = if self.take(CREATE).is_some() {
            self.told(start).map(|told| self.create(told))
        } else if self.take(CLOSE).is_some() {
            self.told(start).map(|told| self.close(told))
        } else if self.take(STOP).is_some() {
            self.end(EventKind::GiveUp, start);
            Some(())
        } else if self.take(UNSOLVABLE).is_some() {
            self.end(EventKind::Unsolvable, start);
            Some(())
        } else {
            self.solution()
        };
        if done.is_none() {
            self.line.reader.seek(before);
        }
        done
    }

    fn end(&mut self, kind: EventKind, start: usize) {
        if let Some(first) = self.first.take() {
            self.begin(first);
        }
        self.builder.end(kind, EventSpans::new(Span(start, self.behind())));
        self.ended = true;
    }

    /// The end of the last token, without the space behind it.
    fn behind(&self) -> usize {
        let at = self.line.at();
        if self.line.reader.is_at_end() { at } else { at - 1 }
    }

    /// Reads a state with its costs, together with the space behind it.
    fn told(&mut self, start: usize) -> Option<Stated<StateId>> {
        let mut spans = EventSpans::new(Span(start, start));
        let (state, place) = self.line.span(|line| self.puzzle.read_state(Style::Compact, &mut line.reader))?;
        spans.set(Field::State, place);
        let mut costs = None;
        // The next word (`create`, `close`) begins with a c as well.
        let is_cost = matches!(self.line.reader.rest(), [b' ', b'c', digit, ..] if digit.is_ascii_digit());
        if is_cost {
            self.line.reader.take(b" c")?;
            let (g, place) = self.line.span(|line| line.reader.number())?;
            spans.set(Field::Cost, place);
            self.line.reader.take(b" c")?;
            let (h, place) = self.line.span(|line| line.reader.number())?;
            spans.set(Field::Estimate, place);
            costs = Some((g, h.checked_mul(self.puzzle.about().estimate_scale)?));
        }
        spans.whole = Span(start, self.line.at());
        if !self.line.reader.is_at_end() {
            self.line.reader.take(b" ")?;
        }
        Some(Stated { state, costs, spans })
    }

    fn name(&mut self, state: StateId) -> u32 {
        if self.named == 0 {
            let start = self.number(self.puzzle.start());
            debug_assert_eq!(start, START);
        }
        self.number(state)
    }

    /// The number of a position. A new one gets the next number.
    fn number(&mut self, state: StateId) -> u32 {
        let place = self.puzzle.key_state(state).0 as usize;
        if self.names.len() <= place {
            self.names.resize(place + 1, 0);
        }
        if self.names[place] == 0 {
            self.named += 1;
            self.names[place] = self.named;
        }
        self.names[place]
    }

    /// Lists the steps out of a state.
    fn list_steps(&mut self, state: StateId) {
        if self.steps_of != Some(state) {
            self.steps.clear();
            self.puzzle.successors(state, &mut self.steps);
            self.steps_of = Some(state);
        }
    }

    /// Adds the visit of the start.
    fn begin(&mut self, told: Stated<StateId>) {
        self.builder.visit(told.state, None, false, told.spans);
        let root = self.builder.current;
        if let (Some((g, h)), Some(node)) = (told.costs, self.builder.parsed.trace.nodes.get_mut(root as usize)) {
            (node.g, node.h) = (Some(g), Some(h));
        }
    }

    fn create(&mut self, told: Stated<StateId>) {
        let untouched = self.builder.parsed.trace.events.is_empty() && self.first.is_none();
        if untouched && self.grammar.creates_start {
            self.first = Some(told);
            return;
        }
        if let Some(first) = self.first.take() {
            self.begin(first);
        }
        let name = self.name(told.state);
        let (g, h) = (told.costs.map(|costs| costs.0), told.costs.map(|costs| costs.1));
        let step = self.step_to(told.state);
        let paid = self.paid(self.builder.current).saturating_add(step.map_or(0, |(_, cost)| cost));
        let node = self.builder.generate(step.map(|(action, _)| action), told.state, g, h, told.spans);
        self.paid.resize(node as usize, 0);
        self.paid.push(g.unwrap_or(paid));
        let before = self.builder.find(name);
        if before.is_some_and(|before| self.paid(node) < self.paid(before)) {
            self.builder.forget(name);
        }
        self.builder.open(node, name, None, Claim::default(), told.spans);
        self.created = node;
    }

    /// The cost of a node: as the text states it, or else the real one.
    fn paid(&self, node: NodeId) -> Cost {
        self.paid.get(node as usize).copied().unwrap_or(0)
    }

    /// The move from the current node to a state, and its cost. None where no single step leads there.
    fn step_to(&mut self, state: StateId) -> Option<(MoveId, Cost)> {
        let here = match self.builder.parsed.trace.node(self.builder.current) {
            Some(node) => node.state,
            None => self.puzzle.start(),
        };
        self.list_steps(here);
        self.steps.iter().find(|step| self.puzzle.same_state(step.state, state)).map(|step| (step.action, step.cost))
    }

    fn close(&mut self, told: Stated<StateId>) {
        if let Some(mut first) = self.first.take() {
            let is_it = self.puzzle.same_state(first.state, told.state) && first.costs == told.costs;
            if is_it {
                first.spans.whole.1 = told.spans.whole.1;
            }
            self.begin(first);
            if is_it {
                return;
            }
        } else if self.builder.fresh {
            return self.begin(told);
        }
        let name = self.name(told.state);
        let closed = self.builder.reference(EventKind::MoveTo, name, || Some(Vec::new()), told.spans);
        let node = self.builder.current;
        let costs = self.builder.parsed.trace.node(node).and_then(|node| node.g.zip(node.h));
        let other = told.costs.filter(|told| costs.is_some_and(|costs| costs != *told));
        debug_assert!(closed.is_some());
        self.builder.visit_with_costs(told.state, other, told.spans);
        // A state that was never created: its costs are known only from here.
        if let (NO_NODE, Some((g, h))) = (node, told.costs)
            && let Some(closed) = self.builder.parsed.trace.nodes.get_mut(self.builder.current as usize)
        {
            (closed.g, closed.h) = (Some(g), Some(h));
        }
    }

    /// Reads the plan and the words around it. The goal is claimed at the node closed last, or at the one created last if only that is a goal.
    fn solution(&mut self) -> Option<()> {
        let start = self.line.at();
        if !self.grammar.solution.is_empty() {
            self.take(self.grammar.solution)?;
            if self.take(self.grammar.end).is_some() && self.line.reader.is_at_end() {
                return Some(());
            }
        }
        if let Some(first) = self.first.take() {
            self.begin(first);
        }
        let (moves, broken) = self.plan()?;
        if !self.grammar.end.is_empty() {
            self.take(self.grammar.end)?;
        }
        let whole = Span(start, self.behind());
        let parsed = &self.builder.parsed;
        let is_goal = |id: NodeId| parsed.trace.node(id).is_some_and(|node| self.puzzle.is_goal(node.state));
        let reached =
            if !is_goal(self.builder.current) && is_goal(self.created) { self.created } else { self.builder.current };
        if !self.ended && !self.builder.fresh && moves.is_some() {
            self.builder.say_of(reached, EventKind::Goal, EventSpans::new(whole));
        }
        self.builder.parsed.push_answer(Answer { moves, optimal: false }, whole, broken);
        Some(())
    }

    /// Reads a plan as moves, up to the first state that no step leads to. The second value says whether there is such a state; the plan is
    /// then no solution.
    fn plan(&mut self) -> Option<(Option<Vec<MoveId>>, bool)> {
        let mut broken = false;
        let mut state = self.puzzle.start();
        let mut moves = Vec::new();
        let mut value = Vec::new();
        self.take(PLAN)?;
        if self.take(NONE).is_some() {
            return Some((None, false));
        }
        self.puzzle.write_step(PROMPT, state, &mut value);
        if self.take_value(&value).is_none() {
            broken = true;
            self.skip_plan();
        }
        while self.take(PLAN).is_some() {
            self.list_steps(state);
            let steps = std::mem::take(&mut self.steps);
            let next = steps.iter().find(|step| {
                value.clear();
                self.puzzle.write_step(PROMPT, step.state, &mut value);
                self.take_value(&value).is_some()
            });
            let next = next.map(|step| (step.action, step.state));
            self.steps = steps;
            let Some((action, there)) = next else {
                broken = true;
                self.skip_plan();
                break;
            };
            moves.push(action);
            state = there;
        }
        Some((Some(moves), broken))
    }

    /// Skips the rest of a plan.
    fn skip_plan(&mut self) {
        let rest = self.line.reader.rest();
        let end = match self.grammar.end {
            "" => None,
            end => rest.strip_suffix(end.as_bytes()).filter(|plan| plan.last() == Some(&b' ')).map(<[u8]>::len),
        };
        self.line.reader.seek(self.line.reader.position() + end.unwrap_or(rest.len()));
    }

    fn take_value(&mut self, value: &[u8]) -> Option<()> {
        self.take(std::str::from_utf8(value).ok()?)
    }
}

/// The start of the next known word behind the first word of a text.
fn next_word(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for piece in text.split(|&byte| byte == b' ') {
        if at > 0 && WORDS.iter().any(|word| piece == word.as_bytes()) {
            return Some(at);
        }
        at += piece.len() + 1;
    }
    None
}
