//! Kruskal's algorithm over shuffled passages.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::Random;
use super::rooms::Rooms;
use super::{Generate, Task, pick_place};

pub(in super::super) struct Kruskal {
    lattices: [Lattice; 2],
    order: Vec<u32>,
    parents: Vec<u32>,
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
        Self { lattices, order: Vec::new(), parents: Vec::new() }
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
        self.parents.clear();
        self.parents.extend(0..lattice.rooms as u32);
        let mut left = lattice.rooms - 1;
        for &at in &self.order {
            if left == 0 {
                break;
            }
            let Passage { rooms, cell } = lattice.passages[at as usize];
            let [one, other] = rooms.map(|room| find(&mut self.parents, room));
            if one != other {
                self.parents[one as usize] = other;
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

/// The room that stands for all that are joined with this one.
fn find(parents: &mut [u32], mut room: u32) -> u32 {
    loop {
        let parent = parents[room as usize];
        if parent == room {
            return room;
        }
        let grandparent = parents[parent as usize];
        parents[room as usize] = grandparent;
        room = grandparent;
    }
}
