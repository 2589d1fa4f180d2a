//! Recipes with a filter: which rows there are, and that nothing else changes.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{Place, assert_same, contents, expect};
use crate::recipes::{SMALL, changed};

/// The rows of a split of a config, in order.
fn rows(place: &Place, out: &str, config: &str, split: &str) -> Vec<Value> {
    let files = contents(&place.path(&format!("{out}/{config}")));
    let own = files.into_iter().filter(|(name, _)| name.starts_with(&format!("{split}-")));
    let text: String = own.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn words(row: &Value) -> u64 {
    ["prompt", "completion"].iter().map(|name| row[name].as_str().unwrap().split_whitespace().count() as u64).sum()
}

fn tally(place: &Place, out: &str) -> Value {
    let manifest = fs::read_to_string(place.path(&format!("{out}/manifest.json"))).unwrap();
    serde_json::from_str::<Value>(&manifest).unwrap()["tally"].clone()
}

/// A recipe with more puzzles than can be looked at first.
fn large(filter: &str) -> String {
    let filter = format!("[filter]\n{filter}\n\n[splits.train]");
    let more = [("sizes", "sizes = { min = 4, max = 4 }"), ("numbers", "numbers = { min = 1, max = 99 }")];
    changed(SMALL, &[&more[..], &[("[splits.train]", filter.as_str())]].concat())
}

const CONFIGS: [&str; 4] = ["search", "optimal", "optimal-shuffled", "answer"];

#[test]
fn the_wanted_number_of_rows_comes_out_and_each_of_them_fits() {
    let place = Place::new(&large("max_words = 150\nonly = \"solved\""));
    place.generated("one", &["--format", "jsonl", "--threads", "1"]);
    place.generated("two", &["--format", "jsonl", "--threads", "2"]);
    assert_same(&place.path("one"), &place.path("two"));
    let mut twins = BTreeSet::new();
    for (split, count) in [("train", 300), ("validation", 60), ("test", 60)] {
        let search = rows(&place, "one", "search", split);
        assert_eq!(search.len(), count);
        for config in CONFIGS {
            for (index, (row, first)) in rows(&place, "one", config, split).iter().zip(&search).enumerate() {
                assert!(words(row) <= 150 && row["tokens"] == words(row));
                assert_eq!(
                    (&row["outcome"], &row["index"], &row["id"]),
                    (&json!("solved"), &json!(index), &first["id"])
                );
            }
        }
        twins.extend(search.iter().map(|row| row["twin"].to_string()));
    }
    assert_eq!(twins.len(), 420, "no puzzle comes twice");
    let counts = tally(&place, "one");
    let left_out = |why: &str| counts[format!("left out by the filter: {why}")].as_u64();
    assert!(
        left_out("words").is_some_and(|rows| rows > 50) && left_out("the search ended otherwise").is_some(),
        "{counts}"
    );
    for command in ["audit", "check"] {
        assert!(expect(0, &[command, &place.name("one")]).out.contains("ok: "));
    }
    let alone = expect(0, &["sample", &place.name("recipe.toml"), "--index", "77"]).out;
    assert_eq!(serde_json::from_str::<Value>(&alone).unwrap(), rows(&place, "one", "search", "train")[77]);
    // More rows are more of them.
    place.generated("more", &["--format", "jsonl", "--count", "train=400"]);
    assert_eq!(rows(&place, "more", "search", "train")[..300], rows(&place, "one", "search", "train"));
}

/// Countdown puzzles of three numbers, of a file.
fn of_file(filter: &str, rows: &str) -> Place {
    let place = Place::new(&format!(
        "name = \"filtered\"\ndialect = \"compact\"\n{filter}\n[environment]\nname = \"countdown\"\npuzzles = \"own.jsonl\"\n[[searches]]\nkind = \"dfs\"\n\
         [[searches]]\nkind = \"bfs\"\n[splits.train]\nrows = {rows}\n[[records]]\nkind = \"search\"\n[[records]]\nkind = \"optimal\"\n"
    ));
    let puzzle = |n: usize| json!({"puzzle": {"numbers": [n / 9 + 2, n % 9 + 1, 7], "target": 12 + n % 5}});
    fs::write(place.path("own.jsonl"), (0..90).map(|n| format!("{}\n", puzzle(n))).collect::<String>()).unwrap();
    place
}

#[test]
fn a_filter_keeps_those_rows_of_a_file_that_fit_and_no_others() {
    let whole = of_file("", "\"all\"");
    whole.generated("out", &["--format", "jsonl"]);
    let all = rows(&whole, "out", "search", "train");
    let optimal = rows(&whole, "out", "optimal", "train");
    let number = |row: &Value, name: &str| row[name].as_u64().unwrap_or(0);
    type Keeps<'a> = &'a dyn Fn(&Value, &Value) -> bool;
    let cases: [(&str, Keeps<'_>); 4] = [
        ("max_words = 60", &|search, optimal| words(search) <= 60 && words(optimal) <= 60),
        ("max_tokens = 90", &|search, _| words(search) <= 90),
        ("only = \"exhausted\"", &|search, _| search["outcome"] == "exhausted"),
        ("difficulty = { min = 5, max = 30 }\nonly = \"solved\"", &|search, _| {
            (5..=30).contains(&number(search, "difficulty")) && search["outcome"] == "solved"
        }),
    ];
    for (filter, keeps) in cases {
        let expected: Vec<&Value> = all
            .iter()
            .zip(&optimal)
            .filter(|(search, optimal)| keeps(search, optimal))
            .map(|(search, _)| search)
            .collect();
        assert!((1..all.len()).contains(&expected.len()), "{filter}: {}", expected.len());
        let place = of_file(&format!("[filter]\n{filter}"), "\"all\"");
        place.generated("out", &["--format", "jsonl"]);
        let found = rows(&place, "out", "search", "train");
        assert_eq!(found.len(), expected.len(), "{filter}");
        for (index, (row, other)) in found.iter().zip(expected).enumerate() {
            let mut other = other.clone();
            other["index"] = index.into();
            assert_eq!(*row, other, "{filter}");
        }
        let last = expect(0, &["sample", &place.name("recipe.toml"), "--index", &(found.len() - 1).to_string()]).out;
        assert_eq!(serde_json::from_str::<Value>(&last).unwrap(), found[found.len() - 1]);
        expect(2, &["sample", &place.name("recipe.toml"), "--index", &found.len().to_string()]);
    }
}

#[test]
fn filters_that_keep_too_little_are_refused() {
    for (filter, says) in [
        ("max_words = 3", "filter: found a filter that keeps none of 4096 rows of split "),
        (
            "only = \"solvd\"",
            "filter.only: found \"solvd\"; allowed: solved, exhausted, budget; did you mean \"solved\"?",
        ),
        ("max_wordz = 3", "unknown field `max_wordz`"),
        ("difficulty = { min = 3, max = 1 }", "filter.difficulty: found a band whose max is below its min"),
        ("", "filter: found nothing; allowed: at least one of max_words, max_tokens, only, difficulty"),
    ] {
        let ran = Place::new(&large(filter)).generate("none", &[]);
        assert!(ran.code == Some(2) && ran.err.contains(says), "{filter}: {}", ran.err);
    }
    let place = Place::new(&large("max_tokens = 300"));
    let some = place.generate("none", &["--configs", "search"]);
    assert!(
        some.code == Some(2) && some.err.contains("--configs: found some configs of a recipe whose filter"),
        "{}",
        some.err
    );
    let few = of_file("[filter]\nmax_words = 60", "80").generate("none", &[]);
    assert!(few.code == Some(2) && few.err.contains("splits.train.rows: found 80; the filter leaves "), "{}", few.err);
}
