//! Prompts for models that speak: they tell the whole puzzle and nothing of its answer, in every environment and wording, and the records that have them say so.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sos_envs::Draw;
use sos_envs::instruct::PHRASINGS;

use super::prompts::{RARE, json as shown, mutant, some};
use super::recipes::{SMALL, changed};
use stream_of_search::arena::{Family, Puzzle, environments};
use stream_of_search::dialect::instruct::{Instruct, shows};
use stream_of_search::recipe::Recipe;
use stream_of_search::record::{Dataset, WorkerBuffers};
use stream_of_search::request;
use stream_of_search::sink::row_json;

/// Number of wordings of the default style.
const WORDINGS: u32 = 9;

/// A template with all that a person might write around a puzzle, and the words of a puzzle too.
const TEMPLATE: &str =
    "Start: here\nGoal: solve it, {not} so.\n\n{form}\n{puzzle}\nRead {rules} Then put it into \\boxed{}.\nGoal: none";

fn styles() -> [Instruct; 2] {
    [Instruct::default(), Instruct::by(TEMPLATE).unwrap()]
}

/// Puzzles of the levels, and rare ones.
fn puzzles(family: &'static dyn Family, count: usize) -> Vec<Puzzle> {
    let rare = RARE.iter().filter(|(name, _)| *name == family.about().name);
    let rare = rare.map(|(_, puzzle)| family.read_json(&serde_json::from_str(puzzle).unwrap()).unwrap());
    some(family, 11, count).into_iter().chain(rare).collect()
}

#[test]
fn every_wording_of_every_puzzle_is_read_back() {
    for &family in environments() {
        let name = family.about().name;
        for puzzle in puzzles(family, 4) {
            for style in styles() {
                for word in 0..WORDINGS {
                    let text = style.write(&puzzle, word);
                    let read = style.read(family, &format!("{} \r\n", text.replace('\n', "\r\n")));
                    let read = read.unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
                    assert_eq!(shown(&read), shown(&puzzle), "{name}\n{text}");
                    assert_eq!(read.id(), puzzle.id(), "{name}");
                    assert!(shows(&text, &puzzle), "{name}\n{text}");
                }
            }
        }
    }
}

/// The rules of all puzzles of an environment are worded in several ways, and no text has a place that was not filled.
#[test]
fn wordings_differ_and_are_whole() {
    for &family in environments() {
        let name = family.about().name;
        let puzzle = &some(family, 3, 1)[0];
        let mut rules = puzzle.instructions().rules.to_vec();
        rules.sort();
        rules.dedup();
        assert_eq!(rules.len(), PHRASINGS, "{name}");
        for word in 0..WORDINGS {
            let text = Instruct::default().write(puzzle, word);
            assert!(!text.contains('{') && !text.contains("  \n") && text.contains("<answer>"), "{name}\n{text}");
            assert!(text.contains("If there is no solution, the answer is: no solution."), "{name}\n{text}");
        }
        for text in rules.iter().chain([&puzzle.instructions().form]) {
            assert!(text.ends_with('.') && !text.contains("  ") && !text.contains(". ."), "{name}: {text}");
        }
    }
}

/// The example at the end of the form of answers.
fn example(puzzle: &Puzzle) -> String {
    let form = puzzle.instructions().form;
    form.trim_end_matches('.').rsplit_once(": ").map_or("", |(_, example)| example).to_string()
}

/// The example of an answer shows a form that is read, and never the answer.
#[test]
fn no_example_is_an_answer() {
    let (mut read, mut answers) = (BTreeSet::new(), Vec::new());
    for &family in environments() {
        for puzzle in puzzles(family, 10) {
            let Ok(Some(moves)) = puzzle.read_plain_answer(&example(&puzzle)) else { continue };
            read.insert(family.about().name);
            let next = |state, action: &_| puzzle.apply(state, *action).map(|step| step.1);
            let end = moves.iter().try_fold(puzzle.start(), next);
            let solves = end.is_some_and(|state| puzzle.is_goal(state));
            if solves && !puzzle.is_goal(puzzle.start()) {
                answers.push(Instruct::default().write(&puzzle, 0));
            }
        }
    }
    assert!(answers.is_empty(), "{}", answers.join("\n\n"));
    // Others show a part of an answer, or what is legal in other puzzles only.
    assert!(read.len() > 10, "{read:?}");
}

/// A solution of each puzzle, as answers are written, is right behind the prompt that asks for it; that of another puzzle is not read from the prompt.
#[test]
fn a_row_with_a_completion_is_judged_by_its_answer() {
    let dataset = dataset(&recipe("", "[[records]]\nkind = \"rl\"\n"));
    let family = super::family("countdown");
    for index in 0..10 {
        let [rl] = &rows(&dataset, index)[..] else { panic!() };
        let puzzle = family.read_json(&serde_json::from_str(rl["puzzle"].as_str().unwrap()).unwrap()).unwrap();
        let facts = puzzle.solver_facts();
        let moves = stream_of_search::record::solution(&puzzle, &facts, 0, None).unwrap();
        let mut answer = Vec::new();
        puzzle.write_plain_answer(&moves, &mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let ask = |completion: String| {
            let mut row = rl.clone();
            row.insert("completion".into(), completion.into());
            request::check_row(row).unwrap().answer["solved"] == true
        };
        assert!(ask(format!("Let me see. <answer>{answer}</answer>")), "{answer}");
        assert!(!ask("<answer>no solution</answer>".into()));
        // The prompt itself, given back, is no answer.
        assert!(!ask(rl["prompt"][0]["content"].as_str().unwrap().into()));
    }
}

/// Texts with a few wrong bytes: no panic, and what is read is what the text tells.
#[test]
fn a_changed_prompt_is_no_other_puzzle() {
    let (mut read, mut all) = (0, 0);
    for &family in environments() {
        let mut draw = Draw::new(19, family.about().name);
        for puzzle in some(family, 6, 1).iter().take(2) {
            for style in styles() {
                let prompt = style.write(puzzle, 4);
                for _ in 0..60 {
                    let text = mutant(prompt.as_bytes(), &mut draw);
                    let text = String::from_utf8_lossy(&text);
                    all += 1;
                    let Ok(found) = style.read(family, &text) else { continue };
                    read += 1;
                    let same = |text: &str| text.split_whitespace().collect::<String>();
                    let again = (0..WORDINGS).any(|word| same(&style.write(&found, word)) == same(&text));
                    assert!(again, "{text}");
                }
            }
        }
    }
    assert!(read * 2 < all && read > 0, "{read} of {all} are read");
}

type Row = Map<String, Value>;

const RECORDS: &str = "[[records]]\nkind = \"messages\"\n[[records]]\nkind = \"rl\"\n";

/// [`SMALL`] with other records, and with lines before its tables.
fn recipe(head: &str, records: &str) -> String {
    let (tables, _) = SMALL.split_once("[[records]]").unwrap();
    let tables = changed(tables, &[("rows = 300", "rows = 30")]);
    format!("{head}\n{tables}\n{records}")
}

fn dataset(text: &str) -> Dataset {
    let dataset = Dataset::new(Recipe::from_toml(text).unwrap_or_else(|error| panic!("{error}"))).unwrap();
    dataset.prepare().unwrap();
    dataset
}

/// The rows of an index in the second split.
fn rows(dataset: &Dataset, index: u64) -> Vec<Row> {
    let mut batches = dataset.batches();
    dataset.rows(0, index, &mut WorkerBuffers::default(), &mut batches).unwrap();
    batches.iter().map(|rows| row_json(rows, 0).unwrap()).collect()
}

#[test]
fn rows_have_the_prompt_and_what_a_reward_needs() {
    let text = recipe("prompt = \"instruct\"", RECORDS);
    let dataset = dataset(&text);
    let family = super::family("countdown");
    let mut wordings = BTreeSet::new();
    for index in 0..20 {
        let [messages, rl] = &rows(&dataset, index)[..] else { panic!() };
        let asked = rl["prompt"][0]["content"].as_str().unwrap();
        assert_eq!(rl["prompt"], json!([{"role": "user", "content": asked}]));
        assert_eq!(messages["messages"][0], rl["prompt"][0]);
        assert_eq!(messages["messages"].as_array().unwrap().len(), 2);
        let puzzle = Instruct::default().read(family, asked).unwrap();
        assert_eq!(shown(&puzzle), rl["puzzle"].as_str().unwrap());
        assert_eq!((&rl["id"], &rl["env"], &rl["read"]), (&messages["id"], &"countdown".into(), &"answer".into()));
        let facts = puzzle.solver_facts();
        assert_eq!((&rl["optimal_cost"], &rl["difficulty"]), (&json!(facts.optimal_cost), &json!(facts.difficulty)));
        assert_eq!(rl["tokens"], asked.split_whitespace().count());
        let truth: Value = serde_json::from_str(rl["reward_model"]["ground_truth"].as_str().unwrap()).unwrap();
        let puzzle: Value = serde_json::from_str(rl["puzzle"].as_str().unwrap()).unwrap();
        assert_eq!(truth, json!({"env": "countdown", "read": "answer", "puzzle": puzzle}));
        assert_eq!(rl["reward_model"]["style"], "rule");
        // Names that trainers give a meaning of their own.
        for taken in ["completion", "completions", "completion_ids", "messages", "labels", "input_ids", "images"] {
            assert!(!rl.contains_key(taken), "{taken}");
        }
        wordings.insert(asked.split('\n').next().unwrap().to_string());
        for row in [messages, rl] {
            let checked = request::check_row(row.clone()).unwrap();
            assert!(checked.good, "{}", checked.answer);
        }
    }
    assert_eq!(wordings.len(), PHRASINGS);
    // The same turns without `prompt`, where the dialect tells the puzzle.
    let plain = rows(&self::dataset(&recipe("", RECORDS)), 3);
    assert!(plain[0]["messages"][0]["content"].as_str().unwrap().starts_with("Current State: "));
    assert_eq!(plain[1]["prompt"], rows(&dataset, 3)[1]["prompt"]);
}

#[test]
fn a_row_with_another_prompt_is_found_out() {
    let dataset = dataset(&recipe("prompt = \"instruct\"", RECORDS));
    let [messages, rl] = &rows(&dataset, 1)[..] else { panic!() };
    let other = rows(&dataset, 2).remove(1);
    let wrong = |column: &str, row: &Row, value: Value| {
        let mut row = row.clone();
        row.insert(column.into(), value);
        request::check_row(row).is_ok_and(|checked| checked.good)
    };
    assert!(!wrong("prompt", rl, other["prompt"].clone()));
    assert!(!wrong("prompt", rl, json!([])));
    assert!(!wrong("prompt", rl, json!([{"role": "user", "content": "Hello."}])));
    assert!(!wrong("prompt", rl, json!([rl["prompt"][0], {"role": "assistant", "content": "no solution"}])));
    assert!(!wrong("read", rl, "trace".into()));
    assert!(!wrong("data_source", rl, "maze".into()));
    assert!(!wrong("reward_model", rl, other["reward_model"].clone()));
    assert!(!wrong("solved", rl, true.into()));
    assert!(!wrong("tokens", rl, 3.into()));
    assert!(!wrong("messages", messages, json!([other["prompt"][0], messages["messages"][1]])));
}

#[test]
fn system_text_and_template_are_the_recipes() {
    let head = r#"[prompt]
style = "instruct"
system = "You solve puzzles."
template = """{puzzle}
{rules} {form} Put it into \\boxed{}."""
"#;
    // Tables come behind the settings at the top.
    let text = recipe("", &format!("{head}{RECORDS}"));
    let dataset = dataset(&text);
    assert_eq!(Recipe::from_toml(&dataset.recipe.to_toml()).unwrap(), dataset.recipe);
    let [messages, rl] = &rows(&dataset, 5)[..] else { panic!() };
    assert_eq!(rl["prompt"][0], json!({"role": "system", "content": "You solve puzzles."}));
    let asked = rl["prompt"][1]["content"].as_str().unwrap();
    assert!(asked.starts_with("Numbers: ") && asked.ends_with("no solution. Put it into \\boxed{}."), "{asked}");
    let roles: Vec<&Value> = messages["messages"].as_array().unwrap().iter().map(|turn| &turn["role"]).collect();
    assert_eq!(roles, ["system", "user", "assistant"]);
    for row in [messages, rl] {
        assert!(request::check_row(row.clone()).unwrap().good);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |head: &str, records: &str| match Recipe::from_toml(&recipe(head, records)) {
        Err(error) => error.to_string(),
        Ok(recipe) => Dataset::new(recipe).err().map(|error| error.to_string()).unwrap_or_default(),
    };
    let search = "[[records]]\nkind = \"search\"\n";
    let said = "prompt: found \"instruct\"; allowed: no `prompt`, or a record that has it: messages, rl";
    assert_eq!(refused("prompt = \"instruct\"", search), said);
    let said = "prompt.style: found \"instuct\"; allowed: instruct; did you mean \"instruct\"?";
    assert_eq!(refused("prompt = \"instuct\"", RECORDS), said);
    assert!(refused("prompt = 3", RECORDS).contains("prompt: found 3; allowed: \"instruct\", or a table"));
    assert!(refused("prompt = { style = \"instruct\", tag = 1 }", RECORDS).contains("unknown field `tag`"));
    let said =
        "prompt.template: found a text with 0 times {puzzle}; allowed: a text with {puzzle} once, on a line of its own";
    assert_eq!(refused("prompt = { style = \"instruct\", template = \"Solve it.\" }", RECORDS), said);
    let said = "records.rl.count: found a value; allowed: none: a record of the kind \"rl\" does not use it; remove it";
    assert!(refused("", "[[records]]\nkind = \"rl\"\ncount = 3\n").ends_with(said));
}

/// A request may give the prompt in the place of the puzzle, as text or as a conversation.
#[test]
fn requests_read_the_prompts() {
    let family = super::family("maze");
    let puzzle = json!({"width": 3, "height": 2, "start": [0, 0], "goal": [2, 0], "walls": [[1, 0]]});
    let text = Instruct::default().write(&family.read_json(&puzzle).unwrap(), 7);
    let steps = "down: (0, 1)";
    let ask = |prompt: Value| {
        let request = json!({"env": "maze", "dialect": "compact", "prompt": prompt, "text": steps});
        request::check(request.to_string().as_bytes()).map(|checked| checked.answer)
    };
    let by_puzzle = json!({"env": "maze", "dialect": "compact", "puzzle": puzzle, "text": steps});
    let by_puzzle = request::check(by_puzzle.to_string().as_bytes()).unwrap().answer;
    assert_eq!(ask(text.clone().into()).unwrap(), by_puzzle);
    assert_eq!(ask(json!([{"role": "system", "content": "?"}, {"role": "user", "content": text}])).unwrap(), by_puzzle);
    let error = ask(text.replace("S#G", "S#X").into()).unwrap_err().to_string();
    assert!(error.contains("prompt") && error.contains("found"), "{error}");
    assert!(ask(json!([])).unwrap_err().to_string().contains("a list without a last turn"));
}
