//! Countdown in words.

use super::{Countdown, Fields, Operation, Operations, Rule};
use crate::instruct::{items, line, listed};
use crate::prelude::*;
use crate::prompt::numbers;

/// What stands behind the operations where they may give fractions.
const FRACTIONS: &str = " (results may be fractions)";
const ALL: &str = "every number, exactly once";
const ANY: &str = "as many of the numbers as you like, each at most once";

impl Instruct for Countdown {
    fn instructions(&self) -> Instructions {
        let Fields { numbers, target, operations: _, fractions, rule } = self.to_fields();
        let signs = Operation::ALL.into_iter().filter(|&operation| self.operations.allow(operation));
        let signs = listed(signs.map(|operation| char::from(operation.sign())));
        let which = if rule == Rule::All { ALL } else { ANY };
        let example = if target == 135 { "(7 + 8) * 3" } else { "(7 + 8) * 9" };
        let mut rules = [
            "Combine the given numbers into the target by arithmetic. An operation takes two numbers and puts its result in their place. All results must be whole numbers from 0 on: a subtraction takes the smaller number from the larger one, and a division must leave no remainder and must not be by 0. The lists below say which operations are allowed and which numbers must be used.",
            "Find an arithmetic expression over the given numbers whose value is the target. Only the listed operations are allowed, and parentheses can be used freely. No intermediate result may be negative or a fraction, so every division must be exact, and dividing by 0 is not allowed. Below stands which of the numbers must be used; a result counts as a new number and is used at most once too.",
            "This is the numbers game Countdown: reach the target from the given numbers with the allowed operations, used as often as needed. Every step joins two numbers, given ones or earlier results, and uses them up. You may not go below 0 (subtract the smaller number from the larger), and you may only divide where nothing remains. Which numbers have to be used is stated below.",
        ];
        if fractions {
            rules = [
                "Combine the given numbers into the target by arithmetic. An operation takes two numbers and puts its result in their place. Results may be fractions, so one number can be divided by any other but 0, but none may be negative: a subtraction takes the smaller number from the larger one. The lists below say which operations are allowed and which numbers must be used.",
                "Find an arithmetic expression over the given numbers whose value is the target. Only the listed operations are allowed, and parentheses can be used freely. Intermediate results may be fractions (8/3 stays 8/3) but not negative, and dividing by 0 is not allowed. Below stands which of the numbers must be used; a result counts as a new number and is used at most once too.",
                "This is a game like 24: reach the target from the given numbers with the allowed operations, used as often as needed. Every step joins two numbers, given ones or earlier results, and uses them up. You may not go below 0 (subtract the smaller number from the larger) and not divide by 0, but a division may give a fraction. Which numbers have to be used is stated below.",
            ];
        }
        Instructions::new(
            rules,
            format!(
                "Numbers: {}\nTarget: {target}\nAllowed operations: {signs}{}\nUse: {which}",
                listed(numbers),
                if fractions { FRACTIONS } else { "" }
            ),
            format!("Write the answer as one expression with the given numbers, for example {example}."),
        )
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let signs: String = items(line(layout, "Allowed operations: ")?.trim_end_matches(FRACTIONS)).concat();
        let target = *numbers(Style::Frame, line(layout, "Target: ")?)?.first()?;
        let mut value = json!({"numbers": numbers(Style::Frame, line(layout, "Numbers: ")?)?, "target": target});
        if line(layout, "Allowed operations: ")?.ends_with(FRACTIONS) {
            value["fractions"] = true.into();
        }
        if Operations::parse(&signs)? != Operations::ALL {
            value["operations"] = signs.into();
        }
        if line(layout, "Use: ")? == ANY {
            value["rule"] = "any".into();
        }
        Some(value)
    }
}
