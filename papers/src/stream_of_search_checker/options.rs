//! The numbers that a node has left, and the JSON list with those of the root.
use super::Raised;
use super::integer::from_float;
use super::scan::{MAX_DIGITS, too_many_digits};
use num_bigint::BigInt;

/// A node's numbers.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// The whole numbers, sorted.
    whole: Vec<BigInt>,
    /// Number of other values. None of them equals a whole number.
    others: usize,
}

impl Options {
    pub(super) fn of(mut whole: Vec<BigInt>) -> Self {
        whole.sort_unstable();
        Self { whole, others: 0 }
    }

    pub(super) fn holds(&self, number: &BigInt) -> bool {
        self.whole.binary_search(number).is_ok()
    }

    /// Whether these two numbers are all that there are. One number may stand for both.
    pub(super) fn exactly(&self, left: &BigInt, right: &BigInt) -> bool {
        let (low, high) = if left <= right { (left, right) } else { (right, left) };
        let same = match self.whole.as_slice() {
            [only] => only == low && only == high,
            [first, second] => first == low && second == high,
            _ => false,
        };
        same && self.others == 0
    }

    /// The exception that Python raises for text that is not JSON.
    pub(super) fn not_json() -> Raised {
        Raised::new("JSONDecodeError", "not a JSON list")
    }

    /// Parses the inside of a JSON list, which contains no `]`, and counts the items. As in Python, `NaN` and `Infinity` are numbers.
    pub(super) fn of_json(text: &str) -> Result<(Self, usize), Raised> {
        let mut options = Self::default();
        let mut rest = skip_space(text);
        let mut count = 0;
        if rest.is_empty() {
            return Ok((options, 0));
        }
        loop {
            let (value, behind) = item(rest)?;
            count += 1;
            match value {
                Some(value) => options.whole.push(value),
                None => options.others += 1,
            }
            rest = skip_space(behind);
            if rest.is_empty() {
                options.whole.sort_unstable();
                return Ok((options, count));
            }
            rest = skip_space(rest.strip_prefix(',').ok_or_else(Self::not_json)?);
        }
    }
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

/// Parses one item. Gives the whole number that equals it, if there is one, and the text after it.
fn item(text: &str) -> Result<(Option<BigInt>, &str), Raised> {
    let words = ["null", "NaN", "Infinity", "-Infinity"];
    if let Some(rest) = words.iter().find_map(|word| text.strip_prefix(word)) {
        return Ok((None, rest));
    }
    for (word, value) in [("true", 1), ("false", 0)] {
        if let Some(rest) = text.strip_prefix(word) {
            return Ok((Some(BigInt::from(value)), rest));
        }
    }
    match text.chars().next() {
        Some('"') => string(text).map(|rest| (None, rest)),
        Some('{') => {
            let rest = skip_space(text.get(1..).unwrap_or("")).strip_prefix('}');
            Ok((None, rest.ok_or_else(Options::not_json)?))
        }
        _ => number(text),
    }
}

/// The text after a string.
fn string(text: &str) -> Result<&str, Raised> {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return text.get(at + 1..).ok_or_else(Options::not_json),
            '\\' => match chars.next() {
                Some((_, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {}
                Some((at, 'u')) => {
                    let digits =
                        text.get(at + 1..at + 5).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
                    digits.ok_or_else(Options::not_json)?;
                    chars.nth(3);
                }
                _ => return Err(Options::not_json()),
            },
            '\0'..='\x1f' => return Err(Options::not_json()),
            _ => {}
        }
    }
    Err(Options::not_json())
}

fn digits_end(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or(&[]);
    from + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn number(text: &str) -> Result<(Option<BigInt>, &str), Raised> {
    let byte = |at: usize| text.as_bytes().get(at).copied();
    let start = usize::from(text.starts_with('-'));
    let whole_end = if byte(start) == Some(b'0') { start + 1 } else { digits_end(text, start) };
    if whole_end == start {
        return Err(Options::not_json());
    }
    let mut end = whole_end;
    if byte(end) == Some(b'.') && digits_end(text, end + 1) > end + 1 {
        end = digits_end(text, end + 1);
    }
    if matches!(byte(end), Some(b'e' | b'E')) {
        let power = end + 1 + usize::from(matches!(byte(end + 1), Some(b'+' | b'-')));
        if digits_end(text, power) > power {
            end = digits_end(text, power);
        }
    }
    let rest = text.get(end..).unwrap_or("");
    if end > whole_end {
        let value: f64 = text.get(..end).and_then(|word| word.parse().ok()).ok_or_else(Options::not_json)?;
        return Ok((from_float(value), rest));
    }
    if whole_end - start > MAX_DIGITS {
        return Err(Raised::value_error(too_many_digits(whole_end - start)));
    }
    let value = text.get(..whole_end).and_then(|word| word.parse().ok()).ok_or_else(Options::not_json)?;
    Ok((Some(value), rest))
}
