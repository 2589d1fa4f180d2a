//! Counts over the rows of a dataset.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;
use serde_json::Value;

use crate::cue::Cue;
use crate::dialect::Tokens;
use crate::rows::{Row, text, texts, written};
use crate::select::bins::{Bins, tenth};
use crate::view::planted_text;

/// Greatest number of distinct words that are counted in a config.
const MOST_WORDS: usize = 1 << 20;

/// The columns that are numbers, beside bytes and words.
const NUMBERS: [&str; 6] = ["tokens", "nodes", "backtracks", "depth", "optimal_cost", "difficulty"];

/// Minimum, median, 90th percentile and maximum of some numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spread {
    pub least: u64,
    pub median: u64,
    pub ninetieth: u64,
    pub most: u64,
}

impl Spread {
    fn of(sorted: &[u64]) -> Option<Self> {
        let at = |percent: usize| sorted.get((sorted.len().checked_sub(1)?) * percent / 100).copied();
        Some(Spread { least: at(0)?, median: at(50)?, ninetieth: at(90)?, most: at(100)? })
    }
}

/// Number of rows by a name.
type Names = BTreeMap<String, u64>;

/// Counts while rows are read, by config and split.
#[derive(Default)]
pub struct AllCounts(BTreeMap<(String, String), Counts>);

/// Counts of a config and split.
#[derive(Default)]
struct Counts {
    rows: u64,
    solved: u64,
    right: u64,
    solvable: u64,
    numbers: BTreeMap<&'static str, Vec<u64>>,
    /// Difficulty, and whether the row is solved.
    by_difficulty: Vec<(u64, bool)>,
    outcomes: Names,
    planted: Names,
    of_candidates: Names,
    defect_positions: BTreeMap<String, [u64; 10]>,
    searches: Names,
    components: Names,
    envs: Names,
    labels: Names,
    words: HashSet<String>,
    ids: HashSet<String>,
    repeated: u64,
}

/// What the counts take of a row.
pub struct Counted {
    id: String,
    solved: bool,
    right: bool,
    solvable: bool,
    numbers: Vec<(&'static str, u64)>,
    outcome: String,
    /// Class of the first planted defect.
    planted: Option<String>,
    /// The tenth of its text in which it starts.
    planted_at: Option<usize>,
    /// Class of the first error of the candidate that the row is about.
    of_candidate: Option<String>,
    search: String,
    component: String,
    env: String,
    label: Option<&'static str>,
    words: HashSet<String>,
}

/// The statistics of a config and split.
#[derive(Debug, Serialize)]
pub struct Stats {
    pub config: String,
    pub split: String,
    pub rows: u64,
    /// Rows whose text solves the puzzle, in whatever way.
    pub solved: u64,
    /// Rows of these that have no planted defect.
    pub right: u64,
    solvable: u64,
    outcomes: Names,
    /// Number of rows by the class of their first planted defect.
    pub error_classes: Names,
    /// Number of rows about a candidate by the class of the candidate's first error.
    pub candidate_error_classes: Names,
    /// Spreads over rows, where the numbers are known: bytes and words that a model is trained to write, tokens (words of all the row's texts), nodes,
    /// backtracks, depth, optimal cost and difficulty.
    pub spreads: BTreeMap<&'static str, Spread>,
    /// The same numbers, counted in the bins of the report.
    histograms: BTreeMap<&'static str, Vec<u64>>,
    /// Rows, and rows that are solved, in the bins of `difficulty`.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_difficulty: Option<ByDifficulty>,
    /// For each class of defect: in which tenth of its text the first planted defect of a row starts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    defect_positions: BTreeMap<String, [u64; 10]>,
    searches: Names,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    components: Names,
    envs: Names,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: Names,
    /// Number of distinct words in the completions. Words are separated by white space.
    pub distinct_words: usize,
    /// Number of rows that repeat the puzzle of an earlier row.
    pub repeated_puzzles: u64,
}

/// Numbers of rows by difficulty.
#[derive(Debug, Serialize)]
struct ByDifficulty {
    rows: Vec<u64>,
    solved: Vec<u64>,
}

/// The statistics of a dataset.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Number of puzzles that occur in two splits.
    pub puzzles_in_two_splits: u64,
    /// The tokenizer file in whose tokens rows are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokenizer: Option<String>,
    /// Where only the first rows of each config and split were counted: at most so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled: Option<u64>,
    /// The edges of the bins in which numbers are counted, the same for all configs and splits.
    bins: BTreeMap<&'static str, Bins>,
    /// Each config in each split.
    pub configs: Vec<Stats>,
    /// The simplest classifiers of each label, in the largest split.
    pub cues: Vec<Cue>,
}

impl Counted {
    /// What the counts take of a row.
    pub fn of(row: &Row, tokens: &Tokens) -> Counted {
        let written = written(row);
        let words = || written.iter().flat_map(|text| text.split_whitespace());
        let mut numbers =
            vec![("bytes", written.iter().map(|text| text.len() as u64).sum()), ("words", words().count() as u64)];
        for name in NUMBERS {
            numbers.extend(row.get(name).and_then(Value::as_u64).map(|number| (name, number)));
        }
        // The column has the number of words.
        if matches!(tokens, Tokens::File(_)) {
            let counted = texts(row).iter().map(|part| tokens.count(text(row, "dialect"), part)).sum();
            numbers.iter_mut().filter(|(name, _)| *name == "tokens").for_each(|(_, number)| *number = counted);
        }
        let defects: Vec<Value> = serde_json::from_str(text(row, "defects")).unwrap_or_default();
        let first = defects.first();
        let planted = first.and_then(|defect| defect["class"].as_str());
        let start = first.and_then(|defect| defect["span"][0].as_u64()).and_then(|start| usize::try_from(start).ok());
        let solved = row.get("solved") == Some(&Value::Bool(true));
        let label = ["label", "candidate_right"].iter().find_map(|name| row.get(*name)?.as_bool());
        Counted {
            id: text(row, "id").into(),
            solved,
            right: solved && defects.is_empty(),
            solvable: row.get("solvable") == Some(&Value::Bool(true)),
            numbers,
            outcome: text(row, "outcome").into(),
            planted: planted.map(String::from),
            planted_at: start.and_then(|start| Some(tenth(start, planted_text(row)?.len()))),
            of_candidate: Some(text(row, "first_error_class")).filter(|class| !class.is_empty()).map(String::from),
            search: text(row, "search").into(),
            component: text(row, "component").into(),
            env: text(row, "env").into(),
            label: label.map(|right| if right { "right" } else { "wrong" }),
            words: words().map(String::from).collect(),
        }
    }

    /// About its size in memory.
    pub fn size(&self) -> usize {
        self.words.len() * 64
    }
}

/// Counts a name, if there is one.
fn count(names: &mut Names, name: impl Into<Option<String>>) {
    if let Some(name) = name.into().filter(|name| !name.is_empty()) {
        *names.entry(name).or_default() += 1;
    }
}

impl Counts {
    fn add(&mut self, row: Counted) {
        self.rows += 1;
        self.solved += u64::from(row.solved);
        self.right += u64::from(row.right);
        self.solvable += u64::from(row.solvable);
        for (name, number) in row.numbers {
            self.numbers.entry(name).or_default().push(number);
            if name == "difficulty" {
                self.by_difficulty.push((number, row.solved));
            }
        }
        *self.outcomes.entry(row.outcome).or_default() += 1;
        if let (Some(class), Some(at)) = (&row.planted, row.planted_at) {
            self.defect_positions.entry(class.clone()).or_default()[at] += 1;
        }
        count(&mut self.planted, row.planted);
        count(&mut self.of_candidates, row.of_candidate);
        count(&mut self.searches, row.search);
        count(&mut self.components, row.component);
        count(&mut self.envs, row.env);
        count(&mut self.labels, row.label.map(String::from));
        for word in row.words {
            if self.words.len() < MOST_WORDS {
                self.words.insert(word);
            }
        }
        self.repeated += u64::from(!self.ids.insert(row.id));
    }

    fn finish(mut self, config: String, split: String, bins: &BTreeMap<&'static str, Bins>) -> Stats {
        let (mut spreads, mut histograms) = (BTreeMap::new(), BTreeMap::new());
        for (name, numbers) in &mut self.numbers {
            numbers.sort_unstable();
            spreads.extend(Spread::of(numbers).map(|spread| (*name, spread)));
            histograms.extend(bins.get(name).map(|bins| (*name, bins.count(numbers.iter().copied()))));
        }
        let by_difficulty =
            bins.get("difficulty").filter(|_| !self.by_difficulty.is_empty()).map(|bins| ByDifficulty {
                rows: bins.count(self.by_difficulty.iter().map(|(number, _)| *number)),
                solved: bins.count(self.by_difficulty.iter().filter(|(_, solved)| *solved).map(|(number, _)| *number)),
            });
        Stats {
            config,
            split,
            rows: self.rows,
            solved: self.solved,
            right: self.right,
            solvable: self.solvable,
            outcomes: self.outcomes,
            error_classes: self.planted,
            candidate_error_classes: self.of_candidates,
            spreads,
            histograms,
            by_difficulty,
            defect_positions: self.defect_positions,
            searches: self.searches,
            components: self.components,
            envs: self.envs,
            labels: self.labels,
            distinct_words: self.words.len(),
            repeated_puzzles: self.repeated,
        }
    }
}

impl AllCounts {
    /// Whether no row was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts rows of a config and split.
    pub fn add(&mut self, config: &str, split: &str, rows: impl IntoIterator<Item = Counted>) {
        let counts = self.0.entry((config.to_string(), split.to_string())).or_default();
        rows.into_iter().for_each(|row| counts.add(row));
    }

    /// The statistics.
    pub fn finish(self, cues: Vec<Cue>) -> Report {
        let mut splits: BTreeMap<&str, HashSet<&str>> = BTreeMap::new();
        let mut numbers: BTreeMap<&'static str, Vec<u64>> = BTreeMap::new();
        for ((_, split), counts) in &self.0 {
            splits.entry(split).or_default().extend(counts.ids.iter().map(String::as_str));
            counts.numbers.iter().for_each(|(name, some)| numbers.entry(name).or_default().extend(some));
        }
        let all: u64 = splits.values().map(|ids| ids.len() as u64).sum();
        let distinct = splits.values().flatten().collect::<HashSet<_>>().len() as u64;
        let bins = numbers.into_iter().map(|(name, mut numbers)| {
            numbers.sort_unstable();
            (name, Bins::of(&numbers))
        });
        let bins: BTreeMap<&'static str, Bins> = bins.collect();
        let configs = self.0.into_iter().map(|((config, split), counts)| counts.finish(config, split, &bins)).collect();
        Report { puzzles_in_two_splits: all - distinct, tokenizer: None, sampled: None, bins, configs, cues }
    }
}
