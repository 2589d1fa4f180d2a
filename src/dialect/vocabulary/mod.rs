//! Tables of tokens, as files that Hugging Face's `tokenizers` and `AutoTokenizer` load.
//!
//! A table has a version. Within a version the id of a token never changes; new tokens stand at the end. So a model that was trained with a table reads what later
//! releases write.
//!
//! The tables `compact` and `sudoku` have a token for each word that their dialect writes. A word that has none is spelled by its longest parts: its first
//! characters, then `##` and the following ones (the model `WordPiece`). Decoding gives the text back. All other dialects use the table `bytes`.
//!
//! [`Encoder`] gives the same ids as `tokenizers` with such a file, without it.

mod encode;

pub use encode::{Encoder, NoSuchToken};
use serde_json::{Map, Value, json};

/// The tokens of a batch, in the order of their ids: padding, an unknown character, beginning and end of a text.
pub const SPECIAL: [&str; 4] = ["<pad>", "<unk>", "<bos>", "<eos>"];

/// The mark of a token that goes on with a word.
const GOES_ON: &str = "##";

/// A longer word is unknown.
const MOST_CHARACTERS: usize = 10_000;

/// Words of `compact` and of all environments, one a line. Only ever longer.
const COMPACT_WORDS: &str = include_str!("compact.txt");
/// Words of `sudoku`, one a line. Only ever longer.
const SUDOKU_WORDS: &str = include_str!("sudoku.txt");

/// Cells that [`Table::Cells`] takes as one token: columns and rows below this number.
const CELLS: usize = 32;

/// A table of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Words of the dialect `compact`.
    Compact,
    /// The same, with `wall 3 4` and `: 3 4` as one token each: short rows of mazes, for small models.
    Cells,
    /// Words of the dialect `sudoku`.
    Sudoku,
    /// A token for each byte.
    Bytes,
    /// Words of the dialect `compact`; a number is spelled by its digits.
    CompactDigits,
    /// Words of the dialect `sudoku`; a number is spelled by its digits.
    SudokuDigits,
}

/// How a number becomes tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Digits {
    /// A number below 1000 is one token.
    #[default]
    Whole,
    /// Each digit of a number is a token. Names with digits, such as `r1c12`, stay one token.
    Single,
}

impl Table {
    /// All tables.
    pub const ALL: [Table; 6] =
        [Table::Compact, Table::Cells, Table::Sudoku, Table::Bytes, Table::CompactDigits, Table::SudokuDigits];

    /// The table of a dialect. `cells` asks for merged cells, which only `compact` with whole numbers has: none elsewhere.
    pub fn of(dialect: &str, cells: bool, digits: Digits) -> Option<Table> {
        match (dialect, cells, digits) {
            ("compact", false, Digits::Whole) => Some(Table::Compact),
            ("compact", false, Digits::Single) => Some(Table::CompactDigits),
            ("compact", true, Digits::Whole) => Some(Table::Cells),
            ("sudoku", false, Digits::Whole) => Some(Table::Sudoku),
            ("sudoku", false, Digits::Single) => Some(Table::SudokuDigits),
            (_, false, _) => Some(Table::Bytes),
            (_, true, _) => None,
        }
    }

    /// Name and version.
    pub fn name(self) -> &'static str {
        match self {
            Table::Compact => "compact-1",
            Table::Cells => "compact-cells-1",
            Table::Sudoku => "sudoku-1",
            Table::Bytes => "bytes-1",
            Table::CompactDigits => "compact-digits-1",
            Table::SudokuDigits => "sudoku-digits-1",
        }
    }

    /// All tokens. The place of a token is its id.
    pub fn tokens(self) -> Vec<String> {
        let mut tokens: Vec<String> = SPECIAL.iter().map(|token| token.to_string()).collect();
        if self == Table::Bytes {
            tokens.extend((0..=255).map(|byte| letter_of(byte).to_string()));
            return tokens;
        }
        tokens.push("\n".into());
        let signs = || (b'!'..=b'~').map(char::from);
        tokens.extend(signs().map(String::from));
        tokens.extend(signs().map(|sign| format!("{GOES_ON}{sign}")));
        tokens.extend((10..1000).map(|number| number.to_string()));
        if !self.is_sudoku() {
            tokens.extend((0..1000).map(|number| format!("#{number}")));
        }
        if self == Table::Cells {
            for before in ["wall", ":"] {
                tokens.extend((0..CELLS * CELLS).map(|cell| format!("{before} {} {}", cell / CELLS, cell % CELLS)));
            }
        }
        let words = if self.is_sudoku() { SUDOKU_WORDS } else { COMPACT_WORDS };
        tokens.extend(words.lines().map(str::to_string));
        if matches!(self, Table::CompactDigits | Table::SudokuDigits) {
            tokens.retain(|token| !has_long_number(token));
        }
        tokens
    }

    fn is_sudoku(self) -> bool {
        matches!(self, Table::Sudoku | Table::SudokuDigits)
    }

    /// The file `tokenizer.json`.
    pub fn tokenizer(self) -> Value {
        let tokens = self.tokens();
        let special = |(id, token): (usize, &&str)| json!({"id": id, "content": token, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true});
        let added: Vec<Value> = SPECIAL.iter().enumerate().map(special).collect();
        let vocabulary: Map<String, Value> =
            tokens.into_iter().enumerate().map(|(id, token)| (token, id.into())).collect();
        let (before, model, decoder) = match self {
            Table::Bytes => (
                json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}),
                json!({"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false,
                    "byte_fallback": false, "ignore_merges": false, "vocab": vocabulary, "merges": []}),
                json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}),
            ),
            _ => (
                json!({"type": "Split", "pattern": {"Regex": self.pattern()}, "behavior": "Removed", "invert": true}),
                json!({"type": "WordPiece", "unk_token": "<unk>", "continuing_subword_prefix": GOES_ON, "max_input_chars_per_word": MOST_CHARACTERS, "vocab": vocabulary}),
                // Words have a space between them, lines have none around their end.
                json!({"type": "Sequence", "decoders": [
                    {"type": "WordPiece", "prefix": GOES_ON, "cleanup": false},
                    {"type": "Fuse"},
                    {"type": "Replace", "pattern": {"Regex": " ?\n ?"}, "content": "\n"},
                ]}),
            ),
        };
        json!({
            "version": "1.0",
            "truncation": null,
            "padding": null,
            "added_tokens": added,
            "normalizer": null,
            "pre_tokenizer": before,
            "post_processor": null,
            "decoder": decoder,
            "model": model,
        })
    }

    /// What is one piece of a text, before it is looked up.
    fn pattern(self) -> String {
        let word = "\n|[^ \n]+";
        match self {
            Table::Cells => {
                let number = "(?:[0-9]|[12][0-9]|3[01])";
                format!("(?:(?<![^ \n])wall|(?<![^ \n]):) {number} {number}(?![^ \n]| [0-9])|{word}")
            }
            _ => word.into(),
        }
    }

    /// The file `tokenizer_config.json`.
    pub fn config(self) -> Value {
        let [pad, unknown, begin, end] = SPECIAL;
        json!({
            "tokenizer_class": "PreTrainedTokenizerFast",
            "name_or_path": format!("stream-of-search/{}", self.name()),
            "pad_token": pad,
            "unk_token": unknown,
            "bos_token": begin,
            "eos_token": end,
            "clean_up_tokenization_spaces": false,
            "model_max_length": 1_000_000,
        })
    }
}

/// Whether a token is a number of two or more digits, with signs around it or none. A name has a letter.
fn has_long_number(token: &str) -> bool {
    let digits = |pair: &[u8]| pair.iter().all(u8::is_ascii_digit);
    !token.contains(|letter: char| letter.is_ascii_alphabetic()) && token.as_bytes().windows(2).any(digits)
}

/// The letter that stands for a byte in a byte-level table, as GPT-2 has it: printable ones stand for themselves, the others follow from U+0100.
fn letter_of(byte: u8) -> char {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if printable(byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|&other| !printable(other)).count();
    char::from_u32(0x100 + before as u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn tokens_are_distinct_and_fit_two_bytes() {
        for table in Table::ALL {
            let tokens = table.tokens();
            let distinct: HashSet<&String> = tokens.iter().collect();
            let twice: Vec<&String> =
                tokens.iter().filter(|token| tokens.iter().filter(|other| other == token).count() > 1).collect();
            assert_eq!(distinct.len(), tokens.len(), "{table:?}: {twice:?}");
            assert!(tokens.len() < 1 << 16);
        }
    }

    #[test]
    fn every_word_of_every_environment_is_in_the_table() {
        let mut known: HashSet<String> = Table::Compact.tokens().into_iter().collect();
        let mut missing = String::new();
        let own = crate::dialect::compact::WORDS.iter();
        let environments = crate::arena::environments();
        let words =
            environments.iter().flat_map(|family| family.about().shared_words.iter().chain(family.about().words));
        for word in own.chain(words) {
            if known.insert(word.to_string()) {
                missing.push_str(word);
                missing.push('\n');
            }
        }
        assert!(missing.is_empty(), "add these lines at the end of src/dialect/vocabulary/compact.txt:\n{missing}");
    }

    #[test]
    fn ids_do_not_change_within_a_version() {
        let tables = [
            (Table::Compact, 3171, "054a861c1f3c2893"),
            (Table::Cells, 4875, "cc321ed5af42a58e"),
            (Table::Sudoku, 1475, "b3e99ce1c81cbc1e"),
            (Table::Bytes, 260, "d5d96292ad186205"),
            (Table::CompactDigits, 1191, "cbc207a080b33f58"),
            (Table::SudokuDigits, 452, "629c25177e600476"),
        ];
        for (table, count, digest) in tables {
            let first = table.tokens().into_iter().take(count).collect::<Vec<_>>().join(" ");
            assert_eq!(&blake3::hash(first.as_bytes()).to_hex()[..16], digest, "{table:?}");
        }
    }

    #[test]
    fn a_byte_has_a_letter() {
        assert_eq!((letter_of(b' '), letter_of(b'\n'), letter_of(b'a'), letter_of(0xad)), ('Ġ', 'Ċ', 'a', 'Ń'));
    }
}
