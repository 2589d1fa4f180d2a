//! The marks of an answer. Each function finds the last one in a part of a text.

use std::ops::Range;

use memchr::memmem;

/// A mark: its first byte, and the bytes inside it.
pub type Mark = (usize, Range<usize>);

const OPEN: &str = "<answer>";
const CLOSE: &str = "</answer>";

/// Tokens that can stand at the ends of a text.
const WRAPPERS: [&str; 5] = ["<s>", "</s>", "<bos>", "<eos>", "<pad>"];

/// Greatest length of a token `<|…|>` in bytes.
const LONGEST_WRAPPER: usize = 64;

/// The bytes of a text without white space and tokens at its ends that carry no meaning.
pub fn without_wrappers(text: &str) -> Range<usize> {
    let mut rest = text;
    loop {
        let before = rest.len();
        rest = rest.trim_start().trim_start_matches('\u{feff}');
        let token = WRAPPERS.iter().find_map(|token| rest.strip_prefix(token));
        let named = || {
            let end = rest.strip_prefix("<|")?.bytes().take(LONGEST_WRAPPER).position(|byte| byte == b'>')?;
            let (token, behind) = rest.split_at_checked(end + 3)?;
            (token.ends_with("|>") && !token.contains(' ')).then_some(behind)
        };
        rest = token.or_else(named).unwrap_or(rest);
        if rest.len() == before {
            break;
        }
    }
    let begin = text.len() - rest.len();
    loop {
        let before = rest.len();
        rest = rest.trim_end();
        let token = WRAPPERS.iter().find_map(|token| rest.strip_suffix(token));
        let named = || {
            let inside = rest.strip_suffix("|>")?;
            let begin = inside.bytes().rev().take(LONGEST_WRAPPER).position(|byte| byte == b'<')?;
            let (before, token) = inside.split_at_checked(inside.len() - begin - 1)?;
            (token.starts_with("<|") && !token.contains(' ')).then_some(before)
        };
        rest = token.or_else(named).unwrap_or(rest);
        if rest.len() == before {
            break;
        }
    }
    begin..begin + rest.len()
}

/// The inside of the last `<answer>…</answer>`. Where none is closed, all behind the last `<answer>`.
pub fn tag(text: &str) -> Option<Mark> {
    let closed = memmem::rfind(text.as_bytes(), CLOSE.as_bytes());
    let open = |end: usize| memmem::rfind(&text.as_bytes()[..end], OPEN.as_bytes()).map(|open| open + OPEN.len());
    let closed = closed.and_then(|close| Some(open(close)?..close));
    // An inner pair is closed twice: `<answer><answer>a</answer></answer>`.
    let closed = closed.map(|inside| {
        let end = memmem::find(text[inside.clone()].as_bytes(), CLOSE.as_bytes());
        inside.start..end.map_or(inside.end, |end| inside.start + end)
    });
    let inside = closed.or_else(|| Some(open(text.len())?..text.len()))?;
    Some((inside.start - OPEN.len(), inside))
}

/// The inside of the last `\boxed{…}` whose braces are balanced.
pub fn boxed(text: &str) -> Option<Mark> {
    const BOXED: &[u8] = b"\\boxed";
    let bytes = text.as_bytes();
    // For each open brace the first byte of its mark, its inside, and whether it is that of a box.
    let mut open: Vec<(usize, usize, bool)> = Vec::new();
    let (mut found, mut at, mut is_box) = (None, 0, false);
    let mut mark = 0;
    while let Some(&byte) = bytes.get(at) {
        let was_box = std::mem::take(&mut is_box);
        match byte {
            b'\\' if bytes[at..].starts_with(BOXED) => {
                is_box = true;
                mark = at;
                at += BOXED.len();
                continue;
            }
            b'\\' => at += 1,
            b' ' => is_box = was_box,
            b'{' => open.push((if was_box { mark } else { at }, at + 1, was_box)),
            b'}' => {
                if let Some((mark, begin, true)) = open.pop() {
                    found = Some((mark, begin..at));
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// What the last line says that begins with `Answer:`, `**Answer:**`, `Final answer:` or the like; where it says no more, the lines behind it.
pub fn line(text: &str) -> Option<Mark> {
    let mut end = text.len();
    for line in text.rsplit('\n') {
        let begin = end - line.len();
        if let Some(rest) = behind_label(line) {
            let here = end - rest.len();
            if !rest.trim().is_empty() {
                return Some((begin, here..end));
            }
            if !text[end..].trim().is_empty() {
                return Some((begin, end..text.len()));
            }
        }
        end = begin.saturating_sub(1);
    }
    None
}

/// What a line says behind `Answer:`; none for other lines.
fn behind_label(line: &str) -> Option<&str> {
    let is_mark = |sign: char| matches!(sign, '*' | '_' | '#' | '>' | '-' | ' ' | '\t');
    let rest = line.trim_start_matches(is_mark);
    let marked = line.trim_start().starts_with(['*', '_', '#']);
    let mut rest = rest;
    for word in ["so", ",", "therefore", ",", "thus", ",", "the", "my", "final", "correct"] {
        rest = behind_word(rest, word).unwrap_or(rest);
    }
    rest = behind_word(rest, "answer")?;
    rest = behind_word(rest, "is").unwrap_or(rest);
    let rest = rest.trim_start_matches(is_mark);
    match rest.strip_prefix(':') {
        Some(rest) => Some(rest.trim_start_matches(['*', '_', ' '])),
        // A heading, or a line in bold.
        None if rest.trim().is_empty() && marked => Some(""),
        None => None,
    }
}

/// The text behind a word, in any case, and the spaces after it.
fn behind_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    let ends = word == "," || !rest.starts_with(|next: char| next.is_alphanumeric());
    (head.eq_ignore_ascii_case(word) && ends).then(|| rest.trim_start_matches([' ', '\t']))
}

/// The inside of the last block between lines of three backticks. A block that is not closed ends with the text.
pub fn fence(text: &str) -> Option<Mark> {
    let (mut open, mut found, mut at) = (None, None, 0);
    for line in text.split_inclusive('\n') {
        let behind = at + line.len();
        let is_fence = line.trim().strip_prefix("```").is_some_and(|rest| !rest.contains("```"));
        if is_fence {
            match open.take() {
                Some((mark, begin)) => found = Some((mark, begin..at)),
                None => open = Some((at, behind)),
            }
        }
        at = behind;
    }
    let unclosed = open.map(|(mark, begin)| (mark, begin..text.len()));
    unclosed.filter(|(_, inside)| !text[inside.clone()].trim().is_empty()).or(found)
}
