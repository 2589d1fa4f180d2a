//! Rows as a page shows them: the row with its texts read, so that states, moves and places of every event are there as JSON. The page works nothing out by
//! itself: verdicts are those of `sos check`, and rows those of `sos sample`.

mod part;
mod short;
mod source;
mod trace;

use serde_json::{Map, Value, json};
use sos_envs::Style;

use crate::arena::Puzzle;
use crate::dialect::Tokens;
use crate::request::{Looked, RequestError, check_row, look};
use crate::rows::Row;
use part::{Part, parts};

pub use part::planted_text;
pub use short::{Filter, short};
pub use source::{Asked, Config, FileRows, FolderRows, MOST_LISTED, NoRow, RecipeRows, Source};

/// Greatest number of errors in a verdict. A text that is no trace can have one in each line.
const MOST_ERRORS: usize = 5000;

/// Where a row comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The record config; empty outside a dataset.
    pub config: String,
    /// The split; empty outside a dataset.
    pub split: String,
    /// The index in its split, or in its file.
    pub index: u64,
}

/// A row as a page shows it. A row that cannot be read has an `error`, and its texts as they are.
pub fn looked_at(row: Row, place: &Place) -> Value {
    let parts = parts(&row);
    let mut told = Map::new();
    let looked = look(&row, |puzzle, dialect| {
        let own = String::from_utf8_lossy(&dialect.prompt(puzzle)).into_owned();
        let show = |write: &dyn Fn(&mut Vec<u8>)| text_of(write);
        told.insert("puzzle".into(), json_of(puzzle));
        told.insert("start".into(), show(&|out| puzzle.write_state(puzzle.start(), Style::Compact, out)).into());
        told.insert("target".into(), show(&|out| puzzle.write_target(Style::Compact, out)).into());
        parts.iter().filter_map(|part| part.request(&row, &own)).collect()
    });
    let mut looked = match looked {
        Ok(looked) => looked.into_iter(),
        Err(error) => {
            told.insert("error".into(), error_json(&error));
            Vec::new().into_iter()
        }
    };
    let marks = part::Marks::of(&row);
    let shown = |part: &Part| {
        let found = if part.is_read() { looked.next() } else { None };
        text_json(part, found, &marks)
    };
    let texts: Vec<Value> = parts.iter().map(shown).collect();
    if part::has_judge(&row) {
        let checked = check_row(row.clone());
        told.insert("check".into(), checked.map_or_else(|error| json!({"error": error_json(&error)}), |it| it.answer));
    }
    for column in ["env", "dialect", "search"] {
        told.insert(column.into(), row.get(column).cloned().unwrap_or_default());
    }
    told.insert("config".into(), place.config.clone().into());
    told.insert("split".into(), place.split.clone().into());
    told.insert("index".into(), place.index.into());
    told.insert("texts".into(), texts.into());
    told.insert("row".into(), row.into());
    told.into()
}

/// Adds to each text of a row how many tokens it and its prompt have, and the answer in it.
fn count_tokens(told: &mut Value, tokens: &Tokens) {
    let dialect = told["dialect"].as_str().unwrap_or_default().to_string();
    let count = |text: &str| tokens.count(&dialect, text);
    for text in told["texts"].as_array_mut().into_iter().flatten() {
        let words = text["text"].as_str().unwrap_or_default();
        let end = |place: usize| usize::try_from(text["answer"][place].as_u64()?).ok();
        let answer = end(0).zip(end(1)).and_then(|(start, end)| words.get(start..end));
        let prompt = text["prompt"].as_str().unwrap_or_default();
        text["tokens"] = json!({"prompt": count(prompt), "text": count(words), "answer": answer.map(count)});
    }
}

/// An error in the place of a row.
pub fn error_json(error: &RequestError) -> Value {
    json!({"field": error.field, "message": error.message})
}

/// A text with what was read in it, if it is one to read.
fn text_json(part: &Part, found: Option<Result<Looked, RequestError>>, marks: &part::Marks) -> Value {
    let mut told = json!({
        "name": part.name, "prompt": part.prompt, "text": part.text, "label": part.label,
        "defects": if part.planted { marks.defects.clone() } else { Vec::new() },
        "wrong_spans": marks.of_part(&marks.wrong, part), "skip_spans": marks.of_part(&marks.skip, part),
        "answer": null, "trace": null, "solution": null, "solution_states": null, "verdict": null,
    });
    match found {
        None => {}
        Some(Err(error)) => told["error"] = error_json(&error),
        Some(Ok(looked)) => {
            let places = Places { before: looked.before, from: part.from, length: part.text.len() };
            let trace = trace::told(&looked, places);
            if let (Some(told), Value::Object(trace)) = (told.as_object_mut(), trace) {
                told.extend(trace);
            }
            told["verdict"] = verdict(looked.checked.answer, places);
        }
    }
    told
}

/// From bytes of a whole text, prompt included, to bytes of the text that is shown.
#[derive(Clone, Copy)]
struct Places {
    /// Bytes of the whole text before what was read.
    before: usize,
    /// Bytes of the text before what was read.
    from: usize,
    length: usize,
}

impl Places {
    fn at(self, place: usize) -> usize {
        (place.saturating_sub(self.before) + self.from).min(self.length)
    }
}

/// A verdict with its places in bytes of the text. The first [`MOST_ERRORS`] errors stay, and `errors_left_out` says how many others there are.
fn verdict(mut verdict: Value, places: Places) -> Value {
    let shift = |holder: &mut Value| {
        let Some(span) = holder.get_mut("span").and_then(Value::as_array_mut) else { return };
        for end in span {
            let place = end.as_u64().and_then(|end| usize::try_from(end).ok()).unwrap_or(0);
            *end = places.at(place).into();
        }
    };
    if let Some(errors) = verdict.get_mut("errors").and_then(Value::as_array_mut) {
        let left_out = errors.len().saturating_sub(MOST_ERRORS);
        errors.truncate(MOST_ERRORS);
        errors.iter_mut().for_each(shift);
        if left_out > 0 {
            verdict["errors_left_out"] = left_out.into();
        }
    }
    for field in ["first_error", "taken"] {
        verdict.get_mut(field).into_iter().for_each(shift);
    }
    verdict
}

/// A puzzle as JSON.
fn json_of(puzzle: &Puzzle) -> Value {
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    serde_json::from_slice(&json).unwrap_or_default()
}

/// What a writer writes, as text.
fn text_of(write: &dyn Fn(&mut Vec<u8>)) -> String {
    let mut text = Vec::new();
    write(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}
