//! How states and moves are written: numbers, declared words, and lists of them.
//!
//! A text is either a run of words with single spaces between them, or a list in brackets. A word is a whole number or one that the environment declares.
//! Lists nest, and each of their items is one word or a list. The canonical text is that of the styles `Frame` and `Prose`: `fill 2`, `[3, -5]`, `{a, b}`.
//! In `Compact` it is `fill 2`, `[ 3 - 5 ]`, `{ a b }`, with numbers in groups of three digits.

use std::collections::BTreeSet;

use sos_envs::text::write_number_tokens;
use sos_envs::{Reader, Style};

/// What stands in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Atom {
    State,
    Move,
}

/// Words that follow a state in a dialect, and so cannot stand in one.
pub const STATE_STOPS: [&str; 14] = [
    "cost",
    "estimate",
    "goal",
    "dead",
    "seen",
    "cut",
    "target",
    "Operation",
    "meets",
    "is",
    "before",
    "came",
    "for",
    ">",
];

/// Signs that stand behind words in a text.
const BEHIND: &[u8] = b" ,;:.'\"?!)\n]}";

/// Most lists inside of one another.
const MOST_NESTED: usize = 32;

/// The words of an environment or of a puzzle.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The longest first.
    words: Vec<String>,
}

/// Whether a word may be declared; if not, why.
pub fn fits(word: &str) -> Result<(), String> {
    let not = |why: &str| Err(format!("the word {word:?} {why}"));
    if word.is_empty() {
        return not("is empty");
    }
    if word.chars().any(|sign| sign.is_whitespace() || sign.is_control()) {
        return not("has a space or a control character; declare single words");
    }
    if let Some(sign) = word.chars().find(|sign| ",;:.'\"\\[]{}^".contains(*sign)) {
        return not(&format!("has the sign {sign}, which dialects use; allowed: letters, digits and other signs"));
    }
    if word.trim_start_matches(['-', '#']).bytes().all(|byte| byte.is_ascii_digit()) && word != "-" && word != "#" {
        return not("is a number; numbers need not be declared");
    }
    Ok(())
}

impl Words {
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let all: BTreeSet<&str> = words.into_iter().filter(|word| fits(word).is_ok()).collect();
        let mut words: Vec<String> = all.into_iter().map(str::to_string).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Words { words }
    }

    /// These words and more.
    pub fn with<'w>(&'w self, more: impl IntoIterator<Item = &'w str>) -> Self {
        Self::new(self.words.iter().map(String::as_str).chain(more))
    }

    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }

    /// Reads a text from the front, as its canonical form.
    pub fn read(&self, atom: Atom, style: Style, reader: &mut Reader<'_>) -> Option<String> {
        let begin = reader.position();
        let mut out = String::new();
        if self.text(atom, style, reader, &mut out).is_none() {
            reader.seek(begin);
            return None;
        }
        Some(out)
    }

    /// Whether a text is in canonical form, and every style gives it back; if not, why.
    pub fn check(&self, atom: Atom, text: &str) -> Result<(), String> {
        for style in [Style::Frame, Style::Compact] {
            let mut written = Vec::new();
            write(text, style, &mut written);
            let mut reader = Reader::new(&written);
            let read = self.read(atom, style, &mut reader);
            if read.as_deref() != Some(text) || !reader.is_at_end() {
                return Err(self.reason(atom, text));
            }
        }
        Ok(())
    }

    /// Why a text is none.
    fn reason(&self, atom: Atom, text: &str) -> String {
        if text.is_empty() {
            return "it is empty".into();
        }
        if text.split(' ').any(str::is_empty) {
            return "it has a space at an end, or two beside one another".into();
        }
        for word in text.split([' ', '[', ']', '{', '}', ',']).filter(|word| !word.is_empty()) {
            if atom == Atom::State && STATE_STOPS.contains(&word) {
                return format!("the word {word:?} cannot stand in a state, because dialects have it behind states");
            }
            if number(word).is_none() && !self.has(word) {
                return match fits(word) {
                    Ok(()) => format!("{word:?} is no number and none of `words`; declare it there"),
                    Err(why) => why,
                };
            }
        }
        "it is none: a text is words with single spaces between them, or [a, b] with one word for each item".into()
    }

    fn text(&self, atom: Atom, style: Style, reader: &mut Reader<'_>, out: &mut String) -> Option<()> {
        if matches!(reader.peek(), Some(b'[' | b'{')) {
            return self.list(atom, style, reader, out, MOST_NESTED);
        }
        self.word(atom, style, reader, out)?;
        loop {
            let (before, length) = (reader.position(), out.len());
            out.push(' ');
            let next = reader.take(b" ").and_then(|()| self.word(atom, style, reader, out));
            if next.is_none() {
                reader.seek(before);
                out.truncate(length);
                return Some(());
            }
        }
    }

    fn list(&self, atom: Atom, style: Style, reader: &mut Reader<'_>, out: &mut String, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let (open, close) = if reader.peek() == Some(b'[') { ('[', ']') } else { ('{', '}') };
        let close_bytes = [close as u8];
        reader.take(&[open as u8])?;
        out.push(open);
        let compact = style == Style::Compact;
        let mut first = true;
        loop {
            if compact {
                reader.take(b" ")?;
            }
            if (compact || first) && reader.take(&close_bytes).is_some() {
                out.push(close);
                return Some(());
            }
            if !first {
                out.push_str(", ");
            }
            if !compact && !first {
                reader.take(b", ")?;
            }
            match reader.peek()? {
                b'[' | b'{' => self.list(atom, style, reader, out, depth)?,
                _ => self.word(atom, style, reader, out)?,
            }
            first = false;
            if !compact && reader.take(&close_bytes).is_some() {
                out.push(close);
                return Some(());
            }
        }
    }

    /// Reads a word. It must end there.
    fn word(&self, atom: Atom, style: Style, reader: &mut Reader<'_>, out: &mut String) -> Option<()> {
        let begin = reader.position();
        let ends = |reader: &Reader<'_>| reader.peek().is_none_or(|next| BEHIND.contains(&next));
        let known = self.words.iter().find(|word| {
            let mut ahead = *reader;
            ahead.take(word.as_bytes()).is_some() && ends(&ahead)
        });
        if let Some(word) = known.filter(|word| atom == Atom::Move || !STATE_STOPS.contains(&word.as_str())) {
            reader.take(word.as_bytes())?;
            out.push_str(word);
            return Some(());
        }
        let minus = reader.take(if style == Style::Compact { b"- " } else { b"-" }).is_some();
        let value = reader.number_in(style).and_then(|value| i64::try_from(value).ok());
        match value.filter(|value| ends(reader) && !(minus && (*value == 0 || self.has("-")))) {
            Some(value) => {
                if minus {
                    out.push('-');
                }
                out.push_str(&value.to_string());
                Some(())
            }
            None => {
                reader.seek(begin);
                None
            }
        }
    }
}

/// The number of a word in canonical form.
pub fn number(word: &str) -> Option<i64> {
    let value: i64 = word.parse().ok()?;
    (value.to_string() == word && value != i64::MIN).then_some(value)
}

/// Writes a canonical text in a style.
pub fn write(text: &str, style: Style, out: &mut Vec<u8>) {
    if style != Style::Compact {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let mut first = true;
    let mut token = |token: &str| {
        if !std::mem::take(&mut first) {
            out.push(b' ');
        }
        match number(token) {
            Some(value) => {
                if value < 0 {
                    out.extend_from_slice(b"- ");
                }
                write_number_tokens(value.unsigned_abs(), out);
            }
            None => out.extend_from_slice(token.as_bytes()),
        }
    };
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let len = match sign {
            ' ' | ',' => sign.len_utf8(),
            '[' | ']' | '{' | '}' => {
                token(&rest[..1]);
                1
            }
            _ => {
                let len = rest.find([' ', ',', '[', ']', '{', '}']).unwrap_or(rest.len());
                token(&rest[..len]);
                len
            }
        };
        rest = &rest[len..];
    }
}
