//! Kruskal's algorithm over shuffled passages.

use super::super::Impossible;
use super::super::grid::Grid;
use super::super::random::Random;
use super::rooms::Rooms;
use super::{Generate, Task, pick_place};

pub(in super::super) struct Kruskal {
    lattices: [Lattice; 2],
    order: Vec<u32>,
    rounds: Rounds,
}

struct Lattice {
    /// The grid with all rooms and no passage.
    floor: Vec<u8>,
    rooms: usize,
    /// To the next room and to the passage on the way there: right, down.
    steps: [[u32; 2]; 2],
    /// The cell of each room.
    cells: Vec<u32>,
    /// All passages, row by row: twice the room, and one more for the way down, not right.
    passages: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Passage {
    /// The sets of rooms that it joins.
    sets: [u32; 2],
    cell: u32,
}

impl Kruskal {
    pub(in super::super) fn new(grid: &Grid) -> Self {
        let lattices = Rooms::both(grid).map(|rooms| Lattice::new(grid, &rooms));
        Self { lattices, order: Vec::new(), rounds: Rounds::default() }
    }
}

impl Lattice {
    fn new(grid: &Grid, rooms: &Rooms) -> Self {
        let mut floor = vec![0; grid.floor.len()];
        let mut passages = Vec::new();
        let cells: Vec<u32> = rooms.list.iter().map(|&number| rooms.cells[number as usize]).collect();
        for (room, &cell) in cells.iter().enumerate() {
            floor[cell as usize] = 1;
            if room % rooms.cols + 1 < rooms.cols {
                passages.push(2 * room as u32);
            }
            if room + rooms.cols < cells.len() {
                passages.push(2 * room as u32 + 1);
            }
        }
        let steps = [[1, 1], [rooms.cols as u32, grid.stride as u32]];
        Self { floor, rooms: cells.len(), steps, cells, passages }
    }

    #[inline]
    fn passage(&self, packed: u32) -> Passage {
        let room = packed / 2;
        // looked up: a branch would be guessed wrong every other time
        let [to_room, to_cell] = self.steps[packed as usize & 1];
        Passage { sets: [room, room + to_room], cell: self.cells[room as usize] + to_cell }
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
        self.rounds.start(lattice, &self.order);
        self.rounds.run(lattice.rooms, &mut grid.floor);
        let start = pick_place(random, grid);
        let mut goal = pick_place(random, grid);
        if goal == start {
            // once more only: start and goal can be the same cell
            goal = pick_place(random, grid);
        }
        Ok((start, goal))
    }
}

/// Passages in order, of which the tree takes each that joins two sets of rooms. Which these are does not depend on taking
/// them one by one: the first passage out of any set is always among them (Borůvka's algorithm). So all sets are joined by
/// their first passages at once, a few rounds over, and there is hardly a branch to be guessed.
#[derive(Default)]
struct Rounds {
    /// The passages that are left, between sets.
    passages: Vec<Passage>,
    /// The first passage out of each set, then the number that the set gets in the next round.
    first: Vec<u32>,
    /// The set that each is joined to.
    parents: Vec<u32>,
}

impl Rounds {
    /// Takes over the passages, each room being a set.
    fn start(&mut self, lattice: &Lattice, order: &[u32]) {
        self.passages.clear();
        self.passages.extend(order.iter().map(|&packed| lattice.passage(packed)));
        self.first.resize(lattice.rooms, 0);
        self.parents.resize(lattice.rooms, 0);
    }

    /// Opens the passages of the tree that joins so many sets.
    fn run(&mut self, mut sets: usize, floor: &mut [u8]) {
        while sets > 1 {
            self.open_first(sets, floor);
            self.find_roots(sets);
            sets = self.renumber(sets);
        }
    }

    /// Opens the first passage out of each set, and joins the two sets.
    fn open_first(&mut self, sets: usize, floor: &mut [u8]) {
        let (first, parents) = (&mut self.first[..sets], &mut self.parents[..sets]);
        for (at, passage) in self.passages.iter().enumerate().rev() {
            first[passage.sets[0] as usize] = at as u32;
            first[passage.sets[1] as usize] = at as u32;
        }
        for (set, (parent, &at)) in (0..).zip(parents.iter_mut().zip(&*first)) {
            let Passage { sets, cell } = self.passages[at as usize];
            floor[cell as usize] = 1;
            let other = sets[0] ^ sets[1] ^ set;
            // two sets can have the same first passage: one of them is the root
            let is_root = (first[other as usize] == at) & (set < other);
            *parent = if is_root { set } else { other };
        }
    }

    fn find_roots(&mut self, sets: usize) {
        let parents = &mut self.parents[..sets];
        let mut changed = 1;
        while changed != 0 {
            changed = 0;
            for set in 0..sets {
                let parent = parents[set];
                let above = parents[parent as usize];
                parents[set] = above;
                changed |= parent ^ above;
            }
        }
    }

    /// Numbers the joined sets, and keeps the passages between them; how many sets there are.
    fn renumber(&mut self, sets: usize) -> usize {
        let (numbers, parents) = (&mut self.first[..sets], &mut self.parents[..sets]);
        let mut next = 0;
        for (set, (number, &parent)) in (0..).zip(numbers.iter_mut().zip(&*parents)) {
            *number = next;
            next += u32::from(parent == set);
        }
        for parent in parents.iter_mut() {
            *parent = numbers[*parent as usize];
        }
        let mut kept = 0;
        for at in 0..self.passages.len() {
            let Passage { sets, cell } = self.passages[at];
            let sets = sets.map(|set| parents[set as usize]);
            // written in any case: a branch would be guessed wrong too often
            self.passages[kept] = Passage { sets, cell };
            kept += usize::from(sets[0] != sets[1]);
        }
        self.passages.truncate(kept);
        next as usize
    }
}
