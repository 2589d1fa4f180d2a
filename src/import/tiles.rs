//! Sliding tiles: the numbers of a board row by row, 0 for the blank, one board a line. The board of the goal may stand behind it, with any words and signs
//! between the two. A number more in front is that of the puzzle, as in lists of Korf's.

use serde_json::{Value, json};

use super::{Entry, lines, numbers};

/// Rows and columns of a board, by the number of cells.
const SIZES: [(usize, usize, usize); 6] = [(4, 2, 2), (6, 2, 3), (8, 2, 4), (9, 3, 3), (12, 3, 4), (16, 4, 4)];
const ALLOWED: &str =
    "4, 6, 8, 9, 12 or 16 numbers from 0 (the blank) on, each once, and the same again for another goal";

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    for (number, line) in lines(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let all = numbers(line).unwrap_or_default();
        let behind = all.split_first().and_then(|(number, rest)| Some((Some(*number), puzzle(rest)?)));
        out(match puzzle(&all).map(|puzzle| (None, puzzle)).or(behind) {
            Some((None, puzzle)) => Entry::of(number, puzzle),
            Some((Some(title), puzzle)) => Entry {
                more: [("title".into(), Value::from(title))].into_iter().collect(),
                ..Entry::of(number, puzzle)
            },
            None => Entry::wrong(number, 1, trimmed, ALLOWED),
        });
    }
}

/// The puzzle of a board, or of a board and its goal.
fn puzzle(all: &[u64]) -> Option<Value> {
    let board = |tiles: &[u64]| {
        let &(_, rows, columns) = SIZES.iter().find(|(cells, ..)| *cells == tiles.len())?;
        (0..tiles.len() as u64).all(|tile| tiles.contains(&tile)).then_some((rows, columns))
    };
    if let Some((rows, columns)) = board(all) {
        return Some(json!({"rows": rows, "columns": columns, "tiles": all}));
    }
    let (tiles, goal) = all.split_at(all.len() / 2);
    let (rows, columns) = board(tiles).filter(|size| board(goal) == Some(*size))?;
    Some(json!({"rows": rows, "columns": columns, "tiles": tiles, "goal": goal}))
}
