//! Cryptarithms: different letters stand for different digits that make a sum of words correct. No word begins with 0.
//!
//! A worked puzzle: `TO + GO = OUT`. The sum of two numbers of two digits is below 200, so O is 1. Then T is 2, from 1 + 1, and 21 + G1 = 1U2 needs a carry:
//! 2 + G = 10 + U with U different from 1 and 2, so G is 8 and U is 0.
//!
//! Source: Dudeney (1924), "SEND + MORE = MONEY". Words are common English ones, drawn until the solution is unique.
//!
//! Identity: the order of the addends does not count. Twins may also have other letters, and letters of one column exchanged.

use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

use super::answer::{Assigned, named, unquoted};
use super::model::{self, Model};
use super::network::Network;
use super::rule::{Relation, Rule};
use super::told::PromptParts;
use super::{Settings, Solver, names};
use crate::about::About;
use crate::answers::steps::{BETWEEN, is_between};
use crate::answers::{Kind, Read, Token, Unread};
use crate::draw::Draw;
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, line};
use crate::settings::within;
use crate::text::Style;
use crate::word_ladder::{Word, list};
use serde_json::{Value, json};

/// Greatest length of a word from outside, in letters.
const MOST_LETTERS: usize = 8;
/// Greatest number of addends.
const MOST_ADDENDS: usize = 5;
/// Number of guesses after which a draw is given up.
const MOST_GUESSES: u64 = 20_000;
/// Number of word lists that a draw tries.
const TRIES: usize = 60;

/// The words before the sum in prompts for models that speak.
const SUM: &str = "Sum: ";

/// Settings of cryptarithms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of addends: 2 or 3.
    pub addends: u64,
    /// Length of the sum in letters: 4 or 5. The addends have as many letters or one less.
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
    /// The addends, in capitals.
    addends: Vec<String>,
    /// Their sum.
    sum: String,
}

impl Cryptarithm {
    fn words(&self) -> impl Iterator<Item = &String> {
        self.addends.iter().chain([&self.sum])
    }

    /// The letters, in the order of their first occurrence.
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

    /// Letters may be renamed, addends reordered, and letters of one column exchanged. Only the weight of a letter in the sum counts, and whether it may be 0.
    fn twin(&self) -> Option<Vec<u8>> {
        let mut letters: Vec<(i64, bool)> = self
            .letters()
            .into_iter()
            .map(|letter| {
                let of = |word: &String| {
                    let places =
                        word.bytes().rev().zip(std::iter::successors(Some(1i64), |power| power.checked_mul(10)));
                    places.filter(|&(there, _)| there == letter).map(|(_, power)| power).sum::<i64>()
                };
                let leads = |word: &String| word.as_bytes().first() == Some(&letter);
                (self.addends.iter().map(of).sum::<i64>() - of(&self.sum), self.words().any(leads))
            })
            .collect();
        letters.sort_unstable();
        Some(
            letters
                .into_iter()
                .flat_map(|(times, leads)| times.to_le_bytes().into_iter().chain([u8::from(leads)]))
                .collect(),
        )
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            out.extend_from_slice(
                b"Each letter stands for a digit, 0 to 9, and no two for the same; no word begins with 0. A state lists the letters in the order in which they first occur, with _ where one is open. The sum is ",
            );
        }
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

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        self.read_answer(network, tokens)
    }

    /// The number of different letters, or of addends.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.letters().len() as u64 } else { self.addends.len() as u64 }
    }

    fn instructions(&self) -> Instructions {
        let rules = [
            "Each letter stands for a digit from 0 to 9: the same letter always for the same digit, and different letters for different digits. The sum must be right when all letters are replaced by their digits, and no word may begin with 0. Find the digits.",
            "Replace the letters by digits, so that the addition is correct. Two different letters never have the same digit, a letter has the same digit wherever it occurs, and the first letter of a word is not 0.",
            "Solve this cryptarithm: find a digit (0 to 9) for every letter, all of them different, such that the numbers which the words then spell add up as written. Numbers do not start with a zero.",
        ];
        let letter = self.letters().first().map_or('A', |&letter| char::from(letter));
        let form = format!(
            "Write the digit of every letter, separated by commas, in this form: {letter} = 1, and so on for all letters."
        );
        Instructions::new(rules, format!("{SUM}{} = {}", self.addends.join(" + "), self.sum), form)
    }
}

/// A sum of numbers with its result at the front, on either side, `9567 + 1085 = 10652`: the numbers, the result last.
fn sum<'b, 'a>(tokens: &'b [Token<'a>]) -> Option<Vec<&'b Token<'a>>> {
    let mut sides: Vec<Vec<&Token<'_>>> = vec![Vec::new()];
    for pair in tokens.chunks(2) {
        sides.last_mut()?.push(pair.first().filter(|token| token.kind == Kind::Number)?);
        match pair.get(1) {
            Some(sign) if sign.is('=') => sides.push(Vec::new()),
            Some(sign) if sign.is('+') => {}
            _ => break,
        }
    }
    let [left, right] = <[_; 2]>::try_from(sides).ok()?;
    let (addends, result) = if right.len() == 1 { (left, right) } else { (right, left) };
    (result.len() == 1).then(|| [addends, result].concat())
}

impl Cryptarithm {
    /// Reads letters with their digits, `S = 9`, words with their numbers, `SEND = 9567`, and the sum in numbers, `9567 + 1085 = 10652`. The words alone say nothing.
    fn read_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        const BESIDE: [&str; 8] = ["digit", "digits", "letter", "letters", "stands", "for", "where", "with"];
        let mut found = Vec::new();
        let (mut at, mut is_added) = (0, false);
        while let Some(token) = tokens.get(at) {
            let word = self.words().find(|word| token.says(word)).map(String::as_str);
            let letter = named(&network.variables, token.text).map(|_| token.text);
            if let Some(word) = word.or(letter).filter(|_| token.kind == Kind::Word) {
                let behind = unquoted(tokens.get(at + 1..).unwrap_or_default());
                let is_joint = |token: &Token<'_>| {
                    token.says("is") || ['=', ':', '→', '-', '|'].iter().any(|sign| token.is(*sign))
                };
                let value = behind.split_first().filter(|(next, _)| is_joint(next)).map(|(_, value)| unquoted(value));
                let number = value.and_then(|value| match value {
                    // The sum in numbers follows.
                    [_, sign, ..] if sign.is('+') || sign.is('=') => None,
                    value => value.first().filter(|number| number.kind == Kind::Number),
                });
                match number {
                    // `A + B = 7` tells the sum.
                    Some(number) if !is_added => {
                        found.extend(digits(network, word, number)?);
                        at = tokens.partition_point(|token| token.at <= number.at);
                    }
                    None if self.words().any(|known| known.eq_ignore_ascii_case(word)) => at += 1,
                    _ => return Err(Unread::at(token)),
                }
                is_added = false;
                continue;
            }
            if token.kind == Kind::Number {
                let numbers = sum(&tokens[at..]).filter(|numbers| numbers.len() == self.addends.len() + 1);
                let numbers = numbers.filter(|_| !is_added).ok_or_else(|| Unread::at(token))?;
                let end = at + 2 * numbers.len() - 1;
                let mut told = Vec::new();
                for (word, number) in self.words().zip(numbers) {
                    told.extend(digits(network, word, number)?);
                }
                told.sort_unstable();
                told.dedup();
                if told.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                    return Err(Unread::wrong(&tokens[at..end], "a letter stands for two digits"));
                }
                found.extend(told);
                at = end;
                continue;
            }
            is_added = token.is('+');
            let says_nothing = is_between(token) || ['=', '+', '-', '{', '}'].iter().any(|sign| token.is(*sign));
            if !says_nothing && !token.says_one(&BESIDE) && !token.says_one(&BETWEEN) {
                return Err(Unread::at(token));
            }
            at += 1;
        }
        if found.is_empty() { Err(Unread::nothing()) } else { Ok(found) }
    }
}

/// The letters of a word with the digits of a number.
fn digits(network: &Network, word: &str, number: &Token<'_>) -> Result<Vec<Assigned>, Unread> {
    if word.len() != number.text.len() {
        let why = format!("{word} has {} letters, {} has {} digits", word.len(), number.text, number.text.len());
        return Err(Unread::wrong(std::slice::from_ref(number), why));
    }
    let variable = |at: usize| word.get(at..=at).and_then(|letter| named(&network.variables, letter));
    Ok(number.text.bytes().enumerate().filter_map(|(at, digit)| Some((variable(at)?, digit - b'0'))).collect())
}

impl model::Kind for Cryptarithm {
    const ABOUT: About = About {
        name: "cryptarithm",
        version: 3,
        help: "find digits for letters so that a sum of words is right; one solution",
        answer_form: "the digit of each letter, such as S = 9, E = 5, or the sum in numbers, such as 9567 + 1085 = 10652",
        words: &names::CAPITALS,
        keys: &["letters", "addends"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"addends":["TO","GO"],"sum":"OUT"}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let (_, sum) = told.header.rsplit_once(" is ").unwrap_or(("", told.header));
        let word = |text: &str| text.chars().filter(char::is_ascii_uppercase).collect::<String>();
        let (addends, sum) = sum.split_once('=')?;
        let addends: Vec<String> = addends.split('+').map(word).collect();
        Some(json!({"addends": addends, "sum": word(sum)}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let (addends, sum) = line(layout, SUM)?.split_once(" = ")?;
        Some(json!({"addends": addends.split(" + ").collect::<Vec<_>>(), "sum": sum}))
    }

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
        within("letters", config.letters, 4, list::BUILT_IN[1] as u64)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let letters = config.letters as usize;
        let mut addends = Vec::with_capacity(config.addends as usize);
        for _ in 0..TRIES {
            addends.clear();
            addends.extend((0..config.addends).map(|_| word(3 + draw.index(letters - 2), draw)));
            let sum = word(letters, draw);
            let together = addends.iter().chain([&sum]).fold(0, |together, word| together | LETTERS[word.number()]);
            // With more letters there are more assignments than sums, so the solution is hardly ever unique.
            if together.count_ones() as usize > letters + 3
                || addends.iter().any(|&word| text(word).count() + 1 < letters)
                || has_exchange(&addends, sum)
            {
                continue;
            }
            let written = |word: Word| text(word).map(char::from).collect();
            let puzzle = Cryptarithm { addends: addends.iter().copied().map(written).collect(), sum: written(sum) };
            // The columns reject nearly all unsuitable words much faster than the solver.
            if Columns::new(&puzzle).ways() != 1 {
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
            return Err(PuzzleError::new(
                "addends",
                format!("{} words", self.addends.len()),
                format!("1 to {MOST_ADDENDS}"),
            ));
        }
        let good = |word: &&String| {
            (1..=MOST_LETTERS).contains(&word.len()) && word.bytes().all(|letter| letter.is_ascii_uppercase())
        };
        if let Some(word) = self.words().find(|word| !good(word)) {
            return Err(PuzzleError::new("addends and sum", word, format!("1 to {MOST_LETTERS} capital letters")));
        }
        let letters = self.letters().len();
        if letters <= 10 {
            Ok(())
        } else {
            Err(PuzzleError::new("addends and sum", format!("{letters} letters"), "10 at most"))
        }
    }
}

/// Whether each solution of a sum of up to eight letters gives another one, so that none is unique. Two letters with the same weight in the sum can be
/// exchanged if zero is allowed for both or for neither. A letter without weight can have any digit that is left.
fn has_exchange(addends: &[Word], sum: Word) -> bool {
    // The weight of each letter, and whether a word begins with it.
    let mut letters = [(0_i64, false); 26];
    let mut found = 0_u32;
    for (word, sign) in addends.iter().map(|&word| (word, 1)).chain([(sum, -1)]) {
        let last = text(word).count() as u32 - 1;
        for (place, letter) in (0..).zip(text(word)) {
            let number = usize::from(letter - b'A');
            letters[number].0 += sign * 10_i64.pow(last - place);
            letters[number].1 |= place == 0;
            found |= 1 << number;
        }
    }
    let mut others = Vec::with_capacity(MOST_DIGITS);
    letters.into_iter().enumerate().filter(|(number, _)| found >> number & 1 != 0).any(|(_, letter)| {
        let exchanges = letter.0 == 0 || others.contains(&letter);
        others.push(letter);
        exchanges
    })
}

/// Column-wise addition with carries, as on paper. The columns are taken in an order in which each adds few new letters.
struct Columns {
    steps: Vec<Step>,
    /// The digit of each letter.
    digits: [u32; MOST_DIGITS],
    /// The carry into each column from the right, and out of the last.
    carries: [u32; MOST_LETTERS + 1],
    found: usize,
}

/// Number of digits, and so the greatest number of letters.
const MOST_DIGITS: usize = 10;
/// All digits, one bit each.
const DIGITS: u16 = (1 << MOST_DIGITS) - 1;

/// A letter, and the digits it can get (one bit each) if it has none yet.
type Letter = (usize, Option<u16>);

/// A step through the columns. The set of known letters and carries does not depend on digits, so the steps are fixed in advance.
#[derive(Clone, Copy)]
enum Step {
    /// Begins a column. If its carry is not known, the greatest possible carry is given.
    Begin(usize, Option<u32>),
    /// Adds a letter.
    Add(Letter),
    /// Ends a column, with the letter of the sum, if any, and whether the carry out of the column is known.
    End(usize, Option<Letter>, bool),
}

impl Columns {
    /// The steps for a puzzle of at most ten letters.
    fn new(puzzle: &Cryptarithm) -> Self {
        let letters = puzzle.letters();
        let number = |letter: u8| letters.iter().position(|&known| known == letter);
        let mut allowed = [DIGITS; MOST_DIGITS];
        puzzle.words().filter_map(|word| word.bytes().next().and_then(number)).for_each(|first| allowed[first] &= !1);
        let mut left: Vec<usize> = (0..puzzle.words().map(String::len).max().unwrap_or(0)).collect();
        let at = |word: &String, column: usize| word.bytes().rev().nth(column).and_then(number);
        let mut new = (1u16 << letters.len()) - 1;
        let mut is_known = [false; MOST_LETTERS + 1];
        (is_known[0], is_known[left.len()]) = (true, true);
        let mut steps = Vec::new();
        while let Some(place) = (0..left.len()).min_by_key(|&place| {
            let letters =
                puzzle.words().filter_map(|word| at(word, left[place])).fold(0, |all, letter| all | 1 << letter);
            // a carry is chosen among two or three, a letter among ten
            let carries = [left[place], left[place] + 1].into_iter().filter(|&carry| !is_known[carry]).count();
            3 * (letters & new).count_ones() as usize + carries
        }) {
            let column = left.remove(place);
            let most = (!is_known[column]).then_some(puzzle.addends.len() as u32 - 1);
            steps.push(Step::Begin(column, most));
            let mut meet = |letter: usize| {
                let is_new = new >> letter & 1 != 0;
                new &= !(1 << letter);
                (letter, is_new.then_some(allowed[letter]))
            };
            steps.extend(
                puzzle.addends.iter().filter_map(|word| at(word, column)).map(|letter| Step::Add(meet(letter))),
            );
            steps.push(Step::End(column, at(&puzzle.sum, column).map(meet), is_known[column + 1]));
            (is_known[column], is_known[column + 1]) = (true, true);
        }
        Columns { steps, digits: [0; MOST_DIGITS], carries: [0; MOST_LETTERS + 1], found: 0 }
    }

    /// Number of solutions, at most 2.
    fn ways(mut self) -> usize {
        self.go(0, 0, DIGITS);
        self.found.min(2)
    }

    /// Continues from a step, with the total of the column so far and the free digits.
    fn go(&mut self, first: usize, mut total: u32, mut free: u16) {
        for at in first..self.steps.len() {
            match self.steps[at] {
                Step::Begin(column, None) => total = self.carries[column],
                Step::Begin(column, Some(most)) => {
                    for carry in 0..=most {
                        self.carries[column] = carry;
                        self.go(at + 1, carry, free);
                    }
                    return;
                }
                Step::Add((letter, None)) => total += self.digits[letter],
                Step::Add((letter, Some(allowed))) => {
                    let mut left = free & allowed;
                    while left != 0 && self.found < 2 {
                        let digit = left.trailing_zeros();
                        left &= left - 1;
                        self.digits[letter] = digit;
                        self.go(at + 1, total + digit, free & !(1 << digit));
                    }
                    return;
                }
                Step::End(column, sum, is_known) => {
                    if !is_known {
                        self.carries[column + 1] = total / 10;
                    }
                    // a value of 10 or more means that no digit fits
                    let digit = total.wrapping_sub(10 * self.carries[column + 1]);
                    match sum {
                        Some((letter, Some(allowed))) => {
                            if digit >= 10 || free & allowed & 1 << digit == 0 {
                                return;
                            }
                            self.digits[letter] = digit;
                            free &= !(1 << digit);
                        }
                        Some((letter, None)) if self.digits[letter] != digit => return,
                        None if digit != 0 => return,
                        _ => {}
                    }
                }
            }
        }
        self.found += 1;
    }
}

/// A random word with so many letters.
fn word(letters: usize, draw: &mut Draw) -> Word {
    let words = list::built_in().words(letters);
    Word::listed(words.start + draw.index(words.len()))
}

/// The letters of a word, in capitals.
fn text(word: Word) -> impl Iterator<Item = u8> {
    list::built_in()
        .letters(word)
        .into_iter()
        .take_while(|&letter| letter > 0)
        .map(|letter| letter.to_ascii_uppercase())
}

/// The letters of each word, one bit each. Most draws end with a test of them.
static LETTERS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let of = |word: usize| text(Word::listed(word)).fold(0, |letters, letter| letters | 1 << (letter - b'A'));
    (0..list::built_in().words(list::MOST_LETTERS).end).map(of).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn puzzle(addends: &[&str], sum: &str) -> Cryptarithm {
        Cryptarithm { addends: addends.iter().map(|word| word.to_string()).collect(), sum: sum.into() }
    }

    #[test]
    fn known_sums_have_known_numbers_of_ways() {
        let ways = |addends: &[&str], sum| Columns::new(&puzzle(addends, sum)).ways();
        assert_eq!(ways(&["TO", "GO"], "OUT"), 1);
        assert_eq!(ways(&["SEND", "MORE"], "MONEY"), 1);
        // a sum shorter than an addend, one with too great a carry, and one that fits any digits
        assert_eq!(ways(&["ABC", "D"], "EF"), 0);
        assert_eq!(ways(&["A", "A"], "A"), 0);
        assert_eq!(ways(&["AB"], "AB"), 2);
    }

    #[test]
    fn sums_with_exchanges_never_have_one_way() {
        let mut draw = crate::draw::Streams::new(2, "test", "exchanges").at(0);
        let mut seen = [[0; 3]; 2];
        for _ in 0..20_000 {
            let mut drawn = |least| word(least + draw.index(2), &mut draw);
            let (addends, sum) = ([drawn(3), drawn(3)], drawn(4));
            let written = |word: Word| text(word).map(char::from).collect::<String>();
            let puzzle = Cryptarithm { addends: addends.map(written).to_vec(), sum: written(sum) };
            if puzzle.letters().len() <= 8 {
                seen[usize::from(has_exchange(&addends, sum))][Columns::new(&puzzle).ways()] += 1;
            }
        }
        assert!(seen[1][1] == 0 && seen[0][1] > 2 && seen[1][0] > seen[0][0], "{seen:?}");
    }

    #[test]
    fn columns_count_as_the_solver_does() {
        let mut draw = crate::draw::Streams::new(1, "test", "columns").at(0);
        let mut seen = [0; 3];
        for _ in 0..20_000 {
            let mut drawn = |least| text(word(least + draw.index(2), &mut draw)).map(char::from).collect();
            let puzzle = Cryptarithm { addends: vec![drawn(3), drawn(3)], sum: drawn(4) };
            if puzzle.letters().len() > 9 {
                continue;
            }
            let network = puzzle.network();
            let solved = Solver::new(&network, 2, u64::MAX).run(&model::decided(&network, &[]), None);
            let ways = Columns::new(&puzzle).ways();
            assert_eq!(ways, (solved.solutions as usize).min(2), "{puzzle:?}");
            seen[ways] += 1;
        }
        assert!(seen.iter().all(|&count| count > 2), "{seen:?}");
    }
}
