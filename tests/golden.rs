//! Bytes that may not change.

use std::ops::ControlFlow;
use std::path::Path;

use sos_envs::Draw;
use sos_papers::reproduce::stream_of_search::{Settings, generate as reproduce};

use super::{about, family};
use stream_of_search::arena::Scratch;
use stream_of_search::check::{LazyFacts, Request, check};
use stream_of_search::dialect::{Phrasing, dialect};
use stream_of_search::recipe::Recipe;
use stream_of_search::record::Datasets;
use stream_of_search::search::{Search, SearchConfig};
use stream_of_search::sink::row_json;
use stream_of_search::table::RowSource;
use stream_of_search::trace::Trace;

fn search_config(json: &str) -> SearchConfig {
    serde_json::from_str(json).unwrap()
}

/// The paper's own rows (`reproduce` makes its program's bytes, and the tests of that module hold their digests). Every depth-first row is
/// written alike, and every row reads back to the same bytes.
#[test]
fn the_papers_rows() {
    let folder = tempfile::tempdir().unwrap();
    let (seed, max_target, num_samples, offset) = (1, 100, 500, 1);
    let settings = Settings { seed, min_size: 3, max_size: 4, max_target, num_samples, offset, grow: false };
    let report = reproduce(&settings, folder.path(), &mut |_| ControlFlow::Continue(())).unwrap();
    let entry = dialect(about("countdown"), "stream-of-search").unwrap();
    let (mut trace, mut scratch) = (Trace::default(), Scratch::default());
    let (mut dfs, mut beam, mut flagged) = (0, 0, 0);
    for file in report.files {
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&std::fs::read(file.path).unwrap()).unwrap();
        for row in rows {
            let puzzle = family("countdown")
                .read_json(&serde_json::json!({"numbers": row["nums"], "target": row["target"]}))
                .unwrap();
            let expected = row["search_path"].as_str().unwrap();
            let parsed = (entry.parse)(&puzzle, expected.as_bytes());
            assert_eq!(parsed.errors, [], "{expected}");
            let mut again = Vec::new();
            (entry.write)(&puzzle, &parsed.trace, Phrasing::default(), &mut again);
            assert_eq!(String::from_utf8(again).unwrap(), expected);
            let verdict = check(&puzzle, &LazyFacts::new(&puzzle), &parsed, Request::default());
            if row["search_type"] != "dfs" {
                beam += 1;
                flagged += usize::from(!verdict.valid);
                continue;
            }
            dfs += 1;
            assert!(verdict.valid, "{:?}\n{expected}", verdict.first_error);
            assert_eq!(verdict.solved, expected.contains("Goal Reached"));
            let heuristic = if row["heuristic"] == "sum_heuristic" { "sum" } else { "multiply" };
            let config = search_config(&format!(r#"{{"kind":"dfs","heuristic":"{heuristic}","threshold":"target"}}"#));
            let search = Search::new(about("countdown"), &config).unwrap();
            search.run(&puzzle, &mut Draw::new(0, "search"), None, &mut trace, &mut scratch);
            let mut out = Vec::new();
            (entry.write)(&puzzle, &trace, Phrasing::default(), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
    // Beams move to nodes that they never announced. The strict check flags half of their rows for it.
    assert_eq!((dfs, beam, flagged), (1244, 1256, 631));
}

/// Rows of each split.
const ROWS: u64 = 100;

/// Digests of the first rows of a ready recipe. One line per split, over all record configs together.
struct Rows(Recipe);

impl Rows {
    fn run(self) -> String {
        let dataset = Datasets::new(self.0).unwrap();
        let mut lines = String::new();
        for (split, name) in dataset.splits().iter().enumerate() {
            dataset.prepare_split(split).unwrap();
            let mut rows = dataset.batches();
            let mut buffers = dataset.scratch();
            for index in 0..dataset.asked_for(split).min(ROWS) {
                dataset.rows(split, index, &mut buffers, &mut rows).unwrap();
            }
            let mut hasher = blake3::Hasher::new();
            for row in rows.iter().flat_map(|rows| (0..rows.len()).map(|row| row_json(rows, row).unwrap())) {
                hasher.update(serde_json::to_string(&row).unwrap().as_bytes());
            }
            lines += &format!("{} {name} {}\n", dataset.recipe.name, hasher.finalize());
        }
        lines
    }
}

/// A recipe makes the same bytes on every platform and in every version. If this fails, bytes have changed: raise the version of the environment or
/// the dialect, name the change in CHANGELOG.md, and renew the file by `SOS_BLESS=1 cargo test golden`.
#[test]
fn rows_of_the_ready_recipes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = super::recipes::ready(&folder.join("recipes"));
    let mut lines = String::new();
    for file in files {
        let recipe = Recipe::from_toml(&std::fs::read_to_string(&file).unwrap()).unwrap();
        lines += &Rows(recipe).run();
    }
    let golden = folder.join("tests/golden/rows.txt");
    if std::env::var_os("SOS_BLESS").is_some() {
        std::fs::write(&golden, &lines).unwrap();
    }
    let before = std::fs::read_to_string(&golden).unwrap();
    let changed: Vec<&str> = lines.lines().filter(|line| !before.lines().any(|other| other == *line)).collect();
    assert!(
        lines == before,
        "raise a version, then SOS_BLESS=1 cargo test golden; {} lines before, now other: {changed:#?}",
        before.lines().count()
    );
}
