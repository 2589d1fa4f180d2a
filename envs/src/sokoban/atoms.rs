//! Texts of states and moves of Sokoban.
//!
//! | | Frame | Compact | Prose |
//! |-|-|-|-|
//! | state | `[worker (3,4), box (1,2)]` | `worker 3 4 box 1 2` | `worker at (3, 4), box at (1, 2)` |
//! | step | `up: worker (3,4)` | `up worker 3 4` | `up into (3, 4)` |
//! | push | `up: worker (3,4), box (3,5)` | `up worker 3 4 box 3 5` | `up into (3, 4), pushing a box into (3, 5)` |

use super::{Direction, Extent, Level, Solved, State, WorkerStep, cell_at, coordinates};
use crate::prelude::*;
use crate::prompt::{numbers, pairs};
use crate::text::pair;

const RULES: &[u8] = b". Cells are told by column and row, both from zero at the upper left. A step goes up, down, left or right to a free cell, or to that of a box, which is pushed on if the next cell is free.";

/// Writes the prompt of Searchformer: worker, boxes, docks and walls, each list sorted as text, columns first. Searchformer lists no docks with boxes on them.
/// Here all boxes and docks are listed, so that the prompt describes the whole puzzle.
pub fn write_searchformer<C: Extent>(puzzle: &Level<C>, out: &mut Vec<u8>) {
    let start = out.len();
    let mut list = |word: &str, cells: &mut dyn Iterator<Item = C>| {
        let mut places: Vec<String> = cells
            .map(|cell| {
                let (x, y) = coordinates(cell);
                format!("{x}-{y}")
            })
            .collect();
        places.sort_unstable();
        for place in places {
            if out.len() > start {
                out.push(b' ');
            }
            out.extend_from_slice(word.as_bytes());
            out.push(b' ');
            out.extend_from_slice(place.replace('-', " ").as_bytes());
        }
    };
    list("worker", &mut [puzzle.worker()].into_iter());
    list("box", &mut puzzle.boxes().iter().copied());
    list("dock", &mut puzzle.docks().iter().copied());
    list("wall", &mut puzzle.walls());
}

/// A cell as two numbers.
pub fn write_place<C: Extent>(cell: C, out: &mut Vec<u8>) {
    let (x, y) = coordinates(cell);
    write_number(x.into(), out);
    out.push(b' ');
    write_number(y.into(), out);
}

/// `start` has the worker's cell, then those of the boxes.
fn of_cells(size: &[u64], start: Vec<u64>, docks: &[u64], walls: &[u64]) -> Option<Value> {
    let &[width, height] = size else { return None };
    let start = pairs(&start)?;
    let (worker, boxes) = start.split_first()?;
    Some(json!({
        "width": width, "height": height, "walls": pairs(walls)?, "worker": worker, "boxes": boxes, "docks": pairs(docks)?
    }))
}

/// The puzzle of Searchformer's prompt, as the smallest board that contains its cells.
pub fn read_searchformer(text: &str) -> Option<Value> {
    let (rest, walls) = text.split_once(" wall ").unwrap_or((text, ""));
    let (start, docks) = rest.split_once(" dock ")?;
    let [start, docks, walls] = [start, docks, walls].map(|part| numbers(Style::Prose, part));
    let (start, docks, walls) = (start?, docks?, walls?);
    let side = |axis: usize| {
        let of = |cells: &[u64]| cells.iter().skip(axis).step_by(2).max().copied().unwrap_or(0);
        of(&start).max(of(&docks)).max(of(&walls)).checked_add(1)
    };
    let size = [side(0)?, side(1)?];
    of_cells(&size, start, &docks, &walls)
}

impl<C: Solved> Atoms for Level<C> {
    /// Writes the size and the walls, on one line.
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let (width, height) = (self.width.into(), self.height.into());
        let any = self.walls().next().is_some();
        let size = |words: [&[u8]; 2], out: &mut Vec<u8>| {
            out.extend_from_slice(words[0]);
            write_number(width, out);
            out.extend_from_slice(words[1]);
            write_number(height, out);
        };
        match style {
            Style::Frame => {
                size([b"Size: ", b"x"], out);
                if any {
                    out.extend_from_slice(b", Walls: ");
                    self.write_cells(self.walls(), [b", ", b", "], style, out);
                }
            }
            Style::Compact => {
                size([b"size ", b" "], out);
                for wall in self.walls() {
                    out.extend_from_slice(b" wall ");
                    self.cell(out, style, wall);
                }
            }
            Style::Prose => {
                size([b"The board is ", b" wide and "], out);
                out.extend_from_slice(if any { b" high, with walls at " } else { b" high, without walls" });
                self.write_cells(self.walls(), [b", ", b" and "], style, out);
                out.extend_from_slice(RULES);
            }
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let mut size = task.header_numbers()?;
        let walls = size.split_off(size.len().min(2));
        of_cells(&size, task.start_numbers()?, &task.target_numbers()?, &walls)
    }

    /// Writes the docks.
    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        let docks = self.docks().iter().copied();
        match style {
            Style::Frame => {
                out.extend_from_slice(b"docks ");
                self.write_cells(docks, [b", ", b", "], style, out);
            }
            Style::Compact => {
                out.extend_from_slice(b"dock ");
                self.write_cells(docks, [b" dock ", b" dock "], style, out);
            }
            Style::Prose => {
                out.extend_from_slice(b"a box on each dock: ");
                self.write_cells(docks, [b", ", b" and "], style, out);
            }
        }
    }

    #[inline]
    fn write_state(&self, state: &State<C>, style: Style, out: &mut Vec<u8>) {
        self.pen_state(out, style, state);
    }

    /// Boxes must be in row-major order, so each state has one text.
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<State<C>> {
        let (worker, boxes, len) = self.pen_state(reader, style, &self.start)?;
        let boxes = boxes.as_ref().get(..len).filter(|boxes| boxes.is_sorted())?;
        State::new(worker, boxes)
    }

    #[inline]
    fn write_move(&self, action: WorkerStep<C>, style: Style, out: &mut Vec<u8>) {
        self.pen_move(out, style, action);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<WorkerStep<C>> {
        self.pen_move(reader, style, WorkerStep { direction: Direction::Up, worker: C::of(0), pushed: None })
    }
}

impl<C: Extent> Level<C> {
    /// A cell of the board, floor or wall.
    #[inline]
    fn cell(&self, pen: &mut impl Pen, style: Style, cell: C) -> Option<C> {
        let signs: [&[u8]; 3] = match style {
            Style::Frame => [b"(", b",", b")"],
            Style::Compact => [b"", b" ", b""],
            Style::Prose => [b"(", b", ", b")"],
        };
        let most = [self.width, self.height].map(|side| u64::from(side).saturating_sub(1));
        let [x, y] = pair(pen, style, signs, <[u8; 2]>::from(coordinates(cell)).map(u64::from), most)?;
        cell_at(x, y)
    }

    /// Writes the cells with `between` between them, and `last` between the last two.
    fn write_cells(
        &self,
        cells: impl Iterator<Item = C>,
        [between, last]: [&[u8]; 2],
        style: Style,
        out: &mut Vec<u8>,
    ) {
        let mut cells = cells.peekable();
        let mut first = true;
        while let Some(cell) = cells.next() {
            if !first {
                out.extend_from_slice(if cells.peek().is_some() { between } else { last });
            }
            first = false;
            self.cell(out, style, cell);
        }
    }

    /// The worker's cell, those of the boxes, and the number of boxes.
    #[inline]
    fn pen_state(&self, pen: &mut impl Pen, style: Style, state: &State<C>) -> Option<(C, C::Boxes, usize)> {
        let [worker, each, end]: [&[u8]; 3] = match style {
            Style::Frame => [b"[worker ", b", box ", b"]"],
            Style::Compact => [b"worker ", b" box ", b""],
            Style::Prose => [b"worker at ", b", box at ", b""],
        };
        pen.sign(worker)?;
        let worker = self.cell(pen, style, state.worker)?;
        let (mut boxes, mut len) = (C::NO_BOXES, 0);
        while pen.whether(each, len < state.boxes().len()) {
            let cell = state.boxes().get(len).copied().unwrap_or(C::of(0));
            *boxes.as_mut().get_mut(len)? = self.cell(pen, style, cell)?;
            len += 1;
        }
        pen.sign(end)?;
        Some((worker, boxes, len))
    }

    #[inline]
    fn pen_move(&self, pen: &mut impl Pen, style: Style, action: WorkerStep<C>) -> Option<WorkerStep<C>> {
        let [worker, pushed]: [&[u8]; 2] = match style {
            Style::Frame => [b": worker ", b", box "],
            Style::Compact => [b" worker ", b" box "],
            Style::Prose => [b" into ", b", pushing a box into "],
        };
        let direction = Direction::ALL[pen.word(&Direction::WORDS, action.direction as usize)?];
        pen.sign(worker)?;
        let worker = self.cell(pen, style, action.worker)?;
        let pushed = match pen.whether(pushed, action.pushed.is_some()) {
            true => Some(self.cell(pen, style, action.pushed.unwrap_or(C::of(0)))?),
            false => None,
        };
        Some(WorkerStep { direction, worker, pushed })
    }
}
