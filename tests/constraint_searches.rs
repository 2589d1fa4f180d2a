//! Searches that only constraint puzzles have, over all such environments. Their solutions are right, their traces follow their policy in every
//! dialect that can write them, and the parts that they skip may be skipped.

use serde_json::json;
use sos_envs::Streams;

use super::{about, family};
use stream_of_search::arena::{Config, Family, Puzzle, Scratch, environments};
use stream_of_search::check::{LazyFacts, Level, Request, Verdict, check};
use stream_of_search::dialect::{DialectEntry, Phrasing, dialects};
use stream_of_search::search::{Number, Outcome, Search};
use stream_of_search::trace::{EventKind, NodeId, Trace};

/// The environments whose puzzles have variables.
fn constraint() -> impl Iterator<Item = &'static dyn Family> {
    environments().iter().copied().filter(|family| !family.about().variable_orders.is_empty())
}

/// Small puzzles. Some are unsolvable, in the environments that can make such puzzles.
fn puzzles(family: &'static dyn Family, count: u64) -> Vec<Puzzle> {
    let mut configs: Vec<_> = family.levels()[..2].to_vec();
    if family.about().name == "cryptarithm" {
        configs.truncate(1);
    }
    for settings in [json!({"solvable": "no"}), json!({"solvable": "any"})] {
        configs.extend(family.read_config(&settings).ok());
    }
    let streams = Streams::new(8, "searches", family.about().name);
    let draw = |config: &Config, index| {
        let mut draw = streams.at(index);
        let puzzle = |_| config.generate(&mut draw).ok().filter(|puzzle| config.accepts(puzzle.is_solvable()));
        (0..10_000).find_map(puzzle).unwrap()
    };
    configs.iter().flat_map(|config| (0..count).map(move |index| draw(config, index))).collect()
}

fn run(puzzle: &Puzzle, config: &str, seed: u64) -> (Search, Trace, Outcome) {
    let search = Search::new(puzzle.about(), &serde_json::from_str(config).unwrap()).unwrap();
    let mut trace = Trace::default();
    let mut draw = Streams::new(1, "search", "test").at(seed);
    let outcome = search.run(puzzle, &mut draw, None, &mut trace, &mut Scratch::default());
    (search, trace, outcome)
}

/// The verdict of the strictest check.
fn judge(puzzle: &Puzzle, search: &Search, trace: &Trace, entry: &DialectEntry) -> Verdict {
    let mut text = Vec::new();
    if ["compact", "prose", "sudoku"].contains(&entry.name) {
        (entry.write_prompt)(puzzle, &mut text);
        text.extend_from_slice(entry.separator.as_bytes());
    }
    (entry.write)(puzzle, trace, Phrasing::default(), &mut text);
    let parsed = (entry.parse)(puzzle, &text);
    let verdict = check(
        puzzle,
        &LazyFacts::new(puzzle),
        &parsed,
        Request { level: Level::Policy, search: Some(search), ..Request::default() },
    );
    assert!(
        verdict.valid,
        "{} {:?}\n{}\n{:?}",
        entry.name,
        search.config,
        String::from_utf8_lossy(&text),
        verdict.first_error
    );
    verdict
}

fn told(search: &Search) -> impl Iterator<Item = DialectEntry> {
    let name = search.name;
    dialects(about("sudoku")).into_iter().filter(move |entry| {
        (entry.fits)(about("sudoku")).is_ok() && (entry.searches.is_empty() || entry.searches.contains(&name))
    })
}

/// Covers every order and inference, with and without jumps. Results agree with the exact solver, jumps only leave nodes out, and each trace of an
/// unsolvable puzzle proves that it is.
#[test]
fn backtracking_and_backjumping_find_what_there_is() {
    let (mut fewer, mut proofs, mut picks) = (0, 0, 0);
    for family in constraint() {
        for (place, puzzle) in (0..).zip(puzzles(family, 4)) {
            let solvable = puzzle.is_solvable();
            let mut more: Vec<String> = vec![
                String::new(),
                r#","propagation":"forward""#.into(),
                r#","propagation":"full","heuristic":"lost""#.into(),
            ];
            more.extend(about("sudoku").inferences.iter().map(|name| format!(r#","inference":"{name}""#)));
            let pairs =
                about("sudoku").variable_orders.iter().flat_map(|order| more.iter().map(move |more| (order, more)));
            for (number, (order, more)) in (0..).zip(pairs) {
                let ties = ["insertion", "random"][number % 2];
                let settings = format!(r#","variables":"{order}"{more},"ties":"{ties}""#);
                let mut nodes = Vec::new();
                for kind in ["backtracking", "backjumping"] {
                    let config = format!(r#"{{"kind":"{kind}"{settings},"max_nodes":20000}}"#);
                    let (search, trace, outcome) = run(&puzzle, &config, place);
                    if outcome == Outcome::Budget {
                        continue;
                    }
                    assert_eq!(outcome == Outcome::Solved, solvable, "{config}");
                    nodes.push(trace.nodes.len());
                    if trace.nodes.len() > 3000 || !(number as u64 + place).is_multiple_of(5) {
                        continue;
                    }
                    for entry in told(&search) {
                        let verdict = judge(&puzzle, &search, &trace, &entry);
                        assert_eq!(
                            verdict.metrics.proves_unsolvable,
                            (!solvable).then_some(true),
                            "{} {config}",
                            entry.name
                        );
                        proofs += u32::from(!solvable);
                    }
                    picks += u32::from(*order == "random");
                }
                if let ([all, jumped], true) = (&nodes[..], *order != "random" && ties == "insertion") {
                    assert!(jumped <= all, "{settings}: {jumped} of {all}");
                    fewer += u32::from(jumped < all);
                }
            }
        }
    }
    assert!(fewer > 20 && proofs > 200 && picks > 200, "{fewer} {proofs} {picks}");
}

/// The nodes that `MoveTo` events name, in order.
fn moves(trace: &Trace) -> impl Iterator<Item = NodeId> {
    trace.events.iter().filter(|event| event.kind == EventKind::MoveTo).map(|event| event.node)
}

/// Local searches repair one conflict after the other, restart no more often than they may, and solve at least a third of the solvable puzzles.
#[test]
fn local_searches_mend_what_is_broken() {
    let (mut solved, mut solvable, mut restarts) = (0, 0, 0);
    for family in constraint() {
        for (place, puzzle) in (0..).zip(puzzles(family, 6)) {
            for config in [
                r#"{"kind":"min-conflicts","steps":60,"restarts":3}"#,
                r#"{"kind":"walksat","steps":60,"restarts":3}"#,
                r#"{"kind":"walksat","steps":20,"restarts":0,"noise_percent":0}"#,
                r#"{"kind":"walksat","steps":20,"noise_percent":100,"max_nodes":150}"#,
            ] {
                let (search, trace, outcome) = run(&puzzle, config, place);
                let is_solvable = puzzle.is_solvable();
                assert!(outcome != Outcome::Solved || is_solvable);
                solvable += u32::from(is_solvable);
                solved += u32::from(outcome == Outcome::Solved);
                let again = moves(&trace).filter(|&node| node == 0).count() as u64;
                let most = search.config.numbers.get(&Number::Restarts).copied().unwrap_or(Number::Restarts.default());
                assert!(again <= u64::from(most), "{config}");
                restarts += again;
                for entry in told(&search) {
                    let verdict = judge(&puzzle, &search, &trace, &entry);
                    assert_eq!(verdict.metrics.proves_unsolvable, None);
                }
            }
        }
    }
    assert!(solved * 3 > solvable && restarts > 100, "{solved} of {solvable}, {restarts} restarts");
}

/// A check with `noise_percent = 0` rejects runs that took random steps.
#[test]
fn a_local_search_without_noise_takes_no_worse_step() {
    let family = family("k-sat");
    let (mut found, mut all) = (0, 0);
    for (place, puzzle) in (0..).zip(puzzles(family, 10)) {
        let noisy = r#"{"kind":"walksat","steps":60,"restarts":0,"noise_percent":100}"#;
        let strict = r#"{"kind":"walksat","steps":60,"restarts":0,"noise_percent":0}"#;
        let (noisy, trace, _) = run(&puzzle, noisy, place);
        let strict = Search::new(about("sudoku"), &serde_json::from_str(strict).unwrap()).unwrap();
        let parsed = stream_of_search::dialect::Parsed { trace, ..Default::default() };
        let verdict = |search| {
            check(
                &puzzle,
                &LazyFacts::new(&puzzle),
                &parsed,
                Request { level: Level::Policy, search: Some(search), ..Request::default() },
            )
        };
        assert!(verdict(&noisy).valid);
        all += 1;
        found += u32::from(!verdict(&strict).valid);
    }
    assert!(found * 2 > all, "{found} of {all}");
}
