//! Reads a text as a program or a model hands it over: with or without the prompt, and with tokens that carry no meaning. A clean text is
//! read in place. Any other text is put together from its meaningful parts, and all places are given in bytes of the original text.

use memchr::{memchr3, memmem};

use super::{DialectEntry, Parsed, Span};
use crate::arena::Puzzle;

/// Tokens that carry no meaning. Tokens `<|…|>` and code fences (three backticks and a word) carry none either.
pub const WRAPPERS: [&str; 9] =
    ["<s>", "</s>", "<bos>", "<eos>", "<pad>", "<think>", "</think>", "<answer>", "</answer>"];

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Greatest length of a token `<|…|>` in bytes, without its first two.
const LONGEST_WRAPPER: usize = 64;

impl DialectEntry {
    /// Reads a text. Its first `before` bytes are a prompt that was given separately; 0 where the end of the prompt is not known. White space at
    /// both ends and at line ends, a byte order mark and wrapper tokens carry no meaning.
    pub fn read(&self, puzzle: &Puzzle, text: &[u8], before: usize) -> Parsed {
        let mut prompt = Vec::new();
        (self.write_prompt)(puzzle, &mut prompt);
        let separator = self.separator.as_bytes();
        let given_prompt = text.get(..before).filter(|_| before > 0);
        let is_prompt = given_prompt.is_some_and(|given| {
            given.trim_ascii() == prompt.trim_ascii()
                || Rest::of(given, 0, separator).text.trim_ascii() == prompt.trim_ascii()
        });
        let from = if is_prompt { before } else { 0 };
        // The text may begin with the prompt, or with the prompt's last line, which some texts repeat.
        let last_line = prompt.rsplit(|&byte| byte == b'\n').next().unwrap_or(&[]);
        let is_in_place = match (separator.is_empty(), from) {
            // The parsers of these grammars find the prompt themselves.
            (true, _) => from == 0 && is_plain(text),
            (false, 0) => is_plain(text) && goes_on(text, &prompt, separator),
            (false, _) => {
                let behind = prompt.len() + separator.len();
                let rest = text.get(behind..).unwrap_or_default();
                from <= behind
                    && goes_on(text, &prompt, separator)
                    && is_plain(rest)
                    && ![&prompt[..], last_line].into_iter().any(|front| is_front(rest, front))
            }
        };
        if is_in_place {
            return (self.parse)(puzzle, text);
        }
        let rest = Rest::joined(text, &parts(text, from), separator);
        if separator.is_empty() {
            return rest.place(text.len(), (self.parse)(puzzle, &rest.text));
        }
        let mut at = 0;
        let mut told = is_prompt;
        for _ in 0..2 {
            let front = [&prompt[..], last_line].into_iter().find(|front| is_front(&rest.text[at..], front));
            let Some(front) = front.filter(|_| at == 0 || is_prompt) else { break };
            told = true;
            at += front.len();
            at += rest.text[at..].len() - rest.text[at..].trim_ascii_start().len();
        }
        let begins_anew = !self.opening.is_empty() && rest.text[at..].starts_with(self.opening.as_bytes());
        if begins_anew && !told {
            // The text states its own start, and not this puzzle's prompt.
            return rest.place(text.len(), (self.parse)(puzzle, &rest.text));
        }
        let whole = rest.behind(&prompt, separator, at);
        whole.place(text.len(), (self.parse)(puzzle, &whole.text))
    }
}

/// Whether [`DialectEntry::read`] would leave nothing of a text out. It may return false for such a text as well.
pub fn is_plain(text: &[u8]) -> bool {
    let ends_well = |text: &[u8]| text.last().is_some_and(|byte| !byte.is_ascii_whitespace());
    text.first().is_some_and(|byte| !byte.is_ascii_whitespace())
        && ends_well(text.strip_suffix(b"\n").unwrap_or(text))
        && !text.starts_with(BYTE_ORDER_MARK)
        && memchr3(b'<', b'`', b'\r', text).is_none()
        && [b" \n", b"\t\n"].into_iter().all(|blank| memmem::find(text, blank).is_none())
}

/// Whether a text begins with `front`, followed by white space or nothing.
fn is_front(text: &[u8], front: &[u8]) -> bool {
    let behind = text.strip_prefix(front).filter(|_| !front.is_empty());
    behind.is_some_and(|behind| behind.first().is_none_or(u8::is_ascii_whitespace))
}

/// Whether a text is a prompt, one separator, and more.
fn goes_on(text: &[u8], prompt: &[u8], separator: &[u8]) -> bool {
    let behind = text.strip_prefix(prompt).and_then(|behind| behind.strip_prefix(separator));
    behind.is_some_and(|behind| behind.first().is_some_and(|byte| !byte.is_ascii_whitespace()))
}

/// The length of a token without meaning at the front of a text; none where there is no such token.
fn wrapper(text: &[u8]) -> Option<usize> {
    if let Some(fence) = text.strip_prefix(b"```") {
        return Some(3 + fence.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count());
    }
    if let Some(token) = text.strip_prefix(b"<|") {
        let token = &token[..token.len().min(LONGEST_WRAPPER)];
        let end = token.windows(2).position(|end| end == b"|>")?;
        return token[..end].iter().all(|byte| !byte.is_ascii_whitespace()).then_some(end + 4);
    }
    WRAPPERS.iter().map(|token| token.as_bytes()).find(|token| text.starts_with(token)).map(<[u8]>::len)
}

/// The meaningful parts of a text from an index on, and whether a token without meaning stood before each. The last newline of the text is kept.
fn parts(text: &[u8], from: usize) -> Vec<(Span, bool)> {
    let mut parts: Vec<(Span, bool)> = Vec::new();
    let mut start = from;
    if text[start..].starts_with(BYTE_ORDER_MARK) {
        start += 3;
    }
    let skip = |at: usize| text.len() - text[at..].trim_ascii_start().len();
    start = skip(start);
    let (mut at, mut glue) = (start, false);
    while let Some(&byte) = text.get(at) {
        let token = if matches!(byte, b'<' | b'`') { wrapper(&text[at..]) } else { None };
        if let Some(len) = token {
            let end = start + text[start..at].trim_ascii_end().len();
            if start < end {
                parts.push((Span(start, end), glue));
            }
            start = skip(at + len);
            at = start;
            glue = true;
            continue;
        }
        if byte == b'\n' && at > start && matches!(text[at - 1], b' ' | b'\t' | b'\r') {
            let blank = text[start..at].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
            if start < at - blank {
                parts.push((Span(start, at - blank), glue));
                glue = false;
            }
            start = at;
        }
        at += 1;
    }
    let end = start + text[start..].trim_ascii_end().len();
    if start < end {
        parts.push((Span(start, end), glue));
    }
    // An empty line at the end may be a part of its own.
    while let Some((last, _)) = parts.last_mut() {
        last.1 = last.0 + text[last.0..last.1].trim_ascii_end().len();
        if last.0 < last.1 {
            break;
        }
        parts.pop();
    }
    if let Some((last, _)) = parts.last_mut() {
        let behind = &text[last.1..];
        let blank = behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        if behind.get(blank) == Some(&b'\n') {
            let newline = Span(last.1 + blank, last.1 + blank + 1);
            if blank == 0 {
                last.1 = newline.1;
            } else {
                parts.push((newline, false));
            }
        }
    }
    parts
}

/// The meaningful rest of a text, and the origin of each piece.
#[derive(Default)]
pub(super) struct Rest {
    pub text: Vec<u8>,
    /// For each piece its start in `text`, its start in the original text, and whether it was copied from there.
    pieces: Vec<(usize, usize, bool)>,
}

impl Rest {
    /// The meaningful rest of a text from an index on. `glue` replaces each token inside.
    pub fn of(text: &[u8], from: usize, glue: &[u8]) -> Rest {
        Rest::joined(text, &parts(text, from), glue)
    }

    fn joined(text: &[u8], parts: &[(Span, bool)], glue: &[u8]) -> Rest {
        let mut rest = Rest::default();
        for &(part, behind_token) in parts {
            if behind_token && !rest.text.is_empty() {
                rest.insert(glue, part.0);
            }
            rest.copy(text, part);
        }
        rest
    }

    fn copy(&mut self, text: &[u8], part: Span) {
        self.pieces.push((self.text.len(), part.0, true));
        self.text.extend_from_slice(&text[part.0..part.1]);
    }

    fn insert(&mut self, text: &[u8], at: usize) {
        self.pieces.push((self.text.len(), at, false));
        self.text.extend_from_slice(text);
    }

    /// The rest from an index on, behind a prompt.
    fn behind(self, prompt: &[u8], separator: &[u8], at: usize) -> Rest {
        let mut whole = Rest::default();
        // A prompt that was in the text keeps its place.
        let told = at > 0 && self.text.starts_with(prompt);
        let front = if told { self.start(0) } else { 0 };
        whole.pieces.push((0, front, told));
        whole.text.extend_from_slice(prompt);
        if at < self.text.len() {
            whole.insert(separator, self.start(at));
            let shift = whole.text.len();
            whole.pieces.push((shift, self.start(at), self.is_given(at)));
            let later = self.pieces.iter().filter(|piece| piece.0 > at);
            whole.pieces.extend(later.map(|&(here, given, copied)| (here - at + shift, given, copied)));
            whole.text.extend_from_slice(&self.text[at..]);
        }
        whole
    }

    fn piece(&self, at: usize) -> (usize, usize, bool) {
        let behind = self.pieces.partition_point(|piece| piece.0 <= at);
        behind.checked_sub(1).map_or((0, 0, false), |index| self.pieces[index])
    }

    fn is_given(&self, at: usize) -> bool {
        self.piece(at).2
    }

    /// The place of a byte in the original text.
    pub fn start(&self, at: usize) -> usize {
        let (here, given, copied) = self.piece(at);
        if copied { given + (at - here) } else { given }
    }

    fn span(&self, span: Span) -> Span {
        if span == Span(0, 0) {
            return span;
        }
        let start = self.start(span.0);
        if span.0 >= span.1 {
            return Span(start, start);
        }
        let (here, given, copied) = self.piece(span.1 - 1);
        let end = if copied { given + (span.1 - here) } else { given };
        Span(start, end.max(start))
    }

    /// Changes all places to places in the original text.
    fn place(&self, len: usize, mut parsed: Parsed) -> Parsed {
        let place = |span: &mut Span| {
            *span = self.span(*span);
            *span = Span(span.0.min(len), span.1.min(len));
        };
        for spans in &mut parsed.spans {
            place(&mut spans.whole);
            spans.fields.iter_mut().for_each(place);
        }
        place(&mut parsed.answer_span);
        parsed.earlier.iter_mut().for_each(|section| place(&mut section.span));
        parsed.errors.iter_mut().for_each(|error| place(&mut error.span));
        parsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arena::environment;
    use crate::check::{LazyFacts, Request, check};
    use crate::dialect::dialect;
    use serde_json::json;

    fn cleaned(text: &[u8], separator: &[u8]) -> String {
        let rest = Rest::of(text, 0, separator);
        for (at, byte) in rest.text.iter().enumerate().filter(|(at, _)| rest.is_given(*at)) {
            assert_eq!(text[rest.start(at)], *byte, "each byte knows its place");
        }
        String::from_utf8(rest.text).unwrap()
    }

    proptest::proptest! {
        /// In a text that is read in place, nothing is left out.
        #[test]
        fn a_plain_text_is_one_part(text in "(a|b| |\t|\n|\r|<s>|<|`){0,12}") {
            let all = parts(text.as_bytes(), 0);
            proptest::prop_assert!(!is_plain(text.as_bytes()) || all == [(Span(0, text.len()), false)], "{text:?}: {all:?}");
        }
    }

    #[test]
    fn plain_texts_are_known() {
        for (text, plain) in
            [("a b\nc\n", true), ("a", true), ("", false), ("a\n\n", false), ("a \nb", false), ("\u{feff}a", false)]
        {
            assert_eq!(is_plain(text.as_bytes()), plain, "{text:?}");
        }
    }

    #[test]
    fn what_carries_no_meaning_is_left_out() {
        assert_eq!(parts(b"a\nb\n", 0), [(Span(0, 4), false)]);
        for text in ["a\nb\n", "a\nb\n\n", "a\nb\n ", "a\r\nb\r\n", "a \nb  \n\r\n", "<think>\na\n</think>\nb\n"] {
            assert_eq!(cleaned(text.as_bytes(), b"\n"), "a\nb\n", "{text:?}");
        }
        assert_eq!(cleaned(b"<|begin_of_text|>a\nb<|endoftext|>", b"\n"), "a\nb");
        assert_eq!(cleaned(b"\xef\xbb\xbf```json\na b\n```", b" "), "a b\n");
        assert_eq!(cleaned(b"<think> a b </think><answer> c d </answer></s>", b" "), "a b c d");
        assert_eq!(cleaned(b"a < b <| c", b" "), "a < b <| c");
        assert_eq!(cleaned(b"\r\n \r\n", b" "), "");
    }

    #[test]
    fn every_way_to_hand_over_a_text_gives_the_same_verdict() {
        let countdown = environment("countdown").unwrap();
        let puzzle = countdown.read_json(&json!({"numbers": [3, 5, 7], "target": 22})).unwrap();
        let facts = LazyFacts::new(&puzzle);
        for (name, prompt, completion) in [
            (
                "compact",
                "start 3 5 7 target 22",
                "3 * 5 = 15 : 7 15 > #1 7 + 15 = 22 : 22 goal answer 3 * 5 = 15 , 7 + 15 = 22 .",
            ),
            (
                "stream-of-search",
                "Current State: 22:[3, 5, 7], Operations: []",
                "Exploring Operation: 3*5=15, Resulting Numbers: [7, 15]\nGenerated Node #0,0: 22:[7, 15] Operation: 3*5=15\nMoving to Node #0,0\nCurrent State: 22:[7, 15], Operations: ['3*5=15']\nExploring Operation: 7+15=22, Resulting Numbers: [22]\n22,22 equal: Goal Reached\n",
            ),
        ] {
            let entry = dialect(countdown.about(), name).unwrap();
            let ways = [
                (String::new(), completion.to_string()),
                (String::new(), format!("{prompt}{}{completion}", entry.separator)),
                (format!("{prompt}{}", entry.separator), completion.into()),
                (format!("{prompt}\n"), completion.into()),
                (prompt.into(), format!("{}{completion}", entry.separator)),
                (prompt.into(), completion.into()),
                (format!("{prompt}\n"), format!("{prompt}\n{completion}")),
                (format!("{prompt}\n"), format!("<|im_start|> {completion}<|im_end|>\r\n")),
            ];
            for (before, after) in ways {
                let text = format!("{before}{after}");
                let parsed = entry.read(&puzzle, text.as_bytes(), before.len());
                let verdict = check(&puzzle, &facts, &parsed, Request::default());
                assert!(verdict.solved && verdict.valid, "{name}: {text:?}: {:?}", verdict.first_error);
                assert_eq!(verdict.metrics.counts.nodes, 3, "{name}: {text:?}");
            }
        }
    }
}
