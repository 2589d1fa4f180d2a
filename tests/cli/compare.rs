//! `sos score` of several files: differences puzzle by puzzle, in the order of checkpoints.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::{Place, Ran, feed, json_lines, run};

/// A rollout of the puzzle of a number, as a trace or as an answer alone; with fields that mean nothing here.
fn rollout(puzzle: u64, right: bool, answer: bool) -> Value {
    let text = match (right, answer) {
        (true, false) => format!("3 * 5 = 15 : {puzzle} 15 > #1 {puzzle} + 15 = {0} : {0} goal", puzzle + 15),
        (false, false) => format!("3 + 5 = 8 : {puzzle} 8 > #1 {puzzle} + 8 = {0} : {0} dead", puzzle + 8),
        (true, true) => format!("answer 3 * 5 = 15 , {puzzle} + 15 = {} .", puzzle + 15),
        (false, true) => format!("answer 3 + 5 = 8 , {puzzle} + 8 = {} .", puzzle + 8),
    };
    json!({
        "env": "countdown", "puzzle": {"numbers": [3, 5, puzzle], "target": puzzle + 15}, "dialect": "compact", "text": text,
        "temperature": 0.7, "mine": {"nested": [puzzle]},
    })
}

fn write(place: &Place, name: &str, rows: &[Value]) -> String {
    fs::write(place.path(name), rows.iter().map(|row| format!("{row}\n")).collect::<String>()).unwrap();
    place.name(name)
}

fn compared(files: &[&String], more: &[&str]) -> Value {
    let files: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
    let ran = run(&[&["score", "--json"][..], &files, more].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    json_lines(&ran.out).remove(0)
}

/// Whether each rollout of a puzzle is right: puzzle, right, answer.
type Rollouts = Vec<(u64, bool, bool)>;

/// Rollouts by a rule without pattern.
fn rollouts(seed: u64, puzzles: std::ops::Range<u64>, each: u64) -> Rollouts {
    let rollout = |puzzle: u64, sample: u64| {
        let mixed = (seed * 1_000_003 + puzzle * 8191 + sample * 131).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        (puzzle, !mixed.is_multiple_of(3), mixed.is_multiple_of(5))
    };
    // Passes over the puzzles, one after the other.
    (0..each).flat_map(|sample| puzzles.clone().map(move |puzzle| rollout(puzzle, sample))).collect()
}

fn rows(rollouts: &Rollouts) -> Vec<Value> {
    rollouts.iter().map(|&(puzzle, right, answer)| rollout(puzzle, right, answer)).collect()
}

/// The outcomes of each puzzle.
fn by_puzzle(rollouts: &Rollouts, of: impl Fn(&(u64, bool, bool)) -> Option<bool>) -> BTreeMap<u64, Vec<bool>> {
    let mut by_puzzle: BTreeMap<u64, Vec<bool>> = BTreeMap::new();
    for rollout in rollouts {
        by_puzzle.entry(rollout.0).or_default().extend(of(rollout));
    }
    by_puzzle
}

fn share(outcomes: &[&Vec<bool>]) -> f64 {
    let all: Vec<bool> = outcomes.iter().flat_map(|outcomes| outcomes.iter().copied()).collect();
    all.iter().filter(|right| **right).count() as f64 / all.len() as f64
}

/// The share of pairs of rollouts with a right one.
fn one_of_two(outcomes: &[bool]) -> f64 {
    let places = 0..outcomes.len();
    let pairs: Vec<bool> =
        places.flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| outcomes[a] || outcomes[b]).collect();
    share(&[&pairs])
}

fn close(found: &Value, expected: f64, what: &str) {
    assert!((found.as_f64().unwrap() - expected).abs() < 1e-12, "{what}: {found} {expected}");
}

#[test]
fn differences_are_those_of_a_plain_count() {
    let place = Place::small();
    let (one, two) = (rollouts(1, 4..15, 3), rollouts(2, 2..13, 4));
    let files = [write(&place, "one.jsonl", &rows(&one)), write(&place, "two.jsonl", &rows(&two))];
    let told = compared(&[&files[0], &files[1]], &[]);
    let found = &told["differences"][0];
    assert_eq!((&found["file"], &found["against"], &found["step"]), (&json!(files[1]), &json!(files[0]), &Value::Null));
    // Puzzles 4 to 12 are in both files.
    assert_eq!(found["shared"], 9);
    let (there, here) = (by_puzzle(&one, |rollout| Some(rollout.1)), by_puzzle(&two, |rollout| Some(rollout.1)));
    let shared = || (4..13).map(|puzzle| (&there[&puzzle], &here[&puzzle]));
    let (a, b): (Vec<&Vec<bool>>, Vec<&Vec<bool>>) = shared().unzip();
    close(&found["solved"]["mean"], share(&b) - share(&a), "solved");
    let two_of = |outcomes: &[&Vec<bool>]| outcomes.iter().map(|outcomes| one_of_two(outcomes)).sum::<f64>() / 9.0;
    close(&found["pass_at"]["2"]["mean"], two_of(&b) - two_of(&a), "one of two");
    assert_eq!(found["pass_at"].as_object().unwrap().len(), 2, "{found}");
    let any = |outcomes: &Vec<bool>| outcomes.contains(&true);
    let changed = |from: bool, to: bool| shared().filter(|(a, b)| any(a) == from && any(b) == to).count();
    assert_eq!(found["wrong_to_right"], changed(false, true));
    assert_eq!(found["right_to_wrong"], changed(true, false));
    // Answers, of puzzles that have one in both files.
    let answers = |rollouts| by_puzzle(rollouts, |&(_, right, answer)| answer.then_some(right));
    let (there, here) = (answers(&one), answers(&two));
    let both: Vec<u64> = (4..13).filter(|puzzle| !there[puzzle].is_empty() && !here[puzzle].is_empty()).collect();
    assert!(!both.is_empty());
    let of = |all: &BTreeMap<u64, Vec<bool>>| share(&both.iter().map(|puzzle| &all[puzzle]).collect::<Vec<_>>());
    close(&found["answer_right"]["mean"], of(&here) - of(&there), "answer right");
    // An interval is around its mean, not wider than all that can be, and follows from the seed alone.
    for mean in [&found["solved"], &found["pass_at"]["2"], &found["answer_right"]] {
        let [low, middle, high] = ["low", "mean", "high"].map(|name| mean[name].as_f64().unwrap());
        assert!(-1.0 <= low && low <= middle && middle <= high && high <= 1.0 && low < high, "{mean}");
    }
    assert_eq!(compared(&[&files[0], &files[1]], &["--threads", "1"]), told);
    assert_ne!(compared(&[&files[0], &files[1]], &["--seed", "5"])["differences"], told["differences"]);
    // The totals of each file are those of the file alone.
    for (file, scores) in files.iter().zip(told["files"].as_array().unwrap()) {
        let alone = run(&["score", "--json", file]);
        assert_eq!(json_lines(&alone.out)[0], scores["totals"]);
        assert_eq!((&scores["puzzles"], &scores["rows_without_puzzle"]), (&json!(11), &json!(0)));
    }
    assert_eq!(found["only_here"].as_array().unwrap().len(), 2);
    assert_eq!(found["only_there"].as_array().unwrap().len(), 2);
}

#[test]
fn a_file_differs_from_itself_by_nothing() {
    let place = Place::small();
    let file = write(&place, "one.jsonl", &rows(&rollouts(3, 4..15, 2)));
    let mut turned = rows(&rollouts(3, 4..15, 2));
    turned.reverse();
    let other = write(&place, "two.jsonl", &turned);
    let told = compared(&[&file, &file, &other], &[]);
    let nothing = json!({"mean": 0.0, "low": 0.0, "high": 0.0});
    for found in told["differences"].as_array().unwrap() {
        assert_eq!(found["shared"], 11);
        for difference in [&found["solved"], &found["pass_at"]["1"], &found["pass_at"]["2"], &found["answer_right"]] {
            assert_eq!(*difference, nothing);
        }
        assert_eq!((&found["wrong_to_right"], &found["right_to_wrong"]), (&json!(0), &json!(0)));
        assert_eq!((&found["only_here"], &found["only_there"]), (&json!([]), &json!([])));
    }
}

fn lines(ran: &Ran) -> Vec<&str> {
    ran.out.lines().collect()
}

/// Checkpoints come in the order of their numbers, by name or by the field `step`, behind files without a number.
#[test]
fn checkpoints_make_a_curve() {
    let place = Place::small();
    let rollouts = |right: u64| (4..12).map(|puzzle| rollout(puzzle, puzzle < 4 + right, false)).collect::<Vec<_>>();
    let with_step = |right: u64, step: u64| {
        let mut rows = rollouts(right);
        rows.iter_mut().for_each(|row| row["step"] = step.into());
        rows
    };
    fs::create_dir(place.path("checkpoint-200")).unwrap();
    let files = [
        write(&place, "step-1000.jsonl", &rollouts(8)),
        write(&place, "checkpoint-200/out.jsonl", &rollouts(4)),
        // What rows say goes before the name.
        write(&place, "step-7000.jsonl", &with_step(6, 300)),
        write(&place, "base.jsonl", &rollouts(2)),
    ];
    let told = compared(&files.iter().collect::<Vec<_>>(), &[]);
    let steps: Vec<&Value> = told["files"].as_array().unwrap().iter().map(|file| &file["step"]).collect();
    assert_eq!(json!(steps), json!([null, 200, 300, 1000]));
    let means = |name: &str| {
        let found = told[name].as_array().unwrap().iter();
        found
            .map(|file| file["totals"]["solved"]["mean"].as_f64().or(file["solved"]["mean"].as_f64()))
            .collect::<Vec<_>>()
    };
    assert_eq!(means("files"), [0.25, 0.5, 0.75, 1.0].map(Some));
    assert_eq!(means("differences"), [0.25, 0.5, 0.75].map(Some));
    let page = place.name("page.html");
    let mut arguments = vec!["score", "--html", &page];
    arguments.extend(files.iter().map(String::as_str));
    let ran = run(&arguments);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let lines = lines(&ran);
    assert_eq!(lines.len(), 10, "{}", ran.out);
    let words = |line: &str| line.split_whitespace().skip(1).map(str::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(words(lines[0]), "step rows puzzles solved valid", "{}", ran.out);
    assert_eq!(words(lines[4]), "1000 8 8 100.00 % [100.00, 100.00] 100.00 %", "{}", ran.out);
    assert!(lines[6].starts_with(&format!("against {}", files[3])), "{}", ran.out);
    assert!(words(lines[9]).starts_with("1000 8 +75.00 [+"), "{}", ran.out);
    assert!(words(lines[9]).ends_with(", +100.00] 6 0"), "{}", ran.out);
    assert_eq!(super::view::data(page.as_ref())["stats"], told);
}

#[test]
fn what_is_not_compared_is_named() {
    let place = Place::small();
    let one = write(&place, "one.jsonl", &rows(&rollouts(1, 4..12, 1)));
    let mut other = rows(&rollouts(2, 20..25, 1));
    other.push(json!({"text": "who am I?"}));
    let two = write(&place, "two.jsonl", &other);
    let ran = run(&["score", &one, &two]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    // The last row belongs to the group before it, so it names its puzzle.
    assert!(ran.out.contains(&format!("not compared: 5 puzzles of {two} that {one} does not have: ")), "{}", ran.out);
    assert!(ran.out.contains(&format!("not compared: 8 puzzles of {one} that {two} does not have: ")), "{}", ran.out);
    assert!(lines(&ran)[5].split_whitespace().eq([two.as_str(), "0", "-", "-", "0", "0"]), "{}", ran.out);
    let mut lonely = rows(&rollouts(1, 4..6, 1));
    lonely.push(json!({"group": "mine", "text": "who am I?"}));
    let three = write(&place, "three.jsonl", &lonely);
    let ran = run(&["score", &one, &three]);
    assert!(ran.out.contains(&format!("not compared: 1 rows of {three} that name no puzzle")), "{}", ran.out);
}

/// Rows that name their puzzle by its id, by the puzzle, and in other formats, are those of one puzzle.
#[test]
fn puzzles_are_the_same_however_they_are_named() {
    let place = Place::small();
    place.generated("out", &["--format", "jsonl", "--count", "test=20"]);
    let text = fs::read_to_string(place.path("out/search/test-00000-of-00001.jsonl")).unwrap();
    let rows = json_lines(&text);
    let by_id: Vec<Value> = rows.iter().map(|row| json!({"id": row["id"], "completion": row["completion"]})).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, text.as_bytes()).unwrap();
    fs::write(place.path("whole.jsonl.gz"), gzip.finish().unwrap()).unwrap();
    let (named, whole) = (write(&place, "by-id.jsonl", &by_id), place.name("whole.jsonl.gz"));
    let told = compared(&[&named, &whole], &["--dataset", &place.name("out")]);
    let found = &told["differences"][0];
    assert_eq!(
        (&found["shared"], &found["solved"]["low"], &found["solved"]["high"]),
        (&json!(20), &json!(0.0), &json!(0.0))
    );
    let piped = feed(&["score", "--json", "-", &whole], text.as_bytes());
    let piped = &json_lines(&piped.out)[0];
    assert_eq!(
        (&piped["differences"][0]["shared"], &piped["files"][0]["file"]),
        (&json!(20), &json!("standard input"))
    );
}

#[test]
fn wrong_requests_are_refused() {
    let place = Place::small();
    let good = write(&place, "good.jsonl", &rows(&rollouts(1, 4..6, 1)));
    let bad = write(&place, "bad.jsonl", &[json!({"text": "no puzzle"})]);
    let (good, bad, missing) = (good.as_str(), bad.as_str(), place.name("missing.jsonl"));
    for (arguments, says) in [
        (&[good, &missing][..], "missing.jsonl"),
        (&[good, bad], "none of 1 rows can be read; the first: line 1"),
        (&[bad, good], "none of 1 rows can be read; the first: line 1"),
        (&["--rows", good, good], "--rows: allowed with one file; found several"),
        (&["-", good, "-"], "standard input can be read once; found it twice"),
    ] {
        let ran = feed(&[&["score"][..], arguments].concat(), b"");
        assert_eq!(ran.code, Some(2), "{arguments:?} {}", ran.err);
        assert!(ran.err.contains(says), "{arguments:?} {}", ran.err);
        assert_eq!(ran.out, "", "{arguments:?}");
    }
}
