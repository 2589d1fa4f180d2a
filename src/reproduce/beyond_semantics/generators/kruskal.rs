//! Kruskal's algorithm over shuffled passages.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::Random;
use super::rooms::Rooms;
use super::{Generate, Task, pick_place};

pub(in super::super) struct Kruskal {
    lattices: [Lattice; 2],
    order: Vec<u32>,
    trees: Trees,
}

struct Lattice {
    /// The grid with all rooms and no passage.
    floor: Vec<u8>,
    rooms: usize,
    passages: Vec<Passage>,
}

#[derive(Clone, Copy)]
struct Passage {
    /// The rooms that it joins, row by row.
    rooms: [u32; 2],
    cell: u32,
}

impl Kruskal {
    pub(in super::super) fn new(grid: &Grid) -> Self {
        let lattices = Rooms::both(grid).map(|rooms| Lattice::new(grid, &rooms));
        Self { lattices, order: Vec::new(), trees: Trees::default() }
    }
}

impl Lattice {
    fn new(grid: &Grid, rooms: &Rooms) -> Self {
        let mut floor = vec![0; grid.floor.len()];
        let mut passages = Vec::new();
        for (room, &number) in rooms.list.iter().enumerate() {
            let cell = rooms.cells[number as usize];
            floor[cell as usize] = 1;
            let mut join = |other: usize, passage: u32| {
                passages.push(Passage { rooms: [room as u32, other as u32], cell: passage });
            };
            if room % rooms.cols + 1 < rooms.cols {
                join(room + 1, cell + 1);
            }
            if room + rooms.cols < rooms.list.len() {
                join(room + rooms.cols, cell + grid.stride as u32);
            }
        }
        Self { floor, rooms: rooms.list.len(), passages }
    }
}

impl Generate for Kruskal {
    fn generate(&mut self, random: &mut Random, grid: &mut Grid) -> Result<Task, Impossible> {
        let odd = random.below(2);
        let lattice = &self.lattices[odd];
        if lattice.rooms == 0 {
            return Err(Impossible::NoRooms);
        }
        grid.floor.copy_from_slice(&lattice.floor);
        self.order.clear();
        self.order.extend(0..lattice.passages.len() as u32);
        random.shuffle(&mut self.order);
        self.trees.reset(lattice.rooms as u32);
        let mut left = lattice.rooms - 1;
        for &at in &self.order {
            if left == 0 {
                break;
            }
            let Passage { rooms, cell } = lattice.passages[at as usize];
            if self.trees.join(rooms) {
                grid.floor[cell as usize] = 1;
                left -= 1;
            }
        }
        let start = pick_place(random, grid);
        let mut goal = pick_place(random, grid);
        if goal == start {
            // once more only: start and goal can be the same cell
            goal = pick_place(random, grid);
        }
        Ok((start, goal))
    }
}

/// Sets of rooms. Each room knows its set, so that to compare two takes no search; the smaller set of two that are joined
/// is told its new name.
#[derive(Default)]
struct Trees {
    rooms: Vec<Room>,
    /// How many rooms are in the set of a name.
    sizes: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Room {
    set: u32,
    /// The next one in a ring of all rooms of the set.
    next: u32,
}

impl Trees {
    fn reset(&mut self, rooms: u32) {
        self.rooms.clear();
        self.rooms.extend((0..rooms).map(|room| Room { set: room, next: room }));
        self.sizes.clear();
        self.sizes.resize(rooms as usize, 1);
    }

    /// Joins the sets of two rooms; whether they were two.
    #[inline]
    fn join(&mut self, rooms: [u32; 2]) -> bool {
        let mut pair = rooms.map(|room| (self.rooms[room as usize].set, room));
        if pair[0].0 == pair[1].0 {
            return false;
        }
        if self.sizes[pair[0].0 as usize] > self.sizes[pair[1].0 as usize] {
            pair.swap(0, 1);
        }
        let [(small, first), (large, other)] = pair;
        self.sizes[large as usize] += self.sizes[small as usize];
        let mut last = first as usize;
        loop {
            self.rooms[last].set = large;
            let next = self.rooms[last].next;
            if next == first {
                break;
            }
            last = next as usize;
        }
        // one ring of two: from the last of the small one on to the large one, and back to its first
        self.rooms[last].next = self.rooms[other as usize].next;
        self.rooms[other as usize].next = first;
        true
    }
}
