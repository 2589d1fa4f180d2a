//! Kruskal's algorithm over shuffled passages.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::Random;
use super::rooms::Rooms;
use super::{Generate, Task, pick_place};

pub(in super::super) struct Kruskal {
    lattices: [Lattice; 2],
    order: Vec<Passage>,
    /// For each set of rooms, the set that it becomes part of.
    joined: Vec<u32>,
}

struct Lattice {
    /// The grid with all rooms and no passages.
    floor: Vec<u8>,
    rooms: usize,
    /// All passages, row by row: from each room to the right, then down.
    passages: Vec<Passage>,
}

/// A passage between two rooms. It has sixteen bytes, so a swap in the shuffle moves it at once.
#[derive(Clone, Copy)]
#[repr(align(16))]
struct Passage {
    /// The rooms that the passage joins, or the sets that contain them; numbered from 1.
    sets: [u32; 2],
    cell: u32,
}

impl Kruskal {
    pub(in super::super) fn new(grid: &Grid) -> Self {
        let lattices = Rooms::both(grid).map(|rooms| Lattice::new(grid, &rooms));
        Self { lattices, order: Vec::new(), joined: Vec::new() }
    }
}

impl Lattice {
    fn new(grid: &Grid, rooms: &Rooms) -> Self {
        let mut floor = vec![0; grid.floor.len()];
        let mut passages = Vec::new();
        for (room, &number) in rooms.list.iter().enumerate() {
            let cell = rooms.cells[number as usize];
            floor[cell as usize] = 1;
            let mut passage = |next: usize, step: usize| {
                passages.push(Passage { sets: [room as u32 + 1, next as u32 + 1], cell: cell + step as u32 });
            };
            if room % rooms.cols + 1 < rooms.cols {
                passage(room + 1, 1);
            }
            if room + rooms.cols < rooms.list.len() {
                passage(room + rooms.cols, grid.stride);
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
        self.order.extend_from_slice(&lattice.passages);
        random.shuffle(&mut self.order);
        self.joined.resize(lattice.rooms + 1, ALONE);
        open_tree(&mut self.order, &mut self.joined, &mut grid.floor);
        let start = pick_place(random, grid);
        let mut goal = pick_place(random, grid);
        if goal == start {
            // Only one more draw: start and goal can be the same cell.
            goal = pick_place(random, grid);
        }
        Ok((start, goal))
    }

    fn makes_trees(&self) -> bool {
        true
    }
}

/// Greatest number of sets for which a word has a bit each. They are numbered from 1.
const FEW: usize = 31;
/// The number of a set that has not been met. Other sets are numbered from 1.
const ALONE: u32 = 0;

/// Opens the passages of the tree: going through all passages in order, each that joins two sets of rooms. They need not be taken one by one,
/// because the first passage out of any set is always among them (Borůvka's algorithm). So a round goes through the passages once, with few
/// branches, and opens the first passage of each set. Passages between the larger sets are left to the next round.
fn open_tree(mut passages: &mut [Passage], joined: &mut [u32], floor: &mut [u8]) {
    let mut sets = joined.len() - 1;
    while sets > FEW {
        let left;
        (sets, left) = join(passages, &mut joined[..=sets], floor);
        passages = &mut passages[..left];
    }
    join_few(passages, sets, floor);
}

/// The same for few sets. Each set has a word with a bit for each set that is joined to it.
fn join_few(passages: &[Passage], sets: usize, floor: &mut [u8]) {
    let mut together: [u32; FEW + 1] = std::array::from_fn(|set| 1 << set);
    let mut missing = sets - 1;
    for Passage { sets: [one, other], cell } in passages {
        if missing == 0 {
            break;
        }
        if together[*one as usize] >> other & 1 == 0 {
            missing -= 1;
            floor[*cell as usize] = 1;
            let all = together[*one as usize] | together[*other as usize];
            for sets in &mut together {
                *sets = if *sets & all != 0 { all } else { *sets };
            }
        }
    }
}

/// Opens the first passage out of each set, which joins it to another set. Gives the number of larger sets, and the number of passages left
/// between them.
fn join(passages: &mut [Passage], joined: &mut [u32], floor: &mut [u8]) -> (usize, usize) {
    joined.fill(ALONE);
    let (mut sets, mut left) = (0, 0);
    for at in 0..passages.len() {
        let Passage { sets: [one, other], cell } = passages[at];
        let [before, behind] = [joined[one as usize], joined[other as usize]];
        // If only one set is alone, this is the other set. If both are alone, they make a new set.
        let both = before | behind;
        sets += u32::from(both == ALONE);
        let set = if both == ALONE { sets } else { both };
        joined[one as usize] = if before == ALONE { set } else { before };
        joined[other as usize] = if behind == ALONE { set } else { behind };
        let opens = (before == ALONE) | (behind == ALONE);
        floor[cell as usize] = u8::from(opens);
        // Written in any case, since the processor would often mispredict a branch here.
        passages[left] = Passage { sets: [before, behind], cell };
        left += usize::from(!opens & (before != behind));
    }
    (sets as usize, left)
}
