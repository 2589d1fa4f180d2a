//! The classes of errors and their levels: names that other programs read.

use serde::Serialize;

use crate::dialect::Span;

/// How strict a check is: each level asks more than the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Does it parse?
    Format,
    /// Is each step legal, and its result right?
    Transition,
    /// Do nodes, sets and costs agree?
    Bookkeeping,
    /// Is what it asserts true?
    #[default]
    Claim,
    /// Is it what the named search does?
    Policy,
}

/// A class of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorClass {
    /// A line or token that does not parse.
    Malformed,
    /// The text ends in the middle.
    Truncated,
    /// An operation's own result is wrong.
    Arithmetic,
    /// A move that is not possible in its state.
    IllegalMove,
    /// An inference whose reason does not hold, or a guess that does not list the candidates.
    UnsoundInference,
    /// A claimed state differs from where the moves lead.
    WrongState,
    /// A reference to what was never generated.
    UnknownNode,
    /// A node that was generated already.
    DuplicateNode,
    /// A label that is not one of the current node's children.
    WrongParent,
    /// A wrong cost or estimate.
    WrongCost,
    /// A move to a node that was dropped or never opened.
    NotOpen,
    /// A move to a node that is done with.
    AlreadyClosed,
    /// What is called a goal is none.
    FalseGoal,
    /// What is called a dead end (or seen before) is none.
    FalseDeadEnd,
    /// It says that there is no solution where there is one.
    FalseUnsolvable,
    /// The answer does not solve the puzzle.
    WrongAnswer,
    /// There is no answer where one is asked for.
    NoAnswer,
    /// The answer is not the cheapest, though it says so.
    NotOptimal,
    /// A better open node was there.
    WrongOrder,
    /// A child or a node was left out.
    Skipped,
    /// A node that the search prunes was expanded.
    PrunedExpanded,
    /// The search ends before it is done.
    Unfinished,
}

impl ErrorClass {
    /// All classes.
    pub const ALL: [ErrorClass; 22] = {
        use ErrorClass::*;
        [
            Malformed,
            Truncated,
            Arithmetic,
            IllegalMove,
            UnsoundInference,
            WrongState,
            UnknownNode,
            DuplicateNode,
            WrongParent,
            WrongCost,
            NotOpen,
            AlreadyClosed,
            FalseGoal,
            FalseDeadEnd,
            FalseUnsolvable,
            WrongAnswer,
            NoAnswer,
            NotOptimal,
            WrongOrder,
            Skipped,
            PrunedExpanded,
            Unfinished,
        ]
    };

    /// The level that an error of this class breaks.
    pub fn level(self) -> Level {
        use ErrorClass::*;
        match self {
            Malformed | Truncated => Level::Format,
            Arithmetic | IllegalMove | UnsoundInference | WrongState => Level::Transition,
            UnknownNode | DuplicateNode | WrongParent | WrongCost | NotOpen | AlreadyClosed => Level::Bookkeeping,
            FalseGoal | FalseDeadEnd | FalseUnsolvable | WrongAnswer | NoAnswer | NotOptimal => Level::Claim,
            WrongOrder | Skipped | PrunedExpanded | Unfinished => Level::Policy,
        }
    }

    /// The name in verdicts and rows.
    pub fn name(self) -> &'static str {
        use ErrorClass::*;
        match self {
            Malformed => "malformed",
            Truncated => "truncated",
            Arithmetic => "arithmetic",
            IllegalMove => "illegal-move",
            UnsoundInference => "unsound-inference",
            WrongState => "wrong-state",
            UnknownNode => "unknown-node",
            DuplicateNode => "duplicate-node",
            WrongParent => "wrong-parent",
            WrongCost => "wrong-cost",
            NotOpen => "not-open",
            AlreadyClosed => "already-closed",
            FalseGoal => "false-goal",
            FalseDeadEnd => "false-dead-end",
            FalseUnsolvable => "false-unsolvable",
            WrongAnswer => "wrong-answer",
            NoAnswer => "no-answer",
            NotOptimal => "not-optimal",
            WrongOrder => "wrong-order",
            Skipped => "skipped",
            PrunedExpanded => "pruned-expanded",
            Unfinished => "unfinished",
        }
    }
}

/// An error in a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TraceError {
    /// Its class.
    pub class: ErrorClass,
    /// The level that it breaks.
    pub level: Level,
    /// The event, counted from 0; that behind the last one for the answer section.
    pub step: usize,
    /// The bytes of the text, first and behind the last; none where there is no text.
    pub span: Option<Span>,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
}

/// Sorts errors by step, then by place in the text.
pub(super) fn sort_by_place(errors: &mut [TraceError]) {
    errors.sort_by_key(|error| (error.step, error.span.map(|span| span.0)));
}
