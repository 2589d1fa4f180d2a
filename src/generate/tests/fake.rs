//! A source of made-up rows, and the comparison of folders.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::generate::{GenerateError, GenerateOptions, GenerateOutcome, Progress, Silent, generate};
use crate::sink::Format;
use crate::table::{Provenance, RowSource, Rows, SplitRows, Tally, Value};

/// A source whose rows depend on split and index alone, unless a field makes it break this or another law.
#[derive(Clone)]
pub(super) struct Fake {
    pub(super) configs: Vec<String>,
    pub(super) splits: Vec<SplitRows>,
    pub(super) seed: u64,
    /// Size of a completion in bytes, about.
    pub(super) size: usize,
    /// Index in train that repeats the puzzle of index 0.
    pub(super) duplicate: Option<u64>,
    /// Index in all later splits that repeats the puzzle of index 1 in train.
    pub(super) leak: Option<u64>,
    /// Index at which the second config has another puzzle.
    pub(super) odd_twin: Option<u64>,
    /// Index at which the source fails.
    pub(super) fail: Option<u64>,
    /// Index at which the source panics.
    pub(super) panic: Option<u64>,
    /// Index at which a text is not UTF-8.
    pub(super) garbage: Option<u64>,
    /// Counts the indices whose rows were made.
    pub(super) made: Arc<AtomicU64>,
}

impl Fake {
    pub(super) fn new() -> Self {
        let split = |name: &str, rows| SplitRows { name: name.to_string(), rows };
        Fake {
            configs: ["search", "optimal", "corrupted"].map(String::from).to_vec(),
            splits: vec![split("train", 700), split("validation", 0), split("test_hard", 130)],
            seed: 1,
            size: 300,
            duplicate: None,
            leak: None,
            odd_twin: None,
            fail: None,
            panic: None,
            garbage: None,
            made: Arc::default(),
        }
    }

    fn puzzle(&self, config: usize, split: usize, index: u64) -> (u64, usize, u64) {
        match index {
            _ if split == 0 && self.duplicate == Some(index) => (self.seed, 0, 0),
            _ if split > 0 && self.leak == Some(index) => (self.seed, 0, 1),
            _ if config == 1 && self.odd_twin == Some(index) => (self.seed, 99, index),
            _ => (self.seed, split, index),
        }
    }

    fn push(&self, config: usize, split: usize, index: u64, text: &mut String, out: &mut Rows) {
        use std::fmt::Write;
        let hash = blake3::hash(format!("{:?}", self.puzzle(config, split, index)).as_bytes());
        let id = &hash.to_hex()[..32];
        let bytes = hash.as_bytes();
        text.clear();
        while text.len() < self.size + usize::from(bytes[0]) {
            let at = text.len() % 31;
            let _ = write!(text, "Current State: {}:[{}, {}]\n\"é\"", bytes[at], bytes[at + 1], text.len() / 7);
        }
        let number = i64::from(bytes[1]);
        let completion = if self.garbage == Some(index) { b"\xff\xfe" } else { text.as_bytes() };
        out.push([
            Value::Text(id.as_bytes()),
            Value::Text(id.as_bytes()),
            Value::Text(b"fake"),
            Value::Text(self.splits[split].name.as_bytes()),
            Value::Integer(i64::try_from(index).ok()),
            Value::Text(self.configs[config].as_bytes()),
            Value::Text(b"compact"),
            Value::Text(format!("{{\"numbers\":[{number}]}}").as_bytes()),
            Value::Text(b"prompt\n"),
            Value::Text(completion),
            Value::Text(b""),
            Value::Boolean(number % 2 == 0),
            Value::Flag((number % 3 > 0).then_some(number % 2 == 0)),
            Value::Flag(None),
            Value::Text(b"solved"),
            Value::Text(b"dfs"),
            Value::Text(b""),
            Value::Integer(Some(number)),
            Value::Integer(Some(-number)),
            Value::Integer(Some(3)),
            Value::Integer(None),
            Value::Flag((number % 5 > 0).then_some(number % 2 == 0)),
            Value::Integer((number % 3 == 0).then_some(number)),
            Value::Integer(None),
            Value::Integer(Some(i64::MAX)),
            Value::Text(b"[]"),
            Value::Text(b"[]"),
            Value::Text(b"[[0,1]]"),
        ]);
    }
}

impl RowSource for Fake {
    type Scratch = String;

    fn about(&self) -> Provenance {
        Provenance {
            title: "Made-up \"rows\"".to_string(),
            summary: "Rows that mean nothing.".to_string(),
            license: "cc0-1.0".to_string(),
            tags: vec!["search".to_string()],
            recipe: format!("seed = {}\n", self.seed),
            seed: self.seed,
            versions: BTreeMap::from([("fake".to_string(), "1".to_string())]),
            puzzle_space: BTreeMap::from([("train".to_string(), u128::MAX)]),
            puzzles: BTreeMap::new(),
        }
    }

    fn configs(&self) -> Vec<String> {
        self.configs.clone()
    }

    fn splits(&self) -> Vec<SplitRows> {
        self.splits.clone()
    }

    fn scratch(&self) -> String {
        String::new()
    }

    fn fill(
        &self,
        split: usize,
        range: Range<u64>,
        scratch: &mut String,
        out: &mut [Rows],
        tally: &mut Tally,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        for index in range {
            if self.fail == Some(index) {
                return Err(format!("no puzzle for index {index}").into());
            }
            assert_ne!(self.panic, Some(index), "asked to panic");
            self.made.fetch_add(1, Ordering::SeqCst);
            *tally.entry("rejected draws".to_string()).or_default() += index % 3;
            for (config, out) in out.iter_mut().enumerate() {
                self.push(config, split, index, scratch, out);
            }
        }
        Ok(())
    }
}

/// Options with small files, so that there are several.
pub(super) fn options(format: Format) -> GenerateOptions {
    GenerateOptions { format, rows_per_file: 150, threads: 2, ..GenerateOptions::default() }
}

pub(super) fn run(source: &Fake, folder: &Path, options: &GenerateOptions) -> Result<GenerateOutcome, GenerateError> {
    generate(source, folder, options, &AtomicBool::new(false), &Silent)
}

/// All files in a folder with their bytes.
pub(super) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Asserts that two folders have the same files, and names the first that differs.
pub(super) fn assert_same(a: &Path, b: &Path) {
    let (a, b) = (contents(a), contents(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (name, bytes) in &a {
        assert!(b[name] == *bytes, "{name} differs");
    }
}

/// Sets a stop flag after a number of rows.
pub(super) struct StopAfter {
    pub(super) rows: u64,
    pub(super) seen: AtomicU64,
    pub(super) flag: AtomicBool,
}

impl StopAfter {
    pub(super) fn new(rows: u64) -> Self {
        StopAfter { rows, seen: AtomicU64::new(0), flag: AtomicBool::new(false) }
    }
}

impl Progress for StopAfter {
    fn advance(&self, rows: u64, _: u64) {
        if self.seen.fetch_add(rows, Ordering::SeqCst) + rows >= self.rows {
            self.flag.store(true, Ordering::SeqCst);
        }
    }
}
