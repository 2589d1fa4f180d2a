//! Which corruptions make sense in what a dialect tells of a trace: the others are refused with a reason where a recipe asks for them.

use sos_envs::About;

use super::Mode;
use crate::dialect::Coverage;

/// Whether a kind makes sense where so much is told; why not.
pub(super) type Fits = fn(&About, Coverage, Mode) -> Result<(), &'static str>;

/// Most kinds break steps of a trace.
pub(super) fn steps(_: &About, told: Coverage, _: Mode) -> Result<(), &'static str> {
    match told {
        Coverage::Answer => Err("it tells the answer alone, and no steps; only wrong-answer can be planted"),
        _ => Ok(()),
    }
}

/// Kinds that change what a move says that it results in.
pub(super) fn results(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    if told == Coverage::Moves { Err("its moves say no result; choose illegal-move") } else { moves(about, told, mode) }
}

/// Kinds that change what a state has: a dialect that leaves states out has no words for it.
pub(super) fn states(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    match told {
        Coverage::Moves => Err(
            "its moves tell what they lead to; choose illegal-move, or let the recipe restate states (restate_per_mille)",
        ),
        _ => steps(about, told, mode),
    }
}

/// Kinds that change costs.
pub(super) fn costs(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    if told == Coverage::Moves { Err("it tells no costs") } else { steps(about, told, mode) }
}

/// Kinds that change what a move says of itself.
pub(super) fn moves(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    match told {
        Coverage::Opened => Err("it tells states and no moves; choose illegal-move or wrong-state"),
        _ => steps(about, told, mode),
    }
}

/// Kinds that change which node is meant.
pub(super) fn names(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    match told {
        Coverage::Moves => Err("it names no nodes; choose wrong-backtrack or illegal-move"),
        _ => steps(about, told, mode),
    }
}

/// Kinds that say of a node that it leads nowhere.
pub(super) fn dead_ends(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    match told {
        Coverage::Opened => Err("it never says that a node is a dead end: what is not opened is left out"),
        _ => steps(about, told, mode),
    }
}

/// Kinds that say of a node that it is a goal.
pub(super) fn goals(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    match (told, mode) {
        (Coverage::Opened, Mode::Local) => {
            Err("its plan says that a goal is reached, and ends it; choose mode = \"propagated\"")
        }
        _ => steps(about, told, mode),
    }
}

/// Kinds that break reasons.
pub(super) fn inferences(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    if about.inferences.is_empty() {
        Err("its moves give no reasons; choose illegal-move")
    } else {
        moves(about, told, mode)
    }
}

/// Kinds that are about values of variables.
pub(super) fn variables(about: &About, told: Coverage, mode: Mode) -> Result<(), &'static str> {
    if about.variable_orders.is_empty() {
        Err("it has no variables that could keep a value; choose wrong-state")
    } else {
        states(about, told, mode)
    }
}

/// Kinds that break the answer section: every dialect has one.
pub(super) fn answers(_: &About, _: Coverage, _: Mode) -> Result<(), &'static str> {
    Ok(())
}
