//! Answers as people and models write them: what is read as right, and that nothing but a solution of the puzzle is paid.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sos_envs::{Draw, Streams};

use stream_of_search::arena::{Family, Puzzle, environments};
use stream_of_search::dialect::dialects;
use stream_of_search::request;
use stream_of_search::trace::MoveId;

/// Ways to give an answer in a text.
const WAYS: [&str; 11] = [
    "@",
    "  @\n",
    "<answer>@</answer>",
    "<think>\nAnswer: 1 2 3, I guess. <answer>none</answer>\n</think>\n\n<answer>\n@\n</answer>",
    "Something else first.\n\\boxed{@}",
    "**Answer:**\n@",
    "I looked at it for a while.\n\n### Final Answer\n\n@",
    "Here it is:\n\n```\n@\n```\n\nThat is all.",
    "unfinished thoughts 7 * 8 </think>@",
    "@</s>",
    "<answer>```text\n@\n```</answer><|im_end|>",
];

/// Further ways to give an answer of one line.
const IN_LINE: [&str; 4] =
    ["Answer: @", "So I think:\n**Final answer:** @\nI am sure.", "The final answer is: @", "<answer>$@$</answer>"];

fn ways(answer: &str) -> Vec<String> {
    let in_line = if answer.contains('\n') || answer.is_empty() { &[][..] } else { &IN_LINE };
    WAYS.iter().chain(in_line).map(|way| way.replace('@', answer)).collect()
}

fn check(env: &str, puzzle: &Value, text: &str) -> Value {
    let request = json!({"env": env, "puzzle": puzzle, "read": "answer", "text": text});
    request::check(request.to_string().as_bytes()).unwrap().answer
}

/// The forms of `tests/cases/answers.jsonl`: for a puzzle texts that are right, and texts that are wrong with the class of their first error.
#[test]
fn forms_of_answers() {
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in include_str!("cases/answers.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let (env, puzzle) = (case["env"].as_str().unwrap(), &case["puzzle"]);
        for form in case["right"].as_array().unwrap() {
            for text in ways(form.as_str().unwrap()) {
                let answer = check(env, puzzle, &text);
                *counts.entry(env.into()).or_default() += 1;
                if answer["reward"] != 1.0 || answer["valid"] != true {
                    wrong.push(format!(
                        "{env} {puzzle}: {text:?} is right: {}, taken {}",
                        answer["first_error"], answer["taken"]
                    ));
                }
            }
        }
        for form in case["wrong"].as_array().unwrap() {
            let (class, form) = (&form[0], form[1].as_str().unwrap());
            for text in ways(form) {
                let answer = check(env, puzzle, &text);
                if answer["reward"] != 0.0
                    || answer["first_error"]["class"] != *class
                    || answer["first_error"]["span"].is_null()
                {
                    wrong.push(format!(
                        "{env} {puzzle}: {text:?} is {class}: {}, taken {}",
                        answer["first_error"], answer["taken"]
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
    for (env, count) in counts {
        assert!(count >= 40, "{env}: {count} ways to be right");
    }
}
