//! Bytes that may not change.

use sos_envs::{Countdown, Draw, Environment};
use stream_of_search::check::{LazyFacts, Request, check};
use stream_of_search::dialect::dialect;
use stream_of_search::search::{Scratch, Search, SearchConfig};
use stream_of_search::trace::Trace;

fn search_config(json: &str) -> SearchConfig {
    serde_json::from_str(json).unwrap()
}

/// The paper's own rows, where the folder is given: every depth-first row is written alike, and every row reads back to the
/// same bytes.
#[test]
fn the_papers_rows() {
    let Ok(folder) = std::env::var("SOS_GOLDEN") else { return };
    let entry = dialect::<Countdown>("stream-of-search").unwrap();
    let (mut trace, mut scratch) = (Trace::default(), Scratch::default());
    let (mut dfs, mut beam, mut flagged) = (0, 0, 0);
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if !path.to_string_lossy().ends_with(".json.zst") {
            continue;
        }
        let text = zstd::decode_all(std::fs::File::open(path).unwrap()).unwrap();
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&text).unwrap();
        for row in rows {
            let puzzle =
                Countdown::from_json(&serde_json::json!({"numbers": row["nums"], "target": row["target"]})).unwrap();
            let expected = row["search_path"].as_str().unwrap();
            let parsed = (entry.parse)(&puzzle, expected.as_bytes());
            assert_eq!(parsed.errors, [], "{expected}");
            let mut again = Vec::new();
            (entry.write)(&puzzle, &parsed.trace, 0, &mut again);
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
            let search = Search::<Countdown>::new(&config).unwrap();
            search.run(&puzzle, &mut Draw::new(0, "search"), None, &mut trace, &mut scratch);
            let mut out = Vec::new();
            (entry.write)(&puzzle, &trace, 0, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
    eprintln!("{dfs} depth-first rows, {beam} beam rows, {flagged} of them flagged");
}
