//! Everything has a bound: a search without limits, the text it writes, and the further runs that one row makes (they share one bound).

use serde_json::json;
use sos_envs::{About, Draw, Streams};

use stream_of_search::arena::{Family, Scratch, environments};
use stream_of_search::check::{LazyFacts, Level, Request, check};
use stream_of_search::dialect::{Phrasing, dialects};
use stream_of_search::record::limit;
use stream_of_search::search::limits::{DEFAULT_BYTES, DEFAULT_NODES, Limits};
use stream_of_search::search::{Outcome, SEARCHES, Search, SearchEntry};
use stream_of_search::trace::Trace;

/// Makes a search of one kind, with the settings that it needs and the fields of `more`.
fn search(about: &'static About, entry: &SearchEntry, more: &serde_json::Value) -> Search {
    let mut config = json!({"kind": entry.name});
    for (field, needed) in entry.settings() {
        match field {
            "heuristic" if needed => config[field] = about.heuristics[0].name.into(),
            "width" => config[field] = 3.into(),
            "weight_percent" => config[field] = 150.into(),
            "simulations" => config[field] = 60.into(),
            "failed_leaves" => config[field] = 20.into(),
            _ => {}
        }
    }
    for (field, value) in more.as_object().unwrap() {
        config[field] = value.clone();
    }
    Search::new(about, &serde_json::from_value(config).unwrap()).unwrap()
}

/// Number of traces that the limit of bytes cut, and that it left whole.
#[derive(Default)]
struct Bytes {
    cut: u64,
    whole: u64,
}

impl Bytes {
    fn visit(&mut self, family: &'static dyn Family) {
        let (mut trace, mut whole, mut scratch) = (Trace::default(), Trace::default(), Scratch::default());
        let mut streams = (0..).map(|index| Streams::new(5, "bounds", family.about().name).at(index));
        let puzzle = streams.find_map(|mut draw| family.generate(&family.levels()[0], &mut draw).ok()).unwrap();
        let facts = LazyFacts::new(&puzzle);
        for entry in SEARCHES.iter().filter(|entry| entry.fits(family.about()).is_ok()) {
            let free = search(family.about(), entry, &json!({"max_nodes": 400}));
            if free.fits(&puzzle).is_err() {
                continue;
            }
            for dialect in dialects(family.about()).into_iter().filter(|dialect| dialect.tells(entry.name)) {
                let mut text = Vec::new();
                free.run(&puzzle, &mut Draw::new(1, "search"), None, &mut whole, &mut scratch);
                (dialect.write)(&puzzle, &whole, Phrasing::of(7), &mut text);
                let (length, say) =
                    (text.len() as u64, format!("{} {} {}", family.about().name, entry.name, dialect.name));
                // The limit is the exact length of the text: nothing is cut.
                let all = whole.events.len();
                let mut measured = Vec::new();
                let mut fit = |most| dialect.events_that_fit(&puzzle, &mut whole, Phrasing::of(7), most, &mut measured);
                assert_eq!(fit(length), None, "{say}");
                // If the text was written to measure it, the buffer holds that text.
                assert!(measured.is_empty() || measured == text, "{say}");
                if length > 0 {
                    let mut fit =
                        |most| dialect.events_that_fit(&puzzle, &mut whole, Phrasing::of(7), most, &mut measured);
                    let fit = fit(length - 1);
                    assert!(fit.is_some_and(|events| events < all), "{say}: {fit:?} of {all} events");
                    assert!(measured.is_empty(), "{say}: the text of another trace");
                }
                let most = length / 2;
                let narrow = search(family.about(), entry, &json!({"max_nodes": 400, "max_bytes": most}));
                let (limits, mut draw) = (Limits::share(1), Draw::new(1, "search"));
                let (outcome, limited) = limit::run(
                    &narrow,
                    &dialect,
                    &puzzle,
                    Phrasing::of(7),
                    limits,
                    &mut draw,
                    &mut trace,
                    &mut measured,
                    &mut scratch,
                );
                assert!(!limited, "{say}: its own limit was taken for another");
                text.clear();
                (dialect.write)(&puzzle, &trace, Phrasing::of(7), &mut text);
                assert!(measured.is_empty() || measured == text, "{say}");
                if trace == whole {
                    // The whole trace is one expansion, so it cannot end earlier.
                    self.whole += 1;
                    continue;
                }
                self.cut += 1;
                assert_eq!(outcome, Outcome::Budget, "{say}");
                assert!(trace.events.len() < all, "{say}");
                if (text.len() as u64) < most / 2 {
                    continue;
                }
                let parsed = (dialect.parse)(&puzzle, &text);
                let request = Request { level: Level::Policy, search: Some(&narrow), ..Request::default() };
                let verdict = check(&puzzle, &facts, &parsed, request);
                let lower = verdict.errors.iter().all(|error| error.level != Level::Policy);
                assert!(lower, "{say}: {:?}\n{}", verdict.first_error, String::from_utf8_lossy(&text));
            }
        }
    }
}

#[test]
fn a_text_that_would_be_too_long_ends_before() {
    let mut bytes = Bytes::default();
    environments().iter().for_each(|&family| bytes.visit(family));
    assert!(bytes.cut > 4 * bytes.whole, "{} cut, {} whole", bytes.cut, bytes.whole);
}

#[test]
fn a_search_without_a_limit_has_one() {
    struct Defaults;
    impl Defaults {
        fn visit(&mut self, family: &'static dyn Family) {
            for entry in SEARCHES.iter().filter(|entry| entry.fits(family.about()).is_ok()) {
                let settings = search(family.about(), entry, &json!({})).settings;
                assert_eq!((settings.max_nodes, settings.max_bytes), (DEFAULT_NODES, DEFAULT_BYTES));
                assert!(settings.max_expansions <= 1_000_000 && settings.max_events <= 4_000_000);
            }
        }
    }
    environments().iter().for_each(|&family| Defaults.visit(family));
}

/// A recipe whose puzzles make a search of the paper explore millions of nodes.
#[cfg(target_os = "linux")]
const WIDE: &str = r#"
name = "wide"
seed = 42
dialect = "stream-of-search"
mixture = "stream-of-search"
[environment]
name = "countdown"
sizes = { min = 4, max = 7 }
numbers = { min = 1, max = 100 }
targets = { min = 10, max = 999 }
[splits.train]
rows = 2000
[[records]]
kind = "comparison"
[[records]]
kind = "group"
size = 4
"#;

/// Runs the program with its address space limited (`ulimit -v` counts in KiB).
#[cfg(target_os = "linux")]
#[test]
fn a_row_of_great_puzzles_takes_less_than_a_gigabyte() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("recipe.toml");
    std::fs::write(&recipe, WIDE).unwrap();
    let command = "ulimit -v 1000000; exec \"$0\" sample \"$1\" --config group --index 5";
    let mut shell = std::process::Command::new("sh");
    let ran = shell.args(["-c", command, env!("CARGO_BIN_EXE_sos")]).arg(&recipe).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(ran.stdout.len() < 40 << 20, "a row of {} bytes", ran.stdout.len());
}
