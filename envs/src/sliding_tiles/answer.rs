//! Answers of sliding tiles: the tiles that slide, `5, 8, 7`, with their directions or without, `tile 5 left`; or the ways of the blank, `up, left`.
//!
//! A direction without a tile is that of the blank, as in most books, unless the text speaks of tiles: `slide a tile up`. The other meaning is not tried.

use super::{Slide, SlidingTiles, Tiles};
use crate::answers::steps::{Direction, directions, listed, told};
use crate::answers::{Answers, Read, Token, Unread};
use crate::environment::{Atoms, Environment};
use crate::text::write_number;

/// Words that can stand beside tiles and directions.
const BESIDE: [&str; 16] = [
    "tile",
    "tiles",
    "slide",
    "slides",
    "swap",
    "number",
    "into",
    "direction",
    "blank",
    "empty",
    "space",
    "hole",
    "gap",
    "a",
    "cell",
    "upwards",
];
/// Words for the blank.
const BLANK: [&str; 5] = ["blank", "empty", "space", "hole", "gap"];

enum Part {
    Tile(u64),
    Way(usize),
}

impl Answers for SlidingTiles {
    fn read_plain_answer(&self, text: &str, tokens: &[Token<'_>]) -> Read<Slide> {
        if let Ok(moves) = listed(text, tokens, |style, reader| self.read_move(style, reader)) {
            return Ok(moves);
        }
        // `4 → 5` is no way, `4→, 5→` are two.
        let follows = |place: usize| tokens.get(place + 1).is_some_and(|next| next.number().is_some());
        let mut arrows = tokens.iter().enumerate().filter(|(_, token)| token.is('→'));
        let between = arrows.all(|(place, _)| follows(place));
        let part = |token: &Token<'_>| {
            token
                .number()
                .map(Part::Tile)
                .or_else(|| Direction::of(token).filter(|_| !between || !token.is('→')).map(Part::Way))
        };
        let parts = told(tokens, &BESIDE, &['{', '}'], part);
        if !tokens.iter().any(|token| token.number().is_some()) || parts.is_err() {
            return self.along(tokens);
        }
        let (mut state, mut moves) = (self.start(), Vec::new());
        let mut rest = parts.as_deref().unwrap_or_default();
        while let Some((first, token)) = rest.first() {
            let (tile, way, behind) = match (first, rest.get(1)) {
                (Part::Tile(tile), Some((Part::Way(way), _))) => (*tile, Some(*way), &rest[2..]),
                (Part::Tile(tile), _) => (*tile, None, &rest[1..]),
                (Part::Way(_), _) => return Err(Unread::at(token)),
            };
            let known = u8::try_from(tile).ok().filter(|&tile| tile > 0 && usize::from(tile) < self.board.cells());
            let action = Slide(known.ok_or_else(|| Unread::at(token))?);
            let blank = state.blank();
            if let Some((_, next, _)) = self.apply(&state, action) {
                // The tile goes where the blank was.
                if way.is_some_and(|way| self.beside(next.blank(), way) != Some(blank)) {
                    return Err(Unread::wrong(std::slice::from_ref(token), format!("tile {tile} slides elsewhere")));
                }
                state = next;
            }
            moves.push(action);
            rest = behind;
        }
        Ok(moves)
    }

    fn write_plain_answer(&self, moves: &[Slide], out: &mut Vec<u8>) {
        for (place, Slide(tile)) in moves.iter().enumerate() {
            out.extend_from_slice(if place > 0 { b", " } else { b"" });
            write_number(u64::from(*tile), out);
        }
    }
}

impl SlidingTiles {
    /// The moves of directions: those of the blank, or those of tiles where the text speaks of tiles and of no blank.
    fn along(&self, tokens: &[Token<'_>]) -> Read<Slide> {
        let of_tiles = tokens.iter().any(|token| token.says_one(&["tile", "tiles"]));
        if of_tiles && tokens.iter().any(|token| token.says_one(&BLANK)) {
            return Err(Unread::ambiguous(tokens));
        }
        let rest: Vec<Token<'_>> = tokens.iter().filter(|token| !token.says_one(&BESIDE)).cloned().collect();
        let (mut state, mut moves): (Tiles, _) = (self.start(), Vec::new());
        for way in directions(&rest)? {
            let way = if of_tiles { way ^ 1 } else { way };
            let Some(cell) = self.beside(state.blank(), way) else {
                return Err(Unread::wrong(tokens, format!("move {} leads off the board", moves.len() + 1)));
            };
            moves.push(Slide(state.tile(cell)));
            state = state.exchanged(cell, state.blank());
        }
        Ok(moves)
    }

    /// The cell beside a cell: above, below, left or right.
    fn beside(&self, cell: usize, way: usize) -> Option<usize> {
        let (row, column) = self.board.place(cell);
        let [rows, columns] = [self.board.rows, self.board.columns].map(usize::from);
        let (row, column) = match way {
            0 => (row.checked_sub(1)?, column),
            1 => (row + 1, column),
            2 => (row, column.checked_sub(1)?),
            _ => (row, column + 1),
        };
        (row < rows && column < columns).then_some(row * columns + column)
    }
}
