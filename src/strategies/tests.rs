use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use super::{AnswerKind, answers, any_puzzle, damaged_traces, shown, traces};
use crate::arena::environments;
use crate::check::{LazyFacts, Request, Verdict, check};
use crate::dialect::{dialect, dialects};
use crate::trace::EventKind;

fn runner() -> TestRunner {
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn drawn<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = runner();
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).map_or_else(|why| panic!("{why}"), |tree| tree.current()))
        .collect()
}

/// The value on which a shrinking test ends that fails where `fails` says so.
fn smallest<S: Strategy>(strategy: S, fails: impl Fn(&S::Value) -> bool) -> S::Value {
    let test = |value| if fails(&value) { Err(TestCaseError::fail("as it should")) } else { Ok(()) };
    match runner().run(&strategy, test) {
        Err(TestError::Fail(_, value)) => value,
        other => panic!("{other:?}"),
    }
}

fn verdict(puzzle: &crate::arena::Puzzle, name: &str, text: &[u8]) -> Verdict {
    let parsed = (dialect(puzzle.about(), name).unwrap().parse)(puzzle, text);
    check(puzzle, &LazyFacts::new(puzzle), &parsed, Request::default())
}

/// The labels of the strategies agree with a check, in every environment.
#[test]
fn labels_are_what_a_check_says() {
    let mut damage = std::collections::BTreeSet::new();
    for family in environments() {
        let name = family.about().name;
        for searched in drawn(&traces(name), 4) {
            for dialect in
                dialects(family.about()).iter().filter(|dialect| dialect.told == crate::dialect::Coverage::All)
            {
                let Some(text) = searched.text(dialect.name) else { continue };
                let found = verdict(&searched.puzzle, dialect.name, &text);
                assert!(found.valid, "{}: {searched:?}\n{:?}", dialect.name, found.first_error);
            }
        }
        for damaged in drawn(&damaged_traces(name, "compact"), 4) {
            assert_ne!(damaged.clean, damaged.text, "{damaged:?}");
            let first = verdict(&damaged.puzzle, "compact", &damaged.text).first_error;
            assert!(first.is_some_and(|first| first.class == damaged.defect.class), "{damaged:?}");
            damage.insert(damaged.defect.kind);
        }
        for answered in drawn(&answers(name, "prose"), 12) {
            let found = verdict(&answered.puzzle, "prose", &answered.text);
            assert_eq!((found.reward == 1.0, found.cost), (answered.right, answered.cost), "{answered:?}\n{found:?}");
        }
    }
    assert!(damage.len() > 8, "{damage:?}");
}

#[test]
fn half_of_the_answers_are_right() {
    let answered = drawn(&answers("countdown", "stream-of-search"), 400);
    let right = answered.iter().filter(|answered| answered.right).count();
    assert!((100..300).contains(&right), "{right}");
    let wrong = |kind| answered.iter().any(|answered| answered.kind == kind && !answered.right);
    assert!([AnswerKind::Cut, AnswerKind::Skipped, AnswerKind::Illegal, AnswerKind::NoSolution].into_iter().all(wrong));
}

#[test]
fn traces_shrink_to_small_puzzles_and_few_nodes() {
    let dead_ends = |trace: &crate::trace::Trace| trace.events.iter().any(|event| event.kind == EventKind::DeadEnd);
    let json = |puzzle: &crate::arena::Puzzle| shown(|out| puzzle.write_json(out));
    let searched = smallest(traces("countdown"), |searched| dead_ends(&searched.trace));
    let few = searched.trace.nodes.len() <= 5 && json(&searched.puzzle).len() <= 30;
    assert!(few, "{searched:?}");
    let puzzle = smallest(any_puzzle("pancake"), |puzzle| puzzle.solver_facts().optimal_cost >= Some(2));
    assert_eq!(json(&puzzle).len(), r#"{"stack":[2,3,1]}"#.len(), "{puzzle:?}");
    let damaged = smallest(damaged_traces("maze", "compact"), |_| true);
    let little = json(&damaged.puzzle).contains(r#""width":1,"height":1"#) && damaged.text.len() < 50;
    assert!(little, "{damaged:?}");
    let answered = smallest(answers("graph", "prose"), |answered| !answered.right);
    assert!(json(&answered.puzzle).contains(r#""nodes":2"#), "{answered:?}");
}

#[test]
fn a_wrong_name_ends_the_test_with_the_names_that_there_are() {
    let why = |strategy: &dyn Fn(&mut TestRunner) -> Option<String>| strategy(&mut runner()).unwrap_or_default();
    let none = why(&|runner| any_puzzle("count-down").new_tree(runner).err().map(|why| why.to_string()));
    assert!(none.contains("there is no environment \"count-down\"; there are: countdown, graph"), "{none}");
    let none = why(&|runner| answers("maze", "compct").new_tree(runner).err().map(|why| why.to_string()));
    assert!(none.contains("there is no dialect \"compct\"; maze has: ") && none.contains("mean \"compact\""), "{none}");
}
