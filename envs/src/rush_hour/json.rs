//! A puzzle as JSON: `{"size":6,"exit":2,"cars":[{"x":1,"y":2,"length":2,"across":true},…]}`. The first car is the one that must get out;
//! `x` and `y` are the column and row of a car's left or upper end.

use serde::Deserialize;
use serde_json::Value;

use super::RushHour;
use super::board::{Board, Car, MOST_CARS, Offsets, SIZES};
use super::solve;
use crate::environment::PuzzleError;
use crate::json::Json;

/// Puzzles of which more positions than this would have to be looked at to prove their cost are refused.
const MOST_PROVEN: usize = 1_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonPuzzle {
    size: u64,
    exit: u64,
    cars: Vec<JsonCar>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonCar {
    x: u64,
    y: u64,
    length: u64,
    across: bool,
}

impl Json for RushHour {
    fn write_json(&self, out: &mut Vec<u8>) {
        let head = format!("{{\"size\":{},\"exit\":{},\"cars\":[", self.board.size, self.exit());
        out.extend_from_slice(head.as_bytes());
        for (i, car) in self.board.cars.iter().enumerate() {
            let ((x, y), length) = (car.place(self.start.of(i)), car.length);
            if i > 0 {
                out.push(b',');
            }
            let car = format!("{{\"x\":{x},\"y\":{y},\"length\":{length},\"across\":{}}}", car.across);
            out.extend_from_slice(car.as_bytes());
        }
        out.extend_from_slice(b"]}");
    }

    fn from_json(value: &Value) -> Result<RushHour, PuzzleError> {
        let json = JsonPuzzle::deserialize(value).map_err(|error| PuzzleError(error.to_string()))?;
        let [least, most] = SIZES.map(u64::from);
        if !(least..=most).contains(&json.size) {
            return wrong("size", json.size, format!("{least} to {most}"));
        }
        if !(1..=MOST_CARS).contains(&json.cars.len()) {
            return wrong("cars", format!("{} cars", json.cars.len()), format!("1 to {MOST_CARS}"));
        }
        let mut board = Board { size: json.size as u8, cars: Vec::with_capacity(json.cars.len()) };
        let mut start = Offsets::default();
        for (i, car) in json.cars.iter().enumerate() {
            let (offset, lane) = if car.across { (car.x, car.y) } else { (car.y, car.x) };
            let fits = (2..=3).contains(&car.length) && lane < json.size && offset <= json.size - car.length;
            if !fits {
                let found = format!("{} squares from column {} and row {} on", car.length, car.x, car.y);
                return wrong(&format!("cars[{i}]"), found, "2 or 3 squares that are on the board");
            }
            board.cars.push(Car { across: car.across, lane: lane as u8, length: car.length as u8 });
            start = start.with(i, offset as u8);
        }
        if !json.cars[0].across || json.cars[0].length != 2 || json.cars[0].y != json.exit {
            let found = format!("{} squares in row {}", json.cars[0].length, json.cars[0].y);
            return wrong("cars[0]", found, "2 squares across in the row of the exit");
        }
        if !board.is_position(start) {
            return wrong("cars", "cars that overlap", "one car a square");
        }
        match solve::facts(&board, start, MOST_PROVEN) {
            Some(facts) => Ok(RushHour { board, start, facts }),
            None => wrong("cars", "a puzzle too large to prove", format!("at most {MOST_PROVEN} positions to look at")),
        }
    }
}

fn wrong<T>(field: &str, found: impl std::fmt::Display, allowed: impl std::fmt::Display) -> Result<T, PuzzleError> {
    Err(PuzzleError(format!("{field}: found {found}; allowed: {allowed}")))
}
