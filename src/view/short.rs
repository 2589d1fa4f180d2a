//! Short rows, to choose from.

use serde_json::{Map, Value, json};

use super::Place;
use crate::rows::{Row, text, written};

/// The numbers of a short row that are columns of the row.
const NUMBERS: [&str; 6] = ["nodes", "backtracks", "depth", "tokens", "difficulty", "optimal_cost"];

/// A row in short: what it is, how long it is, and what is wrong with it.
pub fn short(row: &Row, place: &Place) -> Value {
    let column = |name: &str| row.get(name).cloned().unwrap_or_default();
    let planted: Vec<Value> = match row.get("defects") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(Value::Array(list)) => list.clone(),
        _ => Vec::new(),
    };
    let first = match column("first_error") {
        Value::Null => column("first_error_class"),
        error => error,
    };
    let labels = ["label", "candidate_right", "target", "rewards", "second_right", "reward"];
    let label = labels.iter().find_map(|name| row.get(*name)).cloned();
    let mut told = Map::new();
    told.insert("id".into(), column("id"));
    told.insert("config".into(), place.config.clone().into());
    told.insert("split".into(), place.split.clone().into());
    told.insert("index".into(), place.index.into());
    for name in ["env", "record", "outcome", "search", "solved"] {
        told.insert(name.into(), column(name));
    }
    for name in NUMBERS {
        told.insert(name.into(), column(name));
    }
    told.insert("bytes".into(), written(row).iter().map(|text| text.len()).sum::<usize>().into());
    told.insert("defect".into(), planted.first().and_then(|defect| defect.get("class")).cloned().unwrap_or_default());
    told.insert("first_error".into(), if first == json!("") { Value::Null } else { first });
    told.insert("label".into(), label.unwrap_or_default());
    told.into()
}

/// Which rows are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Values that a field of the short row must have: `env`, `outcome`, `search`, `solved`, `record`.
    pub equal: Vec<(String, String)>,
    /// The class of the planted defect, or of the first error.
    pub class: Option<String>,
    /// Least and greatest values of numbers of the short row.
    pub ranges: Vec<(String, u64, u64)>,
    /// A part of id, prompt or text.
    pub text: Option<String>,
}

impl Filter {
    /// Whether a row is one of those that are asked for.
    pub fn holds(&self, row: &Row, short: &Value) -> bool {
        let said = |name: &str| match &short[name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let within = |(name, least, most): &(String, u64, u64)| {
            short[name.as_str()].as_u64().is_some_and(|number| (*least..=*most).contains(&number))
        };
        let contains = |part: &String| {
            let held = |name: &str| text(row, name).contains(part.as_str());
            held("id") || held("prompt") || written(row).iter().any(|text| text.contains(part.as_str()))
        };
        self.equal.iter().all(|(name, value)| said(name) == *value)
            && self.class.as_ref().is_none_or(|class| said("defect") == *class || said("first_error") == *class)
            && self.ranges.iter().all(within)
            && self.text.as_ref().is_none_or(contains)
    }
}
