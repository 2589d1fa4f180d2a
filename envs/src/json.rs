//! Puzzles as JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::environment::{Environment, PuzzleError};

/// A puzzle as JSON, on one line, keys in a fixed order. What derives serde's `Serialize` and `Deserialize` has it, with
/// [`Environment::validate`]; others write it by hand.
pub trait Json: Sized {
    /// Appends the puzzle.
    fn write_json(&self, out: &mut Vec<u8>);
    /// Reads a puzzle, or says what is wrong with it. Unknown fields are refused.
    fn from_json(value: &Value) -> Result<Self, PuzzleError>;
}

impl<T: Environment + Serialize + DeserializeOwned> Json for T {
    fn write_json(&self, out: &mut Vec<u8>) {
        // Writing to memory fails for no type that serde derives, but for maps whose keys are no strings.
        let _ = serde_json::to_writer(out, self);
    }

    fn from_json(value: &Value) -> Result<Self, PuzzleError> {
        let puzzle = T::deserialize(value).map_err(|error| PuzzleError(error.to_string()))?;
        puzzle.validate()?;
        Ok(puzzle)
    }
}
