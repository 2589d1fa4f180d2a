//! Answers of blocks world: `Move A onto B`, `Move A from B to C`, `A -> table`, `unstack A from B; stack A on C`, `(pick-up a) (stack a b)`, `(move a b c)`.
//!
//! Three blocks alone in a bracket or on a line are a block, where it stands and where it goes, as in planning domains. What is said of where a block stands must
//! be true. A block that was taken must be put somewhere.

use super::atoms::write_block;
use super::{Blocksworld, Move, TABLE};
use crate::answers::steps::{letters, told, unlabelled, unnumbered};
use crate::answers::{Answers, Kind, Read, Token, Unread};
use crate::environment::Environment;

/// Words that can stand beside moves.
const BESIDE: [&str; 16] = [
    "block", "blocks", "put", "puts", "place", "stack", "top", "up", "stand", "stands", "goes", "set", "hand", "pick",
    "back", "a",
];
/// Words for taking a block.
const TAKE: [&str; 7] = ["pick", "pickup", "pick_up", "unstack", "lift", "grab", "remove"];
/// Words for putting a block on the table.
const DOWN: [&str; 5] = ["down", "putdown", "put_down", "table", "table."];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Block(u8),
    Table,
    From,
    Take,
    /// The block that was taken.
    It,
    End,
}

impl Answers for Blocksworld {
    fn read_plain_answer(&self, _text: &str, tokens: &[Token<'_>]) -> Read<Move> {
        let letter = letters(tokens, self.blocks());
        let names = self.names.as_deref().map(|names| names.to_vec()).unwrap_or_default();
        let block = |token: &Token<'_>| {
            let exactly = names.iter().position(|name| token.text == name);
            let named = exactly.or_else(|| names.iter().position(|name| token.says(name))).map(|block| block as u8);
            if names.is_empty() { letter(token) } else { named }
        };
        let part = |token: &Token<'_>| match token.kind {
            Kind::Line | Kind::Sign(';' | '.' | ')' | ']') => Some(Part::End),
            Kind::Word if block(token).is_some() => block(token).map(Part::Block),
            Kind::Word if token.says_one(&DOWN) => Some(Part::Table),
            Kind::Word if token.says("it") => Some(Part::It),
            Kind::Word if token.says("from") => Some(Part::From),
            Kind::Word if token.says_one(&TAKE) => Some(Part::Take),
            _ => None,
        };
        let parts = told(&unnumbered(&unlabelled(tokens)), &BESIDE, &['-', '{', '}'], part)?;
        if !parts.iter().any(|(part, _)| matches!(part, Part::Block(_))) {
            return Err(Unread::nothing());
        }
        let mut reading = Reading { puzzle: self, state: self.start(), held: None, moves: Vec::new() };
        for group in parts.split(|(part, _)| *part == Part::End).filter(|group| !group.is_empty()) {
            reading.group(group)?;
        }
        match (reading.held, parts.last()) {
            (Some(_), Some((_, token))) => {
                Err(Unread::wrong(std::slice::from_ref(token), "a block is taken and not put down"))
            }
            _ => Ok(reading.moves),
        }
    }

    fn write_plain_answer(&self, moves: &[Move], out: &mut Vec<u8>) {
        for (place, Move { block, onto }) in moves.iter().enumerate() {
            out.extend_from_slice(if place > 0 { b"\nMove " } else { b"Move " });
            write_block(self, *block, out);
            out.extend_from_slice(b" onto ");
            match *onto {
                TABLE => out.extend_from_slice(b"the table"),
                onto => write_block(self, onto, out),
            }
        }
    }
}

/// What was read so far.
struct Reading<'a> {
    puzzle: &'a Blocksworld,
    state: super::Blocks,
    held: Option<u8>,
    moves: Vec<Move>,
}

impl Reading<'_> {
    /// Reads the moves of a line, a sentence or a bracket.
    fn group(&mut self, group: &[(Part, Token<'_>)]) -> Result<(), Unread> {
        let place = |part: Part| match part {
            Part::Block(block) => Some(block),
            Part::Table => Some(TABLE),
            _ => None,
        };
        let mut parts: Vec<Part> = group.iter().map(|(part, _)| *part).collect();
        let mut at = 0;
        while at < parts.len() {
            let token = &group[at].1;
            if let (Part::It, Some(held)) = (parts[at], self.held) {
                parts[at] = Part::Block(held);
            }
            let wrong = |why: &str| Unread::wrong(std::slice::from_ref(token), why);
            // The block, where it is said to stand, where it goes, and how many parts say so.
            let (block, from, onto, taken) = match &parts[at..] {
                [Part::Take, Part::Block(block), Part::From, from, ..] if place(*from).is_some() => {
                    (*block, place(*from), None, 4)
                }
                // `unstack a b`
                [Part::Take, Part::Block(block), Part::Block(from)] if token.says("unstack") => {
                    (*block, Some(*from), None, 3)
                }
                [Part::Take, Part::Block(block), ..] => (*block, None, None, 2),
                [Part::Block(block), Part::From, from, onto, ..] if place(*from).is_some() => {
                    (*block, place(*from), Some(place(*onto)), 4)
                }
                [Part::Block(block), from, onto] if at == 0 && place(*from).is_some() && place(*onto).is_some() => {
                    if *from == Part::Table && *onto == Part::Table {
                        (*block, None, Some(Some(TABLE)), 3)
                    } else {
                        (*block, place(*from), Some(place(*onto)), 3)
                    }
                }
                [Part::Block(block), onto, ..] if place(*onto).is_some() => (*block, None, Some(place(*onto)), 2),
                [Part::Table, Part::Block(block), Part::Table, ..] => (*block, None, Some(Some(TABLE)), 3),
                [Part::Table, Part::Block(block), ..] => (*block, None, Some(Some(TABLE)), 2),
                _ => return Err(Unread::at(token)),
            };
            if from.is_some_and(|from| self.state.under(block) != from) {
                return Err(wrong("the block does not stand there"));
            }
            match onto {
                None if self.held.is_some() => return Err(wrong("two blocks are taken at once")),
                None => self.held = Some(block),
                Some(None) => return Err(Unread::at(token)),
                Some(Some(_)) if self.held.is_some_and(|held| held != block) => {
                    return Err(wrong("another block is taken and not put down"));
                }
                Some(Some(onto)) => {
                    self.held = None;
                    let action = Move { block, onto };
                    if let Some((_, next, _)) = self.puzzle.apply(&self.state, action) {
                        self.state = next;
                    }
                    self.moves.push(action);
                }
            }
            at += taken;
        }
        Ok(())
    }
}
