//! The puzzles of a dataset, by which rows can be completed that name them only by their id.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use super::{Row, RowsError, Workers, each_row_of_folder};
use crate::generate::manifest::Manifest;
use crate::request::RequestError;

/// The puzzles of a dataset by id. They complete rows of a model's output that name their puzzle only by `id`. None for an id whose rows show
/// the puzzle in different ways.
#[derive(Default)]
pub struct Known(HashMap<String, Option<Row>>);

impl Known {
    /// Reads the puzzles of a folder, from all splits. The manifest is that of the folder.
    pub fn read(folder: &Path, manifest: &Manifest, workers: Workers<'_>) -> Result<Self, RowsError> {
        let first = manifest.files.first().map(|file| file.config.as_str());
        let mut known = HashMap::new();
        each_row_of_folder(
            folder,
            manifest,
            workers,
            |config, _| Some(config) == first,
            |row| {
                let columns = ["env", "puzzle", "dialect"];
                let kept = columns.into_iter().filter_map(|name| Some((name.to_string(), row.get(name)?.clone())));
                let kept: Row = kept.collect();
                let text =
                    |row: &Row, name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_string();
                let size = text(&kept, "puzzle").len();
                ((text(&row, "id"), kept), size)
            },
            |_, rows| {
                for (id, kept) in rows {
                    let same = known.entry(id).or_insert_with(|| Some(kept.clone()));
                    if same.as_ref() != Some(&kept) {
                        *same = None;
                    }
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
