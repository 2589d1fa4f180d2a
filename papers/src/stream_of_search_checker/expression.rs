//! Parses a Python expression, as far as the text of an operation may look like one.
//!
//! The rules are those of CPython 3.11's grammar for expressions without `=`: operators, comparisons, `and`, `or`, `not`, `if`, tuples, lists,
//! calls, subscripts and attributes. Where parsing fails, the messages are CPython's. Lambdas, comprehensions, sets and dictionaries, slices,
//! starred arguments, complex numbers, f-strings and string escapes are not supported: the checker gives up on them.
use super::Raised;
use super::token::{Kind, Tokens, tokens};
use num_bigint::BigInt;
use std::collections::HashSet;

/// Greatest depth of nesting, counting brackets and signs. CPython allows more; the checker gives up.
const MAX_DEPTH: usize = 100;
/// Greatest length, about, of a chain of operations that CPython can compile.
const MAX_CHAIN: usize = 2980;

/// An expression.
#[derive(Clone, Debug, Default)]
pub(super) enum Expression {
    Int(BigInt),
    Float(f64),
    Bool(bool),
    #[default]
    None,
    Ellipsis,
    /// A string, and whether it is empty.
    Str(bool),
    Name(String),
    /// `not`
    Not(Box<Expression>),
    /// `-`, `+` or `~`
    Sign(&'static str, Box<Expression>),
    /// Operators applied from left to right.
    Chain(Box<Expression>, Vec<(&'static str, Expression)>),
    Power(Box<Expression>, Box<Expression>),
    Compare(Box<Expression>, Vec<(&'static str, Expression)>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    /// Condition, value if so, value if not.
    If(Box<[Expression; 3]>),
    Tuple(Vec<Expression>),
    List(Vec<Expression>),
    Call(Box<Expression>, Vec<Expression>),
    Index(Box<Expression>, Box<Expression>),
    Attribute(Box<Expression>, String),
}

/// `Ok(None)`: there is no such expression at this place.
type Parsed = Result<Option<Expression>, Raised>;

#[derive(Default)]
struct Parser {
    tokens: Tokens,
    at: usize,
    /// The furthest word that was looked at.
    seen: usize,
    /// The furthest word that was looked at in the first pass. CPython reports a syntax error there.
    furthest: usize,
    depth: usize,
    longest: usize,
    /// Places where no bracketed expression could be read. They are not tried again.
    failed: HashSet<usize>,
    /// Starts of expressions that were searched for known mistakes.
    checked: HashSet<usize>,
    /// Whether this is the second pass, which looks for mistakes that have their own messages.
    explaining: bool,
}

/// Parses a whole expression.
pub(super) fn parse(text: &str) -> Result<Expression, Raised> {
    let tokens = tokens(text);
    if let (true, Some(error)) = (tokens.fatal, &tokens.end)
        && !tokens.list.iter().any(|token| token.kind == Kind::Indent)
    {
        return Err(error.clone());
    }
    let mut parser = Parser { tokens, ..Parser::default() };
    let parsed = parser.whole().and_then(|expression| match expression {
        Some(expression) => Ok(expression),
        None => Err(parser.explain()),
    });
    parsed.map_err(|raised| parser.overruled(raised))
}

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

fn precedence(operator: &str) -> Option<usize> {
    Some(match operator {
        "|" => 0,
        "^" => 1,
        "&" => 2,
        "<<" | ">>" => 3,
        "+" | "-" => 4,
        "*" | "/" | "//" | "%" | "@" => 5,
        _ => return None,
    })
}

impl Parser {
    fn whole(&mut self) -> Parsed {
        let Some(expression) = self.expressions(None)? else { return Ok(None) };
        while self.peek()? == Some(&Kind::Newline) {
            self.at += 1;
        }
        if self.peek()?.is_some() {
            return Ok(None);
        }
        match self.longest > MAX_CHAIN {
            true => Err(Raised::new("RecursionError", "maximum recursion depth exceeded during compilation")),
            false => Ok(Some(expression)),
        }
    }

    /// Parses a wrong expression again, to find the message that CPython gives.
    fn explain(&mut self) -> Raised {
        self.furthest = self.seen;
        (self.at, self.depth, self.explaining) = (0, 0, true);
        self.failed.clear();
        self.whole().err().unwrap_or_else(|| self.invalid())
    }

    /// The exception that CPython raises in place of the parser's. After a syntax error it looks at the rest of the words.
    fn overruled(&self, raised: Raised) -> Raised {
        let line = self.tokens.list.get(self.seen).map_or(0, |token| token.line);
        let open = self.tokens.open_line.is_some_and(|open| line > open);
        match &self.tokens.end {
            Some(error) if raised.kind == "SyntaxError" && self.tokens.fatal => error.clone(),
            Some(error) if raised.message.starts_with("invalid syntax (") && open => error.clone(),
            _ => raised,
        }
    }

    /// The next word. After the last one, the exception of [`Tokens::end`] is raised.
    fn peek(&mut self) -> Result<Option<&Kind>, Raised> {
        self.seen = self.seen.max(self.at);
        match (self.tokens.list.get(self.at), &self.tokens.end) {
            (None, Some(error)) => Err(error.clone()),
            (token, _) => Ok(token.map(|token| &token.kind)),
        }
    }

    fn invalid(&self) -> Raised {
        match self.tokens.list.get(self.furthest) {
            Some(token) if token.kind == Kind::Indent => {
                Raised::located("IndentationError", "unexpected indent", token.line)
            }
            Some(token) => Raised::syntax("invalid syntax", token.line),
            None => Raised::syntax("invalid syntax", self.tokens.last_line),
        }
    }

    fn operator(&mut self) -> Result<Option<&'static str>, Raised> {
        Ok(match self.peek()? {
            Some(Kind::Op(operator)) => Some(operator),
            _ => None,
        })
    }

    fn take_operator(&mut self, operator: &str) -> Result<bool, Raised> {
        let found = self.operator()? == Some(operator);
        self.at += usize::from(found);
        Ok(found)
    }

    fn take_keyword(&mut self, keyword: &str) -> Result<bool, Raised> {
        let found = matches!(self.peek()?, Some(Kind::Name(name)) if name == keyword);
        self.at += usize::from(found);
        Ok(found)
    }

    /// Runs a rule one level deeper; an error beyond [`MAX_DEPTH`].
    fn deeper(&mut self, rule: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MAX_DEPTH {
            return Err(Raised::unsupported());
        }
        self.depth += 1;
        let parsed = rule(self);
        self.depth -= 1;
        parsed
    }

    /// Expressions with commas between them, up to a closing bracket or, outside of brackets, the end of a line. The bracket is not taken.
    fn expressions(&mut self, closing: Option<&str>) -> Parsed {
        if closing.is_some() && matches!(self.operator()?, Some("*" | "**")) {
            return Err(Raised::unsupported());
        }
        let Some(first) = self.expression()? else { return Ok(None) };
        if self.operator()? != Some(",") {
            return Ok(Some(first));
        }
        let mut items = vec![first];
        while self.take_operator(",")? {
            if closing.is_some() && matches!(self.operator()?, Some("*" | "**")) {
                return Err(Raised::unsupported());
            }
            let Some(item) = self.expression()? else { break };
            items.push(item);
        }
        Ok(Some(Expression::Tuple(items)))
    }

    fn expression(&mut self) -> Parsed {
        if self.peek()? == Some(&Kind::Name("lambda".into())) {
            return Err(Raised::unsupported());
        }
        let start = self.at;
        let Some(value) = self.disjunction()? else { return Ok(None) };
        let end = self.at;
        if self.take_keyword("if")? {
            if let Some(condition) = self.disjunction()? {
                if self.take_keyword("else")? {
                    let otherwise = self.deeper(Self::expression)?;
                    if let Some(otherwise) = otherwise {
                        return Ok(Some(Expression::If(Box::new([condition, value, otherwise]))));
                    }
                } else if self.explaining && self.operator()? != Some(":") {
                    let line = self.tokens.list.get(start).map_or(1, |token| token.line);
                    return Err(Raised::syntax("expected 'else' after 'if' expression", line));
                }
            }
            self.at = end;
        }
        if self.explaining && self.checked.insert(start) {
            self.forgotten_comma(start)?;
            self.old_statement(start)?;
        }
        Ok(Some(value))
    }

    /// The name at an index, unless it is a keyword.
    fn name_at(&self, at: usize) -> Option<&str> {
        match self.tokens.list.get(at).map(|token| &token.kind) {
            Some(Kind::Name(name)) if !KEYWORDS.contains(&name.as_str()) => Some(name),
            _ => None,
        }
    }

    /// Two expressions side by side are an error. Inside brackets, CPython suggests a comma.
    fn forgotten_comma(&mut self, start: usize) -> Result<(), Raised> {
        let before_string =
            matches!(self.tokens.list.get(start + 1), Some(token) if matches!(token.kind, Kind::Str(_)));
        if self.name_at(start).is_some_and(|name| before_string || ["match", "case", "_"].contains(&name)) {
            return Ok(());
        }
        let end = self.at;
        if end == start + 1 && self.name_at(start).is_some_and(|name| name == "print" || name == "exec") {
            return Ok(());
        }
        let line = self.tokens.list.get(start).map_or(1, |token| token.line);
        self.explaining = false;
        let other = self.deeper(Self::expression);
        self.explaining = true;
        let last = self.at.checked_sub(1).and_then(|last| self.tokens.list.get(last));
        let inside = last.is_some_and(|token| token.level > 0);
        self.at = end;
        match other?.is_some() && inside {
            true => Err(Raised::syntax("invalid syntax. Perhaps you forgot a comma?", line)),
            false => Ok(()),
        }
    }

    /// For every name, CPython checks whether it is a `print` without brackets. So it parses what follows the name.
    fn old_statement(&mut self, start: usize) -> Result<(), Raised> {
        let Some(name) = self.name_at(start) else { return Ok(()) };
        let is_old = name == "print" || name == "exec";
        let end = self.at;
        self.at = start + 1;
        let is_call = self.operator()? == Some("(");
        let behind = if is_call { None } else { self.deeper(|parser| parser.expressions(None))? };
        let starred = !is_call && self.operator()? == Some("*");
        self.at = end;
        if is_old && (behind.is_some() || starred) { Err(Raised::unsupported()) } else { Ok(()) }
    }

    /// `rule (keyword rule)*`
    fn joined(&mut self, keyword: &str, rule: fn(&mut Self) -> Parsed) -> Result<Option<Vec<Expression>>, Raised> {
        let Some(first) = rule(self)? else { return Ok(None) };
        let mut items = vec![first];
        loop {
            let end = self.at;
            if !self.take_keyword(keyword)? {
                return Ok(Some(items));
            }
            let Some(item) = rule(self)? else {
                self.at = end;
                return Ok(Some(items));
            };
            items.push(item);
        }
    }

    fn disjunction(&mut self) -> Parsed {
        let items = self.joined("or", Self::conjunction)?;
        Ok(items.and_then(|items| single_or(items, Expression::Or)))
    }

    fn conjunction(&mut self) -> Parsed {
        let items = self.joined("and", Self::inversion)?;
        Ok(items.and_then(|items| single_or(items, Expression::And)))
    }

    fn inversion(&mut self) -> Parsed {
        let start = self.at;
        if !self.take_keyword("not")? {
            return self.comparison();
        }
        let Some(value) = self.deeper(Self::inversion)? else {
            self.at = start;
            return Ok(None);
        };
        Ok(Some(Expression::Not(Box::new(value))))
    }

    fn comparator(&mut self) -> Result<Option<&'static str>, Raised> {
        if let Some(operator @ ("<" | ">")) = self.operator()? {
            self.at += 1;
            return Ok(Some(operator));
        }
        if self.take_keyword("in")? {
            return Ok(Some("in"));
        }
        if self.take_keyword("is")? {
            self.take_keyword("not")?;
            return Ok(Some("is"));
        }
        let start = self.at;
        if self.take_keyword("not")? {
            if self.take_keyword("in")? {
                return Ok(Some("in"));
            }
            self.at = start;
        }
        Ok(None)
    }

    fn comparison(&mut self) -> Parsed {
        let Some(first) = self.binary(0)? else { return Ok(None) };
        let mut others = Vec::new();
        loop {
            let end = self.at;
            let Some(comparator) = self.comparator()? else { break };
            let Some(other) = self.binary(0)? else {
                self.at = end;
                break;
            };
            others.push((comparator, other));
        }
        if others.is_empty() {
            return Ok(Some(first));
        }
        Ok(Some(Expression::Compare(Box::new(first), others)))
    }

    fn binary(&mut self, lowest: usize) -> Parsed {
        let Some(first) = self.factor()? else { return Ok(None) };
        let mut others = Vec::new();
        loop {
            let end = self.at;
            let Some(operator) = self.operator()? else { break };
            let Some(level) = precedence(operator).filter(|&level| level >= lowest) else { break };
            self.at += 1;
            let Some(other) = self.binary(level + 1)? else {
                self.at = end;
                break;
            };
            others.push((operator, other));
        }
        self.longest = self.longest.max(others.len());
        if others.is_empty() {
            return Ok(Some(first));
        }
        Ok(Some(Expression::Chain(Box::new(first), others)))
    }

    fn factor(&mut self) -> Parsed {
        let start = self.at;
        if let Some(sign @ ("-" | "+" | "~")) = self.operator()? {
            self.at += 1;
            let Some(value) = self.deeper(Self::factor)? else {
                self.at = start;
                return Ok(None);
            };
            return Ok(Some(Expression::Sign(sign, Box::new(value))));
        }
        let Some(base) = self.primary()? else { return Ok(None) };
        let end = self.at;
        if self.take_operator("**")? {
            if let Some(power) = self.deeper(Self::factor)? {
                return Ok(Some(Expression::Power(Box::new(base), Box::new(power))));
            }
            self.at = end;
        }
        Ok(Some(base))
    }

    fn primary(&mut self) -> Parsed {
        let Some(mut value) = self.atom()? else { return Ok(None) };
        let mut tails = 0;
        loop {
            let end = self.at;
            let tail = match self.operator()? {
                Some("(") => self.brackets(")")?.map(|inside| Expression::Call(Box::default(), items(inside))),
                Some("[") => {
                    let index = self.brackets("]")?.filter(|_| self.at > end + 2);
                    index.map(|index| Expression::Index(Box::default(), Box::new(index)))
                }
                Some(".") => self.attribute()?,
                _ => None,
            };
            tails += 1;
            value = match tail {
                // The checker gives up on long chains of calls, subscripts and attributes.
                Some(_) if tails > MAX_DEPTH => return Err(Raised::unsupported()),
                Some(Expression::Call(_, arguments)) => Expression::Call(Box::new(value), arguments),
                Some(Expression::Index(_, index)) => Expression::Index(Box::new(value), index),
                Some(Expression::Attribute(_, name)) => Expression::Attribute(Box::new(value), name),
                _ => {
                    self.at = end;
                    return Ok(Some(value));
                }
            };
        }
    }

    fn attribute(&mut self) -> Parsed {
        self.at += 1;
        match self.peek()? {
            Some(Kind::Name(name)) if !KEYWORDS.contains(&name.as_str()) => {
                let name = name.clone();
                self.at += 1;
                Ok(Some(Expression::Attribute(Box::default(), name)))
            }
            _ => Ok(None),
        }
    }

    /// The expression between brackets; `Expression::None` if they are empty.
    fn brackets(&mut self, closing: &'static str) -> Parsed {
        let start = self.at;
        if self.failed.contains(&start) {
            return Ok(None);
        }
        self.at += 1;
        if self.take_operator(closing)? {
            return Ok(Some(Expression::None));
        }
        let inside = self.deeper(|parser| parser.expressions(Some(closing)))?;
        let closed = match inside {
            Some(_) => self.take_operator(closing)?,
            None => false,
        };
        if closed {
            return Ok(inside);
        }
        self.refuse_unknown(closing)?;
        self.failed.insert(start);
        self.at = start;
        Ok(None)
    }

    /// Gives up at a comprehension, a slice or a `yield` in brackets.
    fn refuse_unknown(&mut self, closing: &str) -> Result<(), Raised> {
        let unknown = match self.peek()? {
            Some(Kind::Name(name)) => ["for", "async", "yield"].contains(&name.as_str()),
            Some(Kind::Op(":")) => closing == "]",
            _ => false,
        };
        if unknown { Err(Raised::unsupported()) } else { Ok(()) }
    }

    fn atom(&mut self) -> Parsed {
        let start = self.at;
        let Some(kind) = self.peek()?.cloned() else { return Ok(None) };
        if let Some(message) = kind.too_long() {
            let line = self.tokens.list.get(start).map_or(1, |token| token.line);
            return Err(Raised::syntax(message, line));
        }
        let value = match kind {
            Kind::Int(value) => Expression::Int(value),
            Kind::Float(value) => Expression::Float(value),
            Kind::Str(empty) => return self.strings(empty),
            Kind::Name(name) => match name.as_str() {
                "True" => Expression::Bool(true),
                "False" => Expression::Bool(false),
                "None" => Expression::None,
                "await" => return Err(Raised::unsupported()),
                keyword if KEYWORDS.contains(&keyword) => return Ok(None),
                _ => Expression::Name(name),
            },
            Kind::Op("...") => Expression::Ellipsis,
            Kind::Op("{") => return Err(Raised::unsupported()),
            Kind::Op("(") => {
                let inside = self.brackets(")")?;
                return Ok(
                    inside.map(|inside| if self.at == start + 2 { Expression::Tuple(Vec::new()) } else { inside })
                );
            }
            Kind::Op("[") => {
                let inside = self.brackets("]")?;
                let empty = self.at == start + 2;
                return Ok(inside.map(|inside| Expression::List(if empty { Vec::new() } else { items(inside) })));
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(value))
    }

    /// Strings side by side are one string.
    fn strings(&mut self, mut empty: bool) -> Parsed {
        self.at += 1;
        while let Some(Kind::Str(next)) = self.peek()? {
            empty &= *next;
            self.at += 1;
        }
        Ok(Some(Expression::Str(empty)))
    }
}

fn single_or(mut items: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Option<Expression> {
    if items.len() > 1 { Some(join(items)) } else { items.pop() }
}

/// The items between brackets: the items of a tuple, or the one expression.
fn items(inside: Expression) -> Vec<Expression> {
    match inside {
        Expression::Tuple(items) => items,
        other => vec![other],
    }
}
