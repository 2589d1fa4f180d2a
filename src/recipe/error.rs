//! Errors of a recipe, as sentences for people.

/// Errors of a recipe.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RecipeError {
    /// The text is not TOML of this form.
    #[error("{0}")]
    Form(String),
    /// A name that does not exist.
    #[error("{field}: found \"{found}\"; allowed: {allowed}{}", .nearest.as_ref().map(|n| format!("; did you mean \"{n}\"?")).unwrap_or_default())]
    Unknown {
        /// The field.
        field: String,
        /// What was found.
        found: String,
        /// What is allowed.
        allowed: String,
        /// The nearest name.
        nearest: Option<String>,
    },
    /// A value that is not allowed.
    #[error("{field}: found {found}; allowed: {allowed}")]
    Value {
        /// The field.
        field: String,
        /// What was found.
        found: String,
        /// What is allowed, or what to change.
        allowed: String,
    },
    /// An error in the settings of the environment.
    #[error("environment.{0}")]
    Environment(sos_envs::ConfigError),
    /// An error in an item of a list.
    #[error("{list} {number}: {error}")]
    Item {
        /// The list: `environments`, `searches`, `records` or `components`.
        list: &'static str,
        /// Number of the item, from 1.
        number: usize,
        /// The error.
        error: Box<RecipeError>,
    },
    /// An error in the settings of a search.
    #[error(transparent)]
    Search(#[from] crate::search::SearchError),
    /// A split asks for more rows than its part of the puzzle space has.
    #[error(
        "splits.{split}.rows: found {rows}; the split's part of the space holds {}; ask for fewer rows, or widen the environment's settings",
        held(*.capacity, *.all, *.space)
    )]
    TooManyRows {
        /// The split.
        split: String,
        /// The rows that were asked for.
        rows: u64,
        /// The puzzles in the split's part of the space that can be rows.
        capacity: u128,
        /// Whether these are all its puzzles. The candidates of a large space are taken in blocks, and a block gives fewer rows than it has puzzles.
        all: bool,
        /// Number of candidates in the whole space.
        space: u128,
    },
    /// A split asks for more rows than it has puzzles of the file.
    #[error(
        "splits.{split}.rows: found {rows}; {file} has {capacity} puzzles for this split ({counts}); ask for at most {capacity}, or for all of them: rows = \"all\" (--count {split}=all)"
    )]
    TooFewPuzzles {
        /// The split.
        split: String,
        /// The rows that were asked for.
        rows: u64,
        /// The puzzles that the split has.
        capacity: u64,
        /// The file.
        file: String,
        /// What became of all puzzles of the file.
        counts: String,
    },
    /// A split asks for more rows than the filter keeps.
    #[error(
        "splits.{split}.rows: found {rows}; the filter leaves {capacity} rows for this split; ask for at most {capacity}, or widen the filter"
    )]
    TooFewRows {
        /// The split.
        split: String,
        /// The rows that were asked for.
        rows: u64,
        /// The rows that it can have.
        capacity: u128,
    },
    /// One of several environments has fewer puzzles than its part of the rows.
    #[error(
        "splits.{split}.rows: found {rows}; {environment} has puzzles for {own} rows, which is less than its part; ask for at most {capacity}, widen its settings, or give it a lower weight"
    )]
    TooFewOfOne {
        /// The split.
        split: String,
        /// The rows that were asked for.
        rows: u64,
        /// The rows that the split can have.
        capacity: u128,
        /// The environment.
        environment: &'static str,
        /// The rows for which it has puzzles.
        own: u128,
    },
    /// Puzzles would repeat although the recipe asks for distinct ones.
    #[error(
        "distinct: found true, but these puzzles are drawn with replacement: of {rows} rows of split {split} {expected} would repeat an earlier one, up to renaming; leave `distinct` out, widen the settings, or choose an environment whose space is numbered (docs/environments.md)"
    )]
    Repeats {
        /// The split.
        split: String,
        /// Number of its rows.
        rows: u64,
        /// How many rows are expected to repeat an earlier one, estimated from a sample.
        expected: String,
    },
    /// No candidate is accepted as a puzzle.
    #[error(
        "environment: found settings under which none of {tried} candidates for split {split} is a puzzle; loosen them (solvable, targets, numbers, least path …), or, where the split is held out, hold out other values"
    )]
    Unsatisfiable {
        /// The split.
        split: String,
        /// Number of candidates that were tried.
        tried: u64,
    },
}

/// The puzzles of a split's part of a space of candidates, for messages: `capacity` of them can be rows, which may be `all`.
pub fn held(capacity: u128, all: bool, space: u128) -> String {
    let puzzles = match (capacity, all) {
        (_, true) => format!("{capacity} puzzles"),
        (0, false) => "so few puzzles that none can be a row".into(),
        (_, false) => format!("at least {capacity} puzzles, and {capacity} of them can be rows"),
    };
    format!("{puzzles} ({space} candidates in all)")
}

impl RecipeError {
    /// The error with another name for its field, where this is the field.
    pub fn within(mut self, name: &str, other: &str) -> Self {
        if let RecipeError::Unknown { field, .. } | RecipeError::Value { field, .. } = &mut self
            && field == name
        {
            *field = other.into();
        }
        self
    }

    /// Number of rows that a split can have, where it asks for more. None where its space is too small for any.
    pub fn capacity(&self) -> Option<u128> {
        match self {
            RecipeError::TooManyRows { capacity: 0, .. } => None,
            RecipeError::TooManyRows { capacity, .. }
            | RecipeError::TooFewRows { capacity, .. }
            | RecipeError::TooFewOfOne { capacity, .. } => Some(*capacity),
            RecipeError::TooFewPuzzles { capacity, .. } => Some(u128::from(*capacity)),
            _ => None,
        }
    }

    /// The error in an item of a list; `place` counts from 0.
    pub fn at(self, list: &'static str, place: usize) -> Self {
        RecipeError::Item { list, number: place + 1, error: Box::new(self) }
    }
}
