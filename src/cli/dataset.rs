//! Reading the rows of a dataset folder, for commands that process whole datasets.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::Failure;
use crate::generate::manifest::Manifest;
use crate::request::RequestError;
use crate::sink::read_rows;

/// A row as a JSON object.
pub type Row = Map<String, Value>;

/// Calls `each` with every row of the wanted files of a folder, with its config and split, in the order of the manifest.
pub fn each_row(
    folder: &Path,
    wanted: impl Fn(&str, &str) -> bool,
    mut each: impl FnMut(&str, &str, Row),
) -> Result<(), Failure> {
    let (manifest, format) = Manifest::read(folder).map_err(|error| Failure::Request(error.to_string()))?;
    tell_versions(folder, &manifest);
    for file in manifest.files.iter().filter(|file| wanted(&file.config, &file.split)) {
        let path = folder.join(&file.path);
        let read = read_rows(format, &path, &mut |row| each(&file.config, &file.split, row));
        read.map_err(|error| Failure::System(format!("{}: {error}; see sos audit", path.display())))?;
    }
    Ok(())
}

/// Prints on standard error if a dataset was made by another version. Its rows are read as this version writes them.
pub fn tell_versions(folder: &Path, manifest: &Manifest) {
    let differ = crate::request::other_versions(manifest);
    if !differ.is_empty() {
        eprintln!(
            "{}: made by another version: {}; its texts and columns are read as this version means them",
            folder.display(),
            differ.join(", ")
        );
    }
}

/// A text column of a row; empty if the row has none.
pub fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).and_then(Value::as_str).unwrap_or("")
}

/// The texts of a row that a model is trained to write.
pub fn written(row: &Row) -> Vec<&str> {
    let list = |column: &str| row.get(column).and_then(Value::as_array);
    if let Some(turns) = list("messages") {
        let own = turns.iter().filter(|turn| turn["role"] == "assistant");
        return own.filter_map(|turn| turn["content"].as_str()).collect();
    }
    if let Some(texts) = list("completions") {
        return texts.iter().filter_map(Value::as_str).collect();
    }
    if row.contains_key("chosen") {
        return vec![text(row, "chosen")];
    }
    vec![text(row, "completion")]
}

/// The puzzles of a dataset by id. They complete rows of a model's output that name their puzzle only by `id`. None for an id whose rows show
/// the puzzle in different ways.
#[derive(Default)]
pub struct Known(HashMap<String, Option<Row>>);

impl Known {
    /// Reads the puzzles of a folder, from all splits.
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        let (manifest, _) = Manifest::read(folder).map_err(|error| Failure::Request(error.to_string()))?;
        let first = manifest.files.first().map(|file| file.config.clone());
        let mut known = HashMap::new();
        each_row(
            folder,
            |config, _| Some(config) == first.as_deref(),
            |_, _, row| {
                let columns = ["env", "puzzle", "dialect"];
                let kept = columns.into_iter().filter_map(|name| Some((name.to_string(), row.get(name)?.clone())));
                let kept: Row = kept.collect();
                let same = known.entry(text(&row, "id").to_string()).or_insert_with(|| Some(kept.clone()));
                if same.as_ref() != Some(&kept) {
                    *same = None;
                }
            },
        )?;
        Ok(Known(known))
    }

    /// Adds the columns that a row leaves out. An error if its id is unknown, or if rows of the dataset with this id differ in puzzle or dialect; but no
    /// error for a row that has a puzzle or prompt itself.
    pub fn complete(&self, row: &mut Row) -> Result<(), RequestError> {
        let Some(Value::String(id)) = row.get("id") else { return Ok(()) };
        let tells = row.contains_key("puzzle") || row.contains_key("prompt");
        let message = match self.0.get(id) {
            Some(Some(columns)) => {
                for (name, value) in columns {
                    row.entry(name.clone()).or_insert_with(|| value.clone());
                }
                return Ok(());
            }
            _ if tells => return Ok(()),
            Some(None) => {
                "rows of the dataset show its puzzle in different ways; send the puzzle as the row shows it beside the id"
            }
            None if self.0.is_empty() => {
                "names a puzzle of a dataset; say which one with --dataset, or send the puzzle"
            }
            None => "no puzzle of the dataset has it; send the puzzle, or another --dataset",
        };
        Err(RequestError::new("id", message))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_with_two_puzzles_is_not_looked_up() {
        let row = |value: Value| value.as_object().cloned().unwrap_or_default();
        let columns = row(json!({"env": "countdown", "puzzle": "{}"}));
        let known = Known(HashMap::from([("one".to_string(), Some(columns)), ("two".to_string(), None)]));
        let complete = |known: &Known, mut named: Value| {
            let message = known.complete(named.as_object_mut().unwrap()).err().map(|error| error.message);
            (message.unwrap_or_default(), named)
        };
        let named = |id: &str| complete(&known, json!({"id": id}));
        assert_eq!(named("one"), (String::new(), json!({"id": "one", "env": "countdown", "puzzle": "{}"})));
        assert!(named("two").0.contains("in different ways"));
        assert!(named("three").0.contains("no puzzle of the dataset"));
        assert!(complete(&Known::default(), json!({"id": "one"})).0.contains("say which one with --dataset"));
        // A row that has its own puzzle.
        for row in [json!({"id": "two", "prompt": "start 1"}), json!({"id": "three", "puzzle": "{}"})] {
            assert_eq!(complete(&known, row.clone()), (String::new(), row));
        }
        let whole = json!({"id": "one", "puzzle": {}, "dialect": "prose"});
        assert_eq!(
            complete(&known, whole).1,
            json!({"id": "one", "puzzle": {}, "dialect": "prose", "env": "countdown"})
        );
    }
}
