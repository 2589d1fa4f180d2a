//! What is said of a law that does not hold.

use std::fmt;

/// What every environment keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Settings can be written and read, are satisfiable as `space` says, and unknown fields are refused.
    Settings,
    /// A puzzle is a function of the settings and the draws alone, and comes within 1,000 draws.
    Generation,
    /// Candidates of a space are distinct, and functions of their index; draws decide only how they are shown.
    Space,
    /// A puzzle written as JSON is read back as it was; unknown fields are refused; no JSON makes it panic.
    Json,
    /// The canonical form is its own canonical form and has the same id; the puzzle shown in another way has it too.
    Identity,
    /// Successors are appended, in the same order every time.
    Successors,
    /// Every successor's move applies, and applies as claimed, with the same state and cost.
    Moves,
    /// Where there is a two-way goal, it is the only goal, and each step can be taken back at the same cost; positions have numbers
    /// below their bound, the same exactly for the same position; no walk comes back to a position where positions do not recur.
    Structure,
    /// A state is terminal exactly if it has no successors.
    Terminal,
    /// Equal positions are equal in the form that is compared.
    Keys,
    /// A goal is at distance 0; any other state as far as its nearest successor and the step to it.
    Distance,
    /// What the solver proves is what distances say.
    SolverFacts,
    /// Heuristics have the properties that they declare, prepared or not.
    Heuristics,
    /// What is written in any style is read back, with what follows it left over.
    Atoms,
    /// Header, start and goal tell the puzzle: it is read from them.
    Prompt,
    /// Words of the compact style are declared.
    Words,
    /// Nothing that is read makes it panic, nor does what was read.
    Reading,
    /// Damage is a function of its draws and damages what it says.
    Damage,
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A law that does not hold: which, by what, of which puzzle, and how to see it again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct LawError {
    /// The environment's name.
    pub environment: &'static str,
    /// The law.
    pub law: Law,
    /// The item of the trait that is wrong.
    pub item: &'static str,
    /// What it says.
    pub says: String,
    /// What it should say.
    pub expected: String,
    /// The puzzle as JSON; empty where the law is not about a puzzle.
    pub puzzle: String,
    /// The settings as JSON; empty where there are none.
    pub settings: String,
    /// The seed of the checks.
    pub seed: u64,
    /// How to see it again.
    pub again: Again,
    /// The puzzle (or the settings) that broke the law first, as JSON, where a smaller one was found since.
    pub first: Option<String>,
}

/// How to see a broken law again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// By the checks of the settings: this is the number of the puzzle.
    Settings(u64),
    /// By [`check_puzzle`](super::check_puzzle) of the puzzle under the seed.
    Puzzle,
}

impl fmt::Display for LawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LawError { environment, law, item, says, expected, seed, .. } = self;
        write!(f, "{environment} breaks the law {law:?}: `{item}`\n  says:     {says}\n  expected: {expected}")?;
        for (name, text) in [("puzzle:   ", &self.puzzle), ("settings: ", &self.settings)] {
            if !text.is_empty() {
                write!(f, "\n  {name}{text}")?;
            }
        }
        match self.again {
            Again::Settings(number) => write!(f, "\n  again:    seed {seed}, puzzle number {number} of the settings")?,
            Again::Puzzle => write!(f, "\n  again:    laws::check_puzzle(&puzzle, {seed})")?,
        }
        match &self.first {
            Some(first) => write!(f, "\n  found on: {first}"),
            None => Ok(()),
        }
    }
}

/// A law that does not hold, without its circumstances.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub law: Law,
    pub item: &'static str,
    pub says: String,
    pub expected: String,
}

impl Broken {
    pub(super) fn new(law: Law, item: &'static str, says: impl Into<String>, expected: impl Into<String>) -> Self {
        Broken { law, item, says: says.into(), expected: expected.into() }
    }

    /// Whether it is the same law, broken by the same item.
    pub(super) fn is_like(&self, other: &Broken) -> bool {
        self.law == other.law && self.item == other.item
    }
}
