//! A text for a puzzle, with its parsed trace and its verdict. It is made once and passed to everything that needs it.

use std::collections::BTreeSet;

use super::{Dataset, Episode, Mark, Said, text_of};
use crate::arena::Puzzle;
use crate::check::{LazyFacts, Request, Verdict, check};
use crate::corrupt::{Corrupted, Defect};
use crate::dialect::{Coverage, DialectEntry, Parsed, Span, cut_prompt, is_plain};
use crate::trace::Trace;

/// A text after a puzzle's own prompt, with its verdict. [`CheckedText::place`] converts the spans of trace and verdict to bytes of the text.
#[derive(Clone)]
pub struct CheckedText {
    /// The text after the prompt.
    pub text: String,
    /// Number of bytes that were read before the text.
    before: usize,
    /// The parsed text.
    pub parsed: Parsed,
    /// The result of the check.
    pub verdict: Verdict,
}

impl CheckedText {
    /// Reads and checks a text after a puzzle's own prompt.
    pub fn read(puzzle: &Puzzle, facts: &LazyFacts<'_>, dialect: &DialectEntry, text: String) -> Self {
        let mut whole = dialect.prompt(puzzle);
        let before = whole.len();
        whole.extend_from_slice(text.as_bytes());
        let parsed = dialect.read(puzzle, &whole, before);
        let verdict = check(puzzle, facts, &parsed, Request::default());
        CheckedText { text, before, parsed, verdict }
    }

    /// Whether it solves its puzzle without an error.
    pub fn is_right(&self) -> bool {
        self.verdict.solved && self.verdict.valid
    }

    /// The part of a span that lies in the completion; none if it lies before.
    pub fn place(&self, span: Span) -> Option<Span> {
        let place = |at: usize| at.saturating_sub(self.before).min(self.text.len());
        Some(Span(place(span.0), place(span.1))).filter(|span| span.0 < span.1)
    }

    /// The span of a step.
    pub fn step(&self, step: usize) -> Option<Span> {
        self.place(self.parsed.spans.get(step)?.whole)
    }

    /// The spans of errors, in order, each once.
    pub fn wrong(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = self.verdict.errors.iter().filter_map(|error| self.place(error.span?)).collect();
        spans.sort_by_key(|span| (span.0, span.1));
        spans.dedup();
        spans
    }

    /// The same as marks of a row's only text.
    pub fn wrong_marks(&self) -> Vec<Mark> {
        self.wrong().into_iter().map(Mark::of).collect()
    }

    /// The spans of the steps. Each step ends where the next one starts, and the first one starts with the text.
    pub fn cut_steps(&self) -> Vec<Span> {
        let mut starts = BTreeSet::from([0]);
        starts.extend((0..self.steps()).filter_map(|step| self.step(step)).map(|span| span.0));
        starts.extend(self.place(self.parsed.answer_span).map(|span| span.0));
        let ends = starts.iter().copied().skip(1).chain([self.text.len()]);
        starts.iter().copied().zip(ends).map(|(start, end)| Span(start, end)).filter(|span| span.0 < span.1).collect()
    }

    /// The texts of its steps.
    pub fn step_texts(&self) -> Vec<&str> {
        let texts = self.cut_steps().into_iter().filter_map(|span| self.text.get(span.0..span.1));
        texts.map(str::trim_end).collect()
    }

    /// Whether it has an answer section, readable or not.
    pub fn answers(&self) -> bool {
        self.parsed.trace.answer.is_some() || self.parsed.unread_answer
    }

    /// Number of events and unreadable places.
    pub fn steps(&self) -> usize {
        self.parsed.trace.events.len()
    }
}

impl Dataset {
    /// The text after the puzzle's prompt, from a text that the dialect wrote.
    pub(super) fn cut(&self, puzzle: &Puzzle, text: &[u8]) -> String {
        let mut prompt = Vec::new();
        (self.dialect.write_prompt)(puzzle, &mut prompt);
        text_of(cut_prompt(&mut prompt, text, self.dialect.separator))
    }

    /// The text of a trace after the puzzle's prompt.
    pub(super) fn completion(&self, episode: &Episode, trace: &Trace) -> String {
        let mut text = Vec::new();
        (self.dialect.write)(&episode.proven.puzzle, trace, episode.phrasing, &mut text);
        self.cut(&episode.proven.puzzle, &text)
    }

    /// The result of a check of a clean trace in the recipe's dialect. None if the text itself must be read, because the dialect writes less than the trace
    /// has.
    pub(super) fn said_of_clean(&self, episode: &Episode, trace: &Trace) -> Option<Said> {
        let read = || {
            let facts = LazyFacts::known(&episode.proven.puzzle, episode.proven.facts);
            let parsed = Parsed { trace: trace.clone(), ..Parsed::default() };
            Said::of(&check(&episode.proven.puzzle, &facts, &parsed, Request::default()))
        };
        let told = self.dialect.told;
        Said::of_clean(told, trace).or_else(|| (told == Coverage::All).then(read))
    }

    /// Reads and checks a text after the prompt of a row's puzzle.
    pub(super) fn read(&self, episode: &Episode, text: String) -> CheckedText {
        let facts = LazyFacts::known(&episode.proven.puzzle, episode.proven.facts);
        CheckedText::read(&episode.proven.puzzle, &facts, &self.dialect, text)
    }

    /// A trace as a row writes it, read and checked.
    pub(super) fn told(&self, episode: &Episode, trace: &Trace) -> CheckedText {
        self.read(episode, self.completion(episode, trace))
    }

    /// A text with planted defects, which was read and checked to prove them, and the defects with spans in the text after the prompt.
    pub(super) fn planted(&self, episode: &Episode, whole: &[u8], corrupted: Corrupted) -> (CheckedText, Vec<Defect>) {
        let Corrupted { parsed, verdict, mut defects } = corrupted;
        let text = self.cut(&episode.proven.puzzle, whole);
        let before = whole.len() - text.len();
        for defect in &mut defects {
            defect.span = Span(defect.span.0.saturating_sub(before), defect.span.1.saturating_sub(before));
        }
        // Parts without meaning in a given text have a meaning in a planted one, so such texts are read again.
        match is_plain(text.as_bytes()) {
            true => (CheckedText { text, before, parsed, verdict }, defects),
            false => (self.read(episode, text), defects),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arena::environment;
    use crate::corrupt::{CorruptionConfig, KindConfig, corruptions};
    use crate::dialect::dialects;
    use crate::recipe::Recipe;
    use crate::record::WorkerBuffers;
    use crate::record::corrupter::{Attempt, Corrupter};

    /// All data that records take from a text, with spans in its own bytes.
    fn view(read: &CheckedText) -> String {
        let errors = read.verdict.errors.iter();
        let place = |span: Option<Span>| span.and_then(|span| read.place(span));
        let errors: Vec<_> =
            errors.map(|e| (e.step, e.class, place(e.span), e.found.clone(), e.expected.clone())).collect();
        let steps: Vec<_> = (0..read.steps()).map(|step| read.step(step)).collect();
        let verdict = (read.verdict.valid, read.verdict.parsed, read.verdict.reward, &read.verdict.metrics);
        let answer = (read.answers(), place(Some(read.parsed.answer_span)));
        format!(
            "{errors:#?} {steps:?} {:?} {verdict:?} {answer:?} {:?} {:?}",
            Said::of(&read.verdict),
            read.cut_steps(),
            read.parsed.trace
        )
    }

    /// Checks that a planted text, as read for its proof, is the same as a text read after its prompt.
    #[test]
    fn a_planted_text_is_read_once() {
        let mut compared = 0;
        for (name, search) in [
            ("countdown", "kind = \"dfs\"\nheuristic = \"sum\""),
            ("maze", "kind = \"astar\"\nheuristic = \"manhattan\""),
            ("sudoku", "kind = \"backtracking\"\ninference = \"human\""),
        ] {
            for dialect in dialects(environment(name).unwrap().about()) {
                let recipe = format!(
                    "name = \"test\"\nseed = 1\ndialect = \"{}\"\nanswer = true\n[environment]\nname = \"{name}\"\nlevel = \"easy\"\n[splits.train]\nrows = 4\nshare = 4\n[[searches]]\n{search}\nmax_nodes = 150\n[[records]]\nkind = \"search\"\n",
                    dialect.name
                );
                let Ok(dataset) = Dataset::new(Recipe::from_toml(&recipe).unwrap()) else { continue };
                dataset.prepare().unwrap();
                let mut buffers = WorkerBuffers::default();
                for kind in corruptions() {
                    let config = CorruptionConfig::of(vec![KindConfig::of(kind.name)]);
                    let corrupter = Corrupter::new(&dataset.recipe.records[0], &config, &dataset.recipe);
                    let Some(corrupter) = corrupter.ok().filter(|corrupter| corrupter.swaps_within().is_none()) else {
                        continue;
                    };
                    for index in 0..4 {
                        let episode = dataset.episode(0, index, &mut buffers).unwrap();
                        let attempt = Attempt::of(&dataset, &episode);
                        let (mut text, mut draw) = (Vec::new(), dataset.draw(&episode, "test"));
                        let corrupted =
                            corrupter.corrupt_trace(&dataset, &episode, &attempt, &mut draw, &mut buffers, &mut text);
                        let Some(corrupted) = corrupted else { continue };
                        let (planted, _) = dataset.planted(&episode, &text, corrupted);
                        compared += u64::from(is_plain(planted.text.as_bytes()));
                        let read = dataset.read(&episode, planted.text.clone());
                        assert_eq!(view(&planted), view(&read), "{name} {} {}", dialect.name, kind.name);
                    }
                }
            }
        }
        assert!(compared > 500, "{compared}");
    }
}
