//! Which corruptions fit which dialects: docs/corruptions.md says it, and recipes that ask for another combination are refused.

use super::about;
use stream_of_search::corrupt::{Mode, corruptions};
use stream_of_search::dialect::{Coverage, all_dialects};
use stream_of_search::recipe::Recipe;
use stream_of_search::record::Dataset;

/// The table of docs/corruptions.md, made from the registries.
fn table_of_fits() -> String {
    let dialects = all_dialects(about("countdown"));
    let told = [Coverage::All, Coverage::Opened, Coverage::Moves, Coverage::Answer];
    let names = |told: Coverage| {
        let names = dialects.iter().filter(|dialect| dialect.told == told).map(|dialect| format!("`{}`", dialect.name));
        names.collect::<Vec<_>>().join(", ")
    };
    let mut table = format!("| kind | {} |\n|---|---|---|---|---|\n", told.map(names).join(" | "));
    let mut reasons: Vec<String> = Vec::new();
    // an environment that has all kinds
    for kind in corruptions() {
        let cells = told.map(|told| {
            let [local, propagated] =
                [Mode::Local, Mode::Propagated].map(|mode| kind.fits(about("sudoku"), told, mode));
            let reason = local.or(propagated).err().map(|reason| {
                reasons.iter().position(|known| known == reason).unwrap_or_else(|| {
                    reasons.push(reason.into());
                    reasons.len() - 1
                }) + 1
            });
            match (local.is_ok(), propagated.is_ok()) {
                (true, true) => "yes".into(),
                (false, true) => "propagated".into(),
                (true, false) => "local".into(),
                (false, false) => format!("no ({})", reason.unwrap_or_default()),
            }
        });
        table.push_str(&format!("| `{}` | {} |\n", kind.name, cells.join(" | ")));
    }
    table.push('\n');
    for (place, reason) in reasons.iter().enumerate() {
        table.push_str(&format!("{}. {reason}\n", place + 1));
    }
    table
}

#[test]
fn the_page_says_which_kinds_fit_which_dialects() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/corruptions.md")).unwrap();
    let table = table_of_fits();
    assert!(page.contains(&table), "docs/corruptions.md must have this table:\n\n{table}");
}

/// A kind that makes no sense in the recipe's dialect is refused, with the reason.
#[test]
fn kinds_that_do_not_fit_the_dialect_are_refused() {
    let recipe = |dialect: &str, env: &str, kind: &str| {
        let text = format!(
            "name = \"r\"\nseed = 1\ndialect = \"{dialect}\"\nanswer = true\n[environment]\nname = \"{env}\"\n\
             [[searches]]\nkind = \"bfs\"\n[splits.train]\nrows = 2\n[[records]]\nkind = \"corrupted\"\n\
             corruption = {{ kinds = [{{ {kind} }}] }}\n"
        );
        Recipe::from_toml(&text).unwrap()
    };
    let maze = |kind: &str| Dataset::new(recipe("searchformer", "maze", kind)).err().map(|error| error.to_string());
    let graph = |kind: &str| Dataset::new(recipe("prosqa", "graph", kind)).err().map(|error| error.to_string());
    assert_eq!(
        maze("kind = \"arithmetic-slip\"").unwrap(),
        "records 1: records.corrupted.corruption.kinds.kind: arithmetic-slip does not fit the dialect searchformer: it tells states and no \
         moves; choose illegal-move or wrong-state"
    );
    assert!(maze("kind = \"missed-goal\"").unwrap().contains("never says that a node is a dead end"));
    assert!(maze("kind = \"false-goal\"").unwrap().contains("choose mode = \"propagated\""));
    assert_eq!(maze("kind = \"false-goal\", mode = \"propagated\""), None);
    assert_eq!(maze("kind = \"illegal-move\""), None);
    assert!(graph("kind = \"truncation\"").unwrap().contains("tells the answer alone"));
    assert_eq!(graph("kind = \"wrong-answer\""), None);
    let reasons = maze("kind = \"wrong-reason\"").unwrap();
    assert!(reasons.contains("its moves give no reasons; choose illegal-move"), "{reasons}");
    let mut swapped = recipe("prosqa", "graph", "kind = \"wrong-answer\"");
    swapped.records[0] = toml::from_str("kind = \"swapped\"").unwrap();
    let error = Dataset::new(swapped).err().unwrap().to_string();
    assert!(error.contains("swap does not fit the dialect prosqa"), "{error}");
}
