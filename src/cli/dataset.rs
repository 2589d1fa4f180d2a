//! Reading the rows of a dataset folder, for commands that process whole datasets.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::Failure;
use super::input::{Found, Running, each_result, each_row_of};
use crate::generate::manifest::{Manifest, ManifestFile};
use crate::request::RequestError;
use crate::sink::batches::Batches;

/// A row as a JSON object.
pub type Row = Map<String, Value>;

/// Where a row comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its record config; of a row in a file outside a dataset, its kind of record.
    pub config: String,
    /// Its split.
    pub split: String,
    /// Its file in the folder.
    pub path: String,
}

/// Works off every wanted row of a dataset's folder, or of a file with rows, in parallel and in order. A row is wanted by its config and split. `work` gives
/// the result of a row and about its size in memory; `each` gets the results of one origin, some at a time.
pub fn each_row<T: Send>(
    path: &Path,
    running: &Running,
    wanted: impl Fn(&str, &str) -> bool + Sync,
    work: impl Fn(Row) -> (T, usize) + Sync,
    mut each: impl FnMut(&Origin, Vec<T>),
) -> Result<(), Failure> {
    if path.is_dir() || path != Path::new("-") && !path.exists() {
        return each_row_of_folder(path, running, wanted, work, each);
    }
    let ticker = running.ticker(None);
    let read = |number: u64, row: Found| match row {
        Ok(row) => {
            let origin = Origin {
                config: text(&row, "record").into(),
                split: text(&row, "split").into(),
                path: super::input::name(path),
            };
            let (result, size) = if wanted(&origin.config, &origin.split) { work(row) } else { return (Ok(None), 0) };
            (Ok(Some((origin, result))), size)
        }
        Err(error) => {
            let message = format!("{}:{number}: {error}", super::input::name(path));
            (Err(Failure::Request(message)), 0)
        }
    };
    each_row_of(path, running.threads()?, read, |results| {
        ticker.advance(results.len() as u64);
        let mut at: Option<(Origin, Vec<T>)> = None;
        for result in results {
            let Some((origin, result)) = result? else { continue };
            match &mut at {
                Some((here, results)) if *here == origin => results.push(result),
                _ => {
                    if let Some((origin, results)) = at.replace((origin, vec![result])) {
                        each(&origin, results);
                    }
                }
            }
        }
        if let Some((origin, results)) = at {
            each(&origin, results);
        }
        Ok(())
    })
}

fn each_row_of_folder<T: Send>(
    folder: &Path,
    running: &Running,
    wanted: impl Fn(&str, &str) -> bool,
    work: impl Fn(Row) -> (T, usize) + Sync,
    mut each: impl FnMut(&Origin, Vec<T>),
) -> Result<(), Failure> {
    let (manifest, _) = Manifest::read(folder).map_err(|error| Failure::Request(error.to_string()))?;
    tell_versions(folder, &manifest);
    let files: Vec<&ManifestFile> = manifest.files.iter().filter(|file| wanted(&file.config, &file.split)).collect();
    let ticker = running.ticker(Some(files.iter().map(|file| file.record.rows).sum()));
    let wrong = |file: &Origin, error: &dyn std::fmt::Display| {
        Failure::System(format!("{}: {error}; see sos audit", folder.join(&file.path).display()))
    };
    let mut files = files.into_iter().map(|file| Origin {
        config: file.config.clone(),
        split: file.split.clone(),
        path: file.path.clone(),
    });
    let mut open: Option<(Origin, Batches)> = None;
    let next = || {
        loop {
            if let Some((file, batches)) = &mut open
                && let Some(batch) = batches.next_batch().map_err(|error| wrong(file, &error))?
            {
                return Ok(Some((file.clone(), batch)));
            }
            let Some(file) = files.next() else { return Ok(None) };
            let batches = Batches::open(&folder.join(&file.path)).map_err(|error| wrong(&file, &error))?;
            open = Some((file, batches));
        }
    };
    let read = |file: &Origin, number: u64, row: Found| match row {
        Ok(row) => {
            let (result, size) = work(row);
            (Ok(result), size)
        }
        Err(error) => (Err(wrong(file, &format!("line {number}: {error}"))), 0),
    };
    each_result(
        running.threads()?,
        next,
        read,
        |file, error| wrong(file, &error),
        |file, results| {
            ticker.advance(results.len() as u64);
            each(file, results.into_iter().collect::<Result<_, Failure>>()?);
            Ok(())
        },
    )
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

/// The texts of a row that a model is given: its prompt, or the turns of others.
pub fn given(row: &Row) -> Vec<&str> {
    let turns = row.get("messages").or_else(|| row.get("prompt")).and_then(Value::as_array);
    match turns {
        Some(turns) => {
            let others = turns.iter().filter(|turn| turn["role"] != "assistant");
            others.filter_map(|turn| turn["content"].as_str()).collect()
        }
        None => vec![text(row, "prompt")],
    }
}

/// All texts of a row: they stand between its puzzle and its answer.
pub fn texts(row: &Row) -> Vec<&str> {
    fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::String(text) => found.push(text),
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            Value::Object(fields) => fields.get("content").into_iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    let texts = row.iter().skip_while(|(name, _)| *name != "puzzle").skip(1).take_while(|(name, _)| *name != "answer");
    texts.for_each(|(_, value)| collect(value, &mut found));
    found
}

/// The puzzles of a dataset by id. They complete rows of a model's output that name their puzzle only by `id`. None for an id whose rows show
/// the puzzle in different ways.
#[derive(Default)]
pub struct Known(HashMap<String, Option<Row>>);

impl Known {
    /// Reads the puzzles of a folder, from all splits.
    pub fn read(folder: &Path, running: &Running) -> Result<Self, Failure> {
        let (manifest, _) = Manifest::read(folder).map_err(|error| Failure::Request(error.to_string()))?;
        let first = manifest.files.first().map(|file| file.config.clone());
        let mut known = HashMap::new();
        each_row(
            folder,
            running,
            |config, _| Some(config) == first.as_deref(),
            |row| {
                let columns = ["env", "puzzle", "dialect"];
                let kept = columns.into_iter().filter_map(|name| Some((name.to_string(), row.get(name)?.clone())));
                let kept: Row = kept.collect();
                let size = text(&kept, "puzzle").len();
                ((text(&row, "id").to_string(), kept), size)
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
