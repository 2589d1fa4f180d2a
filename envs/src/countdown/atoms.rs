//! How Countdown is written and read.

use super::{Combine, Countdown, MAX_NUMBERS, Numbers, Operation, Operations, Rule};
use crate::prompt::{Task, between};
use crate::text::{Reader, Style, write_number, write_number_tokens};
use serde_json::{Value, json};

pub fn write_target(target: u64, style: Style, out: &mut Vec<u8>) {
    if style == Style::Compact { write_number_tokens(target, out) } else { write_number(target, out) }
}

pub fn read_target(style: Style, reader: &mut Reader<'_>) -> Option<u64> {
    if style == Style::Compact { reader.number_tokens() } else { reader.number() }
}

#[inline]
pub fn write_state(state: &Numbers, style: Style, out: &mut Vec<u8>) {
    let numbers = state.as_slice();
    match style {
        Style::Frame => {
            out.push(b'[');
            for (i, &number) in numbers.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                write_number(number, out);
            }
            out.push(b']');
        }
        Style::Compact => {
            for (i, &number) in numbers.iter().enumerate() {
                if i > 0 {
                    out.push(b' ');
                }
                write_number_tokens(number, out);
            }
        }
        Style::Prose => {
            for (i, &number) in numbers.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(if i + 1 == numbers.len() { b" and " } else { b", " });
                }
                write_number(number, out);
            }
        }
    }
}

pub fn read_state(style: Style, reader: &mut Reader<'_>) -> Option<Numbers> {
    let mut list = [0; MAX_NUMBERS];
    let mut len = 0;
    let mut push = |number: u64| {
        *list.get_mut(len)? = number;
        len += 1;
        Some(())
    };
    match style {
        Style::Frame => {
            reader.take(b"[")?;
            loop {
                push(reader.number()?)?;
                if reader.take(b"]").is_some() {
                    break;
                }
                reader.take(b", ")?;
            }
        }
        Style::Compact => {
            push(reader.number_tokens()?)?;
            loop {
                let mut ahead = *reader;
                if ahead.take(b" ").is_none() || !ahead.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                    break;
                }
                push(ahead.number_tokens()?)?;
                *reader = ahead;
            }
        }
        Style::Prose => loop {
            push(reader.number()?)?;
            if reader.take(b" and ").is_some() {
                push(reader.number()?)?;
                break;
            }
            let mut ahead = *reader;
            if ahead.take(b", ").is_none() || !ahead.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                break;
            }
            *reader = ahead;
        },
    }
    Numbers::new(&list[..len])
}

#[inline]
pub fn write_move(action: Combine, style: Style, out: &mut Vec<u8>) {
    match style {
        Style::Frame => {
            write_number(action.left, out);
            out.push(action.operation.sign());
            write_number(action.right, out);
            out.push(b'=');
            write_number(action.result, out);
        }
        Style::Compact => {
            write_number_tokens(action.left, out);
            out.extend_from_slice(&[b' ', action.operation.sign(), b' ']);
            write_number_tokens(action.right, out);
            out.extend_from_slice(b" = ");
            write_number_tokens(action.result, out);
        }
        Style::Prose => {
            write_number(action.left, out);
            out.extend_from_slice(&[b' ', action.operation.sign(), b' ']);
            write_number(action.right, out);
            out.extend_from_slice(b" = ");
            write_number(action.result, out);
        }
    }
}

pub fn read_move(style: Style, reader: &mut Reader<'_>) -> Option<Combine> {
    let gap: &[u8] = if style == Style::Frame { b"" } else { b" " };
    let left = read_target(style, reader)?;
    reader.take(gap)?;
    let operation = Operation::of_sign(reader.peek()?)?;
    reader.take(&[operation.sign()])?;
    reader.take(gap)?;
    let right = read_target(style, reader)?;
    reader.take(gap)?;
    reader.take(b"=")?;
    reader.take(gap)?;
    let result = read_target(style, reader)?;
    Some(Combine { left, operation, right, result })
}

/// What a puzzle has that the paper's have not: fewer operations, the rule that not all numbers need be used. In prose the rules, always.
///
/// Frame: `Operations: +-, rule: any`. Compact: `operations + - any`.
pub fn write_header(puzzle: &Countdown, style: Style, out: &mut Vec<u8>) {
    let signs = puzzle.operations.signs();
    let any = puzzle.rule == Rule::Any;
    let spaced: Vec<String> = signs.chars().map(String::from).collect();
    let header = match style {
        Style::Prose => format!(
            "Two numbers at a time become one, by {}: the greater less the lesser, and division without a rest. {}",
            spaced.join(" "),
            if any { "Not all numbers need be used." } else { "All numbers must be used." }
        ),
        _ => {
            let (head, between, rule) =
                if style == Style::Frame { ("Operations: ", "", "rule: any") } else { ("operations ", " ", "any") };
            let some = (puzzle.operations != Operations::ALL).then(|| format!("{head}{}", spaced.join(between)));
            let parts: Vec<String> = some.into_iter().chain(any.then(|| rule.to_string())).collect();
            parts.join(if style == Style::Frame { ", " } else { " " })
        }
    };
    out.extend_from_slice(header.as_bytes());
}

/// The puzzle of a prompt.
pub fn read_task(task: &Task<'_>) -> Option<Value> {
    let target = *task.target_numbers()?.first()?;
    let mut value = json!({"numbers": task.start_numbers()?, "target": target});
    let signs = match task.style {
        Style::Prose => between(task.header, ", by ", ":"),
        Style::Frame => between(task.header, "Operations: ", "").map(|rest| rest.trim_end_matches(", rule: any")),
        Style::Compact => between(task.header, "operations ", "").map(|rest| rest.trim_end_matches(" any")),
    };
    if let Some(signs) = signs {
        value["operations"] = signs.replace(' ', "").into();
    }
    let any = if task.style == Style::Prose {
        task.header.ends_with("Not all numbers need be used.")
    } else {
        task.header.ends_with("any")
    };
    if any {
        value["rule"] = "any".into();
    }
    Some(value)
}
