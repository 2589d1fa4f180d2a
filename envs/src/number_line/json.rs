//! Number lines as JSON: `{"start":2,"target":11,"limit":99,"operations":["+3","*2"]}`.

use serde::Deserialize;

use super::{Kind, MAX_LIMIT, MAX_OPERATIONS, NumberLine, Operation, atoms};
use crate::environment::PuzzleError;
use crate::exact::Known;
use crate::json::Json;
use crate::text::{Reader, Style, write_number};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    start: u32,
    target: u32,
    limit: u32,
    operations: Vec<String>,
}

impl Json for NumberLine {
    fn write_json(&self, out: &mut Vec<u8>) {
        for (key, number) in [("{\"start\":", self.start), (",\"target\":", self.target), (",\"limit\":", self.limit)] {
            out.extend_from_slice(key.as_bytes());
            write_number(number.into(), out);
        }
        out.extend_from_slice(b",\"operations\":[");
        for (place, &operation) in self.operations.iter().enumerate() {
            out.extend_from_slice(if place > 0 { b",\"" } else { b"\"" });
            atoms::write_operation(operation, Style::Frame, out);
            out.push(b'"');
        }
        out.extend_from_slice(b"]}");
    }

    fn from_json(value: &serde_json::Value) -> Result<NumberLine, PuzzleError> {
        let Fields { start, target, limit, operations: texts } =
            Fields::deserialize(value).map_err(|error| PuzzleError(error.to_string()))?;
        let refuse = |field: &str, found: &dyn std::fmt::Debug, allowed: String| {
            Err(PuzzleError(format!("{field}: found {found:?}; allowed: {allowed}")))
        };
        if !(1..=MAX_LIMIT).contains(&limit) {
            return refuse("limit", &limit, format!("1 to {MAX_LIMIT}"));
        }
        for (field, number) in [("start", start), ("target", target)] {
            if number > limit {
                return refuse(field, &number, format!("0 to {limit}"));
            }
        }
        if texts.is_empty() || texts.len() > MAX_OPERATIONS {
            return refuse("operations", &texts.len(), format!("1 to {MAX_OPERATIONS}"));
        }
        let mut operations = Vec::with_capacity(texts.len());
        for text in &texts {
            match operation(text).filter(|operation| !operations.contains(operation)) {
                Some(operation) => operations.push(operation),
                None => {
                    let signs = Kind::ALL.map(atoms::sign).map(char::from);
                    let allowed = format!(
                        "different ones, one of {signs:?} and a number up to {MAX_LIMIT} that changes something"
                    );
                    return refuse("operations", text, allowed);
                }
            }
        }
        Ok(NumberLine { start, target, limit, operations, known: Known::default() })
    }
}

fn operation(text: &str) -> Option<Operation> {
    let mut reader = Reader::new(text.as_bytes());
    atoms::read_operation(Style::Frame, &mut reader).filter(|_| reader.is_at_end())
}
