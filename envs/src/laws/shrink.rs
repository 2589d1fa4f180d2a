//! The smallest puzzle, or the smallest settings, that break a law by the same item.

use std::time::{Duration, Instant};

use super::report::Broken;
use super::{Again, FirstBroken, Law, LawError, broken_by, puzzle, settings_json, shown_json};
use crate::environment::Complete;
use crate::smaller::{Found, Maker, Of, Size, Smaller, smaller_settings};

/// Time limit of the search for smaller puzzles.
const TIME: Duration = Duration::from_millis(2000);
/// Part of the time for draws with smaller settings. After it the JSON of the puzzle is changed.
const TIME_FOR_DRAWS: Duration = Duration::from_millis(1000);
/// Number of draws for each of the smaller settings.
const DRAWS: u64 = 10;
/// Number of seeds that a puzzle is checked with, for failures that depend on draws.
const SEEDS: u64 = 2;

/// The error on the smallest puzzle found in time. If no puzzle read from JSON breaks the law, because the law is about drawing or JSON, the smallest settings
/// whose puzzles break it.
pub fn smallest<E: Complete>(configs: &[E::Config], seed: u64, count: u64, found: FirstBroken<'_, E>) -> LawError {
    smallest_puzzle(&found, seed).unwrap_or_else(|| smallest_settings(configs, seed, count, found))
}

fn smallest_puzzle<E: Complete>(first: &FirstBroken<'_, E>, seed: u64) -> Option<LawError> {
    let FirstBroken { config, puzzle: Some((puzzle, _)), .. } = first else { return None };
    let mut best = Found { puzzle: puzzle.clone(), settings: (*config).clone(), edited: false };
    let started = Instant::now();
    let maker = Of::<E>::any(E::kind_of(config));
    let breaks = |puzzle: &E| {
        (0..SEEDS).map(|more| seed.wrapping_add(more)).find_map(|seed| {
            let broken = broken_by(puzzle, seed).filter(|broken| broken.is_like(&first.broken))?;
            Some((seed, broken))
        })
    };
    let mut changed = false;
    let mut smaller = Smaller::than(&maker, &best, seed, DRAWS);
    while started.elapsed() < TIME {
        if started.elapsed() > TIME_FOR_DRAWS {
            smaller.stop_drawing();
        }
        let Some(candidate) = smaller.next(&maker) else { break };
        if breaks(&candidate.puzzle).is_some() {
            (best, changed) = (candidate, true);
            smaller = Smaller::than(&maker, &best, seed, DRAWS);
        }
    }
    let read = maker.read_puzzle(&best.settings, &maker.puzzle_json(&best.puzzle))?;
    let (seed, Broken { says, expected, .. }) = breaks(&read)?;
    let before = first.error(seed);
    Some(LawError {
        says,
        expected,
        puzzle: shown_json(&read),
        settings: settings_json::<E>(&best.settings),
        again: Again::Puzzle,
        first: changed.then(|| format!("{} of {}", before.puzzle, before.settings)),
        ..before
    })
}

fn smallest_settings<E: Complete>(configs: &[E::Config], seed: u64, count: u64, found: FirstBroken<'_, E>) -> LawError {
    let started = Instant::now();
    let maker = Of::<E>::any(E::kind_of(found.config));
    let size = |config: &E::Config| Size::of(&maker.settings_json(config));
    let like = found.broken.clone();
    let breaks = |config: &E::Config| broken_settings::<E>(config, &like, seed, count);
    // Refused settings are an error only if the caller stated that they are valid.
    let given = like.item == puzzle::REFUSED;
    let mut best = found.config.clone();
    let mut broken = None;
    let candidates = |config: &E::Config| {
        let mut list = if given { configs.to_vec() } else { smaller_settings(&maker, config) };
        list.retain(|other| size(other) < size(config) && E::kind_of(other) == E::kind_of(config));
        list.into_iter()
    };
    let mut left = candidates(&best);
    while started.elapsed() < TIME {
        let Some(candidate) = left.next() else { break };
        if let Some(found) = breaks(&candidate) {
            (broken, best) = (Some(found), candidate);
            left = candidates(&best);
        }
    }
    let first = found.error(seed);
    let Some((index, puzzle, Broken { says, expected, .. })) = broken else { return first };
    let settings = settings_json::<E>(&best);
    let before = if first.puzzle.is_empty() {
        first.settings.clone()
    } else {
        format!("{} of {}", first.puzzle, first.settings)
    };
    LawError { says, expected, puzzle, settings, again: Again::Settings(index), first: Some(before), ..first }
}

/// How settings break a law by the same item: the number of the draw, and the puzzle if there is one.
fn broken_settings<E: Complete>(
    config: &E::Config,
    like: &Broken,
    seed: u64,
    count: u64,
) -> Option<(u64, String, Broken)> {
    let alone = |held: Result<(), Broken>| held.err().map(|broken| (0, String::new(), broken));
    let found = match like.law {
        Law::Settings => alone(puzzle::settings::<E>(config)),
        Law::Space => alone(puzzle::space::<E>(config, seed, count)),
        _ => (0..count.min(DRAWS)).find_map(|index| {
            let mut draw = super::streams::<E>(config, seed).at(index);
            match puzzle::draw::<E>(config, &mut draw) {
                Ok(found) => super::laws_of(&found, &mut draw).err().map(|broken| (index, shown_json(&found), broken)),
                Err(broken) => Some((index, String::new(), broken)),
            }
        }),
    };
    found.filter(|(_, _, broken)| broken.is_like(like))
}
