//! River crossings in words.

use super::{Party, RiverCrossing};
use crate::instruct::{count, items, line, listed};
use crate::prelude::*;
use crate::prompt::numbers;

const MISSIONARIES: &str = "Missionaries: ";
const CANNIBALS: &str = "Cannibals: ";
const ITEMS: &str = "Items: ";
const PAIRS: &str = "Not to be left together without the farmer: ";
const NONE: &str = "none";
const BOAT: &str = "Room in the boat: ";

impl Instruct for RiverCrossing {
    fn instructions(&self) -> Instructions {
        let boat = self.boat.into();
        match &self.party {
            Party::People(missionaries, cannibals) => {
                let rules = [
                    "Missionaries and cannibals stand on the near bank of a river and all have to get to the far bank. There is one boat, also on the near bank. It holds no more people than stated and never crosses empty; anyone can row. After every crossing, on each bank: if there are any missionaries on it, there must be at least as many of them as cannibals. In the boat this rule does not apply.",
                    "Bring all missionaries and cannibals from the near bank to the far bank. The boat, which begins at the near bank, takes at least one person and at most as many as it has room for, in either direction. On neither bank may cannibals ever outnumber missionaries after a crossing, except where there are no missionaries at all. Who sits together in the boat does not matter.",
                    "Everyone must cross the river with a small boat, and the boat goes to and fro between the near bank, where all begin, and the far bank. Each crossing needs at least one person in the boat, and there is a limit to how many fit in. Whenever the boat has landed, a bank with missionaries must not have more cannibals than missionaries; the people in the boat count for the bank where it has landed.",
                ];
                let example = if (*missionaries, *cannibals) == (1, 1) {
                    "(0 1) for 0 missionaries and 1 cannibal"
                } else {
                    "(1 1) for 1 missionary and 1 cannibal"
                };
                let layout = format!(
                    "{MISSIONARIES}{missionaries}\n{CANNIBALS}{cannibals}\n{BOAT}{}",
                    count(boat, "person", "people")
                );
                let form = format!(
                    "Write the crossings in their order, there and back in turn, one a line, each as the numbers of missionaries and cannibals in the boat, in this form: {example}."
                );
                Instructions::of_moves(rules, layout, form)
            }
            Party::Items(all) => {
                let rules = [
                    "A farmer has to take all items from the near bank of a river to the far bank. The boat begins at the near bank. Only the farmer can row, so the farmer is in the boat at every crossing, with as many items as there is room for, or with none. Some items must never be left on the same bank while the farmer is away from it.",
                    "Help a farmer across a river with everything that is listed. The farmer rows the boat to and fro, starting at the near bank, and can take some items along on each trip, up to the room in the boat; crossing without items is allowed. Whenever the farmer is on one bank, no two items that may not be left together may be on the other bank.",
                    "All items are on the near bank, together with a farmer and a boat, and must be brought to the far bank. Each crossing is made by the farmer, alone or with items, not more than the boat has room for. On the bank where the farmer is not, there must never be two items that may not be left together; on the farmer's own bank and in the boat everything is safe.",
                ];
                let names: Vec<&str> = all.names().collect();
                let pairs: Vec<String> = all.pairs().map(|(a, b)| format!("{} and {}", names[a], names[b])).collect();
                let pairs = if pairs.is_empty() { NONE.into() } else { listed(pairs) };
                let room = count(boat, "item", "items");
                let layout = format!("{ITEMS}{}\n{PAIRS}{pairs}\n{BOAT}the farmer and {room}", listed(&names));
                // With a single item, to take it across is the answer.
                let taken =
                    if let [_] = names[..] { String::new() } else { names.first().map_or("", |name| name).to_string() };
                let form = format!(
                    "Write the crossings in their order, there and back in turn, one a line, each as the items that the farmer takes along, in parentheses with spaces between them; () is a crossing without items. A line looks like this: ({taken})."
                );
                Instructions::of_moves(rules, layout, form)
            }
        }
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let number = |label: &str| numbers(Style::Frame, line(layout, label)?)?.first().copied();
        let boat = number(BOAT)?;
        if line(layout, MISSIONARIES).is_some() {
            return Some(json!({"missionaries": number(MISSIONARIES)?, "cannibals": number(CANNIBALS)?, "boat": boat}));
        }
        let pair = |pair: &str| pair.split_once(" and ").map(|(a, b)| json!([a, b]));
        let pairs = items(line(layout, PAIRS)?).into_iter().filter(|pair| *pair != NONE);
        let pairs = pairs.map(pair).collect::<Option<Vec<Value>>>()?;
        Some(json!({"items": items(line(layout, ITEMS)?), "pairs": pairs, "boat": boat}))
    }
}
