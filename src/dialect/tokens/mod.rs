//! How many tokens a text has.

mod model;

use std::path::Path;

use model::Model;

/// In which tokens a text is counted.
#[derive(Default)]
pub enum Tokens {
    /// In those of its dialect, by [`tokens`].
    #[default]
    Dialect,
    /// In those of a tokenizer file.
    File(TokenizerFile),
}

/// A tokenizer of Hugging Face's `tokenizers`: a file `tokenizer.json`.
pub struct TokenizerFile {
    name: String,
    blake3: String,
    model: Model,
}

impl Tokens {
    /// The tokens of a file, which stands in a folder under its name; those of the dialect where there is no name. The error says what was found, and what is allowed.
    pub fn of_file(name: Option<&str>, folder: &Path) -> Result<Tokens, [String; 2]> {
        let Some(name) = name else { return Ok(Tokens::Dialect) };
        let bytes = std::fs::read(folder.join(name)).map_err(|error| {
            let allowed = "a file tokenizer.json, as Hugging Face's tokenizers writes it";
            [format!("\"{name}\" ({error})"), allowed.to_string()]
        })?;
        let model = Model::read(&bytes).map_err(|[problem, allowed]| [format!("\"{name}\" ({problem})"), allowed])?;
        Ok(Tokens::File(TokenizerFile { name: name.into(), blake3: blake3::hash(&bytes).to_string(), model }))
    }

    /// The number of tokens of a text in a dialect. A file adds none of its special tokens.
    pub fn count(&self, dialect: &str, text: &str) -> u64 {
        match self {
            Tokens::Dialect => tokens(dialect, text) as u64,
            Tokens::File(file) => file.model.count(text),
        }
    }

    /// Name of the file, and a checksum of its content; none for the tokens of the dialect.
    pub fn version(&self) -> Option<(&str, &str)> {
        match self {
            Tokens::Dialect => None,
            Tokens::File(file) => Some((&file.name, &file.blake3)),
        }
    }
}

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
