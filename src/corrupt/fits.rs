//! Which kinds of corruption fit what a dialect shows of a trace. A recipe that asks for another kind is refused with a reason.

use sos_envs::About;

use super::Mode;
use crate::dialect::Coverage;

/// Whether a kind fits a dialect of this coverage; if not, why.
pub(super) type Fits = fn(&About, Coverage, Mode) -> Result<(), &'static str>;

/// For kinds that break steps of a trace: most of them.
pub(super) fn steps(_: &About, told: Coverage, _: Mode) -> Result<(), &'static str> {
    match told {
        Coverage::Answer => Err("it tells the answer alone, and no steps; only wrong-answer can be planted"),
        _ => Ok(()),
    }
}

/// For kinds that change the result which a move claims.
pub(super) fn results(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    if told == Coverage::Moves { Err("its moves say no result; choose illegal-move") } else { moves(about, told, mode) }
}

/// For kinds that change a state. A dialect that leaves states out has no words for a wrong one.
pub(super) fn states(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    match told {
        Coverage::Moves => Err(
            "its moves tell what they lead to; choose illegal-move, or let the recipe restate states (restate_per_mille)",
        ),
        _ => steps(about, told, mode),
    }
}

/// For kinds that change costs.
pub(super) fn costs(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    if told == Coverage::Moves { Err("it tells no costs") } else { steps(about, told, mode) }
}

/// For kinds that change what a move claims.
pub(super) fn moves(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    match told {
        Coverage::Opened => Err("it tells states and no moves; choose illegal-move or wrong-state"),
        _ => steps(about, told, mode),
    }
}

/// For kinds that change a reference to a node.
pub(super) fn names(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    match told {
        Coverage::Moves => Err("it names no nodes; choose wrong-backtrack or illegal-move"),
        _ => steps(about, told, mode),
    }
}

/// For kinds that claim a dead end.
pub(super) fn dead_ends(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    match told {
        Coverage::Opened => Err("it never says that a node is a dead end: what is not opened is left out"),
        _ => steps(about, told, mode),
    }
}

/// For kinds that claim a goal.
pub(super) fn goals(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    match (told, mode) {
        (Coverage::Opened, Mode::Local) => {
            Err("its plan says that a goal is reached, and ends it; choose mode = \"propagated\"")
        }
        _ => steps(about, told, mode),
    }
}

/// For kinds that break reasons.
pub(super) fn inferences(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    if about.inferences.is_empty() {
        Err("its moves give no reasons; choose illegal-move")
    } else {
        moves(about, told, mode)
    }
}

/// For kinds about values of variables.
pub(super) fn variables(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    if about.variable_orders.is_empty() {
        Err("it has no variables that could keep a value; choose wrong-state")
    } else {
        states(about, told, mode)
    }
}

/// For kinds that break the answer section. Every dialect has one.
pub(super) fn answers(_: &About, _: Coverage, _: Mode) -> Result<(), &'static str> {
    Ok(())
}
