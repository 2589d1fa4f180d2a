//! Answers of word ladders: the words with `->`, commas, lines or spaces between them, in any case, with the first word or without.

use super::list::{Letters, MOST_LETTERS};
use super::{Word, WordLadder};
use crate::answers::steps::{BETWEEN, listed, told, unlabelled, unnumbered};
use crate::answers::{Answers, Kind, Read, Token, Unread};
use crate::environment::{Atoms, Environment};
use crate::text::Style;

/// Words of other lengths that can stand beside those of a ladder.
const BESIDE: [&str; 12] =
    ["word", "words", "ladder", "change", "start", "goal", "end", "reach", "finish", "become", "becomes", "get"];

impl Answers for WordLadder {
    fn read_plain_answer(&self, text: &str, tokens: &[Token<'_>]) -> Read<Word> {
        let said = self.without_talk(&unnumbered(&unlabelled(tokens)));
        let word = |token: &Token<'_>| self.word(token);
        let mut words = match told(&said, &BESIDE, &['-', '>', '/'], word) {
            Ok(words) => words.into_iter().map(|(word, _)| word).collect(),
            // `c o r d`
            Err(unread) => listed(text, tokens, |style, reader| self.read_move(style, reader)).map_err(|_| unread)?,
        };
        if words.first() == Some(&self.start()) {
            words.remove(0);
        }
        if words.is_empty() { Err(Unread::nothing()) } else { Ok(words) }
    }

    fn write_plain_answer(&self, moves: &[Word], out: &mut Vec<u8>) {
        self.write_move(self.start(), Style::Frame, out);
        for word in moves {
            out.extend_from_slice(b" -> ");
            self.write_move(*word, Style::Frame, out);
        }
    }
}

impl WordLadder {
    /// The word of a token, if it has as many letters as those of the ladder.
    fn word(&self, token: &Token<'_>) -> Option<Word> {
        let mut letters: Letters = [0; MOST_LETTERS];
        if token.kind != Kind::Word || token.text.len() != self.letters {
            return None;
        }
        for (place, byte) in letters.iter_mut().zip(token.text.bytes()) {
            *place = byte.to_ascii_lowercase();
        }
        self.list.find(&letters).or_else(|| Word::unlisted(&letters))
    }

    /// The tokens without words such as `then` directly before another word of the ladder: `then card`.
    fn without_talk<'a>(&self, tokens: &[Token<'a>]) -> Vec<Token<'a>> {
        let is_talk = |place: usize| {
            let before = place.checked_sub(1).and_then(|before| tokens.get(before));
            let next = tokens.get(place + 1).is_some_and(|next| self.word(next).is_some());
            let alone = tokens.get(place + 2).is_none_or(|next| self.word(next).is_none());
            tokens[place].says_one(&BETWEEN) && before.is_none_or(|before| self.word(before).is_none()) && next && alone
        };
        (0..tokens.len()).filter(|&place| !is_talk(place)).map(|place| tokens[place].clone()).collect()
    }
}
