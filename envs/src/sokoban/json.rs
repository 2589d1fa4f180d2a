//! Sokoban as JSON. Everything off the board is wall.

use super::{CellSet, Extent, Level, Solved, State, cell_at, coordinates};
use crate::prelude::*;

type Read<T> = Result<T, PuzzleError>;
/// A cell as [x, y].
type Place = [u16; 2];

/// The JSON of a puzzle. Cells are in row-major order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    width: u16,
    height: u16,
    walls: Vec<Place>,
    worker: Place,
    boxes: Vec<Place>,
    docks: Vec<Place>,
}

impl<C: Solved> Json for Level<C> {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"width":4,"height":1,"walls":[],"worker":[0,0],"boxes":[[1,0]],"docks":[[3,0]]}"#;

    fn to_fields(&self) -> Fields {
        let place = |cell: C| <[u8; 2]>::from(coordinates(cell)).map(u16::from);
        Fields {
            width: self.width.into(),
            height: self.height.into(),
            walls: self.walls().map(place).collect(),
            worker: place(self.worker()),
            boxes: self.boxes().iter().copied().map(place).collect(),
            docks: self.docks().iter().copied().map(place).collect(),
        }
    }

    fn from_fields(fields: Fields) -> Read<Self> {
        PuzzleError::within("width", fields.width, 1u64, C::SIDE as u64)?;
        PuzzleError::within("height", fields.height, 1u64, C::SIDE as u64)?;
        let walls = fields.cells::<C>("walls", &fields.walls)?;
        let boxes = fields.things("boxes", &fields.boxes, &walls, C::MOST_BOXES)?;
        let docks = fields.things("docks", &fields.docks, &walls, C::MOST_DOCKS)?;
        if docks.len() < boxes.len() {
            let allowed = format_args!("at least as many as boxes, {}", boxes.len());
            return Err(PuzzleError::new("docks", docks.len(), allowed));
        }
        let worker = fields.cell("worker", fields.worker)?;
        if walls.has(worker) || boxes.contains(&worker) {
            return Err(PuzzleError::new("worker", format_args!("a cell with a wall or a box"), "a free cell"));
        }
        let many = || PuzzleError::new("boxes", boxes.len(), C::MOST_BOXES);
        let start = State::new(worker, &boxes).ok_or_else(many)?;
        let puzzle = Level::new(fields.width as u8, fields.height as u8, walls, start, &docks);
        for (field, cells) in [("boxes", &boxes), ("docks", &docks)] {
            if !cells.iter().all(|&cell| puzzle.map().is_floor(cell)) {
                let allowed = "cells that the worker could reach if there were no boxes";
                return Err(PuzzleError::new(field, format_args!("one walled off"), allowed));
            }
        }
        C::check(&puzzle)?;
        Ok(puzzle)
    }
}

impl Fields {
    fn cell<C: Extent>(&self, field: &str, [x, y]: Place) -> Read<C> {
        let Fields { width, height, .. } = *self;
        let outside = || {
            PuzzleError::new(field, format_args!("[{x},{y}]"), format_args!("cells of a board of {width} by {height}"))
        };
        cell_at(x.into(), y.into()).filter(|_| x < width && y < height).ok_or_else(outside)
    }

    fn cells<C: Extent>(&self, field: &str, list: &[Place]) -> Read<CellSet<C>> {
        let mut cells = CellSet::default();
        for &[x, y] in list {
            if !cells.insert(self.cell(field, [x, y])?) {
                return Err(PuzzleError::new(field, format_args!("[{x},{y}] twice"), "each cell once"));
            }
        }
        Ok(cells)
    }

    /// Reads docks or boxes. They must not be in walls.
    fn things<C: Extent>(&self, field: &str, list: &[Place], walls: &CellSet<C>, most: usize) -> Read<Vec<C>> {
        PuzzleError::within(field, list.len() as u64, 1u64, most as u64)?;
        let cells: Vec<C> = self.cells(field, list)?.iter().collect();
        if cells.iter().any(|&cell| walls.has(cell)) {
            return Err(PuzzleError::new(field, format_args!("one in a wall"), "cells without walls"));
        }
        Ok(cells)
    }
}
