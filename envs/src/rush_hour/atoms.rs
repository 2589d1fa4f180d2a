//! Texts of states and moves of Rush Hour. Cars are named A, B, C … in the order of the list.
//!
//! A state is the offset of every car in its lane, in this order: `[4, 0, 2]`, compact `4 0 2`, in prose `A at 4, B at 0, C at 2`. A move is `B right 2`, in
//! prose `B right by 2`.

use super::RushHour;
use super::board::{Direction, MOST_CARS, Offsets, SIZES, Slide};
use crate::prelude::*;

/// The words of the compact style, letters first.
pub const WORDS: [&str; MOST_CARS + 9] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "left",
    "right", "up", "down", "size", "exit", "row", "column", "wall",
];

const DIRECTIONS: [&str; 4] = ["left", "right", "up", "down"];

fn letter(car: usize) -> u8 {
    b'A' + car as u8
}

impl Atoms for RushHour {
    /// Writes the board, the lane of each car, and the walls if there are any.
    ///
    /// Frame: `Board: 6x6, exit row 2, A row 2 length 2, B column 4 length 3`. Compact: `size 6 exit 2 A row 2 2 , B column 4 3 ,`. Prose: `The
    /// board has 6 rows and columns, the exit is in row 2. A is in row 2 with length 2, B in column 4 with length 3.`
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let (size, exit) = (self.board.size, self.exit());
        let begin = match style {
            Style::Frame => format!("Board: {size}x{size}, exit row {exit}"),
            Style::Compact => format!("size {size} exit {exit}"),
            Style::Prose => format!("The board has {size} rows and columns, the exit is in row {exit}."),
        };
        out.extend_from_slice(begin.as_bytes());
        for (i, car) in self.board.cars.iter().enumerate() {
            let between: &[u8] = match (style, i) {
                (Style::Frame, _) => b", ",
                (Style::Compact, _) | (Style::Prose, 0) => b" ",
                (Style::Prose, _) => b", ",
            };
            out.extend_from_slice(between);
            out.push(letter(i));
            out.extend_from_slice(match (style, i) {
                (Style::Prose, 0) => b" is in ",
                (Style::Prose, _) => b" in ",
                _ => b" ",
            });
            let (lane, length) = (car.lane, car.length);
            let line = if car.across { "row" } else { "column" };
            let rest = match style {
                Style::Frame => format!("{line} {lane} length {length}"),
                Style::Compact => format!("{line} {lane} {length} ,"),
                Style::Prose => format!("{line} {lane} with length {length}"),
            };
            out.extend_from_slice(rest.as_bytes());
        }
        self.write_walls(style, out);
        if style == Style::Prose {
            out.extend_from_slice(b". Rows count from the top, columns from the left, both from 0. The place of a car is the column or row of its left or upper end, and it moves along its own row or column over free squares.");
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let header = task.header.split(". Rows count").next()?;
        let (rest, walls) = header.split_once(before_walls(task.style)).unwrap_or((header, ""));
        let walls = crate::prompt::pairs(&crate::prompt::numbers(task.style, walls)?)?;
        let (head, lanes) = match task.style {
            Style::Frame => rest.split_once(", A ")?,
            Style::Compact => rest.split_once(" A ")?,
            Style::Prose => rest.split_once(" A is in ")?,
        };
        let head = crate::prompt::numbers(task.style, head)?;
        let (size, exit) = (head.first()?, head.last()?);
        let lanes = lanes.trim_end_matches(',').split(',').filter(|lane| !lane.trim().is_empty());
        let car = |(lane, offset): (&str, u64)| {
            let numbers = crate::prompt::numbers(task.style, lane)?;
            let (at, length) = (*numbers.first()?, *numbers.get(1)?);
            let across = lane.contains("row");
            let [x, y] = if across { [offset, at] } else { [at, offset] };
            Some(json!({"x": x, "y": y, "length": length, "across": across}))
        };
        let cars = lanes.zip(task.start_numbers()?).map(car).collect::<Option<Vec<Value>>>()?;
        Some(json!({"size": size, "exit": exit, "cars": cars, "walls": walls}))
    }

    /// Writes the goal offset of A: `A=4`, `A 4`, `A at 4`.
    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        out.extend_from_slice(match style {
            Style::Frame => b"A=",
            Style::Compact => b"A ",
            Style::Prose => b"A at ",
        });
        write_number(self.board.exit_offset().into(), out);
    }

    fn write_state(&self, state: &Offsets, style: Style, out: &mut Vec<u8>) {
        self.pen_state(out, style, *state);
    }

    /// Accepts only positions without overlapping cars.
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Offsets> {
        self.pen_state(reader, style, self.start).filter(|&state| self.board.is_position(state))
    }

    fn write_move(&self, action: Slide, style: Style, out: &mut Vec<u8>) {
        self.pen_move(out, style, action);
    }

    /// Accepts a move of any car of the puzzle in any direction. The rules decide whether it is legal.
    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Slide> {
        self.pen_move(reader, style, Slide { car: 0, direction: Direction::Left, by: 1 }).filter(|slide| slide.by > 0)
    }
}

/// The greatest offset, and the longest slide.
const MOST: u64 = SIZES[1] as u64 - 1;

/// What stands before the first wall.
fn before_walls(style: Style) -> &'static str {
    match style {
        Style::Frame => ", walls ",
        Style::Compact => " wall ",
        Style::Prose => ". Walls, by column and row, are at ",
    }
}

impl RushHour {
    /// `, walls (4, 3), (0, 5)`; compact ` wall 4 3 wall 0 5`.
    fn write_walls(&self, style: Style, out: &mut Vec<u8>) {
        let squares = self.board.wall_squares().map(|[x, y]| match style {
            Style::Compact => format!("{x} {y}"),
            Style::Frame | Style::Prose => format!("({x}, {y})"),
        });
        let squares: Vec<String> = squares.collect();
        if !squares.is_empty() {
            out.extend_from_slice(before_walls(style).as_bytes());
            out.extend_from_slice(squares.join(if style == Style::Compact { " wall " } else { ", " }).as_bytes());
        }
    }

    #[inline]
    fn pen_state(&self, pen: &mut impl Pen, style: Style, state: Offsets) -> Option<Offsets> {
        let [open, between, close]: [&[u8]; 3] = match style {
            Style::Frame => [b"[", b", ", b"]"],
            Style::Compact => [b"", b" ", b""],
            Style::Prose => [b"", b", ", b""],
        };
        let mut offsets = Offsets::default();
        for car in 0..self.board.cars.len() {
            pen.sign(if car > 0 { between } else { open })?;
            if style == Style::Prose {
                pen.sign(&[letter(car)])?;
                pen.sign(b" at ")?;
            }
            offsets = offsets.with(car, pen.number(Style::Frame, state.of(car).into(), MOST)? as u8);
        }
        pen.sign(close)?;
        Some(offsets)
    }

    #[inline]
    fn pen_move(&self, pen: &mut impl Pen, style: Style, Slide { car, direction, by }: Slide) -> Option<Slide> {
        let car = pen.letter(letter(0), car, self.board.cars.len() as u8)?;
        pen.sign(b" ")?;
        let direction = Direction::ALL[pen.word(&DIRECTIONS, direction as usize)?];
        pen.sign(if style == Style::Prose { b" by " } else { b" " })?;
        Some(Slide { car, direction, by: pen.number(Style::Frame, by.into(), MOST)? as u8 })
    }
}
