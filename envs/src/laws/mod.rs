//! The laws that every environment keeps. Tests of any crate can call them:
//!
//! ```
//! use sos_envs::{Countdown, laws};
//! laws::assert_laws::<Countdown>(&[Default::default()], 7, 5);
//! ```
//!
//! They draw puzzles, walk through them, and write, read and damage what they find. They report the broken law, the trait item that breaks it, and the puzzle.
//! Every check is a function of the seed, so a failure can be repeated. A puzzle that breaks a law is made smaller: [`check_laws`].

mod position;
mod puzzle;
mod report;
mod shrink;
mod structure;
mod text;

pub use report::{Again, Law, LawError};
pub use text::COMPACT_WORDS;

use report::Broken;

use crate::draw::{Draw, Streams};
use crate::environment::Complete;
use crate::quiet;

type Held = Result<(), Broken>;

/// The law holds if `condition` does. Otherwise `wrong` returns what the item says and what it should say.
fn hold(law: Law, item: &'static str, condition: bool, wrong: impl FnOnce() -> (String, String)) -> Held {
    if condition {
        return Ok(());
    }
    let (says, expected) = wrong();
    Err(Broken { law, item, says, expected })
}

/// The law does not hold if `work` panics.
fn no_panic<T>(
    law: Law,
    item: &'static str,
    work: impl FnOnce() -> T,
    when: impl FnOnce() -> String,
) -> Result<T, Broken> {
    quiet::caught(work).map_err(|panic| Broken::new(law, item, format!("panics{}: {panic}", when()), "no panic"))
}

/// Runs a part of the laws. A panic of the environment counts as a broken law.
fn part<T>(law: Law, item: &'static str, work: impl FnOnce() -> Result<T, Broken>) -> Result<T, Broken> {
    no_panic(law, item, work, String::new)?
}

/// The text that an environment wrote, for messages.
fn shown(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn shown_json<E: Complete>(puzzle: &E) -> String {
    shown(|out| puzzle.write_json(out))
}

fn settings_json<E: Complete>(config: &E::Config) -> String {
    serde_json::to_string(config).unwrap_or_else(|error| format!("cannot be written: {error}"))
}

/// The first law that fails on `count` puzzles of each of the settings, without making the puzzle smaller.
pub fn check<E: Complete>(configs: &[E::Config], seed: u64, count: u64) -> Result<(), Box<LawError>> {
    first_broken::<E>(configs, seed, count).map_err(|found| Box::new(found.error(seed)))
}

/// The first law that fails on `count` puzzles of each of the settings, on the smallest puzzle found that breaks it by the same item. The search for it takes
/// two seconds at most: puzzles of smaller settings, then the puzzle with parts of its JSON removed and its numbers lowered.
///
/// ```
/// use sos_envs::{WaterJugs, laws};
/// assert_eq!(laws::check_laws::<WaterJugs>(&[Default::default()], 7, 5), Ok(()));
/// ```
pub fn check_laws<E: Complete>(configs: &[E::Config], seed: u64, count: u64) -> Result<(), Box<LawError>> {
    first_broken::<E>(configs, seed, count).map_err(|found| Box::new(shrink::smallest(configs, seed, count, found)))
}

/// [`check_laws`] for tests: it panics if a law fails.
#[track_caller]
#[allow(clippy::panic)]
pub fn assert_laws<E: Complete>(configs: &[E::Config], seed: u64, count: u64) {
    if let Err(error) = check_laws::<E>(configs, seed, count) {
        panic!("{error}");
    }
}

/// Checks the laws on a single puzzle.
pub fn check_puzzle<E: Complete>(puzzle: &E, seed: u64) -> Result<(), Box<LawError>> {
    let Some(broken) = broken_by(puzzle, seed) else { return Ok(()) };
    Err(Box::new(LawError {
        environment: puzzle.about().name,
        law: broken.law,
        item: broken.item,
        says: broken.says,
        expected: broken.expected,
        puzzle: shown_json(puzzle),
        settings: String::new(),
        seed,
        again: Again::Puzzle,
        first: None,
    }))
}

/// The law that a puzzle breaks with the draws of a seed.
fn broken_by<E: Complete>(puzzle: &E, seed: u64) -> Option<Broken> {
    laws_of(puzzle, &mut Draw::new(seed, "laws")).err()
}

/// A broken law, with its settings and puzzle.
struct FirstBroken<'c, E: Complete> {
    broken: Broken,
    config: &'c E::Config,
    /// The puzzle and its number, if the law is about a puzzle.
    puzzle: Option<(E, u64)>,
    /// The number of the draw, if there is no puzzle.
    index: u64,
}

impl<E: Complete> FirstBroken<'_, E> {
    fn error(&self, seed: u64) -> LawError {
        let Broken { law, item, says, expected } = self.broken.clone();
        LawError {
            environment: E::kinds()[E::kind_of(self.config)].name,
            law,
            item,
            says,
            expected,
            puzzle: self.puzzle.as_ref().map_or(String::new(), |(puzzle, _)| shown_json(puzzle)),
            settings: settings_json::<E>(self.config),
            seed,
            again: Again::Settings(self.puzzle.as_ref().map_or(self.index, |(_, index)| *index)),
            first: None,
        }
    }
}

fn first_broken<E: Complete>(configs: &[E::Config], seed: u64, count: u64) -> Result<(), FirstBroken<'_, E>> {
    for config in configs {
        let none = |broken: Broken, index: u64| FirstBroken { broken, config, puzzle: None, index };
        puzzle::settings::<E>(config).map_err(|broken| none(broken, 0))?;
        let streams = streams::<E>(config, seed);
        for index in 0..count {
            let mut draw = streams.at(index);
            let found = puzzle::draw::<E>(config, &mut draw).map_err(|broken| none(broken, index))?;
            if let Err(broken) = laws_of(&found, &mut draw) {
                return Err(FirstBroken { broken, config, puzzle: Some((found, index)), index });
            }
        }
        puzzle::space::<E>(config, seed, count).map_err(|broken| none(broken, 0))?;
    }
    Ok(())
}

/// The draws for the checks of some settings.
fn streams<E: Complete>(config: &E::Config, seed: u64) -> Streams {
    Streams::new(seed, "laws", E::kinds()[E::kind_of(config)].name)
}

fn laws_of<E: Complete>(puzzle: &E, draw: &mut Draw) -> Held {
    part(Law::Json, "write_json", || puzzle::json(puzzle))?;
    part(Law::Json, "from_json", || puzzle::hostile_json(puzzle))?;
    part(Law::Identity, "canonical", || puzzle::identity(puzzle, draw))?;
    part(Law::Structure, "successors", || structure::structure(puzzle, draw))?;
    position::walk(puzzle, draw)?;
    part(Law::Prompt, "read_task", || text::prompt(puzzle))
}

#[cfg(test)]
mod pegs;

#[cfg(test)]
mod planted;

#[cfg(test)]
mod toy;

#[cfg(test)]
mod tests;
