//! Every corruption in every dialect and search: the check finds each planted defect, and in its place.

use std::collections::BTreeMap;

use sos_envs::{About, Draw, SolverFacts, Streams};

use super::{about, family, takes};
use stream_of_search::arena::{Family, Puzzle, Scratch, environments};
use stream_of_search::check::{ErrorClass, LazyFacts, Request, check};
use stream_of_search::corrupt::{
    CorruptError, Corrupted, Corruption, CorruptionConfig, CorruptionEntry, CorruptionError, Donor, Equal, Input,
    KindConfig, Mode, Scope, Variant, corrupt, corruptions, swap,
};
use stream_of_search::dialect::{DialectEntry, Phrasing, all_dialects, dialects};
use stream_of_search::search::{SEARCHES, Search, SearchConfig};
use stream_of_search::trace::{Answer, Trace};

/// A clean row.
pub(super) struct Row {
    puzzle: Puzzle,
    facts: SolverFacts,
    search: Search,
    draw: Draw,
    trace: Trace,
}

fn searches_json(about: &'static About) -> Vec<String> {
    let best = about.heuristics.first().map_or("", |heuristic| heuristic.name);
    let last = about.heuristics.last().map_or("", |heuristic| heuristic.name);
    let mut list = Vec::new();
    for entry in SEARCHES.iter().filter(|entry| entry.fits(about).is_ok()) {
        let mut more = match entry.name {
            // The paper's beam search moves to nodes that it never announced, so its clean text has errors.
            "beam-paper" => continue,
            "dfs" => vec![format!(r#","ties":"random","heuristic":"{best}""#), String::new()],
            "min-conflicts" | "walksat" => vec![r#","steps":30,"restarts":2"#.to_string()],
            "mcts" => vec![format!(r#","heuristic":"{last}","simulations":100"#)],
            "bfs" | "uniform-cost" | "iddfs" | "bidirectional-bfs" => vec![String::new()],
            "beam" => vec![format!(r#","heuristic":"{best}","width":3"#)],
            "weighted-astar" => vec![format!(r#","heuristic":"{best}","weight_percent":200,"ties":"random""#)],
            _ => vec![format!(r#","heuristic":"{last}""#)],
        };
        if ["backtracking", "backjumping"].contains(&entry.name) {
            more.extend(about.inferences.iter().map(|name| format!(r#","variables":"mrv","inference":"{name}""#)));
            more.extend(about.variable_orders.iter().map(|name| format!(r#","variables":"{name}""#)));
        }
        if entry.name == "dfs" {
            let named = about.thresholds.iter();
            more.extend(named.map(|threshold| format!(r#","heuristic":"{best}","threshold":"{threshold}""#)));
        }
        let most = if about.name == "countdown" { 20_000 } else { 400 };
        list.extend(more.into_iter().map(|more| format!(r#"{{"kind":"{}"{more},"max_nodes":{most}}}"#, entry.name)));
    }
    list
}

/// A small Countdown puzzle of either rule, solvable or not. In other environments, a puzzle of the first level.
fn puzzle(family: &'static dyn Family, draw: &mut Draw) -> Puzzle {
    let small = |draw: &mut Draw| {
        let size = 3 + draw.index(2);
        let numbers: Vec<u64> = (0..size).map(|_| draw.between(1, 20)).collect();
        let rule = if draw.chance(1, 4) { "any" } else { "all" };
        let json = serde_json::json!({"numbers": numbers, "target": draw.between(5, 60), "rule": rule});
        // If the start is the goal, there is nothing to explore and nothing to break.
        family.read_json(&json).ok().filter(|puzzle| !puzzle.is_goal(puzzle.start()))
    };
    if family.about().name == "countdown" {
        return (0..1000).find_map(|_| small(draw)).unwrap();
    }
    (0..1000).find_map(|_| family.generate(&family.levels()[0], draw).ok()).unwrap()
}

fn row(search: &str, index: u64, answered: bool) -> Row {
    row_of(family("countdown"), search, index, answered)
}

pub(super) fn row_of(family: &'static dyn Family, search: &str, index: u64, answered: bool) -> Row {
    let puzzle: Puzzle = puzzle(family, &mut Streams::new(5, "puzzle", "test").at(index));
    let facts = puzzle.solver_facts();
    let search = Search::new(family.about(), &serde_json::from_str(search).unwrap()).unwrap();
    let draw = Streams::new(5, "search", "test").at(index);
    let mut trace = Trace::default();
    search.run(&puzzle, &mut draw.clone(), None, &mut trace, &mut Scratch::default());
    if answered && let Some(goal) = trace.first_goal() {
        let mut moves = Vec::new();
        trace.moves_to(goal, &mut moves);
        trace.answer = Some(Answer { moves: Some(moves), optimal: false });
    } else if answered && !facts.solvable {
        trace.answer = Some(Answer { moves: None, optimal: false });
    }
    Row { puzzle, facts, search, draw, trace }
}

fn mix(kinds: Vec<KindConfig>, count: u32) -> Corruption {
    let config = CorruptionConfig { kinds, first: None, count: Some(count), rate_per_mille: None, at_least: None };
    Corruption::new(&config).unwrap()
}

/// Every kind with every mode and variant.
fn kinds() -> Vec<(String, KindConfig)> {
    let mut list = Vec::new();
    for entry in corruptions() {
        let modes =
            if entry.options.contains(&"mode") { vec![Some(Mode::Local), Some(Mode::Propagated)] } else { vec![None] };
        for mode in modes {
            let variants = if entry.name == "wrong-state" { Variant::ALL.map(Some).to_vec() } else { vec![None] };
            for variant in variants {
                let name = format!("{} {mode:?} {variant:?}", entry.name).replace("Some", "").replace("None", "");
                list.push((name, KindConfig { mode, variant, ..KindConfig::of(entry.name) }));
            }
        }
    }
    list
}

pub(super) type Broken = Result<(Corrupted, Vec<u8>), CorruptError>;

pub(super) fn broken(row: &Row, donor: &Row, dialect: &DialectEntry, corruption: &Corruption, seed: u64) -> Broken {
    let facts = LazyFacts::known(&row.puzzle, row.facts);
    let input = Input {
        puzzle: &row.puzzle,
        facts: &facts,
        trace: &row.trace,
        search: &row.search,
        search_draw: &row.draw,
        dialect,
        phrasing: Phrasing::default(),
        donor: Some(Donor { index: 77, puzzle: &donor.puzzle, trace: &donor.trace }),
    };
    let mut out = Vec::new();
    let mut draw = Streams::new(seed, "corruption", "test").at(3);
    let result = corrupt(&input, corruption, &mut draw, &mut Scratch::default(), &mut out)?;
    Ok((result, out))
}

fn clean_text(row: &Row, dialect: &DialectEntry) -> Vec<u8> {
    let mut text = Vec::new();
    (dialect.write)(&row.puzzle, &row.trace, Phrasing::default(), &mut text);
    text
}

/// Parses and checks a broken text independently, and asserts all promises about it. Returns the classes of errors beyond the planted ones.
fn prove(row: &Row, dialect: &DialectEntry, broken: &Corrupted, text: &[u8], say: &str) -> Vec<ErrorClass> {
    let clean = clean_text(row, dialect);
    let shown = || format!("{say}\n{:?}\n{}", broken.defects, String::from_utf8_lossy(text));
    assert!(text != clean, "{}", shown());
    assert!(!broken.defects.is_empty(), "{}", shown());
    let parsed = (dialect.parse)(&row.puzzle, text);
    let verdict = check(&row.puzzle, &LazyFacts::known(&row.puzzle, row.facts), &parsed, Request::default());
    assert_eq!(verdict, broken.verdict, "{}", shown());
    let mut errors = verdict.errors.clone();
    for defect in &broken.defects {
        let place =
            errors.iter().position(|e| e.class == defect.class && e.step == defect.step && e.span == Some(defect.span));
        let place = place.unwrap_or_else(|| panic!("{:?} is not found: {:?}\n{}", defect, verdict.errors, shown()));
        errors.remove(place);
        let entry = corruptions().into_iter().find(|entry| entry.name == defect.kind).unwrap();
        assert_eq!(defect.level, defect.class.level());
        assert!(entry.level().is_none_or(|level| level == defect.level), "{}", shown());
        assert!(entry.classes.is_empty() || entry.classes.contains(&defect.class), "{}", shown());
        assert_eq!(defect.source, (defect.kind == "swap").then_some(77));
        if matches!(defect.class, ErrorClass::Arithmetic | ErrorClass::IllegalMove)
            && dialect.name == "stream-of-search"
        {
            assert_eq!(&text[defect.span.0..defect.span.1], defect.found.as_bytes(), "{}", shown());
        }
    }
    let (first, earliest) = (verdict.first_error.unwrap(), &broken.defects[0]);
    assert_eq!(
        (first.class, first.step, first.span),
        (earliest.class, earliest.step, Some(earliest.span)),
        "{}",
        shown()
    );
    let mut prompt = Vec::new();
    (dialect.write_prompt)(&row.puzzle, &mut prompt);
    assert!(!clean.starts_with(&prompt) || text.starts_with(&prompt), "{}", shown());
    // Some dialects write the solution as the answer, even if the trace has no answer.
    if row.trace.answer.is_some() && broken.defects.iter().all(|defect| defect.kind != "wrong-answer") {
        assert_eq!(parsed.trace.answer, row.trace.answer, "{}", shown());
    }
    errors.into_iter().map(|error| error.class).collect()
}

/// Rows of each search in a sweep of a dialect. Countdown has more, because the test knows how many of its traces can be broken.
fn rows_of(about: &About) -> u64 {
    if about.name == "countdown" { 12 } else { 2 }
}

/// How often each corruption was planted, by (dialect, kind, mode).
#[derive(Default)]
struct Sweep(BTreeMap<[String; 3], u32>);

#[test]
fn every_kind_in_every_environment_search_and_dialect_is_found_where_it_was_planted() {
    let mut planted = Sweep::default();
    environments().iter().for_each(|&family| planted.visit(family));
    for (dialect, kind, mode) in fitting() {
        let mode = if kind.options.contains(&"mode") { format!("({mode:?})") } else { String::new() };
        let key = [dialect.name.to_string(), kind.name.to_string(), mode];
        assert!(planted.0.get(&key).is_some_and(|&count| count > 0), "{key:?} fits and was never planted");
    }
}

/// The combinations of dialect, kind and mode that make sense. The sweep asserts that no other combination is ever planted.
fn fitting() -> Vec<(DialectEntry, CorruptionEntry, Mode)> {
    let mut list = Vec::new();
    for dialect in 0..all_dialects(about("countdown")).len() {
        for kind in 0..corruptions().len() {
            for mode in [Mode::Local, Mode::Propagated] {
                let dialect = all_dialects(about("countdown")).swap_remove(dialect);
                let kind = corruptions().swap_remove(kind);
                if kind.fits(about("countdown"), dialect.told, mode).is_ok() {
                    list.push((dialect, kind, mode));
                }
            }
        }
    }
    list
}

impl Sweep {
    fn visit(&mut self, family: &'static dyn Family) {
        for (name, (held, _)) in sweep(family) {
            let mut words = name.split_whitespace().skip(1).map(String::from);
            let key =
                std::array::from_fn(|place| words.next().filter(|mode| place < 2 || is_mode(mode)).unwrap_or_default());
            *self.0.entry(key).or_default() += held;
        }
    }
}

fn is_mode(word: &str) -> bool {
    ["(Local)", "(Propagated)"].contains(&word)
}

/// Dialects that fit all environments. A short sweep takes a part of them, another part in each environment.
const EVERYWHERE: [&str; 4] = ["stream-of-search", "compact", "events", "prose"];

/// Breaks many traces with each kind. Returns how many could be broken, and out of how many, by environment, dialect and kind.
fn sweep(family: &'static dyn Family) -> BTreeMap<String, (u32, u32)> {
    let environment = family.about().name;
    let mut done: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut more: BTreeMap<(String, &str), u32> = BTreeMap::new();
    let kinds = kinds();
    let mut first = 0;
    let rows = rows_of(family.about());
    for (_, dialect) in (0..)
        .zip(dialects(family.about()))
        .filter(|(place, dialect)| !EVERYWHERE.contains(&dialect.name) || takes(environment, *place, 2))
    {
        for search in searches_json(family.about()) {
            let config: SearchConfig = serde_json::from_str(&search).unwrap();
            if !dialect.tells(&config.kind) {
                continue;
            }
            let mut donor: Row = row_of(family, &search, first + rows, false);
            for index in first..first + rows {
                let row = row_of(family, &search, index, index % 2 == 0);
                for (name, kind) in &kinds {
                    let say = format!("{name} in {} of {search}, row {index} of {environment}", dialect.name);
                    let corruption = mix(vec![kind.clone()], 1);
                    // Traces of local searches can be one step long. Their defects are checked too, but they do not count in the rates.
                    let is_local = ["hill-climbing", "mcts"].contains(&config.kind.as_str());
                    let counts = if is_local {
                        &mut (0, 0)
                    } else {
                        done.entry(format!("{environment:10} {:17} {name}", dialect.name)).or_default()
                    };
                    counts.1 += 1;
                    let fits = corruption.fits(&dialect, false).is_ok();
                    let Ok((broken, text)) = broken(&row, &donor, &dialect, &corruption, index) else { continue };
                    assert!(fits, "{say}: refused, and yet planted");
                    counts.0 += 1;
                    assert_eq!(broken.defects.len(), 1, "{say}");
                    for class in prove(&row, &dialect, &broken, &text, &say) {
                        *more.entry((name.clone(), class.name())).or_default() += 1;
                    }
                    if kind.mode == Some(Mode::Propagated) || broken.defects[0].kind == "false-dead-end" {
                        propagated(&row, &dialect, &broken, &text, &say);
                    }
                }
                donor = row;
            }
            first += rows;
        }
    }
    report(&done, &more);
    if family.about().name == "countdown" {
        hold_countdown(&done, &more);
    }
    done
}

fn report(done: &BTreeMap<String, (u32, u32)>, more: &BTreeMap<(String, &str), u32>) {
    for (name, (held, all)) in done {
        eprintln!("{name:65} {held:4} of {all}");
    }
    for ((name, class), count) in more {
        eprintln!("further errors: {name:40} {class:20} {count}");
    }
}

/// Asserts the least rates for Countdown, where it is known how many traces can be broken.
fn hold_countdown(done: &BTreeMap<String, (u32, u32)>, more: &BTreeMap<(String, &str), u32>) {
    // A slip that the search follows can make it miss every solution. Except for that, it is the only error.
    let one_error = |name: &str| {
        let single = [
            "duplicate-node",
            "false-goal",
            "wrong-answer",
            "false-dead-end",
            "missed-goal",
            "arithmetic-slip",
            "illegal-move",
        ];
        name.contains("(Propagated)") || single.iter().any(|single| name.starts_with(single))
    };
    let unexpected: Vec<_> =
        more.keys().filter(|(name, class)| one_error(name) && *class != "false-unsolvable").collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
    // Countdown has no inferences and no variables.
    let others = ["unsound-inference", "wrong-reason", "forgotten-candidate", "stale-value"];
    for (name, (held, all)) in done.iter().filter(|(name, _)| !others.iter().any(|other| name.contains(other))) {
        // Some kinds need a goal, an answer or a cost. Nearly every trace can carry the others.
        let mut words = name.split_whitespace().skip(1);
        let least = match (words.next().unwrap_or_default(), words.next().unwrap_or_default()) {
            // One JSON object cannot be cut before its answer, and only half of the rows have an answer.
            ("events", "filler" | "truncation") => 45,
            (_, "missed-goal") => 25,
            (_, "wrong-answer" | "wrong-cost") => 30,
            // These need a second child of a node, or a child that leads on. Narrow beams and short traces have few.
            (_, "duplicate-node" | "false-dead-end") => 92,
            (_, "wrong-backtrack" | "false-goal") => 88,
            // In searches that drop nodes it is no error to leave a node out.
            (_, "dropped-step") => 85,
            _ => 93,
        };
        assert!(held * 100 >= all * least, "{name}: {held} of {all}");
    }
}

/// Asserts that the trace before the slip is unchanged and that the trace as a whole is not.
fn propagated(row: &Row, dialect: &DialectEntry, broken: &Corrupted, text: &[u8], say: &str) {
    let clean = (dialect.parse)(&row.puzzle, &clean_text(row, dialect)).trace;
    let broken_trace = (dialect.parse)(&row.puzzle, text).trace;
    let step = broken.defects[0].step;
    assert_eq!(broken_trace.events[..step], clean.events[..step], "{say}: changed before the slip");
    assert!(broken_trace != clean, "{say}");
}

/// A mix of the kinds that break a single step.
fn steps_mix() -> Vec<KindConfig> {
    let steps = corruptions().into_iter().filter(|entry| entry.scope == Scope::Step && entry.name != "wrong-answer");
    let mut mix: Vec<KindConfig> = steps.map(|entry| KindConfig::of(entry.name)).collect();
    for kind in ["arithmetic-slip", "wrong-state", "illegal-move"] {
        mix.push(KindConfig { mode: Some(Mode::Propagated), ..KindConfig::of(kind) });
    }
    mix
}

#[test]
fn exact_counts_of_mixed_kinds_hold_and_every_defect_is_found() {
    let corruption: Vec<_> = [2, 5].into_iter().map(|count| (count, mix(steps_mix(), count))).collect();
    let (mut held, mut all) = (0, 0);
    for dialect in dialects(about("countdown")) {
        for (place, search) in searches_json(about("countdown")).into_iter().enumerate() {
            for index in (0..12).map(|index| index + 12 * place as u64) {
                let row = row(&search, index, false);
                for (count, corruption) in &corruption {
                    all += 1;
                    let Ok((broken, text)) = broken(&row, &row, &dialect, corruption, index) else { continue };
                    held += 1;
                    assert_eq!(broken.defects.len(), *count as usize);
                    assert!(broken.defects.is_sorted_by_key(|defect| defect.step));
                    prove(
                        &row,
                        &dialect,
                        &broken,
                        &text,
                        &format!("{count} in {} of {search}, row {index}", dialect.name),
                    );
                }
            }
        }
    }
    eprintln!("{held} of {all} with several defects");
    assert!(held * 100 >= all * 90, "{held} of {all}");
}

#[test]
fn rates_hold() {
    let kinds = vec![KindConfig::of("arithmetic-slip"), KindConfig::of("wrong-state"), KindConfig::of("illegal-move")];
    let eligible = |row: &Row| {
        let mut text = Vec::new();
        let entry = &dialects(about("countdown"))[0];
        (entry.write)(&row.puzzle, &row.trace, Phrasing::default(), &mut text);
        // Lines that tell a move or a state: all except `Moving to` lines and the first state.
        let lines = String::from_utf8(text).unwrap();
        lines
            .lines()
            .filter(|line| {
                ["Exploring", "Generated"].iter().any(|start| line.starts_with(start))
                    || line.contains("['")
                    || line.contains("equal")
            })
            .count()
    };
    for per_mille in [20, 200] {
        let config = CorruptionConfig {
            kinds: kinds.clone(),
            first: None,
            count: None,
            rate_per_mille: Some(per_mille),
            at_least: Some(0),
        };
        let corruption = Corruption::new(&config).unwrap();
        let (mut planted, mut steps) = (0, 0);
        for index in 0..60 {
            let row: Row = row(r#"{"kind":"dfs","heuristic":"multiply","threshold":"target"}"#, index, false);
            let Ok((broken, text)) = broken(&row, &row, &dialects(row.puzzle.about())[0], &corruption, index) else {
                continue;
            };
            planted += broken.defects.len();
            steps += eligible(&row);
            if !broken.defects.is_empty() {
                prove(&row, &dialects(row.puzzle.about())[0], &broken, &text, "a rate");
            }
        }
        let rate = planted * 1000 / steps;
        let wanted = per_mille as usize;
        assert!((wanted * 9 / 10..=wanted * 11 / 10).contains(&rate), "{planted} in {steps}: {rate} of {wanted}");
    }
    let config = CorruptionConfig { kinds, first: None, count: None, rate_per_mille: Some(1), at_least: None };
    let corruption = Corruption::new(&config).unwrap();
    for index in 0..20 {
        let row: Row = row(r#"{"kind":"bfs"}"#, index, false);
        if let Ok((broken, _)) = broken(&row, &row, &dialects(row.puzzle.about())[0], &corruption, index) {
            assert!(!broken.defects.is_empty(), "a trace that stays clean under a rate");
        }
    }
}

#[test]
fn nothing_is_broken_where_nothing_is_asked_for() {
    let corruption = mix(steps_mix(), 0);
    for dialect in dialects(about("countdown")) {
        for search in searches_json(about("countdown")) {
            let row: Row = row(&search, 1, true);
            let (broken, text) = broken(&row, &row, &dialect, &corruption, 0).unwrap();
            assert_eq!(text, clean_text(&row, &dialect));
            assert!(broken.defects.is_empty() && broken.verdict.valid, "{:?}", broken.verdict.errors);
        }
    }
}

#[test]
fn the_same_draw_breaks_alike_and_another_one_differently() {
    let corruption = mix(steps_mix(), 2);
    let row: Row = row(r#"{"kind":"dfs"}"#, 3, false);
    let text = |seed| {
        broken(&row, &row, &dialects(row.puzzle.about())[0], &corruption, seed).map(|(b, text)| (b.defects, text))
    };
    let texts: Vec<_> = (0..20).map(text).collect();
    assert_eq!(texts, (0..20).map(text).collect::<Vec<_>>());
    let mut distinct: Vec<_> = texts.iter().map(|text| text.as_ref().unwrap().1.clone()).collect();
    distinct.sort();
    distinct.dedup();
    assert!(distinct.len() >= 19, "{}", distinct.len());
}

/// Each step that can be broken is broken about equally often.
#[test]
fn steps_are_drawn_uniformly() {
    let corruption = mix(vec![KindConfig::of("arithmetic-slip")], 1);
    let row: Row = row(r#"{"kind":"dfs","heuristic":"multiply","threshold":"target"}"#, 8, false);
    let mut steps = BTreeMap::new();
    for seed in 0..4000 {
        let (broken, _) = broken(&row, &row, &dialects(row.puzzle.about())[0], &corruption, seed).unwrap();
        *steps.entry(broken.defects[0].step).or_insert(0u32) += 1;
    }
    let mean = 4000 / steps.len() as u32;
    assert!(steps.len() > 5 && steps.values().all(|&count| count > mean / 2 && count < mean * 2), "{steps:?}");
}

#[test]
fn fillers_keep_what_they_say() {
    let row: Row = row(r#"{"kind":"dfs"}"#, 2, true);
    let dialect = &dialects(about("countdown"))[0];
    let clean = String::from_utf8(clean_text(&row, dialect)).unwrap();
    for (equal, token) in [(Equal::Tokens, "..."), (Equal::Bytes, "x")] {
        let kind = KindConfig { equal: Some(equal), token: Some(token.into()), ..KindConfig::of("filler") };
        let (_, text) = broken(&row, &row, dialect, &mix(vec![kind], 1), 0).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.split_whitespace().count(), clean.split_whitespace().count());
        assert_eq!(text.len() == clean.len(), equal == Equal::Bytes);
        assert_eq!(text.lines().next(), clean.lines().next());
        assert_eq!(text.lines().last(), clean.lines().last());
        assert!(
            text.lines()
                .nth(2)
                .unwrap()
                .split(' ')
                .all(|word| word.trim_matches(token.chars().next().unwrap()).is_empty())
        );
    }
}

#[test]
fn a_swap_needs_another_row_and_keeps_prompt_and_answer() {
    let search = r#"{"kind":"dfs"}"#;
    let (own, donor): (Row, Row) = (row(search, 2, true), row(search, 3, true));
    let dialect = &dialects(about("countdown"))[0];
    let corruption = mix(vec![KindConfig::of("swap")], 1);
    let (_, text) = broken(&own, &donor, dialect, &corruption, 0).unwrap();
    let (text, clean) = (String::from_utf8(text).unwrap(), String::from_utf8(clean_text(&own, dialect)).unwrap());
    let other = String::from_utf8(clean_text(&donor, dialect)).unwrap();
    assert_eq!(text.lines().next(), clean.lines().next());
    assert_eq!(text.lines().last(), clean.lines().last());
    let middle = |text: &str| {
        text.lines().skip(1).filter(|line| !line.starts_with("Answer")).map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(middle(&text), middle(&other));
    let facts = LazyFacts::known(&own.puzzle, own.facts);
    let input = Input {
        puzzle: &own.puzzle,
        facts: &facts,
        trace: &own.trace,
        search: &own.search,
        search_draw: &own.draw,
        dialect,
        phrasing: Phrasing::default(),
        donor: None,
    };
    let mut out = Vec::new();
    let alone = corrupt(&input, &corruption, &mut Draw::new(0, "corruption"), &mut Scratch::default(), &mut out);
    assert_eq!(alone.err(), Some(CorruptError::NoDonor));
    assert!(out.is_empty());
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let error = |json: &str| -> String {
        let config: Result<CorruptionConfig, _> = serde_json::from_str(json);
        match config {
            Err(error) => error.to_string(),
            Ok(config) => {
                Corruption::new(&config).err().map(|error: CorruptionError| error.to_string()).unwrap_or_default()
            }
        }
    };
    let cases = [
        (r#"{"kinds":[{"kind":"arithmetic-slip"}],"rate":3}"#, "unknown field `rate`"),
        (r#"{"kinds":[{"kind":"arithmetic-slip","wait":3}]}"#, "unknown field `wait`"),
        (r#"{"kinds":[{"kind":"aritmetic-slip"}]}"#, "did you mean \"arithmetic-slip\"?"),
        (r#"{"kinds":[{"kind":"unknown-node","mode":"local"}]}"#, "unknown-node does not use it"),
        (r#"{"kinds":[{"kind":"shuffled-steps","window":1}]}"#, "allowed: 2 to"),
        (r#"{"kinds":[{"kind":"filler","token":"a b"}]}"#, "without white space"),
        (r#"{"kinds":[{"kind":"filler","token":"ab","equal":"bytes"}]}"#, "a single byte"),
        (r#"{"kinds":[]}"#, "at least one kind"),
        (r#"{"kinds":[{"kind":"swap","weight":0}]}"#, "a weight over 0"),
        (r#"{"kinds":[{"kind":"swap"}],"count":2}"#, "swap breaks a trace as a whole"),
        (r#"{"kinds":[{"kind":"filler"}],"rate_per_mille":2}"#, "filler breaks a trace as a whole"),
        (r#"{"kinds":[{"kind":"unknown-node"}],"count":2,"rate_per_mille":2}"#, "not both"),
        (r#"{"kinds":[{"kind":"unknown-node"}],"rate_per_mille":1001}"#, "0 to 1000"),
        (r#"{"kinds":[{"kind":"unknown-node"}],"at_least":1}"#, "only together with rate_per_mille"),
        (r#"{"kinds":[{"kind":"unknown-node"}],"count":1000001}"#, "allowed: 0 to"),
    ];
    for (json, wanted) in cases {
        assert!(error(json).contains(wanted), "{json}: {}", error(json));
    }
    assert_eq!(
        error(
            r#"{"kinds":[{"kind":"unknown-node"},{"kind":"wrong-state","variant":"lost","mode":"propagated","weight":3}]}"#
        ),
        ""
    );
}

#[test]
fn matchings_have_no_fixed_points() {
    for seed in 0..300 {
        let mut draw = Draw::new(seed, "swap");
        let len = 2 + draw.index(40);
        let widths = 1 + draw.below(12);
        let buckets: Vec<_> = (0..len).map(|_| (!draw.chance(1, 10)).then(|| draw.below(widths))).collect();
        let partners = swap::partners(&buckets, &mut draw.clone());
        let part: Vec<usize> = (0..len).filter(|&row| buckets[row].is_some()).collect();
        if part.len() == 1 {
            assert!(partners.iter().all(Option::is_none));
            continue;
        }
        let mut donors: Vec<usize> = part.iter().map(|&row| partners[row].unwrap()).collect();
        assert!(part.iter().zip(&donors).all(|(row, donor)| row != donor));
        donors.sort_unstable();
        assert_eq!(donors, part, "each row gives its trace once");
        for &row in &part {
            assert_eq!(swap::partner(&buckets, row, &mut draw.clone()), partners[row]);
            let own = buckets[row];
            let shared = part.iter().filter(|&&other| buckets[other] == own).count();
            let lonely_near =
                part.iter().any(|&other| part.iter().filter(|&&third| buckets[third] == buckets[other]).count() == 1);
            if shared > 1 && !lonely_near {
                assert_eq!(partners[row].map(|donor| buckets[donor]), Some(own), "another bucket without need");
            }
        }
        assert!((0..len).all(|row| buckets[row].is_some() || partners[row].is_none()));
    }
    let nearest = swap::partners(&[Some(1), Some(1), Some(5), Some(9), Some(9)], &mut Draw::new(0, "swap"));
    assert!(nearest[0] == Some(1) || nearest[0] == Some(2), "of two buckets as near the lower one: {nearest:?}");
    assert_eq!([nearest[3], nearest[4]], [Some(4), Some(3)]);
}

#[test]
fn length_buckets_grow_with_the_length_and_stay_narrow() {
    let mut first = 1;
    for length in 1..100_000u64 {
        assert!(swap::length_bucket(length) >= swap::length_bucket(length - 1));
        if swap::length_bucket(length) > swap::length_bucket(length - 1) {
            first = length;
        }
        assert!(length - first < first.div_ceil(4), "{first} and {length} in one bucket");
    }
}
