use super::*;
use crate::laws::assert_laws;
use crate::settings::{Amount, Range, Solvable};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn read(text: &str) -> RiverCrossing {
    RiverCrossing::from_json(&serde_json::from_str(text).unwrap()).unwrap()
}

fn missionaries(missionaries: u8, cannibals: u8, boat: u8) -> RiverCrossing {
    RiverCrossing { party: Party::People(missionaries, cannibals), boat, known: Known::default() }
}

const WOLF: &str = r#"{"items":["wolf","goat","cabbage"],"pairs":[["wolf","goat"],["goat","cabbage"]],"boat":1}"#;

/// The cost and the number of shortest ways, by search over the successors.
fn brute_force(puzzle: &RiverCrossing, from: Position) -> (Option<u64>, u64) {
    let mut met = BTreeMap::from([(from, ())]);
    let mut level = BTreeMap::from([(from, 1u64)]);
    for cost in 0.. {
        if let Some(&ways) = level.get(&puzzle.goal()) {
            return (Some(cost), ways);
        }
        let mut next = BTreeMap::new();
        for (state, ways) in &level {
            let mut steps = Vec::new();
            puzzle.successors(state, &mut steps);
            for step in steps.iter().filter(|step| !met.contains_key(&step.state)) {
                *next.entry(step.state).or_insert(0) += ways;
            }
        }
        if next.is_empty() {
            break;
        }
        met.extend(next.keys().map(|&state| (state, ())));
        level = next;
    }
    (None, 0)
}

#[test]
fn the_worked_puzzle() {
    let puzzle = read(WOLF);
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    assert_eq!(json, WOLF.as_bytes());
    assert_eq!(puzzle.solver_facts().optimal_cost, Some(7));
    assert_eq!(puzzle.solver_facts().solutions, Some(2));
    let mut state = puzzle.start();
    for text in ["(goat)", "()", "(wolf)", "(goat)", "(cabbage)", "()", "(goat)"] {
        let action = puzzle.read_move(Style::Frame, &mut Reader::new(text.as_bytes())).unwrap();
        state = puzzle.apply(&state, action).unwrap().1;
    }
    assert!(puzzle.is_goal(&state));
}

#[test]
fn known_results() {
    // Amarel 1968: 11 crossings, in 4 ways; Pressman and Singmaster 1989, "The jealous husbands and the missionaries and
    // cannibals": 5 couples need 3 seats, 6 couples 4, and with 4 seats any number can cross.
    assert_eq!(missionaries(3, 3, 2).solver_facts().optimal_cost, Some(11));
    assert_eq!(missionaries(3, 3, 2).solver_facts().solutions, Some(4));
    assert_eq!(missionaries(2, 2, 2).solver_facts().optimal_cost, Some(5));
    assert!(!missionaries(4, 4, 2).solver_facts().solvable);
    assert_eq!(missionaries(4, 4, 3).solver_facts().optimal_cost, Some(9));
    assert_eq!(missionaries(5, 5, 3).solver_facts().optimal_cost, Some(11));
    assert!(!missionaries(6, 6, 3).solver_facts().solvable);
    assert!((4..=10).all(|n| missionaries(n, n, 4).solver_facts().solvable));
}

#[test]
fn classes_of_graphs_are_as_many_as_they_are_known_to_be() {
    // OEIS A000088.
    for (items, classes) in [(2, 2), (3, 4), (4, 11), (5, 34), (6, 156), (7, 1044)] {
        assert_eq!(graphs::table(items).classes.len(), classes);
    }
}

#[test]
fn a_boat_must_hold_a_vertex_cover_and_one_more_is_enough() {
    for items in 2..=6 {
        let table = graphs::table(items);
        for (place, &graph) in table.classes.iter().enumerate() {
            let cover = table.covered_by.iter().filter(|&&classes| classes <= place).count() as u8;
            for boat in 1..=3 {
                let party = Party::Items(Items { count: items, names: [0; MAX_ITEMS], foes: graphs::foes(graph) });
                let solvable = RiverCrossing { party, boat, known: Known::default() }.solver_facts().solvable;
                assert!(if solvable { boat >= cover } else { boat <= cover });
            }
        }
    }
}

#[test]
fn renaming_and_reordering_items_changes_nothing() {
    let other = read(r#"{"items":["hay","fox","hen"],"pairs":[["hay","hen"],["fox","hen"]],"boat":1}"#);
    assert_eq!(other.id(), read(WOLF).id());
    let third = read(r#"{"items":["hay","fox","hen"],"pairs":[["hay","hen"]],"boat":1}"#);
    assert_ne!(third.id(), other.id());
}

proptest! {
    #[test]
    fn facts_are_those_of_brute_force(m in 1u8..8, c in 1u8..8, seats in 2u8..5, count in 2usize..6, graph in 0u32..1024, boat in 1u8..4) {
        let mut foes = graphs::foes(graph);
        foes.iter_mut().for_each(|foes| *foes &= (1 << count) - 1);
        foes[count..].fill(0);
        let names = std::array::from_fn(|item| if item < count { item as u8 } else { 0 });
        let farmers = RiverCrossing { party: Party::Items(Items { count, names, foes }), boat, known: Known::default() };
        for puzzle in [farmers, missionaries(m, c.min(m), seats)] {
            let facts = puzzle.solver_facts();
            prop_assert_eq!((facts.optimal_cost, facts.solutions.unwrap()), brute_force(&puzzle, puzzle.start()));
            let oracle = puzzle.distance_table();
            for number in 0..puzzle.positions() {
                let state = puzzle.position(number);
                prop_assert_eq!(puzzle.number(state), number);
                let (cost, _) = brute_force(&puzzle, state);
                prop_assert_eq!(oracle.distance(&puzzle, &state), cost);
                prop_assert!(cost.is_none_or(|cost| puzzle.estimate(0, &state) <= cost));
            }
        }
    }
}

#[test]
fn the_space_lists_every_puzzle_once() {
    let config = Config { solvable: Solvable::Any, min_cost: 1, max_cost: 100, ..Config::default() };
    let space = RiverCrossing::space(&config).unwrap();
    let mut draw = Draw::new(0, "test");
    let found: Vec<_> = (0..space.size).filter_map(|i| RiverCrossing::at(&config, 0, i, &mut draw).ok()).collect();
    let mut ids: Vec<_> = found.iter().map(Splits::id).collect();
    // People with more cannibals than missionaries are left out, and graphs without pairs.
    assert_eq!(ids.len(), 3 * 45 + 3 * (3 + 10 + 33 + 155 + 1043));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), found.len());
}

fn refused(config: Config) -> String {
    RiverCrossing::check(&config).unwrap_err().field
}

#[test]
fn impossible_settings_are_refused_by_field() {
    let default = Config::default();
    assert_eq!(refused(Config { missionaries: Amount::Exactly(11), ..default.clone() }), "missionaries");
    assert_eq!(refused(Config { cannibals: Amount::Exactly(0), ..default.clone() }), "cannibals");
    assert_eq!(refused(Config { seats: Amount::Exactly(1), ..default.clone() }), "seats");
    assert_eq!(refused(Config { items: Amount::Exactly(8), ..default.clone() }), "items");
    assert_eq!(refused(Config { load: Amount::Exactly(4), ..default.clone() }), "load");
    assert_eq!(refused(Config { min_cost: 60, ..default.clone() }), "min_cost");
    assert_eq!(refused(Config { max_cost: 4, ..default.clone() }), "max_cost");
    let one = Amount::Exactly(1);
    let people = Config { kind: KindSetting::People, missionaries: one, ..default };
    assert_eq!(refused(people), "cannibals");
}

#[test]
fn broken_puzzles_are_refused() {
    for text in [
        r#"{"missionaries":3,"cannibals":4,"boat":2}"#,
        r#"{"missionaries":3,"cannibals":3,"boat":1}"#,
        r#"{"missionaries":3,"boat":2}"#,
        r#"{"items":["wolf","wolf"],"pairs":[],"boat":1}"#,
        r#"{"items":["wolf","unicorn"],"pairs":[],"boat":1}"#,
        r#"{"items":["wolf","goat"],"pairs":[["wolf","wolf"]],"boat":1}"#,
        r#"{"items":["wolf","goat"],"pairs":[["wolf","goat"],["goat","wolf"]],"boat":1}"#,
        r#"{"items":["wolf","goat"],"pairs":[],"boat":4}"#,
    ] {
        assert!(RiverCrossing::from_json(&serde_json::from_str(text).unwrap()).is_err(), "{text}");
    }
}

#[test]
fn river_crossings_keep_the_laws() {
    assert_laws::<RiverCrossing>(&RiverCrossing::levels(), 1, 25);
    let of = |kind, solvable| Config { kind, solvable, min_cost: 1, ..Config::default() };
    let small = Range { min: 1, max: 3 };
    let people = Config {
        missionaries: Amount::Between(small),
        cannibals: Amount::Between(small),
        ..of(KindSetting::People, Solvable::Yes)
    };
    let configs = [of(KindSetting::Items, Solvable::No), of(KindSetting::Both, Solvable::Any), people];
    assert_laws::<RiverCrossing>(&configs, 2, 20);
}
