//! The filter of a recipe: which rows a dataset has.

use serde::{Deserialize, Serialize};

use super::{Band, RecipeError};

/// What a row must be. A row that is not is left out in all configs, and the next one takes its place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowFilter {
    /// Most words of a row, in every config. Words stand between white space; the prompt is counted too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_words: Option<u64>,
    /// Most tokens of a row, in every config: those of the recipe's tokenizer file, or of the dialect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// How the search of the row must end: `solved`, `exhausted` or `budget`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
    /// The difficulty of its puzzle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difficulty: Option<Band>,
}

/// The ends of a search.
const ENDS: [&str; 3] = ["solved", "exhausted", "budget"];

impl RowFilter {
    /// Whether the lengths of all rows of an index decide.
    pub fn measures(&self) -> bool {
        self.max_words.is_some() || self.max_tokens.is_some()
    }

    /// Checks the filter.
    pub fn check(&self) -> Result<(), RecipeError> {
        let value = |field: &str, found: &str, allowed: &str| {
            Err(RecipeError::Value { field: format!("filter{field}"), found: found.into(), allowed: allowed.into() })
        };
        if *self == RowFilter::default() {
            return value("", "nothing", "at least one of max_words, max_tokens, only, difficulty");
        }
        if let Some(only) = self.only.as_deref().filter(|only| !ENDS.contains(only)) {
            return Err(RecipeError::Unknown {
                field: "filter.only".into(),
                found: only.into(),
                allowed: ENDS.join(", "),
                nearest: crate::names::nearest(only, ENDS),
            });
        }
        if self.difficulty.is_some_and(|band| band.max.is_some_and(|max| max < band.min)) {
            return value(".difficulty", "a band whose max is below its min", "bands whose max is not below their min");
        }
        Ok(())
    }
}
