//! Counting of the trees that join the rooms of a lattice, and the tree with a number.
//!
//! Rooms are decided one by one, row by row: is a room joined to the one above, and to the one on the left? Earlier decisions matter only by which rooms of the
//! frontier (the last room of each column) are joined already. So there are few positions (Catalan numbers: 1,430 for eight columns), and the number of
//! continuations of each is counted once, from the last room back. A number is then decoded room by room: each choice covers a range of numbers.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Greatest number of rooms across.
const ACROSS: usize = 8;
/// Greatest number of rooms. Few larger lattices have a number of trees that fits 128 bits.
const MOST_ROOMS: usize = 118;

/// The joined rooms of the frontier: equal numbers for joined rooms, in the order of first occurrence.
type Frontier = [u8; ACROSS];

/// A column without a room yet, or at all.
const EMPTY: u8 = u8::MAX;
/// A room that was not joined to the one above.
const NEW: u8 = EMPTY - 1;

/// The bits of a choice: the room is joined to the one on its left, to the one above, or to both.
const LEFT: usize = 1;
const ABOVE: usize = 2;
/// A choice that would close a cycle or isolate a room.
const NOWHERE: u32 = u32::MAX;

/// A position and its continuations.
struct Node {
    /// Number of trees from here.
    trees: u128,
    /// The position after each choice.
    next: [u32; 4],
}

/// All trees over a lattice of rooms.
pub struct Trees {
    across: usize,
    /// The positions before each room, and after the last one.
    rooms: Vec<Vec<Node>>,
}

/// All trees of a lattice, kept in memory after the first call. None if they are too many to be counted here.
pub fn all(columns: usize, rows: usize) -> Option<&'static Trees> {
    static ALL: [[OnceLock<Option<Trees>>; MOST_ROOMS + 1]; ACROSS + 1] =
        [const { [const { OnceLock::new() }; MOST_ROOMS + 1] }; ACROSS + 1];
    let (across, along) = (columns.min(rows), columns.max(rows));
    ALL.get(across)?.get(along)?.get_or_init(|| Trees::new(across, along)).as_ref()
}

impl Trees {
    fn new(across: usize, along: usize) -> Option<Self> {
        let most = ACROSS.min(MOST_ROOMS.checked_div(along)?);
        if !(1..=most).contains(&across) {
            return None;
        }
        let mut positions = vec![[EMPTY; ACROSS]];
        let mut rooms = Vec::with_capacity(across * along + 1);
        for room in 0..across * along {
            let mut numbers = HashMap::new();
            let mut after = Vec::new();
            let mut next = |position: &Frontier, choice: usize| {
                let Some(to) = step(position, room % across, choice) else { return NOWHERE };
                *numbers.entry(to).or_insert_with(|| {
                    after.push(to);
                    after.len() as u32 - 1
                })
            };
            let node = |position| Node { trees: 0, next: std::array::from_fn(|choice| next(position, choice)) };
            rooms.push(positions.iter().map(node).collect::<Vec<_>>());
            positions = after;
        }
        // After the last room it is a tree if all rooms of the last row are joined.
        let is_tree = |position: &Frontier| position[..across].iter().all(|&room| room == 0);
        let end = |position| Node { trees: u128::from(is_tree(position)), next: [NOWHERE; 4] };
        rooms.push(positions.iter().map(end).collect());
        for room in (0..across * along).rev() {
            let (before, after) = rooms.split_at_mut(room + 1);
            for node in &mut before[room] {
                let mut trees = node.next.iter().map(|&next| trees_of(&after[0], next));
                node.trees = trees.try_fold(0, u128::checked_add)?;
            }
        }
        Some(Trees { across, rooms })
    }

    /// Number of trees.
    pub fn count(&self) -> u128 {
        trees_of(&self.rooms[0], 0)
    }

    /// The tree with a number below the count. For each room, by its place across and along: whether it is joined to the previous one across, and to the
    /// previous one along. It ends early if the number is too high.
    pub fn tree(&self, mut number: u128) -> impl Iterator<Item = ([usize; 2], [bool; 2])> + '_ {
        let mut at = 0;
        self.rooms.windows(2).enumerate().map_while(move |(room, nodes)| {
            let next = nodes[0].get(at)?.next;
            let choice = (0..next.len()).find(|&choice| {
                let trees = trees_of(&nodes[1], next[choice]);
                let here = number < trees;
                number -= if here { 0 } else { trees };
                here
            })?;
            at = next[choice] as usize;
            Some(([room % self.across, room / self.across], [choice & LEFT != 0, choice & ABOVE != 0]))
        })
    }
}

/// Number of trees from the position with a number.
fn trees_of(nodes: &[Node], position: u32) -> u128 {
    nodes.get(position as usize).map_or(0, |node| node.trees)
}

/// The frontier after a room of a column is decided. None if it closes a cycle, or isolates the rooms above.
fn step(before: &Frontier, column: usize, choice: usize) -> Option<Frontier> {
    let mut after = *before;
    let above = before[column];
    after[column] = if choice & ABOVE == 0 { NEW } else { above };
    if above == EMPTY && choice & ABOVE != 0 || above != EMPTY && !after.contains(&above) {
        return None;
    }
    if choice & LEFT != 0 {
        let (left, here) = (after[column.checked_sub(1)?], after[column]);
        if left == here {
            return None;
        }
        after.iter_mut().filter(|room| **room == here).for_each(|room| *room = left);
    }
    let mut names = [EMPTY; ACROSS];
    let mut named = 0;
    for room in after.iter_mut().filter(|room| **room != EMPTY) {
        let known = names[..named].iter().position(|name| name == room);
        names[named] = *room;
        *room = known.unwrap_or(named) as u8;
        named += usize::from(known.is_none());
    }
    Some(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The walls between neighbouring rooms, as pairs of rooms.
    fn walls(across: usize, along: usize) -> Vec<(usize, usize)> {
        let room = |x: usize, y: usize| y * across + x;
        let mut walls = Vec::new();
        for (x, y) in (0..along).flat_map(|y| (0..across).map(move |x| (x, y))) {
            walls.extend((x > 0).then(|| (room(x - 1, y), room(x, y))));
            walls.extend((y > 0).then(|| (room(x, y - 1), room(x, y))));
        }
        walls
    }

    /// The number of spanning trees by Kirchhoff's theorem: the determinant of the Laplacian without one row and its column, by Bareiss' fraction-free
    /// elimination.
    fn kirchhoff(across: usize, along: usize) -> i128 {
        let rooms = across * along;
        let mut matrix = vec![vec![0i128; rooms]; rooms];
        for (a, b) in walls(across, along) {
            (matrix[a][a], matrix[b][b]) = (matrix[a][a] + 1, matrix[b][b] + 1);
            (matrix[a][b], matrix[b][a]) = (-1, -1);
        }
        let mut before = 1;
        for k in 0..rooms - 1 {
            for (i, j) in (k + 1..rooms - 1).flat_map(|i| (k + 1..rooms - 1).map(move |j| (i, j))) {
                matrix[i][j] = (matrix[i][j] * matrix[k][k] - matrix[i][k] * matrix[k][j]) / before;
            }
            before = matrix[k][k];
        }
        before
    }

    fn fallen(trees: &Trees, number: u128) -> BTreeSet<(usize, usize)> {
        let mut fallen = BTreeSet::new();
        for ([x, y], [left, above]) in trees.tree(number) {
            let room = y * trees.across + x;
            fallen.extend(left.then(|| (room - 1, room)));
            fallen.extend(above.then(|| (room - trees.across, room)));
        }
        fallen
    }

    /// Whether the removed walls join all rooms without a cycle.
    fn is_tree(rooms: usize, fallen: &BTreeSet<(usize, usize)>) -> bool {
        let mut joined: Vec<usize> = (0..rooms).collect();
        for &(a, b) in fallen {
            let (a, b) = (joined[a], joined[b]);
            if a == b {
                return false;
            }
            joined.iter_mut().filter(|room| **room == a).for_each(|room| *room = b);
        }
        fallen.len() + 1 == rooms
    }

    #[test]
    fn there_are_as_many_as_kirchhoff_counts() {
        for (columns, rows) in (1..=6).flat_map(|columns| (1..=6).map(move |rows| (columns, rows))) {
            let trees = all(columns, rows).unwrap();
            assert_eq!(trees.count(), kirchhoff(columns, rows) as u128, "{columns} x {rows}");
        }
        // OEIS A007341
        let count = |side| all(side, side).unwrap().count();
        assert_eq!(count(7), 19_872_369_301_840_986_112);
        assert_eq!(count(8), 126_231_322_912_498_539_682_594_816);
        // 2 x n lattices: A001353
        assert_eq!(all(2, 30).unwrap().count(), (2..30).fold((1, 4), |(a, b), _| (b, 4 * b - a)).1);
    }

    #[test]
    fn every_tree_has_one_number() {
        for (across, along) in [(1, 1), (1, 4), (2, 2), (2, 4), (3, 3), (3, 4)] {
            let trees = all(across, along).unwrap();
            let numbers = 0..trees.count();
            let all: BTreeSet<_> = numbers.clone().map(|number| fallen(trees, number)).collect();
            assert_eq!(all.len() as u128, numbers.end, "{across} x {along}");
            assert!(all.iter().all(|fallen| is_tree(across * along, fallen)));
        }
        // no tree is missing: every set of walls is tried
        let walls = walls(3, 3);
        let set = |mask: u32| (0..walls.len()).filter(|bit| mask >> bit & 1 == 1).map(|bit| walls[bit]).collect();
        let number = (0..1 << walls.len()).filter(|&mask| is_tree(9, &set(mask))).count();
        assert_eq!(number as u128, all(3, 3).unwrap().count());
    }

    #[test]
    fn numbers_of_large_lattices_give_trees() {
        let trees = all(8, 8).unwrap();
        for part in 0..50 {
            let number = trees.count() / 50 * part + 7;
            assert!(is_tree(64, &fallen(trees, number)), "{number}");
        }
        assert!(is_tree(64, &fallen(trees, trees.count() - 1)));
        assert_ne!(trees.tree(trees.count()).count(), 64);
    }

    #[test]
    fn too_many_are_not_counted() {
        assert!(all(9, 9).is_none() && all(8, 100).is_none() && all(8, 14).is_none() && all(0, 3).is_none());
        assert!(all(5, 3).is_some_and(|trees| trees.count() == all(3, 5).unwrap().count()));
    }
}
