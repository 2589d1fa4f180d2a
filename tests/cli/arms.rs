//! Arms of one recipe in several dialects.

use serde_json::Value;

use super::{Place, assert_same, contents, expect};
use crate::recipes::{SMALL, changed};

const ARMS: &str = "
[[records]]
kind = \"search\"
name = \"short\"
dialect = \"compact\"

[[records]]
kind = \"swapped\"
name = \"short-swapped\"
dialect = \"compact\"

[[records]]
kind = \"corrupted\"
name = \"told\"
dialect = \"prose\"
[records.corruption]
kinds = [{ kind = \"arithmetic-slip\" }]
";

fn rows(place: &Place, out: &str, config: &str) -> Vec<Value> {
    let files = contents(&place.path(&format!("{out}/{config}")));
    let text: String = files.into_values().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn arms_in_other_dialects_have_the_same_puzzles_and_the_rows_of_a_recipe_in_that_dialect() {
    let small = changed(SMALL, &[("rows = 300", "rows = 100")]);
    let place = Place::new(&format!("{small}{ARMS}"));
    let jsonl = ["--format", "jsonl", "--threads"];
    place.generated("one", &[&jsonl[..], &["1"]].concat());
    place.generated("two", &[&jsonl[..], &["2"]].concat());
    assert_same(&place.path("one"), &place.path("two"));
    let first = rows(&place, "one", "search");
    for (config, dialect) in [("short", "compact"), ("short-swapped", "compact"), ("told", "prose")] {
        let own = rows(&place, "one", config);
        assert_eq!(own.len(), 220);
        for (row, first) in own.iter().zip(&first) {
            assert_eq!(
                (&row["id"], &row["search"], &row["dialect"]),
                (&first["id"], &first["search"], &dialect.into())
            );
        }
    }
    for dialect in ["compact", "prose"] {
        let line = format!("dialect = \"{dialect}\"");
        let alone = Place::new(&changed(&format!("{small}{ARMS}"), &[("dialect", &line)]));
        alone.generated("out", &[&jsonl[..], &["2"]].concat());
        let configs: &[&str] = if dialect == "compact" { &["short", "short-swapped"] } else { &["told"] };
        for config in configs {
            assert_same(&place.path(&format!("one/{config}")), &alone.path(&format!("out/{config}")));
        }
    }
    for command in [&["audit", "--cues", "0"][..], &["check"]] {
        assert!(expect(0, &[command, &[&place.name("one")]].concat()).out.contains("ok: "));
    }
    let manifest = String::from_utf8(contents(&place.path("one"))["manifest.json"].clone()).unwrap();
    for dialect in ["stream-of-search", "compact", "prose"] {
        assert!(manifest.contains(&format!("\"dialect {dialect}\": ")), "{dialect}");
    }
    // Some arms, and a filter over all of them.
    place.generated("some", &["--format", "jsonl", "--configs", "short,told"]);
    assert_same(&place.path("one/told"), &place.path("some/told"));
    let filter = "[filter]\nmax_words = 400\n\n[splits.train]";
    let filtered = Place::new(&format!(
        "{}{ARMS}",
        changed(&small, &[("[splits.train]", filter), ("sizes", "sizes = { min = 3, max = 3 }")])
    ));
    filtered.generated("out", &["--format", "jsonl", "--count", "validation=0", "--count", "test=0"]);
    for config in ["search", "short", "short-swapped", "told"] {
        let own = rows(&filtered, "out", config);
        assert!(
            own.len() == 100 && own.iter().all(|row| row["tokens"].as_u64().is_some_and(|words| words <= 400)),
            "{config}"
        );
    }
    for (dialect, says) in [
        ("compct", "records.short.dialect: found \"compct\"; allowed: "),
        ("searchformer", "records.short.dialect: found \"searchformer\"; allowed: "),
    ] {
        let wrong = Place::new(&format!("{small}{}", ARMS.replacen("compact", dialect, 1))).generate("none", &[]);
        assert!(wrong.code == Some(2) && wrong.err.contains(says), "{}", wrong.err);
    }
}

#[test]
fn costs_can_be_left_out_of_every_search_that_is_not_cut_by_them() {
    let row = |search: &str| {
        let recipe = changed(SMALL, &[("dialect", "dialect = \"compact\"")]);
        let (before, rest) = recipe.split_once("[[searches]]").unwrap();
        let (_, splits) = rest.split_once("[splits.train]").unwrap();
        let place = Place::new(&format!("{before}[[searches]]\n{search}\n\n[splits.train]{splits}"));
        super::run(&["sample", &place.name("recipe.toml")])
    };
    for kind in ["kind = \"dfs\"", "kind = \"bfs\"", "kind = \"beam\"\nheuristic = \"sum\"\nwidth = 2"] {
        let (with, without) = (row(kind), row(&format!("{kind}\ncosts = false")));
        assert_eq!(without.code, Some(0), "{}", without.err);
        let text = |ran: &super::Ran| serde_json::from_str::<Value>(&ran.out).unwrap()["completion"].clone();
        assert_eq!(text(&with), text(&without));
    }
    let refused = row("kind = \"ida-star\"\nheuristic = \"sum\"\ncosts = false");
    let says = "search.costs: found false; allowed: true for ida-star, whose nodes are cut by their costs";
    assert!(refused.code == Some(2) && refused.err.contains(says), "{}", refused.err);
}
