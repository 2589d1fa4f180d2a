//! Puzzles as JSON. A puzzle says its JSON once: a plain struct that serde writes and reads, how it is made of a puzzle, and which are puzzles.

use arrayvec::ArrayString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::environment::{Environment, PuzzleError};

/// A puzzle as JSON, on one line, keys in a fixed order. A type that derives serde's `Serialize` and `Deserialize` has it, with
/// [`Environment::validate`]. Others name the struct that stands for them in JSON.
pub trait Json: Sized {
    /// What is written: a struct with a field for each key, in their order. `#[serde(deny_unknown_fields)]` refuses other keys.
    type Fields: Serialize + DeserializeOwned;
    /// A puzzle, for those who send what is none; nothing by default.
    const EXAMPLE: &'static str = "";

    /// The fields of the puzzle.
    fn to_fields(&self) -> Self::Fields;
    /// The puzzle of the fields, or what is wrong with them.
    fn from_fields(fields: Self::Fields) -> Result<Self, PuzzleError>;

    /// Appends the puzzle.
    fn write_json(&self, out: &mut Vec<u8>) {
        write(&self.to_fields(), out);
    }
    /// Reads a puzzle, or says what is wrong with it. Unknown fields are refused.
    fn from_json(value: &Value) -> Result<Self, PuzzleError> {
        Self::from_fields(read(value, Self::EXAMPLE)?)
    }
}

impl<T: Environment + Serialize + DeserializeOwned> Json for T {
    type Fields = T;

    fn to_fields(&self) -> T {
        self.clone()
    }

    fn from_fields(puzzle: T) -> Result<T, PuzzleError> {
        puzzle.validate()?;
        Ok(puzzle)
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        write(self, out);
    }
}

/// A short text of ASCII letters and signs; of longer ones their front.
pub(crate) fn text<const MOST: usize>(letters: impl IntoIterator<Item = u8>) -> ArrayString<MOST> {
    let mut text = ArrayString::new();
    letters.into_iter().for_each(|letter| _ = text.try_push(char::from(letter)));
    text
}

/// Whether a field need not be written.
pub(crate) fn is_default<T: Default + PartialEq>(field: &T) -> bool {
    *field == T::default()
}

/// Appends what serde makes of something.
pub(crate) fn write(fields: &impl Serialize, out: &mut Vec<u8>) {
    // Writing to memory fails for no type that serde derives, but for maps whose keys are no strings.
    let _ = serde_json::to_writer(out, fields);
}

/// Bytes of a message of serde that are shown: it may hold a text from outside.
const SHOWN: usize = 200;

/// Reads fields. Serde does not say in which of them something of a wrong type stands: that is found here.
pub(crate) fn read<F: DeserializeOwned>(value: &Value, example: &str) -> Result<F, PuzzleError> {
    let failure = |value: &Value| F::deserialize(value).map_err(|error| error.to_string());
    let error = match failure(value) {
        Ok(fields) => return Ok(fields),
        Err(error) => error,
    };
    let alone = |(key, found): &(&String, &Value)| {
        let fields = Value::Object([((*key).clone(), (*found).clone())].into_iter().collect());
        failure(&fields).is_err_and(|alone| alone == error)
    };
    let names_it = error.contains(" field `");
    let field = value.as_object().filter(|_| !names_it).and_then(|fields| fields.iter().find(alone));
    let field = field.map_or(String::new(), |(key, _)| format!("{key}: "));
    let shown: String = too_many(&error).unwrap_or(error).chars().take(SHOWN).collect();
    let example = if example.is_empty() { String::new() } else { format!("; a puzzle is {example}") };
    Err(PuzzleError(format!("{field}{shown}{example}")))
}

/// What is wrong with a list that is too long, of the message of `arrayvec`.
fn too_many(error: &str) -> Option<String> {
    let (found, most) = error.strip_prefix("invalid length ")?.split_once(", expected an array with no more than ")?;
    Some(format!("found {found} of them; allowed: 1 to {}", most.strip_suffix(" items")?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Complete, EnvironmentVisitor, WaterJugs, visit_environments};

    struct Examples;

    impl EnvironmentVisitor for Examples {
        fn visit<E: Complete>(&mut self, kind: usize) {
            // Kinds of one type have examples of their own.
            if E::kinds().len() == 1 {
                // A word about it may stand behind it.
                let mut examples = serde_json::Deserializer::from_str(E::EXAMPLE).into_iter::<Value>();
                let example = examples.next().unwrap().unwrap();
                assert!(E::from_json(&example).is_ok(), "{}: {example}", E::kinds()[kind].name);
            }
        }
    }

    #[test]
    fn examples_are_puzzles() {
        visit_environments(&mut Examples);
    }

    #[test]
    fn messages_name_the_field() {
        for (value, says) in [
            (json!({"sizes": [3, 5], "target": "x"}), r#"target: invalid type: string "x", expected u8"#),
            (json!({"target": 4, "sizes": [3, -5]}), "sizes: invalid value: integer `-5`, expected u8"),
            (json!({"target": 4, "sizes": [3, 5, 7, 8, 9]}), "sizes: found 5 of them; allowed: 1 to 4"),
            (json!({"target": 4}), "missing field `sizes`"),
            (json!({"target": 4, "more": 1}), "unknown field `more`, expected one of `sizes`, `start`, `target`"),
            (json!(3), "invalid type: integer `3`, expected struct Fields"),
        ] {
            let error = WaterJugs::from_json(&value).unwrap_err().0;
            assert_eq!(error, format!("{says}; a puzzle is {}", WaterJugs::EXAMPLE), "{value}");
        }
    }
}
