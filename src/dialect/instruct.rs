//! The prompt style `instruct`, for models that speak: rules, puzzle and form of the answer in plain English, put together by a template.
//!
//! The environment has the words ([`sos_envs::Instruct`]). A text has several wordings, which differ in the rules and in the template. It is read like
//! every prompt: the puzzle's own lines are found by the lines of the template, and the text of the puzzle that they describe must be the same in one
//! of the wordings.

use sos_envs::Instructions;
use sos_envs::instruct::PHRASINGS;

use super::{PromptError, Span};
use crate::arena::{Family, Puzzle};

/// Version of the texts. It changes whenever their bytes change.
pub const VERSION: u32 = 1;

/// The default templates.
const TEMPLATES: [&str; 3] = [
    "{rules}\n\n{puzzle}\n\n{form}\nThink about it as long as you need. Then give your final answer between <answer> and </answer>.",
    "{rules}\n\n{puzzle}\n\n{form}\nYou may reason first. The final answer must stand inside <answer></answer> tags, and nothing else may stand there.",
    "{rules}\n\n{puzzle}\n\n{form}\nWork it out step by step, and end with your answer in the form <answer>...</answer>.",
];

/// What is said of puzzles without a solution. It stands behind the form of answers of every puzzle, and so tells nothing about it.
const NO_SOLUTION: &str = "If there is no solution, the answer is: no solution.";

/// The places of a template.
const PLACES: [&str; 3] = ["rules", "puzzle", "form"];
const PUZZLE: &str = "{puzzle}";

/// How many characters of a text a message shows at most.
const MOST_SHOWN: usize = 60;

/// Prompts of the style `instruct`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruct {
    templates: Vec<String>,
}

impl Default for Instruct {
    fn default() -> Self {
        Instruct { templates: TEMPLATES.map(String::from).to_vec() }
    }
}

impl Instruct {
    /// Prompts by a template of one's own. It must have `{puzzle}` once, on a line of its own; `{rules}` and `{form}` may stand anywhere. If it does not
    /// fit, the error says what was found and what is allowed.
    pub fn by(template: &str) -> Result<Self, [String; 2]> {
        let puzzles = template.matches(PUZZLE).count();
        if puzzles != 1 {
            let found = format!("a text with {puzzles} times {PUZZLE}");
            return Err([found, format!("a text with {PUZZLE} once, on a line of its own")]);
        }
        if !template.lines().any(|line| line == PUZZLE) {
            let found = format!("{PUZZLE} beside other words");
            return Err([found, format!("{PUZZLE} on a line of its own, since a puzzle has several lines")]);
        }
        for word in template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word) {
            if !PLACES.contains(&word)
                && let Some(near) = crate::names::nearest(word, PLACES)
            {
                let allowed = format!("{{rules}}, {PUZZLE} and {{form}}; did you mean {{{near}}}?");
                return Err([format!("{{{word}}}"), allowed]);
            }
        }
        Ok(Instruct { templates: vec![template.trim_end().to_string()] })
    }

    /// Number of wordings.
    fn wordings(&self) -> usize {
        PHRASINGS * self.templates.len()
    }

    /// The prompt of a puzzle. The number, any one, selects the wording.
    pub fn write(&self, puzzle: &Puzzle, word: u32) -> String {
        self.worded(&puzzle.instructions(), word as usize % self.wordings())
    }

    fn worded(&self, instructions: &Instructions, wording: usize) -> String {
        let Instructions { rules, layout, form } = instructions;
        // One pass, so that nothing in a puzzle is taken for a place.
        let mut text = String::new();
        let mut rest = &*self.templates[wording / PHRASINGS];
        while let Some((before, behind)) = rest.split_once('{') {
            text.push_str(before);
            let place = behind.split_once('}').filter(|(word, _)| PLACES.contains(word));
            rest = match place {
                Some(("rules", behind)) => {
                    text.push_str(&rules[wording % PHRASINGS]);
                    behind
                }
                Some(("puzzle", behind)) => {
                    text.push_str(layout);
                    behind
                }
                Some((_, behind)) => {
                    text.push_str(form);
                    text.push(' ');
                    text.push_str(NO_SOLUTION);
                    behind
                }
                None => {
                    text.push('{');
                    behind
                }
            };
        }
        text + rest
    }

    /// The puzzle of an environment that a prompt describes. White space at both ends and at line ends carries no meaning.
    pub fn read(&self, family: &dyn Family, text: &str) -> Result<Puzzle, PromptError> {
        let start = text.len() - text.trim_start().len();
        let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
        let clean = lines.join("\n");
        let mut nearest = (0, format!("the puzzle of a prompt of {}", family.about().name));
        for (number, template) in self.templates.iter().enumerate() {
            let Some(puzzle) = puzzle_of(family, template, &lines) else { continue };
            let instructions = puzzle.instructions();
            for wording in number * PHRASINGS..(number + 1) * PHRASINGS {
                let own = self.worded(&instructions, wording);
                let own = own.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
                if own == clean {
                    return Ok(puzzle);
                }
                let same = own.chars().zip(clean.chars()).take_while(|(one, other)| one == other);
                let same: usize = same.map(|(sign, _)| sign.len_utf8()).sum();
                if same >= nearest.0 {
                    let expected: String = own[same..].chars().take(MOST_SHOWN).collect();
                    nearest = (same, if expected.is_empty() { "the end".into() } else { format!("{expected:?}") });
                }
            }
        }
        let (at, expected) = nearest;
        let found = clean[at..].chars().take(MOST_SHOWN).collect();
        Err(PromptError { span: Span((start + at).min(text.len()), text.len()), found, expected })
    }
}

/// The puzzle in the lines of a text that stand where the template has its puzzle.
fn puzzle_of(family: &dyn Family, template: &str, lines: &[&str]) -> Option<Puzzle> {
    let template: Vec<&str> = template.trim().lines().map(str::trim_end).collect();
    let before = template.iter().position(|line| *line == PUZZLE)?;
    let behind = template.len() - before - 1;
    let layout = lines.get(before..lines.len().checked_sub(behind)?)?.join("\n");
    family.read_json(&family.read_layout(&layout)?).ok()
}

/// Whether a prompt shows a puzzle: its lines stand in the text, one after the other, and once.
pub fn shows(text: &str, puzzle: &Puzzle) -> bool {
    let layout = puzzle.instructions().layout;
    let own: Vec<&str> = layout.lines().collect();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    !own.is_empty() && lines.windows(own.len()).filter(|part| *part == own).count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arena::environment;

    #[test]
    fn templates_that_do_not_fit_are_refused() {
        let refused = |template: &str| Instruct::by(template).unwrap_err().join("; ");
        assert_eq!(refused("{rules}"), "a text with 0 times {puzzle}; a text with {puzzle} once, on a line of its own");
        assert!(refused("{puzzle}\n{puzzle}").starts_with("a text with 2 times"));
        assert!(refused("Solve: {puzzle}").starts_with("{puzzle} beside other words"));
        assert_eq!(refused("{puzzle}\n{rule}"), "{rule}; {rules}, {puzzle} and {form}; did you mean {rules}?");
        assert!(Instruct::by("{puzzle}\n\\boxed{} {{rules}} {x").is_ok());
    }

    #[test]
    fn another_puzzle_is_not_read() {
        let family = environment("countdown").unwrap();
        let puzzle = family.read_json(&serde_json::json!({"numbers": [3, 5, 7], "target": 22})).unwrap();
        let own =
            Instruct::by("Example:\nNumbers: 1, 2\nTarget: 3\n{puzzle}\nThe \\boxed{} goes {last}. {form}").unwrap();
        for style in [Instruct::default(), own] {
            for word in 0..20 {
                let text = style.write(&puzzle, word);
                assert_eq!(style.read(family, &format!(" \n{}\r\n", text.replace('\n', " \r\n"))).unwrap(), puzzle);
                assert!(shows(&text, &puzzle));
                let other = text.replace("Target: 22", "Target: 23");
                assert_ne!(style.read(family, &other).unwrap(), puzzle);
                assert!(!shows(&other, &puzzle));
                let error = style.read(family, &text.replace("3, 5, 7", "3, 5, 7, 9 or so")).unwrap_err();
                assert!(error.to_string().contains("found \" or so"), "{error}");
            }
        }
    }
}
