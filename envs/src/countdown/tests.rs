use super::*;
use crate::draw::Streams;
use proptest::prelude::*;

fn puzzle(numbers: &[u64], target: u64) -> Countdown {
    Countdown::new(numbers, target, Operations::ALL, Rule::All).unwrap()
}

/// The cost from a position to a goal, by brute force over all sequences of moves.
fn brute_force(puzzle: &Countdown, state: &Numbers) -> Option<Cost> {
    if puzzle.is_goal(state) {
        return Some(0);
    }
    let mut steps = Vec::new();
    puzzle.successors(state, &mut steps);
    steps.iter().filter_map(|step| brute_force(puzzle, &step.state)).min().map(|cost| cost + 1)
}

#[test]
fn the_worked_puzzle() {
    let puzzle = puzzle(&[3, 5, 7], 22);
    let facts = puzzle.solver_facts();
    assert!(facts.solvable);
    assert_eq!(facts.optimal_cost, Some(2));
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    assert_eq!(json, br#"{"numbers":[3,5,7],"target":22}"#);
}

#[test]
fn large_numbers_do_not_overflow() {
    let puzzle = puzzle(&[u64::MAX, u64::MAX, u64::MAX - 1], 7);
    let mut steps = Vec::new();
    puzzle.successors(&puzzle.start(), &mut steps);
    assert!(steps.iter().all(|step| !matches!(step.action.operation, Operation::Add | Operation::Multiply)));
    puzzle.solver_facts();
    for heuristic in 0..3 {
        puzzle.evaluator(heuristic).estimate(&puzzle, &puzzle.start());
    }
}

#[test]
fn the_space_lists_every_puzzle_once() {
    for repeats in [false, true] {
        let config = Config {
            sizes: Range { min: 2, max: 3 },
            numbers: Range { min: 3, max: 9 },
            targets: Targets::List(vec![10, 24, 12]),
            repeats,
            ..Config::default()
        };
        let space = Countdown::space(&config).unwrap();
        let mut draw = Draw::new(0, "test");
        let mut ids: Vec<_> = (0..space.size).map(|i| Countdown::at(&config, 0, i, &mut draw).unwrap().id()).collect();
        assert_eq!(ids.len(), if repeats { 3 * (28 + 84) } else { 3 * (21 + 35) });
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len() as u128, space.size);
    }
}

#[test]
fn independent_draws_weigh_lists_by_their_orders() {
    let config = Config {
        sizes: Range { min: 2, max: 2 },
        numbers: Range { min: 1, max: 2 },
        targets: Targets::List(vec![3]),
        draws: Draws::Independent,
        ..Config::default()
    };
    let space = Countdown::space(&config).unwrap();
    assert_eq!(space.size, 3);
    let accepted = |index| {
        (0..1000).filter(|&i| Countdown::at(&config, 0, index, &mut Streams::new(1, "p", "s").at(i)).is_ok()).count()
    };
    let counts: Vec<_> = (0..3).map(accepted).collect();
    assert!((430..570).contains(&counts[0]) && counts[1] == 1000 && (430..570).contains(&counts[2]), "{counts:?}");
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let bad = [
        Config { sizes: Range { min: 4, max: 9 }, ..Config::default() },
        Config { numbers: Range { min: 9, max: 1 }, ..Config::default() },
        Config { targets: Targets::List(vec![]), ..Config::default() },
        Config { operations: "+%".into(), ..Config::default() },
        Config { repeats: false, numbers: Range { min: 1, max: 3 }, ..Config::default() },
    ];
    for (config, field) in bad.iter().zip(["sizes", "numbers", "targets", "operations", "numbers"]) {
        assert_eq!(Countdown::check(config).unwrap_err().field, field);
    }
    let wide =
        Config { sizes: Range { min: 8, max: 8 }, numbers: Range { min: 1, max: LARGEST_TESTED }, ..Config::default() };
    assert_eq!((Countdown::check(&wide), Countdown::space(&wide)), (Ok(()), None));
}

#[test]
fn nothing_is_not_divided() {
    let puzzle = Countdown::new(&[1, 1, 1, 1, 0], 0, Operations::parse("/").unwrap(), Rule::All).unwrap();
    assert_eq!(puzzle.distance_table().distance(&puzzle, &puzzle.start()), None);
    assert!(!puzzle.solver_facts().solvable);
}

const LARGEST_TESTED: u64 = 1_000_000_000;

#[test]
fn seven_and_eight_numbers_are_proven() {
    let easy = puzzle(&[75, 50, 2, 3, 8, 7, 5, 4], 813);
    assert_eq!(
        easy.solver_facts(),
        SolverFacts { solvable: true, optimal_cost: Some(7), solutions: None, difficulty: None }
    );
    let ones = puzzle(&[1; 8], 50);
    assert!(!ones.solver_facts().solvable);
}

proptest! {
    #[test]
    fn meeting_in_the_middle_equals_brute_force(
        numbers in prop::collection::vec(0u64..13, 1..=5),
        target in 0u64..60,
        operations in prop::sample::select(vec!["+-*/", "+-", "*/", "-", "/", "+*"]),
        any: bool,
    ) {
        let rule = if any { Rule::Any } else { Rule::All };
        let puzzle = Countdown::new(&numbers, target, Operations::parse(operations).unwrap(), rule).unwrap();
        let truth = brute_force(&puzzle, &puzzle.start());
        prop_assert_eq!(puzzle.distance_table().distance(&puzzle, &puzzle.start()), truth);
        let facts = puzzle.solver_facts();
        prop_assert_eq!(facts.optimal_cost, truth);
        prop_assert_eq!(facts.solvable, truth.is_some());
        prop_assert_eq!(facts.solutions.unwrap() > 0, truth.is_some());
    }

    #[test]
    fn divisor_distances_are_those_of_the_definition(number in 0u64..300, target in 2u64..200) {
        let truth = (2..=target).filter(|d| target % d == 0).map(|d| d.abs_diff(number)).min().unwrap();
        prop_assert_eq!(solve::divisor_distance(number, target), truth);
        if number <= target {
            prop_assert_eq!(u64::from(solve::divisor_distances(target)[number as usize]), truth);
        }
    }
}
