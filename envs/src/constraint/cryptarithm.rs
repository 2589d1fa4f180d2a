//! Cryptarithms: letters stand for digits, different ones for different digits, so that a sum of words is right; no word begins with 0.
//!
//! A worked puzzle: `TO + GO = OUT`. The sum of two numbers of two digits is below 200, so O is 1; then T is 2, with 1 + 1, and 21 + G1 = 1U2 needs
//! a carry: 2 + G = 10 + U with U different from 1 and 2, so G is 8 and U 0.
//!
//! Source: Dudeney (1924), "SEND + MORE = MONEY". Words are common English ones, drawn until there is one solution.
//!
//! Identity: the order of the words that are added does not count.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::model::{self, Kind, Model, refused};
use super::network::Network;
use super::rule::{Relation, Rule};
use super::{Settings, Solver, names};
use crate::draw::Draw;
use crate::environment::{About, ConfigError, PuzzleError, Reject};
use crate::settings::within;
use crate::text::Style;
use crate::word_ladder::list;

/// Most letters of a word from outside.
const MOST_LETTERS: usize = 8;
/// Most words that are added.
const MOST_ADDENDS: usize = 5;
/// Guesses after which a draw is given up.
const MOST_GUESSES: u64 = 20_000;
/// Words that are tried in a draw.
const TRIES: usize = 60;

/// Settings of cryptarithms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Words that are added: 2 or 3.
    pub addends: u64,
    /// Letters of the sum: 4 or 5; the words that are added have 3 up to as many.
    pub letters: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config { addends: 2, letters: 5 }
    }
}

/// A cryptarithm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cryptarithm {
    /// The words that are added, in capitals.
    addends: Vec<String>,
    /// Their sum.
    sum: String,
}

impl Cryptarithm {
    fn words(&self) -> impl Iterator<Item = &String> {
        self.addends.iter().chain([&self.sum])
    }

    /// The letters, in the order in which they occur.
    fn letters(&self) -> Vec<u8> {
        let mut letters = Vec::new();
        for letter in self.words().flat_map(|word| word.bytes()) {
            if !letters.contains(&letter) {
                letters.push(letter);
            }
        }
        letters
    }
}

impl Model for Cryptarithm {
    fn network(&self) -> Arc<Network> {
        let letters = self.letters();
        let place = |letter: u8| letters.iter().position(|&known| known == letter).unwrap_or(0);
        let mut factors = vec![0i32; letters.len()];
        let mut domains = vec![0b11_1111_1111u16; letters.len()];
        for (word, sign) in self.addends.iter().map(|word| (word, 1)).chain([(&self.sum, -1)]) {
            let mut factor = sign;
            for letter in word.bytes().rev() {
                factors[place(letter)] += factor;
                factor *= 10;
            }
            word.bytes().take(1).for_each(|letter| domains[place(letter)] &= !1);
        }
        let terms = factors.into_iter().enumerate().map(|(variable, factor)| (variable as u8, factor)).collect();
        let rules = vec![
            Rule::AllDifferent { variables: (0..letters.len() as u8).collect(), each: 0 },
            Rule::Linear { terms, offset: 0, relation: Relation::Equal, total: 0 },
        ];
        let variables = letters.iter().map(|&letter| char::from(letter).to_string()).collect();
        let digits = (0..10).map(|digit| digit.to_string()).collect();
        Arc::new(Network::with_domains(variables, digits, domains, rules))
    }

    fn canonical(&self) -> Box<dyn Model> {
        let mut addends = self.addends.clone();
        addends.sort_unstable();
        Box::new(Cryptarithm { addends, sum: self.sum.clone() })
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        model::write_json(self, out);
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        for (place, word) in self.words().enumerate() {
            let sign: &[u8] = if place == 0 {
                b""
            } else if place < self.addends.len() {
                b" + "
            } else {
                b" = "
            };
            out.extend_from_slice(sign);
            for (place, letter) in word.bytes().enumerate() {
                if place > 0 && style == Style::Compact {
                    out.push(b' ');
                }
                out.push(letter);
            }
        }
    }

    /// The number of different letters, or of words that are added.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.letters().len() as u64 } else { self.addends.len() as u64 }
    }
}

impl Kind for Cryptarithm {
    const ABOUT: About = About {
        name: "cryptarithm",
        version: 2,
        help: "find digits for letters so that a sum of words is right; one solution",
        words: &names::CAPITALS,
        keys: &["letters", "addends"],
    };
    const EXAMPLE: &'static str = r#"{"addends":["TO","GO"],"sum":"OUT"}"#;
    type Config = Config;

    fn settings(config: Config) -> Settings {
        Settings::Cryptarithm(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::Cryptarithm(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        [Config { addends: 2, letters: 4 }, Config::default(), Config { addends: 3, letters: 5 }]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        within("addends", config.addends, 2, 3)?;
        within("letters", config.letters, 4, 5)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let letters = config.letters as usize;
        let sums = list::list().words(letters);
        for _ in 0..TRIES {
            let addends: Vec<String> = (0..config.addends).map(|_| word(3 + draw.index(letters - 2), draw)).collect();
            let sum = word_of(sums.start + draw.index(sums.len()));
            let puzzle = Cryptarithm { addends, sum };
            // With more letters there are more ways than sums: hardly ever just one.
            if puzzle.letters().len() > letters + 3 || puzzle.addends.iter().any(|word| word.len() + 1 < letters) {
                continue;
            }
            let network = puzzle.network();
            let solved = Solver::new(&network, 2, MOST_GUESSES).run(&model::decided(&network, &[]), None);
            if solved.finished && solved.solutions == 1 {
                return Ok(puzzle);
            }
        }
        Err(Reject)
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        if !(1..=MOST_ADDENDS).contains(&self.addends.len()) {
            return Err(refused("addends", format!("{} words", self.addends.len()), format!("1 to {MOST_ADDENDS}")));
        }
        let good = |word: &&String| {
            (1..=MOST_LETTERS).contains(&word.len()) && word.bytes().all(|letter| letter.is_ascii_uppercase())
        };
        if let Some(word) = self.words().find(|word| !good(word)) {
            return Err(refused("addends and sum", word, format!("1 to {MOST_LETTERS} capital letters")));
        }
        let letters = self.letters().len();
        if letters <= 10 { Ok(()) } else { Err(refused("addends and sum", format!("{letters} letters"), "10 at most")) }
    }
}

/// A word of so many letters.
fn word(letters: usize, draw: &mut Draw) -> String {
    let words = list::list().words(letters);
    word_of(words.start + draw.index(words.len()))
}

fn word_of(number: usize) -> String {
    let letters = list::list().letters(crate::word_ladder::Word(number as u16));
    letters.iter().take_while(|&&letter| letter > 0).map(|letter| char::from(letter.to_ascii_uppercase())).collect()
}
