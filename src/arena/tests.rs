//! Tests of searches in every environment that they fit.

use serde_json::json;
use sos_envs::{About, Draw, Streams};

use super::*;
use crate::arena::{Config, Family, Puzzle, Scratch, environments};
use crate::check::{ErrorClass, LazyFacts, Level, Request, Verdict, check, follow};
use crate::dialect::{Parsed, Phrasing, dialects};
use crate::search::{Outcome, SEARCHES, Search, SearchEntry, SearchError};
use crate::trace::{EventKind, NO_NODE};

/// A search with settings.
fn search(about: &'static About, kind: &str, heuristic: Option<&str>, more: serde_json::Value) -> Search {
    let mut config = json!({"kind": kind});
    if let Some(heuristic) = heuristic {
        config["heuristic"] = heuristic.into();
    }
    for (key, value) in more.as_object().unwrap() {
        config[key] = value.clone();
    }
    Search::new(about, &serde_json::from_value(config).unwrap()).unwrap()
}

fn run(search: &Search, puzzle: &Puzzle, seed: u64) -> (Trace, Outcome) {
    let mut trace = Trace::default();
    let outcome = search.run(puzzle, &mut Draw::new(seed, "search"), None, &mut trace, &mut Scratch::default());
    (trace, outcome)
}

fn puzzles(config: &Config, count: u64) -> Vec<Puzzle> {
    let mut made = Vec::new();
    for index in 0..count * 20 {
        if made.len() as u64 == count {
            break;
        }
        made.extend(config.generate(&mut Streams::new(3, "puzzles", config.family.about().name).at(index)));
    }
    made
}

fn judge(puzzle: &Puzzle, search: &Search, parsed: &Parsed) -> Verdict {
    let request = Request { level: Level::Policy, search: Some(search), ..Request::default() };
    check(puzzle, &LazyFacts::new(puzzle), parsed, request)
}

const NEW: [&str; 6] = ["hill-climbing", "annealing", "tabu", "mcts", "bidirectional-bfs", "bidirectional-astar"];

/// Random settings within ranges in which each of them matters.
fn settings(entry: &SearchEntry, draw: &mut Draw) -> serde_json::Value {
    let mut settings = json!({"ties": "insertion"});
    settings["ties"] = ["insertion", "state", "random"][draw.index(3)].into();
    if draw.chance(1, 2) {
        settings["max_nodes"] = draw.between(1, 400).into();
    } else if draw.chance(1, 3) {
        settings["max_expansions"] = draw.between(1, 40).into();
    }
    for (field, _) in entry.settings() {
        let (least, most) = match field {
            "restarts" => (0, 6),
            "steps" => (1, 60),
            "tenure" => (1, 12),
            "temperature" => (1, 20),
            "cooling_percent" => (50, 100),
            "simulations" => (1, 60),
            "failed_leaves" => (0, 5),
            _ => continue,
        };
        settings[field] = draw.between(least, most).into();
    }
    settings
}

/// The text of a trace with its prompt reads back in each dialect that can tell it, and is right up to the level `policy`.
fn law(puzzle: &Puzzle, search: &Search, seed: u64) {
    let (trace, outcome) = run(search, puzzle, seed);
    let raw = Parsed { trace: trace.clone(), ..Parsed::default() };
    assert!(judge(puzzle, search, &raw).valid, "{:?} {:?}", search.config, judge(puzzle, search, &raw).first_error);
    let proven = trace.events.last().is_some_and(|event| event.kind == EventKind::Unsolvable);
    for dialect in dialects(puzzle.about()).into_iter().filter(|dialect| dialect.tells(search.name)) {
        let (mut text, mut again) = (Vec::new(), Vec::new());
        (dialect.write)(puzzle, &trace, Phrasing { word: seed as u32, restate_per_mille: 300 }, &mut text);
        let parsed = (dialect.parse)(puzzle, &text);
        let verdict = judge(puzzle, search, &parsed);
        let say = || {
            let text = String::from_utf8_lossy(&text);
            format!("{} {} {:?} {:?}\n{text}", puzzle.about().name, dialect.name, search.config, verdict.first_error)
        };
        assert!(verdict.valid, "{}", say());
        assert_eq!(verdict.solved, outcome == Outcome::Solved || proven, "{}", say());
        if parsed.told != crate::dialect::Coverage::All {
            continue;
        }
        let plain = |trace: &Trace| trace.events.iter().map(|event| (event.kind, event.node)).collect::<Vec<_>>();
        assert_eq!(plain(&parsed.trace), plain(&trace), "{}", say());
        assert_eq!(parsed.trace.meetings, trace.meetings, "{}", say());
        (dialect.write)(puzzle, &parsed.trace, Phrasing { word: seed as u32, restate_per_mille: 300 }, &mut again);
        assert!(text == again, "{}\n{}", say(), String::from_utf8_lossy(&again));
    }
}

struct Laws;

impl Laws {
    fn visit(&mut self, family: &'static dyn Family) {
        let puzzles = puzzles(&family.levels()[0], 60);
        assert!(!puzzles.is_empty());
        for entry in
            SEARCHES.into_iter().filter(|entry| NEW.contains(&entry.name) && entry.fits(family.about()).is_ok())
        {
            for (seed, puzzle) in (0..).zip(&puzzles) {
                let mut draw = Draw::new(seed, entry.name);
                let needs = entry.settings().iter().find(|(field, _)| *field == "heuristic").map(|(_, needs)| *needs);
                let heuristic = draw.choose(family.about().heuristics).map(|heuristic| heuristic.name);
                let heuristic = heuristic.filter(|_| needs.is_some_and(|needs| needs || seed % 2 == 0));
                let search = search(family.about(), entry.name, heuristic, settings(&entry, &mut draw));
                if search.fits(puzzle).is_ok() {
                    law(puzzle, &search, seed);
                }
            }
        }
    }
}

#[test]
fn new_searches_are_told_read_and_confirmed() {
    environments().iter().for_each(|&family| Laws.visit(family));
}

struct Optimal(u64);

impl Optimal {
    fn visit(&mut self, family: &'static dyn Family) {
        if !family.about().two_way {
            return;
        }
        for puzzle in puzzles(&family.levels()[0], 40) {
            let breadth_first = search(family.about(), "bidirectional-bfs", None, json!({"max_nodes": 100_000}));
            if breadth_first.fits(&puzzle).is_err() {
                continue;
            }
            let facts = puzzle.solver_facts();
            let one_way = run(&search(family.about(), "bfs", None, json!({"max_nodes": 100_000})), &puzzle, 0);
            let two_way = run(&breadth_first, &puzzle, 0);
            if one_way.1 != Outcome::Budget && two_way.1 != Outcome::Budget {
                assert_eq!(one_way.1, two_way.1);
                let moves = |trace: &Trace| puzzle.solution(trace).map(|moves| moves.len());
                assert_eq!(moves(&one_way.0), moves(&two_way.0), "{puzzle:?}");
            }
            for heuristic in family.about().heuristics.iter().filter(|heuristic| heuristic.admissible) {
                for ties in ["insertion", "state", "random"] {
                    let more = json!({"ties": ties, "max_nodes": 100_000});
                    let search = search(family.about(), "bidirectional-astar", Some(heuristic.name), more);
                    let (trace, outcome) = run(&search, &puzzle, 1);
                    if outcome == Outcome::Budget {
                        continue;
                    }
                    let moves = puzzle.solution(&trace);
                    let end = moves.and_then(|moves| follow(&puzzle, &moves));
                    assert!(end.as_ref().is_none_or(|(state, _)| puzzle.is_goal(*state)));
                    assert_eq!(end.map(|(_, cost)| cost), facts.optimal_cost, "{} {puzzle:?}", heuristic.name);
                    assert_eq!(outcome == Outcome::Solved, facts.solvable);
                    self.0 += 1;
                }
            }
        }
    }
}

#[test]
fn bidirectional_searches_are_optimal() {
    let mut optimal = Optimal(0);
    environments().iter().for_each(|&family| optimal.visit(family));
    assert!(optimal.0 > 200, "{}", optimal.0);
}

fn graph(json: serde_json::Value) -> Puzzle {
    environment("graph").unwrap().read_json(&json).unwrap()
}

fn refused(config: serde_json::Value) -> String {
    match Search::new(environment("countdown").unwrap().about(), &serde_json::from_value(config).unwrap()) {
        Ok(_) => panic!("not refused"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let error = refused(json!({"kind": "bidirectional-bfs"}));
    assert!(error.contains("bidirectional-bfs does not fit countdown: it cannot be worked back"), "{error}");
    for kind in ["annealing", "tabu"] {
        let error = refused(json!({"kind": kind, "heuristic": "sum"}));
        assert!(error.contains("cannot turn back"), "{error}");
    }
    let sum = |more: &str| format!(r#"{{"kind":"hill-climbing","heuristic":"sum"{more}}}"#);
    let error = |text: &str| refused(serde_json::from_str(text).unwrap());
    assert!(error(&sum(r#","restarts":1000001"#)).contains("0 to 1000000"));
    assert!(error(&sum(r#","tenure":3"#)).contains("search.tenure: hill-climbing does not use it"));
    assert!(error(r#"{"kind":"hill-climbing"}"#).contains("search.heuristic: hill-climbing needs it"));
    assert!(error(r#"{"kind":"mcts","simulations":0}"#).contains("1 to 10000"));
    assert!(error(r#"{"kind":"ida-star","heuristic":"sum","costs":false}"#).contains("search.costs"));
}

#[test]
fn every_environment_says_which_searches_fit_it() {
    struct Fits;
    impl Fits {
        fn visit(&mut self, family: &'static dyn Family) {
            for entry in SEARCHES {
                let fits = match entry.name {
                    "bidirectional-bfs" | "bidirectional-astar" => family.about().two_way,
                    "annealing" | "tabu" => family.about().walks_turn_back,
                    "backtracking" | "backjumping" | "min-conflicts" | "walksat" => {
                        !family.about().variable_orders.is_empty()
                    }
                    _ => true,
                };
                assert_eq!(entry.fits(family.about()).is_ok(), fits, "{} {}", family.about().name, entry.name);
            }
        }
    }
    environments().iter().for_each(|&family| Fits.visit(family));
}

#[test]
fn a_climb_that_is_stuck_starts_again_from_the_root() {
    for puzzle in puzzles(&environment("countdown").unwrap().defaults(), 50) {
        for restarts in [0, 3] {
            let search = search(
                environment("countdown").unwrap().about(),
                "hill-climbing",
                Some("sum"),
                json!({"restarts": restarts}),
            );
            let (trace, outcome) = run(&search, &puzzle, 0);
            let returns =
                trace.events.iter().filter(|event| event.kind == EventKind::MoveTo && event.node == 0).count();
            assert!(returns <= restarts);
            assert_ne!(outcome, Outcome::Budget);
            let gives_up = trace.events.last().is_some_and(|event| event.kind == EventKind::GiveUp);
            assert_eq!(gives_up, outcome != Outcome::Solved);
        }
    }
}

#[test]
fn tabu_never_goes_back_to_the_last_positions() {
    let mut walks = 0;
    for puzzle in puzzles(&environment("graph").unwrap().levels()[2], 60) {
        let heuristic = environment("graph").unwrap().about().heuristics[0].name;
        let search =
            search(environment("graph").unwrap().about(), "tabu", Some(heuristic), json!({"tenure": 3, "steps": 50}));
        let (trace, _) = run(&search, &puzzle, 0);
        let visits = trace.events.iter().filter(|event| event.kind == EventKind::Visit);
        let states: Vec<_> = visits.map(|event| trace.nodes[event.node as usize].state).collect();
        for (place, state) in states.iter().enumerate() {
            assert!(!states[place.saturating_sub(3)..place].contains(state), "{states:?}");
        }
        walks += usize::from(states.len() > 3);
    }
    assert!(walks > 3, "{walks}");
}

#[test]
fn annealing_takes_worse_children_while_it_is_hot() {
    let heuristic = environment("graph").unwrap().about().heuristics[0].name;
    let mut worse = [0, 0];
    for (seed, puzzle) in (0..).zip(puzzles(&environment("graph").unwrap().levels()[1], 80)) {
        for (place, temperature) in [1, 1000].into_iter().enumerate() {
            let settings = json!({"temperature": temperature, "cooling_percent": 90 + 10 * place, "steps": 200});
            let search = search(environment("graph").unwrap().about(), "annealing", Some(heuristic), settings);
            let (trace, _) = run(&search, &puzzle, seed);
            let h = |id: u32| trace.nodes[id as usize].h.unwrap();
            let moves = trace.events.iter().filter(|event| event.kind == EventKind::MoveTo);
            worse[place] += moves.filter(|event| h(event.node) > h(trace.nodes[event.node as usize].parent)).count();
        }
    }
    assert!(worse[1] > worse[0], "{worse:?}");
}

#[test]
fn monte_carlo_walks_to_wrong_leaves_first() {
    let (mut solved, mut walked) = (0, 0);
    for puzzle in puzzles(&environment("countdown").unwrap().levels()[0], 60) {
        for failed in [0, 1, 4] {
            let settings = json!({"failed_leaves": failed, "simulations": 5000});
            let search = search(environment("countdown").unwrap().about(), "mcts", Some("sum"), settings);
            let (trace, outcome) = run(&search, &puzzle, 0);
            // A run does not depend on the random stream.
            assert_eq!(trace, run(&search, &puzzle, 1).0);
            // These spaces are small enough to be explored completely.
            assert_eq!(outcome == Outcome::Solved, puzzle.solver_facts().solvable);
            let has_children = |id: u32| trace.nodes.iter().any(|node| node.parent == id);
            let leaves = (0..trace.nodes.len() as u32).filter(|&id| !has_children(id)).count();
            let goals = usize::from(outcome == Outcome::Solved);
            assert!(leaves <= failed + goals || leaves == 1, "{leaves} {failed} {goals}");
            let dead = |id: u32| puzzle.is_terminal(trace.nodes[id as usize].state);
            assert!(trace.events.iter().all(|event| event.kind != EventKind::DeadEnd || dead(event.node)));
            solved += goals;
            walked += usize::from(leaves == failed + goals);
        }
    }
    assert!(solved > 30 && walked > 120, "{solved} {walked}");
}

/// A weighted ring. The way with the fewest moves is not the cheapest.
fn ring() -> Puzzle {
    graph(json!({"directed": false, "nodes": 5, "start": "A", "goal": "C",
        "edges": [["A", "B", 9], ["B", "C", 9], ["C", "D", 1], ["D", "E", 1], ["A", "E", 1]]}))
}

#[test]
fn the_cheapest_meeting_is_not_always_the_first() {
    let puzzle = ring();
    let cost = |search: &Search| {
        let (trace, outcome) = run(search, &puzzle, 0);
        assert_eq!(outcome, Outcome::Solved);
        follow(&puzzle, &puzzle.solution(&trace).unwrap()).map(|(_, cost)| cost)
    };
    assert_eq!(cost(&search(puzzle.about(), "bidirectional-bfs", None, json!({}))), Some(18));
    assert_eq!(cost(&search(puzzle.about(), "bidirectional-astar", Some("landmark"), json!({}))), Some(3));
}

#[test]
fn a_graph_of_one_way_streets_is_refused_as_a_puzzle() {
    let puzzle = graph(json!({"directed": true, "nodes": 2, "start": "A", "goal": "B", "edges": [["A", "B"]]}));
    let search = search(environment("graph").unwrap().about(), "bidirectional-bfs", None, json!({}));
    let error = search.fits(&puzzle).unwrap_err();
    assert!(matches!(error, SearchError::Unfit { kind: "bidirectional-bfs", env: "graph", .. }), "{error}");
    let (trace, outcome) = run(&search, &puzzle, 0);
    assert_eq!((outcome, trace.events.last().map(|event| event.kind)), (Outcome::Exhausted, Some(EventKind::GiveUp)));
    let request = r#"{"env":"graph","dialect":"compact","search":{"kind":"bidirectional-bfs"},
        "puzzle":{"directed":true,"nodes":2,"start":"A","goal":"B","edges":[["A","B"]]}}"#;
    let error = crate::request::trace(request.as_bytes()).unwrap_err();
    assert_eq!(error.field, "search");
    assert!(error.message.contains("the goal of this puzzle"), "{}", error.message);
}

#[test]
fn a_recipe_of_puzzles_that_do_not_fit_is_refused() {
    let prepare = |directed: bool, rows: u64| {
        let recipe = format!(
            r#"
            name = "two-way"
            dialect = "compact"
            seed = 1
            environment = {{ name = "graph", layout = {{ kind = "random-tree", nodes = 8 }}, directed = {directed} }}
            searches = [{{ kind = "bidirectional-bfs" }}]
            records = [{{ kind = "search" }}]
            splits = {{ train = {{ rows = {rows} }} }}
            "#
        );
        let recipe = crate::recipe::Recipe::from_toml(&recipe).unwrap();
        crate::record::Dataset::new(recipe).unwrap().prepare()
    };
    prepare(false, 5).unwrap();
    let error = prepare(true, 5).unwrap_err();
    assert!(matches!(error, crate::recipe::RecipeError::Search(SearchError::Unfit { .. })), "{error}");
}

/// A meeting as the documentation shows it, in every dialect.
#[test]
fn a_meeting_in_every_dialect() {
    let puzzle = ring();
    let (trace, _) =
        run(&search(environment("graph").unwrap().about(), "bidirectional-bfs", None, json!({})), &puzzle, 0);
    let text = |name: &str| {
        let mut out = Vec::new();
        (crate::dialect::dialect(environment("graph").unwrap().about(), name).unwrap().write)(
            &puzzle,
            &trace,
            Phrasing::default(),
            &mut out,
        );
        String::from_utf8(out).unwrap()
    };
    assert!(text("stream-of-search").contains("\nStarting at Goal Node #1: C:[C]\n"), "{}", text("stream-of-search"));
    assert!(text("stream-of-search").ends_with("\nNode #0,0 meets Node #1,0\n"), "{}", text("stream-of-search"));
    assert!(text("compact").starts_with("target C #1 A - B"), "{}", text("compact"));
    assert!(text("prose").contains("I also start from the goal, at node 1: it is C."), "{}", text("prose"));
    assert!(text("events").contains(r#""meetings":[["#), "{}", text("events"));
}

#[test]
fn a_meeting_must_be_one() {
    let puzzle = ring();
    let search = search(environment("graph").unwrap().about(), "bidirectional-bfs", None, json!({}));
    let (trace, outcome) = run(&search, &puzzle, 0);
    assert_eq!(outcome, Outcome::Solved);
    let classes = |trace: Trace| {
        let verdict =
            check(&puzzle, &LazyFacts::new(&puzzle), &Parsed { trace, ..Parsed::default() }, Request::default());
        (verdict.errors.iter().map(|error| error.class).collect::<Vec<_>>(), verdict.solved)
    };
    assert_eq!(classes(trace.clone()), (vec![], true));
    let (forward, backward) = trace.meetings[0];
    let wrong = |meeting: (u32, u32)| {
        let mut trace = trace.clone();
        trace.meetings[0] = meeting;
        classes(trace)
    };
    // Another position; one tree twice; the trees swapped; no node.
    assert_eq!(wrong((0, backward)), (vec![ErrorClass::FalseGoal], false));
    assert_eq!(wrong((forward, forward)), (vec![ErrorClass::FalseGoal], false));
    assert_eq!(wrong((backward, forward)), (vec![ErrorClass::FalseGoal], false));
    assert_eq!(wrong((forward, NO_NODE)), (vec![ErrorClass::UnknownNode], false));
    // A second tree that does not begin at the goal.
    let mut elsewhere = trace.clone();
    let root = elsewhere.events.iter().find(|event| event.kind == EventKind::Root).unwrap().node;
    elsewhere.nodes[root as usize].state = puzzle.start();
    let (errors, solved) = classes(elsewhere);
    assert_eq!((errors[0], solved), (ErrorClass::WrongState, false));
    // Two second trees.
    let mut twice = trace.clone();
    let place = twice.events.iter().position(|event| event.kind == EventKind::Root).unwrap();
    twice.events.insert(place, twice.events[place]);
    assert_eq!(classes(twice).0, vec![ErrorClass::DuplicateNode]);
}

#[test]
fn another_search_is_not_confirmed() {
    let mut flagged = 0;
    for puzzle in puzzles(&environment("graph").unwrap().levels()[0], 40) {
        let heuristic = environment("graph").unwrap().about().heuristics[0].name;
        let tabu =
            search(environment("graph").unwrap().about(), "tabu", Some(heuristic), json!({"tenure": 5, "steps": 50}));
        let annealing =
            search(environment("graph").unwrap().about(), "annealing", Some(heuristic), json!({"steps": 50}));
        let parsed = Parsed { trace: run(&tabu, &puzzle, 0).0, ..Parsed::default() };
        flagged += usize::from(!judge(&puzzle, &annealing, &parsed).valid);
    }
    assert!(flagged > 20, "{flagged}");
}

/// A walk that rejects a child that is not worse is not a run of annealing, whatever its random stream.
#[test]
fn annealing_must_accept_what_is_not_worse() {
    let heuristic = environment("graph").unwrap().about().heuristics[0].name;
    let mut tried = 0;
    for (seed, puzzle) in (0..).zip(puzzles(&environment("graph").unwrap().levels()[1], 80)) {
        let annealing = search(
            environment("graph").unwrap().about(),
            "annealing",
            Some(heuristic),
            json!({"temperature": 1, "cooling_percent": 50}),
        );
        let (mut trace, _) = run(&annealing, &puzzle, seed);
        let h = |trace: &Trace, id: u32| trace.nodes[id as usize].h.unwrap();
        let forced = |place: &usize| {
            let event = trace.events[*place];
            event.kind == EventKind::MoveTo
                && h(&trace, event.node) <= h(&trace, trace.nodes[event.node as usize].parent)
        };
        let Some(place) = (0..trace.events.len()).find(forced) else { continue };
        trace.events[place].kind = EventKind::Prune;
        trace.events.truncate(place + 1);
        trace.push(EventKind::GiveUp, NO_NODE);
        let verdict = judge(&puzzle, &annealing, &Parsed { trace, ..Parsed::default() });
        assert_eq!(verdict.errors.last().map(|error| error.level), Some(Level::Policy), "{:?}", verdict.errors);
        tried += 1;
    }
    assert!(tried > 20, "{tried}");
}

/// Events and meetings are left out, doubled, swapped or redirected. `events` keeps every such trace, `compact` writes again what it read,
/// and a check ends with a verdict.
struct Damaged;

impl Damaged {
    fn visit(&mut self, family: &'static dyn Family) {
        for (seed, puzzle) in (0..).zip(puzzles(&family.levels()[0], 100)) {
            let mut draw = Draw::new(seed, "damage");
            let fits =
                SEARCHES.into_iter().filter(|entry| NEW.contains(&entry.name) && entry.fits(family.about()).is_ok());
            let entries: Vec<_> = fits.collect();
            let entry = draw.choose(&entries).unwrap();
            let heuristic = family.about().heuristics.first().map(|heuristic| heuristic.name);
            let heuristic = heuristic.filter(|_| entry.settings().iter().any(|(field, _)| *field == "heuristic"));
            let search = search(family.about(), entry.name, heuristic, json!({"max_nodes": 200}));
            let (mut trace, _) = run(&search, &puzzle, seed);
            for _ in 0..1 + draw.index(3) {
                let at = draw.index(trace.events.len());
                match draw.index(5) {
                    0 if trace.events.len() > 1 => drop(trace.events.remove(at)),
                    1 => trace.events.insert(at, trace.events[at]),
                    2 => {
                        let other = draw.index(trace.events.len());
                        trace.events.swap(at, other);
                    }
                    3 => {
                        let nodes = trace.nodes.len();
                        if let Some(meeting) = trace.meetings.first_mut() {
                            *meeting = (draw.index(nodes) as u32, draw.index(nodes) as u32);
                        }
                    }
                    _ => {
                        trace.events[at].kind =
                            *draw.choose(&[EventKind::Root, EventKind::Cut, EventKind::Open]).unwrap()
                    }
                }
            }
            for dialect in dialects(family.about()).into_iter().filter(|dialect| dialect.tells(search.name)) {
                let (mut text, mut again) = (Vec::new(), Vec::new());
                (dialect.write)(&puzzle, &trace, Phrasing::default(), &mut text);
                let parsed = (dialect.parse)(&puzzle, &text);
                assert_eq!(parsed.spans.len(), parsed.trace.events.len());
                judge(&puzzle, &search, &parsed);
                if dialect.name == "events" && !trace.events.iter().any(|event| event.kind == EventKind::Open) {
                    assert_eq!(parsed.trace, trace);
                }
                if dialect.name == "compact" {
                    (dialect.write)(&puzzle, &parsed.trace, Phrasing::default(), &mut again);
                    let (text, again) = (String::from_utf8_lossy(&text), String::from_utf8_lossy(&again));
                    assert_eq!(text, again, "{} {}", family.about().name, search.name);
                }
            }
        }
    }
}

#[test]
fn damaged_traces_of_new_searches_break_nothing() {
    environments().iter().for_each(|&family| Damaged.visit(family));
}
