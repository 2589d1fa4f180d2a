//! The puzzle of a request: as JSON, or from its prompt.

use serde_json::{Map, Value};

use super::{RequestError, puzzle, text_field};
use crate::answer::Reading;
use crate::arena::{Family, Puzzle};
use crate::dialect::instruct::Instruct;
use crate::dialect::{DialectEntry, PromptError};

/// A puzzle, and what was assumed where its prompt leaves something out.
pub struct Told {
    /// The puzzle.
    pub puzzle: Puzzle,
    /// The assumption.
    pub assumed: Option<&'static str>,
}

/// The puzzle of a request, from `puzzle`, or else from `prompt`, a text in the dialect or in plain English, or a list of turns. If both are there, a prompt
/// of another puzzle is an error; a prompt from which no puzzle can be read (that of a critique contains more) is ignored.
pub fn told(
    family: &dyn Family,
    object: &Map<String, Value>,
    dialect: &DialectEntry,
    reading: Reading,
) -> Result<Told, RequestError> {
    if reading == Reading::Answer && object.contains_key("puzzle") {
        // The answer is judged by the puzzle alone, whatever the model was asked.
        return Ok(Told { puzzle: puzzle(family, object)?, assumed: None });
    }
    let prompt = match object.get("prompt") {
        None => None,
        Some(Value::Array(turns)) => Some(asked(turns)?),
        Some(_) => Some(text_field(object, "prompt")?),
    };
    if object.contains_key("puzzle") {
        let puzzle = puzzle(family, object)?;
        if let Some(prompt) = prompt {
            is_of(family, prompt, &puzzle, dialect)?;
        }
        return Ok(Told { puzzle, assumed: None });
    }
    let Some(prompt) = prompt else {
        return Err(RequestError::new("puzzle", "missing; send the puzzle as JSON, or its `prompt`"));
    };
    read(family, prompt, dialect).map_err(|error| {
        RequestError::new("prompt", format!("{error}; without `puzzle` the prompt must be the puzzle's own"))
    })
}

/// What the last turn of a conversation asks.
fn asked(turns: &[Value]) -> Result<&str, RequestError> {
    let said = turns.last().and_then(|turn| turn.get("content")).and_then(Value::as_str);
    said.ok_or_else(|| {
        RequestError::new("prompt", "found a list without a last turn; send a text, or [{\"role\": …, \"content\": …}]")
    })
}

/// The puzzle of a prompt: in the dialect, or in plain English by the default template.
fn read(family: &dyn Family, prompt: &str, dialect: &DialectEntry) -> Result<Told, PromptError> {
    match dialect.read_prompt(family, prompt.as_bytes()) {
        Ok(puzzle) => Ok(Told { puzzle, assumed: dialect.untold(family) }),
        // The error of the reader that came further is the one that helps.
        Err(error) => match Instruct::default().read(family, prompt) {
            Ok(puzzle) => Ok(Told { puzzle, assumed: None }),
            Err(other) => Err(if other.span.0 > error.span.0 { other } else { error }),
        },
    }
}

/// Refuses the prompt of another puzzle.
fn is_of(family: &dyn Family, prompt: &str, puzzle: &Puzzle, dialect: &DialectEntry) -> Result<(), RequestError> {
    let own = dialect.prompt(puzzle);
    let own = String::from_utf8_lossy(own.trim_ascii());
    if prompt.trim().starts_with(&*own) {
        return Ok(());
    }
    match read(family, prompt, dialect) {
        Ok(read) if read.puzzle.id() != puzzle.id() => {
            let message = format!(
                "tells another puzzle than `puzzle`, whose prompt is \"{}\"; send one of them, or the same",
                super::shortened(&own)
            );
            Err(RequestError::new("prompt", message))
        }
        _ => Ok(()),
    }
}
