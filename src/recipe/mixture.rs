//! Ready mixtures of searches.

use super::{RecipeError, WeightedSearch};
use crate::search::{Number, SearchConfig, Threshold};

/// Names of the ready mixtures, with a line of help.
pub const MIXTURES: [(&str, &str); 2] = [
    (
        "stream-of-search",
        "the paper's 12 strategies: depth-first or beam of width 1 to 5, by sum or multiply; with the clean beam, and an end that is said",
    ),
    ("stream-of-search-paper", "the same, with the paper's own beam search and its quirks"),
];

/// The searches of a ready mixture.
pub fn mixture(name: &str) -> Result<Vec<WeightedSearch>, RecipeError> {
    let beam = match name {
        "stream-of-search" => "beam",
        "stream-of-search-paper" => "beam-paper",
        _ => {
            return Err(RecipeError::Unknown {
                field: "mixture".into(),
                found: name.into(),
                allowed: MIXTURES.map(|(name, _)| name).join(", "),
                nearest: crate::names::nearest(name, MIXTURES.map(|(name, _)| name)),
            });
        }
    };
    let mut searches = Vec::new();
    for heuristic in ["sum", "multiply"] {
        let search = |kind: &str| SearchConfig { heuristic: Some(heuristic.into()), ..SearchConfig::new(kind) };
        let threshold = Some(Threshold::Name("target".into()));
        let dfs = SearchConfig { threshold, says_end: beam == "beam", ..search("dfs") };
        searches.push(WeightedSearch { weight: 5, search: dfs });
        for width in 1..=5 {
            let numbers = [(Number::Width, width)].into();
            searches.push(WeightedSearch { weight: 1, search: SearchConfig { numbers, ..search(beam) } });
        }
    }
    Ok(searches)
}
