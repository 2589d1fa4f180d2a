//! Restated states. In some dialects the moves imply the states. There a recipe can write some states beside their moves, in all arms, so that a
//! wrong state does not stand out.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use stream_of_search::cue::MOST_AUC;
use stream_of_search::generate::Silent;
use stream_of_search::recipe::{Recipe, RecipeError};
use stream_of_search::record::{Dataset, WorkerBuffers};
use stream_of_search::request::{Looking, cues_of_recipe};
use stream_of_search::sink::row_json;

/// How cues are looked for; neither changes what is found.
const LOOKING: Looking<'_> = Looking { threads: 2, progress: &Silent };

/// Constraint puzzles of every sort: numbers, colours, letters, values of people.
const SEVERAL: [&str; 5] = ["sudoku", "graph-colouring", "cryptarithm", "zebra", "k-sat"];

/// The dialects that leave states to the moves, and the sign before a restated state.
const DIALECTS: [(&str, &str); 2] = [("compact", " : "), ("sudoku", " : ")];

fn recipe(environment: &str, dialect: &str, restate: u32, records: &str) -> Result<Recipe, RecipeError> {
    Recipe::from_toml(&format!(
        "name = \"restated\"\ndialect = \"{dialect}\"\nanswer = true\n{}\n\
         environment = {{ name = \"{environment}\", level = \"easy\" }}\n\
         searches = [{{ kind = \"backtracking\", variables = \"mrv\", max_nodes = 300 }}]\n\
         splits.train = {{ rows = 1000, share = 1 }}\n{records}",
        if restate > 0 { format!("restate_per_mille = {restate}") } else { String::new() },
    ))
}

fn wrong_states(kinds: &str) -> String {
    format!(
        "[[records]]\nkind = \"search\"\n[[records]]\nkind = \"optimal\"\n[[records]]\nkind = \"corrupted\"\ncorruption = {{ kinds = [{kinds}] }}"
    )
}

/// Makes the first rows of every config, or says why the recipe is refused.
struct Rows(Recipe, u64);

type RowContent = BTreeMap<String, Vec<Map<String, Value>>>;

impl Rows {
    fn run(self) -> Result<RowContent, String> {
        let dataset = Dataset::new(self.0).map_err(|error| error.to_string())?;
        dataset.prepare_split(0).map_err(|error| error.to_string())?;
        let (mut batches, mut buffers) = (dataset.batches(), WorkerBuffers::default());
        for index in 0..self.1 {
            dataset.rows(0, index, &mut buffers, &mut batches).map_err(|error| error.to_string())?;
        }
        let configs = dataset.recipe.records.iter().zip(&batches);
        let rows =
            |rows: &stream_of_search::table::Rows| (0..rows.len()).filter_map(|row| row_json(rows, row)).collect();
        Ok(configs.map(|(config, batch)| (config.folder().to_string(), rows(batch))).collect())
    }
}

fn rows(recipe: Recipe, count: u64) -> Result<RowContent, String> {
    Rows(recipe, count).run()
}

/// The average number of restated states in a row, counted by their sign.
fn restated(rows: &[Map<String, Value>], sign: &str) -> f64 {
    let count = |row: &Map<String, Value>| row["completion"].as_str().unwrap().matches(sign).count();
    rows.iter().map(count).sum::<usize>() as f64 / rows.len() as f64
}

#[test]
fn the_same_states_are_restated_in_clean_and_in_broken_rows() {
    for environment in SEVERAL {
        for (dialect, sign) in DIALECTS {
            let say = format!("{environment} in {dialect}");
            let kinds = wrong_states("{ kind = \"wrong-state\" }");
            let made = rows(recipe(environment, dialect, 200, &kinds).unwrap(), 150).unwrap();
            let plain = rows(recipe(environment, dialect, 0, "[[records]]\nkind = \"search\"").unwrap(), 150).unwrap();
            assert_eq!(restated(&plain["search"], sign), 0.0, "{say}");
            let (clean, broken) = (restated(&made["search"], sign), restated(&made["corrupted"], sign));
            assert!(clean > 0.5 && (clean - broken).abs() < 0.05 * clean, "{say}: {clean} and {broken} a row");
            assert!(restated(&made["optimal"], sign) > 0.2, "{say}");
            let (mut same, mut wrong) = (0, 0);
            for ((row, plain), corrupted) in made["search"].iter().zip(&plain["search"]).zip(&made["corrupted"]) {
                // The trace is the same, so the columns about it are too.
                for column in ["id", "nodes", "backtracks", "depth", "solved", "trace_solved", "answer", "outcome"] {
                    assert_eq!(row[column], plain[column], "{say}: {column}");
                }
                same += usize::from(row["completion"] == plain["completion"]);
                wrong += usize::from(corrupted["defects"].to_string().contains("wrong-state"));
            }
            assert!(same < 100, "{say}: {same} of 150 rows restate nothing");
            assert!(wrong > 60, "{say}: a wrong state in {wrong} of 150 rows");
        }
    }
}

/// The presence of a restated state does not tell whether it is wrong.
#[test]
fn a_state_beside_a_move_does_not_say_that_it_is_wrong() {
    let judged = "[[records]]\nkind = \"critique\"\ncandidates = { right_percent = 50, corruption = { kinds = [{ kind = \"wrong-state\", variant = \"changed\" }] } }\n";
    for (dialect, sign) in DIALECTS {
        let recipe = recipe("sudoku", dialect, 300, judged).unwrap();
        let cues = cues_of_recipe(&recipe, 1000, LOOKING).unwrap();
        assert!(!cues.is_empty());
        for cue in cues {
            let colon = cue.feature.contains(sign.trim());
            assert!(cue.interval.0 <= MOST_AUC || !colon, "{dialect}: {cue:?}");
        }
    }
}

#[test]
fn states_are_restated_where_they_are_left_out_and_nowhere_else() {
    let search = "[[records]]\nkind = \"search\"";
    let refusal = |environment, dialect, restate, records: &str| {
        rows(recipe(environment, dialect, restate, records).unwrap(), 1).unwrap_err()
    };
    for (environment, dialect) in [("sudoku", "events"), ("countdown", "compact"), ("sudoku", "prose")] {
        let error = refusal(environment, dialect, 100, search);
        assert!(error.contains("restate_per_mille") && error.contains("leaves no states"), "{error}");
    }
    assert!(refusal("sudoku", "compact", 1001, search).contains("0 to 1000"));
    // Without the setting no state is written that could be wrong.
    let error = refusal("sudoku", "compact", 0, &wrong_states("{ kind = \"wrong-state\" }"));
    assert!(error.contains("restate_per_mille"), "{error}");
    for kind in ["wrong-state", "stale-value"] {
        let kinds = wrong_states(&format!("{{ kind = \"{kind}\" }}"));
        assert!(rows(recipe("sudoku", "sudoku", 100, &kinds).unwrap(), 20).is_ok());
    }
}
