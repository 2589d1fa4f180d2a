//! A search in a recipe or a request.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// A search by name, with its settings. Settings that the search does not use are refused, not ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchConfig {
    /// The name of the search; see `sos list searches`.
    pub kind: String,
    /// The name of one of the environment's heuristics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heuristic: Option<String>,
    /// Depth-first: children with a greater estimate are not explored. A number, or a name that the environment knows (`"target"` in Countdown).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
    /// The given numbers, by name.
    #[serde(flatten, deserialize_with = "given")]
    pub numbers: BTreeMap<Number, u32>,
    /// Backtracking: the rule that chooses the next variable, by a name that the environment knows (`"mrv"`). The default is the first rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<String>,
    /// Backtracking: the level of propagation that finds dead ends, by a name that the environment knows (`"forward"`). The default is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propagation: Option<String>,
    /// Backtracking: the level of inference before a guess, by a name that the environment knows (`"human"`). The trace has each inference with its reason. The
    /// default is no inference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inference: Option<String>,
    /// Depth-first with a threshold: whether the trace of a search that finds nothing ends with a statement. The paper's does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub says_end: bool,
    /// Searches with costs or estimates: whether the trace shows them. It does by default.
    #[serde(skip_serializing_if = "is_yes")]
    pub costs: Option<bool>,
    /// How ties are broken.
    #[serde(default)]
    pub ties: Ties,
    /// Budget: greatest number of expanded nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_expansions: Option<u64>,
    /// Budget: greatest number of generated nodes; [`limits::DEFAULT_NODES`](super::limits::DEFAULT_NODES) by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_nodes: Option<u64>,
    /// Budget: greatest length of the trace's text in bytes; [`limits::DEFAULT_BYTES`](super::limits::DEFAULT_BYTES) by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
}

impl SearchConfig {
    /// A search without settings.
    pub fn new(kind: &str) -> Self {
        SearchConfig { kind: kind.into(), ..SearchConfig::default() }
    }
}

fn is_yes(costs: &Option<bool>) -> bool {
    *costs != Some(false)
}

/// Reads the given numbers. A `null` in JSON counts as not given.
fn given<'de, D: Deserializer<'de>>(reader: D) -> Result<BTreeMap<Number, u32>, D::Error> {
    let given = BTreeMap::<Number, Option<u32>>::deserialize(reader)?;
    Ok(given.into_iter().filter_map(|(number, value)| Some((number, value?))).collect())
}

/// A threshold on estimates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "threshold: expected a whole number or a name in quotes")]
pub enum Threshold {
    /// In cost units.
    Number(u64),
    /// By a name that the environment knows.
    Name(String),
}

/// How ties are broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ties {
    /// The node that was generated first.
    #[default]
    Insertion,
    /// The least state in the environment's order: in mazes by row, then by column, as in Searchformer's deterministic A*.
    #[serde(alias = "searchformer")]
    State,
    /// At random, from the record's search stream.
    Random,
}

/// A number that only some searches have. Its range keeps searches finite and their memory bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// Beam: number of nodes that are kept.
    Width,
    /// Weighted A*: weight of the estimate, in percent; 100 is plain A*.
    WeightPercent,
    /// Hill climbing, min-conflicts, WalkSAT: number of restarts from the root.
    Restarts,
    /// Annealing: greatest number of tried children. Tabu: greatest number of moves. Min-conflicts, WalkSAT: greatest number of changed values before a
    /// restart.
    Steps,
    /// Tabu: number of last positions to which it does not return.
    Tenure,
    /// Annealing: temperature at the start, in cost units.
    Temperature,
    /// Annealing: percentage of the temperature that remains after each tried child.
    CoolingPercent,
    /// WalkSAT: percentage of changes to any variable of a broken rule.
    NoisePercent,
    /// Monte-Carlo tree search: number of rollouts.
    Simulations,
    /// Monte-Carlo tree search: number of wrong leaves that the trace walks to before the right one.
    FailedLeaves,
}

/// The numbers in their order: name in recipes, default, least, greatest, and whether a label shows the value without the name.
const NUMBERS: [(Number, &str, u32, u32, u32, bool); 10] = [
    (Number::Width, "width", 1, 1, u32::MAX, true),
    (Number::WeightPercent, "weight_percent", 100, 1, u32::MAX, true),
    (Number::Restarts, "restarts", 5, 0, 1_000_000, true),
    (Number::Steps, "steps", 1_000, 1, 1_000_000, false),
    (Number::Tenure, "tenure", 10, 1, 1_000, true),
    (Number::Temperature, "temperature", 2, 1, 1_000_000, true),
    (Number::CoolingPercent, "cooling_percent", 98, 1, 100, false),
    (Number::NoisePercent, "noise_percent", 50, 0, 100, false),
    (Number::Simulations, "simulations", 500, 1, 10_000, true),
    (Number::FailedLeaves, "failed_leaves", 2, 0, 1_000, false),
];

impl Number {
    /// All numbers, in their order.
    pub fn all() -> impl Iterator<Item = Number> {
        NUMBERS.into_iter().map(|(number, ..)| number)
    }

    /// The name in recipes and requests.
    pub fn name(self) -> &'static str {
        NUMBERS[self as usize].1
    }

    /// The default.
    pub fn default(self) -> u32 {
        NUMBERS[self as usize].2
    }

    /// The allowed values.
    pub fn range(self) -> RangeInclusive<u32> {
        NUMBERS[self as usize].3..=NUMBERS[self as usize].4
    }

    /// The text before the value in a label; empty if the label shows the value without a name.
    pub(super) fn label(self) -> String {
        let (_, name, .., plain) = NUMBERS[self as usize];
        if plain { String::new() } else { name.trim_end_matches("_percent").replace('_', "-") + "-" }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let found = String::deserialize(reader)?;
        Number::all().find(|number| number.name() == found).ok_or_else(|| {
            // Every field that is not a field of the config is read as a number.
            let before = ["kind", "heuristic", "threshold"].into_iter();
            let all = before.chain(Number::all().map(Number::name)).chain(["variables", "propagation", "inference"]);
            let all = all.chain(["says_end", "costs", "ties", "max_expansions", "max_nodes", "max_bytes"]);
            let all = all.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            D::Error::custom(format!("unknown field `{found}`, expected one of {all}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::SEARCHES;

    #[test]
    fn numbers_stand_in_their_order() {
        assert!(Number::all().enumerate().all(|(place, number)| number as usize == place));
    }

    /// Checks the ranges and defaults of the numbers in docs/recipes.md.
    #[test]
    fn the_page_of_recipes_says_the_same() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/recipes.md")).unwrap();
        for number in Number::all() {
            let needed = SEARCHES.iter().any(|entry| entry.settings().contains(&(number.name(), true)));
            let default = if needed { "none".into() } else { format!("`{}`", number.default()) };
            let (least, most) = number.range().into_inner();
            let range = if most == u32::MAX { format!("from {least}") } else { format!("{least} to {most}") };
            let line = format!("| `{}` | {range} | {default} |", number.name());
            assert!(page.replace(",000", "000").contains(&line), "docs/recipes.md must have this line: {line}");
        }
    }
}
