//! Answers of the pocket cube: `R U' F2`, `RU'F2`, `R U3`, `R^{-1}`, `R prime`.

use std::collections::HashSet;

use super::{PocketCube, TURN_WORDS, Turn};
use crate::answers::steps::{is_between, unlabelled};
use crate::answers::{Answers, Kind, Read, Token, Unread};

/// Words that can stand beside turns.
const BESIDE: [&str; 9] = ["turn", "turns", "rotate", "move", "face", "clockwise", "algorithm", "cube", "apply"];
/// Words for counterclockwise.
const BACK: [&str; 6] = ["prime", "inverse", "inverted", "counterclockwise", "anticlockwise", "ccw"];
const FACES: &[u8] = b"URFDLB";

impl Answers for PocketCube {
    fn read_plain_answer(&self, text: &str, tokens: &[Token<'_>]) -> Read<Turn> {
        let tokens = unlabelled(tokens);
        let code = code_begins(text);
        let mut turns: Vec<Turn> = Vec::new();
        let (mut at, mut quoted) = (0, false);
        while let Some(token) = tokens.get(at) {
            let sign = |ahead: usize, sign: char| tokens.get(at + ahead).is_some_and(|token| token.is(sign));
            let number = |ahead: usize| tokens.get(at + ahead).and_then(Token::number);
            // Whether a turn stands directly before.
            let behind = !token.spaced
                && at.checked_sub(1).is_some_and(|before| is_turns(&tokens[before]) || tokens[before].is('\''));
            let doubled = tokens.get(at + 1).is_some_and(|next| next.is('\'') && !next.spaced);
            let mut taken = 1;
            match token.kind {
                Kind::Word if is_turns(token) && !code.contains(&token.span().end) => add(&mut turns, token)?,
                Kind::Word if token.says_one(&BACK) => back(&mut turns, token)?,
                // `['R', 'U'']`: a quote that is no prime
                Kind::Sign('\'') if quoted && !doubled => {
                    let ends = |next: &Token<'_>| is_between(next) && next.kind != Kind::Word;
                    if !tokens.get(at + 1).is_none_or(ends) {
                        return Err(Unread::at(token));
                    }
                    quoted = false;
                }
                Kind::Sign('\'' | '′') if behind => back(&mut turns, token)?,
                Kind::Sign('\'') => quoted = true,
                Kind::Sign('^') if behind => {
                    let brace = usize::from(sign(1, '{'));
                    let minus = usize::from(sign(1 + brace, '-'));
                    let is_prime = sign(1 + brace, '\'') || sign(1 + brace, '′');
                    match (minus, number(1 + brace + minus), is_prime) {
                        (1, Some(1), _) | (0, None, true) => back(&mut turns, token)?,
                        (_, Some(2), _) => half(&mut turns, token)?,
                        _ => return Err(Unread::at(token)),
                    }
                    taken = 2 + 2 * brace + minus;
                    if brace == 1 && !sign(taken - 1, '}') {
                        return Err(Unread::at(token));
                    }
                }
                // `R'2`
                Kind::Number if behind && token.text == "2" => half(&mut turns, token)?,
                _ if is_between(token) || token.says_one(&BESIDE) => {}
                _ => return Err(Unread::at(token)),
            }
            at += taken;
        }
        if turns.is_empty() { Err(Unread::nothing()) } else { Ok(turns) }
    }

    fn write_plain_answer(&self, moves: &[Turn], out: &mut Vec<u8>) {
        for (place, Turn(turn)) in moves.iter().enumerate() {
            let word = TURN_WORDS.get(usize::from(*turn)).copied().unwrap_or_default();
            out.extend_from_slice(if place > 0 { b" " } else { b"" });
            out.extend_from_slice(word.replace('3', "'").as_bytes());
        }
    }
}

/// Whether a word is made of faces and digits behind them: `R`, `RU2F3`.
fn is_turns(token: &Token<'_>) -> bool {
    let mut before = false;
    let fits = |byte: u8| {
        let face = FACES.contains(&byte);
        let fits = face || before && matches!(byte, b'2' | b'3');
        before = face;
        fits
    };
    token.kind == Kind::Word && token.text.bytes().all(fits)
}

/// Where backticks begin pieces of code. One directly behind a turn may be meant for a prime, which would be lost.
fn code_begins(text: &str) -> HashSet<usize> {
    let runs = text.match_indices('`').map(|(at, _)| at).filter(|&at| !text[..at].ends_with('`'));
    runs.step_by(2).collect()
}

fn add(turns: &mut Vec<Turn>, token: &Token<'_>) -> Result<(), Unread> {
    for byte in token.text.bytes() {
        match FACES.iter().position(|&face| face == byte) {
            Some(face) => turns.push(Turn(3 * face as u8)),
            None => match turns.last_mut() {
                Some(Turn(turn)) => *turn += byte - b'1',
                None => return Err(Unread::at(token)),
            },
        }
    }
    Ok(())
}

/// Makes the last turn one in the other direction.
fn back(turns: &mut [Turn], token: &Token<'_>) -> Result<(), Unread> {
    match turns.last_mut() {
        Some(Turn(turn)) if *turn % 3 < 2 => *turn += 2 - 2 * (*turn % 3),
        _ => return Err(Unread::at(token)),
    }
    Ok(())
}

/// Makes the last turn, of one quarter, a half turn.
fn half(turns: &mut [Turn], token: &Token<'_>) -> Result<(), Unread> {
    match turns.last_mut() {
        Some(Turn(turn)) if *turn % 3 != 1 => *turn = *turn / 3 * 3 + 1,
        _ => return Err(Unread::at(token)),
    }
    Ok(())
}
