//! How Sokoban is written and read.
//!
//! | | Frame | Compact | Prose |
//! |-|-|-|-|
//! | state | `[worker (3,4), box (1,2)]` | `worker 3 4 box 1 2` | `worker at (3, 4), box at (1, 2)` |
//! | step | `up: worker (3,4)` | `up worker 3 4` | `up into (3, 4)` |
//! | push | `up: worker (3,4), box (3,5)` | `up worker 3 4 box 3 5` | `up into (3, 4), pushing a box into (3, 5)` |

use super::{Cell, Direction, STATE_BOXES, Sokoban, State, WorkerStep, cell_at, coordinates};
use crate::prompt::{Task, numbers, pairs};
use crate::text::{Reader, Style, write_number, write_number_in};
use serde_json::{Value, json};

#[inline]
fn write_cell(cell: Cell, style: Style, out: &mut Vec<u8>) {
    let (x, y) = coordinates(cell);
    let [open, comma, close]: [&[u8]; 3] = match style {
        Style::Frame => [b"(", b",", b")"],
        Style::Compact => [b"", b" ", b""],
        Style::Prose => [b"(", b", ", b")"],
    };
    out.extend_from_slice(open);
    write_number_in(style, x.into(), out);
    out.extend_from_slice(comma);
    write_number_in(style, y.into(), out);
    out.extend_from_slice(close);
}

/// Reads any cell of the board, be it floor or wall.
fn read_cell(puzzle: &Sokoban, style: Style, reader: &mut Reader<'_>) -> Option<Cell> {
    let [open, comma, close]: [&[u8]; 3] = match style {
        Style::Frame => [b"(", b",", b")"],
        Style::Compact => [b"", b" ", b""],
        Style::Prose => [b"(", b", ", b")"],
    };
    reader.take(open)?;
    let x = reader.number_up_to(style, u64::from(puzzle.width).saturating_sub(1))?;
    reader.take(comma)?;
    let y = reader.number_up_to(style, u64::from(puzzle.height).saturating_sub(1))?;
    reader.take(close)?;
    cell_at(x, y)
}

/// The cells with `between` between each two, and `last` instead between the last two.
fn write_cells(cells: impl Iterator<Item = Cell>, [between, last]: [&[u8]; 2], style: Style, out: &mut Vec<u8>) {
    let mut cells = cells.peekable();
    let mut first = true;
    while let Some(cell) = cells.next() {
        if !first {
            out.extend_from_slice(if cells.peek().is_some() { between } else { last });
        }
        first = false;
        write_cell(cell, style, out);
    }
}

/// Writes size and walls, on one line.
pub fn write_header(puzzle: &Sokoban, style: Style, out: &mut Vec<u8>) {
    let (width, height) = (puzzle.width.into(), puzzle.height.into());
    let any = puzzle.walls().next().is_some();
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
                write_cells(puzzle.walls(), [b", ", b", "], style, out);
            }
        }
        Style::Compact => {
            size([b"size ", b" "], out);
            for wall in puzzle.walls() {
                out.extend_from_slice(b" wall ");
                write_cell(wall, style, out);
            }
        }
        Style::Prose => {
            size([b"The board is ", b" wide and "], out);
            out.extend_from_slice(if any { b" high, with walls at " } else { b" high, without walls" });
            write_cells(puzzle.walls(), [b", ", b" and "], style, out);
            out.extend_from_slice(RULES);
        }
    }
}

const RULES: &[u8] = b". Cells are told by column and row, both from zero at the upper left. A step goes up, down, left or right to a free cell, or to that of a box, which is pushed on if the next cell is free.";

/// Writes the docks.
pub fn write_target(puzzle: &Sokoban, style: Style, out: &mut Vec<u8>) {
    let docks = puzzle.docks().iter().copied();
    match style {
        Style::Frame => {
            out.extend_from_slice(b"docks ");
            write_cells(docks, [b", ", b", "], style, out);
        }
        Style::Compact => {
            out.extend_from_slice(b"dock ");
            write_cells(docks, [b" dock ", b" dock "], style, out);
        }
        Style::Prose => {
            out.extend_from_slice(b"a box on each dock: ");
            write_cells(docks, [b", ", b" and "], style, out);
        }
    }
}

/// What stands before the worker, before each box, and at the end of a state.
#[inline]
fn state_words(style: Style) -> [&'static [u8]; 3] {
    match style {
        Style::Frame => [b"[worker ", b", box ", b"]"],
        Style::Compact => [b"worker ", b" box ", b""],
        Style::Prose => [b"worker at ", b", box at ", b""],
    }
}

#[inline]
pub fn write_state(state: &State, style: Style, out: &mut Vec<u8>) {
    let [worker, each, end] = state_words(style);
    out.extend_from_slice(worker);
    write_cell(state.worker, style, out);
    for &cell in state.boxes() {
        out.extend_from_slice(each);
        write_cell(cell, style, out);
    }
    out.extend_from_slice(end);
}

/// Boxes must be in row-major order: each state is written in one way.
pub fn read_state(puzzle: &Sokoban, style: Style, reader: &mut Reader<'_>) -> Option<State> {
    let [worker, each, end] = state_words(style);
    reader.take(worker)?;
    let worker = read_cell(puzzle, style, reader)?;
    let (mut boxes, mut len) = ([0; STATE_BOXES], 0);
    while reader.take(each).is_some() {
        *boxes.get_mut(len)? = read_cell(puzzle, style, reader)?;
        len += 1;
    }
    reader.take(end)?;
    if !boxes[..len].is_sorted() {
        return None;
    }
    State::new(worker, &boxes[..len])
}

/// What stands before the worker's cell and before the pushed box's.
#[inline]
fn move_words(style: Style) -> [&'static [u8]; 2] {
    match style {
        Style::Frame => [b": worker ", b", box "],
        Style::Compact => [b" worker ", b" box "],
        Style::Prose => [b" into ", b", pushing a box into "],
    }
}

#[inline]
pub fn write_move(action: WorkerStep, style: Style, out: &mut Vec<u8>) {
    let [worker, pushed] = move_words(style);
    out.extend_from_slice(action.direction.word().as_bytes());
    out.extend_from_slice(worker);
    write_cell(action.worker, style, out);
    if let Some(cell) = action.pushed {
        out.extend_from_slice(pushed);
        write_cell(cell, style, out);
    }
}

pub fn read_move(puzzle: &Sokoban, style: Style, reader: &mut Reader<'_>) -> Option<WorkerStep> {
    let [worker, box_to] = move_words(style);
    let direction = Direction::ALL.into_iter().find(|direction| reader.take(direction.word().as_bytes()).is_some())?;
    reader.take(worker)?;
    let worker = read_cell(puzzle, style, reader)?;
    let pushed = match reader.take(box_to) {
        Some(()) => Some(read_cell(puzzle, style, reader)?),
        None => None,
    };
    Some(WorkerStep { direction, worker, pushed })
}

/// The prompt of Searchformer: worker, boxes, open docks and walls, each list in the order of its cells as text, columns first. Boxes
/// that stand on docks are told here as well, and all docks, so that the prompt says the whole puzzle.
pub fn write_searchformer(puzzle: &Sokoban, out: &mut Vec<u8>) {
    let start = out.len();
    let mut list = |word: &str, cells: &mut dyn Iterator<Item = Cell>| {
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
pub fn write_place(cell: Cell, out: &mut Vec<u8>) {
    let (x, y) = coordinates(cell);
    write_number(x.into(), out);
    out.push(b' ');
    write_number(y.into(), out);
}

/// The puzzle of a prompt.
pub fn read_task(task: &Task<'_>) -> Option<Value> {
    let mut size = task.header_numbers()?;
    let walls = size.split_off(size.len().min(2));
    of_cells(&size, task.start_numbers()?, &task.target_numbers()?, &walls)
}

/// `start` is the worker's cell and those of the boxes.
fn of_cells(size: &[u64], start: Vec<u64>, docks: &[u64], walls: &[u64]) -> Option<Value> {
    let &[width, height] = size else { return None };
    let start = pairs(&start)?;
    let (worker, boxes) = start.split_first()?;
    Some(json!({
        "width": width, "height": height, "walls": pairs(walls)?, "worker": worker, "boxes": boxes, "docks": pairs(docks)?
    }))
}

/// The puzzle of Searchformer's prompt: the smallest board that holds its cells.
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
