//! Splits share no puzzle, held-out values stay out, and no split repeats a puzzle. This holds for every way to walk through a space.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sos_envs::{Draw, LEVELS};

use super::{about, family, is_long, of_environments, takes};
use crate::recipes::{SMALL, changed, dataset};
use stream_of_search::arena::{Family, Puzzle, Scratch};
use stream_of_search::recipe::{Recipe, RecipeError};
use stream_of_search::record::puzzles::{ProvenPuzzle, Puzzles};
use stream_of_search::record::{Dataset, Datasets, WorkerBuffers};
use stream_of_search::search::{Outcome, Search};
use stream_of_search::table::RowSource;
use stream_of_search::trace::Trace;

/// The puzzles of a split, up to a number of them.
fn puzzles(text: &str, name: &str, most: u64) -> Vec<ProvenPuzzle> {
    let recipe = Recipe::from_toml(text).unwrap();
    let split = recipe.splits.keys().position(|split| split == name).unwrap();
    let puzzles = Puzzles::new(&recipe, split, 0).unwrap();
    let rows = u64::try_from(puzzles.capacity()).unwrap_or(u64::MAX).min(most);
    let mut cache = Default::default();
    (0..rows).map(|index| puzzles.get(index, &mut cache).unwrap()).collect()
}

fn ids(puzzles: &[ProvenPuzzle]) -> BTreeSet<u128> {
    puzzles.iter().map(|drawn| drawn.id.0).collect()
}

fn target(puzzle: &Puzzle) -> u64 {
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
    value["target"].as_u64().unwrap()
}

/// A recipe with held-out targets over an environment.
fn held_out(environment: &[(&str, &str)]) -> String {
    let text = changed(SMALL, environment);
    let hold_out = "[hold_out]\nkey = \"target\"\npercent = 10\n\n[splits.held]\nrows = 10\nheld_out = true\n\n";
    text.replacen("[splits.train]", &format!("{hold_out}[splits.train]"), 1)
}

const SPLITS: [&str; 4] = ["train", "validation", "test", "held"];

fn check_disjoint(text: &str, most: u64) -> BTreeMap<&'static str, Vec<ProvenPuzzle>> {
    let all: BTreeMap<_, _> = SPLITS.into_iter().map(|name| (name, puzzles(text, name, most))).collect();
    let mut seen = BTreeSet::new();
    let mut held = BTreeSet::new();
    for (name, drawn) in &all {
        assert!(!drawn.is_empty(), "{name} is empty");
        let ids = ids(drawn);
        assert_eq!(ids.len(), drawn.len(), "{name} has a puzzle twice");
        for id in ids {
            assert!(seen.insert(id), "a puzzle of {name} is in another split");
        }
        if *name == "held" {
            held = drawn.iter().map(|drawn| target(&drawn.puzzle)).collect();
        }
    }
    for (name, drawn) in all.iter().filter(|(name, _)| **name != "held") {
        assert!(drawn.iter().all(|drawn| !held.contains(&target(&drawn.puzzle))), "{name} has a held-out target");
    }
    for drawn in all.values().flatten().take(3000) {
        assert!(drawn.facts.solvable && drawn.facts.optimal_cost.is_some());
        assert_eq!(drawn.puzzle.id(), drawn.id);
    }
    all
}

/// 3 numbers of 1 to 9 and 11 targets: 165 lists, 1,815 candidates.
const WHOLE: [(&str, &str); 3] = [
    ("sizes =", "sizes = { min = 3, max = 3 }"),
    ("numbers =", "numbers = { min = 1, max = 9 }"),
    ("targets =", "targets = { min = 20, max = 30 }"),
];

#[test]
fn a_small_space_is_used_up_exactly_once() {
    let all = check_disjoint(&held_out(&WHOLE), u64::MAX);
    let mut expected = BTreeSet::new();
    for (a, b, c) in (1..10).flat_map(|a| (a..10).flat_map(move |b| (b..10).map(move |c| (a, b, c)))) {
        for target in 20..=30 {
            let json = serde_json::json!({"numbers": [a, b, c], "target": target});
            let puzzle = family("countdown").read_json(&json).unwrap();
            if puzzle.solver_facts().solvable {
                expected.insert(puzzle.id().0);
            }
        }
    }
    let found: BTreeSet<u128> = all.values().flat_map(|drawn| ids(drawn)).collect();
    assert!(expected.len() > 250, "{}", expected.len());
    assert_eq!(found, expected);
    // No split gives more puzzles than it holds.
    for (name, drawn) in &all {
        let recipe = held_out(&WHOLE);
        let recipe = Recipe::from_toml(&recipe).unwrap();
        let split = recipe.splits.keys().position(|split| split == name).unwrap();
        assert!(Puzzles::new(&recipe, split, drawn.len() as u64).is_ok());
        match Puzzles::new(&recipe, split, drawn.len() as u64 + 1) {
            Err(RecipeError::TooManyRows { capacity, space: 1815, .. }) => assert_eq!(capacity, drawn.len() as u128),
            other => panic!("{:?}", other.err()),
        }
    }
}

/// The results that can be made of numbers, all of them used, by the rules of Countdown.
fn results(numbers: &[u64]) -> BTreeSet<u64> {
    if let [only] = numbers {
        return BTreeSet::from([*only]);
    }
    let mut all = BTreeSet::new();
    for (i, j) in (0..numbers.len()).flat_map(|i| (0..numbers.len()).map(move |j| (i, j))).filter(|(i, j)| i != j) {
        let (a, b) = (numbers[i], numbers[j]);
        let rest = (0..numbers.len()).filter(|place| ![i, j].contains(place)).map(|place| numbers[place]);
        let rest: Vec<u64> = rest.collect();
        let quotient = if b > 0 && a % b == 0 { Some(a / b) } else { None };
        for result in [Some(a + b), Some(a * b), a.checked_sub(b), quotient].into_iter().flatten() {
            all.extend(results(&[&rest[..], &[result]].concat()));
        }
    }
    all
}

/// Three numbers up to 99: 166,650 lists. The error about too many rows says how many puzzles there are where it knows, which is as many as one finds by trying
/// all; for larger spaces it says a number that there are at least, and these can be rows.
#[test]
fn an_error_about_too_many_rows_says_the_truth() {
    let lists = (1..=99).flat_map(|a| (a..=99).flat_map(move |b| (b..=99).map(move |c| [a, b, c])));
    // The greatest number of each list, and the results that are targets.
    let lists: Vec<(u64, Vec<u64>)> =
        lists.map(|list| (list[2], results(&list).range(20..=29).copied().collect())).collect();
    for (most, targets) in [(30, [24, 26]), (60, [24, 24]), (99, [24, 24]), (99, [23, 25]), (99, [20, 29])] {
        let within = || lists.iter().filter(|(greatest, _)| *greatest <= most);
        let candidates = within().count() as u64 * (targets[1] - targets[0] + 1);
        let is_target = |result: &&u64| (targets[0]..=targets[1]).contains(*result);
        let puzzles: u128 = within().map(|(_, results)| results.iter().filter(is_target).count() as u128).sum();
        let text = changed(
            SMALL,
            &[
                ("sizes =", "sizes = { min = 3, max = 3 }"),
                ("numbers =", &format!("numbers = {{ min = 1, max = {most} }}")),
                ("targets =", &format!("targets = {{ min = {}, max = {} }}", targets[0], targets[1])),
            ],
        );
        // One split that has the whole space.
        let begin = text.find("[splits.validation]").unwrap();
        let end = text.find("[[records]]").unwrap();
        let recipe =
            Recipe::from_toml(&format!("{}{}", &text[..begin].replace("share = 80", "share = 100"), &text[end..]));
        let recipe = recipe.unwrap();
        let error = Puzzles::new(&recipe, 0, u64::MAX).err().unwrap();
        let message = error.to_string();
        let RecipeError::TooManyRows { capacity, all, space, .. } = error else { panic!("{message}") };
        assert_eq!((space, all), (candidates.into(), candidates <= 1 << 18), "{message}");
        match all {
            true => {
                assert_eq!(capacity, puzzles, "{message}");
                assert!(message.contains(&format!("holds {puzzles} puzzles ({candidates} candidates")), "{message}");
            }
            false => {
                assert!(capacity <= puzzles, "{message}: there are {puzzles}");
                let says = if capacity == 0 {
                    "so few puzzles that none can be a row".into()
                } else {
                    format!("holds at least {capacity} puzzles, and {capacity} of them can be rows")
                };
                assert!(message.contains(&says), "{message}");
            }
        }
        // So many rows there are, and no puzzle comes twice.
        if capacity > 0 {
            let drawn = Puzzles::new(&recipe, 0, capacity as u64).unwrap();
            let mut cache = Default::default();
            let rows = (0..capacity as u64).map(|index| drawn.get(index, &mut cache).unwrap().id.0);
            assert_eq!(rows.collect::<BTreeSet<_>>().len() as u128, capacity, "{message}");
        }
    }
}

#[test]
fn a_space_in_blocks() {
    // 4 numbers of 1 to 30 and 51 targets: 40,920 lists, 2.1 million candidates.
    let blocks = [("sizes =", "sizes = { min = 4, max = 4 }")];
    let all = check_disjoint(&held_out(&blocks), 50_000);
    assert_eq!(all["train"].len(), 50_000);
}

/// Batches in a drawn order ask for rows all over a space. If each drew its block of candidates anew, they would take hundreds of times as long.
#[test]
fn rows_in_any_order_cost_no_more_than_in_their_own() {
    let line = "name = \"line\"\ndialect = \"compact\"\nsearches = [{ kind = \"dfs\" }]\nsplits = { train = { rows = 4 } }\nrecords = [{ kind = \"search\" }]\n[environment]\nname = \"number-line\"\nlimit = 99\nfactors = { min = 2, max = 3 }\nmin_cost = 2\nmax_cost = 7";
    let recipe = Recipe::from_toml(line).unwrap();
    let rows = 12_000;
    let seconds = |order: &dyn Fn(u64) -> u64, made: &mut Vec<(u64, u128)>| {
        let puzzles = Puzzles::new(&recipe, 0, 0).unwrap();
        let mut cache = Default::default();
        let start = std::time::Instant::now();
        made.extend((0..rows).map(order).map(|index| (index, puzzles.get(index, &mut cache).unwrap().id.0)));
        start.elapsed().as_secs_f64()
    };
    let (mut own, mut drawn) = (Vec::new(), Vec::new());
    let first = seconds(&|index| index, &mut own);
    // 7,919 is a prime that does not divide the number of rows.
    let second = seconds(&|index| index * 7_919 % rows, &mut drawn);
    drawn.sort_unstable();
    assert_eq!(own, drawn);
    assert!(second < 10.0 * first, "{second} {first}");
}

#[test]
fn a_space_in_strata_with_equal_targets() {
    let strata = [
        ("sizes =", "sizes = { min = 4, max = 4 }\ndraws = \"independent\""),
        ("numbers =", "numbers = { min = 1, max = 99 }"),
        ("targets =", "targets = { min = 11, max = 60 }"),
    ];
    let rows = 5_000;
    let all = check_disjoint(&held_out(&strata), rows);
    let counts = all["held"].iter().fold(BTreeMap::<u64, u64>::new(), |mut counts, drawn| {
        *counts.entry(target(&drawn.puzzle)).or_default() += 1;
        counts
    });
    assert_eq!(counts.len(), 5, "{counts:?}");
    let train = all["train"].iter().fold(BTreeMap::<u64, u64>::new(), |mut counts, drawn| {
        *counts.entry(target(&drawn.puzzle)).or_default() += 1;
        counts
    });
    // 45 targets share 5,000 rows: 111 each, within five standard deviations of independent draws.
    assert_eq!(train.len(), 45, "{train:?}");
    let mean = rows / 45;
    assert!(train.values().all(|&count| count.abs_diff(mean) * count.abs_diff(mean) <= 25 * mean), "{train:?}");
}

/// Numbers of three and of four: the first environment has few puzzles, and so the split has.
const TWO: &str = r#"
name = "two"
dialect = "compact"
searches = [{ kind = "dfs" }]
splits = { train = { rows = 4 } }
records = [{ kind = "search" }]

[[environments]]
name = "countdown"
sizes = { min = 2, max = 2 }
numbers = { min = 1, max = 5 }
targets = { min = 4, max = 6 }

[[environments]]
name = "graph"
weight = 2
"#;

#[test]
fn a_row_behind_the_last_is_an_error() {
    let strata = [("sizes =", "sizes = { min = 4, max = 4 }\ndraws = \"independent\"")];
    let swapped = "[[records]]\nkind = \"swapped\"\n";
    let of = |changes: &[(&str, &str)]| format!("{}{swapped}", held_out(changes));
    for text in [of(&WHOLE), of(&[("sizes =", "sizes = { min = 4, max = 4 }")]), of(&strata), TWO.into()] {
        let mut datasets = Datasets::new(Recipe::from_toml(&text).unwrap()).unwrap();
        (0..datasets.splits().len()).for_each(|split| datasets.ask_for(split, 1));
        datasets.prepare().unwrap();
        for (split, name) in datasets.splits().iter().enumerate() {
            let capacity = u64::try_from(datasets.capacity(split)).unwrap();
            let (mut buffers, mut rows) = (datasets.scratch(), datasets.batches());
            assert!(datasets.rows(split, capacity - 1, &mut buffers, &mut rows).is_ok(), "{name}, {capacity}");
            // Behind the last row, those of another environment may go on.
            let more = if text == TWO { 2 } else { 0 };
            let beyond = (capacity..=capacity + more).find_map(|index| {
                let error = datasets.rows(split, index, &mut buffers, &mut rows).err()?;
                Some((index, error.to_string()))
            });
            let (index, error) = beyond.expect("the split has an end");
            let expected = format!("split {name}, row {index}: the split's puzzles are enough for {capacity} rows");
            assert_eq!(error, expected);
            if text != TWO {
                assert!(datasets.rows(split, u64::MAX, &mut buffers, &mut rows).is_err());
            }
        }
    }
}

#[test]
fn rows_of_a_split_keep_their_place_when_more_are_asked_for() {
    let (few, many) =
        (puzzles(SMALL, "train", 100), puzzles(&changed(SMALL, &[("rows = 300", "rows = 9000")]), "train", 100));
    assert!(few.iter().zip(&many).all(|(a, b)| a.id == b.id && a.puzzle == b.puzzle));
}

#[test]
fn solvable_as_it_was_set() {
    for (setting, expected) in [("yes", Some(true)), ("no", Some(false)), ("any", None)] {
        let numbers = format!("numbers = {{ min = 1, max = 30 }}\nsolvable = \"{setting}\"");
        let drawn = puzzles(&changed(SMALL, &[("numbers =", &numbers)]), "train", 500);
        let solvable = drawn.iter().filter(|drawn| drawn.facts.solvable).count();
        match expected {
            Some(true) => assert_eq!(solvable, 500),
            Some(false) => assert_eq!(solvable, 0),
            None => assert!((1..500).contains(&solvable)),
        }
    }
}

#[test]
fn shuffled_numbers_are_no_new_puzzle() {
    let dataset = dataset(SMALL);
    let mut buffers = WorkerBuffers::default();
    let mut sorted = 0;
    for index in 0..200 {
        let drawn = dataset.puzzle(0, index, &mut buffers).unwrap();
        assert_eq!(drawn.puzzle.canonical().id(), drawn.id);
        sorted += usize::from(drawn.puzzle == drawn.puzzle.canonical());
    }
    assert!(sorted < 60, "{sorted} of 200 puzzles show their numbers sorted");
}

#[test]
fn unsatisfiable_settings_are_refused_at_once() {
    let none = [
        ("sizes =", "sizes = { min = 2, max = 2 }"),
        ("numbers =", "numbers = { min = 1, max = 2 }"),
        ("targets =", "targets = { min = 1000, max = 1000 }"),
    ];
    let strata = [("sizes =", "sizes = { min = 2, max = 2 }\ndraws = \"independent\""), none[1], none[2]];
    let large = [
        ("sizes =", "sizes = { min = 6, max = 6 }"),
        ("numbers =", "numbers = { min = 1, max = 9 }"),
        ("targets =", "targets = { min = 999999999, max = 999999999 }"),
    ];
    for settings in [&none, &strata, &large] {
        let start = std::time::Instant::now();
        let dataset = Dataset::new(Recipe::from_toml(&changed(SMALL, settings)).unwrap()).unwrap();
        let error = dataset.prepare().unwrap_err();
        assert!(matches!(error, RecipeError::Unsatisfiable { .. }), "{error}");
        assert!(start.elapsed().as_secs() < 30);
    }
}

/// Puzzles of a maze recipe's split, with their walls as JSON.
fn walls(text: &str, name: &str) -> Vec<String> {
    let recipe = Recipe::from_toml(text).unwrap();
    let split = recipe.splits.keys().position(|split| split == name).unwrap();
    let rows = recipe.splits[name].rows;
    let puzzles = Puzzles::new(&recipe, split, rows).unwrap();
    let mut cache = Default::default();
    let walls = |index| {
        let mut json = Vec::new();
        puzzles.get(index, &mut cache).unwrap().puzzle.write_json(&mut json);
        serde_json::from_slice::<serde_json::Value>(&json).unwrap()["walls"].to_string()
    };
    (0..rows).map(walls).collect()
}

/// The walls of 6 x 6 mazes are used many times, but always in the same split.
#[test]
fn tasks_over_the_same_walls_are_in_one_split() {
    let text = r#"
        name = "maze"
        dialect = "compact"
        environment = { name = "maze", width = 6, height = 6, layout = { kind = "wilson" }, tasks = 5 }
        searches = [{ kind = "bfs" }]
        records = [{ kind = "search" }]
        [splits.train]
        rows = 400
        [splits.test]
        rows = 200
    "#;
    let [train, test] = ["train", "test"].map(|name| walls(text, name));
    assert!(train.chunks(5).chain(test.chunks(5)).all(|tasks| tasks.iter().all(|walls| *walls == tasks[0])));
    let [train, test] = [train, test].map(|walls| walls.into_iter().collect::<BTreeSet<_>>());
    assert!(train.len() > 3 && test.len() > 1, "{} and {} layouts", train.len(), test.len());
    assert!(train.is_disjoint(&test));
}

/// Tasks repeat over the same walls only after all their tasks are used. A row does not depend on the rows made before it.
#[test]
fn tasks_over_the_same_walls_differ() {
    let text = |side: u64, tasks: u64| {
        format!(
            "name = \"maze\"\ndialect = \"compact\"\nsearches = [{{ kind = \"bfs\" }}]\nrecords = [{{ kind = \"search\" }}]\n\
             environment = {{ name = \"maze\", width = {side}, height = {side}, layout = {{ kind = \"wilson\" }}, tasks = {tasks} }}\n\
             [splits.train]\nrows = 240\n"
        )
    };
    for (side, tasks, all_differ) in [(5, 12, true), (7, 80, true), (3, 60, false)] {
        let recipe = Recipe::from_toml(&text(side, tasks)).unwrap();
        let puzzles = Puzzles::new(&recipe, 0, 240).unwrap();
        let mut cache = Default::default();
        let ids: Vec<_> = (0..240).map(|index| puzzles.get(index, &mut cache).unwrap().id).collect();
        for ground in ids.chunks(tasks as usize) {
            let distinct = ground.iter().collect::<BTreeSet<_>>().len();
            assert_eq!(distinct == ground.len(), all_differ, "{distinct} of {} tasks", ground.len());
        }
        for (index, id) in ids.iter().enumerate().rev().step_by(7) {
            let index = index as u64;
            assert_eq!(puzzles.get(index, &mut cache).unwrap().id, *id);
            assert_eq!(puzzles.get(index, &mut Default::default()).unwrap().id, *id);
        }
    }
}

/// Each stage has its own settings and band, the split's filter holds in all stages, and a puzzle that a search solves is not unsolved.
#[test]
fn stages_bands_and_unsolved_puzzles() {
    let text = r#"
        name = "stages"
        dialect = "compact"
        environment = { name = "countdown", sizes = { min = 4, max = 4 } }
        mixture = "stream-of-search"
        records = [{ kind = "search" }]
        [splits.train]
        rows = 60
        difficulty = { min = 5 }
        stages = [
            { rows = 20, environment = { sizes = { min = 3, max = 3 } } },
            { rows = 20, difficulty = { max = 100 } },
            { rows = 20, difficulty = { min = 101 }, cost = { min = 3 } },
        ]
        [splits.hard]
        rows = 30
        unsolved = true
    "#;
    let train = puzzles(text, "train", 80);
    assert_eq!(train.len(), 80, "rows beyond the last stage are more of it");
    let size = |drawn: &ProvenPuzzle| {
        let mut json = Vec::new();
        drawn.puzzle.write_json(&mut json);
        serde_json::from_slice::<serde_json::Value>(&json).unwrap()["numbers"].as_array().unwrap().len()
    };
    for (index, drawn) in train.iter().enumerate() {
        let difficulty = drawn.facts.difficulty.unwrap();
        assert_eq!(size(drawn), if index < 20 { 3 } else { 4 }, "row {index}");
        let band = [5..=u64::MAX, 5..=100, 101..=u64::MAX, 101..=u64::MAX][index / 20].clone();
        assert!(band.contains(&difficulty), "row {index}: {difficulty}");
    }
    let recipe = Recipe::from_toml(text).unwrap();
    let hard = puzzles(text, "hard", 30);
    assert!(ids(&hard).is_disjoint(&ids(&train)));
    for entry in recipe.searches.iter().filter(|entry| entry.search.kind == "dfs") {
        let search = Search::new(about("countdown"), &entry.search).unwrap();
        for drawn in &hard {
            let mut trace = Trace::default();
            let outcome =
                search.run(&drawn.puzzle, &mut Draw::new(0, "any"), None, &mut trace, &mut Scratch::default());
            assert_ne!(outcome, Outcome::Solved, "{:?}", drawn.puzzle);
        }
    }
}

/// All properties of all environments by which puzzles can be held out.
#[derive(Default)]
struct Keys {
    tested: u64,
    /// Properties that have only one value at each level.
    same: Vec<String>,
}

impl Keys {
    fn of(family: &'static dyn Family) -> Self {
        let mut keys = Self::default();
        let about = family.about();
        for (number, key) in about.keys.iter().enumerate().filter(|(number, _)| takes(about.name, *number, 2)) {
            let Some((held, others)) = LEVELS.iter().find_map(|level| values_by(about.name, level, key, number)) else {
                keys.same.push(format!("{} {key}", about.name));
                continue;
            };
            assert!(held.is_disjoint(&others), "{}, {key}: {held:?} and {others:?}", about.name);
            keys.tested += 1;
        }
        keys
    }
}

/// The values of a property among held-out puzzles and among the others. `None` if the settings leave nothing to hold out.
fn values_by(name: &str, level: &str, key: &str, number: usize) -> Option<(HashSet<u64>, HashSet<u64>)> {
    let recipe = format!(
        "name = \"held\"\nseed = 3\ndialect = \"compact\"\nenvironment = {{ name = \"{name}\", level = \"{level}\" }}\n\
         searches = [{{ kind = \"dfs\", max_nodes = 10 }}]\nrecords = [{{ kind = \"answer\" }}]\n\
         hold_out = {{ key = \"{key}\", percent = 40 }}\n\
         splits = {{ train = {{ rows = 4, share = 1 }}, test = {{ rows = 4, held_out = true, share = 1 }} }}\n"
    );
    let dataset = Dataset::new(Recipe::from_toml(&recipe).unwrap()).ok()?;
    dataset.prepare().ok()?;
    let mut buffers = WorkerBuffers::default();
    let mut values = |split: &str| -> Option<HashSet<u64>> {
        let split = dataset.splits().iter().position(|name| name == split)?;
        (0..4).map(|index| Some(dataset.puzzle(split, index, &mut buffers).ok()?.puzzle.hold_out_key(number))).collect()
    };
    Some((values("test")?, values("train")?))
}

#[test]
fn every_property_holds_out() {
    let mut keys = Keys::default();
    for part in of_environments(Keys::of) {
        keys.tested += part.tested;
        keys.same.extend(part.same);
    }
    eprintln!("{} properties; of one value at each level: {:?}", keys.tested, keys.same);
    assert!(keys.tested > if is_long() { 30 } else { 10 }, "{} {:?}", keys.tested, keys.same);
}
