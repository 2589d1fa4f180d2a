//! The columns of a dataset: those of every row, and those of a kind of record.

use std::ops::Deref;
use std::sync::Arc;

/// Version of the rows. It changes whenever rows get other columns, or a column gets another meaning.
pub const ROWS_VERSION: u32 = 3;

/// The kind of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// UTF-8 text, never null.
    Text,
    /// A signed 64-bit integer; null where the value is not known.
    Integer,
    /// True or false, never null.
    Boolean,
    /// True or false; null where the question does not apply.
    Flag,
    /// A list of texts.
    Texts,
    /// A list of integers.
    Integers,
    /// A list of booleans.
    Booleans,
    /// A conversation: a list of `{role, content}`.
    Messages,
    /// What an answer is judged by: `{style, ground_truth}`, two texts.
    Reward,
}

/// One column of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// The column's name in every file format.
    pub name: &'static str,
    /// The kind of its values.
    pub kind: ColumnKind,
    /// One sentence for the dataset card.
    pub help: &'static str,
}

/// A column of the schema.
pub const fn column(name: &'static str, kind: ColumnKind, help: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, help }
}

use ColumnKind::{Boolean, Flag, Integer, Text};

/// The first columns of every row.
const FIRST: [ColumnSpec; 8] = [
    column("id", Text, "hash of the puzzle's canonical form; the same in every config"),
    column(
        "twin",
        Text,
        "hash of the puzzle up to renaming and symmetry; puzzles with one twin are one puzzle to a model, and lie in one split",
    ),
    column("env", Text, "environment"),
    column("split", Text, "split"),
    column("index", Integer, "index of the row in its split; rows of one index share the puzzle across configs"),
    column("record", Text, "kind of record"),
    column("dialect", Text, "text format of prompt and completion"),
    column("puzzle", Text, "the puzzle as JSON, as this row shows it"),
];

/// Prompt and completion: the text columns of most kinds of records.
pub const PROMPT_COMPLETION: [ColumnSpec; 2] = [
    column("prompt", Text, "what a model is given"),
    column("completion", Text, "what a model is trained to write; prompt + completion is the whole text"),
];

/// The columns behind the texts.
const LAST: [ColumnSpec; 18] = [
    column("answer", Text, "a right answer of the puzzle, in the dialect's answer form; empty where none is known"),
    column(
        "solved",
        Boolean,
        "what `sos check` says of the solution that the row shows: its last answer is right; without an answer section its trace reaches a goal by right steps, or says rightly that there is none",
    ),
    column("trace_solved", Flag, "the same of its trace alone, whatever the answer section; null without a trace"),
    column("answer_right", Flag, "the same of its answer section alone, whatever the trace; null without one"),
    column("outcome", Text, "how the search of the row ended: solved, exhausted, budget"),
    column("search", Text, "search that made the trace"),
    column("heuristic", Text, "heuristic of the search; empty where it has none"),
    column("nodes", Integer, "nodes that the trace generates, the start included"),
    column("backtracks", Integer, "moves of control to anything but a child of the current node"),
    column("depth", Integer, "greatest depth of a node"),
    column("tokens", Integer, "words of the row's own texts, prompt included: what stands between white space"),
    column("solvable", Flag, "whether the puzzle has a solution: proven; null where it is not known"),
    column(
        "optimal_cost",
        Integer,
        "cost of a cheapest solution: proven; null where there is none, or where the proof gave up",
    ),
    column("solutions", Integer, "number of solutions; null where it is not counted"),
    column(
        "difficulty",
        Integer,
        "work of an exact search, of which the environment says what it counts; null where it is not known",
    ),
    column(
        "defects",
        Text,
        "planted defects, a JSON list of {kind, class, level, step, span, found, expected}; [] where there are none",
    ),
    column(
        "wrong_spans",
        Text,
        "where the texts say what is wrong: a JSON list of [start, end] in bytes of the completion; of [text, start, end] where a row has several texts",
    ),
    column(
        "skip_spans",
        Text,
        "what a loss should skip, in the same form: the planted defects, and what a model is not to learn",
    ),
];

/// The last column of a dataset whose puzzles come from a file.
pub const SOURCE: ColumnSpec = column(
    "source",
    Text,
    "what the file of puzzles says of this one: a JSON object with its line, its id there, and all other fields of its row",
);

/// The columns of a record config, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema(Arc<[ColumnSpec]>);

impl Schema {
    /// A schema with these text columns, and with a record's own columns at the end.
    pub fn new(texts: &[ColumnSpec], own: &[ColumnSpec]) -> Self {
        let parts = [FIRST.as_slice(), texts, LAST.as_slice(), own];
        Schema(parts.into_iter().flatten().copied().collect())
    }

    /// The schema with more columns at the end.
    pub fn with(self, more: impl IntoIterator<Item = ColumnSpec>) -> Self {
        Schema(self.0.iter().copied().chain(more).collect())
    }
}

impl Default for Schema {
    fn default() -> Self {
        Schema::new(&PROMPT_COMPLETION, &[])
    }
}

impl Deref for Schema {
    type Target = [ColumnSpec];

    fn deref(&self) -> &[ColumnSpec] {
        &self.0
    }
}
