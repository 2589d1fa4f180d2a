//! Texts of states and moves of water jugs. A state lists the litres in each jug, in the order of the puzzle. Jugs are named a, b, c and d.
//!
//! Frame: `[3, 2]`, `pour b a=[3, 2]`. Compact: `3 2`, `pour b a = 3 2`. Prose: `3 and 2`, `pour b into a leaving 3 and 2`.

use super::{Action, Litres, MAX_JUGS, Move, WaterJugs};
use crate::prelude::*;
use crate::text::list_signs;

impl Atoms for WaterJugs {
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        out.extend_from_slice(match style {
            Style::Frame => b"Jugs: ",
            Style::Compact => b"jugs ",
            Style::Prose => b"The jugs hold ",
        });
        self.pen_state(out, style, &self.sizes);
        if style == Style::Prose {
            let names: &str = ["", "a", "a and b", "a, b and c", "a, b, c and d"].get(self.jugs).unwrap_or(&"");
            let rules = " litres. They are called {}. A move fills a jug, empties it, or pours it into another until that is full or the first is empty.";
            out.extend_from_slice(rules.replace("{}", names).as_bytes());
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let target = *task.target_numbers()?.first()?;
        Some(json!({"sizes": task.header_numbers()?, "start": task.start_numbers()?, "target": target}))
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        write_number(self.target.into(), out);
        if style == Style::Prose {
            out.extend_from_slice(b" in one jug");
        }
    }

    fn write_state(&self, state: &Litres, style: Style, out: &mut Vec<u8>) {
        self.pen_state(out, style, state);
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Litres> {
        self.pen_state(reader, style, &[0; MAX_JUGS])
    }

    fn write_move(&self, action: Move, style: Style, out: &mut Vec<u8>) {
        self.pen_move(out, style, action);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Move> {
        self.pen_move(reader, style, Move { action: Action::Fill(0), result: [0; MAX_JUGS] })
    }
}

impl WaterJugs {
    #[inline]
    fn pen_state(&self, pen: &mut impl Pen, style: Style, litres: &Litres) -> Option<Litres> {
        let [open, between, last, close] = list_signs(style);
        let mut held = [0; MAX_JUGS];
        for (jug, (held, &size)) in held.iter_mut().zip(self.sizes()).enumerate() {
            pen.sign(match jug {
                0 => open,
                _ if jug + 1 == self.jugs => last,
                _ => between,
            })?;
            *held = pen.number(style, litres[jug].into(), size.into())? as u8;
        }
        pen.sign(close)?;
        Some(held)
    }

    #[inline]
    fn pen_move(&self, pen: &mut impl Pen, style: Style, Move { action, result }: Move) -> Option<Move> {
        let [between, before]: [&[u8]; 2] = match style {
            Style::Frame => [b" ", b"="],
            Style::Compact => [b" ", b" = "],
            Style::Prose => [b" into ", b" leaving "],
        };
        let (verb, jug, other) = match action {
            Action::Fill(jug) => (0, jug, 0),
            Action::Empty(jug) => (1, jug, 0),
            Action::Pour(from, to) => (2, from, to),
        };
        let verb = pen.word(&["fill ", "empty ", "pour "], verb)?;
        let jug = pen.letter(b'a', jug, self.jugs as u8)?;
        let action = match verb {
            0 => Action::Fill(jug),
            1 => Action::Empty(jug),
            _ => {
                pen.sign(between)?;
                Action::Pour(jug, pen.letter(b'a', other, self.jugs as u8)?)
            }
        };
        pen.sign(before)?;
        Some(Move { action, result: self.pen_state(pen, style, &result)? })
    }
}
