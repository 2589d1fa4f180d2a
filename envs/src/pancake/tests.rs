use std::collections::{HashMap, VecDeque};

use serde_json::json;

use super::*;
use crate::laws::assert_laws;

fn puzzle(sizes: &[u8]) -> Pancake {
    Pancake { pancakes: sizes.len() as u8, start: Stack::new(sizes).unwrap() }
}

fn sizes(stack: Stack, pancakes: usize) -> Vec<u8> {
    (0..pancakes).map(|place| stack.size(place)).collect()
}

/// Breadth-first search with lists that are reversed: distances from a stack to all stacks, or to those within `depth`.
fn breadth_first(from: Vec<u8>, depth: Cost) -> HashMap<Vec<u8>, Cost> {
    let mut distances = HashMap::from([(from.clone(), 0)]);
    let mut queue = VecDeque::from([from]);
    while let Some(here) = queue.pop_front() {
        let distance = distances[&here];
        for count in 2..=here.len() {
            let mut there = here.clone();
            there[..count].reverse();
            if distance < depth && !distances.contains_key(&there) {
                distances.insert(there.clone(), distance + 1);
                queue.push_back(there);
            }
        }
    }
    distances
}

#[test]
fn the_worked_puzzle() {
    let worked = puzzle(&[2, 3, 1]);
    let facts = worked.solver_facts();
    assert_eq!((facts.optimal_cost, facts.solutions), (Some(2), Some(1)));
    let between = worked.apply(&worked.start(), Flip(2)).unwrap().1;
    assert_eq!(sizes(between, 3), [3, 2, 1]);
    assert!(worked.is_goal(&worked.apply(&between, Flip(3)).unwrap().1));
}

#[test]
fn flips_reverse_the_top() {
    let stack = Stack::numbered(12, 123_456_789);
    for count in 1..=12 {
        let mut expected = sizes(stack, 12);
        expected[..count].reverse();
        assert_eq!(sizes(stack.flipped(count), 12), expected);
    }
}

/// The pancake numbers.
#[test]
fn the_worst_stacks() {
    for (pancakes, &worst) in WORST.iter().enumerate().take(MAX_NUMBERED + 1).skip(3) {
        assert_eq!(table(pancakes).greatest(), worst, "{pancakes}");
    }
}

#[test]
fn costs_are_those_of_breadth_first_search() {
    for pancakes in 3..=7usize {
        let to_goal = breadth_first((1..=pancakes as u8).collect(), 99);
        assert_eq!(to_goal.len() as u64, factorial(pancakes as u64));
        for (sizes, &cost) in &to_goal {
            let puzzle = puzzle(sizes);
            assert_eq!(puzzle.cost(puzzle.start), Some(cost), "{sizes:?}");
            assert_eq!(solution(pancakes, puzzle.start).flips.len() as Cost, cost, "{sizes:?}");
        }
    }
}

#[test]
fn facts_are_counted() {
    for sizes in [[3, 1, 4, 2, 5], [5, 3, 1, 2, 4], [2, 4, 1, 5, 3]] {
        let around = breadth_first(sizes.to_vec(), 99);
        let facts = puzzle(&sizes).solver_facts();
        let cost = around[&vec![1, 2, 3, 4, 5]];
        assert_eq!(facts.optimal_cost, Some(cost));
        assert_eq!(facts.difficulty, Some(around.values().filter(|&&distance| distance < cost).count() as u64));
        // Every sequence of so many flips.
        let mut ends = vec![sizes.to_vec()];
        for _ in 0..cost {
            let flips = |stack: &Vec<u8>| {
                (2..=5)
                    .map(|count| {
                        [stack[..count].iter().rev().copied().collect::<Vec<_>>(), stack[count..].to_vec()].concat()
                    })
                    .collect::<Vec<_>>()
            };
            ends = ends.iter().flat_map(flips).collect();
        }
        let sorted = ends.iter().filter(|stack| stack.is_sorted()).count();
        assert_eq!(facts.solutions, Some(sorted as u64), "{sizes:?}");
    }
}

/// Every puzzle has a difficulty. It is at least the number of nodes on its solution, and the same whenever it is computed.
#[test]
fn many_pancakes_have_a_difficulty() {
    let mut draw = Draw::new(7, "test");
    for pancakes in 10..=MAX_PANCAKES as usize {
        for _ in 0..20 {
            let drawn = Pancake::numbered(pancakes, draw.below(factorial(pancakes as u64)));
            let facts = drawn.solver_facts();
            assert!(facts.difficulty > facts.optimal_cost && facts == drawn.solver_facts(), "{drawn:?}");
        }
    }
    assert_eq!(puzzle(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).solver_facts().difficulty, Some(1));
    // One flip; flips of fewer pancakes would separate neighbours.
    assert_eq!(puzzle(&[3, 2, 1, 4, 5, 6, 7, 8, 9, 10]).solver_facts().difficulty, Some(2));
}

#[test]
fn many_pancakes_are_sorted_with_fewest_flips() {
    for (pancakes, &worst) in WORST.iter().enumerate().skip(10) {
        let near = breadth_first((1..=pancakes as u8).collect(), 3);
        for (sizes, &cost) in &near {
            let mut stack = Stack::new(sizes).unwrap();
            let flips = solution(pancakes, stack).flips;
            flips.iter().for_each(|&count| stack = stack.flipped(count.into()));
            assert_eq!((flips.len() as Cost, stack), (cost, Stack::sorted(pancakes)));
        }
        let mut draw = Draw::new(5, "test");
        for _ in 0..30 {
            let puzzle = Pancake::numbered(pancakes, draw.below(factorial(pancakes as u64)));
            let cost = puzzle.cost(puzzle.start).unwrap();
            assert!(cost <= worst && cost >= puzzle.start.gaps(pancakes));
        }
    }
}

#[test]
fn pancakes_keep_the_laws() {
    let of = |pancakes, min_cost, max_cost| Config { pancakes, min_cost, max_cost };
    let [easy, medium, hard] = Pancake::levels();
    let configs = [easy, medium, hard, of(3, 1, 9), of(9, 10, 10), of(10, 2, 4), of(12, 10, 99), of(12, 1, 1)];
    assert_laws::<Pancake>(&configs, 1, 6);
}

#[test]
fn impossible_settings_are_refused_by_field() {
    for (pancakes, min_cost, max_cost, field) in [
        (2, 1, 1, "pancakes"),
        (13, 1, 1, "pancakes"),
        (7, 0, 5, "min_cost"),
        (7, 9, 10, "min_cost"),
        (12, 11, 12, "min_cost"),
        (7, 5, 4, "max_cost"),
    ] {
        let config = Config { pancakes, min_cost, max_cost };
        assert_eq!(Pancake::check(&config).unwrap_err().field, field, "{config:?}");
    }
}

#[test]
fn wrong_puzzles_are_refused() {
    for (wrong, said) in [
        (json!({"stack": [1, 2]}), "found 2 pancakes"),
        (json!({"stack": [1, 2, 2]}), "each of 1 to 3 once"),
        (json!({"stack": [0, 1, 2]}), "each of 1 to 3 once"),
        (json!({"stack": [1, 2, 300]}), "each of 1 to 3 once"),
        (json!([1]), "from the top down"),
    ] {
        let error = Pancake::from_json(&wrong).unwrap_err();
        assert!(error.0.contains(said), "{error}");
    }
}
