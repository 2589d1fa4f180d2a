//! Mazes in words.

use super::{Cell, Maze};
use crate::instruct::block;
use crate::prelude::*;

const TITLE: &str = "Maze (# wall, . free cell, S start, G goal):";
const AT_GOAL: &str = "Maze (# wall, . free cell, S start, which is also the goal):";

impl Instruct for Maze {
    fn instructions(&self) -> Instructions {
        let mut layout = String::from(if self.start == self.goal { AT_GOAL } else { TITLE });
        for y in 0..self.height() as u8 {
            layout.push('\n');
            layout.extend((0..self.width() as u8).map(|x| match Cell::new(x, y) {
                cell if cell == self.start => 'S',
                cell if cell == self.goal => 'G',
                cell if self.floor.is_open(cell) => '.',
                _ => '#',
            }));
        }
        let rules = [
            "Find a way through the maze from the start to the goal. A move takes you from a cell to the next one above, below, to the left or to the right. You may not enter a wall and may not leave the drawing. Row by row, the drawing shows the maze from the top; up is towards the first row, and left towards the first cell of a row.",
            "Below is a maze drawn from above, one character for each cell. Go from the start to the goal by steps up (to the line above), down (to the line below), left and right. There are no diagonal steps, walls block the way, and you must stay inside the drawing.",
            "Lead a walker from the start of this maze to its goal. In each step the walker goes one cell up, down, left or right, where up and down change the line of the drawing and left and right the place in the line. Cells with a wall cannot be entered, and nothing lies beyond the edge of the drawing.",
        ];
        let form = "Write the moves in their order, separated by commas, each as up, down, left or right, for example: up, right, down, left.";
        Instructions::of_moves(rules, layout, form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let rows = block(layout, TITLE, "").or_else(|| block(layout, AT_GOAL, ""))?;
        let width = rows.first()?.len();
        let cells = |sign: char| -> Vec<[usize; 2]> {
            let of_row =
                |(y, row): (usize, &&'_ str)| row.match_indices(sign).map(move |(x, _)| [x, y]).collect::<Vec<_>>();
            rows.iter().enumerate().flat_map(of_row).collect()
        };
        let start = *cells('S').first()?;
        let goal = cells('G').first().copied().unwrap_or(start);
        Some(json!({"width": width, "height": rows.len(), "start": start, "goal": goal, "walls": cells('#')}))
    }
}
