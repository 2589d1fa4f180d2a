//! Answers of the Tower of Hanoi: `Move disk 1 from A to C`, `1: A -> C`, `A -> C`, `[1, "A", "C"]`, `[1, 0, 2]`.

use super::{Hanoi, Move};
use crate::answers::steps::{BETWEEN, is_between, unlabelled};
use crate::answers::{Answers, Kind, Read, Token, Unread, span};
use crate::environment::Environment;

/// Words that can stand in a move.
const IN_MOVE: [&str; 20] = [
    "disk",
    "disc",
    "disks",
    "discs",
    "from",
    "to",
    "onto",
    "on",
    "peg",
    "pegs",
    "rod",
    "rods",
    "tower",
    "top",
    "of",
    "it",
    "move",
    "step",
    "source",
    "destination",
];

/// A number or a peg of a move.
enum Part {
    Number(u64),
    Peg(u8),
}

impl Answers for Hanoi {
    fn read_plain_answer(&self, _text: &str, tokens: &[Token<'_>]) -> Read<Move> {
        let tokens = unlabelled(tokens);
        let upper = tokens.iter().any(|token| self.peg(token, b'A').is_some());
        let first = if upper { b'A' } else { b'a' };
        let in_letters = tokens.iter().any(|token| self.peg(token, first).is_some());
        let mut parts: Vec<(Part, usize)> = Vec::new();
        // The groups of numbers, for moves that name pegs by numbers: by brackets and lines.
        let mut groups: Vec<usize> = Vec::new();
        for (place, token) in tokens.iter().enumerate() {
            match token.kind {
                Kind::Number => {
                    // `1.` and `1)` number the moves of a line, and `1:` where the disk comes behind it.
                    let next = tokens.get(place + 1);
                    let disk_next = tokens
                        .get(place + 2)
                        .is_some_and(|token| token.kind == Kind::Number || token.says_one(&IN_MOVE));
                    let is_number = next.is_some_and(|next| next.is('.') || next.is(':') && disk_next && in_letters);
                    let behind = place > 0 && tokens[place - 1].says_one(&IN_MOVE);
                    if is_number && !behind && disk_next {
                        continue;
                    }
                    parts.push((Part::Number(token.number().ok_or_else(|| Unread::at(token))?), place));
                }
                Kind::Word if self.peg(token, first).is_some() => {
                    let peg = self.peg(token, first).unwrap_or(0);
                    parts.push((Part::Peg(peg), place));
                }
                Kind::Word if token.says_one(&IN_MOVE) || token.says_one(&BETWEEN) || token.text == "a" => {}
                Kind::Line | Kind::Sign(']' | ')' | ';') => groups.push(parts.len()),
                Kind::Sign('-') => {}
                _ if is_between(token) => {}
                _ => return Err(Unread::at(token)),
            }
        }
        groups.push(parts.len());
        if parts.is_empty() {
            return Err(Unread::nothing());
        }
        if in_letters { self.in_letters(&tokens, &parts) } else { self.in_numbers(&tokens, &parts, &groups) }
    }

    fn write_plain_answer(&self, moves: &[Move], out: &mut Vec<u8>) {
        for (place, Move { disk, from, to }) in moves.iter().enumerate() {
            let line = if place > 0 { "\n" } else { "" };
            let [from, to] = [from, to].map(|peg| char::from(b'A' + peg));
            out.extend_from_slice(format!("{line}Move disk {} from {from} to {to}", disk + 1).as_bytes());
        }
    }
}

impl Hanoi {
    /// The peg that a token names, if the letters begin with `first`.
    fn peg(&self, token: &Token<'_>, first: u8) -> Option<u8> {
        let [letter] = token.text.as_bytes() else { return None };
        letter.checked_sub(first).filter(|&peg| peg < self.pegs && token.kind == Kind::Word)
    }

    /// Each move is two pegs, with the disk before them or without.
    fn in_letters(&self, tokens: &[Token<'_>], parts: &[(Part, usize)]) -> Read<Move> {
        let mut told = Vec::new();
        let mut rest = parts;
        while let Some((_, place)) = rest.first() {
            let (disk, from, to, behind) = match rest {
                [(Part::Number(disk), _), (Part::Peg(from), _), (Part::Peg(to), _), behind @ ..] => {
                    (Some(*disk), from, to, behind)
                }
                [(Part::Peg(from), _), (Part::Peg(to), _), behind @ ..] => (None, from, to, behind),
                _ => return Err(Unread { span: span(&tokens[*place..]), ..Unread::at(&tokens[*place]) }),
            };
            told.push((disk, *from, *to));
            rest = behind;
        }
        self.played(tokens, told)
    }

    /// Each group is two pegs, or a disk and two pegs. Pegs count from 0 if one is 0, else from 1.
    fn in_numbers(&self, tokens: &[Token<'_>], parts: &[(Part, usize)], groups: &[usize]) -> Read<Move> {
        let malformed = || Unread { span: span(tokens), problem: crate::answers::Problem::Malformed };
        let number = |part: &(Part, usize)| match part.0 {
            Part::Number(number) => number,
            Part::Peg(peg) => peg.into(),
        };
        let mut begin = 0;
        let mut told = Vec::new();
        for &end in groups.iter().filter(|&&end| end > 0) {
            if end == begin {
                continue;
            }
            match parts.get(begin..end).unwrap_or_default() {
                [from, to] => told.push((None, number(from), number(to))),
                [disk, from, to] => told.push((Some(number(disk)), number(from), number(to))),
                _ => return Err(malformed()),
            }
            begin = end;
        }
        let least = u64::from(!told.iter().any(|(_, from, to)| *from == 0 || *to == 0));
        let peg = |number: u64| {
            number.checked_sub(least).and_then(|peg| u8::try_from(peg).ok()).filter(|peg| *peg < self.pegs)
        };
        let pegs =
            told.into_iter().map(|(disk, from, to)| Some((disk, peg(from)?, peg(to)?))).collect::<Option<Vec<_>>>();
        self.played(tokens, pegs.ok_or_else(malformed)?)
    }

    /// The moves with their disks. A move without a disk takes the top one.
    fn played(&self, tokens: &[Token<'_>], told: Vec<(Option<u64>, u8, u8)>) -> Read<Move> {
        let mut state = self.start();
        let mut moves = Vec::with_capacity(told.len());
        for (disk, from, to) in told {
            let top = self.taken(state, from, to);
            let named = |disk: u64| {
                disk.checked_sub(1).and_then(|disk| u8::try_from(disk).ok()).filter(|disk| *disk < self.disks)
            };
            let disk = match disk {
                Some(disk) => named(disk).ok_or_else(|| Unread::wrong(tokens, format!("there is no disk {disk}")))?,
                // An illegal move, whatever disk it takes.
                None => top.unwrap_or(0),
            };
            moves.push(Move { disk, from, to });
            if top.is_some() {
                state = state.with(top.unwrap_or(0), to);
            }
        }
        Ok(moves)
    }
}
