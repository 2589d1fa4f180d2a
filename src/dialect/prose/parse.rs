//! Reads a text by the table of sentences. The first words of a line determine its sentence, and the line is read once, so time is linear
//! in the text. A line that does not parse is reported and skipped. Memory: at most one node and one event for each line.

use sos_envs::{Cost, Reader, Style, Task};

use super::templates::{Part, SENTENCES, Saying, Sentence, sentence};
use super::write::{ANSWER, AT_COST, BEST_ANSWER, NONE, NOTHING, THEN, TO_GO, WITH_ESTIMATE};
use crate::arena::Puzzle;
use crate::dialect::builder::{Builder, other_root, read_label};
use crate::dialect::estimate::read_estimate;
use crate::dialect::lines::{Line, lines};
use crate::dialect::read_prompt::MOST_WAYS;
use crate::dialect::{EventSpans, Field, Parsed, Span};
use crate::trace::{Answer, Claim, EventKind, MoveId, StateId};

/// About how many bytes tell an event.
const BYTES_OF_EVENT: usize = 64;

/// Reads prompt and trace.
pub fn parse(puzzle: &Puzzle, text: &[u8]) -> Parsed {
    let (mut target, mut prompt) = (Vec::new(), Vec::new());
    puzzle.write_target(Style::Prose, &mut target);
    super::write::prompt(puzzle, &mut prompt);
    let start = match text.strip_prefix(prompt.as_slice()) {
        Some(rest) if rest.is_empty() || rest.starts_with(b"\n") => text.len() - rest.len(),
        _ => 0,
    };
    let mut parser = Parser { puzzle, text, target, builder: Builder::new(puzzle, b"0", text.len(), BYTES_OF_EVENT) };
    for (Span(from, to), ended) in lines(&text[start..]) {
        let line = Span(from + start, to + start);
        if start > 0 && line.0 == start {
            // The end of the prompt.
            continue;
        }
        if parser.line(line).is_none() {
            let expected = if ended { "a sentence of the prose dialect" } else { "the rest of the sentence" };
            parser.builder.error(line, !ended, expected);
        }
    }
    parser.builder.parsed
}

/// The ways to split a prompt into its parts. There may be several, since a start may contain the words of the sentence.
pub fn prompt(text: &str) -> Vec<Task<'_>> {
    let (header, line) = text.rsplit_once('\n').unwrap_or(("", text));
    let sentence = sentence(Saying::Task, 0).map(|sentence| sentence.parts.as_slice());
    let Some([Part::Words(before), Part::State, Part::Words(between), Part::Target, Part::Words(end)]) = sentence
    else {
        return Vec::new();
    };
    let Some(rest) = line.strip_prefix(before).and_then(|rest| rest.strip_suffix(end)) else { return Vec::new() };
    let ways = rest.match_indices(between).take(MOST_WAYS);
    let task = |(at, _)| Task { style: Style::Prose, header, start: &rest[..at], target: &rest[at + between.len()..] };
    ways.map(task).collect()
}

struct Parser<'a> {
    puzzle: &'a Puzzle,
    text: &'a [u8],
    target: Vec<u8>,
    /// Names are labels, as they stand in the text.
    builder: Builder<'a, &'a [u8]>,
}

/// The values in the slots of a sentence.
struct Slots<'a> {
    state: Option<StateId>,
    action: Option<MoveId>,
    node: Option<&'a [u8]>,
    other: Option<&'a [u8]>,
    wrong_target: bool,
    g: Option<Cost>,
    h: Option<Cost>,
    bound: Option<Cost>,
    spans: EventSpans,
}

impl<'a> Parser<'a> {
    fn line(&mut self, whole: Span) -> Option<()> {
        let text: &'a [u8] = self.text;
        let mut line = Line::new(text, whole);
        if line.reader.take(ANSWER).is_some() {
            return self.answer(line, whole, false);
        }
        if line.reader.take(BEST_ANSWER).is_some() {
            return self.answer(line, whole, true);
        }
        let front = line.reader.rest();
        let begins = |sentence: &&Sentence| matches!(sentence.parts.first(), Some(Part::Words(words)) if front.starts_with(words.as_bytes()));
        let sentence = SENTENCES.iter().find(begins)?;
        let mut slots = Slots {
            state: None,
            action: None,
            node: None,
            other: None,
            wrong_target: false,
            g: None,
            h: None,
            bound: None,
            spans: EventSpans::new(whole),
        };
        for (i, &part) in sentence.parts.iter().enumerate() {
            self.part(part, sentence.parts.get(i + 1), &mut line, &mut slots)?;
        }
        line.reader.is_at_end().then_some(())?;
        self.say(sentence.saying, slots)
    }

    /// Reads a part of a sentence; `next` is the part behind it.
    fn part(&self, part: Part, next: Option<&Part>, line: &mut Line<'a>, slots: &mut Slots<'a>) -> Option<()> {
        let puzzle = self.puzzle;
        match part {
            Part::Words(words) => line.reader.take(words.as_bytes())?,
            Part::State | Part::Value => {
                let short = part == Part::Value;
                let read = |reader: &mut Reader<'_>| {
                    if short {
                        puzzle.read_value(Style::Prose, reader)
                    } else {
                        puzzle.read_state(Style::Prose, reader)
                    }
                };
                let (state, place) = line.span(|line| read(&mut line.reader))?;
                slots.spans.set(Field::State, place);
                slots.state = Some(state);
            }
            Part::Move => {
                let (action, place) = line.span(|line| puzzle.read_move(Style::Prose, &mut line.reader))?;
                slots.spans.set(Field::Action, place);
                slots.action = Some(action);
            }
            Part::Node => {
                let (label, place) = line.span(|line| Some(take_label(&mut line.reader)))?;
                slots.spans.set(Field::Label, place);
                slots.node = Some(label);
            }
            Part::Other => slots.other = Some(take_label(&mut line.reader)),
            Part::Target => slots.wrong_target = !self.target(next, line)?,
            Part::Costs => costs(puzzle, line, slots)?,
            Part::Bound => slots.bound = Some(read_estimate(puzzle, Style::Prose, &mut line.reader)?),
        }
        Some(())
    }

    /// Reads the goal. Gives whether it is the puzzle's. Another goal extends to the words of the next part, which must then end the line.
    fn target(&self, next: Option<&Part>, line: &mut Line<'a>) -> Option<bool> {
        let Some(Part::Words(words)) = next else { return None };
        let rest = line.reader.rest();
        let at = line.reader.position();
        if rest.strip_prefix(self.target.as_slice()).is_some_and(|rest| rest.starts_with(words.as_bytes())) {
            line.reader.seek(at + self.target.len());
            return Some(true);
        }
        let len = rest.strip_suffix(words.as_bytes()).filter(|target| !target.is_empty())?.len();
        line.reader.seek(at + len);
        Some(false)
    }

    fn say(&mut self, saying: Saying, slots: Slots<'a>) -> Option<()> {
        let spans = slots.spans;
        match saying {
            // The puzzle's own task was skipped already.
            Saying::Task => return None,
            Saying::OpenAlone => {
                let node = self.builder.make_to_open(slots.action?, slots.state?, slots.g, slots.h);
                return self.builder.open_labelled(node, slots.node?, b'.', Claim::default(), spans);
            }
            Saying::GoOn | Saying::GoBack | Saying::Stay | Saying::Jump => {
                return self.reference(EventKind::MoveTo, slots.node?, spans);
            }
            Saying::Event(kind) => match kind {
                EventKind::Visit => {
                    self.builder.visit(slots.state?, None, slots.wrong_target, spans);
                }
                EventKind::Generate => {
                    self.builder.generate(slots.action?, slots.state?, slots.g, slots.h, spans);
                }
                EventKind::Open => {
                    let node = self.builder.pending();
                    return self.builder.open_labelled(node?, slots.node?, b'.', Claim::default(), spans);
                }
                EventKind::Prune | EventKind::MoveTo => return self.reference(kind, slots.node?, spans),
                EventKind::Bound => self.builder.bound(slots.bound?, spans),
                EventKind::Root => {
                    let label = slots.node?;
                    self.builder.goal_root(slots.state?, label, other_root(label, b'.')?, spans);
                }
                EventKind::Meet => self.builder.meet(slots.node?, slots.other?, |name| read_label(name, b'.'), spans),
                EventKind::GiveUp | EventKind::Unsolvable => self.builder.end(kind, spans),
                EventKind::Goal | EventKind::DeadEnd | EventKind::Seen | EventKind::Cut => {
                    self.builder.say(kind, slots.state, slots.wrong_target, spans);
                }
            },
        }
        Some(())
    }

    fn reference(&mut self, kind: EventKind, label: &'a [u8], spans: EventSpans) -> Option<()> {
        self.builder.reference(kind, label, || read_label(label, b'.'), spans)
    }

    fn answer(&mut self, mut line: Line<'a>, whole: Span, optimal: bool) -> Option<()> {
        self.builder.parsed.unread_answer = true;
        let moves = if line.reader.rest() == NONE {
            None
        } else if line.reader.rest() == NOTHING {
            Some(Vec::new())
        } else {
            let mut moves = vec![self.puzzle.read_move(Style::Prose, &mut line.reader)?];
            while line.reader.take(THEN).is_some() {
                moves.push(self.puzzle.read_move(Style::Prose, &mut line.reader)?);
            }
            (line.reader.rest() == b".").then_some(moves)?.into()
        };
        self.builder.parsed.push_answer(Answer { moves, optimal }, whole, false);
        Some(())
    }
}

fn costs(puzzle: &Puzzle, line: &mut Line<'_>, slots: &mut Slots<'_>) -> Option<()> {
    if line.reader.take(AT_COST).is_some() {
        let (g, place) = line.span(|line| line.reader.number())?;
        slots.spans.set(Field::Cost, place);
        slots.g = Some(g);
    }
    if line.reader.take(WITH_ESTIMATE).is_some() {
        let (h, place) = line.span(|line| read_estimate(puzzle, Style::Prose, &mut line.reader))?;
        slots.spans.set(Field::Estimate, place);
        slots.h = Some(h);
        line.reader.take(TO_GO)?;
    }
    Some(())
}

/// Takes digits and dots, except a dot that ends the sentence.
fn take_label<'a>(reader: &mut Reader<'a>) -> &'a [u8] {
    let rest = reader.rest();
    let len = rest.iter().position(|&byte| !byte.is_ascii_digit() && byte != b'.').unwrap_or(rest.len());
    let label = rest[..len].strip_suffix(b".").unwrap_or(&rest[..len]);
    reader.seek(reader.position() + label.len());
    label
}
