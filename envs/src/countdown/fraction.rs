//! Fractions in Countdown.
//!
//! A number is kept in 64 bits, like a whole number: the numerator in the lower half, the denominator less 1 in the upper half, in lowest terms. So a whole
//! number is kept as itself, and equal numbers are equal bits. Both parts are at most [`LARGEST_PART`], so that no sum or product of parts exceeds 64 bits. An
//! operation whose result has a larger part is illegal.
//!
//! As text a fraction is `8/3`, in tokens `8 / 3`. As an operand of a move it has parentheses, since `8/3/5` would be two things: `8/(3/5)=40/3`.

use super::atoms::{SIGNS, signs};
use super::{Combine, Operation, Operations, SCALE};
use crate::prelude::*;
use crate::text::list_signs;

/// Greatest numerator and denominator.
pub const LARGEST_PART: u64 = (1 << 31) - 1;

/// The numerator and the denominator of a number.
pub fn parts(value: u64) -> (u64, u64) {
    (value & u64::from(u32::MAX), (value >> 32) + 1)
}

/// The number with a numerator and a denominator, which is not 0. None if a part in lowest terms is too large.
pub fn of_parts(numerator: u64, denominator: u64) -> Option<u64> {
    let (mut divisor, mut rest) = (numerator, denominator);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let (numerator, denominator) = (numerator / divisor, denominator.checked_div(divisor)?);
    (numerator <= LARGEST_PART && (1..=LARGEST_PART).contains(&denominator))
        .then(|| numerator | (denominator - 1) << 32)
}

/// The result of an operation; none if it is not allowed or a part is too large.
pub fn compute(operation: Operation, left: u64, right: u64) -> Option<u64> {
    let ((a, b), (c, d)) = (parts(left), parts(right));
    match operation {
        Operation::Add => of_parts(a * d + c * b, b * d),
        Operation::Multiply => of_parts(a * c, b * d),
        Operation::Subtract => of_parts((a * d).checked_sub(c * b)?, b * d),
        Operation::Divide if c == 0 => None,
        Operation::Divide => of_parts(a * d, b * c),
    }
}

/// The moves of two numbers, in canonical order: + and * in the given order, larger - smaller, larger / smaller, smaller / larger.
pub(super) fn combinations(a: u64, b: u64, operations: Operations) -> ArrayVec<Combine, 5> {
    let larger_first = compute(Operation::Subtract, a, b).is_some_and(|rest| rest != 0);
    let (large, small) = if larger_first { (a, b) } else { (b, a) };
    let moves = [
        (Operation::Add, a, b),
        (Operation::Multiply, a, b),
        (Operation::Subtract, large, small),
        (Operation::Divide, large, small),
        (Operation::Divide, small, large),
    ];
    let different = if large == small { 4 } else { 5 };
    let made = |(operation, left, right)| {
        let result = operations.compute(operation, left, right)?;
        Some(Combine { left, operation, right, result })
    };
    moves.into_iter().take(different).filter_map(made).collect()
}

/// The distance of a number to a whole number, in parts of [`SCALE`], rounded down.
fn distance(value: u64, whole: u64) -> Cost {
    let (numerator, denominator) = parts(value);
    let distance = u128::from(numerator).abs_diff(u128::from(whole) * u128::from(denominator));
    Cost::try_from(distance * u128::from(SCALE) / u128::from(denominator)).unwrap_or(Cost::MAX)
}

/// The mean distance of the numbers to the target. Each distance is rounded down.
pub(super) fn mean_distance(numbers: &[u64], target: u64) -> Cost {
    let sum = numbers.iter().map(|&number| distance(number, target)).fold(0, Cost::saturating_add);
    sum / (numbers.len() as u64).max(1)
}

/// The distance of a number to the nearest divisor of the target from 2 on, rounded down. Targets 0 and 1 have no such divisor, so it is the distance to them.
pub(super) fn divisor_distance(value: u64, target: u64) -> Cost {
    let (numerator, denominator) = parts(value);
    let below = numerator / denominator;
    if below >= target || target < 2 {
        return distance(value, target);
    }
    let divides = |divisor: &u64| *divisor >= 2 && target.is_multiple_of(*divisor);
    let near = |offset: u64| {
        let ends = [below.checked_sub(offset), Some(below + 1 + offset)];
        ends.into_iter().flatten().filter(divides).map(|divisor| distance(value, divisor)).min()
    };
    // The target is a divisor above, so this ends.
    (0..=target).find_map(near).unwrap_or_else(|| distance(value, target))
}

/// A number near a number: its numerator becomes `near` it, or the number is halved where that does not fit.
pub(super) fn near(value: u64, near: impl FnOnce(u64) -> u64) -> u64 {
    let (numerator, denominator) = parts(value);
    of_parts(near(numerator).min(LARGEST_PART), denominator)
        .filter(|&changed| changed != value)
        .unwrap_or(numerator / 2)
}

/// Writes a number: `8/3`.
pub(super) fn write(value: u64, style: Style, out: &mut Vec<u8>) {
    let (numerator, denominator) = parts(value);
    write_number_in(style, numerator, out);
    if denominator > 1 {
        out.extend_from_slice(bar(style));
        write_number_in(style, denominator, out);
    }
}

fn bar(style: Style) -> &'static [u8] {
    if style == Style::Compact { b" / " } else { b"/" }
}

/// Reads a number. A fraction must be in lowest terms.
pub(super) fn read(style: Style, reader: &mut Reader<'_>) -> Option<u64> {
    let numerator = reader.number_up_to(style, LARGEST_PART)?;
    if reader.take(bar(style)).is_none() {
        return Some(numerator);
    }
    let denominator = reader.number_up_to(style, LARGEST_PART).filter(|&denominator| denominator > 1)?;
    of_parts(numerator, denominator).filter(|&value| parts(value) == (numerator, denominator))
}

pub(super) fn write_list(numbers: &[u64], style: Style, out: &mut Vec<u8>) {
    let [open, between, last, close] = list_signs(style);
    out.extend_from_slice(open);
    for (place, &number) in numbers.iter().enumerate() {
        if place > 0 {
            out.extend_from_slice(if place + 1 == numbers.len() { last } else { between });
        }
        write(number, style, out);
    }
    out.extend_from_slice(close);
}

fn brackets(style: Style) -> [&'static [u8]; 2] {
    if style == Style::Compact { [b"( ", b" )"] } else { [b"(", b")"] }
}

fn write_operand(value: u64, style: Style, out: &mut Vec<u8>) {
    if parts(value).1 == 1 {
        return write(value, style, out);
    }
    let [open, close] = brackets(style);
    out.extend_from_slice(open);
    write(value, style, out);
    out.extend_from_slice(close);
}

fn read_operand(style: Style, reader: &mut Reader<'_>) -> Option<u64> {
    let [open, close] = brackets(style);
    if reader.take(open).is_none() {
        return reader.number_up_to(style, LARGEST_PART);
    }
    let value = read(style, reader).filter(|&value| parts(value).1 > 1)?;
    reader.take(close)?;
    Some(value)
}

pub(super) fn write_move(action: Combine, style: Style, out: &mut Vec<u8>) {
    let [gap, equals] = signs(style);
    write_operand(action.left, style, out);
    out.extend_from_slice(gap);
    out.push(action.operation.sign());
    out.extend_from_slice(gap);
    write_operand(action.right, style, out);
    out.extend_from_slice(equals);
    write(action.result, style, out);
}

pub(super) fn read_move(style: Style, reader: &mut Reader<'_>) -> Option<Combine> {
    let [gap, equals] = signs(style);
    let left = read_operand(style, reader)?;
    reader.take(gap)?;
    let operation = *Operation::ALL.get(reader.one_of(&SIGNS)?)?;
    reader.take(gap)?;
    let right = read_operand(style, reader)?;
    reader.take(equals)?;
    Some(Combine { left, operation, right, result: read(style, reader)? })
}
