//! A trace as JSON: its nodes and events as columns, and the states and moves that they refer to as texts.

use std::collections::HashMap;
use std::hash::Hash;

use serde_json::{Map, Value, json};
use sos_envs::Style;

use super::{Places, text_of};
use crate::arena::Puzzle;
use crate::dialect::{Names, Parsed};
use crate::request::Looked;
use crate::trace::{Claim, Event, EventKind, MoveId, NO_NODE, Node, NodeId, StateId, Trace};

/// The names of the kinds of events, in their order.
const KINDS: [&str; 14] = [
    "visit",
    "generate",
    "open",
    "goal",
    "dead-end",
    "seen",
    "cut",
    "prune",
    "move-to",
    "bound",
    "root",
    "meet",
    "give-up",
    "unsolvable",
];

/// Distinct ids, with their texts in the order in which they were met first.
struct Texts<'a, Id> {
    write: &'a dyn Fn(Id, &mut Vec<u8>),
    texts: Vec<Value>,
    places: HashMap<Id, usize>,
}

impl<'a, Id: Copy + Eq + Hash> Texts<'a, Id> {
    fn new(write: &'a dyn Fn(Id, &mut Vec<u8>)) -> Self {
        Texts { write, texts: Vec::new(), places: HashMap::new() }
    }

    fn place(&mut self, id: Id) -> usize {
        let Texts { write, texts, places } = self;
        *places.entry(id).or_insert_with(|| {
            texts.push(text_of(&|out| write(id, out)).into());
            texts.len() - 1
        })
    }

    fn optional(&mut self, id: Option<Id>) -> Value {
        id.map_or(json!(-1), |id| self.place(id).into())
    }

    fn list(&mut self, ids: &[Id]) -> Value {
        ids.iter().map(|id| self.place(*id)).collect::<Vec<_>>().into()
    }
}

/// The ids that a trace refers to.
struct Ids<'a> {
    states: Texts<'a, StateId>,
    moves: Texts<'a, MoveId>,
    /// In how many parts a unit of cost is estimated.
    scale: u64,
}

/// What was read in a text: `trace`, `answer`, `solution` and `solution_states`. All are null where the text tells nothing of a search and has no answer.
pub(super) fn told(looked: &Looked, places: Places) -> Value {
    let Looked { puzzle, parsed, .. } = looked;
    let trace = &parsed.trace;
    if !trace.tells() && trace.answer.is_none() && !parsed.unread_answer {
        return Value::Object(Map::new());
    }
    let (state, action) = (
        |id: StateId, out: &mut Vec<u8>| puzzle.write_state(id, Style::Compact, out),
        |id: MoveId, out: &mut Vec<u8>| puzzle.write_move(id, Style::Compact, out),
    );
    let mut ids =
        Ids { states: Texts::new(&state), moves: Texts::new(&action), scale: puzzle.about().estimate_scale.max(1) };
    let nodes = nodes(trace, &parsed.names, &mut ids);
    let claims = claims(trace, &mut ids);
    let solution = solution(puzzle, trace);
    let steps = solution.as_ref().map(|moves| states(puzzle, moves));
    let solution = solution.map(|moves| ids.moves.list(&moves));
    let steps = steps.map(|states| ids.states.list(&states));
    let bounds: Vec<Value> = trace.bounds.iter().map(|&bound| ids.estimate(bound)).collect();
    let meetings: Vec<[i64; 2]> = trace.meetings.iter().map(|&(one, other)| [id(one), id(other)]).collect();
    let answer = parsed.answer_span;
    json!({
        "answer": (answer.1 > 0).then(|| [places.at(answer.0), places.at(answer.1)]),
        "trace": {
            "states": ids.states.texts, "moves": ids.moves.texts, "nodes": nodes,
            "names": names(&parsed.names), "bounds": bounds, "meetings": meetings,
            "events": events(parsed, places), "kinds": KINDS, "claims": claims,
        },
        "solution": solution, "solution_states": steps,
    })
}

/// The number of a node; -1 for none.
fn id(node: NodeId) -> i64 {
    if node == NO_NODE { -1 } else { i64::from(node) }
}

/// How a text names nodes.
fn names(names: &Names) -> &'static str {
    match names {
        Names::Labels => "labels",
        Names::Numbers(_) => "numbers",
        Names::Indices => "indices",
        Names::Moves => "moves",
        Names::States => "states",
    }
}

impl Ids<'_> {
    /// An estimate in units of cost.
    fn estimate(&self, estimate: u64) -> Value {
        if estimate.is_multiple_of(self.scale) {
            return (estimate / self.scale).into();
        }
        json!(estimate as f64 / self.scale as f64)
    }
}

fn nodes(trace: &Trace, names: &Names, ids: &mut Ids<'_>) -> Value {
    let column = |of: &dyn Fn(&Node) -> Value| trace.nodes.iter().map(of).collect::<Vec<Value>>();
    let states: Vec<Value> = trace.nodes.iter().map(|node| ids.states.place(node.state).into()).collect();
    let moves: Vec<Value> = trace.nodes.iter().map(|node| ids.moves.optional(node.action)).collect();
    let mut nodes = json!({
        "parent": column(&|node| id(node.parent).into()),
        "depth": column(&|node| node.depth.into()),
        "state": states, "move": moves,
        "ordinal": column(&|node| node.ordinal.into()),
        "g": column(&|node| node.g.into()),
        "h": column(&|node| node.h.map_or(Value::Null, |h| ids.estimate(h))),
    });
    if let Names::Numbers(numbers) = names {
        nodes["number"] = json!(numbers);
    }
    nodes
}

fn events(parsed: &Parsed, places: Places) -> Value {
    let column = |of: &dyn Fn(&Event) -> Value| parsed.trace.events.iter().map(of).collect::<Vec<Value>>();
    let ends = |of: &dyn Fn(usize, usize) -> usize| -> Vec<Value> {
        parsed.spans.iter().map(|span| places.at(of(span.whole.0, span.whole.1)).into()).collect()
    };
    json!({
        "kind": column(&|event| kind(event.kind).into()),
        "node": column(&|event| id(event.node).into()),
        "start": ends(&|start, _| start), "end": ends(&|_, end| end),
    })
}

/// The place of a kind among [`KINDS`].
fn kind(kind: EventKind) -> usize {
    match kind {
        EventKind::Visit => 0,
        EventKind::Generate => 1,
        EventKind::Open => 2,
        EventKind::Goal => 3,
        EventKind::DeadEnd => 4,
        EventKind::Seen => 5,
        EventKind::Cut => 6,
        EventKind::Prune => 7,
        EventKind::MoveTo => 8,
        EventKind::Bound => 9,
        EventKind::Root => 10,
        EventKind::Meet => 11,
        EventKind::GiveUp => 12,
        EventKind::Unsolvable => 13,
    }
}

/// The claims of events that contradict their nodes, by the numbers of the events.
fn claims(trace: &Trace, ids: &mut Ids<'_>) -> Value {
    let mut claims = Map::new();
    for (number, event) in trace.events.iter().enumerate() {
        if let Some(claim) = trace.claim(*event) {
            claims.insert(number.to_string(), claim_json(claim, ids));
        }
    }
    claims.into()
}

fn claim_json(claim: &Claim, ids: &mut Ids<'_>) -> Value {
    let mut told = Map::new();
    let mut tell = |name: &str, value: Option<Value>| told.extend(value.map(|value| (name.to_string(), value)));
    tell("state", claim.state.map(|state| ids.states.place(state).into()));
    tell("move", claim.action.map(|action| ids.moves.place(action).into()));
    tell("path", claim.path.as_ref().map(|path| ids.moves.list(path)));
    let label = |label: &Vec<u32>| label.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
    tell("label", claim.label.as_ref().map(|ordinals| label(ordinals).into()));
    tell("g", claim.costs.map(|(g, _)| g.into()));
    tell("h", claim.costs.map(|(_, h)| ids.estimate(h)));
    tell("repeated_label", claim.repeated_label.then_some(true.into()));
    tell("wrong_target", claim.wrong_target.then_some(true.into()));
    told.into()
}

/// The moves that the answer gives; without an answer those of the first goal that the trace claims.
fn solution(puzzle: &Puzzle, trace: &Trace) -> Option<Vec<MoveId>> {
    match &trace.answer {
        Some(answer) => answer.moves.clone(),
        None => puzzle.solution(trace),
    }
}

/// The states that moves from the start lead through, the start first, up to the first move that is not possible.
fn states(puzzle: &Puzzle, moves: &[MoveId]) -> Vec<StateId> {
    let mut states = vec![puzzle.start()];
    let mut state = puzzle.start();
    for &action in moves {
        if !puzzle.repeats_given(state, action) {
            let Some((_, next, _)) = puzzle.apply(state, action) else { break };
            state = next;
        }
        states.push(state);
    }
    states
}
