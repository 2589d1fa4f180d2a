//! A text gets the same verdict however it is passed: in `check`, `score` and `select star`, in every environment and every dialect that fits it.

use serde_json::{Map, Value, json};
use sos_envs::Draw;

use stream_of_search::answer::Reading;
use stream_of_search::arena::{Family, environments};
use stream_of_search::dialect::{DialectEntry, dialects};
use stream_of_search::recipe::Recipe;
use stream_of_search::record::{Dataset, WorkerBuffers};
use stream_of_search::request;
use stream_of_search::search::SEARCHES;
use stream_of_search::select::{Rule, select};
use stream_of_search::sink::row_json;

type Row = Map<String, Value>;

/// Rows of each dialect.
const ROWS: u64 = 2;

/// A search that fits the environment and whose traces the dialect can tell.
fn search(dialect: &DialectEntry) -> Option<Value> {
    let fits = |name: &str| {
        let entry = SEARCHES.into_iter().find(|entry| entry.name == name)?;
        (entry.fits(dialect.about).is_ok() && dialect.tells(name)).then_some(entry)
    };
    let entry = ["dfs", "bfs", "astar", "hill-climbing", "uniform-cost"].into_iter().find_map(fits)?;
    let mut config = json!({"kind": entry.name, "max_nodes": 30});
    if entry.settings().contains(&("heuristic", true)) {
        config["heuristic"] = dialect.about.heuristics[0].name.into();
    }
    Some(config)
}

/// Rows of the easiest puzzles in a dialect, with an answer section or without.
fn rows(family: &'static dyn Family, dialect: &DialectEntry, answer: bool) -> Vec<Row> {
    let Some(search) = search(dialect) else { panic!("{} in {}: no search", family.about().name, dialect.name) };
    let recipe = json!({
        "name": "ways", "seed": 5, "dialect": dialect.name, "answer": answer,
        "environment": {"name": family.about().name, "level": "easy"},
        "searches": [search], "splits": {"train": {"rows": ROWS}}, "records": [{"kind": "search"}],
    });
    let text = toml::to_string(&recipe).unwrap();
    let dataset = Dataset::new(Recipe::from_toml(&text).unwrap()).unwrap();
    dataset.prepare_split(0).unwrap();
    let (mut batches, mut buffers) = (dataset.batches(), WorkerBuffers::default());
    for index in 0..ROWS {
        dataset.rows(0, index, &mut buffers, &mut batches).unwrap();
    }
    (0..batches[0].len()).map(|row| row_json(&batches[0], row).unwrap()).collect()
}

/// The row with one wrong character in its text: a digit, or else a letter.
fn corrupted(row: &Row, draw: &mut Draw) -> Row {
    let mut text = row["completion"].as_str().unwrap().to_string().into_bytes();
    let of_kind = |test: fn(&u8) -> bool| (0..text.len()).filter(|&at| test(&text[at])).collect::<Vec<_>>();
    let digits = of_kind(u8::is_ascii_digit);
    let places = if digits.is_empty() { of_kind(u8::is_ascii_alphanumeric) } else { digits };
    if let Some(&at) = draw.choose(&places) {
        text[at] = match text[at] {
            b'9' => b'1',
            b'z' => b'a',
            b'Z' => b'A',
            byte => byte + 1,
        };
    }
    let mut row = row.clone();
    row.insert("completion".into(), String::from_utf8(text).unwrap().into());
    row
}

/// All ways to pass the text of a row.
fn ways(row: &Row, dialect: &DialectEntry) -> Vec<(&'static str, Row)> {
    let (prompt, completion) = (row["prompt"].as_str().unwrap(), row["completion"].as_str().unwrap());
    let columns = |names: &[&str]| -> Row { names.iter().map(|name| (name.to_string(), row[*name].clone())).collect() };
    let with = |names: &[&str], more: Value| -> Row {
        let mut object = columns(&["env", "dialect"]);
        object.extend(columns(names));
        object.extend(more.as_object().unwrap().clone());
        object
    };
    let bare = prompt.trim_end();
    let joined = format!("{bare}{}{completion}", dialect.separator);
    let mut ways = vec![
        ("a row of ours", row.clone()),
        ("puzzle and completion", with(&["puzzle", "completion"], json!({}))),
        // the row that a look-up in a dataset makes from `id` and `completion`
        ("id and completion", with(&["id", "puzzle", "completion"], json!({}))),
        ("prompt, puzzle and completion", with(&["prompt", "puzzle", "completion"], json!({}))),
        ("puzzle and text", with(&["puzzle"], json!({"text": completion}))),
        ("puzzle and text with its prompt", with(&["puzzle"], json!({"text": format!("{prompt}{completion}")}))),
        ("puzzle and text behind the bare prompt", with(&["puzzle"], json!({"text": joined}))),
        ("puzzle and text in wrappers", with(&["puzzle"], json!({"text": format!("<s>\n{completion}</s>")}))),
        (
            "puzzle and all in wrappers",
            with(&["puzzle"], json!({"text": format!("<s>{bare}\n<think>\n{completion}</s>")})),
        ),
        ("prompt and completion", with(&["prompt", "completion"], json!({}))),
        ("bare prompt and completion", with(&["completion"], json!({"prompt": bare}))),
        ("prompt and text", with(&["prompt"], json!({"text": completion}))),
        ("prompt and the text with it", with(&["prompt"], json!({"text": format!("{prompt}{completion}")}))),
        ("prompt in wrappers", with(&["completion"], json!({"prompt": format!("<s>{bare}</s>\n")}))),
        (
            "prompt in words of a chat",
            with(&["completion"], json!({"prompt": format!("<|im_start|>\r\n{bare} <|im_end|>\n<think>\n")})),
        ),
        (
            "prompt in a fence, and puzzle",
            with(&["puzzle", "completion"], json!({"prompt": format!("```\n{bare}\n```\n")})),
        ),
    ];
    // Some texts begin with the last line of the prompt, which names the start.
    let last = bare.rsplit('\n').next().unwrap_or_default();
    if !dialect.opening.is_empty() && last.starts_with(dialect.opening) {
        let again = format!("{last}{}{completion}", dialect.separator);
        ways.extend([
            ("puzzle and the first line with the text", with(&["puzzle"], json!({"text": again}))),
            ("puzzle and the first line with the completion", with(&["puzzle"], json!({"completion": again}))),
            ("prompt and the first line with the completion", with(&["prompt"], json!({"completion": again}))),
            ("prompt and the first line with the text", with(&["prompt"], json!({"text": again}))),
        ]);
    }
    // If a prompt does not tell all of the puzzle, it can also be the prompt of another one.
    if dialect.untold(crate::family(dialect.about.name)).is_some() {
        ways.retain(|(_, way)| way.contains_key("puzzle"));
    }
    ways
}

/// The verdict on a text: valid, solved, reward of 1, class of the first error.
fn checked(way: &Row) -> Value {
    let answer = request::check_row(way.clone()).map(|checked| checked.answer);
    let answer = answer.unwrap_or_else(|error| panic!("{error}: {way:?}"));
    json!([answer["valid"], answer["solved"], answer["reward"] == 1.0, answer["first_error"]["class"]])
}

fn scored(way: &Row) -> (Value, bool) {
    let scored = request::score(way, None, Reading::Trace).unwrap_or_else(|error| panic!("{error}: {way:?}"));
    let rollout = &scored.rollout;
    let kept = select(Rule::Star, None, std::slice::from_ref(rollout), &mut Draw::new(0, "select"))[0].kept;
    (json!([rollout.valid, rollout.solved, rollout.reward, scored.first_error]), kept)
}

#[derive(Default)]
struct Each {
    rows: u64,
    valid: u64,
    solved: u64,
    differ: Vec<String>,
}

impl Each {
    fn row(&mut self, row: &Row, dialect: &DialectEntry) {
        let ways = ways(row, dialect);
        let right = checked(&ways[0].1);
        self.rows += 1;
        self.valid += u64::from(right[0] == true);
        self.solved += u64::from(right[1] == true);
        for (name, way) in &ways {
            let (score, kept) = scored(way);
            let found = [checked(way), score, json!(kept)];
            if found != [right.clone(), right.clone(), right[2].clone()] {
                let env = row["env"].as_str().unwrap();
                self.differ.push(format!("{env}, {}, {name}: {found:?}, not {right}\n{way:?}", dialect.name));
            }
        }
    }
}

impl Each {
    fn visit(&mut self, family: &'static dyn Family) {
        let mut draw = Draw::new(7, family.about().name);
        for (place, dialect) in dialects(family.about()).into_iter().enumerate() {
            let rows = rows(family, &dialect, place % 2 == 0);
            rows.iter().for_each(|row| self.row(row, &dialect));
            self.row(&corrupted(&rows[0], &mut draw), &dialect);
        }
    }
}

#[test]
fn every_way_to_hand_over_a_text_gives_the_same_verdict() {
    let mut each = Each::default();
    environments().iter().for_each(|&family| each.visit(family));
    assert!(
        each.differ.is_empty(),
        "{} differ, as\n{}",
        each.differ.len(),
        each.differ[..each.differ.len().min(12)].join("\n")
    );
    let Each { rows, valid, solved, .. } = each;
    assert!(valid * 2 > rows && solved * 3 > rows && valid < rows, "{rows} rows, {valid} valid, {solved} solved");
}
