//! The rows of a file of puzzles: JSON Lines with a `puzzle` each, or a format of `sos import`.

use std::path::Path;

use serde_json::{Map, Value};

use super::MOST_FAULTS;
use crate::arena::Family;
use crate::import::{FORMATS, Format, Place};
use crate::recipe::{PuzzleFile, RecipeError};

/// A row of the file.
pub(super) struct Row {
    pub place: Place,
    pub puzzle: Value,
    /// What the row says beside the puzzle.
    pub more: Map<String, Value>,
}

/// A puzzle, and what its row says beside it; or what is wrong with the row.
type Read = Result<(Value, Map<String, Value>), String>;

/// A place, and what is wrong there.
type Fault = (Place, String);

/// The rows of a file, and the checksum of its content. Blank lines are no rows.
pub(super) fn rows(settings: &PuzzleFile, family: &dyn Family, path: &Path) -> Result<(Vec<Row>, String), RecipeError> {
    let wrong =
        |found: String, allowed: String| RecipeError::Value { field: "environment.puzzles".into(), found, allowed };
    let bytes = std::fs::read(path).map_err(|error| {
        let found = format!("\"{}\" ({error})", settings.puzzles);
        wrong(found, "a file of puzzles; a relative path starts at the folder of the recipe".into())
    })?;
    let blake3 = blake3::hash(&bytes).to_string();
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        wrong(
            format!("{}:{line}: bytes that are not UTF-8", settings.puzzles),
            "text in UTF-8; convert the file".into(),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let mut each = |place, read: Read| match read {
        Ok((puzzle, more)) => rows.push(Row { place, puzzle, more }),
        Err(problem) => faults.push((place, problem)),
    };
    match &settings.format {
        None => json_lines(text, family.about().name, &mut each),
        Some(name) => {
            let format = format(name, family)?;
            format.read(text, &Map::new(), &mut |place, read| each(place, read.map(|read| (read.puzzle, read.more))));
        }
    }
    refuse(&settings.puzzles, &faults)?;
    if rows.is_empty() {
        let allowed = match &settings.format {
            None => "JSON Lines with a `puzzle` each, as `sos import` writes them",
            Some(_) => "one puzzle or more",
        };
        return Err(wrong(format!("no puzzle in {}", settings.puzzles), allowed.into()));
    }
    Ok((rows, blake3))
}

/// The format with a name, if its puzzles are those of the environment.
fn format(name: &str, family: &dyn Family) -> Result<&'static Format, RecipeError> {
    let env = family.about().name;
    let fitting = || FORMATS.iter().filter(|format| format.env == env).map(|format| format.name);
    FORMATS.iter().find(|format| format.name == name && format.env == env).ok_or_else(|| RecipeError::Unknown {
        field: "environment.format".into(),
        found: name.into(),
        allowed: match fitting().collect::<Vec<_>>() {
            none if none.is_empty() => {
                format!("none: no format has puzzles of {env}; leave it out for JSON Lines with a `puzzle` each")
            }
            names => format!("{}; or leave it out for JSON Lines with a `puzzle` each", names.join(", ")),
        },
        nearest: crate::names::nearest(name, fitting()),
    })
}

fn json_lines(text: &str, env: &str, each: &mut dyn FnMut(Place, Read)) {
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = |column: usize| Place { line: number + 1, column };
        let mut row: Map<String, Value> = match serde_json::from_str(line) {
            Ok(row) => row,
            Err(error) => {
                each(place(error.column().max(1)), Err(format!("found no JSON object ({}); {HINT}", plain(&error))));
                continue;
            }
        };
        let column = |field: &str| {
            let at = line.find(&format!("\"{field}\"")).unwrap_or(0);
            line[..at].chars().count() + 1
        };
        let read = match (row.shift_remove("env"), row.shift_remove("puzzle")) {
            (Some(other), _) if other != env => {
                (column("env"), Err(format!("env: found {other}; allowed: \"{env}\", the environment of the recipe")))
            }
            (_, None) => (1, Err(format!("found no field \"puzzle\"; {HINT}"))),
            // The column `puzzle` of a dataset holds it as text.
            (_, Some(Value::String(text))) => match serde_json::from_str(&text) {
                Ok(puzzle) => (column("puzzle"), Ok((puzzle, row))),
                Err(error) => {
                    (column("puzzle"), Err(format!("puzzle: found a text that is no JSON ({}); {HINT}", plain(&error))))
                }
            },
            (_, Some(puzzle)) => (column("puzzle"), Ok((puzzle, row))),
        };
        each(place(read.0), read.1);
    }
}

const HINT: &str = "allowed: a line such as {\"id\": \"…\", \"env\": \"…\", \"puzzle\": …}, as `sos import` writes it; for a file in another form set `format`";

/// A message of the JSON reader without its place, which is told apart.
fn plain(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or_default().to_string()
}

/// The error that names the faults of a file, if there are any.
pub(super) fn refuse(file: &str, faults: &[Fault]) -> Result<(), RecipeError> {
    let Some(((Place { line, column }, problem), others)) = faults.split_first() else { return Ok(()) };
    let mut text = format!("environment.puzzles: {file}:{line}:{column}: {problem}");
    if !others.is_empty() {
        let lines =
            others.iter().take(MOST_FAULTS).map(|(place, _)| place.line.to_string()).collect::<Vec<_>>().join(", ");
        let more = if others.len() > MOST_FAULTS { ", …" } else { "" };
        text += &format!("; {} more entries are wrong, in line {lines}{more}", others.len());
    }
    Err(RecipeError::Form(text))
}
