//! Sokoban levels, as in XSB files: `#` wall, `@` worker, `+` worker on a dock, `$` box, `*` box on a dock, `.` dock, and a space, `-` or `_` for floor.
//! Levels may be written in runs (`4#|#@$.#|4#`). Other lines are the title of the level behind them; lines such as
//! `Author: …` behind a level are fields of it.
//!
//! Source: the formats of the Sokoban wiki ("Level format"); levels of Boxoban are the same with `; number` in front.

use serde_json::{Value, json};

use super::{Entry, Title, lines};

const ALLOWED: &str = "levels of # @ + $ * . - _ and spaces, or their runs with | between rows";

/// The most columns or rows of a level that is read at all; the environment says how large its boards may be.
const MOST: usize = 1000;

/// The row with its runs written out; none of what is no row of a level.
fn row(text: &str) -> Option<String> {
    let mut row = String::new();
    let mut run = 0;
    for letter in text.chars() {
        match letter {
            '0'..='9' => run = (run * 10 + letter.to_digit(10)? as usize).min(MOST),
            '#' | '@' | '+' | '$' | '*' | '.' | '-' | '_' | ' ' => {
                row.extend(std::iter::repeat_n(letter, run.max(1)));
                run = 0;
            }
            _ => return None,
        }
        if row.len() > MOST {
            return None;
        }
    }
    (run == 0 && row.contains(['#', '$', '*', '.', '@', '+'])).then_some(row)
}

/// The rows of a line: several where it is in runs.
fn rows(line: &str) -> Option<Vec<String>> {
    if !line.contains('#') {
        return None;
    }
    line.trim_end().trim_end_matches('|').split('|').map(row).collect()
}

/// A level under way, and the one before it, for whose title it waits.
#[derive(Default)]
struct Levels {
    rows: Vec<String>,
    line: usize,
    title: String,
    before: Option<Entry>,
}

impl Levels {
    /// Ends the level under way, if there is one.
    fn finish(&mut self, out: &mut dyn FnMut(Entry)) {
        let rows = std::mem::take(&mut self.rows);
        if !rows.is_empty() {
            let entry = match puzzle(&rows) {
                Ok(puzzle) => Entry::of(self.line, puzzle).with("title", &std::mem::take(&mut self.title)),
                Err(found) => Entry::wrong(self.line, 1, &found, ALLOWED),
            };
            self.before.replace(entry).into_iter().for_each(out);
        }
    }
}

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    let mut levels = Levels::default();
    let mut title = Title::default();
    for (number, line) in lines(text) {
        if let Some(mut more) = rows(line) {
            // A level in runs on one line is whole.
            let whole = more.len() > 1;
            if whole {
                levels.finish(out);
            }
            if levels.rows.is_empty() {
                levels.line = number;
                levels.title = title.take();
            }
            levels.rows.append(&mut more);
            if whole {
                levels.finish(out);
            }
            continue;
        }
        levels.finish(out);
        let said = line.trim().trim_start_matches(';').trim();
        let field = said.split_once(':').filter(|(name, _)| !name.is_empty() && name.chars().all(char::is_alphabetic));
        if let (Some((name, value)), Some(before)) = (field, &mut levels.before) {
            before.more.insert(name.to_lowercase(), value.trim().into());
        } else if line.matches('#').nth(1).is_some() {
            // Two walls are no title: it is a row with something wrong in it.
            levels.before.take().into_iter().for_each(&mut *out);
            std::mem::take(&mut title).left(ALLOWED, out);
            levels.before = Some(Entry::wrong(number, wrong_column(line), line, ALLOWED));
        } else if !said.is_empty() {
            title.add(number, said);
        }
    }
    levels.finish(out);
    levels.before.into_iter().for_each(&mut *out);
    title.left(ALLOWED, out);
}

/// The column of the first character that no level is written with.
fn wrong_column(line: &str) -> usize {
    line.chars().position(|letter| !"#@+$*.-_ |0123456789".contains(letter)).map_or(1, |place| place + 1)
}

/// The puzzle of a level: the smallest board that holds what the worker could reach if there were no boxes; all else is wall.
fn puzzle(rows: &[String]) -> Result<Value, String> {
    let rows: Vec<Vec<char>> = rows.iter().map(|row| row.chars().collect()).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let at = |x: usize, y: usize| rows.get(y).and_then(|row| row.get(x)).copied().unwrap_or(' ');
    let cells = (0..rows.len()).flat_map(|y| (0..width).map(move |x| (x, y)));
    let all = |letters: &str| cells.clone().filter(|&(x, y)| letters.contains(at(x, y))).collect::<Vec<_>>();
    let workers = all("@+");
    let &[worker] = &workers[..] else { return Err(format!("{} workers", workers.len())) };
    let mut floor = vec![false; width * rows.len()];
    let mut open = vec![worker];
    while let Some((x, y)) = open.pop() {
        if x == 0 || y == 0 || x + 1 == width || y + 1 == rows.len() {
            if at(x, y) != '#' {
                return Err("a level without a wall all around".into());
            }
            continue;
        }
        if at(x, y) == '#' || std::mem::replace(&mut floor[y * width + x], true) {
            continue;
        }
        open.extend([(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]);
    }
    let is_floor = |&(x, y): &(usize, usize)| floor[y * width + x];
    if let Some((x, y)) = all("$*.").into_iter().find(|cell| !is_floor(cell)) {
        // What is walled off takes no part, if it is done.
        if at(x, y) != '*' {
            return Err(format!("{:?} where the worker cannot come", at(x, y)));
        }
    }
    let reached: Vec<_> = cells.clone().filter(is_floor).collect();
    let (left, top) =
        (reached.iter().map(|cell| cell.0).min().unwrap_or(0), reached.iter().map(|cell| cell.1).min().unwrap_or(0));
    let (right, low) =
        (reached.iter().map(|cell| cell.0).max().unwrap_or(0), reached.iter().map(|cell| cell.1).max().unwrap_or(0));
    let place = |(x, y): (usize, usize)| json!([x - left, y - top]);
    let inside = |&(x, y): &(usize, usize)| (left..=right).contains(&x) && (top..=low).contains(&y);
    let listed = |letters: &str| all(letters).into_iter().filter(is_floor).map(place).collect::<Vec<_>>();
    let walls: Vec<_> = cells.clone().filter(|cell| inside(cell) && !is_floor(cell)).map(place).collect();
    Ok(json!({
        "width": right - left + 1, "height": low - top + 1, "walls": walls,
        "worker": place(worker), "boxes": listed("$*"), "docks": listed(".*+"),
    }))
}
