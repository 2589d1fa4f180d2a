//! Zebra puzzles in prompts for models that speak.

use serde_json::{Value, json};

use super::{Clue, Zebra};
use crate::instruct::{Instructions, block, count, items, listed};

/// The lines above the parts of a puzzle in prompts for models that speak.
const HOUSES: &str = "Houses: 1 to ";
const KINDS: &str = "Things (each line is one kind, and every house has one thing of each kind):";
const LISTED: &str = "Clues:";

impl Zebra {
    /// Rules, layout and form of the answer.
    pub(super) fn in_words(&self) -> Instructions {
        let houses = self.houses();
        let kinds: String = self.attributes.iter().map(|things| format!("\n{}", listed(things))).collect();
        let clue = |(clue, at): (&Clue, usize)| format!("\n{at}. {}", sentence(clue));
        let clues: String = self.clues.iter().zip(1..).map(clue).collect();
        let rules = [
            format!(
                "There are {houses} houses in a row, numbered from 1 at the left to {houses} at the right. In every house there is exactly one thing of each kind, and every thing is in exactly one house. Find out from the clues in which house each thing is. Two things are next to each other if the numbers of their houses differ by 1, and a thing is directly left of another one if the number of its house is smaller by 1; it is somewhere left of it if the number is smaller, and N houses apart means that the numbers differ by N."
            ),
            format!(
                "This is a zebra puzzle with {houses} houses side by side, house 1 leftmost and house {houses} rightmost. The things below come in kinds; each house has one thing of every kind, and nothing is in two houses. Use the clues to work out the house of everything. Next to means in a neighbouring house on either side, and directly left of means in the neighbouring house with the smaller number; somewhere left of means in any house with a smaller number, and N houses apart means that the numbers of the houses differ by N."
            ),
            format!(
                "Work out what is in which of {houses} houses. The houses stand in a line and have the numbers 1 to {houses} from left to right. Things of one kind are all in different houses, so that every house gets one of each kind. All clues are true. One thing is next to another if there is no house between theirs, and directly left of it if its house is the neighbour on the left; somewhere left means any house farther to the left, and things are N houses apart if their house numbers differ by N."
            ),
        ];
        let layout = format!("{HOUSES}{houses}, from left to right\n{KINDS}{kinds}\n{LISTED}{clues}");
        let thing = self.attributes.first().and_then(|things| things.first()).map_or("", String::as_str);
        let form = format!(
            "Write the number of the house of every thing, separated by commas, in this form: {thing} = 1, and so on for all things."
        );
        Instructions { rules, layout, form }
    }
}

/// The puzzle of a layout, as JSON.
pub(super) fn read_layout(layout: &str) -> Option<Value> {
    let attributes: Vec<Vec<&str>> = block(layout, KINDS, LISTED)?.into_iter().map(items).collect();
    let clue = |line: &str| read_sentence(line.split_once(". ")?.1.strip_suffix('.')?);
    let clues = block(layout, LISTED, "")?.into_iter().map(clue).collect::<Option<Vec<Value>>>()?;
    Some(json!({"attributes": attributes, "clues": clues}))
}

/// The relations of clues, and how prompts for models that speak word them.
const WORDED: [(&str, &str); 7] = [
    ("at", " is in house "),
    ("same", " is in the same house as "),
    ("next", " is next to "),
    ("left", " is directly left of "),
    ("apart", " is not in the same house as "),
    ("before", " is somewhere left of "),
    ("notat", " is not in house "),
];

/// A clue as a sentence.
fn sentence(clue: &Clue) -> String {
    let (first, relation, second) = match clue {
        Clue::At(a, house) => (a, 0, house.to_string()),
        Clue::Same(a, b) => (a, 1, b.clone()),
        Clue::Next(a, b) => (a, 2, b.clone()),
        Clue::Left(a, b) => (a, 3, b.clone()),
        Clue::Apart(a, b) => (a, 4, b.clone()),
        Clue::Before(a, b) => (a, 5, b.clone()),
        Clue::NotAt(a, house) => (a, 6, house.to_string()),
        Clue::Gap(a, b, houses) => {
            return format!("{a} and {b} are {} apart.", count((*houses).into(), "house", "houses"));
        }
    };
    format!("{first}{}{second}.", WORDED[relation].1)
}

/// The clue of a sentence without its full stop, as JSON.
fn read_sentence(text: &str) -> Option<Value> {
    if let Some((things, far)) = text.strip_suffix(" apart").and_then(|text| text.rsplit_once(" are ")) {
        let (a, b) = things.split_once(" and ")?;
        return Some(json!({"gap": [a, b, far.split(' ').next()?.parse::<u64>().ok()?]}));
    }
    let (relation, first, second) =
        WORDED.iter().find_map(|(relation, words)| text.split_once(words).map(|(a, b)| (*relation, a, b)))?;
    Some(if relation == "at" || relation == "notat" {
        json!({relation: [first, second.parse::<u64>().ok()?]})
    } else {
        json!({relation: [first, second]})
    })
}
