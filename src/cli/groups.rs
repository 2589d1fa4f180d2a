//! Rollouts as they are read: JSON Lines, those of one puzzle in succession. What cannot be read is a row like any other, with its error.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::{Failure, lines};
use crate::request::{RequestError, Scored, score};
use crate::select::Rollout;

/// A row, and what was found out about it.
pub struct Row {
    /// The row as it was read; empty where it is no object.
    pub object: Map<String, Value>,
    /// What it is worth, or what is wrong with it: `{"line", "field", "message"}`.
    pub scored: Result<Scored, Value>,
}

impl Row {
    /// The numbers; of what cannot be read those of nothing.
    pub fn rollout(&self) -> Rollout {
        self.scored.as_ref().map_or(Rollout::default(), |scored| scored.rollout)
    }
}

/// Reads rows and calls `each` for every group: rows in succession with the same field `group`, or without it of the same puzzle. A row that
/// cannot be read belongs to the group that it stands in. What `each` returns is written to standard output.
pub fn answer_groups(file: &Path, mut each: impl FnMut(Vec<Row>) -> Vec<Value>) -> Result<(), Failure> {
    let mut rows: Vec<Row> = Vec::new();
    let mut key: Option<String> = None;
    lines::answer_some(file, |number, line| {
        let Some(line) = line else { return each_of(&mut rows, &mut each) };
        let row = read(number, line);
        let group = row.object.get("group").map(Value::to_string);
        let next = group.or_else(|| row.scored.as_ref().ok().map(|scored| scored.id.clone()));
        let mut done = Vec::new();
        if next.is_some() && next != key {
            // what stands before the first key belongs to it
            if key.is_some() {
                done = each_of(&mut rows, &mut each);
            }
            key = next;
        }
        rows.push(row);
        done
    })
}

fn each_of(rows: &mut Vec<Row>, each: &mut impl FnMut(Vec<Row>) -> Vec<Value>) -> Vec<Value> {
    let rows = std::mem::take(rows);
    if rows.is_empty() { Vec::new() } else { each(rows) }
}

fn read(number: u64, line: lines::Line<'_>) -> Row {
    let read = line.and_then(|line| {
        serde_json::from_slice::<Map<String, Value>>(line)
            .map_err(|error| RequestError::new("line", format!("not a JSON object: {error}; send one object a line")))
    });
    let (object, scored) = match read {
        Ok(object) => {
            let scored = score(&object);
            (object, scored)
        }
        Err(error) => (Map::new(), Err(error)),
    };
    Row { object, scored: scored.map_err(|error| error.to_json(number)["error"].take()) }
}

/// Writes what was found out into a row.
pub fn tell(scored: &Result<Scored, Value>, object: &mut Map<String, Value>) {
    let scored = match scored {
        Ok(scored) => scored,
        Err(error) => {
            object.insert("error".into(), error.clone());
            return;
        }
    };
    let rollout = &scored.rollout;
    let numbers = [
        ("reward", json!(u8::from(rollout.solved))),
        ("solved", json!(rollout.solved)),
        ("valid", json!(rollout.valid)),
        ("optimal", json!(rollout.optimal)),
        ("trace_valid", json!(scored.trace_valid)),
        ("first_error", json!(scored.first_error)),
        ("nodes", json!(scored.nodes)),
        ("steps", json!(rollout.steps)),
        ("wrong_steps", json!(rollout.wrong_steps)),
        ("claims", json!(rollout.claims)),
        ("length", json!(rollout.length)),
        ("penalty", json!(rollout.penalty().value())),
    ];
    for (name, value) in numbers {
        object.insert(name.into(), value);
    }
}
