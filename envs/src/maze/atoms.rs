//! Texts of states and moves of mazes.

use super::{Cell, DIRECTIONS, Direction, Floor, Maze};
use crate::prelude::*;
use crate::prompt::{numbers, pairs};
use crate::text::pair;

/// Up to eight bytes and their number.
type Short = ([u8; 8], usize);

fn short(parts: [&[u8]; 3]) -> Short {
    let mut bytes = [0; 8];
    let mut len = 0;
    for &byte in parts.into_iter().flatten().take(8) {
        bytes[len] = byte;
        len += 1;
    }
    (bytes, len)
}

/// A number with the texts before and after it.
fn around(before: &[u8], value: u8, behind: &[u8]) -> Short {
    let digits = [b'0' + value / 100, b'0' + value / 10 % 10, b'0' + value % 10];
    let zeros = if value >= 100 { 0 } else { 1 + usize::from(value < 10) };
    short([before, &digits[zeros..], behind])
}

/// Writes every wall, by row, then by column, with the texts before x, between x and y, and after y. Mazes have hundreds of walls, so this takes most of the
/// time for writing a puzzle. It copies eight bytes at a time, and the next copy overwrites the excess.
pub fn write_walls(floor: &Floor, [before, between, behind]: [&[u8]; 3], out: &mut Vec<u8>) {
    let mut heads = [([0u8; 8], 0usize); super::MAX_SIDE];
    for (x, head) in heads.iter_mut().enumerate().take(floor.width()) {
        *head = around(before, x as u8, b"");
    }
    for y in 0..floor.height() as u8 {
        let (tail, tail_len) = around(between, y, behind);
        let begin = out.len();
        out.resize(begin + 16 * floor.width(), 0);
        let mut at = begin;
        for x in floor.walls_of(y) {
            let (head, head_len) = heads[usize::from(x)];
            out[at..at + 8].copy_from_slice(&head);
            at += head_len;
            out[at..at + 8].copy_from_slice(&tail);
            at += tail_len;
        }
        out.truncate(at);
    }
}

const RULES: &[u8] = b". Cells are told by column and row, both from zero at the upper left. A step goes up, down, left or right to a cell without a wall.";

/// `(3, 4)`; compact `3 4`.
#[inline(always)]
pub fn cell(pen: &mut impl Pen, style: Style, cell: Cell) -> Option<Cell> {
    let (place, most) = ([cell.x, cell.y].map(u64::from), [u8::MAX.into(); 2]);
    let [x, y] = match style {
        Style::Compact => pair(pen, Style::Frame, [b"", b" ", b""], place, most)?,
        Style::Frame | Style::Prose => pair(pen, Style::Frame, [b"(", b", ", b")"], place, most)?,
    };
    Some(Cell { x: x as u8, y: y as u8 })
}

/// The words of the directions, in their order.
pub const NAMES: [&str; 4] = ["down", "up", "left", "right"];

fn of_cells(size: [u64; 2], start: Vec<u64>, goal: Vec<u64>, walls: &[u64]) -> Option<Value> {
    let [width, height] = size;
    Some(json!({"width": width, "height": height, "start": start, "goal": goal, "walls": pairs(walls)?}))
}

/// The puzzle of Searchformer's prompt, as the smallest maze that contains its cells.
pub fn read_searchformer(text: &str) -> Option<Value> {
    let mut start = numbers(Style::Prose, text)?;
    let side = |axis: usize| start.iter().skip(axis).step_by(2).max().and_then(|most| most.checked_add(1));
    let size = [side(0)?, side(1)?];
    let mut goal = start.split_off(start.len().min(2));
    let walls = goal.split_off(goal.len().min(2));
    of_cells(size, start, goal, &walls)
}

impl Atoms for Maze {
    /// Writes the size and the walls, on one line.
    ///
    /// Frame: `Size: 5x5, walls: (0, 0), (2, 0)`. Compact: `size 5 5 wall 0 0 wall 2 0`. Prose: `The maze has 5 columns and 5 rows,
    /// with walls at (0, 0), (2, 0).`
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let floor = &self.floor;

        let [before, between, behind]: [&[u8]; 3] = match style {
            Style::Frame => [b"Size: ", b"x", b", walls: "],
            Style::Compact => [b"size ", b" ", b" "],
            Style::Prose => [b"The maze has ", b" columns and ", b", with walls at "],
        };
        out.extend_from_slice(before);
        write_number(floor.width() as u64, out);
        out.extend_from_slice(between);
        write_number(floor.height() as u64, out);
        out.extend_from_slice(if style == Style::Prose { b" rows" } else { b"" });
        let bare = out.len();
        out.extend_from_slice(behind);
        let walls = out.len();
        match style {
            Style::Compact => write_walls(floor, [b"wall ", b" ", b" "], out),
            Style::Frame | Style::Prose => write_walls(floor, [b"(", b", ", b"), "], out),
        }
        if out.len() == walls {
            out.truncate(bare);
        } else {
            out.truncate(out.len() - if style == Style::Compact { 1 } else { 2 });
        }
        if style == Style::Prose {
            out.extend_from_slice(RULES);
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let mut header = task.header_numbers()?;
        let walls = header.split_off(header.len().min(2));
        let [width, height] = header.try_into().ok()?;
        of_cells([width, height], task.start_numbers()?, task.target_numbers()?, &walls)
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        cell(out, style, self.goal);
    }

    #[inline]
    fn write_state(&self, state: &Cell, style: Style, out: &mut Vec<u8>) {
        cell(out, style, *state);
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Cell> {
        cell(reader, style, self.goal).filter(|&cell| self.floor.holds(cell))
    }

    #[inline]
    fn write_move(&self, action: Direction, _style: Style, out: &mut Vec<u8>) {
        out.extend_from_slice(NAMES[action as usize].as_bytes());
    }

    fn read_move(&self, _style: Style, reader: &mut Reader<'_>) -> Option<Direction> {
        reader.one_of(&NAMES).map(|word| DIRECTIONS[word])
    }
}
