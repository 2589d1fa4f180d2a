//! The Tower of Hanoi in words.

use super::atoms::pile;
use super::{Disks, Hanoi};
use crate::instruct::block;
use crate::prelude::*;
use crate::prompt::numbers;

const START: &str = "Start (the disks of each peg from bottom to top):";
const GOAL: &str = "Goal (the disks of each peg from bottom to top):";

impl Instruct for Hanoi {
    fn instructions(&self) -> Instructions {
        let letter = |peg: u8| char::from(b'A' + peg);
        let peg = |state: Disks, peg: u8| {
            let disks: Vec<String> = pile(self, state, peg).map(|disk| (disk + 1).to_string()).collect();
            let disks = if disks.is_empty() { "empty".into() } else { disks.join(" ") };
            format!("\n{}: {disks}", letter(peg))
        };
        let pegs = |state: Disks| (0..self.pegs).map(|at| peg(state, at)).collect::<String>();
        let layout = format!("{START}{}\n{GOAL}{}", pegs(self.start), pegs(self.goal));
        let rules = [
            "Disks of different sizes lie on pegs; a greater number is a larger disk. Move one disk at a time: take the top disk of a peg and put it on top of another peg. A disk may never lie on a smaller one. Bring the disks from the start into the goal position.",
            "This is the Tower of Hanoi. Each disk is called by its size, and 1 is the smallest. In a move the uppermost disk of one peg goes to another peg, which must be empty or have a larger disk on top. Only one disk is moved at a time. Reach the goal from the start.",
            "Find moves that take the disks from the start to the goal. Disks are numbered by size, the smallest is 1. Only a disk with nothing on it can be moved, only onto another peg, and never onto a disk that is smaller than itself.",
        ];
        // A move from a peg where the disk does not lie.
        let at = self.start.peg(0);
        let [from, to] = [1, 2].map(|on| letter((at + on) % self.pegs));
        let form =
            format!("Write the moves in their order, one a line, in this form: Move disk 1 from {from} to {to}.");
        Instructions::of_moves(rules, layout, form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let pegs = |title: &str, end: &str| {
            let lines = block(layout, title, end)?;
            let peg = |line: &str| numbers(Style::Frame, line.split_once(": ")?.1);
            lines.into_iter().map(peg).collect::<Option<Vec<Vec<u64>>>>()
        };
        Some(json!({"start": pegs(START, GOAL)?, "goal": pegs(GOAL, "")?}))
    }
}
