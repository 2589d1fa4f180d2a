//! The search that a row names, found again by its label, and whether a text is a run of it: the search is run along the text, whatever its random stream was.

use serde_json::{Map, Value};
use sos_envs::About;

use super::candidate::Candidate;
use super::judge::RowView;
use crate::check::{Level, Request, check};
use crate::search::{SEARCHES, Search, SearchConfig};

/// The search of a label; with a heuristic, which labels do not tell. None where there is no such search.
pub(super) fn search_of(about: &'static About, label: &str, heuristic: Option<&str>) -> Option<Search> {
    let entries = SEARCHES;
    let named = entries.iter().filter(|entry| label.strip_prefix(entry.name).is_some_and(|rest| !goes_on(rest)));
    let entry = named.max_by_key(|entry| entry.name.len())?;
    let mut config = Map::from_iter([("kind".to_string(), entry.name.into())]);
    config.extend(heuristic.map(|heuristic| ("heuristic".to_string(), heuristic.into())));
    let fields: Vec<&str> = entry.settings().into_iter().map(|(field, _)| field).collect();
    fill(&mut config, &label[entry.name.len()..], parts(about, &fields))?;
    let config: SearchConfig = serde_json::from_value(Value::Object(config)).ok()?;
    Search::new(about, &config).ok().filter(|search| search.label == label)
}

/// Whether a word goes on.
fn goes_on(rest: &str) -> bool {
    !rest.is_empty() && !rest.starts_with('-')
}

/// Numbers that a label may tell without their names.
const PLAIN: [&str; 6] = ["width", "weight_percent", "restarts", "tenure", "temperature", "simulations"];

/// What a part of a label begins with, the field that it tells, and its value where that is no number behind it.
type Part = (String, &'static str, Option<Value>);

/// All that a part can be.
fn parts(about: &About, fields: &[&'static str]) -> Vec<Part> {
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
    let numbers = fields.iter().copied().chain(["max_expansions", "max_nodes"]);
    parts.extend(numbers.map(|field| (field.trim_end_matches("_percent").replace('_', "-") + "-", field, None)));
    let plain = PLAIN.into_iter().find_map(|plain| fields.iter().find(|field| **field == plain));
    parts.extend(plain.map(|field| (String::new(), *field, None)));
    parts
}

/// Reads the parts of a label one by one into settings: of all that a part can be, what takes most of it.
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
        // A field is told once.
        parts.retain(|(_, other, _)| *other != field);
        rest = left;
    }
    Some(())
}

/// Whether a text is a run of the search of a label: with the heuristic that the row names, or else with any.
pub(super) fn is_run_of(row: &RowView<'_>, read: &Candidate, label: &str, heuristic: &str) -> bool {
    let heuristics: Vec<Option<&str>> = match heuristic {
        "" => std::iter::once(None)
            .chain(row.puzzle.about().heuristics.iter().map(|heuristic| Some(heuristic.name)))
            .collect(),
        name => vec![Some(name)],
    };
    let mut named = heuristics.into_iter().filter_map(|heuristic| search_of(row.puzzle.about(), label, heuristic));
    // What a search over variables decides next depends on more than its text tells.
    if !row.puzzle.about().variable_orders.is_empty() {
        return named.next().is_some();
    }
    named.any(|search| {
        let request = Request { level: Level::Policy, needs_answer: false, search: Some(&search) };
        let verdict = check(row.puzzle, row.facts, &read.parsed, request);
        search.fits(row.puzzle).is_ok() && verdict.errors.iter().all(|error| error.level != Level::Policy)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arena::environment;

    fn comes_back(name: &str, settings: &[&str]) {
        let about = environment(name).unwrap().about();
        for settings in settings {
            let config: SearchConfig = serde_json::from_str(&format!("{{{settings}}}")).unwrap();
            let search = Search::new(about, &config).unwrap_or_else(|error| panic!("{settings}: {error}"));
            let again = search_of(about, &search.label, config.heuristic.as_deref());
            let again = again.unwrap_or_else(|| panic!("{} is not read", search.label));
            assert!(again.settings == search.settings, "{}", search.label);
            for wrong in [format!("{}x", search.label), format!("x{}", search.label), format!("{}-1-1", search.label)] {
                assert!(search_of(about, &wrong, config.heuristic.as_deref()).is_none(), "{wrong}");
            }
        }
    }

    /// A label tells every setting but the heuristic.
    #[test]
    fn labels_are_read_back() {
        comes_back(
            "countdown",
            &[
                r#""kind":"dfs""#,
                r#""kind":"dfs","heuristic":"sum","threshold":"target","says_end":true"#,
                r#""kind":"dfs","heuristic":"sum","threshold":9,"max_nodes":7,"ties":"random""#,
                r#""kind":"beam","heuristic":"sum","width":5"#,
            ],
        );
        comes_back(
            "maze",
            &[
                r#""kind":"bfs","max_expansions":4,"ties":"state""#,
                r#""kind":"weighted-astar","heuristic":"manhattan","weight_percent":150"#,
                r#""kind":"annealing","heuristic":"manhattan","temperature":9,"steps":200,"cooling_percent":90"#,
                r#""kind":"mcts","heuristic":"manhattan","failed_leaves":5"#,
                r#""kind":"astar","heuristic":"manhattan","costs":false"#,
            ],
        );
        comes_back(
            "sudoku",
            &[
                r#""kind":"backtracking","variables":"mrv","propagation":"forward","ties":"random""#,
                r#""kind":"backtracking""#,
            ],
        );
    }
}
