//! Perfect mazes: rooms on a lattice, joined to a tree.
//!
//! A room's number is the place of its bit in the floor plus one row. So the number two steps above any room still exists. A room's neighbours are two steps
//! away, with the wall between them. Draws are cut from whole words: a direction takes two bits.

use std::cell::RefCell;

use super::Floor;
use crate::draw::Draw;
use crate::environment::Reject;

/// Number of random words for each room in Wilson's walks, a hundred times as many as they need.
const WORDS_PER_ROOM: usize = 64;

/// Small draws, many from one word.
struct Bits<'a> {
    draw: &'a mut Draw,
    word: u64,
    left: u32,
    /// Number of words drawn so far.
    words: usize,
}

impl<'a> Bits<'a> {
    fn new(draw: &'a mut Draw) -> Self {
        Bits { draw, word: 0, left: 0, words: 0 }
    }

    #[inline]
    fn take(&mut self, bits: u32) -> usize {
        if self.left < bits {
            (self.word, self.left) = (self.draw.word64(), 64);
            self.words += 1;
        }
        let taken = self.word & ((1 << bits) - 1);
        self.word >>= bits;
        self.left -= bits;
        taken as usize
    }

    /// A uniform integer below a bound of up to 65,536, from 16 bits (Lemire 2019).
    #[inline]
    fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u32;
        let mut product = self.take(16) as u32 * bound;
        if (product & 0xffff) < bound {
            let threshold = (65_536 - bound) % bound;
            while (product & 0xffff) < threshold {
                product = self.take(16) as u32 * bound;
            }
        }
        (product >> 16) as usize
    }
}

/// For each set of directions: their number, and the directions.
const CHOICES: [(u8, [u8; 4]); 16] = {
    let mut all = [(0, [0; 4]); 16];
    let mut set = 0;
    while set < 16 {
        let mut direction = 0;
        while direction < 4 {
            if set >> direction & 1 == 1 {
                all[set].1[all[set].0 as usize] = direction;
                all[set].0 += 1;
            }
            direction += 1;
        }
        set += 1;
    }
    all
};

impl Bits<'_> {
    /// A random direction of a set that is not empty.
    #[inline]
    fn direction(&mut self, set: usize) -> usize {
        let (count, of) = &CHOICES[set & 15];
        let choice = match count {
            0 | 1 => 0,
            2 => self.take(1),
            3 => loop {
                let choice = self.take(2);
                if choice < 3 {
                    break choice;
                }
            },
            _ => self.take(2),
        };
        usize::from(of[choice & 3])
    }
}

/// A lattice of rooms on a floor, none of them joined yet.
struct Lattice {
    floor: Floor,
    /// Steps from a room to its wall in each direction: to greater y, to lesser y, left, right.
    steps: [usize; 4],
    /// Number of the first room.
    first: usize,
    columns: usize,
    rows: usize,
}

/// The algorithm that joins rooms.
#[derive(Clone, Copy)]
pub enum Method {
    Wilson,
    Kruskal,
    DepthFirst,
    Prim,
}

/// Buffers that are used again.
#[derive(Default)]
struct Scratch {
    /// A state for each room; its meaning depends on the method.
    state: Vec<u8>,
    /// Another room for each room.
    other: Vec<u16>,
    /// A list of rooms or of walls between them.
    list: Vec<u16>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Draws a perfect maze.
pub fn perfect(method: Method, width: usize, height: usize, draw: &mut Draw) -> Result<Floor, Reject> {
    let mut lattice = Lattice::new(width, height, draw);
    SCRATCH.with_borrow_mut(|scratch| {
        let bits = &mut Bits::new(draw);
        match method {
            Method::Wilson => lattice.wilson(scratch, bits)?,
            Method::Kruskal => lattice.kruskal(scratch, bits),
            Method::DepthFirst => lattice.depth_first(scratch, bits),
            Method::Prim => lattice.prim(scratch, bits),
        }
        Ok(())
    })?;
    Ok(lattice.floor)
}

impl Lattice {
    /// Digs the rooms. If both coins leave a single room, they are tossed again; this occurs only in mazes of 3 by 3 cells.
    fn new(width: usize, height: usize, draw: &mut Draw) -> Self {
        let mut coins = draw.word();
        let (first, columns, rows) = loop {
            let first = [coins as usize & 1, coins as usize >> 1 & 1];
            let (columns, rows) = ((width - first[0]).div_ceil(2), (height - first[1]).div_ceil(2));
            if columns * rows > 1 {
                break (first, columns, rows);
            }
            coins = draw.word();
        };
        let mut floor = Floor::solid(width, height);
        let words = floor.row_words();
        // Bits are numbered from 1 because of the border.
        let pattern = if first[0] == 0 { 0xaaaa_aaaa_aaaa_aaaa } else { 0x5555_5555_5555_5555 };
        let row: [u64; 4] = std::array::from_fn(|word| floor.inside(word) & pattern);
        for y in (first[1]..height).step_by(2) {
            floor.bits_mut()[(y + 1) * words..][..words].copy_from_slice(&row[..words]);
        }
        let stride = floor.stride();
        Lattice {
            first: (first[1] + 2) * stride + first[0] + 1,
            steps: [stride, stride.wrapping_neg(), 1usize.wrapping_neg(), 1],
            floor,
            columns,
            rows,
        }
    }

    fn rooms(&self) -> usize {
        self.columns * self.rows
    }

    #[inline]
    fn number(&self, column: usize, row: usize) -> usize {
        self.first + 2 * row * self.floor.stride() + 2 * column
    }

    /// All rooms, row by row.
    fn all(&self) -> impl Iterator<Item = usize> + use<> {
        let (first, stride, columns) = (self.first, self.floor.stride(), self.columns);
        (0..self.rows).flat_map(move |row| (0..columns).map(move |column| first + 2 * row * stride + 2 * column))
    }

    /// A random room.
    fn any(&self, bits: &mut Bits<'_>) -> usize {
        self.number(bits.below(self.columns), bits.below(self.rows))
    }

    /// The neighbour of a room.
    #[inline]
    fn beside(&self, room: usize, direction: usize) -> usize {
        let step = self.steps[direction & 3];
        room.wrapping_add(step).wrapping_add(step)
    }

    /// Digs the wall with a number.
    #[inline]
    fn dig(&mut self, wall: usize) {
        let place = wall - self.floor.stride();
        if let Some(word) = self.floor.bits_mut().get_mut(place >> 6) {
            *word |= 1 << (place & 63);
        }
    }

    /// Gives each room one state and all other places another.
    fn fill(&self, state: &mut Vec<u8>, border: u8, room: u8) {
        let numbers = (self.floor.height() + 4) * self.floor.stride();
        state.clear();
        state.resize(numbers, border);
        for row in 0..self.rows {
            let first = self.number(0, row);
            state[first..first + 2 * self.columns].iter_mut().step_by(2).for_each(|here| *here = room);
        }
    }

    /// The directions in which the neighbours of a room have this state, as a set of bits.
    #[inline]
    fn directions(&self, states: &[u8], room: usize, state: u8) -> usize {
        (0..4).fold(0, |set, direction| set | usize::from(states[self.beside(room, direction)] == state) << direction)
    }

    /// Wilson (1996, "Generating random spanning trees more quickly than the cover time"): from each room outside the tree a random walk until it meets the
    /// tree. Without its loops, the walk joins the tree: the direction in which a room was last left gives the path without loops. Steps off the edge are
    /// skipped. This changes nothing, since the walk is equally likely to stay in every room. The first room of the tree is free to choose; from the middle,
    /// walks are short.
    fn wilson(&mut self, scratch: &mut Scratch, bits: &mut Bits<'_>) -> Result<(), Reject> {
        const TREE: u8 = 4;
        const BORDER: u8 = 8;
        let state = &mut scratch.state;
        self.fill(state, BORDER, 0);
        state[self.number(self.columns / 2, self.rows / 2)] = TREE;
        let most = WORDS_PER_ROOM * self.rooms();
        for from in self.all() {
            let mut here = from;
            while state[here] != TREE {
                let direction = bits.take(2);
                let there = self.beside(here, direction);
                if state[there] != BORDER {
                    state[here] = direction as u8;
                    here = there;
                }
                if bits.words > most {
                    return Err(Reject);
                }
            }
            here = from;
            while state[here] != TREE {
                let direction = usize::from(state[here]);
                state[here] = TREE;
                self.dig(here.wrapping_add(self.steps[direction & 3]));
                here = self.beside(here, direction);
            }
        }
        Ok(())
    }

    /// Kruskal (1956): removes walls between rooms in random order, if the rooms are not joined yet. Trees are not equally likely, unlike Wilson's.
    fn kruskal(&mut self, scratch: &mut Scratch, bits: &mut Bits<'_>) {
        let Scratch { other: parents, list: walls, .. } = scratch;
        let stride = self.floor.stride();
        parents.resize(parents.len().max((self.floor.height() + 4) * stride), 0);
        walls.clear();
        for row in 0..self.rows {
            let first = self.number(0, row);
            let rooms = (first..).step_by(2).take(self.columns);
            rooms.clone().for_each(|room| parents[room] = room as u16);
            walls.extend(rooms.clone().skip(1).map(|room| room as u16 - 1));
            if row > 0 {
                walls.extend(rooms.map(|room| (room - stride) as u16));
            }
        }
        let mut trees = self.rooms();
        let mut last = walls.len();
        while trees > 1 && last > 0 {
            let drawn = bits.below(last);
            last -= 1;
            let wall = usize::from(walls[drawn]);
            walls[drawn] = walls[last];
            // A wall in a row of rooms separates left and right.
            let step = if (wall ^ self.first) & stride == 0 { 1 } else { stride };
            let (one, two) = (root(parents, wall - step), root(parents, wall + step));
            if one != two {
                parents[one] = two as u16;
                self.dig(wall);
                trees -= 1;
            }
        }
    }

    /// Starts at a random room and goes to a random unvisited neighbour; it backtracks if there is none. A room whose last neighbour was just visited is not
    /// kept for backtracking.
    fn depth_first(&mut self, scratch: &mut Scratch, bits: &mut Bits<'_>) {
        let Scratch { state, list: path, .. } = scratch;
        self.fill(state, 0, 1);
        let mut here = self.any(bits);
        state[here] = 0;
        path.clear();
        let mut left = self.rooms() - 1;
        while left > 0 {
            let unvisited = self.directions(state, here, 1);
            if unvisited == 0 {
                let Some(back) = path.pop() else { return };
                here = usize::from(back);
                continue;
            }
            if unvisited & (unvisited - 1) != 0 {
                path.push(here as u16);
            }
            let direction = bits.direction(unvisited);
            self.dig(here.wrapping_add(self.steps[direction]));
            here = self.beside(here, direction);
            state[here] = 0;
            left -= 1;
        }
    }

    /// Starts with a random room. The next room is a random one of those beside the maze. It is joined to a random one of its neighbours in the maze.
    fn prim(&mut self, scratch: &mut Scratch, bits: &mut Bits<'_>) {
        const OUTSIDE: u8 = 1;
        const MAZE: u8 = 2;
        let Scratch { state, list: next, .. } = scratch;
        self.fill(state, 0, OUTSIDE);
        next.clear();
        let mut room = self.any(bits);
        loop {
            state[room] = MAZE;
            for direction in 0..4 {
                let near = self.beside(room, direction);
                if state[near] == OUTSIDE {
                    // Listed: neither outside nor in the maze.
                    state[near] = 0;
                    next.push(near as u16);
                }
            }
            if next.is_empty() {
                return;
            }
            room = usize::from(next.swap_remove(bits.below(next.len())));
            let direction = bits.direction(self.directions(state, room, MAZE));
            self.dig(room.wrapping_add(self.steps[direction]));
        }
    }
}

/// The representative of all rooms joined to a room. Every second room on the way is linked to its parent's parent (path halving, van Leeuwen and van der Weide
/// 1977).
#[inline]
fn root(parents: &mut [u16], mut room: usize) -> usize {
    loop {
        let parent = usize::from(parents[room]);
        if parent == room {
            return room;
        }
        let next = parents[parent];
        parents[room] = next;
        room = usize::from(next);
    }
}
