//! Sokoban levels, as in XSB files: `#` wall, `@` worker, `+` worker on a dock, `$` box, `*` box on a dock, `.` dock, and a space, `-` or `_` for floor.
//! Levels may be written in runs (`4#|#@$.#|4#`). Other lines are the title of the level behind them; lines such as
//! `Author: …` behind a level are fields of it.
//!
//! Source: the formats of the Sokoban wiki ("Level format"); levels of Boxoban are the same with `; number` in front.

use serde_json::{Map, Value, json};

use super::{Entry, Title, cells, lines, list, number, said};

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

/// The puzzle of a level, from its first wall to its last in each direction. What is outside of the walls is wall, too.
fn puzzle(rows: &[String]) -> Result<Value, String> {
    let rows: Vec<Vec<char>> = rows.iter().map(|row| row.chars().collect()).collect();
    let at = |x: usize, y: usize| rows.get(y).and_then(|row| row.get(x)).copied().unwrap_or(' ');
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cells = (0..rows.len()).flat_map(|y| (0..width).map(move |x| (x, y)));
    let all = |letters: &str| cells.clone().filter(|&(x, y)| letters.contains(at(x, y))).collect::<Vec<_>>();
    let workers = all("@+");
    let &[worker] = &workers[..] else { return Err(format!("{} workers", workers.len())) };
    // All that can be reached from cells, over what is no wall.
    let reached = |from: Vec<(usize, usize)>| {
        let mut reached = vec![false; width * rows.len()];
        let mut open = from;
        while let Some((x, y)) = open.pop() {
            if x >= width || y >= rows.len() || at(x, y) == '#' || std::mem::replace(&mut reached[y * width + x], true)
            {
                continue;
            }
            open.extend([(x + 1, y), (x.wrapping_sub(1), y), (x, y + 1), (x, y.wrapping_sub(1))]);
        }
        reached
    };
    let is_edge = |&(x, y): &(usize, usize)| x == 0 || y == 0 || x + 1 == width || y + 1 == rows.len();
    let (inside, outside) = (reached(vec![worker]), reached(cells.clone().filter(is_edge).collect()));
    let is_in = |cells: &[bool], (x, y): (usize, usize)| cells[y * width + x];
    if is_in(&outside, worker) {
        return Err("a level without a wall all around".into());
    }
    if let Some((x, y)) = all("$*.").into_iter().find(|&cell| !is_in(&inside, cell)) {
        // What is walled off takes no part, if it is done.
        if at(x, y) != '*' {
            return Err(format!("{:?} where the worker cannot come", at(x, y)));
        }
    }
    let built = all("#");
    let span = |axis: fn(&(usize, usize)) -> usize| {
        let (least, most) = (built.iter().map(axis).min().unwrap_or(0), built.iter().map(axis).max().unwrap_or(0));
        (least, most + 1 - least)
    };
    let ((left, width_of), (top, height_of)) = (span(|cell| cell.0), span(|cell| cell.1));
    let place = |(x, y): (usize, usize)| json!([x - left, y - top]);
    let listed =
        |letters: &str| all(letters).into_iter().filter(|&cell| is_in(&inside, cell)).map(place).collect::<Vec<_>>();
    let spanned =
        |&(x, y): &(usize, usize)| (left..left + width_of).contains(&x) && (top..top + height_of).contains(&y);
    let is_wall =
        |&(x, y): &(usize, usize)| "#*".contains(at(x, y)) && !is_in(&inside, (x, y)) || is_in(&outside, (x, y));
    let walls: Vec<_> = cells.clone().filter(spanned).filter(is_wall).map(place).collect();
    Ok(json!({
        "width": width_of, "height": height_of, "walls": walls,
        "worker": place(worker), "boxes": listed("$*"), "docks": listed(".*+"),
    }))
}

/// A level with a wall all around, with its `title` in front. A line is left out where it would be read as a field of the level before.
pub(super) fn write(puzzle: &Value, row: &Map<String, Value>) -> Result<String, String> {
    let (width, height) = (number(puzzle, "width"), number(puzzle, "height"));
    let mut board = vec![vec![' '; width]; height];
    let mut put = |(x, y): (usize, usize), letter: fn(char) -> char| {
        board.get_mut(y).and_then(|row| row.get_mut(x)).into_iter().for_each(|cell| *cell = letter(*cell));
    };
    cells(list(puzzle, "walls")).for_each(|cell| put(cell, |_| '#'));
    cells(list(puzzle, "docks")).for_each(|cell| put(cell, |_| '.'));
    cells(list(puzzle, "boxes")).for_each(|cell| put(cell, |there| if there == '.' { '*' } else { '$' }));
    cells(std::slice::from_ref(&puzzle["worker"]))
        .for_each(|cell| put(cell, |there| if there == '.' { '+' } else { '@' }));
    let is_edge = |(x, y): (usize, usize)| x == 0 || y == 0 || x + 1 == width || y + 1 == height;
    let closed = board.iter().enumerate().all(|(y, row)| (0..width).all(|x| !is_edge((x, y)) || row[x] == '#'));
    // Off the board all is wall.
    let (edge, ruler) = if closed { ("", String::new()) } else { ("#", "#".repeat(width + 2) + "\n") };
    let rows: String = board.into_iter().map(|row| format!("{edge}{}{edge}\n", String::from_iter(row))).collect();
    let title = Some(said(row, "title")).filter(|title| !title.is_empty() && !title.contains(['#', ':']));
    let title = title.map_or(String::new(), |title| format!("; {title}\n"));
    Ok(format!("{title}{ruler}{rows}{ruler}\n"))
}
