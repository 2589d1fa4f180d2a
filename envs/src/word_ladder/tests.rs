use super::*;
use crate::laws::assert_laws;
use crate::settings::{Amount, Range, Solvable};
use list::LONGEST;

fn list() -> &'static List {
    built_in()
}

fn row(word: Word) -> &'static Row {
    built_in().row(word)
}

use std::collections::HashMap;

fn puzzle(start: &str, goal: &str) -> WordLadder {
    WordLadder::from_json(&serde_json::json!({ "start": start, "goal": goal })).unwrap()
}

/// Cost, number of shortest ladders, and number of words nearer than the goal, by search over the successors.
fn brute_force(puzzle: &WordLadder) -> (Option<u64>, u64, u64) {
    let mut met = HashMap::from([(puzzle.start(), 0u64)]);
    let mut level = HashMap::from([(puzzle.start(), 1u64)]);
    let mut nearer = 0;
    for cost in 0.. {
        if let Some(&ways) = level.get(&puzzle.goal) {
            return (Some(cost), ways, nearer);
        }
        nearer += level.len() as u64;
        let mut next = HashMap::new();
        for (word, ways) in &level {
            let mut steps = Vec::new();
            puzzle.successors(word, &mut steps);
            for step in steps.iter().filter(|step| !met.contains_key(&step.state)) {
                *next.entry(step.state).or_insert(0) += ways;
            }
        }
        if next.is_empty() {
            break;
        }
        met.extend(next.keys().map(|&word| (word, cost)));
        level = next;
    }
    (None, 0, nearer)
}

#[test]
fn the_worked_puzzle() {
    let puzzle = puzzle("cold", "warm");
    assert_eq!(puzzle.solver_facts().optimal_cost, Some(4));
    let mut state = puzzle.start();
    for text in ["c o r d", "c a r d", "w a r d", "w a r m"] {
        let word = puzzle.read_move(Style::Compact, &mut Reader::new(text.as_bytes())).unwrap();
        state = puzzle.apply(&state, word).unwrap().1;
    }
    assert!(puzzle.is_goal(&state));
    assert_eq!((super::shown(list(), puzzle.start), super::shown(list(), puzzle.goal)), ("cold".into(), "warm".into()));
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    assert_eq!(json, br#"{"start":"cold","goal":"warm"}"#);
}

#[test]
fn the_list_is_sorted_and_holds_only_words_that_lead_somewhere() {
    let mut before = (0, String::new());
    for number in 0..list().words(5).end {
        let word = shown(list(), Word::listed(number));
        assert!(word.bytes().all(|letter| letter.is_ascii_lowercase()), "{word}");
        let here = (word.len(), word);
        assert!(before < here, "{before:?} {here:?}");
        assert!(!list().near(Word::listed(number)).is_empty(), "{here:?}");
        before = here;
    }
    assert_eq!([3, 4, 5].map(|letters| list().words(letters).len()), [464, 1788, 2933]);
}

#[test]
fn neighbours_are_the_words_that_differ_in_one_letter() {
    let differ = |a: usize, b: usize| {
        let [a, b] = [a, b].map(|word| list().letters(Word::listed(word)));
        a.iter().zip(b).filter(|(a, b)| **a != *b).count()
    };
    for letters in 3..=5 {
        let all = list().words(letters);
        for word in all.clone().step_by(29) {
            let near: Vec<Word> = all.clone().filter(|&other| differ(word, other) == 1).map(Word::listed).collect();
            assert_eq!(list().near(Word::listed(word)), near);
        }
    }
}

#[test]
fn the_longest_ladders_are_as_long_as_they_are_said_to_be() {
    for (letters, longest) in (3..).zip(LONGEST) {
        let far = |word: usize| (0..100).rev().find(|&cost| row(Word::listed(word)).count_within(cost, cost) > 0);
        assert_eq!(list().words(letters).filter_map(far).max(), Some(longest));
    }
}

#[test]
fn facts_are_those_of_brute_force() {
    let config = Config {
        letters: Amount::Between(Range { min: 3, max: 5 }),
        min_cost: 1,
        max_cost: 100,
        solvable: Solvable::Any,
        words: None,
    };
    let mut draw = Draw::new(5, "test");
    for _ in 0..40 {
        let index = draw.below(WordLadder::space(&config).unwrap().size as u64);
        let puzzle = WordLadder::at(&config, 0, index.into(), &mut draw).unwrap();
        let (cost, solutions, nearer) = brute_force(&puzzle);
        let facts = SolverFacts {
            solvable: cost.is_some(),
            optimal_cost: cost,
            solutions: Some(solutions),
            difficulty: Some(nearer),
        };
        assert_eq!(puzzle.solver_facts(), facts, "{puzzle:?}");
        assert_eq!(puzzle.solve(), facts);
    }
}

#[test]
fn the_space_lists_every_puzzle_once() {
    let config =
        Config { letters: Amount::Exactly(3), min_cost: 1, max_cost: 100, solvable: Solvable::Any, words: None };
    let space = WordLadder::space(&config).unwrap();
    let mut draw = Draw::new(0, "test");
    let at = |index| WordLadder::at(&config, 0, index, &mut draw).map(|puzzle| (puzzle.start, puzzle.goal)).unwrap();
    let mut all: Vec<_> = (0..space.size).map(at).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 464 * 463);
}

fn refused(config: Config) -> String {
    WordLadder::check(&config).unwrap_err().field
}

#[test]
fn impossible_settings_are_refused_by_field() {
    let default = Config::default();
    assert_eq!(refused(Config { letters: Amount::Exactly(6), ..default.clone() }), "letters");
    assert_eq!(refused(Config { min_cost: 0, ..default.clone() }), "min_cost");
    assert_eq!(refused(Config { min_cost: 18, max_cost: 20, ..default.clone() }), "min_cost");
    assert_eq!(refused(Config { max_cost: 2, ..default }), "max_cost");
}

#[test]
fn broken_puzzles_are_refused() {
    for text in [
        r#"{"start":"cold","goal":"heat","x":1}"#,
        r#"{"start":"cold","goal":"heats"}"#,
        r#"{"start":"cold","goal":"hxyz"}"#,
        r#"{"start":"","goal":""}"#,
        r#"{"start":"coldnesses","goal":"coldnesses"}"#,
        r#"{"start":"COLD","goal":"WARM"}"#,
        r#"{"start":"añb","goal":"cold"}"#,
    ] {
        assert!(WordLadder::from_json(&serde_json::from_str(text).unwrap()).is_err(), "{text}");
    }
}

#[test]
fn word_ladders_keep_the_laws() {
    assert_laws::<WordLadder>(&WordLadder::levels(), 1, 20);
    let letters = Amount::Between(Range { min: 3, max: 5 });
    let of = |solvable| Config { letters, solvable, min_cost: 1, max_cost: 100, words: None };
    let far = Config { min_cost: 20, ..of(Solvable::Yes) };
    assert_laws::<WordLadder>(&[of(Solvable::Any), of(Solvable::No), far], 2, 20);
}

/// The goals in a range of distances are numbered in the order of the words.
#[test]
fn goals_have_numbers() {
    for letters in 3..=5 {
        for start in list().words(letters).step_by(97) {
            let row = row(Word::listed(start));
            let all = || list().words(letters).map(Word::listed);
            for (min, max) in [(0, 0), (1, 3), (3, 8), (6, 100), (20, 300), (300, 400)] {
                let within = all().filter(|&word| row.of(word).is_some_and(|cost| (min..=max).contains(&cost)));
                let numbered = (0..row.count_within(min, max)).map_while(|number| row.nth_within(min, max, number));
                assert!(within.eq(numbered), "{start} {min} {max}");
                assert_eq!(row.nth_within(min, max, row.count_within(min, max)), None);
            }
            let beyond = all().filter(|&word| row.of(word).is_none());
            assert!(beyond.eq((0..row.count_out_of_reach()).map_while(|number| row.nth_out_of_reach(number))));
        }
    }
}

/// A list of one's own. Of the words with six letters no two are neighbours but the last two.
const OWN: &str = "# mine\nat\nit\nin\n\nabcdef\nzzzzzz\nzzzzzy\nan\nin\ntoolongs\nx\n";

#[test]
fn a_list_of_ones_own_is_one_list_whatever_its_order() {
    let mine = load(OWN).unwrap();
    let again = load("an\nin\nit\nat\nzzzzzy\nzzzzzz\nabcdef\n").unwrap();
    assert!(std::ptr::eq(mine, again) && mine.hash() == again.hash());
    assert_ne!(load("at\nit\n").unwrap().hash(), mine.hash());
    assert_eq!((2..=6).map(|letters| mine.words(letters).len()).collect::<Vec<_>>(), [4, 0, 0, 0, 3]);
    let json = serde_json::json!({"start": "at", "goal": "in", "words": mine.hash()});
    let puzzle = WordLadder::from_json(&json).unwrap();
    let mut text = Vec::new();
    puzzle.write_json(&mut text);
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&text).unwrap(), json);
    let (cost, solutions, nearer) = brute_force(&puzzle);
    assert_eq!((cost, solutions, nearer), (Some(2), 2, 3));
    let facts = puzzle.solver_facts();
    assert_eq!((facts.optimal_cost, facts.solutions, facts.difficulty), (cost, Some(solutions), Some(nearer)));
    crate::laws::check_puzzle(&puzzle, 1).unwrap();
    let far = serde_json::json!({"start": "abcdef", "goal": "zzzzzy", "words": mine.hash()});
    assert!(!WordLadder::from_json(&far).unwrap().is_solvable());
    // The words of the list alone are words: "on" is none, and neither are those of the built-in list.
    let on = puzzle.read_move(Style::Frame, &mut Reader::new(b"on")).unwrap();
    assert_eq!(puzzle.apply(&puzzle.start, on), None);
    assert_eq!(puzzle.never_legal(on), Some("on is not in the list of words".into()));
    for (value, says) in [
        (
            serde_json::json!({"start": "at", "goal": "in"}),
            "start: found \"at\"; allowed: a word of the list, of 3 to 5 letters",
        ),
        (
            serde_json::json!({"start": "cold", "goal": "warm", "words": mine.hash()}),
            "start: found \"cold\"; allowed: a word of the list ",
        ),
        (serde_json::json!({"start": "at", "goal": "abcdef", "words": mine.hash()}), "goal: found \"abcdef\""),
        (
            serde_json::json!({"start": "at", "goal": "in", "words": "0123456789abcdef"}),
            "words: the list 0123456789abcdef is not loaded; give its file with --words, or as `words` in a recipe",
        ),
    ] {
        let error = WordLadder::from_json(&value).unwrap_err().0;
        assert!(error.starts_with(says), "{error}");
    }
}

#[test]
fn lists_that_are_none_are_refused() {
    for (text, says) in [
        ("cold\nWarm\n", "line 2: found \"Warm\"; allowed: a word a line"),
        ("it's\n", "line 1: found \"it's\""),
        ("\u{e9}t\u{e9}\n", "line 1: found"),
        ("a b\n", "line 1: found \"a b\""),
        ("cold\ncold\nx\n", "found 1 words of 2 to 6 letters; allowed: 2 to 60000"),
        ("", "found 0 words"),
    ] {
        let error = load(text).unwrap_err();
        assert!(error.starts_with(says), "{error}");
    }
}

#[test]
fn a_list_of_ones_own_keeps_the_laws() {
    let folder = std::env::temp_dir().join(format!("sos-words-{}", std::process::id()));
    std::fs::write(&folder, OWN).unwrap();
    let file = Some(folder.to_string_lossy().into_owned());
    let of = |letters, solvable| Config {
        letters: Amount::Exactly(letters),
        min_cost: 1,
        max_cost: 100,
        solvable,
        words: file.clone(),
    };
    assert_laws::<WordLadder>(&[of(2, Solvable::Yes), of(6, Solvable::Any)], 1, 5);
    let refused = |config: Config| WordLadder::check(&config).unwrap_err().to_string();
    assert!(
        refused(of(3, Solvable::Yes)).starts_with("letters: found 3; allowed: lengths of which the list has two words")
    );
    assert!(refused(of(7, Solvable::Yes)).starts_with("letters: found 7; allowed: 2 to 6"));
    let missing = Config { words: Some("no/such/file".into()), ..Config::default() };
    assert!(refused(missing).starts_with("words: found the file no/such/file; allowed: a file that can be read ("));
    std::fs::remove_file(&folder).unwrap();
}
