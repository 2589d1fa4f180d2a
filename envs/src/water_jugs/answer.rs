//! Answers of water jugs: `fill b, pour b into a`, `Pour the 5-litre jug into the 3-litre jug`, `fill(B)`, contents `(0, 0) -> (0, 5) -> (3, 2)`.
//!
//! Contents behind a step are a claim. A number without a unit is the size of a jug or its place, whichever all such numbers of an answer can be.

use std::collections::HashMap;

use super::{Action, Litres, MAX_JUGS, Move, WaterJugs};
use crate::answers::steps::{letters, listed, told, unlabelled};
use crate::answers::{Answers, Kind, Read, Token, Unread};
use crate::environment::{Atoms, Environment};

/// Words that can stand beside steps.
const BESIDE: [&str; 17] = [
    "jug",
    "jugs",
    "bucket",
    "container",
    "water",
    "content",
    "contents",
    "completely",
    "up",
    "until",
    "full",
    "all",
    "now",
    "state",
    "using",
    "there",
    "rest",
];
const UNITS: [&str; 10] = ["litre", "litres", "liter", "liters", "l", "gallon", "gallons", "gal", "ltr", "quart"];

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Fill,
    Empty,
    Pour,
    Into,
    From,
    /// The tap, the drain.
    Outside,
    Jug(u8),
    Number(u64),
    Unit,
    State(Litres),
}

fn word(token: &Token<'_>) -> Option<Part> {
    const WORDS: [(&[&str], Part); 6] = [
        (&["fill", "fills", "refill"], Part::Fill),
        (&["empty", "dump", "drain", "discard"], Part::Empty),
        (&["pour", "pours", "transfer"], Part::Pour),
        (&["into", "to", "in"], Part::Into),
        (&["from"], Part::From),
        (&["out", "sink", "ground", "tap", "away"], Part::Outside),
    ];
    WORDS.iter().find(|(words, _)| token.says_one(words)).map(|(_, part)| *part)
}

impl Answers for WaterJugs {
    fn read_plain_answer(&self, text: &str, tokens: &[Token<'_>]) -> Read<Move> {
        if let Ok(moves) = listed(text, tokens, |style, reader| self.read_move(style, reader)) {
            return Ok(moves);
        }
        let (tokens, states) = self.states(&unlabelled(tokens));
        let jug = letters(&tokens, self.jugs);
        let part = |token: &Token<'_>| match token.kind {
            Kind::Sign('(' | '[') => states.get(&token.at).copied().map(Part::State),
            Kind::Number => token.number().map(Part::Number),
            Kind::Word if jug(token).is_some() => jug(token).map(Part::Jug),
            Kind::Word if self.by_word(token).is_some() => self.by_word(token).map(Part::Jug),
            Kind::Word if token.says_one(&UNITS) => Some(Part::Unit),
            _ => word(token),
        };
        let parts = self.named(told(&tokens, &BESIDE, &['-', '=', '{', '}'], part)?)?;
        self.played(&parts)
    }

    fn write_plain_answer(&self, moves: &[Move], out: &mut Vec<u8>) {
        let name = |jug: u8| char::from(b'a' + jug);
        for (place, Move { action, .. }) in moves.iter().enumerate() {
            out.extend_from_slice(if place > 0 { b"\n" } else { b"" });
            let step = match *action {
                Action::Fill(jug) => format!("fill {}", name(jug)),
                Action::Empty(jug) => format!("empty {}", name(jug)),
                Action::Pour(from, to) => format!("pour {} into {}", name(from), name(to)),
            };
            out.extend_from_slice(step.as_bytes());
        }
    }
}

impl WaterJugs {
    /// The contents in brackets, by the place of the bracket, and the tokens without them. `pour(3, 5)` has none.
    fn states<'a>(&self, tokens: &[Token<'a>]) -> (Vec<Token<'a>>, HashMap<usize, Litres>) {
        let (mut rest, mut states, mut at) = (Vec::new(), HashMap::new(), 0);
        while let Some(token) = tokens.get(at) {
            let called = at > 0 && !token.spaced && tokens[at - 1].kind == Kind::Word;
            let end = tokens[at..].iter().take(4 * MAX_JUGS).position(|token| token.is(')') || token.is(']'));
            let inside = end.and_then(|end| tokens.get(at + 1..at + end)).unwrap_or_default();
            let numbers: Vec<u8> = inside.iter().filter_map(|token| u8::try_from(token.number()?).ok()).collect();
            let plain = inside.iter().all(|token| token.kind == Kind::Number || token.is(','));
            let opens = token.is('(') || token.is('[');
            rest.push(token.clone());
            at += 1;
            if opens && plain && !called && numbers.len() == self.jugs {
                let litres = std::array::from_fn(|jug| numbers.get(jug).copied().unwrap_or(0));
                states.insert(token.at, litres);
                at += inside.len();
            }
        }
        (rest, states)
    }

    /// The jug that `larger` or `smaller` names, where there are two of different sizes.
    fn by_word(&self, token: &Token<'_>) -> Option<u8> {
        let &[first, second] = self.sizes() else { return None };
        let larger = token.says_one(&["larger", "large", "bigger", "big", "largest", "biggest"]);
        let smaller = token.says_one(&["smaller", "small", "smallest"]);
        (first != second && (larger || smaller)).then_some(u8::from((second > first) == larger))
    }

    /// The jugs in place of numbers and units.
    fn named<'a>(&self, parts: Vec<(Part, Token<'a>)>) -> Result<Vec<(Part, Token<'a>)>, Unread> {
        let by_size = |number: u64| {
            let mut jugs = (0u8..).zip(self.sizes()).filter(|(_, size)| u64::from(**size) == number);
            jugs.next().map(|(jug, _)| jug).filter(|_| jugs.next().is_none())
        };
        let by_place = |number: u64| number.checked_sub(1).filter(|&jug| jug < self.jugs as u64).map(|jug| jug as u8);
        let has_unit = |place: usize| parts.get(place + 1).is_some_and(|(part, _)| *part == Part::Unit);
        let bare: Vec<(u64, &Token<'a>)> = parts
            .iter()
            .enumerate()
            .filter_map(|(place, (part, token))| match part {
                Part::Number(number) if !has_unit(place) => Some((*number, token)),
                _ => None,
            })
            .collect();
        let all = |read: &dyn Fn(u64) -> Option<u8>| {
            bare.iter().map(|(number, _)| read(*number)).collect::<Option<Vec<u8>>>()
        };
        let sizes = match (all(&by_size), all(&by_place), bare.first()) {
            (Some(one), Some(other), Some((_, token))) if one != other => {
                return Err(Unread::ambiguous(std::slice::from_ref(token)));
            }
            (None, None, Some((_, token))) => return Err(Unread::at(token)),
            (one, ..) => one.is_some(),
        };
        let mut named = Vec::with_capacity(parts.len());
        for (place, (part, token)) in parts.iter().enumerate() {
            let part = match *part {
                Part::Number(number) => {
                    let jug = if sizes || has_unit(place) { by_size(number) } else { by_place(number) };
                    Part::Jug(jug.ok_or_else(|| Unread::at(token))?)
                }
                Part::Unit if place > 0 && matches!(parts[place - 1].0, Part::Number(_)) => continue,
                Part::Unit => return Err(Unread::at(token)),
                other => other,
            };
            named.push((part, token.clone()));
        }
        Ok(named)
    }

    fn played(&self, parts: &[(Part, Token<'_>)]) -> Read<Move> {
        use Part::{Empty, Fill, From, Into, Jug, Outside, Pour, State};
        let (mut litres, mut moves, mut at) = (self.start(), Vec::<Move>::new(), 0);
        let mut unclaimed = false;
        let kinds: Vec<Part> = parts.iter().map(|(part, _)| *part).collect();
        while at < kinds.len() {
            let (action, taken) = match kinds[at..] {
                [Fill, Jug(to), From, Jug(from), ..] => (Action::Pour(from, to), 4),
                [Fill, Jug(jug), From, Outside, ..] => (Action::Fill(jug), 4),
                [Fill, Jug(jug), ..] => (Action::Fill(jug), 2),
                [Empty, Jug(from), Into, Jug(to), ..] => (Action::Pour(from, to), 4),
                [Empty | Pour, Jug(jug), Into, Outside, ..] => (Action::Empty(jug), 4),
                [Empty | Pour, Jug(jug), Outside, ..] | [Empty | Pour, Outside, Jug(jug), ..] => {
                    (Action::Empty(jug), 3)
                }
                [Empty, Jug(jug), ..] => (Action::Empty(jug), 2),
                [Pour, From, Jug(from), Into, Jug(to), ..] => (Action::Pour(from, to), 5),
                [Pour, Jug(from), Into, Jug(to), ..] => (Action::Pour(from, to), 4),
                [Pour, Jug(from), Jug(to), ..] => (Action::Pour(from, to), 3),
                [State(claim), ..] => {
                    at += 1;
                    match moves.last_mut() {
                        Some(last) if unclaimed => last.result = claim,
                        _ if claim == litres => {}
                        _ => {
                            let Some(action) = self.actions().find(|&action| self.act(&litres, action) == Some(claim))
                            else {
                                let why = "no single step leads to these contents";
                                return Err(Unread::wrong(std::slice::from_ref(&parts[at - 1].1), why));
                            };
                            litres = claim;
                            moves.push(Move { action, result: claim });
                        }
                    }
                    unclaimed = false;
                    continue;
                }
                _ => return Err(Unread::at(&parts[at].1)),
            };
            litres = self.act(&litres, action).unwrap_or(litres);
            moves.push(Move { action, result: litres });
            unclaimed = true;
            at += taken;
        }
        if moves.is_empty() { Err(Unread::nothing()) } else { Ok(moves) }
    }
}
