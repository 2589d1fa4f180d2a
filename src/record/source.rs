//! A dataset as a source of rows.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use sos_envs::text::write_number;

use super::content::{Said, words};
use super::{Cell, Dataset, Episode, Mark, RecordEntry, RecordError, RowContent, WorkerBuffers, optional, text_of};
use crate::corrupt::Defect;
use crate::dialect::{Span, cut_prompt};
use crate::recipe::{Recipe, RecordConfig, RowFilter};
use crate::table::{
    Difference, PROMPT_COMPLETION, Provenance, ROWS_VERSION, RowSource, Rows, SOURCE, Schema, SplitRows, Tally, Value,
};

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowPlace {
    pub split: usize,
    /// Its index among the rows of its environment.
    pub own: u64,
    /// Its index in the split.
    pub index: u64,
}

impl Dataset {
    /// Makes the rows of one index, one for each record config.
    pub fn rows(
        &self,
        split: usize,
        index: u64,
        buffers: &mut WorkerBuffers,
        out: &mut [Rows],
    ) -> Result<Episode, RecordError> {
        self.rows_at(RowPlace { split, own: index, index }, buffers, out)
    }

    /// The same for a row at a place.
    pub(super) fn rows_at(
        &self,
        at: RowPlace,
        buffers: &mut WorkerBuffers,
        out: &mut [Rows],
    ) -> Result<Episode, RecordError> {
        let Some(filter) = &self.recipe.filter else {
            let episode = self.episode(at.split, at.own, buffers)?;
            self.records_of(&episode, at.index, None, buffers, &self.own, out)?;
            self.in_other_dialects(&episode, at.index, None, buffers, out)?;
            return Ok(episode);
        };
        let kept = self.kept.get(at.split).and_then(OnceLock::get);
        let kept = kept.ok_or_else(|| RecordError::NoRow(format!("split {} was not prepared", at.split)))?;
        self.filtered_row(filter, kept, at, buffers, out)
    }

    /// Makes the rows of one index and adds its counts to the tally.
    pub(super) fn fill_at(
        &self,
        at: RowPlace,
        buffers: &mut WorkerBuffers,
        out: &mut [Rows],
        tally: &mut Tally,
    ) -> Result<(), RecordError> {
        let episode = self.rows_at(at, buffers, out)?;
        *tally.entry("rejected draws".into()).or_default() += episode.proven.rejected;
        if self.file.is_some() {
            let facts = &episode.proven.facts;
            let mut count = |what: &str, counts: bool| {
                if counts {
                    *tally.entry(what.into()).or_default() += 1;
                }
            };
            count("puzzles without a solution", !facts.solvable);
            count("puzzles without a proof", facts.solvable && facts.optimal_cost.is_none());
        }
        for what in buffers.counted.drain(..) {
            *tally.entry(what.into()).or_default() += 1;
        }
        (buffers.spare_trace, buffers.spare_text) = (episode.trace, episode.text);
        Ok(())
    }

    /// Makes the records in other dialects of an episode's puzzle.
    pub(super) fn in_other_dialects(
        &self,
        episode: &Episode,
        index: u64,
        filter: Option<&RowFilter>,
        buffers: &mut WorkerBuffers,
        out: &mut [Rows],
    ) -> Result<Option<&'static str>, RecordError> {
        buffers.others.resize_with(self.others.len(), WorkerBuffers::default);
        let mut refused = None;
        for ((places, other), own) in self.others.iter().zip(&mut buffers.others) {
            let episode = other.episode_of(episode.split, episode.index, episode.proven.clone(), own)?;
            refused = other.records_of(&episode, index, filter, own, places, out)?;
            buffers.counted.append(&mut own.counted);
            (own.spare_trace, own.spare_text) = (episode.trace, episode.text);
            if refused.is_some() {
                break;
            }
        }
        Ok(refused)
    }

    /// Makes the records of an episode at their places, as the rows of an index. It ends with the first row that the filter refuses, and says why.
    pub(super) fn records_of(
        &self,
        episode: &Episode,
        index: u64,
        filter: Option<&RowFilter>,
        buffers: &mut WorkerBuffers,
        places: &[usize],
        out: &mut [Rows],
    ) -> Result<Option<&'static str>, RecordError> {
        buffers.candidates.clear();
        for ((record, &kind), &place) in self.records.iter().zip(&self.own).zip(places) {
            let (Some(kind), Some(rows)) = (self.kinds.get(kind), out.get_mut(place)) else { continue };
            let mut made = std::mem::take(&mut buffers.made);
            made.clear();
            record.make(self, episode, buffers, &mut made)?;
            let refused = self.push(episode, index, kind, &made, filter, buffers, rows);
            buffers.made = made;
            if refused.is_some() {
                return Ok(refused);
            }
        }
        Ok(None)
    }

    /// Appends the row of a record, or says why the filter refuses it.
    #[expect(clippy::too_many_arguments, reason = "what a row is made of, and where it goes")]
    fn push(
        &self,
        episode: &Episode,
        index: u64,
        kind: &RecordEntry,
        made: &RowContent,
        filter: Option<&RowFilter>,
        buffers: &mut WorkerBuffers,
        rows: &mut Rows,
    ) -> Option<&'static str> {
        let WorkerBuffers { prompt, puzzle_json, answer, .. } = buffers;
        [&mut *prompt, puzzle_json, answer].into_iter().for_each(Vec::clear);
        let (puzzle, facts) = (&episode.proven.puzzle, &episode.proven.facts);
        puzzle.write_json(puzzle_json);
        let completion = match &made.prompt {
            Some(other) => {
                prompt.extend_from_slice(other);
                &made.text[..]
            }
            None => {
                (self.dialect.write_prompt)(puzzle, prompt);
                cut_prompt(prompt, &made.text, self.dialect.separator)
            }
        };
        let before = made.text.len() - completion.len();
        let defects = defects_json(&made.defects, before);
        let (wrong, skip) = (marks_json(&made.wrong, before), marks_json(&made.skip, before));
        if let Some(right) = &episode.answer {
            (self.dialect.write_answer)(puzzle, right, answer);
        }
        let said = made.said.unwrap_or_else(|| {
            let completion = text_of(completion);
            Said::of(&self.read(episode, completion).verdict)
        });
        let search = &self.searches[episode.search].1;
        let counts = made.trace.counts();
        let plain = kind.texts == PROMPT_COMPLETION;
        let (texts, own) = made.own.split_at(if plain { 0 } else { kind.texts.len().min(made.own.len()) });
        let count = |of: &dyn Fn(&[u8]) -> u64| match plain {
            true => of(prompt) + of(completion),
            false => texts.iter().map(|text| text.count(of)).sum(),
        };
        let tokens = count(&words);
        let own_tokens = |text: &[u8]| self.tokens.count(self.dialect.name, &text_of(text));
        let refused = filter.and_then(|filter| filter.refuses_lengths(tokens, || count(&own_tokens)));
        if refused.is_some() {
            return refused;
        }
        let (name, traced) = made.kind.unwrap_or((kind.name, kind.traced));
        let (id, twin) = (episode.proven.id.to_string(), episode.proven.twin.to_string());
        let first = [
            Value::Text(id.as_bytes()),
            Value::Text(twin.as_bytes()),
            Value::Text(self.about.name.as_bytes()),
            Value::Text(self.splits[episode.split].as_bytes()),
            Value::Integer(optional(Some(index))),
            Value::Text(name.as_bytes()),
            Value::Text(self.dialect.name.as_bytes()),
            Value::Text(puzzle_json),
        ];
        let both = [Value::Text(prompt), Value::Text(completion)];
        let texts = both.into_iter().take(if plain { 2 } else { 0 }).chain(texts.iter().map(Cell::value));
        let last = [
            Value::Text(answer.trim_ascii_end()),
            Value::Boolean(said.solved),
            Value::Flag(said.trace_solved),
            Value::Flag(said.answer_right),
            Value::Text(made.outcome.unwrap_or(episode.outcome).name().as_bytes()),
            Value::Text(if traced { search.label.as_bytes() } else { b"" }),
            Value::Text(if traced { search.config.heuristic.as_deref().unwrap_or("").as_bytes() } else { b"" }),
            Value::Integer(optional(Some(counts.nodes))),
            Value::Integer(optional(Some(counts.backtracks))),
            Value::Integer(optional(Some(counts.depth))),
            Value::Integer(optional(Some(tokens))),
            Value::Flag(episode.proven.puzzle.known_solvable(facts)),
            Value::Integer(optional(facts.optimal_cost)),
            Value::Integer(optional(facts.solutions)),
            Value::Integer(optional(facts.difficulty)),
            Value::Text(defects.as_bytes()),
            Value::Text(&wrong),
            Value::Text(&skip),
        ];
        let source = self.tells_source.then(|| Value::Text(episode.proven.source.as_deref().unwrap_or(b"{}")));
        rows.push(first.into_iter().chain(texts).chain(last).chain(own.iter().map(Cell::value)).chain(source));
        None
    }
}

/// Marks of a row's texts as JSON. Marks in the completion are shifted by `before`, their offset in the whole text.
fn marks_json(marks: &[Mark], before: usize) -> Vec<u8> {
    let mut json = Vec::from(b"[");
    for mark in marks.iter().filter(|mark| mark.span.1 > mark.span.0.max(before)) {
        json.extend_from_slice(if json.len() > 1 { b",[" } else { b"[" });
        if let Some(text) = mark.text {
            write_number(text as u64, &mut json);
            json.push(b',');
        }
        write_number(mark.span.0.saturating_sub(before) as u64, &mut json);
        json.push(b',');
        write_number(mark.span.1.saturating_sub(before) as u64, &mut json);
        json.push(b']');
    }
    json.push(b']');
    json
}

/// The defects of a row as JSON, with spans relative to the completion, which starts at byte `before` of the whole text.
fn defects_json(defects: &[Defect], before: usize) -> String {
    let in_completion = |defect: &Defect| {
        let place = |at: usize| at.saturating_sub(before);
        Defect { span: Span(place(defect.span.0), place(defect.span.1)), ..defect.clone() }
    };
    let defects: Vec<Defect> = defects.iter().map(in_completion).collect();
    serde_json::to_string(&defects).unwrap_or_default()
}

/// A description of the dataset, with the declared cues of its arms.
fn summary(recipe: &Recipe) -> String {
    let mut text = recipe.description.clone();
    let told = |record: &RecordConfig| {
        let cues = record.cues.iter().map(|(family, why)| format!("{family} ({why})"));
        format!("`{}`: {}", record.folder(), cues.collect::<Vec<_>>().join("; "))
    };
    let cues: Vec<String> = recipe.records.iter().filter(|record| !record.cues.is_empty()).map(told).collect();
    if !cues.is_empty() {
        text += &format!("\n\nWhat tells a label beside its content, as `sos cues` measures it: {}.", cues.join(". "));
    }
    text
}

impl RowSource for Dataset {
    type Scratch = WorkerBuffers;

    fn recipe_differences(&self, there: &str) -> Vec<Difference> {
        super::differences::differences(there, &self.recipe)
    }

    fn about(&self) -> Provenance {
        let version = |version: u32| version.to_string();
        let mut versions = BTreeMap::new();
        versions.insert(format!("environment {}", self.about.name), version(self.about.version));
        versions.insert(format!("dialect {}", self.dialect.name), version(self.dialect.version));
        for (_, other) in &self.others {
            versions.insert(format!("dialect {}", other.dialect.name), version(other.dialect.version));
        }
        versions.insert("rows".into(), version(ROWS_VERSION));
        if self.recipe.prompt.is_some() || self.recipe.records.iter().any(|record| record.kinds().contains(&"rl")) {
            versions.insert("prompt instruct".into(), version(crate::dialect::instruct::VERSION));
        }
        for imported in self.imported() {
            let (name, checksum) = imported.version();
            versions.insert(format!("candidates {name}"), checksum.to_string());
        }
        if let Some(file) = &self.file {
            let (name, checksum) = file.version();
            versions.insert(format!("puzzles {name}"), checksum.to_string());
        }
        if let Some((name, checksum)) = self.tokens.version() {
            versions.insert(format!("tokenizer {name}"), checksum.to_string());
        }
        versions.extend(self.setting_files.clone());
        let space = |split: usize| self.prepare_split(split).ok().and_then(|puzzles| puzzles.space());
        let mut puzzle_space = BTreeMap::new();
        for (split, name) in self.splits.iter().enumerate() {
            if let Some(space) = space(split) {
                puzzle_space.insert(name.clone(), space);
            }
        }
        Provenance {
            title: self.recipe.name.clone(),
            summary: summary(&self.recipe),
            license: self.recipe.license.clone(),
            tags: vec!["search-traces".into(), self.about.name.into()],
            recipe: self.recipe.to_toml(),
            seed: self.recipe.seed,
            versions,
            puzzle_space,
            puzzles: self.file.as_ref().map(|file| file.counts().clone()).unwrap_or_default(),
        }
    }

    fn configs(&self) -> Vec<String> {
        self.recipe.records.iter().map(|record| record.folder().to_string()).collect()
    }

    fn schemas(&self) -> Vec<Schema> {
        let source = self.tells_source.then_some(SOURCE);
        self.kinds.iter().map(|kind| kind.schema().with(source)).collect()
    }

    fn splits(&self) -> Vec<SplitRows> {
        self.recipe.splits.iter().map(|(name, split)| SplitRows { name: name.clone(), rows: split.rows }).collect()
    }

    fn scratch(&self) -> WorkerBuffers {
        WorkerBuffers::default()
    }

    fn fill(
        &self,
        split: usize,
        range: Range<u64>,
        buffers: &mut WorkerBuffers,
        out: &mut [Rows],
        tally: &mut Tally,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        for index in range {
            self.fill_at(RowPlace { split, own: index, index }, buffers, out, tally)?;
        }
        Ok(())
    }
}
