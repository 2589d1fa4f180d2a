//! Lines of a text and their places.

use sos_envs::Reader;

use super::Span;

/// The lines of a text, without newlines. The second value says whether the line ended in a newline.
pub fn lines(text: &[u8]) -> impl Iterator<Item = (Span, bool)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        let end = memchr::memchr(b'\n', &text[start..]).map(|len| start + len);
        at = end.map_or(text.len(), |end| end + 1);
        Some((Span(start, end.unwrap_or(text.len())), end.is_some()))
    })
}

/// A reader of a part of a text that knows the place of this part.
pub struct Line<'a> {
    /// The reader of the part.
    pub reader: Reader<'a>,
    start: usize,
}

impl<'a> Line<'a> {
    /// A reader at the front of a part.
    pub fn new(text: &'a [u8], piece: Span) -> Self {
        Line { reader: Reader::new(&text[piece.0..piece.1]), start: piece.0 }
    }

    /// The position in the text, in bytes.
    pub fn at(&self) -> usize {
        self.start + self.reader.position()
    }

    /// Reads something and gives its span.
    pub fn span<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<(T, Span)> {
        let start = self.at();
        let value = read(self)?;
        Some((value, Span(start, self.at())))
    }
}
