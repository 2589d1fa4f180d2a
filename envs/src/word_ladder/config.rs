//! Settings of word ladders, and their space of puzzles.

use serde::{Deserialize, Serialize};

use super::list::{self, BUILT_IN, FEWEST_LETTERS, LONGEST, List, MOST_LETTERS};
use super::{Word, WordLadder};
use crate::draw::Draw;
use crate::environment::{ConfigError, Reject};
use crate::exact::Known;
use crate::settings::{Amount, Solvable, amount_within, within};
use crate::splits::Space;

/// Settings of the word ladder generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of letters: 3 to 5.
    pub letters: Amount,
    /// Least number of steps of a shortest ladder: from 1 to that of the longest one, 12, 17 or 32 for 3, 4 or 5 letters. Puzzles without a solution are
    /// exempt.
    pub min_cost: u64,
    /// Greatest number of steps of a shortest ladder.
    pub max_cost: u64,
    /// Whether a ladder is required: `yes`, `no` or `any`.
    pub solvable: Solvable,
    /// A file with a list of words of one's own: a word a line, of the letters a to z. Without it the words are those of the built-in list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Config { letters: Amount::Exactly(4), min_cost: 3, max_cost: 8, solvable: Solvable::Yes, words: None }
    }
}

/// Greatest `max_cost`.
const MOST_COST: u64 = 100;

/// `medium` is closest to the defaults of reasoning-gym's `word_ladder`: words of four letters, a shortest ladder.
pub fn levels() -> [Config; 3] {
    let of = |letters, min_cost, max_cost| Config {
        letters: Amount::Exactly(letters),
        min_cost,
        max_cost,
        ..Config::default()
    };
    [of(3, 2, 6), of(4, 3, 5), of(5, 5, 6)]
}

impl Config {
    fn check(&self) -> Result<(), ConfigError> {
        let own = self.words.is_some();
        let [fewest, most] = if own { [FEWEST_LETTERS, MOST_LETTERS] } else { BUILT_IN };
        amount_within("letters", self.letters, fewest as u64, most as u64)?;
        let list = self.list()?;
        if let Some(letters) = self.lengths().find(|&letters| list.words(letters).len() < 2) {
            return Err(ConfigError::new("letters", letters, "lengths of which the list has two words"));
        }
        let longest = if own { MOST_COST } else { LONGEST[self.letters.max() as usize - BUILT_IN[0]] };
        within("min_cost", self.min_cost, 1, longest)?;
        within("max_cost", self.max_cost, self.min_cost, MOST_COST)
    }

    /// The list of words. That of a file is loaded once.
    pub(super) fn list(&self) -> Result<&'static List, ConfigError> {
        let Some(file) = &self.words else { return Ok(list::built_in()) };
        list::of_file(file).map_err(|error| ConfigError::new("words", format!("the file {file}"), error))
    }

    fn lengths(&self) -> impl Iterator<Item = usize> + use<> {
        self.letters.min() as usize..=self.letters.max() as usize
    }
}

/// Number of ordered pairs of different words.
fn pairs(list: &List, letters: usize) -> u64 {
    let words = list.words(letters).len() as u64;
    words * words.saturating_sub(1)
}

pub fn space(config: &Config) -> Result<Space, ConfigError> {
    config.check()?;
    let list = config.list()?;
    Ok(Space { strata: 1, size: config.lengths().map(|letters| u128::from(pairs(list, letters))).sum() })
}

/// By length, then start, then goal.
pub fn at(config: &Config, index: u128) -> Result<WordLadder, Reject> {
    let mut rest = u64::try_from(index).map_err(|_| Reject)?;
    let list = config.list().map_err(|_| Reject)?;
    for letters in config.lengths() {
        if rest >= pairs(list, letters) {
            rest -= pairs(list, letters);
            continue;
        }
        let words = list.words(letters);
        let others = words.len() as u64 - 1;
        let (start, other) = (rest / others, rest % others);
        let goal = if other < start { other } else { other + 1 };
        let word = |place: u64| Word::listed((words.start as u64 + place) as usize);
        return finish(config, list, letters, word(start), word(goal));
    }
    Err(Reject)
}

fn finish(config: &Config, list: &'static List, letters: usize, start: Word, goal: Word) -> Result<WordLadder, Reject> {
    let cost = list.row(goal).of(start);
    let fits = cost.is_none_or(|cost| (config.min_cost..=config.max_cost).contains(&cost));
    if !fits || !config.solvable.accepts(cost.is_some()) {
        return Err(Reject);
    }
    let mut puzzle = WordLadder { letters, start, goal, known: Known::default(), list };
    puzzle.known = Known(Some(puzzle.solve()));
    Ok(puzzle)
}

/// Number of starts that are tried, since far goals and unreachable goals are rare.
const TRIES: usize = 16;

/// A random start, then a random goal among those that fit.
pub fn generate(config: &Config, draw: &mut Draw) -> Result<WordLadder, Reject> {
    let list = config.list().map_err(|_| Reject)?;
    let all: u64 = config.lengths().map(|letters| list.words(letters).len() as u64).sum();
    let first = list.words(config.letters.min() as usize).start as u64;
    for _ in 0..TRIES {
        let start = Word::listed((first + draw.below(all)) as usize);
        let letters = config.lengths().find(|&letters| list.words(letters).contains(&start.number())).ok_or(Reject)?;
        let row = list.row(start);
        let near = if config.solvable == Solvable::No { 0 } else { row.count_within(config.min_cost, config.max_cost) };
        let far = if config.solvable == Solvable::Yes { 0 } else { row.count_out_of_reach() };
        let chosen = draw.index(near + far);
        let goal = match chosen.checked_sub(near) {
            None => row.nth_within(config.min_cost, config.max_cost, chosen),
            Some(beyond) => row.nth_out_of_reach(beyond),
        };
        if let Some(goal) = goal {
            return finish(config, list, letters, start, goal);
        }
    }
    Err(Reject)
}
