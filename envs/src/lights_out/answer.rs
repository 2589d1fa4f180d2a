//! Answers of lights out: cells `(1, 2), (3, 3)`, `row 1, column 2`, `r1c2`, numbers of lamps `2, 9`, or a grid with 1 for each press.
//!
//! Cells are (row, column). They and numbers of lamps count from 1, or from 0 where a 0 occurs. A grid that shows the board itself is no answer.

use super::{Lamps, LightsOut, Press};
use crate::answers::steps::{told, unlabelled};
use crate::answers::{Answers, Kind, Read, Token, Unread};

/// Words that can stand beside presses.
const BESIDE: [&str; 17] = [
    "press",
    "presses",
    "pressed",
    "toggle",
    "push",
    "click",
    "lamp",
    "lamps",
    "light",
    "lights",
    "button",
    "buttons",
    "cell",
    "cells",
    "switch",
    "position",
    "positions",
];

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Row,
    Column,
    Number(u64),
    Cell([u64; 2]),
    Open(char),
    Close,
    /// The end of a line, or a sign that ends a group.
    Line,
    Between,
}

/// The cell that a word such as `r1c2` names.
fn cell(word: &str) -> Option<[u64; 2]> {
    let (row, column) = word.strip_prefix(['r', 'R'])?.split_once(['c', 'C'])?;
    Some([row.parse().ok()?, column.parse().ok()?])
}

impl Answers for LightsOut {
    fn read_plain_answer(&self, _text: &str, tokens: &[Token<'_>]) -> Read<Press> {
        let tokens = unlabelled(tokens);
        let part = |token: &Token<'_>| match token.kind {
            Kind::Line | Kind::Sign('/' | ';') => Some(Part::Line),
            Kind::Number => token.number().map(Part::Number),
            Kind::Sign(open @ ('(' | '[')) => Some(Part::Open(open)),
            Kind::Sign(')' | ']') => Some(Part::Close),
            Kind::Sign(',' | '→' | '"' | '.') => Some(Part::Between),
            Kind::Word if token.says("and") || token.says("then") => Some(Part::Between),
            Kind::Word if token.says("row") => Some(Part::Row),
            Kind::Word if token.says_one(&["column", "col"]) => Some(Part::Column),
            Kind::Word => cell(token.text).map(Part::Cell),
            _ => None,
        };
        let found = told(&tokens, &BESIDE, &['{', '}', ':', '='], part)?;
        let numbers: Vec<&Token<'_>> =
            found.iter().filter(|(part, _)| matches!(part, Part::Number(_))).map(|(_, token)| token).collect();
        let parts: Vec<Part> = found.iter().map(|(part, _)| *part).collect();
        let malformed = || Unread { problem: crate::answers::Problem::Malformed, span: crate::answers::span(&tokens) };
        let Some(first) =
            parts.iter().find(|part| !matches!(part, Part::Open(_) | Part::Close | Part::Line | Part::Between))
        else {
            return Err(Unread::nothing());
        };
        let listed = match first {
            Part::Row | Part::Column => named(&parts),
            Part::Cell(_) => cells(&parts),
            _ => self.listed(&parts),
        };
        let grid = self.grid(&found);
        match (grid, listed) {
            (Some(grid), _) if grid == self.start || grid == Lamps(0) => Err(Unread::nothing()),
            (Some(grid), listed) => {
                let presses = (0..self.cells()).filter(|cell| grid.0 >> cell & 1 == 1);
                let presses: Vec<Press> = presses.map(|cell| self.at(cell)).collect();
                let other = listed.and_then(|cells| self.presses(&cells));
                match other {
                    Some(other)
                        if numbers.iter().all(|number| number.text.len() == 1) && self.set(&other) != Some(grid) =>
                    {
                        Err(Unread::ambiguous(&tokens))
                    }
                    _ => Ok(presses),
                }
            }
            (None, Some(listed)) => self.presses(&listed).ok_or_else(malformed),
            (None, None) => Err(malformed()),
        }
    }
}

/// Cells, or numbers of lamps.
enum Listed {
    Cells(Vec<[u64; 2]>),
    Lamps(Vec<u64>),
    /// A pair in square brackets: a cell, or two lamps.
    Either([u64; 2]),
}

/// Rows and columns by name: `row 1, column 2`.
fn named(parts: &[Part]) -> Option<Listed> {
    let parts: Vec<Part> = parts
        .iter()
        .copied()
        .filter(|part| matches!(part, Part::Row | Part::Column | Part::Number(_) | Part::Cell(_)))
        .collect();
    let cell = |cell: &[Part]| match *cell {
        [Part::Row, Part::Number(row), Part::Column, Part::Number(column)]
        | [Part::Column, Part::Number(column), Part::Row, Part::Number(row)] => Some([row, column]),
        _ => None,
    };
    parts.chunks(4).map(cell).collect::<Option<_>>().map(Listed::Cells)
}

/// Cells such as `r1c2`.
fn cells(parts: &[Part]) -> Option<Listed> {
    let cell = |part: &Part| match part {
        Part::Cell(cell) => Some(Some(*cell)),
        Part::Number(_) | Part::Row | Part::Column => Some(None),
        _ => None,
    };
    parts.iter().filter_map(cell).collect::<Option<_>>().map(Listed::Cells)
}

impl LightsOut {
    /// Groups of two numbers, or single numbers.
    fn listed(&self, parts: &[Part]) -> Option<Listed> {
        let brackets = parts.iter().filter(|part| matches!(part, Part::Open(_))).count();
        let (mut groups, mut group): (Vec<Vec<u64>>, Vec<u64>) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Part::Number(number) => group.push(*number),
                Part::Between if brackets > 0 => {}
                Part::Row | Part::Column | Part::Cell(_) => return None,
                _ => groups.push(std::mem::take(&mut group)),
            }
        }
        groups.push(group);
        groups.retain(|group| !group.is_empty());
        let square = parts.contains(&Part::Open('['));
        match groups.as_slice() {
            [pair] if pair.len() == 2 && brackets == 1 && square => Some(Listed::Either([pair[0], pair[1]])),
            [lamps] if brackets == 1 && lamps.len() != 2 => Some(Listed::Lamps(lamps.clone())),
            _ if groups.iter().all(|group| group.len() == 2) => {
                Some(Listed::Cells(groups.iter().map(|group| [group[0], group[1]]).collect()))
            }
            _ if groups.iter().all(|group| group.len() == 1) => {
                Some(Listed::Lamps(groups.into_iter().flatten().collect()))
            }
            _ => None,
        }
    }

    /// The presses of a list; none where a lamp or a cell cannot be, or where two readings differ.
    fn presses(&self, listed: &Listed) -> Option<Vec<Press>> {
        let cells = |cells: &[[u64; 2]]| {
            let least = u64::from(!cells.iter().flatten().any(|&number| number == 0));
            let place = |number: u64| u8::try_from(number.checked_sub(least)?).ok().filter(|&place| place < 100);
            cells.iter().map(|&[row, column]| Some(Press { row: place(row)?, column: place(column)? })).collect()
        };
        let lamps = |lamps: &[u64]| {
            let least = u64::from(!lamps.contains(&0));
            let place =
                |number: u64| usize::try_from(number.checked_sub(least)?).ok().filter(|&cell| cell < self.cells());
            lamps.iter().map(|&lamp| Some(self.at(place(lamp)?))).collect::<Option<Vec<Press>>>()
        };
        match listed {
            Listed::Cells(list) => cells(list),
            Listed::Lamps(list) => lamps(list),
            Listed::Either(pair) => {
                let one: Option<Vec<Press>> = cells(&[*pair]);
                let inside = |press: &Press| press.row < self.rows && press.column < self.columns;
                match one.filter(|presses| presses.iter().all(inside)) {
                    None => lamps(pair),
                    Some(cell) if lamps(pair).is_none() => Some(cell),
                    Some(_) => None,
                }
            }
        }
    }

    fn at(&self, cell: usize) -> Press {
        let columns = usize::from(self.columns);
        Press { row: (cell / columns) as u8, column: (cell % columns) as u8 }
    }

    /// The lamps that are pressed an odd number of times; none where a press is outside of the board.
    fn set(&self, presses: &[Press]) -> Option<Lamps> {
        presses.iter().try_fold(Lamps(0), |set, press| {
            let inside = press.row < self.rows && press.column < self.columns;
            let cell = usize::from(press.row) * usize::from(self.columns) + usize::from(press.column);
            inside.then(|| Lamps(set.0 ^ 1 << cell))
        })
    }

    /// The grid that numbers of zeros and ones draw: `010/111/010`, or with signs between the digits.
    fn grid(&self, found: &[(Part, Token<'_>)]) -> Option<Lamps> {
        let columns = usize::from(self.columns);
        let (mut rows, mut row): (Vec<String>, String) = (Vec::new(), String::new());
        for (part, token) in found {
            match part {
                Part::Number(_) if token.text.bytes().all(|byte| matches!(byte, b'0' | b'1')) => {
                    if token.text.len() > 1 && !row.is_empty() {
                        return None;
                    }
                    row.push_str(token.text);
                    if token.text.len() > 1 {
                        rows.push(std::mem::take(&mut row));
                    }
                }
                Part::Open('[') | Part::Between => {}
                Part::Line | Part::Close => rows.push(std::mem::take(&mut row)),
                _ => return None,
            }
        }
        rows.push(row);
        rows.retain(|row| !row.is_empty());
        if rows.len() != usize::from(self.rows) || rows.iter().any(|row| row.len() != columns) {
            return None;
        }
        let digits = rows.iter().flat_map(|row| row.bytes()).enumerate();
        Some(digits.filter(|(_, digit)| *digit == b'1').fold(Lamps(0), |grid, (cell, _)| Lamps(grid.0 | 1 << cell)))
    }
}
