//! The fields of a puzzle as one line of a prompt, and back. In `Frame` and `Prose` it is JSON without the outer braces: `"sizes": [3, 5], "target": 4`.
//! In `Compact` it is the values alone, in the order of the fields, each token between single spaces: `[ 3 5 ] / 4`.

use serde_json::{Map, Value};
use sos_envs::text::write_number_tokens;
use sos_envs::{Reader, Style};

/// Most lists inside of one another.
const MOST_NESTED: usize = 64;

/// Writes the fields.
pub fn write(fields: &Map<String, Value>, style: Style, out: &mut Vec<u8>) {
    for (place, (name, value)) in fields.iter().enumerate() {
        if style == Style::Compact {
            out.extend_from_slice(if place > 0 { b" / " } else { b"" });
            tokens(value, out);
        } else {
            out.extend_from_slice(if place > 0 { b", " } else { b"" });
            out.extend_from_slice(Value::from(name.as_str()).to_string().as_bytes());
            out.extend_from_slice(b": ");
            spaced(value, out);
        }
    }
}

/// Reads the fields with these names.
pub fn read(names: &[String], style: Style, text: &str) -> Option<Map<String, Value>> {
    if style != Style::Compact {
        return serde_json::from_str(&format!("{{{text}}}")).ok();
    }
    let mut reader = Reader::new(text.as_bytes());
    let mut fields = Map::new();
    for (place, name) in names.iter().enumerate() {
        if place > 0 {
            reader.take(b" / ")?;
        }
        fields.insert(name.clone(), value(&mut reader, MOST_NESTED)?);
    }
    reader.is_at_end().then_some(fields)
}

/// JSON with spaces behind commas and colons.
fn spaced(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for (place, item) in items.iter().enumerate() {
                out.extend_from_slice(if place > 0 { b", " } else { b"" });
                spaced(item, out);
            }
            out.push(b']');
        }
        other => out.extend_from_slice(other.to_string().as_bytes()),
    }
}

/// Whether a string is written without quotes: it cannot be taken for anything else.
fn is_plain(text: &str) -> bool {
    let odd = |sign: char| sign.is_whitespace() || sign.is_control() || sign == '"' || sign == '\\';
    let is_sign = text.starts_with(['[', ']', '{']) || matches!(text, "/" | "-") || JSON_WORDS.contains(&text);
    let begins_number = text.trim_start_matches('-').starts_with(|sign: char| sign.is_ascii_digit());
    !text.is_empty() && !is_sign && !begins_number && !text.contains(odd)
}

const JSON_WORDS: [&str; 3] = ["true", "false", "null"];

fn tokens(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for item in items {
                out.push(b' ');
                tokens(item, out);
            }
            out.extend_from_slice(b" ]");
        }
        Value::Number(number) if number.as_i64().is_some() => {
            let number = number.as_i64().unwrap_or_default();
            if number < 0 {
                out.extend_from_slice(b"- ");
            }
            write_number_tokens(number.unsigned_abs(), out);
        }
        Value::String(text) if is_plain(text) => out.extend_from_slice(text.as_bytes()),
        // One token: JSON without spaces, and those in strings escaped.
        other => out.extend_from_slice(other.to_string().replace(' ', "\\u0020").as_bytes()),
    }
}

fn value(reader: &mut Reader<'_>, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    if reader.take(b"[").is_some() {
        let mut items = Vec::new();
        loop {
            reader.take(b" ")?;
            if reader.take(b"]").is_some() {
                return Some(Value::Array(items));
            }
            items.push(value(reader, depth)?);
        }
    }
    let minus = reader.take(b"- ").is_some();
    let ends = |reader: &Reader<'_>| reader.peek().is_none_or(|next| next == b' ');
    let mut ahead = *reader;
    if let Some(number) = ahead.number_tokens().and_then(|number| i64::try_from(number).ok())
        && ends(&ahead)
    {
        *reader = ahead;
        return Some(Value::from(if minus { number.checked_neg()? } else { number }));
    }
    let word = std::str::from_utf8(reader.word()).ok().filter(|_| !minus)?;
    if is_plain(word) { Some(Value::from(word)) } else { serde_json::from_str(word).ok() }
}
