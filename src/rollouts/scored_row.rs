//! A row of a file of rollouts with its scores.

use serde_json::{Value, json};

use super::Scoring;
use crate::request::{Answered, RequestError, Scored, SearchComparison, Turns, object, score};
use crate::rows::{Row, too_long};
use crate::select::Rollout;
use crate::select::totals::Measured;

/// A row and its scores.
#[derive(Clone, Debug)]
pub struct ScoredRow {
    /// Number of its line in the file, from 1. The trajectories of a row of a `group` config have the same.
    pub line: u64,
    /// The row; empty if the line is no object.
    pub object: Row,
    /// The scores of the row, or why it has none.
    pub scored: Result<Scored, RequestError>,
}

impl ScoredRow {
    /// The numbers for selection. A row with an error has the default ones.
    pub fn rollout(&self) -> Rollout {
        self.scored.as_ref().map_or(Rollout::default(), |scored| scored.rollout)
    }

    /// The numbers for totals.
    pub fn measured(&self) -> Measured {
        let rollout = self.rollout();
        let environment = self.object.get("env").and_then(Value::as_str).map(String::from);
        let difficulty = self.object.get("difficulty").and_then(Value::as_u64);
        match &self.scored {
            Ok(scored) => {
                let sure = scored.answered.iter().flat_map(|answered| &answered.sure);
                Measured {
                    rollout,
                    trace_valid: scored.trace_valid,
                    answer_right: scored.answer_right,
                    first_error: scored.first_error.map(str::to_string),
                    unreadable: None,
                    shares: shares(scored),
                    nodes: scored.against.map(|against| (scored.nodes, against.nodes)),
                    sure: sure.map(|(sure, right, _)| (*sure, *right)).collect(),
                    environment,
                    difficulty,
                    first_error_tenth: scored.first_error_tenth,
                }
            }
            Err(error) => {
                let unreadable = Some(error.field.clone());
                Measured { rollout, unreadable, environment, difficulty, ..Measured::default() }
            }
        }
    }

    /// The row with its scores, or its `error`, as further fields.
    pub fn told(self) -> Row {
        let mut object = self.object;
        match self.scored {
            Ok(scored) => tell(scored, &mut object),
            Err(error) => {
                object.insert("error".into(), error.to_json(self.line)["error"].take());
            }
        }
        object
    }
}

/// Adds scores to a row.
fn tell(scored: Scored, object: &mut Row) {
    let rollout = &scored.rollout;
    let numbers = [
        ("reward", json!(u8::from(rollout.reward))),
        ("solved", json!(rollout.solved)),
        ("valid", json!(rollout.valid)),
        ("optimal", json!(rollout.optimal)),
        ("trace_valid", json!(scored.trace_valid)),
        ("first_error", json!(scored.first_error)),
        ("nodes", json!(scored.nodes)),
        ("steps", json!(rollout.steps)),
        ("wrong_steps", json!(rollout.wrong_steps)),
        ("claims", json!(rollout.claims)),
        ("length", json!(rollout.length)),
        ("penalty", json!(rollout.penalty().value())),
    ];
    for (name, value) in numbers {
        object.insert(name.into(), value);
    }
    if let Some(taken) = scored.taken {
        object.insert("taken".into(), taken);
    }
    if let Some(SearchComparison { nodes, shared, larger }) = scored.against {
        object.insert("true_nodes".into(), nodes.into());
        object.insert("alignment".into(), json!(shared as f64 / larger.max(1) as f64));
    }
    if let Some(Turns { first, second, distance }) = scored.turns {
        object.insert("first_right".into(), first.into());
        object.insert("second_right".into(), second.into());
        object.insert("edit_distance".into(), json!(distance));
    }
    if let Some(Answered { right, hit, .. }) = scored.answered {
        object.insert("answer_right".into(), right.into());
        object.insert("first_error_hit".into(), json!(hit));
    }
}

/// The shares that only some rows have: name, part and whole.
fn shares(scored: &Scored) -> Vec<(&'static str, f64, f64)> {
    let part = |holds: bool| f64::from(u8::from(holds));
    let mut shares = Vec::new();
    if let Some(Turns { first, second, distance }) = scored.turns {
        shares.extend([
            ("turns: first right", part(first), 1.0),
            ("turns: second right", part(second), 1.0),
            ("turns: wrong to right", part(!first && second), 1.0),
            ("turns: right to wrong", part(first && !second), 1.0),
        ]);
        shares.extend(distance.map(|distance| ("turns: steps edited", distance as f64, 1.0)));
    }
    if let Some(SearchComparison { shared, larger, .. }) = scored.against {
        shares.push(("alignment of positions", shared as f64 / larger.max(1) as f64, 1.0));
    }
    if let Some(answered) = &scored.answered {
        match answered.sure.is_empty() {
            true => shares.push(("critique: conclusion", part(answered.right), 1.0)),
            false => shares.push(("comparison: choice", part(answered.right), 1.0)),
        }
        shares.extend(answered.hit.map(|hit| ("critique: first error", part(hit), 1.0)));
        for (sure, _, own) in answered.sure.iter().filter(|(_, right, _)| !right) {
            let name = if *own { "accepted: own wrong" } else { "accepted: foreign wrong" };
            shares.push((name, part(*sure >= 0.5), 1.0));
        }
    }
    shares
}

impl Scoring {
    /// The rows of a line; none stands for a line that is too long.
    pub(super) fn rows(&self, line: u64, text: Option<Vec<u8>>) -> Vec<ScoredRow> {
        let read = text.ok_or_else(too_long).and_then(|text| object(&text));
        match read {
            Ok(object) => self.score_row(line, object),
            Err(error) => vec![ScoredRow { line, object: Row::new(), scored: Err(error) }],
        }
    }

    /// The row of a line with its scores. A row of a `group` config becomes one row for each of its trajectories.
    pub fn score_row(&self, line: u64, mut object: Row) -> Vec<ScoredRow> {
        let known = self.known.complete(&mut object);
        let judge = |object: Row| {
            let scored = known.clone().and_then(|()| score(&object, self.search.as_ref(), self.reading));
            ScoredRow { line, object, scored }
        };
        match (object.get("record"), object.get("completions")) {
            (Some(Value::String(record)), Some(Value::Array(texts))) if record == "group" => {
                let texts = texts.clone();
                object.retain(|_, value| !value.is_array());
                let each = texts.into_iter().enumerate().map(|(sample, text)| {
                    let mut object = object.clone();
                    object.insert("sample".into(), sample.into());
                    object.insert("completion".into(), text);
                    judge(object)
                });
                each.collect()
            }
            _ => vec![judge(object)],
        }
    }
}
