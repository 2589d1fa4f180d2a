//! Pancakes in words.

use super::{Flip, Pancake};
use crate::instruct::{line, listed, unsolving};
use crate::prelude::*;
use crate::prompt::numbers;

const LABEL: &str = "Stack, from top to bottom: ";

impl Instruct for Pancake {
    fn instructions(&self) -> Instructions {
        let stack = listed((0..self.pancakes()).map(|place| self.start.size(place)));
        let example = [2, 3][unsolving(self, [&[Flip(2)], &[Flip(3)]])];
        let rules = [
            "Sort a stack of pancakes, so that the smallest (number 1) is on top and each pancake lies on a larger one. The only move is a flip: put the spatula under some pancakes and turn over everything above it, so that these top pancakes come into the opposite order. The rest of the stack stays as it is.",
            "A stack of pancakes of different sizes lies on a plate; greater numbers are larger pancakes. A flip of k turns the top k pancakes over, which reverses their order. Find flips after which the sizes grow from the top, 1, to the bottom.",
            "You have a stack of pancakes, numbered by size from 1, the smallest. You can only take a number of pancakes from the top, all together, and put them back upside down, the uppermost now lowest among them. Bring the stack into order, smallest on top and largest at the bottom.",
        ];
        let form = format!(
            "Write the flips in their order, one a line, each with the number of pancakes that are turned over, in this form: flip {example}."
        );
        Instructions::of_moves(rules, format!("{LABEL}{stack}"), form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        Some(json!({"stack": numbers(Style::Frame, line(layout, LABEL)?)?}))
    }
}
