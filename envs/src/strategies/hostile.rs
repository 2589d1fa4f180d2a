//! Texts that a parser must handle.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// One change of a text.
#[derive(Clone, Debug)]
enum Harm {
    /// Cuts off the rest.
    Cut(Index),
    /// Cuts off the front.
    CutFront(Index),
    /// Replaces a byte.
    Set(Index, u8),
    /// Inserts bytes.
    Insert(Index, Vec<u8>),
    /// Removes some bytes.
    Remove(Index, usize),
    /// Repeats some bytes.
    Repeat(Index, usize, usize),
    /// Inserts an opening sign many times, without closing.
    Deepen(Index, u8, usize),
    /// Exchanges two lines.
    SwapLines(Index, Index),
    /// Replaces the whole text.
    Replace(Vec<u8>),
}

/// Most bytes by which a text may grow.
const MOST: usize = 1 << 16;

/// Difficult input for parsers: signs and words of numbers, line ends, bytes that are not UTF-8.
const PIECES: [&[u8]; 18] = [
    b"0",
    b"-1",
    b"00",
    b"9",
    b"99999999999999999999",
    b"1e9",
    b"NaN",
    b" ",
    b"\n",
    b"\r\n",
    b"\t",
    b"\0",
    b"\xff",
    b"\xc3",
    "é".as_bytes(),
    "\u{202e}".as_bytes(),
    b"\"",
    b"[]",
];

fn harm() -> impl Strategy<Value = Harm> + Clone {
    let place = any::<Index>;
    let bytes = prop_oneof![proptest::sample::select(PIECES.to_vec()).prop_map(<[u8]>::to_vec), vec(any::<u8>(), 0..8)];
    prop_oneof![
        3 => place().prop_map(Harm::Cut),
        1 => place().prop_map(Harm::CutFront),
        4 => (place(), any::<u8>()).prop_map(|(at, byte)| Harm::Set(at, byte)),
        4 => (place(), bytes).prop_map(|(at, bytes)| Harm::Insert(at, bytes)),
        3 => (place(), 1usize..30).prop_map(|(at, length)| Harm::Remove(at, length)),
        2 => (place(), 1usize..200, 2usize..50).prop_map(|(at, length, times)| Harm::Repeat(at, length, times)),
        1 => (place(), proptest::sample::select(b"[({<\"".to_vec()), 1usize..20_000)
            .prop_map(|(at, sign, times)| Harm::Deepen(at, sign, times)),
        1 => (place(), place()).prop_map(|(one, other)| Harm::SwapLines(one, other)),
        1 => vec(any::<u8>(), 0..200).prop_map(Harm::Replace),
    ]
    .boxed()
}

impl Harm {
    fn to(&self, text: &mut Vec<u8>) {
        let length = text.len() + 1;
        match self {
            Harm::Cut(at) => text.truncate(at.index(length)),
            Harm::CutFront(at) => drop(text.drain(..at.index(length))),
            Harm::Set(at, byte) if !text.is_empty() => {
                let at = at.index(length - 1);
                text[at] = *byte;
            }
            Harm::Set(..) => {}
            Harm::Insert(at, bytes) => insert(text, at.index(length), bytes),
            Harm::Remove(at, most) => {
                let from = at.index(length);
                let to = text.len().min(from + most);
                text.drain(from..to);
            }
            Harm::Repeat(at, most, times) => {
                let from = at.index(length);
                let part = text[from..text.len().min(from + most)].repeat(*times);
                insert(text, from, &part);
            }
            Harm::Deepen(at, sign, times) => insert(text, at.index(length), &vec![*sign; *times]),
            Harm::SwapLines(one, other) => {
                let mut lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
                let (one, other) = (one.index(lines.len()), other.index(lines.len()));
                lines.swap(one, other);
                *text = lines.join(&b'\n');
            }
            Harm::Replace(bytes) => text.clone_from(bytes),
        }
    }
}

fn insert(text: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let at = at.min(text.len());
    text.splice(at..at, bytes.iter().copied());
}

/// Texts like the given one with up to four changes: cut, changed, repeated, nested thousands deep, with lines exchanged, not UTF-8, or replaced altogether.
/// They are at most 64 KiB longer than the given one. A text shrinks to one with fewer changes.
///
/// ```
/// use proptest::prelude::*;
/// use sos_envs::strategies::hostile_texts;
/// proptest!(|(text in hostile_texts(b"Current State: 24:[2, 3, 4]"))| {
///     let _ = serde_json::from_slice::<serde_json::Value>(&text);
/// });
/// ```
pub fn hostile_texts(like: impl Into<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> + Clone {
    let like = like.into();
    vec(harm(), 0..=4).prop_map(move |harms| {
        let mut text = like.clone();
        harms.iter().for_each(|harm| harm.to(&mut text));
        text.truncate(like.len() + MOST);
        text
    })
}
