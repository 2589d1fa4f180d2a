//! Mazes drawn with `#` for walls, `S` for the start and `G`, `E` or `X` for the goal; anything else that is white space or a dot is free. A ring of walls all
//! around is left out, since there is nothing beyond a maze.
//!
//! Walls between rooms, drawn with `+--+` and `|` or left out of a list of joined rooms (`<ADJLIST_START> (0,0) <--> (0,1) ; …`, row and column of each, as
//! maze-dataset writes them), become cells of their own: the room in row r and column c is the cell x = 2c, y = 2r, and between two rooms is a cell that is
//! free where they are joined. So a step from room to room is two steps of the puzzle.
//!
//! Source: Ivanitskiy et al. (2023), "A Configurable Library for Generating and Manipulating Maze Datasets".

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Entry, Title, lines, numbers};

/// What a row of cells is drawn with.
const ROW: &str = "# .SGEX";
/// What a row with walls between rooms is drawn with.
const THIN: &str = "+-| .SGEX";
/// The most rooms in a row or column.
const MOST_ROOMS: usize = 100;

const ALLOWED: &str = "rows of #, spaces or dots, or of +, - and | between rooms, with one S and one G (or E, X); or the tokens of maze-dataset";

/// How a row is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Drawn {
    Cells,
    Rooms,
}

fn drawn(line: &str) -> Option<Drawn> {
    let of = |letters: &str| line.chars().all(|letter| letters.contains(letter));
    if line.contains(['#', '.']) && of(ROW) {
        Some(Drawn::Cells)
    } else {
        (line.trim_start().starts_with(['+', '|']) && of(THIN)).then_some(Drawn::Rooms)
    }
}

/// A drawing under way.
#[derive(Default)]
struct Drawing {
    rows: Vec<Vec<char>>,
    first: usize,
    heading: String,
    how: Option<Drawn>,
}

impl Drawing {
    /// Ends the drawing, if there is one.
    fn finish(&mut self, out: &mut dyn FnMut(Entry)) {
        let Some(how) = self.how.take() else { return };
        let rows = std::mem::take(&mut self.rows);
        let found = if how == Drawn::Cells { puzzle(&rows) } else { of_rooms(&rows) };
        let entry = found.map(|puzzle| Entry::of(self.first, puzzle).with("title", &std::mem::take(&mut self.heading)));
        out(entry.unwrap_or_else(|found| Entry::wrong(self.first, 1, &found, ALLOWED)));
    }
}

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    let (mut drawing, mut title) = (Drawing::default(), Title::default());
    for (number, line) in lines(text).chain(std::iter::once((0, ""))) {
        let how = drawn(line);
        if how != drawing.how {
            drawing.finish(out);
        }
        if how.is_some() {
            if drawing.how.is_none() {
                drawing = Drawing { rows: Vec::new(), first: number, heading: title.take(), how };
            }
            drawing.rows.push(line.chars().collect());
        } else if line.contains("<ADJLIST_START>") {
            let entry = of_tokens(line).map(|puzzle| {
                let path = between(line, "<PATH_START>", "<PATH_END>").unwrap_or_default();
                Entry::of(number, puzzle).with("title", &title.take()).with("path", path)
            });
            out(entry.unwrap_or_else(|found| Entry::wrong(number, 1, &found, ALLOWED)));
        } else if line.matches('#').nth(1).is_some() || line.trim_start().starts_with(['+', '|']) {
            // Walls are no title: it is a row with something wrong in it.
            let known = if line.contains('#') { ROW } else { THIN };
            let column = line.chars().position(|letter| !known.contains(letter)).map_or(1, |place| place + 1);
            std::mem::take(&mut title).left(ALLOWED, out);
            out(Entry::wrong(number, column, line, ALLOWED));
        } else if !line.trim().is_empty() {
            title.add(number, line.trim());
        }
    }
    title.left(ALLOWED, out);
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

/// The puzzle of rooms, by row and column, of which some are joined.
fn of_joined(
    joined: &[[usize; 4]],
    [height, width]: [usize; 2],
    start: [usize; 2],
    goal: [usize; 2],
) -> Result<Value, String> {
    if width.max(height) > MOST_ROOMS {
        return Err(format!("{height} by {width} rooms (at most {MOST_ROOMS})"));
    }
    let mut free = BTreeSet::new();
    for &[row, column, other_row, other_column] in joined {
        if row.abs_diff(other_row) + column.abs_diff(other_column) != 1 {
            return Err(format!("({row},{column}) <--> ({other_row},{other_column}) not side by side"));
        }
        free.insert([column + other_column, row + other_row]);
    }
    let (columns, rows) = (2 * width - 1, 2 * height - 1);
    let cells = (0..rows).flat_map(|y| (0..columns).map(move |x| [x, y]));
    let is_wall = |cell: &[usize; 2]| cell.iter().any(|at| at % 2 == 1) && !free.contains(cell);
    let walls: Vec<_> = cells.filter(is_wall).collect();
    let place = |[row, column]: [usize; 2]| [2 * column, 2 * row];
    Ok(json!({"width": columns, "height": rows, "start": place(start), "goal": place(goal), "walls": walls}))
}

/// The puzzle of a drawing with walls between rooms. The corners of its first row tell where rooms begin.
fn of_rooms(rows: &[Vec<char>]) -> Result<Value, String> {
    let at = |y: usize, x: usize| rows[y].get(x).copied().unwrap_or(' ');
    let corners: Vec<usize> = (0..rows[0].len()).filter(|&x| at(0, x) == '+').collect();
    let rulers: Vec<usize> = (0..rows.len()).filter(|&y| corners.first().is_some_and(|&x| at(y, x) == '+')).collect();
    if corners.len() < 2 || rulers.len() < 2 || rulers.last() != Some(&(rows.len() - 1)) {
        return Err("rooms without lines of + and - around".into());
    }
    let (mut joined, mut starts, mut goals) = (Vec::new(), Vec::new(), Vec::new());
    for (row, lines) in rulers.windows(2).enumerate() {
        for (column, sides) in corners.windows(2).enumerate() {
            let inside = || (lines[0] + 1..lines[1]).flat_map(|y| (sides[0] + 1..sides[1]).map(move |x| at(y, x)));
            starts.extend(inside().filter(|&letter| letter == 'S').map(|_| [row, column]));
            goals.extend(inside().filter(|&letter| "GEX".contains(letter)).map(|_| [row, column]));
            if column + 2 < corners.len() && !(lines[0] + 1..lines[1]).any(|y| at(y, sides[1]) == '|') {
                joined.push([row, column, row, column + 1]);
            }
            if row + 2 < rulers.len() && !(sides[0] + 1..sides[1]).any(|x| at(lines[1], x) == '-') {
                joined.push([row, column, row + 1, column]);
            }
        }
    }
    let ([start], [goal]) = (&starts[..], &goals[..]) else {
        return Err(format!("{} starts and {} goals", starts.len(), goals.len()));
    };
    of_joined(&joined, [rulers.len() - 1, corners.len() - 1], *start, *goal)
}

/// The puzzle of tokens: the rooms that are joined, start and goal. The maze is the smallest that holds all rooms that are told.
fn of_tokens(line: &str) -> Result<Value, String> {
    let part = |name: &str| {
        let (before, after) = (format!("<{name}_START>"), format!("<{name}_END>"));
        between(line, &before, &after).ok_or_else(|| format!("no {before} … {after}"))
    };
    let rooms = |text: &str| numbers(text).map(|all| all.into_iter().map(|number| number as usize).collect::<Vec<_>>());
    let room = |name: &str| -> Result<[usize; 2], String> {
        let text = part(name)?;
        rooms(text).and_then(|room| room.try_into().ok()).ok_or_else(|| format!("{text:?} for a room"))
    };
    let (start, goal) = (room("ORIGIN")?, room("TARGET")?);
    let mut joined: Vec<[usize; 4]> = Vec::new();
    for pair in part("ADJLIST")?.split(';').filter(|pair| pair.contains("<-->")) {
        joined.push(
            rooms(pair)
                .and_then(|pair| pair.try_into().ok())
                .ok_or_else(|| format!("{:?} for two rooms", pair.trim()))?,
        );
    }
    let all = joined.iter().flat_map(|pair| pair.chunks(2)).chain([&start[..], &goal[..]]);
    let size = all.fold([0, 0], |[rows, columns]: [usize; 2], room| [rows.max(room[0]), columns.max(room[1])]);
    of_joined(&joined, size.map(|most| most.saturating_add(1)), start, goal)
}

fn puzzle(rows: &[Vec<char>]) -> Result<Value, String> {
    let (width, height) = (rows.iter().map(Vec::len).max().unwrap_or(0), rows.len());
    let at = |x: usize, y: usize| rows[y].get(x).copied().unwrap_or(' ');
    let cells = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let is_edge = |&(x, y): &(usize, usize)| x == 0 || y == 0 || x + 1 == width || y + 1 == height;
    let ringed = width > 2 && height > 2 && cells.clone().filter(is_edge).all(|(x, y)| at(x, y) == '#');
    let ring = usize::from(ringed);
    let inside = |cell: &(usize, usize)| !ringed || !is_edge(cell);
    let all = |letters: &str| {
        let found = cells.clone().filter(inside).filter(|&(x, y)| letters.contains(at(x, y)));
        found.map(|(x, y)| [x - ring, y - ring]).collect::<Vec<_>>()
    };
    let (starts, goals) = (all("S"), all("GEX"));
    let ([start], [goal]) = (&starts[..], &goals[..]) else {
        return Err(format!("{} starts and {} goals", starts.len(), goals.len()));
    };
    Ok(json!({"width": width - 2 * ring, "height": height - 2 * ring, "start": start, "goal": goal, "walls": all("#")}))
}
