//! Reads a text. serde_json leaves the pieces of JSON where they stand in the text, so each piece has a place.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use sos_envs::{Cost, Reader, Style};

use super::KINDS;
use crate::arena::Puzzle;
use crate::dialect::estimate::read_estimate;
use crate::dialect::{EventSpans, Field, FormatError, Names, Parsed, Span};
use crate::trace::{Answer, Claim, Event, EventKind, MoveId, NO_CLAIM, NO_NODE, Node, NodeId, StateId};

/// A piece of JSON that is not read yet. A null is a piece, too.
type Raw<'a> = &'a RawValue;

/// Reads the puzzle of a prompt, as JSON.
pub fn prompt(text: &str) -> Result<Value, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Prompt {
        puzzle: Value,
    }
    serde_json::from_str::<Prompt>(text).map(|prompt| prompt.puzzle).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TraceJson<'a> {
    #[serde(borrow, default)]
    nodes: Vec<Raw<'a>>,
    #[serde(borrow, default)]
    events: Vec<Raw<'a>>,
    #[serde(borrow, default)]
    claims: Vec<Raw<'a>>,
    #[serde(borrow, default)]
    bounds: Vec<Raw<'a>>,
    #[serde(borrow, default)]
    meetings: Vec<Raw<'a>>,
    #[serde(borrow)]
    answer: Option<Raw<'a>>,
    /// A prompt on the same line.
    #[serde(borrow, rename = "puzzle")]
    _puzzle: Option<Raw<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeJson<'a> {
    parent: Option<NodeId>,
    #[serde(default)]
    ordinal: u32,
    #[serde(borrow, rename = "move")]
    action: Option<Raw<'a>>,
    #[serde(borrow)]
    state: Raw<'a>,
    #[serde(borrow)]
    g: Option<Raw<'a>>,
    #[serde(borrow)]
    h: Option<Raw<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimJson<'a> {
    #[serde(borrow)]
    state: Option<Raw<'a>>,
    #[serde(borrow, rename = "move")]
    action: Option<Raw<'a>>,
    #[serde(borrow)]
    path: Option<Raw<'a>>,
    #[serde(borrow)]
    label: Option<Raw<'a>>,
    #[serde(borrow)]
    g: Option<Raw<'a>>,
    #[serde(borrow)]
    h: Option<Raw<'a>>,
    #[serde(default)]
    repeated_label: bool,
    #[serde(default)]
    wrong_target: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerJson<'a> {
    #[serde(borrow)]
    moves: Option<Vec<Raw<'a>>>,
    #[serde(default)]
    optimal: bool,
}

/// A string. It is borrowed where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Kind, node and claim.
#[derive(Deserialize)]
struct EventJson<'a>(#[serde(borrow)] Cow<'a, str>, #[serde(borrow)] Option<Raw<'a>>, #[serde(default)] Option<u32>);

/// The spans of the fields of a node or a claim.
type Places = Vec<(Field, Span)>;

/// An error: its place, and what was expected there.
struct Refused(Span, &'static str);

struct Parser<'a> {
    puzzle: &'a Puzzle,
    text: &'a [u8],
    parsed: Parsed,
    nodes: Vec<Places>,
    claims: Vec<Places>,
    /// Opened nodes by parent and ordinal.
    opened: FxHashMap<(NodeId, u32), NodeId>,
}

/// Reads prompt and trace, up to the first error.
pub fn parse(puzzle: &Puzzle, text: &[u8]) -> Parsed {
    let (nodes, claims, opened) = (Vec::new(), Vec::new(), FxHashMap::default());
    let parsed = Parsed { names: Names::Indices, ..Parsed::default() };
    let mut parser = Parser { puzzle, text, parsed, nodes, claims, opened };
    let mut prompt = Vec::new();
    super::write::prompt(puzzle, &mut prompt);
    let rest = text.strip_prefix(prompt.as_slice()).unwrap_or(text);
    if !rest.trim_ascii().is_empty() {
        parser.object(rest);
    }
    parser.parsed
}

impl<'a> Parser<'a> {
    fn object(&mut self, text: &'a [u8]) {
        let whole = Span(self.text.len() - text.len(), self.text.len());
        let refused = match serde_json::from_slice::<TraceJson>(text) {
            Ok(json) => self.trace(&json).err().map(|refused| (refused, false)),
            Err(error) => Some((Refused(whole, "one JSON object of the events dialect"), error.is_eof())),
        };
        if let Some((Refused(span, expected), truncated)) = refused {
            let step = self.parsed.trace.events.len();
            self.parsed.errors.push(FormatError { truncated, step, span, expected });
        }
    }

    fn trace(&mut self, json: &TraceJson<'a>) -> Result<(), Refused> {
        for &raw in &json.nodes {
            self.node(raw)?;
        }
        for &raw in &json.claims {
            self.claim(raw)?;
        }
        for &raw in &json.bounds {
            let bound = self.estimate(raw)?;
            self.parsed.trace.bounds.push(bound);
        }
        for &raw in &json.meetings {
            self.meeting(raw)?;
        }
        for &raw in &json.events {
            self.event(raw)?;
        }
        json.answer.map_or(Ok(()), |raw| self.answer(raw))
    }

    /// The span of a piece.
    fn span(&self, raw: Raw<'a>) -> Span {
        let piece = raw.get();
        let start = (piece.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        Span(start, (start + piece.len()).min(self.text.len()))
    }

    fn refuse(&self, raw: Raw<'a>, expected: &'static str) -> Refused {
        Refused(self.span(raw), expected)
    }

    fn json<T: Deserialize<'a>>(&self, raw: Raw<'a>, expected: &'static str) -> Result<T, Refused> {
        serde_json::from_str(raw.get()).map_err(|_| self.refuse(raw, expected))
    }

    /// Reads a string that consists of one atom.
    fn atom<T>(
        &self,
        raw: Raw<'a>,
        expected: &'static str,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Result<T, Refused> {
        let text: Text = self.json(raw, expected)?;
        let mut reader = Reader::new(text.0.as_bytes());
        read(&mut reader).filter(|_| reader.is_at_end()).ok_or_else(|| self.refuse(raw, expected))
    }

    fn state(&self, raw: Raw<'a>) -> Result<StateId, Refused> {
        self.atom(raw, "a state", |reader| self.puzzle.read_state(Style::Frame, reader))
    }

    fn action(&self, raw: Raw<'a>) -> Result<MoveId, Refused> {
        self.atom(raw, "a move", |reader| self.puzzle.read_move(Style::Frame, reader))
    }

    fn estimate(&self, raw: Raw<'a>) -> Result<Cost, Refused> {
        self.atom(raw, "an estimate", |reader| read_estimate(self.puzzle, Style::Frame, reader))
    }

    fn moves(&self, list: &[Raw<'a>]) -> Result<Vec<MoveId>, Refused> {
        list.iter().map(|&raw| self.action(raw)).collect()
    }

    fn node(&mut self, raw: Raw<'a>) -> Result<(), Refused> {
        let json: NodeJson = self.json(raw, "a node: {\"parent\":0,\"ordinal\":0,\"move\":…,\"state\":…}")?;
        let parent = match json.parent.map(|parent| (parent, self.parsed.trace.node(parent))) {
            None => None,
            Some((parent, Some(node))) => Some((parent, node.depth)),
            Some((_, None)) => return Err(self.refuse(raw, "a parent that stands before the node")),
        };
        let action = json.action.map(|raw| self.action(raw)).transpose()?;
        let depth = parent.map_or(0, |(_, depth)| depth) + u32::from(parent.is_some() || action.is_some());
        let node = Node {
            parent: parent.map_or(NO_NODE, |(parent, _)| parent),
            ordinal: json.ordinal,
            depth,
            state: self.state(json.state)?,
            action,
            g: json.g.map(|raw| self.json(raw, "a cost")).transpose()?,
            h: json.h.map(|raw| self.estimate(raw)).transpose()?,
        };
        let fields = [
            (Field::State, Some(json.state)),
            (Field::Action, json.action),
            (Field::Cost, json.g),
            (Field::Estimate, json.h),
        ];
        self.nodes.push(self.places(&fields));
        self.parsed.trace.add(node);
        Ok(())
    }

    fn places(&self, fields: &[(Field, Option<Raw<'a>>)]) -> Places {
        fields.iter().filter_map(|&(field, raw)| Some((field, self.span(raw?)))).collect()
    }

    fn claim(&mut self, raw: Raw<'a>) -> Result<(), Refused> {
        let json: ClaimJson = self.json(raw, "a claim")?;
        let path = match json.path {
            None => None,
            Some(raw) => Some(self.moves(&self.json::<Vec<Raw>>(raw, "a list of moves")?)?),
        };
        let g = json.g.map(|raw| self.json(raw, "a cost")).transpose()?;
        let h = json.h.map(|raw| self.estimate(raw)).transpose()?;
        self.parsed.trace.claims.push(Claim {
            state: json.state.map(|raw| self.state(raw)).transpose()?,
            action: json.action.map(|raw| self.action(raw)).transpose()?,
            path,
            label: json.label.map(|raw| self.json(raw, "a list of numbers")).transpose()?,
            costs: g.zip(h),
            repeated_label: json.repeated_label,
            wrong_target: json.wrong_target,
        });
        let fields = [
            (Field::State, json.state),
            (Field::Action, json.action),
            (Field::Path, json.path),
            (Field::Label, json.label),
            (Field::Cost, json.g),
            (Field::Estimate, json.h),
        ];
        self.claims.push(self.places(&fields));
        Ok(())
    }

    fn meeting(&mut self, raw: Raw<'a>) -> Result<(), Refused> {
        let json: (Option<NodeId>, Option<NodeId>) = self.json(raw, "a meeting: [node, node]")?;
        let known = |id: Option<NodeId>| id.is_none_or(|id| self.parsed.trace.node(id).is_some());
        if !known(json.0) || !known(json.1) {
            return Err(self.refuse(raw, "indices of nodes"));
        }
        self.parsed.trace.meetings.push((json.0.unwrap_or(NO_NODE), json.1.unwrap_or(NO_NODE)));
        Ok(())
    }

    fn event(&mut self, raw: Raw<'a>) -> Result<(), Refused> {
        let json: EventJson = self.json(raw, "an event: [kind, node], or [kind, node, claim]")?;
        let kind = KINDS.iter().find(|(_, name)| *name == json.0).map(|(kind, _)| *kind);
        let kind = kind.ok_or_else(|| self.refuse(raw, "a kind of event"))?;
        let trace = &self.parsed.trace;
        let known = trace.known(kind);
        let node = match json.1 {
            None => NO_NODE,
            Some(raw) => {
                let id: NodeId = self.json(raw, "the index of a node")?;
                Some(id).filter(|&id| (id as usize) < known).ok_or_else(|| self.refuse(raw, "an index in the list"))?
            }
        };
        let claim = json.2.unwrap_or(NO_CLAIM);
        if claim != NO_CLAIM && claim as usize >= trace.claims.len() {
            return Err(self.refuse(raw, "the index of a claim"));
        }
        let mut spans = EventSpans::new(self.span(raw));
        if let Some(raw) = json.1 {
            spans.set(Field::Label, self.span(raw));
        }
        let of_node = self.nodes.get(node as usize).filter(|_| !matches!(kind, EventKind::Bound | EventKind::Meet));
        for &(field, span) in of_node.into_iter().chain(self.claims.get(claim as usize)).flatten() {
            spans.set(field, span);
        }
        self.parsed.trace.events.push(Event { kind, node, claim });
        self.parsed.spans.push(spans);
        if kind == EventKind::Open {
            self.open(node);
        }
        Ok(())
    }

    /// Notes an opening. A node that is opened under the label of another one has a repeated label.
    fn open(&mut self, id: NodeId) {
        let trace = &mut self.parsed.trace;
        let Some(node) = trace.node(id) else { return };
        let Some(&event) = trace.events.last() else { return };
        let claimed = trace.claim(event).is_some_and(|claim| claim.label.is_some());
        if claimed || node.parent == NO_NODE || *self.opened.entry((node.parent, node.ordinal)).or_insert(id) == id {
            return;
        }
        match trace.claims.get_mut(event.claim as usize) {
            Some(claim) => claim.repeated_label = true,
            None => {
                let claim = Claim { repeated_label: true, ..Claim::default() };
                trace.set_claim(trace.events.len() - 1, claim);
                self.claims.push(Places::new());
            }
        }
    }

    fn answer(&mut self, raw: Raw<'a>) -> Result<(), Refused> {
        self.parsed.unread_answer = true;
        let json: AnswerJson = self.json(raw, "an answer: {\"moves\":[…],\"optimal\":false}")?;
        let moves = json.moves.map(|list| self.moves(&list)).transpose()?;
        let span = self.span(raw);
        self.parsed.push_answer(Answer { moves, optimal: json.optimal }, span, false);
        Ok(())
    }
}
