use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use super::{hostile_texts, puzzles, walks};
use crate::countdown::{self, Countdown};
use crate::{Environment, Graph, Json, Sokoban, WaterJugs};

fn runner() -> TestRunner {
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// The value with which a failing test ends. The test fails if `fails` holds.
fn smallest<S: Strategy>(strategy: S, fails: impl Fn(&S::Value) -> bool) -> S::Value {
    let test = |value| if fails(&value) { Err(TestCaseError::fail("as it should")) } else { Ok(()) };
    match runner().run(&strategy, test) {
        Err(TestError::Fail(_, value)) => value,
        other => panic!("{other:?}"),
    }
}

fn json(puzzle: &impl Json) -> String {
    let mut out = Vec::new();
    puzzle.write_json(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn drawn<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = runner();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn the_same_random_numbers_give_the_same() {
    let strategy = walks::<WaterJugs>(Default::default(), 10);
    assert_eq!(drawn(&strategy, 30), drawn(&strategy, 30));
    let shrunk = || smallest(puzzles::<Countdown>(Default::default()), |puzzle| json(puzzle).contains('7'));
    assert_eq!(shrunk(), shrunk());
}

#[test]
fn puzzles_shrink_to_the_smallest_that_fails() {
    let [_, _, hard] = WaterJugs::levels();
    let far = |puzzle: &WaterJugs| puzzle.solver_facts().optimal_cost >= Some(4);
    let jugs = json(&smallest(puzzles(hard), far));
    let many = |puzzle: &Countdown| puzzle.solver_facts().solutions > Some(1);
    let countdown = json(&smallest(puzzles(countdown::Config::default()), many));
    let [_, _, hard] = Graph::levels();
    let graph = json(&smallest(puzzles::<Graph>(hard), |graph| graph.solver_facts().optimal_cost >= Some(2)));
    let [_, medium, _] = Sokoban::levels();
    let pushes = |puzzle: &Sokoban| puzzle.solver_facts().optimal_cost >= Some(3);
    let sokoban = json(&smallest(puzzles(medium), pushes));
    let found = [jugs, countdown, graph, sokoban];
    let least = [
        r#"{"sizes":[1,4],"target":2}"#,
        r#"{"numbers":[0,4],"target":4}"#,
        r#"{"directed":false,"nodes":3,"edges":[["A","B"],["C","B"]],"start":"A","goal":"C"}"#,
        r#"{"width":2,"height":3,"walls":[],"worker":[0,0],"boxes":[[0,1]],"docks":[[0,0]]}"#,
    ];
    assert_eq!(found.each_ref().map(String::len), least.map(str::len), "{found:?}");
}

#[test]
fn walks_shrink_to_the_shortest_that_fails() {
    let walk = smallest(walks::<WaterJugs>(Default::default(), 40), |walk| walk.steps.len() >= 3);
    assert_eq!((walk.steps.len(), json(&walk.puzzle).as_str()), (3, r#"{"sizes":[1,1],"target":1}"#));
}

#[test]
fn texts_are_hostile_and_shrink_to_what_is_needed() {
    let like = "Current State: 24:[2, 3, 4], Operations: []\n".repeat(3);
    let texts = drawn(&hostile_texts(like.clone()), 500);
    let count = |fits: &dyn Fn(&[u8]) -> bool| texts.iter().filter(|text| fits(text)).count();
    let same = count(&|text| text == like.as_bytes());
    let (cut, invalid) = (count(&|text| text.len() < like.len()), count(&|text| std::str::from_utf8(text).is_err()));
    let deep = count(&|text| text.len() > 1000 && text.windows(500).any(|run| run.iter().all(|byte| *byte == run[0])));
    assert!(same > 50 && cut > 100 && invalid > 50 && deep > 5, "{same} {cut} {invalid} {deep}");
    let text = smallest(hostile_texts(like.clone()), |text| std::str::from_utf8(text).is_err());
    assert!(text.len() <= like.len() + 2, "{text:?}");
}
