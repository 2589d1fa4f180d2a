//! A model's text: a trace, a final answer, or both.

use sos_envs::answers::{Problem, Unread};

use super::{ErrorClass, LazyFacts, Request, TraceError, Verdict, check_with};
use crate::answer::{How, Reading, extract_from, parts};
use crate::arena::Puzzle;
use crate::dialect::{Coverage, DialectEntry, FormatError, Parsed, Span};
use crate::trace::Answer;

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
    /// Reads a text. Its first `before` bytes are a prompt that was given separately.
    pub fn read(puzzle: &Puzzle, dialect: &DialectEntry, text: &str, before: usize, reading: Reading) -> Self {
        let as_trace = || dialect.read(puzzle, text.as_bytes(), before);
        let said = text.get(before..).unwrap_or_default();
        match reading {
            Reading::Trace => ReadText { parsed: as_trace(), taken: None, error: None },
            Reading::Answer => ReadText::with_answer(puzzle, without_trace(puzzle), said, before),
            Reading::Auto => {
                let whole = as_trace();
                if whole.errors.is_empty() && (whole.trace.tells() || whole.trace.answer.is_some()) {
                    return ReadText { parsed: whole, taken: None, error: None };
                }
                let parts = parts(said);
                let answer = extract_from(said, &parts);
                let mut places = parts.thought;
                if places.is_empty() && answer.how != How::Text {
                    places.push(0..answer.mark);
                }
                // The rest becomes white space, which says nothing, so that all places stay.
                let mut trace = text.as_bytes().to_vec();
                let mut at = before;
                for place in places {
                    trace[at..before + place.start].fill(b' ');
                    at = before + place.end;
                }
                trace[at..].fill(b' ');
                let parsed = dialect.read(puzzle, &trace, before);
                match (parsed.trace.tells(), answer.span.is_empty()) {
                    (true, true) => ReadText { parsed, taken: None, error: None },
                    (true, false) => ReadText::with_answer(puzzle, parsed, said, before),
                    (false, _) if whole.trace.tells() && answer.how == How::Text => {
                        ReadText { parsed: whole, taken: None, error: None }
                    }
                    (false, _) => ReadText::with_answer(puzzle, without_trace(puzzle), said, before),
                }
            }
        }
    }

    /// Adds the final answer of a text to a trace.
    fn with_answer(puzzle: &Puzzle, mut parsed: Parsed, said: &str, before: usize) -> Self {
        let found = crate::answer::extract(said);
        let place = |span: std::ops::Range<usize>| Span(before + span.start, before + span.end);
        let span = place(found.span.clone());
        let step = parsed.trace.events.len();
        let mut error = None;
        match puzzle.read_plain_answer(&said[found.span.clone()]) {
            Ok(moves) => parsed.push_answer(Answer { moves, optimal: false }, span, false),
            Err(Unread { problem, span: at }) => {
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
                        let expected = puzzle.about().answer_form;
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

    /// Checks what was read.
    pub fn check(&self, puzzle: &Puzzle, facts: &LazyFacts<'_>, request: Request<'_>) -> Verdict {
        check_with(puzzle, facts, &self.parsed, request, self.error.clone())
    }
}

/// A text that has no trace.
fn without_trace(puzzle: &Puzzle) -> Parsed {
    let mut parsed = Parsed { told: Coverage::Answer, ..Parsed::default() };
    parsed.trace.add_root(puzzle.start());
    parsed
}
