//! Texts that a parser must live with.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// One thing that is done to a text.
#[derive(Clone, Debug)]
enum Harm {
    /// The rest is cut off.
    Cut(Index),
    /// The front is cut off.
    CutFront(Index),
    /// A byte is another one.
    Set(Index, u8),
    /// Something is put in.
    Insert(Index, Vec<u8>),
    /// Some bytes are taken out.
    Remove(Index, usize),
    /// Some bytes come several times.
    Repeat(Index, usize, usize),
    /// Something opens many times and does not close.
    Deepen(Index, u8, usize),
    /// Lines change places.
    SwapLines(Index, Index),
    /// All of it is something else.
    Replace(Vec<u8>),
}

/// Most bytes of a text, beside what it is like.
const MOST: usize = 1 << 16;

/// What parsers trip over: signs and words of numbers, ends of lines, bytes that are no UTF-8.
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

/// Texts like the given one with up to four things done to it: cut, changed, repeated, nested thousands deep, with lines exchanged, not UTF-8, or something else
/// altogether. They are at most 64 KiB longer than the given one. A text shrinks to one to which less is done.
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
