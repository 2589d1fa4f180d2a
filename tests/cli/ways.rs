//! Texts of a dataset's puzzles, passed in each way that the commands take, and the selection rule of experiment 4.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Map, Value, json};

use super::{Place, expect, feed, json_lines};
use crate::recipes::SMALL;

const GRAPHS: &str = r#"
name = "graphs"
seed = 4
dialect = "compact"
answer = true

[environment]
name = "graph"
level = "easy"

[[searches]]
kind = "dfs"

[[searches]]
kind = "bfs"
max_nodes = 5

[splits.train]
rows = 40

[[records]]
kind = "search"
"#;

fn lines(rows: &[Value]) -> Vec<u8> {
    rows.iter().map(|row| format!("{row}\n")).collect::<String>().into_bytes()
}

/// The row with the first word of its text repeated.
fn broken(row: &Value) -> Value {
    let mut row = row.clone();
    let text = row["completion"].as_str().unwrap();
    row["completion"] = format!("{} {text}", text.split(' ').next().unwrap()).into();
    row
}

/// The answers of the commands, by id: the verdict of `check` and of `score` (valid, solved, reward, first error), and whether `select star` keeps it.
fn said(rows: &[Value], dataset: &str) -> BTreeMap<String, [Value; 3]> {
    let input = lines(rows);
    let verdicts = |ran: &str, error: fn(&Value) -> Value| -> Vec<Value> {
        let of =
            |row: &Value| json!([row["valid"], row["solved"], row["reward"] == 1.0 || row["reward"] == 1, error(row)]);
        json_lines(ran).iter().map(of).collect()
    };
    let checked = feed(&["check", "--dataset", dataset, "-"], &input);
    let checked = verdicts(&checked.out, |row| row["first_error"]["class"].clone());
    let scored = feed(&["score", "--rows", "--dataset", dataset], &input);
    assert_eq!(scored.code, Some(0), "{}", scored.err);
    let scored = verdicts(&scored.out, |row| row["first_error"].clone());
    let selected = feed(&["select", "star", "--dataset", dataset], &input);
    let kept: Vec<Value> = json_lines(&selected.out).iter().map(|row| row["kept"].clone()).collect();
    assert!(checked.len() == rows.len() && scored.len() == rows.len() && kept.len() == rows.len());
    let each = checked.into_iter().zip(scored).zip(kept);
    rows.iter().zip(each).map(|(row, ((one, two), kept))| (row["id"].to_string(), [one, two, kept])).collect()
}

#[test]
fn a_dataset_tells_the_puzzles_of_ids() {
    for recipe in [SMALL, GRAPHS] {
        let place = Place::new(recipe);
        place.generated("out", &["--format", "jsonl", "--count", "train=40"]);
        let text = fs::read_to_string(place.path("out/search/train-00000-of-00001.jsonl")).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        // rows of one id would be one group, whose rows come out together
        let rows: Vec<Value> = json_lines(&text).into_iter().filter(|row| seen.insert(row["id"].to_string())).collect();
        assert!(rows.len() > 20);
        let rows: Vec<Value> =
            rows.iter().enumerate().map(|(at, row)| if at % 4 == 0 { broken(row) } else { row.clone() }).collect();
        let dataset = place.name("out");
        let right = said(&rows, &dataset);
        let count = |place: usize, value: Value| right.values().filter(|said| said[0][place] == value).count();
        assert!(count(0, json!(false)) >= rows.len() / 8 && count(0, json!(true)) > rows.len() / 2, "{right:?}");
        assert!(count(1, json!(true)) > rows.len() / 4);
        for said in right.values() {
            assert_eq!((&said[0], &said[0][2]), (&said[1], &said[2]));
        }
        let only = |columns: &[&str]| -> Vec<Value> {
            let pick = |row: &Value| -> Map<String, Value> {
                columns.iter().map(|column| (column.to_string(), row[*column].clone())).collect()
            };
            rows.iter().map(|row| Value::Object(pick(row))).collect()
        };
        let text = |mut row: Value| {
            let completion = row.as_object_mut().unwrap().remove("completion").unwrap();
            row["text"] = completion;
            row
        };
        let ways = [
            only(&["id", "completion"]),
            only(&["id", "prompt", "completion"]),
            only(&["id", "completion"]).into_iter().map(text).collect(),
            only(&["id", "env", "dialect", "prompt", "completion"]),
            only(&["id", "puzzle", "completion"]),
        ];
        for way in ways {
            assert_eq!(said(&way, &dataset), right, "{}", way[0]);
        }
        // without the dataset an id alone is not enough, but an id with a prompt is
        let alone = feed(&["check"], &lines(&only(&["id", "env", "dialect", "completion"])[..1]));
        assert!(alone.code == Some(2) && alone.out.contains("--dataset"), "{}", alone.out);
        assert!(alone.err.contains("none of 1 rows can be read") && alone.err.contains("--dataset"), "{}", alone.err);
        let told = feed(&["score", "--rows"], &lines(&only(&["id", "env", "dialect", "prompt", "completion"])));
        assert!(json_lines(&told.out).iter().all(|row| row["error"].is_null()), "{}", told.out);
    }
}

#[test]
fn the_help_names_the_ways_to_hand_over_a_text() {
    for command in ["check", "score", "select"] {
        let help = expect(0, &[command, "--help"]).out;
        for way in ["`puzzle`", "`prompt`", "`text`", "`completion`", "`id` with --dataset", "--dataset <DATASET>"] {
            let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(way), "{command}: {way}\n{help}");
        }
    }
}

/// The rule of experiment 4, run as in its instructions. It keeps half of each group that has right and wrong trajectories. Some right ones have
/// wrong steps.
#[test]
fn resampling_on_correct_has_something_to_do() {
    for environment in ["countdown", "maze", "sudoku"] {
        let recipe = format!("recipes/experiments/4-groups-{environment}.toml");
        let place = Place::new("");
        let out = place.name("out");
        expect(
            0,
            &["generate", &recipe, "--out", &out, "--format", "jsonl", "--count", "train=24", "--count", "test=0"],
        );
        let groups = place.name("out/group/train-00000-of-00001.jsonl");
        let ran = expect(0, &["select", "roc", &groups, "--keep", "8"]);
        let rows = json_lines(&ran.out);
        let mut by_group: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        rows.iter().for_each(|row| by_group.entry(row["index"].to_string()).or_default().push(row));
        assert_eq!((by_group.len(), rows.len()), (24, 24 * 16), "{environment}");
        let right = |row: &&&Value| row["reward"] == 1;
        let (mut mixed, mut cleaner) = (0, 0);
        for group in by_group.values() {
            let kept: Vec<&&Value> = group.iter().filter(|row| row["kept"] == true).collect();
            let positives = group.iter().filter(right).count();
            let is_mixed = positives > 0 && positives < group.len();
            assert_eq!(kept.len(), if is_mixed { 8 } else { 0 }, "{environment}");
            mixed += usize::from(is_mixed);
            // the positives that are kept are cleaner than the others
            let penalties = |kept: bool| {
                group
                    .iter()
                    .filter(right)
                    .filter(move |row| row["kept"] == kept)
                    .map(|row| row["penalty"].as_f64().unwrap())
            };
            let most = penalties(true).fold(0.0, f64::max);
            assert!(!is_mixed || penalties(false).all(|penalty| penalty >= most), "{environment}");
            cleaner += usize::from(penalties(false).any(|penalty| penalty > most));
        }
        let positives = rows.iter().filter(|row| right(&row));
        let dirty = positives.clone().filter(|row| row["wrong_steps"] != 0).count();
        let share = positives.count() as f64 / rows.len() as f64;
        let say =
            format!("{environment}: {share} right, {dirty} dirty, {mixed} mixed, {cleaner} where the rule chooses");
        assert!((0.3..0.7).contains(&share) && dirty > 10 && mixed >= 20 && cleaner >= 4, "{say}");
        let uniform = expect(0, &["select", "roc", &groups, "--keep", "8", "--control", "uniform"]);
        assert_ne!(uniform.out, ran.out, "{environment}: the rule is what chance is");
    }
}
