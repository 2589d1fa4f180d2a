//! The list of words, which of them differ in one letter, and how far they are from each other.

use std::ops::Range;
use std::sync::OnceLock;

use super::Word;
use crate::environment::Cost;

/// Fewest letters of a word.
pub const FEWEST_LETTERS: usize = 3;
/// Most letters of a word.
pub const MOST_LETTERS: usize = 5;
/// A word's letters; 0 behind its last.
pub type Letters = [u8; MOST_LETTERS];
/// Steps of the longest of all shortest ladders of 3, 4 and 5 letters.
pub const LONGEST: [u64; 3] = [12, 17, 32];

/// All words, and those that are one letter away from each.
pub struct List {
    words: Vec<Letters>,
    /// Where the words of each length begin, from [`FEWEST_LETTERS`] on, and where the last ends.
    firsts: [usize; 4],
    /// Where the words of each length and first two letters begin, by [`beginning`], and where the last end.
    beginnings: Vec<usize>,
    /// Where the neighbours of each word begin in `near`, and where the last end.
    offsets: Vec<u32>,
    near: Vec<Word>,
}

impl List {
    fn new(text: &str) -> Self {
        let words = text.lines().filter(|line| !line.starts_with('#'));
        let lines = words.filter(|line| (FEWEST_LETTERS..=MOST_LETTERS).contains(&line.len()));
        let letters = |line: &str| std::array::from_fn(|place| line.as_bytes().get(place).copied().unwrap_or(0));
        let words: Vec<Letters> = lines.map(letters).collect();
        let firsts = [3, 4, 5, 6].map(|length| words.partition_point(|word| self::length(word) < length));
        let beginnings = (0..=BEGINNINGS).map(|number| words.partition_point(|word| beginning(word) < Some(number)));
        let beginnings = beginnings.collect();
        let mut pairs = Vec::new();
        for place in 0..MOST_LETTERS {
            pairs_but_for(&words, place, &mut pairs);
        }
        pairs.sort_unstable();
        let offsets = (0..=words.len()).map(|word| pairs.partition_point(|pair| pair.0.number() < word) as u32);
        List { firsts, beginnings, offsets: offsets.collect(), near: pairs.iter().map(|pair| pair.1).collect(), words }
    }

    /// The numbers of the words of a length; none of a length that there is not.
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

    /// The words that differ from a word in one letter, in alphabetical order; of a word that is not in the list none ([`List::near_any`]).
    #[inline]
    pub fn near(&self, word: Word) -> &[Word] {
        let place = word.number();
        match self.offsets.get(place..).unwrap_or(&[]) {
            [first, last, ..] => &self.near[*first as usize..*last as usize],
            _ => &[],
        }
    }

    /// The same of any word.
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

/// How many lengths and first two letters there are together.
const BEGINNINGS: usize = (MOST_LETTERS - FEWEST_LETTERS + 1) * ALPHABET * ALPHABET;

/// The number of a word's length and first two letters, in the order of the list; none of what is no word.
fn beginning(letters: &Letters) -> Option<usize> {
    let place = |letter: u8| Some(usize::from(letter.checked_sub(b'a')?)).filter(|&place| place < ALPHABET);
    Some((length(letters).checked_sub(FEWEST_LETTERS)? * ALPHABET + place(letters[0])?) * ALPHABET + place(letters[1])?)
}

fn length(word: &Letters) -> usize {
    word.iter().filter(|&&letter| letter > 0).count()
}

/// Adds both orders of all pairs of words that are the same but for the letter at a place.
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

/// No ladder.
const NEVER: u8 = u8::MAX;

/// The distances of all words of a length from one of them.
#[derive(Debug)]
pub struct Row {
    first: usize,
    distances: Box<[u8]>,
    /// How many words are nearer than each distance; the last is how many are within reach.
    nearer: Box<[u16]>,
}

impl Row {
    fn new(from: Word) -> Self {
        let list = list();
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

    /// The distance of a word; none where no ladder leads there.
    #[inline]
    pub fn of(&self, word: Word) -> Option<Cost> {
        let place = word.number().checked_sub(self.first)?;
        self.distances.get(place).filter(|&&distance| distance != NEVER).map(|&distance| Cost::from(distance))
    }

    /// How many words are nearer than a distance.
    pub fn nearer(&self, distance: Cost) -> u64 {
        self.nearer.get(distance as usize).map_or_else(|| self.reached(), |&words| words.into())
    }

    /// How many words are within reach.
    pub fn reached(&self) -> u64 {
        self.nearer.last().map_or(0, |&words| words.into())
    }

    /// How many words are at distances of a range.
    pub fn count_within(&self, min: Cost, max: Cost) -> usize {
        self.nearer(max.saturating_add(1)).saturating_sub(self.nearer(min)) as usize
    }

    /// The word of a number among those at distances of a range, in their order.
    pub fn nth_within(&self, min: Cost, max: Cost, number: usize) -> Option<Word> {
        let byte = |distance: Cost| distance.min(Cost::from(NEVER) - 1) as u8;
        if min >= Cost::from(NEVER) {
            return None;
        }
        self.nth(byte(min), byte(max), number)
    }

    /// How many words cannot be reached.
    pub fn count_out_of_reach(&self) -> usize {
        self.distances.len() - self.reached() as usize
    }

    /// The word of a number among those that cannot be reached, in their order.
    pub fn nth_out_of_reach(&self, number: usize) -> Option<Word> {
        self.nth(NEVER, NEVER, number)
    }

    /// Passes over whole blocks of words by counting, which is quick, and looks at single words in the last block alone.
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

/// Words of a block: at most what fits a byte.
const BLOCK: usize = 128;

/// The list, made when first asked for.
pub fn list() -> &'static List {
    static LIST: OnceLock<List> = OnceLock::new();
    LIST.get_or_init(|| List::new(include_str!("words.txt")))
}

/// A row of the table of distances, made when first asked for: all of them would be 12 million bytes.
pub fn row(word: Word) -> &'static Row {
    static ROWS: OnceLock<Vec<OnceLock<Row>>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| list().words.iter().map(|_| OnceLock::new()).collect());
    rows[word.number()].get_or_init(|| Row::new(word))
}
