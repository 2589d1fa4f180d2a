//! The settings of a search, looked up and checked for the environment.

use std::ops::RangeInclusive;

use sos_envs::{About, Cost};

use super::config::{Number, SearchConfig, Threshold, Ties};
use super::{SearchEntry, limits};

/// A setting that is not allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// There is no such name.
    #[error("search.{field}: found \"{found}\"; allowed: {allowed}{}", hint(.nearest))]
    Unknown {
        /// The field.
        field: &'static str,
        /// The name found.
        found: String,
        /// The allowed names.
        allowed: String,
        /// The nearest name.
        nearest: Option<String>,
    },
    /// The search does not suit an environment, or a puzzle of it.
    #[error("search.kind: {kind} does not fit {env}: {reason}")]
    Unfit {
        /// The search.
        kind: &'static str,
        /// The environment.
        env: &'static str,
        /// The reason.
        reason: &'static str,
    },
    /// The search requires a setting that is missing.
    #[error("search.{field}: {kind} needs it; allowed: {allowed}")]
    Missing {
        /// The field.
        field: &'static str,
        /// The search.
        kind: &'static str,
        /// The allowed values.
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
    /// The costs of a trace cannot be left out.
    #[error("search.costs: found false; allowed: true for {kind}, whose nodes are cut by their costs")]
    NeedsCosts {
        /// The search.
        kind: &'static str,
    },
    /// A number is out of its range.
    #[error("search.{field}: found {found}; allowed: {allowed}")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// The number found.
        found: u64,
        /// The allowed range.
        allowed: String,
    },
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
}

/// The error for a name that does not exist.
fn unknown(field: &'static str, found: &str, allowed: String, names: &[&'static str]) -> SearchError {
    let nearest = crate::names::nearest(found, names.iter().copied());
    SearchError::Unknown { field, found: found.into(), allowed, nearest }
}

/// The index of a name among the allowed ones.
pub(super) fn place(field: &'static str, found: &str, names: &[&'static str]) -> Result<usize, SearchError> {
    let place = names.iter().position(|known| *known == found);
    place.ok_or_else(|| unknown(field, found, names.join(", "), names))
}

/// The settings that all searches share.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Index of the heuristic.
    pub heuristic: Option<usize>,
    /// Index of the environment's order of variables; none for searches that do not decide variables.
    pub variables: Option<usize>,
    /// Index of the environment's level of propagation.
    pub propagation: usize,
    /// Index of the environment's level of inference; none if the search writes no inferences.
    pub inference: Option<usize>,
    /// Whether the trace shows costs and estimates.
    pub costs: bool,
    /// How ties are broken.
    pub ties: Ties,
    /// Budget: number of expansions.
    pub max_expansions: u64,
    /// Budget: number of generated nodes.
    pub max_nodes: u64,
    /// Budget: number of events. The limit of the text is converted to it.
    pub max_events: u64,
    /// Budget: bytes of text. A search knows no text, so the code that writes it enforces this limit.
    pub max_bytes: u64,
}

impl Threshold {
    /// The threshold in units of `1 / estimate_scale`. `named` gives the value of a name, in cost units.
    pub fn estimate(&self, about: &About, named: impl FnOnce(&str) -> Option<Cost>) -> Option<Cost> {
        let cost = match self {
            Threshold::Number(cost) => *cost,
            Threshold::Name(name) => named(name)?,
        };
        Some(cost.saturating_mul(about.estimate_scale))
    }
}

/// How a search uses a heuristic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It requires one.
    Needs,
    /// It can use one.
    May,
    /// It cannot use one.
    Never,
}

/// Reads the settings of one search. It notes the settings that the search takes, and the first error.
pub(super) struct Reader<'a> {
    about: &'a About,
    config: &'a SearchConfig,
    settings: Settings,
    /// The settings that the search takes besides ties and budgets, each with whether it is required.
    pub(super) taken: Vec<(&'static str, bool)>,
    wrong: Option<SearchError>,
}

impl<'a> Reader<'a> {
    /// Reads the common settings and the heuristic.
    pub(super) fn new(about: &'a About, config: &'a SearchConfig, heuristic: Use) -> Self {
        let settings = Settings {
            heuristic: None,
            variables: None,
            propagation: 0,
            inference: None,
            costs: config.costs != Some(false),
            ties: config.ties,
            max_expansions: config.max_expansions.unwrap_or(limits::MOST_EXPANSIONS),
            max_nodes: config.max_nodes.unwrap_or(limits::DEFAULT_NODES),
            max_events: limits::MOST_EVENTS,
            max_bytes: config.max_bytes.unwrap_or(limits::DEFAULT_BYTES),
        };
        let mut reader = Reader { about, config, settings, taken: Vec::new(), wrong: None };
        if heuristic != Use::Never {
            reader.settings.heuristic =
                reader.place("heuristic", heuristic == Use::Needs, &config.heuristic, &heuristics(about));
        }
        if config.says_end && config.threshold.is_none() {
            reader.refuse(SearchError::Unused { field: "says_end", kind: "a search without a threshold" });
        }
        reader
    }

    /// An optional number.
    pub fn number(&mut self, number: Number) -> u64 {
        self.read(number, false)
    }

    /// A required number.
    pub fn needed(&mut self, number: Number) -> u64 {
        self.read(number, true)
    }

    fn read(&mut self, number: Number, needed: bool) -> u64 {
        self.taken.push((number.name(), needed));
        let found = self.config.numbers.get(&number).copied().unwrap_or(number.default());
        let (least, most) = number.range().into_inner();
        self.within(number.name(), found.into(), least.into()..=most.into())
    }

    fn within(&mut self, field: &'static str, found: u64, range: RangeInclusive<u64>) -> u64 {
        if !range.contains(&found) {
            let (least, most) = range.into_inner();
            let allowed =
                if most == u64::from(u32::MAX) { format!("{least} and more") } else { format!("{least} to {most}") };
            self.refuse(SearchError::OutOfRange { field, found, allowed });
        }
        found
    }

    /// The threshold, which requires a heuristic.
    pub fn threshold(&mut self) -> Option<Threshold> {
        self.taken.push(("threshold", false));
        let threshold = self.config.threshold.as_ref()?;
        if self.config.heuristic.is_none() {
            let allowed = heuristics(self.about).join(", ");
            self.refuse(SearchError::Missing { field: "heuristic", kind: "a threshold", allowed });
        }
        let names = self.about.thresholds;
        if let Threshold::Name(found) = threshold
            && !names.contains(&found.as_str())
        {
            let known = names.iter().map(|name| format!("\"{name}\" or ")).collect::<String>();
            self.refuse(unknown("threshold", found, format!("{known}a whole number"), names));
        }
        Some(threshold.clone())
    }

    /// Whether a search that ends at its threshold writes a statement.
    pub fn says_end(&self) -> bool {
        self.config.says_end
    }

    /// Reads the settings of variables: order, propagation, inference.
    pub fn decisions(&mut self) {
        let (about, config) = (self.about, self.config);
        self.settings.variables = self.place("variables", false, &config.variables, about.variable_orders).or(Some(0));
        self.settings.propagation =
            self.place("propagation", false, &config.propagation, about.propagations).unwrap_or(0);
        self.settings.inference = self.place("inference", false, &config.inference, about.inferences);
    }

    fn place(
        &mut self,
        field: &'static str,
        needed: bool,
        given: &Option<String>,
        names: &[&'static str],
    ) -> Option<usize> {
        self.taken.push((field, needed));
        place(field, given.as_ref()?, names).map_err(|error| self.refuse(error)).ok()
    }

    /// Only the first error is reported.
    fn refuse(&mut self, error: SearchError) {
        self.wrong.get_or_insert(error);
    }

    /// The common settings, if nothing is missing, unused or wrong.
    pub(super) fn finish(mut self, entry: &SearchEntry) -> Result<Settings, SearchError> {
        let (config, kind) = (self.config, entry.name);
        let names = [
            ("heuristic", config.heuristic.is_some()),
            ("threshold", config.threshold.is_some()),
            ("variables", config.variables.is_some()),
            ("propagation", config.propagation.is_some()),
            ("inference", config.inference.is_some()),
        ];
        let numbers = Number::all().map(|number| (number.name(), config.numbers.contains_key(&number)));
        for (field, given) in names.into_iter().chain(numbers) {
            match self.taken.iter().find(|(taken, _)| *taken == field) {
                Some((_, true)) if !given => {
                    let names = || heuristics(self.about).join(", ");
                    let allowed = if field == "heuristic" { names() } else { "a whole number from 1 on".into() };
                    return Err(SearchError::Missing { field, kind, allowed });
                }
                None if given => return Err(SearchError::Unused { field, kind }),
                _ => {}
            }
        }
        if !self.settings.costs && entry.bounds_costs {
            return Err(SearchError::NeedsCosts { kind });
        }
        self.within("max_nodes", self.settings.max_nodes, 0..=limits::MOST_NODES);
        self.within("max_bytes", self.settings.max_bytes, 0..=limits::MOST_BYTES);
        self.wrong.map_or(Ok(self.settings), Err)
    }
}

fn heuristics(about: &About) -> Vec<&'static str> {
    about.heuristics.iter().map(|heuristic| heuristic.name).collect()
}
