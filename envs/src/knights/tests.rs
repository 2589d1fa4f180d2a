use std::collections::{HashMap, VecDeque};

use serde_json::json;

use super::*;
use crate::draw::Streams;
use crate::laws::assert_laws;
use crate::settings::{Range, Solvable};

fn swap(width: u8, height: u8, blocked: &[&str], white: &[&str], black: &[&str]) -> Knights {
    let value =
        json!({"task": "swap", "width": width, "height": height, "blocked": blocked, "white": white, "black": black});
    Knights::from_json(&value).unwrap()
}

fn path(width: u8, height: u8, start: &str, goal: &str) -> Knights {
    let value = json!({"task": "path", "width": width, "height": height, "blocked": [], "start": start, "goal": goal});
    Knights::from_json(&value).unwrap()
}

fn swaps(width: u64, height: u64, blocked: Amount, knights: u64) -> Config {
    let [width, height, knights] = [width, height, knights].map(Amount::Exactly);
    Config { task: Task::Swap { knights }, width, height, blocked, min_cost: 1, ..Config::default() }
}

fn paths(width: u64, height: u64, blocked: Amount) -> Config {
    Config { task: Task::Path, ..swaps(width, height, blocked, 1) }
}

fn between(min: u64, max: u64) -> Amount {
    Amount::Between(Range { min, max })
}

fn generated(config: &Config, seed: u64) -> impl Iterator<Item = Knights> {
    let streams = Streams::new(seed, "test", "knights");
    (0..10_000).filter_map(move |index| Knights::generate(config, &mut streams.at(index)).ok())
}

/// Another model of the rules: a map from squares (column and row) to colours.
type Places = std::collections::BTreeMap<(i32, i32), char>;

fn places(puzzle: &Knights, state: &Position) -> Places {
    let mut text = Vec::new();
    puzzle.write_state(state, Style::Compact, &mut text);
    let text = String::from_utf8(text).unwrap();
    let colours = text.split(" | ").zip(['w', 'b']);
    let square = |name: &str| (name.as_bytes()[0] as i32, name.as_bytes()[1] as i32);
    colours.flat_map(|(names, colour)| names.split(' ').map(move |name| (square(name), colour))).collect()
}

fn jumps(puzzle: &Knights, here: &Places) -> Vec<Places> {
    let value = serde_json::from_str::<Value>(&written(puzzle)).unwrap();
    let blocked: Vec<&str> = value["blocked"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let (width, height) = (value["width"].as_i64().unwrap() as i32, value["height"].as_i64().unwrap() as i32);
    let mut all = Vec::new();
    for (&(x, y), &colour) in here {
        for (to_x, to_y) in (0..width).flat_map(|x| (0..height).map(move |y| (x + 'a' as i32, y + '1' as i32))) {
            let name: String = [to_x as u8 as char, to_y as u8 as char].into_iter().collect();
            let far = (to_x - x).abs() * (to_y - y).abs();
            if far == 2 && !here.contains_key(&(to_x, to_y)) && !blocked.contains(&name.as_str()) {
                let mut there = here.clone();
                there.remove(&(x, y));
                there.insert((to_x, to_y), colour);
                all.push(there);
            }
        }
    }
    all
}

fn written(puzzle: &Knights) -> String {
    let mut out = Vec::new();
    puzzle.write_json(&mut out);
    String::from_utf8(out).unwrap()
}

/// Cost and number of the shortest solutions, found with the other model.
fn solved(puzzle: &Knights) -> Option<(Cost, u64)> {
    let (start, goal) = (places(puzzle, &puzzle.layout.start), places(puzzle, &puzzle.layout.goal));
    let mut reached = HashMap::from([(start.clone(), (0, 1))]);
    let mut queue = VecDeque::from([start]);
    while let Some(here) = queue.pop_front() {
        let (cost, ways) = reached[&here];
        if here == goal {
            return Some((cost, ways));
        }
        for there in jumps(puzzle, &here) {
            let entry = reached.entry(there.clone()).or_insert_with(|| {
                queue.push_back(there);
                (cost + 1, 0)
            });
            if entry.0 == cost + 1 {
                entry.1 += ways;
            }
        }
    }
    None
}

#[test]
fn the_rules_and_costs_are_those_of_the_other_model() {
    let any = |config: Config| Config { solvable: Solvable::Any, ..config };
    let configs = [
        any(swaps(3, 3, between(0, 2), 2)),
        any(swaps(3, 4, between(0, 3), 1)),
        any(paths(5, 4, between(0, 9))),
        any(swaps(4, 3, between(3, 4), 2)),
        paths(8, 8, between(10, 30)),
    ];
    let mut unsolvable = 0;
    for (seed, config) in configs.iter().enumerate() {
        for puzzle in generated(config, seed as u64).take(250) {
            assert_eq!(solved(&puzzle), puzzle.facts.optimal_cost.zip(puzzle.facts.solutions), "{puzzle:?}");
            unsolvable += u32::from(!puzzle.facts.solvable);
            let mut out = Vec::new();
            puzzle.successors(&puzzle.layout.start, &mut out);
            let mut ours: Vec<Places> = out.iter().map(|step| places(&puzzle, &step.state)).collect();
            let mut theirs = jumps(&puzzle, &places(&puzzle, &puzzle.layout.start));
            ours.sort();
            theirs.sort();
            assert_eq!(ours, theirs);
        }
    }
    assert!(unsolvable > 100, "{unsolvable}");
}

#[test]
fn guarini() {
    let puzzle = swap(3, 3, &[], &["a1", "c1"], &["a3", "c3"]);
    assert_eq!(puzzle.facts.optimal_cost, Some(16));
}

#[test]
fn knights_that_would_have_to_pass_each_other_on_a_ring() {
    // On the rim of 3 by 3 (a1 c2 a3 b1 c3 a2 c1 b3) knights never pass each other, so the cyclic order of colours stays.
    let ring = swap(3, 3, &["b2"], &["a1", "c2", "b1"], &["a3", "c3", "a2"]);
    assert!(!ring.facts.solvable);
    assert_eq!(ring.facts.solutions, Some(0));
}

#[test]
fn known_distances_of_a_single_knight() {
    assert_eq!(path(8, 8, "a1", "h8").facts.optimal_cost, Some(6));
    assert_eq!(path(8, 8, "a1", "b2").facts.optimal_cost, Some(4));
    assert_eq!(path(8, 8, "d4", "e4").facts.optimal_cost, Some(3));
    assert!(!path(3, 3, "a1", "b2").facts.solvable);
    assert_eq!(path(3, 3, "b2", "b2").facts.optimal_cost, Some(0));
}

#[test]
fn the_worked_puzzle() {
    let puzzle = path(3, 3, "a1", "b1");
    let mut state = puzzle.start();
    for text in ["a1-c2", "c2-a3", "a3-b1"] {
        let jump = puzzle.read_move(Style::Frame, &mut Reader::new(text.as_bytes())).unwrap();
        state = puzzle.apply(&state, jump).unwrap().1;
    }
    assert!(puzzle.is_goal(&state));
    assert_eq!(puzzle.facts.optimal_cost, Some(3));
}

#[test]
fn turned_mirrored_and_recoloured_boards_are_the_same_puzzle() {
    let puzzle = swap(3, 4, &["b2"], &["a1", "c1"], &["a4", "b4"]);
    let others = [
        swap(3, 4, &["b2"], &["c1", "a1"], &["c4", "b4"]),
        swap(3, 4, &["b3"], &["a4", "c4"], &["a1", "b1"]),
        swap(4, 3, &["b2"], &["a1", "a3"], &["d1", "d2"]),
        swap(3, 4, &["b2"], &["a4", "b4"], &["a1", "c1"]),
    ];
    for other in others {
        assert_eq!((other.id(), other.facts), (puzzle.id(), puzzle.facts));
    }
    assert_ne!(swap(3, 4, &["b2"], &["a1", "c1"], &["a4", "c4"]).id(), puzzle.id());
}

#[test]
fn a_space_has_every_puzzle_once() {
    let config = Config { solvable: Solvable::Any, ..swaps(4, 3, Amount::Exactly(0), 1) };
    let space = Knights::space(&config).unwrap();
    assert_eq!(space.size, 12 * 11);
    let mut draw = Draw::new(1, "space");
    let mut ids: Vec<_> =
        (0..space.size).filter_map(|index| Knights::at(&config, 0, index, &mut draw).ok()).map(|p| p.id()).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    let mut all: Vec<_> = generated(&config, 4).take(3000).map(|puzzle| puzzle.id()).collect();
    all.sort();
    all.dedup();
    assert_eq!(ids, all);
}

#[test]
fn numbers_of_positions_are_dense() {
    let puzzle = swap(4, 3, &["b2"], &["a1", "c1"], &["a3", "c3"]);
    let bound = puzzle.index_bound().unwrap();
    let mut seen = vec![false; bound];
    let open: Vec<u8> = bits(puzzle.layout.board.open).collect();
    for white in (0u64..1 << open.len()).filter(|set| set.count_ones() == 2) {
        for black in (0u64..1 << open.len()).filter(|set| set.count_ones() == 2 && set & white == 0) {
            let [white, black] = [white, black].map(|set| board::spread(set, puzzle.layout.board.open));
            let number = puzzle.index(&Position { white, black });
            assert!(!std::mem::replace(&mut seen[number], true));
        }
    }
    assert!(seen.into_iter().all(|seen| seen));
}

#[test]
fn the_laws_hold_under_other_settings() {
    let no = |config: Config| Config { solvable: Solvable::No, ..config };
    let any = |config: Config| Config { solvable: Solvable::Any, ..config };
    let configs = [
        paths(8, 8, Amount::Exactly(0)),
        no(paths(8, 8, Amount::Exactly(2))),
        Config { min_cost: 4, ..paths(6, 3, between(0, 3)) },
        any(swaps(3, 3, between(0, 1), 2)),
        no(swaps(3, 3, Amount::Exactly(0), 2)),
        no(swaps(4, 4, between(0, 3), 2)),
        swaps(8, 8, Amount::Exactly(21), 1),
    ];
    assert_laws::<Knights>(&configs, 3, 8);
}

#[test]
fn impossible_settings_are_refused_by_field() {
    let none = Amount::Exactly(0);
    let cases = [
        ("width", paths(2, 8, none)),
        ("height", paths(8, u64::MAX, none)),
        ("blocked", paths(4, 4, Amount::Exactly(9))),
        ("task.knights", swaps(3, 3, none, 9)),
        ("task.knights", swaps(3, 3, none, 4)),
        ("blocked", swaps(3, 3, Amount::Exactly(2), 1)),
        ("task.knights", swaps(8, 8, none, 2)),
        ("blocked", Config { solvable: Solvable::No, ..paths(8, 8, none) }),
        ("min_cost", Config { min_cost: 0, ..paths(8, 8, none) }),
        ("max_cost", Config { max_cost: 1, ..paths(8, 8, none) }),
    ];
    for (field, config) in cases {
        assert_eq!(Knights::check(&config).unwrap_err().field, field, "{config:?}");
    }
}

#[test]
fn puzzles_that_are_none_are_refused() {
    let of = |white: Value, black: Value| json!({"task": "swap", "width": 4, "height": 3, "blocked": ["b2"], "white": white, "black": black});
    let cases = [
        ("white", of(json!(["a4"]), json!(["a1"]))),
        ("white", of(json!(["a1", "a1"]), json!(["a2"]))),
        ("white", of(json!(["b2"]), json!(["a1"]))),
        ("white", of(json!([]), json!([]))),
        ("black", of(json!(["a1"]), json!(["a1"]))),
        ("black", of(json!(["a1"]), json!(["a2", "a3"]))),
        ("width", json!({"task": "path", "width": 9, "height": 3, "blocked": [], "start": "a1", "goal": "a2"})),
        ("goal", json!({"task": "path", "width": 8, "height": 3, "blocked": [], "start": "a1", "goal": "a"})),
    ];
    for (field, value) in cases {
        let message = Knights::from_json(&value).unwrap_err().to_string();
        assert!(message.contains(&format!("{field}: found")), "{message}");
    }
}
