//! Layouts without a lattice: a drunkard's walk, random walls, caves, rooms with corridors.

use super::config::{CellularAutomata, DrunkardsWalk, RandomWalls, Rooms};
use super::{Cell, Floor, solve};
use crate::draw::Draw;
use crate::environment::Reject;

/// Number of random words for each cell of a drunkard's walk, a hundred times as many as walks need.
const WORDS_PER_CELL: usize = 64;

/// Starts at a random cell and steps in random directions, never off the edge. It ends when the drawn number of cells is dug out.
pub fn drunkards_walk(layout: &DrunkardsWalk, width: usize, height: usize, draw: &mut Draw) -> Result<Floor, Reject> {
    let cells = width * height;
    let wanted = (cells * layout.coverage_percent.draw(draw)).div_ceil(100).max(2);
    let mut floor = Floor::solid(width, height);
    // One byte for each cell, so that steps need not wait for one another. The index is the place in the floor without the border.
    let stride = floor.stride();
    let mut dug = vec![0u8; height * stride];
    let (mut x, mut y) = (draw.index(width), draw.index(height));
    dug[y * stride + x] = 1;
    let mut count = 1;
    'walk: for word in 0.. {
        if word == WORDS_PER_CELL * cells {
            return Err(Reject);
        }
        let mut word = draw.word64();
        for _ in 0..32 {
            // Two bits: the axis, and back (0) or ahead (1). There are no branches, since they could not be predicted.
            let ahead = (word as usize >> 1) & 1;
            let (along, across) = (word as usize & 1, !word as usize & 1);
            x = (x + 2 * ahead * along).saturating_sub(along).min(width - 1);
            y = (y + 2 * ahead * across).saturating_sub(across).min(height - 1);
            word >>= 2;
            let cell = &mut dug[y * stride + x];
            count += usize::from(*cell ^ 1);
            *cell = 1;
            if count == wanted {
                break 'walk;
            }
        }
    }
    for (y, row) in dug.chunks_exact(stride).enumerate() {
        floor.set_row(y, row);
    }
    Ok(floor)
}

/// Digs out a random set of `wanted` cells; all sets are equally likely. First each cell is dug out independently with about the right probability, 64 cells at
/// a time. Then random cells change until the number is right. Both steps treat all cells alike.
fn scatter(width: usize, height: usize, wanted: usize, draw: &mut Draw) -> Floor {
    let mut floor = Floor::empty(width, height);
    let cells = width * height;
    let sixty_fourths = (64 * wanted).div_ceil(cells);
    let mut count = cells;
    if sixty_fourths < 64 {
        for word in floor.bits_mut().iter_mut().filter(|word| **word != 0) {
            // The inside of a narrow row has at most 32 bits, from bit 1 on.
            let narrow = width <= 32;
            let mut next = || if narrow { u64::from(draw.word()) << 1 } else { draw.word64() };
            let from = sixty_fourths.trailing_zeros().min(6);
            *word &= (from..6).fold(
                0,
                |so_far, bit| {
                    if sixty_fourths >> bit & 1 == 1 { so_far | next() } else { so_far & next() }
                },
            );
        }
        count = floor.count();
    }
    while count != wanted {
        let number = draw.index(cells);
        let cell = Cell::new((number % width) as u8, (number / width) as u8);
        match (floor.is_open(cell), count > wanted) {
            (true, true) => {
                floor.build(cell);
                count -= 1;
            }
            (false, false) => {
                floor.dig(cell);
                count += 1;
            }
            _ => {}
        }
    }
    floor
}

/// Walls on a random set of cells of the drawn size.
pub fn random_walls(layout: &RandomWalls, width: usize, height: usize, draw: &mut Draw) -> Floor {
    let cells = width * height;
    let share = |percent: u64| cells as u64 * percent / 100;
    let walls = draw.between(share(layout.walls_percent.min()), share(layout.walls_percent.max()));
    scatter(width, height, cells - walls as usize, draw)
}

/// Random walls, then rounds of the automaton. Only the largest cave is kept.
pub fn caves(layout: &CellularAutomata, width: usize, height: usize, draw: &mut Draw) -> Result<Floor, Reject> {
    let cells = width * height;
    let walls = cells * layout.walls_percent.draw(draw) / 100;
    let mut floor = scatter(width, height, cells - walls, draw);
    for _ in 0..layout.rounds {
        floor = majority(&floor);
    }
    let cave = solve::largest_part(&floor);
    if cave.count() > 1 { Ok(cave) } else { Err(Reject) }
}

/// A cell is dug out if most of the nine cells around and including it are. Cells beyond the edge count like those at the edge. All cells of a word are handled
/// at once: counts are added in binary, with one word for each digit.
pub fn majority(floor: &Floor) -> Floor {
    let mut next = Floor::empty(floor.width(), floor.height());
    let (words, rows) = (floor.row_words(), floor.height());
    // For each row the sums of three neighbouring cells: ones and twos.
    let sums: Vec<[u64; 2]> = (1..=rows).flat_map(|row| (0..words).map(move |word| three(floor, row, word))).collect();
    let sum = |row: usize, word: usize| sums[row.clamp(1, rows) * words - words + word];
    for row in 1..=rows {
        for word in 0..words {
            let [a, b, c] = [row - 1, row, row + 1].map(|row| sum(row, word));
            let (ones, carried) = add(a[0], b[0], c[0]);
            let (twos, fours) = add(a[1], b[1], c[1]);
            let (twos, carried) = (twos ^ carried, twos & carried);
            let most = (fours & carried) | ((fours | carried) & (ones | twos));
            next.bits_mut()[row * words + word] &= most;
        }
    }
    next
}

/// The sum of three digits, and the carry.
fn add(a: u64, b: u64, c: u64) -> (u64, u64) {
    (a ^ b ^ c, (a & b) | (a & c) | (b & c))
}

/// The sum of each cell of a word and its left and right neighbours.
fn three(floor: &Floor, row: usize, word: usize) -> [u64; 2] {
    let words = floor.row_words();
    let here = |word: usize| floor.with_edges(row, word);
    let middle = here(word);
    let before = if word > 0 { here(word - 1) >> 63 } else { 0 };
    let after = if word + 1 < words { here(word + 1) << 63 } else { 0 };
    let (ones, twos) = add(middle << 1 | before, middle, middle >> 1 | after);
    [ones, twos]
}

/// Rooms, each joined to the previous one.
pub fn rooms(layout: &Rooms, width: usize, height: usize, draw: &mut Draw) -> Floor {
    let mut floor = Floor::solid(width, height);
    let mut before = None;
    for _ in 0..layout.rooms.draw(draw) {
        let [columns, rows] = [width, height].map(|side| layout.side.draw(draw).min(side));
        let [x, y] = [draw.index(width - columns + 1), draw.index(height - rows + 1)];
        for row in y..y + rows {
            floor.dig_row(row, x, x + columns - 1);
        }
        let middle = [x + columns / 2, y + rows / 2];
        corridor(&mut floor, before.unwrap_or(middle), middle, draw.chance(1, 2));
        before = Some(middle);
    }
    floor
}

/// Digs from one cell to another, first along the row or first along the column.
fn corridor(floor: &mut Floor, [x, y]: [usize; 2], [to_x, to_y]: [usize; 2], row_first: bool) {
    let (row, column) = if row_first { (y, to_x) } else { (to_y, x) };
    floor.dig_row(row, x.min(to_x), x.max(to_x));
    for y in y.min(to_y)..=y.max(to_y) {
        floor.dig_row(y, column, column);
    }
}
