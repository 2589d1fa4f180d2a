//! Every corruption in every dialect and search: what is planted is what a check finds, and where.

use std::collections::BTreeMap;

use sos_envs::countdown::{Operations, Rule};
use sos_envs::{Countdown, Draw, Environment, Facts, Streams};
use stream_of_search::check::{ErrorClass, LazyFacts, Request, check};
use stream_of_search::corrupt::{
    CorruptError, Corrupted, Corruption, CorruptionConfig, CorruptionError, Donor, Equal, Input, KindConfig, Mode,
    Scope, Variant, corrupt, corruptions, swap,
};
use stream_of_search::dialect::{DialectEntry, dialects};
use stream_of_search::search::{Scratch, Search, searches};
use stream_of_search::trace::{Answer, Trace};

/// A clean row.
struct Row {
    puzzle: Countdown,
    facts: Facts,
    search: Search<Countdown>,
    draw: Draw,
    trace: Trace<Countdown>,
}

fn searches_json() -> Vec<String> {
    let mut list = Vec::new();
    for entry in searches::<Countdown>() {
        let more = match entry.name {
            "beam-paper" => continue,
            "dfs" => {
                vec![r#","heuristic":"multiply","threshold":"target""#, r#","ties":"random","heuristic":"sum""#, ""]
            }
            "bfs" | "uniform-cost" | "iddfs" => vec![""],
            "beam" => vec![r#","heuristic":"sum","width":3"#],
            "weighted-astar" => vec![r#","heuristic":"multiply","weight_percent":200,"ties":"random""#],
            _ => vec![r#","heuristic":"remaining""#],
        };
        list.extend(more.into_iter().map(|more| format!(r#"{{"kind":"{}"{more}}}"#, entry.name)));
    }
    list
}

fn puzzle(draw: &mut Draw) -> Countdown {
    let size = 3 + draw.index(2);
    let numbers: Vec<u64> = (0..size).map(|_| draw.between(1, 20)).collect();
    let rule = if draw.chance(1, 4) { Rule::Any } else { Rule::All };
    Countdown::new(&numbers, draw.between(5, 60), Operations::ALL, rule).unwrap()
}

fn row(search: &str, index: u64, answered: bool) -> Row {
    let puzzle = puzzle(&mut Streams::new(5, "puzzle", "test").at(index));
    let facts = puzzle.facts();
    let search = Search::<Countdown>::new(&serde_json::from_str(search).unwrap()).unwrap();
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

fn mix(kinds: Vec<KindConfig>, count: u32) -> Corruption<Countdown> {
    let config = CorruptionConfig { kinds, count: Some(count), rate_per_mille: None, at_least: None };
    Corruption::new(&config).unwrap()
}

/// Every kind with every mode and variant.
fn kinds() -> Vec<(String, KindConfig)> {
    let mut list = Vec::new();
    for entry in corruptions::<Countdown>() {
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

type Broken = Result<(Corrupted<Countdown>, Vec<u8>), CorruptError>;

fn broken(
    row: &Row,
    donor: &Row,
    dialect: &DialectEntry<Countdown>,
    corruption: &Corruption<Countdown>,
    seed: u64,
) -> Broken {
    let facts = LazyFacts::known(&row.puzzle, row.facts);
    let input = Input {
        puzzle: &row.puzzle,
        facts: &facts,
        trace: &row.trace,
        search: &row.search,
        search_draw: &row.draw,
        dialect,
        phrasing: 0,
        donor: Some(Donor { index: 77, puzzle: &donor.puzzle, trace: &donor.trace }),
    };
    let mut out = Vec::new();
    let mut draw = Streams::new(seed, "corruption", "test").at(3);
    let result = corrupt(&input, corruption, &mut draw, &mut Scratch::default(), &mut out)?;
    Ok((result, out))
}

fn clean_text(row: &Row, dialect: &DialectEntry<Countdown>) -> Vec<u8> {
    let mut text = Vec::new();
    (dialect.write)(&row.puzzle, &row.trace, 0, &mut text);
    text
}

/// Everything that is promised of a broken text, by a parse and a check of our own; the classes of errors beyond the planted ones.
fn prove(
    row: &Row,
    dialect: &DialectEntry<Countdown>,
    broken: &Corrupted<Countdown>,
    text: &[u8],
    say: &str,
) -> Vec<ErrorClass> {
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
        let entry = corruptions::<Countdown>().into_iter().find(|entry| entry.name == defect.kind).unwrap();
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
    assert_eq!(clean.starts_with(&prompt), text.starts_with(&prompt), "{}", shown());
    if broken.defects.iter().all(|defect| defect.kind != "wrong-answer") {
        assert_eq!(parsed.trace.answer, row.trace.answer, "{}", shown());
    }
    errors.into_iter().map(|error| error.class).collect()
}

/// How many rows each search gives in the sweep.
const ROWS: u64 = 24;

#[test]
fn every_kind_in_every_search_and_dialect_is_found_where_it_was_planted() {
    let mut done: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut more: BTreeMap<(String, &str), u32> = BTreeMap::new();
    let kinds = kinds();
    for dialect in dialects::<Countdown>() {
        for search in searches_json() {
            let mut donor = row(&search, ROWS, false);
            for index in 0..ROWS {
                let row = row(&search, index, index % 2 == 0);
                for (name, kind) in &kinds {
                    let say = format!("{name} in {} of {search}, row {index}", dialect.name);
                    let corruption = mix(vec![kind.clone()], 1);
                    let counts = done.entry(format!("{:17} {name}", dialect.name)).or_default();
                    counts.1 += 1;
                    let Ok((broken, text)) = broken(&row, &donor, &dialect, &corruption, index) else { continue };
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
        }
    }
    for (name, (held, all)) in &done {
        eprintln!("{name:55} {held:4} of {all}");
    }
    eprintln!("further errors: {more:#?}");
}

/// Everything before the slip is as it was; and what follows is not (unless nothing is left to follow).
fn propagated(row: &Row, dialect: &DialectEntry<Countdown>, broken: &Corrupted<Countdown>, text: &[u8], say: &str) {
    let clean = clean_text(row, dialect);
    let defect = &broken.defects[0];
    assert_eq!(text[..defect.span.0], clean[..defect.span.0], "{say}: changed before the slip");
    assert_ne!(text[defect.span.0..], clean[defect.span.0..], "{say}");
}
