//! Blocks world in words.

use super::{Blocks, Blocksworld, Move, TABLE};
use crate::instruct::{block, items, listed, text, unsolving};
use crate::prelude::*;

const START: &str = "Start (each line is a tower, from bottom to top):";
const GOAL: &str = "Goal (each line is a tower, from bottom to top):";

impl Instruct for Blocksworld {
    fn instructions(&self) -> Instructions {
        let towers = |state: &Blocks| {
            let written = text(|out| self.write_state(state, Style::Frame, out));
            items(written.trim_matches(['[', ']'])).join("\n")
        };
        let layout = format!("{START}\n{}\n{GOAL}\n{}", towers(&self.start), towers(&self.goal));
        let rules = [
            "Blocks stand in towers on a table. In a move you take one block that has no other block on it and put it either onto the table or onto another block that has none on it. The table has room for all blocks, and the places of towers on it do not matter. Rearrange the blocks from the start into the goal.",
            "Build the goal from the start by moving one block at a time. Only a block on which nothing stands can be moved. It may be put on the table, where there is always room, or on another block on which nothing stands. Where on the table a tower stands makes no difference.",
            "In this blocks world every block stands on the table or on one other block, and each block carries at most one other. A move lifts the top block of a tower and sets it down on the table or on the top of another tower. Find moves that lead from the start to the goal; the order of the towers does not count.",
        ];
        let lists = [[Move { block: 0, onto: TABLE }], [Move { block: 0, onto: 1 }]];
        let [first, other] = &lists;
        let example = lists[unsolving(self, [first, other])][0];
        let example = text(|out| self.write_move(example, Style::Frame, out));
        let form = format!(
            "Write the moves in their order, one a line, each as a block and what it is put on: a block, or the word table; in this form: {example}."
        );
        Instructions::of_moves(rules, layout, form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let towers = |title: &str, end: &str| Some(format!("[{}]", listed(block(layout, title, end)?)));
        let (start, target) = (towers(START, GOAL)?, towers(GOAL, "")?);
        Self::read_task(&Task { style: Style::Frame, header: "", start: &start, target: &target })
    }
}
