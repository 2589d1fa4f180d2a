//! Records: training rows made from one or more traces.
//!
//! A [`Dataset`] is a recipe that was looked up and checked. It can make any row of the recipe. A row is a pure function of (recipe, split, index). The rows of
//! one index share puzzle, search and clean trace across all record configs.
//!
//! A new kind of record is one file and one line in [`records`], which is in `registry.rs`.

mod answer;
mod backtrack;
mod candidate;
mod checked;
pub mod comparison;
mod content;
pub mod correction;
mod corrupted;
mod corrupter;
mod criteria;
pub mod critique;
mod datasets;
mod detours;
mod differences;
mod direct;
mod dropped;
mod edits;
mod filtered;
mod goals;
mod group;
mod imitation;
mod import;
mod judge;
mod labels;
mod leaves;
pub mod limit;
mod marked;
mod mixture;
mod optimal;
mod pairs;
mod parallel;
pub mod puzzles;
mod registry;
mod rl;
mod search;
mod searched;
mod source;
mod subgoal;
mod trace_builder;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use sos_envs::{About, Draw, Streams};

use crate::arena::{Puzzle, Scratch};
use crate::dialect::instruct::Instruct;
use crate::dialect::{DialectEntry, Phrasing, Tokens, dialects};
use crate::recipe::{ALL_ROWS, Recipe, RecipeError, RecordConfig};
use crate::search::limits::Limits;
use crate::search::{Outcome, Search};
use crate::trace::{Answer, MoveId, Trace};

use crate::table::{Message, RowSource, Rows};
pub use content::{Cell, Mark, RowContent, Said};
pub use datasets::Datasets;
use filtered::KeptStage;
pub use import::{ImportError, Imported};
pub use judge::{Judged, RowView};
pub use optimal::{known, solution};
use puzzles::{BlockCache, FilePuzzles, NoPuzzle, ProvenPuzzle, Puzzles};
use registry::NoSettings;
pub use registry::{RecordEntry, records};

/// A kind of record: it makes the content of a row from the clean trace.
pub trait Record: Send + Sync {
    /// Makes the record of a row.
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError>;

    /// The files of candidates that it reads.
    fn imported(&self) -> Vec<&Imported> {
        Vec::new()
    }
}

/// A count in the manifest.
const LIMITED: &str = "searches that ended at a limit that the recipe does not name";

/// Why a record was not made.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// No puzzle was found.
    #[error(transparent)]
    NoPuzzle(#[from] NoPuzzle),
    /// A search does not suit a puzzle.
    #[error(transparent)]
    Search(#[from] crate::search::SearchError),
    /// A file of candidates changed.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// There is no such row.
    #[error("{0}")]
    NoRow(String),
}

/// The data that all records of an index share.
pub struct Episode {
    /// The split, by its index in the recipe.
    pub split: usize,
    /// The index.
    pub index: u64,
    /// The puzzle.
    pub proven: ProvenPuzzle,
    /// The index of the drawn search among the recipe's searches.
    pub search: usize,
    /// The stream of the search, as it was before the run.
    pub search_draw: Draw,
    /// The outcome of the search.
    pub outcome: Outcome,
    /// The clean trace, with the answer section if the recipe has one.
    pub trace: Trace,
    /// The text of the trace, if it was written to measure it; otherwise empty.
    text: Vec<u8>,
    /// The wording, for dialects that have several.
    pub phrasing: Phrasing,
    /// A right answer: the solution of the search, or otherwise the first cheapest solution, or that there is none. None if neither is known.
    pub answer: Option<Answer>,
}

/// The buffers that a worker keeps from row to row.
#[derive(Default)]
pub struct WorkerBuffers {
    pub(crate) scratch: Scratch,
    cache: BlockCache,
    /// The block of rows in which traces were swapped last.
    block: corrupted::Block,
    /// The candidates of the current row.
    candidates: candidate::CandidateCache,
    /// The counts since the last row.
    counted: Vec<&'static str>,
    /// The rows that the filter keeps in the block that was looked at last.
    kept: filtered::KeptBlock,
    /// The buffers of the same dataset in other dialects.
    others: Vec<WorkerBuffers>,
    spare_trace: Trace,
    spare_text: Vec<u8>,
    made: RowContent,
    prompt: Vec<u8>,
    puzzle_json: Vec<u8>,
    answer: Vec<u8>,
}

impl WorkerBuffers {
    fn count(&mut self, what: &'static str) {
        self.counted.push(what);
    }
}

/// The streams of one split, by purpose.
struct SplitStreams {
    search: Streams,
    record: Streams,
}

/// A recipe that was looked up. It can make all of its rows.
pub struct Dataset {
    /// The recipe.
    pub recipe: Recipe,
    /// Its environment.
    pub about: &'static About,
    /// Its dialect.
    pub dialect: DialectEntry,
    /// Its prompts for models that speak.
    pub instruct: Instruct,
    /// In which tokens its rows are counted.
    pub tokens: Arc<Tokens>,
    /// Its searches, with their weights.
    pub searches: Vec<(u64, Search)>,
    /// The records that it makes itself: those in its dialect.
    records: Vec<Box<dyn Record>>,
    /// The places of these among the record configs.
    own: Vec<usize>,
    /// The kind of each record config.
    kinds: Vec<RecordEntry>,
    /// The same dataset in other dialects, each with the places of its records.
    others: Vec<(Vec<usize>, Dataset)>,
    splits: Vec<String>,
    streams: Vec<SplitStreams>,
    /// The file of puzzles, where the recipe has one.
    file: Option<Arc<FilePuzzles>>,
    /// The files that its environment's settings name, with their checksums.
    setting_files: BTreeMap<String, String>,
    /// Whether its rows say what a file of puzzles says of them: they do if the recipe has a file, of this environment or of another one.
    tells_source: bool,
    /// The puzzles of each split, prepared when they are first needed.
    puzzles: Vec<OnceLock<Arc<Puzzles>>>,
    /// The rows that the filter keeps in each split, where the recipe has a filter.
    kept: Vec<OnceLock<Vec<KeptStage>>>,
}

impl Dataset {
    /// Looks a recipe up, and reads its files of puzzles and of tokens. It reports all errors of the recipe, except too many rows ([`Dataset::prepare`]).
    pub fn new(mut recipe: Recipe) -> Result<Self, RecipeError> {
        let all: Vec<bool> = recipe.splits.values().map(|split| split.rows == ALL_ROWS).collect();
        let file = FilePuzzles::open(&mut recipe)?;
        let tokens = Tokens::of_file(recipe.tokenizer.as_deref(), &recipe.folder);
        let tokens =
            tokens.map_err(|[found, allowed]| RecipeError::Value { field: "tokenizer".into(), found, allowed })?;
        let mut dataset = Dataset::of(recipe, file, &Arc::new(tokens))?;
        if dataset.recipe.filter.is_some() {
            dataset.ask_for_kept(&all)?;
        }
        Ok(dataset)
    }

    /// The dataset of a recipe whose files were read.
    fn of(recipe: Recipe, file: Option<Arc<FilePuzzles>>, tokens: &Arc<Tokens>) -> Result<Self, RecipeError> {
        let about = puzzles::family_of(&recipe)?.about();
        let setting_files = puzzles::setting_files(&recipe)?;
        let names: Vec<&str> = dialects(about).iter().map(|dialect| dialect.name).collect();
        let Some(dialect) = dialects(about).into_iter().find(|dialect| dialect.name == recipe.dialect) else {
            return Err(match crate::dialect::refusal(about, &recipe.dialect, None) {
                Some(reason) => refused("dialect", &recipe.dialect, reason),
                None => unknown("dialect", &recipe.dialect, &names),
            });
        };
        restates_where_left_out(&recipe, &dialect)?;
        let instruct = instruct_of(&recipe)?;
        puzzles::config_of(&recipe)?.space().map_err(RecipeError::Environment)?;
        let searches = recipe.searches.iter().enumerate().map(|(place, entry)| {
            let search = Search::new(about, &entry.search).map_err(RecipeError::Search);
            Ok((entry.weight, search.map_err(|error| error.at("searches", place))?))
        });
        let searches = searches.collect::<Result<Vec<(u64, Search)>, RecipeError>>()?;
        for (_, search) in &searches {
            if let Some(reason) = crate::dialect::refusal(about, dialect.name, Some(search.name)) {
                return Err(refused("dialect", dialect.name, reason));
            }
        }
        let kinds = recipe.records.iter().enumerate().map(|(place, config)| {
            let kind = records().into_iter().find(|kind| kind.name == config.kind).ok_or_else(|| {
                let names: Vec<&str> = records().iter().map(|kind| kind.name).collect();
                unknown("records.kind", &config.kind, &names).at("records", place)
            })?;
            if !kind.mixes {
                return Ok(kind);
            }
            mixture::entry(kind, config).map_err(|error| error.at("records", place))
        });
        let kinds = kinds.collect::<Result<Vec<RecordEntry>, RecipeError>>()?;
        let is_own = |record: &RecordConfig| record.dialect.as_ref().is_none_or(|name| *name == recipe.dialect);
        let own: Vec<usize> = (0..kinds.len()).filter(|&place| is_own(&recipe.records[place])).collect();
        let records = own.iter().map(|&place| {
            (kinds[place].new)(&recipe.records[place], &recipe).map_err(|error| error.at("records", place))
        });
        let records = records.collect::<Result<Vec<_>, _>>()?;
        let others = in_other_dialects(&recipe, file.as_ref(), tokens)?;
        let splits: Vec<String> = recipe.splits.keys().cloned().collect();
        let stream = |purpose, split: &str| Streams::new(recipe.seed, purpose, split);
        let streams = splits
            .iter()
            .map(|split| SplitStreams { search: stream("search", split), record: stream("record", split) });
        let streams = streams.collect();
        let puzzles = splits.iter().map(|_| OnceLock::new()).collect();
        let tells_source = file.is_some();
        let kept = splits.iter().map(|_| OnceLock::new()).collect();
        Ok(Dataset {
            recipe,
            about,
            dialect,
            instruct,
            tokens: Arc::clone(tokens),
            searches,
            records,
            own,
            kinds,
            others,
            splits,
            streams,
            file,
            setting_files,
            tells_source,
            puzzles,
            kept,
        })
    }

    /// Prepares the puzzles of all splits. It refuses a split with more rows than puzzles.
    pub fn prepare(&self) -> Result<(), RecipeError> {
        // Splits without rows are skipped, since their first puzzle could take long to find.
        for split in (0..self.splits.len()).filter(|&split| self.asked_for(split) > 0) {
            self.prepare_split(split)?;
        }
        Ok(())
    }

    /// Prepares the puzzles of one split.
    pub fn prepare_split(&self, split: usize) -> Result<&Puzzles, RecipeError> {
        let is_kept = self.recipe.filter.is_none() || self.kept[split].get().is_some();
        if let Some(puzzles) = self.puzzles[split].get().filter(|_| is_kept) {
            return Ok(puzzles);
        }
        let rows = self.asked_for(split);
        let puzzles = match &self.file {
            Some(file) => Puzzles::of_file(file, split, rows)?,
            None => Puzzles::new(&self.recipe, split, rows)?,
        };
        // A row whose search does not suit its puzzle is an error. If the first row shows it, it is reported at once.
        if let Ok(first) = puzzles.get(0, &mut BlockCache::default()) {
            let drawn = self.searches.iter().filter(|(weight, _)| *weight > 0);
            drawn.into_iter().try_for_each(|(_, search)| search.fits(&first.puzzle))?;
        }
        let puzzles = self.puzzles[split].get_or_init(|| Arc::new(puzzles));
        for (_, other) in &self.others {
            other.puzzles[split].get_or_init(|| Arc::clone(puzzles));
        }
        if let Some(filter) = &self.recipe.filter {
            let kept = self.kept_stages(filter, split, puzzles)?;
            let capacity = KeptStage::capacity(self.kept[split].get_or_init(|| kept));
            if capacity < u128::from(rows) {
                return Err(RecipeError::TooFewRows { split: self.splits[split].clone(), rows, capacity });
            }
        }
        Ok(puzzles)
    }

    /// Asks splits that want all rows of a file for as many as the filter keeps.
    fn ask_for_kept(&mut self, all: &[bool]) -> Result<(), RecipeError> {
        for split in (0..all.len()).filter(|&split| all[split]) {
            self.ask_for(split, 0);
            self.prepare_split(split)?;
            let rows = self.capacity(split);
            self.ask_for(split, u64::try_from(rows).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    /// Number of rows that a prepared split can have.
    pub fn capacity(&self, split: usize) -> u128 {
        let puzzles = self.puzzles.get(split).and_then(OnceLock::get).map_or(0, |puzzles| puzzles.capacity());
        self.kept.get(split).and_then(OnceLock::get).map_or(puzzles, |stages| KeptStage::capacity(stages))
    }

    /// Number of rows that are requested of a split.
    pub fn asked_for(&self, split: usize) -> u64 {
        self.recipe.splits.values().nth(split).map_or(0, |split| split.rows)
    }

    /// Requests another number of rows of a split. Its share of the space stays the same.
    pub fn ask_for(&mut self, split: usize, rows: u64) {
        self.recipe.ask_for(split, rows);
    }

    /// Lets its rows say what a file of puzzles says of them, for a recipe in which another environment has a file.
    fn tell_source(&mut self) {
        self.tells_source = true;
        self.others.iter_mut().for_each(|(_, other)| other.tell_source());
    }

    /// The puzzle of an index alone.
    pub fn puzzle(&self, split: usize, index: u64, buffers: &mut WorkerBuffers) -> Result<ProvenPuzzle, RecordError> {
        let puzzles = self.puzzles.get(split).and_then(OnceLock::get);
        let puzzles = puzzles.ok_or_else(|| RecordError::NoRow(format!("split {split} was not prepared")))?;
        Ok(puzzles.get(index, &mut buffers.cache)?)
    }

    /// The files of candidates that the records read.
    pub fn imported(&self) -> impl Iterator<Item = &Imported> {
        let others = self.others.iter().flat_map(|(_, other)| &other.records);
        self.records.iter().chain(others).flat_map(|record| record.imported())
    }

    /// The file of puzzles, where the recipe has one.
    pub fn puzzle_file(&self) -> Option<&FilePuzzles> {
        self.file.as_deref()
    }

    /// Empty batches, one for each record config.
    pub fn batches(&self) -> Vec<Rows> {
        self.schemas().into_iter().map(Rows::new).collect()
    }

    /// The prompt of a puzzle, with the separator after it. The text of a trace continues from there.
    pub fn prompt(&self, puzzle: &Puzzle) -> String {
        text_of(&self.dialect.prompt(puzzle))
    }

    /// The turns of a conversation up to the puzzle, for models that speak.
    fn instruct_turns(&self, episode: &Episode) -> Vec<Message> {
        let system = self.recipe.prompt.as_ref().and_then(|prompt| prompt.system.clone());
        let content = self.instruct.write(&episode.proven.puzzle, episode.phrasing.word);
        let system = system.map(|content| Message { role: "system", content });
        system.into_iter().chain([Message { role: "user", content }]).collect()
    }

    /// Appends the text of a row's own trace.
    pub(crate) fn write_trace(&self, episode: &Episode, out: &mut Vec<u8>) {
        match &episode.text[..] {
            [] => (self.dialect.write)(&episode.proven.puzzle, &episode.trace, episode.phrasing, out),
            text => out.extend_from_slice(text),
        }
    }

    /// A row's stream for a purpose of its own.
    pub fn draw(&self, episode: &Episode, purpose: &str) -> Draw {
        Streams::new(self.recipe.seed, purpose, &self.splits[episode.split]).at(episode.index)
    }

    /// The names of the splits, in their order.
    pub fn splits(&self) -> &[String] {
        &self.splits
    }

    /// The corruption stream of a row, for one record config.
    pub fn corruption_draw(&self, episode: &Episode, config: &str) -> Draw {
        let split = &self.splits[episode.split];
        Streams::new(self.recipe.seed, &format!("corruption/{config}"), split).at(episode.index)
    }

    /// The record stream of a row.
    pub fn record_draw(&self, episode: &Episode) -> Draw {
        self.streams[episode.split].record.at(episode.index)
    }

    /// The answer with a cheapest solution. It claims to be cheapest if the recipe allows it.
    fn best(&self, episode: &Episode, moves: Option<Vec<MoveId>>) -> Option<Answer> {
        known(&episode.proven.facts, moves, self.recipe.claims_optimal)
    }

    /// Draws the puzzle and the search of an index, and runs the search.
    pub fn episode(&self, split: usize, index: u64, buffers: &mut WorkerBuffers) -> Result<Episode, RecordError> {
        let drawn = self.puzzle(split, index, buffers)?;
        self.episode_of(split, index, drawn, buffers)
    }

    /// Draws the search of an index, and runs it on the puzzle of the index.
    fn episode_of(
        &self,
        split: usize,
        index: u64,
        drawn: ProvenPuzzle,
        buffers: &mut WorkerBuffers,
    ) -> Result<Episode, RecordError> {
        let mut draw = self.streams[split].search.at(index);
        self.run(split, index, drawn, 1, &mut draw, buffers)
    }

    /// Draws one of the recipe's searches and runs it on a puzzle. It is one of `runs` runs that share the limits of a row.
    fn run(
        &self,
        split: usize,
        index: u64,
        drawn: ProvenPuzzle,
        runs: u64,
        draw: &mut Draw,
        buffers: &mut WorkerBuffers,
    ) -> Result<Episode, RecordError> {
        self.run_among(&self.searches, split, index, drawn, runs, draw, buffers)
    }

    /// The same with other searches and their weights.
    #[expect(clippy::too_many_arguments)]
    fn run_among(
        &self,
        searches: &[(u64, Search)],
        split: usize,
        index: u64,
        drawn: ProvenPuzzle,
        runs: u64,
        draw: &mut Draw,
        buffers: &mut WorkerBuffers,
    ) -> Result<Episode, RecordError> {
        let search = draw.weighted(searches.iter().map(|(weight, _)| *weight));
        searches[search].1.fits(&drawn.puzzle)?;
        let search_draw = draw.clone();
        let mut trace = std::mem::take(&mut buffers.spare_trace);
        let mut text = std::mem::take(&mut buffers.spare_text);
        let word = self.streams[split].record.at(index).word();
        let phrasing = Phrasing { word, restate_per_mille: self.recipe.restate_per_mille };
        let (outcome, limited) = limit::run(
            &searches[search].1,
            &self.dialect,
            &drawn.puzzle,
            phrasing,
            Limits::share(runs),
            draw,
            &mut trace,
            &mut text,
            &mut buffers.scratch,
        );
        if limited {
            buffers.count(LIMITED);
        }
        let answer = right_answer(&drawn, outcome, &trace);
        if self.recipe.answer {
            trace.answer.clone_from(&answer);
            // The kept text has no answer section.
            text.clear();
        }
        Ok(Episode { split, index, proven: drawn, search, search_draw, outcome, trace, text, phrasing, answer })
    }
}

/// The datasets of the records that have another dialect than the recipe, a dataset for each dialect, with the places of its records.
fn in_other_dialects(
    recipe: &Recipe,
    file: Option<&Arc<FilePuzzles>>,
    tokens: &Arc<Tokens>,
) -> Result<Vec<(Vec<usize>, Dataset)>, RecipeError> {
    let named = |record: &RecordConfig| record.dialect.clone().filter(|name| *name != recipe.dialect);
    let mut names: Vec<String> = Vec::new();
    for name in recipe.records.iter().filter_map(named) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let dataset = |name: String| {
        let has = |place: &usize| recipe.records[*place].dialect.as_ref() == Some(&name);
        let places: Vec<usize> = (0..recipe.records.len()).filter(has).collect();
        let records =
            places.iter().map(|&place| RecordConfig { dialect: None, ..recipe.records[place].clone() }).collect();
        let own = Recipe { dialect: name.clone(), records, ..recipe.clone() };
        let dataset = Dataset::of(own, file.cloned(), tokens).map_err(|error| {
            let place = places.first().map_or("", |&place| recipe.records[place].folder());
            error.within("dialect", &format!("records.{place}.dialect"))
        })?;
        Ok((places, dataset))
    };
    names.into_iter().map(dataset).collect()
}

/// The prompts for models that speak.
fn instruct_of(recipe: &Recipe) -> Result<Instruct, RecipeError> {
    let Some(template) = recipe.prompt.as_ref().and_then(|prompt| prompt.template.as_ref()) else {
        return Ok(Instruct::default());
    };
    Instruct::by(template).map_err(|[found, allowed]| RecipeError::Value {
        field: "prompt.template".into(),
        found,
        allowed,
    })
}

/// Refuses `restate_per_mille` for dialects that write all states anyway.
fn restates_where_left_out(recipe: &Recipe, dialect: &DialectEntry) -> Result<(), RecipeError> {
    let found = recipe.restate_per_mille;
    let allowed = match dialect.leaves_states_out() {
        true if found <= 1000 => return Ok(()),
        true => "0 to 1000".into(),
        false if found == 0 => return Ok(()),
        false => format!(
            "0: {} leaves no states of {} out; compact and sudoku do, of constraint puzzles",
            dialect.name, dialect.about.name
        ),
    };
    Err(RecipeError::Value { field: "restate_per_mille".into(), found: found.to_string(), allowed })
}

fn refused(field: &str, found: &str, reason: String) -> RecipeError {
    RecipeError::Value { field: field.into(), found: format!("\"{found}\""), allowed: reason }
}

fn unknown(field: &str, found: &str, names: &[&str]) -> RecipeError {
    RecipeError::Unknown {
        field: field.into(),
        found: found.into(),
        allowed: names.join(", "),
        nearest: crate::names::nearest(found, names.iter().copied()),
    }
}

fn right_answer(drawn: &ProvenPuzzle, outcome: Outcome, trace: &Trace) -> Option<Answer> {
    let found = if outcome == Outcome::Solved { drawn.puzzle.solution(trace) } else { None };
    let moves = found.or_else(|| optimal::solution(&drawn.puzzle, &drawn.facts, 0, None));
    known(&drawn.facts, moves, false)
}

/// Bytes as text. What a dialect wrote is UTF-8, for which this test is many times faster than the replacing one.
fn text_of(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), str::to_owned)
}

/// A number of the solver facts in the form of a row.
fn optional(value: Option<u64>) -> Option<i64> {
    value.map(|value| i64::try_from(value).unwrap_or(i64::MAX))
}
