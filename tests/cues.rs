//! No cue but the content: in every ready recipe with labels, in its own dialect and in `compact`, no classifier of one feature tells a label,
//! but for what the recipe declares.
//!
//! Here on few rows, so that a cue fails where even the lower end of its interval lies over 0.60. On 4,000 rows of each config:
//! `sos cues recipes/*.toml recipes/experiments/*.toml`, and the same with `--dialect compact`; docs/cues.md has the tables.

use std::path::{Path, PathBuf};

use stream_of_search::cue::{Cue, MOST_AUC};
use stream_of_search::recipe::Recipe;
use stream_of_search::request::{CueError, cues_of_recipe};

/// Kinds of records with labels; those of `search` are what broken ones are held against.
const LABELLED: [&str; 10] = [
    "corrupted",
    "swapped",
    "critique",
    "criteria",
    "comparison",
    "correction",
    "imitation",
    "preference",
    "unpaired",
    "stepwise",
];

/// Rows of each config.
const ROWS: u64 = 100;

fn ready() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes");
    let mut paths = Vec::new();
    for folder in [root.clone(), root.join("experiments")] {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        paths.extend(entries.filter(|path| path.extension().is_some_and(|end| end == "toml")));
    }
    paths.sort();
    paths
}

/// The recipe with its labelled configs alone.
fn labelled(path: &Path) -> Option<Recipe> {
    let mut recipe = Recipe::from_toml(&std::fs::read_to_string(path).unwrap()).unwrap();
    recipe.records.retain(|record| record.kind == "search" || LABELLED.contains(&record.kind.as_str()));
    recipe.records.iter().any(|record| record.kind != "search").then_some(recipe)
}

/// Cues that tell a label beyond chance and are not declared. None of a recipe that cannot be followed in a dialect.
fn findings(recipe: &Recipe, rows: u64) -> Vec<Cue> {
    let tells = |cue: &Cue| cue.interval.0 > MOST_AUC && cue.declared.is_none();
    match cues_of_recipe(recipe, rows) {
        Ok(cues) => cues.into_iter().filter(tells).collect(),
        Err(CueError::Environment(_) | CueError::Recipe(_)) => Vec::new(),
        Err(error) => panic!("{}: {error}", recipe.name),
    }
}

#[test]
fn no_ready_recipe_has_a_cue_that_it_does_not_declare() {
    let mut told = Vec::new();
    let mut seen = 0;
    for path in ready() {
        let Some(recipe) = labelled(&path) else { continue };
        let compact = Recipe { dialect: "compact".into(), ..recipe.clone() };
        let again = (recipe.dialect != "compact").then_some(compact);
        for recipe in std::iter::once(recipe).chain(again) {
            seen += 1;
            let cues = findings(&recipe, ROWS);
            told.extend(cues.into_iter().map(|cue| format!("{} in {}: {cue:?}", path.display(), recipe.dialect)));
        }
    }
    assert!(seen > 30, "only {seen} recipes with labels");
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// What would be a cue is one without its declaration.
#[test]
fn declared_cues_are_there() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/experiments/3-criteria-countdown.toml");
    let mut recipe = labelled(&path).unwrap();
    recipe.records.retain(|record| record.folder() == "cued");
    assert_eq!(findings(&recipe, 400), []);
    recipe.records[0].cues.clear();
    assert!(!findings(&recipe, 400).is_empty(), "the arm `cued` has no cue");
}

#[test]
fn cues_that_do_not_exist_are_refused() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/experiments/1-critique-countdown.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let with = |cues: &str| {
        Recipe::from_toml(&text.replacen(
            "kind = \"critique\"\n",
            &format!("kind = \"critique\"\ncues = {{ {cues} }}\n"),
            1,
        ))
    };
    assert!(with("length = \"it is long\"").is_ok());
    let unknown = with("lenght = \"it is long\"").unwrap_err().to_string();
    assert!(unknown.contains("records.critique.cues") && unknown.contains("did you mean \"length\""), "{unknown}");
    assert!(with("length = \"\"").is_err());
}
