//! Texts of states and moves of Countdown.

use super::{Combine, Countdown, MAX_NUMBERS, Numbers, Operation, Rule, fraction};
use crate::prelude::*;
use crate::prompt::between;
use crate::text::list_signs;

/// What division does with fractions, in prose.
const FRACTIONS: &str = "division may leave a fraction";

/// The signs of [`Operation::ALL`].
pub(super) const SIGNS: [&str; 4] = ["+", "*", "-", "/"];

/// The texts around the sign, and between the right number and the result.
#[inline]
pub(super) fn signs(style: Style) -> [&'static [u8]; 2] {
    if style == Style::Frame { [b"", b"="] } else { [b" ", b" = "] }
}

#[inline(always)]
fn write_list(numbers: &[u64], style: Style, out: &mut Vec<u8>) {
    let [open, between, last, close] = list_signs(style);
    out.extend_from_slice(open);
    for (i, &number) in numbers.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(if i + 1 == numbers.len() { last } else { between });
        }
        write_number_in(style, number, out);
    }
    out.extend_from_slice(close);
}

impl Atoms for Countdown {
    /// Writes the differences from the paper's puzzles: fewer operations, fractions, and the rule that not all numbers need be used. In prose it always writes
    /// the rules.
    ///
    /// Frame: `Operations: +-, fractions, rule: any`. Compact: `operations + - fractions any`.
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let signs = self.operations.signs();
        let (any, fractions) = (self.rule == Rule::Any, self.operations.fractions);
        let spaced: Vec<String> = signs.chars().map(String::from).collect();
        let header = match style {
            Style::Prose => format!(
                "Two numbers at a time become one, by {}: the greater less the lesser, and {}. {}",
                spaced.join(" "),
                if fractions { FRACTIONS } else { "division without a rest" },
                if any { "Not all numbers need be used." } else { "All numbers must be used." }
            ),
            _ => {
                let (head, between, rule) =
                    if style == Style::Frame { ("Operations: ", "", "rule: any") } else { ("operations ", " ", "any") };
                let some = (!self.operations.are_all()).then(|| format!("{head}{}", spaced.join(between)));
                let fractions = fractions.then(|| "fractions".to_string());
                let parts: Vec<String> =
                    some.into_iter().chain(fractions).chain(any.then(|| rule.to_string())).collect();
                parts.join(if style == Style::Frame { ", " } else { " " })
            }
        };
        out.extend_from_slice(header.as_bytes());
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let target = *task.target_numbers()?.first()?;
        let mut value = json!({"numbers": task.start_numbers()?, "target": target});
        let signs = match task.style {
            Style::Prose => between(task.header, ", by ", ":"),
            Style::Frame => {
                between(task.header, "Operations: ", "").map(|rest| rest.split(',').next().unwrap_or_default())
            }
            Style::Compact => between(task.header, "operations ", "")
                .map(|rest| rest.trim_end_matches(" any").trim_end_matches(" fractions")),
        };
        if task.header.contains(if task.style == Style::Prose { FRACTIONS } else { "fractions" }) {
            value["fractions"] = true.into();
        }
        if let Some(signs) = signs {
            value["operations"] = signs.replace(' ', "").into();
        }
        let any = if task.style == Style::Prose {
            task.header.ends_with("Not all numbers need be used.")
        } else {
            task.header.ends_with("any")
        };
        if any {
            value["rule"] = "any".into();
        }
        Some(value)
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        write_number_in(style, self.target, out);
    }

    #[inline]
    fn write_state(&self, state: &Numbers, style: Style, out: &mut Vec<u8>) {
        if self.operations.fractions {
            return fraction::write_list(state.as_slice(), style, out);
        }
        // One call for each style, so that the compiler knows the separators.
        match style {
            Style::Frame => write_list(state.as_slice(), Style::Frame, out),
            Style::Compact => write_list(state.as_slice(), Style::Compact, out),
            Style::Prose => write_list(state.as_slice(), Style::Prose, out),
        }
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Numbers> {
        let [open, between, last, close] = list_signs(style);
        let mut list = [0; MAX_NUMBERS];
        let mut len = 0;
        let mut push = |number: u64| {
            *list.get_mut(len)? = number;
            len += 1;
            Some(())
        };
        reader.take(open)?;
        loop {
            push(self.read_number(style, reader)?)?;
            if style == Style::Prose && reader.take(last).is_some() {
                push(self.read_number(style, reader)?)?;
                break;
            }
            let mut ahead = *reader;
            if ahead.take(between).is_none() || !ahead.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                break;
            }
            *reader = ahead;
        }
        reader.take(close)?;
        Numbers::new(&list[..len])
    }

    #[inline]
    fn write_move(&self, action: Combine, style: Style, out: &mut Vec<u8>) {
        if self.operations.fractions {
            return fraction::write_move(action, style, out);
        }
        pen_move(out, style, action);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Combine> {
        if self.operations.fractions {
            return fraction::read_move(style, reader);
        }
        pen_move(reader, style, Combine { left: 0, operation: Operation::Add, right: 0, result: 0 })
    }
}

impl Countdown {
    /// Writes a number of the puzzle.
    pub(super) fn write_number(&self, value: u64, style: Style, out: &mut Vec<u8>) {
        if self.operations.fractions { fraction::write(value, style, out) } else { write_number_in(style, value, out) }
    }

    /// Reads a number of the puzzle.
    pub(super) fn read_number(&self, style: Style, reader: &mut Reader<'_>) -> Option<u64> {
        if self.operations.fractions { fraction::read(style, reader) } else { reader.number_in(style) }
    }
}

#[inline]
fn pen_move(pen: &mut impl Pen, style: Style, action: Combine) -> Option<Combine> {
    let [gap, equals] = signs(style);
    let left = pen.number(style, action.left, u64::MAX)?;
    pen.sign(gap)?;
    let operation = Operation::ALL[pen.word(&SIGNS, action.operation as usize)?];
    pen.sign(gap)?;
    let right = pen.number(style, action.right, u64::MAX)?;
    pen.sign(equals)?;
    Some(Combine { left, operation, right, result: pen.number(style, action.result, u64::MAX)? })
}
