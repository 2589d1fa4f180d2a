//! How sliding tiles are written and read.

use super::board::{MAX_SIDE, MIN_SIDE};
use super::{Board, Slide, SlidingTiles, Tiles};
use crate::prelude::*;

const MAX_CELLS: usize = 16;

/// Row by row; 0 is the blank.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    rows: u64,
    columns: u64,
    tiles: ArrayVec<u64, MAX_CELLS>,
}

impl Json for SlidingTiles {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"rows":2,"columns":3,"tiles":[1,2,3,0,4,5]}"#;

    fn to_fields(&self) -> Fields {
        let Board { rows, columns } = self.board;
        let tiles = (0..self.board.cells()).map(|cell| self.start.tile(cell).into()).collect();
        Fields { rows: rows.into(), columns: columns.into(), tiles }
    }

    fn from_fields(Fields { rows, columns, tiles }: Fields) -> Result<SlidingTiles, PuzzleError> {
        PuzzleError::within("rows", rows, MIN_SIDE, MAX_SIDE)?;
        PuzzleError::within("columns", columns, MIN_SIDE, MAX_SIDE)?;
        let board = Board { rows: rows as u8, columns: columns as u8 };
        let wrong = || PuzzleError::new("tiles", &tiles, format!("each of 0 to {} once", board.cells() - 1));
        let cells = tiles.iter().map(|&tile| u8::try_from(tile)).collect::<Result<Vec<u8>, _>>();
        let start = cells.ok().and_then(|cells| Tiles::new(board, &cells)).ok_or_else(wrong)?;
        Ok(SlidingTiles::new(board, start))
    }
}

/// Frame and prose: `Board: 2 rows, 3 columns, 0 is the blank`. Compact: `board 2 3`.
pub fn write_header(board: Board, style: Style, out: &mut Vec<u8>) {
    let Board { rows, columns, .. } = board;
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

/// The tiles in reading order, with what is between two of a row, and between rows.
fn write_tiles(board: Board, tiles: Tiles, between: [&[u8]; 2], out: &mut Vec<u8>) {
    for cell in 0..board.cells() {
        if cell > 0 {
            out.extend_from_slice(between[usize::from(cell % usize::from(board.columns) == 0)]);
        }
        write_number(tiles.tile(cell).into(), out);
    }
}

/// What is between two tiles of a row, and between rows.
fn separators(style: Style) -> [&'static [u8]; 2] {
    match style {
        Style::Frame => [b", ", b" / "],
        Style::Compact => [b" ", b" "],
        Style::Prose => [b" ", b" / "],
    }
}

/// `[1, 2, 3 / 0, 4, 5]`, `1 2 3 0 4 5`, `1 2 3 / 0 4 5`.
pub fn write_state(board: Board, tiles: Tiles, style: Style, out: &mut Vec<u8>) {
    if style == Style::Frame {
        out.push(b'[');
    }
    write_tiles(board, tiles, separators(style), out);
    if style == Style::Frame {
        out.push(b']');
    }
}

pub fn read_state(board: Board, style: Style, reader: &mut Reader<'_>) -> Option<Tiles> {
    if style == Style::Frame {
        reader.take(b"[")?;
    }
    let between = separators(style);
    let mut cells = [0u8; MAX_CELLS];
    for cell in 0..board.cells() {
        if cell > 0 {
            reader.take(between[usize::from(cell % usize::from(board.columns) == 0)])?;
        }
        cells[cell] = u8::try_from(reader.number()?).ok()?;
    }
    if style == Style::Frame {
        reader.take(b"]")?;
    }
    Tiles::new(board, &cells[..board.cells()])
}

/// `slide 4`.
pub fn write_move(action: Slide, _style: Style, out: &mut Vec<u8>) {
    out.extend_from_slice(b"slide ");
    write_number(action.0.into(), out);
}

pub fn read_move(board: Board, style: Style, reader: &mut Reader<'_>) -> Option<Slide> {
    reader.take(b"slide ")?;
    let tile = reader.number_up_to(style, board.cells() as u64 - 1)?;
    u8::try_from(tile).ok().filter(|&tile| tile > 0).map(Slide)
}

/// The puzzle of a prompt.
pub fn read_task(task: &Task<'_>) -> Option<Value> {
    let header = task.header_numbers()?;
    let (rows, columns) = (header.first()?, header.get(1)?);
    Some(json!({"rows": rows, "columns": columns, "tiles": task.start_numbers()?}))
}
