//! Whether a text is a run of the search that a row names. The search is run along the text, whatever its random stream was.

use super::checked::CheckedText;
use super::judge::RowView;
use crate::check::{Level, Request, check};
use crate::search::search_of;

/// Whether a text is a run of the search with a label: with the heuristic of the row, or with any if the row names none.
pub(super) fn is_run_of(row: &RowView<'_>, read: &CheckedText, label: &str, heuristic: &str) -> bool {
    let heuristics: Vec<Option<&str>> = match heuristic {
        "" => std::iter::once(None)
            .chain(row.puzzle.about().heuristics.iter().map(|heuristic| Some(heuristic.name)))
            .collect(),
        name => vec![Some(name)],
    };
    let mut named = heuristics.into_iter().filter_map(|heuristic| search_of(row.puzzle.about(), label, heuristic));
    // The next decision of a search over variables depends on more than its text shows.
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
    use crate::search::{Search, SearchConfig};

    fn comes_back(name: &str, settings: &[&str]) {
        let about = environment(name).unwrap().about();
        for settings in settings {
            let config: SearchConfig = serde_json::from_str(&format!("{{{settings}}}")).unwrap();
            let search = Search::new(about, &config).unwrap_or_else(|error| panic!("{settings}: {error}"));
            let again = search_of(about, &search.label, config.heuristic.as_deref());
            let again = again.unwrap_or_else(|| panic!("{} is not read", search.label));
            assert!(again.settings == search.settings && again.algorithm == search.algorithm, "{}", search.label);
            for wrong in [format!("{}x", search.label), format!("x{}", search.label), format!("{}-1-1", search.label)] {
                assert!(search_of(about, &wrong, config.heuristic.as_deref()).is_none(), "{wrong}");
            }
        }
    }

    /// Checks that a label includes every setting except the heuristic.
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
