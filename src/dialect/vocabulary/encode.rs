//! Ids of a text, and the text of ids: the same as `tokenizers` gives with the table's file.
//!
//! A word of up to seven bytes is one 64-bit number, and one look into a table of such numbers tells its id. Nothing is allocated for a token.

use memchr::{memchr, memchr2};
use rustc_hash::FxHashMap;

use super::{CELLS, GOES_ON, MOST_CHARACTERS, SPECIAL, Table};
use crate::dialect::Span;

/// The id of what has no token.
const UNKNOWN: u16 = 1;
/// The id of a byte 0 in the table of bytes.
const FIRST_BYTE: u16 = SPECIAL.len() as u16;
/// Bytes of a special token.
const SPECIAL_BYTES: usize = 5;
/// Bytes of the longest word that is a number.
const SHORT: usize = 7;

/// Tokens as they are found: the id, and the first and last (exclusive) byte.
trait Sink {
    fn token(&mut self, id: u16, start: usize, end: usize);
    /// So many tokens may follow.
    fn expect(&mut self, tokens: usize);
}

impl Sink for &mut Vec<u16> {
    #[inline(always)]
    fn token(&mut self, id: u16, _start: usize, _end: usize) {
        self.push(id);
    }

    fn expect(&mut self, tokens: usize) {
        self.reserve(tokens);
    }
}

struct WithSpans<'a>(&'a mut Vec<u16>, &'a mut Vec<Span>);

impl Sink for WithSpans<'_> {
    #[inline(always)]
    fn token(&mut self, id: u16, start: usize, end: usize) {
        self.0.push(id);
        self.1.push(Span(start, end));
    }

    fn expect(&mut self, tokens: usize) {
        self.0.reserve(tokens);
        self.1.reserve(tokens);
    }
}

/// A number that is no id of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found the id {id}; allowed: 0 to {last}, the tokens of {table}")]
pub struct NoSuchToken {
    /// The number.
    pub id: u32,
    /// The last id of the table.
    pub last: usize,
    /// The table's name.
    pub table: &'static str,
}

/// Encodes and decodes texts with a table.
pub struct Encoder {
    table: Table,
    tokens: Vec<String>,
    words: Words,
    newline: u16,
    /// The token of a byte that goes on with a word.
    follows: [u16; 256],
    /// The ids of the first merged cell behind `wall` and behind `:`, by the id of that word.
    cells: [(u16, u16); 2],
}

impl Encoder {
    /// An encoder for a table.
    pub fn new(table: Table) -> Self {
        let tokens = table.tokens();
        let id = |token: &str| tokens.iter().position(|other| other == token).map_or(UNKNOWN, |id| id as u16);
        let mut follows = [UNKNOWN; 256];
        let mut words = Words::new();
        if table != Table::Bytes {
            for byte in b'!'..=b'~' {
                follows[usize::from(byte)] = id(&format!("{GOES_ON}{}", char::from(byte)));
            }
            let spelled = tokens.iter().enumerate().skip(SPECIAL.len());
            for (id, word) in spelled.filter(|(_, word)| !word.contains([' ', '\n'])) {
                words.insert(word.as_bytes(), id as u16);
            }
        }
        let cells = ["wall", ":"].map(|word| (id(word), id(&format!("{word} 0 0"))));
        Encoder { table, newline: id("\n"), follows, cells, words, tokens }
    }

    /// The table.
    pub fn table(&self) -> Table {
        self.table
    }

    /// All tokens. The place of a token is its id.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// Appends the ids of a text. Special tokens within the text become their ids; none is added.
    pub fn encode(&self, text: &str, mut ids: &mut Vec<u16>) {
        self.pieces(text.as_bytes(), &mut ids);
    }

    /// Appends the ids of a text, and the bytes that each of them stands for.
    pub fn encode_with_spans(&self, text: &str, ids: &mut Vec<u16>, spans: &mut Vec<Span>) {
        self.pieces(text.as_bytes(), &mut WithSpans(ids, spans));
    }

    /// The text of ids. `skip_special` leaves special tokens out.
    pub fn decode(&self, ids: impl IntoIterator<Item = u32>, skip_special: bool) -> Result<String, NoSuchToken> {
        let mut text = Vec::new();
        let mut last = None;
        for id in ids {
            let token = usize::try_from(id).ok().and_then(|id| self.tokens.get(id));
            let wrong = NoSuchToken { id, last: self.tokens.len().saturating_sub(1), table: self.table.name() };
            let token = token.ok_or(wrong)?;
            let special = (id as usize) < SPECIAL.len();
            if special && skip_special {
                continue;
            }
            match (self.table, last) {
                (Table::Bytes, _) if !special => text.push((id - u32::from(FIRST_BYTE)) as u8),
                (Table::Bytes, _) | (_, None) => text.extend_from_slice(token.as_bytes()),
                (_, Some(last)) => match token.strip_prefix(GOES_ON) {
                    Some(rest) => text.extend_from_slice(rest.as_bytes()),
                    None => {
                        let newline = u32::from(self.newline);
                        if id != newline && last != newline {
                            text.push(b' ');
                        }
                        text.extend_from_slice(token.as_bytes());
                    }
                },
            }
            last = Some(id);
        }
        Ok(String::from_utf8(text).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// Cuts a text at its special tokens.
    fn pieces(&self, text: &[u8], sink: &mut impl Sink) {
        sink.expect(text.len());
        let (mut start, mut at) = (0, 0);
        while let Some(found) = memchr(b'<', &text[at..]) {
            let here = at + found;
            let end = here + SPECIAL_BYTES;
            let special =
                text.get(here..end).and_then(|word| SPECIAL.iter().position(|token| token.as_bytes() == word));
            match special {
                None => at = here + 1,
                Some(id) => {
                    self.piece(&text[start..here], start, sink);
                    sink.token(id as u16, here, end);
                    (start, at) = (end, end);
                }
            }
        }
        self.piece(&text[start..], start, sink);
    }

    /// A piece without special tokens, which stands at this byte of the text.
    fn piece(&self, piece: &[u8], offset: usize, sink: &mut impl Sink) {
        match self.table {
            Table::Bytes => {
                for (at, byte) in piece.iter().enumerate() {
                    sink.token(FIRST_BYTE + u16::from(*byte), offset + at, offset + at + 1);
                }
            }
            Table::Cells => self.words::<true>(piece, offset, sink),
            _ => self.words::<false>(piece, offset, sink),
        }
    }

    fn words<const CELL: bool>(&self, piece: &[u8], offset: usize, sink: &mut impl Sink) {
        let mut at = 0;
        while at < piece.len() {
            let next = eight(piece, at);
            let length = until_space(next);
            if length == 0 {
                if next as u8 == b'\n' {
                    sink.token(self.newline, offset + at, offset + at + 1);
                }
                at += 1;
                continue;
            }
            let found = if length <= SHORT { self.words.short(key(next, length)) } else { None };
            let Some(id) = found else {
                at = self.spell(piece, at, offset, sink);
                continue;
            };
            if CELL
                && self.cells.iter().any(|(word, _)| *word == id)
                && let Some((cell, end)) = self.cell(piece, at + length, id)
            {
                sink.token(cell, offset + at, offset + end);
                at = end;
                continue;
            }
            sink.token(id, offset + at, offset + at + length);
            // A line break stays; it is a token.
            at += length + usize::from((next >> (8 * length)) as u8 == b' ');
        }
    }

    /// A word that the quick way does not know. Gives its end.
    #[cold]
    #[inline(never)]
    fn spell(&self, piece: &[u8], start: usize, offset: usize, sink: &mut impl Sink) -> usize {
        let rest = &piece[start..];
        let word = &rest[..memchr2(b' ', b'\n', rest).unwrap_or(rest.len())];
        let end = start + word.len();
        let too_long = word.len() > MOST_CHARACTERS && characters(word) > MOST_CHARACTERS;
        let is_spelled = |(_, length): &(u16, usize)| word.iter().skip(*length).all(u8::is_ascii_graphic);
        let first = if too_long { None } else { self.words.longest(word).filter(is_spelled) };
        match first {
            None => sink.token(UNKNOWN, offset + start, offset + end),
            Some((id, length)) => {
                sink.token(id, offset + start, offset + start + length);
                for (at, byte) in word.iter().enumerate().skip(length) {
                    sink.token(self.follows[usize::from(*byte)], offset + start + at, offset + start + at + 1);
                }
            }
        }
        end
    }

    /// A cell behind a word: ` 3 4`, and no third number. Its id and its end.
    fn cell(&self, piece: &[u8], at: usize, word: u16) -> Option<(u16, usize)> {
        let first = self.cells.iter().find(|(other, _)| *other == word)?.1;
        let (column, at) = coordinate(piece, at)?;
        let (row, at) = coordinate(piece, at)?;
        let number_follows = matches!(piece.get(at..at + 2), Some([b' ', b'0'..=b'9']));
        (!number_follows && matches!(piece.get(at), None | Some(b' ' | b'\n')))
            .then_some((first + column * CELLS as u16 + row, at))
    }
}

/// A space and a number below [`CELLS`], without leading zeros; and where it ends.
fn coordinate(piece: &[u8], at: usize) -> Option<(u16, usize)> {
    let digit = |at: usize| piece.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| u16::from(byte - b'0'));
    if piece.get(at) != Some(&b' ') {
        return None;
    }
    let first = digit(at + 1)?;
    match digit(at + 2) {
        None => Some((first, at + 2)),
        Some(second) => (first > 0 && first * 10 + second < CELLS as u16).then_some((first * 10 + second, at + 3)),
    }
}

/// Number of characters of a text in UTF-8.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// The next eight bytes, the first one lowest; spaces behind the end.
#[inline(always)]
fn eight(piece: &[u8], at: usize) -> u64 {
    if let Some(bytes) = piece.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        return u64::from_le_bytes(*bytes);
    }
    let mut bytes = [b' '; 8];
    bytes.iter_mut().zip(piece.iter().skip(at)).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(bytes)
}

/// How many of eight bytes stand before the first space or line break.
#[inline(always)]
fn until_space(bytes: u64) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    // The lowest bit that is set belongs to the first zero byte.
    let zeros = |bytes: u64| bytes.wrapping_sub(LOW) & !bytes & (LOW << 7);
    let found = zeros(bytes ^ (LOW * b' ' as u64)) | zeros(bytes ^ (LOW * b'\n' as u64));
    found.trailing_zeros() as usize / 8
}

/// A word of one to seven bytes as a number: its bytes, and its length in the highest byte.
#[inline(always)]
fn key(bytes: u64, length: usize) -> u64 {
    let kept = u64::MAX >> (64 - 8 * length);
    bytes & kept | (length as u64) << 56
}

/// Slots for short words; a power of two.
const SLOTS: usize = 1 << 13;

/// Ids by word. Short words are in a table with open addressing.
struct Words {
    keys: Box<[u64; SLOTS]>,
    ids: Box<[u16; SLOTS]>,
    long: FxHashMap<Box<[u8]>, u16>,
    longest: usize,
}

impl Words {
    fn new() -> Self {
        Words { keys: Box::new([0; SLOTS]), ids: Box::new([0; SLOTS]), long: FxHashMap::default(), longest: 0 }
    }

    #[inline(always)]
    fn slot(key: u64) -> usize {
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize % SLOTS
    }

    fn insert(&mut self, word: &[u8], id: u16) {
        self.longest = self.longest.max(word.len());
        if word.len() > SHORT {
            self.long.insert(word.into(), id);
            return;
        }
        let key = key(eight(word, 0), word.len());
        let mut slot = Self::slot(key);
        while self.keys[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        (self.keys[slot], self.ids[slot]) = (key, id);
    }

    /// The id of a short word. No key is 0.
    #[inline(always)]
    fn short(&self, key: u64) -> Option<u16> {
        let mut slot = Self::slot(key);
        loop {
            match self.keys[slot] {
                found if found == key => return Some(self.ids[slot]),
                0 => return None,
                _ => slot = (slot + 1) % SLOTS,
            }
        }
    }

    /// The longest beginning of a word that is a word, and its length.
    fn longest(&self, word: &[u8]) -> Option<(u16, usize)> {
        (1..=word.len().min(self.longest)).rev().find_map(|length| {
            let part = &word[..length];
            let id = match length {
                ..=SHORT => self.short(key(eight(part, 0), length)),
                _ => self.long.get(part).copied(),
            };
            id.map(|id| (id, length))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(table: Table, text: &str) -> (Vec<u16>, Vec<String>) {
        let encoder = Encoder::new(table);
        let (mut ids, mut spans, mut plain) = (Vec::new(), Vec::new(), Vec::new());
        encoder.encode_with_spans(text, &mut ids, &mut spans);
        encoder.encode(text, &mut plain);
        assert_eq!(ids, plain);
        let parts = spans.iter().map(|Span(start, end)| String::from_utf8_lossy(&text.as_bytes()[*start..*end]));
        (ids, parts.map(String::from).collect())
    }

    #[test]
    fn every_token_of_a_table_is_its_own_id() {
        for table in Table::ALL.into_iter().filter(|table| *table != Table::Bytes) {
            for (id, token) in table.tokens().iter().enumerate() {
                assert_eq!(ids(table, token), (vec![id as u16], vec![token.clone()]), "{table:?} {token:?}");
            }
        }
    }

    #[test]
    fn words_are_spelled_by_their_longest_parts() {
        let parts = |table, text| ids(table, text).1;
        assert_eq!(
            parts(Table::Compact, "start 12345\n\n naked-pairs"),
            ["start", "123", "4", "5", "\n", "\n", "naked-pair", "s"]
        );
        assert_eq!(parts(Table::CompactDigits, "12 #345 r1c12 0"), ["1", "2", "#3", "4", "5", "r1c12", "0"]);
        assert_eq!(parts(Table::SudokuDigits, "(1, (12,"), ["(1,", "(", "1", "2", ","]);
        assert_eq!(parts(Table::Compact, "##5 ### ##"), ["##5", "###", "#", "#"]);
        assert_eq!(parts(Table::Compact, "a\0 a\t naïve a<eos>b"), ["a\0", "a\t", "naïve", "a", "<eos>", "b"]);
        assert_eq!(ids(Table::Compact, "a\0 a\t naïve").0, [UNKNOWN; 3]);
    }

    #[test]
    fn cells_are_two_numbers_behind_their_word() {
        let parts = |text| ids(Table::Cells, text).1;
        assert_eq!(
            parts("wall 3 31 wall 3 4 5 : 0 0\nwall 3 32"),
            ["wall 3 31", "wall", "3", "4", "5", ": 0 0", "\n", "wall", "3", "32"]
        );
        assert_eq!(
            parts("xwall 3 4 wall 03 4 wall 3  4 wall 1 2<eos>wall 3 4x"),
            [
                "x", "w", "a", "l", "l", "3", "4", "wall", "0", "3", "4", "wall", "3", "4", "wall 1 2", "<eos>",
                "wall", "3", "4", "x"
            ]
        );
    }

    #[test]
    fn a_word_without_end_is_unknown() {
        for (length, tokens) in [(10_000, 10_000), (10_001, 1)] {
            assert_eq!(ids(Table::Compact, &"Q".repeat(length)).0.len(), tokens);
        }
        // Bytes are more than characters here, and unknown they are anyway.
        assert_eq!(ids(Table::Compact, &"ü".repeat(6_000)).0, [UNKNOWN]);
    }

    #[test]
    fn decoding_gives_the_text_back() {
        let text = "start 12345 \n\n#77 é";
        for (table, says) in [(Table::Compact, "start 12345\n\n#77 <unk>"), (Table::Bytes, text)] {
            let encoder = Encoder::new(table);
            let mut ids = vec![2];
            encoder.encode(text, &mut ids);
            let decode = |skip| encoder.decode(ids.iter().map(|id| u32::from(*id)), skip);
            let gap = if table == Table::Bytes { "" } else { " " };
            assert_eq!(decode(false), Ok(format!("<bos>{gap}{says}")));
            assert_eq!(decode(true), Ok(says.replace(" <unk>", "")));
            let last = encoder.tokens().len() - 1;
            assert_eq!(encoder.decode([70_000], false), Err(NoSuchToken { id: 70_000, last, table: table.name() }));
        }
    }
}
