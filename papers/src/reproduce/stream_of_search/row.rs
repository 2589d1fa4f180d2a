//! A row of the data set: its random draws, and its text as `json.dump(rows, file, indent=4)` writes it.
use super::beam::Beam;
use super::depth_first::DepthFirst;
use super::puzzle::{MOST_NUMBERS, Solution, solve};
use super::state::{Distances, Heuristic};
use super::text::{Piece, Text};
use super::{ReproduceError, SearchResult, Settings};
use crate::reproduce::python::{PythonRandom, float_repr};
use std::collections::HashSet;

/// How often a row of `val` draws a puzzle again before the run fails. By then `train` almost certainly has every solution, and the paper's program
/// would run for days.
const MOST_REDRAWS: u64 = 1_000_000;

/// A puzzle and its solution.
#[derive(Clone, Copy)]
struct Puzzle {
    numbers: [u64; MOST_NUMBERS],
    count: usize,
    target: u64,
    solution: Solution,
}

impl Puzzle {
    fn numbers(&self) -> &[u64] {
        &self.numbers[..self.count.min(MOST_NUMBERS)]
    }
}

/// Makes rows. It has the stream of random numbers, and buffers that all rows share.
pub(super) struct Rows {
    random: PythonRandom,
    min_size: u32,
    sizes: u32,
    max_target: u32,
    distances: Distances,
    depth_first: DepthFirst,
    beam: Beam,
    /// Number of lists of numbers that were drawn.
    pub(super) drawn: u64,
}

/// How a row treats the solutions of earlier rows.
pub(super) enum Seen<'a> {
    /// It ignores them.
    Ignore,
    /// It adds its own.
    Note(&'a mut HashSet<u128>),
    /// Its own solution must not be one of them.
    Avoid(&'a HashSet<u128>),
}

impl Rows {
    pub(super) fn new(settings: &Settings, random: PythonRandom) -> Self {
        Self {
            random,
            min_size: settings.min_size,
            sizes: settings.max_size - settings.min_size + 1,
            max_target: settings.max_target,
            distances: Distances::new(),
            depth_first: DepthFirst::new(),
            beam: Beam::new(),
            drawn: 0,
        }
    }

    /// Draws a row and writes it, without the separator between rows.
    pub(super) fn write(&mut self, text: &mut Text, targets: &[u32], seen: &mut Seen) -> Result<(), ReproduceError> {
        let size = (self.min_size + self.random.below(self.sizes)) as usize;
        let first = self.puzzle(size, targets);
        let mut puzzle = first;
        match seen {
            Seen::Ignore => {}
            Seen::Note(solutions) => {
                solutions.insert(puzzle.solution.key(self.max_target.into()));
            }
            Seen::Avoid(solutions) => {
                let mut redraws = 0;
                while solutions.contains(&puzzle.solution.key(self.max_target.into())) {
                    if redraws == MOST_REDRAWS {
                        return Err(ReproduceError::NoFreshSolution { size, redraws });
                    }
                    redraws += 1;
                    puzzle = self.puzzle(size, targets);
                }
            }
        }
        self.write_puzzle(text, &puzzle);
        let (heuristic, search, result) = self.write_search(text, &puzzle);
        write_end(text, &first, heuristic, search, result);
        Ok(())
    }

    /// Draws a target, and then numbers until they can reach it.
    fn puzzle(&mut self, size: usize, targets: &[u32]) -> Puzzle {
        let target = u64::from(self.random.choice(targets).unwrap_or(self.max_target));
        let mut numbers = [0; MOST_NUMBERS];
        loop {
            for number in &mut numbers[..size] {
                *number = u64::from(1 + self.random.below(self.max_target - 1));
            }
            self.drawn += 1;
            if let Some(solution) = solve(&numbers[..size], target) {
                return Puzzle { numbers, count: size, target, solution };
            }
        }
    }

    fn write_puzzle(&self, text: &mut Text, puzzle: &Puzzle) {
        text.put(b"    {\n        \"nums\": [");
        for (place, &number) in puzzle.numbers().iter().enumerate() {
            text.slice(if place == 0 { b"\n            " } else { b",\n            " });
            text.number(number);
        }
        text.put(b"\n        ],\n        \"target\": ");
        text.number(puzzle.target);
        text.put(b",\n        \"solution\": [");
        for (place, operation) in puzzle.solution.operations().iter().enumerate() {
            text.slice(if place == 0 { b"\n            \"" } else { b",\n            \"" });
            text.piece(&operation.piece());
            text.put(b"\"");
        }
        text.put(b"\n        ],\n        \"search_path\": \"");
    }

    /// Draws a heuristic and a search, and writes the trace of the search.
    fn write_search(&mut self, text: &mut Text, puzzle: &Puzzle) -> (Heuristic, &'static str, SearchResult) {
        let heuristic = if self.random.below(2) == 0 { Heuristic::Sum } else { Heuristic::Multiply };
        let is_beam = self.random.below(2) == 1;
        self.distances.set(heuristic, puzzle.target);
        let (numbers, target) = (puzzle.numbers(), puzzle.target);
        if !is_beam {
            let result = self.depth_first.write(text, numbers, target, &self.distances);
            return (heuristic, "dfs", result);
        }
        let width = self.random.below(5) as usize;
        let result = self.beam.write(text, &mut self.random, numbers, target, &self.distances, width + 1);
        let name = ["bfs_1", "bfs_2", "bfs_3", "bfs_4", "bfs_5"].get(width).copied().unwrap_or_default();
        (heuristic, name, result)
    }
}

/// Writes the fields after the search. The optimal path is that of the first puzzle drawn, even if `val` drew another one later: a mistake of the
/// paper's program.
fn write_end(text: &mut Text, first: &Puzzle, heuristic: Heuristic, search: &str, result: SearchResult) {
    text.put(b"\",\n        \"rating\": ");
    text.slice(float_repr(rating(result, first.count)).as_bytes());
    text.put(b",\n        \"search_type\": \"");
    text.slice(search.as_bytes());
    text.put(b"\",\n        \"optimal_path\": \"");
    write_optimal_path(text, first);
    text.put(b"\",\n        \"heuristic\": \"");
    text.slice(heuristic.name().as_bytes());
    text.put(b"\"\n    }");
}

/// The share of the whole tree that was not explored; 0 if no solution was found.
fn rating(result: SearchResult, size: usize) -> f64 {
    let whole = match size {
        2 => 4.0,
        3 => 48.0,
        4 => 1152.0,
        _ => 46080.0,
    };
    if result.solved { (1.0 - (result.explored + 1) as f64 / whole).max(0.0) } else { 0.0 }
}

/// Writes the solution as a trace without a search. As in the paper's program, an operation removes *every* number equal to one of its operands. So
/// states with repeated numbers are wrong, and the goal may be announced too early.
fn write_optimal_path(text: &mut Text, puzzle: &Puzzle) {
    let mut numbers: Vec<u64> = puzzle.numbers().to_vec();
    let mut operations = text.since(text.end());
    let mut nodes = 1;
    write_state(text, puzzle.target, &numbers);
    text.put(b"]\\n");
    for operation in puzzle.solution.operations() {
        numbers.retain(|&number| number != operation.left && number != operation.right);
        numbers.push(operation.result);
        let (list, operation) = (Piece::list(&numbers), operation.piece());
        text.put(b"Exploring Operation: ");
        text.piece(&operation);
        text.put(b", Resulting Numbers: ");
        text.piece(&list);
        text.put(b"\\n");
        if numbers.len() == 1 {
            text.slice(&list.as_slice()[1..list.as_slice().len() - 1]);
            text.put(b",");
            text.number(puzzle.target);
            text.put(b" equal: Goal Reached\\n");
            continue;
        }
        nodes += 1;
        text.put(b"Generated Node #");
        text.number(nodes);
        text.put(b": ");
        text.piece(&list);
        text.put(b" from Operation: ");
        text.piece(&operation);
        text.put(b"\\n");
        write_state(text, puzzle.target, &numbers);
        let start = text.end();
        if !operations.is_empty() {
            text.again(operations);
            text.put(b", ");
        }
        text.put(b"'");
        text.piece(&operation);
        text.put(b"'");
        operations = text.since(start);
        text.put(b"]\\n");
    }
}

fn write_state(text: &mut Text, target: u64, numbers: &[u64]) {
    text.put(b"Current State: ");
    text.number(target);
    text.put(b":");
    text.piece(&Piece::list(numbers));
    text.put(b", Operations: [");
}
