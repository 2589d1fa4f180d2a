//! Puzzles in the formats that people have them in: sudoku lines, Sokoban levels, DIMACS files and others.
//!
//! A reader takes a whole text apart into entries. An entry is a puzzle as JSON or a message, and has its place in the text. What an entry is worth is then
//! said in one place: the environment reads the JSON, so that a puzzle that it refuses is an entry with a message, too. A bad entry never ends a file.
//!
//! A new format is one file here and one line in [`FORMATS`].

mod countdown;
mod dimacs;
mod graph;
mod maze;
mod rush_hour;
mod sudoku;
mod tiles;
mod xsb;

use serde_json::{Map, Value};

use crate::arena;

/// A format in the registry.
pub struct Format {
    /// Its name in `sos import`.
    pub name: &'static str,
    /// The environment of its puzzles.
    pub env: &'static str,
    /// One line of help.
    pub help: &'static str,
    read: fn(&str, &mut dyn FnMut(Entry)),
}

/// The registry: one line a format.
pub const FORMATS: &[Format] = &[
    Format {
        name: "countdown",
        env: "countdown",
        help: "JSON objects or CSV rows with numbers (or nums) and target; lists of numbers alone make 24",
        read: countdown::read,
    },
    Format { name: "dimacs", env: "k-sat", help: "CNF with comments and the tail of SATLIB", read: dimacs::read },
    Format {
        name: "graph",
        env: "graph",
        help: "lines of the path-star task, JSON of ProsQA, questions of NLGraph, lists of edges with a start and a goal",
        read: graph::read,
    },
    Format {
        name: "maze",
        env: "maze",
        help: "drawings with # for walls, S for the start and G or E for the goal",
        read: maze::read,
    },
    Format {
        name: "rush-hour",
        env: "rush-hour",
        help: "boards of 36 characters, row by row: letters for cars, o or . for free squares",
        read: rush_hour::read,
    },
    Format {
        name: "sudoku",
        env: "sudoku",
        help: "lines of 16, 36 or 81 characters with . 0 _ or * for open cells, or boards drawn over several lines",
        read: sudoku::read,
    },
    Format {
        name: "tiles",
        env: "sliding-tiles",
        help: "lines of 4 to 16 numbers, 0 for the blank",
        read: tiles::read,
    },
    Format {
        name: "xsb",
        env: "sokoban",
        help: "Sokoban levels with # @ + $ * . - _, drawn or in runs (4#|#@$.#)",
        read: xsb::read,
    },
];

/// The format with a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// A place in a text, both from 1 on. The column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// What a reader found in one place: a puzzle as JSON, or what is wrong.
struct Entry {
    place: Place,
    puzzle: Result<Value, String>,
    /// What the text says of the puzzle: a title, the number of moves.
    more: Map<String, Value>,
}

impl Entry {
    fn of(line: usize, puzzle: Value) -> Self {
        Entry { place: Place { line, column: 1 }, puzzle: Ok(puzzle), more: Map::new() }
    }

    fn wrong(line: usize, column: usize, found: &str, allowed: &str) -> Self {
        let found: String = found.chars().take(40).collect();
        Entry {
            place: Place { line, column },
            puzzle: Err(format!("found {found:?}; allowed: {allowed}")),
            more: Map::new(),
        }
    }

    /// With something that the text says of the puzzle; nothing where it says nothing.
    fn with(mut self, name: &str, value: &str) -> Self {
        let value = value.trim();
        if !value.is_empty() {
            self.more.insert(name.into(), value.parse::<u64>().map_or_else(|_| value.into(), Value::from));
        }
        self
    }
}

/// Lines that wait for the puzzle that they are the title of.
#[derive(Default)]
struct Title {
    line: usize,
    text: String,
}

impl Title {
    fn add(&mut self, line: usize, text: &str) {
        if self.text.is_empty() {
            self.line = line;
        } else {
            self.text.push_str("; ");
        }
        self.text.push_str(text);
    }

    fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// What is left at the end of a file is the title of nothing.
    fn left(self, allowed: &str, out: &mut dyn FnMut(Entry)) {
        if !self.text.is_empty() {
            out(Entry::wrong(self.line, 1, &self.text, allowed));
        }
    }
}

/// A puzzle of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The id of the puzzle.
    pub id: String,
    /// The puzzle, as its environment writes it.
    pub puzzle: Value,
    /// What the text says of it.
    pub more: Map<String, Value>,
}

impl Format {
    /// Gives each puzzle of a text, and each message about what is none, in their order.
    pub fn read(&self, text: &str, each: &mut dyn FnMut(Place, Result<Imported, String>)) {
        (self.read)(text.strip_prefix('\u{feff}').unwrap_or(text), &mut |entry| {
            each(entry.place, self.imported(entry))
        });
    }

    fn imported(&self, entry: Entry) -> Result<Imported, String> {
        let family = arena::environment(self.env).ok_or_else(|| format!("there is no environment {}", self.env))?;
        let puzzle = family.read_json(&entry.puzzle?).map_err(|error| {
            // The example behind a message is JSON, which the file is not.
            let message = error.to_string();
            let message = message.split("; a puzzle is ").next().unwrap_or_default();
            message.trim_start_matches("puzzle: ").to_string()
        })?;
        let mut json = Vec::new();
        puzzle.write_json(&mut json);
        let value = serde_json::from_slice(&json).map_err(|error| error.to_string())?;
        Ok(Imported { id: puzzle.id().to_string(), puzzle: value, more: entry.more })
    }
}

/// The lines of a text with their numbers, without what ends them.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(number, line)| (number + 1, line.trim_end()))
}

/// The whole numbers of a text, with anything between them; none where there is a negative, a broken or too great a number.
fn numbers(text: &str) -> Option<Vec<u64>> {
    let begins = |place: usize| text[place..].starts_with(|letter: char| letter.is_ascii_digit());
    let broken = |(place, sign): (usize, &str)| {
        begins(place + 1) && (sign == "-" || text[..place].ends_with(|letter: char| letter.is_ascii_digit()))
    };
    if text.match_indices(['-', '.']).any(broken) {
        return None;
    }
    let parts = text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty());
    parts.map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::FORMATS;

    /// Pieces of the formats in any order, so that a reader meets what it knows in the wrong place.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\n".to_string()),
            "[ -~]{0,6}",
            "\\PC{0,3}",
            "[#@+$*. _-]{1,9}\n",
            "[1-9.]{4,9}\n",
            "[0-9]{1,20} ",
            Just("p cnf 3 2\n1 0\n".to_string()),
            Just("9999999999999#|".to_string()),
            Just("{\"nums\":[1],\"target\":".to_string()),
            Just("#####\n#S.G#\n".to_string()),
            Just("In an undirected graph, the edges are: (0,1) (1,\nQ: ".to_string()),
            Just("2,8|5,2/5,8=\n".to_string()),
            Just("start 1\n1 2 3\n".to_string()),
            Just("oooooooooooooAAooooooooooooooooooooo\n".to_string()),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        /// Whatever stands in a text, each entry has a place in it, in order.
        #[test]
        fn no_text_breaks_a_reader(text in text()) {
            let lines = text.lines().count().max(1);
            for format in FORMATS {
                let mut before = 0;
                let mut found = Vec::new();
                format.read(&text, &mut |place, entry| found.push((place, entry)));
                for (place, entry) in found {
                    prop_assert!((1..=lines).contains(&place.line) && place.line >= before, "{}: {entry:?}", format.name);
                    before = place.line;
                }
            }
        }
    }
}
