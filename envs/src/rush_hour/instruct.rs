//! Rush Hour in words.

use super::RushHour;
use crate::instruct::block;
use crate::prelude::*;

const TITLE: &str = "Board (letters are cars, # is a wall, . is a free square):";

impl Instruct for RushHour {
    fn instructions(&self) -> Instructions {
        let size = usize::from(self.board.size);
        let mut squares = vec![vec!['.'; size]; size];
        for (place, car) in self.board.cars.iter().enumerate() {
            let (x, y) = car.place(self.start.of(place));
            for along in 0..car.length {
                let (x, y) = if car.across { (x + along, y) } else { (x, y + along) };
                if let Some(square) = squares.get_mut(usize::from(y)).and_then(|row| row.get_mut(usize::from(x))) {
                    *square = char::from(b'A' + place as u8);
                }
            }
        }
        for [x, y] in self.board.wall_squares() {
            if let Some(square) = squares.get_mut(usize::from(y)).and_then(|row| row.get_mut(usize::from(x))) {
                *square = '#';
            }
        }
        let rows: Vec<String> = squares.into_iter().map(String::from_iter).collect();
        let rules = [
            "Cars stand on a square board; all squares with the same letter are one car. A car moves only along its own row or column, forwards or backwards, over free squares; it cannot turn, enter a wall, jump over a car or leave the board. Car A must get out: move it to the right end of its row, where the exit is. Sliding one car by any number of squares is one move.",
            "This is the puzzle Rush Hour. Each letter is a car of two or three squares. A car that stands along a row slides left or right in it, and a car that stands along a column slides up or down in it, by one or more squares that must all be free. A slide of one car counts as one move, however long it is. Free the way for car A until it touches the right edge of the board.",
            "Slide the cars so that car A reaches the right edge of the board, at the end of its row. In a move, one car slides any number of squares in the direction in which it stands (left or right along a row, up or down along a column). All squares that it passes and those where it ends must be free, and no car leaves the board.",
        ];
        Instructions::of_moves(
            rules,
            format!("{TITLE}\n{}", rows.join("\n")),
            "Write the moves in their order, one a line: the car, the direction (left, right, up or down) and the number of squares, in this form: A left 1.",
        )
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let rows = block(layout, TITLE, "")?;
        let squares = |car: char| {
            let of_row =
                move |(y, row): (usize, &&str)| row.match_indices(car).map(move |(x, _)| (x, y)).collect::<Vec<_>>();
            rows.iter().enumerate().flat_map(of_row).collect::<Vec<_>>()
        };
        let cars: Vec<Vec<(usize, usize)>> = ('A'..='Z').map(squares).take_while(|car| !car.is_empty()).collect();
        let exit = cars.first()?.first()?.1;
        let car = |squares: &Vec<(usize, usize)>| {
            let (&(x, y), &(_, last)) = (squares.first()?, squares.last()?);
            Some(json!({"x": x, "y": y, "length": squares.len(), "across": y == last}))
        };
        let cars = cars.iter().map(car).collect::<Option<Vec<Value>>>()?;
        Some(json!({"size": rows.len(), "exit": exit, "cars": cars, "walls": squares('#')}))
    }
}
