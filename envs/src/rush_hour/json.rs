//! A puzzle as JSON. The first car is the one that must get out; `x` and `y` are the column and row of a car's left or upper end. Walls are told by column
//! and row, only where there are some.

use super::RushHour;
use super::board::{Board, Car, MOST_CARS, Offsets, SIZES, square};
use super::solve;
use crate::prelude::*;

/// More walls than a board with a car has squares for.
const MOST_WALLS: usize = 64;
/// Most positions that are explored to prove the cost of a puzzle from outside. Puzzles that need more are refused.
const MOST_PROVEN: usize = 1_000_000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    size: u64,
    exit: u64,
    cars: ArrayVec<CarFields, MOST_CARS>,
    #[serde(default, skip_serializing_if = "ArrayVec::is_empty")]
    walls: ArrayVec<[u8; 2], MOST_WALLS>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CarFields {
    x: u64,
    y: u64,
    length: u64,
    across: bool,
}

impl Json for RushHour {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"size":6,"exit":2,"cars":[{"x":1,"y":2,"length":2,"across":true}]}"#;

    fn to_fields(&self) -> Fields {
        let fields = |(i, car): (usize, &Car)| {
            let (x, y) = car.place(self.start.of(i));
            CarFields { x: x.into(), y: y.into(), length: car.length.into(), across: car.across }
        };
        let cars = self.board.cars.iter().enumerate().map(fields).collect();
        let walls = self.board.wall_squares().collect();
        Fields { size: self.board.size.into(), exit: self.exit().into(), cars, walls }
    }

    fn from_fields(Fields { size, exit, cars, walls }: Fields) -> Result<RushHour, PuzzleError> {
        PuzzleError::within("size", size, SIZES[0], SIZES[1])?;
        if cars.is_empty() {
            return Err(PuzzleError::new("cars", format_args!("0 cars"), format!("1 to {MOST_CARS}")));
        }
        let mut board = Board { size: size as u8, cars: Vec::with_capacity(cars.len()), walls: 0 };
        let mut start = Offsets::default();
        for (i, car) in cars.iter().enumerate() {
            let (offset, lane) = if car.across { (car.x, car.y) } else { (car.y, car.x) };
            let fits = (2..=3).contains(&car.length) && lane < size && offset <= size - car.length;
            if !fits {
                let found = format_args!("{} squares from column {} and row {} on", car.length, car.x, car.y);
                return Err(PuzzleError::new(&format!("cars[{i}]"), found, "2 or 3 squares that are on the board"));
            }
            board.cars.push(Car { across: car.across, lane: lane as u8, length: car.length as u8 });
            start = start.with(i, offset as u8);
        }
        let first = &cars[0];
        if !first.across || first.length != 2 || first.y != exit {
            let found = format_args!("{} squares in row {}", first.length, first.y);
            return Err(PuzzleError::new("cars[0]", found, "2 squares across in the row of the exit"));
        }
        for (i, &[x, y]) in walls.iter().enumerate() {
            let beyond = u64::from(x.max(y)) >= size;
            if beyond || board.walls & square(x, y) != 0 {
                let allowed = "column and row of a square that is on the board, each once";
                return Err(PuzzleError::new(&format!("walls[{i}]"), [x, y], allowed));
            }
            board.walls |= square(x, y);
        }
        if !board.is_position(start) {
            return Err(PuzzleError::new("cars", format_args!("cars that overlap"), "one car or wall a square"));
        }
        let allowed = || format!("at most {MOST_PROVEN} positions to look at");
        let large = || PuzzleError::new("cars", format_args!("a puzzle too large to prove"), allowed());
        let facts = solve::facts(&board, start, MOST_PROVEN).ok_or_else(large)?;
        Ok(RushHour { board, start, facts })
    }
}
