//! The texts of a row: one in most kinds of records, several where a row has candidates, turns or trajectories.

use serde_json::{Map, Value, json};

use crate::record::correction::solution_in;
use crate::record::records;
use crate::rows::{Row, text};

/// A text of a row.
pub(super) struct Part {
    /// What it is called: `completion`, `candidate 0` …
    pub name: String,
    /// What stands before it.
    pub prompt: String,
    /// The text.
    pub text: String,
    /// What the row says about it: whether it is right, its rewards; null where it says nothing.
    pub label: Value,
    /// Bytes of the text before the part that is read.
    pub from: usize,
    /// How it is read.
    reads: Reads,
    /// Which texts the row's marks must name to be marks of this one.
    marks: MarksOf,
    /// Whether the row's planted defects stand in it.
    pub planted: bool,
}

/// How a text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// Not at all: it is free text.
    Not,
    /// As the row says itself.
    Row,
    /// As a text behind the puzzle's own prompt.
    Own,
}

/// Which of a row's marks are in a text.
enum MarksOf {
    None,
    /// Marks that name no text.
    Only,
    /// Marks that name the text with this number.
    Number(usize),
    /// Marks name a piece of the text; the pieces begin at these bytes.
    Pieces(Vec<usize>),
}

impl Part {
    fn new(name: impl Into<String>, prompt: &str, text: &str, reads: Reads) -> Part {
        let (name, prompt, text) = (name.into(), prompt.to_string(), text.to_string());
        Part { name, prompt, text, label: Value::Null, from: 0, reads, marks: MarksOf::None, planted: false }
    }

    /// Whether it is read.
    pub fn is_read(&self) -> bool {
        self.reads != Reads::Not
    }

    /// The request by which it is read and checked; `prompt` is the puzzle's own. None for free text.
    pub fn request(&self, row: &Row, prompt: &str) -> Option<Row> {
        match self.reads {
            Reads::Not => None,
            Reads::Row => Some(row.clone()),
            Reads::Own => {
                let mut request = Map::new();
                request.insert("prompt".into(), prompt.into());
                request.insert("completion".into(), self.text.get(self.from..).unwrap_or_default().into());
                Some(request)
            }
        }
    }
}

/// Whether rows of this kind are judged by their labels, and not as one trace.
pub(super) fn has_judge(row: &Row) -> bool {
    let name = text(row, "record");
    records().iter().any(|record| record.name == name && record.is_judged()) && !row.contains_key("text")
}

/// The texts of a row.
pub(super) fn parts(row: &Row) -> Vec<Part> {
    let mut parts = of_record(row);
    if row.contains_key("response") {
        parts.push(Part::new("response", text(row, "prompt"), text(row, "response"), Reads::Not));
    }
    parts
}

/// The text of a row in which its defects are planted, if it has one.
pub fn planted_text(row: &Row) -> Option<String> {
    of_record(row).into_iter().find(|part| part.planted).map(|part| part.text)
}

fn of_record(row: &Row) -> Vec<Part> {
    let column = |name: &str| row.get(name).cloned().unwrap_or_default();
    let list = |name: &str| row.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let prompt = text(row, "prompt");
    // What is written about candidates.
    let about =
        || Part { marks: MarksOf::Only, ..Part::new("completion", prompt, text(row, "completion"), Reads::Not) };
    match text(row, "record") {
        "critique" | "criteria" if text(row, "candidate") != text(row, "completion") => {
            let right = column("candidate_right");
            let criteria: Value = serde_json::from_str(text(row, "criteria")).unwrap_or_default();
            let label = json!({"right": right, "source": column("candidate_source"), "criteria": criteria});
            let candidate = Part::new("candidate", "", text(row, "candidate"), Reads::Own);
            vec![Part { label, planted: true, ..candidate }, about()]
        }
        "comparison" => {
            let (right, sources) = (list("candidates_right"), list("candidate_sources"));
            let candidate = |(number, said): (usize, &Value)| Part {
                label: json!({
                    "right": right.get(number), "source": sources.get(number), "tag": list("candidate_tags").get(number),
                    "target": column("target") == json!(number + 1),
                }),
                ..Part::new(format!("candidate {}", number + 1), "", said.as_str().unwrap_or(""), Reads::Own)
            };
            list("candidates").iter().enumerate().map(candidate).chain([about()]).collect()
        }
        "group" => {
            let numbers = ["rewards", "valid", "steps", "wrong_steps", "goal_claims", "lengths", "noise_per_mille"];
            let trajectory = |(number, said): (usize, &Value)| {
                let of = |name: &&str| Some((name.to_string(), list(name).get(number)?.clone()));
                let label = numbers.iter().filter_map(of).collect::<Map<String, Value>>().into();
                let part = Part::new(format!("trajectory {number}"), prompt, said.as_str().unwrap_or(""), Reads::Own);
                Part { label, marks: MarksOf::Number(number), ..part }
            };
            list("completions").iter().enumerate().map(trajectory).collect()
        }
        "preference" => {
            let part = |number: usize, name: &str, right: bool| Part {
                label: json!({"right": right, "source": column(&format!("{name}_source"))}),
                marks: MarksOf::Number(number),
                planted: !right,
                ..Part::new(name, prompt, text(row, name), Reads::Own)
            };
            vec![part(0, "chosen", true), part(1, "rejected", false)]
        }
        "stepwise" => {
            let steps: Vec<&str> = list("completions").iter().map(|step| step.as_str().unwrap_or("")).collect();
            let ends = steps.iter().scan(0, |at, step| {
                *at += step.len();
                Some(*at)
            });
            let starts: Vec<usize> = std::iter::once(0).chain(ends).take(steps.len()).collect();
            let label = json!({"steps": column("labels"), "starts": starts, "source": column("candidate_source")});
            let part = Part::new("completion", prompt, &steps.concat(), Reads::Own);
            vec![Part { label, planted: true, marks: MarksOf::Pieces(starts), ..part }]
        }
        _ if row.contains_key("messages") => turns(row),
        _ if row.contains_key("second") && row.contains_key("first") => {
            ["first", "second"].map(|name| Part::new(name, prompt, text(row, name), Reads::Own)).into()
        }
        _ if !row.contains_key("text") && !row.contains_key("completion") => {
            vec![Part::new("prompt", &asked(row), "", Reads::Not)]
        }
        _ => vec![only(row)],
    }
}

/// The text of a row that has one.
fn only(row: &Row) -> Part {
    let reads = if has_judge(row) { Reads::Own } else { Reads::Row };
    let part = match row.contains_key("text") {
        true => Part::new("text", "", text(row, "text"), Reads::Row),
        false => Part::new("completion", &asked(row), text(row, "completion"), reads),
    };
    let names = ["label", "style", "form_right", "content_right", "bad", "candidate_right", "edited"];
    let said = names.iter().filter_map(|name| Some((name.to_string(), row.get(*name)?.clone())));
    let said: Map<String, Value> = said.collect();
    let label = if said.is_empty() { Value::Null } else { said.into() };
    Part { label, marks: MarksOf::Only, planted: true, ..part }
}

/// The prompt of a row; of a conversation its last turn.
fn asked(row: &Row) -> String {
    match row.get("prompt") {
        Some(Value::Array(turns)) => {
            let last = turns.last().and_then(|turn| turn.get("content")).and_then(Value::as_str);
            last.unwrap_or("").to_string()
        }
        _ => text(row, "prompt").to_string(),
    }
}

/// The turns of a conversation. Those of the model are read.
fn turns(row: &Row) -> Vec<Part> {
    let turns = row.get("messages").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut before = "";
    let mut parts = Vec::new();
    for (number, turn) in turns.iter().enumerate() {
        let field = |name: &str| turn.get(name).and_then(Value::as_str).unwrap_or("");
        let (role, said) = (field("role"), field("content"));
        let name = format!("turn {number}: {role}");
        let part = match role {
            "assistant" => {
                let from = said.len() - solution_in(said, text(row, "second")).len();
                let right = row.get(if number < 2 { "first_right" } else { "second_right" });
                let label = right.map_or(Value::Null, |right| json!({"right": right}));
                // Defects are planted in the first answer.
                Part { from, label, planted: number == 1, ..Part::new(name, before, said, Reads::Own) }
            }
            _ => Part::new(name, "", said, Reads::Not),
        };
        parts.push(Part { marks: MarksOf::Number(number), ..part });
        before = said;
    }
    parts
}

/// The marks of a row: planted defects, and spans that are wrong or to be skipped.
pub(super) struct Marks {
    /// The planted defects.
    pub defects: Vec<Value>,
    /// Spans that are wrong.
    pub wrong: Vec<Vec<usize>>,
    /// Spans that a loss skips.
    pub skip: Vec<Vec<usize>>,
}

impl Marks {
    /// The marks of a row.
    pub fn of(row: &Row) -> Marks {
        fn list<T: serde::de::DeserializeOwned>(row: &Row, name: &str) -> Vec<T> {
            match row.get(name) {
                Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
                Some(list) => serde_json::from_value(list.clone()).unwrap_or_default(),
                None => Vec::new(),
            }
        }
        Marks { defects: list(row, "defects"), wrong: list(row, "wrong_spans"), skip: list(row, "skip_spans") }
    }

    /// Those of a list that are in a text, as start and end.
    pub fn of_part(&self, marks: &[Vec<usize>], part: &Part) -> Vec<[usize; 2]> {
        let here = |mark: &Vec<usize>| match (&part.marks, mark.as_slice()) {
            (MarksOf::Only, &[start, end]) => Some([start, end]),
            (MarksOf::Number(number), &[text, start, end]) if text == *number => Some([start, end]),
            (MarksOf::Pieces(starts), &[text, start, end]) => {
                let piece = *starts.get(text)?;
                Some([piece.checked_add(start)?, piece.checked_add(end)?])
            }
            _ => None,
        };
        marks.iter().filter_map(here).collect()
    }
}
