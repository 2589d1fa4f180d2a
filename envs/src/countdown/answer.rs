//! Answers of Countdown: expressions and steps.
//!
//! A text is a list of statements: `(44 + 19) + 35`, `3 * 5 = 15`. Each adds the operations of its expression to the answer, in the order in which they are
//! worked out. So one expression over all numbers and a list of steps are read alike. What stands behind `=` must be the value.

use super::{Combine, Countdown, Operation, Operations, fraction};
use crate::answers::steps::unlabelled;
use crate::answers::{Answers, Kind, Problem, Read, Token, Unread, span};
use crate::environment::{Atoms, Environment};
use crate::text::{Style, write_number};

/// Greatest depth of brackets.
const DEEPEST: usize = 64;

/// Greatest number of operations that are read.
const MOST: usize = 256;

/// Words of programs, which are no answers, and words by which an expression is not given as the answer.
const REFUSED: [&str; 10] =
    ["def", "import", "lambda", "return", "eval", "not", "never", "wrong", "incorrect", "invalid"];

impl Answers for Countdown {
    fn read_plain_answer(&self, _text: &str, tokens: &[Token<'_>]) -> Read<Combine> {
        let tokens = joined(unlabelled(tokens));
        refuse(&tokens)?;
        let mut answers: Vec<Vec<Combine>> = vec![Vec::new()];
        let mut pool = self.numbers().to_vec();
        let (mut numbers, mut count) = (Vec::new(), 0);
        for statement in tokens.split(|token| !is_inside(token)) {
            let moves = read_statement(statement, self.operations)?;
            if let ([number], true) = (statement, moves.is_empty()) {
                numbers.push(number.number());
            }
            count += moves.len();
            if count > MOST {
                return Err(Unread { problem: Problem::Malformed, span: span(statement) });
            }
            // A statement goes on from the numbers that are left. One that takes the first numbers anew tells the answer again, or another one.
            let mut anew = self.numbers().to_vec();
            let rest = if self.operations.fractions { beside_fractions(&pool, &moves) } else { moves.clone() };
            let moves = if play(&mut pool, &rest) {
                rest
            } else {
                if !play(&mut pool, &moves) && play(&mut anew, &moves) {
                    pool = anew;
                    answers.push(Vec::new());
                }
                moves
            };
            if let Some(answer) = answers.last_mut() {
                answer.extend(moves);
            }
        }
        let longest = answers.iter().max_by_key(|answer| answer.len()).cloned().unwrap_or_default();
        let whole = sorted(&longest);
        if answers.iter().any(|answer| !is_part(&sorted(answer), &whole)) {
            return Err(Unread::ambiguous(&tokens));
        }
        // Where nothing has to be done, the target alone is an answer.
        let is_done = self.is_goal(&self.start()) && numbers == [Some(self.target)];
        if longest.is_empty() && !is_done { Err(Unread::nothing()) } else { Ok(longest) }
    }

    /// Writes one expression, or a list of the moves where they do not make one.
    fn write_plain_answer(&self, moves: &[Combine], out: &mut Vec<u8>) {
        match expression(self.numbers(), moves) {
            Some(expression) => out.extend_from_slice(expression.as_bytes()),
            None if moves.is_empty() => write_number(self.target, out),
            None => {
                for (place, action) in moves.iter().enumerate() {
                    out.extend_from_slice(if place > 0 { b", " } else { b"" });
                    self.write_move(*action, Style::Frame, out);
                }
            }
        }
    }
}

/// The moves as one expression; none where there is no move, or one does not use what is there.
fn expression(numbers: &[u64], moves: &[Combine]) -> Option<String> {
    let mut pool: Vec<(u64, String)> = numbers.iter().map(|number| (*number, number.to_string())).collect();
    let mut last = None;
    for action in moves {
        let mut take = |value: u64| {
            let place = pool.iter().rposition(|(known, _)| *known == value)?;
            let (_, text) = pool.remove(place);
            Some(if text.contains(' ') { format!("({text})") } else { text })
        };
        let (left, right) = (take(action.left)?, take(action.right)?);
        let text = format!("{left} {} {right}", action.operation.sign() as char);
        pool.push((action.result, text.clone()));
        last = Some(text);
    }
    // Under the rule that all numbers count, nothing may be left beside the expression.
    last.filter(|_| pool.iter().filter(|(_, text)| text.contains(' ')).count() == 1)
}

/// The tokens without line ends and `&` before `=`, so that a calculation over several lines is one statement.
fn joined(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let mut goes: Vec<bool> = Vec::with_capacity(tokens.len());
    // From the end, so that a run of line ends is passed once.
    let mut before_equals = false;
    for token in tokens.iter().rev() {
        if !(token.kind == Kind::Line || token.is('&')) {
            before_equals = token.is('=');
        }
        goes.push(before_equals);
    }
    goes.reverse();
    let kept = tokens.into_iter().zip(goes);
    kept.filter(|(token, before)| !(*before && (token.kind == Kind::Line || token.is('&'))))
        .map(|(token, _)| token)
        .collect()
}

fn refuse(tokens: &[Token<'_>]) -> Result<(), Unread> {
    let calls =
        |pair: &[Token<'_>]| pair[0].kind == Kind::Word && (pair[1].is('(') || pair[1].is('[')) && !pair[1].spaced;
    let call = tokens.windows(2).find(|pair| calls(pair) && !is_times(&pair[0])).map(|pair| &pair[0]);
    match call.or_else(|| tokens.iter().find(|token| token.says_one(&REFUSED))) {
        Some(token) => Err(Unread::at(token)),
        None => Ok(()),
    }
}

fn is_times(token: &Token<'_>) -> bool {
    token.says("x")
}

/// Whether a token can be part of a statement. Other tokens stand between statements.
fn is_inside(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Number | Kind::Fraction => true,
        Kind::Sign('.') => !token.spaced,
        Kind::Sign(sign) => matches!(sign, '+' | '-' | '*' | '/' | '(' | ')' | '{' | '}' | '=' | '^' | '√' | '±' | '%'),
        Kind::Word => is_times(token),
        Kind::Line => false,
    }
}

/// The operations of a statement, in the order in which they are worked out; empty for numbers and signs that calculate nothing.
fn read_statement(statement: &[Token<'_>], operations: Operations) -> Read<Combine> {
    // Signs at the ends belong to the words around the statement.
    let ends = |sign: &Token<'_>, signs: &[char]| signs.iter().any(|end| sign.is(*end));
    let first = statement.iter().position(|token| !ends(token, &[')', '}', '=', '.'])).unwrap_or(statement.len());
    let last = statement.iter().rposition(|token| !ends(token, &['(', '{', '=', '.'])).map_or(0, |last| last + 1);
    let Some(statement) = statement.get(first..last) else { return Ok(Vec::new()) };
    let numbers = statement.iter().filter(|token| token.kind == Kind::Number).count();
    let calculates = |token: &Token<'_>| {
        let signs = ['+', '-', '*', '/', '^', '√', '±', '%', '.'];
        token.kind == Kind::Fraction || is_times(token) || signs.iter().any(|sign| token.is(*sign))
    };
    if numbers == 0 || !statement.iter().any(calculates) {
        return Ok(Vec::new());
    }
    let mut sides: Vec<&[Token<'_>]> = statement.split(|token| token.is('=')).collect();
    // Brackets around a whole equation: `(3 * 5 = 15)`.
    if let [first, .., last] = sides.as_mut_slice() {
        let depth = |side: &[Token<'_>]| {
            side.iter().filter(|token| token.is('(')).count() as i64
                - side.iter().filter(|token| token.is(')')).count() as i64
        };
        *first = first.get(depth(first).clamp(0, leading(first)) as usize..).unwrap_or(first);
        *last = last.get(..last.len() - (-depth(last)).clamp(0, trailing(last)) as usize).unwrap_or(last);
    }
    let mut read = Vec::new();
    for side in sides {
        let mut moves = Vec::new();
        let value = Expression::read(side, statement, operations, &mut moves)?;
        read.push((value, moves));
    }
    let value = read.first().map(|(value, _)| *value);
    let differs = read.iter().map(|(value, _)| *value).find(|other| Some(*other) != value);
    let mut moves = read.into_iter().map(|(_, moves)| moves).find(|moves| !moves.is_empty()).unwrap_or_default();
    if let (Some(claimed), Some(last)) = (differs, moves.last_mut()) {
        // The claim is wrong, on whichever side it stands, and makes the move wrong.
        last.result = if last.result == claimed { value.unwrap_or(claimed) } else { claimed };
    }
    Ok(moves)
}

fn leading(side: &[Token<'_>]) -> i64 {
    side.iter().take_while(|token| token.is('(')).count() as i64
}

fn trailing(side: &[Token<'_>]) -> i64 {
    side.iter().rev().take_while(|token| token.is(')')).count() as i64
}

/// What closes a bracket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Close {
    Round,
    Brace,
    Numerator,
    Denominator(u64),
}

/// A level of brackets: the terms of a sum, and the factors of its last term. Each has whether it is subtracted, or divides.
struct Level {
    close: Option<Close>,
    terms: Vec<(bool, u64)>,
    factors: Vec<(bool, u64)>,
    subtracts: bool,
    divides: bool,
}

impl Level {
    fn new(close: Option<Close>) -> Self {
        Level { close, terms: Vec::new(), factors: Vec::new(), subtracts: false, divides: false }
    }
}

/// The reader of an expression. It works out each part as soon as it ends.
struct Expression<'a, 'b> {
    levels: Vec<Level>,
    operations: Operations,
    statement: &'b [Token<'a>],
    moves: &'b mut Vec<Combine>,
}

impl<'a, 'b> Expression<'a, 'b> {
    /// The value of an expression. Appends its operations.
    fn read(
        tokens: &[Token<'a>],
        statement: &'b [Token<'a>],
        operations: Operations,
        moves: &'b mut Vec<Combine>,
    ) -> Result<u64, Unread> {
        let mut expression = Expression { levels: vec![Level::new(None)], operations, statement, moves };
        let mut wants_operand = true;
        let mut at = 0;
        let end = || Unread { problem: Problem::Malformed, span: span(statement) };
        while let Some(token) = tokens.get(at) {
            at += 1;
            let brace_next = tokens.get(at).is_some_and(|next| next.is('{'));
            wants_operand = match (wants_operand, token.kind) {
                (true, Kind::Number) => {
                    let plain = token.text.len() == 1 || !token.text.starts_with('0');
                    // A greater number would be the bits of a fraction.
                    let fits = |number: &u64| plain && (!operations.fractions || *number <= fraction::LARGEST_PART);
                    expression.operand(token.number().filter(fits).ok_or_else(|| Unread::at(token))?, token)?;
                    false
                }
                (true, Kind::Sign('(')) => expression.open(Close::Round, token)?,
                (true, Kind::Sign('{')) => expression.open(Close::Brace, token)?,
                (true, Kind::Fraction) if brace_next => {
                    at += 1;
                    expression.open(Close::Numerator, token)?
                }
                (false, Kind::Sign(sign @ ('+' | '-'))) => expression.sign(sign, token)?,
                (false, Kind::Sign(sign @ ('*' | '/'))) => expression.sign(sign, token)?,
                (false, Kind::Word) => expression.sign('*', token)?,
                (false, Kind::Sign(sign @ (')' | '}'))) => {
                    let divides = expression.close(sign, brace_next, token)?;
                    at += usize::from(divides);
                    divides
                }
                _ => return Err(Unread::at(token)),
            };
        }
        match (expression.levels.len(), wants_operand) {
            (1, false) => expression.value(),
            _ => Err(end()),
        }
    }

    fn level(&mut self, token: &Token<'_>) -> Result<&mut Level, Unread> {
        self.levels.last_mut().ok_or_else(|| Unread::at(token))
    }

    fn operand(&mut self, value: u64, token: &Token<'_>) -> Result<(), Unread> {
        let level = self.level(token)?;
        level.factors.push((level.divides, value));
        Ok(())
    }

    fn open(&mut self, close: Close, token: &Token<'_>) -> Result<bool, Unread> {
        if self.levels.len() > DEEPEST {
            return Err(Unread::at(token));
        }
        self.levels.push(Level::new(Some(close)));
        Ok(true)
    }

    fn sign(&mut self, sign: char, token: &Token<'_>) -> Result<bool, Unread> {
        match sign {
            '+' | '-' => {
                self.end_term()?;
                self.level(token)?.subtracts = sign == '-';
            }
            _ => self.level(token)?.divides = sign == '/',
        }
        Ok(true)
    }

    /// Closes a level. Returns whether the numerator of a fraction ended, so that its denominator begins.
    fn close(&mut self, sign: char, brace_next: bool, token: &Token<'_>) -> Result<bool, Unread> {
        let value = self.value()?;
        let close = self.levels.pop().and_then(|level| level.close);
        match (close, sign) {
            (Some(Close::Round), ')') | (Some(Close::Brace), '}') => self.operand(value, token)?,
            (Some(Close::Numerator), '}') if brace_next => return self.open(Close::Denominator(value), token),
            (Some(Close::Denominator(above)), '}') => {
                let value =
                    self.reduce(vec![(false, above), (true, value)], [Operation::Multiply, Operation::Divide])?;
                self.operand(value, token)?;
            }
            _ => return Err(Unread::at(token)),
        }
        Ok(false)
    }

    /// Works out the factors of the last term.
    fn end_term(&mut self) -> Result<(), Unread> {
        let Some(level) = self.levels.last_mut() else { return Ok(()) };
        let (factors, subtracts) = (std::mem::take(&mut level.factors), level.subtracts);
        level.divides = false;
        let value = self.reduce(factors, [Operation::Multiply, Operation::Divide])?;
        if let Some(level) = self.levels.last_mut() {
            level.terms.push((subtracts, value));
        }
        Ok(())
    }

    /// The value of the last level.
    fn value(&mut self) -> Result<u64, Unread> {
        self.end_term()?;
        let terms = self.levels.last_mut().map(|level| std::mem::take(&mut level.terms)).unwrap_or_default();
        self.reduce(terms, [Operation::Add, Operation::Subtract])
    }

    /// Works out a sum or a product from left to right. Where this is not allowed on the way (`3 - 5 + 7`), what is subtracted or divides comes last.
    fn reduce(&mut self, mut parts: Vec<(bool, u64)>, operations: [Operation; 2]) -> Result<u64, Unread> {
        let begin = self.moves.len();
        for again in [false, true] {
            self.moves.truncate(begin);
            if again {
                parts.sort_by_key(|(inverse, _)| *inverse);
            }
            let mut all = parts.iter();
            let Some((_, first)) = all.next() else { break };
            let mut value = Ok(*first);
            for &(inverse, right) in all {
                let Ok(left) = value else { break };
                let operation = operations[usize::from(inverse)];
                value = self.operations.result(operation, left, right).ok_or((left, operation, right));
                if let Ok(result) = value {
                    self.moves.push(Combine { left, operation, right, result });
                }
            }
            match value {
                Ok(value) => return Ok(value),
                Err((left, operation, right)) if again => {
                    let why = match operation {
                        Operation::Subtract => "is less than 0",
                        Operation::Divide if !self.operations.fractions => "is no whole number",
                        Operation::Divide => "cannot be divided",
                        _ => "is too large",
                    };
                    let shown = |value: u64| match fraction::parts(value) {
                        (above, below) if self.operations.fractions && below > 1 => format!("({above}/{below})"),
                        _ => value.to_string(),
                    };
                    let why = format!("{} {} {} {why}", shown(left), operation.sign() as char, shown(right));
                    return Err(Unread::wrong(self.statement, why));
                }
                Err(_) => {}
            }
        }
        Err(Unread { problem: Problem::Malformed, span: span(self.statement) })
    }
}

/// The moves without the divisions that only name a fraction which is among the numbers: `8/3` in `3 - 8/3 = 1/3`.
fn beside_fractions(pool: &[u64], moves: &[Combine]) -> Vec<Combine> {
    let mut named = pool.to_vec();
    let mut rest = Vec::with_capacity(moves.len());
    for action in moves {
        let is_fraction = action.operation == Operation::Divide && fraction::parts(action.result).1 > 1;
        match named.iter().position(|number| is_fraction && *number == action.result) {
            Some(place) => drop(named.remove(place)),
            None => rest.push(*action),
        }
    }
    rest
}

/// Takes the moves from the numbers that are left. Where one is not possible, nothing is taken.
fn play(pool: &mut Vec<u64>, moves: &[Combine]) -> bool {
    let mut left = pool.clone();
    for action in moves {
        for operand in [action.left, action.right] {
            let Some(place) = left.iter().position(|number| *number == operand) else { return false };
            left.remove(place);
        }
        left.push(action.result);
    }
    *pool = left;
    true
}

/// The operations in a fixed order, with the lesser operand first where the order says nothing.
fn sorted(moves: &[Combine]) -> Vec<(Operation, u64, u64)> {
    let plain = |action: &Combine| {
        let Combine { left, operation, right, .. } = *action;
        let turns = matches!(operation, Operation::Add | Operation::Multiply) && left > right;
        if turns { (operation, right, left) } else { (operation, left, right) }
    };
    let mut all: Vec<_> = moves.iter().map(plain).collect();
    all.sort_unstable();
    all
}

/// Whether all of a sorted list is in another.
fn is_part<T: PartialEq>(part: &[T], whole: &[T]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|wanted| rest.any(|found| found == wanted))
}
