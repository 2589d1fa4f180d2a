//! The report of a broken law.

use std::fmt;

/// A law that every environment keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Settings are read back as written, unknown fields are refused, settings without fields are the defaults, and `check` accepts the settings under test.
    Settings,
    /// A puzzle depends only on the settings and the draws, and comes within 1,000 draws.
    Generation,
    /// Candidates of a space are distinct and depend only on their index. Draws decide only their presentation.
    Space,
    /// A puzzle is read back from JSON as it was written; unknown fields are refused; no JSON causes a panic.
    Json,
    /// The canonical form is its own canonical form and has the same id. So has every other presentation of the puzzle.
    Identity,
    /// Successors are appended, in the same order every time.
    Successors,
    /// Every successor's move applies, and applies as claimed, with the same state and cost.
    Moves,
    /// A two-way goal is the only goal, and each step can be undone at the same cost. Numbers of positions are below their bound and the same exactly for the
    /// same position. If positions do not recur, no walk returns to a position.
    Structure,
    /// A state is terminal exactly if it has no successors.
    Terminal,
    /// Equal positions have equal keys.
    Keys,
    /// A goal has distance 0. Any other state has the distance of its best successor plus the step to it.
    Distance,
    /// The solver facts agree with the distances.
    SolverFacts,
    /// Heuristics have their declared properties, prepared or not.
    Heuristics,
    /// Texts in every style are read back, and the text after them is left over.
    Atoms,
    /// The puzzle can be read from its header, start and goal.
    Prompt,
    /// The words of the compact style are declared.
    Words,
    /// No text causes a panic when it is read, nor does the value that was read.
    Reading,
    /// Damage depends only on its draws and changes what it claims to change.
    Damage,
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A broken law: the law, the item, the puzzle, and how to repeat it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct LawError {
    /// The environment's name.
    pub environment: &'static str,
    /// The law.
    pub law: Law,
    /// The item of the trait that breaks it.
    pub item: &'static str,
    /// What the item says.
    pub says: String,
    /// What it should say.
    pub expected: String,
    /// The puzzle as JSON; empty if the law is not about a puzzle.
    pub puzzle: String,
    /// The settings as JSON; empty if there are none.
    pub settings: String,
    /// The seed of the checks.
    pub seed: u64,
    /// How to repeat the failure.
    pub again: Again,
    /// The puzzle (or the settings) that broke the law first, as JSON, if a smaller one was found.
    pub first: Option<String>,
}

/// How to repeat a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// By the checks of the settings; this is the number of the puzzle.
    Settings(u64),
    /// By [`check_puzzle`](super::check_puzzle) with the puzzle and the seed.
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

/// A broken law, without its circumstances.
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
