//! Sokoban as JSON:
//! `{"width":7,"height":7,"walls":[[0,0],…],"worker":[3,4],"boxes":[[1,2],[2,3]],"docks":[[4,4],[5,4]]}`, cells as [x, y]
//! in row-major order. What is off the board is wall.

use serde::Deserialize;

use super::{Cell, CellSet, MAX_BOXES, MAX_POSITIONS, MAX_SIDE, Sokoban, State, cell_at, coordinates};
use crate::environment::PuzzleError;
use crate::json::Json;
use crate::text::write_number;

fn write_cell(cell: Cell, out: &mut Vec<u8>) {
    let (x, y) = coordinates(cell);
    out.push(b'[');
    write_number(x.into(), out);
    out.push(b',');
    write_number(y.into(), out);
    out.push(b']');
}

fn write_cells(field: &str, cells: impl Iterator<Item = Cell>, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(field.as_bytes());
    out.extend_from_slice(b"\":[");
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_cell(cell, out);
    }
    out.push(b']');
}

impl Json for Sokoban {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"width\":");
        write_number(self.width.into(), out);
        out.extend_from_slice(b",\"height\":");
        write_number(self.height.into(), out);
        write_cells("walls", self.walls(), out);
        out.extend_from_slice(b",\"worker\":");
        write_cell(self.worker(), out);
        write_cells("boxes", self.boxes().iter().copied(), out);
        write_cells("docks", self.docks().iter().copied(), out);
        out.push(b'}');
    }

    fn from_json(value: &serde_json::Value) -> Read<Sokoban> {
        let fields = Fields::deserialize(value).map_err(|error| PuzzleError(error.to_string()))?;
        for (field, side) in [("width", fields.width), ("height", fields.height)] {
            if !(1..=MAX_SIDE).contains(&side) {
                return wrong(field, side, format!("1 to {MAX_SIDE}"));
            }
        }
        let walls = fields.cells("walls", &fields.walls)?;
        let boxes = fields.things("boxes", &fields.boxes, &walls)?;
        let docks = fields.things("docks", &fields.docks, &walls)?;
        if docks.len() != boxes.len() {
            return wrong("docks", docks.len(), format!("as many as boxes, {}", boxes.len()));
        }
        let worker = fields.cell("worker", fields.worker)?;
        if walls.has(worker) || boxes.contains(&worker) {
            return wrong("worker", "a cell with a wall or a box", "a free cell");
        }
        let Some(start) = State::new(worker, &boxes) else { return wrong("boxes", boxes.len(), MAX_BOXES) };
        let puzzle = Sokoban::new(fields.width as u8, fields.height as u8, walls, start, &docks);
        for (field, cells) in [("boxes", &boxes), ("docks", &docks)] {
            if !cells.iter().all(|&cell| puzzle.map().is_floor(cell)) {
                return wrong(field, "one walled off", "cells that the worker could reach if there were no boxes");
            }
        }
        let positions = puzzle.positions();
        if positions > MAX_POSITIONS {
            let allowed = format!("at most {MAX_POSITIONS}: fewer boxes or a smaller board");
            return wrong("boxes", format!("{positions} positions"), allowed);
        }
        Ok(puzzle)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    width: u64,
    height: u64,
    walls: Vec<[u64; 2]>,
    worker: [u64; 2],
    boxes: Vec<[u64; 2]>,
    docks: Vec<[u64; 2]>,
}

type Read<T> = Result<T, PuzzleError>;

fn wrong<T>(field: &str, found: impl std::fmt::Display, allowed: impl std::fmt::Display) -> Read<T> {
    Err(PuzzleError(format!("{field}: found {found}; allowed: {allowed}")))
}

impl Fields {
    fn cell(&self, field: &str, [x, y]: [u64; 2]) -> Read<Cell> {
        match cell_at(x, y).filter(|_| x < self.width && y < self.height) {
            Some(cell) => Ok(cell),
            None => {
                wrong(field, format!("[{x},{y}]"), format!("cells of a board of {} by {}", self.width, self.height))
            }
        }
    }

    fn cells(&self, field: &str, list: &[[u64; 2]]) -> Read<CellSet> {
        let mut cells = CellSet::default();
        for &[x, y] in list {
            if !cells.insert(self.cell(field, [x, y])?) {
                return wrong(field, format!("[{x},{y}] twice"), "each cell once");
            }
        }
        Ok(cells)
    }

    /// Docks, or boxes: cells without walls.
    fn things(&self, field: &str, list: &[[u64; 2]], walls: &CellSet) -> Read<Vec<Cell>> {
        if !(1..=MAX_BOXES).contains(&list.len()) {
            return wrong(field, list.len(), format!("1 to {MAX_BOXES}"));
        }
        let cells: Vec<Cell> = self.cells(field, list)?.iter().collect();
        if cells.iter().any(|&cell| walls.has(cell)) {
            return wrong(field, "one in a wall", "cells without walls");
        }
        Ok(cells)
    }
}
