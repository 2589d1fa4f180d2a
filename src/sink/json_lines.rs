//! JSON Lines: one object for each row, keys in the order of the schema, null for unknown values.

use std::ops::Range;

use crate::table::{Column, Rows};

/// Length of text, in bytes, from which a piece is complete.
const PIECE_BYTES: usize = 1 << 20;

/// Encoded lines that are not in a piece yet.
#[derive(Default)]
pub(crate) struct Lines {
    text: Vec<u8>,
    rows: u64,
}

impl Lines {
    /// Encodes rows as lines.
    pub(crate) fn push(&mut self, rows: &Rows) {
        for row in 0..rows.len() {
            write_row(rows, row, &mut self.text);
        }
        self.rows += rows.len() as u64;
    }

    /// Takes the lines and their number, if they are enough for a piece.
    pub(crate) fn take_if_full(&mut self) -> Option<(Vec<u8>, u64)> {
        if self.text.len() < PIECE_BYTES { None } else { self.take() }
    }

    /// Takes the lines and their number, if there are any.
    pub(crate) fn take(&mut self) -> Option<(Vec<u8>, u64)> {
        if self.rows == 0 {
            return None;
        }
        let size = self.text.len();
        // The next piece is about as long as this one. Reserving the memory now saves growing it step by step.
        let text = std::mem::replace(&mut self.text, Vec::with_capacity(size + size / 8));
        Some((text, std::mem::take(&mut self.rows)))
    }
}

/// Writes a row and the end of its line.
pub(crate) fn write_row(rows: &Rows, row: usize, out: &mut Vec<u8>) {
    for (place, (spec, column)) in rows.schema().iter().zip(rows.columns()).enumerate() {
        out.push(if place == 0 { b'{' } else { b',' });
        write_text(spec.name.as_bytes(), out);
        out.push(b':');
        match column {
            Column::Text(text) => write_text(text.get(row), out),
            Column::Integer(values) => write_integer(values[row], out),
            Column::Boolean(values) => write_boolean(values[row], out),
            Column::Flag(values) => match values[row] {
                Some(value) => write_boolean(value, out),
                None => out.extend_from_slice(b"null"),
            },
            Column::Texts(lists) => {
                write_list(lists.range(row), out, |item, out| write_text(lists.items().get(item), out));
            }
            Column::Integers(lists) => {
                write_list(lists.range(row), out, |item, out| write_integer(Some(lists.items()[item]), out));
            }
            Column::Booleans(lists) => {
                write_list(lists.range(row), out, |item, out| write_boolean(lists.items()[item], out));
            }
            Column::Messages(lists) => write_list(lists.range(row), out, |item, out| {
                let (roles, contents) = lists.items();
                out.extend_from_slice(b"{\"role\":");
                write_text(roles.get(item), out);
                out.extend_from_slice(b",\"content\":");
                write_text(contents.get(item), out);
                out.push(b'}');
            }),
            Column::Reward((styles, truths)) => {
                out.extend_from_slice(b"{\"style\":");
                write_text(styles.get(row), out);
                out.extend_from_slice(b",\"ground_truth\":");
                write_text(truths.get(row), out);
                out.push(b'}');
            }
        }
    }
    out.extend_from_slice(b"}\n");
}

fn write_list(items: Range<usize>, out: &mut Vec<u8>, write: impl Fn(usize, &mut Vec<u8>)) {
    out.push(b'[');
    for item in items.clone() {
        if item > items.start {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(b']');
}

fn write_boolean(value: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// What to write for each byte: 0 means the byte itself, `u` a \u00XX escape, any other value a backslash and that letter.
const ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = b'u';
        byte += 1;
    }
    table[0x08] = b'b';
    table[0x09] = b't';
    table[0x0a] = b'n';
    table[0x0c] = b'f';
    table[0x0d] = b'r';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table
};

/// Writes a JSON string with the escapes of `serde_json`. What lies between two escapes is copied whole.
fn write_text(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text;
    loop {
        let place = plain(rest);
        out.extend_from_slice(&rest[..place]);
        let Some(&byte) = rest.get(place) else { break };
        write_escape(byte, out);
        rest = &rest[place + 1..];
    }
    out.push(b'"');
}

/// Number of bytes that are tested together where there is nothing to escape for long.
const BLOCK: usize = 64;

/// A word whose bytes are all 1.
const ONES: u64 = u64::MAX / 255;

/// Number of bytes before the first that is escaped.
fn plain(text: &[u8]) -> usize {
    let is_plain = |block: &[u8; BLOCK]| {
        !block.iter().fold(false, |any, &byte| any | (byte < 0x20) | (byte == b'"') | (byte == b'\\'))
    };
    let mut place = 0;
    while text[place..].first_chunk().is_some_and(is_plain) {
        place += BLOCK;
    }
    while let Some(word) = text[place..].first_chunk() {
        let escaped = escaped(u64::from_le_bytes(*word));
        if escaped != 0 {
            return place + escaped.trailing_zeros() as usize / 8;
        }
        place += 8;
    }
    let last = text[place..].iter().position(|&byte| ESCAPES[usize::from(byte)] != 0);
    last.map_or(text.len(), |last| place + last)
}

/// Marks bytes that are escaped by their highest bits: the first of them for certain, others perhaps; 0 if none is. Only the first is certain, because a subtraction
/// borrows from the bytes above it (the test for a zero byte in a word: Warren, Hacker's Delight, section 6-1).
fn escaped(word: u64) -> u64 {
    let less = |word: u64, than: u64| word.wrapping_sub(ONES * than) & !word;
    let is = |byte: u8| less(word ^ (ONES * u64::from(byte)), 1);
    (less(word, 0x20) | is(b'"') | is(b'\\')) & (ONES << 7)
}

fn write_escape(byte: u8, out: &mut Vec<u8>) {
    let escape = ESCAPES[usize::from(byte)];
    if escape == b'u' {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
        out.extend_from_slice(&[b'\\', b'u', b'0', b'0', DIGITS[high], DIGITS[low]]);
    } else {
        out.extend_from_slice(&[b'\\', escape]);
    }
}

fn write_integer(value: Option<i64>, out: &mut Vec<u8>) {
    let Some(value) = value else {
        out.extend_from_slice(b"null");
        return;
    };
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::{write_integer, write_text};

    #[test]
    fn text_is_escaped_as_serde_json_does() {
        let mut samples: Vec<String> =
            (0..0x300u32).filter_map(char::from_u32).map(|c| format!("a{c}b{c}{c}")).collect();
        samples.extend(["", "\u{2028}\u{1f600}\u{7f}", "plain", "\"\\/\n\r\t\u{8}\u{c}\u{0}"].map(String::from));
        // Each escape at each place of a block and of a word, alone and behind another one.
        for place in 0..2 * super::BLOCK + 9 {
            for (escape, other) in
                [("\n", "\u{1f}"), ("\"", "!"), ("\\", "\n"), ("\u{0}", "\u{1}"), ("é", " "), ("#", "]")]
            {
                let before = "x".repeat(place);
                samples.extend([
                    format!("{before}{escape}"),
                    format!("{before}{escape}{other}{before}"),
                    format!("{before}{other}{escape} yyyyyyyy"),
                ]);
            }
        }
        for sample in samples {
            let mut found = Vec::new();
            write_text(sample.as_bytes(), &mut found);
            assert_eq!(String::from_utf8_lossy(&found), serde_json::to_string(&sample).unwrap_or_default());
        }
    }

    #[test]
    fn integers_are_written_in_full() {
        for value in [0, 7, 10, -1, 1234567890, i64::MAX, i64::MIN] {
            let mut found = Vec::new();
            write_integer(Some(value), &mut found);
            assert_eq!(String::from_utf8_lossy(&found), value.to_string());
        }
        let mut found = Vec::new();
        write_integer(None, &mut found);
        assert_eq!(found, b"null");
    }
}
