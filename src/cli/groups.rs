//! Groups of rollouts from JSON Lines. A line that cannot be read is a row with an error.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Failure;
use super::dataset::Known;
use super::gather::{Numbered, each_group};
use super::input::{Running, too_long};
use super::lines::{Served, write_all};
use crate::answer::Reading;
use crate::request::{Answered, Scored, SearchComparison, Turns, object, score};
use crate::select::Rollout;

/// A row and its scores.
pub struct GroupRow {
    /// The row; empty if the line is no object.
    pub object: Map<String, Value>,
    /// The scores of the row, or its error: `{"line", "field", "message"}`.
    pub scored: Result<Scored, Value>,
}

impl GroupRow {
    /// The numbers for selection. A row with an error has the default ones.
    pub fn rollout(&self) -> Rollout {
        self.scored.as_ref().map_or(Rollout::default(), |scored| scored.rollout)
    }
}

/// Reads rows and works off every group in parallel: rows with the same field `group`, or without this field rows of the same puzzle, wherever they
/// stand. A row without any of these fields belongs to the group of the row before it. `each` gets the groups in order. Its results are written to standard
/// output.
pub fn answer_groups(
    file: &Path,
    running: &Running,
    context: &ScoreContext,
    mut each: impl FnMut(Vec<GroupRow>) -> Vec<Value>,
) -> Result<Served, Failure> {
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut served, ticker) = (Served::default(), running.ticker(None));
    let work = |lines: Vec<Numbered>| {
        let size = lines.iter().map(|(_, line)| line.as_ref().map_or(0, Vec::len)).sum();
        let rows: Vec<GroupRow> = lines.into_iter().flat_map(|(number, line)| read(number, line, context)).collect();
        (rows, size)
    };
    each_group(file, running.threads()?, work, |rows| {
        ticker.advance(rows.len() as u64);
        for row in &rows {
            served.count(row.scored.is_ok(), row.scored.as_ref().err().map(told));
        }
        write_all(&mut output, &each(rows))
    })?;
    output.flush()?;
    if served.rows == 0 {
        eprintln!("{}: no rows", super::input::name(file));
    }
    Ok(served)
}

/// An error as a sentence.
fn told(error: &Value) -> String {
    let text = |name: &str| error[name].as_str().unwrap_or_default().to_string();
    format!("line {}: {}: {}", error["line"], text("field"), text("message"))
}

/// What is needed to score rows.
#[derive(Default)]
pub struct ScoreContext {
    /// Puzzles that rows can name by id.
    pub known: Known,
    /// A search whose traces texts are compared with.
    pub search: Option<Value>,
    /// How texts are read whose rows do not say it.
    pub reading: Reading,
}

impl ScoreContext {
    /// Reads the puzzles of a dataset, if there is one, and a search in JSON.
    pub fn new(dataset: Option<&Path>, search: Option<&str>, running: &Running) -> Result<Self, Failure> {
        let known = dataset.map(|folder| Known::read(folder, running)).transpose()?.unwrap_or_default();
        let parse = |text: &str| {
            let wrong = |error: String| Failure::Request(format!("--search: {error}"));
            let search: Value = serde_json::from_str(text)
                .map_err(|error| wrong(format!("{error}; give JSON such as {{\"kind\":\"dfs\"}}")))?;
            crate::request::known_search(&search).map_err(|error| wrong(error.message))?;
            Ok::<_, Failure>(search)
        };
        Ok(ScoreContext { known, search: search.map(parse).transpose()?, reading: Reading::default() })
    }
}

/// The rows of a line. A row of a `group` config becomes one row for each of its trajectories.
fn read(number: u64, line: Option<Vec<u8>>, context: &ScoreContext) -> Vec<GroupRow> {
    let read = line.ok_or_else(too_long).and_then(|line| object(&line));
    let mut object = match read {
        Ok(object) => object,
        Err(error) => return vec![GroupRow { object: Map::new(), scored: Err(error.to_json(number)["error"].take()) }],
    };
    let known = context.known.complete(&mut object);
    let judge = |object: Map<String, Value>| {
        let scored = known.clone().and_then(|()| score(&object, context.search.as_ref(), context.reading));
        GroupRow { object, scored: scored.map_err(|error| error.to_json(number)["error"].take()) }
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

/// Adds scores, or the error, to a row.
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
        ("reward", json!(u8::from(rollout.reward))),
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
    if let Some(taken) = scored.taken {
        object.insert("taken".into(), taken);
    }
    if let Some(SearchComparison { nodes, shared, larger }) = scored.against {
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
