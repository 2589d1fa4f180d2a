//! Splits an expression into Python's words, with the errors that CPython 3.11 raises for text that cannot be split.
use super::Raised;
use super::integer::{MAX_BITS, from_digits};
use super::scan::{MAX_DIGITS, digit_value, is_printable, too_many_digits};
use num_bigint::BigInt;

/// Greatest depth of nested brackets.
const MAX_BRACKETS: usize = 200;

/// One word of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Int(BigInt),
    /// A decimal number with more digits than Python reads. The parser raises an error when it reaches the word.
    TooLong(usize),
    Float(f64),
    /// A string, and whether it is empty.
    Str(bool),
    Name(String),
    Op(&'static str),
    Newline,
    Indent,
}

/// A word with its line and the number of brackets open around it.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) line: usize,
    pub(super) level: usize,
}

/// All words of an expression.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) list: Vec<Token>,
    /// The exception that the parser raises at the end of the list.
    pub(super) end: Option<Raised>,
    /// Whether `end` is raised wherever the parser stops, except at an indent.
    pub(super) fatal: bool,
    /// The line of the innermost bracket that stays open.
    pub(super) open_line: Option<usize>,
    /// The line where the text ends.
    pub(super) last_line: usize,
}

/// The operators. A longer one stands before those that it begins with. An expression here never contains `=`.
const OPERATORS: [&str; 33] = [
    "...", "**", "//", "<<", ">>", "<>", "->", "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "(", ")",
    "[", "]", "{", "}", ",", ":", ";", ".", "!", "$", "?", "`",
];

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    brackets: Vec<(char, usize)>,
    out: Tokens,
}

/// Splits an expression into words.
pub(super) fn tokens(text: &str) -> Tokens {
    if text.contains('\0') {
        let error = Raised::new("SyntaxError", "source code string cannot contain null bytes");
        return Tokens { end: Some(error), fatal: true, ..Tokens::default() };
    }
    let text = text.trim_start_matches([' ', '\t']);
    let mut reader = Reader { text, at: 0, line: 1, brackets: Vec::new(), out: Tokens::default() };
    reader.start_line();
    reader.read();
    let Reader { line, brackets, mut out, .. } = reader;
    if let (Some((bracket, line)), None) = (brackets.last(), &out.end) {
        out.open_line = Some(*line);
        out.end = Some(Raised::syntax(format!("'{bracket}' was never closed"), *line));
    }
    out.last_line = if text.is_empty() { 0 } else { line - usize::from(text.ends_with(['\r', '\n'])) };
    out
}

fn opening_of(closing: char) -> Option<char> {
    match closing {
        ')' => Some('('),
        ']' => Some('['),
        '}' => Some('{'),
        _ => None,
    }
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn peek_is(&self, is: impl Fn(char) -> bool) -> bool {
        self.peek().is_some_and(is)
    }

    fn take(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) {
        self.at = super::scan::run_end(self.text, self.at, keep);
    }

    fn error(&self, message: impl std::fmt::Display) -> Raised {
        Raised::syntax(message, self.line)
    }

    fn push(&mut self, kind: Kind) {
        self.out.list.push(Token { kind, line: self.line, level: self.brackets.len() });
    }

    /// Reads words up to the end, or up to one that cannot be read.
    fn read(&mut self) {
        while let Some(c) = self.peek() {
            if c == '\\' {
                let error = self.line_continuation();
                (self.out.fatal, self.out.end) = (error == Raised::unsupported(), Some(error));
                return;
            }
            if let Err(error) = self.word(c) {
                (self.out.end, self.out.fatal) = (Some(error), true);
                return;
            }
        }
    }

    fn word(&mut self, c: char) -> Result<(), Raised> {
        match c {
            ' ' | '\t' | '\x0c' => self.take(),
            '\r' | '\n' => self.newline(),
            '#' => self.take_while(|c| c != '\r' && c != '\n'),
            '0'..='9' => return self.number(),
            '.' if self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit()) => return self.number(),
            '"' | '\'' => return self.string(),
            '_' => return self.name(),
            c if c.is_ascii_alphabetic() || !c.is_ascii() => return self.name(),
            _ => return self.operator(c),
        }
        Ok(())
    }

    fn line_continuation(&self) -> Raised {
        match self.rest().as_bytes().get(1) {
            Some(b'\r' | b'\n') => Raised::unsupported(),
            _ => self.error("unexpected character after line continuation character"),
        }
    }

    /// Outside of brackets, a line end is a word, unless the line was empty.
    fn newline(&mut self) {
        let is_empty = matches!(self.out.list.last().map(|token| &token.kind), None | Some(Kind::Newline));
        if self.brackets.is_empty() && !is_empty {
            self.push(Kind::Newline);
        }
        if self.rest().starts_with("\r\n") {
            self.take();
        }
        self.take();
        self.line += 1;
        self.start_line();
    }

    /// White space before the first word of a line is an indent, which no expression may have.
    fn start_line(&mut self) {
        if !self.brackets.is_empty() {
            return;
        }
        let mut column = 0;
        while let Some(c @ (' ' | '\t' | '\x0c')) = self.peek() {
            column = if c == '\x0c' { 0 } else { column + 1 };
            self.take();
        }
        if column > 0 && self.peek().is_none_or(|c| !matches!(c, '#' | '\r' | '\n' | '\\')) {
            self.push(Kind::Indent);
        }
    }

    fn operator(&mut self, c: char) -> Result<(), Raised> {
        let Some(operator) = OPERATORS.into_iter().find(|operator| self.rest().starts_with(operator)) else {
            return Err(self.error(format!("invalid non-printable character U+{:04X}", c as u32)));
        };
        if matches!(c, '(' | '[' | '{') {
            if self.brackets.len() >= MAX_BRACKETS {
                return Err(self.error("too many nested parentheses"));
            }
            self.brackets.push((c, self.line));
        }
        if let Some(wanted) = opening_of(c) {
            self.close(c, wanted)?;
        }
        self.push(Kind::Op(operator));
        self.at += operator.len();
        Ok(())
    }

    fn close(&mut self, closing: char, wanted: char) -> Result<(), Raised> {
        let Some((opening, line)) = self.brackets.pop() else {
            return Err(self.error(format!("unmatched '{closing}'")));
        };
        if opening == wanted {
            return Ok(());
        }
        let place = if line == self.line { String::new() } else { format!(" on line {line}") };
        let message = format!("closing parenthesis '{closing}' does not match opening parenthesis '{opening}'{place}");
        Err(self.error(message))
    }

    fn string(&mut self) -> Result<(), Raised> {
        let quote = self.rest().get(..1).unwrap_or("'").to_owned();
        let triple = quote.repeat(3);
        let (mark, from) = if self.rest().starts_with(&triple) { (triple, 3) } else { (quote, 1) };
        let body = self.rest().get(from..).unwrap_or("");
        let line_end = if from == 1 { body.find(['\r', '\n']).unwrap_or(body.len()) } else { body.len() };
        let body = body.get(..line_end).unwrap_or("");
        // The checker gives up on escapes and on line ends inside a string.
        if body.contains(['\\', '\r', '\n']) {
            return Err(Raised::unsupported());
        }
        let Some(end) = body.find(&mark) else {
            let kind = if from == 3 { "triple-quoted string" } else { "string" };
            return Err(self.error(format!("unterminated {kind} literal (detected at line {})", self.line)));
        };
        self.push(Kind::Str(end == 0));
        self.at += from + end + mark.len();
        Ok(())
    }

    fn name(&mut self) -> Result<(), Raised> {
        let start = self.at;
        let prefix = super::scan::run_end(self.text, start, |c| "bBuUrRfF".contains(c));
        if prefix - start <= 2
            && self.text.get(prefix..).is_some_and(|rest| rest.starts_with(['"', '\'']))
            && prefix > start
        {
            return Err(Raised::unsupported());
        }
        self.take_while(|c| c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii());
        let name = self.text.get(start..self.at).unwrap_or("").to_owned();
        for (at, c) in name.char_indices().filter(|(_, c)| !c.is_ascii()) {
            self.check_letter(c, at == 0)?;
        }
        self.push(Kind::Name(name));
        Ok(())
    }

    /// Checks a letter of a name. The checker gives up on letters that Python would replace by others.
    fn check_letter(&self, c: char, first: bool) -> Result<(), Raised> {
        let plain = matches!(c, '\u{c0}'..='\u{131}' | '\u{134}'..='\u{13e}' | '\u{141}'..='\u{148}'
            | '\u{14a}'..='\u{17e}' | '\u{391}'..='\u{3c9}' | '\u{400}'..='\u{481}' | '\u{4e00}'..='\u{9fff}');
        let is_digit = digit_value(c).is_some();
        if plain && c.is_alphabetic() || is_digit && !first && (c as u32) < 0xff00 {
            return Ok(());
        }
        let combines = is_printable(c) && c.escape_debug().count() > 1;
        let letter = c.is_alphabetic() || combines || matches!(c, '\u{b7}' | '\u{2118}' | '\u{212e}');
        if is_digit && !first || !is_digit && letter {
            return Err(Raised::unsupported());
        }
        let code = c as u32;
        Err(self.error(match is_printable(c) {
            true => format!("invalid character '{c}' (U+{code:04X})"),
            false => format!("invalid non-printable character U+{code:04X}"),
        }))
    }

    fn number(&mut self) -> Result<(), Raised> {
        let start = self.at;
        let second = self.rest().chars().nth(1).map(|c| c.to_ascii_lowercase());
        let (radix, name) = match second {
            Some('x') => (16, "hexadecimal"),
            Some('o') => (8, "octal"),
            Some('b') => (2, "binary"),
            _ => return self.decimal(start),
        };
        if !self.rest().starts_with('0') {
            return self.decimal(start);
        }
        self.at += 2;
        self.radix_digits(radix, name)?;
        self.end_of_number(name)?;
        let digits = self.text.get(start + 2..self.at).unwrap_or("");
        if digits.len() as u64 > MAX_BITS / 4 {
            return Err(Raised::unsupported());
        }
        let value = from_digits(digits.chars().filter_map(|c| c.to_digit(radix)), radix);
        self.push(Kind::Int(value));
        Ok(())
    }

    fn radix_digits(&mut self, radix: u32, name: &str) -> Result<(), Raised> {
        loop {
            if self.peek_is(|c| c == '_') {
                self.take();
            }
            let start = self.at;
            self.take_while(|c| c.is_digit(radix));
            if self.at > start && self.peek_is(|c| c == '_') {
                continue;
            }
            return match self.peek() {
                Some(c) if c.is_ascii_digit() => Err(self.error(format!("invalid digit '{c}' in {name} literal"))),
                _ if self.at == start => Err(self.error(format!("invalid {name} literal"))),
                _ => Ok(()),
            };
        }
    }

    /// Digits with single underscores between them.
    fn decimal_digits(&mut self) -> Result<(), Raised> {
        loop {
            self.take_while(|c| c.is_ascii_digit());
            if !self.peek_is(|c| c == '_') {
                return Ok(());
            }
            self.take();
            if !self.peek_is(|c| c.is_ascii_digit()) {
                return Err(self.error("invalid decimal literal"));
            }
        }
    }

    fn decimal(&mut self, start: usize) -> Result<(), Raised> {
        self.decimal_digits()?;
        let whole_end = self.at;
        let is_fraction = self.peek_is(|c| c == '.');
        if is_fraction {
            self.take();
            if self.peek_is(|c| c.is_ascii_digit()) {
                self.decimal_digits()?;
            }
        }
        let is_power = self.exponent()?;
        if self.peek_is(|c| c == 'j' || c == 'J') {
            self.take();
            self.end_of_number("imaginary")?;
            return Err(Raised::unsupported());
        }
        let text: String = self.text.get(start..self.at).unwrap_or("").replace('_', "");
        if is_fraction || is_power {
            self.end_of_number("decimal")?;
            let value = text.parse().map_err(|_| Raised::unsupported())?;
            self.push(Kind::Float(value));
            return Ok(());
        }
        self.whole(&text, self.text.get(start..whole_end).is_some_and(|word| word.starts_with('0')))
    }

    /// Reads an exponent, if there is one.
    fn exponent(&mut self) -> Result<bool, Raised> {
        if !self.peek_is(|c| c == 'e' || c == 'E') {
            return Ok(false);
        }
        let mut behind = self.rest().chars().skip(1);
        let (sign, digit) = match behind.next() {
            Some('+' | '-') => (true, behind.next()),
            other => (false, other),
        };
        if digit.is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1 + usize::from(sign);
            self.decimal_digits()?;
            return Ok(true);
        }
        if sign {
            return Err(self.error("invalid decimal literal"));
        }
        Ok(false)
    }

    fn whole(&mut self, digits: &str, zero_first: bool) -> Result<(), Raised> {
        let zeros = digits.bytes().all(|digit| digit == b'0');
        if zero_first && !zeros && self.peek_is(|c| c == 'e' || c == 'E') {
            return self.end_of_number("decimal").and(Err(Raised::unsupported()));
        }
        if zero_first && !zeros {
            let message = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal \
                           integers";
            return Err(self.error(message));
        }
        self.end_of_number("decimal")?;
        self.push(match digits.len() {
            _ if zeros => Kind::Int(BigInt::default()),
            count if count > MAX_DIGITS => Kind::TooLong(count),
            _ => Kind::Int(from_digits(digits.chars().filter_map(|c| c.to_digit(10)), 10)),
        });
        Ok(())
    }

    /// Checks the end of a number. A keyword may follow it directly, but no other name.
    fn end_of_number(&self, kind: &str) -> Result<(), Raised> {
        let is_letter = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let ends = |rest: &str| !rest.starts_with(|c| is_letter(c) || !c.is_ascii());
        let keyword = ["if", "in", "is"].iter().any(|keyword| self.rest().starts_with(keyword))
            || ["and", "else", "for", "or", "not"]
                .iter()
                .any(|keyword| self.rest().strip_prefix(keyword).is_some_and(ends));
        if self.peek_is(is_letter) && !keyword {
            return Err(self.error(format!("invalid {kind} literal")));
        }
        Ok(())
    }
}

impl Kind {
    /// The message of the error that this word raises where a value is read, if it raises one.
    pub(super) fn too_long(&self) -> Option<String> {
        match self {
            Kind::TooLong(count) => Some(format!(
                "{} - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
                too_many_digits(*count)
            )),
            _ => None,
        }
    }
}
