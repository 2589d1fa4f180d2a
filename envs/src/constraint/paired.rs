//! Answers that say which variable has which value: `Ann is a knight`, `Knights: Ann, Cora`, `red: n1, n3`, `House 1: red, tea`.

use super::answer::Assigned;
use super::network::Network;
use crate::answers::steps::{BETWEEN, is_between};
use crate::answers::{Kind, Problem, Read, Token, Unread, span};

/// A part of such an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A variable.
    Variable(u8),
    /// A value.
    Value(u8),
    /// A word that names a group of variables or values and is neither: `colour`.
    Label,
    /// `=`, `:` or `→`.
    Joint,
    /// `-`.
    Dash,
    /// The end of a sentence or of a list.
    End,
    /// The end of a line.
    Line,
    /// An empty list.
    Empty,
    /// Words and signs that say nothing.
    Other,
}

/// Parts with their tokens.
pub type Parts<'a, 'b> = Vec<(Part, &'b Token<'a>)>;

/// Words that can stand beside variables and values.
const BESIDE: [&str; 19] = [
    "a", "an", "as", "at", "be", "both", "each", "equals", "has", "have", "in", "of", "on", "to", "value", "values",
    "was", "while", "with",
];

/// Reads the parts. `read` reads what a kind calls its variables and values: the part at the front of the tokens, and how many of them it takes.
pub fn parts<'a, 'b>(
    tokens: &'b [Token<'a>],
    read: impl Fn(&[Token<'_>]) -> Option<(Part, usize)>,
) -> Result<Parts<'a, 'b>, Unread> {
    let mut parts = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some((token, behind)) = tokens.get(at..).and_then(<[_]>::split_first) {
        if let Some((part, count)) = read(&tokens[at..]) {
            parts.push((part, token));
            at += count;
            continue;
        }
        let (part, count) = match token.kind {
            Kind::Line => (Part::Line, 1),
            Kind::Sign('[') if behind.first().is_some_and(|next| next.is(']')) => (Part::Empty, 2),
            Kind::Sign('=' | ':' | '→') => (Part::Joint, 1),
            Kind::Sign('-') => (Part::Dash, 1),
            Kind::Sign(';' | '.' | ']' | '}') => (Part::End, 1),
            Kind::Sign('"' | '\'') => {
                at += 1;
                continue;
            }
            Kind::Sign('{' | '─' | '#' | '+') => (Part::Other, 1),
            Kind::Word if token.says_one(&BESIDE) => (Part::Other, 1),
            // "next to" is a clue.
            Kind::Word if token.says_one(&BETWEEN) && !token.says("next") => (Part::Other, 1),
            Kind::Sign(_) if is_between(token) => (Part::Other, 1),
            _ => return Err(Unread::at(token)),
        };
        parts.push((part, token));
        at += count;
    }
    Ok(parts)
}

/// Gives variables their values: each the value behind it (`Ann: knight`, `Ann and Bob are knights`), or where the text begins with a value, the value before
/// it (`Knights: Ann, Bob`). As many values as variables and no variable are the values in order.
pub fn pair(network: &Network, tokens: &[Token<'_>], parts: &[(Part, &Token<'_>)]) -> Read<Assigned> {
    let values = parts.iter().filter_map(|(part, _)| if let Part::Value(value) = part { Some(*value) } else { None });
    let mut said = parts.iter().filter(|(part, _)| matches!(part, Part::Variable(_) | Part::Value(_)));
    let values_first = match said.next() {
        None => return Err(Unread::nothing()),
        Some((part, _)) => matches!(part, Part::Value(_)),
    };
    if !parts.iter().any(|(part, _)| matches!(part, Part::Variable(_))) && values.clone().count() == network.len() {
        return Ok((0..).zip(values).collect());
    }
    let mut found = Vec::new();
    // Variables that wait for their value; the last value, and whether a variable has it.
    let (mut waiting, mut last): (Vec<u8>, Option<(u8, bool)>) = (Vec::new(), None);
    let mut before = Part::Line;
    for &(part, token) in parts {
        match part {
            Part::Variable(variable) => {
                if before == Part::Joint || before == Part::Dash && !values_first {
                    return Err(Unread::at(token));
                }
                match &mut last {
                    Some((value, used)) if values_first => {
                        found.push((variable, *value));
                        *used = true;
                    }
                    _ => waiting.push(variable),
                }
            }
            Part::Value(value) if values_first => {
                if before == Part::Joint || last.is_some_and(|(other, used)| !used && other != value) {
                    return Err(Unread::at(token));
                }
                last = Some((value, false));
            }
            Part::Value(value) => {
                if waiting.is_empty() && last != Some((value, true)) {
                    return Err(Unread::at(token));
                }
                found.extend(waiting.drain(..).map(|variable| (variable, value)));
                last = Some((value, true));
            }
            Part::End | Part::Empty if !waiting.is_empty() => return Err(Unread::at(token)),
            Part::Empty => last = last.map(|(value, _)| (value, true)),
            _ => {}
        }
        // A joint counts only directly behind a variable.
        before = match (part, before) {
            (Part::Variable(_), _) => part,
            (Part::Joint | Part::Dash, Part::Variable(_)) => part,
            _ => Part::Other,
        };
    }
    if !waiting.is_empty() || values_first && last.is_some_and(|(_, used)| !used) {
        return Err(Unread { problem: Problem::Malformed, span: span(tokens) });
    }
    Ok(found)
}
