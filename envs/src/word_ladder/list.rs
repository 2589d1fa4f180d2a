//! The list of words, its pairs of words that differ in one letter, and the distances of words.

use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::Word;
use crate::environment::Cost;

/// Least number of letters of a word.
pub const FEWEST_LETTERS: usize = 2;
/// Greatest number of letters of a word.
pub const MOST_LETTERS: usize = 6;
/// The numbers of letters of the words of the built-in list.
pub const BUILT_IN: [usize; 2] = [3, 5];
/// Greatest number of words of a list.
pub const MOST_WORDS: usize = 60_000;
/// The letters of a word, filled with 0.
pub type Letters = [u8; MOST_LETTERS];
/// Number of steps of the longest shortest ladder of 3, 4 and 5 letters.
pub const LONGEST: [u64; 3] = [12, 17, 32];

/// All words, and the neighbours of each: the words with one other letter.
pub struct List {
    /// A hash of the words; none for the built-in list.
    hash: Option<String>,
    words: Vec<Letters>,
    /// The start of each length, from [`FEWEST_LETTERS`] on, and the end of the last.
    firsts: [usize; MOST_LETTERS - FEWEST_LETTERS + 2],
    /// The start of the words with each length and first two letters, by [`beginning`], and the end of the last.
    beginnings: Vec<usize>,
    /// The start of each word's neighbours in `near`, and the end of the last.
    offsets: Vec<u32>,
    near: Vec<Word>,
    /// Rows of the table of distances. The whole table of the built-in list would take 12 million bytes.
    rows: Vec<OnceLock<Row>>,
}

impl std::fmt::Debug for List {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "List({} words, {:?})", self.words.len(), self.hash)
    }
}

/// A list is one object for all its puzzles.
impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for List {}

impl List {
    /// The list of words that are sorted by length, then alphabetically.
    fn new<'a>(words: impl Iterator<Item = &'a str>, hash: Option<String>) -> Self {
        let letters = |line: &str| std::array::from_fn(|place| line.as_bytes().get(place).copied().unwrap_or(0));
        let words: Vec<Letters> = words.map(letters).collect();
        let firsts =
            std::array::from_fn(|place| words.partition_point(|word| self::length(word) < FEWEST_LETTERS + place));
        let beginnings = (0..=BEGINNINGS).map(|number| words.partition_point(|word| beginning(word) < Some(number)));
        let beginnings = beginnings.collect();
        let mut pairs = Vec::new();
        for place in 0..MOST_LETTERS {
            pairs_but_for(&words, place, &mut pairs);
        }
        pairs.sort_unstable();
        let offsets = (0..=words.len()).map(|word| pairs.partition_point(|pair| pair.0.number() < word) as u32);
        let (offsets, near) = (offsets.collect(), pairs.iter().map(|pair| pair.1).collect());
        let rows = words.iter().map(|_| OnceLock::new()).collect();
        List { hash, firsts, beginnings, offsets, near, rows, words }
    }

    /// The hash of a list from outside, by which its puzzles name it; none for the built-in list.
    pub fn hash(&self) -> Option<&str> {
        self.hash.as_deref()
    }

    /// A row of the table of distances, computed on first use.
    pub fn row(&self, word: Word) -> &Row {
        self.rows[word.number()].get_or_init(|| Row::new(self, word))
    }

    /// The numbers of the words of a length; empty for other lengths.
    pub fn words(&self, letters: usize) -> Range<usize> {
        match letters.checked_sub(FEWEST_LETTERS).and_then(|place| self.firsts.get(place..place + 2)) {
            Some(&[first, last]) => first..last,
            _ => 0..0,
        }
    }

    /// A word's letters.
    #[inline]
    pub fn letters(&self, word: Word) -> Letters {
        self.words.get(word.number()).copied().unwrap_or_else(|| word.unpack())
    }

    /// The letters as one number.
    pub fn value(&self, word: Word) -> u64 {
        self.letters(word).iter().filter(|&&letter| letter > 0).fold(0, |value, &letter| value << 8 | u64::from(letter))
    }

    /// The words that differ from a listed word in one letter, in alphabetical order. Empty for other words; see [`List::near_any`].
    #[inline]
    pub fn near(&self, word: Word) -> &[Word] {
        let place = word.number();
        match self.offsets.get(place..).unwrap_or(&[]) {
            [first, last, ..] => &self.near[*first as usize..*last as usize],
            _ => &[],
        }
    }

    /// The same for any word.
    pub fn near_any(&self, word: Word) -> Vec<Word> {
        if self.has(word) {
            return self.near(word).to_vec();
        }
        let letters = self.letters(word);
        let differ = |other: &Word| self.letters(*other).iter().zip(letters).filter(|(a, b)| *a != b).count() == 1;
        self.words(length(&letters)).map(Word::listed).filter(differ).collect()
    }

    /// Whether a word is in the list.
    pub fn has(&self, word: Word) -> bool {
        word.number() < self.words.len()
    }

    /// The word with these letters.
    pub fn find(&self, letters: &Letters) -> Option<Word> {
        let number = beginning(letters)?;
        let first = *self.beginnings.get(number)?;
        let alike = self.words.get(first..*self.beginnings.get(number + 1)?)?;
        let place = alike.iter().position(|word| word == letters)?;
        Some(Word::listed(first + place))
    }
}

const ALPHABET: usize = 26;

/// Number of combinations of length and first two letters.
const BEGINNINGS: usize = (MOST_LETTERS - FEWEST_LETTERS + 1) * ALPHABET * ALPHABET;

/// The number of a word's length and first two letters, in the order of the list; none if it is not a word.
fn beginning(letters: &Letters) -> Option<usize> {
    let place = |letter: u8| Some(usize::from(letter.checked_sub(b'a')?)).filter(|&place| place < ALPHABET);
    Some((length(letters).checked_sub(FEWEST_LETTERS)? * ALPHABET + place(letters[0])?) * ALPHABET + place(letters[1])?)
}

fn length(word: &Letters) -> usize {
    word.iter().filter(|&&letter| letter > 0).count()
}

/// Adds both orders of all pairs of words that differ only in the letter at a place.
fn pairs_but_for(words: &[Letters], place: usize, pairs: &mut Vec<(Word, Word)>) {
    let with_a_letter = words.iter().enumerate().filter(|(_, word)| word[place] > 0);
    let masked = |(number, word): (usize, &Letters)| {
        let mut word = *word;
        word[place] = b'*';
        (word, Word::listed(number))
    };
    let mut masked: Vec<(Letters, Word)> = with_a_letter.map(masked).collect();
    masked.sort_unstable();
    for bucket in masked.chunk_by(|a, b| a.0 == b.0) {
        for (_, one) in bucket {
            pairs.extend(bucket.iter().filter(|(_, other)| other != one).map(|(_, other)| (*one, *other)));
        }
    }
}

/// The distance of words without a ladder.
const NEVER: u8 = u8::MAX;

/// The distances of all words of a length from one of them.
#[derive(Debug)]
pub struct Row {
    first: usize,
    distances: Box<[u8]>,
    /// For each distance, the number of nearer words. The last entry is the number of reachable words.
    nearer: Box<[u16]>,
}

impl Row {
    fn new(list: &List, from: Word) -> Self {
        let all = list.words(length(&list.letters(from)));
        let mut distances = vec![NEVER; all.len()].into_boxed_slice();
        let mut queue = Vec::with_capacity(all.len());
        let mut nearer = vec![0];
        distances[from.number() - all.start] = 0;
        queue.push(from);
        let mut level = 0..1;
        while !level.is_empty() {
            nearer.push(level.end as u16);
            let distance = (nearer.len() - 1).min(usize::from(NEVER) - 1) as u8;
            for place in level.clone() {
                for &word in list.near(queue[place]) {
                    let met = &mut distances[word.number() - all.start];
                    if *met == NEVER {
                        *met = distance;
                        queue.push(word);
                    }
                }
            }
            level = level.end..queue.len();
        }
        Row { first: all.start, distances, nearer: nearer.into_boxed_slice() }
    }

    /// The distance of a word; none if no ladder leads to it.
    #[inline]
    pub fn of(&self, word: Word) -> Option<Cost> {
        let place = word.number().checked_sub(self.first)?;
        self.distances.get(place).filter(|&&distance| distance != NEVER).map(|&distance| Cost::from(distance))
    }

    /// Number of words nearer than a distance.
    pub fn nearer(&self, distance: Cost) -> u64 {
        self.nearer.get(distance as usize).map_or_else(|| self.reached(), |&words| words.into())
    }

    /// Number of reachable words.
    pub fn reached(&self) -> u64 {
        self.nearer.last().map_or(0, |&words| words.into())
    }

    /// Number of words at distances in a range.
    pub fn count_within(&self, min: Cost, max: Cost) -> usize {
        self.nearer(max.saturating_add(1)).saturating_sub(self.nearer(min)) as usize
    }

    /// The word with a number among those at distances in a range, in the order of the list.
    pub fn nth_within(&self, min: Cost, max: Cost, number: usize) -> Option<Word> {
        let byte = |distance: Cost| distance.min(Cost::from(NEVER) - 1) as u8;
        if min >= Cost::from(NEVER) {
            return None;
        }
        self.nth(byte(min), byte(max), number)
    }

    /// Number of words that cannot be reached.
    pub fn count_out_of_reach(&self) -> usize {
        self.distances.len() - self.reached() as usize
    }

    /// The word with a number among those that cannot be reached, in the order of the list.
    pub fn nth_out_of_reach(&self, number: usize) -> Option<Word> {
        self.nth(NEVER, NEVER, number)
    }

    /// Skips whole blocks of words by counting, which is fast, and tests single words only in the last block.
    fn nth(&self, min: u8, max: u8, number: usize) -> Option<Word> {
        let fits = |distance: u8| (min..=max).contains(&distance);
        let mut left = number;
        for (block, distances) in self.distances.chunks(BLOCK).enumerate() {
            let fitting: u8 = distances.iter().map(|&distance| u8::from(fits(distance))).sum();
            if left >= usize::from(fitting) {
                left -= usize::from(fitting);
                continue;
            }
            let mut places = (0..distances.len()).filter(|&place| fits(distances[place]));
            return places.nth(left).map(|place| Word::listed(self.first + block * BLOCK + place));
        }
        None
    }
}

/// Number of words in a block. Counts must fit a byte.
const BLOCK: usize = 128;

/// The built-in list, built on first use.
pub fn built_in() -> &'static List {
    static LIST: OnceLock<List> = OnceLock::new();
    let words = || include_str!("words.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    LIST.get_or_init(|| List::new(words(), None))
}

/// The lists from outside. Each stays to the end of the program, like its puzzles.
static LOADED: Mutex<Vec<&'static List>> = Mutex::new(Vec::new());

/// The loaded list with a hash.
pub fn loaded(hash: &str) -> Option<&'static List> {
    let lists = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    lists.iter().copied().find(|list| list.hash() == Some(hash))
}

/// Loads a list: a word a line, of small letters a to z; empty lines and lines that begin with `#` are left out, and so are words that are shorter than
/// 2 letters or longer than 6. The same words are the same list, in any order.
pub fn load(text: &str) -> Result<&'static List, String> {
    let mut words = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let word = line.trim();
        if word.starts_with('#') {
            continue;
        }
        if !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
            return Err(format!(
                "line {}: found {word:?}; allowed: a word a line, of the letters a to z, all small",
                number + 1
            ));
        }
        if (FEWEST_LETTERS..=MOST_LETTERS).contains(&word.len()) {
            words.push(word);
        }
    }
    words.sort_unstable_by_key(|word| (word.len(), *word));
    words.dedup();
    if !(2..=MOST_WORDS).contains(&words.len()) {
        let found = words.len();
        return Err(format!(
            "found {found} words of {FEWEST_LETTERS} to {MOST_LETTERS} letters; allowed: 2 to {MOST_WORDS}"
        ));
    }
    let hash: String = blake3::hash(words.join("\n").as_bytes()).to_hex().chars().take(HASH).collect();
    let mut lists = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(list) = lists.iter().copied().find(|list| list.hash() == Some(&hash)) {
        return Ok(list);
    }
    let list: &'static List = Box::leak(Box::new(List::new(words.into_iter(), Some(hash))));
    lists.push(list);
    Ok(list)
}

/// The list of a file, read once for each path.
pub fn of_file(path: &str) -> Result<&'static List, String> {
    static FILES: Mutex<Vec<(String, &'static List)>> = Mutex::new(Vec::new());
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, list)) = files.iter().find(|(known, _)| known == path) {
        return Ok(list);
    }
    let text = std::fs::read_to_string(path).map_err(|error| format!("a file that can be read ({error})"))?;
    let list = load(&text)?;
    files.push((path.into(), list));
    Ok(list)
}

/// Number of digits of a hash.
pub const HASH: usize = 16;
