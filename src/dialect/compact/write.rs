//! Writes prompts, answers and traces.

use sos_envs::Style;
use sos_envs::text::write_number_tokens;

use super::*;
use crate::arena::Puzzle;
use crate::dialect::Phrasing;
use crate::dialect::estimate::write_estimate;
use crate::trace::{Answer, Claim, Event, EventKind, GOAL_ROOT, NO_NODE, Node, NodeId, Trace};

/// Writes the prompt.
pub fn prompt(puzzle: &Puzzle, out: &mut Vec<u8>) {
    let start = out.len();
    puzzle.write_header(Style::Compact, out);
    if out.len() > start {
        out.push(b' ');
    }
    out.extend_from_slice(START.as_bytes());
    out.push(b' ');
    puzzle.write_state(puzzle.start(), Style::Compact, out);
    out.push(b' ');
    out.extend_from_slice(TARGET.as_bytes());
    out.push(b' ');
    puzzle.write_target(Style::Compact, out);
}

/// Writes an answer section.
pub fn answer(puzzle: &Puzzle, answer: &Answer, out: &mut Vec<u8>) {
    out.extend_from_slice(if answer.optimal { BEST } else { ANSWER }.as_bytes());
    out.push(b' ');
    match &answer.moves {
        None => out.extend_from_slice(b"none "),
        Some(moves) => {
            for (i, &action) in moves.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                puzzle.write_move(action, Style::Compact, out);
                out.push(b' ');
            }
        }
    }
    out.extend_from_slice(END.as_bytes());
}

/// The number of a node and the iteration in which it has this number.
#[derive(Clone, Copy)]
struct Number {
    iteration: u32,
    number: u64,
    /// Whether the text has introduced the number. The root needs no introduction.
    named: bool,
    /// The current node at its opening, which a reader of the text takes as its parent.
    parent: NodeId,
}

/// The target of a reference: a node, or a number that no node has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Node(NodeId),
    Number(u64),
}

struct Writer<'a> {
    puzzle: &'a Puzzle,
    trace: &'a Trace,
    out: &'a mut Vec<u8>,
    /// Start of this text in `out`.
    start: usize,
    numbers: Vec<Number>,
    iteration: u32,
    /// Number of openings in this iteration.
    openings: u64,
    has_root: bool,
    /// Number of openings in all iterations. No opened node has a greater number.
    greatest: u64,
    /// Number of nodes that were referred to but never opened. They get numbers above `greatest`.
    unopened: u64,
    /// The node that the previous event generated.
    pending: NodeId,
    /// The node that control is at.
    current: NodeId,
    /// Decides which states are written beside a move that determines them.
    phrasing: Phrasing,
}

/// Writes a trace.
pub fn write(puzzle: &Puzzle, trace: &Trace, phrasing: Phrasing, out: &mut Vec<u8>) {
    let names = |event: &&Event| matches!(event.kind, EventKind::Open | EventKind::Root);
    let greatest = trace.events.iter().filter(names).count() as u64;
    let mut writer = Writer {
        puzzle,
        trace,
        start: out.len(),
        out,
        numbers: vec![Number { iteration: 0, number: 0, named: false, parent: NO_NODE }; trace.nodes.len()],
        iteration: 1,
        openings: 0,
        has_root: false,
        greatest,
        unopened: 0,
        pending: NO_NODE,
        current: NO_NODE,
        phrasing,
    };
    let mut at = 0;
    while let Some(&event) = trace.events.get(at) {
        at += writer.events_from(at, event);
    }
    writer.settle(NO_NODE);
    if let Some(section) = &trace.answer {
        writer.gap();
        answer(puzzle, section, writer.out);
    }
}

impl Writer<'_> {
    /// Writes the event at an index together with the events that it implies. Gives their number.
    fn events_from(&mut self, at: usize, event: Event) -> usize {
        let (id, events) = (event.node, &self.trace.events);
        let is = |place: usize, kind| events.get(place).is_some_and(|next| next.kind == kind && next.node == id);
        let begins = at.checked_sub(1).is_none_or(|before| events[before].kind == EventKind::Bound);
        let claim = self.trace.claim(event);
        if begins && event.kind != EventKind::Bound {
            self.begin(at);
        }
        match event.kind {
            EventKind::Visit if begins && self.current == id => 1,
            EventKind::MoveTo => {
                let node = self.resolve(id, claim);
                let visited = events.get(at + 1).filter(|next| next.kind == EventKind::Visit);
                let with_visit = visited.is_some_and(|next| node == Target::Node(next.node));
                self.move_to(node, with_visit);
                1 + usize::from(with_visit)
            }
            EventKind::Open if self.opens_and_goes(id, claim) => {
                let goes = is(at + 2, EventKind::Visit) && self.goes_to_opened(id, events[at + 1]);
                if goes {
                    self.word(GO);
                }
                self.open(id, claim);
                if goes {
                    self.current = id;
                }
                if goes { 3 } else { 1 }
            }
            _ => {
                self.event(event);
                1
            }
        }
    }

    /// Sets the current node to the root of the events from an index on, whether they visit it or not.
    fn begin(&mut self, at: usize) {
        let following = self.trace.events[at..].iter().take_while(|event| event.kind != EventKind::Bound);
        let mut ids = following.map(|event| event.node).filter(|&id| self.trace.node(id).is_some());
        let Some(mut id) = ids.next() else { return };
        while let Some(node) = self.trace.node(id).filter(|node| node.parent != NO_NODE) {
            id = node.parent;
        }
        if self.is_root(id) {
            self.number(id);
            self.current = id;
        }
    }

    /// Whether an event opens the node generated last under a name of its own.
    fn opens_and_goes(&mut self, id: NodeId, claim: Option<&Claim>) -> bool {
        let labelled = self.other_label(id, claim).is_some();
        id != NO_NODE && self.pending == id && !labelled && !self.is_named(id)
    }

    /// Whether an event moves to a node that is about to be opened: by its id, or by the label that it claims.
    fn goes_to_opened(&mut self, id: NodeId, event: Event) -> bool {
        let opened = Number { iteration: self.iteration, number: self.openings + 1, named: true, parent: self.current };
        let before = std::mem::replace(&mut self.numbers[id as usize], opened);
        let goes =
            event.kind == EventKind::MoveTo && self.resolve(event.node, self.trace.claim(event)) == Target::Node(id);
        self.numbers[id as usize] = before;
        goes
    }

    fn is_root(&self, id: NodeId) -> bool {
        self.trace
            .node(id)
            .is_some_and(|node| node.parent == NO_NODE && node.action.is_none() && node.ordinal != GOAL_ROOT)
    }

    #[inline]
    fn gap(&mut self) {
        if self.out.len() > self.start {
            self.out.push(b' ');
        }
    }

    #[inline]
    fn word(&mut self, word: &str) {
        self.gap();
        self.out.extend_from_slice(word.as_bytes());
    }

    /// Writes the word that ends a generated node without a judgement, unless `node` is that node.
    #[inline]
    fn settle(&mut self, node: NodeId) {
        let pending = std::mem::replace(&mut self.pending, NO_NODE);
        if pending != NO_NODE && pending != node {
            self.word(NOTHING);
        }
    }

    fn event(&mut self, event: Event) {
        let (id, claim) = (event.node, self.trace.claim(event));
        match event.kind {
            EventKind::Generate if self.trace.node(id).is_none_or(|node| node.action.is_none()) => {}
            EventKind::Generate => {
                self.settle(NO_NODE);
                self.step(id, claim);
                self.pending = id;
            }
            EventKind::Open => self.open(id, claim),
            EventKind::Goal => self.say(id, GOAL),
            EventKind::DeadEnd => self.say(id, DEAD_END),
            EventKind::Seen => self.say(id, SEEN),
            EventKind::Cut => self.say(id, CUT),
            EventKind::MoveTo => {}
            EventKind::Visit => {
                let word = if self.is_named(id) { VISIT } else { GO };
                self.current = if self.is_named(id) { id } else { NO_NODE };
                self.reference(word, Target::Node(id));
            }
            EventKind::Prune => {
                let target = self.resolve(id, claim);
                self.reference(PRUNE, target);
            }
            EventKind::Bound => self.bound(id),
            EventKind::Root => self.goal_root(id, claim),
            EventKind::Meet => self.meet(id),
            EventKind::GiveUp => self.say(NO_NODE, GIVE_UP),
            EventKind::Unsolvable => self.say(NO_NODE, UNSOLVABLE),
        }
    }

    fn say(&mut self, id: NodeId, word: &str) {
        self.settle(id);
        self.word(word);
    }

    /// Writes the move, state and costs of a node.
    fn step(&mut self, id: NodeId, claim: Option<&Claim>) {
        let Some(node) = self.trace.node(id) else { return };
        let action = claim.and_then(|claim| claim.action).or(node.action);
        if let Some(action) = action {
            self.gap();
            self.puzzle.write_move(action, Style::Compact, self.out);
        }
        let state = claim.and_then(|claim| claim.state).unwrap_or(node.state);
        let told = action.and_then(|action| self.puzzle.state_after(self.trace.node(self.current)?.state, action));
        if told != Some(state) || self.phrasing.restates(id) {
            self.word(LEADS_TO);
            self.out.push(b' ');
            self.puzzle.write_state(state, Style::Compact, self.out);
        }
        if let Some(g) = node.g {
            self.word(COST);
            self.out.push(b' ');
            write_number_tokens(g, self.out);
        }
        if let Some(h) = node.h {
            self.word(ESTIMATE);
            self.out.push(b' ');
            write_estimate(self.puzzle, h, Style::Compact, self.out);
        }
    }

    fn goal_root(&mut self, id: NodeId, claim: Option<&Claim>) {
        let Some(node) = self.trace.node(id) else { return };
        self.settle(NO_NODE);
        self.word(TARGET);
        self.out.push(b' ');
        self.puzzle.write_state(node.state, Style::Compact, self.out);
        self.openings += 1;
        // A trace that was read from this dialect has labels of one part: the number.
        let number = match claim.and_then(|claim| claim.label.as_deref()) {
            Some(&[number]) => u64::from(number),
            _ => self.openings,
        };
        if !self.is_named(id) {
            self.numbers[id as usize] = Number { iteration: self.iteration, number, named: true, parent: NO_NODE };
        }
        self.name(Target::Number(number));
    }

    /// Writes a meeting. It writes nothing where one of the nodes has no name.
    fn meet(&mut self, index: NodeId) {
        let Some(&(forward, backward)) = self.trace.meetings.get(index as usize) else { return };
        if self.is_named(forward) && self.is_named(backward) {
            self.reference(MEET, Target::Node(forward));
            self.name(Target::Node(backward));
        }
    }

    fn open(&mut self, id: NodeId, claim: Option<&Claim>) {
        if self.trace.node(id).is_none_or(|node| node.action.is_none()) {
            return;
        }
        let pending = self.pending == id;
        self.settle(id);
        if !pending {
            self.word(OPEN);
            self.step(id, claim);
        }
        self.openings += 1;
        let claimed = self.other_label(id, claim).is_some();
        let number = match self.resolve(id, claim) {
            Target::Node(_) if !claimed && !self.is_named(id) => self.openings,
            Target::Node(node) if node != NO_NODE => return self.name(Target::Node(node)),
            Target::Number(number) => number,
            Target::Node(_) => self.unknown(),
        };
        let (iteration, parent) = (self.iteration, self.current);
        if !self.is_named(id) {
            self.numbers[id as usize] = Number { iteration, number, named: true, parent };
        }
        self.name(Target::Number(number));
    }

    /// Writes a move of control, together with the visit if `with_visit`.
    fn move_to(&mut self, target: Target, with_visit: bool) {
        let node = match target {
            Target::Node(id) if self.is_named(id) => id,
            _ => NO_NODE,
        };
        let parent = self.numbers.get(self.current as usize).map_or(NO_NODE, |known| known.parent);
        let from = std::mem::replace(&mut self.current, node);
        self.settle(NO_NODE);
        match node {
            NO_NODE => self.reference(GO, target),
            _ if !with_visit => self.reference(MOVE_TO, target),
            _ if node == from => self.word(AGAIN),
            _ if node == parent => self.word(BACK),
            _ => self.reference(GO, target),
        }
    }

    fn reference(&mut self, word: &str, target: Target) {
        self.settle(NO_NODE);
        self.word(word);
        self.name(target);
    }

    fn name(&mut self, target: Target) {
        let number = match target {
            Target::Node(id) => self.number(id),
            Target::Number(number) => number,
        };
        self.word("#");
        write_number_tokens(number, self.out);
    }

    /// The label that an event claims, if it is not the label of its node.
    fn other_label<'c>(&self, id: NodeId, claim: Option<&'c Claim>) -> Option<&'c [u32]> {
        let label = claim?.label.as_deref()?;
        // A node with a move but no parent has the label of a root and no name. So a label that an event claims is never its own.
        let has_label =
            |node: &Node| (node.parent != NO_NODE || node.action.is_none()) && self.trace.label(id) == label;
        (!self.trace.node(id).is_some_and(has_label)).then_some(label)
    }

    /// The target of an event: its node, or the node whose label the event claims. A trace that was read from this dialect has labels of one
    /// part: the number.
    fn resolve(&self, id: NodeId, claim: Option<&Claim>) -> Target {
        let Some(label) = self.other_label(id, claim) else { return Target::Node(id) };
        let named = |id: &NodeId| {
            let known = self.numbers[*id as usize];
            known.iteration == self.iteration && known.named
        };
        let mut ids = (0..self.trace.nodes.len() as NodeId).filter(named);
        if let [number] = label {
            let number = u64::from(*number);
            let node = ids.find(|&id| self.numbers[id as usize].number == number);
            return node.map_or(Target::Number(number), Target::Node);
        }
        let has_label = |id: &NodeId| {
            label.last() == Some(&self.trace.nodes[*id as usize].ordinal) && self.trace.label(*id) == label
        };
        Target::Node(ids.find(has_label).unwrap_or(NO_NODE))
    }

    /// Whether the node is the root or was opened in this iteration.
    fn is_named(&self, id: NodeId) -> bool {
        match self.numbers.get(id as usize) {
            Some(known) if known.iteration == self.iteration => known.named,
            _ => !self.has_root && self.is_root(id),
        }
    }

    /// A number that no opened node has.
    fn unknown(&mut self) -> u64 {
        self.unopened += 1;
        self.greatest + self.unopened
    }

    fn number(&mut self, id: NodeId) -> u64 {
        match self.numbers.get(id as usize) {
            None => return self.unknown(),
            Some(known) if known.iteration == self.iteration => return known.number,
            Some(_) => {}
        }
        let named = self.is_named(id);
        let number = if named { 0 } else { self.unknown() };
        self.has_root |= named;
        self.numbers[id as usize] = Number { iteration: self.iteration, number, named, parent: NO_NODE };
        number
    }

    fn bound(&mut self, index: NodeId) {
        self.settle(NO_NODE);
        let Some(&bound) = self.trace.bounds.get(index as usize) else { return };
        self.word(BOUND);
        self.out.push(b' ');
        write_estimate(self.puzzle, bound, Style::Compact, self.out);
        self.iteration += 1;
        self.openings = 0;
        self.has_root = false;
        self.current = NO_NODE;
    }
}
