//! Mazes drawn with `#` for walls, `S` for the start and `G`, `E` or `X` for the goal; anything else that is white space or a dot is free. A ring of walls all
//! around is left out, since there is nothing beyond a maze.

use serde_json::{Value, json};

use super::{Entry, Title, lines};

/// What a row is drawn with.
const ROW: &str = "# .SGEX";

const ALLOWED: &str = "rows of #, spaces or dots, with one S and one G (or E, X)";

pub(super) fn read(text: &str, out: &mut dyn FnMut(Entry)) {
    let mut rows: Vec<Vec<char>> = Vec::new();
    let (mut first, mut title, mut heading) = (0, Title::default(), String::new());
    for (number, line) in lines(text).chain(std::iter::once((0, ""))) {
        let is_row = line.contains(['#', '.']) && line.chars().all(|letter| ROW.contains(letter));
        if is_row {
            if rows.is_empty() {
                first = number;
                heading = title.take();
            }
            rows.push(line.chars().collect());
            continue;
        }
        if !rows.is_empty() {
            let entry =
                puzzle(&rows).map(|puzzle| Entry::of(first, puzzle).with("title", &std::mem::take(&mut heading)));
            out(entry.unwrap_or_else(|found| Entry::wrong(first, 1, &found, ALLOWED)));
            rows.clear();
        }
        if line.matches('#').nth(1).is_some() {
            // Two walls are no title: it is a row with something wrong in it.
            let column = line.chars().position(|letter| !ROW.contains(letter)).map_or(1, |place| place + 1);
            std::mem::take(&mut title).left(ALLOWED, out);
            out(Entry::wrong(number, column, line, ALLOWED));
        } else if !line.trim().is_empty() {
            title.add(number, line.trim());
        }
    }
    title.left(ALLOWED, out);
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
