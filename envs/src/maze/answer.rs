//! Answers of mazes: directions, or the cells of the path.

use super::{Cell, Direction, Maze};
use crate::answers::steps::{cells, directions};
use crate::answers::{Answers, Read, Token, Unread, span};

/// The directions in the order of [`crate::answers::steps::DIRECTIONS`].
const IN_ORDER: [Direction; 4] = [Direction::Up, Direction::Down, Direction::Left, Direction::Right];

impl Answers for Maze {
    fn read_plain_answer(&self, _text: &str, tokens: &[Token<'_>]) -> Read<Direction> {
        match cells(tokens) {
            Some(pairs) => self.along(&pairs).map_err(|why| Unread::wrong(tokens, why)),
            None => Ok(directions(tokens)?.into_iter().filter_map(|place| IN_ORDER.get(place).copied()).collect()),
        }
        .and_then(|moves| {
            if moves.is_empty() && self.start != self.goal {
                Err(Unread { span: span(tokens), ..Unread::nothing() })
            } else {
                Ok(moves)
            }
        })
    }
}

impl Maze {
    /// The moves along cells. A cell is told by column and row, or by row and column where only this leads from the start to the goal over open cells.
    fn along(&self, pairs: &[[u64; 2]]) -> Result<Vec<Direction>, String> {
        let cell = |[x, y]: [u64; 2]| Some(Cell::new(u8::try_from(x).ok()?, u8::try_from(y).ok()?));
        let path = |turned: bool| -> Option<Vec<Cell>> {
            pairs.iter().map(|&[one, other]| cell(if turned { [other, one] } else { [one, other] })).collect()
        };
        let fits = |path: &Vec<Cell>| {
            let begins = path.first().is_some_and(|&first| step(self.start, first).is_some() || first == self.start);
            begins && path.last() == Some(&self.goal) && path.iter().all(|&cell| self.floor.is_open(cell))
        };
        let read = [false, true].into_iter().filter_map(path).find(fits).or_else(|| path(false));
        let path = read.ok_or("a cell lies outside of the maze")?;
        let mut at = self.start;
        let mut moves = Vec::new();
        for (place, next) in path.into_iter().enumerate() {
            if place == 0 && next == at {
                continue;
            }
            let Some(direction) = step(at, next) else {
                return Err(format!("({}, {}) is no neighbour of ({}, {})", next.x, next.y, at.x, at.y));
            };
            moves.push(direction);
            at = next;
        }
        Ok(moves)
    }
}

/// The direction from a cell to a neighbour; none for other cells.
fn step(from: Cell, to: Cell) -> Option<Direction> {
    IN_ORDER.into_iter().find(|direction| direction.from(from) == Some(to))
}
