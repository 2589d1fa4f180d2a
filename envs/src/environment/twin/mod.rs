//! Keys that are equal for puzzles that differ only in names, in order, or by a symmetry of their rules.
//!
//! Most environments have an exact canonical form, or a few images of which the least is taken ([`of_least`]). If things may be renamed freely (nodes of
//! graphs, variables of clauses, rows of a sudoku), a [`Structure`] describes the puzzle without names: nodes with colours, and facts about them. Its key comes
//! from colour refinement (Weisfeiler and Leman 1968): the colour of a node is refined by its facts until no more nodes can be distinguished. Then each node
//! that shares its colour gets a colour of its own, one node at a time, and the colours are refined again.
//!
//! The key is an invariant. Structures that are equal up to renaming always have the same key; this keeps splits apart. A few structures that are not equal
//! (highly regular ones) may also share a key. Then two different puzzles count as twins, which costs a puzzle and leaks nothing.

#[cfg(test)]
mod tests;

use crate::environment::PuzzleId;

/// Most rounds of refinement. They distinguish all nodes within so many steps of a special node.
const MOST_ROUNDS: usize = 64;
/// Most steps for nodes with a colour of their own. Structures that would take more are only refined.
const MOST_WORK: usize = 1 << 18;

/// Colours and tags that structures share. Add a number to distinguish further.
pub mod tags {
    /// A direction of lines, or a relation between two things.
    pub const AXIS: u64 = 1 << 32;
    /// A group of things.
    pub const GROUP: u64 = 2 << 32;
    /// One of many things of the same kind: a line of a board, a node, a variable.
    pub const LINE: u64 = 3 << 32;
    /// A given.
    pub const GIVEN: u64 = 4 << 32;
    /// The first is part of the second.
    pub const IN: u64 = 5 << 32;
    /// The first comes before the second.
    pub const LESS: u64 = 6 << 32;
}

/// A puzzle without names: nodes with colours, and facts. A fact is a tag with an ordered list of nodes.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    colours: Vec<u64>,
    /// The tag, and the index of the fact's first node.
    facts: Vec<(u64, usize)>,
    nodes: Vec<u32>,
}

impl Structure {
    /// A structure without nodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node of this colour.
    pub fn node(&mut self, colour: u64) -> u32 {
        self.colours.push(mix(COLOUR, colour));
        (self.colours.len() - 1) as u32
    }

    /// Adds so many nodes of this colour.
    pub fn nodes(&mut self, count: usize, colour: u64) -> Vec<u32> {
        (0..count).map(|_| self.node(colour)).collect()
    }

    /// Adds a fact about nodes. Their order counts.
    pub fn fact(&mut self, tag: u64, nodes: &[u32]) {
        self.facts.push((tag, self.nodes.len()));
        self.nodes.extend_from_slice(nodes);
    }

    /// Adds a symmetric fact about two nodes.
    pub fn link(&mut self, tag: u64, a: u32, b: u32) {
        self.fact(tag, &[a, b]);
        self.fact(tag, &[b, a]);
    }

    /// The key, which does not depend on the order in which nodes and facts were added.
    pub fn key(&self) -> [u8; 16] {
        let mut colours = self.colours.clone();
        let mut room = Room::default();
        let rounds = self.refine(&mut colours, &mut room);
        let mut parts = vec![self.summary(&colours, &mut room)];
        let shared = shared(&colours, &mut room);
        if shared.len() * (rounds + 1) * (self.nodes.len() + self.colours.len()) <= MOST_WORK {
            parts.extend(shared.into_iter().map(|node| {
                let mut own = colours.clone();
                own[node] = mix(own[node], OWN);
                self.refine(&mut own, &mut room);
                self.summary(&own, &mut room)
            }));
            parts[1..].sort_unstable();
        }
        let mut hasher = blake3::Hasher::new();
        parts.iter().for_each(|part| {
            hasher.update(&part.to_le_bytes());
        });
        let hash = hasher.finalize();
        std::array::from_fn(|byte| hash.as_bytes()[byte])
    }

    /// Refines colours until no more nodes are distinguished. Returns the number of rounds.
    fn refine(&self, colours: &mut [u64], room: &mut Room) -> usize {
        let mut classes = count(colours, room);
        for round in 0..MOST_ROUNDS {
            if classes == colours.len() {
                return round;
            }
            room.sums.clear();
            room.sums.resize(colours.len(), 0u64);
            for (fact, &(tag, start)) in self.facts.iter().enumerate() {
                let nodes = self.nodes_of(fact, start);
                let hash = hash(tag, nodes, colours);
                for (place, &node) in (0..).zip(nodes) {
                    let sum = &mut room.sums[node as usize];
                    *sum = sum.wrapping_add(mix(hash, place));
                }
            }
            colours.iter_mut().zip(&room.sums).for_each(|(colour, sum)| *colour = mix(*colour, *sum));
            let refined = count(colours, room);
            if refined == classes {
                return round + 1;
            }
            classes = refined;
        }
        MOST_ROUNDS
    }

    /// A hash of all colours and facts, whatever their order.
    fn summary(&self, colours: &[u64], room: &mut Room) -> u64 {
        let mut all = mix(self.colours.len() as u64, self.facts.len() as u64);
        for (sorted, salt) in [(true, COLOUR), (false, FACT)] {
            room.sorted.clear();
            if sorted {
                room.sorted.extend_from_slice(colours);
            } else {
                let hash = |(fact, &(tag, start))| hash(tag, self.nodes_of(fact, start), colours);
                room.sorted.extend(self.facts.iter().enumerate().map(hash));
            }
            room.sorted.sort_unstable();
            all = room.sorted.iter().fold(mix(all, salt), |all, &part| mix(all, part));
        }
        all
    }

    fn nodes_of(&self, fact: usize, start: usize) -> &[u32] {
        let end = self.facts.get(fact + 1).map_or(self.nodes.len(), |next| next.1);
        &self.nodes[start..end]
    }
}

/// Buffers that are used again.
#[derive(Default)]
struct Room {
    sums: Vec<u64>,
    sorted: Vec<u64>,
}

const COLOUR: u64 = 1;
const FACT: u64 = 2;
const OWN: u64 = 3;

fn hash(tag: u64, nodes: &[u32], colours: &[u64]) -> u64 {
    nodes.iter().fold(mix(FACT, tag), |hash, &node| mix(hash, colours[node as usize]))
}

/// Mixes two numbers into one; the order counts. The steps are those of splitmix64 (Steele, Lea and Flood 2014).
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut mixed = a.rotate_left(25).wrapping_add(0x9e37_79b9_7f4a_7c15) ^ b.wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// Number of different colours.
fn count(colours: &[u64], room: &mut Room) -> usize {
    room.sorted.clear();
    room.sorted.extend_from_slice(colours);
    room.sorted.sort_unstable();
    room.sorted.dedup();
    room.sorted.len()
}

/// The nodes that share their colour with others.
fn shared(colours: &[u64], room: &mut Room) -> Vec<usize> {
    room.sorted.clear();
    room.sorted.extend_from_slice(colours);
    room.sorted.sort_unstable();
    let is_shared = |colour: &u64| {
        let first = room.sorted.partition_point(|other| other < colour);
        room.sorted.get(first + 1) == Some(colour)
    };
    (0..colours.len()).filter(|&node| is_shared(&colours[node])).collect()
}

/// The id of all puzzles of an environment with this key.
pub fn id(environment: &str, key: &[u8]) -> PuzzleId {
    PuzzleId::of(&format!("{environment} up to renaming"), |out| out.extend_from_slice(key))
}

/// The id of all images of a puzzle, from the least of their ids. It is hashed again, since a least number is usually small, and splits divide the range of
/// ids.
pub fn of_least(environment: &str, ids: impl IntoIterator<Item = PuzzleId>) -> PuzzleId {
    let least = ids.into_iter().min().unwrap_or(PuzzleId(0));
    id(environment, &least.0.to_be_bytes())
}

/// A symmetry of a rectangle: a reflection on the diagonal (bit 0), then of rows (bit 1) and of columns (bit 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symmetry(u8);

impl Symmetry {
    /// All eight symmetries; the first is the identity.
    pub const ALL: [Symmetry; 8] =
        [Symmetry(0), Symmetry(1), Symmetry(2), Symmetry(3), Symmetry(4), Symmetry(5), Symmetry(6), Symmetry(7)];

    /// The width and height of the image of a rectangle.
    pub fn size(self, (width, height): (usize, usize)) -> (usize, usize) {
        if self.0 & 1 == 0 { (width, height) } else { (height, width) }
    }

    /// The image of a cell `(x, y)` in a rectangle of this width and height.
    pub fn cell(self, size: (usize, usize), (x, y): (usize, usize)) -> (usize, usize) {
        let (width, height) = self.size(size);
        let (x, y) = if self.0 & 1 == 0 { (x, y) } else { (y, x) };
        let y = if self.0 & 2 == 0 { y } else { height - 1 - y };
        (if self.0 & 4 == 0 { x } else { width - 1 - x }, y)
    }
}

#[cfg(test)]
mod unit {
    use super::*;
    use crate::draw::Streams;

    fn graph(edges: &[(usize, usize)], order: &[usize]) -> [u8; 16] {
        let mut structure = Structure::new();
        let nodes = structure.nodes(order.len(), 0);
        edges.iter().for_each(|&(a, b)| structure.link(0, nodes[order[a]], nodes[order[b]]));
        structure.key()
    }

    #[test]
    fn the_key_does_not_depend_on_the_order() {
        let mut draw = Streams::new(1, "test", "structures").at(0);
        for _ in 0..200 {
            let nodes = 2 + draw.index(12);
            let edges: Vec<_> = (0..draw.index(30)).map(|_| (draw.index(nodes), draw.index(nodes))).collect();
            let mut order: Vec<usize> = (0..nodes).collect();
            let key = graph(&edges, &order);
            draw.shuffle(&mut order);
            let mut shuffled = edges.clone();
            draw.shuffle(&mut shuffled);
            assert_eq!(graph(&shuffled, &order), key, "{edges:?} {order:?}");
        }
    }

    #[test]
    fn what_refinement_alone_takes_for_the_same_is_told_apart() {
        // a ring of six and two rings of three: all nodes look alike until one of them has a colour of its own
        let ring = |from: usize, len: usize| (0..len).map(move |at| (from + at, from + (at + 1) % len));
        let order: Vec<usize> = (0..6).collect();
        let one: Vec<_> = ring(0, 6).collect();
        let two: Vec<_> = ring(0, 3).chain(ring(3, 3)).collect();
        assert_ne!(graph(&one, &order), graph(&two, &order));
    }

    #[test]
    fn symmetries_are_eight_and_keep_neighbours() {
        let size = (3, 5);
        let cells = || (0..5).flat_map(|y| (0..3).map(move |x| (x, y)));
        let images: std::collections::BTreeSet<Vec<_>> =
            Symmetry::ALL.iter().map(|symmetry| cells().map(|cell| symmetry.cell(size, cell)).collect()).collect();
        assert_eq!(images.len(), 8);
        let apart = |(a, b): (usize, usize), (c, d): (usize, usize)| a.abs_diff(c) + b.abs_diff(d);
        for symmetry in Symmetry::ALL {
            let (width, height) = symmetry.size(size);
            for a in cells() {
                let (x, y) = symmetry.cell(size, a);
                assert!(x < width && y < height);
                for b in cells() {
                    assert_eq!(apart(a, b), apart((x, y), symmetry.cell(size, b)));
                }
            }
        }
    }
}
