//! Arms that `sos pack` makes equal with further rows of the recipe.

use std::fs;

use serde_json::{Value, json};

use super::{Place, Ran, assert_same, contents, expect, json_lines, sos};
use crate::recipes::{SMALL, changed};

/// The rows of a config in the split train, in order.
fn rows(place: &Place, out: &str, config: &str) -> Vec<Value> {
    of_split(place, out, config, "train")
}

fn of_split(place: &Place, out: &str, config: &str, split: &str) -> Vec<Value> {
    let files = contents(&place.path(&format!("{out}/{config}")));
    let own = files.into_iter().filter(|(name, _)| name.starts_with(&format!("{split}-")));
    json_lines(&own.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect::<String>())
}

/// The words that a model is trained to write; with the prompt's where these count.
fn words(row: &Value, with_prompt: bool) -> usize {
    let count = |name: &str| row[name].as_str().unwrap().split_whitespace().count();
    count("completion") + if with_prompt { count("prompt") } else { 0 }
}

fn json(place: &Place, file: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(place.path(file)).unwrap()).unwrap()
}

/// Runs in the folder of the place, where its recipe has its files.
fn here(place: &Place, arguments: &[&str]) -> Ran {
    sos(arguments).current_dir(place.path("")).output().unwrap().into()
}

#[test]
fn an_arm_goes_on_with_the_next_rows_of_its_recipe() {
    let place = Place::new(&changed(SMALL, &[("dialect", "dialect = \"compact\"")]));
    place.generated("out", &["--format", "jsonl", "--count", "train=40"]);
    let out = place.name("out");
    let all = rows(&place, "out", "search");
    for (name, more, with_prompt, solved) in [
        ("words", &[][..], false, false),
        ("tokens", &["--by", "tokens", "--with-prompts"], true, false),
        ("solved", &["--solved"], false, true),
    ] {
        for threads in ["1", "3"] {
            let packed = place.name(&format!("{name}-{threads}"));
            let pack =
                ["pack", &out, "--arms", "search,optimal", "--how", "fresh", "--threads", threads, "--out", &packed];
            expect(0, &[&pack[..], more].concat());
        }
        assert_same(&place.path(&format!("{name}-1")), &place.path(&format!("{name}-3")));
        let packed = format!("{name}-1");
        let report = json(&place, &format!("{packed}/pack.json"));
        let manifest = json(&place, &format!("{packed}/manifest.json"));
        let end = manifest["fresh"]["optimal"]["end"].as_u64().unwrap();
        // The rows are those of a dataset that asks for more; the one behind the last is the one that no longer fits.
        let grown = format!("{name}-grown");
        place.generated(&grown, &["--format", "jsonl", "--count", &format!("train={}", end + 40)]);
        let takes = |row: &&Value| !solved || row["solved"] == true;
        let own: Vec<&Value> = all.iter().filter(takes).collect();
        let budget: usize = own.iter().map(|row| words(row, with_prompt)).sum();
        assert_eq!(report["budget"], budget);
        let of_search = rows(&place, &grown, "search");
        for (place_of_arm, arm) in ["search", "optimal"].into_iter().enumerate() {
            let mut wanted = Vec::new();
            let mut sum = 0;
            for (row, first) in rows(&place, &grown, arm).into_iter().zip(&of_search).filter(|(_, first)| takes(first))
            {
                sum += words(&row, with_prompt);
                if sum > budget {
                    break;
                }
                // One arm is as large as the budget.
                let index = row["index"].as_u64().unwrap();
                assert!(index < 40 || arm != "search", "{first}");
                let mut row = row;
                row["copy"] = json!(0);
                row["filler_words"] = json!(0);
                wanted.push(row);
            }
            let found = rows(&place, &packed, arm);
            assert_eq!(found.len(), wanted.len(), "{name} {arm}");
            assert!(found == wanted, "{name} {arm}");
            let fresh = found.iter().filter(|row| row["index"].as_u64() >= Some(40)).count();
            let done = &report["arms"][place_of_arm];
            assert_eq!(
                (&done["fresh_rows"], &done["repeated_rows"], &done["dropped_rows"]),
                (&json!(fresh), &json!(0), &json!(0))
            );
            if arm == "search" {
                assert!(fresh == 0 && manifest["fresh"]["search"].is_null());
            } else {
                let first = found[own.len()]["index"].as_u64().unwrap();
                let last = found[found.len() - 1]["index"].as_u64().unwrap();
                assert!(fresh > 40 && first >= 40);
                assert_eq!(manifest["fresh"][arm], json!({"start": first, "end": last + 1}));
                assert_eq!(done["fresh"], manifest["fresh"][arm]);
            }
        }
        if with_prompt {
            assert_eq!(report["arms"][0]["tokens"], budget);
        }
        for command in ["check", "audit", "stats"] {
            expect(0, &[command, &place.name(&packed)]);
        }
        // Fresh puzzles are those of the split: no other split has one of them.
        let others = ["validation", "test"].map(|split| of_split(&place, &grown, "optimal", split)).concat();
        let mut optimal = rows(&place, &packed, "optimal");
        assert_eq!(others.len(), 120);
        assert!(others.iter().all(|other| optimal.iter().all(|row| row["twin"] != other["twin"])));
        // A fresh row with a puzzle of another split is found, although only this arm has its index.
        let mut other = others[0].clone();
        let last = optimal.pop().unwrap();
        for column in ["index", "split", "copy", "filler_words"] {
            other[column] = last[column].clone();
        }
        optimal.push(other);
        let text: String = optimal.iter().map(|row| format!("{row}\n")).collect();
        fs::write(place.path(&format!("{packed}/optimal/train-00000-of-00001.jsonl")), text).unwrap();
        let report: Value = serde_json::from_str(&expect(1, &["audit", &place.name(&packed), "--json"]).out).unwrap();
        assert!(report["findings"].as_array().unwrap().iter().any(|finding| finding["kind"] == "split"), "{report}");
    }
}

const OF_A_FILE: &str = "name = \"own\"\ndialect = \"compact\"\n[environment]\nname = \"countdown\"\npuzzles = \"own.jsonl\"\n\
     [[searches]]\nkind = \"dfs\"\n[splits.train]\nrows = 4\n[[records]]\nkind = \"search\"\n[[records]]\nkind = \"optimal\"\n";

fn puzzles(count: usize) -> String {
    let puzzle = |n: usize| json!({"puzzle": {"numbers": [n / 9 + 2, n % 9 + 1, 7, 9], "target": 12 + n % 5}});
    (0..count).map(|n| format!("{}\n", puzzle(n))).collect()
}

#[test]
fn the_further_puzzles_of_a_file_are_used_to_their_end() {
    for (count, code, says) in [(900, 0, ""), (60, 2, "rows by its recipe, and no others; --how sub-sample")] {
        let place = Place::new(OF_A_FILE);
        fs::write(place.path("own.jsonl"), puzzles(count)).unwrap();
        place.generated("out", &["--format", "jsonl"]);
        let pack = ["pack", "out", "--arms", "search,optimal", "--how", "fresh", "--out", "packed"];
        let ran = here(&place, &pack);
        assert!(ran.code == Some(code) && ran.err.contains(says), "{}", ran.err);
        assert_eq!(place.path("packed").exists(), code == 0, "what was begun is no dataset");
        // From elsewhere the file is not there; another file makes other rows.
        let (out, packed) = (place.name("out"), place.name("elsewhere"));
        let ran = expect(2, &["pack", &out, "--arms", "search,optimal", "--how", "fresh", "--out", &packed]);
        assert!(
            ran.err.contains("environment.puzzles: found \"own.jsonl\"") && ran.err.contains("run the command there"),
            "{}",
            ran.err
        );
        fs::write(place.path("own.jsonl"), puzzles(count + 1)).unwrap();
        let ran = here(&place, &["pack", "out", "--arms", "search,optimal", "--how", "fresh", "--out", "other"]);
        assert!(
            ran.code == Some(2)
                && ran.err.contains("puzzles own.jsonl is ")
                && ran.err.contains("so its rows would be others"),
            "{}",
            ran.err
        );
        if code == 0 {
            expect(0, &["check", &place.name("packed")]);
            let mut lines: Vec<u64> = rows(&place, "packed", "optimal")
                .iter()
                .map(|row| {
                    let source: Value = serde_json::from_str(row["source"].as_str().unwrap()).unwrap();
                    source["line"].as_u64().unwrap()
                })
                .collect();
            let count = lines.len();
            lines.dedup();
            assert!(lines.len() == count && count > 20, "no puzzle comes twice");
        }
    }
}

#[test]
fn what_has_no_further_rows_is_refused_in_a_sentence() {
    let place = Place::small();
    place.generated("out", &["--format", "jsonl", "--count", "train=40"]);
    let out = place.name("out");
    let fresh = |of: &str, more: &[&str]| {
        let packed = place.name("none");
        let pack = ["pack", of, "--arms", "search,optimal", "--how", "fresh", "--out", &packed];
        expect(2, &[&pack[..], more].concat()).err
    };
    let says = |err: String, parts: &[&str]| {
        assert!(parts.iter().all(|part| err.contains(part)), "{err}");
        assert!(!place.path("none").exists());
    };
    let file = place.name("out/search/train-00000-of-00001.jsonl");
    says(
        fresh(&file, &[]),
        &["--how fresh: ", "a file of rows, which has no recipe", "give the folder that sos generate wrote"],
    );
    let cut = place.name("cut");
    expect(0, &["pack", &out, "--arms", "search,optimal", "--out", &cut]);
    says(fresh(&cut, &[]), &["its rows come from other datasets", "give the folder that sos generate wrote"]);
    says(fresh(&out, &["--split", "nowhere"]), &["its recipe has no split nowhere"]);
    says(fresh(&out, &["--tokenizer", "x.json"]), &["--tokenizer: counts tokens; use it with --by tokens"]);
    says(
        fresh(&out, &["--by", "tokens", "--tokenizer", &place.name("x.json")]),
        &["--tokenizer: found ", "No such file"],
    );
    // Candidates of a file: a new puzzle has none there.
    let records = "[[records]]\nkind = \"critique\"\ncandidates = { file = \"mine.jsonl\" }\n\n[[records]]";
    let with_file = SMALL.replacen("[[records]]", records, 1);
    let other = Place::new(&with_file);
    fs::write(other.path("mine.jsonl"), "{\"puzzle\":{\"numbers\":[3,5,7],\"target\":22},\"text\":\"no\"}\n").unwrap();
    other.generated("out", &["--format", "jsonl", "--count", "train=20"]);
    let ran = here(&other, &["pack", "out", "--arms", "critique,optimal", "--how", "fresh", "--out", "none"]);
    assert!(
        ran.code == Some(2)
            && ran.err.contains("the candidates of critique are those of a file, and new puzzles have none there"),
        "{}",
        ran.err
    );
    // Arms without them go on.
    let ran = here(&other, &["pack", "out", "--arms", "search,optimal", "--how", "fresh", "--out", "some"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    // A space that is used up.
    let few = [
        ("sizes", "sizes = { min = 3, max = 3 }"),
        ("numbers", "numbers = { min = 1, max = 5 }"),
        ("targets", "targets = { min = 10, max = 14 }"),
        ("rows = 60", "rows = 5"),
        ("rows = 60", "rows = 5"),
    ];
    let other = Place::new(&changed(SMALL, &few));
    other.generated("out", &["--format", "jsonl", "--count", "train=40"]);
    let ran = here(&other, &["pack", "out", "--arms", "search,answer", "--how", "fresh", "--out", "none"]);
    assert!(
        ran.code == Some(2)
            && ran.err.contains("--how fresh: answer has ")
            && ran.err.contains(" rows by its recipe, and no others"),
        "{}",
        ran.err
    );
}
