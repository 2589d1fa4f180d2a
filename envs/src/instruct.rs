//! Prompts for models that speak: the rules in plain English, the puzzle laid out as a person would write it, and the form of answers.
//!
//! The layout alone gives the puzzle back ([`Instruct::read_layout`]); the rules and the form of answers depend on nothing else. The reader of a prompt
//! writes it again and compares, so `read_layout` need not check every character.

use serde_json::Value;

use crate::environment::Environment;
use crate::kinds::Kinds;
use crate::prompt::Task;
use crate::text::Style;

/// Number of ways in which each environment words its rules.
pub const PHRASINGS: usize = 3;

/// A puzzle in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instructions {
    /// The rules and what is asked, in each wording: all that someone must know who has never heard of the puzzle. One line each.
    pub rules: [String; PHRASINGS],
    /// The puzzle: lines, none of them empty and none with white space at its end.
    pub layout: String,
    /// How an answer is written, with an example of the form that does not solve the puzzle. One line.
    pub form: String,
}

/// What is asked where each move costs 1.
const ASKED: [&str; PHRASINGS] = [
    "Any sequence of moves that does it is right, and the fewer moves it has, the better.",
    "Every move costs 1. You may give any solution, but a cheaper one is better.",
    "It need not be a shortest solution, although a shorter one is better.",
];

impl Instructions {
    /// Instructions whose rules do not depend on the puzzle.
    pub fn new(rules: [&str; PHRASINGS], layout: impl Into<String>, form: impl Into<String>) -> Self {
        Instructions { rules: rules.map(String::from), layout: layout.into(), form: form.into() }
    }

    /// The same with a sentence behind the rules: any solution is right, and fewer moves are better.
    pub fn of_moves(rules: [&str; PHRASINGS], layout: impl Into<String>, form: impl Into<String>) -> Self {
        let mut all = Self::new(rules, layout, form);
        for (rules, asked) in all.rules.iter_mut().zip(ASKED) {
            rules.push(' ');
            rules.push_str(asked);
        }
        all
    }
}

/// The puzzle in words, for prompts. The defaults write the parts of the prompt in prose: `impl Instruct for Pegs {}`.
pub trait Instruct: Kinds {
    /// The puzzle in words.
    fn instructions(&self) -> Instructions {
        in_prose(self)
    }

    /// The puzzle of a kind that a layout describes, as JSON; none if it describes none.
    fn read_layout(kind: usize, layout: &str) -> Option<Value> {
        let header = line(layout, "Puzzle: ").unwrap_or("");
        let (start, target) = (line(layout, "Start: ")?, line(layout, "Goal: ")?);
        Self::read_task_of(kind, &Task { style: Style::Prose, header, start, target })
    }
}

/// Instructions from the parts of a prompt in prose.
fn in_prose<E: Kinds>(puzzle: &E) -> Instructions {
    let header = text(|out| puzzle.write_header(Style::Prose, out));
    let start = text(|out| puzzle.write_state(&puzzle.start(), Style::Prose, out));
    let goal = text(|out| puzzle.write_target(Style::Prose, out));
    let head = if header.is_empty() { String::new() } else { format!("Puzzle: {header}\n") };
    let help = puzzle.about().help;
    Instructions {
        rules: [
            format!("Here is a puzzle: {help}."),
            format!("Solve a puzzle: {help}."),
            format!("This is the task: {help}."),
        ],
        layout: format!("{head}Start: {start}\nGoal: {goal}"),
        form: "Write the moves in their order, one a line.".into(),
    }
}

/// The text that a writer appends.
pub fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The first of some lists of moves that does not solve the puzzle, in the place of an example: lists for examples must differ in what they do.
pub fn unsolving<E: Environment, const N: usize>(puzzle: &E, lists: [&[E::Move]; N]) -> usize {
    let solves = |moves: &&[E::Move]| {
        let after = |state: E::State, action: &E::Move| puzzle.apply(&state, *action).map(|(_, state, _)| state);
        moves.iter().try_fold(puzzle.start(), after).is_some_and(|state| puzzle.is_goal(&state))
    };
    lists.iter().position(|moves| !solves(moves)).unwrap_or(0)
}

/// The name of a number of things: `1 box`, `3 boxes`.
pub fn count(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

/// The rest of the first line that begins with a label.
pub fn line<'a>(layout: &'a str, label: &str) -> Option<&'a str> {
    layout.lines().find_map(|line| line.strip_prefix(label))
}

/// The lines after the line `label`, up to the line that begins with `end`; up to the last one if `end` is empty.
pub fn block<'a>(layout: &'a str, label: &str, end: &str) -> Option<Vec<&'a str>> {
    let mut lines = layout.lines();
    lines.find(|line| *line == label)?;
    Some(lines.take_while(|line| end.is_empty() || !line.starts_with(end)).collect())
}

/// Things with `, ` between them.
pub fn listed<T: ToString>(things: impl IntoIterator<Item = T>) -> String {
    things.into_iter().map(|thing| thing.to_string()).collect::<Vec<_>>().join(", ")
}

/// What [`listed`] writes, taken apart; nothing for an empty text.
pub fn items(text: &str) -> Vec<&str> {
    text.split(", ").filter(|item| !item.is_empty()).collect()
}
