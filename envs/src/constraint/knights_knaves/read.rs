//! Reads statements of knights and knaves in all styles.
//!
//! ```text
//! STATEMENT = NAME CLAIM
//! CLAIM     = PART | PART ("and" PART)* | PART ("or" PART)* | PART "iff" PART | "if" PART "then" PART | "not" PART | PAIR
//! PART      = NAME KIND | "(" CLAIM ")"
//! PAIR      = NAME ("same" | "differ") NAME | NAME "and" NAME ("same" | "different")
//! ```
//!
//! All other words and signs only fill.

use serde_json::{Value, json};

use super::IF_AND_ONLY_IF;

/// The words of statements: first those that count, then those that only fill.
#[rustfmt::skip]
pub(super) const WORDS: [&str; 22] = [
    "knight", "knave", "and", "or", "if", "then", "iff", "not", "same", "differ", "different", "(", ")",
    "is", "a", "says", "that", "are", "of", "the", "kind", "kinds",
];
/// Number of the words that count.
const COUNT: usize = 13;

struct Claims<'a> {
    words: Vec<&'a str>,
    at: usize,
    people: &'a [&'a str],
}

/// Reads a statement, as JSON.
pub(super) fn statement(text: &str, people: &[&str]) -> Option<Value> {
    let text = text.replace(IF_AND_ONLY_IF, "iff").replace('(', " ( ").replace(')', " ) ");
    let words = text.split(|sign: char| !(sign.is_alphanumeric() || "_()".contains(sign)));
    let words = words.filter(|word| WORDS[..COUNT].contains(word) || people.contains(word)).collect();
    let mut claims = Claims { words, at: 0, people };
    let speaker = claims.name()?;
    let claim = claims.claim()?;
    (claims.at == claims.words.len()).then(|| json!([speaker, claim]))
}

impl Claims<'_> {
    fn take(&mut self, word: &str) -> bool {
        let next = self.words.get(self.at) == Some(&word);
        self.at += usize::from(next);
        next
    }

    fn name(&mut self) -> Option<usize> {
        let word = self.words.get(self.at)?;
        let place = self.people.iter().position(|name| name == word)?;
        self.at += 1;
        Some(place + 1)
    }

    fn claim(&mut self) -> Option<Value> {
        if self.take("if") {
            let first = self.part()?;
            return if self.take("then") { self.pair("if", first) } else { None };
        }
        if self.take("not") {
            let part = self.part()?;
            return Some(json!({"not": part}));
        }
        if let Some(pair) = self.alike() {
            return Some(pair);
        }
        let literal = self.words.get(self.at) != Some(&"(");
        let first = self.part()?;
        if self.take("iff") {
            return self.pair("iff", first);
        }
        let Some(word) = ["and", "or"].into_iter().find(|word| self.words.get(self.at) == Some(word)) else {
            return if literal { Some(json!({"is": first})) } else { None };
        };
        let mut parts = vec![first];
        while self.take(word) {
            parts.push(self.part()?);
        }
        Some(json!({word: parts}))
    }

    fn pair(&mut self, word: &str, first: Value) -> Option<Value> {
        let second = self.part()?;
        Some(json!({word: [first, second]}))
    }

    /// Two people who are of the same kind or not; takes nothing if that is not said.
    fn alike(&mut self) -> Option<Value> {
        let begin = self.at;
        let found = self.two();
        if found.is_none() {
            self.at = begin;
        }
        found
    }

    fn two(&mut self) -> Option<Value> {
        let first = self.name()?;
        let word = ["same", "differ"].into_iter().find(|word| self.take(word));
        if word.is_none() && !self.take("and") {
            return None;
        }
        let second = self.name()?;
        let word = match word {
            Some(word) => word,
            None if self.take("same") => "same",
            None if self.take("different") => "differ",
            None => return None,
        };
        Some(json!({word: [first, second]}))
    }

    fn part(&mut self) -> Option<Value> {
        if self.take("(") {
            let claim = self.claim()?;
            return self.take(")").then_some(claim);
        }
        let person = self.name()?;
        let knight = self.take("knight");
        (knight || self.take("knave")).then(|| json!([person, knight]))
    }
}
