//! Laws of dialects: a text reads back as the trace that was written, and no text breaks a reader.

use proptest::prelude::*;
use sos_envs::countdown::{Operations, Rule};
use sos_envs::{Countdown, DamageKind, Draw};

use super::probe::probe;
use super::{about, family};
use stream_of_search::arena::{Family, Puzzle, Scratch, environments};
use stream_of_search::check::{LazyFacts, Request, check};
use stream_of_search::dialect::{DialectEntry, Field, Parsed, Phrasing, all_dialects, compact, dialect, dialects};
use stream_of_search::search::{Outcome, SEARCHES, Search};
use stream_of_search::trace::{Claim, Event, EventKind, NO_NODE, Trace};

/// Settings for each search of the registry.
pub fn configs(seed: u64) -> Vec<String> {
    let heuristics: Vec<&str> = about("countdown").heuristics.iter().map(|h| h.name).collect();
    let mut draw = Draw::new(seed, "settings");
    let mut configs = Vec::new();
    for entry in SEARCHES.iter().filter(|entry| entry.fits(about("countdown")).is_ok()) {
        let heuristic = format!(r#","heuristic":"{}""#, heuristics[draw.index(heuristics.len())]);
        let settings = match entry.name {
            "dfs" => ["", ",T", ",T"][draw.index(3)].replace(",T", &format!(r#"{heuristic},"threshold":"target""#)),
            "beam" | "beam-paper" => format!(r#"{heuristic},"width":{}"#, 1 + draw.index(5)),
            "weighted-astar" => format!(r#"{heuristic},"weight_percent":{}"#, 100 + draw.index(200)),
            "greedy" | "astar" | "ida-star" | "hill-climbing" => heuristic,
            "mcts" => format!(r#"{heuristic},"simulations":40"#),
            _ => String::new(),
        };
        let ties = ["insertion", "state", "random"][draw.index(3)];
        let budget =
            if draw.chance(1, 4) { format!(r#","max_expansions":{}"#, 1 + draw.index(20)) } else { String::new() };
        configs.push(format!(r#"{{"kind":"{}","ties":"{ties}","max_nodes":2000{settings}{budget}}}"#, entry.name));
    }
    configs
}

fn countdown(numbers: &[u64], target: u64, rule: Rule) -> Puzzle {
    Puzzle::of(Countdown::new(numbers, target, Operations::ALL, rule).unwrap())
}

fn searched(puzzle: &Puzzle, config: &str, seed: u64) -> (Trace, Outcome) {
    let search = Search::new(about("countdown"), &serde_json::from_str(config).unwrap()).unwrap();
    let mut trace = Trace::default();
    let outcome = search.run(puzzle, &mut Draw::new(seed, "search"), None, &mut trace, &mut Scratch::default());
    (trace, outcome)
}

#[test]
fn a_path_is_judged_anew_at_each_visit() {
    let puzzle = countdown(&[3, 5, 7], 22, Rule::All);
    let entry = dialect(about("countdown"), "stream-of-search").unwrap();
    let right = "['3*5=15']";
    let wrong = ["[]", "['3*5=16']", "['3+5=8']", "['3*5=15', '3*5=15']", "['3*5=15', '7+15=22']"];
    for (first, second) in wrong.iter().flat_map(|&wrong| [(wrong, right), (right, wrong), (wrong, wrong)]) {
        let visit = |path: &str| format!("Moving to Node #0,0\nCurrent State: 22:[7, 15], Operations: {path}\n");
        let child = "Exploring Operation: 3*5=15, Resulting Numbers: [7, 15]\nGenerated Node #0,0: 22:[7, 15] Operation: 3*5=15\n";
        let root = "Current State: 22:[3, 5, 7], Operations: []\n";
        let text = [root, child, &visit(first), &visit(second), &visit(right)].concat();
        let parsed = (entry.parse)(&puzzle, text.as_bytes());
        assert_eq!(parsed.errors, [], "{text}");
        let visits = parsed.trace.events.iter().filter(|event| event.kind == EventKind::Visit);
        let claims: Vec<bool> =
            visits.map(|&event| parsed.trace.claim(event).is_some_and(|claim| claim.path.is_some())).collect();
        assert_eq!(claims, [false, first != right, second != right, false], "{text}");
    }
}

fn puzzles() -> impl Strategy<Value = Puzzle> {
    let small = prop::collection::vec(1u64..30, 2..=4);
    let large = prop::collection::vec(1u64..2000, 2..=3);
    (prop_oneof![4 => small, 1 => large], 1u64..60, any::<bool>()).prop_map(|(numbers, target, any)| {
        let rule = if any { Rule::Any } else { Rule::All };
        countdown(&numbers, target, rule)
    })
}

fn written(entry: &DialectEntry, puzzle: &Puzzle, trace: &Trace, phrasing: u32) -> String {
    let mut out = Vec::new();
    (entry.write)(puzzle, trace, Phrasing::of(phrasing), &mut out);
    String::from_utf8(out).unwrap()
}

/// Prompt and text, joined as in a model's input and output.
fn with_prompt(entry: &DialectEntry, puzzle: &Puzzle, text: &str) -> String {
    let mut prompt = Vec::new();
    (entry.write_prompt)(puzzle, &mut prompt);
    let prompt = String::from_utf8(prompt).unwrap();
    // A text may repeat the last line of the prompt.
    let last = prompt.rfind('\n').map_or(0, |at| at + 1);
    match text.starts_with(&prompt[last..]) {
        true => format!("{}{text}", &prompt[..last]),
        false => format!("{prompt}{}{text}", entry.separator),
    }
}

/// Asserts that events and nodes are equal, except for costs that the dialect does not tell (those of roots) and ordinals that it does not name.
fn same(entry: &DialectEntry, parsed: &Trace, trace: &Trace, text: &str) {
    let plain = |events: &[Event]| events.iter().map(|event| (event.kind, event.node)).collect::<Vec<_>>();
    assert_eq!(plain(&parsed.events), plain(&trace.events), "{}\n{text}", entry.name);
    assert!(parsed.claims.is_empty(), "{:?}\n{text}", parsed.claims);
    assert_eq!(parsed.nodes.len(), trace.nodes.len());
    for (found, node) in parsed.nodes.iter().zip(&trace.nodes) {
        assert_eq!((found.parent, found.depth, found.action), (node.parent, node.depth, node.action), "{text}");
        assert_eq!(found.state, node.state, "{text}");
        if node.parent != NO_NODE {
            assert_eq!((found.g, found.h), (node.g, node.h), "{text}");
        }
    }
    assert_eq!((&parsed.bounds, &parsed.answer), (&trace.bounds, &trace.answer), "{text}");
}

/// Adds an answer section to a trace that has found something.
fn answered(mut trace: Trace, optimal: bool) -> Trace {
    let moves = trace.first_goal().map(|goal| {
        let mut moves = Vec::new();
        trace.moves_to(goal, &mut moves);
        moves
    });
    trace.answer = Some(stream_of_search::trace::Answer { moves, optimal });
    trace
}

fn round_trip(puzzle: &Puzzle, config: &str, seed: u64) {
    let (clean, outcome) = searched(puzzle, config, seed);
    let paper = config.contains("beam-paper");
    for entry in dialects(about("countdown")) {
        for phrasing in 0..3 {
            let trace = if phrasing == 1 { answered(clean.clone(), false) } else { clean.clone() };
            let text = written(&entry, puzzle, &trace, phrasing);
            for text in [text.clone(), with_prompt(&entry, puzzle, &text)] {
                let parsed = (entry.parse)(puzzle, text.as_bytes());
                assert_eq!(parsed.errors, [], "{} {config}\n{text}", entry.name);
                assert_eq!(parsed.spans.len(), parsed.trace.events.len());
                let again = written(&entry, puzzle, &parsed.trace, phrasing);
                assert!(text.ends_with(&again), "{} {config}\n{text}\n\n{again}", entry.name);
                let verdict = check(puzzle, &LazyFacts::new(puzzle), &parsed, Request::default());
                if phrasing != 1 {
                    let unsolvable = clean.events.iter().any(|event| event.kind == EventKind::Unsolvable);
                    assert_eq!(verdict.solved, outcome == Outcome::Solved || unsolvable, "{config}\n{text}");
                }
                if !paper {
                    same(&entry, &parsed.trace, &trace, &text);
                    let true_answer = phrasing != 1 || outcome == Outcome::Solved || !puzzle.solver_facts().solvable;
                    assert!(!true_answer || verdict.valid, "{config}\n{:?}\n{text}", verdict.first_error);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(puzzle in puzzles(), seed: u64) {
        for config in configs(seed) {
            round_trip(&puzzle, &config, seed);
        }
    }

    #[test]
    fn compact_has_a_closed_vocabulary(puzzle in puzzles(), seed: u64) {
        let vocabulary: std::collections::HashSet<String> = compact::vocabulary().into_iter().chain(about("countdown").words.iter().map(|word| word.to_string())).collect();
        let entry = dialect(about("countdown"), "compact").unwrap();
        for config in configs(seed) {
            let trace = answered(searched(&puzzle, &config, seed).0, true);
            let text = with_prompt(&entry, &puzzle, &written(&entry, &puzzle, &trace, 0));
            for token in text.split(' ') {
                prop_assert!(vocabulary.contains(token), "{token:?} in {text}");
            }
        }
    }
}

#[test]
fn the_example_of_compact() {
    let entry = dialect(about("countdown"), "compact").unwrap();
    let puzzle = countdown(&[2, 3, 4], 24, Rule::All);
    let text = "2 * 3 = 6 : 4 6 > #1 4 * 6 = 24 : 24 goal answer 2 * 3 = 6 , 4 * 6 = 24 .";
    let parsed: Parsed = (entry.parse)(&puzzle, text.as_bytes());
    assert_eq!(parsed.errors, []);
    assert_eq!(written(&entry, &puzzle, &parsed.trace, 0), text);
    let verdict = check(&puzzle, &LazyFacts::new(&puzzle), &parsed, Request::default());
    assert!(verdict.valid && verdict.solved, "{:?}", verdict.errors);
    assert_eq!(with_prompt(&entry, &puzzle, text), format!("start 2 3 4 target 24 {text}"));
}

#[test]
fn compact_takes_few_tokens() {
    let entry = dialect(about("countdown"), "compact").unwrap();
    let (mut tokens, mut explorations) = (0, 0);
    let mut draw = Draw::new(1, "puzzles");
    for seed in 0..500 {
        let numbers: Vec<u64> = (0..3).map(|_| 1 + draw.below(20)).collect();
        let puzzle = countdown(&numbers, 1 + draw.below(50), Rule::All);
        let (trace, _) = searched(&puzzle, r#"{"kind":"dfs","heuristic":"sum","threshold":"target"}"#, seed);
        tokens += written(&entry, &puzzle, &trace, 0).split(' ').count();
        explorations += trace.events.iter().filter(|event| event.kind == EventKind::Generate).count();
    }
    let each = tokens as f64 / explorations as f64;
    eprintln!("{each:.2} tokens an exploration");
    assert!(each < 10.0, "{each}");
}

#[test]
fn the_example_of_events() {
    let entry = dialect(about("countdown"), "events").unwrap();
    let puzzle = countdown(&[2, 3, 4], 24, Rule::All);
    let text = concat!(
        r#"{"nodes":[{"state":"[2, 3, 4]"},{"parent":0,"ordinal":0,"move":"2*3=6","state":"[4, 6]"},"#,
        r#"{"parent":1,"ordinal":0,"move":"4*6=24","state":"[24]"}],"events":[["visit",0],["generate",1],["open",1],"#,
        r#"["move-to",1],["visit",1],["generate",2],["goal",2]],"answer":{"moves":["2*3=6","4*6=24"],"optimal":true}}"#,
        "\n"
    );
    let parsed = (entry.parse)(&puzzle, text.as_bytes());
    assert_eq!(parsed.errors, []);
    assert_eq!(written(&entry, &puzzle, &parsed.trace, 0), text);
    let spans = &parsed.spans[1];
    let at = |span: stream_of_search::dialect::Span| &text[span.0..span.1];
    assert_eq!(at(spans.whole), r#"["generate",1]"#);
    assert_eq!(at(spans.field(Field::State)), r#""[4, 6]""#);
    assert_eq!(at(spans.field(Field::Action)), r#""2*3=6""#);
    assert_eq!(at(parsed.answer_span), r#"{"moves":["2*3=6","4*6=24"],"optimal":true}"#);
    assert!(check(&puzzle, &LazyFacts::new(&puzzle), &parsed, Request::default()).valid);
}

/// Damages a trace: changes some claims, drops some events, shuffles some.
fn damaged(mut trace: Trace, puzzle: &Puzzle, seed: u64) -> Trace {
    let mut draw = Draw::new(seed, "damage");
    for _ in 0..1 + draw.index(4) {
        if trace.events.is_empty() {
            break;
        }
        let at = draw.index(trace.events.len());
        match draw.index(6) {
            0 => drop(trace.events.remove(at)),
            1 => trace.events.insert(at, trace.events[at]),
            2 => {
                let other = draw.index(trace.events.len());
                trace.events.swap(at, other);
            }
            3 if trace.events[at].kind == EventKind::MoveTo => {
                trace.events[at].node = NO_NODE;
                trace.set_claim(at, Claim { label: Some(vec![0, 7, 99]), ..Claim::default() });
            }
            4 if !matches!(trace.events[at].kind, EventKind::Open | EventKind::Generate) => {
                trace.events[at].node = draw.index(trace.nodes.len()) as u32
            }
            _ => {
                let state = puzzle.damage_state(puzzle.start(), DamageKind::Change, &mut draw);
                let label = draw.chance(1, 2).then(|| trace.label(draw.index(trace.nodes.len()) as u32));
                let path = draw.chance(1, 3).then(Vec::new);
                trace.set_claim(at, Claim { state, label, path, wrong_target: draw.chance(1, 5), ..Claim::default() });
            }
        }
    }
    let bounds = trace.bounds.len() as u32;
    trace.events.retain(|event| event.kind != EventKind::Bound || event.node < bounds);
    trace
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// `events` reads a damaged trace back in full. The other dialects write again what they read.
    #[test]
    fn damaged_traces_read_back(puzzle in puzzles(), seed: u64) {
        for config in configs(seed) {
            let trace = damaged(searched(&puzzle, &config, seed).0, &puzzle, seed);
            for entry in dialects(about("countdown")) {
                let text = written(&entry, &puzzle, &trace, seed as u32);
                let parsed = (entry.parse)(&puzzle, text.as_bytes());
                prop_assert_eq!(parsed.spans.len(), parsed.trace.events.len());
                if entry.name == "events" {
                    prop_assert_eq!(&parsed.trace, &trace, "{}", text);
                }
                // The paper's last line has no line end, so an event swapped behind it continues that line.
                if entry.name != "stream-of-search" {
                    prop_assert_eq!(&parsed.errors, &[], "{}", text);
                }
                if entry.name == "compact" {
                    let again = written(&entry, &puzzle, &parsed.trace, seed as u32);
                    prop_assert_eq!(again, text);
                }
            }
        }
    }
}

#[test]
fn the_example_of_prose() {
    let entry = dialect(about("countdown"), "prose").unwrap();
    let puzzle = countdown(&[2, 3, 4], 24, Rule::All);
    let text = "Here I have 2, 3 and 4, and I want to reach 24.\n\
                I try 2 * 3 = 6, which takes me to 4 and 6.\n\
                I call this node 0.0.\n\
                I go on to node 0.0.\n\
                Here I have 4 and 6, and I want to reach 24.\n\
                I try 4 * 6 = 24, which takes me to 24.\n\
                I have reached 24, and the goal is 24, so I am done.\n\
                Answer: 2 * 3 = 6, then 4 * 6 = 24.\n";
    let parsed = (entry.parse)(&puzzle, text.as_bytes());
    assert_eq!(parsed.errors, []);
    assert_eq!(written(&entry, &puzzle, &parsed.trace, 0), text);
    assert!(check(&puzzle, &LazyFacts::new(&puzzle), &parsed, Request::default()).valid);
    let prompt = with_prompt(&entry, &puzzle, "");
    assert!(prompt.ends_with("All numbers must be used.\nThe task is to get from 2, 3 and 4 to 24.\n"), "{prompt}");
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = format!("{}/fuzz/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// A text with pieces cut, changed, repeated, or taken from another text.
fn mutated(texts: &[Vec<u8>], draw: &mut Draw) -> Vec<u8> {
    let mut text = draw.choose(texts).unwrap().clone();
    for _ in 0..1 + draw.index(4) {
        if text.is_empty() {
            return text;
        }
        let (a, b) = (draw.index(text.len()), draw.index(text.len()));
        let (from, to) = (a.min(b), a.max(b));
        match draw.index(6) {
            0 => text.truncate(from),
            1 => drop(text.drain(from..to)),
            2 => text[from] = draw.below(256) as u8,
            3 => text[from] = *draw.choose(b"0123456789 #.,:;[]{}\"\n").unwrap(),
            4 => {
                let piece = text[from..to].to_vec();
                text.splice(from..from, piece);
            }
            _ => {
                let other = draw.choose(texts).unwrap();
                let at = draw.index(other.len() + 1);
                text.splice(from..to, other[at..].iter().copied());
            }
        }
    }
    text
}

/// Number of mutations of each corpus. `SOS_MUTATIONS` can ask for more than a test run has time for.
fn mutations() -> u64 {
    std::env::var("SOS_MUTATIONS").ok().and_then(|number| number.parse().ok()).unwrap_or(400)
}

/// Reads the corpora of the fuzz targets, and mutations of them.
#[test]
fn no_text_breaks_a_reader() {
    for entry in all_dialects(about("countdown")) {
        let texts = corpus(entry.name);
        assert!(texts.len() >= 10, "{}", entry.name);
        for text in &texts {
            probe(entry.name, text);
        }
        for seed in 0..mutations() {
            let text = mutated(&texts, &mut Draw::new(seed, entry.name));
            let broken = std::panic::catch_unwind(|| probe(entry.name, &text)).is_err();
            assert!(!broken, "{} breaks on mutation {seed}: {:?}", entry.name, String::from_utf8_lossy(&text));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_break_a_reader(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for entry in all_dialects(about("countdown")) {
            probe(entry.name, &bytes);
        }
    }
}

/// A megabyte of copies of a piece.
fn repeat(piece: &str) -> String {
    piece.repeat(1_000_000 / piece.len())
}

fn hostile_countdown() -> Vec<(&'static str, String)> {
    let deep = |piece: &dyn Fn(usize) -> String, pieces: usize| (0..pieces).map(piece).collect::<String>();
    vec![
        ("compact", repeat("; ")),
        ("compact", repeat("x ")),
        ("compact", repeat("#1 ")),
        ("compact", repeat("2 * 3 = 6 : 4 6 #1 ")),
        ("compact", repeat("2 * 3 = 6 : ")),
        ("compact", repeat("> #1 bound 1 ")),
        ("compact", repeat("answer 2 * 3 = 6 , ")),
        ("compact", format!("answer {}", repeat("2 * 3 = 6 , "))),
        ("compact", deep(&|i| format!("2 * 3 = 6 : 4 6 > #{} ", i + 1), 999)),
        ("compact", deep(&|i| format!("2 * 3 = 6 : 4 6 > #{} ^ {} ", 1 + i / 1000, i % 1000), 40_000)),
        ("compact", repeat("1")),
        ("compact", " ".repeat(1_000_000)),
        ("events", repeat("[")),
        ("events", repeat("{\"nodes\":")),
        ("events", format!("{{\"nodes\":[{}0]}}", repeat("0,"))),
        ("events", format!("{{\"events\":[{}0]}}", repeat("[\"give-up\",null],"))),
        (
            "events",
            format!(
                "{{\"nodes\":[{{\"state\":\"[2]\"}}{}]}}",
                deep(&|i| { format!(r#",{{"parent":{i},"ordinal":0,"move":"2*3=6","state":"[4, 6]"}}"#) }, 15_000)
            ),
        ),
        ("prose", repeat("I try 2 * 3 = 6, which takes me to 4 and 6.\n")),
        ("prose", repeat("Answer: 2 * 3 = 6, then ")),
        ("prose", format!("I call this node {}.", repeat("0."))),
        ("prose", repeat("I go on to node 0.0.\n")),
        ("prose", repeat("\n")),
        ("prose", repeat("Here I have 2, ")),
        ("stream-of-search", repeat("Exploring Operation: 2*3=6, Resulting Numbers: [4, 6]\n")),
        ("stream-of-search", repeat("\n")),
        ("stream-of-search", repeat("Current State: 24:[2, 3, 4], Operations: []\n")),
    ]
}

/// Texts in the dialects that name states, in an empty maze. Two long ones per dialect walk on: one to new cells, one back and forth.
fn hostile_maze() -> Vec<(&'static str, String)> {
    let cell = |i: usize| (if (i / 200).is_multiple_of(2) { i % 200 } else { 199 - i % 200 }, i / 200);
    let snake = |i: usize| {
        let (x, y) = cell(i);
        format!("create {x} {y} c{i} c{} close {x} {y} c{i} c{} ", 398 - x - y, 398 - x - y)
    };
    let snake = (0..39_000).map(snake).collect::<String>();
    let mut texts = Vec::new();
    for (name, opening) in [("searchformer", ""), ("beyond-semantics", "reasoning ")] {
        let pieces = [
            "create 0 1 c1 c3 ",
            "create 0 1 ",
            "close 0 1 ",
            "close 0 0 create 0 1 ",
            "x ",
            "create ",
            "plan 0 0 ",
            "plan 0 0 plan 0 1 ",
        ];
        let more = [
            "stop ",
            "unsolvable ",
            "reasoning ",
            "solution plan 0 0 end ",
            "c1 ",
            "create 1 0 close 1 0 create 0 0 close 0 0 ",
        ];
        texts.extend(pieces.iter().chain(&more).map(|piece| (name, format!("{opening}{}", repeat(piece)))));
        texts.push((name, format!("{opening}create 0 0 close 0 0 {}", repeat("create 1 0 create 0 1 "))));
        texts.push((name, format!("{opening}{snake}")));
    }
    texts
}

fn hostile_sokoban() -> Vec<(&'static str, String)> {
    let pieces = [
        "create worker 1 1 box 2 2 ",
        "close worker 1 1 ",
        "create worker 1 2 box 2 2 close worker 1 2 box 2 2 ",
        "box 1 1 ",
    ];
    let texts = pieces.iter().flat_map(|piece| ["searchformer", "beyond-semantics"].map(|name| (name, repeat(piece))));
    texts.collect()
}

/// Long runs of fills and guesses, and of their reverts.
fn hostile_sudoku() -> Vec<(&'static str, String)> {
    let pieces = [
        "(0, 0) = 1\n",
        "(0, 0) = 1 hidden 1\n",
        "(0, 0) != 3 naked-pair 1\n",
        "guess: (0, 2) [3, 4] = 3\n",
        "guess: (0, 2) [3, 4] = 3\nrevert: (0, 2) [3, 4] = 3\n",
        "revert: (0, 2) [3, 4] = 3\n",
        "nocand: (0, 0)\n",
        "invalid: 3 in 12\n",
        "dead\n",
        "solved\n",
        "unsolvable\n",
        "guess: (0, 2) [3, ",
        "answer: (0, 0) = 1, ",
    ];
    pieces.iter().map(|piece| ("sudoku", repeat(piece))).collect()
}

/// Texts in the formats of other data sets' prompts and answers.
fn hostile_graph() -> Vec<(&'static str, String)> {
    let mut texts = Vec::new();
    for name in ["path-star", "path-star-reversed"] {
        texts.extend(["A,", "A,B,", "A-B,4|", "C,B,A,", "none"].map(|piece| (name, repeat(piece))));
    }
    texts.extend(["Every A is a B. ", "So every A is a ", "Every ", "A "].map(|piece| ("prosqa", repeat(piece))));
    texts.push(("nlgraph", format!("The shortest path from A to C is A{} with a total weight of 5.", repeat(",B,A"))));
    texts.extend(["(A,B,4) ", "The shortest path from ", "A,"].map(|piece| ("nlgraph", repeat(piece))));
    texts
}

/// Reads a megabyte of each kind of trouble. Quadratic time would take hours, so a limit of a minute is enough on any machine.
#[test]
fn hostile_megabytes_take_linear_time() {
    let puzzle = |json: &str| serde_json::from_str(json).unwrap();
    let mut told = std::collections::BTreeSet::new();
    told.extend(hostile("countdown", puzzle(r#"{"numbers":[2,3,4],"target":24}"#), hostile_countdown()));
    told.extend(hostile(
        "maze",
        puzzle(r#"{"width":200,"height":200,"start":[0,0],"goal":[199,199],"walls":[]}"#),
        hostile_maze(),
    ));
    told.extend(hostile(
        "sokoban",
        puzzle(r#"{"width":6,"height":6,"walls":[],"worker":[0,0],"boxes":[[2,2]],"docks":[[4,4]]}"#),
        hostile_sokoban(),
    ));
    told.extend(hostile("sudoku", puzzle(r#"{"cells":[[0,0,0,0],[0,0,1,2],[2,1,0,0],[0,0,0,0]]}"#), hostile_sudoku()));
    let edges = r#"[["A","B",4],["B","C",1],["A","C",7],["A","D",1]]"#;
    let graph = format!(r#"{{"directed":false,"nodes":4,"edges":{edges},"start":"A","goal":"C"}}"#);
    told.extend(hostile("graph", puzzle(&graph), hostile_graph()));
    assert!(all_dialects(about("countdown")).iter().all(|entry| told.contains(entry.name)), "only {told:?}");
}

/// Reads and checks the texts. Returns the names of their dialects.
fn hostile(environment: &str, puzzle: serde_json::Value, texts: Vec<(&'static str, String)>) -> Vec<&'static str> {
    let puzzle = family(environment).read_json(&puzzle).unwrap();
    for (name, text) in &texts {
        let entry = dialect(puzzle.about(), name).unwrap();
        let start = std::time::Instant::now();
        let parsed = (entry.parse)(&puzzle, text.as_bytes());
        let read = start.elapsed();
        let verdict = check(&puzzle, &LazyFacts::new(&puzzle), &parsed, Request::default());
        let all = start.elapsed();
        eprintln!("{name}: {:?} {read:.0?} {all:.0?} {} errors", &text[..text.len().min(30)], verdict.errors.len());
        assert!(all.as_secs() < 60, "{name}: {:?}", &text[..text.len().min(30)]);
    }
    texts.into_iter().map(|(name, _)| name).collect()
}

/// The compact text of every environment consists of numbers, the dialect's words, the words that the environment declares, and the names in its
/// puzzle. No declared word is one of the dialect's own, except for signs.
struct Words;

impl Words {
    fn visit(&mut self, family: &'static dyn Family) {
        let own: std::collections::HashSet<String> = compact::vocabulary().into_iter().collect();
        // words of the one kind, and words of all kinds of the type
        let name = family.about().name;
        let words = [family.about().words, family.about().shared_words].concat();
        let clash = words.iter().find(|word| own.contains(**word) && word.chars().any(char::is_alphanumeric));
        assert_eq!(clash, None, "{} declares a word of the dialect", name);
        let entry = dialect(family.about(), "compact").unwrap();
        for config in family.levels() {
            let mut draw = Draw::new(3, "words");
            let puzzle = (0..1000).find_map(|_| family.generate(&config, &mut draw).ok()).unwrap();
            let mut searches = vec![r#"{"kind":"bfs","max_nodes":300}"#.to_string()];
            searches.extend(
                family
                    .about()
                    .inferences
                    .iter()
                    .map(|inference| format!(r#"{{"kind":"backtracking","inference":"{inference}","max_nodes":300}}"#)),
            );
            let (mut text, mut json) = (Vec::new(), Vec::new());
            (entry.write_prompt)(&puzzle, &mut text);
            for config in searches {
                let search: Search = Search::new(family.about(), &serde_json::from_str(&config).unwrap()).unwrap();
                let mut trace = Trace::default();
                search.run(&puzzle, &mut draw, None, &mut trace, &mut Scratch::default());
                text.push(b' ');
                (entry.write)(&puzzle, &trace, Phrasing::default(), &mut text);
            }
            puzzle.write_json(&mut json);
            let (text, json) = (String::from_utf8(text).unwrap(), String::from_utf8(json).unwrap());
            let names: Vec<&str> = json.split('"').skip(1).step_by(2).collect();
            for token in text.split(' ') {
                let known = own.contains(token) || words.contains(&token) || names.contains(&token);
                assert!(known, "{}: {token:?} is declared nowhere; {text}", name);
            }
        }
    }
}

/// The laws of environments list the same words as the dialect.
#[test]
fn words_of_the_dialect_are_those_that_the_laws_know() {
    let words = compact::WORDS.into_iter().filter(|word| word.chars().all(char::is_alphabetic));
    assert!(words.eq(sos_envs::laws::COMPACT_WORDS));
}

#[test]
fn every_environment_declares_its_words() {
    environments().iter().for_each(|&family| Words.visit(family));
}
