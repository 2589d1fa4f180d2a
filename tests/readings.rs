//! The ways to read a text (`trace`, `answer`, `auto`): what is right is paid in each of them, and nothing else is.

use std::path::Path;

use serde_json::{Map, Value, json};
use sos_envs::Draw;

use super::answers::{changed, json_of, puzzles, solution, solves, tricks, ways, written};
use super::recipes::ready;
use stream_of_search::answer::Reading;
use stream_of_search::arena::{Puzzle, Scratch, environments};
use stream_of_search::dialect::{DialectEntry, Phrasing, dialects};
use stream_of_search::recipe::Recipe;
use stream_of_search::record::Datasets;
use stream_of_search::request;
use stream_of_search::search::{Outcome, Search};
use stream_of_search::sink::row_json;
use stream_of_search::table::RowSource;
use stream_of_search::trace::{Answer, MoveId, Trace};

type Row = Map<String, Value>;

/// What the program says of a text. Without a dialect none is named.
fn check(puzzle: &Puzzle, dialect: Option<&str>, reading: Reading, text: &str) -> Value {
    let mut request =
        json!({"env": puzzle.about().name, "puzzle": json_of(puzzle), "read": reading.name(), "text": text});
    if let Some(dialect) = dialect {
        request["dialect"] = dialect.into();
    }
    request::check(request.to_string().as_bytes()).unwrap().answer
}

/// Whether a verdict is that of a right answer.
fn is_paid(verdict: &Value) -> bool {
    verdict["solved"] == true && verdict["answer_right"] == true && verdict["reward"] == 1.0
}

fn section(dialect: &DialectEntry, puzzle: &Puzzle, moves: Option<Vec<MoveId>>, optimal: bool) -> String {
    let mut text = Vec::new();
    (dialect.write_answer)(puzzle, &Answer { moves, optimal }, &mut text);
    String::from_utf8(text).unwrap()
}

/// Whether moves solve the puzzle as a section tells them. What they claim, and the section does not tell, may be wrong: whether a step of Sokoban is a push.
fn is_told_right(dialect: &DialectEntry, puzzle: &Puzzle, moves: &[MoveId]) -> bool {
    let (mut state, mut right) = (puzzle.start(), Vec::new());
    for &action in moves {
        let Some((action, next, _)) = puzzle.apply(state, action) else { return false };
        right.push(action);
        state = next;
    }
    let told = |moves: Vec<MoveId>| section(dialect, puzzle, Some(moves), false);
    puzzle.is_goal(state) && told(right) == told(moves.to_vec())
}

fn report(wrong: &[String]) {
    let shown: Vec<&str> = wrong.iter().step_by(wrong.len().div_ceil(40).max(1)).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), shown.join("\n"));
}

/// The first rows of every config of a recipe.
pub fn rows(recipe: Recipe, count: u64) -> Vec<Row> {
    let dataset = Datasets::new(recipe).unwrap();
    let mut all = Vec::new();
    for split in 0..dataset.splits().len() {
        dataset.prepare_split(split).unwrap();
        let (mut batches, mut buffers) = (dataset.batches(), dataset.scratch());
        for index in 0..count.min(dataset.asked_for(split)) {
            dataset.rows(split, index, &mut buffers, &mut batches).unwrap();
        }
        all.extend(batches.iter().flat_map(|rows| (0..rows.len()).map(|row| row_json(rows, row).unwrap())));
    }
    all
}

/// In every ready recipe the column `answer` of a row is a right answer under the `read` that the row names, also in its ground truth, and under every other.
#[test]
fn the_reference_answer_of_a_row_is_paid_under_every_reading() {
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for file in ready(Path::new("recipes")) {
        let recipe = Recipe::from_toml(&std::fs::read_to_string(&file).unwrap()).unwrap();
        for row in rows(recipe, 2).iter().filter(|row| row["answer"] != "") {
            let mut request = Row::new();
            for name in ["env", "puzzle", "dialect", "read"] {
                request.extend(row.get(name).map(|value| (name.to_string(), value.clone())));
            }
            let mut requests = vec![request.clone()];
            for reading in Reading::ALL {
                request.insert("read".into(), reading.name().into());
                requests.push(request.clone());
            }
            if let Some(truth) = row.get("reward_model").and_then(|model| model["ground_truth"].as_str()) {
                requests.push(serde_json::from_str(truth).unwrap());
            }
            for mut request in requests {
                request.insert("text".into(), row["answer"].clone());
                let verdict = request::check_row(request.clone()).unwrap().answer;
                asked += 1;
                if !is_paid(&verdict) {
                    wrong.push(format!(
                        "{} {} {}: {}: {}",
                        file.display(),
                        row["record"],
                        request.get("read").unwrap_or(&Value::Null),
                        row["answer"],
                        verdict["first_error"]
                    ));
                }
            }
        }
    }
    report(&wrong);
    assert!(asked > 3000, "{asked}");
}

/// In every environment and dialect a right answer section is paid under each reading, alone and in marks, and a changed one is not. Where no dialect is named,
/// any will do. A path from the goal back is one only where its dialect is named.
#[test]
fn an_answer_section_of_a_dialect_is_an_answer() {
    let mut wrong = Vec::new();
    for family in environments() {
        for (place, puzzle) in puzzles(*family).iter().enumerate() {
            let right = solution(puzzle);
            for dialect in dialects(puzzle.about()) {
                let named = [Some(dialect.name), None];
                let named = if dialect.answers_begin.is_empty() { &named[..1] } else { &named[..] };
                for optimal in [false, true] {
                    let text = section(&dialect, puzzle, right.clone(), optimal);
                    let mut texts: Vec<(Reading, Option<&str>, String)> =
                        vec![(Reading::Trace, Some(dialect.name), text.clone())];
                    for text in ways(text.trim()) {
                        texts.push((Reading::Auto, Some(dialect.name), text.clone()));
                        texts.extend(named.iter().map(|name| (Reading::Answer, *name, text.clone())));
                    }
                    for (reading, name, text) in texts {
                        let verdict = check(puzzle, name, reading, &text);
                        if !is_paid(&verdict) {
                            wrong.push(format!(
                                "{puzzle:?} {} {name:?} {reading:?}: {text:?}: {}",
                                dialect.name, verdict["first_error"]
                            ));
                        }
                    }
                }
                let moves = right
                    .iter()
                    .flat_map(|moves| changed(puzzle, moves))
                    .filter(|moves| !is_told_right(&dialect, puzzle, moves));
                for moves in moves.take(if place == 0 { 4 } else { 0 }) {
                    let text = section(&dialect, puzzle, Some(moves), false);
                    for reading in Reading::ALL {
                        if check(puzzle, Some(dialect.name), reading, &text)["reward"] != 0.0 {
                            wrong.push(format!("{puzzle:?} {} {reading:?}: {text:?} is paid", dialect.name));
                        }
                    }
                }
            }
        }
    }
    report(&wrong);
}

/// Under `auto` a right answer as people write it is paid whatever the dialect, and nothing else is.
#[test]
fn auto_pays_a_bare_answer_in_every_dialect() {
    let mut wrong = Vec::new();
    for family in environments() {
        for (place, puzzle) in puzzles(*family).iter().enumerate().take(3) {
            let Some(moves) = solution(puzzle) else { continue };
            let right = written(puzzle, &moves);
            for dialect in dialects(puzzle.about()) {
                let auto = |text: &str| check(puzzle, Some(dialect.name), Reading::Auto, text);
                for text in ways(&right) {
                    let verdict = auto(&text);
                    if !is_paid(&verdict) {
                        wrong.push(format!(
                            "{puzzle:?} {}: {text:?} is right: {}",
                            dialect.name, verdict["first_error"]
                        ));
                    }
                }
                if place > 0 || puzzle.is_goal(puzzle.start()) {
                    continue;
                }
                for text in tricks(&right) {
                    if auto(&text)["reward"] != 0.0 {
                        wrong.push(format!("{puzzle:?} {}: {text:?} is paid", dialect.name));
                    }
                }
                for moves in changed(puzzle, &moves).iter().filter(|moves| !solves(puzzle, moves)) {
                    for text in ways(&written(puzzle, moves)) {
                        if auto(&text)["reward"] != 0.0 {
                            wrong.push(format!("{puzzle:?} {}: {text:?} is paid", dialect.name));
                        }
                    }
                }
            }
        }
    }
    report(&wrong);
}

/// A trace of a search that a dialect can tell, and how it ended.
fn explored(puzzle: &Puzzle, dialect: &DialectEntry, answer: bool) -> Option<(String, Outcome)> {
    let kinds = ["backtracking", "bfs", "dfs", "uniform-cost"];
    let search = kinds.iter().filter(|kind| dialect.tells(kind)).find_map(|kind| {
        let config = serde_json::from_value(json!({"kind": kind, "max_nodes": 400})).unwrap();
        Search::new(puzzle.about(), &config).ok()
    })?;
    search.fits(puzzle).ok()?;
    let mut trace = Trace::default();
    let outcome = search.run(puzzle, &mut Draw::new(5, "search"), None, &mut trace, &mut Scratch::default());
    if answer {
        trace.answer = Some(Answer { moves: puzzle.solution(&trace), optimal: false });
    }
    let (mut text, mut prompt) = (Vec::new(), Vec::new());
    (dialect.write)(puzzle, &trace, Phrasing::default(), &mut text);
    (dialect.write_prompt)(puzzle, &mut prompt);
    let text = String::from_utf8(text).unwrap();
    let text = text.strip_prefix(std::str::from_utf8(&prompt).unwrap()).map(str::to_string).unwrap_or(text);
    Some((text, outcome))
}

/// Under `auto` a trace is read as a trace: with the verdict that it has under `trace`. Behind a right trace a wrong answer is not paid, and behind a failed one a
/// right answer is.
#[test]
fn auto_reads_a_trace_as_a_trace() {
    let (mut wrong, mut solved, mut behind) = (Vec::new(), 0, 0);
    for family in environments() {
        for puzzle in puzzles(*family).iter().filter(|puzzle| !puzzle.is_goal(puzzle.start())).take(3) {
            let moves = solution(puzzle);
            for dialect in dialects(puzzle.about()) {
                let read = |reading: Reading, text: &str| check(puzzle, Some(dialect.name), reading, text);
                for answer in [false, true] {
                    let Some((text, outcome)) = explored(puzzle, &dialect, answer && moves.is_some()) else { continue };
                    let own = read(Reading::Trace, &text);
                    if own["trace_solved"].is_null() && !answer {
                        continue;
                    }
                    for text in [text.clone(), format!("<think>\n{text}\n</think>"), format!("```\n{text}\n```")] {
                        let mut auto = read(Reading::Auto, &text);
                        let trace = read(Reading::Trace, &text);
                        auto.as_object_mut().unwrap().remove("taken");
                        if auto != trace {
                            wrong.push(format!("{puzzle:?} {}: {text:?}: {auto} is not {trace}", dialect.name));
                        }
                    }
                    let Some(moves) = &moves else { continue };
                    if answer || own["trace_solved"].is_null() {
                        continue;
                    }
                    solved += usize::from(outcome == Outcome::Solved);
                    let right = written(puzzle, moves);
                    for text in [
                        format!("<think>\n{text}\n</think>\n<answer>{right}</answer>"),
                        format!("{text}\n<answer>\n{right}\n</answer>"),
                    ] {
                        let auto = read(Reading::Auto, &text);
                        if !is_paid(&auto) || auto["trace_solved"] != own["trace_solved"] {
                            wrong.push(format!("{puzzle:?} {}: {text:?}: {auto}", dialect.name));
                        }
                    }
                    for moves in changed(puzzle, moves).iter().filter(|moves| !solves(puzzle, moves)).take(3) {
                        let other = written(puzzle, moves);
                        for text in [
                            format!("<think>\n{text}\n</think>\n<answer>{other}</answer>"),
                            format!("<think>\n{text}\n</think>\n<answer>\n{other}\n</answer>"),
                            format!("<think>\n{text}\n</think>\n{other}"),
                            format!("{text}\n<answer>\n{other}\n</answer>"),
                            format!("{text}\n\\boxed{{{other}}}"),
                        ] {
                            behind += 1;
                            if read(Reading::Auto, &text)["reward"] != 0.0 {
                                wrong.push(format!("{puzzle:?} {}: {text:?} is paid", dialect.name));
                            }
                        }
                    }
                }
            }
        }
    }
    report(&wrong);
    assert!(solved > 100 && behind > 1000, "{solved} {behind}");
}

/// Behind a critique a fix is paid under every reading if it is right, and only then. So it is as the second of two answers.
#[test]
fn a_fix_behind_a_critique_is_paid_under_every_reading() {
    let (mut wrong, mut right, mut broken) = (Vec::new(), 0, 0);
    for environment in ["countdown", "maze", "sudoku"] {
        let text = std::fs::read_to_string(format!("recipes/experiments/6-correction-{environment}.toml")).unwrap();
        for dialect in ["compact", "stream-of-search", "prose"] {
            let text = text.replacen("dialect = \"compact\"", &format!("dialect = \"{dialect}\""), 1);
            let text = format!(
                "{text}\n[[records]]\nkind = \"correction\"\nname = \"all\"\nsecond = \"critique\"\nmix = {{ wrong_right = 1, right_right = 1, wrong_wrong = 1 }}\n"
            );
            for row in rows(Recipe::from_toml(&text).unwrap(), 12) {
                let said = |turn: usize| row["messages"][turn]["content"].as_str().unwrap();
                let (first, second) = (said(1), said(3));
                if row["second"] != "critique" {
                    continue;
                }
                let end = second.find("[END]\n").unwrap() + 6;
                let critique = &second[..end];
                assert!(critique.lines().last().unwrap().starts_with("Conclusion: "), "{critique}");
                // The fix is right, and the first answer in its place is what the critique says of it.
                for (fix, is_right) in
                    [(&second[end..], row["second_right"] == true), (first, row["first_right"] == true)]
                {
                    let text = format!("{critique}{fix}");
                    for reading in Reading::ALL {
                        let mut request: Row = ["env", "puzzle", "dialect"]
                            .map(|name| (name.to_string(), row[name].clone()))
                            .into_iter()
                            .collect();
                        request.insert("read".into(), reading.name().into());
                        request.insert("text".into(), text.clone().into());
                        let verdict = request::check_row(request.clone()).unwrap().answer;
                        request.insert("text".into(), fix.into());
                        let alone = request::check_row(request).unwrap().answer;
                        // A trace is no answer, and a trace with another error may solve its puzzle.
                        let same = ["solved", "trace_solved", "answer_right", "reward", "valid"]
                            .iter()
                            .all(|name| verdict[name] == alone[name]);
                        let paid = reading == Reading::Answer || !is_right || verdict["reward"] == 1.0;
                        if !same || !paid {
                            wrong.push(format!("{environment} {dialect} {reading:?}: {text:?}: {verdict}"));
                        }
                        right += usize::from(verdict["reward"] == 1.0);
                        broken += usize::from(verdict["reward"] == 0.0);
                    }
                    let mut turns: Row = ["env", "puzzle", "dialect"]
                        .map(|name| (name.to_string(), row[name].clone()))
                        .into_iter()
                        .collect();
                    turns.extend([("first".to_string(), first.into()), ("second".to_string(), text.into())]);
                    let scored = request::score(&turns, None, Reading::Trace).unwrap();
                    let turns = scored.turns.unwrap();
                    if (turns.first, turns.second) != (row["first_right"] == true, is_right) {
                        wrong.push(format!("{environment} {dialect}: two turns: {turns:?}"));
                    }
                    if fix != first && turns.distance.map(|distance| distance as i64) != row["edit_distance"].as_i64() {
                        wrong.push(format!(
                            "{environment} {dialect}: {:?} steps are changed, not {}",
                            turns.distance, row["edit_distance"]
                        ));
                    }
                }
            }
        }
    }
    report(&wrong);
    assert!(right > 300 && broken > 100, "{right} {broken}");
}

/// A critique is left out only before something: a plain answer behind it is one, the last critique counts, and a text that ends with a conclusion is read
/// as it is.
#[test]
fn what_stands_before_a_conclusion_is_a_critique() {
    let puzzle = json!({"numbers": [3, 5, 7], "target": 22});
    let trace = "3 * 5 = 15 : 7 15 > #1 7 + 15 = 22 : 22 goal";
    let end = "first error: step 1, arithmetic\nConclusion: wrong [END]";
    for (text, reading, reward) in [
        (format!("{end}\n{trace}"), "trace", 1.0),
        (format!("{end}\r\n{trace}"), "trace", 1.0),
        (format!("{end} \n\n{trace}\n"), "auto", 1.0),
        (format!("{end}\n3 * 5 + 7"), "answer", 1.0),
        (format!("{end}\n3 * 5 + 7"), "auto", 1.0),
        (format!("{end}\n3 * 5"), "auto", 0.0),
        (format!("{end}\n<answer>3 * 5 + 7</answer>"), "auto", 1.0),
        (format!("<answer>3 * 5 + 7</answer>\n{end}\n3 * 5"), "answer", 0.0),
        (format!("{trace}\n{end}\n3 * 5"), "auto", 0.0),
        (format!("{end}\n3 * 5\n{end}\n3 * 5 + 7"), "answer", 1.0),
        (format!("{end}\n3 * 5 + 7\n{end}\n3 * 5"), "answer", 0.0),
        (format!("<think>{end}\n</think>3 * 5 + 7"), "answer", 1.0),
        (format!("<think>{end}\n3 * 5 + 7</think>"), "answer", 0.0),
        (format!("3 * 5 + 7\n{end}"), "answer", 0.0),
        (format!("<answer>3 * 5 + 7</answer>\n{end}"), "answer", 1.0),
        (format!("{end}\n"), "trace", 0.0),
        (format!("{end}{trace}"), "answer", 0.0),
        (format!("I say: {end}\n3 * 5 + 7").replace("\nConclusion", " Conclusion"), "answer", 0.0),
        (format!("Conclusion: maybe [END]\n{trace}\n3"), "answer", 0.0),
    ] {
        let request =
            json!({"env": "countdown", "puzzle": puzzle, "dialect": "compact", "read": reading, "text": text});
        let verdict = request::check(request.to_string().as_bytes()).unwrap().answer;
        assert_eq!(verdict["reward"], reward, "{reading} {text:?}: {verdict}");
    }
    // What is no critique is not unsaid: the solution behind it is paid, and the trace is not right. Before an answer it does not matter.
    let full = format!(
        "steps 0 to 1: right\nstep 2: wrong, arithmetic: found 1, should be 2\nanswer: wrong, wrong-answer: found 1, should be 2\nthe puzzle is not solved\n{end}"
    );
    for (text, reading, valid, steps) in [
        (format!("{full}\n{trace}"), "trace", true, 0),
        (format!("{full}\n{trace}"), "auto", true, 0),
        (format!("3 + 5 = 9 : 7 9 dead\n{end}\n{trace}"), "trace", false, 1),
        (format!("{full}\n3 + 5 = 9 : 7 9 dead\n{end}\n{trace}"), "trace", false, 1),
        (format!("3 + 5 = 9 : 7 9 dead\n{end}\n{trace}"), "auto", false, 1),
        (format!("I look at it again.\n{end}\n3 * 5 + 7"), "answer", true, 0),
    ] {
        let request =
            json!({"env": "countdown", "puzzle": puzzle, "dialect": "compact", "read": reading, "text": text});
        let verdict = request::check(request.to_string().as_bytes()).unwrap().answer;
        assert_eq!(
            (&verdict["reward"], &verdict["valid"]),
            (&json!(1.0), &json!(valid)),
            "{reading} {text:?}: {verdict}"
        );
        let score = request::score(request.as_object().unwrap(), None, Default::default()).unwrap();
        assert_eq!(score.rollout.wrong_steps, steps, "{reading} {text:?}");
    }
    // Places are those of the whole text.
    let request =
        json!({"env": "countdown", "puzzle": puzzle, "read": "answer", "text": format!("ü {end}\n3 * 5 + 7")});
    let taken = &request::check(request.to_string().as_bytes()).unwrap().answer["taken"];
    assert_eq!((&taken["text"], &taken["span"]), (&json!("3 * 5 + 7"), &json!([59, 68])));
}
