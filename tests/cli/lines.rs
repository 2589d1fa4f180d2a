//! `sos trace` and `sos check`: one answer per line, in order, whatever a line holds.

use serde_json::{Value, json};

use super::{Ran, json_lines};

const PUZZLE: &str = r#""env":"countdown","puzzle":{"numbers":[90,11,37,95],"target":55},"dialect":"stream-of-search""#;
const SEARCH: &str = r#""search":{"kind":"dfs","heuristic":"multiply","threshold":"target"}"#;

fn feed(command: &str, input: &[u8]) -> Ran {
    super::feed(&[command], input)
}

fn request(more: &str) -> String {
    format!("{{{PUZZLE},{more}}}\n")
}

fn check_text(text: &str) -> String {
    let mut request: Value = serde_json::from_str(&format!("{{{PUZZLE}}}")).unwrap();
    request["text"] = json!(text);
    request.to_string() + "\n"
}

#[test]
fn the_documented_trace() {
    let ran = feed("trace", request(SEARCH).as_bytes());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let answer = &json_lines(&ran.out)[0];
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    // The fields of the request, and what the search did.
    assert_eq!(keys, ["env", "puzzle", "dialect", "search", "prompt", "text", "outcome", "cost", "metrics"]);
    assert_eq!(answer["prompt"], "Current State: 55:[90, 11, 37, 95], Operations: []");
    let text = answer["text"].as_str().unwrap();
    let first = "Current State: 55:[90, 11, 37, 95], Operations: []\n\
                 Exploring Operation: 95-90=5, Resulting Numbers: [11, 37, 5]\n\
                 Generated Node #0,0: 55:[11, 37, 5] Operation: 95-90=5\n\
                 Moving to Node #0,0\n";
    assert!(text.starts_with(first), "{text}");
    // The only solution goes over 55 by more than 55, so the threshold prunes it.
    assert_eq!((&answer["outcome"], &answer["cost"]), (&json!("exhausted"), &Value::Null));
    assert_eq!(answer["metrics"], json!({"nodes": 48, "visits": 47, "backtracks": 26, "depth": 3}));
    let ran = feed("trace", request(r#""search":{"kind":"dfs"}"#).as_bytes());
    assert_eq!(json_lines(&ran.out)[0]["outcome"], "solved");
    assert_eq!(json_lines(&ran.out)[0]["cost"], 3);
}

#[test]
fn the_documented_check() {
    let traced = feed("trace", request(r#""search":{"kind":"dfs"}"#).as_bytes());
    let text = json_lines(&traced.out)[0]["text"].as_str().unwrap().to_string();
    let ran = feed("check", check_text(&text).as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let answer = &json_lines(&ran.out)[0];
    for key in ["parsed", "solved", "valid", "optimal", "first_error", "errors", "metrics", "reward"] {
        assert!(answer.get(key).is_some(), "no {key} in {answer}");
    }
    assert_eq!((&answer["valid"], &answer["solved"], &answer["errors"]), (&json!(true), &json!(true), &json!([])));
    let at = text.find("90+11=101").unwrap() + "90+11=".len();
    let wrong = format!("{}102{}", &text[..at], &text[at + 3..]);
    let ran = feed("check", check_text(&wrong).as_bytes());
    assert_eq!(ran.code, Some(1));
    let answer = &json_lines(&ran.out)[0];
    let error = &answer["first_error"];
    let keys: Vec<&String> = error.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["class", "level", "step", "span", "found", "expected"]);
    assert_eq!((&error["class"], &error["level"]), (&json!("arithmetic"), &json!("transition")));
    let span = (error["span"][0].as_u64().unwrap() as usize, error["span"][1].as_u64().unwrap() as usize);
    assert!((span.0..=span.1).contains(&at), "{error}");
    // The slip is not on the path to the goal, so the outcome is right and the trace is not.
    assert_eq!((&answer["valid"], &answer["trace_solved"]), (&json!(false), &json!(true)));
    assert_eq!((&answer["answer_right"], &answer["reward"]), (&json!(null), &json!(1.0)));
}

/// Lines that cannot be served, and a part of each answer.
fn bad_lines(command: &str) -> Vec<(Vec<u8>, &'static str)> {
    let puzzle =
        |puzzle: &str| format!(r#"{{"env":"countdown","dialect":"stream-of-search","puzzle":{puzzle},"text":"x"}}"#);
    let trace = |more: &str| request(more).trim_end().to_string();
    let mut lines: Vec<(Vec<u8>, &'static str)> = vec![
        (b"\xff\xfe{}".to_vec(), "not UTF-8: byte 0"),
        (b"x".to_vec(), "not JSON"),
        (b"[1, 2]".to_vec(), "no object"),
        (b"{\"env\":\"countdown\"".to_vec(), "not JSON"),
        (b"{\"env\":1}".to_vec(), "found 1; send a string"),
        (b"{}".to_vec(), "missing; send a string"),
        (b"{\"env\":\"countdwn\"}".to_vec(), "did you mean \\\"countdown\\\"?"),
        (b"\0".to_vec(), "not JSON"),
        (vec![b'['; 100_000], "not JSON"),
        (vec![b'a'; 10 << 20], "not JSON"),
        (format!("{{\"{}\":1}}", "k".repeat(10 << 20)).into_bytes(), "no such field"),
        (format!("{{\"env\":\"{}\"}}", "é".repeat(5 << 20)).into_bytes(), "allowed: "),
    ];
    let more = match command {
        "trace" => vec![
            (trace(r#""search":{"kind":"bfss"}"#), "did you mean \\\"bfs\\\"?"),
            (trace(r#""search":{"kind":"dfs","heuristc":"sum"}"#), "did you mean `heuristic`?"),
            (trace(r#""search":"dfs""#), "expected an object such as"),
            (trace(r#""search":{"kind":"dfs","threshold":-1}"#), "threshold: expected a whole number or a name"),
            (trace(r#""search":{"kind":"beam","heuristic":"sum","width":0}"#), "width: found 0"),
            (trace(r#""search":{"kind":"dfs"},"seed":-1"#), "found -1; send a whole number"),
            (trace(r#""search":{"kind":"dfs"},"seed":1e99"#), "send a whole number"),
            (trace(r#""search":{"kind":"dfs"},"phrasing":4294967296"#), "allowed: 0 to 4294967295"),
            (trace(r#""search":{"kind":"dfs"},"answr":true"#), "did you mean \\\"answer\\\"?"),
            (trace(r#""seed":1"#), "\"field\":\"search\""),
        ],
        _ => vec![
            (trace(r#""text":5"#), "found 5; send a string"),
            (trace(r#""text":null"#), "found null; send a string"),
            (trace(r#""txt":"x""#), "did you mean \\\"text\\\"?"),
            // A field of a trace request, which the answer to it has too.
            (trace(r#""seed":1"#), "missing; send the text, or prompt and completion"),
            (trace(r#""text":"x","levl":"claim""#), "did you mean \\\"level\\\"?"),
            (trace(r#""text":"x","level":"claims""#), "allowed: format, transition"),
            (trace(r#""text":"x","answer":1"#), "send true or false"),
            (trace(r#""text":"x","compat":"x""#), "allowed: \\\"stream-of-search\\\""),
            (trace(r#""text":"x","defects":3"#), "\"field\":\"defects\""),
            (trace(r#""completion":"x","defects":"[{""#), "\"field\":\"defects\""),
            (trace(r#""prompt":"x""#), "send the text, or prompt and completion"),
            (puzzle("3"), "\"field\":\"puzzle\""),
            (puzzle("\"{\""), "not JSON"),
            (puzzle(r#"{"numbers":[1,2]}"#), "missing field `target`"),
            (puzzle(r#"{"numbers":[1,99999999999999999999],"target":3}"#), "\"field\":\"puzzle\""),
            (puzzle(r#"{"numbers":[1,1e400],"target":3}"#), "number out of range"),
            (puzzle(r#"{"numbers":[1,2,3,4,5,6,7,8,9],"target":3}"#), "found 9 of them; allowed: 1 to 8"),
            (puzzle(r#"{"numbers":[],"target":3}"#), "found 0 of them"),
        ],
    };
    lines.extend(more.into_iter().map(|(line, part)| (line.into_bytes(), part)));
    lines
}

#[test]
fn a_bad_line_gets_an_error_and_ends_nothing() {
    for (command, code, good) in [("trace", 2, request(SEARCH)), ("check", 1, check_text("x"))] {
        let bad = bad_lines(command);
        let mut input = good.clone().into_bytes();
        for (line, _) in &bad {
            input.extend_from_slice(line);
            input.extend_from_slice(b"\n\n  \r\n");
            input.extend_from_slice(good.as_bytes());
        }
        input.pop();
        let ran = feed(command, &input);
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        let answers = json_lines(&ran.out);
        assert_eq!(answers.len(), 2 * bad.len() + 1);
        for (place, (line, part)) in bad.iter().enumerate() {
            let (answer, next) = (&answers[2 * place + 1], &answers[2 * place + 2]);
            let shown = String::from_utf8_lossy(&line[..line.len().min(200)]).into_owned();
            assert_eq!(next, &answers[0], "after {shown}");
            // Each bad line is followed by a good one and two blank lines.
            assert_eq!(answer["error"]["line"], json!(4 * place + 2), "{shown}: {answer}");
            let text = answer.to_string();
            assert!(text.contains(part), "{shown}: no {part} in {text}");
            assert!(text.len() < 1200, "{shown}: an answer of {} bytes", text.len());
        }
    }
}

#[test]
fn great_numbers_and_great_puzzles_end() {
    let puzzle = r#"{"env":"countdown","dialect":"stream-of-search","puzzle":"#;
    let most = u64::MAX;
    let input = format!(
        "{puzzle}{{\"numbers\":[{most},{most},{most}],\"target\":{most}}},\"search\":{{\"kind\":\"dfs\"}}}}\n\
         {puzzle}{{\"numbers\":[71,72,73,74,75,76,77,78],\"target\":999999999}},\"search\":{{\"kind\":\"dfs\",\"max_nodes\":1000}}}}\n"
    );
    let ran = feed("trace", input.as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let answers = json_lines(&ran.out);
    assert_eq!((&answers[0]["outcome"], &answers[1]["outcome"]), (&json!("solved"), &json!("budget")));
}

#[test]
fn what_trace_writes_check_finds_clean() {
    let mut checks = String::new();
    for search in [
        r#"{"kind":"dfs"}"#,
        r#"{"kind":"bfs"}"#,
        r#"{"kind":"beam","heuristic":"sum","width":2}"#,
        r#"{"kind":"astar","heuristic":"remaining"}"#,
        r#"{"kind":"ida-star","heuristic":"remaining"}"#,
    ] {
        let ran = feed("trace", request(&format!("\"search\":{search}")).as_bytes());
        let answer = &json_lines(&ran.out)[0];
        assert!(answer["text"].as_str().unwrap().contains(answer["prompt"].as_str().unwrap()));
        checks += &check_text(answer["text"].as_str().unwrap());
    }
    let ran = feed("check", checks.as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert_eq!(json_lines(&ran.out).len(), 5);
}

#[test]
fn a_line_longer_than_any_is_passed_over() {
    let mut input = vec![b'a'; (64 << 20) + 10];
    input.extend_from_slice(b"\n");
    input.extend_from_slice(check_text("x").as_bytes());
    let ran = feed("check", &input);
    assert_eq!(ran.code, Some(1));
    let answers = json_lines(&ran.out);
    assert_eq!(answers.len(), 2);
    assert!(answers[0]["error"]["message"].as_str().unwrap().contains("longer than 67108864 bytes"), "{}", answers[0]);
    assert_eq!(answers[1]["parsed"], false);
}
