//! Texts of Python: strings that are no Unicode, and places in characters.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::PyString;

/// A string of Python as UTF-8. Each lone surrogate becomes U+FFFD, so that the number of characters stays.
pub fn utf8<'a>(text: &'a Bound<'_, PyString>) -> PyResult<Cow<'a, str>> {
    if let Ok(text) = text.to_str() {
        return Ok(Cow::Borrowed(text));
    }
    let points: Vec<u8> = text.call_method1("encode", ("utf-32-le", "surrogatepass"))?.extract()?;
    let character = |four: &[u8]| {
        let point = <[u8; 4]>::try_from(four).map(u32::from_le_bytes).unwrap_or_default();
        char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    Ok(Cow::Owned(points.chunks_exact(4).map(character).collect()))
}

/// A string whose lone surrogates are U+FFFD.
#[pyfunction]
fn unicode(text: &Bound<'_, PyString>) -> PyResult<String> {
    utf8(text).map(Cow::into_owned)
}

/// The places in characters of places in bytes of UTF-8. A place inside a character is its beginning; one behind the text is its end.
#[pyfunction]
fn characters(text: &Bound<'_, PyString>, places: Vec<usize>) -> PyResult<Vec<usize>> {
    let text = utf8(text)?;
    if text.is_ascii() {
        return Ok(places.into_iter().map(|place| place.min(text.len())).collect());
    }
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|&index| places.get(index));
    let mut found = vec![0; places.len()];
    let mut ends = text.char_indices().map(|(start, character)| start + character.len_utf8()).peekable();
    let mut count = 0;
    for index in order {
        let place = places.get(index).copied().unwrap_or_default();
        while ends.next_if(|end| *end <= place).is_some() {
            count += 1;
        }
        if let Some(slot) = found.get_mut(index) {
            *slot = count;
        }
    }
    Ok(found)
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(unicode, module)?)?;
    module.add_function(wrap_pyfunction!(characters, module)?)
}
