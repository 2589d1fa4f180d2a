//! A maze as JSON. Walls are written by row, then by column, and read in any order.

use super::atoms::write_walls;
use super::{Cell, Maze};
use crate::json;
use crate::prelude::*;

/// A cell as [x, y].
type Place = [u16; 2];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    width: usize,
    height: usize,
    start: Place,
    goal: Place,
    walls: Vec<Place>,
}

impl Json for Maze {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"width":3,"height":3,"start":[0,0],"goal":[2,2],"walls":[[1,1]]}"#;

    fn to_fields(&self) -> Fields {
        fields(self, self.floor.walls().map(place).collect())
    }

    fn from_fields(Fields { width, height, start, goal, walls }: Fields) -> Result<Maze, PuzzleError> {
        let cell = |field: &str, [x, y]: Place| match [x, y].map(u8::try_from) {
            [Ok(x), Ok(y)] => Ok(Cell { x, y }),
            _ => Err(PuzzleError::new(field, format_args!("[{x},{y}]"), "[x,y] inside the maze")),
        };
        let walls = walls.into_iter().map(|wall| cell("walls", wall)).collect::<Result<Vec<_>, _>>()?;
        Maze::new(width, height, walls, cell("start", start)?, cell("goal", goal)?)
    }

    /// The same text as serde writes, but faster for hundreds of walls.
    fn write_json(&self, out: &mut Vec<u8>) {
        let end = b"]}";
        json::write(&fields(self, Vec::new()), out);
        out.truncate(out.len() - end.len());
        write_walls(&self.floor, [b"[", b",", b"],"], out);
        out.truncate(out.len() - usize::from(out.ends_with(b",")));
        out.extend_from_slice(end);
    }
}

fn place(Cell { x, y }: Cell) -> Place {
    [x, y].map(u16::from)
}

fn fields(maze: &Maze, walls: Vec<Place>) -> Fields {
    Fields { width: maze.width(), height: maze.height(), start: place(maze.start), goal: place(maze.goal), walls }
}
