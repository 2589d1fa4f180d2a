use std::collections::HashMap;

use serde_json::json;

use super::*;
use crate::laws::{assert_laws, check_puzzle};
use crate::settings::{Amount, Range};

fn of(pegs: u64, disks: u64) -> Config {
    Config { pegs: Amount::Exactly(pegs), disks: Amount::Exactly(disks), tower: false, min_cost: 1 }
}

/// All puzzles of a space, in order.
fn all(config: &Config) -> Vec<Hanoi> {
    let size = config.space().unwrap().size;
    (0..size).filter_map(|index| config.at(index, &mut Draw::new(index as u64, "test")).ok()).collect()
}

/// Distances from the start and numbers of cheapest ways, computed with successors only.
fn brute_force(hanoi: &Hanoi) -> HashMap<Disks, (Cost, u64)> {
    let mut found = HashMap::from([(hanoi.start, (0, 1))]);
    let mut layer = vec![hanoi.start];
    while !layer.is_empty() {
        let mut next = Vec::new();
        for here in layer {
            let (cost, ways) = found[&here];
            let mut steps = Vec::new();
            hanoi.successors(&here, &mut steps);
            for step in steps {
                let entry = found.entry(step.state).or_insert_with(|| {
                    next.push(step.state);
                    (cost + 1, 0)
                });
                if entry.0 == cost + 1 {
                    entry.1 += ways;
                }
            }
        }
        layer = next;
    }
    found
}

#[test]
fn the_laws_hold() {
    let [easy, medium, hard] = Hanoi::levels();
    let tower = Config { disks: Amount::Between(Range { min: 1, max: 5 }), tower: true, min_cost: 1, ..easy.clone() };
    assert_laws::<Hanoi>(&[easy, medium, tower, of(3, 1), of(5, 2), of(4, 3)], 1, 20);
    assert_laws::<Hanoi>(&[hard, of(5, 5)], 2, 2);
}

#[test]
fn two_disks() {
    let hanoi = Hanoi::from_json(&json!({"start": [[2, 1], [], []], "goal": [[], [], [2, 1]]})).unwrap();
    assert_eq!(hanoi, config::tower(3, 2));
    let mut state = hanoi.start();
    for text in ["1 A->B", "2 A->C", "1 B->C"] {
        let action = hanoi.read_move(Style::Frame, &mut Reader::new(text.as_bytes())).unwrap();
        let (right, next, _) = hanoi.apply(&state, action).unwrap();
        assert_eq!(right, action);
        state = next;
    }
    assert!(hanoi.is_goal(&state));
    check_puzzle(&hanoi, 1).unwrap();
}

#[test]
fn states_in_every_style() {
    let hanoi = Hanoi::from_json(&json!({"start": [[3, 1], [2], []], "goal": [[], [], [3, 2, 1]]})).unwrap();
    let written = |style| {
        let mut out = Vec::new();
        hanoi.write_state(&hanoi.start(), style, &mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(written(Style::Frame), "[A 3 1, B 2, C]");
    assert_eq!(written(Style::Compact), "[ 3 1 | 2 | ]");
    assert_eq!(written(Style::Prose), "A holds 3 and 1, B holds 2, C is empty");
    for wrong in ["[A 1 3, B 2, C]", "[A 3 1, B 1, C]", "[A 4, B, C]", "[A 3, B 2]", "[A 03, B, C]", "[A3, B, C]"] {
        assert_eq!(hanoi.read_state(Style::Frame, &mut Reader::new(wrong.as_bytes())), None, "{wrong}");
    }
}

/// Checks the known numbers of moves: `2^n - 1` for 3 pegs, and those of Frame and Stewart for 4 and 5.
#[test]
fn towers_take_the_known_numbers_of_moves() {
    let known: [&[Cost]; 3] =
        [&[1, 3, 7, 15, 31, 63, 127, 255, 511], &[1, 3, 5, 9, 13, 17, 25, 33, 41], &[1, 3, 5, 7, 11, 15]];
    for (pegs, costs) in (3..).zip(known) {
        for (disks, &cost) in (1..).zip(costs) {
            assert_eq!(
                config::tower(pegs, disks).solver_facts().optimal_cost,
                Some(cost),
                "{pegs} pegs, {disks} disks"
            );
        }
    }
    // The classic puzzle with 3 pegs has one cheapest solution.
    assert_eq!(config::tower(3, 6).solver_facts().solutions, Some(1));
}

#[test]
fn facts_are_those_of_a_plain_breadth_first_search() {
    for (pegs, disks) in [(3, 1), (3, 3), (3, 4), (4, 3), (5, 3)] {
        for hanoi in all(&of(pegs, disks)).into_iter().step_by(7) {
            let (facts, found) = (hanoi.solver_facts(), brute_force(&hanoi));
            assert_eq!(found.len(), (pegs as usize).pow(disks as u32));
            let (cost, ways) = found[&hanoi.goal];
            assert_eq!((facts.optimal_cost, facts.solutions), (Some(cost), Some(ways)), "{hanoi:?}");
            let nearer = found.values().filter(|(other, _)| *other < cost).count() as u64;
            assert_eq!(facts.difficulty, Some(nearer), "{hanoi:?}");
        }
    }
}

/// The numbers of puzzles are sums of Stirling numbers of the second kind, without the puzzles that start at their goal.
#[test]
fn spaces_hold_every_puzzle_once() {
    for (pegs, disks, puzzles) in [(3, 1, 1), (3, 2, 14 - 2), (3, 3, 122 - 5), (4, 3, 187 - 5), (5, 3, 202 - 5)] {
        let found = all(&of(pegs, disks));
        assert_eq!(found.len(), puzzles);
        let mut ids: Vec<u128> = found.iter().map(|hanoi| hanoi.id().0).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), puzzles);
    }
    // Every puzzle that can be drawn is in the space.
    let mut ids: Vec<_> = all(&of(4, 3)).iter().map(|hanoi| hanoi.id().0).collect();
    ids.sort_unstable();
    let mut draw = Draw::new(1, "test");
    let drawn: Vec<Hanoi> = (0..500).filter_map(|_| of(4, 3).generate(&mut draw).ok()).collect();
    assert!(drawn.len() > 450 && drawn.iter().all(|hanoi| ids.binary_search(&hanoi.id().0).is_ok()));
}

#[test]
fn the_least_cost_leaves_at_least_a_third_of_the_puzzles() {
    for (pegs, disks) in [(3, 2), (3, 4), (4, 4), (5, 4), (3, 6)] {
        let min_cost = config::MEDIAN[pegs as usize - 3][disks as usize - 1];
        let config = Config { min_cost, ..of(pegs, disks) };
        let mut draw = Draw::new(1, "test");
        let accepted = (0..300).filter(|_| config.generate(&mut draw).is_ok()).count();
        assert!(accepted > 100, "{accepted} of 300 with {pegs} pegs and {disks} disks");
    }
}

#[test]
fn settings_that_cannot_be_are_refused_by_field() {
    let range = |min, max| Amount::Between(Range { min, max });
    let refused = [
        ("pegs", Config { pegs: Amount::Exactly(2), ..Config::default() }),
        ("pegs", Config { pegs: range(5, 4), ..Config::default() }),
        ("disks", Config { disks: Amount::Exactly(10), ..Config::default() }),
        ("disks", Config { disks: range(0, 3), ..Config::default() }),
        ("min_cost", Config { min_cost: 0, ..Config::default() }),
        ("min_cost", Config { min_cost: 100, ..Config::default() }),
    ];
    for (field, config) in refused {
        assert_eq!(Hanoi::check(&config).unwrap_err().field, field);
    }
}

#[test]
fn puzzles_that_cannot_be_are_refused() {
    for value in [
        json!({"start": [[1], []], "goal": [[], [1]]}),
        json!({"start": [[], [], []], "goal": [[], [], []]}),
        json!({"start": [[1, 2], [], []], "goal": [[], [], [2, 1]]}),
        json!({"start": [[2, 1], [], []], "goal": [[], [], [2]]}),
        json!({"start": [[2, 1], [], []], "goal": [[], [], [3, 1]]}),
        json!({"start": [[2], [2], []], "goal": [[], [], [2, 1]]}),
        json!({"start": [[2, 1], [], []], "goal": [[], [], [], [2, 1]]}),
    ] {
        assert!(Hanoi::from_json(&value).is_err(), "{value}");
    }
}

#[test]
fn lost_disks_never_come_back() {
    let hanoi = config::tower(3, 3);
    let lost = hanoi.damage_state(&hanoi.start(), DamageKind::Lose, &mut Draw::new(1, "test")).unwrap();
    assert_eq!(hanoi.distance_table().distance(&hanoi, &lost), None);
    let none = hanoi.read_state(Style::Compact, &mut Reader::new(b"[ | | ]")).unwrap();
    let mut steps = Vec::new();
    hanoi.successors(&none, &mut steps);
    assert!(steps.is_empty() && hanoi.is_terminal(&none));
}

/// At least 45 % of sampled puzzles need as many moves as [`config::MEDIAN`] says, and at least 45 % need at most as many.
#[test]
fn medians() {
    for (pegs, most) in [(3, 6), (4, 5), (5, 4)] {
        for disks in 1..=most {
            let mut draw = Draw::new(1, "medians");
            let mut costs = Vec::new();
            for _ in 0..40 {
                let Ok(hanoi) = of(pegs, disks).generate(&mut draw) else { continue };
                let distances = hanoi.distance_table();
                for _ in 0..50 {
                    let Ok(other) = of(pegs, disks).generate(&mut draw) else { continue };
                    costs.push(distances.distance(&hanoi, &other.start).unwrap());
                }
            }
            let median = config::MEDIAN[pegs as usize - 3][disks as usize - 1];
            let share = |count: usize| count as f64 / costs.len() as f64;
            let least = share(costs.iter().filter(|&&cost| cost >= median).count());
            let most = share(costs.iter().filter(|&&cost| cost <= median).count());
            assert!(least > 0.45 && most > 0.45, "{pegs} pegs, {disks} disks: {median}, {least} {most}");
        }
    }
}
