//! Countdown: JSON objects with `numbers` (or `nums`) and `target`, one a line or in one list; CSV with such columns; or lists of numbers alone, which are to
//! make 24. `fractions` in a row is part of the puzzle.

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::{Entry, lines, numbers};

const ALLOWED: &str = "numbers (or nums) and target, as JSON or CSV, or four numbers in a line that make 24";
const NUMBERS: [&str; 4] = ["numbers", "nums", "puzzles", "cards"];
const TARGETS: [&str; 2] = ["target", "goal"];
const FRACTIONS: &str = "fractions";

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    if text.trim_start().starts_with('[')
        && let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(text)
        && rows.iter().all(|row| row.get().starts_with(['{', '[']))
    {
        let (mut line, mut seen) = (1, 0);
        for row in rows.iter().map(|row| row.get()) {
            // A row is a part of the text, so its place says on which line it begins.
            let start = (row.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
            line += text.as_bytes()[seen..start].iter().filter(|&&byte| byte == b'\n').count();
            seen = start;
            out(if row.starts_with('{') { object(line, row) } else { alone(line, row) });
        }
        return;
    }
    let mut columns: Option<Columns> = None;
    for (number, line) in lines(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if trimmed.starts_with('{') {
            out(object(number, trimmed));
        } else if let Some(found) = Columns::of(trimmed) {
            columns = Some(found);
        } else {
            out(columns.as_ref().map_or_else(|| alone(number, trimmed), |columns| columns.row(number, trimmed)));
        }
    }
}

fn object(line: usize, text: &str) -> Entry {
    match serde_json::from_str(text) {
        Ok(object) => of_object(line, &object),
        Err(error) => Entry::wrong(line, error.column().max(1), text, ALLOWED),
    }
}

fn of_object(line: usize, object: &Map<String, Value>) -> Entry {
    let named = |names: &[&str]| names.iter().find_map(|name| object.get(*name));
    let (Some(numbers), Some(target)) = (named(&NUMBERS), named(&TARGETS)) else {
        return Entry::wrong(line, 1, &Value::from(object.clone()).to_string(), ALLOWED);
    };
    let mut puzzle = json!({"numbers": numbers, "target": target});
    if let Some(fractions) = object.get(FRACTIONS) {
        puzzle[FRACTIONS] = fractions.clone();
    }
    let own = |name: &str| NUMBERS.contains(&name) || TARGETS.contains(&name) || name == FRACTIONS;
    let rest = object.iter().filter(|(name, _)| !own(name));
    let more = rest.map(|(name, value)| (name.clone(), value.clone())).collect();
    Entry { more, ..Entry::of(line, puzzle) }
}

/// Numbers alone.
fn alone(line: usize, text: &str) -> Entry {
    let only =
        text.chars().all(|letter| letter.is_ascii_digit() || letter.is_whitespace() || ",;[]()".contains(letter));
    if let Some(found) = numbers(text).filter(|found| only && found.len() == 4) {
        Entry::of(line, json!({"numbers": found, "target": 24}))
    } else {
        Entry::wrong(line, 1, text, ALLOWED)
    }
}

/// Where the columns of a table stand.
struct Columns {
    names: Vec<String>,
    numbers: usize,
    target: Option<usize>,
    fractions: Option<usize>,
}

impl Columns {
    /// Of the head of a table.
    fn of(head: &str) -> Option<Self> {
        let names: Vec<String> = cells(head).into_iter().map(|name| name.trim().to_lowercase()).collect();
        let place = |of: &[&str]| names.iter().position(|name| of.contains(&name.as_str()));
        Some(Columns { numbers: place(&NUMBERS)?, target: place(&TARGETS), fractions: place(&[FRACTIONS]), names })
    }

    fn row(&self, line: usize, text: &str) -> Entry {
        let cells = cells(text);
        let target = self.target.map_or(Some(24), |column| cells.get(column)?.trim().parse().ok());
        let (Some(found), Some(target)) = (cells.get(self.numbers).and_then(|cell| numbers(cell)), target) else {
            return Entry::wrong(line, 1, text, ALLOWED);
        };
        let mut puzzle = json!({"numbers": found, "target": target});
        if let Some(cell) = self.fractions.and_then(|column| cells.get(column)) {
            let Ok(fractions) = cell.trim().to_lowercase().parse::<bool>() else {
                return Entry::wrong(line, 1, cell, "true or false in the column fractions");
            };
            puzzle[FRACTIONS] = fractions.into();
        }
        let own = [Some(self.numbers), self.target, self.fractions];
        let rest = self.names.iter().zip(&cells).enumerate().filter(|(at, _)| !own.contains(&Some(*at)));
        rest.fold(Entry::of(line, puzzle), |entry, (_, (name, cell))| entry.with(name, cell))
    }
}

/// The cells of a line of CSV; commas within quotes or brackets divide nothing.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted, mut depth) = (vec![String::new()], false, 0usize);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            '[' | '(' if !quoted => depth += 1,
            ']' | ')' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => cells.push(String::new()),
            _ => cells.last_mut().into_iter().for_each(|cell| cell.push(letter)),
        }
    }
    cells
}
