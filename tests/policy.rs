//! The level `policy`: it accepts every trace of a search, whatever its ties and budgets, and finds any other trace, with its error class.

use sos_envs::Draw;

use super::{about, family};
use stream_of_search::arena::{Family, Puzzle, Scratch, environments};
use stream_of_search::check::{ErrorClass, LazyFacts, Level, Request, Verdict, check};
use stream_of_search::dialect::{Parsed, Phrasing, dialect, dialects};
use stream_of_search::search::{Search, SearchConfig, SearchError};
use stream_of_search::trace::{Event, EventKind, Trace};

fn search(json: &str) -> Search {
    let config: SearchConfig = serde_json::from_str(json).unwrap();
    Search::new(about("countdown"), &config).unwrap()
}

const SEARCHES: [&str; 18] = [
    r#""kind":"dfs""#,
    r#""kind":"dfs","heuristic":"multiply","threshold":"target""#,
    r#""kind":"dfs","heuristic":"sum","threshold":20"#,
    r#""kind":"bfs""#,
    r#""kind":"beam","heuristic":"sum","width":1"#,
    r#""kind":"beam","heuristic":"multiply","width":3"#,
    r#""kind":"beam-paper","heuristic":"multiply","width":4"#,
    r#""kind":"beam-paper","heuristic":"sum","width":2"#,
    r#""kind":"uniform-cost""#,
    r#""kind":"greedy","heuristic":"sum""#,
    r#""kind":"astar","heuristic":"remaining""#,
    r#""kind":"weighted-astar","heuristic":"multiply","weight_percent":250"#,
    r#""kind":"iddfs""#,
    r#""kind":"iddfs","heuristic":"sum""#,
    r#""kind":"ida-star","heuristic":"remaining""#,
    r#""kind":"hill-climbing","heuristic":"sum""#,
    r#""kind":"mcts","simulations":50"#,
    r#""kind":"mcts","heuristic":"sum","simulations":50,"failed_leaves":4"#,
];

/// A small puzzle. Its numbers are small, so there are many ties.
fn puzzle(draw: &mut Draw) -> Puzzle {
    let len = 3 + draw.index(2);
    let numbers: Vec<u64> = (0..len).map(|_| draw.between(1, 9)).collect();
    let rule = if draw.chance(1, 2) { "all" } else { "any" };
    let target = draw.between(5, 40);
    let json = serde_json::json!({"numbers": numbers, "target": target, "rule": rule});
    family("countdown").read_json(&json).unwrap()
}

fn settings(draw: &mut Draw, base: &str) -> String {
    let ties = ["insertion", "state", "random"][draw.index(3)];
    let budget = match draw.index(4) {
        0 => format!(r#","max_expansions":{}"#, draw.between(1, 30)),
        1 => format!(r#","max_nodes":{}"#, draw.between(1, 60)),
        _ => String::new(),
    };
    format!(r#"{{{base},"ties":"{ties}"{budget}}}"#)
}

fn run(puzzle: &Puzzle, search: &Search, seed: u64) -> Trace {
    let mut trace = Trace::default();
    search.run(puzzle, &mut Draw::new(seed, "search"), None, &mut trace, &mut Scratch::default());
    trace
}

fn judge(puzzle: &Puzzle, search: &Search, parsed: &Parsed) -> Verdict {
    let request = Request { level: Level::Policy, search: Some(search), ..Request::default() };
    check(puzzle, &LazyFacts::new(puzzle), parsed, request)
}

fn parsed(trace: Trace) -> Parsed {
    Parsed { trace, ..Parsed::default() }
}

/// Class and step of the policy error, if there is one.
fn policy_error(verdict: &Verdict) -> Option<(ErrorClass, usize)> {
    verdict.errors.iter().find(|error| error.level == Level::Policy).map(|error| (error.class, error.step))
}

fn read_back(puzzle: &Puzzle, trace: &Trace, name: &str) -> Parsed {
    let entry = dialect(about("countdown"), name).unwrap();
    let mut text = Vec::new();
    if name == "compact" || name == "prose" {
        (entry.write_prompt)(puzzle, &mut text);
        text.extend_from_slice(entry.separator.as_bytes());
    }
    (entry.write)(puzzle, trace, Phrasing::default(), &mut text);
    (entry.parse)(puzzle, &text)
}

#[test]
fn a_search_follows_its_own_policy() {
    for row in 0..3000 {
        let mut draw = Draw::new(row, "policy");
        let puzzle = puzzle(&mut draw);
        let config = settings(&mut draw, SEARCHES[row as usize % SEARCHES.len()]);
        let search = search(&config);
        let trace = run(&puzzle, &search, row);
        for entry in dialects(about("countdown")) {
            let read = read_back(&puzzle, &trace, entry.name);
            let verdict = judge(&puzzle, &search, &read);
            assert_eq!(policy_error(&verdict), None, "{} {config} {puzzle:?} {:?}", entry.name, verdict.errors);
            assert!(verdict.valid || search.name == "beam-paper", "{config} {:?}", verdict.first_error);
        }
        let verdict = judge(&puzzle, &search, &parsed(trace));
        assert_eq!(policy_error(&verdict), None, "{config} {puzzle:?} {:?}", verdict.errors);
    }
}

fn fixed(numbers: &[u64], target: u64) -> Puzzle {
    family("countdown").read_json(&serde_json::json!({"numbers": numbers, "target": target})).unwrap()
}

/// The events from each move to the next one. In best-first searches, one range is one expansion.
fn expansions(trace: &Trace) -> Vec<std::ops::Range<usize>> {
    let moves = trace.events.iter().enumerate().filter(|(_, event)| event.kind == EventKind::MoveTo);
    let mut starts: Vec<usize> = moves.map(|(step, _)| step).collect();
    starts.push(trace.events.len());
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// Asserts the error that `policy` finds in a damaged trace, judged directly and read back from text.
fn expect(puzzle: &Puzzle, search: &Search, trace: Trace, class: ErrorClass, step: usize) {
    let read = read_back(puzzle, &trace, "stream-of-search");
    for parsed in [parsed(trace), read] {
        let verdict = judge(puzzle, search, &parsed);
        assert_eq!(policy_error(&verdict), Some((class, step)), "{:?}", verdict.errors);
        let first = verdict.first_error.unwrap();
        assert_eq!((first.class, first.step), (class, step));
        assert!(first.span.is_some() || parsed.spans.is_empty());
    }
}

#[test]
fn swapped_expansions_are_in_the_wrong_order() {
    let puzzle = fixed(&[2, 3, 7, 50], 999);
    for config in [r#"{"kind":"bfs"}"#, r#"{"kind":"uniform-cost","ties":"state"}"#] {
        let search = search(config);
        let mut trace = run(&puzzle, &search, 0);
        let parts = expansions(&trace);
        let (first, second) = (parts[2].clone(), parts[3].clone());
        let (a, b) = (trace.events[first.clone()].to_vec(), trace.events[second.clone()].to_vec());
        trace.events.splice(first.start..second.end, b.into_iter().chain(a));
        expect(&puzzle, &search, trace, ErrorClass::WrongOrder, first.start);
    }
}

#[test]
fn swapped_equals_are_right_under_random_ties() {
    let puzzle = fixed(&[2, 3, 7], 999);
    let search = search(r#"{"kind":"bfs","ties":"random"}"#);
    let mut trace = run(&puzzle, &search, 0);
    let parts = expansions(&trace);
    let (first, second) = (parts[0].clone(), parts[1].clone());
    let (a, b) = (trace.events[first.clone()].to_vec(), trace.events[second.clone()].to_vec());
    trace.events.splice(first.start..second.end, b.into_iter().chain(a));
    assert_eq!(policy_error(&judge(&puzzle, &search, &parsed(trace))), None);
}

#[test]
fn a_worse_node_is_in_the_wrong_order() {
    let puzzle = fixed(&[2, 3, 7, 50], 57);
    let (greedy, bfs) = (search(r#"{"kind":"greedy","heuristic":"sum"}"#), search(r#"{"kind":"bfs"}"#));
    let trace = run(&puzzle, &bfs, 0);
    let verdict = judge(&puzzle, &greedy, &read_back(&puzzle, &trace, "stream-of-search"));
    // The estimates are missing too, but no level asks for them. The first node that is taken is not the best.
    assert_eq!(policy_error(&verdict).unwrap().0, ErrorClass::WrongOrder);
}

#[test]
fn a_child_that_is_left_out_is_skipped() {
    let puzzle = fixed(&[2, 3, 7], 999);
    let search = search(r#"{"kind":"bfs"}"#);
    let mut trace = run(&puzzle, &search, 0);
    let dead = trace.events.iter().position(|event| event.kind == EventKind::DeadEnd).unwrap();
    trace.events.drain(dead - 1..=dead);
    expect(&puzzle, &search, trace, ErrorClass::Skipped, dead - 1);
}

#[test]
fn an_expansion_that_is_left_out_is_skipped() {
    let puzzle = fixed(&[2, 3, 7], 999);
    let search = search(r#"{"kind":"bfs"}"#);
    let mut trace = run(&puzzle, &search, 0);
    let part = expansions(&trace)[4].clone();
    trace.events.drain(part.clone());
    expect(&puzzle, &search, trace, ErrorClass::Skipped, part.start);
}

#[test]
fn a_subtree_that_is_left_out_is_skipped() {
    let puzzle = fixed(&[2, 3, 7], 999);
    let search = search(r#"{"kind":"dfs"}"#);
    let mut trace = run(&puzzle, &search, 0);
    let returns: Vec<usize> = (0..trace.events.len())
        .filter(|&step| trace.events[step].kind == EventKind::MoveTo && trace.events[step].node == 0)
        .collect();
    // Drops all from behind one return to the root to behind the next. Then does the same with the last child.
    trace.events.drain(returns[1] + 2..returns[2] + 2);
    expect(&puzzle, &search, trace.clone(), ErrorClass::Skipped, returns[1] + 2);
    let mut trace = run(&puzzle, &search, 0);
    let last = *returns.last().unwrap();
    trace.events.drain(last..trace.events.len() - 1);
    expect(&puzzle, &search, trace, ErrorClass::Unfinished, last);
}

#[test]
fn an_iteration_that_is_left_out_is_skipped() {
    let puzzle = fixed(&[2, 3, 7], 999);
    let search = search(r#"{"kind":"iddfs"}"#);
    let mut trace = run(&puzzle, &search, 0);
    let second = trace.events.iter().skip(1).position(|event| event.kind == EventKind::Bound).unwrap() + 1;
    trace.events.drain(..second);
    expect(&puzzle, &search, trace, ErrorClass::Skipped, 0);
}

#[test]
fn a_goal_that_is_missed_is_skipped() {
    let puzzle = fixed(&[2, 3], 5);
    let search = search(r#"{"kind":"bfs"}"#);
    let mut trace = run(&puzzle, &search, 0);
    let last = trace.events.len() - 1;
    assert_eq!(trace.events[last].kind, EventKind::Goal);
    trace.events[last].kind = EventKind::Open;
    expect(&puzzle, &search, trace, ErrorClass::Skipped, last);
}

#[test]
fn a_child_over_the_threshold_is_pruned_but_expanded() {
    let puzzle = fixed(&[2, 3, 7], 22);
    let strict = search(r#"{"kind":"dfs","heuristic":"sum","threshold":8}"#);
    let loose = search(r#"{"kind":"dfs","heuristic":"sum","threshold":30}"#);
    let (right, trace) = (run(&puzzle, &strict, 0), run(&puzzle, &loose, 0));
    let same = right.events.iter().zip(&trace.events).take_while(|(a, b)| a == b).count();
    let step = (same..).find(|&step| trace.events[step].kind == EventKind::Generate).unwrap();
    assert!(step <= same + 2);
    expect(&puzzle, &strict, trace, ErrorClass::PrunedExpanded, step);
}

#[test]
fn a_dropped_node_is_pruned_but_expanded() {
    let puzzle = fixed(&[2, 3, 7, 9], 999);
    let search = search(r#"{"kind":"beam","heuristic":"sum","width":2}"#);
    let mut trace = run(&puzzle, &search, 0);
    let step = trace.events.iter().rposition(|event| event.kind == EventKind::Prune).unwrap();
    let dropped = trace.events[step].node;
    let next = (step..).find(|&step| trace.events[step].kind == EventKind::MoveTo).unwrap();
    let visit = |kind| Event { kind, node: dropped, ..trace.events[next] };
    let inserted = [visit(EventKind::MoveTo), visit(EventKind::Visit)];
    trace.events.splice(next..next, inserted);
    let verdict = judge(&puzzle, &search, &parsed(trace.clone()));
    assert_eq!(policy_error(&verdict), Some((ErrorClass::PrunedExpanded, next)), "{:?}", verdict.errors);
    let verdict = judge(&puzzle, &search, &read_back(&puzzle, &trace, "stream-of-search"));
    assert_eq!(policy_error(&verdict), Some((ErrorClass::PrunedExpanded, next)), "{:?}", verdict.errors);
}

#[test]
fn a_node_beyond_the_bound_is_pruned_but_expanded() {
    let puzzle = fixed(&[2, 3, 7], 999);
    let search = search(r#"{"kind":"iddfs"}"#);
    let mut trace = run(&puzzle, &search, 0);
    let cut = trace.events.iter().position(|event| event.kind == EventKind::Cut).unwrap();
    trace.events[cut].kind = EventKind::Open;
    expect(&puzzle, &search, trace, ErrorClass::PrunedExpanded, cut);
}

#[test]
fn what_goes_on_behind_a_spent_budget_is_pruned_but_expanded() {
    let puzzle = fixed(&[2, 3, 7], 999);
    let (free, bound) = (search(r#"{"kind":"bfs"}"#), search(r#"{"kind":"bfs","max_expansions":3}"#));
    let right = run(&puzzle, &bound, 0);
    expect(&puzzle, &bound, run(&puzzle, &free, 0), ErrorClass::PrunedExpanded, right.events.len() - 1);
    expect(&puzzle, &free, right.clone(), ErrorClass::Unfinished, right.events.len() - 1);
}

#[test]
fn every_cut_end_is_unfinished() {
    for row in 0..300 {
        let mut draw = Draw::new(row, "cut");
        let puzzle = puzzle(&mut draw);
        let config = settings(&mut draw, SEARCHES[row as usize % SEARCHES.len()]);
        let search = search(&config);
        let mut trace = run(&puzzle, &search, row);
        let end = draw.index(trace.events.len());
        // Skips empty traces. The first visit alone can be a whole trace, and the paper's search does not mark its end.
        if end == 0 {
            continue;
        }
        trace.events.truncate(end);
        for parsed in [parsed(trace.clone()), read_back(&puzzle, &trace, "stream-of-search")] {
            let verdict = judge(&puzzle, &search, &parsed);
            assert_eq!(policy_error(&verdict), Some((ErrorClass::Unfinished, end)), "{config} {:?}", verdict.errors);
        }
    }
}

#[test]
fn a_trace_of_another_search_is_flagged() {
    let kinds = [0, 1, 3, 5, 7, 9, 12, 14];
    let (mut flagged, mut different) = (0, 0);
    for row in 0..200 {
        let puzzle = puzzle(&mut Draw::new(row, "others"));
        for one in kinds {
            let trace = run(&puzzle, &search(&format!("{{{}}}", SEARCHES[one])), row);
            for other in kinds.into_iter().filter(|&other| other != one) {
                let other = search(&format!("{{{}}}", SEARCHES[other]));
                if run(&puzzle, &other, row).events == trace.events && trace.events.len() < 12 {
                    continue;
                }
                different += 1;
                flagged += usize::from(!judge(&puzzle, &other, &parsed(trace.clone())).valid);
            }
        }
    }
    assert!(flagged * 1000 > different * 995, "{flagged} of {different}");
}

#[test]
fn a_slip_is_one_error() {
    let puzzle = fixed(&[2, 3, 7], 999);
    let search = search(r#"{"kind":"bfs"}"#);
    let mut trace = run(&puzzle, &search, 0);
    let action = trace.nodes[2].action.unwrap();
    trace.nodes[2].action = puzzle.damage_claim(action, &mut Draw::new(0, "slip"));
    let verdict = judge(&puzzle, &search, &parsed(trace));
    assert_eq!(verdict.first_error.unwrap().class, ErrorClass::Arithmetic);
    assert!(verdict.errors.iter().all(|error| error.level < Level::Policy), "{:?}", verdict.errors);
}

#[test]
fn hostile_texts_cost_no_more_than_their_length() {
    let puzzle = fixed(&[2, 3, 7, 11, 13, 17, 19, 23], 999);
    let entry = dialect(about("countdown"), "stream-of-search").unwrap();
    for line in ["Current State: 999:[2, 3, 7, 11, 13, 17, 19, 23], Operations: []\n", "Moving to Node #0\n", ""] {
        let text = line.repeat(20_000);
        let read = (entry.parse)(&puzzle, text.as_bytes());
        for base in SEARCHES {
            let search = search(&format!("{{{base}}}"));
            let request = Request { level: Level::Policy, search: Some(&search), ..Request::default() };
            let facts = LazyFacts::new(&puzzle);
            assert!(!check(&puzzle, &facts, &read, request).valid);
        }
    }
}

#[test]
fn requests_name_the_search() {
    let check = |extra: &str| {
        let line = format!(
            r#"{{"env":"countdown","puzzle":{{"numbers":[2,3],"target":5}},"dialect":"stream-of-search",
            "text":"Current State: 5:[2, 3], Operations: []\nExploring Operation: 2+3=5, Resulting Numbers: [5]\n5,5 equal: Goal Reached\n"{extra}}}"#
        );
        stream_of_search::request::check(line.as_bytes())
    };
    assert!(check(r#","level":"policy","search":{"kind":"bfs"}"#).unwrap().valid);
    assert!(check(r#","search":{"kind":"bfs"}"#).unwrap().valid);
    assert!(!check(r#","level":"policy","search":{"kind":"iddfs"}"#).unwrap().valid);
    let field = |extra: &str| check(extra).err().unwrap();
    assert_eq!(field(r#","level":"policy""#).field, "search");
    assert!(field(r#","level":"policy""#).message.contains("policy"));
    assert_eq!(field(r#","search":{"kind":"bsf"}"#).field, "search");
    assert_eq!(field(r#","search":"bfs""#).field, "search");
}

#[test]
fn no_event_can_be_left_out_or_said_twice() {
    for row in 0..3000 {
        let mut draw = Draw::new(row, "one event");
        let puzzle = puzzle(&mut draw);
        let config = settings(&mut draw, SEARCHES[row as usize % SEARCHES.len()]);
        let search = search(&config);
        let mut trace = run(&puzzle, &search, row);
        if trace.events.len() < 2 {
            continue;
        }
        let step = 1 + draw.index(trace.events.len() - 1);
        if draw.chance(1, 2) {
            trace.events.remove(step);
        } else {
            trace.events.insert(step, trace.events[step]);
        }
        let verdict = judge(&puzzle, &search, &parsed(trace));
        assert!(!verdict.valid, "{config} {step}");
        assert!(verdict.first_error.unwrap().step <= step + 1, "{config} {step}");
    }
}

/// Searches of any environment. `@` is replaced by a heuristic.
const ANYWHERE: [&str; 18] = [
    r#""kind":"dfs""#,
    r#""kind":"dfs","heuristic":"@""#,
    r#""kind":"dfs","heuristic":"@","threshold":3"#,
    r#""kind":"bfs""#,
    r#""kind":"beam","heuristic":"@","width":2"#,
    r#""kind":"beam-paper","heuristic":"@","width":2"#,
    r#""kind":"uniform-cost""#,
    r#""kind":"greedy","heuristic":"@""#,
    r#""kind":"astar","heuristic":"@""#,
    r#""kind":"weighted-astar","heuristic":"@","weight_percent":250"#,
    r#""kind":"iddfs""#,
    r#""kind":"ida-star","heuristic":"@""#,
    r#""kind":"hill-climbing","heuristic":"@","restarts":3"#,
    r#""kind":"annealing","heuristic":"@","temperature":3"#,
    r#""kind":"tabu","heuristic":"@","tenure":4"#,
    r#""kind":"mcts","heuristic":"@","simulations":40"#,
    r#""kind":"bidirectional-bfs""#,
    r#""kind":"bidirectional-astar","heuristic":"@""#,
];

/// The same test in every environment, including those with cycles and weights.
struct EveryEnvironment;

impl EveryEnvironment {
    fn visit(&mut self, family: &'static dyn Family) {
        for row in 0..320 {
            let mut draw = Draw::new(row, "every environment");
            let settings_of = if row % 8 == 0 { family.defaults() } else { family.levels()[0].clone() };
            let Ok(puzzle) = family.generate(&settings_of, &mut draw) else { continue };
            let heuristic = draw.choose(family.about().heuristics).unwrap().name;
            let base = ANYWHERE[row as usize % ANYWHERE.len()].replace('@', heuristic);
            let config =
                settings(&mut draw, &base).replace('}', if row % 2 == 0 { r#","max_nodes":900}"# } else { "}" });
            // The settings may already have a budget; a second one does not parse.
            let Ok(config) = serde_json::from_str::<SearchConfig>(&config) else { continue };
            if config.max_nodes.is_none() && config.max_expansions.is_none() {
                continue;
            }
            // A search that does not fit is refused, with the reason.
            let search = match Search::new(family.about(), &config) {
                Err(SearchError::Unfit { .. }) => continue,
                search => search.unwrap(),
            };
            if search.fits(&puzzle).is_err() {
                continue;
            }
            let mut trace = Trace::default();
            search.run(&puzzle, &mut Draw::new(row, "search"), None, &mut trace, &mut Scratch::default());
            for entry in dialects(family.about()).into_iter().filter(|entry| entry.tells(search.name)) {
                let mut text = Vec::new();
                (entry.write_prompt)(&puzzle, &mut text);
                text.extend_from_slice(entry.separator.as_bytes());
                if entry.name == "stream-of-search" {
                    text.clear();
                }
                (entry.write)(&puzzle, &trace, Phrasing::default(), &mut text);
                let read = (entry.parse)(&puzzle, &text);
                let request = Request { level: Level::Policy, search: Some(&search), ..Request::default() };
                let verdict = check(&puzzle, &LazyFacts::new(&puzzle), &read, request);
                let say = format!("{} {} {config:?} {:?}", family.about().name, entry.name, verdict.first_error);
                assert_eq!(policy_error(&verdict), None, "{say}");
                assert!(verdict.valid || search.name == "beam-paper", "{say}");
            }
        }
    }
}

#[test]
fn a_search_follows_its_own_policy_in_every_environment() {
    environments().iter().for_each(|&family| EveryEnvironment.visit(family));
}
