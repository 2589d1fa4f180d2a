//! Zebra puzzles: JSON objects with `attributes` and `clues`. The attributes are lists of values, or an object of lists by their names. A clue is an object as
//! the environment has it, `{"same":["red","tea"]}`, or a sentence of values and a relation: `red same tea`, `Ann at 1`. Objects with a `puzzle` in plain
//! English are read by [`prose`].

mod prose;

use serde_json::{Map, Value, json};

use super::{Entry, objects, word};

const ALLOWED: &str = "attributes (lists of values, or an object of such lists) and clues such as {\"same\":[\"red\",\"tea\"]} or \"red same tea\"";

/// Relations as sentences say them, with their names in the environment and whether the two ends change places.
const RELATIONS: [(&str, &str, bool); 14] = [
    ("is not at", "notat", false),
    ("not at", "notat", false),
    ("is at", "at", false),
    ("at", "at", false),
    ("same", "same", false),
    ("=", "same", false),
    ("next", "next", false),
    ("directly left", "left", false),
    ("left", "left", false),
    ("right", "left", true),
    ("before", "before", false),
    ("after", "before", true),
    ("apart", "apart", false),
    ("!=", "apart", false),
];

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    objects(text, ALLOWED, entry, out);
}

fn entry(line: usize, mut row: Map<String, Value>) -> Entry {
    if prose::is_prose(&row) {
        return in_prose(line, row);
    }
    let (attributes, clues) = (row.shift_remove("attributes"), row.shift_remove("clues"));
    let lists = match &attributes {
        Some(Value::Object(named)) => named.values().cloned().collect(),
        Some(Value::Array(lists)) => lists.clone(),
        _ => Vec::new(),
    };
    let Some(Value::Array(clues)) = clues.filter(|_| !lists.is_empty()) else {
        return Entry::wrong(line, 1, "no attributes or no clues", ALLOWED);
    };
    let mut values = Vec::new();
    for list in &lists {
        let words = list
            .as_array()
            .and_then(|list| list.iter().map(|value| value.as_str().map(word)).collect::<Option<Vec<_>>>());
        let Some(words) = words else { return Entry::wrong(line, 1, &list.to_string(), ALLOWED) };
        values.push(words);
    }
    let mut puzzle = Vec::with_capacity(clues.len());
    for clue in &clues {
        let Some(read) = read_clue(clue) else { return Entry::wrong(line, 1, &clue.to_string(), ALLOWED) };
        puzzle.push(read);
    }
    // The names of the attributes are nothing of the puzzle.
    if let Some(Value::Object(named)) = &attributes {
        row.insert("attributes".into(), named.keys().cloned().collect::<Vec<_>>().into());
    }
    Entry { more: row, ..Entry::of(line, json!({"attributes": values, "clues": puzzle})) }
}

/// A puzzle whose text is the field `puzzle`.
fn in_prose(line: usize, mut row: Map<String, Value>) -> Entry {
    let text = row.shift_remove("puzzle");
    let read = prose::read(text.as_ref().and_then(Value::as_str).unwrap_or_default(), &row);
    match read {
        Ok((puzzle, more)) => {
            row.extend(more);
            Entry { more: row, ..Entry::of(line, puzzle) }
        }
        Err(message) => Entry { puzzle: Err(message), ..Entry::of(line, Value::Null) },
    }
}

fn read_clue(clue: &Value) -> Option<Value> {
    if let Some(sentence) = clue.as_str() {
        return said(sentence);
    }
    let plain = |end: &Value| end.as_str().map_or_else(|| end.clone(), |text| word(text).into());
    let (relation, ends) = clue.as_object().filter(|clue| clue.len() == 1)?.iter().next()?;
    let ends: Vec<Value> = ends.as_array()?.iter().map(plain).collect();
    Some(json!({relation: ends}))
}

/// A clue as a sentence: a value, a relation, a value or the number of a house.
fn said(sentence: &str) -> Option<Value> {
    let spaced = format!(" {} ", sentence.trim());
    let parts = |(says, relation, turns): (&str, &'static str, bool)| {
        let (first, second) = spaced.split_once(&format!(" {says} "))?;
        Some((first.trim().to_string(), relation, turns, second.trim().to_string()))
    };
    let (first, relation, turns, second) = RELATIONS.into_iter().find_map(parts)?;
    let (first, second) = (word(&first), second);
    Some(match relation {
        "at" | "notat" => json!({relation: [first, second.parse::<u64>().ok()?]}),
        _ if turns => json!({relation: [word(&second), first]}),
        _ => json!({relation: [first, word(&second)]}),
    })
}
