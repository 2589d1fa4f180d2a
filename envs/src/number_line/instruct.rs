//! Number lines in words.

use super::{NumberLine, atoms};
use crate::instruct::{items, line, listed, text};
use crate::prelude::*;
use crate::prompt::numbers;

const START: &str = "Start: ";
const TARGET: &str = "Target: ";
const OPERATIONS: &str = "Operations: ";
const LIMIT: &str = "Greatest number allowed: ";

impl Instruct for NumberLine {
    fn instructions(&self) -> Instructions {
        let NumberLine { start, target, limit, .. } = *self;
        let operation = |&operation| text(|out| _ = atoms::operation(out, Style::Frame, operation));
        let operations = listed(self.operations.iter().map(operation));
        let layout = format!("{START}{start}\n{TARGET}{target}\n{OPERATIONS}{operations}\n{LIMIT}{limit}");
        let rules = [
            "Turn the start number into the target by the listed operations. + adds, - subtracts, * multiplies and / divides by the number behind the sign. Each operation may be used as often as you like, in any order. After every operation the number must be a whole number from 0 up to the greatest number allowed, so a division must leave no remainder, and the number must have changed.",
            "You have a number, the start, and a few operations that you can apply to it again and again. Reach the target. Every result has to be a whole number between 0 and the greatest number allowed: you may not go below 0 or above the limit, and you may only divide where nothing remains. An operation that leaves the number as it is does not count as a move.",
            "Find a sequence of operations that leads from the start to the target. In each step one of the listed operations is applied to the current number; each may be used any number of times or not at all. Numbers stay whole and within 0 and the greatest number allowed at every step, divisions must be exact, and each step must change the number.",
        ];
        let example = if (start, target) == (2, 5) { "*2=4" } else { "+3=5" };
        let form = format!(
            "Write the steps in their order, one a line, each as the operation and the number that it gives, in this form: {example}."
        );
        Instructions::of_moves(rules, layout, form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let number = |label: &str| numbers(Style::Frame, line(layout, label)?)?.first().copied();
        Some(json!({
            "start": number(START)?, "target": number(TARGET)?, "limit": number(LIMIT)?, "operations": items(line(layout, OPERATIONS)?)
        }))
    }
}
