//! Texts of states and moves of sliding tiles.

use super::board::{MAX_SIDE, MIN_SIDE};
use super::{Board, Slide, SlidingTiles, Tiles};
use crate::prelude::*;

const MAX_CELLS: usize = 16;

/// The JSON of a puzzle: the tiles row by row; 0 is the blank. The goal is written only if it is not the classic one, with the tiles in order and the blank last.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    rows: u64,
    columns: u64,
    tiles: ArrayVec<u64, MAX_CELLS>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    goal: Option<ArrayVec<u64, MAX_CELLS>>,
}

impl Json for SlidingTiles {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"rows":2,"columns":3,"tiles":[1,2,3,0,4,5]}"#;

    fn to_fields(&self) -> Fields {
        let Board { rows, columns, .. } = self.board;
        let list = |tiles: Tiles| (0..self.board.cells()).map(|cell| tiles.tile(cell).into()).collect();
        let goal = (self.goal != Board::new(rows, columns).goal()).then(|| list(self.goal));
        Fields { rows: rows.into(), columns: columns.into(), tiles: list(self.start), goal }
    }

    fn from_fields(Fields { rows, columns, tiles, goal }: Fields) -> Result<SlidingTiles, PuzzleError> {
        PuzzleError::within("rows", rows, MIN_SIDE, MAX_SIDE)?;
        PuzzleError::within("columns", columns, MIN_SIDE, MAX_SIDE)?;
        let board = Board::new(rows as u8, columns as u8);
        let position = |field: &str, tiles: &[u64]| {
            let wrong = || PuzzleError::new(field, tiles, format!("each of 0 to {} once", board.cells() - 1));
            let cells = tiles.iter().map(|&tile| u8::try_from(tile)).collect::<Result<Vec<u8>, _>>();
            cells.ok().and_then(|cells| Tiles::new(board, &cells)).ok_or_else(wrong)
        };
        let start = position("tiles", &tiles)?;
        let goal = goal.map_or(Ok(board.goal()), |goal| position("goal", &goal))?;
        Ok(SlidingTiles::with_goal(board, start, goal))
    }
}

impl Atoms for SlidingTiles {
    /// Frame: `Board: 2 rows, 3 columns`. Compact: `board 2 3`. Prose has full sentences with the rules.
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let Board { rows, columns, .. } = self.board;
        out.extend_from_slice(
        match style {
            Style::Frame => format!("Board: {rows} rows, {columns} columns"),
            Style::Compact => format!("board {rows} {columns}"),
            Style::Prose => {
                format!("Tiles lie on a board of {rows} rows and {columns} columns, row by row; 0 is the blank. A move slides a tile beside the blank into it.")
            }
        }
        .as_bytes(),
    );
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let header = task.header_numbers()?;
        let (rows, columns) = (header.first()?, header.get(1)?);
        let (tiles, goal) = (task.start_numbers()?, task.target_numbers()?);
        Some(json!({"rows": rows, "columns": columns, "tiles": tiles, "goal": goal}))
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.write_state(&self.goal, style, out);
    }

    fn write_state(&self, state: &Tiles, style: Style, out: &mut Vec<u8>) {
        self.pen_state(out, style, |cell| state.tile(cell));
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Tiles> {
        Tiles::new(self.board, &self.pen_state(reader, style, |_| 0)?[..self.board.cells()])
    }

    fn write_move(&self, action: Slide, style: Style, out: &mut Vec<u8>) {
        self.pen_move(out, style, action);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Slide> {
        self.pen_move(reader, style, Slide(0)).filter(|slide| slide.0 > 0)
    }
}

impl SlidingTiles {
    /// `[1, 2, 3 / 0, 4, 5]`, `1 2 3 0 4 5`, `1 2 3 / 0 4 5`.
    #[inline]
    fn pen_state(&self, pen: &mut impl Pen, style: Style, tile: impl Fn(usize) -> u8) -> Option<[u8; MAX_CELLS]> {
        let [open, between, row, close]: [&[u8]; 4] = match style {
            Style::Frame => [b"[", b", ", b" / ", b"]"],
            Style::Compact => [b"", b" ", b" ", b""],
            Style::Prose => [b"", b" ", b" / ", b""],
        };
        let mut cells = [0; MAX_CELLS];
        for (cell, place) in cells.iter_mut().enumerate().take(self.board.cells()) {
            pen.sign(match cell {
                0 => open,
                _ if cell.is_multiple_of(self.board.columns.into()) => row,
                _ => between,
            })?;
            *place = pen.number(Style::Frame, tile(cell).into(), u8::MAX.into())? as u8;
        }
        pen.sign(close)?;
        Some(cells)
    }

    /// `slide 4`.
    #[inline]
    fn pen_move(&self, pen: &mut impl Pen, style: Style, action: Slide) -> Option<Slide> {
        pen.sign(b"slide ")?;
        Some(Slide(pen.number(style, action.0.into(), self.board.cells() as u64 - 1)? as u8))
    }
}
