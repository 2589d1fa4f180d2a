//! Ready recipes by name, some configs of a recipe, and what a dataset would be.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Place, assert_same, contents, expect, feed, sos};
use crate::recipes::{SMALL, ready};

#[test]
fn ready_recipes_are_found_by_their_names() {
    let files = ready(Path::new("recipes"));
    let listed = expect(0, &["list", "recipes", "--json"]).out;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let listed: BTreeMap<&str, &Value> =
        listed["recipes"].as_array().unwrap().iter().map(|recipe| (recipe["name"].as_str().unwrap(), recipe)).collect();
    assert_eq!(listed.len(), files.len());
    for file in &files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        assert!(listed[name]["help"].as_str().is_some_and(|help| !help.is_empty()), "{name}");
        assert_eq!(expect(0, &["recipe", name]).out, fs::read_to_string(file).unwrap(), "{name}");
    }
    let row = expect(0, &["sample", "recipes/hanoi.toml", "--index", "3"]).out;
    assert_eq!(expect(0, &["sample", "hanoi", "--index", "3"]).out, row);
    assert_eq!(feed(&["sample", "-", "--index", "3"], expect(0, &["recipe", "hanoi"]).out.as_bytes()).out, row);
    expect(0, &["bench", "hanoi", "--seconds", "0.01"]);
    assert!(expect(0, &["audit", "hanoi", "--rows", "5"]).out.contains("| hanoi | "));
    for wrong in
        [&["sample", "hanio"][..], &["recipe", "hanio.toml"], &["generate", "recipes/hanio.toml", "--out", "x"]]
    {
        let ran = expect(2, wrong);
        assert!(ran.err.contains("did you mean \"hanoi\"?"), "{}", ran.err);
    }
    let none = feed(&["sample", "-"], b"name = 1");
    assert!(none.code == Some(2) && none.err.starts_with("sos: -: "), "{}", none.err);
}

#[test]
fn a_file_goes_before_a_ready_recipe() {
    let place = Place::small();
    fs::write(place.path("countdown"), SMALL).unwrap();
    let row = |arguments: &[&str]| -> Value {
        let ran = sos(arguments).current_dir(place.folder.path()).output().unwrap();
        serde_json::from_slice(&ran.stdout).unwrap()
    };
    assert_eq!(row(&["sample", "countdown"]), row(&["sample", "recipe.toml"]));
    assert_ne!(row(&["sample", "countdown"]), row(&["sample", "game-24"]));
}

#[test]
fn some_configs_have_the_bytes_of_the_whole() {
    let place = Place::small();
    for format in ["jsonl", "parquet"] {
        let (whole, some) = (format!("{format}-whole"), format!("{format}-some"));
        place.generated(&whole, &["--format", format]);
        place.generated(&some, &["--format", format, "--configs", "answer,optimal-shuffled"]);
        for config in ["answer", "optimal-shuffled"] {
            assert_same(&place.path(&format!("{whole}/{config}")), &place.path(&format!("{some}/{config}")));
        }
        assert!(!place.path(&format!("{some}/search")).exists());
        assert!(expect(0, &["audit", &place.name(&some)]).out.contains("ok: "));
    }
    let wrong = place.generate("none", &["--configs", "search,anser"]);
    let says = "--configs: found \"anser\"; the recipe has: search, optimal, optimal-shuffled, answer; did you mean \"answer\"?";
    assert!(wrong.code == Some(2) && wrong.err.contains(says), "{}", wrong.err);
}

/// The median, 90th percentile and greatest, counted apart from the program.
fn spread(mut values: Vec<u64>) -> [u64; 3] {
    values.sort_unstable();
    [0.5, 0.9, 1.0].map(|share| values[((values.len() - 1) as f64 * share) as usize])
}

#[test]
fn a_dry_run_says_what_the_dataset_is() {
    let place = Place::small();
    let recipe = place.name("recipe.toml");
    let count = ["--count", "train=120", "--format", "jsonl"];
    let told = expect(0, &[&["generate", &recipe, "--dry-run", "--json"][..], &count].concat()).out;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(contents(place.folder.path()).len(), 1, "nothing is written");
    place.generated("out", &count);
    let mut bytes = 0;
    for part in told["parts"].as_array().unwrap() {
        let folder = place.path(&format!("out/{}", part["config"].as_str().unwrap()));
        let files = contents(&folder)
            .into_iter()
            .filter(|(name, _)| name.starts_with(&format!("{}-", part["split"].as_str().unwrap())));
        let text: Vec<u8> = files.flat_map(|(_, text)| text).collect();
        bytes += text.len() as u64;
        assert_eq!(part["bytes"], text.len());
        let rows: Vec<Value> =
            text.split_inclusive(|&byte| byte == b'\n').map(|line| serde_json::from_slice(line).unwrap()).collect();
        assert_eq!((&part["rows"], &part["sampled"]), (&rows.len().into(), &rows.len().into()));
        let words = rows.iter().map(|row| {
            ["prompt", "completion"]
                .map(|name| row[name].as_str().unwrap().split_whitespace().count() as u64)
                .iter()
                .sum()
        });
        let lengths = text.split_inclusive(|&byte| byte == b'\n').map(|line| line.len() as u64);
        for (what, expected) in [("words", spread(words.collect())), ("row_bytes", spread(lengths.collect()))] {
            let found = ["median", "p90", "most"].map(|name| part[what][name].as_u64().unwrap());
            assert_eq!(found, expected, "{what} of {part}");
        }
    }
    assert_eq!((&told["bytes"], told["rows"].as_u64()), (&bytes.into(), Some(4 * (120 + 60 + 60))));
    let text = expect(0, &["generate", &recipe, "--dry-run"]).out;
    assert!(text.contains("in all 1,680 rows, about "), "{text}");
    // Long rows are told, and a part of a long split is enough.
    let long = expect(
        0,
        &["generate", "sokoban", "--dry-run", "--configs", "search", "--count", "test=0", "--count", "validation=0"],
    )
    .out;
    assert!(long.contains("warning: search train: of the rows ") && long.contains(" % over 4,096"), "{long}");
    let missing = expect(2, &["generate", &recipe]).err;
    assert!(missing.contains("--out <DIR>"), "{missing}");
}
