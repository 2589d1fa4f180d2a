//! Answers of number lines: `+3, *2`, `+3 = 5`, `add 3`, `double`, `2 + 3 = 5`, or the numbers on the way, `2 -> 5 -> 10`.
//!
//! A number that is no operand is the result of the operation before it, or where there is none, the next number on the way.

use std::collections::HashMap;

use super::{Kind as Operator, MAX_LIMIT, Move, NumberLine, Operation};
use crate::answers::steps::{count, listed, told, unlabelled};
use crate::answers::{Answers, Kind, Read, Token, Unread};
use crate::environment::{Atoms, Environment};

/// Words that can stand beside operations.
const BESIDE: [&str; 13] = [
    "start",
    "gives",
    "give",
    "giving",
    "get",
    "equals",
    "which",
    "apply",
    "again",
    "operations",
    "operation",
    "result",
    "reach",
];

#[derive(Clone, Copy)]
enum Part {
    Operator(Operator),
    /// `double`
    Whole(Operation),
    Number(u64),
}

fn word(token: &Token<'_>) -> Option<Part> {
    const OPERATORS: [&[&str]; 4] =
        [&["add", "plus"], &["subtract", "minus"], &["multiply", "multiplied", "times"], &["divide", "divided"]];
    const WHOLE: [(&[&str], Operation); 3] = [
        (&["double", "doubling"], Operation { kind: Operator::Multiply, number: 2 }),
        (&["triple"], Operation { kind: Operator::Multiply, number: 3 }),
        (&["halve"], Operation { kind: Operator::Divide, number: 2 }),
    ];
    let operator = OPERATORS.iter().zip(Operator::ALL).find(|(words, _)| token.says_one(words));
    let whole = || WHOLE.iter().find(|(words, _)| token.says_one(words)).map(|(_, operation)| Part::Whole(*operation));
    operator.map(|(_, operator)| Part::Operator(operator)).or_else(whole)
}

fn sign(sign: char) -> Option<Operator> {
    "+-*/".find(sign).and_then(|place| Operator::ALL.get(place)).copied()
}

impl Answers for NumberLine {
    fn read_plain_answer(&self, text: &str, tokens: &[Token<'_>]) -> Read<Move> {
        if let Ok(moves) = listed(text, tokens, |style, reader| self.read_move(style, reader)) {
            return Ok(moves);
        }
        let tokens = unlabelled(tokens);
        // The puzzle told again: `Steps: +3, *2; from 0 to 99`.
        if let Some(token) = tokens.iter().find(|token| token.says_one(&["steps", "limit"])) {
            return Err(Unread::at(token));
        }
        let marks = self.marks(text, &tokens);
        let part = |token: &Token<'_>| match token.kind {
            Kind::Number => token.number().map(Part::Number),
            Kind::Sign(letter) => sign(letter).map(Part::Operator),
            _ => word(token).or_else(|| count(token).map(Part::Number)),
        };
        let mut parts = Vec::new();
        for (part, token) in told(&tokens, &BESIDE, &['='], part)? {
            let mark = marks.get(&token.at);
            parts.extend(mark.map(|operator| (Part::Operator(*operator), token.clone())));
            parts.push((part, token));
        }
        self.played(&parts)
    }

    fn write_plain_answer(&self, moves: &[Move], out: &mut Vec<u8>) {
        for (place, Move { operation, .. }) in moves.iter().enumerate() {
            out.extend_from_slice(if place > 0 { b", " } else { b"" });
            super::atoms::operation(out, crate::text::Style::Frame, *operation);
        }
    }
}

impl NumberLine {
    /// Signs at the front of lines that look like marks of a list, by the places of the numbers behind them. They are operations where each is one of the
    /// puzzle's: `+ 3`.
    fn marks(&self, text: &str, tokens: &[Token<'_>]) -> HashMap<usize, Operator> {
        let mut marks = HashMap::new();
        for (place, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Number) {
            if place.checked_sub(1).is_some_and(|before| tokens[before].kind != Kind::Line) {
                continue;
            }
            let line = text.get(..token.at).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
            let mut letters = line.trim().chars();
            let (Some(letter), None) = (letters.next(), letters.next()) else { continue };
            let Some(kind) = sign(letter).filter(|_| line.ends_with([' ', '\t'])) else { continue };
            let number = token.number().and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
            if !self.operations.contains(&Operation { kind, number }) {
                return HashMap::new();
            }
            marks.insert(token.at, kind);
        }
        marks
    }

    fn played(&self, parts: &[(Part, Token<'_>)]) -> Read<Move> {
        let (mut at, mut moves) = (self.start(), Vec::<Move>::new());
        let mut unclaimed = false;
        let mut rest = parts;
        while let Some((part, token)) = rest.first() {
            let operation = match (part, rest.get(1)) {
                (Part::Operator(kind), Some((Part::Number(number), _))) => {
                    rest = &rest[2..];
                    let number = u32::try_from(*number).ok();
                    number.map(|number| Operation { kind: *kind, number })
                }
                (Part::Whole(operation), _) => {
                    rest = &rest[1..];
                    Some(*operation)
                }
                (Part::Operator(_), _) => None,
                (Part::Number(number), _) => {
                    rest = &rest[1..];
                    let number = u32::try_from(*number).ok().filter(|number| *number <= MAX_LIMIT);
                    let number = number.ok_or_else(|| Unread::at(token))?;
                    match moves.last_mut() {
                        Some(last) if std::mem::take(&mut unclaimed) => last.result = number,
                        _ if number == at => {}
                        _ => {
                            let step = self.results(at).find(|(_, result)| *result == number);
                            let Some((operation, result)) = step else {
                                let why = format!("no operation leads from {at} to {number}");
                                return Err(Unread::wrong(std::slice::from_ref(token), why));
                            };
                            moves.push(Move { operation, result });
                            at = number;
                        }
                    }
                    continue;
                }
            };
            let operation = operation.filter(|operation| operation.is_sound()).ok_or_else(|| Unread::at(token))?;
            let result = operation.of(at, self.limit).unwrap_or(at);
            moves.push(Move { operation, result });
            at = result;
            unclaimed = true;
        }
        if moves.is_empty() { Err(Unread::nothing()) } else { Ok(moves) }
    }
}
