//! A maze as JSON: `{"width":5,"height":5,"start":[0,0],"goal":[4,4],"walls":[[1,0],[1,1]]}`, the walls by row, then by column.
//! They are read in any order.

use serde_json::Value;

use super::atoms::write_walls;
use super::{Cell, MAX_SIDE, Maze};
use crate::environment::PuzzleError;
use crate::json::Json;
use crate::text::write_number;

impl Json for Maze {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"width\":");
        write_number(self.width() as u64, out);
        out.extend_from_slice(b",\"height\":");
        write_number(self.height() as u64, out);
        out.extend_from_slice(b",\"start\":[");
        write_cell(self.start_cell(), out);
        out.extend_from_slice(b"],\"goal\":[");
        write_cell(self.goal_cell(), out);
        out.extend_from_slice(b"],\"walls\":[");
        write_walls(self.floor(), [b"[", b",", b"],"], out);
        if out.last() == Some(&b',') {
            out.pop();
        }
        out.extend_from_slice(b"]}");
    }

    fn from_json(value: &Value) -> Result<Maze, PuzzleError> {
        let Value::Object(fields) = value else {
            return wrong("a maze is {\"width\":3,\"height\":3,\"start\":[0,0],\"goal\":[2,2],\"walls\":[[1,1]]}");
        };
        if let Some(unknown) = fields.keys().find(|key| !FIELDS.contains(&key.as_str())) {
            return wrong(format!("unknown field \"{unknown}\"; allowed: {}", FIELDS.join(", ")));
        }
        let field = |name: &str| fields.get(name).unwrap_or(&Value::Null);
        let side = |name: &str| match field(name).as_u64().and_then(|side| usize::try_from(side).ok()) {
            Some(side) if (1..=MAX_SIDE).contains(&side) => Ok(side),
            _ => wrong(format!("{name}: found {}; allowed: 1 to {MAX_SIDE}", shortened(field(name)))),
        };
        let (width, height) = (side("width")?, side("height")?);
        let start = cell("start", field("start"))?;
        let goal = cell("goal", field("goal"))?;
        let Value::Array(list) = field("walls") else {
            return wrong(format!("walls: found {}; allowed: a list of [x,y]", shortened(field("walls"))));
        };
        if list.len() > width * height {
            return wrong(format!("walls: found {}; allowed: at most {}, each once", list.len(), width * height));
        }
        let walls = list.iter().map(|wall| cell("walls", wall)).collect::<Result<Vec<_>, _>>()?;
        Maze::new(width, height, walls, start, goal)
    }
}

fn write_cell(cell: Cell, out: &mut Vec<u8>) {
    write_number(cell.x.into(), out);
    out.push(b',');
    write_number(cell.y.into(), out);
}

const FIELDS: [&str; 5] = ["width", "height", "start", "goal", "walls"];

fn wrong<T>(what: impl Into<String>) -> Result<T, PuzzleError> {
    Err(PuzzleError(what.into()))
}

/// What was found, but not all of it where it is long.
fn shortened(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 40 { text } else { text.chars().take(40).chain("…".chars()).collect() }
}

fn cell(field: &str, value: &Value) -> Result<Cell, PuzzleError> {
    let number = |value: &Value| value.as_u64().and_then(|at| u8::try_from(at).ok());
    if let Some([x, y]) = value.as_array().map(Vec::as_slice)
        && let (Some(x), Some(y)) = (number(x), number(y))
    {
        return Ok(Cell { x, y });
    }
    wrong(format!("{field}: found {}; allowed: [x,y] inside the maze", shortened(value)))
}
