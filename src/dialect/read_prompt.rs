//! Reading a prompt: which puzzle it tells.
//!
//! There is one way for all dialects. The dialect finds the parts of a prompt, the environment says which puzzle they are of, and that puzzle's prompt is written
//! again: if it is the same text, the puzzle is the one. So a prompt is read exactly or not at all, and an error says where the two part.

use serde_json::Value;
use sos_envs::Task;

use super::read::Rest;
use super::{DialectEntry, Span};
use crate::arena::{Family, Puzzle};

/// How a dialect's prompts are made.
#[derive(Clone, Copy)]
pub enum PromptForm {
    /// Of header, start and target: the ways in which a text can be cut into them, the likeliest first.
    Parts(for<'a> fn(&'a str) -> Vec<Task<'a>>),
    /// In a grammar of [`sos_envs::About::prompts`], behind a word of the dialect's own.
    Grammar {
        /// The grammar.
        name: &'static str,
        /// What stands in front.
        before: &'static str,
    },
    /// Of the puzzle as JSON, in any form: what stands where.
    Json(fn(&str) -> Result<Value, String>),
}

/// A prompt that tells no puzzle: where, what stands there, what is expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bytes {} to {}: found {found:?}; expected: {expected}", span.0, span.1)]
pub struct PromptError {
    /// Where, in bytes of the text.
    pub span: Span,
    /// What stands there, if it is long its beginning.
    pub found: String,
    /// What is expected.
    pub expected: String,
}

/// Most ways of cutting a text in parts that are tried.
pub(super) const MOST_WAYS: usize = 4;

/// Most characters of a text that a message shows.
const MOST_SHOWN: usize = 40;

impl DialectEntry {
    /// The puzzle of an environment that a prompt tells. White space at its ends and at the ends of its lines, and the tokens of [`super::WRAPPERS`], carry no meaning.
    /// Time and memory grow with the text and with the largest puzzle that the environment takes.
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

    /// What its prompts leave out of a puzzle, and what is assumed where one is read; none where they tell all.
    pub fn untold(&self, family: &dyn Family) -> Option<&'static str> {
        match self.form {
            PromptForm::Grammar { name, .. } => family.untold(name),
            PromptForm::Parts(_) | PromptForm::Json(_) => None,
        }
    }

    /// The puzzle, if its prompt is the text.
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

/// Where a prompt is not that of the puzzle it seems to tell.
#[derive(Default)]
struct Failure {
    at: usize,
    expected: Option<String>,
}
