//! Requests: one JSON object in, one JSON object out. `sos trace` and `sos check` serve one for each line, and bindings to other languages call
//! these functions.

mod check;
mod cues;
mod leaks;
mod prove;
mod score;
mod told;
mod trace;
mod versions;

use serde_json::{Value, json};
use sos_envs::About;

use crate::answer::Reading;
use crate::arena::{self, Family, Puzzle};
use crate::check::Taken;
use crate::dialect::{DialectEntry, dialects};
use crate::search::{Search, SearchConfig};

pub use check::{Checked, Looked, check, check_row, look};
pub use cues::{CueError, Looking, audit_cues, cues_of_folder, cues_of_recipe};
pub use leaks::{LeakError, Leaks, Shared, leaks_of_recipe};
pub use prove::prove;
pub use score::{Answered, Scored, SearchComparison, Turns, score};
pub use told::{Told, told};
pub use trace::{trace, trace_row};
pub use versions::other_versions;

/// An error of a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct RequestError {
    /// The field.
    pub field: String,
    /// What was found, what is allowed, or what to do.
    pub message: String,
}

impl RequestError {
    /// A new error.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        RequestError { field: field.into(), message: message.into() }
    }

    /// The error as JSON, with the number of the line.
    pub fn to_json(&self, line: u64) -> Value {
        json!({"error": {"line": line, "field": self.field, "message": self.message}})
    }
}

/// The environment with a name.
pub fn environment(name: &str) -> Result<&'static dyn Family, RequestError> {
    arena::environment(name).ok_or_else(|| unknown("env", name, &environment_names()))
}

/// Names of all environments, those that were added while the program runs included.
pub fn environment_names() -> Vec<&'static str> {
    arena::environment_names()
}

/// The dialect of a request. With a search, the dialect must be able to express its traces.
fn dialect(
    about: &'static About,
    object: &serde_json::Map<String, Value>,
    search: Option<&str>,
) -> Result<DialectEntry, RequestError> {
    let name = text_field(object, "dialect")?;
    if let Some(reason) = crate::dialect::refusal(about, name, search) {
        return Err(RequestError::new("dialect", reason));
    }
    let names: Vec<&str> = dialects(about).iter().map(|dialect| dialect.name).collect();
    crate::dialect::dialect(about, name).ok_or_else(|| unknown("dialect", name, &names))
}

/// How the text of a request is read; none where it does not say.
pub fn reading(object: &serde_json::Map<String, Value>) -> Result<Option<Reading>, RequestError> {
    if !object.contains_key("read") {
        return Ok(None);
    }
    let name = text_field(object, "read")?;
    let names = Reading::ALL.map(Reading::name);
    Reading::of_name(name).map(Some).ok_or_else(|| unknown("read", name, &names))
}

/// The dialect of a request. Where only an answer is read, a request without a puzzle needs one, for its prompt; others may leave it out.
fn dialect_for(
    about: &'static About,
    object: &serde_json::Map<String, Value>,
    reading: Reading,
) -> Result<DialectEntry, RequestError> {
    if reading == Reading::Answer && !object.contains_key("dialect") && object.contains_key("puzzle") {
        let first = dialects(about).into_iter().next();
        return first.ok_or_else(|| RequestError::new("dialect", "there is none for this environment"));
    }
    dialect(about, object, None)
}

/// What was taken as the answer, for a verdict. A long text is shortened; the span tells all of it.
fn taken(Taken { how, span }: Taken, text: &str) -> Value {
    const MOST: usize = 1000;
    let inside = text.get(span.0..span.1).unwrap_or_default();
    let shown = inside.char_indices().nth(MOST).map_or(inside.to_string(), |(end, _)| format!("{}…", &inside[..end]));
    json!({"how": how.name(), "span": span, "text": shown})
}

fn unknown(field: &str, found: &str, allowed: &[&str]) -> RequestError {
    let hint = crate::names::nearest(found, allowed.iter().copied());
    let hint = hint.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
    RequestError::new(field, format!("found \"{}\"; allowed: {}{hint}", shortened(found), allowed.join(", ")))
}

/// Reads a line as an object.
pub fn object(line: &[u8]) -> Result<serde_json::Map<String, Value>, RequestError> {
    let text = std::str::from_utf8(line).map_err(|error| {
        RequestError::new("line", format!("not UTF-8: byte {} is wrong; send UTF-8", error.valid_up_to()))
    })?;
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(RequestError::new("line", "found JSON that is no object; send one object a line")),
        Err(error) => Err(RequestError::new("line", format!("not JSON: {error}; send one object a line"))),
    }
}

fn text_field<'a>(object: &'a serde_json::Map<String, Value>, field: &str) -> Result<&'a str, RequestError> {
    match object.get(field) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(RequestError::new(field, format!("found {}; send a string", short(other)))),
        None => Err(RequestError::new(field, "missing; send a string")),
    }
}

fn flag(object: &serde_json::Map<String, Value>, field: &str) -> Result<bool, RequestError> {
    match object.get(field) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(other) => Err(RequestError::new(field, format!("found {}; send true or false", short(other)))),
    }
}

/// A short form of a value, for messages.
fn short(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", shortened(text)),
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(fields) => format!("an object of {} fields", fields.len()),
        other => other.to_string(),
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// The puzzle of a request: a JSON object, or a string of one, as in rows of a dataset.
fn puzzle(family: &dyn Family, object: &serde_json::Map<String, Value>) -> Result<Puzzle, RequestError> {
    let wrong = |error: String| RequestError::new("puzzle", crate::recipe::plain(error.trim_start_matches("puzzle: ")));
    match object.get("puzzle") {
        None => Err(RequestError::new("puzzle", "missing; send the puzzle as JSON")),
        Some(Value::String(text)) => {
            let value = serde_json::from_str(text).map_err(|error| wrong(format!("not JSON: {error}")))?;
            family.read_json(&value).map_err(|error| wrong(error.to_string()))
        }
        Some(value) => family.read_json(value).map_err(|error| wrong(error.to_string())),
    }
}

/// The id of a puzzle of an environment; none where the JSON is no such puzzle.
pub fn puzzle_id(environment: &str, value: Value) -> Option<String> {
    let object = serde_json::Map::from_iter([("puzzle".to_string(), value)]);
    Some(puzzle(arena::environment(environment)?, &object).ok()?.id().to_string())
}

/// The search of a request.
fn search(about: &'static About, config: &Value) -> Result<Search, RequestError> {
    let config: SearchConfig = serde_json::from_value(config.clone())
        .map_err(|error| RequestError::new("search", crate::recipe::plain(&error.to_string())))?;
    Search::new(about, &config)
        .map_err(|error| RequestError::new("search", error.to_string().trim_start_matches("search.")))
}

/// Refuses a search that does not fit a puzzle.
fn fits(search: &Search, puzzle: &Puzzle) -> Result<(), RequestError> {
    search.fits(puzzle).map_err(|error| RequestError::new("search", error.to_string().trim_start_matches("search.")))
}

/// The fields that a request can have, for `sos trace` or `sos check`, and others. The answer of a trace request is a check request, so both know both.
fn known_fields<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&trace::FIELDS[..], &trace::ANSWERS, &check::FIELDS, more].concat()
}

/// Greatest length of the name of a field.
const LONGEST_NAME: usize = 64;

/// Refuses a field whose name is that of a known field but for a slip: one letter more, less or other, or two exchanged. Other fields are none of our
/// business. A slip in two letters is not seen, since `label` is not `level`. Where the known field is there as well, it is no slip.
fn refuse_mistyped(object: &serde_json::Map<String, Value>, known: &[&str]) -> Result<(), RequestError> {
    for name in object.keys().filter(|name| !known.contains(&name.as_str())) {
        let shown = || name.chars().take(LONGEST_NAME).collect::<String>();
        if name.len() > LONGEST_NAME {
            let message =
                format!("there is no such field; a field of your own has a name of up to {LONGEST_NAME} bytes");
            return Err(RequestError::new(&shown(), message));
        }
        let slip = |field: &&&str| {
            field.len() > 2 && !object.contains_key(**field) && strsim::damerau_levenshtein(name, field) == 1
        };
        if let Some(field) = known.iter().find(slip) {
            let message =
                format!("there is no such field; did you mean \"{field}\"? A field of your own needs another name");
            return Err(RequestError::new(&shown(), message));
        }
    }
    Ok(())
}

/// A row that `sos pack` filled, without the words that fill it; none for other rows.
fn unfilled(object: &serde_json::Map<String, Value>) -> Option<serde_json::Map<String, Value>> {
    let words = object.get("filler_words").and_then(Value::as_u64).filter(|words| *words > 0)?;
    let mut text = object.get("completion").and_then(Value::as_str)?.trim_end();
    for _ in 0..words {
        let Some(end) = text.rfind(char::is_whitespace) else { break };
        text = text.get(..end)?.trim_end();
    }
    let mut object = object.clone();
    object.insert("completion".into(), text.into());
    Some(object)
}

/// The error for a row as JSON, with its number and the id of the row where it has one.
pub fn error_of(error: &RequestError, line: u64, id: Option<Value>) -> Value {
    let mut answer = serde_json::Map::new();
    answer.extend(id.map(|id| ("id".to_string(), id)));
    answer.extend([("error".to_string(), error.to_json(line)["error"].take())]);
    Value::Object(answer)
}

/// Refuses a search that no environment has. Whether it fits a puzzle shows with the puzzle.
pub fn known_search(config: &Value) -> Result<(), RequestError> {
    let config: SearchConfig = serde_json::from_value(config.clone())
        .map_err(|error| RequestError::new("search", crate::recipe::plain(&error.to_string())))?;
    let names: Vec<&str> = crate::search::SEARCHES.iter().map(|search| search.name).collect();
    if names.contains(&config.kind.as_str()) { Ok(()) } else { Err(unknown("kind", &config.kind, &names)) }
}
