//! The tokens of an answer: numbers, words and signs, with LaTeX, Markdown and the signs of other scripts brought to one form.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// ASCII digits.
    Number,
    /// Letters, digits and `_`, with a letter or `_` first.
    Word,
    /// A sign, in its plain form: `*` for `×`, `/` for `÷`, `-` for `−`, `→` for `->`, `^` for a power.
    Sign(char),
    /// `\frac`.
    Fraction,
    /// The end of a line.
    Line,
}

/// A token and its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// As it stands in the text.
    pub text: &'a str,
    /// The first byte.
    pub at: usize,
    /// Whether white space, a line end or nothing stands before it.
    pub spaced: bool,
}

impl Token<'_> {
    /// Its bytes in the text.
    pub fn span(&self) -> Range<usize> {
        self.at..self.at + self.text.len()
    }

    /// Whether it is this sign.
    pub fn is(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    /// Whether it is this word, in any case.
    pub fn says(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is one of these words, in any case.
    pub fn says_one(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.says(word))
    }

    /// Its number; none where it is none, or has more than 18 digits.
    pub fn number(&self) -> Option<u64> {
        if self.kind == Kind::Number && self.text.len() <= 18 { self.text.parse().ok() } else { None }
    }
}

/// Commands of LaTeX that stand for a sign.
const SIGNS: [(&str, char); 28] = [
    ("times", '*'),
    ("cdot", '*'),
    ("ast", '*'),
    ("div", '/'),
    ("to", '→'),
    ("rightarrow", '→'),
    ("Rightarrow", '→'),
    ("longrightarrow", '→'),
    ("implies", '→'),
    ("leftarrow", '←'),
    ("uparrow", '↑'),
    ("downarrow", '↓'),
    ("neg", '¬'),
    ("lnot", '¬'),
    ("ne", '≠'),
    ("neq", '≠'),
    ("approx", '≈'),
    ("land", '∧'),
    ("wedge", '∧'),
    ("lor", '∨'),
    ("vee", '∨'),
    ("lbrack", '['),
    ("rbrack", ']'),
    ("sqrt", '√'),
    ("binom", '√'),
    ("pm", '±'),
    ("mod", '%'),
    ("bmod", '%'),
];

/// Commands of LaTeX that change how their text looks, not what it says. The braces behind one are left out with it.
const STYLES: [&str; 12] = [
    "text",
    "boxed",
    "fbox",
    "mathrm",
    "mathbf",
    "mathit",
    "mathsf",
    "mathtt",
    "textbf",
    "textit",
    "texttt",
    "operatorname",
];

/// Commands with an argument that says nothing: `\begin{array}{|c|c|}`.
const ENVIRONMENTS: [&str; 2] = ["begin", "end"];

fn sign_of(letter: char) -> char {
    match letter {
        '×' | '·' | '⋅' | '∙' | '∗' | '✕' | '✖' => '*',
        '÷' | '∕' | '⁄' => '/',
        '−' | '–' | '—' => '-',
        '→' | '⇒' | '⟶' | '➜' | '➔' | '➡' | '⮕' => '→',
        '⬅' => '←',
        '⬆' => '↑',
        '⬇' => '↓',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '│' | '┃' | '║' => '|',
        '─' | '━' | '═' | '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' | '╔' | '╗' | '╚' | '╝' | '╠' | '╣'
        | '╦' | '╩' | '╬' | '┏' | '┓' | '┗' | '┛' | '┣' | '┫' | '┳' | '┻' | '╋' | '╟' | '╢' | '╤' | '╧' | '╪' | '╫' => {
            '─'
        }
        '\u{3000}' | '\u{a0}' => ' ',
        other => other,
    }
}

/// The length of the run of bytes at the front for which `holds`.
fn run(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !holds(letter)).unwrap_or(text.len())
}

fn in_word(letter: char) -> bool {
    letter == '_' || letter.is_ascii_digit() || letter.is_alphabetic()
}

struct Tokens<'a> {
    text: &'a str,
    at: usize,
    spaced: bool,
    /// For each open brace whether it is a token.
    braces: Vec<bool>,
    found: Vec<Token<'a>>,
}

/// The tokens of a text. White space, `$`, backticks, Markdown's bold and the styles of LaTeX are left out; so is the mark of a list at the front of a line: `-`, `*`, `•`,
/// `1.` or `1)`.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Tokens { text, at: 0, spaced: true, braces: Vec::new(), found: Vec::new() };
    tokens.skip_mark();
    while let Some(letter) = text[tokens.at..].chars().next() {
        tokens.next(letter);
    }
    tokens.found
}

impl<'a> Tokens<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn push(&mut self, kind: Kind, len: usize) {
        let text = &self.rest()[..len];
        self.found.push(Token { kind, text, at: self.at, spaced: self.spaced });
        self.at += len;
        self.spaced = false;
    }

    fn skip(&mut self, len: usize) {
        self.at += len;
        self.spaced = true;
    }

    /// Skips the mark of a list at the front of a line.
    fn skip_mark(&mut self) {
        let line = self.rest();
        let rest = line.trim_start_matches([' ', '\t', '>']);
        let behind = rest.strip_prefix(['-', '*', '•', '+']).or_else(|| {
            let digits = run(rest, |letter| letter.is_ascii_digit());
            if (1..=4).contains(&digits) { rest[digits..].strip_prefix(['.', ')']) } else { None }
        });
        if let Some(behind) = behind
            && behind.starts_with([' ', '\t'])
            && !behind.trim_start_matches([' ', '\t']).starts_with(['\n', '\r'])
            && !behind.trim_start_matches([' ', '\t']).is_empty()
        {
            self.skip(line.len() - behind.len());
        }
    }

    fn next(&mut self, letter: char) {
        let rest = self.rest();
        match letter {
            '\n' => {
                self.push(Kind::Line, 1);
                self.spaced = true;
                self.skip_mark();
            }
            '$' => self.skip(1),
            '`' => {
                let ticks = run(rest, |letter| letter == '`');
                // The word behind an opening fence names the language.
                let named = if ticks >= 3 { run(&rest[ticks..], in_word) } else { 0 };
                self.skip(ticks + named);
            }
            '*' if rest.starts_with("**") => self.stars(),
            '\\' => self.command(),
            '{' => {
                self.braces.push(true);
                self.push(Kind::Sign('{'), 1);
            }
            '}' => match self.braces.pop() {
                Some(false) => self.skip(1),
                _ => self.push(Kind::Sign('}'), 1),
            },
            '-' | '=' if rest[1..].trim_start_matches('-').starts_with('>') => {
                let len = run(rest, |letter| letter != '>') + 1;
                self.push(Kind::Sign('→'), len);
            }
            _ if letter.is_ascii_digit() => self.push(Kind::Number, run(rest, |letter| letter.is_ascii_digit())),
            'x' | 'X' if self.is_between_digits() => self.push(Kind::Sign('*'), 1),
            _ if in_word(letter) => self.push(Kind::Word, run(rest, in_word)),
            _ => match sign_of(letter) {
                sign if sign.is_whitespace() || matches!(sign, '\u{fe0f}' | '\u{feff}' | '\u{200b}') => {
                    self.skip(letter.len_utf8());
                }
                sign => self.push(Kind::Sign(sign), letter.len_utf8()),
            },
        }
    }

    /// Whether the next letter stands directly between two digits: `3x5`.
    fn is_between_digits(&self) -> bool {
        let before = !self.spaced && self.found.last().is_some_and(|token| token.kind == Kind::Number);
        before && self.rest().as_bytes().get(1).is_some_and(u8::is_ascii_digit)
    }

    /// Two stars or more: bold of Markdown, or a power.
    fn stars(&mut self) {
        let len = run(self.rest(), |letter| letter == '*');
        let (before, behind) = (self.text[..self.at].chars().next_back(), self.text[self.at + len..].chars().next());
        let ends = |letter: Option<char>, sign: char| letter.is_some_and(|letter| letter == sign || in_word(letter));
        let is_space = |letter: Option<char>| letter.is_none_or(char::is_whitespace);
        let between = before.is_some() && is_space(before) && behind.is_some() && is_space(behind);
        if between || ends(before, ')') && ends(behind, '(') {
            self.push(Kind::Sign('^'), len);
        } else {
            self.skip(len);
        }
    }

    /// A command of LaTeX.
    fn command(&mut self) {
        let rest = &self.rest()[1..];
        let len = run(rest, |letter| letter.is_ascii_alphabetic());
        let name = &rest[..len];
        if let Some((_, sign)) = SIGNS.iter().find(|(known, _)| *known == name) {
            return self.push(Kind::Sign(*sign), 1 + len);
        }
        if ["frac", "dfrac", "tfrac", "cfrac"].contains(&name) {
            return self.push(Kind::Fraction, 1 + len);
        }
        match rest.chars().next() {
            Some('\\') => return self.push(Kind::Line, 2),
            Some(brace @ ('{' | '}')) => return self.push(Kind::Sign(brace), 2),
            Some(other) if len == 0 => return self.skip(1 + other.len_utf8()),
            _ => {}
        }
        self.skip(1 + len);
        if ENVIRONMENTS.contains(&name) {
            while let Some(argument) = self.rest().strip_prefix('{') {
                let Some(end) = argument.bytes().take(64).position(|byte| byte == b'}') else { break };
                self.skip(end + 2);
            }
        } else if STYLES.contains(&name) && self.rest().starts_with('{') {
            self.braces.push(false);
            self.skip(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let sign = |token: &Token<'_>| match token.kind {
            Kind::Sign(sign) => sign.to_string(),
            Kind::Line => "/".into(),
            Kind::Fraction => "frac".into(),
            _ => token.text.to_string(),
        };
        tokens(text).iter().map(sign).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn many_ways_to_write_are_one() {
        for (text, expect) in [
            ("\\left(44 + 19\\right) \\times 3", "( 44 + 19 ) * 3"),
            ("\\boxed{\\frac{6}{2}\\,\\cdot 5}", "frac { 6 } { 2 } * 5"),
            ("**(3 × 5)** − 2 ÷ 1", "( 3 * 5 ) - 2 / 1"),
            ("**Answer:** 2**3 and 2 ** 3", "Answer : 2 ^ 3 and 2 ^ 3"),
            ("A -> B --> C => D → E", "A → B → C → D → E"),
            ("1. up\n2) down\n- left\n* right\n3.", "up / down / left / right / 3 ."),
            ("```python\nx = 3\n```", "/ x = 3 /"),
            ("$3 \\to 4$ \\\\ \\text{no solution}", "3 → 4 / no solution"),
            ("\\begin{array}{|c|c|} 1 & 2 \\\\ \\hline 3 & 4 \\end{array}", "1 & 2 / 3 & 4"),
            ("x1 = true, n_2 é ٣", "x1 = true , n_2 é ٣"),
            ("\\", ""),
        ] {
            assert_eq!(shown(text), expect, "{text:?}");
        }
        assert_eq!(tokens("٣")[0].kind, Kind::Sign('٣'), "a digit of another script is no number");
    }

    proptest::proptest! {
        #[test]
        fn every_token_knows_its_place(text in "([a-z0-9 \n(){}\\\\*`$é→-]|\\\\frac|\\\\text\\{){0,30}") {
            let found = tokens(&text);
            for token in &found {
                proptest::prop_assert_eq!(&text[token.span()], token.text);
            }
            proptest::prop_assert!(found.windows(2).all(|pair| pair[0].span().end <= pair[1].at));
        }
    }
}
