//! Laws over the table of environments, searches, dialects and kinds of records: clean rows are right up to the level `policy`, and every defect of a
//! broken row is found in its place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::table::configs;
use super::{is_long, of_environments, takes};
use stream_of_search::arena::Family;
use stream_of_search::corrupt::{CorruptionEntry, Mode, Scope, corruptions};
use stream_of_search::dialect::{Coverage, DialectEntry, dialects};
use stream_of_search::recipe::{Recipe, RecipeError};
use stream_of_search::record::{Dataset, RecordError, WorkerBuffers};
use stream_of_search::request;
use stream_of_search::search::{SEARCHES, SearchError};
use stream_of_search::sink::row_json;

/// Least number of rows of each dataset. More are made until each of its searches was drawn.
const ROWS: u64 = 24;

/// Number of rows after which a search that was never drawn fails the test.
const MOST_ROWS: u64 = 400;

/// The kinds that fit a dialect, as a recipe asks for them: those of one scope, or all.
fn kinds(dialect: &DialectEntry, scope: Option<Scope>) -> Vec<Value> {
    let mut kinds = Vec::new();
    for entry in corruptions().into_iter().filter(|entry| scope.is_none_or(|scope| entry.scope == scope)) {
        let has_mode = entry.options.contains(&"mode");
        for mode in [Mode::Local, Mode::Propagated].into_iter().take(if has_mode { 2 } else { 1 }) {
            if fits(&entry, dialect, mode) {
                let mut kind = json!({"kind": entry.name});
                if has_mode {
                    kind["mode"] = serde_json::to_value(mode).unwrap();
                }
                kinds.push(kind);
            }
        }
    }
    kinds
}

fn fits(entry: &CorruptionEntry, dialect: &DialectEntry, mode: Mode) -> bool {
    entry.fits(dialect.about, dialect.told, mode).is_ok()
}

/// All searches that fit and that the dialect tells, each with its first heuristic and with each inference. The paper's beam search is left out: it
/// moves to nodes that it never announced, so its clean text has errors.
fn searches_of(dialect: &DialectEntry) -> Vec<Value> {
    let entries = SEARCHES.into_iter().filter(|entry| entry.fits(dialect.about).is_ok() && entry.name != "beam-paper");
    let told = entries.filter(|entry| dialect.tells(entry.name));
    let mut configs: Vec<Value> = told
        .flat_map(|entry| {
            let all = configs(dialect.about, &entry).into_iter().enumerate();
            all.filter(|(place, config)| *place == 0 || config.get("inference").is_some()).map(|(_, config)| config)
        })
        .collect();
    for config in &mut configs {
        config["max_nodes"] = 120.into();
        config["ties"] = "random".into();
    }
    configs
}

/// The kinds of records that are made from traces, with the settings that change most.
fn made_of_traces() -> Vec<Value> {
    vec![
        json!({"kind": "critique"}),
        json!({"kind": "critique", "name": "noise", "noise_percent": 100, "detail": "steps"}),
        json!({"kind": "critique", "name": "verdict", "arm": "verdict"}),
        json!({"kind": "critique", "name": "shuffled", "arm": "shuffled"}),
        json!({"kind": "critique", "name": "noisy", "arm": "noisy"}),
        json!({"kind": "critique", "name": "verified", "arm": "verified"}),
        json!({"kind": "critique", "name": "oracle", "arm": "oracle"}),
        json!({"kind": "criteria"}),
        json!({"kind": "criteria", "name": "cued", "labels_only": true, "definitions": true,
            "cue": {"kind": "length", "percent": {"train": 90}}}),
        json!({"kind": "correction"}),
        json!({"kind": "correction", "name": "edited", "second": "minimal-edit",
            "mix": {"wrong_right": 3, "right_right": 1, "wrong_wrong": 1}}),
        json!({"kind": "correction", "name": "criticised", "second": "critique"}),
        json!({"kind": "backtrack", "plain_percent": 20}),
        json!({"kind": "comparison"}),
        json!({"kind": "comparison", "name": "sure", "target": "confidence", "justification": "first-error"}),
        json!({"kind": "comparison", "name": "lone", "lone": true, "justification": "none"}),
        json!({"kind": "group", "size": 4}),
        json!({"kind": "success-only"}),
        json!({"kind": "shortened"}),
        json!({"kind": "truncated"}),
        json!({"kind": "return-conditioned"}),
        json!({"kind": "random-walk"}),
        json!({"kind": "dropped"}),
        json!({"kind": "dropped", "name": "dropped-code", "level": 3, "reading": "code"}),
        json!({"kind": "detours", "count": 2, "depth": 2}),
        json!({"kind": "tree"}),
        json!({"kind": "subgoal"}),
        json!({"kind": "imitation", "name": "ugly", "style": "ugly-right"}),
        json!({"kind": "imitation", "name": "fluent", "style": "fluent-wrong"}),
        json!({"kind": "preference"}),
        json!({"kind": "unpaired"}),
        json!({"kind": "stepwise"}),
        json!({"kind": "messages"}),
        json!({"kind": "rl"}),
    ]
}

/// A recipe with every search and every kind of record.
fn recipe(family: &'static dyn Family, dialect: &DialectEntry) -> Recipe {
    let mut records = vec![json!({"kind": "search"}), json!({"kind": "optimal"}), json!({"kind": "answer"})];
    records.push(json!({"kind": "direct"}));
    let corrupted =
        |name: &str, corruption: Value| json!({"kind": "corrupted", "name": name, "corruption": corruption});
    records.push(corrupted("one", json!({"kinds": kinds(dialect, None), "count": 1})));
    if dialect.told != Coverage::Answer {
        records.push(corrupted("three", json!({"kinds": kinds(dialect, Some(Scope::Step)), "count": 3})));
        records.push(json!({"kind": "swapped"}));
    }
    if dialect.told != Coverage::Answer {
        records.extend(made_of_traces());
    }
    // Some constraint puzzles are unsolvable, if the environment can make them.
    let easy = serde_json::to_value(&family.levels()[0]).unwrap();
    let mut environment = json!({"name": family.about().name, "level": "easy"});
    if easy.get("solvable").is_some() && !family.about().variable_orders.is_empty() {
        environment["solvable"] = "any".into();
    }
    let recipe = json!({
        "name": "table", "seed": 23, "dialect": dialect.name, "answer": true,
        "environment": environment,
        "searches": searches_of(dialect),
        "splits": {"train": {"rows": 0, "share": 1}},
        "records": records,
    });
    Recipe::from_toml(&toml::to_string(&recipe).unwrap()).unwrap()
}

/// Rows by environment, dialect, search and record config, and the number of rows with defects.
#[derive(Default)]
pub(super) struct Table {
    pub(super) rows: BTreeMap<[String; 4], u64>,
    kinds: BTreeSet<String>,
    planted: u64,
    whole: u64,
    /// Rows that prove that there is no solution.
    proofs: u64,
    /// The number of wrong rows for each dialect and kind, and the first of them.
    pub(super) failures: BTreeMap<String, (u64, String)>,
}

impl Table {
    fn of(family: &'static dyn Family) -> Self {
        let mut table = Self::default();
        table.visit(family);
        table
    }

    /// Adds the table of another environment.
    fn add(&mut self, part: Self) {
        self.rows.extend(part.rows);
        self.kinds.extend(part.kinds);
        self.planted += part.planted;
        self.whole += part.whole;
        self.proofs += part.proofs;
        for (field, (count, first)) in part.failures {
            self.failures.entry(field).or_insert((0, first)).0 += count;
        }
    }

    pub(super) fn visit(&mut self, family: &'static dyn Family) {
        let name = family.about().name;
        for (_, dialect) in (0..).zip(dialects(family.about())).filter(|(place, _)| takes(name, *place, 3)) {
            let mut recipe = recipe(family, &dialect);
            // Some searches fit only some puzzles of an environment. Recipes for just those puzzles are not tested here.
            while let Some(kind) = unfit(&recipe) {
                recipe.searches.retain(|search| search.search.kind != kind);
            }
            self.dataset(recipe);
        }
    }
}

/// A search that does not fit the first puzzle of a recipe.
fn unfit(recipe: &Recipe) -> Option<String> {
    let mut dataset =
        Dataset::new(recipe.clone()).unwrap_or_else(|error| panic!("{}: {error}", recipe.environment_name()));
    dataset.ask_for(0, 1);
    match dataset.prepare() {
        Err(RecipeError::Search(SearchError::Unfit { kind, .. })) => Some(kind.into()),
        Err(error) => panic!("{}: {error}", recipe.environment_name()),
        Ok(()) => None,
    }
}

impl Table {
    fn dataset(&mut self, recipe: Recipe) {
        let name = recipe.environment_name().to_string();
        let mut dataset = Dataset::new(recipe).unwrap_or_else(|error| panic!("{name}: {error}"));
        dataset.ask_for(0, 1);
        let dataset = dataset;
        dataset.prepare().unwrap_or_else(|error| panic!("{}: {error}", name));
        let mut left: BTreeSet<usize> = (0..dataset.searches.len()).collect();
        let mut buffers = WorkerBuffers::default();
        for index in 0..MOST_ROWS {
            if index >= ROWS && left.is_empty() {
                return;
            }
            // Behind the first rows, only those of a search that was not drawn before.
            if index >= ROWS && dataset.episode(0, index, &mut buffers).is_ok_and(|drawn| !left.contains(&drawn.search))
            {
                continue;
            }
            let mut batches = dataset.batches();
            let base = match dataset.rows(0, index, &mut buffers, &mut batches) {
                Ok(base) => base,
                Err(RecordError::Search(_)) => continue,
                Err(error) => panic!("{} {index}: {error}", name),
            };
            left.remove(&base.search);
            for (config, rows) in dataset.recipe.records.iter().zip(&batches) {
                let search = &dataset.searches[base.search].1;
                let row = row_json(rows, 0).unwrap();
                if let Err(what) = self.hold(&config.kind, row, &serde_json::to_value(&search.config).unwrap()) {
                    let field = format!("{} {}", dataset.dialect.name, config.folder());
                    let place = format!("{name} {index} {:?}", search.config);
                    self.failures.entry(field).or_insert_with(|| (0, format!("{place}: {what}"))).0 += 1;
                }
                let key = [&name, dataset.dialect.name, search.name, config.folder()].map(String::from);
                *self.rows.entry(key).or_default() += 1;
            }
        }
        assert!(left.is_empty(), "{} {}: {left:?} never drawn", name, dataset.dialect.name);
    }

    /// Compares a row with the promises of its kind, as `sos check` reads it.
    fn hold(&mut self, kind: &str, mut row: Map<String, Value>, search: &Value) -> Result<(), String> {
        let text: String = ["prompt", "completion"].iter().filter_map(|column| row.get(*column)?.as_str()).collect();
        let defects: Vec<Value> = serde_json::from_str(row["defects"].as_str().unwrap()).unwrap();
        let broken = ["corrupted", "swapped"].contains(&kind);
        if kind == "search" {
            row.insert("level".into(), "policy".into());
            row.insert("search".into(), search.clone());
        }
        let (solved, solvable) = (row["solved"].clone(), row["solvable"].clone());
        let is_json = row["dialect"] == "events";
        let optimal_cost = row["optimal_cost"].clone();
        let marks = |column: &str| serde_json::from_str::<Vec<Vec<usize>>>(row[column].as_str().unwrap()).unwrap();
        let spans = [marks("wrong_spans"), marks("skip_spans")];
        let checked = request::check_row(row).map_err(|error| error.to_string())?;
        let ensure = |holds: bool, what: &str| match holds {
            true => Ok(()),
            false => Err(format!("{what}\n{text}\n{defects:?}\n{}", checked.answer)),
        };
        ensure(checked.good, "the check finds what it should not, or not what it should")?;
        if checked.answer.get("agrees").is_some() {
            return Ok(());
        }
        ensure(solved == checked.answer["solved"], "solved")?;
        // A trace that says "no solution" has tried everything.
        let proof = &checked.answer["metrics"]["proves_unsolvable"];
        if kind == "search" && !proof.is_null() {
            ensure(proof == true, "it does not prove that there is no solution")?;
            self.proofs += 1;
        }
        if kind == "optimal" && solvable == true {
            ensure(checked.answer["optimal"] == true && checked.answer["cost"] == optimal_cost, "not the cheapest")?;
        }
        if !broken {
            ensure(checked.valid && defects.is_empty(), "not clean")?;
            return ensure(spans[0].is_empty(), "spans are called wrong in a clean text");
        }
        ensure(checked.found == checked.planted, "a defect is not found")?;
        ensure(checked.valid == defects.is_empty(), "errors, and no defects")?;
        // A loss skips exactly the spans that were planted in single steps, and each planted span is marked wrong.
        let mut planted: Vec<Vec<usize>> =
            defects.iter().map(|defect| serde_json::from_value(defect["span"].clone()).unwrap()).collect();
        planted.sort();
        planted.dedup();
        planted.retain(|span| span[0] < span[1]);
        // Filler is one defect, at its beginning, and all of it is skipped.
        let fills = defects.iter().any(|defect| defect["kind"] == "filler");
        let begins = || spans[1].first().map(|span| span[0]) == planted.first().map(|span| span[0]);
        ensure(
            spans[1].is_empty() || spans[1] == planted || (fills && begins()),
            "skip_spans are not those of the defects",
        )?;
        ensure(planted.iter().all(|span| spans[0].contains(span)), "a defect is not in wrong_spans")?;
        // One JSON object cannot be cut before its answer, and cannot hold states of another puzzle. If moves tell no weights, a text may not show that
        // its answer is wrong.
        let is_answer = checked.answer["metrics"]["nodes"] == 0;
        ensure(!defects.is_empty() || is_json || is_answer || kind == "swapped", "it is not broken")?;
        self.whole += 1;
        self.planted += u64::from(!defects.is_empty());
        self.kinds.extend(defects.iter().map(|defect| defect["kind"].as_str().unwrap().to_string()));
        Ok(())
    }
}

#[test]
fn all_records_of_all_searches_are_what_they_say() {
    let mut table = Table::default();
    of_environments(Table::of).into_iter().for_each(|part| table.add(part));
    let rows: u64 = table.rows.values().sum();
    eprintln!("{rows} rows in {} fields of the table, {} of {} broken", table.rows.len(), table.planted, table.whole);
    for (field, (count, first)) in &table.failures {
        eprintln!("{field}: {count} rows, the first one: {first}\n");
    }
    assert!(table.failures.is_empty(), "{:?}", table.failures.keys());
    assert!(table.planted * 100 >= table.whole * 98, "{} of {}", table.planted, table.whole);
    let missing: Vec<_> = corruptions().into_iter().map(|entry| entry.name).collect();
    let missing: Vec<_> = missing.into_iter().filter(|name| !table.kinds.contains(*name)).collect();
    assert_eq!(missing, [""; 0], "never planted");
    let least = if is_long() { 100 } else { 20 };
    assert!(table.proofs > least, "{} proofs that there is no solution", table.proofs);
}
