//! River crossings as JSON: of people `{"missionaries":3,"cannibals":3,"boat":2}`, or of items.

use std::borrow::Cow;

use super::{Items, MAX_ITEMS, MAX_PEOPLE, NAMES, Party, RiverCrossing};
use crate::exact::Known;
use crate::prelude::*;

type Name = Cow<'static, str>;

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    missionaries: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cannibals: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<Name>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pairs: Option<Vec<(Name, Name)>>,
    boat: u8,
}

impl Json for RiverCrossing {
    type Fields = Fields;
    const EXAMPLE: &'static str =
        r#"{"items":["wolf","goat","cabbage"],"pairs":[["wolf","goat"],["goat","cabbage"]],"boat":1}"#;

    fn to_fields(&self) -> Fields {
        let boat = self.boat;
        match &self.party {
            Party::People(missionaries, cannibals) => {
                Fields { missionaries: Some(*missionaries), cannibals: Some(*cannibals), boat, ..Fields::default() }
            }
            Party::Items(items) => {
                let names: Vec<Name> = items.names().map(Name::from).collect();
                let pairs = items.pairs().map(|(a, b)| (names[a].clone(), names[b].clone())).collect();
                Fields { items: Some(names), pairs: Some(pairs), boat, ..Fields::default() }
            }
        }
    }

    fn from_fields(fields: Fields) -> Result<RiverCrossing, PuzzleError> {
        let Fields { missionaries, cannibals, items, pairs, boat } = fields;
        let (party, [least, most]) = match (missionaries, cannibals, &items, &pairs) {
            (Some(missionaries), Some(cannibals), None, None) => (read_people(missionaries, cannibals)?, [2u64, 4]),
            (None, None, Some(items), Some(pairs)) => (read_items(items, pairs)?, [1, 3]),
            _ => {
                let allowed = "missionaries, cannibals and boat, or items, pairs and boat";
                return Err(PuzzleError::new("fields", "others", allowed));
            }
        };
        PuzzleError::within("boat", boat, least, most)?;
        Ok(RiverCrossing { party, boat, known: Known::default() })
    }
}

fn read_people(missionaries: u8, cannibals: u8) -> Result<Party, PuzzleError> {
    PuzzleError::within("missionaries", missionaries, 1u64, MAX_PEOPLE)?;
    if !(1..=missionaries).contains(&cannibals) {
        return Err(PuzzleError::new("cannibals", cannibals, "1 to the number of missionaries"));
    }
    Ok(Party::People(missionaries, cannibals))
}

fn read_items(texts: &[Name], pairs: &[(Name, Name)]) -> Result<Party, PuzzleError> {
    PuzzleError::within("items", texts.len() as u64, 2u64, MAX_ITEMS as u64)?;
    let mut items = Items { count: texts.len(), names: [0; MAX_ITEMS], foes: [0; MAX_ITEMS] };
    for (place, text) in texts.iter().enumerate() {
        let known = NAMES.iter().position(|name| name == text).filter(|_| !texts[..place].contains(text));
        match known {
            Some(name) => items.names[place] = name as u8,
            None => return Err(PuzzleError::new("items", text, format!("different ones of {}", NAMES.join(", ")))),
        }
    }
    for (one, other) in pairs {
        let place = |text: &Name| texts.iter().position(|item| item == text);
        match (place(one), place(other)) {
            (Some(a), Some(b)) if a != b && items.foes[a] >> b & 1 == 0 => {
                items.foes[a] |= 1 << b;
                items.foes[b] |= 1 << a;
            }
            _ => return Err(PuzzleError::new("pairs", (one, other), "different pairs of two of the items")),
        }
    }
    Ok(Party::Items(items))
}
