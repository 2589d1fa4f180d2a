//! Small recipes for the tests.

use std::path::{Path, PathBuf};

use stream_of_search::recipe::Recipe;
use stream_of_search::record::{Dataset, WorkerBuffers};
use stream_of_search::sink::row_json;
use stream_of_search::table::Rows;

/// The ready recipes, by name.
pub fn ready(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(ready(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Three splits, four record configs, and searches of very different kinds.
pub const SMALL: &str = r#"
name = "small"
seed = 7
dialect = "stream-of-search"

[environment]
name = "countdown"
sizes = { min = 3, max = 4 }
numbers = { min = 1, max = 30 }
targets = { min = 10, max = 60 }

[[searches]]
kind = "dfs"
heuristic = "multiply"
threshold = "target"
weight = 2

[[searches]]
kind = "beam"
heuristic = "sum"
width = 3
ties = "random"

[splits.train]
rows = 300
share = 80

[splits.validation]
rows = 60
share = 10

[splits.test]
rows = 60
share = 10

[[records]]
kind = "search"

[[records]]
kind = "optimal"

[[records]]
kind = "optimal"
name = "optimal-shuffled"
order = "random"

[[records]]
kind = "answer"
"#;

/// A recipe with some lines replaced, each given as (beginning of the old line, new line).
pub fn changed(text: &str, lines: &[(&str, &str)]) -> String {
    let mut text = text.to_string();
    for (start, new) in lines {
        let line = text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no line {start}"));
        text = text.replacen(&line.to_string(), new, 1);
    }
    text
}

/// The dataset of a recipe, ready for rows.
pub fn dataset(text: &str) -> Dataset {
    let dataset = Dataset::new(Recipe::from_toml(text).unwrap()).unwrap();
    dataset.prepare().unwrap();
    dataset
}

/// The number of a split.
pub fn split(dataset: &Dataset, name: &str) -> usize {
    dataset.splits().iter().position(|split| split == name).unwrap()
}

/// The rows of one index, one string for each record config.
pub fn rows(dataset: &Dataset, split: usize, index: u64, buffers: &mut WorkerBuffers) -> Vec<String> {
    let mut batches = dataset.batches();
    dataset.rows(split, index, buffers, &mut batches).unwrap();
    batches.iter().map(show).collect()
}

fn show(rows: &Rows) -> String {
    row_json(rows, 0).unwrap().into_iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}
