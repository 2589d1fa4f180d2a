//! Answers of Sokoban: `LURD` strings, also run-length encoded, or directions in words.
//!
//! In `LURD` a capital is a push. Many write capitals only, so this is a claim only where an answer has letters of both cases; then each must be true.

use super::{Direction, Extent, Level, Solved, WorkerStep};
use crate::answers::steps::{directions, is_between, listed, unlabelled};
use crate::answers::{Answers, Kind, Read, Token, Unread};
use crate::environment::Atoms;

/// Words that can stand beside directions.
const BESIDE: [&str; 10] = ["push", "pushes", "pushing", "box", "boxes", "worker", "player", "walk", "walks", "moves"];
/// The directions in the order of [`crate::answers::steps::DIRECTIONS`].
const IN_ORDER: [Direction; 4] = [Direction::Up, Direction::Down, Direction::Left, Direction::Right];
/// The greatest number of steps that counts may make.
const MOST: usize = 1 << 16;

impl<C: Solved> Answers for Level<C> {
    fn read_plain_answer(&self, text: &str, tokens: &[Token<'_>]) -> Read<WorkerStep<C>> {
        if let Ok(moves) = listed(text, tokens, |style, reader| self.read_move(style, reader)) {
            return Ok(moves);
        }
        let rest: Vec<Token<'_>> = unlabelled(tokens).into_iter().filter(|token| !token.says_one(&BESIDE)).collect();
        let Some(letters) = lurd(&rest) else {
            let ways = directions(&rest)?;
            return Ok(self.played(ways.into_iter().filter_map(|way| IN_ORDER.get(way).copied())));
        };
        let way = |letter: &u8| IN_ORDER.into_iter().zip(b"UDLR").find(|(_, known)| letter.eq_ignore_ascii_case(known));
        let moves = self.played(letters.iter().filter_map(way).map(|(direction, _)| direction));
        let claims = letters.iter().any(u8::is_ascii_uppercase) && letters.iter().any(u8::is_ascii_lowercase);
        let mut told = letters.iter().zip(&moves);
        match told.position(|(letter, step)| claims && letter.is_ascii_uppercase() != step.pushed.is_some()) {
            Some(place) => {
                let pushes = if moves[place].pushed.is_some() { "a push" } else { "no push" };
                Err(Unread::wrong(tokens, format!("step {}, {}, is {pushes}", place + 1, char::from(letters[place]))))
            }
            None => Ok(moves),
        }
    }

    fn write_plain_answer(&self, moves: &[WorkerStep<C>], out: &mut Vec<u8>) {
        for step in moves {
            let letter = step.direction.word().as_bytes()[0];
            out.push(if step.pushed.is_some() { letter.to_ascii_uppercase() } else { letter });
        }
    }
}

impl<C: Extent> Level<C> {
    /// The steps in these directions. A step that cannot be made stays where it is.
    fn played(&self, directions: impl Iterator<Item = Direction>) -> Vec<WorkerStep<C>> {
        let mut state = self.start;
        let step = |direction| match self.step(&state, direction) {
            Some(step) => {
                state = step.state;
                step.action
            }
            None => WorkerStep { direction, worker: state.worker(), pushed: None },
        };
        directions.map(step).collect()
    }
}

/// The letters of `LURD` strings; none where there is anything else. A count stands before each of its letters, `3R2u`, or behind, `R3u2`.
fn lurd(tokens: &[Token<'_>]) -> Option<Vec<u8>> {
    let mut chunks: Vec<String> = Vec::new();
    let mut joins = false;
    for token in tokens {
        match token.kind {
            Kind::Word | Kind::Number if joins && !token.spaced => chunks.last_mut()?.push_str(token.text),
            Kind::Word | Kind::Number => chunks.push(token.text.into()),
            _ if is_between(token) => {}
            _ => return None,
        }
        joins = matches!(token.kind, Kind::Word | Kind::Number);
    }
    let mut letters = Vec::new();
    for chunk in &chunks {
        if !chunk.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        let first = chunk.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        let last = chunk.bytes().next_back().is_some_and(|byte| byte.is_ascii_digit());
        // `R2u`: the count may be that of either.
        if first == last && chunk.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut rest = chunk.as_str();
        while !rest.is_empty() {
            let (digits, letter);
            if first {
                let at = rest.find(|letter: char| !letter.is_ascii_digit())?;
                digits = &rest[..at];
                letter = *rest.as_bytes().get(at)?;
                rest = rest.get(at + 1..)?;
            } else {
                letter = *rest.as_bytes().first()?;
                rest = rest.get(1..)?;
                let at = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
                digits = &rest[..at];
                rest = &rest[at..];
            }
            let count: usize = if digits.is_empty() { 1 } else { digits.parse().ok()? };
            let known = b"UDLR".contains(&letter.to_ascii_uppercase());
            if !known || count == 0 || count > MOST || letters.len() + count > MOST {
                return None;
            }
            letters.resize(letters.len() + count, letter);
        }
    }
    (!letters.is_empty()).then_some(letters)
}
