//! Lines of a text, with their places.

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
