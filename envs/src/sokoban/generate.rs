//! The generator of Sokoban puzzles. Every generated puzzle has been solved.

use super::board::{CELLS, Map};
use super::{Cell, CellSet, Config, Direction, Level, MAX_BOXES, Placement, Sokoban, cell_at, solve, sorted};

use crate::draw::Draw;
use crate::environment::Reject;
use crate::settings::Amount;

type State = super::State<Cell>;

/// Number of boards that are tried before a draw is rejected.
const ATTEMPTS: usize = 64;

fn map_of(width: u8, height: u8, walls: &CellSet<Cell>, worker: Cell, docks: &[Cell]) -> Map<Cell> {
    Sokoban::map_of(width, height, walls, worker, docks)
}

/// A size, and the numbers of boxes and inner walls.
#[derive(Clone, Copy)]
struct Shape {
    width: u8,
    height: u8,
    boxes: usize,
    walls: usize,
}

/// The inner cells in an order whose first cells become walls, docks, boxes and the worker.
struct Cells {
    list: [Cell; CELLS],
    len: usize,
}

impl Cells {
    fn inside(shape: Shape) -> Self {
        let mut cells = Cells { list: [0; CELLS], len: 0 };
        for y in 1..u64::from(shape.height) - 1 {
            for cell in (1..u64::from(shape.width) - 1).filter_map(|x| cell_at(x, y)) {
                cells.list[cells.len] = cell;
                cells.len += 1;
            }
        }
        cells
    }

    /// Draws the first `count` cells.
    fn draw(&mut self, count: usize, draw: &mut Draw) {
        for at in 0..count.min(self.len) {
            self.list.swap(at, at + draw.index(self.len - at));
        }
    }
}

/// The outer walls and the given inner ones.
fn walls_of(shape: Shape, inner: &[Cell]) -> CellSet<Cell> {
    let mut walls = CellSet::default();
    let (right, high) = (u64::from(shape.width) - 1, u64::from(shape.height) - 1);
    let rows = (0..=right).flat_map(|x| [(x, 0), (x, high)]);
    let columns = (0..=high).flat_map(|y| [(0, y), (right, y)]);
    let around = rows.chain(columns).filter_map(|(x, y)| cell_at(x, y));
    for cell in around.chain(inner.iter().copied()) {
        walls.insert(cell);
    }
    walls
}

/// The puzzle of a list of walls, docks, boxes and the worker, if its cost is within the bounds.
fn placed(config: &Config, shape: Shape, cells: &[Cell]) -> Option<Sokoban> {
    let (inner, rest) = cells.split_at_checked(shape.walls)?;
    let (docks, rest) = rest.split_at_checked(shape.boxes)?;
    let (boxes, rest) = rest.split_at_checked(shape.boxes)?;
    let worker = *rest.first()?;
    let walls = walls_of(shape, inner);
    let map = map_of(shape.width, shape.height, &walls, worker, docks);
    // Most boards are excluded before any search.
    if map.is_deadlock(boxes) || !docks.iter().all(|&dock| map.is_floor(dock)) {
        return None;
    }
    let start = State::new(worker, boxes)?;
    let Shape { width, height, .. } = shape;
    prove(config, Level { width, height, walls, start, docks: sorted(docks), map: map.into() })
}

fn prove(config: &Config, puzzle: Sokoban) -> Option<Sokoban> {
    let most = u16::try_from(config.max_cost).unwrap_or(u16::MAX);
    let cost = solve::optimal_cost(&puzzle, most)?;
    (u64::from(cost) >= config.min_cost).then_some(puzzle)
}

pub fn generate(config: &Config, draw: &mut Draw) -> Result<Sokoban, Reject> {
    let shape = Shape {
        width: config.width.draw(draw) as u8,
        height: config.height.draw(draw) as u8,
        boxes: config.boxes.draw(draw),
        walls: config.walls.draw(draw),
    };
    let mut cells = Cells::inside(shape);
    for _ in 0..ATTEMPTS {
        let found = match config.placement {
            Placement::Random => {
                let count = shape.walls + 2 * shape.boxes + 1;
                cells.draw(count, draw);
                placed(config, shape, &cells.list[..count])
            }
            Placement::Reverse => {
                cells.draw(shape.walls + shape.boxes + 1, draw);
                let pulls = config.pulls.draw(draw);
                reversed(shape, &cells, pulls, draw).and_then(|puzzle| prove(config, puzzle))
            }
        };
        if let Some(puzzle) = found {
            return Ok(puzzle);
        }
    }
    Err(Reject)
}

/// Plays backwards from a solved board. Each pull is a random one of those that the worker can reach. Finally the worker is placed on a cell to which it can
/// walk after the last pull.
fn reversed(shape: Shape, cells: &Cells, pulls: usize, draw: &mut Draw) -> Option<Sokoban> {
    let (inner, rest) = cells.list[..cells.len].split_at_checked(shape.walls)?;
    let (docks, rest) = rest.split_at_checked(shape.boxes)?;
    let worker = *rest.first()?;
    let walls = walls_of(shape, inner);
    let map = map_of(shape.width, shape.height, &walls, worker, docks);
    if !docks.iter().all(|&dock| map.is_floor(dock)) {
        return None;
    }
    let mut state = State::new(worker, docks)?;
    for _ in 0..pulls {
        let reached = Reached::new(&map, &state);
        let all = possible_pulls(&map, &state, &reached);
        let Some(&(which, direction)) = draw.choose(&all) else { break };
        let worker = map.floor_beside(state.boxes()[which], direction)?;
        state = state.with_box(which, worker);
        state.worker = map.floor_beside(worker, direction)?;
    }
    if state.boxes() == &sorted(docks)[..] {
        return None;
    }
    let reached = Reached::new(&map, &state);
    state.worker = *draw.choose(&reached.list[..reached.len])?;
    let Shape { width, height, .. } = shape;
    Some(Level { width, height, walls, start: state, docks: sorted(docks), map: map.into() })
}

/// The cells that the worker can reach, in the order in which they are found.
struct Reached {
    set: CellSet<Cell>,
    list: [Cell; CELLS],
    len: usize,
}

impl Reached {
    fn new(map: &Map<Cell>, state: &State) -> Self {
        let mut reached = Reached { set: CellSet::default(), list: [0; CELLS], len: 1 };
        reached.list[0] = state.worker();
        reached.set.insert(state.worker());
        let mut head = 0;
        while head < reached.len {
            let here = reached.list[head];
            head += 1;
            for next in Direction::ALL.into_iter().filter_map(|direction| map.floor_beside(here, direction)) {
                if state.box_at(next).is_none() && reached.set.insert(next) {
                    reached.list[reached.len] = next;
                    reached.len += 1;
                }
            }
        }
        reached
    }
}

/// The possible pulls: a box and a direction. The worker can reach the cell beside the box, and the cell behind it is free.
fn possible_pulls(map: &Map<Cell>, state: &State, reached: &Reached) -> Vec<(usize, Direction)> {
    let mut all = Vec::with_capacity(4 * MAX_BOXES);
    for (which, &at) in state.boxes().iter().enumerate() {
        for direction in Direction::ALL {
            let worker = map.floor_beside(at, direction).filter(|&worker| reached.set.has(worker));
            let behind = worker.and_then(|worker| map.floor_beside(worker, direction));
            if behind.is_some_and(|behind| state.box_at(behind).is_none()) {
                all.push((which, direction));
            }
        }
    }
    all
}

// --- The space of random placements: walls, then docks, boxes and the worker among the cells that are left.

/// The shape, if the settings allow only one.
fn only_shape(config: &Config) -> Option<Shape> {
    let only = |amount: Amount| (amount.min() == amount.max()).then_some(amount.min());
    Some(Shape {
        width: only(config.width)? as u8,
        height: only(config.height)? as u8,
        boxes: only(config.boxes)? as usize,
        walls: only(config.walls)? as usize,
    })
}

/// The number of ways to choose `k` of `n`; none if it does not fit 64 bits.
fn ways(n: usize, k: usize) -> Option<u64> {
    (0..k as u64).try_fold(1u64, |ways, i| Some(ways.checked_mul(n as u64 - i)? / (i + 1)))
}

/// The factors of the space: walls, docks, boxes, worker.
fn factors(shape: Shape) -> Option<[u64; 4]> {
    let inside = (usize::from(shape.width) - 2) * (usize::from(shape.height) - 2);
    let free = inside.checked_sub(shape.walls)?;
    let left = free.checked_sub(2 * shape.boxes)?;
    Some([ways(inside, shape.walls)?, ways(free, shape.boxes)?, ways(free - shape.boxes, shape.boxes)?, left as u64])
}

/// Number of boards with random placement, if the shape is fixed and the number fits 64 bits. Otherwise boards hardly ever repeat.
pub fn space(config: &Config) -> Option<u128> {
    if config.placement != Placement::Random {
        return None;
    }
    let size = factors(only_shape(config)?)?.into_iter().try_fold(1u64, u64::checked_mul)?;
    Some(u128::from(size))
}

pub fn at(config: &Config, index: u128) -> Result<Sokoban, Reject> {
    let shape = only_shape(config).ok_or(Reject)?;
    let factors = factors(shape).ok_or(Reject)?;
    let mut rest = u64::try_from(index).map_err(|_| Reject)?;
    let mut cells = Cells::inside(shape);
    let mut done = 0;
    for (size, count) in factors.into_iter().zip([shape.walls, shape.boxes, shape.boxes, 1]) {
        if size == 0 {
            return Err(Reject);
        }
        cells.bring_forward(done, count, rest % size);
        rest /= size;
        done += count;
    }
    placed(config, shape, &cells.list[..done]).ok_or(Reject)
}

impl Cells {
    /// Moves the subset with the number `index`, among those of `count` of the cells from `done` on, to the front of these. The other cells keep their order.
    fn bring_forward(&mut self, done: usize, count: usize, mut index: u64) {
        let mut chosen = done;
        let mut missing = count;
        for at in done..self.len {
            if missing == 0 {
                break;
            }
            // Subsets with the current cell come first.
            let with = ways(self.len - at - 1, missing - 1).unwrap_or(u64::MAX);
            if index < with {
                self.list[chosen..=at].rotate_right(1);
                chosen += 1;
                missing -= 1;
            } else {
                index -= with;
            }
        }
    }
}
