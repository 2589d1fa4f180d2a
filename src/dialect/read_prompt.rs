//! Reads a prompt: finds the puzzle that it describes.
//!
//! All dialects do it in one way. The dialect splits the prompt into its parts, the environment makes a puzzle from them, and the prompt of
//! that puzzle is written again. If this gives the same text, the puzzle is right. So a prompt is read exactly or not at all, and an error
//! names the first difference.

use serde_json::Value;
use sos_envs::Task;

use super::read::Rest;
use super::{DialectEntry, Span};
use crate::arena::{Family, Puzzle};

/// The form of a dialect's prompts.
#[derive(Clone, Copy)]
pub enum PromptForm {
    /// Header, start and target. The function gives the ways to split a text into them, the likeliest first.
    Parts(for<'a> fn(&'a str) -> Vec<Task<'a>>),
    /// A grammar of [`sos_envs::About::prompts`], behind a word of the dialect's own.
    Grammar {
        /// The grammar.
        name: &'static str,
        /// The word in front of the prompt.
        before: &'static str,
    },
    /// The puzzle as JSON, in any formatting. The function takes it from the text.
    Json(fn(&str) -> Result<Value, String>),
}

/// A prompt that describes no puzzle: the place, what was found there, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bytes {} to {}: found {found:?}; expected: {expected}", span.0, span.1)]
pub struct PromptError {
    /// The place, in bytes of the text.
    pub span: Span,
    /// The text at the place; its beginning, if it is long.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

/// How many ways to split a text into parts are tried at most.
pub(super) const MOST_WAYS: usize = 4;

/// How many characters of a text a message shows at most.
const MOST_SHOWN: usize = 40;

impl DialectEntry {
    /// The puzzle of an environment that a prompt describes. White space at both ends and at line ends, and the tokens of [`super::WRAPPERS`], carry no
    /// meaning. Time and memory grow with the text and with the largest puzzle that the environment accepts.
    pub fn read_prompt(&self, family: &dyn Family, text: &[u8]) -> Result<Puzzle, PromptError> {
        let no_text =
            |from: usize| PromptError { span: Span(from, text.len()), found: String::new(), expected: "UTF-8".into() };
        std::str::from_utf8(text).map_err(|error| no_text(error.valid_up_to()))?;
        let rest = Rest::of(text, 0, self.separator.as_bytes());
        let clean = std::str::from_utf8(rest.text.trim_ascii()).map_err(|_| no_text(0))?;
        let failure = match self.form {
            PromptForm::Parts(ways) => {
                let mut failure = Failure::default();
                for task in ways(clean).into_iter().take(MOST_WAYS) {
                    match self.same(family, family.read_task(&task), clean) {
                        Ok(puzzle) => return Ok(puzzle),
                        Err(other) if other.at > failure.at || failure.expected.is_none() => failure = other,
                        Err(_) => {}
                    }
                }
                failure
            }
            PromptForm::Grammar { name, before } => {
                let told = clean.strip_prefix(before).and_then(|rest| family.read_prompt(name, rest.trim_start()));
                match self.same(family, told, clean) {
                    Ok(puzzle) => return Ok(puzzle),
                    Err(failure) => failure,
                }
            }
            PromptForm::Json(read) => {
                let puzzle = read(clean).and_then(|json| family.read_json(&json).map_err(|error| error.to_string()));
                match puzzle {
                    Ok(puzzle) => return Ok(puzzle),
                    Err(expected) => Failure { at: 0, expected: Some(expected) },
                }
            }
        };
        let at = failure.at;
        let none = || format!("a prompt of {} in {}", self.about.name, self.name);
        Err(PromptError {
            span: Span(rest.start(at).min(text.len()), (rest.start(clean.len().saturating_sub(1)) + 1).min(text.len())),
            found: clean.get(at..).unwrap_or_default().chars().take(MOST_SHOWN).collect(),
            expected: failure.expected.unwrap_or_else(none),
        })
    }

    /// What prompts of the dialect leave out, and what reading them assumes; none where they contain everything.
    pub fn untold(&self, family: &dyn Family) -> Option<&'static str> {
        match self.form {
            PromptForm::Grammar { name, .. } => family.untold(name),
            PromptForm::Parts(_) | PromptForm::Json(_) => None,
        }
    }

    /// The puzzle of the JSON, if its prompt is the text.
    fn same(&self, family: &dyn Family, told: Option<Value>, text: &str) -> Result<Puzzle, Failure> {
        let json = told.ok_or_else(Failure::default)?;
        let puzzle = family.read_json(&json).map_err(|error| Failure {
            at: 0,
            expected: Some(error.to_string().trim_start_matches("puzzle: ").into()),
        })?;
        let mut again = Vec::new();
        (self.write_prompt)(&puzzle, &mut again);
        let again = String::from_utf8_lossy(&again);
        let again = again.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        if again == text {
            return Ok(puzzle);
        }
        let same = again.bytes().zip(text.bytes()).take_while(|(one, other)| one == other).count();
        let at = (0..=same).rev().find(|&at| text.is_char_boundary(at) && again.is_char_boundary(at)).unwrap_or(0);
        let expected: String = again[at..].chars().take(MOST_SHOWN).collect();
        Err(Failure {
            at,
            expected: Some(if expected.is_empty() { "the end".into() } else { format!("{expected:?}") }),
        })
    }
}

/// The first difference between a prompt and that of the puzzle which it seems to describe.
#[derive(Default)]
struct Failure {
    at: usize,
    expected: Option<String>,
}
