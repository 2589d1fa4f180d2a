//! Labels cannot be told from surface cues: in every ready recipe with labels, in its own dialect and in `compact`, no classifier of one feature
//! predicts a label, except for the cues that the recipe declares.
//!
//! The tests take few rows, and a cue fails only if the lower end of its interval is above 0.60. To measure 4,000 rows of each config, run
//! `sos cues recipes/*.toml recipes/experiments/*.toml`, and the same with `--dialect compact`. The tables are in docs/cues.md.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use stream_of_search::cue::{Cue, Family, MOST_AUC, markdown};
use stream_of_search::generate::Silent;
use stream_of_search::recipe::Recipe;
use stream_of_search::request::{CueError, Looking, cues_of_recipe};

/// How cues are looked for; neither changes what is found.
const LOOKING: Looking<'_> = Looking { threads: 2, progress: &Silent };

/// Kinds of records with labels. Clean `search` rows are compared with the broken ones.
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

/// Rows of each config, in the first pass and when a declaration seems needless.
const ROWS: u64 = 100;
const MORE_ROWS: u64 = 1000;

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

/// The recipe with only its labelled configs and the `search` config. `None` if it has no labelled config.
fn labelled(path: &Path) -> Option<Recipe> {
    let mut recipe = Recipe::from_toml(&std::fs::read_to_string(path).unwrap()).unwrap();
    recipe.records.retain(|record| record.kind == "search" || LABELLED.contains(&record.kind.as_str()));
    recipe.records.iter().any(|record| record.kind != "search").then_some(recipe)
}

/// The measured cues. Empty if the recipe cannot be written in the dialect.
fn cues(recipe: &Recipe, rows: u64) -> Vec<Cue> {
    match cues_of_recipe(recipe, rows, LOOKING) {
        Ok(cues) => cues,
        Err(CueError::Recipe(_)) => Vec::new(),
        Err(error) => panic!("{}: {error}", recipe.name),
    }
}

/// Whether an undeclared cue predicts a label better than chance.
fn is_told(cue: &Cue) -> bool {
    cue.interval.0 > MOST_AUC && cue.declared.is_none()
}

/// The strongest cue of each family that a config declares, over all dialects. A declaration without a cue must be removed.
type Declared = BTreeMap<(PathBuf, String, &'static str), f64>;

#[test]
fn ready_recipes_declare_the_cues_that_they_have_and_no_others() {
    let mut told = Vec::new();
    let mut declared = Declared::new();
    let mut seen = 0;
    for path in ready() {
        let Some(recipe) = labelled(&path) else { continue };
        let compact = Recipe { dialect: "compact".into(), ..recipe.clone() };
        let again = (recipe.dialect != "compact").then_some(compact);
        for recipe in std::iter::once(recipe).chain(again) {
            seen += 1;
            for record in &recipe.records {
                for name in Family::ALL.map(Family::name).into_iter().filter(|name| record.cues.contains_key(*name)) {
                    declared.entry((path.clone(), record.folder().to_string(), name)).or_insert(0.0);
                }
            }
            for cue in cues(&recipe, ROWS) {
                if cue.declared.is_some() {
                    let key = (path.clone(), cue.config.clone(), cue.family.name());
                    declared.entry(key).and_modify(|most| *most = most.max(cue.auc));
                }
                if is_told(&cue) {
                    told.push(format!("{} in {}: {cue:?}", path.display(), recipe.dialect));
                }
            }
        }
    }
    // Few rows may not show a weak cue, so a declaration that seems needless is measured on more rows.
    let seem: Vec<_> = declared.iter().filter(|(_, most)| **most <= MOST_AUC).map(|(key, _)| key.clone()).collect();
    for (path, config, family) in seem {
        let mut recipe = labelled(&path).unwrap();
        recipe.records.retain(|record| record.folder() == config);
        let found = cues(&recipe, MORE_ROWS).into_iter().filter(|cue| cue.family.name() == family).map(|cue| cue.auc);
        let most = found.fold(0.0, f64::max);
        declared.insert((path, config, family), most);
    }
    let needless: Vec<_> = declared.iter().filter(|(_, most)| **most <= MOST_AUC).collect();
    assert!(needless.is_empty(), "declared, and there is no such cue: {needless:#?}");
    assert!(seen > 30, "only {seen} recipes with labels");
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// Without its declaration the cue fails.
#[test]
fn declared_cues_are_there() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/experiments/3-criteria-countdown.toml");
    let mut recipe = labelled(&path).unwrap();
    recipe.records.retain(|record| record.folder() == "cued");
    let all = cues(&recipe, 400);
    assert!(!all.iter().any(is_told));
    // Declared cues are measured like all others, and shown with the reason.
    assert!(all.iter().any(|cue| cue.family == Family::Pair && cue.auc > 0.8 && cue.declared.is_some()), "{all:?}");
    let shown = markdown(&all);
    assert!(shown.contains("| 0.9") && shown.contains("| declared: the cue that this arm is about |"), "{shown}");
    recipe.records[0].cues.insert("length".into(), "for no reason".into());
    let shown = markdown(&cues(&recipe, 400));
    assert!(shown.contains("| declared, not needed here: for no reason |"), "{shown}");
    recipe.records[0].cues.clear();
    assert!(cues(&recipe, 400).iter().any(is_told), "the arm `cued` has no cue");
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
    // There is no word for all cues: each declaration names a cue that is measured.
    assert!(with("all = \"it is long\"").is_err());
}
