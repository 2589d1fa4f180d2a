//! Lines of a text, with their places.

use sos_envs::Reader;

use super::Span;

/// The lines of a text: each without its newline, and whether it had one.
pub fn lines(text: &[u8]) -> impl Iterator<Item = (Span, bool)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        let end = text[start..].iter().position(|&byte| byte == b'\n').map(|len| start + len);
        at = end.map_or(text.len(), |end| end + 1);
        Some((Span(start, end.unwrap_or(text.len())), end.is_some()))
    })
}

/// A reader over a piece of a text that knows the piece's place.
pub struct Line<'a> {
    /// Reads the piece.
    pub reader: Reader<'a>,
    start: usize,
}

impl<'a> Line<'a> {
    /// A reader at the front of the piece.
    pub fn new(text: &'a [u8], piece: Span) -> Self {
        Line { reader: Reader::new(&text[piece.0..piece.1]), start: piece.0 }
    }

    /// Where it is in the text.
    pub fn at(&self) -> usize {
        self.start + self.reader.position()
    }

    /// Reads something and says where it stands.
    pub fn span<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<(T, Span)> {
        let start = self.at();
        let value = read(self)?;
        Some((value, Span(start, self.at())))
    }
}
