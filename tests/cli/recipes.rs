//! Wrong recipes and wrong arguments: the exit code is 2, and the message says where the error is, what was found and what is allowed.

use super::{Place, expect, run};
use crate::recipes::{SMALL, changed};

/// The message about a recipe with changed lines.
fn message(lines: &[(&str, &str)]) -> String {
    let place = Place::new(&changed(SMALL, lines));
    let sampled = run(&["sample", &place.name("recipe.toml")]);
    let generated = place.generate("out", &[]);
    assert_eq!((sampled.code, generated.code), (Some(2), Some(2)), "{lines:?}\n{}{}", sampled.err, generated.err);
    assert!(!place.path("out").exists(), "{lines:?}: the output folder was made");
    assert!(sampled.out.is_empty() && generated.out.is_empty());
    assert!(generated.err.contains("recipe.toml"), "{}", generated.err);
    generated.err
}

/// For each case: the line to change, its new text, and the parts that the message must have.
const WRONG: &[(&str, &str, &[&str])] = &[
    (
        "name = \"countdown\"",
        "name = \"countdwon\"",
        &["recipe.toml:7: environment.name: found \"countdwon\"", "did you mean \"countdown\"?"],
    ),
    (
        "dialect =",
        "dialect = \"stream-of-serch\"",
        &["recipe.toml:4: dialect: found", "did you mean \"stream-of-search\"?"],
    ),
    ("seed =", "sed = 7", &["line 3", "unknown field `sed`", "did you mean `seed`?"]),
    ("seed =", "seed = -7", &["line 3", "`-7`", "a whole number from 0 on"]),
    ("seed =", "seed = \"x\"", &["line 3", "string \"x\"", "a whole number from 0 on"]),
    ("seed =", "seed = ", &["line 3"]),
    ("seed =", "seed = 99999999999999999999999", &["line 3"]),
    ("sizes =", "sizs = { min = 3, max = 4 }", &["environment.sizs: unknown field `sizs`", "did you mean `sizes`?"]),
    (
        "sizes =",
        "sizes = { min = 3, max = 9 }",
        &["recipe.toml:8: environment.sizes: found {min = 3, max = 9}; allowed: 2 <= min <= max <= 8"],
    ),
    (
        "numbers =",
        "numbers = { min = 30, max = 1 }",
        &["recipe.toml:9: environment.numbers: found {min = 30, max = 1}"],
    ),
    (
        "numbers =",
        "numbers = { min = -1, max = 1 }",
        &["recipe.toml:9: environment.numbers:", "`-1`", "a whole number from 0 on"],
    ),
    ("numbers =", "numbers = 30", &["recipe.toml:9: environment.numbers:", "`30`", "{ min = 1, max = 99 }"]),
    ("targets =", "targets = \"24\"", &["recipe.toml:10: environment.targets:", "a list such as [24, 36]"]),
    ("targets =", "solvable = \"yess\"", &["environment.solvable: unknown variant `yess`", "did you mean `yes`?"]),
    ("kind = \"dfs\"", "kind = \"dsf\"", &["search.kind: found \"dsf\"", "did you mean \"dfs\"?"]),
    (
        "heuristic = \"multiply\"",
        "heuristic = \"multiplyy\"",
        &["search.heuristic: found", "did you mean \"multiply\"?"],
    ),
    ("heuristic = \"multiply\"", "heuristc = \"multiply\"", &["`heuristc`", "did you mean `heuristic`?"]),
    ("threshold =", "threshold = \"targt\"", &["search.threshold", "did you mean \"target\"?"]),
    ("threshold =", "width = 3", &["search.width: dfs does not use it"]),
    ("width =", "width = 0", &["recipe.toml:21: searches 2: search.width: found 0; allowed: 1 and more"]),
    ("width =", "", &["search.width: beam needs it"]),
    ("weight =", "mixture = \"stream-of-search\"", &["mixture"]),
    ("name = \"small\"", "name = \"small\"\nmixture = \"x\"", &["searches: found both or neither"]),
    (
        "kind = \"answer\"",
        "kind = \"anwser\"",
        &["recipe.toml:48: records 4: records.kind: found \"anwser\"", "did you mean \"answer\"?"],
    ),
    ("kind = \"optimal\"", "kind = \"optima\"", &["records 2: ", "did you mean \"optimal\"?"]),
    ("sizes =", "levl = \"easy\"", &["recipe.toml:8: environment.levl", "did you mean `level`?"]),
    ("kind = \"answer\"", "kind = \"search\"", &["each name once; set `name`"]),
    ("kind = \"answer\"", "kind = \"answer\"\nnth = 2", &["records.answer.nth", "does not use it; remove it"]),
    ("order =", "order = \"rand\"", &["unknown variant `rand`", "did you mean `random`?"]),
    ("order =", "nth = 0", &["recipe.toml:45: records 3: records.optimal-shuffled.nth: found 0; allowed: 1 to 1000"]),
    ("rows = 300", "rows = -3", &["`-3`"]),
    ("share = 80", "share = 0", &["recipe.toml:26: splits.train.share: found 0; allowed: 1 to"]),
    ("share = 80", "share = 9000000000000000000", &["splits.train.share: found 9000000000000000000"]),
    ("share = 80", "held_out = true", &["hold_out: found none"]),
    ("share = 80", "hold_out = true", &["unknown field `hold_out`", "did you mean `held_out`?"]),
    (
        "share = 80",
        "difficulty = { min = 5, max = 2 }",
        &["splits.train: found a band from 5 to 2; allowed: bands whose max is not below their min"],
    ),
    ("share = 80", "difficulty = { mn = 5 }", &["unknown field `mn`", "did you mean `min`?"]),
    ("share = 80", "cost = { min = 90 }", &["none of 32768 candidates for split train", "loosen them"]),
    (
        "share = 80",
        "environment = { level = \"esay\" }",
        &["recipe.toml:26: splits.train.environment.level: found \"esay\"", "did you mean \"easy\"?"],
    ),
    (
        "share = 80",
        "environment = { sizs = 3 }",
        &["recipe.toml:26: splits.train.environment.sizs: unknown field", "did you mean `sizes`?"],
    ),
    ("share = 80", "stages = [{ rws = 3 }]", &["unknown field `rws`", "did you mean `rows`?"]),
    (
        "share = 80",
        "stages = [{ rows = 300, environment = { level = \"hadr\" } }]",
        &["recipe.toml:26: splits.train.stages.0.environment.level: found \"hadr\"", "did you mean \"hard\"?"],
    ),
    (
        "share = 80",
        "stages = [{ rows = 300, cost = { min = 9, max = 3 } }]",
        &["splits.train: found a band from 9 to 3"],
    ),
    ("share = 80", "unsolved = 3", &["line 26", "`3`"]),
    ("sizes =", "level = \"esy\"", &["recipe.toml:8: environment.level: found \"esy\"", "did you mean \"easy\"?"]),
    ("[splits.train]", "[splits.tr-ain]", &["splits: found tr-ain; allowed: names without \"-\""]),
    ("[splits.train]", "[splits.\"../x\"]", &["names of letters"]),
    (
        "[[records]]",
        "[[recrds]]\nkind = \"search\"\n[[records]]",
        &["unknown field `recrds`", "did you mean `records`?"],
    ),
];

#[test]
fn a_wrong_recipe_is_refused_with_line_field_and_advice() {
    for (start, new, parts) in WRONG {
        let message = message(&[(start, new)]);
        for part in *parts {
            assert!(message.contains(part), "{start} -> {new}: no `{part}` in\n{message}");
        }
    }
}

#[test]
fn settings_that_nothing_satisfies_are_refused_at_once() {
    let start = std::time::Instant::now();
    let sizes = ("sizes =", "sizes = { min = 2, max = 2 }");
    let message = message(&[sizes, ("numbers =", "numbers = { min = 1, max = 2 }"), ("targets =", "targets = [1000]")]);
    assert!(message.contains("none of 3 candidates") && message.contains("loosen them"), "{message}");
    assert!(start.elapsed().as_secs() < 10);
}

#[test]
fn more_rows_than_the_space_holds_are_refused_with_its_size() {
    let ran = Place::new(&changed(SMALL, &[("rows = 300", "rows = 300000000")])).generate("out", &[]);
    assert_eq!(ran.code, Some(2));
    for part in [
        "recipe.toml:25: splits.train.rows: found 300000000",
        "holds at least ",
        " of them can be rows (2339880 candidates in all); ask for fewer",
    ] {
        assert!(ran.err.contains(part), "{}", ran.err);
    }
}

#[test]
fn held_out_values_must_be_there() {
    let with = |lines: &str| format!("[hold_out]\n{lines}\n[splits.held]\nrows = 3\nheld_out = true\n[splits.train]");
    for (lines, part) in [
        ("key = \"tarrget\"\npercent = 10", "did you mean \"target\"?"),
        ("key = \"target\"\npercent = 0", "hold_out.percent: found 0; allowed: 1 to 99"),
        ("key = \"target\"\npercent = 1", "less than one"),
        ("key = \"target\"", "several or none of `percent`, `values` and a band"),
        ("key = \"target\"\nvalues = [5]", "for split held"),
    ] {
        let message = Place::new(&changed(SMALL, &[("[splits.train]", &with(lines))])).generate("out", &[]);
        assert!(message.code == Some(2) && message.err.contains(part), "{lines}: {}", message.err);
    }
}

#[test]
fn a_file_that_is_no_recipe() {
    let place = Place::small();
    std::fs::write(place.path("binary.toml"), b"\xff\xfe\x00").unwrap();
    std::fs::write(place.path("empty.toml"), "").unwrap();
    std::fs::write(place.path("half.toml"), &SMALL[..60]).unwrap();
    for (name, part) in [
        ("none.toml", "none.toml: No such file"),
        ("binary.toml", "binary.toml: stream did not contain valid UTF-8"),
        ("empty.toml", "missing field `name`"),
        ("half.toml", "line 6"),
        (".", "Is a directory"),
    ] {
        for command in ["sample", "bench"] {
            let ran = expect(2, &[command, &place.name(name)]);
            assert!(ran.err.contains(part), "{name}: {}", ran.err);
        }
    }
}

#[test]
fn wrong_arguments() {
    let place = Place::small();
    let (recipe, out) = (place.name("recipe.toml"), place.name("out"));
    let generate = |more: &[&str]| {
        let ran = place.generate("out", more);
        assert_eq!(ran.code, Some(2), "{more:?}: {}", ran.err);
        assert!(!place.path("out").exists(), "{more:?}");
        ran.err
    };
    for (arguments, part) in [
        (
            &["--count", "trian=3"][..],
            "found \"trian\"; the recipe has: test, train, validation; did you mean \"train\"?",
        ),
        (&["--count", "train"], "write SPLIT=N, as in train=1000"),
        (&["--count", "train=1e3"], "found \"1e3\"; write a whole number of rows"),
        (&["--count", "train=100000000"], "splits.train.rows: found 100000000"),
        (&["--format", "parqet"], "did you mean parquet?"),
        (&["--format", "jsonl.gz"], "use parquet, jsonl or jsonl.zst"),
        (&["--threads", "0"], "--threads: found 0; allowed: 1 and more"),
        (&["--threads", "-1"], "-1"),
        (&["--num-shards", "0"], "--num-shards: found 0, allowed is 1 or more"),
        (&["--shard-index", "2", "--num-shards", "2"], "--shard-index: found 2, allowed is 0 to 1"),
        (&["--seed", "x"], "'x'"),
        (&["--seed", "abc"], "found \"abc\"; allowed: a whole number from 0 to 18446744073709551615"),
        (&["--seed", "-1"], "found \"-1\"; allowed: a whole number from 0 to"),
        (&["--sed", "1"], "--seed"),
    ] {
        let message = generate(arguments);
        assert!(message.contains(part), "{arguments:?}: {message}");
    }
    let ran = expect(2, &["generate", &recipe, "--out", &out, "--rows-per-file", "0"]);
    assert!(ran.err.contains("--rows-per-file: found 0"), "{}", ran.err);
    for (arguments, part) in [
        (
            &["--split", "trian"][..],
            "--split: found \"trian\"; the recipe has: test, train, validation; did you mean \"train\"?",
        ),
        (&["--split", "tst"], "did you mean \"test\"?"),
        (
            &["--config", "serch"],
            "--config: found \"serch\"; the recipe has: search, optimal, optimal-shuffled, answer; did you mean \"search\"?",
        ),
        (&["--index", "99999999999"], "--index: found 99999999999; allowed: up to "),
        (&["--index", "18446744073709551615"], "--index: found 18446744073709551615"),
    ] {
        let ran = expect(2, &[&["sample", &recipe], arguments].concat());
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
    }
    for (arguments, part) in [
        (&["lst"][..], "'list'"),
        (&["list", "dialect"], "'dialects'"),
        (&["list", "sudku"], "'sudoku'"),
        (&["man", "chek"], "check"),
        (&["check", "recipes/countdown.toml", "--json"], "--json: goes with the folder"),
        (&["bench", "recipes/countdown.toml", "--seconds", "0"], "--seconds: found 0; allowed: over 0"),
        (&["bench", "recipes/countdown.toml", "--threads", "0"], "--threads: found 0; allowed: 1 to 1024"),
        (&["audit", "recipes"], "recipes: found no manifest.json there"),
        (&["audit", "/no/such/folder"], "found no manifest.json there"),
        (&["check", "recipes"], "recipes: found no manifest.json there"),
        (&["check", "/no/such/file"], "/no/such/file: No such file"),
        (&["trace", "/no/such/file"], "/no/such/file: No such file"),
        (&["reproduce", "stream-of-serch"], "'stream-of-search'"),
        (&["reproduce", "stream-of-search", "--min-size", "9", "--out", "/dev/null/x"], "9"),
        (
            &["reproduce", "beyond-semantics", "--generator", "wilsom", "--out", "/dev/null/x"],
            "did you mean \"wilson\"?",
        ),
        (&["reproduce", "beyond-semantics", "--generator", "dfs", "--param", "x", "--out", "/dev/null/x"], "KEY=VALUE"),
        (&["completions", "basg"], "'bash'"),
    ] {
        let ran = expect(2, arguments);
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
    }
}
