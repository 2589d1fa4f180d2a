use std::collections::{BTreeSet, HashMap};

use serde_json::json;

use super::*;
use crate::laws::{assert_laws, check_puzzle};
use crate::settings::{Amount, Range};

fn of(blocks: u64) -> Config {
    Config { blocks: Amount::Exactly(blocks), min_cost: 1, max_cost: 16 }
}

fn puzzle(start: &[&str], goal: &[&str]) -> Blocksworld {
    Blocksworld::from_json(&json!({"start": start, "goal": goal})).unwrap()
}

fn arrangements(blocks: u8) -> Vec<Blocks> {
    (0..arrangements::count(blocks.into())).map(|rank| arrangements::unrank(blocks, rank)).collect()
}

/// Distances from the goal, computed with successors only.
fn brute_force(puzzle: &Blocksworld) -> HashMap<Blocks, Cost> {
    let mut found = HashMap::from([(puzzle.goal, 0)]);
    let mut layer = vec![puzzle.goal];
    while !layer.is_empty() {
        let mut steps = Vec::new();
        let mut next = Vec::new();
        for here in layer {
            let cost = found[&here] + 1;
            steps.clear();
            puzzle.successors(&here, &mut steps);
            for step in &steps {
                found.entry(step.state).or_insert_with(|| {
                    next.push(step.state);
                    cost
                });
            }
        }
        layer = next;
    }
    found
}

#[test]
fn the_laws_hold() {
    let range = Config { blocks: Amount::Between(Range { min: 2, max: 8 }), min_cost: 2, max_cost: 9 };
    let [easy, medium, hard] = Blocksworld::levels();
    assert_laws::<Blocksworld>(&[easy, medium, hard, range, of(2), of(3), of(4)], 1, 20);
}

#[test]
fn three_blocks() {
    let puzzle = puzzle(&["AB", "C"], &["BCA"]);
    assert_eq!(puzzle.solver_facts().optimal_cost, Some(3));
    let mut state = puzzle.start();
    for text in ["B on table", "C on B", "A on C"] {
        let action = puzzle.read_move(Style::Frame, &mut Reader::new(text.as_bytes())).unwrap();
        state = puzzle.apply(&state, action).unwrap().1;
    }
    assert!(puzzle.is_goal(&state));
    check_puzzle(&puzzle, 1).unwrap();
}

#[test]
fn states_in_every_style() {
    let puzzle = puzzle(&["BA", "C"], &["BCA"]);
    let written = |style| {
        let mut out = Vec::new();
        puzzle.write_state(&puzzle.start(), style, &mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(written(Style::Frame), "[B A, C]");
    assert_eq!(written(Style::Compact), "[ B A ] [ C ]");
    assert_eq!(written(Style::Prose), "A on B on the table and C on the table");
    let read = |text: &str| puzzle.read_state(Style::Frame, &mut Reader::new(text.as_bytes()));
    assert_eq!(read("[C, B A]"), Some(puzzle.start));
    for wrong in ["[]", "[A A]", "[A B, B]", "[D]", "[A B", "[A  B]", "[A, ]"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

#[test]
fn arrangements_have_the_known_numbers_and_a_rank_each() {
    for (blocks, &count) in (1u8..).zip(&[1, 3, 13, 73, 501, 4051, 37633, 394_353]) {
        assert_eq!(arrangements::count(blocks.into()), count);
        let step = (count / 4000).max(1);
        for rank in (0..count).step_by(step as usize) {
            assert_eq!(arrangements::rank(blocks, &arrangements::unrank(blocks, rank)), rank, "{blocks} blocks");
        }
    }
    for blocks in 2..=5 {
        let all: BTreeSet<Blocks> = arrangements(blocks).into_iter().collect();
        let reached: BTreeSet<Blocks> = brute_force(&of_goal(blocks, 0)).into_keys().collect();
        assert_eq!(all, reached);
    }
}

fn of_goal(blocks: u8, rank: u64) -> Blocksworld {
    let goal = arrangements::unrank(blocks, rank);
    Blocksworld::whole(blocks, goal, goal)
}

#[test]
fn starts_are_drawn_uniformly() {
    let mut draw = Draw::new(1, "test");
    let mut seen: HashMap<Blocks, u32> = HashMap::new();
    let config = of(3);
    let mut drawn = 0;
    for _ in 0..26_000 {
        if let Ok(puzzle) = config.generate(&mut draw) {
            *seen.entry(puzzle.start).or_default() += 1;
            drawn += 1;
        }
    }
    assert_eq!(seen.len(), 13);
    let expected = drawn / 13;
    assert!(seen.values().all(|&count| count.abs_diff(expected) < expected / 8), "{seen:?}");
}

#[test]
fn costs_are_those_of_a_plain_breadth_first_search() {
    for blocks in 2..=5 {
        for goal in 0..arrangements::count(blocks.into()) {
            let puzzle = of_goal(blocks, goal);
            if blocks == 5 && goal % 9 > 0 {
                continue;
            }
            for (state, cost) in brute_force(&puzzle) {
                assert_eq!(puzzle.moves(&state), cost, "{state:?} to {:?}", puzzle.goal);
                let least = puzzle.moves_at_least(&state);
                assert!(least <= cost && Cost::from(puzzle.misplaced(&state).count_ones()) <= least);
            }
        }
    }
    for (blocks, goal) in [(6, 0), (6, 1234), (6, 4050), (7, 9999)] {
        let puzzle = of_goal(blocks, goal);
        for (state, cost) in brute_force(&puzzle) {
            assert_eq!(puzzle.moves(&state), cost, "{state:?} to {:?}", puzzle.goal);
        }
    }
}

/// Checks that two puzzles have the same form exactly if some renaming turns one into the other.
#[test]
fn canonical_forms_are_those_of_all_renamings() {
    for blocks in 2..=4u8 {
        let all = arrangements(blocks);
        let orders = orders(blocks);
        let mut forms: BTreeSet<(Blocks, Blocks)> = BTreeSet::new();
        let mut classes = BTreeSet::new();
        for &start in &all {
            for &goal in &all {
                let puzzle = Blocksworld::whole(blocks, start, goal);
                let renamed = orders.iter().map(|names| canonical::renamed(&puzzle, names));
                classes.extend(renamed.map(|puzzle| (puzzle.start, puzzle.goal)).min());
                let form = puzzle.canonical();
                assert!(orders.iter().any(|names| canonical::renamed(&puzzle, names) == form));
                let mut draw = Draw::new(forms.len() as u64, "test");
                let other = canonical::renamed(&puzzle, draw.choose(&orders).unwrap());
                assert_eq!(other.canonical(), form);
                forms.insert((form.start, form.goal));
            }
        }
        assert_eq!(forms.len(), classes.len(), "{blocks} blocks");
        // The space has each form once, except those that start at the goal.
        let size = of(blocks.into()).space().unwrap().size;
        let found = (0..size).filter_map(|index| of(blocks.into()).at(index, &mut Draw::new(1, "test")).ok());
        let found: Vec<_> = found.map(|puzzle| puzzle.canonical()).map(|form| (form.start, form.goal)).collect();
        let expected = forms.iter().filter(|(start, goal)| start != goal).count();
        assert_eq!((found.len(), found.iter().collect::<BTreeSet<_>>().len()), (expected, expected));
    }
}

fn orders(blocks: u8) -> Vec<[u8; MAX_BLOCKS]> {
    let mut orders = vec![std::array::from_fn(|block| block as u8)];
    for last in 1..usize::from(blocks) {
        let shorter = std::mem::take(&mut orders);
        for order in shorter {
            for other in 0..=last {
                let mut order: [u8; MAX_BLOCKS] = order;
                order.swap(last, other);
                orders.push(order);
            }
        }
    }
    orders
}

#[test]
fn enough_candidates_are_accepted() {
    let least = |blocks, min_cost| Config { min_cost, ..of(blocks) };
    let most = |blocks| Config { max_cost: blocks, ..of(blocks) };
    let mut configs = Blocksworld::levels().to_vec();
    configs.extend([least(3, 3), least(5, 5), least(8, 8), most(8), most(4), most(2)]);
    for config in configs {
        let size = config.space().unwrap().size;
        let at = |index: u128| config.at(index * 7919 % size, &mut Draw::new(1, "test")).is_ok();
        let accepted = (0..300).filter(|&index| at(index)).count();
        assert!(accepted > 30, "{accepted} of 300: {config:?}");
    }
}

#[test]
fn settings_that_cannot_be_are_refused_by_field() {
    let refused = [
        ("blocks", Config { blocks: Amount::Exactly(1), ..Config::default() }),
        ("blocks", Config { blocks: Amount::Exactly(9), ..Config::default() }),
        ("min_cost", Config { min_cost: 0, ..Config::default() }),
        ("min_cost", Config { min_cost: 7, ..Config::default() }),
        ("max_cost", Config { max_cost: 3, ..Config::default() }),
        ("max_cost", Config { max_cost: u64::MAX, ..Config::default() }),
    ];
    for (field, config) in refused {
        assert_eq!(Blocksworld::check(&config).unwrap_err().field, field);
    }
}

#[test]
fn puzzles_that_cannot_be_are_refused() {
    for value in [
        json!({"start": ["A"], "goal": ["A"]}),
        json!({"start": ["AB"], "goal": ["A"]}),
        json!({"start": ["AB"], "goal": ["A", "C"]}),
        json!({"start": ["AB"], "goal": ["A", "A"]}),
        json!({"start": ["AB", ""], "goal": ["A", "B"]}),
        json!({"start": ["ABCDEFGHI"], "goal": ["ABCDEFGHI"]}),
        json!({"start": ["AÄ"], "goal": ["A", "B"]}),
    ] {
        assert!(Blocksworld::from_json(&value).is_err(), "{value}");
    }
}

#[test]
fn lost_blocks_never_come_back() {
    let puzzle = puzzle(&["AB", "C"], &["BCA"]);
    let lost = puzzle.damage_state(&puzzle.start(), DamageKind::Lose, &mut Draw::new(1, "test")).unwrap();
    assert_eq!(puzzle.distance_table().distance(&puzzle, &lost), None);
    assert_eq!(puzzle.index(&lost), 0);
    let alone = puzzle.read_state(Style::Frame, &mut Reader::new(b"[B]")).unwrap();
    assert!(puzzle.is_terminal(&alone));
}

/// Counts the positions whose depth, by breadth-first search from the start, plus estimate is at most the cost.
#[test]
fn difficulty_counts_what_a_star_may_take() {
    let mut draw = Draw::new(9, "test");
    for blocks in [2, 3, 4, 5, 5, 5] {
        let config = Config { min_cost: 1, ..of(blocks) };
        let Ok(puzzle) = Blocksworld::generate(&config, &mut draw) else { continue };
        let around = brute_force(&Blocksworld { goal: puzzle.start, ..puzzle.clone() });
        let facts = puzzle.solver_facts();
        let cost = facts.optimal_cost.unwrap();
        let within = around.iter().filter(|(state, depth)| **depth + puzzle.moves_at_least(state) <= cost).count();
        assert_eq!(facts.difficulty, Some(within as u64));
    }
}

/// Puzzles with goals that leave something open.
fn partial() -> Vec<serde_json::Value> {
    vec![
        json!({"start": ["ABC", "D"], "goal": ["_AD"], "partial": true}),
        json!({"start": ["ABC", "D"], "goal": ["B"], "partial": true}),
        json!({"start": ["ABCDE"], "goal": ["_CD", "_EA"], "partial": true}),
        json!({"start": ["CB", "DA", "E"], "goal": ["_AB", "EDC"], "partial": true}),
        json!({"start": ["ABCD", "EF"], "goal": ["_FAEB"], "partial": true}),
        json!({"start": [["red", "blue"], ["b3"]], "goal": [["_", "blue", "red"]], "partial": true}),
        json!({"start": [["red", "blue"], ["b3", "b33"]], "goal": [["blue", "red"], ["b33", "b3"]]}),
    ]
}

#[test]
fn partial_goals_and_names_keep_the_laws_and_have_the_fewest_moves() {
    for value in partial() {
        let puzzle = Blocksworld::from_json(&value).unwrap();
        let mut json = Vec::new();
        puzzle.write_json(&mut json);
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&json).unwrap(), value);
        // The distances from all states that the words of the goal allow, by the rules alone.
        let tower = |tower: &serde_json::Value| match tower {
            serde_json::Value::String(letters) => letters.chars().map(String::from).collect::<Vec<_>>(),
            names => names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_string()).collect(),
        };
        let towers = |json: &serde_json::Value| json.as_array().unwrap().iter().map(tower).collect::<Vec<_>>();
        let full = value.get("partial").is_none();
        let is_goal = |state: &Blocks| {
            let shown = Blocksworld { goal: *state, partial: false, ..puzzle.clone() };
            let mut json = Vec::new();
            shown.write_json(&mut json);
            let state = towers(&serde_json::from_slice::<serde_json::Value>(&json).unwrap()["goal"]);
            towers(&value["goal"]).iter().all(|wanted| {
                let (floats, blocks) = if wanted[0] == "_" { (true, &wanted[1..]) } else { (false, &wanted[..]) };
                state.iter().any(|tower| {
                    let same = |start: usize| tower[start..].starts_with(blocks);
                    if floats { (0..tower.len()).any(same) } else { same(0) && (!full || tower.len() == blocks.len()) }
                })
            })
        };
        let mut distances = HashMap::new();
        let mut level: Vec<Blocks> = arrangements(puzzle.blocks).into_iter().filter(is_goal).collect();
        let mut cost = 0;
        while !level.is_empty() {
            let mut next = Vec::new();
            for state in level {
                if distances.contains_key(&state) {
                    continue;
                }
                distances.insert(state, cost);
                let mut steps = Vec::new();
                puzzle.successors(&state, &mut steps);
                next.extend(steps.iter().map(|step| step.state));
            }
            (level, cost) = (next, cost + 1);
        }
        assert_eq!(puzzle.solver_facts().optimal_cost, distances.get(&puzzle.start).copied(), "{value}");
        let table = puzzle.distance_table();
        for (state, &cost) in distances.iter().step_by(7) {
            assert_eq!(
                (table.distance(&puzzle, state), puzzle.is_goal(state)),
                (Some(cost), cost == 0),
                "{value} {state:?}"
            );
            assert!((0..3).all(|heuristic| puzzle.estimate(heuristic, state) <= cost), "{value} {state:?}");
            let mut steps = Vec::new();
            puzzle.successors(state, &mut steps);
            for heuristic in 0..3 {
                let consistent = |step: &Step<Move, Blocks>| {
                    puzzle.estimate(heuristic, state) <= 1 + puzzle.estimate(heuristic, &step.state)
                };
                assert!(steps.iter().all(consistent), "{value} {state:?} {heuristic}");
            }
        }
        check_puzzle(&puzzle, 1).unwrap();
    }
}

#[test]
fn names_of_blocks_do_not_count() {
    let of = |value: serde_json::Value| Blocksworld::from_json(&value).unwrap();
    let letters = of(json!({"start": ["AB", "C"], "goal": ["_CA"], "partial": true}));
    let names = of(json!({"start": [["x1", "y"], ["z"]], "goal": [["_", "z", "x1"]], "partial": true}));
    assert_eq!((letters.id(), letters.twin()), (names.id(), names.twin()));
    assert_ne!(letters.id(), of(json!({"start": ["AB", "C"], "goal": ["CA"], "partial": true})).id());
    assert_ne!(letters.id(), of(json!({"start": ["AB", "C"], "goal": ["CA", "B"]})).id());
    // A goal that leaves nothing open is whole, and names that are the letters need no list.
    let whole = of(json!({"start": [["A", "B"], ["C"]], "goal": ["CA", "B"], "partial": true}));
    assert_eq!(whole, of(json!({"start": ["AB", "C"], "goal": ["CA", "B"]})));
    let written = |style, write: fn(&Blocksworld, Style, &mut Vec<u8>)| {
        let mut out = Vec::new();
        write(&names, style, &mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(written(Style::Frame, Blocksworld::write_target), "[_ z x1]");
    assert_eq!(written(Style::Compact, Blocksworld::write_target), "[ _ z x1 ]");
    assert_eq!(written(Style::Prose, Blocksworld::write_target), "x1 on z");
    assert_eq!(
        written(Style::Prose, |puzzle, style, out| puzzle.write_state(&puzzle.start, style, out)),
        "y on x1 on the table and z on the table"
    );
    assert!(names.two_way_goal().is_none());
    for (value, says) in [
        (json!({"start": ["AB"], "goal": ["_A"], "partial": true}), "goal: found [\"_A\"]"),
        (json!({"start": ["AB"], "goal": [], "partial": true}), "goal: found []"),
        (json!({"start": ["AB"], "goal": ["_BA"]}), "goal: found [\"_BA\"]"),
        (json!({"start": ["AB"], "goal": ["_BAB"], "partial": true}), "goal: found"),
        (json!({"start": ["_AB"], "goal": ["A"], "partial": true}), "start: found"),
        (json!({"start": [["on", "b"]], "goal": [["b"]], "partial": true}), "start: found \"on\""),
        (json!({"start": [["a a", "b"]], "goal": [["b"]], "partial": true}), "start: found \"a a\""),
        (json!({"start": [["a", "a"]], "goal": [["a"]], "partial": true}), "start: found [\"a a\"]"),
        (
            json!({"start": [["a", "b"]], "goal": [["c"]], "partial": true}),
            "goal: found [\"c\"]; allowed: towers of the blocks a, b",
        ),
    ] {
        let error = Blocksworld::from_json(&value).unwrap_err().0;
        assert!(error.starts_with(says), "{value}: {error}");
    }
}
