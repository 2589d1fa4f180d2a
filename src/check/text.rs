//! A model's text: a trace, a final answer, or both.

use std::borrow::Cow;
use std::ops::Range;

use sos_envs::answers::{LONGEST, Problem, Unread};

use super::{ErrorClass, LazyFacts, Request, TraceError, Verdict, check_with, follow};
use crate::answer::{Extracted, How, Reading, extract, extract_from, parts};
use crate::arena::Puzzle;
use crate::dialect::{Around, Coverage, DialectEntry, FormatError, Parsed, Span, dialects};
use crate::trace::{Answer, EventKind, MoveId, Trace};

/// What was taken as the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What marks it.
    pub how: How,
    /// Its bytes in the text.
    pub span: Span,
}

/// A text that was read.
pub struct ReadText {
    /// The trace, and the answer.
    pub parsed: Parsed,
    /// What was taken as the answer; none where the text was read as a trace alone.
    pub taken: Option<Taken>,
    /// Why the answer is wrong before it is judged.
    error: Option<TraceError>,
}

impl ReadText {
    /// Reads a text. Its first `before` bytes are a prompt that was given separately. A [critique](behind_critique) before a solution is left out. What else stands
    /// before its conclusion is left out too, and before a trace it is an error.
    pub fn read(puzzle: &Puzzle, dialect: &DialectEntry, text: &str, before: usize, reading: Reading) -> Self {
        let (text, unsaid) = without_critique(text, before);
        let said = text.get(before..).unwrap_or_default();
        let reader = Reader { puzzle, dialect, said, before };
        let mut read = match reading {
            Reading::Trace => ReadText::of_trace(dialect.read(puzzle, text.as_bytes(), before)),
            Reading::Answer => reader.with_answer(without_trace(puzzle), extract(said)),
            Reading::Auto => reader.both(&text),
        };
        // Before an answer anything may stand, but a conclusion does not make steps of a trace unsaid.
        if let Some(span) = unsaid.filter(|_| reading == Reading::Trace || read.parsed.trace.tells()) {
            let error = FormatError { truncated: false, step: 0, span, expected: "a line of a critique" };
            read.parsed.errors.insert(0, error);
        }
        read
    }

    fn of_trace(parsed: Parsed) -> Self {
        ReadText { parsed, taken: None, error: None }
    }

    /// Checks what was read.
    pub fn check(&self, puzzle: &Puzzle, facts: &LazyFacts<'_>, request: Request<'_>) -> Verdict {
        check_with(puzzle, facts, &self.parsed, request, self.error.clone())
    }
}

/// Reads what stands behind a prompt of `before` bytes.
struct Reader<'a> {
    puzzle: &'a Puzzle,
    dialect: &'a DialectEntry,
    said: &'a str,
    before: usize,
}

impl Reader<'_> {
    /// Reads the trace of a text where there is one, and the answer behind it; else the answer.
    fn both(&self, text: &str) -> ReadText {
        let whole = self.dialect.read(self.puzzle, text.as_bytes(), self.before);
        let is_readable = whole.errors.is_empty();
        let parts = parts(self.said);
        let answer = extract_from(self.said, &parts);
        let is_text = answer.how == How::Text;
        // The dialect's own answer section, where the answer stands.
        let section =
            whole.trace.answer.as_ref().filter(|_| {
                is_readable && (answer.span.is_empty() || whole.answer_span.0 >= self.before + answer.mark)
            });
        let is_told = section.is_some_and(|section| whole.trace.tells() || self.solves(&section.moves));
        if is_told || is_readable && answer.span.is_empty() && whole.trace.tells() {
            return ReadText::of_trace(whole);
        }
        let trace = self.dialect.read(self.puzzle, &self.before_answer(text, parts.thought, &answer), self.before);
        if trace.trace.tells() {
            if answer.span.is_empty() {
                return ReadText::of_trace(trace);
            }
            let is_tag = answer.how == How::Tag;
            let found = self.with_answer(trace, answer);
            // A trace may go on behind a mark that is not one of an answer.
            let goes_on = found.parsed.unread_answer && is_readable && !is_tag;
            return if goes_on { ReadText::of_trace(whole) } else { found };
        }
        if is_readable && concludes(&whole.trace) {
            return ReadText::of_trace(whole);
        }
        let is_section = section.is_some();
        let found = self.with_answer(without_trace(self.puzzle), answer);
        let is_right = found.parsed.trace.answer.as_ref().is_some_and(|answer| self.solves(&answer.moves));
        let is_trace = whole.trace.tells() && (is_text || is_readable && whole.trace.answer.is_none());
        if !is_right && (is_trace || is_section) { ReadText::of_trace(whole) } else { found }
    }

    /// A text in which only its trace is left: what is thought, or all before the mark of the answer. The rest becomes white space, which says nothing, so that
    /// all places stay.
    fn before_answer(&self, text: &str, thought: Vec<Range<usize>>, answer: &Extracted) -> Vec<u8> {
        let mut places = thought;
        if places.is_empty() && answer.how != How::Text {
            places.push(0..answer.mark);
        }
        let mut trace = text.as_bytes().to_vec();
        let mut at = self.before;
        for place in places {
            trace[at..self.before + place.start].fill(b' ');
            at = self.before + place.end;
        }
        trace[at..].fill(b' ');
        trace
    }

    /// Adds the final answer of a text to a trace.
    fn with_answer(&self, mut parsed: Parsed, found: Extracted) -> ReadText {
        let place = |span: Range<usize>| Span(self.before + span.start, self.before + span.end);
        let span = place(found.span.clone());
        let step = parsed.trace.events.len();
        let mut error = None;
        let plain = self.puzzle.read_plain_answer(&self.said[found.span.clone()]);
        let in_words = if plain.as_ref().is_ok_and(|moves| self.solves(moves)) {
            None
        } else {
            self.in_words(&found, plain.is_err())
        };
        match (in_words, plain) {
            (Some((answer, around)), _) => {
                parsed.around = around;
                parsed.push_answer(answer, span, false);
            }
            (None, Ok(moves)) => parsed.push_answer(Answer { moves, optimal: false }, span, false),
            (None, Err(Unread { problem, span: at })) => {
                parsed.unread_answer = true;
                let at =
                    if at.is_empty() { span } else { place(found.span.start + at.start..found.span.start + at.end) };
                let mut wrong = |class: ErrorClass, found: String, expected: &str| {
                    error = Some(TraceError {
                        class,
                        level: class.level(),
                        step,
                        span: Some(at),
                        found,
                        expected: expected.into(),
                    });
                };
                match problem {
                    Problem::Nothing | Problem::Malformed => {
                        let expected = self.puzzle.about().answer_form;
                        parsed.errors.push(FormatError { truncated: false, step, span: at, expected });
                    }
                    Problem::Ambiguous => {
                        wrong(ErrorClass::AmbiguousAnswer, "two different answers".into(), "one answer")
                    }
                    Problem::Wrong(why) => wrong(ErrorClass::WrongAnswer, why, "an answer that keeps the rules"),
                }
            }
        }
        ReadText { parsed, taken: Some(Taken { how: found.how, span }), error }
    }

    /// The answer of a text that is an answer section in the words of a dialect of the environment: one that solves the puzzle, or else `any`. A dialect whose
    /// answers have no words of their own must be the one of the request.
    fn in_words(&self, found: &Extracted, any: bool) -> Option<(Answer, Around)> {
        let inside = unfenced(&self.said[found.span.clone()]);
        // `answer: …` is a mark, and the first word of a section.
        let marked = if found.how == How::Line { self.said.get(found.mark..found.span.end) } else { None };
        let mut sections = Vec::new();
        for text in marked.into_iter().chain([inside]).filter(|text| text.len() <= LONGEST) {
            let has_words = |entry: &DialectEntry| match entry.answers_begin {
                [] => entry.name == self.dialect.name,
                words => words.iter().any(|word| text.starts_with(word)),
            };
            for entry in dialects(self.puzzle.about()).iter().filter(|entry| has_words(entry)) {
                let read = entry.read(self.puzzle, text.as_bytes(), 0);
                let is_alone = read.errors.is_empty() && read.earlier.is_empty() && !read.broken_answer;
                let answer = read.trace.answer.clone().filter(|_| is_alone && !read.trace.tells());
                sections.extend(answer.map(|answer| (answer, read.around)));
            }
        }
        let right = sections.iter().position(|(answer, _)| self.solves(&answer.moves));
        right.or(Some(0).filter(|_| any && !sections.is_empty())).map(|place| sections.swap_remove(place))
    }

    /// Whether moves solve the puzzle. That there is no solution may be so.
    fn solves(&self, moves: &Option<Vec<MoveId>>) -> bool {
        let reaches = |moves: &Vec<MoveId>| follow(self.puzzle, moves).is_some_and(|end| self.puzzle.is_goal(end.0));
        moves.as_ref().is_none_or(reaches)
    }
}

/// An answer without the lines of three backticks or the dollar signs around it.
fn unfenced(answer: &str) -> &str {
    let fenced = answer.strip_prefix("```").and_then(|rest| rest.trim_end().strip_suffix("```"));
    let inside = fenced.and_then(|rest| rest.split_once('\n')).map_or(answer, |(_, inside)| inside);
    inside.trim_matches('$').trim()
}

/// Whether a trace says how it ends.
fn concludes(trace: &Trace) -> bool {
    let ends = |kind| matches!(kind, EventKind::Goal | EventKind::Meet | EventKind::Unsolvable | EventKind::GiveUp);
    trace.events.iter().any(|event| ends(event.kind))
}

/// A text that has no trace.
fn without_trace(puzzle: &Puzzle) -> Parsed {
    let mut parsed = Parsed { told: Coverage::Answer, ..Parsed::default() };
    parsed.trace.add_root(puzzle.start());
    parsed
}

/// Where a solution begins that stands behind a critique: behind the last line `Conclusion: right [END]` or `Conclusion: wrong [END]` that has something
/// behind it; else at the first byte.
pub fn behind_critique(text: &str) -> usize {
    let mut end = text.trim_end().len();
    while let Some(at) = memchr::memmem::rfind(&text.as_bytes()[..end], b"[END]") {
        let begin = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let behind = at + "[END]".len();
        let (line, rest) = (&text[begin..behind], &text[behind..]);
        let ends = rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
        let concludes = ["Conclusion: right [END]", "Conclusion: wrong [END]"].contains(&line.trim_start());
        if concludes && ends && !rest.trim().is_empty() {
            return text.len() - rest.trim_start().len();
        }
        end = begin;
    }
    0
}

/// How the lines of a critique begin, beside empty ones.
const CRITIQUE_LINES: [&str; 11] = [
    "step ",
    "steps ",
    "answer: wrong, ",
    "the end: wrong, ",
    "first error: ",
    "more errors follow",
    "more steps follow",
    "the puzzle is not solved",
    "no solution is cheaper",
    "there is a cheaper solution",
    "Conclusion: ",
];

/// A text in which a critique before a solution is white space, and the first of the lines that were left out and are none of a critique.
fn without_critique(text: &str, before: usize) -> (Cow<'_, str>, Option<Span>) {
    let said = text.get(before..).unwrap_or_default();
    let begin = behind_critique(said);
    if begin == 0 {
        return (Cow::Borrowed(text), None);
    }
    let mut at = before;
    let mut unsaid = None;
    for line in said[..begin].split_inclusive('\n') {
        let told = line.trim();
        if unsaid.is_none() && !told.is_empty() && !CRITIQUE_LINES.iter().any(|begins| told.starts_with(begins)) {
            unsaid = Some(Span(at, at + line.trim_end().len()));
        }
        at += line.len();
    }
    (Cow::Owned([&text[..before], &" ".repeat(begin), &said[begin..]].concat()), unsaid)
}
