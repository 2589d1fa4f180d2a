//! Texts of states and moves of number lines.
//!
//! Frame: `[12]`, `+3=12`. Compact: `12`, `+ 3 = 12`. Prose: `12`, `add 3 to get 12`.

use super::{Kind, Move, NumberLine, Operation};
use crate::prelude::*;
use crate::prompt::numbers;

/// The signs of [`Kind::ALL`].
pub const SIGNS: [&str; 4] = ["+", "-", "*", "/"];

impl Atoms for NumberLine {
    /// Frame: `Steps: +3, *2; from 0 to 99`. Compact: `steps + 3 , * 2 , limit 99`. Prose: `The steps are add 3, multiply by 2;
    /// numbers run from 0 to 99.`
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let (first, between, last): (&[u8], &[u8], &[u8]) = match style {
            Style::Frame => (b"Steps: ", b", ", b"; from 0 to "),
            Style::Compact => (b"steps ", b" , ", b" , limit "),
            Style::Prose => (b"The steps are ", b", ", b"; numbers run from 0 to "),
        };
        out.extend_from_slice(first);
        for (place, &operation) in self.operations.iter().enumerate() {
            if place > 0 {
                out.extend_from_slice(between);
            }
            self::operation(out, style, operation);
        }
        out.extend_from_slice(last);
        write_number_in(style, self.limit.into(), out);
        if style == Style::Prose {
            out.extend_from_slice(b". A division must leave no rest.");
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let (before, between, end) = match task.style {
            Style::Frame => ("Steps: ", ", ", "; from 0 to "),
            Style::Compact => ("steps ", " , ", " , limit "),
            Style::Prose => ("The steps are ", ", ", "; numbers run from 0 to "),
        };
        let signs = |part: &str| {
            let mut text = Vec::new();
            operation(&mut text, Style::Frame, read_operation(task.style, part)?);
            String::from_utf8(text).ok()
        };
        let operations = task.between(before, end)?.split(between).map(signs).collect::<Option<Vec<String>>>()?;
        let limit = *numbers(task.style, task.between(end, "")?)?.first()?;
        let (start, target) = (*task.start_numbers()?.first()?, *task.target_numbers()?.first()?);
        Some(json!({"start": start, "target": target, "limit": limit, "operations": operations}))
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        write_number_in(style, self.target.into(), out);
    }

    fn write_state(&self, state: &u32, style: Style, out: &mut Vec<u8>) {
        self.pen_state(out, style, *state);
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<u32> {
        self.pen_state(reader, style, 0)
    }

    fn write_move(&self, action: Move, style: Style, out: &mut Vec<u8>) {
        self.pen_move(out, style, action);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Move> {
        self.pen_move(reader, style, Move { operation: NO_OPERATION, result: 0 })
    }
}

impl NumberLine {
    #[inline]
    fn pen_state(&self, pen: &mut impl Pen, style: Style, number: u32) -> Option<u32> {
        let [open, close]: [&[u8]; 2] = if style == Style::Frame { [b"[", b"]"] } else { [b"", b""] };
        pen.sign(open)?;
        let number = pen.number(style, number.into(), self.limit.into())? as u32;
        pen.sign(close)?;
        Some(number)
    }

    #[inline]
    fn pen_move(&self, pen: &mut impl Pen, style: Style, action: Move) -> Option<Move> {
        let operation = operation(pen, style, action.operation)?;
        pen.sign(match style {
            Style::Frame => b"=",
            Style::Compact => b" = ",
            Style::Prose => b" to get ",
        })?;
        Some(Move { operation, result: pen.number(style, action.result.into(), self.limit.into())? as u32 })
    }
}

/// A placeholder for reading an operation.
const NO_OPERATION: Operation = Operation { kind: Kind::Add, number: 1 };

#[inline]
pub fn operation(pen: &mut impl Pen, style: Style, operation: Operation) -> Option<Operation> {
    let heads = match style {
        Style::Frame => &SIGNS,
        Style::Compact => &["+ ", "- ", "* ", "/ "],
        Style::Prose => &["add ", "subtract ", "multiply by ", "divide by "],
    };
    let kind = Kind::ALL[pen.word(heads, operation.kind as usize)?];
    let number = pen.number(style, operation.number.into(), u32::MAX.into())? as u32;
    Some(Operation { kind, number }).filter(|operation| operation.is_sound())
}

/// The operation of a whole text.
pub fn read_operation(style: Style, text: &str) -> Option<Operation> {
    let mut reader = Reader::new(text.as_bytes());
    operation(&mut reader, style, NO_OPERATION).filter(|_| reader.is_at_end())
}
