//! A trace while defects are planted in it: edits that keep the labels right, and the proof that a check finds what was planted.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use sos_envs::{Draw, Style};

use super::Input;
use crate::arena::Scratch;
use crate::check::{ErrorClass, Request, TraceError, Verdict, check};
use crate::dialect::{Coverage, EventSpans, Field, Parsed, Span};
use crate::search::Slip;
use crate::search::limits::MOST_BYTES;
use crate::trace::{Event, EventKind, MoveId, NO_CLAIM, NO_NODE, NodeId, StateId, Trace};

/// A rerun with slips is given up when it has this many times the nodes of the clean trace.
const MOST_GROWTH: u64 = 8;

/// A rerun with slips may have at least this many nodes.
const LEAST_NODES: u64 = 1024;

/// The place of a defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// An event, or one field of it.
    Event(Option<Field>),
    /// In the answer section.
    Answer,
    /// Where the check reported it. For a trace in wrong order, only a check can tell the place.
    Found(Option<Span>),
}

/// The label of a planted defect.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub kind: &'static str,
    pub class: ErrorClass,
    pub step: usize,
    pub place: Place,
    pub found: String,
    pub expected: String,
}

/// What a kind of corruption reports about what it planted.
pub(super) enum Planted {
    /// These defects.
    Known(Vec<Label>),
    /// A defect at this step or behind it. Its label is the first new error there.
    From(usize),
}

/// One defect in an event. The caller adds the name of the kind.
pub(super) fn known(
    class: ErrorClass,
    step: usize,
    field: impl Into<Option<Field>>,
    found: String,
    expected: String,
) -> Option<Planted> {
    Some(Planted::Known(vec![Label { kind: "", class, step, place: Place::Event(field.into()), found, expected }]))
}

/// A trace in which defects are planted.
pub(super) struct Draft<'a> {
    pub input: &'a Input<'a>,
    /// The trace, as its text is read back.
    pub trace: Trace,
    /// The defects planted so far.
    pub labels: Vec<Label>,
    /// The slips of all reruns. They refer to the search's own nodes.
    pub slips: Vec<Slip>,
    /// For each node of the trace, the search's own node. Only where the text leaves nodes out; else it is none, and the ids are equal.
    origins: Option<Vec<NodeId>>,
    /// The node of the last slip. Only later nodes can have another slip.
    pub slipped_at: Option<NodeId>,
    /// The text, read back, and its verdict, as of the last [`Draft::settle`].
    pub text: Vec<u8>,
    pub parsed: Parsed,
    pub verdict: Option<Verdict>,
    /// The prompt's last line and the separator, if the dialect's texts begin with that line; else empty. A text that lost it gets it back.
    opening: Rc<[u8]>,
    scratch: &'a RefCell<Scratch>,
}

impl Clone for Draft<'_> {
    fn clone(&self) -> Self {
        Draft {
            input: self.input,
            trace: self.trace.clone(),
            labels: self.labels.clone(),
            slips: self.slips.clone(),
            origins: self.origins.clone(),
            slipped_at: self.slipped_at,
            text: Vec::new(),
            parsed: Parsed { spans: self.parsed.spans.clone(), ..Parsed::default() },
            verdict: None,
            opening: self.opening.clone(),
            scratch: self.scratch,
        }
    }
}

impl<'a> Draft<'a> {
    /// A draft of the clean trace. The trace is written and read back, so that only what the text shows can be broken. None where the dialect
    /// does not read its own text back.
    pub fn new(input: &'a Input<'a>, scratch: &'a RefCell<Scratch>) -> Option<Self> {
        let mut draft = Draft {
            input,
            trace: Trace::default(),
            labels: Vec::new(),
            slips: Vec::new(),
            origins: None,
            slipped_at: None,
            text: Vec::new(),
            parsed: Parsed::default(),
            verdict: None,
            opening: opening(input).into(),
            scratch,
        };
        draft.take_over(input.trace)?;
        Some(draft)
    }

    /// Writes a trace, reads it back, and continues with the result.
    fn take_over(&mut self, trace: &Trace) -> Option<()> {
        let Input { puzzle, dialect, phrasing, .. } = *self.input;
        self.text.clear();
        (dialect.write)(puzzle, trace, phrasing, &mut self.text);
        self.parsed = (dialect.parse)(puzzle, &self.text);
        if !self.parsed.errors.is_empty() {
            return None;
        }
        self.trace = self.parsed.trace.clone();
        self.origins = self.names_states().then(|| told_nodes(trace));
        let mut again = Vec::with_capacity(self.text.len());
        (dialect.write)(puzzle, &self.trace, phrasing, &mut again);
        (again == self.text).then_some(())
    }

    /// Runs the search again with one more slip. The labels stay, since everything before the slip is the same.
    pub fn rerun(&mut self, mut slip: Slip) -> Option<()> {
        let (Slip::Node { node, .. } | Slip::MissedGoal(node) | Slip::DeadEnd(node)) = &mut slip;
        self.slipped_at = Some(*node);
        if let Some(origins) = &self.origins {
            *node = *origins.get(*node as usize)?;
        }
        self.slips.push(slip);
        let most = (self.input.trace.nodes.len() as u64).saturating_mul(MOST_GROWTH).max(LEAST_NODES);
        let mut draw = self.input.search_draw.clone();
        let mut trace = Trace::default();
        let scratch = &mut self.scratch.borrow_mut();
        self.input.search.rerun(self.input.puzzle, &mut draw, &self.slips, most, &mut trace, scratch)?;
        // A slip can make the search's text longer than any text may be.
        let Input { dialect, puzzle, phrasing, .. } = *self.input;
        if dialect.events_that_fit(puzzle, &mut trace, phrasing, MOST_BYTES, &mut Vec::new()).is_some() {
            return None;
        }
        trace.answer = self.input.trace.answer.clone();
        self.take_over(&trace)
    }

    // --- looking

    /// Whether the text names nodes by their states and shows no moves. A wrong state is then a wrong reference and a wrong move as well.
    pub fn names_states(&self) -> bool {
        self.input.dialect.told == Coverage::Opened
    }

    /// The range of events that the text tells as one. Where nodes are named by their states, these are a generation with its opening, and a
    /// move with its visit. Elsewhere each event stands alone.
    pub fn unit(&self, step: usize) -> Range<usize> {
        use EventKind::{Generate, MoveTo, Open, Visit};
        let kind = |step: usize| self.trace.events.get(step).map(|event| event.kind);
        let pair = |first: usize| {
            matches!((kind(first), kind(first + 1)), (Some(Generate), Some(Open)) | (Some(MoveTo), Some(Visit)))
        };
        if !self.names_states() {
            step..step + 1
        } else if pair(step) {
            step..step + 2
        } else if step.checked_sub(1).is_some_and(pair) {
            step - 1..step + 1
        } else {
            step..step + 1
        }
    }

    /// The range of events that belong to a move, together with its visit where the dialect has no line for visits.
    pub fn told_together(&self, step: usize) -> Range<usize> {
        let unit = self.unit(step);
        let event = self.trace.events.get(step).copied();
        let next = self.trace.events.get(step + 1).filter(|next| next.kind == EventKind::Visit);
        let with_visit = event.zip(next).is_some_and(|(event, next)| event.node == next.node);
        match with_visit && !self.input.dialect.shows.state_on_visit {
            true => unit.start..unit.end.max(step + 2),
            false => unit,
        }
    }

    /// Whether the text joins a move with the opening of its node. Alone, the move would have words that no clean trace has.
    pub fn goes_at_once(&self, step: usize) -> bool {
        let opened = step.checked_sub(1).and_then(|before| self.trace.events.get(before));
        let opens = opened.is_some_and(|event| {
            event.kind == EventKind::Open && self.trace.events.get(step).is_some_and(|next| next.node == event.node)
        });
        opens && !self.names_states() && !self.input.dialect.shows.state_on_visit
    }

    /// The steps that `wanted` accepts and in which nothing is planted. A first visit is left out, since it comes from the prompt.
    pub fn steps(&self, wanted: impl Fn(Event) -> bool) -> Vec<usize> {
        let is_prompt = |step: usize, event: Event| step == 0 && event.kind == EventKind::Visit;
        let mut taken = vec![false; self.trace.events.len()];
        for label in &self.labels {
            if let Some(taken) = taken.get_mut(label.step) {
                *taken = true;
            }
        }
        let free = |step: usize| !self.unit(step).any(|step| taken[step]);
        let all = self.trace.events.iter().enumerate();
        all.filter(|&(step, &event)| !is_prompt(step, event) && wanted(event) && free(step))
            .map(|(step, _)| step)
            .collect()
    }

    /// Whether a field of an event has its own place in the text.
    pub fn shows(&self, step: usize, field: Field) -> bool {
        self.parsed.spans.get(step).is_some_and(|spans| spans.field(field) != spans.whole)
    }

    /// Whether the text writes the state of an event. Where it leaves the state to the move, a state that stands there even so would reveal
    /// that it is wrong.
    pub fn tells_state(&self, step: usize) -> bool {
        let Some(spans) = self.parsed.spans.get(step) else { return false };
        !self.input.dialect.leaves_states_out()
            || (spans.field(Field::State) != spans.field(Field::Action) && self.shows(step, Field::State))
    }

    /// The current node before each event, and after the last one.
    pub fn control(&self) -> Vec<NodeId> {
        let mut control = Vec::with_capacity(self.trace.events.len() + 1);
        let mut current = NO_NODE;
        for event in &self.trace.events {
            control.push(current);
            match event.kind {
                EventKind::Visit | EventKind::MoveTo => current = event.node,
                EventKind::Bound => current = NO_NODE,
                _ => {}
            }
        }
        control.push(current);
        control
    }

    /// Whether `ancestor` is `node` or an ancestor of it.
    pub fn is_ancestor(&self, ancestor: NodeId, mut node: NodeId) -> bool {
        while let Some(here) = self.trace.node(node) {
            if node == ancestor {
                return true;
            }
            node = here.parent;
        }
        false
    }

    /// Whether a node is generated behind the last slip, so that another slip may be there.
    pub fn can_slip(&self, node: NodeId) -> bool {
        self.slipped_at.is_none_or(|last| node > last)
    }

    /// A state as a string.
    pub fn show_state(&self, state: StateId) -> String {
        show(|out| self.input.puzzle.write_state(state, Style::Frame, out))
    }

    /// A move as a string.
    pub fn show_move(&self, action: MoveId) -> String {
        show(|out| self.input.puzzle.write_move(action, Style::Frame, out))
    }

    /// The name of a node in the text, as a string.
    pub fn show_node(&self, node: NodeId) -> String {
        match self.trace.node(node).filter(|_| self.names_states()) {
            Some(node) => self.show_state(node.state),
            None => show_label(&self.trace.label(node)),
        }
    }

    // --- editing

    /// Inserts events. Labels behind them move along.
    pub fn insert(&mut self, at: usize, events: &[(EventKind, NodeId)]) {
        let new = events.iter().map(|&(kind, node)| Event { kind, node, claim: NO_CLAIM });
        self.trace.events.splice(at..at, new);
        let at_most = at.min(self.parsed.spans.len());
        self.parsed.spans.splice(at_most..at_most, events.iter().map(|_| EventSpans::default()));
        for label in self.labels.iter_mut().filter(|label| label.step >= at) {
            label.step += events.len();
        }
    }

    /// Removes events. None, without a change, where something is planted in them.
    pub fn remove(&mut self, range: Range<usize>) -> Option<()> {
        if self.labels.iter().any(|label| range.contains(&label.step)) {
            return None;
        }
        for label in self.labels.iter_mut().filter(|label| label.step >= range.end) {
            label.step -= range.len();
        }
        self.parsed.spans.drain(range.start.min(self.parsed.spans.len())..range.end.min(self.parsed.spans.len()));
        self.trace.events.drain(range);
        Some(())
    }

    // --- proof

    /// Adds the labels of planted defects without a check. False where only a check can give the label, or where the class is not one of `classes`.
    pub fn note(&mut self, planted: Planted, kind: &'static str, classes: &[ErrorClass]) -> bool {
        let Planted::Known(labels) = planted else { return false };
        let promised = promised(&labels, classes);
        self.labels.extend(labels.into_iter().map(|label| Label { kind, ..label }));
        promised
    }

    /// Writes the trace, reads it back and checks it. True where the check finds every planted defect with its class and place, and the first
    /// error is a planted one.
    pub fn settle(&mut self) -> bool {
        let verdict = self.look();
        let holds = self.holds(&verdict);
        self.verdict = Some(verdict);
        holds
    }

    /// Adds one more defect, then does the same as [`Draft::settle`].
    pub fn settle_with(&mut self, planted: Planted, kind: &'static str, classes: &[ErrorClass]) -> bool {
        match planted {
            Planted::Known(_) => self.note(planted, kind, classes) && self.settle(),
            Planted::From(step) => {
                let verdict = self.look();
                let new: Vec<Label> = self.first_new(step, &verdict).into_iter().collect();
                let promised = promised(&new, classes);
                self.labels.extend(new.into_iter().map(|label| Label { kind, ..label }));
                let holds = promised && self.holds(&verdict);
                self.verdict = Some(verdict);
                holds
            }
        }
    }

    /// Writes the trace, reads it back and checks it.
    fn look(&mut self) -> Verdict {
        let Input { puzzle, dialect, phrasing, .. } = *self.input;
        self.text.clear();
        (dialect.write)(puzzle, &self.trace, phrasing, &mut self.text);
        self.read(None)
    }

    /// Reads the text as it stands in a row, behind the prompt, if that was not done, and checks it.
    pub fn read(&mut self, mut parsed: Option<Parsed>) -> Verdict {
        let Input { puzzle, dialect, .. } = *self.input;
        if !self.text.starts_with(&self.opening) {
            self.text.splice(..0, self.opening.iter().copied());
            parsed = None;
        }
        self.parsed = parsed.unwrap_or_else(|| (dialect.parse)(puzzle, &self.text));
        check(puzzle, self.input.facts, &self.parsed, Request::default())
    }

    /// The label of the first error at a step or behind it that is not a planted one.
    fn first_new(&self, step: usize, verdict: &Verdict) -> Option<Label> {
        let is_new =
            |error: &&TraceError| error.step >= step && !self.labels.iter().any(|label| self.fits(label, error));
        verdict.errors.iter().find(is_new).map(|error| of_error("", error))
    }

    fn holds(&self, verdict: &Verdict) -> bool {
        let found = |label: &Label| verdict.errors.iter().any(|error| self.fits(label, error));
        let first = verdict.first_error.as_ref();
        self.labels.iter().all(found)
            && first.is_some_and(|first| self.labels.iter().any(|label| self.fits(label, first)))
    }

    /// Whether an error is the one of a label.
    pub fn fits(&self, label: &Label, error: &TraceError) -> bool {
        // Later edits of other places move the bytes of such an error. Its step and class stay.
        let same_place = matches!(label.place, Place::Found(_)) || self.span(label) == error.span;
        label.class == error.class && label.step == error.step && same_place
    }

    /// The place of a label in the text.
    pub fn span(&self, label: &Label) -> Option<Span> {
        match label.place {
            Place::Event(field) => {
                let spans = self.parsed.spans.get(label.step)?;
                Some(field.map_or(spans.whole, |field| spans.field(field)))
            }
            Place::Answer => Some(self.parsed.answer_span).filter(|span| span.1 > 0),
            Place::Found(span) => {
                let same = |error: &&TraceError| error.class == label.class && error.step == label.step;
                self.verdict.as_ref().and_then(|verdict| verdict.errors.iter().find(same)).and_then(|e| e.span).or(span)
            }
        }
    }
}

/// The nodes that a text shows if it shows only opened children: nodes that are visited, opened or called a goal, in the order in which
/// this first happens.
fn told_nodes(trace: &Trace) -> Vec<NodeId> {
    let mut told = Vec::new();
    let mut known = vec![false; trace.nodes.len()];
    for event in &trace.events {
        let tells = matches!(event.kind, EventKind::Visit | EventKind::Open | EventKind::Goal);
        if let Some(known) = known.get_mut(event.node as usize).filter(|known| tells && !**known) {
            *known = true;
            told.push(event.node);
        }
    }
    told
}

/// The prompt's last line and the separator, if the text of a trace begins with that line; else empty.
fn opening(input: &Input<'_>) -> Vec<u8> {
    let Input { puzzle, dialect, phrasing, .. } = *input;
    let (mut prompt, mut text, mut trace) = (Vec::new(), Vec::new(), Trace::default());
    (dialect.write_prompt)(puzzle, &mut prompt);
    let root = trace.add_root(puzzle.start());
    trace.push(EventKind::Visit, root);
    (dialect.write)(puzzle, &trace, phrasing, &mut text);
    let last_line = prompt.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let mut opening = prompt.split_off(last_line);
    if opening.is_empty() || !text.starts_with(&opening) {
        return Vec::new();
    }
    opening.extend_from_slice(dialect.separator.as_bytes());
    opening
}

fn promised(labels: &[Label], classes: &[ErrorClass]) -> bool {
    !labels.is_empty() && labels.iter().all(|label| classes.is_empty() || classes.contains(&label.class))
}

/// A label for an error that a check found.
pub(super) fn of_error(kind: &'static str, error: &TraceError) -> Label {
    Label {
        kind,
        class: error.class,
        step: error.step,
        place: Place::Found(error.span),
        found: error.found.clone(),
        expected: error.expected.clone(),
    }
}

/// The string that `write` writes.
pub(super) fn show(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// A node's label as a string.
pub(super) fn show_label(label: &[u32]) -> String {
    format!("#{}", label.iter().map(u32::to_string).collect::<Vec<_>>().join(","))
}

/// At most `most` of the things, in random order. To try them in turn until one works is the same as to draw one of those that work.
pub(super) fn sample(mut things: Vec<usize>, most: usize, draw: &mut Draw) -> Vec<usize> {
    let taken = most.min(things.len());
    for place in 0..taken {
        let other = place + draw.index(things.len() - place);
        things.swap(place, other);
    }
    things.truncate(taken);
    things
}
