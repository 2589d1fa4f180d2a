//! Your own reward.

use serde_json::Value;

/// 1 if a text like `Answer: ['2*3=6', '4*6=24']` solves a Countdown puzzle with all of its numbers, otherwise 0.
pub fn reward(puzzle: &Value, text: &str) -> f64 {
    if solves(puzzle, text).unwrap_or(false) { 1.0 } else { 0.0 }
}

fn solves(puzzle: &Value, text: &str) -> Option<bool> {
    let mut left: Vec<u64> = puzzle.get("numbers")?.as_array()?.iter().map(Value::as_u64).collect::<Option<_>>()?;
    let list = text.trim().strip_prefix("Answer: [")?.strip_suffix(']')?;
    for operation in list.split(", ").filter(|operation| !operation.is_empty()) {
        let (task, result) = operation.trim_matches('\'').split_once('=')?;
        let sign = task.find(['+', '-', '*', '/'])?;
        let number = |text: &str| text.parse::<u64>().ok();
        let (a, b, result) = (number(&task[..sign])?, number(&task[sign + 1..])?, number(result)?);
        let right = match &task[sign..=sign] {
            "+" => a.checked_add(b),
            "-" => a.checked_sub(b),
            "*" => a.checked_mul(b),
            _ => a.checked_div(b).filter(|quotient| quotient.checked_mul(b) == Some(a)),
        };
        for number in [a, b] {
            left.remove(left.iter().position(|held| *held == number)?);
        }
        left.push(right.filter(|right| *right == result)?);
    }
    Some(left == [puzzle.get("target")?.as_u64()?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use stream_of_search::strategies::{answers, json};

    proptest! {
        #[test]
        fn it_pays_for_right_answers_alone(answered in answers("countdown", "stream-of-search")) {
            let text = String::from_utf8(answered.text).unwrap();
            prop_assert_eq!(reward(&json(&answered.puzzle), &text) == 1.0, answered.right);
        }
    }
}
