//! Answers of knights: jumps `a1-c2`, `a1 to c2`, `Na1c2`, paths `a1 -> c2 -> a3`, or the squares that are reached, `Nc2, Na3`.
//!
//! A square alone is the target of the one knight, or of the one knight that can jump there.

use super::atoms::square_of;
use super::{Jump, Knights};
use crate::answers::steps::{told, unlabelled, unnumbered};
use crate::answers::{Answers, Kind, Read, Token, Unread};
use crate::environment::Environment;

/// Words that can stand beside jumps.
const BESIDE: [&str; 15] = [
    "knight", "n", "white", "black", "jump", "jumps", "goes", "hop", "hops", "start", "square", "goal", "reach",
    "moved", "a",
];

#[derive(Clone, PartialEq)]
enum Part {
    Squares(Vec<u8>),
    /// What joins squares: `-`, `->`, `to`.
    Link,
    Open(bool),
    Close,
    Comma,
    /// The end of a group.
    End,
}

impl Answers for Knights {
    fn read_plain_answer(&self, _text: &str, tokens: &[Token<'_>]) -> Read<Jump> {
        let part = |token: &Token<'_>| match token.kind {
            Kind::Word if token.says("to") => Some(Part::Link),
            Kind::Word if token.says_one(&["and", "then", "next", "finally"]) => Some(Part::End),
            Kind::Word => self.squares_of(token.text).map(Part::Squares),
            Kind::Sign('-' | '→' | '>') => Some(Part::Link),
            Kind::Sign('(') => Some(Part::Open(true)),
            Kind::Sign('[') => Some(Part::Open(false)),
            Kind::Sign(')' | ']') => Some(Part::Close),
            Kind::Sign(',') => Some(Part::Comma),
            Kind::Sign(';' | '.' | ':') | Kind::Line => Some(Part::End),
            _ => None,
        };
        let parts = told(&unnumbered(&unlabelled(tokens)), &BESIDE, &[], part)?;
        // Squares with a link, with spaces or with commas in an inner bracket between them are a group.
        let mut groups: Vec<(Vec<u8>, Token<'_>)> = Vec::new();
        let (mut open, mut depth, mut joins, mut linked) = (false, 0u32, false, false);
        for (part, token) in &parts {
            match part {
                Part::Squares(squares) => match groups.last_mut() {
                    // `Nc2 Na3` are two squares alone.
                    Some((group, _)) if joins && (linked || token.text.len() != 3) => group.extend_from_slice(squares),
                    _ => groups.push((squares.clone(), token.clone())),
                },
                Part::Open(round) => {
                    depth = depth.saturating_add(1);
                    open = *round || depth > 1;
                }
                Part::Close => {
                    depth = depth.saturating_sub(1);
                    open = false;
                }
                _ => {}
            }
            linked = !matches!(part, Part::Squares(_));
            joins = match part {
                Part::Squares(_) => true,
                Part::Link => joins,
                Part::Comma => open,
                _ => false,
            };
        }
        let mut state = self.start();
        let mut moves = Vec::new();
        let mut add = |jump: Jump, state: &mut _| {
            if let Some((_, next, _)) = self.apply(state, jump) {
                *state = next;
            }
            moves.push(jump);
        };
        for (place, (group, token)) in groups.iter().enumerate() {
            match group.as_slice() {
                [square] => {
                    let knights = state.white | state.black;
                    let is_one = knights.count_ones() == 1;
                    if is_one && place == 0 && knights == 1 << square {
                        continue;
                    }
                    let mut from = Vec::new();
                    self.board().jumps(state, |jump, _| from.extend((jump.to == *square).then_some(jump.from)));
                    let from = match from.as_slice() {
                        [from] => *from,
                        _ if is_one => knights.trailing_zeros() as u8,
                        _ => {
                            let why = "it is not said which knight jumps";
                            return Err(Unread::wrong(std::slice::from_ref(token), why));
                        }
                    };
                    add(Jump { from, to: *square }, &mut state);
                }
                squares => squares.windows(2).for_each(|pair| add(Jump { from: pair[0], to: pair[1] }, &mut state)),
            }
        }
        if moves.is_empty() { Err(Unread::nothing()) } else { Ok(moves) }
    }
}

impl Knights {
    /// The squares of a word: `a1`, `Nb3`, `a1b3`, `Na1b3`.
    fn squares_of(&self, word: &str) -> Option<Vec<u8>> {
        let name = match word.len() {
            3 | 5 => word.strip_prefix(['N', 'n'])?,
            _ => word,
        };
        let lower = name.to_ascii_lowercase();
        if !matches!(lower.len(), 2 | 4) {
            return None;
        }
        lower.as_bytes().chunks(2).map(|name| square_of(self.board(), name)).collect()
    }
}
