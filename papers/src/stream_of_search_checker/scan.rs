//! The parts of the trace grammar as the paper's checker finds them, each in one pass over the text.
//!
//! Conventions of the reference that matter for unusual text: only `\n` ends a line (`\r` is a character like any other); a digit is any decimal
//! digit of Unicode (category Nd, the set that Python's `int` reads); white space at the ends of the whole text is that of Unicode and the four
//! separators U+001C to U+001F.
use super::Raised;
use super::integer::from_digits;
use num_bigint::BigInt;

/// Greatest number of digits that Python reads as a decimal number.
pub(super) const MAX_DIGITS: usize = 4300;

/// The zeros of all runs of ten decimal digits (category Nd) in Unicode 14.
#[rustfmt::skip]
const ZEROS: [u32; 65] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730,
    0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec,
    0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The value of a decimal digit.
pub(super) fn digit_value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let code = c as u32;
    let zero = ZEROS.get(ZEROS.partition_point(|&zero| zero <= code).checked_sub(1)?)?;
    Some(code - zero).filter(|&value| value < 10)
}

fn is_digit(c: char) -> bool {
    digit_value(c).is_some()
}

/// White space, as `str.strip` and `str.isspace` define it.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// The end of the run of characters that starts at `from` and that `keep` accepts.
pub(super) fn run_end(text: &str, from: usize, keep: impl Fn(char) -> bool) -> usize {
    let rest = text.get(from..).unwrap_or("");
    from + rest.find(|c| !keep(c)).unwrap_or(rest.len())
}

/// The start of the run of digits that ends at `to`.
fn digits_start(text: &str, to: usize) -> usize {
    let before = text.get(..to).unwrap_or("");
    before.trim_end_matches(is_digit).len()
}

/// The end of a run of at least one digit at `from`.
fn digits(text: &str, from: usize) -> Option<usize> {
    Some(run_end(text, from, is_digit)).filter(|&end| end > from)
}

/// The end of `word` if it stands at `from`.
fn word(text: &str, from: usize, word: &str) -> Option<usize> {
    text.get(from..)?.starts_with(word).then_some(from + word.len())
}

/// The position after all copies of `unit` at `from`.
fn repeats(text: &str, mut from: usize, unit: &str) -> usize {
    while let Some(end) = word(text, from, unit) {
        from = end;
    }
    from
}

fn find(text: &str, from: usize, word: &str) -> Option<usize> {
    text.get(from..)?.find(word).map(|at| from + at)
}

fn line_end(text: &str, from: usize) -> usize {
    find(text, from, "\n").unwrap_or(text.len())
}

/// The end of `digits operator digits = digits` at `from`.
fn operation_end(text: &str, from: usize) -> Option<usize> {
    let operator = digits(text, from)?;
    text.get(operator..)?.starts_with(['+', '-', '*', '/']).then_some(())?;
    let equals = digits(text, operator + 1)?;
    digits(text, word(text, equals, "=")?)
}

/// `int(text)`: it accepts white space around the number, a sign, any decimal digits, and single underscores between them.
pub(super) fn parse_int(text: &str) -> Result<BigInt, Raised> {
    let body = text.trim();
    let (negative, body) = match body.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, body.strip_prefix('+').unwrap_or(body)),
    };
    let mut count = 0;
    let mut after_digit = false;
    for c in body.chars() {
        let is_digit = is_digit(c);
        if !(is_digit || c == '_' && after_digit) {
            return Err(not_a_number(text));
        }
        count += usize::from(is_digit);
        after_digit = is_digit;
    }
    if !after_digit {
        return Err(not_a_number(text));
    }
    if count > MAX_DIGITS {
        return Err(Raised::value_error(too_many_digits(count)));
    }
    let value = from_digits(body.chars().filter_map(digit_value), 10);
    Ok(if negative { -value } else { value })
}

/// Python's message for a decimal number with too many digits.
pub(super) fn too_many_digits(count: usize) -> String {
    format!(
        "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {count} digits; use \
         sys.set_int_max_str_digits() to increase the limit"
    )
}

fn not_a_number(text: &str) -> Raised {
    let shown: String = quoted(text).chars().take(200).collect();
    Raised::value_error(format!("invalid literal for int() with base 10: {shown}"))
}

/// Whether Python prints a character unchanged, by the tables of Rust's library, which are for a newer Unicode.
pub(super) fn is_printable(c: char) -> bool {
    // Behind another character, `escape_debug` escapes only what cannot be printed, and not what merely combines.
    c == '"' || c == '\'' || c == '\\' || ['x', c].iter().collect::<String>().escape_debug().count() == 2
}

/// A text in quotes, as Python's `repr` writes it.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if is_printable(c) => out.push(c),
            c if (c as u32) < 0x100 => out.push_str(&format!("\\x{:02x}", c as u32)),
            c if (c as u32) < 0x10000 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    out.push(quote);
    out
}

/// The first line of the text, after white space at the text's ends is removed.
pub(super) fn first_line(text: &str) -> &str {
    text.trim_matches(is_space).split('\n').next().unwrap_or("")
}

/// The target of a first line, and the text of its numbers.
#[derive(Debug, PartialEq)]
pub(super) struct Start<'a> {
    pub(super) target: &'a str,
    pub(super) numbers: &'a str,
}

/// Parses `Current State: TARGET:[NUMBERS]` at a position of a line.
fn start_at(line: &str, at: usize) -> Option<Start<'_>> {
    let from = word(line, at, "Current State: ")?;
    let to = digits(line, from)?;
    let open = word(line, to, ":[")?;
    let close = find(line, open, "]")?;
    Some(Start { target: line.get(from..to)?, numbers: line.get(open..close)? })
}

/// The start state at the beginning of a line.
pub(super) fn start_of_line(line: &str) -> Option<Start<'_>> {
    start_at(line, 0)
}

/// The first start state anywhere in a line.
pub(super) fn start_in_line(line: &str) -> Option<Start<'_>> {
    // Without a closing bracket behind it, no position can match.
    let last = line.rfind(']')?;
    line.match_indices("Current State: ").take_while(|&(at, _)| at < last).find_map(|(at, _)| start_at(line, at))
}

/// Start and end of the first claim that the goal was reached.
pub(super) fn goal(text: &str) -> Option<(usize, usize)> {
    text.match_indices(" equal: Goal Reached").find_map(|(at, claim)| {
        let comma = digits_start(text, at);
        let before = text.get(..comma)?.strip_suffix(',')?;
        let start = digits_start(before, before.len());
        (comma < at && start < before.len()).then_some((start, at + claim.len()))
    })
}

/// The last operation that the text says is explored, if any: from its first digit up to its result.
pub(super) fn last_explored(text: &str) -> Option<&str> {
    const OPENING: &str = "Exploring Operation: ";
    const NUMBERS: &str = ", Resulting Numbers: [";
    let mut last = None;
    for line in text.split('\n') {
        let mut at = 0;
        while let Some(from) = find(line, at, OPENING).map(|start| start + OPENING.len()) {
            let result = line.get(from..).and_then(|rest| {
                rest.match_indices(NUMBERS).map(|(place, _)| from + place).find(|&place| {
                    let equals = digits_start(line, place);
                    equals < place && line.get(..equals).is_some_and(|before| before.ends_with('='))
                })
            });
            let Some(to) = result else { break };
            let Some(close) = find(line, to + NUMBERS.len(), "]") else { break };
            last = line.get(from..to);
            at = close + 1;
        }
    }
    last
}

/// The operations that the last state line lists, as they are written there.
pub(super) fn last_operations(text: &str) -> Option<&str> {
    const MIDDLE: &str = "], Operations: [";
    let mut last = None;
    for line in text.split('\n') {
        let mut at = 0;
        while let Some(start) = find(line, at, "Current State: ") {
            at = start + 1;
            let open = word(line, start, "Current State: ").and_then(|from| digits(line, from));
            let Some(open) = open.and_then(|to| word(line, to, ":[")) else { continue };
            let Some(list) = find(line, open, MIDDLE).map(|place| place + MIDDLE.len()) else { break };
            let Some(close) = find(line, list, "]") else { break };
            last = line.get(list..close);
            at = close + 1;
        }
    }
    last
}

/// The runs of digits in a text.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_digit(c)).filter(|run| !run.is_empty())
}

/// The first `digits operator digits = digits` in a text.
pub(super) fn operation(text: &str) -> Option<&str> {
    text.match_indices('=').find_map(|(equals, _)| {
        let second = digits_start(text, equals);
        let before = text.get(..second)?.strip_suffix(['+', '-', '*', '/'])?;
        let first = digits_start(before, before.len());
        let end = digits(text, equals + 1)?;
        (first < before.len() && second < equals).then_some(())?;
        text.get(first..end)
    })
}

/// Whether the first `digits operator digits` in a text divides by the single digit `0`; `None` if a text has none.
pub(super) fn divides_by_zero(text: &str) -> Option<bool> {
    text.match_indices(['+', '-', '*', '/']).find_map(|(at, operator)| {
        let end = digits(text, at + 1)?;
        (digits_start(text, at) < at).then_some(operator == "/" && text.get(at + 1..end) == Some("0"))
    })
}

/// Splits a text of the form `digits operator digits`.
pub(super) fn split_operation(text: &str) -> Option<(&str, char, &str)> {
    let at = text.find(['+', '-', '*', '/'])?;
    Some((text.get(..at)?, text.get(at..)?.chars().next()?, text.get(at + 1..)?))
}

/// An announcement of a node.
#[derive(Debug)]
pub(super) struct Generated<'a> {
    /// The ids below the root: `0,1` of `#0,0,1`. Empty for the root.
    pub(super) id: &'a str,
    pub(super) numbers: &'a str,
    pub(super) operation: &'a str,
}

/// The end of `Node #` and its ids, and the text of the ids after the first.
fn node_id(text: &str, from: usize) -> Option<(usize, &str)> {
    let start = digits(text, word(text, from, "Node #")?)?;
    let mut end = start;
    while let Some(next) = word(text, end, ",").and_then(|comma| digits(text, comma)) {
        end = next;
    }
    Some((end, text.get(start..end)?.trim_start_matches(',')))
}

/// The end of a node's name and of the bracket before its numbers, and the ids.
fn node_head(text: &str, from: usize) -> Option<(usize, &str)> {
    let (end, id) = node_id(text, from)?;
    let at = repeats(text, repeats(text, end, "\n"), " ");
    let at = word(text, repeats(text, at, "Current State"), ": ")?;
    Some((word(text, run_end(text, at, is_digit), ":[")?, id))
}

/// Start and end of the last match of `]`, commas, ` Operation`, letters s and `: ` in a line.
fn last_operation_label(text: &str, from: usize, to: usize) -> Option<(usize, usize)> {
    let line = text.get(from..to)?;
    line.rmatch_indices(" Operation").find_map(|(at, label)| {
        let end = word(line, repeats(line, at + label.len(), "s"), ": ")?;
        let before = line.get(..at)?.trim_end_matches(',').strip_suffix(']')?;
        Some((from + before.len(), from + end))
    })
}

/// All announced nodes that have numbers and an operation.
pub(super) fn generated(text: &str) -> Vec<Generated<'_>> {
    let mut nodes = Vec::new();
    let mut at = 0;
    // The label is searched once for each line, however many announcements begin there.
    let mut label: Option<(usize, Option<(usize, usize)>)> = None;
    while let Some(start) = find(text, at, "Generated Node #") {
        at = start + 1;
        let Some((open, id)) = node_head(text, start + "Generated ".len()) else { continue };
        let known = label.filter(|&(end, _)| open <= end);
        let (end, found) = known.unwrap_or_else(|| {
            let end = line_end(text, open);
            (end, last_operation_label(text, open, end))
        });
        label = Some((end, found));
        let Some((close, operation)) = found.filter(|&(close, _)| close >= open) else { continue };
        if let (Some(numbers), Some(rest)) = (text.get(open..close), text.get(operation..end)) {
            nodes.push(Generated { id, numbers, operation: rest.trim_start_matches('[') });
        }
        at = end;
    }
    nodes
}

/// The end of the last match of `Operation`, letters s, `: ` and an operation of digits in a line.
fn last_written_operation(text: &str, from: usize, to: usize) -> Option<usize> {
    let line = text.get(from..to)?;
    line.rmatch_indices("Operation").find_map(|(at, label)| {
        let operation = word(line, repeats(line, at + label.len(), "s"), ": ")?;
        Some(from + operation_end(line, operation)?)
    })
}

/// The ids of the last node that the text moves to and then explores or generates from, if any.
pub(super) fn last_visited(text: &str) -> Option<&str> {
    let mut last = None;
    let mut at = 0;
    // The next line is searched once for each line.
    let mut written: Option<(usize, Option<usize>)> = None;
    while let Some(start) = find(text, at, "Moving to Node #") {
        at = start + 1;
        let Some((open, id)) = node_head(text, start + "Moving to ".len()) else { continue };
        let known = written.filter(|&(end, _)| open <= end);
        let (end, found) = known.unwrap_or_else(|| {
            let end = line_end(text, open);
            (end, last_written_operation(text, end + 1, line_end(text, end + 1)))
        });
        written = Some((end, found));
        let closed = text.get(open..end).is_some_and(|numbers| numbers.ends_with(']')) && end < text.len();
        let Some(operation) = found.filter(|_| closed) else { continue };
        last = Some(id);
        at = operation;
    }
    last
}

/// A leaf that the text says is no solution.
#[derive(Debug)]
pub(super) struct Failed<'a> {
    pub(super) id: &'a str,
    pub(super) left: &'a str,
    pub(super) operator: char,
    pub(super) right: &'a str,
    pub(super) result: &'a str,
}

/// Parses a failed leaf, from the ids of its node on. Gives its end as well.
fn failed_at(text: &str, from: usize) -> Option<(Failed<'_>, usize)> {
    let (end, id) = node_id(text, from)?;
    let state = word(text, end, "\n")?;
    let operation = word(text, line_end(text, state), "\nExploring Operation: ")?;
    let operation_end = operation_end(text, operation)?;
    let claim = word(text, line_end(text, operation_end), "\n")?;
    let unequal = text.get(claim..line_end(text, claim))?.rfind("unequal: No Solution")?;
    let (sides, result) = text.get(operation..operation_end)?.split_once('=')?;
    let (left, operator, right) = split_operation(sides)?;
    Some((Failed { id, left, operator, right, result }, claim + unequal + "unequal: No Solution".len()))
}

/// All leaves that the text says are no solutions.
pub(super) fn failed(text: &str) -> Vec<Failed<'_>> {
    let mut leaves = Vec::new();
    let mut at = 0;
    while let Some(start) = find(text, at, "Moving to Node #") {
        at = start + 1;
        if let Some((leaf, end)) = failed_at(text, start + "Moving to ".len()) {
            leaves.push(leaf);
            at = end;
        }
    }
    leaves
}
