//! The recipes of the experiments: replay confirms every row of every arm, and the arms of an experiment differ only in what they are meant to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use serde_json::{Map, Value};
use sos_envs::Streams;

use super::recipes::ready;
use stream_of_search::recipe::Recipe;
use stream_of_search::record::{Dataset, WorkerBuffers};
use stream_of_search::request::{self};
use stream_of_search::select::{Rollout, Rule, select};
use stream_of_search::sink::row_json;

/// Rows of each split that the tests look at.
const ROWS: u64 = 40;

type Row = Map<String, Value>;

/// Makes the first rows of every config, by split and config.
struct Rows(Recipe);

impl Rows {
    fn run(self) -> BTreeMap<(String, String), Vec<Row>> {
        let dataset = Dataset::new(self.0).unwrap();
        let mut all = BTreeMap::new();
        for (split, name) in dataset.splits().iter().enumerate() {
            dataset.prepare_split(split).unwrap();
            let (mut batches, mut buffers) = (dataset.batches(), WorkerBuffers::default());
            for index in 0..ROWS {
                dataset.rows(split, index, &mut buffers, &mut batches).unwrap();
            }
            for (config, rows) in dataset.recipe.records.iter().zip(&batches) {
                let rows = (0..rows.len()).map(|row| row_json(rows, row).unwrap()).collect();
                all.insert((name.clone(), config.folder().to_string()), rows);
            }
        }
        all
    }
}

/// The first rows of a recipe of the experiments.
pub fn rows(name: &str) -> BTreeMap<(String, String), Vec<Row>> {
    let text = std::fs::read_to_string(Path::new("recipes/experiments").join(name)).unwrap();
    let recipe = Recipe::from_toml(&text).unwrap();
    Rows(recipe).run()
}

/// One column over all rows of a config in train.
fn column(rows: &BTreeMap<(String, String), Vec<Row>>, config: &str, column: &str) -> Vec<Value> {
    rows[&("train".to_string(), config.to_string())].iter().map(|row| row[column].clone()).collect()
}

#[test]
fn every_row_is_what_it_says() {
    let files = ready(Path::new("recipes/experiments"));
    assert_eq!(files.len(), 24);
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        for ((split, config), rows) in rows(name) {
            for row in rows {
                let checked = request::check_row(row.clone()).unwrap();
                assert!(checked.good, "{name} {split} {config}: {}\n{row:?}", checked.answer);
            }
        }
    }
}

#[test]
fn arms_show_the_same_puzzles() {
    for file in ready(Path::new("recipes/experiments")) {
        let rows = rows(file.file_name().unwrap().to_str().unwrap());
        let mut ids: BTreeMap<&String, Vec<Vec<&Value>>> = BTreeMap::new();
        for ((split, _), rows) in &rows {
            ids.entry(split).or_default().push(rows.iter().map(|row| &row["id"]).collect());
        }
        assert!(ids.values().all(|arms| arms.windows(2).all(|pair| pair[0] == pair[1])), "{}", file.display());
    }
}

#[test]
fn critiques_and_imitation_are_about_the_same_candidates() {
    for environment in ["countdown", "maze", "sudoku"] {
        let rows = rows(&format!("1-critique-{environment}.toml"));
        let candidates = column(&rows, "critique", "candidate");
        for arm in ["critique-noisy", "verdict", "critique-shuffled", "noisy"] {
            assert_eq!(column(&rows, arm, "candidate"), candidates, "{environment} {arm}");
        }
        assert_eq!(column(&rows, "noisy", "completion"), candidates);
        let right = column(&rows, "critique", "candidate_right").into_iter().filter(|right| *right == true).count();
        // 56 of 100 in the long run.
        assert!((12..=34).contains(&right), "{environment}: {right} of 40 are right");
        let noise = column(&rows, "critique-noisy", "noise").into_iter().filter(|noise| *noise != "").count();
        assert!((2..=18).contains(&noise), "{environment}: {noise} of 40 are wrong on purpose");
    }
}

/// The answer is the puzzle's own, whatever happened to the trace before it.
#[test]
fn the_answer_is_right_in_every_arm_of_the_swap() {
    for environment in ["countdown", "maze", "sudoku"] {
        for ((split, config), rows) in rows(&format!("8-swapped-{environment}.toml")) {
            for row in rows {
                let answer = request::check_row(row.clone()).unwrap().answer;
                let solved = answer.get("answer_right").or(answer.get("agrees"));
                assert_eq!(solved, Some(&Value::Bool(true)), "{environment} {split} {config} {row:?}");
            }
        }
    }
}

#[test]
fn a_cue_goes_with_the_label_in_training_and_against_it_in_the_test() {
    let rows = rows("3-criteria-maze.toml");
    let agree = |split: &str| {
        let rows = &rows[&(split.to_string(), "cued".to_string())];
        rows.iter().filter(|row| row["cue"] != row["candidate_right"]).count()
    };
    assert!(agree("train") >= 30 && agree("test") <= 10, "{} {}", agree("train"), agree("test"));
}

#[test]
fn a_minimal_edit_keeps_everything_before_the_first_error() {
    for environment in ["countdown", "maze", "sudoku"] {
        let rows = rows(&format!("6-correction-{environment}.toml"));
        let mut kept = 0;
        for row in &rows[&("train".to_string(), "minimal-edit".to_string())] {
            let turn = |turn: usize| row["messages"][turn]["content"].as_str().unwrap();
            if row["first_right"] == true {
                assert_eq!(turn(1), turn(3));
                assert_eq!(row["edit_distance"], 0);
                continue;
            }
            // A line can tell several events, so up to three events before the error are lost.
            let error = row["first_error_step"].as_u64().unwrap() as usize;
            let shared = turn(1).bytes().zip(turn(3).bytes()).take_while(|(one, other)| one == other).count();
            kept += usize::from(error < 4 || shared > 0);
            assert!(row["edit_distance"].as_u64().unwrap() > 0);
        }
        assert!(kept > 5, "{environment}: {kept}");
    }
}

/// Compares relevance and optimality of steps in mazes with a separate flood fill over the puzzle's walls.
#[test]
fn criteria_agree_with_a_flood_fill() {
    let rows = rows("3-criteria-maze.toml");
    let mut looked_at = 0;
    for row in &rows[&("train".to_string(), "criteria".to_string())] {
        let puzzle: Value = serde_json::from_str(row["puzzle"].as_str().unwrap()).unwrap();
        let cell = |value: &Value| (value[0].as_i64().unwrap(), value[1].as_i64().unwrap());
        let walls: BTreeSet<(i64, i64)> = puzzle["walls"].as_array().unwrap().iter().map(cell).collect();
        let (width, height) = (puzzle["width"].as_i64().unwrap(), puzzle["height"].as_i64().unwrap());
        let free = |(x, y): (i64, i64)| (0..width).contains(&x) && (0..height).contains(&y) && !walls.contains(&(x, y));
        let flood = |from: (i64, i64)| {
            let mut distances = BTreeMap::from([(from, 0)]);
            let mut queue = VecDeque::from([from]);
            while let Some((x, y)) = queue.pop_front() {
                for next in [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)] {
                    if free(next) && !distances.contains_key(&next) {
                        distances.insert(next, distances[&(x, y)] + 1);
                        queue.push_back(next);
                    }
                }
            }
            distances
        };
        let (from_start, to_goal) = (flood(cell(&puzzle["start"])), flood(cell(&puzzle["goal"])));
        let best = to_goal[&cell(&puzzle["start"])];
        // The cells that are created, in order; the start is the first one.
        let text = row["candidate"].as_str().unwrap();
        let words: Vec<&str> = text.split_whitespace().collect();
        let created: Vec<(i64, i64)> = words
            .windows(3)
            .filter(|words| words[0] == "create")
            .map(|words| (words[1].parse().unwrap(), words[2].parse().unwrap()))
            .collect();
        let criteria: Vec<Value> = serde_json::from_str(row["criteria"].as_str().unwrap()).unwrap();
        let generated = criteria.iter().filter(|step| !step["acc"].is_null() && !step["opt"].is_null());
        for (place, (step, cell)) in generated.zip(created.iter().skip(1)).enumerate() {
            if step["acc"] == 0 {
                // All later steps build on the wrong step.
                break;
            }
            let is_new = !created[..=place].contains(cell);
            assert_eq!(step["rel"], u8::from(is_new && to_goal.contains_key(cell)), "{step} {cell:?} {row:?}");
            // A perfect maze has one path to each cell, so the cost of a step is the distance of its cell.
            assert_eq!(step["opt"], u8::from(from_start[cell] + to_goal[cell] == best), "{step} {cell:?}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 200, "{looked_at}");
}

#[test]
fn permuted_copies_show_the_same_candidates() {
    let rows = rows("7-comparison-countdown.toml");
    let sorted = |config: &str| -> Vec<Vec<String>> {
        let texts = |value: Value| {
            let mut texts: Vec<String> = serde_json::from_value(value).unwrap();
            texts.sort();
            texts
        };
        column(&rows, config, "candidates").into_iter().map(texts).collect()
    };
    assert_eq!(sorted("comparison"), sorted("permuted"));
    assert_ne!(column(&rows, "comparison", "candidates"), column(&rows, "permuted", "candidates"));
    // The lone candidate is one of those of its row.
    let all = sorted("comparison");
    assert!(sorted("lone").iter().zip(&all).all(|(lone, all)| lone.len() == 1 && all.contains(&lone[0])));
}

/// The texts of a row, prompts included.
fn texts(row: &Row) -> Vec<&Value> {
    let columns = ["prompt", "completion", "completions", "chosen", "rejected", "messages", "labels", "label"];
    columns.iter().filter_map(|column| row.get(*column)).collect()
}

/// Pairs of arms of a split whose texts are all equal, by name.
fn twins(rows: &BTreeMap<(String, String), Vec<Row>>, split: &str) -> Vec<(String, String)> {
    let arms: Vec<(&String, Vec<Vec<&Value>>)> = rows
        .iter()
        .filter(|((of, _), _)| of == split)
        .map(|((_, config), rows)| (config, rows.iter().map(texts).collect()))
        .collect();
    let pairs =
        arms.iter().enumerate().flat_map(|(place, one)| arms[place + 1..].iter().map(move |other| (one, other)));
    pairs.filter(|(one, other)| one.1 == other.1).map(|(one, other)| (one.0.clone(), other.0.clone())).collect()
}

/// In each of the eight experiments, no two arms have the same texts in all rows.
#[test]
fn no_arm_is_another_one() {
    let mut experiments = BTreeSet::new();
    for file in ready(Path::new("recipes/experiments")) {
        let name = file.file_name().unwrap().to_str().unwrap();
        experiments.insert(name.chars().next());
        let mut rows = rows(name);
        let splits: BTreeSet<String> = rows.keys().map(|(split, _)| split.clone()).collect();
        for split in &splits {
            assert_eq!(twins(&rows, split), [], "{name}, {split}: arms that are one");
        }
        // and a copied arm is detected
        let (split, arm) = rows.keys().next().unwrap().clone();
        let copy = rows[&(split.clone(), arm.clone())].clone();
        rows.insert((split.clone(), "zz-copy".into()), copy);
        assert_eq!(twins(&rows, &split), [(arm, "zz-copy".to_string())]);
    }
    assert_eq!(experiments.len(), 8);
}

/// A swapped trace is the whole trace of another row.
#[test]
fn swapped_rows_hold_whole_traces() {
    for environment in ["countdown", "maze", "sudoku"] {
        for ((split, config), rows) in rows(&format!("8-swapped-{environment}.toml")) {
            for row in rows.iter().filter(|_| config.starts_with("swapped")) {
                let defects = row["defects"].as_str().unwrap();
                assert!(!defects.contains("truncation"), "{environment} {split} {config} {row:?}");
            }
        }
    }
}

/// The filler's token does not reach into the answer, and a loss can skip all of the filler.
#[test]
fn a_filler_can_be_skipped() {
    for environment in ["countdown", "maze", "sudoku"] {
        for row in &rows(&format!("8-swapped-{environment}.toml"))[&("train".to_string(), "filler".to_string())] {
            let (text, token) = (row["completion"].as_str().unwrap(), "<filler>");
            if !text.contains(token) {
                continue;
            }
            let skip: Vec<(usize, usize)> = serde_json::from_str(row["skip_spans"].as_str().unwrap()).unwrap();
            let [(start, end)] = skip[..] else { panic!("{skip:?}") };
            assert!(text[start..end].starts_with(token) && text[start..end].ends_with(token), "{row:?}");
            assert!(!text[..start].contains(token) && !text[end..].contains(token), "{row:?}");
            assert!(text[end..].trim().len() > 1, "the answer is skipped too: {row:?}");
        }
    }
}

/// Experiment 4 can be run to its end: groups have right and wrong trajectories, right ones have wrong steps, and the rule keeps half of them.
#[test]
fn groups_have_something_to_choose_from() {
    for environment in ["countdown", "maze", "sudoku"] {
        let rows = rows(&format!("4-groups-{environment}.toml"));
        let list = |row: &Row, column: &str| -> Vec<u64> { serde_json::from_value(row[column].clone()).unwrap() };
        let (mut all, mut right, mut dirty, mut mixed, mut kept) = (0, 0, 0, 0, 0);
        let groups = &rows[&("train".to_string(), "group".to_string())];
        for (place, row) in (0..).zip(groups) {
            let (rewards, wrong, steps) = (list(row, "rewards"), list(row, "wrong_steps"), list(row, "steps"));
            let (claims, lengths, valid) = (list(row, "goal_claims"), list(row, "lengths"), list(row, "valid"));
            let rollouts: Vec<Rollout> = (0..rewards.len())
                .map(|at| Rollout {
                    readable: true,
                    solved: rewards[at] == 1,
                    reward: rewards[at] == 1,
                    valid: valid[at] == 1,
                    steps: steps[at],
                    wrong_steps: wrong[at],
                    claims: claims[at],
                    length: lengths[at],
                    ..Rollout::default()
                })
                .collect();
            all += rewards.len();
            right += rewards.iter().filter(|reward| **reward == 1).count();
            dirty += rewards.iter().zip(&wrong).filter(|(reward, wrong)| **reward == 1 && **wrong > 0).count();
            mixed += usize::from(rewards.contains(&0) && rewards.contains(&1));
            let rule = Rule::Roc { keep: 8, soft: false, least: 2 };
            let chosen = select(rule, None, &rollouts, &mut Streams::new(0, "select", "").at(place));
            kept += chosen.iter().filter(|choice| choice.kept).count();
        }
        let say =
            format!("{environment}: {right} of {all} right, {dirty} of these dirty, {mixed} mixed groups, {kept} kept");
        eprintln!("{say}");
        assert!((0.3..0.7).contains(&(right as f64 / all as f64)), "{say}");
        assert!(
            dirty * 20 > right && mixed * 10 >= groups.len() * 8 && kept * 10 >= all * 4 && kept * 2 <= all,
            "{say}"
        );
    }
}
