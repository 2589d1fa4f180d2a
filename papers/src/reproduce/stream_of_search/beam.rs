//! Writes the paper's breadth-first search with a beam, with its quirks: the open set is a CPython heap; the best children of each parent (not
//! of each depth) are kept and shown in shuffled order; and finished leaves are taken from the heap again.
use super::SearchResult;
use super::state::{Children, Distances, Numbers};
use super::text::{Piece, Span, Text};
use crate::reproduce::python::{Heap, PythonRandom};

/// Greatest width of a beam.
const MOST_WIDE: usize = 5;

struct Node {
    numbers: Numbers,
    rank: u64,
    name: Piece,
    /// The operation that led to the node; empty for the start.
    operation: Piece,
    /// The place of the operations that led to the parent, without brackets.
    before: Span,
}

/// A beam search, with its buffers.
pub(super) struct Beam {
    nodes: Vec<Node>,
    open: Heap<usize>,
    children: Children,
}

/// The state of one search.
struct Search<'a> {
    beam: &'a mut Beam,
    text: &'a mut Text,
    random: &'a mut PythonRandom,
    distances: &'a Distances,
    target: u64,
    width: usize,
    explored: u64,
}

impl Beam {
    pub(super) fn new() -> Self {
        Self { nodes: Vec::new(), open: Heap::new(), children: Children::new() }
    }

    /// Writes the search from `numbers` to `target`.
    pub(super) fn write(
        &mut self,
        text: &mut Text,
        random: &mut PythonRandom,
        numbers: &[u64],
        target: u64,
        distances: &Distances,
        width: usize,
    ) -> SearchResult {
        let mut name = Piece::EMPTY;
        name.byte(b'0');
        let numbers = Numbers::new(numbers, distances);
        self.nodes.clear();
        self.nodes.push(Node { numbers, rank: 0, name, operation: Piece::EMPTY, before: Span::default() });
        self.open.clear();
        self.open.push(0, 0);
        let width = width.min(MOST_WIDE);
        let mut search = Search { beam: self, text, random, distances, target, width, explored: 0 };
        let solved = search.run();
        SearchResult { explored: search.explored, solved }
    }
}

impl Search<'_> {
    fn run(&mut self) -> bool {
        while self.beam.open.len() > 0 {
            let mut current = [0; MOST_WIDE];
            let mut taken = 0;
            while taken < self.width
                && let Some(node) = self.beam.open.pop()
            {
                current[taken] = node;
                taken += 1;
            }
            for (place, &node) in current[..taken].iter().enumerate() {
                if place > 0 {
                    self.move_to(node);
                }
                if self.expand(node) {
                    return true;
                }
            }
            if let Some(node) = self.beam.open.first() {
                self.move_to(node);
            }
        }
        self.text.put(b"No solution found.");
        false
    }

    fn move_to(&mut self, node: usize) {
        self.text.put(b"Moving to Node #");
        self.text.piece(&self.beam.nodes[node].name);
        self.text.put(b"\\n");
    }

    /// Writes a node and its best children, and opens the children. True if one of them is the goal.
    fn expand(&mut self, node: usize) -> bool {
        let operations = self.show(node);
        let parent = &self.beam.nodes[node];
        let (numbers, parent_name) = (parent.numbers, parent.name);
        self.beam.children.make(&numbers, self.distances, u64::MAX);
        let kept = self.beam.children.count().min(self.width);
        let mut shown: [usize; MOST_WIDE] = std::array::from_fn(|place| place);
        let shown = &mut shown[..kept];
        self.random.shuffle(shown);
        let first = self.beam.nodes.len();
        for (position, &place) in shown.iter().enumerate() {
            let child = self.beam.children.get(place);
            let numbers = numbers.after(child);
            let is_leaf = numbers.values().len() == 1;
            let mut name = parent_name;
            name.byte(b',');
            // The paper's program counts only children that are not leaves.
            name.number(if is_leaf { 0 } else { position as u64 });
            let rank = self.distances.rank(numbers.total, numbers.values().len());
            let (result, operation) = (child.step.result, child.step.piece());
            let node = Node { numbers, rank, name, operation, before: operations };
            self.explored += 1;
            if is_leaf {
                self.leaf(&node, result);
                if result == self.target {
                    return true;
                }
            } else {
                self.branch(&node);
            }
            self.beam.nodes.push(node);
        }
        self.open_from(first);
        false
    }

    /// Writes `Current State: …`. Gives the place of the node's operations.
    fn show(&mut self, node: usize) -> Span {
        let node = &self.beam.nodes[node];
        let text = &mut *self.text;
        text.put(b"Current State: ");
        text.number(self.target);
        text.put(b":");
        text.piece(&Piece::list(node.numbers.values()));
        text.put(b", Operations: [");
        let start = text.end();
        if !node.operation.as_slice().is_empty() {
            if !node.before.is_empty() {
                text.again(node.before);
                text.put(b", ");
            }
            text.put(b"'");
            text.piece(&node.operation);
            text.put(b"'");
        }
        let operations = text.since(start);
        text.put(b"]\\n");
        operations
    }

    fn leaf(&mut self, node: &Node, result: u64) {
        let text = &mut *self.text;
        text.put(b"Exploring Operation: ");
        text.piece(&node.operation);
        text.put(b", Resulting Numbers: [");
        text.number(result);
        text.put(b"]\\n");
        text.number(result);
        text.put(b",");
        text.number(self.target);
        if result == self.target {
            text.put(b" equal: Goal Reached\\n");
        } else {
            text.put(b" unequal: No Solution\\n");
        }
    }

    fn branch(&mut self, node: &Node) {
        let list = Piece::list(node.numbers.values());
        let text = &mut *self.text;
        text.put(b"Exploring Operation: ");
        text.piece(&node.operation);
        text.put(b", Resulting Numbers: ");
        text.piece(&list);
        text.put(b"\\nGenerated Node #");
        text.piece(&node.name);
        text.put(b": ");
        text.number(self.target);
        text.put(b":");
        text.piece(&list);
        text.put(b" Operation: ");
        text.piece(&node.operation);
        text.put(b"\\n");
    }

    /// Opens the nodes from `first` on, sorted by rank. Nodes of equal rank keep the shuffled order.
    fn open_from(&mut self, first: usize) {
        let beam = &mut *self.beam;
        let mut sorted = [(u64::MAX, usize::MAX); MOST_WIDE];
        let count = beam.nodes.len() - first;
        for (place, node) in beam.nodes[first..].iter().enumerate() {
            sorted[place] = (node.rank, first + place);
        }
        sorted[..count].sort_unstable();
        for &(rank, node) in &sorted[..count] {
            beam.open.push(rank, node);
        }
    }
}
