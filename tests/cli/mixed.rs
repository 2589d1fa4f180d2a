//! Recipes with several environments, and record configs with several kinds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};
use sos_envs::Streams;

use super::{Place, assert_same, contents, expect, feed, json_lines};
use crate::recipes::changed;

/// Three environments, weights that have something in common, and a split and a stage with weights and settings of their own.
const KINDS: &str = r#"
name = "kinds"
seed = 11
dialect = "compact"
answer = true
searches = [{ kind = "bfs" }, { kind = "dfs" }]

[[environments]]
name = "countdown"
weight = 30
sizes = { min = 3, max = 3 }
numbers = { min = 1, max = 30 }
searches = [{ kind = "dfs", heuristic = "multiply", threshold = "target" }]

[[environments]]
name = "graph"
weight = 20

[[environments]]
name = "sudoku"
weight = 10
level = "easy"
searches = [{ kind = "backtracking" }]

[splits.train]
rows = 240
share = 80
stages = [
    { rows = 90 },
    { rows = 150, environments = { graph = { weight = 0 }, countdown = { sizes = { min = 4, max = 4 } } } },
]

[splits.test]
rows = 60
share = 20
environments = { sudoku = { weight = 30 } }

[[records]]
kind = "search"

[[records]]
kind = "optimal"

[[records]]
kind = "unpaired"
"#;

/// The rows of a split of a config, in order.
fn rows(place: &Place, out: &str, config: &str, split: &str) -> Vec<Value> {
    let files = contents(&place.path(&format!("{out}/{config}")));
    let own = files.into_iter().filter(|(name, _)| name.starts_with(&format!("{split}-")));
    own.flat_map(|(_, bytes)| json_lines(&String::from_utf8(bytes).unwrap())).collect()
}

fn kind(row: &Value) -> &str {
    row["env"].as_str().unwrap()
}

/// How many rows are of each environment.
fn shares(rows: &[Value]) -> BTreeMap<&str, usize> {
    let mut shares = BTreeMap::new();
    rows.iter().for_each(|row| *shares.entry(kind(row)).or_default() += 1);
    shares
}

#[test]
fn rows_of_several_environments_take_turns_by_weight() {
    let place = Place::new(KINDS);
    place.generated("out", &["--format", "jsonl"]);
    let train = rows(&place, "out", "search", "train");
    // 30, 20 and 10 are 3, 2 and 1; in the second stage 30, 0 and 10 are 3 and 1.
    for (start, round, weights) in [(0, 6, json!([3, 2, 1])), (90, 4, json!([3, 0, 1]))] {
        let stage = &train[start..if start == 0 { 90 } else { 238 }];
        let mut orders = BTreeSet::new();
        for rows in stage.chunks(round) {
            let shares = shares(rows);
            let found = ["countdown", "graph", "sudoku"].map(|name| shares.get(name).copied().unwrap_or(0));
            assert_eq!(json!(found), weights);
            orders.insert(rows.iter().map(kind).collect::<Vec<_>>());
        }
        assert!(orders.len() > 2, "each round has an order of its own: {orders:?}");
    }
    // In the test split 30, 20 and 30 are 3, 2 and 3: seven rounds and a half.
    let test = rows(&place, "out", "search", "test");
    for (name, weight) in [("countdown", 3), ("graph", 2), ("sudoku", 3)] {
        assert!((7 * weight..=8 * weight).contains(&shares(&test)[name]), "{:?}", shares(&test));
    }
    let numbers = |row: &Value| row["puzzle"].as_str().unwrap().matches(',').count();
    let sizes: Vec<usize> = train.iter().filter(|row| kind(row) == "countdown").map(numbers).collect();
    assert!(sizes[..45].iter().all(|size| *size == sizes[0]) && sizes[45..].iter().all(|size| *size == sizes[0] + 1));
    let mut splits: BTreeMap<String, &str> = BTreeMap::new();
    for split in ["train", "test"] {
        let first = rows(&place, "out", "search", split);
        for config in ["search", "optimal", "unpaired"] {
            for (index, (row, first)) in rows(&place, "out", config, split).iter().zip(&first).enumerate() {
                assert_eq!((&row["index"], &row["id"], &row["env"]), (&json!(index), &first["id"], &first["env"]));
                let other = splits.insert(row["twin"].to_string(), split);
                assert!(other.is_none_or(|other| other == split), "a puzzle in two splits");
            }
        }
    }
}

/// The recipe of one environment alone, with the seed that it has in the mixture.
fn alone(environment: &str, searches: &str, rows: [usize; 2], more: &str) -> String {
    let name = environment.split('"').nth(1).unwrap();
    let seed = Streams::new(11, "environment", name).at(0).word64();
    format!(
        "name = \"kinds\"\nseed = {seed}\ndialect = \"compact\"\nanswer = true\nsearches = {searches}\n[environment]\n{environment}\n\
         [splits.train]\nshare = 80\nrows = {}\n{more}\n[splits.test]\nshare = 20\nrows = {}\n\
         [[records]]\nkind = \"search\"\n[[records]]\nkind = \"optimal\"\n[[records]]\nkind = \"unpaired\"\n",
        rows[0], rows[1]
    )
}

#[test]
fn a_row_is_that_of_its_environment_alone() {
    let place = Place::new(KINDS);
    place.generated("out", &["--format", "jsonl"]);
    let countdown = "name = \"countdown\"\nsizes = { min = 3, max = 3 }\nnumbers = { min = 1, max = 30 }";
    for (environment, searches, second) in [
        (
            countdown,
            "[{ kind = \"dfs\", heuristic = \"multiply\", threshold = \"target\" }]",
            ", environment = { sizes = { min = 4, max = 4 } }",
        ),
        ("name = \"graph\"", "[{ kind = \"bfs\" }, { kind = \"dfs\" }]", ""),
        ("name = \"sudoku\"\nlevel = \"easy\"", "[{ kind = \"backtracking\" }]", ""),
    ] {
        let name = environment.split('"').nth(1).unwrap();
        let own = |config: &str, split: &str| -> Vec<Value> {
            rows(&place, "out", config, split).into_iter().filter(|row| kind(row) == name).collect()
        };
        let counts = ["train", "test"].map(|split| own("search", split).len());
        let first = own("search", "train").iter().filter(|row| row["index"].as_u64().unwrap() < 90).count();
        let stages = match counts[0] - first {
            0 => format!("stages = [{{ rows = {first} }}]"),
            rest => format!("stages = [{{ rows = {first} }}, {{ rows = {rest}{second} }}]"),
        };
        let other = Place::new(&alone(environment, searches, counts, &stages));
        other.generated("out", &["--format", "jsonl"]);
        for (config, split) in
            ["search", "optimal", "unpaired"].into_iter().flat_map(|config| [(config, "train"), (config, "test")])
        {
            let (mixed, alone) = (own(config, split), rows(&other, "out", config, split));
            assert_eq!(mixed.len(), alone.len());
            for (mut row, alone) in mixed.into_iter().zip(alone) {
                row["index"] = alone["index"].clone();
                assert_eq!(row, alone, "{name} {config} {split}");
            }
        }
    }
}

#[test]
fn threads_growth_and_shards_of_a_mixed_dataset_change_no_byte() {
    let place = Place::new(KINDS);
    place.generated("one", &["--threads", "1"]);
    place.generated("two", &["--threads", "2"]);
    assert_same(&place.path("one"), &place.path("two"));
    place.generated("grown", &["--count", "train=77", "--count", "test=3"]);
    place.generated("grown", &["--count", "train=201", "--count", "test=60"]);
    place.generated("grown", &[]);
    place.generated("shards", &["--num-shards", "2", "--shard-index", "1"]);
    place.generated("shards", &["--num-shards", "2"]);
    for other in ["grown", "shards"] {
        assert_eq!(contents(&place.path("one/search")), contents(&place.path(&format!("{other}/search"))), "{other}");
        assert_eq!(
            contents(&place.path("one/unpaired")),
            contents(&place.path(&format!("{other}/unpaired"))),
            "{other}"
        );
    }
    let row = expect(0, &["sample", &place.name("recipe.toml"), "--index", "150", "--config", "unpaired"]).out;
    place.generated("lines", &["--format", "jsonl"]);
    assert_eq!(json_lines(&row)[0], rows(&place, "lines", "unpaired", "train")[150]);
    // Another weight makes other rows, so the folder is refused.
    fs::write(place.path("recipe.toml"), KINDS.replace("weight = 20", "weight = 40")).unwrap();
    let ran = place.generate("one", &["--count", "train=300"]);
    assert!(ran.code == Some(2) && ran.err.contains("environments 2.weight"), "{}", ran.err);
}

#[test]
fn every_command_takes_a_mixed_dataset() {
    let place = Place::new(KINDS);
    let ran = place.generated("out", &["--format", "jsonl", "--show"]);
    assert!(ran.out.contains("--- search, train 0"), "{}", ran.out);
    let (out, recipe) = (place.name("out"), place.name("recipe.toml"));
    assert!(expect(0, &["check", &out]).out.contains("ok: "));
    let audit = expect(0, &["audit", &out, "--prove", "100"]).out;
    assert!(audit.contains("ok: ") && audit.contains("900 puzzles read again, 140 of them proven again"), "{audit}");
    assert!(expect(0, &["audit", &recipe]).out.contains("test 60, train 240"));
    assert!(expect(0, &["stats", &out]).out.contains("puzzles in two splits: 0"));
    assert!(expect(0, &["generate", &recipe, "--dry-run"]).out.contains("in all 900 rows"));
    assert!(expect(0, &["bench", &recipe, "--seconds", "0.01", "--runs", "1"]).out.contains("config unpaired"));
    expect(0, &["cues", &recipe, "--rows", "50"]);
    expect(0, &["pack", &out, "--arms", "search,optimal", "--out", &place.name("packed")]);
    for command in ["check", "audit"] {
        assert!(expect(0, &[command, &place.name("packed")]).out.contains("ok: "), "{command}");
    }
    // What a model wrote, named by id alone.
    let search = rows(&place, "out", "search", "test");
    let rollouts: Vec<String> =
        search.iter().map(|row| json!({"id": row["id"], "completion": row["completion"]}).to_string()).collect();
    let scored = feed(&["score", "-", "--dataset", &out, "--json"], rollouts.join("\n").as_bytes());
    assert!(scored.code == Some(0) && scored.out.contains("\"rows\":60"), "{}{}", scored.out, scored.err);
    let selected = feed(&["select", "star", "-", "--dataset", &out], rollouts.join("\n").as_bytes());
    assert_eq!(json_lines(&selected.out).len(), 60, "{}", selected.err);
    let requests: Vec<String> = search
        .iter()
        .map(|row| {
            let search = if kind(row) == "sudoku" { "backtracking" } else { "dfs" };
            json!({"env": row["env"], "puzzle": row["puzzle"], "dialect": "compact", "search": {"kind": search}})
                .to_string()
        })
        .collect();
    let traced = feed(&["trace"], requests.join("\n").as_bytes());
    assert_eq!((traced.code, json_lines(&traced.out).len()), (Some(0), 60), "{}", traced.err);
    let manifest: Value = serde_json::from_str(&fs::read_to_string(place.path("out/manifest.json")).unwrap()).unwrap();
    for name in ["countdown", "graph", "sudoku"] {
        assert!(manifest["job"]["versions"][format!("environment {name}")].is_string(), "{manifest}");
        assert!(fs::read_to_string(place.path("out/README.md")).unwrap().contains(&format!("- \"{name}\"\n")));
    }
    assert!(manifest["job"]["puzzle_space"]["train, countdown"].is_string(), "{}", manifest["job"]);
}

/// Labels must not follow from the order of the rows: two environments with the same weights would have the same draws if they shared their streams.
#[test]
fn a_neighbour_of_another_kind_tells_no_label() {
    let text = "name = \"two\"\nseed = 5\ndialect = \"compact\"\nsearches = [{ kind = \"dfs\" }]\n\
        [[environments]]\nname = \"countdown\"\nsizes = { min = 3, max = 3 }\n[[environments]]\nname = \"graph\"\n\
        [splits.train]\nrows = 600\n[[records]]\nkind = \"unpaired\"\n";
    let place = Place::new(text);
    place.generated("out", &["--format", "jsonl"]);
    let all = rows(&place, "out", "unpaired", "train");
    let labels: Vec<bool> = all.iter().map(|row| row["label"].as_bool().unwrap()).collect();
    let mut of_kind: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    all.iter().zip(&labels).for_each(|(row, label)| of_kind.entry(kind(row)).or_default().push(*label));
    let alike = |pairs: Vec<(bool, bool)>| pairs.iter().filter(|(a, b)| a == b).count() as f64 / pairs.len() as f64;
    let of = |name: &str| of_kind[name].clone();
    let found = [
        alike(of("countdown").into_iter().zip(of("graph")).collect()),
        alike(labels.iter().copied().zip(labels[1..].iter().copied()).collect()),
        alike(labels.iter().copied().zip((0..).map(|index| index % 2 == 0)).collect()),
        alike(labels.iter().copied().zip(all.iter().map(|row| kind(row) == "graph")).collect()),
        alike(labels.iter().copied().zip(all.iter().map(|row| row["id"].as_str().unwrap() < "8")).collect()),
    ];
    // Four standard deviations of 300 pairs are 0.12.
    assert!(found.iter().all(|share| (share - 0.5).abs() < 0.12), "{found:?}");
}

#[test]
fn what_environments_cannot_share_is_given_for_each() {
    let text = changed(KINDS, &[("[splits.test]", "[splits.held]\nrows = 30\nheld_out = true\n\n[splits.test]")]);
    let held = |name: &str, hold_out: &str| {
        (format!("name = \"{name}\""), format!("name = \"{name}\"\nhold_out = {{ {hold_out} }}"))
    };
    let several = [
        held("countdown", "key = \"target\", values = [17, 23, 24]"),
        held("graph", "key = \"size\", min = 12, max = 12"),
        held("sudoku", "key = \"blanks\", values = [6, 8]"),
    ];
    let mut own = text.clone();
    for (from, to) in &several {
        own = own.replace(from, to);
    }
    let own = own.replace("level = \"easy\"", "size = 4\nblanks = { min = 5, max = 9 }");
    let missing = Place::new(&text).generate("none", &[]);
    assert!(missing.err.contains("environments 1: hold_out: found none; allowed: both or neither"), "{}", missing.err);
    // All graphs have 12 nodes, so that none is left for the other splits.
    let all = Place::new(&own).generate("none", &[]);
    assert!(
        all.code == Some(2) && all.err.contains("environments 2: environment: found settings under which none"),
        "{}",
        all.err
    );
    let place = Place::new(&own.replace(
        "name = \"graph\"\n",
        "name = \"graph\"\nlayout = { kind = \"erdos-renyi\", nodes = { min = 9, max = 12 } }\n",
    ));
    place.generated("out", &["--format", "jsonl"]);
    assert!(expect(0, &["audit", &place.name("out"), "--cues", "0"]).out.contains("ok: "));
    let targets = |split: &str| -> BTreeSet<u64> {
        let rows = rows(&place, "out", "search", split);
        let puzzles =
            rows.iter().filter(|row| kind(row) == "countdown").map(|row| row["puzzle"].as_str().unwrap().to_string());
        puzzles.map(|puzzle| serde_json::from_str::<Value>(&puzzle).unwrap()["target"].as_u64().unwrap()).collect()
    };
    let held = BTreeSet::from([17, 23, 24]);
    assert!(
        targets("held").is_subset(&held) && targets("train").is_disjoint(&held) && targets("test").is_disjoint(&held)
    );
}

#[test]
fn one_of_the_environments_may_have_a_file() {
    let board = |place: u64| {
        let line = expect(0, &["sample", "rl-sudoku", "--index", &place.to_string()]).out;
        let row = &json_lines(&line)[0];
        json!({"env": "sudoku", "puzzle": row["puzzle"], "title": place}).to_string()
    };
    let file: Vec<String> = (0..30).map(board).collect();
    let stages = KINDS.find("stages = [").unwrap()..KINDS.find("\n[splits.test]").unwrap();
    let own = KINDS.replace(&KINDS[stages], "");
    let file_of =
        [("level = \"easy\"", "puzzles = \"own.jsonl\""), ("rows = 240", "rows = 24"), ("rows = 60", "rows = 12")];
    let place = Place::new(&changed(&own, &file_of));
    fs::write(place.path("own.jsonl"), file.join("\n")).unwrap();
    let ran = place.generated("out", &["--format", "jsonl"]);
    assert!(ran.err.contains("own.jsonl: 30 entries"), "{}", ran.err);
    for row in rows(&place, "out", "search", "train") {
        let source: Value = serde_json::from_str(row["source"].as_str().unwrap()).unwrap();
        assert_eq!(source.get("title").is_some(), kind(&row) == "sudoku", "{row}");
    }
    assert!(expect(0, &["check", &place.name("out")]).out.contains("ok: "));
    assert!(expect(0, &["audit", &place.name("out")]).out.contains("ok: "));
    let more = place.generate("more", &["--count", "train=400"]);
    let says = "splits.train.rows: found 400; sudoku has ";
    assert!(more.code == Some(2) && more.err.contains(says) && more.err.contains("ask for at most "), "{}", more.err);
    let most: u64 = more.err.split("ask for at most ").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    place.generated("most", &["--count", &format!("train={most}")]);
    assert_eq!(place.generate("over", &["--count", &format!("train={}", most + 6)]).code, Some(2));
}

#[test]
fn recipes_that_mix_what_does_not_fit_are_refused() {
    for (from, to, says) in [
        (
            "seed = 11",
            "seed = 11\nenvironment = { name = \"maze\" }",
            "environments: found tables beside `environment`; allowed: one of the two",
        ),
        (
            "name = \"graph\"",
            "name = \"countdown\"",
            "recipe.toml:16: environments 2: name: found \"countdown\" again; allowed: each environment once",
        ),
        ("name = \"graph\"", "", "environments 2: name: found nothing; allowed: a name of `sos list environments`"),
        (
            "name = \"graph\"",
            "name = \"grap\"",
            "splits.train.stages 2.environments: found \"graph\"; allowed: countdown, grap, sudoku; did you mean",
        ),
        ("weight = 30", "weight = -3", "environments.weight: found -3; allowed: a whole number from 0 on"),
        (
            "weight = 30",
            "weight = 30007",
            "environments.weight: found 30007, 20, 30 in test; allowed: weights with a sum of 1 to 1000",
        ),
        (
            "weight = 20",
            "weight = 20\nsearches = [{ kind = \"astar\", heuristic = \"sum\" }]",
            "environments 2: searches 1: ",
        ),
        (
            "searches = [{ kind = \"bfs\" }",
            "searches = [{ kind = \"annealing\", heuristic = \"sum\" }]#",
            "environments 2: searches 1: ",
        ),
        ("dialect =", "dialect = \"sudoku\"", "environments 1: dialect: found \"sudoku\""),
        (
            "weight = 20",
            "weight = 20\ndistinct = true\nlayout = { kind = \"random-geometric\" }",
            "environments 2: distinct: found true, but these puzzles are drawn",
        ),
        ("weight = 20", "weight = 20\nnods = 3", "environments 2: environment.nods: unknown field `nods`"),
        (
            "sudoku = { weight = 30 }",
            "environments = { sudko = { weight = 30 } }",
            "splits.test.environments: found \"sudko\"; allowed: countdown, graph, sudoku; did you mean \"sudoku\"?",
        ),
        (
            "rows = 60",
            "rows = \"all\"",
            "splits.test.rows: found \"all\"; allowed: a number of rows, since the environments take turns",
        ),
        (
            "weight = 20",
            "weight = 20\nmixture = \"stream-of-search\"\nsearches = [{ kind = \"bfs\" }]",
            "environments 2: searches: found both or neither",
        ),
    ] {
        let text = match from {
            "sudoku = { weight = 30 }" => KINDS.replace("environments = { sudoku = { weight = 30 } }", to),
            _ => KINDS.replacen(from, to, 1).replace("dialect = \"sudoku\" \"compact\"", "dialect = \"sudoku\""),
        };
        let ran = Place::new(&text).generate("none", &[]);
        assert!(ran.code == Some(2) && ran.err.contains(says), "{to}: {}", ran.err);
    }
    let unknown = Place::new(&KINDS.replace("graph", "grap")).generate("none", &[]);
    assert!(unknown.err.contains("environments 2: environment.name: found \"grap\"; allowed: "), "{}", unknown.err);
    let single = changed(
        crate::recipes::SMALL,
        &[("[splits.train]", "[splits.train]\nenvironments = { countdown = { weight = 2 } }")],
    );
    let ran = Place::new(&single).generate("none", &[]);
    assert!(
        ran.code == Some(2) && ran.err.contains("splits.environments: found countdown; allowed: `environment`"),
        "{}",
        ran.err
    );
}

/// A mixture of clean rows and rows with a planted defect, beside its components as configs of their own.
const MIXTURE: &str = r#"
[[records]]
kind = "search"

[[records]]
name = "slips"
kind = "corrupted"
corruption = { kinds = [{ kind = "arithmetic-slip" }] }

[[records]]
name = "train-mix"
kind = "mixture"
components = [
    { weight = 70, name = "clean", kind = "search" },
    { weight = 30, name = "slips", kind = "corrupted", corruption = { kinds = [{ kind = "arithmetic-slip" }] } },
]
"#;

fn of_records(records: &str) -> String {
    let text = crate::recipes::SMALL;
    let (head, _) = text.split_once("[[records]]").unwrap();
    format!("{head}{records}")
}

#[test]
fn a_row_of_a_mixture_is_that_of_its_component() {
    let place = Place::new(&of_records(MIXTURE));
    place.generated("out", &["--format", "jsonl", "--threads", "2", "--count", "train=600"]);
    place.generated("one", &["--format", "jsonl", "--threads", "1", "--count", "train=600"]);
    assert_same(&place.path("out"), &place.path("one"));
    let mixed = rows(&place, "out", "train-mix", "train");
    let [clean, slips] = ["search", "slips"].map(|config| rows(&place, "out", config, "train"));
    let mut planted = Vec::new();
    for ((row, clean), slip) in mixed.into_iter().zip(clean).zip(slips) {
        let mut row = row.as_object().unwrap().clone();
        let component = row.remove("component").unwrap();
        let (other, record) = if component == "clean" { (clean, "search") } else { (slip, "corrupted") };
        assert_eq!((Value::Object(row), json!(record)), (other.clone(), other["record"].clone()));
        planted.push(component == "slips");
    }
    let share = |rows: &[bool]| rows.iter().filter(|planted| **planted).count() as f64 / rows.len() as f64;
    // Four standard deviations of 600 rows are 0.075; of 300 rows 0.106.
    assert!((share(&planted) - 0.3).abs() < 0.075, "{}", share(&planted));
    let where_it = |holds: &dyn Fn(usize) -> bool| -> Vec<bool> {
        planted.iter().enumerate().filter(|(index, _)| holds(*index)).map(|(_, planted)| *planted).collect()
    };
    let after = |before: bool| where_it(&|index| index > 0 && planted[index - 1] == before);
    for part in [where_it(&|index| index % 2 == 0), where_it(&|index| index < 300), after(false)] {
        assert!((share(&part) - 0.3).abs() < 0.106, "position tells the component: {}", share(&part));
    }
    assert!((share(&after(true)) - share(&after(false))).abs() < 0.16, "the row before tells the component");
    for command in ["check", "audit"] {
        assert!(expect(0, &[command, &place.name("out")]).out.contains("ok: "), "{command}");
    }
    let cues = expect(0, &["cues", &place.name("recipe.toml"), "--json"]).out;
    assert!(cues.contains("train-mix"), "{cues}");
    // The mixture alone, without its components as configs.
    place.generated("alone", &["--format", "jsonl", "--configs", "train-mix"]);
    assert_eq!(rows(&place, "alone", "train-mix", "test"), rows(&place, "out", "train-mix", "test"));
}

#[test]
fn mixtures_that_cannot_be_made_are_refused() {
    for (from, to, says) in [
        (
            "{ weight = 70, name = \"clean\", kind = \"search\" },",
            "",
            "records 3: records.train-mix.components: found 1; allowed: two tables or more",
        ),
        (
            "kind = \"search\" },",
            "kind = \"critique\" },",
            "records 3: components 2: records.slips.kind: found \"corrupted\"; allowed: kinds with the columns of \"critique\": critique",
        ),
        ("kind = \"search\" },", "kind = \"sarch\" },", "records 3: components 1: kind: found \"sarch\"; allowed: "),
        (
            "kind = \"search\" },",
            "kind = \"mixture\" },",
            "records 3: components 1: kind: found \"mixture\"; allowed: ",
        ),
        ("weight = 70", "weight = -1", "records 3: components 1: weight: found -1; allowed: a whole number from 0 on"),
        ("weight = 70", "weight = 0", "records 3: records.train-mix.components: found weights that are all 0"),
        (
            "weight = 70",
            "dialect = \"prose\"",
            "records 3: components 1: records.train-mix.dialect: found one of a component",
        ),
        (
            "name = \"clean\"",
            "name = \"slips\"",
            "records 3: records.train-mix.components: found slips, slips; allowed: each name once",
        ),
        (
            "{ weight = 30, name = \"slips\", kind = \"corrupted\", corruption = {",
            "{ weight = 30, name = \"slips\", kind = \"corrupted\", corruptio = {",
            "records 3: components 2: ",
        ),
    ] {
        let mut text = of_records(MIXTURE);
        let start = text.rfind(from).unwrap_or_else(|| panic!("{from}"));
        text.replace_range(start..start + from.len(), to);
        if to == "weight = 0" {
            text = text.replace("weight = 30", "weight = 0");
        }
        let ran = Place::new(&text).generate("none", &[]);
        assert!(ran.code == Some(2) && ran.err.contains(says), "{to}: {}", ran.err);
    }
}

#[test]
fn countdown_is_held_out_by_size() {
    for (key, band, held, sizes) in [
        ("size", "min = 4", 4..=4, [3, 4]),
        ("size", "values = [3]", 3..=3, [4, 3]),
        ("largest", "min = 50", 50..=60, [4, 4]),
        ("target", "min = 41\nmax = 50", 41..=50, [4, 4]),
    ] {
        let [own, other] = sizes.map(|size| format!("sizes = {{ min = {size}, max = {size} }}"));
        let hold_out = format!(
            "[hold_out]\nkey = \"{key}\"\n{band}\n\n[splits.held]\nrows = 40\nheld_out = true\nenvironment = {{ {other} }}\n\n[splits.train]"
        );
        let lines =
            [("sizes", own.as_str()), ("numbers", "numbers = { min = 1, max = 60 }"), ("[splits.train]", &hold_out)];
        let place = Place::new(&changed(crate::recipes::SMALL, &lines));
        place.generated("out", &["--format", "jsonl"]);
        for split in ["train", "validation", "test", "held"] {
            for row in rows(&place, "out", "search", split) {
                let puzzle: Value = serde_json::from_str(row["puzzle"].as_str().unwrap()).unwrap();
                let numbers: Vec<u64> =
                    puzzle["numbers"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
                let value = match key {
                    "size" => numbers.len() as u64,
                    "largest" => numbers.iter().copied().max().unwrap(),
                    _ => puzzle["target"].as_u64().unwrap(),
                };
                assert_eq!(held.contains(&value), split == "held", "{key} {value} in {split}");
            }
        }
        assert!(expect(0, &["audit", &place.name("out")]).out.contains("ok: "));
    }
}

#[test]
fn a_filter_chooses_within_each_stage() {
    let stages = "stages = [{ rows = 70, difficulty = { max = 40 } }, { rows = 10, environment = { sizes = { min = 4, max = 4 } }, difficulty = { min = 100 } }, { rows = 60 }]";
    let filter = format!("[filter]\nmax_words = 160\nonly = \"solved\"\n\n[splits.train]\n{stages}");
    let more = [("sizes", "sizes = { min = 3, max = 4 }"), ("numbers", "numbers = { min = 1, max = 60 }")];
    let text = changed(crate::recipes::SMALL, &[&more[..], &[("[splits.train]", filter.as_str())]].concat());
    let place = Place::new(&text);
    place.generated("out", &["--format", "jsonl", "--threads", "1"]);
    place.generated("two", &["--format", "jsonl", "--threads", "2"]);
    assert_same(&place.path("out"), &place.path("two"));
    let train = rows(&place, "out", "search", "train");
    assert_eq!(train.len(), 300);
    let mut ids = BTreeSet::new();
    for (index, row) in train.iter().enumerate() {
        let difficulty = row["difficulty"].as_u64().unwrap();
        let fits = match index {
            0..70 => difficulty <= 40,
            70..80 => difficulty >= 100,
            _ => true,
        };
        assert!(fits && row["outcome"] == "solved" && row["tokens"].as_u64().unwrap() <= 160, "{index}: {row}");
        assert!(row["index"] == index && ids.insert(row["twin"].to_string()), "{index}");
    }
    assert!(expect(0, &["audit", &place.name("out")]).out.contains("ok: "));
    place.generated("grown", &["--format", "jsonl", "--count", "train=75"]);
    place.generated("grown", &["--format", "jsonl", "--count", "train=150"]);
    place.generated("grown", &["--format", "jsonl"]);
    assert_eq!(contents(&place.path("out/search")), contents(&place.path("grown/search")));
    // The first stage has the rows that fit of those that it would have without the filter.
    let longer = text
        .replace("rows = 70", "rows = 700")
        .replace("rows = 10", "rows = 100")
        .replace("rows = 60 }]", "rows = 600 }]");
    let unfiltered = longer.replace("[filter]\nmax_words = 160\nonly = \"solved\"\n", "");
    fs::write(place.path("recipe.toml"), &unfiltered).unwrap();
    place.generated("all", &["--format", "jsonl", "--count", "train=700"]);
    let configs =
        ["search", "optimal", "optimal-shuffled", "answer"].map(|config| rows(&place, "all", config, "train"));
    let fits = |index: &usize| {
        let row = &configs[0][*index];
        row["outcome"] == "solved" && configs.iter().all(|rows| rows[*index]["tokens"].as_u64().unwrap() <= 160)
    };
    let kept: Vec<&Value> = (0..700).filter(fits).map(|index| &configs[0][index]).take(70).collect();
    assert_eq!(kept.len(), 70);
    for (row, other) in train.iter().zip(kept) {
        let mut row = row.clone();
        row["index"] = other["index"].clone();
        assert_eq!(row, *other);
    }
}
