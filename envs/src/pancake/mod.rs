//! Pancakes: sort a stack by flipping its top.
//!
//! A stack of pancakes of different sizes is on a plate. A move flips the top pancakes of the stack, as many as it states. The goal has the smallest on top and
//! the largest at the bottom. A state is the stack from the top down. Every move costs 1.
//!
//! A worked puzzle: `[2, 3, 1]`, `flip 2` gives `[3, 2, 1]`, `flip 3` gives `[1, 2, 3]`.
//!
//! The problem is that of Dweighter 1975 ("Elementary problem E2569"); Gates and Papadimitriou 1979 ("Bounds for sorting by prefix reversal") bound the number
//! of flips. Starts are numbered in the order of their permutations, or of their distance from a table for up to 9 pancakes. For more pancakes, distances are
//! proven by iterative deepening (Korf 1985) with the gap heuristic (Helmert 2010, "Landmark heuristics for the pancake problem"), in a few microseconds.
//!
//! Facts, up to 9 pancakes: `solutions` counts the cheapest solutions, and `difficulty` the positions nearer to the start than the goal. With more pancakes
//! `solutions` is not counted, and `difficulty` is the number of nodes that the iterative deepening of the proof visits, with flips tried from the fewest
//! pancakes on. It has no limit, since at most 12 pancakes are always sorted quickly.

mod answer;
mod config;
mod instruct;
mod stack;

pub use config::Config;
pub use stack::Stack;

use crate::counting::factorial;
use crate::exact::cheapest_solutions;
use crate::prelude::*;
use stack::{MAX_NUMBERED, MAX_PANCAKES, MIN_PANCAKES, Solution, WORST, solution, table};

/// A pancake puzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pancake {
    pancakes: u8,
    start: Stack,
}

/// A flip of so many pancakes at the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flip(u8);

/// Index of a property in [`About::keys`].
const SIZE: usize = 0;

impl Pancake {
    /// Number of pancakes.
    pub fn pancakes(&self) -> usize {
        usize::from(self.pancakes)
    }

    fn is_numbered(&self) -> bool {
        self.pancakes() <= MAX_NUMBERED
    }

    fn cost(&self, stack: Stack) -> Option<Cost> {
        if self.is_numbered() {
            table(self.pancakes()).of(stack.number(self.pancakes()) as usize)
        } else {
            Some(solution(self.pancakes(), stack).flips.len() as Cost)
        }
    }

    fn numbered(pancakes: usize, number: u64) -> Self {
        Pancake { pancakes: pancakes as u8, start: Stack::numbered(pancakes, number) }
    }
}

impl Environment for Pancake {
    const ABOUT: About = About {
        name: "pancake",
        version: 3,
        help: "sort a stack of pancakes by flipping its top",
        state_noun: "Stack",
        heuristics: &[HeuristicSpec::consistent(
            "gap",
            "neighbours in the stack that are not neighbours in size, the plate included (Helmert 2010)",
        )],
        move_claim: MoveClaim::Result,
        difficulty: "positions nearer to the start than the goal is; with more than 9 pancakes nodes of iterative deepening with gap",
        walks_turn_back: true,
        two_way: true,
        words: &["flip"],
        keys: &["size", "cost"],
        answer_form: "how many pancakes each flip turns over, such as 3, 2, 4",
        ..About::NEW
    };

    type Config = Config;
    type State = Stack;
    type Move = Flip;

    fn levels() -> [Config; 3] {
        let of = |pancakes, min_cost| Config { pancakes, min_cost, ..Config::default() };
        [of(6, 2), of(8, 4), Config { max_cost: 8, ..of(9, 6) }]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        config.check()
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        if let Some(candidates) = config.candidates() {
            let index = draw.below(candidates);
            return Self::at(config, 0, index.into(), draw);
        }
        let mut puzzle = Self::numbered(config.count(), draw.below(factorial(config.pancakes)));
        let flips = solution(puzzle.pancakes(), puzzle.start).flips;
        let cost = flips.len() as Cost;
        if cost < config.min_cost {
            return Err(Reject);
        }
        let aim = if cost > config.max_cost { draw.between(config.min_cost, config.max_cost) } else { cost };
        for &count in &flips[..(cost - aim) as usize] {
            puzzle.start = puzzle.start.flipped(count.into());
        }
        Ok(puzzle)
    }

    fn canonical(&self) -> Self {
        self.clone()
    }

    fn start(&self) -> Stack {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Stack) -> bool {
        *state == Stack::sorted(self.pancakes())
    }

    /// From the fewest pancakes to the whole stack. A change of this order needs a new version of the environment.
    #[inline]
    fn successors(&self, state: &Stack, out: &mut Vec<Step<Flip, Stack>>) {
        let step = |count: u8| Step { action: Flip(count), state: state.flipped(count.into()), cost: 1 };
        out.extend((2..=self.pancakes).map(step));
    }

    fn apply(&self, state: &Stack, action: Flip) -> Option<(Flip, Stack, Cost)> {
        (2..=self.pancakes).contains(&action.0).then(|| (action, state.flipped(action.0.into()), 1))
    }

    fn is_terminal(&self, _state: &Stack) -> bool {
        false
    }

    #[inline]
    fn estimate(&self, _heuristic: usize, state: &Stack) -> Cost {
        state.gaps(self.pancakes())
    }

    fn solver_facts(&self) -> SolverFacts {
        if !self.is_numbered() {
            let Solution { flips, nodes } = solution(self.pancakes(), self.start);
            let optimal_cost = Some(flips.len() as Cost);
            return SolverFacts { solvable: true, optimal_cost, solutions: None, difficulty: Some(nodes) };
        }
        let cost = self.cost(self.start);
        // Flips treat all stacks alike, so as many positions are near to the start as to the goal.
        let nearer = table(self.pancakes()).nearer_than(cost.unwrap_or(0));
        let solutions = cheapest_solutions(self, |stack| self.cost(*stack));
        SolverFacts { solvable: true, optimal_cost: cost, solutions, difficulty: Some(nearer) }
    }

    fn is_solvable(&self) -> bool {
        true
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        DistanceTable::new(|puzzle: &Self, state: &Stack| puzzle.cost(*state))
    }
}

impl Atoms for Pancake {
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            out.extend_from_slice(b"Stacks are given from the top down. A move turns over some pancakes from the top.");
        }
    }

    fn read_task(task: &Task<'_>) -> Option<serde_json::Value> {
        Some(json!({"stack": task.start_numbers()?}))
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.write_state(&Stack::sorted(self.pancakes()), style, out);
    }

    /// `[2, 3, 1]`, `2 3 1`.
    fn write_state(&self, state: &Stack, style: Style, out: &mut Vec<u8>) {
        self.pen_state(out, style, |place| state.size(place));
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Stack> {
        Stack::new(&self.pen_state(reader, style, |_| 0)?[..self.pancakes()])
    }

    /// `flip 2`.
    fn write_move(&self, action: Flip, style: Style, out: &mut Vec<u8>) {
        self.pen_move(out, style, action);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Flip> {
        self.pen_move(reader, style, Flip(0))
    }
}

/// The JSON of a puzzle: the stack from the top down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    stack: ArrayVec<u64, { MAX_PANCAKES as usize }>,
}

impl Json for Pancake {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"stack":[2,3,1]}, from the top down"#;

    fn to_fields(&self) -> Fields {
        Fields { stack: (0..self.pancakes()).map(|place| self.start.size(place).into()).collect() }
    }

    fn from_fields(Fields { stack }: Fields) -> Result<Self, PuzzleError> {
        let pancakes = stack.len() as u64;
        if pancakes < MIN_PANCAKES {
            let allowed = format!("{MIN_PANCAKES} to {MAX_PANCAKES}");
            return Err(PuzzleError::new("stack", format_args!("{pancakes} pancakes"), allowed));
        }
        let sizes = stack.iter().map(|&size| u8::try_from(size)).collect::<Result<Vec<u8>, _>>();
        let wrong = || PuzzleError::new("stack", &stack, format!("each of 1 to {pancakes} once"));
        let start = sizes.ok().and_then(|sizes| Stack::new(&sizes)).ok_or_else(wrong)?;
        Ok(Pancake { pancakes: pancakes as u8, start })
    }
}

impl Pancake {
    #[inline]
    fn pen_state(
        &self,
        pen: &mut impl Pen,
        style: Style,
        size: impl Fn(usize) -> u8,
    ) -> Option<[u8; MAX_PANCAKES as usize]> {
        let [open, between, close]: [&[u8]; 3] =
            if style == Style::Frame { [b"[", b", ", b"]"] } else { [b"", b" ", b""] };
        let mut sizes = [0; MAX_PANCAKES as usize];
        for (place, to) in sizes.iter_mut().enumerate().take(self.pancakes()) {
            pen.sign(if place > 0 { between } else { open })?;
            *to = pen.number(Style::Frame, size(place).into(), u8::MAX.into())? as u8;
        }
        pen.sign(close)?;
        Some(sizes)
    }

    /// Allows one pancake more than there are. That flip is illegal, but can be written.
    #[inline]
    fn pen_move(&self, pen: &mut impl Pen, style: Style, action: Flip) -> Option<Flip> {
        pen.sign(b"flip ")?;
        Some(Flip(pen.number(style, action.0.into(), u64::from(self.pancakes) + 1)? as u8))
    }
}

impl Splits for Pancake {
    fn space(config: &Config) -> Option<Space> {
        config.candidates().map(|size| Space { strata: 1, size: size.into() })
    }

    fn at(config: &Config, _stratum: u64, index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        let pancakes = config.count();
        if config.is_numbered() {
            let number = table(pancakes).at(config.min_cost, index).ok_or(Reject)?;
            return Ok(Self::numbered(pancakes, number as u64));
        }
        let number = u64::try_from(index).ok().filter(|&number| number < factorial(pancakes as u64)).ok_or(Reject)?;
        let puzzle = Self::numbered(pancakes, number);
        let cost = puzzle.cost(puzzle.start).ok_or(Reject)?;
        if (config.min_cost..=config.max_cost).contains(&cost) { Ok(puzzle) } else { Err(Reject) }
    }

    fn hold_out_key(&self, key: usize) -> u64 {
        if key == SIZE { self.pancakes.into() } else { self.cost(self.start).unwrap_or(0) }
    }

    fn hold_out_values(config: &Config, key: usize) -> Option<Vec<u64>> {
        if key == SIZE {
            return Some(vec![config.pancakes]);
        }
        Some((config.min_cost..=config.max_cost.min(WORST[config.count()])).collect())
    }
}

impl SearchSupport for Pancake {
    fn two_way_goal(&self) -> Option<Stack> {
        Some(Stack::sorted(self.pancakes()))
    }

    fn index_bound(&self) -> Option<usize> {
        self.is_numbered().then(|| factorial(self.pancakes.into()) as usize)
    }

    #[inline]
    fn index(&self, state: &Stack) -> usize {
        state.number(self.pancakes()) as usize
    }
}

impl Damage for Pancake {
    /// Exchanges two pancakes, mostly adjacent ones, like a typical slip.
    fn damage_state(&self, state: &Stack, damage: DamageKind, draw: &mut Draw) -> Option<Stack> {
        if damage != DamageKind::Change {
            return None;
        }
        let one = draw.index(self.pancakes());
        let other = if draw.chance(3, 4) { one + 1 } else { draw.index(self.pancakes()) } % self.pancakes();
        (one != other).then(|| state.exchanged(one, other))
    }

    /// A flip of a single pancake, which changes nothing, or of more pancakes than there are.
    fn illegal_move(&self, state: &Stack, draw: &mut Draw) -> Option<(Flip, Stack)> {
        if draw.chance(1, 2) {
            return Some((Flip(1), *state));
        }
        Some((Flip(self.pancakes + 1), state.flipped(self.pancakes())))
    }
}

impl Plain for Pancake {}

#[cfg(test)]
mod tests;
