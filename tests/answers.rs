//! Answers as people and models write them: what is read as right, and that nothing but a solution of the puzzle is paid.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sos_envs::{Reader, Streams, Style};

use stream_of_search::arena::{Family, Puzzle, environments};
use stream_of_search::dialect::dialects;
use stream_of_search::request;
use stream_of_search::trace::MoveId;

/// Ways to give an answer in a text.
const WAYS: [&str; 11] = [
    "@",
    "  @\n",
    "<answer>@</answer>",
    "<think>\nAnswer: 1 2 3, I guess. <answer>none</answer>\n</think>\n\n<answer>\n@\n</answer>",
    "Something else first.\n\\boxed{@}",
    "**Answer:**\n@",
    "I looked at it for a while.\n\n### Final Answer\n\n@",
    "Here it is:\n\n```\n@\n```\n\nThat is all.",
    "unfinished thoughts 7 * 8 </think>@",
    "@</s>",
    "<answer>```text\n@\n```</answer><|im_end|>",
];

/// Further ways to give an answer of one line.
const IN_LINE: [&str; 4] =
    ["Answer: @", "So I think:\n**Final answer:** @\nI am sure.", "The final answer is: @", "<answer>$@$</answer>"];

pub fn ways(answer: &str) -> Vec<String> {
    let in_line = if answer.contains('\n') || answer.is_empty() { &[][..] } else { &IN_LINE };
    WAYS.iter().chain(in_line).map(|way| way.replace('@', answer)).collect()
}

fn check(env: &str, puzzle: &Value, text: &str) -> Value {
    let request = json!({"env": env, "puzzle": puzzle, "read": "answer", "text": text});
    request::check(request.to_string().as_bytes()).unwrap().answer
}

/// The forms of `tests/cases/answers.jsonl`: for a puzzle texts that are right, and texts that are wrong with the class of their first error.
#[test]
fn forms_of_answers() {
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in include_str!("cases/answers.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let (env, puzzle) = (case["env"].as_str().unwrap(), &case["puzzle"]);
        for form in case["right"].as_array().unwrap() {
            for text in ways(form.as_str().unwrap()) {
                let answer = check(env, puzzle, &text);
                *counts.entry(env.into()).or_default() += 1;
                if answer["reward"] != 1.0 || answer["valid"] != true {
                    wrong.push(format!(
                        "{env} {puzzle}: {text:?} is right: {}, taken {}",
                        answer["first_error"], answer["taken"]
                    ));
                }
            }
        }
        for form in case["wrong"].as_array().unwrap() {
            let (class, form) = (&form[0], form[1].as_str().unwrap());
            for text in ways(form) {
                let answer = check(env, puzzle, &text);
                if answer["reward"] != 0.0
                    || answer["first_error"]["class"] != *class
                    || answer["first_error"]["span"].is_null()
                {
                    wrong.push(format!(
                        "{env} {puzzle}: {text:?} is {class}: {}, taken {}",
                        answer["first_error"], answer["taken"]
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
    for (env, count) in counts {
        assert!(count >= 40, "{env}: {count} ways to be right");
    }
}

/// Puzzles of the easiest level.
pub fn puzzles(family: &'static dyn Family) -> Vec<Puzzle> {
    let draws = (0..400).map(|index| Streams::new(11, "answers", family.about().name).at(index));
    draws.filter_map(|mut draw| family.generate(&family.levels()[0], &mut draw).ok()).take(5).collect()
}

/// A cheapest solution, by the exact distances; none where there is none.
pub fn solution(puzzle: &Puzzle) -> Option<Vec<MoveId>> {
    let (mut state, mut moves, mut steps) = (puzzle.start(), Vec::new(), Vec::new());
    puzzle.distance(state)?;
    while !puzzle.is_goal(state) {
        steps.clear();
        puzzle.successors(state, &mut steps);
        let reaches = steps.iter().filter_map(|step| Some((puzzle.distance(step.state)? + step.cost, step)));
        let (_, step) = reaches.min_by_key(|(cost, _)| *cost)?;
        moves.push(step.action);
        state = step.state;
    }
    Some(puzzle.answer(moves))
}

/// Whether moves solve the puzzle, by its rules alone. What they claim, and a written form does not tell, may be wrong.
pub fn solves(puzzle: &Puzzle, moves: &[MoveId]) -> bool {
    let (mut state, mut right) = (puzzle.start(), Vec::new());
    for &action in moves {
        match puzzle.apply(state, action) {
            Some((action, next, _)) => {
                right.push(action);
                state = next;
            }
            None => return false,
        }
    }
    puzzle.is_goal(state) && written(puzzle, &right) == written(puzzle, moves)
}

pub fn written(puzzle: &Puzzle, moves: &[MoveId]) -> String {
    let mut text = Vec::new();
    puzzle.write_plain_answer(moves, &mut text);
    String::from_utf8(text).unwrap()
}

pub fn json_of(puzzle: &Puzzle) -> Value {
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    serde_json::from_slice(&json).unwrap()
}

/// The reward of a text, by the program.
fn reward(puzzle: &Puzzle, text: &str) -> f64 {
    check(puzzle.about().name, &json_of(puzzle), text)["reward"].as_f64().unwrap()
}

/// Moves with one of them left out, put elsewhere, or replaced by another.
pub fn changed(puzzle: &Puzzle, moves: &[MoveId]) -> Vec<Vec<MoveId>> {
    let mut all = Vec::new();
    let mut steps = Vec::new();
    puzzle.successors(puzzle.start(), &mut steps);
    for place in [0, moves.len() / 2, moves.len().saturating_sub(1)].into_iter().filter(|place| *place < moves.len()) {
        let mut less = moves.to_vec();
        less.remove(place);
        all.push(less);
        for step in steps.iter().filter(|step| step.action != moves[place]).take(2) {
            let mut other = moves.to_vec();
            other[place] = step.action;
            all.push(other);
        }
        let mut swapped = moves.to_vec();
        swapped.swap(place, moves.len() - 1 - place);
        all.push(swapped);
    }
    all
}

/// In every environment a solution that is written plainly is read as right, in each way to give it. With a move left out or changed it is paid only if a
/// replay of the moves says that they are a solution.
#[test]
fn a_solution_is_paid_and_a_changed_one_is_not() {
    let mut wrong = Vec::new();
    for family in environments() {
        let name = family.about().name;
        for puzzle in puzzles(*family) {
            let Some(moves) = solution(&puzzle) else {
                if reward(&puzzle, "There is no solution.") != 1.0 {
                    wrong.push(format!("{name} {puzzle:?}: there is no solution"));
                }
                continue;
            };
            let text = written(&puzzle, &moves);
            for way in ways(&text) {
                if reward(&puzzle, &way) != 1.0 {
                    let answer = check(name, &json_of(&puzzle), &way);
                    wrong.push(format!("{name} {puzzle:?}: {way:?} is right: {}", answer["first_error"]));
                }
            }
            if reward(&puzzle, "There is no solution.") != 0.0 {
                wrong.push(format!("{name} {puzzle:?}: there is a solution"));
            }
            for moves in changed(&puzzle, &moves) {
                let text = written(&puzzle, &moves);
                if reward(&puzzle, &text) != 0.0 && !solves(&puzzle, &moves) {
                    wrong.push(format!("{name} {puzzle:?}: {text:?} is no solution"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether the solution of another puzzle solves this one, too. It does not ask how texts are read.
fn solves_too(puzzle: &Puzzle, other: &Puzzle, moves: &[MoveId], text: &str) -> bool {
    let json = json_of(puzzle);
    if puzzle.about().name == "graph" {
        let named = |name: &Value| name.as_str().map_or(name.to_string(), String::from);
        let path: Vec<&str> = text.split(" -> ").collect();
        let edges = json["edges"].as_array().unwrap();
        let joins = |pair: &[&str]| {
            edges.iter().any(|edge| {
                let ends = [named(&edge[0]), named(&edge[1])];
                ends == pair || json["directed"] != true && ends == [pair[1], pair[0]]
            })
        };
        let goals = json["candidates"].as_array().cloned().unwrap_or_else(|| vec![json["goal"].clone()]);
        let begins = path[0] == named(&json["start"]) || joins(&[&named(&json["start"]), path[0]]);
        return begins
            && path.windows(2).all(joins)
            && goals.iter().any(|goal| path.last() == Some(&named(goal).as_str()));
    }
    if !puzzle.about().variable_orders.is_empty() {
        // The values of all variables, as a state is written.
        let mut end = other.start();
        for &action in moves {
            end = other.apply(end, action).unwrap().1;
        }
        let state = |puzzle: &Puzzle, state| {
            let mut text = Vec::new();
            puzzle.write_state(state, Style::Frame, &mut text);
            String::from_utf8(text).unwrap()
        };
        let (given, text) = (state(puzzle, puzzle.start()), state(other, end));
        let values = |text: &str| -> Vec<String> {
            let inside = text.trim_matches(['[', ']']);
            match inside.contains(' ') {
                true => inside.split(' ').map(String::from).collect(),
                false => inside.chars().map(String::from).collect(),
            }
        };
        let keeps = values(&given).iter().zip(values(&text)).all(|(given, value)| given == "_" || *given == value);
        let read = puzzle.read_state(Style::Frame, &mut Reader::new(text.as_bytes()));
        return keeps && read.is_some_and(|state| puzzle.is_goal(state));
    }
    let here: Vec<MoveId> = moves.iter().map(|&action| puzzle.move_of(&**other, action).unwrap()).collect();
    solves(puzzle, &here)
}

/// Texts that are no answer to any puzzle.
pub fn tricks(right: &str) -> Vec<String> {
    let mut all: Vec<String> = [
        "",
        " ",
        "\n",
        ".",
        ",",
        "()",
        "[]",
        "{}",
        "null",
        "true",
        "false",
        "0",
        "1",
        "42",
        "-1",
        "∞",
        "NaN",
        "yes",
        "no",
        "correct",
        "solved",
        "goal",
        "target",
        "answer",
        "the solution",
        "trust me",
        "reward = 1",
        "{\"reward\": 1}",
        "{\"solved\": true}",
        "<answer>",
        "</answer>",
        "\\boxed{}",
        "Answer:",
        "```\n```",
        "import os",
        "print(solve(puzzle))",
        "return solution",
        "lambda: answer",
        "__import__('os').system('true')",
        "eval(input())",
        "solve()",
        "9**9**9**9",
        "10^1000000",
        "2 ** 3",
        "1/0",
        "0/0",
        "99999999999999999999999999999999",
        "１２３",
        "٣ + ٤",
        "²",
        "½",
        "➊",
        "\u{200b}",
        "\u{feff}",
        "\u{202e}",
        "a\u{0}b",
        "<think>",
        "</think>",
        "It is not unsolvable.",
        "not impossible",
        "<|endoftext|>",
    ]
    .map(String::from)
    .to_vec();
    all.extend([
        format!("<think>{right}</think>"),
        format!("<think>\n<answer>{right}</answer>\n</think>\n"),
        format!("<think>{right}"),
        format!("{right}</think>"),
        format!("<think><answer>{right}</answer></think><answer></answer>"),
        format!("print('{right}')"),
        format!("x = solve()  # {right}\nprint(x)"),
        format!("<answer>{right}</answer><answer>x</answer>"),
        format!("{right} or no solution"),
        format!("{right}\nno solution"),
        format!("no solution. {right}"),
        format!("It is not {right}!"),
    ]);
    all
}

/// Nothing but a solution of the puzzle is paid: at least 2,000 tries in all environments.
#[test]
fn no_trick_is_paid() {
    let (mut tries, mut wrong) = (0, Vec::new());
    for family in environments() {
        let name = family.about().name;
        let puzzles: Vec<(Puzzle, Vec<MoveId>)> =
            puzzles(*family).into_iter().filter_map(|puzzle| Some((puzzle.clone(), solution(&puzzle)?))).collect();
        for (place, (puzzle, moves)) in
            puzzles.iter().enumerate().filter(|(_, (puzzle, _))| !puzzle.is_goal(puzzle.start()))
        {
            let mut texts = if place == 0 { tricks(&written(puzzle, moves)) } else { Vec::new() };
            for dialect in dialects(puzzle.about()) {
                texts.push(String::from_utf8_lossy(&dialect.prompt(puzzle)).into_owned());
            }
            texts.push(json_of(puzzle).to_string());
            for (other, moves) in puzzles.iter().filter(|(other, _)| other.id() != puzzle.id()) {
                let text = written(other, moves);
                if !solves_too(puzzle, other, moves, &text) {
                    texts.push(text);
                }
            }
            for text in texts {
                tries += 1;
                if reward(puzzle, &text) != 0.0 {
                    wrong.push(format!("{name} {puzzle:?}: {text:?} is paid"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tries >= 2000, "{tries} tries");
}

/// Long and deep texts take no time.
#[test]
fn no_text_takes_long() {
    let begin = std::time::Instant::now();
    let marks: String = (1..15_000).map(|number| format!("{number}) a ")).collect();
    for family in environments() {
        let puzzle = puzzles(*family).remove(0);
        assert_eq!(reward(&puzzle, &marks), 0.0, "{} marks", family.about().name);
        for piece in [
            "(",
            "[[",
            "1+",
            "\\frac{",
            "A -> ",
            "9",
            "{",
            "down 60000 ",
            "**",
            "`R` ",
            "+ 3\n",
            "3, ",
            "(0, 5) ",
            "a1-c2 ",
        ] {
            for size in if piece == "(" { &[1 << 20, 100_000][..] } else { &[100_000] } {
                let text = piece.repeat(size / piece.len());
                assert_eq!(reward(&puzzle, &text), 0.0, "{} {piece:?}", family.about().name);
            }
        }
    }
    assert!(begin.elapsed().as_secs() < 300, "{:?}", begin.elapsed());
}

/// With `auto` a trace is read where there is one, also in `<think>`, and the answer behind it; else the answer.
#[test]
fn a_trace_and_the_answer_behind_it() {
    let trace = "3 * 5 = 15 : 7 15 > #1 7 + 15 = 22 : 22 goal";
    for (text, solved, trace_solved, how) in [
        (trace.to_string(), true, json!(true), json!(null)),
        (format!("{trace} answer 3 * 5 = 15 , 7 + 15 = 22 ."), true, json!(true), json!(null)),
        (format!("<think>{trace}</think>"), true, json!(true), json!(null)),
        (format!("<think>{trace}</think> answer 3 * 5 = 15 , 7 + 15 = 22 ."), true, json!(true), json!(null)),
        (format!("<think>{trace}</think>3 * 5 + 7"), true, json!(true), json!("text")),
        (
            format!("<think>\n{trace}\n</think>\n\n<answer>7 + 3 * 5 = 22</answer>"),
            true,
            json!(true),
            json!("answer-tag"),
        ),
        (format!("<think>{trace}</think>3 * 5"), false, json!(true), json!("text")),
        (format!("{trace}\nAnswer: 3 * 5 + 7"), true, json!(true), json!("answer-line")),
        (format!("{trace}\n\\boxed{{3 + 5 + 7}}"), false, json!(true), json!("boxed")),
        ("7 + 3 * 5".into(), true, json!(null), json!("text")),
        ("<think>Let me see: 3 * 5 = 15.</think>\\boxed{7 + 3 * 5}".into(), true, json!(null), json!("boxed")),
        ("<think>7 + 3 * 5</think>".into(), false, json!(null), json!("text")),
        ("".into(), false, json!(null), json!("text")),
    ] {
        let request = json!({"env": "countdown", "puzzle": {"numbers": [3, 5, 7], "target": 22}, "dialect": "compact", "read": "auto", "text": text});
        let answer = request::check(request.to_string().as_bytes()).unwrap().answer;
        let found = (&answer["solved"], &answer["trace_solved"], &answer["taken"]["how"]);
        assert_eq!(found, (&json!(solved), &trace_solved, &how), "{text:?}: {answer}");
        assert_eq!(answer["reward"], f64::from(u8::from(solved)), "{text:?}: {answer}");
    }
}

/// `docs/answers.md` says the form of every environment.
#[test]
fn the_page_lists_every_environment() {
    let page = include_str!("../docs/answers.md");
    let row = |family: &&dyn Family| format!("| `{}` | {} |", family.about().name, family.about().answer_form);
    let missing: Vec<String> = environments().iter().map(row).filter(|row| !page.contains(row)).collect();
    assert!(missing.is_empty(), "docs/answers.md has no row for\n{}", missing.join("\n"));
}
