//! The slides out of many positions of a board. They are those of [`Board::slides`], but from a table and with few unpredictable branches.

use std::sync::LazyLock;

use super::board::{Board, Car, MOST_CARS, Offsets, SIZES, square};

/// Greatest number of slides of a car on the largest board.
const MOST_TARGETS: usize = SIZES[1] as usize - 2;
/// Greatest number of slides out of a position.
const MOST_SLIDES: usize = MOST_CARS * MOST_TARGETS;
/// Number of table entries for a car length: taken squares of a lane, times offsets.
const PER_LENGTH: usize = 256 * 8;

/// The offsets to which a car of a length (2 or 3) at an offset can slide, by the taken squares of its lane.
static TARGETS: LazyLock<Vec<Targets>> = LazyLock::new(|| {
    let lanes =
        (2..=3).flat_map(|length| (0..8).flat_map(move |offset| (0..256).map(move |lane| (length, offset, lane))));
    lanes.map(|(length, offset, lane)| Targets::of(length, offset, lane)).collect()
});

/// The offsets to which a car can slide: the lesser ones first, then the greater ones, each the nearest first.
#[derive(Clone, Copy, Default)]
struct Targets {
    offsets: [u8; MOST_TARGETS],
    count: u8,
}

impl Targets {
    fn of(length: usize, offset: usize, lane: usize) -> Self {
        let mut targets = Targets::default();
        let is_free = |square: &usize| *square < 8 && lane >> square & 1 == 0;
        let less = (0..offset).rev().take_while(is_free);
        let more = (offset + length..8).take_while(is_free).map(|square| square + 1 - length);
        for (target, offset) in targets.offsets.iter_mut().zip(less.chain(more)) {
            *target = offset as u8;
            targets.count += 1;
        }
        targets
    }
}

/// A car in the form that the slides need.
struct Mover {
    /// Its squares at offset 0, in row-major order and in column-major order.
    squares: [u64; 2],
    /// Whether its lane is a row; otherwise a column.
    across: bool,
    /// The first bit of the lane.
    lane: u32,
    targets: usize,
}

impl Mover {
    fn new(car: &Car) -> Self {
        let (along, across) = if car.length == 2 { (0b11, 0x0101) } else { (0b111, 0x01_0101) };
        let lane = 8 * u32::from(car.lane);
        let (along, across) = (along << lane, across << car.lane);
        let squares = if car.across { [along, across] } else { [across, along] };
        Mover { squares, across: car.across, lane, targets: PER_LENGTH * (usize::from(car.length) - 2) }
    }
}

/// The cars of a board, with a buffer for the slides out of a position.
pub struct Reach {
    movers: Vec<Mover>,
    /// The walls, in row-major order and in column-major order.
    walls: [u64; 2],
    /// The squares of a lane that are not on the board.
    beyond: usize,
    /// Greatest number of slides of a car.
    most: usize,
    targets: &'static [Targets],
    slides: [Slid; MOST_SLIDES],
}

/// The result of a slide, and its car.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slid {
    /// The position after the slide.
    pub to: Offsets,
    /// The car.
    pub car: u8,
}

impl Reach {
    /// The slides on a board.
    pub fn new(board: &Board) -> Self {
        let movers = board.cars.iter().map(Mover::new).collect();
        let turned = board.wall_squares().fold(0, |all, [x, y]| all | square(y, x));
        let (beyond, most) = (0xff << board.size & 0xff, usize::from(board.size) - 2);
        Reach {
            movers,
            walls: [board.walls, turned],
            beyond,
            most,
            targets: &TARGETS,
            slides: [Slid { to: Offsets::default(), car: 0 }; MOST_SLIDES],
        }
    }

    /// The slides out of a position in order, except those of the car `still`.
    #[inline]
    pub fn slides_but(&mut self, state: Offsets, still: u8) -> &[Slid] {
        let [mut rows, mut columns] = self.walls;
        for (mover, car) in self.movers.iter().zip(0..) {
            let offset = u32::from(state.of(car));
            let (in_rows, in_columns) = if mover.across { (offset, 8 * offset) } else { (8 * offset, offset) };
            rows |= mover.squares[0] << in_rows;
            columns |= mover.squares[1] << in_columns;
        }
        let mut count = 0;
        for (mover, car) in self.movers.iter().zip(0..) {
            let lanes: u64 = if mover.across { rows } else { columns };
            let lane = (lanes >> mover.lane) as usize & 0xff | self.beyond;
            let targets = &self.targets[mover.targets + 256 * usize::from(state.of(car)) + lane];
            // always writes the greatest number of slides; entries that do not count are overwritten
            let Some(room) = self.slides.get_mut(count..count + self.most) else { break };
            for (slid, &offset) in room.iter_mut().zip(&targets.offsets) {
                *slid = Slid { to: state.with(car, offset), car: car as u8 };
            }
            count += if car as u8 == still { 0 } else { usize::from(targets.count) };
        }
        &self.slides[..count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Streams;
    use crate::environment::Environment;
    use crate::rush_hour::RushHour;

    #[test]
    fn the_slides_are_those_of_the_board() {
        let streams = Streams::new(1, "test", "reach");
        for (level, config) in (0u64..).zip(RushHour::levels()) {
            for size in u64::from(SIZES[0])..=u64::from(SIZES[1]) {
                let config =
                    super::super::Config { size: crate::settings::Amount::Exactly(size), min_cost: 1, ..config };
                let Ok(puzzle) = RushHour::generate(&config, &mut streams.at(10 * size + level)) else { continue };
                let mut reach = Reach::new(&puzzle.board);
                let mut state = puzzle.start;
                for step in 0..50 {
                    for still in [u8::MAX, 0, 1] {
                        let mut plain = Vec::new();
                        puzzle.board.slides(state, |slide, to| plain.push(Slid { to, car: slide.car }));
                        plain.retain(|slid: &Slid| slid.car != still);
                        assert_eq!(reach.slides_but(state, still), plain, "{:?} {state:?}", puzzle.board);
                    }
                    let slides = reach.slides_but(state, u8::MAX);
                    state = slides[step * 7 % slides.len()].to;
                }
            }
        }
    }
}
