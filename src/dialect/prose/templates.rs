//! The sentences: one for each kind of statement and each phrasing. No sentence begins with the first words of another one, so the
//! beginning of a line determines its sentence.

use std::sync::LazyLock;

use crate::trace::EventKind;

/// Number of phrasings.
pub const PHRASINGS: usize = 3;

/// What a sentence says. Some events have several sentences, depending on what happened before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// The prompt: start and goal.
    Task,
    /// An event.
    Event(EventKind),
    /// The opening of a node that was not generated just before.
    OpenAlone,
    /// A move to a child of the current node.
    GoOn,
    /// A move to an ancestor of the current node.
    GoBack,
    /// A move to the current node itself.
    Stay,
    /// A move to any other node.
    Jump,
}

use EventKind::{Bound, Cut, DeadEnd, Generate, GiveUp, Goal, Meet, Open, Prune, Root, Seen, Unsolvable, Visit};

/// The sentences. The slots are `{state}`, `{move}`, `{node}`, `{other}`, `{target}`, `{value}`, `{costs}` and `{bound}`. No state is followed
/// by a word with which a list could continue.
pub const TABLE: [(Saying, [&str; PHRASINGS]); 19] = [
    (Saying::Task, ["The task is to get from {state} to {target}."; 3]),
    (
        Saying::Event(Visit),
        [
            "Here I have {state}, and I want to reach {target}.",
            "Now we are looking at {state}; the goal is {target}.",
            "Right now: {state}. Goal: {target}.",
        ],
    ),
    (
        Saying::Event(Generate),
        [
            "I try {move}, which takes me to {state}{costs}.",
            "What about {move}? That would take us to {state}{costs}.",
            "One option is {move}, leading to {state}{costs}.",
        ],
    ),
    (
        Saying::Event(Open),
        [
            "I call this node {node}.",
            "Let us remember it as node {node}.",
            "It is worth exploring, so it becomes node {node}.",
        ],
    ),
    (
        Saying::OpenAlone,
        [
            "I also note node {node}: it is {state}{costs}, by {move}.",
            "There is also node {node}: it is {state}{costs}, by {move}.",
            "Another option is node {node}: it is {state}{costs}, by {move}.",
        ],
    ),
    (
        Saying::Event(Goal),
        [
            "I have reached {value}, and the goal is {target}, so I am done.",
            "We have reached {value}, just what we wanted: {target}!",
            "Success: {value} meets the goal of {target}.",
        ],
    ),
    (
        Saying::Event(DeadEnd),
        [
            "But {value} is not {target}, so this is a dead end.",
            "Sadly, {value} is not {target}; nothing more can be done here.",
            "That fails: {value} is not {target}, with no way to go on.",
        ],
    ),
    (
        Saying::Event(Seen),
        [
            "I have been at {value} before, so I skip it.",
            "We have already seen {value}; no need to look again.",
            "That is nothing new: {value} came up before.",
        ],
    ),
    (
        Saying::Event(Cut),
        [
            "The bound rules out {value} for now, so I leave it.",
            "That is further than the bound allows: {value}.",
            "Too far for this bound: {value}.",
        ],
    ),
    (
        Saying::Event(Prune),
        [
            "I drop node {node}, since others look better.",
            "Let us forget node {node}; we have better ones.",
            "Node {node} does not look good enough to keep.",
        ],
    ),
    (Saying::GoOn, ["I go on to node {node}.", "Let us go on from node {node}.", "Going deeper, to node {node}."]),
    (Saying::GoBack, ["I go back to node {node}.", "Let us go back to node {node}.", "Backing up to node {node}."]),
    (
        Saying::Stay,
        ["I look again at node {node}.", "Let us try something else at node {node}.", "Still at node {node}."],
    ),
    (Saying::Jump, ["Next I turn to node {node}.", "Let us turn to node {node}.", "Moving over to node {node}."]),
    (
        Saying::Event(Bound),
        [
            "I search up to a bound of {bound}.",
            "Let us search again from the start, up to a bound of {bound}.",
            "Starting a search with a bound of {bound}.",
        ],
    ),
    (
        Saying::Event(Root),
        [
            "I also start from the goal, at node {node}: it is {state}.",
            "We can work back from the goal too, from node {node}: it is {state}.",
            "A second search starts at the goal, as node {node}: it is {state}.",
        ],
    ),
    (
        Saying::Event(Meet),
        [
            "Both searches meet: node {node} is the same as node {other}.",
            "The two ends meet, since node {node} is also node {other}.",
            "That joins the searches: node {node} equals node {other}.",
        ],
    ),
    (
        Saying::Event(GiveUp),
        [
            "I stop here without having found a solution.",
            "Let us leave it at that, without a solution.",
            "Stopping here: no solution was found.",
        ],
    ),
    (
        Saying::Event(Unsolvable),
        [
            "I have tried everything, so there is no solution.",
            "Nothing is left to try, which means that there is no solution.",
            "Every option has been explored: no solution exists.",
        ],
    ),
];

/// A part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Fixed words.
    Words(&'static str),
    /// A state.
    State,
    /// A move.
    Move,
    /// The label of a node.
    Node,
    /// The label of a second node.
    Other,
    /// The goal.
    Target,
    /// A state in its short form.
    Value,
    /// Costs; empty where the node has none.
    Costs,
    /// A bound.
    Bound,
}

/// A sentence, split into parts.
pub struct Sentence {
    /// What it says.
    pub saying: Saying,
    /// Its parts. The first part is fixed words.
    pub parts: Vec<Part>,
}

/// All sentences, in the order of the table.
pub static SENTENCES: LazyLock<Vec<Sentence>> = LazyLock::new(|| {
    let each = TABLE.iter().flat_map(|(saying, phrasings)| phrasings.iter().map(move |text| (*saying, *text)));
    each.map(|(saying, text)| Sentence { saying, parts: split(text) }).collect()
});

fn split(mut text: &'static str) -> Vec<Part> {
    const SLOTS: [(&str, Part); 8] = [
        ("{state}", Part::State),
        ("{move}", Part::Move),
        ("{node}", Part::Node),
        ("{other}", Part::Other),
        ("{target}", Part::Target),
        ("{value}", Part::Value),
        ("{costs}", Part::Costs),
        ("{bound}", Part::Bound),
    ];
    let mut parts = Vec::new();
    while !text.is_empty() {
        if let Some((slot, part)) = SLOTS.iter().find(|(slot, _)| text.starts_with(slot)) {
            parts.push(*part);
            text = &text[slot.len()..];
            continue;
        }
        // The search starts behind the first character. So a brace that opens no slot is part of the words.
        let len = text.get(1..).and_then(|rest| rest.find('{')).map_or(text.len(), |len| len + 1);
        parts.push(Part::Words(&text[..len]));
        text = &text[len..];
    }
    parts
}

/// The sentence for a statement in a phrasing.
pub fn sentence(saying: Saying, phrasing: usize) -> Option<&'static Sentence> {
    let row = TABLE.iter().position(|(known, _)| *known == saying)?;
    SENTENCES.get(row * PHRASINGS + phrasing % PHRASINGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_tell_sentences_apart() {
        let first = |sentence: &Sentence| match sentence.parts[..] {
            [Part::Words(words), ..] => words,
            _ => panic!("a sentence must begin with words"),
        };
        for (i, a) in SENTENCES.iter().enumerate() {
            for b in SENTENCES.iter().skip(i + 1).filter(|b| b.parts != a.parts) {
                let (a, b) = (first(a), first(b));
                assert!(!a.starts_with(b) && !b.starts_with(a), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn no_list_goes_on_behind_a_state() {
        for sentence in SENTENCES.iter() {
            for pair in sentence.parts.windows(2) {
                if let [Part::State | Part::Value | Part::Costs, Part::Words(words)] = pair {
                    assert!(!words.starts_with(" and"), "{words}");
                }
            }
        }
    }
}
