//! The texts of a row, whatever its kind.

use serde_json::Value;

use super::Row;

/// A text column of a row; empty if the row has none.
pub fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).and_then(Value::as_str).unwrap_or("")
}

/// The texts of a row that a model is trained to write.
pub fn written(row: &Row) -> Vec<&str> {
    let list = |column: &str| row.get(column).and_then(Value::as_array);
    if let Some(turns) = list("messages") {
        let own = turns.iter().filter(|turn| turn["role"] == "assistant");
        return own.filter_map(|turn| turn["content"].as_str()).collect();
    }
    if let Some(texts) = list("completions") {
        return texts.iter().filter_map(Value::as_str).collect();
    }
    if row.contains_key("chosen") {
        return vec![text(row, "chosen")];
    }
    vec![text(row, "completion")]
}

/// The texts of a row that a model is given: its prompt, or the turns of others.
pub fn given(row: &Row) -> Vec<&str> {
    let turns = row.get("messages").or_else(|| row.get("prompt")).and_then(Value::as_array);
    match turns {
        Some(turns) => {
            let others = turns.iter().filter(|turn| turn["role"] != "assistant");
            others.filter_map(|turn| turn["content"].as_str()).collect()
        }
        None => vec![text(row, "prompt")],
    }
}

/// All texts of a row: they stand between its puzzle and its answer.
pub fn texts(row: &Row) -> Vec<&str> {
    fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::String(text) => found.push(text),
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            Value::Object(fields) => fields.get("content").into_iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    let texts = row.iter().skip_while(|(name, _)| *name != "puzzle").skip(1).take_while(|(name, _)| *name != "answer");
    texts.for_each(|(_, value)| collect(value, &mut found));
    found
}
