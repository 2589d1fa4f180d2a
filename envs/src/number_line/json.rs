//! Number lines as JSON.

use super::atoms::{self, SIGNS};
use super::{MAX_LIMIT, MAX_OPERATIONS, NumberLine, Operation};
use crate::exact::Known;
use crate::json;
use crate::prelude::*;

/// The JSON of a puzzle. Operations are texts of sign and number.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    start: u32,
    target: u32,
    limit: u32,
    operations: ArrayVec<ArrayString<16>, MAX_OPERATIONS>,
}

impl Json for NumberLine {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"start":2,"target":11,"limit":99,"operations":["+3","*2"]}"#;

    fn to_fields(&self) -> Fields {
        let mut text = Vec::with_capacity(16);
        let shown = |&operation: &Operation| {
            text.clear();
            atoms::operation(&mut text, Style::Frame, operation);
            json::text(text.iter().copied())
        };
        let NumberLine { start, target, limit, .. } = *self;
        Fields { start, target, limit, operations: self.operations.iter().map(shown).collect() }
    }

    fn from_fields(fields: Fields) -> Result<NumberLine, PuzzleError> {
        let Fields { start, target, limit, operations: texts } = fields;
        PuzzleError::within("limit", limit, 1u64, MAX_LIMIT)?;
        PuzzleError::within("start", start, 0u64, limit)?;
        PuzzleError::within("target", target, 0u64, limit)?;
        PuzzleError::within("operations", texts.len() as u64, 1u64, MAX_OPERATIONS as u64)?;
        let mut operations = Vec::with_capacity(texts.len());
        for text in &texts {
            let allowed =
                || format!("different ones, one of {SIGNS:?} and a number up to {MAX_LIMIT} that changes something");
            let found = atoms::read_operation(Style::Frame, text).filter(|operation| !operations.contains(operation));
            operations.push(found.ok_or_else(|| PuzzleError::new("operations", text, allowed()))?);
        }
        Ok(NumberLine { start, target, limit, operations, known: Known::default() })
    }
}
