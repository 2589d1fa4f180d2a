//! A fast writer of text. Short pieces are kept to be written again, and longer parts are copied from earlier text.

/// `0` to `999`, with up to three digits, left-aligned; the fourth byte is the number of digits. All four bytes are written, since that is one
/// instruction. The next write replaces the unused ones.
const SHORT: [[u8; 4]; 1000] = {
    let mut table = [[0; 4]; 1000];
    let mut n = 0;
    while n < 1000 {
        let [hundreds, tens, ones] = PADDED[n];
        table[n] = match n {
            0..10 => [ones, b' ', b' ', 1],
            10..100 => [tens, ones, b' ', 2],
            _ => [hundreds, tens, ones, 3],
        };
        n += 1;
    }
    table
};

/// `000` to `999`.
const PADDED: [[u8; 3]; 1000] = {
    let mut table = [[b'0'; 3]; 1000];
    let mut n = 0;
    while n < 1000 {
        table[n] = [b'0' + (n / 100) as u8, b'0' + (n / 10 % 10) as u8, b'0' + (n % 10) as u8];
        n += 1;
    }
    table
};

/// Length of the longest piece in bytes. A piece is an operation (at most 32 bytes, since its result has at most 15 digits and limits its operands), a
/// list of numbers, or the name of a node.
const PIECE: usize = 48;

/// A short text that is written more than once.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    bytes: [u8; PIECE],
    len: usize,
}

impl Piece {
    pub(super) const EMPTY: Self = Self { bytes: [0; PIECE], len: 0 };

    #[inline]
    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    #[inline]
    pub(super) fn number(&mut self, number: u64) {
        if number < 1000 {
            let digits = SHORT[number as usize];
            self.bytes[self.len..self.len + 4].copy_from_slice(&digits);
            self.len += usize::from(digits[3]);
        } else {
            self.number(number / 1000);
            self.bytes[self.len..self.len + 3].copy_from_slice(&PADDED[(number % 1000) as usize]);
            self.len += 3;
        }
    }

    /// A list of numbers as Python prints it: `[11, 37, 5]`.
    #[inline]
    pub(super) fn list(numbers: &[u64]) -> Self {
        let mut piece = Self::EMPTY;
        piece.byte(b'[');
        for (place, &number) in numbers.iter().enumerate() {
            if place > 0 {
                piece.byte(b',');
                piece.byte(b' ');
            }
            piece.number(number);
        }
        piece.byte(b']');
        piece
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// A place in a [`Text`].
#[derive(Clone, Copy, Default)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

impl Span {
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }
}

/// A text that grows at its end.
#[derive(Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
}

impl Text {
    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    #[inline]
    pub(super) fn end(&self) -> usize {
        self.bytes.len()
    }

    /// Writes fixed words. They are an array, so the compiler knows their length.
    #[inline]
    pub(super) fn put<const N: usize>(&mut self, words: &[u8; N]) {
        self.bytes.extend_from_slice(words);
    }

    #[inline]
    pub(super) fn slice(&mut self, words: &[u8]) {
        self.bytes.extend_from_slice(words);
    }

    /// Writes a piece. All of it is copied with its unused end, since a copy of fixed size takes few instructions.
    #[inline]
    pub(super) fn piece(&mut self, piece: &Piece) {
        let end = self.bytes.len() + piece.len;
        self.bytes.extend_from_slice(&piece.bytes);
        self.bytes.truncate(end);
    }

    #[inline]
    pub(super) fn number(&mut self, number: u64) {
        if number < 1000 {
            let digits = SHORT[number as usize];
            let end = self.bytes.len() + usize::from(digits[3]);
            self.bytes.extend_from_slice(&digits);
            self.bytes.truncate(end);
        } else {
            self.number(number / 1000);
            self.bytes.extend_from_slice(&PADDED[(number % 1000) as usize]);
        }
    }

    /// The place of the text from `start` to its end.
    #[inline]
    pub(super) fn since(&self, start: usize) -> Span {
        Span { start, end: self.bytes.len() }
    }

    /// Writes the text at `span` again.
    #[inline]
    pub(super) fn again(&mut self, span: Span) {
        self.bytes.extend_from_within(span.start..span.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_full() {
        for number in
            [0, 7, 10, 99, 100, 999, 1000, 1001, 99_099, 100_000, 999_999, 1_000_000, 10_u64.pow(15), u64::MAX]
        {
            let mut text = Text::default();
            text.number(number);
            let mut piece = Piece::EMPTY;
            piece.number(number);
            assert_eq!(text.as_slice(), number.to_string().as_bytes());
            assert_eq!(piece.as_slice(), number.to_string().as_bytes());
        }
    }

    #[test]
    fn pieces_and_repeats_join_without_gaps() {
        let mut text = Text::default();
        text.put(b"x");
        let start = text.end();
        text.piece(&Piece::list(&[11, 3700, 5]));
        let span = text.since(start);
        text.again(span);
        assert_eq!(text.as_slice(), b"x[11, 3700, 5][11, 3700, 5]");
    }
}
