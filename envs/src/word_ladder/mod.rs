//! Word ladder: from one word to another by changing one letter at a time; every step must be a word.
//!
//! A worked puzzle: cold to warm: `cord`, `card`, `ward`, `warm`. Four letters differ, so no ladder is shorter.
//!
//! The puzzle is Lewis Carroll's "Doublets" (Vanity Fair, 1879); as a graph of words it is in Knuth 1993, "The Stanford GraphBase". Legal words are those in
//! the list: common English words of 3, 4 and 5 letters from SCOWL's smallest sizes (see the head of `words.txt` for their sources, in the public domain, and
//! the licence of the collection). The puzzle does not show the list: a model has to know the common words.
//!
//! A list of one's own ([`load`]) has words of 2 to 6 small letters a to z. Its puzzles name it by its hash, and are refused where it is not loaded.
//!
//! A state is a word, a move the next word. Words are numbered by length, then alphabetically. Distances are kept as rows of their table, computed on first
//! use, one byte for each word of the length.
//!
//! Puzzles are drawn evenly from all ordered pairs of words of a length. The heuristic `letters` counts the letters that differ; a step changes one of them.
//!
//! Facts: `solutions` counts the shortest ladders, `difficulty` the words nearer to the start than the goal.

mod answer;
mod config;
mod instruct;
pub(crate) mod list;

pub use config::Config;
pub use list::{List, Row, load};

use crate::exact::Known;
use crate::json;
use crate::prelude::*;
use list::{BUILT_IN, Letters, built_in};

/// A word: its number in the list, or its letters if it is not in the list, so that any text can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word(u32);

impl Word {
    /// The bit of words that are not in the list. Below it are five bits for each letter.
    const UNLISTED: u32 = 1 << 31;
    const BITS: u32 = 5;

    /// The word with a number in the list.
    pub(crate) fn listed(number: usize) -> Word {
        Word(number as u32)
    }

    /// The number in the list. For other words it is greater than any number in the list.
    #[inline]
    pub(crate) fn number(self) -> usize {
        self.0 as usize
    }

    /// A word that is not in the list, from its letters; none if one of them is not a letter.
    fn unlisted(letters: &Letters) -> Option<Word> {
        let mut word = Word::UNLISTED;
        for (place, &letter) in letters.iter().enumerate().filter(|(_, letter)| **letter > 0) {
            let number = letter.is_ascii_lowercase().then(|| letter - b'a' + 1)?;
            word |= u32::from(number) << (Word::BITS * place as u32);
        }
        Some(Word(word))
    }

    /// The letters of a word that is not in the list.
    fn unpack(self) -> Letters {
        std::array::from_fn(|place| match (self.0 >> (Word::BITS * place as u32)) & ((1 << Word::BITS) - 1) {
            0 => 0,
            number => b'a' - 1 + number as u8,
        })
    }
}

/// A word ladder puzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordLadder {
    /// Number of letters of each word.
    letters: usize,
    start: Word,
    goal: Word,
    known: Known,
    list: &'static List,
}

impl WordLadder {
    /// The cost from the table of distances, and the number of shortest ladders, counted step by step towards the goal.
    fn solve(&self) -> SolverFacts {
        let to_goal = self.list.row(self.goal);
        let Some(cost) = to_goal.of(self.start) else {
            let difficulty = Some(self.list.row(self.start).reached());
            return SolverFacts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty };
        };
        let mut ways = vec![0u64; self.list.words(self.letters).len()];
        let first = self.list.words(self.letters).start;
        let mut level = vec![self.start];
        let mut next = Vec::new();
        ways[self.start.number() - first] = 1;
        for left in (0..cost).rev() {
            for word in level.drain(..) {
                let count = ways[word.number() - first];
                for &near in self.list.near(word).iter().filter(|&&near| to_goal.of(near) == Some(left)) {
                    let ways = &mut ways[near.number() - first];
                    if *ways == 0 {
                        next.push(near);
                    }
                    *ways = ways.saturating_add(count);
                }
            }
            std::mem::swap(&mut level, &mut next);
        }
        let solutions = Some(ways[self.goal.number() - first]);
        SolverFacts {
            solvable: true,
            optimal_cost: Some(cost),
            solutions,
            difficulty: Some(self.list.row(self.start).nearer(cost)),
        }
    }

    /// Reads a word by its letters, with spaces between them in the compact style.
    fn read(&self, style: Style, reader: &mut Reader<'_>) -> Option<Word> {
        let gap = usize::from(style == Style::Compact);
        let text = reader.rest().get(..self.letters * (1 + gap) - gap)?;
        let mut letters: Letters = [0; list::MOST_LETTERS];
        for (place, letter) in letters.iter_mut().take(self.letters).enumerate() {
            *letter = text[place * (1 + gap)];
            if gap == 1 && place > 0 && text[place * 2 - 1] != b' ' {
                return None;
            }
        }
        let word = self.list.find(&letters).or_else(|| Word::unlisted(&letters))?;
        reader.seek(reader.position() + text.len());
        Some(word)
    }

    fn write(&self, word: Word, style: Style, out: &mut Vec<u8>) {
        let letters = self.list.letters(word);
        if style != Style::Compact {
            return out.extend_from_slice(&letters[..self.letters]);
        }
        for (place, &letter) in letters[..self.letters].iter().enumerate() {
            if place > 0 {
                out.push(b' ');
            }
            out.push(letter);
        }
    }

    /// A random other word of the same length.
    fn any_other(&self, word: Word, draw: &mut Draw) -> Option<Word> {
        let all = self.list.words(self.letters);
        let place = all.start + draw.index(all.len() - 1);
        Some(Word::listed(if place < word.number() || !self.list.has(word) { place } else { place + 1 }))
    }
}

fn shown(list: &List, word: Word) -> String {
    list.letters(word).iter().filter(|&&letter| letter > 0).map(|&letter| char::from(letter)).collect()
}

const LETTERS: usize = 0;
const START: usize = 1;

impl Environment for WordLadder {
    const ABOUT: About = About {
        name: "word-ladder",
        version: 3,
        help: "change a word into another, one letter at a time, by way of common words",
        state_noun: "Word",
        heuristics: &[HeuristicSpec::consistent("letters", "letters that differ from the goal's (Hamming 1950)")],
        move_claim: MoveClaim::Result,
        difficulty: "words nearer to the start than the goal",
        walks_turn_back: true,
        two_way: true,
        words: &[
            "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u",
            "v", "w", "x", "y", "z", "words",
        ],
        files: &["words"],
        keys: &["letters", "start", "goal"],
        answer_form: "the words from the first to the last, such as cold -> cord -> card",
        ..About::NEW
    };

    type Config = Config;
    type State = Word;
    type Move = Word;

    fn levels() -> [Config; 3] {
        config::levels()
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config::space(config).map(drop)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        config::generate(config, draw)
    }

    fn canonical(&self) -> Self {
        self.clone()
    }

    fn start(&self) -> Word {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Word) -> bool {
        *state == self.goal
    }

    /// In alphabetical order.
    #[inline]
    fn successors(&self, state: &Word, out: &mut Vec<Step<Word, Word>>) {
        let step = |&word: &Word| Step { action: word, state: word, cost: 1 };
        match self.list.has(*state) {
            true => out.extend(self.list.near(*state).iter().map(step)),
            false => out.extend(self.list.near_any(*state).iter().map(step)),
        }
    }

    fn apply(&self, state: &Word, action: Word) -> Option<(Word, Word, Cost)> {
        let near = match self.list.has(*state) {
            true => self.list.near(*state).binary_search(&action).is_ok(),
            false => self.list.near_any(*state).contains(&action),
        };
        near.then_some((action, action, 1))
    }

    fn is_terminal(&self, state: &Word) -> bool {
        match self.list.has(*state) {
            true => self.list.near(*state).is_empty(),
            false => self.list.near_any(*state).is_empty(),
        }
    }

    #[inline]
    fn estimate(&self, _heuristic: usize, state: &Word) -> Cost {
        let (here, goal) = (self.list.letters(*state), self.list.letters(self.goal));
        here.iter().zip(goal).filter(|(a, b)| **a != *b).count() as Cost
    }

    fn solver_facts(&self) -> SolverFacts {
        self.known.0.unwrap_or_else(|| self.solve())
    }

    fn is_solvable(&self) -> bool {
        self.list.row(self.goal).of(self.start).is_some()
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        let (list, row) = (self.list, self.list.row(self.goal));
        DistanceTable::new(|_, state: &Word| {
            if list.has(*state) {
                return row.of(*state);
            }
            let near = list.near_any(*state);
            near.into_iter().filter_map(|word| row.of(word)).min().map(|distance| distance + 1)
        })
    }
}

impl Atoms for WordLadder {
    /// Frame and Compact: nothing, or the list: `words 3fa9c02d51e7b860`.
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let header = match (style, self.list.hash()) {
            (Style::Prose, None) => {
                "A move changes one letter, and every word on the way is an English word of a fixed list.".into()
            }
            (Style::Prose, Some(hash)) => {
                format!("A move changes one letter, and every word on the way is a word of the list {hash}.")
            }
            (_, None) => String::new(),
            (_, Some(hash)) => format!("words {hash}"),
        };
        out.extend_from_slice(header.as_bytes());
    }

    fn read_task(task: &Task<'_>) -> Option<serde_json::Value> {
        read_task(task)
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.write(self.goal, style, out);
    }

    /// Frame: `[cold]`. Compact: `c o l d`. Prose: `cold`.
    fn write_state(&self, state: &Word, style: Style, out: &mut Vec<u8>) {
        if style == Style::Frame {
            out.push(b'[');
        }
        self.write(*state, style, out);
        if style == Style::Frame {
            out.push(b']');
        }
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Word> {
        if style != Style::Frame {
            return self.read(style, reader);
        }
        reader.take(b"[")?;
        let word = self.read(style, reader)?;
        reader.take(b"]")?;
        Some(word)
    }

    /// Writes the word that the move leads to.
    fn write_move(&self, action: Word, style: Style, out: &mut Vec<u8>) {
        self.write(action, style, out);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Word> {
        self.read(style, reader)
    }
}

/// The JSON of a puzzle: two words of the list, and the hash of a list from outside.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    start: ArrayString<{ list::MOST_LETTERS }>,
    goal: ArrayString<{ list::MOST_LETTERS }>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<ArrayString<{ list::HASH }>>,
}

impl Json for WordLadder {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"start":"cold","goal":"warm"}"#;

    fn to_fields(&self) -> Fields {
        let [start, goal] =
            [self.start, self.goal].map(|word| json::text(self.list.letters(word).into_iter().take(self.letters)));
        Fields { start, goal, words: self.list.hash().map(|hash| json::text(hash.bytes())) }
    }

    fn from_fields(Fields { start, goal, words }: Fields) -> Result<Self, PuzzleError> {
        let list = match &words {
            None => built_in(),
            Some(hash) => list::loaded(hash).ok_or_else(|| {
                PuzzleError(format!(
                    "words: the list {hash} is not loaded; give its file with --words, or as `words` in a recipe"
                ))
            })?,
        };
        let word = |field: &str, text: &str| {
            let mut letters: Letters = [0; list::MOST_LETTERS];
            if let Some(front) = letters.get_mut(..text.len()) {
                front.copy_from_slice(text.as_bytes());
            }
            let refused = || {
                PuzzleError::new(
                    field,
                    text,
                    match list.hash() {
                        None => format!("a word of the list, of {} to {} letters", BUILT_IN[0], BUILT_IN[1]),
                        Some(hash) => format!(
                            "a word of the list {hash}, of {} to {} letters",
                            list::FEWEST_LETTERS,
                            list::MOST_LETTERS
                        ),
                    },
                )
            };
            list.find(&letters).ok_or_else(refused)
        };
        let letters = start.len();
        let (start, end) = (word("start", &start)?, word("goal", &goal)?);
        if letters != goal.len() {
            return Err(PuzzleError::new("goal", goal, format_args!("a word of {letters} letters")));
        }
        Ok(WordLadder { letters, start, goal: end, known: Known::default(), list })
    }
}

impl Splits for WordLadder {
    fn space(config: &Config) -> Option<Space> {
        config::space(config).ok()
    }

    fn at(config: &Config, _stratum: u64, index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        config::at(config, index)
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    /// The value of a word is its letters as digits of a number in base 256.
    fn hold_out_key(&self, key: usize) -> u64 {
        match key {
            LETTERS => self.letters as u64,
            START => self.list.value(self.start),
            _ => self.list.value(self.goal),
        }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        let lengths = config.letters.min()..=config.letters.max();
        if key == LETTERS {
            return Some(lengths.collect());
        }
        let list = config.list().ok()?;
        let words = lengths.flat_map(|letters| list.words(letters as usize));
        Some(words.map(|word| list.value(Word::listed(word))).collect())
    }
}

impl SearchSupport for WordLadder {
    fn two_way_goal(&self) -> Option<Word> {
        Some(self.goal)
    }

    fn index_bound(&self) -> Option<usize> {
        Some(self.list.words(self.letters).len())
    }

    #[inline]
    fn index(&self, state: &Word) -> usize {
        state.number() - self.list.words(self.letters).start
    }
}

impl Prompts for WordLadder {
    fn write_value(&self, state: &Word, style: Style, out: &mut Vec<u8>) {
        self.write(*state, style, out);
    }

    fn read_value(&self, style: Style, reader: &mut Reader<'_>) -> Option<Word> {
        self.read(style, reader)
    }
}

impl Damage for WordLadder {
    fn never_legal(&self, action: Word) -> Option<String> {
        (!self.list.has(action)).then(|| format!("{} is not in the list of words", shown(self.list, action)))
    }

    /// Replaces the word, mostly by one with one other letter. A word cannot lose or gain a letter.
    fn damage_state(&self, state: &Word, damage: DamageKind, draw: &mut Draw) -> Option<Word> {
        if damage != DamageKind::Change {
            return None;
        }
        let near = draw.choose(self.list.near(*state)).copied();
        if draw.chance(1, 4) { self.any_other(*state, draw) } else { near }
    }

    /// A word that differs in more than one letter, mostly in two.
    fn illegal_move(&self, state: &Word, draw: &mut Draw) -> Option<(Word, Word)> {
        let word = if draw.chance(1, 4) {
            self.any_other(*state, draw)?
        } else {
            let &between = draw.choose(self.list.near(*state))?;
            *draw.choose(self.list.near(between))?
        };
        let far = word != *state && self.apply(state, word).is_none();
        far.then_some((word, word))
    }
}

impl Kinds for WordLadder {}
impl SharedGround for WordLadder {}
impl Variables for WordLadder {}

fn read_task(task: &Task<'_>) -> Option<serde_json::Value> {
    let word = |text: &str| text.chars().filter(char::is_ascii_lowercase).collect::<String>();
    let mut puzzle = serde_json::json!({"start": word(task.start), "goal": word(task.target)});
    let hash = match task.style {
        Style::Prose => task.header.strip_suffix('.').and_then(|header| header.split_once(" of the list ")),
        _ => task.header.split_once("words "),
    };
    if let Some((_, hash)) = hash {
        puzzle["words"] = hash.into();
    }
    Some(puzzle)
}

#[cfg(test)]
mod tests;
