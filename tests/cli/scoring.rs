//! `sos score` and `sos select`: every row comes back, whatever it holds, and its numbers are those of its text.

use serde_json::{Value, json};

use super::{feed, json_lines};

const RIGHT: &str = "3 * 5 = 15 : 7 15 > #1 7 + 15 = 22 : 22 goal";
const WRONG: &str = "3 + 5 = 8 : 7 8 > #1 7 + 8 = 15 : 15 dead";
const DIRTY: &str = "3 + 7 = 11 : 5 11 #1 3 * 5 = 15 : 7 15 > #2 7 + 15 = 22 : 22 goal";

fn row(text: &str, more: Value) -> Value {
    let mut row =
        json!({"env": "countdown", "puzzle": {"numbers": [3, 5, 7], "target": 22}, "dialect": "compact", "text": text});
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

fn lines(rows: &[Value]) -> Vec<u8> {
    rows.iter().map(|row| format!("{row}\n")).collect::<String>().into_bytes()
}

fn kept(out: &str) -> Vec<bool> {
    json_lines(out).iter().map(|row| row["kept"].as_bool().unwrap()).collect()
}

#[test]
fn the_documented_selection() {
    let rows: Vec<Value> = [RIGHT, WRONG, DIRTY, WRONG].map(|text| row(text, json!({"sample": 7}))).to_vec();
    let ran = feed(&["select", "roc", "--keep", "2", "--least", "0"], &lines(&rows));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(kept(&ran.out), [true, true, false, false]);
    let found = json_lines(&ran.out);
    let numbers: Vec<Value> =
        found.iter().map(|row| json!([row["steps"], row["wrong_steps"], row["claims"], row["penalty"]])).collect();
    assert_eq!(numbers, [json!([4, 0, 1, 0.0]), json!([4, 0, 0, 1.0]), json!([5, 1, 1, 0.2]), json!([4, 0, 0, 1.0])]);
    // the columns of the input stay
    assert!(
        found.iter().zip(&rows).all(|(found, row)| row
            .as_object()
            .unwrap()
            .iter()
            .all(|(name, value)| found[name] == *value))
    );
    assert!(
        ran.err.contains("1 groups, 4 rows: 2 kept, 2 not") && ran.err.contains("others are cleaner"),
        "{}",
        ran.err
    );
    let only = feed(&["select", "roc", "--keep", "2", "--least", "0", "--kept-only"], &lines(&rows));
    assert_eq!(kept(&only.out), [true, true]);
    let inverted = feed(&["select", "roc", "--keep", "2", "--least", "0", "--control", "inverted"], &lines(&rows));
    assert_eq!(kept(&inverted.out), [false, true, true, false]);
}

#[test]
fn star_cuts_behind_the_first_goal() {
    let on = format!("{RIGHT} > #1 7 - 15 = 8 : 8 dead");
    let rows = [row(&on, json!({})), row(RIGHT, json!({})), row(WRONG, json!({}))];
    let ran = feed(&["select", "star"], &lines(&rows));
    assert_eq!(kept(&ran.out), [true, true, false]);
    let found = json_lines(&ran.out);
    assert_eq!((&found[0]["text"], &found[0]["cut"]), (&json!(RIGHT), &json!(on.len() - RIGHT.len())));
    assert_eq!((&found[1]["text"], &found[1]["cut"]), (&json!(RIGHT), &Value::Null));
    assert_eq!(found[2]["text"], WRONG);
    // with prompt and completion; the answer section stays
    let answered =
        json!({"prompt": "start 3 5 7 target 22 ", "completion": format!("{on} answer 3 * 5 = 15 , 7 + 15 = 22 .")});
    let mut with_prompt = row("", answered);
    with_prompt.as_object_mut().unwrap().remove("text");
    let ran = feed(&["select", "star"], &lines(&[with_prompt]));
    let found = &json_lines(&ran.out)[0];
    assert_eq!(found["completion"], format!("{RIGHT} answer 3 * 5 = 15 , 7 + 15 = 22 ."), "{found}");
}

#[test]
fn groups_are_the_rows_of_a_puzzle() {
    let other = json!({"puzzle": {"numbers": [5, 3, 7], "target": 22}});
    // the same puzzle with its numbers in another order is in the same group; another target is not
    let rows =
        [row(WRONG, json!({})), row(RIGHT, other), row(RIGHT, json!({"puzzle": {"numbers": [3, 5, 7], "target": 21}}))];
    let ran = feed(&["select", "best"], &lines(&rows));
    assert_eq!(kept(&ran.out), [false, true, true]);
    let ran = feed(
        &["select", "best"],
        &lines(&[row(RIGHT, json!({"group": 1})), row(WRONG, json!({"group": 2})), row(DIRTY, json!({"group": 2}))]),
    );
    assert_eq!(kept(&ran.out), [true, false, true]);
}

/// Several passes over a test set give several rollouts of each puzzle.
#[test]
fn rows_of_a_puzzle_belong_together_wherever_they_stand() {
    let puzzle = |target: u64| json!({"puzzle": {"numbers": [3, 5, 7], "target": target}});
    let rows: Vec<Value> = [(WRONG, 22), (WRONG, 21), (RIGHT, 22), (WRONG, 21), (DIRTY, 22)]
        .map(|(text, to)| row(text, puzzle(to)))
        .into();
    let ran = feed(&["score"], &lines(&rows));
    assert!(ran.out.starts_with("5 rows in 2 groups (1 of 2, 1 of 3); "), "{}", ran.out);
    let totals = &json_lines(&feed(&["score", "--json"], &lines(&rows)).out)[0];
    assert_eq!(totals["group_sizes"], json!({"2": 1, "3": 1}));
    // of two rollouts of the first puzzle, which has two right ones of three, one at least is right
    assert_eq!(totals["pass_at"]["2"]["mean"], 0.5);
    // a rule looks at the whole group, and its rows come out together, in the order of the file
    let ran = feed(&["select", "best"], &lines(&rows));
    let found: Vec<Value> =
        json_lines(&ran.out).iter().map(|row| json!([row["puzzle"]["target"], row["kept"]])).collect();
    assert_eq!(json!(found), json!([[22, false], [22, true], [22, false], [21, true], [21, false]]));
    assert!(ran.err.contains("2 groups, 5 rows: 2 kept, 3 not"), "{}", ran.err);
}

/// A row without a trace counts in its own column. Its answer does not make a trace right.
#[test]
fn rows_without_a_trace_have_a_column_of_their_own() {
    let rows = ["answer 3 + 5 = 8 , 7 + 8 = 15 .", "answer 3 * 5 = 15 , 7 + 15 = 22 .", WRONG];
    let rows: Vec<Value> = rows.map(|text| row(text, json!({}))).into();
    let ran = feed(&["score"], &lines(&rows));
    assert!(ran.out.contains("plan right                          0            0            1"), "{}", ran.out);
    assert!(ran.out.contains("plan wrong                          1            0            1"), "{}", ran.out);
    let found: Vec<Value> = json_lines(&feed(&["score", "--rows"], &lines(&rows)).out);
    assert_eq!(
        found.iter().map(|row| &row["trace_valid"]).collect::<Vec<_>>(),
        [&Value::Null, &Value::Null, &json!(true)]
    );
}

/// Bad rows (cut off, empty, not UTF-8, ten megabytes, an unknown environment) come back as rows, counted by what is wrong.
#[test]
fn dirty_input_is_counted_and_never_fatal() {
    let mut input = lines(&[
        row(RIGHT, json!({})),
        row("", json!({})),
        row("7 7 7", json!({})),
        row("x", json!({"env": "nowhere"})),
    ]);
    input.extend_from_slice(b"{\"env\":\"countdown\",\"puz\n\xff\xfe\n\n[1,2]\n");
    input.extend(lines(&[row(&"3 + ".repeat(2_500_000), json!({})), row(RIGHT, json!({}))]));
    for rule in ["roc", "star", "shortest", "best"] {
        let ran = feed(&["select", rule], &input);
        assert_eq!((ran.code, json_lines(&ran.out).len()), (Some(0), 9), "{}", ran.err);
        let found = json_lines(&ran.out);
        let errors: Vec<&Value> =
            found.iter().map(|row| &row["error"]["field"]).filter(|field| !field.is_null()).collect();
        assert_eq!(errors, ["env", "line", "line", "line"]);
        assert_eq!(found[4]["error"]["line"], 5);
        assert!(found.iter().all(|row| row["error"].is_null() || row["kept"] == false));
    }
    let ran = feed(&["score", "--json"], &input);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let totals = &json_lines(&ran.out)[0];
    assert_eq!((&totals["rows"], &totals["groups"]), (&json!(9), &json!(1)));
    assert_eq!(totals["unreadable"], json!({"env": 1, "line": 3}));
    assert_eq!(totals["two_by_two"]["plan_and_trace"], 2);
    assert_eq!(totals["solved"]["mean"], 2.0 / 9.0);
}

#[test]
fn scores_as_a_table_and_by_row() {
    let rows: Vec<Value> = [RIGHT, WRONG, DIRTY, WRONG].map(|text| row(text, json!({}))).to_vec();
    let ran = feed(&["score"], &lines(&rows));
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    for line in [
        "4 rows in 1 groups",
        "solved                     50.00 %",
        "solved by one of 2         83.33 %",
        "plan right                          1            1",
        "arithmetic                        1",
    ] {
        assert!(ran.out.contains(line), "{line}\n{}", ran.out);
    }
    let ran = feed(&["score", "--rows"], &lines(&rows));
    let solved: Vec<Value> =
        json_lines(&ran.out).iter().map(|row| json!([row["solved"], row["valid"], row["first_error"]])).collect();
    assert_eq!(
        solved,
        [
            json!([true, true, null]),
            json!([false, true, null]),
            json!([true, false, "arithmetic"]),
            json!([false, true, null])
        ]
    );
    // empty input is no error
    let ran = feed(&["score", "--json"], b"");
    assert_eq!((ran.code, &json_lines(&ran.out)[0]["rows"]), (Some(0), &json!(0)));
}

#[test]
fn wrong_requests_are_refused() {
    for (arguments, says) in [
        (&["select", "star", "--control", "both-sides"][..], "of roc alone"),
        (&["select", "roc", "--keep", "0"], "--keep: found 0"),
        (&["select", "rock"], "roc"),
        (&["select", "roc", "no-such-file"], "no-such-file"),
        (&["score", "--rows", "--json"], "cannot be used with"),
    ] {
        let ran = feed(arguments, b"");
        assert_eq!(ran.code, Some(2), "{arguments:?} {}", ran.err);
        assert!(ran.err.contains(says), "{arguments:?} {}", ran.err);
    }
}
