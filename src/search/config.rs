//! A search as it stands in a recipe or a request.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// A search by name, with its settings. What a search does not use is refused, not ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchConfig {
    /// The search: `sos list searches`.
    pub kind: String,
    /// Name of one of the environment's heuristics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heuristic: Option<String>,
    /// Depth-first: children with an estimate over this are not explored. A number, or a name that the environment knows
    /// (`"target"` in Countdown).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
    /// Numbers of its own, as far as they are given.
    #[serde(flatten, deserialize_with = "given")]
    pub numbers: BTreeMap<Number, u32>,
    /// Backtracking: which variable is decided next, by a name that the environment knows (`"mrv"`); the first unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<String>,
    /// Backtracking: how far it looks ahead for dead ends, by a name that the environment knows (`"forward"`); not at all unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propagation: Option<String>,
    /// Backtracking: how far it infers before it guesses, and tells each inference with its reason, by a name that the environment knows (`"human"`); it tells
    /// none unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inference: Option<String>,
    /// Depth-first with a threshold: whether a search that finds nothing says so. The paper's ends without a word.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub says_end: bool,
    /// Searches that go by costs or estimates: whether the trace tells costs and estimates; it does unless said.
    #[serde(skip_serializing_if = "is_yes")]
    pub costs: Option<bool>,
    /// How ties are broken.
    #[serde(default)]
    pub ties: Ties,
    /// Budget: most nodes that are expanded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_expansions: Option<u64>,
    /// Budget: most nodes that are generated; [`limits::DEFAULT_NODES`](super::limits::DEFAULT_NODES) unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_nodes: Option<u64>,
    /// Budget: most bytes of text that the trace may take; [`limits::DEFAULT_BYTES`](super::limits::DEFAULT_BYTES) unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
}

impl SearchConfig {
    /// A search with nothing set.
    pub fn new(kind: &str) -> Self {
        SearchConfig { kind: kind.into(), ..SearchConfig::default() }
    }
}

fn is_yes(costs: &Option<bool>) -> bool {
    *costs != Some(false)
}

/// The numbers that are given; JSON's `null` is none.
fn given<'de, D: Deserializer<'de>>(reader: D) -> Result<BTreeMap<Number, u32>, D::Error> {
    let given = BTreeMap::<Number, Option<u32>>::deserialize(reader)?;
    Ok(given.into_iter().filter_map(|(number, value)| Some((number, value?))).collect())
}

/// A threshold on estimates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
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
    /// The one that was generated first.
    #[default]
    Insertion,
    /// The least state in the environment's order: in mazes by row, then by column, as Searchformer's deterministic A* does.
    #[serde(alias = "searchformer")]
    State,
    /// At random, from the record's search stream.
    Random,
}

/// A number that only some searches have. None of them can make a search endless or its memory boundless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// Beam: how many nodes are kept.
    Width,
    /// Weighted A*: how much the estimate weighs, in percent; 100 is plain A*.
    WeightPercent,
    /// Hill climbing, min-conflicts, WalkSAT: how often it starts again from the root.
    Restarts,
    /// Annealing: how many children it tries at most; tabu: how many moves it makes at most; min-conflicts, WalkSAT: how many values it changes at most before
    /// it starts again.
    Steps,
    /// Tabu: how many of the last positions it does not go back to.
    Tenure,
    /// Annealing: the temperature at the start, in cost units.
    Temperature,
    /// Annealing: what is left of the temperature after each child that is tried, in percent.
    CoolingPercent,
    /// WalkSAT: how often it changes any variable of a broken rule, in percent.
    NoisePercent,
    /// Monte-Carlo tree search: how many rollouts it makes.
    Simulations,
    /// Monte-Carlo tree search: how many wrong leaves the trace walks to before the right one.
    FailedLeaves,
}

/// The numbers in their order: name in recipes, default, the least and the greatest, and whether a label tells it without its name.
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
    /// All of them, in their order.
    pub fn all() -> impl Iterator<Item = Number> {
        NUMBERS.into_iter().map(|(number, ..)| number)
    }

    /// The name in recipes and requests.
    pub fn name(self) -> &'static str {
        NUMBERS[self as usize].1
    }

    /// What holds where none is given.
    pub fn default(self) -> u32 {
        NUMBERS[self as usize].2
    }

    /// What is allowed.
    pub fn range(self) -> RangeInclusive<u32> {
        NUMBERS[self as usize].3..=NUMBERS[self as usize].4
    }

    /// What stands before it in a label; nothing for the number of a search that is told without its name.
    pub(super) fn label(self) -> String {
        let (_, name, .., plain) = NUMBERS[self as usize];
        if plain { String::new() } else { name.trim_end_matches("_percent").replace('_', "-") + "-" }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let found = String::deserialize(reader)?;
        Number::all().find(|number| number.name() == found).ok_or_else(|| {
            // What is no other field of a config is read as a number.
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

    /// docs/recipes.md says of each number what is allowed, and what holds where none is given.
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
