//! Word ladders over a list of one's own.

use std::fs;

use serde_json::Value;

use super::{Place, contents, expect};

const RECIPE: &str = "name = \"own\"\nseed = 1\ndialect = \"compact\"\n[environment]\nname = \"word-ladder\"\nletters = 2\nmin_cost = 1\nwords = \"lists/mine.txt\"\n\
     [[searches]]\nkind = \"bfs\"\n[splits.train]\nrows = 6\n[[records]]\nkind = \"search\"\n";

fn place() -> Place {
    let place = Place::new(RECIPE);
    fs::create_dir(place.path("lists")).unwrap();
    fs::write(place.path("lists/mine.txt"), "at\nit\nin\nan\non\nof\n").unwrap();
    place
}

#[test]
fn a_list_stands_beside_its_recipe_and_its_hash_in_the_manifest() {
    let place = place();
    // The program runs elsewhere.
    place.generated("out", &["--format", "jsonl"]);
    let manifest: Value = serde_json::from_str(&fs::read_to_string(place.path("out/manifest.json")).unwrap()).unwrap();
    let hash = blake3::hash(&fs::read(place.path("lists/mine.txt")).unwrap()).to_string();
    assert_eq!(manifest["job"]["versions"]["words lists/mine.txt"], Value::from(hash.as_str()));
    assert!(manifest["job"]["recipe"].as_str().unwrap().contains("words = \"lists/mine.txt\""));
    let (out, list) = (place.name("out"), place.name("lists/mine.txt"));
    assert!(expect(0, &["check", &out, "--words", &list]).out.contains("ok: "));
    assert!(expect(0, &["audit", &out, "--words", &list]).out.contains("ok: "));
    // A whole path is the same list.
    let whole = Place::new(&RECIPE.replace("lists/mine.txt", &list));
    whole.generated("out", &["--format", "jsonl"]);
    assert_eq!(contents(&whole.path("out/search")), contents(&place.path("out/search")));
    // Another list makes other rows: the dataset does not grow with it, and its rows are not read with it.
    fs::write(place.path("lists/mine.txt"), "at\nit\nin\nan\non\nof\nif\n").unwrap();
    for count in ["train=6", "train=8"] {
        let ran = place.generate("out", &["--format", "jsonl", "--count", count]);
        let says = format!("the version of words lists/mine.txt is {hash} there and ");
        assert!(ran.code == Some(2) && ran.err.contains(&says), "{}", ran.err);
    }
    let checked = expect(1, &["check", &out, "--words", &list]);
    assert!(checked.out.contains("words: the list ") && checked.out.contains(" is not loaded"), "{}", checked.out);
    expect(1, &["audit", &out, "--words", &list]);
    fs::remove_file(place.path("lists/mine.txt")).unwrap();
    let ran = place.generate("none", &[]);
    let says = "environment.words: found \"lists/mine.txt\" (No such file";
    assert!(
        ran.code == Some(2) && ran.err.contains(says) && ran.err.contains("starts at the folder of the recipe"),
        "{}",
        ran.err
    );
}

/// A split may have another list.
#[test]
fn a_split_has_a_list_of_its_own() {
    let place = place();
    let test = "[splits.test]\nrows = 2\nshare = 1\nenvironment = { words = \"lists/other.txt\" }\n[[records]]";
    fs::write(
        place.path("recipe.toml"),
        RECIPE.replace("[[records]]", test).replace("rows = 6", "rows = 6\nshare = 9"),
    )
    .unwrap();
    fs::write(
        place.path("lists/other.txt"),
        ('a'..='y').map(|letter| format!("{letter}o\n{letter}u\n")).collect::<String>(),
    )
    .unwrap();
    place.generated("out", &["--format", "jsonl"]);
    let manifest: Value = serde_json::from_str(&fs::read_to_string(place.path("out/manifest.json")).unwrap()).unwrap();
    let versions = manifest["job"]["versions"].as_object().unwrap();
    assert!(
        versions.contains_key("words lists/mine.txt") && versions.contains_key("words lists/other.txt"),
        "{versions:?}"
    );
}
