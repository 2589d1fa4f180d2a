use serde_json::json;

use super::*;
use crate::laws::assert_laws;

#[test]
fn every_kind_keeps_the_laws() {
    for (kind, about) in Constraint::KINDS.iter().enumerate() {
        let start = std::time::Instant::now();
        assert_laws::<Constraint>(&Constraint::levels(kind), 3, 10);
        eprintln!("{} {:?}", about.name, start.elapsed());
    }
}

#[test]
fn kinds_are_found_by_their_settings() {
    for kind in 0..Constraint::KINDS.len() {
        for config in Constraint::levels(kind) {
            assert_eq!(Constraint::kind_of(&config), kind);
            let value = serde_json::to_value(&config).unwrap();
            assert_eq!(Constraint::read_config(kind, value).unwrap(), config);
        }
    }
}

#[test]
fn a_worked_sudoku() {
    let cells = json!([[1, 0, 3, 0], [0, 0, 1, 2], [2, 1, 4, 3], [4, 0, 2, 0]]);
    let puzzle = Constraint::from_json(0, &json!({"cells": cells})).unwrap();
    let mut text = Vec::new();
    puzzle.write_state(&puzzle.start(), Style::Frame, &mut text);
    assert_eq!(String::from_utf8_lossy(&text), "[1_3_/__12/2143/4_2_]");
    let facts = puzzle.facts();
    assert_eq!((facts.optimal_cost, facts.solutions), (Some(6), Some(1)));
}
