//! Word ladders in words.

use super::WordLadder;
use crate::instruct::line;
use crate::prelude::*;

const START: &str = "Start: ";
const GOAL: &str = "Goal: ";
const WORDS: &str = "Only the words of this list count: ";

impl Instruct for WordLadder {
    fn instructions(&self) -> Instructions {
        let fields = self.to_fields();
        let (start, goal) = (&fields.start, &fields.goal);
        let rules = [
            "Turn the start word into the goal word, one letter at a time. Each step changes exactly one letter; the others stay where they are, and no letter is added or taken away. Every word on the way must be a common English word.",
            "Build a word ladder from the start to the goal. Neighbouring words differ in exactly one place, all words have the same length, and every word in between is an ordinary English word.",
            "Find a chain of common English words that begins with the start and ends with the goal, in which each word is made from the one before by replacing a single letter by another one. Letters may not be rearranged, and the length does not change.",
        ];
        let list = fields.words.map_or(String::new(), |hash| format!("\n{WORDS}{hash}"));
        let layout = format!("{START}{start}\n{GOAL}{goal}{list}");
        let example = if (start.as_str(), goal.as_str()) == ("cold", "ward") {
            "lead -> load -> goad -> gold"
        } else {
            "cold -> cord -> card -> ward"
        };
        let form = format!(
            "Write all words of the ladder in their order, with the start and the goal, joined by arrows, in this form: {example}."
        );
        Instructions::of_moves(rules, layout, form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let mut value = json!({"start": line(layout, START)?, "goal": line(layout, GOAL)?});
        if let Some(hash) = line(layout, WORDS) {
            value["words"] = hash.into();
        }
        Some(value)
    }
}
