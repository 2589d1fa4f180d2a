//! The dialects that name states, over mazes and Sokoban: those of Searchformer and of Beyond Semantics.

use sha2::{Digest, Sha256};
use stream_of_search::request;

fn trace(search: &str, dialect: &str) -> serde_json::Value {
    let puzzle = r#"{"width":4,"height":3,"start":[0,0],"goal":[3,1],"walls":[[1,0],[1,1],[3,0]]}"#;
    let line = format!(r#"{{"env":"maze","puzzle":{puzzle},"search":{search},"dialect":"{dialect}"}}"#);
    request::trace(line.as_bytes()).unwrap()
}

fn check(dialect: &str, text: &str, more: &str) -> serde_json::Value {
    let puzzle = r#"{"width":4,"height":3,"start":[0,0],"goal":[3,1],"walls":[[1,0],[1,1],[3,0]]}"#;
    let line = format!(r#"{{"env":"maze","puzzle":{puzzle},"dialect":"{dialect}","text":"{text}"{more}}}"#);
    let verdict = request::check(line.as_bytes()).unwrap();
    verdict.answer
}

const ASTAR: &str = r#"{"kind":"astar","heuristic":"manhattan","ties":"searchformer"}"#;

const TEXT: &str = "create 0 0 c0 c4 close 0 0 c0 c4 create 0 1 c1 c3 close 0 1 c1 c3 create 0 2 c2 c4 close 0 2 c2 c4 \
create 1 2 c3 c3 close 1 2 c3 c3 create 2 2 c4 c2 close 2 2 c4 c2 create 2 1 c5 c1 create 3 2 c5 c1 close 2 1 c5 c1 \
create 2 0 c6 c2 create 3 1 c6 c0 close 3 1 c6 c0 plan 0 0 plan 0 1 plan 0 2 plan 1 2 plan 2 2 plan 2 1 plan 3 1";

#[test]
fn the_worked_maze() {
    let answer = trace(ASTAR, "searchformer");
    assert_eq!(answer["prompt"], "start 0 0 goal 3 1 wall 1 0 wall 3 0 wall 1 1");
    assert_eq!(answer["text"], TEXT);
    let more = format!(r#","level":"policy","search":{ASTAR}"#);
    let verdict = check("searchformer", TEXT, &more);
    assert_eq!(
        (&verdict["valid"], &verdict["solved"], &verdict["optimal"]),
        (&true.into(), &true.into(), &true.into())
    );
    let line = trace(ASTAR, "beyond-semantics");
    let text = TEXT.trim_start_matches("create 0 0 c0 c4 ").replace("plan 0 0 plan", "solution plan 0 0 plan");
    assert_eq!(line["text"], format!("reasoning {text} end"));
}

/// The four combinations of right and wrong plan and trace, and the class of the first event that does not fit.
#[test]
fn the_validator_of_beyond_semantics() {
    let cases = [
        ("", "", true, true, None),
        ("create 2 0 c6 c2 create 3 1", "create 0 0 c6 c2 create 3 1", true, false, Some("not-a-neighbour")),
        ("close 3 1 c6 c0", "close 2 2 c4 c2 close 3 1 c6 c0", true, false, Some("already-closed")),
        ("close 0 1 c1 c3", "close 2 0 c1 c3 close 0 1 c1 c3", true, false, Some("not-in-open")),
        ("close 2 1 c5 c1", "close 3 2 c5 c1", true, false, Some("not-a-neighbour")),
        ("create 0 2 c2 c4", "create 0 2 c9 c4", true, false, Some("wrong-cost")),
        // A goal that is created but not closed counts as reached, except in that paper's validator.
        ("close 3 1 c6 c0 ", "", true, true, Some("goal-not-reached")),
        ("plan 2 1 plan 3 1", "plan 3 2 plan 3 1", true, true, None),
        ("plan 2 1 plan 3 1", "plan 3 1", false, true, None),
        ("create 3 2", "make 3 2", true, false, Some("parse-error")),
    ];
    for (from, to, plan_valid, trace_valid, class) in cases {
        let text = if from.is_empty() { TEXT.to_string() } else { TEXT.replacen(from, to, 1) };
        assert!(from.is_empty() || text != TEXT, "{from}");
        let verdict = check("searchformer", &text, "");
        let metrics = &verdict["metrics"];
        let found = metrics["beyond_semantics"].as_str();
        assert_eq!(
            (metrics["plan_valid"].as_bool(), metrics["trace_valid"].as_bool(), found),
            (Some(plan_valid), Some(trace_valid), class),
            "{from} -> {to}: {}",
            verdict["errors"]
        );
    }
}

/// Creating a state twice makes no new node, with costs or without. A state that was never created cannot be closed.
#[test]
fn states_are_created_once_and_then_closed() {
    let plain: String =
        TEXT.split(' ').filter(|word| !word.starts_with('c') || word.len() > 2).collect::<Vec<_>>().join(" ");
    let cases = [
        (TEXT, "create 1 2 c3 c3", "create 1 2 c3 c3 create 1 2 c3 c3", "duplicate-node"),
        (&plain, "create 1 2", "create 1 2 create 1 2", "duplicate-node"),
        (TEXT, "close 2 2 c4 c2", "close 3 2 c5 c1 close 2 2 c4 c2", "unknown-node"),
        (&plain, "close 2 2", "close 3 2 close 2 2", "unknown-node"),
    ];
    assert_eq!(check("searchformer", &plain, "")["valid"], true, "{plain}");
    for (text, from, to, class) in cases {
        let text = text.replacen(from, to, 1);
        let errors = check("searchformer", &text, "")["errors"].clone();
        assert_eq!(errors.as_array().unwrap().len(), 1, "{text}: {errors}");
        assert_eq!(errors[0]["class"], class, "{text}: {errors}");
        let (first, last) = (errors[0]["span"][0].as_u64().unwrap(), errors[0]["span"][1].as_u64().unwrap());
        let wrong = &text[first as usize..last as usize];
        assert!(to.starts_with(wrong) && text[..first as usize].contains("create 0 1"), "{wrong}");
    }
}

/// The reference's own mazes: size, start, goal, walls (bit y * width + x), and the SHA-256 of prompt, line end, reasoning and plan as
/// facebookresearch/searchformer writes them with deterministic A*.
#[test]
fn the_papers_mazes() {
    let lines = include_str!("golden/searchformer.txt").lines();
    for line in lines.clone() {
        let fields: Vec<&str> = line.split(' ').collect();
        let [width, height, x, y, to_x, to_y] = std::array::from_fn(|i| fields[i].parse::<usize>().unwrap());
        let is_wall = |place: usize| {
            let digit = fields[6].len() - 1 - place / 4;
            fields[6][digit..=digit].chars().all(|digit| digit.to_digit(16).unwrap() >> (place % 4) & 1 == 1)
        };
        let walls: Vec<_> = (0..width * height).filter(|&at| is_wall(at)).map(|at| [at % width, at / width]).collect();
        let puzzle = serde_json::json!({"width": width, "height": height, "start": [x, y], "goal": [to_x, to_y],
            "walls": walls});
        let search: serde_json::Value = serde_json::from_str(ASTAR).unwrap();
        let request = serde_json::json!({"env": "maze", "puzzle": puzzle, "search": search, "dialect": "searchformer"});
        let answer = request::trace(request.to_string().as_bytes()).unwrap();
        let both = format!("{}\n{}", answer["prompt"].as_str().unwrap(), answer["text"].as_str().unwrap());
        let digest: String = Sha256::digest(&both).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, fields[7], "{both}");
    }
    assert_eq!(lines.count(), 120);
}
