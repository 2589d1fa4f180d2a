//! Reading and writing of atoms: numbers, lists, fixed words. A reader takes the front of a text and counts the bytes it used. No reader panics or allocates
//! more than the text's length.

/// How an atom is written. Each dialect uses one of the styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As in the Stream of Search paper: `[4, 6]`, `2*3=6`.
    Frame,
    /// Tokens between single spaces: `4 6`, `2 * 3 6`.
    Compact,
    /// English: `4 and 6`, `2 * 3 = 6`.
    Prose,
}

const PAIRS: [u8; 200] = {
    let mut table = [0; 200];
    let mut i = 0;
    while i < 100 {
        table[2 * i] = b'0' + (i / 10) as u8;
        table[2 * i + 1] = b'0' + (i % 10) as u8;
        i += 1;
    }
    table
};

/// Writes a number in decimal.
#[inline]
pub fn write_number(value: u64, out: &mut Vec<u8>) {
    if value < 10 {
        out.push(b'0' + value as u8);
    } else if value < 100 {
        let at = 2 * value as usize;
        out.extend_from_slice(&PAIRS[at..at + 2]);
    } else {
        write_large(value, out);
    }
}

fn write_large(mut value: u64, out: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut start = digits.len();
    while value >= 100 {
        let at = 2 * (value % 100) as usize;
        value /= 100;
        start -= 2;
        digits[start..start + 2].copy_from_slice(&PAIRS[at..at + 2]);
    }
    if value >= 10 {
        let at = 2 * value as usize;
        start -= 2;
        digits[start..start + 2].copy_from_slice(&PAIRS[at..at + 2]);
    } else {
        start -= 1;
        digits[start] = b'0' + value as u8;
    }
    out.extend_from_slice(&digits[start..]);
}

/// A cursor over a text.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the front of `text`.
    #[inline]
    pub fn new(text: &'a [u8]) -> Self {
        Reader { text, at: 0 }
    }

    /// Number of bytes read so far.
    #[inline]
    pub fn position(&self) -> usize {
        self.at
    }

    /// Moves to a position, at most to the end.
    #[inline]
    pub fn seek(&mut self, position: usize) {
        self.at = position.min(self.text.len());
    }

    /// The rest of the text.
    #[inline]
    pub fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    /// Whether the reader is at the end.
    #[inline]
    pub fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// The next byte, without taking it.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Takes `literal` if it is next.
    #[inline]
    pub fn take(&mut self, literal: &[u8]) -> Option<()> {
        let next = match literal {
            // The comparison of the library is slow for an empty text, and a function call for one or two bytes.
            [] => return Some(()),
            [byte] => self.peek() == Some(*byte),
            [one, other] => self.peek() == Some(*one) && self.text.get(self.at + 1) == Some(other),
            _ => self.rest().starts_with(literal),
        };
        self.at += if next { literal.len() } else { 0 };
        next.then_some(())
    }

    /// Takes a decimal number without leading zeros that fits 64 bits. If there is none, it takes nothing.
    #[inline]
    pub fn number(&mut self) -> Option<u64> {
        let rest = self.rest();
        let mut value = 0u64;
        let mut len = 0;
        for &byte in rest {
            if !byte.is_ascii_digit() {
                break;
            }
            value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
            len += 1;
        }
        if len == 0 || (len > 1 && rest[0] == b'0') {
            return None;
        }
        self.at += len;
        Some(value)
    }

    /// Takes the bytes up to the first space (excluded) or the end.
    pub fn word(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let len = rest.iter().position(|&byte| byte == b' ').unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }
}

impl Reader<'_> {
    /// Takes the longest word that comes next, and returns its index.
    pub fn one_of(&mut self, words: &[&str]) -> Option<usize> {
        let rest = self.rest();
        let (mut found, mut longest) = (None, 0);
        for (place, word) in words.iter().enumerate() {
            let word = word.as_bytes();
            // Most words differ in their first byte, which saves the function call of the comparison.
            let begins = word.first().is_none_or(|first| rest.first() == Some(first));
            if begins && word.len() >= longest && rest.starts_with(word) {
                (found, longest) = (Some(place), word.len());
            }
        }
        self.at += longest;
        found
    }

    /// Takes a number in the form of the style. [`Style::Compact`] writes tokens.
    #[inline(always)]
    pub fn number_in(&mut self, style: Style) -> Option<u64> {
        if style == Style::Compact { self.number_tokens() } else { self.number() }
    }

    /// Takes a number in the form of the style, if it is at most `most`.
    #[inline(always)]
    pub fn number_up_to(&mut self, style: Style, most: u64) -> Option<u64> {
        let begin = self.at;
        match self.number_in(style) {
            Some(value) if value <= most => Some(value),
            _ => {
                self.at = begin;
                None
            }
        }
    }
}

/// The texts before a list of numbers, between them, before the last one, and after the list: `[4, 6]`, `4 6`, `4 and 6`.
#[inline]
pub fn list_signs(style: Style) -> [&'static [u8]; 4] {
    match style {
        Style::Frame => [b"[", b", ", b", ", b"]"],
        Style::Compact => [b"", b" ", b" ", b""],
        Style::Prose => [b"", b", ", b" and ", b""],
    }
}

/// The writer or the reader of an atom. One description of an atom serves both: it goes through the parts in their order, passes each part's value, and
/// continues with the value that is returned. A writer writes the value and returns it. A reader ignores the value and returns what the text contains, or none
/// if the text does not fit.
pub trait Pen {
    /// A text that is always present.
    fn sign(&mut self, sign: &[u8]) -> Option<()>;
    /// A number in the form of the style, at most `most`.
    fn number(&mut self, style: Style, number: u64, most: u64) -> Option<u64>;
    /// One of several words, by its index.
    fn word(&mut self, words: &[&str], word: usize) -> Option<usize>;
    /// One of `count` letters, starting at `first`, by its index.
    fn letter(&mut self, first: u8, letter: u8, count: u8) -> Option<u8>;
    /// A name of `N` bytes, and what it names. If it names nothing, a reader takes nothing.
    fn name<const N: usize, T>(&mut self, name: [u8; N], named: impl FnOnce(&[u8]) -> Option<T>) -> Option<T>;
    /// An optional text. Returns whether it is present.
    fn whether(&mut self, sign: &[u8], stands: bool) -> bool;
}

impl Pen for Vec<u8> {
    #[inline]
    fn sign(&mut self, sign: &[u8]) -> Option<()> {
        // Most texts are short, and copying many bytes is a function call.
        match *sign {
            [] => {}
            [byte] => self.push(byte),
            [one, other] => {
                self.push(one);
                self.push(other);
            }
            _ => self.extend_from_slice(sign),
        }
        Some(())
    }

    #[inline]
    fn number(&mut self, style: Style, number: u64, _most: u64) -> Option<u64> {
        write_number_in(style, number, self);
        Some(number)
    }

    #[inline]
    fn word(&mut self, words: &[&str], word: usize) -> Option<usize> {
        self.extend_from_slice(words.get(word)?.as_bytes());
        Some(word)
    }

    #[inline]
    fn letter(&mut self, first: u8, letter: u8, _count: u8) -> Option<u8> {
        self.push(first.wrapping_add(letter));
        Some(letter)
    }

    #[inline]
    fn name<const N: usize, T>(&mut self, name: [u8; N], named: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        self.extend_from_slice(&name);
        named(&name)
    }

    #[inline]
    fn whether(&mut self, sign: &[u8], stands: bool) -> bool {
        if stands {
            self.extend_from_slice(sign);
        }
        stands
    }
}

impl Pen for Reader<'_> {
    #[inline]
    fn sign(&mut self, sign: &[u8]) -> Option<()> {
        self.take(sign)
    }

    #[inline]
    fn number(&mut self, style: Style, _number: u64, most: u64) -> Option<u64> {
        self.number_up_to(style, most)
    }

    #[inline]
    fn word(&mut self, words: &[&str], _word: usize) -> Option<usize> {
        self.one_of(words)
    }

    #[inline]
    fn letter(&mut self, first: u8, _letter: u8, count: u8) -> Option<u8> {
        let letter = self.peek()?.checked_sub(first).filter(|&letter| letter < count)?;
        self.at += 1;
        Some(letter)
    }

    #[inline]
    fn name<const N: usize, T>(&mut self, _name: [u8; N], named: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let found = named(self.rest().get(..N)?)?;
        self.at += N;
        Some(found)
    }

    #[inline]
    fn whether(&mut self, sign: &[u8], _stands: bool) -> bool {
        self.take(sign).is_some()
    }
}

/// Two numbers, with the texts before, between and after them: x and y of a cell.
#[inline(always)]
pub fn pair(pen: &mut impl Pen, style: Style, signs: [&[u8]; 3], pair: [u64; 2], most: [u64; 2]) -> Option<[u64; 2]> {
    let [open, between, close] = signs;
    pen.sign(open)?;
    let x = pen.number(style, pair[0], most[0])?;
    pen.sign(between)?;
    let y = pen.number(style, pair[1], most[1])?;
    pen.sign(close)?;
    Some([x, y])
}

/// Writes a number in the form of the style: in tokens for the compact dialect, in decimal otherwise.
#[inline]
pub fn write_number_in(style: Style, value: u64, out: &mut Vec<u8>) {
    if style == Style::Compact { write_number_tokens(value, out) } else { write_number(value, out) }
}

/// Largest number that is one token in the compact dialect.
pub const LARGEST_TOKEN: u64 = 999;

/// Writes a number in tokens of the compact dialect. Up to 999 it is one token. A larger one is written in groups of three digits, the highest first, each but
/// the last followed by `^`: 12345 is `12 ^ 345`.
pub fn write_number_tokens(value: u64, out: &mut Vec<u8>) {
    if value > LARGEST_TOKEN {
        write_number_tokens(value / 1000, out);
        out.extend_from_slice(b" ^ ");
    }
    write_number(value % 1000, out);
}

impl Reader<'_> {
    /// Reads what [`write_number_tokens`] writes.
    pub fn number_tokens(&mut self) -> Option<u64> {
        let mut value = self.number().filter(|&group| group <= LARGEST_TOKEN)?;
        while self.rest().starts_with(b" ^ ") {
            let mut ahead = *self;
            ahead.take(b" ^ ")?;
            let group = ahead.number().filter(|&group| group <= LARGEST_TOKEN)?;
            value = value.checked_mul(1000).filter(|&v| v > 0)?.checked_add(group)?;
            *self = ahead;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_round_trip(value: u64, shift in 0u32..64) {
            let value = value >> shift;
            let mut out = Vec::new();
            write_number(value, &mut out);
            prop_assert_eq!(String::from_utf8(out.clone()).unwrap(), value.to_string());
            prop_assert_eq!(Reader::new(&out).number(), Some(value));
            out.clear();
            write_number_tokens(value, &mut out);
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.number_tokens(), Some(value));
            prop_assert!(reader.is_at_end());
        }
    }

    #[test]
    fn odd_numbers_are_refused() {
        for text in ["", "x", "007", "18446744073709551616"] {
            assert_eq!(Reader::new(text.as_bytes()).number(), None, "{text}");
        }
        for text in ["1000", "0 ^ 5", "18446744073709551615"] {
            let mut reader = Reader::new(text.as_bytes());
            assert_eq!(reader.number_tokens(), None, "{text}");
        }
    }
}
