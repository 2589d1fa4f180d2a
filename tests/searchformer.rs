//! The grammars that name states: Searchformer's and that of Beyond Semantics, over mazes and Sokoban.

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

/// The 2x2 of plan and trace, and the class of the first event that does not fit.
#[test]
fn the_validator_of_beyond_semantics() {
    let cases = [
        ("", "", true, true, None),
        ("create 2 0 c6 c2 create 3 1", "create 0 0 c6 c2 create 3 1", true, false, Some("not-a-neighbour")),
        ("close 3 1 c6 c0", "close 2 2 c4 c2 close 3 1 c6 c0", true, false, Some("already-closed")),
        ("close 0 1 c1 c3", "close 2 0 c1 c3 close 0 1 c1 c3", true, false, Some("not-in-open")),
        ("close 2 1 c5 c1", "close 3 2 c5 c1", true, false, Some("not-a-neighbour")),
        ("create 0 2 c2 c4", "create 0 2 c9 c4", true, false, Some("wrong-cost")),
        // A goal that is created and not closed is a goal, but not to that paper's validator.
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

/// A state that is created twice is no new node, whether costs are told or not; nor is one that was never created a node to close.
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

/// The reference's own mazes, where the folder is given.
#[test]
fn the_papers_mazes() {
    let Ok(folder) = std::env::var("SOS_GOLDEN_SEARCHFORMER") else { return };
    let file = std::path::Path::new(&folder).join("maze-deterministic.jsonl");
    let mut rows = 0;
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let puzzle = serde_json::json!({"width": row["width"], "height": row["height"], "start": row["start"],
            "goal": row["goal"], "walls": row["walls"]});
        let search: serde_json::Value = serde_json::from_str(ASTAR).unwrap();
        let request = serde_json::json!({"env": "maze", "puzzle": puzzle, "search": search, "dialect": "searchformer"});
        let answer = request::trace(request.to_string().as_bytes()).unwrap();
        assert_eq!(answer["prompt"], row["prompt"]);
        let both = format!("{} {}", row["reasoning"].as_str().unwrap(), row["plan"].as_str().unwrap());
        assert_eq!(answer["text"], both);
        rows += 1;
    }
    assert_eq!(rows, 120);
}
