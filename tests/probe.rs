//! Checks a reader on any text. The tests run it, and the fuzz targets take this file as a module.

use serde_json::{Value, json};

use stream_of_search::arena::{self, Family};
use stream_of_search::check::{LazyFacts, Request, check};
use stream_of_search::dialect::{Parsed, Phrasing, dialect, dialects};

/// The puzzles of the committed corpora: make 24 from 2, 3 and 4, by all of the numbers or by any; a weighted graph, and a directed one; a maze; a
/// warehouse; a 4 by 4 sudoku.
fn puzzles(environment: &str) -> Vec<Value> {
    let weighted = json!([["A", "B", 4], ["B", "C", 1], ["A", "C", 7], ["A", "D", 1]]);
    match environment {
        "countdown" => ["all", "any"].map(|rule| json!({"numbers": [2, 3, 4], "target": 24, "rule": rule})).to_vec(),
        "graph" => vec![
            json!({"directed": false, "nodes": 4, "edges": weighted, "start": "A", "goal": "C"}),
            json!({"directed": true, "nodes": 5, "edges": [[0, 1], [1, 2], [0, 3], [3, 4]], "start": 0, "goal": 2}),
        ],
        "maze" => {
            vec![json!({"width": 4, "height": 3, "start": [0, 0], "goal": [3, 1], "walls": [[1, 0], [1, 1], [3, 0]]})]
        }
        "sokoban" => {
            vec![json!({"width": 4, "height": 3, "walls": [], "worker": [0, 0], "boxes": [[1, 1]], "docks": [[3, 1]]})]
        }
        "sudoku" => vec![json!({"cells": [[0, 0, 0, 0], [0, 0, 1, 2], [2, 1, 0, 0], [0, 0, 0, 0]]})],
        _ => Vec::new(),
    }
}

/// Reads and checks a text for each puzzle of the corpora that the dialect fits. Panics if a reader breaks one of its promises.
pub fn probe(name: &str, text: &[u8]) {
    let environments = ["countdown", "graph", "maze", "sokoban", "sudoku"];
    let fits = environments
        .map(|environment| arena::environment(environment).is_some_and(|family| probe_in(family, name, text)));
    assert!(fits.contains(&true), "{name} is no dialect");
}

/// Probes one environment. False if the dialect does not fit it.
fn probe_in(family: &dyn Family, name: &str, text: &[u8]) -> bool {
    let about = family.about();
    let Some(entry) = dialect(about, name) else { return false };
    if let Ok(puzzle) = entry.read_prompt(family, text) {
        // The prompt of a puzzle that was read from a prompt reads back as the same puzzle.
        let told = entry.read_prompt(family, &entry.prompt(&puzzle));
        assert!(told.is_ok_and(|told| told.id() == puzzle.id()), "a prompt is read back");
    }
    for puzzle in puzzles(about.name) {
        let puzzle = family.read_json(&puzzle).unwrap_or_else(|error| panic!("{}: {error}", about.name));
        let parsed = (entry.parse)(&puzzle, text);
        hold(&parsed, text);
        let verdict = check(&puzzle, &LazyFacts::new(&puzzle), &parsed, Request::default());
        assert!(parsed.errors.is_empty() || !verdict.valid, "what does not parse is not valid");
        // Users pass a text alone, or behind something that they call its prompt.
        for before in [0, text.len() / 2] {
            hold(&entry.read(&puzzle, text, before), text);
        }
        // Whatever was read can be written in every dialect and read again.
        for other in dialects(about) {
            let mut again = Vec::new();
            let word = text.len() as u32;
            (other.write)(&puzzle, &parsed.trace, Phrasing { word, restate_per_mille: word % 1000 }, &mut again);
            hold(&(other.parse)(&puzzle, &again), &again);
        }
    }
    true
}

fn hold(parsed: &Parsed, text: &[u8]) {
    let trace = &parsed.trace;
    assert_eq!(parsed.spans.len(), trace.events.len(), "each event has a place");
    assert!(parsed.spans.iter().all(|spans| spans.whole.0 <= spans.whole.1 && spans.whole.1 <= text.len()));
    assert!(parsed.errors.iter().all(|error| error.span.0 <= error.span.1 && error.span.1 <= text.len()));
    assert!(trace.nodes.len() <= 2 * text.len() + 1 && trace.events.len() <= 2 * text.len() + 1, "bounded by the text");
    for (id, node) in trace.nodes.iter().enumerate() {
        assert!(
            node.parent == stream_of_search::trace::NO_NODE || (node.parent as usize) < id,
            "parents stand before their children"
        );
    }
}
