//! Answers of zebra puzzles: what is in each house.

use super::Zebra;
use crate::answers::{Kind, Read, Token, Unread};
use crate::constraint::answer::{Assigned, named};
use crate::constraint::network::Network;
use crate::constraint::paired::{self, Part};

/// Writes the things of each house.
pub(super) fn write(network: &Network, values: &[u8], out: &mut Vec<u8>) {
    for house in 0..network.values.len() {
        let things = network.variables.iter().zip(values).filter(|(_, value)| usize::from(**value) == house);
        let things: Vec<&str> = things.map(|(thing, _)| thing.as_str()).collect();
        out.extend_from_slice(if house > 0 { b"\n" } else { b"" });
        out.extend_from_slice(format!("House {}: {}", house + 1, things.join(", ")).as_bytes());
    }
}

impl Zebra {
    /// Reads what is in each house, in any of the forms that people write.
    pub(super) fn read_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        let parts = paired::parts(tokens, |tokens| part(network, tokens))?;
        if let Some(columns) = self.read_columns(&parts) {
            return columns;
        }
        if parts.iter().any(|(part, _)| matches!(part, Part::Value(_))) {
            return paired::pair(network, tokens, &parts);
        }
        let is_end = |part: Part| part == Part::End;
        let in_order = self
            .read_in_order(&parts, |part| is_end(part) || part == Part::Line)
            .or_else(|| self.read_in_order(&parts, is_end));
        match (in_order, parts.iter().find(|(part, _)| matches!(part, Part::Variable(_)))) {
            (Some(found), _) => Ok(found),
            (None, Some((_, token))) => Err(Unread::at(token)),
            (None, None) => Err(Unread::nothing()),
        }
    }

    /// Reads a table with a column for each house. None where the text does not begin with all houses.
    fn read_columns(&self, parts: &[(Part, &Token<'_>)]) -> Option<Read<Assigned>> {
        let mut head = Vec::new();
        let mut rows = parts.iter().skip_while(|(part, _)| match part {
            Part::Value(house) => {
                head.push(*house);
                true
            }
            Part::Variable(_) => false,
            _ => true,
        });
        let rows: Vec<(Part, &Token<'_>)> = rows.by_ref().copied().collect();
        let all = (0..self.houses() as u8).all(|house| head.contains(&house));
        if !all || head.len() != self.houses() || rows.is_empty() {
            return None;
        }
        let mut found = Vec::new();
        for row in rows.split(|(part, _)| *part == Part::Line) {
            let things = row.iter().filter(|(part, _)| matches!(part, Part::Variable(_) | Part::Value(_)));
            let before = found.len();
            for (place, (part, token)) in things.enumerate() {
                match (part, head.get(place)) {
                    (Part::Variable(thing), Some(house)) => found.push((*thing, *house)),
                    _ => return Some(Err(Unread::at(token))),
                }
            }
            if let Some((_, token)) = row.last().filter(|_| ![0, head.len()].contains(&(found.len() - before))) {
                return Some(Err(Unread::at(token)));
            }
        }
        Some(Ok(found))
    }

    /// Reads a list of all houses in their order, each with all of its things, or a list of all categories, each with its name and its things in the order of
    /// the houses.
    fn read_in_order(&self, parts: &[(Part, &Token<'_>)], ends: impl Fn(Part) -> bool) -> Option<Vec<Assigned>> {
        let (houses, kinds) = (self.houses(), self.attributes.len());
        let mut found = Vec::new();
        let mut groups = 0;
        let mut by_kind = None;
        for group in parts.split(|(part, _)| ends(*part)) {
            let is_said = |(part, _): &&(Part, &Token<'_>)| matches!(part, Part::Label | Part::Variable(_));
            let is_named = group.iter().find(is_said).is_some_and(|(part, _)| *part == Part::Label);
            let things: Vec<u8> = group
                .iter()
                .filter_map(|(part, _)| if let Part::Variable(thing) = part { Some(*thing) } else { None })
                .collect();
            if things.is_empty() {
                continue;
            }
            let mut of: Vec<usize> = things.iter().map(|&thing| usize::from(thing) / houses).collect();
            of.dedup();
            let is_kind = of.len() == 1 && things.len() == houses && is_named;
            of.sort_unstable();
            of.dedup();
            let is_house = of.len() == kinds && things.len() == kinds;
            let by_kind = *by_kind.get_or_insert(is_kind);
            if !(if by_kind { is_kind } else { is_house }) {
                return None;
            }
            for (place, thing) in things.into_iter().enumerate() {
                found.push((thing, if by_kind { place } else { groups } as u8));
            }
            groups += 1;
        }
        (groups == if by_kind? { kinds } else { houses }).then_some(found)
    }
}

/// Most words of a thing.
const MOST_WORDS: usize = 6;

/// A thing at the front, and how many tokens it takes: the longest that fits. A thing with `_` in its name is also read in words of its own: `root beer`.
fn thing(network: &Network, tokens: &[Token<'_>]) -> Option<(u8, usize)> {
    let first = tokens.first().filter(|token| matches!(token.kind, Kind::Word | Kind::Number))?;
    let mut longest =
        named(&network.variables, first.text).filter(|_| first.kind == Kind::Word).map(|thing| (thing, 1));
    let mut name = first.text.to_string();
    let mut words = 1;
    for (count, token) in (2..).zip(&tokens[1..]) {
        match token.kind {
            Kind::Word | Kind::Number => words += 1,
            Kind::Sign('-' | '_') => continue,
            _ => break,
        }
        if words > MOST_WORDS {
            break;
        }
        name.push('_');
        name.push_str(token.text);
        longest = named(&network.variables, &name).map(|thing| (thing, count)).or(longest);
    }
    longest
}

/// Reads things and houses: `red`, `house 1`, `1`, `the first house`.
fn part(network: &Network, tokens: &[Token<'_>]) -> Option<(Part, usize)> {
    /// Places in the street.
    const ORDINALS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    /// Words for houses, categories and what people do in them.
    const LABELS: [&str; 42] = [
        "house",
        "houses",
        "colour",
        "colours",
        "color",
        "colors",
        "nationality",
        "nationalities",
        "nation",
        "drink",
        "drinks",
        "beverage",
        "beverages",
        "pet",
        "pets",
        "animal",
        "animals",
        "job",
        "jobs",
        "profession",
        "professions",
        "occupation",
        "instrument",
        "instruments",
        "music",
        "attribute",
        "category",
        "position",
        "number",
        "person",
        "owner",
        "contains",
        "lives",
        "owns",
        "keeps",
        "plays",
        "works",
        "there",
        "by",
        "its",
        "who",
        "h",
    ];
    if let Some(thing) = in_words(network, tokens) {
        return Some(thing);
    }
    let token = tokens.first()?;
    if let Some((thing, count)) = thing(network, tokens) {
        return Some((Part::Variable(thing), count));
    }
    let house = |number: u64| {
        let house = u8::try_from(number.checked_sub(1)?).ok()?;
        (usize::from(house) < network.values.len()).then_some(Part::Value(house))
    };
    let next = tokens.get(1);
    match token.kind {
        Kind::Number => Some((house(token.number()?)?, 1)),
        Kind::Word => {
            let ordinal = ORDINALS.iter().position(|ordinal| token.says(ordinal));
            if let (Some(place), Some(true)) = (ordinal, next.map(|next| next.says("house"))) {
                return Some((house(place as u64 + 1)?, 2));
            }
            // `House1`, `house_1`, `H1`.
            let digits = token.text.trim_start_matches(|letter: char| !letter.is_ascii_digit());
            let word = token.text.get(..token.text.len() - digits.len())?.trim_end_matches('_');
            if !digits.is_empty() && ["house", "h"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
                return Some((house(digits.parse().ok()?)?, 1));
            }
            token.says_one(&LABELS).then_some((Part::Label, 1))
        }
        _ => None,
    }
}

/// The thing at the front that is written in several words, and the number of its tokens: `Blue Master` or `blue-master` for `blue_master`, `7 up` for `_7_up`.
fn in_words(network: &Network, tokens: &[Token<'_>]) -> Option<(Part, usize)> {
    let begins = |name: &str| {
        let same = |thing: &String| thing.get(..name.len()).is_some_and(|front| front.eq_ignore_ascii_case(name));
        network.variables.iter().any(same)
    };
    let (mut name, mut longest) = ("_".to_string(), None);
    for (place, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Word | Kind::Number => {
                name.push_str(if place > 0 && token.spaced { "_" } else { "" });
                name.push_str(token.text);
            }
            Kind::Sign('-') if place > 0 && !token.spaced => name.push('_'),
            _ => break,
        }
        // A name has `_` in front where it would begin with a digit.
        let Some(known) = [&name[1..], &name].into_iter().find(|name| begins(name)) else { break };
        let thing = named(&network.variables, known).filter(|_| place > 0);
        longest = thing.map(|thing| (Part::Variable(thing), place + 1)).or(longest);
    }
    longest
}
