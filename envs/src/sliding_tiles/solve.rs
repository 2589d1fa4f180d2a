//! Exact distances: a table for boards of up to 9 cells, iterative deepening with pattern databases for larger ones.

use std::sync::OnceLock;

use super::board::{Board, MAX_NUMBERED, Tiles};
use crate::environment::Cost;
use crate::exact::Spheres;

/// A value for each number of rows and of columns, and each goal cell of the blank.
type PerBoard<T> = [[[OnceLock<T>; 16]; 5]; 5];

fn of_board<T>(all: &'static PerBoard<T>, board: Board, make: impl FnOnce() -> T) -> &'static T {
    all[usize::from(board.rows)][usize::from(board.columns)][board.blank()].get_or_init(make)
}

/// Distances around a position, by number of the position.
fn spheres(board: Board, centre: Tiles) -> Spheres {
    let half = board.half() as usize;
    Spheres::around(board.number(centre) as usize % half, half, |number, near| {
        let tiles = board.position(number as u64);
        let blank = tiles.blank();
        near.extend(board.beside(blank).map(|cell| board.number(tiles.exchanged(cell, blank)) as usize));
    })
}

/// Distances from the plain goal to every solvable position of a board of up to 9 cells.
pub fn table(board: Board) -> &'static Spheres {
    static TABLES: PerBoard<Spheres> = [const { [const { [const { OnceLock::new() }; 16] }; 5] }; 5];
    of_board(&TABLES, board, || spheres(board, board.goal()))
}

/// Number of positions nearer than `distance` to a position with the blank in this cell. The places of the tiles do not matter, since tiles can be renamed.
pub fn nearer_than(board: Board, blank: usize, distance: Cost) -> u64 {
    static COUNTS: PerBoard<Vec<u64>> = [const { [const { [const { OnceLock::new() }; 16] }; 5] }; 5];
    let board = board.with_blank(blank);
    let counts = of_board(&COUNTS, board, || {
        let around = spheres(board, board.goal());
        (0..=around.greatest() + 1).map(|distance| around.nearer_than(distance)).collect()
    });
    counts[(distance as usize).min(counts.len() - 1)]
}

/// The exact distance of a position from the plain goal; none if the goal cannot be reached.
pub fn distance(board: Board, tiles: Tiles) -> Option<Cost> {
    if board.cells() <= MAX_NUMBERED {
        return table(board).of(board.number(tiles) as usize);
    }
    if !board.is_solvable(tiles) {
        return None;
    }
    Search::new(board, tiles, u64::MAX).run().map(|path| path.len() as Cost)
}

/// The cost of a solvable position on a board of more than 9 cells, and the number of nodes visited to prove it, under all bounds; a position counts as often
/// as it is visited. None if the proof needs more than `limit` nodes.
pub fn proof(board: Board, tiles: Tiles, limit: u64) -> Option<(Cost, u64)> {
    let mut search = Search::new(board, tiles, limit);
    let found = search.find();
    found.then(|| (search.path.len() as Cost, limit - search.left))
}

/// A cheapest solution of a solvable position on a board of more than 9 cells, as the tiles that slide. None if more than `limit` nodes would be visited.
pub fn solution(board: Board, tiles: Tiles, limit: u64) -> Option<Vec<u8>> {
    Search::new(board, tiles, limit).run()
}

/// Additive pattern databases (Korf and Felner 2002). For each group of tiles: the least number of its own moves that bring the group home, whatever the other
/// tiles do. The numbers of all groups can be added.
struct Patterns {
    tables: Vec<Vec<u8>>,
    /// The group of each tile.
    group: [u8; 16],
    /// The weight of a cell number in the index of a tile's group. The index has one digit for each tile of the group.
    weight: [u32; 16],
}

/// Greatest number of groups.
const GROUPS: usize = 3;

/// The groups of tiles: 5-5-5 on 4x4, 6-5 on 3x4 and 4x3.
fn groups(board: Board) -> &'static [&'static [u8]] {
    match board.cells() {
        12 => &[&[1, 2, 3, 4, 5, 6], &[7, 8, 9, 10, 11]],
        _ => &[&[1, 2, 3, 5, 6], &[4, 7, 8, 11, 12], &[9, 10, 13, 14, 15]],
    }
}

fn patterns(board: Board) -> &'static Patterns {
    static PATTERNS: PerBoard<Patterns> = [const { [const { [const { OnceLock::new() }; 16] }; 5] }; 5];
    of_board(&PATTERNS, board, || Patterns::new(board))
}

impl Patterns {
    fn new(board: Board) -> Self {
        let mut patterns = Patterns { tables: Vec::new(), group: [0; 16], weight: [0; 16] };
        for (number, &group) in groups(board).iter().enumerate() {
            let mut weight = 1;
            for &tile in group {
                patterns.group[usize::from(tile)] = number as u8;
                patterns.weight[usize::from(tile)] = weight;
                weight *= board.cells() as u32;
            }
            patterns.tables.push(pattern(board, group));
        }
        patterns
    }
}

/// All cells that the blank can reach from those of `from` without moving a tile of the group, as a set of bits.
fn flood(beside: &[u16; 16], free: u16, from: u16) -> u16 {
    let (mut all, mut new) = (from, from);
    while new != 0 {
        let cell = new.trailing_zeros() as usize;
        new &= new - 1;
        let more = beside[cell] & free & !all;
        all |= more;
        new |= more;
    }
    all
}

/// The cells of a group's tiles and of the blank.
#[derive(Clone, Copy)]
struct Place {
    /// The index in the group's table.
    index: u32,
    /// The cells of the tiles, four bits each.
    cells: u32,
    /// The bit of the blank's cell.
    blank: u16,
}

/// The table of one group: breadth-first search from home, in which only moves of the group's tiles count. Its positions are the cells of these tiles and the
/// region in which the blank moves freely.
fn pattern(board: Board, group: &[u8]) -> Vec<u8> {
    let (n, tiles) = (board.cells(), group.len());
    let beside: [u16; 16] =
        std::array::from_fn(
            |cell| {
                if cell < n { board.beside(cell).fold(0, |set, other| set | 1 << other) } else { 0 }
            },
        );
    let weight: [u32; 6] = std::array::from_fn(|tile| if tile < tiles { (n as u32).pow(tile as u32) } else { 0 });
    let mut table = vec![u8::MAX; n.pow(tiles as u32)];
    let mut blanks_seen = vec![0u16; table.len()];
    let homes = || group.iter().map(|&tile| board.home(tile) as u32).zip(0..tiles);
    let home = Place {
        index: homes().map(|(cell, tile)| cell * weight[tile]).sum(),
        cells: homes().map(|(cell, tile)| cell << (4 * tile)).sum(),
        blank: 1 << board.blank(),
    };
    let mut layer = vec![home];
    let mut next = Vec::new();
    for distance in 0u8.. {
        for Place { index, cells, blank } in layer.drain(..) {
            let seen = &mut blanks_seen[index as usize];
            if *seen & blank != 0 {
                continue;
            }
            let cell = |tile: usize| cells >> (4 * tile) & 15;
            let taken = (0..tiles).fold(0u16, |set, tile| set | 1 << cell(tile));
            let region = flood(&beside, !taken, blank);
            *seen |= region;
            let least = &mut table[index as usize];
            *least = distance.min(*least);
            for (tile, weight) in weight.iter().enumerate().take(tiles) {
                let from = cell(tile);
                let mut ways = beside[from as usize] & region;
                while ways != 0 {
                    let to = ways.trailing_zeros();
                    ways &= ways - 1;
                    let index = index - from * weight + to * weight;
                    if blanks_seen[index as usize] & 1 << from == 0 {
                        next.push(Place { index, cells: cells ^ (from ^ to) << (4 * tile), blank: 1 << from });
                    }
                }
            }
        }
        std::mem::swap(&mut layer, &mut next);
        if layer.is_empty() {
            break;
        }
    }
    table
}

/// The indices of the tiles of each group, for the position and for its mirror image on the diagonal.
#[derive(Clone, Copy)]
struct Places {
    straight: [u32; GROUPS],
    mirrored: [u32; GROUPS],
}

/// Iterative-deepening A* (Korf 1985).
struct Search {
    board: Board,
    patterns: &'static Patterns,
    cells: [u8; 16],
    beside: [[u8; 4]; 16],
    /// Whether the mirror image on the diagonal has the same goal. Then a position and its mirror image have the same distance.
    square: bool,
    /// Tiles and cells after mirroring.
    mirror_tile: [u8; 16],
    mirror_cell: [u8; 16],
    /// Number of nodes that may still be visited.
    left: u64,
    path: Vec<u8>,
}

/// No cell.
const NOWHERE: u8 = 16;

impl Search {
    fn new(board: Board, tiles: Tiles, limit: u64) -> Self {
        let n = board.cells();
        let square = board.rows == board.columns && board.is_classic();
        let mut beside = [[NOWHERE; 4]; 16];
        for (cell, list) in beside.iter_mut().enumerate().take(n) {
            list.iter_mut().zip(board.beside(cell)).for_each(|(place, other)| *place = other as u8);
        }
        let mirror = |cell: usize| {
            let (row, column) = board.place(cell);
            column * usize::from(board.rows) + row
        };
        Search {
            board,
            patterns: patterns(board),
            cells: std::array::from_fn(|cell| if cell < n { tiles.tile(cell) } else { 0 }),
            beside,
            square,
            mirror_cell: std::array::from_fn(|cell| mirror(cell) as u8),
            mirror_tile: std::array::from_fn(|tile| if tile == 0 { 0 } else { mirror(tile - 1) as u8 + 1 }),
            left: limit,
            path: Vec::new(),
        }
    }

    fn run(mut self) -> Option<Vec<u8>> {
        let found = self.find();
        self.path.reverse();
        found.then_some(self.path)
    }

    /// Whether a solution is found within the limit. If so, its moves are in the path, the last one first.
    fn find(&mut self) -> bool {
        let mut places = Places { straight: [0; GROUPS], mirrored: [0; GROUPS] };
        for cell in 0..self.board.cells() {
            if self.cells[cell] != 0 {
                self.shift(&mut places, self.cells[cell], 0, cell as u8);
            }
        }
        let Some(blank) = (0..self.board.cells()).find(|&cell| self.cells[cell] == 0) else {
            return false;
        };
        // A move changes the number of its tile's group by one and no other number. So only every other bound can be a cost.
        let mut bound = self.estimate(&places);
        while !self.deepen(places, blank as u8, NOWHERE, bound) {
            bound += 2;
            if self.left == 0 {
                return false;
            }
        }
        true
    }

    /// Updates the indices for a tile that moves from a cell to another.
    #[inline]
    fn shift(&self, places: &mut Places, tile: u8, from: u8, to: u8) {
        let shift = |index: &mut u32, weight: u32, from: u8, to: u8| {
            *index = index.wrapping_add(weight.wrapping_mul(u32::from(to).wrapping_sub(u32::from(from))));
        };
        let straight = usize::from(tile);
        let group = usize::from(self.patterns.group[straight]);
        shift(&mut places.straight[group], self.patterns.weight[straight], from, to);
        if self.square {
            let mirrored = usize::from(self.mirror_tile[straight]);
            let group = usize::from(self.patterns.group[mirrored]);
            let (from, to) = (self.mirror_cell[usize::from(from)], self.mirror_cell[usize::from(to)]);
            shift(&mut places.mirrored[group], self.patterns.weight[mirrored], from, to);
        }
    }

    #[inline]
    fn estimate(&self, places: &Places) -> u32 {
        let sum = |indices: &[u32; GROUPS]| -> u32 {
            self.patterns.tables.iter().zip(indices).map(|(table, &index)| u32::from(table[index as usize])).sum()
        };
        let straight = sum(&places.straight);
        if self.square { straight.max(sum(&places.mirrored)) } else { straight }
    }

    /// Whether the goal is found with at most `bound` moves. If so, the moves are in the path, the last one first.
    fn deepen(&mut self, places: Places, blank: u8, before: u8, bound: u32) -> bool {
        let estimate = self.estimate(&places);
        if estimate > bound || self.left == 0 {
            return false;
        }
        // Every tile is in a group, and a table has 0 only if its whole group is at home.
        if estimate == 0 {
            return true;
        }
        self.left -= 1;
        for from in self.beside[usize::from(blank)] {
            if from == NOWHERE || from == before || bound == 0 {
                continue;
            }
            let tile = self.cells[usize::from(from)];
            let mut moved = places;
            self.shift(&mut moved, tile, from, blank);
            self.cells[usize::from(blank)] = tile;
            self.cells[usize::from(from)] = 0;
            let found = self.deepen(moved, from, blank, bound - 1);
            self.cells[usize::from(from)] = tile;
            self.cells[usize::from(blank)] = 0;
            if found {
                self.path.push(tile);
                return true;
            }
        }
        false
    }
}
