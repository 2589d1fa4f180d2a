//! Laws over the table of environments and searches: every search agrees with the solver's proofs and with the other searches.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sos_envs::{About, Cost, SolverFacts, Streams};

use stream_of_search::arena::{Family, Puzzle, Scratch, environments};
use stream_of_search::check::follow;
use stream_of_search::search::{Finds, Outcome, SEARCHES, Search, SearchEntry};
use stream_of_search::trace::{EventKind, Trace};

/// Puzzles of each environment: few enough for a test of seconds, and enough that each search decides some.
const PUZZLES: u64 = 48;

/// Number of nodes after which a search is cut.
const MOST_NODES: u64 = 6_000;

/// A search with each of its heuristics (or without one, if it needs none) and with each inference.
pub fn configs(about: &About, entry: &SearchEntry) -> Vec<Value> {
    let uses: BTreeMap<&str, bool> = entry.settings().into_iter().collect();
    let mut heuristics: Vec<Option<&str>> = Vec::new();
    if uses.get("heuristic") != Some(&true) {
        heuristics.push(None);
    }
    if uses.contains_key("heuristic") {
        heuristics.extend(about.heuristics.iter().map(|heuristic| Some(heuristic.name)));
    }
    let config = |heuristic: Option<&str>| {
        let mut config = json!({"kind": entry.name});
        let more = [("width", 3), ("weight_percent", 100), ("simulations", 100)];
        more.into_iter()
            .filter(|(field, _)| uses.contains_key(field))
            .for_each(|(field, value)| config[field] = value.into());
        heuristic.into_iter().for_each(|heuristic| config["heuristic"] = heuristic.into());
        config
    };
    let mut all: Vec<Value> = heuristics.into_iter().map(config).collect();
    if uses.contains_key("inference") {
        all.extend(
            about.inferences.iter().map(|name| json!({"kind": entry.name, "variables": "mrv", "inference": name})),
        );
    }
    if uses.contains_key("weight_percent") {
        all.extend(all.clone().into_iter().map(|mut config| {
            config["weight_percent"] = 300.into();
            config
        }));
    }
    all
}

fn search(about: &'static About, config: &Value, most_nodes: u64) -> Search {
    let mut config = config.clone();
    config["max_nodes"] = most_nodes.into();
    Search::new(about, &serde_json::from_value(config).unwrap()).unwrap()
}

/// Small puzzles of the first level, with and without a solution if the settings allow it.
fn puzzles(family: &'static dyn Family) -> Vec<Puzzle> {
    let name = family.about().name;
    let easy = serde_json::to_value(&family.levels()[0]).unwrap();
    let mut made = Vec::new();
    let solvable = if easy.get("solvable").is_some() { vec!["yes", "no", "any"] } else { vec![""] };
    for (index, solvable) in (0..PUZZLES).zip(solvable.iter().cycle()) {
        let mut config = easy.clone();
        if !solvable.is_empty() {
            config["solvable"] = (*solvable).into();
        }
        // If steps can cost different amounts, every other puzzle has such steps.
        if config.get("weights").is_some() && index % 2 == 1 {
            config["weights"] = json!({"min": 1, "max": 9});
        }
        let Ok(config) = family.read_config(&config) else { continue };
        if family.space(&config).is_err() {
            continue;
        }
        let mut draw = Streams::new(17, "table", name).at(index);
        made.extend((0..200).find_map(|_| family.generate(&config, &mut draw).ok()));
    }
    made
}

/// The result of one search on one puzzle.
struct Found {
    label: String,
    complete: bool,
    promises: Finds,
    outcome: Outcome,
    solution: Option<(usize, Cost)>,
    says_unsolvable: bool,
}

fn run_all(puzzle: &Puzzle, index: u64, scratch: &mut Scratch) -> Vec<Found> {
    let name = puzzle.about().name;
    let mut all = Vec::new();
    let mut trace = Trace::default();
    for entry in SEARCHES.iter().filter(|entry| entry.fits(puzzle.about()).is_ok()) {
        for config in configs(puzzle.about(), entry) {
            let search = search(puzzle.about(), &config, MOST_NODES);
            if search.fits(puzzle).is_err() {
                continue;
            }
            let mut draw = Streams::new(17, "ties", name).at(index);
            let outcome = search.run(puzzle, &mut draw, None, &mut trace, scratch);
            let moves = puzzle.solution(&trace).filter(|_| outcome == Outcome::Solved);
            let label = format!("{} {} {config}", name, entry.name);
            let solution = moves.map(|moves| {
                let (state, cost) = follow(puzzle, &moves).unwrap_or_else(|| panic!("{label}: an illegal solution"));
                assert!(puzzle.is_goal(state), "{label}: a solution that is none");
                (moves.len(), cost)
            });
            let says_unsolvable = trace.events.last().is_some_and(|event| event.kind == EventKind::Unsolvable);
            let promises = entry.promises(puzzle.about(), &search);
            all.push(Found { label, complete: entry.complete, promises, outcome, solution, says_unsolvable });
        }
    }
    all
}

/// How many puzzles each search decided, by environment and settings, and the environments that had unsolvable puzzles.
#[derive(Default)]
struct Agreement {
    decided: BTreeMap<String, u64>,
    unsolvable: BTreeSet<&'static str>,
}

impl Agreement {
    fn visit(&mut self, family: &'static dyn Family) {
        let name = family.about().name;
        let mut scratch = Scratch::default();
        for (index, puzzle) in (0..).zip(puzzles(family)) {
            let facts = puzzle.solver_facts();
            if !facts.solvable {
                self.unsolvable.insert(name);
            }
            let found = run_all(&puzzle, index, &mut scratch);
            agree(&facts, &found, &format!("{puzzle:?}"));
            for found in found {
                let count = self.decided.entry(found.label).or_default();
                *count += u64::from(!found.complete || found.outcome != Outcome::Budget);
            }
        }
    }
}

/// Compares the results of all searches on one puzzle with each other and with what is proven.
fn agree(facts: &SolverFacts, all: &[Found], puzzle: &str) {
    let fewest = all.iter().filter_map(|found| found.solution).map(|(moves, _)| moves).min();
    for found in all {
        let say = || format!("{}: {:?}, {:?}, {facts:?}, {puzzle}", found.label, found.outcome, found.solution);
        assert_eq!(found.outcome == Outcome::Solved, found.solution.is_some(), "{}", say());
        if found.complete && found.outcome != Outcome::Budget {
            assert_eq!(found.outcome == Outcome::Solved, facts.solvable, "solvability: {}", say());
        }
        assert!(!found.says_unsolvable || !facts.solvable, "a proof of what is not so: {}", say());
        let Some((moves, cost)) = found.solution else { continue };
        assert!(
            facts.solvable && facts.optimal_cost.is_some_and(|best| cost >= best),
            "cheaper than the cheapest: {}",
            say()
        );
        match found.promises {
            Finds::Any => {}
            Finds::FewestMoves => assert_eq!(Some(moves), fewest, "not the fewest moves: {}", say()),
            Finds::Cheapest => assert_eq!(Some(cost), facts.optimal_cost, "not the cheapest: {}", say()),
        }
    }
}

#[test]
fn all_searches_agree_with_what_is_proven() {
    let mut agreement = Agreement::default();
    environments().iter().for_each(|&family| agreement.visit(family));
    let undecided: Vec<_> =
        agreement.decided.iter().filter(|(_, count)| **count == 0).map(|(label, _)| label).collect();
    eprintln!("{} searches with their settings; never decided: {undecided:#?}", agreement.decided.len());
    eprintln!("without solution: {:?}", agreement.unsolvable);
    assert!(undecided.len() * 20 <= agreement.decided.len(), "{undecided:?}");
}
