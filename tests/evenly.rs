//! Direct tests of how cues are kept out: defects are spread evenly over the steps that can carry them, each row orders the copies of a comparison
//! anew, noise is as frequent beside each conclusion, and wrong candidates have the length and the ending of right ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value};

use super::corruptions::{Row, broken, row_of};
use stream_of_search::arena::{Family, environments};
use stream_of_search::corrupt::{Corruption, CorruptionConfig, First, KindConfig};
use stream_of_search::dialect::dialects;
use stream_of_search::recipe::{Recipe, RecordConfig};
use stream_of_search::record::{Dataset, WorkerBuffers};
use stream_of_search::search::{SEARCHES, SearchConfig};
use stream_of_search::sink::row_json;

/// Environments of every sort: operations, paths, positions, boxes, cells.
const SEVERAL: [&str; 8] =
    ["countdown", "graph", "maze", "sokoban", "sliding-tiles", "graph-colouring", "sudoku", "zebra"];

/// Dialects whose defects are counted.
const DIALECTS: [&str; 4] = ["stream-of-search", "compact", "sudoku", "searchformer"];

/// Traces of each environment, and defects that are planted in each trace, one at a time.
const TRACES: u64 = 8;
const DRAWS: u64 = 100;

/// The chi-square value (four degrees of freedom) that chance reaches once in 100,000 times.
const MOST: f64 = 28.5;

/// How often a defect was planted in each step of a trace, for the steps that had one, from first to last.
fn planted(family: &'static dyn Family, search: &str, name: &str, index: u64) -> Vec<u64> {
    let dialect = dialects(family.about()).into_iter().find(|dialect| dialect.name == name).unwrap();
    let fits = |kinds: Vec<KindConfig>| {
        let config = CorruptionConfig { first: Some(First::Step), ..CorruptionConfig::of(kinds) };
        Corruption::new(&config).ok().filter(|corruption| corruption.fits(&dialect, false).is_ok())
    };
    let kinds = ["arithmetic-slip", "wrong-state", "illegal-move", "unsound-inference"].map(KindConfig::of);
    let Some(corruption) = fits(kinds.into_iter().filter(|kind| fits(vec![kind.clone()]).is_some()).collect()) else {
        return Vec::new();
    };
    let row: Row = row_of(family, search, index, false);
    let mut steps: BTreeMap<usize, u64> = BTreeMap::new();
    for seed in index * DRAWS..(index + 1) * DRAWS {
        if let Ok((broken, _)) = broken(&row, &row, &dialect, &corruption, seed) {
            *steps.entry(broken.defects[0].step).or_default() += 1;
        }
    }
    steps.into_values().collect()
}

/// The defects in each fifth of the steps that can carry them, and the number that an even spread would give. By environment and dialect.
#[derive(Default)]
struct Fifths(BTreeMap<String, ([f64; 5], [f64; 5])>);

impl Fifths {
    fn visit(&mut self, family: &'static dyn Family) {
        let environment = family.about().name;
        if !SEVERAL.contains(&environment) {
            return;
        }
        let backtracks =
            SEARCHES.into_iter().any(|entry| entry.name == "backtracking" && entry.fits(family.about()).is_ok());
        let search = match backtracks {
            true => r#"{"kind":"backtracking","ties":"random","max_nodes":25}"#,
            false => r#"{"kind":"dfs","ties":"random","max_nodes":25}"#,
        };
        let searches: SearchConfig = serde_json::from_str(search).unwrap();
        for dialect in dialects(family.about()).iter().filter(|dialect| DIALECTS.contains(&dialect.name)) {
            if !dialect.tells(&searches.kind) {
                continue;
            }
            for index in 0..TRACES {
                let counts = planted(family, search, dialect.name, index);
                if counts.len() < 10 {
                    continue;
                }
                let (found, even) = self.0.entry(format!("{environment} in {}", dialect.name)).or_default();
                let each = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
                for (place, count) in counts.iter().enumerate() {
                    let fifth = place * 5 / counts.len();
                    found[fifth] += *count as f64;
                    even[fifth] += each;
                }
            }
        }
    }
}

#[test]
fn defects_lie_evenly_over_the_steps_that_could_carry_them() {
    let mut fifths = Fifths::default();
    environments().iter().for_each(|&family| fifths.visit(family));
    let mut uneven = Vec::new();
    for (name, (found, even)) in &fifths.0 {
        let chi: f64 = found.iter().zip(even).map(|(found, even)| (found - even).powi(2) / even).sum();
        eprintln!("{name:35} {found:?} {chi:.1}");
        if chi > MOST {
            uneven.push(format!("{name}: {found:?}, evenly {even:.0?}, chi-square {chi:.1}"));
        }
    }
    assert!(fifths.0.len() > 4, "only {:?}", fifths.0.keys());
    assert!(uneven.is_empty(), "{}", uneven.join("\n"));
}

/// The first rows of some configs of a recipe, in its training split.
struct Rows(Recipe, u64);

impl Rows {
    fn run(self) -> BTreeMap<String, Vec<Map<String, Value>>> {
        let dataset = Dataset::new(self.0).unwrap();
        let split = dataset.splits().iter().position(|name| *name == "train").unwrap();
        dataset.prepare_split(split).unwrap();
        let (mut batches, mut buffers) = (dataset.batches(), WorkerBuffers::default());
        for index in 0..self.1 {
            dataset.rows(split, index, &mut buffers, &mut batches).unwrap();
        }
        let configs = dataset.recipe.records.iter().zip(&batches);
        let name = |config: &RecordConfig| config.folder().to_string();
        configs
            .map(|(config, rows)| (name(config), (0..rows.len()).filter_map(|row| row_json(rows, row)).collect()))
            .collect()
    }
}

fn rows(file: &str, configs: &[&str], rows: u64) -> BTreeMap<String, Vec<Map<String, Value>>> {
    let text = std::fs::read_to_string(Path::new("recipes/experiments").join(file)).unwrap();
    let mut recipe = Recipe::from_toml(&text).unwrap();
    recipe.records.retain(|record| configs.contains(&record.folder()));
    Rows(recipe, rows).run()
}

#[test]
fn copies_of_a_comparison_have_an_order_of_their_own_in_each_row() {
    let all = rows("7-comparison-countdown.toml", &["comparison", "permuted"], 100);
    let mut orders: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
    for (row, copy) in all["comparison"].iter().zip(&all["permuted"]) {
        let [before, after] = [row, copy].map(|row| row["candidates"].as_array().unwrap());
        assert_eq!(
            before.iter().map(Value::as_str).collect::<BTreeSet<_>>(),
            after.iter().map(Value::as_str).collect()
        );
        let order = after.iter().map(|text| before.iter().position(|other| other == text).unwrap()).collect();
        *orders.entry(order).or_default() += 1;
    }
    assert!(!orders.contains_key(&vec![0, 1, 2, 3]), "a copy in the order of its row");
    assert!(orders.len() >= 20 && orders.values().all(|&rows| rows < 20), "{orders:?}");
}

#[test]
fn as_many_critiques_are_wrong_on_purpose_beside_each_conclusion() {
    for file in ["1-critique-countdown.toml", "1-critique-maze.toml"] {
        let all = rows(file, &["critique-noisy"], 600);
        let mut noisy: BTreeMap<bool, (u64, u64)> = BTreeMap::new();
        for row in &all["critique-noisy"] {
            let wrong = row["completion"].as_str().unwrap().contains("Conclusion: wrong");
            let (noise, all) = noisy.entry(wrong).or_default();
            *noise += u64::from(row["noise"] != "");
            *all += 1;
        }
        let [praise, alarms] = [false, true].map(|wrong| noisy[&wrong].0 as f64 / noisy[&wrong].1 as f64);
        assert!((praise - alarms).abs() < 0.08, "{file}: {noisy:?}");
        assert!((0.15..0.25).contains(&((praise + alarms) / 2.0)), "{file}: {noisy:?}");
    }
}

#[test]
fn wrong_candidates_are_as_long_as_right_ones_and_end_as_they_do() {
    for file in ["4-groups-countdown.toml", "4-groups-maze.toml", "4-groups-sudoku.toml"] {
        let all = rows(file, &["preference"], 150);
        let (mut longer, mut shorter, mut ends) = (0, 0, 0);
        let pairs = &all["preference"];
        for row in pairs {
            let [chosen, rejected] = ["chosen", "rejected"].map(|column| row[column].as_str().unwrap());
            longer += usize::from(chosen.len() > rejected.len());
            shorter += usize::from(chosen.len() < rejected.len());
            // The last line or word without its digits shows whether a goal, an answer or a failure ends the text.
            let end = |text: &str| {
                let last = text.trim_end().rsplit(['\n', ' ']).next().unwrap_or_default();
                last.chars().filter(|c| !c.is_ascii_digit()).collect::<String>()
            };
            ends += usize::from(end(chosen) == end(rejected));
        }
        let count = pairs.len();
        assert!(
            longer < count * 6 / 10 && shorter < count * 6 / 10,
            "{file}: {longer} longer, {shorter} shorter of {count}"
        );
        assert!(ends > count * 9 / 10, "{file}: {ends} of {count} end alike");
    }
}
