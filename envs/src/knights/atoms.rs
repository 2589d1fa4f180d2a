//! Texts of states and moves of knights. Squares are named as in chess: `a1` is the first column of the first row.
//!
//! A state lists the squares of the white knights and of the black ones: `[a1, c1 | a3, c3]`, compact `a1 c1 | a3 c3`, in prose `white on a1 and c1 and black
//! on a3 and c3`. A single knight on a path is `[a1]`, `a1`, `knight on a1`. A move is `a1-b3`, `a1 b3`, `a1 to b3`.

use super::Knights;
use super::board::{Board, Jump, Position, bits, squares};
use crate::prelude::*;

/// The words of the compact style.
pub const WORDS: [&str; 66] = [
    "a1", "b1", "c1", "d1", "e1", "f1", "g1", "h1", "a2", "b2", "c2", "d2", "e2", "f2", "g2", "h2", "a3", "b3", "c3",
    "d3", "e3", "f3", "g3", "h3", "a4", "b4", "c4", "d4", "e4", "f4", "g4", "h4", "a5", "b5", "c5", "d5", "e5", "f5",
    "g5", "h5", "a6", "b6", "c6", "d6", "e6", "f6", "g6", "h6", "a7", "b7", "c7", "d7", "e7", "f7", "g7", "h7", "a8",
    "b8", "c8", "d8", "e8", "f8", "g8", "h8", "board", "blocked",
];

pub fn name_of(square: u8) -> [u8; 2] {
    [b'a' + square % 8, b'1' + square / 8]
}

/// The square with a name, if it is on the board.
pub fn square_of(board: &Board, name: &[u8]) -> Option<u8> {
    let &[x, y] = name else { return None };
    let (x, y) = (x.checked_sub(b'a')?, y.checked_sub(b'1')?);
    (x < board.width && y < board.height).then(|| 8 * y + x)
}

impl Atoms for Knights {
    /// Writes the board and the blocked squares.
    ///
    /// Frame: `Board: 4x3, blocked a1, b2`. Compact: `board 4 3 blocked a1 b2`. Prose: `The board has 4 columns and 3 rows. Blocked are a1 and b2.`
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let Board { width, height, open } = self.layout.board;
        let (begin, sign, end, then): (&[u8], &[u8], &[u8], &[u8]) = match style {
            Style::Frame => (b"Board: ", b"x", b"", b", blocked "),
            Style::Compact => (b"board ", b" ", b"", b" blocked "),
            Style::Prose => (b"The board has ", b" columns and ", b" rows.", b" Blocked are "),
        };
        out.extend_from_slice(begin);
        write_number(width.into(), out);
        out.extend_from_slice(sign);
        write_number(height.into(), out);
        out.extend_from_slice(end);
        let blocked = squares(width, height) & !open;
        if blocked != 0 {
            out.extend_from_slice(then);
            self.squares(out, style, blocked);
            out.extend_from_slice(if style == Style::Prose { b"." } else { b"" });
        }
        if style == Style::Prose {
            out.extend_from_slice(
                b" A move takes a knight to a free square as in chess: along by one square and across by two.",
            );
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let header = task.header_numbers()?;
        let (width, height) = (header.first()?, header.get(1)?);
        let squares = |text: &str| -> Vec<String> {
            let is_square = |word: &&str| word.len() == 2 && matches!(word.as_bytes(), [b'a'..=b'h', b'1'..=b'8']);
            crate::prompt::words(text).filter(is_square).map(String::from).collect()
        };
        let all = if task.style == Style::Prose { "Blocked are " } else { "blocked " };
        let blocked = squares(task.between(all, "").unwrap_or(""));
        let cut = if task.style == Style::Prose { " black on " } else { "|" };
        Some(match task.start.split_once(cut) {
            Some((white, black)) => json!({
                "task": "swap", "width": width, "height": height, "blocked": blocked, "white": squares(white), "black": squares(black)
            }),
            None => json!({
                "task": "path", "width": width, "height": height, "blocked": blocked,
                "start": squares(task.start).first()?, "goal": squares(task.target).first()?
            }),
        })
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.write_state(&self.layout.goal, style, out);
    }

    fn write_state(&self, state: &Position, style: Style, out: &mut Vec<u8>) {
        self.pen_state(out, style, *state);
    }

    /// Accepts only the puzzle's number of knights of each colour, on different open squares.
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Position> {
        let Position { white, black } = self.pen_state(reader, style, self.layout.start)?;
        (white & black == 0 && (white | black) & !self.layout.board.open == 0).then_some(Position { white, black })
    }

    fn write_move(&self, action: Jump, style: Style, out: &mut Vec<u8>) {
        self.pen_move(out, style, action);
    }

    /// Reads a jump between any two squares of the board. The rules decide whether it is legal.
    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Jump> {
        self.pen_move(reader, style, Jump { from: 0, to: 0 })
    }
}

impl Knights {
    #[inline]
    fn square(&self, pen: &mut impl Pen, square: u8) -> Option<u8> {
        pen.name(name_of(square), |name| square_of(&self.layout.board, name))
    }

    /// As many squares as are in the set, in ascending order.
    #[inline]
    fn squares(&self, pen: &mut impl Pen, style: Style, set: u64) -> Option<u64> {
        let mut squares = 0u64;
        for (i, square) in bits(set).enumerate() {
            pen.sign(match style {
                _ if i == 0 => b"",
                Style::Frame => b", ",
                Style::Compact => b" ",
                Style::Prose => b" and ",
            })?;
            let square = 1u64 << self.square(pen, square)?;
            squares = if squares < square { squares | square } else { return None };
        }
        Some(squares)
    }

    /// As many knights of each colour as are in the position.
    #[inline]
    fn pen_state(&self, pen: &mut impl Pen, style: Style, Position { white, black }: Position) -> Option<Position> {
        let single = self.layout.start.black == 0;
        let [begin, middle, end]: [&[u8]; 3] = match (style, single) {
            (Style::Frame, _) => [b"[", b" | ", b"]"],
            (Style::Compact, _) => [b"", b" | ", b""],
            (Style::Prose, true) => [b"knight on ", b"", b""],
            (Style::Prose, false) => [b"white on ", b" and black on ", b""],
        };
        pen.sign(begin)?;
        let white = self.squares(pen, style, white)?;
        pen.sign(if single { b"" } else { middle })?;
        let black = self.squares(pen, style, black)?;
        pen.sign(end)?;
        Some(Position { white, black })
    }

    #[inline]
    fn pen_move(&self, pen: &mut impl Pen, style: Style, Jump { from, to }: Jump) -> Option<Jump> {
        let from = self.square(pen, from)?;
        pen.sign(match style {
            Style::Frame => b"-",
            Style::Compact => b" ",
            Style::Prose => b" to ",
        })?;
        Some(Jump { from, to: self.square(pen, to)? })
    }
}
