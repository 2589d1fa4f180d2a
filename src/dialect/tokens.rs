//! How many tokens a text has.

/// The number of tokens of a text in a dialect. `compact` and `sudoku` have tokens of their own, with spaces between them. For the others it is an estimate of what
/// tokenizers of language models make of such texts: a word, up to three digits, a sign and a line break are a token each.
pub fn tokens(dialect: &str, text: &str) -> usize {
    if ["compact", "sudoku"].contains(&dialect) {
        return text.split_ascii_whitespace().count();
    }
    let (mut count, mut letters, mut digits) = (0, false, 0);
    for byte in text.bytes() {
        let (is_letter, is_digit) = (byte.is_ascii_alphabetic() || !byte.is_ascii(), byte.is_ascii_digit());
        let begins = match byte {
            _ if is_letter => !letters,
            _ if is_digit => digits % 3 == 0,
            b' ' => false,
            _ => true,
        };
        count += usize::from(begins);
        letters = is_letter;
        digits = if is_digit { digits + 1 } else { 0 };
    }
    count
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn tokens_are_those_of_the_dialect_or_an_estimate() {
        assert_eq!(tokens("compact", "start 1 2\n3 + 4 = 7"), 8);
        assert_eq!(
            tokens("prose", "Moving on, 12+1234=1246.\n"),
            "Moving|on|,|12|+|123|4|=|124|6|.|\n".split('|').count()
        );
        assert_eq!(tokens("prose", ""), 0);
    }
}
