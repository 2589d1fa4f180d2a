//! Candidates from a file. If a line can no longer be read, the run ends and names it. It is never replaced by a generated candidate.

use std::fs;
use std::path::Path;

use serde_json::json;

use stream_of_search::recipe::Recipe;
use stream_of_search::record::{Dataset, RecordError, WorkerBuffers};
use stream_of_search::sink::row_json;

/// Candidates of a model.
const WRITTEN: [&str; 2] = ["1 + 1 = 2 : 2 dead", "1 + 2 = 3 : 3 dead"];

fn dataset(kind: &str, file: &Path) -> Dataset {
    let recipe = json!({
        "name": "imported", "seed": 3, "dialect": "compact", "answer": true,
        "environment": {"name": "countdown", "level": "easy"}, "searches": [{"kind": "dfs"}],
        "splits": {"train": {"rows": 3}}, "records": [{"kind": kind, "candidates": {"file": file, "right_percent": 0}}],
    });
    let dataset = Dataset::new(Recipe::from_toml(&toml::to_string(&recipe).unwrap()).unwrap()).unwrap();
    dataset.prepare_split(0).unwrap();
    dataset
}

/// The first row, as text.
fn first(dataset: &Dataset) -> Result<String, RecordError> {
    let (mut batches, mut buffers) = (dataset.batches(), WorkerBuffers::default());
    dataset.rows(0, 0, &mut buffers, &mut batches)?;
    Ok(serde_json::to_string(&row_json(&batches[0], 0).unwrap()).unwrap())
}

#[test]
fn a_candidate_that_cannot_be_read_any_more_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("candidates.jsonl");
    for kind in ["critique", "criteria", "correction", "comparison", "preference", "unpaired", "stepwise"] {
        fs::write(&file, "").unwrap();
        let plain = dataset(kind, &file);
        let id = plain.puzzle(0, 0, &mut WorkerBuffers::default()).unwrap().id.to_string();
        let other = format!("{}\n", json!({"id": "0".repeat(32), "text": "x"}));
        let lines = WRITTEN.map(|text| format!("{}\n", json!({"id": id, "completion": text}))).concat();
        fs::write(&file, format!("{other}{lines}")).unwrap();
        let imported = dataset(kind, &file);
        let shown = |row: &str| row.contains("\"imported\"") || WRITTEN.iter().any(|text| row.contains(text));
        assert!(!shown(&first(&plain).unwrap()) && shown(&first(&imported).unwrap()), "{kind}");
        let whole = fs::read_to_string(&file).unwrap();
        let cut = &whole[..other.len() + 9];
        let garbled = whole.replace(&id, &"\"".repeat(32));
        let emptied = whole.replace("completion", "completely");
        for (changed, says) in [(cut, ""), (&garbled, "column"), (&emptied, "no `text` or `completion`"), ("", "")] {
            fs::write(&file, changed).unwrap();
            let error = first(&imported).expect_err(kind);
            assert!(matches!(error, RecordError::Import(_)), "{kind}: {error}");
            let message = error.to_string();
            let place = if kind == "comparison" { "candidates.jsonl:3: " } else { "candidates.jsonl:2: " };
            assert!(message.contains(place) && message.contains("changed while it was read"), "{message}");
            assert!(message.contains(says), "{message}");
        }
    }
}
