//! Rush Hour: 36 characters, row by row. Each letter is a car, `x` is a wall; `o` and `.` are free. The car that must get out is `X` where there is one, else `A`. Numbers
//! beside a board are kept: that before it is the moves of a shortest solution in the database of Fogleman, that behind it how many positions there are.
//!
//! Source: Fogleman (2018), "Solving Rush Hour, the Puzzle" (its database has 60 moves at most).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Entry, cells, lines, list, number, said};

const SIDE: usize = 6;
const ALLOWED: &str =
    "36 characters, row by row: a letter for each square of a car, x for a wall, o or . for a free square";

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    for (number, line) in lines(text) {
        let words: Vec<&str> = line.split([' ', '\t', ',', ';']).filter(|word| !word.is_empty()).collect();
        if words.is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let is_board = |word: &&str| {
            word.chars().count() == SIDE * SIDE && word.chars().all(|c| c.is_ascii_alphabetic() || c == '.')
        };
        let Some(at) = words.iter().position(is_board) else {
            out(Entry::wrong(number, 1, line.trim(), ALLOWED));
            continue;
        };
        let column = line.find(words[at]).map_or(1, |byte| line[..byte].chars().count() + 1);
        out(match puzzle(words[at]) {
            Ok(puzzle) => {
                Entry::of(number, puzzle).with("moves", &words[..at].join(" ")).with("rest", &words[at + 1..].join(" "))
            }
            Err((place, found)) => Entry::wrong(number, column + place, &found, ALLOWED),
        });
    }
}

/// A board of 36 characters, with its `moves` in front and the `rest` of its row behind. The car that must get out is A; the others follow in their order.
pub(super) fn write(puzzle: &Value, row: &Map<String, Value>) -> Result<String, String> {
    let size = number(puzzle, "size");
    if size != SIDE {
        return Err(format!("size: found {size}; allowed: {SIDE}, since a board has 36 characters"));
    }
    let mut board = [b'o'; SIDE * SIDE];
    let mut put = |x: usize, y: usize, letter: u8| {
        board.iter_mut().skip(SIDE * y + x).take(1).for_each(|square| *square = letter)
    };
    cells(list(puzzle, "walls")).for_each(|(x, y)| put(x, y, b'x'));
    for (car, letter) in list(puzzle, "cars").iter().zip(b'A'..) {
        let across = car["across"] == true;
        for step in 0..number(car, "length") {
            let (right, down) = if across { (step, 0) } else { (0, step) };
            put(number(car, "x") + right, number(car, "y") + down, letter);
        }
    }
    let moves = said(row, "moves").parse::<u64>().map_or(String::new(), |moves| format!("{moves} "));
    let line = format!("{moves}{} {}", String::from_utf8_lossy(&board), said(row, "rest"));
    Ok(format!("{}\n", line.trim_end()))
}

/// The puzzle of a board, or the place of what is wrong, and what it is.
fn puzzle(board: &str) -> Result<Value, (usize, String)> {
    let mut cars: BTreeMap<char, Vec<usize>> = BTreeMap::new();
    let mut walls = Vec::new();
    for (place, letter) in board.chars().enumerate() {
        match letter {
            'o' | '.' => {}
            'x' => walls.push([place % SIDE, place / SIDE]),
            _ => cars.entry(letter).or_default().push(place),
        }
    }
    let out = if cars.contains_key(&'X') { 'X' } else { 'A' };
    let Some(red) = cars.remove(&out) else { return Err((0, "no car A or X".into())) };
    let first = red[0];
    let others = cars.into_iter();
    let cars = std::iter::once((out, red)).chain(others).map(|(letter, places)| {
        car(&places)
            .ok_or_else(|| (places[0], format!("car {letter} on {} squares that are not in line", places.len())))
    });
    let cars = cars.collect::<Result<Vec<_>, _>>()?;
    Ok(json!({"size": SIDE, "exit": first / SIDE, "cars": cars, "walls": walls}))
}

/// A car of some squares in line.
fn car(places: &[usize]) -> Option<Value> {
    let (first, second) = (*places.first()?, *places.get(1)?);
    let across = second == first + 1;
    let step = if across { 1 } else { SIDE };
    let in_line = places.iter().enumerate().all(|(at, &place)| place == first + at * step)
        && (!across || first % SIDE + places.len() <= SIDE);
    in_line.then(|| json!({"x": first % SIDE, "y": first / SIDE, "length": places.len(), "across": across}))
}
