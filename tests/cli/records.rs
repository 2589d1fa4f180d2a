//! Imported candidates, work on whole datasets (`sos stats`, `sos pack`), and scores of rows that are not plain traces.

use std::fs;

use serde_json::{Map, Value, json};

use super::{Place, expect, feed, json_lines, run};
use crate::recipes::{SMALL, changed};

type Row = Map<String, Value>;

/// A recipe with these records in the place of those of [`SMALL`].
fn recipe(records: &str) -> String {
    let (head, _) = SMALL.split_once("[[records]]").unwrap();
    format!("{}\n{records}", changed(head, &[("rows = 300", "rows = 40")]))
}

/// The rows of a config in train.
fn rows(place: &Place, out: &str, config: &str) -> Vec<Row> {
    let path = place.path(out).join(config).join("train-00000-of-00001.jsonl");
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn generate(place: &Place, out: &str) -> super::Ran {
    expect(0, &["generate", &place.name("recipe.toml"), "--out", &place.name(out), "--format", "jsonl"])
}

fn lines<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<u8> {
    rows.into_iter().map(|row| serde_json::to_string(row).unwrap() + "\n").collect::<String>().into_bytes()
}

/// Bad lines (cut off, empty, not UTF-8, ten megabytes, an unknown id) are counted and do not end the run. The others are found by id or puzzle.
#[test]
fn imported_candidates() {
    let place = Place::new(&recipe("[[records]]\nkind = \"search\"\n"));
    generate(&place, "first");
    let mut first = rows(&place, "first", "search");
    // A search that explores nothing writes nothing.
    first.retain(|row| row["completion"] != "");
    let mut file = Vec::new();
    for (place, row) in first.iter().take(10).enumerate() {
        let text = if place % 2 == 0 { row["completion"].clone() } else { "Exploring Operation: 1+1=3".into() };
        let line = if place < 5 {
            json!({"id": row["id"], "text": text})
        } else {
            json!({"puzzle": row["puzzle"], "completion": text})
        };
        file.extend_from_slice(format!("{line}\n").as_bytes());
    }
    file.extend_from_slice(b"{\"id\": \"00\"}\n{\"id\n\xff\n[]\n");
    file.extend_from_slice(format!("{}\n", json!({"id": first[0]["id"], "text": " "})).as_bytes());
    file.extend_from_slice(format!("{}\n", json!({"id": "f".repeat(32), "text": "x"})).as_bytes());
    file.extend_from_slice(format!("{}\n", json!({"id": first[0]["id"], "text": "x".repeat(10 << 20)})).as_bytes());
    file.extend_from_slice(format!("{}\n", json!({"text": "x"})).as_bytes());
    file.extend_from_slice(b"{\"id\": \"cut");
    fs::write(place.path("samples.jsonl"), &file).unwrap();
    let candidates = format!("candidates = {{ file = {:?} }}", place.name("samples.jsonl"));
    let records = ["critique", "correction", "comparison", "preference", "unpaired", "stepwise"]
        .map(|kind| format!("[[records]]\nkind = \"{kind}\"\n{candidates}\n"));
    let imitation = format!("[[records]]\nkind = \"critique\"\nname = \"noisy\"\narm = \"noisy\"\n{candidates}\n");
    fs::write(place.path("recipe.toml"), recipe(&(records.join("\n") + &imitation))).unwrap();
    let ran = generate(&place, "second");
    let said = "19 lines, 11 candidates of 11 puzzles; not used: 1 empty, 1 longer than 1 MiB, 1 not UTF-8, 3 not a JSON object, 1 without `id` or `puzzle`, 1 without `text` or `completion`";
    assert!(ran.err.contains(said), "{}", ran.err);
    expect(0, &["check", &place.name("second")]);
    let critiques = rows(&place, "second", "critique");
    let of = |config: &str, row: &Row| -> Row {
        rows(&place, "second", config).into_iter().find(|other| other["id"] == row["id"]).unwrap()
    };
    assert_eq!(critiques.iter().filter(|row| row["candidate_source"] == "imported").count(), 10);
    assert_eq!(of("critique", &first[0])["candidate"], first[0]["completion"]);
    assert_eq!(of("critique", &first[1])["candidate_right"], false);
    assert_eq!(of("noisy", &first[1])["completion"], "Exploring Operation: 1+1=3");
    assert_ne!(of("noisy", &first[12])["candidate_source"], "imported");
    // Another file makes another job.
    fs::write(place.path("samples.jsonl"), &file[..200]).unwrap();
    let ran = run(&["generate", &place.name("recipe.toml"), "--out", &place.name("second"), "--format", "jsonl"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    // The message names a missing file.
    fs::remove_file(place.path("samples.jsonl")).unwrap();
    let ran = run(&["sample", &place.name("recipe.toml"), "--index", "0"]);
    assert!(
        ran.code == Some(2) && ran.err.contains("candidates.file") && ran.err.contains("samples.jsonl"),
        "{}",
        ran.err
    );
}

#[test]
fn answers_to_rows_of_candidates_are_scored() {
    let records = "[[records]]\nkind = \"critique\"\n\n[[records]]\nkind = \"comparison\"\n\n[[records]]\nkind = \"correction\"\n";
    let place = Place::new(&recipe(records));
    generate(&place, "out");
    // The rows' own critiques are right.
    let mut critiques = rows(&place, "out", "critique");
    for row in &mut critiques {
        row.insert("response".into(), row["completion"].clone());
    }
    let score = |input: &[u8], more: &[&str]| {
        let ran = feed(&[&["score", "--json"], more].concat(), input);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        json_lines(&ran.out)[0].clone()
    };
    let totals = score(&lines(&critiques), &[]);
    assert_eq!(totals["more"]["critique: conclusion"]["mean"], 1.0);
    assert_eq!(totals["more"]["critique: first error"]["mean"], 1.0);
    // Always answers "wrong": right as often as candidates are wrong, and no first error is named.
    let wrong = critiques.iter().filter(|row| row["candidate_right"] == false).count();
    for row in &mut critiques {
        row.insert("response".into(), "Conclusion: wrong [END]".into());
    }
    let totals = score(&lines(&critiques), &[]);
    assert_eq!(totals["more"]["critique: conclusion"]["mean"], wrong as f64 / 40.0);
    assert_eq!(totals["more"]["critique: first error"]["mean"], 0.0);
    // Full marks for right candidates, half for a wrong one.
    let mut comparisons = rows(&place, "out", "comparison");
    for row in &mut comparisons {
        let right: Vec<bool> = serde_json::from_value(row["candidates_right"].clone()).unwrap();
        let lines = right
            .iter()
            .enumerate()
            .map(|(place, right)| format!("{}: {} %\n", place + 1, if *right { 100 } else { 0 }));
        row.insert("response".into(), lines.collect::<String>().into());
    }
    let totals = score(&lines(&comparisons), &[]);
    let more = &totals["more"];
    assert_eq!([&more["comparison: choice"]["mean"], &more["confidence: auroc"]["mean"]], [&json!(1.0), &json!(1.0)]);
    assert_eq!(
        [&more["confidence: ece"]["mean"], &more["accepted: foreign wrong"]["mean"]],
        [&json!(0.0), &json!(0.0)]
    );
    // Two turns, by id.
    let turns: Vec<Row> = rows(&place, "out", "correction")
        .into_iter()
        .map(|row| {
            let said = |turn: usize| row["messages"][turn]["content"].clone();
            json!({"id": row["id"], "first": said(1), "second": said(3)}).as_object().unwrap().clone()
        })
        .collect();
    let totals = score(&lines(&turns), &["--dataset", &place.name("out")]);
    let mean = |name: &str| totals["more"][name]["mean"].as_f64().unwrap();
    assert_eq!((mean("turns: second right"), mean("turns: right to wrong")), (1.0, 0.0));
    assert!((mean("turns: first right") + mean("turns: wrong to right") - 1.0).abs() < 1e-9);
    let ran = feed(&["score"], &lines(&turns));
    assert!(ran.out.contains("cannot be read"), "{}", ran.out);
    assert!(ran.code == Some(2) && ran.err.contains("say which one with --dataset"), "{}", ran.err);
    assert!(!ran.out.contains('%'), "{}", ran.out);
}

#[test]
fn groups_and_searches_beside() {
    let records = "[[records]]\nkind = \"group\"\nsize = 4\n\n[[records]]\nkind = \"search\"\n";
    let place = Place::new(&recipe(records));
    generate(&place, "out");
    let groups = place.name("out/group/train-00000-of-00001.jsonl");
    let ran = expect(0, &["score", &groups, "--rows"]);
    let found = json_lines(&ran.out);
    assert_eq!(found.len(), 160);
    for (row, found) in rows(&place, "out", "group").iter().zip(found.chunks(4)) {
        let number = |name: &str| -> Vec<Value> { found.iter().map(|row| row[name].clone()).collect() };
        assert_eq!((&row["steps"], &row["wrong_steps"]), (&json!(number("steps")), &json!(number("wrong_steps"))));
        assert_eq!((&row["goal_claims"], &row["lengths"]), (&json!(number("claims")), &json!(number("length"))));
    }
    let ran = expect(0, &["select", "roc", &groups, "--keep", "2"]);
    assert_eq!(json_lines(&ran.out).len(), 160);
    // A trace compared with itself: all of it is there.
    let own: Vec<Row> = rows(&place, "out", "search")
        .into_iter()
        .filter(|row| row["search"].as_str().unwrap().starts_with("dfs"))
        .collect();
    let dfs = r#"{"kind":"dfs","heuristic":"multiply","threshold":"target"}"#;
    let ran = feed(&["score", "--json", "--search", dfs], &lines(&own));
    let more = &json_lines(&ran.out)[0]["more"];
    assert_eq!(
        (&more["alignment of positions"]["mean"], &more["spearman of nodes"]["mean"]),
        (&json!(1.0), &json!(1.0))
    );
    assert!(expect(2, &["score", "--search", "dfs"]).err.contains("--search"), "a search is JSON");
}

#[test]
fn a_dataset_is_counted() {
    let place = Place::small();
    generate(&place, "out");
    let page = place.name("page.html");
    let ran = expect(0, &["stats", &place.name("out"), "--json", "--html", &page]);
    let found = &json_lines(&ran.out)[0];
    assert_eq!(found["puzzles_in_two_splits"], 0);
    let search =
        found["configs"].as_array().unwrap().iter().find(|c| c["config"] == "search" && c["split"] == "train").unwrap();
    let rows = rows(&place, "out", "search");
    let mut bytes: Vec<u64> = rows.iter().map(|row| row["completion"].as_str().unwrap().len() as u64).collect();
    bytes.sort_unstable();
    assert_eq!((&search["rows"], &search["spreads"]["bytes"]["median"]), (&json!(300), &json!(bytes[299 * 50 / 100])));
    let solved = rows.iter().filter(|row| row["solved"] == true).count();
    assert_eq!(search["solved"], solved);
    assert_eq!(search["right"], solved);
    let mut words: Vec<u64> =
        rows.iter().map(|row| row["completion"].as_str().unwrap().split_whitespace().count() as u64).collect();
    words.sort_unstable();
    assert_eq!(search["spreads"]["words"]["median"], words[299 * 50 / 100]);
    let distinct: std::collections::BTreeSet<&str> =
        rows.iter().flat_map(|row| row["completion"].as_str().unwrap().split_whitespace()).collect();
    assert_eq!(search["distinct_words"], distinct.len());
    let data = super::view::data(page.as_ref());
    assert_eq!((&data["stats"], &data["about"]["figures"]), (found, &json!(true)));
    assert!(expect(0, &["stats", &place.name("out")]).out.contains("puzzles in two splits: 0"));
    assert!(expect(2, &["stats", "recipes"]).err.contains("manifest.json"));
}

/// Defects of a row's own text and errors of the candidate that it is about are counted apart, and a solved row with a defect is not right.
#[test]
fn errors_of_rows_and_of_candidates_are_counted_apart() {
    let place = Place::new(&recipe(
        "[[records]]\nkind = \"corrupted\"\n[records.corruption]\nkinds = [{ kind = \"arithmetic-slip\" }]\n\n[[records]]\nkind = \"critique\"\n",
    ));
    generate(&place, "out");
    let found = &json_lines(&expect(0, &["stats", &place.name("out"), "--json"]).out)[0];
    let of = |config: &str| {
        let all = found["configs"].as_array().unwrap().iter();
        all.clone().find(|stats| stats["config"] == config && stats["split"] == "train").unwrap()
    };
    let (corrupted, critique) = (of("corrupted"), of("critique"));
    let broken = rows(&place, "out", "corrupted").iter().filter(|row| row["defects"] != "[]").count();
    assert!(broken > 0 && corrupted["error_classes"]["arithmetic"] == broken, "{corrupted}");
    assert_eq!((&corrupted["candidate_error_classes"], &critique["error_classes"]), (&json!({}), &json!({})));
    let wrong = rows(&place, "out", "critique").iter().filter(|row| row["first_error_class"] != "").count() as u64;
    let counted = critique["candidate_error_classes"].as_object().unwrap().values();
    assert_eq!(counted.map(|count| count.as_u64().unwrap()).sum::<u64>(), wrong);
    let rows = rows(&place, "out", "corrupted");
    let right = rows.iter().filter(|row| row["solved"] == true && row["defects"] == "[]").count();
    assert!(corrupted["right"] == right && corrupted["solved"].as_u64() > Some(right as u64), "{corrupted}");
    let table = expect(0, &["stats", &place.name("out")]).out;
    assert!(table.contains("corrupted train, planted: arithmetic "), "{table}");
    assert!(table.contains("critique train, first errors of candidates: "), "{table}");
}

#[test]
fn arms_are_packed_to_one_budget() {
    let place = Place::small();
    generate(&place, "out");
    let words = |rows: &[Row]| -> usize {
        rows.iter().map(|row| row["completion"].as_str().unwrap().split_whitespace().count()).sum()
    };
    let pack = |more: &[&str], out: &str| {
        let folder = place.name(out);
        let fixed = ["pack", &place.name("out"), "--arms", "search,optimal", "--out", &folder];
        expect(0, &[&fixed, more].concat());
        let report: Value = serde_json::from_slice(&fs::read(place.path(out).join("pack.json")).unwrap()).unwrap();
        (rows(&place, out, "search"), rows(&place, out, "optimal"), report)
    };
    let (all, optimal) = (rows(&place, "out", "search"), rows(&place, "out", "optimal"));
    let (search, short, report) = pack(&[], "sub");
    assert_eq!((short.len(), words(&short)), (300, words(&optimal)));
    assert!(words(&search) <= words(&short) && search.len() < 300);
    assert!(words(&all[..=search.len()]) > words(&short), "another row would have fitted");
    assert_eq!(report["arms"][0]["dropped_rows"], 300 - search.len());
    let (search, long, report) = pack(&["--how", "repeat"], "repeat");
    assert!(search.len() == 300 && words(&long) <= words(&all) && long.len() > 300);
    assert_eq!((&long[300]["id"], &long[300]["copy"]), (&long[0]["id"], &json!(1)));
    assert_eq!(report["arms"][1]["repeated_rows"], long.len() - 300);
    let (search, filled, _) = pack(&["--how", "filler", "--filler", "pause"], "filler");
    assert_eq!((words(&search), filled.len()), (words(&filled), 300));
    let (search, short, _) = pack(&["--by", "rows", "--solved"], "rows");
    assert!(search.len() == short.len() && search.iter().all(|row| row["solved"] == true) && search.len() < 300);
    // Conversations are arms too: the messages of the model count.
    let place = Place::new(&recipe("[[records]]\nkind = \"messages\"\n\n[[records]]\nkind = \"optimal\"\n"));
    let shown = expect(
        0,
        &["generate", &place.name("recipe.toml"), "--out", &place.name("out"), "--format", "jsonl", "--show"],
    );
    assert!(shown.out.contains("messages: [{\"role\":\"user\""), "{}", shown.out);
    expect(
        0,
        &["pack", &place.name("out"), "--arms", "messages,optimal", "--how", "repeat", "--out", &place.name("talk")],
    );
    let (talk, plain) = (rows(&place, "talk", "messages"), rows(&place, "talk", "optimal"));
    assert!(talk.len() == 40 && plain.len() > 40);
    for (more, message) in [
        (&["--how", "filler"][..], "to be filled"),
        (&["--how", "filler", "--by", "rows"], "--how filler"),
        (&["--filler", "two words"], "one word"),
        (&["--split", "nowhere"], "no rows in the split nowhere"),
    ] {
        let fixed = ["pack", &place.name("out"), "--arms", "messages,optimal", "--out", &place.name("bad")];
        assert!(expect(2, &[&fixed, more].concat()).err.contains(message));
    }
}
