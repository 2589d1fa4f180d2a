//! Answers as people and models write them: not in a dialect, but as a list of moves, an expression, a grid, a path.
//!
//! An answer is read into moves, and the moves are judged by the rules of the puzzle. So a reader may be generous about form: whatever it makes of a text, only a
//! solution is right. It must not find an answer in a text that gives none.

pub mod steps;
pub mod token;

use std::ops::Range;

use crate::environment::{Atoms, Complete};
use crate::text::Style;
pub use token::{Kind, Token};

/// Greatest length of an answer in bytes.
pub const LONGEST: usize = 1 << 18;

/// A text that is no answer: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What is the matter.
    pub problem: Problem,
    /// The bytes of the text.
    pub span: Range<usize>,
}

/// Why a text gives no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing that could be an answer.
    Nothing,
    /// Something stands there that cannot be read.
    Malformed,
    /// There are two different answers.
    Ambiguous,
    /// It can be read, and no puzzle allows it. The text says why: `7 / 2 is no whole number`.
    Wrong(String),
}

impl Unread {
    /// Nothing that could be an answer.
    pub fn nothing() -> Self {
        Unread { problem: Problem::Nothing, span: 0..0 }
    }

    /// A token that cannot be read.
    pub fn at(token: &Token<'_>) -> Self {
        Unread { problem: Problem::Malformed, span: token.span() }
    }

    /// Tokens of a second answer, other than the first.
    pub fn ambiguous(tokens: &[Token<'_>]) -> Self {
        Unread { problem: Problem::Ambiguous, span: span(tokens) }
    }

    /// Tokens that no puzzle allows, and why.
    pub fn wrong(tokens: &[Token<'_>], why: impl Into<String>) -> Self {
        Unread { problem: Problem::Wrong(why.into()), span: span(tokens) }
    }
}

/// The bytes from the first token to the last.
pub fn span(tokens: &[Token<'_>]) -> Range<usize> {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.at..last.span().end,
        _ => 0..0,
    }
}

/// Moves, or why there are none.
pub type Read<M> = Result<Vec<M>, Unread>;

/// How answers are written and read outside of dialects. The defaults suit every environment: a list of moves as its atoms write them. The sentence that says
/// the form is [`About::answer_form`](crate::About::answer_form).
pub trait Answers: Atoms {
    /// Reads the moves of an answer, legal or not. The tokens are those of `text`, or of a part of it.
    fn read_plain_answer(&self, text: &str, tokens: &[Token<'_>]) -> Read<Self::Move> {
        steps::listed(text, tokens, |style, reader| self.read_move(style, reader))
    }

    /// Writes a solution in a form that [`Answers::read_plain_answer`] reads: by default the moves with commas between them.
    fn write_plain_answer(&self, moves: &[Self::Move], out: &mut Vec<u8>) {
        for (place, action) in moves.iter().enumerate() {
            if place > 0 {
                out.extend_from_slice(b", ");
            }
            self.write_move(*action, Style::Frame, out);
        }
    }
}

/// Reads an answer: moves, or `None` where it says that there is no solution.
pub fn read<E: Complete>(puzzle: &E, text: &str) -> Result<Option<Vec<E::Move>>, Unread> {
    if text.len() > LONGEST {
        let why = format!("an answer of {} bytes; allowed: at most {LONGEST}", text.len());
        return Err(Unread { problem: Problem::Wrong(why), span: 0..text.len() });
    }
    let tokens = steps::unmarked(token::tokens(text));
    let mut found: Option<Option<Vec<E::Move>>> = None;
    let mut add = |answer: Option<Vec<E::Move>>, tokens: &[Token<'_>]| match &found {
        Some(before) if *before != answer => Err(Unread::ambiguous(tokens)),
        _ => {
            found = Some(answer);
            Ok(())
        }
    };
    for part in alternatives(&tokens) {
        let (rest, says_none) = without_claims(part);
        if says_none {
            add(None, part)?;
        }
        match puzzle.read_plain_answer(text, &rest) {
            Ok(moves) => add(Some(moves), part)?,
            Err(Unread { problem: Problem::Nothing, .. }) => {}
            Err(unread) => return Err(unread),
        }
    }
    found.ok_or(Unread { problem: Problem::Nothing, span: 0..text.len() })
}

/// The parts of a text between the words that offer another answer.
fn alternatives<'a, 'b>(tokens: &'b [Token<'a>]) -> impl Iterator<Item = &'b [Token<'a>]> {
    tokens.split(|token| token.says_one(&["or", "alternatively"]))
}

/// Words that can stand around a claim that there is no solution.
const AROUND: [&str; 35] = [
    "a",
    "an",
    "answer",
    "any",
    "exists",
    "exist",
    "final",
    "formula",
    "from",
    "given",
    "goal",
    "has",
    "have",
    "instance",
    "is",
    "it",
    "maze",
    "my",
    "puzzle",
    "problem",
    "s",
    "so",
    "start",
    "system",
    "that",
    "the",
    "there",
    "therefore",
    "these",
    "this",
    "thus",
    "to",
    "valid",
    "conclusion",
    "does",
];

/// What is left of a claim without the words around it.
const NONE: [&str; 28] = [
    "no solution",
    "no solutions",
    "solution not",
    "no possible solution",
    "unsolvable",
    "not solvable",
    "impossible",
    "impossible solve",
    "not possible",
    "not possible solve",
    "cannot be solved",
    "can not be solved",
    "can t be solved",
    "no path",
    "no route",
    "no way",
    "path not",
    "no plan",
    "no assignment",
    "no sequence of moves",
    "unsatisfiable",
    "unsat",
    "not satisfiable",
    "infeasible",
    "unreachable",
    "not reachable",
    "cannot be reached",
    "none",
];

/// The tokens without the sentences that say that there is no solution, and whether there was one. A sentence that says more is no such claim: "there is no
/// solution with fewer moves". Behind other words "none" is said of them: "Knaves: none".
fn without_claims<'a>(tokens: &[Token<'a>]) -> (Vec<Token<'a>>, bool) {
    let ends = |token: &Token<'_>| token.kind == Kind::Line || ['.', ';', '!', ':'].iter().any(|sign| token.is(*sign));
    let mut rest = Vec::with_capacity(tokens.len());
    let (mut says_none, mut says_more) = (false, false);
    for sentence in tokens.split_inclusive(ends) {
        if is_claim(sentence) && !(says_more && sentence.iter().any(|token| token.says("none"))) {
            says_none = true;
        } else {
            says_more |= !sentence.iter().all(steps::is_between);
            rest.extend_from_slice(sentence);
        }
    }
    (rest, says_none)
}

fn is_claim(sentence: &[Token<'_>]) -> bool {
    /// No claim has more tokens.
    const MOST: usize = 24;
    if sentence.len() > MOST {
        return false;
    }
    let mut core = String::new();
    for token in sentence {
        match token.kind {
            Kind::Word if token.says_one(&AROUND) => {}
            Kind::Word => {
                core.push_str(if core.is_empty() { "" } else { " " });
                core.push_str(&token.text.to_ascii_lowercase());
            }
            Kind::Sign('.' | ';' | '!' | ':' | ',' | '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}') | Kind::Line => {}
            _ => return false,
        }
    }
    NONE.contains(&core.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_that_there_is_no_solution() {
        for text in [
            "No solution",
            "no solution.",
            "There is no solution!",
            "**No solution exists.**",
            "\\text{no solution}",
            "The puzzle is unsolvable.",
            "\"impossible\"",
            "It is not possible to solve this puzzle.",
            "This cannot be solved",
            "s UNSATISFIABLE",
            "The formula is not satisfiable.",
            "There is no path from the start to the goal.",
            "None",
            "A solution does not exist.",
            "[\"no solution\"]",
        ] {
            let (rest, says_none) = without_claims(&token::tokens(text));
            assert!(says_none && rest.is_empty(), "{text:?}: {rest:?}");
        }
        for text in [
            "",
            "solution",
            "no",
            "It is not impossible",
            "It is not unsolvable",
            "There is no solution with fewer moves",
            "no solution 7",
            "not no solution",
            "print no solution",
            "none of them",
            "Knaves: none",
            "Knights: Ann. Knaves: none.",
        ] {
            assert!(!without_claims(&token::tokens(text)).1, "{text:?}");
        }
    }
}
