//! How lamps and presses are written and read.

use super::{Lamps, LightsOut, MAX_SIDE, MIN_SIDE, Press};
use crate::json;
use crate::prelude::*;

/// What stands before all rows, between lamps, between rows, and behind all rows.
fn signs(style: Style) -> [&'static [u8]; 4] {
    match style {
        Style::Frame => [b"[", b"", b"/", b"]"],
        Style::Compact => [b"", b" ", b" / ", b""],
        Style::Prose => [b"", b"", b", ", b""],
    }
}

/// What stands before a lamp.
fn before<'a>(lights: &LightsOut, cell: usize, [open, lamp, row, _]: [&'a [u8]; 4]) -> &'a [u8] {
    match cell {
        0 => open,
        _ if cell.is_multiple_of(lights.columns.into()) => row,
        _ => lamp,
    }
}

/// 1 for a lamp that is on. Frame: `[010/111/010]`. Compact: `0 1 0 / 1 1 1 / 0 1 0`. Prose: `010, 111, 010`.
pub fn write_state(lights: &LightsOut, state: Lamps, style: Style, out: &mut Vec<u8>) {
    let signs = signs(style);
    for cell in 0..lights.cells() {
        out.extend_from_slice(before(lights, cell, signs));
        out.push(b'0' + (state.0 >> cell & 1) as u8);
    }
    out.extend_from_slice(signs[3]);
}

pub fn read_state(lights: &LightsOut, style: Style, reader: &mut Reader<'_>) -> Option<Lamps> {
    let signs = signs(style);
    let mut state = 0;
    for cell in 0..lights.cells() {
        reader.take(before(lights, cell, signs))?;
        let on = reader.take(b"1").is_some();
        if !on {
            reader.take(b"0")?;
        }
        state |= u64::from(on) << cell;
    }
    reader.take(signs[3])?;
    Some(Lamps(state))
}

/// What stands before the row, between row and column, and behind the column.
fn press_signs(style: Style) -> [&'static [u8]; 3] {
    match style {
        Style::Frame => [b"(", b",", b")"],
        Style::Compact => [b"", b" ", b""],
        Style::Prose => [b"row ", b" column ", b""],
    }
}

/// Frame: `(2,3)`. Compact: `2 3`. Prose: `row 2 column 3`.
pub fn write_move(action: Press, style: Style, out: &mut Vec<u8>) {
    let [open, between, close] = press_signs(style);
    out.extend_from_slice(open);
    write_number(u64::from(action.row) + 1, out);
    out.extend_from_slice(between);
    write_number(u64::from(action.column) + 1, out);
    out.extend_from_slice(close);
}

/// Also presses just outside the largest board, so that a wrong one can be written.
pub fn read_move(style: Style, reader: &mut Reader<'_>) -> Option<Press> {
    let [open, between, close] = press_signs(style);
    let place = |reader: &mut Reader<'_>| {
        let number = reader.number().filter(|number| (1..=MAX_SIDE as u64 + 1).contains(number))?;
        Some(number as u8 - 1)
    };
    reader.take(open)?;
    let row = place(reader)?;
    reader.take(between)?;
    let column = place(reader)?;
    reader.take(close)?;
    Some(Press { row, column })
}

/// Row by row, 1 for a lamp that is on.
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

/// The puzzle of a prompt.
pub fn read_task(task: &Task<'_>) -> Option<Value> {
    let row = |row: &str| row.chars().filter(char::is_ascii_digit).collect::<String>();
    let rows: Vec<String> = task.start.split(['/', ',']).map(row).collect();
    Some(json!({"lamps": rows}))
}
