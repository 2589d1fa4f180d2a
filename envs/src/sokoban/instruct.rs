//! Sokoban in words: the board is drawn with the signs that its levels are usually drawn with.

use super::{Direction, Level, Solved, WorkerStep, cell_at};
use crate::instruct::{block, unsolving};
use crate::prelude::*;

const TITLE: &str = "Board (# wall, - floor, @ worker, $ box, . dock, * box on a dock, + worker on a dock):";
/// Words and directions of the examples: each leads to another place.
const EXAMPLES: [(&str, [Direction; 4]); 2] = [
    ("up, right, down, left", [Direction::Up, Direction::Right, Direction::Down, Direction::Left]),
    ("left, down, right, right", [Direction::Left, Direction::Down, Direction::Right, Direction::Right]),
];

impl<C: Solved> Instruct for Level<C> {
    fn instructions(&self) -> Instructions {
        let mut layout = String::from(TITLE);
        let walls: Vec<_> = self.walls().collect();
        for y in 0..self.height {
            layout.push('\n');
            layout.extend((0..self.width).filter_map(|x| cell_at::<C>(x.into(), y.into())).map(|cell| {
                let dock = self.docks().contains(&cell);
                match () {
                    () if walls.contains(&cell) => '#',
                    () if cell == self.worker() => {
                        if dock {
                            '+'
                        } else {
                            '@'
                        }
                    }
                    () if self.boxes().contains(&cell) => {
                        if dock {
                            '*'
                        } else {
                            '$'
                        }
                    }
                    () => {
                        if dock {
                            '.'
                        } else {
                            '-'
                        }
                    }
                }
            }));
        }
        let rules = [
            "Push every box onto a dock. The worker walks up, down, left or right, one cell at a time, and cannot enter walls or leave the board. Walking into a box pushes it one cell further in the same direction; this is only possible if the cell behind the box is free, that is neither a wall nor another box. Boxes can only be pushed, never pulled. Every step counts, whether it pushes or not. It does not matter which box stands on which dock.",
            "This is Sokoban. Move the worker in steps up, down, left and right over the floor until every box stands on a dock. If a box is in the way, the worker pushes it ahead by one cell, provided that the next cell beyond is floor or a dock without a box on it. The worker can push only one box at a time and cannot pull. Walls, and all that is outside of the drawing, block workers and boxes.",
            "Help the worker to push the boxes onto the docks; any box may go to any dock. A step goes to the neighbouring cell above, below, to the left or to the right. When a box stands there, it moves one cell on in the direction of the step, unless a wall, the edge of the board or another box is behind it, in which case the step is not possible. A box that was pushed against a wall cannot be pulled back.",
        ];
        let step = |direction: Direction| WorkerStep { direction, worker: C::of(0), pushed: None };
        let lists = EXAMPLES.map(|(_, directions)| directions.map(step));
        let example = EXAMPLES[unsolving(self, [&lists[0], &lists[1]])].0;
        let form = format!(
            "Write all steps of the worker in their order, separated by commas, each as up, down, left or right, in this form: {example}."
        );
        Instructions::of_moves(rules, layout, form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let rows = block(layout, TITLE, "")?;
        let cells = |signs: &[char]| -> Vec<[usize; 2]> {
            let of_row =
                |(y, row): (usize, &&str)| row.match_indices(signs).map(move |(x, _)| [x, y]).collect::<Vec<_>>();
            rows.iter().enumerate().flat_map(of_row).collect()
        };
        Some(json!({
            "width": rows.first()?.len(), "height": rows.len(), "walls": cells(&['#']), "worker": cells(&['@', '+']).first()?,
            "boxes": cells(&['$', '*']), "docks": cells(&['.', '*', '+'])
        }))
    }
}
