use super::*;
use crate::laws::assert_laws;
use crate::settings::{Amount, Range, Solvable};
use proptest::prelude::*;
use std::collections::HashMap;

fn puzzle(sizes: &[u8], start: &[u8], target: u8) -> WaterJugs {
    let value = serde_json::json!({ "sizes": sizes, "start": start, "target": target });
    WaterJugs::from_json(&value).unwrap()
}

/// Cost, number of shortest solutions, and number of positions nearer than the goal, by search over the successors.
fn brute_force(puzzle: &WaterJugs) -> (Option<u64>, u64, u64) {
    let mut levels = vec![HashMap::from([(puzzle.start(), 1u64)])];
    loop {
        let last = levels.last().unwrap();
        let goals: u64 = last.iter().filter(|(state, _)| puzzle.is_goal(state)).map(|(_, ways)| ways).sum();
        let nearer = levels[..levels.len() - 1].iter().map(|level| level.len() as u64).sum();
        if goals > 0 {
            return (Some(levels.len() as u64 - 1), goals, nearer);
        }
        if last.is_empty() {
            return (None, 0, nearer);
        }
        let mut next = HashMap::new();
        for (state, ways) in last {
            let mut steps = Vec::new();
            puzzle.successors(state, &mut steps);
            for step in steps.iter().filter(|step| levels.iter().all(|level| !level.contains_key(&step.state))) {
                *next.entry(step.state).or_insert(0) += ways;
            }
        }
        levels.push(next);
    }
}

#[test]
fn the_worked_puzzle() {
    let puzzle = puzzle(&[3, 5], &[0, 0], 4);
    assert_eq!(puzzle.solver_facts().optimal_cost, Some(6));
    let mut state = puzzle.start();
    for text in ["fill b = 0 5", "pour b a = 3 2", "empty a = 0 2", "pour b a = 2 0", "fill b = 2 5", "pour b a = 3 4"]
    {
        let action = puzzle.read_move(Style::Compact, &mut Reader::new(text.as_bytes())).unwrap();
        let (right, after, _) = puzzle.apply(&state, action).unwrap();
        assert_eq!(right, action);
        state = after;
    }
    assert!(puzzle.is_goal(&state));
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    assert_eq!(json, br#"{"sizes":[3,5],"target":4}"#);
}

#[test]
fn known_results() {
    // From the literature: 6 quarts with 9 and 4 (Polya 1945); half of eight from a full jug.
    assert_eq!(puzzle(&[4, 9], &[0, 0], 6).solver_facts().optimal_cost, Some(8));
    assert_eq!(puzzle(&[3, 5, 8], &[0, 0, 8], 4).solver_facts().optimal_cost, Some(6));
    assert!(!puzzle(&[6, 9], &[0, 0], 4).solver_facts().solvable);
    assert!(!puzzle(&[3, 5], &[0, 0], 9).solver_facts().solvable);
    // The measurable amounts are the multiples of the greatest common divisor.
    assert!((1..=15).all(|target| puzzle(&[6, 10, 15], &[0, 0, 0], target).solver_facts().solvable));
}

proptest! {
    #[test]
    fn facts_are_those_of_brute_force(sizes in prop::collection::vec(1u8..9, 2..=4), fill in prop::collection::vec(0u8..9, 4), target in 1u8..10) {
        let start: Vec<u8> = sizes.iter().zip(fill).map(|(size, fill)| fill % (size + 1)).collect();
        let puzzle = puzzle(&sizes, &start, target);
        let (cost, solutions, nearer) = brute_force(&puzzle);
        let facts = SolverFacts { solvable: cost.is_some(), optimal_cost: cost, solutions: Some(solutions), difficulty: Some(nearer) };
        prop_assert_eq!(puzzle.solver_facts(), facts);
        prop_assert!(cost.is_none() || !solve::is_out_of_reach(&puzzle));
    }

    #[test]
    fn positions_that_the_start_does_not_reach_have_distances(sizes in prop::collection::vec(1u8..9, 2..=4), fill in prop::collection::vec(0u8..9, 4), target in 1u8..10) {
        let empty = vec![0; sizes.len()];
        let other: Vec<u8> = sizes.iter().zip(fill).map(|(size, fill)| fill % (size + 1)).collect();
        let (here, there) = (puzzle(&sizes, &empty, target), puzzle(&sizes, &other, target));
        prop_assert_eq!(here.distance_table().distance(&here, &there.start()), there.solver_facts().optimal_cost);
        let relaxed = here.estimate(0, &there.start());
        prop_assert!(there.solver_facts().optimal_cost.is_none_or(|cost| relaxed <= cost));
    }
}

#[test]
fn the_space_lists_every_puzzle_once() {
    let config = Config {
        jugs: Amount::Between(Range { min: 2, max: 3 }),
        sizes: Range { min: 2, max: 7 },
        min_cost: 1,
        solvable: Solvable::Any,
        ..Config::default()
    };
    let space = WaterJugs::space(&config).unwrap();
    let mut draw = Draw::new(0, "test");
    let mut ids: Vec<_> = (0..space.size).map(|i| WaterJugs::at(&config, 0, i, &mut draw).unwrap().id()).collect();
    // Sets of two: the greater size times the lesser ones below it; sets of three likewise.
    assert_eq!(ids.len(), 3 + 4 * 2 + 5 * 3 + 6 * 4 + 7 * 5 + 4 + 5 * 3 + 6 * 6 + 7 * 10);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len() as u128, space.size);
}

#[test]
fn the_space_of_filled_jugs_lists_every_puzzle_once() {
    let config = Config {
        jugs: Amount::Exactly(2),
        sizes: Range { min: 1, max: 5 },
        start: Fill::Any,
        min_cost: 1,
        solvable: Solvable::Any,
        ..Config::default()
    };
    let space = WaterJugs::space(&config).unwrap();
    let mut draw = Draw::new(0, "test");
    let found = (0..space.size).filter_map(|i| WaterJugs::at(&config, 0, i, &mut draw).ok());
    let mut ids: Vec<_> = found.map(|puzzle| puzzle.id()).collect();
    // All fills in which no jug holds the target.
    let sound = |a: u64, b: u64, target: u64| (a + 1 - u64::from(target <= a)) * b;
    let pairs = (1..=5).flat_map(|b| (1..b).map(move |a| (a, b)));
    let all: u64 = pairs.flat_map(|(a, b)| (1..=b).map(move |target| sound(a, b, target))).sum();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len() as u64, all);
}

fn refused(config: Config) -> String {
    WaterJugs::check(&config).unwrap_err().field
}

#[test]
fn impossible_settings_are_refused_by_field() {
    let default = Config::default();
    assert_eq!(refused(Config { jugs: Amount::Exactly(5), ..default.clone() }), "jugs");
    assert_eq!(refused(Config { sizes: Range { min: 0, max: 9 }, ..default.clone() }), "sizes");
    assert_eq!(refused(Config { sizes: Range { min: 4, max: 5 }, ..default.clone() }), "sizes");
    let large = Range { min: 1, max: 60 };
    assert_eq!(refused(Config { jugs: Amount::Exactly(4), sizes: large, ..default.clone() }), "sizes.max");
    assert_eq!(refused(Config { min_cost: 0, ..default.clone() }), "min_cost");
    assert_eq!(refused(Config { min_cost: 9, max_cost: 8, ..default.clone() }), "max_cost");
    let three = Range { min: 1, max: 3 };
    assert_eq!(refused(Config { sizes: three, solvable: Solvable::No, ..default }), "solvable");
}

#[test]
fn broken_puzzles_are_refused() {
    for text in [
        r#"{"sizes":[3],"target":1}"#,
        r#"{"sizes":[3,61],"target":1}"#,
        r#"{"sizes":[60,60,60,60],"target":1}"#,
        r#"{"sizes":[3,5],"target":0}"#,
        r#"{"sizes":[3,5],"start":[4,0],"target":1}"#,
        r#"{"sizes":[3,5],"start":[1],"target":1}"#,
    ] {
        assert!(WaterJugs::from_json(&serde_json::from_str(text).unwrap()).is_err(), "{text}");
    }
}

#[test]
fn water_jugs_keep_the_laws() {
    assert_laws::<WaterJugs>(&WaterJugs::levels(), 1, 20);
    let of = |jugs, max, start, solvable| Config {
        jugs: Amount::Between(jugs),
        sizes: Range { min: 1, max },
        start,
        solvable,
        min_cost: 1,
        ..Config::default()
    };
    let jugs = Range { min: 2, max: 4 };
    let configs = [
        of(jugs, 9, Fill::Any, Solvable::Any),
        of(jugs, 12, Fill::Any, Solvable::No),
        of(jugs, 12, Fill::Empty, Solvable::No),
        of(Range { min: 2, max: 2 }, 60, Fill::Any, Solvable::Yes),
    ];
    assert_laws::<WaterJugs>(&configs, 2, 20);
}
