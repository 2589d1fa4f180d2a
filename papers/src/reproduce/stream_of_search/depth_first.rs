//! Writes the paper's depth-first search. Children whose heuristic is above the target are pruned. The best child comes first.
use super::SearchResult;
use super::puzzle::MOST_NUMBERS;
use super::state::{Children, Distances, Numbers};
use super::text::{Piece, Span, Text};

/// The state of the search at one depth, while its children are visited.
struct Level {
    numbers: Numbers,
    name: Piece,
    children: Children,
}

/// A depth-first search, with its buffers.
pub(super) struct DepthFirst {
    levels: Vec<Level>,
}

/// The state that all depths share.
struct Search<'a> {
    text: &'a mut Text,
    distances: &'a Distances,
    target: u64,
    explored: u64,
}

impl DepthFirst {
    pub(super) fn new() -> Self {
        let level = || Level { numbers: Numbers::default(), name: Piece::EMPTY, children: Children::new() };
        Self { levels: std::iter::repeat_with(level).take(MOST_NUMBERS).collect() }
    }

    /// Writes the search from `numbers` to `target`.
    pub(super) fn write(
        &mut self,
        text: &mut Text,
        numbers: &[u64],
        target: u64,
        distances: &Distances,
    ) -> SearchResult {
        if let Some(root) = self.levels.first_mut() {
            root.numbers = Numbers::new(numbers, distances);
            root.name = Piece::EMPTY;
            root.name.byte(b'0');
        }
        let mut search = Search { text, distances, target, explored: 0 };
        search.text.put(b"Current State: ");
        search.text.number(target);
        search.text.put(b":");
        search.text.piece(&Piece::list(numbers));
        search.text.put(b", Operations: []\\n");
        let solved = search.visit(&mut self.levels, None);
        SearchResult { explored: search.explored, solved }
    }
}

/// The place where a state was announced. It is copied at each return to the state.
#[derive(Clone, Copy)]
struct Announced {
    /// The two lines `Moving to Node …` and `Current State: …`.
    lines: Span,
    /// The text between the brackets after `Operations: `.
    operations: Span,
}

impl Search<'_> {
    /// Visits the children of the first level's state. True if the goal was reached.
    fn visit(&mut self, levels: &mut [Level], mut announced: Option<Announced>) -> bool {
        let [level, deeper @ ..] = levels else { return false };
        let count = level.numbers.values().len();
        let greatest_total = self.distances.greatest_total(count.saturating_sub(1));
        level.children.make(&level.numbers, self.distances, greatest_total);
        let kept = level.children.count();
        self.explored += kept as u64;
        for place in 0..kept {
            let solved =
                if count == 2 { self.leaf(level, place) } else { self.branch(level, deeper, place, announced) };
            if solved {
                // Children after the goal are not explored.
                self.explored -= (kept - 1 - place) as u64;
                return true;
            }
            if place + 1 < kept {
                announced = Some(self.back(level, announced));
            }
        }
        false
    }

    /// Writes a child with one number left.
    fn leaf(&mut self, level: &Level, place: usize) -> bool {
        let step = level.children.get(place).step;
        self.text.put(b"Exploring Operation: ");
        self.text.piece(&step.piece());
        self.text.put(b", Resulting Numbers: [");
        self.text.number(step.result);
        self.text.put(b"]\\n");
        self.text.number(step.result);
        self.text.put(b",");
        self.text.number(self.target);
        let solved = step.result == self.target;
        if solved {
            self.text.put(b" equal: Goal Reached\\n");
        } else {
            self.text.put(b" unequal: No Solution\\n");
        }
        solved
    }

    /// Writes a child with several numbers left, and searches it at once.
    fn branch(&mut self, level: &Level, deeper: &mut [Level], place: usize, parent: Option<Announced>) -> bool {
        let Some(next) = deeper.first_mut() else { return false };
        let child = level.children.get(place);
        next.numbers = level.numbers.after(child);
        next.name = level.name;
        next.name.byte(b',');
        next.name.number(place as u64);
        let name = next.name;
        let operation = child.step.piece();
        let list = Piece::list(next.numbers.values());
        let text = &mut *self.text;
        text.put(b"Exploring Operation: ");
        text.piece(&operation);
        text.put(b", Resulting Numbers: ");
        text.piece(&list);
        text.put(b"\\nGenerated Node #");
        text.piece(&name);
        text.put(b": ");
        text.number(self.target);
        text.put(b":");
        text.piece(&list);
        text.put(b" Operation: ");
        text.piece(&operation);
        text.put(b"\\n");
        let lines = text.end();
        text.put(b"Moving to Node #");
        text.piece(&name);
        text.put(b"\\nCurrent State: ");
        text.number(self.target);
        text.put(b":");
        text.piece(&list);
        text.put(b", Operations: [");
        let operations = text.end();
        if let Some(parent) = parent {
            text.again(parent.operations);
            if !parent.operations.is_empty() {
                text.put(b", ");
            }
        }
        text.put(b"'");
        text.piece(&operation);
        text.put(b"'");
        let operations = text.since(operations);
        text.put(b"]\\n");
        let announced = Announced { lines: text.since(lines), operations };
        self.visit(deeper, Some(announced))
    }

    /// Writes the return to a state. Its lines are copied if they were written before. (The start is first shown without a move to it.)
    fn back(&mut self, level: &Level, announced: Option<Announced>) -> Announced {
        if let Some(announced) = announced {
            self.text.again(announced.lines);
            return announced;
        }
        let lines = self.text.end();
        self.text.put(b"Moving to Node #");
        self.text.piece(&level.name);
        self.text.put(b"\\nCurrent State: ");
        self.text.number(self.target);
        self.text.put(b":");
        self.text.piece(&Piece::list(level.numbers.values()));
        self.text.put(b", Operations: []\\n");
        Announced { lines: self.text.since(lines), operations: Span::default() }
    }
}
