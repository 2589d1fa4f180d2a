use super::*;
use crate::laws::assert_laws;
use crate::settings::{Amount, Range, Solvable};
use proptest::prelude::*;

fn puzzle(start: u32, target: u32, limit: u32, operations: &[&str]) -> NumberLine {
    let value = serde_json::json!({ "start": start, "target": target, "limit": limit, "operations": operations });
    NumberLine::from_json(&value).unwrap()
}

/// The cost and the number of shortest ways, by propagating numbers of ways step by step.
fn brute_force(puzzle: &NumberLine, from: u32) -> (Option<u64>, u64) {
    let mut ways = vec![0u64; puzzle.limit as usize + 1];
    ways[from as usize] = 1;
    for cost in 0..=u64::from(puzzle.limit) {
        if ways[puzzle.target as usize] > 0 {
            return (Some(cost), ways[puzzle.target as usize]);
        }
        let mut next = vec![0u64; ways.len()];
        for n in 0..=puzzle.limit {
            let mut steps = Vec::new();
            puzzle.successors(&n, &mut steps);
            for step in steps {
                next[step.state as usize] = next[step.state as usize].saturating_add(ways[n as usize]);
            }
        }
        ways = next;
    }
    (None, 0)
}

#[test]
fn the_worked_puzzle() {
    let puzzle = puzzle(2, 11, 99, &["+3", "*2"]);
    let facts = puzzle.solver_facts();
    assert_eq!((facts.optimal_cost, facts.solutions), (Some(3), Some(2)));
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    assert_eq!(json, br#"{"start":2,"target":11,"limit":99,"operations":["+3","*2"]}"#);
    let mut header = Vec::new();
    puzzle.write_header(Style::Compact, &mut header);
    assert_eq!(header, b"steps + 3 , * 2 , limit 99");
    let mut steps = Vec::new();
    puzzle.successors(&4, &mut steps);
    let mut text = Vec::new();
    puzzle.write_move(steps[1].action, Style::Compact, &mut text);
    assert_eq!(text, b"* 2 = 8");
}

#[test]
fn known_results() {
    // The examples of LeetCode 991, with *2 and -1: 2 to 3 takes 2, 5 to 8 takes 2, 3 to 10 takes 3, 1024 to 1 takes 1023.
    for (start, target, cost) in [(2, 3, 2), (5, 8, 2), (3, 10, 3), (1024, 1, 1023)] {
        assert_eq!(puzzle(start, target, 4096, &["*2", "-1"]).solver_facts().optimal_cost, Some(cost));
    }
    assert!(!puzzle(1, 2, 999, &["+3", "-6"]).solver_facts().solvable);
    assert!(!puzzle(0, 8, 999, &["*2", "/2"]).solver_facts().solvable);
}

#[test]
fn targets_of_different_ranks_differ() {
    let config = Config { limit: 500, ..Config::default() };
    let space = NumberLine::space(&config).unwrap();
    assert_eq!(space.size, 2024 * 501 * 16);
    let mut draw = Draw::new(0, "test");
    for set in 0..40u128 {
        let of = |rank: u128| NumberLine::at(&config, 0, (set * 997 + 13) * 16 + rank, &mut draw).ok();
        let found: Vec<_> = (0..16).filter_map(of).collect();
        let mut targets: Vec<_> = found.iter().map(|puzzle| puzzle.target).collect();
        targets.sort_unstable();
        targets.dedup();
        assert_eq!(targets.len(), found.len());
        for puzzle in found {
            assert_eq!(puzzle.solver_facts(), NumberLine { known: Known::default(), ..puzzle }.solver_facts());
        }
    }
}

#[test]
fn operations_with_their_inverses_lead_both_ways() {
    assert_eq!(puzzle(1, 8, 99, &["+3", "*2", "/2", "-3"]).two_way_goal(), Some(8));
    assert_eq!(puzzle(1, 8, 99, &["+3", "*2", "/2", "-2"]).two_way_goal(), None);
}

fn operation() -> impl Strategy<Value = String> {
    (0usize..4, 2u32..8).prop_map(|(kind, number)| format!("{}{number}", ["+", "-", "*", "/"][kind]))
}

proptest! {
    #[test]
    fn facts_are_those_of_brute_force(
        start in 0u32..60, target in 0u32..60, operations in prop::collection::btree_set(operation(), 1..=4)
    ) {
        let operations: Vec<&str> = operations.iter().map(String::as_str).collect();
        let puzzle = puzzle(start, target, 60, &operations);
        let (cost, solutions) = brute_force(&puzzle, start);
        let facts = puzzle.solver_facts();
        prop_assert_eq!((facts.optimal_cost, facts.solutions), (cost, Some(solutions)));
        let oracle = puzzle.distance_table();
        let evaluator = puzzle.evaluator(0);
        for n in 0..=60 {
            let (cost, _) = brute_force(&puzzle, n);
            prop_assert_eq!(oracle.distance(&puzzle, &n), cost);
            prop_assert!(cost.is_none_or(|cost| evaluator.estimate(&puzzle, &n) <= cost));
        }
    }
}

#[test]
fn the_space_lists_every_puzzle_once() {
    let config = Config {
        limit: 6,
        operations: Amount::Between(Range { min: 1, max: 2 }),
        addends: Range { min: 2, max: 3 },
        factors: Range { min: 2, max: 2 },
        min_cost: 1,
        solvable: Solvable::Any,
        ..Config::default()
    };
    let space = NumberLine::space(&config).unwrap();
    let mut draw = Draw::new(0, "test");
    let mut all = |config: &Config| {
        let found = (0..space.size).filter_map(|i| NumberLine::at(config, 0, i, &mut draw).ok());
        let mut ids: Vec<_> = found.map(|puzzle| (puzzle.id(), puzzle.solver_facts().solvable)).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
        ids
    };
    let any = all(&config);
    // All sets of one or two of six operations, with all starts and other targets.
    assert_eq!(any.len(), (6 + 15) * 7 * 6);
    for (solvable, is_solvable) in [(Solvable::Yes, true), (Solvable::No, false)] {
        let kept: Vec<_> = any.iter().filter(|puzzle| puzzle.1 == is_solvable).copied().collect();
        assert_eq!(all(&Config { solvable, ..config.clone() }), kept);
    }
}

fn refused(config: Config) -> String {
    NumberLine::check(&config).unwrap_err().field
}

#[test]
fn impossible_settings_are_refused_by_field() {
    let default = Config::default();
    assert_eq!(refused(Config { limit: 100_001, ..default.clone() }), "limit");
    assert_eq!(refused(Config { operations: Amount::Exactly(5), ..default.clone() }), "operations");
    assert_eq!(refused(Config { addends: Range { min: 0, max: 1 }, ..default.clone() }), "addends");
    assert_eq!(refused(Config { factors: Range { min: 1, max: 2 }, ..default.clone() }), "factors");
    assert_eq!(refused(Config { kinds: vec![], ..default.clone() }), "kinds");
    assert_eq!(refused(Config { kinds: vec![Kind::Add; 2], ..default.clone() }), "kinds");
    assert_eq!(refused(Config { min_cost: 0, ..default.clone() }), "min_cost");
    assert_eq!(refused(Config { min_cost: 4, max_cost: 3, ..default.clone() }), "max_cost");
    let one = Range { min: 1, max: 1 };
    let kinds = vec![Kind::Add, Kind::Subtract];
    let few = Config { kinds, addends: one, ..default };
    assert_eq!(refused(few.clone()), "operations");
    assert_eq!(refused(Config { operations: Amount::Exactly(2), solvable: Solvable::No, ..few }), "solvable");
}

#[test]
fn broken_puzzles_are_refused() {
    for text in [
        r#"{"start":2,"target":11,"limit":100001,"operations":["+3"]}"#,
        r#"{"start":100,"target":11,"limit":99,"operations":["+3"]}"#,
        r#"{"start":2,"target":100,"limit":99,"operations":["+3"]}"#,
        r#"{"start":2,"target":11,"limit":99,"operations":[]}"#,
        r#"{"start":2,"target":11,"limit":99,"operations":["*1"]}"#,
        r#"{"start":2,"target":11,"limit":99,"operations":["+3","+3"]}"#,
        r#"{"start":2,"target":11,"limit":99,"operations":["+3 "]}"#,
    ] {
        assert!(NumberLine::from_json(&serde_json::from_str(text).unwrap()).is_err(), "{text}");
    }
}

#[test]
fn number_lines_keep_the_laws() {
    assert_laws::<NumberLine>(&NumberLine::levels(), 1, 15);
    let of = |limit, solvable| Config {
        limit,
        operations: Amount::Between(Range { min: 1, max: 4 }),
        addends: Range { min: 1, max: 5.min(limit) },
        min_cost: 1,
        solvable,
        ..Config::default()
    };
    let both_ways = Config {
        kinds: vec![Kind::Add, Kind::Subtract],
        addends: Range { min: 3, max: 3 },
        operations: Amount::Exactly(2),
        ..of(2000, Solvable::Any)
    };
    let configs = [of(4, Solvable::Yes), of(50, Solvable::No), of(30_000, Solvable::Any), both_ways];
    assert_laws::<NumberLine>(&configs, 2, 10);
}
