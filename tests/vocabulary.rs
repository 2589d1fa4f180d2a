//! Tables of tokens know what rows write.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::readings::rows;
use super::recipes::ready;
use stream_of_search::dialect::vocabulary::{Digits, Encoder, Table};
use stream_of_search::recipe::Recipe;

/// The id of what has no token.
const UNKNOWN: u16 = 1;

fn ids(encoder: &Encoder, text: &str) -> Vec<u16> {
    let mut ids = Vec::new();
    encoder.encode(text, &mut ids);
    ids
}

/// The words that records write of their own accord are one token each, at ids that do not change.
#[test]
fn words_of_records_are_tokens() {
    for (table, filler) in [
        (Table::Compact, 3171),
        (Table::Cells, 5219),
        (Table::Sudoku, 1475),
        (Table::CompactDigits, 1191),
        (Table::SudokuDigits, 452),
    ] {
        let encoder = Encoder::new(table);
        assert_eq!(ids(&encoder, "<filler> …"), [filler, filler + 1], "{table:?}");
        for word in ["<backtrack>", "[END]"] {
            let ids = ids(&encoder, word);
            assert!(ids.len() == 1 && ids[0] != UNKNOWN, "{table:?} {word}: {ids:?}");
        }
        // As in `tokenizers`: a first part, and what goes on with it.
        assert_eq!(ids(&encoder, "…a").len(), 2, "{table:?}");
        assert_eq!((ids(&encoder, "…ü"), ids(&encoder, "a…"), ids(&encoder, "ü")), (vec![1], vec![1], vec![1]));
    }
}

fn texts(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) => all.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| texts(value, all)),
        Value::Object(turn) => turn.get("content").into_iter().for_each(|value| texts(value, all)),
        _ => {}
    }
}

/// No word of a row of a ready recipe is unknown to the table of its dialect.
#[test]
fn no_word_of_a_ready_row_is_unknown() {
    let (mut unknown, mut seen) = (BTreeSet::new(), 0);
    for file in ready(Path::new("recipes")) {
        let recipe = Recipe::from_toml(&std::fs::read_to_string(&file).unwrap()).unwrap();
        if recipe.prompt.is_some() || !["compact", "sudoku"].contains(&&*recipe.dialect) {
            continue;
        }
        for row in rows(recipe, 3) {
            let table = Table::of(row["dialect"].as_str().unwrap(), false, Digits::Whole).unwrap();
            let encoder = Encoder::new(table);
            let mut all = Vec::new();
            for column in ["prompt", "completion", "chosen", "rejected", "completions", "messages"] {
                row.get(column).into_iter().for_each(|value| texts(value, &mut all));
            }
            for word in all.iter().flat_map(|text| text.split_whitespace()) {
                seen += 1;
                if !word.is_ascii() && ids(&encoder, word).contains(&UNKNOWN) {
                    unknown.insert(format!("{} {}: {word}", file.display(), row["record"]));
                }
            }
            assert!(all.iter().all(|text| !text.is_ascii() || !ids(&encoder, text).contains(&UNKNOWN)));
        }
    }
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(seen > 10_000, "{seen}");
}
