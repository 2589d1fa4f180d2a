//! Check requests: puzzle and text in, verdict out. A row of a dataset is such a request as well.

use serde::Deserialize;
use serde_json::{Value, json};
use sos_envs::About;

use super::told::{Told, told};
use super::{RequestError, environment, flag, object, reading, refuse_mistyped, short, text_field};
use crate::answer::Reading;
use crate::arena::{Family, Puzzle};
use crate::check::{LazyFacts, Level, ReadText, Request, Verdict};
use crate::dialect::{DialectEntry, Parsed, Span};
use crate::record::{RecordEntry, RowView, records};
use crate::search::Search;
use crate::table::{SOURCE, Schema};

/// The result of a check request.
pub struct Checked {
    /// The JSON answer.
    pub answer: Value,
    /// Whether the data is as it should be: a clean text is valid; in a row with planted defects, each is found at its place.
    pub good: bool,
    /// Number of defects that the row lists.
    pub planted: u64,
    /// Number of these that were found, with equal class, step and span.
    pub found: u64,
    /// Whether the text has no error.
    pub valid: bool,
}

/// A planted defect, as a row lists it.
#[derive(Deserialize)]
struct Planted {
    class: String,
    step: usize,
    span: Span,
}

/// Serves one line. Fields: `env`, `puzzle`, `dialect`, `text`; optional: `id` (ignored), `level`, `search` (for the level `policy`), `answer`
/// (whether an answer section is required), `compat`, `exact` (whether the text must be the bare grammar), `read` (whether the text is a trace, an answer
/// as people write it, or both). A `prompt` that describes the puzzle can
/// stand in place of `puzzle`. Rows of a dataset are accepted as they are: the text is then `prompt` + `completion`, and their `defects` must be
/// found.
pub fn check(line: &[u8]) -> Result<Checked, RequestError> {
    check_row(object(line)?)
}

/// Fields of a check request.
pub(super) const FIELDS: [&str; 12] =
    ["env", "id", "puzzle", "dialect", "prompt", "text", "level", "search", "answer", "compat", "exact", "read"];

/// Serves an object that was already read. The answer has the `id` of the request and its fields that a check does not know. A field of the verdict takes
/// the place of another of its name.
pub fn check_row(object: serde_json::Map<String, Value>) -> Result<Checked, RequestError> {
    let schema = columns(&object).with([SOURCE]);
    let columns: Vec<&str> = schema.iter().map(|column| column.name).collect();
    let known = super::known_fields(&columns);
    refuse_mistyped(&object, &known)?;
    let object = super::unfilled(&object).unwrap_or(object);
    let mut checked = check_in(environment(text_field(&object, "env")?)?, &object)?;
    let carried = object.into_iter().filter(|(name, _)| name == "id" || !known.contains(&name.as_str()));
    let mut answer: serde_json::Map<String, Value> = carried.collect();
    if let Some(verdict) = checked.answer.as_object_mut() {
        answer.append(verdict);
    }
    checked.answer = Value::Object(answer);
    Ok(checked)
}

/// The columns of a row, by its kind of record.
fn columns(object: &serde_json::Map<String, Value>) -> Schema {
    let named = |record: &RecordEntry| object.get("record").and_then(Value::as_str) == Some(record.name);
    records().into_iter().find(named).as_ref().map_or_else(Schema::default, RecordEntry::schema)
}

/// What is asked: a puzzle, and the dialect of the texts about it.
struct Asked {
    dialect: DialectEntry,
    told: Told,
}

impl Asked {
    fn of(family: &dyn Family, object: &serde_json::Map<String, Value>) -> Result<Asked, RequestError> {
        let reading = reading(object)?.unwrap_or_default();
        let dialect = super::dialect_for(family.about(), object, reading)?;
        let told = told(family, object, &dialect, reading)?;
        Ok(Asked { dialect, told })
    }
}

/// A text that was read and checked.
pub struct Looked {
    /// The puzzle.
    pub puzzle: Puzzle,
    /// Number of bytes of the whole text before the completion.
    pub before: usize,
    /// What was read in the whole text.
    pub parsed: Parsed,
    /// The answer of the check.
    pub checked: Checked,
}

/// Texts about the puzzle of an object, each read and checked as [`check_row`] does, and what was read. `texts` are objects with the fields of requests about
/// the texts alone. The labels of rows are not judged.
pub fn look(
    object: &serde_json::Map<String, Value>,
    texts: impl FnOnce(&Puzzle, &DialectEntry) -> Vec<serde_json::Map<String, Value>>,
) -> Result<Vec<Result<Looked, RequestError>>, RequestError> {
    let asked = Asked::of(environment(text_field(object, "env")?)?, object)?;
    let puzzle = &asked.told.puzzle;
    let facts = LazyFacts::new(puzzle);
    let look = |object: serde_json::Map<String, Value>| {
        let object = super::unfilled(&object).unwrap_or(object);
        let (Read { before, parsed }, checked) = check_text(&asked, &facts, &object, Vec::new())?;
        Ok(Looked { puzzle: puzzle.clone(), before, parsed, checked })
    };
    Ok(texts(puzzle, &asked.dialect).into_iter().map(look).collect())
}

fn check_in(family: &dyn Family, object: &serde_json::Map<String, Value>) -> Result<Checked, RequestError> {
    let record = match object.get("record") {
        Some(Value::String(name)) => records().into_iter().find(|record| record.name == name),
        _ => None,
    };
    let asked = Asked::of(family, object)?;
    let puzzle = &asked.told.puzzle;
    let facts = LazyFacts::new(puzzle);
    let view = RowView { puzzle, facts: &facts, dialect: &asked.dialect, row: object };
    let mut problems = Vec::new();
    // A row for reinforcement learning has no completion, until a model gives it one: then this is read.
    let is_trace = reading(object)?.unwrap_or_default() == Reading::Trace;
    let is_judged = !object.contains_key("text") && (is_trace || !object.contains_key("completion"));
    if let Some(record) = record.filter(|_| is_judged) {
        problems = record.labels(&view).problems;
        if let Some(judged) = record.judge(&view) {
            problems.splice(0..0, judged.problems);
            let good = problems.is_empty();
            let answer = json!({"record": record.name, "agrees": good, "problems": problems});
            return Ok(Checked { answer, good, planted: 0, found: 0, valid: good });
        }
    }
    check_text(&asked, &facts, object, problems).map(|(_, checked)| checked)
}

/// What was read in a text.
struct Read {
    before: usize,
    parsed: Parsed,
}

/// Reads and checks the text of an object. `problems` are those of its labels.
fn check_text(
    asked: &Asked,
    facts: &LazyFacts<'_>,
    object: &serde_json::Map<String, Value>,
    problems: Vec<String>,
) -> Result<(Read, Checked), RequestError> {
    let Asked { dialect, told: Told { puzzle, assumed } } = asked;
    let about = puzzle.about();
    let (reading, is_row) = (reading(object)?.unwrap_or_default(), !object.contains_key("text"));
    let (text, before) = whole_text(object, is_row, reading)?;
    let level = level(object)?;
    let search = search(about, object, level)?;
    let needs_answer = !is_row && flag(object, "answer")?;
    if let Some(search) = search.as_ref().filter(|_| level == Level::Policy) {
        super::fits(search, puzzle)?;
    }
    let request = Request { level, needs_answer, search: search.as_ref() };
    let (parsed, verdict, taken) = match flag(object, "exact")? && !is_row && reading == Reading::Trace {
        true => {
            let parsed = (dialect.parse)(puzzle, text.as_bytes());
            let verdict = crate::check::check(puzzle, facts, &parsed, request);
            (parsed, verdict, None)
        }
        false => {
            let read = ReadText::read(puzzle, dialect, &text, before, reading);
            let verdict = read.check(puzzle, facts, request);
            (read.parsed, verdict, read.taken)
        }
    };
    let planted = planted(object)?;
    let found =
        planted.iter().filter(|defect| is_found(&verdict, defect, before, text.trim_end().len())).count() as u64;
    let first = match (&verdict.first_error, planted.iter().min_by_key(|defect| (defect.step, defect.span.0))) {
        (Some(first), Some(defect)) => first.step == defect.step && first.class.name() == defect.class,
        _ => true,
    };
    let planted = planted.len() as u64;
    let good = problems.is_empty() && if planted == 0 { verdict.valid } else { found == planted && first };
    let valid = verdict.valid;
    let mut answer = serde_json::to_value(&verdict).map_err(|error| RequestError::new("text", error.to_string()))?;
    if let Some(taken) = taken {
        answer["taken"] = super::taken(taken, &text);
    }
    if let Some(assumed) = *assumed {
        answer["assumed"] = assumed.into();
    }
    if planted > 0 {
        answer["defects"] = json!({"planted": planted, "found": found});
    }
    if !problems.is_empty() {
        answer["problems"] = json!(problems);
    }
    if let Some(compat) = object.get("compat") {
        match compat.as_str() {
            Some("stream-of-search") if about.name == "countdown" => {
                let verdict = sos_papers::stream_of_search_checker::check(&text);
                answer["compat"] = serde_json::to_value(&verdict).unwrap_or_default();
            }
            _ => {
                return Err(RequestError::new(
                    "compat",
                    format!("found {}; allowed: \"stream-of-search\", for countdown", short(compat)),
                ));
            }
        }
    }
    Ok((Read { before, parsed }, Checked { answer, good, planted, found, valid }))
}

/// The text, and the number of its bytes before the completion.
pub(super) fn whole_text(
    object: &serde_json::Map<String, Value>,
    is_row: bool,
    reading: Reading,
) -> Result<(String, usize), RequestError> {
    if !is_row {
        return Ok((text_field(object, "text")?.to_string(), 0));
    }
    if !object.contains_key("completion") {
        return Err(RequestError::new("text", "missing; send the text, or prompt and completion"));
    }
    let prompt = match object.get("prompt") {
        None => "",
        // A prompt of several messages is no part of an answer.
        Some(Value::Array(_)) if reading == Reading::Answer => "",
        Some(_) => text_field(object, "prompt")?,
    };
    Ok((format!("{prompt}{}", text_field(object, "completion")?), prompt.len()))
}

fn level(object: &serde_json::Map<String, Value>) -> Result<Level, RequestError> {
    let Some(level) = object.get("level") else { return Ok(Level::default()) };
    serde_json::from_value(level.clone()).map_err(|_| {
        RequestError::new(
            "level",
            format!("found {}; allowed: format, transition, bookkeeping, claim, policy", short(level)),
        )
    })
}

/// The search of a request. The level `policy` needs an object; a row has only the name of its search, which is not enough.
fn search(
    about: &'static About,
    object: &serde_json::Map<String, Value>,
    level: Level,
) -> Result<Option<Search>, RequestError> {
    match object.get("search") {
        None | Some(Value::String(_)) if level == Level::Policy => {
            Err(RequestError::new("search", "missing; the level policy needs it: send {\"kind\": …} with its settings"))
        }
        None => Ok(None),
        Some(Value::String(_)) if !object.contains_key("text") => Ok(None),
        Some(config) => super::search(about, config).map(Some),
    }
}

fn planted(object: &serde_json::Map<String, Value>) -> Result<Vec<Planted>, RequestError> {
    let wrong = |error: serde_json::Error| {
        let message = crate::recipe::plain(&error.to_string());
        RequestError::new(
            "defects",
            format!("{message}; send a list of {{\"class\": …, \"step\": 3, \"span\": [10, 20]}}"),
        )
    };
    match object.get("defects") {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => serde_json::from_str(text).map_err(wrong),
        Some(list) => serde_json::from_value(list.clone()).map_err(wrong),
    }
}

/// Whether a check found a defect. Spans of defects are in bytes of the completion, spans of errors in bytes of the whole text. A text may be cut
/// behind a space, which carries no meaning; so places behind the last word are moved to its end.
fn is_found(verdict: &Verdict, defect: &Planted, before: usize, last: usize) -> bool {
    let place = |at: usize| at.checked_add(before).map(|at| at.min(last));
    let (Some(start), Some(end)) = (place(defect.span.0), place(defect.span.1)) else { return false };
    let same = |span: Span| Span(span.0.min(last), span.1.min(last)) == Span(start, end);
    verdict
        .errors
        .iter()
        .any(|error| error.class.name() == defect.class && error.step == defect.step && error.span.is_some_and(same))
}
