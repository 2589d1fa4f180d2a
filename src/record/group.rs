//! `group`: several trajectories for one puzzle from noisy policies, with the numbers for `sos select` and a reward (Shang et al. 2025, "rStar2-Agent", whose
//! GRPO-RoC resamples such groups).

use serde::Deserialize;

use super::checked::CheckedText;
use super::corrupter::{Attempt, Corrupter, Judges, usual};
use super::judge::{Judged, RowView};
use super::puzzles::about_of;
use super::{Cell, Dataset, Episode, Mark, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::check::{Level, Steps, TraceError};
use crate::corrupt::CorruptionConfig;
use crate::dialect::dialect;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::search::{Outcome, Search};
use crate::table::{ColumnKind, ColumnSpec, column};
use crate::trace::EventKind;

/// The texts of a row.
pub const TEXTS: &[ColumnSpec] = &[
    column("prompt", ColumnKind::Text, "what a model is given"),
    column("completions", ColumnKind::Texts, "the trajectories; the texts of spans"),
];

/// The columns of this kind: a number for each trajectory.
pub const OWN: &[ColumnSpec] = &[
    column(
        "rewards",
        ColumnKind::Integers,
        "the outcome: 1 where the trajectory solves the puzzle by one answer, else 0; as `reward` of `sos score`",
    ),
    column("valid", ColumnKind::Integers, "1 where a check finds no error in it, else 0"),
    column("steps", ColumnKind::Integers, "steps that can be checked"),
    column("wrong_steps", ColumnKind::Integers, "steps in which a check finds an error"),
    column("goal_claims", ColumnKind::Integers, "claims to be at a goal, or that there is none"),
    column("lengths", ColumnKind::Integers, "bytes"),
    column("noise_per_mille", ColumnKind::Integers, "defects in a thousand steps that its policy makes"),
];

/// The default rates, in defects per thousand steps. Each trajectory draws one.
const NOISE: [u32; 4] = [0, 20, 50, 200];

/// Greatest limit of nodes.
const MOST_NODES: u64 = 1_000_000_000_000;

/// Greatest number of trajectories in a row.
const MOST: u64 = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Number of trajectories in a row.
    size: Option<u64>,
    /// Rates in defects per thousand steps. Each trajectory draws one of them.
    noise_per_mille: Option<Vec<u32>>,
    /// Limits of nodes. Each trajectory draws one of them for its search; 0 means no limit. A search that reaches its limit ends without an answer.
    max_nodes: Option<Vec<u64>>,
    /// The kinds of defects. Its own `count` and rates are ignored.
    corruption: Option<CorruptionConfig>,
}

struct GroupRecord {
    size: u64,
    /// The corrupter of each rate; none for rate 0.
    policies: Vec<(u32, Option<Corrupter>)>,
    /// The recipe's searches with each limit; empty if the recipe gives no limits.
    limited: Vec<Vec<(u64, Search)>>,
}

/// Makes the record of a config.
pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    let settings: Settings = config.settings()?;
    let size = settings.size.unwrap_or(8);
    if !(1..=MOST).contains(&size) {
        return Err(config.wrong("size", size, format!("1 to {MOST}")));
    }
    let noise = settings.noise_per_mille.unwrap_or_else(|| NOISE.to_vec());
    if noise.is_empty() || noise.iter().any(|&rate| rate > 1000) {
        return Err(config.wrong("noise_per_mille", format!("{noise:?}"), "a list of numbers from 0 to 1000"));
    }
    let limits = settings.max_nodes.unwrap_or_default();
    if let Some(most) = limits.iter().find(|most| **most > MOST_NODES) {
        return Err(config.wrong("max_nodes", most, format!("0 to {MOST_NODES}")));
    }
    let within = |most: &u64| {
        let searches = recipe.searches.iter().map(|entry| {
            let mut search = entry.search.clone();
            search.max_nodes = search.max_nodes.into_iter().chain((*most > 0).then_some(*most)).min();
            Ok((entry.weight, Search::new(about_of(recipe)?, &search)?))
        });
        searches.collect::<Result<Vec<_>, RecipeError>>()
    };
    let limited = limits.iter().map(within).collect::<Result<_, RecipeError>>()?;
    let corruption = match (settings.corruption, dialect(about_of(recipe)?, &recipe.dialect)) {
        (Some(corruption), _) => corruption,
        (None, Some(dialect)) => usual(&dialect, Judges::Texts, recipe),
        (None, None) => CorruptionConfig::of(Vec::new()),
    };
    let policy = |rate: u32| {
        let noisy = CorruptionConfig {
            kinds: corruption.kinds.clone(),
            first: corruption.first,
            count: None,
            rate_per_mille: Some(rate),
            at_least: Some(0),
        };
        let corrupter = (rate > 0).then(|| Corrupter::new(config, &noisy, recipe)).transpose()?;
        if corrupter.as_ref().is_some_and(|corrupter| corrupter.swaps_within().is_some()) {
            return Err(config.wrong("corruption", "swap", "kinds that break single steps"));
        }
        Ok((rate, corrupter))
    };
    let policies = noise.into_iter().map(policy).collect::<Result<_, RecipeError>>()?;
    Ok(Box::new(GroupRecord { size, policies, limited }))
}

impl Record for GroupRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let mut completions = Vec::new();
        let mut said = Vec::new();
        let mut numbers: [Vec<i64>; 7] = Default::default();
        for number in 0..self.size {
            let purpose = format!("trajectory/{number}");
            let mut draw = dataset.draw(episode, &purpose);
            let searches = match self.limited.len() {
                0 => &dataset.searches,
                limits => &self.limited[draw.index(limits)],
            };
            let drawn = episode.proven.clone();
            let run =
                dataset.run_among(searches, episode.split, episode.index, drawn, self.size, &mut draw, buffers)?;
            let mut trace = run.trace.clone();
            // A policy gives the answer that its search found. Without one, it must not have the puzzle's own answer.
            if run.outcome != Outcome::Solved && run.proven.facts.solvable {
                trace.answer = None;
            }
            let (rate, corrupter) = &self.policies[draw.index(self.policies.len())];
            let search = &searches[run.search].1;
            let attempt = Attempt { search, draw: &run.search_draw, trace: &trace, donor: None };
            let mut text = Vec::new();
            let broken = corrupter
                .as_ref()
                .and_then(|corrupter| corrupter.corrupt_trace(dataset, &run, &attempt, &mut draw, buffers, &mut text));
            let read = match broken {
                Some(corrupted) => dataset.planted(episode, &text, corrupted).0,
                None => dataset.told(&run, &trace),
            };
            out.wrong.extend(read.wrong().into_iter().map(|span| Mark::at(number as usize, span)));
            for (list, value) in numbers.iter_mut().zip(measure(&read).into_iter().chain([i64::from(*rate)])) {
                list.push(value);
            }
            said.push(Said::of(&read.verdict));
            completions.push(read.text);
        }
        out.prompt = Some(Vec::new());
        out.said = Some(Said::one_of(said));
        out.trace.clone_from(&episode.trace);
        let prompt = dataset.prompt(&episode.proven.puzzle);
        out.own = vec![Cell::Text(prompt), Cell::Texts(completions)];
        out.own.extend(numbers.into_iter().map(Cell::Integers));
        Ok(())
    }
}

/// Reward, validity, steps, wrong steps, claims and length of a trajectory.
fn measure(read: &CheckedText) -> [i64; 6] {
    let Steps { steps, wrong, claims } = Steps::count(&read.parsed, &read.verdict);
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let length = number(read.text.len() as u64);
    [
        (read.verdict.reward >= 1.0).into(),
        read.verdict.valid.into(),
        number(steps),
        number(wrong),
        number(claims),
        length,
    ]
}

/// Counts the numbers of each trajectory again, from the verdict.
pub fn judge(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let names = ["rewards", "valid", "steps", "wrong_steps", "goal_claims", "lengths"];
    let mut numbers: [Vec<usize>; 6] = Default::default();
    for text in row.texts("completions") {
        let CheckedText { parsed, verdict, .. } = row.read(text);
        let (mut steps, mut wrong, mut claims) = (0, 0, 0);
        for (step, event) in parsed.trace.events.iter().enumerate() {
            let is_wrong = |error: &TraceError| error.step == step && error.level != Level::Format;
            wrong += usize::from(verdict.errors.iter().any(is_wrong));
            steps += usize::from(event.kind != EventKind::Visit && event.kind != EventKind::Open);
            claims += usize::from([EventKind::Goal, EventKind::Meet, EventKind::Unsolvable].contains(&event.kind));
        }
        steps += parsed.errors.len();
        wrong = (wrong + parsed.errors.len()).min(steps);
        if claims == 0 && parsed.trace.answer.is_some() {
            claims = 1;
        }
        let reward = usize::from(verdict.reward > 0.0);
        let all = [reward, usize::from(verdict.errors.is_empty()), steps, wrong, claims, text.len()];
        numbers.iter_mut().zip(all).for_each(|(list, number)| list.push(number));
    }
    for (name, numbers) in names.into_iter().zip(numbers) {
        judged.expect(name, row.value(name).clone(), numbers);
    }
    let noise = row.list("noise_per_mille");
    let rates = noise.iter().all(|rate| rate.as_u64().is_some_and(|rate| rate <= 1000));
    judged
        .hold(rates && noise.len() == row.list("completions").len(), "noise_per_mille: not a rate for each trajectory");
    judged
}
