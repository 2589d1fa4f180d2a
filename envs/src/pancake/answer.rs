//! Answers of pancakes: how many each flip turns over, `3, 2, 4`, `flip 3`, `Flip the top three pancakes`.

use super::{Flip, Pancake};
use crate::answers::steps::{count, listed, told};
use crate::answers::{Answers, Read, Token, Unread};
use crate::environment::Atoms;
use crate::text::write_number;

/// Words that can stand beside flips.
const BESIDE: [&str; 13] = [
    "flip", "flips", "top", "pancake", "pancakes", "reverse", "turn", "over", "prefix", "length", "size", "position",
    "k",
];

impl Answers for Pancake {
    fn read_plain_answer(&self, text: &str, tokens: &[Token<'_>]) -> Read<Flip> {
        if let Ok(moves) = listed(text, tokens, |style, reader| self.read_move(style, reader)) {
            return Ok(moves);
        }
        let flip = |(number, token): (u64, Token<'_>)| {
            let flip = u8::try_from(number).ok().filter(|&number| number > 0 && number <= self.pancakes + 1);
            flip.map(Flip).ok_or_else(|| Unread::at(&token))
        };
        told(tokens, &BESIDE, &[], count)?.into_iter().map(flip).collect()
    }

    fn write_plain_answer(&self, moves: &[Flip], out: &mut Vec<u8>) {
        for (place, Flip(count)) in moves.iter().enumerate() {
            out.extend_from_slice(if place > 0 { b", " } else { b"" });
            write_number(u64::from(*count), out);
        }
    }
}
