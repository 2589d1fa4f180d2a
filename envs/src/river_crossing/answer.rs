//! Answers of river crossings: `Farmer takes goat across, returns alone, …`, `goat, nothing, wolf`, `(goat), ()`, `1M1C, 1M`, `(1, 1), (1, 0)`.
//!
//! Who is in the boat is told crossing by crossing. Where it is said to which bank the boat goes, it must be on the other one.

use super::{Crossing, Group, Party, RiverCrossing, group_of};
use crate::answers::steps::{count, told, unlabelled};
use crate::answers::{Answers, Kind, Problem, Read, Token, Unread, span};
use crate::environment::Atoms;
use crate::text::Style;

/// Words that can stand beside crossings.
const BESIDE: [&str; 23] = [
    "man", "he", "she", "they", "across", "over", "river", "side", "bank", "other", "boat", "himself", "cross",
    "crosses", "sends", "send", "boats", "crossing", "trip", "a", "both", "original", "its",
];
/// Words that tell of a crossing.
const GOES: [&str; 21] = [
    "takes",
    "take",
    "brings",
    "bring",
    "carries",
    "carry",
    "ferries",
    "ferry",
    "returns",
    "return",
    "goes",
    "go",
    "comes",
    "come",
    "rows",
    "transports",
    "transport",
    "travels",
    "returning",
    "sails",
    "rides",
];
const BACK: [&str; 4] = ["returns", "return", "returning", "back"];
const NOBODY: [&str; 4] = ["alone", "nothing", "empty", "nobody"];

enum Part {
    /// A word that tells of a crossing, and whether it tells of the way back.
    Goes(bool),
    Back,
    From,
    /// The near bank or the far one.
    Bank(bool),
    /// The farmer, who is in every boat: alone where nobody else is told of.
    Farmer,
    Nobody,
    Item(u8),
    /// A missionary or a cannibal.
    Person(usize),
    /// People such as `M1C`, and which of the two the first letter is.
    Initials([u64; 2], usize),
    Number(u64),
    Open,
    Close,
    Comma,
    End,
}

/// Who is told to be in the boat.
#[derive(Default)]
struct Boat {
    /// Whether a word such as `takes` says that there is a crossing.
    goes: bool,
    farmer: bool,
    nobody: bool,
    items: Group,
    people: [u64; 2],
    /// Numbers without a word.
    numbers: Vec<u64>,
    /// A number that may count the people that follow.
    count: Option<u64>,
}

impl Boat {
    fn is_loaded(&self) -> bool {
        self.nobody || self.items > 0 || !self.numbers.is_empty() || self.count.is_some() || self.people != [0, 0]
    }

    fn is_told(&self) -> bool {
        self.goes || self.farmer || self.is_loaded()
    }

    fn add(&mut self, part: &Part, token: &Token<'_>) -> Option<()> {
        match part {
            Part::Goes(_) => self.goes = true,
            Part::Farmer => self.farmer = true,
            Part::Nobody => self.nobody = true,
            Part::Item(item) if self.items >> item & 1 == 1 => return None,
            Part::Item(item) => self.items |= 1 << item,
            Part::Number(number) => {
                let before = self.count.replace(*number);
                self.numbers.extend(before);
            }
            Part::Person(kind) => {
                let one = || (!token.says_one(&["missionaries", "cannibals"])).then_some(1);
                let number = self.count.take().or_else(one)?;
                self.people[*kind] = self.people[*kind].saturating_add(number);
            }
            Part::Initials(people, first) => {
                // `2M1C`: the first number is a token of its own.
                let more = self.count.take().map_or(Some(0), |number| number.checked_sub(1))?;
                self.people[*first] = self.people[*first].saturating_add(more);
                for (sum, number) in self.people.iter_mut().zip(people) {
                    *sum = sum.saturating_add(*number);
                }
            }
            _ => {}
        }
        Some(())
    }

    /// The group in the boat; none where what was told makes none.
    fn group(mut self) -> Option<Group> {
        self.numbers.extend(self.count);
        let group = |[missionaries, cannibals]: [u64; 2]| {
            let small = |count: u64| u8::try_from(count).ok().filter(|&count| count < 16);
            Some(group_of(small(missionaries)?, small(cannibals)?))
        };
        match (self.nobody, self.items, self.numbers.as_slice(), self.people) {
            (_, 0, [], [0, 0]) => Some(0),
            (false, items, [], [0, 0]) => Some(items),
            (false, 0, &[missionaries, cannibals], [0, 0]) => group([missionaries, cannibals]),
            (false, 0, [], people) => group(people),
            _ => None,
        }
    }
}

impl Answers for RiverCrossing {
    fn read_plain_answer(&self, _text: &str, tokens: &[Token<'_>]) -> Read<Crossing> {
        let parts = told(&unlabelled(tokens), &BESIDE, &['{', '}', '+', '-'], |token| self.part(token))?;
        let (mut found, mut boat) = (Vec::new(), Boat::default());
        // For each open bracket whether commas in it join. An empty one tells of nobody.
        let mut joins = vec![false];
        let (mut from, mut opens) = (false, false);
        for (part, token) in &parts {
            let malformed = || Unread::at(token);
            if matches!(part, Part::Close) && opens && joins.last() == Some(&true) {
                boat.nobody = true;
            }
            let ends = match part {
                Part::Goes(_) => boat.goes && boat.is_loaded(),
                Part::Nobody | Part::Open | Part::Close => boat.is_loaded(),
                Part::Comma => joins.last() != Some(&true),
                Part::End => true,
                _ => false,
            };
            if ends && boat.is_told() {
                found.push(Crossing(std::mem::take(&mut boat).group().ok_or_else(malformed)?));
            }
            boat.add(part, token).ok_or_else(malformed)?;
            // The crossing that is being read is not yet among those that were found.
            let is_near = found.len().is_multiple_of(2);
            let to_far = match part {
                Part::Goes(true) | Part::Back => Some(false),
                Part::Bank(far) => Some(*far != std::mem::take(&mut from)),
                _ => None,
            };
            if to_far.is_some_and(|to_far| to_far != is_near) {
                return Err(Unread::wrong(std::slice::from_ref(token), "the boat is on the other bank"));
            }
            match part {
                Part::Back => boat.goes = true,
                Part::From => from = true,
                Part::Open => joins.push(token.is('(') || joins.len() > 1),
                Part::Close if joins.len() > 1 => drop(joins.pop()),
                _ => {}
            }
            opens = matches!(part, Part::Open);
        }
        if boat.is_told() {
            let whole = Unread { problem: Problem::Malformed, span: span(tokens) };
            found.push(Crossing(boat.group().ok_or(whole)?));
        }
        if found.is_empty() { Err(Unread::nothing()) } else { Ok(found) }
    }

    fn write_plain_answer(&self, moves: &[Crossing], out: &mut Vec<u8>) {
        for (place, action) in moves.iter().enumerate() {
            out.extend_from_slice(if place > 0 { b"\n" } else { b"" });
            self.write_move(*action, Style::Prose, out);
        }
    }
}

impl RiverCrossing {
    fn part(&self, token: &Token<'_>) -> Option<Part> {
        match token.kind {
            Kind::Sign('(' | '[') => return Some(Part::Open),
            Kind::Sign(')' | ']') => return Some(Part::Close),
            Kind::Sign(',') => return Some(Part::Comma),
            Kind::Sign(';' | '.' | '→') | Kind::Line => return Some(Part::End),
            Kind::Word if token.says_one(&["then", "next", "finally", "first"]) => return Some(Part::End),
            Kind::Word if token.says_one(&GOES) => return Some(Part::Goes(token.says_one(&BACK))),
            Kind::Word if token.says_one(&BACK) => return Some(Part::Back),
            Kind::Word if token.says("from") => return Some(Part::From),
            Kind::Word if token.says_one(&["near", "far"]) => return Some(Part::Bank(token.says("far"))),
            Kind::Word if token.says_one(&NOBODY) => return Some(Part::Nobody),
            _ => {}
        }
        match &self.party {
            Party::Items(_) if token.says("farmer") => Some(Part::Farmer),
            Party::Items(items) => Some(Part::Item(items.names().position(|name| token.says(name))? as u8)),
            Party::People(..) => {
                const PEOPLE: [[&str; 2]; 2] = [["missionary", "missionaries"], ["cannibal", "cannibals"]];
                let person = PEOPLE.iter().position(|words| token.says_one(words)).map(Part::Person);
                person.or_else(|| count(token).map(Part::Number)).or_else(|| initials(token))
            }
        }
    }
}

/// The people of `MC`, `M1C`, `CC`: a number stands before the letter that it counts.
fn initials(token: &Token<'_>) -> Option<Part> {
    let (mut people, mut number) = ([0u64; 2], None);
    for byte in token.text.bytes().filter(|_| token.kind == Kind::Word && token.text.len() <= 8) {
        match byte {
            b'0'..=b'9' if number.is_none() => number = Some(u64::from(byte - b'0')),
            b'M' | b'C' => people[usize::from(byte == b'C')] += number.take().unwrap_or(1),
            _ => return None,
        }
    }
    let first = usize::from(token.text.starts_with('C'));
    (number.is_none() && people != [0, 0]).then_some(Part::Initials(people, first))
}
