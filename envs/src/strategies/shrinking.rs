//! Drawing and shrinking for the strategies, also for those of other crates.

use std::fmt::Debug;

use proptest::prelude::any;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::{Reason, TestRunner};

use crate::draw::Draw;
use crate::smaller::{Found, MOST_DRAWS, Maker, Smaller};

/// Values that can be drawn by a seed and made smaller.
pub trait Drawn: Clone + Debug {
    /// A value and its origin.
    type Case: Clone;
    /// The value that a test gets.
    type Value: Debug;
    /// The smaller cases that are still to be tried.
    type Smaller: Clone;
    /// Draws a case, or returns the reason why there is none.
    fn draw(&self, seed: u64) -> Result<Self::Case, String>;
    /// The value that a test gets for a case.
    fn value(&self, case: &Self::Case) -> Self::Value;
    /// The smaller cases for a case.
    fn smaller(&self, case: &Self::Case) -> Self::Smaller;
    /// The next smaller case; none at the end.
    fn next(&self, case: &Self::Case, smaller: &mut Self::Smaller) -> Option<Self::Case>;
}

/// The strategy of drawn values.
#[derive(Clone, Debug)]
pub struct Shrinking<D>(pub D);

impl<D: Drawn> Strategy for Shrinking<D> {
    type Tree = Tree<D>;
    type Value = D::Value;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let seed = any::<u64>().new_tree(runner)?.current();
        let case = self.0.draw(seed).map_err(Reason::from)?;
        Ok(Tree { drawn: self.0.clone(), best: case, tried: None, smaller: None })
    }
}

/// A case on which a test fails, and a smaller one.
#[derive(Clone)]
pub struct Tree<D: Drawn> {
    drawn: D,
    /// The smallest case on which the test is known to fail.
    best: D::Case,
    /// The smaller case that is being tried.
    tried: Option<D::Case>,
    smaller: Option<D::Smaller>,
}

impl<D: Drawn> Tree<D> {
    fn next(&mut self) -> bool {
        let smaller = self.smaller.get_or_insert_with(|| self.drawn.smaller(&self.best));
        self.tried = self.drawn.next(&self.best, smaller);
        self.tried.is_some()
    }
}

impl<D: Drawn> ValueTree for Tree<D> {
    type Value = D::Value;

    fn current(&self) -> D::Value {
        self.drawn.value(self.tried.as_ref().unwrap_or(&self.best))
    }

    /// The test fails on the tried case, which becomes the best.
    fn simplify(&mut self) -> bool {
        if let Some(tried) = self.tried.take() {
            (self.best, self.smaller) = (tried, None);
        }
        self.next()
    }

    /// The test holds on the tried case, so the next one is tried.
    fn complicate(&mut self) -> bool {
        self.next()
    }
}

/// Number of draws for each of the smaller settings.
const DRAWS: u64 = 2;

/// The strategy of puzzles, for any maker.
#[derive(Clone)]
pub struct Puzzles<M: Maker> {
    /// The maker.
    pub maker: M,
    /// The settings.
    pub settings: M::Settings,
}

impl<M: Maker> Debug for Puzzles<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "puzzles of {}", self.maker.settings_json(&self.settings))
    }
}

impl<M: Maker<Puzzle: Debug> + Clone> Drawn for Puzzles<M> {
    type Case = (u64, Found<M::Puzzle, M::Settings>);
    type Value = M::Puzzle;
    type Smaller = Smaller<M::Settings>;

    fn draw(&self, seed: u64) -> Result<Self::Case, String> {
        let puzzle = self.maker.draw(&self.settings, &mut Draw::new(seed, "strategy"));
        let none = || format!("{MOST_DRAWS} draws gave no puzzle of {}", self.maker.settings_json(&self.settings));
        Ok((seed, Found { puzzle: puzzle.ok_or_else(none)?, settings: self.settings.clone(), edited: false }))
    }

    fn value(&self, (_, found): &Self::Case) -> M::Puzzle {
        found.puzzle.clone()
    }

    fn smaller(&self, (seed, found): &Self::Case) -> Self::Smaller {
        Smaller::than(&self.maker, found, *seed, DRAWS)
    }

    fn next(&self, (seed, _): &Self::Case, smaller: &mut Self::Smaller) -> Option<Self::Case> {
        smaller.next(&self.maker).map(|found| (*seed, found))
    }
}
