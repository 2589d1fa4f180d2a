//! Small requests to `sos check` and the expected answers: `tests/cases/check.jsonl`.

use serde_json::Value;
use stream_of_search::request;

#[test]
fn what_must_come_out() {
    let mut wrong = Vec::new();
    for line in include_str!("cases/check.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let answer = request::check(case["request"].to_string().as_bytes()).unwrap().answer;
        let expect = &case["expect"];
        for field in ["parsed", "solved", "valid", "reward"] {
            if !expect[field].is_null() && expect[field] != answer[field] {
                wrong.push(format!("{}: {field} is {}, not {}", case["name"], answer[field], expect[field]));
            }
        }
        let classes: Vec<&Value> = answer["errors"].as_array().unwrap().iter().map(|error| &error["class"]).collect();
        if let Some(only) = expect["only"].as_array().filter(|only| only.iter().collect::<Vec<_>>() != classes) {
            wrong.push(format!("{}: {classes:?}, not {only:?} alone", case["name"]));
        }
        for part in ["found", "expected"] {
            let said = |wanted: &Value| {
                let all = answer["errors"].as_array().into_iter().flatten().filter_map(|error| error[part].as_str());
                all.into_iter().any(|text| text.contains(wanted.as_str().unwrap_or_default()))
            };
            for wanted in expect[part].as_array().into_iter().flatten().filter(|wanted| !said(wanted)) {
                wrong.push(format!("{}: no {wanted} {part} in {}", case["name"], answer["errors"]));
            }
        }
        for class in expect["classes"].as_array().into_iter().flatten().filter(|class| !classes.contains(class)) {
            wrong.push(format!("{}: no {class} among {classes:?}", case["name"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
