//! Lists of moves: as atoms write them, and directions.

use super::{Kind, Problem, Read, Token, Unread, span};
use crate::text::{Reader, Style};

/// Words that can stand between moves.
pub const BETWEEN: [&str; 18] = [
    "answer", "are", "finally", "first", "follow", "is", "moves", "my", "next", "now", "path", "plan", "sequence",
    "so", "solution", "the", "then", "and",
];

/// Words before the number of a step: `Step 1: …`.
const LABELS: [&str; 3] = ["step", "move", "action"];

fn is_colon(token: &Token<'_>) -> bool {
    [':', '.', ')'].iter().any(|sign| token.is(*sign))
}

/// The tokens without the numbers of steps: `Step 1:`, `Move 2.`.
pub fn unlabelled<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut rest = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_label = token.says_one(&LABELS)
            && tokens.get(at + 1).is_some_and(|token| token.kind == Kind::Number)
            && tokens.get(at + 2).is_some_and(is_colon);
        if is_label {
            at += 3;
        } else {
            rest.push(token.clone());
            at += 1;
        }
    }
    rest
}

/// The tokens without numbers of steps such as `1.` or `2)`, for answers in which such numbers mean nothing else.
pub fn unnumbered<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let is_number = |place: usize| tokens[place].kind == Kind::Number && tokens.get(place + 1).is_some_and(is_colon);
    (0..tokens.len()).filter(|&place| !is_number(place)).map(|place| tokens[place].clone()).collect()
}

/// The tokens with the marks of a list inside a line (`1) red 2) blue`) as ends of lines. Marks are numbers in succession, each with a bracket behind it that
/// nothing opens. They begin with 1, or with 2 where the mark in front of the line is left out.
pub fn unmarked(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let (mut marks, mut depth) = (Vec::new(), 0usize);
    for (place, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Sign('(') => depth += 1,
            Kind::Sign(')') if depth == 0 => marks.push(place),
            Kind::Sign(')') => depth -= 1,
            _ => {}
        }
    }
    let number = |mark: usize| {
        let number = tokens.get(mark.checked_sub(1)?).filter(|token| token.spaced && !tokens[mark].spaced)?;
        number.number()
    };
    let first = marks.first().and_then(|&mark| number(mark)).unwrap_or(0);
    let succeed = marks.iter().zip(first..).all(|(&mark, wanted)| number(mark) == Some(wanted));
    if !succeed || !(first == 1 && marks.len() > 1 || first == 2 && marks.first().is_some_and(|&mark| mark > 1)) {
        return tokens;
    }
    let mut marks = marks.into_iter().peekable();
    let mut rest = Vec::with_capacity(tokens.len());
    for (place, token) in tokens.into_iter().enumerate() {
        match marks.peek() {
            Some(&mark) if place + 1 == mark => {}
            Some(&mark) if place == mark => {
                marks.next();
                rest.push(Token { kind: Kind::Line, text: &token.text[..0], ..token });
            }
            _ => rest.push(token),
        }
    }
    rest
}

/// Whether a token can stand between moves and says nothing.
pub fn is_between(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Line => true,
        Kind::Sign(sign) => {
            matches!(sign, ',' | ';' | '→' | '.' | ':' | '"' | '\'' | '[' | ']' | '(' | ')' | '|' | '&')
        }
        Kind::Word => token.says_one(&BETWEEN),
        Kind::Number | Kind::Fraction => false,
    }
}

/// Reads a list of moves as the atoms of an environment write them, in any style: with lines, commas, `;` or `->` between them, numbered or not, or as JSON.
pub fn listed<M>(text: &str, tokens: &[Token<'_>], read_move: impl Fn(Style, &mut Reader<'_>) -> Option<M>) -> Read<M> {
    let tokens = unlabelled(tokens);
    let (mut moves, mut at) = (Vec::new(), 0);
    while let Some(token) = tokens.get(at) {
        let mut best: Option<(usize, M)> = None;
        // A sign at the front of a line may be that of a move, and not the mark of a list: `* > a`.
        let is_first =
            at.checked_sub(1).and_then(|before| tokens.get(before)).is_none_or(|before| before.kind == Kind::Line);
        let front = text.get(..token.at).filter(|_| is_first).map(|before| {
            let line = before.rfind('\n').map_or(0, |end| end + 1);
            token.at - before[line..].trim_start().len()
        });
        for (begin, style) in front
            .into_iter()
            .chain([token.at])
            .flat_map(|begin| [Style::Frame, Style::Compact, Style::Prose].map(|style| (begin, style)))
        {
            let mut reader = Reader::new(text.as_bytes());
            reader.seek(begin);
            let read = read_move(style, &mut reader).map(|action| (reader.position(), action));
            let longer = |(end, _): &(usize, M)| best.as_ref().is_none_or(|(before, _)| end > before);
            best = read.filter(longer).or(best);
        }
        // A move ends where a token ends, and something that can stand between moves follows.
        let behind = best.as_ref().map(|(end, _)| tokens.partition_point(|token| token.at < *end));
        let fits = |behind: usize| {
            let ends = behind > at && best.as_ref().is_some_and(|(end, _)| tokens[behind - 1].span().end == *end);
            ends && tokens.get(behind).is_none_or(|next| is_between(next) || next.spaced)
        };
        match (behind.filter(|&behind| fits(behind)), best) {
            (Some(behind), Some((_, action))) => {
                moves.push(action);
                at = behind;
            }
            _ if is_between(token) => at += 1,
            _ => return Err(Unread::at(token)),
        }
    }
    if moves.is_empty() { Err(Unread::nothing()) } else { Ok(moves) }
}

/// Words that can stand beside the moves of many puzzles.
const ALSO: [&str; 15] =
    ["by", "from", "go", "it", "move", "moves", "of", "on", "onto", "step", "steps", "take", "to", "with", "at"];

/// What tokens tell: each token of which `told` makes something, with its place. Other tokens must be words of `beside`, signs of `signs`, or such as can stand
/// between moves. Numbers of lines (`1:`, `Step 1:`) are left out.
pub fn told<'a, T>(
    tokens: &[Token<'a>],
    beside: &[&str],
    signs: &[char],
    told: impl Fn(&Token<'a>) -> Option<T>,
) -> Result<Vec<(T, Token<'a>)>, Unread> {
    let mut found = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| tokens.get(before));
        let next = tokens.get(place + 1);
        let something = tokens.get(place + 2).is_some_and(|token| token.kind != Kind::Line);
        // `1: up`, `1.up`, `Step 1: up`, `Move 1: up`
        let begins = before.is_none_or(|before| before.kind == Kind::Line) && next.is_some_and(is_colon);
        let named = before.is_some_and(|before| before.says_one(&LABELS)) && next.is_some_and(|next| next.is(':'));
        let is_label = token.kind == Kind::Number && something && (begins || named);
        let says_nothing = || match token.kind {
            Kind::Sign(sign) => is_between(token) || signs.contains(&sign),
            _ => is_between(token) || token.says_one(beside) || token.says_one(&ALSO),
        };
        // `2.5`
        let fraction =
            token.is('.') && !token.spaced && next.is_some_and(|next| next.kind == Kind::Number && !next.spaced);
        if fraction && before.is_some_and(|before| before.kind == Kind::Number) {
            return Err(Unread::at(token));
        }
        match told(token).filter(|_| !is_label) {
            Some(thing) => found.push((thing, token.clone())),
            None if is_label || says_nothing() => {}
            None => return Err(Unread::at(token)),
        }
    }
    if found.is_empty() { Err(Unread::nothing()) } else { Ok(found) }
}

/// A number in digits, or in words up to ten.
pub fn count(token: &Token<'_>) -> Option<u64> {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    token.number().or_else(|| Some(WORDS.iter().position(|word| token.says(word))? as u64 + 1))
}

/// The place of a single letter among `count` letters from `A` on, in upper case, or in lower case where no such letter of `tokens` is in upper case.
pub fn letters(tokens: &[Token<'_>], count: usize) -> impl Fn(&Token<'_>) -> Option<u8> + use<> {
    let named = move |token: &Token<'_>, first: u8| {
        let [letter] = token.text.as_bytes() else { return None };
        letter.checked_sub(first).filter(|&place| usize::from(place) < count && token.kind == Kind::Word)
    };
    let first = if tokens.iter().any(|token| named(token, b'A').is_some()) { b'A' } else { b'a' };
    move |token| named(token, first)
}

/// The place in [`DIRECTIONS`] of an arrow. `->` is none: it stands between moves.
fn arrow(token: &Token<'_>) -> Option<usize> {
    match token.kind {
        Kind::Sign(sign) if sign != '→' || !token.text.starts_with(['-', '=', '\\']) => {
            DIRECTIONS.iter().position(|direction| direction.arrow == sign)
        }
        _ => None,
    }
}

/// The words of a direction, the first letter of each being its initial.
pub struct Direction {
    /// Words, in lower case.
    pub words: &'static [&'static str],
    /// Initials, in upper case.
    pub initials: &'static [u8],
    /// An arrow.
    pub arrow: char,
}

impl Direction {
    /// The place in [`DIRECTIONS`] of a word such as `up`, or of an arrow.
    pub fn of(token: &Token<'_>) -> Option<usize> {
        let says = |direction: &Direction| token.says_one(direction.words);
        if token.kind == Kind::Word { DIRECTIONS.iter().position(says) } else { arrow(token) }
    }
}

/// Up, down, left and right, in this order.
pub const DIRECTIONS: [Direction; 4] = [
    Direction { words: &["up", "north", "upward", "upwards"], initials: b"UN", arrow: '↑' },
    Direction { words: &["down", "south", "downward", "downwards"], initials: b"DS", arrow: '↓' },
    Direction { words: &["left", "west"], initials: b"LW", arrow: '←' },
    Direction { words: &["right", "east"], initials: b"RE", arrow: '→' },
];

/// Words that can stand beside directions.
const BESIDE: [&str; 22] = [
    "a",
    "again",
    "by",
    "cell",
    "cells",
    "directions",
    "go",
    "goal",
    "head",
    "move",
    "of",
    "one",
    "reach",
    "square",
    "squares",
    "start",
    "step",
    "steps",
    "time",
    "times",
    "to",
    "you",
];

/// The greatest number of moves that an answer may name by counts.
const MOST_REPEATED: usize = 1 << 16;

/// The places in [`DIRECTIONS`] that a word spells: one for a direction, several for initials such as `LURD`; none for other words.
fn spelled(word: &str) -> Option<Vec<usize>> {
    let lower = word.to_ascii_lowercase();
    if let Some(place) = DIRECTIONS.iter().position(|direction| direction.words.contains(&lower.as_str())) {
        return Some(vec![place]);
    }
    let initial =
        |byte: u8| DIRECTIONS.iter().position(|direction| direction.initials.contains(&byte.to_ascii_uppercase()));
    // All of one kind and in one case. `see` and `we` are words, not points of the compass.
    let kinds: [&[u8]; 3] = [b"UDLR", b"NSWE", b"udlr"];
    let one_kind = kinds.iter().any(|kind| word.bytes().all(|byte| kind.contains(&byte)));
    if one_kind || ["n", "s", "w", "e"].contains(&word) { word.bytes().map(initial).collect() } else { None }
}

/// Reads directions, as places in [`DIRECTIONS`]: words, initials, `LURD`, arrows, with counts (`right 3`, `3 right`, `right x2`) or without.
pub fn directions(tokens: &[Token<'_>]) -> Read<usize> {
    let tokens = unlabelled(tokens);
    let in_words = tokens.iter().any(|token| token.kind == Kind::Word && spelled(token.text).is_some());
    let mut found: Vec<usize> = Vec::new();
    // The directions that a count may repeat: those of the last word.
    let (mut last, mut count): (Option<usize>, Option<usize>) = (None, None);
    let (mut counts_first, mut depth) = (None, 0usize);
    for (place, token) in tokens.iter().enumerate() {
        let next = tokens.get(place + 1);
        let directions = match token.kind {
            Kind::Word => spelled(token.text),
            _ if in_words => None,
            _ => arrow(token).map(|direction| vec![direction]),
        };
        if let Some(directions) = directions {
            let times = count.take().unwrap_or(1);
            if times != 1 && directions.len() != 1 || found.len() + times * directions.len() > MOST_REPEATED {
                return Err(Unread { problem: Problem::Malformed, span: token.span() });
            }
            last = directions.last().copied().filter(|_| directions.len() == 1 && times == 1);
            (0..times).for_each(|_| found.extend_from_slice(&directions));
            continue;
        }
        // `x2`, as in `right x2`.
        let repeated =
            token.text.strip_prefix(['x', 'X']).filter(|digits| token.kind == Kind::Word && !digits.is_empty());
        let number = || match repeated {
            Some(digits) => digits.parse().ok().filter(|_| digits.len() <= 5),
            None => token.number(),
        };
        match token.kind {
            _ if token.kind == Kind::Number || repeated.is_some() => {
                // `1.` and `1)` number the moves of a line.
                if next.is_some_and(is_colon)
                    && !next.is_some_and(|next| next.is(')') && place > 0 && tokens[place - 1].is('('))
                {
                    continue;
                }
                let number = number()
                    .and_then(|number| usize::try_from(number).ok())
                    .filter(|number| (1..=MOST_REPEATED).contains(number));
                let Some(number) = number else { return Err(Unread::at(token)) };
                let first = *counts_first.get_or_insert(last.is_none());
                match (first, last.take()) {
                    (true, _) => count = Some(number),
                    (false, Some(direction)) if found.len() + number <= MOST_REPEATED => {
                        found.extend((1..number).map(|_| direction))
                    }
                    _ => return Err(Unread::at(token)),
                }
            }
            // In `up, 2 right` the count is that of the next direction.
            Kind::Line | Kind::Sign(',' | ';' | '→' | '.') => last = last.filter(|_| depth > 0),
            Kind::Sign('[' | '(') => depth += 1,
            Kind::Sign(']' | ')') => depth = depth.saturating_sub(1),
            Kind::Sign('*' | '-') if next.is_some() => {}
            Kind::Word if token.says("x") || token.says_one(&BESIDE) => {}
            _ if is_between(token) => {}
            _ => return Err(Unread::at(token)),
        }
    }
    match (count, found.is_empty()) {
        (Some(_), _) => Err(Unread { problem: Problem::Malformed, span: span(&tokens) }),
        (None, true) => Err(Unread::nothing()),
        (None, false) => Ok(found),
    }
}

/// Reads pairs of numbers: `(0, 1), (0, 2)`, `(0,1) -> (0,2)`, `[[0, 1], [0, 2]]`; none where the tokens are anything else.
pub fn cells(tokens: &[Token<'_>]) -> Option<Vec<[u64; 2]>> {
    let (mut found, mut open) = (Vec::new(), None);
    let tokens = unlabelled(tokens);
    for token in &tokens {
        match token.kind {
            Kind::Number => {
                let number = token.number()?;
                match open.take() {
                    None => open = Some(number),
                    Some(first) => found.push([first, number]),
                }
            }
            // A pair is not torn apart.
            Kind::Line | Kind::Sign('→' | ';' | ')' | ']' | '(' | '[') if open.is_some() => return None,
            _ if is_between(token) || token.says_one(&BESIDE) || token.says("from") => {}
            _ => return None,
        }
    }
    (open.is_none() && !found.is_empty()).then_some(found)
}
