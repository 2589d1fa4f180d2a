//! Water jugs in words.

use super::WaterJugs;
use crate::instruct::{count, line, listed};
use crate::prelude::*;
use crate::prompt::numbers;

const SIZES: &str = "Jugs: ";
const START: &str = "At the start: ";
const TARGET: &str = "Target: ";

impl Instruct for WaterJugs {
    fn instructions(&self) -> Instructions {
        let each = |litres: &[u8], verb: &str| {
            let jug = |(jug, litres): (usize, &u8)| format!("{} {verb} {litres}", char::from(b'a' + jug as u8));
            listed(litres.iter().take(self.jugs).enumerate().map(jug))
        };
        let layout = format!(
            "{SIZES}{} (litres)\n{START}{} (litres)\n{TARGET}{} in one jug",
            each(&self.sizes, "holds"),
            each(&self.start, "has"),
            count(self.target.into(), "litre", "litres")
        );
        let rules = [
            "Measure out the target with jugs that have no marks. In a move you can fill a jug to the brim from the tap, empty a jug completely, or pour one jug into another until the first is empty or the second is full, whichever comes first. A move must change something. You are done when one of the jugs has exactly the target in it.",
            "You have the jugs below, a tap and a drain. There are three kinds of moves: fill one jug completely; pour all of a jug away; or pour from one jug into another, stopping when the one is empty or the other is full. A move that changes nothing is not allowed. Get the target amount into any one of the jugs.",
            "By filling, emptying and pouring, get exactly the target amount of water into one jug. Filling means up to the jug's size. Emptying means all of it. Pouring from one jug into another goes on until nothing is left in the first or nothing more fits into the second. Each move has to change the amount in some jug.",
        ];
        Instructions::of_moves(
            rules,
            layout,
            "Write the moves in their order, one a line, in these forms: fill a; empty a; pour a into b.",
        )
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let litres = |label: &str| numbers(Style::Frame, line(layout, label)?);
        Some(json!({"sizes": litres(SIZES)?, "start": litres(START)?, "target": litres(TARGET)?.first()?}))
    }
}
