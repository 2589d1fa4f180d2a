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

/// The positions that the legal moves lead to, with sorted numbers: all pairs of numbers in both orders, with every operation.
fn reached_by_apply(puzzle: &Countdown, state: &Numbers, with_zero: bool) -> std::collections::BTreeSet<Numbers> {
    let numbers = state.as_slice();
    let pairs = numbers.iter().flat_map(|&left| numbers.iter().map(move |&right| (left, right)));
    let moves =
        pairs.flat_map(|(left, right)| Operation::ALL.map(|operation| Combine { left, operation, right, result: 0 }));
    let moves = moves.filter(|action| with_zero || action.operation != Operation::Divide || action.left > 0);
    moves.filter_map(|action| puzzle.apply(state, action)).map(|(_, after, _)| after.sorted()).collect()
}

/// Without fractions, searches list all legal moves up to the order of `+` and `*`, but for one: 0 divided by another number. It leads to the position of the
/// product, so that with `*` all positions are the same ones.
#[test]
fn legal_moves_are_those_that_are_listed_and_0_by_a_number() {
    let mut draw = Draw::new(17, "apply");
    let mut more = 0;
    for _ in 0..4000 {
        let count = draw.between(1, 4) as usize;
        let numbers: Vec<u64> = (0..count).map(|_| draw.between(0, 8)).collect();
        let signs = ["+-*/", "+-/", "-/", "/", "*/", "+*-", "+", "*"][draw.index(8)];
        let operations = Operations::parse(signs).unwrap();
        let Some(puzzle) = Countdown::new(&numbers, 7, operations, Rule::All) else { continue };
        let state = puzzle.start();
        let mut steps = Vec::new();
        puzzle.successors(&state, &mut steps);
        let listed: std::collections::BTreeSet<Numbers> = steps.iter().map(|step| step.state.sorted()).collect();
        assert_eq!(reached_by_apply(&puzzle, &state, false), listed, "{signs} {numbers:?}");
        let all = reached_by_apply(&puzzle, &state, true);
        if signs.contains('*') {
            assert_eq!(all, listed, "{signs} {numbers:?}");
        }
        more += usize::from(all != listed);
    }
    assert!(more > 100, "{more}");
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

fn with_fractions(numbers: &[u64], target: u64, operations: &str, rule: Rule) -> Countdown {
    Countdown::new(numbers, target, Operations::parse(operations).unwrap().with_fractions(), rule).unwrap()
}

/// The game of 24 with the cards 1 to 13: 1362 of the 1820 hands can be solved, 566 of 715 with the cards 1 to 10. These numbers are well known.
#[test]
fn as_many_hands_make_24_as_are_known() {
    let (mut all, mut small) = (0, 0);
    for a in 1..=13 {
        for b in a..=13 {
            for c in b..=13 {
                for d in c..=13 {
                    let puzzle = with_fractions(&[a, b, c, d], 24, "+-*/", Rule::All);
                    let solvable = puzzle.is_solvable();
                    assert_eq!(puzzle.solver_facts().solvable, solvable, "{a} {b} {c} {d}");
                    all += u64::from(solvable);
                    small += u64::from(solvable && d <= 10);
                }
            }
        }
    }
    assert_eq!((all, small), (1362, 566));
}

#[test]
fn some_hands_need_fractions() {
    for hand in [[3, 3, 8, 8], [1, 5, 5, 5], [1, 3, 4, 6], [4, 4, 7, 7], [3, 3, 7, 7]] {
        assert!(
            !puzzle(&hand, 24).is_solvable() && with_fractions(&hand, 24, "+-*/", Rule::All).is_solvable(),
            "{hand:?}"
        );
        assert_eq!(puzzle(&hand, 24).no_solution_means(), Some("no solution without fractions"));
        assert_eq!(with_fractions(&hand, 24, "+-*/", Rule::All).no_solution_means(), None);
    }
    assert_ne!(puzzle(&[1, 2], 3).id(), with_fractions(&[1, 2], 3, "+-*/", Rule::All).id());
}

#[test]
fn fractions_are_written_and_read() {
    let puzzle = with_fractions(&[3, 3, 8, 8], 24, "+-*/", Rule::All);
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    assert_eq!(json, br#"{"numbers":[3,3,8,8],"target":24,"fractions":true}"#);
    let moves = [
        (Style::Frame, ["8/3=8/3", "3-(8/3)=1/3", "8/(1/3)=24"], ["[3, 3, 8, 8]", "[3, 8, 8/3]", "[8, 1/3]", "[24]"]),
        (
            Style::Compact,
            ["8 / 3 = 8 / 3", "3 - ( 8 / 3 ) = 1 / 3", "8 / ( 1 / 3 ) = 24"],
            ["3 3 8 8", "3 8 8 / 3", "8 1 / 3", "24"],
        ),
        (
            Style::Prose,
            ["8 / 3 = 8/3", "3 - (8/3) = 1/3", "8 / (1/3) = 24"],
            ["3, 3, 8 and 8", "3, 8 and 8/3", "8 and 1/3", "24"],
        ),
    ];
    for (style, moves, states) in moves {
        let mut state = puzzle.start();
        let written = |state: &Numbers| {
            let mut out = Vec::new();
            puzzle.write_state(state, style, &mut out);
            String::from_utf8(out).unwrap()
        };
        for (text, before) in moves.into_iter().zip(states) {
            assert_eq!(written(&state), before);
            let action = puzzle.read_move(style, &mut Reader::new(text.as_bytes())).expect(text);
            let (right, next, _) = puzzle.apply(&state, action).expect(text);
            assert_eq!(right, action, "{text}");
            state = next;
        }
        assert_eq!(written(&state), states[3]);
        assert!(puzzle.is_goal(&state));
    }
    let state = |text: &str| puzzle.read_state(Style::Frame, &mut Reader::new(text.as_bytes()));
    for text in ["[6/4]", "[8/1]", "[8/0]", "[3/]", "[2147483648]", "[1/2147483648]", "[-1/2]"] {
        assert_eq!(state(text), None, "{text}");
    }
    assert_eq!(state("[0, 3/4]").unwrap().as_slice(), [0, 3 | 3 << 32]);
    // A whole number is kept as itself, so a puzzle without fractions never reads one.
    assert_eq!(super::tests::puzzle(&[3, 4], 7).read_state(Style::Frame, &mut Reader::new(b"[3, 8/3]")), None);
}

#[test]
fn puzzles_that_fractions_do_not_fit_are_refused() {
    for (value, says) in [
        (
            json!({"numbers": [1, 2], "target": 3, "fractions": true, "operations": "+-"}),
            "fractions: found true without division",
        ),
        (
            json!({"numbers": [1, 2, 3, 4, 5, 6, 7], "target": 3, "fractions": true}),
            "numbers: found 7 of them; allowed: 1 to 6 with fractions",
        ),
        (
            json!({"numbers": [1, 2_147_483_648u64], "target": 3, "fractions": true}),
            "numbers: found 2147483648; allowed: 0 to 2147483647",
        ),
        (json!({"numbers": [1, 2], "target": 2_147_483_648u64, "fractions": true}), "target: found 2147483648"),
        (json!({"numbers": [1, 2], "target": 3, "fractions": 1}), "fractions: invalid type"),
    ] {
        let error = Countdown::from_json(&value).unwrap_err().0;
        assert!(error.starts_with(says), "{value}: {error}");
    }
    for (config, field) in [
        (Config { fractions: true, operations: "+*".into(), ..Config::default() }, "fractions"),
        (Config { fractions: true, sizes: Range { min: 4, max: 7 }, ..Config::default() }, "sizes"),
    ] {
        assert_eq!(Countdown::check(&config).unwrap_err().field, field);
    }
}

/// A fraction as the definition has it.
fn rational(value: u64) -> (u128, u128) {
    let (numerator, denominator) = fraction::parts(value);
    (numerator.into(), denominator.into())
}

proptest! {
    #[test]
    fn fractions_are_computed_as_defined(parts in prop::array::uniform4(1u64..50), shift in 0u32..27, zero: bool) {
        let [a, b, c, d] = parts.map(|part| part << shift);
        let a = if zero { 0 } else { a };
        let (Some(left), Some(right)) = (fraction::of_parts(a, b), fraction::of_parts(c, d)) else { return Ok(()) };
        let ((a, b), (c, d)) = (rational(left), rational(right));
        for operation in Operation::ALL {
            let (numerator, denominator) = match operation {
                Operation::Add => (a * d + c * b, b * d),
                Operation::Multiply => (a * c, b * d),
                Operation::Subtract if a * d < c * b => {
                    prop_assert_eq!(fraction::compute(operation, left, right), None);
                    continue;
                }
                Operation::Subtract => (a * d - c * b, b * d),
                Operation::Divide => (a * d, b * c),
            };
            let least = (1..=u128::from(fraction::LARGEST_PART)).take(5000).find(|&x| (x * numerator) % denominator == 0);
            match fraction::compute(operation, left, right).map(rational) {
                Some((n, m)) => {
                    prop_assert_eq!(n * denominator, m * numerator);
                    prop_assert!(least.is_none_or(|least| least == m) && n <= fraction::LARGEST_PART.into());
                }
                None => prop_assert!(least.is_none_or(|x| x * numerator / denominator > fraction::LARGEST_PART.into())),
            }
        }
    }

    #[test]
    fn meeting_in_the_middle_equals_brute_force_with_fractions(
        numbers in prop::collection::vec(0u64..13, 1..=4),
        target in 0u64..40,
        operations in prop::sample::select(vec!["+-*/", "+-/", "*/", "/", "+/", "-/"]),
        any: bool,
    ) {
        let rule = if any { Rule::Any } else { Rule::All };
        let puzzle = with_fractions(&numbers, target, operations, rule);
        let truth = brute_force(&puzzle, &puzzle.start());
        prop_assert_eq!(puzzle.distance_table().distance(&puzzle, &puzzle.start()), truth);
        let facts = puzzle.solver_facts();
        prop_assert_eq!(facts.optimal_cost, truth);
        prop_assert_eq!(facts.solutions.unwrap() > 0, truth.is_some());
    }

    #[test]
    fn estimates_of_fractions_are_those_of_the_definition(numerator in 0u64..400, denominator in 1u64..30, target in 2u64..200) {
        let value = fraction::of_parts(numerator, denominator).unwrap();
        let distance = |whole: u64| (numerator.abs_diff(whole * denominator) * SCALE) / denominator;
        let nearest = (2..=target).filter(|d| target % d == 0).map(distance).min().unwrap();
        prop_assert_eq!(fraction::divisor_distance(value, target), nearest);
        prop_assert_eq!(fraction::mean_distance(&[value], target), distance(target));
        if denominator == 1 {
            let whole = puzzle(&[numerator], target);
            let with = with_fractions(&[numerator], target, "+-*/", Rule::All);
            for heuristic in 0..3 {
                prop_assert_eq!(whole.estimate(heuristic, &whole.start()), with.estimate(heuristic, &with.start()));
            }
        }
    }
}
