//! Knights in words.

use super::atoms::name_of;
use super::board::{Board, Jump, bits, squares};
use super::{Knights, Layout};
use crate::instruct::{items, line, listed, unsolving};
use crate::prelude::*;
use crate::prompt::numbers;

const BOARD: &str = "Board: ";
const BLOCKED: &str = "Blocked squares: ";
const START: &str = "Knight: ";
const GOAL: &str = "Goal: ";
const WHITE: &str = "White knights: ";
const BLACK: &str = "Black knights: ";
const NONE: &str = "none";

impl Instruct for Knights {
    fn instructions(&self) -> Instructions {
        let Layout { board: Board { width, height, open }, start, goal } = self.layout;
        let names = |set: u64| listed(bits(set).map(|square| String::from_utf8_lossy(&name_of(square)).into_owned()));
        let blocked = squares(width, height) & !open;
        let blocked = if blocked == 0 { NONE.into() } else { names(blocked) };
        let last = char::from(b'a' + width.saturating_sub(1));
        let mut layout = format!(
            "{BOARD}{width} columns (a to {last}, from the left) and {height} rows (1 to {height}, from the bottom)\n{BLOCKED}{blocked}\n"
        );
        let rules = if start.black == 0 {
            layout += &format!("{START}{}\n{GOAL}{}", names(start.white), names(goal.white));
            [
                "Bring the knight to the goal square. It jumps as in chess: two squares along a row or column and one square to the side. It may jump over anything, but it must land on a square of the board that is not blocked. A square is named by its column and its row.",
                "A single knight stands on a board with some blocked squares. Every move is a knight's move of chess, one square in one direction and two in the other, onto a square of the board that is not blocked; what lies between does not matter. Find moves that take it to the goal.",
                "Find a way for a chess knight from its square to the goal. A jump changes the column by one and the row by two, or the column by two and the row by one. It may not end on a blocked square or outside of the board. Squares are named as in chess: column letter, then row number.",
            ]
        } else {
            layout += &format!("{WHITE}{}\n{BLACK}{}", names(start.white), names(start.black));
            [
                "White and black knights are to exchange their places: in the end the white knights stand on the squares where the black ones stand now, and the black knights where the white ones stand now. Knights of one colour are all alike. In a move, any one knight of either colour jumps as in chess (two squares along a row or column and one to the side) to a square that is on the board, not blocked and not taken by another knight. No knight is captured.",
                "Swap the white knights with the black ones. Each move is a chess knight's move of any one knight, white and black in any order; the square where it lands must be free, that is neither blocked nor occupied. You are done when white knights stand on all squares that black knights have now, and black knights on all that white knights have now; which of them stands where does not matter.",
                "The knights of the two colours must trade places. They move as in chess, one square one way and two squares the other way, one knight a move, in any order of colours. A knight may jump over others, but it cannot land on a blocked square, on another knight or off the board. In the end each colour must occupy exactly the squares that the other colour occupies now.",
            ]
        };
        let jump = |from, to| Jump { from, to };
        // From a1 to b3, or from a1 to c2.
        let example = ["a1-b3", "a1-c2"][unsolving(self, [&[jump(0, 17)], &[jump(0, 10)]])];
        let form = format!(
            "Write the jumps in their order, one a line, each as the square that the knight leaves and the one where it lands, in this form: {example}."
        );
        Instructions::of_moves(rules, layout, form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let size = numbers(Style::Frame, line(layout, BOARD)?)?;
        let (width, height) = (size.first()?, size.get(1)?);
        let blocked: Vec<&str> = items(line(layout, BLOCKED)?).into_iter().filter(|name| *name != NONE).collect();
        Some(match (line(layout, WHITE), line(layout, BLACK)) {
            (Some(white), Some(black)) => json!({
                "task": "swap", "width": width, "height": height, "blocked": blocked, "white": items(white), "black": items(black)
            }),
            _ => json!({
                "task": "path", "width": width, "height": height, "blocked": blocked,
                "start": line(layout, START)?, "goal": line(layout, GOAL)?
            }),
        })
    }
}
