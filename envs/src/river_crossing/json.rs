//! River crossings as JSON: `{"missionaries":3,"cannibals":3,"boat":2}` or
//! `{"items":["wolf","goat","cabbage"],"pairs":[["wolf","goat"],["goat","cabbage"]],"boat":1}`.

use serde::Deserialize;

use super::{Items, MAX_ITEMS, MAX_PEOPLE, NAMES, Party, RiverCrossing};
use crate::environment::PuzzleError;
use crate::exact::Known;
use crate::json::Json;
use crate::text::write_number;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    missionaries: Option<u8>,
    cannibals: Option<u8>,
    items: Option<Vec<String>>,
    pairs: Option<Vec<(String, String)>>,
    boat: u8,
}

impl Json for RiverCrossing {
    fn write_json(&self, out: &mut Vec<u8>) {
        match &self.party {
            Party::People(missionaries, cannibals) => {
                out.extend_from_slice(b"{\"missionaries\":");
                write_number((*missionaries).into(), out);
                out.extend_from_slice(b",\"cannibals\":");
                write_number((*cannibals).into(), out);
            }
            Party::Items(items) => write_items(items, out),
        }
        out.extend_from_slice(b",\"boat\":");
        write_number(self.boat.into(), out);
        out.push(b'}');
    }

    fn from_json(value: &serde_json::Value) -> Result<RiverCrossing, PuzzleError> {
        let fields = Fields::deserialize(value).map_err(|error| PuzzleError(error.to_string()))?;
        let (party, seats) = match (&fields.missionaries, &fields.cannibals, &fields.items, &fields.pairs) {
            (Some(missionaries), Some(cannibals), None, None) => (read_people(*missionaries, *cannibals)?, 2..=4),
            (None, None, Some(items), Some(pairs)) => (read_items(items, pairs)?, 1..=3),
            _ => return refuse("fields", "others", "missionaries, cannibals and boat, or items, pairs and boat"),
        };
        if !seats.contains(&fields.boat) {
            return refuse("boat", fields.boat, &format!("{} to {}", seats.start(), seats.end()));
        }
        Ok(RiverCrossing { party, boat: fields.boat, known: Known::default() })
    }
}

fn write_items(items: &Items, out: &mut Vec<u8>) {
    let names: Vec<&str> = items.names().collect();
    let quoted = |name: &&str| format!("\"{name}\"");
    out.extend_from_slice(b"{\"items\":[");
    out.extend_from_slice(names.iter().map(quoted).collect::<Vec<_>>().join(",").as_bytes());
    out.extend_from_slice(b"],\"pairs\":[");
    let pairs: Vec<_> = items.pairs().map(|(a, b)| format!("[{},{}]", quoted(&names[a]), quoted(&names[b]))).collect();
    out.extend_from_slice(pairs.join(",").as_bytes());
    out.push(b']');
}

fn refuse<T>(field: &str, found: impl std::fmt::Debug, allowed: &str) -> Result<T, PuzzleError> {
    Err(PuzzleError(format!("{field}: found {found:?}; allowed: {allowed}")))
}

fn read_people(missionaries: u8, cannibals: u8) -> Result<Party, PuzzleError> {
    if !(1..=MAX_PEOPLE).contains(&missionaries) {
        return refuse("missionaries", missionaries, &format!("1 to {MAX_PEOPLE}"));
    }
    if !(1..=missionaries).contains(&cannibals) {
        return refuse("cannibals", cannibals, "1 to the number of missionaries");
    }
    Ok(Party::People(missionaries, cannibals))
}

fn read_items(texts: &[String], pairs: &[(String, String)]) -> Result<Party, PuzzleError> {
    if !(2..=MAX_ITEMS).contains(&texts.len()) {
        return refuse("items", texts.len(), &format!("2 to {MAX_ITEMS}"));
    }
    let mut items = Items { count: texts.len(), names: [0; MAX_ITEMS], foes: [0; MAX_ITEMS] };
    for (place, text) in texts.iter().enumerate() {
        let known = NAMES.iter().position(|name| name == text).filter(|_| !texts[..place].contains(text));
        match known {
            Some(name) => items.names[place] = name as u8,
            None => return refuse("items", text, &format!("different ones of {}", NAMES.join(", "))),
        }
    }
    for (one, other) in pairs {
        let place = |text: &String| texts.iter().position(|item| item == text);
        match (place(one), place(other)) {
            (Some(a), Some(b)) if a != b && items.foes[a] >> b & 1 == 0 => {
                items.foes[a] |= 1 << b;
                items.foes[b] |= 1 << a;
            }
            _ => return refuse("pairs", (one, other), "different pairs of two of the items"),
        }
    }
    Ok(Party::Items(items))
}
