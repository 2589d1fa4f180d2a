//! Candidate solutions: right or wrong texts for a row's puzzle, the subject of critiques, corrections and comparisons. A check decides whether a candidate is
//! right, not the intention.

use std::rc::Rc;

use serde::Deserialize;
use sos_envs::Draw;

use super::checked::CheckedText;
use super::corrupter::{Attempt, Corrupter, Judges, usual};
use super::import::Imported;
use super::optimal::straight_trace;
use super::puzzles::about_of;
use super::{Dataset, Episode, RecordError, WorkerBuffers};
use crate::corrupt::{CorruptionConfig, Defect};
use crate::dialect::dialect;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::trace::{EventKind, Trace};

/// A count in the manifest.
const NOT_IMPORTED: &str = "rows whose puzzle has no imported candidate, and got one of ours";

/// Greatest number of candidates in a row. All further runs of a row share its limits equally, however many there are, so rows of one pool have the same
/// candidates.
pub(super) const MOST: u64 = 64;

/// Number of runs of the recipe's searches that may fail before a cheapest solution is taken. A candidate of a failed search is neither right nor wrong in its
/// steps.
const RUNS: u64 = 8;

/// The settings of candidates in a recipe.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CandidateSettings {
    /// Percentage of candidates that are intended to be right. The check decides how they turn out.
    #[serde(default = "right_percent")]
    right_percent: u64,
    /// How wrong candidates are made. The default is one defect of a usual kind.
    corruption: Option<CorruptionConfig>,
    /// A file with a model's outputs, which are used before ours: JSON Lines with `id` or `puzzle`, and `text` or `completion`.
    file: Option<String>,
    /// Configs with the same pool have the same candidates.
    #[serde(default)]
    pool: String,
}

/// About 56 % of the responses in Critique Fine-Tuning's training data are right (Wang, Yue and Chen 2025).
fn right_percent() -> u64 {
    56
}

impl Default for CandidateSettings {
    fn default() -> Self {
        CandidateSettings { right_percent: right_percent(), corruption: None, file: None, pool: String::new() }
    }
}

/// The intended kind of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Right.
    Right,
    /// Wrong.
    Wrong,
    /// Right or wrong, with the percentage of the settings.
    Any,
}

/// The source of a config's candidates.
pub struct Candidates {
    settings: CandidateSettings,
    /// All settings that decide a candidate, besides the row. Configs with the same settings have the same candidates.
    key: String,
    corrupter: Corrupter,
    imported: Option<Imported>,
}

/// The candidates made so far for a row. The configs of the row share them.
#[derive(Default)]
pub(super) struct CandidateCache {
    right: Vec<(Place, Rc<Right>)>,
    wrong: Vec<(Place, Rc<Candidate>, Counted)>,
}

/// The counts that a worker notes while it makes a candidate.
type Counted = Vec<&'static str>;

/// The key of a candidate: the settings, the row and the number.
#[derive(Clone, PartialEq)]
struct Place {
    key: String,
    split: usize,
    index: u64,
    number: u64,
}

/// A right candidate, with the data for a wrong one.
struct Right {
    candidate: Rc<Candidate>,
    /// The run that it comes from, unless it is the row's own.
    run: Option<Episode>,
    /// The random stream after it.
    draw: Draw,
    counted: Counted,
}

impl CandidateCache {
    /// Removes the candidates of the previous row.
    pub fn clear(&mut self) {
        self.right.clear();
        self.wrong.clear();
    }
}

/// A solution that is the subject of a record.
pub struct Candidate {
    /// Its text, read and checked.
    pub checked: CheckedText,
    /// The defects planted in it.
    pub defects: Vec<Defect>,
    /// Its origin: `search`, `direct`, `corrupted`, `imported` …
    pub source: &'static str,
}

impl Candidates {
    /// The candidates for a record config.
    pub fn new(config: &RecordConfig, settings: CandidateSettings, recipe: &Recipe) -> Result<Self, RecipeError> {
        Self::judged(config, settings, recipe, Judges::Texts)
    }

    /// The same, for a record that judges whole texts or single steps.
    pub fn judged(
        config: &RecordConfig,
        settings: CandidateSettings,
        recipe: &Recipe,
        judges: Judges,
    ) -> Result<Self, RecipeError> {
        if settings.right_percent > 100 {
            return Err(config.wrong("candidates.right_percent", settings.right_percent, "0 to 100"));
        }
        let corruption = match (&settings.corruption, dialect(about_of(recipe)?, &recipe.dialect)) {
            (Some(corruption), _) => corruption.clone(),
            (None, Some(dialect)) => usual(&dialect, judges, recipe),
            // The dataset has already reported this error.
            (None, None) => CorruptionConfig::of(Vec::new()),
        };
        let key = format!("{settings:?} {corruption:?}");
        let corrupter = Corrupter::new(config, &corruption, recipe)?;
        if corrupter.swaps_within().is_some() {
            return Err(config.wrong("candidates.corruption", "swap", "kinds other than swap"));
        }
        let imported = settings.file.as_deref().map(|file| Imported::open(config, file, recipe)).transpose()?;
        Ok(Candidates { settings, key, corrupter, imported })
    }

    /// Percentage of candidates that are intended to be right.
    pub fn right_percent(&self) -> u64 {
        self.settings.right_percent
    }

    /// The file of imported candidates, if there is one.
    pub fn imported(&self) -> Option<&Imported> {
        self.imported.as_ref()
    }

    /// The candidate of a row with a number. Number 0 comes from the row's own search, other numbers from further runs of the recipe's searches.
    pub fn draw(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        number: u64,
        want: Want,
        buffers: &mut WorkerBuffers,
    ) -> Result<Rc<Candidate>, RecordError> {
        if want == Want::Any
            && let Some(imported) = &self.imported
        {
            if let Some(text) = imported.text(episode.proven.id, number)? {
                let prompt = dataset.prompt(&episode.proven.puzzle);
                let completion = text.strip_prefix(&prompt).unwrap_or(&text).into();
                return Ok(Rc::new(Candidate::of(dataset.read(episode, completion), "imported")));
            }
            buffers.count(NOT_IMPORTED);
        }
        let mut draw = dataset.draw(episode, &format!("candidate/{}/{number}", self.settings.pool));
        let is_right = draw.below(100) < self.settings.right_percent;
        let is_right = if want == Want::Any { is_right } else { want == Want::Right };
        let place = Place { key: self.key.clone(), split: episode.split, index: episode.index, number };
        let right = self.right(dataset, episode, &place, draw, buffers)?;
        if is_right {
            Ok(Rc::clone(&right.candidate))
        } else {
            Ok(self.wrong(dataset, episode, place, &right, buffers))
        }
    }

    /// The right candidate for a key. A wrong one is the same text with a defect, so both have the same outcomes, lengths and words.
    fn right(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        place: &Place,
        mut draw: Draw,
        buffers: &mut WorkerBuffers,
    ) -> Result<Rc<Right>, RecordError> {
        if let Some((_, right)) = buffers.candidates.right.iter().find(|(known, _)| known == place) {
            let right = Rc::clone(right);
            buffers.counted.extend(&right.counted);
            return Ok(right);
        }
        let before = buffers.counted.len();
        let (candidate, run) = self.make_right(dataset, episode, place.number, &mut draw, buffers)?;
        let right =
            Rc::new(Right { candidate: Rc::new(candidate), run, draw, counted: buffers.counted[before..].to_vec() });
        buffers.candidates.right.push((place.clone(), Rc::clone(&right)));
        Ok(right)
    }

    fn make_right(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        number: u64,
        draw: &mut Draw,
        buffers: &mut WorkerBuffers,
    ) -> Result<(Candidate, Option<Episode>), RecordError> {
        let mut other = None;
        for run in u64::from(number > 0)..RUNS {
            if run > 0 {
                other = Some(dataset.search_again(episode, MOST, draw, buffers)?);
            }
            let run = other.as_ref().unwrap_or(episode);
            if !may_solve(&run.trace) {
                continue;
            }
            let checked = dataset.told(run, &run.trace);
            if checked.is_right() {
                return Ok((Candidate::of(checked, "search"), other));
            }
        }
        let straight = straight_trace(dataset, episode, episode.answer.clone());
        let checked = dataset.told(episode, &straight);
        Ok((Candidate::of(checked, "direct"), None))
    }

    /// The wrong candidate for a key.
    fn wrong(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        place: Place,
        right: &Right,
        buffers: &mut WorkerBuffers,
    ) -> Rc<Candidate> {
        if let Some((_, wrong, counted)) = buffers.candidates.wrong.iter().find(|(known, ..)| *known == place) {
            let wrong = Rc::clone(wrong);
            buffers.counted.extend(counted);
            return wrong;
        }
        let before = buffers.counted.len();
        let wrong = Rc::new(self.make_wrong(dataset, episode, right, buffers));
        let counted = buffers.counted[before..].to_vec();
        buffers.candidates.wrong.push((place, Rc::clone(&wrong), counted));
        wrong
    }

    fn make_wrong(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        right: &Right,
        buffers: &mut WorkerBuffers,
    ) -> Candidate {
        let run = right.run.as_ref().unwrap_or(episode);
        let straight;
        let mut attempt = Attempt::of(dataset, run);
        if right.candidate.source == "direct" {
            straight = straight_trace(dataset, run, run.answer.clone());
            attempt.trace = &straight;
        }
        let (mut text, mut draw) = (Vec::new(), right.draw.clone());
        let Some(corrupted) = self.corrupter.corrupt_trace(dataset, run, &attempt, &mut draw, buffers, &mut text)
        else {
            // A JSON object without a step to corrupt can still be cut.
            let whole = &right.candidate.checked.text;
            let half = (0..=whole.len() / 2).rev().find(|&end| whole.is_char_boundary(end)).unwrap_or(0);
            return Candidate::of(dataset.read(episode, whole[..half].into()), "corrupted");
        };
        let (checked, defects) = dataset.planted(episode, &text, corrupted);
        Candidate { checked, defects, source: "corrupted" }
    }
}

impl Candidate {
    /// A candidate from a text without planted defects.
    fn of(checked: CheckedText, source: &'static str) -> Self {
        Candidate { checked, defects: Vec::new(), source }
    }
}

/// Whether the text of a trace may solve its puzzle: it claims a solution, or that there is none.
fn may_solve(trace: &Trace) -> bool {
    let claims = |kind| matches!(kind, EventKind::Goal | EventKind::Meet | EventKind::Unsolvable);
    trace.answer.is_some() || trace.events.iter().any(|event| claims(event.kind))
}

impl Dataset {
    /// The same row with another run of one of the recipe's searches. It is one of `runs` runs that share the limits of the row.
    pub(super) fn search_again(
        &self,
        episode: &Episode,
        runs: u64,
        draw: &mut sos_envs::Draw,
        buffers: &mut WorkerBuffers,
    ) -> Result<Episode, RecordError> {
        self.run(episode.split, episode.index, episode.proven.clone(), runs, draw, buffers)
    }
}
