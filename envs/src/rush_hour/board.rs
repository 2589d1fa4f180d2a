//! The board: places and slides of cars.

use crate::environment::Cost;

/// Greatest number of cars. Their offsets of three bits must fit 64 bits. The letters A to U name them.
pub const MOST_CARS: usize = 21;
/// The smallest and the largest board.
pub const SIZES: [u8; 2] = [4, 8];
/// Distance of two rows on a bit board, in squares.
const ROW: u32 = 8;
/// Number of bits of an offset in [`Offsets`].
const BITS: u32 = 3;

/// The place of every car: the distance of its left or upper end from the left or upper edge, three bits for each car.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Offsets(pub(super) u64);

impl Offsets {
    /// The offset of a car.
    #[inline]
    pub fn of(self, car: usize) -> u8 {
        (self.0 >> (BITS * car as u32)) as u8 & 7
    }

    /// The position with another offset of a car.
    #[inline]
    pub fn with(self, car: usize, offset: u8) -> Self {
        let place = BITS * car as u32;
        Offsets(self.0 & !(7 << place) | u64::from(offset & 7) << place)
    }
}

/// A car without its offset: its lane and length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Car {
    /// Whether it is in a row, and not in a column.
    pub across: bool,
    /// The row or column.
    pub lane: u8,
    /// Number of squares that it covers: 2 or 3.
    pub length: u8,
}

impl Car {
    /// Distance from one of its squares to the next, on a bit board.
    #[inline]
    fn unit(self) -> u32 {
        if self.across { 1 } else { ROW }
    }

    /// The bit of its first square.
    #[inline]
    fn first(self, offset: u8) -> u32 {
        let (lane, offset) = (u32::from(self.lane), u32::from(offset));
        if self.across { ROW * lane + offset } else { ROW * offset + lane }
    }

    /// The set of its squares.
    #[inline]
    pub fn squares(self, offset: u8) -> u64 {
        let shape: u64 = match (self.across, self.length) {
            (true, 2) => 0b11,
            (true, _) => 0b111,
            (false, 2) => 0x0101,
            (false, _) => 0x01_0101,
        };
        shape << self.first(offset)
    }

    /// Column and row of its first square.
    pub fn place(self, offset: u8) -> (u8, u8) {
        if self.across { (offset, self.lane) } else { (self.lane, offset) }
    }
}

/// The direction of a slide. A change of the order needs a new version of the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// To lesser columns.
    Left,
    /// To greater columns.
    Right,
    /// To lesser rows.
    Up,
    /// To greater rows.
    Down,
}

impl Direction {
    /// All directions, in order.
    pub const ALL: [Direction; 4] = [Direction::Left, Direction::Right, Direction::Up, Direction::Down];

    /// Whether the direction is along a row.
    pub fn across(self) -> bool {
        matches!(self, Direction::Left | Direction::Right)
    }

    /// Whether the direction is away from the first row or column.
    pub fn forward(self) -> bool {
        matches!(self, Direction::Right | Direction::Down)
    }

    fn along(across: bool, forward: bool) -> Self {
        match (across, forward) {
            (true, false) => Direction::Left,
            (true, true) => Direction::Right,
            (false, false) => Direction::Up,
            (false, true) => Direction::Down,
        }
    }
}

/// A move: one car by one or more squares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slide {
    /// The car, counted from 0 for A.
    pub car: u8,
    /// The direction.
    pub direction: Direction,
    /// The number of squares.
    pub by: u8,
}

/// The lanes of the cars. The first car must get out, to the right.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// Number of rows and of columns.
    pub size: u8,
    /// The cars; A first.
    pub cars: Vec<Car>,
    /// The set of squares that no car can enter.
    pub walls: u64,
}

/// The set of one square.
#[inline]
pub fn square(x: u8, y: u8) -> u64 {
    1 << (ROW * u32::from(y) + u32::from(x))
}

impl Board {
    /// Columns and rows of the walls, row by row.
    pub fn wall_squares(&self) -> impl Iterator<Item = [u8; 2]> {
        let squares = (0..self.size).flat_map(|y| (0..self.size).map(move |x| [x, y]));
        squares.filter(|&[x, y]| self.walls & square(x, y) != 0)
    }

    /// The set of taken squares: walls and cars.
    #[inline]
    pub fn taken(&self, state: Offsets) -> u64 {
        self.cars.iter().enumerate().fold(self.walls, |taken, (i, car)| taken | car.squares(state.of(i)))
    }

    /// The greatest offset of a car.
    #[inline]
    pub fn last_offset(&self, car: Car) -> u8 {
        self.size - car.length
    }

    /// Whether every car is on the board, off the walls, and no two overlap.
    pub fn is_position(&self, state: Offsets) -> bool {
        let mut taken = self.walls;
        self.cars.iter().enumerate().all(|(i, car)| {
            let squares = car.squares(state.of(i));
            let fits = state.of(i) <= self.last_offset(*car) && taken & squares == 0;
            taken |= squares;
            fits
        })
    }

    /// Whether A is at the right edge.
    #[inline]
    pub fn is_goal(&self, state: Offsets) -> bool {
        state.of(0) == self.exit_offset()
    }

    /// The offset of A at the exit.
    #[inline]
    pub fn exit_offset(&self) -> u8 {
        self.size - self.cars[0].length
    }

    /// Calls `visit` for the slides out of a position: by car, left or up before right or down, the shorter first.
    #[inline]
    pub fn slides(&self, state: Offsets, mut visit: impl FnMut(Slide, Offsets)) {
        let taken = self.taken(state);
        for (i, &car) in self.cars.iter().enumerate() {
            let (offset, unit) = (state.of(i), car.unit());
            let first = car.first(offset);
            let last = first + unit * u32::from(car.length - 1);
            let slide = |forward, by| Slide { car: i as u8, direction: Direction::along(car.across, forward), by };
            for by in 1..=offset {
                if taken >> (first - unit * u32::from(by)) & 1 != 0 {
                    break;
                }
                visit(slide(false, by), state.with(i, offset - by));
            }
            for by in 1..=self.last_offset(car) - offset {
                if taken >> (last + unit * u32::from(by)) & 1 != 0 {
                    break;
                }
                visit(slide(true, by), state.with(i, offset + by));
            }
        }
    }

    /// The offset of the car after a slide. None if there is no such car, or if it cannot slide in this direction or this far in its lane. Other cars are
    /// ignored.
    pub fn landing(&self, state: Offsets, slide: Slide) -> Option<u8> {
        let car = *self.cars.get(usize::from(slide.car))?;
        let offset = state.of(usize::from(slide.car));
        if car.across != slide.direction.across() || slide.by == 0 {
            return None;
        }
        let landing =
            if slide.direction.forward() { offset.checked_add(slide.by)? } else { offset.checked_sub(slide.by)? };
        (landing <= self.last_offset(car)).then_some(landing)
    }

    /// The position after a slide; none if it is illegal.
    pub fn slide(&self, state: Offsets, slide: Slide) -> Option<Offsets> {
        let landing = self.landing(state, slide)?;
        let index = usize::from(slide.car);
        let (car, offset) = (self.cars[index], state.of(index));
        let others = self.taken(state) & !car.squares(offset);
        let mut on_the_way = offset.min(landing)..=offset.max(landing);
        on_the_way.all(|offset| car.squares(offset) & others == 0).then(|| state.with(index, landing))
    }

    /// The squares between A and the exit.
    #[inline]
    fn way_out(&self, state: Offsets) -> u64 {
        let behind = ROW * u32::from(self.cars[0].lane) + u32::from(state.of(0) + self.cars[0].length);
        let squares = (1u64 << (self.exit_offset() - state.of(0))) - 1;
        if squares == 0 { 0 } else { squares << behind }
    }

    /// 0 at a goal; otherwise 1 for A and 1 for each car between A and the exit.
    #[inline]
    pub fn blocking(&self, state: Offsets) -> Cost {
        let way = self.way_out(state);
        let blocks = |&(i, car): &(usize, &Car)| car.squares(state.of(i)) & way != 0;
        if way == 0 { 0 } else { 1 + self.cars.iter().enumerate().filter(blocks).count() as Cost }
    }

    /// [`Board::blocking`], plus the least number of cars that must make way for the blocking cars. No car is counted twice.
    pub fn blocked_blockers(&self, state: Offsets) -> Cost {
        let way = self.way_out(state);
        if way == 0 {
            return 0;
        }
        let (mut estimate, mut counted) = (1, 0u32);
        for (i, car) in self.cars.iter().enumerate() {
            if car.squares(state.of(i)) & way == 0 {
                continue;
            }
            estimate += 1;
            let ways = self.ways_off(state, i).map(|way| way.map(|cars| cars & !counted));
            estimate += ways.iter().flatten().map(|cars| Cost::from(cars.count_ones())).min().unwrap_or(0);
            counted |= ways.into_iter().flatten().fold(0, |all, cars| all | cars);
        }
        estimate
    }

    /// For a car in a column across A's row: the cars in its way out of this row, upwards and downwards, as bits. None for a way that the edge or a wall
    /// blocks.
    fn ways_off(&self, state: Offsets, index: usize) -> [Option<u32>; 2] {
        let (car, offset, row) = (self.cars[index], state.of(index), self.cars[0].lane);
        if car.across {
            return [None, None];
        }
        let up = row.checked_sub(car.length);
        let down = Some(row + 1).filter(|&down| down <= self.last_offset(car));
        [up, down].map(|landing| {
            let landing = landing?;
            let swept = (offset.min(landing)..=offset.max(landing)).fold(0, |all, at| all | car.squares(at));
            if swept & self.walls != 0 {
                return None;
            }
            let in_the_way = |&(i, other): &(usize, &Car)| i != index && other.squares(state.of(i)) & swept != 0;
            Some(self.cars.iter().enumerate().filter(in_the_way).fold(0, |cars, (i, _)| cars | 1 << i))
        })
    }
}
