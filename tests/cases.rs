//! Small requests to `sos check` and the expected answers: `tests/cases/`. A text that is an object stands for its JSON.

use serde_json::Value;
use stream_of_search::answer::Reading;
use stream_of_search::request;

/// Reads a case and says what is not as it must be.
fn wrong(line: &str) -> Vec<String> {
    let mut case: Value = serde_json::from_str(line).unwrap();
    if case["request"]["text"].is_object() {
        case["request"]["text"] = case["request"]["text"].to_string().into();
    }
    let (name, expect) = (&case["name"], &case["expect"]);
    let answer = request::check(case["request"].to_string().as_bytes()).unwrap().answer;
    let mut wrong = Vec::new();
    for field in ["parsed", "solved", "trace_solved", "valid", "optimal", "cost", "reward"] {
        if !expect[field].is_null() && expect[field] != answer[field] {
            wrong.push(format!("{name}: {field} is {}, not {}", answer[field], expect[field]));
        }
    }
    for (field, wanted) in expect["metrics"].as_object().into_iter().flatten() {
        if answer["metrics"][field] != *wanted {
            wrong.push(format!("{name}: {field} is {}, not {wanted}", answer["metrics"][field]));
        }
    }
    let errors = answer["errors"].as_array().unwrap();
    let classes: Vec<&Value> = errors.iter().map(|error| &error["class"]).collect();
    if let Some(only) = expect["only"].as_array().filter(|only| only.iter().collect::<Vec<_>>() != classes) {
        wrong.push(format!("{name}: {classes:?}, not {only:?} alone"));
    }
    // What stands where the errors are; null where there is no text.
    let text = case["request"]["text"].as_str().unwrap_or_default();
    let place = |error: &Value| match (error["span"][0].as_u64(), error["span"][1].as_u64()) {
        (Some(first), Some(behind)) => text[first as usize..behind as usize].into(),
        _ => Value::Null,
    };
    let places = Value::Array(errors.iter().map(place).collect());
    if expect["places"].is_array() && expect["places"] != places {
        wrong.push(format!("{name}: at {places}, not {}", expect["places"]));
    }
    for part in ["found", "expected"] {
        let said = |wanted: &Value| {
            let mut all = errors.iter().filter_map(|error| error[part].as_str());
            all.any(|text| text.contains(wanted.as_str().unwrap_or_default()))
        };
        for wanted in expect[part].as_array().into_iter().flatten().filter(|wanted| !said(wanted)) {
            wrong.push(format!("{name}: no {wanted} {part} in {}", answer["errors"]));
        }
    }
    for class in expect["classes"].as_array().into_iter().flatten().filter(|class| !classes.contains(class)) {
        wrong.push(format!("{name}: no {class} among {classes:?}"));
    }
    wrong
}

fn hold(cases: &str) {
    let wrong: Vec<String> = cases.lines().flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_must_come_out() {
    hold(include_str!("cases/check.jsonl"));
}

/// Event by event: two trees, costs, bounds, dead ends, what was reached before, proofs.
#[test]
fn what_must_come_out_of_single_events() {
    hold(include_str!("cases/events.jsonl"));
}

/// Errors of the answer section are counted by the verdict, but they are no wrong steps.
#[test]
fn an_answer_section_is_no_step() {
    let row = serde_json::json!({
        "env": "countdown", "puzzle": {"numbers": [3, 5, 7], "target": 22}, "dialect": "compact",
        "text": "3 * 5 = 15 : 7 15 > #1 7 + 15 = 22 : 22 goal answer 3 + 5 = 8 , 7 + 8 = 15 ."
    });
    let scored = request::score(row.as_object().unwrap(), None, Reading::Trace).unwrap();
    assert_eq!(scored.first_error, Some("wrong-answer"));
    // Two operations, a move and a goal.
    assert_eq!((scored.rollout.steps, scored.rollout.wrong_steps), (4, 0));
}

/// Traces of searches that were changed in one place.
#[test]
fn what_must_come_out_at_the_level_policy() {
    hold(include_str!("cases/policy.jsonl"));
}
