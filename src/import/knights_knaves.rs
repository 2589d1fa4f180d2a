//! Knights and knaves: JSON objects with `names` and `statements`, one statement a person, as mem-kk-logic and reasoning-gym write them. A statement is a nested
//! list: `["and", ["lying", 0], ["telling-truth", 1]]`, people counted from 0. It can also be the text that Python writes for nested tuples.
//!
//! Source: Xie et al. (2024), "On memorization of large language models in logical reasoning".

use serde_json::{Map, Value, json};

use super::{Entry, objects, word};

const ALLOWED: &str =
    "names, and statements as nested lists of telling-truth, lying, and, or, not, -> and <=>, one for each person";

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    objects(text, ALLOWED, entry, out);
}

fn entry(line: usize, mut row: Map<String, Value>) -> Entry {
    // reasoning-gym keeps the puzzle beside its question and answer.
    if let (false, Some(Value::Object(inner))) = (row.contains_key("statements"), row.get("metadata").cloned()) {
        row.remove("metadata");
        row.extend(inner);
    }
    let (names, statements) = (row.shift_remove("names"), row.shift_remove("statements"));
    match puzzle(names.as_ref(), statements.as_ref()) {
        Ok(puzzle) => Entry { more: row, ..Entry::of(line, puzzle) },
        Err(found) => Entry::wrong(line, 1, &found, ALLOWED),
    }
}

/// The puzzle, or what is not as it should be.
fn puzzle(names: Option<&Value>, statements: Option<&Value>) -> Result<Value, String> {
    let names = names.and_then(Value::as_array).ok_or("no list of names")?;
    let people = names.iter().map(|name| name.as_str().map(word)).collect::<Option<Vec<String>>>();
    let people = people.ok_or("a name that is no text")?;
    let tuples = match statements {
        Some(Value::String(text)) => Some(serde_json::from_str(&lists(text)).map_err(|_| text.clone())?),
        other => other.cloned(),
    };
    let said = tuples.as_ref().and_then(Value::as_array).ok_or("no list of statements")?;
    if said.len() != people.len() {
        return Err(format!("{} names and {} statements", people.len(), said.len()));
    }
    let claims = said.iter().map(|said| claim(said).ok_or_else(|| said.to_string())).collect::<Result<Vec<_>, _>>()?;
    let statements: Vec<Value> =
        (1..).zip(claims).map(|(speaker, claim): (u64, Value)| json!([speaker, claim])).collect();
    Ok(json!({"people": people, "statements": statements}))
}

/// Nested tuples as Python writes them, as nested lists of JSON.
fn lists(text: &str) -> String {
    let text = text.replace('(', "[").replace(')', "]").replace('\'', "\"");
    let compact: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    compact.replace(",]", "]")
}

/// A claim in the words of the environment.
fn claim(said: &Value) -> Option<Value> {
    let (head, rest) = said.as_array()?.split_first()?;
    let two = |word: &str| match rest {
        [a, b] => Some(json!({word: [part(a)?, part(b)?]})),
        _ => None,
    };
    // Joining one part alone says what the part says.
    let all = |word: &str| match rest {
        [one] => claim(one),
        _ => Some(json!({word: rest.iter().map(part).collect::<Option<Vec<Value>>>()?})),
    };
    match (head.as_str()?, rest) {
        ("telling-truth" | "lying", _) => Some(json!({"is": part(said)?})),
        ("not", [of]) => Some(json!({"not": part(of)?})),
        ("and", _) => all("and"),
        ("or", _) => all("or"),
        ("->" | "if" | "implies", _) => two("if"),
        ("<=>" | "iff", _) => two("iff"),
        _ => None,
    }
}

fn part(said: &Value) -> Option<Value> {
    let list = said.as_array()?;
    let person = |place: &Value| place.as_u64().and_then(|place| place.checked_add(1));
    match list.as_slice() {
        [Value::String(word), of] if word == "telling-truth" => Some(json!([person(of)?, true])),
        [Value::String(word), of] if word == "lying" => Some(json!([person(of)?, false])),
        _ => claim(said),
    }
}
