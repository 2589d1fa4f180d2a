//! `sos audit` finds broken promises of a recipe from the rows alone. The tests alter generated datasets and repair the checksums, so that only the
//! rows can tell.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Place, expect};

/// Mazes with two tasks over the same walls, a band of costs, and a split with held-out sizes.
const MAZES: &str = r#"
name = "mazes"
seed = 5
dialect = "compact"

[environment]
name = "maze"
width = { min = 10, max = 14 }
height = { min = 10, max = 14 }
tasks = 2

[hold_out]
key = "size"
percent = 30

[[searches]]
kind = "astar"
heuristic = "manhattan"

[splits.train]
rows = 40
share = 80
stages = [{ rows = 20, cost = { max = 60 } }, { rows = 20, cost = { min = 6 } }]

[splits.validation]
rows = 20
share = 20

[splits.test]
rows = 20
held_out = true

[[records]]
kind = "search"

[[records]]
kind = "optimal"
"#;

struct Altered {
    place: Place,
}

impl Altered {
    fn new() -> Altered {
        let place = Place::new(MAZES);
        place.generated("out", &["--format", "jsonl"]);
        Altered { place }
    }

    fn file(&self, config: &str, split: &str) -> PathBuf {
        self.place.path(&format!("out/{config}/{split}-00000-of-00001.jsonl"))
    }

    fn rows(&self, config: &str, split: &str) -> Vec<Value> {
        super::json_lines(&fs::read_to_string(self.file(config, split)).unwrap())
    }

    /// Changes rows of a split in both configs.
    fn change(&self, split: &str, change: impl Fn(&mut Vec<Value>)) {
        for config in ["search", "optimal"] {
            let mut rows = self.rows(config, split);
            change(&mut rows);
            let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
            fs::write(self.file(config, split), text).unwrap();
        }
    }

    fn manifest(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.place.path("out/manifest.json")).unwrap()).unwrap()
    }

    fn change_recipe(&self, from: &str, to: &str) {
        let mut manifest = self.manifest();
        let recipe = manifest["job"]["recipe"].as_str().unwrap();
        assert!(recipe.contains(from), "{recipe}");
        let recipe = recipe.replace(from, to);
        manifest["job"]["recipe_blake3"] = json!(blake3::hash(recipe.as_bytes()).to_string());
        manifest["job"]["recipe"] = json!(recipe);
        fs::write(self.place.path("out/manifest.json"), manifest.to_string()).unwrap();
    }

    /// Repairs the manifest for the altered files and audits. Returns the findings; there must be some.
    fn findings(&self) -> Vec<Value> {
        let mut manifest = self.manifest();
        for file in manifest["files"].as_array_mut().unwrap() {
            let bytes = fs::read(self.place.path("out").join(file["path"].as_str().unwrap())).unwrap();
            file["bytes"] = json!(bytes.len());
            file["blake3"] = json!(blake3::hash(&bytes).to_string());
        }
        fs::write(self.place.path("out/manifest.json"), manifest.to_string()).unwrap();
        let ran = expect(1, &["audit", &self.place.name("out"), "--json"]);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        report["findings"].as_array().unwrap().clone()
    }

    /// Asserts exactly these findings: each one's kind, and a part of its text.
    fn finds(&self, expected: &[(&str, &str)]) {
        let findings = self.findings();
        let shown: Vec<_> = findings.iter().map(|finding| (&finding["kind"], &finding["found"])).collect();
        assert_eq!(findings.len(), expected.len(), "{shown:?}");
        for (finding, (kind, found)) in findings.iter().zip(expected) {
            assert!(finding["kind"] == *kind && finding["found"].as_str().unwrap().contains(found), "{shown:?}");
        }
    }
}

#[test]
fn a_dataset_is_what_its_recipe_says() {
    let altered = Altered::new();
    let ran = expect(0, &["audit", &altered.place.name("out")]);
    assert!(ran.out.contains("160 puzzles read again, 80 of them proven again"), "{}", ran.out);
    let ran = expect(0, &["audit", &altered.place.name("out"), "--prove", "5"]);
    assert!(ran.out.contains("160 puzzles read again, 15 of them proven again"), "{}", ran.out);
}

#[test]
fn a_number_that_is_not_so() {
    for column in ["difficulty", "optimal_cost", "solutions"] {
        let altered = Altered::new();
        altered.change("validation", |rows| {
            if let Some(number) = rows[3][column].as_u64() {
                rows[3][column] = json!(number + 1);
            }
        });
        if altered.rows("search", "validation")[3][column].is_u64() {
            altered.finds(&[("puzzle", "in row 3 solvable true, optimal_cost ")]);
        }
    }
}

#[test]
fn another_puzzle_under_the_same_id() {
    let altered = Altered::new();
    let other = altered.rows("search", "train")[7]["puzzle"].clone();
    altered.change("train", |rows| rows[4]["puzzle"] = other.clone());
    altered.finds(&[("puzzle", "in row 4 the id"), ("puzzle", "in row 4 the id")]);
    let altered = Altered::new();
    altered.change("train", |rows| rows[4]["puzzle"] = json!("{\"width\":3}"));
    altered.finds(&[("puzzle", "in row 4 no puzzle"), ("puzzle", "in row 4 no puzzle")]);
}

/// Copies a row over another one, under that one's index and split.
fn moved(altered: &Altered, from: (&str, usize), to: (&str, usize)) {
    for config in ["search", "optimal"] {
        let mut row = altered.rows(config, from.0)[from.1].clone();
        let mut rows = altered.rows(config, to.0);
        row["split"] = json!(to.0);
        row["index"] = rows[to.1]["index"].clone();
        rows[to.1] = row;
        let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
        fs::write(altered.file(config, to.0), text).unwrap();
    }
}

#[test]
fn rows_in_a_split_that_wants_others() {
    let altered = Altered::new();
    moved(&altered, ("test", 2), ("validation", 6));
    let findings = altered.findings();
    let splits: Vec<_> = findings.iter().filter(|finding| finding["kind"] == "split").collect();
    assert!(splits.len() == 1 && splits[0]["found"].as_str().unwrap().contains("row 6 a puzzle that is held out"));
    assert!(findings.iter().any(|finding| finding["kind"] == "leak"), "the same puzzle is in two splits");

    // Another task over the walls of a maze in train: no id repeats, but the walls are in two splits.
    let altered = Altered::new();
    let train = altered.rows("search", "train");
    let puzzle: Value = serde_json::from_str(train[30]["puzzle"].as_str().unwrap()).unwrap();
    let mut turned = puzzle.clone();
    turned["start"] = puzzle["goal"].clone();
    turned["goal"] = puzzle["start"].clone();
    altered.change("validation", |rows| {
        rows[5]["puzzle"] = json!(turned.to_string());
        rows[5]["id"] = json!(crate::family("maze").read_json(&turned).unwrap().id().to_string());
    });
    let findings = altered.findings();
    assert!(findings.iter().all(|finding| finding["kind"] != "leak"), "{findings:?}");
    assert!(findings.iter().any(|finding| finding["file"].as_str().unwrap().contains("validation")), "{findings:?}");
}

#[test]
fn a_recipe_that_promises_something_else() {
    let altered = Altered::new();
    altered.change_recipe("max = 60", "max = 3");
    let findings = altered.findings();
    let found = |finding: &Value| finding["kind"] == "split" && finding["found"].as_str().unwrap().contains("cost ");
    assert!(!findings.is_empty() && findings.iter().all(found), "{findings:?}");
    let altered = Altered::new();
    altered.change_recipe("percent = 30", "percent = 60");
    assert!(altered.findings().iter().all(|finding| finding["kind"] == "split"));
}

#[test]
fn distinct_mazes_have_no_duplicates() {
    let recipe = |more: &str| {
        format!(
            "name = \"few\"\nseed = 5\ndialect = \"compact\"\n{more}\n[environment]\nname = \"maze\"\nwidth = 5\nheight = 5\nmin_path = 2\n\
             [[searches]]\nkind = \"dfs\"\n[splits.test]\nrows = 50\n[splits.train]\nrows = 200\n[[records]]\nkind = \"search\"\n"
        )
    };
    let place = Place::new(&recipe("distinct = true"));
    place.generated("out", &["--format", "jsonl"]);
    let ran = expect(0, &["audit", &place.name("out")]);
    assert!(ran.out.contains("ok: ") && !ran.out.contains("repeat a puzzle"), "{}", ran.out);
    let table = expect(0, &["audit", &place.name("recipe.toml")]);
    assert!(table.out.ends_with("| few | test 50, train 200 | 0 | 0 | 0 | 0 |  |\n"), "{}", table.out);
    // the same recipe without `distinct = true`: ids repeat
    let place = Place::new(&recipe(""));
    place.generated("out", &["--format", "jsonl"]);
    let ran = expect(1, &["audit", &place.name("out")]);
    assert!(ran.out.contains("each id once in a split"), "{}", ran.out);
}

#[test]
fn the_splits_of_recipes_are_compared() {
    let ran =
        expect(0, &["audit", "recipes/maze.toml", "recipes/graph.toml", "recipes/path-star.toml", "--rows", "100"]);
    let lines: Vec<_> = ran.out.lines().collect();
    assert_eq!(lines.len(), 5, "one head and three lines: {}", ran.out);
    // all paths of a star are renamings of few: declared
    assert!(lines[4].ends_with("| `split_by = \"id\"` |"), "{}", ran.out);
    assert!(lines[4].contains("test 100"), "{}", ran.out);
    let ran = expect(0, &["audit", "recipes/maze.toml", "--rows", "50", "--json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["leaks"]["splits"]["test"]["rows"], 50);
    assert_eq!(report["leaks"]["splits"]["test"]["twins_in_others"], 0);
    assert!(expect(2, &["audit", "no such folder"]).err.contains("no such folder"));
}
