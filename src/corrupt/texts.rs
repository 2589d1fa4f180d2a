//! Corruptions of a whole text: truncation, filler, swap. The prompt and the answer section stay.

use sos_envs::Draw;

use super::draft::Draft;
use super::{Equal, Input, KindOptions};
use crate::arena::Puzzle;
use crate::dialect::Parsed;
use crate::trace::Trace;

/// Another text, and what was read of it if it was read.
pub(super) struct Edited {
    pub text: Vec<u8>,
    pub parsed: Option<Parsed>,
}

impl Edited {
    fn unread(text: Vec<u8>) -> Self {
        Edited { text, parsed: None }
    }
}

/// The range of the trace in the text, without a prompt at the front and without the answer section and the space before it. None where it
/// is empty.
fn body(draft: &Draft<'_>) -> Option<(usize, usize)> {
    let start = prompt_len(draft.input.puzzle, draft, &draft.text);
    let end = if draft.trace.answer.is_some() {
        draft.text.get(..draft.parsed.answer_span.0)?.trim_ascii_end().len()
    } else {
        draft.text.len()
    };
    (end > start).then_some((start, end))
}

/// The number of bytes of the prompt with which a text begins: all of it, its last lines, or nothing.
fn prompt_len(puzzle: &Puzzle, draft: &Draft<'_>, text: &[u8]) -> usize {
    let mut prompt = Vec::new();
    (draft.input.dialect.write_prompt)(puzzle, &mut prompt);
    let breaks = prompt.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place + 1);
    let begins = std::iter::once(0).chain(breaks).find(|&at| at < prompt.len() && text.starts_with(&prompt[at..]));
    begins.map_or(0, |at| prompt.len() - at)
}

/// The text with another trace.
fn with_body(draft: &Draft<'_>, body: &[u8], (start, end): (usize, usize)) -> Vec<u8> {
    let mut text = draft.text[..start].to_vec();
    let tail = &draft.text[end..];
    text.extend_from_slice(if tail.is_empty() { body } else { body.trim_ascii_end() });
    text.extend_from_slice(tail);
    text
}

/// Cuts the trace at a random byte, never inside a character. Where only whole steps remain, the draw is repeated.
pub(super) fn truncation(draft: &Draft<'_>, _options: &KindOptions, draw: &mut Draw) -> Option<Edited> {
    let (start, end) = body(draft)?;
    let cut = start + 1 + draw.index(end.checked_sub(start + 1)?);
    let inside = draft.text.get(cut).is_some_and(|byte| byte & 0xC0 == 0x80);
    let cut = if inside { start } else { cut };
    Some(Edited::unread(with_body(draft, &draft.text[start..cut], (start, end))))
}

/// Replaces every token of the trace by the filler's and keeps white space; or replaces the trace by a given number of these tokens.
pub(super) fn filler(draft: &Draft<'_>, options: &KindOptions, _draw: &mut Draw) -> Option<Edited> {
    let (start, end) = body(draft)?;
    if let Some(tokens) = options.tokens {
        let filled = vec![options.token.as_str(); tokens as usize].join(" ");
        return Some(Edited::unread(with_body(draft, filled.as_bytes(), (start, end))));
    }
    let mut filled = Vec::with_capacity(end - start);
    let mut inside = false;
    for &byte in &draft.text[start..end] {
        if byte.is_ascii_whitespace() {
            filled.push(byte);
        } else if !inside || options.equal == Equal::Bytes {
            filled.extend_from_slice(options.token.as_bytes());
        }
        inside = !byte.is_ascii_whitespace();
    }
    Some(Edited::unread(with_body(draft, &filled, (start, end))))
}

/// Takes the text of another row's trace. In a dialect whose texts cannot be cut apart (one JSON object), the other trace is written as a
/// trace of this puzzle.
pub(super) fn swap(draft: &Draft<'_>, _options: &KindOptions, _draw: &mut Draw) -> Option<Edited> {
    let Input { puzzle, dialect, phrasing, ref donor, .. } = *draft.input;
    let donor = donor.as_ref()?;
    let own = body(draft)?;
    let trace = Trace { answer: None, ..donor.trace.clone() };
    let mut other = Vec::new();
    (dialect.write)(donor.puzzle, &trace, phrasing, &mut other);
    let start = prompt_len(donor.puzzle, draft, &other);
    // Only some searches' texts begin with the prompt's last line. What stands between that line and the trace is kept from the own text.
    let separator = dialect.separator.as_bytes();
    let other = match (own.0 > 0, start > 0) {
        (true, false) => [separator, &other[..]].concat(),
        (false, true) => other[start..].strip_prefix(separator).unwrap_or(&other[start..]).to_vec(),
        _ => other[start..].to_vec(),
    };
    let text = with_body(draft, &other, own);
    let parsed = (dialect.parse)(puzzle, &text);
    if draft.keeps_answer(&parsed) {
        return Some(Edited { text, parsed: Some(parsed) });
    }
    let mut trace = puzzle.translated(&trace, donor.puzzle)?;
    trace.answer = draft.trace.answer.clone();
    let mut text = Vec::new();
    (dialect.write)(puzzle, &trace, phrasing, &mut text);
    Some(Edited::unread(text))
}
