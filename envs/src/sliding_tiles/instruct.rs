//! Sliding tiles in words.

use super::{Slide, SlidingTiles, Tiles};
use crate::instruct::block;
use crate::prelude::*;
use crate::prompt::numbers;

const START: &str = "Board (0 is the empty cell):";
const GOAL: &str = "Goal:";

impl Instruct for SlidingTiles {
    fn instructions(&self) -> Instructions {
        let rows = |tiles: &Tiles| {
            let numbers: Vec<String> = (0..self.board.cells()).map(|cell| tiles.tile(cell).to_string()).collect();
            numbers.chunks(self.board.columns.into()).map(|row| row.join(" ")).collect::<Vec<String>>().join("\n")
        };
        let layout = format!("{START}\n{}\n{GOAL}\n{}", rows(&self.start), rows(&self.goal));
        // A tile that cannot move first.
        let stays = |tile: &u8| self.apply(&self.start, Slide(*tile)).is_none();
        let example = (1..self.board.cells() as u8).find(stays).unwrap_or(1);
        let rules = [
            "This is a sliding puzzle. Numbered tiles lie on a board with one empty cell. In a move, a tile directly above, below, left or right of the empty cell slides into it, and leaves its own cell empty. Bring the board from the position shown into the goal position.",
            "Numbered tiles and one empty cell fill the board below, row by row. The only move there is: slide a tile that is a direct neighbour of the empty cell (not diagonally) into that cell. Find moves after which the board looks like the goal.",
            "Slide the tiles of this board until it looks like the goal. A tile can slide when the empty cell is next to it, above, below, to the left or to the right; it then changes places with the empty cell. Tiles cannot jump, and only one tile moves at a time.",
        ];
        let form = format!(
            "Write the moves in their order, one a line; a move names the tile that slides, in this form: slide {example}."
        );
        Instructions::of_moves(rules, layout, form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let rows = block(layout, START, GOAL)?;
        let tiles = numbers(Style::Frame, &rows.join(" "))?;
        let goal = numbers(Style::Frame, &block(layout, GOAL, "")?.join(" "))?;
        Some(json!({"rows": rows.len(), "columns": tiles.len().checked_div(rows.len())?, "tiles": tiles, "goal": goal}))
    }
}
