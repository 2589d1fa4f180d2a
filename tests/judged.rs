//! Values in rows that `sos check` computes again. In every environment it confirms rows as they were made, and rejects rows with a changed label.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use stream_of_search::arena::{Family, environments};
use stream_of_search::corrupt::{Mode, corruptions};
use stream_of_search::dialect::{DialectEntry, dialects};
use stream_of_search::recipe::Recipe;
use stream_of_search::record::{Dataset, WorkerBuffers};
use stream_of_search::request;
use stream_of_search::search::SEARCHES;
use stream_of_search::sink::row_json;

type Row = Map<String, Value>;

/// The rows of a recipe, by config.
fn rows(recipe: &Value, count: u64) -> BTreeMap<String, Vec<Row>> {
    let text = toml::to_string(recipe).unwrap();
    let recipe = Recipe::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let dataset = Dataset::new(recipe).unwrap_or_else(|error| panic!("{error}\n{text}"));
    dataset.prepare_split(0).unwrap();
    let (mut batches, mut buffers) = (dataset.batches(), WorkerBuffers::default());
    for index in 0..count {
        dataset.rows(0, index, &mut buffers, &mut batches).unwrap();
    }
    let named = dataset.recipe.records.iter().zip(&batches);
    named
        .map(|(config, rows)| {
            (config.folder().to_string(), (0..rows.len()).map(|row| row_json(rows, row).unwrap()).collect())
        })
        .collect()
}

/// Some searches that fit the environment and that the dialect can tell. At most one of each sort.
fn some_searches(dialect: &DialectEntry) -> Vec<Value> {
    let mut some = Vec::new();
    for (name, ties) in [("dfs", "insertion"), ("bfs", "random"), ("astar", "random"), ("backtracking", "insertion")] {
        let Some(entry) = SEARCHES.into_iter().find(|entry| entry.name == name) else { continue };
        if entry.fits(dialect.about).is_err() || !dialect.tells(name) {
            continue;
        }
        let mut config = json!({"kind": name, "ties": ties, "max_nodes": 60});
        if entry.settings().contains(&("heuristic", true)) {
            config["heuristic"] = dialect.about.heuristics[0].name.into();
        }
        some.push(config);
    }
    some
}

fn recipe(family: &'static dyn Family, dialect: &DialectEntry, records: Vec<Value>) -> Value {
    json!({
        "name": "judged", "seed": 6, "dialect": dialect.name, "answer": true,
        "environment": {"name": family.about().name, "level": "easy"},
        "searches": some_searches(dialect), "splits": {"train": {"rows": 4}}, "records": records,
    })
}

fn problems(row: &Row) -> Option<String> {
    match request::check_row(row.clone()) {
        Ok(checked) if checked.good => None,
        Ok(checked) => Some(checked.answer["problems"].to_string() + &checked.answer["first_error"].to_string()),
        Err(error) => Some(error.to_string()),
    }
}

#[derive(Default)]
struct Each {
    rows: u64,
    wrong: Vec<String>,
}

impl Each {
    fn visit(&mut self, family: &'static dyn Family) {
        let wanted = ["compact", "searchformer", "stream-of-search", "sudoku", "prose"];
        for dialect in dialects(family.about()).into_iter().filter(|dialect| wanted.contains(&dialect.name)) {
            let mut records: Vec<Value> = (0..5)
                .map(|level| json!({"kind": "dropped", "name": format!("dropped-{level}"), "level": level}))
                .collect();
            records.extend(
                ["tree", "success-only", "critique", "criteria", "stepwise", "preference", "group", "correction"]
                    .map(|kind| json!({"kind": kind})),
            );
            records.push(json!({"kind": "critique", "name": "noisy-critique", "noise_percent": 100}));
            records.push(json!({"kind": "critique", "name": "shuffled-critique", "arm": "shuffled"}));
            records.push(json!({"kind": "critique", "name": "noisy", "arm": "noisy"}));
            let planted = corruptions()
                .into_iter()
                .filter(|entry| !["wrong-state", "stale-value"].contains(&entry.name) || !dialect.leaves_states_out());
            let planted = planted
                .filter(|entry| entry.fits(dialect.about, dialect.told, Mode::Local).is_ok() && entry.name != "swap");
            let planted: Vec<Value> = planted.map(|entry| json!({"kind": entry.name})).collect();
            records.extend(planted.into_iter().enumerate().map(|(number, planted)| {
                json!({"kind": "corrupted", "name": format!("corrupted-{number}"), "corruption": {"kinds": [planted]}})
            }));
            for (config, rows) in rows(&recipe(family, &dialect, records), 3) {
                for row in rows {
                    self.rows += 1;
                    let say =
                        |problem| format!("{} {} {config}: {problem}\n{row:?}", family.about().name, dialect.name);
                    self.wrong.extend(problems(&row).map(say));
                }
            }
        }
    }
}

#[test]
fn rows_are_what_their_labels_say() {
    let mut each = Each::default();
    environments().iter().for_each(|&family| each.visit(family));
    let shown = each.wrong[..each.wrong.len().min(10)].join("\n\n");
    assert!(each.wrong.is_empty(), "{} of {} rows:\n{shown}", each.wrong.len(), each.rows);
}

/// The row with another value in a column.
fn with(row: &Row, column: &str, value: Value) -> Row {
    let mut row = row.clone();
    row.insert(column.into(), value);
    row
}

const MAZES: &str = r#"{"name": "mazes", "seed": 6, "answer": true,
    "environment": {"name": "maze", "width": 15, "height": 15, "layout": {"kind": "random-walls", "walls_percent": 20}},
    "splits": {"train": {"rows": 10}}}"#;

/// A wrong level is told from each other level, if the trace is long enough.
#[test]
fn a_wrong_level_is_found_out() {
    for dialect in ["searchformer", "compact"] {
        let mut recipe: Value = serde_json::from_str(MAZES).unwrap();
        recipe["dialect"] = dialect.into();
        recipe["searches"] = json!([{"kind": "astar", "heuristic": "manhattan", "ties": "random"}]);
        let levels = |reading: &str| -> Vec<Value> {
            let record = |level| json!({"kind": "dropped", "name": format!("{reading}-{level}"), "level": level, "reading": reading});
            (0..5).map(record).collect()
        };
        recipe["records"] = json!([levels("paper"), levels("code")].concat());
        let (mut found, mut all) = (0, 0);
        for (config, rows) in rows(&recipe, 10) {
            for row in rows {
                assert_eq!(problems(&row), None, "{dialect} {config} {row:?}");
                for other in (0..5).filter(|other| row["level"] != *other) {
                    all += 1;
                    let seen = problems(&with(&row, "level", json!(other))).is_some();
                    // short traces may lose nothing by chance
                    found += u64::from(seen);
                    let short = row["nodes"].as_u64().unwrap() < 300;
                    assert!(
                        seen || other == 3 || row["level"] == 3 && short,
                        "{dialect} {config}: {other} for {row:?}"
                    );
                }
            }
        }
        assert!(found * 10 >= all * 9, "{dialect}: {found} of {all}");
    }
}

/// A level of the paper leaves out nodes that the open-list dialects would tell.
#[test]
fn level_three_leaves_nodes_out() {
    let mut recipe: Value = serde_json::from_str(MAZES).unwrap();
    recipe["dialect"] = "searchformer".into();
    recipe["searches"] = json!([{"kind": "astar", "heuristic": "manhattan"}]);
    let record = |level| json!({"kind": "dropped", "name": format!("level-{level}"), "level": level});
    recipe["records"] = json!([record(2), record(3)]);
    let rows = rows(&recipe, 10);
    let created = |config: &str| -> usize {
        rows[config].iter().map(|row| row["completion"].as_str().unwrap().matches("create").count()).sum()
    };
    let (all, left) = (created("level-2"), created("level-3"));
    assert!((60..80).contains(&(100 * left / all)), "{left} of {all}");
}

/// A wrong value of a search tree is found, always if the search leaves nothing to chance.
#[test]
fn a_wrong_share_of_leaves_is_found_out() {
    for (ties, exact) in [("insertion", true), ("random", false)] {
        let mut recipe: Value = serde_json::from_str(MAZES).unwrap();
        recipe["dialect"] = "compact".into();
        recipe["searches"] = json!([{"kind": "dfs", "ties": ties}]);
        recipe["records"] = json!([{"kind": "tree", "failed_leaves": 3}]);
        let (mut found, mut all) = (0, 0);
        for row in &rows(&recipe, 10)["tree"] {
            assert_eq!(problems(row), None, "{row:?}");
            let values = row["values"].as_array().unwrap();
            for place in 0..values.len() {
                let mut wrong = values.clone();
                let value = wrong[place].as_u64().unwrap();
                wrong[place] = json!(if value > 0 { value - 1 } else { 1 });
                all += 1;
                found += u64::from(problems(&with(row, "values", json!(wrong))).is_some());
            }
            let more = [values.clone(), vec![json!(0)]].concat();
            assert!(problems(&with(row, "values", json!(more))).is_some());
        }
        assert!(if exact { found == all } else { found > 0 }, "{ties}: {found} of {all}");
    }
}

/// A search that did not produce the text.
#[test]
fn a_wrong_search_is_found_out() {
    for dialect in ["compact", "searchformer"] {
        let mut recipe: Value = serde_json::from_str(MAZES).unwrap();
        recipe["dialect"] = dialect.into();
        recipe["searches"] = json!([{"kind": "astar", "heuristic": "manhattan", "ties": "random"}]);
        recipe["records"] = json!([{"kind": "success-only"}]);
        for row in &rows(&recipe, 6)["success-only"] {
            assert_eq!(problems(row), None, "{row:?}");
            for other in [
                "",
                "astar-random",
                "astar-random-tiesx",
                "bfs-random-ties",
                "dfs",
                "greedy",
                "astar-random-ties-max-nodes-3",
            ] {
                let found = problems(&with(row, "searched_by", json!(other)));
                assert!(found.is_some_and(|found| found.contains("searched_by")), "{other} for {row:?}");
            }
        }
    }
}

/// Kinds of defects that the check cannot have found.
#[test]
fn a_wrong_kind_of_defect_is_found_out() {
    let mut recipe: Value = serde_json::from_str(MAZES).unwrap();
    recipe["dialect"] = "compact".into();
    recipe["searches"] = json!([{"kind": "dfs"}]);
    let kinds = [
        "illegal-move",
        "wrong-state",
        "unknown-node",
        "duplicate-node",
        "false-goal",
        "wrong-answer",
        "truncation",
        "filler",
        "missed-goal",
        "false-dead-end",
    ];
    let record = |kind: &&str| json!({"kind": "corrupted", "name": kind, "corruption": {"kinds": [{"kind": kind}]}});
    recipe["records"] = kinds.iter().map(record).collect();
    for (config, rows) in rows(&recipe, 4) {
        for row in rows {
            assert_eq!(problems(&row), None, "{config} {row:?}");
            let defects: Vec<Value> = serde_json::from_str(row["defects"].as_str().unwrap()).unwrap();
            assert_eq!(defects.len(), 1);
            let planted = defects[0]["kind"].as_str().unwrap().to_string();
            for other in
                kinds.iter().copied().chain(["swap", "arithmetic", "", "truncations"]).filter(|kind| *kind != planted)
            {
                let mut wrong = defects.clone();
                wrong[0]["kind"] = other.into();
                let wrong = with(&row, "defects", json!(json!(wrong).to_string()));
                assert!(problems(&wrong).is_some_and(|found| found.contains("defects")), "{other} for {row:?}");
            }
        }
    }
}
