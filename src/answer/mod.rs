//! The final answer of a text that a model wrote: which part of it is the answer. What the part says, the puzzle reads
//! ([`sos_envs::answers`]).
//!
//! All functions take time linear in the text.

mod marks;

use std::ops::Range;

use memchr::memmem;

/// How a text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// A trace in the dialect.
    #[default]
    Trace,
    /// The final answer alone.
    Answer,
    /// A trace and the answer behind it, where there is a trace; else the answer.
    Auto,
}

impl Reading {
    /// All of them.
    pub const ALL: [Reading; 3] = [Reading::Trace, Reading::Answer, Reading::Auto];

    /// The name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Reading::Trace => "trace",
            Reading::Answer => "answer",
            Reading::Auto => "auto",
        }
    }

    /// The reading with a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reading| reading.name() == name)
    }
}

/// What marks the answer in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `<answer>…</answer>`.
    Tag,
    /// `\boxed{…}`.
    Boxed,
    /// A line that begins with `Answer:`.
    Line,
    /// A block between lines of three backticks.
    Fence,
    /// Nothing: the whole text is the answer.
    Text,
}

impl How {
    /// The name in verdicts.
    pub fn name(self) -> &'static str {
        match self {
            How::Tag => "answer-tag",
            How::Boxed => "boxed",
            How::Line => "answer-line",
            How::Fence => "fence",
            How::Text => "text",
        }
    }
}

/// The answer in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// What marks it.
    pub how: How,
    /// The first byte of the mark.
    pub mark: usize,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

const THINK: &str = "<think>";
const THOUGHT: &str = "</think>";

/// A text in parts: what is thought, and what is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The insides of `<think>…</think>`; without a closing tag, all behind the opening one; without an opening tag, all before the closing one.
    pub thought: Vec<Range<usize>>,
    /// All else, without tokens that end or begin a text, such as `</s>` and `<|im_end|>`.
    pub said: Vec<Range<usize>>,
}

/// Divides a text.
pub fn parts(text: &str) -> Parts {
    let mut parts = Parts::default();
    let bounds = marks::without_wrappers(text);
    let (mut begin, mut thinks) = (bounds.start, false);
    let inside = &text[bounds.clone()];
    let opens = memmem::find_iter(inside.as_bytes(), THINK).map(|at| (at, true));
    let closes = memmem::find_iter(inside.as_bytes(), THOUGHT).map(|at| (at, false));
    let mut tags: Vec<(usize, bool)> = opens.chain(closes).collect();
    tags.sort_unstable();
    for (at, opens) in tags {
        let at = at + bounds.start;
        match (opens, thinks) {
            (true, true) => continue,
            (true, false) => parts.said.push(begin..at),
            (false, true) => parts.thought.push(begin..at),
            (false, false) => {
                // Nothing opened it, so all before it is thought.
                parts = Parts::default();
                parts.thought.push(bounds.start..at);
            }
        }
        begin = at + if opens { THINK.len() } else { THOUGHT.len() };
        thinks = opens;
    }
    if thinks {
        parts.thought.push(begin..bounds.end)
    } else {
        parts.said.push(begin..bounds.end)
    }
    parts
}

/// The final answer of a text. It is what the last mark of the first kind that occurs marks, in the order of [`How`]. What is thought is left out.
pub fn extract(text: &str) -> Extracted {
    extract_from(text, &parts(text))
}

/// The final answer of a text that was divided.
pub fn extract_from(text: &str, parts: &Parts) -> Extracted {
    type Find = fn(&str) -> Option<marks::Mark>;
    let finders: [(How, Find); 4] =
        [(How::Tag, marks::tag), (How::Boxed, marks::boxed), (How::Line, marks::line), (How::Fence, marks::fence)];
    for (how, find) in finders {
        for part in parts.said.iter().rev() {
            if let Some((mark, found)) = find(&text[part.clone()]) {
                let span = trimmed(text, part.start + found.start..part.start + found.end);
                return Extracted { how, mark: part.start + mark, span };
            }
        }
    }
    let all = parts.said.iter().rev().map(|part| trimmed(text, part.clone()));
    let span =
        all.clone().find(|part| !part.is_empty()).or_else(|| all.clone().next()).unwrap_or(text.len()..text.len());
    Extracted { how: How::Text, mark: span.start, span }
}

/// A range without white space at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = &text[range.clone()];
    let start = range.start + (inside.len() - inside.trim_start().len());
    start..(start + inside.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> (&'static str, &str) {
        let Extracted { how, span, .. } = extract(text);
        (how.name(), &text[span])
    }

    #[test]
    fn the_last_mark_of_the_first_kind_counts() {
        for (text, how, answer) in [
            ("a", "text", "a"),
            ("", "text", ""),
            (" a\n", "text", "a"),
            ("x <answer>a</answer> y", "answer-tag", "a"),
            ("<answer>a</answer> or <answer> b </answer>", "answer-tag", "b"),
            ("\\boxed{1} <answer>a</answer> \\boxed{2}", "answer-tag", "a"),
            ("<answer>a</answer> in <answer> tags", "answer-tag", "a"),
            ("so <answer>a", "answer-tag", "a"),
            ("<answer><answer>a</answer></answer>", "answer-tag", "a"),
            ("\\boxed{a} then \\boxed{\\frac{1}{2}}", "boxed", "\\frac{1}{2}"),
            ("\\boxed{\\text{a} \\{ b}", "boxed", "\\text{a} \\{ b"),
            ("\\boxed{a", "text", "\\boxed{a"),
            ("\\boxed{a} \\boxed{b", "boxed", "a"),
            ("Answer: a", "answer-line", "a"),
            ("x\n**Answer:** a\ny", "answer-line", "a"),
            ("**Answer**: a", "answer-line", "a"),
            ("ANSWER: a\nfinal answer: b", "answer-line", "b"),
            ("The final answer is: a", "answer-line", "a"),
            ("Answer:\n1 2\n3 4\n", "answer-line", "1 2\n3 4"),
            ("## Final Answer\n\na", "answer-line", "a"),
            ("**Final Answer**\na", "answer-line", "a"),
            ("The answers: a", "text", "The answers: a"),
            ("My answer: a", "answer-line", "a"),
            ("Answer: a\nAnswer:", "answer-line", "a"),
            ("x\n```\na\n```\ny", "fence", "a"),
            ("```json\na\n```\nso\n```python\nb\n```", "fence", "b"),
            ("x\n```\na", "fence", "a"),
            ("<think>x</think>a", "text", "a"),
            ("<think><answer>x</answer></think>a", "text", "a"),
            ("<answer>a</answer><think><answer>x</answer>", "answer-tag", "a"),
            ("x Answer: y</think>a", "text", "a"),
            ("<think>x <answer>b</answer>", "text", ""),
            ("<think>x</think>a<think>y</think>", "text", "a"),
            ("a</s><|im_end|>\n", "text", "a"),
            ("<s> Answer: a</s>", "answer-line", "a"),
            ("<|assistant|>a", "text", "a"),
        ] {
            assert_eq!(taken(text), (how, answer), "{text:?}");
        }
    }

    /// A megabyte of anything takes no time, and nothing panics.
    #[test]
    fn long_texts_are_read_in_linear_time() {
        let begin = std::time::Instant::now();
        for piece in [
            "<think>",
            "</think>",
            "<answer>",
            "</answer>",
            "\\boxed{",
            "{",
            "}",
            "Answer:\n",
            "```\n",
            "</s>",
            "<|a|>",
            "<|",
            "é\n",
        ] {
            let text = piece.repeat((1 << 21) / piece.len());
            let found = extract(&text);
            assert!(found.span.end <= text.len());
        }
        assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    }

    proptest::proptest! {
        #[test]
        fn a_span_is_a_part_of_the_text(text in "(<think>|</think>|<answer>|</answer>|\\\\boxed\\{|\\}|\n|Answer:|```|é|a| |</s>|<\\|a\\|>){0,14}") {
            let found = extract(&text);
            proptest::prop_assert!(text.get(found.span).is_some());
        }
    }
}
