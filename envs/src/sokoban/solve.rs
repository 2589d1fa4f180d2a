//! Exact costs: breadth-first search, a whole layer of worker cells at a time.
//!
//! For every set of box cells there are boards of bits with the cells where the worker has been and those it has just reached. A step of all these workers at
//! once takes four shifts. A push or pull leads from one set of box cells to another. Sets are numbered by their cells in the combinatorial number system
//! (Knuth, The Art of Computer Programming 4A, 7.2.1.3), over live cells only: with a box on a dead square there is no solution.

use super::bits::Board;
use super::board::{Cell, Direction, Map, coordinates, neighbour};
use super::{MAX_BOXES, Sokoban};
use crate::environment::SolverFacts;

type State = super::State<Cell>;

/// Binomial coefficients for up to [`MAX_BOXES`] of up to 256.
const CHOOSE: [[u32; MAX_BOXES + 1]; 257] = {
    let mut table = [[0; MAX_BOXES + 1]; 257];
    let mut n = 0;
    while n < table.len() {
        table[n][0] = 1;
        let mut k = 1;
        while k <= MAX_BOXES && n > 0 {
            table[n][k] = table[n - 1][k] + table[n - 1][k - 1];
            k += 1;
        }
        n += 1;
    }
    table
};

/// The number of ways to choose `k` of `n`; 0 beyond the table.
pub fn choose(n: usize, k: usize) -> usize {
    CHOOSE.get(n).and_then(|row| row.get(k)).map_or(0, |&ways| ways as usize)
}

/// The number of a set, given in ascending order.
#[inline]
pub fn rank(set: &[u8]) -> usize {
    set.iter().zip(1..).map(|(&thing, k)| CHOOSE[usize::from(thing)][k] as usize).sum()
}

/// A push or a pull of a box: the worker's cell before it, the cell that must be free, the new cell of the box (its number among live cells), and the worker's
/// new cell.
#[derive(Clone, Copy, Default)]
struct Link {
    at: u8,
    free: u8,
    to: u8,
    next: u8,
}

/// The links of a box in one cell.
#[derive(Clone, Copy, Default)]
struct Links {
    len: u8,
    links: [Link; 4],
}

/// The search state of one set of box cells. `free` is empty until the set is reached.
#[derive(Clone, Copy)]
struct Boxed<B> {
    seen: B,
    fresh: B,
    next: B,
    free: B,
    boxes: [u8; MAX_BOXES],
}

/// Whether steps are taken forward from the start, or back from the goals.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Forward,
    Backward,
}

/// The goal of a search, and the data to keep.
struct Task<'a> {
    /// The sets of box cells at which it stops.
    until: Vec<usize>,
    /// The greatest depth.
    most: u16,
    /// The depth of every position that it reaches.
    depths: Option<&'a mut [u16]>,
}

/// The result of a search.
struct Found {
    /// The depth at which it stopped; none if it explored everything without stopping.
    depth: Option<u16>,
    /// Number of positions reached at lesser depths.
    nearer: u64,
}

/// The depth of a position that was not reached.
const NEVER: u16 = u16::MAX;

/// A search of one puzzle in one direction.
struct Search<'a, B> {
    map: &'a Map<Cell>,
    way: Way,
    boxes: usize,
    /// The cell of each place, and the place of each cell.
    cells: [Cell; 256],
    places: [u8; 256],
    live: Vec<Cell>,
    links: Vec<Links>,
    floor: B,
    sets: Vec<Boxed<B>>,
}

impl<'a, B: Board> Search<'a, B> {
    fn new(puzzle: &'a Sokoban, way: Way) -> Self {
        let map = puzzle.map();
        let (left, low, _) = bounds(map);
        let (mut cells, mut places, mut floor) = ([0; 256], [0; 256], B::EMPTY);
        for cell in map.floor_cells() {
            let (x, y) = coordinates(cell);
            let place = B::place(x - left, y - low);
            cells[usize::from(place)] = cell;
            places[usize::from(cell)] = place;
            floor = floor.with(place);
        }
        let live: Vec<Cell> = map.floor_cells().filter(|&cell| map.is_live(cell)).collect();
        let boxes = puzzle.boxes().len();
        let unmet = Boxed { seen: B::EMPTY, fresh: B::EMPTY, next: B::EMPTY, free: B::EMPTY, boxes: [0; MAX_BOXES] };
        let sets = vec![unmet; choose(live.len(), boxes)];
        let mut search = Search { map, way, boxes, cells, places, live, links: Vec::new(), floor, sets };
        search.links = search.live.iter().map(|&cell| search.links_of(cell)).collect();
        search
    }

    /// Links in canonical order of directions, without those onto dead squares.
    fn links_of(&self, cell: Cell) -> Links {
        let mut found = Links::default();
        let live = |cell: Cell| Some(cell).filter(|&cell| self.map.is_live(cell));
        for direction in Direction::ALL {
            let ends = |at: Cell| match self.way {
                Way::Forward => {
                    let to = neighbour(cell, direction.back()).and_then(live)?;
                    Some((to, to, cell))
                }
                Way::Backward => {
                    let next = self.map.floor_beside(at, direction)?;
                    live(at).map(|at| (next, at, next))
                }
            };
            let Some(at) = self.map.floor_beside(cell, direction) else { continue };
            if let Some((free, to, next)) = ends(at) {
                let place = |cell: Cell| self.places[usize::from(cell)];
                let to = self.map.live_rank[usize::from(to)];
                let link = Link { at: place(at), free: place(free), to, next: place(next) };
                found.links[usize::from(found.len)] = link;
                found.len += 1;
            }
        }
        found
    }

    /// The number of a set of box cells; none if one of them is dead.
    fn set_of(&self, cells: &[Cell]) -> Option<(usize, [u8; MAX_BOXES])> {
        let mut boxes = [0; MAX_BOXES];
        for (place, &cell) in boxes.iter_mut().zip(cells) {
            if !self.map.is_live(cell) {
                return None;
            }
            *place = self.map.live_rank[usize::from(cell)];
        }
        Some((rank(&boxes[..self.boxes]), boxes))
    }

    /// Prepares a set that is reached for the first time. Returns whether the search should explore it.
    #[inline]
    fn meet(&mut self, set: usize, boxes: [u8; MAX_BOXES]) -> bool {
        if !self.sets[set].free.is_empty() {
            return true;
        }
        let mut cells = [0; MAX_BOXES];
        let mut free = self.floor;
        for (cell, &live) in cells.iter_mut().zip(&boxes[..self.boxes]) {
            *cell = self.live[usize::from(live)];
            free = free.minus(B::EMPTY.with(self.places[usize::from(*cell)]));
        }
        if self.way == Way::Forward && self.map.is_deadlock(&cells[..self.boxes]) {
            return false;
        }
        self.sets[set].free = free;
        self.sets[set].boxes = boxes;
        true
    }

    /// Searches from sets of box cells, with the worker in one cell, or in any cell.
    fn run(&mut self, from: &[Vec<Cell>], worker: Option<Cell>, mut task: Task<'_>) -> Found {
        let mut found = Found { depth: None, nearer: 0 };
        let (mut active, mut coming) = (Vec::with_capacity(from.len()), Vec::new());
        for cells in from {
            let Some((first, boxes)) = self.set_of(cells) else { continue };
            if !self.meet(first, boxes) {
                continue;
            }
            let fresh = worker.map_or(self.sets[first].free, |cell| B::EMPTY.with(self.places[usize::from(cell)]));
            self.sets[first].fresh = fresh;
            self.sets[first].seen = fresh;
            active.push(first as u32);
        }
        for depth in 0..=task.most.min(NEVER - 1) {
            if let Some(depths) = task.depths.as_deref_mut() {
                active.iter().for_each(|&set| self.write_depths(set as usize, depth, depths));
            }
            if task.until.iter().any(|&set| !self.sets[set].fresh.is_empty()) {
                found.depth = Some(depth);
                break;
            }
            for &set in &active {
                found.nearer += u64::from(self.sets[set as usize].fresh.count());
                self.expand(set as usize, &mut coming);
            }
            active.clear();
            std::mem::swap(&mut active, &mut coming);
            for &set in &active {
                let set = &mut self.sets[set as usize];
                set.fresh = set.next;
                set.seen = set.seen.or(set.next);
                set.next = B::EMPTY;
            }
            if active.is_empty() {
                break;
            }
        }
        found
    }

    fn write_depths(&self, set: usize, depth: u16, depths: &mut [u16]) {
        let row = &mut depths[set * self.map.floor..][..self.map.floor];
        self.sets[set].fresh.each(|place| {
            let cell = self.cells[usize::from(place)];
            row[usize::from(self.map.floor_rank[usize::from(cell)])] = depth;
        });
    }

    /// Takes a step with every worker that has just arrived.
    #[inline]
    fn expand(&mut self, set: usize, coming: &mut Vec<u32>) {
        let Boxed { seen, fresh, free, boxes, .. } = self.sets[set];
        self.sets[set].fresh = B::EMPTY;
        let walked = fresh.spread().and(free).minus(seen);
        if !walked.is_empty() {
            self.add(set, walked, coming);
        }
        for which in 0..self.boxes {
            let links = self.links[usize::from(boxes[which])];
            for link in &links.links[..usize::from(links.len)] {
                if fresh.has(link.at) && free.has(link.free) {
                    let boxes = replaced(boxes, which, link.to, self.boxes);
                    let to = rank(&boxes[..self.boxes]);
                    if self.meet(to, boxes) && !self.sets[to].seen.has(link.next) {
                        self.add(to, B::EMPTY.with(link.next), coming);
                    }
                }
            }
        }
    }

    #[inline]
    fn add(&mut self, set: usize, workers: B, coming: &mut Vec<u32>) {
        let next = &mut self.sets[set].next;
        if next.is_empty() {
            coming.push(set as u32);
        }
        *next = next.or(workers);
    }
}

/// The ascending list of `len` elements with the one at `which` replaced.
#[inline]
pub fn replaced<T: Copy + Ord, L: AsMut<[T]>>(mut list: L, which: usize, by: T, len: usize) -> L {
    replace(&mut list.as_mut()[..len], which, by);
    list
}

/// Replaces the element at `which` of an ascending list.
#[inline]
pub fn replace<T: Copy + Ord>(list: &mut [T], which: usize, by: T) {
    let mut at = which;
    while at > 0 && list[at - 1] > by {
        list[at] = list[at - 1];
        at -= 1;
    }
    while at + 1 < list.len() && list[at + 1] < by {
        list[at] = list[at + 1];
        at += 1;
    }
    list[at] = by;
}

/// The least x and y of the floor, and whether it fits 8 by 8 places from there.
fn bounds(map: &Map<Cell>) -> (u8, u8, bool) {
    let (mut left, mut low, mut right, mut high) = (15, 15, 0, 0);
    for cell in map.floor_cells() {
        let (x, y) = coordinates(cell);
        (left, low, right, high) = (left.min(x), low.min(y), right.max(x), high.max(y));
    }
    (left, low, right < left.saturating_add(8) && high < low.saturating_add(8))
}

/// The sets of docks that hold all boxes at a goal, each in ascending order.
fn goals(puzzle: &Sokoban) -> Vec<Vec<Cell>> {
    let mut sets = vec![Vec::new()];
    for _ in puzzle.boxes() {
        let longer = |set: &Vec<Cell>| {
            let behind = puzzle.docks().iter().filter(|&&dock| set.last().is_none_or(|&last| last < dock));
            behind.map(|&dock| set.iter().copied().chain([dock]).collect()).collect::<Vec<Vec<Cell>>>()
        };
        sets = sets.iter().flat_map(longer).collect();
    }
    sets
}

fn forward(puzzle: &Sokoban, most: u16, depths: Option<&mut [u16]>) -> Found {
    fn of<B: Board>(puzzle: &Sokoban, most: u16, depths: Option<&mut [u16]>) -> Found {
        let mut search = Search::<B>::new(puzzle, Way::Forward);
        let until = goals(puzzle).iter().filter_map(|cells| search.set_of(cells)).map(|(set, _)| set).collect();
        search.run(&[puzzle.boxes().to_vec()], Some(puzzle.worker()), Task { until, most, depths })
    }
    if bounds(puzzle.map()).2 { of::<u64>(puzzle, most, depths) } else { of::<[u64; 4]>(puzzle, most, depths) }
}

/// The cost of a cheapest solution, if it is at most `most`.
pub fn optimal_cost(puzzle: &Sokoban, most: u16) -> Option<u16> {
    forward(puzzle, most, None).depth
}

/// The solver facts, by a search from the start.
pub fn facts(puzzle: &Sokoban) -> SolverFacts {
    let mut depths = vec![NEVER; puzzle.positions()];
    let found = forward(puzzle, NEVER, Some(&mut depths));
    let solvable = found.depth.is_some();
    SolverFacts {
        solvable,
        optimal_cost: found.depth.map(u64::from),
        solutions: found.depth.map(|cost| count_solutions(puzzle, &depths, cost)),
        difficulty: solvable.then_some(found.nearer),
    }
}

/// Counts the cheapest solutions back from the goals, by the depths of positions on the way; at most 2^64 - 1.
fn count_solutions(puzzle: &Sokoban, depths: &[u16], cost: u16) -> u64 {
    let depth = |state: &State| puzzle.position(state).and_then(|position| depths.get(position)).copied();
    let with_boxes = |cells: &Vec<Cell>| {
        let mut state = puzzle.state();
        state.set_boxes(cells);
        state
    };
    let sets: Vec<State> = goals(puzzle).iter().map(with_boxes).collect();
    let goals = sets.iter().flat_map(|state| puzzle.map().floor_cells().map(|worker| state.with_worker(worker)));
    let mut layer: Vec<(State, u64)> = goals.filter(|goal| depth(goal) == Some(cost)).map(|goal| (goal, 1)).collect();
    for nearer in (0..cost).rev() {
        let mut before = Vec::with_capacity(layer.len() * 2);
        for (state, ways) in layer {
            puzzle.predecessors(&state, |previous| {
                if depth(&previous) == Some(nearer) {
                    before.push((previous, ways));
                }
            });
        }
        before.sort_unstable();
        before.dedup_by(|(state, ways), (kept, sum)| {
            let same = state == kept;
            if same {
                *sum = sum.saturating_add(*ways);
            }
            same
        });
        layer = before;
    }
    layer.iter().fold(0, |sum, (_, ways)| sum.saturating_add(*ways))
}

/// The distance of every position with boxes on live cells.
pub struct Table(Vec<u16>);

impl Table {
    /// Searches back from all goals.
    pub fn new(puzzle: &Sokoban) -> Self {
        fn fill<B: Board>(puzzle: &Sokoban, depths: &mut [u16]) {
            let task = Task { until: Vec::new(), most: NEVER, depths: Some(depths) };
            Search::<B>::new(puzzle, Way::Backward).run(&goals(puzzle), None, task);
        }
        let mut depths = vec![NEVER; puzzle.positions()];
        if bounds(puzzle.map()).2 {
            fill::<u64>(puzzle, &mut depths);
        } else {
            fill::<[u64; 4]>(puzzle, &mut depths);
        }
        Table(depths)
    }

    /// The distance of a position, by its number.
    #[inline]
    pub fn of(&self, position: usize) -> Option<u64> {
        self.0.get(position).filter(|&&depth| depth != NEVER).map(|&depth| u64::from(depth))
    }
}
