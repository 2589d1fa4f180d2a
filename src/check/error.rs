//! Error classes and levels. Their names are part of the output format.

use serde::Serialize;

use crate::dialect::Span;

/// How strict a check is. Each level includes the ones before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The text parses.
    Format,
    /// Each step is legal and its result is right.
    Transition,
    /// Nodes, sets and costs agree.
    Bookkeeping,
    /// Claims are true: goals, dead ends, no solution, the answer.
    #[default]
    Claim,
    /// The trace is what the named search does.
    Policy,
}

/// A class of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorClass {
    /// A line or token that does not parse.
    Malformed,
    /// The text ends in the middle of a line.
    Truncated,
    /// The result that a move claims is wrong.
    Arithmetic,
    /// A move that is not possible in its state.
    IllegalMove,
    /// An inference whose reason does not hold, or a guess that does not list the candidates.
    UnsoundInference,
    /// A claimed state differs from the state that the moves lead to, or a state line is of another node than the current one.
    WrongState,
    /// A reference to a node that was never generated.
    UnknownNode,
    /// A node that was generated or opened before.
    DuplicateNode,
    /// A node that is not a child of the current node, or whose label does not fit its place.
    WrongParent,
    /// A wrong cost or estimate.
    WrongCost,
    /// A node that is not open is moved to or dropped: never opened, or already called a goal, dead end, seen before, cut or dropped.
    NotOpen,
    /// A move to a visited node that is not on the way to the current one.
    AlreadyClosed,
    /// A state that is called a goal is none, or two trees do not meet where the trace says so.
    FalseGoal,
    /// A node that is called a dead end, seen before or cut is none.
    FalseDeadEnd,
    /// The trace or the answer says that there is no solution, but there is one.
    FalseUnsolvable,
    /// The answer does not solve the puzzle.
    WrongAnswer,
    /// There are two different answers.
    AmbiguousAnswer,
    /// An answer is required and there is none.
    NoAnswer,
    /// The answer claims to be the cheapest and is not.
    NotOptimal,
    /// The trace does something that the search does at another time; for example, a better open node was there.
    WrongOrder,
    /// The trace leaves out something that the search does.
    Skipped,
    /// A node that the search prunes is explored, or the trace goes on where the search has ended.
    PrunedExpanded,
    /// The trace ends before the search does.
    Unfinished,
}

impl ErrorClass {
    /// All classes.
    pub const ALL: [ErrorClass; 23] = {
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
            AmbiguousAnswer,
            NoAnswer,
            NotOptimal,
            WrongOrder,
            Skipped,
            PrunedExpanded,
            Unfinished,
        ]
    };

    /// The lowest level that finds errors of this class.
    pub fn level(self) -> Level {
        use ErrorClass::*;
        match self {
            Malformed | Truncated => Level::Format,
            Arithmetic | IllegalMove | UnsoundInference | WrongState => Level::Transition,
            UnknownNode | DuplicateNode | WrongParent | WrongCost | NotOpen | AlreadyClosed => Level::Bookkeeping,
            FalseGoal | FalseDeadEnd | FalseUnsolvable | WrongAnswer | AmbiguousAnswer | NoAnswer | NotOptimal => {
                Level::Claim
            }
            WrongOrder | Skipped | PrunedExpanded | Unfinished => Level::Policy,
        }
    }

    /// The rule that an error of this class breaks.
    pub fn rule(self) -> &'static str {
        use ErrorClass::*;
        match self {
            Malformed => "Every line can be read.",
            Truncated => "No line ends in its middle.",
            Arithmetic => "The result that a move claims is right.",
            IllegalMove => "A move is possible in its state.",
            UnsoundInference => "The reason of an inference holds, and a guess lists the candidates.",
            WrongState => "A state is the one that the moves lead to, and a state line is of the current node.",
            UnknownNode => "A reference is to a node that was generated.",
            DuplicateNode => "A node is generated and opened once.",
            WrongParent => "A node is a child of the current node, and its label fits its place.",
            WrongCost => "Costs and estimates are right.",
            NotOpen => "A node that is moved to or dropped was opened, and not closed again.",
            AlreadyClosed => "A move to a visited node is to one on the way to the current node.",
            FalseGoal => "A state that is called a goal is one, and two trees meet where the trace says so.",
            FalseDeadEnd => "A node that is called a dead end, seen before or cut is one.",
            FalseUnsolvable => "The trace or the answer says that there is no solution only where there is none.",
            WrongAnswer => "The answer solves the puzzle.",
            AmbiguousAnswer => "There is one answer.",
            NoAnswer => "There is an answer where one is required.",
            NotOptimal => "An answer that claims to be the cheapest is.",
            WrongOrder => "The trace does things when the search does them.",
            Skipped => "The trace leaves out nothing that the search does.",
            PrunedExpanded => {
                "A node that the search prunes is not explored, and the trace ends where the search does."
            }
            Unfinished => "The trace goes on as long as the search does.",
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
            AmbiguousAnswer => "ambiguous-answer",
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
    /// The class.
    pub class: ErrorClass,
    /// The level of the class.
    pub level: Level,
    /// The index of the event, from 0. For an error in the answer section: the number of events.
    pub step: usize,
    /// The byte range in the text, end exclusive; none where there is no text.
    pub span: Option<Span>,
    /// What the text has there.
    pub found: String,
    /// What would be right there.
    pub expected: String,
}

/// Sorts errors by event, then by place in the text.
pub(super) fn sort_by_place(errors: &mut [TraceError]) {
    errors.sort_by_key(|error| (error.step, error.span.map(|span| span.0)));
}
