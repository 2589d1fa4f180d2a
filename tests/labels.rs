//! Labels of rows: `sos check` finds each wrong one, and an independent replay confirms the right ones.

use serde_json::{Value, json};

use super::about;
use super::experiments::rows;
use stream_of_search::request;
use stream_of_search::search::{Search, SearchConfig};

/// Label columns by kind of record. The first entry holds those of all kinds.
const LABELS: [(&str, &[&str]); 16] = [
    (
        "",
        &[
            "solved",
            "trace_solved",
            "answer_right",
            "solvable",
            "optimal_cost",
            "tokens",
            "id",
            "wrong_spans",
            "skip_spans",
            "defects",
        ],
    ),
    ("critique", &["candidate_right", "first_error_step", "first_error_class"]),
    ("criteria", &["candidate_right", "criteria", "cue"]),
    ("correction", &["first_right", "second_right", "first_error_step", "kept_steps", "edit_distance"]),
    ("comparison", &["candidates_right", "target"]),
    ("group", &["rewards", "valid", "steps", "wrong_steps", "goal_claims", "lengths"]),
    ("backtrack", &["right_steps"]),
    ("return-conditioned", &["return_percent"]),
    ("detours", &["detours"]),
    ("tree", &["failed_leaves", "values"]),
    ("subgoal", &["edited", "prefix"]),
    ("imitation", &["form_right", "content_right", "style"]),
    ("unpaired", &["label"]),
    ("stepwise", &["labels"]),
    ("dropped", &["level"]),
    ("success-only", &["searched_by"]),
];

/// Another value of the same type.
fn another(column: &str, value: &Value) -> Value {
    match value {
        Value::Bool(value) => json!(!value),
        Value::Number(level) if column == "level" => json!(if level.as_u64() == Some(4) { 1 } else { 4 }),
        Value::String(marks) if column.ends_with("_spans") => {
            let mut marks: Vec<Vec<u64>> = serde_json::from_str(marks).unwrap();
            match marks.first_mut() {
                Some(mark) => *mark.last_mut().unwrap() -= 1,
                None => marks.push(vec![0, 1]),
            }
            json!(json!(marks).to_string())
        }
        Value::String(defects) if column == "defects" => {
            let mut defects: Vec<Value> = serde_json::from_str(defects).unwrap();
            match defects.first_mut() {
                Some(defect) if defect["class"] == "unknown-node" => defect["kind"] = json!("wrong-cost"),
                Some(defect) => defect["kind"] = json!("unknown-node"),
                None => defects.push(
                    json!({"kind": "truncation", "class": "truncated", "level": "format", "step": 0, "span": [0, 1]}),
                ),
            }
            json!(json!(defects).to_string())
        }
        Value::Number(number) => json!(number.as_i64().unwrap() + 1),
        Value::Null if column.ends_with("_step") || column == "optimal_cost" || column == "target" => json!(1),
        Value::Null => json!(true),
        Value::String(text) if column == "style" => {
            json!(if text == "fluent-wrong" { "clean" } else { "fluent-wrong" })
        }
        Value::String(text) if column == "criteria" => json!(text.replacen("\"clr\":1", "\"clr\":0", 1)),
        Value::String(text) => json!(format!("{text}x")),
        Value::Array(list) => {
            let mut list = list.clone();
            match list.last_mut() {
                Some(last) => *last = another(column, last),
                None => list.push(json!(1)),
            }
            json!(list)
        }
        Value::Object(_) => Value::Null,
    }
}

/// In every config, `sos check` finds each wrong label.
#[test]
fn a_wrong_label_is_found_out() {
    for file in super::recipes::ready(std::path::Path::new("recipes/experiments")) {
        let name = file.file_name().unwrap().to_str().unwrap();
        for ((split, config), rows) in rows(name) {
            if split != "train" {
                continue;
            }
            for row in rows.iter().take(2) {
                let kind = row["record"].as_str().unwrap();
                let columns =
                    LABELS.iter().filter(|(of, _)| of.is_empty() || *of == kind).flat_map(|(_, columns)| *columns);
                for column in columns {
                    let mut wrong = row.clone();
                    let found = wrong.get(*column).unwrap_or_else(|| panic!("{name} {config}: no column {column}"));
                    let other = another(column, found);
                    wrong.insert((*column).into(), other);
                    let checked = request::check_row(wrong.clone()).unwrap();
                    assert!(!checked.good, "{name} {config} {column}: {} for {}", wrong[*column], row[*column]);
                }
            }
        }
    }
}

/// Whether moves of Countdown lead to the target, by plain arithmetic.
fn reaches(puzzle: &Value, operations: &str) -> bool {
    let mut numbers: Vec<i64> = puzzle["numbers"].as_array().unwrap().iter().map(|n| n.as_i64().unwrap()).collect();
    for operation in
        operations.split(", ").map(|operation| operation.trim_matches(['\'', ' '])).filter(|o| !o.is_empty())
    {
        let (left, result) = operation.split_once('=').unwrap();
        let at = left.find(['+', '-', '*', '/']).unwrap();
        let (one, other): (i64, i64) = (left[..at].parse().unwrap(), left[at + 1..].parse().unwrap());
        for used in [one, other] {
            let Some(place) = numbers.iter().position(|number| *number == used) else { return false };
            numbers.remove(place);
        }
        let right = match left.as_bytes()[at] {
            b'+' => one + other,
            b'-' => one - other,
            b'*' => one * other,
            _ if other != 0 && one % other == 0 => one / other,
            _ => return false,
        };
        if Ok(right) != result.parse() {
            return false;
        }
        numbers.push(right);
    }
    numbers == [puzzle["target"].as_i64().unwrap()]
}

/// The columns `solved`, `trace_solved` and `answer_right` of Countdown, by arithmetic over the text.
#[test]
fn solved_is_what_the_text_comes_to() {
    let mut failed = 0;
    for name in ["5-search-countdown.toml", "8-swapped-countdown.toml"] {
        for ((_, config), rows) in rows(name) {
            if ["messages", "backtrack"].contains(&config.as_str()) {
                continue;
            }
            for row in rows {
                let puzzle: Value = serde_json::from_str(row["puzzle"].as_str().unwrap()).unwrap();
                let text = row["completion"].as_str().unwrap();
                let answer = text.lines().rev().find_map(|line| {
                    line.strip_prefix("Answer: [").and_then(|rest| rest.strip_suffix(']')).map(str::to_string)
                });
                let right = answer.as_ref().map(|operations| reaches(&puzzle, operations));
                assert_eq!(row["answer_right"], json!(right), "{name} {config} {row:?}");
                assert_eq!(
                    row["solved"],
                    json!(right.unwrap_or(row["trace_solved"] == true)),
                    "{name} {config} {row:?}"
                );
                // A trace with dropped steps does not reach its goal by steps.
                let whole = !config.starts_with("dropped");
                if whole && row["defects"] == "[]" && !row["trace_solved"].is_null() && row["solvable"] == true {
                    let reached = text.contains("Goal Reached");
                    assert_eq!(row["trace_solved"], reached, "{name} {config} {row:?}");
                    failed += usize::from(!reached);
                    if config == "return-conditioned" {
                        assert_eq!(
                            row["return_percent"] == 0,
                            !reached || row["nodes"].as_i64() >= Some(1147),
                            "{row:?}"
                        );
                    }
                }
            }
        }
    }
    assert!(failed > 100, "{failed}");
}

/// Rows of one index have the same outcome in all arms, since it is the outcome of the search.
#[test]
fn outcomes_are_those_of_the_search() {
    let rows = rows("5-search-countdown.toml");
    let outcomes = |config: &str| -> Vec<Value> {
        rows[&("train".to_string(), config.to_string())].iter().map(|row| row["outcome"].clone()).collect()
    };
    for config in ["optimal", "direct", "answer", "shortened", "truncated", "tree", "subgoal", "messages"] {
        assert_eq!(outcomes(config), outcomes("search"), "{config}");
    }
}

/// A text has no answer if none is proven.
#[test]
fn an_answer_that_is_not_known_is_not_written() {
    let request = |dialect: &str| {
        json!({"env": "sliding-tiles", "puzzle": {"rows": 4, "columns": 4, "tiles": [0, 12, 9, 13, 15, 11, 10, 14, 3, 7, 5, 6, 4, 8, 2, 1]},
            "search": {"kind": "bfs", "max_nodes": 5}, "dialect": dialect, "answer": true})
    };
    for dialect in ["compact", "prose", "events"] {
        let told = request::trace(request(dialect).to_string().as_bytes()).unwrap();
        let text = told["text"].as_str().unwrap();
        assert!(!text.to_lowercase().contains("answer") && !text.contains("none"), "{dialect}: {text}");
    }
}

/// Searches that differ in a setting have different labels.
#[test]
fn labels_tell_searches_apart() {
    let label = |settings: &str| {
        let config: SearchConfig = serde_json::from_str(&format!("{{{settings}}}")).unwrap();
        let label = match settings.contains("manhattan") {
            true => Search::new(about("sliding-tiles"), &config).map(|search| search.label),
            false => Search::new(about("countdown"), &config).map(|search| search.label),
        };
        label.unwrap_or_else(|error| panic!("{settings}: {error}"))
    };
    let settings = [
        r#""kind":"annealing","heuristic":"manhattan""#,
        r#""kind":"annealing","heuristic":"manhattan","steps":200"#,
        r#""kind":"annealing","heuristic":"manhattan","cooling_percent":90"#,
        r#""kind":"annealing","heuristic":"manhattan","temperature":9"#,
        r#""kind":"annealing","heuristic":"manhattan","temperature":9,"steps":200"#,
        r#""kind":"annealing","heuristic":"manhattan","max_nodes":9"#,
        r#""kind":"mcts","heuristic":"manhattan""#,
        r#""kind":"mcts","heuristic":"manhattan","failed_leaves":5"#,
        r#""kind":"dfs","heuristic":"sum""#,
        r#""kind":"dfs","heuristic":"sum","ties":"random""#,
        r#""kind":"dfs","heuristic":"sum","threshold":"target""#,
        r#""kind":"dfs","heuristic":"sum","threshold":"target","says_end":true"#,
        r#""kind":"dfs","heuristic":"sum","threshold":9"#,
        r#""kind":"dfs","heuristic":"sum","max_expansions":9"#,
    ];
    let labels: std::collections::BTreeSet<String> = settings.iter().map(|settings| label(settings)).collect();
    assert_eq!(labels.len(), settings.len(), "{labels:?}");
}
