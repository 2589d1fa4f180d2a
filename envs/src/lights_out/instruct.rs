//! Lights out in words.

use super::{LightsOut, Press};
use crate::instruct::{block, unsolving};
use crate::prelude::*;

const TITLE: &str = "Lamps (1 is on, 0 is off):";

impl Instruct for LightsOut {
    fn instructions(&self) -> Instructions {
        let columns = usize::from(self.columns);
        let lamp = |cell: usize| if self.start.0 >> cell & 1 == 1 { "1" } else { "0" };
        let row = |row: usize| (row * columns..(row + 1) * columns).map(lamp).collect::<Vec<_>>().join(" ");
        let rows: Vec<String> = (0..self.rows.into()).map(row).collect();
        let rules = [
            "Switch off all lamps. Pressing a lamp switches that lamp and its direct neighbours above, below, to the left and to the right: those that are on go off, and those that are off go on. Lamps at the edge have fewer neighbours; the board does not wrap around.",
            "Each lamp on this board is also a switch. When it is pressed, it changes between on and off, and so do the lamps directly above, below, left and right of it, as far as they exist. Find presses after which no lamp is on.",
            "This is the game Lights Out. A press on a lamp toggles it together with the lamps that touch it on its four sides (not diagonally). Find lamps to press so that the whole board is dark in the end. The order of presses does not matter, and to press a lamp twice has no effect.",
        ];
        let press = |row, column| Press { row, column };
        let lists = [[press(0, 0), press(0, 1)], [press(0, 0), press(1, 1)]];
        let example = ["(1, 1), (1, 2)", "(1, 1), (2, 2)"][unsolving(self, [&lists[0], &lists[1]])];
        let form = format!(
            "Write the lamps to press as (row, column), separated by commas; rows are counted from 1 at the top and columns from 1 at the left, in this form: {example}."
        );
        Instructions::of_moves(rules, format!("{TITLE}\n{}", rows.join("\n")), form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let rows: Vec<String> = block(layout, TITLE, "")?.into_iter().map(|row| row.replace(' ', "")).collect();
        Some(json!({"lamps": rows}))
    }
}
