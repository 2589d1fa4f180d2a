//! Puzzles in the formats that people have them in: sudoku lines, Sokoban levels, DIMACS files and others. Formats that are a standard are written, too.
//!
//! A reader takes a whole text apart into entries. An entry is a puzzle as JSON or a message, and has its place in the text. What an entry is worth is then
//! said in one place: the environment reads the JSON, so that a puzzle that it refuses is an entry with a message, too. A bad entry never ends a file.
//!
//! A new format is one file here and one line in [`FORMATS`]. A format that is a standard also has a function that writes a puzzle; what it writes is read
//! back as the same puzzle.

mod countdown;
mod dimacs;
mod dimacs_col;
mod graph;
mod knights_knaves;
mod maze;
mod rush_hour;
mod sudoku;
mod tiles;
mod xsb;
mod zebra;

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
    write: Option<Write>,
}

/// The text of a puzzle, given as JSON, with what is said of it; or why the format has none for it.
type Write = fn(&Value, &Map<String, Value>) -> Result<String, String>;

/// The registry: one line a format.
pub const FORMATS: &[Format] = &[
    Format {
        name: "countdown",
        env: "countdown",
        help: "JSON objects or CSV rows with numbers (or nums) and target; lists of numbers alone make 24",
        read: countdown::read,
        write: None,
    },
    Format {
        name: "dimacs",
        env: "k-sat",
        help: "CNF with comments and the tail of SATLIB",
        read: dimacs::read,
        write: Some(dimacs::write),
    },
    Format {
        name: "dimacs-col",
        env: "graph-colouring",
        help: "graphs of DIMACS to colour: p edge NODES EDGES, then e A B; the number of colours by --set colours=4",
        read: dimacs_col::read,
        write: None,
    },
    Format {
        name: "graph",
        env: "graph",
        help: "lines of the path-star task, JSON of ProsQA, questions of NLGraph, lists of edges with a start and a goal, shortest paths of DIMACS (p sp, a, q)",
        read: graph::read,
        write: None,
    },
    Format {
        name: "knights-knaves",
        env: "knights-knaves",
        help: "JSON with names and nested statements, as mem-kk-logic and reasoning-gym write them",
        read: knights_knaves::read,
        write: None,
    },
    Format {
        name: "maze",
        env: "maze",
        help: "drawings with # for walls, or +--+ and | between rooms, S for the start and G or E for the goal; tokens of maze-dataset",
        read: maze::read,
        write: None,
    },
    Format {
        name: "rush-hour",
        env: "rush-hour",
        help: "boards of 36 characters, row by row: letters for cars, x for walls, o or . for free squares",
        read: rush_hour::read,
        write: Some(rush_hour::write),
    },
    Format {
        name: "sudoku",
        env: "sudoku",
        help: "lines of 16, 36, 81 or 256 characters with . 0 _ or * for open cells, or boards drawn over several lines",
        read: sudoku::read,
        write: Some(sudoku::write),
    },
    Format {
        name: "tiles",
        env: "sliding-tiles",
        help: "lines of 4 to 16 numbers, 0 for the blank; the goal may stand behind",
        read: tiles::read,
        write: None,
    },
    Format {
        name: "xsb",
        env: "sokoban",
        help: "Sokoban levels with # @ + $ * . - _, drawn or in runs (4#|#@$.#)",
        read: xsb::read,
        write: Some(xsb::write),
    },
    Format {
        name: "zebra",
        env: "zebra",
        help: "JSON with attributes and their values, and clues as objects or sentences such as red same tea",
        read: zebra::read,
        write: None,
    },
];

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

/// What a row says of a puzzle in a field, where it fits one line of text; nothing otherwise.
fn said(row: &Map<String, Value>, name: &str) -> String {
    let text = match row.get(name) {
        Some(Value::String(text)) => text.trim().to_string(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    if text.contains(['\n', '\r']) { String::new() } else { text }
}

/// A list of a puzzle; empty where it has none.
fn list<'a>(puzzle: &'a Value, name: &str) -> &'a [Value] {
    puzzle[name].as_array().map_or(&[], Vec::as_slice)
}

/// A number of a puzzle.
fn number(puzzle: &Value, name: &str) -> usize {
    puzzle[name].as_u64().map_or(0, |number| number as usize)
}

/// The cells of a list, by column and row.
fn cells(list: &[Value]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let place = |value: &Value| value.as_u64().map(|number| number as usize);
    list.iter().filter_map(move |cell| Some((place(&cell[0])?, place(&cell[1])?)))
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
    /// Gives each puzzle of a text, and each message about what is none, in their order. A puzzle gets the fields `set` that the text does not give it.
    pub fn read(&self, text: &str, set: &Map<String, Value>, each: &mut dyn FnMut(Place, Result<Imported, String>)) {
        (self.read)(text.strip_prefix('\u{feff}').unwrap_or(text), &mut |entry| {
            each(entry.place, self.imported(entry, set))
        });
    }

    fn imported(&self, entry: Entry, set: &Map<String, Value>) -> Result<Imported, String> {
        let mut puzzle = entry.puzzle?;
        if let Value::Object(fields) = &mut puzzle {
            set.iter().for_each(|(name, value)| _ = fields.entry(name).or_insert_with(|| value.clone()));
        }
        let (id, puzzle) = self.checked(&puzzle)?;
        Ok(Imported { id, puzzle, more: entry.more })
    }

    /// The id of a puzzle, and the puzzle as its environment writes it.
    fn checked(&self, puzzle: &Value) -> Result<(String, Value), String> {
        let family = arena::environment(self.env).ok_or_else(|| format!("there is no environment {}", self.env))?;
        let puzzle = family.read_json(puzzle).map_err(|error| {
            // The example behind a message is JSON, which the file is not.
            let message = error.to_string();
            let message = message.split("; a puzzle is ").next().unwrap_or_default();
            message.trim_start_matches("puzzle: ").to_string()
        })?;
        let mut json = Vec::new();
        puzzle.write_json(&mut json);
        let value = serde_json::from_slice(&json).map_err(|error| error.to_string())?;
        Ok((puzzle.id().to_string(), value))
    }

    /// Whether puzzles can be written in this format.
    pub fn is_written(&self) -> bool {
        self.write.is_some()
    }

    /// The text of a row with `puzzle`, as JSON or as a string of it. What else the row says is written where the format has a place for it.
    pub fn write(&self, row: &Map<String, Value>) -> Result<String, String> {
        let write = self.write.ok_or_else(|| format!("{} is only read", self.name))?;
        if let Some(env) = row.get("env").filter(|&env| env != self.env) {
            return Err(format!("env: found {env}; allowed: \"{}\"", self.env));
        }
        let puzzle = match row.get("puzzle") {
            None => return Err("puzzle: missing; a row is {\"puzzle\":{…}}".into()),
            Some(Value::String(text)) => &serde_json::from_str(text).map_err(|error| format!("puzzle: {error}"))?,
            Some(puzzle) => puzzle,
        };
        write(&self.checked(puzzle)?.1, row)
    }
}

/// The JSON objects of a text: one a line, or in one list. Each becomes an entry with the line that it begins on.
fn objects(text: &str, allowed: &str, entry: impl Fn(usize, Map<String, Value>) -> Entry, out: &mut dyn FnMut(Entry)) {
    let mut one = |line: usize, row: &str| {
        out(match serde_json::from_str(row) {
            Ok(object) => entry(line, object),
            Err(error) => Entry::wrong(line, error.column().max(1), row, allowed),
        });
    };
    if text.trim_start().starts_with('[')
        && let Ok(rows) = serde_json::from_str::<Vec<&serde_json::value::RawValue>>(text)
    {
        let (mut line, mut seen) = (1, 0);
        for row in rows.iter().map(|row| row.get()) {
            // A row is a part of the text, so its place says on which line it begins.
            let start = (row.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
            line += text.as_bytes()[seen..start].iter().filter(|&&byte| byte == b'\n').count();
            seen = start;
            one(line, row);
        }
        return;
    }
    lines(text).filter(|(_, line)| !line.trim().is_empty()).for_each(|(number, line)| one(number, line.trim()));
}

/// A text as one word: signs that no name has become `_`, and a digit in front gets one.
fn word(text: &str) -> String {
    let letters = text.trim().chars();
    let word: String = letters.map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect();
    if word.starts_with(|first: char| first.is_ascii_digit()) { format!("_{word}") } else { word }
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

    use serde_json::{Map, Value, json};
    use sos_envs::Streams;

    use super::{FORMATS, Format, arena};

    /// What a format reads in a text, all of it a puzzle.
    fn read(format: &Format, text: &str) -> Vec<Map<String, Value>> {
        let mut rows = Vec::new();
        format.read(text, &Map::new(), &mut |place, entry| {
            let found = entry.unwrap_or_else(|message| panic!("{} {place:?}: {message}\n{text}", format.name));
            let mut row = found.more;
            row.insert("puzzle".into(), found.puzzle);
            rows.push(row);
        });
        rows
    }

    /// Drawn puzzles of all levels are read back as they were, one by one and together, with what is said of them.
    #[test]
    fn what_is_written_is_read_back() {
        let mut compared = 0;
        for format in FORMATS.iter().filter(|format| format.is_written()) {
            let family = arena::environment(format.env).unwrap();
            let (mut text, mut rows) = (String::new(), Vec::new());
            for (level, config) in family.levels().into_iter().enumerate() {
                let streams = Streams::new(7, "export", format.name);
                for index in 0..60 {
                    let Ok(puzzle) = config.generate(&mut streams.at(1000 * level as u64 + index)) else { continue };
                    let mut json = Vec::new();
                    puzzle.write_json(&mut json);
                    let puzzle: Value = serde_json::from_slice(&json).unwrap();
                    let mut row = Map::from_iter([("puzzle".to_string(), puzzle)]);
                    if format.env == "rush-hour" {
                        if row["puzzle"]["size"] != 6 {
                            assert!(format.write(&row).is_err_and(|message| message.contains("36 characters")));
                            continue;
                        }
                        row.extend([("moves".to_string(), index.into()), ("rest".to_string(), "of us".into())]);
                    } else if index % 2 == 0 {
                        row.insert("title".into(), format!("{level} a {index}").into());
                    }
                    let written = format.write(&row).unwrap();
                    assert_eq!(read(format, &written), [row.clone()], "{}\n{written}", format.name);
                    text.push_str(&written);
                    rows.push(row);
                }
            }
            assert_eq!(read(format, &text), rows, "{}", format.name);
            compared += rows.len();
        }
        assert!(compared > 400, "{compared}");
    }

    #[test]
    fn walls_are_written() {
        let format = FORMATS.iter().find(|format| format.name == "rush-hour").unwrap();
        let walled = read(format, "60 IBBxooIooLDDJAALooJoKEEMFFKooMGGHHHM 2332\n");
        let written = format.write(&walled[0]).unwrap();
        assert_eq!(written, "60 HBBxooHooKCCIAAKooIoJDDLEEJooLFFGGGL 2332\n");
    }

    /// Titles that would be something else where they are read are left out.
    #[test]
    fn no_title_breaks_what_is_written() {
        for format in FORMATS.iter().filter(|format| format.is_written()) {
            let family = arena::environment(format.env).unwrap();
            let puzzle = (0..100).find_map(|index| {
                family.levels()[1].generate(&mut Streams::new(1, "titles", format.name).at(index)).ok()
            });
            let mut json = Vec::new();
            puzzle.unwrap().write_json(&mut json);
            let puzzle: Value = serde_json::from_slice(&json).unwrap();
            for title in ["5#|#@$.#|5#", "Author: A", "p cnf 1 1", "a\nb", "%", "# #", "; 3", ""] {
                for name in ["title", "moves", "rest"] {
                    let row =
                        Map::from_iter([("puzzle".to_string(), puzzle.clone()), (name.to_string(), title.into())]);
                    let text = format.write(&row).unwrap();
                    let found = read(format, &format!("{text}{text}"));
                    assert!(
                        found.len() == 2 && found.iter().all(|row| row["puzzle"] == puzzle),
                        "{}\n{text}",
                        format.name
                    );
                }
            }
        }
    }

    #[test]
    fn rows_that_are_none_are_refused() {
        let sudoku = FORMATS.iter().find(|format| format.name == "sudoku").unwrap();
        for (row, says) in [
            (json!({}), "puzzle: missing"),
            (json!({"env": "maze", "puzzle": {}}), "env: found \"maze\"; allowed: \"sudoku\""),
            (json!({"puzzle": "["}), "puzzle: EOF"),
            (json!({"puzzle": {"cells": [[1]]}}), "cells: found"),
        ] {
            let message = sudoku.write(row.as_object().unwrap()).unwrap_err();
            assert!(message.starts_with(says), "{message}");
        }
        let maze = FORMATS.iter().find(|format| format.name == "maze").unwrap();
        assert_eq!(maze.write(&Map::new()).unwrap_err(), "maze is only read");
    }

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
            Just("p edge 3 2\ne 1 2\n".to_string()),
            Just("p sp 3 2\na 1 2 7\n".to_string()),
            Just("{\"attributes\":{\"a\":[\"b\",\"c\"]},\"clues\":[\"b at 1\",".to_string()),
            Just("9999999999999#|".to_string()),
            Just("{\"nums\":[1],\"target\":".to_string()),
            Just("#####\n#S.G#\n".to_string()),
            Just("+--+--+\n|S   G|\n+--+--+\n".to_string()),
            Just("<ADJLIST_START> (0,0) <--> (0,1) ; <ADJLIST_END> <ORIGIN_START> (0,0) <ORIGIN_END> <TARGET_START> (0,1) <TARGET_END>".to_string()),
            Just("In an undirected graph, the edges are: (0,1) (1,\nQ: ".to_string()),
            Just("2,8|5,2/5,8=\n".to_string()),
            Just("start 1\n1 2 3\n".to_string()),
            Just("{\"names\":[\"A\",\"B\"],\"statements\":[[\"lying\",1],[\"not\",".to_string()),
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
                format.read(&text, &Default::default(), &mut |place, entry| found.push((place, entry)));
                for (place, entry) in found {
                    prop_assert!((1..=lines).contains(&place.line) && place.line >= before, "{}: {entry:?}", format.name);
                    before = place.line;
                }
            }
        }
    }
}
