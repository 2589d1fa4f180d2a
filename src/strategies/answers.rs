//! Right and wrong answers.

use std::fmt::{Debug, Formatter};

use proptest::strategy::Strategy;
use sos_envs::strategies::shrinking::{Drawn, Puzzles, Shrinking};
use sos_envs::{Cost, Draw};

use super::puzzle::{Environment, easy};
use super::{dialect_of, shown};
use crate::arena::Puzzle;
use crate::check::follow;
use crate::trace::{Answer, MoveId};

/// A puzzle and an answer to it, with a label.
#[derive(Clone)]
pub struct AnsweredPuzzle {
    /// The puzzle.
    pub puzzle: Puzzle,
    /// The dialect of the text.
    pub dialect: &'static str,
    /// The answer section, without a trace.
    pub text: Vec<u8>,
    /// How the answer was made.
    pub kind: AnswerKind,
    /// Whether the answer is right: its moves are legal and lead to a goal, or it says that there is no solution and there is none.
    pub right: bool,
    /// Cost of its moves; none if the answer is wrong or has no moves.
    pub cost: Option<Cost>,
}

/// How an answer was made. A kind that aims at a wrong answer may give a right one; [`AnsweredPuzzle::right`] is the label. For a puzzle
/// without solution, kinds that start from a cheapest solution say that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// A cheapest solution.
    Cheapest,
    /// A random walk and then a solution from there, if there is one.
    Detour,
    /// A cheapest solution without its last move.
    Cut,
    /// A cheapest solution without one of its moves.
    Skipped,
    /// The beginning of a cheapest solution and then a move that is not possible.
    Illegal,
    /// Random legal moves.
    Random,
    /// The answer that there is no solution.
    NoSolution,
}

const KINDS: [AnswerKind; 8] = [
    AnswerKind::Cheapest,
    // Twice, so that about half of the answers are right.
    AnswerKind::Cheapest,
    AnswerKind::Detour,
    AnswerKind::Cut,
    AnswerKind::Skipped,
    AnswerKind::Illegal,
    AnswerKind::Random,
    AnswerKind::NoSolution,
];

impl Debug for AnsweredPuzzle {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let puzzle = shown(|out| self.puzzle.write_json(out));
        let text = String::from_utf8_lossy(&self.text);
        let right = if self.right { "right" } else { "wrong" };
        write!(f, "{} {puzzle}\n{right} ({:?}): {text}", self.puzzle.about().name, self.kind)
    }
}

/// Greatest number of moves in a random walk.
const MOST_MOVES: u64 = 12;

/// The moves of an answer; none says that there is no solution.
fn moves(puzzle: &Puzzle, kind: AnswerKind, draw: &mut Draw) -> Option<Vec<MoveId>> {
    let mut best = Vec::new();
    let solvable = puzzle.finish(puzzle.start(), &mut best);
    let mut moves = Vec::new();
    match kind {
        AnswerKind::NoSolution => return None,
        AnswerKind::Random => drop(puzzle.random_walk(MOST_MOVES, draw, &mut moves)),
        AnswerKind::Detour => {
            let state = puzzle.random_walk(MOST_MOVES, draw, &mut moves);
            if !puzzle.finish(state, &mut moves) {
                return solvable.then(|| puzzle.answer(best));
            }
        }
        _ if !solvable => return None,
        AnswerKind::Cheapest => moves = best,
        AnswerKind::Cut => moves = best[..best.len().saturating_sub(1)].to_vec(),
        AnswerKind::Skipped => {
            let place = draw.index(best.len());
            moves = best.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, step)| *step).collect();
        }
        AnswerKind::Illegal => {
            let place = draw.index(best.len());
            let state = follow(puzzle, &best[..place]).map_or(puzzle.start(), |(state, _)| state);
            moves = best;
            if let Some((illegal, _)) = puzzle.illegal_move(state, draw) {
                moves.truncate(place);
                moves.push(illegal);
            }
        }
    }
    Some(puzzle.answer(moves))
}

#[derive(Clone, Debug)]
struct Answers {
    environment: String,
    dialect: String,
}

/// An answer and how it was made.
#[derive(Clone)]
struct AnswerCase {
    puzzles: Puzzles<Environment>,
    puzzle: <Puzzles<Environment> as Drawn>::Case,
    seed: u64,
    value: AnsweredPuzzle,
}

impl Answers {
    fn of(
        &self,
        puzzles: Puzzles<Environment>,
        puzzle: <Puzzles<Environment> as Drawn>::Case,
        seed: u64,
    ) -> Result<AnswerCase, String> {
        let answered = puzzles.value(&puzzle);
        let dialect = dialect_of(answered.about(), &self.dialect)?;
        let mut draw = Draw::new(seed, "answer of a strategy");
        let kind = KINDS[draw.index(KINDS.len())];
        let moves = moves(&answered, kind, &mut draw);
        let end = moves.as_ref().and_then(|moves| follow(&answered, moves));
        let cost = end.filter(|(state, _)| answered.is_goal(*state)).map(|(_, cost)| cost);
        let right = if moves.is_some() { cost.is_some() } else { !answered.is_solvable() };
        let mut text = Vec::new();
        (dialect.write_answer)(&answered, &Answer { moves, optimal: false }, &mut text);
        let value = AnsweredPuzzle { puzzle: answered, dialect: dialect.name, text, kind, right, cost };
        Ok(AnswerCase { puzzles, puzzle, seed, value })
    }
}

impl Drawn for Answers {
    type Case = AnswerCase;
    type Value = AnsweredPuzzle;
    type Smaller = <Puzzles<Environment> as Drawn>::Smaller;

    fn draw(&self, seed: u64) -> Result<AnswerCase, String> {
        let puzzles = easy(&self.environment)?;
        let puzzle = puzzles.draw(seed)?;
        self.of(puzzles, puzzle, seed)
    }

    fn value(&self, case: &AnswerCase) -> AnsweredPuzzle {
        case.value.clone()
    }

    fn smaller(&self, case: &AnswerCase) -> Self::Smaller {
        case.puzzles.smaller(&case.puzzle)
    }

    fn next(&self, case: &AnswerCase, smaller: &mut Self::Smaller) -> Option<AnswerCase> {
        let puzzle = case.puzzles.next(&case.puzzle, smaller)?;
        self.of(case.puzzles.clone(), puzzle, case.seed).ok()
    }
}

/// Right and wrong answers to puzzles of the easy level of an environment, written in a dialect. An answer shrinks to one of the same kind to
/// a smaller puzzle.
///
/// ```
/// use proptest::prelude::*;
/// use stream_of_search::check::{LazyFacts, Request, check};
/// use stream_of_search::{dialect::dialect, strategies::answers};
/// proptest!(|(answered in answers("water-jugs", "prose"))| {
///     let puzzle = &answered.puzzle;
///     let parsed = (dialect(puzzle.about(), "prose").unwrap().parse)(puzzle, &answered.text);
///     let verdict = check(puzzle, &LazyFacts::new(puzzle), &parsed, Request::default());
///     prop_assert_eq!(verdict.reward == 1.0, answered.right);
/// });
/// ```
pub fn answers(
    environment: impl Into<String>,
    dialect: impl Into<String>,
) -> impl Strategy<Value = AnsweredPuzzle> + Clone {
    Shrinking(Answers { environment: environment.into(), dialect: dialect.into() })
}
