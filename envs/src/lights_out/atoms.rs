//! Texts of states and moves of lights out.

use super::{Lamps, LightsOut, MAX_SIDE, MIN_SIDE, Press};
use crate::json;
use crate::prelude::*;
use crate::text::pair;

/// The JSON of a puzzle: row by row, 1 for a lamp that is on.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    lamps: ArrayVec<ArrayString<MAX_SIDE>, MAX_SIDE>,
}

impl Json for LightsOut {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"lamps":["010","111","010"]}"#;

    fn to_fields(&self) -> Fields {
        let columns = usize::from(self.columns);
        let lamp = |cell: usize| b'0' + (self.start.0 >> cell & 1) as u8;
        let row = |row: usize| json::text((row * columns..(row + 1) * columns).map(lamp));
        Fields { lamps: (0..self.rows.into()).map(row).collect() }
    }

    fn from_fields(Fields { lamps }: Fields) -> Result<LightsOut, PuzzleError> {
        let columns = lamps.first().map_or(0, |row| row.len());
        let sides = MIN_SIDE..=MAX_SIDE;
        let fits =
            |row: &ArrayString<MAX_SIDE>| row.len() == columns && row.bytes().all(|lamp| matches!(lamp, b'0' | b'1'));
        if !sides.contains(&lamps.len()) || !sides.contains(&columns) || !lamps.iter().all(fits) {
            let allowed =
                format!("{MIN_SIDE} to {MAX_SIDE} rows of {MIN_SIDE} to {MAX_SIDE} lamps, each 0 or 1, all alike");
            return Err(PuzzleError::new("lamps", format_args!("{} rows", lamps.len()), allowed));
        }
        let on = lamps.iter().flat_map(|row| row.bytes()).enumerate().filter(|&(_, lamp)| lamp == b'1');
        let start = Lamps(on.fold(0, |lamps, (cell, _)| lamps | 1 << cell));
        Ok(LightsOut { rows: lamps.len() as u8, columns: columns as u8, start })
    }
}

impl Atoms for LightsOut {
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            out.extend_from_slice(
                b"Rows of lamps, where 1 is one that is on. A move presses a lamp: it and those above, below, left and right of it are switched.",
            );
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let row = |row: &str| row.chars().filter(char::is_ascii_digit).collect::<String>();
        let rows: Vec<String> = task.start.split(['/', ',']).map(row).collect();
        Some(json!({"lamps": rows}))
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.write_state(&Lamps(0), style, out);
    }

    fn write_state(&self, state: &Lamps, style: Style, out: &mut Vec<u8>) {
        self.pen_state(out, style, *state);
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Lamps> {
        self.pen_state(reader, style, Lamps(0))
    }

    fn write_move(&self, action: Press, style: Style, out: &mut Vec<u8>) {
        pen_move(out, style, action);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Press> {
        pen_move(reader, style, Press { row: 0, column: 0 })
    }
}

impl LightsOut {
    /// 1 for a lamp that is on. Frame: `[010/111/010]`. Compact: `0 1 0 / 1 1 1 / 0 1 0`. Prose: `010, 111, 010`.
    #[inline]
    fn pen_state(&self, pen: &mut impl Pen, style: Style, state: Lamps) -> Option<Lamps> {
        let [open, between, row, close]: [&[u8]; 4] = match style {
            Style::Frame => [b"[", b"", b"/", b"]"],
            Style::Compact => [b"", b" ", b" / ", b""],
            Style::Prose => [b"", b"", b", ", b""],
        };
        let mut lamps = 0;
        for cell in 0..self.cells() {
            pen.sign(match cell {
                0 => open,
                _ if cell.is_multiple_of(self.columns.into()) => row,
                _ => between,
            })?;
            lamps |= u64::from(pen.letter(b'0', (state.0 >> cell & 1) as u8, 2)?) << cell;
        }
        pen.sign(close)?;
        Some(Lamps(lamps))
    }
}

/// Frame: `(2,3)`. Compact: `2 3`. Prose: `row 2 column 3`. It allows one row and column beyond the largest board, so that a wrong press can be written.
#[inline]
fn pen_move(pen: &mut impl Pen, style: Style, press: Press) -> Option<Press> {
    let signs: [&[u8]; 3] = match style {
        Style::Frame => [b"(", b",", b")"],
        Style::Compact => [b"", b" ", b""],
        Style::Prose => [b"row ", b" column ", b""],
    };
    let place = [press.row, press.column].map(|place| u64::from(place) + 1);
    let [row, column] = pair(pen, Style::Frame, signs, place, [MAX_SIDE as u64 + 1; 2])?;
    Some(Press { row: row.checked_sub(1)? as u8, column: column.checked_sub(1)? as u8 })
}
