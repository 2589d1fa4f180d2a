//! Rollouts as they are read: JSON Lines, those of one puzzle in succession. What cannot be read is a row like any other, with its error.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::dataset::Known;
use super::{Failure, lines};
use crate::request::{Against, Answered, RequestError, Scored, Turns, score};
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
pub fn answer_groups(
    file: &Path,
    beside: &Beside,
    mut each: impl FnMut(Vec<Row>) -> Vec<Value>,
) -> Result<(), Failure> {
    let mut rows: Vec<Row> = Vec::new();
    let mut key: Option<String> = None;
    lines::answer_some(file, |number, line| {
        let Some(line) = line else { return each_of(&mut rows, &mut each) };
        let mut done = Vec::new();
        for row in read(number, line, beside) {
            let group = row.object.get("group").map(Value::to_string);
            let next = group.or_else(|| row.scored.as_ref().ok().map(|scored| scored.id.clone()));
            if next.is_some() && next != key {
                // what stands before the first key belongs to it
                if key.is_some() {
                    done.extend(each_of(&mut rows, &mut each));
                }
                key = next;
            }
            rows.push(row);
        }
        done
    })
}

fn each_of(rows: &mut Vec<Row>, each: &mut impl FnMut(Vec<Row>) -> Vec<Value>) -> Vec<Value> {
    let rows = std::mem::take(rows);
    if rows.is_empty() { Vec::new() } else { each(rows) }
}

/// What rows are read with.
#[derive(Default)]
pub struct Beside {
    /// Puzzles that rows name by id.
    pub known: Known,
    /// A search that texts are held against.
    pub search: Option<Value>,
}

impl Beside {
    /// Reads the puzzles of a dataset, if one is given, and a search in JSON.
    pub fn new(dataset: Option<&Path>, search: Option<&str>) -> Result<Self, Failure> {
        let known = dataset.map(Known::read).transpose()?.unwrap_or_default();
        let parse = |text: &str| {
            serde_json::from_str(text)
                .map_err(|error| Failure::Request(format!("--search: {error}; give JSON such as {{\"kind\":\"dfs\"}}")))
        };
        Ok(Beside { known, search: search.map(parse).transpose()? })
    }
}

/// The rows of a line: of a row of a group config as many as it has trajectories.
fn read(number: u64, line: lines::Line<'_>, beside: &Beside) -> Vec<Row> {
    let read = line.and_then(|line| {
        serde_json::from_slice::<Map<String, Value>>(line)
            .map_err(|error| RequestError::new("line", format!("not a JSON object: {error}; send one object a line")))
    });
    let mut object = match read {
        Ok(object) => object,
        Err(error) => return vec![Row { object: Map::new(), scored: Err(error.to_json(number)["error"].take()) }],
    };
    let known = beside.known.complete(&mut object);
    let judge = |object: Map<String, Value>| {
        let scored = match known {
            true => score(&object, beside.search.as_ref()),
            false => {
                Err(RequestError::new("id", "no puzzle of the dataset has it; send the puzzle, or another --dataset"))
            }
        };
        Row { object, scored: scored.map_err(|error| error.to_json(number)["error"].take()) }
    };
    match (object.get("record"), object.get("completions")) {
        (Some(Value::String(record)), Some(Value::Array(texts))) if record == "group" => {
            let texts = texts.clone();
            object.retain(|_, value| !value.is_array());
            let each = texts.into_iter().enumerate().map(|(sample, text)| {
                let mut object = object.clone();
                object.insert("sample".into(), sample.into());
                object.insert("completion".into(), text);
                judge(object)
            });
            each.collect()
        }
        _ => vec![judge(object)],
    }
}

/// Writes what was found out into a row.
pub fn tell(scored: &Result<Scored, Value>, object: &mut Map<String, Value>) {
    let scored = match scored {
        Ok(scored) => scored.clone(),
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
    if let Some(Against { nodes, shared, larger }) = scored.against {
        object.insert("true_nodes".into(), nodes.into());
        object.insert("alignment".into(), json!(shared as f64 / larger.max(1) as f64));
    }
    if let Some(Turns { first, second, distance }) = scored.turns {
        object.insert("first_right".into(), first.into());
        object.insert("second_right".into(), second.into());
        object.insert("edit_distance".into(), json!(distance));
    }
    if let Some(Answered { right, hit, .. }) = scored.answered {
        object.insert("answer_right".into(), right.into());
        object.insert("first_error_hit".into(), json!(hit));
    }
}
