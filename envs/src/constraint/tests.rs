use serde_json::json;

use super::*;
use crate::laws::assert_laws;

#[test]
fn every_kind_keeps_the_laws() {
    for (kind, about) in Constraint::kinds().iter().enumerate() {
        let start = std::time::Instant::now();
        assert_laws::<Constraint>(&Constraint::levels_of(kind), 3, 10);
        eprintln!("{} {:?}", about.name, start.elapsed());
    }
}

#[test]
fn kinds_are_found_by_their_settings() {
    for kind in 0..Constraint::kinds().len() {
        for config in Constraint::levels_of(kind) {
            assert_eq!(Constraint::kind_of(&config), kind);
            let value = serde_json::to_value(&config).unwrap();
            assert_eq!(Constraint::read_config(kind, &value).unwrap(), config);
        }
    }
}

#[test]
fn the_largest_sudokus_keep_the_laws() {
    let config = |blanks| sudoku::Config { size: 16, blanks: Amount::Exactly(blanks), minimal: false };
    assert_laws::<Constraint>(&[config(40), config(110)].map(Settings::Sudoku), 3, 2);
    let minimal = sudoku::Config { minimal: true, ..config(40) };
    assert_eq!(Constraint::check(&Settings::Sudoku(minimal)).unwrap_err().field, "minimal");
}

#[test]
fn the_largest_sudokus_are_written_with_numbers() {
    let digit = |row: usize, column: usize| (row * 4 + row / 4 + column) % 16 + 1;
    let mut cells: Vec<Vec<usize>> = (0..16).map(|row| (0..16).map(|column| digit(row, column)).collect()).collect();
    (cells[0][1], cells[15][15]) = (0, 0);
    let puzzle = Constraint::from_json_of(0, &json!({"cells": cells})).unwrap();
    for (style, first) in
        [(Style::Frame, "[1 _ 3 4 5 6 7 8 9 10 11 12 13 14 15 16 5 6 "), (Style::Compact, "1 _ 3 4 5 6 7 8 9 10 ")]
    {
        let mut text = Vec::new();
        puzzle.write_state(&puzzle.start(), style, &mut text);
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with(first), "{text}");
        assert_eq!(puzzle.read_state(style, &mut Reader::new(text.as_bytes())), Some(puzzle.start()));
    }
    let facts = puzzle.solver_facts();
    assert_eq!((facts.optimal_cost, facts.solutions), (Some(2), Some(1)));
    // An empty board is solved without a guess that fails; one that contradicts itself is proven at once.
    cells.iter_mut().flatten().for_each(|digit| *digit = 0);
    assert!(Constraint::from_json_of(0, &json!({"cells": cells})).is_ok());
    (cells[0][0], cells[0][1]) = (1, 1);
    assert!(!Constraint::from_json_of(0, &json!({"cells": cells})).unwrap().is_solvable());
}

#[test]
fn a_worked_sudoku() {
    let cells = json!([[1, 0, 3, 0], [0, 0, 1, 2], [2, 1, 4, 3], [4, 0, 2, 0]]);
    let puzzle = Constraint::from_json_of(0, &json!({"cells": cells})).unwrap();
    let mut text = Vec::new();
    puzzle.write_state(&puzzle.start(), Style::Frame, &mut text);
    assert_eq!(String::from_utf8_lossy(&text), "[1_3_/__12/2143/4_2_]");
    let facts = puzzle.solver_facts();
    assert_eq!((facts.optimal_cost, facts.solutions), (Some(6), Some(1)));
}

/// Whether a position has a solution, by the exact solver.
fn has_solution(puzzle: &Constraint, state: &Values) -> bool {
    puzzle.distance_table().distance(puzzle, state).is_some()
}

/// Checks the claim of a move against all solutions of the position; for a pure literal, that one solution is left.
fn assert_true(puzzle: &Constraint, state: &Values, action: Choice) {
    let as_choice = |value| puzzle.apply(state, Choice { value, by: By::Choice, ..action });
    let solves = |value| as_choice(value).is_some_and(|(_, next, _)| has_solution(puzzle, &next));
    let mut text = Vec::new();
    puzzle.write_move(action, Style::Frame, &mut text);
    let told = format!("{} {}", puzzle.about().name, String::from_utf8_lossy(&text));
    match (action.by, action.by.effect()) {
        (By::Choice | By::Toss, _) => {}
        (By::Place(rule), _) => {
            let mut places = super::reason::Candidates::new(&puzzle.network, state);
            let places = places.needed_places(rule, action.value).unwrap();
            let solves = |variable: u8| {
                let choice = Choice { variable, ..action };
                places.has(variable.into())
                    && puzzle.apply(state, choice).is_some_and(|(_, next, _)| has_solution(puzzle, &next))
            };
            assert!(!has_solution(puzzle, state) || (0..puzzle.network.len() as u8).any(solves), "{told}");
        }
        (By::Repair(_), _) | (_, Effect::Change) => assert!(!puzzle.is_goal(state), "{told}"),
        (By::Guess(listed), _) => {
            let all = (0..16).filter(|&value| as_choice(value).is_some()).fold(0, |all, value| all | 1u16 << value);
            assert_eq!(listed, all, "{told}");
        }
        (By::Pure, _) => assert!(!has_solution(puzzle, state) || solves(action.value), "{told}"),
        (_, Effect::Decide) => {
            assert!((0..16).filter(|&value| value != action.value).all(|value| !solves(value)), "{told}");
        }
        (_, Effect::Remove) => assert!(!solves(action.value), "{told}"),
        (_, Effect::End) => assert!(!has_solution(puzzle, state), "{told}"),
    }
}

/// A move of any kind, usually wrong.
fn any_move(puzzle: &Constraint, draw: &mut Draw) -> Choice {
    let network = puzzle.network();
    let rule = draw.index(network.rules().len()) as u16;
    let values = network.values.len();
    let by = match By::ALL[draw.index(By::ALL.len())] {
        By::Guess(_) => By::Guess(draw.word() as u16 & ((1u32 << values) - 1) as u16),
        by => by.with_rule(rule),
    };
    let about_variable = !matches!(by, By::NoPlace(_));
    let about_value = by != By::NoCandidate;
    Choice {
        variable: if about_variable { draw.index(network.len()) as u8 } else { 0 },
        value: if about_value { draw.index(values) as u8 } else { 0 },
        by,
    }
}

/// Checks that every inference found is legal, and that every legal move with a reason is true. Both are read back from their text.
#[test]
fn inferences_are_true() {
    let mut by_reason = std::collections::BTreeMap::new();
    for kind in 0..Constraint::kinds().len() {
        // some techniques are rare; cryptarithms take long to draw
        let puzzles = match Constraint::kinds()[kind].name {
            "sudoku" | "k-sat" => 40,
            "cryptarithm" => 2,
            _ => 6,
        };
        for (level, config) in Constraint::levels_of(kind).iter().enumerate() {
            let streams = crate::Streams::new(3, "inferences", &format!("{kind}/{level}"));
            for index in 0..puzzles {
                let mut draw = streams.at(index);
                let puzzle = (0..1000).find_map(|_| Constraint::generate(config, &mut draw).ok()).unwrap();
                for inference in 0..Constraint::ABOUT.inferences.len() {
                    walk(&puzzle, inference, &mut draw, &mut by_reason);
                }
            }
        }
    }
    // each technique occurred, by itself or among the random moves
    for by in By::ALL.into_iter().filter(|by| !matches!(by, By::Repair(_))) {
        assert!(by_reason.get(by.word()).is_some_and(|&count| count > 5), "{:?} {by_reason:?}", by.word());
    }
}

/// Follows one path, to a solution or a contradiction.
fn walk(
    puzzle: &Constraint,
    inference: usize,
    draw: &mut Draw,
    by_reason: &mut std::collections::BTreeMap<&'static str, u32>,
) {
    let mut state = puzzle.start();
    let mut steps = Vec::new();
    loop {
        steps.clear();
        let order = Order { rule: draw.index(Constraint::ABOUT.variable_orders.len()), pick: draw.word() };
        puzzle.infer(inference, order, &state, &mut steps);
        let Some(step) = draw.choose(&steps).cloned() else { break };
        let random = (0..10).map(|_| any_move(puzzle, draw)).filter(|&action| puzzle.apply(&state, action).is_some());
        for action in random.chain([step.action]).collect::<Vec<_>>() {
            let (_, next, _) = puzzle.apply(&state, action).expect("what is inferred is legal");
            assert_eq!(puzzle.state_after(&state, action), Some(next));
            assert_true(puzzle, &state, action);
            *by_reason.entry(action.by.word()).or_default() += 1;
            for style in [Style::Frame, Style::Compact, Style::Prose] {
                let mut text = Vec::new();
                puzzle.write_move(action, style, &mut text);
                let mut reader = Reader::new(&text);
                assert_eq!(puzzle.read_move(style, &mut reader), Some(action));
                assert!(reader.is_at_end());
                text.clear();
                puzzle.write_state(&next, style, &mut text);
                let mut reader = Reader::new(&text);
                assert_eq!(puzzle.read_state(style, &mut reader), Some(next), "{}", String::from_utf8_lossy(&text));
                assert!(reader.is_at_end());
            }
        }
        state = step.state;
    }
    assert!(state.contradicts || puzzle.is_goal(&state) || puzzle.is_terminal(&state));
}

fn kind_of(name: &str) -> usize {
    Constraint::kinds().iter().position(|about| about.name == name).unwrap()
}

/// Names, nested claims and more people than are drawn.
fn islands() -> Vec<(serde_json::Value, u64)> {
    let all: Vec<serde_json::Value> = (1..=12).map(|person| json!([person, true])).collect();
    let people: Vec<String> = (1..=12).map(|person| format!("Zoë_{person}")).collect();
    vec![
        (json!({"people": ["Zoey", "Liam"], "statements": [[1, {"or": [[2, false], [1, false]]}]]}), 1),
        (json!({"people": ["Zoey", "Liam"], "statements": [[1, {"not": [1, true]}]]}), 0),
        (json!({"people": ["Zoey", "Liam"], "statements": [[1, {"iff": [[1, true], [2, true]]}]]}), 2),
        (
            json!({"people": ["Ann", "Bob", "Cora"], "statements": [
                [1, {"not": {"and": [[2, true], [3, true]]}}], [2, {"or": [{"is": [1, false]}, {"not": {"if": [[3, true], [2, false]]}}, {"same": [1, 3]}]}],
                [3, {"iff": [{"same": [1, 2]}, {"is": [1, true]}]}], [2, {"differ": [1, 2]}],
            ]}),
            1,
        ),
        (
            json!({"people": people, "statements": [[1, {"and": all}], [2, {"not": {"or": all}}], [3, {"and": [[1, false], [2, false]]}]]}),
            512,
        ),
    ]
}

/// The solutions of an island, by trying all, as the words of the claims mean it.
fn island_solutions(puzzle: &serde_json::Value) -> Vec<usize> {
    fn part(value: &serde_json::Value, knights: usize) -> bool {
        let is = |person: &serde_json::Value| knights >> (person.as_u64().unwrap() - 1) & 1 == 1;
        if let Some(literal) = value.as_array() {
            return is(&literal[0]) == literal[1].as_bool().unwrap();
        }
        let (word, parts) = value.as_object().unwrap().iter().next().unwrap();
        let all = || parts.as_array().unwrap().iter();
        match word.as_str() {
            "is" => part(parts, knights),
            "not" => !part(parts, knights),
            "and" => all().all(|one| part(one, knights)),
            "or" => all().any(|one| part(one, knights)),
            "if" => !part(&parts[0], knights) || part(&parts[1], knights),
            "iff" => part(&parts[0], knights) == part(&parts[1], knights),
            "same" => is(&parts[0]) == is(&parts[1]),
            "differ" => is(&parts[0]) != is(&parts[1]),
            _ => panic!("{word}"),
        }
    }
    let fits = |knights: &usize| {
        puzzle["statements"].as_array().unwrap().iter().all(|statement| {
            let speaker = statement[0].as_u64().unwrap() - 1;
            (knights >> speaker & 1 == 1) == part(&statement[1], *knights)
        })
    };
    (0..1usize << puzzle["people"].as_array().unwrap().len()).filter(fits).collect()
}

#[test]
fn islands_with_any_names_and_nested_claims_are_solved_and_read_back() {
    let kind = kind_of("knights-knaves");
    for (value, solutions) in islands() {
        let truth = island_solutions(&value);
        assert_eq!(truth.len() as u64, solutions, "{value}");
        let puzzle = Constraint::from_json_of(kind, &value).unwrap();
        let facts = puzzle.solver_facts();
        assert_eq!((facts.solvable, facts.solutions), (solutions > 0, Some(solutions)), "{value}");
        for knights in 0..1usize << puzzle.network().len() {
            let mut state = puzzle.start();
            (0..puzzle.network().len()).for_each(|person| state.decide(person, (knights >> person & 1) as u8));
            assert_eq!(puzzle.is_goal(&state), truth.contains(&knights), "{value} {knights:b}");
        }
        for style in [Style::Frame, Style::Compact, Style::Prose] {
            let (mut header, mut start) = (Vec::new(), Vec::new());
            puzzle.write_header(style, &mut header);
            puzzle.write_state(&puzzle.start(), style, &mut start);
            let (header, start) = (String::from_utf8(header).unwrap(), String::from_utf8(start).unwrap());
            let task = Task { style, header: &header, start: &start, target: "solved" };
            let read = Constraint::read_task_of(kind, &task).unwrap_or_else(|| panic!("{header}"));
            let read = Constraint::from_json_of(kind, &read).unwrap();
            assert_eq!((read.id(), read.twin()), (puzzle.id(), puzzle.twin()), "{header}");
            let mut again = Vec::new();
            read.write_header(style, &mut again);
            assert_eq!(String::from_utf8(again).unwrap(), header);
        }
        // Names do not count, and neither does who is listed first.
        let mut renamed = value.clone();
        let names = renamed["people"].as_array_mut().unwrap();
        names.iter_mut().enumerate().for_each(|(place, name)| *name = format!("Other{place}").into());
        assert_eq!(Constraint::from_json_of(kind, &renamed).unwrap().id(), puzzle.id());
        assert_eq!(crate::laws::check_puzzle(&puzzle, 5), Ok(()), "{value}");
    }
}

#[test]
fn streets_with_any_things_are_solved_and_read_back() {
    let kind = kind_of("zebra");
    let things = json!([["Arnold", "Eric", "_2005", "Zoë"], ["dark_green", "Tea", "n1", "red"]]);
    // House by house: Eric Arnold Zoë _2005, and red Tea n1 dark_green.
    let clues = json!([
        {"notat": ["Arnold", 1]}, {"before": ["Eric", "Arnold"]}, {"gap": ["Eric", "Zoë", 2]}, {"gap": ["red", "dark_green", 3]},
        {"before": ["red", "Tea"]}, {"left": ["Tea", "n1"]}, {"same": ["red", "Eric"]}, {"next": ["Zoë", "_2005"]}, {"apart": ["Tea", "_2005"]},
    ]);
    let value = json!({"attributes": things, "clues": clues});
    let puzzle = Constraint::from_json_of(kind, &value).unwrap();
    assert_eq!(puzzle.solver_facts().solutions, Some(1));
    let mut state = puzzle.start();
    (0..).zip([2, 1, 4, 3, 4, 2, 3, 1]).for_each(|(thing, house): (usize, u8)| state.decide(thing, house - 1));
    assert!(puzzle.is_goal(&state));
    let mut wrong = value.clone();
    wrong["clues"][0] = json!({"notat": ["red", 1]});
    assert!(!Constraint::from_json_of(kind, &wrong).unwrap().is_solvable());
    // The same street from the other side, with other things.
    let turned = json!({"attributes": [["a", "b", "c", "d"], ["e", "f", "g", "h"]], "clues": [
        {"notat": ["a", 4]}, {"before": ["a", "b"]}, {"gap": ["d", "b", 2]}, {"gap": ["h", "e", 3]},
        {"before": ["f", "h"]}, {"left": ["g", "f"]}, {"same": ["b", "h"]}, {"next": ["c", "d"]}, {"apart": ["f", "c"]},
    ]});
    let turned = Constraint::from_json_of(kind, &turned).unwrap();
    assert_eq!((turned.twin(), turned.solver_facts().solutions), (puzzle.twin(), Some(1)));
    for style in [Style::Frame, Style::Compact, Style::Prose] {
        let mut header = Vec::new();
        puzzle.write_header(style, &mut header);
        let header = String::from_utf8(header).unwrap();
        let read = Constraint::read_task_of(
            kind,
            &Task { style, header: &header, start: "[_ _ _ _ _ _ _ _]", target: "solved" },
        );
        assert_eq!(Constraint::from_json_of(kind, &read.unwrap()).unwrap().id(), puzzle.id(), "{header}");
    }
    assert_eq!(crate::laws::check_puzzle(&puzzle, 5), Ok(()));
    let ten: Vec<Vec<String>> = (0..10).map(|kind| (0..10).map(|thing| format!("t{kind}_{thing}")).collect()).collect();
    assert!(Constraint::from_json_of(kind, &json!({"attributes": ten, "clues": []})).unwrap().is_solvable());
    for (attributes, clue, says) in [
        (json!([["a", "left"]]), json!({"same": ["a", "left"]}), "attributes: found \"left\""),
        (json!([["a", "2b"]]), json!({"same": ["a", "2b"]}), "attributes: found \"2b\""),
        (json!([["a", "b"]]), json!({"gap": ["a", "b", 2]}), "clues: found Gap"),
        (json!([["a", "b"]]), json!({"gap": ["a", "b", 0]}), "clues: found Gap"),
        (json!([["a", "b"]]), json!({"notat": ["a", 3]}), "clues: found NotAt"),
        (json!([["a", "b"]]), json!({"before": ["a", "a"]}), "clues: found Before"),
        (json!([["a"]]), json!({"at": ["a", 1]}), "attributes: found \"1 lists, the first of 1 things\""),
    ] {
        let error = Constraint::from_json_of(kind, &json!({"attributes": attributes, "clues": [clue]})).unwrap_err().0;
        assert!(error.starts_with(says), "{error}");
    }
}

#[test]
fn islands_that_cannot_be_are_refused() {
    let kind = kind_of("knights-knaves");
    let deep = (0..70).fold(json!([1, true]), |part, _| json!({"not": part}));
    for (people, claim, says) in [
        (json!(["Ann", "Ann"]), json!({"is": [1, true]}), "people: found \"Ann\"; allowed: each once"),
        (json!(["Ann", "knight"]), json!({"is": [1, true]}), "people: found \"knight\""),
        (json!(["Ann", "goal"]), json!({"is": [1, true]}), "people: found \"goal\""),
        (json!(["Ann", "Bob Dylan"]), json!({"is": [1, true]}), "people: found \"Bob Dylan\""),
        (json!(["Ann"]), json!({"is": [1, true]}), "people: found \"1 names\"; allowed: 2 to 12"),
        (json!(["Ann", "Bob"]), json!({"not": {"is": [3, true]}}), "statements: found one of 1: "),
        (json!(["Ann", "Bob"]), json!({"or": [[1, true]]}), "statements: found one that joins fewer than two parts"),
        (json!(["Ann", "Bob"]), json!({"not": {"and": []}}), "statements: found one that joins fewer than two parts"),
        (json!(["Ann", "Bob"]), deep, "statements: found one of 71 parts; allowed: 1 to 64"),
    ] {
        let error =
            Constraint::from_json_of(kind, &json!({"people": people, "statements": [[1, claim]]})).unwrap_err().0;
        assert!(error.starts_with(says), "{error}");
    }
}
