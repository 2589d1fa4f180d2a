//! A second model of the rules, only for tests: boards as text, moves on characters, breadth-first search over texts.
//!
//! `#` is wall, ` ` floor, `.` a dock, `$` a box, `*` a box on a dock, `@` the worker, `+` the worker on a dock. The first line is
//! the top row.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

/// A board.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Board(Vec<Vec<char>>);

impl Board {
    /// Parses a text with one line for each row.
    pub fn parse(text: &str) -> Board {
        Board(text.lines().map(|line| line.chars().collect()).collect())
    }

    /// The board of a puzzle's JSON, with the worker and the boxes of a state.
    pub fn of(puzzle: &Value, worker: (u8, u8), boxes: &[(u8, u8)]) -> Board {
        let size = |key: &str| puzzle[key].as_u64().unwrap() as usize;
        let (width, height) = (size("width"), size("height"));
        let mut rows = vec![vec![' '; width]; height];
        let mut put = |x: usize, y: usize, thing: char| {
            let place = &mut rows[y][x];
            *place = match (*place, thing) {
                (' ', thing) => thing,
                ('.', '$') => '*',
                ('.', '@') => '+',
                (there, thing) => panic!("{thing} on {there}"),
            };
        };
        for (key, thing) in [("walls", '#'), ("docks", '.')] {
            for cell in puzzle[key].as_array().unwrap() {
                put(cell[0].as_u64().unwrap() as usize, cell[1].as_u64().unwrap() as usize, thing);
            }
        }
        boxes.iter().for_each(|&(x, y)| put(x.into(), y.into(), '$'));
        put(worker.0.into(), worker.1.into(), '@');
        Board(rows)
    }

    /// The board as JSON of a puzzle, with the walls of the text.
    pub fn json(&self) -> Value {
        let (width, height) = (self.0.iter().map(Vec::len).max().unwrap(), self.0.len());
        let cells = |things: &str| -> Vec<Value> {
            let rows = self.0.iter().enumerate();
            let all = rows.flat_map(|(y, row)| row.iter().enumerate().map(move |(x, &c)| (x, y, c)));
            all.filter(|(_, _, c)| things.contains(*c)).map(|(x, y, _)| Value::from(vec![x, y])).collect()
        };
        serde_json::json!({
            "width": width, "height": height, "walls": cells("#"), "worker": cells("@+")[0], "boxes": cells("$*"),
            "docks": cells(".*+"),
        })
    }

    fn at(&self, row: i32, column: i32) -> char {
        let row = usize::try_from(row).ok().and_then(|row| self.0.get(row));
        row.and_then(|row| row.get(usize::try_from(column).ok()?)).copied().unwrap_or('#')
    }

    fn worker(&self) -> (i32, i32) {
        let rows = self.0.iter().enumerate();
        let (row, column) = rows
            .flat_map(|(r, row)| row.iter().enumerate().map(move |(c, &thing)| (r, c, thing)))
            .find(|(_, _, thing)| "@+".contains(*thing))
            .map(|(r, c, _)| (r, c))
            .unwrap();
        (row as i32, column as i32)
    }

    /// The board after a step; none if it is not possible.
    pub fn step(&self, direction: &str) -> Option<Board> {
        let (dr, dc) = match direction {
            "up" => (-1, 0),
            "down" => (1, 0),
            "left" => (0, -1),
            "right" => (0, 1),
            _ => return None,
        };
        let (row, column) = self.worker();
        let (to, behind) = (self.at(row + dr, column + dc), self.at(row + 2 * dr, column + 2 * dc));
        let mut board = self.clone();
        let mut set = |row: i32, column: i32, thing: char| board.0[row as usize][column as usize] = thing;
        match (to, behind) {
            (' ' | '.', _) => {}
            ('$' | '*', ' ') => set(row + 2 * dr, column + 2 * dc, '$'),
            ('$' | '*', '.') => set(row + 2 * dr, column + 2 * dc, '*'),
            _ => return None,
        }
        set(row + dr, column + dc, if ".*".contains(to) { '+' } else { '@' });
        set(row, column, if self.at(row, column) == '+' { '.' } else { ' ' });
        Some(board)
    }

    /// Whether all boxes are on docks.
    pub fn is_solved(&self) -> bool {
        !self.0.iter().flatten().any(|&thing| thing == '$')
    }

    /// Cost of a cheapest solution, and number of such solutions.
    pub fn solve(&self) -> Option<(u64, u64)> {
        let mut met = HashMap::from([(self.clone(), (0u64, 1u64))]);
        let mut queue = VecDeque::from([self.clone()]);
        let (mut best, mut solutions) = (u64::MAX, 0);
        while let Some(board) = queue.pop_front() {
            let (depth, ways) = met[&board];
            if depth > best {
                break;
            }
            if board.is_solved() {
                best = depth;
                solutions += ways;
                continue;
            }
            for after in ["up", "down", "left", "right"].into_iter().filter_map(|direction| board.step(direction)) {
                match met.get_mut(&after) {
                    Some((at, sum)) if *at == depth + 1 => *sum += ways,
                    Some(_) => {}
                    None => {
                        met.insert(after.clone(), (depth + 1, ways));
                        queue.push_back(after);
                    }
                }
            }
        }
        (best < u64::MAX).then_some((best, solutions))
    }
}
