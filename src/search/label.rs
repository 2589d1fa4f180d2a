//! The label of a search, as in rows, and the search with a label.

use serde_json::{Map, Value};
use sos_envs::About;

use super::config::{Number, SearchConfig, Threshold, Ties};
use super::{SEARCHES, Search};

impl SearchConfig {
    /// The kind with all settings that distinguish it from others of its kind, except the heuristic, which rows show separately: `beam-5`,
    /// `backtracking-mrv-forward`, `tabu-10-steps-200`.
    pub fn label(&self) -> String {
        let (plain, named): (Vec<_>, Vec<_>) = self.numbers.iter().partition(|(number, _)| number.label().is_empty());
        let mut parts = vec![self.kind.clone()];
        parts.extend(plain.into_iter().map(|(_, value)| value.to_string()));
        parts.extend([&self.variables, &self.propagation, &self.inference].into_iter().flatten().cloned());
        let other = named.into_iter().filter(|(number, value)| **value != number.default());
        parts.extend(other.map(|(number, value)| format!("{}{value}", number.label())));
        match &self.threshold {
            Some(Threshold::Number(number)) => parts.push(format!("threshold-{number}")),
            Some(Threshold::Name(name)) => parts.push(format!("threshold-{name}")),
            None => {}
        }
        if self.says_end {
            parts.push("says-end".into());
        }
        if self.costs == Some(false) {
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

/// The search with a label, and a heuristic, which labels do not include. None if there is no such search.
pub fn search_of(about: &'static About, label: &str, heuristic: Option<&str>) -> Option<Search> {
    let named = SEARCHES.iter().filter(|entry| label.strip_prefix(entry.name).is_some_and(|rest| !goes_on(rest)));
    let entry = named.max_by_key(|entry| entry.name.len())?;
    let mut config = Map::from_iter([("kind".to_string(), entry.name.into())]);
    config.extend(heuristic.map(|heuristic| ("heuristic".to_string(), heuristic.into())));
    let taken = entry.settings();
    let numbers = Number::all().filter(|number| taken.iter().any(|(field, _)| *field == number.name()));
    fill(&mut config, &label[entry.name.len()..], parts(about, numbers))?;
    let config: SearchConfig = serde_json::from_value(Value::Object(config)).ok()?;
    Search::new(about, &config).ok().filter(|search| search.label == label)
}

/// Whether the word of the name goes on.
fn goes_on(rest: &str) -> bool {
    !rest.is_empty() && !rest.starts_with('-')
}

/// The beginning of a label's part, the field that it sets, and its value if it is not a number after the beginning.
type Part = (String, &'static str, Option<Value>);

/// All possible parts.
fn parts(about: &About, numbers: impl Iterator<Item = Number>) -> Vec<Part> {
    let mut parts: Vec<Part> = vec![
        ("says-end".into(), "says_end", Some(true.into())),
        ("no-costs".into(), "costs", Some(false.into())),
        ("state-ties".into(), "ties", Some("state".into())),
        ("random-ties".into(), "ties", Some("random".into())),
        ("threshold-".into(), "threshold", None),
    ];
    let named = |field: &'static str, before: &'static str, names: &'static [&'static str]| {
        names.iter().map(move |name| (format!("{before}{name}"), field, Some(Value::from(*name))))
    };
    parts.extend(named("threshold", "threshold-", about.thresholds));
    parts.extend(named("variables", "", about.variable_orders));
    parts.extend(named("propagation", "", about.propagations));
    parts.extend(named("inference", "", about.inferences));
    parts.extend(numbers.map(|number| (number.label(), number.name(), None)));
    parts.extend(
        [("max-expansions-", "max_expansions"), ("max-nodes-", "max_nodes")]
            .map(|(text, field)| (text.into(), field, None)),
    );
    parts
}

/// Reads the parts of a label one by one into settings. The longest possible part wins.
fn fill(config: &mut Map<String, Value>, label: &str, mut parts: Vec<Part>) -> Option<()> {
    parts.sort_by_key(|(text, ..)| std::cmp::Reverse(text.len()));
    let mut rest = label;
    while !rest.is_empty() {
        let part = rest.strip_prefix('-')?;
        let read = |(text, field, value): &Part| {
            let behind = part.strip_prefix(text.as_str())?;
            let (value, left) = match value {
                Some(value) => (value.clone(), behind),
                None => {
                    let left = behind.trim_start_matches(|c: char| c.is_ascii_digit());
                    (behind[..behind.len() - left.len()].parse::<u64>().ok()?.into(), left)
                }
            };
            (!goes_on(left)).then_some((*field, value, left))
        };
        let place = parts.iter().position(|part| read(part).is_some())?;
        let (field, value, left) = read(&parts[place])?;
        config.insert(field.into(), value);
        // Each field can be set only once.
        parts.retain(|(_, other, _)| *other != field);
        rest = left;
    }
    Some(())
}
