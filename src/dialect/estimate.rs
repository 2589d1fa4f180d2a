//! Estimates as text: whole numbers, or fractions in lowest terms.

use sos_envs::text::{write_number, write_number_tokens};
use sos_envs::{Cost, Reader, Style};

use crate::arena::Puzzle;

/// Writes an estimate in units of `1 / ESTIMATE_SCALE` as a whole number or a fraction.
pub fn write_estimate(puzzle: &Puzzle, estimate: Cost, style: Style, out: &mut Vec<u8>) {
    let write = |value, out: &mut Vec<u8>| {
        if style == Style::Compact { write_number_tokens(value, out) } else { write_number(value, out) }
    };
    let scale = puzzle.about().estimate_scale;
    let common = greatest_common_divisor(estimate, scale);
    write(estimate / common, out);
    if scale / common > 1 {
        out.extend_from_slice(if style == Style::Compact { b" / " } else { b"/" });
        write(scale / common, out);
    }
}

/// Reads an estimate. None where there is no number, or where its denominator does not divide the scale.
pub fn read_estimate(puzzle: &Puzzle, style: Style, reader: &mut Reader<'_>) -> Option<Cost> {
    let read = |reader: &mut Reader<'_>| if style == Style::Compact { reader.number_tokens() } else { reader.number() };
    let scale = puzzle.about().estimate_scale;
    let numerator = read(reader)?;
    // Without fractions, a slash is the beginning of what follows, such as a move.
    if scale == 1 {
        return Some(numerator);
    }
    let slash: &[u8] = if style == Style::Compact { b" / " } else { b"/" };
    if reader.take(slash).is_none() {
        return numerator.checked_mul(scale);
    }
    let denominator = read(reader).filter(|&d| d > 0 && scale.is_multiple_of(d))?;
    numerator.checked_mul(scale / denominator)
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}
