//! The generator. It places cars at random, explores all positions that can be reached, and chooses a start among them at a distance from a goal that fits the
//! settings. (Fogleman 2018, "Solving Rush Hour, the Puzzle", works through components of positions in a similar way.)

use super::board::{Board, Car, MOST_CARS, Offsets, square};
use super::solve::{Component, facts};
use super::{Config, RushHour};
use crate::draw::Draw;
use crate::environment::Reject;

/// Number of boards that are tried before a draw is rejected.
const BOARDS: usize = 60;

/// Draws a puzzle. It never loops: after a number of boards that do not fit, it rejects.
pub fn generate(config: &Config, draw: &mut Draw) -> Result<RushHour, Reject> {
    let (size, count) = (config.size.draw(draw) as u8, config.cars.draw(draw).min(MOST_CARS));
    let mut component = Component::default();
    for _ in 0..BOARDS {
        let Some((board, state)) = place(config, size, count, draw) else { continue };
        if !component.explore(&board, state, config.max_positions as usize) {
            continue;
        }
        let Some(farthest) = component.farthest().filter(|&farthest| farthest >= config.min_cost) else { continue };
        let cost = draw.between(config.min_cost, farthest.min(config.max_cost));
        let starts = component.at_distance(cost);
        let Some(&start) = draw.choose(&starts) else { continue };
        let start = component.state(start);
        let facts = facts(&board, start, usize::MAX).ok_or(Reject)?;
        return Ok(RushHour { board, start, facts }.sorted());
    }
    Err(Reject)
}

/// Places walls, then cars one after another, each at a random free place. None if there is no place for one.
fn place(config: &Config, size: u8, count: usize, draw: &mut Draw) -> Option<(Board, Offsets)> {
    let exit = config.exit_row(size);
    let mut board = Board { size, cars: Vec::with_capacity(count), walls: 0 };
    board.cars.push(Car { across: true, lane: exit, length: 2 });
    for _ in 0..config.walls {
        let (x, y) = (draw.below(size.into()) as u8, draw.below(u64::from(size) - 1) as u8);
        // In the row of the exit, a wall would keep A in for ever or take no part.
        let wall = square(x, if y < exit { y } else { y + 1 });
        if board.walls & wall != 0 {
            return None;
        }
        board.walls |= wall;
    }
    let mut state = Offsets::default().with(0, draw.below(u64::from(size) - 2) as u8);
    let mut taken = board.taken(state);
    let mut places = Vec::new();
    for index in 1..count {
        let length = if draw.chance(config.long_percent, 100) { 3 } else { 2 };
        places.clear();
        for across in [true, false] {
            // Another car in the row of the exit could never leave it.
            for lane in (0..size).filter(|&lane| !across || lane != exit) {
                let car = Car { across, lane, length };
                let free = (0..=size - length).filter(|&offset| car.squares(offset) & taken == 0);
                places.extend(free.map(|offset| (car, offset)));
            }
        }
        let &(car, offset) = draw.choose(&places)?;
        taken |= car.squares(offset);
        board.cars.push(car);
        state = state.with(index, offset);
    }
    Some((board, state))
}
