//! Reading and writing of atoms: numbers, lists, fixed words. Every reader takes the front of a text and says how many
//! bytes it used; none of them panics or allocates more than the text's length.

/// How an atom is written: each dialect uses one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As the Stream of Search paper writes: `[4, 6]`, `2*3=6`.
    Frame,
    /// One token a thing, between single spaces: `4 6`, `2 * 3 6`.
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

    /// Bytes read so far.
    #[inline]
    pub fn position(&self) -> usize {
        self.at
    }

    /// Goes to a position; past the end is the end.
    #[inline]
    pub fn seek(&mut self, position: usize) {
        self.at = position.min(self.text.len());
    }

    /// What is left.
    #[inline]
    pub fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    /// Whether nothing is left.
    #[inline]
    pub fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// The next byte, not taken.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Takes `literal` if it is next.
    #[inline]
    pub fn take(&mut self, literal: &[u8]) -> Option<()> {
        let next = match literal {
            // The library's comparison is slow where there is nothing to compare, and a call for a single byte.
            [] => return Some(()),
            [byte] => self.peek() == Some(*byte),
            _ => self.rest().starts_with(literal),
        };
        self.at += if next { literal.len() } else { 0 };
        next.then_some(())
    }

    /// Takes a decimal number without leading zeros that fits 64 bits; nothing is taken where there is none.
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

    /// Takes the bytes up to (not with) the first space or the end.
    pub fn word(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let len = rest.iter().position(|&byte| byte == b' ').unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }
}

impl Reader<'_> {
    /// Takes the longest of the words that is next; which one.
    pub fn one_of(&mut self, words: &[&str]) -> Option<usize> {
        let next = |(_, word): &(usize, &&str)| self.rest().starts_with(word.as_bytes());
        let (found, word) = words.iter().enumerate().filter(next).max_by_key(|(_, word)| word.len())?;
        self.at += word.len();
        Some(found)
    }

    /// Takes a number of the style (in tokens, where it is [`Style::Compact`]) that is at most `most`.
    pub fn number_up_to(&mut self, style: Style, most: u64) -> Option<u64> {
        let mut ahead = *self;
        let value = if style == Style::Compact { ahead.number_tokens() } else { ahead.number() };
        let value = value.filter(|&value| value <= most)?;
        *self = ahead;
        Some(value)
    }
}

/// Writes a number as the style does: in tokens of the compact dialect, or plainly.
pub fn write_number_in(style: Style, value: u64, out: &mut Vec<u8>) {
    if style == Style::Compact { write_number_tokens(value, out) } else { write_number(value, out) }
}

/// Largest number that is one token in the compact dialect.
pub const LARGEST_TOKEN: u64 = 999;

/// Writes a number in tokens of the compact dialect: up to 999 it is one token; a larger one is written in groups of three
/// digits, the greatest first, each group but the last followed by `^`: 12345 is `12 ^ 345`.
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
