//! Puzzles as JSON. A plain struct with serde defines the format, and conversions connect it with the puzzle.

use arrayvec::ArrayString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::environment::{Environment, PuzzleError};

/// A puzzle as JSON, on one line, with keys in a fixed order. Types that derive serde's `Serialize` and `Deserialize` have this trait, with
/// [`Environment::validate`]. Other types name the struct that represents them in JSON.
pub trait Json: Sized {
    /// The JSON format: a struct with a field for each key, in the order of the keys. `#[serde(deny_unknown_fields)]` refuses other keys.
    type Fields: Serialize + DeserializeOwned;
    /// An example of a puzzle, for error messages; empty by default.
    const EXAMPLE: &'static str = "";

    /// The fields of the puzzle.
    fn to_fields(&self) -> Self::Fields;
    /// The puzzle of the fields, or the problem with them.
    fn from_fields(fields: Self::Fields) -> Result<Self, PuzzleError>;

    /// Appends the puzzle's JSON.
    fn write_json(&self, out: &mut Vec<u8>) {
        write(&self.to_fields(), out);
    }
    /// Reads a puzzle, or returns the problem with it. Unknown fields are refused.
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

/// A short text of ASCII characters. Longer texts are cut at `MOST`.
pub(crate) fn text<const MOST: usize>(letters: impl IntoIterator<Item = u8>) -> ArrayString<MOST> {
    let mut text = ArrayString::new();
    letters.into_iter().for_each(|letter| _ = text.try_push(char::from(letter)));
    text
}

/// Whether a field has its default value and so need not be written.
pub(crate) fn is_default<T: Default + PartialEq>(field: &T) -> bool {
    *field == T::default()
}

/// Appends a value as serde writes it.
pub(crate) fn write(fields: &impl Serialize, out: &mut Vec<u8>) {
    // Writing to memory fails for no derived type, except for maps whose keys are no strings.
    let _ = serde_json::to_writer(out, fields);
}

/// Most characters of a serde message that are shown: the message may contain text from outside.
const SHOWN: usize = 200;

/// Reads fields. Serde does not name the field with a value of a wrong type, so it is found here.
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

/// The error for a list that is too long, from the message of `arrayvec`.
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
            // The kinds of one type have examples of their own.
            if E::kinds().len() == 1 {
                // A note may follow the example.
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
