//! Settings of a search, as they stand in a recipe or a request.

use serde::{Deserialize, Serialize};
use sos_envs::{About, Cost};

use super::limits;

/// A search by name, with its settings. What a search does not use is refused, not ignored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchConfig {
    /// The search: `sos list searches`.
    pub kind: String,
    /// Name of one of the environment's heuristics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heuristic: Option<String>,
    /// Depth-first: children with an estimate over this are not explored. A number, or a name that the environment knows
    /// (`"target"` in Countdown).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
    /// Beam: how many nodes are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Weighted A*: how much the estimate weighs, in percent; 100 is plain A*.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_percent: Option<u32>,
    /// Hill climbing, min-conflicts, WalkSAT: how often it starts again from the root; 5 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restarts: Option<u32>,
    /// Annealing: how many children it tries at most; tabu: how many moves it makes at most; min-conflicts, WalkSAT: how many values it changes at most before
    /// it starts again; 1,000 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
    /// Tabu: how many of the last positions it does not go back to; 10 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenure: Option<u32>,
    /// Annealing: the temperature at the start, in cost units; 2 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<u32>,
    /// Annealing: what is left of the temperature after each child that is tried, in percent; 98 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooling_percent: Option<u32>,
    /// WalkSAT: how often it changes any variable of a broken rule, in percent; 50 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise_percent: Option<u32>,
    /// Monte-Carlo tree search: how many rollouts it makes; 500 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulations: Option<u32>,
    /// Monte-Carlo tree search: how many wrong leaves the trace walks to before the right one; 2 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_leaves: Option<u32>,
    /// Backtracking: which variable is decided next, by a name that the environment knows (`"mrv"`); the first unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<String>,
    /// Backtracking: how far it looks ahead for dead ends, by a name that the environment knows (`"forward"`); not at all unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub propagation: Option<String>,
    /// Backtracking: how far it infers before it guesses, and tells each inference with its reason, by a name that the environment knows (`"human"`); it tells
    /// none unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inference: Option<String>,
    /// Depth-first with a threshold: whether a search that finds nothing says so. The paper's ends without a word.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub says_end: bool,
    /// Searches that go by costs or estimates: whether the trace tells costs and estimates.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub costs: bool,
    /// How ties are broken.
    #[serde(default)]
    pub ties: Ties,
    /// Budget: most nodes that are expanded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_expansions: Option<u64>,
    /// Budget: most nodes that are generated; [`limits::DEFAULT_NODES`] unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_nodes: Option<u64>,
    /// Budget: most bytes of text that the trace may take; [`limits::DEFAULT_BYTES`] unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
}

impl SearchConfig {
    /// A search with nothing set.
    pub fn new(kind: &str) -> Self {
        SearchConfig {
            kind: kind.into(),
            heuristic: None,
            threshold: None,
            width: None,
            weight_percent: None,
            restarts: None,
            steps: None,
            tenure: None,
            temperature: None,
            cooling_percent: None,
            noise_percent: None,
            simulations: None,
            failed_leaves: None,
            variables: None,
            propagation: None,
            inference: None,
            says_end: false,
            costs: true,
            ties: Ties::Insertion,
            max_expansions: None,
            max_nodes: None,
            max_bytes: None,
        }
    }
}

/// Numbers that stand in a label without their names, the first of them that is given.
const SHORT: [&str; 6] = ["width", "weight_percent", "restarts", "tenure", "temperature", "simulations"];

impl SearchConfig {
    /// The kind with every setting that tells it from others of its kind, but for the heuristic, which rows name apart: `beam-5`, `backtracking-mrv-forward`,
    /// `tabu-10-steps-200`.
    pub fn label(&self) -> String {
        let given =
            |name: &&str| NUMBERS.iter().find(|number| number.field == *name).and_then(|number| (number.given)(self));
        let short = SHORT.into_iter().find(|name| given(name).is_some());
        let mut parts = vec![self.kind.clone()];
        parts.extend(short.and_then(|name| given(&name)).map(|number| number.to_string()));
        parts.extend([&self.variables, &self.propagation, &self.inference].into_iter().flatten().cloned());
        for number in NUMBERS.iter().filter(|number| Some(number.field) != short) {
            let other = (number.given)(self).filter(|&given| given != number.default);
            parts.extend(
                other.map(|given| format!("{}-{given}", number.field.trim_end_matches("_percent").replace('_', "-"))),
            );
        }
        match &self.threshold {
            Some(Threshold::Number(number)) => parts.push(format!("threshold-{number}")),
            Some(Threshold::Name(name)) => parts.push(format!("threshold-{name}")),
            None => {}
        }
        if self.says_end {
            parts.push("says-end".into());
        }
        if !self.costs {
            parts.push("no-costs".into());
        }
        match self.ties {
            Ties::Insertion => {}
            Ties::State => parts.push("state-ties".into()),
            Ties::Random => parts.push("random-ties".into()),
        }
        parts.extend(self.max_expansions.map(|most| format!("max-expansions-{most}")));
        parts.extend(self.max_nodes.map(|most| format!("max-nodes-{most}")));
        parts.join("-")
    }
}

fn yes() -> bool {
    true
}

fn is_yes(value: &bool) -> bool {
    *value
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

/// Numbers that only some searches use.
struct Number {
    field: &'static str,
    given: fn(&SearchConfig) -> Option<u32>,
    default: u32,
    least: u32,
    most: u32,
    allowed: &'static str,
}

/// All of them. None of them can make a search endless or its memory boundless.
const NUMBERS: [Number; 10] = [
    number("width", |config| config.width, 1, 1, u32::MAX, "1 and more"),
    number("weight_percent", |config| config.weight_percent, 100, 1, u32::MAX, "1 and more"),
    number("restarts", |config| config.restarts, 5, 0, 1_000_000, "0 to 1000000"),
    number("steps", |config| config.steps, 1_000, 1, 1_000_000, "1 to 1000000"),
    number("tenure", |config| config.tenure, 10, 1, 1_000, "1 to 1000"),
    number("temperature", |config| config.temperature, 2, 1, 1_000_000, "1 to 1000000"),
    number("cooling_percent", |config| config.cooling_percent, 98, 1, 100, "1 to 100"),
    number("noise_percent", |config| config.noise_percent, 50, 0, 100, "0 to 100"),
    number("simulations", |config| config.simulations, 500, 1, 10_000, "1 to 10000"),
    number("failed_leaves", |config| config.failed_leaves, 2, 0, 1_000, "0 to 1000"),
];

const fn number(
    field: &'static str,
    given: fn(&SearchConfig) -> Option<u32>,
    default: u32,
    least: u32,
    most: u32,
    allowed: &'static str,
) -> Number {
    Number { field, given, default, least, most, allowed }
}

/// The value of a number, or what is wrong with it.
fn value(field: &str, config: &SearchConfig) -> Result<u64, SearchError> {
    let Some(number) = NUMBERS.iter().find(|number| number.field == field) else { return Ok(0) };
    match (number.given)(config) {
        Some(found) if found < number.least || found > number.most => {
            Err(SearchError::OutOfRange { field: number.field, found: found.into(), allowed: number.allowed })
        }
        given => Ok(given.unwrap_or(number.default).into()),
    }
}

/// A budget: what is given, or what holds where nothing is given.
fn budget(field: &'static str, given: Option<u64>, default: u64, most: u64) -> Result<u64, SearchError> {
    match given {
        Some(found) if found > most => Err(SearchError::OverLimit { field, found, most }),
        given => Ok(given.unwrap_or(default)),
    }
}

/// The place of a name among those that the environment knows; the first where none is given.
fn named(field: &'static str, given: &Option<String>, names: &[&'static str]) -> Result<usize, SearchError> {
    let Some(name) = given else { return Ok(0) };
    names.iter().position(|known| known == name).ok_or_else(|| SearchError::Unknown {
        field,
        found: name.clone(),
        allowed: names.join(", "),
        nearest: crate::names::nearest(name, names.iter().copied()),
    })
}

/// A setting that a search cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// There is no such thing.
    #[error("search.{field}: found \"{found}\"; allowed: {allowed}{}", hint(.nearest))]
    Unknown {
        /// The field.
        field: &'static str,
        /// What was found.
        found: String,
        /// What is allowed.
        allowed: String,
        /// The nearest name.
        nearest: Option<String>,
    },
    /// The search makes no sense in an environment, or for a puzzle of it.
    #[error("search.kind: {kind} does not fit {env}: {reason}")]
    Unfit {
        /// The search.
        kind: &'static str,
        /// The environment.
        env: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// The search needs a setting that is not there.
    #[error("search.{field}: {kind} needs it; allowed: {allowed}")]
    Missing {
        /// The field.
        field: &'static str,
        /// The search.
        kind: &'static str,
        /// What is allowed.
        allowed: String,
    },
    /// The search does not use a setting.
    #[error("search.{field}: {kind} does not use it; remove it or choose another search")]
    Unused {
        /// The field.
        field: &'static str,
        /// The search.
        kind: &'static str,
    },
    /// A number is out of its range.
    #[error("search.{field}: found {found}; allowed: {allowed}")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// What was found.
        found: u64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A budget is over what memory is sure to hold.
    #[error("search.{field}: found {found}; allowed: 0 to {most}")]
    OverLimit {
        /// The field.
        field: &'static str,
        /// What was found.
        found: u64,
        /// The most that is allowed.
        most: u64,
    },
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
}

/// Settings that are known to fit the environment: names are looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Index of the heuristic.
    pub heuristic: Option<usize>,
    /// Threshold on estimates.
    pub threshold: Option<Threshold>,
    /// Beam width.
    pub width: usize,
    /// Weight of the estimate in percent.
    pub weight_percent: u64,
    /// Restarts of hill climbing.
    pub restarts: u64,
    /// Most steps of a walk.
    pub steps: u64,
    /// Length of the tabu list.
    pub tenure: usize,
    /// Temperature at the start, in cost units.
    pub temperature: u64,
    /// What is left of the temperature after a step, in percent.
    pub cooling_percent: u64,
    /// How often chance alone chooses what is changed, in percent.
    pub noise_percent: u64,
    /// Rollouts.
    pub simulations: u64,
    /// Wrong leaves that are told.
    pub failed_leaves: usize,
    /// Which variable is decided next, of the environment's orders; none for searches that do not decide variables.
    pub variables: Option<usize>,
    /// How far it looks ahead, of the environment's propagations.
    pub propagation: usize,
    /// How far it infers, of the environment's inferences; none where it tells no inference.
    pub inference: Option<usize>,
    /// Whether a search that ends at its threshold says so.
    pub says_end: bool,
    /// Whether the trace tells costs and estimates.
    pub costs: bool,
    /// How ties are broken.
    pub ties: Ties,
    /// Budget in expansions.
    pub max_expansions: u64,
    /// Budget in generated nodes.
    pub max_nodes: u64,
    /// Budget in events: what a text may take is made one of these.
    pub max_events: u64,
    /// Budget in bytes of text. A search knows no text: whoever writes it holds it to this.
    pub max_bytes: u64,
}

/// What a search makes of the optional settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It cannot do without.
    Needs,
    /// It can take it.
    May,
    /// It has no use for it.
    Never,
}

/// Searches whose traces tell costs or estimates, unless they are not to.
const TELL_COSTS: [&str; 8] =
    ["uniform-cost", "greedy", "astar", "weighted-astar", "hill-climbing", "annealing", "tabu", "bidirectional-astar"];

impl Settings {
    /// Looks the names up and refuses what does not fit.
    pub fn new(
        about: &About,
        config: &SearchConfig,
        kind: &'static str,
        uses: &[(&'static str, Use)],
    ) -> Result<Self, SearchError> {
        let heuristics = || about.heuristics.iter().map(|h| h.name).collect::<Vec<_>>().join(", ");
        let given = [
            ("heuristic", config.heuristic.is_some()),
            ("threshold", config.threshold.is_some()),
            ("variables", config.variables.is_some()),
            ("propagation", config.propagation.is_some()),
            ("inference", config.inference.is_some()),
        ];
        let numbers = NUMBERS.iter().map(|number| (number.field, (number.given)(config).is_some()));
        for (field, given) in given.into_iter().chain(numbers) {
            let usage = uses.iter().find(|(known, _)| *known == field).map_or(Use::Never, |(_, usage)| *usage);
            match usage {
                Use::Needs if !given => {
                    let allowed = if field == "heuristic" { heuristics() } else { "a whole number from 1 on".into() };
                    return Err(SearchError::Missing { field, kind, allowed });
                }
                Use::Never if given => return Err(SearchError::Unused { field, kind }),
                _ => {}
            }
        }
        if !config.costs && !TELL_COSTS.contains(&kind) {
            return Err(SearchError::Unused { field: "costs", kind });
        }
        let heuristic = match &config.heuristic {
            None => None,
            Some(name) => {
                Some(about.heuristics.iter().position(|h| h.name == name).ok_or_else(|| SearchError::Unknown {
                    field: "heuristic",
                    found: name.clone(),
                    allowed: heuristics(),
                    nearest: crate::names::nearest(name, about.heuristics.iter().map(|h| h.name)),
                })?)
            }
        };
        if config.threshold.is_some() && heuristic.is_none() {
            return Err(SearchError::Missing { field: "heuristic", kind: "a threshold", allowed: heuristics() });
        }
        if config.says_end && config.threshold.is_none() {
            return Err(SearchError::Unused { field: "says_end", kind: "a search without a threshold" });
        }
        if let Some(Threshold::Name(name)) = &config.threshold
            && !about.thresholds.contains(&name.as_str())
        {
            let known = about.thresholds.iter().map(|name| format!("\"{name}\" or ")).collect::<String>();
            return Err(SearchError::Unknown {
                field: "threshold",
                found: name.clone(),
                allowed: format!("{known}a whole number"),
                nearest: crate::names::nearest(name, about.thresholds.iter().copied()),
            });
        }
        let decides = uses.iter().any(|(field, _)| *field == "variables");
        let value = |field| value(field, config);
        Ok(Settings {
            heuristic,
            threshold: config.threshold.clone(),
            width: value("width")? as usize,
            weight_percent: value("weight_percent")?,
            restarts: value("restarts")?,
            steps: value("steps")?,
            tenure: value("tenure")? as usize,
            temperature: value("temperature")?,
            cooling_percent: value("cooling_percent")?,
            noise_percent: value("noise_percent")?,
            simulations: value("simulations")?,
            failed_leaves: value("failed_leaves")? as usize,
            variables: if decides { Some(named("variables", &config.variables, about.variable_orders)?) } else { None },
            propagation: named("propagation", &config.propagation, about.propagations)?,
            inference: match &config.inference {
                None => None,
                given => Some(named("inference", given, about.inferences)?),
            },
            says_end: config.says_end,
            costs: config.costs,
            ties: config.ties,
            max_expansions: config.max_expansions.unwrap_or(limits::MOST_EXPANSIONS),
            max_nodes: budget("max_nodes", config.max_nodes, limits::DEFAULT_NODES, limits::MOST_NODES)?,
            max_events: limits::MOST_EVENTS,
            max_bytes: budget("max_bytes", config.max_bytes, limits::DEFAULT_BYTES, limits::MOST_BYTES)?,
        })
    }

    /// The threshold in units of `1 / estimate_scale`; none where there is none. A name stands for what `named` says, in units of cost.
    pub fn threshold_of(&self, about: &About, named: impl FnOnce(&str) -> Option<Cost>) -> Option<Cost> {
        let cost = match self.threshold.as_ref()? {
            Threshold::Number(cost) => *cost,
            Threshold::Name(name) => named(name)?,
        };
        Some(cost.saturating_mul(about.estimate_scale))
    }
}
